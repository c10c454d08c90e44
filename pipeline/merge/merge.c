/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The last stage: pages in order, ids given, working data dropped, the status
 * told, and the whole checked against what the schemas promise.
 */
#include "pipeline/stage.h"

#include <stdlib.h>
#include <string.h>

static int
compare_pages (gconstpointer a, gconstpointer b)
{
  const DocaiPage *left = *(const DocaiPage *const *) a, *right = *(const DocaiPage *const *) b;
  return left->number - right->number;
}

static int
compare_warnings (gconstpointer a, gconstpointer b)
{
  const DocaiWarning *left = *(const DocaiWarning *const *) a;
  const DocaiWarning *right = *(const DocaiWarning *const *) b;
  int by_code = g_strcmp0 (left->code, right->code);

  if (left->page != right->page)
    return left->page - right->page;
  return by_code != 0 ? by_code : g_strcmp0 (left->text, right->text);
}

static int
compare_records (gconstpointer a, gconstpointer b)
{
  static const char *const order[] = { "probe", "rasterize", "layout", "ocr", "table",
                                       "vlm", "extract", "understand", "merge", NULL };
  const DocaiStageRecord *left = *(const DocaiStageRecord *const *) a;
  const DocaiStageRecord *right = *(const DocaiStageRecord *const *) b;
  int rank[2] = { 0, 0 };

  for (int i = 0; order[i] != NULL; i++)
    {
      rank[0] = strcmp (order[i], left->stage) == 0 ? i : rank[0];
      rank[1] = strcmp (order[i], right->stage) == 0 ? i : rank[1];
    }
  if (rank[0] != rank[1])
    return rank[0] - rank[1];
  int by_engine = g_strcmp0 (left->engine, right->engine);
  return by_engine != 0 ? by_engine : g_strcmp0 (left->model, right->model);
}

/* Fonts that no word names are of no use to a reader. */
static void
drop_unused_fonts (DocaiPage *page)
{
  g_autoptr (GHashTable) used = g_hash_table_new (NULL, NULL);

  for (guint r = 0; r < page->regions->len; r++)
    {
      const DocaiRegion *region = page->regions->pdata[r];
      for (guint l = 0; l < region->lines->len; l++)
        {
          const DocaiLine *line = region->lines->pdata[l];
          for (guint w = 0; w < line->words->len; w++)
            g_hash_table_add (used, GINT_TO_POINTER (((DocaiWord *) line->words->pdata[w])->font));
        }
    }
  for (guint i = page->fonts->len; i-- > 0;)
    if (!g_hash_table_contains (used, GINT_TO_POINTER (((DocaiFont *) page->fonts->pdata[i])->id)))
      g_ptr_array_remove_index (page->fonts, i);
}

static void
clip_boxes (DocaiPage *page)
{
  double width = page->width, height = page->height;

  for (guint r = 0; r < page->regions->len; r++)
    {
      DocaiRegion *region = page->regions->pdata[r];
      region->bbox = docai_box_clip (region->bbox, width, height);
      for (guint l = 0; l < region->lines->len; l++)
        {
          DocaiLine *line = region->lines->pdata[l];
          line->bbox = docai_box_clip (line->bbox, width, height);
          for (guint w = 0; w < line->words->len; w++)
            {
              DocaiWord *word = line->words->pdata[w];
              word->bbox = docai_box_clip (word->bbox, width, height);
            }
        }
      for (guint c = 0; region->table != NULL && c < region->table->cells->len; c++)
        {
          DocaiCell *cell = region->table->cells->pdata[c];
          cell->bbox = docai_box_clip (cell->bbox, width, height);
        }
    }
}

static void
finish_page (DocaiPage *page, const DocaiOptions *options)
{
  for (guint i = 0; i < page->regions->len; i++)
    {
      DocaiRegion *region = page->regions->pdata[i];
      g_free (region->id);
      region->id = g_strdup_printf ("p%d.r%u", page->number, i + 1);
      docai_region_update_text (region);
    }
  docai_page_drop_working_data (page);
  drop_unused_fonts (page);
  clip_boxes (page);
  if (page->language == NULL || *page->language == '\0')
    {
      g_free (page->language);
      page->language
        = g_strdup (strcmp (options->languages, "auto") == 0 ? "und" : options->languages);
    }
}

/* A table's cells must lie in its grid and not on one another. */
static gboolean
check_table (const DocaiTable *table, const char *id, GError **error)
{
  gsize               size = (gsize) MAX (table->rows, 0) * (gsize) MAX (table->columns, 0);
  g_autofree guint8  *taken = g_try_malloc0 (MAX (size, 1));
  gboolean            ok = taken != NULL;

  for (guint i = 0; ok && i < table->cells->len; i++)
    {
      const DocaiCell *cell = table->cells->pdata[i];
      ok = cell->row >= 0 && cell->column >= 0 && cell->row_span >= 1 && cell->column_span >= 1
           && cell->row_span <= table->rows - cell->row
           && cell->column_span <= table->columns - cell->column;
      for (int r = cell->row; ok && r < cell->row + cell->row_span; r++)
        for (int c = cell->column; ok && c < cell->column + cell->column_span; c++)
          {
            guint8 *place = &taken[(gsize) r * (gsize) table->columns + (gsize) c];
            ok = *place == 0;
            *place = 1;
          }
    }
  if (!ok)
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_RESULT_INVALID,
                 "region %s: the table's cells overlap or leave its grid", id);
  return ok;
}

static gboolean
check_document (const DocaiDocument *document, GError **error)
{
  for (guint p = 0; p < document->pages->len; p++)
    {
      const DocaiPage *page = document->pages->pdata[p];
      for (guint r = 0; r < page->regions->len; r++)
        {
          const DocaiRegion *region = page->regions->pdata[r];
          if (region->table != NULL && !check_table (region->table, region->id, error))
            return FALSE;
        }
    }
  return TRUE;
}

static gboolean
run_merge (gpointer engine, const DocaiTask *task, DocaiDocument *document, DocaiPage *page,
           GError **error)
{
  g_ptr_array_sort (document->pages, compare_pages);
  g_ptr_array_sort (document->warnings, compare_warnings);
  g_ptr_array_sort (document->provenance->stages, compare_records);
  for (guint i = 0; i < document->pages->len; i++)
    finish_page (document->pages->pdata[i], task->options);
  return check_document (document, error);
}

const DocaiStage docai_merge_stage = {
  .name = "merge",
  .scope = DOCAI_SCOPE_DOCUMENT,
  .run = run_merge,
};
