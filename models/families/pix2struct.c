/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pix2Struct: patches of an image in its own aspect ratio, each with its row and column, a
 * T5-like encoder, and a T5-like decoder that reads it by cross attention.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "models/families/family.h"

static const DocaiBlockNames vision_names = {
  .norm_self = "pre_attention_layer_norm", .q = "attention.query", .k = "attention.key", .v = "attention.value", .o = "attention.output",
  .norm_mlp = "pre_mlp_layer_norm", .gate = "mlp.wi_0", .up = "mlp.wi_1", .down = "mlp.wo",
};
static const DocaiBlockNames text_names = {
  .norm_self = "self_attention.layer_norm", .q = "self_attention.attention.query", .k = "self_attention.attention.key",
  .v = "self_attention.attention.value", .o = "self_attention.attention.output",
  .norm_cross = "encoder_decoder_attention.layer_norm", .cross_q = "encoder_decoder_attention.attention.query",
  .cross_k = "encoder_decoder_attention.attention.key", .cross_v = "encoder_decoder_attention.attention.value",
  .cross_o = "encoder_decoder_attention.attention.output",
  .norm_mlp = "mlp.layer_norm", .gate = "mlp.DenseReluDense.wi_0", .up = "mlp.DenseReluDense.wi_1", .down = "mlp.DenseReluDense.wo",
};

/* Distances have no end, so the length has none but memory's. */
#define MAX_LENGTH (1 << 15)

typedef struct {
  int          places;       /* rows of the tables of rows and columns */
  int          patch_values;
  const float *rows, *columns; /* [places, width] */
} Own;

static void
configure (DocaiCore *core, DocaiModelConfig *config)
{
  Own *own = core->own = g_new0 (Own, 1);
  core->own_free = g_free;
  json_t *text = docai_model_config_section (config, NULL, "text_config"), *vision = docai_model_config_section (config, NULL, "vision_config");
  DocaiDecoder *decoder = &core->decoder;
  DocaiTower *tower = &core->tower;
  DocaiBlockShape *v = &core->vision_shape, *t = &core->text_shape;
  tower->width = v->width = docai_model_config_int (config, vision, "hidden_size", 768, 1, 1 << 16);
  tower->n_blocks = docai_model_config_int (config, vision, "num_hidden_layers", 12, 1, 1024);
  own->patch_values = docai_model_config_int (config, vision, "patch_embed_hidden_size", 768, 1, 1 << 16);
  own->places = docai_model_config_int (config, vision, "seq_len", 4096, 1, 1 << 20);
  v->heads = v->kv_heads = docai_model_config_int (config, vision, "num_attention_heads", 12, 1, 1024);
  v->head_dim = docai_model_config_int (config, vision, "d_kv", 64, 1, 4096);
  v->mlp_width = docai_model_config_int (config, vision, "d_ff", 2048, 1, 1 << 18);
  v->eps = docai_model_config_double (config, vision, "layer_norm_eps", 1e-6);
  v->act = docai_model_config_activation (config, vision, "dense_act_fn", "gelu_new");
  decoder->width = t->width = docai_model_config_int (config, text, "hidden_size", 768, 1, 1 << 16);
  decoder->vocab = docai_model_config_int (config, text, "vocab_size", 50244, 1, 1 << 21);
  decoder->n_blocks = docai_model_config_int (config, text, "num_layers", 12, 1, 1024);
  decoder->max_length = MAX_LENGTH;
  decoder->buckets = docai_model_config_int (config, text, "relative_attention_num_buckets", 32, 2, 1 << 16);
  decoder->max_distance = docai_model_config_int (config, text, "relative_attention_max_distance", 128, 2, 1 << 20);
  t->heads = t->kv_heads = docai_model_config_int (config, text, "num_heads", 12, 1, 1024);
  t->head_dim = docai_model_config_int (config, text, "d_kv", 64, 1, 4096);
  t->mlp_width = docai_model_config_int (config, text, "d_ff", 2048, 1, 1 << 18);
  t->memory_width = tower->width;
  t->eps = docai_model_config_double (config, text, "layer_norm_epsilon", 1e-6);
  t->act = docai_model_config_activation (config, text, "dense_act_fn", "gelu_new");
  v->norm = t->norm = DOCAI_NORM_RMS;
  v->scale = t->scale = 1.0f; /* T5 trains its projections without the root */
  core->tied = docai_model_config_bool (config, text, "tie_word_embeddings", FALSE);
  core->cross = TRUE;
  if (decoder->max_distance <= decoder->buckets / 2)
    docai_model_config_invalid (config, "config.json: \"relative_attention_max_distance\" is too small for its buckets");
}

static void
load (DocaiCore *core, DocaiWeights *weights)
{
  Own *own = core->own;
  DocaiDecoder *decoder = &core->decoder;
  DocaiTower *tower = &core->tower;
  docai_weights_linear (weights, &tower->patch, tower->width, own->patch_values, "encoder.embeddings.patch_projection");
  own->rows = docai_weights_vector (weights, (gint64) own->places * tower->width, "encoder.embeddings.row_embedder.weight");
  own->columns = docai_weights_vector (weights, (gint64) own->places * tower->width, "encoder.embeddings.column_embedder.weight");
  tower->blocks = g_new0 (DocaiBlock, tower->n_blocks);
  for (int i = 0; i < tower->n_blocks; i++)
    docai_weights_block (weights, &tower->blocks[i], &core->vision_shape, &vision_names, "encoder.encoder.layer.%d", i);
  docai_weights_norm (weights, &tower->post_norm, DOCAI_NORM_RMS, tower->width, core->vision_shape.eps, "encoder.layernorm");

  docai_weights_matrix (weights, &decoder->embedding, decoder->vocab, decoder->width, "decoder.embed_tokens.weight");
  decoder->blocks = g_new0 (DocaiBlock, decoder->n_blocks);
  for (int i = 0; i < decoder->n_blocks; i++)
    docai_weights_block (weights, &decoder->blocks[i], &core->text_shape, &text_names, "decoder.layer.%d", i);
  decoder->distance_bias = docai_weights_vector (weights, (gint64) decoder->buckets * core->text_shape.heads,
                                                 "decoder.layer.0.self_attention.attention.relative_attention_bias.weight");
  docai_weights_norm (weights, &decoder->final_norm, DOCAI_NORM_RMS, decoder->width, core->text_shape.eps, "decoder.final_layer_norm");
  if (core->tied)
    decoder->head.w = decoder->embedding;
  else
    docai_weights_linear (weights, &decoder->head, decoder->vocab, decoder->width, "decoder.lm_head");
}

static int
count_units (const DocaiCore *core, const DocaiPixels *pixels)
{
  return pixels->n_images;
}

static const float *
peek_unit (const DocaiCore *core, const DocaiPixels *pixels, int unit, gsize *n_floats)
{
  *n_floats = (gsize) pixels->dims[1] * (gsize) pixels->dims[2];
  return pixels->values + (gsize) unit * *n_floats;
}

/* Projected patches plus the embeddings of their rows and columns. */
static void
embed (const DocaiCore *core, DocaiRun *run, const float *patches, int n, float *x)
{
  const Own *own = core->own;
  const DocaiKernels *kernels = docai_kernels ();
  gsize stride = (gsize) own->patch_values + 2, width = (gsize) core->tower.width;
  docai_linear_run (&core->tower.patch, run, patches + 2, stride, n, x, width, FALSE);
  for (gsize i = 0; i < (gsize) n; i++)
    {
      float row = patches[i * stride], column = patches[i * stride + 1];
      gsize r = row > 0 ? (gsize) MIN (row, (float) (own->places - 1)) : 0, c = column > 0 ? (gsize) MIN (column, (float) (own->places - 1)) : 0;
      kernels->add (x + i * width, own->rows + r * width, width);
      kernels->add (x + i * width, own->columns + c * width, width);
    }
}

/* Only real patches are encoded; a trace gets the padding's states too, as the reference has
 * them: they see the real patches, nobody sees them. */
static gboolean
encode_unit (const DocaiCore *core, DocaiRun *run, const DocaiPixels *pixels, int unit, DocaiFeatures *out, GError **error)
{
  const DocaiTower *tower = &core->tower;
  const Own *own = core->own;
  int real = pixels->images[unit].n_tiles;
  if (pixels->n_dims != 3 || pixels->dims[2] != own->patch_values + 2 || pixels->dims[1] > DOCAI_TOWER_MAX_PATCHES || real < 1 || real > pixels->dims[1])
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "the image processor gives other patches than the model takes");
      return FALSE;
    }
  gsize n_floats, width = (gsize) tower->width;
  int n = run->trace != NULL ? (int) pixels->dims[1] : real;
  if (!docai_features_init (out, real, (int) width, error))
    return FALSE;
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  float *x = docai_arena_floats (run->arena, (gsize) n, width), *bias = docai_arena_floats (run->arena, 1, (gsize) n);
  for (int i = 0; i < n; i++)
    bias[i] = i < real ? 0.0f : -INFINITY;
  embed (core, run, peek_unit (core, pixels, unit, &n_floats), n, x);
  DocaiSpan span = { .rows = n, .bias = n > real ? bias : NULL };
  DocaiContext context = { .spans = &span, .n_spans = 1 };
  for (int i = 0; i < tower->n_blocks; i++)
    docai_block_run (&tower->blocks[i], run, x, i, &context);
  docai_norm_run (&tower->post_norm, x, width, n, 1, x, width);
  docai_run_trace (run, "vision_last_hidden", x, (gsize) n * width);
  memcpy (out->values, x, (gsize) real * width * sizeof (float));
  docai_arena_reset (run->arena, mark);
  return TRUE;
}

const DocaiFamily docai_family_pix2struct = {
  .model_type = "pix2struct", .title = "Pix2Struct", .task = DOCAI_TASK_GENERATE, .configure = configure, .load = load,
  .count_units = count_units, .peek_unit = peek_unit, .encode_unit = encode_unit,
};
