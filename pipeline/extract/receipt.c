/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Till slips: the merchant's name and address at the top, date and time, and the
 * total among the sums at the end.
 */
#include "pipeline/extract/fields.h"

#include <stdlib.h>
#include <string.h>

#define MAX_HEAD_ROWS 14

/* ---- the head ---------------------------------------------------------------------- */

static int
count_letters (const char *text)
{
  int n = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    n += g_unichar_isalpha (g_utf8_get_char (p)) != 0;
  return n;
}

/* What ends the address: telephone, registration, tax number, date, titles. */
static gboolean
ends_head (const DocaiSegment *segment, const DocaiExtraction *x)
{
  static const char *const words[] = {
    "tel", "fax", "phone", "gst", "reg", "invoice", "receipt", "cashier", "date", "bill", "table", "www.", "@",
    "email", "e-mail", "doc no", "hotline", "website", "order", "company no", "roc", "co. no", "tax", NULL
  };
  DocaiDate date;

  if (docai_find_date (segment->text, 0, x->date_order, &date))
    return TRUE;
  for (int i = 0; words[i] != NULL; i++)
    if (strstr (segment->folded, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* A row of the head as one piece; slips are narrow and rows rarely broken. */
static char *
row_text (const DocaiView *view, const DocaiRow *row)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (int i = row->first; i < row->first + row->count; i++)
    g_string_append_printf (text, "%s%s", i > row->first ? " " : "", docai_view_segment (view, i)->text);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
is_registration (const char *text)
{
  gsize n_digits = 0;

  for (const char *p = text; *p != '\0'; p++)
    n_digits += g_ascii_isdigit (*p);
  return n_digits * 2 > strlen (text) || (text[0] == '(' && n_digits >= 4);
}

static gboolean
looks_like_address (const DocaiSegment *segment)
{
  static const char *const words[] = {
    "jalan", "jln", "street", "road", "avenue", "lot", "no.", "no ", "taman", "lorong", "persiaran", "floor", "level",
    "block", "strasse", "str.", "allee", "rue", "via ", "calle", "weg", "platz", "drive", "blvd", "st.", "rd", NULL
  };

  if (docai_has_postal_place (segment->text))
    return TRUE;
  for (int i = 0; words[i] != NULL; i++)
    if (g_str_has_prefix (segment->folded, words[i]) || strstr (segment->folded, words[i]) != NULL)
      return strpbrk (segment->text, "0123456789,") != NULL;
  return FALSE;
}

static void
add_rows (DocaiExtraction *x, const char *name, DocaiFieldKind kind, int first, int last)
{
  g_autoptr (GString) text = g_string_new (NULL);
  DocaiBox            box = { 0 };

  for (int r = first; r <= last; r++)
    {
      const DocaiRow  *row = docai_view_row (x->view, r);
      g_autofree char *line = row_text (x->view, row);
      g_string_append_printf (text, "%s%s", r > first ? "\n" : "", line);
      box = docai_box_union (box, row->bbox);
    }
  const DocaiSegment *start = docai_view_segment (x->view, docai_view_row (x->view, first)->first);
  g_autofree char    *value = g_strdelimit (g_strdup (text->str), "\n", ' ');
  docai_extraction_add (x, name, kind, value, start, 0, strlen (start->text));
  DocaiField *field = docai_fields_lookup (x->document->fields, name);
  g_free (field->content);
  field->content = g_strdup (value);
  field->bbox = box;
}

static void
take_merchant (DocaiExtraction *x)
{
  int name = -1, last_name, address = -1, last = -1;

  for (int r = 0; r < (int) x->view->rows->len && r < MAX_HEAD_ROWS && last < 0; r++)
    {
      const DocaiRow     *row = docai_view_row (x->view, r);
      const DocaiSegment *segment = docai_view_segment (x->view, row->first);
      g_autofree char    *text = row_text (x->view, row);
      if (name < 0)
        {
          if (count_letters (text) >= 4 && (!ends_head (segment, x) || docai_has_company_form (text)))
            name = r;
          continue;
        }
      if (is_registration (text) && address < 0)
        continue;
      if (ends_head (segment, x) || (address >= 0 && r - address > 4))
        {
          if (address >= 0)
            last = r - 1;
          continue;
        }
      if (address < 0 && looks_like_address (segment))
        address = r;
      else if (address < 0)
        continue;
      if (docai_has_postal_place (text) && r + 1 < (int) x->view->rows->len)
        {
          const DocaiSegment *next = docai_view_segment (x->view, docai_view_row (x->view, r + 1)->first);
          gboolean more = !ends_head (next, x) && !is_registration (next->text) && count_letters (next->text) >= 4
                          && next->words->len <= 4 && g_str_has_suffix (text, ",");
          last = more ? r + 1 : r;
        }
    }
  if (name < 0)
    return;
  last_name = name;
  /* A name may run on to a second row that holds the company's form. */
  if (name + 1 < (int) x->view->rows->len && (address < 0 || name + 1 < address))
    {
      g_autofree char *first = row_text (x->view, docai_view_row (x->view, name));
      g_autofree char *second = row_text (x->view, docai_view_row (x->view, name + 1));
      if (!docai_has_company_form (first) && docai_has_company_form (second) && !is_registration (second)
          && strlen (second) < 40)
        last_name = name + 1;
    }
  add_rows (x, "MerchantName", DOCAI_KIND_STRING, name, last_name);
  if (address >= 0)
    add_rows (x, "MerchantAddress", DOCAI_KIND_ADDRESS, address, last >= address ? last : address);
}

static void
take_phone (DocaiExtraction *x)
{
  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment *segment = x->view->segments->pdata[i];
      const char         *at = strstr (segment->folded, "tel");
      if (at == NULL || (at != segment->folded && g_ascii_isalnum (at[-1])))
        continue;
      gsize start = docai_view_unfold (segment, (gsize) (at - segment->folded) + 3);
      while (segment->text[start] != '\0' && strchr ("0123456789+(", segment->text[start]) == NULL)
        start++;
      gsize end = start + strspn (segment->text + start, "0123456789+()- /.");
      while (end > start && strchr (" -/.", segment->text[end - 1]) != NULL)
        end--;
      if (end < start + 6)
        continue;
      docai_extraction_add (x, "MerchantPhoneNumber", DOCAI_KIND_STRING, NULL, segment, start, end);
      return;
    }
}

/* ---- date and time ----------------------------------------------------------------------- */

static void
take_date (DocaiExtraction *x)
{
  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment *segment = x->view->segments->pdata[i];
      DocaiDate           date;
      if (!docai_find_date (segment->text, 0, x->date_order, &date) || date.year < 1990)
        continue;
      g_autofree char *value = docai_date_text (&date);
      docai_extraction_add (x, "TransactionDate", DOCAI_KIND_DATE, value, segment, date.span.start, date.span.end);
      return;
    }
}

static void
take_time (DocaiExtraction *x)
{
  g_autoptr (GRegex) regex = g_regex_new ("(?<![\\d:])([01]?\\d|2[0-3]):([0-5]\\d)(?::[0-5]\\d)?( ?[AP]M)?(?![\\d:])",
                                          G_REGEX_CASELESS, 0, NULL);

  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment    *segment = x->view->segments->pdata[i];
      g_autoptr (GMatchInfo) info = NULL;
      int                    start, end;
      if (!g_regex_match (regex, segment->text, 0, &info))
        continue;
      g_match_info_fetch_pos (info, 0, &start, &end);
      docai_extraction_add (x, "TransactionTime", DOCAI_KIND_STRING, NULL, segment, (gsize) start, (gsize) end);
      return;
    }
}

/* ---- sums ---------------------------------------------------------------------------------- */

typedef struct {
  int                 weight;
  const DocaiSegment *segment;
  DocaiAmount         amount;
} Sum;

/* The last money on the row from this segment on, or below it. */
static gboolean
money_on_row (const DocaiView *view, const DocaiSegment *segment, const DocaiSegment **where, DocaiAmount *amount)
{
  const DocaiRow *row = docai_view_row (view, segment->row);
  gboolean        found = FALSE;

  for (int i = segment->index; i < row->first + row->count; i++)
    {
      const DocaiSegment *candidate = docai_view_segment (view, i);
      DocaiAmount         next;
      for (gsize at = 0; docai_find_amount (candidate->text, at, &next); at = next.span.end)
        if (!next.percent && next.decimals == 2)
          {
            *amount = next;
            *where = candidate;
            found = TRUE;
          }
    }
  return found;
}

/* How surely the row's label means the sum to pay; 0: not at all. */
static int
total_weight (const DocaiSegment *segment, DocaiKey wanted)
{
  DocaiKeyMatch match;
  int           weight = 0;

  for (gsize at = 0; docai_lexicon_find (DOCAI_LEXICON_AMOUNTS, segment->folded, at, &match); at = match.span.end)
    {
      if (match.key == DOCAI_KEY_CASH || (match.key == DOCAI_KEY_DISCOUNT && wanted == DOCAI_KEY_TOTAL))
        return 0;
      if (match.key == DOCAI_KEY_SUBTOTAL && wanted == DOCAI_KEY_TOTAL)
        weight = MAX (weight, 1);
      else if (match.key == wanted || (match.key == DOCAI_KEY_DUE && wanted == DOCAI_KEY_TOTAL))
        weight = MAX (weight, 2 * match.weight);
    }
  if (wanted == DOCAI_KEY_TOTAL && weight > 2
      && (strstr (segment->folded, "excl") != NULL || strstr (segment->folded, "tax") != NULL
          || strstr (segment->folded, "gst") != NULL))
    weight -= strstr (segment->folded, "incl") != NULL ? 0 : 5;
  if (wanted == DOCAI_KEY_TOTAL && strstr (segment->folded, "round") != NULL && weight > 2)
    weight += 3; /* "rounded total" is what is paid */
  return weight;
}

static void
take_sum (DocaiExtraction *x, DocaiKey key, const char *name)
{
  Sum best = { 0 };

  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment *segment = x->view->segments->pdata[i];
      Sum                 sum = { .weight = total_weight (segment, key) };
      if (sum.weight == 0 || !money_on_row (x->view, segment, &sum.segment, &sum.amount))
        continue;
      if (sum.weight > best.weight
          || (sum.weight == best.weight && sum.amount.ten_thousandths >= best.amount.ten_thousandths))
        best = sum;
    }
  if (best.segment == NULL)
    return;
  g_autofree char *value = docai_amount_text (best.amount.ten_thousandths);
  docai_extraction_add (x, name, DOCAI_KIND_AMOUNT, value, best.segment, best.amount.span.start, best.amount.span.end);
}

/* Without any label the largest sum of money that stands twice is the total. */
static void
take_unlabelled_total (DocaiExtraction *x)
{
  Sum best = { 0 };

  if (docai_fields_lookup (x->document->fields, "Total") != NULL)
    return;
  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment *segment = x->view->segments->pdata[i];
      DocaiAmount         amount;
      for (gsize at = 0; docai_find_amount (segment->text, at, &amount); at = amount.span.end)
        if (amount.decimals == 2 && !amount.percent && total_weight (segment, DOCAI_KEY_CASH) == 0
            && amount.ten_thousandths > best.amount.ten_thousandths)
          best = (Sum){ 1, segment, amount };
    }
  if (best.segment == NULL)
    return;
  g_autofree char *value = docai_amount_text (best.amount.ten_thousandths);
  docai_extraction_add (x, "Total", DOCAI_KIND_AMOUNT, value, best.segment, best.amount.span.start, best.amount.span.end);
}

void
docai_extract_receipt (DocaiExtraction *x)
{
  take_merchant (x);
  take_phone (x);
  take_date (x);
  take_time (x);
  take_sum (x, DOCAI_KEY_SUBTOTAL, "Subtotal");
  take_sum (x, DOCAI_KEY_TAX, "TotalTax");
  take_sum (x, DOCAI_KEY_TOTAL, "Total");
  take_unlabelled_total (x);
}
