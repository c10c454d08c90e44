/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Idefics3 and SmolVLM (also SmolDocling, Granite-Docling): a SigLIP tower over tiles,
 * pixel shuffle and one linear layer, a Llama decoder.
 */
#include "models/families/family.h"

static const DocaiViTDefaults vision_defaults = {
  .width = 1152, .heads = 16, .blocks = 12, .mlp_width = 3072, .image = 224, .patch = 32, .eps = 1e-6, .act = "gelu_pytorch_tanh",
};

static void
configure (DocaiCore *core, DocaiModelConfig *config)
{
  docai_vit_configure (core, config, docai_model_config_section (config, NULL, "vision_config"), &vision_defaults);
  docai_llama_configure (core, config, docai_model_config_section (config, NULL, "text_config"), "llama");
  core->tower.bucketed = TRUE;
  core->projector.shuffle = docai_model_config_int (config, NULL, "scale_factor", 2, 1, 64);
  core->image_token = docai_model_config_int (config, NULL, "image_token_id", 128257, 0, core->decoder.vocab - 1);
  if (core->tower.rows % core->projector.shuffle != 0)
    docai_model_config_invalid (config, "config.json: \"scale_factor\" does not divide %d patches", core->tower.rows);
}

static void
load (DocaiCore *core, DocaiWeights *weights)
{
  int shuffle = core->projector.shuffle;
  docai_vit_load (core, weights, "model.vision_model.");
  docai_weights_norm (weights, &core->tower.post_norm, DOCAI_NORM_LAYER, core->tower.width, core->vision_shape.eps, "model.vision_model.post_layernorm");
  docai_weights_linear (weights, &core->projector.first, core->decoder.width, core->tower.width * shuffle * shuffle,
                        "model.connector.modality_projection.proj");
  docai_llama_load (core, weights, "model.text_model.", "lm_head");
}

#define STEPS                                                                                 \
  .task = DOCAI_TASK_GENERATE, .configure = configure, .load = load,                          \
  .count_units = docai_tiles_count, .peek_unit = docai_tiles_peek, .encode_unit = docai_tile_encode

const DocaiFamily docai_family_idefics3 = { .model_type = "idefics3", .title = "Idefics3 (SmolVLM, SmolDocling, Granite-Docling)", STEPS };
const DocaiFamily docai_family_smolvlm = { .model_type = "smolvlm", .title = "SmolVLM2", STEPS };
