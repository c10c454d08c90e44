/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The bullets of lists in the ink of a scan.
 */
#pragma once

#include "document/document.h"
#include "pipeline/layout/textlines.h"

/* Finds solid dots, squares and arrow heads that stand before lines, set apart from
 * them, and have fellows of their shape on the page. Those that were taken for the
 * first letter of a line leave it. `letter` is the usual height of one. Array of
 * LayoutComponent, owned by the caller. */
GArray *bullets_take (const GArray *components, LayoutTextLines *lines, double letter);

/* A line of one word that is a bullet; owned by the caller. */
DocaiLine *bullets_line (DocaiBox box);
