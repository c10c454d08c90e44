/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pages drawn by tests of layout: letters of boxes with ascenders and descenders as
 * common as in print, so that everything about them is known.
 */
#pragma once

#include "document/document.h"

#include <allheaders.h>

#define X_HEIGHT 20 /* pixels, about 10 point print at 300 dpi */
#define DPI      300

typedef struct {
  PIX   *pix; /* 8 bits */
  double slope, skew_y0;
  int    ink; /* grey level that is drawn with */
} DrawnPage;

/* White paper, pixels; the caller owns page.pix. */
DrawnPage drawn_page_new (int width, int height);

void drawn_page_fill (DrawnPage *page, int x, int y, int w, int h);

/* A line of words from x0 on up to x1; the seed tells which. */
void drawn_page_line (DrawnPage *page, int x0, int x1, int baseline, int seed);

/* So many lines of text from the top, every fifth a short one. */
void drawn_page_text (DrawnPage *page, int lines);

/* Runs the stage over a raster, which is taken. The page is the document's. */
DocaiPage *drawn_page_run (DocaiDocument **document, PIX *pix);

/* All lines of the page's regions (DocaiLine), lent. */
GPtrArray *drawn_page_lines (const DocaiPage *page);
