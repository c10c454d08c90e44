/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which lines make one row. Full rules part rows. Between two of them, lines are
 * rows of their own when figures stand below each other; else a line goes on
 * with the row above when it only continues texts:
 *
 *     Highest enrollment after          label, wrapped ...
 *       bachelor's degree               ... so one row
 *       Master's degree     37.9        figures: a row
 */
#include "pipeline/table/table-priv.h"

#include <math.h>
#include <string.h>

static const Chunk *
line_chunk (const Grid *grid, const Line *line, int i)
{
  return &AT (grid->sheet->chunks, Chunk, AT (grid->order, int, line->first + i));
}

/* Years in a row head columns as often as they are data. */
static gboolean
is_year (const Grid *grid, const Chunk *chunk)
{
  const char *text = AT (grid->sheet->tokens, Token, chunk->first).word->text;
  return chunk->n == 1 && strlen (text) >= 4 && strlen (text) <= 5
         && (strncmp (text, "19", 2) == 0 || strncmp (text, "20", 2) == 0)
         && g_ascii_isdigit (text[2]) && g_ascii_isdigit (text[3]);
}

/* Whether a line looks like data: figures right of its first chunk. */
gboolean
line_is_data (const Grid *grid, const Line *line)
{
  int numeric = 0, years = 0, others = 0;

  for (int i = 0; i < line->n; i++)
    {
      const Chunk *chunk = line_chunk (grid, line, i);
      if (i == 0 && chunk->box.x0 < grid->area.box.x0 + 0.3 * docai_box_width (grid->area.box)
          && line->n > 1)
        continue;
      if (is_year (grid, chunk))
        years++;
      else if (chunk_is_numeric (chunk))
        numeric++;
      else
        others++;
    }
  return numeric >= 1 && numeric + years >= others;
}

int
grid_row_of (const Grid *grid, double y)
{
  int n = (int) grid->rows->len - 1;
  for (int r = 0; r + 1 < n; r++)
    if (y < AT (grid->rows, Cut, r + 1).at)
      return r;
  return n - 1;
}

/* The columns in which a line has text, a bit each (the first 64). */
static guint64
line_columns (const Grid *grid, const Line *line, guint64 *numeric)
{
  guint64 mask = 0;
  if (numeric != NULL)
    *numeric = 0;
  for (int i = 0; i < line->n; i++)
    {
      const Chunk *chunk = line_chunk (grid, line, i);
      grid_part_chunk (grid, chunk, FALSE, grid->pieces);
      for (guint p = 0; p < grid->pieces->len; p++)
        {
          const Piece *piece = &AT (grid->pieces, Piece, p);
          for (int c = piece->left; c <= MIN (piece->right, 63); c++)
            mask |= G_GUINT64_CONSTANT (1) << c;
          if (numeric != NULL && piece->left == piece->right && piece->left < 64
              && chunk_is_numeric (chunk))
            *numeric |= G_GUINT64_CONSTANT (1) << piece->left;
        }
    }
  return mask;
}

/* Rules that part rows, by y: those that go over most of the width, and in a
 * lattice or a header also those over some columns. */
static void
ruled_rows (Grid *grid)
{
  double width = docai_box_width (grid->area.box);

  for (guint i = 0; i < grid->across->len;)
    {
      double at = AT (grid->across, Rule, i).at, sum = 0, last = at;
      guint  k = i;
      for (; k < grid->across->len && AT (grid->across, Rule, k).at < at + 3; k++)
        {
          const Rule *rule = &AT (grid->across, Rule, k);
          sum += docai_overlap (rule->from, rule->to, grid->area.box.x0, grid->area.box.x1);
          last = rule->at;
        }
      Cut      cut = { 0.5 * (at + last), TRUE };
      gboolean head =
          grid->body_line > 0 && cut.at < AT (grid->lines, Line, grid->body_line).y0 + 1;
      double least =
          head || grid->area.lattice ? MIN (0.2 * width, 1.5 * grid->sheet->em) : 0.6 * width;
      if (sum >= least)
        g_array_append_val (grid->rows, cut);
      i = k;
    }
}

/* Puts an end where no rule does. */
static void
close_rows (Grid *grid)
{
  DocaiBox box = grid->area.box;
  guint    n = grid->rows->len;

  if (n == 0 || AT (grid->rows, Cut, 0).at > box.y0 + 3)
    {
      Cut cut = { box.y0 - 1, FALSE };
      g_array_prepend_val (grid->rows, cut);
      n++;
    }
  if (n == 1 || AT (grid->rows, Cut, n - 1).at < box.y1 - 3)
    {
      Cut cut = { box.y1 + 1, FALSE };
      g_array_append_val (grid->rows, cut);
    }
}

static const char *
first_text (const Grid *grid, const Line *line)
{
  return AT (grid->sheet->tokens, Token, line_chunk (grid, line, 0)->first).word->text;
}

static gboolean
starts_lower (const char *text)
{
  return g_unichar_islower (g_utf8_get_char (text)) || text[0] == '(' || text[0] == '&';
}

/* Whether line b goes on with the row that line a ends (both inside one band). */
static gboolean
continues (const Grid *grid, const Line *a, const Line *b, guint64 row_mask, guint64 row_numeric)
{
  guint64 numeric_a, numeric_b;
  guint64 mask_a = line_columns (grid, a, &numeric_a), mask_b = line_columns (grid, b, &numeric_b);
  double  gap = b->y0 - a->y1, em = grid->sheet->em;

  if (gap < 1.2 * em && b->n == 1 && (mask_b & 1) == 0 && (mask_b & row_mask) == mask_b
      && (mask_b & row_numeric) == 0 && (row_mask & 1) != 0)
    return TRUE; /* a description goes on */
  if (gap > 0.75 * em)
    return FALSE;
  if (gap < -0.15 * em && (mask_a & mask_b) == 0) /* beside each other, half a line off */
    return TRUE;
  if (mask_b == mask_a && (mask_b & 1) != 0 && numeric_b == 0 && numeric_a == 0
      && starts_lower (first_text (grid, b))
      && line_chunk (grid, b, 0)->box.x0 > line_chunk (grid, a, 0)->box.x0 + 0.4 * em)
    return TRUE;                  /* label and text go on, the label set in */
  if (mask_b == 1 && mask_a != 1) /* a label goes on below its figures */
    {
      const Chunk *above = line_chunk (grid, a, 0), *below = line_chunk (grid, b, 0);
      return (mask_a & 1) != 0 && starts_lower (first_text (grid, b))
             && below->box.x0 >= above->box.x0 - 0.3 * em;
    }
  if (mask_a == 1 && row_mask == 1) /* a label whose figures stand at its last line */
    return (mask_b & 1) != 0 && starts_lower (first_text (grid, b));
  if ((mask_b & 1) == 0 && (mask_b & ~row_mask) == 0) /* texts go on, no label */
    return (numeric_b & ~numeric_a) == 0 && numeric_b == 0;
  return FALSE;
}

/* Whether figures stand below each other in some column of a band, each beside
 * a label of its own. */
static gboolean
figures_stack (const Grid *grid, guint first, guint n)
{
  guint64 seen = 0;

  for (guint l = first; l < first + n; l++)
    {
      guint64 numeric, mask = line_columns (grid, &AT (grid->lines, Line, l), &numeric);
      numeric &= ~G_GUINT64_CONSTANT (1);
      if ((mask & 1) == 0)
        continue;
      if ((numeric & seen) != 0)
        return TRUE;
      seen |= numeric;
    }
  return FALSE;
}

/* Parts a band of texts where white runs through it and a label follows. */
static void
split_spaced (const Grid *grid, guint first, guint n, GArray *cuts)
{
  double bottom = AT (grid->lines, Line, first).y1, em = grid->sheet->em;

  for (guint l = first + 1; l < first + n; l++)
    {
      const Line *line = &AT (grid->lines, Line, l);
      Cut         cut = { 0.5 * (bottom + line->y0), FALSE };
      if (line->y0 - bottom > 0.7 * em && (line_columns (grid, line, NULL) & 1) != 0)
        g_array_append_val (cuts, cut);
      bottom = MAX (bottom, line->y1);
    }
}

/* Parts a band of body lines into rows. */
static void
split_band (const Grid *grid, guint first, guint n, GArray *cuts)
{
  guint64 row_numeric, row_mask = line_columns (grid, &AT (grid->lines, Line, first), &row_numeric);

  for (guint l = first + 1; l < first + n; l++)
    {
      const Line *above = &AT (grid->lines, Line, l - 1), *line = &AT (grid->lines, Line, l);
      guint64     numeric, mask = line_columns (grid, line, &numeric);
      if (continues (grid, above, line, row_mask, row_numeric))
        {
          row_mask |= mask;
          continue;
        }
      Cut cut = { 0.5 * (MAX (above->y1, above->y0) + line->y0), FALSE };
      if (above->y1 > line->y0) /* lines overlap: by their centres */
        cut.at = 0.25 * (above->y0 + above->y1 + line->y0 + line->y1);
      g_array_append_val (cuts, cut);
      row_mask = mask;
      row_numeric = numeric;
    }
}

/* Parts header lines at lines that span columns; the others are one row. */
static void
split_header (const Grid *grid, guint first, guint n, GArray *cuts)
{
  for (guint l = first; l + 1 < first + n; l++)
    {
      const Line *line = &AT (grid->lines, Line, l), *next = &AT (grid->lines, Line, l + 1);
      gboolean    spans = FALSE;
      for (int i = 0; i < line->n; i++)
        {
          grid_part_chunk (grid, line_chunk (grid, line, i), TRUE, grid->pieces);
          for (guint p = 0; p < grid->pieces->len; p++)
            spans = spans || AT (grid->pieces, Piece, p).left < AT (grid->pieces, Piece, p).right;
        }
      Cut cut = { 0.5 * (line->y1 + next->y0), FALSE };
      if (spans)
        g_array_append_val (cuts, cut);
    }
}

static int
compare_cuts (gconstpointer a, gconstpointer b)
{
  const Cut *s = a, *t = b;
  return s->at < t->at ? -1 : s->at > t->at;
}

/* Parts what stands between rules. Where most rows have rules of their own
 * (many bands of few lines), only figures that stand below each other part. */
void
grid_find_rows (Grid *grid)
{
  g_autoptr (GArray) cuts = g_array_new (FALSE, FALSE, sizeof (Cut));
  guint l = 0, n_lines = grid->lines->len;

  ruled_rows (grid);
  close_rows (grid);
  int      bands = (int) grid->rows->len - 1;
  gboolean row_ruled = bands >= 4 && (int) n_lines <= 4 * bands;
  for (int r = 0; r < bands; r++)
    {
      double bottom = r + 1 < bands ? AT (grid->rows, Cut, r + 1).at : G_MAXDOUBLE;
      guint  first = l;
      while (l < n_lines
             && 0.5 * (AT (grid->lines, Line, l).y0 + AT (grid->lines, Line, l).y1) < bottom)
        l++;
      guint head = grid->body_line > (int) first ? MIN (l, (guint) grid->body_line) : first;
      if (l - first < 2)
        continue;
      if (head > first && !row_ruled)
        {
          if (first == 0 && l >= (guint) grid->body_line) /* no short rule parts the header */
            split_header (grid, first, head - first, cuts);
          if (l > head)
            {
              const Line *above = &AT (grid->lines, Line, head - 1),
                         *line = &AT (grid->lines, Line, head);
              Cut cut = { 0.5 * (above->y1 + line->y0), FALSE };
              g_array_append_val (cuts, cut);
            }
        }
      if (l <= head)
        continue;
      if (figures_stack (grid, head, l - head) || (!row_ruled && !grid->area.lattice))
        split_band (grid, head, l - head, cuts);
      else
        split_spaced (grid, head, l - head, cuts);
    }
  g_array_append_vals (grid->rows, cuts->data, cuts->len);
  g_array_sort (grid->rows, compare_cuts);
}
