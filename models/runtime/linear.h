/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Products of activations and weights: OpenBLAS where there are many rows, our own kernels
 * where each weight is used once or a few times.
 */
#pragma once

#include "models/runtime/run.h"
#include "models/runtime/tensor.h"

/* out[n, rows] = x[n, cols] W^T + b. Rows of x and out lie x_stride and out_stride floats
 * apart. With `add`, the product is added to what is in out (a residual connection). */
void docai_linear_run (const DocaiLinear *self, DocaiRun *run, const float *x, gsize x_stride, int n,
                       float *out, gsize out_stride, gboolean add);
