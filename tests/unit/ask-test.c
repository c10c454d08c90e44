/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Questions that are looked up: what they ask for, labels and their values, tables, and what is not stated.
 */
#include "pipeline/ask/ask.h"

#include "extract-pages.h"

#include <string.h>

/* ---- papers -------------------------------------------------------------------------- */

typedef struct {
  double      x, y;
  const char *text;
} Typed;

/* A page of A4 on which each line is a region of its own; the last line has no text. */
static DocaiDocument *
make_page (const Typed *lines)
{
  DocaiDocument *document = docai_document_new ();
  DocaiPage     *page = docai_page_new (1, 595, 842);

  for (; lines->text != NULL; lines++)
    {
      DocaiRegion *region = docai_region_new (DOCAI_LABEL_TEXT, DOCAI_BOX (lines->x, lines->y, lines->x + 200, lines->y + 10), 0.9);
      add_typed (region, lines->x, lines->y, lines->text);
      docai_region_update_text (region);
      g_ptr_array_add (page->regions, region);
    }
  g_ptr_array_add (document->pages, page);
  return document;
}

static void
check (const DocaiDocument *document, const char *question, const char *expected)
{
  g_autoptr (DocaiAsk)    ask = docai_ask_new (document);
  g_autoptr (DocaiAnswer) answer = docai_ask_answer (ask, question, DOCAI_ASK_ANY);
  gboolean                stated = strcmp (expected, DOCAI_NOT_STATED) != 0;

  if (strcmp (answer->answer, expected) != 0)
    g_error ("%s: %s, not %s", question, answer->answer, expected);
  g_assert_cmpint (answer->grounded, ==, stated);
  g_assert_cmpint (answer->evidence->len > 0, ==, stated);
  g_assert_cmpint (answer->confidence > 0, ==, stated);
}

/* A page of paragraphs in the middle of a text has no title. */
static void
test_no_title (void)
{
  static const Typed lines[] = { { 50, 60, "nano-sized pores were found on the walls of the others, and" },
                                 { 50, 200, "The second paragraph is a longer one and ends with a full stop." },
                                 { 0, 0, NULL } };
  g_autoptr (DocaiDocument) document = make_page (lines);

  check (document, "What is the title?", DOCAI_NOT_STATED);
}

/* ---- questions ------------------------------------------------------------------------- */

static void
check_question (const char *text, DocaiAskKind kind, const DocaiConcept *concepts)
{
  g_autoptr (DocaiQuestion) question = docai_question_new (text);

  if (question->kind != kind)
    g_error ("%s: kind %d, not %d", text, question->kind, kind);
  for (; *concepts != DOCAI_CONCEPT_NONE; concepts++)
    if (!docai_concept_set_has (&question->concepts, *concepts))
      g_error ("%s: no concept %d", text, *concepts);
}

#define ASKS(text, kind, ...) check_question (text, DOCAI_ASK_##kind, (const DocaiConcept[]){ __VA_ARGS__, DOCAI_CONCEPT_NONE })

static void
test_questions (void)
{
  ASKS ("What is the invoice number?", NUMBER, DOCAI_CONCEPT_INVOICE, DOCAI_CONCEPT_NUMBER);
  ASKS ("Wie lautet die Rechnungsnummer?", NUMBER, DOCAI_CONCEPT_INVOICE, DOCAI_CONCEPT_NUMBER);
  ASKS ("Quel est le numéro de facture ?", NUMBER, DOCAI_CONCEPT_INVOICE, DOCAI_CONCEPT_NUMBER);
  ASKS ("Jaki jest numer faktury?", NUMBER, DOCAI_CONCEPT_INVOICE, DOCAI_CONCEPT_NUMBER);
  ASKS ("Could you please tell me when the bill is due?", DATE, DOCAI_CONCEPT_DUE);
  ASKS ("Wanneer is de persoon geboren?", DATE, DOCAI_CONCEPT_BIRTH);
  ASKS ("¿Cuánto es el total?", AMOUNT, DOCAI_CONCEPT_TOTAL);
  ASKS ("Who is the vendor?", NAME, DOCAI_CONCEPT_VENDOR);
  ASKS ("What is the e-mail address?", EMAIL, DOCAI_CONCEPT_EMAIL);
  ASKS ("Policennummer", NUMBER, DOCAI_CONCEPT_NUMBER);
  /* phrases of the extraction's lexicon */
  ASKS ("Mikor van a fizetési határidő?", DATE, DOCAI_CONCEPT_DUE);
}

static void
check_value (DocaiAskKind kind, const char *text, const char *expected)
{
  DocaiSpan span;
  gboolean  found = docai_ask_value_find (kind, text, DOCAI_DAY_FIRST, &span);

  g_assert_cmpint (found, ==, expected != NULL);
  if (!found)
    return;
  g_autofree char *value = g_strndup (text + span.start, span.end - span.start);
  g_assert_cmpstr (value, ==, expected);
}

static void
test_values (void)
{
  check_value (DOCAI_ASK_DATE, "Berlin, 12.03.2020", "12.03.2020");
  check_value (DOCAI_ASK_DATE, "Berlin", NULL);
  check_value (DOCAI_ASK_DATE, "March 2021", "March 2021");
  check_value (DOCAI_ASK_AMOUNT, "EUR 1.234,50", "EUR 1.234,50");
  check_value (DOCAI_ASK_AMOUNT, "$ 12.00 net", "$ 12.00");
  check_value (DOCAI_ASK_AMOUNT, "none", NULL);
  check_value (DOCAI_ASK_EMAIL, "write to a.b@example.org.", "a.b@example.org");
  check_value (DOCAI_ASK_PHONE, "+49 (0)30 1234567", "+49 (0)30 1234567");
  check_value (DOCAI_ASK_IBAN, "DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00");
  check_value (DOCAI_ASK_TIME, "at 14:05 h", "14:05");
  check_value (DOCAI_ASK_NUMBER, "INV-2020/17", "INV-2020/17");
  check_value (DOCAI_ASK_NUMBER, "12.03.2020", NULL);
  check_value (DOCAI_ASK_NAME, "Anna Miller", "Anna Miller");
  check_value (DOCAI_ASK_NAME, "4711", NULL);
}

/* ---- labels ------------------------------------------------------------------------------ */

static void
test_beside (void)
{
  static const Typed form[] = {
    { 50, 100, "Surname:" },       { 200, 100, "Miller" },       { 50, 120, "Given names:" }, { 200, 120, "Anna Maria" },
    { 50, 140, "Date of birth:" }, { 200, 140, "3 May 1980" },   { 50, 160, "Occupation:" },  { 50, 180, "Policy No. (if any):" },
    { 200, 180, "P-778/3" },       { 50, 200, "Phone: 030 555 1234 E-mail: anna@example.org" },
    { 50, 220, "Favourite colour:" }, { 200, 220, "green" }, { 0, 0, NULL },
  };
  g_autoptr (DocaiDocument) document = make_page (form);

  check (document, "What is the surname?", "Miller");
  check (document, "Wie lautet der Nachname?", "Miller");
  check (document, "What is the first name?", "Anna Maria");
  check (document, "When was the person born?", "3 May 1980");
  check (document, "date of birth", "3 May 1980");
  check (document, "Give me the policy number.", "P-778/3");
  check (document, "Which phone number is given?", "030 555 1234");
  check (document, "¿Cuál es el correo electrónico?", "anna@example.org");
  check (document, "What is the favourite colour?", "green");
  /* The label is there, and nothing beside it. */
  check (document, "What is the occupation?", DOCAI_NOT_STATED);
  check (document, "What is the invoice number?", DOCAI_NOT_STATED);
  check (document, "When does it expire?", DOCAI_NOT_STATED);
  check (document, "Was the form signed?", DOCAI_NOT_STATED);
  check (document, "Why is the colour green?", DOCAI_NOT_STATED);
  check (document, "What is the date?", DOCAI_NOT_STATED);
}

static void
test_below (void)
{
  static const Typed card[] = {
    { 50, 100, "Nom / Surname" },   { 50, 114, "DUBOIS" },     { 50, 140, "Prénoms / Given names" }, { 50, 154, "CLAIRE" },
    { 50, 180, "Date of birth" },   { 200, 180, "Place of birth" }, { 50, 194, "01.02.1990" },      { 200, 194, "LYON" },
    { 50, 220, "Date of expiry" },  { 50, 234, "31.12.2030" }, { 0, 0, NULL },
  };
  g_autoptr (DocaiDocument) document = make_page (card);

  check (document, "Surname?", "DUBOIS");
  check (document, "Quel est le prénom ?", "CLAIRE");
  check (document, "Wann ist die Person geboren?", "01.02.1990");
  check (document, "Where was the person born?", "LYON");
  check (document, "Until when is it valid?", "31.12.2030");
  check (document, "What is the nationality?", DOCAI_NOT_STATED);
}

/* Under a heading, a label need not say what the heading does; an address goes on below. */
static void
test_headings (void)
{
  static const Typed form[] = {
    { 50, 100, "Contractor" },     { 50, 116, "Name: Northwind Ltd" },   { 50, 132, "Address: 15 Herbert Street" },
    { 104, 146, "St Leonards" },   { 50, 240, "Landlord" },              { 50, 256, "Name: Eastwind Ltd" },
    { 50, 300, "Number of rooms" }, { 300, 300, "4" },                   { 0, 0, NULL },
  };
  g_autoptr (DocaiDocument) document = make_page (form);

  check (document, "What is the name of the contractor?", "Northwind Ltd");
  check (document, "Who is the landlord?", DOCAI_NOT_STATED);
  check (document, "What is the landlord's name?", "Eastwind Ltd");
  check (document, "What is the name of the tenant?", DOCAI_NOT_STATED);
  check (document, "How many rooms are there?", "4");
}

static void
test_letter (void)
{
  static const Typed letter[] = {
    { 60, 60, "Stanton Printing plc" }, { 60, 120, "David Kingsley" }, { 60, 134, "181 Park Drive" }, { 60, 148, "Harlow CM20 1AB" },
    { 60, 190, "15 June 2013" }, { 60, 220, "New prices for paper" }, { 60, 250, "Dear Mr Kingsley," },
    { 60, 280, "Thank you for your letter. We have to raise our prices by some percent next year." },
    { 60, 294, "The contract was signed in Lyon on 3 May 2012. The deposit amounts to EUR 1,200.00 for each machine." },
    { 60, 340, "Yours sincerely," }, { 60, 400, "Frank Fenwick" }, { 280, 810, "- 2 -" }, { 0, 0, NULL },
  };
  g_autoptr (DocaiDocument) document = make_page (letter);
  DocaiPage                *page = document->pages->pdata[0];

  page->document_type = docai_document_type_new ("letter");
  page->document_type->confidence = 0.9;
  check (document, "To whom is the letter addressed?", "David Kingsley");
  check (document, "Wer ist der Empfänger?", "David Kingsley");
  check (document, "Who sent the letter?", "Frank Fenwick");
  check (document, "What is the letter about?", "New prices for paper");
  check (document, "When was the letter written?", "15 June 2013");
  check (document, "What is the page number?", "2");
  check (document, "When was the contract signed?", "3 May 2012");
  check (document, "How much is the deposit?", "EUR 1,200.00");
  check (document, "When was the contract terminated?", DOCAI_NOT_STATED);
  check (document, "How much is the fine?", DOCAI_NOT_STATED);
  check (document, "What is the invoice number?", DOCAI_NOT_STATED);
}

/* Words that were read badly are no answer. */
static void
test_misread (void)
{
  static const Typed        form[] = { { 50, 100, "City:" }, { 100, 100, "Br|gh||n" }, { 0, 0, NULL } };
  g_autoptr (DocaiDocument) document = make_page (form);
  const DocaiRegion        *region = ((DocaiPage *) document->pages->pdata[0])->regions->pdata[1];
  DocaiWord                *word = ((DocaiLine *) region->lines->pdata[0])->words->pdata[0];

  check (document, "What is the city?", "Br|gh||n");
  word->confidence = 0.4;
  check (document, "What is the city?", DOCAI_NOT_STATED);
}

/* ---- tables -------------------------------------------------------------------------------- */

static void
add_cell (DocaiRegion *region, int row, int column, const char *text)
{
  double     x = 50 + 100.0 * column, y = 100 + 20.0 * row;
  DocaiCell *cell = docai_cell_new (row, column, 1, 1);

  cell->bbox = DOCAI_BOX (x - 2, y - 2, x + 96, y + 16);
  cell->text = g_strdup (text);
  cell->header = row == 0;
  g_ptr_array_add (region->table->cells, cell);
  if (*text != '\0')
    add_typed (region, x, y, text);
}

static DocaiDocument *
make_table (const char *const *cells, int rows, int columns)
{
  DocaiDocument *document = docai_document_new ();
  DocaiPage     *page = docai_page_new (1, 595, 842);
  DocaiRegion   *region = docai_region_new (DOCAI_LABEL_TABLE, DOCAI_BOX (48, 98, 50 + 100 * columns, 100 + 20 * rows), 0.9);

  region->table = docai_table_new (rows, columns);
  for (int i = 0; i < rows * columns; i++)
    add_cell (region, i / columns, i % columns, cells[i]);
  docai_region_update_text (region);
  g_ptr_array_add (page->regions, region);
  g_ptr_array_add (document->pages, page);
  return document;
}

/* The row's label need not stand first, and may be longer than what it is called. */
static void
test_items (void)
{
  static const char *const  cells[] = { "No.", "Article", "Quantity", "Unit price", "1", "Oak shelf, 120 cm", "4", "89.50",
                                        "2",   "Wall bracket", "8", "12.25" };
  g_autoptr (DocaiDocument) document = make_table (cells, 3, 4);

  check (document, "What is the unit price of the oak shelf?", "89.50");
  check (document, "Wie hoch ist der Einzelpreis des Oak shelf?", "89.50");
  check (document, "What is the quantity of wall brackets?", "8");
  check (document, "What is the unit price of the pine shelf?", DOCAI_NOT_STATED);
  check (document, "What is the weight of the oak shelf?", DOCAI_NOT_STATED);
}

static void
test_cells (void)
{
  static const char *const  cells[] = { "", "2020", "2021", "Revenue", "4,210", "4,933", "Employees", "81", "" };
  g_autoptr (DocaiDocument) document = make_table (cells, 3, 3);

  check (document, "What was the revenue in 2021?", "4,933");
  check (document, "How much revenue was there in 2020?", "4,210");
  check (document, "How many employees were there in 2020?", "81");
  check (document, "How many employees were there in 2021?", DOCAI_NOT_STATED);
  check (document, "What was the revenue in 2019?", DOCAI_NOT_STATED);
  check (document, "What was the profit in 2021?", DOCAI_NOT_STATED);
}

/* ---- fields ---------------------------------------------------------------------------------- */

static void
test_fields (void)
{
  static const Typed        none[] = { { 50, 100, "4711" }, { 50, 120, "1,200.00 EUR" }, { 0, 0, NULL } };
  g_autoptr (DocaiDocument) document = make_page (none);
  DocaiField               *id = docai_field_new ("InvoiceId", DOCAI_KIND_STRING, "4711", "4711");
  DocaiField               *total = docai_field_new ("InvoiceTotal", DOCAI_KIND_AMOUNT, "1200.00", "1,200.00");

  id->page = total->page = 1;
  id->bbox = DOCAI_BOX (50, 100, 70, 110);
  total->bbox = DOCAI_BOX (50, 120, 90, 130);
  id->confidence = total->confidence = 0.9;
  g_ptr_array_add (document->fields, id);
  g_ptr_array_add (document->fields, total);
  check (document, "Qual è il numero della fattura?", "4711");
  check (document, "How much is to be paid?", "1,200.00 EUR");
  check (document, "What is the total amount of the invoice?", "1,200.00 EUR");
  check (document, "When is the payment due?", DOCAI_NOT_STATED);
  check (document, "What is the invoice number of the previous month?", DOCAI_NOT_STATED);
}

/* ---- whatever comes ------------------------------------------------------------------------------ */

static void
test_hostile (void)
{
  static const Typed        page[] = { { 50, 100, "Number: 4711" }, { 50, 120, ": :: # a" }, { 0, 0, NULL } };
  static const char *const  odd[] = { "", " ", "?", "what", ":", "\xff\xfe", "\xe2\x82", "(((((((", "the the the", "%s%s%d", NULL };
  g_autoptr (DocaiDocument) document = make_page (page), empty = docai_document_new ();
  g_autoptr (GString)       words = g_string_new (NULL);
  g_autofree char          *letters = g_strnfill (100000, 'x');

  for (int i = 0; odd[i] != NULL; i++)
    check (document, odd[i], DOCAI_NOT_STATED);
  check (document, letters, DOCAI_NOT_STATED);
  while (words->len < 100000)
    g_string_append (words, "number invoice ");
  check (document, words->str, DOCAI_NOT_STATED);
  check (empty, "What is the number?", DOCAI_NOT_STATED);
  check (document, "What is the number?", "4711");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ask/questions", test_questions);
  g_test_add_func ("/ask/no-title", test_no_title);
  g_test_add_func ("/ask/values", test_values);
  g_test_add_func ("/ask/beside", test_beside);
  g_test_add_func ("/ask/below", test_below);
  g_test_add_func ("/ask/headings", test_headings);
  g_test_add_func ("/ask/letter", test_letter);
  g_test_add_func ("/ask/misread", test_misread);
  g_test_add_func ("/ask/cells", test_cells);
  g_test_add_func ("/ask/items", test_items);
  g_test_add_func ("/ask/fields", test_fields);
  g_test_add_func ("/ask/hostile", test_hostile);
  return g_test_run ();
}
