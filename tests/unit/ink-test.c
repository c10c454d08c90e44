/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is read from the ink itself: leaders, the pieces of a line around them, and the marks of
 * numbers that the network passed over.
 */
#include <string.h>

#include "pipeline/ocr/lstm/leaders.h"
#include "pipeline/ocr/lstm/number-marks.h"
#include "pipeline/ocr/lstm/pieces.h"

static const DocaiTextLine text_line = { .box = { 0, 100, 1000, 130 }, .baseline = 130, .x_height = 20 };

static void
add (GArray *inks, int x0, int y0, int x1, int y1)
{
  DocaiPixelBox ink = { x0, y0, x1, y1 };

  g_array_append_val (inks, ink);
}

static GArray *
new_inks (void)
{
  return g_array_new (FALSE, FALSE, sizeof (DocaiPixelBox));
}

/* Three letters, `n` dots `step` apart from x = 100 on, two letters. */
static GArray *
line_with_dots (int n, int step)
{
  GArray *inks = new_inks ();

  for (int i = 0; i < 3; i++)
    add (inks, 10 + 20 * i, 110, 26 + 20 * i, 130);
  for (int i = 0; i < n; i++)
    add (inks, 100 + step * i + i % 2, 126, 104 + step * i, 130);
  for (int i = 0; i < 2; i++)
    add (inks, 900 + 20 * i, 105, 914 + 20 * i, 130);
  return inks;
}

static void
test_leaders (void)
{
  g_autoptr (GArray) inks = line_with_dots (40, 12), few = line_with_dots (5, 12), wide = line_with_dots (15, 45);
  g_autoptr (GArray) leaders = docai_leaders_find (inks, &text_line), none = docai_leaders_find (few, &text_line),
                     apart = docai_leaders_find (wide, &text_line);

  g_assert_cmpuint (leaders->len, ==, 1);
  const DocaiLeader *leader = &g_array_index (leaders, DocaiLeader, 0);
  g_assert_cmpuint (leader->n_dots, ==, 40);
  g_assert_cmpint (leader->box.x0, ==, 100);
  g_assert_cmpint (leader->box.x1, ==, 104 + 12 * 39);
  docai_leaders_drop_inks (leaders, inks);
  g_assert_cmpuint (inks->len, ==, 5);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (apart->len, ==, 0);
}

/* Specks lie at odd heights and distances. */
static void
test_specks (void)
{
  g_autoptr (GArray) inks = new_inks ();

  for (int i = 0; i < 60; i++)
    add (inks, 15 * i + i * i % 7, 105 + i * 7 % 20, 18 + 15 * i + i % 3, 108 + i * 7 % 20);
  g_autoptr (GArray) leaders = docai_leaders_find (inks, &text_line);
  g_assert_cmpuint (leaders->len, ==, 0);
}

static void
test_blank (void)
{
  for (int depth = 8; depth <= 32; depth += 24)
    {
      PIX               *page = pixCreate (200, 40, depth);
      g_autoptr (GArray) leaders = g_array_new (FALSE, FALSE, sizeof (DocaiLeader));
      const DocaiLeader  all[] = { { { 20, 20, 100, 24 }, 10 }, { { 150, 0, 260, 3 }, 10 } };
      l_uint32           value, ink = depth == 8 ? 30 : 0x1e1e1e00, paper = depth == 8 ? 240 : 0xf0f0f000;

      g_array_append_vals (leaders, all, G_N_ELEMENTS (all));
      pixSetAllArbitrary (page, paper);
      for (int x = 20; x < 200; x++)
        {
          pixSetPixel (page, x, 22, ink);
          pixSetPixel (page, x, 1, x >= 150 ? ink : paper);
        }
      docai_leaders_blank (page, leaders);
      for (int x = 20; x < 200; x++)
        {
          pixGetPixel (page, x, 22, &value);
          g_assert_cmphex (value, ==, x <= 100 ? paper : ink);
          pixGetPixel (page, x, 1, &value);
          g_assert_cmphex (value, ==, paper);
        }
      pixDestroy (&page);
    }
}

static void
test_pieces (void)
{
  GArray            *inks = line_with_dots (40, 12);
  g_autoptr (GArray) leaders = docai_leaders_find (inks, &text_line), pieces = docai_pieces_new (), none = g_array_new (FALSE, FALSE, sizeof (DocaiLeader));

  docai_leaders_drop_inks (leaders, inks);
  docai_pieces_cut (&text_line, 7, inks, leaders, pieces);
  g_assert_cmpuint (pieces->len, ==, 2);
  const DocaiPiece *first = &g_array_index (pieces, DocaiPiece, 0), *second = &g_array_index (pieces, DocaiPiece, 1);
  g_assert_cmpuint (first->whole, ==, 7);
  g_assert_cmpint (first->line.box.x0, ==, 10);
  g_assert_cmpint (first->line.box.x1, ==, 66);
  g_assert_cmpint (second->line.box.x0, ==, 900);
  g_assert_cmpint (second->line.box.x1, ==, 934);
  g_assert_cmpint (second->line.box.y0, ==, text_line.box.y0);
  g_assert_cmpuint (second->inks->len, ==, 2);

  docai_pieces_cut (&text_line, 8, line_with_dots (0, 0), none, pieces);
  g_assert_cmpuint (pieces->len, ==, 3);
  const DocaiPiece *whole = &g_array_index (pieces, DocaiPiece, 2);
  g_assert_cmpmem (&whole->line.box, sizeof whole->line.box, &text_line.box, sizeof text_line.box);
}

/* A line read as `words`, separated by blanks: each character 14 pixels wide and 25 high, 16 apart. */
static DocaiReadLine
line_of (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  DocaiReadLine  line = { 0 };
  int            x = 100;

  line.words = g_new0 (DocaiReadWord, g_strv_length (words) + 1);
  line.characters = g_new0 (DocaiReadCharacter, strlen (text) + 1);
  for (guint w = 0; words[w] != NULL; w++, x += 30)
    {
      DocaiReadWord *word = &line.words[line.n_words++];

      *word = (DocaiReadWord){ .text = g_strdup (words[w]), .box = { x, 105, x, 130 }, .confidence = 0.9f,
                               .space_before = w > 0, .first_character = line.n_characters };
      for (const char *c = words[w]; *c != '\0'; c++, x += 16)
        {
          line.characters[line.n_characters] = (DocaiReadCharacter){ .box = { x, 105, x + 14, 130 }, .confidence = 0.9f };
          line.characters[line.n_characters++].text[0] = *c;
          word->n_characters++;
          word->box.x1 = x + 14;
        }
    }
  return line;
}

static GArray *
inks_of (const DocaiReadLine *line)
{
  GArray *inks = new_inks ();

  for (guint i = 0; i < line->n_characters; i++)
    {
      const DocaiPixelBox *box = &line->characters[i].box;
      if (g_ascii_isalnum (line->characters[i].text[0]))
        add (inks, box->x0, box->y0, box->x1, box->y1);
      else
        add (inks, box->x0 + 5, 126, box->x0 + 9, 130);
    }
  return inks;
}

static void
free_line (DocaiReadLine *line)
{
  for (guint w = 0; w < line->n_words; w++)
    g_free (line->words[w].text);
  g_free (line->words);
  g_free (line->characters);
}

static char *
text_of (const DocaiReadLine *line)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();

  for (guint w = 0; w < line->n_words; w++)
    {
      g_autoptr (GString) said = g_string_new (NULL);

      for (guint i = 0; i < line->words[w].n_characters; i++)
        g_string_append (said, line->characters[line->words[w].first_character + i].text);
      g_assert_cmpstr (said->str, ==, line->words[w].text);
      g_ptr_array_add (texts, line->words[w].text);
    }
  g_ptr_array_add (texts, NULL);
  return g_strjoinv (" ", (char **) texts->pdata);
}

/* Reads `text` with more ink than its characters have: the boxes of `marks`. */
static void
check_marks (const char *text, guint n, const int marks[][4], const char *want)
{
  DocaiReadLine      line = line_of (text);
  g_autoptr (GArray) inks = inks_of (&line);
  g_autofree char   *said = NULL;

  for (guint i = 0; i < n; i++)
    add (inks, marks[i][0], marks[i][1], marks[i][2], marks[i][3]);
  docai_number_marks_restore (&line, inks);
  said = text_of (&line);
  g_assert_cmpstr (said, ==, want);
  free_line (&line);
}

/* Digits begin at 100, 116, 132 ... and end 14 pixels later, feet at 130. */
static void
test_marks (void)
{
  static const int point[][4] = { { 112, 127, 116, 131 } }, comma[][4] = { { 112, 126, 116, 136 } },
                   later[][4] = { { 128, 127, 132, 131 } }, minus[][4] = { { 86, 115, 95, 119 } },
                   colon[][4] = { { 128, 127, 132, 131 }, { 128, 113, 132, 117 } },
                   dash[][4] = { { 108, 115, 122, 119 } }, two[][4] = { { 128, 127, 132, 131 }, { 160, 127, 164, 131 } },
                   speck[][4] = { { 113, 130, 114, 131 } }, high[][4] = { { 112, 104, 116, 108 } };

  check_marks ("78", 1, point, "7.8");
  check_marks ("a 78 b", 0, NULL, "a 78 b");
  check_marks ("78%", 1, point, "7.8%");
  check_marks ("78", 1, comma, "7,8");
  check_marks ("1250 kg", 1, later, "12.50 kg");
  check_marks ("61 C", 1, minus, "-61 C");
  check_marks ("0930", 2, colon, "09:30");
  check_marks ("121126", 2, two, "12.11.26");
  /* no number comes of it, or it would say the same */
  check_marks ("1967", 1, point, "1967");
  check_marks ("125993123", 1, later, "125993123");
  check_marks ("0255", 1, later, "0255");
  check_marks ("78", 1, dash, "78");
  check_marks ("78", 1, speck, "78");
  check_marks ("78", 1, high, "78");
  check_marks ("A78", 1, later, "A78");
}

/* In dirt, and where a digit is broken, nothing is added. */
static void
test_dirt (void)
{
  static const int specks[][4] = { { 112, 127, 116, 131 }, { 200, 127, 204, 131 }, { 220, 107, 224, 111 }, { 240, 117, 244, 121 },
                                   { 260, 127, 264, 131 } };
  DocaiReadLine      line = line_of ("78");
  g_autoptr (GArray) broken = new_inks ();
  g_autofree char   *said = NULL;

  check_marks ("78", G_N_ELEMENTS (specks), specks, "78");
  add (broken, 100, 105, 114, 118);
  add (broken, 112, 126, 116, 130);
  add (broken, 116, 105, 130, 130);
  docai_number_marks_restore (&line, broken);
  said = text_of (&line);
  g_assert_cmpstr (said, ==, "78");
  free_line (&line);
}

/* Pieces and leaders make the whole line again. */
static void
test_join (void)
{
  DocaiReadLine      line = { 0 }, first = line_of ("Any injury"), second = line_of ("19");
  g_autoptr (GArray) leaders = g_array_new (FALSE, FALSE, sizeof (DocaiLeader));
  DocaiLeader        leader = { { 400, 126, 700, 130 }, 9 };
  g_autofree char   *said = NULL;

  for (guint i = 0; i < second.n_characters; i++)
    {
      second.characters[i].box.x0 += 700;
      second.characters[i].box.x1 += 700;
    }
  second.words[0].box.x0 += 700;
  second.words[0].box.x1 += 700;
  docai_pieces_join (&line, &first);
  docai_pieces_join (&line, &second);
  g_array_append_val (leaders, leader);
  docai_leaders_put_back (&line, leaders);
  said = text_of (&line);
  g_assert_cmpstr (said, ==, "Any injury ......... 19");
  g_assert_true (line.words[2].space_before && line.words[3].space_before);
  g_assert_cmpint (line.words[2].box.x0, ==, 400);
  free_line (&line);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ink/leaders", test_leaders);
  g_test_add_func ("/ink/specks", test_specks);
  g_test_add_func ("/ink/blank", test_blank);
  g_test_add_func ("/ink/pieces", test_pieces);
  g_test_add_func ("/ink/marks", test_marks);
  g_test_add_func ("/ink/dirt", test_dirt);
  g_test_add_func ("/ink/join", test_join);
  return g_test_run ();
}
