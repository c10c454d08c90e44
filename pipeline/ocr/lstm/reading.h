/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the words of the search to those that are handed out.
 */
#pragma once

#include "pipeline/ocr/lstm/recogniser.h"
#include "pipeline/ocr/lstm/words.h"

/* Fills a zeroed line. `models` of DocaiLstmModel; `inverted` says of each whether
 * it read the line light on dark; `ink_threshold` from docai_ink_threshold(),
 * used where the line has no inks. */
void docai_read_line_fill (DocaiReadLine *out, GPtrArray *models, const DocaiPathWords *words,
                           const gboolean *inverted, PIX *page, const DocaiTextLine *line,
                           int ink_threshold);
