/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Prompts: the chat template, then ids with the positions of image features.
 */
#include "models/language/prompt.h"

#include <string.h>

#include "base/error.h"
#include "models/language/jinja.h"
#include "models/language/prompt-priv.h"
#include "models/tokenizer/json-util.h"
#include "models/tokenizer/normalizer.h"

#define MAX_TEXTS 4096

void
docai_prompt_free (DocaiPrompt *self)
{
  if (self == NULL)
    return;
  g_free (self->ids);
  g_free (self->is_image);
  g_free (self->positions);
  g_free (self);
}

void
docai_text_batch_free (DocaiTextBatch *self)
{
  if (self == NULL)
    return;
  g_free (self->ids);
  g_free (self->mask);
  g_free (self);
}

/* ---- templates ------------------------------------------------------------------- */

/* Content of a special token in tokenizer_config.json: a string, or an object. */
static const char *
special_token (const DocaiPrompter *self, const char *key)
{
  const json_t *value = json_object_get (self->tokenizer_config, key);

  return json_is_string (value) ? json_string_value (value) : docai_json_string (value, "content", NULL);
}

const char *
docai_prompt_end_token (const DocaiPrompter *self)
{
  return special_token (self, "eos_token");
}

static json_t *
build_messages (const char *text, int n_images, const char *system)
{
  json_t *messages = json_array (), *content = json_array ();

  if (system != NULL)
    json_array_append_new (messages, json_pack ("{s:s, s:[{s:s, s:s}]}", "role", "system", "content",
                                                "type", "text", "text", system));
  for (int i = 0; i < n_images; i++)
    json_array_append_new (content, json_pack ("{s:s}", "type", "image"));
  json_array_append_new (content, json_pack ("{s:s, s:s}", "type", "text", "text", text));
  json_array_append_new (messages, json_pack ("{s:s, s:o}", "role", "user", "content", content));
  return messages;
}

static char *
render_chat (const DocaiPrompter *self, const char *text, int n_images, const char *system,
             GError **error)
{
  static const char *const names[] = { "bos_token", "eos_token", "pad_token", "unk_token" };
  g_autoptr (json_t) variables = json_object ();

  json_object_set_new (variables, "messages", build_messages (text, n_images, system));
  json_object_set_new (variables, "add_generation_prompt", json_true ());
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (special_token (self, names[i]) != NULL)
      json_object_set_new (variables, names[i], json_string (special_token (self, names[i])));
  return docai_jinja_render (self->chat_template, variables, error);
}

/* The decoder's start token before the text, unless the text begins with a token of its
 * own (Donut's task tags). */
static char *
with_start_token (const DocaiPrompter *self, const char *text)
{
  const char *start = NULL;

  if (self->start_id >= 0 && self->start_id < DOCAI_TOKENIZER_MAX_VOCAB)
    start = docai_tokenizer_peek_token (self->tokenizer, (guint32) self->start_id);
  if (start == NULL || g_str_has_prefix (text, start)
      || (self->family == PROMPT_DONUT && *text == '<'))
    return g_strdup (text);
  return g_strconcat (start, text, NULL);
}

char *
docai_prompt_template (const DocaiPrompter *self, const char *text, int n_images,
                       const char *system, GError **error)
{
  if (!g_utf8_validate (text, -1, NULL) || (system != NULL && !g_utf8_validate (system, -1, NULL)))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "the prompt is not UTF-8");
      return NULL;
    }
  switch (self->family)
    {
    case PROMPT_BLIP2:
      return g_strdup_printf ("Question: %s Answer:", text);
    case PROMPT_DONUT:
    case PROMPT_PIX2STRUCT:
      return with_start_token (self, text);
    case PROMPT_GROUNDING_DINO:
      return g_str_has_suffix (text, ".") || g_str_has_suffix (text, "?") ? g_strdup (text)
                                                                       : g_strconcat (text, ".", NULL);
    case PROMPT_CLIP:
    case PROMPT_SIGLIP:
    case PROMPT_KOSMOS2:
      return g_strdup (text);
    default:
      break;
    }
  if (self->chat_template != NULL)
    return render_chat (self, text, n_images, system, error);
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED, "the model has no chat template");
  return NULL;
}

/* ---- ids ---------------------------------------------------------------------------- */

static DocaiPrompt *
prompt_from_ids (const GArray *ids)
{
  DocaiPrompt *prompt = g_new0 (DocaiPrompt, 1);

  prompt->length = (int) ids->len;
  prompt->ids = g_memdup2 (ids->data, (gsize) ids->len * sizeof (guint32));
  prompt->is_image = g_malloc0 ((gsize) ids->len + 1);
  prompt->next_position = prompt->length;
  return prompt;
}

static void
mark_image (DocaiPrompt *prompt, int at)
{
  prompt->is_image[at] = 1;
  prompt->n_image_positions++;
}

/* Kosmos-2: <image>, as many ids from that behind the unknown token as there are latent
 * queries, </image>, then the text. */
static DocaiPrompt *
encode_kosmos2 (const DocaiPrompter *self, const char *text, gboolean with_image, GError **error)
{
  const char *bos = special_token (self, "bos_token"), *unk = special_token (self, "unk_token");
  g_autofree char *clean = g_strstrip (g_strdup (text));
  g_autoptr (GString) whole = g_string_new (bos != NULL ? bos : "<s>");
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32));
  int n = with_image ? self->image_seq_len : 0;

  for (int i = 0; with_image && i <= n; i++)
    g_string_append (whole, "<image> ");
  g_string_append (whole, with_image ? "</image> " : "");
  g_string_append (whole, clean);
  if (!docai_tokenizer_encode (self->tokenizer, whole->str, (gssize) whole->len, FALSE, ids, error))
    return NULL;
  if ((int) ids->len < n + 2)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "prompt: the tokenizer has no <image>");
      return NULL;
    }
  DocaiPrompt *prompt = prompt_from_ids (ids);
  gint64 first = docai_tokenizer_lookup (self->tokenizer, unk != NULL ? unk : "<unk>") + 1;
  for (int i = 0; i < n; i++)
    {
      prompt->ids[2 + i] = (guint32) (first + i);
      mark_image (prompt, 2 + i);
    }
  return prompt;
}

/* BLIP-2: the image's tokens stand before the text's begin token. */
static DocaiPrompt *
encode_blip2 (const DocaiPrompter *self, const char *text, const DocaiPixels *pixels, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32));
  int n = pixels != NULL ? pixels->n_images * self->image_seq_len : 0;
  guint32 image = (guint32) self->image_token_id;

  for (int i = 0; i < n; i++)
    g_array_append_val (ids, image);
  if (!docai_tokenizer_encode (self->tokenizer, text, -1, TRUE, ids, error))
    return NULL;
  DocaiPrompt *prompt = prompt_from_ids (ids);
  for (int i = 0; i < n; i++)
    mark_image (prompt, i);
  return prompt;
}

/* Positions in three axes: text counts on, an image spans its merged grid, and what
 * follows continues behind its longer side. */
static gboolean
fill_positions (const DocaiPrompter *self, DocaiPrompt *prompt, const DocaiPixels *pixels,
                GError **error)
{
  gint32 *t = g_new (gint32, 3 * (gsize) prompt->length + 1);
  gint32 *h = t + prompt->length, *w = h + prompt->length;
  gint32 position = 0;
  int image = 0;

  prompt->positions = t;
  for (int i = 0; i < prompt->length;)
    {
      if (!prompt->is_image[i])
        {
          t[i] = h[i] = w[i] = position++;
          i++;
          continue;
        }
      int rows = 0, cols = 0;
      if (pixels != NULL && image < pixels->n_images)
        {
          rows = pixels->images[image].rows / self->merge;
          cols = pixels->images[image].cols / self->merge;
        }
      int n = rows * cols;
      image++;
      if (n == 0 || n > prompt->length - i)
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION,
                       "the prompt has image tokens without an image");
          return FALSE;
        }
      for (int k = 0; k < n; k++, i++)
        {
          t[i] = position;
          h[i] = position + k / cols;
          w[i] = position + k % cols;
        }
      position += MAX (rows, cols);
    }
  prompt->next_position = position;
  return TRUE;
}

/* Whether the tokenizer may add its begin token: not to a text that has it already. */
static gboolean
wants_special (const DocaiPrompter *self, const char *templated)
{
  const char *bos = special_token (self, "bos_token");

  if (self->family == PROMPT_DONUT || self->family == PROMPT_PIX2STRUCT)
    return FALSE;
  return bos == NULL || *bos == '\0' || !g_str_has_prefix (templated, bos);
}

static DocaiPrompt *
encode_spliced (const DocaiPrompter *self, const char *templated, const DocaiPixels *pixels,
                GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autofree char *text = docai_prompt_expand (self, templated, pixels, error);

  if (text == NULL
      || !docai_tokenizer_encode (self->tokenizer, text, -1, wants_special (self, templated), ids, error))
    return NULL;
  g_autoptr (DocaiPrompt) prompt = prompt_from_ids (ids);
  for (int i = 0; i < prompt->length; i++)
    if (prompt->ids[i] == self->image_token_id)
      mark_image (prompt, i);
  if (self->family == PROMPT_QWEN2_VL && !fill_positions (self, prompt, pixels, error))
    return NULL;
  return g_steal_pointer (&prompt);
}

DocaiPrompt *
docai_prompt_encode (const DocaiPrompter *self, const char *templated, const DocaiPixels *pixels,
                     GError **error)
{
  g_autoptr (GArray) ids = NULL;

  switch (self->family)
    {
    case PROMPT_KOSMOS2:
      return encode_kosmos2 (self, templated, pixels != NULL, error);
    case PROMPT_BLIP2:
      return encode_blip2 (self, templated, pixels, error);
    case PROMPT_CLIP:
    case PROMPT_SIGLIP:
    case PROMPT_DONUT:
    case PROMPT_PIX2STRUCT:
    case PROMPT_GROUNDING_DINO:
      ids = g_array_new (FALSE, FALSE, sizeof (guint32));
      if (!docai_tokenizer_encode (self->tokenizer, templated, -1, wants_special (self, templated), ids,
                                   error))
        return NULL;
      return prompt_from_ids (ids);
    default:
      return encode_spliced (self, templated, pixels, error);
    }
}

/* ---- texts of dual encoders ---------------------------------------------------------- */

/* The model requires its end token: a text that is too long loses what stands before it. */
static void
truncate_text (GArray *ids, guint max_length)
{
  if (ids->len > max_length)
    g_array_remove_range (ids, max_length - 1, ids->len - max_length);
}

static gboolean
uses_mask (const DocaiPrompter *self)
{
  const json_t *names = json_object_get (self->tokenizer_config, "model_input_names"), *name;
  gsize i;

  if (!json_is_array (names))
    return self->family != PROMPT_SIGLIP;
  json_array_foreach (names, i, name)
    if (g_strcmp0 (json_string_value (name), "attention_mask") == 0)
      return TRUE;
  return FALSE;
}

/* SigLIP 2 was trained on lower case; its tokenizer's class sees to that, not tokenizer.json. NULL: texts stay as they are. */
static DocaiNormalizer *
text_normalizer (const DocaiPrompter *self)
{
  const char *klass = docai_json_string (self->tokenizer_config, "tokenizer_class", "");
  g_autoptr (json_t) lower = json_pack ("{s:s}", "type", "Lowercase");

  return g_str_has_prefix (klass, "Siglip2Tokenizer") ? docai_normalizer_new (lower, NULL) : NULL;
}

DocaiTextBatch *
docai_prompt_encode_texts (const DocaiPrompter *self, const char *const *texts, int n_texts,
                           GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_autoptr (DocaiNormalizer) normalizer = text_normalizer (self);
  guint length = self->family == PROMPT_SIGLIP ? (guint) self->max_length : 0;

  if (n_texts < 1 || n_texts > MAX_TEXTS)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "%d texts at once", n_texts);
      return NULL;
    }
  for (int i = 0; i < n_texts; i++)
    {
      GArray *ids = g_array_new (FALSE, FALSE, sizeof (guint32));
      g_autoptr (GString) text = g_string_new (texts[i]);
      g_ptr_array_add (rows, ids);
      if (g_utf8_validate (text->str, -1, NULL) && !docai_normalizer_apply (normalizer, text, error))
        return NULL;
      if (!docai_tokenizer_encode (self->tokenizer, text->str, -1, TRUE, ids, error))
        return NULL;
      truncate_text (ids, (guint) self->max_length);
      length = MAX (length, ids->len);
    }
  DocaiTextBatch *batch = g_new0 (DocaiTextBatch, 1);
  batch->n_texts = n_texts;
  batch->length = (int) length;
  batch->use_mask = uses_mask (self);
  batch->ids = g_new (guint32, (gsize) n_texts * length + 1);
  batch->mask = g_malloc0 ((gsize) n_texts * length + 1);
  for (int i = 0; i < n_texts; i++)
    {
      const GArray *ids = g_ptr_array_index (rows, i);
      for (guint k = 0; k < length; k++)
        {
          gsize at = (gsize) i * length + k;
          batch->ids[at] = k < ids->len ? g_array_index (ids, guint32, k) : self->pad_id;
          batch->mask[at] = k < ids->len;
        }
    }
  return batch;
}
