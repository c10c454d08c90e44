/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The picture of a scanned PDF page from its embedded image.
 */
#pragma once

#include "base/settings.h"
#include "pipeline/rasterize/drawing.h"

/* The covering image at its own resolution, turned, mirrored and set into the
 * page's frame as it is placed, with the resolution that it has there. NULL
 * when the page is more than this one image, which must then be rendered.
 * Owned by the caller. */
struct Pix *
docai_scan_from_drawing (const DocaiDrawing *drawing, const DocaiLimits *limits, double *dpi);

/* The resolution at which to render a page whose images carry text: that of
 * the finest large image, within 150 and `dpi`; `dpi` when none is known. */
double docai_scan_resolution (const DocaiDrawing *drawing, double dpi);
