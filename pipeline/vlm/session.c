/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the stages vlm and understand share.
 */
#include "pipeline/vlm/session.h"

#include <string.h>

struct DocaiVlmSession {
  const DocaiSettings *settings;
  GHashTable          *backends; /* name -> DocaiVlmBackend */
  DocaiModel          *detector; /* NULL: not open */
  DocaiReaders        *readers;
};

gpointer
docai_vlm_session_open (const DocaiSettings *settings, GError **error)
{
  DocaiVlmSession *session = g_new0 (DocaiVlmSession, 1);

  session->settings = settings;
  session->readers = docai_readers_new ();
  session->backends = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                             (GDestroyNotify) docai_vlm_backend_free);
  return session;
}

void
docai_vlm_session_close (gpointer data)
{
  DocaiVlmSession *session = data;

  g_hash_table_unref (session->backends);
  docai_model_close (session->detector);
  docai_readers_free (session->readers);
  g_free (session);
}

DocaiVlmBackend *
docai_vlm_session_lookup (DocaiVlmSession *session, const DocaiTask *task, DocaiDocument *document,
                          int page)
{
  const char        *name = task->options->vlm != NULL ? task->options->vlm : session->settings->vlm.backend;
  g_autoptr (GError) error = NULL;

  if (name == NULL || strcmp (name, "none") == 0)
    return NULL;
  DocaiVlmBackend *backend = g_hash_table_lookup (session->backends, name);
  if (backend != NULL)
    return backend;
  backend = docai_vlm_backend_open (name, &session->settings->vlm, &error);
  if (backend != NULL)
    g_hash_table_insert (session->backends, g_strdup (name), backend);
  else
    docai_document_warn (document, docai_error_name (docai_error_code_of (error)), page, "%s",
                         error->message);
  return backend;
}

DocaiReaders *
docai_vlm_session_peek_readers (DocaiVlmSession *session)
{
  return session->readers;
}

/* Opens the detector that the settings name. */
static DocaiModel *
open_detector (const char *dir, GError **error)
{
  g_autoptr (DocaiModel) model = docai_model_open (dir, NULL, error);

  if (model == NULL || docai_model_task (model) == DOCAI_MODEL_DETECTS)
    return g_steal_pointer (&model);
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED, "%s: %s finds no boxes", dir, docai_model_title (model));
  return NULL;
}

DocaiModel *
docai_vlm_session_lookup_detector (DocaiVlmSession *session, const DocaiTask *task, DocaiDocument *document, int page)
{
  const char        *dir = session->settings->vlm.detector_dir;
  g_autoptr (GError) error = NULL;

  if (dir == NULL || *dir == '\0' || g_strcmp0 (task->options->vlm, "none") == 0)
    return NULL;
  if (session->detector == NULL && (session->detector = open_detector (dir, &error)) == NULL)
    docai_document_warn (document, docai_error_name (docai_error_code_of (error)), page, "%s", error->message);
  return session->detector;
}

json_t *
docai_vlm_take_object (const DocaiVlmRequest *request, DocaiDocument *document, int page)
{
  if (request->error != NULL)
    {
      docai_document_warn (document, docai_error_name (docai_error_code_of (request->error)), page,
                           "%s", request->error->message);
      return NULL;
    }

  /* Models without enforced schemas wrap the object in prose or a code fence. */
  const char *open = strchr (request->answer, '{'), *close = strrchr (request->answer, '}');
  json_t     *object = open != NULL && close > open
                           ? json_loadb (open, (size_t) (close - open + 1), 0, NULL)
                           : NULL;
  if (object == NULL)
    docai_document_warn (document, docai_error_name (DOCAI_ERROR_VLM_GARBAGE), page,
                         "the model's answer is not the JSON that was asked for");
  return object;
}

void
docai_vlm_warn_missing (DocaiDocument *document, int page, const char *where,
                        const GPtrArray *missing)
{
  for (guint i = 0; i < missing->len; i++)
    docai_document_warn (document, "ungrounded", page, "%s: \"%s\" does not stand on the page",
                         where, (const char *) missing->pdata[i]);
}

char *
docai_vlm_page_text (const DocaiPage *page, gsize max_bytes)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < page->regions->len && text->len <= max_bytes; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      if (region->text != NULL && *region->text != '\0')
        g_string_append_printf (text, "%s\n", region->text);
    }
  if (text->len > max_bytes)
    {
      const char *end = g_utf8_find_prev_char (text->str, text->str + max_bytes + 1);
      g_string_truncate (text, end != NULL ? (gsize) (end - text->str) : 0);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
