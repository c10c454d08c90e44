/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tables of the model's members, and what walks them without reading or
 * writing a format: making, freeing, normalising.
 */
#include "document/type.h"

#include "document/text.h"

#include <math.h>

#define OPT DOCAI_MEMBER_OPTIONAL
#define TXT DOCAI_MEMBER_TEXT
#define AT(s, member) offsetof (s, member)
#define STRING(s, m, flags) { #m, DOCAI_MEMBER_STRING, flags, AT (s, m), NULL, NULL }
#define INT(s, m, flags) { #m, DOCAI_MEMBER_INT, flags, AT (s, m), NULL, NULL }
#define INT64(s, m, flags) { #m, DOCAI_MEMBER_INT64, flags, AT (s, m), NULL, NULL }
#define NUMBER(s, m, flags) { #m, DOCAI_MEMBER_NUMBER, flags, AT (s, m), NULL, NULL }
#define VALUE(s, m, flags) { #m, DOCAI_MEMBER_VALUE, flags, AT (s, m), NULL, NULL }
#define CONFIDENCE(s, m, flags) { #m, DOCAI_MEMBER_CONFIDENCE, flags, AT (s, m), NULL, NULL }
#define BOOL(s, m, flags) { #m, DOCAI_MEMBER_BOOL, flags, AT (s, m), NULL, NULL }
#define ENUM(s, m, flags, names) { #m, DOCAI_MEMBER_ENUM, flags, AT (s, m), NULL, names }
#define BOX(s, m, flags) { #m, DOCAI_MEMBER_BOX, flags, AT (s, m), NULL, NULL }
#define OBJECT(s, m, flags, type) { #m, DOCAI_MEMBER_OBJECT, flags, AT (s, m), &type, NULL }
#define LIST(s, m, flags, type) { #m, DOCAI_MEMBER_LIST, flags, AT (s, m), &type, NULL }
#define FIELDS(s, m, flags) \
  { #m, DOCAI_MEMBER_FIELDS, flags, AT (s, m), &docai_field_type, NULL }
#define END { NULL, 0, 0, 0, NULL, NULL }

#define TYPE(name, element, s, ...) \
  static const DocaiMember name##_members[] = { __VA_ARGS__, END }; \
  static void              name##_destroy (gpointer object); \
  const DocaiType docai_##name##_type = { element, sizeof (s), name##_members, name##_destroy }; \
  static void name##_destroy (gpointer object) { docai_type_free (&docai_##name##_type, object); }

static const char *const label_names[] = {
  "caption", "footnote", "formula", "list_item", "page_footer", "page_header", "picture",
  "section_header", "table", "text", "title", "code", "form", "checkbox_selected",
  "checkbox_unselected", "signature", "stamp", "barcode", "handwriting", NULL
};
G_STATIC_ASSERT (G_N_ELEMENTS (label_names) == DOCAI_LABEL_COUNT + 1);

static const char *const text_source_names[] = { "none", "pdf", "ocr", "mixed", NULL };
static const char *const status_names[] = { "complete", "partial", "failed", NULL };
static const char *const kind_names[] = { "string", "date", "amount", "address", NULL };

TYPE (font, "font", DocaiFont, INT (DocaiFont, id, 0), STRING (DocaiFont, name, 0),
            NUMBER (DocaiFont, size, 0), BOOL (DocaiFont, bold, OPT), BOOL (DocaiFont, italic, OPT))

TYPE (word, "word", DocaiWord, STRING (DocaiWord, text, TXT), BOX (DocaiWord, bbox, 0),
            CONFIDENCE (DocaiWord, confidence, 0), INT (DocaiWord, font, OPT))

TYPE (line, "line", DocaiLine, BOX (DocaiLine, bbox, 0), STRING (DocaiLine, text, TXT),
            NUMBER (DocaiLine, baseline, OPT), VALUE (DocaiLine, baseline_slope, OPT),
            NUMBER (DocaiLine, x_height, OPT), NUMBER (DocaiLine, ascender, OPT),
            NUMBER (DocaiLine, descender, OPT), LIST (DocaiLine, words, 0, docai_word_type))

TYPE (cell, "cell", DocaiCell, INT (DocaiCell, row, 0), INT (DocaiCell, column, 0),
            INT (DocaiCell, row_span, 0), INT (DocaiCell, column_span, 0),
            BOOL (DocaiCell, header, 0), BOX (DocaiCell, bbox, 0), STRING (DocaiCell, text, TXT))

TYPE (table, "table", DocaiTable, INT (DocaiTable, rows, 0), INT (DocaiTable, columns, 0),
            LIST (DocaiTable, cells, 0, docai_cell_type))

TYPE (point, "point", DocaiChartPoint, STRING (DocaiChartPoint, label, TXT),
            VALUE (DocaiChartPoint, value, 0), BOOL (DocaiChartPoint, printed, OPT), BOX (DocaiChartPoint, bbox, OPT))

TYPE (series, "series", DocaiChartSeries, STRING (DocaiChartSeries, name, TXT),
            LIST (DocaiChartSeries, points, 0, docai_point_type))

TYPE (chart, "data", DocaiChart, STRING (DocaiChart, title, OPT | TXT),
            STRING (DocaiChart, x_axis, OPT | TXT), STRING (DocaiChart, y_axis, OPT | TXT),
            LIST (DocaiChart, series, 0, docai_series_type))

TYPE (picture, "picture", DocaiPicture,
      { "class", DOCAI_MEMBER_STRING, 0, AT (DocaiPicture, class_name), NULL, NULL },
      CONFIDENCE (DocaiPicture, confidence, 0), STRING (DocaiPicture, description, TXT),
      OBJECT (DocaiPicture, data, OPT, docai_chart_type), BOOL (DocaiPicture, grounded, 0),
      LIST (DocaiPicture, evidence, OPT, docai_evidence_type))

TYPE (region, "region", DocaiRegion, STRING (DocaiRegion, id, 0),
      ENUM (DocaiRegion, label, 0, label_names), BOX (DocaiRegion, bbox, 0),
      CONFIDENCE (DocaiRegion, confidence, 0), STRING (DocaiRegion, text, TXT),
      LIST (DocaiRegion, lines, 0, docai_line_type),
      OBJECT (DocaiRegion, table, OPT, docai_table_type),
      OBJECT (DocaiRegion, picture, OPT, docai_picture_type))

TYPE (ruling, "ruling", DocaiRuling, BOX (DocaiRuling, bbox, 0))

TYPE (placed_image, "image", DocaiPlacedImage, BOX (DocaiPlacedImage, bbox, 0))

TYPE (link, "link", DocaiLink, BOX (DocaiLink, bbox, 0), STRING (DocaiLink, uri, OPT),
            INT (DocaiLink, target, OPT))

TYPE (document_type, "document_type", DocaiDocumentType, STRING (DocaiDocumentType, label, 0),
            CONFIDENCE (DocaiDocumentType, confidence, 0))

TYPE (page, "page", DocaiPage, INT (DocaiPage, number, 0), NUMBER (DocaiPage, width, 0),
      NUMBER (DocaiPage, height, 0), INT (DocaiPage, rotation, 0), NUMBER (DocaiPage, skew, 0),
      NUMBER (DocaiPage, dpi, 0), ENUM (DocaiPage, text_source, 0, text_source_names),
      BOOL (DocaiPage, scanned, OPT), STRING (DocaiPage, language, 0),
      STRING (DocaiPage, script, OPT),
      OBJECT (DocaiPage, document_type, OPT, docai_document_type_type),
      LIST (DocaiPage, fonts, OPT, docai_font_type),
      LIST (DocaiPage, regions, 0, docai_region_type),
      LIST (DocaiPage, links, OPT, docai_link_type),
      LIST (DocaiPage, words, OPT, docai_word_type),
      LIST (DocaiPage, rulings, OPT, docai_ruling_type),
      LIST (DocaiPage, images, OPT, docai_placed_image_type),
      { "raster", DOCAI_MEMBER_RASTER, OPT, AT (DocaiPage, raster), NULL, NULL })

TYPE (item, "item", DocaiItem, FIELDS (DocaiItem, fields, 0))

/* `name` and `items` are the frame of a field: a member's name and an array in
 * JSON, the element in XML; the writers take care of both. */
TYPE (field, "field", DocaiField, STRING (DocaiField, name, 0),
      STRING (DocaiField, value, TXT), STRING (DocaiField, content, TXT),
      ENUM (DocaiField, kind, 0, kind_names), INT (DocaiField, page, OPT),
      BOX (DocaiField, bbox, OPT), CONFIDENCE (DocaiField, confidence, 0),
      BOOL (DocaiField, grounded, 0), LIST (DocaiField, items, OPT, docai_item_type))

TYPE (evidence, "evidence", DocaiEvidence, INT (DocaiEvidence, page, 0),
            BOX (DocaiEvidence, bbox, 0), STRING (DocaiEvidence, text, TXT))

TYPE (answer, "answer", DocaiAnswer, STRING (DocaiAnswer, question, TXT),
            STRING (DocaiAnswer, answer, TXT), CONFIDENCE (DocaiAnswer, confidence, 0),
            BOOL (DocaiAnswer, grounded, 0),
            LIST (DocaiAnswer, evidence, 0, docai_evidence_type))

TYPE (summary, "summary", DocaiSummary, STRING (DocaiSummary, text, TXT),
            STRING (DocaiSummary, model, 0), BOOL (DocaiSummary, grounded, 0))

TYPE (warning, "warning", DocaiWarning, STRING (DocaiWarning, code, 0),
            INT (DocaiWarning, page, OPT), STRING (DocaiWarning, text, TXT))

TYPE (failure, "error", DocaiFailure, STRING (DocaiFailure, code, 0),
            STRING (DocaiFailure, text, TXT))

TYPE (attachment, "attachment", DocaiAttachment, STRING (DocaiAttachment, name, 0),
            STRING (DocaiAttachment, media_type, OPT), STRING (DocaiAttachment, sha256, OPT),
            INT64 (DocaiAttachment, bytes, 0))

TYPE (metadata, "metadata", DocaiMetadata, STRING (DocaiMetadata, title, OPT | TXT),
            STRING (DocaiMetadata, author, OPT | TXT), STRING (DocaiMetadata, subject, OPT | TXT),
            STRING (DocaiMetadata, keywords, OPT | TXT), STRING (DocaiMetadata, creator, OPT | TXT),
            STRING (DocaiMetadata, producer, OPT | TXT), STRING (DocaiMetadata, created, OPT),
            STRING (DocaiMetadata, modified, OPT))

TYPE (outline_item, "outline", DocaiOutlineItem, INT (DocaiOutlineItem, level, 0),
            STRING (DocaiOutlineItem, title, TXT), INT (DocaiOutlineItem, page, OPT))

TYPE (source, "source", DocaiSource, STRING (DocaiSource, name, 0),
            STRING (DocaiSource, media_type, 0), STRING (DocaiSource, sha256, 0),
            INT64 (DocaiSource, bytes, 0), INT (DocaiSource, pages, 0),
            OBJECT (DocaiSource, metadata, OPT, docai_metadata_type),
            LIST (DocaiSource, attachments, OPT, docai_attachment_type),
            LIST (DocaiSource, outline, OPT, docai_outline_item_type))

TYPE (stage_record, "stage", DocaiStageRecord, STRING (DocaiStageRecord, stage, 0),
            STRING (DocaiStageRecord, engine, 0), STRING (DocaiStageRecord, model, OPT))

TYPE (provenance, "provenance", DocaiProvenance, STRING (DocaiProvenance, docai, 0),
            LIST (DocaiProvenance, stages, 0, docai_stage_record_type))

TYPE (document, "document", DocaiDocument, STRING (DocaiDocument, schema, 0),
      STRING (DocaiDocument, job, 0), ENUM (DocaiDocument, status, 0, status_names),
      OBJECT (DocaiDocument, error, OPT, docai_failure_type),
      OBJECT (DocaiDocument, source, 0, docai_source_type),
      LIST (DocaiDocument, pages, 0, docai_page_type), FIELDS (DocaiDocument, fields, 0),
      LIST (DocaiDocument, answers, OPT, docai_answer_type),
      OBJECT (DocaiDocument, summary, OPT, docai_summary_type),
      LIST (DocaiDocument, warnings, 0, docai_warning_type),
      OBJECT (DocaiDocument, provenance, 0, docai_provenance_type))

/* ---- making, freeing, normalising --------------------------------------- */

GPtrArray *
docai_type_list_new (const DocaiType *type)
{
  return g_ptr_array_new_with_free_func (type->destroy);
}

gpointer
docai_type_new (const DocaiType *type)
{
  gpointer object = g_malloc0 (type->size);

  for (const DocaiMember *m = type->members; m->name != NULL; m++)
    if (m->kind == DOCAI_MEMBER_LIST || m->kind == DOCAI_MEMBER_FIELDS)
      DOCAI_MEMBER_AT (object, m, GPtrArray *) = docai_type_list_new (m->type);
  return object;
}

void
docai_type_free (const DocaiType *type, gpointer object)
{
  if (object == NULL)
    return;
  for (const DocaiMember *m = type->members; m->name != NULL; m++)
    switch (m->kind)
      {
      case DOCAI_MEMBER_STRING:
        g_free (DOCAI_MEMBER_AT (object, m, char *));
        break;
      case DOCAI_MEMBER_OBJECT:
        docai_type_free (m->type, DOCAI_MEMBER_AT (object, m, gpointer));
        break;
      case DOCAI_MEMBER_LIST:
      case DOCAI_MEMBER_FIELDS:
        g_clear_pointer (&DOCAI_MEMBER_AT (object, m, GPtrArray *), g_ptr_array_unref);
        break;
      case DOCAI_MEMBER_RASTER:
        docai_page_drop_raster (object);
        break;
      default:
        break;
      }
  g_free (object);
}

gboolean
docai_member_is_empty (const DocaiMember *m, gconstpointer object)
{
  switch (m->kind)
    {
    case DOCAI_MEMBER_STRING:
    case DOCAI_MEMBER_OBJECT:
    case DOCAI_MEMBER_RASTER:
      return DOCAI_MEMBER_AT (object, m, gpointer) == NULL;
    case DOCAI_MEMBER_INT:
    case DOCAI_MEMBER_BOOL:
    case DOCAI_MEMBER_ENUM:
      return DOCAI_MEMBER_AT (object, m, int) == 0;
    case DOCAI_MEMBER_INT64:
      return DOCAI_MEMBER_AT (object, m, gint64) == 0;
    case DOCAI_MEMBER_NUMBER:
    case DOCAI_MEMBER_VALUE:
    case DOCAI_MEMBER_CONFIDENCE:
      return DOCAI_MEMBER_AT (object, m, double) == 0;
    case DOCAI_MEMBER_BOX:
      return docai_box_is_empty (DOCAI_MEMBER_AT (object, m, DocaiBox));
    case DOCAI_MEMBER_LIST:
    case DOCAI_MEMBER_FIELDS:
      return DOCAI_MEMBER_AT (object, m, GPtrArray *)->len == 0;
    }
  return FALSE;
}

/* Chart values and slopes keep twelve digits, which survive a trip through
 * their decimal writing unchanged. */
static double
round_value (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    return 0;
  double rounded = g_ascii_strtod (g_ascii_formatd (text, sizeof text, "%.12g", value), NULL);
  return rounded == 0 ? 0 : rounded;
}

static void
normalize_string (const DocaiMember *m, char **string)
{
  docai_text_clean_in_place (string);
  if (*string == NULL && !(m->flags & DOCAI_MEMBER_OPTIONAL))
    *string = g_strdup ("");
}

static void
normalize_list (const DocaiMember *m, GPtrArray *list)
{
  for (guint i = 0; i < list->len; i++)
    docai_type_normalize (m->type, list->pdata[i]);
}

void
docai_type_normalize (const DocaiType *type, gpointer object)
{
  for (const DocaiMember *m = type->members; m->name != NULL; m++)
    switch (m->kind)
      {
      case DOCAI_MEMBER_STRING:
        normalize_string (m, &DOCAI_MEMBER_AT (object, m, char *));
        break;
      case DOCAI_MEMBER_NUMBER:
        DOCAI_MEMBER_AT (object, m, double) = docai_round (DOCAI_MEMBER_AT (object, m, double));
        break;
      case DOCAI_MEMBER_VALUE:
        DOCAI_MEMBER_AT (object, m, double) = round_value (DOCAI_MEMBER_AT (object, m, double));
        break;
      case DOCAI_MEMBER_CONFIDENCE:
        DOCAI_MEMBER_AT (object, m, double)
            = docai_round (CLAMP (DOCAI_MEMBER_AT (object, m, double), 0, 1));
        break;
      case DOCAI_MEMBER_BOX:
        DOCAI_MEMBER_AT (object, m, DocaiBox)
            = docai_box_round (DOCAI_MEMBER_AT (object, m, DocaiBox));
        break;
      case DOCAI_MEMBER_BOOL:
        DOCAI_MEMBER_AT (object, m, gboolean) = !!DOCAI_MEMBER_AT (object, m, gboolean);
        break;
      case DOCAI_MEMBER_OBJECT:
        if (DOCAI_MEMBER_AT (object, m, gpointer) != NULL)
          docai_type_normalize (m->type, DOCAI_MEMBER_AT (object, m, gpointer));
        else if (!(m->flags & DOCAI_MEMBER_OPTIONAL))
          {
            DOCAI_MEMBER_AT (object, m, gpointer) = docai_type_new (m->type);
            docai_type_normalize (m->type, DOCAI_MEMBER_AT (object, m, gpointer));
          }
        break;
      case DOCAI_MEMBER_LIST:
      case DOCAI_MEMBER_FIELDS:
        normalize_list (m, DOCAI_MEMBER_AT (object, m, GPtrArray *));
        break;
      default:
        break;
      }
}
