/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Attention, the cache of keys and values, and the block around them, against plain sums, at every level of kernels.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "models/runtime/attention.h"
#include "models/runtime/block.h"
#include "models/runtime/cache.h"
#include "models/runtime/kernels.h"
#include "kernel-levels.h"

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

static void test_attention (void) { for_levels (attention); }
static void test_masked (void) { for_levels (masked); }
static void test_last (void) { for_levels (last_rows_only); }

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/attention/sums", test_attention);
  g_test_add_func ("/attention/cache", cache);
  g_test_add_func ("/attention/masked", test_masked);
  g_test_add_func ("/attention/last-rows", test_last);
  return g_test_run ();
}
