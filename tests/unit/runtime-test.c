/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The runtime's kernels, products and attention against plain sums, at every level that this
 * processor has, with sizes that leave remainders.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "models/runtime/deformable.h"
#include "models/runtime/attention.h"
#include "models/runtime/block.h"
#include "models/runtime/kernels-priv.h"
#include "models/runtime/kernels.h"
#include "models/runtime/linear.h"
#include "models/runtime/norm.h"
#include "models/runtime/rope.h"

/* The AVX-512 table with plain C in place of its instructions. */
extern const DocaiKernels docai_kernels_emulated;

static float
noise (guint32 *state)
{
  *state = *state * 1664525u + 1013904223u;
  return (float) (gint32) *state * 0x1p-31f;
}

static float *
random_rows (gsize n, guint32 seed)
{
  float *x = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    x[i] = noise (&seed);
  return x;
}

/* Runs a test body once a level. */
static void
for_levels (void (*body) (void))
{
  for (int level = 0; level < DOCAI_LEVEL_COUNT; level++)
    if (docai_kernels_select ((DocaiLevel) level))
      {
        g_test_message ("%s", docai_kernels ()->name);
        body ();
      }
#if defined __x86_64__
  if (docai_kernels_of_level (DOCAI_LEVEL_AVX2) != NULL)
    {
      g_test_message ("avx512, emulated");
      docai_kernels_use (&docai_kernels_emulated);
      body ();
    }
#endif
}

static double
reference_act (DocaiActivation kind, double x)
{
  switch (kind)
    {
    case DOCAI_ACT_RELU:
      return MAX (x, 0);
    case DOCAI_ACT_GELU:
      return 0.5 * x * (1 + erf (x / sqrt (2)));
    case DOCAI_ACT_GELU_TANH:
      return 0.5 * x * (1 + tanh (sqrt (2 / G_PI) * (x + 0.044715 * x * x * x)));
    case DOCAI_ACT_QUICK_GELU:
      return x / (1 + exp (-1.702 * x));
    case DOCAI_ACT_SILU:
      return x / (1 + exp (-x));
    default:
      return x;
    }
}

static void
activations (void)
{
  const DocaiKernels *kernels = docai_kernels ();
  enum { N = 4003 };
  float x[N], y[N];
  for (int kind = DOCAI_ACT_NONE; kind <= DOCAI_ACT_SILU; kind++)
    {
      for (int i = 0; i < N; i++)
        {
          x[i] = (float) (i - N / 2) * 0.01f;
          y[i] = 2.0f;
        }
      float gated[N];
      memcpy (gated, x, sizeof gated);
      kernels->activate ((DocaiActivation) kind, x, N);
      kernels->activate_mul ((DocaiActivation) kind, gated, y, N);
      for (int i = 0; i < N; i++)
        {
          double want = reference_act ((DocaiActivation) kind, (double) ((float) (i - N / 2) * 0.01f));
          g_assert_cmpfloat_with_epsilon (x[i], want, 3e-6 + 1e-6 * fabs (want));
          g_assert_cmpfloat_with_epsilon (gated[i], 2 * want, 6e-6 + 2e-6 * fabs (want));
        }
    }
}

static void
norm_rows (void)
{
  const DocaiKernels *kernels = docai_kernels ();
  for (int n = 1; n < 70; n++)
    {
      g_autofree float *x = random_rows ((gsize) n, 7), *w = random_rows ((gsize) n, 8), *b = random_rows ((gsize) n, 9), *y = g_new (float, n);
      double mean = 0, square = 0, largest = -INFINITY, sum = 0;
      for (int i = 0; i < n; i++)
        {
          mean += x[i] / n;
          square += (double) x[i] * x[i] / n;
          largest = MAX (largest, x[i]);
          sum += exp (x[i] - 0.25);
        }
      double variance = 0;
      for (int i = 0; i < n; i++)
        variance += (x[i] - mean) * (x[i] - mean) / n;
      kernels->layer_norm (x, n, w, b, 1e-5f, y);
      for (int i = 0; i < n; i++)
        g_assert_cmpfloat_with_epsilon (y[i], (x[i] - mean) / sqrt (variance + 1e-5) * w[i] + b[i], 2e-5);
      kernels->rms_norm (x, n, w, 1e-5f, y);
      for (int i = 0; i < n; i++)
        g_assert_cmpfloat_with_epsilon (y[i], x[i] / sqrt (square + 1e-5) * w[i], 1e-5);
      g_assert_cmpfloat (kernels->max (x, n), ==, (float) largest);
      memcpy (y, x, (gsize) n * sizeof (float));
      g_assert_cmpfloat_with_epsilon (kernels->exp_sum (y, 0.25f, n), sum, 1e-5 * sum);
      memcpy (y, x, (gsize) n * sizeof (float));
      kernels->add_scaled (y, w, b, (gsize) n);
      for (int i = 0; i < n; i++)
        g_assert_cmpfloat_with_epsilon (y[i], x[i] + w[i] * b[i], 1e-6);
    }
}

static void
finite_numbers (void)
{
  const DocaiKernels *kernels = docai_kernels ();
  for (int n = 1; n < 40; n++)
    for (int bad = -1; bad < n; bad++)
      {
        float f[40];
        guint16 b[40], h[40];
        for (int i = 0; i < n; i++)
          {
            f[i] = i == bad ? (bad % 2 ? NAN : -INFINITY) : -3e38f;
            b[i] = i == bad ? 0xff80 : 0x7f7f;
            h[i] = i == bad ? 0x7e01 : 0xfbff;
          }
        g_assert_cmpint (kernels->finite_f32 (f, (gsize) n), ==, bad < 0);
        g_assert_cmpint (kernels->finite_bf16 (b, (gsize) n), ==, bad < 0);
        g_assert_cmpint (kernels->finite_f16 (h, (gsize) n), ==, bad < 0);
      }
}

/* A matrix of a type, from random numbers; `wide` gets the values it stands for. */
static DocaiMatrix
make_matrix (DocaiDtype dtype, int n_rows, int cols, float **wide, void **data, float **scales)
{
  gsize count = (gsize) n_rows * (gsize) cols;
  float *x = random_rows (count, 5);
  DocaiMatrix w = { .dtype = dtype, .rows = n_rows, .cols = cols };
  *scales = g_new0 (float, count + 1);
  *data = g_malloc0 (docai_dtype_row_bytes (dtype, cols) * (gsize) n_rows + 1);
  w.data = *data;
  w.scales = *scales;
  for (gsize i = 0; i < count; i++)
    if (dtype == DOCAI_F32)
      ((float *) *data)[i] = x[i];
    else if (dtype == DOCAI_BF16)
      ((guint16 *) *data)[i] = docai_float_to_bf16 (x[i]);
    else if (dtype == DOCAI_F16)
      ((guint16 *) *data)[i] = (guint16) (0x3000 + i * 37 % 0x800 + (i % 3 == 0 ? 0x8000 : 0));
  if (dtype == DOCAI_Q8 || dtype == DOCAI_Q4)
    docai_quantize_rows (dtype, x, n_rows, cols, *data, *scales);
  *wide = g_new (float, count);
  for (int r = 0; r < n_rows; r++)
    docai_matrix_row (&w, r, *wide + (gsize) r * (gsize) cols);
  if (dtype != DOCAI_F16)
    for (gsize i = 0; i < count; i++)
      g_assert_cmpfloat_with_epsilon ((*wide)[i], x[i], dtype == DOCAI_F32 ? 1e-9 : dtype == DOCAI_Q4 ? 0.2 : 0.005);
  double squares = 0;
  for (gsize i = 0; i < count; i++)
    squares += dtype == DOCAI_Q4 ? ((*wide)[i] - x[i]) * ((*wide)[i] - x[i]) : 0;
  g_assert_cmpfloat (sqrt (squares / (double) count), <, 0.045);
  g_free (x);
  return w;
}

/* What is left of a row of activations in bytes; no element moves by more than half a step. */
static void
quantize_row (float *x, int n)
{
  gint8 values[512];
  float scales[16], offsets[16];
  docai_kernels ()->quantize (x, n, values, scales, offsets);
  for (int i = 0; i < n; i++)
    {
      float back = (float) values[i] * scales[i / 32];
      g_assert_cmpfloat_with_epsilon (back, x[i], 0.51 / 127);
      x[i] = back;
    }
}

/* The same for activations as bf16 numbers, where the kernels have a product of them. */
static double
rounding_bf16 (const float *x, const float *w, int cols)
{
  double bound = 0;
  for (int c = 0; docai_kernels ()->multiply_bf16 != NULL && cols % 2 == 0 && c < cols; c++)
    bound += fabs ((double) x[c] * w[c]) / 500;
  return bound;
}

/* Most that rounding activations and weights to whole numbers, in pieces of a row, may change a
 * product by: half a step of each for every element (panels.h). */
static double
rounding (DocaiDtype dtype, const float *x, const float *w, int cols)
{
  double step_x = dtype == DOCAI_Q8 ? 1 / 32767.0 : 1 / 2720.0, step_w = dtype == DOCAI_Q8 ? 0 : 1 / 2047.0, bound = 0;
  double largest_x = 0, largest_w = 0;
  for (int c = 0; c < cols; c++)
    {
      largest_x = MAX (largest_x, fabs (x[c]));
      largest_w = MAX (largest_w, fabs (w[c]));
    }
  for (int c = 0; c < cols; c++)
    bound += 0.51 * (largest_x * step_x * fabs (w[c]) + 8.0 / 7 * largest_w * step_w * fabs (x[c]));
  return bound;
}

static void
product (DocaiDtype dtype, int n_rows, int cols, int n, gboolean add, DocaiRun *run)
{
  float *wide, *scales;
  void *data;
  gboolean quantized = dtype == DOCAI_Q8 || dtype == DOCAI_Q4;
  DocaiMatrix w = make_matrix (dtype, n_rows, cols, &wide, &data, &scales);
  g_autofree float *x = random_rows ((gsize) (n * cols), 11), *bias = random_rows ((gsize) n_rows, 12), *y = random_rows ((gsize) (n * n_rows), 13);
  g_autofree float *before = g_memdup2 (y, (gsize) (n * n_rows) * sizeof (float)), *alone = g_memdup2 (y, (gsize) (n * n_rows) * sizeof (float));
  DocaiLinear linear = { w, bias };
  DocaiProduct products[2] = { { &linear, y, (gsize) n_rows, add, add ? DOCAI_ACT_NONE : DOCAI_ACT_RELU }, { &linear, alone, (gsize) n_rows, add, DOCAI_ACT_NONE } };
  docai_linear_run_all (products, 2, run, x, (gsize) cols, n);
  for (int i = 0; i < n && n <= 8 && quantized; i++)
    quantize_row (x + i * cols, cols);
  for (int i = 0; i < n; i++)
    for (int r = 0; r < n_rows; r++)
      {
        double want = bias[r] + (add ? before[i * n_rows + r] : 0), bound = 1e-4;
        for (int c = 0; c < cols; c++)
          want += (double) x[i * cols + c] * wide[r * cols + c];
        if (n > 8 && quantized)
          bound += rounding (dtype, x + i * cols, wide + r * cols, cols);
        if (n > 8 && dtype == DOCAI_BF16)
          bound += rounding_bf16 (x + i * cols, wide + r * cols, cols);
        g_assert_cmpfloat_with_epsilon (alone[i * n_rows + r], want, bound);
        g_assert_cmpfloat (y[i * n_rows + r], ==, add ? alone[i * n_rows + r] : MAX (alone[i * n_rows + r], 0));
      }
  /* one thread gives the same bits */
  g_autoptr (DocaiRun) single = docai_run_new (1);
  docai_linear_run (&linear, single, x, (gsize) cols, n <= 8 && quantized ? 0 : n, before, (gsize) n_rows, add);
  if (n > 8 || !quantized)
    g_assert_cmpmem (before, (gsize) (n * n_rows) * sizeof (float), alone, (gsize) (n * n_rows) * sizeof (float));
  g_free (wide);
  g_free (scales);
  g_free (data);
}

static void
products (void)
{
  static const int counts[] = { 1, 2, 3, 5, 8, 9, 27 };
  for (int threads = 1; threads <= 3; threads += 2)
    {
      g_autoptr (DocaiRun) run = docai_run_new (threads);
      for (int dtype = DOCAI_F32; dtype <= DOCAI_Q4; dtype++)
        for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
          {
            product ((DocaiDtype) dtype, 37, dtype == DOCAI_Q4 ? 96 : 101, counts[i], i % 2 == 0, run);
            product ((DocaiDtype) dtype, 230, dtype == DOCAI_Q4 ? 160 : 150, counts[i], i % 2 != 0, run);
          }
      /* several pieces of a row and several steps */
      for (int dtype = DOCAI_F32; dtype <= DOCAI_Q4; dtype++)
        product ((DocaiDtype) dtype, 7, dtype == DOCAI_Q4 ? 800 : 777, threads == 1 ? 11 : 500, FALSE, run);
    }
}

/* x as half-floats; x becomes what they say. */
static guint16 *
rounded (float *x, int n)
{
  guint16 *half = g_new (guint16, n);
  docai_kernels ()->narrow_f16 (x, n, half);
  docai_kernels ()->widen_f16 (half, n, x);
  return half;
}

static void
attention_case (int n_q, int n_k, int heads, int kv_heads, gboolean causal, int window, gboolean bias, DocaiDtype dtype, DocaiRun *run)
{
  enum { D = 12, V = 20 };
  g_autofree float *q = random_rows ((gsize) (n_q * heads * D), 1), *k = random_rows ((gsize) (n_k * kv_heads * D), 2),
                   *v = random_rows ((gsize) (n_k * kv_heads * V), 3), *out = random_rows ((gsize) (n_q * heads * V), 4),
                   *table = random_rows ((gsize) (heads * n_q * n_k), 6);
  for (int j = 0; bias && j < n_k; j += 3)
    table[j] = -INFINITY;
  g_autofree guint16 *half_k = dtype == DOCAI_F16 ? rounded (k, n_k * kv_heads * D) : NULL,
                     *half_v = dtype == DOCAI_F16 ? rounded (v, n_k * kv_heads * V) : NULL;
  DocaiAttend job = { .q = q, .k = k, .v = v, .kv_dtype = dtype, .out = out, .q_stride = (gsize) (heads * D), .k_stride = (gsize) (kv_heads * D),
                      .v_stride = (gsize) (kv_heads * V), .k_head = D, .v_head = V, .out_stride = (gsize) (heads * V), .n_q = n_q, .n_k = n_k, .heads = heads,
                      .kv_heads = kv_heads, .head_dim = D, .v_dim = V, .scale = 3.0f, .causal = causal, .window = window,
                      .bias = bias ? table : NULL, .bias_head = n_q * n_k, .bias_row = n_k };
  if (dtype == DOCAI_F16)
    {
      job.k = half_k;
      job.v = half_v;
    }
  docai_attend (&job, run);
  g_autofree double *p = g_new (double, n_k);
  for (int h = 0; h < heads; h++)
    for (int i = 0; i < n_q; i++)
      {
        double sum = 0;
        int to = causal ? i + n_k - n_q + 1 : n_k, from = window > 0 ? MAX (0, to - window) : 0;
        for (int j = 0; j < n_k; j++)
          {
            double s = 0;
            for (int d = 0; d < D; d++)
              s += (double) q[(i * heads + h) * D + d] * k[(j * kv_heads + h * kv_heads / heads) * D + d];
            s = s * 3.0 + (bias ? table[(h * n_q + i) * n_k + j] : 0);
            p[j] = j >= from && j < to ? exp (s) : 0;
            sum += p[j];
          }
        for (int d = 0; d < V; d++)
          {
            double want = 0;
            for (int j = 0; j < n_k; j++)
              want += p[j] / sum * v[(j * kv_heads + h * kv_heads / heads) * V + d];
            g_assert_cmpfloat_with_epsilon (out[(i * heads + h) * V + d], want, 2e-5);
          }
      }
}

static void
attention_of (DocaiDtype dtype)
{
  for (int threads = 1; threads <= 2; threads++)
    {
      g_autoptr (DocaiRun) run = docai_run_new (threads);
      attention_case (1, 1, 1, 1, FALSE, 0, FALSE, dtype, run);
      attention_case (1, 700, 4, 2, TRUE, 0, FALSE, dtype, run);
      attention_case (3, 61, 6, 1, TRUE, 17, TRUE, dtype, run);
      attention_case (1, 700, 28, 2, TRUE, 300, TRUE, dtype, run);
      attention_case (2, 131, 5, 5, FALSE, 0, TRUE, dtype, run);
      attention_case (258, 300, 2, 2, TRUE, 20, TRUE, dtype, run);
      attention_case (200, 300, 2, 2, FALSE, 0, TRUE, dtype, run);
      attention_case (150, 530, 4, 1, TRUE, 0, FALSE, dtype, run);
      attention_case (150, 530, 2, 1, TRUE, 100, FALSE, dtype, run);
    }
}

static void
attention (void)
{
  attention_of (DOCAI_F32);
  attention_of (DOCAI_F16);
}

/* Every half-float is its own nearest; between two, the nearer one, an even one from the middle; what is too large is the largest. */
static void
half_rows (void)
{
  enum { N = 0x7c00 };
  g_autofree guint16 *bits = g_new (guint16, 2 * N), *again = g_new (guint16, 2 * N);
  g_autofree float *x = g_new (float, 2 * N), *middle = g_new (float, N);
  for (int i = 0; i < 2 * N; i++)
    bits[i] = (guint16) (i < N ? i : 0x8000 + i - N);
  docai_kernels ()->widen_f16 (bits, 2 * N, x);
  docai_kernels ()->narrow_f16 (x, 2 * N, again);
  g_assert_cmpmem (again, 2 * N * sizeof *again, bits, 2 * N * sizeof *bits);
  for (int i = 0; i + 1 < N; i++)
    middle[i] = (x[i] + x[i + 1]) / 2;
  docai_kernels ()->narrow_f16 (middle, N - 1, again);
  for (int i = 0; i + 1 < N; i++)
    g_assert_cmpuint (again[i], ==, i + (i & 1));
  const float odd[] = { 65504, 65520, 1e9f, -1e30f, INFINITY, 1.0009f, -1.0011f };
  docai_kernels ()->narrow_f16 (odd, G_N_ELEMENTS (odd), again);
  const guint16 want[] = { 0x7bff, 0x7bff, 0x7bff, 0xfbff, 0x7bff, 0x3c01, 0xbc01 };
  g_assert_cmpmem (again, sizeof want, want, sizeof want);
}

/* What was put in stays where its token is when the cache grows. */
static void
cache_of (DocaiDtype dtype)
{
  enum { HEADS = 3, DIM = 4, WIDTH = HEADS * DIM, N = 200 };
  g_autofree float *k = random_rows (N * WIDTH, 20), *v = random_rows (N * WIDTH, 21);
  g_autofree guint16 *half_k = rounded (k, N * WIDTH), *half_v = rounded (v, N * WIDTH);
  g_autoptr (DocaiCache) kept = docai_cache_new (2, HEADS, DIM, dtype);
  gsize size = dtype == DOCAI_F16 ? sizeof (guint16) : sizeof (float), row = DIM * size;
  for (int n = 0; n < N; n += 40)
    {
      g_assert_true (docai_cache_reserve (kept, 40, NULL));
      docai_cache_put (kept, 1, k + n * WIDTH, v + n * WIDTH, 40);
      kept->length += 40;
    }
  g_assert_cmpuint (docai_cache_bytes (kept), ==, 2 * 2 * (gsize) kept->capacity * HEADS * row);
  for (gsize t = 0; t < N; t++)
    for (gsize h = 0; h < HEADS; h++)
      {
        gsize place = (h * (gsize) kept->capacity + t) * row, from = t * WIDTH + h * DIM;
        g_assert_cmpmem ((guint8 *) kept->layers[1].k + place, row, dtype == DOCAI_F16 ? (void *) (half_k + from) : k + from, row);
        g_assert_cmpmem ((guint8 *) kept->layers[1].v + place, row, dtype == DOCAI_F16 ? (void *) (half_v + from) : v + from, row);
      }
  docai_cache_truncate (kept, 3);
  g_assert_cmpint (kept->length, ==, 3);
}

static void
cache (void)
{
  cache_of (DOCAI_F32);
  cache_of (DOCAI_F16);
}

/* A query all of whose keys are masked gives zeros, not NaN. */
static void
masked (void)
{
  g_autoptr (DocaiRun) run = docai_run_new (1);
  for (int n = 1; n <= 8; n += 7)
    {
      float q[8] = { 1, 1, 1, 1, 1, 1, 1, 1 }, out[8], bias[8];
      for (int i = 0; i < 8; i++)
        {
          bias[i] = -INFINITY;
          out[i] = 7;
        }
      DocaiAttend job = { .q = q, .k = q, .v = q, .out = out, .q_stride = 1, .k_stride = 1, .v_stride = 1, .out_stride = 1, .n_q = n, .n_k = 8,
                          .heads = 1, .kv_heads = 1, .head_dim = 1, .v_dim = 1, .scale = 1, .bias = bias };
      docai_attend (&job, run);
      for (int i = 0; i < n; i++)
        g_assert_cmpfloat (out[i], ==, 0.0f);
    }
}

static void
rope (void)
{
  DocaiRope plain = { .head_dim = 8, .theta = 100, .factor = 1, .sections = { 1, 1, 2 } };
  gint32 positions[3][2] = { { 3, 4 }, { 5, 6 }, { 7, 8 } };
  float c[8], s[8], x[2][16];
  for (int i = 0; i < 32; i++)
    x[i / 16][i % 16] = (float) i;
  docai_rope_fill (&plain, positions[0], 2, 2, c, s);
  docai_rope_apply (x[0], 16, 2, 2, 8, c, s);
  for (int t = 0; t < 2; t++)
    for (int h = 0; h < 2; h++)
      for (int i = 0; i < 4; i++)
        {
          double angle = positions[MIN (i, 2)][t] * pow (100, -2.0 * i / 8), a = t * 16 + h * 8 + i, b = a + 4;
          g_assert_cmpfloat_with_epsilon (x[t][h * 8 + i], a * cos (angle) - b * sin (angle), 1e-4);
          g_assert_cmpfloat_with_epsilon (x[t][h * 8 + i + 4], b * cos (angle) + a * sin (angle), 1e-4);
        }
}

static void
half_floats (void)
{
  g_assert_cmpfloat (docai_f16_to_float (0x3c00), ==, 1.0f);
  g_assert_cmpfloat (docai_f16_to_float (0xc100), ==, -2.5f);
  g_assert_cmpfloat (docai_f16_to_float (0x0001), ==, 0x1p-24f);
  g_assert_cmpfloat (docai_f16_to_float (0x83ff), ==, -1023 * 0x1p-24f);
  g_assert_true (isinf (docai_f16_to_float (0x7c00)) && isnan (docai_f16_to_float (0x7e00)));
  g_assert_cmpint (docai_float_to_bf16 (1.0f), ==, 0x3f80);
  g_assert_cmpint (docai_float_to_bf16 (1.00390625f), ==, 0x3f80); /* half way: to even */
  g_assert_cmpint (docai_float_to_bf16 (1.01171875f), ==, 0x3f82);
  g_assert_true (isnan (docai_bf16_to_float (docai_float_to_bf16 (NAN))));
  /* widened by the vector code as one by one */
  guint16 all[4096];
  float wide[4096];
  for (int part = 0; part < 15; part++)
    {
      for (int i = 0; i < 4096; i++)
        all[i] = (guint16) (part * 4096 + i);
      docai_kernels ()->widen_f16 (all, 4095, wide);
      for (int i = 0; i < 4095; i++)
        if (!isnan (wide[i]))
          g_assert_cmpfloat (wide[i], ==, docai_f16_to_float (all[i]));
    }
}

/* The value of a map [rows, cols, width] at (x, y) in cells, between the centres of four of them. */
static double
sample (const float *map, int rows, int cols, int width, int at, double x, double y)
{
  double sum = 0;
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < cols; c++)
      sum += MAX (0, 1 - fabs (x - c)) * MAX (0, 1 - fabs (y - r)) * map[(r * cols + c) * width + at];
  return sum;
}

enum { QUERIES = 70, WIDTH = 6, HEADS = 2, DIM = WIDTH / HEADS, MAPS = 2, POINTS = 3, PLACES = HEADS * MAPS * POINTS, ROWS = 5 * 4 + 2 * 3 };
static const DocaiSampleMap sample_maps[MAPS] = { { 5, 4, 0 }, { 2, 3, 20 } };

/* One head of one query by sums over whole maps. */
static void
sample_slowly (const float *query, const float *at, int coords, int head, const float *offsets, const float *weights, const float *memory, double *out)
{
  double sum = 0;
  memset (out, 0, DIM * sizeof *out);
  for (int place = head * MAPS * POINTS; place < (head + 1) * MAPS * POINTS; place++)
    {
      const DocaiSampleMap *map = &sample_maps[place / POINTS % MAPS];
      double score = 0, step[2] = { 0 }, edges[2] = { map->cols, map->rows }, x[2];
      for (int d = 0; d < WIDTH; d++)
        {
          score += query[d] * weights[place * WIDTH + d];
          step[0] += query[d] * offsets[2 * place * WIDTH + d];
          step[1] += query[d] * offsets[(2 * place + 1) * WIDTH + d];
        }
      for (int i = 0; i < 2; i++)
        x[i] = coords == 2 ? at[i] * edges[i] + step[i] - 0.5 : (at[i] + step[i] / POINTS * at[2 + i] / 2) * edges[i] - 0.5;
      sum += exp (score);
      for (int d = 0; d < DIM; d++)
        out[d] += exp (score) * sample (memory + map->first * WIDTH, map->rows, map->cols, WIDTH, head * DIM + d, x[0], x[1]);
    }
  for (int d = 0; d < DIM; d++)
    out[d] /= sum;
}

static void
deformable (void)
{
  g_autofree float *queries = random_rows (QUERIES * WIDTH, 1), *memory = random_rows (ROWS * WIDTH, 2), *references = random_rows (QUERIES * 4, 3);
  g_autofree float *offsets = random_rows (2 * PLACES * WIDTH, 4), *weights = random_rows (PLACES * WIDTH, 5), *out = g_new (float, QUERIES * WIDTH);
  float identity[WIDTH * WIDTH] = { 0 };
  g_autoptr (DocaiRun) run = docai_run_new (2);
  for (int i = 0; i < WIDTH; i++)
    identity[i * WIDTH + i] = 1;
  for (int i = 0; i < QUERIES * 4; i++)
    references[i] = 0.5f + 0.6f * references[i];
  DocaiDeformable self = { .heads = HEADS, .maps = MAPS, .points = POINTS };
  self.offsets.w = (DocaiMatrix) { .dtype = DOCAI_F32, .rows = 2 * PLACES, .cols = WIDTH, .data = offsets };
  self.weights.w = (DocaiMatrix) { .dtype = DOCAI_F32, .rows = PLACES, .cols = WIDTH, .data = weights };
  self.value.w = (DocaiMatrix) { .dtype = DOCAI_F32, .rows = WIDTH, .cols = WIDTH, .data = identity };
  for (int coords = 2; coords <= 4; coords += 2)
    {
      DocaiSampling sampling = { .maps = sample_maps, .references = references, .coords = coords };
      docai_deformable_run (&self, run, queries, QUERIES, memory, ROWS, &sampling, out);
      for (int q = 0; q < QUERIES; q++)
        for (int h = 0; h < HEADS; h++)
          {
            double expected[DIM];
            sample_slowly (queries + q * WIDTH, references + q * coords, coords, h, offsets, weights, memory, expected);
            for (int d = 0; d < DIM; d++)
              g_assert_cmpfloat (fabs (expected[d] - out[q * WIDTH + h * DIM + d]), <, 1e-4);
          }
    }
}

/* Weighted sums of bytes: weights of either sign whose sums fit into 32 bits, below 0 and above 255; rows of every length. */
static void
mixed_bytes (void)
{
  enum { TAPS = 7, WIDEST = 41 };
  guint8 rows[TAPS * 3 * WIDEST], down[3 * WIDEST], along[3 * WIDEST];
  gint32 weights[TAPS], each[WIDEST * TAPS];
  int first[WIDEST], count[WIDEST];
  guint32 seed = 5;
  for (gsize i = 0; i < sizeof rows; i++)
    rows[i] = noise (&seed) > 0.5f ? 255 : (guint8) (i * 37);
  for (int j = 0; j < TAPS; j++)
    weights[j] = (gint32) (noise (&seed) * 0.25f * (1 << DOCAI_RESIZE_BITS));
  for (int n = 1; n <= WIDEST; n++)
    {
      for (int i = 0; i < n; i++)
        {
          first[i] = MAX (0, i - 2);
          count[i] = MIN (n, i + TAPS - 2) - first[i];
          memcpy (each + i * TAPS, weights, sizeof weights);
        }
      docai_kernels ()->mix_rows (rows, (gsize) n * 3, weights, TAPS, (gsize) n * 3, down);
      docai_kernels ()->mix_pixels (rows, first, count, each, TAPS, n, along);
      for (int i = 0; i < 3 * n; i++)
        {
          gint64 a = 1 << (DOCAI_RESIZE_BITS - 1), b = a;
          for (int j = 0; j < TAPS; j++)
            a += (gint64) rows[j * n * 3 + i] * weights[j];
          for (int j = 0; j < count[i / 3]; j++)
            b += (gint64) rows[3 * (first[i / 3] + j) + i % 3] * weights[j];
          g_assert_cmpint (down[i], ==, CLAMP (a >> DOCAI_RESIZE_BITS, 0, 255));
          g_assert_cmpint (along[i], ==, CLAMP (b >> DOCAI_RESIZE_BITS, 0, 255));
        }
    }
}

static void
assert_close (const float *a, const float *b, gsize n)
{
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (a[i], b[i], 1e-4f * (1 + fabsf (a[i])));
}

static DocaiLinear
random_linear (int rows, int cols, guint32 seed)
{
  return (DocaiLinear) { .w = { .dtype = DOCAI_F32, .rows = rows, .cols = cols, .data = random_rows ((gsize) rows * (gsize) cols, seed) } };
}

enum { BLOCK_WIDTH = 32, BLOCK_HEADS = 4, BLOCK_KV_HEADS = 2, BLOCK_DIM = 8, BLOCK_MLP = 48, BLOCK_KV = BLOCK_KV_HEADS * BLOCK_DIM };

static DocaiBlock
random_block (void)
{
  DocaiBlock block = { .width = BLOCK_WIDTH };
  block.norm_self = (DocaiNorm) { .kind = DOCAI_NORM_RMS, .n = BLOCK_WIDTH, .eps = 1e-5f };
  block.norm_mlp = block.norm_self;
  block.self = (DocaiAttention) { .heads = BLOCK_HEADS, .kv_heads = BLOCK_KV_HEADS, .head_dim = BLOCK_DIM, .scale = 0.35f };
  block.self.q = random_linear (BLOCK_WIDTH, BLOCK_WIDTH, 1);
  block.self.k = random_linear (BLOCK_KV, BLOCK_WIDTH, 2);
  block.self.v = random_linear (BLOCK_KV, BLOCK_WIDTH, 3);
  block.self.o = random_linear (BLOCK_WIDTH, BLOCK_WIDTH, 4);
  block.mlp.act = DOCAI_ACT_SILU;
  block.mlp.up = random_linear (BLOCK_MLP, BLOCK_WIDTH, 5);
  block.mlp.gate = random_linear (BLOCK_MLP, BLOCK_WIDTH, 6);
  block.mlp.down = random_linear (BLOCK_WIDTH, BLOCK_MLP, 7);
  return block;
}

static void
clear_block (DocaiBlock *block)
{
  DocaiLinear *all[] = { &block->self.q, &block->self.k, &block->self.v, &block->self.o, &block->mlp.up, &block->mlp.gate, &block->mlp.down };
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    g_free ((gpointer) all[i]->w.data);
}

/* A block of which only the last rows are wanted leaves the same rows, keys and values. Two sequences: one has
 * rows in its cache, both have biases. */
static void
last_rows_only (void)
{
  enum { A = 13, B = 5, BEFORE = 3 };
  DocaiBlock block = random_block ();
  g_autoptr (DocaiRun) run = docai_run_new (2);
  g_autofree float *x = random_rows ((A + B) * BLOCK_WIDTH, 8), *angles = random_rows (2 * (A + B) * BLOCK_DIM / 2, 9);
  g_autofree float *before = random_rows (BEFORE * BLOCK_KV, 10), *bias = random_rows (BLOCK_HEADS * A * (A + BEFORE), 11);
  DocaiCache *caches[2][2];
  float last[2][2][BLOCK_WIDTH];
  for (int way = 0; way < 2; way++)
    {
      g_autofree float *rows = g_memdup2 (x, (A + B) * BLOCK_WIDTH * sizeof (float));
      DocaiSpan spans[2] = { { .rows = A, .bias = bias, .bias_head = A * (A + BEFORE), .bias_row = A + BEFORE },
                             { .rows = B, .bias = bias, .bias_head = B * B, .bias_row = B } };
      for (int i = 0; i < 2; i++)
        {
          spans[i].cache = caches[way][i] = docai_cache_new (1, BLOCK_KV_HEADS, BLOCK_DIM, DOCAI_F32);
          g_assert_true (docai_cache_reserve (spans[i].cache, A + BEFORE, NULL));
        }
      docai_cache_put (spans[0].cache, 0, before, before, BEFORE);
      spans[0].cache->length = BEFORE;
      DocaiContext context = { .spans = spans, .n_spans = 2, .causal = TRUE, .window = 9, .cosine = angles,
                               .sine = angles + (A + B) * BLOCK_DIM / 2 };
      if (way == 1)
        docai_block_run_last (&block, run, rows, 0, &context, last[1][0]);
      else
        docai_block_run (&block, run, rows, 0, &context);
      for (int i = 0; way == 0 && i < 2; i++)
        memcpy (last[0][i], rows + (i == 0 ? A - 1 : A + B - 1) * BLOCK_WIDTH, sizeof last[0][i]);
      g_assert_cmpint (spans[0].cache->length, ==, BEFORE);
      g_assert_cmpint (spans[1].cache->length, ==, 0);
    }
  for (int i = 0; i < 2; i++)
    {
      const DocaiCacheLayer *all = caches[0][i]->layers, *some = caches[1][i]->layers;
      assert_close (last[0][i], last[1][i], BLOCK_WIDTH);
      for (int h = 0; h < BLOCK_KV_HEADS; h++)
        {
          gsize place = (gsize) (h * caches[0][i]->capacity * BLOCK_DIM), n = (gsize) (i == 0 ? BEFORE + A : B) * BLOCK_DIM;
          assert_close ((float *) all->k + place, (float *) some->k + place, n);
          assert_close ((float *) all->v + place, (float *) some->v + place, n);
        }
      docai_cache_free (caches[0][i]);
      docai_cache_free (caches[1][i]);
    }
  clear_block (&block);
}

static void test_activations (void) { for_levels (activations); }
static void test_rows (void) { for_levels (norm_rows); }
static void test_finite (void) { for_levels (finite_numbers); }
static void test_half_rows (void) { for_levels (half_rows); }
static void test_products (void) { for_levels (products); }
static void test_attention (void) { for_levels (attention); }
static void test_masked (void) { for_levels (masked); }
static void test_rope (void) { for_levels (rope); }
static void test_deformable (void) { for_levels (deformable); }
static void test_half (void) { for_levels (half_floats); }
static void test_bytes (void) { for_levels (mixed_bytes); }
static void test_last (void) { for_levels (last_rows_only); }

/* Loops of every length end, and every step runs once. */
static void
count_step (void *data, int step, int thread)
{
  g_atomic_int_inc (&((int *) data)[step]);
  g_assert_cmpint (thread, <, 4);
}

static void
test_threads (void)
{
  g_autoptr (DocaiThreads) threads = docai_threads_new (4);
  for (int n = 0; n < 300; n++)
    {
      int counts[300] = { 0 };
      docai_threads_run (threads, n, count_step, counts);
      for (int i = 0; i < n; i++)
        g_assert_cmpint (g_atomic_int_get (&counts[i]), ==, 1);
    }
}

static void
test_arena (void)
{
  g_autoptr (DocaiArena) arena = docai_arena_new ();
  DocaiArenaMark start = docai_arena_mark (arena);
  float *a = docai_arena_floats (arena, 3, 5);
  DocaiArenaMark middle = docai_arena_mark (arena);
  float *b = docai_arena_floats (arena, 1 << 10, 1 << 10);
  g_assert_true ((gsize) a % 64 == 0 && (gsize) b % 64 == 0);
  docai_arena_reset (arena, middle);
  g_assert_true (docai_arena_floats (arena, 1, 16) == a + 16);
  docai_arena_reset (arena, start);
  gsize held = docai_arena_size (arena);
  g_assert_true (docai_arena_floats (arena, 3, 5) == a);
  g_assert_true (docai_arena_floats (arena, 1 << 10, 1 << 10) == b);
  g_assert_cmpuint (docai_arena_size (arena), ==, held);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runtime/activations", test_activations);
  g_test_add_func ("/runtime/rows", test_rows);
  g_test_add_func ("/runtime/finite", test_finite);
  g_test_add_func ("/runtime/half-rows", test_half_rows);
  g_test_add_func ("/runtime/products", test_products);
  g_test_add_func ("/runtime/attention", test_attention);
  g_test_add_func ("/runtime/cache", cache);
  g_test_add_func ("/runtime/masked", test_masked);
  g_test_add_func ("/runtime/rope", test_rope);
  g_test_add_func ("/runtime/deformable", test_deformable);
  g_test_add_func ("/runtime/half-floats", test_half);
  g_test_add_func ("/runtime/mixed-bytes", test_bytes);
  g_test_add_func ("/runtime/last-rows", test_last);
  g_test_add_func ("/runtime/threads", test_threads);
  g_test_add_func ("/runtime/arena", test_arena);
  return g_test_run ();
}
