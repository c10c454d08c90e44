/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The document model written in other formats. JSON and XML carry all of it;
 * the others are made for reading, for spreadsheets and for OCR tools.
 */
#pragma once

#include "document/document.h"

typedef enum {
  DOCAI_FORMAT_JSON,
  DOCAI_FORMAT_XML,
  DOCAI_FORMAT_MARKDOWN, /* CommonMark with GitHub's tables; running heads left out */
  DOCAI_FORMAT_TEXT,     /* lines as on the page, tables in columns, \f between pages */
  DOCAI_FORMAT_CSV,      /* RFC 4180: fields, items and tables, an empty line between them */
  DOCAI_FORMAT_HTML,     /* one self-contained page without scripts */
  DOCAI_FORMAT_HOCR,     /* hOCR 1.2: words with boxes in pixels */
  DOCAI_FORMAT_ALTO,     /* ALTO 4.4: words with boxes in pixels */
  DOCAI_FORMAT_COUNT
} DocaiFormat;

/* Name for --format ("md"), also the suffix of file names. Static string. */
const char *docai_format_name (DocaiFormat format);
gboolean    docai_format_lookup (const char *name, DocaiFormat *format);

/* All names, joined by |. Static string. */
const char *docai_format_names (void);

/* The document in a format, ending in a newline unless it is empty. Owned by
 * the caller; `length` without the terminating zero. A failed document says so
 * in every format, so that no one takes it for an empty one. */
char *docai_export (const DocaiDocument *document, DocaiFormat format, gsize *length);
