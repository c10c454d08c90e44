/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Small PDF files written byte by byte, for tests that must know exactly what
 * stands in them.
 */
#pragma once

#include <glib.h>

typedef struct PdfBuilder PdfBuilder;

PdfBuilder *pdf_builder_new (void);

/* Adds an object (1, 2, ... in the order of calls) with this body; printf-like. */
int pdf_builder_add (PdfBuilder *builder, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Adds a stream with these dictionary entries beside /Length. */
int
pdf_builder_add_stream (PdfBuilder *builder, const char *entries, const void *data, gsize length);

/* Object 1 is the catalog, object 2 the tree of pages, object 3 the font
 * Helvetica as /F1: adds them first, for pages that follow with
 * pdf_builder_add_page. `catalog` are further entries of the catalog. */
void pdf_builder_begin (PdfBuilder *builder, const char *catalog);

/* Adds a page with these entries (box, rotation, ...) and this content; the
 * resources are the font /F1 and `xobjects` ("/I0 4 0 R"). */
void pdf_builder_add_page (PdfBuilder *builder, const char *entries, const char *xobjects,
                           const char *content);

/* The whole file; `trailer` are further entries of the trailer. Frees the builder. */
GBytes *pdf_builder_finish (PdfBuilder *builder, const char *trailer);
