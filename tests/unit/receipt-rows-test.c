/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rows of till slips: columns that layout took apart come together row by row, tables
 * stay, and no word is lost; and what the rows say of name and total. What rows say of the total.
 */
#include "tests/unit/extract-pages.h"

#include <string.h>

typedef struct {
  double      x, y;
  const char *text;
} Print;

static DocaiRegion *
make_region (DocaiLabel label, const Print *prints, gsize n)
{
  DocaiRegion *region = docai_region_new (label, DOCAI_BOX (0, 0, 0, 0), 1);

  for (gsize i = 0; i < n; i++)
    {
      add_typed (region, prints[i].x, prints[i].y, prints[i].text);
      const DocaiLine *line = region->lines->pdata[i];
      region->bbox = i == 0 ? line->bbox : docai_box_union (region->bbox, line->bbox);
    }
  docai_region_update_text (region);
  return region;
}

static const Print title[] = { { 60, 20, "CORNER STORES LTD" } };
static const Print left[] = { { 20, 120, "Subtotal" }, { 20, 132, "Rounding" }, { 20, 144, "TOTAL" }, { 20, 190, "CASH" } };
static const Print right[] = { { 150, 120, "17.28" }, { 150, 132, "0.02" }, { 150, 144, "17.30" }, { 150, 190, "20.00" } };
static const Print items[] = { { 20, 70, "Bread" }, { 150, 70, "17.28" } };

static DocaiDocument *
make_slip (void)
{
  DocaiDocument *document = docai_document_new ();
  DocaiPage     *page = docai_page_new (1, 200, 400);
  DocaiRegion   *table = make_region (DOCAI_LABEL_TABLE, items, G_N_ELEMENTS (items));

  table->table = docai_table_new (1, 2);
  page->text_source = DOCAI_TEXT_OCR;
  g_ptr_array_add (page->regions, make_region (DOCAI_LABEL_TITLE, title, G_N_ELEMENTS (title)));
  g_ptr_array_add (page->regions, make_region (DOCAI_LABEL_TEXT, left, G_N_ELEMENTS (left)));
  g_ptr_array_add (page->regions, make_region (DOCAI_LABEL_SECTION_HEADER, right, G_N_ELEMENTS (right)));
  g_ptr_array_add (page->regions, table);
  g_ptr_array_add (document->pages, page);
  return document;
}

static void
assert_region (const DocaiPage *page, guint at, DocaiLabel label, const char *text)
{
  const DocaiRegion *region = page->regions->pdata[at];

  g_assert_cmpint (region->label, ==, label);
  g_assert_cmpstr (region->text, ==, text);
}

static void
test_rows (void)
{
  g_autoptr (DocaiDocument) document = make_slip ();
  const DocaiPage          *page = document->pages->pdata[0];

  run_extract (document, "receipt");
  g_assert_cmpuint (page->regions->len, ==, 4);
  assert_region (page, 0, DOCAI_LABEL_TITLE, "CORNER STORES LTD");
  assert_region (page, 1, DOCAI_LABEL_TABLE, "Bread\n17.28");
  assert_region (page, 2, DOCAI_LABEL_TEXT, "Subtotal 17.28\nRounding 0.02\nTOTAL 17.30");
  assert_region (page, 3, DOCAI_LABEL_TEXT, "CASH 20.00");
  g_assert_cmpfloat (((DocaiRegion *) page->regions->pdata[2])->bbox.x1, ==, 175);
  g_assert_cmpstr (docai_fields_lookup (document->fields, "Total")->value, ==, "17.30");
}

/* What is no receipt keeps its order. */
static void
test_others (void)
{
  g_autoptr (DocaiDocument) document = make_slip ();
  const DocaiPage          *page = document->pages->pdata[0];

  run_extract (document, "none");
  g_assert_cmpuint (page->regions->len, ==, 4);
  assert_region (page, 1, DOCAI_LABEL_TEXT, "Subtotal\nRounding\nTOTAL\nCASH");
}

/* A word without a place stands in no row: nothing is moved then. */
static void
test_placeless (void)
{
  g_autoptr (DocaiDocument) document = make_slip ();
  const DocaiPage          *page = document->pages->pdata[0];
  const DocaiRegion        *region = page->regions->pdata[1];
  DocaiLine                *line = region->lines->pdata[0];

  g_ptr_array_add (line->words, docai_word_new ("ghost", DOCAI_BOX (0, 0, 0, 0), 0.9));
  run_extract (document, "receipt");
  g_assert_cmpuint (page->regions->len, ==, 4);
  g_assert_true (page->regions->pdata[1] == region);
  g_assert_cmpuint (line->words->len, ==, 2);
}

/* The last total is misread in one digit, and its rounding of nothing confirms nothing:
 * the one before and the cash say what it is. A name of digits with its registration is a
 * name, and no row of sums is one. */
static void
test_repeated_total (void)
{
  static const Print slip[] = {
    { 20, 20, "99 LAMP MART S/8 (519537-X)" }, { 20, 34, "22 Mill Road" }, { 20, 48, "47500 SUBANG" },
    { 20, 100, "Total" }, { 150, 100, "12.40" }, { 20, 120, "Round Adj" }, { 150, 120, "0.00" },
    { 20, 140, "Final Total" }, { 150, 140, "12.48" }, { 20, 160, "CASH" }, { 150, 160, "12.40" },
    { 20, 180, "CHANGE RN 00" },
  };
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage                *page = docai_page_new (1, 200, 400);

  page->text_source = DOCAI_TEXT_OCR;
  g_ptr_array_add (page->regions, make_region (DOCAI_LABEL_TEXT, slip, G_N_ELEMENTS (slip)));
  g_ptr_array_add (document->pages, page);
  run_extract (document, "receipt");
  g_assert_cmpstr (docai_fields_lookup (document->fields, "Total")->value, ==, "12.40");
  g_assert_cmpstr (docai_fields_lookup (document->fields, "MerchantName")->value, ==, "99 LAMP MART S/B");
  g_assert_cmpstr (docai_fields_lookup (document->fields, "MerchantAddress")->value, ==, "22 Mill Road\n47500 SUBANG");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/receipt-rows/rows", test_rows);
  g_test_add_func ("/receipt-rows/others", test_others);
  g_test_add_func ("/receipt-rows/placeless", test_placeless);
  g_test_add_func ("/receipt-rows/repeated-total", test_repeated_total);
  return g_test_run ();
}
