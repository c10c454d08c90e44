/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys and values of one sequence, all layers: those of the tokens so far, and those of an
 * encoder's output, which cross attention reads.
 */
#pragma once

#include "models/runtime/tensor.h"

typedef struct {
  void  *k, *v;             /* [heads, capacity, head_dim], in the cache's memory: what a head attends to is read in one go */
  float *cross_k, *cross_v; /* [n_cross, width of the cross attention] or NULL */
} DocaiCacheLayer;

typedef struct {
  int              n_layers;
  int              heads, head_dim; /* of keys and values */
  DocaiDtype       dtype; /* of keys and values: DOCAI_F32 or DOCAI_F16 */
  int              length, capacity; /* tokens */
  int              n_cross;
  void            *memory; /* of all layers, in huge pages where it is large: a token reads it all */
  DocaiCacheLayer *layers;
} DocaiCache;

/* dtype: DOCAI_F32, or DOCAI_F16, which halves what a token reads; magnitudes beyond 65504 are then kept as that. */
DocaiCache *docai_cache_new  (int n_layers, int heads, int head_dim, DocaiDtype dtype);
void        docai_cache_free (DocaiCache *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiCache, docai_cache_free)

/* Room for n more tokens. Errors: MEMORY_LIMIT. */
gboolean docai_cache_reserve (DocaiCache *self, int n, GError **error);

/* Puts `rows` rows [heads * head_dim] of keys and values of a layer behind those of the first `length` tokens; there must be
 * room, and `length` stays. */
void docai_cache_put (DocaiCache *self, int layer, const float *k, const float *v, int rows);

/* Forgets the tokens after the first `length`. */
void docai_cache_truncate (DocaiCache *self, int length);

gsize docai_cache_bytes (const DocaiCache *self);
