/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the writers of src/export share.
 */
#pragma once

#include "export/export.h"

void docai_export_markdown (const DocaiDocument *document, GString *out);
void docai_export_text (const DocaiDocument *document, GString *out);
void docai_export_csv (const DocaiDocument *document, GString *out);
void docai_export_html (const DocaiDocument *document, GString *out);
void docai_export_hocr (const DocaiDocument *document, GString *out);
void docai_export_alto (const DocaiDocument *document, GString *out);

/* A table as rows x columns, row by row; a cell stands at its first place only,
 * every other place is NULL. Cells that lie outside are left out, and so is a
 * table whose grid would be unreasonably large (rows becomes 0). */
typedef struct {
  int               rows, columns;
  const DocaiCell **places; /* lent cells */
  int               header_rows; /* leading rows that hold a header cell */
} DocaiGrid;

DocaiGrid *docai_grid_new (const DocaiTable *table);
void       docai_grid_free (DocaiGrid *grid);

/* The cell that begins at a place, lent, or NULL. */
const DocaiCell *docai_grid_peek (const DocaiGrid *grid, int row, int column);

/* Lines of a paragraph as one line: a hyphen between a letter and a small letter
 * on the next line is taken for hyphenation and dropped. Owned by the caller. */
char *docai_export_flow (const char *text);

/* The names of the fields in groups of an item list, in order of first
 * appearance. Borrowed strings. */
GPtrArray *docai_export_item_names (const DocaiField *field);

/* Value of a field, else its content, else "". Lent. */
const char *docai_export_field_value (const DocaiField *field);

/* The text of a check box after the sign of its state, with which text layers and
 * drawn boxes begin; all of the text where there is no sign. Lent. */
const char *docai_export_checkbox_text (const DocaiRegion *region);

/* The lines of a region; for one that has none, its table's cells or its text as
 * lines without words. Owned by the caller. */
GPtrArray *docai_export_lines (const DocaiRegion *region);

/* Appends with &, <, >, " and ' escaped; NULL is nothing. */
void docai_export_append_escaped (GString *out, const char *text);

/* Resolution of the pixel boxes of hOCR and ALTO: that of the raster, else 300. */
double docai_export_page_dpi (const DocaiPage *page);

/* A length in points as whole pixels. */
int docai_export_pixels (double points, double dpi);

/* "The document could not be read: TEXT (CODE)". Owned by the caller. */
char *docai_export_failure (const DocaiDocument *document);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiGrid, docai_grid_free)
