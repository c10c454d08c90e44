/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Drawn lines. Producers draw one rule of a table as many strokes, cell by
 * cell, twice, or as thin boxes: pieces on one line that touch are joined.
 */
#include "pipeline/table/table-priv.h"

#include <math.h>

#define MAX_RULES 20000
#define SAME_LINE 1.2 /* points between two strokes that are one rule */
#define JOIN_GAP  3.0 /* points between two pieces of one rule */
#define SHORTEST  6.0 /* points */

static int
compare_at (gconstpointer a, gconstpointer b)
{
  const Rule *s = a, *t = b;
  if (s->at != t->at)
    return s->at < t->at ? -1 : 1;
  return s->from < t->from ? -1 : s->from > t->from;
}

static int
compare_from (gconstpointer a, gconstpointer b)
{
  const Rule *s = a, *t = b;
  if (s->from != t->from)
    return s->from < t->from ? -1 : 1;
  return s->at < t->at ? -1 : s->at > t->at;
}

/* Joins the pieces of a group that lies on one line. */
static void
join_group (GArray *group, GArray *joined)
{
  Rule   rule = AT (group, Rule, 0);
  double sum = 0;

  for (guint i = 0; i < group->len; i++)
    sum += AT (group, Rule, i).at;
  sum /= group->len;
  g_array_sort (group, compare_from);
  rule = AT (group, Rule, 0);
  rule.at = sum;
  for (guint i = 1; i < group->len; i++)
    {
      const Rule *next = &AT (group, Rule, i);
      if (next->from <= rule.to + JOIN_GAP)
        rule.to = MAX (rule.to, next->to);
      else
        {
          g_array_append_val (joined, rule);
          rule = (Rule){ sum, next->from, next->to };
        }
    }
  g_array_append_val (joined, rule);
}

/* Strokes too short to part anything: pieces of letters and of patterns. */
static void
drop_short (GArray *rules)
{
  guint kept = 0;
  for (guint i = 0; i < rules->len; i++)
    if (AT (rules, Rule, i).to - AT (rules, Rule, i).from >= SHORTEST)
      AT (rules, Rule, kept++) = AT (rules, Rule, i);
  g_array_set_size (rules, kept);
}

static void
join_rules (GArray **rules)
{
  GArray *joined = g_array_new (FALSE, FALSE, sizeof (Rule));
  g_autoptr (GArray) group = g_array_new (FALSE, FALSE, sizeof (Rule));

  g_array_sort (*rules, compare_at);
  for (guint i = 0; i < (*rules)->len; i++)
    {
      Rule rule = AT (*rules, Rule, i);
      if (group->len > 0
          && (rule.at - AT (group, Rule, group->len - 1).at > SAME_LINE
              || rule.at - AT (group, Rule, 0).at > 2 * SAME_LINE))
        {
          join_group (group, joined);
          g_array_set_size (group, 0);
        }
      g_array_append_val (group, rule);
    }
  if (group->len > 0)
    join_group (group, joined);
  drop_short (joined);
  g_array_sort (joined, compare_at);
  g_array_unref (*rules);
  *rules = joined;
}

/* Takes the page's rulings, straight and of some length, as rules. */
void
sheet_add_rules (Sheet *sheet, const GPtrArray *rulings)
{
  for (guint i = 0; i < rulings->len && i < MAX_RULES; i++)
    {
      DocaiBox b = ((const DocaiRuling *) g_ptr_array_index (rulings, i))->bbox;
      double   w = fabs (b.x1 - b.x0), h = fabs (b.y1 - b.y0);

      if (!isfinite (w) || !isfinite (h) || MIN (w, h) > 8 || MAX (w, h) < 0.5)
        continue;
      if (w >= h)
        {
          Rule rule = { 0.5 * (b.y0 + b.y1), MIN (b.x0, b.x1), MAX (b.x0, b.x1) };
          g_array_append_val (sheet->across, rule);
        }
      else
        {
          Rule rule = { 0.5 * (b.x0 + b.x1), MIN (b.y0, b.y1), MAX (b.y0, b.y1) };
          g_array_append_val (sheet->down, rule);
        }
    }
  join_rules (&sheet->across);
  join_rules (&sheet->down);
}

double
rules_cover (const GArray *rules, double at, double slack, double from, double to)
{
  double covered = 0;
  guint  low = 0, high = rules->len;

  if (to <= from)
    return 0;
  while (low < high)
    {
      guint mid = (low + high) / 2;
      if (AT (rules, Rule, mid).at < at - slack)
        low = mid + 1;
      else
        high = mid;
    }
  for (; low < rules->len && AT (rules, Rule, low).at <= at + slack; low++)
    covered = MAX (covered,
                   docai_overlap (AT (rules, Rule, low).from, AT (rules, Rule, low).to, from, to));
  /* pieces beside each other at one place add up */
  double sum = 0;
  for (guint i = low; i > 0 && AT (rules, Rule, i - 1).at >= at - slack; i--)
    sum += docai_overlap (AT (rules, Rule, i - 1).from, AT (rules, Rule, i - 1).to, from, to);
  return MIN (1, MAX (covered, MIN (sum, to - from)) / (to - from));
}

DocaiBox
rules_frame (const Sheet *sheet, DocaiBox content)
{
  double   em = sheet->em, width = docai_box_width (content), height = docai_box_height (content);
  DocaiBox frame = content;

  for (guint i = 0; i < sheet->across->len; i++)
    {
      const Rule *rule = &AT (sheet->across, Rule, i);
      if (rule->at < content.y0 - 1.2 * em || rule->at > content.y1 + 1.2 * em
          || docai_overlap (rule->from, rule->to, content.x0, content.x1) < 0.6 * width
          || rule->to - rule->from > 1.15 * width + 4 * em)
        continue;
      frame = docai_box_union (frame, DOCAI_BOX (rule->from, rule->at, rule->to, rule->at + 0.01));
    }
  for (guint i = 0; i < sheet->down->len; i++)
    {
      const Rule *rule = &AT (sheet->down, Rule, i);
      if (rule->at < content.x0 - 2 * em || rule->at > content.x1 + 2 * em
          || docai_overlap (rule->from, rule->to, content.y0, content.y1) < 0.6 * height
          || rule->from < content.y0 - 1.5 * em || rule->to > content.y1 + 1.5 * em)
        continue;
      frame = docai_box_union (frame, DOCAI_BOX (rule->at, rule->from, rule->at + 0.01, rule->to));
    }
  return frame;
}
