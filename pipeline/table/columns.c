/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the columns of an area part: at vertical rules, and between them at
 * gutters, strips of white that run through the lines of the body. Lines of the
 * header and lines of one chunk are not asked, since they may span columns.
 *
 *     line 1   Total ........   31.4     23.7
 *     line 2   Public 4-year    32.6      9.0
 *     cover    1111111111111000011110000111100
 *                           ^^^^    ^^^^ gutters
 */
#include "pipeline/table/table-priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  double x;
  int    step; /* +1 where a piece of text begins, -1 where it ends */
} Edge;

typedef struct
{
  double from, to;
} Span;

static int
compare_edges (gconstpointer a, gconstpointer b)
{
  const Edge *s = a, *t = b;
  if (s->x != t->x)
    return s->x < t->x ? -1 : 1;
  return s->step - t->step;
}

static int
compare_cuts (gconstpointer a, gconstpointer b)
{
  const Cut *s = a, *t = b;
  return s->at < t->at ? -1 : s->at > t->at;
}

/* A figure that may stand alone in a cell, as "1,040" and not as "(18.5%)". */
static gboolean
is_plain_number (const Token *token)
{
  const char *text = token->word->text;
  char        last = text[strlen (text) - 1];
  return token->kind == TOKEN_NUMBER && !g_ascii_isalpha (text[0]) && text[0] != '('
         && strcspn (text, "0123456789") < strlen (text)
         && (g_ascii_isdigit (last) || last == '%' || !g_ascii_isprint (last));
}

/* "100 000": one figure in two words. */
static gboolean
is_thousands (const Token *left, const Token *right, double em)
{
  const char *a = left->word->text, *b = right->word->text;
  return strlen (b) >= 3 && strspn (b, "0123456789") >= 3 && !g_ascii_isdigit (b[3])
         && strspn (a, "0123456789") == strlen (a) && strlen (a) <= 3
         && right->box.x0 - left->box.x1 < 0.45 * em;
}

/* Whether a chunk may be two cells of figures that stand close together. */
static gboolean
parts_after (const Sheet *sheet, const Token *token)
{
  const Token *next = token + 1;
  return is_plain_number (token) && is_plain_number (next)
         && next->box.x0 - token->box.x1 > 0.18 * sheet->em
         && !is_thousands (token, next, sheet->em);
}

/* The pieces of a chunk that must stay together, as spans of x. */
static void
add_spans (const Grid *grid, const Chunk *chunk, GArray *spans)
{
  const Token *tokens = &AT (grid->sheet->tokens, Token, chunk->first);
  Span         span = { chunk->box.x0, chunk->box.x0 };

  for (int i = 0; i < chunk->n; i++)
    {
      if (tokens[i].kind == TOKEN_LEADER && i > 0)
        continue;
      span.to = MAX (span.to, tokens[i].box.x1);
      if (i + 1 < chunk->n && parts_after (grid->sheet, &tokens[i]))
        {
          g_array_append_val (spans, span);
          span = (Span){ tokens[i + 1].box.x0, tokens[i + 1].box.x1 };
        }
    }
  g_array_append_val (spans, span);
}

static void
ruled_cuts (Grid *grid)
{
  double height = docai_box_height (grid->area.box);

  for (guint i = 0; i < grid->down->len;)
    {
      double sum = 0, at = AT (grid->down, Rule, i).at;
      guint  k = i;
      for (; k < grid->down->len && AT (grid->down, Rule, k).at < at + 4; k++)
        sum += MIN (AT (grid->down, Rule, k).to, grid->area.box.y1)
               - MAX (AT (grid->down, Rule, k).from, grid->area.box.y0);
      at = 0.5 * (at + AT (grid->down, Rule, k - 1).at);
      Cut cut = { at, TRUE };
      if (sum >= (grid->area.lattice ? 0.2 : 0.4) * height || sum > 60)
        g_array_append_val (grid->columns, cut);
      i = k;
    }
}

/* Lines of the body that bear witness on where columns part. */
static gboolean
line_counts (const Grid *grid, guint l)
{
  return AT (grid->lines, Line, l).n >= 2 && (int) l >= grid->body_line;
}

/* The pieces of text of one line between two cuts. */
static void
spans_between (const Grid *grid, const Line *line, double from, double to, GArray *spans)
{
  g_array_set_size (spans, 0);
  for (int i = 0; i < line->n; i++)
    {
      const Chunk *chunk = &AT (grid->sheet->chunks, Chunk, AT (grid->order, int, line->first + i));
      double       x = docai_box_center_x (chunk->box);
      if (x > from && x < to)
        add_spans (grid, chunk, spans);
    }
}

/* How many lines have text on both sides of a place and none over it. */
static int
gutter_support (const Grid *grid, double from, double to, double x, gboolean *numeric)
{
  g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (Span));
  int support = 0;

  *numeric = FALSE;
  for (guint l = 0; l < grid->lines->len; l++)
    {
      gboolean left = FALSE, right = FALSE;
      if (!line_counts (grid, l))
        continue;
      spans_between (grid, &AT (grid->lines, Line, l), from, to, spans);
      for (guint s = 0; s < spans->len; s++)
        {
          left = left || AT (spans, Span, s).to <= x + 0.5;
          right = right || AT (spans, Span, s).from >= x - 0.5;
        }
      support += left && right;
    }
  return support;
}

static void
gutters_between (Grid *grid, double from, double to, GArray *cuts)
{
  g_autoptr (GArray) edges = g_array_new (FALSE, FALSE, sizeof (Edge));
  g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (Span));
  int n = 0, cover = 0;

  for (guint l = 0; l < grid->lines->len; l++)
    {
      if (!line_counts (grid, l))
        continue;
      spans_between (grid, &AT (grid->lines, Line, l), from, to, spans);
      for (guint s = 0; s < spans->len; s++)
        {
          Edge begin = { AT (spans, Span, s).from, 1 }, end = { AT (spans, Span, s).to, -1 };
          g_array_append_val (edges, begin);
          g_array_append_val (edges, end);
        }
      n += spans->len > 0;
    }
  int spare = n >= 10 ? n / 12 : 0;
  g_array_sort (edges, compare_edges);
  for (guint e = 0; e + 1 < edges->len;)
    {
      cover += AT (edges, Edge, e).step;
      if (cover > spare)
        {
          e++;
          continue;
        }
      /* the emptiest stretch until text closes in again */
      double best_from = AT (edges, Edge, e).x, best_to = AT (edges, Edge, e + 1).x;
      int    best = cover;
      guint  k = e + 1;
      for (; k + 1 < edges->len; k++)
        {
          cover += AT (edges, Edge, k).step;
          if (cover > spare)
            break;
          double x0 = AT (edges, Edge, k).x, x1 = AT (edges, Edge, k + 1).x;
          if (cover < best || (cover == best && x1 - x0 > best_to - best_from))
            {
              best = cover;
              best_from = x0;
              best_to = x1;
            }
        }
      gboolean numeric;
      Cut      cut = { 0.5 * (best_from + best_to), FALSE };
      int      support = gutter_support (grid, from, to, cut.at, &numeric);
      if (best_to - best_from > 0.12 * grid->sheet->em && support >= 1 && support >= 2 * best
          && support * 12 >= n)
        g_array_append_val (cuts, cut);
      e = k + 1;
    }
}

int
grid_column_of (const Grid *grid, double x)
{
  int n = (int) grid->columns->len - 1;
  for (int c = 0; c + 1 < n; c++)
    if (x < AT (grid->columns, Cut, c + 1).at)
      return c;
  return n - 1;
}

/* Takes away cuts beside columns that hold nothing, or only signs that belong
 * to the figures beside them. */
static void
drop_idle_columns (Grid *grid)
{
  for (int c = 0; c + 1 < (int) grid->columns->len && grid->columns->len > 2;)
    {
      double from = AT (grid->columns, Cut, c).at, to = AT (grid->columns, Cut, c + 1).at;
      int    chunks = 0, symbols = 0, leading = 0;
      for (guint i = 0; i < grid->order->len; i++)
        {
          const Chunk *chunk = &AT (grid->sheet->chunks, Chunk, AT (grid->order, int, i));
          const Token *token = &AT (grid->sheet->tokens, Token, chunk->first);
          if (docai_overlap (chunk->box.x0, chunk->box.x1, from, to)
              < MIN (0.5 * docai_box_width (chunk->box), 0.6 * (to - from)))
            continue;
          chunks++;
          symbols += chunk->n == 1 && token->kind == TOKEN_SYMBOL;
          leading += chunk->n == 1 && token->kind == TOKEN_SYMBOL
                     && strchr ("$(", token->word->text[0]) != NULL;
        }
      int last = (int) grid->columns->len - 2;
      if (chunks == 0)
        g_array_remove_index (grid->columns, c == 0 ? 0 : c == last ? c + 1 : c);
      else if (symbols == chunks && !AT (grid->columns, Cut, c).ruled
               && !AT (grid->columns, Cut, c + 1).ruled)
        g_array_remove_index (grid->columns,
                              (2 * leading > symbols || c == 0) && c < last ? c + 1 : c);
      else
        c++;
    }
}

void
grid_find_columns (Grid *grid)
{
  g_autoptr (GArray) cuts = g_array_new (FALSE, FALSE, sizeof (Cut));
  DocaiBox box = grid->area.box;

  ruled_cuts (grid);
  guint n = grid->columns->len;
  if (n == 0 || AT (grid->columns, Cut, 0).at > box.x0 + 4)
    {
      Cut cut = { box.x0 - 1, FALSE };
      g_array_prepend_val (grid->columns, cut);
      n++;
    }
  if (AT (grid->columns, Cut, n - 1).at < box.x1 - 4 || n == 1)
    {
      Cut cut = { box.x1 + 1, FALSE };
      g_array_append_val (grid->columns, cut);
    }
  for (guint i = 0; i + 1 < grid->columns->len; i++)
    gutters_between (grid, AT (grid->columns, Cut, i).at, AT (grid->columns, Cut, i + 1).at, cuts);
  g_array_append_vals (grid->columns, cuts->data, cuts->len);
  g_array_sort (grid->columns, compare_cuts);
  drop_idle_columns (grid);
}
