/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How each family cuts an image into tiles. Sizes are computed in double and truncated
 * exactly as the reference processors do, since one pixel more or less changes everything
 * behind it.
 */
#include <math.h>

#include "base/error.h"
#include "models/vision/preprocess-priv.h"

#define MAX_TILES 4096
#define IDEFICS3_MAX_SIDE 4096

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

/* Double to int without overflow; sizes beyond the limit fail when the image is made. */
static int
to_int (double value)
{
  return value >= G_MAXINT / 2 ? G_MAXINT / 2 : value <= 0 ? 0 : (int) value;
}

/* Shortest edge to `shortest`, the other in proportion, truncated. */
static DocaiImage *
resize_shortest (const DocaiTileSet *set, const DocaiImage *image, int shortest, GError **error)
{
  int small = MIN (image->width, image->height), large = MAX (image->width, image->height);
  int other = to_int ((double) ((gint64) shortest * large) / small);

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

static int
round_up (gint64 value, int step)
{
  gint64 up = (value + step - 1) / step * step;
  return up > G_MAXINT / 2 ? G_MAXINT / 2 : (int) up;
}

/* Longest edge to the setting, the other made even, then not above 4096. */
static void
idefics3_size (const DocaiImage *image, int longest, int *width, int *height)
{
  double ratio = (double) image->width / image->height;
  gboolean wide = image->width >= image->height;
  int other = to_int (wide ? longest / ratio : longest * ratio);

  other = MAX (other + other % 2, 1);
  *width = wide ? longest : other;
  *height = wide ? other : longest;
  ratio = (double) *width / *height;
  if (*width >= *height && *width > IDEFICS3_MAX_SIDE)
    {
      *width = IDEFICS3_MAX_SIDE;
      *height = to_int (IDEFICS3_MAX_SIDE / ratio);
    }
  else if (*height > *width && *height > IDEFICS3_MAX_SIDE)
    {
      *height = IDEFICS3_MAX_SIDE;
      *width = to_int (IDEFICS3_MAX_SIDE * ratio);
    }
  *width = MAX (*width, 1);
  *height = MAX (*height, 1);
}

/* Both edges up to multiples of a tile; the shorter one follows the longer one first. */
static DocaiImage *
grow_to_tiles (const DocaiTileSet *set, const DocaiImage *image, int tile, GError **error)
{
  double ratio = (double) image->width / image->height;
  int width, height;

  if (image->width >= image->height)
    {
      width = round_up (image->width, tile);
      height = round_up (to_int (width / ratio), tile);
    }
  else
    {
      height = round_up (image->height, tile);
      width = round_up (to_int (height * ratio), tile);
    }
  return resize_to (set, image, MAX (width, tile), MAX (height, tile), error);
}

static gboolean
take_grid (DocaiTileSet *set, const DocaiImage *image, int tile_width, int tile_height, int rows,
           int cols, GError **error)
{
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < cols; c++)
      if (!docai_tile_set_take (set, docai_image_crop (image, c * tile_width, r * tile_height,
                                                       tile_width, tile_height, error), error))
        return FALSE;
  return TRUE;
}

gboolean
docai_tile_idefics3 (DocaiTileSet *set, const DocaiImage *image, DocaiImageLayout *layout,
                     GError **error)
{
  const DocaiPreprocessor *self = set->settings;
  int tile = self->tile.longest, width = image->width, height = image->height;
  gboolean split = set->options.splitting >= 0 ? set->options.splitting : self->splitting;

  if (self->do_resize && self->size.longest > 0)
    idefics3_size (image, self->size.longest, &width, &height);
  else if (self->do_resize)
    {
      width = self->size.width;
      height = self->size.height;
    }
  g_autoptr (DocaiImage) sized = resize_to (set, image, width, height, error);
  if (sized == NULL)
    return FALSE;
  if (!split)
    return docai_tile_set_take (set, resize_to (set, sized, tile, tile, error), error);
  g_autoptr (DocaiImage) grown = grow_to_tiles (set, sized, tile, error);
  if (grown == NULL)
    return FALSE;
  if (grown->width <= tile && grown->height <= tile)
    return docai_tile_set_take (set, g_steal_pointer (&grown), error);
  layout->rows = grown->height / tile;
  layout->cols = grown->width / tile;
  return take_grid (set, grown, tile, tile, layout->rows, layout->cols, error)
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
      height = to_int (width / ratio);
    }
  else if (height > width && height > size->longest)
    {
      height = size->longest;
      width = to_int (height * ratio);
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

/* The resolution that keeps most of the image, with the least waste among equals. */
static int
best_resolution (const DocaiPreprocessor *self, const DocaiImage *image)
{
  gint64 best_used = 0, best_waste = G_MAXINT64, area = (gint64) image->width * image->height;
  int best = 0;

  for (int i = 0; i < self->n_grids; i++)
    {
      int height = self->grids[i][0], width = self->grids[i][1];
      double scale = MIN ((double) width / image->width, (double) height / image->height);
      gint64 fitted = (gint64) (image->width * scale) * (gint64) (image->height * scale);
      gint64 used = MIN (fitted, area), waste = (gint64) width * height - used;
      if (used > best_used || (used == best_used && waste < best_waste))
        {
          best_used = used;
          best_waste = waste;
          best = i;
        }
    }
  return best;
}

/* The image fitted into the resolution and padded around, the odd pixel behind. */
static DocaiImage *
fit_and_pad (const DocaiTileSet *set, const DocaiImage *image, int width, int height,
             GError **error)
{
  double scale_w = (double) width / image->width, scale_h = (double) height / image->height;
  int w = width, h = height;

  if (scale_w < scale_h)
    h = MIN (to_int (ceil (image->height * scale_w)), height);
  else
    w = MIN (to_int (ceil (image->width * scale_h)), width);
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
  int tile = self->crop.height > 0 ? self->crop.height
             : self->size.height > 0 ? self->size.height : self->size.shortest;
  int view_height = self->size.height > 0 ? self->size.height : self->size.shortest;
  int view_width = self->size.width > 0 ? self->size.width : view_height;
  const int *grid = self->grids[best_resolution (self, image)];

  g_autoptr (DocaiImage) view = resize_to (set, image, view_width, view_height, error);
  g_autoptr (DocaiImage) padded = fit_and_pad (set, image, grid[1], grid[0], error);
  if (view == NULL || padded == NULL || !take_plain (set, view, error))
    return FALSE;
  layout->rows = (grid[0] + tile - 1) / tile;
  layout->cols = (grid[1] + tile - 1) / tile;
  for (int r = 0; r < layout->rows; r++)
    for (int c = 0; c < layout->cols; c++)
      {
        g_autoptr (DocaiImage) part = docai_image_crop (
            padded, c * tile, r * tile, MIN (tile, grid[1] - c * tile),
            MIN (tile, grid[0] - r * tile), error);
        if (part == NULL || !take_plain (set, part, error))
          return FALSE;
      }
  return TRUE;
}

/* ---- InternVL ------------------------------------------------------------------- */

/* The grid whose aspect ratio is nearest. Grids are tried by their number of tiles; of equal
 * ones the larger wins while the image has more than half of its pixels. */
static void
best_grid (const DocaiPreprocessor *self, const DocaiImage *image, int max_tiles, int *cols,
           int *rows)
{
  double ratio = (double) image->width / image->height, best = INFINITY;
  double area = (double) image->width * image->height;
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

gboolean
docai_tile_internvl (DocaiTileSet *set, const DocaiImage *image, DocaiImageLayout *layout,
                     GError **error)
{
  const DocaiPreprocessor *self = set->settings;
  int w = self->size.width, h = self->size.height, rows, cols;
  int max_tiles = set->options.max_patches > 0 ? set->options.max_patches : self->max_tiles;

  if (set->options.splitting == 0 || max_tiles <= 1)
    return docai_tile_set_take (set, resize_to (set, image, w, h, error), error);
  best_grid (self, image, MIN (max_tiles, MAX_TILES), &cols, &rows);
  g_autoptr (DocaiImage) canvas = docai_image_resize (
      image, to_int ((double) w * cols), to_int ((double) h * rows), self->resample, error);
  if (canvas == NULL)
    return FALSE;
  layout->rows = rows;
  layout->cols = cols;
  if (!take_grid (set, canvas, w, h, rows, cols, error))
    return FALSE;
  return rows * cols == 1 || docai_tile_set_take (set, resize_to (set, image, w, h, error), error);
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
    width = to_int ((double) ((gint64) image->width * height) / image->height);
  else if (image->width > image->height)
    height = to_int ((double) ((gint64) image->height * width) / image->width);
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
      height = to_int (raw * height / width);
      width = size;
    }
  else
    {
      width = to_int (raw * width / height);
      height = size;
    }
  return docai_tile_set_take (set, resize_to (set, image, width, height, error), error);
}
