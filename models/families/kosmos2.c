/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Kosmos-2: a CLIP tower, features of length one, latent queries that read them and
 * themselves, and a decoder with norms inside attention and MLP and sinusoidal positions.
 * Its vocabulary has tokens for places in the image.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "models/families/family.h"

static const DocaiBlockNames text_names = {
  .norm_self = "self_attn_layer_norm", .q = "self_attn.q_proj", .k = "self_attn.k_proj", .v = "self_attn.v_proj", .o = "self_attn.out_proj",
  .inner = "self_attn.inner_attn_ln", .norm_mlp = "final_layer_norm", .up = "ffn.fc1", .down = "ffn.fc2", .mlp_inner = "ffn.ffn_layernorm",
};

static const DocaiViTDefaults vision_defaults = {
  .width = 1024, .heads = 16, .blocks = 24, .mlp_width = 4096, .image = 224, .patch = 14, .eps = 1e-5, .act = "quick_gelu",
};

/* Ids that stand for the image's features count up from here. */
#define FIRST_IMAGE_ID 4

typedef struct {
  int            n_latents, padding;
  const float   *latents; /* [n_latents, width of the text] */
  DocaiNorm      norm;    /* of the tower's last states */
  DocaiLinear    dense;
  DocaiAttention attention;
} Own;

static void
configure (DocaiCore *core, DocaiModelConfig *config)
{
  Own *own = core->own = g_new0 (Own, 1);
  core->own_free = g_free;
  json_t *text = docai_model_config_section (config, NULL, "text_config");
  DocaiDecoder *decoder = &core->decoder;
  DocaiBlockShape *shape = &core->text_shape;
  docai_vit_configure (core, config, docai_model_config_section (config, NULL, "vision_config"), &vision_defaults);
  decoder->width = shape->width = docai_model_config_int (config, text, "embed_dim", 2048, 4, 1 << 16);
  decoder->vocab = docai_model_config_int (config, text, "vocab_size", 65037, 1, 1 << 21);
  decoder->n_blocks = docai_model_config_int (config, text, "layers", 24, 1, 1024);
  decoder->max_length = docai_model_config_int (config, text, "max_position_embeddings", 2048, 1, 1 << 16);
  shape->heads = shape->kv_heads = docai_model_config_int (config, text, "attention_heads", 32, 1, 1024);
  shape->head_dim = docai_model_config_head_dim (config, shape->width, shape->heads);
  shape->mlp_width = docai_model_config_int (config, text, "ffn_dim", 8192, 1, 1 << 18);
  shape->norm = DOCAI_NORM_LAYER;
  shape->eps = docai_model_config_double (config, text, "layer_norm_eps", 1e-5);
  shape->act = docai_model_config_activation (config, text, "activation_function", "gelu");
  own->padding = docai_model_config_int (config, text, "pad_token_id", 1, 0, 1 << 20);
  own->n_latents = docai_model_config_int (config, NULL, "latent_query_num", 64, 1, 1 << 14);
  core->scale_images = TRUE;
  if (docai_model_config_bool (config, text, "scale_embedding", TRUE))
    decoder->embedding_scale = sqrtf ((float) decoder->width);
  if (docai_model_config_bool (config, text, "add_cross_attention", FALSE))
    docai_model_config_unsupported (config, "a text model with cross attention (\"add_cross_attention\")");
}

/* Sines, then cosines; the row of the padding token is zero. */
static float *
sinusoids (DocaiWeights *weights, int rows, int width, int padding)
{
  int half = width / 2;
  float *table = docai_weights_own (weights, (gsize) rows * (gsize) width);
  for (int r = 0; r < rows; r++)
    for (int i = 0; i < half && r != padding; i++)
      {
        float step = expf ((float) i * (float) -(log (10000.0) / (half - 1)));
        table[(gsize) r * (gsize) width + (gsize) i] = sinf ((float) r * step);
        table[(gsize) r * (gsize) width + (gsize) (half + i)] = cosf ((float) r * step);
      }
  return table;
}

static void
load (DocaiCore *core, DocaiWeights *weights)
{
  Own *own = core->own;
  DocaiDecoder *decoder = &core->decoder;
  int width = decoder->width;
  docai_vit_load (core, weights, "vision_model.model.");
  docai_weights_norm (weights, &own->norm, DOCAI_NORM_LAYER, core->tower.width, core->vision_shape.eps, "vision_model.model.post_layernorm");
  own->latents = docai_weights_vector (weights, (gint64) own->n_latents * width, "image_to_text_projection.latent_query");
  docai_weights_linear (weights, &own->dense, width, core->tower.width, "image_to_text_projection.dense");
  own->attention = (DocaiAttention) { .heads = core->text_shape.heads, .kv_heads = core->text_shape.heads, .head_dim = core->text_shape.head_dim,
                                      .scale = 1.0f / sqrtf ((float) core->text_shape.head_dim) };
  docai_weights_linear (weights, &own->attention.q, width, width, "image_to_text_projection.x_attn.q_proj");
  docai_weights_linear (weights, &own->attention.k, width, width, "image_to_text_projection.x_attn.k_proj");
  docai_weights_linear (weights, &own->attention.v, width, width, "image_to_text_projection.x_attn.v_proj");
  docai_weights_linear (weights, &own->attention.o, width, width, "image_to_text_projection.x_attn.out_proj");

  docai_weights_matrix (weights, &decoder->embedding, decoder->vocab, width, "text_model.model.embed_tokens.weight");
  decoder->position_offset = own->padding + 1;
  decoder->position_rows = decoder->max_length + own->padding + 1;
  decoder->positions = sinusoids (weights, decoder->position_rows, width, own->padding);
  decoder->blocks = g_new0 (DocaiBlock, decoder->n_blocks);
  for (int i = 0; i < decoder->n_blocks; i++)
    docai_weights_block (weights, &decoder->blocks[i], &core->text_shape, &text_names, "text_model.model.layers.%d", i);
  docai_weights_norm (weights, &decoder->final_norm, DOCAI_NORM_LAYER, width, core->text_shape.eps, "text_model.model.layer_norm");
  decoder->head.w = decoder->embedding;
}

static void
normalise_rows (float *x, int rows, int width)
{
  for (int r = 0; r < rows; r++, x += width)
    {
      double sum = 0;
      for (int i = 0; i < width; i++)
        sum += (double) x[i] * x[i];
      docai_kernels ()->scale (x, (float) (1.0 / MAX (sqrt (sum), 1e-12)), (gsize) width);
    }
}

static gboolean
encode_unit (const DocaiCore *core, DocaiRun *run, const DocaiPixels *pixels, int unit, DocaiFeatures *out, GError **error)
{
  const Own *own = core->own;
  gsize n_floats, width = (gsize) core->decoder.width, vision = (gsize) core->tower.width;
  DocaiFeatures hidden = { 0 };
  const float *tile = docai_tiles_peek (core, pixels, unit, &n_floats);
  gboolean good = docai_tile_hidden (core, run, tile, pixels, &hidden, error) && docai_features_init (out, own->n_latents, (int) width, error);
  if (good)
    {
      DocaiArenaMark mark = docai_arena_mark (run->arena);
      int n = hidden.rows;
      float *rows = docai_arena_floats (run->arena, (gsize) (n + own->n_latents), width);
      docai_norm_run (&own->norm, hidden.values, vision, n, 1, hidden.values, vision);
      normalise_rows (hidden.values, n, (int) vision);
      docai_linear_run (&own->dense, run, hidden.values, vision, n, rows, width, FALSE);
      memcpy (rows + (gsize) n * width, own->latents, (gsize) own->n_latents * width * sizeof (float));
      docai_attention_run (&own->attention, run, own->latents, own->n_latents, rows, n + own->n_latents, NULL, out->values);
      docai_arena_reset (run->arena, mark);
    }
  docai_features_clear (&hidden);
  return good;
}

static void
mark_images (const DocaiCore *core, const guint32 *ids, int n, guint8 *is_image)
{
  int wanted = ((const Own *) core->own)->n_latents;
  for (int i = 0; i + wanted <= n; i++)
    {
      int k = 0;
      while (k < wanted && ids[i + k] == (guint32) (FIRST_IMAGE_ID + k))
        k++;
      if (k < wanted)
        continue;
      memset (is_image + i, 1, (gsize) wanted);
      return;
    }
}

const DocaiFamily docai_family_kosmos2 = {
  .model_type = "kosmos-2", .title = "Kosmos-2", .task = DOCAI_TASK_GENERATE, .configure = configure, .load = load,
  .count_units = docai_tiles_count, .peek_unit = docai_tiles_peek, .encode_unit = encode_unit, .mark_images = mark_images,
};
