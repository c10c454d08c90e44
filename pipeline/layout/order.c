/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading order by recursive cuts (Nagy's X-Y cut) that prefer columns: a group
 * with a gutter from top to bottom is read side by side. Without one, it is cut
 * into strips at the level gaps, and neighbouring strips stay together as long as
 * a gutter runs through all of them, so that paragraph gaps that happen to lie at
 * one height do not cut through the columns:
 *
 *     HHHHHHHHHHH    strip 1: heading
 *     aaaa   bbbb    strips 2 and 3, one gutter: a a b b, not a b a b
 *
 *     aaaa   bbbb
 *     FFFFFFFFFFF    strip 4
 *
 * A drawn level rule that runs across a gutter ends the columns above it: it is a
 * strip of its own. So does a wide gap below which only one column goes on, as
 * under the address and the references of a letter.
 */
#include "pipeline/layout/blocks.h"

#include <math.h>

#define MAX_DEPTH  24
#define MAX_BLOCKS 3000 /* of a group; more are only read from the top */
#define MAX_RULES  300  /* of a page that part blocks; more belong to a drawing */
#define WIDE_GAP   2.4  /* sizes of print from one strip to the next */

typedef struct {
  gboolean right_to_left;
} Order;

static LayoutBlock *
block_at (const GPtrArray *blocks, guint i)
{
  return blocks->pdata[i];
}

static gint
compare_tops (gconstpointer a, gconstpointer b)
{
  const LayoutBlock *p = *(LayoutBlock *const *) a, *q = *(LayoutBlock *const *) b;
  if (p->bbox.y0 != q->bbox.y0)
    return p->bbox.y0 < q->bbox.y0 ? -1 : 1;
  return p->bbox.x0 < q->bbox.x0 ? -1 : p->bbox.x0 > q->bbox.x0;
}

static gint
compare_lefts (gconstpointer a, gconstpointer b)
{
  const LayoutBlock *p = *(LayoutBlock *const *) a, *q = *(LayoutBlock *const *) b;
  if (p->bbox.x0 != q->bbox.x0)
    return p->bbox.x0 < q->bbox.x0 ? -1 : 1;
  return p->bbox.y0 < q->bbox.y0 ? -1 : p->bbox.y0 > q->bbox.y0;
}

/* Boxes a little smaller than they are: touching or slightly overlapping blocks
 * may still be cut apart. */
static DocaiBox
core (const LayoutBlock *block)
{
  DocaiBox b = block->bbox;
  double   w = MIN (0.05 * docai_box_width (b), 2), h = MIN (0.12 * docai_box_height (b), 3);
  return DOCAI_BOX (b.x0 + w, b.y0 + h, b.x1 - w, b.y1 - h);
}

static GPtrArray *
slice (const GPtrArray *blocks, guint from, guint to)
{
  GPtrArray *out = g_ptr_array_sized_new (to - from);
  for (guint i = from; i < to; i++)
    g_ptr_array_add (out, blocks->pdata[i]);
  return out;
}

/* The widest gutter of a group sorted by left edges: how many blocks lie left of
 * it; 0 when there is none. */
static guint
find_gutter (const GPtrArray *by_left)
{
  double right = -G_MAXDOUBLE, widest = 0;
  guint  cut   = 0;
  for (guint i = 0; i < by_left->len; i++) {
    DocaiBox b = core (block_at (by_left, i));
    if (i && b.x0 - right > widest) {
      widest = b.x0 - right;
      cut    = i;
    }
    right = MAX (right, b.x1);
  }
  return cut;
}

static gboolean
has_gutter (const GPtrArray *blocks, guint from, guint to)
{
  g_autoptr (GPtrArray) group = slice (blocks, from, to);
  g_ptr_array_sort (group, compare_lefts);
  return find_gutter (group) > 0;
}

/* Whether the two sides of a gutter are rows of labels and values: single lines
 * that face each other. */
static gboolean
sides_are_rows (const GPtrArray *by_left, guint cut)
{
  guint left = cut, right = by_left->len - cut, facing = 0;
  if (left < 2 || right < 2 || left > 3 * right || right > 3 * left || by_left->len > 200)
    return FALSE;
  for (guint i = 0; i < cut; i++) {
    const LayoutBlock *a = block_at (by_left, i);
    if (a->rows > 2)
      return FALSE;
    for (guint j = cut; j < by_left->len; j++) {
      const LayoutBlock *b = block_at (by_left, j);
      if (fabs (docai_box_center_y (a->bbox) - docai_box_center_y (b->bbox)) < 0.5 * MAX (a->size, 4)
          && b->rows <= 2) {
        facing++;
        break;
      }
    }
  }
  return facing * 4 >= 3 * left;
}

/* Whether blocks from..to - 1 are single short lines or pictures that each stand at the
 * first line of a block of the other side: dates and their entries, margin notes,
 * portraits. */
static gboolean
side_annotates (const GPtrArray *by_left, guint from, guint to, guint other_from, guint other_to)
{
  if (other_to - other_from < 2 || by_left->len > 200)
    return FALSE;
  for (guint i = from; i < to; i++) {
    const LayoutBlock *a = block_at (by_left, i);
    gboolean faces = FALSE;
    for (guint j = other_from; j < other_to && !faces; j++) {
      const LayoutBlock *b = block_at (by_left, j);
      faces = b->rows > 0 && fabs (a->bbox.y0 - b->bbox.y0) < 0.5 * MAX (a->size, 4);
    }
    gboolean brief = a->label == DOCAI_LABEL_PICTURE || (a->rows == 1 && a->characters <= 40);
    if (!brief || !faces)
      return FALSE;
  }
  return TRUE;
}

static void order_group (const Order *order, GPtrArray *blocks, int depth, GPtrArray *out);

/* Strips between level gaps, as ends in the group sorted by tops. */
static GArray *
find_strips (const GPtrArray *by_top)
{
  GArray *ends   = g_array_new (FALSE, FALSE, sizeof (guint));
  double  bottom = -G_MAXDOUBLE;
  for (guint i = 0; i < by_top->len; i++) {
    DocaiBox b = core (block_at (by_top, i));
    if (i && b.y0 >= bottom)
      g_array_append_val (ends, i);
    bottom = MAX (bottom, b.y1);
  }
  g_array_append_val (ends, by_top->len);
  return ends;
}

/* The gap above the strip that begins at block `from`. */
static double
gap_above (const GPtrArray *by_top, guint from)
{
  double bottom = -G_MAXDOUBLE;
  for (guint i = 0; i < from; i++)
    bottom = MAX (bottom, block_at (by_top, i)->bbox.y1);
  return block_at (by_top, from)->bbox.y0 - bottom;
}

/* Of strips first..last with a gutter in common, the last that belongs to its
 * columns: what follows a wide gap on one side alone does not. */
static guint
end_of_columns (const GPtrArray *by_top, const GArray *ends, guint start, guint first, guint last)
{
  g_autoptr (GPtrArray) group = slice (by_top, start, g_array_index (ends, guint, last));
  g_ptr_array_sort (group, compare_lefts);
  double gutter = block_at (group, find_gutter (group))->bbox.x0 - 0.5;
  guint  kept = last;
  int    side = 0;
  for (guint k = last; k > first; k--) {
    guint from = g_array_index (ends, guint, k - 1), to = g_array_index (ends, guint, k);
    for (guint i = from; i < to; i++) {
      int own = block_at (by_top, i)->bbox.x0 < gutter ? -1 : 1;
      if (side && own != side)
        return kept;
      side = own;
    }
    double size = block_at (by_top, from)->size; /* 0: a picture */
    if (size > 0 && gap_above (by_top, from) > WIDE_GAP * MAX (size, 6))
      kept = k - 1;
  }
  return kept;
}

static void
order_strips (const Order *order, const GPtrArray *by_top, const GArray *ends, gboolean rows, int depth,
              GPtrArray *out)
{
  guint from = 0;
  for (guint k = 0; k < ends->len;) {
    guint first = k, to = g_array_index (ends, guint, k++);
    if (!rows && has_gutter (by_top, from, to)) {
      while (k < ends->len && has_gutter (by_top, from, g_array_index (ends, guint, k)))
        k++;
      k  = end_of_columns (by_top, ends, from, first, k - 1) + 1;
      to = g_array_index (ends, guint, k - 1);
    }
    g_autoptr (GPtrArray) strip = slice (by_top, from, to);
    order_group (order, strip, depth + 1, out);
    from = to;
  }
}

/* No cut: what overlaps is read from the top, and in one height from the side. */
static void
order_tangle (const Order *order, const GPtrArray *by_top, GPtrArray *out)
{
  g_autoptr (GPtrArray) left = slice (by_top, 0, by_top->len);
  while (left->len) {
    guint best = 0;
    for (guint i = 1; i < left->len && i < 40; i++) {
      const LayoutBlock *a = block_at (left, best), *b = block_at (left, i);
      double shared = docai_overlap (a->bbox.y0, a->bbox.y1, b->bbox.y0, b->bbox.y1);
      double least  = MIN (docai_box_height (a->bbox), docai_box_height (b->bbox));
      gboolean side = order->right_to_left ? b->bbox.x1 > a->bbox.x1 : b->bbox.x1 <= a->bbox.x0 + 2;
      if (shared > 0.5 * least && side)
        best = i;
    }
    g_ptr_array_add (out, g_ptr_array_remove_index (left, best));
  }
}

static void
order_group (const Order *order, GPtrArray *blocks, int depth, GPtrArray *out)
{
  if (blocks->len <= 1 || depth > MAX_DEPTH) {
    for (guint i = 0; i < blocks->len; i++)
      g_ptr_array_add (out, blocks->pdata[i]);
    return;
  }
  g_autoptr (GPtrArray) by_left = slice (blocks, 0, blocks->len);
  g_ptr_array_sort (by_left, compare_lefts);
  g_autoptr (GPtrArray) by_top = slice (blocks, 0, blocks->len);
  g_ptr_array_sort (by_top, compare_tops);
  if (blocks->len > MAX_BLOCKS) {
    g_ptr_array_extend (out, by_top, NULL, NULL);
    return;
  }

  guint    cut  = find_gutter (by_left);
  gboolean rows = cut
                  && (sides_are_rows (by_left, cut) || side_annotates (by_left, cut, by_left->len, 0, cut)
                      || side_annotates (by_left, 0, cut, cut, by_left->len));
  if (cut && !rows) {
    g_autoptr (GPtrArray) a = slice (by_left, 0, cut), b = slice (by_left, cut, by_left->len);
    order_group (order, order->right_to_left ? b : a, depth + 1, out);
    order_group (order, order->right_to_left ? a : b, depth + 1, out);
    return;
  }
  g_autoptr (GArray) ends = find_strips (by_top);
  if (ends->len > 1)
    order_strips (order, by_top, ends, rows, depth, out);
  else if (cut) {
    g_autoptr (GPtrArray) a = slice (by_left, 0, cut), b = slice (by_left, cut, by_left->len);
    order_group (order, order->right_to_left ? b : a, depth + 1, out);
    order_group (order, order->right_to_left ? a : b, depth + 1, out);
  } else
    order_tangle (order, by_top, out);
}

static int
rank (const LayoutBlock *block)
{
  return block->label == DOCAI_LABEL_PAGE_HEADER ? 0 : block->label == DOCAI_LABEL_PAGE_FOOTER ? 2 : 1;
}

/* Whether a rule parts what stands above it from what stands below: it is wide, and
 * belongs to no block. */
static gboolean
parts_blocks (const LayoutPage *page, const GPtrArray *blocks, DocaiBox rule)
{
  if (docai_box_height (rule) > 4 || docai_box_width (rule) < 0.25 * page->width)
    return FALSE;
  for (guint i = 0; i < blocks->len; i++) {
    DocaiBox b = block_at (blocks, i)->bbox;
    double   y = docai_box_center_y (rule);
    if (y > b.y0 - 1 && y < b.y1 - 1 && docai_overlap (b.x0, b.x1, rule.x0, rule.x1) > 0)
      return FALSE;
  }
  return TRUE;
}

/* Blocks that stand for rules while the others are put in order. */
static GPtrArray *
rule_blocks (const LayoutPage *page, const GPtrArray *blocks)
{
  GPtrArray *rules = g_ptr_array_new_with_free_func ((GDestroyNotify) layout_block_free);
  for (guint i = 0; i < page->rulings->len && page->rulings->len <= MAX_RULES && blocks->len <= MAX_BLOCKS; i++) {
    DocaiBox rule = g_array_index (page->rulings, DocaiBox, i);
    if (!parts_blocks (page, blocks, rule))
      continue;
    LayoutBlock *block = layout_block_new (DOCAI_LABEL_TEXT);
    block->bbox        = rule;
    block->rule        = TRUE;
    g_ptr_array_add (rules, block);
  }
  return rules;
}

void
order_blocks (const LayoutPage *page, GPtrArray *blocks, gboolean right_to_left)
{
  Order order = { right_to_left };
  g_autoptr (GPtrArray) rules  = rule_blocks (page, blocks);
  g_autoptr (GPtrArray) sorted = g_ptr_array_sized_new (blocks->len);
  for (int r = 0; r < 3; r++) {
    g_autoptr (GPtrArray) group = g_ptr_array_new ();
    for (guint i = 0; i < blocks->len; i++)
      if (rank (block_at (blocks, i)) == r)
        g_ptr_array_add (group, blocks->pdata[i]);
    if (r == 1)
      g_ptr_array_extend (group, rules, NULL, NULL);
    order_group (&order, group, 0, sorted);
  }
  for (guint i = 0, n = 0; i < sorted->len; i++)
    if (!block_at (sorted, i)->rule)
      blocks->pdata[n++] = sorted->pdata[i];
}
