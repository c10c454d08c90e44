/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The script of a page from its recognised words.
 */
#include "pipeline/ocr/script.h"

#include <glib.h>

/* The script of a page on which these words stand, each read with `confidence`. */
static char *
tell (const char *text, double confidence, const char *before)
{
  g_autoptr (DocaiPage) page = docai_page_new (1, 100, 100);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_line_free);
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  DocaiLine *line = NULL;
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (i % 3 == 0)
        {
          line = docai_line_new ();
          g_ptr_array_add (lines, line);
        }
      g_ptr_array_add (line->words, docai_word_new (words[i], DOCAI_BOX (0, 0, 10, 10), confidence));
    }
  page->script = g_strdup (before);
  docai_script_tell (page, lines);
  return g_steal_pointer (&page->script);
}

static void
test_scripts (void)
{
  static const struct {
    const char *text, *script;
  } cases[] = {
    { "The quick brown fox jumps over dogs", "Latn" },
    { "Größe ändert sich, 12,50 € à la carte", "Latn" },
    { "Съешь же ещё этих мягких французских булок", "Cyrl" },
    { "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία", "Grek" },
    { "敏捷的棕色狐狸跳过了一只懒惰的狗今天天气很好", "Hani" },
    { "東京都は日本の首都であり、世界最大の都市のひとつです", "Jpan" },
    { "カタカナトヒラガナデカイタブンショウ", "Jpan" },
    { "대한민국의 수도는 서울이며 인구는 많다 그렇다", "Kore" },
    { "यह एक छोटा वाक्य है जो हिन्दी में लिखा गया", "Deva" },
    { "สวัสดีครับวันนี้อากาศดีมากเราไปเที่ยวกัน", "Thai" },
    { "هذه جملة قصيرة مكتوبة باللغة العربية", "Arab" },
    { "Invoice 2026 for Газета and more Latin words", "Latn" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *script = tell (cases[i].text, 0.9, NULL);
      g_test_message ("%s", cases[i].text);
      g_assert_cmpstr (script, ==, cases[i].script);
    }
}

/* Few letters or uncertain ones: what was known stays. No script that prevails: none. */
static void
test_not_told (void)
{
  static const char *const texts[] = { "", "Short words", "12345 67890 12345 67890 12345", "... --- ... --- ..." };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *none = tell (texts[i], 0.9, NULL), *kept = tell (texts[i], 0.9, "Arab");
      g_test_message ("%s", texts[i]);
      g_assert_null (none);
      g_assert_cmpstr (kept, ==, "Arab");
    }
  g_autofree char *mixed = tell ("Half of these слова стоят здесь letters", 0.9, "Arab");
  g_assert_null (mixed);
  g_autofree char *poor = tell ("The quick brown fox jumps over dogs", 0.5, NULL);
  g_assert_null (poor);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/script/scripts", test_scripts);
  g_test_add_func ("/script/not-told", test_not_told);
  return g_test_run ();
}
