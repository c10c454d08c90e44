/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is no text on a scan: drawn rules and pictures.
 */
#pragma once

#include "pipeline/layout/binarize.h"
#include "pipeline/layout/textlines.h"

/* Finds horizontal and vertical rules at least `least` pixels long, takes their
 * ink out of `bits` and adds their boxes (LayoutComponent) to `rules`. */
void graphics_take_rules (PIX *bits, int least, int thickest, GArray *rules);

/* A picture on a scan; pixels. */
typedef struct {
  int    x0, y0, x1, y1;
  double tones; /* share of its area with tones as in a photograph */
} LayoutGraphic;

/* What is known of a scan when pictures are looked for, lent. */
typedef struct {
  PIX                   *bits;       /* without rules */
  const LayoutGrey      *grey;       /* what `bits` was made of */
  const LayoutTiles     *tiles;      /* may be NULL */
  const GArray          *components; /* LayoutComponent of `bits` */
  const LayoutTextLines *lines;
  const GArray          *rules;      /* LayoutComponent */
  const GArray          *dark;       /* LayoutComponent (graphics_find_dark) */
  double                 letter;     /* usual height of one */
} LayoutInk;

/* Finds photographs and drawings (LayoutGraphic): areas with tones all the way from dark
 * to light, and large components that are no letters, joined where they meet and grown to
 * the axes and frames that they are drawn in. Panels of one tone and frames around text
 * are none. Owned by the caller. */
GArray *graphics_find_pictures (const LayoutInk *ink);

/* Whether a line of letters is part of a picture that was found: strokes, not print. */
gboolean graphics_is_drawn (const LayoutInk *ink, const GArray *pictures, const LayoutTextLine *line);

/* Dark areas that may carry light print (LayoutComponent), without the rules and strokes
 * that touch them. Owned by the caller. */
GArray *graphics_find_dark (PIX *bits, double letter);

/* Adds light print on dark areas to the components. */
void graphics_add_inverted (PIX *bits, const GArray *dark, GArray *components, double letter);
