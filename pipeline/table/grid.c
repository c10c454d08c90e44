/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An area's grid: its lines and rules, then columns, rows, and the text put into
 * the places, then the cells of the table. An area whose grid is too empty or
 * too uneven is no table.
 */
#include "pipeline/table/cells.h"

#include <math.h>
#include <string.h>

#define MAX_COLUMNS 60
#define MAX_PLACES  40000
#define LEAST_SURE  0.68 /* below it an area stays what it was */

Cells *
cells_new (int n_rows, int n_columns)
{
  Cells *cells = g_new0 (Cells, 1);
  cells->n_rows = n_rows;
  cells->n_columns = n_columns;
  cells->places = g_new0 (Place, (gsize) n_rows * n_columns);
  for (int i = 0; i < n_rows * n_columns; i++)
    {
      Place *place = &cells->places[i];
      place->owner = i;
      place->top = place->bottom = i / n_columns;
      place->left = place->right = i % n_columns;
    }
  return cells;
}

void
cells_free (Cells *cells)
{
  if (cells == NULL)
    return;
  for (int i = 0; i < cells->n_rows * cells->n_columns; i++)
    if (cells->places[i].text != NULL)
      g_string_free (cells->places[i].text, TRUE);
  g_free (cells->places);
  g_free (cells);
}

Place *
cells_at (const Cells *cells, int row, int column)
{
  return &cells->places[cells->places[row * cells->n_columns + column].owner];
}

gboolean
cells_has_text (const Cells *cells, int row, int column)
{
  return cells_at (cells, row, column)->text != NULL;
}

/* Joins two texts of one cell; a word parted at a line's end keeps its hyphen. */
static void
append_text (GString *text, const char *more)
{
  if (text->len > 0 && more[0] != '\0')
    g_string_append_c (text, ' ');
  g_string_append (text, more);
}

void
cells_join (Cells *cells, int top, int left, int bottom, int right)
{
  gboolean grown = TRUE;

  while (grown) /* until the rectangle cuts no other */
    {
      grown = FALSE;
      for (int r = top; r <= bottom; r++)
        for (int c = left; c <= right; c++)
          {
            const Place *place = cells_at (cells, r, c);
            grown = grown || place->top < top || place->left < left || place->bottom > bottom
                    || place->right > right;
            top = MIN (top, place->top);
            left = MIN (left, place->left);
            bottom = MAX (bottom, place->bottom);
            right = MAX (right, place->right);
          }
    }
  Place *owner = &cells->places[top * cells->n_columns + left];
  for (int r = top; r <= bottom; r++)
    for (int c = left; c <= right; c++)
      {
        Place *place = &cells->places[r * cells->n_columns + c];
        if (place != owner && place->text != NULL)
          {
            if (owner->text == NULL)
              owner->text = g_string_new (NULL);
            append_text (owner->text, place->text->str);
            owner->box = docai_box_union (owner->box, place->box);
            owner->chunks += place->chunks;
            g_string_free (place->text, TRUE);
            place->text = NULL;
          }
        place->owner = (int) (owner - cells->places);
      }
  *owner =
      (Place){ top, left, bottom, right, owner->owner, owner->chunks, owner->text, owner->box };
}

static void
put_token (Cells *cells, int row, int column, const Token *token, gboolean first)
{
  Place *place = cells_at (cells, row, column);

  if (token->kind == TOKEN_LEADER && strcmp (token->word->text, ".") != 0)
    return;
  if (place->text == NULL)
    place->text = g_string_new (NULL);
  append_text (place->text, token->word->text);
  place->box = docai_box_union (place->box, token->box);
  place->chunks += first;
}

/* The column of columns left..right in which most of a text stands. */
static int
fullest_column (const Grid *grid, double x0, double x1, int left, int right)
{
  int    best = left;
  double most = 0;

  for (int c = left; c <= right; c++)
    {
      double common =
          docai_overlap (x0, x1, AT (grid->columns, Cut, c).at, AT (grid->columns, Cut, c + 1).at);
      if (common > most)
        {
          most = common;
          best = c;
        }
    }
  return best;
}

/* Puts a chunk into its cells. A heading may stand over several columns; in the
 * body a text that is longer than its column does not, unless rules say so. */
static void
put_chunk (const Grid *grid, Cells *cells, const Chunk *chunk)
{
  const Token *tokens = &AT (grid->sheet->tokens, Token, chunk->first);
  int          row = grid_row_of (grid, docai_box_center_y (chunk->box));

  grid_part_chunk (grid, chunk, row < grid->header_rows, grid->pieces);
  for (guint p = 0; p < grid->pieces->len; p++)
    {
      const Piece *piece = &AT (grid->pieces, Piece, p);
      int          column = piece->left;
      gboolean     ruled = grid->area.lattice;
      for (int c = piece->left; c < piece->right; c++)
        ruled = ruled && AT (grid->columns, Cut, c + 1).ruled;
      if (piece->left < piece->right && (row < grid->header_rows || ruled))
        cells_join (cells, row, piece->left, row, piece->right);
      else if (piece->left < piece->right && (piece->left > 0 || cells_has_text (cells, row, 0)))
        column = fullest_column (grid, tokens[piece->from].box.x0, tokens[piece->to].box.x1,
                                 piece->left, piece->right);
      for (int i = piece->from; i <= piece->to; i++)
        put_token (cells, row, column, &tokens[i], i == piece->from);
    }
}

static void
collect_rules (const GArray *rules, double share, double at0, double at1, double from, double to,
               GArray *kept)
{
  for (guint i = 0; i < rules->len; i++)
    {
      Rule rule = AT (rules, Rule, i);
      if (rule.at < at0 || rule.at > at1
          || docai_overlap (rule.from, rule.to, from, to) < share * (rule.to - rule.from))
        continue;
      g_array_append_val (kept, rule);
    }
}

/* Gathers what stands in the area. Owned by the caller; the sheet is lent. */
Grid *
grid_new (const Sheet *sheet, Area area)
{
  Grid    *grid = g_new0 (Grid, 1);
  DocaiBox box = docai_box_grow (area.box, 1.5);

  grid->sheet = sheet;
  grid->area = area;
  grid->order = g_array_new (FALSE, FALSE, sizeof (int));
  grid->lines = g_array_new (FALSE, FALSE, sizeof (Line));
  grid->across = g_array_new (FALSE, FALSE, sizeof (Rule));
  grid->down = g_array_new (FALSE, FALSE, sizeof (Rule));
  grid->columns = g_array_new (FALSE, FALSE, sizeof (Cut));
  grid->rows = g_array_new (FALSE, FALSE, sizeof (Cut));
  grid->extents = g_array_new (FALSE, TRUE, sizeof (Extent));
  grid->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  for (guint c = 0; c < sheet->chunks->len; c++)
    {
      const Chunk *chunk = &AT (sheet->chunks, Chunk, c);
      int          index = (int) c;
      if (!chunk->taken && !chunk->fixed && !chunk_is_idle (sheet, chunk)
          && docai_box_contains (box, docai_box_center_x (chunk->box),
                                 docai_box_center_y (chunk->box)))
        g_array_append_val (grid->order, index);
    }
  sheet_lines (sheet, grid->order, grid->lines);
  /* a rule that goes on far outside belongs to something else */
  collect_rules (sheet->across, area.lattice ? 0.5 : 0.7, box.y0 - 3, box.y1 + 3, box.x0 - 3,
                 box.x1 + 3, grid->across);
  collect_rules (sheet->down, 0.5, box.x0 - 3, box.x1 + 3, box.y0 - 3, box.y1 + 3, grid->down);
  return grid;
}

void
grid_free (Grid *grid)
{
  if (grid == NULL)
    return;
  g_array_unref (grid->order);
  g_array_unref (grid->lines);
  g_array_unref (grid->across);
  g_array_unref (grid->down);
  g_array_unref (grid->columns);
  g_array_unref (grid->rows);
  g_array_unref (grid->extents);
  g_array_unref (grid->pieces);
  g_free (grid);
}

/* A row that is one cell over all columns. */
static gboolean
row_is_whole (const Cells *cells, int row)
{
  const Place *place = cells_at (cells, row, 0);
  return place->right == cells->n_columns - 1 && place->text != NULL;
}

static gboolean
row_is_empty (const Cells *cells, int row)
{
  for (int c = 0; c < cells->n_columns; c++)
    if (cells_has_text (cells, row, c))
      return FALSE;
  return TRUE;
}

static gboolean
column_is_empty (const Cells *cells, int column)
{
  for (int r = 0; r < cells->n_rows; r++)
    if (cells_has_text (cells, r, column) && cells_at (cells, r, column)->left == column)
      return FALSE;
  return TRUE;
}

/* Notes at the foot of a frame, a title at its head. */
static void
trim_rows (const Cells *cells, int *first, int *last)
{
  while (*first < *last && (row_is_whole (cells, *first) || row_is_empty (cells, *first)))
    (*first)++;
  while (*first < *last && (row_is_whole (cells, *last) || row_is_empty (cells, *last)))
    (*last)--;
}

typedef struct
{
  int rows, columns;
  int filled, several,
      numeric_rows; /* cells with text; rows with two or more; rows with a figure */
  int words;
  int labels; /* texts of the first column that end in a colon */
} Census;

static Census
take_census (const Cells *cells, int first, int last)
{
  Census census = { .rows = last - first + 1, .columns = cells->n_columns };

  for (int r = first; r <= last; r++)
    {
      int in_row = 0, figures = 0;
      for (int c = 0; c < cells->n_columns; c = cells_at (cells, r, c)->right + 1)
        {
          const Place *place = cells_at (cells, r, c);
          if (place->text == NULL || place->top != r)
            continue;
          in_row++;
          census.labels += c == 0 && g_str_has_suffix (place->text->str, ":");
          census.words++;
          for (const char *p = place->text->str; *p != '\0'; p++)
            census.words += *p == ' ';
          figures += c > 0 && strcspn (place->text->str, "0123456789") < 3
                     && strlen (place->text->str) < 24;
        }
      if (in_row == 0 && row_is_empty (cells, r))
        {
          census.rows--;
          continue;
        }
      census.filled += in_row;
      census.several += in_row >= 2;
      census.numeric_rows += figures > 0;
    }
  return census;
}

/* Rules over most of the width, at heights of their own. */
static int
count_full_rules (const Grid *grid)
{
  double last = -G_MAXDOUBLE;
  int    n = 0;

  for (guint i = 0; i < grid->across->len; i++)
    {
      double at = AT (grid->across, Rule, i).at;
      if (at < last + 4
          || rules_cover (grid->across, at, 1.5, grid->area.box.x0, grid->area.box.x1) < 0.6)
        continue;
      last = at;
      n++;
    }
  return n;
}

/* Whether rules go through the middle of lines: the scale of a chart. */
static gboolean
rules_strike (const Grid *grid)
{
  int struck = 0;

  for (guint l = 0; l < grid->lines->len; l++)
    {
      const Line *line = &AT (grid->lines, Line, l);
      double      h = line->y1 - line->y0, center = 0.5 * (line->y0 + line->y1);
      gboolean    hit = FALSE;
      for (guint i = 0; i < grid->across->len; i++)
        {
          const Rule *rule = &AT (grid->across, Rule, i);
          hit = hit || (fabs (rule->at - center) < 0.2 * h && rule->to - rule->from > 3 * h);
        }
      struck += hit;
    }
  return struck >= 2 && struck * 5 >= (int) grid->lines->len;
}

/* Whether most of the bands between rules are empty: a chart's scale. */
static gboolean
mostly_blank (const Grid *grid)
{
  int bands = 0, blank = 0;

  for (guint r = 0, l = 0; r + 1 < grid->rows->len; r++)
    {
      double top = AT (grid->rows, Cut, r).at, bottom = AT (grid->rows, Cut, r + 1).at;
      guint  first = l;
      while (l < grid->lines->len
             && 0.5 * (AT (grid->lines, Line, l).y0 + AT (grid->lines, Line, l).y1) < bottom)
        l++;
      if (bottom - top < 0.6 * grid->sheet->em)
        continue;
      bands++;
      blank += l == first;
    }
  return bands >= 6 && 2 * blank > bands;
}

/* How sure it is that this is a table, 0 to 1; below LEAST_SURE it is none. */
static double
judge (const Grid *grid, const Census *census)
{
  double   places = (double) census->rows * census->columns;
  double   fill = census->filled / places, several = (double) census->several / census->rows;
  double   numeric = (double) census->numeric_rows / census->rows;
  gboolean ruled = count_full_rules (grid) >= 2;

  if (census->columns < 2 || census->rows < 2 || census->filled < 4 || census->several < 2)
    return 0;
  if (grid->area.lattice)
    {
      gboolean few = census->rows * census->columns <= 9; /* frames of a page's design */
      if (fill < 0.3 || census->words > (few ? 12 : 45) * census->filled || mostly_blank (grid))
        return 0;
      double sure = 0.7 + 0.25 * MIN (1, fill) + 0.05 * several;
      return census->rows * census->columns < 6 ? sure - 0.15 : sure;
    }
  if (several < 0.45 || fill < (ruled ? 0.3 : 0.45) || rules_strike (grid))
    return 0;
  if (numeric < 0.2 && (census->rows < 3 || (census->columns < 3 && census->rows < 5)))
    return 0;
  if (mostly_blank (grid))
    return 0;
  if (numeric < 0.4 && !ruled && census->words > 3.5 * census->filled) /* columns of prose */
    return 0;
  if (census->columns == 2 && 2 * census->labels >= census->rows) /* a form's names and values */
    return 0;
  if (numeric < 0.4 && !ruled && (census->rows < 5 || census->columns < 3 || fill < 0.7))
    return 0;
  double sure = 0.2 + 0.3 * numeric + 0.15 * several + 0.1 * MIN (1, census->columns / 4.0)
                + 0.1 * MIN (1, census->rows / 8.0);
  if (ruled)
    sure += 0.25;
  if (census->rows < 3 && !ruled && (census->columns < 4 || census->several < census->rows))
    sure -= 0.3;
  return CLAMP (sure, 0, 1);
}

/* The cells that remain, without rows and columns that hold nothing. */
static DocaiTable *
make_table (const Grid *grid, const Cells *cells, int first, int last)
{
  g_autofree int *row_at = g_new0 (int, cells->n_rows + 1);
  g_autofree int *column_at = g_new0 (int, cells->n_columns + 1);
  int             n_rows = 0, n_columns = 0, header = 0;

  for (int r = 0; r < cells->n_rows; r++)
    {
      row_at[r] = n_rows;
      n_rows += r >= first && r <= last && !row_is_empty (cells, r);
      if (r < grid->header_rows)
        header = n_rows;
    }
  row_at[cells->n_rows] = n_rows;
  for (int c = 0; c < cells->n_columns; c++)
    {
      column_at[c] = n_columns;
      n_columns += !column_is_empty (cells, c);
    }
  column_at[cells->n_columns] = n_columns;

  DocaiTable *table = docai_table_new (n_rows, n_columns);
  for (int r = first; r <= last; r++)
    for (int c = 0; c < cells->n_columns; c++)
      {
        const Place *place = cells_at (cells, r, c);
        if (place->top != r || place->left != c || place->text == NULL)
          continue;
        int rows = row_at[MIN (place->bottom, last) + 1] - row_at[r];
        int columns = column_at[place->right + 1] - column_at[c];
        if (rows < 1 || columns < 1)
          continue;
        DocaiCell *cell = docai_cell_new (row_at[r], column_at[c], rows, columns);
        cell->header = row_at[r] < header;
        cell->text = g_strdup (place->text->str);
        cell->bbox = place->box;
        g_ptr_array_add (table->cells, cell);
      }
  return table;
}

/* The table of the area, its text's box and how sure it is; NULL: no table. */
DocaiTable *
grid_table (Grid *grid, DocaiBox *content, double *confidence)
{
  if (grid->lines->len < 2)
    return NULL;
  grid->body_line = header_first_data_line (grid);
  grid_find_columns (grid);
  grid_measure_columns (grid);
  grid_find_rows (grid);
  int n_rows = (int) grid->rows->len - 1, n_columns = (int) grid->columns->len - 1;
  if (n_columns < 2 || n_columns > MAX_COLUMNS || n_rows < 2
      || (gint64) n_rows * n_columns > MAX_PLACES)
    return NULL;
  grid->header_rows = header_count_rows (grid);

  g_autoptr (Cells) cells = cells_new (n_rows, n_columns);
  for (guint i = 0; i < grid->order->len; i++)
    put_chunk (grid, cells, &AT (grid->sheet->chunks, Chunk, AT (grid->order, int, i)));
  spans_join (grid, cells);

  int first = 0, last = n_rows - 1;
  trim_rows (cells, &first, &last);
  Census census = take_census (cells, first, last);
  *confidence = judge (grid, &census);
  if (*confidence < LEAST_SURE)
    return NULL;
  DocaiTable *table = make_table (grid, cells, first, last);
  *content = (DocaiBox){ 0 };
  for (guint i = 0; i < table->cells->len; i++)
    *content =
        docai_box_union (*content, ((DocaiCell *) g_ptr_array_index (table->cells, i))->bbox);
  return table;
}
