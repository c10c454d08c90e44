/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Decimal points, commas, colons and minus signs of numbers that the network passed over. In print
 * that is set close or small it reads "7.8" as "78", surely; but the ink of the point is there.
 */
#pragma once

#include "pipeline/ocr/lstm/recogniser.h"

/* Puts into the line's words what stands between two of their digits, or before the first, in the
 * ink (docai_ink_find(), before it is joined) and in no character. A word is left alone unless each of its digits
 * is one ink of the others' height, so that no piece of a broken digit is taken for a mark, and it makes a number,
 * a date or a time; so is a line with specks that its characters do not account for. */
void docai_number_marks_restore (DocaiReadLine *line, const GArray *inks);
