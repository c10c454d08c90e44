/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Snapping words and characters to the ink: the search knows to a time step
 * where a character stands, the connected components know to a pixel.
 */
#pragma once

#include "pipeline/ocr/lstm/recogniser.h"

/* Otsu's threshold of the page's values, between dark and light where their
 * means are the furthest apart: ink is below it. In colour the green is taken. */
int docai_ink_threshold (PIX *page);

/* The ink components of a line, sorted by where they begin: the line's own list,
 * or found in the page's pixels around its box, light ink where `inverted`.
 * Array of DocaiPixelBox, owned by the caller. */
GArray *docai_ink_find (PIX *page, const DocaiTextLine *line, int threshold, gboolean inverted);

/* A list with accents and dots joined to the letters below them, sorted by their
 * middles. Owned by the caller. */
GArray *docai_ink_join (const GArray *inks);

/* The stretch on the page that is a character's. */
typedef struct {
  int left, right;
} DocaiStretch;

/* Gives each ink, joined, to the character in whose stretch its middle lies and fills
 * `boxes` with what the characters got, or with stretch and line where that is
 * nothing. `word_of[i]` is the word of character i; words keep to themselves:
 * ink that reaches into a neighbour's place is cut. */
void docai_ink_snap (GArray *inks, const DocaiTextLine *line, const DocaiStretch *stretches,
                     const guint *word_of, guint n, DocaiPixelBox *boxes);
