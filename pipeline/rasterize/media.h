/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What kind of file this is, by its content, and what an image's header says
 * of its frames, read before anything is decoded. Every byte is untrusted.
 */
#pragma once

#include "base/error.h"

#include <glib.h>

typedef enum {
  DOCAI_MEDIA_UNKNOWN,
  DOCAI_MEDIA_PDF,
  DOCAI_MEDIA_PNG,
  DOCAI_MEDIA_JPEG,
  DOCAI_MEDIA_TIFF,
  DOCAI_MEDIA_WEBP,
  DOCAI_MEDIA_BMP,
  DOCAI_MEDIA_PNM,
  DOCAI_MEDIA_JP2,
} DocaiMedia;

/* One picture of an image file as its header describes it. */
typedef struct {
  guint32 width, height; /* pixels, as stored */
  guint32 bits;          /* per pixel, all samples together */
  double  x_dpi, y_dpi;  /* 0: the header names none */
  int     orientation;   /* EXIF's and TIFF's, 1 to 8 */
} DocaiFrame;

/* More frames than this are not looked at. */
#define DOCAI_MEDIA_MAX_FRAMES 100000

/* The kind of file that the bytes are, whatever its name. A PDF may have up to
 * 1024 bytes of junk before its header. */
DocaiMedia docai_media_sniff (const guint8 *data, gsize size);

/* "application/pdf", "image/png", ...; static. */
const char *docai_media_name (DocaiMedia media);

/* Reads the frames (DocaiFrame) of an image file; never empty on success.
 * FILE_TRUNCATED, FILE_DAMAGED. Free with g_array_unref. */
GArray *docai_media_read_frames (DocaiMedia media, const guint8 *data, gsize size, GError **error);

/* A resolution to believe: within 20 and 2400 and about the same both ways;
 * otherwise 72, at which a pixel is a point. Sets both values. */
void docai_frame_resolution (const DocaiFrame *frame, double *x_dpi, double *y_dpi);
