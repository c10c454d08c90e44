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
  gboolean   rule;      /* stands for a drawn line (order.c) */
  DocaiRegion *region;  /* lent; the region that the block stands for */
  int        math;      /* characters of formulas */
} LayoutBlock;

LayoutBlock *layout_block_new (DocaiLabel label);
void         layout_block_free (LayoutBlock *block);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LayoutBlock, layout_block_free)

/* Adds a segment and brings box and style up to date (layout_block_update). */
void layout_block_add (LayoutBlock *block, LayoutSegment *segment);
void layout_block_update (LayoutBlock *block);

/* Pictures, listings and tables first, then the rest of the text by proximity,
 * split into paragraphs and list items. `kept` (LayoutBlock, may be NULL) are
 * blocks known already, which are copied in front; with them no tables are sought.
 * Array of LayoutBlock, owned by the caller; their segments stay the page's. */
GPtrArray *blocks_find (LayoutPage *page, const GPtrArray *kept);

/* Moves the segments of which more than `share` lies in the block's box into it. */
void blocks_take_inside (LayoutBlock *block, GPtrArray *rest, double share);

/* Appends a block for every picture; with_labels: the text in and around it
 * (pictures.c). */
void pictures_add (const LayoutPage *page, GPtrArray *rest, GPtrArray *blocks);

/* Diagrams made of frames and lines, such as flow charts: their captions tell
 * (diagrams.c). Appends to `pictures` (LayoutPicture). */
void diagrams_find (const LayoutPage *page, GArray *pictures);

/* Takes listings of programs out of `rest` (code.c). */
void code_add (const LayoutPage *page, GPtrArray *rest, GPtrArray *blocks);

/* Takes the rows of a running title and a page's number out of `rest`, lest they
 * be taken for rows of a table (margins.c). */
void margins_take_rows (const LayoutPage *page, GPtrArray *rest, GPtrArray *blocks);

/* Joins pieces of one row; emptied segments leave `rest` (rows.c). */
void rows_merge (const LayoutPage *page, GPtrArray *rest);

/* Joins piece b to piece a of the same row; b is emptied. */
void rows_join (LayoutSegment *a, LayoutSegment *b);

/* Whether a piece begins a list's item; with a sign drawn for that; is only the mark. */
gboolean blocks_opens_item (const LayoutSegment *segment);
gboolean blocks_has_bullet (const LayoutSegment *segment);
gboolean blocks_is_bare_mark (const LayoutSegment *segment);

/* Whether two pieces stand on one row. */
gboolean rows_are_same (const LayoutSegment *a, const LayoutSegment *b);

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

/* Sorts blocks in reading order; the page's wide rules part them (order.c). */
void order_blocks (const LayoutPage *page, GPtrArray *blocks, gboolean right_to_left);
