/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Labelled values: a phrase of the lexicon, then the value behind it in the
 * same segment, right of it, or below it.
 *
 *   Rechnungsnummer: 2014-03       Invoice date     Due date
 *                                  03/20/2023       04/04/2023
 */
#include "pipeline/extract/fields.h"

#include <math.h>
#include <string.h>

#define MAX_ROWS_BELOW 2
#define LABEL_INDENT 30   /* points that a value may stand left of its party's label */
#define CUSTOMER_ROWS 10  /* below the customer's label */
#define MAX_LABEL_WORDS 8 /* of a segment that is only a label */

/* A value found for a label. */
typedef struct {
  const DocaiSegment *segment;
  DocaiSpan           span;
  char               *value; /* normalised; NULL: as it stands */
  int                 score;
} Candidate;

typedef gboolean (*FindValue) (const DocaiExtraction *x, const DocaiSegment *segment, gsize from,
                               DocaiSpan *span, char **value);

/* ---- kinds of values --------------------------------------------------------- */

static gboolean
find_date_value (const DocaiExtraction *x, const DocaiSegment *segment, gsize from, DocaiSpan *span,
                 char **value)
{
  DocaiDate date;

  if (!docai_find_date (segment->text, from, x->date_order, &date) || date.span.start > from + 24)
    return FALSE;
  *span = date.span;
  *value = docai_date_text (&date);
  return TRUE;
}

/* An identifier soon after the label that is no date. */
static gboolean
find_id_value (const DocaiExtraction *x, const DocaiSegment *segment, gsize from, DocaiSpan *span,
               char **value)
{
  DocaiDate date;
  DocaiSpan next;

  *value = NULL;
  if (!docai_find_identifier (segment->text, from, span))
    return FALSE;
  /* "Invoice (380) no. 4711": the code of the document's type. */
  if (span->start > from && segment->text[span->start - 1] == '(' && segment->text[span->end] == ')'
      && span->end - span->start == 3 && docai_find_identifier (segment->text, span->end, &next))
    {
      from = span->end;
      *span = next;
    }
  for (gsize i = from; i < span->start; i++)
    if (strchr (":#. -\xc2\xb0\xba()/", segment->text[i]) == NULL && i > from + 8)
      return FALSE;
  if (docai_find_date (segment->text, span->start, x->date_order, &date)
      && date.span.start <= span->start && date.span.end >= span->end)
    return FALSE;
  /* A sum of money, or a word with one sign misread. */
  if (strchr (".,", segment->text[span->end]) != NULL && g_ascii_isdigit (segment->text[span->end + (segment->text[span->end] != '\0')]))
    return FALSE;
  gsize length = span->end - span->start, n_digits = 0;
  for (gsize i = span->start; i < span->end; i++)
    n_digits += g_ascii_isdigit (segment->text[i]) != 0;
  return length <= 40 && length >= 1 && (n_digits > 1 || length <= 4);
}

static gboolean
find_tax_id_value (const DocaiExtraction *x, const DocaiSegment *segment, gsize from,
                   DocaiSpan *span, char **value)
{
  *value = NULL;
  if (docai_find_vat_id (segment->text, from, span))
    return TRUE;
  return find_id_value (x, segment, from, span, value) && span->end - span->start >= 6;
}

static gboolean
find_currency_value (const DocaiExtraction *x, const DocaiSegment *segment, gsize from,
                     DocaiSpan *span, char **value)
{
  const char *code = docai_find_currency (segment->text + from, span);

  if (code == NULL)
    return FALSE;
  span->start += from;
  span->end += from;
  *value = g_strdup (code);
  return TRUE;
}

typedef struct {
  DocaiKey       key;
  const char    *name;
  DocaiFieldKind kind;
  FindValue      find;
} HeaderField;

static const HeaderField header_fields[] = {
  { DOCAI_KEY_INVOICE_ID, "InvoiceId", DOCAI_KIND_STRING, find_id_value },
  { DOCAI_KEY_INVOICE_DATE, "InvoiceDate", DOCAI_KIND_DATE, find_date_value },
  { DOCAI_KEY_DUE_DATE, "DueDate", DOCAI_KIND_DATE, find_date_value },
  { DOCAI_KEY_PURCHASE_ORDER, "PurchaseOrder", DOCAI_KIND_STRING, find_id_value },
  { DOCAI_KEY_CUSTOMER_ID, "CustomerId", DOCAI_KIND_STRING, find_id_value },
  { DOCAI_KEY_CURRENCY, "CurrencyCode", DOCAI_KIND_STRING, find_currency_value },
};

/* ---- looking around a label ------------------------------------------------------ */

/* Whether a segment begins with a label of its own, so that it is no value. */
static gboolean
starts_with_label (const DocaiSegment *segment)
{
  DocaiKeyMatch match;

  return docai_lexicon_find (DOCAI_LEXICON_LABELS, segment->folded, 0, &match)
         && match.span.start == 0 && match.weight >= 6;
}

static gboolean
try_segment (const DocaiExtraction *x, const HeaderField *field, const DocaiSegment *segment,
             gsize from, int score, Candidate *best)
{
  DocaiSpan span;
  char     *value = NULL;

  if (score <= best->score || !field->find (x, segment, from, &span, &value))
    {
      g_free (value);
      return FALSE;
    }
  g_free (best->value);
  *best = (Candidate){ segment, span, value, score };
  return TRUE;
}

/* The end of what a label may claim in its segment: where the next label starts. */
static gboolean
other_label_between (const DocaiSegment *segment, gsize from, gsize to, DocaiKey key)
{
  DocaiKeyMatch next;
  gsize         at = from;

  while (docai_lexicon_find (DOCAI_LEXICON_LABELS, segment->folded, at, &next) && next.span.start < to)
    {
      if (next.key != key)
        return TRUE;
      at = next.span.end;
    }
  return FALSE;
}

/* "Rechnung Nr. 471102 vom 05.03.2018": the date of the number before it. */
static gboolean
follows_document_number (const DocaiSegment *segment, const DocaiKeyMatch *label)
{
  DocaiKeyMatch first;

  return docai_lexicon_find (DOCAI_LEXICON_LABELS, segment->folded, 0, &first)
         && first.key == DOCAI_KEY_INVOICE_ID && first.span.start < label->span.start;
}

/* The stretch of a segment's words that hold bytes [span.start, span.end). */
static double
overlap_of (const DocaiSegment *label, const DocaiSegment *segment, DocaiSpan span)
{
  double overlap = 0;
  gsize  at = 0;

  for (guint i = 0; i < segment->words->len; i++)
    {
      const DocaiWord *word = segment->words->pdata[i];
      gsize            length = strlen (word->text);
      if (at < span.end && at + length > span.start)
        overlap += docai_overlap (label->bbox.x0, label->bbox.x1, word->bbox.x0, word->bbox.x1);
      at += length + 1;
    }
  return overlap;
}

/* Where the value below a label begins: of dates that stand side by side, the one under it. */
static gsize
start_below (const DocaiExtraction *x, const HeaderField *field, const DocaiSegment *label, const DocaiSegment *below)
{
  DocaiDate date;
  gsize     start = 0;
  double    most = 0;

  for (gsize at = 0; field->find == find_date_value && docai_find_date (below->text, at, x->date_order, &date); at = date.span.end)
    if (overlap_of (label, below, date.span) > most)
      {
        most = overlap_of (label, below, date.span);
        start = date.span.start;
      }
  return start;
}

static void
try_label (const DocaiExtraction *x, const HeaderField *field, const DocaiSegment *segment,
           const DocaiKeyMatch *label, Candidate *best)
{
  int   score = 100 * label->weight - MIN (segment->row, 80) / 4 - (segment->page > 1 ? 60 : 0);
  gsize from = docai_view_unfold (segment, label->span.end);
  DocaiSpan span;
  char     *value = NULL;

  if (label->span.start > 0 && label->weight < 8)
    score -= 120;
  if (field->key == DOCAI_KEY_INVOICE_DATE && follows_document_number (segment, label))
    score += 500;
  if (field->find (x, segment, from, &span, &value))
    {
      g_free (value);
      gsize limit = label->span.end + (span.start - from);
      if (!other_label_between (segment, label->span.end, limit, field->key))
        {
          try_segment (x, field, segment, from, score + 20, best);
          return;
        }
    }
  if (segment->words->len > MAX_LABEL_WORDS)
    return;
  const DocaiSegment *right = docai_view_right (x->view, segment);
  const DocaiSegment *below = docai_view_below (x->view, segment, MAX_ROWS_BELOW);
  if (right != NULL && !starts_with_label (right) && try_segment (x, field, right, 0, score, best))
    return;
  if (below != NULL && !starts_with_label (below))
    try_segment (x, field, below, start_below (x, field, segment, below), score - 20, best);
}

static void
extract_field (DocaiExtraction *x, const HeaderField *field)
{
  Candidate best = { 0 };

  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment *segment = x->view->segments->pdata[i];
      DocaiKeyMatch       label;
      for (gsize at = 0; docai_lexicon_find (DOCAI_LEXICON_LABELS, segment->folded, at, &label);
           at = label.span.end)
        if (label.key == field->key)
          try_label (x, field, segment, &label, &best);
    }
  if (best.segment != NULL)
    docai_extraction_add (x, field->name, field->kind, best.value, best.segment, best.span.start,
                          best.span.end);
  g_free (best.value);
}

/* ---- what has no label --------------------------------------------------------------- */

/* Dates tell the order of day and month where one of them is above 12; without
 * such a date, dollars and American places speak for month first. */
static DocaiDateOrder
guess_date_order (const DocaiView *view)
{
  int day_first = 0, month_first = 0, dollars = 0, others = 0;

  for (guint i = 0; i < view->segments->len; i++)
    {
      const DocaiSegment *segment = view->segments->pdata[i];
      DocaiDate           date;
      DocaiSpan           span;
      for (gsize at = 0; docai_find_date (segment->text, at, DOCAI_MONTH_FIRST, &date); at = date.span.end)
        {
          int first = atoi (segment->text + date.span.start);
          if (date.ambiguous || first > 31 || strpbrk (segment->text + date.span.start, "/.-") == NULL)
            continue;
          day_first += first > 12 && first == date.day;
          month_first += first <= 12 && first == date.month && date.day > 12;
        }
      const char *code = docai_find_currency (segment->text, &span);
      dollars += code != NULL && strcmp (code, "USD") == 0;
      others += code != NULL && strcmp (code, "USD") != 0;
    }
  if (day_first != month_first)
    return month_first > day_first ? DOCAI_MONTH_FIRST : DOCAI_DAY_FIRST;
  return dollars > others ? DOCAI_MONTH_FIRST : DOCAI_DAY_FIRST;
}

void
docai_extract_date_order (DocaiExtraction *x)
{
  x->date_order = guess_date_order (x->view);
}

static void
take_first_date (DocaiExtraction *x)
{
  if (docai_fields_lookup (x->document->fields, "InvoiceDate") != NULL)
    return;
  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment *segment = x->view->segments->pdata[i];
      DocaiDate           date;
      if (!docai_find_date (segment->text, 0, x->date_order, &date))
        continue;
      g_autofree char *value = docai_date_text (&date);
      docai_extraction_add (x, "InvoiceDate", DOCAI_KIND_DATE, value, segment, date.span.start, date.span.end);
      docai_extraction_weigh (x, "InvoiceDate", 0.4);
      return;
    }
}

/* A bare sign is any country's dollar: one that is named somewhere is meant by all. */
static void
take_named_dollar (DocaiExtraction *x, GHashTable *counts, const DocaiSegment **where, DocaiSpan *span)
{
  static const char *const dollars[] = { "CAD", "AUD", "NZD", "SGD", "HKD", NULL };

  if (x->currency == NULL || strcmp (x->currency, "USD") != 0)
    return;
  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment *segment = x->view->segments->pdata[i];
      if (strstr (segment->text, "USD") != NULL || strstr (segment->text, "US$") != NULL)
        return;
    }
  for (int d = 0; dollars[d] != NULL; d++)
    for (guint i = 0; g_hash_table_contains (counts, dollars[d]) && i < x->view->segments->len; i++)
      {
        const DocaiSegment *segment = x->view->segments->pdata[i];
        const char         *code = docai_find_currency (segment->text, span);
        if (code == NULL || strcmp (code, dollars[d]) != 0)
          continue;
        x->currency = code;
        *where = segment;
        return;
      }
}

/* The currency that stands most often, with or without a label. */
static void
take_currency (DocaiExtraction *x)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);
  const DocaiSegment    *segment_of_best = NULL;
  DocaiSpan              span, span_of_best = { 0, 0 };
  int                    most = 0;

  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment *segment = x->view->segments->pdata[i];
      const char         *code = docai_find_currency (segment->text, &span);
      if (code == NULL)
        continue;
      int n = GPOINTER_TO_INT (g_hash_table_lookup (counts, code)) + 1;
      g_hash_table_insert (counts, (gpointer) code, GINT_TO_POINTER (n));
      if (n <= most)
        continue;
      most = n;
      x->currency = code;
      segment_of_best = segment;
      span_of_best = span;
    }
  take_named_dollar (x, counts, &segment_of_best, &span_of_best);
  if (segment_of_best != NULL)
    docai_extraction_add (x, "CurrencyCode", DOCAI_KIND_STRING, x->currency, segment_of_best,
                          span_of_best.start, span_of_best.end);
}

/* "Your VAT no.", "N° TVA client": in the segment or in the one left of it. */
static gboolean
is_said_of_customer (const DocaiView *view, const DocaiSegment *segment)
{
  static const char *const words[] = { "client", "customer", "buyer", "ihre ust", "ihre umsatz", "your vat", "your tax", "votre",
                                       "kunden", "uw btw", "cliente", "klant", NULL };
  const DocaiRow          *row = docai_view_row (view, segment->row);
  const DocaiSegment      *left = segment->index > row->first ? docai_view_segment (view, segment->index - 1) : segment;

  for (int i = 0; words[i] != NULL; i++)
    if (strstr (segment->folded, words[i]) != NULL || strstr (left->folded, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* The vendor's number stands first or in the footer; the customer's, where there
 * are two, near the customer's label. Numbers of tax advisers come later. */
static void
take_tax_ids (DocaiExtraction *x)
{
  static const char *const names[] = { "VendorTaxId", "CustomerTaxId" };
  g_autoptr (GHashTable)   seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  DocaiKey                 party = DOCAI_KEY_VENDOR;
  gboolean                 under_label = FALSE;
  double                   label_x0 = 0;

  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment *segment = x->view->segments->pdata[i];
      DocaiKeyMatch       label;
      DocaiSpan           span;
      for (gsize at = 0; docai_lexicon_find (DOCAI_LEXICON_LABELS, segment->folded, at, &label); at = label.span.end)
        if (label.span.start == 0 && strpbrk (segment->folded + label.span.end, "abcdefghijklmnopqrstuvwxyz0123456789") == NULL
            && (label.key == DOCAI_KEY_VENDOR || label.key == DOCAI_KEY_CUSTOMER || label.key == DOCAI_KEY_SHIP_TO))
          {
            party = label.key;
            under_label = TRUE;
            label_x0 = segment->bbox.x0;
          }
      if (!docai_find_vat_id (segment->text, 0, &span) || strstr (segment->folded, "iban") != NULL)
        continue;
      g_autofree char *text = g_strndup (segment->text + span.start, span.end - span.start);
      if (g_hash_table_contains (seen, text))
        continue;
      g_hash_table_add (seen, g_steal_pointer (&text));
      gboolean said = is_said_of_customer (x->view, segment);
      gboolean below = under_label && segment->bbox.x0 > label_x0 - LABEL_INDENT;
      gboolean of_customer = (below && party == DOCAI_KEY_CUSTOMER) || said;
      /* The one that is said to be the customer's leaves the other one to the vendor. */
      if (of_customer && !said && docai_fields_lookup (x->document->fields, names[1]) != NULL)
        of_customer = FALSE;
      if (!of_customer && !under_label && docai_fields_lookup (x->document->fields, names[0]) != NULL)
        of_customer = TRUE;
      if (said || !below || party != DOCAI_KEY_SHIP_TO)
        docai_extraction_add (x, names[of_customer], DOCAI_KIND_STRING, NULL, segment, span.start, span.end);
    }
}

/* Numbers that are no VAT ids but are called tax numbers. */
static void
take_tax_number (DocaiExtraction *x)
{
  static const HeaderField field = { DOCAI_KEY_TAX_ID, "VendorTaxId", DOCAI_KIND_STRING, find_tax_id_value };
  static const HeaderField number = { DOCAI_KEY_TAX_NUMBER, "VendorTaxId", DOCAI_KIND_STRING, find_tax_id_value };

  if (docai_fields_lookup (x->document->fields, "VendorTaxId") == NULL)
    extract_field (x, &field);
  if (docai_fields_lookup (x->document->fields, "VendorTaxId") == NULL)
    extract_field (x, &number);
}

/* "CIF: A31009988" below the customer's label: a tax number without a country's letters that
 * is not the vendor's. */
static void
take_customer_number (DocaiExtraction *x)
{
  const DocaiField   *vendor = docai_fields_lookup (x->document->fields, "VendorTaxId");
  const DocaiSegment *customer = NULL;

  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment *segment = x->view->segments->pdata[i];
      DocaiKeyMatch       label;
      DocaiSpan           span;
      char               *value = NULL;
      if (!docai_lexicon_find (DOCAI_LEXICON_LABELS, segment->folded, 0, &label) || label.span.start > 0)
        continue;
      if (label.key == DOCAI_KEY_CUSTOMER || label.key == DOCAI_KEY_VENDOR || label.key == DOCAI_KEY_SHIP_TO)
        customer = label.key == DOCAI_KEY_CUSTOMER ? segment : NULL;
      if (label.key != DOCAI_KEY_TAX_ID || customer == NULL || segment->row - customer->row > CUSTOMER_ROWS
          || fabs (segment->bbox.x0 - customer->bbox.x0) > LABEL_INDENT
          || !find_tax_id_value (x, segment, docai_view_unfold (segment, label.span.end), &span, &value))
        continue;
      g_autofree char *text = g_strndup (segment->text + span.start, span.end - span.start);
      if (vendor == NULL || g_strcmp0 (vendor->value, text) != 0)
        docai_extraction_add (x, "CustomerTaxId", DOCAI_KIND_STRING, NULL, segment, span.start, span.end);
      return;
    }
}

void
docai_extract_header (DocaiExtraction *x)
{
  docai_extract_date_order (x);
  for (gsize i = 0; i < G_N_ELEMENTS (header_fields); i++)
    extract_field (x, &header_fields[i]);
  take_first_date (x);
  take_currency (x);
  take_tax_ids (x);
  take_tax_number (x);
  take_customer_number (x);
}
