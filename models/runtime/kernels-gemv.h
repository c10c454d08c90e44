/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Part of kernels-impl.h: products that read the weights once in their own type, for one to
 * MANY rows of x. A few rows of W are multiplied together, so that loads of x and the ends of
 * short rows weigh less.
 */
#define MANY 4

/* Groups of rows up to this size are fetched while the group before is multiplied. Four longer rows the processor
 * foresees better itself, but for the short steps of int4. */
#define MAX_GROUP_BYTES 16384
#define MAX_GROUP_BYTES_Q4 65536

/* Fetches bytes [at, at + n) of the group of rows that follows the one at w: in the order of memory, although the
 * rows of a group are read side by side. Where short rows lead, the processor does not foresee. Fetching what is not
 * there, behind the last rows, does nothing. */
INLINE void
fetch_next (const void *w, gsize group, gsize at, gsize n)
{
  for (gsize i = 0; i < n; i += 64)
    __builtin_prefetch ((const void *) ((guintptr) w + group + at + i), 0, 2);
}

static inline float
dot (const float *a, const float *b, int n)
{
  Vec s0 = { 0 }, s1 = { 0 }, s2 = { 0 }, s3 = { 0 };
  int i = 0;
  for (; i + 4 * LANES <= n; i += 4 * LANES)
    {
      s0 += load (a + i) * load (b + i);
      s1 += load (a + i + LANES) * load (b + i + LANES);
      s2 += load (a + i + 2 * LANES) * load (b + i + 2 * LANES);
      s3 += load (a + i + 3 * LANES) * load (b + i + 3 * LANES);
    }
  for (; i + LANES <= n; i += LANES)
    s0 += load (a + i) * load (b + i);
  if (i < n)
    s1 += load_tail (a + i, (gsize) (n - i)) * load_tail (b + i, (gsize) (n - i));
  return sum_of ((s0 + s1) + (s2 + s3));
}

/* Runs the products of all rows of W and of x: TIMES (m, n) for m rows of W from row r and n
 * rows of x from j on. */
#define FOR_ROWS(rows, n, TIMES) \
  do                             \
    {                            \
      int j = 0;                 \
      for (; j + 4 <= (n); j += 4) \
        FOR_ROWS_OF_W (rows, TIMES, 2, 4); \
      if (j + 2 <= (n))          \
        {                        \
          FOR_ROWS_OF_W (rows, TIMES, 2, 2); \
          j += 2;                \
        }                        \
      if (j < (n))               \
        FOR_ROWS_OF_W (rows, TIMES, 4, 1); \
    }                            \
  while (0)
#define FOR_ROWS_OF_W(rows, TIMES, m, n) \
  do                                     \
    {                                    \
      int r = 0;                         \
      for (; r + (m) <= (rows); r += (m)) \
        TIMES (m, n);                    \
      for (; r < (rows); r++)            \
        TIMES (1, n);                    \
    }                                    \
  while (0)

INLINE void
times_f32 (const int m, const int n, const float *w, int cols, const float *const *x, float *y, gsize y_stride)
{
  Vec sum[4][MANY] = { { { 0 } } };
  gsize group = (gsize) (m * cols) * sizeof *w;
  gboolean fetch = group <= MAX_GROUP_BYTES;
  int k = 0;
  for (; k + LANES <= cols; k += LANES)
    {
      if (fetch)
        fetch_next (w, group, (gsize) (m * k) * sizeof *w, (gsize) (m * LANES) * sizeof *w);
#pragma GCC unroll 4
      for (int i = 0; i < m; i++)
        {
          Vec a = load (w + (gsize) i * (gsize) cols + k);
#pragma GCC unroll 4
          for (int j = 0; j < n; j++)
            sum[i][j] += a * load (x[j] + k);
        }
    }
  for (int i = 0; i < m; i++)
    for (int j = 0; j < n; j++)
      {
        float total = sum_of (sum[i][j]);
        for (int t = k; t < cols; t++)
          total += w[(gsize) i * (gsize) cols + (gsize) t] * x[j][t];
        y[(gsize) j * y_stride + (gsize) i] = total;
      }
}

static void
many_f32 (const float *w, int rows, int cols, const float *const *x, int n, float *y, gsize y_stride)
{
#define TIMES_F32(m, count) times_f32 (m, count, w + (gsize) r * (gsize) cols, cols, x + j, y + (gsize) j * y_stride + r, y_stride)
  FOR_ROWS (rows, n, TIMES_F32);
}

/* A 32-bit lane holds an even element in its low and an odd one in its high half: each
 * becomes a float by a shift or a mask, without a shuffle. */
INLINE void
times_bf16 (const int m, const int n, const guint16 *w, int cols, const float *const *x, float *y, gsize y_stride)
{
  Vec even[4][MANY] = { { { 0 } } }, odd[4][MANY] = { { { 0 } } };
  gsize group = (gsize) (m * cols) * sizeof *w;
  gboolean fetch = group <= MAX_GROUP_BYTES;
  int half = cols / 2, k = 0;
  for (; k + LANES <= half; k += LANES)
    {
      if (fetch)
        fetch_next (w, group, (gsize) (m * 2 * k) * sizeof *w, (gsize) (m * 2 * LANES) * sizeof *w);
#pragma GCC unroll 4
      for (int i = 0; i < m; i++)
        {
          VecU both;
          memcpy (&both, w + (gsize) i * (gsize) cols + 2 * k, sizeof both);
          Vec a = (Vec) (both << 16), b = (Vec) (both & 0xffff0000u);
#pragma GCC unroll 4
          for (int j = 0; j < n; j++)
            {
              even[i][j] += a * load (x[j] + k);
              odd[i][j] += b * load (x[j] + half + k);
            }
        }
    }
  for (int i = 0; i < m; i++, w += cols)
    for (int j = 0; j < n; j++)
      {
        float total = sum_of (even[i][j] + odd[i][j]);
        for (int t = k; t < half; t++)
          total += docai_bf16_to_float (w[2 * t]) * x[j][t] + docai_bf16_to_float (w[2 * t + 1]) * x[j][half + t];
        if (cols & 1)
          total += docai_bf16_to_float (w[cols - 1]) * x[j][cols - 1];
        y[(gsize) j * y_stride + (gsize) i] = total;
      }
}

static void
many_bf16 (const guint16 *w, int rows, int cols, const float *const *x, int n, float *y, gsize y_stride)
{
#define TIMES_BF16(m, count) times_bf16 (m, count, w + (gsize) r * (gsize) cols, cols, x + j, y + (gsize) j * y_stride + r, y_stride)
  FOR_ROWS (rows, n, TIMES_BF16);
}

static void
widen_bf16 (const guint16 *in, int n, float *out)
{
  int i = 0;
  for (; i + LANES <= n; i += LANES)
    {
      VecH h;
      memcpy (&h, in + i, sizeof h);
      store (out + i, (Vec) (__builtin_convertvector (h, VecU) << 16));
    }
  for (; i < n; i++)
    out[i] = docai_bf16_to_float (in[i]);
}

static void
widen_f16 (const guint16 *in, int n, float *out)
{
  int i = 0;
#if LANES >= 8
  for (; i + 8 <= n; i += 8)
    _mm256_storeu_ps (out + i, _mm256_cvtph_ps (_mm_loadu_si128 ((const __m128i *) (in + i))));
#endif
  for (; i < n; i++)
    out[i] = docai_f16_to_float (in[i]);
}

static void
narrow_f16 (const float *in, int n, guint16 *out)
{
  int i = 0;
  for (; i + LANES <= n; i += LANES)
    store_half (out + i, load (in + i));
  if (i == n)
    return;
  guint16 rest[LANES];
  store_half (rest, load_tail (in + i, (gsize) (n - i)));
  memcpy (out + i, rest, (gsize) (n - i) * sizeof *out);
}

static void
many_f16 (const guint16 *w, int rows, int cols, const float *const *x, int n, float *y, gsize y_stride)
{
  float part[256];
  for (int r = 0; r < rows; r++, w += cols)
    {
      for (int j = 0; j < n; j++)
        y[(gsize) j * y_stride + (gsize) r] = 0;
      for (int i = 0; i < cols; i += (int) G_N_ELEMENTS (part))
        {
          int count = MIN ((int) G_N_ELEMENTS (part), cols - i);
          widen_f16 (w + i, count, part);
          for (int j = 0; j < n; j++)
            y[(gsize) j * y_stride + (gsize) r] += dot (part, x[j] + i, count);
        }
    }
}

#if LANES >= 8
/* Sums of four neighbouring products of unsigned and signed bytes, as eight numbers. No pair
 * of products exceeds 16 bits: one factor is at most 127, the other at most 127 or 15. */
static inline __m256i
dot_bytes (__m256i u, __m256i s)
{
#if defined WITH_VNNI
  return _mm256_dpbusd_epi32 (_mm256_setzero_si256 (), u, s);
#else
  return _mm256_madd_epi16 (_mm256_maddubs_epi16 (u, s), _mm256_set1_epi16 (1));
#endif
}

static inline __m256i
load_bytes (const void *p)
{
  return _mm256_loadu_si256 (p);
}

INLINE void
group_q8 (const int m, const int n, const gint8 *w, gsize stride, const DocaiQuantized *x, int g, __m256 sum[4][MANY])
{
#pragma GCC unroll 4
  for (int i = 0; i < m; i++)
    {
      __m256i a = load_bytes (w + (gsize) i * stride), magnitude = _mm256_abs_epi8 (a);
#pragma GCC unroll 4
      for (int j = 0; j < n; j++)
        {
          __m256i d = dot_bytes (magnitude, _mm256_sign_epi8 (load_bytes (x[j].values + g * 32), a));
          sum[i][j] = _mm256_fmadd_ps (_mm256_cvtepi32_ps (d), _mm256_broadcast_ss (&x[j].scales[g]), sum[i][j]);
        }
    }
}

INLINE void
times_q8 (const int m, const int n, const gint8 *w, const float *scales, int cols, const DocaiQuantized *x, float *y, gsize y_stride)
{
  __m256 sum[4][MANY];
  for (int i = 0; i < m; i++)
    for (int j = 0; j < n; j++)
      sum[i][j] = _mm256_setzero_ps ();
  gsize group = (gsize) (m * cols);
  gboolean fetch = group <= MAX_GROUP_BYTES;
  int g = 0;
  for (; g < cols / 32; g++)
    {
      if (fetch)
        fetch_next (w, group, (gsize) (m * g * 32), (gsize) (m * 32));
      group_q8 (m, n, w + g * 32, (gsize) cols, x, g, sum);
    }
  if (cols % 32 != 0)
    {
      gint8 rest[4][32] = { { 0 } };
      for (int i = 0; i < m; i++)
        memcpy (rest[i], w + (gsize) i * (gsize) cols + g * 32, (gsize) (cols % 32));
      group_q8 (m, n, rest[0], 32, x, g, sum);
    }
  for (int i = 0; i < m; i++)
    for (int j = 0; j < n; j++)
      y[(gsize) j * y_stride + (gsize) i] = scales[i] * sum_of_8 (sum[i][j]);
}

/* Sums of four neighbouring products, of two such pairs of vectors together: u is at most 15. */
static inline __m256i
dot_two (__m256i u, __m256i s, __m256i v, __m256i t)
{
#if defined WITH_VNNI
  return _mm256_dpbusd_epi32 (_mm256_dpbusd_epi32 (_mm256_setzero_si256 (), u, s), v, t);
#else
  return _mm256_madd_epi16 (_mm256_add_epi16 (_mm256_maddubs_epi16 (u, s), _mm256_maddubs_epi16 (v, t)), _mm256_set1_epi16 (1));
#endif
}

/* Two groups of 16 bytes from p; the second is zero where there is none. */
INLINE __m256i
load_groups (const void *p, gboolean two)
{
  return two ? load_bytes (p) : _mm256_zextsi128_si256 (_mm_loadu_si128 (p));
}

/* Groups g and g + 1 of m rows of W, in the lower and the upper half of a vector: first the 16 elements of both in low
 * nibbles, then those in high ones. factors are those of eight groups, g at 2 pair. */
INLINE void
pair_q4 (const int m, const int n, const guint8 *w, gsize stride, const DocaiQuantized *x, int g, gboolean two, int pair,
         __m256 factors[4][MANY], __m256 sum[4][MANY])
{
  const __m256i mask = _mm256_set1_epi8 (15);
  const __m256i chosen = _mm256_add_epi32 (_mm256_set_epi32 (1, 1, 1, 1, 0, 0, 0, 0), _mm256_set1_epi32 (2 * pair));
  __m256i low[MANY], high[MANY];
#pragma GCC unroll 4
  for (int j = 0; j < n; j++)
    {
      __m256i a = load_bytes (x[j].values + g * 32), b = two ? load_bytes (x[j].values + (g + 1) * 32) : _mm256_setzero_si256 ();
      low[j] = _mm256_permute2x128_si256 (a, b, 0x20);
      high[j] = _mm256_permute2x128_si256 (a, b, 0x31);
    }
#pragma GCC unroll 4
  for (int i = 0; i < m; i++)
    {
      __m256i both = load_groups (w + (gsize) i * stride, two);
      __m256i a = _mm256_and_si256 (both, mask), b = _mm256_and_si256 (_mm256_srli_epi16 (both, 4), mask);
#pragma GCC unroll 4
      for (int j = 0; j < n; j++)
        sum[i][j] = _mm256_fmadd_ps (_mm256_cvtepi32_ps (dot_two (a, low[j], b, high[j])),
                                     _mm256_permutevar8x32_ps (factors[i][j], chosen), sum[i][j]);
    }
}

/* Eight groups at a time, so that their scales are multiplied as a vector. Elements are taken
 * as q, 0 ... 15; what this is too much, 8 scale times the sum of x, is `offsets`. */
INLINE void
times_q4 (const int m, const int n, const guint8 *w, const float *scales, int groups, const DocaiQuantized *x, float *y, gsize y_stride)
{
  const __m256i numbers = _mm256_set_epi32 (7, 6, 5, 4, 3, 2, 1, 0);
  gsize stride = (gsize) groups * 16, group = (gsize) m * stride;
  gboolean fetch = group <= MAX_GROUP_BYTES_Q4;
  __m256 sum[4][MANY], factors[4][MANY];
  for (int i = 0; i < m; i++)
    for (int j = 0; j < n; j++)
      sum[i][j] = _mm256_setzero_ps ();
  for (int first = 0; first < groups; first += 8)
    {
      int count = MIN (8, groups - first);
      if (fetch)
        fetch_next (scales, (gsize) (m * groups) * sizeof *scales, (gsize) (m * first) * sizeof *scales, (gsize) (m * count) * sizeof *scales);
      __m256i there = _mm256_cmpgt_epi32 (_mm256_set1_epi32 (count), numbers);
#pragma GCC unroll 4
      for (int i = 0; i < m; i++)
        {
          __m256 s = _mm256_maskload_ps (scales + (gsize) i * (gsize) groups + first, there);
#pragma GCC unroll 4
          for (int j = 0; j < n; j++)
            {
              factors[i][j] = _mm256_mul_ps (s, _mm256_maskload_ps (x[j].scales + first, there));
              sum[i][j] = _mm256_fnmadd_ps (s, _mm256_maskload_ps (x[j].offsets + first, there), sum[i][j]);
            }
        }
      const guint8 *at = w + (gsize) first * 16;
      for (int g = 0; g < count; g += 2)
        {
          if (fetch)
            fetch_next (w, group, (gsize) (m * (first + g) * 16), (gsize) (m * 32));
          pair_q4 (m, n, at + g * 16, stride, x, first + g, g + 1 < count, g / 2, factors, sum);
        }
    }
  for (int i = 0; i < m; i++)
    for (int j = 0; j < n; j++)
      y[(gsize) j * y_stride + (gsize) i] = sum_of_8 (sum[i][j]);
}
#else
INLINE void
times_q8 (const int m, const int n, const gint8 *w, const float *scales, int cols, const DocaiQuantized *x, float *y, gsize y_stride)
{
  for (int i = 0; i < m; i++, w += cols)
    for (int j = 0; j < n; j++)
      {
        float total = 0;
        for (int g = 0; g * 32 < cols; g++)
          {
            int sum = 0, width = MIN (32, cols - g * 32);
            for (int k = 0; k < width; k++)
              sum += w[g * 32 + k] * x[j].values[g * 32 + k];
            total += (float) sum * x[j].scales[g];
          }
        y[(gsize) j * y_stride + (gsize) i] = scales[i] * total;
      }
}

INLINE void
times_q4 (const int m, const int n, const guint8 *w, const float *scales, int groups, const DocaiQuantized *x, float *y, gsize y_stride)
{
  for (int i = 0; i < m; i++, w += (gsize) groups * 16, scales += groups)
    for (int j = 0; j < n; j++)
      {
        float total = 0;
        for (int g = 0; g < groups; g++)
          {
            const gint8 *values = x[j].values + g * 32;
            int sum = 0;
            for (int k = 0; k < 16; k++)
              sum += (w[g * 16 + k] & 15) * values[k] + (w[g * 16 + k] >> 4) * values[16 + k];
            total += scales[g] * ((float) sum * x[j].scales[g] - x[j].offsets[g]);
          }
        y[(gsize) j * y_stride + (gsize) i] = total;
      }
}
#endif

static void
many_q8 (const gint8 *w, const float *scales, int rows, int cols, const DocaiQuantized *x, int n, float *y, gsize y_stride)
{
#define TIMES_Q8(m, count) \
  times_q8 (m, count, w + (gsize) r * (gsize) cols, scales + r, cols, x + j, y + (gsize) j * y_stride + r, y_stride)
  FOR_ROWS (rows, n, TIMES_Q8);
}

static void
many_q4 (const guint8 *w, const float *scales, int rows, int cols, const DocaiQuantized *x, int n, float *y, gsize y_stride)
{
  int groups = cols / DOCAI_Q4_GROUP;
#define TIMES_Q4(m, count)                                                                                                   \
  times_q4 (m, count, w + (gsize) r * (gsize) groups * 16, scales + (gsize) r * (gsize) groups, groups, x + j, \
            y + (gsize) j * y_stride + r, y_stride)
  FOR_ROWS (rows, n, TIMES_Q4);
}

static void
widen_q8 (const gint8 *in, float scale, int n, float *out)
{
  int i = 0;
  for (; i + LANES <= n; i += LANES)
    {
      VecB b;
      memcpy (&b, in + i, sizeof b);
      store (out + i, __builtin_convertvector (b, Vec) * scale);
    }
  for (; i < n; i++)
    out[i] = (float) in[i] * scale;
}

static void
widen_q4 (const guint8 *in, const float *scales, int n, float *out)
{
  for (int g = 0; g < n / DOCAI_Q4_GROUP; g++, in += 16, out += 32)
    for (int i = 0; i < 16; i++)
      {
        out[i] = (float) ((int) (in[i] & 15) - 8) * scales[g];
        out[i + 16] = (float) ((int) (in[i] >> 4) - 8) * scales[g];
      }
}
