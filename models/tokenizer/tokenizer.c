/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tokenizers: loading, encoding, decoding. The steps of encoding are added tokens,
 * normalizer, pre-tokenizer, model, post-processor.
 */
#include "models/tokenizer/tokenizer.h"

#include <string.h>

#include "base/error.h"
#include "models/tokenizer/added-tokens.h"
#include "models/tokenizer/decoder.h"
#include "models/tokenizer/json-util.h"
#include "models/tokenizer/model.h"
#include "models/tokenizer/normalizer.h"
#include "models/tokenizer/pretokenizer.h"
#include "models/tokenizer/utf8.h"

#define MAX_SPECIALS 64

struct DocaiTokenizer {
  gint               references;
  guint32            vocab_size;
  DocaiTokenModel   *model;
  DocaiNormalizer   *normalizer;
  DocaiPreTokenizer *pretokenizer;
  DocaiDecoder      *decoder;
  DocaiAddedTokens  *added;
  GArray            *before, *after; /* ids that the post-processor adds */
  GString           *bytes;          /* what each token adds to a text, one after the other */
  guint32           *byte_offset;    /* [vocab_size + 1] */
  gint64             max_length;     /* truncation, 0: none */
  gboolean           truncate_left;
  gint64             pad_length, pad_multiple; /* 0: none */
  guint32            pad_id;
  gboolean           pad_left;
};

/* ---- post-processors --------------------------------------------------------- */

static gboolean
bad_post_processor (GError **error, DocaiErrorCode code, const char *what)
{
  g_set_error (error, DOCAI_ERROR, code, "tokenizer: post-processor %s", what);
  return FALSE;
}

static gboolean
append_id (GArray *ids, const json_t *id, GError **error)
{
  gint64 value = json_is_integer (id) ? json_integer_value (id) : -1;

  if (value < 0 || value >= DOCAI_TOKENIZER_MAX_VOCAB || ids->len >= MAX_SPECIALS)
    return bad_post_processor (error, DOCAI_ERROR_MODEL_INVALID, "with a wrong id");
  guint32 narrow = (guint32) value;
  g_array_append_val (ids, narrow);
  return TRUE;
}

/* ["</s>", 2] of RobertaProcessing and BertProcessing. */
static gboolean
read_roberta (DocaiTokenizer *self, const json_t *json, GError **error)
{
  g_autoptr (GArray) cls = g_array_new (FALSE, FALSE, sizeof (guint32));

  if (!append_id (cls, json_array_get (json_object_get (json, "cls"), 1), error)
      || !append_id (self->after, json_array_get (json_object_get (json, "sep"), 1), error))
    return FALSE;
  g_array_prepend_vals (self->before, cls->data, 1);
  return TRUE;
}

static gboolean
read_template (DocaiTokenizer *self, const json_t *json, GError **error)
{
  const json_t *specials = json_object_get (json, "special_tokens"), *item;
  g_autoptr (GArray) front = g_array_new (FALSE, FALSE, sizeof (guint32));
  gboolean seen = FALSE;
  gsize i;

  json_array_foreach (json_object_get (json, "single"), i, item)
    {
      const json_t *special = json_object_get (item, "SpecialToken");
      if (special == NULL)
        {
          if (seen)
            return bad_post_processor (error, DOCAI_ERROR_MODEL_UNSUPPORTED,
                                       "TemplateProcessing that repeats the text");
          seen = TRUE;
          continue;
        }
      const char *name = docai_json_string (special, "id", "");
      const json_t *ids = json_object_get (json_object_get (specials, name), "ids"), *id;
      gsize k;
      if (json_array_size (ids) == 0)
        return bad_post_processor (error, DOCAI_ERROR_MODEL_INVALID, "with an unknown token");
      json_array_foreach (ids, k, id)
        if (!append_id (seen ? self->after : front, id, error))
          return FALSE;
    }
  if (!seen)
    return bad_post_processor (error, DOCAI_ERROR_MODEL_INVALID, "without the text");
  g_array_prepend_vals (self->before, front->data, front->len);
  return TRUE;
}

static gboolean
read_post_processor (DocaiTokenizer *self, const json_t *json, int depth, GError **error)
{
  const char *type = docai_json_string (json, "type", "?");

  if (json == NULL || json_is_null (json) || strcmp (type, "ByteLevel") == 0)
    return TRUE;
  if (strcmp (type, "TemplateProcessing") == 0)
    return read_template (self, json, error);
  if (strcmp (type, "RobertaProcessing") == 0 || strcmp (type, "BertProcessing") == 0)
    return read_roberta (self, json, error);
  if (strcmp (type, "Sequence") != 0 || depth > 4)
    return bad_post_processor (error, DOCAI_ERROR_MODEL_UNSUPPORTED, type);
  gsize i;
  const json_t *part;
  json_array_foreach (json_object_get (json, "processors"), i, part)
    if (!read_post_processor (self, part, depth + 1, error))
      return FALSE;
  return TRUE;
}

/* ---- loading ------------------------------------------------------------------- */

static gboolean
read_fit (DocaiTokenizer *self, const json_t *json, GError **error)
{
  const json_t *cut = json_object_get (json, "truncation");
  const json_t *pad = json_object_get (json, "padding");
  gint64 pad_id = docai_json_int (pad, "pad_id", 0);

  self->max_length = docai_json_int (cut, "max_length", 0);
  self->truncate_left = strcmp (docai_json_string (cut, "direction", "Right"), "Left") == 0;
  self->pad_length = docai_json_int (json_object_get (pad, "strategy"), "Fixed", 0);
  self->pad_multiple = docai_json_int (pad, "pad_to_multiple_of", 0);
  self->pad_left = strcmp (docai_json_string (pad, "direction", "Right"), "Left") == 0;
  self->pad_id = (guint32) pad_id;
  if (self->max_length < 0 || self->pad_length < 0 || self->pad_length > (1 << 20)
      || self->pad_multiple < 0 || self->pad_multiple > (1 << 20) || pad_id < 0
      || pad_id >= DOCAI_TOKENIZER_MAX_VOCAB)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                   "tokenizer: truncation or padding out of range");
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_parts (DocaiTokenizer *self, const json_t *root, GError **error)
{
  const json_t *model = json_object_get (root, "model");

  self->normalizer = docai_normalizer_new (json_object_get (root, "normalizer"), error);
  if (self->normalizer == NULL)
    return FALSE;
  self->pretokenizer = docai_pretokenizer_new (json_object_get (root, "pre_tokenizer"), error);
  if (self->pretokenizer == NULL)
    return FALSE;
  self->decoder = docai_decoder_new (json_object_get (root, "decoder"), error);
  if (self->decoder == NULL)
    return FALSE;
  if (!read_post_processor (self, json_object_get (root, "post_processor"), 0, error)
      || !read_fit (self, root, error))
    return FALSE;
  self->added = docai_added_tokens_new (json_object_get (root, "added_tokens"), self->normalizer,
                                        error);
  if (self->added == NULL)
    return FALSE;
  self->vocab_size = docai_token_model_count (model);
  if (self->vocab_size == 0)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                   "tokenizer: the vocabulary is empty or has ids out of range");
      return FALSE;
    }
  self->model = docai_token_model_new (model, self->vocab_size, error);
  for (guint i = 0; i < docai_added_tokens_count (self->added); i++)
    self->vocab_size = MAX (self->vocab_size, docai_added_tokens_get (self->added, i)->id + 1);
  return self->model != NULL;
}

/* Ids that the post-processor adds must exist. */
static gboolean
check_specials (const DocaiTokenizer *self, const GArray *ids, GError **error)
{
  for (guint i = 0; i < ids->len; i++)
    if (g_array_index (ids, guint32, i) >= self->vocab_size)
      return bad_post_processor (error, DOCAI_ERROR_MODEL_INVALID, "with an unknown id");
  return TRUE;
}

/* What every token adds to a text, for constrained decoding. */
static void
fill_bytes (DocaiTokenizer *self)
{
  self->bytes = g_string_new (NULL);
  self->byte_offset = g_new0 (guint32, (gsize) self->vocab_size + 1);
  for (guint32 id = 0; id < self->vocab_size; id++)
    {
      const DocaiAddedToken *added = docai_added_tokens_find (self->added, id);
      gsize length = 0;
      const char *token = docai_vocab_peek (docai_token_model_vocab (self->model), id, &length);
      self->byte_offset[id] = (guint32) self->bytes->len;
      if (added != NULL && !added->special)
        g_string_append (self->bytes, added->content);
      else if (added == NULL && token != NULL && self->bytes->len < G_MAXINT32)
        docai_decoder_token_bytes (self->decoder, token, length, self->bytes);
    }
  self->byte_offset[self->vocab_size] = (guint32) self->bytes->len;
}

static DocaiTokenizer *
tokenizer_from_json (const json_t *root, GError **error)
{
  g_autoptr (DocaiTokenizer) self = g_new0 (DocaiTokenizer, 1);

  self->references = 1;
  self->before = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->after = g_array_new (FALSE, FALSE, sizeof (guint32));
  if (!json_is_object (json_object_get (root, "model")))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                   "tokenizer: the file has no model");
      return NULL;
    }
  if (!read_parts (self, root, error) || !check_specials (self, self->before, error)
      || !check_specials (self, self->after, error))
    return NULL;
  fill_bytes (self);
  return g_steal_pointer (&self);
}

/* Tokens that only tokenizer_config.json adds, by their ids, join those of tokenizer.json. */
static void
merge_added (json_t *root, const json_t *config)
{
  json_t *added = json_object_get (root, "added_tokens"), *item;
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  const char *id;
  gsize i;

  if (added == NULL || json_is_null (added))
    {
      added = json_array ();
      json_object_set_new (root, "added_tokens", added);
    }
  json_array_foreach (added, i, item)
    g_hash_table_add (known, (gpointer) docai_json_string (item, "content", ""));
  json_object_foreach (json_object_get (config, "added_tokens_decoder"), id, item)
    {
      const char *content = docai_json_string (item, "content", NULL);
      char *end;
      gint64 number = g_ascii_strtoll (id, &end, 10);
      if (content == NULL || end == id || *end != '\0' || !g_hash_table_add (known, (gpointer) content))
        continue;
      json_t *token = json_copy (item);
      json_object_set_new (token, "id", json_integer (number));
      json_array_append_new (added, token);
    }
}

/* Folders of before the one file say what they have instead. */
static void
explain_missing (const char *dir, GError **error)
{
  static const char *const older[] = { "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "vocab.json", "vocab.txt" };

  for (gsize i = 0; error != NULL && i < G_N_ELEMENTS (older); i++)
    {
      g_autofree char *path = g_build_filename (dir, older[i], NULL);
      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      g_prefix_error (error, "the folder has a tokenizer only as %s, and needs it as tokenizer.json: ", older[i]);
      return;
    }
}

DocaiTokenizer *
docai_tokenizer_load (const char *dir, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (json_t) root = docai_json_load_file (dir, "tokenizer.json", DOCAI_TOKENIZER_MAX_FILE, &problem);

  if (root == NULL)
    {
      if (g_error_matches (problem, DOCAI_ERROR, DOCAI_ERROR_MODEL_MISSING))
        explain_missing (dir, &problem);
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  g_autoptr (json_t) config = docai_json_load_file (dir, "tokenizer_config.json", DOCAI_TOKENIZER_MAX_FILE, NULL);
  if (json_is_object (root))
    merge_added (root, config);
  return tokenizer_from_json (root, error);
}

DocaiTokenizer *
docai_tokenizer_new_from_data (const char *json, gsize length, GError **error)
{
  if (length > DOCAI_TOKENIZER_MAX_FILE)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "tokenizer: the file is too large");
      return NULL;
    }
  g_autoptr (json_t) root = docai_json_parse ("tokenizer.json", json, length, error);
  return root != NULL ? tokenizer_from_json (root, error) : NULL;
}

DocaiTokenizer *
docai_tokenizer_ref (DocaiTokenizer *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
docai_tokenizer_unref (DocaiTokenizer *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  docai_token_model_free (self->model);
  docai_normalizer_free (self->normalizer);
  docai_pretokenizer_free (self->pretokenizer);
  docai_decoder_free (self->decoder);
  docai_added_tokens_free (self->added);
  g_array_unref (self->before);
  g_array_unref (self->after);
  if (self->bytes != NULL)
    g_string_free (self->bytes, TRUE);
  g_free (self->byte_offset);
  g_free (self);
}

/* ---- encoding ------------------------------------------------------------------ */

/* Text between added tokens: pre-tokens, then ids. */
static gboolean
encode_plain (const DocaiTokenizer *self, const char *text, gsize length, gboolean at_start,
              GArray *ids, GError **error)
{
  DocaiPieces pieces;

  docai_pieces_init (&pieces);
  docai_pieces_add (&pieces, text, length, at_start);
  gboolean ok = docai_pretokenizer_apply (self->pretokenizer, &pieces, error);
  for (guint i = 0; ok && i < pieces.spans->len; i++)
    {
      DocaiPiece piece = g_array_index (pieces.spans, DocaiPiece, i);
      docai_token_model_encode (self->model, pieces.buffer->str + piece.start, piece.length, ids);
    }
  docai_pieces_clear (&pieces);
  return ok;
}

/* A part of the raw text without raw added tokens: normalised, then searched for the added
 * tokens that are normalised too. */
static gboolean
encode_part (const DocaiTokenizer *self, const char *text, gsize length, gboolean at_start,
             GArray *ids, GError **error)
{
  g_autoptr (GString) normal = g_string_new_len (text, (gssize) length);
  g_autoptr (GArray) segments = g_array_new (FALSE, FALSE, sizeof (DocaiSegment));

  if (!docai_normalizer_apply (self->normalizer, normal, error))
    return FALSE;
  docai_added_tokens_split (self->added, TRUE, normal->str, normal->len, segments);
  for (guint i = 0; i < segments->len; i++)
    {
      DocaiSegment s = g_array_index (segments, DocaiSegment, i);
      if (s.id != DOCAI_NO_TOKEN)
        g_array_append_val (ids, s.id);
      else if (!encode_plain (self, normal->str + s.start, s.end - s.start,
                              at_start && s.start == 0, ids, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
encode_text (const DocaiTokenizer *self, const GString *text, GArray *ids, GError **error)
{
  g_autoptr (GArray) segments = g_array_new (FALSE, FALSE, sizeof (DocaiSegment));

  docai_added_tokens_split (self->added, FALSE, text->str, text->len, segments);
  for (guint i = 0; i < segments->len; i++)
    {
      DocaiSegment s = g_array_index (segments, DocaiSegment, i);
      if (s.id != DOCAI_NO_TOKEN)
        g_array_append_val (ids, s.id);
      else if (!encode_part (self, text->str + s.start, s.end - s.start, s.start == 0, ids, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
docai_tokenizer_encode (const DocaiTokenizer *self, const char *text, gssize length,
                        gboolean add_special, GArray *ids, GError **error)
{
  gsize n = length < 0 ? strlen (text) : (gsize) length;
  guint before = ids->len;

  if (n > DOCAI_TOKENIZER_MAX_TEXT)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION,
                   "tokenizer: a text of %" G_GSIZE_FORMAT " bytes is too long", n);
      return FALSE;
    }
  g_autoptr (GString) clean = g_string_sized_new (n);
  docai_utf8_append_lossy (clean, text, n);
  if (add_special)
    g_array_append_vals (ids, self->before->data, self->before->len);
  if (!encode_text (self, clean, ids, error))
    {
      g_array_set_size (ids, before);
      return FALSE;
    }
  if (add_special)
    g_array_append_vals (ids, self->after->data, self->after->len);
  return TRUE;
}

void
docai_tokenizer_fit (const DocaiTokenizer *self, gboolean add_special, GArray *ids)
{
  guint front = add_special ? self->before->len : 0, back = add_special ? self->after->len : 0;

  if (self->max_length > 0 && ids->len > self->max_length && ids->len > front + back)
    {
      guint cut = MIN (ids->len - (guint) self->max_length, ids->len - front - back);
      g_array_remove_range (ids, self->truncate_left ? front : ids->len - back - cut, cut);
    }
  gint64 target = MAX (self->pad_length, (gint64) ids->len);
  if (self->pad_multiple > 0)
    target = (target + self->pad_multiple - 1) / self->pad_multiple * self->pad_multiple;
  while (ids->len < target)
    if (self->pad_left)
      g_array_prepend_val (ids, self->pad_id);
    else
      g_array_append_val (ids, self->pad_id);
}

/* ---- looking up and decoding ----------------------------------------------------- */

guint32
docai_tokenizer_vocab_size (const DocaiTokenizer *self)
{
  return self->vocab_size;
}

gint64
docai_tokenizer_lookup (const DocaiTokenizer *self, const char *token)
{
  for (guint i = 0; i < docai_added_tokens_count (self->added); i++)
    if (strcmp (docai_added_tokens_get (self->added, i)->content, token) == 0)
      return docai_added_tokens_get (self->added, i)->id;
  guint32 id = docai_vocab_find (docai_token_model_vocab (self->model), token, strlen (token));
  return id != DOCAI_NO_TOKEN ? (gint64) id : -1;
}

const char *
docai_tokenizer_peek_token (const DocaiTokenizer *self, guint32 id)
{
  const DocaiAddedToken *added = docai_added_tokens_find (self->added, id);

  if (added != NULL)
    return added->content;
  return docai_vocab_peek (docai_token_model_vocab (self->model), id, NULL);
}

gboolean
docai_tokenizer_is_special (const DocaiTokenizer *self, guint32 id)
{
  const DocaiAddedToken *added = docai_added_tokens_find (self->added, id);

  return added != NULL && added->special;
}

const char *
docai_tokenizer_peek_bytes (const DocaiTokenizer *self, guint32 id, gsize *length)
{
  if (id >= self->vocab_size || self->byte_offset[id] == self->byte_offset[id + 1])
    return NULL;
  *length = self->byte_offset[id + 1] - self->byte_offset[id];
  return self->bytes->str + self->byte_offset[id];
}

char *
docai_tokenizer_decode (const DocaiTokenizer *self, const guint32 *ids, gsize n_ids,
                        gboolean skip_special)
{
  g_autoptr (GPtrArray) tokens = g_ptr_array_new ();
  g_autoptr (GError) problem = NULL;

  for (gsize i = 0; i < n_ids; i++)
    {
      const char *token = docai_tokenizer_peek_token (self, ids[i]);
      if (token != NULL && !(skip_special && docai_tokenizer_is_special (self, ids[i])))
        g_ptr_array_add (tokens, g_string_new (token));
    }
  char *text = docai_decoder_join (self->decoder, tokens, &problem);
  if (text == NULL)
    g_warning ("%s", problem->message);
  return text != NULL ? text : g_strdup ("");
}
