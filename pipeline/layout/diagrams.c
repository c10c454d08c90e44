/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Diagrams of labelled boxes. Nothing of them is drawn but level and upright lines, as in
 * tables and forms, so that their captions tell: what is framed right above a line such
 * as "Figure 3." is a figure, with all frames near it, up to the text above.
 *
 *     text text text text
 *
 *     +------+    +------+
 *     | A    |----| B    |      <- one picture
 *     +------+    +------+
 *     Figure 3. From A to B
 */
#include "pipeline/layout/blocks.h"

#include "base/sets.h"
#include "pipeline/layout/marks.h"

#include <math.h>

#define MAX_LINES    600  /* more belong to a drawing, which is known as such */
#define TOUCH        3    /* points between lines of one frame */
#define BELOW        26   /* points from a diagram to its caption, at most: labels stand between */
#define NEAR         24   /* points between frames of one diagram */
#define LEAST_WIDTH  50
#define LEAST_HEIGHT 28
#define ICON         60   /* points of a picture's longer side, of one that is part of a diagram */
#define LONG         60   /* characters of a line of the text */
#define MOST_LONG    2    /* such lines in a diagram */

/* A line of the text between a diagram and what stands above it ends the diagram. */
static gboolean
is_text (const LayoutSegment *s)
{
  return s->upright && s->characters > LONG;
}

static gboolean
is_icon (DocaiBox picture)
{
  return MAX (docai_box_width (picture), docai_box_height (picture)) < ICON;
}

/* Whether pictures are known in an area, such as plots: they are what has a caption. */
static gboolean
is_pictured (const LayoutPage *page, DocaiBox box)
{
  for (guint i = 0; i < page->pictures->len; i++) {
    DocaiBox picture = g_array_index (page->pictures, LayoutPicture, i).bbox;
    if (!is_icon (picture) && docai_box_coverage (picture, box) > 0.5)
      return TRUE;
  }
  return FALSE;
}

/* The boxes (DocaiBox) of lines that touch, and of small pictures: heads of arrows, icons. */
static GArray *
find_parts (const LayoutPage *page)
{
  guint           n = MIN (page->rulings->len, MAX_LINES);
  const DocaiBox *lines = (const DocaiBox *) (void *) page->rulings->data;
  GArray         *parts = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  g_autofree guint *parents = g_new (guint, n + 1), *places = g_new0 (guint, n + 1);
  for (guint i = 0; i < n; i++)
    parents[i] = i;
  for (guint i = 0; i < n; i++)
    for (guint j = i + 1; j < n; j++)
      if (!docai_box_is_empty (docai_box_intersect (docai_box_grow (lines[i], TOUCH), lines[j])))
        parents[docai_sets_root (parents, j)] = docai_sets_root (parents, i);
  for (guint i = 0; i < n; i++) {
    guint root = docai_sets_root (parents, i);
    if (!places[root]) {
      g_array_append_val (parts, lines[i]);
      places[root] = parts->len;
    }
    DocaiBox *box = &g_array_index (parts, DocaiBox, places[root] - 1);
    *box = docai_box_union (*box, docai_box_grow (lines[i], 0.01));
  }
  for (guint i = 0; i < page->pictures->len && i < MAX_LINES; i++) {
    DocaiBox box = g_array_index (page->pictures, LayoutPicture, i).bbox;
    if (is_icon (box))
      g_array_append_val (parts, box);
  }
  return parts;
}

/* Whether a line of the text stands between two heights, in a width. */
static gboolean
text_between (const LayoutPage *page, double y0, double y1, double x0, double x1)
{
  for (guint i = 0; i < page->segments->len; i++) {
    const LayoutSegment *s = page->segments->pdata[i];
    double y = docai_box_center_y (s->bbox);
    if (is_text (s) && y > y0 && y < y1 && docai_overlap (s->bbox.x0, s->bbox.x1, x0, x1) > 0)
      return TRUE;
  }
  return FALSE;
}

/* Grows a diagram by the parts near it. */
static void
take_parts (const LayoutPage *page, const GArray *parts, double bottom, DocaiBox *box)
{
  gboolean changed = TRUE;
  while (changed) {
    changed = FALSE;
    for (guint i = 0; i < parts->len; i++) {
      DocaiBox part = g_array_index (parts, DocaiBox, i);
      if (docai_box_coverage (part, *box) > 0.99 || part.y1 > bottom
          || docai_box_is_empty (docai_box_intersect (docai_box_grow (*box, NEAR), docai_box_grow (part, 0.1)))
          || text_between (page, MIN (part.y1, box->y1), MAX (part.y0, box->y0), MAX (part.x0, box->x0) - 1,
                           MIN (part.x1, box->x1) + 1))
        continue;
      DocaiBox grown = docai_box_union (*box, part);
      changed = docai_box_area (grown) > docai_box_area (*box);
      *box    = grown;
    }
  }
}

/* The diagram over a caption; FALSE: there is none. */
static gboolean
find_over (const LayoutPage *page, const GArray *parts, const LayoutSegment *caption, DocaiBox *box)
{
  gboolean found  = FALSE;
  double   bottom = caption->bbox.y0 + 0.3 * caption->size;
  for (guint i = 0; i < parts->len; i++) {
    DocaiBox part = g_array_index (parts, DocaiBox, i);
    gboolean framed = docai_box_width (part) > LEAST_WIDTH / 2.0 && docai_box_height (part) > 10;
    if (!framed || part.y1 > bottom || caption->bbox.y0 - part.y1 > BELOW
        || docai_overlap (part.x0, part.x1, caption->bbox.x0, caption->bbox.x1) <= 0
        || text_between (page, part.y1, caption->bbox.y0, part.x0, part.x1) || (found && part.y1 < box->y1))
      continue;
    *box  = part;
    found = TRUE;
  }
  if (!found)
    return FALSE;
  take_parts (page, parts, bottom, box);
  guint prose = 0;
  for (guint i = 0; i < page->segments->len; i++) {
    const LayoutSegment *s = page->segments->pdata[i];
    prose += is_text (s) && docai_box_coverage (s->bbox, *box) > 0.6;
  }
  return docai_box_width (*box) > LEAST_WIDTH && docai_box_height (*box) > LEAST_HEIGHT && prose <= MOST_LONG && !is_pictured (page, *box)
         && docai_box_area (*box) < 0.7 * page->width * page->height;
}

void
diagrams_find (const LayoutPage *page, GArray *pictures)
{
  g_autoptr (GArray) parts = NULL;
  for (guint i = 0; page->has_text && i < page->segments->len; i++) {
    const LayoutSegment *s = page->segments->pdata[i];
    LayoutPicture diagram = { .confidence = 0.75 };
    if (!s->upright || !marks_is_figure_caption (s->line->text) || marks_reads_on (s->line->text))
      continue;
    if (!parts)
      parts = find_parts (page);
    if (find_over (page, parts, s, &diagram.bbox))
      g_array_append_val (pictures, diagram);
  }
}
