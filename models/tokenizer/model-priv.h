/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the three models share.
 */
#pragma once

#include "models/tokenizer/model.h"

typedef enum { MODEL_BPE, MODEL_UNIGRAM, MODEL_WORDPIECE } ModelKind;

struct DocaiTokenModel {
  ModelKind    kind;
  DocaiVocab  *vocab;
  guint32      unk_id;         /* DOCAI_NO_TOKEN: none */
  guint32      byte_ids[256];  /* <0x00> ...; valid when byte_fallback */
  gboolean     byte_fallback;
  char        *prefix;         /* continuing_subword_prefix, "" when none */
  char        *suffix;         /* end_of_word_suffix, "" when none */
  /* BPE */
  DocaiMerges *merges;
  gboolean     fuse_unk, ignore_merges;
  /* Unigram */
  double      *scores;
  double       unk_score;
  DocaiTrie   *trie;
  /* WordPiece */
  gint64       max_chars;
};

gboolean docai_bpe_read     (DocaiTokenModel *self, const json_t *json, GError **error);
gboolean docai_unigram_read (DocaiTokenModel *self, const json_t *json, GError **error);

void docai_bpe_encode       (const DocaiTokenModel *self, const char *text, gsize length, GArray *ids);
void docai_unigram_encode   (const DocaiTokenModel *self, const char *text, gsize length, GArray *ids);
void docai_wordpiece_encode (const DocaiTokenModel *self, const char *text, gsize length, GArray *ids);

/* Appends the byte tokens of a text, if all of them exist. */
gboolean docai_model_append_bytes (const DocaiTokenModel *self, const char *text, gsize length,
                                   GArray *ids);
