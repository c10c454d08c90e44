/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The charts of a page: where they are, and their data put into the page's pictures.
 */
#pragma once

#include "pipeline/ocr/readers.h"
#include "pipeline/stage.h"

/* Gives the page's charts their data, as far as it can be measured: those that a model named so and read nothing in, and
 * pictures of which it was not sure. What turns out to be one becomes a picture region with the words that belong to it. The page
 * has a raster; `readers` reads what stands in pictures. */
void docai_chart_look (DocaiReaders *readers, const DocaiTask *task, DocaiDocument *document, DocaiPage *page);
