/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Grounding DINO (Liu et al., 2023): finds what a text names as boxes. A Swin tower's maps and the
 * states of a BERT go through an encoder that lets them read each other; its most promising cells
 * become the first boxes, which a decoder moves from block to block.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "models/families/family.h"
#include "models/vision/pyramid.h"

#define PLACE_TEMPERATURE 10000.0
#define LOGIT_EPS 1e-5f
#define MAX_PIXELS (1 << 26)
#define MAX_ROWS (1 << 16) /* of the largest map of an image */
#define BOX_LAYERS 3

static const DocaiBlockNames bert_names = {
  .norm_self = "attention.output.LayerNorm", .q = "attention.self.query", .k = "attention.self.key", .v = "attention.self.value",
  .o = "attention.output.dense", .norm_mlp = "output.LayerNorm", .up = "intermediate.dense", .down = "output.dense",
};
static const DocaiBlockNames enhancer_names = {
  .norm_self = "layer_norm_before", .q = "self_attn.query", .k = "self_attn.key", .v = "self_attn.value", .o = "self_attn.out_proj",
  .norm_mlp = "layer_norm_after", .up = "fc1", .down = "fc2",
};
static const DocaiBlockNames vision_names = {
  .norm_sampled = "self_attn_layer_norm", .sampled = "self_attn", .norm_mlp = "final_layer_norm", .up = "fc1", .down = "fc2",
};
static const DocaiBlockNames decoder_names = {
  .norm_self = "self_attn_layer_norm", .q = "self_attn.query", .k = "self_attn.key", .v = "self_attn.value", .o = "self_attn.out_proj",
  .norm_cross = "encoder_attn_text_layer_norm", .cross_q = "encoder_attn_text.query", .cross_k = "encoder_attn_text.key",
  .cross_v = "encoder_attn_text.value", .cross_o = "encoder_attn_text.out_proj",
  .norm_sampled = "encoder_attn_layer_norm", .sampled = "encoder_attn",
  .norm_mlp = "final_layer_norm", .up = "fc1", .down = "fc2",
};

/* A layer of the encoder: image and text read each other, then each goes its way. */
typedef struct {
  DocaiNorm      norm_vision, norm_text;
  DocaiAttention vision_reads, text_reads; /* one of text rows, one of image rows; scores are the same */
  const float   *scale_vision, *scale_text;
  DocaiBlock     text, vision;
} Layer;

/* Corrections of boxes: linear layers with rectifiers between. */
typedef struct {
  DocaiLinear layers[BOX_LAYERS];
} BoxHead;

typedef struct {
  int          width, n_layers, n_blocks, n_queries, max_text, fusion_heads, fusion_width;
  gboolean     shared_heads;
  DocaiPyramid pyramid;
  DocaiBlockShape enhancer_shape, vision_shape, decoder_shape;
  DocaiLinear  text_projection, proposal;
  DocaiNorm    proposal_norm, final_norm;
  Layer       *layers;
  DocaiBlock  *blocks;
  BoxHead     *heads, first_head; /* of each decoder block; of the encoder's cells */
  DocaiMlp     place;             /* a box's sines to a query's place */
  DocaiMatrix  queries;
} Own;

static void
own_free (gpointer data)
{
  Own *self = data;
  docai_swin_clear (&self->pyramid.tower);
  g_free (self->layers);
  g_free (self->blocks);
  g_free (self->heads);
  g_free (self);
}

/* --- configuration --- */

static void
configure_text (DocaiCore *core, DocaiModelConfig *config, json_t *section)
{
  DocaiEncoder *text = &core->text;
  DocaiBlockShape *shape = &core->text_shape;
  const char *type = docai_model_config_string (config, section, "model_type", "bert");
  if (strcmp (type, "bert") != 0)
    docai_model_config_unsupported (config, "the text model \"%s\" of a detector", type);
  if (strcmp (docai_model_config_string (config, section, "position_embedding_type", "absolute"), "absolute") != 0)
    docai_model_config_unsupported (config, "relative positions in BERT (\"position_embedding_type\")");
  text->width = shape->width = docai_model_config_int (config, section, "hidden_size", 768, 1, 1 << 16);
  text->vocab = docai_model_config_int (config, section, "vocab_size", 30522, 1, 1 << 21);
  text->n_blocks = docai_model_config_int (config, section, "num_hidden_layers", 12, 1, 1024);
  text->max_length = docai_model_config_int (config, section, "max_position_embeddings", 512, 1, 1 << 16);
  shape->heads = shape->kv_heads = docai_model_config_int (config, section, "num_attention_heads", 12, 1, 1024);
  shape->head_dim = docai_model_config_head_dim (config, shape->width, shape->heads);
  shape->mlp_width = docai_model_config_int (config, section, "intermediate_size", 3072, 1, 1 << 18);
  shape->norm = DOCAI_NORM_LAYER;
  shape->eps = docai_model_config_double (config, section, "layer_norm_eps", 1e-12);
  shape->act = docai_model_config_activation (config, section, "hidden_act", "gelu");
  shape->post_norm = TRUE;
}

/* Stages of the tower that become maps: "out_indices" counts the patches' embedding as stage 0,
 * "out_features" names stages. */
static int
read_stages (DocaiModelConfig *config, json_t *section, const DocaiSwin *tower, int *stages)
{
  json_t *indices = json_object_get (section, "out_indices"), *names = json_object_get (section, "out_features");
  json_t *list = json_is_array (indices) ? indices : names;
  int n = (int) MIN (json_array_size (list), DOCAI_DEFORMABLE_MAX_MAPS);
  for (int i = 0; i < n; i++)
    {
      const json_t *value = json_array_get (list, (size_t) i);
      const char *name = json_string_value (value);
      gint64 index = json_is_integer (value) ? json_integer_value (value) : -1;
      if (name != NULL && g_str_has_prefix (name, "stage"))
        index = g_ascii_strtoll (name + 5, NULL, 10);
      if (index < 0 && json_is_integer (value))
        index += tower->n_stages + 1;
      if (index < 1 || index > tower->n_stages || (i > 0 && index - 1 <= stages[i - 1]))
        docai_model_config_invalid (config, "config.json: \"out_indices\" names stages that the tower does not have");
      stages[i] = (int) CLAMP (index - 1, 0, MAX (tower->n_stages - 1, 0));
    }
  if (n == 0)
    stages[n++] = MAX (tower->n_stages - 1, 0);
  return n;
}

static void
configure_vision (Own *own, DocaiModelConfig *config)
{
  json_t *section = json_object_get (config->root, "backbone_config");
  if (!json_is_object (section))
    {
      docai_model_config_unsupported (config, "a detector without \"backbone_config\" (a tower of another library)");
      return;
    }
  const char *type = docai_model_config_string (config, section, "model_type", "swin");
  if (strcmp (type, "swin") != 0)
    {
      docai_model_config_unsupported (config, "the tower \"%s\" of a detector", type);
      return;
    }
  if (docai_model_config_bool (config, NULL, "use_timm_backbone", FALSE))
    docai_model_config_unsupported (config, "a tower of another library (\"use_timm_backbone\")");
  DocaiPyramid *pyramid = &own->pyramid;
  int stages[DOCAI_DEFORMABLE_MAX_MAPS];
  docai_swin_configure (&pyramid->tower, config, section);
  pyramid->tower.always_shift = TRUE;
  pyramid->width = own->width;
  pyramid->temperature = docai_model_config_double (config, NULL, "positional_embedding_temperature", 20);
  pyramid->n_maps = docai_model_config_int (config, NULL, "num_feature_levels", 4, 1, DOCAI_DEFORMABLE_MAX_MAPS);
  int n = read_stages (config, section, &pyramid->tower, stages);
  if (n > pyramid->n_maps || pyramid->temperature <= 0)
    docai_model_config_invalid (config, "config.json: \"num_feature_levels\" does not fit the tower's stages");
  for (int i = 0; i < pyramid->n_maps; i++)
    pyramid->maps[i].stage = i < n ? stages[i] : -1;
}

static void
configure_shapes (Own *own, DocaiModelConfig *config)
{
  int encoder_heads = docai_model_config_int (config, NULL, "encoder_attention_heads", 8, 2, 1024);
  int decoder_heads = docai_model_config_int (config, NULL, "decoder_attention_heads", 8, 1, 1024);
  int encoder_mlp = docai_model_config_int (config, NULL, "encoder_ffn_dim", 2048, 2, 1 << 18);
  DocaiBlockShape shape = { .width = own->width, .memory_width = own->width, .norm = DOCAI_NORM_LAYER, .post_norm = TRUE, .maps = own->pyramid.n_maps };
  shape.eps = docai_model_config_double (config, NULL, "layer_norm_eps", 1e-5);
  shape.act = docai_model_config_activation (config, NULL, "activation_function", "relu");
  own->enhancer_shape = own->vision_shape = own->decoder_shape = shape;
  own->fusion_heads = own->enhancer_shape.heads = own->enhancer_shape.kv_heads = encoder_heads / 2;
  own->fusion_width = own->enhancer_shape.mlp_width = encoder_mlp / 2;
  own->enhancer_shape.head_dim = docai_model_config_head_dim (config, own->width, encoder_heads / 2);
  own->vision_shape.heads = encoder_heads;
  own->vision_shape.points = docai_model_config_int (config, NULL, "encoder_n_points", 4, 1, 64);
  own->vision_shape.mlp_width = encoder_mlp;
  own->decoder_shape.heads = own->decoder_shape.kv_heads = decoder_heads;
  own->decoder_shape.head_dim = docai_model_config_head_dim (config, own->width, decoder_heads);
  own->decoder_shape.points = docai_model_config_int (config, NULL, "decoder_n_points", 4, 1, 64);
  own->decoder_shape.mlp_width = docai_model_config_int (config, NULL, "decoder_ffn_dim", 2048, 1, 1 << 18);
  docai_model_config_head_dim (config, own->width, encoder_heads);
  docai_model_config_head_dim (config, own->fusion_width, own->fusion_heads);
}

static void
configure (DocaiCore *core, DocaiModelConfig *config)
{
  Own *own = core->own = g_new0 (Own, 1);
  core->own_free = own_free;
  own->width = docai_model_config_int (config, NULL, "d_model", 256, 4, 1 << 14);
  own->n_layers = docai_model_config_int (config, NULL, "encoder_layers", 6, 1, 1024);
  own->n_blocks = docai_model_config_int (config, NULL, "decoder_layers", 6, 1, 1024);
  own->n_queries = docai_model_config_int (config, NULL, "num_queries", 900, 1, 1 << 14);
  own->max_text = docai_model_config_int (config, NULL, "max_text_len", 256, 2, 1 << 10);
  own->shared_heads = docai_model_config_bool (config, NULL, "decoder_bbox_embed_share", TRUE);
  configure_vision (own, config);
  configure_text (core, config, docai_model_config_section (config, NULL, "text_config"));
  configure_shapes (own, config);
  if (own->width % DOCAI_PYRAMID_GROUPS != 0)
    docai_model_config_invalid (config, "config.json: \"d_model\" is no multiple of %d", DOCAI_PYRAMID_GROUPS);
  if (!docai_model_config_bool (config, NULL, "two_stage", TRUE) || !docai_model_config_bool (config, NULL, "embedding_init_target", TRUE))
    docai_model_config_unsupported (config, "a detector whose first boxes do not come from its encoder (\"two_stage\", \"embedding_init_target\")");
  if (strcmp (docai_model_config_string (config, NULL, "position_embedding_type", "sine"), "sine") != 0)
    docai_model_config_unsupported (config, "learnt positions of a detector's maps (\"position_embedding_type\")");
  if (docai_model_config_int (config, NULL, "query_dim", 4, 2, 4) != 4)
    docai_model_config_unsupported (config, "queries that are no boxes (\"query_dim\")");
}

/* --- weights --- */

static void
load_text (DocaiCore *core, DocaiWeights *weights, const char *prefix)
{
  DocaiEncoder *text = &core->text;
  docai_weights_matrix (weights, &text->embedding, text->vocab, text->width, "%sembeddings.word_embeddings.weight", prefix);
  text->positions = docai_weights_vector (weights, (gint64) text->max_length * text->width, "%sembeddings.position_embeddings.weight", prefix);
  gint64 types = docai_weights_count (weights, "%sembeddings.token_type_embeddings.weight", prefix);
  /* All of the text is of the first type. */
  text->type = docai_weights_vector (weights, types, "%sembeddings.token_type_embeddings.weight", prefix);
  if (types < text->width)
    docai_weights_invalid (weights, "the text model has no token types");
  docai_weights_norm (weights, &text->embedding_norm, DOCAI_NORM_LAYER, text->width, core->text_shape.eps, "%sembeddings.LayerNorm", prefix);
  text->blocks = g_new0 (DocaiBlock, text->n_blocks);
  for (int i = 0; i < text->n_blocks; i++)
    docai_weights_block (weights, &text->blocks[i], &core->text_shape, &bert_names, "%sencoder.layer.%d", prefix, i);
}

static void
load_pyramid (DocaiPyramid *self, DocaiWeights *weights)
{
  const char *tower = docai_weights_prefix (weights, "embeddings.norm.weight", "model.backbone.conv_encoder.model.", "model.backbone.conv_encoder.model.swin.", NULL);
  g_autofree char *embeddings = g_strconcat (tower, "embeddings.", NULL), *encoder = g_strconcat (tower, "encoder.", NULL);
  int channels = 0;
  docai_swin_load (&self->tower, weights, embeddings, encoder);
  const float *levels = docai_weights_vector (weights, (gint64) self->n_maps * self->width, "model.level_embed");
  for (int i = 0; i < self->n_maps; i++)
    {
      DocaiPyramidMap *map = &self->maps[i];
      if (map->stage >= 0)
        {
          channels = self->tower.stages[map->stage].width;
          docai_weights_norm (weights, &map->norm, DOCAI_NORM_LAYER, channels, 1e-5, "model.backbone.conv_encoder.model.hidden_states_norms.stage%d", map->stage + 1);
        }
      docai_weights_linear (weights, &map->convolution, self->width, map->stage >= 0 ? channels : channels * 9, "model.input_proj_vision.%d.0", i);
      map->group_weight = docai_weights_vector (weights, self->width, "model.input_proj_vision.%d.1.weight", i);
      map->group_bias = docai_weights_vector (weights, self->width, "model.input_proj_vision.%d.1.bias", i);
      map->level = levels != NULL ? levels + (gsize) i * (gsize) self->width : NULL;
      if (map->stage < 0)
        channels = self->width;
    }
}

/* The two directions share the projections that their scores are made of. */
static void
load_fusion (const Own *own, DocaiWeights *weights, Layer *layer, const char *prefix)
{
  int inner = own->fusion_width, width = own->width;
  DocaiAttention *vision = &layer->vision_reads, *text = &layer->text_reads;
  *vision = (DocaiAttention) { .heads = own->fusion_heads, .kv_heads = own->fusion_heads, .head_dim = inner / own->fusion_heads };
  vision->scale = 1.0f / sqrtf ((float) vision->head_dim);
  *text = *vision;
  docai_weights_linear (weights, &vision->q, inner, width, "%s.attn.vision_proj", prefix);
  docai_weights_linear (weights, &vision->k, inner, width, "%s.attn.text_proj", prefix);
  docai_weights_linear (weights, &vision->v, inner, width, "%s.attn.values_text_proj", prefix);
  docai_weights_linear (weights, &vision->o, width, inner, "%s.attn.out_vision_proj", prefix);
  text->q = vision->k;
  text->k = vision->q;
  docai_weights_linear (weights, &text->v, inner, width, "%s.attn.values_vision_proj", prefix);
  docai_weights_linear (weights, &text->o, width, inner, "%s.attn.out_text_proj", prefix);
  docai_weights_norm (weights, &layer->norm_vision, DOCAI_NORM_LAYER, width, own->vision_shape.eps, "%s.layer_norm_vision", prefix);
  docai_weights_norm (weights, &layer->norm_text, DOCAI_NORM_LAYER, width, own->vision_shape.eps, "%s.layer_norm_text", prefix);
  layer->scale_vision = docai_weights_vector (weights, width, "%s.vision_param", prefix);
  layer->scale_text = docai_weights_vector (weights, width, "%s.text_param", prefix);
}

static void
load_box_head (const Own *own, DocaiWeights *weights, BoxHead *head, const char *prefix)
{
  for (int i = 0; i < BOX_LAYERS; i++)
    docai_weights_linear (weights, &head->layers[i], i + 1 < BOX_LAYERS ? own->width : 4, own->width, "%slayers.%d", prefix, i);
}

static void
load (DocaiCore *core, DocaiWeights *weights)
{
  Own *own = core->own;
  int width = own->width;
  load_pyramid (&own->pyramid, weights);
  load_text (core, weights, "model.text_backbone.");
  docai_weights_linear (weights, &own->text_projection, width, core->text.width, "model.text_projection");
  own->layers = g_new0 (Layer, own->n_layers);
  for (int i = 0; i < own->n_layers; i++)
    {
      g_autofree char *fusion = g_strdup_printf ("model.encoder.layers.%d.fusion_layer", i);
      load_fusion (own, weights, &own->layers[i], fusion);
      docai_weights_block (weights, &own->layers[i].text, &own->enhancer_shape, &enhancer_names, "model.encoder.layers.%d.text_enhancer_layer", i);
      docai_weights_block (weights, &own->layers[i].vision, &own->vision_shape, &vision_names, "model.encoder.layers.%d.deformable_layer", i);
    }
  docai_weights_linear (weights, &own->proposal, width, width, "model.enc_output");
  docai_weights_norm (weights, &own->proposal_norm, DOCAI_NORM_LAYER, width, own->vision_shape.eps, "model.enc_output_norm");
  load_box_head (own, weights, &own->first_head, "model.encoder_output_bbox_embed.");
  docai_weights_matrix (weights, &own->queries, own->n_queries, width, "model.query_position_embeddings.weight");
  own->place.act = DOCAI_ACT_RELU;
  docai_weights_linear (weights, &own->place.up, width, 2 * width, "model.decoder.reference_points_head.layers.0");
  docai_weights_linear (weights, &own->place.down, width, width, "model.decoder.reference_points_head.layers.1");
  docai_weights_norm (weights, &own->final_norm, DOCAI_NORM_LAYER, width, own->decoder_shape.eps, "model.decoder.layer_norm");
  own->blocks = g_new0 (DocaiBlock, own->n_blocks);
  own->heads = g_new0 (BoxHead, own->n_blocks);
  const char *heads = docai_weights_prefix (weights, "0.layers.0.weight", "bbox_embed.", "model.decoder.bbox_embed.", NULL);
  for (int i = 0; i < own->n_blocks; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s%d.", heads, own->shared_heads ? 0 : i);
      docai_weights_block (weights, &own->blocks[i], &own->decoder_shape, &decoder_names, "model.decoder.layers.%d", i);
      load_box_head (own, weights, &own->heads[i], name);
    }
}

/* --- evaluation --- */

/* What one image and text are on their way; all in the run's arena. */
typedef struct {
  int              n_text;
  float           *text, *text_places; /* [n_text, width] */
  float           *bias;               /* [n_text, n_text]: tokens of one phrase see each other */
  DocaiPyramidRows vision;
} State;

/* Tokens up to and with a delimiter are a phrase: they see each other and count by themselves. The first and
 * the last token, and what stands behind the last inner delimiter, are alone. Of the n_ids tokens n are kept. */
static void
divide_phrases (const guint32 *ids, int n_ids, int n, float *bias, gint32 *places)
{
  int first = 0;
  for (int i = 0; i < n * n; i++)
    bias[i] = i / n == i % n ? 0.0f : -INFINITY;
  memset (places, 0, (gsize) n * sizeof *places);
  for (int end = 0; end < n_ids && first < n; end++)
    {
      if (!docai_detect_is_delimiter (ids[end]))
        continue;
      int last = MIN (end, n - 1);
      for (int i = first; end > 0 && end < n_ids - 1 && i <= last; i++)
        {
          places[i] = i - first;
          for (int j = first; j <= last; j++)
            bias[i * n + j] = 0.0f;
        }
      first = end + 1;
    }
}

static gboolean
read_text (const DocaiCore *core, DocaiRun *run, const guint32 *ids, int n_ids, DocaiReading reading, State *state, GError **error)
{
  const Own *own = core->own;
  int n = MIN (n_ids, own->max_text);
  gint32 *places = docai_arena_alloc (run->arena, (gsize) n * sizeof *places);
  gsize width = (gsize) own->width;
  gboolean fits = TRUE;
  state->n_text = n;
  state->bias = docai_arena_floats (run->arena, (gsize) n, (gsize) n);
  state->text = docai_arena_floats (run->arena, (gsize) n, width);
  state->text_places = docai_arena_floats (run->arena, (gsize) n, width);
  divide_phrases (ids, n_ids, n, state->bias, places);
  for (int i = 0; i < n; i++)
    {
      fits = fits && places[i] < core->text.max_length && ids[i] < (guint32) core->text.vocab;
      docai_sine_row ((float) places[i] * 2.0f * (float) G_PI, own->width, PLACE_TEMPERATURE, state->text_places + (gsize) i * width);
    }
  if (!fits)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "a phrase has more words, or other ones, than the model takes");
      return FALSE;
    }
  float *hidden = docai_arena_floats (run->arena, (gsize) n, (gsize) core->text.width), *bias = state->bias;
  if (reading != DOCAI_READ_AS_TRAINED)
    {
      bias = docai_arena_floats (run->arena, (gsize) n, (gsize) n);
      docai_detect_depart (ids, n, own->width, PLACE_TEMPERATURE, reading == DOCAI_READ_AS_EXACT_REFERENCE, state->bias, places, state->text_places, bias);
    }
  docai_encoder_run (&core->text, run, &(DocaiText) { .ids = ids, .n = n, .places = places, .bias = bias }, hidden);
  docai_linear_run (&own->text_projection, run, hidden, (gsize) core->text.width, n, state->text, width, FALSE);
  return TRUE;
}

/* x = norm (x), then the other side's answer through its scale. */
static void
fuse (const Own *own, DocaiRun *run, const Layer *layer, State *state)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  gsize width = (gsize) own->width, n_vision = (gsize) state->vision.n_rows, n_text = (gsize) state->n_text;
  float *vision = docai_arena_floats (run->arena, n_vision, width), *text = docai_arena_floats (run->arena, n_text, width);
  docai_norm_run (&layer->norm_vision, state->vision.rows, width, (int) n_vision, 1, state->vision.rows, width);
  docai_norm_run (&layer->norm_text, state->text, width, (int) n_text, 1, state->text, width);
  docai_attention_run (&layer->vision_reads, run, state->vision.rows, (int) n_vision, state->text, (int) n_text, NULL, vision);
  docai_attention_run (&layer->text_reads, run, state->text, (int) n_text, state->vision.rows, (int) n_vision, NULL, text);
  for (gsize i = 0; i < n_vision; i++)
    docai_kernels ()->add_scaled (state->vision.rows + i * width, vision + i * width, layer->scale_vision, width);
  for (gsize i = 0; i < n_text; i++)
    docai_kernels ()->add_scaled (state->text + i * width, text + i * width, layer->scale_text, width);
  docai_arena_reset (run->arena, mark);
}

static void
run_encoder (const Own *own, DocaiRun *run, State *state)
{
  DocaiSpan text_span = { .rows = state->n_text, .bias = state->bias, .bias_row = state->n_text }, vision_span = { .rows = state->vision.n_rows };
  DocaiSampling sampling = { .maps = state->vision.maps, .references = state->vision.references, .coords = 2 };
  DocaiContext text = { .spans = &text_span, .n_spans = 1, .places = state->text_places };
  DocaiContext vision = { .spans = &vision_span, .n_spans = 1, .places = state->vision.places, .sampling = &sampling };
  for (int i = 0; i < own->n_layers; i++)
    {
      fuse (own, run, &own->layers[i], state);
      docai_block_run (&own->layers[i].text, run, state->text, i, &text);
      docai_block_run (&own->layers[i].vision, run, state->vision.rows, i, &vision);
    }
  docai_run_trace (run, "encoder_vision", state->vision.rows, (gsize) state->vision.n_rows * (gsize) own->width);
  docai_run_trace (run, "encoder_text", state->text, (gsize) state->n_text * (gsize) own->width);
}

/* out [n, 4] += the head's answer to rows x. */
static void
add_correction (const Own *own, DocaiRun *run, const BoxHead *head, const float *x, int n, float *out)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  gsize width = (gsize) own->width;
  for (int i = 0; i + 1 < BOX_LAYERS; i++)
    {
      float *y = docai_arena_floats (run->arena, (gsize) n, width);
      docai_linear_run (&head->layers[i], run, x, width, n, y, width, FALSE);
      docai_kernels ()->activate (DOCAI_ACT_RELU, y, (gsize) n * width);
      x = y;
    }
  docai_linear_run (&head->layers[BOX_LAYERS - 1], run, x, width, n, out, 4, TRUE);
  docai_arena_reset (run->arena, mark);
}

static float
logit (float p)
{
  float clamped = CLAMP (p, LOGIT_EPS, 1 - LOGIT_EPS);
  return logf (clamped / (1 - clamped));
}

static void
apply_sigmoid (float *x, int n)
{
  for (int i = 0; i < n; i++)
    x[i] = 1.0f / (1.0f + expf (-x[i]));
}

/* A box for every cell as logits [rows, 4]: the cell's centre and an edge that doubles from map to map. Cells at the
 * image's edge (and boxes that are too large) propose nothing: their row becomes zero and their box infinite. */
static void
fill_proposals (const Own *own, const DocaiPyramidRows *vision, float *rows, float *boxes)
{
  gsize width = (gsize) own->width, row = 0;
  for (int m = 0; m < own->pyramid.n_maps; m++)
    for (int i = 0; i < vision->maps[m].rows * vision->maps[m].cols; i++, row++)
      {
        float edge = 0.05f * (float) (1 << m), box[4] = { vision->references[2 * row], vision->references[2 * row + 1], edge, edge };
        gboolean valid = TRUE;
        for (int k = 0; k < 4; k++)
          valid = valid && box[k] > 0.01f && box[k] < 0.99f;
        for (int k = 0; k < 4; k++)
          boxes[4 * row + (gsize) k] = valid ? logf (box[k] / (1 - box[k])) : INFINITY;
        if (!valid)
          memset (rows + row * width, 0, width * sizeof (float));
      }
}

typedef struct {
  float score;
  int   row;
} Ranked;

static int
by_score (gconstpointer a, gconstpointer b)
{
  const Ranked *x = a, *y = b;
  return x->score > y->score ? -1 : x->score < y->score ? 1 : x->row - y->row;
}

/* The cells that answer best to any token become the first boxes [n, 4]. */
static void
choose_boxes (const Own *own, DocaiRun *run, const State *state, int n, float *boxes)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  gsize width = (gsize) own->width, n_rows = (gsize) state->vision.n_rows, n_text = (gsize) state->n_text;
  float *rows = docai_arena_floats (run->arena, n_rows, width), *cells = docai_arena_floats (run->arena, n_rows, width);
  float *proposals = docai_arena_floats (run->arena, n_rows, 4), *scores = docai_arena_floats (run->arena, n_rows, n_text);
  Ranked *ranked = docai_arena_alloc (run->arena, n_rows * sizeof *ranked);
  DocaiLinear text = { .w = { .dtype = DOCAI_F32, .rows = state->n_text, .cols = own->width, .data = state->text } };
  memcpy (rows, state->vision.rows, n_rows * width * sizeof (float));
  fill_proposals (own, &state->vision, rows, proposals);
  docai_linear_run (&own->proposal, run, rows, width, (int) n_rows, cells, width, FALSE);
  docai_norm_run (&own->proposal_norm, cells, width, (int) n_rows, 1, cells, width);
  docai_linear_run (&text, run, cells, width, (int) n_rows, scores, n_text, FALSE);
  for (gsize i = 0; i < n_rows; i++)
    {
      float best = docai_kernels ()->max (scores + i * n_text, state->n_text);
      ranked[i] = (Ranked) { isnan (best) ? -INFINITY : best, (int) i };
    }
  qsort (ranked, n_rows, sizeof *ranked, by_score);
  /* `rows` is free again. */
  for (gsize i = 0; i < (gsize) n; i++)
    {
      memcpy (boxes + 4 * i, proposals + 4 * (gsize) ranked[i].row, 4 * sizeof (float));
      memcpy (rows + i * width, cells + (gsize) ranked[i].row * width, width * sizeof (float));
    }
  add_correction (own, run, &own->first_head, rows, n, boxes);
  apply_sigmoid (boxes, 4 * n);
  docai_arena_reset (run->arena, mark);
  docai_run_trace (run, "initial_reference_points", boxes, 4 * (gsize) n);
}

/* Places [n, width] of queries from the sines of their boxes; y stands before x. */
static void
place_queries (const Own *own, DocaiRun *run, const float *boxes, int n, float *places)
{
  static const int order[4] = { 1, 0, 2, 3 };
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  gsize half = (gsize) own->width / 2;
  float *sines = docai_arena_floats (run->arena, (gsize) n, 4 * half);
  for (gsize i = 0; i < (gsize) n; i++)
    for (gsize k = 0; k < 4; k++)
      docai_sine_row (boxes[4 * i + (gsize) order[k]] * 2.0f * (float) G_PI, (int) half, PLACE_TEMPERATURE, sines + (4 * i + k) * half);
  docai_mlp_run (&own->place, run, sines, n, places, FALSE);
  docai_arena_reset (run->arena, mark);
}

/* Queries go through the blocks, and their boxes are corrected after each. */
static void
run_decoder (const Own *own, DocaiRun *run, const State *state, int n, float *boxes, DocaiProposals *out)
{
  gsize width = (gsize) own->width;
  float *x = docai_arena_floats (run->arena, (gsize) n, width), *places = docai_arena_floats (run->arena, (gsize) n, width);
  float *moved = docai_arena_floats (run->arena, (gsize) n, 4);
  DocaiSpan span = { .rows = n };
  DocaiSampling sampling = { .maps = state->vision.maps, .memory = state->vision.rows, .n_memory = state->vision.n_rows, .references = boxes, .coords = 4 };
  DocaiContext context = { .spans = &span, .n_spans = 1, .places = places, .sampling = &sampling, .memory = state->text, .n_memory = state->n_text };
  for (int i = 0; i < n; i++)
    docai_matrix_row (&own->queries, i, x + (gsize) i * width);
  for (int b = 0; b < own->n_blocks; b++)
    {
      gboolean last = b + 1 == own->n_blocks;
      place_queries (own, run, boxes, n, places);
      docai_block_run (&own->blocks[b], run, x, b, &context);
      if (last)
        docai_norm_run (&own->final_norm, x, width, n, 1, x, width);
      for (int i = 0; i < 4 * n; i++)
        moved[i] = logit (boxes[i]);
      add_correction (own, run, &own->heads[b], x, n, moved);
      apply_sigmoid (moved, 4 * n);
      memcpy (boxes, moved, 4 * (gsize) n * sizeof (float));
    }
  docai_run_trace (run, "decoder_last_hidden", x, (gsize) n * width);
  memcpy (out->boxes, boxes, 4 * (gsize) n * sizeof (float));
  DocaiLinear text = { .w = { .dtype = DOCAI_F32, .rows = state->n_text, .cols = own->width, .data = state->text } };
  docai_linear_run (&text, run, x, width, n, out->logits, (gsize) out->n_tokens, FALSE);
}

static gboolean
check_input (const Own *own, const DocaiPixels *pixels, GError **error)
{
  gboolean fits = pixels->n_dims == 4 && pixels->dims[1] == own->pyramid.tower.channels && pixels->dims[2] > 0 && pixels->dims[3] > 0
                  && pixels->dims[2] <= MAX_PIXELS / pixels->dims[3];
  /* The first stage that is read has the most cells; each map behind it a quarter. */
  gint64 cell = fits ? (gint64) own->pyramid.tower.patch << own->pyramid.maps[0].stage : 1;
  if (fits && pixels->dims[2] / cell * (pixels->dims[3] / cell) > MAX_ROWS)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_PIXEL_LIMIT, "the image has more cells than a detector takes");
      return FALSE;
    }
  if (!fits)
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "the image processor gives other images than the model takes");
  return fits;
}

static gboolean
detect (const DocaiCore *core, DocaiRun *run, const DocaiPixels *pixels, const guint32 *ids, int n_ids, DocaiReading reading,
        DocaiProposals *out, GError **error)
{
  const Own *own = core->own;
  State state;
  if (n_ids < 1)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "a detector needs a text");
      return FALSE;
    }
  if (!check_input (own, pixels, error))
    return FALSE;
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  gboolean good = read_text (core, run, ids, n_ids, reading, &state, error);
  if (good)
    {
      docai_pyramid_run (&own->pyramid, run, pixels->values, (int) pixels->dims[2], (int) pixels->dims[3], &state.vision);
      int n = MIN (own->n_queries, state.vision.n_rows);
      good = docai_proposals_init (out, n, own->max_text, error);
      for (int i = 0; good && i < n * own->max_text; i++)
        out->logits[i] = -INFINITY;
      if (good)
        {
          float *boxes = docai_arena_floats (run->arena, (gsize) n, 4);
          run_encoder (own, run, &state);
          choose_boxes (own, run, &state, n, boxes);
          run_decoder (own, run, &state, n, boxes, out);
          docai_run_trace (run, "pred_boxes", out->boxes, 4 * (gsize) n);
          docai_run_trace (run, "logits", out->logits, (gsize) n * (gsize) out->n_tokens);
        }
    }
  docai_arena_reset (run->arena, mark);
  return good;
}

const DocaiFamily docai_family_grounding_dino = {
  .model_type = "grounding-dino", .title = "Grounding DINO", .task = DOCAI_TASK_DETECT, .configure = configure, .load = load,
  .count_units = docai_tiles_count, .peek_unit = docai_tiles_peek, .detect = detect,
};
