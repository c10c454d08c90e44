/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pre-tokenizers of tokenizer.json: ByteLevel, Split, Metaspace, Whitespace,
 * WhitespaceSplit, Digits, Punctuation, BertPreTokenizer, CharDelimiterSplit, Sequence.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

/* Pieces of a text: spans of one buffer, in order. */
typedef struct {
  gsize    start, length;
  gboolean at_start; /* begins where the original text begins (Metaspace "first") */
} DocaiPiece;

typedef struct {
  GString *buffer;
  GArray  *spans; /* DocaiPiece */
} DocaiPieces;

void docai_pieces_init  (DocaiPieces *self);
void docai_pieces_clear (DocaiPieces *self);
/* Appends a piece with its own copy of the text. */
void docai_pieces_add   (DocaiPieces *self, const char *text, gsize length, gboolean at_start);

typedef struct DocaiPreTokenizer DocaiPreTokenizer;

/* json may be NULL or null. Errors: MODEL_INVALID, MODEL_UNSUPPORTED. */
DocaiPreTokenizer *docai_pretokenizer_new  (const json_t *json, GError **error);
void               docai_pretokenizer_free (DocaiPreTokenizer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiPreTokenizer, docai_pretokenizer_free)

/* Splits the pieces further, in place. Errors: BAD_OPTION (limits). */
gboolean docai_pretokenizer_apply (const DocaiPreTokenizer *self, DocaiPieces *pieces,
                                   GError **error);

/* GPT-2's printable alphabet for bytes: the character of each byte, and back (-1: none). */
gunichar docai_byte_level_char (guint8 byte);
int      docai_byte_level_byte (gunichar c);
