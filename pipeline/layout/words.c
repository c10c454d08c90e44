/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words of a text layer joined to pieces of lines, by their places alone:
 * the order in which a file draws its words says little.
 *
 * A word continues the piece on its left when both stand on one row, no wider
 * gap than GAP lies between them, and no drawn vertical rule.
 */
#include "pipeline/layout/fonts.h"
#include "pipeline/layout/marks.h"
#include "pipeline/layout/segment.h"

#include <math.h>
#include <string.h>

#define GAP        0.95  /* em: wider gaps are columns or cells */
#define BAND       12.0  /* points: a row of the index of open pieces */
#define MAX_BANDS  4096
#define MAX_OPEN   64    /* pieces that a word is compared with in a band */
#define MAX_RULES  400

typedef struct {
  DocaiWord *word;
  DocaiBox   box; /* swapped where text runs downwards */
  double     size;
  gboolean   bold, italic, mono, math, sign;
  guint      font;
} Item;

typedef struct {
  GArray *items; /* guint */
  double  top, bottom, x1, size;
} Piece;

typedef struct {
  const GArray *items;  /* Item */
  GArray       *pieces; /* Piece */
  GArray      **bands;  /* guint */
  int           n_bands;
  double        y0;
  const GArray *rules; /* DocaiBox: vertical rules */
} Joiner;

static const DocaiFont *
font_of (const DocaiPage *page, int id)
{
  if (id >= 1 && (guint) id <= page->fonts->len) { /* usually in order */
    const DocaiFont *font = page->fonts->pdata[id - 1];
    if (font->id == id)
      return font;
  }
  for (guint i = 0; i < page->fonts->len && i < 1000; i++)
    if (((DocaiFont *) page->fonts->pdata[i])->id == id)
      return page->fonts->pdata[i];
  return NULL;
}

/* Whether a word's box is that of text turned by a quarter. */
static gboolean
is_turned (const DocaiWord *word, double size)
{
  double w = docai_box_width (word->bbox), h = docai_box_height (word->bbox);
  return g_utf8_strlen (word->text, -1) > 2 && h > 1.6 * w && (size <= 0 || h > 1.8 * size);
}

static DocaiBox
swap_axes (DocaiBox b)
{
  return DOCAI_BOX (b.y0, b.x0, b.y1, b.x1);
}

static GArray *
collect_items (const DocaiPage *page, const LayoutFonts *fonts, gboolean turned)
{
  GArray *items = g_array_new (FALSE, FALSE, sizeof (Item));
  for (guint i = 0; i < page->words->len; i++) {
    DocaiWord *word = page->words->pdata[i];
    if (!word || !word->text || !*word->text || docai_box_is_empty (word->bbox))
      continue;
    const DocaiFont *font = word->font ? font_of (page, word->font) : NULL;
    double size = font && font->size > 0.5 && font->size < 2000 ? font->size : 0;
    if (is_turned (word, size) != turned)
      continue;
    gboolean known = word->font > 0 && (guint) word->font < fonts->n;
    Item   item   = { word, turned ? swap_axes (word->bbox) : word->bbox, 0,
                      font && font->bold, font && font->italic, known && fonts->mono[word->font],
                      known && fonts->math[word->font], known && fonts->sign[word->font], font && font->name ? g_str_hash (font->name) : 0 };
    double height = docai_box_height (item.box);
    item.size     = size > 0 ? CLAMP (size, 0.5 * height, 2 * height) : 0.85 * height;
    g_array_append_val (items, item);
  }
  return items;
}

static gint
compare_items (gconstpointer a, gconstpointer b)
{
  const Item *p = a, *q = b;
  if (p->box.x0 != q->box.x0)
    return p->box.x0 < q->box.x0 ? -1 : 1;
  return p->box.y0 < q->box.y0 ? -1 : p->box.y0 > q->box.y0;
}

static gboolean
rule_between (const Joiner *joiner, double x0, double x1, double y)
{
  for (guint i = 0; i < joiner->rules->len; i++) {
    DocaiBox r = g_array_index (joiner->rules, DocaiBox, i);
    if (docai_box_center_x (r) > x0 - 0.5 && docai_box_center_x (r) < x1 + 0.5 && r.y0 < y && r.y1 > y)
      return TRUE;
  }
  return FALSE;
}

static double
continues (const Joiner *joiner, const Piece *piece, const Item *item)
{
  double h = docai_box_height (item->box), ph = piece->bottom - piece->top;
  double shared = docai_overlap (piece->top, piece->bottom, item->box.y0, item->box.y1);
  double gap = item->box.x0 - piece->x1, em = MIN (item->size, piece->size);
  double large = MAX (item->size, piece->size);
  if (shared < 0.55 * MIN (h, ph) || gap > GAP * MAX (em, 0.75 * large) || large > 2.2 * em
      || (gap < -0.6 * large && (shared < 0.8 * MAX (h, ph) || large > 1.2 * em)))
    return 0;
  if (gap > 0.12 * em && rule_between (joiner, piece->x1, item->box.x0, docai_box_center_y (item->box)))
    return 0;
  return shared / MAX (h, ph) + 0.3 * (1 - fabs (gap) / (3 * large));
}

static int
band_of (const Joiner *joiner, double y)
{
  return CLAMP ((int) ((y - joiner->y0) / BAND), 0, joiner->n_bands - 1);
}

static guint
find_piece (Joiner *joiner, const Item *item)
{
  double best  = 0;
  guint  which = G_MAXUINT;
  for (int b = band_of (joiner, item->box.y0); b <= band_of (joiner, item->box.y1); b++) {
    GArray *band = joiner->bands[b];
    guint   seen = 0;
    for (guint k = band ? band->len : 0; k-- > 0 && seen < MAX_OPEN;) {
      guint        i     = g_array_index (band, guint, k);
      const Piece *piece = &g_array_index (joiner->pieces, Piece, i);
      if (item->box.x0 - piece->x1 > 3 * piece->size + 1) {
        g_array_remove_index (band, k);
        continue;
      }
      seen++;
      double fit = continues (joiner, piece, item);
      if (fit > best || (fit == best && fit > 0 && i < which)) {
        best  = fit;
        which = i;
      }
    }
  }
  return which;
}

static void
extend_piece (Joiner *joiner, guint i, guint item_index)
{
  const Item *item  = &g_array_index (joiner->items, Item, item_index);
  Piece      *piece = &g_array_index (joiner->pieces, Piece, i);
  gboolean    main  = item->size >= 0.85 * piece->size; /* superscripts leave the band alone */
  if (piece->items->len == 0 || item->size > 1.2 * piece->size) {
    piece->top    = item->box.y0;
    piece->bottom = item->box.y1;
    piece->size   = item->size;
  } else if (main) {
    piece->top += 0.3 * (item->box.y0 - piece->top);
    piece->bottom += 0.3 * (item->box.y1 - piece->bottom);
  }
  piece->x1 = MAX (piece->x1, item->box.x1);
  g_array_append_val (piece->items, item_index);
  int last = band_of (joiner, item->box.y1);
  for (int b = band_of (joiner, item->box.y0); b <= last; b++) {
    if (!joiner->bands[b])
      joiner->bands[b] = g_array_new (FALSE, FALSE, sizeof (guint));
    GArray *band = joiner->bands[b];
    if (!band->len || g_array_index (band, guint, band->len - 1) != i)
      g_array_append_val (band, i);
  }
}

/* Characters of a word that belong to formulas; a longer word of letters is one
 * of a language, though they be greek. */
static double
count_math (const char *text)
{
  double n = 0, letters = 0;
  for (const char *p = text; *p; p = g_utf8_next_char (p)) {
    n += layout_fonts_is_math (g_utf8_get_char (p));
    letters += g_unichar_isalpha (g_utf8_get_char (p)) != 0;
  }
  return letters > 2 ? MAX (n - letters, 0) : n;
}

/* The style that most characters of the piece have. */
static void
set_style (LayoutSegment *s, const Joiner *joiner, const Piece *piece)
{
  double chars = 0, size = 0, bold = 0, italic = 0, mono = 0, math = 0;
  double top = 0;
  for (guint k = 0; k < piece->items->len; k++) {
    const Item *item = &g_array_index (joiner->items, Item, g_array_index (piece->items, guint, k));
    double      n    = g_utf8_strlen (item->word->text, -1);
    chars += n;
    bold += item->bold * n;
    italic += item->italic * n;
    mono += item->mono * n;
    math += item->math ? n : count_math (item->word->text);
    if (n > top || (item->size > 1.25 * size && n * 2 > top)) {
      top     = n;
      size    = item->size;
      s->font = item->font;
    }
  }
  s->size       = size;
  s->characters = (int) chars;
  s->bold       = bold > 0.85 * chars;
  s->italic     = italic > 0.85 * chars;
  s->mono       = mono > 0.8 * chars;
  s->math       = (int) math;
}

static gboolean
has_left_to_right (const DocaiWord *word)
{
  for (const char *at = word->text ? word->text : ""; *at; at = g_utf8_next_char (at))
    if (g_unichar_isalpha (g_utf8_get_char (at)))
      return !marks_is_right_to_left (word->text);
  return FALSE;
}

static void
reverse_words (GPtrArray *words, guint first, guint end)
{
  for (; first + 1 < end; first++, end--) {
    gpointer word             = words->pdata[first];
    words->pdata[first]   = words->pdata[end - 1];
    words->pdata[end - 1] = word;
  }
}

/* Puts words that stand from left to right into the order in which they are read: in a line from right to left the last
 * comes first, but for the words of another script, which keep their order among themselves (Unicode Standard Annex 9,
 * levels 1 and 2). */
static void
order_words (DocaiLine *line)
{
  docai_line_update (line);
  if (!marks_is_right_to_left (line->text))
    return;
  GPtrArray *words = line->words;
  reverse_words (words, 0, words->len);
  for (guint i = 0; i < words->len; i++) {
    guint end = i;
    for (guint k = i; k < words->len && !marks_is_right_to_left (((DocaiWord *) words->pdata[k])->text); k++)
      if (has_left_to_right (words->pdata[k]))
        end = k + 1;
    if (has_left_to_right (words->pdata[i])) {
      reverse_words (words, i, end);
      i = end - 1;
    }
  }
  docai_line_update (line);
}

static LayoutSegment *
segment_of (const Joiner *joiner, const Piece *piece, gboolean turned)
{
  DocaiLine *line = docai_line_new ();
  DocaiBox   box  = { 0 };
  for (guint k = 0; k < piece->items->len; k++) {
    const Item *item = &g_array_index (joiner->items, Item, g_array_index (piece->items, guint, k));
    g_ptr_array_add (line->words, item->word);
    box = k ? docai_box_union (box, item->box) : item->box;
  }
  order_words (line);
  LayoutSegment *s = layout_segment_new (line);
  set_style (s, joiner, piece);
  s->sign     = g_array_index (joiner->items, Item, g_array_index (piece->items, guint, 0)).sign;
  s->upright  = !turned;
  s->bbox     = line->bbox;
  s->baseline = turned ? line->bbox.y1 : piece->bottom - 0.22 * s->size;
  s->width    = docai_box_width (box) / MAX (s->characters, 1);
  if (!turned) {
    line->baseline = s->baseline;
    line->x_height = 0.48 * s->size;
    line->ascender = 0.24 * s->size;
    line->descender = 0.21 * s->size;
  }
  return s;
}

static void
join_words (const GArray *items, const GArray *rules, gboolean turned, GPtrArray *segments)
{
  if (!items->len)
    return;
  double y0 = G_MAXDOUBLE, y1 = -G_MAXDOUBLE;
  for (guint i = 0; i < items->len; i++) {
    y0 = MIN (y0, g_array_index (items, Item, i).box.y0);
    y1 = MAX (y1, g_array_index (items, Item, i).box.y1);
  }
  Joiner joiner = { .items = items, .rules = rules, .y0 = y0,
                    .pieces = g_array_new (FALSE, FALSE, sizeof (Piece)),
                    .n_bands = (int) CLAMP ((y1 - y0) / BAND + 1, 1, MAX_BANDS) };
  joiner.bands  = g_new0 (GArray *, joiner.n_bands);

  for (guint k = 0; k < items->len; k++) {
    guint i = find_piece (&joiner, &g_array_index (items, Item, k));
    if (i == G_MAXUINT) {
      Piece fresh = { .items = g_array_new (FALSE, FALSE, sizeof (guint)), .x1 = -G_MAXDOUBLE };
      i           = joiner.pieces->len;
      g_array_append_val (joiner.pieces, fresh);
    }
    extend_piece (&joiner, i, k);
  }
  for (guint i = 0; i < joiner.pieces->len; i++) {
    Piece *piece = &g_array_index (joiner.pieces, Piece, i);
    g_ptr_array_add (segments, segment_of (&joiner, piece, turned));
    g_array_unref (piece->items);
  }
  g_array_unref (joiner.pieces);
  for (int b = 0; b < joiner.n_bands; b++)
    if (joiner.bands[b])
      g_array_unref (joiner.bands[b]);
  g_free (joiner.bands);
}

/* Pictures: images without those that lie behind the text as a page's ground,
 * and without ornaments too small to be one. */
static void
collect_graphics (DocaiPage *page, LayoutPage *out)
{
  for (guint i = 0; i < page->rulings->len; i++) {
    DocaiBox box = ((DocaiRuling *) page->rulings->pdata[i])->bbox;
    g_array_append_val (out->rulings, box);
  }
  double area = page->width * page->height;
  for (guint i = 0; i < page->images->len && out->pictures->len < 5000; i++) {
    DocaiBox box = docai_box_clip (((DocaiPlacedImage *) page->images->pdata[i])->bbox, page->width,
                                   page->height);
    if (docai_box_area (box) > 0.8 * area && page->words->len > 10)
      continue;
    LayoutPicture picture = { box, 0.8 };
    g_array_append_val (out->pictures, picture);
  }
}

LayoutPage *
words_read_page (DocaiPage *page)
{
  LayoutPage *out = layout_page_new (page->width, page->height);
  out->has_text   = TRUE;
  collect_graphics (page, out);

  g_autoptr (GArray) rules = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  g_autoptr (GArray) none  = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  for (guint i = 0; i < out->rulings->len && rules->len < MAX_RULES; i++) {
    DocaiBox r = g_array_index (out->rulings, DocaiBox, i);
    if (docai_box_width (r) < 4 && docai_box_height (r) > 5)
      g_array_append_val (rules, r);
  }
  g_autoptr (LayoutFonts) fonts = layout_fonts_new (page);
  g_autoptr (GArray) level  = collect_items (page, fonts, FALSE);
  g_autoptr (GArray) turned = collect_items (page, fonts, TRUE);
  g_array_sort (level, compare_items);
  g_array_sort (turned, compare_items);
  join_words (level, rules, FALSE, out->segments);
  join_words (turned, none, TRUE, out->segments);

  /* each word now belongs to a line, except the empty ones */
  g_autoptr (GHashTable) used = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < level->len; i++)
    g_hash_table_add (used, g_array_index (level, Item, i).word);
  for (guint i = 0; i < turned->len; i++)
    g_hash_table_add (used, g_array_index (turned, Item, i).word);
  for (guint i = 0; i < page->words->len; i++) {
    DocaiWord *word = page->words->pdata[i];
    if (!g_hash_table_contains (used, word))
      docai_word_free (word);
  }
  g_ptr_array_set_free_func (page->words, NULL);
  g_ptr_array_set_size (page->words, 0);
  g_ptr_array_set_free_func (page->words, (GDestroyNotify) docai_word_free);
  return out;
}
