/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Unigram language model: the segmentation with the highest sum of scores (Viterbi).
 * Adjacent unknown characters become one unknown token.
 */
#include "models/tokenizer/model-priv.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "models/tokenizer/json-util.h"
#include "models/tokenizer/utf8.h"

#define UNK_PENALTY 10.0

static gboolean
read_pieces (DocaiTokenModel *self, const json_t *vocab, double *lowest)
{
  gsize i;
  const json_t *pair;

  json_array_foreach (vocab, i, pair)
    {
      const json_t *token = json_array_get (pair, 0), *score = json_array_get (pair, 1);
      if (!json_is_string (token) || !json_is_number (score)
          || !isfinite (json_number_value (score))
          || !docai_vocab_add (self->vocab, json_string_value (token), json_string_length (token),
                               (guint32) i))
        return FALSE;
      self->scores[i] = json_number_value (score);
      *lowest = MIN (*lowest, self->scores[i]);
    }
  return TRUE;
}

gboolean
docai_unigram_read (DocaiTokenModel *self, const json_t *json, GError **error)
{
  const json_t *vocab = json_object_get (json, "vocab");
  gsize n = json_array_size (vocab);
  gint64 unk = docai_json_int (json, "unk_id", -1);
  double lowest = INFINITY;

  self->scores = g_new0 (double, n + 1);
  if (!json_is_array (vocab) || n == 0 || unk >= (gint64) n || !read_pieces (self, vocab, &lowest))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                   "tokenizer: the Unigram vocabulary is not a list of [token, score]");
      return FALSE;
    }
  self->unk_id = unk >= 0 ? (guint32) unk : DOCAI_NO_TOKEN;
  self->unk_score = lowest - UNK_PENALTY;
  g_autofree DocaiTrieKey *keys = g_new0 (DocaiTrieKey, n);
  guint32 n_keys = 0;
  for (guint32 id = 0; id < n; id++)
    {
      gsize length = 0;
      const char *token = docai_vocab_peek (self->vocab, id, &length);
      if (token != NULL && docai_vocab_find (self->vocab, token, length) == id)
        keys[n_keys++] = (DocaiTrieKey){ token, (guint32) length, id };
    }
  self->trie = docai_trie_new (keys, n_keys);
  return TRUE;
}

/* The best way to reach a position. */
typedef struct {
  double  score;
  guint32 start; /* DOCAI_NO_TOKEN: not reached */
  guint32 id;
} Node;

static void
offer (Node *node, double score, gsize start, guint32 id)
{
  if (node->start == DOCAI_NO_TOKEN || score > node->score)
    *node = (Node){ score, (guint32) start, id };
}

static void
extend (const DocaiTokenModel *self, const char *text, gsize length, gsize start, Node *best)
{
  const DocaiTrie *trie = self->trie;
  double here = best[start].score;
  gsize char_size;
  gboolean single = FALSE;
  guint32 node = 0;

  docai_utf8_get (text + start, &char_size);
  for (gsize at = start; at < length; at++)
    {
      node = docai_trie_step (trie, node, (guint8) text[at]);
      if (node == 0)
        break;
      if (trie->nodes[node].n_ids == 0)
        continue;
      guint32 id = trie->ids[trie->nodes[node].first_id];
      offer (&best[at + 1], here + self->scores[id], start, id);
      single |= at + 1 - start == char_size;
    }
  if (!single)
    offer (&best[start + char_size], here + self->unk_score, start, self->unk_id);
}

static void
append_piece (const DocaiTokenModel *self, const char *text, gsize length, GArray *ids)
{
  guint32 id = docai_vocab_find (self->vocab, text, length);

  if (id == DOCAI_NO_TOKEN && self->byte_fallback
      && docai_model_append_bytes (self, text, length, ids))
    return;
  if (id == DOCAI_NO_TOKEN)
    id = self->unk_id;
  if (id != DOCAI_NO_TOKEN)
    g_array_append_val (ids, id);
}

void
docai_unigram_encode (const DocaiTokenModel *self, const char *text, gsize length, GArray *ids)
{
  g_autofree Node *best = g_new (Node, length + 1);
  g_autoptr (GArray) cuts = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize i = 0; i <= length; i++)
    best[i] = (Node){ 0, DOCAI_NO_TOKEN, 0 };
  for (gsize start = 0, size; start < length; start += size)
    {
      docai_utf8_get (text + start, &size);
      extend (self, text, length, start, best);
    }
  gboolean in_unknown = FALSE;
  for (gsize end = length; end > 0; end = best[end].start)
    {
      gboolean unknown = self->unk_id != DOCAI_NO_TOKEN && best[end].id == self->unk_id;
      if (!(unknown && in_unknown))
        g_array_append_val (cuts, end);
      in_unknown = unknown;
    }
  gsize start = 0;
  for (guint i = cuts->len; i > 0; i--)
    {
      gsize end = g_array_index (cuts, gsize, i - 1);
      append_piece (self, text + start, end - start, ids);
      start = end;
    }
}
