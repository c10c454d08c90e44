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

struct Pix *
docai_surface_to_pix (cairo_surface_t *surface, int bits)
{
  cairo_surface_flush (surface);
  int            width = cairo_image_surface_get_width (surface);
  int            height = cairo_image_surface_get_height (surface);
  int            stride = cairo_image_surface_get_stride (surface);
  cairo_format_t format = cairo_image_surface_get_format (surface);
  const guint8  *from = cairo_image_surface_get_data (surface);
  if (from == NULL || width <= 0 || height <= 0
      || (format != CAIRO_FORMAT_RGB24 && format != CAIRO_FORMAT_ARGB32))
    return NULL;
  if (bits == 0)
    bits = is_grey_surface (from, width, height, stride) ? 8 : 32;
  struct Pix *pix = pixCreateNoInit (width, height, bits);
  if (pix == NULL)
    return NULL;
  l_uint32 *to = pixGetData (pix);
  for (int y = 0; y < height; y++, from += stride, to += pixGetWpl (pix))
    {
      const guint32 *line = (const guint32 *) (const void *) from;
      for (int x = 0; x < width; x++)
        {
          guint32 p = line[x], white = 0;
          if (format == CAIRO_FORMAT_ARGB32) /* premultiplied: the rest is white */
            white = 255 - (p >> 24);
          guint32 r = (p >> 16 & 0xff) + white, g = (p >> 8 & 0xff) + white, b = (p & 0xff) + white;
          if (bits == 32)
            to[x] = r << 24 | g << 16 | b << 8;
          else
            SET_DATA_BYTE (to, x, (r * 77 + g * 151 + b * 28) >> 8);
        }
    }
  if (bits == 8 && (width & 3) != 0)
    pixSetPadBits (pix, 0);
  return pix;
}
