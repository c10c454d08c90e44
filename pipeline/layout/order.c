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
 */
#include "pipeline/layout/blocks.h"

#include <math.h>

#define MAX_DEPTH  24
#define MAX_BLOCKS 3000 /* of a group; more are only read from the top */

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

static void
order_strips (const Order *order, const GPtrArray *by_top, const GArray *ends, gboolean rows, int depth,
              GPtrArray *out)
{
  guint from = 0;
  for (guint k = 0; k < ends->len;) {
    guint to = g_array_index (ends, guint, k++);
    if (!rows && has_gutter (by_top, from, to))
      while (k < ends->len && has_gutter (by_top, from, g_array_index (ends, guint, k)))
        to = g_array_index (ends, guint, k++);
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
  gboolean rows = cut && sides_are_rows (by_left, cut);
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

void
order_blocks (GPtrArray *blocks, gboolean right_to_left)
{
  Order order = { right_to_left };
  g_autoptr (GPtrArray) sorted = g_ptr_array_sized_new (blocks->len);
  for (int r = 0; r < 3; r++) {
    g_autoptr (GPtrArray) group = g_ptr_array_new ();
    for (guint i = 0; i < blocks->len; i++)
      if (rank (block_at (blocks, i)) == r)
        g_ptr_array_add (group, blocks->pdata[i]);
    order_group (&order, group, 0, sorted);
  }
  for (guint i = 0; i < blocks->len; i++)
    blocks->pdata[i] = sorted->pdata[i];
}
