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

/* Rows before their use at which they are fetched. */
#define FETCH_ROWS 16

/* Fetching what is not there, behind the last rows, does nothing. */
INLINE void
fetch_rows (const float *rows, gsize stride, gsize n, int dim)
{
  for (gsize r = 0; r < n; r++)
    for (int i = 0; i < dim; i += 16)
      __builtin_prefetch ((const void *) ((guintptr) (rows + r * stride) + (gsize) i * sizeof *rows), 0, 2);
}

/* Four rows of keys with n queries. */
INLINE void
score_four (const int n, const float *k, gsize stride, int dim, const float *const *q, float *scores, gsize scores_stride)
{
  Vec sum[3][4] = { { { 0 } } };
  int i = 0;
  for (; i + LANES <= dim; i += LANES)
#pragma GCC unroll 4
    for (gsize r = 0; r < 4; r++)
      {
        Vec key = load (k + r * stride + i);
#pragma GCC unroll 3
        for (int j = 0; j < n; j++)
          sum[j][r] += key * load (q[j] + i);
      }
  if (i < dim)
    for (gsize r = 0; r < 4; r++)
      {
        Vec key = load_tail (k + r * stride + i, (gsize) (dim - i));
        for (int j = 0; j < n; j++)
          sum[j][r] += key * load_tail (q[j] + i, (gsize) (dim - i));
      }
#pragma GCC unroll 3
  for (gsize j = 0; j < (gsize) n; j++)
    store_sums (sum[j], scores + j * scores_stride);
}

INLINE void
score_rows (const int n, const float *k, gsize stride, int rows, int dim, const float *const *q, float *scores, gsize scores_stride)
{
  int r = 0;
  for (; r + 4 <= rows; r += 4, k += 4 * stride)
    {
      fetch_rows (k + FETCH_ROWS * stride, stride, 4, dim);
      score_four (n, k, stride, dim, q, scores + r, scores_stride);
    }
  for (; r < rows; r++, k += stride)
    for (gsize j = 0; j < (gsize) n; j++)
      scores[j * scores_stride + (gsize) r] = dot (k, q[j], dim);
}

static void
score_keys (const float *k, gsize stride, int rows, int dim, const float *const *q, int n_q, float *scores, gsize scores_stride)
{
  for (; n_q >= 3; n_q -= 3, q += 3, scores += 3 * scores_stride)
    score_rows (3, k, stride, rows, dim, q, scores, scores_stride);
  if (n_q == 2)
    score_rows (2, k, stride, rows, dim, q, scores, scores_stride);
  else if (n_q == 1)
    score_rows (1, k, stride, rows, dim, q, scores, scores_stride);
}

/* Columns [0, m vectors) of v, weighted for n queries. */
INLINE void
add_columns (const int n, const int m, const float *v, gsize stride, int rows, const float *weights, gsize weights_stride, float *const *out)
{
  Vec sum[3][4];
#pragma GCC unroll 3
  for (int j = 0; j < n; j++)
#pragma GCC unroll 4
    for (int c = 0; c < m; c++)
      sum[j][c] = load (out[j] + c * LANES);
  for (int r = 0; r < rows; r++, v += stride)
    {
      Vec w[3];
      fetch_rows (v + FETCH_ROWS * stride, stride, 1, m * LANES);
#pragma GCC unroll 3
      for (gsize j = 0; j < (gsize) n; j++)
        w[j] = splat (weights[j * weights_stride + (gsize) r]);
#pragma GCC unroll 4
      for (int c = 0; c < m; c++)
        {
          Vec value = load (v + c * LANES);
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
add_value_rows (const int n, const float *v, gsize stride, int rows, int dim, const float *weights, gsize weights_stride, float *const *all_out)
{
  float *out[3];
  int i = 0;
  for (int j = 0; j < n; j++)
    out[j] = all_out[j];
  for (int width; i + LANES <= dim; i += width)
    {
      width = i + 4 * LANES <= dim ? 4 * LANES : LANES;
      if (width == 4 * LANES)
        add_columns (n, 4, v + i, stride, rows, weights, weights_stride, out);
      else
        add_columns (n, 1, v + i, stride, rows, weights, weights_stride, out);
      for (int j = 0; j < n; j++)
        out[j] += width;
    }
  for (gsize j = 0; i < dim && j < (gsize) n; j++)
    for (gsize r = 0; r < (gsize) rows; r++)
      for (int c = i; c < dim; c++)
        all_out[j][c] += weights[j * weights_stride + r] * v[r * stride + (gsize) c];
}

static void
add_values (const float *v, gsize stride, int rows, int dim, const float *weights, gsize weights_stride, int n_q, float *const *out)
{
  for (; n_q >= 3; n_q -= 3, out += 3, weights += 3 * weights_stride)
    add_value_rows (3, v, stride, rows, dim, weights, weights_stride, out);
  if (n_q == 2)
    add_value_rows (2, v, stride, rows, dim, weights, weights_stride, out);
  else if (n_q == 1)
    add_value_rows (1, v, stride, rows, dim, weights, weights_stride, out);
}
