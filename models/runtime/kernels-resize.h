/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Part of kernels-impl.h: weighted sums of bytes in whole numbers.
 */
static inline guint8
clip_byte (gint32 sum)
{
  sum >>= DOCAI_RESIZE_BITS;
  return (guint8) CLAMP (sum, 0, 255);
}

static inline guint8
mix_column (const guint8 *at, gsize stride, const gint32 *weights, int count)
{
  gint32 sum = 1 << (DOCAI_RESIZE_BITS - 1);
  for (int j = 0; j < count; j++)
    sum += at[(gsize) j * stride] * weights[j];
  return clip_byte (sum);
}

#if LANES >= 8
/* Sixteen neighbouring columns in two registers. */
static inline void
mix_sixteen (const guint8 *at, gsize stride, const gint32 *weights, int count, guint8 *out)
{
  __m256i a = _mm256_set1_epi32 (1 << (DOCAI_RESIZE_BITS - 1)), b = a;
  for (int j = 0; j < count; j++, at += stride)
    {
      __m128i bytes = _mm_loadu_si128 ((const __m128i *) at);
      __m256i w = _mm256_set1_epi32 (weights[j]);
      a = _mm256_add_epi32 (a, _mm256_mullo_epi32 (_mm256_cvtepu8_epi32 (bytes), w));
      b = _mm256_add_epi32 (b, _mm256_mullo_epi32 (_mm256_cvtepu8_epi32 (_mm_srli_si128 (bytes, 8)), w));
    }
  a = _mm256_packs_epi32 (_mm256_srai_epi32 (a, DOCAI_RESIZE_BITS), _mm256_srai_epi32 (b, DOCAI_RESIZE_BITS));
  a = _mm256_permute4x64_epi64 (a, 0xd8);
  _mm_storeu_si128 ((__m128i *) out, _mm_packus_epi16 (_mm256_castsi256_si128 (a), _mm256_extracti128_si256 (a, 1)));
}
#endif

static void
mix_rows (const guint8 *rows, gsize stride, const gint32 *weights, int count, gsize n, guint8 *out)
{
  gsize i = 0;
#if LANES >= 8
  for (; i + 16 <= n; i += 16)
    mix_sixteen (rows + i, stride, weights, count, out + i);
#endif
  for (; i < n; i++)
    out[i] = mix_column (rows + i, stride, weights, count);
}

#if LANES >= 8
/* A pixel is loaded with the first byte of the next one, but for the last: behind it the row may end. */
static inline void
mix_pixel (const guint8 *at, const gint32 *weights, int count, guint8 *out)
{
  __m128i sum = _mm_set1_epi32 (1 << (DOCAI_RESIZE_BITS - 1));
  gint32 bytes;
  for (int j = 0; j < count - 1; j++, at += 3)
    {
      memcpy (&bytes, at, sizeof bytes);
      sum = _mm_add_epi32 (sum, _mm_mullo_epi32 (_mm_cvtepu8_epi32 (_mm_cvtsi32_si128 (bytes)), _mm_set1_epi32 (weights[j])));
    }
  if (count > 0)
    sum = _mm_add_epi32 (sum, _mm_mullo_epi32 (_mm_set_epi32 (0, at[2], at[1], at[0]), _mm_set1_epi32 (weights[count - 1])));
  sum = _mm_packs_epi32 (_mm_srai_epi32 (sum, DOCAI_RESIZE_BITS), sum);
  bytes = _mm_cvtsi128_si32 (_mm_packus_epi16 (sum, sum));
  memcpy (out, &bytes, 3);
}
#endif

static void
mix_pixels (const guint8 *row, const int *first, const int *count, const gint32 *weights, gsize most, int n, guint8 *out)
{
  for (int i = 0; i < n; i++, weights += most, out += 3)
    {
      const guint8 *at = row + 3 * (gsize) first[i];
#if LANES >= 8
      mix_pixel (at, weights, count[i], out);
#else
      for (int c = 0; c < 3; c++)
        out[c] = mix_column (at + c, 3, weights, count[i]);
#endif
    }
}
