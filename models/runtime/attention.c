/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fused attention. Of many queries, a step is one head and up to QUERIES of them:
 *
 *     for each block of KEYS keys:   pack k scale and v into panels
 *       for each ROWS queries:       S = q k^T scale + bias
 *                                    m' = max (m, rows of S)
 *                                    P = exp (S - m')
 *                                    out = out exp (m - m') + P v
 *                                    l = l exp (m - m') + sum of P
 *     out = out / l
 */
#include "models/runtime/attention-priv.h"

#include <math.h>
#include <string.h>

#include "models/runtime/kernels.h"

#define QUERIES DOCAI_ATTEND_QUERIES
#define KEYS 256
#define ROWS 48
/* So many that are left over are a few: they are worked on one by one. */
#define FEW_QUERIES 3
#define SCORES_STRIDE (KEYS + 16)

typedef struct {
  const DocaiAttend *in;
  int                n_q, blocks; /* queries; blocks of them */
  float             *scratch;
  gsize              scratch_floats; /* a thread */
} Job;

/* What a thread works in. */
typedef struct {
  float *scores;         /* [ROWS, SCORES_STRIDE] */
  float *largest, *sums; /* [QUERIES] */
  float *k, *v;          /* panels of KEYS keys; of the columns of v */
  float *wide;           /* KEYS rows of keys or values, where they are not floats */
} Scratch;

static gsize
padded (int n)
{
  gsize panel = (gsize) docai_kernels ()->panel;
  return ((gsize) n + panel - 1) / panel * panel;
}

static gsize
scratch_floats (const DocaiAttend *in)
{
  gsize wide = in->kv_dtype == DOCAI_F16 ? (gsize) MAX (in->head_dim, in->v_dim) * KEYS : 0;
  return ROWS * SCORES_STRIDE + 2 * QUERIES + padded (KEYS) * (gsize) in->head_dim + padded (in->v_dim) * KEYS + wide;
}

static Scratch
scratch_at (const DocaiAttend *in, float *memory)
{
  Scratch s = { .scores = memory, .largest = memory + ROWS * SCORES_STRIDE };
  s.sums = s.largest + QUERIES;
  s.k = s.sums + QUERIES;
  s.v = s.k + padded (KEYS) * (gsize) in->head_dim;
  s.wide = s.v + padded (in->v_dim) * KEYS;
  return s;
}

void
docai_attend_visible (const DocaiAttend *in, int i, int *from, int *to)
{
  *from = 0;
  *to = in->n_k;
  if (!in->causal)
    return;
  *to = CLAMP (i + in->n_k - in->n_q + 1, 0, in->n_k);
  if (in->window > 0)
    *from = MAX (0, *to - in->window);
}

/* Bias and mask of one row of scores for keys [first, first + n); query i. */
static void
mask (const DocaiAttend *in, int head, int i, int first, int n, float *scores)
{
  if (in->bias != NULL)
    docai_kernels ()->add (scores, in->bias + head * in->bias_head + i * in->bias_row + first, (gsize) n);
  int from, to;
  docai_attend_visible (in, i, &from, &to);
  for (int j = first; j < MIN (from, first + n); j++)
    scores[j - first] = -INFINITY;
  for (int j = MAX (to, first); j < first + n; j++)
    scores[j - first] = -INFINITY;
}

void
docai_attend_finish (const DocaiAttend *in, int head, int i, int first, int n, float *scores)
{
  docai_kernels ()->scale (scores, in->scale, (gsize) n);
  mask (in, head, i, first, n, scores);
}

/* Moves one row's maximum and sum on and turns its scores into weights. */
static void
soften (float *scores, int n, float *largest, float *sum, float *out, int v_dim)
{
  const DocaiKernels *kernels = docai_kernels ();
  float now = MAX (*largest, kernels->max (scores, n));
  if (now == -INFINITY)
    {
      memset (scores, 0, (gsize) n * sizeof (float));
      return;
    }
  float keep = *largest == -INFINITY ? 0.0f : expf (*largest - now);
  if (keep != 1.0f)
    kernels->scale (out, keep, (gsize) v_dim);
  *sum = *sum * keep + kernels->exp_sum (scores, now, n);
  *largest = now;
}

static void
divide (const DocaiAttend *in, int head, int first, int n, const float *sums)
{
  for (int i = 0; i < n; i++)
    if (sums[i] > 0)
      docai_kernels ()->scale (in->out + (gsize) (first + i) * in->out_stride + (gsize) (head * in->v_dim),
                               1.0f / sums[i], (gsize) in->v_dim);
}

/* Rows of a head from element `from` on as floats, *stride elements apart: they themselves, or their copy in `wide`. */
static const float *
as_floats (const DocaiAttend *in, const void *rows, gsize from, gsize *stride, int n, int dim, float *wide)
{
  if (in->kv_dtype != DOCAI_F16)
    return (const float *) rows + from;
  for (gsize j = 0; j < (gsize) n; j++)
    docai_kernels ()->widen_f16 ((const guint16 *) rows + from + j * *stride, dim, wide + j * (gsize) dim);
  *stride = (gsize) dim;
  return wide;
}

/* Keys [first, first + n), scaled, and their values. */
static void
pack_keys (const DocaiAttend *in, int shared, int first, int n, const Scratch *scratch)
{
  const DocaiKernels *kernels = docai_kernels ();
  gsize k_stride = in->k_stride, v_stride = in->v_stride;
  gsize from = (gsize) first * k_stride + (gsize) shared * in->k_head;
  const float *k = as_floats (in, in->k, from, &k_stride, n, in->head_dim, scratch->wide);
  int width = kernels->panel;
  for (int j = 0; j < n; j += width)
    kernels->pack (k + (gsize) j * k_stride, k_stride, MIN (width, n - j), in->head_dim, scratch->k + j * in->head_dim);
  kernels->scale (scratch->k, in->scale, padded (n) * (gsize) in->head_dim);
  from = (gsize) first * v_stride + (gsize) shared * in->v_head;
  const float *v = as_floats (in, in->v, from, &v_stride, n, in->v_dim, scratch->wide);
  for (int c = 0; c < in->v_dim; c += width)
    {
      gsize some = (gsize) MIN (width, in->v_dim - c);
      float *panel = scratch->v + c * KEYS;
      for (gsize j = 0; j < (gsize) n; j++, panel += width)
        {
          memcpy (panel, v + j * v_stride + c, some * sizeof (float));
          memset (panel + some, 0, ((gsize) width - some) * sizeof (float));
        }
    }
}

/* Moves queries [q, q + m) on over the n packed keys from `first` on; largest and sums are theirs. */
static void
attend_rows (const DocaiAttend *in, int head, int q, int m, int first, int n, const Scratch *scratch, float *largest, float *sums)
{
  const DocaiKernels *kernels = docai_kernels ();
  const float *queries = in->q + (gsize) q * in->q_stride + (gsize) (head * in->head_dim);
  float *out = in->out + (gsize) q * in->out_stride + (gsize) (head * in->v_dim);
  int width = kernels->panel;
  for (int j = 0; j < n; j += width)
    {
      DocaiPanel panel = { .data = scratch->k + j * in->head_dim, .rows = MIN (width, n - j), .depth = in->head_dim };
      kernels->multiply_f32 (&panel, queries, in->q_stride, m, scratch->scores + j, SCORES_STRIDE, FALSE);
    }
  for (int i = 0; i < m; i++)
    {
      float *scores = scratch->scores + i * SCORES_STRIDE;
      mask (in, head, q + i, first, n, scores);
      soften (scores, n, &largest[i], &sums[i], out + (gsize) i * in->out_stride, in->v_dim);
    }
  for (int c = 0; c < in->v_dim; c += width)
    {
      DocaiPanel panel = { .data = scratch->v + c * KEYS, .rows = MIN (width, in->v_dim - c), .depth = n };
      kernels->multiply_f32 (&panel, scratch->scores, SCORES_STRIDE, m, out + c, in->out_stride, TRUE);
    }
}

static void
attend_block (const DocaiAttend *in, int head, int first_q, int n_q, const Scratch *scratch)
{
  int shared = head / (in->heads / in->kv_heads), from, to, unused;
  for (int i = 0; i < n_q; i++)
    {
      scratch->largest[i] = -INFINITY;
      scratch->sums[i] = 0;
    }
  docai_attend_visible (in, first_q, &from, &unused);
  docai_attend_visible (in, first_q + n_q - 1, &unused, &to);
  for (int first = from; first < to; first += KEYS)
    {
      pack_keys (in, shared, first, MIN (KEYS, to - first), scratch);
      for (int i = 0; i < n_q; i += ROWS)
        {
          int m = MIN (ROWS, n_q - i), row_from, row_to;
          docai_attend_visible (in, first_q + i, &row_from, &unused);
          docai_attend_visible (in, first_q + i + m - 1, &unused, &row_to);
          row_to = MIN (row_to, MIN (first + KEYS, to));
          if (row_to > first && row_from < first + KEYS)
            attend_rows (in, head, first_q + i, m, first, row_to - first, scratch, scratch->largest + i, scratch->sums + i);
        }
    }
  divide (in, head, first_q, n_q, scratch->sums);
}

static void
attend_step (void *data, int step, int thread)
{
  const Job *job = data;
  const DocaiAttend *in = job->in;
  Scratch scratch = scratch_at (in, job->scratch + (gsize) thread * job->scratch_floats);
  int head = step / job->blocks, first = step % job->blocks * QUERIES, n = MIN (QUERIES, job->n_q - first);
  for (int i = 0; i < n; i++)
    memset (in->out + (gsize) (first + i) * in->out_stride + (gsize) (head * in->v_dim), 0, (gsize) in->v_dim * sizeof (float));
  attend_block (in, head, first, n, &scratch);
}

void
docai_attend (const DocaiAttend *in, DocaiRun *run)
{
  if (in->n_q <= 0)
    return;
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  int few = in->n_q % QUERIES <= FEW_QUERIES ? in->n_q % QUERIES : 0;
  Job job = { .in = in, .n_q = in->n_q - few, .blocks = (in->n_q - few + QUERIES - 1) / QUERIES };
  if (job.n_q > 0)
    {
      job.scratch_floats = scratch_floats (in);
      job.scratch = docai_arena_floats (run->arena, (gsize) docai_threads_count (run->threads), job.scratch_floats);
      docai_threads_run (run->threads, in->heads * job.blocks, attend_step, &job);
    }
  if (few > 0)
    docai_attend_few (in, job.n_q, run);
  docai_arena_reset (run->arena, mark);
}
