/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From vision features to embeddings of the text model: neighbouring patches joined
 * (pixel shuffle), then one or two linear layers.
 */
#pragma once

#include "models/runtime/block.h"

typedef struct {
  int             shuffle; /* patches joined along each edge before; 1: none */
  DocaiNorm       norm;    /* of what comes in, or NONE */
  DocaiLinear     first;
  DocaiActivation act;
  DocaiLinear     second;  /* w.data NULL: only the first layer, without activation */
} DocaiProjector;

/* x [n, columns of first] becomes out [n, docai_projector_width]. */
void docai_projector_run (const DocaiProjector *self, DocaiRun *run, const float *x, int n, float *out);

/* Joins blocks of n x n patches of x [rows, cols, width] into rows of n * n * width. */
void docai_pixel_shuffle (const float *x, int rows, int cols, int width, int n, float *out);

/* Width of the result. */
int docai_projector_width (const DocaiProjector *self);
