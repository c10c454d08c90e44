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

/* out [n, width] of n ids below vocab, n <= max_length. mask [n], 0 = padding that nobody sees, or NULL. */
void docai_encoder_run (const DocaiEncoder *self, DocaiRun *run, const guint32 *ids, const guint8 *mask, int n, float *out);
