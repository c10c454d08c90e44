/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Matching answers against a grammar, and masks over the vocabulary.
 *
 * A state is the set of threads that are alive. States are made once and kept, with a
 * transition for each class of bytes, filled in when they are first needed: what starts as a
 * nondeterministic push-down machine turns into a table for the parts that are used. The
 * mask of a state is kept too, so that inside a free string, say, a mask is a copy.
 */
#include <stdlib.h>
#include <string.h>

#include "models/language/grammar-priv.h"
#include "models/tokenizer/vocab.h"

#define MAX_THREADS 8192
#define KEPT_STATES 4096
#define MAX_STATES 65536
#define DEAD G_MAXUINT32
#define UNKNOWN (G_MAXUINT32 - 1)

struct DocaiTokenTrie {
  gint       references;
  DocaiTrie *trie;
  guint32    n_ids;   /* vocabulary size */
  char      *bytes;   /* of all tokens, one after the other */
  gsize     *offsets; /* [n_ids + 1] */
};

typedef struct {
  guint32 pc, stack;
} Thread;

/* A return address on top of another stack; 0 is the empty stack. */
typedef struct {
  guint32 pc, parent;
  guint32 depth, distance; /* fewest bytes to the end once the routine returns */
} Stack;

typedef struct {
  guint32  n_threads, hash;
  Thread  *threads;     /* sorted */
  guint32  distance;    /* fewest bytes to a complete answer */
  gboolean complete;    /* may end here */
  guint32 *transitions; /* [classes of bytes] state, DEAD or UNKNOWN; NULL before the first */
  guint32 *mask;        /* kept mask or NULL */
  guint32  worst;       /* largest distance behind any token of the mask */
} State;

struct DocaiMatcher {
  DocaiGrammar   *grammar;
  DocaiTokenTrie *trie;
  gsize           max_tokens, used;
  guint32        *stop_ids;
  gsize           n_stop_ids;
  GPtrArray      *states;     /* State */
  GHashTable     *by_threads; /* State -> index + 1 */
  GArray         *stacks;     /* Stack */
  GHashTable     *by_top;     /* pc and parent -> stack */
  GArray         *collected;  /* Thread, scratch */
  guint64        *seen;       /* scratch of one closure: a hash table of packed threads */
  guint32         n_seen, seen_size;
  GArray         *work;       /* Thread, scratch */
  guint32         current;
  gboolean        stopped;
  guint32        *path;       /* [trie depth + 1] states, scratch */
  guint32        *ends;
};

/* ---- the trie of the vocabulary ------------------------------------------------------- */

DocaiTokenTrie *
docai_token_trie_new (const DocaiTokenizer *tokenizer)
{
  DocaiTokenTrie *self = g_new0 (DocaiTokenTrie, 1);
  guint32 n = tokenizer != NULL ? docai_tokenizer_vocab_size (tokenizer) : 0, n_keys = 0;
  g_autofree DocaiTrieKey *keys = g_new (DocaiTrieKey, (gsize) n + 1);
  GString *all = g_string_new (NULL);

  self->offsets = g_new (gsize, (gsize) n + 1);
  for (guint32 id = 0; id < n; id++)
    {
      gsize length = 0;
      const char *bytes = docai_tokenizer_peek_bytes (tokenizer, id, &length);
      self->offsets[id] = all->len;
      if (bytes == NULL)
        continue;
      g_string_append_len (all, bytes, (gssize) length);
      keys[n_keys++] = (DocaiTrieKey){ bytes, (guint32) length, id };
    }
  self->offsets[n] = all->len;
  self->bytes = g_string_free (all, FALSE);
  self->references = 1;
  self->n_ids = n;
  self->trie = docai_trie_new (keys, n_keys);
  return self;
}

DocaiTokenTrie *
docai_token_trie_ref (DocaiTokenTrie *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
docai_token_trie_unref (DocaiTokenTrie *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  docai_trie_free (self->trie);
  g_free (self->bytes);
  g_free (self->offsets);
  g_free (self);
}

/* ---- states ---------------------------------------------------------------------------- */

static guint
hash_state (gconstpointer key)
{
  return ((const State *) key)->hash;
}

static gboolean
equal_states (gconstpointer a, gconstpointer b)
{
  const State *x = a, *y = b;

  return x->n_threads == y->n_threads
         && memcmp (x->threads, y->threads, x->n_threads * sizeof (Thread)) == 0;
}

static void
state_free (gpointer data)
{
  State *state = data;

  g_free (state->threads);
  g_free (state->transitions);
  g_free (state->mask);
  g_free (state);
}

static guint64
pack (guint32 a, guint32 b)
{
  return (guint64) a << 32 | b;
}

static guint32
push_stack (DocaiMatcher *self, guint32 pc, guint32 parent)
{
  guint64 key = pack (pc, parent);
  gpointer known = g_hash_table_lookup (self->by_top, &key);

  if (known != NULL)
    return GPOINTER_TO_UINT (known);
  const Stack *below = &g_array_index (self->stacks, Stack, parent);
  Stack top = { pc, parent, below->depth + 1,
                MIN (below->distance + self->grammar->ops[pc].distance, GRAMMAR_NEVER) };
  g_array_append_val (self->stacks, top);
  guint32 id = self->stacks->len - 1;
  g_hash_table_insert (self->by_top, g_memdup2 (&key, sizeof key), GUINT_TO_POINTER (id));
  return id;
}

static guint32
thread_distance (const DocaiMatcher *self, Thread t)
{
  return MIN (self->grammar->ops[t.pc].distance + g_array_index (self->stacks, Stack, t.stack).distance,
              GRAMMAR_NEVER);
}

#define NOT_SEEN G_MAXUINT64

static void
clear_seen (DocaiMatcher *self)
{
  memset (self->seen, 0xff, self->seen_size * sizeof *self->seen);
  self->n_seen = 0;
}

/* Adds a thread to those that the closure has met. FALSE when it was there. */
static gboolean
add_seen (DocaiMatcher *self, guint64 key)
{
  guint32 slot = (guint32) ((key * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) >> 32);

  for (slot &= self->seen_size - 1; self->seen[slot] != NOT_SEEN; slot = (slot + 1) & (self->seen_size - 1))
    if (self->seen[slot] == key)
      return FALSE;
  self->seen[slot] = key;
  if (++self->n_seen * 2 < self->seen_size)
    return TRUE;
  g_autofree guint64 *old = g_steal_pointer (&self->seen);
  guint32 n = self->seen_size;
  self->seen_size *= 2;
  self->seen = g_new (guint64, self->seen_size);
  clear_seen (self);
  for (guint32 i = 0; i < n; i++)
    if (old[i] != NOT_SEEN)
      add_seen (self, old[i]);
  return TRUE;
}

/* Follows everything that takes no byte; threads that wait for a byte are collected. Those
 * that could never end, or not within the stack, are left out at once. */
static void
close_over (DocaiMatcher *self, Thread first)
{
  const GrammarOp *ops = self->grammar->ops;
  GArray *work = self->work;

  g_array_set_size (work, 0);
  g_array_append_val (work, first);
  while (work->len > 0 && self->collected->len < MAX_THREADS)
    {
      Thread t = g_array_index (work, Thread, work->len - 1);
      g_array_set_size (work, work->len - 1);
      const GrammarOp *op = &ops[t.pc];
      Stack top = g_array_index (self->stacks, Stack, t.stack);
      if (thread_distance (self, t) >= GRAMMAR_NEVER || top.depth + op->height > GRAMMAR_MAX_STACK)
        continue;
      if (!add_seen (self, pack (t.pc, t.stack)))
        continue;
      Thread next = { op->next, t.stack }, other = { op->other, t.stack };
      switch ((GrammarOpKind) op->kind)
        {
        case OP_BYTE:
        case OP_ACCEPT:
          g_array_append_val (self->collected, t);
          break;
        case OP_SPLIT:
          g_array_append_val (work, next);
          if (other.pc != next.pc)
            g_array_append_val (work, other);
          break;
        case OP_CALL:
          other.stack = push_stack (self, op->next, t.stack);
          g_array_append_val (work, other);
          break;
        case OP_RETURN:
          next = (Thread){ top.pc, top.parent };
          if (t.stack != 0)
            g_array_append_val (work, next);
          break;
        }
    }
}

static int
compare_threads (const void *a, const void *b)
{
  const Thread *x = a, *y = b;

  if (x->pc != y->pc)
    return x->pc < y->pc ? -1 : 1;
  return (x->stack > y->stack) - (x->stack < y->stack);
}

/* The state of the collected threads, DEAD for none. */
static guint32
intern_state (DocaiMatcher *self)
{
  GArray *list = self->collected;
  State probe = { .n_threads = list->len, .threads = (Thread *) (void *) list->data };

  if (self->n_seen > 0)
    clear_seen (self);
  if (list->len == 0)
    return DEAD;
  qsort (probe.threads, list->len, sizeof (Thread), compare_threads);
  probe.hash = 2166136261u;
  for (guint i = 0; i < list->len; i++)
    probe.hash = ((probe.hash ^ probe.threads[i].pc) * 16777619u ^ probe.threads[i].stack) * 16777619u;
  gpointer known = g_hash_table_lookup (self->by_threads, &probe);
  if (known != NULL)
    return GPOINTER_TO_UINT (known) - 1;
  if (self->states->len >= MAX_STATES)
    return DEAD;
  State *state = g_new0 (State, 1);
  *state = probe;
  state->threads = g_memdup2 (probe.threads, list->len * sizeof (Thread));
  state->distance = GRAMMAR_NEVER;
  for (guint i = 0; i < list->len; i++)
    {
      state->distance = MIN (state->distance, thread_distance (self, state->threads[i]));
      state->complete |= self->grammar->ops[state->threads[i].pc].kind == OP_ACCEPT;
    }
  g_ptr_array_add (self->states, state);
  g_hash_table_insert (self->by_threads, state, GUINT_TO_POINTER (self->states->len));
  return self->states->len - 1;
}

static guint32
compute_step (DocaiMatcher *self, guint32 from, guint8 byte)
{
  const State *state = g_ptr_array_index (self->states, from);

  g_array_set_size (self->collected, 0);
  for (guint i = 0; i < state->n_threads; i++)
    {
      const GrammarOp *op = &self->grammar->ops[state->threads[i].pc];
      if (op->kind == OP_BYTE && byte >= op->low && byte <= op->high)
        close_over (self, (Thread){ op->next, state->threads[i].stack });
    }
  return intern_state (self);
}

static guint32
step (DocaiMatcher *self, guint32 from, guint8 byte)
{
  State *state = g_ptr_array_index (self->states, from);
  guint klass = self->grammar->class_of[byte];

  if (state->transitions == NULL)
    {
      state->transitions = g_new (guint32, self->grammar->n_classes);
      for (guint i = 0; i < self->grammar->n_classes; i++)
        state->transitions[i] = UNKNOWN;
    }
  if (state->transitions[klass] == UNKNOWN)
    state->transitions[klass] = compute_step (self, from, self->grammar->member[klass]);
  return state->transitions[klass];
}

static const State *
current_state (const DocaiMatcher *self)
{
  return g_ptr_array_index (self->states, self->current);
}

/* Forgets states and stacks but for the current threads, when there are many. */
static void
shed_states (DocaiMatcher *self)
{
  if (self->states->len < KEPT_STATES)
    return;
  const State *state = current_state (self);
  g_autofree Thread *threads = g_memdup2 (state->threads, state->n_threads * sizeof (Thread));
  guint n = state->n_threads;
  g_hash_table_remove_all (self->by_threads);
  g_ptr_array_set_size (self->states, 0);
  g_array_set_size (self->collected, 0);
  g_array_append_vals (self->collected, threads, n);
  self->current = intern_state (self);
}

/* ---- matcher ---------------------------------------------------------------------------- */

DocaiMatcher *
docai_matcher_new (DocaiGrammar *grammar, DocaiTokenTrie *trie, gsize max_tokens,
                   const guint32 *stop_ids, gsize n_stop_ids)
{
  DocaiMatcher *self = g_new0 (DocaiMatcher, 1);
  Stack empty = { 0 };

  self->grammar = docai_grammar_ref (grammar);
  self->trie = docai_token_trie_ref (trie);
  self->max_tokens = max_tokens;
  self->stop_ids = g_memdup2 (stop_ids, n_stop_ids * sizeof *stop_ids);
  self->n_stop_ids = n_stop_ids;
  self->states = g_ptr_array_new_with_free_func (state_free);
  self->by_threads = g_hash_table_new (hash_state, equal_states);
  self->stacks = g_array_new (FALSE, FALSE, sizeof (Stack));
  self->by_top = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->collected = g_array_new (FALSE, FALSE, sizeof (Thread));
  self->work = g_array_new (FALSE, FALSE, sizeof (Thread));
  self->seen_size = 256;
  self->seen = g_new (guint64, self->seen_size);
  clear_seen (self);
  self->path = g_new (guint32, (gsize) trie->trie->max_depth + 1);
  self->ends = g_new (guint32, (gsize) trie->trie->max_depth + 1);
  g_array_append_val (self->stacks, empty);
  close_over (self, (Thread){ grammar->start, 0 });
  self->current = intern_state (self);
  return self;
}

void
docai_matcher_free (DocaiMatcher *self)
{
  if (self == NULL)
    return;
  docai_grammar_unref (self->grammar);
  docai_token_trie_unref (self->trie);
  g_free (self->stop_ids);
  g_hash_table_unref (self->by_threads);
  g_ptr_array_unref (self->states);
  g_array_unref (self->stacks);
  g_hash_table_unref (self->by_top);
  g_array_unref (self->collected);
  g_array_unref (self->work);
  g_free (self->seen);
  g_free (self->path);
  g_free (self->ends);
  g_free (self);
}

/* Walks the trie from the current state; sets the bits of tokens behind which the answer
 * can end within `limit` bytes. Returns whether there are any. */
static gboolean
walk_trie (DocaiMatcher *self, guint32 *mask, guint32 limit, guint32 *worst)
{
  const DocaiTrie *trie = self->trie->trie;
  guint32 depth = 0;
  gboolean any = FALSE;

  *worst = 0;
  self->path[0] = self->current;
  self->ends[0] = trie->n_nodes;
  for (guint32 i = 1; i < trie->n_nodes;)
    {
      const DocaiTrieNode *node = &trie->nodes[i];
      while (i >= self->ends[depth])
        depth--;
      guint32 next = step (self, self->path[depth], node->label);
      if (next == DEAD)
        {
          i = node->end;
          continue;
        }
      if (node->n_ids > 0)
        {
          guint32 distance = ((const State *) g_ptr_array_index (self->states, next))->distance;
          *worst = MAX (*worst, distance);
          if (distance <= limit)
            for (guint32 k = 0; k < node->n_ids; k++)
              {
                guint32 id = trie->ids[node->first_id + k];
                mask[id / 32] |= 1u << (id % 32);
                any = TRUE;
              }
        }
      depth++;
      self->path[depth] = next;
      self->ends[depth] = node->end;
      i++;
    }
  return any;
}

static guint32
mask_words (const DocaiMatcher *self)
{
  return (self->trie->n_ids + 31) / 32;
}

/* The mask of the current state without regard to the budget, made once. */
static const State *
masked_state (DocaiMatcher *self)
{
  State *state = g_ptr_array_index (self->states, self->current);

  if (state->mask == NULL)
    {
      state->mask = g_new0 (guint32, (gsize) mask_words (self) + 1);
      walk_trie (self, state->mask, GRAMMAR_NEVER, &state->worst);
    }
  return state;
}

void
docai_matcher_mask (DocaiMatcher *self, guint32 *mask, guint32 vocab)
{
  guint32 words = (vocab + 31) / 32, worst;

  memset (mask, 0, (gsize) words * sizeof *mask);
  shed_states (self);
  if (!self->stopped)
    {
      const State *state = masked_state (self);
      gsize left = self->max_tokens > self->used ? self->max_tokens - self->used : 0;
      const guint32 *use = state->mask;
      g_autofree guint32 *filtered = NULL;
      if (self->max_tokens > 0 && state->worst + 1 > left)
        {
          guint32 limit = left > 0 ? (guint32) MIN (left - 1, GRAMMAR_NEVER - 1) : 0;
          filtered = g_new0 (guint32, (gsize) mask_words (self) + 1);
          if (walk_trie (self, filtered, limit, &worst) || state->complete)
            use = filtered;
        }
      memcpy (mask, use, (gsize) MIN (words, mask_words (self)) * sizeof *mask);
      if (words > 0 && vocab % 32 != 0)
        mask[words - 1] &= (1u << (vocab % 32)) - 1;
    }
  for (gsize i = 0; i < self->n_stop_ids; i++)
    if (docai_matcher_is_complete (self) && self->stop_ids[i] < vocab)
      mask[self->stop_ids[i] / 32] |= 1u << (self->stop_ids[i] % 32);
}

gboolean
docai_matcher_accept_bytes (DocaiMatcher *self, const char *bytes, gsize length)
{
  guint32 state = self->current;

  if (self->stopped)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      state = step (self, state, (guint8) bytes[i]);
      if (state == DEAD)
        return FALSE;
    }
  self->current = state;
  return TRUE;
}

gboolean
docai_matcher_accept (DocaiMatcher *self, guint32 id)
{
  const DocaiTokenTrie *trie = self->trie;

  for (gsize i = 0; i < self->n_stop_ids; i++)
    if (self->stop_ids[i] == id && docai_matcher_is_complete (self))
      {
        self->stopped = TRUE;
        return TRUE;
      }
  if (id >= trie->n_ids || trie->offsets[id] == trie->offsets[id + 1])
    return FALSE;
  if (!docai_matcher_accept_bytes (self, trie->bytes + trie->offsets[id],
                                   trie->offsets[id + 1] - trie->offsets[id]))
    return FALSE;
  self->used++;
  return TRUE;
}

gboolean
docai_matcher_is_complete (const DocaiMatcher *self)
{
  return self->stopped || current_state (self)->complete;
}

gboolean
docai_matcher_is_finished (const DocaiMatcher *self)
{
  const State *state = current_state (self);

  return self->stopped || (state->complete && state->n_threads == 1);
}

gboolean
docai_grammar_takes (DocaiGrammar *self, const char *json)
{
  g_autoptr (DocaiTokenTrie) none = docai_token_trie_new (NULL);
  g_autoptr (DocaiMatcher)   matcher = docai_matcher_new (self, none, 0, NULL, 0);

  return docai_matcher_accept_bytes (matcher, json, strlen (json)) && docai_matcher_is_complete (matcher);
}
