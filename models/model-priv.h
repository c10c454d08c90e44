/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of DocaiModel share.
 */
#pragma once

#include "models/families/family.h"
#include "models/language/generate.h"
#include "models/language/prompt.h"
#include "models/model.h"
#include "models/vision/feature-cache.h"

struct DocaiModel {
  char              *dir, *identity; /* names model and weights, for the cache */
  DocaiCore         *core;
  DocaiRun          *run;
  DocaiPreprocessor *preprocessor;
  DocaiTokenizer    *tokenizer;
  DocaiPrompter     *prompter;
  DocaiTokenTrie    *trie;  /* made when a grammar first needs it */
  DocaiFeatureCache *cache; /* or NULL */
  DocaiSession      *last;  /* of the answer before, whose prompt the next one may begin with; or NULL */
  GArray            *end_ids; /* guint32 */
  double             encoded_ms, encoded_values; /* by the tower so far */
};

/* Features of a prompt's images in its order, from the cache or by the tower; counts into *answer. */
gboolean docai_model_encode (DocaiModel *self, DocaiPixels *pixels, DocaiFeatures *out, DocaiModelAnswer *answer, GError **error);

/* What guides, cache, blank tiles and a known beginning saved, once the prompt has been read. pixels: NULL without images. */
void docai_model_count_savings (const DocaiModel *self, const DocaiPixels *pixels, DocaiModelAnswer *answer);

/* BAD_OPTION when the model does something else. */
gboolean docai_model_demand (const DocaiModel *self, DocaiTask task, GError **error);
