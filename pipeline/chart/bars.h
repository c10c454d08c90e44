/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The bars of a chart.
 */
#pragma once

#include "pipeline/chart/view.h"

/* A bar, or a part of a stacked one. Along the axis of categories it reaches from `left` to `right`; along that of values from
 * `foot`, where it stands on the base or on another, to `top`. All in pixels, x or y as the bars go. */
typedef struct {
  double left, right, foot, top;
  int    colour;
  guint  column; /* bars of one column stand on each other */
  guint  storey; /* 0: on the base */
} Bar;

typedef struct {
  gboolean upright;
  double   base; /* pixels: where the bars stand */
  GArray  *bars; /* Bar, by column, then storey */
  guint    n_columns;
  gboolean stacked;
  double   width; /* usual width of a bar */
} Bars;

void bars_free (Bars *bars);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bars, bars_free)

/* The bars that stand upright, or lie. They share a base, the place of zero where `scale` (NULL: not known) has it, and a width.
 * NULL: there are no two of them. Owned by the caller. */
Bars *bars_find (const ChartView *view, const ViewScale *scale, gboolean upright);

/* A bar as a box of the picture. */
DocaiBox bars_box (const Bars *bars, const Bar *bar);
