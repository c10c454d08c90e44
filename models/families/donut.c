/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Donut: a Swin tower without a last norm, and an MBart decoder that reads it by cross
 * attention (an encoder-decoder of two configurations).
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "models/families/family.h"
#include "models/vision/swin.h"

static const DocaiBlockNames text_names = {
  .norm_self = "self_attn_layer_norm", .q = "self_attn.q_proj", .k = "self_attn.k_proj", .v = "self_attn.v_proj", .o = "self_attn.out_proj",
  .norm_cross = "encoder_attn_layer_norm", .cross_q = "encoder_attn.q_proj", .cross_k = "encoder_attn.k_proj",
  .cross_v = "encoder_attn.v_proj", .cross_o = "encoder_attn.out_proj",
  .norm_mlp = "final_layer_norm", .up = "fc1", .down = "fc2",
};

/* MBart's table of positions starts with two rows that no token has. */
#define MBART_OFFSET 2

/* Pixels of the largest image. */
#define MAX_PIXELS (1 << 24)

typedef struct {
  DocaiSwin   swin;
  DocaiLinear projection; /* to the decoder's width, where they differ */
} Own;

static void
own_free (gpointer data)
{
  docai_swin_clear (&((Own *) data)->swin);
  g_free (data);
}

static void
configure_decoder (DocaiCore *core, DocaiModelConfig *config, json_t *text)
{
  DocaiDecoder *decoder = &core->decoder;
  DocaiBlockShape *shape = &core->text_shape;
  decoder->width = shape->width = docai_model_config_int (config, text, "d_model", 1024, 1, 1 << 16);
  decoder->vocab = docai_model_config_int (config, text, "vocab_size", 50265, 1, 1 << 21);
  decoder->n_blocks = docai_model_config_int (config, text, "decoder_layers", 12, 1, 1024);
  decoder->max_length = docai_model_config_int (config, text, "max_position_embeddings", 1024, 1, 1 << 20);
  decoder->position_rows = decoder->max_length + MBART_OFFSET;
  decoder->position_offset = MBART_OFFSET;
  if (docai_model_config_bool (config, text, "scale_embedding", FALSE))
    decoder->embedding_scale = sqrtf ((float) decoder->width);
  shape->heads = shape->kv_heads = docai_model_config_int (config, text, "decoder_attention_heads", 16, 1, 1024);
  shape->head_dim = docai_model_config_head_dim (config, shape->width, shape->heads);
  shape->mlp_width = docai_model_config_int (config, text, "decoder_ffn_dim", 4096, 1, 1 << 18);
  shape->memory_width = decoder->width;
  shape->norm = DOCAI_NORM_LAYER;
  shape->eps = 1e-5;
  shape->act = docai_model_config_activation (config, text, "activation_function", "gelu");
}

static void
configure (DocaiCore *core, DocaiModelConfig *config)
{
  Own *own = core->own = g_new0 (Own, 1);
  core->own_free = own_free;
  json_t *encoder = docai_model_config_section (config, NULL, "encoder"), *decoder = docai_model_config_section (config, NULL, "decoder");
  const char *tower = docai_model_config_string (config, encoder, "model_type", ""), *text = docai_model_config_string (config, decoder, "model_type", "");
  if (strcmp (tower, "donut-swin") != 0)
    docai_model_config_unsupported (config, "the encoder \"%s\" of an encoder-decoder", tower);
  if (strcmp (text, "mbart") != 0)
    docai_model_config_unsupported (config, "the decoder \"%s\" of an encoder-decoder", text);
  docai_swin_configure (&own->swin, config, encoder);
  configure_decoder (core, config, decoder);
  core->cross = TRUE;
}

static void
load (DocaiCore *core, DocaiWeights *weights)
{
  Own *own = core->own;
  DocaiDecoder *decoder = &core->decoder;
  int width = decoder->width, vision = own->swin.stages[own->swin.n_stages - 1].width;
  docai_swin_load (&own->swin, weights, "encoder.embeddings.", "encoder.encoder.");
  if (vision != width)
    docai_weights_linear (weights, &own->projection, width, vision, "enc_to_dec_proj");
  docai_weights_matrix (weights, &decoder->embedding, decoder->vocab, width, "decoder.model.decoder.embed_tokens.weight");
  decoder->positions = docai_weights_vector (weights, (gint64) decoder->position_rows * width, "decoder.model.decoder.embed_positions.weight");
  docai_weights_norm (weights, &decoder->embedding_norm, DOCAI_NORM_LAYER, width, 1e-5, "decoder.model.decoder.layernorm_embedding");
  decoder->blocks = g_new0 (DocaiBlock, decoder->n_blocks);
  for (int i = 0; i < decoder->n_blocks; i++)
    docai_weights_block (weights, &decoder->blocks[i], &core->text_shape, &text_names, "decoder.model.decoder.layers.%d", i);
  docai_weights_norm (weights, &decoder->final_norm, DOCAI_NORM_LAYER, width, 1e-5, "decoder.model.decoder.layer_norm");
  if (docai_weights_has (weights, "decoder.lm_head.weight"))
    docai_weights_linear (weights, &decoder->head, decoder->vocab, width, "decoder.lm_head");
  else
    decoder->head.w = decoder->embedding;
}

static gboolean
encode_unit (const DocaiCore *core, DocaiRun *run, const DocaiPixels *pixels, int unit, DocaiFeatures *out, GError **error)
{
  const Own *own = core->own;
  if (pixels->n_dims != 4 || pixels->dims[1] != own->swin.channels || pixels->dims[2] < 1 || pixels->dims[3] < 1
      || pixels->dims[2] > MAX_PIXELS / pixels->dims[3])
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "the image processor gives other images than the model takes");
      return FALSE;
    }
  gsize n_floats;
  DocaiSwinMap maps[DOCAI_SWIN_MAX_STAGES];
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  docai_swin_run (&own->swin, run, docai_tiles_peek (core, pixels, unit, &n_floats), (int) pixels->dims[2], (int) pixels->dims[3], maps);
  const DocaiSwinMap *last = &maps[own->swin.n_stages - 1];
  int n = last->rows * last->cols;
  gsize count = (gsize) n * (gsize) last->width;
  docai_run_trace (run, "vision_last_hidden", last->values, count);
  gboolean good = docai_features_init (out, n, core->decoder.width, error);
  if (good && own->projection.w.data != NULL)
    docai_linear_run (&own->projection, run, last->values, (gsize) last->width, n, out->values, (gsize) out->width, FALSE);
  else if (good)
    memcpy (out->values, last->values, count * sizeof (float));
  docai_arena_reset (run->arena, mark);
  return good;
}

const DocaiFamily docai_family_donut = {
  .model_type = "vision-encoder-decoder", .title = "Donut", .task = DOCAI_TASK_GENERATE, .configure = configure, .load = load,
  .count_units = docai_tiles_count, .peek_unit = docai_tiles_peek, .encode_unit = encode_unit,
};
