/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From images to what a vision tower takes: resizing, tiling, padding and
 * normalisation as the family's image processor does it. Every size comes from
 * preprocessor_config.json, processor_config.json and config.json.
 */
#pragma once

#include <glib.h>

#include "models/vision/guide.h"
#include "models/vision/image.h"

/* How the images of one prompt are laid out; one per image processor. */
typedef enum {
  DOCAI_PREPROCESS_FIXED,          /* SigLIP, BLIP-2: resized to one size, aspect ignored */
  DOCAI_PREPROCESS_CLIP,           /* CLIP, LLaVA, Kosmos-2: shortest edge, then centre crop */
  DOCAI_PREPROCESS_IDEFICS3,       /* tiles of max_image_size, global view last */
  DOCAI_PREPROCESS_IDEFICS2,       /* own aspect ratio, padded, mask; or split in 4 + 1 */
  DOCAI_PREPROCESS_LLAVA_NEXT,     /* global view first, then the any-resolution grid */
  DOCAI_PREPROCESS_INTERNVL,       /* grid of tiles, thumbnail last */
  DOCAI_PREPROCESS_QWEN2_VL,       /* native resolution, flattened patches in merge order */
  DOCAI_PREPROCESS_DONUT,          /* fitted into one size and padded */
  DOCAI_PREPROCESS_PIX2STRUCT,     /* flattened patches with row and column */
  DOCAI_PREPROCESS_GROUNDING_DINO, /* shortest edge up to a longest one, padded */
} DocaiPreprocessKind;

/* What became of one image. */
typedef struct {
  int   width, height; /* as given, pixels */
  int   first_tile;    /* its first tile (or flattened patch) among those of the prompt */
  int   n_tiles;       /* tiles (or patches, real ones only) that it has */
  int   rows, cols;    /* grid of the tiles without global view or thumbnail; 0 x 0 when not
                          split. Qwen2-VL and Pix2Struct: grid of patches, before merging */
  int   used_width, used_height; /* pixels of a tile that carry image, the rest is padding
                                    (Idefics2, Grounding DINO; of the first tile) */
  int   left_out;      /* tiles of the grid that its guide does not want: of one colour */
  int   full_rows, full_cols, full_tiles; /* without a guide; as above where there is none */
} DocaiImageLayout;

/* Pixels as the model takes them. */
typedef struct {
  DocaiPreprocessKind kind;
  int     n_dims;
  gint64  dims[5];   /* [T,3,h,w] FIXED CLIP INTERNVL DONUT GROUNDING_DINO;
                        [1,T,3,h,w] IDEFICS2, IDEFICS3; [images,T,3,h,w] LLAVA_NEXT, where T is
                        the largest number of tiles and the missing ones are zero;
                        [P,3*tp*p*p] QWEN2_VL; [images,max_patches,2+3*p*p] PIX2STRUCT */
  float  *values;
  guint8 *mask;      /* [T,h,w], 1 = real pixel (IDEFICS2, IDEFICS3, GROUNDING_DINO), else NULL */
  int     n_images;
  DocaiImageLayout *images;
} DocaiPixels;

void docai_pixels_free (DocaiPixels *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiPixels, docai_pixels_free)

/* Departures from the folder's configuration for one call. Start from
 * DOCAI_PREPROCESS_OPTIONS_INIT. */
typedef struct {
  int splitting;   /* do_image_splitting / crop_to_patches: 1, 0, or -1 as configured */
  int max_patches; /* Pix2Struct patches, InternVL tiles; 0 as configured */
  gint64 max_pixels; /* Qwen2-VL; 0 as configured */
  const DocaiGuide *guides; /* [images]; NULL: all of every image is wanted */
} DocaiPreprocessOptions;
#define DOCAI_PREPROCESS_OPTIONS_INIT { -1, 0, 0, NULL }

typedef struct DocaiPreprocessor DocaiPreprocessor;

/* Reads dir/preprocessor_config.json (or the image_processor part of
 * processor_config.json) and config.json. Free with docai_preprocessor_free.
 * Errors: MODEL_MISSING, MODEL_INVALID, MODEL_UNSUPPORTED (names the processor). */
DocaiPreprocessor  *docai_preprocessor_load (const char *dir, GError **error);
void                docai_preprocessor_free (DocaiPreprocessor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiPreprocessor, docai_preprocessor_free)

DocaiPreprocessKind docai_preprocessor_kind (const DocaiPreprocessor *self);

/* Pixels of an image's longer side beyond which the model sees no more of it, about. */
int docai_preprocessor_side (const DocaiPreprocessor *self);

/* Pixels of the images of one prompt, in order. options may be NULL.
 * Errors: PIXEL_LIMIT, MEMORY_LIMIT; BAD_OPTION for an aspect ratio that the family refuses. */
DocaiPixels *docai_preprocess (const DocaiPreprocessor *self, const DocaiImage *const *images,
                               int n_images, const DocaiPreprocessOptions *options,
                               GError **error);
