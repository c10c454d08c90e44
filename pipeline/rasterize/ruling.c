/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From drawn paths to the horizontal and vertical lines among them.
 *
 * A line of a table may be stroked, or be a thin filled rectangle, or consist
 * of many short pieces, one for each cell or dash, drawn once for each of the
 * cells beside it. All of these become one box as thick as the line.
 */
#include "pipeline/rasterize/ruling.h"

#include <math.h>
#include <stdlib.h>

#define MAX_RULINGS 50000
#define MAX_POINTS 64     /* a filled part with more is no rectangle */
#define MAX_THICKNESS 5.0 /* points; thicker is an area */
#define MIN_LENGTH 3.0
#define MIN_SLENDERNESS 3.0 /* length by thickness */
#define SQUARE_MIN 5.0 /* points of a side: a check box */
#define SQUARE_MAX 18.0
#define SLOPE 0.01          /* dy/dx that still counts as straight */
#define JOIN_GAP 1.5        /* between pieces of one line */
#define JOIN_OFFSET 0.6     /* across, between centres */

typedef struct {
  double x, y;
} Point;

struct DocaiRulings {
  double   width, height;
  GArray  *lines;    /* DocaiBox */
  GArray  *segments; /* DocaiBox: straight parts of the path at hand, without pen */
  GArray  *points;   /* Point: of the subpath at hand */
  GArray  *squares;  /* DocaiBox: small ones, in the order of drawing */
  GArray  *rects;    /* DocaiBox: subpaths of the path that are upright rectangles */
  Point    start, at;
  gboolean curved;
};

DocaiRulings *
docai_rulings_new (double width, double height)
{
  DocaiRulings *rulings = g_new0 (DocaiRulings, 1);
  rulings->width = width;
  rulings->height = height;
  rulings->lines = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  rulings->segments = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  rulings->points = g_array_new (FALSE, FALSE, sizeof (Point));
  rulings->squares = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  rulings->rects = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  return rulings;
}

static void
add_point (DocaiRulings *rulings, double x, double y)
{
  Point point = { x, y };
  if (rulings->points->len <= MAX_POINTS)
    g_array_append_val (rulings->points, point);
}

/* A subpath whose points all lie on the corners of their common box. */
static void
end_subpath (DocaiRulings *rulings)
{
  const Point *points = (const Point *) (void *) rulings->points->data;
  guint        n = rulings->points->len;
  DocaiBox     box = { G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE, -G_MAXDOUBLE };
  gboolean     fine = n >= 4 && n <= MAX_POINTS && !rulings->curved;

  for (guint i = 0; i < n; i++)
    box = (DocaiBox){ MIN (box.x0, points[i].x), MIN (box.y0, points[i].y),
                      MAX (box.x1, points[i].x), MAX (box.y1, points[i].y) };
  for (guint i = 0; fine && i < n; i++)
    fine = (fabs (points[i].x - box.x0) < 0.05 || fabs (points[i].x - box.x1) < 0.05)
           && (fabs (points[i].y - box.y0) < 0.05 || fabs (points[i].y - box.y1) < 0.05);
  if (fine && rulings->rects->len < MAX_RULINGS)
    g_array_append_val (rulings->rects, box);
  g_array_set_size (rulings->points, 0);
  rulings->curved = FALSE;
}

static void
add_segment (DocaiRulings *rulings, Point a, Point b)
{
  double   dx = fabs (b.x - a.x), dy = fabs (b.y - a.y);
  DocaiBox box = { MIN (a.x, b.x), MIN (a.y, b.y), MAX (a.x, b.x), MAX (a.y, b.y) };
  if (MIN (dx, dy) <= SLOPE * MAX (dx, dy) && rulings->segments->len < MAX_RULINGS)
    g_array_append_val (rulings->segments, box);
}

void
docai_rulings_move_to (DocaiRulings *rulings, double x, double y)
{
  end_subpath (rulings);
  add_point (rulings, x, y);
  rulings->start = rulings->at = (Point){ x, y };
}

void
docai_rulings_line_to (DocaiRulings *rulings, double x, double y)
{
  add_segment (rulings, rulings->at, (Point){ x, y });
  add_point (rulings, x, y);
  rulings->at = (Point){ x, y };
}

void
docai_rulings_curve_to (DocaiRulings *rulings, double x, double y)
{
  rulings->curved = TRUE;
  rulings->at = (Point){ x, y };
}

void
docai_rulings_close (DocaiRulings *rulings)
{
  add_segment (rulings, rulings->at, rulings->start);
  end_subpath (rulings);
  rulings->at = rulings->start;
}

/* Adds a line; a dash is judged after it was joined to its neighbours. */
static void
add_line (DocaiRulings *rulings, DocaiBox box, DocaiBox clip)
{
  DocaiBox page = { 0, 0, rulings->width, rulings->height };
  box = docai_box_intersect (docai_box_intersect (box, clip), page);
  if (docai_box_is_empty (box)
      || MIN (docai_box_width (box), docai_box_height (box)) > MAX_THICKNESS)
    return;
  if (rulings->lines->len < MAX_RULINGS)
    g_array_append_val (rulings->lines, box);
}

/* Notes those of the path's rectangles that are small squares. */
static void
take_squares (DocaiRulings *rulings, DocaiBox clip)
{
  for (guint i = 0; i < rulings->rects->len && rulings->squares->len < MAX_RULINGS; i++)
    {
      DocaiBox box = g_array_index (rulings->rects, DocaiBox, i);
      double   w = docai_box_width (box), h = docai_box_height (box);
      if (MIN (w, h) >= SQUARE_MIN && MAX (w, h) <= SQUARE_MAX && fabs (w - h) < 0.2 * MAX (w, h)
          && docai_box_coverage (box, clip) > 0.95)
        g_array_append_val (rulings->squares, box);
    }
}

void
docai_rulings_end_path (DocaiRulings *rulings, double line_width, DocaiBox clip)
{
  end_subpath (rulings);
  take_squares (rulings, clip);
  GArray *parts = line_width > 0 ? rulings->segments : rulings->rects;
  for (guint i = 0; i < parts->len && line_width <= MAX_THICKNESS; i++)
    {
      DocaiBox box = g_array_index (parts, DocaiBox, i);
      if (line_width > 0 && docai_box_width (box) >= docai_box_height (box))
        box = (DocaiBox){ box.x0, box.y0 - line_width / 2, box.x1, box.y1 + line_width / 2 };
      else if (line_width > 0)
        box = (DocaiBox){ box.x0 - line_width / 2, box.y0, box.x1 + line_width / 2, box.y1 };
      else /* a filled line without area is still a hairline */
        box =
            (DocaiBox){ box.x0, box.y0, MAX (box.x1, box.x0 + 0.01), MAX (box.y1, box.y0 + 0.01) };
      add_line (rulings, box, clip);
    }
  g_array_set_size (rulings->segments, 0);
  g_array_set_size (rulings->rects, 0);
}

static DocaiBox
transpose (DocaiBox box)
{
  return (DocaiBox){ box.y0, box.x0, box.y1, box.x1 };
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const DocaiBox *left = a, *right = b;
  double          dy = docai_box_center_y (*left) - docai_box_center_y (*right);
  if (dy != 0)
    return dy < 0 ? -1 : 1;
  return left->x0 < right->x0 ? -1 : left->x0 > right->x0;
}

static int
compare_columns (gconstpointer a, gconstpointer b)
{
  const DocaiBox *left = a, *right = b;
  return left->x0 < right->x0 ? -1 : left->x0 > right->x0;
}

/* Joins the pieces of a row of lines, sorted by x, that touch or overlap. */
static void
join_row (DocaiBox *row, guint n, GArray *joined)
{
  qsort (row, n, sizeof *row, compare_columns);
  for (guint i = 0; i < n;)
    {
      DocaiBox box = row[i++];
      while (i < n && row[i].x0 <= box.x1 + JOIN_GAP)
        box = docai_box_union (box, row[i++]);
      double length = docai_box_width (box), thickness = docai_box_height (box);
      if (length >= MIN_LENGTH && length >= MIN_SLENDERNESS * thickness
          && thickness <= MAX_THICKNESS)
        g_array_append_val (joined, box);
    }
}

/* Joins the horizontal ones of the lines; those on one height make a row. */
static void
join_lines (GArray *lines, GArray *joined)
{
  g_array_sort (lines, compare_rows);
  DocaiBox *boxes = (DocaiBox *) (void *) lines->data;
  for (guint i = 0; i < lines->len;)
    {
      guint  j = i + 1;
      double y = docai_box_center_y (boxes[i]);
      while (j < lines->len && docai_box_center_y (boxes[j]) - y <= JOIN_OFFSET)
        j++;
      join_row (boxes + i, j - i, joined);
      i = j;
    }
}

GArray *
docai_rulings_steal_squares (DocaiRulings *rulings)
{
  return g_steal_pointer (&rulings->squares);
}

GArray *
docai_rulings_finish (DocaiRulings *rulings)
{
  GArray *result = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  g_autoptr (GArray) vertical = g_array_new (FALSE, FALSE, sizeof (DocaiBox));

  for (guint i = 0; i < rulings->lines->len; i++)
    {
      DocaiBox box = g_array_index (rulings->lines, DocaiBox, i);
      if (docai_box_width (box) >= docai_box_height (box))
        g_array_append_val (rows, box);
      if (docai_box_height (box) >= docai_box_width (box))
        {
          box = transpose (box);
          g_array_append_val (columns, box);
        }
    }
  join_lines (rows, result);
  join_lines (columns, vertical);
  for (guint i = 0; i < vertical->len; i++)
    {
      DocaiBox box = transpose (g_array_index (vertical, DocaiBox, i));
      g_array_append_val (result, box);
    }
  g_array_sort (result, compare_rows);
  g_array_unref (rulings->lines);
  g_array_unref (rulings->segments);
  g_array_unref (rulings->points);
  g_array_unref (rulings->rects);
  g_clear_pointer (&rulings->squares, g_array_unref);
  g_free (rulings);
  return result;
}
