/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The layout of pages with a text layer, on words set by the test.
 */
#include "pipeline/layout/marks.h"
#include "pipeline/stage.h"

#include <math.h>
#include <string.h>

#define EM     10.0
#define BOLD   2
#define LARGE  3
#define SMALL  4

static DocaiPage *
new_page (void)
{
  static const double sizes[] = { EM, EM, 18, 7.5 };
  DocaiPage          *page    = docai_page_new (2, 595, 842);
  for (int i = 0; i < 4; i++) {
    DocaiFont *font = docai_font_new ();
    font->id   = i + 1;
    font->name = g_strdup_printf ("Font%d", i == 1 ? 1 : 0);
    font->size = sizes[i];
    font->bold = i + 1 == BOLD || i + 1 == LARGE;
    g_ptr_array_add (page->fonts, font);
  }
  return page;
}

static double
size_of (const DocaiPage *page, int font)
{
  return ((DocaiFont *) page->fonts->pdata[font - 1])->size;
}

/* Sets a line of text from x on; y is its baseline. Returns where it ends. */
static double
set_line (DocaiPage *page, double x, double y, int font, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  double size = size_of (page, font);
  for (char **w = words; *w; w++) {
    double width = 0.5 * size * (double) g_utf8_strlen (*w, -1);
    DocaiWord *word = docai_word_new (*w, DOCAI_BOX (x, y - 0.9 * size, x + width, y + 0.22 * size), 1);
    word->font = font;
    g_ptr_array_add (page->words, word);
    x += width + 0.28 * size;
  }
  return x;
}

static const char prose[] = "these are words of common length that fill";

/* Lines of a paragraph; the first is indented, the last is short. */
static double
set_paragraph (DocaiPage *page, double x, double y, int font, int lines, double indent)
{
  double size = size_of (page, font);
  for (int i = 0; i < lines; i++) {
    g_autofree char *text = g_strdup_printf ("%s", i == 0 ? "These are words of common length now" : prose);
    set_line (page, x + (i == 0 ? indent : 0), y, font, i == lines - 1 && lines > 1 ? "it ends here." : text);
    y += 1.2 * size;
  }
  return y;
}

static void
print_regions (const DocaiPage *page)
{
  for (guint i = 0; i < page->regions->len; i++) {
    const DocaiRegion *r = page->regions->pdata[i];
    g_test_message ("%s %.0f %.0f %.0f %.0f: %.40s", docai_label_name (r->label), r->bbox.x0, r->bbox.y0,
                    r->bbox.x1, r->bbox.y1, r->text ? r->text : "");
  }
}

static void
run_stage (DocaiDocument *document, DocaiPage *page)
{
  DocaiTask task  = { 0 };
  GError   *error = NULL;
  g_ptr_array_add (document->pages, page);
  gboolean ok = docai_layout_stage.run (NULL, &task, document, page, &error);
  g_assert_no_error (error);
  g_assert_true (ok);
  g_assert_cmpuint (page->words->len, ==, 0);
  if (page->regions->len < 20)
    print_regions (page);
}

static const DocaiRegion *
region (const DocaiPage *page, guint i)
{
  g_assert_cmpuint (i, <, page->regions->len);
  return page->regions->pdata[i];
}

static void
assert_region (const DocaiPage *page, guint i, const char *label, const char *start)
{
  const DocaiRegion *r = region (page, i);
  g_assert_cmpstr (docai_label_name (r->label), ==, label);
  g_assert_true (g_str_has_prefix (r->text ? r->text : "", start));
}

static void
test_columns (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  /* drawn out of order, as files do */
  set_line (page, 290, 815, 1, "17");
  double right = set_paragraph (page, 310, 160, 1, 6, 0);
  set_paragraph (page, 310, right + 12, 1, 5, 0);
  set_line (page, 60, 110, LARGE, "A Heading Over Both");
  double left = set_paragraph (page, 60, 160, 1, 8, 0);
  set_paragraph (page, 60, left + 12, 1, 6, 0);
  set_line (page, 60, 40, SMALL, "Proceedings of the Society 12");
  run_stage (document, page);

  g_assert_cmpuint (page->regions->len, ==, 7);
  assert_region (page, 0, "page_header", "Proceedings");
  assert_region (page, 1, "section_header", "A Heading");
  for (guint i = 2; i < 6; i++) {
    assert_region (page, i, "text", "These are");
    g_assert_true ((region (page, i)->bbox.x0 > 300) == (i >= 4));
  }
  assert_region (page, 6, "page_footer", "17");
  g_assert_cmpuint (region (page, 2)->lines->len, ==, 8);
  g_assert_cmpint (page->text_source, ==, DOCAI_TEXT_PDF);
}

static void
test_lists (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  double y = set_paragraph (page, 60, 150, 1, 4, 0) + 10;
  for (int i = 0; i < 3; i++) {
    set_line (page, 70, y, 1, "•"); /* the bullet stands apart */
    set_line (page, 88, y, 1, "An item of the list that goes on");
    set_line (page, 88, y + 12, 1, "to a second line");
    y += 24;
  }
  set_line (page, 60, y + 10, BOLD, "2.1 Methods");
  y = set_paragraph (page, 60, y + 26, 1, 5, 0);
  for (int i = 0; i < 3; i++) {
    g_autofree char *text = g_strdup_printf ("%d. Numbered item", i + 1);
    set_line (page, 70, y + 6 + 12 * i, 1, text);
  }
  run_stage (document, page);

  g_assert_cmpuint (page->regions->len, ==, 9);
  assert_region (page, 0, "text", "These");
  for (guint i = 1; i < 4; i++) {
    assert_region (page, i, "list_item", "• An item");
    g_assert_cmpuint (region (page, i)->lines->len, ==, 2);
  }
  assert_region (page, 4, "section_header", "2.1 Methods");
  assert_region (page, 5, "text", "These");
  for (guint i = 6; i < 9; i++)
    assert_region (page, i, "list_item", i == 6 ? "1. " : i == 7 ? "2. " : "3. ");
}

static void
test_indented_paragraphs (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  double y = set_paragraph (page, 60, 150, 1, 6, 0);
  for (int i = 0; i < 3; i++)
    y = set_paragraph (page, 60, y, 1, 6, 14);
  run_stage (document, page);
  g_assert_cmpuint (page->regions->len, ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (region (page, i)->lines->len, ==, 6);
}

static void
test_picture_and_caption (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  set_paragraph (page, 60, 100, 1, 5, 0);
  g_ptr_array_add (page->images, docai_placed_image_new (DOCAI_BOX (100, 180, 300, 320)));
  set_line (page, 100, 250, 1, "Label");
  set_line (page, 100, 334, 1, "Figure 3: What is seen");
  set_paragraph (page, 60, 370, 1, 7, 0);
  g_ptr_array_add (page->rulings, docai_ruling_new (DOCAI_BOX (60, 700, 160, 700.5)));
  set_line (page, 60, 712, SMALL, "1 A note at the foot of the page");
  run_stage (document, page);

  g_assert_cmpuint (page->regions->len, ==, 5);
  assert_region (page, 0, "text", "These");
  assert_region (page, 1, "picture", "Label");
  assert_region (page, 2, "caption", "Figure 3");
  assert_region (page, 3, "text", "These");
  assert_region (page, 4, "footnote", "1 A note");
}

static void
test_table_candidate (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  set_paragraph (page, 60, 100, 1, 5, 0);
  for (int row = 0; row <= 5; row++)
    g_ptr_array_add (page->rulings, docai_ruling_new (DOCAI_BOX (60, 200 + 20 * row, 360, 200.5 + 20 * row)));
  for (int column = 0; column <= 3; column++)
    g_ptr_array_add (page->rulings, docai_ruling_new (DOCAI_BOX (60 + 100 * column, 200, 60.5 + 100 * column, 300)));
  for (int row = 0; row < 5; row++)
    for (int column = 0; column < 3; column++)
      set_line (page, 65 + 100 * column, 214 + 20 * row, 1, "cell 12");
  set_paragraph (page, 60, 340, 1, 5, 0);
  run_stage (document, page);
  g_assert_cmpuint (page->regions->len, ==, 3);
  assert_region (page, 1, "table", "cell 12\ncell 12\ncell 12");
  g_assert_cmpuint (region (page, 1)->lines->len, ==, 15);
}

static void
test_degenerate (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = docai_page_new (1, 595, 842);
  run_stage (document, page);
  g_assert_cmpuint (page->regions->len, ==, 0);

  g_autoptr (DocaiDocument) second = docai_document_new ();
  page = docai_page_new (1, 595, 842);
  const DocaiBox odd[] = { DOCAI_BOX (10, 10, 10, 10), DOCAI_BOX (50, 20, 40, 30), DOCAI_BOX (-1e9, -5, 1e9, 5),
                           DOCAI_BOX (0, -1e12, 1, 1e12), DOCAI_BOX (NAN, 0, 5, 5), DOCAI_BOX (20, 20, 60, 30) };
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    g_ptr_array_add (page->words, docai_word_new (i == 2 ? "" : "word", odd[i], 1));
  run_stage (second, page);
  g_assert_cmpuint (page->regions->len, >=, 1);
}

/* A hundred thousand words: in rows, all in one place, and each on its own. */
static void
test_many_words (gconstpointer data)
{
  int kind = GPOINTER_TO_INT (data), n = 100000;
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = docai_page_new (1, 2000, 2000);
  guint32    state = 1;
  for (int i = 0; i < n; i++) {
    double x = 20 * (i % 100), y = 2 * (i / 100);
    state    = state * 1664525u + 1013904223u;
    if (kind == 1)
      x = y = 100;
    if (kind == 2) {
      x = (state >> 8) % 1990;
      y = (state >> 16) % 1990;
    }
    g_ptr_array_add (page->words, docai_word_new ("w", DOCAI_BOX (x, y, x + 3, y + 1.8), 1));
  }
  for (int i = 0; i < 3000; i++)
    g_ptr_array_add (page->rulings, docai_ruling_new (DOCAI_BOX (0, i * 0.6, 2000, i * 0.6 + 0.2)));
  gint64 start = g_get_monotonic_time ();
  run_stage (document, page);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 30 * G_TIME_SPAN_SECOND);
}

static void
test_marks (void)
{
  g_assert_true (marks_is_list_item ("• text"));
  g_assert_true (marks_is_list_item ("12. text"));
  g_assert_true (marks_is_list_item ("(iv) text"));
  g_assert_false (marks_is_list_item ("S. Miller writes"));
  g_assert_false (marks_is_list_item ("12.5 percent"));
  g_assert_false (marks_is_list_item (""));
  g_assert_true (marks_is_bare_bullet (" – "));
  g_assert_false (marks_is_bare_bullet ("word"));
  g_assert_true (marks_is_caption ("Fig. 3. Text"));
  g_assert_true (marks_is_caption ("Tabelle 2: Text"));
  g_assert_false (marks_is_caption ("Figures are"));
  g_assert_true (marks_is_page_number ("Page 3 of 9"));
  g_assert_true (marks_is_page_number ("xiv"));
  g_assert_false (marks_is_page_number ("Section"));
  g_assert_true (marks_has_leader ("Notices . . . . . . . 7"));
  g_assert_true (marks_is_numbered_heading ("3.1 Methods"));
  g_assert_true (marks_ends_sentence ("so he said.”"));
  g_assert_true (marks_is_right_to_left ("שלום"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/marks", test_marks);
  g_test_add_func ("/layout/words/columns", test_columns);
  g_test_add_func ("/layout/words/lists", test_lists);
  g_test_add_func ("/layout/words/indented-paragraphs", test_indented_paragraphs);
  g_test_add_func ("/layout/words/picture-and-caption", test_picture_and_caption);
  g_test_add_func ("/layout/words/table-candidate", test_table_candidate);
  g_test_add_func ("/layout/words/degenerate", test_degenerate);
  for (int i = 0; i < 3; i++) {
    g_autofree char *name = g_strdup_printf ("/layout/words/many/%d", i);
    g_test_add_data_func (name, GINT_TO_POINTER (i), test_many_words);
  }
  return g_test_run ();
}
