/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The formats of src/export against stored outputs of a hand-made document, and
 * what must hold of any document: well-formed XML, no formula in CSV, no text
 * that turns into markup. DOCAI_UPDATE_GOLDEN=1 writes the stored outputs anew;
 * read the difference before it is committed.
 */
#include "document/json.h"
#include "export/export.h"

#include <libxml/parser.h>
#include <string.h>

static char *
data_path (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "tests", "data", "export", name, NULL);
}

static DocaiDocument *
load_report (void)
{
  g_autofree char *path = data_path ("report.json");
  g_autofree char *text = NULL;
  gsize            length = 0;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  DocaiDocument *document = docai_document_from_json (text, length, &error);
  g_assert_no_error (error);
  return document;
}

static void
test_golden (gconstpointer data)
{
  const char *name = data;
  DocaiFormat format;
  g_assert_true (docai_format_lookup (name, &format));
  g_autoptr (DocaiDocument) document = load_report ();
  gsize            length = 0, expected_length = 0;
  g_autofree char *text = docai_export (document, format, &length);
  g_assert_cmpuint (length, ==, strlen (text));

  g_autofree char *file = g_strconcat ("report.", name, NULL);
  g_autofree char *path = data_path (file);
  g_autofree char *expected = NULL;
  if (g_getenv ("DOCAI_UPDATE_GOLDEN") != NULL)
    g_assert_true (g_file_set_contents (path, text, (gssize) length, NULL));
  g_assert_true (g_file_get_contents (path, &expected, &expected_length, NULL));
  g_assert_cmpmem (text, length, expected, expected_length);
}

/* HTML, hOCR and ALTO are well-formed even when every text is markup. */
static void
test_well_formed (gconstpointer data)
{
  DocaiFormat format;
  g_assert_true (docai_format_lookup (data, &format));
  g_autoptr (DocaiDocument) document = load_report ();
  for (guint p = 0; p < document->pages->len; p++)
    {
      DocaiPage *page = document->pages->pdata[p];
      for (guint r = 0; r < page->regions->len; r++)
        {
          DocaiRegion *region = page->regions->pdata[r];
          g_free (region->text);
          region->text = g_strdup ("</p></section><script>alert('1')</script>\" ]]> &amp; <!--");
          for (guint k = 0; k < region->lines->len; k++)
            {
              DocaiLine *line = region->lines->pdata[k];
              DocaiWord *word = line->words->pdata[0];
              g_free (word->text);
              word->text = g_strdup ("\"><script>&");
            }
        }
    }
  g_free (document->source->name);
  document->source->name = g_strdup ("a\"'><script>&quot;; bbox 1 2 3 4 --> x.pdf");
  gsize            length = 0;
  g_autofree char *text = docai_export (document, format, &length);
  g_assert_null (strstr (text, "<script"));
  xmlDoc *xml = xmlReadMemory (text, (int) length, NULL, NULL, XML_PARSE_NONET);
  g_assert_nonnull (xml);
  xmlFreeDoc (xml);
}

static DocaiDocument *
one_table (int rows, int columns, DocaiCell *cell)
{
  DocaiDocument *document = docai_document_new ();
  DocaiPage     *page = docai_page_new (1, 100, 100);
  DocaiRegion   *region = docai_region_new (DOCAI_LABEL_TABLE, DOCAI_BOX (0, 0, 1, 1), 1);
  region->table = docai_table_new (rows, columns);
  g_ptr_array_add (region->table->cells, cell);
  g_ptr_array_add (page->regions, region);
  g_ptr_array_add (document->pages, page);
  return document;
}

static void
test_csv_formulas (void)
{
  static const struct {
    const char *text, *expected;
  } cases[] = {
    { "=cmd()", "'=cmd()\r\n" },  { "-1.5", "-1.5\r\n" },     { "+1,234", "\"+1,234\"\r\n" },
    { "-1+1|cmd", "'-1+1|cmd\r\n" }, { "@x", "'@x\r\n" },      { "a\"b", "\"a\"\"b\"\r\n" },
    { "=a,b", "\"'=a,b\"\r\n" },  { "l1\nl2", "\"l1\nl2\"\r\n" }, { "-", "'-\r\n" },
    { "--1", "'--1\r\n" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DocaiCell *cell = docai_cell_new (0, 0, 1, 1);
      cell->text = g_strdup (cases[i].text);
      g_autoptr (DocaiDocument) document = one_table (1, 1, cell);
      gsize            length = 0;
      g_autofree char *text = docai_export (document, DOCAI_FORMAT_CSV, &length);
      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

/* Sizes and places of cells come from a document: none may be trusted. */
static void
test_hostile_tables (void)
{
  static const struct {
    int rows, columns, row, column, row_span, column_span;
  } cases[] = {
    { 2147483647, 2147483647, 0, 0, 1, 1 }, { 2, 2, 5, 5, 1, 1 },   { 2, 2, -1, 0, 1, 1 },
    { 0, 0, 0, 0, 0, 0 },                   { 2, 2, 1, 1, 9, 9 },   { -3, 2, 0, 0, 1, 1 },
    { 1, 2, 0, 1, 2147483647, 2147483647 }, { 2147483647, 1, 0, 0, 1, 1 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (int format = DOCAI_FORMAT_MARKDOWN; format < DOCAI_FORMAT_COUNT; format++)
      {
        DocaiCell *cell = docai_cell_new (cases[i].row, cases[i].column, cases[i].row_span,
                                          cases[i].column_span);
        cell->header = TRUE;
        g_autoptr (DocaiDocument) document = one_table (cases[i].rows, cases[i].columns, cell);
        gsize            length = 0;
        g_autofree char *text = docai_export (document, (DocaiFormat) format, &length);
        g_assert_nonnull (text);
      }
}

static void
test_failed (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new_failed (
    "j1", "a.pdf", 0, "file_empty", "The file is empty.");
  for (int format = 0; format < DOCAI_FORMAT_COUNT; format++)
    {
      gsize            length = 0;
      g_autofree char *text = docai_export (document, (DocaiFormat) format, &length);
      g_assert_nonnull (strstr (text, "The file is empty."));
      g_assert_true (strstr (text, "file_empty") != NULL || strstr (text, "file\\_empty") != NULL);
      g_assert_true (text[length - 1] == '\n');
    }
}

/* The state of a check box is told once, also where its text begins with the sign. */
static void
test_checkboxes (void)
{
  static const struct { DocaiLabel label; const char *text, *markdown, *plain, *html; } boxes[] = {
    { DOCAI_LABEL_CHECKBOX_SELECTED, "\xe2\x98\x92 paid", "- [x] paid\n", "[x] paid\n", "&#x2611; paid<" },
    { DOCAI_LABEL_CHECKBOX_UNSELECTED, "[ ] overdue", "- [ ] overdue\n", "[ ] overdue\n", "&#x2610; overdue<" },
    { DOCAI_LABEL_CHECKBOX_UNSELECTED, "none", "- [ ] none\n", "[ ] none\n", "&#x2610; none<" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (boxes); i++)
    {
      g_autoptr (DocaiDocument) document = docai_document_new ();
      DocaiPage   *page = docai_page_new (1, 100, 100);
      DocaiRegion *region = docai_region_new (boxes[i].label, DOCAI_BOX (0, 0, 50, 10), 1);
      gsize        length;
      region->text = g_strdup (boxes[i].text);
      g_ptr_array_add (page->regions, region);
      g_ptr_array_add (document->pages, page);
      g_autofree char *markdown = docai_export (document, DOCAI_FORMAT_MARKDOWN, &length);
      g_autofree char *plain = docai_export (document, DOCAI_FORMAT_TEXT, &length);
      g_autofree char *html = docai_export (document, DOCAI_FORMAT_HTML, &length);
      g_assert_nonnull (strstr (markdown, boxes[i].markdown));
      g_assert_nonnull (strstr (plain, boxes[i].plain));
      g_assert_nonnull (strstr (html, boxes[i].html));
    }
}

static void
test_names (void)
{
  g_auto (GStrv) names = g_strsplit (docai_format_names (), "|", -1);
  g_assert_cmpuint (g_strv_length (names), ==, DOCAI_FORMAT_COUNT);
  for (int format = 0; format < DOCAI_FORMAT_COUNT; format++)
    {
      DocaiFormat found;
      g_assert_cmpstr (docai_format_name ((DocaiFormat) format), ==, names[format]);
      g_assert_true (docai_format_lookup (names[format], &found));
      g_assert_cmpint (found, ==, format);
    }
  DocaiFormat none;
  g_assert_false (docai_format_lookup ("docx", &none));
  g_assert_false (docai_format_lookup (NULL, &none));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  static const char *const golden[] = { "md", "txt", "csv", "html", "hocr", "alto" };
  for (guint i = 0; i < G_N_ELEMENTS (golden); i++)
    {
      g_autofree char *path = g_strdup_printf ("/export/golden/%s", golden[i]);
      g_test_add_data_func (path, golden[i], test_golden);
    }
  static const char *const marked[] = { "html", "hocr", "alto" };
  for (guint i = 0; i < G_N_ELEMENTS (marked); i++)
    {
      g_autofree char *path = g_strdup_printf ("/export/well-formed/%s", marked[i]);
      g_test_add_data_func (path, marked[i], test_well_formed);
    }
  g_test_add_func ("/export/csv-formulas", test_csv_formulas);
  g_test_add_func ("/export/hostile-tables", test_hostile_tables);
  g_test_add_func ("/export/failed", test_failed);
  g_test_add_func ("/export/checkboxes", test_checkboxes);
  g_test_add_func ("/export/names", test_names);
  return g_test_run ();
}
