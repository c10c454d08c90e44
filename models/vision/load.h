/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Image files for the models, decoded by Leptonica. The only file of models/ that
 * knows Leptonica.
 */
#pragma once

#include "models/vision/image.h"

struct Pix;

/* Reads an image file (PNG, JPEG, TIFF, WebP, PNM) as RGB. An alpha channel is dropped,
 * as Pillow's convert ("RGB") does. Errors: FILE_NOT_READABLE, FILE_DAMAGED, PIXEL_LIMIT. */
DocaiImage *docai_image_load (const char *path, GError **error);

/* The same from memory. */
DocaiImage *docai_image_load_data (const guint8 *data, gsize length, GError **error);

/* A copy of a PIX of any depth as RGB. */
DocaiImage *docai_image_from_pix (const struct Pix *pix, GError **error);
