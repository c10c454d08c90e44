/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether a PDF's text layer says what can be seen on the page.
 *
 * Characters betray a font without a Unicode map: private use, controls,
 * replacement characters, or Latin letters without vowels. The drawing betrays
 * the rest: a scan's own recognised text is written but never drawn, or drawn
 * below the image; and a word must have some ink where it stands.
 */
#include "pipeline/rasterize/trust.h"

#include <string.h>

#define BAD_SHARE 0.3       /* of unreadable characters in a layer */
#define MISPLACED_SHARE 0.5 /* of words without ink */
#define MISPLACED_WORDS 10
#define MIN_CONTRAST 6 /* grey values; less cannot be seen */
#define WORDS_A_RUN 30 /* more words for a drawn run of glyphs are not drawn */
#define TOKENS 30      /* Latin words needed to judge by their vowels */
#define VOWELLESS_SHARE 0.6

const char *
docai_layer_name (DocaiLayer layer)
{
  static const char *const names[] = { "trusted", "blank",   "missing",
                                       "hidden",  "garbled", "misplaced" };
  return names[layer];
}

static gboolean
is_bad (gunichar letter)
{
  if (letter == 0xfffd)
    return TRUE;
  switch (g_unichar_type (letter))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_SURROGATE: return TRUE;
    default: return FALSE;
    }
}

/* A lone character of a symbol font's private range, mostly a list's bullet. */
static gboolean
is_symbol (const char *text)
{
  gunichar letter = g_utf8_get_char (text);
  return letter >= 0xf020 && letter <= 0xf0ff && *g_utf8_next_char (text) == '\0';
}

/* A lone character without a meaning, of which something can be seen: in a layer
 * that is otherwise good, a bullet of an unmapped font. */
static gboolean
is_lone_mark (const char *text)
{
  return is_symbol (text)
         || (is_bad (g_utf8_get_char (text)) && *g_utf8_next_char (text) == '\0');
}

static void
count_letters (const char *text, guint *n_letters, guint *n_bad)
{
  *n_letters = *n_bad = 0;
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      *n_letters += 1;
      *n_bad += is_bad (g_utf8_get_char (text));
    }
}

/* 1 for four or more Latin letters without a vowel, 0 with one, -1 for others. */
static int
lacks_vowels (const char *text)
{
  gsize n = strlen (text);
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isalpha (text[i]))
      return -1;
  return n < 4 ? -1 : strcspn (text, "aeiouyAEIOUY") == n;
}

static gboolean
is_garbled (const DocaiPage *page)
{
  guint n_all = 0, n_bad = 0, n_tokens = 0, n_vowelless = 0;
  for (guint i = 0; i < page->words->len; i++)
    {
      const DocaiWord *word = page->words->pdata[i];
      guint            letters, bad;
      int              vowels = lacks_vowels (word->text);
      count_letters (word->text, &letters, &bad);
      n_all += letters;
      n_bad += is_symbol (word->text) ? 0 : bad;
      n_tokens += vowels >= 0;
      n_vowelless += vowels == 1;
    }
  return n_bad > BAD_SHARE * n_all
         || (n_tokens >= TOKENS && n_vowelless > VOWELLESS_SHARE * n_tokens);
}

static gboolean
is_visible (const DocaiWord *word, const DocaiDrawing *drawing)
{
  return docai_drawing_contrast (drawing, word->bbox) >= MIN_CONTRAST;
}

DocaiLayer
docai_layer_judge (const DocaiPage *page, const DocaiDrawing *drawing)
{
  guint    n_words = page->words->len, n_unseen = 0;
  DocaiBox whole = { 0, 0, drawing->width, drawing->height };
  gboolean drawn = docai_drawing_contrast (drawing, whole) >= MIN_CONTRAST;
  if (!drawn)
    return DOCAI_LAYER_BLANK;
  if (n_words == 0)
    return DOCAI_LAYER_MISSING;
  if (drawing->cover >= 0 && drawing->glyphs_on_cover * WORDS_A_RUN < n_words)
    return DOCAI_LAYER_HIDDEN;
  if (is_garbled (page))
    return DOCAI_LAYER_GARBLED;
  for (guint i = 0; i < n_words; i++)
    n_unseen += !is_visible (page->words->pdata[i], drawing);
  if (n_words >= MISPLACED_WORDS && n_unseen > MISPLACED_SHARE * n_words)
    return DOCAI_LAYER_MISPLACED;
  return DOCAI_LAYER_TRUSTED;
}

void
docai_layer_clean (DocaiPage *page, const DocaiDrawing *drawing)
{
  for (guint i = page->words->len; i-- > 0;)
    {
      DocaiWord *word = page->words->pdata[i];
      guint      letters, bad;
      if (is_lone_mark (word->text))
        {
          g_free (word->text);
          word->text = g_strdup ("•");
        }
      count_letters (word->text, &letters, &bad);
      if (bad * 2 >= letters || !is_visible (word, drawing))
        g_ptr_array_remove_index (page->words, i);
    }
}
