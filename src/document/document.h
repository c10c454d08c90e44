/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one document model. Every stage takes a page or a document and returns
 * it richer; JSON and XML (json.h, xml.h) are two writings of it.
 *
 * Boxes are in PDF points, origin at the top left of the upright page, y down;
 * for images pixels x 72 / dpi. Confidences run from 0 to 1. Strings are clean
 * UTF-8 (text.h). Lists are GPtrArrays that own their elements and are never
 * NULL in a structure made by docai_*_new; strings may be NULL.
 *
 * The members stand in type.c once more, as tables from which writing,
 * reading, freeing, checking and the schemas follow: change both together.
 */
#pragma once

#include "base/error.h"
#include "document/geometry.h"

#include <glib.h>

/* Region labels: DocLayNet's, then ours. */
typedef enum {
  DOCAI_LABEL_CAPTION,
  DOCAI_LABEL_FOOTNOTE,
  DOCAI_LABEL_FORMULA,
  DOCAI_LABEL_LIST_ITEM,
  DOCAI_LABEL_PAGE_FOOTER,
  DOCAI_LABEL_PAGE_HEADER,
  DOCAI_LABEL_PICTURE,
  DOCAI_LABEL_SECTION_HEADER,
  DOCAI_LABEL_TABLE,
  DOCAI_LABEL_TEXT,
  DOCAI_LABEL_TITLE,
  DOCAI_LABEL_CODE,
  DOCAI_LABEL_FORM,
  DOCAI_LABEL_CHECKBOX_SELECTED,
  DOCAI_LABEL_CHECKBOX_UNSELECTED,
  DOCAI_LABEL_SIGNATURE,
  DOCAI_LABEL_STAMP,
  DOCAI_LABEL_BARCODE,
  DOCAI_LABEL_HANDWRITING,
  DOCAI_LABEL_COUNT
} DocaiLabel;

typedef enum {
  DOCAI_TEXT_NONE,  /* no text on the page, or none could be read */
  DOCAI_TEXT_PDF,   /* from the text layer */
  DOCAI_TEXT_OCR,   /* recognised */
  DOCAI_TEXT_MIXED, /* text layer with recognised regions */
} DocaiTextSource;

typedef enum {
  DOCAI_STATUS_COMPLETE,
  DOCAI_STATUS_PARTIAL,
  DOCAI_STATUS_FAILED,
} DocaiStatus;

typedef enum {
  DOCAI_KIND_STRING,
  DOCAI_KIND_DATE,    /* ISO 8601 */
  DOCAI_KIND_AMOUNT,  /* decimal number with a dot */
  DOCAI_KIND_ADDRESS, /* lines separated by \n */
} DocaiFieldKind;

/* A font of the text layer; words refer to it by id, from 1. */
typedef struct {
  int      id;
  char    *name;
  double   size; /* points */
  gboolean bold;
  gboolean italic;
} DocaiFont;

typedef struct {
  char    *text;
  DocaiBox bbox;
  double   confidence;
  int      font; /* DocaiFont id on the same page; 0: unknown */
} DocaiWord;

typedef struct {
  DocaiBox   bbox;
  char      *text;
  double     baseline;       /* y at the left end of the box, points; 0: unknown */
  double     baseline_slope; /* dy/dx, y down */
  double     x_height;       /* points above the baseline; 0: unknown */
  double     ascender;       /* points above the x-height line */
  double     descender;      /* points below the baseline, positive */
  GPtrArray *words;          /* DocaiWord, left to right */
} DocaiLine;

typedef struct {
  int      row, column; /* from 0 */
  int      row_span, column_span;
  gboolean header;
  DocaiBox bbox;
  char    *text;
} DocaiCell;

typedef struct {
  int        rows, columns;
  GPtrArray *cells; /* DocaiCell, by row, then column; spanned places absent */
} DocaiTable;

typedef struct {
  char    *label;
  double   value;
  gboolean printed; /* the value stands in the chart as a number; otherwise it is as exact as the picture */
  DocaiBox bbox;    /* what shows it: a bar, a slice; empty: not known */
} DocaiChartPoint;

typedef struct {
  char      *name;
  GPtrArray *points; /* DocaiChartPoint */
} DocaiChartSeries;

typedef struct {
  char      *title;
  char      *x_axis;
  char      *y_axis;
  GPtrArray *series; /* DocaiChartSeries */
} DocaiChart;

typedef struct {
  char       *class_name; /* "photograph", "bar_chart", ... */
  double      confidence;
  char       *description;
  DocaiChart *data; /* NULL: not a chart, or not read */
  gboolean    grounded;
  GPtrArray  *evidence; /* DocaiEvidence: what the model pointed at in the picture, in its words */
} DocaiPicture;

typedef struct {
  char         *id; /* "p1.r1" */
  DocaiLabel    label;
  DocaiBox      bbox;
  double        confidence;
  char         *text;
  GPtrArray    *lines; /* DocaiLine, in reading order */
  DocaiTable   *table;   /* NULL unless label is table */
  DocaiPicture *picture; /* NULL unless described */
} DocaiRegion;

/* A drawn line, horizontal or vertical: a rule of a table, an underline. */
typedef struct {
  DocaiBox bbox;
} DocaiRuling;

/* An image placed on the page. */
typedef struct {
  DocaiBox bbox;
} DocaiPlacedImage;

typedef struct {
  DocaiBox bbox;
  char    *uri;    /* NULL: a link inside the document */
  int      target; /* page number from 1; 0: none */
} DocaiLink;

typedef struct {
  char  *label; /* "invoice", "receipt", "letter", ... */
  double confidence;
} DocaiDocumentType;

typedef struct {
  int                number;        /* from 1 */
  double             width, height; /* points, upright */
  int                rotation;      /* degrees clockwise by which the page was turned upright: 0, 90, 180, 270 */
  double             skew;          /* degrees clockwise by which the scan was askew; boxes are on the straightened page */
  double             dpi;           /* of the raster that was read; 0: none was needed */
  DocaiTextSource    text_source;
  char              *language; /* in which it was read: "eng+deu"; "und": it was not to be told */
  char              *script;   /* ISO 15924, "Latn"; NULL: not told */
  DocaiDocumentType *document_type;
  GPtrArray         *fonts;   /* DocaiFont */
  GPtrArray         *regions; /* DocaiRegion, in reading order */
  GPtrArray         *links;   /* DocaiLink */

  /* What stages leave for later stages; merge clears them. */
  GPtrArray *words;   /* DocaiWord of the text layer, in no region yet, in the layer's order */
  GPtrArray *rulings; /* DocaiRuling, drawn or found */
  GPtrArray *images;  /* DocaiPlacedImage */
  gboolean   scanned; /* the page is one image with no trustworthy text */

  /* The page's picture, in the frame of the boxes: 1, 8 or 32 bits a pixel, `dpi`
   * pixels an inch. Not written; NULL when there is none. Set it with
   * docai_page_take_raster (pipeline/raster.h), which keeps image code out of
   * programs that only handle documents. */
  struct Pix *raster;
  void (*raster_destroy) (struct Pix **raster);
} DocaiPage;

/* A value found on the page, or (items) a list of groups of values. */
typedef struct {
  char          *name; /* "InvoiceId", "Items" */
  char          *value;
  char          *content; /* as it stands on the page */
  DocaiFieldKind kind;
  int            page; /* from 1; 0: not found on any page */
  DocaiBox       bbox;
  double         confidence;
  gboolean       grounded;
  GPtrArray     *items; /* DocaiItem; empty for a single value */
} DocaiField;

typedef struct {
  GPtrArray *fields; /* DocaiField */
} DocaiItem;

/* A place that bears out an answer, or that a description points at. */
typedef struct {
  int      page;
  DocaiBox bbox;
  char    *text;
} DocaiEvidence;

/* The answer to a question about something that the document does not say. */
#define DOCAI_NOT_STATED "not stated"

typedef struct {
  char      *question;
  char      *answer;
  double     confidence;
  gboolean   grounded;
  GPtrArray *evidence; /* DocaiEvidence */
} DocaiAnswer;

typedef struct {
  char    *text;
  char    *model;
  gboolean grounded;
} DocaiSummary;

typedef struct {
  char *code; /* stable: docai_error_name() or a warning's own */
  int   page; /* 0: the whole document */
  char *text;
} DocaiWarning;

typedef struct {
  char *code;
  char *text;
} DocaiFailure;

typedef struct {
  char *name;
  char *media_type;
  char *sha256;
  gint64 bytes;
} DocaiAttachment;

typedef struct {
  char *title, *author, *subject, *keywords, *creator, *producer;
  char *created, *modified; /* ISO 8601 */
} DocaiMetadata;

typedef struct {
  int   level; /* from 1 */
  char *title;
  int   page; /* 0: unknown */
} DocaiOutlineItem;

typedef struct {
  char          *name;
  char          *media_type;
  char          *sha256;
  gint64         bytes;
  int            pages; /* in the file, whatever range was asked for */
  DocaiMetadata *metadata;
  GPtrArray     *attachments; /* DocaiAttachment */
  GPtrArray     *outline;     /* DocaiOutlineItem */
} DocaiSource;

typedef struct {
  char *stage;
  char *engine;
  char *model;
} DocaiStageRecord;

typedef struct {
  char      *docai;  /* version */
  GPtrArray *stages; /* DocaiStageRecord */
} DocaiProvenance;

typedef struct {
  char            *schema; /* "docai/1" */
  char            *job;
  DocaiStatus      status;
  DocaiFailure    *error; /* NULL unless failed */
  DocaiSource     *source;
  GPtrArray       *pages;   /* DocaiPage */
  GPtrArray       *fields;  /* DocaiField */
  GPtrArray       *answers; /* DocaiAnswer */
  DocaiSummary    *summary;
  GPtrArray       *warnings; /* DocaiWarning */
  DocaiProvenance *provenance;
} DocaiDocument;

/* Each returns a zeroed structure with empty lists, owned by the caller;
 * adding it to a list of the model passes it on. */
DocaiFont        *docai_font_new (void);
DocaiWord        *docai_word_new (const char *text, DocaiBox bbox, double confidence);
DocaiLine        *docai_line_new (void);
DocaiCell        *docai_cell_new (int row, int column, int row_span, int column_span);
DocaiTable       *docai_table_new (int rows, int columns);
DocaiChart       *docai_chart_new (void);
DocaiChartSeries *docai_chart_series_new (const char *name);
DocaiChartPoint  *docai_chart_point_new (const char *label, double value);
DocaiPicture     *docai_picture_new (void);
DocaiRegion      *docai_region_new (DocaiLabel label, DocaiBox bbox, double confidence);
DocaiRuling      *docai_ruling_new (DocaiBox bbox);
DocaiPlacedImage       *docai_placed_image_new (DocaiBox bbox);
DocaiLink        *docai_link_new (DocaiBox bbox, const char *uri, int target);
DocaiDocumentType *docai_document_type_new (const char *label);
DocaiPage        *docai_page_new (int number, double width, double height);
DocaiField       *docai_field_new (const char *name, DocaiFieldKind kind, const char *value,
                                   const char *content);
DocaiItem        *docai_item_new (void);
DocaiEvidence    *docai_evidence_new (int page, DocaiBox bbox, const char *text);
DocaiAnswer      *docai_answer_new (const char *question);
DocaiSummary     *docai_summary_new (void);
DocaiMetadata    *docai_metadata_new (void);
DocaiAttachment  *docai_attachment_new (const char *name);
DocaiOutlineItem *docai_outline_item_new (int level, const char *title, int page);
DocaiDocument    *docai_document_new (void);

/* Each frees a structure with all it owns; NULL is fine. */
void docai_word_free (DocaiWord *word);
void docai_line_free (DocaiLine *line);
void docai_cell_free (DocaiCell *cell);
void docai_table_free (DocaiTable *table);
void docai_chart_free (DocaiChart *chart);
void docai_picture_free (DocaiPicture *picture);
void docai_region_free (DocaiRegion *region);
void docai_page_free (DocaiPage *page);
void docai_document_type_free (DocaiDocumentType *type);
void docai_field_free (DocaiField *field);
void docai_item_free (DocaiItem *item);
void docai_answer_free (DocaiAnswer *answer);
void docai_document_free (DocaiDocument *document);

/* Frees the page's picture, if any. */
void docai_page_drop_raster (DocaiPage *page);

/* Stable name of a label ("list_item"); static. */
const char *docai_label_name (DocaiLabel label);
gboolean    docai_label_lookup (const char *name, DocaiLabel *label);

/* Sets the line's text to its words joined by blanks and its box to their union
 * (both left alone when it has no words). */
void docai_line_update (DocaiLine *line);

/* Sets the region's text from its lines, joined by \n. The box is left alone. */
void docai_region_update_text (DocaiRegion *region);

/* The page of a number (from 1), lent; NULL when the document lacks it. */
DocaiPage *docai_document_peek_page (const DocaiDocument *document, int number);

/* The first field of a name, lent; NULL when there is none. */
DocaiField *docai_fields_lookup (const GPtrArray *fields, const char *name);

/* Adds a warning; page 0 means the whole document. The text is printf-like. */
void docai_document_warn (DocaiDocument *document, const char *code, int page, const char *format,
                          ...) G_GNUC_PRINTF (4, 5);

/* Notes which engine did a stage; a repeated note changes nothing. */
void docai_document_record_stage (DocaiDocument *document, const char *stage, const char *engine,
                                  const char *model);

/* Takes everything of the page that only stages need: raster, loose words,
 * rulings, images, line metrics. */
void docai_page_drop_working_data (DocaiPage *page);

/* The document that tells of a refusal: status failed, the error's code and
 * text, name and size of the source where known. Owned by the caller. */
DocaiDocument *docai_document_new_failed (const char *job, const char *source_name, gint64 bytes,
                                          const char *code, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiWord, docai_word_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiLine, docai_line_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiCell, docai_cell_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiTable, docai_table_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiChart, docai_chart_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiPicture, docai_picture_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiRegion, docai_region_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiPage, docai_page_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiField, docai_field_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiItem, docai_item_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiAnswer, docai_answer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiDocument, docai_document_free)
