/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the words around a plot name: categories, series, titles.
 */
#pragma once

#include "document/document.h"
#include "pipeline/chart/view.h"

/* The names of places along the axis of categories, whose words lie below the plot (`upright`) or left of it. `places` are
 * pixels along the axis, ascending; `edge` is where the plot ends, in pixels across it. Names that stand nowhere are NULL. The
 * words used are marked. Free with g_ptr_array_unref. */
GPtrArray *labels_of_places (const ChartView *view, const GArray *places, gboolean upright, double edge);

/* How many names stand there, if one counts pieces of text. */
guint labels_count (const ChartView *view, gboolean upright, double edge);

/* The middles of the names (double, pixels along the axis, ascending). Owned by the caller. */
GArray *labels_places (const ChartView *view, gboolean upright, double edge);

/* Whether the steps between places are about the same, as they are along an axis. */
gboolean labels_are_even (const GArray *places);

/* What the legend calls a colour: the text beside a key of it. `keys` (PlotPatch) are patches that belong to nothing else.
 * NULL: it has no name; else lent by the text, which is marked. */
const char *labels_of_colour (const ChartView *view, const GArray *keys, int colour);

/* A name without the marks that ticks, frames and keys leave at its ends. Owned by the caller. */
char *labels_clean (const char *text);

/* Title and names of the axes, from the words that are left: above the plot, below and beside it. `lying`: the axis of values
 * is the level one. */
void labels_take_titles (const ChartView *view, DocaiBox plot, gboolean lying, DocaiChart *chart);
