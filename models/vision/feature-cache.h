/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Features of tiles that have been encoded before, by the content of their pixels: in
 * memory, and in a folder that processes may share. Both are bounded, the least recently
 * used features go first. Blank tiles are all alike, so that one of them pays for all.
 */
#pragma once

#include "models/families/family.h"

typedef struct DocaiFeatureCache DocaiFeatureCache;

/* dir may be NULL. It is made when needed; files appear in it by rename. */
DocaiFeatureCache *docai_feature_cache_new  (gsize max_bytes, const char *dir, gsize max_dir_bytes);
void               docai_feature_cache_free (DocaiFeatureCache *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiFeatureCache, docai_feature_cache_free)

/* Key of a unit: model names the model and its weights. Caller frees. */
char *docai_feature_cache_key (const char *model, const DocaiCore *core, const DocaiPixels *pixels, int unit);

/* A copy of known features into *out, which must have `width`; FALSE when they are not known. */
gboolean docai_feature_cache_lookup (DocaiFeatureCache *self, const char *key, int width, DocaiFeatures *out);

/* Keeps a copy. What cannot be written to the folder is only kept in memory. */
void docai_feature_cache_add (DocaiFeatureCache *self, const char *key, const DocaiFeatures *features);

/* Bytes held in memory. */
gsize docai_feature_cache_bytes (const DocaiFeatureCache *self);
