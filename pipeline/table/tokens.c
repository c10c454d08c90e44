/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words of a page as tokens, joined to chunks. A chunk is a run of words on
 * one line without a gap wider than between words of a sentence and without a
 * drawn line between them: in a table mostly one line of one cell.
 */
#include "pipeline/layout/pitch.h"

#include "base/sort.h"
#include "pipeline/table/table-priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TOKENS 200000 /* a page with more words is left without tables */
#define BAND_TAILS 48     /* open chunks looked at for one word */

static gboolean
is_placeholder (const char *text)
{
  static const char *const texts[] = { "-",   "–",  "—", "−",     "--", "n/a", "N/A", "NA",  "n.a.",
                                       "(X)", "..", "…", "*****", "†",  "‡",   "(–)", "(-)", NULL };
  return g_strv_contains (texts, text);
}

static gboolean
is_symbol (const char *text)
{
  static const char *const texts[] = { "$", "€", "£", "%", "*", "**", "***", ")", "(", "¥", NULL };
  return g_strv_contains (texts, text);
}

static gboolean
is_bullet (const char *text)
{
  static const char *const texts[] = {
    "•", "·", "▪", "■", "◦", "‣", "●", "○", "❖", "➢", "✓", "o", "\xef\x82\xb7", "\xef\x82\xa7", NULL
  };
  if (g_strv_contains (texts, text))
    return TRUE;
  size_t n = strlen (text);
  if (n < 2 || n > 5 || (text[n - 1] != '.' && text[n - 1] != ')'))
    return FALSE;
  size_t start = text[0] == '(' ? 1 : 0;
  if (n - 1 == start)
    return FALSE;
  if (g_ascii_isalpha (text[start]))
    return n - 1 - start == 1 || strspn (text + start, "ivxIVX") == n - 1 - start;
  return strspn (text + start, "0123456789") == n - 1 - start;
}

/* What a word is, by its characters alone. */
TokenKind
token_kind (const char *text)
{
  int digits = 0, signs = 0, letters = 0, dots = 0, all = 0;

  if (text == NULL || *text == '\0')
    return TOKEN_TEXT;
  if (is_symbol (text))
    return TOKEN_SYMBOL;
  if (is_placeholder (text))
    return TOKEN_NUMBER;
  if (is_bullet (text))
    return TOKEN_BULLET;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      all++;
      if (c == '.' || c == 0x2026 || c == '_')
        dots++;
      if (g_unichar_isdigit (c))
        digits++;
      else if (g_unichar_isalpha (c))
        letters++;
      else if (c < 128 ? strchr ("$%.,:+-/'()*<>=#~", (int) c) != NULL
                       : c == 0x20ac || c == 0xa3 || c == 0xa5 || c == 0xb1 || c == 0x2212
                             || c == 0x2020 || c == 0x2021 || (c >= 0x2012 && c <= 0x2015)
                             || c == 0x2264 || c == 0x2265 || c == 0xb0)
        signs++;
    }
  if ((dots == all && all >= 2) || (all >= 5 && strspn (text, "-=_") == strlen (text)))
    return TOKEN_LEADER;
  if (digits > 0 && digits + signs >= all - 1 && letters <= 1)
    return TOKEN_NUMBER;
  return TOKEN_TEXT;
}

/* Nothing but dots or dashes. */
gboolean
chunk_is_idle (const Sheet *sheet, const Chunk *chunk)
{
  for (int i = 0; i < chunk->n; i++)
    if (AT (sheet->tokens, Token, chunk->first + i).kind != TOKEN_LEADER)
      return FALSE;
  return TRUE;
}

gboolean
chunk_is_numeric (const Chunk *chunk)
{
  return chunk->n_numbers > 0 && 2 * (chunk->n_numbers + chunk->n_symbols) >= chunk->n
         && chunk->n_letters <= 6 + 2 * chunk->n_numbers;
}

/* Whether the chunk opens a title such as "Table 3.". */
gboolean
token_is_caption (const Sheet *sheet, const Chunk *chunk)
{
  static const char *const words[] = { "table",   "figure",  "exhibit",  "chart", "fig.",
                                       "tabelle", "tableau", "tabla",    "tab.",  "abbildung",
                                       "tabella", "source:", "sources:", "note:", "notes:",
                                       "source",  "sources", "quelle:",  NULL };
  const Token             *token = &AT (sheet->tokens, Token, chunk->first);
  g_autofree char         *folded = g_utf8_strdown (token->word->text, -1);
  gsize                    length = strlen (folded);

  if (!g_strv_contains (words, folded))
    return g_str_has_prefix (folded, "source:") || g_str_has_prefix (folded, "note:");
  if (folded[length - 1] == ':')
    return TRUE;
  if (chunk->n < 2)
    return FALSE;
  const char *next = token[1].word->text;
  return next[strcspn (next, "0123456789")] != '\0' || strchr (next, '-') != NULL
         || strspn (next, "IVXABC.:") == strlen (next) || g_strcmp0 (next, ":") == 0;
}

static double
median_height (const GArray *tokens)
{
  g_autoptr (GArray) heights = g_array_sized_new (FALSE, FALSE, sizeof (double), tokens->len);
  for (guint i = 0; i < tokens->len; i++)
    {
      double h = docai_box_height (AT (tokens, Token, i).box);
      if (h > 1)
        g_array_append_val (heights, h);
    }
  if (heights->len == 0)
    return 10;
  qsort (heights->data, heights->len, sizeof (double), docai_compare_doubles);
  return AT (heights, double, heights->len / 2);
}

/* Adds a word; a row of dashes is a rule as well (typed). */
static void
add_token (GArray *tokens, GArray *typed, DocaiWord *word, int region, gboolean fixed)
{
  Token token = { .word = word, .box = word->bbox, .region = region, .chunk = -1, .fixed = fixed };

  if (word->text == NULL || word->text[0] == '\0' || docai_box_is_empty (word->bbox)
      || tokens->len >= MAX_TOKENS)
    return;
  if (!isfinite (word->bbox.x0 + word->bbox.y0 + word->bbox.x1 + word->bbox.y1))
    return;
  token.kind = token_kind (word->text);
  g_array_append_val (tokens, token);
  if (strlen (word->text) >= 5 && strspn (word->text, "-=_") == strlen (word->text))
    {
      Rule rule = { docai_box_center_y (word->bbox), word->bbox.x0, word->bbox.x1 };
      g_array_append_val (typed, rule);
    }
}

static void
collect_tokens (Sheet *sheet, const DocaiPage *page)
{
  for (guint r = 0; r < page->regions->len; r++)
    {
      const DocaiRegion *region = g_ptr_array_index (page->regions, r);
      gboolean           fixed =
          region->label == DOCAI_LABEL_PAGE_HEADER || region->label == DOCAI_LABEL_PAGE_FOOTER
          || region->label == DOCAI_LABEL_CODE || region->label == DOCAI_LABEL_FORMULA;
      guint before = sheet->tokens->len;
      if (region->label == DOCAI_LABEL_PICTURE)
        g_array_append_val (sheet->pictures, region->bbox);
      for (guint l = 0; l < region->lines->len; l++)
        {
          const DocaiLine *line = g_ptr_array_index (region->lines, l);
          for (guint w = 0; w < line->words->len; w++)
            add_token (sheet->tokens, sheet->across, g_ptr_array_index (line->words, w), (int) r,
                       fixed);
        }
      for (guint i = before; i < sheet->tokens->len; i++)
        AT (sheet->tokens, Token, i).pictured = region->label == DOCAI_LABEL_PICTURE;
    }
  for (guint w = 0; w < page->words->len; w++)
    add_token (sheet->tokens, sheet->across, g_ptr_array_index (page->words, w), -1, FALSE);
}

static int
compare_tokens_x (gconstpointer a, gconstpointer b)
{
  const Token *s = a, *t = b;
  if (s->box.x0 != t->box.x0)
    return s->box.x0 < t->box.x0 ? -1 : 1;
  return s->box.y0 < t->box.y0 ? -1 : s->box.y0 > t->box.y0;
}

/* Whether a vertical rule parts two neighbours on a line. */
static gboolean
rule_between (const Sheet *sheet, double x0, double x1, double y)
{
  guint low = 0, high = sheet->down->len;
  x0 -= 0.5;
  x1 += 0.5;
  while (low < high)
    {
      guint mid = (low + high) / 2;
      if (AT (sheet->down, Rule, mid).at < x0)
        low = mid + 1;
      else
        high = mid;
    }
  for (guint seen = 0; low < sheet->down->len && seen < 64; low++, seen++)
    {
      const Rule *rule = &AT (sheet->down, Rule, low);
      if (rule->at > x1)
        return FALSE;
      if (rule->from <= y && y <= rule->to)
        return TRUE;
    }
  return FALSE;
}

/* The widest gap inside a chunk of words of this height. */
double
sheet_gap (const Sheet *sheet, double height)
{
  return 0.62 * MIN (height, 1.6 * sheet->em);
}

/* The width of a letter where two neighbours are typed with letters of one width,
 * and a blank is as wide; else 0. */
static double
typed_width (const Token *a, const Token *b)
{
  glong  n_a = g_utf8_strlen (a->word->text, -1), n_b = g_utf8_strlen (b->word->text, -1);
  double w_a = docai_box_width (a->box) / MAX (n_a, 1),
         w_b = docai_box_width (b->box) / MAX (n_b, 1);
  return n_a + n_b >= 5 && fabs (w_a - w_b) < 0.04 * MAX (w_a, w_b)
             ? MIN (w_a, docai_box_height (a->box))
             : 0;
}

/* The open chunk that the token goes on with: its last token; -1: none. */
static int
find_tail (const Sheet *sheet, GArray *band, const Token *token)
{
  int    best = -1;
  double best_gap = 0;
  double h = docai_box_height (token->box), y = docai_box_center_y (token->box);

  for (guint i = band->len; i > 0 && band->len - i < BAND_TAILS; i--)
    {
      int          index = AT (band, int, i - 1);
      const Token *tail = &AT (sheet->tokens, Token, index);
      double       tail_h = docai_box_height (tail->box), smaller = MIN (h, tail_h);
      double       gap = token->box.x0 - tail->box.x1;

      double typed = sheet->pitch > 0 ? PITCH_BLANK * sheet->pitch : 1.2 * typed_width (tail, token);
      if (gap > MAX (sheet_gap (sheet, MAX (h, tail_h)), typed)
          || gap < -0.5 * h || tail->chunk == -2)
        continue;
      if (docai_overlap (token->box.y0, token->box.y1, tail->box.y0, tail->box.y1) < 0.55 * smaller)
        continue;
      if (tail->fixed != token->fixed || (best >= 0 && fabs (gap) >= best_gap))
        continue;
      if (rule_between (sheet, MIN (tail->box.x1, token->box.x0), token->box.x0, y))
        continue;
      best = index;
      best_gap = fabs (gap);
    }
  return best;
}

/* Links each token to its left neighbour. next[i]: the token after i, or -1. */
static void
link_tokens (Sheet *sheet, int *next, gboolean *has_left)
{
  double   step = MAX (sheet->em, 2);
  int      n_bands = CLAMP ((int) (sheet->height / step) + 2, 2, 20000);
  GArray **bands = g_new0 (GArray *, n_bands);

  for (guint i = 0; i < sheet->tokens->len; i++)
    {
      Token *token = &AT (sheet->tokens, Token, i);
      double y = docai_box_center_y (token->box);
      int    first = CLAMP ((int) ((y - 0.5 * step) / step), 0, n_bands - 1);
      int    last = CLAMP ((int) ((y + 0.5 * step) / step), 0, n_bands - 1);
      int    tail = -1;

      next[i] = -1;
      has_left[i] = FALSE;
      for (int b = first; b <= last && tail < 0; b++)
        if (bands[b] != NULL)
          tail = find_tail (sheet, bands[b], token);
      if (tail >= 0)
        {
          next[tail] = (int) i;
          has_left[i] = TRUE;
          AT (sheet->tokens, Token, tail).chunk = -2; /* no tail any more */
        }
      int own = CLAMP ((int) (y / step), 0, n_bands - 1);
      if (bands[own] == NULL)
        bands[own] = g_array_new (FALSE, FALSE, sizeof (int));
      g_array_append_val (bands[own], i);
    }
  for (int b = 0; b < n_bands; b++)
    if (bands[b] != NULL)
      g_array_unref (bands[b]);
  g_free (bands);
}

static int
count_letters (const char *text)
{
  int n = 0;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    n += g_unichar_isalpha (g_utf8_get_char (p)) != 0;
  return n;
}

static gboolean
is_dot (const Token *token)
{
  return strcmp (token->word->text, ".") == 0;
}

/* Starts a chunk of the chain of tokens that begins at `head`. */
static void
add_chunk (Sheet *sheet, GArray *sorted, const int *next, int head)
{
  Chunk chunk = { .box = AT (sheet->tokens, Token, head).box, .first = (int) sorted->len };

  gboolean dots = FALSE;

  for (int i = head; i >= 0; i = next[i])
    {
      Token token = AT (sheet->tokens, Token, i);
      token.chunk = (int) sheet->chunks->len;
      if (is_dot (&token) && next[i] >= 0 && is_dot (&AT (sheet->tokens, Token, next[i])))
        dots = TRUE;
      else if (!is_dot (&token))
        dots = FALSE;
      if (dots)
        token.kind = TOKEN_LEADER;
      if (token.kind == TOKEN_BULLET && (i != head || next[i] < 0))
        token.kind = g_ascii_isdigit (token.word->text[0]) ? TOKEN_NUMBER : TOKEN_TEXT;
      /* leader dots lead to the next cell: they end no box of their own */
      if (token.kind != TOKEN_LEADER || chunk.n == 0)
        chunk.box = docai_box_union (chunk.box, token.box);
      chunk.n_numbers += token.kind == TOKEN_NUMBER;
      chunk.n_symbols += token.kind == TOKEN_SYMBOL;
      chunk.n_letters += count_letters (token.word->text);
      chunk.n++;
      chunk.fixed = token.fixed;
      chunk.pictured = token.pictured;
      g_array_append_val (sorted, token);
      /* what follows the dots is a cell of its own */
      if (token.kind == TOKEN_LEADER && next[i] >= 0
          && !is_dot (&AT (sheet->tokens, Token, next[i]))
          && AT (sheet->tokens, Token, next[i]).kind != TOKEN_LEADER)
        {
          g_array_append_val (sheet->chunks, chunk);
          chunk =
              (Chunk){ .box = AT (sheet->tokens, Token, next[i]).box, .first = (int) sorted->len };
        }
    }
  g_array_append_val (sheet->chunks, chunk);
}

static int
compare_chunks_y (gconstpointer a, gconstpointer b)
{
  const Chunk *s = a, *t = b;
  double       ys = docai_box_center_y (s->box), yt = docai_box_center_y (t->box);
  if (ys != yt)
    return ys < yt ? -1 : 1;
  return s->box.x0 < t->box.x0 ? -1 : s->box.x0 > t->box.x0;
}

static void
make_chunks (Sheet *sheet)
{
  guint                n = sheet->tokens->len;
  g_autofree int      *next = g_new (int, n + 1);
  g_autofree gboolean *has_left = g_new (gboolean, n + 1);
  GArray              *sorted = g_array_sized_new (FALSE, FALSE, sizeof (Token), n);

  g_array_sort (sheet->tokens, compare_tokens_x);
  link_tokens (sheet, next, has_left);
  for (guint i = 0; i < n; i++)
    if (!has_left[i])
      add_chunk (sheet, sorted, next, (int) i);
  g_array_unref (sheet->tokens);
  sheet->tokens = sorted;
  g_array_sort (sheet->chunks, compare_chunks_y);
  for (guint c = 0; c < sheet->chunks->len; c++)
    {
      const Chunk *chunk = &AT (sheet->chunks, Chunk, c);
      for (int i = 0; i < chunk->n; i++)
        AT (sheet->tokens, Token, chunk->first + i).chunk = (int) c;
    }
}

static int
compare_order (gconstpointer a, gconstpointer b, gpointer data)
{
  const Sheet *sheet = data;
  const Chunk *s = &AT (sheet->chunks, Chunk, *(const int *) a);
  const Chunk *t = &AT (sheet->chunks, Chunk, *(const int *) b);
  if (s->box.x0 != t->box.x0)
    return s->box.x0 < t->box.x0 ? -1 : 1;
  return *(const int *) a - *(const int *) b;
}

void
sheet_lines (const Sheet *sheet, GArray *order, GArray *lines)
{
  Line   line = { 0 };
  double center = 0, height = 0;

  g_array_set_size (lines, 0);
  for (guint i = 0; i < order->len; i++)
    {
      const Chunk *chunk = &AT (sheet->chunks, Chunk, AT (order, int, i));
      double       y = docai_box_center_y (chunk->box), h = docai_box_height (chunk->box);
      gboolean     same = line.n > 0 && y - center < 0.45 * MIN (h, height);

      if (!same)
        {
          if (line.n > 0)
            g_array_append_val (lines, line);
          line = (Line){ chunk->box.y0, chunk->box.y1, (int) i, 0 };
          center = y;
          height = h;
        }
      line.n++;
      line.y0 = MIN (line.y0, chunk->box.y0);
      line.y1 = MAX (line.y1, chunk->box.y1);
      center += (y - center) / line.n;
      height = MAX (height, h);
    }
  if (line.n > 0)
    g_array_append_val (lines, line);
  for (guint l = 0; l < lines->len; l++)
    {
      const Line *at = &AT (lines, Line, l);
      g_qsort_with_data (&AT (order, int, at->first), at->n, sizeof (int), compare_order,
                         (gpointer) sheet);
    }
}

/* The pitch of a scan's words, on the page as a whole. */
static double
pitch_of_page (const DocaiPage *page)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  for (guint r = 0; r < page->regions->len; r++)
    {
      const DocaiRegion *region = g_ptr_array_index (page->regions, r);
      g_ptr_array_extend (lines, region->lines, NULL, NULL);
    }
  return pitch_of_lines (lines);
}

/* Lays the page out. Owned by the caller; words are lent. */
Sheet *
sheet_new (const DocaiPage *page)
{
  Sheet *sheet = g_new0 (Sheet, 1);
  sheet->width = page->width;
  sheet->height = page->height;
  sheet->scanned = page->text_source == DOCAI_TEXT_OCR;
  sheet->pitch = sheet->scanned ? pitch_of_page (page) : 0;
  sheet->tokens = g_array_new (FALSE, FALSE, sizeof (Token));
  sheet->chunks = g_array_new (FALSE, FALSE, sizeof (Chunk));
  sheet->across = g_array_new (FALSE, FALSE, sizeof (Rule));
  sheet->down = g_array_new (FALSE, FALSE, sizeof (Rule));
  sheet->pictures = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  collect_tokens (sheet, page);
  sheet->em = median_height (sheet->tokens);
  sheet_add_rules (sheet, page->rulings);
  make_chunks (sheet);
  sheet_mark_prose (sheet);
  return sheet;
}

void
sheet_free (Sheet *sheet)
{
  if (sheet == NULL)
    return;
  g_array_unref (sheet->tokens);
  g_array_unref (sheet->chunks);
  g_array_unref (sheet->across);
  g_array_unref (sheet->down);
  g_array_unref (sheet->pictures);
  g_free (sheet);
}
