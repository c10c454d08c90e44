/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Maps of several sizes.
 */
#include "models/vision/pyramid.h"

#include <math.h>
#include <string.h>

#define GROUP_EPS 1e-5
#define PLACE_EPS 1e-6f

void
docai_sine_row (float value, int n, double temperature, float *out)
{
  for (int i = 0; i < n / 2; i++)
    {
      float angle = value / powf ((float) temperature, 2.0f * (float) i / (float) n);
      out[2 * i] = sinf (angle);
      out[2 * i + 1] = cosf (angle);
    }
}

/* Neighbourhoods [cells of the half-sized map, width * 9] of a 3 x 3 convolution with stride 2, zeros around. */
static float *
neighbourhoods (DocaiRun *run, const DocaiSwinMap *map, int rows, int cols)
{
  gsize width = (gsize) map->width;
  float *all = docai_arena_floats (run->arena, (gsize) (rows * cols), width * 9), *to = all;
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < cols; c++, to += width * 9)
      for (int k = 0; k < 9; k++)
        {
          int y = 2 * r + k / 3 - 1, x = 2 * c + k % 3 - 1;
          gboolean inside = y >= 0 && x >= 0 && y < map->rows && x < map->cols;
          const float *from = map->values + (inside ? (gsize) (y * map->cols + x) * width : 0);
          for (gsize d = 0; d < width; d++)
            to[d * 9 + (gsize) k] = inside ? from[d] : 0.0f;
        }
  return all;
}

/* Normalises each group of channels over the whole map, x [n, width]. */
static void
normalise_groups (const DocaiPyramid *self, const DocaiPyramidMap *map, float *x, int n)
{
  int size = self->width / DOCAI_PYRAMID_GROUPS;
  for (int g = 0; g < DOCAI_PYRAMID_GROUPS; g++)
    {
      double sum = 0, squares = 0, count = (double) n * size;
      for (int i = 0; i < n; i++)
        for (int d = 0; d < size; d++)
          sum += x[(gsize) i * (gsize) self->width + (gsize) (g * size + d)];
      double mean = sum / count;
      for (int i = 0; i < n; i++)
        for (int d = 0; d < size; d++)
          {
            double off = x[(gsize) i * (gsize) self->width + (gsize) (g * size + d)] - mean;
            squares += off * off;
          }
      double factor = 1.0 / sqrt (squares / count + GROUP_EPS);
      for (int i = 0; i < n; i++)
        for (int d = g * size; d < (g + 1) * size; d++)
          {
            float *value = &x[(gsize) i * (gsize) self->width + (gsize) d];
            *value = (float) ((*value - mean) * factor) * map->group_weight[d] + map->group_bias[d];
          }
    }
}

static void
fill_places (const DocaiPyramid *self, const DocaiPyramidMap *map, const DocaiSampleMap *cells, float *places, float *references)
{
  int half = self->width / 2;
  gsize width = (gsize) self->width;
  for (int r = 0; r < cells->rows; r++)
    for (int c = 0; c < cells->cols; c++, places += width, references += 2)
      {
        float full = 2.0f * (float) G_PI;
        docai_sine_row ((float) (r + 1) / ((float) cells->rows + PLACE_EPS) * full, half, self->temperature, places);
        docai_sine_row ((float) (c + 1) / ((float) cells->cols + PLACE_EPS) * full, half, self->temperature, places + half);
        docai_kernels ()->add (places, map->level, width);
        references[0] = ((float) c + 0.5f) / (float) cells->cols;
        references[1] = ((float) r + 0.5f) / (float) cells->rows;
      }
}

/* Sizes of the maps, one behind the other; the number of rows. */
static int
lay_out (const DocaiPyramid *self, const DocaiSwinMap *stages, DocaiSampleMap *maps)
{
  const DocaiSwinMap *last = &stages[self->tower.n_stages - 1];
  int rows = last->rows, cols = last->cols, n = 0;
  for (int i = 0; i < self->n_maps; i++)
    {
      int stage = self->maps[i].stage;
      rows = stage >= 0 ? stages[stage].rows : (rows + 1) / 2;
      cols = stage >= 0 ? stages[stage].cols : (cols + 1) / 2;
      maps[i] = (DocaiSampleMap) { rows, cols, n };
      n += rows * cols;
    }
  return n;
}

void
docai_pyramid_run (const DocaiPyramid *self, DocaiRun *run, const float *image, int height, int width, DocaiPyramidRows *out)
{
  DocaiSwinMap stages[DOCAI_SWIN_MAX_STAGES], before = { 0 };
  gsize n_columns = (gsize) self->width;
  docai_swin_run (&self->tower, run, image, height, width, stages);
  out->n_rows = lay_out (self, stages, out->maps);
  out->rows = docai_arena_floats (run->arena, (gsize) out->n_rows, n_columns);
  out->places = docai_arena_floats (run->arena, (gsize) out->n_rows, n_columns);
  out->references = docai_arena_floats (run->arena, (gsize) out->n_rows, 2);
  for (int i = 0; i < self->n_maps; i++)
    {
      const DocaiPyramidMap *map = &self->maps[i];
      const DocaiSampleMap *cells = &out->maps[i];
      DocaiArenaMark mark = docai_arena_mark (run->arena);
      int n = cells->rows * cells->cols;
      float *rows = out->rows + (gsize) cells->first * n_columns;
      const float *from;
      if (map->stage >= 0)
        {
          before = stages[map->stage];
          docai_norm_run (&map->norm, before.values, (gsize) before.width, n, 1, before.values, (gsize) before.width);
          from = before.values;
        }
      else
        from = neighbourhoods (run, &before, cells->rows, cells->cols);
      docai_linear_run (&map->convolution, run, from, (gsize) map->convolution.w.cols, n, rows, n_columns, FALSE);
      normalise_groups (self, map, rows, n);
      if (map->stage < 0)
        before = (DocaiSwinMap) { .values = rows, .rows = cells->rows, .cols = cells->cols, .width = self->width };
      fill_places (self, map, cells, out->places + (gsize) cells->first * n_columns, out->references + 2 * (gsize) cells->first);
      docai_arena_reset (run->arena, mark);
    }
}
