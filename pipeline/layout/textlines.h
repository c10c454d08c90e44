/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text lines of a scan from its connected components.
 *
 * Components of letter size are chained from left to right (as in Docstrum and
 * Tesseract's textord, but over the whole page at once): a component joins the
 * line whose last letters it continues, else it begins a line. The line's band
 * follows its letters, so that slanted and curved lines hold together. Dots,
 * accents and commas are given to lines afterwards.
 */
#pragma once

#include "pipeline/layout/components.h"

/* Pixels of the analysed picture. Distances are positive. */
typedef struct {
  int      x0, y0, x1, y1;
  double   baseline; /* y at x0 */
  double   slope;    /* dy/dx */
  double   x_height; /* of lower-case letters; estimated for capitals and digits */
  double   ascender; /* above the x-height */
  double   descender;
  double   fit;      /* median distance of the letters' feet from the baseline / x_height */
  double   width;    /* median width of a letter */
  int      letters;  /* components of letter size */
  int      up, down; /* letters that reach above the common top, and below the common foot */
  int      tight;    /* gaps between letters that are narrow */
  double   density;  /* ink / area of the letters' boxes */
  gboolean inverted;
  GArray  *parts;    /* guint: components, from the left */
} LayoutTextLine;

typedef struct {
  GPtrArray *lines;  /* LayoutTextLine, owned */
  double     height; /* usual height of a letter */
} LayoutTextLines;

void layout_text_lines_free (LayoutTextLines *lines);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LayoutTextLines, layout_text_lines_free)

/* The usual height of letters among components; 0 without any. */
double textlines_letter_height (const GArray *components);

/* Finds the lines, in no particular order. Components that are no letters (rules, pictures)
 * are passed over. Owned by the caller. */
LayoutTextLines *textlines_find (const GArray *components, double height);

/* Fits baseline and heights of a line to its parts (textlines-fit.c). */
void textlines_fit (LayoutTextLine *line, const GArray *components);

/* x-heights of lines without both small letters and capitals, from the other
 * lines of the page (textlines-fit.c). */
void textlines_settle_heights (GPtrArray *lines);
