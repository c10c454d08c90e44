/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Vision transformers over tiles: the configuration and weights of the CLIP and SigLIP
 * kind, and the way from a tile to features that many families go.
 */
#include <string.h>

#include "base/error.h"
#include "models/families/family.h"

void
docai_vit_configure (DocaiCore *core, DocaiModelConfig *config, json_t *vision, const DocaiViTDefaults *defaults)
{
  DocaiTower *tower = &core->tower;
  DocaiBlockShape *shape = &core->vision_shape;
  int patch = docai_model_config_int (config, vision, "patch_size", defaults->patch, 1, 1024);
  int image = docai_model_config_int (config, vision, "image_size", defaults->image, 1, 16384);
  tower->width = docai_model_config_int (config, vision, "hidden_size", defaults->width, 1, 1 << 16);
  tower->n_blocks = docai_model_config_int (config, vision, "num_hidden_layers", defaults->blocks, 1, 1024);
  tower->channels = docai_model_config_int (config, vision, "num_channels", 3, 1, 4);
  tower->patch_width = tower->patch_height = patch;
  tower->rows = tower->cols = image / patch;
  core->tile_height = core->tile_width = image;
  core->n_selected = 1;
  core->selected[0] = tower->n_blocks;
  if (image < patch || image / patch > 256)
    docai_model_config_invalid (config, "config.json: patches of %d do not fit an image of %d", patch, image);
  shape->width = tower->width;
  shape->heads = shape->kv_heads = docai_model_config_int (config, vision, "num_attention_heads", defaults->heads, 1, 1024);
  shape->head_dim = docai_model_config_head_dim (config, shape->width, shape->heads);
  shape->mlp_width = docai_model_config_int (config, vision, "intermediate_size", defaults->mlp_width, 1, 1 << 18);
  shape->norm = DOCAI_NORM_LAYER;
  shape->eps = docai_model_config_double (config, vision, "layer_norm_eps", defaults->eps);
  shape->act = docai_model_config_activation (config, vision, "hidden_act", defaults->act);
}

void
docai_vit_select (DocaiCore *core, DocaiModelConfig *config, int fallback)
{
  int blocks = core->tower.n_blocks;
  json_t *list = json_object_get (config->root, "vision_feature_layer"), *item;
  gboolean several = json_is_array (list);
  size_t k, n = several ? json_array_size (list) : 1;
  core->n_selected = 1;
  if (n < 1 || n > DOCAI_MAX_SELECTED)
    {
      docai_model_config_unsupported (config, "features of %zu layers (\"vision_feature_layer\")", n);
      return;
    }
  if (!several)
    core->selected[0] = docai_model_config_int (config, NULL, "vision_feature_layer", fallback, -blocks - 1, blocks);
  json_array_foreach (list, k, item)
    {
      json_int_t layer = json_is_integer (item) ? json_integer_value (item) : G_MAXINT;
      if (layer < -blocks - 1 || layer > blocks)
        docai_model_config_invalid (config, "config.json: \"vision_feature_layer\" names a layer that is not there");
      core->selected[k] = (int) CLAMP (layer, -blocks - 1, blocks);
    }
  core->n_selected = (int) n;
  for (k = 0; k < n; k++)
    if (core->selected[k] < 0)
      core->selected[k] += blocks + 1;
}

void
docai_vit_load (DocaiCore *core, DocaiWeights *weights, const char *prefix)
{
  DocaiTower *tower = &core->tower;
  int patch = tower->patch_width;
  docai_weights_linear (weights, &tower->patch, tower->width, tower->channels * patch * patch, "%sembeddings.patch_embedding", prefix);
  if (docai_weights_has (weights, "%sembeddings.class_embedding", prefix))
    tower->class_token = docai_weights_vector (weights, tower->width, "%sembeddings.class_embedding", prefix);
  tower->positions = docai_weights_vector (weights, (gint64) docai_tower_tokens (tower, tower->rows, tower->cols) * tower->width,
                                           "%sembeddings.position_embedding.weight", prefix);
  if (docai_weights_has (weights, "%spre_layrnorm.weight", prefix))
    docai_weights_norm (weights, &tower->pre_norm, DOCAI_NORM_LAYER, tower->width, core->vision_shape.eps, "%spre_layrnorm", prefix);
  tower->blocks = g_new0 (DocaiBlock, tower->n_blocks);
  for (int i = 0; i < tower->n_blocks; i++)
    docai_weights_block (weights, &tower->blocks[i], &core->vision_shape, &docai_names_clip, "%sencoder.layers.%d", prefix, i);
}

int
docai_tiles_count (const DocaiCore *core, const DocaiPixels *pixels)
{
  gint64 n = 1;
  for (int i = 0; i < pixels->n_dims - 3; i++)
    n *= pixels->dims[i];
  return (int) n;
}

const float *
docai_tiles_peek (const DocaiCore *core, const DocaiPixels *pixels, int unit, gsize *n_floats)
{
  const gint64 *last = &pixels->dims[pixels->n_dims - 3];
  *n_floats = (gsize) (last[0] * last[1] * last[2]);
  return pixels->values + (gsize) unit * *n_floats;
}

/* Whether the tiles have channels and sizes that the tower takes. */
static gboolean
check_tiles (const DocaiCore *core, const DocaiPixels *pixels, GError **error)
{
  const DocaiTower *tower = &core->tower;
  const gint64 *tile = pixels->n_dims >= 4 ? &pixels->dims[pixels->n_dims - 3] : NULL;
  gboolean fits = tile != NULL && tile[0] == tower->channels && tile[1] > 0 && tile[2] > 0 && tile[1] <= 1 << 14 && tile[2] <= 1 << 14
                  && tile[1] / tower->patch_height * (tile[2] / tower->patch_width) <= DOCAI_TOWER_MAX_PATCHES;
  if (fits && !tower->bucketed)
    fits = tile[1] / tower->patch_height == tower->rows && tile[2] / tower->patch_width == tower->cols;
  if (!fits)
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "the image processor gives other tiles than the %d x %d that the model takes",
                 core->tile_width, core->tile_height);
  return fits;
}

/* Copies x [n, width] into the columns of those selected states that stand behind `layer` blocks. */
static void
take_states (const DocaiCore *core, const float *x, int layer, DocaiFeatures *selected)
{
  gsize width = (gsize) core->tower.width;
  for (int k = 0; k < core->n_selected; k++)
    for (int r = 0; core->selected[k] == layer && r < selected->rows; r++)
      memcpy (selected->values + (gsize) r * (gsize) selected->width + (gsize) k * width, x + (gsize) r * width, width * sizeof (float));
}

gboolean
docai_tile_hidden (const DocaiCore *core, DocaiRun *run, const float *tile, const DocaiPixels *pixels, DocaiFeatures *selected, GError **error)
{
  const DocaiTower *tower = &core->tower;
  if (!check_tiles (core, pixels, error))
    return FALSE;
  int height = (int) pixels->dims[pixels->n_dims - 2], width = (int) pixels->dims[pixels->n_dims - 1], last = 0;
  int n = docai_tower_tokens (tower, height / tower->patch_height, width / tower->patch_width);
  if (!docai_features_init (selected, n, tower->width * core->n_selected, error))
    return FALSE;
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  float *x = docai_arena_floats (run->arena, (gsize) n, (gsize) tower->width);
  for (int k = 0; k < core->n_selected; k++)
    last = MAX (last, core->selected[k]);
  last = run->trace != NULL ? tower->n_blocks : last;
  docai_tower_embed (tower, run, tile, height, width, height, width, x);
  for (int layer = 0; layer <= last; layer++)
    {
      if (layer > 0)
        docai_tower_blocks (tower, run, x, n, layer - 1, layer);
      if (core->before_norm || layer < tower->n_blocks)
        take_states (core, x, layer, selected);
      if (layer == tower->n_blocks && tower->post_norm.kind != DOCAI_NORM_NONE)
        docai_norm_run (&tower->post_norm, x, (gsize) tower->width, n, 1, x, (gsize) tower->width);
      if (!core->before_norm && layer == tower->n_blocks)
        take_states (core, x, layer, selected);
    }
  if (last == tower->n_blocks)
    docai_run_trace (run, "vision_last_hidden", x, (gsize) n * (gsize) tower->width);
  docai_arena_reset (run->arena, mark);
  return TRUE;
}

gboolean
docai_tile_encode (const DocaiCore *core, DocaiRun *run, const DocaiPixels *pixels, int unit, DocaiFeatures *out, GError **error)
{
  gsize n_floats;
  DocaiFeatures hidden = { 0 };
  const float *tile = core->family->peek_unit (core, pixels, unit, &n_floats);
  if (!docai_tile_hidden (core, run, tile, pixels, &hidden, error))
    {
      docai_features_clear (&hidden);
      return FALSE;
    }
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  int rows = (int) pixels->dims[pixels->n_dims - 2] / core->tower.patch_height, cols = (int) pixels->dims[pixels->n_dims - 1] / core->tower.patch_width;
  int n = hidden.rows, width = hidden.width, shuffle = core->projector.shuffle;
  const float *x = hidden.values;
  if (core->drop_first)
    {
      x += width;
      n--;
    }
  if (shuffle > 1)
    {
      n = rows / shuffle * (cols / shuffle);
      float *joined = docai_arena_floats (run->arena, (gsize) n, (gsize) (width * shuffle * shuffle));
      docai_pixel_shuffle (x, rows, cols, width, shuffle, joined);
      width *= shuffle * shuffle;
      x = joined;
    }
  docai_run_trace (run, "vision_selected", x, (gsize) n * (gsize) width);
  gboolean good = docai_features_init (out, n, docai_projector_width (&core->projector), error);
  if (good)
    docai_projector_run (&core->projector, run, x, n, out->values);
  docai_arena_reset (run->arena, mark);
  docai_features_clear (&hidden);
  return good;
}
