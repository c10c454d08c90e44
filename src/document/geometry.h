/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Boxes and what is computed from them. Units are the caller's, mostly points;
 * y runs down. A box is empty when x1 <= x0 or y1 <= y0.
 */
#pragma once

#include <glib.h>

typedef struct {
  double x0, y0, x1, y1;
} DocaiBox;

#define DOCAI_BOX(a, b, c, d) ((DocaiBox){ (a), (b), (c), (d) })

static inline double   docai_box_width (DocaiBox b) { return b.x1 - b.x0; }
static inline double   docai_box_height (DocaiBox b) { return b.y1 - b.y0; }
static inline gboolean docai_box_is_empty (DocaiBox b) { return !(b.x1 > b.x0 && b.y1 > b.y0); }
static inline double   docai_box_center_x (DocaiBox b) { return 0.5 * (b.x0 + b.x1); }
static inline double   docai_box_center_y (DocaiBox b) { return 0.5 * (b.y0 + b.y1); }

/* 0 for an empty box. */
double docai_box_area (DocaiBox box);

/* The common part; an empty box where there is none. */
DocaiBox docai_box_intersect (DocaiBox a, DocaiBox b);

/* The smallest box around both; an empty one counts for nothing. */
DocaiBox docai_box_union (DocaiBox a, DocaiBox b);

/* Intersection over union, 0 to 1. */
double docai_box_iou (DocaiBox a, DocaiBox b);

/* Share of a's area that lies in b, 0 to 1. */
double docai_box_coverage (DocaiBox a, DocaiBox b);

/* Whether b holds the point. */
gboolean docai_box_contains (DocaiBox box, double x, double y);

/* Length of the common part of two intervals; 0 where they are apart. */
double docai_overlap (double a0, double a1, double b0, double b1);

/* Grown by a margin on all sides (shrunk by a negative one). */
DocaiBox docai_box_grow (DocaiBox box, double margin);

/* Scaled about the origin: points to pixels by dpi / 72. */
DocaiBox docai_box_scale (DocaiBox box, double factor);

/* Cut to 0, 0, width, height and ordered; values that are no number become 0. */
DocaiBox docai_box_clip (DocaiBox box, double width, double height);

/* The precision of the model: hundredths of a unit, and no negative zero.
 * Every box is rounded when a stage ends, so that a page gives the same bytes
 * whether it stayed in memory or was written in between. */
double   docai_round (double value);
DocaiBox docai_box_round (DocaiBox box);
