/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Vision transformers.
 */
#include "models/vision/tower.h"

#include <string.h>

int
docai_tower_tokens (const DocaiTower *self, int rows, int cols)
{
  return rows * cols + (self->class_token != NULL ? 1 : 0);
}

/* Element i of torch.arange (start, end, start) with `count` elements as the reference computes
 * it: in double precision one by one, but pairs of whole vectors of eight from a start that
 * was rounded to single precision. */
static float
boundary (int i, int count, double start)
{
  if (i >= count / 16 * 16)
    return (float) (start + start * i);
  float base = (float) (start + start * (i / 8 * 8));
  return (float) ((double) base + start * (i % 8));
}

void
docai_tower_buckets (int n, int side, int *out)
{
  float step = 1.0f / (float) n, last = (float) (1.0 - 1e-6);
  double width = 1.0 / side;
  for (int i = 0, bucket = 0; i < n; i++)
    {
      float place = MIN ((float) i * step, last);
      while (bucket < side - 1 && boundary (bucket, side - 1, width) <= place)
        bucket++;
      out[i] = bucket;
    }
}

/* Rows [patches, channels * patch_height * patch_width], channel by channel. */
static void
cut_patches (const DocaiTower *self, const float *tile, int tile_height, int tile_width, int rows, int cols, float *out)
{
  gsize plane = (gsize) tile_height * (gsize) tile_width;
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < cols; c++)
      for (int ch = 0; ch < self->channels; ch++)
        for (int y = 0; y < self->patch_height; y++, out += self->patch_width)
          memcpy (out, tile + (gsize) ch * plane + (gsize) (r * self->patch_height + y) * (gsize) tile_width + (gsize) (c * self->patch_width),
                  (gsize) self->patch_width * sizeof (float));
}

static void
add_positions (const DocaiTower *self, DocaiRun *run, int rows, int cols, float *x)
{
  const DocaiKernels *kernels = docai_kernels ();
  gsize width = (gsize) self->width;
  const float *positions = self->positions;
  int *down = docai_arena_alloc (run->arena, (gsize) rows * sizeof (int)), *across = docai_arena_alloc (run->arena, (gsize) cols * sizeof (int));
  for (int i = 0; i < rows; i++)
    down[i] = i;
  for (int i = 0; i < cols; i++)
    across[i] = i;
  if (self->bucketed)
    {
      docai_tower_buckets (rows, self->rows, down);
      docai_tower_buckets (cols, self->cols, across);
    }
  if (self->class_token != NULL)
    {
      kernels->add (x, positions, width);
      positions += width;
      x += width;
    }
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < cols; c++, x += width)
      kernels->add (x, positions + (gsize) (down[r] * self->cols + across[c]) * width, width);
}

void
docai_tower_embed (const DocaiTower *self, DocaiRun *run, const float *tile, int tile_height, int tile_width,
                   int height, int width, float *out)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  int rows = height / self->patch_height, cols = width / self->patch_width, n = docai_tower_tokens (self, rows, cols);
  gsize columns = (gsize) self->patch.w.cols, row_width = (gsize) self->width;
  float *patches = docai_arena_floats (run->arena, (gsize) (rows * cols), columns), *x = out;
  cut_patches (self, tile, tile_height, tile_width, rows, cols, patches);
  if (self->class_token != NULL)
    {
      memcpy (x, self->class_token, row_width * sizeof (float));
      x += row_width;
    }
  docai_linear_run (&self->patch, run, patches, columns, rows * cols, x, row_width, FALSE);
  if (self->positions != NULL)
    add_positions (self, run, rows, cols, out);
  if (self->pre_norm.kind != DOCAI_NORM_NONE)
    docai_norm_run (&self->pre_norm, out, row_width, n, 1, out, row_width);
  docai_arena_reset (run->arena, mark);
}

void
docai_tower_blocks (const DocaiTower *self, DocaiRun *run, float *x, int n, int from, int to)
{
  DocaiSpan span = { .rows = n };
  DocaiContext context = { .spans = &span, .n_spans = 1 };
  for (int i = from; i < to; i++)
    docai_block_run (&self->blocks[i], run, x, i, &context);
}
