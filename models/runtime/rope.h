/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rotary position embeddings (Su et al., RoFormer, 2021), halves rotated: element i of a
 * head is paired with element i + head_dim / 2.
 */
#pragma once

#include <glib.h>

typedef enum {
  DOCAI_ROPE_PLAIN,
  DOCAI_ROPE_LINEAR, /* positions divided by a factor */
  DOCAI_ROPE_LLAMA3, /* low frequencies divided, a smooth passage between */
  DOCAI_ROPE_YARN,   /* the same with a straight passage over the elements (Peng et al., 2023) */
} DocaiRopeScaling;

typedef struct {
  int    head_dim; /* even; 0: no rotation */
  double theta;
  DocaiRopeScaling scaling;
  double factor, low_factor, high_factor; /* LINEAR: factor; LLAMA3: all, and */
  int    original_length;
  /* YARN: turns of the original length between which the passage lies, whether its ends are whole
   * elements, and a factor of cosines and sines */
  double fast_turns, slow_turns, magnitude;
  gboolean whole;
  /* How many of the head_dim / 2 angles come from time, row and column (M-RoPE); all zero:
   * one position a token. */
  int    sections[3];
} DocaiRope;

/* Cosines and sines [n, head_dim / 2] for n tokens. positions is [3, n] with M-RoPE (rows
 * `stride` apart), else [n]. */
void docai_rope_fill (const DocaiRope *self, const gint32 *positions, gsize stride, int n, float *cosine, float *sine);

/* Turns `heads` heads in each of n rows, `row_stride` floats apart. */
void docai_rope_apply (float *x, gsize row_stride, int n, int heads, int head_dim, const float *cosine, const float *sine);
