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

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double p = *(const double *) a, q = *(const double *) b;
  return (p > q) - (p < q);
}

static double
median_of (GArray *values)
{
  if (!values->len)
    return 0;
  g_array_sort (values, compare_doubles);
  return g_array_index (values, double, values->len / 2);
}

void
layout_block_update (LayoutBlock *block)
{
  double best = 0, bold = 0, italic = 0, mono = 0, last = -G_MAXDOUBLE;
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (double));
  block->characters = 0;
  block->rows       = 0;
  for (guint i = 0; i < block->segments->len; i++) {
    const LayoutSegment *s = block->segments->pdata[i];
    if (block->label != DOCAI_LABEL_TABLE && block->label != DOCAI_LABEL_PICTURE)
      block->bbox = i ? docai_box_union (block->bbox, s->bbox) : s->bbox;
    block->characters += s->characters;
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

double
blocks_body_size (const GPtrArray *segments)
{
  double weights[160] = { 0 }, best = 0;
  int    at = 0;
  for (guint i = 0; i < segments->len; i++) {
    const LayoutSegment *s = segments->pdata[i];
    weights[CLAMP ((int) lround (2 * s->size), 0, 159)] += s->characters;
  }
  for (int k = 1; k < 159; k++) {
    double sum = weights[k - 1] * 0.5 + weights[k] + weights[k + 1] * 0.5;
    if (sum > best) {
      best = sum;
      at   = k;
    }
  }
  return at / 2.0;
}

/* Pictures that meet are one; specks are none, nor is a ground under the text. */
static void
add_pictures (const LayoutPage *page, GPtrArray *blocks)
{
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  for (guint i = 0; i < page->pictures->len && boxes->len < 600; i++) {
    DocaiBox b = g_array_index (page->pictures, DocaiBox, i);
    if (docai_box_width (b) > 3 && docai_box_height (b) > 3)
      g_array_append_val (boxes, b);
  }
  for (guint i = 0; i < boxes->len; i++)
    for (guint j = i + 1; j < boxes->len;) {
      DocaiBox *a = &g_array_index (boxes, DocaiBox, i), b = g_array_index (boxes, DocaiBox, j);
      DocaiBox  common = docai_box_intersect (docai_box_grow (*a, 1.5), b);
      double    side   = MIN (MIN (docai_box_width (*a), docai_box_width (b)),
                              MIN (docai_box_height (*a), docai_box_height (b)));
      if (!docai_box_is_empty (common)
          && MAX (docai_box_width (common), docai_box_height (common)) > 0.5 * side) {
        *a = docai_box_union (*a, b);
        g_array_remove_index (boxes, j);
        j = i + 1;
      } else {
        j++;
      }
    }
  for (guint i = 0; i < boxes->len; i++) {
    DocaiBox b    = g_array_index (boxes, DocaiBox, i);
    guint    text = 0;
    double   covered = 0;
    if (docai_box_width (b) < 14 || docai_box_height (b) < 14)
      continue;
    for (guint k = 0; k < page->segments->len; k++) {
      const LayoutSegment *s = page->segments->pdata[k];
      if (docai_box_coverage (s->bbox, b) > 0.8) {
        text += s->characters > 12;
        covered += docai_box_area (s->bbox);
      }
    }
    if (page->has_text && covered > 0.22 * docai_box_area (b))
      continue;
    if (docai_box_area (b) > 0.45 * page->width * page->height && text > 5)
      continue;
    LayoutBlock *block = layout_block_new (DOCAI_LABEL_PICTURE);
    block->bbox        = b;
    block->confidence  = 0.8;
    block->fixed       = TRUE;
    g_ptr_array_add (blocks, block);
  }
}

/* Moves segments that lie in a block's box into it. */
static void
take_inside (LayoutBlock *block, GPtrArray *rest, double share)
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

/* Whether a piece reads like a label of a figure rather than text near it. */
static gboolean
is_label (const LayoutBlock *picture, const LayoutSegment *s, double body)
{
  if (s->characters > 30 || (s->line->text && marks_is_caption (s->line->text)))
    return FALSE;
  if (!s->upright || s->characters <= 6 || docai_box_coverage (s->bbox, picture->bbox) > 0.1
      || s->size < 0.9 * body)
    return TRUE;
  if (s->size > 1.05 * body && !s->bold
      && fabs (docai_box_center_x (s->bbox) - docai_box_center_x (picture->bbox)) < 0.15 * docai_box_width (picture->bbox))
    return TRUE; /* an axis' title */
  for (guint i = 0; i < picture->segments->len; i++) { /* the print of its other labels */
    const LayoutSegment *o = picture->segments->pdata[i];
    if (o->font == s->font && fabs (o->size - s->size) < 0.1 * s->size && fabs (s->size - body) > 0.05 * body)
      return TRUE;
  }
  return FALSE;
}

/* Labels of a figure that stand around it: short pieces right beside it, and
 * what stands beside those. */
static void
absorb_labels (LayoutBlock *picture, GPtrArray *rest, double body)
{
  for (int round = 0; round < 3; round++) {
    guint    n   = 0;
    DocaiBox box = picture->bbox;
    for (guint i = 0; i < rest->len; i++) {
      LayoutSegment *s = rest->pdata[i];
      gboolean label = is_label (picture, s, body);
      double   near  = (s->upright && s->size <= 1.05 * body ? 0.9 : 1.6) * s->size;
      if (label && docai_box_coverage (s->bbox, docai_box_grow (box, near)) > 0.5) {
        layout_block_add (picture, s);
        picture->bbox = docai_box_union (picture->bbox, s->bbox);
      } else {
        rest->pdata[n++] = s;
      }
    }
    if (n == rest->len)
      break;
    g_ptr_array_set_size (rest, (gint) n);
  }
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
    take_inside (block, rest, 0.55);
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

static gint
compare_words (gconstpointer a, gconstpointer b)
{
  const DocaiWord *p = *(DocaiWord *const *) a, *q = *(DocaiWord *const *) b;
  return p->bbox.x0 < q->bbox.x0 ? -1 : p->bbox.x0 > q->bbox.x0;
}

/* Joins piece b to a; b is emptied. */
static void
merge_segments (LayoutSegment *a, LayoutSegment *b)
{
  DocaiLine *to = a->line, *from = b->line;
  for (guint i = 0; i < from->words->len; i++)
    g_ptr_array_add (to->words, from->words->pdata[i]);
  g_ptr_array_set_free_func (from->words, NULL);
  g_ptr_array_set_size (from->words, 0);
  g_ptr_array_sort (to->words, compare_words);
  if (b->characters > a->characters) {
    to->baseline       = from->baseline - from->baseline_slope * (b->bbox.x0 - a->bbox.x0);
    to->baseline_slope = from->baseline_slope;
    to->x_height       = from->x_height;
    to->ascender       = from->ascender;
    to->descender      = from->descender;
    a->size            = b->size;
    a->bold            = b->bold;
    a->italic          = b->italic;
    a->mono            = b->mono;
    a->baseline        = b->baseline;
  }
  to->bbox = docai_box_union (to->bbox, from->bbox);
  a->bbox  = to->bbox;
  a->characters += b->characters;
  b->characters = 0;
  docai_line_update (to);
}

static gboolean
same_row (const LayoutSegment *a, const LayoutSegment *b)
{
  double shared = docai_overlap (a->bbox.y0, a->bbox.y1, b->bbox.y0, b->bbox.y1);
  return a->upright && b->upright
         && shared > 0.55 * MIN (docai_box_height (a->bbox), docai_box_height (b->bbox))
         && fabs (a->baseline - b->baseline) < 0.45 * MAX (a->size, b->size);
}

/* Whether a line right above or below runs through the gap between two pieces. */
static gboolean
gap_is_bridged (const GPtrArray *rest, guint at, const LayoutSegment *a, const LayoutSegment *b)
{
  for (int way = -1; way <= 1; way += 2)
    for (int k = 1; k < 40; k++) {
      gint64 i = (gint64) at + way * k;
      if (i < 0 || i >= (gint64) rest->len)
        break;
      const LayoutSegment *c = rest->pdata[i];
      if (c == a || c == b || !c->characters)
        continue;
      double far = fabs (c->baseline - a->baseline);
      if (far > 3 * a->size)
        break;
      if (far > 0.5 * a->size && far < 1.8 * a->size && c->bbox.x0 < a->bbox.x1 - a->size
          && c->bbox.x1 > b->bbox.x0 + a->size && fabs (c->size - a->size) < 0.15 * a->size)
        return TRUE;
    }
  return FALSE;
}

/* Bullets and their text, and pieces of justified lines with wide gaps. */
static void
merge_rows (GPtrArray *rest, gboolean has_text)
{
  for (guint i = 0; i < rest->len; i++) {
    LayoutSegment *a = rest->pdata[i];
    if (!a->characters)
      continue;
    for (gboolean again = TRUE; again;) {
      again = FALSE;
      LayoutSegment *right = NULL; /* nearest piece to the right in the row */
      for (int way = -1; way <= 1; way += 2)
        for (int k = 1; k < 60; k++) {
          gint64 j = (gint64) i + way * k;
          if (j < 0 || j >= (gint64) rest->len)
            break;
          LayoutSegment *b = rest->pdata[j];
          if (fabs (b->bbox.y0 - a->bbox.y0) > 2.5 * MAX (a->size, b->size))
            break;
          if (b->characters && b->bbox.x0 >= a->bbox.x1 - 1 && same_row (a, b)
              && (!right || b->bbox.x0 < right->bbox.x0))
            right = b;
        }
      if (!right)
        break;
      double   gap    = right->bbox.x0 - a->bbox.x1, em = MAX (a->size, right->size);
      gboolean bullet = has_text ? marks_is_bare_bullet (a->line->text)
                                     || (a->characters < 14 && right->characters > 5
                                         && (marks_is_bare_number (a->line->text)
                                             || marks_is_caption (a->line->text)))
                                 : a->characters == 1 && docai_box_width (a->bbox) < 0.6 * em
                                     && right->characters > 12;
      if ((bullet && gap < 4.5 * em && right->characters > 1)
          || (gap < 2.2 * em && a->size < 1.2 * right->size && right->size < 1.2 * a->size
              && gap_is_bridged (rest, i, a, right))) {
        merge_segments (a, right);
        again = TRUE;
      }
    }
  }
  guint n = 0;
  for (guint i = 0; i < rest->len; i++) {
    LayoutSegment *s = rest->pdata[i];
    if (s->characters || !s->line->words || s->line->words->len)
      rest->pdata[n++] = s;
  }
  g_ptr_array_set_size (rest, (gint) n);
}

/* Raised and lowered print, fractions: pieces that lie within another one. */
static void
merge_contained (GPtrArray *rest)
{
  for (guint i = 0; i < rest->len; i++) {
    LayoutSegment *small = rest->pdata[i];
    if (!small->characters || !small->upright || small->characters > 12)
      continue;
    for (int way = -1; way <= 1 && small->characters; way += 2)
      for (int k = 1; k < 30; k++) {
        gint64 j = (gint64) i + way * k;
        if (j < 0 || j >= (gint64) rest->len)
          break;
        LayoutSegment *large = rest->pdata[j];
        if (large->characters > small->characters && large->upright
            && docai_box_coverage (small->bbox, docai_box_grow (large->bbox, 0.12 * large->size)) > 0.6) {
          merge_segments (large, small);
          break;
        }
      }
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
  double limit = page->has_text ? 1.14 : (MIN (a->characters, b->characters) < 8 ? 1.6 : 1.32);
  double step  = b->baseline - a->baseline;
  if (large > limit * small || a->bold != b->bold || a->mono != b->mono)
    return FALSE;
  /* a short line in italics above upright print is a heading, not its first line */
  if (page->has_text && ((a->italic && !b->italic) || (a->font != b->font && a->characters < 60 && marks_is_numbered_heading (a->line->text)))
      && docai_box_width (a->bbox) < 0.8 * docai_box_width (b->bbox))
    return FALSE;
  /* so is a numbered one in a font of its own */
  if (page->has_text && a->font != b->font && a->characters < 60 && !marks_is_bullet (a->line->text)
      && marks_is_list_item (a->line->text) && b->bbox.x0 < a->bbox.x0 + 1.6 * a->size)
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

GPtrArray *
blocks_find (LayoutPage *page)
{
  GPtrArray *blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) layout_block_free);
  g_autoptr (GPtrArray) rest = g_ptr_array_sized_new (page->segments->len);
  for (guint i = 0; i < page->segments->len; i++)
    g_ptr_array_add (rest, page->segments->pdata[i]);
  blocks_sort_segments (rest);

  double body = blocks_body_size (rest);
  add_pictures (page, blocks);
  for (guint i = 0; i < blocks->len; i++) {
    LayoutBlock *picture = blocks->pdata[i];
    /* a large picture on a scan is more often a ground for text */
    if (!page->from_ink || docai_box_area (picture->bbox) < 0.2 * page->width * page->height)
      take_inside (picture, rest, 0.8);
  }
  if (page->has_text && !page->from_ink)
    for (guint i = 0; i < blocks->len && i < 40; i++)
      absorb_labels (blocks->pdata[i], rest, body);
  add_tables (page, rest, blocks);
  merge_contained (rest);
  merge_rows (rest, page->has_text);
  add_text (page, rest, blocks);
  for (guint i = 0; i < blocks->len; i++)
    layout_block_update (blocks->pdata[i]);
  return blocks;
}
