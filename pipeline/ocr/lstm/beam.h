/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The search for the best reading of a line: from the codes' probabilities at
 * each time step to a path of codes that spells characters, with the model's
 * dictionaries preferred.
 */
#pragma once

#include "pipeline/ocr/lstm/dictionary.h"
#include "pipeline/ocr/lstm/recoder.h"

/* One time step of a path. */
typedef struct {
  int           code;
  int           unichar; /* where the code ends a character; -1: null or part of one */
  DocaiWordKind kind;
  gboolean      starts_word; /* first character of a word of the dictionary */
  gboolean      duplicate;   /* the same code as the step before, said once more */
  float         certainty;   /* log probability, with the offset and factor of the search */
} DocaiPathStep;

/* A search that may be used for line after line. */
typedef struct DocaiBeam DocaiBeam;

/* `dictionary` NULL: none is used. `allowed` from docai_unicharset_dup_allowed(),
 * NULL: all. All lent. */
DocaiBeam *docai_beam_new (const DocaiUnicharset *set, const DocaiRecoder *recoder,
                           const DocaiDictionary *dictionary, const guint8 *allowed, int n_codes,
                           int null_code);
void       docai_beam_free (DocaiBeam *beam);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiBeam, docai_beam_free)

/* Forgets the line before. */
void docai_beam_restart (DocaiBeam *beam);

/* Goes on by a time step; `probabilities` of the codes. */
void docai_beam_step (DocaiBeam *beam, const float *probabilities);

/* The best path, one step for each time step, of type DocaiPathStep; empty when
 * no path reaches the end. Owned by the caller. */
GArray *docai_beam_dup_path (const DocaiBeam *beam);
