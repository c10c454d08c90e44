/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pieces of one row that belong together though a gap parts them: a mark and its
 * text, a section's number and its heading, raised and lowered print, fractions,
 * words of a justified line.
 */
#include "pipeline/layout/blocks.h"
#include "pipeline/layout/marks.h"
#include "pipeline/layout/pitch.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define NEAR 60 /* pieces of neighbouring heights that are looked at */

static gint
compare_words (gconstpointer a, gconstpointer b)
{
  const DocaiWord *p = *(DocaiWord *const *) a, *q = *(DocaiWord *const *) b;
  return p->bbox.x0 < q->bbox.x0 ? -1 : p->bbox.x0 > q->bbox.x0;
}

void
rows_join (LayoutSegment *a, LayoutSegment *b)
{
  DocaiLine *to = a->line, *from = b->line;
  for (guint i = 0; i < from->words->len; i++)
    g_ptr_array_add (to->words, from->words->pdata[i]);
  g_ptr_array_set_free_func (from->words, NULL);
  g_ptr_array_set_size (from->words, 0);
  g_ptr_array_sort (to->words, compare_words);
  if (b->characters > a->characters) {
    to->baseline       = from->baseline - from->baseline_slope * (b->bbox.x0 - a->bbox.x0);
    to->baseline_slope = from->baseline_slope;
    to->x_height       = from->x_height;
    to->ascender       = from->ascender;
    to->descender      = from->descender;
    a->size            = b->size;
    a->bold            = b->bold;
    a->italic          = b->italic;
    a->mono            = b->mono;
    a->font            = b->font;
    a->baseline        = b->baseline;
  }
  to->bbox = docai_box_union (to->bbox, from->bbox);
  a->bbox  = to->bbox;
  a->characters += b->characters;
  a->math += b->math;
  b->characters = 0;
  docai_line_update (to);
}

gboolean
rows_are_same (const LayoutSegment *a, const LayoutSegment *b)
{
  double shared = docai_overlap (a->bbox.y0, a->bbox.y1, b->bbox.y0, b->bbox.y1);
  return a->upright && b->upright
         && shared > 0.55 * MIN (docai_box_height (a->bbox), docai_box_height (b->bbox))
         && fabs (a->baseline - b->baseline) < 0.45 * MAX (a->size, b->size);
}

/* Whether a line right above or below runs through the gap between two pieces. */
static gboolean
gap_is_bridged (const GPtrArray *rest, guint at, const LayoutSegment *a, const LayoutSegment *b)
{
  for (int way = -1; way <= 1; way += 2)
    for (int k = 1; k < 40; k++) {
      gint64 i = (gint64) at + way * k;
      if (i < 0 || i >= (gint64) rest->len)
        break;
      const LayoutSegment *c = rest->pdata[i];
      if (c == a || c == b || !c->characters)
        continue;
      double far = fabs (c->baseline - a->baseline);
      if (far > 3 * a->size)
        break;
      /* wide leading is that of prose only when the print is the same */
      double most = c->font == a->font && c->characters > 20 ? 2.3 : 1.8;
      if (far > 0.5 * a->size && far < most * a->size && c->bbox.x0 < a->bbox.x1 - a->size
          && c->bbox.x1 > b->bbox.x0 + a->size && fabs (c->size - a->size) < 0.15 * a->size)
        return TRUE;
    }
  return FALSE;
}

/* Whether what stands of a row under or over line c reaches from edge to edge of it. */
static gboolean
row_fills (const GPtrArray *rest, guint from, guint to, const LayoutSegment *a, const LayoutSegment *c)
{
  double x0 = FLT_MAX, x1 = -FLT_MAX, near = 0.5 * a->size;
  for (guint i = from; i < to; i++) {
    const LayoutSegment *o = rest->pdata[i];
    double x = docai_box_center_x (o->bbox);
    if (!o->characters || x < c->bbox.x0 || x > c->bbox.x1 || (o != a && !rows_are_same (a, o)))
      continue;
    x0 = MIN (x0, o->bbox.x0);
    x1 = MAX (x1, o->bbox.x1);
  }
  return fabs (c->bbox.x0 - x0) < near && fabs (c->bbox.x1 - x1) < near;
}

/* Whether two pieces belong to one line of justified print, whose words are set wide
 * apart: a whole line right above or below in the same print has the row's edges. */
static gboolean
row_is_justified (const GPtrArray *rest, guint at, const LayoutSegment *a, const LayoutSegment *b)
{
  double em   = a->size;
  guint  from = at > NEAR ? at - NEAR : 0, to = MIN (at + NEAR, rest->len);
  if (marks_symbol_share (a->line->text) > 0.5 || marks_symbol_share (b->line->text) > 0.5
      || fabs (a->size - b->size) > 0.1 * em || a->font != b->font)
    return FALSE;
  for (guint i = from; i < to; i++) {
    const LayoutSegment *c = rest->pdata[i];
    double far = fabs (c->baseline - a->baseline);
    if (c->characters > 8 && far > 0.5 * em && far < 1.8 * em && fabs (c->size - em) < 0.1 * em && c->font == a->font
        && c->bbox.x0 < a->bbox.x1 && c->bbox.x1 > b->bbox.x0 && row_fills (rest, from, to, a, c))
      return TRUE;
  }
  return FALSE;
}

/* The nearest piece to the right in the row of piece i. */
static LayoutSegment *
right_neighbour (const GPtrArray *rest, guint i)
{
  const LayoutSegment *a     = rest->pdata[i];
  LayoutSegment       *right = NULL;
  for (int way = -1; way <= 1; way += 2)
    for (int k = 1; k < NEAR; k++) {
      gint64 j = (gint64) i + way * k;
      if (j < 0 || j >= (gint64) rest->len)
        break;
      LayoutSegment *b = rest->pdata[j];
      if (fabs (b->bbox.y0 - a->bbox.y0) > 2.5 * MAX (a->size, b->size))
        break;
      if (b->characters && b->bbox.x0 >= a->bbox.x1 - 1 && rows_are_same (a, b)
          && (!right || b->bbox.x0 < right->bbox.x0))
        right = b;
    }
  return right;
}

/* Words of one letter each: print set wide for emphasis. */
static gboolean
is_letterspaced (const LayoutSegment *s)
{
  return s->line->words->len >= 3 && s->characters <= (int) s->line->words->len + 1;
}

/* A section's number and its heading: print that is not that of the text. */
static gboolean
is_section_number (const LayoutPage *page, const LayoutSegment *a, const LayoutSegment *right)
{
  if (!marks_is_section_number (a->line->text) || fabs (a->size - right->size) > 0.12 * right->size
      || right->characters < 3 || !g_unichar_isalpha (g_utf8_get_char (right->line->text)))
    return FALSE;
  return right->size > 1.08 * page->body || (right->bold && !page->body_bold)
         || (right->font != page->body_font && layout_page_font_share (page, right->font) < 0.25)
         || (strchr (a->line->text, '.') && a->characters < 14);
}

/* Whether piece a is a mark that belongs to what stands right of it. */
static gboolean
is_mark (const LayoutPage *page, const LayoutSegment *a, const LayoutSegment *right)
{
  double em = MAX (a->size, right->size);
  if (!page->has_text)
    return a->characters == 1 && docai_box_width (a->bbox) < 0.6 * em && right->characters > 12;
  if (blocks_is_bare_mark (a))
    return right->characters > 1;
  if (is_section_number (page, a, right))
    return TRUE;
  return a->characters < 14 && right->characters > 5 && marks_is_caption (a->line->text);
}

static gboolean
belong_together (const LayoutPage *page, const GPtrArray *rest, guint i, const LayoutSegment *right)
{
  const LayoutSegment *a  = rest->pdata[i];
  double               em = MAX (a->size, right->size), gap = right->bbox.x0 - a->bbox.x1;
  if (gap < 4.5 * em && is_mark (page, a, right))
    return TRUE;
  if (page->pitch > 0 && a->mono && right->mono && gap < PITCH_BLANK * page->pitch)
    return TRUE;
  if (page->has_text && gap < 6 * em && row_is_justified (rest, i, a, right))
    return TRUE;
  if (gap > 2.2 * em || a->size > 1.2 * right->size || right->size > 1.2 * a->size)
    return FALSE;
  return gap_is_bridged (rest, i, a, right)
         || (page->has_text && is_letterspaced (a) && is_letterspaced (right) && a->font == right->font);
}

/* Fractions and the like: print much smaller in a gap of a line, which it parts. */
static void
merge_small (GPtrArray *rest)
{
  for (guint i = 0; i < rest->len; i++) {
    LayoutSegment *small = rest->pdata[i], *left = NULL, *right = NULL;
    /* a fraction is as narrow as print that runs upwards */
    if (!small->characters || small->characters > 4 || (!small->upright && !strpbrk (small->line->text, "0123456789")))
      continue;
    for (int way = -1; way <= 1; way += 2)
      for (int k = 1; k < NEAR; k++) {
        gint64 j = (gint64) i + way * k;
        if (j < 0 || j >= (gint64) rest->len)
          break;
        LayoutSegment *o = rest->pdata[j];
        if (fabs (o->bbox.y0 - small->bbox.y0) > 2.5 * MAX (o->size, small->size))
          break;
        double y = docai_box_center_y (small->bbox);
        if (!o->characters || !o->upright || small->size > 0.78 * o->size || y < o->bbox.y0 - 0.2 * o->size
            || y > o->bbox.y1 + 0.2 * o->size)
          continue;
        if (fabs (small->bbox.x0 - o->bbox.x1) < 0.7 * o->size && o->characters > 3)
          left = o;
        else if (fabs (o->bbox.x0 - small->bbox.x1) < 0.7 * o->size)
          right = o;
      }
    if (!left)
      continue;
    rows_join (left, small);
    if (right && rows_are_same (left, right) && right->bbox.x0 - left->bbox.x1 < 0.7 * left->size
        && fabs (right->size - left->size) < 0.1 * left->size)
      rows_join (left, right);
  }
}

/* Raised and lowered print: pieces that lie within another one. */
static void
merge_contained (GPtrArray *rest)
{
  for (guint i = 0; i < rest->len; i++) {
    LayoutSegment *small = rest->pdata[i];
    if (!small->characters || !small->upright || small->characters > 12)
      continue;
    for (int way = -1; way <= 1 && small->characters; way += 2)
      for (int k = 1; k < 30; k++) {
        gint64 j = (gint64) i + way * k;
        if (j < 0 || j >= (gint64) rest->len)
          break;
        LayoutSegment *large = rest->pdata[j];
        if (large->characters > small->characters && large->upright
            && docai_box_coverage (small->bbox, docai_box_grow (large->bbox, 0.12 * large->size)) > 0.6) {
          rows_join (large, small);
          break;
        }
      }
  }
}

void
rows_merge (const LayoutPage *page, GPtrArray *rest)
{
  merge_contained (rest);
  if (page->has_text)
    merge_small (rest);
  for (guint i = 0; i < rest->len; i++) {
    LayoutSegment *a = rest->pdata[i];
    while (a->characters) {
      LayoutSegment *right = right_neighbour (rest, i);
      if (!right || !belong_together (page, rest, i, right))
        break;
      rows_join (a, right);
    }
  }
  guint n = 0;
  for (guint i = 0; i < rest->len; i++) {
    LayoutSegment *s = rest->pdata[i];
    if (s->characters || !s->line->words || s->line->words->len)
      rest->pdata[n++] = s;
  }
  g_ptr_array_set_size (rest, (gint) n);
}
