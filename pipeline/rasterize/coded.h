/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Image data as PDF streams hold it, without a file around it.
 */
#pragma once

#include <allheaders.h>
#include <glib.h>

/* A JPEG of one or three components and exactly this size, as 8 or 32 bits (the
 * latter with a lowest byte of 0). NULL when it is another one, is damaged, or
 * there is no memory; nothing is printed. Owned by the caller. */
struct Pix *docai_coded_read_jpeg (const guint8 *data, gsize size, int width, int height);

/* Fax data in two dimensions (CCITT group 4) as one bit a pixel, black runs set.
 * NULL when it cannot be decoded. Owned by the caller. */
struct Pix *docai_coded_read_group4 (const guint8 *data, gsize size, int width, int height);
