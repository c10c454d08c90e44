/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Grounding as verification: what a model says is looked for among the words of
 * the document. Names, numbers and dates that stand nowhere are a sign of
 * invention, and the output says so.
 */
#pragma once

#include "document/document.h"

/* The words of some pages, ready to be searched; lends them from the document. */
typedef struct DocaiWordIndex DocaiWordIndex;

/* Where something is said to begin: its left end and its middle, points of a page. */
typedef struct {
  int    page;
  double x, y;
} DocaiGroundPlace;

/* An index of all pages of the document. Free with docai_word_index_free, before
 * the document. */
DocaiWordIndex *docai_word_index_new (const DocaiDocument *document);
void            docai_word_index_free (DocaiWordIndex *index);

/* Looks for the text as consecutive words, compared case-folded, without
 * punctuation at word ends and with numbers by value ("1.234,50" is 1234.5).
 * On success adds one DocaiEvidence for each line that the first match touches
 * to `evidence` (NULL: not wanted). */
gboolean docai_ground_phrase (const DocaiWordIndex *index, const char *text, GPtrArray *evidence);

/* The same with the match that begins nearest to a place; NULL: the first one. */
gboolean docai_ground_phrase_near (const DocaiWordIndex *index, const char *text, const DocaiGroundPlace *place, GPtrArray *evidence);

/* Checks a sentence: every number, date and name in it must stand somewhere.
 * Those that do not are added to `missing` (char *, owned by it; NULL: not
 * wanted); evidence as above for those that do. TRUE when none is missing. */
gboolean docai_ground_sentence (const DocaiWordIndex *index, const char *text, GPtrArray *evidence,
                                GPtrArray *missing);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiWordIndex, docai_word_index_free)
