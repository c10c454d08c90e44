/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The models of tokenizer.json: BPE, Unigram, WordPiece. Each turns one pre-token into ids.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "models/tokenizer/vocab.h"

typedef struct DocaiTokenModel DocaiTokenModel;

/* Room for ids below n_ids is left in the vocabulary (added tokens).
 * Errors: MODEL_INVALID, MODEL_UNSUPPORTED. */
DocaiTokenModel  *docai_token_model_new  (const json_t *json, guint32 n_ids, GError **error);
void              docai_token_model_free (DocaiTokenModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiTokenModel, docai_token_model_free)

/* The tokens of the model, without added ones. */
const DocaiVocab *docai_token_model_vocab (const DocaiTokenModel *self);

/* Highest id in the file's vocabulary + 1. 0 when it is not valid. */
guint32           docai_token_model_count (const json_t *json);

/* Appends the ids (guint32) of a pre-token. */
void docai_token_model_encode (const DocaiTokenModel *self, const char *text, gsize length,
                               GArray *ids);
