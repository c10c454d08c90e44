/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Linear layers. Weights that are not floats are widened, a panel of rows that stays in
 * the cache at a time, in front of OpenBLAS; up to MAX_GEMV rows of activations are
 * multiplied directly, which reads the weights once in their own type.
 */
#include "models/runtime/linear.h"

#include <cblas.h>
#include <string.h>

#include "models/runtime/kernels.h"

#define MAX_GEMV 6
/* Bytes of a panel: half of a usual second-level cache for widened weights, and for direct
 * products as much as makes waking a thread worth while. */
#define PANEL_BYTES (384 << 10)
#define GEMV_PANEL_BYTES (96 << 10)

typedef struct {
  const DocaiMatrix *w;
  const float       *x;
  gsize              x_stride;
  int                n;
  float             *out;
  gsize              out_stride;
  int                panel; /* rows of W in a step */
  float             *scratch; /* a panel of floats a thread (wide), or results (narrow) */
  DocaiQuantized     quantized[MAX_GEMV];
  const float       *prepared[MAX_GEMV];
} Job;

static const void *
row_data (const DocaiMatrix *w, int row)
{
  return (const guint8 *) w->data + docai_dtype_row_bytes (w->dtype, w->cols) * (gsize) row;
}

static void
wide_step (void *data, int step, int thread)
{
  const Job *job = data;
  const DocaiMatrix *w = job->w;
  int first = step * job->panel, rows = MIN (job->panel, w->rows - first);
  const float *panel;
  if (w->dtype == DOCAI_F32)
    panel = row_data (w, first);
  else
    {
      float *wide = job->scratch + (gsize) thread * (gsize) job->panel * (gsize) w->cols;
      for (int r = 0; r < rows; r++)
        docai_matrix_row (w, first + r, wide + (gsize) r * (gsize) w->cols);
      panel = wide;
    }
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, job->n, rows, w->cols, 1.0f, job->x, (int) job->x_stride,
               panel, w->cols, 1.0f, job->out + first, (int) job->out_stride);
}

static void
run_wide (Job *job, DocaiRun *run)
{
  const DocaiMatrix *w = job->w;
  int threads = docai_threads_count (run->threads);
  if (w->dtype == DOCAI_F32)
    job->panel = threads == 1 ? w->rows : MAX (64, (w->rows / (threads * 3) + 15) & ~15);
  else
    {
      job->panel = CLAMP (PANEL_BYTES / (w->cols * 4) & ~15, 16, 1024);
      job->scratch = docai_arena_floats (run->arena, (gsize) threads * (gsize) job->panel, (gsize) w->cols);
    }
  job->panel = MIN (job->panel, w->rows);
  docai_threads_run (run->threads, (w->rows + job->panel - 1) / job->panel, wide_step, job);
}

static void
narrow_step (void *data, int step, int thread)
{
  const Job *job = data;
  const DocaiMatrix *w = job->w;
  const DocaiKernels *kernels = docai_kernels ();
  int first = step * job->panel, rows = MIN (job->panel, w->rows - first);
  float *y = job->scratch + (gsize) thread * (gsize) job->panel;
  const void *weights = row_data (w, first);
  for (int i = 0; i < job->n; i++)
    {
      switch (w->dtype)
        {
        case DOCAI_F32:
          kernels->gemv_f32 (weights, (gsize) w->cols, rows, w->cols, job->prepared[i], y);
          break;
        case DOCAI_F16:
          kernels->gemv_f16 (weights, rows, w->cols, job->prepared[i], y);
          break;
        case DOCAI_BF16:
          kernels->gemv_bf16 (weights, rows, w->cols, job->prepared[i], y);
          break;
        case DOCAI_Q8:
          kernels->gemv_q8 (weights, w->scales + first, rows, w->cols, &job->quantized[i], y);
          break;
        case DOCAI_Q4:
          kernels->gemv_q4 (weights, w->scales + (gsize) first * (gsize) (w->cols / DOCAI_Q4_GROUP), rows, w->cols,
                            &job->quantized[i], y);
          break;
        }
      kernels->add (job->out + (gsize) i * job->out_stride + first, y, (gsize) rows);
    }
}

/* The form in which the kernels of the type want a row of activations. */
static void
prepare (Job *job, DocaiRun *run, int i)
{
  const float *x = job->x + (gsize) i * job->x_stride;
  gsize cols = (gsize) job->w->cols, groups = (cols + 31) / 32;
  job->prepared[i] = x;
  if (job->w->dtype == DOCAI_BF16)
    {
      float *split = docai_arena_floats (run->arena, 1, cols);
      for (gsize k = 0; k < cols / 2; k++)
        {
          split[k] = x[2 * k];
          split[cols / 2 + k] = x[2 * k + 1];
        }
      if (cols & 1)
        split[cols - 1] = x[cols - 1];
      job->prepared[i] = split;
    }
  else if (job->w->dtype == DOCAI_Q8 || job->w->dtype == DOCAI_Q4)
    {
      gint8 *values = docai_arena_alloc (run->arena, groups * 32);
      float *scales = docai_arena_floats (run->arena, 2, groups);
      docai_quantize_activations (x, (int) cols, values, scales, scales + groups);
      job->quantized[i] = (DocaiQuantized) { values, scales, scales + groups };
    }
}

static void
run_narrow (Job *job, DocaiRun *run)
{
  const DocaiMatrix *w = job->w;
  gsize row_bytes = docai_dtype_row_bytes (w->dtype, w->cols);
  int threads = docai_threads_count (run->threads);
  job->panel = (int) CLAMP (GEMV_PANEL_BYTES / row_bytes, 8, 4096);
  job->panel = MIN (job->panel, w->rows);
  job->scratch = docai_arena_floats (run->arena, (gsize) threads, (gsize) job->panel);
  for (int i = 0; i < job->n; i++)
    prepare (job, run, i);
  docai_threads_run (run->threads, (w->rows + job->panel - 1) / job->panel, narrow_step, job);
}

void
docai_linear_run (const DocaiLinear *self, DocaiRun *run, const float *x, gsize x_stride, int n,
                  float *out, gsize out_stride, gboolean add)
{
  const DocaiKernels *kernels = docai_kernels ();
  gsize rows = (gsize) self->w.rows;
  if (n <= 0)
    return;
  for (int i = 0; i < n; i++)
    {
      float *y = out + (gsize) i * out_stride;
      if (add && self->bias != NULL)
        kernels->add (y, self->bias, rows);
      else if (!add && self->bias != NULL)
        memcpy (y, self->bias, rows * sizeof (float));
      else if (!add)
        memset (y, 0, rows * sizeof (float));
    }
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  Job job = { .w = &self->w, .x = x, .x_stride = x_stride, .n = n, .out = out, .out_stride = out_stride };
  if (n <= (self->w.dtype == DOCAI_F32 ? 1 : MAX_GEMV))
    run_narrow (&job, run);
  else
    run_wide (&job, run);
  docai_arena_reset (run->arena, mark);
}
