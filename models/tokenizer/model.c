/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading the model of a tokenizer.json; WordPiece.
 */
#include "models/tokenizer/model-priv.h"

#include <string.h>

#include "base/error.h"
#include "models/tokenizer/json-util.h"
#include "models/tokenizer/tokenizer.h"
#include "models/tokenizer/utf8.h"

static gboolean
invalid (GError **error, const char *what)
{
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "tokenizer: %s", what);
  return FALSE;
}

guint32
docai_token_model_count (const json_t *json)
{
  json_t *vocab = json_object_get (json, "vocab");
  const char *token;
  json_t *id;
  gint64 count = 0;

  if (json_is_array (vocab))
    count = (gint64) json_array_size (vocab);
  json_object_foreach (vocab, token, id)
    {
      if (!json_is_integer (id) || json_integer_value (id) < 0)
        return 0;
      count = MAX (count, json_integer_value (id) + 1);
    }
  return count <= DOCAI_TOKENIZER_MAX_VOCAB ? (guint32) count : 0;
}

/* {"token": id} of BPE and WordPiece. */
static gboolean
read_vocab_object (DocaiTokenModel *self, const json_t *json, GError **error)
{
  json_t *vocab = json_object_get (json, "vocab");
  const char *token;
  json_t *id;

  if (!json_is_object (vocab))
    return invalid (error, "the vocabulary is no object");
  json_object_foreach (vocab, token, id)
    if (!json_is_integer (id) || json_integer_value (id) < 0
        || json_integer_value (id) >= DOCAI_TOKENIZER_MAX_VOCAB
        || !docai_vocab_add (self->vocab, token, strlen (token), (guint32) json_integer_value (id)))
      return invalid (error, "the vocabulary has an id out of range");
  return TRUE;
}

static void
find_byte_tokens (DocaiTokenModel *self)
{
  for (guint b = 0; b < 256; b++)
    {
      char name[8];
      g_snprintf (name, sizeof name, "<0x%02X>", b);
      self->byte_ids[b] = docai_vocab_find (self->vocab, name, 6);
    }
}

static gboolean
read_unk_token (DocaiTokenModel *self, const json_t *json, gboolean required, GError **error)
{
  const char *unk = docai_json_string (json, "unk_token", NULL);

  if (unk != NULL)
    self->unk_id = docai_vocab_find (self->vocab, unk, strlen (unk));
  if (required && self->unk_id == DOCAI_NO_TOKEN)
    return invalid (error, "unk_token is not in the vocabulary");
  return TRUE;
}

static gboolean
read_model (DocaiTokenModel *self, const json_t *json, const char *type, GError **error)
{
  self->byte_fallback = docai_json_bool (json, "byte_fallback", FALSE);
  self->suffix = g_strdup (docai_json_string (json, "end_of_word_suffix", ""));
  if (strcmp (type, "Unigram") == 0)
    {
      self->kind = MODEL_UNIGRAM;
      self->prefix = g_strdup ("");
      if (!docai_unigram_read (self, json, error))
        return FALSE;
      find_byte_tokens (self);
      return TRUE;
    }
  gboolean bpe = strcmp (type, "BPE") == 0;
  if (!bpe && strcmp (type, "WordPiece") != 0)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED, "tokenizer: model \"%s\"",
                   type);
      return FALSE;
    }
  self->kind = bpe ? MODEL_BPE : MODEL_WORDPIECE;
  self->prefix = g_strdup (docai_json_string (json, "continuing_subword_prefix", bpe ? "" : "##"));
  self->max_chars = docai_json_int (json, "max_input_chars_per_word", 100);
  if (!read_vocab_object (self, json, error) || !read_unk_token (self, json, !bpe, error))
    return FALSE;
  find_byte_tokens (self);
  return !bpe || docai_bpe_read (self, json, error);
}

/* Old files leave the type out; each model has a key of its own. */
static const char *
guess_type (const json_t *json)
{
  if (json_object_get (json, "merges") != NULL)
    return "BPE";
  if (json_is_array (json_object_get (json, "vocab")))
    return "Unigram";
  return json_object_get (json, "max_input_chars_per_word") != NULL ? "WordPiece" : "?";
}

DocaiTokenModel *
docai_token_model_new (const json_t *json, guint32 n_ids, GError **error)
{
  g_autoptr (DocaiTokenModel) self = g_new0 (DocaiTokenModel, 1);
  const char *type = docai_json_string (json, "type", NULL);

  self->vocab = docai_vocab_new (n_ids);
  self->unk_id = DOCAI_NO_TOKEN;
  if (!read_model (self, json, type != NULL ? type : guess_type (json), error))
    return NULL;
  return g_steal_pointer (&self);
}

void
docai_token_model_free (DocaiTokenModel *self)
{
  if (self == NULL)
    return;
  docai_vocab_free (self->vocab);
  docai_merges_free (self->merges);
  docai_trie_free (self->trie);
  g_free (self->scores);
  g_free (self->prefix);
  g_free (self->suffix);
  g_free (self);
}

const DocaiVocab *
docai_token_model_vocab (const DocaiTokenModel *self)
{
  return self->vocab;
}

gboolean
docai_model_append_bytes (const DocaiTokenModel *self, const char *text, gsize length, GArray *ids)
{
  for (gsize i = 0; i < length; i++)
    if (self->byte_ids[(guint8) text[i]] == DOCAI_NO_TOKEN)
      return FALSE;
  for (gsize i = 0; i < length; i++)
    g_array_append_val (ids, self->byte_ids[(guint8) text[i]]);
  return TRUE;
}

void
docai_token_model_encode (const DocaiTokenModel *self, const char *text, gsize length, GArray *ids)
{
  if (length == 0)
    return;
  switch (self->kind)
    {
    case MODEL_BPE:
      docai_bpe_encode (self, text, length, ids);
      return;
    case MODEL_UNIGRAM:
      docai_unigram_encode (self, text, length, ids);
      return;
    case MODEL_WORDPIECE:
      docai_wordpiece_encode (self, text, length, ids);
      return;
    }
}

/* Greedy longest match from the left; a word with a part that is unknown is unknown. */
void
docai_wordpiece_encode (const DocaiTokenModel *self, const char *text, gsize length, GArray *ids)
{
  guint before = ids->len;
  gsize longest = docai_vocab_longest (self->vocab);
  g_autoptr (GString) part = g_string_new (NULL);
  gint64 chars = 0;

  for (gsize i = 0; i < length; i++)
    chars += ((guint8) text[i] & 0xc0) != 0x80;
  if (chars > self->max_chars)
    {
      g_array_append_val (ids, self->unk_id);
      return;
    }
  for (gsize start = 0; start < length;)
    {
      guint32 id = DOCAI_NO_TOKEN;
      gsize end = MIN (length, start + longest);
      for (; end > start; end--)
        {
          if (end < length && ((guint8) text[end] & 0xc0) == 0x80)
            continue;
          g_string_assign (part, start > 0 ? self->prefix : "");
          g_string_append_len (part, text + start, end - start);
          id = docai_vocab_find (self->vocab, part->str, part->len);
          if (id != DOCAI_NO_TOKEN)
            break;
        }
      if (id == DOCAI_NO_TOKEN)
        {
          g_array_set_size (ids, before);
          g_array_append_val (ids, self->unk_id);
          return;
        }
      g_array_append_val (ids, id);
      start = end;
    }
}
