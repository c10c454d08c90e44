/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From drawn paths to the horizontal and vertical lines among them.
 */
#pragma once

#include "document/geometry.h"

typedef struct DocaiRulings DocaiRulings;

/* For a page of this size in points. */
DocaiRulings *docai_rulings_new (double width, double height);

/* The parts of a path in points, as a drawing program makes it. */
void docai_rulings_move_to (DocaiRulings *rulings, double x, double y);
void docai_rulings_line_to (DocaiRulings *rulings, double x, double y);
void docai_rulings_curve_to (DocaiRulings *rulings, double x, double y);
void docai_rulings_close (DocaiRulings *rulings);

/* The path was stroked with a pen of this width, or filled (0), within a clip. */
void docai_rulings_end_path (DocaiRulings *rulings, double line_width, DocaiBox clip);

/* The small squares among what was drawn (DocaiBox), in order; the caller's. Once. */
GArray *docai_rulings_steal_squares (DocaiRulings *rulings);

/* Merges what continues or covers another and gives the lines (DocaiBox) from
 * top to bottom, left to right; frees the collection. */
GArray *docai_rulings_finish (DocaiRulings *rulings);
