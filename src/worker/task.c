/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Doing tasks: files in, pipeline, files out. A task is a pure function of the
 * job's files and options, so it may be done again by anybody.
 */
#include "worker/worker.h"

#include "base/graph.h"
#include "base/spool.h"
#include "document/json.h"
#include "document/xml.h"
#include "pipeline/pipeline.h"
#include "pipeline/raster.h"

#include <string.h>

struct Tasks {
  const DocaiConf *config;
  DocaiPipeline     *pipeline;
  Files             *files;
};

Tasks *
tasks_new (const WorkerOptions *options, const DocaiConf *config, const char *scratch, Link *link)
{
  Tasks *tasks = g_new0 (Tasks, 1);
  tasks->config = config;
  tasks->pipeline = docai_pipeline_new (config->settings);
  tasks->files = files_new (options->spool, scratch, link);
  return tasks;
}

void
tasks_free (Tasks *tasks)
{
  if (tasks == NULL)
    return;
  docai_pipeline_free (tasks->pipeline);
  files_free (tasks->files);
  g_free (tasks);
}

/* ---- documents in the spool ---- */

static DocaiDocument *
load_document (Tasks *tasks, const char *name, GError **error)
{
  g_autofree char *path = files_get (tasks->files, name, error);
  g_autofree char *text = NULL;
  gsize length;
  g_autoptr (GError) problem = NULL;

  if (path == NULL)
    return NULL;
  if (!g_file_get_contents (path, &text, &length, &problem))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_INTERNAL, "%s", problem->message);
      return NULL;
    }
  return docai_document_from_json (text, length, error);
}

static gboolean
save_json (Tasks *tasks, const char *name, const DocaiDocument *document, gsize *length,
           GError **error)
{
  g_autofree char *text = docai_document_to_json (document, FALSE, length);
  return files_put (tasks->files, name, text, *length, error);
}

/* ---- the three scopes ---- */

static gboolean
do_source (Tasks *tasks, const DocaiTask *task, DocaiMessage *done, GError **error)
{
  g_autoptr (DocaiDocument) document = docai_pipeline_probe (tasks->pipeline, task, error);
  gsize length;

  if (document == NULL || !save_json (tasks, DOCAI_SPOOL_PROBE, document, &length, error))
    return FALSE;
  json_object_set_new (done->header, "pages", json_integer (document->source->pages));
  if (document->source->media_type != NULL)
    json_object_set_new (done->header, "media_type", json_string (document->source->media_type));
  return TRUE;
}

/* The page as earlier stages, on another worker, left it. */
static DocaiDocument *
load_page (Tasks *tasks, int number, GError **error)
{
  g_autofree char *name = docai_spool_page_name (number, "json");
  g_autofree char *picture = docai_spool_page_name (number, "pix");
  g_autoptr (DocaiDocument) document = load_document (tasks, name, error);

  if (document == NULL)
    return NULL;
  if (document->pages->len != 1)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_RESULT_INVALID, "%s holds no page", name);
      return NULL;
    }
  g_autofree char *path = files_get (tasks->files, picture, NULL);
  if (path != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
    {
      struct Pix *raster = raster_load (path, error);
      if (raster == NULL)
        return NULL;
      docai_page_take_raster (document->pages->pdata[0], raster);
    }
  return g_steal_pointer (&document);
}

/* Whether page stages are left for others after this one. */
static gboolean
is_last_stage (const char *name)
{
  guint32 later = docai_graph_scope_set (DOCAI_GRAPH_PAGE) & ~((docai_graph_bit (name) << 1) - 1);
  return later == 0;
}

static gboolean
do_page (Tasks *tasks, const DocaiTask *task, const DocaiMessage *message, GError **error)
{
  int number = (int) docai_message_int (message, "page", 1);
  const char *last = docai_message_string (message, "last");
  g_autofree char *name = docai_spool_page_name (number, "json");
  g_autofree char *picture = docai_spool_page_name (number, "pix");
  gboolean continues = docai_message_bool (message, "continues");
  g_autoptr (DocaiDocument) document
    = continues ? load_page (tasks, number, error) : docai_pipeline_page_document (number);
  gsize length;

  if (document == NULL
      || !docai_pipeline_run_page (tasks->pipeline, task, document,
                                   docai_message_string (message, "first"), last, error))
    return FALSE;
  DocaiPage *page = document->pages->pdata[0];
  if (page->raster != NULL && last != NULL && !is_last_stage (last)
      && !raster_save (tasks->files, picture, page->raster, error))
    return FALSE;
  docai_page_drop_raster (page);
  return save_json (tasks, name, document, &length, error);
}

/* The error of a page that was given up; NULL when it was not. */
static GError *
find_failed (const json_t *failed, int number)
{
  size_t i;
  json_t *entry;

  json_array_foreach (failed, i, entry)
    {
      if (json_integer_value (json_object_get (entry, "page")) != number)
        continue;
      const char *name = json_string_value (json_object_get (entry, "code"));
      const char *text = json_string_value (json_object_get (entry, "text"));
      DocaiErrorCode code = DOCAI_ERROR_INTERNAL;
      if (name != NULL)
        docai_error_lookup (name, &code);
      return g_error_new_literal (DOCAI_ERROR, (int) code,
                                  text != NULL ? text : docai_error_sentence (code));
    }
  return NULL;
}

static gboolean
join_pages (Tasks *tasks, DocaiDocument *whole, const DocaiMessage *message, GError **error)
{
  size_t i;
  json_t *entry;

  json_array_foreach (docai_message_peek (message, "pages"), i, entry)
    {
      int number = (int) json_integer_value (entry);
      g_autoptr (GError) failed = find_failed (docai_message_peek (message, "failed"), number);
      if (failed != NULL)
        {
          docai_pipeline_mark_page (whole, number, failed);
          continue;
        }
      g_autofree char *name = docai_spool_page_name (number, "json");
      DocaiDocument *part = load_document (tasks, name, error);
      if (part == NULL)
        return FALSE;
      docai_pipeline_join (whole, part);
    }
  return TRUE;
}

static gboolean
do_document (Tasks *tasks, const DocaiTask *task, const DocaiMessage *message, DocaiMessage *done,
             GError **error)
{
  g_autoptr (DocaiDocument) whole = load_document (tasks, DOCAI_SPOOL_PROBE, error);
  gsize json_length, xml_length;

  if (whole == NULL || !join_pages (tasks, whole, message, error))
    return FALSE;
  g_free (whole->job);
  whole->job = g_strdup (docai_message_string (message, "job"));
  if (!docai_pipeline_run_document (tasks->pipeline, task, whole, error))
    return FALSE;
  g_autofree char *xml = docai_document_to_xml (whole, &xml_length);
  if (!files_put (tasks->files, DOCAI_SPOOL_XML, xml, xml_length, error)
      || !save_json (tasks, DOCAI_SPOOL_JSON, whole, &json_length, error))
    return FALSE;
  const char *status = whole->status == DOCAI_STATUS_COMPLETE ? "complete" : "partial";
  json_object_set_new (done->header, "status", json_string (status));
  json_object_set_new (done->header, "json_bytes", json_integer ((json_int_t) json_length));
  json_object_set_new (done->header, "xml_bytes", json_integer ((json_int_t) xml_length));
  return TRUE;
}

static gboolean
run_scope (Tasks *tasks, const DocaiMessage *message, DocaiMessage *done, DocaiCounts *counts, GError **error)
{
  const char *scope = docai_message_string (message, "scope");
  g_autoptr (DocaiOptions) options = docai_options_new ();

  if (!docai_options_apply_json (options, docai_message_peek (message, "options"), error)
      || !files_enter (tasks->files, message, error))
    return FALSE;
  g_autofree char *source = files_get (tasks->files, DOCAI_SPOOL_SOURCE, error);
  if (source == NULL)
    return FALSE;
  DocaiTask task = {
    .source_path = source,
    .source_name = docai_message_string (message, "name"),
    .options = options,
    .settings = tasks->config->settings,
    .counts = counts,
  };
  if (strcmp (scope, "source") == 0)
    return do_source (tasks, &task, done, error);
  if (strcmp (scope, "page") == 0)
    return do_page (tasks, &task, message, error);
  return do_document (tasks, &task, message, done, error);
}

DocaiMessage *
tasks_run (Tasks *tasks, const DocaiMessage *task)
{
  gint64 started = g_get_monotonic_time ();
  json_int_t lease = (json_int_t) docai_message_int (task, "task", 0);
  g_autoptr (DocaiMessage) done = docai_message_pack (DOCAI_MSG_DONE, "{s:I}", "task", lease);
  g_autoptr (GError) error = NULL;
  DocaiCounts counts = { 0 };

  if (run_scope (tasks, task, done, &counts, &error))
    {
      if (docai_counts_any (&counts))
        json_object_set_new (done->header, "vision", docai_counts_to_json (&counts));
      json_object_set_new (done->header, "ms",
                           json_integer ((g_get_monotonic_time () - started) / 1000));
      return g_steal_pointer (&done);
    }
  g_autofree char *text = g_utf8_make_valid (error->message, (gssize) MIN (strlen (error->message), 1300));
  return docai_message_pack (DOCAI_MSG_FAILED, "{s:I, s:s, s:s}", "task", lease, "code",
                             docai_error_name (docai_error_code_of (error)), "text", text);
}
