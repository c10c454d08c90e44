/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Counting letters by their script.
 */
#include "pipeline/ocr/script.h"

enum { N_SCRIPTS = 256, LEAST_LETTERS = 16 };

#define LEAST_CONFIDENCE 0.6 /* mean over letters; what a wrong model makes of a script lies below */
#define LEAST_SHARE      0.6

typedef struct {
  double letters[N_SCRIPTS], all, certain;
} Tally;

static void
count_word (Tally *tally, const DocaiWord *word)
{
  for (const char *p = word->text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar       c = g_utf8_get_char (p);
      GUnicodeScript script = g_unichar_get_script (c);

      if (!g_unichar_isalpha (c) || script <= G_UNICODE_SCRIPT_INHERITED
          || (guint) script >= N_SCRIPTS)
        continue;
      tally->letters[script]++;
      tally->all++;
      tally->certain += word->confidence;
    }
}

/* Scripts that are written together count as one; its code, or NULL. */
static const char *
mixed_code (const Tally *tally)
{
  double han = tally->letters[G_UNICODE_SCRIPT_HAN];
  double kana = tally->letters[G_UNICODE_SCRIPT_HIRAGANA] + tally->letters[G_UNICODE_SCRIPT_KATAKANA];
  double hangul = tally->letters[G_UNICODE_SCRIPT_HANGUL];

  if (kana + han >= LEAST_SHARE * tally->all && kana > 0.1 * (kana + han))
    return "Jpan";
  return hangul + han >= LEAST_SHARE * tally->all && hangul > 0.1 * (hangul + han) ? "Kore" : NULL;
}

void
docai_script_tell (DocaiPage *page, const GPtrArray *lines)
{
  Tally       tally = { 0 };
  const char *mixed;
  guint       most = 0;

  for (guint i = 0; i < lines->len; i++)
    {
      const DocaiLine *line = lines->pdata[i];
      for (guint w = 0; w < line->words->len; w++)
        count_word (&tally, line->words->pdata[w]);
    }
  if (tally.all < LEAST_LETTERS || tally.certain < LEAST_CONFIDENCE * tally.all)
    return;
  for (guint script = 0; script < N_SCRIPTS; script++)
    if (tally.letters[script] > tally.letters[most])
      most = script;
  mixed = mixed_code (&tally);
  g_clear_pointer (&page->script, g_free);
  if (mixed != NULL)
    page->script = g_strdup (mixed);
  else if (tally.letters[most] >= LEAST_SHARE * tally.all)
    {
      guint32 code = g_unicode_script_to_iso15924 ((GUnicodeScript) most);
      page->script = g_strdup_printf ("%c%c%c%c", code >> 24, code >> 16 & 255, code >> 8 & 255,
                                      code & 255);
    }
}
