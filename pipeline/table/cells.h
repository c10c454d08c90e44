/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cells of a grid while they are being joined: each place of the grid
 * belongs to a rectangle that is named by its top left place.
 */
#pragma once

#include "pipeline/table/table-priv.h"

typedef struct {
  int      top, left, bottom, right; /* of the owner's rectangle, inclusive */
  int      owner;                    /* index of the place that owns this one */
  int      chunks;                   /* pieces of text put here */
  GString *text;                     /* NULL: empty */
  DocaiBox box;                      /* of the text */
} Place;

typedef struct {
  int    n_rows, n_columns;
  Place *places; /* row by row */
} Cells;

Cells *cells_new (int n_rows, int n_columns);
void   cells_free (Cells *cells);
Place *cells_at (const Cells *cells, int row, int column);
/* Joins all places of a rectangle, with what they are joined to already. */
void cells_join (Cells *cells, int top, int left, int bottom, int right);
/* Whether the place's rectangle holds text. */
gboolean cells_has_text (const Cells *cells, int row, int column);

/* spans.c: joins places that no rule parts, and header cells over their columns. */
void spans_join (const Grid *grid, Cells *cells);

/* header.c: the number of header rows, from rules and figures. */
int      header_first_data_line (const Grid *grid);
int      header_count_rows (const Grid *grid);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Cells, cells_free)
