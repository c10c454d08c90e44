/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cutting and scaling lines. Leptonica's general scaler is what the models saw
 * in training (area mapping below 0.7, linear interpolation above, both with
 * unsharp masking), so it is used as it is.
 */
#include "pipeline/ocr/lstm/lineimage.h"

#include "pipeline/pixels.h"

enum {
  PADDING = 4,
  MAX_INPUT_WIDTH = 1 << 16,
  MIN_INPUT_SIDE = 3,
  GROW_PERCENT = 8, /* DOCAI_CUT_SMALLER */
};

static const float blur = 1.0f;     /* DOCAI_CUT_SOFTER: standard deviation, pixels of the input */

/* The line's box, widened to the row's metrics and padded. Rows are counted
 * from the page's bottom here, and fractions cut off, as in training. */
static DocaiPixelBox
crop_box (const DocaiTextLine *line, int page_width, int page_height)
{
  DocaiPixelBox box = { MAX (line->box.x0, 0), MAX (line->box.y0, 0),
                        MIN (line->box.x1, page_width), MIN (line->box.y1, page_height) };
  int           bottom, top;

  if (box.x1 <= box.x0 || box.y1 <= box.y0)
    return (DocaiPixelBox){ 0, 0, 0, 0 };
  bottom = page_height - box.y1;
  top = page_height - box.y0;
  if (line->x_height > 0)
    {
      float baseline = (float) page_height - line->baseline;
      float low = CLAMP (baseline - line->descender, -1e6f, 1e6f);
      float high = CLAMP (baseline + line->x_height + line->ascender, -1e6f, 1e6f);

      if (low < (float) bottom)
        bottom = (int) low;
      if (high > (float) top)
        top = (int) high;
    }
  box.y0 = MAX (page_height - (top + PADDING), 0);
  box.y1 = MIN (page_height - (bottom - PADDING), page_height);
  box.x0 = MAX (box.x0 - PADDING, 0);
  box.x1 = MIN (box.x1 + PADDING, page_width);
  return box;
}

/* Scans of black on white often come in colour: one channel instead of three is
 * scaled then, with the same result. Takes over `pix`. */
static PIX *
drop_idle_colour (PIX *pix)
{
  PIX *grey;

  if (pixGetDepth (pix) != 32)
    return pix;
  for (int y = 0; y < pixGetHeight (pix); y++)
    {
      const l_uint32 *row = pixGetData (pix) + (gsize) pixGetWpl (pix) * (gsize) y;

      for (int x = 0; x < pixGetWidth (pix); x++)
        if ((((row[x] >> L_RED_SHIFT) ^ (row[x] >> L_GREEN_SHIFT)) & 255) != 0
            || (((row[x] >> L_RED_SHIFT) ^ (row[x] >> L_BLUE_SHIFT)) & 255) != 0)
          return pix;
    }
  grey = pixGetRGBComponent (pix, COLOR_GREEN);
  pixDestroy (&pix);
  return grey;
}

static void
grow_vertically (DocaiPixelBox *box, int page_height)
{
  int more = MAX (GROW_PERCENT * (box->y1 - box->y0) / 100, 1);

  box->y0 = MAX (box->y0 - more, 0);
  box->y1 = MIN (box->y1 + more, page_height);
}

/* Takes over `pix`, of 8 or 32 bits; grey, NULL without memory. */
static PIX *
soften (PIX *pix)
{
  PIX      *grey = pixConvertTo8 (pix, FALSE), *soft = NULL;
  L_KERNEL *along = NULL, *across = NULL;

  pixDestroy (&pix);
  if (grey != NULL && makeGaussianKernelSep (2, 2, blur, 1, &along, &across) == 0)
    soft = pixConvolveSep (grey, along, across, 8, 1);
  kernelDestroy (&along);
  kernelDestroy (&across);
  pixDestroy (&grey);
  return soft;
}

void
docai_line_image_cut (PIX *page, const DocaiTextLine *line, int height, DocaiLineCut cut_as,
                      DocaiLineImage *image)
{
  DocaiPixelBox box = crop_box (line, pixGetWidth (page), pixGetHeight (page));
  int           width, box_height;
  float         factor, along;
  PIX          *cut, *grey;

  if ((cut_as & DOCAI_CUT_SMALLER) != 0)
    grow_vertically (&box, pixGetHeight (page));
  along = box.y1 > box.y0 ? (float) height / (float) (box.y1 - box.y0) : 0;
  if ((cut_as & DOCAI_CUT_LOWER) != 0)
    grow_vertically (&box, pixGetHeight (page));
  width = box.x1 - box.x0;
  box_height = box.y1 - box.y0;

  *image = (DocaiLineImage){ NULL, box, 1.0f };
  if (width < 1 || box_height < 1)
    return;
  factor = (float) height / (float) box_height;
  if (along * (float) width < MIN_INPUT_SIDE || along * (float) width > MAX_INPUT_WIDTH)
    return;
  cut = docai_pixels_cut (page, box.x0, box.y0, width, box_height);
  if (cut != NULL && pixGetDepth (cut) < 8)
    {
      grey = pixConvertTo8 (cut, FALSE);
      pixDestroy (&cut);
      cut = grey;
    }
  if (cut == NULL || (cut = drop_idle_colour (cut)) == NULL)
    return;
  image->scaled = docai_pixels_scale (cut, along, factor);
  pixDestroy (&cut);
  if (image->scaled != NULL && (cut_as & DOCAI_CUT_SOFTER) != 0)
    image->scaled = soften (image->scaled);
  if (image->scaled != NULL
      && (pixGetHeight (image->scaled) != height || pixGetWidth (image->scaled) < MIN_INPUT_SIDE))
    pixDestroy (&image->scaled);
  image->factor = along;
}

void
docai_line_image_clear (DocaiLineImage *image)
{
  pixDestroy (&image->scaled);
}

/* The value below which a share of the samples lies, within its step of 1. */
static double
quantile (const guint *histogram, guint total, double share)
{
  double target = CLAMP (share * total, 1.0, (double) total);
  guint  sum = 0;
  int    i = 0;

  while (i < 256 && sum < target)
    sum += histogram[i++];
  return i - (sum - target) / histogram[i - 1];
}

/* What counts as black and as white: quantiles of the local extremes along the
 * middle of the line. */
static void
find_contrast (PIX *grey, float *black, float *contrast)
{
  const l_uint32 *row = pixGetData (grey) + (gsize) pixGetWpl (grey) * (pixGetHeight (grey) / 2);
  guint           low[256] = { 0 }, high[256] = { 0 }, n_low = 0, n_high = 0;
  int             width = pixGetWidth (grey);

  for (int x = 1; x + 1 < width; x++)
    {
      guint before = GET_DATA_BYTE (row, x - 1), here = GET_DATA_BYTE (row, x),
            after = GET_DATA_BYTE (row, x + 1);

      if ((here < before && here <= after) || (here <= before && here < after))
        low[here]++, n_low++;
      if ((here > before && here >= after) || (here >= before && here > after))
        high[here]++, n_high++;
    }
  if (n_low == 0)
    low[0]++, n_low++;
  if (n_high == 0)
    high[255]++, n_high++;
  *black = (float) quantile (low, n_low, 0.25);
  *contrast = ((float) quantile (high, n_high, 0.75) - *black) / 2.0f;
  if (*contrast <= 0.0f)
    *contrast = 1.0f;
}

void
docai_line_image_fill (const DocaiLineImage *image, gboolean inverted, guint8 flip,
                       DocaiNetworkInput *input)
{
  PIX   *pix = inverted ? pixInvert (NULL, image->scaled) : pixClone (image->scaled);
  PIX   *grey = pixGetDepth (pix) == 8 ? pixClone (pix) : pixConvertTo8 (pix, FALSE);
  int    height = pixGetHeight (grey);
  float  black, contrast;
  guint8 map[256];

  find_contrast (grey, &black, &contrast);
  for (int v = 0; v < 256; v++)
    {
      float x = (((float) v - black) / contrast - 1.0f) * 128;

      x = x >= 0 ? x + 0.5f : x - 0.5f;
      map[v] = (guint8) ((int) CLAMP (x, -127.0f, 127.0f) ^ flip);
    }
  for (int y = 0; y < height; y++)
    {
      const l_uint32 *row = pixGetData (grey) + (gsize) pixGetWpl (grey) * (gsize) y;

      for (int x = 0; x < input->width; x++)
        input->columns[(gsize) x * input->stride + (gsize) y] = map[GET_DATA_BYTE (row, x)];
    }
  pixDestroy (&grey);
  pixDestroy (&pix);
}
