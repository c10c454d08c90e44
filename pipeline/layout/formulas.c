/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Display formulas. Fractions, limits and large brackets break a formula into
 * many small pieces; those around a piece that is mostly mathematics, together
 * with the number at the column's edge, are one block.
 *
 *            n
 *      s =  sum a_i          (12)
 *           i=1
 */
#include "pipeline/layout/labels-priv.h"
#include "pipeline/layout/marks.h"

#include <math.h>
#include <string.h>

#define MAX_BLOCKS 2000
#define MOST       160 /* characters of a block that may be part of a formula */

/* Letters of the longest word: formulas have few words, and short ones. */
static int
longest_word (const LayoutBlock *b)
{
  int longest = 0;
  for (guint i = 0; i < b->segments->len; i++) {
    const LayoutSegment *s = b->segments->pdata[i];
    int n = 0;
    for (const char *p = s->line->text ? s->line->text : ""; *p; p = g_utf8_next_char (p)) {
      n       = g_unichar_isalpha (g_utf8_get_char (p)) ? n + 1 : 0;
      longest = MAX (longest, n);
    }
  }
  return longest;
}

/* "(6)", "(3.2a)": the number of a formula. */
static gboolean
is_number (const LayoutBlock *b)
{
  const char *text = labels_first_text (b);
  gsize       n = strlen (text);
  return b->rows == 1 && n >= 3 && n <= 9 && text[0] == '(' && text[n - 1] == ')'
         && strspn (text + 1, "0123456789.abcdefAB-") == n - 2;
}

static double
math_share (const LayoutBlock *b)
{
  return (double) b->math / MAX (b->characters, 1);
}

/* Without fonts to tell: a sign of a relation among few letters, set in or numbered. */
static gboolean
reads_like_formula (const Context *context, const LayoutBlock *b)
{
  const char *text = labels_first_text (b), *end = labels_last_text (b);
  gsize       n    = strlen (end);
  if (b->rows > 3 || b->characters > 120 || b->characters < 5 || b->mono || b->bold || b->size > 1.3 * context->body)
    return FALSE;
  gboolean sign = strchr (text, '=') || strstr (text, "≤") || strstr (text, "≥") || strstr (text, "∑");
  gboolean tag  = n > 3 && end[n - 1] == ')' && g_ascii_isdigit (end[n - 2]);
  return sign && longest_word (b) <= 6 && marks_symbol_share (text) > (tag ? 0.3 : 0.42);
}

static gboolean
is_seed (const Context *context, const LayoutBlock *b)
{
  if (b->fixed || !b->segments->len || b->characters > MOST || b->characters < 3 || b->mono)
    return FALSE;
  double share = math_share (b);
  return (share > 0.4 && b->math >= 2 && strpbrk (labels_first_text (b), "=<>+") && (longest_word (b) <= 6 || share > 0.6))
         || (!b->list && reads_like_formula (context, b));
}

static gboolean
joins (const Context *context, const LayoutBlock *formula, const LayoutBlock *o)
{
  double em = MAX (context->body, 4);
  if (o == formula || o->characters > MOST || o->mono || !o->segments->len
      || (o->fixed && o->label != DOCAI_LABEL_FORMULA))
    return FALSE;
  double down  = MAX (o->bbox.y0 - formula->bbox.y1, formula->bbox.y0 - o->bbox.y1);
  double aside = MAX (o->bbox.x0 - formula->bbox.x1, formula->bbox.x0 - o->bbox.x1);
  gboolean row = down < -0.3 * MIN (docai_box_height (o->bbox), docai_box_height (formula->bbox));
  if (is_number (o))
    return row && aside < 0.5 * context->page->width && o->bbox.x0 > formula->bbox.x1;
  gboolean part = o->label == DOCAI_LABEL_FORMULA || o->characters <= 3
                  || (longest_word (o) <= 4 && (math_share (o) > 0.25 || (!o->list && o->characters <= 12)))
                  || math_share (o) > 0.6;
  if (!part)
    return FALSE;
  return (row && aside < 3.5 * em) || (aside < 0 && down < 0.7 * em);
}

/* Takes block j, which has been joined to another, out of the list. */
static void
join (Context *context, LayoutBlock *formula, guint j)
{
  const LayoutBlock *o = block_at (context, j);
  for (guint k = 0; k < o->segments->len; k++)
    layout_block_add (formula, o->segments->pdata[k]);
  layout_block_update (formula);
  g_ptr_array_remove_index (context->blocks, j);
}

void
labels_find_formulas (Context *context)
{
  if (!context->page->has_text || context->blocks->len > MAX_BLOCKS)
    return;
  for (guint i = 0; i < context->blocks->len; i++) {
    LayoutBlock *b = block_at (context, i);
    if (is_seed (context, b))
      labels_settle (b, DOCAI_LABEL_FORMULA, CLAMP (0.5 + 0.4 * math_share (b), 0.55, 0.85));
  }
  for (guint i = 0; i < context->blocks->len; i++) {
    LayoutBlock *formula = block_at (context, i);
    if (formula->label != DOCAI_LABEL_FORMULA || formula->region)
      continue;
    for (guint j = 0; j < context->blocks->len;) {
      if (!joins (context, formula, block_at (context, j))) {
        j++;
        continue;
      }
      join (context, formula, j);
      formula->confidence = MIN (formula->confidence + 0.03, 0.9);
      i = i > j ? i - 1 : i;
      j = 0;
    }
  }
}
