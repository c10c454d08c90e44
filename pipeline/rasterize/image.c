/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Images through Leptonica.
 */
#include "pipeline/rasterize/image.h"

#include <allheaders.h>
#include <cairo.h>
#include <math.h>

#include "pipeline/rasterize/drawing-priv.h"

/* A share of the memory bound that one decoded picture may take; a second copy
 * is made while it is brought into form. */
#define MEMORY_SHARE 0.4

gboolean
docai_image_check (const DocaiFrame *frame, const DocaiLimits *limits, GError **error)
{
  guint64 pixels = (guint64) frame->width * frame->height;
  if (pixels > (guint64) limits->pixels)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_PIXEL_LIMIT,
                   "the image has %u x %u pixels, more than %" G_GINT64_FORMAT, frame->width,
                   frame->height, limits->pixels);
      return FALSE;
    }
  double bytes = (double) pixels * (frame->bits <= 1 ? 0.125 : frame->bits <= 8 ? 1 : 4);
  if (bytes > MEMORY_SHARE * (double) limits->memory_bytes)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT,
                   "the image of %u x %u pixels needs too much memory", frame->width,
                   frame->height);
      return FALSE;
    }
  return TRUE;
}

struct Pix *
docai_image_orient (struct Pix *pix, int orientation)
{
  static const int turns[9] = { 0, 0, 0, 2, 2, 1, 1, 3, 3 }; /* quarters, clockwise */
  if (orientation < 2 || orientation > 8 || pix == NULL)
    return pix;
  struct Pix *turned = pixRotateOrth (pix, turns[orientation]);
  pixDestroy (&pix);
  if (turned != NULL
      && (orientation == 2 || orientation == 4 || orientation == 5 || orientation == 7))
    pixFlipLR (turned, turned);
  return turned;
}

/* Whether no pixel of a 32 bit picture has a colour. */
static gboolean
is_grey (struct Pix *pix)
{
  int       width = pixGetWidth (pix), height = pixGetHeight (pix), wpl = pixGetWpl (pix);
  l_uint32 *data = pixGetData (pix);
  for (int y = 0; y < height; y++, data += wpl)
    for (int x = 0; x < width; x++)
      {
        l_uint32 pixel = data[x];
        if (((pixel >> 24 ^ pixel >> 16) & 0xff) != 0 || ((pixel >> 16 ^ pixel >> 8) & 0xff) != 0)
          return FALSE;
      }
  return TRUE;
}

static struct Pix *
replace (struct Pix *old, struct Pix *with)
{
  pixDestroy (&old);
  return with;
}

struct Pix *
docai_image_simplify (struct Pix *pix)
{
  if (pix != NULL && pixGetColormap (pix) != NULL)
    pix = replace (pix, pixRemoveColormap (pix, REMOVE_CMAP_BASED_ON_SRC));
  if (pix == NULL)
    return NULL;
  int depth = pixGetDepth (pix);
  if (depth == 32 && pixGetSpp (pix) == 4)
    pix = replace (pix, pixAlphaBlendUniform (pix, 0xffffff00));
  else if (depth == 24)
    pix = replace (pix, pixConvert24To32 (pix));
  else if (depth == 2 || depth == 4 || depth == 16)
    pix = replace (pix, pixConvertTo8 (pix, FALSE));
  if (pix != NULL && pixGetDepth (pix) == 32 && is_grey (pix))
    pix = replace (pix, pixGetRGBComponent (pix, COLOR_GREEN));
  if (pix != NULL)
    pixSetSpp (pix, pixGetDepth (pix) == 32 ? 3 : 1);
  return pix;
}

struct Pix *
docai_image_square_pixels (struct Pix *pix, double x_dpi, double y_dpi)
{
  if (pix == NULL || fabs (x_dpi / y_dpi - 1) < 0.01)
    return pix;
  double dpi = MAX (x_dpi, y_dpi);
  pix = replace (pix, pixScale (pix, (float) (dpi / x_dpi), (float) (dpi / y_dpi)));
  return pix;
}

static struct Pix *
decode (DocaiMedia media, const guint8 *data, gsize size, int index, int *n_troubles)
{
  switch (media)
    {
    case DOCAI_MEDIA_TIFF: return pixReadMemTiff (data, size, index);
    case DOCAI_MEDIA_JPEG:
      return pixReadMemJpeg (data, size, 0, 1, n_troubles, L_JPEG_CONTINUE_WITH_BAD_DATA);
    default: return pixReadMem (data, size);
    }
}

struct Pix *
docai_image_decode (DocaiMedia media, const guint8 *data, gsize size, int index,
                    const DocaiFrame *frame, int *n_troubles, GError **error)
{
  double x_dpi, y_dpi;
  *n_troubles = 0;
  setMsgSeverity (L_SEVERITY_NONE);
  struct Pix *pix = docai_image_simplify (decode (media, data, size, index, n_troubles));
  /* Leptonica has turned a TIFF already. */
  docai_frame_resolution (frame, &x_dpi, &y_dpi);
  if (media != DOCAI_MEDIA_TIFF)
    pix = docai_image_orient (pix, frame->orientation);
  if (frame->orientation >= 5)
    pix = docai_image_square_pixels (pix, y_dpi, x_dpi);
  else
    pix = docai_image_square_pixels (pix, x_dpi, y_dpi);
  if (pix == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_FILE_DAMAGED, "the %s cannot be decoded",
                   docai_media_name (media));
      return NULL;
    }
  int dpi = (int) lround (MAX (x_dpi, y_dpi));
  pixSetResolution (pix, dpi, dpi);
  return pix;
}

/* Whether no pixel of a surface in 24 or 32 bits has a colour. */
static gboolean
is_grey_surface (const guint8 *data, int width, int height, int stride)
{
  for (int y = 0; y < height; y++, data += stride)
    {
      const guint32 *line = (const guint32 *) (const void *) data;
      guint32        colour = 0;
      for (int x = 0; x < width; x++)
        colour |= (line[x] ^ line[x] >> 8) & 0xffff;
      if (colour != 0)
        return FALSE;
    }
  return TRUE;
}

/* A surface's pixel on white, as 0x00rrggbb; with transparency it is premultiplied. */
static inline guint32
on_white (guint32 pixel, gboolean transparent)
{
  guint32 white = transparent ? 255 - (pixel >> 24) : 0;
  return (pixel & 0xffffff) + white * 0x010101;
}

static inline guint32
grey_of (guint32 pixel, gboolean transparent)
{
  guint32 p = on_white (pixel, transparent);
  return ((p >> 16) * 77 + (p >> 8 & 0xff) * 151 + (p & 0xff) * 28) >> 8;
}

/* Four pixels go into one of Leptonica's words. */
static void
grey_row (const guint32 *line, int width, gboolean transparent, l_uint32 *to)
{
  int x = 0;
  for (; x + 4 <= width; x += 4, line += 4)
    *to++ = grey_of (line[0], transparent) << 24 | grey_of (line[1], transparent) << 16
            | grey_of (line[2], transparent) << 8 | grey_of (line[3], transparent);
  if (x < width)
    *to = 0;
  for (int shift = 24; x < width; x++, shift -= 8)
    *to |= grey_of (*line++, transparent) << shift;
}

/* The same where red, green and blue are equal and nothing shines through. */
static void
green_row (const guint32 *line, int width, l_uint32 *to)
{
  int x = 0;
  for (; x + 4 <= width; x += 4, line += 4)
    *to++ = (line[0] & 0xff) << 24 | (line[1] & 0xff) << 16 | (line[2] & 0xff) << 8
            | (line[3] & 0xff);
  if (x < width)
    grey_row (line, width - x, FALSE, to);
}

struct Pix *
docai_surface_to_pix (cairo_surface_t *surface, int bits)
{
  cairo_surface_flush (surface);
  int            width = cairo_image_surface_get_width (surface);
  int            height = cairo_image_surface_get_height (surface);
  int            stride = cairo_image_surface_get_stride (surface);
  cairo_format_t format = cairo_image_surface_get_format (surface);
  gboolean       transparent = format == CAIRO_FORMAT_ARGB32, plain = FALSE;
  const guint8  *from = cairo_image_surface_get_data (surface);
  if (from == NULL || width <= 0 || height <= 0 || (format != CAIRO_FORMAT_RGB24 && !transparent))
    return NULL;
  if (bits == 0)
    {
      gboolean grey = is_grey_surface (from, width, height, stride);
      bits = grey ? 8 : 32;
      plain = grey && !transparent;
    }
  struct Pix *pix = pixCreateNoInit (width, height, bits);
  if (pix == NULL)
    return NULL;
  l_uint32 *to = pixGetData (pix);
  for (int y = 0; y < height; y++, from += stride, to += pixGetWpl (pix))
    {
      const guint32 *line = (const guint32 *) (const void *) from;
      if (plain)
        green_row (line, width, to);
      else if (bits == 8)
        grey_row (line, width, transparent, to);
      else
        for (int x = 0; x < width; x++)
          to[x] = on_white (line[x], transparent) << 8;
    }
  return pix;
}
