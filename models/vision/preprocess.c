/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From images to pixel values: tiles by family, then normalisation into one tensor.
 */
#include "models/vision/preprocess.h"

#include <string.h>

#include "base/error.h"
#include "models/vision/preprocess-priv.h"

#define MAX_VALUES (G_GINT64_CONSTANT (1) << 28)
#define MAX_IMAGES 256

DocaiPixels *
docai_pixels_new (DocaiPreprocessKind kind, int n_images, int n_dims, const gint64 *dims,
                  GError **error)
{
  gint64 n = 1;

  for (int i = 0; i < n_dims; i++)
    n = dims[i] <= MAX_VALUES && n <= MAX_VALUES ? n * dims[i] : G_MAXINT64;
  float *values = n <= MAX_VALUES ? g_try_malloc0 ((gsize) n * sizeof *values + 1) : NULL;
  if (values == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT,
                   "the images of a prompt need too many pixel values");
      return NULL;
    }
  DocaiPixels *self = g_new0 (DocaiPixels, 1);
  self->kind = kind;
  self->n_dims = n_dims;
  memcpy (self->dims, dims, (gsize) n_dims * sizeof *dims);
  self->values = values;
  self->n_images = n_images;
  self->images = g_new0 (DocaiImageLayout, (gsize) n_images + 1);
  return self;
}

void
docai_pixels_free (DocaiPixels *self)
{
  if (self == NULL)
    return;
  g_free (self->values);
  g_free (self->mask);
  g_free (self->images);
  g_free (self);
}

void
docai_normalize_table (const DocaiPreprocessor *self, float table[3][256])
{
  for (int c = 0; c < 3; c++)
    for (int v = 0; v < 256; v++)
      {
        double x = self->do_rescale ? v * self->rescale : v;
        table[c][v] = (float) (self->do_normalize ? (x - self->mean[c]) / self->std[c] : x);
      }
}

/* One tile into planes of height x width; what the tile does not cover stays zero. */
static void
write_tile (const DocaiImage *tile, float table[3][256], int width, int height, float *to)
{
  for (int c = 0; c < 3; c++)
    for (int y = 0; y < tile->height; y++)
      {
        const guint8 *p = tile->data + (gsize) y * (gsize) tile->width * 3 + c;
        float *row = to + ((gsize) c * (gsize) height + (gsize) y) * (gsize) width;
        for (int x = 0; x < tile->width; x++)
          row[x] = table[c][p[3 * x]];
      }
}

static void
write_mask (const DocaiImage *tile, int width, guint8 *to)
{
  for (int y = 0; y < tile->height; y++)
    memset (to + (gsize) y * (gsize) width, 1, (gsize) tile->width);
}

/* Shape of the tensor: [T,3,h,w], [1,T,3,h,w] or [images, most tiles, 3, h, w]. */
static int
fill_dims (const DocaiTileSet *set, int width, int height, gint64 dims[5])
{
  gint64 shape[5] = { 1, set->tiles->len, 3, height, width };
  DocaiPreprocessKind kind = set->settings->kind;

  if (kind == DOCAI_PREPROCESS_LLAVA_NEXT)
    {
      shape[0] = set->layouts->len;
      shape[1] = 0;
      for (guint i = 0; i < set->layouts->len; i++)
        shape[1] = MAX (shape[1], g_array_index (set->layouts, DocaiImageLayout, i).n_tiles);
    }
  gboolean five = kind == DOCAI_PREPROCESS_LLAVA_NEXT || kind == DOCAI_PREPROCESS_IDEFICS2
                  || kind == DOCAI_PREPROCESS_IDEFICS3;
  memcpy (dims, five ? shape : shape + 1, (five ? 5 : 4) * sizeof *dims);
  return five ? 5 : 4;
}

static DocaiPixels *
finish_tiles (DocaiTileSet *set, GError **error)
{
  int width = 1, height = 1;
  gint64 dims[5];
  float table[3][256];

  for (guint i = 0; i < set->tiles->len; i++)
    {
      const DocaiImage *tile = g_ptr_array_index (set->tiles, i);
      width = MAX (width, tile->width);
      height = MAX (height, tile->height);
    }
  int n_dims = fill_dims (set, width, height, dims);
  DocaiPixels *pixels = docai_pixels_new (set->settings->kind, (int) set->layouts->len, n_dims, dims,
                                          error);
  if (pixels == NULL)
    return NULL;
  gsize plane = (gsize) width * (gsize) height;
  DocaiPreprocessKind kind = pixels->kind;
  if (kind == DOCAI_PREPROCESS_IDEFICS2 || kind == DOCAI_PREPROCESS_IDEFICS3
      || kind == DOCAI_PREPROCESS_GROUNDING_DINO)
    pixels->mask = g_malloc0 (plane * set->tiles->len + 1);
  docai_normalize_table (set->settings, table);
  for (guint i = 0; i < set->layouts->len; i++)
    {
      DocaiImageLayout layout = g_array_index (set->layouts, DocaiImageLayout, i);
      for (int t = 0; t < layout.n_tiles; t++)
        {
          const DocaiImage *tile = g_ptr_array_index (set->tiles, layout.first_tile + t);
          gsize at = kind == DOCAI_PREPROCESS_LLAVA_NEXT
                         ? (gsize) i * (gsize) dims[1] + (gsize) t
                         : (gsize) layout.first_tile + (gsize) t;
          write_tile (tile, table, width, height, pixels->values + at * 3 * plane);
          if (pixels->mask != NULL)
            write_mask (tile, width, pixels->mask + at * plane);
        }
      if (kind == DOCAI_PREPROCESS_LLAVA_NEXT)
        layout.first_tile = (int) ((gint64) i * dims[1]);
      pixels->images[i] = layout;
    }
  return pixels;
}

static gboolean
add_image (DocaiTileSet *set, const DocaiImage *image, GError **error)
{
  DocaiImageLayout layout = { .width = image->width, .height = image->height,
                              .first_tile = (int) set->tiles->len };
  gboolean (*tile) (DocaiTileSet *, const DocaiImage *, DocaiImageLayout *, GError **)
      = docai_tile_plain;

  switch (set->settings->kind)
    {
    case DOCAI_PREPROCESS_IDEFICS3:
      tile = docai_tile_idefics3;
      break;
    case DOCAI_PREPROCESS_IDEFICS2:
      tile = docai_tile_idefics2;
      break;
    case DOCAI_PREPROCESS_LLAVA_NEXT:
      tile = docai_tile_llava_next;
      break;
    case DOCAI_PREPROCESS_INTERNVL:
      tile = docai_tile_internvl;
      break;
    case DOCAI_PREPROCESS_DONUT:
      tile = docai_tile_donut;
      break;
    case DOCAI_PREPROCESS_GROUNDING_DINO:
      tile = docai_tile_dino;
      break;
    default:
      break;
    }
  if (!tile (set, image, &layout, error))
    return FALSE;
  const DocaiImage *first = g_ptr_array_index (set->tiles, layout.first_tile);
  layout.n_tiles = (int) set->tiles->len - layout.first_tile;
  if (layout.full_tiles == 0)
    {
      layout.full_rows = layout.rows;
      layout.full_cols = layout.cols;
      layout.full_tiles = layout.n_tiles;
    }
  layout.used_width = first->width;
  layout.used_height = first->height;
  g_array_append_val (set->layouts, layout);
  return TRUE;
}

DocaiPixels *
docai_preprocess (const DocaiPreprocessor *self, const DocaiImage *const *images, int n_images,
                  const DocaiPreprocessOptions *options, GError **error)
{
  static const DocaiPreprocessOptions none = DOCAI_PREPROCESS_OPTIONS_INIT;
  DocaiTileSet set = { .settings = self, .options = options != NULL ? *options : none };
  DocaiPixels *pixels = NULL;
  gboolean ok = TRUE;

  if (n_images < 1 || n_images > MAX_IMAGES)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "a prompt of %d images", n_images);
      return NULL;
    }
  if (self->kind == DOCAI_PREPROCESS_QWEN2_VL)
    return docai_preprocess_qwen2_vl (self, images, n_images, &set.options, error);
  if (self->kind == DOCAI_PREPROCESS_PIX2STRUCT)
    return docai_preprocess_pix2struct (self, images, n_images, &set.options, error);
  set.tiles = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_image_free);
  set.layouts = g_array_new (FALSE, FALSE, sizeof (DocaiImageLayout));
  for (int i = 0; ok && i < n_images; i++)
    {
      set.guide = set.options.guides != NULL ? &set.options.guides[i] : NULL;
      ok = add_image (&set, images[i], error);
    }
  if (ok)
    pixels = finish_tiles (&set, error);
  g_ptr_array_unref (set.tiles);
  g_array_unref (set.layouts);
  return pixels;
}
