/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invoices in layouts that differ: items over pages, text above its numbers, columns that
 * touch, parties without labels.
 */
#include "tests/unit/extract-pages.h"

#include <string.h>

typedef struct {
  int         page;
  double      x, y;
  const char *text;
} Print;

/* Sets each text at its place in 10 point letters of 5 points width. */
static DocaiDocument *
make_document (const Print *prints, gsize n)
{
  DocaiDocument *document = docai_document_new ();

  for (gsize i = 0; i < n; i++)
    {
      if ((int) document->pages->len < prints[i].page)
        {
          DocaiPage *page = docai_page_new (prints[i].page, 595, 842);
          g_ptr_array_add (page->regions, docai_region_new (DOCAI_LABEL_TEXT, DOCAI_BOX (0, 0, 595, 842), 1));
          g_ptr_array_add (document->pages, page);
        }
      DocaiPage     *page = document->pages->pdata[prints[i].page - 1];
      DocaiRegion   *region = page->regions->pdata[0];
      add_typed (region, prints[i].x, prints[i].y, prints[i].text);
    }
  return document;
}

static DocaiDocument *
read_invoice (const Print *prints, gsize n)
{
  DocaiDocument *document = make_document (prints, n);

  run_extract (document, "invoice");
  return document;
}

static const char *
value_of (const GPtrArray *fields, const char *name)
{
  const DocaiField *field = docai_fields_lookup (fields, name);
  return field != NULL ? field->value : NULL;
}

static const GPtrArray *
item_at (const DocaiDocument *document, guint i)
{
  const DocaiField *items = docai_fields_lookup (document->fields, "Items");

  g_assert_nonnull (items);
  g_assert_cmpuint (items->items->len, >, i);
  return ((const DocaiItem *) items->items->pdata[i])->fields;
}

static guint
count_items (const DocaiDocument *document)
{
  const DocaiField *items = docai_fields_lookup (document->fields, "Items");
  return items != NULL ? items->items->len : 0;
}

/* The next page repeats no header; sums are carried over, and a table of taxes is no item. */
static void
test_pages (void)
{
  static const Print prints[] = {
    { 1, 50, 200, "Description" }, { 1, 300, 200, "Quantity" }, { 1, 400, 200, "Price" }, { 1, 500, 200, "Amount" },
    { 1, 50, 220, "Stock pot" }, { 1, 320, 220, "2" }, { 1, 400, 220, "30.00" }, { 1, 500, 220, "60.00" },
    { 1, 50, 240, "Carried forward" }, { 1, 500, 240, "60.00" }, { 1, 250, 800, "Page 1 of 2" },
    { 2, 50, 40, "Brought forward" }, { 2, 500, 40, "60.00" },
    { 2, 50, 60, "Chef knife" }, { 2, 320, 60, "3" }, { 2, 400, 60, "10.00" }, { 2, 500, 60, "30.00" },
    { 2, 50, 72, "stainless steel" },
    { 2, 50, 120, "VAT rate" }, { 2, 300, 120, "Net" }, { 2, 400, 120, "VAT amount" }, { 2, 500, 120, "Gross" },
    { 2, 50, 135, "20 %" }, { 2, 300, 135, "90.00" }, { 2, 400, 135, "18.00" }, { 2, 500, 135, "108.00" },
  };
  g_autoptr (DocaiDocument) document = read_invoice (prints, G_N_ELEMENTS (prints));

  g_assert_cmpuint (count_items (document), ==, 2);
  g_assert_cmpstr (value_of (item_at (document, 0), "Description"), ==, "Stock pot");
  g_assert_cmpstr (value_of (item_at (document, 1), "Description"), ==, "Chef knife stainless steel");
  g_assert_cmpstr (value_of (item_at (document, 1), "Amount"), ==, "30.00");
}

/* The text of an item stands over its numbers. */
static void
test_text_above (void)
{
  static const Print prints[] = {
    { 1, 50, 200, "Service" }, { 1, 300, 200, "Hours" }, { 1, 400, 200, "Rate" }, { 1, 500, 200, "Amount" },
    { 1, 50, 220, "Planning of the lighting" },
    { 1, 300, 232, "3.00" }, { 1, 400, 232, "95.00" }, { 1, 500, 232, "285.00" },
    { 1, 50, 252, "Installation" },
    { 1, 300, 264, "6.00" }, { 1, 400, 264, "10.00" }, { 1, 500, 264, "60.00" },
    { 1, 400, 300, "Total" }, { 1, 500, 300, "345.00" },
  };
  g_autoptr (DocaiDocument) document = read_invoice (prints, G_N_ELEMENTS (prints));

  g_assert_cmpuint (count_items (document), ==, 2);
  g_assert_cmpstr (value_of (item_at (document, 0), "Description"), ==, "Planning of the lighting");
  g_assert_cmpstr (value_of (item_at (document, 1), "Description"), ==, "Installation");
  g_assert_cmpstr (value_of (item_at (document, 1), "Quantity"), ==, "6.00");
}

/* Amount and rate stand so close that they are one piece of text; each belongs to its own
 * column. Titles with money beside them are an item's text. */
static void
test_touching_columns (void)
{
  static const Print prints[] = {
    { 1, 50, 200, "Description" }, { 1, 300, 200, "Qty" }, { 1, 380, 200, "Price" }, { 1, 460, 200, "Amount" }, { 1, 510, 200, "VAT" },
    { 1, 50, 214, "Line service" }, { 1, 300, 214, "2" }, { 1, 380, 214, "30.00" }, { 1, 465, 214, "60.00 20.0%" },
    { 1, 50, 228, "Discount" }, { 1, 465, 228, "-5.00" },
  };
  g_autoptr (DocaiDocument) document = read_invoice (prints, G_N_ELEMENTS (prints));

  g_assert_cmpuint (count_items (document), ==, 1);
  g_assert_cmpstr (value_of (item_at (document, 0), "Amount"), ==, "60.00");
  g_assert_cmpstr (value_of (item_at (document, 0), "TaxRate"), ==, "20.00");
  g_assert_cmpstr (value_of (item_at (document, 0), "Description"), ==, "Line service");
}

/* What it is and how much, nothing else. */
static void
test_brief_table (void)
{
  static const Print prints[] = {
    { 1, 50, 200, "Description" }, { 1, 500, 200, "Amount" }, { 1, 50, 214, "Planting plan" }, { 1, 500, 214, "380.00" },
    { 1, 50, 228, "Site visits" }, { 1, 500, 228, "165.00" }, { 1, 400, 260, "Total" }, { 1, 500, 260, "545.00" },
  };
  g_autoptr (DocaiDocument) document = read_invoice (prints, G_N_ELEMENTS (prints));

  g_assert_cmpuint (count_items (document), ==, 2);
  g_assert_cmpstr (value_of (item_at (document, 1), "Amount"), ==, "165.00");
  g_assert_cmpstr (value_of (document->fields, "InvoiceTotal"), ==, "545.00");
}

/* The letterhead is at the top on the left, the addressee on the right; a street has no
 * number, and one has four digits as a post code has. */
static void
test_letterhead (void)
{
  static const Print prints[] = {
    { 1, 50, 40, "Prairie Supply Co." }, { 1, 50, 52, "2208 Grain Elevator Road" }, { 1, 50, 64, "Lincoln, NE 68502" },
    { 1, 350, 130, "Old Mill Hotel" }, { 1, 350, 142, "Mill Lane" }, { 1, 350, 154, "Reading RG8 7AB" },
    { 1, 50, 200, "Invoice number: 4711" }, { 1, 50, 212, "P.O. Number" }, { 1, 150, 212, "77120" },
  };
  g_autoptr (DocaiDocument) document = read_invoice (prints, G_N_ELEMENTS (prints));

  g_assert_cmpstr (value_of (document->fields, "VendorName"), ==, "Prairie Supply Co.");
  g_assert_cmpstr (value_of (document->fields, "VendorAddress"), ==, "2208 Grain Elevator Road\nLincoln, NE 68502");
  g_assert_cmpstr (value_of (document->fields, "CustomerName"), ==, "Old Mill Hotel");
  g_assert_cmpstr (value_of (document->fields, "CustomerAddress"), ==, "Mill Lane\nReading RG8 7AB");
  g_assert_cmpstr (value_of (document->fields, "PurchaseOrder"), ==, "77120");
}

/* The line over the window is short; a branch of the vendor is no customer, nor a slogan. */
static void
test_short_sender (void)
{
  static const Print prints[] = {
    { 1, 350, 90, "Branch South" }, { 1, 350, 102, "Harbour 14" }, { 1, 350, 114, "20457 Hamburg" },
    { 1, 50, 130, "Nordwind, Harbour 14, 20457 Hamburg" },
    { 1, 50, 150, "We deliver anywhere." }, { 1, 50, 180, "Muster GmbH" }, { 1, 50, 192, "Musterweg 1" }, { 1, 50, 204, "60325 Frankfurt" },
    { 1, 50, 240, "Rechnung Nr. 4711" },
    { 1, 50, 780, "Nordwind Holzbau GmbH" }, { 1, 300, 780, "USt-IdNr. DE238574172" },
  };
  g_autoptr (DocaiDocument) document = read_invoice (prints, G_N_ELEMENTS (prints));

  g_assert_cmpstr (value_of (document->fields, "VendorName"), ==, "Nordwind Holzbau GmbH");
  g_assert_cmpstr (value_of (document->fields, "CustomerName"), ==, "Muster GmbH");
  g_assert_cmpstr (value_of (document->fields, "CustomerAddress"), ==, "Musterweg 1\n60325 Frankfurt");
  g_assert_cmpstr (value_of (document->fields, "VendorTaxId"), ==, "DE238574172");
}

/* The sender stands in the footer alone; numbers of tax without a country's letters. */
static void
test_footer_and_numbers (void)
{
  static const Print prints[] = {
    { 1, 50, 40, "FACTURA" }, { 1, 300, 40, "CIF: B31224455" }, { 1, 50, 60, "Factura n 2024/17" },
    { 1, 50, 130, "Cliente:" }, { 1, 50, 142, "Transportes Rojo, S.A." }, { 1, 50, 154, "C/ Mayor, 45" }, { 1, 50, 166, "31001 Pamplona" },
    { 1, 50, 178, "CIF: A31009988" },
    { 1, 50, 780, "Talleres Ribera, S.L." }, { 1, 50, 791, "Calle Norte 7" }, { 1, 50, 802, "31192 Mutilva" },
  };
  g_autoptr (DocaiDocument) document = read_invoice (prints, G_N_ELEMENTS (prints));

  g_assert_cmpstr (value_of (document->fields, "VendorName"), ==, "Talleres Ribera, S.L.");
  g_assert_cmpstr (value_of (document->fields, "VendorAddress"), ==, "Calle Norte 7\n31192 Mutilva");
  g_assert_cmpstr (value_of (document->fields, "VendorTaxId"), ==, "B31224455");
  g_assert_cmpstr (value_of (document->fields, "CustomerTaxId"), ==, "A31009988");
}

/* Net, tax and gross stand in one row: the label's first number is the net. */
static void
test_taxes_in_columns (void)
{
  static const Print prints[] = {
    { 1, 50, 200, "Sums" }, { 1, 250, 200, "Net EUR" }, { 1, 350, 200, "VAT EUR" }, { 1, 450, 200, "Gross EUR" },
    { 1, 50, 214, "19.00% VAT:" }, { 1, 250, 214, "376.37" }, { 1, 350, 214, "71.51" }, { 1, 450, 214, "447.88" },
    { 1, 50, 230, "Total" }, { 1, 450, 230, "447.88" },
  };
  g_autoptr (DocaiDocument) document = read_invoice (prints, G_N_ELEMENTS (prints));

  g_assert_cmpstr (value_of (document->fields, "InvoiceTotal"), ==, "447.88");
  g_assert_cmpstr (value_of (document->fields, "TotalTax"), ==, "71.51");
}

/* What reading lost: the blank between number and unit, a quantity of one digit, the rate of
 * a tax. What follows from the other numbers is given as what stands nowhere. */
static void
test_lost_in_reading (void)
{
  static const Print prints[] = {
    { 1, 50, 200, "Description" }, { 1, 300, 200, "Quantity" }, { 1, 400, 200, "Price" }, { 1, 500, 200, "Amount" },
    { 1, 50, 214, "Shelf" }, { 1, 320, 214, "2Stk" }, { 1, 400, 214, "30.00" }, { 1, 500, 214, "60.00" },
    { 1, 50, 228, "Table" }, { 1, 320, 228, "|" }, { 1, 400, 228, "35.00" }, { 1, 500, 228, "245.00" },
    { 1, 50, 242, "Freight" }, { 1, 400, 242, "7.03" }, { 1, 500, 242, "19.00" },
    { 1, 400, 262, "Subtotal" }, { 1, 500, 262, "324.00" },
    { 1, 50, 280, "VAT (S)" }, { 1, 300, 280, "200.00" }, { 1, 400, 280, "a)" }, { 1, 500, 280, "38.00" },
  };
  g_autoptr (DocaiDocument) document = read_invoice (prints, G_N_ELEMENTS (prints));
  const DocaiField         *derived = docai_fields_lookup (item_at (document, 1), "Quantity");
  const DocaiField         *taxes = docai_fields_lookup (document->fields, "TaxDetails");

  g_assert_cmpstr (value_of (item_at (document, 0), "Quantity"), ==, "2");
  g_assert_true (docai_fields_lookup (item_at (document, 0), "Quantity")->grounded);
  g_assert_nonnull (derived);
  g_assert_cmpstr (derived->value, ==, "7");
  g_assert_false (derived->grounded);
  g_assert_null (value_of (item_at (document, 2), "Quantity"));
  g_assert_nonnull (taxes);
  g_assert_cmpuint (taxes->items->len, ==, 1);
  const GPtrArray *tax = ((const DocaiItem *) taxes->items->pdata[0])->fields;
  g_assert_cmpstr (value_of (tax, "Rate"), ==, "19");
  g_assert_false (docai_fields_lookup (tax, "Rate")->grounded);
  g_assert_cmpstr (value_of (tax, "NetAmount"), ==, "200.00");
}

/* Two dates in one piece of text: each belongs to the label over it. */
static void
test_dates_side_by_side (void)
{
  static const Print prints[] = {
    { 1, 50, 100, "INVOICE NO." }, { 1, 200, 100, "DATE" }, { 1, 290, 100, "DUE DATE" },
    { 1, 50, 112, "1042" }, { 1, 200, 112, "March 31, 2024 April 30, 2024" },
  };
  g_autoptr (DocaiDocument) document = read_invoice (prints, G_N_ELEMENTS (prints));

  g_assert_cmpstr (value_of (document->fields, "InvoiceDate"), ==, "2024-03-31");
  g_assert_cmpstr (value_of (document->fields, "DueDate"), ==, "2024-04-30");
}

/* A bare dollar is the one that is named; a Canadian place ends the parties' addresses. */
static void
test_named_dollar (void)
{
  static const Print prints[] = {
    { 1, 50, 40, "Maple Landscaping Inc." }, { 1, 50, 52, "455 Elm Street, Ottawa ON K1P 5M7" },
    { 1, 50, 140, "Billed to:" }, { 1, 50, 152, "Rideau Clinic" }, { 1, 50, 164, "77 Bank Street" }, { 1, 50, 176, "Ottawa ON K1P 5N2" },
    { 1, 400, 40, "Invoice no 20931" }, { 1, 400, 60, "Due: July 5, 2024" },
    { 1, 300, 300, "Subtotal" }, { 1, 450, 300, "$722.00" }, { 1, 300, 314, "HST 13%" }, { 1, 450, 314, "$93.86" },
    { 1, 300, 328, "Total" }, { 1, 450, 328, "$815.86" }, { 1, 300, 342, "Amount due (CAD)" }, { 1, 450, 342, "$615.86" },
  };
  g_autoptr (DocaiDocument) document = read_invoice (prints, G_N_ELEMENTS (prints));

  g_assert_cmpstr (value_of (document->fields, "CurrencyCode"), ==, "CAD");
  g_assert_cmpstr (value_of (document->fields, "TotalTax"), ==, "93.86");
  g_assert_cmpstr (value_of (document->fields, "DueDate"), ==, "2024-07-05");
  g_assert_cmpstr (value_of (document->fields, "CustomerName"), ==, "Rideau Clinic");
  g_assert_cmpstr (value_of (document->fields, "CustomerAddress"), ==, "77 Bank Street\nOttawa ON K1P 5N2");
  g_assert_cmpstr (value_of (document->fields, "VendorName"), ==, "Maple Landscaping Inc.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/extract-layouts/pages", test_pages);
  g_test_add_func ("/extract-layouts/text-above", test_text_above);
  g_test_add_func ("/extract-layouts/touching-columns", test_touching_columns);
  g_test_add_func ("/extract-layouts/brief-table", test_brief_table);
  g_test_add_func ("/extract-layouts/letterhead", test_letterhead);
  g_test_add_func ("/extract-layouts/short-sender", test_short_sender);
  g_test_add_func ("/extract-layouts/footer-and-numbers", test_footer_and_numbers);
  g_test_add_func ("/extract-layouts/taxes-in-columns", test_taxes_in_columns);
  g_test_add_func ("/extract-layouts/lost-in-reading", test_lost_in_reading);
  g_test_add_func ("/extract-layouts/dates-side-by-side", test_dates_side_by_side);
  g_test_add_func ("/extract-layouts/named-dollar", test_named_dollar);
  return g_test_run ();
}
