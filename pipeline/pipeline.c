/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The graph of stages as a table, and running parts of it in this process.
 */
#include "pipeline/pipeline.h"

#include "document/type.h"

#include <string.h>

/* In the order in which they run. */
static const DocaiStage *const stages[] = {
  &docai_probe_stage,
  &docai_rasterize_stage,
  &docai_layout_stage,
  &docai_ocr_stage,
  &docai_table_stage,
  &docai_vlm_stage,
  &docai_extract_stage,
  &docai_understand_stage,
  &docai_merge_stage,
  NULL
};

struct DocaiPipeline {
  const DocaiSettings *settings;
  gpointer             engines[G_N_ELEMENTS (stages)];
  gboolean             is_open[G_N_ELEMENTS (stages)];
};

const DocaiStage *const *
docai_pipeline_stages (void)
{
  return stages;
}

DocaiPipeline *
docai_pipeline_new (const DocaiSettings *settings)
{
  DocaiPipeline *pipeline = g_new0 (DocaiPipeline, 1);

  pipeline->settings = settings;
  return pipeline;
}

void
docai_pipeline_free (DocaiPipeline *pipeline)
{
  if (pipeline == NULL)
    return;
  for (int i = 0; stages[i] != NULL; i++)
    if (pipeline->is_open[i] && stages[i]->close != NULL)
      stages[i]->close (pipeline->engines[i]);
  g_free (pipeline);
}

static gboolean
run_stage (DocaiPipeline *pipeline, int i, const DocaiTask *task, DocaiDocument *document,
           DocaiPage *page, GError **error)
{
  const DocaiStage *stage = stages[i];

  if (!pipeline->is_open[i])
    {
      GError *trouble = NULL;
      if (stage->open != NULL)
        pipeline->engines[i] = stage->open (pipeline->settings, &trouble);
      if (trouble != NULL)
        {
          g_propagate_prefixed_error (error, trouble, "%s: ", stage->name);
          return FALSE;
        }
      pipeline->is_open[i] = TRUE;
    }
  if (!stage->run (pipeline->engines[i], task, document, page, error))
    {
      g_prefix_error (error, "%s: ", stage->name);
      return FALSE;
    }
  docai_type_normalize (&docai_document_type, document);
  return TRUE;
}

/* Runs the stages of one scope, from the one named `first` to the one named `last`. */
static gboolean
run_scope (DocaiPipeline *pipeline, DocaiScope scope, const char *first, const char *last,
           const DocaiTask *task, DocaiDocument *document, DocaiPage *page, GError **error)
{
  gboolean started = first == NULL;

  for (int i = 0; stages[i] != NULL; i++)
    {
      if (stages[i]->scope != scope)
        continue;
      started = started || strcmp (stages[i]->name, first) == 0;
      if (started && !run_stage (pipeline, i, task, document, page, error))
        return FALSE;
      if (last != NULL && strcmp (stages[i]->name, last) == 0)
        break;
    }
  return TRUE;
}

DocaiDocument *
docai_pipeline_probe (DocaiPipeline *pipeline, const DocaiTask *task, GError **error)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();

  document->source->name = g_strdup (task->source_name);
  if (!run_scope (pipeline, DOCAI_SCOPE_SOURCE, NULL, NULL, task, document, NULL, error))
    return NULL;
  return g_steal_pointer (&document);
}

DocaiDocument *
docai_pipeline_page_document (int number)
{
  DocaiDocument *document = docai_document_new ();

  g_ptr_array_add (document->pages, docai_page_new (number, 0, 0));
  return document;
}

gboolean
docai_pipeline_run_page (DocaiPipeline *pipeline, const DocaiTask *task, DocaiDocument *document,
                         const char *first, const char *last, GError **error)
{
  g_return_val_if_fail (document->pages->len == 1, FALSE);

  DocaiPage *page = document->pages->pdata[0];
  if (run_scope (pipeline, DOCAI_SCOPE_PAGE, first, last, task, document, page, error))
    return TRUE;
  g_prefix_error (error, "page %d: ", page->number);
  return FALSE;
}

static void
move_all (GPtrArray *to, GPtrArray *from)
{
  g_ptr_array_extend_and_steal (to, g_ptr_array_ref (from));
}

void
docai_pipeline_join (DocaiDocument *whole, DocaiDocument *part)
{
  for (guint i = 0; i < part->provenance->stages->len; i++)
    {
      const DocaiStageRecord *record = part->provenance->stages->pdata[i];
      docai_document_record_stage (whole, record->stage, record->engine, record->model);
    }
  move_all (whole->pages, part->pages);
  move_all (whole->warnings, part->warnings);
  docai_document_free (part);
}

gboolean
docai_pipeline_run_document (DocaiPipeline *pipeline, const DocaiTask *task,
                             DocaiDocument *document, GError **error)
{
  return run_scope (pipeline, DOCAI_SCOPE_DOCUMENT, NULL, NULL, task, document, NULL, error);
}

void
docai_pipeline_mark_page (DocaiDocument *document, int number, const GError *error)
{
  if (docai_document_peek_page (document, number) == NULL)
    g_ptr_array_add (document->pages, docai_page_new (number, 0, 0));
  docai_document_warn (document, docai_error_name (docai_error_code_of (error)), number, "%s",
                       error->message);
  document->status = DOCAI_STATUS_PARTIAL;
}

DocaiDocument *
docai_pipeline_run (DocaiPipeline *pipeline, const DocaiTask *task, GError **error)
{
  g_autoptr (DocaiDocument) document = docai_pipeline_probe (pipeline, task, error);
  if (document == NULL)
    return NULL;

  int                  n_pages = document->source->pages;
  g_autofree gboolean *wanted = docai_page_range_parse (task->options->pages, n_pages, error);
  if (wanted == NULL)
    return NULL;

  g_autoptr (GError) first_trouble = NULL;
  int                n_read = 0;
  for (int number = 1; number <= n_pages; number++)
    {
      g_autoptr (GError) trouble = NULL;
      if (!wanted[number - 1])
        continue;
      DocaiDocument *part = docai_pipeline_page_document (number);
      if (docai_pipeline_run_page (pipeline, task, part, NULL, NULL, &trouble))
        {
          docai_page_drop_raster (part->pages->pdata[0]);
          docai_pipeline_join (document, part);
          n_read++;
          continue;
        }
      docai_document_free (part);
      DocaiErrorClass klass = docai_error_class (docai_error_code_of (trouble));
      if (klass == DOCAI_CLASS_DOCUMENT || klass == DOCAI_CLASS_SETUP)
        {
          g_propagate_error (error, g_steal_pointer (&trouble));
          return NULL;
        }
      docai_pipeline_mark_page (document, number, trouble);
      if (first_trouble == NULL)
        first_trouble = g_steal_pointer (&trouble);
    }
  if (n_read == 0)
    {
      g_propagate_error (error, g_steal_pointer (&first_trouble));
      return NULL;
    }
  if (!docai_pipeline_run_document (pipeline, task, document, error))
    return NULL;
  return g_steal_pointer (&document);
}
