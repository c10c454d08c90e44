/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text models of the Llama kind: RMS norms, rotary positions, grouped queries, gated MLP.
 * Mistral adds a window, Qwen2 biases, Qwen3 norms of queries and keys, Granite factors.
 */
#include <string.h>

#include "models/families/family.h"

/* What the hub's files may leave out. */
static const struct {
  const char *type;
  int         width, blocks, heads, kv_heads; /* kv_heads 0: as many as heads */
  int         mlp_width, vocab, max_length, window;
  double      theta;
  int         head_dim; /* 0: width / heads */
} defaults[] = {
  { "llama", 4096, 32, 32, 0, 11008, 32000, 2048, 0, 1e4, 0 },
  { "mistral", 4096, 32, 32, 8, 14336, 32000, 131072, 4096, 1e4, 0 },
  { "granite", 4096, 32, 32, 0, 11008, 32000, 2048, 0, 1e4, 0 },
  { "qwen2", 4096, 32, 32, 32, 22016, 151936, 32768, 0, 1e4, 0 },
  { "qwen3", 4096, 32, 32, 32, 22016, 151936, 32768, 0, 1e4, 128 },
  { "qwen2_vl", 8192, 80, 64, 8, 29568, 152064, 32768, 0, 1e6, 0 },
  { "qwen2_vl_text", 8192, 80, 64, 8, 29568, 152064, 32768, 0, 1e6, 0 },
  { "qwen2_5_vl", 8192, 80, 64, 8, 29568, 152064, 32768, 0, 1e6, 0 },
  { "qwen2_5_vl_text", 8192, 80, 64, 8, 29568, 152064, 32768, 0, 1e6, 0 },
};

/* Sliding windows: Mistral's holds for all layers (null: there is none); Qwen2's only for some, which we lack. */
static void
read_window (DocaiCore *core, DocaiModelConfig *config, json_t *text, int fallback)
{
  gboolean mistral = strcmp (core->text_type, "mistral") == 0;
  if (docai_model_config_is_null (text, "sliding_window"))
    fallback = 0;
  int window = docai_model_config_int (config, text, "sliding_window", fallback, 1, G_MAXINT);
  if (mistral)
    core->decoder.window = window < core->decoder.max_length ? window : 0;
  else if (docai_model_config_bool (config, text, "use_sliding_window", FALSE) && window > 0 && window < core->decoder.max_length)
    docai_model_config_unsupported (config, "a sliding window in some layers (\"use_sliding_window\")");
}

/* Granite's factors: of embeddings, images among them, and of scores here; those of branches and logits with the weights. */
static void
read_factors (DocaiCore *core, DocaiModelConfig *config, json_t *text)
{
  core->decoder.embedding_scale = (float) docai_model_config_double (config, text, "embedding_multiplier", 1);
  core->scale_images = TRUE;
  core->text_shape.scale = (float) docai_model_config_double (config, text, "attention_multiplier", 1);
  core->branch_scale = (float) docai_model_config_double (config, text, "residual_multiplier", 1);
  double divisor = docai_model_config_double (config, text, "logits_scaling", 1);
  if (divisor == 0 || core->text_shape.scale == 0)
    docai_model_config_invalid (config, "config.json: \"logits_scaling\" or \"attention_multiplier\" is zero");
  else
    core->logits_scale = (float) (1 / divisor);
}

/* Configurations leave out whether the output matrix is the embedding, or say it in two places that differ: what the
 * text model's section denies, the whole model may still do. */
static void
read_tie (DocaiCore *core, DocaiModelConfig *config, json_t *text)
{
  static const char key[] = "tie_word_embeddings";
  core->tied = docai_model_config_bool (config, NULL, key, FALSE) || docai_model_config_bool (config, text, key, FALSE);
  core->untied = !core->tied && !docai_model_config_bool (config, NULL, key, TRUE);
}

void
docai_llama_configure (DocaiCore *core, DocaiModelConfig *config, json_t *text, const char *default_type)
{
  guint kind = 0;
  core->text_type = docai_model_config_string (config, text, "model_type", default_type);
  while (kind < G_N_ELEMENTS (defaults) && strcmp (defaults[kind].type, core->text_type) != 0)
    kind++;
  if (kind == G_N_ELEMENTS (defaults))
    {
      docai_model_config_unsupported (config, "the text model \"%s\"", core->text_type);
      return;
    }
  DocaiDecoder *decoder = &core->decoder;
  DocaiBlockShape *shape = &core->text_shape;
  decoder->width = shape->width = docai_model_config_int (config, text, "hidden_size", defaults[kind].width, 1, 1 << 16);
  decoder->vocab = docai_model_config_int (config, text, "vocab_size", defaults[kind].vocab, 1, 1 << 21);
  decoder->n_blocks = docai_model_config_int (config, text, "num_hidden_layers", defaults[kind].blocks, 1, 1024);
  decoder->max_length = docai_model_config_int (config, text, "max_position_embeddings", defaults[kind].max_length, 1, 1 << 24);
  shape->heads = docai_model_config_int (config, text, "num_attention_heads", defaults[kind].heads, 1, 1024);
  gboolean as_many = defaults[kind].kv_heads == 0 || docai_model_config_is_null (text, "num_key_value_heads");
  shape->kv_heads = docai_model_config_int (config, text, "num_key_value_heads", as_many ? shape->heads : defaults[kind].kv_heads, 1, 1024);
  int head_dim = defaults[kind].head_dim > 0 ? defaults[kind].head_dim : shape->width / shape->heads;
  shape->head_dim = docai_model_config_int (config, text, "head_dim", head_dim, 1, 4096);
  shape->mlp_width = docai_model_config_int (config, text, "intermediate_size", defaults[kind].mlp_width, 1, 1 << 18);
  shape->norm = DOCAI_NORM_RMS;
  shape->eps = docai_model_config_double (config, text, "rms_norm_eps", 1e-6);
  shape->act = docai_model_config_activation (config, text, "hidden_act", "silu");
  if (shape->heads % shape->kv_heads != 0)
    docai_model_config_invalid (config, "config.json: %d key heads do not divide %d heads", shape->kv_heads, shape->heads);
  docai_model_config_rope (config, text, shape->head_dim, defaults[kind].theta, &decoder->rope);
  read_window (core, config, text, defaults[kind].window);
  if (strcmp (core->text_type, "granite") == 0)
    read_factors (core, config, text);
  read_tie (core, config, text);
}

/* The checkpoint decides: it has either one matrix or two. */
static void
load_head (DocaiCore *core, DocaiWeights *weights, const char *prefix, const char *head)
{
  DocaiDecoder *decoder = &core->decoder;
  g_autofree char *embedding = g_strconcat (prefix, "embed_tokens.weight", NULL), *output = g_strconcat (head, ".weight", NULL);
  gboolean own = docai_weights_has (weights, "%s", output);
  if (own && !(core->tied && docai_weights_equal (weights, embedding, output)))
    docai_weights_linear (weights, &decoder->head, decoder->vocab, decoder->width, "%s", head);
  else
    decoder->head.w = decoder->embedding;
  if (core->untied && !own)
    docai_weights_invalid (weights, "the checkpoint has no tensor \"%s\"", output);
}

static const float *
repeated (DocaiWeights *weights, float value, int n)
{
  float *out = docai_weights_own (weights, (gsize) n);
  for (int i = 0; i < n; i++)
    out[i] = value;
  return out;
}

/* Factors of branches are a layer scale, one of the logits is the last norm's. */
static void
apply_factors (DocaiCore *core, DocaiWeights *weights)
{
  DocaiDecoder *decoder = &core->decoder;
  const float *branch = core->branch_scale != 0 && core->branch_scale != 1 ? repeated (weights, core->branch_scale, decoder->width) : NULL;
  for (int i = 0; branch != NULL && i < decoder->n_blocks; i++)
    decoder->blocks[i].scale_self = decoder->blocks[i].scale_mlp = branch;
  if (core->logits_scale == 0 || core->logits_scale == 1 || decoder->final_norm.weight == NULL)
    return;
  float *scaled = docai_weights_own (weights, (gsize) decoder->width);
  for (int i = 0; i < decoder->width; i++)
    scaled[i] = decoder->final_norm.weight[i] * core->logits_scale;
  decoder->final_norm.weight = scaled;
}

void
docai_llama_load (DocaiCore *core, DocaiWeights *weights, const char *prefix, const char *head)
{
  DocaiDecoder *decoder = &core->decoder;
  docai_weights_matrix (weights, &decoder->embedding, decoder->vocab, decoder->width, "%sembed_tokens.weight", prefix);
  decoder->blocks = g_new0 (DocaiBlock, decoder->n_blocks);
  for (int i = 0; i < decoder->n_blocks; i++)
    docai_weights_block (weights, &decoder->blocks[i], &core->text_shape, &docai_names_llama, "%slayers.%d", prefix, i);
  docai_weights_norm (weights, &decoder->final_norm, DOCAI_NORM_RMS, decoder->width, core->text_shape.eps, "%snorm", prefix);
  load_head (core, weights, prefix, head);
  apply_factors (core, weights);
}
