/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From pieces of lines to blocks: tables, paragraphs, list items.
 */
#pragma once

#include "pipeline/layout/segment.h"

/* A region in the making. */
typedef struct {
  GPtrArray *segments; /* LayoutSegment, lent, in reading order */
  DocaiBox   bbox;
  DocaiLabel label;
  double     confidence;
  double     size;      /* of most of its print */
  double     leading;   /* usual distance of baselines; 0: one line */
  int        rows;      /* lines of text */
  int        characters;
  gboolean   bold, italic, mono;
  guint      font;      /* of most of its print (LayoutSegment) */
  gboolean   list;      /* begins with a bullet or a number */
  gboolean   fixed;     /* the label is settled */
} LayoutBlock;

LayoutBlock *layout_block_new (DocaiLabel label);
void         layout_block_free (LayoutBlock *block);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LayoutBlock, layout_block_free)

/* Adds a segment and brings box and style up to date (layout_block_update). */
void layout_block_add (LayoutBlock *block, LayoutSegment *segment);
void layout_block_update (LayoutBlock *block);

/* Size of print that most characters of the page have; 0 without text. */
double blocks_body_size (const GPtrArray *segments);

/* Pictures and tables first, then the rest of the text by proximity, split into
 * paragraphs and list items. Array of LayoutBlock, owned by the caller; their
 * segments stay the page's. */
GPtrArray *blocks_find (LayoutPage *page);

/* Boxes (DocaiBox) of what looks like a table (grids.c). `segments` are sorted
 * by blocks_sort_segments. Owned by the caller. */
GArray *grids_find (const LayoutPage *page, const GPtrArray *segments);

/* Sorts pieces of lines from the top, pieces of one height from the left. */
void blocks_sort_segments (GPtrArray *segments);

/* Splits a column of lines into paragraphs and list items, appended to `blocks`
 * (paragraphs.c). */
void paragraphs_split (const GPtrArray *column, gboolean has_text, double page_leading,
                       GPtrArray *blocks);

/* Gives every block its label and a confidence (labels.c). */
void labels_assign (const LayoutPage *page, GPtrArray *blocks, int page_number);

/* Sorts blocks in reading order (order.c). */
void order_blocks (GPtrArray *blocks, gboolean right_to_left);
