/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Products of activations and weights. Weights are used in the type that they are stored
 * in: a few rows of activations are multiplied with them directly, as reading them is what
 * takes the time; for more rows they are packed into panels, block by block (panels.h).
 */
#pragma once

#include "models/runtime/kernels.h"
#include "models/runtime/run.h"
#include "models/runtime/tensor.h"

/* Rows that are few. Among few rows, and among many, each one's sums do not depend on their number. */
#define DOCAI_LINEAR_FEW 8

/* out[n, rows] = act (x W^T + b), or with `add` out += x W^T + b (a residual connection).
 * Rows of out lie out_stride floats apart. */
typedef struct {
  const DocaiLinear *linear;
  float             *out;
  gsize              out_stride;
  gboolean           add;
  DocaiActivation    act; /* only without add */
} DocaiProduct;

/* Products of the same n rows of x, x_stride floats apart; all linear layers have as many
 * columns. The result does not depend on the number of threads. */
void docai_linear_run_all (const DocaiProduct *products, int n_products, DocaiRun *run, const float *x, gsize x_stride, int n);

/* One product without activation. */
void docai_linear_run (const DocaiLinear *self, DocaiRun *run, const float *x, gsize x_stride, int n,
                       float *out, gsize out_stride, gboolean add);
