/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Part of kernels-impl.h: products of many rows. PANEL rows of W stand side by side in a
 * packed panel that stays in the first-level cache,
 *
 *     panel[k][r] = W[r][k]          floats
 *     panel[k / 2][r][k % 2]         pairs of 16-bit numbers
 *
 * while TILE rows of x pass by: each element of x is spread over a vector and meets two
 * vectors of the panel, and the sums stay in registers. An element of the result is always
 * summed in the same order, whatever tile it lies in.
 */
#define PANEL (2 * LANES)
#if LANES == 16
#define TILE 12
#else
#define TILE 6
#endif

/* out += products, or products + bias; only the first n of the PANEL columns exist. */
INLINE void
store_pair (float *out, Vec a, Vec b, int n, gboolean add)
{
  if (n == PANEL)
    {
      store (out, add ? load (out) + a : a);
      store (out + LANES, add ? load (out + LANES) + b : b);
      return;
    }
  float part[PANEL];
  store (part, a);
  store (part + LANES, b);
  for (int i = 0; i < n; i++)
    out[i] = add ? out[i] + part[i] : part[i];
}

INLINE void
load_pair (const float *x, int n, Vec *a, Vec *b)
{
  float part[PANEL] = { 0 };
  if (x != NULL)
    memcpy (part, x, (gsize) n * sizeof (float));
  *a = load (part);
  *b = load (part + LANES);
}

INLINE void
tile_f32 (const int m, const float *x, gsize x_stride, int depth, const float *panel, Vec bias0, Vec bias1,
          float *out, gsize out_stride, int n, gboolean add)
{
  Vec sum[TILE][2];
#pragma GCC unroll 12
  for (int i = 0; i < m; i++)
    {
      sum[i][0] = bias0;
      sum[i][1] = bias1;
      __builtin_prefetch (out + (gsize) i * out_stride, 1);
    }
  for (int k = 0; k < depth; k++, panel += PANEL)
    {
      Vec w0 = load (panel), w1 = load (panel + LANES);
#pragma GCC unroll 12
      for (int i = 0; i < m; i++)
        {
          Vec a = splat (x[(gsize) i * x_stride + (gsize) k]);
          sum[i][0] += a * w0;
          sum[i][1] += a * w1;
        }
    }
#pragma GCC unroll 12
  for (int i = 0; i < m; i++)
    store_pair (out + (gsize) i * out_stride, sum[i][0], sum[i][1], n, add);
}

/* Sums of products of the pairs in each 32-bit lane. */
INLINE VecI
add_pairs (VecI sum, VecI a, VecI b)
{
#if defined WITH_VNNI
  return (VecI) _mm512_dpwssd_epi32 ((__m512i) sum, (__m512i) a, (__m512i) b);
#elif LANES == 8
  return sum + (VecI) _mm256_madd_epi16 ((__m256i) a, (__m256i) b);
#elif defined __SSE2__
  return sum + (VecI) _mm_madd_epi16 ((__m128i) a, (__m128i) b);
#else
  return sum + ((a << 16) >> 16) * ((b << 16) >> 16) + (a >> 16) * (b >> 16);
#endif
}

INLINE VecI
load_pairs (const gint16 *p)
{
  VecI v;
  memcpy (&v, p, sizeof v);
  return v;
}

INLINE VecI
splat_pair (const gint16 *p)
{
  gint32 pair;
  memcpy (&pair, p, sizeof pair);
  return pair - (VecI) { 0 };
}

/* x, its rows' scales `pieces` apart, and a panel with its columns' scales. */
INLINE void
tile_i16 (const int m, const gint16 *x, gsize x_stride, const float *x_scales, gsize pieces, int pairs, const gint16 *panel,
          Vec scale0, Vec scale1, Vec bias0, Vec bias1, float *out, gsize out_stride, int n, gboolean add)
{
  VecI sum[TILE][2];
#pragma GCC unroll 12
  for (int i = 0; i < m; i++)
    {
      sum[i][0] = sum[i][1] = (VecI) { 0 };
      __builtin_prefetch (out + (gsize) i * out_stride, 1);
    }
  for (int k = 0; k < pairs; k++, panel += 2 * PANEL)
    {
      VecI w0 = load_pairs (panel), w1 = load_pairs (panel + PANEL);
#pragma GCC unroll 12
      for (int i = 0; i < m; i++)
        {
          VecI a = splat_pair (x + (gsize) i * x_stride + (gsize) (2 * k));
          sum[i][0] = add_pairs (sum[i][0], a, w0);
          sum[i][1] = add_pairs (sum[i][1], a, w1);
        }
    }
#pragma GCC unroll 12
  for (int i = 0; i < m; i++)
    {
      float s = x_scales[(gsize) i * pieces];
      store_pair (out + (gsize) i * out_stride, __builtin_convertvector (sum[i][0], Vec) * (s * scale0) + bias0,
                  __builtin_convertvector (sum[i][1], Vec) * (s * scale1) + bias1, n, add);
    }
}

#if defined WITH_BF16
/* Pairs of bf16 numbers; sums are floats. */
INLINE void
tile_bf16 (const int m, const guint16 *x, gsize x_stride, int pairs, const guint16 *panel, Vec bias0, Vec bias1,
           float *out, gsize out_stride, int n, gboolean add)
{
  Vec sum[TILE][2];
#pragma GCC unroll 12
  for (int i = 0; i < m; i++)
    {
      sum[i][0] = bias0;
      sum[i][1] = bias1;
      __builtin_prefetch (out + (gsize) i * out_stride, 1);
    }
  for (int k = 0; k < pairs; k++, panel += 2 * PANEL)
    {
      VecI w0 = load_pairs ((const gint16 *) panel), w1 = load_pairs ((const gint16 *) panel + PANEL);
#pragma GCC unroll 12
      for (int i = 0; i < m; i++)
        {
          VecI a = splat_pair ((const gint16 *) x + (gsize) i * x_stride + (gsize) (2 * k));
          sum[i][0] = (Vec) _mm512_dpbf16_ps ((__m512) sum[i][0], (__m512bh) a, (__m512bh) w0);
          sum[i][1] = (Vec) _mm512_dpbf16_ps ((__m512) sum[i][1], (__m512bh) a, (__m512bh) w1);
        }
    }
#pragma GCC unroll 12
  for (int i = 0; i < m; i++)
    store_pair (out + (gsize) i * out_stride, sum[i][0], sum[i][1], n, add);
}
#endif

/* TILE rows at a time, then what is left by powers of two. */
#define FOR_TILES(m, RUN)           \
  do                                \
    {                               \
      int row = 0;                  \
      for (; row + TILE <= (m); row += TILE) \
        RUN (TILE);                 \
      for (; row + 4 <= (m); row += 4)       \
        RUN (4);                    \
      if (row + 2 <= (m))           \
        {                           \
          RUN (2);                  \
          row += 2;                 \
        }                           \
      if (row < (m))                \
        RUN (1);                    \
    }                               \
  while (0)

static void
multiply_f32 (const DocaiPanel *w, const float *x, gsize x_stride, int m, float *out, gsize out_stride, gboolean add)
{
  Vec bias0, bias1;
  load_pair (w->bias, w->rows, &bias0, &bias1);
#define RUN_F32(count)                                                                                                     \
  tile_f32 (count, x + (gsize) row * x_stride, x_stride, w->depth, w->data, bias0, bias1, out + (gsize) row * out_stride, \
            out_stride, w->rows, add)
  FOR_TILES (m, RUN_F32);
}

static void
multiply_i16 (const DocaiPanel *w, const gint16 *x, gsize x_stride, const float *x_scales, gsize pieces, int m,
              float *out, gsize out_stride, gboolean add)
{
  Vec bias0, bias1, scale0, scale1;
  load_pair (w->bias, w->rows, &bias0, &bias1);
  load_pair (w->scales, w->rows, &scale0, &scale1);
#define RUN_I16(count)                                                                                              \
  tile_i16 (count, x + (gsize) row * x_stride, x_stride, x_scales + (gsize) row * pieces, pieces, (w->depth + 1) / 2, \
            w->data, scale0, scale1, bias0, bias1, out + (gsize) row * out_stride, out_stride, w->rows, add)
  FOR_TILES (m, RUN_I16);
}

#if defined WITH_BF16
static void
multiply_bf16 (const DocaiPanel *w, const guint16 *x, gsize x_stride, int m, float *out, gsize out_stride, gboolean add)
{
  Vec bias0, bias1;
  load_pair (w->bias, w->rows, &bias0, &bias1);
#define RUN_BF16(count)                                                                                                         \
  tile_bf16 (count, x + (gsize) row * x_stride, x_stride, w->depth / 2, w->data, bias0, bias1, out + (gsize) row * out_stride, \
             out_stride, w->rows, add)
  FOR_TILES (m, RUN_BF16);
}
#endif

#if LANES >= 8
/* Eight rows of eight words, `stride` words apart, to columns PANEL words apart. */
INLINE void
transpose_8 (const guint32 *in, gsize stride, guint32 *out)
{
  __m256 r[8], t[8];
#pragma GCC unroll 8
  for (int i = 0; i < 8; i++)
    r[i] = _mm256_loadu_ps ((const float *) (in + (gsize) i * stride));
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++)
    {
      t[2 * i] = _mm256_unpacklo_ps (r[2 * i], r[2 * i + 1]);
      t[2 * i + 1] = _mm256_unpackhi_ps (r[2 * i], r[2 * i + 1]);
    }
#pragma GCC unroll 2
  for (int i = 0; i < 2; i++)
    {
      r[4 * i] = _mm256_shuffle_ps (t[4 * i], t[4 * i + 2], 0x44);
      r[4 * i + 1] = _mm256_shuffle_ps (t[4 * i], t[4 * i + 2], 0xee);
      r[4 * i + 2] = _mm256_shuffle_ps (t[4 * i + 1], t[4 * i + 3], 0x44);
      r[4 * i + 3] = _mm256_shuffle_ps (t[4 * i + 1], t[4 * i + 3], 0xee);
    }
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++)
    {
      _mm256_storeu_ps ((float *) (out + i * PANEL), _mm256_permute2f128_ps (r[i], r[i + 4], 0x20));
      _mm256_storeu_ps ((float *) (out + (i + 4) * PANEL), _mm256_permute2f128_ps (r[i], r[i + 4], 0x31));
    }
}
#endif

static void
pack (const void *rows, gsize stride, int n, int words, void *panel)
{
  const guint32 *in = rows;
  guint32 *out = panel;
  for (int r = 0; r < PANEL; r += 8, in += 8 * stride, out += 8)
    {
      int k = 0;
#if LANES >= 8
      for (; r + 8 <= n && k + 8 <= words; k += 8)
        transpose_8 (in + k, stride, out + k * PANEL);
#endif
      for (; k < words; k++)
        for (int i = 0; i < 8; i++)
          out[k * PANEL + i] = r + i < n ? in[(gsize) i * stride + (gsize) k] : 0;
    }
}
