/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sizes and grids: into how many tiles or patches each family cuts an image of a size,
 * with and without a guide. Computed in double and truncated exactly as the reference
 * processors do, since one pixel more or less changes everything behind it.
 */
#include <math.h>

#include "base/error.h"
#include "models/vision/preprocess-priv.h"

#define IDEFICS3_MAX_SIDE 4096
#define MAX_ASPECT 200

int
docai_plan_int (double value)
{
  return value >= G_MAXINT / 2 ? G_MAXINT / 2 : value <= 0 ? 0 : (int) value;
}

static int
round_up (gint64 value, int step)
{
  gint64 up = (value + step - 1) / step * step;
  return up > G_MAXINT / 2 ? G_MAXINT / 2 : (int) up;
}

void
docai_plan_fill (DocaiImageLayout *layout, const DocaiGridPlan *plan, const DocaiGridPlan *full)
{
  layout->rows = plan->rows;
  layout->cols = plan->cols;
  layout->full_rows = full->rows;
  layout->full_cols = full->cols;
  layout->full_tiles = full->tiles;
}

/* ---- Idefics3 ------------------------------------------------------------------- */

/* Longest edge to the setting, the other made even, then not above 4096. */
static void
idefics3_size (int in_width, int in_height, int longest, int *width, int *height)
{
  double ratio = (double) in_width / in_height;
  gboolean wide = in_width >= in_height;
  int other = docai_plan_int (wide ? longest / ratio : longest * ratio);

  other = MAX (other + other % 2, 1);
  *width = wide ? longest : other;
  *height = wide ? other : longest;
  ratio = (double) *width / *height;
  if (*width >= *height && *width > IDEFICS3_MAX_SIDE)
    {
      *width = IDEFICS3_MAX_SIDE;
      *height = docai_plan_int (IDEFICS3_MAX_SIDE / ratio);
    }
  else if (*height > *width && *height > IDEFICS3_MAX_SIDE)
    {
      *height = IDEFICS3_MAX_SIDE;
      *width = docai_plan_int (IDEFICS3_MAX_SIDE * ratio);
    }
  *width = MAX (*width, 1);
  *height = MAX (*height, 1);
}

/* Both edges up to multiples of a tile; the shorter one follows the longer one first. */
static void
grow_to_tiles (DocaiGridPlan *plan, int tile)
{
  double ratio = (double) plan->width / plan->height;
  int width, height;

  if (plan->width >= plan->height)
    {
      width = round_up (plan->width, tile);
      height = round_up (docai_plan_int (width / ratio), tile);
    }
  else
    {
      height = round_up (plan->height, tile);
      width = round_up (docai_plan_int (height * ratio), tile);
    }
  plan->canvas_width = MAX (width, tile);
  plan->canvas_height = MAX (height, tile);
}

void
docai_plan_idefics3 (const DocaiPreprocessor *self, const DocaiPreprocessOptions *options, const DocaiGuide *guide,
                     int width, int height, DocaiGridPlan *plan)
{
  int tile = self->tile.longest, longest = self->size.longest;
  gboolean split = options->splitting >= 0 ? options->splitting : self->splitting;

  *plan = (DocaiGridPlan){ .width = width, .height = height, .canvas_width = tile, .canvas_height = tile, .tiles = 1 };
  if (guide != NULL && guide->side > 0)
    longest = MIN (longest, MAX (guide->side, tile));
  if (self->do_resize && self->size.longest > 0)
    idefics3_size (width, height, longest, &plan->width, &plan->height);
  else if (self->do_resize)
    {
      plan->width = self->size.width;
      plan->height = self->size.height;
    }
  if (!split || (guide != NULL && guide->n_boxes == 0))
    return;
  grow_to_tiles (plan, tile);
  if (plan->canvas_width <= tile && plan->canvas_height <= tile)
    return;
  plan->rows = plan->canvas_height / tile;
  plan->cols = plan->canvas_width / tile;
  plan->tiles = plan->rows * plan->cols + 1;
}

/* ---- LLaVA-NeXT ----------------------------------------------------------------- */

int
docai_plan_llava_next_tile (const DocaiPreprocessor *self)
{
  return self->crop.height > 0 ? self->crop.height : self->size.height > 0 ? self->size.height : self->size.shortest;
}

/* Whether a guide allows a resolution: the smallest ones where there is nothing to look at, else those that are not
 * longer than it needs in whole tiles, or than the shortest there is. */
static gboolean
is_allowed (const DocaiPreprocessor *self, const DocaiGuide *guide, const int *grid)
{
  gint64 least_area = G_MAXINT64;
  int least_edge = G_MAXINT;

  if (guide == NULL || (guide->side <= 0 && guide->n_boxes > 0))
    return TRUE;
  for (int i = 0; i < self->n_grids; i++)
    {
      least_edge = MIN (least_edge, MAX (self->grids[i][0], self->grids[i][1]));
      least_area = MIN (least_area, (gint64) self->grids[i][0] * self->grids[i][1]);
    }
  if (guide->n_boxes == 0)
    return (gint64) grid[0] * grid[1] == least_area;
  return MAX (grid[0], grid[1]) <= MAX (least_edge, round_up (guide->side, MAX (docai_plan_llava_next_tile (self), 1)));
}

void
docai_plan_llava_next (const DocaiPreprocessor *self, const DocaiGuide *guide, int width, int height, DocaiGridPlan *plan)
{
  gint64 best_used = 0, best_waste = G_MAXINT64, area = (gint64) width * height;
  int best = -1, tile = docai_plan_llava_next_tile (self);

  for (int i = 0; i < self->n_grids; i++)
    {
      int grid_height = self->grids[i][0], grid_width = self->grids[i][1];
      if (!is_allowed (self, guide, self->grids[i]))
        continue;
      double scale = MIN ((double) grid_width / width, (double) grid_height / height);
      gint64 fitted = (gint64) (width * scale) * (gint64) (height * scale);
      gint64 used = MIN (fitted, area), waste = (gint64) grid_width * grid_height - used;
      if (best < 0 || used > best_used || (used == best_used && waste < best_waste))
        {
          best_used = used;
          best_waste = waste;
          best = i;
        }
    }
  best = MAX (best, 0);
  *plan = (DocaiGridPlan){ .width = width, .height = height, .canvas_width = self->grids[best][1], .canvas_height = self->grids[best][0] };
  plan->rows = (plan->canvas_height + tile - 1) / tile;
  plan->cols = (plan->canvas_width + tile - 1) / tile;
  plan->tiles = plan->rows * plan->cols + 1;
}

/* ---- InternVL ------------------------------------------------------------------- */

/* The grid whose aspect ratio is nearest. Grids are tried by their number of tiles; of equal
 * ones the larger wins while the image has more than half of its pixels. */
static void
best_grid (const DocaiPreprocessor *self, int width, int height, int max_tiles, int *cols, int *rows)
{
  double ratio = (double) width / height, best = INFINITY, area = (double) width * height;
  double tile = 0.5 * self->size.height * self->size.width;

  *cols = *rows = 1;
  for (int n = MAX (self->min_tiles, 1); n <= max_tiles; n++)
    for (int w = 1; w <= n; w++)
      {
        if (n % w != 0)
          continue;
        double difference = fabs (ratio - (double) w / (n / w));
        if (difference < best || (difference == best && area > tile * w * (n / w)))
          {
            best = difference;
            *cols = w;
            *rows = n / w;
          }
      }
}

void
docai_plan_internvl (const DocaiPreprocessor *self, const DocaiPreprocessOptions *options, const DocaiGuide *guide,
                     int width, int height, DocaiGridPlan *plan)
{
  int max_tiles = MIN (options->max_patches > 0 ? options->max_patches : self->max_tiles, DOCAI_PLAN_MAX_TILES);

  if (guide != NULL)
    {
      double w, h;
      docai_guide_size (guide, width, height, &w, &h);
      double needed = ceil (w / self->size.width) * ceil (h / self->size.height);
      max_tiles = guide->n_boxes == 0 ? 1 : MIN (max_tiles, MAX (docai_plan_int (needed), self->min_tiles));
    }
  *plan = (DocaiGridPlan){ .width = width, .height = height, .canvas_width = self->size.width, .canvas_height = self->size.height, .tiles = 1 };
  if (options->splitting == 0 || max_tiles <= 1)
    return;
  best_grid (self, width, height, max_tiles, &plan->cols, &plan->rows);
  plan->canvas_width = docai_plan_int ((double) self->size.width * plan->cols);
  plan->canvas_height = docai_plan_int ((double) self->size.height * plan->rows);
  plan->tiles = plan->rows * plan->cols;
  plan->tiles += plan->tiles > 1;
}

/* ---- Qwen2-VL ------------------------------------------------------------------- */

/* Both edges multiples of the factor, the area between the bounds, the aspect ratio as near
 * as can be. Halves round to even, as Python's round does. */
gboolean
docai_plan_qwen2_vl (const DocaiPreprocessor *self, const DocaiPreprocessOptions *options, const DocaiGuide *guide,
                     int in_width, int in_height, DocaiGridPlan *plan, GError **error)
{
  int factor = self->patch_height * self->merge;
  gint64 max_pixels = options->max_pixels > 0 ? options->max_pixels : self->max_pixels, min_pixels = MIN (self->min_pixels, max_pixels);
  double w = in_width, h = in_height, bar_w = rint (w / factor) * factor, bar_h = rint (h / factor) * factor;

  if (guide != NULL)
    {
      double needed_w, needed_h;
      docai_guide_size (guide, in_width, in_height, &needed_w, &needed_h);
      max_pixels = (gint64) CLAMP (ceil (needed_w * needed_h), (double) MAX (min_pixels, (gint64) factor * factor), (double) max_pixels);
    }
  if (MAX (w, h) / MIN (w, h) > MAX_ASPECT)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION,
                   "the model takes no image of %d x %d pixels: the aspect ratio exceeds %d", in_width, in_height, MAX_ASPECT);
      return FALSE;
    }
  if (bar_h * bar_w > (double) max_pixels)
    {
      double beta = sqrt (h * w / (double) max_pixels);
      bar_h = MAX (factor, floor (h / beta / factor) * factor);
      bar_w = MAX (factor, floor (w / beta / factor) * factor);
    }
  else if (bar_h * bar_w < (double) min_pixels)
    {
      double beta = sqrt ((double) min_pixels / (h * w));
      bar_h = ceil (h * beta / factor) * factor;
      bar_w = ceil (w * beta / factor) * factor;
    }
  if (bar_h > DOCAI_IMAGE_MAX_EDGE || bar_w > DOCAI_IMAGE_MAX_EDGE)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_PIXEL_LIMIT, "the model wants too large an image");
      return FALSE;
    }
  plan->width = plan->canvas_width = (int) MAX (bar_w, factor);
  plan->height = plan->canvas_height = (int) MAX (bar_h, factor);
  plan->rows = plan->height / self->patch_height;
  plan->cols = plan->width / self->patch_height;
  plan->tiles = plan->rows * plan->cols;
  return TRUE;
}

int
docai_preprocessor_side (const DocaiPreprocessor *self)
{
  int side = MAX (MAX (self->size.longest, self->size.shortest), MAX (self->size.width, self->size.height));

  switch (self->kind)
    {
    case DOCAI_PREPROCESS_LLAVA_NEXT:
      for (int i = 0; i < self->n_grids; i++)
        side = MAX (side, MAX (self->grids[i][0], self->grids[i][1]));
      return side;
    case DOCAI_PREPROCESS_INTERNVL:
      return docai_plan_int (ceil (sqrt (MAX (self->max_tiles, 1))) * side);
    case DOCAI_PREPROCESS_QWEN2_VL:
      return docai_plan_int (sqrt ((double) self->max_pixels * 1.5));
    case DOCAI_PREPROCESS_PIX2STRUCT:
      return docai_plan_int (sqrt ((double) self->max_patches * 1.5) * MAX (self->patch_height, self->patch_width));
    default:
      return side;
    }
}
