/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the files that give blocks their labels.
 */
#pragma once

#include "pipeline/layout/blocks.h"

#define FAR 1e6 /* points to a neighbour that is not there */

typedef struct {
  const LayoutPage *page;
  GPtrArray        *blocks; /* LayoutBlock */
  double            body;   /* size of most print */
  int               number; /* of the page, from 1 */
} Context;

static inline LayoutBlock *
block_at (const Context *context, guint i)
{
  return context->blocks->pdata[i];
}

/* Text of the first and the last line; "" when there is none. */
const char *labels_first_text (const LayoutBlock *block);
const char *labels_last_text (const LayoutBlock *block);

void labels_settle (LayoutBlock *block, DocaiLabel label, double confidence);

/* Distance to the nearest block below (way 1) or above (way -1) that shares some
 * width, and that block; FAR and NULL at the page's edge. */
double labels_nearest (const Context *context, const LayoutBlock *block, int way, const LayoutBlock **which);

/* The level rule nearest to a block's top between two heights, over or under its
 * text; FALSE: none. */
gboolean labels_find_rule (const Context *context, const LayoutBlock *block, double y0, double y1, DocaiBox *rule);

/* Page headers and footers (margins.c). */
void labels_find_margins (Context *context);

/* Captions that say so, then those that only look like it (notes.c). */
void labels_find_captions (Context *context, gboolean marked);

/* Footnotes at the foot of columns and notes under tables (notes.c). */
void labels_find_notes (Context *context);

/* Display formulas: their pieces become one block (formulas.c). */
void labels_find_formulas (Context *context);
