/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Check boxes in the ink of a scan.
 */
#pragma once

#include "document/document.h"
#include "pipeline/layout/components.h"

/* A check box; pixels, x1 and y1 one past the last. */
typedef struct {
  int      x0, y0, x1, y1;
  gboolean marked;
} LayoutBallot;

/* Takes check boxes with what is drawn inside out of the components, so that they are
 * no letters; `letter` is the usual height of one. Rules are gone from `components` and
 * `bits` already. Appends to `ballots` (LayoutBallot). */
void ballots_take (PIX *bits, GArray *components, double letter, GArray *ballots);

/* A line of one word that is the sign of a check box's state; owned by the caller. */
DocaiLine *ballots_line (gboolean marked, DocaiBox box);

/* The place of the check box that a line is, made by ballots_line; FALSE: it is none. */
gboolean ballots_is_line (const DocaiLine *line, DocaiBox *box);

/* Takes what was read of the ink of check boxes (DocaiBox) out of a line's words. */
void ballots_clean_line (DocaiLine *line, const GArray *boxes);
