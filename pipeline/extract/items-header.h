/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The header of a table of items, columns by their titles, and the rows that are no items.
 */
#pragma once

#include "pipeline/extract/fields.h"

#define DOCAI_ITEM_COLUMNS 16

typedef struct {
  DocaiKey key; /* DOCAI_KEY_COLUMN_... */
  double   x0, x1;
} DocaiItemColumn;

typedef struct {
  DocaiItemColumn columns[DOCAI_ITEM_COLUMNS];
  int             n;
  int             last_row; /* of the header */
} DocaiItemHeader;

/* Reads the rows from r on as a header; fewest rows that make one. `brief`: what it is and
 * how much are enough, else a third column is needed. */
gboolean docai_item_header_read (const DocaiView *view, int r, gboolean brief, DocaiItemHeader *header);

/* The index of the first column of the key; -1: none. */
int docai_item_header_lookup (const DocaiItemHeader *header, DocaiKey key);

/* What is the column whose title is above the stretch, or the nearest one. */
DocaiKey docai_item_header_key_at (const DocaiItemHeader *header, double x0, double x1);

/* The extent of the words of a segment that hold bytes [from, to) of its text. */
void docai_item_word_extent (const DocaiSegment *segment, gsize from, gsize to, double *x0, double *x1);

/* A row of sums: its first words are a label of the amounts' lexicon. */
gboolean docai_item_row_is_sum (const DocaiView *view, const DocaiRow *row);

/* "VAT rate   Net   VAT   Gross": the titles of a table of taxes. */
gboolean docai_item_row_heads_taxes (const DocaiView *view, const DocaiRow *row);

/* "Carried forward 150.00": the sum so far, at the foot of a page and at the head of the next. */
gboolean docai_item_row_is_carried (const DocaiView *view, const DocaiRow *row);
