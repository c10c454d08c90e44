/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Added tokens.
 */
#include "models/tokenizer/added-tokens.h"

#include <string.h>

#include "base/error.h"
#include "models/tokenizer/json-util.h"
#include "models/tokenizer/tokenizer.h"
#include "models/tokenizer/utf8.h"

struct DocaiAddedTokens {
  GPtrArray  *tokens; /* DocaiAddedToken */
  GHashTable *by_id;
  DocaiTrie  *tries[2]; /* [normalized]; their ids are indices into tokens */
};

static void
token_free (gpointer data)
{
  DocaiAddedToken *token = data;

  g_free (token->content);
  g_free (token);
}

static gboolean
read_tokens (DocaiAddedTokens *self, const json_t *json, GError **error)
{
  gsize i;
  const json_t *item;

  json_array_foreach (json, i, item)
    {
      gint64 id = docai_json_int (item, "id", -1);
      const char *content = docai_json_string (item, "content", NULL);
      if (content == NULL || id < 0 || id >= DOCAI_TOKENIZER_MAX_VOCAB)
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                       "tokenizer: added token %" G_GSIZE_FORMAT " has no content or a wrong id", i);
          return FALSE;
        }
      DocaiAddedToken *token = g_new0 (DocaiAddedToken, 1);
      token->id = (guint32) id;
      token->content = g_strdup (content);
      token->special = docai_json_bool (item, "special", FALSE);
      token->lstrip = docai_json_bool (item, "lstrip", FALSE);
      token->rstrip = docai_json_bool (item, "rstrip", FALSE);
      token->single_word = docai_json_bool (item, "single_word", FALSE);
      token->normalized = docai_json_bool (item, "normalized", !token->special);
      g_ptr_array_add (self->tokens, token);
      g_hash_table_insert (self->by_id, GUINT_TO_POINTER (token->id), token);
    }
  return TRUE;
}

static gboolean
build_trie (DocaiAddedTokens *self, gboolean normalized, const DocaiNormalizer *normalizer,
            GError **error)
{
  g_autofree DocaiTrieKey *keys = g_new0 (DocaiTrieKey, (gsize) self->tokens->len + 1);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  guint32 n = 0;

  for (guint i = 0; i < self->tokens->len; i++)
    {
      const DocaiAddedToken *token = g_ptr_array_index (self->tokens, i);
      if (token->normalized != normalized)
        continue;
      GString *text = g_string_new (token->content);
      gboolean ok = !normalized || docai_normalizer_apply (normalizer, text, error);
      gsize length = text->len;
      char *bytes = g_string_free (text, FALSE);
      g_ptr_array_add (texts, bytes);
      if (!ok)
        return FALSE;
      keys[n++] = (DocaiTrieKey){ bytes, (guint32) length, i };
    }
  self->tries[normalized] = docai_trie_new (keys, n);
  return TRUE;
}

DocaiAddedTokens *
docai_added_tokens_new (const json_t *json, const DocaiNormalizer *normalizer, GError **error)
{
  g_autoptr (DocaiAddedTokens) self = g_new0 (DocaiAddedTokens, 1);

  self->tokens = g_ptr_array_new_with_free_func (token_free);
  self->by_id = g_hash_table_new (NULL, NULL);
  if (!read_tokens (self, json, error) || !build_trie (self, FALSE, normalizer, error)
      || !build_trie (self, TRUE, normalizer, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
docai_added_tokens_free (DocaiAddedTokens *self)
{
  if (self == NULL)
    return;
  docai_trie_free (self->tries[0]);
  docai_trie_free (self->tries[1]);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->tokens);
  g_free (self);
}

guint
docai_added_tokens_count (const DocaiAddedTokens *self)
{
  return self->tokens->len;
}

const DocaiAddedToken *
docai_added_tokens_get (const DocaiAddedTokens *self, guint index)
{
  return g_ptr_array_index (self->tokens, index);
}

const DocaiAddedToken *
docai_added_tokens_find (const DocaiAddedTokens *self, guint32 id)
{
  return g_hash_table_lookup (self->by_id, GUINT_TO_POINTER (id));
}

/* ---- splitting --------------------------------------------------------------- */

/* Longest token that begins at text; the later one of equals. */
static const DocaiAddedToken *
longest_at (const DocaiAddedTokens *self, const DocaiTrie *trie, const char *text, gsize length,
            gsize *size)
{
  const DocaiAddedToken *found = NULL;
  guint32 node = 0;

  for (gsize i = 0; i < length; i++)
    {
      node = docai_trie_step (trie, node, (guint8) text[i]);
      if (node == 0)
        break;
      const DocaiTrieNode *at = &trie->nodes[node];
      if (at->n_ids > 0)
        {
          found = g_ptr_array_index (self->tokens, trie->ids[at->first_id + at->n_ids - 1u]);
          *size = i + 1;
        }
    }
  return found;
}

static gboolean
touches_word (const char *text, gsize length, gsize start, gsize end)
{
  gsize size;

  if (start > 0 && docai_unichar_is_word (docai_utf8_get (g_utf8_prev_char (text + start), &size)))
    return TRUE;
  return end < length && docai_unichar_is_word (docai_utf8_get (text + end, &size));
}

static gsize
strip_left (const char *text, gsize start, gsize low)
{
  gsize size;

  while (start > low)
    {
      const char *p = g_utf8_prev_char (text + start);
      if (!docai_unichar_is_space (docai_utf8_get (p, &size)) || (gsize) (p - text) < low)
        break;
      start = (gsize) (p - text);
    }
  return start;
}

static gsize
strip_right (const char *text, gsize end, gsize length)
{
  gsize size;

  while (end < length && docai_unichar_is_space (docai_utf8_get (text + end, &size)))
    end += size;
  return end;
}

static void
add_segment (GArray *segments, gsize start, gsize end, guint32 id)
{
  DocaiSegment segment = { start, end, id };

  if (start < end)
    g_array_append_val (segments, segment);
}

void
docai_added_tokens_split (const DocaiAddedTokens *self, gboolean normalized, const char *text,
                          gsize length, GArray *segments)
{
  const DocaiTrie *trie = self->tries[normalized];
  gsize done = 0;

  for (gsize at = 0; trie->n_nodes > 1 && at < length;)
    {
      gsize size = 0;
      const DocaiAddedToken *token = NULL;
      if (trie->root[(guint8) text[at]] != 0)
        token = longest_at (self, trie, text + at, length - at, &size);
      if (token == NULL)
        {
          at++;
          continue;
        }
      gsize start = at, end = at + size;
      at = end;
      if (start < done || (token->single_word && touches_word (text, length, start, end)))
        continue;
      if (token->lstrip)
        start = strip_left (text, start, done);
      if (token->rstrip)
        end = strip_right (text, end, length);
      add_segment (segments, done, start, DOCAI_NO_TOKEN);
      add_segment (segments, start, end, token->id);
      done = end;
    }
  add_segment (segments, done, length, DOCAI_NO_TOKEN);
}
