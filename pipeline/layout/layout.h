/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What other stages may ask of layout.
 */
#pragma once

#include "document/document.h"

/* Makes regions, labels and reading order again from the page's lines, now that
 * recognition has given them words: on scans the first division goes by ink
 * alone, and bullets, captions and page numbers show only in the text. For pages
 * that were read as a whole, before tables are; lines without words are dropped. */
void docai_layout_regroup (DocaiPage *page);
