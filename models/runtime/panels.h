/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Products of many rows by packed panels (Goto and van de Geijn, Anatomy of
 * High-Performance Matrix Multiplication, 2008). Part of linear.c.
 *
 * Float weights are widened and multiplied as floats; bf16 weights, where the processor has a
 * product of such numbers, with activations that are rounded to bf16. Quantised weights are multiplied as
 * whole numbers of 16 bits, and so are the activations, each DEPTH elements of a row
 * with their own scale, so that sums fit into 32 bits:
 *
 *     int8: |w| <= 127,  |x| <= 32767: 384 * 127 * 32767  < 2^31
 *     int4: |w| <= 2047, |x| <= 2720:  384 * 2047 * 2720  < 2^31
 *
 * (an int4 weight is its group's scale times at most 8; over DEPTH elements of a row the
 * groups get a common scale, which costs them less than 1/200 of a step.)
 */
#pragma once

#include "models/runtime/linear.h"

void docai_panels_run (const DocaiProduct *products, int n_products, DocaiRun *run, const float *x, gsize x_stride, int n);
