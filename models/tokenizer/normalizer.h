/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Normalizers of tokenizer.json: NFC, NFD, NFKC, NFKD, Lowercase, Replace, Strip,
 * StripAccents, Prepend, Precompiled, BertNormalizer and Sequence.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "models/tokenizer/pattern.h"

typedef struct DocaiNormalizer DocaiNormalizer;

/* json may be NULL or null: no change. Errors: MODEL_INVALID, MODEL_UNSUPPORTED. */
DocaiNormalizer *docai_normalizer_new  (const json_t *json, GError **error);
void             docai_normalizer_free (DocaiNormalizer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiNormalizer, docai_normalizer_free)

/* Changes valid UTF-8 in place. self may be NULL. Errors: BAD_OPTION (limits). */
gboolean docai_normalizer_apply (const DocaiNormalizer *self, GString *text, GError **error);

/* SentencePiece's table of replacements, as "precompiled_charsmap" holds it. */
typedef struct DocaiCharsmap DocaiCharsmap;

DocaiCharsmap *docai_charsmap_new   (const char *base64, GError **error);
void           docai_charsmap_free  (DocaiCharsmap *self);
gboolean       docai_charsmap_apply (const DocaiCharsmap *self, GString *text, GError **error);
