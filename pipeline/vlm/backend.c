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
  g_free (request->schema);
  g_free (request->answer);
  g_ptr_array_unref (request->images);
  g_clear_error (&request->error);
  g_free (request);
}

void
docai_vlm_request_take_image (DocaiVlmRequest *request, const char *media_type, guint8 *data,
                              gsize length)
{
  DocaiVlmImage *image = g_new0 (DocaiVlmImage, 1);

  image->media_type = media_type;
  image->data = data;
  image->length = length;
  g_ptr_array_add (request->images, image);
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
docai_vlm_backend_run (DocaiVlmBackend *backend, GPtrArray *requests)
{
  if (requests->len > 0)
    backend->run (backend, requests);
}
