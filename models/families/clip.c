/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dual encoders: CLIP and SigLIP give an image and a text vectors in one space.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "models/families/family.h"

/* How texts and images become one vector. */
typedef struct {
  gint64         end_token; /* CLIP: the state at its first occurrence; -1: at the largest id */
  DocaiLinear    text_projection;
  DocaiLinear    image_projection;
  DocaiAttention pool;      /* SigLIP: attention of a learnt query over the patches */
  const float   *probe;
  DocaiNorm      pool_norm;
  DocaiMlp       pool_mlp;
} Own;

static const DocaiViTDefaults clip_defaults = {
  .width = 768, .heads = 12, .blocks = 12, .mlp_width = 3072, .image = 224, .patch = 32, .eps = 1e-5, .act = "quick_gelu",
};
static const DocaiViTDefaults siglip_defaults = {
  .width = 768, .heads = 12, .blocks = 12, .mlp_width = 3072, .image = 224, .patch = 16, .eps = 1e-6, .act = "gelu_pytorch_tanh",
};

typedef struct {
  int         width, heads, blocks, mlp_width, vocab, length;
  double      eps;
  const char *act;
} TextDefaults;

static void
configure_text (DocaiCore *core, DocaiModelConfig *config, json_t *section, const TextDefaults *defaults)
{
  DocaiEncoder *text = &core->text;
  DocaiBlockShape *shape = &core->text_shape;
  text->width = shape->width = docai_model_config_int (config, section, "hidden_size", defaults->width, 1, 1 << 16);
  text->vocab = docai_model_config_int (config, section, "vocab_size", defaults->vocab, 1, 1 << 21);
  text->n_blocks = docai_model_config_int (config, section, "num_hidden_layers", defaults->blocks, 1, 1024);
  text->max_length = docai_model_config_int (config, section, "max_position_embeddings", defaults->length, 1, 1 << 16);
  shape->heads = shape->kv_heads = docai_model_config_int (config, section, "num_attention_heads", defaults->heads, 1, 1024);
  shape->head_dim = docai_model_config_head_dim (config, shape->width, shape->heads);
  shape->mlp_width = docai_model_config_int (config, section, "intermediate_size", defaults->mlp_width, 1, 1 << 18);
  shape->norm = DOCAI_NORM_LAYER;
  shape->eps = docai_model_config_double (config, section, "layer_norm_eps", defaults->eps);
  shape->act = docai_model_config_activation (config, section, "hidden_act", defaults->act);
}

/* Older files have a second writing of a part; where it is there it counts. */
static json_t *
clip_section (DocaiModelConfig *config, const char *key, const char *older)
{
  json_t *section = json_object_get (config->root, older);
  return json_is_object (section) ? section : docai_model_config_section (config, NULL, key);
}

static void
configure_clip (DocaiCore *core, DocaiModelConfig *config)
{
  static const TextDefaults defaults = { 512, 8, 12, 2048, 49408, 77, 1e-5, "quick_gelu" };
  Own *own = core->own = g_new0 (Own, 1);
  core->own_free = g_free;
  json_t *text = clip_section (config, "text_config", "text_config_dict");
  docai_vit_configure (core, config, clip_section (config, "vision_config", "vision_config_dict"), &clip_defaults);
  configure_text (core, config, text, &defaults);
  core->text.causal = TRUE;
  core->embed_width = docai_model_config_int (config, NULL, "projection_dim", 512, 1, 1 << 16);
  /* Files made before the end token was noted correctly say 2; the end token has the largest id. */
  int end = docai_model_config_int (config, text, "eos_token_id", 49407, 0, G_MAXINT);
  own->end_token = end == 2 ? -1 : end;
}

static void
configure_siglip (DocaiCore *core, DocaiModelConfig *config)
{
  static const TextDefaults defaults = { 768, 12, 12, 3072, 32000, 64, 1e-6, "gelu_pytorch_tanh" };
  core->own = g_new0 (Own, 1);
  core->own_free = g_free;
  json_t *text = docai_model_config_section (config, NULL, "text_config"), *vision = docai_model_config_section (config, NULL, "vision_config");
  docai_vit_configure (core, config, vision, &siglip_defaults);
  configure_text (core, config, text, &defaults);
  core->embed_width = docai_model_config_int (config, text, "projection_size", core->text.width, 1, 1 << 16);
  core->sigmoid = TRUE;
  if (core->embed_width != core->tower.width)
    docai_model_config_invalid (config, "config.json: image and text vectors have different sizes");
  if (!docai_model_config_bool (config, vision, "vision_use_head", TRUE))
    docai_model_config_unsupported (config, "a tower without attention pooling (\"vision_use_head\")");
}

static void
load_common (DocaiCore *core, DocaiWeights *weights)
{
  DocaiEncoder *text = &core->text;
  docai_vit_load (core, weights, "vision_model.");
  docai_weights_matrix (weights, &text->embedding, text->vocab, text->width, "text_model.embeddings.token_embedding.weight");
  text->positions = docai_weights_vector (weights, (gint64) text->max_length * text->width, "text_model.embeddings.position_embedding.weight");
  text->blocks = g_new0 (DocaiBlock, text->n_blocks);
  for (int i = 0; i < text->n_blocks; i++)
    docai_weights_block (weights, &text->blocks[i], &core->text_shape, &docai_names_clip, "text_model.encoder.layers.%d", i);
  docai_weights_norm (weights, &text->final_norm, DOCAI_NORM_LAYER, text->width, core->text_shape.eps, "text_model.final_layer_norm");
  const float *scale = docai_weights_vector (weights, 1, "logit_scale");
  core->logit_scale = scale != NULL ? expf (scale[0]) : 1;
}

static void
load_clip (DocaiCore *core, DocaiWeights *weights)
{
  Own *own = core->own;
  load_common (core, weights);
  docai_weights_norm (weights, &own->pool_norm, DOCAI_NORM_LAYER, core->tower.width, core->vision_shape.eps, "vision_model.post_layernorm");
  docai_weights_linear (weights, &own->image_projection, core->embed_width, core->tower.width, "visual_projection");
  docai_weights_linear (weights, &own->text_projection, core->embed_width, core->text.width, "text_projection");
}

static void
load_siglip (DocaiCore *core, DocaiWeights *weights)
{
  Own *own = core->own;
  const DocaiBlockShape *shape = &core->vision_shape;
  int width = core->tower.width;
  load_common (core, weights);
  docai_weights_norm (weights, &core->tower.post_norm, DOCAI_NORM_LAYER, width, shape->eps, "vision_model.post_layernorm");
  docai_weights_linear (weights, &own->text_projection, core->embed_width, core->text.width, "text_model.head");
  const float *bias = docai_weights_vector (weights, 1, "logit_bias");
  core->logit_bias = bias != NULL ? bias[0] : 0;

  own->probe = docai_weights_vector (weights, width, "vision_model.head.probe");
  own->pool = (DocaiAttention) { .heads = shape->heads, .kv_heads = shape->heads, .head_dim = shape->head_dim,
                                 .scale = 1.0f / sqrtf ((float) shape->head_dim) };
  DocaiLinear *parts[3] = { &own->pool.q, &own->pool.k, &own->pool.v };
  docai_weights_stacked (weights, parts, 3, width, width, "vision_model.head.attention.in_proj");
  docai_weights_linear (weights, &own->pool.o, width, width, "vision_model.head.attention.out_proj");
  docai_weights_norm (weights, &own->pool_norm, DOCAI_NORM_LAYER, width, shape->eps, "vision_model.head.layernorm");
  own->pool_mlp.act = shape->act;
  docai_weights_linear (weights, &own->pool_mlp.up, shape->mlp_width, width, "vision_model.head.mlp.fc1");
  docai_weights_linear (weights, &own->pool_mlp.down, width, shape->mlp_width, "vision_model.head.mlp.fc2");
}

/* Hidden states of a tile; FALSE with an error. */
static gboolean
hidden_states (const DocaiCore *core, DocaiRun *run, const DocaiPixels *pixels, int unit, DocaiFeatures *hidden, GError **error)
{
  gsize n_floats;
  const float *tile = docai_tiles_peek (core, pixels, unit, &n_floats);
  if (docai_tile_hidden (core, run, tile, pixels, hidden, error))
    return TRUE;
  docai_features_clear (hidden);
  return FALSE;
}

static gboolean
embed_image_clip (const DocaiCore *core, DocaiRun *run, const DocaiPixels *pixels, int unit, float *out, GError **error)
{
  const Own *own = core->own;
  DocaiFeatures hidden = { 0 };
  if (!hidden_states (core, run, pixels, unit, &hidden, error))
    return FALSE;
  gsize width = (gsize) core->tower.width;
  docai_norm_run (&own->pool_norm, hidden.values, width, 1, 1, hidden.values, width);
  docai_linear_run (&own->image_projection, run, hidden.values, width, 1, out, (gsize) core->embed_width, FALSE);
  docai_run_trace (run, "vision_pooled", out, (gsize) core->embed_width);
  docai_features_clear (&hidden);
  return TRUE;
}

static gboolean
embed_image_siglip (const DocaiCore *core, DocaiRun *run, const DocaiPixels *pixels, int unit, float *out, GError **error)
{
  const Own *own = core->own;
  DocaiFeatures hidden = { 0 };
  if (!hidden_states (core, run, pixels, unit, &hidden, error))
    return FALSE;
  gsize width = (gsize) core->tower.width;
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  float *normed = docai_arena_floats (run->arena, 1, width);
  docai_attention_run (&own->pool, run, own->probe, 1, hidden.values, hidden.rows, NULL, out);
  docai_norm_run (&own->pool_norm, out, width, 1, 1, normed, width);
  docai_mlp_run (&own->pool_mlp, run, normed, 1, out, TRUE);
  docai_run_trace (run, "vision_pooled", out, width);
  docai_arena_reset (run->arena, mark);
  docai_features_clear (&hidden);
  return TRUE;
}

static int
pooled_token (const Own *own, const guint32 *ids, int n)
{
  int best = 0;
  for (int i = 0; i < n; i++)
    {
      if (own->end_token >= 0 && ids[i] == (guint32) own->end_token)
        return i;
      if (own->end_token < 0 && ids[i] > ids[best])
        best = i;
    }
  return best;
}

static gboolean
embed_text (const DocaiCore *core, DocaiRun *run, const guint32 *ids, const guint8 *mask, int n, float *out, GError **error)
{
  const Own *own = core->own;
  gsize width = (gsize) core->text.width;
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  float *hidden = docai_arena_floats (run->arena, (gsize) n, width);
  docai_encoder_run (&core->text, run, &(DocaiText) { .ids = ids, .n = n, .mask = mask }, hidden);
  docai_run_trace (run, "text_last_hidden", hidden, (gsize) n * width);
  gsize token = core->sigmoid ? (gsize) n - 1 : (gsize) pooled_token (own, ids, n);
  docai_linear_run (&own->text_projection, run, hidden + token * width, width, 1, out, (gsize) core->embed_width, FALSE);
  docai_run_trace (run, "text_pooled", out, (gsize) core->embed_width);
  docai_arena_reset (run->arena, mark);
  return TRUE;
}

const DocaiFamily docai_family_clip = {
  .model_type = "clip", .title = "CLIP", .task = DOCAI_TASK_EMBED, .configure = configure_clip, .load = load_clip,
  .count_units = docai_tiles_count, .peek_unit = docai_tiles_peek, .embed_image = embed_image_clip, .embed_text = embed_text,
};

const DocaiFamily docai_family_siglip = {
  .model_type = "siglip", .title = "SigLIP", .task = DOCAI_TASK_EMBED, .configure = configure_siglip, .load = load_siglip,
  .count_units = docai_tiles_count, .peek_unit = docai_tiles_peek, .embed_image = embed_image_siglip, .embed_text = embed_text,
};
