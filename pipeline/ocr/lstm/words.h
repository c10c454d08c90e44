/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From a path through the time steps to words of characters with certainties
 * and places, and the choice between the words of several languages.
 */
#pragma once

#include "pipeline/ocr/lstm/beam.h"
#include "pipeline/ocr/lstm/recogniser.h"

typedef struct {
  int   unichar;
  float certainty;
  float rating;      /* sum of what its time steps lost */
  int   left, right; /* on the page, from the search: as exact as a time step */
} DocaiPathCharacter;

typedef struct {
  guint         first, n; /* characters */
  guint         model;    /* index of the language */
  DocaiWordKind kind;
  float         certainty; /* scaled, the worst of its characters and its spaces */
  float         rating;
  int           left, right;
  gboolean      leading_space;
  gboolean      acceptable; /* certain enough not to ask another language */
} DocaiPathWord;

/* The words of a line in one or, after choosing, several languages. */
typedef struct {
  GArray *characters; /* DocaiPathCharacter */
  GArray *words;      /* DocaiPathWord */
} DocaiPathWords;

DocaiPathWords *docai_path_words_new (void);
void            docai_path_words_free (DocaiPathWords *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiPathWords, docai_path_words_free)

/* Splits a path. `left` is the crop's left edge on the page, `right` its right
 * one, `step_px` the page pixels to a time step. A line without characters gets
 * one word without characters, which is never acceptable. */
DocaiPathWords *docai_path_words_split (GArray *path, const DocaiUnicharset *set,
                                        const DocaiDictionary *dictionary, guint model, int left,
                                        int right, float step_px);

gboolean docai_path_words_are_acceptable (const DocaiPathWords *words);

/* Whether a word is so uncertain that a second look at the line is worth its time. */
gboolean docai_path_words_are_doubtful (const DocaiPathWords *words);

/* Takes from `other` the stretches that are better than those of *best; frees
 * `other`. Returns words taken less words kept. *best NULL: takes all. */
int docai_path_words_merge (DocaiPathWords **best, DocaiPathWords *other);
