/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pitch of typed print, in which all characters are of one width.
 */
#pragma once

#include "document/document.h"

#define PITCH_BLANK 1.6 /* pitches between words of a sentence, at most: columns have two blanks */

/* The width of a character, points, where a line's words are typed; 0: they are not, or
 * tell too little. */
double pitch_of_line (const DocaiLine *line);

/* The pitch of most of the lines (DocaiLine); 0: most are not typed. */
double pitch_of_lines (const GPtrArray *lines);

/* Whether a line's words fit a pitch that other lines have. */
gboolean pitch_fits_line (const DocaiLine *line, double pitch);
