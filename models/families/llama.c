/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text models of the Llama kind: RMS norms, rotary positions, grouped queries, gated MLP.
 * Mistral adds a window, Qwen2 biases.
 */
#include <string.h>

#include "models/families/family.h"

/* What the hub's files may leave out. */
static const struct {
  const char *type;
  int         mlp_width, kv_heads, vocab, max_length;
} defaults[] = {
  { "llama", 11008, 32, 32000, 2048 },
  { "mistral", 14336, 8, 32000, 131072 },
  { "qwen2", 22016, 32, 151936, 32768 },
  { "qwen2_vl", 29568, 8, 152064, 32768 },
  { "qwen2_vl_text", 29568, 8, 152064, 32768 },
};

/* Sliding windows: Mistral's holds for all layers; Qwen2's only for some, which we lack. */
static void
read_window (DocaiCore *core, DocaiModelConfig *config, json_t *text)
{
  gboolean mistral = strcmp (core->text_type, "mistral") == 0;
  int window = docai_model_config_int (config, text, "sliding_window", 0, 1, G_MAXINT);
  if (mistral)
    core->decoder.window = window < core->decoder.max_length ? window : 0;
  else if (docai_model_config_bool (config, text, "use_sliding_window", FALSE) && window > 0 && window < core->decoder.max_length)
    docai_model_config_unsupported (config, "a sliding window in some layers (\"use_sliding_window\")");
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
  decoder->width = shape->width = docai_model_config_int (config, text, "hidden_size", 4096, 1, 1 << 16);
  decoder->vocab = docai_model_config_int (config, text, "vocab_size", defaults[kind].vocab, 1, 1 << 21);
  decoder->n_blocks = docai_model_config_int (config, text, "num_hidden_layers", 32, 1, 1024);
  decoder->max_length = docai_model_config_int (config, text, "max_position_embeddings", defaults[kind].max_length, 1, 1 << 24);
  shape->heads = docai_model_config_int (config, text, "num_attention_heads", 32, 1, 1024);
  shape->kv_heads = docai_model_config_int (config, text, "num_key_value_heads", MIN (defaults[kind].kv_heads, shape->heads), 1, 1024);
  shape->head_dim = docai_model_config_int (config, text, "head_dim", shape->width / shape->heads, 1, 4096);
  shape->mlp_width = docai_model_config_int (config, text, "intermediate_size", defaults[kind].mlp_width, 1, 1 << 18);
  shape->norm = DOCAI_NORM_RMS;
  shape->eps = docai_model_config_double (config, text, "rms_norm_eps", 1e-6);
  shape->act = docai_model_config_activation (config, text, "hidden_act", "silu");
  if (shape->heads % shape->kv_heads != 0)
    docai_model_config_invalid (config, "config.json: %d key heads do not divide %d heads", shape->kv_heads, shape->heads);
  docai_model_config_rope (config, text, shape->head_dim, &decoder->rope);
  read_window (core, config, text);
  core->tied = docai_model_config_bool (config, text, "tie_word_embeddings", docai_model_config_bool (config, NULL, "tie_word_embeddings", FALSE));
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
  if (core->tied || !docai_weights_has (weights, "%s.weight", head))
    decoder->head.w = decoder->embedding;
  else
    docai_weights_linear (weights, &decoder->head, decoder->vocab, decoder->width, "%s", head);
  if (!core->tied && !docai_weights_has (weights, "%s.weight", head))
    docai_weights_invalid (weights, "the checkpoint has no tensor \"%s.weight\"", head);
}
