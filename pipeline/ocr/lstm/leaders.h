/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Leaders, the rows of dots that lead the eye to a page number or a price. The models were
 * trained on prose and write letters for them, so they are found in the ink, painted
 * over before the line is read, and put back as words of dots.
 */
#pragma once

#include "pipeline/ocr/lstm/recogniser.h"

typedef struct {
  DocaiPixelBox box;
  guint         n_dots;
} DocaiLeader;

/* The leaders among a line's inks (docai_ink_find()), from the left: at least eight dots of one
 * size on one foot at equal distances. Array of DocaiLeader, owned by the caller. */
GArray *docai_leaders_find (const GArray *inks, const DocaiTextLine *line);

/* Takes the leaders' own ink out of the list. */
void docai_leaders_drop_inks (const GArray *leaders, GArray *inks);

/* Paints over the leaders of a page of 8 or 32 bits with the paper beside them. */
void docai_leaders_blank (PIX *page, const GArray *leaders);

/* Adds the leaders to a line that was read without them, as words of dots between the others. */
void docai_leaders_put_back (DocaiReadLine *line, const GArray *leaders);
