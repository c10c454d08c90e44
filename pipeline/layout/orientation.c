/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Orientation from the components' arrangement alone.
 */
#include "pipeline/layout/orientation.h"

GArray *
orientation_turn (const GArray *components, int width, int height, int quarters)
{
  GArray *out = g_array_sized_new (FALSE, FALSE, sizeof (LayoutComponent), components->len);
  for (guint i = 0; i < components->len; i++) {
    LayoutComponent c = g_array_index (components, LayoutComponent, i), t = c;
    if (quarters == 1) { /* clockwise: the left edge comes to the top */
      t.x0 = height - c.y1;
      t.x1 = height - c.y0;
      t.y0 = c.x0;
      t.y1 = c.x1;
    } else if (quarters == 2) {
      t.x0 = width - c.x1;
      t.x1 = width - c.x0;
      t.y0 = height - c.y1;
      t.y1 = height - c.y0;
    } else if (quarters == 3) {
      t.x0 = c.y0;
      t.x1 = c.y1;
      t.y0 = width - c.x1;
      t.y1 = width - c.x0;
    }
    g_array_append_val (out, t);
  }
  return out;
}

/* How many letters stand close to their neighbours in lines worth the name. */
static int
count_tight (const LayoutTextLines *lines, int *letters)
{
  int tight = 0;
  for (guint i = 0; i < lines->lines->len; i++) {
    const LayoutTextLine *l = lines->lines->pdata[i];
    *letters += l->letters;
    if (l->letters >= 4 && l->fit < 0.2)
      tight += l->tight;
  }
  return tight;
}

typedef struct {
  int up, down;   /* letters that reach out of the common band */
  int foot, head; /* small marks near the foot, near the head */
} Votes;

static void
vote_marks (const LayoutTextLine *l, const GArray *components, Votes *votes)
{
  double tall = l->x_height + l->ascender;
  for (guint k = 0; k < l->parts->len; k++) {
    const LayoutComponent *c
        = &g_array_index (components, LayoutComponent, g_array_index (l->parts, guint, k));
    int h = c->y1 - c->y0, w = c->x1 - c->x0;
    if (h > 0.4 * tall || w > 0.5 * tall || h < 2)
      continue;
    double above = l->baseline + l->slope * (c->x0 - l->x0) - 0.5 * (c->y0 + c->y1);
    votes->foot += above < 0.27 * tall && above > -0.3 * tall;
    votes->head += above > 0.73 * tall && above < 1.3 * tall;
  }
}

static Votes
count_votes (const LayoutTextLines *lines, const GArray *components)
{
  Votes votes = { 0 };
  for (guint i = 0; i < lines->lines->len; i++) {
    const LayoutTextLine *l = lines->lines->pdata[i];
    if (l->letters < 5 || l->fit > 0.12 || l->inverted)
      continue;
    if (l->up + l->down > l->letters / 10)
      votes.up += l->up, votes.down += l->down;
    else
      vote_marks (l, components, &votes);
  }
  return votes;
}

int
orientation_estimate (const GArray *components, int width, int height, gboolean *sure)
{
  double letter = textlines_letter_height (components);
  *sure         = FALSE;
  if (letter <= 0)
    return 0;

  int letters = 0, others = 0, turned = 0;
  g_autoptr (LayoutTextLines) lines = textlines_find (components, letter);
  int tight = count_tight (lines, &letters);
  gboolean level = letters > 0 && tight > 0.5 * letters;
  g_autoptr (GArray) side = NULL;
  if (!level) {
    side           = orientation_turn (components, width, height, 1);
    double letter2 = textlines_letter_height (side);
    g_autoptr (LayoutTextLines) across = textlines_find (side, letter2 > 0 ? letter2 : letter);
    int tight2 = count_tight (across, &others);
    level      = tight2 < 12 || tight2 < 1.25 * tight;
    if (tight2 > 0.8 * tight && tight2 < 1.25 * tight && tight2 >= 12)
      return 0; /* neither */
    if (!level) {
      turned = 1;
      layout_text_lines_free (lines);
      lines = g_steal_pointer (&across);
    }
  }

  Votes votes = count_votes (lines, turned ? side : components);
  int   all   = votes.up + votes.down;
  g_debug ("orientation by votes: turned %d, up %d down %d, foot %d head %d, letters %d", turned, votes.up,
           votes.down, votes.foot, votes.head, letters + others);
  if (all >= 12 && votes.up > 1.5 * votes.down) {
    /* print in capitals shows few of either, and dirt decides */
    *sure = all >= 30 && votes.up > 2.2 * votes.down;
  } else if (all >= 12 && votes.down > 1.5 * votes.up) {
    *sure = TRUE;
    turned += 2;
  } else if (votes.foot + votes.head >= 5 && votes.foot > 1.6 * votes.head) {
    *sure = FALSE;
  } else if (votes.foot + votes.head >= 8 && votes.head > 3 * votes.foot) {
    turned += 2;
  } else {
    *sure = letters + others < 40 && !turned; /* so little: leave it as it is */
  }
  return turned;
}
