/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the header ends: above the first line of figures, or under the first
 * rule that goes over the whole width.
 */
#include "pipeline/table/cells.h"

static double
line_center (const Grid *grid, guint l)
{
  const Line *line = &AT (grid->lines, Line, l);
  return 0.5 * (line->y0 + line->y1);
}

/* Whether a rule over most of the width stands between two heights. */
static gboolean
full_rule_between (const Grid *grid, double y0, double y1)
{
  DocaiBox box = grid->area.box;
  double   sum = 0;

  for (guint i = 0; i < grid->across->len; i++)
    {
      const Rule *rule = &AT (grid->across, Rule, i);
      if (rule->at > y0 && rule->at < y1)
        sum += docai_overlap (rule->from, rule->to, box.x0, box.x1);
    }
  return sum > 0.6 * docai_box_width (box);
}

static const Chunk *
first_chunk (const Grid *grid, const Line *line)
{
  return &AT (grid->sheet->chunks, Chunk, AT (grid->order, int, line->first));
}

/* A figure-like line that stands inside a header's box: a rule comes soon below
 * it and none right above it. */
static gboolean
inside_header_band (const Grid *grid, guint l, guint *below)
{
  if (l == 0 || full_rule_between (grid, line_center (grid, l - 1), line_center (grid, l)))
    return FALSE;
  for (guint k = l; k + 1 < grid->lines->len && k < l + 2; k++)
    if (full_rule_between (grid, line_center (grid, k), line_center (grid, k + 1)))
      {
        *below = k + 1;
        /* ruled row by row, the band above would be a header of one line only */
        for (guint h = 0; h < l; h++)
          if (h + 1 < l
              && full_rule_between (grid, line_center (grid, h), line_center (grid, h + 1)))
            return FALSE;
        return TRUE;
      }
  return FALSE;
}

/* The first line of the body; 0 when the table seems to have no header or when
 * nothing tells (texts without rules). */
int
header_first_data_line (const Grid *grid)
{
  guint n = grid->lines->len, data = n;

  for (guint l = 0; l < n && data == n; l++)
    {
      guint below;
      if (!line_is_data (grid, &AT (grid->lines, Line, l)))
        continue;
      if (inside_header_band (grid, l, &below))
        data = below;
      else
        data = l;
    }
  gboolean tall =
      data < n && data > 7
      && !full_rule_between (grid, line_center (grid, data - 1), line_center (grid, data));
  if (data == n || data > n / 2 + 4 || tall)
    {
      for (guint l = 0; l + 1 < n && l < 8; l++)
        if (full_rule_between (grid, line_center (grid, l), line_center (grid, l + 1)))
          return (int) l + 1;
      return 0;
    }
  /* headings inside the body, above its first figures */
  for (guint l = data; l > 1 && AT (grid->lines, Line, l - 1).n == 1; l--)
    if (full_rule_between (grid, line_center (grid, l - 2), line_center (grid, l - 1)))
      return (int) l - 1;
  while (data > 1)
    {
      const Line *line = &AT (grid->lines, Line, data - 1),
                 *above = &AT (grid->lines, Line, data - 2);
      const Chunk *chunk = first_chunk (grid, line);
      if (line->n != 1 || chunk->box.x0 > grid->area.box.x0 + 2.5 * grid->sheet->em)
        break;
      if (full_rule_between (grid, line_center (grid, data - 1), line_center (grid, data)))
        break;
      gboolean ruled =
          full_rule_between (grid, line_center (grid, data - 2), line_center (grid, data - 1));
      if (!ruled
          && (above->n < 2
              || first_chunk (grid, above)->box.x0 > grid->area.box.x0 + 2.5 * grid->sheet->em))
        break;
      data--;
      if (ruled)
        break;
    }
  return (int) data;
}

int
header_count_rows (const Grid *grid)
{
  int n_rows = (int) grid->rows->len - 1;

  if (grid->body_line > 0 && grid->body_line < (int) grid->lines->len)
    return MIN (grid_row_of (grid, line_center (grid, (guint) grid->body_line)), n_rows - 1);
  if (grid->lines->len > 0 && line_is_data (grid, &AT (grid->lines, Line, 0)))
    return 0;
  return n_rows >= 2 ? 1 : 0;
}
