/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys and values of one sequence, all layers: those of the tokens so far, and those of an
 * encoder's output, which cross attention reads.
 */
#pragma once

#include <glib.h>

typedef struct {
  float *k, *v;             /* [capacity, width] */
  float *cross_k, *cross_v; /* [n_cross, width of the cross attention] or NULL */
} DocaiCacheLayer;

typedef struct {
  int              n_layers;
  int              width; /* kv_heads * head_dim */
  int              length, capacity; /* tokens */
  int              n_cross;
  DocaiCacheLayer *layers;
} DocaiCache;

DocaiCache *docai_cache_new  (int n_layers, int width);
void        docai_cache_free (DocaiCache *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiCache, docai_cache_free)

/* Room for n more tokens. Errors: MEMORY_LIMIT. */
gboolean docai_cache_reserve (DocaiCache *self, int n, GError **error);

/* Forgets the tokens after the first `length`. */
void docai_cache_truncate (DocaiCache *self, int length);

gsize docai_cache_bytes (const DocaiCache *self);
