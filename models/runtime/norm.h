/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Normalisation of rows: layer norm and root-mean-square norm.
 */
#pragma once

#include <glib.h>

typedef enum {
  DOCAI_NORM_NONE,
  DOCAI_NORM_LAYER, /* (x - mean) / sqrt (variance + eps) weight + bias */
  DOCAI_NORM_RMS,   /* x / sqrt (mean of squares + eps) weight */
} DocaiNormKind;

typedef struct {
  DocaiNormKind kind;
  int           n; /* elements that are normalised together */
  float         eps;
  const float  *weight, *bias; /* [n] or NULL */
} DocaiNorm;

/* n rows of `parts` times self->n elements, each part by itself; out may be x. NONE copies. */
void docai_norm_run (const DocaiNorm *self, const float *x, gsize x_stride, int n, int parts, float *out, gsize out_stride);
