/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fused attention. A step is one head and up to QUERIES queries:
 *
 *     for each block of KEYS keys:   S = q k^T scale + bias        (OpenBLAS)
 *                                    m' = max (m, rows of S)
 *                                    P = exp (S - m')
 *                                    out = out exp (m - m') + P v  (OpenBLAS)
 *                                    l = l exp (m - m') + sum of P
 *     out = out / l
 */
#include "models/runtime/attention.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "models/runtime/kernels.h"

#define QUERIES 128
#define KEYS 256
/* From here on a step's scores are a vector: one query after the other. */
#define FEW_QUERIES 3

typedef struct {
  const DocaiAttend *in;
  int                blocks; /* of queries */
  float             *scratch; /* QUERIES * (KEYS + 2) a thread */
} Job;

/* Range of keys that query i sees. */
static void
visible_keys (const DocaiAttend *in, int i, int *from, int *to)
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
finish_scores (const DocaiAttend *in, int head, int i, int first, int n, float *scores)
{
  if (in->bias != NULL)
    docai_kernels ()->add (scores, in->bias + head * in->bias_head + i * in->bias_row + first, (gsize) n);
  int from, to;
  visible_keys (in, i, &from, &to);
  for (int j = first; j < MIN (from, first + n); j++)
    scores[j - first] = -INFINITY;
  for (int j = MAX (to, first); j < first + n; j++)
    scores[j - first] = -INFINITY;
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

/* One query, as in decoding: rows of k and v are read once, by our own kernels. */
static void
attend_one (const DocaiAttend *in, int head, int i, float *scores)
{
  const DocaiKernels *kernels = docai_kernels ();
  int shared = head / (in->heads / in->kv_heads), from, to;
  const float *q = in->q + (gsize) i * in->q_stride + (gsize) (head * in->head_dim);
  const float *k = in->k + (gsize) (shared * in->head_dim), *v = in->v + (gsize) (shared * in->v_dim);
  float *out = in->out + (gsize) i * in->out_stride + (gsize) (head * in->v_dim);
  float largest = -INFINITY, sum = 0;
  visible_keys (in, i, &from, &to);
  for (int first = from; first < to; first += QUERIES * KEYS)
    {
      int n = MIN (QUERIES * KEYS, to - first);
      kernels->gemv_f32 (k + (gsize) first * in->k_stride, in->k_stride, n, in->head_dim, q, scores);
      kernels->scale (scores, in->scale, (gsize) n);
      finish_scores (in, head, i, first, n, scores);
      soften (scores, n, &largest, &sum, out, in->v_dim);
      kernels->add_rows (v + (gsize) first * in->v_stride, in->v_stride, n, in->v_dim, scores, out);
    }
  divide (in, head, i, 1, &sum);
}

static void
attend_block (const DocaiAttend *in, int head, int first_q, int n_q, float *scores)
{
  int shared = head / (in->heads / in->kv_heads), from, to, unused;
  float *largest = scores + QUERIES * KEYS, *sums = largest + QUERIES;
  const float *q = in->q + (gsize) first_q * in->q_stride + (gsize) (head * in->head_dim);
  float *out = in->out + (gsize) first_q * in->out_stride + (gsize) (head * in->v_dim);
  for (int i = 0; i < n_q; i++)
    {
      largest[i] = -INFINITY;
      sums[i] = 0;
    }
  visible_keys (in, first_q, &from, &unused);
  visible_keys (in, first_q + n_q - 1, &unused, &to);
  for (int first = from; first < to; first += KEYS)
    {
      int n = MIN (KEYS, to - first);
      const float *k = in->k + (gsize) first * in->k_stride + (gsize) (shared * in->head_dim);
      const float *v = in->v + (gsize) first * in->v_stride + (gsize) (shared * in->v_dim);
      cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, n_q, n, in->head_dim, in->scale, q, (int) in->q_stride,
                   k, (int) in->k_stride, 0.0f, scores, KEYS);
      for (int i = 0; i < n_q; i++)
        {
          finish_scores (in, head, first_q + i, first, n, scores + i * KEYS);
          soften (scores + i * KEYS, n, &largest[i], &sums[i], out + (gsize) i * in->out_stride, in->v_dim);
        }
      cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, n_q, in->v_dim, n, 1.0f, scores, KEYS,
                   v, (int) in->v_stride, 1.0f, out, (int) in->out_stride);
    }
  divide (in, head, first_q, n_q, sums);
}

static void
attend_step (void *data, int step, int thread)
{
  const Job *job = data;
  const DocaiAttend *in = job->in;
  float *scratch = job->scratch + (gsize) thread * QUERIES * (KEYS + 2);
  int head = step / job->blocks, first = step % job->blocks * QUERIES, n = MIN (QUERIES, in->n_q - first);
  for (int i = 0; i < n; i++)
    memset (in->out + (gsize) (first + i) * in->out_stride + (gsize) (head * in->v_dim), 0, (gsize) in->v_dim * sizeof (float));
  if (n > FEW_QUERIES)
    attend_block (in, head, first, n, scratch);
  else
    for (int i = 0; i < n; i++)
      attend_one (in, head, first + i, scratch);
}

void
docai_attend (const DocaiAttend *in, DocaiRun *run)
{
  if (in->n_q <= 0)
    return;
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  Job job = { .in = in, .blocks = (in->n_q + QUERIES - 1) / QUERIES };
  job.scratch = docai_arena_floats (run->arena, (gsize) docai_threads_count (run->threads), QUERIES * (KEYS + 2));
  docai_threads_run (run->threads, in->heads * job.blocks, attend_step, &job);
  docai_arena_reset (run->arena, mark);
}
