/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a page draws: its lines, its images and how it looks from afar, caught
 * while it is drawn once at low resolution. The picture is cheap, and the paths
 * and matrices that pass by are as exact as in a large one.
 */
#pragma once

#include "document/geometry.h"

#include <glib.h>

/* An image as it lies on the page: pixel (u, v) of the image, v down, goes to
 * x = xx u + xy v + x0, y = yx u + yy v + y0 in points. */
typedef struct {
  DocaiBox box;
  double   xx, yx, xy, yy, x0, y0;
  int      width, height; /* pixels; 0: unknown, as of stencil masks */
  gboolean masked;        /* what lies below shows through in places */
} DocaiPlacement;

typedef struct {
  double      width, height;   /* points */
  GArray     *rulings;         /* DocaiBox: horizontal or vertical lines, merged */
  GArray     *squares;         /* DocaiBox: small squares, stroked or filled */
  GArray     *images;          /* DocaiPlacement, in the order of drawing */
  int         cover;           /* of the images, the last that covers most of the page; -1: none */
  struct Pix *cover_pixels;    /* 1, 8 or 32 bits, of that image, as stored; NULL: none */
  guint       glyphs;          /* runs of glyphs drawn */
  guint       glyphs_on_cover; /* those after the cover */
  guint       paths_on_cover;

  /* Grey picture of the page, 8 bits, preview_scale pixels a point; NULL: not
   * made, and something can be seen. */
  struct Pix *preview;
  double      preview_scale;
} DocaiDrawing;

void docai_drawing_free (DocaiDrawing *drawing);

/* Range of grey values (0 to 255) of the preview within a box in points. */
int docai_drawing_contrast (const DocaiDrawing *drawing, DocaiBox box);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiDrawing, docai_drawing_free)
