/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The network's inner loops for AVX2. The instruction that multiplies bytes
 * takes one operand unsigned and saturates its sums of two at 16 bits: with the
 * weight's magnitude as that operand and its sign given to the activation, the
 * largest sum is 2 x 128 x 127, which fits.
 */
#include <immintrin.h>
#include <string.h>

#include "pipeline/ocr/lstm/kernels.h"

enum { ROWS = 3, HALF = 8 };

static inline __m256i
broadcast (const guint8 *p)
{
  gint32 v;

  memcpy (&v, p, 4);
  return _mm256_set1_epi32 (v);
}

/* sum += the products of 8 outputs with their 4 inputs each. */
static inline __m256i
multiply_add (__m256i sum, __m256i weights, __m256i magnitudes, __m256i inputs)
{
  __m256i pairs = _mm256_maddubs_epi16 (magnitudes, _mm256_sign_epi8 (inputs, weights));

  return _mm256_add_epi32 (sum, _mm256_madd_epi16 (pairs, _mm256_set1_epi16 (1)));
}

/* Two neighbours of the table for each of four lanes, whose indices come two in
 * a word. Plain loads are faster than gathering on processors that stop at AVX2. */
static inline __m256
load_pairs (const float *table, guint64 first, guint64 second)
{
#define PAIR(i) ((const __m64 *) (const void *) (table + (i)))
#define LOW_PAIR(i) _mm_castsi128_ps (_mm_loadl_epi64 ((const __m128i *) (const void *) (table + (i))))
  __m128 low = LOW_PAIR ((guint32) first), high = LOW_PAIR ((guint32) second);

  low = _mm_loadh_pi (low, PAIR (first >> 32));
  high = _mm_loadh_pi (high, PAIR (second >> 32));
#undef LOW_PAIR
#undef PAIR
  return _mm256_insertf128_ps (_mm256_castps128_ps256 (low), high, 1);
}

/* `reaches_one`: the table's last values are 1, so that what lies beyond needs no look. */
static inline __m256
look_up (const float *table, __m256 x, gboolean reaches_one)
{
  const __m256 last = _mm256_set1_ps (DOCAI_TABLE_SIZE - 1);
  __m256i          index;
  __m128i          low, high;
  __m256           a, b, value, next, beyond, fraction;

  x = _mm256_mul_ps (x, _mm256_set1_ps (256.0f));
  beyond = _mm256_cmp_ps (x, last, _CMP_NLT_UQ);
  x = _mm256_min_ps (x, last);
  index = _mm256_cvttps_epi32 (x);
  fraction = _mm256_sub_ps (x, _mm256_cvtepi32_ps (index));
  /* Lanes 0 1 4 5 and 2 3 6 7, so that taking the pairs apart restores the order. */
  low = _mm256_castsi256_si128 (index);
  high = _mm256_extracti128_si256 (index, 1);
  a = load_pairs (table, (guint64) _mm_cvtsi128_si64 (low), (guint64) _mm_cvtsi128_si64 (high));
  b = load_pairs (table, (guint64) _mm_extract_epi64 (low, 1),
                  (guint64) _mm_extract_epi64 (high, 1));
  value = _mm256_shuffle_ps (a, b, 0x88);
  next = _mm256_shuffle_ps (a, b, 0xdd);
  value = _mm256_add_ps (value, _mm256_mul_ps (_mm256_sub_ps (next, value), fraction));
  return reaches_one ? value : _mm256_blendv_ps (value, _mm256_set1_ps (1.0f), beyond);
}

static inline __m256
tanh_of (const DocaiLstmTables *tables, __m256 x)
{
  __m256 sign = _mm256_and_ps (x, _mm256_set1_ps (-0.0f));

  return _mm256_xor_ps (look_up (tables->tanh, _mm256_xor_ps (x, sign), TRUE), sign);
}

static inline __m256
logistic_of (const DocaiLstmTables *tables, __m256 x)
{
  __m256 y = look_up (tables->logistic, _mm256_andnot_ps (_mm256_set1_ps (-0.0f), x), FALSE);

  return _mm256_blendv_ps (y, _mm256_sub_ps (_mm256_set1_ps (1.0f), y), x);
}

/* -1..1 to -127..127, half away from zero; 8 bytes. */
static inline void
store_quantized (guint8 *out, __m256 x)
{
  __m256  scaled = _mm256_mul_ps (x, _mm256_set1_ps (127.0f));
  __m256  size = _mm256_andnot_ps (_mm256_set1_ps (-0.0f), scaled);
  __m256i whole = _mm256_cvttps_epi32 (_mm256_add_ps (size, _mm256_set1_ps (0.5f)));
  __m128i words;

  whole = _mm256_sign_epi32 (whole, _mm256_or_si256 (_mm256_castps_si256 (scaled),
                                                     _mm256_set1_epi32 (1)));
  words = _mm_packs_epi32 (_mm256_castsi256_si128 (whole), _mm256_extracti128_si256 (whole, 1));
  _mm_storel_epi64 ((__m128i *) (void *) out, _mm_packs_epi16 (words, words));
}

static inline __m256
scaled_sum (__m256i sum, const DocaiGates *gates, gsize at)
{
  return _mm256_mul_ps (_mm256_cvtepi32_ps (sum), _mm256_loadu_ps (gates->scale + at));
}

/* The first three gates of 8 units of one row: the new state. */
static inline __m256
next_state (const DocaiGates *gates, const DocaiLstmTables *tables, gsize at, int unit,
            const DocaiLstmRow *row, __m256i s0, __m256i s1, __m256i s2)
{
  __m256 state = _mm256_loadu_ps (row->state + unit);
  __m256 input = tanh_of (tables, scaled_sum (s0, gates, at));

  input = _mm256_mul_ps (input, logistic_of (tables, scaled_sum (s1, gates, at + DOCAI_PANEL)));
  state = _mm256_mul_ps (state,
                         logistic_of (tables, scaled_sum (s2, gates, at + 2 * DOCAI_PANEL)));
  state = _mm256_add_ps (state, input);
  state = _mm256_max_ps (_mm256_min_ps (state, _mm256_set1_ps (100.0f)), _mm256_set1_ps (-100.0f));
  _mm256_storeu_ps (row->state + unit, state);
  return state;
}

/* What the fourth gate lets out of the state. */
static inline void
store_output (const DocaiGates *gates, const DocaiLstmTables *tables, gsize at, int unit,
              const DocaiLstmRow *row, __m256 state, __m256i s3)
{
  __m256 gate = logistic_of (tables, scaled_sum (s3, gates, at + 3 * DOCAI_PANEL));

  store_quantized (row->out + unit, _mm256_mul_ps (tanh_of (tables, state), gate));
}

#define LOAD_BIAS(gate) \
  _mm256_loadu_si256 ((const __m256i *) (const void *) (gates->bias + at + (gate) * DOCAI_PANEL))

/* One gate's 8 outputs by 4 inputs, for the three rows. */
#define GATE_STEP(gate, a, b, c)                                                             \
  do                                                                                         \
    {                                                                                        \
      __m256i w = _mm256_loadu_si256 (                                                       \
        (const __m256i *) (const void *) (weights + (gate) * DOCAI_PANEL * 4));              \
      __m256i m = _mm256_abs_epi8 (w);                                                       \
      a = multiply_add (a, w, m, broadcast (p0));                                            \
      b = multiply_add (b, w, m, broadcast (p1));                                            \
      c = multiply_add (c, w, m, broadcast (p2));                                            \
    }                                                                                        \
  while (0)

#define ALL_GATES_STEP             \
  do                               \
    {                              \
      GATE_STEP (0, a0, b0, c0);   \
      GATE_STEP (1, a1, b1, c1);   \
      GATE_STEP (2, a2, b2, c2);   \
      GATE_STEP (3, a3, b3, c3);   \
      weights += DOCAI_GATES * DOCAI_PANEL * 4; \
      p0 += 4;                     \
      p1 += 4;                     \
      p2 += 4;                     \
    }                              \
  while (0)

/* Declares the sums of three rows and four gates, and fills them. They have
 * names because the compiler keeps no array of them in registers. */
#define MULTIPLY(x0, x1, x2, h0, h1, h2)                                                     \
  gsize         at = (gsize) panel * DOCAI_GATES * DOCAI_PANEL + half * HALF;                \
  const gint8  *weights = gates->weights                                                     \
                         + ((gsize) panel * (gates->n_x4 + gates->n_h4) * DOCAI_GATES        \
                              * DOCAI_PANEL                                                  \
                            + half * HALF)                                                   \
                             * 4;                                                            \
  __m256i       a0 = LOAD_BIAS (0), b0 = a0, c0 = a0;                                        \
  __m256i       a1 = LOAD_BIAS (1), b1 = a1, c1 = a1;                                        \
  __m256i       a2 = LOAD_BIAS (2), b2 = a2, c2 = a2;                                        \
  __m256i       a3 = LOAD_BIAS (3), b3 = a3, c3 = a3;                                        \
  const guint8 *p0 = (x0), *p1 = (x1), *p2 = (x2);                                           \
  for (int k = 0; k < gates->n_x4; k++)                                                      \
    ALL_GATES_STEP;                                                                          \
  p0 = (h0);                                                                                 \
  p1 = (h1);                                                                                 \
  p2 = (h2);                                                                                 \
  for (int k = 0; k < gates->n_h4; k++)                                                      \
    ALL_GATES_STEP

static void
lstm_block (const DocaiGates *gates, const DocaiLstmTables *tables, int panel, int half,
            const DocaiLstmRow *rows)
{
  MULTIPLY (rows[0].x, rows[1].x, rows[2].x, rows[0].h, rows[1].h, rows[2].h);
  int unit = panel * DOCAI_PANEL + half * HALF;

  /* Outputs wait for their states: in this order there are other look-ups meanwhile. */
  __m256 a = next_state (gates, tables, at, unit, &rows[0], a0, a1, a2);
  __m256 b = next_state (gates, tables, at, unit, &rows[1], b0, b1, b2);
  __m256 c = next_state (gates, tables, at, unit, &rows[2], c0, c1, c2);
  store_output (gates, tables, at, unit, &rows[0], a, a3);
  store_output (gates, tables, at, unit, &rows[1], b, b3);
  store_output (gates, tables, at, unit, &rows[2], c, c3);
}

/* One row alone. */
static void
lstm_single (const DocaiGates *gates, const DocaiLstmTables *tables, int panel, int half,
             const DocaiLstmRow *row)
{
  gsize        at = (gsize) panel * DOCAI_GATES * DOCAI_PANEL + half * HALF;
  const gint8 *weights
    = gates->weights
      + ((gsize) panel * (gates->n_x4 + gates->n_h4) * DOCAI_GATES * DOCAI_PANEL + half * HALF) * 4;
  __m256i a0 = LOAD_BIAS (0), a1 = LOAD_BIAS (1), a2 = LOAD_BIAS (2), a3 = LOAD_BIAS (3);

  for (int k = 0; k < gates->n_x4 + gates->n_h4; k++)
    {
      __m256i inputs = broadcast (k < gates->n_x4 ? row->x + 4 * k
                                                  : row->h + 4 * (k - gates->n_x4));
      const __m256i *w = (const __m256i *) (const void *) weights;
      __m256i w0 = _mm256_loadu_si256 (w), w1 = _mm256_loadu_si256 (w + 2),
              w2 = _mm256_loadu_si256 (w + 4), w3 = _mm256_loadu_si256 (w + 6);

      a0 = multiply_add (a0, w0, _mm256_abs_epi8 (w0), inputs);
      a1 = multiply_add (a1, w1, _mm256_abs_epi8 (w1), inputs);
      a2 = multiply_add (a2, w2, _mm256_abs_epi8 (w2), inputs);
      a3 = multiply_add (a3, w3, _mm256_abs_epi8 (w3), inputs);
      weights += DOCAI_GATES * DOCAI_PANEL * 4;
    }
  int    unit = panel * DOCAI_PANEL + half * HALF;
  __m256 state = next_state (gates, tables, at, unit, row, a0, a1, a2);

  store_output (gates, tables, at, unit, row, state, a3);
}

static void
lstm_step (const DocaiGates *gates, const DocaiLstmTables *tables, const DocaiLstmRow *rows,
           guint n_rows)
{
  guint whole = n_rows / ROWS * ROWS;

  for (int panel = 0; panel < gates->n_panels; panel++)
    for (int half = 0; half < 2; half++)
      {
        for (guint r = 0; r < whole; r += ROWS)
          lstm_block (gates, tables, panel, half, rows + r);
        for (guint r = whole; r < n_rows; r++)
          lstm_single (gates, tables, panel, half, rows + r);
      }
}

static void
dense_block (const DocaiGates *gates, int panel, int half, const guint8 *const *x, float *o0,
             float *o1, float *o2)
{
  MULTIPLY (x[0], x[1], x[2], NULL, NULL, NULL);

#define STORE(gate, a, b, c)                                                              \
  _mm256_storeu_ps (o0 + at + (gate) * DOCAI_PANEL,                                       \
                    scaled_sum (a, gates, at + (gate) * DOCAI_PANEL));                    \
  _mm256_storeu_ps (o1 + at + (gate) * DOCAI_PANEL,                                       \
                    scaled_sum (b, gates, at + (gate) * DOCAI_PANEL));                    \
  _mm256_storeu_ps (o2 + at + (gate) * DOCAI_PANEL,                                       \
                    scaled_sum (c, gates, at + (gate) * DOCAI_PANEL))
  STORE (0, a0, b0, c0);
  STORE (1, a1, b1, c1);
  STORE (2, a2, b2, c2);
  STORE (3, a3, b3, c3);
#undef STORE
}

static void
dense (const DocaiGates *gates, const guint8 *const *x, guint n_rows, float *out, gsize stride)
{
  for (int panel = 0; panel < gates->n_panels; panel++)
    for (int half = 0; half < 2; half++)
      for (guint r = 0; r < n_rows; r += ROWS)
        {
          /* Behind the last row it is computed again. */
          guint         r1 = MIN (r + 1, n_rows - 1), r2 = MIN (r + 2, n_rows - 1);
          const guint8 *in[ROWS] = { x[r], x[r1], x[r2] };

          dense_block (gates, panel, half, in, out + r * stride, out + r1 * stride,
                       out + r2 * stride);
        }
}

static void
convolve (const DocaiConvolution *convolution, const DocaiLstmTables *tables, const guint8 *windows,
          DocaiWindowSteps steps, guint8 *out)
{
  for (int half = 0; half < 2; half++)
    {
      const __m256i *weights
        = (const __m256i *) (const void *) (convolution->weights + half * HALF * 4);
      __m256i w0 = _mm256_loadu_si256 (weights), w1 = _mm256_loadu_si256 (weights + 2),
              w2 = _mm256_loadu_si256 (weights + 4);
      __m256i m0 = _mm256_abs_epi8 (w0), m1 = _mm256_abs_epi8 (w1), m2 = _mm256_abs_epi8 (w2);
      __m256i best = _mm256_set1_epi32 (G_MININT32);

      for (int x = 0; x < convolution->pool_x; x++)
        for (int y = 0; y < convolution->pool_y; y++)
          {
            const guint8 *p = windows + x * steps.pixel_x + y * steps.pixel_y;
            __m256i       sum = _mm256_setzero_si256 ();

            sum = multiply_add (sum, w0, m0, broadcast (p));
            sum = multiply_add (sum, w1, m1, broadcast (p + steps.column));
            sum = multiply_add (sum, w2, m2, broadcast (p + 2 * steps.column));
            best = _mm256_max_epi32 (best, sum);
          }
      best = _mm256_add_epi32 (best, _mm256_loadu_si256 ((const __m256i *) (const void *) (
                                       convolution->bias + half * HALF)));
      store_quantized (out + half * HALF,
                       tanh_of (tables, _mm256_mul_ps (_mm256_cvtepi32_ps (best),
                                                       _mm256_loadu_ps (convolution->scale
                                                                        + half * HALF))));
    }
}

const DocaiLstmKernels docai_lstm_kernels_avx2 = { "avx2", 0, lstm_step, dense, convolve };
