/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the readers of image headers share.
 */
#pragma once

#include "pipeline/rasterize/media.h"

/* Numbers at a place that the caller has checked. */
static inline guint16
docai_be16 (const guint8 *p)
{
  return (guint16) (p[0] << 8 | p[1]);
}
static inline guint16
docai_le16 (const guint8 *p)
{
  return (guint16) (p[1] << 8 | p[0]);
}
static inline guint32
docai_be32 (const guint8 *p)
{
  return (guint32) p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}
static inline guint32
docai_le32 (const guint8 *p)
{
  return (guint32) p[3] << 24 | p[2] << 16 | p[1] << 8 | p[0];
}

/* The frames of a TIFF, its chain of directories followed at most once round. */
gboolean docai_tiff_read_frames (const guint8 *data, gsize size, GArray *frames);

/* Orientation and resolution of an EXIF block, which is a TIFF; what it lacks
 * stays as it is. */
void docai_exif_read (const guint8 *data, gsize size, DocaiFrame *frame);

/* The orientation alone. */
void docai_exif_read_orientation (const guint8 *data, gsize size, DocaiFrame *frame);
