/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lines of one colour across a plot.
 */
#pragma once

#include "pipeline/chart/plot.h"

/* Where a line runs: its middle for each column of pixels from x0 on, NAN where it is not to be seen. */
typedef struct {
  int     x0, n;
  double *middles, *tops, *bottoms; /* [n] rows */
  double  thickness;                /* usual one, pixels */
  int     colour;
} Trace;

void trace_free (Trace *trace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Trace, trace_free)

/* The lines within the box (Trace), one a colour: thin, from left to right, over most of the width. Lines of a grid and frames
 * are none. Owned by the caller. */
GPtrArray *trace_lines (const Plot *plot, DocaiBox box);

/* Whether a pixel has the colour of a line, also where it is mixed with the ground. */
gboolean trace_has_colour (const Plot *plot, int colour, int x, int y);

/* The row of a line at a column, from what is seen near it; a peak is at its outer edge. NAN: it is not there. */
double trace_at (const Trace *trace, double x);
