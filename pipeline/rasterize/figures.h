/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Figures that a page draws with paths: charts, diagrams, logos.
 */
#pragma once

#include "document/document.h"
#include "pipeline/rasterize/drawing.h"

/* Adds the boxes of drawn figures to page->images: what the preview shows beside
 * words, level and upright lines and even shades, where enough of it lies
 * together. The page has its words and images already. */
void docai_figures_find (const DocaiDrawing *drawing, DocaiPage *page);
