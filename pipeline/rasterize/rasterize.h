/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The page's picture for other stages, made when it is first wanted.
 */
#pragma once

#include "pipeline/stage.h"

/* Gives the page a raster when it has none, or when the one it has is coarser
 * than `dpi` and the file can give more: the upright page as the boxes have it,
 * turned by page->rotation. `bits` is 8 (grey) or 32 (colour); a scan stays in
 * its own depth and resolution. Where the bound on pixels forbids `dpi`, the
 * raster is coarser; page->dpi says what it is. PIXEL_LIMIT, MEMORY_LIMIT,
 * PAGE_DAMAGED, and what opening the file may give. */
gboolean docai_rasterize_render (const DocaiTask *task, DocaiPage *page, double dpi, int bits,
                                 GError **error);

/* The resolution at which the letters on the page's raster have the size that
 * they would have on paper. Photos and images without a resolution claim 72;
 * for those the longer side is taken for that of an A4 sheet. */
double docai_rasterize_reading_dpi (const DocaiPage *page);

/* "leptonica 1.82.0"; static. */
const char *docai_rasterize_image_engine (void);
