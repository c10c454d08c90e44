/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Attention of a few queries over many keys, as in decoding, where all the time goes into reading keys and values. A
 * step is one query, one key head and KEYS keys: these are read once for all heads that share them, and steps enough for
 * all threads are there however few heads a model has (Dao et al., Flash-Decoding, 2023). Each step leaves the
 * values weighted by exp (score - m) with m, its largest score, and the sum of the weights; in the end these
 * parts are added, each times exp (m - M) / L, M the largest m and L the sum of all weights in its terms.
 */
#include "models/runtime/attention-priv.h"

#include <math.h>
#include <string.h>

#include "models/runtime/kernels.h"

/* Keys of a step. Where they begin depends on their place alone, so that sums do not depend on the number of threads. */
#define KEYS 128
/* Heads that are worked on together. */
#define HEADS 12

typedef struct {
  const DocaiAttend *in;
  int                first; /* query */
  int                from;  /* key: a multiple of KEYS */
  int                blocks; /* of keys */
  float             *parts; /* [queries, heads, blocks, part_floats] */
  gsize              part_floats; /* weighted values [v_dim], largest score, sum of weights */
  float             *scratch; /* [HEADS, KEYS] a thread */
} Job;

static float *
part_of (const Job *job, int i, int head, int block)
{
  return job->parts + ((gsize) ((i - job->first) * job->in->heads + head) * (gsize) job->blocks + (gsize) block) * job->part_floats;
}

/* Heads [head, head + n), which share their keys. */
static void
attend_heads (const Job *job, int i, int head, int n, int block, float *scores)
{
  const DocaiKernels *kernels = docai_kernels ();
  const DocaiAttend *in = job->in;
  int shared = head / (in->heads / in->kv_heads), first = job->from + block * KEYS, count = MIN (KEYS, in->n_k - first);
  gsize k = (gsize) first * in->k_stride + (gsize) shared * in->k_head, v = (gsize) first * in->v_stride + (gsize) shared * in->v_head;
  const float *q[HEADS];
  float *out[HEADS];
  for (int h = 0; h < n; h++)
    q[h] = in->q + (gsize) i * in->q_stride + (gsize) ((head + h) * in->head_dim);
  if (in->kv_dtype == DOCAI_F16)
    kernels->score_keys_f16 ((const guint16 *) in->k + k, in->k_stride, count, in->head_dim, q, n, scores, KEYS);
  else
    kernels->score_keys ((const float *) in->k + k, in->k_stride, count, in->head_dim, q, n, scores, KEYS);
  for (int h = 0; h < n; h++)
    {
      float *row = scores + h * KEYS;
      docai_attend_finish (in, head + h, i, first, count, row);
      out[h] = part_of (job, i, head + h, block);
      memset (out[h], 0, (gsize) in->v_dim * sizeof (float));
      float largest = kernels->max (row, count);
      out[h][in->v_dim] = largest;
      out[h][in->v_dim + 1] = largest == -INFINITY ? 0 : kernels->exp_sum (row, largest, count);
      if (largest == -INFINITY)
        memset (row, 0, (gsize) count * sizeof (float));
    }
  if (in->kv_dtype == DOCAI_F16)
    kernels->add_values_f16 ((const guint16 *) in->v + v, in->v_stride, count, in->v_dim, scores, KEYS, n, out);
  else
    kernels->add_values ((const float *) in->v + v, in->v_stride, count, in->v_dim, scores, KEYS, n, out);
}

static void
attend_step (void *data, int step, int thread)
{
  const Job *job = data;
  const DocaiAttend *in = job->in;
  int block = step % job->blocks, row = step / job->blocks, group = in->heads / in->kv_heads;
  int i = job->first + row / in->kv_heads, head = row % in->kv_heads * group;
  for (int h = 0; h < group; h += HEADS)
    attend_heads (job, i, head + h, MIN (HEADS, group - h), block, job->scratch + thread * HEADS * KEYS);
}

/* The parts of one head's query become its result; weights [blocks] is scratch. */
static void
join (const Job *job, int i, int head, float *weights)
{
  const DocaiAttend *in = job->in;
  const float *parts = part_of (job, i, head, 0);
  float largest = -INFINITY, sum = 0;
  for (int b = 0; b < job->blocks; b++)
    largest = MAX (largest, parts[(gsize) b * job->part_floats + (gsize) in->v_dim]);
  for (int b = 0; b < job->blocks; b++)
    {
      const float *end = parts + (gsize) b * job->part_floats + in->v_dim;
      weights[b] = end[0] == -INFINITY ? 0 : expf (end[0] - largest);
      sum += weights[b] * end[1];
    }
  float *out = in->out + (gsize) i * in->out_stride + (gsize) (head * in->v_dim);
  memset (out, 0, (gsize) in->v_dim * sizeof (float));
  if (sum <= 0)
    return;
  docai_kernels ()->scale (weights, 1.0f / sum, (gsize) job->blocks);
  docai_kernels ()->add_values (parts, job->part_floats, job->blocks, in->v_dim, weights, 0, 1, &out);
}

void
docai_attend_few (const DocaiAttend *in, int first, DocaiRun *run)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  int from, to, n = in->n_q - first;
  docai_attend_visible (in, first, &from, &to);
  Job job = { .in = in, .first = first, .from = from / KEYS * KEYS, .part_floats = (gsize) in->v_dim + 2 };
  job.blocks = (in->n_k - job.from + KEYS - 1) / KEYS;
  job.parts = docai_arena_floats (run->arena, (gsize) (n * in->heads), (gsize) job.blocks * job.part_floats);
  job.scratch = docai_arena_floats (run->arena, (gsize) docai_threads_count (run->threads), HEADS * KEYS);
  docai_threads_run (run->threads, n * in->kv_heads * job.blocks, attend_step, &job);
  float *weights = docai_arena_floats (run->arena, 1, (gsize) job.blocks);
  for (int i = first; i < in->n_q; i++)
    for (int head = 0; head < in->heads; head++)
      join (&job, i, head, weights);
  docai_arena_reset (run->arena, mark);
}
