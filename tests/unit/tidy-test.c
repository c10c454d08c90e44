/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Read words put right: numbers parted at the decimal mark, dirt read as signs, colons in
 * a column of their own.
 */
#include "pipeline/ocr/tidy.h"

#include <string.h>

typedef struct {
  const char *text;
  double      x0, x1, confidence;
} Read;

static char *
tidied (const Read *words, gsize n)
{
  g_autoptr (DocaiLine) line = docai_line_new ();

  for (gsize i = 0; i < n; i++)
    g_ptr_array_add (line->words, docai_word_new (words[i].text, DOCAI_BOX (words[i].x0, 0, words[i].x1, 10), words[i].confidence));
  docai_line_update (line);
  docai_tidy_line (line);
  return line->words->len > 0 ? g_strdup (line->text) : g_strdup ("");
}

static void
test_decimals (void)
{
  static const Read parted[] = { { "RM29.", 0, 30, 0.9 }, { "70", 34, 45, 0.8 } };
  static const Read coded[] = { { "-0,", 0, 15, 0.9 }, { "02", 19, 30, 0.8 }, { "SR", 40, 50, 0.9 } };
  static const Read list[] = { { "1.", 0, 10, 0.9 }, { "20", 14, 25, 0.9 }, { "sheets", 30, 60, 0.9 } };
  static const Read far[] = { { "29.", 0, 20, 0.9 }, { "70", 40, 50, 0.9 } };
  static const Read longer[] = { { "29.", 0, 20, 0.9 }, { "700", 24, 40, 0.9 } };
  g_autofree char  *a = tidied (parted, G_N_ELEMENTS (parted)), *b = tidied (coded, G_N_ELEMENTS (coded));
  g_autofree char  *c = tidied (list, G_N_ELEMENTS (list)), *d = tidied (far, G_N_ELEMENTS (far));
  g_autofree char  *e = tidied (longer, G_N_ELEMENTS (longer));

  g_assert_cmpstr (a, ==, "RM29.70");
  g_assert_cmpstr (b, ==, "-0,02 SR");
  g_assert_cmpstr (c, ==, "1. 20 sheets");
  g_assert_cmpstr (d, ==, "29. 70");
  g_assert_cmpstr (e, ==, "29. 700");
}

static void
test_dirt (void)
{
  static const Read dirty[] = { { "~~", 0, 10, 0.5 }, { "Total", 20, 40, 0.4 }, { "=", 50, 60, 0.3 }, { "&", 70, 80, 0.9 } };
  static const Read speck[] = { { "=", 0, 10, 0.5 } };
  static const Read poor[] = { { "671,15", 0, 30, 0.3 }, { "\u20ac", 40, 45, 0.4 } };
  static const Read bullet[] = { { "\u00ab", 0, 5, 0.4 }, { "Oak", 10, 25, 0.9 } };
  g_autofree char  *a = tidied (dirty, G_N_ELEMENTS (dirty)), *b = tidied (speck, 1);
  g_autofree char  *c = tidied (poor, 2), *d = tidied (bullet, 2);

  g_assert_cmpstr (a, ==, "Total &");
  g_assert_cmpstr (b, ==, "");
  g_assert_cmpstr (c, ==, "671,15 \u20ac");
  g_assert_cmpstr (d, ==, "\u00ab Oak");
}

static gsize
colon_after (int gap, int *left)
{
  DocaiReadCharacter characters[] = { { "N", { 0, 0, 8, 10 }, 1 }, { "o", { 9, 0, 17, 10 }, 1 }, { ":", { 17 + gap, 2, 19 + gap, 10 }, 1 } };
  DocaiReadWord      word = { .text = (char *) "No:", .box = { 0, 0, 19 + gap, 10 }, .n_characters = 3 };
  DocaiReadLine      line = { .words = &word, .n_words = 1, .characters = characters, .n_characters = 3 };

  return docai_tidy_colon (&line, &word, left);
}

static void
test_colons (void)
{
  int left = 0;

  g_assert_cmpuint (colon_after (2, &left), ==, 0);
  g_assert_cmpuint (colon_after (30, &left), ==, 1);
  g_assert_cmpint (left, ==, 47);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tidy/decimals", test_decimals);
  g_test_add_func ("/tidy/dirt", test_dirt);
  g_test_add_func ("/tidy/colons", test_colons);
  return g_test_run ();
}
