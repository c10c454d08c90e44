/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tables say "nothing" with a dash. Alone it is a speck to the search for lines, but a cell must not be lost.
 */
#include "pipeline/layout/dashes.h"

#include <math.h>

#define MAX_DASHES 2000 /* that are looked at */
#define LEAST_LONG 0.3  /* letter heights */
#define MOST_LONG  1.0
#define MOST_HIGH  0.28
#define LEAST_HIGH 0.06
#define FILLED     0.6  /* of its box */
#define OFF_MIDDLE 0.3  /* x-heights, of the row's small letters */
#define ALONE      0.8  /* letter heights to the text beside it */
#define COLUMN     1.2  /* letter heights between the middles of fellows in a column */
#define APART      1.5  /* times its length to the next one in the row: a dashed rule's are closer */

static gboolean
is_dash (const LayoutComponent *c, double letter)
{
  int w = c->x1 - c->x0, h = c->y1 - c->y0;
  return !c->inverted && w >= 3 && w >= LEAST_LONG * letter && w <= MOST_LONG * letter && h <= MOST_HIGH * letter + 1
         && h >= MAX (LEAST_HIGH * letter, 2) && 2 * w >= 3 * h && c->area >= FILLED * w * h;
}

/* The components that lines with letters are made of. */
static guint8 *
parts_of_text (const GArray *components, const LayoutTextLines *lines)
{
  guint8 *used = g_malloc0 (components->len + 1);
  for (guint i = 0; i < lines->lines->len; i++) {
    const LayoutTextLine *line = lines->lines->pdata[i];
    for (guint k = 0; k < line->parts->len && line->parts->len > 1; k++)
      used[g_array_index (line->parts, guint, k)] = 1;
  }
  return used;
}

/* Lines in the middle of whose small letters a dash stands, none of them close to it: how many. */
static int
count_beside (LayoutDash *dash, const LayoutTextLines *lines, double letter)
{
  double nearest = G_MAXDOUBLE, middle = 0.5 * (dash->y0 + dash->y1);
  int    n       = 0;
  for (guint i = 0; i < lines->lines->len; i++) {
    const LayoutTextLine *line = lines->lines->pdata[i];
    double gap  = MAX (line->x0 - dash->x1, dash->x0 - line->x1);
    double base = line->baseline + line->slope * (dash->x0 - line->x0);
    if (line->y0 > dash->y1 + letter || line->y1 < dash->y0 - letter || line->letters == 0 || line->parts->len < 2
        || line->inverted)
      continue;
    if (gap < ALONE * letter && line->y0 < dash->y1 && line->y1 > dash->y0)
      return 0;
    if (fabs (base - 0.5 * line->x_height - middle) > OFF_MIDDLE * line->x_height + 1)
      continue;
    n++;
    if (gap < nearest) {
      nearest        = gap;
      dash->baseline = base;
      dash->x_height = line->x_height;
    }
  }
  return n;
}

/* Whether a component is one of the pieces of a torn rule: in its row lies another flat one, of another length. */
static gboolean
is_torn_rule (const GArray *components, const guint8 *used, guint at, double letter)
{
  const LayoutComponent *a = &g_array_index (components, LayoutComponent, at);
  int length = a->x1 - a->x0;
  for (guint i = 0; i < components->len; i++) {
    const LayoutComponent *b = &g_array_index (components, LayoutComponent, i);
    int w = b->x1 - b->x0;
    if (i != at && !used[i] && b->y0 <= a->y1 && b->y1 >= a->y0 && b->y1 - b->y0 <= MOST_HIGH * letter && 2 * w > length
        && (3 * w > 4 * length || 4 * w < 3 * length))
      return TRUE;
  }
  return FALSE;
}

typedef struct {
  LayoutDash dash;
  int        beside;
} Candidate;

/* Whether another dash stands in its column, and none so near in its row that both are of a dashed rule. */
static gboolean
has_fellow (const GArray *found, guint at, double letter, gboolean *dashed)
{
  const LayoutDash *a = &g_array_index (found, Candidate, at).dash;
  gboolean fellow = FALSE;
  *dashed = FALSE;
  for (guint i = 0; i < found->len; i++) {
    const LayoutDash *b = &g_array_index (found, Candidate, i).dash;
    int gap = MAX (b->x0 - a->x1, a->x0 - b->x1);
    if (i == at)
      continue;
    if (b->y0 < a->y1 && b->y1 > a->y0)
      *dashed |= gap < APART * (a->x1 - a->x0);
    else
      fellow |= abs (a->x0 + a->x1 - b->x0 - b->x1) < 2 * COLUMN * letter;
  }
  return fellow;
}

GArray *
dashes_find (const GArray *components, const LayoutTextLines *lines, double letter)
{
  GArray *dashes = g_array_new (FALSE, FALSE, sizeof (LayoutDash));
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Candidate));
  g_autofree guint8 *used  = parts_of_text (components, lines);
  for (guint i = 0, looked = 0; i < components->len && looked < MAX_DASHES; i++) {
    const LayoutComponent *c = &g_array_index (components, LayoutComponent, i);
    Candidate candidate = { { c->x0, c->y0, c->x1, c->y1, 0, 0 }, 0 };
    if (used[i] || !is_dash (c, letter))
      continue;
    candidate.beside = count_beside (&candidate.dash, lines, letter);
    looked += candidate.beside > 0;
    if (candidate.beside > 0 && !is_torn_rule (components, used, i, letter))
      g_array_append_val (found, candidate);
  }
  for (guint i = 0; i < found->len; i++) {
    const Candidate *candidate = &g_array_index (found, Candidate, i);
    gboolean         dashed, fellow = has_fellow (found, i, letter, &dashed);
    if (!dashed && (fellow || candidate->beside > 1))
      g_array_append_val (dashes, candidate->dash);
  }
  return dashes;
}

DocaiLine *
dashes_line (const LayoutDash *dash, double scale)
{
  DocaiLine *line = docai_line_new ();
  g_ptr_array_add (line->words, docai_word_new ("-", DOCAI_BOX (dash->x0 * scale, dash->y0 * scale, dash->x1 * scale, dash->y1 * scale),
                                                0.85));
  docai_line_update (line);
  line->baseline = dash->baseline * scale;
  line->x_height = dash->x_height * scale;
  return line;
}
