/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The layout of pages with a text layer, on words set by the test.
 */
#include "pipeline/layout/layout.h"
#include "pipeline/layout/marks.h"
#include "pipeline/stage.h"

#include <math.h>
#include <string.h>
#include <time.h>

#define EM     10.0
#define BOLD   2
#define LARGE  3
#define SMALL  4
#define CODE   5 /* of fixed pitch, which its name does not tell */
#define MATH   6
#define SIGNS  7 /* sets a bullet as a letter */
#define TINY   8

static DocaiPage *
new_page (void)
{
  static const double sizes[] = { EM, EM, 18, 7.5, 9, EM, EM, 5 };
  DocaiPage          *page    = docai_page_new (2, 595, 842);
  for (int i = 0; i < 8; i++) {
    DocaiFont *font = docai_font_new ();
    font->id   = i + 1;
    font->name = g_strdup (i == 1 ? "Font1" : i == 4 ? "Plain" : i == 5 ? "CMMI10" : i == 6 ? "Frames" : "Font0");
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

/* Width of a character by the font's size, as in most fonts. */
static double
width_of (gunichar c)
{
  if (c < 128 && strchr ("iljtfrI.,:;'|()", (int) c))
    return 0.3;
  return c < 128 && strchr ("mwMW", (int) c) ? 0.8 : 0.5;
}

/* Sets a line of text from x on; y is its baseline. Returns where it ends. */
static double
set_line (DocaiPage *page, double x, double y, int font, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  double size = size_of (page, font);
  for (char **w = words; *w; w++) {
    double width = 0;
    for (const char *p = *w; *p; p = g_utf8_next_char (p))
      width += size * (font == CODE ? 0.55 : width_of (g_utf8_get_char (p)));
    if (!**w) { /* blanks in a listing */
      x += 0.55 * size;
      continue;
    }
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
  gpointer engine = docai_layout_stage.open (NULL, NULL);
  gboolean ok     = docai_layout_stage.run (engine, &task, document, page, &error);
  docai_layout_stage.close (engine);
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

/* Lines from right to left begin at one edge, x1, and end where they like. */
static void
set_hebrew_paragraph (DocaiPage *page, double x1, double y, double indent)
{
  static const int words[] = { 11, 9, 10, 12, 10, 4 };
  for (int i = 0; i < 6; i++) {
    g_autoptr (GString) text = g_string_new ("מילים");
    for (int k = 1; k < words[i]; k++)
      g_string_append (text, " שלום");
    double width = set_line (page, 0, -100, 1, text->str);
    g_ptr_array_set_size (page->words, (gint) page->words->len - words[i]);
    set_line (page, x1 - width + 2.8 - (i ? 0 : indent), y + 12 * i, 1, text->str);
  }
}

static void
test_right_to_left_paragraphs (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  set_hebrew_paragraph (page, 500, 150, 0);
  set_hebrew_paragraph (page, 500, 222, 14);
  run_stage (document, page);
  g_assert_cmpuint (page->regions->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpuint (region (page, i)->lines->len, ==, 6);
}

/* Words stand from left to right here and are read from right to left, but for those of another script. */
static void
test_right_to_left_words (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  set_line (page, 60, 150, 1, "12 ארבע the 3 words שתיים אחת");
  run_stage (document, page);
  g_assert_cmpuint (page->regions->len, ==, 1);
  g_assert_cmpstr (region (page, 0)->text, ==, "אחת שתיים the 3 words ארבע 12");
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
  set_line (page, 290, 740, 1, "7"); /* above the zone of running feet */
  run_stage (document, page);

  g_assert_cmpuint (page->regions->len, ==, 6);
  assert_region (page, 0, "text", "These");
  assert_region (page, 1, "picture", "Label");
  assert_region (page, 2, "caption", "Figure 3");
  assert_region (page, 3, "text", "These");
  assert_region (page, 4, "footnote", "1 A note");
  assert_region (page, 5, "page_footer", "7");
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
test_listing (void)
{
  static const char *const rows[] = { "for (item = first; item != NULL; item++)", "  {", "    value[item] = next (value);",
                                      "", "    total += value[item];          /* the sum */", "  }" };
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  double     y    = set_paragraph (page, 60, 150, 1, 5, 0) + 10;
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++, y += 11)
    set_line (page, 70, y, CODE, rows[i]);
  y += 10;
  double x = set_line (page, 60, y, 1, "These are words with");
  x        = set_line (page, x, y, CODE, "total");
  set_line (page, x, y, 1, "among them, which");
  set_paragraph (page, 60, y + 12, 1, 5, 0);
  run_stage (document, page);

  assert_region (page, 0, "text", "These are");
  assert_region (page, 1, "code", "for (item = first;");
  g_assert_cmpuint (region (page, 1)->lines->len, ==, 5);
  g_assert_nonnull (strstr (region (page, 1)->text, "value[item]; /* the sum */"));
  for (guint i = 2; i < page->regions->len; i++)
    g_assert_cmpint (region (page, i)->label, !=, DOCAI_LABEL_CODE);
}

static void
test_section_numbers (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  double     y    = set_paragraph (page, 60, 150, 1, 5, 0);
  set_line (page, 60, y + 14, BOLD, "3");
  set_line (page, 86, y + 14, BOLD, "Results and more");
  y = set_paragraph (page, 60, y + 30, 1, 5, 0);
  set_line (page, 60, y + 14, BOLD, "A.1");
  set_line (page, 96, y + 14, BOLD, "Proofs");
  set_paragraph (page, 60, y + 30, 1, 5, 0);
  run_stage (document, page);
  g_assert_cmpuint (page->regions->len, ==, 5);
  assert_region (page, 1, "section_header", "3 Results");
  assert_region (page, 3, "section_header", "A.1 Proofs");
}

static void
test_margins (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  set_line (page, 60, 50, 1, "12"); /* a row that might be a table's */
  set_line (page, 260, 50, 1, "Of Things");
  set_line (page, 480, 50, 1, "CONTENTS");
  set_paragraph (page, 60, 100, 1, 8, 0);
  set_line (page, 60, 800, 1, "124");
  set_line (page, 96, 800, 1, "The running title of the book"); /* close by: one foot */
  run_stage (document, page);
  g_assert_cmpuint (page->regions->len, ==, 5);
  for (guint i = 0; i < 3; i++)
    assert_region (page, i, "page_header", i == 0 ? "12" : i == 1 ? "Of" : "CONTENTS");
  assert_region (page, 4, "page_footer", "124 The running");
}

static void
test_formula (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  double     y    = set_paragraph (page, 60, 150, 1, 5, 0) + 20;
  set_line (page, 120, y, MATH, "s(x)=");
  set_line (page, 165, y - 8, MATH, "ab");
  set_line (page, 165, y + 8, MATH, "cd");
  set_line (page, 190, y, MATH, "+ xy");
  set_line (page, 290, y, 1, "(12)");
  set_paragraph (page, 60, y + 34, 1, 5, 0);
  run_stage (document, page);
  g_assert_cmpuint (page->regions->len, ==, 3);
  g_assert_cmpint (region (page, 1)->label, ==, DOCAI_LABEL_FORMULA);
  g_assert_cmpfloat (region (page, 1)->bbox.x1, >, 290); /* with its number */
  g_assert_cmpfloat (region (page, 1)->bbox.x0, <, 121);
}

static void
test_fraction (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  set_paragraph (page, 60, 150, 1, 3, 0);
  double x = set_line (page, 60, 174 + 12, 1, "these are words up to") - 1;
  set_line (page, x, 183, TINY, "3");
  set_line (page, x, 189, TINY, "4");
  set_line (page, x + 5, 186, 1, "inch of length");
  set_paragraph (page, 60, 198, 1, 3, 0);
  run_stage (document, page);
  for (guint i = 0; i < page->regions->len; i++)
    g_assert_cmpuint (strlen (region (page, i)->text), >, 10);
}

static void
test_signs (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  double y = set_paragraph (page, 60, 150, 1, 4, 0) + 10;
  for (int i = 0; i < 4; i++, y += 12) {
    set_line (page, 70, y, SIGNS, "r");
    set_line (page, 84, y, 1, "Item of the list");
  }
  y += 6;
  set_line (page, 60, y, 1, "2. An item with more below it:");
  for (int i = 0; i < 3; i++)
    set_line (page, 80, y + 14 + 12 * i, 1, "– an item of its own");
  run_stage (document, page);
  g_assert_cmpuint (page->regions->len, ==, 9);
  for (guint i = 1; i < 9; i++)
    assert_region (page, i, "list_item", i < 5 ? "r Item" : i == 5 ? "2. An" : "– an");
}

static void
test_ballots (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  set_line (page, 70, 150, 1, "☐");
  set_line (page, 90, 150, 1, "Not this one");
  set_line (page, 70, 170, 1, "☒");
  set_line (page, 90, 170, 1, "But that one");
  set_line (page, 70, 190, 1, "[x] And one that is typed");
  run_stage (document, page);
  g_assert_cmpuint (page->regions->len, ==, 3);
  assert_region (page, 0, "checkbox_unselected", "☐ Not");
  assert_region (page, 1, "checkbox_selected", "☒ But");
  assert_region (page, 2, "checkbox_selected", "[x] And");
}

/* Two pieces of news over one another, each in two columns, with a rule between. */
static void
test_rule_between (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  for (int i = 0; i < 2; i++) {
    set_line (page, 60, 150 + 200 * i, BOLD, i ? "Second news" : "First news");
    set_paragraph (page, 60, 170 + 200 * i, 1, 6, 0);
    set_paragraph (page, 310, 170 + 200 * i, 1, 6, 0);
  }
  g_ptr_array_add (page->rulings, docai_ruling_new (DOCAI_BOX (60, 320, 540, 320.8)));
  run_stage (document, page);
  g_assert_cmpuint (page->regions->len, ==, 6);
  assert_region (page, 0, "section_header", "First");
  assert_region (page, 3, "section_header", "Second");
  for (guint i = 1; i < 6; i++)
    if (i != 3) {
      g_assert_true ((region (page, i)->bbox.y0 > 320) == (i > 3));
      g_assert_true ((region (page, i)->bbox.x0 > 300) == (i == 2 || i == 5));
    }
}

/* A letter's address and references stand side by side; subject and salutation do not
 * belong to the address. */
static void
test_letter (void)
{
  static const char *const address[] = { "Mr Joachim Weidner", "Rose Street", "Birkental" };
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  for (int i = 0; i < 3; i++) {
    set_line (page, 60, 150 + 12 * i, 1, address[i]);
    set_line (page, 400, 156 + 12 * i, 1, i == 0 ? "Our sign" : i == 1 ? "Your letter" : "Telephone");
  }
  set_line (page, 60, 260, BOLD, "Change of instalments");
  set_line (page, 60, 284, 1, "Dear Mr Weidner,");
  for (int i = 0; i < 4; i++)
    set_line (page, 60, 308 + 12 * i, 1, "these are words of common length that fill the line up to where it ends at the right side");
  run_stage (document, page);
  g_assert_cmpuint (page->regions->len, ==, 5);
  assert_region (page, 0, "text", "Mr Joachim");
  assert_region (page, 1, "text", "Our sign");
  assert_region (page, 2, "section_header", "Change");
  assert_region (page, 3, "text", "Dear");
  assert_region (page, 4, "text", "these");
}

/* Years at the right edge belong to the entry in whose first line they stand. */
static void
test_entries (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  for (int i = 0; i < 2; i++) {
    set_line (page, 60, 200 + 40 * i, BOLD, i ? "University of Wick" : "River Institute");
    set_line (page, 480, 200 + 40 * i, 1, i ? "2014" : "2018");
    set_line (page, 60, 213 + 40 * i, 1, i ? "Geography, with honours" : "Hydrology, of lower valleys");
  }
  set_paragraph (page, 60, 340, 1, 6, 0);
  run_stage (document, page);
  g_assert_cmpuint (page->regions->len, ==, 7);
  g_assert_cmpstr (region (page, 1)->text, ==, "2018");
  g_assert_true (g_str_has_prefix (region (page, 2)->text, "Hydrology"));
  g_assert_cmpstr (region (page, 4)->text, ==, "2014");
}

/* Clauses of contracts, their numbers apart from the text. */
static void
test_clauses (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  double y = set_paragraph (page, 60, 150, 1, 5, 0) + 10;
  for (int i = 1; i < 4; i++, y += 36) {
    g_autofree char *number = g_strdup_printf ("1.%d", i);
    set_line (page, 60, y, 1, number);
    set_line (page, 95, y, 1, "The goods are of common length and fill.");
    set_line (page, 95, y + 12, 1, "The price ends here.");
  }
  run_stage (document, page);
  g_assert_cmpuint (page->regions->len, ==, 4);
  for (guint i = 1; i < 4; i++) {
    assert_region (page, i, "list_item", "1.");
    g_assert_cmpuint (region (page, i)->lines->len, ==, 2);
  }
  g_assert_false (marks_is_list_item ("3.2 million people"));
}

/* A justified line of two words in a narrow column. */
static void
test_justified (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  double right = set_line (page, 60, 200, 1, "Words of common") - 0.28 * EM;
  set_line (page, 60, 212, 1, "words");
  set_line (page, right - 15, 212, 1, "end");
  set_line (page, 60, 224, 1, "words of common");
  set_line (page, 60, 236, 1, "length.");
  run_stage (document, page);
  g_assert_cmpuint (page->regions->len, ==, 1);
  g_assert_cmpuint (region (page, 0)->lines->len, ==, 4);
  g_assert_nonnull (strstr (region (page, 0)->text, "words end"));
}

static void
test_first_page (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  page->number    = 1;
  ((DocaiFont *) page->fonts->pdata[BOLD - 1])->bold = FALSE;
  ((DocaiFont *) page->fonts->pdata[BOLD - 1])->size = 12;
  set_line (page, 120, 110, LARGE, "What the Title Says");
  set_line (page, 120, 140, BOLD, "Ada Writer*, Ben Other, and Cy Third");
  double y = 180;
  for (int i = 0; i < 4; i++)
    y = set_paragraph (page, 60, y, 1, 8, 0) + 12;
  g_ptr_array_add (page->rulings, docai_ruling_new (DOCAI_BOX (60, 690, 110, 690.5)));
  set_line (page, 60, 706, SMALL, "* Writer is the one to write to");
  set_line (page, 60, 722, SMALL, "Received in May, and so on");
  run_stage (document, page);
  assert_region (page, 0, "title", "What the Title");
  assert_region (page, 1, "text", "Ada Writer");
  guint n = page->regions->len;
  assert_region (page, n - 2, "footnote", "* Writer");
  assert_region (page, n - 1, "footnote", "Received");
}

static void
add_frame (DocaiPage *page, double x, double y, double w, double h)
{
  const DocaiBox sides[] = { { x, y, x + w, y + 0.5 }, { x, y + h, x + w, y + h + 0.5 },
                             { x, y, x + 0.5, y + h }, { x + w, y, x + w + 0.5, y + h } };
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    g_ptr_array_add (page->rulings, docai_ruling_new (sides[i]));
}

/* A picture with a caption is surer than one without, and that than an ornament. */
static void
test_picture_confidence (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  double     sure[3] = { 0 };
  const DocaiBox boxes[] = { { 60, 100, 260, 220 }, { 60, 300, 260, 420 }, { 60, 500, 260, 520 } };
  for (guint i = 0; i < G_N_ELEMENTS (boxes); i++)
    g_ptr_array_add (page->images, docai_placed_image_new (boxes[i]));
  set_line (page, 60, 236, 1, "Figure 1. The old mill");
  set_paragraph (page, 60, 600, 1, 8, 0);
  run_stage (document, page);
  for (guint i = 0; i < page->regions->len; i++) {
    const DocaiRegion *r = page->regions->pdata[i];
    for (guint k = 0; k < G_N_ELEMENTS (boxes) && r->label == DOCAI_LABEL_PICTURE; k++)
      if (fabs (r->bbox.y0 - boxes[k].y0) < 2)
        sure[k] = r->confidence;
  }
  g_assert_cmpfloat (sure[0], >, sure[1]);
  g_assert_cmpfloat (sure[1], >, sure[2]);
  g_assert_cmpfloat (sure[2], >, 0);
}

/* Labelled boxes over a figure's caption are one picture with their labels, whatever
 * stands above and below is text; over other lines they are none. */
static void
test_diagram (void)
{
  for (int captioned = 0; captioned < 2; captioned++) {
    g_autoptr (DocaiDocument) document = docai_document_new ();
    DocaiPage *page = new_page ();
    set_paragraph (page, 100, 200, 1, 6, 0);
    for (int i = 0; i < 3; i++) {
      add_frame (page, 100 + 90 * i, 300, 70, 40);
      set_line (page, 110 + 90 * i, 323, 1, i == 1 ? "Reader" : "Writer");
      if (i)
        g_ptr_array_add (page->rulings, docai_ruling_new (DOCAI_BOX (81 + 90 * i, 320, 99 + 90 * i, 320.5)));
    }
    set_line (page, 100, 362, 1, captioned ? "Figure 3. From writer to reader" : "The old names of both parts");
    set_paragraph (page, 100, 400, 1, 6, 0);
    run_stage (document, page);
    guint pictures = 0;
    for (guint i = 0; i < page->regions->len; i++) {
      const DocaiRegion *r = page->regions->pdata[i];
      if (r->label != DOCAI_LABEL_PICTURE)
        continue;
      pictures++;
      g_assert_cmpfloat (fabs (r->bbox.x0 - 100) + fabs (r->bbox.y0 - 300), <, 4);
      g_assert_cmpfloat (fabs (r->bbox.x1 - 350) + fabs (r->bbox.y1 - 340), <, 4);
      g_assert_cmpuint (r->lines->len, ==, 3);
    }
    g_assert_cmpuint (pictures, ==, captioned);
  }
}

/* A coloured bar under a heading is no picture, a drawing is. */
static void
test_bar (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  g_ptr_array_add (page->images, docai_placed_image_new (DOCAI_BOX (58, 130, 320, 154)));
  set_line (page, 70, 146, BOLD, "1 What to Know");
  double y = set_paragraph (page, 60, 180, 1, 6, 0);
  g_ptr_array_add (page->images, docai_placed_image_new (DOCAI_BOX (100, y + 10, 300, y + 90)));
  set_line (page, 84, y + 30, 1, "0.5"); /* figures beside the axis */
  set_line (page, 84, y + 60, 1, "0.0");
  run_stage (document, page);
  g_assert_cmpuint (page->regions->len, ==, 3);
  assert_region (page, 0, "section_header", "1 What");
  assert_region (page, 1, "text", "These");
  assert_region (page, 2, "picture", "0.5\n0.0");
}

/* Columns of names look like a table at first: then they are blocks of their own. */
static void
test_divide_again (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage *page = new_page ();
  for (int column = 0; column < 3; column++)
    for (int row = 0; row < 4; row++)
      set_line (page, 60 + 75 * column, 150 + 12 * row, 1, row == 0 ? "A name" : row == 1 ? "An institute" : "A city");
  set_paragraph (page, 60, 240, 1, 8, 0);
  run_stage (document, page);
  g_assert_cmpuint (page->regions->len, ==, 2);
  assert_region (page, 0, "table", "A name");
  DocaiRegion *kept = docai_region_new (DOCAI_LABEL_PICTURE, DOCAI_BOX (60, 600, 500, 700), 0.8);
  g_ptr_array_add (page->regions, kept);
  docai_layout_divide_again (page);
  print_regions (page);
  g_assert_cmpuint (page->regions->len, ==, 5);
  for (guint i = 0; i < 3; i++) {
    assert_region (page, i, "text", "A name\nAn institute");
    g_assert_cmpuint (region (page, i)->lines->len, ==, 4);
  }
  g_assert_true (page->regions->pdata[4] == kept);
  g_assert_cmpuint (page->words->len, ==, 0);
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
  clock_t start = clock (); /* of the processor: others may be busy */
  run_stage (document, page);
  g_assert_cmpint (clock () - start, <, 30 * CLOCKS_PER_SEC);
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
  g_assert_true (marks_is_caption ("[그림 1] 보기"));
  g_assert_true (marks_is_caption ("図3 例"));
  g_assert_true (marks_is_table_caption ("Таблица 2. Итоги"));
  g_assert_false (marks_is_caption ("Рисковать"));
  g_assert_true (marks_is_section_number ("3.2"));
  g_assert_true (marks_is_section_number ("IV."));
  g_assert_false (marks_is_section_number ("3,2"));
  g_assert_false (marks_is_section_number ("Also"));
  g_assert_true (marks_is_numbered_heading ("第2章 方法"));
  g_assert_true (marks_is_list_item ("① text"));
  g_assert_true (marks_is_list_item ("۲. text"));
  g_assert_cmpint (marks_ballot ("☑ yes"), ==, 1);
  g_assert_cmpint (marks_ballot ("☐ no"), ==, 0);
  g_assert_cmpint (marks_ballot ("• no"), ==, -1);
  g_assert_cmpfloat (marks_code_share ("x[i] = f (y);"), >, 0.3);
  g_assert_cmpfloat (marks_code_share ("Words, and more words."), <, 0.05);
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
  g_test_add_func ("/layout/words/listing", test_listing);
  g_test_add_func ("/layout/words/section-numbers", test_section_numbers);
  g_test_add_func ("/layout/words/margins", test_margins);
  g_test_add_func ("/layout/words/formula", test_formula);
  g_test_add_func ("/layout/words/fraction", test_fraction);
  g_test_add_func ("/layout/words/signs", test_signs);
  g_test_add_func ("/layout/words/ballots", test_ballots);
  g_test_add_func ("/layout/words/rule-between", test_rule_between);
  g_test_add_func ("/layout/words/letter", test_letter);
  g_test_add_func ("/layout/words/entries", test_entries);
  g_test_add_func ("/layout/words/clauses", test_clauses);
  g_test_add_func ("/layout/words/justified", test_justified);
  g_test_add_func ("/layout/words/first-page", test_first_page);
  g_test_add_func ("/layout/words/right-to-left-paragraphs", test_right_to_left_paragraphs);
  g_test_add_func ("/layout/words/right-to-left-words", test_right_to_left_words);
  g_test_add_func ("/layout/words/bar", test_bar);
  g_test_add_func ("/layout/words/diagram", test_diagram);
  g_test_add_func ("/layout/words/picture-confidence", test_picture_confidence);
  g_test_add_func ("/layout/words/divide-again", test_divide_again);
  g_test_add_func ("/layout/words/degenerate", test_degenerate);
  for (int i = 0; i < 3; i++) {
    g_autofree char *name = g_strdup_printf ("/layout/words/many/%d", i);
    g_test_add_data_func (name, GINT_TO_POINTER (i), test_many_words);
  }
  return g_test_run ();
}
