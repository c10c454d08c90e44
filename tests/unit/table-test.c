/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table stage on pages that the test sets itself, so that every cell is known.
 */
#include "pipeline/stage.h"

#include <math.h>
#include <string.h>
#include <time.h>

#define LETTER 5.0  /* width of a letter, points */
#define TALL   10.0 /* height of a word */

typedef struct
{
  DocaiOptions  *options;
  DocaiSettings *settings;
  DocaiDocument *document;
  DocaiPage     *page;
} Sheet;

static void
set_up (Sheet *sheet, gconstpointer unused)
{
  sheet->options = docai_options_new ();
  sheet->settings = docai_settings_new ();
  sheet->document = docai_document_new ();
  sheet->page = docai_page_new (1, 600, 800);
  g_ptr_array_add (sheet->document->pages, sheet->page);
}

static void
tear_down (Sheet *sheet, gconstpointer unused)
{
  docai_options_free (sheet->options);
  docai_settings_free (sheet->settings);
  docai_document_free (sheet->document);
}

static void
run_stage (Sheet *sheet)
{
  DocaiTask task = { "a.pdf", "a.pdf", sheet->options, sheet->settings, NULL };
  g_autoptr (GError) error = NULL;
  gboolean done = docai_table_stage.run (NULL, &task, sheet->document, sheet->page, &error);
  g_assert_no_error (error);
  g_assert_true (done);
}

/* Sets a text's words from x on; returns where it ends. */
static double
set_words (GPtrArray *words, double x, double y, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, " ", -1);
  for (int i = 0; parts[i] != NULL; i++)
    {
      double width = LETTER * (double) g_utf8_strlen (parts[i], -1);
      g_ptr_array_add (words, docai_word_new (parts[i], DOCAI_BOX (x, y, x + width, y + TALL), 1));
      x += width + 0.5 * LETTER;
    }
  return x - 0.5 * LETTER;
}

static void
put (Sheet *sheet, double x, double y, const char *text)
{
  set_words (sheet->page->words, x, y, text);
}

static void
put_right (Sheet *sheet, double x, double y, const char *text)
{
  g_autoptr (GPtrArray) scratch = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_word_free);
  double width = set_words (scratch, 0, 0, text);
  put (sheet, x - width, y, text);
}

static void
rule (Sheet *sheet, double x0, double y0, double x1, double y1)
{
  g_ptr_array_add (sheet->page->rulings,
                   docai_ruling_new (DOCAI_BOX (x0 - 0.25, y0 - 0.25, x1 + 0.25, y1 + 0.25)));
}

/* The n-th table of the page, in reading order; NULL: there are fewer. */
static DocaiRegion *
nth_table (Sheet *sheet, int n)
{
  for (guint i = 0; i < sheet->page->regions->len; i++)
    {
      DocaiRegion *region = g_ptr_array_index (sheet->page->regions, i);
      if (region->label == DOCAI_LABEL_TABLE && n-- == 0)
        return region;
    }
  return NULL;
}

static DocaiTable *
only_table (Sheet *sheet)
{
  g_assert_nonnull (nth_table (sheet, 0));
  g_assert_null (nth_table (sheet, 1));
  return nth_table (sheet, 0)->table;
}

static const DocaiCell *
cell_at (const DocaiTable *table, int row, int column)
{
  for (guint i = 0; i < table->cells->len; i++)
    {
      const DocaiCell *cell = g_ptr_array_index (table->cells, i);
      if (cell->row == row && cell->column == column)
        return cell;
    }
  return NULL;
}

static void
assert_cell (const DocaiTable *table, int row, int column, const char *text)
{
  const DocaiCell *cell = cell_at (table, row, column);
  g_assert_cmpstr (cell != NULL ? cell->text : NULL, ==, text);
}

static void
assert_span (const DocaiTable *table, int row, int column, int row_span, int column_span)
{
  const DocaiCell *cell = cell_at (table, row, column);
  g_assert_nonnull (cell);
  g_assert_cmpint (cell->row_span, ==, row_span);
  g_assert_cmpint (cell->column_span, ==, column_span);
}

static void
lattice (Sheet *sheet, double x, double y, int rows, int columns, double height, double width)
{
  for (int r = 0; r <= rows; r++)
    rule (sheet, x, y + r * height, x + columns * width, y + r * height);
  for (int c = 0; c <= columns; c++)
    rule (sheet, x + c * width, y, x + c * width, y + rows * height);
}

static void
test_ruled (Sheet *sheet, gconstpointer unused)
{
  static const char *const texts[3][3] = { { "Name", "City", "Note" },
                                           { "Ada", "London", "first of them" },
                                           { "Grace", "New York", "" } };
  lattice (sheet, 50, 100, 3, 3, 20, 150);
  for (int r = 0; r < 3; r++)
    for (int c = 0; c < 3; c++)
      if (texts[r][c][0] != '\0')
        put (sheet, 55 + 150 * c, 105 + 20 * r, texts[r][c]);
  run_stage (sheet);
  const DocaiTable *table = only_table (sheet);
  g_assert_cmpint (table->rows, ==, 3);
  g_assert_cmpint (table->columns, ==, 3);
  for (int r = 0; r < 3; r++)
    for (int c = 0; c < 3; c++)
      assert_cell (table, r, c, texts[r][c][0] != '\0' ? texts[r][c] : NULL);
  g_assert_true (cell_at (table, 0, 0)->header);
  g_assert_false (cell_at (table, 1, 0)->header);
  g_assert_cmpuint (sheet->page->words->len, ==, 0);
  g_assert_cmpfloat (nth_table (sheet, 0)->confidence, >, 0.8);
}

/* Cells that wrap stay one row where rules part the rows. */
static void
test_ruled_wrapped (Sheet *sheet, gconstpointer unused)
{
  lattice (sheet, 50, 100, 3, 2, 40, 200);
  put (sheet, 55, 105, "Scale");
  put (sheet, 255, 105, "Description");
  put (sheet, 55, 145, "Visual analog");
  put (sheet, 55, 157, "scale (VAS)");
  put (sheet, 255, 145, "A line of fixed length with words");
  put (sheet, 255, 157, "at both of its ends");
  put (sheet, 55, 185, "Likert scale");
  put (sheet, 255, 185, "An ordered set of terms");
  run_stage (sheet);
  const DocaiTable *table = only_table (sheet);
  g_assert_cmpint (table->rows, ==, 3);
  assert_cell (table, 1, 0, "Visual analog scale (VAS)");
  assert_cell (table, 1, 1, "A line of fixed length with words at both of its ends");
}

/* A heading over two of three columns, a label beside it over two rows. */
static void
test_ruled_spans (Sheet *sheet, gconstpointer unused)
{
  for (int r = 0; r <= 4; r++)
    rule (sheet, r == 1 ? 150 : 50, 100 + 20 * r, 350, 100 + 20 * r);
  rule (sheet, 50, 100, 50, 180);
  rule (sheet, 150, 100, 150, 180);
  rule (sheet, 250, 120, 250, 180);
  rule (sheet, 350, 100, 350, 180);
  put (sheet, 55, 115, "Country");
  put (sheet, 230, 105, "Population");
  put (sheet, 170, 125, "men");
  put (sheet, 270, 125, "women");
  put (sheet, 55, 145, "Austria");
  put (sheet, 170, 145, "4,310");
  put (sheet, 270, 145, "4,420");
  put (sheet, 55, 165, "Belgium");
  put (sheet, 170, 165, "5,600");
  put (sheet, 270, 165, "5,820");
  run_stage (sheet);
  const DocaiTable *table = only_table (sheet);
  g_assert_cmpint (table->rows, ==, 4);
  g_assert_cmpint (table->columns, ==, 3);
  assert_cell (table, 0, 0, "Country");
  assert_span (table, 0, 0, 2, 1);
  assert_cell (table, 0, 1, "Population");
  assert_span (table, 0, 1, 1, 2);
  assert_cell (table, 1, 2, "women");
  g_assert_true (cell_at (table, 1, 2)->header);
  assert_cell (table, 3, 2, "5,820");
  g_assert_false (cell_at (table, 2, 0)->header);
}

static void
put_figures (Sheet *sheet, double y, int rows)
{
  for (int r = 0; r < rows; r++)
    {
      g_autofree char *label = g_strdup_printf ("Label%c", 'A' + r);
      put (sheet, 60, y + 14 * r, label);
      for (int c = 0; c < 3; c++)
        {
          g_autofree char *figure = g_strdup_printf ("%d.%d", 10 + 37 * r + c, c);
          put_right (sheet, 220 + 80 * c, y + 14 * r, figure);
        }
    }
}

/* Rules above, under the header and below, as in books; one heading underlined
 * by a short rule; a title above and a source below stay outside. */
static void
test_open_rules (Sheet *sheet, gconstpointer unused)
{
  put (sheet, 60, 70, "Table 3. Things that were counted");
  rule (sheet, 58, 90, 390, 90);
  put (sheet, 255, 94, "Years");
  rule (sheet, 190, 107, 300, 107);
  put (sheet, 60, 110, "Thing");
  put_right (sheet, 220, 110, "old");
  put_right (sheet, 300, 110, "new");
  put_right (sheet, 380, 110, "Sum");
  rule (sheet, 58, 124, 390, 124);
  put_figures (sheet, 128, 6);
  rule (sheet, 58, 214, 390, 214);
  put (sheet, 60, 218, "Source: counted by hand");
  run_stage (sheet);
  const DocaiTable *table = only_table (sheet);
  g_assert_cmpint (table->columns, ==, 4);
  g_assert_cmpint (table->rows, ==, 8);
  assert_cell (table, 0, 1, "Years");
  assert_span (table, 0, 1, 1, 2);
  assert_cell (table, 2, 0, "LabelA");
  assert_cell (table, 7, 3, "197.2");
  g_assert_cmpuint (sheet->page->words->len, ==, 10); /* title and source */
}

static void
test_unruled (Sheet *sheet, gconstpointer unused)
{
  put (sheet, 60, 100, "Thing");
  put_right (sheet, 220, 100, "low");
  put_right (sheet, 300, 100, "mid");
  put_right (sheet, 380, 100, "high");
  put_figures (sheet, 114, 6);
  run_stage (sheet);
  const DocaiTable *table = only_table (sheet);
  g_assert_cmpint (table->columns, ==, 4);
  g_assert_cmpint (table->rows, ==, 7);
  assert_cell (table, 0, 2, "mid");
  g_assert_true (cell_at (table, 0, 2)->header);
  assert_cell (table, 6, 0, "LabelF");
  assert_cell (table, 6, 1, "195.0");
}

/* Headings that nearly touch are parted where their columns end. */
static void
test_tight_header (Sheet *sheet, gconstpointer unused)
{
  put (sheet, 60, 100, "Thing");
  put_right (sheet, 220, 100, "number of");
  put_right (sheet, 300, 100, "per cent of all"); /* 4 points after "of" */
  put_right (sheet, 380, 100, "Sum");
  put_figures (sheet, 114, 6);
  run_stage (sheet);
  const DocaiTable *table = only_table (sheet);
  g_assert_cmpint (table->columns, ==, 4);
  assert_cell (table, 0, 1, "number of");
  assert_cell (table, 0, 2, "per cent of all");
}

/* An invoice's lines: descriptions that go on below, totals under the amounts. */
static void
test_items (Sheet *sheet, gconstpointer unused)
{
  static const char *const head[] = { "Pos", "Description", "Qty", "Price", "Amount" };
  double                   y = 120;

  put (sheet, 50, 100, head[0]);
  put (sheet, 90, 100, head[1]);
  put_right (sheet, 340, 100, head[2]);
  put_right (sheet, 430, 100, head[3]);
  put_right (sheet, 520, 100, head[4]);
  rule (sheet, 50, 114, 520, 114);
  for (int i = 0; i < 4; i++, y += 42)
    {
      g_autofree char *pos = g_strdup_printf ("%d", i + 1);
      g_autofree char *price = g_strdup_printf ("%d,90", 12 + i);
      put (sheet, 50, y, pos);
      put (sheet, 90, y, "Small Business Hosting");
      put (sheet, 90, y + 14, "basic fee a month");
      put (sheet, 90, y + 28, "01.05.14-31.05.14");
      put_right (sheet, 340, y, "2");
      put_right (sheet, 430, y, price);
      put_right (sheet, 520, y, "25,80");
    }
  run_stage (sheet);
  const DocaiTable *table = only_table (sheet);
  g_assert_cmpint (table->columns, ==, 5);
  g_assert_cmpint (table->rows, ==, 5);
  assert_cell (table, 0, 1, "Description");
  assert_cell (table, 2, 1, "Small Business Hosting basic fee a month 01.05.14-31.05.14");
  assert_cell (table, 4, 3, "15,90");
}

static void
test_beside (Sheet *sheet, gconstpointer unused)
{
  for (int t = 0; t < 2; t++)
    {
      lattice (sheet, 40 + 280 * t, 100, 3, 2, 20, 110);
      for (int r = 0; r < 3; r++)
        {
          g_autofree char *left = g_strdup_printf ("T%dR%d", t, r);
          put (sheet, 45 + 280 * t, 105 + 20 * r, left);
          put (sheet, 155 + 280 * t, 105 + 20 * r, "42");
        }
    }
  run_stage (sheet);
  g_assert_nonnull (nth_table (sheet, 1));
  g_assert_null (nth_table (sheet, 2));
  assert_cell (nth_table (sheet, 0)->table, 2, 0, "T0R2");
  assert_cell (nth_table (sheet, 1)->table, 2, 0, "T1R2");
  g_assert_cmpint (nth_table (sheet, 1)->table->columns, ==, 2);
}

static const char *const prose[] = {
  "The committee met twice in the spring and", "once more before the summer in order to",
  "hear what the members had found out by",    "then and to agree upon what was to follow",
  "from it for the coming year of the office",
};

static void
test_prose (Sheet *sheet, gconstpointer unused)
{
  for (int i = 0; i < 25; i++)
    {
      put (sheet, 40, 100 + 14 * i, prose[i % 5]);
      put (sheet, 320, 100 + 14 * i, prose[(i + 2) % 5]);
    }
  guint words = sheet->page->words->len;
  run_stage (sheet);
  g_assert_null (nth_table (sheet, 0));
  g_assert_cmpuint (sheet->page->words->len, ==, words);
}

static void
test_list_and_form (Sheet *sheet, gconstpointer unused)
{
  for (int i = 0; i < 6; i++)
    {
      g_autofree char *number = g_strdup_printf ("%d.", i + 1);
      put (sheet, 40, 100 + 14 * i, number);
      put (sheet, 70, 100 + 14 * i, "something to be done");
    }
  static const char *const names[] = { "Invoice:", "Date:", "Customer:", "Due:" };
  for (int i = 0; i < 4; i++)
    {
      put (sheet, 40, 300 + 14 * i, names[i]);
      put (sheet, 140, 300 + 14 * i, i == 1 ? "12.05.2020" : "471102");
    }
  run_stage (sheet);
  g_assert_null (nth_table (sheet, 0));
}

/* A framed paragraph and a chart's scale are no tables. */
static void
test_frame_and_scale (Sheet *sheet, gconstpointer unused)
{
  lattice (sheet, 40, 90, 1, 1, 90, 260);
  for (int i = 0; i < 5; i++)
    put (sheet, 50, 100 + 14 * i, prose[i]);
  for (int i = 0; i < 6; i++)
    {
      g_autofree char *left = g_strdup_printf ("%d", 100 * i);
      put_right (sheet, 80, 400 + 20 * i, left);
      put (sheet, 410, 400 + 20 * i, "5");
      rule (sheet, 85, 405 + 20 * i, 400, 405 + 20 * i);
    }
  run_stage (sheet);
  g_assert_null (nth_table (sheet, 0));
}

static void
add_line (DocaiRegion *region, double x, double y, const char *text)
{
  DocaiLine *line = docai_line_new ();
  set_words (line->words, x, y, text);
  docai_line_update (line);
  g_ptr_array_add (region->lines, line);
  region->bbox = docai_box_union (region->bbox, line->bbox);
  docai_region_update_text (region);
}

/* A text region that swallowed a table is parted around it. */
static void
test_regions (Sheet *sheet, gconstpointer unused)
{
  DocaiRegion *region = docai_region_new (DOCAI_LABEL_TEXT, DOCAI_BOX (0, 0, 0, 0), 0.9);
  DocaiRegion *candidate = docai_region_new (DOCAI_LABEL_TABLE, DOCAI_BOX (0, 0, 0, 0), 0.5);

  lattice (sheet, 50, 300, 3, 2, 20, 100);
  add_line (region, 50, 280, "What stands above the table");
  for (int r = 0; r < 3; r++)
    {
      add_line (region, 55, 305 + 20 * r, r == 0 ? "Name" : "Ada");
      add_line (region, 155, 305 + 20 * r, r == 0 ? "Age" : "36");
    }
  add_line (region, 50, 370, "What stands below the table");
  add_line (candidate, 50, 600, "Nothing but a line of text");
  g_ptr_array_add (sheet->page->regions, region);
  g_ptr_array_add (sheet->page->regions, candidate);
  run_stage (sheet);
  g_assert_cmpuint (sheet->page->regions->len, ==, 4);
  static const DocaiLabel labels[] = { DOCAI_LABEL_TEXT, DOCAI_LABEL_TABLE, DOCAI_LABEL_TEXT,
                                       DOCAI_LABEL_TEXT };
  for (guint i = 0; i < 4; i++)
    g_assert_cmpint (((DocaiRegion *) g_ptr_array_index (sheet->page->regions, i))->label, ==,
                     labels[i]);
  const DocaiRegion *above = g_ptr_array_index (sheet->page->regions, 0);
  const DocaiRegion *below = g_ptr_array_index (sheet->page->regions, 2);
  g_assert_cmpstr (above->text, ==, "What stands above the table");
  g_assert_cmpstr (below->text, ==, "What stands below the table");
  g_assert_cmpfloat (above->bbox.y1, <, 300);
  g_assert_cmpuint (nth_table (sheet, 0)->lines->len, ==, 6);
}

/* A row of photographs in a frame of cells on a scan, with names below: no table. */
static void
test_portraits (Sheet *sheet, gconstpointer unused)
{
  static const char *const names[] = { "Hanna", "Ben", "Cian", "Debra" };

  for (int r = 0; r < 3; r++)
    rule (sheet, 50, r < 2 ? 100 + 90 * r : 215, 450, r < 2 ? 100 + 90 * r : 215);
  for (int c = 0; c <= 4; c++)
    rule (sheet, 50 + 100 * c, 100, 50 + 100 * c, 215);
  for (int c = 0; c < 4; c++)
    {
      DocaiBox box = DOCAI_BOX (60 + 100 * c, 105, 140 + 100 * c, 185);
      g_ptr_array_add (sheet->page->regions, docai_region_new (DOCAI_LABEL_PICTURE, box, 0.8));
      put (sheet, 70 + 100 * c, 198, names[c]);
    }
  sheet->page->text_source = DOCAI_TEXT_OCR;
  run_stage (sheet);
  g_assert_null (nth_table (sheet, 0));
  g_assert_cmpuint (sheet->page->regions->len, ==, 4);
}

/* A table takes most of a column that is read first: what stands over it in the next
 * column of the layout is still read before it. */
static void
test_over_first (Sheet *sheet, gconstpointer unused)
{
  DocaiRegion *column = docai_region_new (DOCAI_LABEL_TEXT, DOCAI_BOX (0, 0, 0, 0), 0.9);
  DocaiRegion *over = docai_region_new (DOCAI_LABEL_TEXT, DOCAI_BOX (0, 0, 0, 0), 0.9);

  lattice (sheet, 50, 300, 3, 2, 20, 100);
  for (int r = 0; r < 3; r++)
    {
      add_line (column, 55, 305 + 20 * r, r == 0 ? "Name" : "Ada");
      add_line (column, 155, 305 + 20 * r, r == 0 ? "Age" : "36");
    }
  add_line (over, 80, 270, "What stands over it");
  g_ptr_array_add (sheet->page->regions, column);
  g_ptr_array_add (sheet->page->regions, over);
  run_stage (sheet);
  g_assert_cmpuint (sheet->page->regions->len, ==, 2);
  g_assert_true (g_ptr_array_index (sheet->page->regions, 0) == over);
  g_assert_nonnull (((DocaiRegion *) g_ptr_array_index (sheet->page->regions, 1))->table);
}

/* Two columns of a candidate that is no table. */
static DocaiRegion *
add_columns (Sheet *sheet, const char *const *left, const char *const *right)
{
  DocaiRegion *candidate = docai_region_new (DOCAI_LABEL_TABLE, DOCAI_BOX (0, 0, 0, 0), 0.5);

  for (int r = 0; left[r] != NULL; r++)
    {
      add_line (candidate, 50, 100 + 20 * r, left[r]);
      add_line (candidate, 400, 100 + 20 * r, right[r]);
    }
  g_ptr_array_add (sheet->page->regions, candidate);
  sheet->page->text_source = DOCAI_TEXT_OCR;
  run_stage (sheet);
  g_assert_null (nth_table (sheet, 0));
  return sheet->page->regions->pdata[0];
}

/* What proved to be no table is one text, read by rows, where goods and prices stand side
 * by side, and divided like the rest of the page where names do. */
static void
test_released (Sheet *sheet, gconstpointer unused)
{
  static const char *const goods[] = { "Bread and rolls", "Total", NULL };
  static const char *const prices[] = { "3.40 A", "3.40", NULL };

  const DocaiRegion *slip = add_columns (sheet, goods, prices);
  g_assert_cmpuint (sheet->page->regions->len, ==, 1);
  g_assert_cmpint (slip->label, ==, DOCAI_LABEL_TEXT);
  g_assert_cmpstr (slip->text, ==, "Bread and rolls\n3.40 A\nTotal\n3.40");
}

static void
test_released_columns (Sheet *sheet, gconstpointer unused)
{
  static const char *const first[] = { "Ada Lovelace", "Analytical Society", NULL };
  static const char *const second[] = { "Emmy Noether", "Institute of Algebra", NULL };

  add_columns (sheet, first, second);
  g_assert_cmpuint (sheet->page->regions->len, >, 1);
}

/* Names under their pictures and the prices under those: columns, though figures stand
 * side by side. */
static void
test_released_goods (Sheet *sheet, gconstpointer unused)
{
  static const char *const first[] = { "Hand fork", "14.90", NULL };
  static const char *const second[] = { "Trowel", "12.50", NULL };

  add_columns (sheet, first, second);
  g_assert_cmpuint (sheet->page->regions->len, >, 1);
}

/* Labels under one another that sums stand right of, however far, are no paragraph; a
 * wrapped one parts no rows. */
static void
test_statement (Sheet *sheet, gconstpointer unused)
{
  static const char *const entries[] = { "Salary of the river works", "Cash machine at High Street", "Card payment bookshop Wick",
                                         "Direct debit council taxes", "Cheque number one and two", "Balance carried forward on" };
  double y = 100;
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++, y += 16)
    {
      g_autofree char *date = g_strdup_printf ("%02u May", i + 1), *sum = g_strdup_printf ("2,%u01.22", i + 1);
      put (sheet, 40, y, date);
      put (sheet, 100, y, entries[i]);
      put_right (sheet, i == 0 ? 480 : 420, y, "60.00");
      put_right (sheet, 560, y, sum);
      if (i == 0)
        put (sheet, 100, y += 10, "paid late");
    }
  run_stage (sheet);
  const DocaiTable *table = only_table (sheet);
  g_assert_cmpint (table->rows, ==, 6);
  g_assert_cmpint (table->columns, ==, 5);
  assert_cell (table, 5, 1, "Balance carried forward on");
}

static void
test_off (Sheet *sheet, gconstpointer unused)
{
  sheet->options->tables = FALSE;
  put_figures (sheet, 114, 6);
  run_stage (sheet);
  g_assert_cmpuint (sheet->page->regions->len, ==, 0);
  g_assert_cmpuint (sheet->page->words->len, ==, 24);
}

static guint
count_words (const DocaiPage *page)
{
  guint n = page->words->len;
  for (guint r = 0; r < page->regions->len; r++)
    {
      const DocaiRegion *region = g_ptr_array_index (page->regions, r);
      for (guint l = 0; l < region->lines->len; l++)
        n += ((const DocaiLine *) g_ptr_array_index (region->lines, l))->words->len;
    }
  return n;
}

static void
assert_sound (const DocaiPage *page)
{
  for (guint r = 0; r < page->regions->len; r++)
    {
      const DocaiRegion *region = g_ptr_array_index (page->regions, r);
      g_assert_true ((region->label == DOCAI_LABEL_TABLE) == (region->table != NULL));
      for (guint i = 0; region->table != NULL && i < region->table->cells->len; i++)
        {
          const DocaiCell *cell = g_ptr_array_index (region->table->cells, i);
          g_assert_cmpint (cell->row, >=, 0);
          g_assert_cmpint (cell->row_span, >=, 1);
          g_assert_cmpint (cell->row + cell->row_span, <=, region->table->rows);
          g_assert_cmpint (cell->column_span, >=, 1);
          g_assert_cmpint (cell->column + cell->column_span, <=, region->table->columns);
        }
    }
}

/* Pages of chance: every word stays, once, and every table is well formed. */
static void
test_chance (Sheet *sheet, gconstpointer unused)
{
  static const char *const texts[] = { "a", "12", "Total", "3.5%", "......", "-----", "(x)", "$" };
  for (guint32 seed = 1; seed <= 60; seed++)
    {
      g_autoptr (GRand) chance = g_rand_new_with_seed (seed);
      Sheet one;
      set_up (&one, NULL);
      int step = g_rand_int_range (chance, 5, 40);
      for (int i = 0; i < 150; i++)
        put (&one, step * g_rand_int_range (chance, 0, 600 / step),
             12 * g_rand_int_range (chance, 0, 30), texts[g_rand_int_range (chance, 0, 8)]);
      for (int i = 0; i < 40; i++)
        {
          double x = step * g_rand_int_range (chance, 0, 600 / step),
                 y = 12 * g_rand_int_range (chance, 0, 30);
          gboolean across = g_rand_boolean (chance);
          rule (&one, x, y, across ? x + 200 : x, across ? y : y + 120);
        }
      run_stage (&one);
      g_assert_cmpuint (count_words (one.page), ==, 150);
      assert_sound (one.page);
      tear_down (&one, NULL);
    }
}

/* What no page should hold, and far too much of it, ends soon and quietly. */
static void
test_degenerate (Sheet *sheet, gconstpointer unused)
{
  run_stage (sheet);
  g_ptr_array_add (sheet->page->words, docai_word_new ("x", DOCAI_BOX (NAN, 0, 1, 1), 1));
  g_ptr_array_add (sheet->page->words, docai_word_new ("x", DOCAI_BOX (5, 5, 1, 1), 1));
  g_ptr_array_add (sheet->page->words, docai_word_new ("", DOCAI_BOX (5, 5, 9, 9), 1));
  g_ptr_array_add (sheet->page->words, docai_word_new ("x", DOCAI_BOX (-1e300, 0, 1e300, 1e9), 1));
  g_ptr_array_add (sheet->page->rulings, docai_ruling_new (DOCAI_BOX (0, NAN, INFINITY, 1)));
  run_stage (sheet);
  g_assert_cmpuint (count_words (sheet->page), ==, 4);

  clock_t start = clock (); /* the process's own time: the machine may be busy */
  for (int i = 0; i < 50000; i++) /* all on one spot, then a dense grid */
    put (sheet, 100, 100, "7");
  for (int i = 0; i < 50000; i++)
    put (sheet, 2.5 * (i % 230), 3.5 * (i / 230), "7");
  for (int i = 0; i < 4000; i++)
    {
      rule (sheet, 0, 0.2 * i, 600, 0.2 * i);
      rule (sheet, 0.15 * i, 0, 0.15 * i, 800);
    }
  run_stage (sheet);
  g_assert_cmpuint (count_words (sheet->page), ==, 100004);
  assert_sound (sheet->page);
  g_assert_cmpfloat ((double) (clock () - start) / CLOCKS_PER_SEC, <, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add (name, Sheet, NULL, set_up, function, tear_down)
  ADD ("/table/ruled", test_ruled);
  ADD ("/table/ruled-wrapped", test_ruled_wrapped);
  ADD ("/table/ruled-spans", test_ruled_spans);
  ADD ("/table/open-rules", test_open_rules);
  ADD ("/table/unruled", test_unruled);
  ADD ("/table/tight-header", test_tight_header);
  ADD ("/table/items", test_items);
  ADD ("/table/beside", test_beside);
  ADD ("/table/prose", test_prose);
  ADD ("/table/list-and-form", test_list_and_form);
  ADD ("/table/frame-and-scale", test_frame_and_scale);
  ADD ("/table/regions", test_regions);
  ADD ("/table/portraits", test_portraits);
  ADD ("/table/over-first", test_over_first);
  ADD ("/table/released", test_released);
  ADD ("/table/released-columns", test_released_columns);
  ADD ("/table/released-goods", test_released_goods);
  ADD ("/table/statement", test_statement);
  ADD ("/table/off", test_off);
  ADD ("/table/chance", test_chance);
  ADD ("/table/degenerate", test_degenerate);
  return g_test_run ();
}
