/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of tokens, the table of merges, the trie.
 */
#include "models/tokenizer/vocab.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  guint32 offset, length, id, hash;
} Entry;

struct DocaiVocab {
  GString *arena;
  GArray  *entries;  /* Entry */
  guint32 *by_id;    /* entry + 1 */
  guint32  n_ids;
  guint32 *slots;    /* entry + 1 */
  guint32  n_slots;  /* a power of two */
  gsize    longest;
};

DocaiVocab *
docai_vocab_new (guint32 n_ids)
{
  DocaiVocab *self = g_new0 (DocaiVocab, 1);

  self->arena = g_string_new (NULL);
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  self->by_id = g_new0 (guint32, (gsize) n_ids + 1);
  self->n_ids = n_ids;
  self->n_slots = 64;
  while (self->n_slots < n_ids + n_ids / 2)
    self->n_slots *= 2;
  self->slots = g_new0 (guint32, self->n_slots);
  return self;
}

void
docai_vocab_free (DocaiVocab *self)
{
  if (self == NULL)
    return;
  g_string_free (self->arena, TRUE);
  g_array_unref (self->entries);
  g_free (self->by_id);
  g_free (self->slots);
  g_free (self);
}

/* FNV-1a, then mixed, since the table uses the low bits. */
static guint32
hash_bytes (const char *bytes, gsize length)
{
  guint32 hash = 2166136261u;

  for (gsize i = 0; i < length; i++)
    hash = (hash ^ (guint8) bytes[i]) * 16777619u;
  hash ^= hash >> 15;
  return hash * 0x2c1b3c6du ^ hash >> 13;
}

/* Slot of the token, or the empty slot where it belongs. */
static guint32
find_slot (const DocaiVocab *self, const char *token, gsize length, guint32 hash)
{
  guint32 slot = hash & (self->n_slots - 1);

  for (; self->slots[slot] != 0; slot = (slot + 1) & (self->n_slots - 1))
    {
      const Entry *e = &g_array_index (self->entries, Entry, self->slots[slot] - 1);
      if (e->hash == hash && e->length == length
          && memcmp (self->arena->str + e->offset, token, length) == 0)
        break;
    }
  return slot;
}

static void
grow_slots (DocaiVocab *self)
{
  g_free (self->slots);
  self->n_slots *= 2;
  self->slots = g_new0 (guint32, self->n_slots);
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *e = &g_array_index (self->entries, Entry, i);
      self->slots[find_slot (self, self->arena->str + e->offset, e->length, e->hash)] = i + 1;
    }
}

gboolean
docai_vocab_add (DocaiVocab *self, const char *token, gsize length, guint32 id)
{
  if (id >= self->n_ids || length > G_MAXINT32 - self->arena->len - 1)
    return FALSE;
  if ((self->entries->len + 1) * 4u > self->n_slots * 3u)
    grow_slots (self);
  guint32 hash = hash_bytes (token, length);
  guint32 slot = find_slot (self, token, length, hash);
  if (self->slots[slot] == 0)
    {
      Entry e = { (guint32) self->arena->len, (guint32) length, id, hash };
      g_string_append_len (self->arena, token, length);
      g_string_append_c (self->arena, '\0');
      g_array_append_val (self->entries, e);
      self->slots[slot] = self->entries->len;
      self->longest = MAX (self->longest, length);
    }
  else
    g_array_index (self->entries, Entry, self->slots[slot] - 1).id = id;
  self->by_id[id] = self->slots[slot];
  return TRUE;
}

guint32
docai_vocab_find (const DocaiVocab *self, const char *token, gsize length)
{
  if (length > self->longest)
    return DOCAI_NO_TOKEN;
  guint32 slot = find_slot (self, token, length, hash_bytes (token, length));
  if (self->slots[slot] == 0)
    return DOCAI_NO_TOKEN;
  return g_array_index (self->entries, Entry, self->slots[slot] - 1).id;
}

const char *
docai_vocab_peek (const DocaiVocab *self, guint32 id, gsize *length)
{
  if (id >= self->n_ids || self->by_id[id] == 0)
    return NULL;
  const Entry *e = &g_array_index (self->entries, Entry, self->by_id[id] - 1);
  if (length != NULL)
    *length = e->length;
  return self->arena->str + e->offset;
}

guint32
docai_vocab_n_ids (const DocaiVocab *self)
{
  return self->n_ids;
}

gsize
docai_vocab_longest (const DocaiVocab *self)
{
  return self->longest;
}

/* ---- merges ------------------------------------------------------------ */

typedef struct {
  guint32 left, right; /* left DOCAI_NO_TOKEN: empty */
  guint32 rank, merged;
} Merge;

struct DocaiMerges {
  Merge  *slots;
  guint32 n_slots; /* a power of two, more than the merges */
};

DocaiMerges *
docai_merges_new (guint32 n_merges)
{
  DocaiMerges *self = g_new0 (DocaiMerges, 1);

  self->n_slots = 16;
  while (self->n_slots < 2 * (gsize) n_merges)
    self->n_slots *= 2;
  self->slots = g_new (Merge, self->n_slots);
  for (guint32 i = 0; i < self->n_slots; i++)
    self->slots[i].left = DOCAI_NO_TOKEN;
  return self;
}

void
docai_merges_free (DocaiMerges *self)
{
  if (self == NULL)
    return;
  g_free (self->slots);
  g_free (self);
}

static guint32
find_merge (const DocaiMerges *self, guint32 left, guint32 right)
{
  guint64 key = ((guint64) left << 32 | right) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  guint32 slot = (guint32) (key >> 32) & (self->n_slots - 1);

  while (self->slots[slot].left != DOCAI_NO_TOKEN
         && (self->slots[slot].left != left || self->slots[slot].right != right))
    slot = (slot + 1) & (self->n_slots - 1);
  return slot;
}

void
docai_merges_add (DocaiMerges *self, guint32 left, guint32 right, guint32 rank, guint32 merged)
{
  self->slots[find_merge (self, left, right)] = (Merge){ left, right, rank, merged };
}

gboolean
docai_merges_find (const DocaiMerges *self, guint32 left, guint32 right, guint32 *rank,
                   guint32 *merged)
{
  const Merge *m = &self->slots[find_merge (self, left, right)];

  if (m->left == DOCAI_NO_TOKEN)
    return FALSE;
  *rank = m->rank;
  *merged = m->merged;
  return TRUE;
}

/* ---- trie -------------------------------------------------------------- */

static int
compare_keys (const void *a, const void *b)
{
  const DocaiTrieKey *x = a, *y = b;
  int order = memcmp (x->bytes, y->bytes, MIN (x->length, y->length));

  if (order != 0)
    return order;
  if (x->length != y->length)
    return x->length < y->length ? -1 : 1;
  return (x->id > y->id) - (x->id < y->id);
}

static guint32
common_prefix (const DocaiTrieKey *a, const DocaiTrieKey *b)
{
  guint32 n = MIN (a->length, b->length), i = 0;

  while (i < n && a->bytes[i] == b->bytes[i])
    i++;
  return i;
}

/* Appends the nodes of one key behind its first `shared` bytes, whose nodes path holds. */
static void
append_key (DocaiTrie *self, const DocaiTrieKey *key, guint32 shared, guint32 *path)
{
  for (guint32 depth = shared; depth < key->length; depth++)
    {
      guint32 node = self->n_nodes++;
      self->nodes[node] = (DocaiTrieNode){ .label = (guint8) key->bytes[depth] };
      path[depth + 1] = node;
      if (depth == 0)
        self->root[(guint8) key->bytes[0]] = node;
    }
  DocaiTrieNode *last = &self->nodes[path[key->length]];
  if (last->n_ids == 0)
    last->first_id = self->n_ids;
  if (last->n_ids < G_MAXUINT16)
    {
      self->ids[self->n_ids++] = key->id;
      last->n_ids++;
    }
}

DocaiTrie *
docai_trie_new (DocaiTrieKey *keys, guint32 n_keys)
{
  DocaiTrie *self = g_new0 (DocaiTrie, 1);
  gsize bytes = 1;
  guint32 previous = n_keys;

  qsort (keys, n_keys, sizeof *keys, compare_keys);
  for (guint32 i = 0; i < n_keys; i++)
    {
      bytes += keys[i].length;
      self->max_depth = MAX (self->max_depth, keys[i].length);
    }
  self->nodes = g_new (DocaiTrieNode, bytes);
  self->ids = g_new (guint32, (gsize) n_keys + 1);
  self->nodes[0] = (DocaiTrieNode){ 0 };
  self->n_nodes = 1;
  g_autofree guint32 *path = g_new0 (guint32, (gsize) self->max_depth + 1);
  for (guint32 i = 0; i < n_keys; i++)
    {
      if (keys[i].length == 0)
        continue;
      guint32 shared = previous < n_keys ? common_prefix (&keys[previous], &keys[i]) : 0;
      if (previous < n_keys)
        for (guint32 depth = keys[previous].length; depth > shared; depth--)
          self->nodes[path[depth]].end = self->n_nodes;
      append_key (self, &keys[i], shared, path);
      previous = i;
    }
  if (previous < n_keys)
    for (guint32 depth = keys[previous].length; depth > 0; depth--)
      self->nodes[path[depth]].end = self->n_nodes;
  self->nodes[0].end = self->n_nodes;
  self->nodes = g_renew (DocaiTrieNode, self->nodes, self->n_nodes);
  return self;
}

void
docai_trie_free (DocaiTrie *self)
{
  if (self == NULL)
    return;
  g_free (self->nodes);
  g_free (self->ids);
  g_free (self);
}

guint32
docai_trie_step (const DocaiTrie *self, guint32 node, guint8 label)
{
  if (node == 0)
    return self->root[label];
  guint32 end = self->nodes[node].end;
  for (guint32 child = node + 1; child < end; child = self->nodes[child].end)
    if (self->nodes[child].label >= label)
      return self->nodes[child].label == label ? child : 0;
  return 0;
}
