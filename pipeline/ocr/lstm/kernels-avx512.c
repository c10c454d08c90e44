/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The network's inner loops for AVX-512 with VNNI, whose one instruction
 * multiplies four unsigned by four signed bytes and adds them up exactly.
 */
#include <immintrin.h>
#include <string.h>

#include "pipeline/ocr/lstm/kernels.h"

enum { ROWS = 6, FLIP = 0x80 };

static inline __m512i
broadcast (const guint8 *p)
{
  gint32 v;

  memcpy (&v, p, 4);
  return _mm512_set1_epi32 (v);
}

static inline __m512
look_up (const float *table, __m512 x)
{
  const __m512i evens = _mm512_setr_epi32 (0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28,
                                           30);
  const __m512i odds = _mm512_setr_epi32 (1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29,
                                          31);
  const __m512  last = _mm512_set1_ps (DOCAI_TABLE_SIZE - 1);
  __mmask16     beyond;
  __m512i       index;
  __m512        a, b, value, next, fraction;

  x = _mm512_mul_ps (x, _mm512_set1_ps (256.0f));
  beyond = _mm512_cmp_ps_mask (x, last, _CMP_NLT_UQ);
  x = _mm512_min_ps (x, last);
  index = _mm512_cvttps_epi32 (x);
  fraction = _mm512_sub_ps (x, _mm512_cvtepi32_ps (index));
  a = _mm512_castsi512_ps (_mm512_i32gather_epi64 (_mm512_castsi512_si256 (index), table, 4));
  b = _mm512_castsi512_ps (
    _mm512_i32gather_epi64 (_mm512_extracti64x4_epi64 (index, 1), table, 4));
  value = _mm512_permutex2var_ps (a, evens, b);
  next = _mm512_permutex2var_ps (a, odds, b);
  value = _mm512_add_ps (value, _mm512_mul_ps (_mm512_sub_ps (next, value), fraction));
  return _mm512_mask_mov_ps (value, beyond, _mm512_set1_ps (1.0f));
}

static inline __m512
tanh_of (const DocaiLstmTables *tables, __m512 x)
{
  __m512 sign = _mm512_and_ps (x, _mm512_set1_ps (-0.0f));

  return _mm512_xor_ps (look_up (tables->tanh, _mm512_xor_ps (x, sign)), sign);
}

static inline __m512
logistic_of (const DocaiLstmTables *tables, __m512 x)
{
  __m512 y = look_up (tables->logistic, _mm512_abs_ps (x));

  return _mm512_mask_sub_ps (y, _mm512_movepi32_mask (_mm512_castps_si512 (x)),
                             _mm512_set1_ps (1.0f), y);
}

/* -1..1 to -127..127, half away from zero, flipped; 16 bytes. */
static inline void
store_quantized (guint8 *out, __m512 x)
{
  __m512  scaled = _mm512_mul_ps (x, _mm512_set1_ps (127.0f));
  __m512i whole
    = _mm512_cvttps_epi32 (_mm512_add_ps (_mm512_abs_ps (scaled), _mm512_set1_ps (0.5f)));

  whole = _mm512_mask_sub_epi32 (whole, _mm512_movepi32_mask (_mm512_castps_si512 (scaled)),
                                 _mm512_setzero_si512 (), whole);
  _mm_storeu_si128 ((__m128i *) (void *) out,
                    _mm_xor_si128 (_mm512_cvtepi32_epi8 (whole), _mm_set1_epi8 ((char) FLIP)));
}

static inline __m512
scaled_sum (__m512i sum, const DocaiGates *gates, gsize at)
{
  return _mm512_mul_ps (_mm512_cvtepi32_ps (sum), _mm512_loadu_ps (gates->scale + at));
}

/* The four gates of 16 units of one row: new state and output. */
static inline void
apply_gates (const DocaiGates *gates, const DocaiLstmTables *tables, gsize at, int unit,
             const DocaiLstmRow *row, __m512i s0, __m512i s1, __m512i s2, __m512i s3)
{
  __m512 state = _mm512_loadu_ps (row->state + unit);
  __m512 input = tanh_of (tables, scaled_sum (s0, gates, at));

  input = _mm512_mul_ps (input, logistic_of (tables, scaled_sum (s1, gates, at + DOCAI_PANEL)));
  state = _mm512_mul_ps (state,
                         logistic_of (tables, scaled_sum (s2, gates, at + 2 * DOCAI_PANEL)));
  state = _mm512_add_ps (state, input);
  state = _mm512_max_ps (_mm512_min_ps (state, _mm512_set1_ps (100.0f)), _mm512_set1_ps (-100.0f));
  _mm512_storeu_ps (row->state + unit, state);
  store_quantized (row->out + unit,
                   _mm512_mul_ps (tanh_of (tables, state),
                                  logistic_of (tables, scaled_sum (s3, gates,
                                                                   at + 3 * DOCAI_PANEL))));
}

#define LOAD_BIAS(gate) _mm512_loadu_si512 (gates->bias + at + (gate) * DOCAI_PANEL)

/* One gate's 16 outputs by 4 inputs, for the six rows. */
#define GATE_STEP(gate, a, b, c, d, e, f)                                     \
  do                                                                          \
    {                                                                         \
      __m512i w = _mm512_loadu_si512 (weights + (gate) * DOCAI_PANEL * 4);    \
      a = _mm512_dpbusd_epi32 (a, i0, w);                                     \
      b = _mm512_dpbusd_epi32 (b, i1, w);                                     \
      c = _mm512_dpbusd_epi32 (c, i2, w);                                     \
      d = _mm512_dpbusd_epi32 (d, i3, w);                                     \
      e = _mm512_dpbusd_epi32 (e, i4, w);                                     \
      f = _mm512_dpbusd_epi32 (f, i5, w);                                     \
    }                                                                         \
  while (0)

#define ALL_GATES_STEP(k)                                                     \
  do                                                                          \
    {                                                                         \
      __m512i i0 = broadcast (p0 + 4 * (k)), i1 = broadcast (p1 + 4 * (k)),   \
              i2 = broadcast (p2 + 4 * (k)), i3 = broadcast (p3 + 4 * (k)),   \
              i4 = broadcast (p4 + 4 * (k)), i5 = broadcast (p5 + 4 * (k));   \
      GATE_STEP (0, a0, b0, c0, d0, e0, f0);                                  \
      GATE_STEP (1, a1, b1, c1, d1, e1, f1);                                  \
      GATE_STEP (2, a2, b2, c2, d2, e2, f2);                                  \
      GATE_STEP (3, a3, b3, c3, d3, e3, f3);                                  \
      weights += DOCAI_GATES * DOCAI_PANEL * 4;                               \
    }                                                                         \
  while (0)

/* Declares the sums of six rows and four gates, and fills them; row(i, part)
 * is the place of a row's inputs. They have names because the compiler keeps
 * no array of them in registers. */
#define MULTIPLY(row)                                                                        \
  gsize         at = (gsize) panel * DOCAI_GATES * DOCAI_PANEL;                              \
  const gint8  *weights = gates->weights                                                     \
                         + (gsize) panel * (gates->n_x4 + gates->n_h4) * DOCAI_GATES         \
                             * DOCAI_PANEL * 4;                                              \
  __m512i       a0 = LOAD_BIAS (0), b0 = a0, c0 = a0, d0 = a0, e0 = a0, f0 = a0;             \
  __m512i       a1 = LOAD_BIAS (1), b1 = a1, c1 = a1, d1 = a1, e1 = a1, f1 = a1;             \
  __m512i       a2 = LOAD_BIAS (2), b2 = a2, c2 = a2, d2 = a2, e2 = a2, f2 = a2;             \
  __m512i       a3 = LOAD_BIAS (3), b3 = a3, c3 = a3, d3 = a3, e3 = a3, f3 = a3;             \
  const guint8 *p0 = row (0, x), *p1 = row (1, x), *p2 = row (2, x), *p3 = row (3, x),       \
               *p4 = row (4, x), *p5 = row (5, x);                                           \
  for (int k = 0; k < gates->n_x4; k++)                                                      \
    ALL_GATES_STEP (k);                                                                      \
  if (gates->n_h4 > 0)                                                                       \
    {                                                                                        \
      p0 = row (0, h), p1 = row (1, h), p2 = row (2, h), p3 = row (3, h), p4 = row (4, h),   \
      p5 = row (5, h);                                                                       \
      for (int k = 0; k < gates->n_h4; k++)                                                  \
        ALL_GATES_STEP (k);                                                                  \
    }

#define LSTM_INPUT(i, part) (rows[i].part)

static void
lstm_block (const DocaiGates *gates, const DocaiLstmTables *tables, int panel, const DocaiLstmRow *rows)
{
  MULTIPLY (LSTM_INPUT)
  int unit = panel * DOCAI_PANEL;

  apply_gates (gates, tables, at, unit, &rows[0], a0, a1, a2, a3);
  apply_gates (gates, tables, at, unit, &rows[1], b0, b1, b2, b3);
  apply_gates (gates, tables, at, unit, &rows[2], c0, c1, c2, c3);
  apply_gates (gates, tables, at, unit, &rows[3], d0, d1, d2, d3);
  apply_gates (gates, tables, at, unit, &rows[4], e0, e1, e2, e3);
  apply_gates (gates, tables, at, unit, &rows[5], f0, f1, f2, f3);
}

/* One row alone. */
static void
lstm_single (const DocaiGates *gates, const DocaiLstmTables *tables, int panel, const DocaiLstmRow *row)
{
  gsize        at = (gsize) panel * DOCAI_GATES * DOCAI_PANEL;
  const gint8 *weights
    = gates->weights
      + (gsize) panel * (gates->n_x4 + gates->n_h4) * DOCAI_GATES * DOCAI_PANEL * 4;
  __m512i a0 = LOAD_BIAS (0), a1 = LOAD_BIAS (1), a2 = LOAD_BIAS (2), a3 = LOAD_BIAS (3);

  for (int k = 0; k < gates->n_x4 + gates->n_h4; k++)
    {
      __m512i inputs = broadcast (k < gates->n_x4 ? row->x + 4 * k
                                                  : row->h + 4 * (k - gates->n_x4));

      a0 = _mm512_dpbusd_epi32 (a0, inputs, _mm512_loadu_si512 (weights));
      a1 = _mm512_dpbusd_epi32 (a1, inputs, _mm512_loadu_si512 (weights + 4 * DOCAI_PANEL));
      a2 = _mm512_dpbusd_epi32 (a2, inputs, _mm512_loadu_si512 (weights + 8 * DOCAI_PANEL));
      a3 = _mm512_dpbusd_epi32 (a3, inputs, _mm512_loadu_si512 (weights + 12 * DOCAI_PANEL));
      weights += DOCAI_GATES * DOCAI_PANEL * 4;
    }
  apply_gates (gates, tables, at, panel * DOCAI_PANEL, row, a0, a1, a2, a3);
}

static void
lstm_step (const DocaiGates *gates, const DocaiLstmTables *tables, const DocaiLstmRow *rows,
           guint n_rows)
{
  guint8       spare_out[2048];
  float        spare_state[2048];
  DocaiLstmRow tail[ROWS];
  guint        blocks = n_rows / ROWS * ROWS;
  gboolean     fill = n_rows - blocks > ROWS / 2;

  /* More than half a block is filled up with a row whose results are dropped. */
  for (guint i = 0; fill && i < ROWS; i++)
    tail[i] = blocks + i < n_rows
                ? rows[blocks + i]
                : (DocaiLstmRow){ rows[blocks].x, rows[blocks].h, spare_out, spare_state };
  if (fill)
    memset (spare_state, 0, sizeof (float) * (gsize) gates->n_panels * DOCAI_PANEL);
  for (int panel = 0; panel < gates->n_panels; panel++)
    {
      for (guint r = 0; r < blocks; r += ROWS)
        lstm_block (gates, tables, panel, rows + r);
      if (fill)
        lstm_block (gates, tables, panel, tail);
      for (guint r = blocks; !fill && r < n_rows; r++)
        lstm_single (gates, tables, panel, rows + r);
    }
}

#define DENSE_INPUT(i, part) (x[i])

static void
dense_block (const DocaiGates *gates, int panel, const guint8 *const *x, float *const *out)
{
  MULTIPLY (DENSE_INPUT)

#define STORE(i, s0, s1, s2, s3)                                                              \
  _mm512_storeu_ps (out[i] + at, scaled_sum (s0, gates, at));                                 \
  _mm512_storeu_ps (out[i] + at + DOCAI_PANEL, scaled_sum (s1, gates, at + DOCAI_PANEL));     \
  _mm512_storeu_ps (out[i] + at + 2 * DOCAI_PANEL,                                            \
                    scaled_sum (s2, gates, at + 2 * DOCAI_PANEL));                            \
  _mm512_storeu_ps (out[i] + at + 3 * DOCAI_PANEL,                                            \
                    scaled_sum (s3, gates, at + 3 * DOCAI_PANEL))
  STORE (0, a0, a1, a2, a3);
  STORE (1, b0, b1, b2, b3);
  STORE (2, c0, c1, c2, c3);
  STORE (3, d0, d1, d2, d3);
  STORE (4, e0, e1, e2, e3);
  STORE (5, f0, f1, f2, f3);
#undef STORE
}

static void
dense (const DocaiGates *gates, const guint8 *const *x, guint n_rows, float *out, gsize stride)
{
  for (int panel = 0; panel < gates->n_panels; panel++)
    for (guint r = 0; r < n_rows; r += ROWS)
      {
        const guint8 *in[ROWS];
        float        *to[ROWS];

        /* Behind the last row it is computed again. */
        for (guint i = 0; i < ROWS; i++)
          {
            in[i] = x[MIN (r + i, n_rows - 1)];
            to[i] = out + MIN (r + i, n_rows - 1) * stride;
          }
        dense_block (gates, panel, in, to);
      }
}

static void
convolve (const DocaiConvolution *convolution, const DocaiLstmTables *tables, const guint8 *windows,
          DocaiWindowSteps steps, guint8 *out)
{
  __m512i w0 = _mm512_loadu_si512 (convolution->weights),
          w1 = _mm512_loadu_si512 (convolution->weights + 4 * DOCAI_PANEL),
          w2 = _mm512_loadu_si512 (convolution->weights + 8 * DOCAI_PANEL);
  __m512i best = _mm512_set1_epi32 (G_MININT32);

  for (int x = 0; x < convolution->pool_x; x++)
    for (int y = 0; y < convolution->pool_y; y++)
      {
        const guint8 *p = windows + x * steps.pixel_x + y * steps.pixel_y;
        __m512i       sum = _mm512_setzero_si512 ();

        sum = _mm512_dpbusd_epi32 (sum, broadcast (p), w0);
        sum = _mm512_dpbusd_epi32 (sum, broadcast (p + steps.column), w1);
        sum = _mm512_dpbusd_epi32 (sum, broadcast (p + 2 * steps.column), w2);
        best = _mm512_max_epi32 (best, sum);
      }
  best = _mm512_add_epi32 (best, _mm512_loadu_si512 (convolution->bias));
  store_quantized (out, tanh_of (tables, _mm512_mul_ps (_mm512_cvtepi32_ps (best),
                                                        _mm512_loadu_ps (convolution->scale))));
}

const DocaiLstmKernels docai_lstm_kernels_avx512 = { "avx512", FLIP, lstm_step, dense, convolve };
