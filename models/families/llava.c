/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * LLaVA and LLaVA-NeXT: a CLIP tower whose last but one layer goes through an MLP into a
 * Llama or Mistral decoder. LLaVA-NeXT adds tiles of any resolution:
 *
 *     features of the whole image, then the grid of tiles as one picture of patches, the
 *     padding of its image taken off, a newline vector after each row of patches
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "models/families/family.h"

static const DocaiViTDefaults clip_defaults = {
  .width = 768, .heads = 12, .blocks = 12, .mlp_width = 3072, .image = 224, .patch = 32, .eps = 1e-5, .act = "quick_gelu",
};
static const DocaiViTDefaults siglip_defaults = {
  .width = 768, .heads = 12, .blocks = 12, .mlp_width = 3072, .image = 224, .patch = 16, .eps = 1e-6, .act = "gelu_pytorch_tanh",
};

/* What LLaVA-NeXT has beside the tower. */
typedef struct {
  const float *newline; /* [width of the text model] */
} Next;

static void
configure (DocaiCore *core, DocaiModelConfig *config)
{
  if (json_object_get (config->root, "mm_vision_tower") != NULL)
    docai_model_config_unsupported (config, "LLaVA with code of its own (\"mm_vision_tower\"); take the folder of llava-hf");
  json_t *vision = docai_model_config_section (config, NULL, "vision_config"), *text = docai_model_config_section (config, NULL, "text_config");
  const char *type = docai_model_config_string (config, vision, "model_type", "clip_vision_model");
  if (strcmp (type, "clip_vision_model") != 0 && strcmp (type, "siglip_vision_model") != 0)
    docai_model_config_unsupported (config, "the vision tower \"%s\"", type);
  docai_vit_configure (core, config, vision, strcmp (type, "clip_vision_model") == 0 ? &clip_defaults : &siglip_defaults);
  docai_llama_configure (core, config, text, "llama");
  docai_vit_select (core, config, -2);
  core->before_norm = strcmp (type, "siglip_vision_model") == 0; /* the connector never sees what SigLIP's last norm gives */
  const char *strategy = docai_model_config_string (config, NULL, "vision_feature_select_strategy", "default");
  core->drop_first = strcmp (strategy, "default") == 0;
  if (!core->drop_first && strcmp (strategy, "full") != 0)
    docai_model_config_unsupported (config, "the selection \"%s\" (\"vision_feature_select_strategy\")", strategy);
  core->projector.act = docai_model_config_activation (config, NULL, "projector_hidden_act", "gelu");
  int fallback = docai_model_config_int (config, NULL, "image_token_index", 32000, 0, core->decoder.vocab - 1);
  core->image_token = docai_model_config_int (config, NULL, "image_token_id", fallback, 0, core->decoder.vocab - 1);
}

static void
load (DocaiCore *core, DocaiWeights *weights)
{
  const char *vision = docai_weights_prefix (weights, "embeddings.patch_embedding.weight", "vision_tower.vision_model.", "vision_tower.",
                                             "model.vision_tower.vision_model.", "model.vision_tower.", NULL);
  const char *text = docai_weights_prefix (weights, "embed_tokens.weight", "language_model.model.", "model.language_model.", NULL);
  const char *joint = docai_weights_prefix (weights, "multi_modal_projector.linear_1.weight", "", "model.", NULL);
  int width = core->decoder.width;
  docai_vit_load (core, weights, vision);
  if (core->before_norm && docai_weights_has (weights, "%spost_layernorm.weight", vision))
    docai_weights_norm (weights, &core->tower.post_norm, DOCAI_NORM_LAYER, core->tower.width, core->vision_shape.eps, "%spost_layernorm", vision);
  docai_weights_linear (weights, &core->projector.first, width, core->tower.width * core->n_selected, "%smulti_modal_projector.linear_1", joint);
  docai_weights_linear (weights, &core->projector.second, width, width, "%smulti_modal_projector.linear_2", joint);
  docai_llama_load (core, weights, text, docai_weights_has (weights, "lm_head.weight") ? "lm_head" : "language_model.lm_head");
}

static void
next_load (DocaiCore *core, DocaiWeights *weights)
{
  Next *next = core->own;
  load (core, weights);
  const char *prefix = docai_weights_prefix (weights, "image_newline", "", "model.", "language_model.model.", NULL);
  next->newline = docai_weights_vector (weights, core->decoder.width, "%simage_newline", prefix);
}

static void
next_configure (DocaiCore *core, DocaiModelConfig *config)
{
  configure (core, config);
  core->own = g_new0 (Next, 1);
  core->own_free = g_free;
}

/* Place of a unit among the tiles of [images, T, ...], where images have fewer tiles than T. */
static int
next_tile (const DocaiPixels *pixels, int unit)
{
  int image = 0;
  while (image < pixels->n_images - 1 && unit >= pixels->images[image].n_tiles)
    unit -= pixels->images[image++].n_tiles;
  return image * (int) pixels->dims[1] + unit;
}

static int
next_count (const DocaiCore *core, const DocaiPixels *pixels)
{
  int n = 0;
  for (int i = 0; i < pixels->n_images; i++)
    n += pixels->images[i].n_tiles;
  return n;
}

static const float *
next_peek (const DocaiCore *core, const DocaiPixels *pixels, int unit, gsize *n_floats)
{
  return docai_tiles_peek (core, pixels, next_tile (pixels, unit), n_floats);
}

/* Rounded to seven digits before truncation, as the reference does. */
static int
scaled (int length, double factor)
{
  return (int) (rint (length * factor * 1e7) / 1e7);
}

/* The patches of a grid of height x width that carry the image: everything but the padding of
 * the shorter edge. */
static void
unpad (int *top, int *left, int *height, int *width, int image_height, int image_width)
{
  *top = *left = 0;
  if ((double) image_width / image_height > (double) *width / *height)
    {
      *top = (*height - scaled (image_height, (double) *width / image_width)) / 2;
      *height -= 2 * *top;
    }
  else
    {
      *left = (*width - scaled (image_width, (double) *height / image_height)) / 2;
      *width -= 2 * *left;
    }
}

/* Features of one image from those of its tiles, as floats after each other into `out`. */
static void
append_image (const DocaiCore *core, const DocaiImageLayout *image, const DocaiFeatures *tiles, GArray *out)
{
  const Next *next = core->own;
  int rows = core->tower.rows, cols = core->tower.cols, top, left;
  int height = image->rows * rows, width = image->cols * cols;
  guint n = (guint) core->decoder.width;
  g_array_append_vals (out, tiles[0].values, (guint) tiles[0].rows * n);
  if (image->n_tiles == 1)
    {
      g_array_append_vals (out, next->newline, n);
      return;
    }
  unpad (&top, &left, &height, &width, image->height, image->width);
  for (int y = top; y < top + height; y++)
    {
      for (int x = left; x < left + width; x++)
        {
          const DocaiFeatures *tile = &tiles[1 + y / rows * image->cols + x / cols];
          g_array_append_vals (out, tile->values + (gsize) (y % rows * cols + x % cols) * n, n);
        }
      g_array_append_vals (out, next->newline, n);
    }
}

static gboolean
next_assemble (const DocaiCore *core, const DocaiPixels *pixels, const DocaiFeatures *units, int n_units, DocaiFeatures *out, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (float));
  int unit = 0, patches = core->tower.rows * core->tower.cols;
  for (int i = 0; i < pixels->n_images; i++)
    {
      const DocaiImageLayout *image = &pixels->images[i];
      gboolean grid = image->n_tiles == 1 || image->n_tiles == 1 + image->rows * image->cols;
      if (image->n_tiles < 1 || !grid || image->width < 1 || image->height < 1 || units[unit].rows != patches)
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "%d tiles of an image do not make the grid that the model takes", image->n_tiles);
          return FALSE;
        }
      append_image (core, image, &units[unit], rows);
      unit += image->n_tiles;
    }
  int width = core->decoder.width;
  if (!docai_features_init (out, (int) (rows->len / (guint) width), width, error))
    return FALSE;
  memcpy (out->values, rows->data, (gsize) rows->len * sizeof (float));
  return TRUE;
}

const DocaiFamily docai_family_llava = {
  .model_type = "llava", .title = "LLaVA", .task = DOCAI_TASK_GENERATE, .configure = configure, .load = load,
  .count_units = docai_tiles_count, .peek_unit = docai_tiles_peek, .encode_unit = docai_tile_encode,
};

const DocaiFamily docai_family_llava_next = {
  .model_type = "llava_next", .title = "LLaVA-NeXT", .task = DOCAI_TASK_GENERATE, .configure = next_configure, .load = next_load,
  .count_units = next_count, .peek_unit = next_peek, .encode_unit = docai_tile_encode, .assemble = next_assemble,
};
