/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Page headers and footers: short print at the edge, apart from the text, often
 * with the page's number or a rule. A page is seen alone, so repetition is no
 * evidence here.
 */
#include "pipeline/layout/labels-priv.h"
#include "pipeline/layout/marks.h"

#include <math.h>
#include <string.h>

/* Space free of text between a block and all that lies on its inner side. */
static double
inner_gap (const Context *context, const LayoutBlock *block, int way)
{
  double best = FAR;
  for (guint i = 0; i < context->blocks->len && i < 3000; i++) {
    const LayoutBlock *o = block_at (context, i);
    if (o == block || o->label == DOCAI_LABEL_PAGE_HEADER || o->label == DOCAI_LABEL_PAGE_FOOTER
        || docai_overlap (o->bbox.y0, o->bbox.y1, block->bbox.y0, block->bbox.y1)
               > 0.5 * docai_box_height (block->bbox))
      continue;
    double far = way > 0 ? o->bbox.y0 - block->bbox.y1 : block->bbox.y0 - o->bbox.y1;
    if (docai_overlap (block->bbox.x0, block->bbox.x1, o->bbox.x0, o->bbox.x1) > 0 && far > -2)
      best = MIN (best, far);
  }
  return best;
}

static gboolean
may_be_margin (const Context *context, const LayoutBlock *block)
{
  return !block->fixed && block->rows <= 3 && block->characters < 220
         && block->size < 1.25 * MAX (context->body, 6) && block->segments->len > 0;
}

/* Whether nothing but other margins and pictures lies between a block and the edge. */
static gboolean
is_outermost (const Context *context, const LayoutBlock *block, int way)
{
  for (guint i = 0; i < context->blocks->len && i < 3000; i++) {
    const LayoutBlock *o = block_at (context, i);
    double beyond = way > 0 ? o->bbox.y0 - block->bbox.y1 : block->bbox.y0 - o->bbox.y1;
    if (o != block && beyond > -1 && o->label != DOCAI_LABEL_PAGE_HEADER && o->label != DOCAI_LABEL_PAGE_FOOTER
        && o->label != DOCAI_LABEL_PICTURE && !(o->rows == 1 && o->characters <= 2))
      return FALSE;
  }
  return TRUE;
}

/* Whether a lone line begins or ends with the page's number. */
static gboolean
carries_number (const LayoutBlock *block)
{
  const LayoutSegment *s = block->segments->pdata[0];
  const GPtrArray     *words = s->line->words;
  if (block->rows != 1 || block->characters > 110 || words->len < 2 || marks_ends_sentence (s->line->text))
    return FALSE;
  const DocaiWord *first = words->pdata[0], *last = words->pdata[words->len - 1];
  const DocaiWord *second = words->pdata[1], *before = words->pdata[words->len - 2];
  return (marks_is_page_number (first->text) && second->bbox.x0 - first->bbox.x1 > 0.8 * s->size)
         || (marks_is_page_number (last->text) && last->bbox.x0 - before->bbox.x1 > 0.8 * s->size);
}

static void
find_headers (Context *context)
{
  double height = context->page->height;
  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < context->blocks->len; i++) {
      LayoutBlock *b = block_at (context, i);
      double zone = b->size < 0.95 * context->body ? 0.135 : 0.115;
      if (!may_be_margin (context, b) || b->bbox.y1 > zone * height || b->list || !is_outermost (context, b, -1))
        continue;
      gboolean number = b->rows == 1 && marks_is_page_number (labels_first_text (b));
      /* a lone line of a paragraph from the page before */
      if (!number && b->size > 0.96 * context->body && marks_ends_sentence (labels_last_text (b))
          && b->characters > 40)
        continue;
      DocaiBox at;
      gboolean strong = b->bold && !context->page->body_bold && b->bbox.y1 > 0.075 * height;
      double   gap    = inner_gap (context, b, 1);
      gboolean rule   = labels_find_rule (context, b, b->bbox.y1 - 2, b->bbox.y1 + 1.5 * b->size, &at);
      gboolean marked = number || carries_number (b);
      if (marked || rule || (!strong && gap > 1.1 * context->body && b->rows <= 2)
          || (b->size < 0.9 * context->body && gap > 0.8 * context->body))
        labels_settle (b, DOCAI_LABEL_PAGE_HEADER,
                       marked && rule ? 0.96 : marked || rule ? 0.9 : gap > 2.5 * context->body ? 0.8 : 0.65);
    }
}

static void
find_footers (Context *context)
{
  double height = context->page->height;
  for (guint round = 0; round < 3; round++) /* several lines of feet: from the lowest up */
    for (guint i = 0; i < context->blocks->len; i++) {
      LayoutBlock *b = block_at (context, i);
      if (!may_be_margin (context, b))
        continue;
      gboolean number = b->rows == 1 && marks_is_page_number (labels_first_text (b));
      /* books have wide margins: the number stands higher than a running foot */
      if (b->bbox.y0 < (number ? 0.865 : 0.885) * height || !is_outermost (context, b, 1))
        continue;
      DocaiBox at;
      gboolean marked = number || carries_number (b);
      gboolean note   = marks_is_footnote (labels_first_text (b)) && b->characters > 25;
      double   gap    = inner_gap (context, b, -1);
      gboolean rule   = labels_find_rule (context, b, b->bbox.y0 - 1.5 * b->size, b->bbox.y0 + 2, &at);
      gboolean small  = b->size < 0.96 * context->body;
      if (!marked && !rule && !small && (b->rows > 2 || b->list || gap < 1.6 * context->body))
        continue;
      if (marked || (!note && rule && docai_box_width (at) > 0.5 * docai_box_width (b->bbox))
          || (!note && gap > 0.9 * context->body && (b->rows <= 2 || b->size < 0.92 * context->body)))
        labels_settle (b, DOCAI_LABEL_PAGE_FOOTER,
                       number ? 0.95 : marked ? 0.92 : rule ? 0.85 : gap > 2.5 * context->body ? 0.8 : 0.65);
    }
}

/* The outermost row of the page (way -1: the top one) when it is that of a running
 * title and the page's number, rows apart from the text; pieces are added to `row`. */
static gboolean
outermost_row (const LayoutPage *page, const GPtrArray *rest, int way, GPtrArray *row)
{
  const LayoutSegment *outer = NULL;
  double   next = FAR;
  gboolean number = FALSE;
  for (guint i = 0; i < rest->len; i++) {
    const LayoutSegment *s = rest->pdata[i];
    if (s->upright && s->characters && (!outer || way * (s->baseline - outer->baseline) > 0))
      outer = s;
  }
  if (!outer || (way < 0 ? outer->bbox.y1 > 0.1 * page->height : outer->bbox.y0 < 0.9 * page->height))
    return FALSE;
  for (guint i = 0; i < rest->len; i++) {
    LayoutSegment *s = rest->pdata[i];
    if (rows_are_same (s, outer)) {
      g_ptr_array_add (row, s);
      number = number || marks_is_page_number (s->line->text);
    } else {
      next = MIN (next, way < 0 ? s->bbox.y0 - outer->bbox.y1 : outer->bbox.y0 - s->bbox.y1);
    }
  }
  return number && row->len >= 2 && row->len <= 4 && next > 0.9 * outer->size;
}

void
margins_take_rows (const LayoutPage *page, GPtrArray *rest, GPtrArray *blocks)
{
  for (int way = -1; page->has_text && way <= 1; way += 2) {
    g_autoptr (GPtrArray) row = g_ptr_array_new ();
    if (!outermost_row (page, rest, way, row))
      continue;
    for (guint i = 0; i < row->len; i++) {
      LayoutBlock *block = layout_block_new (DOCAI_LABEL_TEXT);
      layout_block_add (block, row->pdata[i]);
      labels_settle (block, way < 0 ? DOCAI_LABEL_PAGE_HEADER : DOCAI_LABEL_PAGE_FOOTER, 0.92);
      g_ptr_array_add (blocks, block);
      g_ptr_array_remove (rest, row->pdata[i]);
    }
  }
}

/* A page's number and the running title beside it are one. */
static void
merge_rows (Context *context, DocaiLabel label)
{
  for (guint i = 0; i < context->blocks->len; i++) {
    LayoutBlock *a = block_at (context, i);
    for (guint j = 0; j < context->blocks->len && a->label == label && a->rows == 1 && a->segments->len;) {
      LayoutBlock *b = block_at (context, j);
      double gap = MAX (b->bbox.x0 - a->bbox.x1, a->bbox.x0 - b->bbox.x1);
      if (a == b || b->label != label || b->rows != 1 || !b->segments->len || gap < 0 || gap > 3.2 * a->size
          || !rows_are_same (a->segments->pdata[0], b->segments->pdata[0])) {
        j++;
        continue;
      }
      if (context->page->has_text && a->segments->len == 1 && b->segments->len == 1)
        rows_join (a->segments->pdata[0], b->segments->pdata[0]);
      else
        for (guint k = 0; k < b->segments->len; k++)
          layout_block_add (a, b->segments->pdata[k]);
      a->confidence = MAX (a->confidence, b->confidence);
      layout_block_update (a);
      g_ptr_array_remove_index (context->blocks, j);
      j = 0;
      i = MIN (i, context->blocks->len - 1);
      if (block_at (context, i) != a)
        i--;
    }
  }
}

void
labels_find_margins (Context *context)
{
  find_headers (context);
  find_footers (context);
  merge_rows (context, DOCAI_LABEL_PAGE_HEADER);
  merge_rows (context, DOCAI_LABEL_PAGE_FOOTER);
}
