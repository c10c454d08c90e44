/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Check boxes that a page draws.
 */
#pragma once

#include "document/document.h"
#include "pipeline/rasterize/drawing.h"

/* Adds a word for every check box that is drawn as a square with text beside it:
 * the ballot box sign, empty or crossed, so that its state is part of the text.
 * A typed cross inside becomes that word. */
void docai_checkboxes_find (const DocaiDrawing *drawing, DocaiPage *page);
