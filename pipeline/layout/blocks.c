/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Blocks from pieces of lines, bottom up: pictures and tables take what they
 * hold; of the rest, pieces that stand under one another in the same print, one
 * to one, form columns of lines.
 *
 *     Heading over both            <- two pieces below: no link
 *     aaaaaaaaaa    bbbbbbbbb      <- a, b: columns of their own
 *     aaaaaaaaaa    bbbbbbbbb
 */
#include "pipeline/layout/blocks.h"

#include "base/sort.h"
#include "pipeline/layout/marks.h"

#include <math.h>
#include <string.h>

#define WINDOW 300  /* pieces below that are looked at */
#define NONE   G_MAXUINT

LayoutBlock *
layout_block_new (DocaiLabel label)
{
  LayoutBlock *block = g_new0 (LayoutBlock, 1);
  block->segments    = g_ptr_array_new ();
  block->label       = label;
  block->confidence  = 0.5;
  return block;
}

void
layout_block_free (LayoutBlock *block)
{
  if (!block)
    return;
  g_ptr_array_unref (block->segments);
  g_free (block);
}

void
layout_block_add (LayoutBlock *block, LayoutSegment *segment)
{
  g_ptr_array_add (block->segments, segment);
}

static double
median_of (GArray *values)
{
  if (!values->len)
    return 0;
  g_array_sort (values, docai_compare_doubles);
  return g_array_index (values, double, values->len / 2);
}

void
layout_block_update (LayoutBlock *block)
{
  double best = 0, bold = 0, italic = 0, mono = 0, last = -G_MAXDOUBLE;
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (double));
  if (block->region)
    return;
  block->characters = 0;
  block->math       = 0;
  block->rows       = 0;
  for (guint i = 0; i < block->segments->len; i++) {
    const LayoutSegment *s = block->segments->pdata[i];
    if (block->label != DOCAI_LABEL_TABLE && block->label != DOCAI_LABEL_PICTURE)
      block->bbox = i ? docai_box_union (block->bbox, s->bbox) : s->bbox;
    block->characters += s->characters;
    block->math += s->math;
    bold += s->bold * s->characters;
    italic += s->italic * s->characters;
    mono += s->mono * s->characters;
    if (s->characters > best) {
      best        = s->characters;
      block->size = s->size;
      block->font = s->font;
    }
    double step = s->baseline - last;
    if (step > 0.5 * s->size) {
      if (block->rows++)
        g_array_append_val (steps, step);
      last = s->baseline;
    }
  }
  block->leading = median_of (steps);
  block->bold    = bold > 0.6 * block->characters;
  block->italic  = italic > 0.6 * block->characters;
  block->mono    = mono > 0.8 * block->characters;
}

static gint
compare_segments (gconstpointer a, gconstpointer b)
{
  const LayoutSegment *p = *(LayoutSegment *const *) a, *q = *(LayoutSegment *const *) b;
  if (p->bbox.y0 != q->bbox.y0)
    return p->bbox.y0 < q->bbox.y0 ? -1 : 1;
  return p->bbox.x0 < q->bbox.x0 ? -1 : p->bbox.x0 > q->bbox.x0;
}

void
blocks_sort_segments (GPtrArray *segments)
{
  g_ptr_array_sort (segments, compare_segments);
}

gboolean
blocks_opens_item (const LayoutSegment *segment)
{
  return segment->line->text && ((segment->sign && segment->characters > 1) || marks_is_list_item (segment->line->text));
}

gboolean
blocks_has_bullet (const LayoutSegment *segment)
{
  return segment->sign || marks_is_bullet (segment->line->text);
}

gboolean
blocks_is_bare_mark (const LayoutSegment *segment)
{
  return (segment->sign && segment->characters == 1) || marks_is_bare_bullet (segment->line->text);
}

void
blocks_take_inside (LayoutBlock *block, GPtrArray *rest, double share)
{
  guint n = 0;
  for (guint i = 0; i < rest->len; i++) {
    LayoutSegment *s = rest->pdata[i];
    if (docai_box_coverage (s->bbox, block->bbox) > share)
      layout_block_add (block, s);
    else
      rest->pdata[n++] = s;
  }
  g_ptr_array_set_size (rest, (gint) n);
}

static void
add_tables (const LayoutPage *page, GPtrArray *rest, GPtrArray *blocks)
{
  g_autoptr (GArray) boxes = grids_find (page, rest);
  for (guint i = 0; i < boxes->len; i++) {
    g_autoptr (LayoutBlock) block = layout_block_new (DOCAI_LABEL_TABLE);
    block->bbox                   = g_array_index (boxes, DocaiBox, i);
    block->confidence             = 0.75;
    block->fixed                  = TRUE;
    blocks_take_inside (block, rest, 0.55);
    if (block->segments->len < 3) {
      for (guint k = 0; k < block->segments->len; k++)
        g_ptr_array_add (rest, block->segments->pdata[k]);
      blocks_sort_segments (rest);
      continue;
    }
    for (guint k = 0; k < block->segments->len; k++)
      block->bbox = docai_box_union (block->bbox, ((LayoutSegment *) block->segments->pdata[k])->bbox);
    g_ptr_array_add (blocks, g_steal_pointer (&block));
  }
}

/* A drawn level rule between two lines, about as wide as they are. */
static gboolean
rule_between (const LayoutPage *page, const LayoutSegment *a, const LayoutSegment *b)
{
  double x0 = MAX (a->bbox.x0, b->bbox.x0), x1 = MIN (a->bbox.x1, b->bbox.x1);
  for (guint i = 0; i < page->rulings->len && i < 2000; i++) {
    DocaiBox r = g_array_index (page->rulings, DocaiBox, i);
    double   y = docai_box_center_y (r);
    if (docai_box_height (r) < 5 && y > a->baseline && y < b->baseline - 0.5 * b->size
        && docai_overlap (r.x0, r.x1, x0, x1) > 0.7 * (x1 - x0))
      return TRUE;
  }
  return FALSE;
}

static gboolean
may_follow (const LayoutPage *page, const LayoutSegment *a, const LayoutSegment *b)
{
  double small = MIN (a->size, b->size), large = MAX (a->size, b->size);
  double limit = page->has_text && !page->from_ink ? 1.14 : (MIN (a->characters, b->characters) < 8 ? 1.6 : 1.32);
  double step  = b->baseline - a->baseline;
  /* a full line of a sentence may consist of code, a line of its own may not */
  gboolean full = a->bbox.x1 > b->bbox.x1 - 2 * large && fabs (a->bbox.x0 - b->bbox.x0) < 0.6 * large;
  if (large > limit * small || a->bold != b->bold || (a->mono != b->mono && !full))
    return FALSE;
  /* a short line in italics above upright print is a heading, not its first line */
  if (page->has_text && ((a->italic && !b->italic) || (a->font != b->font && a->characters < 60 && marks_is_numbered_heading (a->line->text)))
      && docai_box_width (a->bbox) < 0.8 * docai_box_width (b->bbox))
    return FALSE;
  /* so is a numbered one in a font of its own */
  if (page->has_text && a->font != b->font && a->characters < 60 && !blocks_has_bullet (a)
      && blocks_opens_item (a) && b->bbox.x0 < a->bbox.x0 + 1.6 * a->size)
    return FALSE;
  gboolean flush = fabs (a->bbox.x0 - b->bbox.x0) < 0.6 * large && a->characters > 25
                   && b->characters > 10;
  if (step < 0.6 * small || step > (flush ? 2.5 : 1.85) * large)
    return FALSE;
  return !rule_between (page, a, b);
}

typedef struct {
  guint  *below; /* the one piece in the nearest row below; NONE: none or several */
  guint  *above_count;
  double *above_step;
} Links;

/* The pieces in the nearest row below piece i. */
static void
look_below (const GPtrArray *rest, guint i, Links *links)
{
  const LayoutSegment *s = rest->pdata[i];
  double nearest = G_MAXDOUBLE;
  guint  found[2] = { NONE, NONE };
  for (guint j = i + 1; j < rest->len && j < i + WINDOW; j++) {
    const LayoutSegment *t = rest->pdata[j];
    double step = t->baseline - s->baseline;
    if (t->bbox.y0 > s->bbox.y1 + 2.2 * s->size || step > nearest + 0.5 * s->size)
      break;
    double shared = docai_overlap (s->bbox.x0, s->bbox.x1, t->bbox.x0, t->bbox.x1);
    double least  = MIN (docai_box_width (s->bbox), docai_box_width (t->bbox));
    if (!t->upright || step < 0.5 * MIN (s->size, t->size) || shared < MIN (0.25 * least, s->size))
      continue;
    if (step < nearest - 0.5 * s->size)
      found[0] = found[1] = NONE;
    nearest                                 = MIN (nearest, step);
    found[found[0] == NONE ? 0 : 1]         = j;
    if (step < links->above_step[j] - 0.5 * s->size) {
      links->above_step[j]  = step;
      links->above_count[j] = 1;
    } else if (step < links->above_step[j] + 0.5 * s->size) {
      links->above_count[j]++;
    }
  }
  links->below[i] = found[1] == NONE ? found[0] : NONE;
}

/* Chains the rest of the text to columns of lines and splits these. */
static void
add_text (const LayoutPage *page, GPtrArray *rest, GPtrArray *blocks)
{
  guint n = rest->len;
  if (n == 0)
    return;
  g_autofree guint  *below  = g_new (guint, n);
  g_autofree guint  *counts = g_new0 (guint, n);
  g_autofree double *steps  = g_new (double, n);
  g_autofree gboolean *led  = g_new0 (gboolean, n);
  Links links = { below, counts, steps };
  for (guint i = 0; i < n; i++) {
    below[i] = NONE;
    steps[i] = 1e9;
  }
  for (guint i = 0; i < n; i++)
    if (((LayoutSegment *) rest->pdata[i])->upright)
      look_below (rest, i, &links);

  g_autoptr (GArray) leadings = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < n; i++) {
    if (below[i] == NONE)
      continue;
    const LayoutSegment *s = rest->pdata[i], *t = rest->pdata[below[i]];
    gboolean nearer = t->baseline - s->baseline > steps[below[i]] + 0.5 * s->size;
    if (nearer || counts[below[i]] > 1 || led[below[i]] || !may_follow (page, s, t)) {
      below[i] = NONE;
      continue;
    }
    led[below[i]] = TRUE;
    double leading = (t->baseline - s->baseline) / MAX (s->size, 1);
    if (s->characters > 20 && t->characters > 20)
      g_array_append_val (leadings, leading);
  }
  double page_leading = median_of (leadings);
  for (guint i = 0; i < n; i++) {
    if (led[i])
      continue;
    g_autoptr (GPtrArray) column = g_ptr_array_new ();
    for (guint k = i; k != NONE; k = below[k])
      g_ptr_array_add (column, rest->pdata[k]);
    paragraphs_split (column, page->has_text, page_leading, blocks);
  }
}

static LayoutBlock *
copy_kept (const LayoutBlock *kept)
{
  LayoutBlock *block = layout_block_new (kept->label);
  block->bbox        = kept->bbox;
  block->confidence  = kept->confidence;
  block->region      = kept->region;
  block->fixed       = TRUE;
  return block;
}

GPtrArray *
blocks_find (LayoutPage *page, const GPtrArray *kept)
{
  GPtrArray *blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) layout_block_free);
  g_autoptr (GPtrArray) rest = g_ptr_array_sized_new (page->segments->len);
  for (guint i = 0; i < page->segments->len; i++)
    g_ptr_array_add (rest, page->segments->pdata[i]);
  blocks_sort_segments (rest);

  for (guint i = 0; kept && i < kept->len; i++)
    g_ptr_array_add (blocks, copy_kept (kept->pdata[i]));
  pictures_add (page, rest, blocks);
  if (page->has_text)
    code_add (page, rest, blocks);
  margins_take_rows (page, rest, blocks);
  if (!kept)
    add_tables (page, rest, blocks);
  rows_merge (page, rest);
  add_text (page, rest, blocks);
  for (guint i = 0; i < blocks->len; i++)
    layout_block_update (blocks->pdata[i]);
  return blocks;
}
