/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parts of a page's raster as encoded pictures for a model.
 */
#pragma once

#include "pipeline/raster.h"
#include "pipeline/vlm/backend.h"

/* What docai_crop_add cuts for `box`: whole pixels of the raster around it, in
 * points. Empty when the box lies beside the raster. */
DocaiBox docai_crop_area (const DocaiPage *page, DocaiBox box);

/* Cuts `box` (points) out of the page's raster, scales it down until its longest
 * side has at most `max_side` pixels, and adds it to the request: PNG for 1-bit
 * rasters, else JPEG of quality 90. `looks` (DocaiBox, points; NULL: all of it)
 * is what is worth resolution in it. FALSE when the part is empty or cannot be
 * encoded (MEMORY_LIMIT). The page must have a raster. */
gboolean docai_crop_add (DocaiVlmRequest *request, const DocaiPage *page, DocaiBox box,
                         const GArray *looks, int max_side, GError **error);
