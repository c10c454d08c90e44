/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bullets of a scan. Alone they are specks, and as the first sign of a line they are
 * read as a comma or an e; by their place and their fellows they are told:
 *
 *     o  text of the first item,      solid, no larger than a letter, in the
 *        which goes on                middle of small letters, a blank to both
 *     o  text of the second           sides, and there is another like it
 */
#include "pipeline/layout/bullets.h"

#include <math.h>
#include <stdlib.h>

#define MAX_BULLETS 400
#define BULLET      "\xe2\x80\xa2" /* U+2022 */
#define SOLID       0.45 /* share of a bullet's box that is inked: half of an arrow head's */
#define LEAST       0.2  /* letter heights */
#define MOST        1.1
#define LEAST_GAP   0.4  /* from a bullet to its text */
#define MOST_GAP    4.5
#define SIDE        8    /* letter heights to a fellow's left edge, at most: lists within lists */

static gboolean
is_solid (const LayoutComponent *c, double letter)
{
  double w = c->x1 - c->x0, h = c->y1 - c->y0;
  return !c->inverted && h >= LEAST * letter && h <= MOST * letter && w >= LEAST * letter && w <= MOST * letter
         && w < 1.6 * h && h < 1.6 * w && h >= 3 && w >= 3 && c->area > SOLID * w * h && c->runs <= h + 1;
}

/* Whether a component stands in the middle of a line's small letters. */
static gboolean
is_level (const LayoutComponent *c, const LayoutTextLine *line)
{
  double base = line->baseline + line->slope * (c->x0 - line->x0);
  double off  = base - 0.5 * (c->y0 + c->y1);
  return off > 0.15 * line->x_height && off < 0.95 * line->x_height && c->y1 < base + 0.25 * line->x_height;
}

/* The line that a solid component stands before, which begins with part `first`; else NULL. */
static LayoutTextLine *
line_after (const GArray *components, guint at, LayoutTextLines *lines, double letter, guint *first)
{
  const LayoutComponent *c = &g_array_index (components, LayoutComponent, at);
  for (guint i = 0; i < lines->lines->len; i++) {
    LayoutTextLine *line = lines->lines->pdata[i];
    if (line->y0 > c->y1 || line->y1 < c->y0 || line->letters < 3 || line->inverted || line->fit > 0.15)
      continue;
    *first = g_array_index (line->parts, guint, 0) == at;
    if (line->parts->len < *first + 2)
      continue;
    guint  next = g_array_index (line->parts, guint, *first);
    double gap  = g_array_index (components, LayoutComponent, next).x0 - c->x1;
    if (gap > LEAST_GAP * letter && gap < MOST_GAP * letter && is_level (c, line))
      return line;
  }
  return NULL;
}

/* Whether nothing stands close before a component in its row. */
static gboolean
begins_row (const GArray *components, guint at, double letter)
{
  const LayoutComponent *c = &g_array_index (components, LayoutComponent, at);
  for (guint i = 0; i < components->len; i++) {
    const LayoutComponent *o = &g_array_index (components, LayoutComponent, i);
    if (i != at && o->x0 < c->x0 && o->x1 > c->x0 - 2 * letter && o->y0 < c->y1 && o->y1 > c->y0
        && o->y1 - o->y0 > 0.3 * letter)
      return FALSE;
  }
  return TRUE;
}

typedef struct {
  guint           component;
  LayoutTextLine *line;
  gboolean        first; /* of the line's parts */
} Candidate;

static gboolean
are_fellows (const LayoutComponent *a, const LayoutComponent *b, double letter)
{
  double aw = a->x1 - a->x0, ah = a->y1 - a->y0, bw = b->x1 - b->x0, bh = b->y1 - b->y0;
  double a_ink = a->area / (aw * ah), b_ink = b->area / (bw * bh), near = 1 + 0.12 * letter;
  return fabs (aw - bw) < near && fabs (ah - bh) < near && fabs (a_ink - b_ink) < 0.2 && abs (a->x0 - b->x0) < SIDE * letter
         && (a->y1 < b->y0 || b->y1 < a->y0);
}

/* Takes the first part off a line. */
static void
cut_first (LayoutTextLine *line, const GArray *components)
{
  int x0 = line->x0;
  g_array_remove_index (line->parts, 0);
  for (guint k = 0; k < line->parts->len; k++) {
    const LayoutComponent *c = &g_array_index (components, LayoutComponent, g_array_index (line->parts, guint, k));
    line->x0 = k ? MIN (line->x0, c->x0) : c->x0;
    line->y0 = k ? MIN (line->y0, c->y0) : c->y0;
    line->y1 = k ? MAX (line->y1, c->y1) : c->y1;
  }
  line->baseline += line->slope * (line->x0 - x0);
}

/* Drops the line that a component is alone. */
static void
drop_alone (LayoutTextLines *lines, guint component)
{
  for (guint i = 0; i < lines->lines->len; i++) {
    const LayoutTextLine *line = lines->lines->pdata[i];
    if (line->parts->len == 1 && g_array_index (line->parts, guint, 0) == component) {
      g_ptr_array_remove_index (lines->lines, i);
      return;
    }
  }
}

GArray *
bullets_take (const GArray *components, LayoutTextLines *lines, double letter)
{
  GArray *bullets = g_array_new (FALSE, FALSE, sizeof (LayoutComponent));
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Candidate));
  for (guint i = 0; i < components->len && found->len < MAX_BULLETS; i++) {
    guint first;
    if (!is_solid (&g_array_index (components, LayoutComponent, i), letter))
      continue;
    LayoutTextLine *line = line_after (components, i, lines, letter, &first);
    Candidate       candidate = { i, line, first == 1 };
    if (line && begins_row (components, i, letter))
      g_array_append_val (found, candidate);
  }
  for (guint i = 0; i < found->len; i++) {
    const Candidate       *a = &g_array_index (found, Candidate, i);
    const LayoutComponent *c = &g_array_index (components, LayoutComponent, a->component);
    gboolean fellow = FALSE;
    for (guint k = 0; k < found->len && !fellow; k++) {
      const Candidate *b = &g_array_index (found, Candidate, k);
      fellow = k != i && are_fellows (c, &g_array_index (components, LayoutComponent, b->component), letter);
    }
    if (!fellow)
      continue;
    g_array_append_val (bullets, *c);
    if (a->first && g_array_index (a->line->parts, guint, 0) == a->component)
      cut_first (a->line, components);
    else
      drop_alone (lines, a->component);
  }
  return bullets;
}

DocaiLine *
bullets_line (DocaiBox box)
{
  DocaiLine *line = docai_line_new ();
  g_ptr_array_add (line->words, docai_word_new (BULLET, box, 0.85));
  docai_line_update (line);
  return line;
}
