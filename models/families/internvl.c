/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * InternVL: a ViT with layer scale over tiles, pixel shuffle, a normed MLP, and a Qwen2 or
 * Llama decoder.
 */
#include <math.h>
#include <string.h>

#include "models/families/family.h"

static const DocaiBlockNames names = {
  .norm_self = "layernorm_before", .q = "attention.q_proj", .k = "attention.k_proj", .v = "attention.v_proj",
  .o = "attention.projection_layer", .q_norm = "attention.q_norm", .k_norm = "attention.k_norm", .scale_self = "lambda_1",
  .norm_mlp = "layernorm_after", .up = "mlp.fc1", .down = "mlp.fc2", .scale_mlp = "lambda_2",
};

typedef struct {
  gboolean mean_pooling; /* then the tower has no last norm */
  gboolean qk_norm;
} Own;

static void
configure_vision (DocaiCore *core, DocaiModelConfig *config, json_t *vision)
{
  DocaiTower *tower = &core->tower;
  DocaiBlockShape *shape = &core->vision_shape;
  Own *own = core->own;
  tower->width = shape->width = docai_model_config_int (config, vision, "hidden_size", 1024, 1, 1 << 16);
  tower->n_blocks = docai_model_config_int (config, vision, "num_hidden_layers", 24, 1, 1024);
  tower->channels = docai_model_config_int (config, vision, "num_channels", 3, 1, 4);
  tower->patch_height = docai_model_config_side (config, vision, "patch_size", 0, 1, 1024);
  tower->patch_width = docai_model_config_side (config, vision, "patch_size", 1, 1, 1024);
  core->tile_height = docai_model_config_side (config, vision, "image_size", 0, 1, 16384);
  core->tile_width = docai_model_config_side (config, vision, "image_size", 1, 1, 16384);
  tower->rows = core->tile_height / tower->patch_height;
  tower->cols = core->tile_width / tower->patch_width;
  shape->heads = shape->kv_heads = docai_model_config_int (config, vision, "num_attention_heads", 16, 1, 1024);
  shape->head_dim = docai_model_config_head_dim (config, shape->width, shape->heads);
  shape->mlp_width = docai_model_config_int (config, vision, "intermediate_size", 4096, 1, 1 << 18);
  shape->eps = docai_model_config_double (config, vision, "layer_norm_eps", 1e-6);
  shape->inner_eps = 1e-6; /* whatever the others have */
  shape->act = docai_model_config_activation (config, vision, "hidden_act", "gelu");
  own->mean_pooling = docai_model_config_bool (config, vision, "use_mean_pooling", TRUE);
  own->qk_norm = docai_model_config_bool (config, vision, "use_qk_norm", FALSE);
  const char *norm = docai_model_config_string (config, vision, "norm_type", "layer_norm");
  shape->norm = strcmp (norm, "rms_norm") == 0 ? DOCAI_NORM_RMS : DOCAI_NORM_LAYER;
  if (shape->norm == DOCAI_NORM_LAYER && strcmp (norm, "layer_norm") != 0)
    docai_model_config_unsupported (config, "the norm \"%s\" (\"norm_type\")", norm);
  if (tower->rows < 1 || tower->cols < 1 || tower->rows > 256 || tower->cols > 256)
    docai_model_config_invalid (config, "config.json: the patches do not fit the image");
}

static void
configure (DocaiCore *core, DocaiModelConfig *config)
{
  core->own = g_new0 (Own, 1);
  core->own_free = g_free;
  configure_vision (core, config, docai_model_config_section (config, NULL, "vision_config"));
  docai_llama_configure (core, config, docai_model_config_section (config, NULL, "text_config"), "qwen2");
  double ratio = docai_model_config_double (config, NULL, "downsample_ratio", 0.5);
  core->projector.shuffle = ratio > 0 ? (int) lrint (1 / ratio) : 0;
  if (core->projector.shuffle < 1 || fabs (core->projector.shuffle * ratio - 1) > 1e-6 || core->tower.rows % core->projector.shuffle != 0
      || core->tower.cols % core->projector.shuffle != 0)
    docai_model_config_invalid (config, "config.json: \"downsample_ratio\" does not divide the patches");
  core->projector.act = docai_model_config_activation (config, NULL, "projector_hidden_act", "gelu");
  core->image_token = docai_model_config_int (config, NULL, "image_token_id", 151667, 0, core->decoder.vocab - 1);
  docai_vit_select (core, config, -1);
  if (core->n_selected > 1)
    docai_model_config_unsupported (config, "features of several layers (\"vision_feature_layer\")");
  const char *strategy = docai_model_config_string (config, NULL, "vision_feature_select_strategy", "default");
  core->drop_first = strcmp (strategy, "default") == 0;
  if (!core->drop_first)
    docai_model_config_unsupported (config, "the selection \"%s\" (\"vision_feature_select_strategy\")", strategy);
}

static void
load_vision (DocaiCore *core, DocaiWeights *weights, const char *prefix)
{
  DocaiTower *tower = &core->tower;
  const Own *own = core->own;
  DocaiBlockNames used = names;
  if (!own->qk_norm)
    used.q_norm = used.k_norm = NULL;
  docai_weights_linear (weights, &tower->patch, tower->width, tower->channels * tower->patch_height * tower->patch_width,
                        "%sembeddings.patch_embeddings.projection", prefix);
  tower->class_token = docai_weights_vector (weights, tower->width, "%sembeddings.cls_token", prefix);
  if (docai_weights_has (weights, "%sembeddings.position_embeddings", prefix))
    tower->positions = docai_weights_vector (weights, (gint64) docai_tower_tokens (tower, tower->rows, tower->cols) * tower->width,
                                             "%sembeddings.position_embeddings", prefix);
  tower->blocks = g_new0 (DocaiBlock, tower->n_blocks);
  for (int i = 0; i < tower->n_blocks; i++)
    docai_weights_block (weights, &tower->blocks[i], &core->vision_shape, &used, "%sencoder.layer.%d", prefix, i);
  if (!own->mean_pooling)
    docai_weights_norm (weights, &tower->post_norm, DOCAI_NORM_LAYER, tower->width, core->vision_shape.eps, "%slayernorm", prefix);
}

static void
load (DocaiCore *core, DocaiWeights *weights)
{
  const char *vision = docai_weights_prefix (weights, "embeddings.cls_token", "vision_tower.", "model.vision_tower.", NULL);
  const char *text = docai_weights_prefix (weights, "embed_tokens.weight", "language_model.model.", "model.language_model.", NULL);
  const char *joint = docai_weights_prefix (weights, "multi_modal_projector.linear_1.weight", "", "model.", NULL);
  int width = core->decoder.width, joined = core->tower.width * core->projector.shuffle * core->projector.shuffle;
  load_vision (core, weights, vision);
  docai_weights_norm (weights, &core->projector.norm, DOCAI_NORM_LAYER, joined, 1e-5, "%smulti_modal_projector.layer_norm", joint);
  docai_weights_linear (weights, &core->projector.first, width, joined, "%smulti_modal_projector.linear_1", joint);
  docai_weights_linear (weights, &core->projector.second, width, width, "%smulti_modal_projector.linear_2", joint);
  docai_llama_load (core, weights, text, docai_weights_has (weights, "lm_head.weight") ? "lm_head" : "language_model.lm_head");
}

const DocaiFamily docai_family_internvl = {
  .model_type = "internvl", .title = "InternVL", .task = DOCAI_TASK_GENERATE, .configure = configure, .load = load,
  .count_units = docai_tiles_count, .peek_unit = docai_tiles_peek, .encode_unit = docai_tile_encode,
};
