/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Paragraphs and list items in a column of lines. A new one begins
 *
 *   - after a wider step than the column's usual leading,
 *   - at a bullet or a number with its fellows,
 *   - at an indented first line,
 *   - after a line that ends a sentence where the next word would have fitted.
 *
 * Where lines run from right to left, all this is seen in a mirror: they begin at
 * the right edge, and the left one is ragged.
 */
#include "pipeline/layout/blocks.h"

#include "base/sort.h"
#include "pipeline/layout/marks.h"

#include <math.h>

typedef struct {
  const GPtrArray *lines;
  double           left, right; /* edges of the column, where lines begin and end */
  double           leading;     /* usual distance of baselines */
  gboolean         has_text;
  gboolean         mirrored;    /* lines run from right to left */
} Column;

/* Where a line begins and ends in its column's direction; -x in a mirror. */
static double
start_of (const Column *column, const LayoutSegment *s)
{
  return column->mirrored ? -s->bbox.x1 : s->bbox.x0;
}

static double
end_of (const Column *column, const LayoutSegment *s)
{
  return column->mirrored ? -s->bbox.x0 : s->bbox.x1;
}

static gboolean
runs_right_to_left (const GPtrArray *lines)
{
  int right = 0, all = 0;
  for (guint i = 0; i < lines->len; i++) {
    const LayoutSegment *s = lines->pdata[i];
    all += s->characters;
    right += s->line->text && marks_is_right_to_left (s->line->text) ? s->characters : 0;
  }
  return 2 * right > all;
}

static const LayoutSegment *
line_at (const Column *column, guint i)
{
  return column->lines->pdata[i];
}

/* Whether most lines reach the right edge, as those of a paragraph do. */
static gboolean
lines_are_full (const Column *column)
{
  const GPtrArray *lines = column->lines;
  double right = -G_MAXDOUBLE;
  guint  full  = 0;
  for (guint i = 0; i < lines->len; i++)
    right = MAX (right, end_of (column, lines->pdata[i]));
  for (guint i = 0; i < lines->len; i++) {
    const LayoutSegment *s = lines->pdata[i];
    full += end_of (column, s) > right - 3 * s->size;
  }
  return full > 0.6 * lines->len;
}

/* The usual step: a low quantile, since wide ones are what is looked for. */
static double
usual_leading (const Column *column, double page_leading)
{
  const GPtrArray *lines = column->lines;
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 1; i < lines->len; i++) {
    const LayoutSegment *a = lines->pdata[i - 1], *b = lines->pdata[i];
    double step = b->baseline - a->baseline;
    g_array_append_val (steps, step);
  }
  if (!steps->len)
    return 0;
  g_array_sort (steps, docai_compare_doubles);
  double own  = g_array_index (steps, double, (guint) (0.4 * steps->len));
  double size = ((LayoutSegment *) lines->pdata[0])->size;
  /* short lines, or few of them: all may be items that are set apart */
  double limit = 1.18 * page_leading * size;
  if (page_leading > 0 && own > limit && (steps->len < 4 || !lines_are_full (column)))
    own = limit;
  if (own > 1.45 * size && !lines_are_full (column))
    own = 1.3 * size;
  return own;
}

static double
first_word_width (const LayoutSegment *s)
{
  if (!s->line->words->len)
    return 4 * s->width;
  return docai_box_width (((DocaiWord *) s->line->words->pdata[0])->bbox);
}

/* Whether line b begins a paragraph though it stands at the usual distance. */
static gboolean
is_indented (const Column *column, guint i, guint start)
{
  const LayoutSegment *a = line_at (column, i - 1), *b = line_at (column, i);
  /* an item's text hangs from its mark, until the next item; what goes back to the
   * edge without a mark is a paragraph under a numbered heading */
  if (column->has_text && i == start + 1 && blocks_opens_item (a)
      && (i + 1 >= column->lines->len || blocks_opens_item (line_at (column, i + 1))
          || a->font == b->font))
    return FALSE;
  double em = b->size, indent = start_of (column, b) - column->left;
  if (indent < 0.7 * em || indent > 5 * em || start_of (column, b) - start_of (column, a) < 0.7 * em)
    return FALSE;
  if (i + 1 < column->lines->len)
    return start_of (column, b) - start_of (column, line_at (column, i + 1)) > 0.7 * em;
  /* a last line, alone: only after a line that ended early or with a full stop */
  return end_of (column, a) < column->right - 2 * em
         || (column->has_text && marks_ends_sentence (a->line->text));
}

static gboolean
ends_early (const Column *column, guint i)
{
  const LayoutSegment *a = line_at (column, i - 1), *b = line_at (column, i);
  if (!column->has_text || column->right - column->left < 18 * b->size)
    return FALSE;
  double room = column->right - end_of (column, a) - 0.35 * b->size;
  return room > first_word_width (b) + 1.5 * b->size && marks_ends_sentence (a->line->text)
         && marks_starts_sentence (b->line->text) && fabs (start_of (column, b) - column->left) < 0.7 * b->size;
}

/* Whether a line begins with a raised mark, as notes do. */
static gboolean
has_raised_mark (const LayoutSegment *s)
{
  if (s->line->words->len < 2)
    return FALSE;
  const DocaiWord *mark = s->line->words->pdata[0], *text = s->line->words->pdata[1];
  double           h    = docai_box_height (text->bbox);
  return g_utf8_strlen (mark->text, -1) <= 2 && docai_box_height (mark->bbox) < 0.8 * h
         && mark->bbox.y1 < text->bbox.y1 - 0.12 * h;
}

/* Whether a line begins a note by a sign that texts refer to. */
static gboolean
has_note_sign (const LayoutSegment *s)
{
  gunichar c = s->line->text ? g_utf8_get_char (s->line->text) : 0;
  return c == '*' || c == 0x2020 || c == 0x2021 || c == 0x203B;
}

/* Whether enumeration marks in this column make a list: a number at the start of
 * a line is often chance. */
static gboolean
begins_item (const Column *column, guint i, const LayoutSegment *start)
{
  const LayoutSegment *b = line_at (column, i);
  if (!column->has_text || !blocks_opens_item (b))
    return FALSE;
  if (blocks_has_bullet (b))
    return TRUE;
  /* numbers and dashes: at the left edge, where the item above began or, with
   * another mark, set in under it */
  const LayoutSegment *a = line_at (column, i - 1);
  if (start && blocks_opens_item (start)) {
    if (fabs (start_of (column, start) - start_of (column, b)) < 1.2 * b->size)
      return TRUE;
    gboolean ended = marks_ends_sentence (a->line->text) || end_of (column, a) < column->right - 3 * b->size;
    return start_of (column, b) > start_of (column, start) && ended;
  }
  return start_of (column, b) < column->left + 2.5 * b->size
         && (marks_ends_sentence (a->line->text) || end_of (column, a) < column->right - 3 * b->size);
}

/* Whether line i leaves the hanging indent of the list item that began at `start`. */
static gboolean
leaves_item (const Column *column, guint i, guint start)
{
  const LayoutSegment *first = line_at (column, start), *b = line_at (column, i);
  if (!column->has_text || !blocks_opens_item (first) || i < start + 2)
    return FALSE;
  const LayoutSegment *second = line_at (column, start + 1);
  return start_of (column, second) > start_of (column, first) + 0.6 * b->size
         && start_of (column, b) < start_of (column, second) - 0.6 * b->size;
}

static gboolean
begins_paragraph (const Column *column, guint i, guint start)
{
  const LayoutSegment *a = line_at (column, i - 1), *b = line_at (column, i);
  double step = b->baseline - a->baseline;
  if (step > 1.22 * column->leading + 0.04 * b->size)
    return TRUE;
  const LayoutSegment *first = line_at (column, start);
  if (column->has_text
      && ((has_raised_mark (b) && has_raised_mark (first)) || (has_note_sign (b) && has_note_sign (first))))
    return TRUE;
  return begins_item (column, i, line_at (column, start)) || leaves_item (column, i, start)
         || is_indented (column, i, start) || ends_early (column, i);
}

void
paragraphs_split (const GPtrArray *lines, gboolean has_text, double page_leading, GPtrArray *blocks)
{
  Column column = { .lines = lines, .left = G_MAXDOUBLE, .right = -G_MAXDOUBLE,
                    .has_text = has_text, .mirrored = runs_right_to_left (lines) };
  column.leading = usual_leading (&column, page_leading);
  g_autoptr (GArray) lefts = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < lines->len; i++) {
    const LayoutSegment *s = lines->pdata[i];
    double left = start_of (&column, s);
    g_array_append_val (lefts, left);
    column.right = MAX (column.right, end_of (&column, s));
  }
  g_array_sort (lefts, docai_compare_doubles);
  column.left = g_array_index (lefts, double, lefts->len / 6);

  LayoutBlock *block = NULL;
  guint        start = 0;
  for (guint i = 0; i < lines->len; i++) {
    if (!block || begins_paragraph (&column, i, start)) {
      block = layout_block_new (DOCAI_LABEL_TEXT);
      start = i;
      g_ptr_array_add (blocks, block);
      block->list = has_text && blocks_opens_item (line_at (&column, i));
    }
    layout_block_add (block, lines->pdata[i]);
  }
}
