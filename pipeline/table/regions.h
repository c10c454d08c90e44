/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tables as regions of the page.
 */
#pragma once

#include "pipeline/table/table-priv.h"

typedef struct {
  DocaiTable *table;
  DocaiBox    box;
  double      confidence;
  GArray     *chunks; /* int: chunk indexes, in reading order */
} FoundTable;

/* Takes the table. */
FoundTable *found_table_new (DocaiTable *table, DocaiBox box, double confidence);
void        found_table_free (FoundTable *found);

/* Moves the tables' words into regions of their own, in the reading order where
 * the words stood; candidates that are no tables become text. */
void regions_take_tables (DocaiPage *page, const Sheet *sheet, GPtrArray *found);
