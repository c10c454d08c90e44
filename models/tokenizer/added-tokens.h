/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Added tokens: strings that are found in a text before it is split, special ones
 * among them.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "models/tokenizer/normalizer.h"
#include "models/tokenizer/vocab.h"

typedef struct {
  guint32  id;
  char    *content;
  gboolean special, lstrip, rstrip, single_word, normalized;
} DocaiAddedToken;

typedef struct DocaiAddedTokens DocaiAddedTokens;

/* json is the "added_tokens" list or NULL. Normalised tokens are looked for in normalised
 * text, as the normalizer writes them. Errors: MODEL_INVALID. */
DocaiAddedTokens *docai_added_tokens_new  (const json_t *json, const DocaiNormalizer *normalizer,
                                           GError **error);
void              docai_added_tokens_free (DocaiAddedTokens *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiAddedTokens, docai_added_tokens_free)

guint                  docai_added_tokens_count (const DocaiAddedTokens *self);
const DocaiAddedToken *docai_added_tokens_get   (const DocaiAddedTokens *self, guint index);
/* NULL when the id is no added token. */
const DocaiAddedToken *docai_added_tokens_find  (const DocaiAddedTokens *self, guint32 id);

/* A part of a text: a token, or text between tokens (id DOCAI_NO_TOKEN). */
typedef struct {
  gsize   start, end;
  guint32 id;
} DocaiSegment;

/* Appends the segments of a text, for the tokens that are normalised or for those that
 * are not. */
void docai_added_tokens_split (const DocaiAddedTokens *self, gboolean normalized, const char *text,
                               gsize length, GArray *segments);
