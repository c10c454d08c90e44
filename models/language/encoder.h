/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text encoders: embeddings, positions, blocks that see the whole text (or what is before,
 * in CLIP), a last norm.
 */
#pragma once

#include "models/runtime/block.h"

typedef struct {
  int          width, vocab, n_blocks;
  int          max_length;
  gboolean     causal;
  DocaiMatrix  embedding; /* [vocab, width] */
  const float *positions; /* [max_length, width] */
  const float *type;      /* [width] added to every token, or NULL */
  DocaiNorm    embedding_norm, final_norm;
  DocaiBlock  *blocks;
} DocaiEncoder;

/* A text of n ids below vocab, n <= max_length. */
typedef struct {
  const guint32 *ids;
  int            n;
  const guint8  *mask;   /* [n], 0 = padding that nobody sees, or NULL */
  const gint32  *places; /* [n] rows of positions; NULL: counted */
  const float   *bias;   /* [n, n] added to the scores of a row's token, or NULL; instead of mask */
} DocaiText;

/* out [n, width]. */
void docai_encoder_run (const DocaiEncoder *self, DocaiRun *run, const DocaiText *text, float *out);
