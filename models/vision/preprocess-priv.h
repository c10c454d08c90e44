/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The settings of an image processor, and tiles on their way to pixel values.
 */
#pragma once

#include "models/vision/preprocess.h"

/* A size as configurations write it; 0 = not given. */
typedef struct {
  int height, width, shortest, longest;
} DocaiSizeSetting;

struct DocaiPreprocessor {
  DocaiPreprocessKind kind;
  gboolean do_resize, do_crop, do_rescale, do_normalize, do_pad;
  gboolean splitting;           /* do_image_splitting, crop_to_patches */
  gboolean thumbnail, align_long_axis; /* Donut */
  DocaiSizeSetting size, crop, tile;   /* tile: Idefics3 max_image_size */
  DocaiResample resample;
  double   rescale;
  double   mean[3], std[3];
  int      min_tiles, max_tiles; /* InternVL */
  int      patch_height, patch_width, max_patches, merge, temporal; /* Pix2Struct, Qwen2-VL */
  gint64   min_pixels, max_pixels;
  int      n_grids;
  int    (*grids)[2];            /* LLaVA-NeXT image_grid_pinpoints: height, width */
};

/* Tiles of all images of a prompt, in order. */
typedef struct {
  const DocaiPreprocessor *settings;
  DocaiPreprocessOptions   options;
  const DocaiGuide        *guide; /* of the image at work; NULL: none */
  GPtrArray *tiles;  /* DocaiImage */
  GArray    *layouts; /* DocaiImageLayout */
} DocaiTileSet;

#define DOCAI_PLAN_MAX_TILES 4096 /* of the images of a prompt */

/* How an image of a size is cut. */
typedef struct {
  int width, height;               /* to which it is resized first */
  int canvas_width, canvas_height; /* then to this, from which tiles are cut */
  int rows, cols;                  /* as in DocaiImageLayout */
  int tiles;                       /* with the whole view; Qwen2-VL: patches */
} DocaiGridPlan;

/* preprocess-plan.c; guide may be NULL. */
void     docai_plan_idefics3   (const DocaiPreprocessor *self, const DocaiPreprocessOptions *options, const DocaiGuide *guide,
                                int width, int height, DocaiGridPlan *plan);
void     docai_plan_llava_next (const DocaiPreprocessor *self, const DocaiGuide *guide, int width, int height, DocaiGridPlan *plan);
void     docai_plan_internvl   (const DocaiPreprocessor *self, const DocaiPreprocessOptions *options, const DocaiGuide *guide,
                                int width, int height, DocaiGridPlan *plan);
/* Errors: BAD_OPTION for the aspect ratio, PIXEL_LIMIT. */
gboolean docai_plan_qwen2_vl   (const DocaiPreprocessor *self, const DocaiPreprocessOptions *options, const DocaiGuide *guide,
                                int width, int height, DocaiGridPlan *plan, GError **error);
int      docai_plan_llava_next_tile (const DocaiPreprocessor *self);
/* Grid, and what it would be without a guide, into the layout. */
void     docai_plan_fill (DocaiImageLayout *layout, const DocaiGridPlan *plan, const DocaiGridPlan *full);
/* Double to int without overflow; sizes beyond the limit fail when the image is made. */
int      docai_plan_int (double value);

/* Takes the tile over; FALSE when the bound on tiles is reached or tile is NULL. */
gboolean docai_tile_set_take (DocaiTileSet *set, DocaiImage *tile, GError **error);

/* The splitting of each family: append the image's tiles and fill the layout. */
gboolean docai_tile_plain      (DocaiTileSet *set, const DocaiImage *image, DocaiImageLayout *layout, GError **error);
gboolean docai_tile_idefics3   (DocaiTileSet *set, const DocaiImage *image, DocaiImageLayout *layout, GError **error);
gboolean docai_tile_idefics2   (DocaiTileSet *set, const DocaiImage *image, DocaiImageLayout *layout, GError **error);
gboolean docai_tile_llava_next (DocaiTileSet *set, const DocaiImage *image, DocaiImageLayout *layout, GError **error);
gboolean docai_tile_internvl   (DocaiTileSet *set, const DocaiImage *image, DocaiImageLayout *layout, GError **error);
gboolean docai_tile_donut      (DocaiTileSet *set, const DocaiImage *image, DocaiImageLayout *layout, GError **error);
gboolean docai_tile_dino       (DocaiTileSet *set, const DocaiImage *image, DocaiImageLayout *layout, GError **error);

/* Families whose pixels are flattened patches: the whole way at once. */
DocaiPixels *docai_preprocess_qwen2_vl   (const DocaiPreprocessor *self, const DocaiImage *const *images, int n_images,
                                          const DocaiPreprocessOptions *options, GError **error);
DocaiPixels *docai_preprocess_pix2struct (const DocaiPreprocessor *self, const DocaiImage *const *images, int n_images,
                                          const DocaiPreprocessOptions *options, GError **error);

/* Pixels with room for the values (zero) of the given shape. Errors: MEMORY_LIMIT. */
DocaiPixels *docai_pixels_new (DocaiPreprocessKind kind, int n_images, int n_dims, const gint64 *dims,
                               GError **error);

/* table[channel][byte] = (byte * rescale - mean) / std */
void docai_normalize_table (const DocaiPreprocessor *self, float table[3][256]);
