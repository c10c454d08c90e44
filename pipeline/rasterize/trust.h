/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether a PDF's text layer says what can be seen on the page.
 */
#pragma once

#include "document/document.h"
#include "pipeline/rasterize/drawing.h"

typedef enum {
  DOCAI_LAYER_TRUSTED,
  DOCAI_LAYER_BLANK,     /* no text, and nothing drawn */
  DOCAI_LAYER_MISSING,   /* something is drawn, but there is no text */
  DOCAI_LAYER_HIDDEN,    /* words lie unseen with the image of a scan */
  DOCAI_LAYER_GARBLED,   /* characters are not those that are drawn */
  DOCAI_LAYER_MISPLACED, /* words lie where nothing is drawn */
} DocaiLayer;

/* Judges page->words by themselves and by what is drawn. */
DocaiLayer docai_layer_judge (const DocaiPage *page, const DocaiDrawing *drawing);

/* Takes away single words of a trusted layer that cannot be read or seen, and
 * gives bullets of symbol fonts their character. */
void docai_layer_clean (DocaiPage *page, const DocaiDrawing *drawing);

/* Stable name of a verdict ("garbled"); static. */
const char *docai_layer_name (DocaiLayer layer);
