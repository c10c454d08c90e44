/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Requests to a vision-language model, and choosing who answers them.
 */
#include "pipeline/vlm/backend.h"

#include <string.h>

static void
image_free (gpointer data)
{
  DocaiVlmImage *image = data;

  g_free (image->data);
  g_clear_pointer (&image->looks, g_array_unref);
  g_free (image);
}

DocaiVlmRequest *
docai_vlm_request_new (const char *system, const char *prompt, int max_tokens)
{
  DocaiVlmRequest *request = g_new0 (DocaiVlmRequest, 1);

  request->system = g_strdup (system);
  request->prompt = g_strdup (prompt);
  request->max_tokens = max_tokens;
  request->images = g_ptr_array_new_with_free_func (image_free);
  return request;
}

void
docai_vlm_request_free (DocaiVlmRequest *request)
{
  if (request == NULL)
    return;
  g_free (request->system);
  g_free (request->prompt);
  g_free (request->context);
  g_free (request->schema);
  g_free (request->answer);
  g_ptr_array_unref (request->images);
  g_clear_error (&request->error);
  g_free (request);
}

char *
docai_vlm_request_prompt (const DocaiVlmRequest *request, gsize bytes)
{
  if (request->context == NULL)
    return g_strdup (request->prompt);
  gsize length = strlen (request->context);
  if (length > bytes)
    {
      const char *end = g_utf8_find_prev_char (request->context, request->context + bytes + 1);
      length = end != NULL ? (gsize) (end - request->context) : 0;
    }
  return g_strdup_printf ("%s\n\nDocument:\n%.*s", request->prompt, (int) length, request->context);
}

DocaiVlmImage *
docai_vlm_request_take_image (DocaiVlmRequest *request, const char *media_type, guint8 *data,
                              gsize length)
{
  DocaiVlmImage *image = g_new0 (DocaiVlmImage, 1);

  image->media_type = media_type;
  image->data = data;
  image->length = length;
  g_ptr_array_add (request->images, image);
  return image;
}

void
docai_vlm_request_share_images (DocaiVlmRequest *request, const DocaiVlmRequest *other)
{
  GPtrArray *images = g_ptr_array_ref (other->images);

  g_ptr_array_unref (request->images);
  request->images = images;
}

DocaiVlmBackend *
docai_vlm_backend_open (const char *name, const DocaiVlmSettings *settings, GError **error)
{
  if (strcmp (name, "openai") == 0)
    return docai_openai_open (settings, error);
  if (strcmp (name, "builtin") == 0)
    return docai_builtin_open (settings, error);
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG,
               "there is no vision-language backend \"%s\"", name);
  return NULL;
}

void
docai_vlm_backend_free (DocaiVlmBackend *backend)
{
  if (backend == NULL)
    return;
  g_free (backend->model);
  docai_vlm_tasks_free (backend->tasks);
  backend->close (backend);
}

void
docai_vlm_backend_run (DocaiVlmBackend *backend, GPtrArray *requests, DocaiCounts *counts)
{
  DocaiCounts ran = { .requests = requests->len };

  for (guint i = 0; i < requests->len; i++)
    ran.images += ((DocaiVlmRequest *) requests->pdata[i])->images->len;
  if (requests->len > 0)
    backend->run (backend, requests, &ran);
  if (counts != NULL)
    docai_counts_add (counts, &ran);
}

DocaiVlmBoxes
docai_vlm_boxes_of (const DocaiVlmSettings *settings, const char *model)
{
  static const struct {
    const char   *part; /* of a name without case and marks */
    DocaiVlmBoxes boxes;
  } known[] = {
    { "qwen25vl", DOCAI_VLM_BOXES_PIXELS },      { "qwen2vl", DOCAI_VLM_BOXES_THOUSANDTHS }, { "qwenvl", DOCAI_VLM_BOXES_THOUSANDTHS },
    { "qwen3vl", DOCAI_VLM_BOXES_THOUSANDTHS },  { "internvl", DOCAI_VLM_BOXES_THOUSANDTHS }, { "kosmos2", DOCAI_VLM_BOXES_THOUSANDTHS },
    { "paligemma", DOCAI_VLM_BOXES_THOUSANDTHS },
  };
  static const char *const names[] = { "none", "thousandths", "pixels" };
  g_autoptr (GString) plain = g_string_new (NULL);

  for (guint i = 0; settings->boxes != NULL && i < G_N_ELEMENTS (names); i++)
    if (strcmp (settings->boxes, names[i]) == 0)
      return (DocaiVlmBoxes) i;
  for (const char *p = model != NULL ? model : ""; *p != '\0'; p++)
    if (g_ascii_isalnum (*p))
      g_string_append_c (plain, g_ascii_tolower (*p));
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strstr (plain->str, known[i].part) != NULL)
      return known[i].boxes;
  return DOCAI_VLM_BOXES_NONE;
}
