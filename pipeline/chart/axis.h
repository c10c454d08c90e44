/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An axis of numbers: where on the picture which value lies.
 */
#pragma once

#include "pipeline/chart/number.h"

typedef struct {
  double      at; /* pixels along the axis */
  ChartNumber number;
} ChartTick;

/* value = offset + slope * pixels; of its logarithm (base 10) where `logarithmic`. */
typedef struct {
  double   slope, offset;
  gboolean logarithmic;
  guint    n_ticks;     /* that agree */
  double   first, last; /* pixels of the outermost ticks that agree, first < last */
  double   residual;    /* pixels, the largest of them */
} ChartAxis;

/* Fits an axis to the ticks that agree on one; the others are misread. At least three and more than half of them must agree
 * to a few pixels, and a logarithmic axis only counts where more do than on a straight one. FALSE: they are none. */
gboolean chart_axis_fit (const ChartTick *ticks, guint n_ticks, ChartAxis *axis);

/* The value at a place, and the place of a value (NAN: a logarithmic axis has it not). */
double chart_axis_value (const ChartAxis *axis, double at);
double chart_axis_place (const ChartAxis *axis, double value);

/* What half a pixel is worth there: finer than that, nothing is known. */
double chart_axis_grain (const ChartAxis *axis, double at);

/* A measured value without the digits that the picture does not give. */
double chart_axis_round (const ChartAxis *axis, double at, double value);
