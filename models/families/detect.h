/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What detectors propose, and the choice of boxes among it.
 */
#pragma once

#include <glib.h>

#include "models/tokenizer/tokenizer.h"

/* Boxes before any threshold. */
typedef struct {
  int    n, n_tokens;
  float *boxes;  /* [n, 4]: centre x, y, width, height, parts of the image */
  float *logits; /* [n, n_tokens] for the tokens of the text; -INFINITY where there is none */
} DocaiProposals;

/* Zeroed. FALSE: MEMORY_LIMIT. */
gboolean docai_proposals_init  (DocaiProposals *self, int n, int n_tokens, GError **error);
void     docai_proposals_clear (DocaiProposals *self);

/* A thing that was found. */
typedef struct {
  double box[4]; /* x0, y0, x1, y1 in pixels of the image, not clipped */
  double score;
  char  *label;  /* the words that it answers to; "" when no word by itself is above the threshold */
  char  *phrase; /* the phrase of the text that answers best */
} DocaiDetection;

/* Boxes whose best token's probability is above `threshold`, in the order of the proposals, of an image
 * of width x height. The label has the tokens above `text_threshold`. A GArray of DocaiDetection. */
GArray *docai_proposals_choose (const DocaiProposals *self, DocaiTokenizer *tokenizer, const guint32 *ids, int n_ids,
                                double threshold, double text_threshold, double width, double height);

/* Ids between which a detector's text has its phrases: its end marks, "." and "?". */
gboolean docai_detect_is_delimiter (guint32 id);

/* What the reference of fixtures makes of a text of n tokens (detect-reference.c): `phrases` [n, n], 0 between tokens of one
 * phrase, becomes the bias of BERT; places [n] and their sines [n, width] are changed. `exact`: as
 * with a library whose sines are correctly rounded. */
void docai_detect_depart (const guint32 *ids, int n, int width, double temperature, gboolean exact, const float *phrases, gint32 *places,
                          float *sines, float *bias);
