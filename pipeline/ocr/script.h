/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The script that a page is written in.
 */
#pragma once

#include "document/document.h"

/* Sets the page's `script` (ISO 15924, "Latn") from the recognised letters of its
 * lines (DocaiLine) where one script prevails and was read with confidence. Han
 * with kana counts as Japanese ("Jpan"), with Hangul as Korean ("Kore"). */
void docai_script_tell (DocaiPage *page, const GPtrArray *lines);
