/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Typed print is told by the places of its words, other print is not taken for it.
 */
#include "pipeline/layout/pitch.h"

#include <math.h>
#include <string.h>

#define PITCH 7.2

/* Adds a word of typed print whose first character stands in a column. */
static void
type_word (DocaiLine *line, int column, const char *text, double y)
{
  double   x0  = 20 + PITCH * column + 0.1 * PITCH;
  DocaiBox box = DOCAI_BOX (x0, y, x0 + PITCH * ((double) strlen (text) - 0.2), y + 9);
  g_ptr_array_add (line->words, docai_word_new (text, box, 0.9));
}

static DocaiLine *
type_line (const char *text, double y)
{
  DocaiLine *line = docai_line_new ();
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  int column = 0;
  for (guint i = 0; words[i]; i++) {
    if (*words[i])
      type_word (line, column, words[i], y);
    column += (int) strlen (words[i]) + 1;
  }
  docai_line_update (line);
  return line;
}

/* Widths of letters as in a book face. */
static DocaiLine *
set_line (const char *text, double y)
{
  DocaiLine *line = docai_line_new ();
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  double x = 20;
  for (guint i = 0; words[i]; i++) {
    double w = 0;
    for (const char *p = words[i]; *p; p++)
      w += strchr ("iljtf.,'I", *p) ? 2.8 : strchr ("mwMW", *p) ? 7.8 : g_ascii_isupper (*p) ? 6.6 : 4.7;
    g_ptr_array_add (line->words, docai_word_new (words[i], DOCAI_BOX (x, y, x + w, y + 9), 0.9));
    x += w + 2.6;
  }
  docai_line_update (line);
  return line;
}

static GPtrArray *
new_lines (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) docai_line_free);
}

static void
test_line (void)
{
  g_autoptr (GPtrArray) lines = new_lines ();
  g_ptr_array_add (lines, type_line ("CORNER BAKERY & CAFE LTD", 20));
  g_ptr_array_add (lines, type_line ("Subtotal", 40));
  g_ptr_array_add (lines, set_line ("The council of regional planning considered that a further measure", 60));
  g_ptr_array_add (lines, set_line ("Wick in May", 80));
  g_assert_cmpfloat (fabs (pitch_of_line (lines->pdata[0]) - PITCH), <, 0.1);
  g_assert_cmpfloat (pitch_of_line (lines->pdata[1]), ==, 0); /* a word tells nothing */
  g_assert_true (pitch_fits_line (lines->pdata[1], PITCH));
  g_assert_false (pitch_fits_line (lines->pdata[1], 1.2 * PITCH));
  g_assert_cmpfloat (pitch_of_line (lines->pdata[2]), ==, 0);
  g_assert_cmpfloat (pitch_of_line (lines->pdata[3]), ==, 0);
}

/* A till slip: rows in pieces, none of which tells alone; one word was misread. */
static void
test_page (void)
{
  g_autoptr (GPtrArray) lines = new_lines ();
  static const char *const rows[] = { "CORNER BAKERY & CAFE LTD", "22 Station Road", "2 x Croissant @ 1.80    3.60",
                                      "1 x Rye loaf            4.25", "Tel O117 496 0123", "Thank you for your visit" };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_auto (GStrv) words = g_strsplit (rows[i], " ", -1);
    int column = 0;
    for (guint k = 0; words[k]; column += (int) strlen (words[k++]) + 1) {
      DocaiLine *piece = *words[k] ? docai_line_new () : NULL;
      if (!piece)
        continue;
      type_word (piece, column, strcmp (words[k], "Rye") ? words[k] : "Rylly", 20 + 18.0 * i);
      docai_line_update (piece);
      g_ptr_array_add (lines, piece);
    }
  }
  g_assert_cmpfloat (fabs (pitch_of_lines (lines) - PITCH), <, 0.1);
}

static void
test_book (void)
{
  g_autoptr (GPtrArray) lines = new_lines ();
  static const char *const rows[] = { "When water levels in the lower valley rise above those which were", "recorded during the previous decade",
                                      "it was agreed by a large majority", "that work on the embankment would begin before winter",
                                      "12 Mill Lane", "Lower Wick WX4 2TB" };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_ptr_array_add (lines, set_line (rows[i], 20 + 18.0 * i));
  g_assert_cmpfloat (pitch_of_lines (lines), ==, 0);
}

static void
test_degenerate (void)
{
  g_autoptr (GPtrArray) lines = new_lines ();
  g_assert_cmpfloat (pitch_of_lines (lines), ==, 0);
  DocaiLine *line = docai_line_new ();
  g_ptr_array_add (lines, line);
  g_assert_cmpfloat (pitch_of_line (line), ==, 0);
  for (int i = 0; i < 20; i++)
    g_ptr_array_add (line->words, docai_word_new ("abcd", DOCAI_BOX (5, 5, 5, 5), 0));
  g_assert_cmpfloat (pitch_of_line (line), ==, 0);
  g_assert_cmpfloat (pitch_of_lines (lines), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/pitch/line", test_line);
  g_test_add_func ("/layout/pitch/page", test_page);
  g_test_add_func ("/layout/pitch/book", test_book);
  g_test_add_func ("/layout/pitch/degenerate", test_degenerate);
  return g_test_run ();
}
