/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How and when an invoice is paid: bank accounts, terms, and the period that it
 * is for. Account numbers carry check digits (ISO 13616, modulo 97), which decide
 * how far they are believed.
 */
#include "pipeline/extract/fields.h"

#include <string.h>

#define MAX_ACCOUNTS 8

static GRegex *
compiled (GRegex **cache, const char *pattern, GRegexCompileFlags flags)
{
  if (g_once_init_enter (cache))
    g_once_init_leave (cache, g_regex_new (pattern, G_REGEX_OPTIMIZE | flags, 0, NULL));
  return *cache;
}

static DocaiField *
placed (const char *name, const char *value, const DocaiSegment *segment, int start, int end, double certainty)
{
  DocaiField *field = docai_field_new (name, DOCAI_KIND_STRING, value, NULL);

  docai_view_place_field (field, segment, (gsize) start, (gsize) end);
  field->confidence *= certainty;
  return field;
}

/* ---- accounts ------------------------------------------------------------------------ */

/* ISO 13616: the country's letters and check digits moved to the end, letters as
 * 10 to 35, the number leaves 1 when divided by 97. */
static gboolean
is_valid_iban (const char *iban)
{
  gsize    length = strlen (iban);
  unsigned rest = 0;

  if (length < 15 || length > 34)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      char c = iban[(i + 4) % length];
      rest = g_ascii_isdigit (c) ? (rest * 10 + (unsigned) (c - '0')) % 97
                                 : (rest * 100 + (unsigned) (g_ascii_toupper (c) - 'A') + 10) % 97;
    }
  return rest == 1;
}

static char *
without_blanks (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, " ", -1);
  return g_strjoinv ("", parts);
}

/* The longest beginning of the match that is a valid number: what follows an account
 * in its line may look like one more group. */
static char *
trim_to_valid (const char *text, int *length)
{
  for (int end = *length; end >= 15; end--)
    {
      g_autofree char *part = g_strndup (text, (gsize) end);
      g_autofree char *iban = without_blanks (part);
      if ((text[end] == ' ' || end == *length) && is_valid_iban (iban))
        {
          *length = end;
          return g_steal_pointer (&iban);
        }
    }
  return NULL;
}

static gboolean
has_account (const DocaiField *accounts, const char *iban)
{
  for (guint i = 0; i < accounts->items->len; i++)
    {
      const DocaiField *known = docai_fields_lookup (((DocaiItem *) accounts->items->pdata[i])->fields, "IBAN");
      if (known != NULL && strcmp (known->value, iban) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Whether "IBAN" stands in the segment or left of it. */
static gboolean
is_called_iban (const DocaiView *view, const DocaiSegment *segment)
{
  const DocaiRow     *row = docai_view_row (view, segment->row);
  const DocaiSegment *left = segment->index > row->first ? docai_view_segment (view, segment->index - 1) : segment;

  return strstr (segment->folded, "iban") != NULL || strstr (left->folded, "iban") != NULL;
}

static void
take_ibans (const DocaiExtraction *x, const DocaiSegment *segment, DocaiField *accounts)
{
  static GRegex         *cache = NULL;
  g_autoptr (GMatchInfo) info = NULL;
  GRegex *regex = compiled (&cache, "(?<![A-Z0-9])[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Z0-9])", 0);

  for (gboolean more = g_regex_match (regex, segment->text, 0, &info); more; more = g_match_info_next (info, NULL))
    {
      int start, end;
      if (accounts->items->len >= MAX_ACCOUNTS || !g_match_info_fetch_pos (info, 0, &start, &end))
        break;
      int              length = end - start;
      g_autofree char *iban = trim_to_valid (segment->text + start, &length);
      double           certainty = iban != NULL ? 1 : 0.5;
      if (iban == NULL && !is_called_iban (x->view, segment))
        continue;
      if (iban == NULL)
        {
          g_autofree char *match = g_match_info_fetch (info, 0);
          iban = without_blanks (match);
          docai_document_warn (x->document, "iban_invalid", segment->page, "the check digits of %s are wrong", iban);
        }
      if (has_account (accounts, iban))
        continue;
      DocaiItem *item = docai_item_new ();
      g_ptr_array_add (item->fields, placed ("IBAN", iban, segment, start, start + length, certainty));
      g_ptr_array_add (accounts->items, item);
    }
}

/* The bank's code behind "BIC" or "SWIFT", in the segment or right of it; it belongs
 * to the first account that has none. */
static void
take_bic (const DocaiExtraction *x, const DocaiSegment *segment, DocaiField *accounts)
{
  static GRegex         *label_cache = NULL, *cache = NULL;
  g_autoptr (GMatchInfo) label = NULL, info = NULL;
  const DocaiSegment    *where = segment;
  int                    from = 0, start, end;

  if (!g_regex_match (compiled (&label_cache, "(?<!\\p{L})(?:bic|swift)(?!\\p{L})", G_REGEX_CASELESS), segment->text, 0, &label))
    return;
  g_match_info_fetch_pos (label, 0, NULL, &from);
  GRegex *regex = compiled (&cache, "(?<![A-Z0-9])[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Za-z0-9])", 0);
  if (!g_regex_match_full (regex, segment->text, -1, from, 0, &info, NULL))
    {
      g_clear_pointer (&info, g_match_info_unref);
      where = docai_view_right (x->view, segment);
      if (where == NULL || !g_regex_match (regex, where->text, 0, &info))
        return;
    }
  g_match_info_fetch_pos (info, 0, &start, &end);
  g_autofree char *bic = g_match_info_fetch (info, 0);
  for (guint i = 0; i < accounts->items->len; i++)
    {
      DocaiItem *item = accounts->items->pdata[i];
      if (docai_fields_lookup (item->fields, "SWIFT") != NULL)
        continue;
      g_ptr_array_add (item->fields, placed ("SWIFT", bic, where, start, end, 0.95));
      return;
    }
}

static void
take_accounts (DocaiExtraction *x)
{
  DocaiField *accounts = docai_field_new ("PaymentDetails", DOCAI_KIND_STRING, NULL, NULL);

  for (guint i = 0; i < x->view->segments->len; i++)
    take_ibans (x, x->view->segments->pdata[i], accounts);
  for (guint i = 0; i < x->view->segments->len; i++)
    take_bic (x, x->view->segments->pdata[i], accounts);
  if (accounts->items->len > 0)
    g_ptr_array_add (x->document->fields, accounts);
  else
    docai_field_free (accounts);
}

/* ---- terms ------------------------------------------------------------------------------ */

/* "Payment terms: 30 days net", the same with the value at the right, or a sentence
 * that begins with "Payable within". */
static void
take_terms (DocaiExtraction *x)
{
  static GRegex *label_cache = NULL, *sentence_cache = NULL;
  GRegex *label = compiled (&label_cache, "^(?:payment terms?|terms of payment|terms|zahlungsbedingung(?:en)?|zahlungsziel"
                            "|conditions de (?:paiement|reglement)|betalingsvoorwaarden|betaaltermijn|condiciones de pago"
                            "|condizioni di pagamento)(?!\\p{L}) ?:? ?", 0);
  GRegex *sentence = compiled (&sentence_cache, "^(?:zahlbar|payable|payment (?:is )?due|payment within|please pay within|bitte zahlen"
                               "|net \\d+|paiement (?:a|sous)|te betalen binnen)(?!\\p{L}).*\\d", 0);

  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment    *segment = x->view->segments->pdata[i], *where = segment;
      g_autoptr (GMatchInfo) info = NULL;
      int                    end;
      gsize                  start = 0;
      if (g_regex_match (label, segment->folded, 0, &info))
        {
          g_match_info_fetch_pos (info, 0, NULL, &end);
          start = docai_view_unfold (segment, (gsize) end);
          if (start >= strlen (segment->text))
            {
              where = docai_view_right (x->view, segment);
              start = where != NULL ? strspn (where->text, ": ") : 0;
            }
          if (where == NULL || start >= strlen (where->text))
            continue;
        }
      else if (!g_regex_match (sentence, segment->folded, 0, NULL))
        continue;
      docai_extraction_add (x, "PaymentTerm", DOCAI_KIND_STRING, NULL, where, start, strlen (where->text));
      docai_extraction_weigh (x, "PaymentTerm", 0.9);
      return;
    }
}

/* ---- the period ---------------------------------------------------------------------------- */

static void
add_date (DocaiExtraction *x, const char *name, const DocaiSegment *segment, const DocaiDate *date)
{
  g_autofree char *value = docai_date_text (date);

  docai_extraction_add (x, name, DOCAI_KIND_DATE, value, segment, date->span.start, date->span.end);
  docai_extraction_weigh (x, name, 0.9);
}

/* Two dates, the later one second, behind a label of a period. */
static gboolean
take_period_from (DocaiExtraction *x, const DocaiSegment *segment, gsize from)
{
  DocaiDate first, second;

  if (!docai_find_date (segment->text, from, x->date_order, &first)
      || !docai_find_date (segment->text, first.span.end, x->date_order, &second)
      || (second.year * 12 + second.month) * 31 + second.day < (first.year * 12 + first.month) * 31 + first.day)
    return FALSE;
  add_date (x, "ServiceStartDate", segment, &first);
  add_date (x, "ServiceEndDate", segment, &second);
  return TRUE;
}

static void
take_period (DocaiExtraction *x)
{
  static GRegex *cache = NULL;
  GRegex *regex = compiled (&cache, "(?<!\\p{L})(?:(?:billing|service|invoice|usage|statement) period|period of|leistungszeitraum"
                            "|abrechnungszeitraum|berechnungszeitraum|lieferzeitraum|periode|period|zeitraum|periodo)(?!\\p{L})", 0);

  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment    *segment = x->view->segments->pdata[i];
      const DocaiSegment    *right = docai_view_right (x->view, segment);
      g_autoptr (GMatchInfo) info = NULL;
      int                    end;
      if (x->items_first_row >= 0 && segment->row >= x->items_first_row && segment->row <= x->items_last_row)
        continue;
      if (!g_regex_match (regex, segment->folded, 0, &info))
        continue;
      g_match_info_fetch_pos (info, 0, NULL, &end);
      if (take_period_from (x, segment, docai_view_unfold (segment, (gsize) end))
          || (right != NULL && take_period_from (x, right, 0)))
        return;
    }
}

void
docai_extract_payment (DocaiExtraction *x)
{
  take_accounts (x);
  take_terms (x);
  take_period (x);
}
