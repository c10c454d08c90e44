/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Products by packed panels. A step computes up to STEP_ROWS rows of x times BLOCK rows of W:
 *
 *     for each DEPTH columns:       pack the block of W               (second-level cache)
 *       for each ROWS rows of x:
 *         for each panel:           rows times panel                  (first-level cache)
 */
#include "models/runtime/panels.h"

#include <string.h>

#define DEPTH 384
#define BLOCK 192
#define ROWS 96
#define STEP_ROWS 480
/* Rows of x that are made whole numbers in a step. */
#define ROUND_ROWS 16

/* x as numbers of 16 bits, for one type of weights. */
typedef struct {
  DocaiDtype dtype;
  gint16    *values; /* [n, stride]; bits of bf16 numbers for such weights */
  gsize      stride;
  float     *scales; /* [n, pieces], of whole numbers */
} Rounded;

typedef struct {
  const DocaiProduct *products;
  int                 n_products;
  const float        *x;
  gsize               x_stride;
  int                 n, cols, pieces;
  int                 row_steps, step_rows;
  Rounded             rounded[3]; /* for bf16, int8 and int4 weights, if there are such */
  int                 n_rounded;
  guint8             *scratch; /* scratch_bytes a thread */
  gsize               scratch_bytes;
} Job;

/* What a thread packs into. */
typedef struct {
  void  *panels; /* BLOCK * DEPTH words */
  float *rows;   /* one panel's rows before packing */
  float *row;    /* DEPTH */
  float *scales; /* BLOCK: of the block's rows in these columns */
} Scratch;

static Scratch
scratch_of (const Job *job, int thread)
{
  Scratch s;
  s.panels = job->scratch + (gsize) thread * job->scratch_bytes;
  s.rows = (float *) s.panels + BLOCK * DEPTH;
  s.row = s.rows + docai_kernels ()->panel * DEPTH;
  s.scales = s.row + DEPTH;
  return s;
}

static gboolean
is_quantized (DocaiDtype dtype)
{
  return dtype == DOCAI_Q8 || dtype == DOCAI_Q4;
}

/* Whether weights of the type meet activations of 16 bits. */
static gboolean
is_narrow (DocaiDtype dtype, int cols)
{
  return is_quantized (dtype) || (dtype == DOCAI_BF16 && cols % 2 == 0 && docai_kernels ()->multiply_bf16 != NULL);
}

/* Whole numbers for one row of int4 weights in columns [from, from + n); their scale. */
static float
round_q4 (const DocaiMatrix *w, int row, int from, int n, float *wide, gint16 *out)
{
  const DocaiKernels *kernels = docai_kernels ();
  gsize groups = (gsize) (w->cols / DOCAI_Q4_GROUP), first = (gsize) row * groups + (gsize) (from / DOCAI_Q4_GROUP);
  const float *scales = w->scales + first;
  float scale = kernels->largest (scales, n / DOCAI_Q4_GROUP) * (8.0f / 2047.0f);
  kernels->widen_q4 ((const guint8 *) w->data + first * (DOCAI_Q4_GROUP / 2), scales, n, wide);
  kernels->round_i16 (wide, scale > 0 ? 1.0f / scale : 0.0f, n, out);
  return scale;
}

/* Packs `rows` rows of W from `row` on, columns [from, from + n). */
static void
pack_panel (const DocaiMatrix *w, int row, int rows, int from, int n, const Scratch *scratch, void *panel, float *scales)
{
  const DocaiKernels *kernels = docai_kernels ();
  gsize element = (gsize) row * (gsize) w->cols + (gsize) from, cols = (gsize) w->cols, even = ((gsize) n + 1) & ~(gsize) 1;
  gint16 *whole = (gint16 *) scratch->rows;
  if (w->dtype == DOCAI_F32)
    {
      kernels->pack ((const float *) w->data + element, cols, rows, n, panel);
      return;
    }
  gboolean narrow = is_narrow (w->dtype, w->cols);
  for (gsize r = 0; r < (gsize) rows; r++)
    switch (w->dtype)
      {
      case DOCAI_BF16:
        if (narrow)
          memcpy (whole + r * even, (const guint16 *) w->data + element + r * cols, (gsize) n * sizeof (guint16));
        else
          kernels->widen_bf16 ((const guint16 *) w->data + element + r * cols, n, scratch->rows + r * (gsize) n);
        break;
      case DOCAI_F16:
        kernels->widen_f16 ((const guint16 *) w->data + element + r * cols, n, scratch->rows + r * (gsize) n);
        break;
      case DOCAI_Q8:
        kernels->widen_i16 ((const gint8 *) w->data + element + r * cols, n, whole + r * even);
        whole[r * even + even - 1] = even == (gsize) n ? whole[r * even + even - 1] : 0;
        scales[r] = w->scales[(gsize) row + r];
        break;
      case DOCAI_Q4:
        scales[r] = round_q4 (w, row + (int) r, from, n, scratch->row, whole + r * even);
        break;
      case DOCAI_F32:
        break;
      }
  if (narrow)
    kernels->pack (whole, even / 2, rows, (int) even / 2, panel);
  else
    kernels->pack (scratch->rows, (gsize) n, rows, n, panel);
}

/* Rows [first, first + m) of x times a packed panel; piece: which DEPTH columns. */
static void
multiply (const Job *job, const DocaiProduct *product, const DocaiPanel *panel, int piece, int first, int m, int row)
{
  const DocaiKernels *kernels = docai_kernels ();
  float *out = product->out + (gsize) first * product->out_stride + row;
  gboolean add = product->add || piece > 0;
  if (!is_narrow (product->linear->w.dtype, job->cols))
    {
      kernels->multiply_f32 (panel, job->x + (gsize) first * job->x_stride + piece * DEPTH, job->x_stride, m, out, product->out_stride, add);
      return;
    }
  const Rounded *x = job->rounded;
  while (x->dtype != product->linear->w.dtype)
    x++;
  const gint16 *values = x->values + (gsize) first * x->stride + piece * DEPTH;
  if (x->dtype == DOCAI_BF16)
    kernels->multiply_bf16 (panel, (const guint16 *) values, x->stride, m, out, product->out_stride, add);
  else
    kernels->multiply_i16 (panel, values, x->stride, x->scales + (gsize) first * (gsize) job->pieces + piece, (gsize) job->pieces,
                           m, out, product->out_stride, add);
}

/* Rows [first, end) of x times rows [row, row + rows) of W. */
static void
run_block (const Job *job, const DocaiProduct *product, int first, int end, int row, int rows, const Scratch *scratch)
{
  const DocaiMatrix *w = &product->linear->w;
  const float *bias = product->linear->bias;
  int width = docai_kernels ()->panel;
  for (int piece = 0; piece < job->pieces; piece++)
    {
      int depth = MIN (DEPTH, w->cols - piece * DEPTH);
      gboolean last = piece == job->pieces - 1;
      for (int r = 0; r < rows; r += width)
        pack_panel (w, row + r, MIN (width, rows - r), piece * DEPTH, depth, scratch, (float *) scratch->panels + r * DEPTH, scratch->scales + r);
      for (int i = first; i < end; i += ROWS)
        {
          int m = MIN (ROWS, end - i);
          for (int r = 0; r < rows; r += width)
            {
              DocaiPanel panel = { .data = (float *) scratch->panels + r * DEPTH, .rows = MIN (width, rows - r), .depth = depth,
                                   .scales = scratch->scales + r, .bias = piece == 0 && bias != NULL ? bias + row + r : NULL };
              multiply (job, product, &panel, piece, i, m, row + r);
            }
          for (int k = i; last && product->act != DOCAI_ACT_NONE && k < i + m; k++)
            docai_kernels ()->activate (product->act, product->out + (gsize) k * product->out_stride + row, (gsize) rows);
        }
    }
}

static int
blocks_of (const DocaiProduct *product)
{
  return (product->linear->w.rows + BLOCK - 1) / BLOCK;
}

static void
product_step (void *data, int step, int thread)
{
  const Job *job = data;
  const DocaiProduct *product = job->products;
  Scratch scratch = scratch_of (job, thread);
  int first = step % job->row_steps * job->step_rows, block = step / job->row_steps;
  for (; block >= blocks_of (product); product++)
    block -= blocks_of (product);
  run_block (job, product, first, MIN (job->n, first + job->step_rows), block * BLOCK,
             MIN (BLOCK, product->linear->w.rows - block * BLOCK), &scratch);
}

static void
round_step (void *data, int step, int thread)
{
  const Job *job = data;
  const DocaiKernels *kernels = docai_kernels ();
  for (int k = 0; k < job->n_rounded; k++)
    for (int i = step * ROUND_ROWS; i < MIN (job->n, (step + 1) * ROUND_ROWS); i++)
      {
        const Rounded *to = &job->rounded[k];
        float limit = to->dtype == DOCAI_Q8 ? 32767.0f : 2720.0f;
        gint16 *values = to->values + (gsize) i * to->stride;
        values[job->cols] = 0;
        if (to->dtype == DOCAI_BF16)
          {
            kernels->round_bf16 (job->x + (gsize) i * job->x_stride, job->cols, (guint16 *) values);
            continue;
          }
        for (int piece = 0; piece < job->pieces; piece++)
          {
            const float *x = job->x + (gsize) i * job->x_stride + piece * DEPTH;
            int n = MIN (DEPTH, job->cols - piece * DEPTH);
            float largest = kernels->largest (x, n);
            to->scales[(gsize) i * (gsize) job->pieces + (gsize) piece] = largest / limit;
            kernels->round_i16 (x, largest > 0 ? limit / largest : 0.0f, n, values + piece * DEPTH);
          }
      }
}

/* Numbers of 16 bits of x for the types of weights that need them. */
static void
round_rows (Job *job, DocaiRun *run)
{
  for (DocaiDtype dtype = DOCAI_BF16; dtype <= DOCAI_Q4; dtype++)
    {
      gboolean found = FALSE;
      for (int i = 0; i < job->n_products; i++)
        found |= job->products[i].linear->w.dtype == dtype;
      if (!found || !is_narrow (dtype, job->cols))
        continue;
      Rounded *to = &job->rounded[job->n_rounded++];
      to->dtype = dtype;
      to->stride = docai_row_stride ((gsize) job->cols + 1, sizeof (gint16));
      to->values = docai_arena_alloc (run->arena, (gsize) job->n * to->stride * sizeof (gint16));
      to->scales = docai_arena_floats (run->arena, (gsize) job->n, (gsize) job->pieces);
    }
  if (job->n_rounded > 0)
    docai_threads_run (run->threads, (job->n + ROUND_ROWS - 1) / ROUND_ROWS, round_step, job);
}

void
docai_panels_run (const DocaiProduct *products, int n_products, DocaiRun *run, const float *x, gsize x_stride, int n)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  int threads = docai_threads_count (run->threads), cols = products[0].linear->w.cols, steps = 0;
  Job job = { .products = products, .n_products = n_products, .x = x, .x_stride = x_stride, .n = n, .cols = cols };
  job.pieces = (cols + DEPTH - 1) / DEPTH;
  job.row_steps = threads == 1 ? 1 : (n + STEP_ROWS - 1) / STEP_ROWS;
  job.step_rows = ((n + job.row_steps - 1) / job.row_steps + ROWS - 1) / ROWS * ROWS;
  job.row_steps = (n + job.step_rows - 1) / job.step_rows;
  job.scratch_bytes = (gsize) (BLOCK * DEPTH + docai_kernels ()->panel * DEPTH + DEPTH + BLOCK) * sizeof (float);
  job.scratch = docai_arena_alloc (run->arena, (gsize) threads * job.scratch_bytes);
  round_rows (&job, run);
  for (int i = 0; i < n_products; i++)
    steps += blocks_of (&products[i]);
  docai_threads_run (run->threads, steps * job.row_steps, product_step, &job);
  docai_arena_reset (run->arena, mark);
}
