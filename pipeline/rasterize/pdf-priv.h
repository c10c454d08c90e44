/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by the two files that know Poppler.
 */
#pragma once

#include "pipeline/rasterize/pdf.h"

#include "pipeline/rasterize/embedded.h"
#include "pipeline/rasterize/user-unit.h"

#include <poppler.h>

struct DocaiPdf {
  PopplerDocument *document;
  GArray          *units;    /* DocaiUserUnit */
  DocaiEmbedded   *embedded; /* NULL: not looked for, or none */
  gboolean         looked_for_images;
};

/* The page (from 1) that an action leads to inside the document; 0: none. */
int docai_pdf_action_page (PopplerDocument *document, const PopplerAction *action);
