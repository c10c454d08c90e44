/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Byte-pair encoding: characters of a pre-token are merged in the order of the merges'
 * ranks, the leftmost of equals first.
 */
#include "models/tokenizer/model-priv.h"

#include <string.h>

#include "base/error.h"
#include "models/tokenizer/json-util.h"
#include "models/tokenizer/utf8.h"

#define MAX_MERGES (1u << 22)

/* A merge is "left right" or ["left", "right"]. */
static gboolean
split_merge (const json_t *merge, const char **left, gsize *n_left, const char **right)
{
  if (json_is_array (merge) && json_array_size (merge) == 2)
    {
      *left = json_string_value (json_array_get (merge, 0));
      *right = json_string_value (json_array_get (merge, 1));
      if (*left == NULL || *right == NULL)
        return FALSE;
      *n_left = strlen (*left);
      return TRUE;
    }
  *left = json_string_value (merge);
  if (*left == NULL)
    return FALSE;
  const char *space = strchr (*left, ' ');
  if (space == NULL)
    return FALSE;
  *n_left = (gsize) (space - *left);
  *right = space + 1;
  return TRUE;
}

gboolean
docai_bpe_read (DocaiTokenModel *self, const json_t *json, GError **error)
{
  const json_t *merges = json_object_get (json, "merges"), *merge;
  gsize rank, skip = strlen (self->prefix);
  g_autoptr (GString) joined = g_string_new (NULL);

  self->fuse_unk = docai_json_bool (json, "fuse_unk", FALSE);
  self->ignore_merges = docai_json_bool (json, "ignore_merges", FALSE);
  if (docai_json_number (json, "dropout", 0) > 0)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED, "tokenizer: BPE dropout");
      return FALSE;
    }
  if (json_array_size (merges) > MAX_MERGES)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "tokenizer: too many merges");
      return FALSE;
    }
  self->merges = docai_merges_new ((guint32) json_array_size (merges));
  json_array_foreach (merges, rank, merge)
    {
      const char *left, *right;
      gsize n_left = 0, n_right;
      if (!split_merge (merge, &left, &n_left, &right))
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                       "tokenizer: merge %" G_GSIZE_FORMAT " is not a pair", rank);
          return FALSE;
        }
      n_right = strlen (right);
      g_string_truncate (joined, 0);
      g_string_append_len (joined, left, n_left);
      g_string_append (joined, right + MIN (skip, n_right));
      guint32 a = docai_vocab_find (self->vocab, left, n_left);
      guint32 b = docai_vocab_find (self->vocab, right, n_right);
      guint32 merged = docai_vocab_find (self->vocab, joined->str, joined->len);
      if (a == DOCAI_NO_TOKEN || b == DOCAI_NO_TOKEN || merged == DOCAI_NO_TOKEN)
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                       "tokenizer: merge %" G_GSIZE_FORMAT " names a token that is not in the "
                       "vocabulary", rank);
          return FALSE;
        }
      docai_merges_add (self->merges, a, b, (guint32) rank, merged);
    }
  return TRUE;
}

/* ---- encoding ---------------------------------------------------------------- */

/* A list of symbols linked by index, so that a merge costs nothing but its look-ups. */
typedef struct {
  guint32 id;
  gint32  previous, next; /* -1: none */
  gboolean gone;
} Symbol;

typedef struct {
  guint32 rank, merged;
  guint32 left, right;    /* ids when queued: a stale entry no longer matches */
  gint32  at;
} Candidate;

static gboolean
comes_before (const Candidate *a, const Candidate *b)
{
  return a->rank < b->rank || (a->rank == b->rank && a->at < b->at);
}

static void
heap_push (GArray *heap, Candidate c)
{
  g_array_append_val (heap, c);
  Candidate *h = (Candidate *) (void *) heap->data;
  guint i = heap->len - 1;
  while (i > 0 && comes_before (&c, &h[(i - 1) / 2]))
    {
      h[i] = h[(i - 1) / 2];
      i = (i - 1) / 2;
    }
  h[i] = c;
}

static Candidate
heap_pop (GArray *heap)
{
  Candidate *h = (Candidate *) (void *) heap->data;
  Candidate top = h[0], last = h[heap->len - 1];
  guint n = heap->len - 1, i = 0;

  g_array_set_size (heap, n);
  while (2 * i + 1 < n)
    {
      guint child = 2 * i + 1;
      if (child + 1 < n && comes_before (&h[child + 1], &h[child]))
        child++;
      if (!comes_before (&h[child], &last))
        break;
      h[i] = h[child];
      i = child;
    }
  if (n > 0)
    h[i] = last;
  return top;
}

static void
queue_pair (const DocaiTokenModel *self, const Symbol *symbols, gint32 at, GArray *heap)
{
  Candidate c = { .at = at };

  if (at < 0 || symbols[at].next < 0)
    return;
  c.left = symbols[at].id;
  c.right = symbols[symbols[at].next].id;
  if (docai_merges_find (self->merges, c.left, c.right, &c.rank, &c.merged))
    heap_push (heap, c);
}

static void
append_symbol (GArray *symbols, guint32 id)
{
  Symbol s = { id, (gint32) symbols->len - 1, (gint32) symbols->len + 1, FALSE };
  g_array_append_val (symbols, s);
}

/* The characters of the pre-token as symbols. What the vocabulary lacks becomes byte
 * tokens, or the unknown token (one for a run of them when fuse_unk), or nothing. */
static void
split_symbols (const DocaiTokenModel *self, const char *text, gsize length, GArray *symbols)
{
  g_autoptr (GString) name = g_string_new (NULL);
  gboolean after_unknown = FALSE;

  for (gsize at = 0, size; at < length; at += size)
    {
      docai_utf8_get (text + at, &size);
      g_string_assign (name, at > 0 ? self->prefix : "");
      g_string_append_len (name, text + at, size);
      if (at + size == length)
        g_string_append (name, self->suffix);
      guint32 id = docai_vocab_find (self->vocab, name->str, name->len);
      if (id != DOCAI_NO_TOKEN)
        {
          append_symbol (symbols, id);
          after_unknown = FALSE;
          continue;
        }
      if (self->byte_fallback)
        {
          g_autoptr (GArray) bytes = g_array_new (FALSE, FALSE, sizeof (guint32));
          if (docai_model_append_bytes (self, name->str, name->len, bytes))
            {
              for (guint i = 0; i < bytes->len; i++)
                append_symbol (symbols, g_array_index (bytes, guint32, i));
              after_unknown = FALSE;
              continue;
            }
        }
      if (self->unk_id != DOCAI_NO_TOKEN && !(after_unknown && self->fuse_unk))
        append_symbol (symbols, self->unk_id);
      after_unknown = TRUE;
    }
}

static void
merge_symbols (const DocaiTokenModel *self, GArray *array)
{
  g_autoptr (GArray) heap = g_array_new (FALSE, FALSE, sizeof (Candidate));
  Symbol *symbols = (Symbol *) (void *) array->data;

  symbols[array->len - 1].next = -1;
  for (guint i = 0; i < array->len; i++)
    queue_pair (self, symbols, (gint32) i, heap);
  while (heap->len > 0)
    {
      Candidate c = heap_pop (heap);
      Symbol *left = &symbols[c.at];
      if (left->gone || left->id != c.left || left->next < 0
          || symbols[left->next].id != c.right)
        continue;
      Symbol *right = &symbols[left->next];
      right->gone = TRUE;
      left->id = c.merged;
      left->next = right->next;
      if (left->next >= 0)
        symbols[left->next].previous = c.at;
      queue_pair (self, symbols, left->previous, heap);
      queue_pair (self, symbols, c.at, heap);
    }
}

void
docai_bpe_encode (const DocaiTokenModel *self, const char *text, gsize length, GArray *ids)
{
  if (self->ignore_merges)
    {
      guint32 id = docai_vocab_find (self->vocab, text, length);
      if (id != DOCAI_NO_TOKEN)
        {
          g_array_append_val (ids, id);
          return;
        }
    }
  g_autoptr (GArray) symbols = g_array_new (FALSE, FALSE, sizeof (Symbol));
  split_symbols (self, text, length, symbols);
  if (symbols->len == 0)
    return;
  merge_symbols (self, symbols);
  for (guint i = 0; i < symbols->len; i++)
    if (!g_array_index (symbols, Symbol, i).gone)
      g_array_append_val (ids, g_array_index (symbols, Symbol, i).id);
}
