/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Labels of blocks: DocLayNet's, by place, print, marks and neighbours. What is
 * settled early (page headers and footers, captions) is out of the way of what
 * comes later (headings).
 */
#include "pipeline/layout/blocks.h"
#include "pipeline/layout/marks.h"

#include <math.h>
#include <string.h>

typedef struct {
  const LayoutPage *page;
  GPtrArray        *blocks;
  double            body;      /* size of most print */
  guint             body_font; /* of most print */
  gboolean          body_bold; /* most print is bold: boldness tells nothing */
  int               characters;
} Context;

static LayoutBlock *
block_at (const Context *context, guint i)
{
  return context->blocks->pdata[i];
}

static const char *
first_text (const LayoutBlock *block)
{
  if (!block->segments->len)
    return "";
  const LayoutSegment *s = block->segments->pdata[0];
  return s->line->text ? s->line->text : "";
}

static const char *
last_text (const LayoutBlock *block)
{
  if (!block->segments->len)
    return "";
  const LayoutSegment *s = block->segments->pdata[block->segments->len - 1];
  return s->line->text ? s->line->text : "";
}

static void
settle (LayoutBlock *block, DocaiLabel label, double confidence)
{
  block->label      = label;
  block->confidence = confidence;
  block->fixed      = TRUE;
}

/* Distance to the nearest block below (way 1) or above (way -1) that shares some
 * width, and that block; the page's edge is far away. */
static double
nearest_block (const Context *context, const LayoutBlock *block, int way, const LayoutBlock **which)
{
  double best = 1e6;
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

static gboolean
rule_near (const Context *context, const LayoutBlock *block, double y0, double y1)
{
  for (guint i = 0; i < context->page->rulings->len && i < 2000; i++) {
    DocaiBox r = g_array_index (context->page->rulings, DocaiBox, i);
    if (docai_box_height (r) < 4 && docai_box_width (r) > 30 && r.y0 > y0 && r.y1 < y1
        && docai_overlap (r.x0, r.x1, block->bbox.x0, block->bbox.x1) > 0)
      return TRUE;
  }
  return FALSE;
}

/* Space free of text between a block and all that lies on its inner side. */
static double
inner_gap (const Context *context, const LayoutBlock *block, int way)
{
  double best = 1e6;
  for (guint i = 0; i < context->blocks->len && i < 3000; i++) {
    const LayoutBlock *o = block_at (context, i);
    if (o == block || o->label == DOCAI_LABEL_PAGE_HEADER || o->label == DOCAI_LABEL_PAGE_FOOTER
        || docai_overlap (o->bbox.y0, o->bbox.y1, block->bbox.y0, block->bbox.y1)
               > 0.5 * docai_box_height (block->bbox))
      continue;
    double far = way > 0 ? o->bbox.y0 - block->bbox.y1 : block->bbox.y0 - o->bbox.y1;
    if (docai_overlap (block->bbox.x0, block->bbox.x1, o->bbox.x0, o->bbox.x1) > 0 && far > -2)
      best = MIN (best, far);
  }
  return best;
}

static gboolean
may_be_margin (const Context *context, const LayoutBlock *block)
{
  double size = context->body;
  return !block->fixed && block->rows <= 3 && block->characters < 220
         && block->size < 1.25 * MAX (size, 6) && block->segments->len > 0;
}

/* Running heads: at the top, short, apart from what follows. */
static void
find_page_headers (Context *context)
{
  double height = context->page->height;
  for (guint i = 0; i < context->blocks->len; i++) {
    LayoutBlock *b = block_at (context, i);
    double zone = b->size < 0.95 * context->body ? 0.135 : 0.115;
    if (!may_be_margin (context, b) || b->bbox.y1 > zone * height || b->list)
      continue;
    gboolean number = b->rows == 1 && marks_is_page_number (first_text (b));
    /* a lone line of a paragraph from the page before */
    if (!number && b->size > 0.96 * context->body && marks_ends_sentence (last_text (b))
        && b->characters > 40)
      continue;
    gboolean strong = b->bold && !context->body_bold && b->bbox.y1 > 0.075 * height;
    double   gap    = inner_gap (context, b, 1);
    gboolean rule   = rule_near (context, b, b->bbox.y1 - 2, b->bbox.y1 + 1.5 * b->size);
    if (number || rule || (!strong && gap > 1.1 * context->body && b->rows <= 2)
        || (b->size < 0.9 * context->body && gap > 0.8 * context->body))
      settle (b, DOCAI_LABEL_PAGE_HEADER, number || rule ? 0.9 : 0.8);
  }
}

/* Feet: at the bottom, with no other text below them. */
static void
find_page_footers (Context *context)
{
  double height = context->page->height;
  for (guint round = 0; round < 3; round++) /* several lines of feet: from the lowest up */
    for (guint i = 0; i < context->blocks->len; i++) {
      LayoutBlock *b = block_at (context, i);
      if (!may_be_margin (context, b) || b->bbox.y0 < 0.885 * height)
        continue;
      const LayoutBlock *below;
      nearest_block (context, b, 1, &below);
      if (below && below->label != DOCAI_LABEL_PAGE_FOOTER)
        continue;
      gboolean number = b->rows == 1 && marks_is_page_number (first_text (b));
      gboolean note   = marks_is_footnote (first_text (b)) && b->characters > 25;
      double   gap    = inner_gap (context, b, -1);
      gboolean rule   = rule_near (context, b, b->bbox.y0 - 1.5 * b->size, b->bbox.y0 + 2);
      gboolean small  = b->size < 0.96 * context->body;
      if (!number && !rule && !small && (b->rows > 1 || b->list || gap < 1.6 * context->body))
        continue;
      if (number || (!note && rule)
          || (!note && gap > 0.9 * context->body && (b->rows <= 2 || b->size < 0.92 * context->body)))
        settle (b, DOCAI_LABEL_PAGE_FOOTER, number ? 0.92 : 0.82);
    }
}

/* Small print right under a table: its notes. */
static void
find_table_notes (Context *context)
{
  for (guint round = 0; round < 6; round++)
    for (guint i = 0; i < context->blocks->len; i++) {
      LayoutBlock       *b = block_at (context, i);
      const LayoutBlock *above;
      if (b->fixed || !b->segments->len || b->size > 0.95 * context->body || b->bold)
        continue;
      double up = nearest_block (context, b, -1, &above);
      if (above && up < 1.3 * b->size && up > -2
          && (above->label == DOCAI_LABEL_TABLE || above->label == DOCAI_LABEL_FOOTNOTE)
          && b->bbox.x0 > above->bbox.x0 - b->size)
        settle (b, DOCAI_LABEL_FOOTNOTE, 0.6);
    }
}

static gboolean
is_float (const LayoutBlock *block)
{
  return block && (block->label == DOCAI_LABEL_PICTURE || block->label == DOCAI_LABEL_TABLE);
}

/* After "Figure 3" a sentence goes on in lower case; a caption does not. */
static gboolean
reads_on (const char *text)
{
  const char *p = text;
  while (*p && !g_ascii_isdigit (*p))
    p++;
  while (*p && (g_ascii_isdigit (*p) || *p == '-' || *p == '.'))
    p++;
  if (p > text && (p[-1] == '.' || *p == ':'))
    return FALSE;
  while (*p == ' ')
    p++;
  return g_unichar_islower (g_utf8_get_char (p));
}

/* In two rounds: those that say what they are, then those that only look like it. */
static void
find_captions (Context *context, gboolean marked)
{
  for (guint i = 0; i < context->blocks->len; i++) {
    LayoutBlock *b = block_at (context, i);
    if (b->fixed || !b->segments->len)
      continue;
    const LayoutBlock *above, *below;
    double up = nearest_block (context, b, -1, &above), down = nearest_block (context, b, 1, &below);
    gboolean beside = (is_float (above) && up < 3 * b->size) || (is_float (below) && down < 3 * b->size);
    gboolean sentence = reads_on (first_text (b)) && (!beside || b->size > 0.96 * context->body);
    if (marked && marks_is_caption (first_text (b)) && !sentence) {
      settle (b, DOCAI_LABEL_CAPTION, beside ? 0.9 : 0.75);
      continue;
    }
    /* unmarked: a short small text right under a picture, as wide at most */
    if (!marked && is_float (above) && above->label == DOCAI_LABEL_PICTURE && up < 1.3 * b->size && up > -2
        && b->rows <= 3 && b->characters > 8 && b->size < 0.97 * context->body && !b->list
        && b->bbox.x0 > above->bbox.x0 - b->size && b->bbox.x1 < above->bbox.x1 + b->size)
      settle (b, DOCAI_LABEL_CAPTION, 0.6);
  }
}

/* Small print at the foot of a column with a mark in front or a rule above. */
static void
find_footnotes (Context *context)
{
  double height = context->page->height;
  for (guint round = 0; round < 8; round++) {
    gboolean found = FALSE;
    for (guint i = 0; i < context->blocks->len; i++) {
      LayoutBlock *b = block_at (context, i);
      if (b->fixed || b->bbox.y0 < 0.45 * height || b->size > 0.93 * context->body || !b->characters)
        continue;
      const LayoutBlock *below;
      nearest_block (context, b, 1, &below);
      if (below && below->label != DOCAI_LABEL_PAGE_FOOTER && below->label != DOCAI_LABEL_FOOTNOTE)
        continue;
      gboolean mark = marks_is_footnote (first_text (b));
      gboolean rule = rule_near (context, b, b->bbox.y0 - 1.6 * b->size, b->bbox.y0 + 2);
      const LayoutBlock *above;
      double   up   = nearest_block (context, b, -1, &above);
      if ((mark || rule) && b->characters > 6 && !(above && above->label == DOCAI_LABEL_PICTURE && up < b->size)) {
        settle (b, DOCAI_LABEL_FOOTNOTE, mark ? 0.85 : 0.65);
        found = TRUE;
      }
    }
    if (!found)
      break;
  }
}

/* The state of a check box at the start of a text: 1 ticked, 0 empty, -1 none. */
static int
checkbox_state (const char *text)
{
  gunichar c = g_utf8_get_char (text);
  if (c == 0x2611 || c == 0x2612 || c == 0x1F5F9 || c == 0x1F5F5)
    return 1;
  return c == 0x2610 ? 0 : -1;
}

static gboolean
is_formula (const Context *context, const LayoutBlock *b)
{
  const char *text = first_text (b);
  if (b->rows > 3 || b->characters > 120 || b->characters < 3 || b->mono || b->bold)
    return FALSE;
  gboolean sign  = strchr (text, '=') || strstr (text, "≤") || strstr (text, "≥") || strstr (text, "∑");
  const char *end = last_text (b);
  gsize n = strlen (end);
  gboolean tag = n > 3 && end[n - 1] == ')' && g_ascii_isdigit (end[n - 2]);
  return sign && (marks_symbol_share (text) > 0.42 || (tag && marks_symbol_share (text) > 0.3))
         && b->size < 1.3 * context->body;
}

static void
find_special (Context *context)
{
  for (guint i = 0; i < context->blocks->len; i++) {
    LayoutBlock *b = block_at (context, i);
    if (b->fixed || !b->segments->len)
      continue;
    int box = checkbox_state (first_text (b));
    if (box >= 0)
      settle (b, box ? DOCAI_LABEL_CHECKBOX_SELECTED : DOCAI_LABEL_CHECKBOX_UNSELECTED, 0.85);
    else if (b->mono && b->characters > 12 && b->rows >= 2)
      settle (b, DOCAI_LABEL_CODE, 0.75);
    else if (is_formula (context, b))
      settle (b, DOCAI_LABEL_FORMULA, 0.6);
  }
}

static gboolean
is_heading (const Context *context, const LayoutBlock *b, double *confidence)
{
  double      larger = b->size / MAX (context->body, 1);
  const char *text   = first_text (b), *end = last_text (b);
  gboolean    known  = context->page->has_text;
  if (b->rows > 4 || b->characters > 200 || b->characters < 2 || larger < 0.8)
    return FALSE;
  if (known && marks_symbol_share (text) > 0.75)
    return FALSE;
  gboolean bold     = b->bold && !context->body_bold;
  gboolean numbered = known && marks_is_numbered_heading (text);
  gboolean capitals = known && marks_is_capitals (text);
  gboolean sentence = known && marks_ends_sentence (end);
  if (sentence && end[0] && end[strlen (end) - 1] != ':' && !numbered && larger < 1.3 && b->characters > 50)
    return FALSE;
  if (larger > 1.15 || (!known && larger > 1.3)) {
    *confidence = MIN (0.7 + 0.3 * (larger - 1.15), 0.92);
    return known || larger > 1.3;
  }
  if (bold && b->rows <= 3) {
    *confidence = numbered ? 0.9 : b->characters < 90 ? 0.78 : 0.6;
    return TRUE;
  }
  if (numbered && b->rows <= 2 && b->characters < 80 && (larger > 1.04 || b->italic || capitals)) {
    *confidence = 0.7;
    return TRUE;
  }
  /* another font than the text's, which may be bold or italic and not say so */
  if (b->font != context->body_font && context->body_font && b->rows <= 2 && b->characters < 80
      && larger > 0.95 && !sentence && !b->mono && (numbered || marks_starts_sentence (text))
      && b->characters > 5) {
    *confidence = numbered ? 0.8 : 0.55;
    return TRUE;
  }
  if (b->italic && b->rows <= 2 && b->characters < 80 && !sentence && marks_starts_sentence (text)) {
    *confidence = 0.55;
    return TRUE;
  }
  if ((capitals && b->rows <= 2 && b->characters < 70 && b->characters > 4)
      || (larger > 1.06 && b->rows <= 2 && b->characters < 80 && !sentence)) {
    *confidence = 0.6;
    return TRUE;
  }
  return FALSE;
}

static void
find_headings_and_lists (Context *context)
{
  for (guint i = 0; i < context->blocks->len; i++) {
    LayoutBlock *b = block_at (context, i);
    double confidence;
    if (b->fixed || !b->segments->len)
      continue;
    gboolean bullet = marks_is_bullet (first_text (b));
    if (!bullet && is_heading (context, b, &confidence))
      settle (b, DOCAI_LABEL_SECTION_HEADER, confidence);
    else if (b->list)
      settle (b, DOCAI_LABEL_LIST_ITEM, bullet ? 0.92 : 0.75);
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
      && best->bbox.y1 < 0.4 * context->page->height && context->characters > 600
      && best->characters >= 8)
    settle (best, DOCAI_LABEL_TITLE, 0.7);
}

/* The font of most characters. */
static guint
usual_font (const GPtrArray *segments)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  guint                  best = 0, font = 0;
  for (guint i = 0; i < segments->len; i++) {
    const LayoutSegment *s = segments->pdata[i];
    guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, GUINT_TO_POINTER (s->font))) + (guint) s->characters;
    g_hash_table_insert (counts, GUINT_TO_POINTER (s->font), GUINT_TO_POINTER (n));
    if (n > best) {
      best = n;
      font = s->font;
    }
  }
  return font;
}

void
labels_assign (const LayoutPage *page, GPtrArray *blocks, int page_number)
{
  Context context = { .page = page, .blocks = blocks };
  double  bold    = 0;
  for (guint i = 0; i < page->segments->len; i++) {
    const LayoutSegment *s = page->segments->pdata[i];
    context.characters += s->characters;
    bold += s->bold * s->characters;
  }
  context.body      = blocks_body_size (page->segments);
  context.body_font = usual_font (page->segments);
  context.body_bold = bold > 0.6 * context.characters;

  find_captions (&context, TRUE);
  find_page_headers (&context);
  find_page_footers (&context);
  find_captions (&context, FALSE);
  find_footnotes (&context);
  find_table_notes (&context);
  find_special (&context);
  find_headings_and_lists (&context);
  if (page_number == 1)
    find_title (&context);
}
