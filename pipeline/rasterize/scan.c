/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The picture of a scanned PDF page from its embedded image.
 */
#include "pipeline/rasterize/scan.h"
#include "pipeline/rasterize/image.h"

#include <allheaders.h>
#include <math.h>

#define ASKEW 0.002 /* of the larger matrix entry; more is not placed upright */
#define LARGE_SHARE 0.1
#define MIN_DPI 150.0

/* Pixels of the image's two axes for 72 points of the page. */
static void
axis_resolutions (const DocaiPlacement *image, double *u_dpi, double *v_dpi)
{
  *u_dpi = 72 / hypot (image->xx, image->yx);
  *v_dpi = 72 / hypot (image->xy, image->yy);
}

double
docai_scan_resolution (const DocaiDrawing *drawing, double dpi)
{
  double   finest = 0;
  DocaiBox page = { 0, 0, drawing->width, drawing->height };
  for (guint i = 0; i < drawing->images->len; i++)
    {
      const DocaiPlacement *image = &g_array_index (drawing->images, DocaiPlacement, i);
      double                u_dpi, v_dpi;
      if (docai_box_coverage (page, image->box) < LARGE_SHARE)
        continue;
      if (image->width == 0)
        return dpi;
      axis_resolutions (image, &u_dpi, &v_dpi);
      finest = MAX (finest, MAX (u_dpi, v_dpi));
    }
  return finest > 0 && isfinite (finest) ? CLAMP (ceil (finest), MIN (MIN_DPI, dpi), dpi) : dpi;
}

/* Whether nothing that could be seen is drawn beside the covering image. */
static gboolean
is_alone (const DocaiDrawing *drawing)
{
  return drawing->cover >= 0 && drawing->cover_pixels != NULL
         && drawing->cover == (int) drawing->images->len - 1 && drawing->glyphs_on_cover == 0
         && drawing->paths_on_cover == 0;
}

static gboolean
is_upright (const DocaiPlacement *image, gboolean *swapped)
{
  double straight = MIN (fabs (image->xx), fabs (image->yy));
  double across = MIN (fabs (image->xy), fabs (image->yx));
  *swapped = across > straight;
  double large = MAX (straight, across);
  double off = *swapped ? MAX (fabs (image->xx), fabs (image->yy))
                        : MAX (fabs (image->xy), fabs (image->yx));
  return large > 0 && off <= ASKEW * large;
}

/* Turns and mirrors the stored picture as the placement does; consumes it. */
static struct Pix *
orient (struct Pix *pix, const DocaiPlacement *image, gboolean swapped)
{
  /* EXIF's orientations by: axes swapped, x mirrored, y mirrored */
  static const int orientations[2][2][2] = { { { 1, 4 }, { 2, 3 } }, { { 5, 8 }, { 6, 7 } } };
  double           x = swapped ? image->xy : image->xx, y = swapped ? image->yx : image->yy;
  return docai_image_orient (pix, orientations[swapped][x < 0][y < 0]);
}

/* Puts the picture where it lies on the page; consumes it. */
static struct Pix *
set_into_page (struct Pix *pix, const DocaiDrawing *drawing, const DocaiPlacement *image,
               double dpi)
{
  double x = image->x0 + MIN (0, image->xx * image->width) + MIN (0, image->xy * image->height);
  double y = image->y0 + MIN (0, image->yx * image->width) + MIN (0, image->yy * image->height);
  double scale = dpi / 72;
  int    left = (int) lround (x * scale), top = (int) lround (y * scale);
  int    width = MAX (1, (int) lround (drawing->width * scale));
  int    height = MAX (1, (int) lround (drawing->height * scale));
  if (abs (left) <= 1 && abs (top) <= 1 && abs (width - (int) pixGetWidth (pix)) <= 2
      && abs (height - (int) pixGetHeight (pix)) <= 2)
    return pix;
  struct Pix *canvas = pixCreate (width, height, pixGetDepth (pix));
  if (canvas != NULL)
    {
      if (pixGetDepth (pix) != 1)
        pixSetAll (canvas);
      pixRasterop (canvas, left, top, pixGetWidth (pix), pixGetHeight (pix), PIX_SRC, pix, 0, 0);
    }
  pixDestroy (&pix);
  return canvas;
}

/* Black and white only: one bit tells as much. Consumes the picture. */
static struct Pix *
reduce_bits (struct Pix *pix)
{
  if (pix == NULL || pixGetDepth (pix) != 8)
    return pix;
  int       width = pixGetWidth (pix), height = pixGetHeight (pix), wpl = pixGetWpl (pix);
  l_uint32 *line = pixGetData (pix);
  for (int y = 0; y < height; y++, line += wpl)
    for (int x = 0; x < width; x++)
      {
        int value = GET_DATA_BYTE (line, x);
        if (value != 0 && value != 255)
          return pix;
      }
  struct Pix *bits = pixThresholdToBinary (pix, 128);
  pixDestroy (&pix);
  return bits;
}

struct Pix *
docai_scan_from_drawing (const DocaiDrawing *drawing, const DocaiLimits *limits, double *dpi)
{
  gboolean swapped;
  double   u_dpi, v_dpi;
  if (!is_alone (drawing))
    return NULL;
  const DocaiPlacement *image = &g_array_index (drawing->images, DocaiPlacement, drawing->cover);
  if (image->masked || !is_upright (image, &swapped))
    return NULL;
  axis_resolutions (image, &u_dpi, &v_dpi);
  *dpi = MAX (u_dpi, v_dpi);
  double pixels = drawing->width * drawing->height * *dpi * *dpi / (72 * 72);
  if (!(u_dpi >= 20 && v_dpi >= 20 && *dpi <= 2400) || pixels > (double) limits->pixels
      || pixels > (double) limits->memory_bytes / 16)
    return NULL;

  struct Pix *pix = docai_image_simplify (pixClone (drawing->cover_pixels));
  pix = reduce_bits (pix);
  if (pix != NULL)
    pix = orient (pix, image, swapped);
  pix = docai_image_square_pixels (pix, swapped ? v_dpi : u_dpi, swapped ? u_dpi : v_dpi);
  return pix != NULL ? set_into_page (pix, drawing, image, *dpi) : NULL;
}
