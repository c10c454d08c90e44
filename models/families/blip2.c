/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * BLIP-2: a ViT, a Q-Former whose queries read the image, and an OPT decoder.
 */
#include <string.h>

#include "base/error.h"
#include "models/connector/resampler.h"
#include "models/families/family.h"

static const DocaiBlockNames vision_names = {
  .norm_self = "layer_norm1", .qkv = "self_attn.qkv", .o = "self_attn.projection", .norm_mlp = "layer_norm2", .up = "mlp.fc1", .down = "mlp.fc2",
};
static const DocaiBlockNames qformer_names = {
  .norm_self = "attention.output.LayerNorm", .q = "attention.attention.query", .k = "attention.attention.key",
  .v = "attention.attention.value", .o = "attention.output.dense",
  .norm_cross = "crossattention.output.LayerNorm", .cross_q = "crossattention.attention.query", .cross_k = "crossattention.attention.key",
  .cross_v = "crossattention.attention.value", .cross_o = "crossattention.output.dense",
  .norm_mlp = "output_query.LayerNorm", .up = "intermediate_query.dense", .down = "output_query.dense",
};
static const DocaiBlockNames text_names = {
  .norm_self = "self_attn_layer_norm", .q = "self_attn.q_proj", .k = "self_attn.k_proj", .v = "self_attn.v_proj", .o = "self_attn.out_proj",
  .norm_mlp = "final_layer_norm", .up = "fc1", .down = "fc2",
};

static const DocaiViTDefaults vision_defaults = {
  .width = 1408, .heads = 16, .blocks = 39, .mlp_width = 6144, .image = 224, .patch = 14, .eps = 1e-6, .act = "gelu",
};

/* OPT's table of positions starts with two rows that no token has. */
#define OPT_OFFSET 2

typedef struct {
  DocaiQFormer    qformer;
  DocaiBlockShape shape;
  int             frequency; /* every so many blocks read the image */
  gboolean        final_norm;
} Own;

static void
own_free (gpointer data)
{
  g_free (((Own *) data)->qformer.blocks);
  g_free (data);
}

static void
configure_qformer (DocaiCore *core, DocaiModelConfig *config, json_t *section)
{
  Own *own = core->own;
  DocaiBlockShape *shape = &own->shape;
  own->qformer.width = shape->width = docai_model_config_int (config, section, "hidden_size", 768, 1, 1 << 16);
  own->qformer.n_blocks = docai_model_config_int (config, section, "num_hidden_layers", 12, 1, 1024);
  own->qformer.n_queries = docai_model_config_int (config, NULL, "num_query_tokens", 32, 1, 1 << 14);
  own->frequency = docai_model_config_int (config, section, "cross_attention_frequency", 2, 1, 1024);
  shape->heads = shape->kv_heads = docai_model_config_int (config, section, "num_attention_heads", 12, 1, 1024);
  shape->head_dim = docai_model_config_head_dim (config, shape->width, shape->heads);
  shape->mlp_width = docai_model_config_int (config, section, "intermediate_size", 3072, 1, 1 << 18);
  shape->memory_width = docai_model_config_int (config, section, "encoder_hidden_size", core->tower.width, 1, 1 << 16);
  shape->norm = DOCAI_NORM_LAYER;
  shape->eps = docai_model_config_double (config, section, "layer_norm_eps", 1e-12);
  shape->act = docai_model_config_activation (config, section, "hidden_act", "gelu");
  shape->post_norm = TRUE;
  if (shape->memory_width != core->tower.width)
    docai_model_config_invalid (config, "config.json: \"encoder_hidden_size\" is not the tower's width");
  if (docai_model_config_bool (config, section, "use_qformer_text_input", FALSE))
    docai_model_config_unsupported (config, "a Q-Former that reads text (\"use_qformer_text_input\")");
}

static void
configure_opt (DocaiCore *core, DocaiModelConfig *config, json_t *text)
{
  Own *own = core->own;
  DocaiDecoder *decoder = &core->decoder;
  DocaiBlockShape *shape = &core->text_shape;
  const char *type = docai_model_config_string (config, text, "model_type", "opt");
  if (strcmp (type, "opt") != 0)
    docai_model_config_unsupported (config, "the text model \"%s\"", type);
  decoder->width = shape->width = docai_model_config_int (config, text, "hidden_size", 768, 1, 1 << 16);
  decoder->vocab = docai_model_config_int (config, text, "vocab_size", 50272, 1, 1 << 21);
  decoder->n_blocks = docai_model_config_int (config, text, "num_hidden_layers", 12, 1, 1024);
  decoder->max_length = docai_model_config_int (config, text, "max_position_embeddings", 2048, 1, 1 << 20);
  decoder->position_rows = decoder->max_length + OPT_OFFSET;
  decoder->position_offset = OPT_OFFSET;
  shape->heads = shape->kv_heads = docai_model_config_int (config, text, "num_attention_heads", 12, 1, 1024);
  shape->head_dim = docai_model_config_head_dim (config, shape->width, shape->heads);
  shape->mlp_width = docai_model_config_int (config, text, "ffn_dim", 3072, 1, 1 << 18);
  shape->norm = DOCAI_NORM_LAYER;
  shape->eps = 1e-5;
  shape->act = docai_model_config_activation (config, text, "activation_function", "relu");
  shape->post_norm = !docai_model_config_bool (config, text, "do_layer_norm_before", TRUE);
  own->final_norm = !shape->post_norm && !docai_model_config_bool (config, text, "_remove_final_layer_norm", FALSE);
  if (docai_model_config_int (config, text, "word_embed_proj_dim", decoder->width, 1, 1 << 16) != decoder->width)
    docai_model_config_unsupported (config, "projected word embeddings (\"word_embed_proj_dim\")");
}

static void
configure (DocaiCore *core, DocaiModelConfig *config)
{
  core->own = g_new0 (Own, 1);
  core->own_free = own_free;
  docai_vit_configure (core, config, docai_model_config_section (config, NULL, "vision_config"), &vision_defaults);
  configure_qformer (core, config, docai_model_config_section (config, NULL, "qformer_config"));
  configure_opt (core, config, docai_model_config_section (config, NULL, "text_config"));
  core->image_token = docai_model_config_int (config, NULL, "image_token_index", docai_model_config_int (config, NULL, "image_token_id", -1, 0, G_MAXINT), 0, G_MAXINT);
}

static void
load_vision (DocaiCore *core, DocaiWeights *weights, const char *prefix)
{
  DocaiTower *tower = &core->tower;
  int patch = tower->patch_width;
  docai_weights_linear (weights, &tower->patch, tower->width, tower->channels * patch * patch, "%sembeddings.patch_embedding", prefix);
  tower->class_token = docai_weights_vector (weights, tower->width, "%sembeddings.class_embedding", prefix);
  tower->positions = docai_weights_vector (weights, (gint64) docai_tower_tokens (tower, tower->rows, tower->cols) * tower->width,
                                           "%sembeddings.position_embedding", prefix);
  tower->blocks = g_new0 (DocaiBlock, tower->n_blocks);
  for (int i = 0; i < tower->n_blocks; i++)
    docai_weights_block (weights, &tower->blocks[i], &core->vision_shape, &vision_names, "%sencoder.layers.%d", prefix, i);
  docai_weights_norm (weights, &tower->post_norm, DOCAI_NORM_LAYER, tower->width, core->vision_shape.eps, "%spost_layernorm", prefix);
}

static void
load (DocaiCore *core, DocaiWeights *weights)
{
  Own *own = core->own;
  DocaiQFormer *qformer = &own->qformer;
  DocaiDecoder *decoder = &core->decoder;
  load_vision (core, weights, "vision_model.");
  qformer->queries = docai_weights_vector (weights, (gint64) qformer->n_queries * qformer->width, "query_tokens");
  docai_weights_norm (weights, &qformer->norm, DOCAI_NORM_LAYER, qformer->width, own->shape.eps, "qformer.layernorm");
  qformer->blocks = g_new0 (DocaiBlock, qformer->n_blocks);
  for (int i = 0; i < qformer->n_blocks; i++)
    {
      DocaiBlockNames names = qformer_names;
      if (i % own->frequency != 0)
        names.norm_cross = names.cross_q = names.cross_k = names.cross_v = names.cross_o = NULL;
      docai_weights_block (weights, &qformer->blocks[i], &own->shape, &names, "qformer.encoder.layer.%d", i);
    }
  docai_weights_linear (weights, &core->projector.first, decoder->width, qformer->width, "language_projection");

  const char *text = "language_model.model.decoder";
  docai_weights_matrix (weights, &decoder->embedding, decoder->vocab, decoder->width, "%s.embed_tokens.weight", text);
  decoder->positions = docai_weights_vector (weights, (gint64) decoder->position_rows * decoder->width, "%s.embed_positions.weight", text);
  decoder->blocks = g_new0 (DocaiBlock, decoder->n_blocks);
  for (int i = 0; i < decoder->n_blocks; i++)
    docai_weights_block (weights, &decoder->blocks[i], &core->text_shape, &text_names, "%s.layers.%d", text, i);
  decoder->final_norm.n = decoder->width;
  if (own->final_norm)
    docai_weights_norm (weights, &decoder->final_norm, DOCAI_NORM_LAYER, decoder->width, 1e-5, "%s.final_layer_norm", text);
  decoder->head.w = decoder->embedding;
}

static gboolean
encode_unit (const DocaiCore *core, DocaiRun *run, const DocaiPixels *pixels, int unit, DocaiFeatures *out, GError **error)
{
  const DocaiQFormer *qformer = &((const Own *) core->own)->qformer;
  gsize n_floats;
  DocaiFeatures hidden = { 0 };
  const float *tile = docai_tiles_peek (core, pixels, unit, &n_floats);
  gboolean good = docai_tile_hidden (core, run, tile, pixels, &hidden, error)
                  && docai_features_init (out, qformer->n_queries, core->decoder.width, error);
  if (good)
    {
      DocaiArenaMark mark = docai_arena_mark (run->arena);
      float *rows = docai_arena_floats (run->arena, (gsize) qformer->n_queries, (gsize) qformer->width);
      docai_qformer_run (qformer, run, hidden.values, hidden.rows, rows);
      docai_run_trace (run, "qformer_output", rows, (gsize) qformer->n_queries * (gsize) qformer->width);
      docai_projector_run (&core->projector, run, rows, qformer->n_queries, out->values);
      docai_arena_reset (run->arena, mark);
    }
  docai_features_clear (&hidden);
  return good;
}

/* Files from before images had a token of their own: the features stand in front of the text. */
static void
mark_images (const DocaiCore *core, const guint32 *ids, int n, guint8 *is_image)
{
  for (int i = 0; i < n; i++)
    is_image[i] = core->image_token >= 0 ? ids[i] == (guint32) core->image_token : i < ((const Own *) core->own)->qformer.n_queries;
}

const DocaiFamily docai_family_blip2 = {
  .model_type = "blip-2", .title = "BLIP-2", .task = DOCAI_TASK_GENERATE, .configure = configure, .load = load,
  .count_units = docai_tiles_count, .peek_unit = docai_tiles_peek, .encode_unit = encode_unit, .mark_images = mark_images,
};
