/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What of an image is worth resolution. Whoever knows what the image shows (a page whose
 * text has been read) says where to look; the tiling of each family follows within the
 * format that its model was trained on:
 *
 *     Idefics3, InternVL   the grid is as fine as `side` needs; nothing to look at: the whole view alone
 *     LLaVA-NeXT           the grid is chosen among the configured ones that `side` needs
 *     Qwen2-VL             fewer pixels
 *
 * A tile of the grid that no box touches keeps its place and its placeholders, in the
 * colour of its paper: all such tiles are alike, so they are encoded once and then known.
 *
 *     +----+----+      boxes of a page with a chart at the
 *     |    |    |      bottom right: three tiles are paper,
 *     +----+----+      the fourth and the whole view are
 *     |    |####|      encoded
 *     +----+----+
 *
 * Other families look at the whole image.
 */
#pragma once

#include <glib.h>

#include "models/vision/image.h"

typedef struct {
  const double (*boxes)[4]; /* [n_boxes] x0, y0, x1, y1 as parts of the image, 0 ... 1 */
  int            n_boxes;
  int            side; /* pixels of the image's longer side that they need; 0: what the family has */
} DocaiGuide;

/* Whether a box touches the part x0, y0 ... x1, y1 of the image. */
gboolean docai_guide_wants (const DocaiGuide *self, double x0, double y0, double x1, double y1);

/* Gives all pixels the colour that is most frequent among them, roughly; light paper becomes white. */
void     docai_guide_blank (DocaiImage *tile);

/* Edges of width x height when the longer one is `side`, never larger than they are; at least 1. */
void     docai_guide_size  (const DocaiGuide *self, int width, int height, double *to_width, double *to_height);
