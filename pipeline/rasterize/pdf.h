/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * PDF documents through Poppler, without a Poppler type in sight. One process
 * uses them from one thread at a time. Coordinates are points from the top left
 * of the upright page, its crop box and /Rotate applied.
 */
#pragma once

#include "base/settings.h"
#include "document/document.h"
#include "pipeline/rasterize/drawing.h"

typedef struct DocaiPdf     DocaiPdf;
typedef struct DocaiPdfPage DocaiPdfPage;

/* Opens a PDF; password NULL: none. The document opened last stays open, and is
 * lent again as long as the file is the same. It is lent until the next call.
 * FILE_TRUNCATED, FILE_DAMAGED, PASSWORD_REQUIRED, PASSWORD_WRONG,
 * FILE_NOT_READABLE. */
DocaiPdf *docai_pdf_peek (const char *path, const char *password, GError **error);

/* Lets go of the document that is kept open. */
void docai_pdf_forget (void);

int docai_pdf_n_pages (const DocaiPdf *pdf);

/* Fills metadata, attachments and outline. An attachment larger than
 * `inflate_bytes` gets no checksum. */
void docai_pdf_describe (const DocaiPdf *pdf, gint64 inflate_bytes, DocaiSource *source);

/* Opens a page (from 1). PAGE_DAMAGED. Free with docai_pdf_page_close before
 * the document is let go. */
DocaiPdfPage *docai_pdf_page_open (DocaiPdf *pdf, int number, GError **error);
void          docai_pdf_page_close (DocaiPdfPage *pdf_page);

void docai_pdf_page_size (const DocaiPdfPage *pdf_page, double *width, double *height);

/* Adds the words of the text layer with their fonts to the page, visible or
 * not, in the layer's order. */
void docai_pdf_page_read_words (DocaiPdfPage *pdf_page, DocaiPage *page);

void docai_pdf_page_read_links (DocaiPdfPage *pdf_page, DocaiPage *page);

/* What is drawn on the page. A scan's image is decoded without drawing the page,
 * where the file is plain enough (embedded.h). Free with docai_drawing_free. */
DocaiDrawing *docai_pdf_page_draw (DocaiPdfPage *pdf_page, const DocaiLimits *limits);

/* The page's picture on white in 8 (grey) or 32 bits, with its resolution set;
 * NULL with MEMORY_LIMIT or PAGE_DAMAGED. */
struct Pix *docai_pdf_page_render (DocaiPdfPage *pdf_page, double dpi, int bits, GError **error);

/* "poppler 22.12.0"; static. */
const char *docai_pdf_engine (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiPdfPage, docai_pdf_page_close)
