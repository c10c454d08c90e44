/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Part of kernels-impl.h: weighted sums of bytes in whole numbers.
 */
typedef gint32 VecPixel __attribute__ ((vector_size (16)));
typedef guint8 VecUB    __attribute__ ((vector_size (LANES)));

static inline guint8
clip_byte (gint32 sum)
{
  sum >>= DOCAI_RESIZE_BITS;
  return (guint8) CLAMP (sum, 0, 255);
}

/* Sums of LANES neighbouring columns stay in a register. */
static void
mix_rows (const guint8 *rows, gsize stride, const gint32 *weights, int count, gsize n, guint8 *out)
{
  gsize i = 0;
  for (; i + LANES <= n; i += LANES)
    {
      VecI sum = (VecI) { 0 } + (1 << (DOCAI_RESIZE_BITS - 1));
      const guint8 *at = rows + i;
      for (int j = 0; j < count; j++, at += stride)
        {
          VecUB bytes;
          memcpy (&bytes, at, sizeof bytes);
          sum += __builtin_convertvector (bytes, VecI) * weights[j];
        }
      sum >>= DOCAI_RESIZE_BITS;
      sum &= sum > 0;
      VecI most = (VecI) { 0 } + 255, over = sum > most;
      VecUB bytes = __builtin_convertvector ((sum & ~over) | (most & over), VecUB);
      memcpy (out + i, &bytes, sizeof bytes);
    }
  for (; i < n; i++)
    {
      gint32 sum = 1 << (DOCAI_RESIZE_BITS - 1);
      for (int j = 0; j < count; j++)
        sum += rows[(gsize) j * stride + i] * weights[j];
      out[i] = clip_byte (sum);
    }
}

/* A pixel is loaded with the first byte of the next one, but for the last: behind it the row may end. */
static void
mix_pixels (const guint8 *row, const int *first, const int *count, const gint32 *weights, gsize most, int n, guint8 *out)
{
  for (int i = 0; i < n; i++, weights += most, out += 3)
    {
      VecPixel sum = (VecPixel) { 0 } + (1 << (DOCAI_RESIZE_BITS - 1));
      const guint8 *at = row + 3 * (gsize) first[i];
      int j = 0;
      for (; j + 1 < count[i]; j++, at += 3)
        {
          guint8 bytes __attribute__ ((vector_size (4)));
          memcpy (&bytes, at, sizeof bytes);
          sum += __builtin_convertvector (bytes, VecPixel) * weights[j];
        }
      if (j < count[i])
        sum += (VecPixel) { at[0], at[1], at[2], 0 } * weights[j];
      out[0] = clip_byte (sum[0]);
      out[1] = clip_byte (sum[1]);
      out[2] = clip_byte (sum[2]);
    }
}
