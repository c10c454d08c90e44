/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Read words put right where their places and neighbours show what they are.
 */
#pragma once

#include "document/document.h"
#include "pipeline/ocr/lstm/recogniser.h"

/* How many bytes at the end of the word are a colon that stands apart from it, in a column
 * of colons; 0: none does. *left_px: where it begins. */
gsize docai_tidy_colon (const DocaiReadLine *line, const DocaiReadWord *word, int *left_px);

/* Joins sums that were parted at the decimal mark ("29. 70"), and drops words without a letter
 * or digit that were read without certainty: specks, scratches, traces of rules. Updates the
 * line. */
void docai_tidy_line (DocaiLine *line);
