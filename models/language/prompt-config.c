/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a prompter reads from a model folder.
 */
#include <string.h>

#include "base/error.h"
#include "models/language/prompt-priv.h"
#include "models/tokenizer/json-util.h"

#define MAX_CONFIG ((gsize) 64 << 20)
#define MAX_SEQUENCE (1 << 16)

static const struct {
  const char       *model_type;
  DocaiPromptFamily family;
} families[] = {
  { "clip", PROMPT_CLIP },           { "siglip", PROMPT_SIGLIP },
  { "idefics3", PROMPT_IDEFICS3 },   { "smolvlm", PROMPT_IDEFICS3 },
  { "idefics2", PROMPT_IDEFICS2 },   { "llava", PROMPT_LLAVA },
  { "llava_next", PROMPT_LLAVA_NEXT }, { "internvl", PROMPT_INTERNVL },
  { "qwen2_vl", PROMPT_QWEN2_VL },   { "qwen2_5_vl", PROMPT_QWEN2_VL },
  { "blip-2", PROMPT_BLIP2 },
  { "vision-encoder-decoder", PROMPT_DONUT }, { "pix2struct", PROMPT_PIX2STRUCT },
  { "kosmos-2", PROMPT_KOSMOS2 },    { "grounding-dino", PROMPT_GROUNDING_DINO },
};

static gboolean
invalid (GError **error, const char *what)
{
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "prompt: %s", what);
  return FALSE;
}

/* A file that need not be there; a broken one is an error. */
static gboolean
load_optional (const char *dir, const char *name, json_t **json, GError **error)
{
  g_autoptr (GError) problem = NULL;

  *json = docai_json_load_file (dir, name, MAX_CONFIG, &problem);
  if (*json != NULL || g_error_matches (problem, DOCAI_ERROR, DOCAI_ERROR_MODEL_MISSING))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* A template is a string, or a list of named ones of which "default" counts. */
static char *
template_of (const json_t *holder)
{
  const json_t *value = json_object_get (holder, "chat_template"), *item;
  gsize i;

  if (json_is_string (value))
    return g_strdup (json_string_value (value));
  json_array_foreach (value, i, item)
    if (strcmp (docai_json_string (item, "name", ""), "default") == 0)
      return g_strdup (docai_json_string (item, "template", NULL));
  return NULL;
}

static gboolean
load_template (DocaiPrompter *self, const char *dir, GError **error)
{
  g_autofree char *path = g_build_filename (dir, "chat_template.jinja", NULL);
  g_autoptr (json_t) file = NULL;

  if (g_file_get_contents (path, &self->chat_template, NULL, NULL))
    return g_utf8_validate (self->chat_template, -1, NULL) || invalid (error, "chat_template.jinja is no text");
  if (!load_optional (dir, "chat_template.json", &file, error))
    return FALSE;
  self->chat_template = template_of (file);
  if (self->chat_template == NULL)
    self->chat_template = template_of (self->processor);
  if (self->chat_template == NULL)
    self->chat_template = template_of (self->tokenizer_config);
  return TRUE;
}

/* A positive number below the bound from the first object that has it. */
static gboolean
first_int (const json_t *const *objects, gsize n, const char *key, int *value)
{
  for (gsize i = 0; i < n; i++)
    if (json_is_integer (json_object_get (objects[i], key)))
      {
        gint64 v = json_integer_value (json_object_get (objects[i], key));
        *value = (int) CLAMP (v, -1, MAX_SEQUENCE);
        return TRUE;
      }
  return FALSE;
}

/* Edge of an image or patch: a number, or [height, width]. */
static int
edge_of (const json_t *object, const char *key, int fallback)
{
  const json_t *value = json_object_get (object, key);
  gint64 edge = json_is_array (value) ? json_integer_value (json_array_get (value, 0))
                                      : docai_json_int (object, key, fallback);
  return (int) CLAMP (edge, 0, MAX_SEQUENCE);
}

/* Features of a tile after pixel shuffle, when no file names their number. */
static int
shuffled_length (const json_t *vision, double factor)
{
  int image = edge_of (vision, "image_size", 364), patch = edge_of (vision, "patch_size", 14);
  double side = patch > 0 && factor >= 1 ? image / patch / factor : 0;

  return (int) CLAMP (side * side, 0, MAX_SEQUENCE);
}

static gboolean
read_llava (DocaiPrompter *self, const json_t *vision, GError **error)
{
  const json_t *const places[] = { self->processor, self->config };
  const char *strategy = docai_json_string (self->config, "vision_feature_select_strategy", "default");

  strategy = docai_json_string (self->processor, "vision_feature_select_strategy", strategy);
  self->drop_class = strcmp (strategy, "default") == 0;
  self->patch_size = edge_of (vision, "patch_size", 14);
  first_int (&places[0], 1, "patch_size", &self->patch_size);
  self->extra_tokens = 1;
  first_int (&places[0], 1, "num_additional_image_tokens", &self->extra_tokens);
  return self->patch_size > 0 || invalid (error, "patch_size is out of range");
}

static void
set_image_token (DocaiPrompter *self, const char *key, const char *fallback)
{
  const char *name = docai_json_string (self->tokenizer_config, key, NULL);

  if (name == NULL)
    name = docai_json_string (self->processor, key, NULL);
  const json_t *token = json_object_get (self->tokenizer_config, key);
  if (name == NULL)
    name = docai_json_string (token, "content", fallback);
  g_free (self->image_token);
  self->image_token = g_strdup (name);
}

static gboolean
read_family (DocaiPrompter *self, GError **error)
{
  const json_t *vision = json_object_get (self->config, "vision_config");
  const json_t *const places[] = { self->processor, self->config };
  const json_t *const config_first[] = { self->config, self->processor };

  set_image_token (self, "image_token", "<image>");
  switch (self->family)
    {
    case PROMPT_IDEFICS3:
      self->image_seq_len = shuffled_length (vision, docai_json_number (self->config, "scale_factor", 2));
      first_int (places, 2, "image_seq_len", &self->image_seq_len);
      break;
    case PROMPT_IDEFICS2:
      self->image_seq_len = (int) CLAMP (docai_json_int (json_object_get (self->config, "perceiver_config"),
                                                         "resampler_n_latents", 64), 0, MAX_SEQUENCE);
      first_int (places, 2, "image_seq_len", &self->image_seq_len);
      break;
    case PROMPT_LLAVA:
    case PROMPT_LLAVA_NEXT:
      return read_llava (self, vision, error);
    case PROMPT_INTERNVL:
      set_image_token (self, "context_image_token", "<IMG_CONTEXT>");
      self->start_token = g_strdup (docai_json_string (self->tokenizer_config, "start_image_token", "<img>"));
      self->end_token = g_strdup (docai_json_string (self->tokenizer_config, "end_image_token", "</img>"));
      self->image_seq_len = shuffled_length (vision, 2);
      if (!first_int (config_first, 2, "image_seq_length", &self->image_seq_len))
        first_int (config_first, 2, "image_seq_len", &self->image_seq_len);
      break;
    case PROMPT_QWEN2_VL:
      set_image_token (self, "image_token", "<|image_pad|>");
      self->merge = (int) CLAMP (docai_json_int (vision, "spatial_merge_size", 2), 1, 64);
      self->image_seq_len = 1;
      break;
    case PROMPT_BLIP2:
      self->image_seq_len = 32;
      first_int (config_first, 2, "num_query_tokens", &self->image_seq_len);
      break;
    case PROMPT_KOSMOS2:
      self->image_seq_len = 64;
      first_int (&config_first[0], 1, "latent_query_num", &self->image_seq_len);
      break;
    default:
      self->image_seq_len = 1;
      break;
    }
  return self->image_seq_len > 0 || invalid (error, "the length of an image is out of range");
}

static void
read_ids (DocaiPrompter *self)
{
  const json_t *text = json_object_get (self->config, "text_config");
  const char *pad = docai_json_string (self->tokenizer_config, "pad_token", NULL);
  gint64 id = docai_json_int (self->config, "image_token_id", -1);

  if (id < 0)
    id = docai_json_int (self->config, "image_token_index", -1);
  self->image_token_id = id >= 0 ? id : docai_tokenizer_lookup (self->tokenizer, self->image_token);
  self->start_id = docai_json_int (text, "decoder_start_token_id", -1);
  self->start_id = docai_json_int (self->config, "decoder_start_token_id", self->start_id);
  if (self->start_id < 0 && self->family == PROMPT_PIX2STRUCT)
    self->start_id = 0;
  if (pad == NULL)
    pad = docai_json_string (json_object_get (self->tokenizer_config, "pad_token"), "content", "<pad>");
  self->pad_id = (guint32) MAX (docai_tokenizer_lookup (self->tokenizer, pad), 0);
  gint64 length = docai_json_int (text, "max_position_embeddings", self->family == PROMPT_SIGLIP ? 64 : 77);
  self->max_length = (int) CLAMP (length, 1, MAX_SEQUENCE);
}

static gboolean
find_family (DocaiPrompter *self, GError **error)
{
  const char *type = docai_json_string (self->config, "model_type", "?");

  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    if (strcmp (type, families[i].model_type) == 0)
      {
        self->family = families[i].family;
        return TRUE;
      }
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED, "prompt: model type \"%s\"", type);
  return FALSE;
}

DocaiPrompter *
docai_prompter_load (const char *dir, DocaiTokenizer *tokenizer, GError **error)
{
  g_autoptr (DocaiPrompter) self = g_new0 (DocaiPrompter, 1);
  g_autoptr (json_t) pixels = NULL;

  self->tokenizer = docai_tokenizer_ref (tokenizer);
  self->config = docai_json_load_file (dir, "config.json", MAX_CONFIG, error);
  if (self->config == NULL || !find_family (self, error)
      || !load_optional (dir, "processor_config.json", &self->processor, error)
      || !load_optional (dir, "tokenizer_config.json", &self->tokenizer_config, error)
      || !load_optional (dir, "preprocessor_config.json", &pixels, error)
      || !load_template (self, dir, error) || !read_family (self, error))
    return NULL;
  /* Newer folders keep the image processor's settings inside of the processor's. */
  const json_t *settings = pixels != NULL ? pixels : json_object_get (self->processor, "image_processor");
  self->split_default = docai_json_bool (settings, "do_image_splitting", FALSE);
  read_ids (self);
  return g_steal_pointer (&self);
}

void
docai_prompter_free (DocaiPrompter *self)
{
  if (self == NULL)
    return;
  docai_tokenizer_unref (self->tokenizer);
  json_decref (self->config);
  json_decref (self->processor);
  json_decref (self->tokenizer_config);
  g_free (self->chat_template);
  g_free (self->image_token);
  g_free (self->start_token);
  g_free (self->end_token);
  g_free (self);
}
