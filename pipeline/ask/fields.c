/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Questions about what the extract stage has found: which field is asked for.
 */
#include "pipeline/ask/sheet.h"

#include <string.h>

#define MOST_ALL 3
#define MOST_MAY 7
#define FIELD_SCORE 0.96
#define LEAD 0.1
#define SUM_LEAD 0.2 /* of sums, which are checked against each other */
#define LATER 0.8 /* each further field that a question may mean as well */

#define C(name) DOCAI_CONCEPT_##name

/* A question means a field when it says all of `all`, and nothing but `may` beside them. */
typedef struct {
  const char  *field; /* "List.Member": of the list's first group */
  DocaiAskKind kind;  /* ANY: whatever kind is asked for */
  DocaiConcept all[MOST_ALL], may[MOST_MAY];
} Rule;

/* The first fields that a document has are the likelier ones. */
static const Rule rules[] = {
  { "InvoiceId", DOCAI_ASK_NUMBER, { C (INVOICE), C (NUMBER) }, { C (DOCUMENT) } },
  { "InvoiceId", DOCAI_ASK_NUMBER, { C (DOCUMENT), C (NUMBER) }, { 0 } },
  { "InvoiceDate", DOCAI_ASK_DATE, { C (INVOICE) }, { C (DATE), C (ISSUE), C (DOCUMENT), C (WRITE), C (SENDER) } },
  { "InvoiceDate", DOCAI_ASK_DATE, { C (ISSUE) }, { C (DATE), C (DOCUMENT) } },
  { "InvoiceDate", DOCAI_ASK_DATE, { C (DATE) }, { C (DOCUMENT) } },
  { "DueDate", DOCAI_ASK_DATE, { C (DUE) }, { C (DATE), C (PAY), C (INVOICE), C (TOTAL), C (AMOUNT), C (DOCUMENT) } },
  { "DueDate", DOCAI_ASK_DATE, { C (EXPIRY), C (INVOICE) }, { C (DATE) } },
  { "DueDate", DOCAI_ASK_DATE, { C (PAY) }, { C (DATE), C (INVOICE), C (DOCUMENT) } },
  { "PurchaseOrder", DOCAI_ASK_ANY, { C (ORDER) }, { C (NUMBER), C (REFERENCE), C (CUSTOMER), C (BUY) } },
  { "CustomerId", DOCAI_ASK_NUMBER, { C (CUSTOMER), C (NUMBER) }, { 0 } },
  { "CustomerId", DOCAI_ASK_NUMBER, { C (CUSTOMER), C (ACCOUNT), C (NUMBER) }, { 0 } },
  { "VendorTaxId", DOCAI_ASK_NUMBER, { C (TAX), C (NUMBER) }, { C (VENDOR), C (COMPANY), C (SENDER), C (SHOP), C (ISSUE),
                                                                C (NAME) } },
  { "CustomerTaxId", DOCAI_ASK_NUMBER, { C (TAX), C (NUMBER), C (CUSTOMER) }, { C (RECEIVER) } },
  { "SubTotal", DOCAI_ASK_AMOUNT, { C (NET) }, { C (AMOUNT), C (TOTAL), C (INVOICE), C (TAX), C (PRICE) } },
  { "Subtotal", DOCAI_ASK_AMOUNT, { C (NET) }, { C (AMOUNT), C (TOTAL), C (RECEIPT), C (TAX), C (PRICE) } },
  { "TotalTax", DOCAI_ASK_AMOUNT, { C (TAX) }, { C (AMOUNT), C (TOTAL), C (INVOICE), C (RECEIPT) } },
  { "TaxDetails.Rate", DOCAI_ASK_COUNT, { C (TAX), C (RATE) }, { C (INVOICE), C (AMOUNT) } },
  { "AmountDue", DOCAI_ASK_AMOUNT, { C (DUE) }, { C (AMOUNT), C (PAY), C (BALANCE), C (INVOICE), C (TOTAL), C (CUSTOMER) } },
  { "AmountDue", DOCAI_ASK_AMOUNT, { C (PAY) }, { C (AMOUNT), C (INVOICE), C (TOTAL) } },
  { "InvoiceTotal", DOCAI_ASK_AMOUNT, { C (TOTAL) }, { C (AMOUNT), C (INVOICE), C (PRICE), C (PAY), C (DUE), C (DOCUMENT) } },
  { "InvoiceTotal", DOCAI_ASK_AMOUNT, { C (INVOICE) }, { C (AMOUNT), C (PAY), C (DUE) } },
  { "InvoiceTotal", DOCAI_ASK_AMOUNT, { C (PAY) }, { C (AMOUNT), C (INVOICE) } },
  { "InvoiceTotal", DOCAI_ASK_AMOUNT, { C (DUE) }, { C (AMOUNT), C (PAY), C (INVOICE) } },
  { "Total", DOCAI_ASK_AMOUNT, { C (TOTAL) }, { C (AMOUNT), C (RECEIPT), C (PRICE), C (PAY), C (BUY), C (DUE), C (DOCUMENT) } },
  { "Total", DOCAI_ASK_AMOUNT, { C (DUE) }, { C (AMOUNT), C (RECEIPT), C (PAY) } },
  { "Total", DOCAI_ASK_AMOUNT, { C (PAY) }, { C (AMOUNT), C (RECEIPT) } },
  { "Total", DOCAI_ASK_AMOUNT, { C (RECEIPT) }, { C (AMOUNT), C (PAID), C (PAY), C (BUY) } },
  { "Total", DOCAI_ASK_AMOUNT, { C (PAID) }, { C (AMOUNT), C (RECEIPT), C (TOTAL) } },
  { "VendorName", DOCAI_ASK_NAME, { C (VENDOR) }, { C (NAME), C (COMPANY), C (INVOICE), C (DOCUMENT) } },
  { "VendorName", DOCAI_ASK_ANY, { C (ISSUE) }, { C (NAME), C (COMPANY), C (INVOICE), C (DOCUMENT), C (SENDER), C (VENDOR) } },
  { "VendorName", DOCAI_ASK_NAME, { C (SENDER) }, { C (NAME), C (COMPANY), C (INVOICE), C (DOCUMENT), C (WRITE) } },
  { "VendorAddress", DOCAI_ASK_ANY, { C (VENDOR), C (ADDRESS) }, { C (COMPANY), C (NAME) } },
  { "CustomerName", DOCAI_ASK_NAME, { C (CUSTOMER) }, { C (NAME), C (COMPANY), C (INVOICE), C (DOCUMENT), C (RECEIVER) } },
  { "CustomerName", DOCAI_ASK_NAME, { C (RECEIVER) }, { C (NAME), C (INVOICE), C (DOCUMENT), C (COMPANY), C (SENDER),
                                                        C (WRITE) } },
  { "CustomerAddress", DOCAI_ASK_ANY, { C (CUSTOMER), C (ADDRESS) }, { C (COMPANY), C (INVOICE), C (NAME) } },
  { "CustomerAddress", DOCAI_ASK_ANY, { C (INVOICE), C (ADDRESS) }, { C (CUSTOMER) } },
  { "CurrencyCode", DOCAI_ASK_ANY, { C (CURRENCY) }, { C (INVOICE), C (AMOUNT), C (TOTAL), C (PRICE), C (DOCUMENT) } },
  { "PaymentTerm", DOCAI_ASK_ANY, { C (PAY), C (TERMS) }, { C (INVOICE) } },
  { "PaymentDetails.IBAN", DOCAI_ASK_ANY, { C (IBAN) }, { C (VENDOR), C (NUMBER), C (BANK), C (ACCOUNT), C (PAY), C (COMPANY) } },
  { "PaymentDetails.IBAN", DOCAI_ASK_ANY, { C (ACCOUNT) }, { C (VENDOR), C (NUMBER), C (BANK), C (PAY), C (DUE), C (AMOUNT) } },
  { "PaymentDetails.SWIFT", DOCAI_ASK_ANY, { C (BIC) }, { C (NUMBER), C (BANK), C (VENDOR) } },
  { "MerchantName", DOCAI_ASK_ANY, { C (SHOP) }, { C (NAME), C (RECEIPT), C (ISSUE), C (SENDER), C (COMPANY) } },
  { "MerchantName", DOCAI_ASK_NAME, { C (VENDOR) }, { C (NAME), C (RECEIPT), C (COMPANY) } },
  { "MerchantName", DOCAI_ASK_NAME, { C (ISSUE) }, { C (NAME), C (RECEIPT), C (COMPANY), C (DOCUMENT) } },
  { "MerchantName", DOCAI_ASK_ANY, { C (BUY) }, { C (SHOP), C (COMPANY), C (ITEM), C (NAME) } },
  { "MerchantAddress", DOCAI_ASK_ANY, { C (SHOP), C (ADDRESS) }, { C (NAME) } },
  { "MerchantAddress", DOCAI_ASK_ANY, { C (VENDOR), C (ADDRESS) }, { C (NAME) } },
  { "MerchantAddress", DOCAI_ASK_ANY, { C (ADDRESS) }, { C (RECEIPT), C (COMPANY) } },
  { "MerchantPhoneNumber", DOCAI_ASK_PHONE, { C (PHONE) }, { C (SHOP), C (VENDOR), C (NUMBER), C (RECEIPT), C (COMPANY) } },
  { "TransactionDate", DOCAI_ASK_DATE, { C (RECEIPT) }, { C (DATE), C (BUY), C (ISSUE) } },
  { "TransactionDate", DOCAI_ASK_DATE, { C (BUY) }, { C (DATE), C (RECEIPT), C (ITEM) } },
  { "TransactionDate", DOCAI_ASK_DATE, { C (PAID) }, { C (DATE), C (RECEIPT) } },
  { "TransactionDate", DOCAI_ASK_DATE, { C (DATE) }, { C (DOCUMENT), C (ISSUE) } },
  { "TransactionTime", DOCAI_ASK_TIME, { C (TIME) }, { C (RECEIPT), C (BUY), C (PAID), C (DOCUMENT), C (ISSUE) } },
};

static gboolean
is_in (DocaiConcept concept, const DocaiConcept *list, guint n)
{
  for (guint i = 0; i < n && list[i] != DOCAI_CONCEPT_NONE; i++)
    if (list[i] == concept)
      return TRUE;
  return FALSE;
}

static gboolean
is_meant (const DocaiQuestion *question, const Rule *rule)
{
  for (guint i = 0; i < MOST_ALL && rule->all[i] != DOCAI_CONCEPT_NONE; i++)
    if (!docai_concept_set_has (&question->concepts, rule->all[i]))
      return FALSE;
  for (guint i = 0; i < question->asked->len; i++)
    {
      const DocaiTerm *term = question->asked->pdata[i];
      if (!term->particle && !is_in (term->concept, rule->all, MOST_ALL) && !is_in (term->concept, rule->may, MOST_MAY))
        return FALSE;
    }
  if (rule->kind == DOCAI_ASK_ANY) /* who and where are told by names */
    return question->kind == DOCAI_ASK_ANY || question->kind == DOCAI_ASK_NAME || question->kind == DOCAI_ASK_PLACE
           || question->kind == DOCAI_ASK_NUMBER
           || question->kind == DOCAI_ASK_IBAN;
  return question->kind == rule->kind || (question->kind == DOCAI_ASK_ANY && rule->kind != DOCAI_ASK_DATE
         && rule->kind != DOCAI_ASK_TIME);
}

/* "Total" or the first group's member of "PaymentDetails.IBAN"; NULL: the document has none. */
static const DocaiField *
lookup (const DocaiDocument *document, const char *name)
{
  const char      *dot = strchr (name, '.');
  g_autofree char *list = dot != NULL ? g_strndup (name, (gsize) (dot - name)) : g_strdup (name);
  const DocaiField *field = docai_fields_lookup (document->fields, list);

  if (field == NULL || dot == NULL)
    return field;
  for (guint i = 0; i < field->items->len; i++)
    {
      const DocaiField *member = docai_fields_lookup (((const DocaiItem *) field->items->pdata[i])->fields, dot + 1);
      if (member != NULL)
        return member;
    }
  return NULL;
}

/* The content with a currency that stands beside it on its line. */
static char *
text_of_field (const DocaiAskSheet *sheet, const DocaiField *field)
{
  const char *content = field->content != NULL ? field->content : field->value;

  for (guint i = 0; field->kind == DOCAI_KIND_AMOUNT && i < sheet->view->segments->len; i++)
    {
      const DocaiSegment *segment = sheet->view->segments->pdata[i];
      const char         *at = segment->page == field->page ? strstr (segment->text, content) : NULL;
      DocaiSpan           span;
      if (at == NULL || docai_box_coverage (field->bbox, segment->bbox) < 0.5
          || !docai_ask_value_find (DOCAI_ASK_AMOUNT, segment->text, sheet->date_order, &span)
              || span.start > (gsize) (at - segment->text)
          || span.end < (gsize) (at - segment->text) + strlen (content))
        continue;
      return g_strndup (segment->text + span.start, span.end - span.start);
    }
  g_autoptr (GString) text = g_string_new (content);
  for (char *end = strchr (text->str, '\n'); end != NULL; end = strchr (text->str, '\n'))
    {
      gsize at = (gsize) (end - text->str);
      *end = ' ';
      if (field->kind == DOCAI_KIND_ADDRESS && at > 0 && strchr (",;", text->str[at - 1]) == NULL)
        g_string_insert_c (text, (gssize) at, ',');
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
docai_ask_fields (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  double score = FIELD_SCORE;

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      if (!is_meant (question, &rules[i]))
        continue;
      const DocaiField *field = lookup (sheet->document, rules[i].field);
      if (field == NULL || field->content == NULL || field->page == 0)
        continue;
      g_autofree char *text = text_of_field (sheet, field);
      DocaiAskFind *find = docai_ask_find_in_box (sheet, field->page, field->bbox, text,
                                                  score * (0.5 + 0.5 * MIN (field->confidence, 1)));
      find->is_field = TRUE;
      find->lead = (field->kind == DOCAI_KIND_AMOUNT ? SUM_LEAD : LEAD) * score;
      g_ptr_array_add (finds, find);
      score *= LATER;
    }
}
