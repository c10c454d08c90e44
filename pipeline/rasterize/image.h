/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Images through Leptonica: decoding, turning upright, and bringing every kind
 * of pixel into 1, 8 or 32 bits on white.
 */
#pragma once

#include "base/settings.h"
#include "pipeline/rasterize/media.h"

struct Pix;

/* Whether an image of this size may be decoded. PIXEL_LIMIT, MEMORY_LIMIT. */
gboolean docai_image_check (const DocaiFrame *frame, const DocaiLimits *limits, GError **error);

/* Decodes frame `index` (from 0) upright, its orientation applied and its
 * resolution set. `n_troubles` counts what the decoder had to overlook. The
 * caller has checked the frame. FILE_DAMAGED. Free with pixDestroy. */
struct Pix *docai_image_decode (DocaiMedia media, const guint8 *data, gsize size, int index,
                                const DocaiFrame *frame, int *n_troubles, GError **error);

/* Turns by EXIF's orientation (1 to 8); consumes the picture, NULL when there is no memory. */
struct Pix *docai_image_orient (struct Pix *pix, int orientation);

/* Without palette and alpha, 1, 8 or 32 bits, grey when it has no colour;
 * consumes the picture, NULL when there is no memory. */
struct Pix *docai_image_simplify (struct Pix *pix);

/* The same resolution both ways, the higher of both; consumes the picture. */
struct Pix *docai_image_square_pixels (struct Pix *pix, double x_dpi, double y_dpi);
