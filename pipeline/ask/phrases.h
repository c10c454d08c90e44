/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words of questions and labels that are no label of a trade paper by themselves: those stand in the extraction's lexicon.
 */
#pragma once

#include "pipeline/ask/concepts.h"

#define DOCAI_PHRASE_CONCEPTS 3

typedef struct {
  DocaiConcept concepts[DOCAI_PHRASE_CONCEPTS];
  const char  *phrases; /* folded, separated by bars */
} DocaiPhraseRow;

extern const DocaiPhraseRow docai_phrase_rows[]; /* the last one has no phrases */

/* Words that only make a question or a sentence of what is asked for, and those that say something only by themselves
 * ("from"); separated by bars. */
extern const char docai_frame_words[], docai_particles[];
