/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Chunks against columns: which columns a chunk stands in, and where it is
 * really several cells whose texts come close to each other.
 *
 *     Percentage of  National desired      one chunk by its gaps; parted, since
 *              100                  4      both parts end where their columns end
 */
#include "pipeline/table/table-priv.h"

#include <math.h>

/* Text between words from..to of a chunk without leader dots. */
static Extent
piece_extent (const Token *tokens, int from, int to)
{
  Extent extent = { tokens[from].box.x0, tokens[from].box.x1 };
  for (int i = from + 1; i <= to; i++)
    if (tokens[i].kind != TOKEN_LEADER)
      extent.to = MAX (extent.to, tokens[i].box.x1);
  return extent;
}

/* The stretch of a column in which its text stands; up to a rule where one parts it. */
static Extent
column_extent (const Grid *grid, int c)
{
  const Cut *left = &AT (grid->columns, Cut, c), *right = &AT (grid->columns, Cut, c + 1);
  Extent     extent = AT (grid->extents, Extent, c);

  if (extent.to <= extent.from)
    return (Extent){ left->at, right->at };
  if (left->ruled)
    extent.from = left->at;
  if (right->ruled)
    extent.to = right->at;
  return extent;
}

/* The columns that a stretch of text stands in. */
static void
extent_columns (const Grid *grid, Extent text, int *first, int *last)
{
  double inset = MIN (0.3 * grid->sheet->em, 0.4 * (text.to - text.from));
  int    n = (int) grid->columns->len - 1;

  *first = *last = -1;
  for (int c = 0; c < n; c++)
    {
      Extent column = column_extent (grid, c);
      if (docai_overlap (text.from + inset, text.to - inset, column.from, column.to) <= 0)
        continue;
      *first = *first < 0 ? c : *first;
      *last = c;
    }
  if (*first < 0)
    *first = *last = grid_column_of (grid, 0.5 * (text.from + text.to));
}

static gboolean
aligned (const Grid *grid, Extent text, int c)
{
  Extent column = AT (grid->extents, Extent, c);
  double slack = 0.5 * grid->sheet->em;

  if (column.to <= column.from)
    return FALSE;
  return fabs (text.from - column.from) < slack || fabs (text.to - column.to) < slack
         || fabs (text.from + text.to - column.from - column.to) < 2 * slack;
}

/* Whether two words of one chunk stand on two sides of a cut, and may. */
static gboolean
cut_between (const Grid *grid, const Token *left, const Token *right, const Cut *cut)
{
  if (left->box.x1 > cut->at + 1.5 || right->box.x0 < cut->at - 1.5)
    return FALSE;
  return cut->ruled || (left->kind == TOKEN_NUMBER && right->kind == TOKEN_NUMBER)
         || right->box.x0 - left->box.x1 > 0.45 * grid->sheet->em;
}

/* The word after which a heading parts into column c and the next; -1: none does. */
static int
heading_gap (const Grid *grid, const Token *tokens, int from, int to, int c)
{
  Extent left = AT (grid->extents, Extent, c), right = AT (grid->extents, Extent, c + 1);
  double slack = 0.5 * grid->sheet->em, best = 0;
  int    at = -1;

  for (int i = from; i < to; i++)
    {
      double center = 0.5 * (tokens[i].box.x1 + tokens[i + 1].box.x0);
      double gap = tokens[i + 1].box.x0 - tokens[i].box.x1;
      if (center < left.to - slack || center > right.from + slack || gap <= 0.1 * slack)
        continue;
      double worth = gap + (aligned (grid, piece_extent (tokens, from, i), c) ? 2 * slack : 0);
      if (worth > best)
        {
          best = worth;
          at = i;
        }
    }
  return at;
}

/* Whether a short rule underlines a heading over several columns. */
static gboolean
underlined (const Grid *grid, const Token *tokens, int from, int to)
{
  DocaiBox first = tokens[from].box, last = tokens[to].box;
  double   em = grid->sheet->em;

  for (guint i = 0; i < grid->across->len; i++)
    {
      const Rule *rule = &AT (grid->across, Rule, i);
      if (rule->at > first.y1 - 0.3 * em && rule->at < first.y1 + em
          && rule->to - rule->from < 0.8 * docai_box_width (grid->area.box)
          && docai_overlap (rule->from, rule->to, first.x0, last.x1) > 0.9 * (last.x1 - first.x0))
        return TRUE;
    }
  return FALSE;
}

/* Whether the gap after a word is wider than between words of one heading. */
static gboolean
gap_stands_out (const Grid *grid, const Token *tokens, int from, int to, int at)
{
  double sum = 0, gap = tokens[at + 1].box.x0 - tokens[at].box.x1;
  int    n = 0;

  for (int i = from; i < to; i++)
    if (i != at)
      {
        sum += MIN (tokens[i + 1].box.x0 - tokens[i].box.x1, gap);
        n++;
      }
  return n > 0 ? gap > 1.25 * sum / n : gap > 0.33 * grid->sheet->em;
}

/* Parts words from..to that stand over columns first..last into one piece a
 * column, if each stands in line with its column. */
static gboolean
part_heading (const Grid *grid, const Token *tokens, int from, int to, int first, int last,
              GArray *pieces)
{
  guint before = pieces->len;
  int   start = from;

  if (underlined (grid, tokens, from, to))
    return FALSE;
  for (int c = first; c <= last; c++)
    {
      int   end = c < last ? heading_gap (grid, tokens, from, to, c) : to;
      Piece piece = { from, end, c, c };
      if (end < from || !aligned (grid, piece_extent (tokens, from, end), c)
          || (end < to && !gap_stands_out (grid, tokens, start, to, end)))
        {
          g_array_set_size (pieces, before);
          return FALSE;
        }
      g_array_append_val (pieces, piece);
      from = end + 1;
    }
  return TRUE;
}

void
grid_part_chunk (const Grid *grid, const Chunk *chunk, gboolean heading, GArray *pieces)
{
  const Token *tokens = &AT (grid->sheet->tokens, Token, chunk->first);
  int          from = 0;

  g_array_set_size (pieces, 0);
  for (int i = 0; i < chunk->n; i++)
    {
      int c = grid_column_of (grid, tokens[i].box.x1 - 1.5);
      if (i + 1 < chunk->n
          && (c + 2 >= (int) grid->columns->len
              || !cut_between (grid, &tokens[i], &tokens[i + 1], &AT (grid->columns, Cut, c + 1))))
        continue;
      Piece piece = { from, i, 0, 0 };
      extent_columns (grid, piece_extent (tokens, from, i), &piece.left, &piece.right);
      if (!heading || piece.left == piece.right
          || !part_heading (grid, tokens, from, i, piece.left, piece.right, pieces))
        g_array_append_val (pieces, piece);
      from = i + 1;
    }
}

/* Where the body's texts stand in each column. */
void
grid_measure_columns (Grid *grid)
{
  int n = (int) grid->columns->len - 1;

  g_array_set_size (grid->extents, 0);
  g_array_set_size (grid->extents, n);
  for (guint l = 0; l < grid->lines->len; l++)
    {
      const Line *line = &AT (grid->lines, Line, l);
      if ((int) l < grid->body_line)
        continue;
      for (int i = 0; i < line->n; i++)
        {
          const Chunk *chunk =
              &AT (grid->sheet->chunks, Chunk, AT (grid->order, int, line->first + i));
          const Token *tokens = &AT (grid->sheet->tokens, Token, chunk->first);
          int          from = 0;
          for (int k = 0; k < chunk->n; k++)
            {
              int c = grid_column_of (grid, tokens[k].box.x1 - 1.5);
              if (k + 1 < chunk->n
                  && (c + 1 >= n
                      || !cut_between (grid, &tokens[k], &tokens[k + 1],
                                       &AT (grid->columns, Cut, c + 1))))
                continue;
              Extent text = piece_extent (tokens, from, k);
              from = k + 1;
              if (text.from < AT (grid->columns, Cut, c).at - 1
                  || text.to > AT (grid->columns, Cut, c + 1).at + 1)
                continue;
              Extent *extent = &AT (grid->extents, Extent, c);
              *extent = extent->to > extent->from
                            ? (Extent){ MIN (extent->from, text.from), MAX (extent->to, text.to) }
                            : text;
            }
        }
    }
}
