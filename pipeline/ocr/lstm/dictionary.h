/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The word lists of a model: automata of punctuation patterns, words and
 * number patterns, walked together. A word of the language is what the
 * punctuation automaton accepts with one word or number in the place of its
 * pattern character.
 */
#pragma once

#include "pipeline/ocr/lstm/traineddata.h"
#include "pipeline/ocr/lstm/unicharset.h"

/* Kinds of words, from Tesseract's numbering: a larger one is preferred. */
typedef enum {
  DOCAI_WORD_NONE = 0,
  DOCAI_WORD_PUNCTUATION = 1,
  DOCAI_WORD_FREE = 2, /* not from a dictionary */
  DOCAI_WORD_NUMBER = 6,
  DOCAI_WORD_SYSTEM = 8,
} DocaiWordKind;

enum { DOCAI_MAX_PLACES = 32 };

/* Where a walk stands: an edge of a word or number automaton (-1: at its
 * start), and an edge of the punctuation automaton around it. */
typedef struct {
  gint32   core_edge;
  gint32   punctuation_edge;
  gint8    core;        /* index of the automaton; -1: none chosen yet */
  gint8    punctuation; /* index; -1: outside of any punctuation pattern */
  gboolean core_done;   /* back among the punctuation, behind the word */
} DocaiPlace;

typedef struct {
  guint      n;
  DocaiPlace places[DOCAI_MAX_PLACES];
} DocaiPlaces;

typedef struct DocaiDictionary DocaiDictionary;

/* Reads the automata that the model has; NULL without error when it has none.
 * MODEL_INVALID. `data` and `set` must live as long. */
DocaiDictionary *docai_dictionary_open (const DocaiTraineddata *data, const DocaiUnicharset *set,
                                        GError **error);
void             docai_dictionary_free (DocaiDictionary *dictionary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiDictionary, docai_dictionary_free)

/* Before the first character of a word. Lent. */
const DocaiPlaces *docai_dictionary_start (const DocaiDictionary *dictionary);

/* Goes on by one character from `n` places. Fills `next` and whether a word may
 * end here; NONE when the character cannot follow. `final` asks for edges on
 * which a word ends only. */
DocaiWordKind docai_dictionary_step (const DocaiDictionary *dictionary, const DocaiPlace *places,
                                     guint n, int unichar, gboolean final, DocaiPlaces *next,
                                     gboolean *may_end);

/* Whether the whole is a word of the language; numbers and mere punctuation are not. */
gboolean docai_dictionary_has (const DocaiDictionary *dictionary, const int *unichars, guint n);
