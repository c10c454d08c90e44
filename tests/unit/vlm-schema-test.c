/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Schemas as questions, and answers as what a schema wants.
 */
#include "pipeline/vlm/questions.h"
#include "pipeline/vlm/schema.h"

#include <allheaders.h>
#include <string.h>

static void
check_name (const char *name, const char *expected)
{
  g_autofree char *words = docai_vlm_schema_name (name);

  g_assert_cmpstr (words, ==, expected);
}

static void
test_names (void)
{
  check_name ("InvoiceDate", "invoice date");
  check_name ("invoice_date", "invoice date");
  check_name ("INVOICE_DATE", "invoice date");
  check_name ("InvoiceId", "invoice number");
  check_name ("VATNumber", "VAT number");
  check_name ("iban", "IBAN");
  check_name ("addressLine2", "address line 2");
  check_name ("größeInMm", "größe in mm");
  check_name ("__", "");
}

static const DocaiVlmWanted *
find (const GPtrArray *wanted, const char *name)
{
  for (guint i = 0; i < wanted->len; i++)
    if (strcmp (((DocaiVlmWanted *) wanted->pdata[i])->name, name) == 0)
      return wanted->pdata[i];
  g_error ("%s is not wanted", name);
}

/* The question for one property "invoiceDate" with these members. */
static void
check_question (const char *members, const char *expected)
{
  g_autofree char      *schema = g_strdup_printf ("{\"type\":\"object\",\"properties\":{\"invoiceDate\":{\"type\":\"string\"%s}}}", members);
  g_autoptr (GPtrArray) left_out = g_ptr_array_new_with_free_func (g_free), wanted = docai_vlm_schema_wanted (schema, left_out);

  g_assert_cmpstr (find (wanted, "invoiceDate")->question, ==, expected);
  g_assert_cmpuint (left_out->len, ==, 0);
}

static void
test_questions (void)
{
  check_question ("", "What is the invoice date?");
  check_question (",\"title\":\"Date of issue\"", "What is the date of issue?");
  check_question (",\"title\":\"x\",\"description\":\"When was it issued?\"", "When was it issued?");
  check_question (",\"description\":\"The day of issue.\"", "What is the day of issue?");
  check_question (",\"description\":\"when it was issued\"", "when it was issued?");
  check_question (",\"description\":\"VAT date\"", "What is the VAT date?");
  check_question (",\"description\":\"Extract the date of issue\"", "Extract the date of issue.");
  check_question (",\"title\":\"Issued on\",\"description\":\"The date on which this document was issued, which is not the "
                  "date on which the goods were sent, nor that of the order.\"",
                  "What is the issued on?");
  check_question (",\"description\":\"\"", "What is the invoice date?");
}

static void
test_nested (void)
{
  static const char schema[]
      = "{\"$defs\":{\"party\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},"
        "\"vendor_city\":{\"type\":[\"null\",\"string\"]},\"taxId\":{\"description\":\"The tax number as it is printed\"},"
        "\"parent\":{\"$ref\":\"#/$defs/party\"}}}},"
        "\"type\":\"object\",\"properties\":{\"vendor\":{\"anyOf\":[{\"type\":\"null\"},{\"$ref\":\"#/$defs/party\"}]},"
        "\"total\":{\"type\":\"number\"},\"paid\":{\"type\":\"boolean\"},\"lost\":{\"$ref\":\"#/$defs/none\"},"
        "\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"price\":{\"type\":\"number\"}}}}}}";
  g_autoptr (GPtrArray) left_out = g_ptr_array_new_with_free_func (g_free), wanted = docai_vlm_schema_wanted (schema, left_out);

  g_assert_cmpstr (find (wanted, "vendor.name")->question, ==, "What is the name of the vendor?");
  g_assert_cmpstr (find (wanted, "vendor.vendor_city")->question, ==, "What is the vendor city?");
  g_assert_cmpstr (find (wanted, "vendor.taxId")->question, ==, "What is the tax number as it is printed?");
  g_assert_cmpstr (find (wanted, "vendor.parent.name")->question, ==, "What is the name of the parent?");
  g_assert_cmpint (find (wanted, "total")->want, ==, DOCAI_VLM_WANT_NUMBER);
  g_assert_cmpuint (wanted->len, <, 64);
  g_assert_cmpuint (left_out->len, ==, 4);
  g_assert_true (g_str_has_prefix (left_out->pdata[0], "vendor.parent.parent"));
  g_assert_cmpstr (left_out->pdata[1], ==, "paid");
  g_assert_cmpstr (left_out->pdata[2], ==, "lost");
  g_assert_cmpstr (left_out->pdata[3], ==, "items");
}

/* Neither width nor self-reference makes more questions than there is time for. */
static void
test_bounds (void)
{
  g_autoptr (GString)   schema = g_string_new ("{\"type\":\"object\",\"properties\":{");
  g_autoptr (GPtrArray) left_out = g_ptr_array_new_with_free_func (g_free);

  for (int i = 0; i < 40; i++)
    g_string_append_printf (schema, "\"inner%d\":{\"$ref\":\"#\"},\"value%d\":{},", i, i);
  g_string_append (schema, "\"end\":{}}}");
  g_autoptr (GPtrArray) wanted = docai_vlm_schema_wanted (schema->str, left_out);
  g_assert_cmpuint (wanted->len, <=, 64);
  g_assert_cmpuint (wanted->len, >, 40);
  g_assert_cmpuint (left_out->len, <, 4096);
  g_autoptr (GPtrArray) none = docai_vlm_schema_wanted ("[]", left_out), odd = docai_vlm_schema_wanted ("{\"properties\":7,\"$ref\":\"#\"}", left_out);
  g_assert_cmpuint (none->len + odd->len, ==, 0);
}

static void
check_value (const char *schema, const char *answer, const char *expected)
{
  g_autofree char      *whole = g_strdup_printf ("{\"properties\":{\"dueDate\":%s},\"$defs\":{\"code\":{\"pattern\":\"^[A-Z]{3}$\"}}}", schema);
  g_autoptr (GPtrArray) left_out = g_ptr_array_new_with_free_func (g_free), wanted = docai_vlm_schema_wanted (whole, left_out);
  g_autofree char      *value = docai_vlm_schema_value (wanted->pdata[0], answer, DOCAI_DAY_FIRST);

  g_assert_cmpstr (value, ==, expected);
}

static void
test_values (void)
{
  check_value ("{\"type\":\"string\"}", "at the end of June", "at the end of June");
  check_value ("{\"type\":\"string\"}", "5. März 2018", "2018-03-05"); /* its name says what it is */
  check_value ("{\"type\":\"string\",\"format\":\"date\"}", "03/05/2018", "2018-05-03");
  check_value ("{\"type\":\"string\",\"format\":\"date\"}", "at the end of June", NULL);
  check_value ("{\"type\":\"string\",\"pattern\":\"^[0-9]{2}[.]\"}", "05.03.2018", "05.03.2018");
  check_value ("{\"type\":\"string\",\"pattern\":\"^[0-9]{2}[.]\"}", "March", NULL);
  check_value ("{\"type\":\"string\",\"maxLength\":3}", "four", NULL);
  check_value ("{\"type\":\"number\"}", "EUR 1.234,50", "1234.50");
  check_value ("{\"type\":\"number\",\"multipleOf\":0.1,\"maximum\":2,\"minimum\":0}", "0.1", "0.10");
  check_value ("{\"type\":\"number\"}", "ACME", NULL);
  check_value ("{\"type\":\"number\"}", "3 of 12", NULL);
  check_value ("{\"type\":\"number\",\"minimum\":0}", "-7", NULL);
  check_value ("{\"type\":\"integer\"}", "30 days", "30");
  check_value ("{\"type\":\"integer\"}", "2,5", NULL);
  check_value ("{\"enum\":[\"EUR\",\"USD\"]}", "eur", "EUR");
  check_value ("{\"enum\":[\"EUR\",\"USD\"]}", "12.00 USD", "USD");
  check_value ("{\"enum\":[\"EUR\",\"USD\"]}", "EUR or USD", NULL);
  check_value ("{\"enum\":[\"EUR\",\"GBP\"]}", "\u00a3 720.00", "GBP");
  check_value ("{\"enum\":[\"EUR\",\"USD\"]}", "\u00a3 720.00", NULL);
  check_value ("{\"enum\":[1,2]}", "2", "2.00");
  check_value ("{\"$ref\":\"#/$defs/code\"}", "ABC", "ABC");
  check_value ("{\"$ref\":\"#/$defs/code\"}", "A \"B\"", NULL);
}

/* A field that is surer stays; one that stands nowhere says so. */
static void
test_fields (void)
{
  g_autoptr (DocaiDocument) document = docai_document_new ();
  g_autoptr (GPtrArray)     left_out = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray)     wanted = docai_vlm_schema_wanted ("{\"properties\":{\"Total\":{\"type\":\"number\"},\"IssueDate\":{}}}", left_out);
  DocaiAnswer              *answer = docai_answer_new ("?");
  DocaiField               *known = docai_field_new ("Total", DOCAI_KIND_AMOUNT, "7.00", "7,00");

  known->confidence = 0.7;
  g_ptr_array_add (document->fields, known);
  answer->answer = g_strdup ("EUR 720,00");
  answer->grounded = TRUE;
  answer->confidence = 0.6;
  g_ptr_array_add (answer->evidence, docai_evidence_new (2, DOCAI_BOX (1, 2, 3, 4), "EUR 720,00"));
  docai_vlm_schema_take (wanted->pdata[0], answer, DOCAI_DAY_FIRST, document);
  g_assert_cmpstr (docai_fields_lookup (document->fields, "Total")->value, ==, "7.00");
  answer->confidence = 0.8;
  docai_vlm_schema_take (wanted->pdata[0], answer, DOCAI_DAY_FIRST, document);
  g_assert_cmpuint (document->fields->len, ==, 1);
  const DocaiField *total = docai_fields_lookup (document->fields, "Total");
  g_assert_cmpstr (total->value, ==, "720.00");
  g_assert_cmpstr (total->content, ==, "EUR 720,00");
  g_assert_cmpint (total->page, ==, 2);
  g_assert_true (total->grounded);
  g_assert_cmpint (total->kind, ==, DOCAI_KIND_AMOUNT);
  g_assert_cmpuint (document->warnings->len, ==, 0);

  answer->grounded = FALSE;
  docai_vlm_schema_take (wanted->pdata[1], answer, DOCAI_DAY_FIRST, document);
  const DocaiField *date = docai_fields_lookup (document->fields, "IssueDate");
  g_assert_cmpint (date->kind, ==, DOCAI_KIND_STRING);
  g_assert_false (date->grounded);
  g_assert_null (date->content);
  g_assert_cmpuint (document->warnings->len, ==, 1);
  g_free (answer->answer);
  answer->answer = g_strdup ("much");
  docai_vlm_schema_take (wanted->pdata[0], answer, DOCAI_DAY_FIRST, document);
  g_assert_cmpuint (document->warnings->len, ==, 2);
  g_assert_cmpuint (document->fields->len, ==, 2);
  docai_answer_free (answer);
}

/* ---- the whole ----------------------------------------------------------------------- */

/* A model that knows two answers and says of all else that it is not stated. */
static void
run_parrot (DocaiVlmBackend *backend, GPtrArray *requests, DocaiCounts *counts)
{
  static const char *const said[][2]
      = { { "What is the invoice date?", "05.03.2026" }, { "How much?", "720,00 EUR" }, { "How many days?", "soon" } };

  for (guint i = 0; i < requests->len; i++)
    {
      DocaiVlmRequest *request = requests->pdata[i];
      request->answer = g_strdup ("not stated");
      for (guint k = 0; k < G_N_ELEMENTS (said); k++)
        if (strcmp (said[k][0], request->prompt) == 0)
          {
            g_free (request->answer);
            request->answer = g_strdup (said[k][1]);
          }
    }
}

static DocaiDocument *
make_document (void)
{
  static const char *const words[] = { "Dated", "05.03.2026", "30.04.2026", "Total", "720,00", "EUR" };
  DocaiDocument *document = docai_document_new ();
  DocaiPage     *page = docai_page_new (1, 500, 800);
  DocaiRegion   *region = docai_region_new (DOCAI_LABEL_TEXT, DOCAI_BOX (50, 50, 450, 70), 1);
  DocaiLine     *line = docai_line_new ();

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_ptr_array_add (line->words, docai_word_new (words[i], DOCAI_BOX (50 + 60 * i, 50, 100 + 60 * i, 70), 1));
  docai_line_update (line);
  g_ptr_array_add (region->lines, line);
  docai_region_update_text (region);
  g_ptr_array_add (page->regions, region);
  page->dpi = 72;
  docai_page_take_raster (page, pixCreate (500, 800, 8));
  g_ptr_array_add (document->pages, page);
  return document;
}

static DocaiDocument *
ask (DocaiVlmTasks *tasks, const char *schema, const char *question)
{
  DocaiVlmBackend           parrot = { .name = "parrot", .model = (char[]) { "ara" }, .tasks = tasks, .run = run_parrot };
  g_autoptr (DocaiOptions)  options = docai_options_new ();
  g_autoptr (DocaiSettings) settings = docai_settings_new ();
  DocaiTask                 task = { "none.pdf", "none.pdf", options, settings, NULL };
  DocaiDocument            *document = make_document ();

  options->schema = g_strdup (schema);
  if (question != NULL)
    g_assert_true (docai_options_set (options, "ask", question, NULL));
  docai_vlm_questions_ask (&parrot, &task, document);
  return document;
}

/* Fields and answers do not mix, and the day of a date is told by the others on the page. */
static void
test_asked (void)
{
  static const char schema[]
      = "{\"type\":\"object\",\"properties\":{\"invoiceDate\":{\"type\":\"string\",\"format\":\"date\"},"
        "\"sums\":{\"type\":\"object\",\"properties\":{\"total\":{\"type\":\"number\",\"description\":\"How much?\"}}},"
        "\"term\":{\"type\":\"integer\",\"description\":\"How many days?\"},\"iban\":{\"type\":\"string\"},"
        "\"items\":{\"type\":\"array\"}}}";
  DocaiVlmTask  question = { .prompt = (char[]) { "{question}" }, .text_bytes = 200, .confidence = 0.8 };
  DocaiVlmTasks tasks = { .image_side = 1024, .question = &question };
  g_autoptr (DocaiDocument) document = ask (&tasks, schema, "How much?");

  g_assert_cmpuint (document->answers->len, ==, 1);
  g_assert_cmpstr (((DocaiAnswer *) document->answers->pdata[0])->answer, ==, "720,00 EUR");
  g_assert_cmpuint (document->fields->len, ==, 2);
  const DocaiField *date = docai_fields_lookup (document->fields, "invoiceDate");
  g_assert_cmpstr (date->value, ==, "2026-03-05");
  g_assert_cmpstr (date->content, ==, "05.03.2026");
  g_assert_true (date->grounded);
  g_assert_cmpfloat (date->bbox.x0, ==, 110);
  g_assert_cmpint (date->kind, ==, DOCAI_KIND_DATE);
  g_assert_cmpstr (docai_fields_lookup (document->fields, "sums.total")->value, ==, "720.00");
  g_assert_cmpuint (document->warnings->len, ==, 2);
  g_assert_nonnull (strstr (((DocaiWarning *) document->warnings->pdata[0])->text, "items"));
  g_assert_cmpstr (((DocaiWarning *) document->warnings->pdata[1])->code, ==, "vlm_garbage");
  g_assert_cmpuint (document->provenance->stages->len, ==, 1);
}

/* A model that has not learnt questions leaves them to the look-up; a schema without values needs neither. */
static void
test_not_asked (void)
{
  DocaiVlmTask  question = { .prompt = (char[]) { "{question}" }, .confidence = 0.8 };
  DocaiVlmTasks tasks = { .image_side = 1024, .question = &question }, labels = { .image_side = 256 };
  g_autoptr (DocaiDocument) none = ask (&tasks, NULL, NULL), empty = ask (&tasks, "{}", NULL);
  g_autoptr (DocaiDocument) unlearnt = ask (&labels, "{\"properties\":{\"a\":{}}}", "What is the a?");

  g_assert_cmpuint (none->warnings->len + empty->warnings->len + none->provenance->stages->len, ==, 0);
  g_assert_cmpuint (unlearnt->warnings->len + unlearnt->fields->len, ==, 0);
  g_assert_cmpuint (unlearnt->answers->len, ==, 1);
  g_assert_cmpstr (((DocaiAnswer *) unlearnt->answers->pdata[0])->answer, ==, DOCAI_NOT_STATED);
  g_assert_cmpstr (((DocaiStageRecord *) unlearnt->provenance->stages->pdata[0])->engine, ==, "docai-rules");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vlm-schema/names", test_names);
  g_test_add_func ("/vlm-schema/questions", test_questions);
  g_test_add_func ("/vlm-schema/nested", test_nested);
  g_test_add_func ("/vlm-schema/bounds", test_bounds);
  g_test_add_func ("/vlm-schema/values", test_values);
  g_test_add_func ("/vlm-schema/fields", test_fields);
  g_test_add_func ("/vlm-schema/asked", test_asked);
  g_test_add_func ("/vlm-schema/not-asked", test_not_asked);
  return g_test_run ();
}
