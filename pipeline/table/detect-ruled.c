/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Areas that rules give away: rules that cross make a lattice, and a stack of
 * horizontal rules of one width with columns of text between them makes a table
 * in the manner of books. Whether an area holds a table is for the grid to say.
 *
 *     +---+---+      ===========
 *     |   |   |       a   b   c
 *     +---+---+      -----------
 *     |   |   |       1   2   3
 *     +---+---+      ===========
 */
#include "pipeline/table/table-priv.h"

#include <math.h>

#define TOUCH        3.0     /* points by which crossing rules may miss each other */
#define TOUCH_BUDGET 4000000 /* pairs looked at; drawings with more are no tables */

static int
find_root (int *parent, int i)
{
  while (parent[i] != i)
    {
      parent[i] = parent[parent[i]];
      i = parent[i];
    }
  return i;
}

static guint
first_at (const GArray *rules, double at)
{
  guint low = 0, high = rules->len;
  while (low < high)
    {
      guint mid = (low + high) / 2;
      if (AT (rules, Rule, mid).at < at)
        low = mid + 1;
      else
        high = mid;
    }
  return low;
}

/* Joins rules that touch; parent has a place for each across rule, then each down rule. */
static void
join_crossing (const Sheet *sheet, int *parent)
{
  int budget = TOUCH_BUDGET;

  for (guint a = 0; a < sheet->across->len && budget > 0; a++)
    {
      const Rule *across = &AT (sheet->across, Rule, a);
      for (guint d = first_at (sheet->down, across->from - TOUCH); d < sheet->down->len; d++)
        {
          const Rule *down = &AT (sheet->down, Rule, d);
          if (down->at > across->to + TOUCH || --budget <= 0)
            break;
          if (across->at < down->from - TOUCH || across->at > down->to + TOUCH)
            continue;
          int x = find_root (parent, (int) a);
          int y = find_root (parent, (int) (sheet->across->len + d));
          parent[MAX (x, y)] = MIN (x, y);
        }
    }
}

typedef struct
{
  DocaiBox box;
  int      across, down; /* rules at places of their own */
  double   last_y, last_x;
} Component;

static void
count_rule (Component *component, const Rule *rule, gboolean is_across)
{
  double  *last = is_across ? &component->last_y : &component->last_x;
  int     *count = is_across ? &component->across : &component->down;
  DocaiBox box = is_across ? DOCAI_BOX (rule->from, rule->at - 0.1, rule->to, rule->at + 0.1)
                           : DOCAI_BOX (rule->at - 0.1, rule->from, rule->at + 0.1, rule->to);

  component->box =
      component->across + component->down == 0 ? box : docai_box_union (component->box, box);
  if (*count == 0 || rule->at > *last + 4)
    {
      (*count)++;
      *last = rule->at;
    }
}

void
detect_ruled (const Sheet *sheet, GArray *areas)
{
  guint                 n_across = sheet->across->len, n = n_across + sheet->down->len;
  g_autofree int       *parent = g_new (int, n + 1);
  g_autofree Component *components = g_new0 (Component, n + 1);

  for (guint i = 0; i < n; i++)
    parent[i] = (int) i;
  join_crossing (sheet, parent);
  for (guint i = 0; i < n; i++)
    {
      gboolean    is_across = i < n_across;
      const Rule *rule =
          is_across ? &AT (sheet->across, Rule, i) : &AT (sheet->down, Rule, i - n_across);
      count_rule (&components[find_root (parent, (int) i)], rule, is_across);
    }
  for (guint i = 0; i < n; i++)
    {
      const Component *c = &components[i];
      /* one vertical rule alone is an axis as often as a column's side */
      Area             area = { c->box, c->down >= 2, 0 };

      if (c->across < 2 || c->down < 1 || c->across + c->down < 5)
        continue;
      if (docai_box_width (c->box) < 3 * sheet->em || docai_box_height (c->box) < 1.5 * sheet->em)
        continue;
      g_array_append_val (areas, area);
    }
}

/* Horizontal rules at one height as one, over the gaps between columns. */
static GArray *
level_rules (const Sheet *sheet)
{
  GArray *levels = g_array_new (FALSE, FALSE, sizeof (Rule));

  for (guint i = 0; i < sheet->across->len; i++)
    {
      Rule  rule = AT (sheet->across, Rule, i);
      Rule *last = levels->len > 0 ? &AT (levels, Rule, levels->len - 1) : NULL;
      if (last != NULL && rule.at - last->at < 2 && rule.from > last->from
          && rule.from - last->to < 2 * sheet->em)
        last->to = MAX (last->to, rule.to);
      else
        g_array_append_val (levels, rule);
    }
  return levels;
}

/* What stands between two rules: lines of several chunks, lines of prose, and
 * how far lines are apart. */
static void
look_between (const Sheet *sheet, const Rule *top, const Rule *bottom, gboolean narrow_prose,
              int *columnar, int *prose, double *apart)
{
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (Line));
  double from = MAX (top->from, bottom->from) - 4, to = MIN (top->to, bottom->to) + 4;

  *columnar = *prose = 0;
  *apart = 0;
  for (guint c = 0; c < sheet->chunks->len; c++)
    {
      const Chunk *chunk = &AT (sheet->chunks, Chunk, c);
      double       y = docai_box_center_y (chunk->box);
      if (y < top->at)
        continue;
      if (y > bottom->at)
        break;
      if (chunk->box.x1 < from || chunk->box.x0 > to || chunk->taken)
        continue;
      gboolean narrow = narrow_prose && docai_box_width (chunk->box) < 0.62 * (to - from);
      if ((chunk->prose && !narrow) || chunk->fixed || token_is_caption (sheet, chunk)
          || chunk->box.x0 < from - sheet->em || chunk->box.x1 > to + sheet->em)
        (*prose)++;
      int index = (int) c;
      g_array_append_val (order, index);
    }
  sheet_lines (sheet, order, lines);
  double last = top->at;
  for (guint l = 0; l < lines->len; l++)
    {
      const Line *line = &AT (lines, Line, l);
      *columnar += line->n >= 2;
      *apart = MAX (*apart, line->y0 - last);
      if (line->y1 - line->y0 > 1.7 * sheet->em && line->n == 1)
        *apart = G_MAXDOUBLE; /* a heading in larger type */
      last = line->y1;
    }
  *apart = MAX (*apart, bottom->at - last);
}

/* Goes down from a rule to the last that belongs to the same table; returns the
 * number of columnar lines on the way. */
static int
follow_stack (const Sheet *sheet, const GArray *levels, guint first, guint *last)
{
  int total = 0;

  *last = first;
  for (guint i = first + 1, seen = 0; i < levels->len && seen < 40; i++, seen++)
    {
      const Rule *top = &AT (levels, Rule, *last), *rule = &AT (levels, Rule, i);
      const Rule *head = &AT (levels, Rule, first);
      int         columnar, prose;
      double      apart;

      if (fabs (rule->from - head->from) > 6 || fabs (rule->to - head->to) > 6)
        continue;
      /* under a header's rule, cells may hold paragraphs */
      look_between (sheet, top, rule, total > 0, &columnar, &prose, &apart);
      if (prose > 0 && prose * 4 >= columnar)
        break;
      if ((columnar == 0 && rule->at - top->at > 3 * sheet->em) || apart > 4.5 * sheet->em)
        break;
      total += columnar;
      *last = i;
      seen = 0;
    }
  return total;
}

void
detect_stacked (const Sheet *sheet, GArray *areas)
{
  g_autoptr (GArray) levels = level_rules (sheet);
  g_autofree gboolean *used = g_new0 (gboolean, levels->len + 1);

  if (levels->len > 400)
    return;
  for (guint i = 0; i < levels->len; i++)
    {
      const Rule *rule = &AT (levels, Rule, i);
      guint       last;

      if (used[i] || rule->to - rule->from < MAX (8 * sheet->em, 0.12 * sheet->width))
        continue;
      if (follow_stack (sheet, levels, i, &last) < 2 || last == i)
        continue;
      Area area = { DOCAI_BOX (rule->from, rule->at, rule->to, AT (levels, Rule, last).at), FALSE,
                    0 };
      g_array_append_val (areas, area);
      for (guint k = i; k <= last; k++)
        used[k] = TRUE;
    }
}
