/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of tokens: bytes to id and back, in one arena. Also the table of BPE merges
 * and a trie over bytes, which Unigram and constrained decoding walk.
 */
#pragma once

#include <glib.h>

#define DOCAI_NO_TOKEN G_MAXUINT32

typedef struct DocaiVocab DocaiVocab;

/* For ids below n_ids. */
DocaiVocab *docai_vocab_new  (guint32 n_ids);
void        docai_vocab_free (DocaiVocab *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiVocab, docai_vocab_free)

/* Adds a token; a string given twice belongs to the later id. FALSE when the id is out of
 * range or the table would exceed 2^31 bytes. */
gboolean    docai_vocab_add    (DocaiVocab *self, const char *token, gsize length, guint32 id);
/* Id of a token or DOCAI_NO_TOKEN. */
guint32     docai_vocab_find   (const DocaiVocab *self, const char *token, gsize length);
/* Zero-terminated content of an id, NULL for a gap. Lent until the next addition. */
const char *docai_vocab_peek   (const DocaiVocab *self, guint32 id, gsize *length);
guint32     docai_vocab_n_ids  (const DocaiVocab *self);
/* Bytes of the longest token. */
gsize       docai_vocab_longest (const DocaiVocab *self);

/* Merges of two ids to one, with their rank. */
typedef struct DocaiMerges DocaiMerges;

DocaiMerges *docai_merges_new  (guint32 n_merges);
void         docai_merges_free (DocaiMerges *self);
/* A pair given twice keeps the later rank. */
void         docai_merges_add  (DocaiMerges *self, guint32 left, guint32 right, guint32 rank,
                                guint32 merged);
gboolean     docai_merges_find (const DocaiMerges *self, guint32 left, guint32 right,
                                guint32 *rank, guint32 *merged);

/* A trie in preorder: the children of node i start at i + 1, the next sibling of node c is
 * end of c; a rejected node is left by continuing at its end. Node 0 is the root. */
typedef struct {
  guint32 end;      /* index behind the subtree */
  guint32 first_id; /* into ids */
  guint16 n_ids;    /* tokens that end here */
  guint8  label;
  guint8  unused;
} DocaiTrieNode;

typedef struct {
  DocaiTrieNode *nodes;
  guint32        n_nodes;
  guint32       *ids;      /* in the order of the nodes */
  guint32        n_ids;
  guint32        root[256]; /* child of the root by label, 0 when there is none */
  guint32        max_depth;
} DocaiTrie;

typedef struct {
  const char *bytes;
  guint32     length;
  guint32     id;
} DocaiTrieKey;

/* Sorts keys in place; empty keys are left out. */
DocaiTrie *docai_trie_new  (DocaiTrieKey *keys, guint32 n_keys);
void       docai_trie_free (DocaiTrie *self);
/* Child of a node by label, 0 when there is none. */
guint32    docai_trie_step (const DocaiTrie *self, guint32 node, guint8 label);
