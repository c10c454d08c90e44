/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Leptonica keeps grey pixels in words, the first one in the highest byte; these functions
 * work on whole words, or on bytes in their order in memory.
 */
#include "pipeline/pixels.h"

#include <allheaders.h>
#include <string.h>

/* Leptonica averages areas below a scale of 0.7, and sharpens above one of 0.2. */
#define AREA_SCALE  0.7f
#define SHARP_SCALE 0.2f
#define SHARP_SHARE 0.2f
#define SHARP_WIDTH 1
/* Sums of columns have 16 bits: 15 pixels, each 16 times, at most. */
#define LEAST_SCALE (1 / 14.0f)

static gboolean
is_grey (PIX *pix)
{
  return pix != NULL && pixGetDepth (pix) == 8 && pixGetColormap (pix) == NULL;
}

/* ---- parts ----------------------------------------------------------------- */

static void
cut_row (const l_uint32 *from, gsize n_from, int shift, gsize n, l_uint32 *to)
{
  gsize whole = MIN (n, n_from - 1);

  if (shift == 0)
    {
      memcpy (to, from, n * sizeof *to);
      return;
    }
  for (gsize i = 0; i < whole; i++)
    to[i] = from[i] << shift | from[i + 1] >> (32 - shift);
  if (whole < n)
    to[whole] = from[whole] << shift;
}

PIX *
docai_pixels_cut (PIX *pix, int x0, int y0, int width, int height)
{
  PIX *part;

  g_return_val_if_fail (x0 >= 0 && y0 >= 0 && width > 0 && height > 0, NULL);
  g_return_val_if_fail (x0 + width <= pixGetWidth (pix) && y0 + height <= pixGetHeight (pix), NULL);
  if (!is_grey (pix))
    {
      BOX *box = boxCreate (x0, y0, width, height);
      part = pixClipRectangle (pix, box, NULL);
      boxDestroy (&box);
      return part;
    }
  part = pixCreateNoInit (width, height, 8);
  if (part == NULL)
    return NULL;
  gsize wpl = (gsize) pixGetWpl (pix), n = (gsize) pixGetWpl (part), first = (gsize) x0 / 4;
  const l_uint32 *from = pixGetData (pix) + (gsize) y0 * wpl + first;
  l_uint32       *to = pixGetData (part);
  for (int y = 0; y < height; y++, from += wpl, to += n)
    cut_row (from, wpl - first, 8 * (x0 % 4), n, to);
  pixSetPadBits (part, 0);
  return part;
}

/* ---- black and white --------------------------------------------------------- */

typedef guint8 Bytes8 __attribute__ ((vector_size (8)));

/* Eight pixels to eight bits, the first one highest. */
static inline l_uint32
eight_below (const l_uint32 *from, guint8 threshold)
{
  guint64 pixels = (guint64) from[0] << 32 | from[1];
  Bytes8  values, limit = threshold - (Bytes8){ 0 };

  memcpy (&values, &pixels, sizeof values);
  values = (Bytes8) (values < limit) & 1;
  memcpy (&pixels, &values, sizeof pixels);
  return (l_uint32) (pixels * G_GUINT64_CONSTANT (0x0102040810204080) >> 56);
}

static void
row_below (const l_uint32 *from, int width, guint8 threshold, l_uint32 *to)
{
  int x = 0;

  for (; x + 32 <= width; x += 32, from += 8)
    *to++ = eight_below (from, threshold) << 24 | eight_below (from + 2, threshold) << 16
            | eight_below (from + 4, threshold) << 8 | eight_below (from + 6, threshold);
  if (x < width)
    *to = 0;
  for (int k = 0; x + k < width; k++)
    *to |= (l_uint32) (GET_DATA_BYTE (from, k) < threshold) << (31 - k);
}

PIX *
docai_pixels_below (PIX *pix, int threshold)
{
  PIX *bits = NULL;

  if (!is_grey (pix) || threshold < 0 || threshold > 255 || G_BYTE_ORDER != G_LITTLE_ENDIAN)
    {
      PIX *grey = pixConvertTo8 (pix, FALSE);
      if (grey != NULL)
        bits = pixThresholdToBinary (grey, threshold);
      pixDestroy (&grey);
      return bits;
    }
  int width = pixGetWidth (pix), height = pixGetHeight (pix);
  bits = pixCreateNoInit (width, height, 1);
  for (int y = 0; y < height && bits != NULL; y++)
    row_below (pixGetData (pix) + (gsize) y * (gsize) pixGetWpl (pix), width, (guint8) threshold,
               pixGetData (bits) + (gsize) y * (gsize) pixGetWpl (bits));
  return bits;
}

/* ---- shrinking --------------------------------------------------------------- */

/* What a pixel of the result covers along one axis, in sixteenths: all of the pixels between
 * `first` and `last`, and shares of these two. */
typedef struct {
  int first, last;
  int first_share, last_share;
  int length;
} Cover;

/* Rounded as Leptonica does: the start is worked out in single, the end in double precision. */
static Cover
cover_at (float step, int i)
{
  int from = (int) (step * (float) i), to = (int) ((double) step * (i + 1.0));

  return (Cover){ from >> 4, to >> 4, 16 - (from & 15), to & 15, to - from };
}

typedef guint16 Words8 __attribute__ ((vector_size (16)));

/* sums[i] += weight * row[i] */
static void
add_row (const guint8 *row, gsize n, guint16 weight, guint16 *sums)
{
  gsize i = 0;

  for (; i + 8 <= n; i += 8)
    {
      Bytes8 bytes;
      Words8 sum;
      memcpy (&bytes, row + i, sizeof bytes);
      memcpy (&sum, sums + i, sizeof sum);
      sum += __builtin_convertvector (bytes, Words8) * weight;
      memcpy (sums + i, &sum, sizeof sum);
    }
  for (; i < n; i++)
    sums[i] = (guint16) (sums[i] + weight * row[i]);
}

/* The column of a byte in memory, and the other way round. */
static inline int
swapped (int x)
{
  return G_BYTE_ORDER == G_LITTLE_ENDIAN ? x ^ 3 : x;
}

static guint32
sum_along (const guint16 *sums, const Cover *cover)
{
  guint32 sum = (guint32) (sums[swapped (cover->first)] * cover->first_share
                           + sums[swapped (cover->last)] * cover->last_share);

  for (int x = cover->first + 1; x < cover->last; x++)
    sum += 16u * sums[swapped (x)];
  return sum;
}

/* One row of the result. */
static void
shrink_row (PIX *in, const Cover *down, const Cover *along, guint16 *sums, PIX *out, int y)
{
  gsize           wpl = (gsize) pixGetWpl (in);
  const l_uint32 *from = pixGetData (in) + (gsize) down->first * wpl;
  l_uint32       *to = pixGetData (out) + (gsize) y * (gsize) pixGetWpl (out);
  int             width = pixGetWidth (out), most_x = pixGetWidth (in) - 2;
  gboolean        inside = down->last <= pixGetHeight (in) - 2;

  if (inside)
    {
      const guint8 *row = (const guint8 *) from;
      memset (sums, 0, 4 * wpl * sizeof *sums);
      add_row (row, 4 * wpl, (guint16) down->first_share, sums);
      for (int k = down->first + 1; k < down->last; k++)
        add_row (row + 4 * wpl * (gsize) (k - down->first), 4 * wpl, 16, sums);
      add_row (row + 4 * wpl * (gsize) (down->last - down->first), 4 * wpl,
               (guint16) down->last_share, sums);
    }
  for (int x = 0; x < width; x++)
    if (!inside || along[x].last > most_x) /* near the edge one pixel is taken */
      SET_DATA_BYTE (to, x, GET_DATA_BYTE (from, along[x].first));
    else
      SET_DATA_BYTE (to, x, (sum_along (sums, &along[x]) + 128)
                              / (guint32) (along[x].length * down->length));
}

/* Each pixel is the mean of the area that it covers, to a sixteenth of a pixel. */
static PIX *
shrink (PIX *in, float x_factor, float y_factor, int width, int height)
{
  float x_step = 16.0f * (float) pixGetWidth (in) / (float) width;
  float y_step = 16.0f * (float) pixGetHeight (in) / (float) height;
  PIX  *out = pixCreate (width, height, 8);
  g_autofree guint16 *sums = g_try_new (guint16, 4 * (gsize) pixGetWpl (in));
  g_autofree Cover   *along = g_try_new (Cover, width);

  if (out == NULL || sums == NULL || along == NULL)
    {
      pixDestroy (&out);
      return NULL;
    }
  for (int x = 0; x < width; x++)
    along[x] = cover_at (x_step, x);
  for (int y = 0; y < height; y++)
    {
      Cover down = cover_at (y_step, y);
      shrink_row (in, &down, along, sums, out, y);
    }
  pixCopyResolution (out, in);
  pixScaleResolution (out, x_factor, y_factor);
  return out;
}

/* Leptonica has other ways for halves of halves. */
static gboolean
is_power_of_half (float factor)
{
  return factor == 0.5f || factor == 0.25f || factor == 0.125f;
}

PIX *
docai_pixels_scale (PIX *pix, float x_factor, float y_factor)
{
  float most = MAX (x_factor, y_factor), least = MIN (x_factor, y_factor);

  if (!is_grey (pix) || most >= AREA_SCALE || least < LEAST_SCALE
      || (x_factor == y_factor && is_power_of_half (x_factor)))
    return pixScale (pix, x_factor, y_factor);
  int width = (int) (x_factor * (float) pixGetWidth (pix) + 0.5);
  int height = (int) (y_factor * (float) pixGetHeight (pix) + 0.5);
  if (width < 1 || height < 1 || pixGetWidth (pix) < 2 || pixGetHeight (pix) < 2)
    return pixScale (pix, x_factor, y_factor);
  PIX *small = shrink (pix, x_factor, y_factor, width, height), *sharp = NULL;
  if (small == NULL || most <= SHARP_SCALE)
    return small;
  sharp = pixUnsharpMasking (small, SHARP_WIDTH, SHARP_SHARE);
  pixDestroy (&small);
  return sharp;
}
