/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The image that a scanned PDF page consists of, taken from the file without
 * rendering the page, by libqpdf. Only what is plain is taken; the rest is for a
 * renderer. One thread at a time.
 */
#pragma once

#include "base/settings.h"
#include "pipeline/rasterize/drawing.h"

typedef struct DocaiEmbedded DocaiEmbedded;

/* Opens the file beside its renderer, which has found it to have `n_pages`. NULL
 * when it holds no image data that would be taken, is encrypted or in any way
 * damaged. Free with docai_embedded_close. */
DocaiEmbedded *docai_embedded_open (const char *path, int n_pages);
void           docai_embedded_close (DocaiEmbedded *embedded);

/* What is drawn on the page (from 1), of width x height points each of `unit`
 * of the file's, if that is one image, coded as grey or RGB JPEG or in CCITT group
 * 4, which covers most of it. The drawing's preview is NULL where something can
 * be seen, and blank where not. NULL: the page is something else. Free with
 * docai_drawing_free. */
DocaiDrawing *docai_embedded_draw (DocaiEmbedded *embedded, int page, double width, double height,
                                   double unit, const DocaiLimits *limits);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiEmbedded, docai_embedded_close)
