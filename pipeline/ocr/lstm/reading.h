/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the words of the search to those that are handed out.
 */
#pragma once

#include "pipeline/ocr/lstm/recogniser.h"
#include "pipeline/ocr/lstm/words.h"

/* Fills a zeroed line; of the boxes only where the search saw the characters begin and end. `models` of DocaiLstmModel; `inverted` says of each whether
 * it read the line light on dark. */
void docai_read_line_fill (DocaiReadLine *out, GPtrArray *models, const DocaiPathWords *words,
                           const gboolean *inverted);

/* Gives words and characters the boxes of the line's inks (docai_ink_find()). */
void docai_read_line_snap (DocaiReadLine *out, const DocaiTextLine *line, const GArray *inks);
