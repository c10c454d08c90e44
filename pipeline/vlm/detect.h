/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Things on a page that a detector finds by their names: signatures, stamps, barcodes, handwriting, logos. They become
 * regions, or say what a region of the layout is.
 */
#pragma once

#include "document/document.h"
#include "models/model.h"

/* Looks at the page's raster and merges what is found with at least `least_confidence` into its regions: a picture, or a
 * region without words, in the same place takes the label; elsewhere a region is added, in reading order. Errors as of
 * docai_model_detect. */
gboolean docai_vlm_detect (DocaiModel *detector, DocaiPage *page, double least_confidence, GError **error);

/* The merging alone, of a thing named as in docai_vlm_detect's prompt at `box`, points. Better ones come first. */
void     docai_vlm_merge_found (DocaiPage *page, const char *phrase, DocaiBox box, double confidence);
