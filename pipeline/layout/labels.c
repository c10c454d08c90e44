/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Labels of blocks: DocLayNet's, by place, print, marks and neighbours. What is
 * settled early (page headers and footers, captions) is out of the way of what
 * comes later (headings).
 */
#include "pipeline/layout/labels-priv.h"
#include "pipeline/layout/marks.h"

#include <math.h>
#include <string.h>

const char *
labels_first_text (const LayoutBlock *block)
{
  if (!block->segments->len)
    return "";
  const LayoutSegment *s = block->segments->pdata[0];
  return s->line->text ? s->line->text : "";
}

const char *
labels_last_text (const LayoutBlock *block)
{
  if (!block->segments->len)
    return "";
  const LayoutSegment *s = block->segments->pdata[block->segments->len - 1];
  return s->line->text ? s->line->text : "";
}

void
labels_settle (LayoutBlock *block, DocaiLabel label, double confidence)
{
  block->label      = label;
  block->confidence = confidence;
  block->fixed      = TRUE;
}

double
labels_nearest (const Context *context, const LayoutBlock *block, int way, const LayoutBlock **which)
{
  double best = FAR;
  *which      = NULL;
  for (guint i = 0; i < context->blocks->len && i < 3000; i++) {
    const LayoutBlock *o = block_at (context, i);
    if (o == block || docai_overlap (block->bbox.x0, block->bbox.x1, o->bbox.x0, o->bbox.x1) <= 0)
      continue;
    gboolean beyond = way > 0 ? docai_box_center_y (o->bbox) > docai_box_center_y (block->bbox)
                              : docai_box_center_y (o->bbox) < docai_box_center_y (block->bbox);
    double far = way > 0 ? o->bbox.y0 - block->bbox.y1 : block->bbox.y0 - o->bbox.y1;
    if (beyond && far < best) {
      best   = far;
      *which = o;
    }
  }
  return best;
}

gboolean
labels_find_rule (const Context *context, const LayoutBlock *block, double y0, double y1, DocaiBox *rule)
{
  gboolean found = FALSE;
  for (guint i = 0; i < context->page->rulings->len && i < 2000; i++) {
    DocaiBox r = g_array_index (context->page->rulings, DocaiBox, i);
    if (docai_box_height (r) >= 4 || docai_box_width (r) <= 25 || r.y0 <= y0 || r.y1 >= y1
        || docai_overlap (r.x0, r.x1, block->bbox.x0, block->bbox.x1) <= 0)
      continue;
    if (!found || fabs (r.y0 - block->bbox.y0) < fabs (rule->y0 - block->bbox.y0))
      *rule = r;
    found = TRUE;
  }
  return found;
}

static void
find_checkboxes (Context *context)
{
  for (guint i = 0; i < context->blocks->len; i++) {
    LayoutBlock *b = block_at (context, i);
    if (b->fixed || !b->segments->len)
      continue;
    int box = marks_ballot (labels_first_text (b));
    if (box >= 0)
      labels_settle (b, box ? DOCAI_LABEL_CHECKBOX_SELECTED : DOCAI_LABEL_CHECKBOX_UNSELECTED, 0.85);
  }
}

static gboolean
has_address (const LayoutBlock *b)
{
  for (guint i = 0; i < b->segments->len; i++) {
    const char *text = ((LayoutSegment *) b->segments->pdata[i])->line->text;
    if (text && (strchr (text, '@') || strstr (text, "http") || strstr (text, "www.")))
      return TRUE;
  }
  return FALSE;
}

/* Whether text that runs on stands between two heights. */
static gboolean
has_prose_between (const Context *context, double y0, double y1)
{
  for (guint i = 0; i < context->blocks->len; i++) {
    const LayoutBlock *o = block_at (context, i);
    if (o->rows >= 4 && o->characters > 160 && o->bbox.y0 >= y0 && o->bbox.y0 < y1)
      return TRUE;
  }
  return FALSE;
}

/* Names under the title of a first page: several of them, with marks that refer to
 * their institutes, or in larger print than the text that follows. */
static gboolean
is_byline (const Context *context, const LayoutBlock *b)
{
  double largest = 0, bottom = 0;
  if (context->number != 1 || b->bbox.y1 > 0.6 * context->page->height)
    return FALSE;
  for (guint i = 0; i < context->blocks->len; i++) {
    const LayoutBlock *o = block_at (context, i);
    if (o->segments->len && o->label != DOCAI_LABEL_PICTURE && o->size > largest) {
      largest = o->size;
      bottom  = o->bbox.y1;
    }
  }
  if (b->size > 0.92 * largest || b->bbox.y0 < bottom - 2 || b->bbox.y0 > bottom + 0.25 * context->page->height)
    return FALSE;
  int commas = 0, marks = 0;
  for (guint i = 0; i < b->segments->len; i++) {
    const char *text = ((LayoutSegment *) b->segments->pdata[i])->line->text;
    for (const char *p = text ? text : ""; *p; p = g_utf8_next_char (p)) {
      gunichar c = g_utf8_get_char (p);
      commas += c == ',' || c == ';' || c == 0xB7;
      marks += c == '*' || c == 0x2217 || c == 0x2020 || c == 0x2021 || c == 0xA7;
    }
  }
  DocaiBox rule;
  if (!b->bold && largest > 1.4 * context->body && b->size < 0.85 * largest && b->rows <= 4
      && has_prose_between (context, bottom, context->page->height)
      && !labels_find_rule (context, b, b->bbox.y1 - 2, b->bbox.y1 + 1.5 * b->size, &rule)
      && !marks_is_numbered_heading (labels_first_text (b)) && !marks_is_capitals (labels_first_text (b))
      && !b->italic && !has_prose_between (context, bottom, b->bbox.y0) && b->size > 1.05 * context->body)
    return TRUE;
  return commas >= 2 || (commas + marks >= 1 && !b->bold && b->rows <= 3 && b->characters > 12);
}

/* Print unlike the text's: how much a heading stands out. */
static double
heading_evidence (const Context *context, const LayoutBlock *b)
{
  const LayoutPage *page   = context->page;
  const char       *text   = labels_first_text (b);
  double            larger = b->size / MAX (context->body, 1);
  gboolean bold     = b->bold && !page->body_bold;
  gboolean numbered = marks_is_numbered_heading (text), capitals = marks_is_capitals (text);
  gboolean sentence = marks_ends_sentence (labels_last_text (b));
  gboolean brief    = b->rows <= 2 && b->characters < 80;

  if (larger > 1.15)
    return MIN (0.72 + 0.3 * (larger - 1.15) + 0.1 * bold + 0.1 * numbered, 0.95);
  if (bold && b->rows <= 3)
    return numbered ? 0.9 : b->characters < 90 ? 0.78 : 0.6;
  if (!brief)
    return 0;
  if (numbered && (larger > 1.04 || b->italic || capitals))
    return 0.7;
  /* another font than the text's, which may be bold or italic and not say so */
  if (b->font != page->body_font && page->body_font && larger > 0.95 && !sentence && !b->mono && b->characters > 5
      && (numbered || (marks_starts_sentence (text) && layout_page_font_share (page, b->font) < 0.12)))
    return numbered ? 0.8 : 0.55;
  if (b->italic && !sentence && marks_starts_sentence (text))
    return 0.55;
  if ((capitals && b->characters < 70 && b->characters > 4) || (larger > 1.06 && !sentence))
    return 0.6;
  return 0;
}

static gboolean
is_heading (const Context *context, const LayoutBlock *b, double *confidence)
{
  double      larger = b->size / MAX (context->body, 1);
  const char *text   = labels_first_text (b), *end = labels_last_text (b);
  if (b->rows > 4 || b->characters > 200 || larger < 0.8)
    return FALSE;
  if (!context->page->has_text) {
    *confidence = MIN (0.7 + 0.3 * (larger - 1.15), 0.92);
    return larger > 1.3 && b->characters >= 2;
  }
  if (b->characters <= 3 && larger > 1.8 && strspn (text, "0123456789") == strlen (text)) {
    *confidence = 0.6; /* a chapter's number */
    return TRUE;
  }
  if (b->mono && !b->bold && marks_code_share (text) > 0.08)
    return FALSE;
  if (b->characters < 2 || marks_symbol_share (text) > 0.75 || (larger < 1.6 && has_address (b)))
    return FALSE;
  if (marks_ends_sentence (end) && end[0] && end[strlen (end) - 1] != ':' && !marks_is_numbered_heading (text)
      && larger < 1.3 && b->characters > 50)
    return FALSE;
  if (is_byline (context, b))
    return FALSE;
  *confidence = heading_evidence (context, b);
  return *confidence > 0;
}

static void
find_headings_and_lists (Context *context)
{
  for (guint i = 0; i < context->blocks->len; i++) {
    LayoutBlock *b = block_at (context, i);
    double confidence;
    if (b->fixed || !b->segments->len)
      continue;
    gboolean bullet = blocks_has_bullet (b->segments->pdata[0]);
    if (!bullet && is_heading (context, b, &confidence))
      labels_settle (b, DOCAI_LABEL_SECTION_HEADER, confidence);
    else if (b->list)
      labels_settle (b, DOCAI_LABEL_LIST_ITEM, bullet ? 0.92 : 0.75);
    else {
      b->label      = DOCAI_LABEL_TEXT;
      b->confidence = b->rows >= 3 ? 0.9 : b->rows == 2 ? 0.8 : b->characters > 30 ? 0.7 : 0.55;
    }
  }
}

/* The title: by far the largest heading, alone in its size, in the upper part of
 * a first page that has enough text to be titled. */
static void
find_title (Context *context)
{
  LayoutBlock *best = NULL;
  double       next = 0;
  for (guint i = 0; i < context->blocks->len; i++) {
    LayoutBlock *b = block_at (context, i);
    if (b->label != DOCAI_LABEL_SECTION_HEADER)
      continue;
    if (!best || b->size > best->size) {
      next = best ? best->size : 0;
      best = b;
    } else {
      next = MAX (next, b->size);
    }
  }
  if (best && best->size > 1.6 * context->body && best->size > 1.25 * next
      && best->bbox.y1 < 0.4 * context->page->height && context->page->characters > 600
      && best->characters >= 8)
    labels_settle (best, DOCAI_LABEL_TITLE, 0.7);
}

void
labels_assign (const LayoutPage *page, GPtrArray *blocks, int page_number)
{
  Context context = { .page = page, .blocks = blocks, .body = page->body, .number = page_number };

  labels_find_captions (&context, TRUE);
  labels_find_margins (&context);
  find_checkboxes (&context);
  labels_find_formulas (&context);
  labels_find_captions (&context, FALSE);
  labels_find_notes (&context);
  find_headings_and_lists (&context);
  if (page_number == 1)
    find_title (&context);
}
