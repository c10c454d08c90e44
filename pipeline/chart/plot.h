/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The picture of a chart as few colours: what is ground and what is drawn on it.
 */
#pragma once

#include "document/geometry.h"
#include "pipeline/raster.h"

#define PLOT_MOST_COLOURS 24
#define PLOT_NONE 255 /* a pixel between the colours */

typedef struct {
  int      red, green, blue;
  guint    n_pixels;
  gboolean ground; /* paper, or the ground of the plot */
} PlotColour;

/* One byte a pixel, row after row from the top: the index of its colour, or PLOT_NONE. */
typedef struct {
  int        width, height;
  guint8    *rgb;    /* [height][width][3] */
  guint8    *labels; /* [height][width] */
  PlotColour colours[PLOT_MOST_COLOURS];
  guint      n_colours;
  int        paper; /* the colour around the plot */
  gboolean   dark;  /* the paper is */
} Plot;

/* A patch of one colour. */
typedef struct {
  int x0, y0, x1, y1; /* pixels; x1 and y1 are one past the last */
  int area;           /* pixels of it */
  int colour;
} PlotPatch;

/* Takes 8 or 32 bits a pixel. NULL when memory is short, or the picture has no two colours. */
Plot *plot_new (struct Pix *picture);
void  plot_free (Plot *plot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Plot, plot_free)

/* The patches of colours that are no ground (PlotPatch), those from `least` pixels of area on. Thin lines across a patch, as of a
 * grid, an outline or a hatching, do not part it where they run across the direction given: `upright` bridges them from above
 * to below, else from left to right. NULL: more than there are in any chart. Owned by the caller. */
GArray *plot_patches (const Plot *plot, gboolean upright, int least);

/* The distance of two colours, 0 to 442. */
double plot_apart (const PlotColour *a, const PlotColour *b);

static inline const guint8 *
plot_pixel (const Plot *plot, int x, int y)
{
  return plot->rgb + 3 * ((gsize) y * plot->width + x);
}

static inline int
plot_label (const Plot *plot, int x, int y)
{
  return plot->labels[(gsize) y * plot->width + x];
}

static inline gboolean
plot_is_ground (const Plot *plot, int label)
{
  return label < (int) plot->n_colours && plot->colours[label].ground;
}
