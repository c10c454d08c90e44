/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Attention over sampled places of maps.
 */
#include "models/runtime/deformable.h"

#include <math.h>
#include <string.h>

#include "models/runtime/kernels.h"

#define QUERIES 64 /* of one step */

typedef struct {
  const DocaiDeformable *self;
  const DocaiSampling   *sampling;
  const float *offsets, *weights, *values; /* weights after the softmax */
  float       *out;
  int          n;
  gsize        width; /* of values and out */
} Job;

/* out += weight * the map's value at (x, y), in cells from the centre of the first one; zero outside. */
static void
add_sample (const Job *job, const DocaiSampleMap *map, gsize at, gsize head_dim, float x, float y, float weight, float *out)
{
  if (!(x > -1.0f && y > -1.0f && x < (float) map->cols && y < (float) map->rows))
    return;
  int left = (int) floorf (x), top = (int) floorf (y);
  float right_part = x - (float) left, lower_part = y - (float) top;
  for (int k = 0; k < 4; k++)
    {
      int column = left + k % 2, row = top + k / 2;
      if (column < 0 || row < 0 || column >= map->cols || row >= map->rows)
        continue;
      float part = weight * (k % 2 ? right_part : 1 - right_part) * (k / 2 ? lower_part : 1 - lower_part);
      const float *value = job->values + (gsize) (map->first + row * map->cols + column) * job->width + at;
      for (gsize d = 0; d < head_dim; d++)
        out[d] += part * value[d];
    }
}

static void
sample_query (const Job *job, gsize query)
{
  const DocaiDeformable *self = job->self;
  const DocaiSampling *sampling = job->sampling;
  gsize head_dim = job->width / (gsize) self->heads, points = (gsize) self->points;
  const float *at = sampling->references + query * (gsize) sampling->coords;
  gsize place = query * (gsize) (self->heads * self->maps) * points;
  float *out = job->out + query * job->width;
  memset (out, 0, job->width * sizeof (float));
  for (gsize head = 0; head < (gsize) self->heads; head++)
    for (int m = 0; m < self->maps; m++)
      for (gsize p = 0; p < points; p++, place++)
        {
          const DocaiSampleMap *map = &sampling->maps[m];
          float cols = (float) map->cols, rows = (float) map->rows, dx = job->offsets[2 * place], dy = job->offsets[2 * place + 1];
          gboolean box = sampling->coords == 4;
          float x = at[0] + (box ? dx / (float) self->points * at[2] * 0.5f : dx / cols);
          float y = at[1] + (box ? dy / (float) self->points * at[3] * 0.5f : dy / rows);
          add_sample (job, map, head * head_dim, head_dim, x * cols - 0.5f, y * rows - 0.5f, job->weights[place], out + head * head_dim);
        }
}

static void
sample_step (void *data, int step, int thread)
{
  const Job *job = data;
  for (int i = step * QUERIES; i < MIN ((step + 1) * QUERIES, job->n); i++)
    sample_query (job, (gsize) i);
}

static void
soften (float *weights, gsize n_rows, int n)
{
  const DocaiKernels *kernels = docai_kernels ();
  for (gsize r = 0; r < n_rows; r++)
    {
      float *row = weights + r * (gsize) n;
      kernels->scale (row, 1.0f / kernels->exp_sum (row, kernels->max (row, n), n), (gsize) n);
    }
}

void
docai_deformable_run (const DocaiDeformable *self, DocaiRun *run, const float *queries, int n, const float *memory, int n_memory,
                      const DocaiSampling *sampling, float *out)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  gsize places = (gsize) (self->heads * self->maps * self->points), width = (gsize) self->value.w.rows;
  float *offsets = docai_arena_floats (run->arena, (gsize) n, 2 * places), *weights = docai_arena_floats (run->arena, (gsize) n, places);
  float *values = docai_arena_floats (run->arena, (gsize) n_memory, width);
  docai_linear_run (&self->offsets, run, queries, (gsize) self->offsets.w.cols, n, offsets, 2 * places, FALSE);
  docai_linear_run (&self->weights, run, queries, (gsize) self->weights.w.cols, n, weights, places, FALSE);
  docai_linear_run (&self->value, run, memory, (gsize) self->value.w.cols, n_memory, values, width, FALSE);
  soften (weights, (gsize) (n * self->heads), self->maps * self->points);
  Job job = { .self = self, .sampling = sampling, .offsets = offsets, .weights = weights, .values = values, .out = out, .n = n, .width = width };
  docai_threads_run (run->threads, (n + QUERIES - 1) / QUERIES, sample_step, &job);
  docai_arena_reset (run->arena, mark);
}
