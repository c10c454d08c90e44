/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Idefics2: a SigLIP tower over images in their own aspect ratio (padded to a common size,
 * the padding is left out here), a gated MLP, a Perceiver resampler, a Mistral decoder.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "models/connector/resampler.h"
#include "models/families/family.h"

static const DocaiViTDefaults vision_defaults = {
  .width = 768, .heads = 12, .blocks = 12, .mlp_width = 3072, .image = 224, .patch = 32, .eps = 1e-6, .act = "gelu_pytorch_tanh",
};

typedef struct {
  DocaiMlp        mlp; /* from the tower's width to the text's */
  DocaiPerceiver  perceiver;
  DocaiBlockShape shape;
} Own;

static void
own_free (gpointer data)
{
  g_free (((Own *) data)->perceiver.layers);
  g_free (data);
}

static void
configure (DocaiCore *core, DocaiModelConfig *config)
{
  Own *own = core->own = g_new0 (Own, 1);
  core->own_free = own_free;
  json_t *perceiver = docai_model_config_section (config, NULL, "perceiver_config"), *text = docai_model_config_section (config, NULL, "text_config");
  docai_vit_configure (core, config, docai_model_config_section (config, NULL, "vision_config"), &vision_defaults);
  docai_llama_configure (core, config, text, "mistral");
  core->tower.bucketed = TRUE;
  core->spare_features = TRUE;
  core->image_token = docai_model_config_int (config, NULL, "image_token_id", 32001, 0, core->decoder.vocab - 1);
  own->mlp.act = core->text_shape.act;
  own->perceiver.width = own->shape.width = core->decoder.width;
  own->perceiver.n_latents = docai_model_config_int (config, perceiver, "resampler_n_latents", 64, 1, 1 << 14);
  own->perceiver.n_layers = docai_model_config_int (config, perceiver, "resampler_depth", 3, 1, 256);
  own->shape.heads = docai_model_config_int (config, perceiver, "resampler_n_heads", 16, 1, 1024);
  own->shape.kv_heads = docai_model_config_int (config, perceiver, "num_key_value_heads", 4, 1, 1024);
  own->shape.head_dim = docai_model_config_int (config, perceiver, "resampler_head_dim", 96, 1, 4096);
  own->shape.eps = docai_model_config_double (config, perceiver, "rms_norm_eps", core->text_shape.eps);
  own->shape.act = docai_model_config_activation (config, perceiver, "hidden_act", "silu");
  if (own->shape.heads % own->shape.kv_heads != 0)
    docai_model_config_invalid (config, "config.json: the resampler's key heads do not divide its heads");
}

static void
load_perceiver (DocaiCore *core, DocaiWeights *weights, const char *prefix)
{
  Own *own = core->own;
  DocaiPerceiver *perceiver = &own->perceiver;
  const DocaiBlockShape *shape = &own->shape;
  int width = perceiver->width, q_width = shape->heads * shape->head_dim, kv_width = shape->kv_heads * shape->head_dim;
  perceiver->latents = docai_weights_vector (weights, (gint64) perceiver->n_latents * width, "%slatents", prefix);
  perceiver->layers = g_new0 (DocaiPerceiverLayer, perceiver->n_layers);
  for (int i = 0; i < perceiver->n_layers; i++)
    {
      DocaiPerceiverLayer *layer = &perceiver->layers[i];
      g_autofree char *name = g_strdup_printf ("%slayers.%d", prefix, i);
      docai_weights_norm (weights, &layer->norm_latents, DOCAI_NORM_RMS, width, shape->eps, "%s.input_latents_norm", name);
      docai_weights_norm (weights, &layer->norm_context, DOCAI_NORM_RMS, width, shape->eps, "%s.input_context_norm", name);
      docai_weights_norm (weights, &layer->norm_mlp, DOCAI_NORM_RMS, width, shape->eps, "%s.post_attention_layernorm", name);
      layer->attention = (DocaiAttention) { .heads = shape->heads, .kv_heads = shape->kv_heads, .head_dim = shape->head_dim,
                                            .scale = 1.0f / sqrtf ((float) shape->head_dim) };
      docai_weights_linear (weights, &layer->attention.q, q_width, width, "%s.self_attn.q_proj", name);
      docai_weights_linear (weights, &layer->attention.k, kv_width, width, "%s.self_attn.k_proj", name);
      docai_weights_linear (weights, &layer->attention.v, kv_width, width, "%s.self_attn.v_proj", name);
      docai_weights_linear (weights, &layer->attention.o, width, q_width, "%s.self_attn.o_proj", name);
      layer->mlp.act = shape->act;
      docai_weights_linear (weights, &layer->mlp.gate, 4 * width, width, "%s.mlp.gate_proj", name);
      docai_weights_linear (weights, &layer->mlp.up, 4 * width, width, "%s.mlp.up_proj", name);
      docai_weights_linear (weights, &layer->mlp.down, width, 4 * width, "%s.mlp.down_proj", name);
    }
  docai_weights_norm (weights, &perceiver->norm, DOCAI_NORM_RMS, width, shape->eps, "%snorm", prefix);
}

static void
load (DocaiCore *core, DocaiWeights *weights)
{
  Own *own = core->own;
  int width = core->decoder.width, inner = core->text_shape.mlp_width;
  docai_vit_load (core, weights, "model.vision_model.");
  docai_weights_norm (weights, &core->tower.post_norm, DOCAI_NORM_LAYER, core->tower.width, core->vision_shape.eps, "model.vision_model.post_layernorm");
  docai_weights_linear (weights, &own->mlp.gate, inner, core->tower.width, "model.connector.modality_projection.gate_proj");
  docai_weights_linear (weights, &own->mlp.up, inner, core->tower.width, "model.connector.modality_projection.up_proj");
  docai_weights_linear (weights, &own->mlp.down, width, inner, "model.connector.modality_projection.down_proj");
  load_perceiver (core, weights, "model.connector.perceiver_resampler.");
  docai_llama_load (core, weights, "model.text_model.", "lm_head");
}

/* Patches of a tile that hold nothing but the image, which fills the top left. */
static void
used_patches (const DocaiCore *core, const DocaiPixels *pixels, int unit, int height, int width, int *rows, int *cols)
{
  const DocaiTower *tower = &core->tower;
  int down = height, across = width;
  if (pixels->mask != NULL)
    {
      const guint8 *mask = pixels->mask + (gsize) unit * (gsize) height * (gsize) width;
      for (down = 0; down < height && mask[(gsize) down * (gsize) width];)
        down++;
      for (across = 0; across < width && mask[across];)
        across++;
    }
  *rows = down / tower->patch_height;
  *cols = across / tower->patch_width;
}

/* Hands rows x cols states to the trace in the padded layout, where the others are NaN. */
static void
trace_padded (DocaiRun *run, const char *name, const float *x, int rows, int cols, int all_rows, int all_cols, int width)
{
  if (run->trace == NULL)
    return;
  gsize n = (gsize) (all_rows * all_cols) * (gsize) width;
  g_autofree float *padded = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    padded[i] = NAN;
  for (int r = 0; r < rows; r++)
    memcpy (padded + (gsize) (r * all_cols * width), x + (gsize) (r * cols * width), (gsize) (cols * width) * sizeof (float));
  docai_run_trace (run, name, padded, n);
}

static gboolean
encode_unit (const DocaiCore *core, DocaiRun *run, const DocaiPixels *pixels, int unit, DocaiFeatures *out, GError **error)
{
  const Own *own = core->own;
  const DocaiTower *tower = &core->tower;
  gsize n_floats, vision = (gsize) tower->width, width = (gsize) core->decoder.width;
  int height = (int) pixels->dims[pixels->n_dims - 2], across = (int) pixels->dims[pixels->n_dims - 1], rows, cols;
  int all_rows = height / tower->patch_height, all_cols = across / tower->patch_width;
  if (pixels->n_dims != 5 || pixels->dims[2] != tower->channels || height > 1 << 14 || across > 1 << 14
      || all_rows * all_cols > DOCAI_TOWER_MAX_PATCHES)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "the image processor gives other tiles than the model takes");
      return FALSE;
    }
  used_patches (core, pixels, unit, height, across, &rows, &cols);
  if (rows < 1 || cols < 1)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "a tile is smaller than a patch");
      return FALSE;
    }
  if (!docai_features_init (out, own->perceiver.n_latents, (int) width, error))
    return FALSE;
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  int n = rows * cols;
  float *x = docai_arena_floats (run->arena, (gsize) n, vision), *context = docai_arena_floats (run->arena, (gsize) n, width);
  docai_tower_embed (tower, run, docai_tiles_peek (core, pixels, unit, &n_floats), height, across, rows * tower->patch_height, cols * tower->patch_width, x);
  docai_tower_blocks (tower, run, x, n, 0, tower->n_blocks);
  docai_norm_run (&tower->post_norm, x, vision, n, 1, x, vision);
  trace_padded (run, "vision_last_hidden", x, rows, cols, all_rows, all_cols, (int) vision);
  docai_mlp_run (&own->mlp, run, x, n, context, FALSE);
  trace_padded (run, "modality_projection", context, rows, cols, all_rows, all_cols, (int) width);
  docai_perceiver_run (&own->perceiver, run, context, n, out->values);
  docai_arena_reset (run->arena, mark);
  return TRUE;
}

const DocaiFamily docai_family_idefics2 = {
  .model_type = "idefics2", .title = "Idefics2", .task = DOCAI_TASK_GENERATE, .configure = configure, .load = load,
  .count_units = docai_tiles_count, .peek_unit = docai_tiles_peek, .encode_unit = encode_unit,
};
