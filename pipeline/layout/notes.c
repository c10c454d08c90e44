/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Captions of tables and pictures, footnotes, and notes under tables.
 */
#include "pipeline/layout/labels-priv.h"
#include "pipeline/layout/marks.h"

#include <math.h>
#include <string.h>

static gboolean
is_float (const LayoutBlock *block)
{
  return block
         && (block->label == DOCAI_LABEL_PICTURE || block->label == DOCAI_LABEL_TABLE
             || block->label == DOCAI_LABEL_CODE);
}

static gboolean
lies_within (const LayoutBlock *b, const LayoutBlock *o)
{
  return b->bbox.x0 > o->bbox.x0 - b->size && b->bbox.x1 < o->bbox.x1 + b->size;
}

static gboolean
is_centred (const LayoutBlock *b, const LayoutBlock *o)
{
  return fabs (docai_box_center_x (b->bbox) - docai_box_center_x (o->bbox)) < 0.05 * docai_box_width (o->bbox);
}

/* A short small text right under a picture, as wide at most. */
static gboolean
captions_picture (const Context *context, const LayoutBlock *b, const LayoutBlock *above, double up)
{
  if (!above || above->label != DOCAI_LABEL_PICTURE || up > 1.5 * b->size || up < -2 || b->list || b->rows > 3)
    return FALSE;
  if (!lies_within (b, above)) /* flush with the picture in small print, it may stand out a little */
    return fabs (b->bbox.x0 - above->bbox.x0) < 0.5 * b->size && b->size < 0.9 * context->body && b->characters > 8
           && b->bbox.x1 < above->bbox.x1 + 0.3 * docai_box_width (above->bbox);
  return (b->size < 0.97 * context->body && b->characters > 8)
         || (is_centred (b, above) && b->rows <= 2 && b->characters > 2 && b->characters < 60
             && docai_box_width (b->bbox) < 0.9 * docai_box_width (above->bbox) && b->size < 1.1 * context->body);
}

/* A short line right above a table and apart from the text above, in print of its own. */
static gboolean
captions_table (const Context *context, const LayoutBlock *b, const LayoutBlock *below, double down, double up)
{
  if (!below || below->label != DOCAI_LABEL_TABLE || down > 1.3 * b->size || down < -2 || b->list || b->rows > 2
      || b->characters > 120 || b->characters < 6 || !lies_within (b, below) || up < 1.4 * MAX (down, 2)
      || b->size > 1.08 * context->body || marks_is_numbered_heading (labels_first_text (b)))
    return FALSE;
  return b->size < 0.97 * context->body
         || (is_centred (b, below) && docai_box_width (b->bbox) < 0.9 * docai_box_width (below->bbox));
}

void
labels_find_captions (Context *context, gboolean marked)
{
  for (guint i = 0; i < context->blocks->len; i++) {
    LayoutBlock *b = block_at (context, i);
    if (b->fixed || !b->segments->len)
      continue;
    const LayoutBlock *above, *below;
    double up = labels_nearest (context, b, -1, &above), down = labels_nearest (context, b, 1, &below);
    gboolean beside   = (is_float (above) && up < 3 * b->size) || (is_float (below) && down < 3 * b->size);
    gboolean sentence = marks_reads_on (labels_first_text (b)) && (!beside || b->size > 0.96 * context->body);
    if (marked) {
      if (marks_is_caption (labels_first_text (b)) && !sentence)
        labels_settle (b, DOCAI_LABEL_CAPTION, beside ? 0.93 : 0.75);
    } else if (captions_picture (context, b, above, up) || captions_table (context, b, below, down, up)) {
      labels_settle (b, DOCAI_LABEL_CAPTION, 0.6);
    }
  }
}

/* Small print right under a table: its notes. */
static void
find_table_notes (Context *context)
{
  for (guint round = 0; round < 8; round++) {
    gboolean found = FALSE;
    for (guint i = 0; i < context->blocks->len; i++) {
      LayoutBlock       *b = block_at (context, i);
      const LayoutBlock *above;
      if (b->fixed || !b->segments->len || b->size > 0.95 * context->body || b->bold)
        continue;
      double up = labels_nearest (context, b, -1, &above);
      if (above && up < 1.3 * b->size && up > -2
          && (above->label == DOCAI_LABEL_TABLE || above->label == DOCAI_LABEL_FOOTNOTE)
          && b->bbox.x0 > above->bbox.x0 - b->size) {
        labels_settle (b, DOCAI_LABEL_FOOTNOTE, marks_is_footnote (labels_first_text (b)) ? 0.75 : 0.6);
        found = TRUE;
      }
    }
    if (!found)
      break;
  }
}

/* Whether a block begins the notes of a column: nothing but small print follows,
 * one close under the other, down to the foot of the page. */
static gboolean
ends_column (const Context *context, const LayoutBlock *block)
{
  const LayoutBlock *at = block;
  for (int n = 0; n < 60; n++) {
    const LayoutBlock *below;
    double down = labels_nearest (context, at, 1, &below);
    gboolean foot = below && below->bbox.y0 > 0.88 * context->page->height && down > block->size && below->rows <= 2;
    if (!below || below->label == DOCAI_LABEL_PAGE_FOOTER || foot)
      return at->bbox.y1 > 0.7 * context->page->height;
    if ((below->fixed && below->label != DOCAI_LABEL_FOOTNOTE) || below->size > 1.1 * block->size
        || down > 3 * block->size)
      return FALSE;
    at = below;
  }
  return FALSE;
}

static void
settle_column (Context *context, const LayoutBlock *first, double confidence)
{
  for (guint i = 0; i < context->blocks->len; i++) {
    LayoutBlock *o = block_at (context, i);
    if (!o->fixed && o->bbox.y0 >= first->bbox.y0 && o->segments->len
        && docai_overlap (o->bbox.x0, o->bbox.x1, first->bbox.x0, first->bbox.x1) > 0)
      labels_settle (o, DOCAI_LABEL_FOOTNOTE,
                     MIN (confidence + 0.1 * (marks_is_footnote (labels_first_text (o)) != 0), 0.95));
  }
}

/* At the foot of a column, small print with a mark in front or a short rule above. */
static void
find_footnotes (Context *context)
{
  for (guint i = 0; i < context->blocks->len; i++) {
    LayoutBlock *b = block_at (context, i);
    if (b->fixed || !b->segments->len || b->characters <= 4 || b->bbox.y0 < 0.4 * context->page->height
        || b->size > 1.02 * context->body)
      continue;
    DocaiBox at;
    gboolean small = b->size < 0.94 * context->body;
    gboolean mark  = marks_is_footnote (labels_first_text (b));
    gboolean rule  = labels_find_rule (context, b, b->bbox.y0 - 2.5 * b->size, b->bbox.y0 + 2, &at)
                    && fabs (at.x0 - b->bbox.x0) < 2.5 * b->size && docai_box_width (at) < 0.6 * context->page->width;
    /* in print as large as the text, only the short rule of a book tells */
    if (!(small ? mark || rule : mark && rule && docai_box_width (at) < 0.35 * context->page->width))
      continue;
    const LayoutBlock *above;
    double up = labels_nearest (context, b, -1, &above);
    if (above && is_float (above) && up < b->size && !rule)
      continue;
    if (ends_column (context, b))
      settle_column (context, b, rule ? 0.85 : 0.75);
  }
}

void
labels_find_notes (Context *context)
{
  find_footnotes (context);
  find_table_notes (context);
}
