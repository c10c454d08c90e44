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

/* Divides the page again, its tables and pictures left alone, where tables were
 * expected but none are: their rows become paragraphs, lists, headings. */
void docai_layout_divide_again (DocaiPage *page);
