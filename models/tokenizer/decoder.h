/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Decoders of tokenizer.json: ByteLevel, Replace, ByteFallback, Fuse, Strip, Metaspace,
 * WordPiece, BPEDecoder, Sequence.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct DocaiDecoder DocaiDecoder;

/* json may be NULL or null: tokens are joined with spaces.
 * Errors: MODEL_INVALID, MODEL_UNSUPPORTED. */
DocaiDecoder *docai_decoder_new  (const json_t *json, GError **error);
void          docai_decoder_free (DocaiDecoder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiDecoder, docai_decoder_free)

/* Text of tokens (array of GString, whose strings are changed). Always valid UTF-8.
 * The caller frees the result. */
char *docai_decoder_join (const DocaiDecoder *self, GPtrArray *tokens, GError **error);

/* Appends the bytes that one token means inside a text. */
void docai_decoder_token_bytes (const DocaiDecoder *self, const char *token, gsize length,
                                GString *out);
