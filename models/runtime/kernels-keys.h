/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Part of kernels-impl.h: the products of attention for a few queries, which share the keys and values that they
 * read. Each row of them is read once for three queries.
 */

/* Sums of the lanes of four vectors, in order. */
INLINE void
store_sums (const Vec v[4], float *y)
{
#if LANES >= 8
  __m256 s[4];
  for (int i = 0; i < 4; i++)
    {
#if LANES == 16
      __m256 half[2];
      memcpy (half, &v[i], sizeof half);
      s[i] = _mm256_add_ps (half[0], half[1]);
#else
      s[i] = (__m256) v[i];
#endif
    }
  __m256 all = _mm256_hadd_ps (_mm256_hadd_ps (s[0], s[1]), _mm256_hadd_ps (s[2], s[3]));
  _mm_storeu_ps (y, _mm_add_ps (_mm256_castps256_ps128 (all), _mm256_extractf128_ps (all, 1)));
#else
  for (int i = 0; i < 4; i++)
    y[i] = sum_of (v[i]);
#endif
}

/* Rows are floats or, with `half`, half-floats: a constant wherever these functions are called. */
INLINE const void *
at (const gboolean half, const void *rows, gsize i)
{
  return half ? (const void *) ((const guint16 *) rows + i) : (const void *) ((const float *) rows + i);
}

INLINE Vec
load_kind (const gboolean half, const void *rows, gsize i)
{
  return half ? load_half ((const guint16 *) rows + i) : load ((const float *) rows + i);
}

INLINE float
value_of (const gboolean half, const void *rows, gsize i)
{
  return half ? docai_f16_to_float (((const guint16 *) rows)[i]) : ((const float *) rows)[i];
}

/* The last n columns of a row. */
INLINE Vec
load_rest (const gboolean half, const void *rows, gsize i, gsize n)
{
  Vec v = { 0 };
  for (gsize c = 0; c < n; c++)
    v[c] = value_of (half, rows, i + c);
  return v;
}

/* Rows before their use at which they are fetched. */
#define FETCH_ROWS 16

/* Fetching what is not there, behind the last rows, does nothing. */
INLINE void
fetch_rows (const gboolean half, const void *rows, gsize first, gsize stride, gsize n, int dim)
{
  gsize size = half ? sizeof (guint16) : sizeof (float);
  for (gsize r = 0; r < n; r++)
    for (gsize i = 0; i < (gsize) dim * size; i += 64)
      __builtin_prefetch ((const void *) ((guintptr) rows + (first + r * stride) * size + i), 0, 2);
}

/* Four rows of keys with n queries. */
INLINE void
score_four (const gboolean half, const int n, const void *k, gsize stride, int dim, const float *const *q, float *scores, gsize scores_stride)
{
  Vec sum[3][4] = { { { 0 } } };
  int i = 0;
  for (; i + LANES <= dim; i += LANES)
#pragma GCC unroll 4
    for (gsize r = 0; r < 4; r++)
      {
        Vec key = load_kind (half, k, r * stride + (gsize) i);
#pragma GCC unroll 3
        for (int j = 0; j < n; j++)
          sum[j][r] += key * load (q[j] + i);
      }
  if (i < dim)
    for (gsize r = 0; r < 4; r++)
      {
        Vec key = load_rest (half, k, r * stride + (gsize) i, (gsize) (dim - i));
        for (int j = 0; j < n; j++)
          sum[j][r] += key * load_tail (q[j] + i, (gsize) (dim - i));
      }
#pragma GCC unroll 3
  for (gsize j = 0; j < (gsize) n; j++)
    store_sums (sum[j], scores + j * scores_stride);
}

INLINE float
score_one (const gboolean half, const void *k, const float *q, int dim)
{
  if (!half)
    return dot (k, q, dim);
  Vec sum = { 0 };
  int i = 0;
  for (; i + LANES <= dim; i += LANES)
    sum += load_half ((const guint16 *) k + i) * load (q + i);
  float total = sum_of (sum);
  for (; i < dim; i++)
    total += value_of (TRUE, k, (gsize) i) * q[i];
  return total;
}

INLINE void
score_rows (const gboolean half, const int n, const void *k, gsize stride, int rows, int dim, const float *const *q, float *scores, gsize scores_stride)
{
  gsize r = 0;
  for (; r + 4 <= (gsize) rows; r += 4)
    {
      fetch_rows (half, k, (r + FETCH_ROWS) * stride, stride, 4, dim);
      score_four (half, n, at (half, k, r * stride), stride, dim, q, scores + r, scores_stride);
    }
  for (; r < (gsize) rows; r++)
    for (gsize j = 0; j < (gsize) n; j++)
      scores[j * scores_stride + r] = score_one (half, at (half, k, r * stride), q[j], dim);
}

/* Three queries at a time, then the others. */
#define FOR_QUERIES(n_q, CALL) \
  do                           \
    {                          \
      int j = 0;               \
      for (; j + 3 <= (n_q); j += 3) \
        CALL (3);              \
      if (j + 2 == (n_q))      \
        CALL (2);              \
      else if (j + 1 == (n_q)) \
        CALL (1);              \
    }                          \
  while (0)

static void
score_keys (const float *k, gsize stride, int rows, int dim, const float *const *q, int n_q, float *scores, gsize scores_stride)
{
#define SCORE(n) score_rows (FALSE, n, k, stride, rows, dim, q + j, scores + (gsize) j * scores_stride, scores_stride)
  FOR_QUERIES (n_q, SCORE);
#undef SCORE
}

static void
score_keys_f16 (const guint16 *k, gsize stride, int rows, int dim, const float *const *q, int n_q, float *scores, gsize scores_stride)
{
#define SCORE(n) score_rows (TRUE, n, k, stride, rows, dim, q + j, scores + (gsize) j * scores_stride, scores_stride)
  FOR_QUERIES (n_q, SCORE);
#undef SCORE
}

/* Columns [0, m vectors) of v, weighted for n queries. */
INLINE void
add_columns (const gboolean half, const int n, const int m, const void *v, gsize stride, int rows, const float *weights,
             gsize weights_stride, float *const *out)
{
  Vec sum[3][4];
#pragma GCC unroll 3
  for (int j = 0; j < n; j++)
#pragma GCC unroll 4
    for (int c = 0; c < m; c++)
      sum[j][c] = load (out[j] + c * LANES);
  for (gsize r = 0; r < (gsize) rows; r++)
    {
      Vec w[3];
      fetch_rows (half, v, (r + FETCH_ROWS) * stride, stride, 1, m * LANES);
#pragma GCC unroll 3
      for (gsize j = 0; j < (gsize) n; j++)
        w[j] = splat (weights[j * weights_stride + r]);
#pragma GCC unroll 4
      for (gsize c = 0; c < (gsize) m; c++)
        {
          Vec value = load_kind (half, v, r * stride + c * LANES);
#pragma GCC unroll 3
          for (int j = 0; j < n; j++)
            sum[j][c] += w[j] * value;
        }
    }
#pragma GCC unroll 3
  for (int j = 0; j < n; j++)
#pragma GCC unroll 4
    for (int c = 0; c < m; c++)
      store (out[j] + c * LANES, sum[j][c]);
}

INLINE void
add_value_rows (const gboolean half, const int n, const void *v, gsize stride, int rows, int dim, const float *weights,
                gsize weights_stride, float *const *all_out)
{
  float *out[3];
  int i = 0;
  for (int j = 0; j < n; j++)
    out[j] = all_out[j];
  for (int width; i + LANES <= dim; i += width)
    {
      width = i + 4 * LANES <= dim ? 4 * LANES : LANES;
      if (width == 4 * LANES)
        add_columns (half, n, 4, at (half, v, (gsize) i), stride, rows, weights, weights_stride, out);
      else
        add_columns (half, n, 1, at (half, v, (gsize) i), stride, rows, weights, weights_stride, out);
      for (int j = 0; j < n; j++)
        out[j] += width;
    }
  for (gsize j = 0; i < dim && j < (gsize) n; j++)
    for (gsize r = 0; r < (gsize) rows; r++)
      for (int c = i; c < dim; c++)
        all_out[j][c] += weights[j * weights_stride + r] * value_of (half, v, r * stride + (gsize) c);
}

static void
add_values (const float *v, gsize stride, int rows, int dim, const float *weights, gsize weights_stride, int n_q, float *const *out)
{
#define ADD(n) add_value_rows (FALSE, n, v, stride, rows, dim, weights + (gsize) j * weights_stride, weights_stride, out + j)
  FOR_QUERIES (n_q, ADD);
#undef ADD
}

static void
add_values_f16 (const guint16 *v, gsize stride, int rows, int dim, const float *weights, gsize weights_stride, int n_q, float *const *out)
{
#define ADD(n) add_value_rows (TRUE, n, v, stride, rows, dim, weights + (gsize) j * weights_stride, weights_stride, out + j)
  FOR_QUERIES (n_q, ADD);
#undef ADD
}
