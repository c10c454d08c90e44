/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The runtime's kernels and products against plain sums, at every level that this
 * processor has, with sizes that leave remainders.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "models/runtime/deformable.h"
#include "models/runtime/kernels.h"
#include "models/runtime/linear.h"
#include "models/runtime/norm.h"
#include "models/runtime/rope.h"
#include "kernel-levels.h"

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

static void test_activations (void) { for_levels (activations); }
static void test_rows (void) { for_levels (norm_rows); }
static void test_finite (void) { for_levels (finite_numbers); }
static void test_half_rows (void) { for_levels (half_rows); }
static void test_products (void) { for_levels (products); }
static void test_rope (void) { for_levels (rope); }
static void test_deformable (void) { for_levels (deformable); }
static void test_half (void) { for_levels (half_floats); }
static void test_bytes (void) { for_levels (mixed_bytes); }

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
  g_test_add_func ("/runtime/rope", test_rope);
  g_test_add_func ("/runtime/deformable", test_deformable);
  g_test_add_func ("/runtime/half-floats", test_half);
  g_test_add_func ("/runtime/mixed-bytes", test_bytes);
  g_test_add_func ("/runtime/threads", test_threads);
  g_test_add_func ("/runtime/arena", test_arena);
  return g_test_run ();
}
