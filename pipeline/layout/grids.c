/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where tables may be: grids of rules, rows between parallel rules, and rows
 * whose pieces stand in columns. Candidates only; the table stage looks closer.
 */
#include "pipeline/layout/blocks.h"

#include "base/sets.h"
#include "base/sort.h"
#include "pipeline/layout/marks.h"

#include <math.h>

#define MAX_RULES 1500 /* more belong to a drawing */
#define MAX_BOXES 300
#define MAX_LOOKS 400  /* at the text between two rules */
#define PROSE     26   /* characters of a piece that is no cell */

typedef struct {
  guint    first, n; /* in the sorted segments */
  DocaiBox bbox;
} Row;

/* Rows of segments: those that overlap in height by more than half. */
static GArray *
find_rows (const GPtrArray *segments, DocaiBox within, GArray *members)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));
  for (guint i = 0; i < segments->len; i++) {
    const LayoutSegment *s = segments->pdata[i];
    if (!s->upright
        || !docai_box_contains (within, docai_box_center_x (s->bbox), docai_box_center_y (s->bbox)))
      continue;
    Row *last = rows->len ? &g_array_index (rows, Row, rows->len - 1) : NULL;
    double shared = last ? docai_overlap (last->bbox.y0, last->bbox.y1, s->bbox.y0, s->bbox.y1) : 0;
    if (last && shared > 0.5 * MIN (docai_box_height (last->bbox), docai_box_height (s->bbox))) {
      last->n++;
      if (docai_box_height (s->bbox) < 1.5 * docai_box_height (last->bbox))
        last->bbox = docai_box_union (last->bbox, s->bbox);
    } else {
      Row row = { members->len, 1, s->bbox };
      g_array_append_val (rows, row);
    }
    g_array_append_val (members, i);
  }
  return rows;
}

static const LayoutSegment *
member (const GPtrArray *segments, const GArray *members, guint k)
{
  return segments->pdata[g_array_index (members, guint, k)];
}

/* Whether the text inside a box stands in rows of cells. */
static gboolean
holds_cells (const GPtrArray *segments, DocaiBox box, guint least_rows, double prose_limit)
{
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) rows    = find_rows (segments, box, members);
  guint multi = 0, prose = 0;
  for (guint r = 0; r < rows->len; r++)
    multi += g_array_index (rows, Row, r).n >= 2;
  for (guint k = 0; k < members->len; k++)
    prose += member (segments, members, k)->characters > PROSE
             && docai_box_width (member (segments, members, k)->bbox) > 0.3 * docai_box_width (box);
  return multi >= least_rows && members->len >= 4 && prose <= prose_limit * members->len;
}

/* How many places differ by more than 3 points. */
static int
count_distinct (GArray *values)
{
  int    n    = 0;
  double last = -1e9;
  g_array_sort (values, docai_compare_doubles);
  for (guint i = 0; i < values->len; i++) {
    double v = g_array_index (values, double, i);
    if (v - last > 3) {
      n++;
      last = v;
    }
  }
  return n;
}

/* Grids: rules that touch, with enough of them in both directions. */
static void
add_grids (const LayoutPage *page, const GPtrArray *segments, GArray *boxes)
{
  guint n = page->rulings->len;
  if (n < 5 || n > MAX_RULES)
    return;
  const DocaiBox    *rules   = (const DocaiBox *) (void *) page->rulings->data;
  g_autofree guint  *parents = g_new (guint, n);
  g_autofree guchar *done    = g_new0 (guchar, n);
  for (guint i = 0; i < n; i++)
    parents[i] = i;
  for (guint i = 0; i < n; i++)
    for (guint j = i + 1; j < n; j++)
      if (!docai_box_is_empty (docai_box_intersect (docai_box_grow (rules[i], 2), docai_box_grow (rules[j], 2))))
        parents[docai_sets_root (parents, j)] = docai_sets_root (parents, i);

  for (guint i = 0; i < n; i++) {
    guint root = docai_sets_root (parents, i);
    if (done[root])
      continue;
    done[root]   = 1;
    DocaiBox box = rules[root];
    g_autoptr (GArray) xs = g_array_new (FALSE, FALSE, sizeof (double));
    g_autoptr (GArray) ys = g_array_new (FALSE, FALSE, sizeof (double));
    for (guint j = 0; j < n; j++) {
      if (docai_sets_root (parents, j) != root)
        continue;
      double x = docai_box_center_x (rules[j]), y = docai_box_center_y (rules[j]);
      gboolean level = docai_box_width (rules[j]) > docai_box_height (rules[j]);
      box            = docai_box_union (docai_box_grow (rules[j], 0.01), box);
      if (level)
        g_array_append_val (ys, y);
      else
        g_array_append_val (xs, x);
    }
    int across = count_distinct (xs), down = count_distinct (ys);
    if (across + down < 5 || across < 2 || down < 2 || docai_box_height (box) < 15)
      continue;
    if (holds_cells (segments, box, across >= 3 && down >= 3 ? 1 : 2, 0.7))
      g_array_append_val (boxes, box);
  }
}

static gint
compare_tops (gconstpointer a, gconstpointer b)
{
  const DocaiBox *p = a, *q = b;
  if (p->y0 != q->y0)
    return p->y0 < q->y0 ? -1 : 1;
  return p->x0 < q->x0 ? -1 : p->x0 > q->x0;
}

/* Level rules, pieces of one rule joined. */
static GArray *
level_rules (const LayoutPage *page)
{
  GArray *out = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  g_autoptr (GArray) level = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  for (guint i = 0; i < page->rulings->len && level->len < MAX_RULES; i++) {
    DocaiBox r = g_array_index (page->rulings, DocaiBox, i);
    if (docai_box_height (r) < 4 && docai_box_width (r) > 8)
      g_array_append_val (level, r);
  }
  g_array_sort (level, compare_tops);
  for (guint i = 0; i < level->len; i++) {
    DocaiBox r = g_array_index (level, DocaiBox, i);
    gboolean joined = FALSE;
    for (guint j = out->len; j-- > 0 && j + 40 > out->len && !joined;) {
      DocaiBox *o = &g_array_index (out, DocaiBox, j);
      if (fabs (o->y0 - r.y0) < 2 && r.x0 < o->x1 + 12 && r.x1 > o->x0 - 12) {
        *o     = docai_box_union (docai_box_grow (*o, 0.01), docai_box_grow (r, 0.01));
        joined = TRUE;
      }
    }
    if (!joined)
      g_array_append_val (out, r);
  }
  return out;
}

/* Rows between parallel rules of one extent, as tables in books are set. */
static void
add_ruled_rows (const LayoutPage *page, const GPtrArray *segments, GArray *boxes)
{
  g_autoptr (GArray) rules = level_rules (page);
  g_autofree guchar *used  = g_new0 (guchar, rules->len + 1);
  int looks = 0;
  for (guint i = 0; i < rules->len && looks < MAX_LOOKS; i++) {
    DocaiBox first = g_array_index (rules, DocaiBox, i), box = first;
    int      n     = 1;
    if (used[i] || docai_box_width (first) < 40)
      continue;
    guint last = i;
    for (guint j = i + 1; j < rules->len; j++) {
      DocaiBox r = g_array_index (rules, DocaiBox, j);
      if (used[j] || fabs (r.x0 - first.x0) > 6 || fabs (r.x1 - first.x1) > 6 || r.y0 - box.y1 < 3)
        continue;
      DocaiBox between = DOCAI_BOX (first.x0 - 4, box.y1, first.x1 + 4, r.y0);
      if (r.y0 - box.y1 > 0.6 * page->height
          || (r.y0 - box.y1 > 60 && looks++ < MAX_LOOKS && !holds_cells (segments, between, 2, 0.3)))
        break;
      box     = docai_box_union (docai_box_grow (box, 0.01), r);
      last    = j;
      used[j] = 1;
      n++;
    }
    if (n >= 3 && last > i && looks++ < MAX_LOOKS && holds_cells (segments, docai_box_grow (box, 3), 2, 0.4))
      g_array_append_val (boxes, box);
  }
}

/* Whether a piece stands in one of the columns of another row. */
static gboolean
is_aligned (const LayoutSegment *s, const GPtrArray *segments, const GArray *members, const Row *row)
{
  double near = 0.35 * s->size + 1;
  for (guint k = row->first; k < row->first + MIN (row->n, 200); k++) {
    DocaiBox o = member (segments, members, k)->bbox;
    if (fabs (o.x0 - s->bbox.x0) < near || fabs (o.x1 - s->bbox.x1) < near
        || fabs (docai_box_center_x (o) - docai_box_center_x (s->bbox)) < near)
      return TRUE;
  }
  return FALSE;
}

/* A row that may belong to a table without rules: at least three cells, two that
 * are short, or a line of a table of contents. */
static gboolean
is_cell_row (const GPtrArray *segments, const GArray *members, const Row *row, double width)
{
  guint prose = 0, numeric = 0;
  for (guint k = row->first; k < row->first + row->n; k++) {
    const LayoutSegment *s = member (segments, members, k);
    prose += s->characters > PROSE && docai_box_width (s->bbox) > 0.3 * width;
    numeric += s->line->text && marks_symbol_share (s->line->text) > 0.6;
  }
  if (row->n == 1)
    return marks_has_leader (member (segments, members, row->first)->line->text);
  if (row->n == 2)
    return prose == 0 && numeric >= 1
           && !marks_is_bare_bullet (member (segments, members, row->first)->line->text);
  return prose * 3 <= row->n;
}

static gboolean
continues_table (const GPtrArray *segments, const GArray *members, const Row *above, const Row *row)
{
  guint aligned = 0;
  for (guint k = row->first; k < row->first + row->n; k++)
    aligned += is_aligned (member (segments, members, k), segments, members, above);
  double em = member (segments, members, row->first)->size;
  return row->bbox.y0 - above->bbox.y1 < 2.2 * em && aligned * 2 >= MIN (row->n, above->n);
}

/* Rows of cells under one another, without rules. */
static void
add_aligned_rows (const LayoutPage *page, const GPtrArray *segments, GArray *boxes)
{
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) rows
      = find_rows (segments, DOCAI_BOX (-1e6, -1e6, 1e6, 1e6), members);
  for (guint r = 0; r < rows->len && boxes->len < MAX_BOXES;) {
    const Row *row = &g_array_index (rows, Row, r);
    if (!is_cell_row (segments, members, row, page->width)) {
      r++;
      continue;
    }
    DocaiBox box   = row->bbox;
    guint    n     = 1, cells = row->n, last = r, leaders = row->n == 1;
    for (guint k = r + 1; k < rows->len && k <= last + 2; k++) {
      const Row *next = &g_array_index (rows, Row, k), *above = &g_array_index (rows, Row, last);
      if (!is_cell_row (segments, members, next, page->width)
          || !continues_table (segments, members, above, next))
        continue;
      for (guint m = last + 1; m <= k; m++)
        box = docai_box_union (box, g_array_index (rows, Row, m).bbox);
      n++;
      cells += next->n;
      leaders += next->n == 1;
      last = k;
    }
    if (n >= 3 && (cells >= 8 || leaders >= 4 || (n >= 4 && cells >= 2 * n)))
      g_array_append_val (boxes, box);
    r = last + 1;
  }
}

GArray *
grids_find (const LayoutPage *page, const GPtrArray *segments)
{
  GArray *boxes = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  add_grids (page, segments, boxes);
  add_ruled_rows (page, segments, boxes);
  add_aligned_rows (page, segments, boxes);

  /* one table is found in several ways: keep the union */
  for (guint i = 0; i < boxes->len; i++)
    for (guint j = i + 1; j < boxes->len;) {
      DocaiBox *a = &g_array_index (boxes, DocaiBox, i), b = g_array_index (boxes, DocaiBox, j);
      if (docai_box_coverage (b, *a) > 0.3 || docai_box_coverage (*a, b) > 0.3) {
        *a = docai_box_union (*a, b);
        g_array_remove_index (boxes, j);
        j = i + 1;
      } else {
        j++;
      }
    }
  return boxes;
}
