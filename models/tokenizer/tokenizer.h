/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tokenizers as the hub publishes them: tokenizer.json with byte-level BPE, BPE with
 * byte fallback, Unigram or WordPiece, and the normalizers, pre-tokenizers,
 * post-processors, added tokens and decoders that go with them. A loaded tokenizer
 * never changes, so threads may share it. A component that is not known is
 * MODEL_UNSUPPORTED with its name; a broken file is MODEL_INVALID.
 */
#pragma once

#include <glib.h>

/* Longest text that is encoded at once, and largest tokenizer.json, in bytes. */
#define DOCAI_TOKENIZER_MAX_TEXT ((gsize) 4 << 20)
#define DOCAI_TOKENIZER_MAX_FILE ((gsize) 128 << 20)
/* Ids are below this. */
#define DOCAI_TOKENIZER_MAX_VOCAB (1u << 21)

typedef struct DocaiTokenizer DocaiTokenizer;

/* Reads dir/tokenizer.json. Free with docai_tokenizer_unref.
 * Errors: MODEL_MISSING, MODEL_INVALID, MODEL_UNSUPPORTED. */
DocaiTokenizer *docai_tokenizer_load (const char *dir, GError **error);

/* The same from the text of a tokenizer.json, which is not kept. */
DocaiTokenizer *docai_tokenizer_new_from_data (const char *json, gsize length, GError **error);

DocaiTokenizer *docai_tokenizer_ref   (DocaiTokenizer *self);
void            docai_tokenizer_unref (DocaiTokenizer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiTokenizer, docai_tokenizer_unref)

/* Highest id + 1, added tokens included. (A model's embedding may have more rows.) */
guint32 docai_tokenizer_vocab_size (const DocaiTokenizer *self);

/* Appends the ids (guint32) of UTF-8 text to `ids`; invalid UTF-8 is read as U+FFFD.
 * add_special applies the post-processor (begin and end tokens). Truncation and
 * padding that the file may hold are left to docai_tokenizer_fit, as the reference
 * processors leave them out too.
 * Errors: BAD_OPTION when the text is too long or a pattern exceeds its match limit. */
gboolean docai_tokenizer_encode (const DocaiTokenizer *self, const char *text, gssize length,
                                 gboolean add_special, GArray *ids, GError **error);

/* Truncates and pads ids of one text as the file says, if it does. The ids must come from
 * docai_tokenizer_encode with the same add_special: what it added is kept. */
void docai_tokenizer_fit (const DocaiTokenizer *self, gboolean add_special, GArray *ids);

/* Text of ids. Ids out of range are skipped; bytes that are no UTF-8 become U+FFFD.
 * skip_special leaves out special added tokens. The caller frees the result. */
char *docai_tokenizer_decode (const DocaiTokenizer *self, const guint32 *ids, gsize n_ids,
                              gboolean skip_special);

/* Id of a token by its content as in the file, -1 when there is none. */
gint64 docai_tokenizer_lookup (const DocaiTokenizer *self, const char *token);

/* Content of a token as in the file (byte-level tokens in their printable form).
 * Lent; NULL when no token has the id. */
const char *docai_tokenizer_peek_token (const DocaiTokenizer *self, guint32 id);

/* Whether the id is an added token marked special. */
gboolean docai_tokenizer_is_special (const DocaiTokenizer *self, guint32 id);

/* Bytes that a token adds to an answer when it is not the first one: the byte-level
 * alphabet and byte tokens undone, "▁" read as a space, "##" dropped. NULL for
 * special tokens and gaps. The result is lent and not terminated. */
const char *docai_tokenizer_peek_bytes (const DocaiTokenizer *self, guint32 id, gsize *length);

/* Decoding of one token at a time. The pieces concatenated are what
 * docai_tokenizer_decode gives for all ids (where the ids do not spell UTF-8, the number of
 * U+FFFD may differ); an incomplete UTF-8 sequence is held
 * back until its last byte arrives or the stream is finished. */
typedef struct DocaiTokenStream DocaiTokenStream;

/* The tokenizer is referenced. Free with docai_token_stream_free. */
DocaiTokenStream *docai_token_stream_new    (DocaiTokenizer *tokenizer, gboolean skip_special);
/* Takes one more token and returns the text that became certain, maybe "".
 * Lent until the next call. */
const char       *docai_token_stream_push   (DocaiTokenStream *self, guint32 id);
/* Returns what was held back. Lent until the stream is freed. */
const char       *docai_token_stream_finish (DocaiTokenStream *self);
void              docai_token_stream_free   (DocaiTokenStream *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiTokenStream, docai_token_stream_free)
