/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Values in text, and the fields of an invoice and a receipt set by the test.
 */
#include "pipeline/extract/receipt-spelling.h"
#include "pipeline/extract/values.h"
#include "tests/unit/extract-pages.h"

#include <string.h>

static void
test_amounts (void)
{
  static const struct { const char *text, *value; int decimals; gboolean percent; } cases[] = {
    { "1.234,50", "1234.50", 2, FALSE },  { "1,234.50", "1234.50", 2, FALSE }, { "12.50 EUR", "12.50", 2, FALSE },
    { "EUR 1 234,50", "1234.50", 2, FALSE }, { "1.234", "1234.00", 0, FALSE }, { "1.234.567", "1234567.00", 0, FALSE },
    { "0.025", "0.025", 3, FALSE },       { "-3,00", "-3.00", 2, FALSE },      { "(45.10)", "-45.10", 2, FALSE },
    { "3,00-", "-3.00", 2, FALSE },       { "19 %", "19.00", 0, TRUE },        { "$ .99", "0.99", 2, FALSE },
    { "9,9000", "9.90", 4, FALSE },       { "RM12.00", NULL, 0, FALSE },       { "05.03.2018", NULL, 0, FALSE },
    { "INV-2024/17", NULL, 0, FALSE },    { "no number", NULL, 0, FALSE },     { "99999999999999999.00", NULL, 0, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DocaiAmount amount;
      gboolean    found = docai_find_amount (cases[i].text, 0, &amount);
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (found, ==, cases[i].value != NULL);
      if (!found)
        continue;
      g_autofree char *value = docai_amount_text (amount.ten_thousandths);
      g_assert_cmpstr (value, ==, cases[i].value);
      g_assert_cmpint (amount.decimals, ==, cases[i].decimals);
      g_assert_cmpint (amount.percent, ==, cases[i].percent);
    }
}

static void
test_money (void)
{
  static const struct { const char *text, *value; } cases[] = {
    { "RM3.20SR", "3.20" }, { "RMO.00", "0.00" }, { "RM 29. 70", "29.70" }, { "71 .O0", "71.00" }, { "6 00", "6.00" },
    { "1,234.50", "1234.50" }, { "-0,02", "-0.02" }, { "10.00 RM", "10.00" }, { "$5.30", "5.30" },
    { "\u00a7.30", NULL }, { "6.00 %", NULL }, { "12.05.2018", NULL }, { "2.2000", NULL }, { "03-6258 7191", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DocaiAmount amount;
      gboolean    found = docai_find_money (cases[i].text, 0, &amount);
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (found, ==, cases[i].value != NULL);
      if (!found)
        continue;
      g_autofree char *value = docai_amount_text (amount.ten_thousandths);
      g_assert_cmpstr (value, ==, cases[i].value);
    }
}

static void
test_dates (void)
{
  static const struct { const char *text; DocaiDateOrder order; const char *value; } cases[] = {
    { "2018-03-05", DOCAI_DAY_FIRST, "2018-03-05" },     { "05.03.2018", DOCAI_MONTH_FIRST, "2018-03-05" },
    { "03/05/18", DOCAI_MONTH_FIRST, "2018-03-05" },     { "03/05/2018", DOCAI_DAY_FIRST, "2018-05-03" },
    { "25/12/2018", DOCAI_MONTH_FIRST, "2018-12-25" },   { "11. Juli 2014", DOCAI_DAY_FIRST, "2014-07-11" },
    { "5. M\u00e4rz 2018", DOCAI_DAY_FIRST, "2018-03-05" },  { "March 3, 2026", DOCAI_DAY_FIRST, "2026-03-03" },
    { "17 ao\u00fbt 2019", DOCAI_DAY_FIRST, "2019-08-17" },  { "5-Mar-18", DOCAI_DAY_FIRST, "2018-03-05" },
    { "3 de mayo de 2020", DOCAI_DAY_FIRST, "2020-05-03" }, { "31.02.2018", DOCAI_DAY_FIRST, NULL },
    { "August 3 , 2014", DOCAI_DAY_FIRST, "2014-08-03" },
    { "#2- 25/12/2016", DOCAI_DAY_FIRST, "2016-12-25" },  { "21/05/2018Time:", DOCAI_DAY_FIRST, "2018-05-21" },
    { "04 - 2/66", DOCAI_DAY_FIRST, NULL },
    { "IBAN 12 3456", DOCAI_DAY_FIRST, NULL },           { "tel 555 23 87", DOCAI_DAY_FIRST, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DocaiDate date;
      gboolean  found = docai_find_date (cases[i].text, 0, cases[i].order, &date);
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (found, ==, cases[i].value != NULL);
      if (!found)
        continue;
      g_autofree char *value = docai_date_text (&date);
      g_assert_cmpstr (value, ==, cases[i].value);
    }
}

static void
test_identifiers (void)
{
  DocaiSpan span;

  g_assert_true (docai_find_vat_id ("USt-IdNr. DE123456789", 0, &span));
  g_assert_cmpuint (span.start, ==, 10);
  g_assert_true (docai_find_vat_id ("NL810433941B01", 0, &span));
  g_assert_false (docai_find_vat_id ("DE88 2008 0000 0970 3757 00", 0, &span));
  g_assert_true (docai_has_postal_place ("12345 Stadthausen"));
  g_assert_true (docai_has_postal_place ("Scranton PA 18503"));
  g_assert_true (docai_has_postal_place ("Oxford OX2 6EX"));
  g_assert_true (docai_has_postal_place ("Ottawa ON K1P 5M7"));
  g_assert_true (docai_has_postal_place ("4050-262 Porto"));
  g_assert_false (docai_has_postal_place ("12345 items"));
  g_assert_false (docai_has_postal_place ("0117 4960-123 456"));
  g_assert_true (docai_has_company_form ("Kraxi GmbH"));
  g_assert_true (docai_has_company_form ("Vinhos do Vale, Lda."));
  g_assert_true (docai_has_company_form ("Gruber Elektrotechnik e.U."));
  g_assert_false (docai_has_company_form ("Agnes"));
  g_assert_cmpstr (docai_find_currency ("Total \u20ac 5", &span), ==, "EUR");
  g_assert_null (docai_find_currency ("NEUROLOGY", &span));
}

/* ---- documents -------------------------------------------------------------------- */

typedef struct {
  double      x, y;
  const char *text;
} Print;

/* Sets each text at its place in 10 point letters of 5 points width. */
static DocaiDocument *
make_document (const Print *prints, gsize n, double width, double height)
{
  DocaiDocument *document = docai_document_new ();
  DocaiPage     *page = docai_page_new (1, width, height);
  DocaiRegion   *region = docai_region_new (DOCAI_LABEL_TEXT, DOCAI_BOX (0, 0, width, height), 1);

  for (gsize i = 0; i < n; i++)
    {
      add_typed (region, prints[i].x, prints[i].y, prints[i].text);
    }
  g_ptr_array_add (page->regions, region);
  g_ptr_array_add (document->pages, page);
  return document;
}

static void
assert_value (const GPtrArray *fields, const char *name, const char *value)
{
  const DocaiField *field = docai_fields_lookup (fields, name);

  g_test_message ("%s", name);
  g_assert_nonnull (field);
  g_assert_cmpstr (field->value, ==, value);
  g_assert_true (field->grounded);
  g_assert_cmpint (field->page, ==, 1);
  g_assert_false (docai_box_is_empty (field->bbox));
}

static const Print invoice[] = {
  { 50, 50, "Nordwind Joinery Ltd" }, { 400, 50, "14 Harbour Lane" }, { 400, 62, "Leeds LS1 4DY" },
  { 50, 100, "Bill to" }, { 50, 112, "Bookshop Ampersand" }, { 50, 124, "7 Mill Street" }, { 50, 136, "Oxford OX2 6EX" },
  { 350, 150, "Invoice number:" }, { 450, 150, "2024-0815" }, { 350, 162, "Invoice date:" }, { 450, 162, "18 March 2024" },
  { 350, 174, "Due date:" }, { 450, 174, "17 April 2024" }, { 350, 186, "VAT no. GB 123 4567 89" },
  { 50, 220, "Description" }, { 300, 220, "Quantity" }, { 400, 220, "Unit price" }, { 500, 220, "Amount" },
  { 50, 236, "Oak shelf" }, { 320, 236, "4" }, { 410, 236, "89.50" }, { 500, 236, "358.00" },
  { 50, 248, "oiled, 120 cm" },
  { 50, 260, "Wall bracket" }, { 320, 260, "8" }, { 410, 260, "12.25" }, { 505, 260, "98.00" },
  { 400, 300, "Subtotal" }, { 500, 300, "456.00" }, { 400, 312, "VAT 20 %" }, { 505, 312, "91.20" },
  { 400, 324, "Total" }, { 490, 324, "\u00a3 547.20" },
  { 50, 400, "Please pay within 30 days." },
};

static void
test_invoice (void)
{
  g_autoptr (DocaiDocument) document = make_document (invoice, G_N_ELEMENTS (invoice), 595, 842);

  run_extract (document, "auto");
  assert_value (document->fields, "InvoiceId", "2024-0815");
  assert_value (document->fields, "InvoiceDate", "2024-03-18");
  assert_value (document->fields, "DueDate", "2024-04-17");
  assert_value (document->fields, "CurrencyCode", "GBP");
  assert_value (document->fields, "VendorTaxId", "GB 123 4567 89");
  assert_value (document->fields, "VendorName", "Nordwind Joinery Ltd");
  assert_value (document->fields, "CustomerName", "Bookshop Ampersand");
  assert_value (document->fields, "CustomerAddress", "7 Mill Street\nOxford OX2 6EX");
  assert_value (document->fields, "SubTotal", "456.00");
  assert_value (document->fields, "TotalTax", "91.20");
  assert_value (document->fields, "InvoiceTotal", "547.20");
  g_assert_null (docai_fields_lookup (document->fields, "AmountDue"));
  g_assert_cmpuint (document->warnings->len, ==, 0);

  const DocaiField *items = docai_fields_lookup (document->fields, "Items");
  g_assert_cmpuint (items->items->len, ==, 2);
  const GPtrArray *first = ((DocaiItem *) items->items->pdata[0])->fields;
  assert_value (first, "Description", "Oak shelf oiled, 120 cm");
  assert_value (first, "Quantity", "4");
  assert_value (first, "UnitPrice", "89.50");
  assert_value (first, "Amount", "358.00");
}

/* A party's name that begins like a label, words that come apart, sums below
 * their labels, a tax number said to be the customer's, and the type's code. */
static void
test_letter_rules (void)
{
  static const Print letter[] = {
    { 50, 50, "Rechnung (389) Nr. 47110818 vom 05.03.2018" }, { 50, 80, "Verk\u00e4ufer:" }, { 50, 92, "Lieferant GmbH" },
    { 50, 104, "Handelsname: 99999999800010" }, { 50, 116, "Lieferstra\u00dfe 20" }, { 50, 128, "DE 80333 M\u00fcnchen" },
    { 50, 140, "USt.-Id.-Nr. : DE123456789" }, { 50, 160, "K\u00e4ufer:" }, { 50, 172, "Kunden AG Mitte" },
    { 50, 184, "Kundenstra\u00dfe 15" }, { 50, 196, "69876 Frankfurt" }, { 50, 230, "Ihre USt-IdNr. DE987654321" },
    { 50, 300, "Versp\u00e4tete Zahlung kostet Zinsen" }, { 300, 300, "Summe netto" }, { 400, 300, "Steuerbetrag" }, { 500, 300, "Br uttosumme" },
    { 50, 310, "vom Tag der Lieferung an" }, { 310, 320, "198,00" }, { 410, 320, "37,62" }, { 510, 320, "235,62 EUR" },
  };
  g_autoptr (DocaiDocument) document = make_document (letter, G_N_ELEMENTS (letter), 595, 842);

  run_extract (document, "invoice");
  assert_value (document->fields, "InvoiceId", "47110818");
  assert_value (document->fields, "VendorName", "Lieferant GmbH");
  assert_value (document->fields, "VendorAddress", "Lieferstra\u00dfe 20\nDE 80333 M\u00fcnchen");
  assert_value (document->fields, "CustomerName", "Kunden AG Mitte");
  assert_value (document->fields, "VendorTaxId", "DE123456789");
  assert_value (document->fields, "CustomerTaxId", "DE987654321");
  assert_value (document->fields, "SubTotal", "198.00");
  assert_value (document->fields, "TotalTax", "37.62");
  assert_value (document->fields, "InvoiceTotal", "235.62");
}

/* A label whose words go on to a sum or to a word with a misread sign has no number. */
static void
test_no_number (void)
{
  static const Print lines[] = {
    { 50, 50, "Factuur totaal EUR 49,99" }, { 50, 70, "Rechnung gema8 Bestellung" }, { 50, 90, "eae" }, { 50, 110, "Nordlicht" },
  };
  g_autoptr (DocaiDocument) document = make_document (lines, G_N_ELEMENTS (lines), 595, 842);

  run_extract (document, "invoice");
  g_assert_null (docai_fields_lookup (document->fields, "InvoiceId"));
  assert_value (document->fields, "VendorName", "Nordlicht");
  g_assert_cmpfloat (docai_fields_lookup (document->fields, "VendorName")->confidence, <, 0.5);
}

/* Codes beside positions, decimals of a quantity, a reduction between the items. */
static void
test_items (void)
{
  static const Print rows[] = {
    { 50, 50, "Invoice no. 77" }, { 50, 100, "Pos Art. no" }, { 150, 100, "Description" }, { 300, 100, "Quantity" }, { 400, 100, "Unit price" }, { 500, 100, "Amount" },
    { 50, 116, "1" }, { 80, 116, "SFK5 55T02" }, { 150, 116, "Steak" }, { 300, 116, "5,000 kg" }, { 410, 116, "5,50" }, { 500, 116, "27,50" },
    { 400, 128, "16,7 %" }, { 500, 128, "-2,00" },
    { 50, 140, "2" }, { 150, 140, "[LUX_7] Truffles" }, { 300, 140, "3" }, { 410, 140, "2,00" }, { 505, 140, "6,00" },
    { 150, 170, "Invoice total EUR" }, { 500, 170, "31,50" },
  };
  g_autoptr (DocaiDocument) document = make_document (rows, G_N_ELEMENTS (rows), 595, 842);

  run_extract (document, "invoice");
  const DocaiField *items = docai_fields_lookup (document->fields, "Items");
  g_assert_cmpuint (items->items->len, ==, 2);
  const GPtrArray *first = ((DocaiItem *) items->items->pdata[0])->fields, *second = ((DocaiItem *) items->items->pdata[1])->fields;
  assert_value (first, "ProductCode", "SFK5");
  assert_value (first, "Quantity", "5.00");
  assert_value (second, "ProductCode", "LUX_7");
  assert_value (second, "Amount", "6.00");
}

static void
test_payment (void)
{
  static const Print lines[] = {
    { 50, 50, "Invoice no. 77" }, { 50, 70, "Billing period: 01/11/2023 - 30/11/2023" }, { 50, 90, "Payment terms:" }, { 200, 90, "30 days net" },
    { 50, 700, "IBAN: DE89 3704 0044 0532 0130 00 BIC: COBADEFFXXX" }, { 50, 712, "IBAN GB82 WEST 1234 5698 7654 33" },
    { 50, 724, "Order AB12 3456 7890 1234" },
  };
  g_autoptr (DocaiDocument) document = make_document (lines, G_N_ELEMENTS (lines), 595, 842);

  run_extract (document, "invoice");
  assert_value (document->fields, "ServiceStartDate", "2023-11-01");
  assert_value (document->fields, "ServiceEndDate", "2023-11-30");
  assert_value (document->fields, "PaymentTerm", "30 days net");
  const DocaiField *accounts = docai_fields_lookup (document->fields, "PaymentDetails");
  g_assert_cmpuint (accounts->items->len, ==, 2);
  const GPtrArray *good = ((DocaiItem *) accounts->items->pdata[0])->fields, *bad = ((DocaiItem *) accounts->items->pdata[1])->fields;
  assert_value (good, "IBAN", "DE89370400440532013000");
  assert_value (good, "SWIFT", "COBADEFFXXX");
  assert_value (bad, "IBAN", "GB82WEST12345698765433");
  g_assert_cmpfloat (docai_fields_lookup (bad, "IBAN")->confidence, <=, 0.5);
  g_assert_cmpstr (((DocaiWarning *) document->warnings->pdata[0])->code, ==, "iban_invalid");
}

/* An item below the sum of a group, reduced by the percents that stand in its row. */
static void
test_reduced_item (void)
{
  static const Print lines[] = {
    { 50, 50, "Invoice no. 77" }, { 50, 100, "Description" }, { 250, 100, "Quantity" }, { 340, 100, "Unit price" }, { 430, 100, "Disc.%" },
    { 500, 100, "Amount" }, { 50, 116, "Chair" }, { 260, 116, "2" }, { 350, 116, "35.00" }, { 435, 116, "0.00" }, { 505, 116, "70.00" },
    { 400, 140, "Subtotal" }, { 505, 140, "70.00" }, { 50, 164, "Olive oil" }, { 260, 164, "1" }, { 350, 164, "10.00" },
    { 435, 164, "10.00" }, { 510, 164, "9.00" }, { 50, 204, "Reserved" }, { 260, 204, "1" }, { 350, 204, "10.00" }, { 510, 204, "8.00" },
    { 400, 240, "Total" }, { 505, 240, "79.00" },
  };
  g_autoptr (DocaiDocument) document = make_document (lines, G_N_ELEMENTS (lines), 595, 842);

  run_extract (document, "invoice");
  const DocaiField *items = docai_fields_lookup (document->fields, "Items");
  g_assert_cmpuint (items->items->len, ==, 2);
  assert_value (((DocaiItem *) items->items->pdata[1])->fields, "Description", "Olive oil");
  assert_value (((DocaiItem *) items->items->pdata[1])->fields, "Amount", "9.00");
}

/* One invoice in languages of the north and the east. */
static void
test_languages (void)
{
  static const char *const terms[][11] = {
    /* number, date, due, customer, description, quantity, price, amount, net, tax, to pay */
    { "Faktura nr", "Data wystawienia", "Termin płatności", "Nabywca", "Nazwa towaru", "Ilość", "Cena netto",
      "Wartość netto", "Razem netto", "Kwota VAT", "Do zapłaty" },
    { "Číslo faktury", "Datum vystavení", "Datum splatnosti", "Odběratel", "Popis", "Množství", "Cena za jednotku",
      "Celkem", "Základ daně", "DPH celkem", "Celkem k úhradě" },
    { "Számla sorszáma", "Kiállítás dátuma", "Fizetési határidő", "Vevő", "Megnevezés", "Mennyiség", "Egységár",
      "Nettó érték", "Nettó összesen", "ÁFA összesen", "Fizetendő" },
    { "Fakturanummer", "Fakturadatum", "Förfallodatum", "Kund", "Benämning", "Antal", "À-pris", "Belopp",
      "Summa exkl. moms", "Moms", "Att betala" },
    { "Fakturanummer", "Fakturadato", "Forfaldsdato", "Kunde", "Beskrivelse", "Antal", "Stykpris", "Beløb",
      "I alt ekskl. moms", "Moms", "At betale" },
    { "Laskun numero", "Laskun päiväys", "Eräpäivä", "Asiakas", "Kuvaus", "Määrä", "Yksikköhinta", "Summa",
      "Veroton yhteensä", "ALV", "Maksettava yhteensä" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (terms); i++)
    {
      const char *const *t = terms[i];
      const Print lines[] = {
        { 50, 50, "Nordlicht GmbH" }, { 50, 100, t[3] }, { 50, 112, "Omega Sur" }, { 50, 124, "Via 7" }, { 50, 136, "20095 Hamburg" },
        { 50, 180, t[0] }, { 200, 180, "2023-0417" }, { 50, 194, t[1] }, { 200, 194, "17.04.2023" }, { 50, 208, t[2] },
        { 200, 208, "17.05.2023" }, { 50, 250, t[4] }, { 250, 250, t[5] }, { 350, 250, t[6] }, { 470, 250, t[7] },
        { 50, 266, "Alfa" }, { 260, 266, "2" }, { 360, 266, "50,00" }, { 480, 266, "100,00" }, { 50, 282, "Beta" }, { 260, 282, "3" },
        { 360, 282, "20,00" }, { 485, 282, "60,00" }, { 300, 330, t[8] }, { 480, 330, "160,00" }, { 300, 344, t[9] }, { 485, 344, "40,00" },
        { 300, 358, t[10] }, { 480, 358, "200,00" },
      };
      g_autoptr (DocaiDocument) document = make_document (lines, G_N_ELEMENTS (lines), 595, 842);
      run_extract (document, "auto");
      g_test_message ("%s", t[0]);
      assert_value (document->fields, "InvoiceId", "2023-0417");
      assert_value (document->fields, "InvoiceDate", "2023-04-17");
      assert_value (document->fields, "DueDate", "2023-05-17");
      assert_value (document->fields, "CustomerName", "Omega Sur");
      assert_value (document->fields, "SubTotal", "160.00");
      assert_value (document->fields, "TotalTax", "40.00");
      assert_value (document->fields, "InvoiceTotal", "200.00");
      const DocaiField *items = docai_fields_lookup (document->fields, "Items");
      g_assert_nonnull (items);
      g_assert_cmpuint (items->items->len, ==, 2);
      assert_value (((DocaiItem *) items->items->pdata[1])->fields, "Description", "Beta");
    }
}

static void
test_disagreeing_sums (void)
{
  Print changed[G_N_ELEMENTS (invoice)];
  memcpy (changed, invoice, sizeof invoice);
  for (gsize i = 0; i < G_N_ELEMENTS (changed); i++)
    if (strcmp (changed[i].text, "91.20") == 0)
      changed[i].text = "92.20";
  g_autoptr (DocaiDocument) document = make_document (changed, G_N_ELEMENTS (changed), 595, 842);

  run_extract (document, "invoice");
  assert_value (document->fields, "TotalTax", "92.20");
  g_assert_cmpuint (document->warnings->len, >=, 1);
  g_assert_cmpstr (((DocaiWarning *) document->warnings->pdata[0])->code, ==, "sum_mismatch");
}

static void
test_receipt (void)
{
  static const Print slip[] = {
    { 20, 20, "CORNER BAKERY LTD" }, { 20, 34, "22 Station Road" }, { 20, 48, "Bristol BS1 6QF" }, { 20, 62, "Tel 0117 496 0123" },
    { 20, 90, "Date 05/11/2024" }, { 140, 90, "08:47" }, { 20, 120, "Rye loaf" }, { 180, 120, "4.25" },
    { 20, 134, "Subtotal" }, { 180, 134, "10.95" }, { 20, 148, "TOTAL" }, { 150, 148, "GBP 11.57" },
    { 20, 162, "Cash" }, { 180, 162, "20.00" }, { 20, 176, "Change" }, { 180, 176, "8.43" },
  };
  g_autoptr (DocaiDocument) document = make_document (slip, G_N_ELEMENTS (slip), 230, 420);

  run_extract (document, "auto");
  assert_value (document->fields, "MerchantName", "CORNER BAKERY LTD");
  assert_value (document->fields, "MerchantAddress", "22 Station Road\nBristol BS1 6QF");
  assert_value (document->fields, "MerchantPhoneNumber", "0117 496 0123");
  assert_value (document->fields, "TransactionDate", "2024-11-05");
  assert_value (document->fields, "TransactionTime", "08:47");
  assert_value (document->fields, "Total", "11.57");
}

/* Noise above the name, a trade name, a registration, the total after rounding. */
static void
test_receipt_head (void)
{
  static const Print slip[] = {
    { 20, 6, "ee -~ |" }, { 20, 20, "OCEAN CORNER - MARKET HALL" }, { 20, 34, "BLUE OCEAN FOODS SON BHD (1132106-H)" },
    { 20, 48, "NO. 9-G, JALAN PERUBATAN 2," }, { 20, 62, "55100 KUALA LUMPUR. Tel: 03-2856 0385" }, { 20, 76, "GST Reg. No : 000897208320" },
    { 20, 90, "14/032018 18:26" }, { 20, 120, "Rice" }, { 180, 120, "RM31.02SR" },
    { 20, 134, "Total (Inclusive of GST):" }, { 180, 134, "31.02" }, { 20, 148, "Rounding Adj:" }, { 180, 148, "-0.02" },
    { 20, 162, "T0TAL:" }, { 180, 162, "31. O0" }, { 20, 176, "CASH" }, { 180, 176, "50.00" }, { 20, 190, "CHANGE" }, { 180, 190, "19.00" },
    { 20, 210, "GST Summary" }, { 20, 224, "Total" }, { 180, 224, "29.26" },
  };
  g_autoptr (DocaiDocument) document = make_document (slip, G_N_ELEMENTS (slip), 230, 420);

  run_extract (document, "auto");
  assert_value (document->fields, "MerchantName", "BLUE OCEAN FOODS SDN BHD");
  assert_value (document->fields, "MerchantAddress", "NO. 9-G, JALAN PERUBATAN 2,\n55100 KUALA LUMPUR");
  assert_value (document->fields, "MerchantPhoneNumber", "03-2856 0385");
  assert_value (document->fields, "TransactionDate", "2018-03-14");
  assert_value (document->fields, "Total", "31.00");
}

/* A name over three rows; no total is readable, so cash less change tells it. */
static void
test_receipt_name_rows (void)
{
  static const Print slip[] = {
    { 20, 20, "NORTH HARBOUR" }, { 20, 34, "TRADING (CENTRAL" }, { 20, 48, "PLAZA) SDN BHD" }, { 20, 62, "822737-X" },
    { 20, 76, "NO 17-G, JALAN SETIA," }, { 20, 90, "40170 SHAH ALAM" }, { 20, 104, "Tax invoice" }, { 20, 118, "12 JAN 2018" },
    { 20, 132, "Nails" }, { 180, 132, "12.40" }, { 20, 146, "Total" }, { 180, 146, "x2,4o" },
    { 20, 160, "Received" }, { 180, 160, "20.00" }, { 20, 174, "Change" }, { 180, 174, "7.60" }, { 20, 188, "Thank you" },
  };
  g_autoptr (DocaiDocument) document = make_document (slip, G_N_ELEMENTS (slip), 230, 420);

  run_extract (document, "receipt");
  assert_value (document->fields, "MerchantName", "NORTH HARBOUR TRADING (CENTRAL PLAZA) SDN BHD");
  assert_value (document->fields, "MerchantAddress", "NO 17-G, JALAN SETIA,\n40170 SHAH ALAM");
  assert_value (document->fields, "TransactionDate", "2018-01-12");
  assert_value (document->fields, "Total", "12.40");
}

/* Worn print: a registration with a stray letter, a post code that begins with a
 * dollar, a tax number that looks like a street number, and a total misread in one
 * digit, which cash less change and the items tell. */
static void
test_receipt_worn (void)
{
  static const Print slip[] = {
    { 20, 20, "SOLAR MART 5/8 (51953?-X}" }, { 20, 34, "GS] NO : 001800839168" }, { 20, 48, "LOT P.T. 33198, BATU 4" },
    { 20, 62, "JAIAN MERAH, MUKIM BIRU" }, { 20, 76, "$2100 KLANG, SELANGOR" }, { 20, 90, "1320-THN BATU" },
    { 20, 104, "GST ID NO : 000181747712" }, { 20, 118, "00440010036 25032018 13:11:54" }, { 20, 132, "SLICE 2" },
    { 180, 132, "26.00" }, { 20, 146, "LEMON 1" }, { 180, 146, "13.00" }, { 20, 160, "Grand Total" }, { 180, 160, "99.00" },
    { 20, 174, "Total 0% supplies" }, { 180, 174, "12.00" }, { 20, 188, "Cash" }, { 180, 188, "50.00" },
    { 20, 202, "Change" }, { 180, 202, "11.00" },
  };
  g_autoptr (DocaiDocument) document = make_document (slip, G_N_ELEMENTS (slip), 230, 420);

  run_extract (document, "receipt");
  assert_value (document->fields, "MerchantName", "SOLAR MART S/B");
  assert_value (document->fields, "MerchantAddress",
                "LOT P.T. 33198, BATU 4\nJALAN MERAH, MUKIM BIRU\n$2100 KLANG, SELANGOR\n1320-TMN BATU");
  assert_value (document->fields, "TransactionDate", "2018-03-25");
  assert_value (document->fields, "Total", "39.00");
  g_assert_cmpstr (docai_fields_lookup (document->fields, "Total")->content, ==, "99.00");
  g_assert_cmpuint (document->warnings->len, ==, 1);
  g_assert_cmpstr (((DocaiWarning *) document->warnings->pdata[0])->code, ==, "total_corrected");
}

/* The shop is spelled like its owner; a card's row repeats the rounded total; a date
 * with its whole year goes before another one. */
static void
test_receipt_owner (void)
{
  static const Print slip[] = {
    { 20, 20, "LANTANO STATIONERY SHOP eh" }, { 20, 34, "NO. 31G, JALAN BUNGA 4" }, { 20, 48, "40170 SETIA ALAM" },
    { 20, 62, "Tel: 03-3362 4137" }, { 20, 76, "Owned By :" }, { 20, 90, "LANTANU SUPPLY SDN BHD (1135772-K)" },
    { 20, 104, "05/10/21" }, { 20, 118, "05/10/2017" }, { 20, 132, "PAPER" }, { 180, 132, "177.22" },
    { 20, 146, "Total Sales (Inclusive GST)" }, { 180, 146, "177.22" }, { 20, 160, "Rounding Adjustment" }, { 180, 160, "-0.02" },
    { 20, 174, "Rounding" }, { 180, 174, "177.20" }, { 20, 188, "CREDIT" }, { 180, 188, "177.20" },
    { 20, 202, "Accepted total" }, { 180, 202, "180.00" }, { 20, 216, "CHANGE" }, { 180, 216, "2.80" },
  };
  g_autoptr (DocaiDocument) document = make_document (slip, G_N_ELEMENTS (slip), 230, 420);

  run_extract (document, "receipt");
  assert_value (document->fields, "MerchantName", "LANTANU STATIONERY SHOP");
  assert_value (document->fields, "MerchantAddress", "NO. 31G, JALAN BUNGA 4\n40170 SETIA ALAM");
  assert_value (document->fields, "TransactionDate", "2017-10-05");
  assert_value (document->fields, "Total", "177.20");
}

/* Paper that hangs: at the right, rows stand as low as the next ones at the left. */
static void
test_receipt_curved (void)
{
  static const Print slip[] = {
    { 20, 20, "NORTHERN LIGHT GALLERY LTD" }, { 20, 34, "28 LAMP STREET, OLD HARBOUR" }, { 20, 48, "OXFORD OX2 6EX" },
    { 20, 76, "14/03/2018 18:26" }, { 20, 104, "Frame" }, { 180, 104, "20.00" }, { 20, 118, "Glass" }, { 180, 118, "11.00" },
    { 20, 132, "TOTAL" }, { 180, 132, "31.00" }, { 20, 146, "CASH" }, { 180, 146, "50.00" }, { 20, 160, "CHANGE" }, { 180, 160, "19.00" },
  };
  g_autoptr (DocaiDocument) document = make_document (slip, G_N_ELEMENTS (slip), 230, 420);
  DocaiPage   *page = document->pages->pdata[0];
  DocaiRegion *region = page->regions->pdata[0];

  page->text_source = DOCAI_TEXT_OCR;
  for (guint l = 0; l < region->lines->len; l++)
    {
      DocaiLine *line = region->lines->pdata[l];
      for (guint w = 0; w < line->words->len; w++)
        {
          DocaiWord *word = line->words->pdata[w];
          double     drop = 0.08 * (word->bbox.x0 - 20) * (word->bbox.x0 > 150 ? 0.3 : 1);
          word->bbox.y0 += drop;
          word->bbox.y1 += drop;
        }
      docai_line_update (line);
    }
  run_extract (document, "receipt");
  assert_value (document->fields, "MerchantName", "NORTHERN LIGHT GALLERY LTD");
  assert_value (document->fields, "MerchantAddress", "28 LAMP STREET, OLD HARBOUR\nOXFORD OX2 6EX");
  assert_value (document->fields, "Total", "31.00");
}

/* Noise inside an address, a town in short, and a registration that begins like a
 * house's number. */
static void
test_receipt_address (void)
{
  static const Print slip[] = {
    { 20, 20, "BLUE LAMP HARDWARE" }, { 20, 34, "Co. Rey No.: 795225-A" }, { 20, 48, "13, JLN TASIK UTAMA 8" }, { 20, 62, "~ |" },
    { 20, 76, "MEDAN NIAGA DAMAI" }, { 20, 90, "57000 KL" }, { 20, 104, "TEL 03-7781 0012" }, { 20, 118, "12/03/2018" },
    { 20, 132, "TOTAL" }, { 180, 132, "12.00" },
  };
  g_autoptr (DocaiDocument) document = make_document (slip, G_N_ELEMENTS (slip), 230, 420);

  run_extract (document, "receipt");
  assert_value (document->fields, "MerchantName", "BLUE LAMP HARDWARE");
  assert_value (document->fields, "MerchantAddress", "13, JLN TASIK UTAMA 8\nMEDAN NIAGA DAMAI\n57000 KL");
}

/* Sums of a currency without small coin. */
static void
test_receipt_whole (void)
{
  static const Print slip[] = {
    { 20, 20, "HILL LODGE HOTEL" }, { 20, 34, "25, Temple Street, Chennai" }, { 20, 48, "PAYMENT RECEIPT" }, { 20, 62, "Date: 31/12/2017" },
    { 20, 90, "Room" }, { 140, 90, "\u20b9 1939" }, { 20, 104, "Grand Total" }, { 140, 104, "\u20b9 1939" },
    { 20, 118, "Balance" }, { 140, 118, "\u20b9 0" },
  };
  g_autoptr (DocaiDocument) document = make_document (slip, G_N_ELEMENTS (slip), 230, 420);

  run_extract (document, "receipt");
  assert_value (document->fields, "Total", "1939.00");
}

static void
test_receipt_spelling (void)
{
  static const struct { const char *read, *name; } names[] = {
    { "NORTH SUN SIN BHD", "NORTH SUN SDN BHD" },   { "NORTH BAKERIES SDN BELD (139.386 X)", "NORTH BAKERIES SDN BHD" },
    { "SUN BED STUDIO", "SUN BED STUDIO" },         { "NORTH FOODS SON BHO.", "NORTH FOODS SDN BHD" },
    { "NORTH FOODS SDN. BHD.", "NORTH FOODS SDN. BHD." }, { "FOUR LAMPS SUN BHD ( 1u/SU69-P)", "FOUR LAMPS SDN BHD" },
    { "_\u00bb BLUE RESTAURANT eh", "BLUE RESTAURANT" }, { "Lampe & Sohn GmbH", "Lampe & Sohn GmbH" },
    { "LAMP (CENTRAL PLAZA) LTD", "LAMP (CENTRAL PLAZA) LTD" }, { "99 LAMPS S/8", "99 LAMPS S/B" },
    { "MR, D.1.\u00a5. ( M ) SDN BHD", "MR. D.I.Y. (M) SDN BHD" }, { "NORTH F&B SDN. BHD", "NORTH F&B SDN. BHD." },
  };
  static const struct { const char *read, *address; } addresses[] = {
    { "379, JALAN BIRU,\nBANOAR BARU", "379, JALAN BIRU,\nBANDAR BARU" },
    { "3, Jajan Biru 5,\n\u2018Tamboi,81200 Johor", "3, Jalan Biru 5,\nTamboi,81200 Johor" },
    { "No.12 JLN $521/35\nBUKIT BIRU", "No.12 JLN SS21/35\nBUKIT BIRU" },
    { "No.3, Jalan $S21/39,\nSelangor.", "No.3, Jalan SS21/39,\nSelangor" },
    { "12 Mill Street |\nOxford OX2 6EX _", "12 Mill Street\nOxford OX2 6EX" },
    { "Lampenweg 4\n80333 M\u00fcnchen", "Lampenweg 4\n80333 M\u00fcnchen" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = docai_receipt_spell_name (names[i].read);
      g_assert_cmpstr (name, ==, names[i].name);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autofree char *address = docai_receipt_spell_address (addresses[i].read);
      g_assert_cmpstr (address, ==, addresses[i].address);
    }
  g_assert_cmpint (docai_letter_distance ("kitten", "sitting"), ==, 3);
  g_assert_cmpint (docai_letter_distance ("", "abc"), ==, 3);
}

/* Takes the page out of another document, which a look took for a letter. */
static void
add_page (DocaiDocument *document, const Print *prints, gsize n)
{
  g_autoptr (DocaiDocument) other = make_document (prints, n, 595, 842);
  DocaiPage *page = g_ptr_array_steal_index (other->pages, 0);

  page->number = (int) document->pages->len + 1;
  page->document_type = docai_document_type_new ("letter");
  g_ptr_array_add (document->pages, page);
}

/* Fields name the type of the pages where they stand, whatever a look at these gave. */
static void
test_page_types (void)
{
  static const Print letter[] = { { 50, 50, "Dear Anna," }, { 50, 70, "thank you for the garden chairs." } };
  static const char *const types[] = { "invoice", "invoice", "letter" };
  const gsize sums = G_N_ELEMENTS (invoice) - 7;
  g_autoptr (DocaiDocument) document = docai_document_new ();

  add_page (document, invoice, sums);
  add_page (document, invoice + sums, 7);
  add_page (document, letter, G_N_ELEMENTS (letter));
  run_extract (document, "auto");
  g_assert_cmpint (docai_fields_lookup (document->fields, "InvoiceTotal")->page, ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    g_assert_cmpstr (((DocaiPage *) document->pages->pdata[i])->document_type->label, ==, types[i]);
}

/* A paper about invoices, with numbers and a date, is none. */
static void
test_paper (void)
{
  static const Print paper[] = {
    { 50, 50, "The invoice in European trade" }, { 50, 70, "VAT and invoice number" }, { 50, 90, "Table 3" }, { 300, 90, "12.5 %" },
    { 50, 110, "the total of all invoices sent by firms that were asked was 4.25 million euro" },
    { 50, 130, "Due date" }, { 50, 150, "often missing from the invoice" },
  };
  g_autoptr (DocaiDocument) document = make_document (paper, G_N_ELEMENTS (paper), 595, 842);

  run_extract (document, "auto");
  g_assert_cmpuint (document->fields->len, ==, 0);
  g_assert_null (((DocaiPage *) document->pages->pdata[0])->document_type);
}

static void
test_prose (void)
{
  static const Print letter[] = {
    { 50, 50, "Dear Anna," }, { 50, 70, "the garden is green and the cat sleeps on page 12." }, { 50, 90, "Yours, Paul" },
  };
  g_autoptr (DocaiDocument) document = make_document (letter, G_N_ELEMENTS (letter), 595, 842);

  run_extract (document, "auto");
  g_assert_cmpuint (document->fields->len, ==, 0);
  run_extract (document, "none");
  g_assert_cmpuint (document->fields->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/extract/amounts", test_amounts);
  g_test_add_func ("/extract/money", test_money);
  g_test_add_func ("/extract/dates", test_dates);
  g_test_add_func ("/extract/identifiers", test_identifiers);
  g_test_add_func ("/extract/invoice", test_invoice);
  g_test_add_func ("/extract/no-number", test_no_number);
  g_test_add_func ("/extract/page-types", test_page_types);
  g_test_add_func ("/extract/items", test_items);
  g_test_add_func ("/extract/payment", test_payment);
  g_test_add_func ("/extract/letter-rules", test_letter_rules);
  g_test_add_func ("/extract/disagreeing-sums", test_disagreeing_sums);
  g_test_add_func ("/extract/reduced-item", test_reduced_item);
  g_test_add_func ("/extract/languages", test_languages);
  g_test_add_func ("/extract/receipt", test_receipt);
  g_test_add_func ("/extract/receipt-head", test_receipt_head);
  g_test_add_func ("/extract/receipt-name-rows", test_receipt_name_rows);
  g_test_add_func ("/extract/receipt-worn", test_receipt_worn);
  g_test_add_func ("/extract/receipt-owner", test_receipt_owner);
  g_test_add_func ("/extract/receipt-curved", test_receipt_curved);
  g_test_add_func ("/extract/receipt-whole", test_receipt_whole);
  g_test_add_func ("/extract/receipt-address", test_receipt_address);
  g_test_add_func ("/extract/receipt-spelling", test_receipt_spelling);
  g_test_add_func ("/extract/paper", test_paper);
  g_test_add_func ("/extract/prose", test_prose);
  return g_test_run ();
}
