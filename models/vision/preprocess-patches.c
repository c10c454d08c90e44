/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The families that take flattened patches of an image of any size: Qwen2-VL, Pix2Struct.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "models/vision/preprocess-priv.h"

/* ---- Qwen2-VL ------------------------------------------------------------------- */

/* One patch: [channel][time][y][x]; a still image fills every time slot. */
static float *
write_patch (const DocaiImage *image, int x0, int y0, int patch, int slots,
             float table[3][256], float *to)
{
  for (int c = 0; c < 3; c++)
    for (int t = 0; t < slots; t++)
      for (int y = 0; y < patch; y++)
        {
          const guint8 *p = image->data + ((gsize) (y0 + y) * (gsize) image->width + (gsize) x0) * 3 + c;
          for (int x = 0; x < patch; x++)
            *to++ = table[c][p[3 * x]];
        }
  return to;
}

/* Patches in the order of merge blocks: block rows, block columns, then within a block. */
static float *
write_patches (const DocaiPreprocessor *self, const DocaiImage *image, float table[3][256],
               float *to)
{
  int patch = self->patch_height, m = self->merge, block = patch * m;

  for (int by = 0; by + block <= image->height; by += block)
    for (int bx = 0; bx + block <= image->width; bx += block)
      for (int y = 0; y < m; y++)
        for (int x = 0; x < m; x++)
          to = write_patch (image, bx + x * patch, by + y * patch, patch, self->temporal, table, to);
  return to;
}

DocaiPixels *
docai_preprocess_qwen2_vl (const DocaiPreprocessor *self, const DocaiImage *const *images,
                           int n_images, const DocaiPreprocessOptions *options, GError **error)
{
  int patch = self->patch_height;
  gint64 dims[2] = { 0, (gint64) 3 * self->temporal * patch * patch };
  g_autoptr (GPtrArray) sized = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_image_free);
  g_autofree DocaiGridPlan *full = g_new0 (DocaiGridPlan, n_images);
  float table[3][256];

  for (int i = 0; i < n_images; i++)
    {
      const DocaiGuide *guide = options->guides != NULL ? &options->guides[i] : NULL;
      DocaiGridPlan plan;
      if (!docai_plan_qwen2_vl (self, options, NULL, images[i]->width, images[i]->height, &full[i], error)
          || !docai_plan_qwen2_vl (self, options, guide, images[i]->width, images[i]->height, &plan, error))
        return NULL;
      DocaiImage *image = docai_image_resize (images[i], plan.width, plan.height, self->resample, error);
      if (image == NULL)
        return NULL;
      g_ptr_array_add (sized, image);
      dims[0] += plan.tiles;
    }
  DocaiPixels *pixels = docai_pixels_new (self->kind, n_images, 2, dims, error);
  if (pixels == NULL)
    return NULL;
  docai_normalize_table (self, table);
  float *to = pixels->values;
  int first = 0;
  for (int i = 0; i < n_images; i++)
    {
      const DocaiImage *image = g_ptr_array_index (sized, i);
      DocaiImageLayout *layout = &pixels->images[i];
      to = write_patches (self, image, table, to);
      *layout = (DocaiImageLayout){
        .width = images[i]->width, .height = images[i]->height, .first_tile = first,
        .rows = image->height / patch, .cols = image->width / patch,
        .used_width = image->width, .used_height = image->height,
        .full_rows = full[i].rows, .full_cols = full[i].cols, .full_tiles = full[i].tiles,
      };
      layout->n_tiles = layout->rows * layout->cols;
      first += layout->n_tiles;
    }
  return pixels;
}

/* ---- Pix2Struct ----------------------------------------------------------------- */

/* Planes of floats, normalised by the image's own mean and standard deviation (over one value less, as
 * the reference has it). */
static float *
own_normalized (const DocaiPreprocessor *self, const DocaiImage *image, GError **error)
{
  gsize n = (gsize) image->width * (gsize) image->height;
  float *planes = g_try_new (float, n * 3);
  double sum = 0, squares = 0;

  if (planes == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT, "no memory for an image");
      return NULL;
    }
  for (gsize i = 0; i < n * 3; i++)
    sum += image->data[i];
  double mean = sum / (double) (n * 3);
  for (gsize i = 0; i < n * 3; i++)
    squares += (image->data[i] - mean) * (image->data[i] - mean);
  double deviation = MAX (sqrt (squares / (double) (n * 3 - 1)), 1.0 / sqrt ((double) (n * 3)));
  if (!self->do_normalize)
    {
      mean = 0;
      deviation = 1;
    }
  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < 3; c++)
      planes[c * n + i] = (float) ((image->data[i * 3 + c] - mean) / deviation);
  return planes;
}

/* As many patches as fit into the bound at the image's aspect ratio. */
static void
feasible_grid (const DocaiPreprocessor *self, const DocaiImage *image, int max_patches, int *rows,
               int *cols)
{
  double ph = self->patch_height, pw = self->patch_width;
  double scale = sqrt (max_patches * (ph / image->height) * (pw / image->width));

  *rows = (int) CLAMP (floor (scale * image->height / ph), 1, max_patches);
  *cols = (int) CLAMP (floor (scale * image->width / pw), 1, max_patches);
  /* The reference fails here; a strip of an image keeps its first patches. */
  if ((gint64) *rows * *cols > max_patches)
    {
      *rows = MIN (*rows, max_patches / MIN (*cols, max_patches));
      *rows = MAX (*rows, 1);
      *cols = MIN (*cols, max_patches / *rows);
    }
}

/* Row: its row and column from 1, then [y][x][channel]. */
static void
write_rows (const DocaiPreprocessor *self, const float *planes, int rows, int cols, float *to)
{
  int ph = self->patch_height, pw = self->patch_width;
  gsize width = (gsize) cols * (gsize) pw, plane = width * (gsize) rows * (gsize) ph;

  for (int r = 0; r < rows; r++)
    for (int c = 0; c < cols; c++)
      {
        *to++ = (float) (r + 1);
        *to++ = (float) (c + 1);
        for (int y = 0; y < ph; y++)
          for (int x = 0; x < pw; x++)
            {
              gsize at = (gsize) (r * ph + y) * width + (gsize) (c * pw + x);
              for (gsize k = 0; k < 3; k++)
                *to++ = planes[k * plane + at];
            }
      }
}

static gboolean
flatten_image (const DocaiPreprocessor *self, const DocaiImage *image, int max_patches,
               DocaiImageLayout *layout, float *to, GError **error)
{
  feasible_grid (self, image, max_patches, &layout->rows, &layout->cols);
  int height = layout->rows * self->patch_height, width = layout->cols * self->patch_width;
  g_autofree float *planes = own_normalized (self, image, error);
  g_autofree float *sized = g_try_new (float, (gsize) 3 * (gsize) width * (gsize) height);

  if (planes == NULL)
    return FALSE;
  if (sized == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT, "no memory for an image");
      return FALSE;
    }
  if (!docai_resize_float (planes, 3, image->width, image->height, sized, width, height,
                           DOCAI_RESAMPLE_BILINEAR, error))
    return FALSE;
  write_rows (self, sized, layout->rows, layout->cols, to);
  layout->width = image->width;
  layout->height = image->height;
  layout->used_width = width;
  layout->used_height = height;
  layout->n_tiles = layout->rows * layout->cols;
  return TRUE;
}

DocaiPixels *
docai_preprocess_pix2struct (const DocaiPreprocessor *self, const DocaiImage *const *images,
                             int n_images, const DocaiPreprocessOptions *options, GError **error)
{
  int max_patches = options->max_patches > 0 ? options->max_patches : self->max_patches;
  gint64 dims[3] = { n_images, max_patches, 2 + (gint64) 3 * self->patch_height * self->patch_width };
  g_autoptr (DocaiPixels) pixels = docai_pixels_new (self->kind, n_images, 3, dims, error);

  if (pixels == NULL)
    return NULL;
  for (int i = 0; i < n_images; i++)
    {
      pixels->images[i].first_tile = i * max_patches;
      if (!flatten_image (self, images[i], max_patches, &pixels->images[i],
                          pixels->values + (gint64) i * dims[1] * dims[2], error))
        return NULL;
      pixels->images[i].full_rows = pixels->images[i].rows;
      pixels->images[i].full_cols = pixels->images[i].cols;
      pixels->images[i].full_tiles = pixels->images[i].n_tiles;
    }
  return g_steal_pointer (&pixels);
}
