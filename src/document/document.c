/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Making the model's structures, and small services on them.
 */
#include "document/document.h"

#include "document/type.h"

#include <config.h>

#define SCHEMA_NAME "docai/1"

/* ---- making ------------------------------------------------------------- */

DocaiFont *
docai_font_new (void)
{
  return docai_type_new (&docai_font_type);
}

DocaiWord *
docai_word_new (const char *text, DocaiBox bbox, double confidence)
{
  DocaiWord *word = docai_type_new (&docai_word_type);
  word->text = g_strdup (text);
  word->bbox = bbox;
  word->confidence = confidence;
  return word;
}

DocaiLine *
docai_line_new (void)
{
  return docai_type_new (&docai_line_type);
}

DocaiCell *
docai_cell_new (int row, int column, int row_span, int column_span)
{
  DocaiCell *cell = docai_type_new (&docai_cell_type);
  cell->row = row;
  cell->column = column;
  cell->row_span = row_span;
  cell->column_span = column_span;
  return cell;
}

DocaiTable *
docai_table_new (int rows, int columns)
{
  DocaiTable *table = docai_type_new (&docai_table_type);
  table->rows = rows;
  table->columns = columns;
  return table;
}

DocaiChart *
docai_chart_new (void)
{
  return docai_type_new (&docai_chart_type);
}

DocaiChartSeries *
docai_chart_series_new (const char *name)
{
  DocaiChartSeries *series = docai_type_new (&docai_series_type);
  series->name = g_strdup (name);
  return series;
}

DocaiChartPoint *
docai_chart_point_new (const char *label, double value)
{
  DocaiChartPoint *point = docai_type_new (&docai_point_type);
  point->label = g_strdup (label);
  point->value = value;
  return point;
}

DocaiPicture *
docai_picture_new (void)
{
  return docai_type_new (&docai_picture_type);
}

DocaiRegion *
docai_region_new (DocaiLabel label, DocaiBox bbox, double confidence)
{
  DocaiRegion *region = docai_type_new (&docai_region_type);
  region->label = label;
  region->bbox = bbox;
  region->confidence = confidence;
  return region;
}

DocaiRuling *
docai_ruling_new (DocaiBox bbox)
{
  DocaiRuling *ruling = docai_type_new (&docai_ruling_type);
  ruling->bbox = bbox;
  return ruling;
}

DocaiPlacedImage *
docai_placed_image_new (DocaiBox bbox)
{
  DocaiPlacedImage *image = docai_type_new (&docai_placed_image_type);
  image->bbox = bbox;
  return image;
}

DocaiLink *
docai_link_new (DocaiBox bbox, const char *uri, int target)
{
  DocaiLink *link = docai_type_new (&docai_link_type);
  link->bbox = bbox;
  link->uri = g_strdup (uri);
  link->target = target;
  return link;
}

DocaiDocumentType *
docai_document_type_new (const char *label)
{
  DocaiDocumentType *type = docai_type_new (&docai_document_type_type);
  type->label = g_strdup (label);
  return type;
}

DocaiPage *
docai_page_new (int number, double width, double height)
{
  DocaiPage *page = docai_type_new (&docai_page_type);
  page->number = number;
  page->width = width;
  page->height = height;
  return page;
}

DocaiField *
docai_field_new (const char *name, DocaiFieldKind kind, const char *value, const char *content)
{
  DocaiField *field = docai_type_new (&docai_field_type);
  field->name = g_strdup (name);
  field->kind = kind;
  field->value = g_strdup (value);
  field->content = g_strdup (content);
  return field;
}

DocaiItem *
docai_item_new (void)
{
  return docai_type_new (&docai_item_type);
}

DocaiEvidence *
docai_evidence_new (int page, DocaiBox bbox, const char *text)
{
  DocaiEvidence *evidence = docai_type_new (&docai_evidence_type);
  evidence->page = page;
  evidence->bbox = bbox;
  evidence->text = g_strdup (text);
  return evidence;
}

DocaiAnswer *
docai_answer_new (const char *question)
{
  DocaiAnswer *answer = docai_type_new (&docai_answer_type);
  answer->question = g_strdup (question);
  return answer;
}

DocaiSummary *
docai_summary_new (void)
{
  return docai_type_new (&docai_summary_type);
}

DocaiMetadata *
docai_metadata_new (void)
{
  return docai_type_new (&docai_metadata_type);
}

DocaiAttachment *
docai_attachment_new (const char *name)
{
  DocaiAttachment *attachment = docai_type_new (&docai_attachment_type);
  attachment->name = g_strdup (name);
  return attachment;
}

DocaiOutlineItem *
docai_outline_item_new (int level, const char *title, int page)
{
  DocaiOutlineItem *item = docai_type_new (&docai_outline_item_type);
  item->level = level;
  item->title = g_strdup (title);
  item->page = page;
  return item;
}

DocaiDocument *
docai_document_new (void)
{
  DocaiDocument *document = docai_type_new (&docai_document_type);
  document->schema = g_strdup (SCHEMA_NAME);
  document->source = docai_type_new (&docai_source_type);
  document->provenance = docai_type_new (&docai_provenance_type);
  document->provenance->docai = g_strdup (PACKAGE_VERSION);
  return document;
}

DocaiDocument *
docai_document_new_failed (const char *job, const char *source_name, gint64 bytes,
                           const char *code, const char *text)
{
  DocaiDocument *document = docai_document_new ();
  document->job = g_strdup (job);
  document->status = DOCAI_STATUS_FAILED;
  document->error = docai_type_new (&docai_failure_type);
  document->error->code = g_strdup (code);
  document->error->text = g_strdup (text);
  document->source->name = g_strdup (source_name);
  document->source->bytes = bytes;
  docai_type_normalize (&docai_document_type, document);
  return document;
}

/* ---- freeing ------------------------------------------------------------ */

void docai_word_free (DocaiWord *word) { docai_type_free (&docai_word_type, word); }
void docai_line_free (DocaiLine *line) { docai_type_free (&docai_line_type, line); }
void docai_cell_free (DocaiCell *cell) { docai_type_free (&docai_cell_type, cell); }
void docai_table_free (DocaiTable *table) { docai_type_free (&docai_table_type, table); }
void docai_chart_free (DocaiChart *chart) { docai_type_free (&docai_chart_type, chart); }
void docai_picture_free (DocaiPicture *picture) { docai_type_free (&docai_picture_type, picture); }
void docai_region_free (DocaiRegion *region) { docai_type_free (&docai_region_type, region); }
void docai_page_free (DocaiPage *page) { docai_type_free (&docai_page_type, page); }
void docai_document_type_free (DocaiDocumentType *type) { docai_type_free (&docai_document_type_type, type); }
void docai_field_free (DocaiField *field) { docai_type_free (&docai_field_type, field); }
void docai_item_free (DocaiItem *item) { docai_type_free (&docai_item_type, item); }
void docai_answer_free (DocaiAnswer *answer) { docai_type_free (&docai_answer_type, answer); }

void
docai_document_free (DocaiDocument *document)
{
  docai_type_free (&docai_document_type, document);
}

void
docai_page_drop_raster (DocaiPage *page)
{
  if (page->raster != NULL)
    page->raster_destroy (&page->raster);
  page->raster = NULL;
}

/* ---- labels ------------------------------------------------------------- */

static const char *const *
label_names (void)
{
  for (const DocaiMember *m = docai_region_type.members; m->name != NULL; m++)
    if (m->kind == DOCAI_MEMBER_ENUM)
      return m->names;
  g_assert_not_reached ();
}

const char *
docai_label_name (DocaiLabel label)
{
  g_return_val_if_fail ((unsigned) label < DOCAI_LABEL_COUNT, "text");
  return label_names ()[label];
}

gboolean
docai_label_lookup (const char *name, DocaiLabel *label)
{
  const char *const *names = label_names ();

  for (int i = 0; names[i] != NULL; i++)
    if (g_strcmp0 (names[i], name) == 0)
      {
        *label = (DocaiLabel) i;
        return TRUE;
      }
  return FALSE;
}

/* ---- services ----------------------------------------------------------- */

void
docai_line_update (DocaiLine *line)
{
  if (line->words->len == 0)
    return;

  g_autoptr (GString) text = g_string_new (NULL);
  DocaiBox            box = { 0 };
  for (guint i = 0; i < line->words->len; i++)
    {
      const DocaiWord *word = line->words->pdata[i];
      if (i > 0)
        g_string_append_c (text, ' ');
      g_string_append (text, word->text != NULL ? word->text : "");
      box = docai_box_union (box, word->bbox);
    }
  g_free (line->text);
  line->text = g_strdup (text->str);
  if (!docai_box_is_empty (box))
    line->bbox = box;
}

void
docai_region_update_text (DocaiRegion *region)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < region->lines->len; i++)
    {
      const DocaiLine *line = region->lines->pdata[i];
      if (line->text == NULL || *line->text == '\0')
        continue;
      if (text->len > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, line->text);
    }
  g_free (region->text);
  region->text = g_strdup (text->str);
}

DocaiPage *
docai_document_peek_page (const DocaiDocument *document, int number)
{
  for (guint i = 0; i < document->pages->len; i++)
    {
      DocaiPage *page = document->pages->pdata[i];
      if (page->number == number)
        return page;
    }
  return NULL;
}

DocaiField *
docai_fields_lookup (const GPtrArray *fields, const char *name)
{
  for (guint i = 0; i < fields->len; i++)
    {
      DocaiField *field = fields->pdata[i];
      if (g_strcmp0 (field->name, name) == 0)
        return field;
    }
  return NULL;
}

void
docai_document_warn (DocaiDocument *document, const char *code, int page, const char *format, ...)
{
  DocaiWarning *warning = docai_type_new (&docai_warning_type);
  va_list       arguments;

  va_start (arguments, format);
  warning->text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  warning->code = g_strdup (code);
  warning->page = page;
  g_ptr_array_add (document->warnings, warning);
}

void
docai_document_record_stage (DocaiDocument *document, const char *stage, const char *engine,
                             const char *model)
{
  GPtrArray *stages = document->provenance->stages;

  for (guint i = 0; i < stages->len; i++)
    {
      const DocaiStageRecord *record = stages->pdata[i];
      if (g_strcmp0 (record->stage, stage) == 0 && g_strcmp0 (record->engine, engine) == 0
          && g_strcmp0 (record->model, model) == 0)
        return;
    }

  DocaiStageRecord *record = docai_type_new (&docai_stage_record_type);
  record->stage = g_strdup (stage);
  record->engine = g_strdup (engine);
  record->model = g_strdup (model);
  g_ptr_array_add (stages, record);
}

void
docai_page_drop_working_data (DocaiPage *page)
{
  docai_page_drop_raster (page);
  g_ptr_array_set_size (page->words, 0);
  g_ptr_array_set_size (page->rulings, 0);
  g_ptr_array_set_size (page->images, 0);
  page->scanned = FALSE;
  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      for (guint j = 0; j < region->lines->len; j++)
        {
          DocaiLine *line = region->lines->pdata[j];
          line->baseline = line->baseline_slope = 0;
          line->x_height = line->ascender = line->descender = 0;
        }
    }
}
