/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fonts of fixed pitch and fonts of formulas. Names tell of the usual ones; for
 * the others the pitch is measured: words of different letters whose widths are
 * one and the same multiple of their length are set in a font of fixed pitch.
 */
#include "pipeline/layout/fonts.h"

#include <math.h>
#include <string.h>

#define MAX_ID     4000
#define LEAST_WORDS 5
#define LEAST_SIGNS 3
#define EVEN       0.025 /* difference of usages that is none */

typedef struct {
  guint    all;         /* words in the font */
  gunichar sign;        /* the character that each of them is; 0: they differ */
  guint    words;       /* those that tell of the pitch */
  double   least, most; /* width of a character, points */
} Usage;

static gboolean
name_has (const char *name, const char *const *marks)
{
  for (; name && *marks; marks++)
    if (strstr (name, *marks))
      return TRUE;
  return FALSE;
}

static gboolean
name_is_mono (const char *name)
{
  static const char *const marks[] = { "Mono", "mono", "Courier", "Consol", "CMTT", "Typewriter", "Menlo",
                                       "LetterGothic", "Inconsolata", "NimbusMon", "Monaco", "txtt", "pxtt", "SFTT",
                                       "ECTT", "zi4", "SourceCode", "Andale", NULL };
  return name_has (name, marks);
}

static gboolean
name_is_math (const char *name)
{
  static const char *const marks[] = { "CMMI", "CMSY", "CMEX", "CMBSY", "MSAM", "MSBM", "Math", "MTMI", "MTSY",
                                       "MTEX", "RSFS", "EUFM", "EUSM", "txsy", "txex", "txmi", "pxsy", "NewTXMI",
                                       "NewPXMI", "LMSY", "LMMI", "Euclid", NULL };
  return name_has (name, marks);
}

gboolean
layout_fonts_is_math (gunichar c)
{
  return (c >= 0x2200 && c <= 0x22FF) || (c >= 0x1D400 && c <= 0x1D7FF) || (c >= 0x2A00 && c <= 0x2AFF)
         || (c >= 0x27C0 && c <= 0x27EF) || (c >= 0x239B && c <= 0x23B3) || (c >= 0x2190 && c <= 0x21FF)
         || c == '=' || c == '+' || c == '<' || c == '>' || c == 0xB1 || c == 0xD7 || c == 0xF7
         || (c >= 0x391 && c <= 0x3F6 && c != 0x3BC); /* greek, but for micro */
}

/* A word whose width tells about the pitch: letters, not figures, which are of
 * one width in most fonts, and of several kinds. */
static gboolean
word_tells (const char *text, glong *length)
{
  glong    n = 0, letters = 0;
  gboolean narrow = FALSE, wide = FALSE;
  for (const char *p = text; *p; p = g_utf8_next_char (p), n++) {
    letters += g_ascii_isalpha (*p) != 0;
    narrow = narrow || strchr ("iljtfrI.,:;'", *p) != NULL;
    wide   = wide || strchr ("mwMWABCDGHNOQRabdegnopqu", *p) != NULL;
  }
  *length = n;
  return n >= 3 && letters * 3 >= 2 * n && narrow && wide;
}

static void
measure (const DocaiPage *page, Usage *usages, guint n)
{
  for (guint i = 0; i < page->words->len; i++) {
    const DocaiWord *word = page->words->pdata[i];
    glong            length;
    if (!word || !word->text || !*word->text || word->font < 1 || (guint) word->font >= n)
      continue;
    Usage   *usage = &usages[word->font];
    gunichar sign  = *g_utf8_next_char (word->text) ? 0 : g_utf8_get_char (word->text);
    usage->sign = usage->all++ && usage->sign != sign ? 0 : sign;
    if (!word_tells (word->text, &length))
      continue;
    double width = docai_box_width (word->bbox) / (double) length;
    usage->least = usage->words ? MIN (usage->least, width) : width;
    usage->most  = MAX (usage->most, width);
    usage->words++;
  }
}

LayoutFonts *
layout_fonts_new (const DocaiPage *page)
{
  LayoutFonts *fonts = g_new0 (LayoutFonts, 1);
  fonts->n = 1;
  for (guint i = 0; i < page->fonts->len; i++)
    fonts->n = MAX (fonts->n, (guint) CLAMP (((DocaiFont *) page->fonts->pdata[i])->id, 0, MAX_ID) + 1);
  fonts->mono = g_new0 (guchar, fonts->n);
  fonts->math = g_new0 (guchar, fonts->n);
  fonts->sign = g_new0 (guchar, fonts->n);
  g_autofree Usage *usages = g_new0 (Usage, fonts->n);
  measure (page, usages, fonts->n);
  for (guint i = 0; i < page->fonts->len; i++) {
    const DocaiFont *font = page->fonts->pdata[i];
    if (font->id < 1 || (guint) font->id >= fonts->n)
      continue;
    const Usage *usage = &usages[font->id];
    gboolean even = usage->words >= LEAST_WORDS && usage->most < (1 + EVEN) * usage->least
                    && usage->most < 0.8 * font->size && usage->least > 0.4 * font->size;
    fonts->mono[font->id] = even || name_is_mono (font->name);
    fonts->math[font->id] = name_is_math (font->name);
    fonts->sign[font->id] = usage->all >= LEAST_SIGNS && g_unichar_isalpha (usage->sign) && !fonts->math[font->id];
  }
  return fonts;
}

void
layout_fonts_free (LayoutFonts *fonts)
{
  if (!fonts)
    return;
  g_free (fonts->mono);
  g_free (fonts->math);
  g_free (fonts->sign);
  g_free (fonts);
}
