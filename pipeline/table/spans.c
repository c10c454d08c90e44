/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cells over several columns or rows: places that rules do not part, headings
 * over the columns that a short rule underlines or that they are centred on,
 * and headings of one column beside them.
 *
 *     |          Amount borrowed        |     joined over three columns
 *     | Average  -----------------------|
 *     | amount  | <$10  | $10-20 | >$20 |     "Average amount" joined over two rows
 */
#include "pipeline/table/cells.h"

#include <math.h>

static double
column_edge (const Grid *grid, int c)
{
  return AT (grid->columns, Cut, c).at;
}

static double
row_edge (const Grid *grid, int r)
{
  return AT (grid->rows, Cut, r).at;
}

/* Whether a rule parts place (r, c) from the one below. */
static gboolean
ruled_below (const Grid *grid, int r, int c)
{
  double x0 = column_edge (grid, c), x1 = column_edge (grid, c + 1);
  double inset = MIN (2, 0.1 * (x1 - x0));
  return rules_cover (grid->across, row_edge (grid, r + 1), 2.5, x0 + inset, x1 - inset) > 0.45;
}

/* Whether a rule parts place (r, c) from the one to its right. */
static gboolean
ruled_right (const Grid *grid, int r, int c)
{
  double y0 = row_edge (grid, r), y1 = row_edge (grid, r + 1);
  double inset = MIN (2, 0.1 * (y1 - y0));
  return rules_cover (grid->down, column_edge (grid, c + 1), 4, y0 + inset, y1 - inset) > 0.45;
}

/* Joins across missing vertical rules where only one side has text. */
static void
join_lattice_columns (const Grid *grid, Cells *cells)
{
  for (int r = 0; r < cells->n_rows; r++)
    {
      if (!AT (grid->rows, Cut, r).ruled || !AT (grid->rows, Cut, r + 1).ruled)
        continue;
      for (int c = 0; c + 1 < cells->n_columns; c++)
        {
          if (!AT (grid->columns, Cut, c + 1).ruled || ruled_right (grid, r, c))
            continue;
          if (!cells_has_text (cells, r, c) || !cells_has_text (cells, r, c + 1))
            cells_join (cells, r, c, r, c + 1);
        }
    }
}

/* Joins down where the lattice has no rule below the place but has elsewhere. */
static void
join_lattice_rows (const Grid *grid, Cells *cells)
{
  for (int r = 0; r + 1 < cells->n_rows; r++)
    {
      if (!AT (grid->rows, Cut, r + 1).ruled)
        continue;
      for (int c = 0; c < cells->n_columns; c++)
        {
          gboolean header = r + 1 < grid->header_rows;
          gboolean closed =
              (c == 0 || ruled_right (grid, r, c - 1) || !AT (grid->columns, Cut, c).ruled)
              && ruled_right (grid, r, c) && ruled_right (grid, r + 1, c);
          if (c == cells->n_columns - 1)
            closed = c > 0 && ruled_right (grid, r, c - 1) && ruled_right (grid, r + 1, c - 1);
          if (!(grid->area.lattice && closed) && !header)
            continue;
          if (cells_at (cells, r, c)->right > cells_at (cells, r, c)->left && !closed)
            continue;
          if (!ruled_below (grid, r, c))
            cells_join (cells, r, c, r + 1, c);
        }
    }
}

/* Joins the heading above a short rule over the columns of the rule. */
static void
join_underlined (const Grid *grid, Cells *cells)
{
  for (guint i = 0; i < grid->across->len; i++)
    {
      const Rule *rule = &AT (grid->across, Rule, i);
      int         left = -1, right = -1, row = -1, filled = 0;

      for (int r = 0; r + 1 < grid->header_rows; r++)
        if (fabs (row_edge (grid, r + 1) - rule->at) < 2.5)
          row = r;
      if (row < 0)
        continue;
      for (int c = 0; c < cells->n_columns; c++)
        {
          double width = column_edge (grid, c + 1) - column_edge (grid, c);
          if (docai_overlap (rule->from, rule->to, column_edge (grid, c), column_edge (grid, c + 1))
              < 0.5 * width)
            continue;
          left = left < 0 ? c : left;
          right = c;
        }
      if (left < 0 || right <= left || (left == 0 && right == cells->n_columns - 1))
        continue;
      for (int c = left; c <= right; c = cells_at (cells, row, c)->right + 1)
        filled += cells_has_text (cells, row, c);
      if (filled == 1)
        cells_join (cells, row, left, row, right);
    }
}

/* Where the text of columns a..b stands. */
static Extent
columns_extent (const Grid *grid, int a, int b)
{
  Extent first = AT (grid->extents, Extent, a), last = AT (grid->extents, Extent, b);
  return (Extent){ first.to > first.from ? first.from : column_edge (grid, a),
                   last.to > last.from ? last.to : column_edge (grid, b + 1) };
}

/* The most columns that a heading is centred on, between its neighbours. */
static void
find_centred (const Grid *grid, const Cells *cells, int row, int column, int *left, int *right)
{
  const Place *place = cells_at (cells, row, column);
  int          low = place->left, high = place->right;
  double       center = docai_box_center_x (place->box);

  *left = low;
  *right = high;
  while (low > 1 && !cells_has_text (cells, row, low - 1)
         && cells_has_text (cells, row + 1, low - 1))
    low--;
  while (high + 1 < cells->n_columns && !cells_has_text (cells, row, high + 1)
         && cells_has_text (cells, row + 1, high + 1))
    high++;
  for (int a = low; a <= place->left; a++)
    for (int b = place->right; b <= high; b++)
      {
        Extent under = columns_extent (grid, a, b);
        double away = fabs (0.5 * (under.from + under.to) - center);
        if (b - a > *right - *left
            && away < MAX (0.9 * grid->sheet->em, 0.03 * (under.to - under.from)))
          {
            *left = a;
            *right = b;
          }
      }
}

static void
join_centred (const Grid *grid, Cells *cells)
{
  for (int r = 0; r + 1 < grid->header_rows; r++)
    for (int c = 0; c < cells->n_columns; c = cells_at (cells, r, c)->right + 1)
      {
        int left, right;
        if (!cells_has_text (cells, r, c) || cells_at (cells, r, c)->bottom > r)
          continue;
        if (!cells_has_text (cells, r + 1, c))
          continue;
        if (cells_at (cells, r, c)->right == cells_at (cells, r, c)->left)
          {
            double   x0 = column_edge (grid, c), x1 = column_edge (grid, c + 1);
            DocaiBox box = cells_at (cells, r, c)->box;
            if (box.x0 > x0 + 0.2 * (x1 - x0) && box.x1 < x1 - 0.2 * (x1 - x0))
              continue; /* well inside its own column */
          }
        find_centred (grid, cells, r, c, &left, &right);
        if (left < c || right > cells_at (cells, r, c)->right)
          cells_join (cells, r, left, r, right);
      }
}

/* Headings of one column go over all header rows that nothing parts. */
static void
join_header_rows (const Grid *grid, Cells *cells)
{
  for (int c = 0; c < cells->n_columns; c++)
    for (int r = 0; r + 1 < grid->header_rows; r++)
      {
        const Place *place = cells_at (cells, r, c), *below = cells_at (cells, r + 1, c);
        if (place->right > place->left || below->right > below->left || ruled_below (grid, r, c))
          continue;
        cells_join (cells, r, c, r + 1, c);
      }
}

void
spans_join (const Grid *grid, Cells *cells)
{
  gboolean closed = grid->area.lattice;

  if (closed)
    join_lattice_columns (grid, cells);
  join_underlined (grid, cells);
  if (!closed)
    join_centred (grid, cells);
  join_lattice_rows (grid, cells);
  join_header_rows (grid, cells);
}
