/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Linear layers for a few rows of activations: each thread takes a number of rows of W at a
 * time and multiplies them with all rows of x.
 */
#include "models/runtime/linear.h"

#include <string.h>

#include "models/runtime/panels.h"

#define MAX_FEW DOCAI_LINEAR_FEW
/* Bytes of weights in a step: enough to make waking a thread worth while. */
#define MIN_STEP_BYTES (16 << 10)
#define MAX_STEP_BYTES (96 << 10)

/* x in the form that the kernels of a type of weights take. */
typedef struct {
  const float    *rows[MAX_FEW];
  DocaiQuantized  quantized[MAX_FEW];
} Prepared;

typedef struct {
  const DocaiProduct *products;
  int                 n_products, n;
  gsize               step_bytes;
  Prepared            as_is, split, bytes;
  float              *scratch; /* n * step_rows floats a thread */
  gsize               scratch_floats;
} Job;

static int
step_rows (const Job *job, const DocaiMatrix *w)
{
  gsize rows = job->step_bytes / docai_dtype_row_bytes (w->dtype, w->cols);
  return (int) CLAMP (rows & ~(gsize) 3, 4, 4096);
}

static int
steps_of (const Job *job, const DocaiMatrix *w)
{
  int rows = step_rows (job, w);
  return (w->rows + rows - 1) / rows;
}

static void
multiply (const Job *job, const DocaiMatrix *w, int first, int rows, float *y, gsize stride)
{
  const DocaiKernels *kernels = docai_kernels ();
  const void *weights = (const guint8 *) w->data + docai_dtype_row_bytes (w->dtype, w->cols) * (gsize) first;
  switch (w->dtype)
    {
    case DOCAI_F32:
      kernels->many_f32 (weights, rows, w->cols, job->as_is.rows, job->n, y, stride);
      break;
    case DOCAI_F16:
      kernels->many_f16 (weights, rows, w->cols, job->as_is.rows, job->n, y, stride);
      break;
    case DOCAI_BF16:
      kernels->many_bf16 (weights, rows, w->cols, job->split.rows, job->n, y, stride);
      break;
    case DOCAI_Q8:
      kernels->many_q8 (weights, w->scales + first, rows, w->cols, job->bytes.quantized, job->n, y, stride);
      break;
    case DOCAI_Q4:
      kernels->many_q4 (weights, w->scales + (gsize) first * (gsize) (w->cols / DOCAI_Q4_GROUP), rows, w->cols,
                        job->bytes.quantized, job->n, y, stride);
      break;
    }
}

static void
product_step (void *data, int step, int thread)
{
  const Job *job = data;
  const DocaiKernels *kernels = docai_kernels ();
  const DocaiProduct *product = job->products;
  for (; step >= steps_of (job, &product->linear->w); product++)
    step -= steps_of (job, &product->linear->w);
  const DocaiLinear *linear = product->linear;
  int rows = step_rows (job, &linear->w), first = step * rows;
  rows = MIN (rows, linear->w.rows - first);
  float *y = job->scratch + (gsize) thread * job->scratch_floats;
  multiply (job, &linear->w, first, rows, y, (gsize) rows);
  for (int i = 0; i < job->n; i++, y += rows)
    {
      float *out = product->out + (gsize) i * product->out_stride + first;
      if (linear->bias != NULL)
        kernels->add (y, linear->bias + first, (gsize) rows);
      if (product->act != DOCAI_ACT_NONE)
        kernels->activate (product->act, y, (gsize) rows);
      if (product->add)
        kernels->add (out, y, (gsize) rows);
      else
        memcpy (out, y, (gsize) rows * sizeof (float));
    }
}

static const float *
split_row (DocaiRun *run, const float *x, gsize cols)
{
  float *split = docai_arena_floats (run->arena, 1, cols);
  for (gsize k = 0; k < cols / 2; k++)
    {
      split[k] = x[2 * k];
      split[cols / 2 + k] = x[2 * k + 1];
    }
  if (cols & 1)
    split[cols - 1] = x[cols - 1];
  return split;
}

static DocaiQuantized
quantize_row (DocaiRun *run, const float *x, gsize cols)
{
  gsize groups = (cols + 31) / 32;
  gint8 *values = docai_arena_alloc (run->arena, groups * 32);
  float *scales = docai_arena_floats (run->arena, 2, groups);
  docai_kernels ()->quantize (x, (int) cols, values, scales, scales + groups);
  return (DocaiQuantized) { values, scales, scales + groups };
}

static gboolean
uses (const Job *job, DocaiDtype dtype)
{
  for (int i = 0; i < job->n_products; i++)
    if (job->products[i].linear->w.dtype == dtype)
      return TRUE;
  return FALSE;
}

static void
prepare (Job *job, DocaiRun *run, const float *x, gsize x_stride)
{
  gsize cols = (gsize) job->products[0].linear->w.cols;
  gboolean split = uses (job, DOCAI_BF16), bytes = uses (job, DOCAI_Q8) || uses (job, DOCAI_Q4);
  for (int i = 0; i < job->n; i++, x += x_stride)
    {
      job->as_is.rows[i] = x;
      if (split)
        job->split.rows[i] = split_row (run, x, cols);
      if (bytes)
        job->bytes.quantized[i] = quantize_row (run, x, cols);
    }
}

static void
run_few (const DocaiProduct *products, int n_products, DocaiRun *run, const float *x, gsize x_stride, int n)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  gsize threads = (gsize) docai_threads_count (run->threads), total = 0;
  int steps = 0, largest = 0;
  Job job = { .products = products, .n_products = n_products, .n = n };
  for (int i = 0; i < n_products; i++)
    total += docai_matrix_bytes (&products[i].linear->w);
  job.step_bytes = CLAMP (total / (threads * 6), MIN_STEP_BYTES, MAX_STEP_BYTES);
  for (int i = 0; i < n_products; i++)
    {
      steps += steps_of (&job, &products[i].linear->w);
      largest = MAX (largest, step_rows (&job, &products[i].linear->w));
    }
  job.scratch_floats = (gsize) n * (gsize) largest;
  job.scratch = docai_arena_floats (run->arena, threads, job.scratch_floats);
  prepare (&job, run, x, x_stride);
  docai_threads_run (run->threads, steps, product_step, &job);
  docai_arena_reset (run->arena, mark);
}

void
docai_linear_run_all (const DocaiProduct *products, int n_products, DocaiRun *run, const float *x, gsize x_stride, int n)
{
  if (n <= 0 || n_products == 0)
    return;
  if (n <= MAX_FEW)
    run_few (products, n_products, run, x, x_stride, n);
  else
    docai_panels_run (products, n_products, run, x, x_stride, n);
}

void
docai_linear_run (const DocaiLinear *self, DocaiRun *run, const float *x, gsize x_stride, int n,
                  float *out, gsize out_stride, gboolean add)
{
  DocaiProduct product = { self, out, out_stride, add, DOCAI_ACT_NONE };
  docai_linear_run_all (&product, 1, run, x, x_stride, n);
}
