/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The extract stage: fields of invoices and receipts from the words' places,
 * each with the spot on the page that it came from.
 */
#include "pipeline/extract/fields.h"
#include "pipeline/stage.h"

#include <math.h>
#include <string.h>

#define MAX_PAGES 50 /* of a document that is read as an invoice */

void
docai_extraction_add (DocaiExtraction *x, const char *name, DocaiFieldKind kind, const char *value,
                      const DocaiSegment *segment, gsize start, gsize end)
{
  if (docai_fields_lookup (x->document->fields, name) != NULL)
    return;

  DocaiField *field = docai_field_new (name, kind, value, NULL);
  docai_view_place_field (field, segment, start, end);
  if (field->value == NULL)
    field->value = g_strdup (field->content);
  g_ptr_array_add (x->document->fields, field);
}

void
docai_extraction_weigh (DocaiExtraction *x, const char *name, double certainty)
{
  DocaiField *field = docai_fields_lookup (x->document->fields, name);

  if (field != NULL)
    field->confidence *= certainty;
}

gboolean
docai_extraction_amount (const GPtrArray *fields, const char *name, gint64 *value)
{
  const DocaiField *field = docai_fields_lookup (fields, name);

  if (field == NULL || field->value == NULL)
    return FALSE;
  *value = (gint64) llround (g_ascii_strtod (field->value, NULL) * 10000);
  return TRUE;
}

/* ---- what kind of document ---------------------------------------------------- */

static const struct { const char *word; int weight; } invoice_words[] = {
  { "invoice", 3 }, { "rechnung", 3 }, { "facture", 3 }, { "factura", 3 }, { "fattura", 3 }, { "factuur", 3 },
  { "fatura", 3 }, { "handelsrechnung", 4 }, { "gutschrift", 3 }, { "credit note", 3 }, { "vat", 1 }, { "ust", 1 },
  { "mwst", 1 }, { "tva", 1 }, { "iban", 1 }, { "due date", 2 }, { "bill to", 2 }, { "subtotal", 1 },
  { "kundennummer", 1 }, { "rechnungsnummer", 3 }, { "invoice no", 2 }, { "invoice number", 2 }, { "invoice date", 2 },
  { "invoice to", 2 }, { "payment due", 1 }, { "payment terms", 1 }, { "date de facture", 1 }, { "rechnungsdatum", 1 },
  { "btw", 1 }, { "iva", 1 }, { "factuurnummer", 3 }, { "numero de facture", 3 },
  { "faktura", 3 }, { "lasku", 3 }, { "szamla", 3 }, { "laskun numero", 3 }, { "szamlaszam", 3 }, { "fakturanummer", 2 },
  { "faktury", 3 }, { "szamla sorszama", 3 }, { "kiallitas datuma", 1 },
  { "moms", 1 }, { "dph", 1 }, { "afa", 1 }, { "mva", 1 }, { "alv", 1 }, { "nip", 1 },
};

static const struct { const char *word; int weight; } receipt_words[] = {
  { "receipt", 3 }, { "cash", 3 }, { "change", 2 }, { "cashier", 3 }, { "quittung", 3 }, { "kassenbon", 4 },
  { "thank you", 2 }, { "ticket", 2 }, { "rounding", 2 }, { "gst", 1 }, { "total", 1 }, { "qty", 1 },
  { "bill", 1 }, { "tendered", 3 }, { "goods sold", 3 },
};

#define MAX_LABEL_WORDS 8 /* of a line that is a title or a label and no prose */

/* Whether the word stands in the text as a whole; German puts words together, so
 * a long one may be a part. */
static gboolean
holds_word (const char *folded, const char *word)
{
  gsize length = strlen (word);

  for (const char *at = folded; (at = strstr (at, word)) != NULL; at++)
    if (length >= 7 || ((at == folded || !g_ascii_isalpha (at[-1])) && !g_ascii_isalpha (at[length])))
      return TRUE;
  return FALSE;
}

/* What the words in titles and labels say; a word in prose says nothing. */
static int
score_of (const DocaiView *view, gboolean receipt)
{
  gsize n = receipt ? G_N_ELEMENTS (receipt_words) : G_N_ELEMENTS (invoice_words);
  int   score = 0;

  for (gsize w = 0; w < n; w++)
    {
      const char *word = receipt ? receipt_words[w].word : invoice_words[w].word;
      int         weight = receipt ? receipt_words[w].weight : invoice_words[w].weight;
      for (guint i = 0; i < view->segments->len; i++)
        {
          const DocaiSegment *segment = view->segments->pdata[i];
          if (segment->words->len > MAX_LABEL_WORDS || !holds_word (segment->folded, word))
            continue;
          score += weight;
          break;
        }
    }
  return score;
}

/* Slips are narrow: their text is much higher than wide. */
static gboolean
is_slip (const DocaiDocument *document, const DocaiView *view)
{
  DocaiBox box = { 0 };

  if (document->pages->len != 1)
    return FALSE;
  for (guint i = 0; i < view->rows->len; i++)
    box = docai_box_union (box, docai_view_row (view, (int) i)->bbox);
  const DocaiPage *page = document->pages->pdata[0];
  return page->height > 1.5 * page->width || docai_box_height (box) > 1.9 * docai_box_width (box);
}

typedef enum { KIND_NONE, KIND_INVOICE, KIND_RECEIPT } Kind;

static Kind
kind_of (const char *option, const DocaiDocument *document, const DocaiView *view)
{
  if (strcmp (option, "invoice") == 0)
    return KIND_INVOICE;
  if (strcmp (option, "receipt") == 0)
    return KIND_RECEIPT;
  if (document->pages->len > MAX_PAGES)
    return KIND_NONE;

  int invoice = score_of (view, FALSE), receipt = score_of (view, TRUE);
  if (is_slip (document, view))
    receipt += 4;
  if (MAX (invoice, receipt) < 4)
    return KIND_NONE;
  return receipt > invoice ? KIND_RECEIPT : KIND_INVOICE;
}

/* Whether a value of the fields stands on the page (from 1). */
static gboolean
has_field_on (const GPtrArray *fields, int page)
{
  for (guint i = 0; i < fields->len; i++)
    {
      const DocaiField *field = fields->pdata[i];
      if (field->page == page)
        return TRUE;
      for (guint k = 0; k < field->items->len; k++)
        if (has_field_on (((const DocaiItem *) field->items->pdata[k])->fields, page))
          return TRUE;
    }
  return FALSE;
}

/* Fields that bear the kind out weigh more than a look at the page where they stand; later
 * pages without any may be enclosures. */
static void
note_type (DocaiDocument *document, const char *label)
{
  for (guint i = 0; i < document->pages->len; i++)
    {
      DocaiPage *page = document->pages->pdata[i];
      gboolean   is_told = page->document_type != NULL;
      if (is_told && (strcmp (page->document_type->label, label) == 0
                      || (i > 0 && !has_field_on (document->fields, (int) i + 1))))
        continue;
      docai_document_type_free (page->document_type);
      page->document_type = docai_document_type_new (label);
      page->document_type->confidence = 0.8;
    }
}

/* Whether the fields found bear the guess out: papers that speak of invoices hold no
 * number, date and sum of one. */
static gboolean
is_borne_out (const GPtrArray *fields, Kind kind, gboolean slip)
{
  static const char *const invoice_core[] = { "InvoiceId", "InvoiceDate", "InvoiceTotal", "Items", "VendorTaxId", "DueDate", NULL };
  static const char *const receipt_core[] = { "MerchantName", "MerchantAddress", "TransactionDate", "Total", NULL };
  const char *const       *core = kind == KIND_INVOICE ? invoice_core : receipt_core;
  int                      n = 0;

  for (int i = 0; core[i] != NULL; i++)
    {
      const DocaiField *field = docai_fields_lookup (fields, core[i]);
      n += field != NULL && (slip || field->items->len > 0 || field->confidence >= 0.3);
    }
  if (kind == KIND_INVOICE && docai_fields_lookup (fields, "InvoiceId") != NULL
      && docai_fields_lookup (fields, "InvoiceTotal") != NULL)
    return TRUE;
  return n >= (kind == KIND_INVOICE || !slip ? 3 : 2);
}

/* ---- the stage --------------------------------------------------------------------- */

static gboolean
run_extract (gpointer engine, const DocaiTask *task, DocaiDocument *document, DocaiPage *page,
             GError **error)
{
  const char *option = task->options->extract;

  if (strcmp (option, "none") == 0)
    return TRUE;
  g_autoptr (DocaiView) view = docai_view_new (document);
  DocaiExtraction       x = { .document = document, .view = view, .items_first_row = -1, .items_last_row = -1 };
  Kind                  kind = kind_of (option, document, view);

  guint n_warnings = document->warnings->len;
  if (kind == KIND_INVOICE)
    {
      docai_extract_header (&x);
      docai_extract_items (&x);
      docai_extract_totals (&x);
      docai_extract_parties (&x);
      docai_extract_payment (&x);
    }
  else if (kind == KIND_RECEIPT)
    docai_extract_receipt (&x);
  if (kind != KIND_NONE && strcmp (option, "auto") == 0
      && !is_borne_out (document->fields, kind, is_slip (document, view)))
    {
      g_ptr_array_set_size (document->fields, 0);
      g_ptr_array_set_size (document->warnings, (int) n_warnings);
      return TRUE;
    }
  if (kind == KIND_NONE)
    return TRUE;
  if (kind == KIND_RECEIPT)
    docai_receipt_order_rows (&x);
  note_type (document, kind == KIND_INVOICE ? "invoice" : "receipt");
  docai_document_record_stage (document, "extract", "docai-rules", NULL);
  return TRUE;
}

const DocaiStage docai_extract_stage = {
  .name = "extract",
  .scope = DOCAI_SCOPE_DOCUMENT,
  .run = run_extract,
};
