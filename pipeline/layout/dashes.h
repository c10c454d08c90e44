/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The dashes of empty cells in the ink of a scan.
 */
#pragma once

#include "document/document.h"
#include "pipeline/layout/textlines.h"

/* A dash by itself, pixels, and the row's metrics. */
typedef struct {
  int    x0, y0, x1, y1;
  double baseline, x_height;
} LayoutDash;

/* Finds short level strokes that stand alone half way up a row of text: beside two lines of it at least, or with a
 * fellow above or below. Strokes of dashed rules are none. `letter` is the usual height of one. Array of LayoutDash, owned by
 * the caller. */
GArray *dashes_find (const GArray *components, const LayoutTextLines *lines, double letter);

/* A line of one word that is a dash; `scale` points a pixel. Owned by the caller. */
DocaiLine *dashes_line (const LayoutDash *dash, double scale);
