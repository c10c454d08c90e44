/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The transformer block.
 */
#include "models/runtime/block.h"

#include <string.h>

#include "base/error.h"
#include "models/runtime/attention.h"
#include "models/runtime/rope.h"

/* Rows that a thread takes at a time in loops over rows. */
#define STEP_ROWS 16

static void
norm_heads (const DocaiNorm *norm, float *rows, gsize width, gsize stride, int n)
{
  if (norm->kind != DOCAI_NORM_NONE)
    docai_norm_run (norm, rows, stride, n, (int) (width / (gsize) norm->n), rows, stride);
}

/* What all attentions of a block have in common; the keys are set by the caller. */
static DocaiAttend
attend_new (const DocaiAttention *self, const float *q, float *out, int n)
{
  gsize width = (gsize) (self->heads * self->head_dim), kv_width = (gsize) (self->kv_heads * self->head_dim);
  return (DocaiAttend) {
    .q = q, .out = out, .n_q = n, .q_stride = width, .out_stride = width, .k_stride = kv_width, .v_stride = kv_width,
    .k_head = (gsize) self->head_dim, .v_head = (gsize) self->head_dim, .heads = self->heads, .kv_heads = self->kv_heads,
    .head_dim = self->head_dim, .v_dim = self->head_dim, .scale = self->scale,
  };
}

/* Keys and values of a layer's cache: those of the tokens before and, behind them, of the job's queries. */
static void
attend_to_cache (DocaiAttend *job, const DocaiCache *cache, int layer)
{
  job->k = cache->layers[layer].k;
  job->v = cache->layers[layer].v;
  job->kv_dtype = cache->dtype;
  job->k_stride = job->v_stride = (gsize) cache->head_dim;
  job->k_head = job->v_head = (gsize) cache->capacity * (gsize) cache->head_dim;
  job->n_k = cache->length + job->n_q;
}

/* h with the context's places added, in scratch memory; h itself when there are none. */
static const float *
with_places (DocaiRun *run, const float *h, gsize width, int n, const DocaiContext *context)
{
  gsize count = (gsize) n * width;
  if (context->places == NULL)
    return h;
  float *placed = docai_arena_floats (run->arena, (gsize) n, width);
  memcpy (placed, h, count * sizeof (float));
  docai_kernels ()->add (placed, context->places, count);
  return placed;
}

/* Self attention of h [rows, width]; the result [rows, heads * head_dim] before projection. */
static void
attend_self (const DocaiAttention *self, DocaiRun *run, const float *h, gsize width, int n, int layer, const DocaiContext *context, float *out)
{
  const float *placed = with_places (run, h, width, n, context);
  gsize q_width = (gsize) (self->heads * self->head_dim), kv_width = (gsize) (self->kv_heads * self->head_dim);
  float *q = docai_arena_floats (run->arena, (gsize) n, q_width);
  float *k = docai_arena_floats (run->arena, (gsize) n, kv_width);
  float *v = docai_arena_floats (run->arena, (gsize) n, kv_width);
  DocaiProduct projections[] = { { &self->q, q, q_width, FALSE, DOCAI_ACT_NONE }, { &self->k, k, kv_width, FALSE, DOCAI_ACT_NONE },
                                 { &self->v, v, kv_width, FALSE, DOCAI_ACT_NONE } };
  /* Values are of the rows without their places. */
  docai_linear_run_all (projections, placed == h ? 3 : 2, run, placed, width, n);
  if (placed != h)
    docai_linear_run_all (projections + 2, 1, run, h, width, n);
  norm_heads (&self->q_norm, q, q_width, q_width, n);
  norm_heads (&self->k_norm, k, kv_width, kv_width, n);
  if (context->cosine != NULL)
    {
      docai_rope_apply (q, q_width, n, self->heads, self->head_dim, context->cosine, context->sine);
      docai_rope_apply (k, kv_width, n, self->kv_heads, self->head_dim, context->cosine, context->sine);
    }
  gsize row = 0;
  for (int s = 0; s < context->n_spans; s++)
    {
      const DocaiSpan *span = &context->spans[s];
      DocaiAttend job = attend_new (self, q + row * q_width, out + row * q_width, span->rows);
      job.k = k + row * kv_width;
      job.v = v + row * kv_width;
      job.n_k = span->rows;
      if (span->cache != NULL)
        {
          docai_cache_put (span->cache, layer, job.k, job.v, span->rows);
          attend_to_cache (&job, span->cache, layer);
        }
      job.causal = context->causal;
      job.window = context->window;
      job.bias = span->bias;
      job.bias_head = span->bias_head;
      job.bias_row = span->bias_row;
      docai_attend (&job, run);
      row += (gsize) span->rows;
    }
}

/* Cross attention of h; keys and values from the spans' caches. */
static void
attend_cached (const DocaiAttention *self, DocaiRun *run, const float *h, gsize width, int n, int layer, const DocaiContext *context, float *out)
{
  gsize q_width = (gsize) (self->heads * self->head_dim);
  float *q = docai_arena_floats (run->arena, (gsize) n, q_width);
  docai_linear_run (&self->q, run, h, width, n, q, q_width, FALSE);
  gsize row = 0;
  for (int s = 0; s < context->n_spans; s++)
    {
      const DocaiSpan *span = &context->spans[s];
      DocaiAttend job = attend_new (self, q + row * q_width, out + row * q_width, span->rows);
      job.k = span->cache->layers[layer].cross_k;
      job.v = span->cache->layers[layer].cross_v;
      job.n_k = span->cache->n_cross;
      docai_attend (&job, run);
      row += (gsize) span->rows;
    }
}

/* Attention over given rows; the result before projection. */
static void
attend_memory (const DocaiAttention *self, DocaiRun *run, const float *x, int n, const float *memory, int n_memory,
               const float *memory_bias, float *out)
{
  gsize q_width = (gsize) (self->heads * self->head_dim), kv_width = (gsize) (self->kv_heads * self->head_dim);
  float *q = docai_arena_floats (run->arena, (gsize) n, q_width);
  float *k = docai_arena_floats (run->arena, (gsize) n_memory, kv_width);
  float *v = docai_arena_floats (run->arena, (gsize) n_memory, kv_width);
  docai_linear_run (&self->q, run, x, (gsize) self->q.w.cols, n, q, q_width, FALSE);
  docai_linear_run (&self->k, run, memory, (gsize) self->k.w.cols, n_memory, k, kv_width, FALSE);
  docai_linear_run (&self->v, run, memory, (gsize) self->v.w.cols, n_memory, v, kv_width, FALSE);
  DocaiAttend job = attend_new (self, q, out, n);
  job.k = k;
  job.v = v;
  job.n_k = n_memory;
  job.bias = memory_bias;
  docai_attend (&job, run);
}

/* Adds the projected result to x, through the branch's scale where it has one. */
static void
project (const DocaiAttention *self, DocaiRun *run, float *heads, float *x, gsize width, int n, const float *scale)
{
  gsize q_width = (gsize) (self->heads * self->head_dim);
  norm_heads (&self->inner, heads, q_width, q_width, n);
  if (scale == NULL)
    {
      docai_linear_run (&self->o, run, heads, q_width, n, x, width, TRUE);
      return;
    }
  float *out = docai_arena_floats (run->arena, (gsize) n, width);
  docai_linear_run (&self->o, run, heads, q_width, n, out, width, FALSE);
  for (gsize r = 0; r < (gsize) n; r++)
    docai_kernels ()->add_scaled (x + r * width, out + r * width, scale, width);
}

void
docai_attention_run (const DocaiAttention *self, DocaiRun *run, const float *x, int n, const float *memory, int n_memory,
                     const float *memory_bias, float *out)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  gsize q_width = (gsize) (self->heads * self->head_dim);
  float *heads = docai_arena_floats (run->arena, (gsize) n, q_width);
  attend_memory (self, run, x, n, memory != NULL ? memory : x, memory != NULL ? n_memory : n, memory_bias, heads);
  norm_heads (&self->inner, heads, q_width, q_width, n);
  docai_linear_run (&self->o, run, heads, q_width, n, out, (gsize) self->o.w.rows, FALSE);
  docai_arena_reset (run->arena, mark);
}

void
docai_attention_spans (const DocaiAttention *self, DocaiRun *run, const float *x, const DocaiContext *context, float *out)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  gsize q_width = (gsize) (self->heads * self->head_dim);
  int n = 0;
  for (int s = 0; s < context->n_spans; s++)
    n += context->spans[s].rows;
  float *heads = docai_arena_floats (run->arena, (gsize) n, q_width);
  attend_self (self, run, x, (gsize) self->q.w.cols, n, 0, context, heads);
  docai_linear_run (&self->o, run, heads, q_width, n, out, (gsize) self->o.w.rows, FALSE);
  docai_arena_reset (run->arena, mark);
}

typedef struct {
  DocaiActivation act;
  float          *gate;
  const float    *up;
  gsize           stride, inner;
  int             n;
} Gating;

static void
gate_step (void *data, int step, int thread)
{
  const Gating *job = data;
  for (gsize i = (gsize) step * STEP_ROWS; i < MIN ((gsize) job->n, ((gsize) step + 1) * STEP_ROWS); i++)
    docai_kernels ()->activate_mul (job->act, job->gate + i * job->stride, job->up + i * job->stride, job->inner);
}

void
docai_mlp_run (const DocaiMlp *self, DocaiRun *run, const float *x, int n, float *out, gboolean add)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  gsize inner = (gsize) self->up.w.rows, width = (gsize) self->up.w.cols, stride = docai_row_stride (inner, sizeof (float));
  gboolean gated = self->gate.w.data != NULL;
  float *up = docai_arena_floats (run->arena, (gsize) n, stride), *result = up;
  DocaiProduct products[2] = { { &self->up, up, stride, FALSE, gated ? DOCAI_ACT_NONE : self->act } };
  if (gated)
    {
      result = docai_arena_floats (run->arena, (gsize) n, stride);
      products[1] = (DocaiProduct) { &self->gate, result, stride, FALSE, DOCAI_ACT_NONE };
    }
  docai_linear_run_all (products, gated ? 2 : 1, run, x, width, n);
  if (gated)
    {
      Gating job = { self->act, result, up, stride, inner, n };
      docai_threads_run (run->threads, (n + STEP_ROWS - 1) / STEP_ROWS, gate_step, &job);
    }
  norm_heads (&self->inner, result, inner, stride, n);
  docai_linear_run (&self->down, run, result, stride, n, out, (gsize) self->down.w.rows, add);
  docai_arena_reset (run->arena, mark);
}

typedef struct {
  const DocaiNorm *norm;
  const float     *x;
  float           *out;
  gsize            width;
  int              n;
} Normalising;

static void
norm_step (void *data, int step, int thread)
{
  const Normalising *job = data;
  gsize first = (gsize) step * STEP_ROWS * job->width;
  docai_norm_run (job->norm, job->x + first, job->width, MIN (STEP_ROWS, job->n - step * STEP_ROWS), 1, job->out + first, job->width);
}

static void
norm_rows (const DocaiNorm *norm, DocaiRun *run, const float *x, gsize width, int n, float *out)
{
  Normalising job = { norm, x, out, width, n };
  docai_threads_run (run->threads, (n + STEP_ROWS - 1) / STEP_ROWS, norm_step, &job);
}

/* The branch's input: normalised rows in scratch memory, or x itself. */
static const float *
branch_input (const DocaiBlock *self, DocaiRun *run, const DocaiNorm *norm, const float *x, int n)
{
  gsize width = (gsize) self->width;
  if (self->post_norm || norm->kind == DOCAI_NORM_NONE)
    return x;
  float *h = docai_arena_floats (run->arena, (gsize) n, width);
  norm_rows (norm, run, x, width, n, h);
  return h;
}

static void
branch_end (const DocaiBlock *self, const DocaiNorm *norm, float *x, int n)
{
  if (self->post_norm)
    docai_norm_run (norm, x, (gsize) self->width, n, 1, x, (gsize) self->width);
}

static void
run_mlp (const DocaiBlock *self, DocaiRun *run, float *x, int n)
{
  gsize width = (gsize) self->width;
  const float *h = branch_input (self, run, &self->norm_mlp, x, n);
  if (self->scale_mlp == NULL)
    docai_mlp_run (&self->mlp, run, h, n, x, TRUE);
  else
    {
      float *out = docai_arena_floats (run->arena, (gsize) n, width);
      docai_mlp_run (&self->mlp, run, h, n, out, FALSE);
      for (gsize r = 0; r < (gsize) n; r++)
        docai_kernels ()->add_scaled (x + r * width, out + r * width, self->scale_mlp, width);
    }
  branch_end (self, &self->norm_mlp, x, n);
}

static void
run_self (const DocaiBlock *self, DocaiRun *run, float *x, int n, int layer, const DocaiContext *context)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  gsize width = (gsize) self->width;
  const float *h = branch_input (self, run, &self->norm_self, x, n);
  float *heads = docai_arena_floats (run->arena, (gsize) n, (gsize) (self->self.heads * self->self.head_dim));
  attend_self (&self->self, run, h, width, n, layer, context, heads);
  project (&self->self, run, heads, x, width, n, self->scale_self);
  branch_end (self, &self->norm_self, x, n);
  docai_arena_reset (run->arena, mark);
}

static void
run_cross (const DocaiBlock *self, DocaiRun *run, float *x, int n, int layer, const DocaiContext *context)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  gsize width = (gsize) self->width;
  const float *h = with_places (run, branch_input (self, run, &self->norm_cross, x, n), width, n, context);
  float *heads = docai_arena_floats (run->arena, (gsize) n, (gsize) (self->cross.heads * self->cross.head_dim));
  if (context->memory != NULL)
    attend_memory (&self->cross, run, h, n, context->memory, context->n_memory, context->memory_bias, heads);
  else
    attend_cached (&self->cross, run, h, width, n, layer, context, heads);
  project (&self->cross, run, heads, x, width, n, NULL);
  branch_end (self, &self->norm_cross, x, n);
  docai_arena_reset (run->arena, mark);
}

static void
run_sampled (const DocaiBlock *self, DocaiRun *run, float *x, int n, const DocaiContext *context)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  const DocaiSampling *sampling = context->sampling;
  gsize width = (gsize) self->width, inner = (gsize) self->sampled.value.w.rows;
  const float *h = branch_input (self, run, &self->norm_sampled, x, n), *placed = with_places (run, h, width, n, context);
  gboolean own = sampling->memory == NULL;
  float *heads = docai_arena_floats (run->arena, (gsize) n, inner);
  docai_deformable_run (&self->sampled, run, placed, n, own ? h : sampling->memory, own ? n : sampling->n_memory, sampling, heads);
  docai_linear_run (&self->sampled.o, run, heads, inner, n, x, width, TRUE);
  branch_end (self, &self->norm_sampled, x, n);
  docai_arena_reset (run->arena, mark);
}

void
docai_block_run (const DocaiBlock *self, DocaiRun *run, float *x, int layer, const DocaiContext *context)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  int n = 0;
  for (int s = 0; s < context->n_spans; s++)
    n += context->spans[s].rows;
  if (self->self.heads > 0)
    run_self (self, run, x, n, layer, context);
  if (self->cross.heads > 0)
    run_cross (self, run, x, n, layer, context);
  if (self->sampled.heads > 0)
    run_sampled (self, run, x, n, context);
  if (self->mlp.up.w.data != NULL)
    run_mlp (self, run, x, n);
  docai_arena_reset (run->arena, mark);
}

/* Keys and values of all rows of x, into the spans' caches. */
static void
keep_keys (const DocaiBlock *self, DocaiRun *run, const float *x, int n, int layer, const DocaiContext *context)
{
  const DocaiAttention *own = &self->self;
  gsize width = (gsize) self->width, kv_width = (gsize) (own->kv_heads * own->head_dim), row = 0;
  const float *h = branch_input (self, run, &self->norm_self, x, n);
  float *k = docai_arena_floats (run->arena, (gsize) n, kv_width), *v = docai_arena_floats (run->arena, (gsize) n, kv_width);
  DocaiProduct projections[] = { { &own->k, k, kv_width, FALSE, DOCAI_ACT_NONE }, { &own->v, v, kv_width, FALSE, DOCAI_ACT_NONE } };
  docai_linear_run_all (projections, 2, run, h, width, n);
  norm_heads (&own->k_norm, k, kv_width, kv_width, n);
  if (context->cosine != NULL)
    docai_rope_apply (k, kv_width, n, own->kv_heads, own->head_dim, context->cosine, context->sine);
  for (int s = 0; s < context->n_spans; s++)
    {
      const DocaiSpan *span = &context->spans[s];
      docai_cache_put (span->cache, layer, k + row * kv_width, v + row * kv_width, span->rows);
      row += (gsize) span->rows;
    }
}

/* The last row of each span as a span of its own, whose cache holds the rows before; x's rows go to `last`. */
static DocaiContext
last_rows (const DocaiBlock *self, DocaiRun *run, const float *x, const DocaiContext *context, float *last)
{
  gsize width = (gsize) self->width, half = (gsize) self->self.head_dim / 2, n = (gsize) context->n_spans, row = 0;
  DocaiSpan *spans = docai_arena_alloc (run->arena, n * sizeof *spans);
  float *cosine = docai_arena_floats (run->arena, n, half), *sine = docai_arena_floats (run->arena, n, half);
  DocaiContext one = *context;
  for (gsize s = 0; s < n; s++)
    {
      const DocaiSpan *span = &context->spans[s];
      row += (gsize) span->rows;
      memcpy (last + s * width, x + (row - 1) * width, width * sizeof (float));
      if (context->cosine != NULL)
        {
          memcpy (cosine + s * half, context->cosine + (row - 1) * half, half * sizeof (float));
          memcpy (sine + s * half, context->sine + (row - 1) * half, half * sizeof (float));
        }
      spans[s] = *span;
      spans[s].rows = 1;
      if (span->bias != NULL)
        spans[s].bias = span->bias + (span->rows - 1) * span->bias_row;
    }
  one.spans = spans;
  if (context->cosine != NULL)
    {
      one.cosine = cosine;
      one.sine = sine;
    }
  return one;
}

void
docai_block_run_last (const DocaiBlock *self, DocaiRun *run, const float *x, int layer, const DocaiContext *context, float *last)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  int n = 0;
  for (int s = 0; s < context->n_spans; s++)
    n += context->spans[s].rows;
  keep_keys (self, run, x, n, layer, context);
  if (last != NULL)
    {
      DocaiContext one = last_rows (self, run, x, context, last);
      for (int s = 0; s < context->n_spans; s++)
        context->spans[s].cache->length += context->spans[s].rows - 1;
      docai_block_run (self, run, last, layer, &one);
      for (int s = 0; s < context->n_spans; s++)
        context->spans[s].cache->length -= context->spans[s].rows - 1;
    }
  docai_arena_reset (run->arena, mark);
}

gboolean
docai_block_remember (const DocaiBlock *self, DocaiRun *run, DocaiCache *cache, int layer,
                      const float *memory, int n_memory, GError **error)
{
  const DocaiAttention *cross = &self->cross;
  if (cross->heads == 0)
    return TRUE;
  DocaiCacheLayer *kept = &cache->layers[layer];
  gsize width = (gsize) (cross->kv_heads * cross->head_dim), n_bytes = (gsize) n_memory * width * sizeof (float);
  g_free (kept->cross_k);
  g_free (kept->cross_v);
  kept->cross_k = g_try_malloc (n_bytes);
  kept->cross_v = g_try_malloc (n_bytes);
  if (kept->cross_k == NULL || kept->cross_v == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT, "no memory for the keys of %d encoder rows", n_memory);
      return FALSE;
    }
  docai_linear_run (&cross->k, run, memory, (gsize) cross->k.w.cols, n_memory, kept->cross_k, width, FALSE);
  docai_linear_run (&cross->v, run, memory, (gsize) cross->v.w.cols, n_memory, kept->cross_v, width, FALSE);
  cache->n_cross = n_memory;
  return TRUE;
}
