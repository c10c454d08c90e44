/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What others may ask of the ocr stage.
 */
#pragma once

#include "document/document.h"

/* Whether a recognised line is more likely specks than text: no words, or
 * nothing but doubtful marks. */
gboolean docai_ocr_line_is_noise (const DocaiLine *line);
