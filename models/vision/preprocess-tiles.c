/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How each family cuts an image into tiles. Sizes are computed in double and truncated
 * exactly as the reference processors do, since one pixel more or less changes everything
 * behind it.
 */
#include <math.h>

#include "base/error.h"
#include "models/vision/preprocess-priv.h"

#define MAX_TILES DOCAI_PLAN_MAX_TILES

gboolean
docai_tile_set_take (DocaiTileSet *set, DocaiImage *tile, GError **error)
{
  if (tile == NULL)
    return FALSE;
  g_ptr_array_add (set->tiles, tile);
  if (set->tiles->len <= MAX_TILES)
    return TRUE;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT,
               "the images of a prompt need more than %d tiles", MAX_TILES);
  return FALSE;
}

static DocaiImage *
resize_to (const DocaiTileSet *set, const DocaiImage *image, int width, int height, GError **error)
{
  return docai_image_resize (image, MAX (width, 1), MAX (height, 1), set->settings->resample,
                             error);
}

/* Shortest edge to `shortest`, the other in proportion, truncated. */
static DocaiImage *
resize_shortest (const DocaiTileSet *set, const DocaiImage *image, int shortest, GError **error)
{
  int small = MIN (image->width, image->height), large = MAX (image->width, image->height);
  int other = docai_plan_int ((double) ((gint64) shortest * large) / small);

  return image->width <= image->height ? resize_to (set, image, shortest, other, error)
                                       : resize_to (set, image, other, shortest, error);
}

/* The size setting in its common meaning: exact size, or shortest edge. */
static DocaiImage *
resize_by_setting (const DocaiTileSet *set, const DocaiImage *image, GError **error)
{
  const DocaiSizeSetting *size = &set->settings->size;

  if (!set->settings->do_resize)
    return docai_image_crop (image, 0, 0, image->width, image->height, error);
  if (size->shortest > 0)
    return resize_shortest (set, image, size->shortest, error);
  return resize_to (set, image, size->width, size->height, error);
}

/* Pads what is too small, the odd pixel to the right and bottom, then cuts the centre. */
static DocaiImage *
crop_center (const DocaiImage *image, const DocaiSizeSetting *crop, GError **error)
{
  int dx = image->width - crop->width, dy = image->height - crop->height;

  return docai_image_crop (image, dx >= 0 ? dx / 2 : -(-dx / 2), dy >= 0 ? dy / 2 : -(-dy / 2),
                           crop->width, crop->height, error);
}

static gboolean
take_plain (DocaiTileSet *set, const DocaiImage *image, GError **error)
{
  g_autoptr (DocaiImage) sized = resize_by_setting (set, image, error);

  if (sized == NULL)
    return FALSE;
  if (!set->settings->do_crop)
    return docai_tile_set_take (set, g_steal_pointer (&sized), error);
  return docai_tile_set_take (set, crop_center (sized, &set->settings->crop, error), error);
}

gboolean
docai_tile_plain (DocaiTileSet *set, const DocaiImage *image, DocaiImageLayout *layout,
                  GError **error)
{
  return take_plain (set, image, error);
}

/* ---- Idefics3 ------------------------------------------------------------------- */

/* Makes a tile of the grid, the part x0 ... y1 of the image, one colour when the guide does not want it. */
static void
leave_out (const DocaiTileSet *set, DocaiImage *tile, DocaiImageLayout *layout, double x0, double y0, double x1, double y1)
{
  if (set->guide == NULL || docai_guide_wants (set->guide, x0, y0, x1, y1))
    return;
  docai_guide_blank (tile);
  layout->left_out++;
}

/* Tiles of an image that fills its grid. */
static gboolean
take_grid (DocaiTileSet *set, const DocaiImage *image, int tile_width, int tile_height,
           DocaiImageLayout *layout, GError **error)
{
  double width = 1.0 / layout->cols, height = 1.0 / layout->rows;

  for (int r = 0; r < layout->rows; r++)
    for (int c = 0; c < layout->cols; c++)
      {
        DocaiImage *tile = docai_image_crop (image, c * tile_width, r * tile_height, tile_width, tile_height, error);
        if (tile != NULL)
          leave_out (set, tile, layout, c * width, r * height, (c + 1) * width, (r + 1) * height);
        if (!docai_tile_set_take (set, tile, error))
          return FALSE;
      }
  return TRUE;
}

gboolean
docai_tile_idefics3 (DocaiTileSet *set, const DocaiImage *image, DocaiImageLayout *layout,
                     GError **error)
{
  const DocaiPreprocessor *self = set->settings;
  int tile = self->tile.longest;
  DocaiGridPlan plan, full;

  docai_plan_idefics3 (self, &set->options, NULL, image->width, image->height, &full);
  docai_plan_idefics3 (self, &set->options, set->guide, image->width, image->height, &plan);
  docai_plan_fill (layout, &plan, &full);
  g_autoptr (DocaiImage) sized = resize_to (set, image, plan.width, plan.height, error);
  if (sized == NULL)
    return FALSE;
  g_autoptr (DocaiImage) grown = resize_to (set, sized, plan.canvas_width, plan.canvas_height, error);
  if (grown == NULL)
    return FALSE;
  if (plan.rows == 0)
    return docai_tile_set_take (set, g_steal_pointer (&grown), error);
  return take_grid (set, grown, tile, tile, layout, error)
         && docai_tile_set_take (set, resize_to (set, grown, tile, tile, error), error);
}

/* ---- Idefics2 ------------------------------------------------------------------- */

/* The longest edge down to its bound, then each edge up to the shortest one. */
static DocaiImage *
idefics2_resize (const DocaiTileSet *set, const DocaiImage *image, GError **error)
{
  const DocaiSizeSetting *size = &set->settings->size;
  double ratio = (double) image->width / image->height;
  int width = image->width, height = image->height;

  if (!set->settings->do_resize)
    return resize_to (set, image, width, height, error);
  if (size->shortest == 0 || size->longest == 0)
    return resize_to (set, image, size->width, size->height, error);
  if (width >= height && width > size->longest)
    {
      width = size->longest;
      height = docai_plan_int (width / ratio);
    }
  else if (height > width && height > size->longest)
    {
      height = size->longest;
      width = docai_plan_int (height * ratio);
    }
  return resize_to (set, image, MAX (width, size->shortest), MAX (height, size->shortest), error);
}

static gboolean
take_part (DocaiTileSet *set, const DocaiImage *image, int x, int y, int width, int height,
           GError **error)
{
  g_autoptr (DocaiImage) part = docai_image_crop (image, x, y, MAX (width, 1), MAX (height, 1),
                                                  error);
  return part != NULL && docai_tile_set_take (set, idefics2_resize (set, part, error), error);
}

gboolean
docai_tile_idefics2 (DocaiTileSet *set, const DocaiImage *image, DocaiImageLayout *layout,
                     GError **error)
{
  gboolean split = set->options.splitting >= 0 ? set->options.splitting : set->settings->splitting;
  int w = image->width, h = image->height, x = w / 2, y = h / 2;

  if (split)
    {
      layout->rows = layout->cols = 2;
      if (!take_part (set, image, 0, 0, x, y, error) || !take_part (set, image, x, 0, w - x, y, error)
          || !take_part (set, image, 0, y, x, h - y, error)
          || !take_part (set, image, x, y, w - x, h - y, error))
        return FALSE;
    }
  return docai_tile_set_take (set, idefics2_resize (set, image, error), error);
}

/* ---- LLaVA-NeXT ----------------------------------------------------------------- */

/* The image fitted into the resolution and padded around, the odd pixel behind. */
static DocaiImage *
fit_and_pad (const DocaiTileSet *set, const DocaiImage *image, int width, int height,
             GError **error)
{
  double scale_w = (double) width / image->width, scale_h = (double) height / image->height;
  int w = width, h = height;

  if (scale_w < scale_h)
    h = MIN (docai_plan_int (ceil (image->height * scale_w)), height);
  else
    w = MIN (docai_plan_int (ceil (image->width * scale_h)), width);
  g_autoptr (DocaiImage) fitted = resize_to (set, image, w, h, error);
  if (fitted == NULL)
    return NULL;
  return docai_image_crop (fitted, -((width - fitted->width) / 2), -((height - fitted->height) / 2),
                           width, height, error);
}

gboolean
docai_tile_llava_next (DocaiTileSet *set, const DocaiImage *image, DocaiImageLayout *layout,
                       GError **error)
{
  const DocaiPreprocessor *self = set->settings;
  int tile = docai_plan_llava_next_tile (self);
  int view_height = self->size.height > 0 ? self->size.height : self->size.shortest;
  int view_width = self->size.width > 0 ? self->size.width : view_height;
  DocaiGridPlan plan, full;

  docai_plan_llava_next (self, NULL, image->width, image->height, &full);
  docai_plan_llava_next (self, set->guide, image->width, image->height, &plan);
  docai_plan_fill (layout, &plan, &full);
  int width = plan.canvas_width, height = plan.canvas_height;
  g_autoptr (DocaiImage) view = resize_to (set, image, view_width, view_height, error);
  g_autoptr (DocaiImage) padded = fit_and_pad (set, image, width, height, error);
  if (view == NULL || padded == NULL || !take_plain (set, view, error))
    return FALSE;
  double scale = MIN ((double) width / image->width, (double) height / image->height);
  double used_width = image->width * scale, used_height = image->height * scale;
  double left = (width - used_width) / 2, top = (height - used_height) / 2;
  for (int r = 0; r < layout->rows; r++)
    for (int c = 0; c < layout->cols; c++)
      {
        int x = c * tile, y = r * tile;
        g_autoptr (DocaiImage) part = docai_image_crop (padded, x, y, MIN (tile, width - x), MIN (tile, height - y), error);
        if (part == NULL)
          return FALSE;
        leave_out (set, part, layout, (x - left) / used_width, (y - top) / used_height, (x + tile - left) / used_width,
                   (y + tile - top) / used_height);
        if (!take_plain (set, part, error))
          return FALSE;
      }
  return TRUE;
}

/* ---- InternVL ------------------------------------------------------------------- */

gboolean
docai_tile_internvl (DocaiTileSet *set, const DocaiImage *image, DocaiImageLayout *layout,
                     GError **error)
{
  const DocaiPreprocessor *self = set->settings;
  int w = self->size.width, h = self->size.height;
  DocaiGridPlan plan, full;

  docai_plan_internvl (self, &set->options, NULL, image->width, image->height, &full);
  docai_plan_internvl (self, &set->options, set->guide, image->width, image->height, &plan);
  docai_plan_fill (layout, &plan, &full);
  if (plan.rows == 0)
    return docai_tile_set_take (set, resize_to (set, image, w, h, error), error);
  g_autoptr (DocaiImage) canvas = resize_to (set, image, plan.canvas_width, plan.canvas_height, error);
  if (canvas == NULL || !take_grid (set, canvas, w, h, layout, error))
    return FALSE;
  return plan.rows * plan.cols == 1 || docai_tile_set_take (set, resize_to (set, image, w, h, error), error);
}

/* ---- Donut ---------------------------------------------------------------------- */

/* Down to the size on both edges; a square image may lose its proportion, as it does in
 * the reference. */
static DocaiImage *
thumbnail (const DocaiTileSet *set, const DocaiImage *image, int out_width, int out_height,
           GError **error)
{
  int height = MIN (image->height, out_height), width = MIN (image->width, out_width);

  if (height == image->height && width == image->width)
    return docai_image_crop (image, 0, 0, width, height, error);
  if (image->height > image->width)
    width = docai_plan_int ((double) ((gint64) image->width * height) / image->height);
  else if (image->width > image->height)
    height = docai_plan_int ((double) ((gint64) image->height * width) / image->width);
  return resize_to (set, image, width, height, error);
}

gboolean
docai_tile_donut (DocaiTileSet *set, const DocaiImage *image, DocaiImageLayout *layout,
                  GError **error)
{
  const DocaiPreprocessor *self = set->settings;
  int w = self->size.width, h = self->size.height;
  g_autoptr (DocaiImage) now = NULL, next = NULL;

  if (self->align_long_axis && ((w < h && image->width > image->height)
                                || (w > h && image->width < image->height)))
    now = docai_image_rotate90 (image, error);
  else
    now = docai_image_crop (image, 0, 0, image->width, image->height, error);
  if (now != NULL && self->do_resize)
    {
      next = resize_shortest (set, now, MIN (w, h), error);
      docai_image_free (now);
      now = g_steal_pointer (&next);
    }
  if (now != NULL && self->thumbnail)
    {
      next = thumbnail (set, now, w, h, error);
      docai_image_free (now);
      now = g_steal_pointer (&next);
    }
  if (now != NULL && self->do_pad)
    {
      next = docai_image_crop (now, -((w - now->width) / 2), -((h - now->height) / 2), w, h, error);
      docai_image_free (now);
      now = g_steal_pointer (&next);
    }
  return docai_tile_set_take (set, g_steal_pointer (&now), error);
}

/* ---- Grounding DINO --------------------------------------------------------------- */

/* Shortest edge to the setting, unless the longest would exceed its bound. */
gboolean
docai_tile_dino (DocaiTileSet *set, const DocaiImage *image, DocaiImageLayout *layout,
                 GError **error)
{
  const DocaiSizeSetting *setting = &set->settings->size;
  double small = MIN (image->width, image->height), large = MAX (image->width, image->height);
  double raw = setting->shortest;
  int size = setting->shortest;
  int width = image->width, height = image->height;

  if (setting->shortest == 0 || !set->settings->do_resize)
    return take_plain (set, image, error);
  if (setting->longest > 0 && large / small * size > setting->longest)
    {
      raw = setting->longest * small / large;
      size = (int) rint (raw);
    }
  if ((height <= width && height == size) || (width <= height && width == size))
    return docai_tile_set_take (set, resize_to (set, image, width, height, error), error);
  if (width < height)
    {
      height = docai_plan_int (raw * height / width);
      width = size;
    }
  else
    {
      width = docai_plan_int (raw * width / height);
      height = size;
    }
  return docai_tile_set_take (set, resize_to (set, image, width, height, error), error);
}
