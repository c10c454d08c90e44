/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sums: every row with a label of the amounts' lexicon and a number proposes a
 * value; the proposal whose net, tax and gross agree is taken.
 */
#include "pipeline/extract/fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CENT 100 /* in ten thousandths */
#define TOLERANCE (2 * CENT)
#define MAX_CANDIDATES 64
#define MAX_SUM_WORDS 12 /* of a line with a label and its sum; longer ones are prose */

typedef struct {
  DocaiKey            key;
  int                 weight;
  const DocaiSegment *segment;
  DocaiSpan           span;
  gint64              value;
} Candidate;

/* ---- gathering ------------------------------------------------------------------ */

#define LARGEST (G_GINT64_CONSTANT (10000000000) * 10000)

/* The last number in the segment that can be a sum of money: with decimals, or
 * a whole number beside a currency. */
static gboolean
last_amount (const DocaiSegment *segment, gsize from, DocaiAmount *last)
{
  DocaiAmount amount;
  DocaiSpan   currency;
  gboolean    found = FALSE, has_currency = docai_find_currency (segment->text, &currency) != NULL;

  for (gsize at = from; docai_find_amount (segment->text, at, &amount); at = amount.span.end)
    if (!amount.percent && llabs (amount.ten_thousandths) < LARGEST
        && (amount.decimals > 0 || (has_currency && segment->words->len <= 4)))
      {
        *last = amount;
        found = TRUE;
      }
  return found;
}

/* Whether the segment begins with a label of its own. */
static gboolean
starts_label (const DocaiSegment *segment)
{
  DocaiKeyMatch match;

  return docai_lexicon_find (DOCAI_LEXICON_AMOUNTS, segment->folded, 0, &match) && match.span.start == 0;
}

/* The end of what a label may claim in its row: the next label that has a number
 * before it. */
static int
end_of_claim (const DocaiView *view, const DocaiSegment *segment, int end)
{
  gboolean    found = FALSE;
  DocaiAmount amount;

  for (int i = segment->index; i < end; i++)
    {
      const DocaiSegment *next = docai_view_segment (view, i);
      if (found && starts_label (next))
        return i;
      found = found || last_amount (next, 0, &amount);
    }
  return end;
}

/* The number below a label that is nearest, where other text may stand between on
 * the left: rows of labels over rows of sums. */
static gboolean
amount_below (const DocaiView *view, const DocaiSegment *segment, const DocaiSegment **where, DocaiAmount *amount)
{
  *where = docai_view_below (view, segment, 3);
  return *where != NULL && (*where)->bbox.y0 - segment->bbox.y1 < 2.5 * docai_box_height (segment->bbox)
         && last_amount (*where, 0, amount) && amount->decimals == 2;
}

/* The number that a label stands for: behind it, else right of it (the last one
 * before the next label), else below it. */
static gboolean
amount_of_label (const DocaiView *view, const DocaiSegment *segment, gsize from,
                 const DocaiSegment **where, DocaiAmount *amount)
{
  const DocaiRow *row = docai_view_row (view, segment->row);
  int             end = end_of_claim (view, segment, row->first + row->count);

  for (int i = end - 1; i > segment->index; i--)
    {
      *where = docai_view_segment (view, i);
      if (last_amount (*where, 0, amount) && amount->decimals > 0)
        return TRUE;
    }
  *where = segment;
  if (segment->words->len <= MAX_SUM_WORDS && last_amount (segment, from, amount))
    return TRUE;
  for (int i = end - 1; i > segment->index; i--)
    {
      *where = docai_view_segment (view, i);
      if (last_amount (*where, 0, amount))
        return TRUE;
    }
  return segment->index + 1 >= row->first + row->count - 3 && amount_below (view, segment, where, amount);
}

static gboolean
holds_any (const char *folded, const char *const *words)
{
  for (; *words != NULL; words++)
    if (strstr (folded, *words) != NULL)
      return TRUE;
  return FALSE;
}

/* What a segment's label means. The first phrase counts; words that say "with
 * tax" or "without tax" turn a total into gross or net. */
static gboolean
classify (const DocaiSegment *segment, DocaiKeyMatch *label)
{
  static const char *const with_tax[] = { "incl", "inkl", "ttc", "t.t.c", "brutto", "gross", NULL };
  static const char *const without_tax[] = { "excl", "netto", "ohne ust", "ohne mwst", "hors", " ht", "h.t", "before",
                                             "without", "zzgl", "net ", NULL };
  static const char *const prices[] = { "prices", "preise", "prijzen", "prix", "precios", "prezzi", "precos", NULL };

  /* "All prices include VAT" says how the sums are meant and names none. */
  if (holds_any (segment->folded, with_tax) && holds_any (segment->folded, prices))
    return FALSE;
  if (!docai_lexicon_find (DOCAI_LEXICON_AMOUNTS, segment->folded, 0, label))
    return FALSE;
  if (label->key != DOCAI_KEY_TOTAL && label->key != DOCAI_KEY_SUBTOTAL)
    return TRUE;
  if (holds_any (segment->folded, with_tax))
    {
      label->key = DOCAI_KEY_TOTAL;
      label->weight = 10;
    }
  else if (holds_any (segment->folded, without_tax))
    {
      label->key = DOCAI_KEY_SUBTOTAL;
      label->weight = 10;
    }
  return TRUE;
}

static void
add_candidates (const DocaiExtraction *x, const DocaiSegment *segment, GArray *candidates)
{
  DocaiKeyMatch best = { 0 };

  if (!classify (segment, &best) || candidates->len >= MAX_CANDIDATES)
    return;

  Candidate   candidate = { .key = best.key, .weight = best.weight };
  DocaiAmount amount;
  gsize       from = docai_view_unfold (segment, best.span.end);
  if (amount_of_label (x->view, segment, from, &candidate.segment, &amount))
    {
      candidate.span = amount.span;
      candidate.value = amount.ten_thousandths;
      /* Sums are written with cents; a bare number is rather a count or a rate. */
      candidate.weight = candidate.weight * 2 - (amount.decimals == 2 ? 0 : 5);
      g_array_append_val (candidates, candidate);
    }
}

static GArray *
gather (const DocaiExtraction *x)
{
  GArray *candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));

  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment *segment = x->view->segments->pdata[i];
      if (segment->row >= x->items_first_row && segment->row <= x->items_last_row && x->items_first_row >= 0)
        continue;
      add_candidates (x, segment, candidates);
    }
  return candidates;
}

/* ---- choosing -------------------------------------------------------------------- */

typedef struct {
  const Candidate *net, *tax, *gross;
  int              score;
} Sums;

static gboolean
agree (gint64 a, gint64 b)
{
  return llabs (a - b) <= TOLERANCE;
}

static gboolean
is_gross (const Candidate *c)
{
  return c->key == DOCAI_KEY_TOTAL || c->key == DOCAI_KEY_DUE;
}

/* Net and gross whose difference is a tax that stands somewhere. */
static void
choose_agreeing (const GArray *candidates, Sums *best)
{
  const Candidate *c = (const Candidate *) (const void *) candidates->data;
  guint            n = candidates->len;

  for (guint g = 0; g < n; g++)
    for (guint s = 0; is_gross (&c[g]) && s < n; s++)
      for (guint t = 0; (c[s].key == DOCAI_KEY_SUBTOTAL || c[s].key == DOCAI_KEY_TOTAL) && s != g && t < n; t++)
        {
          if (c[t].key != DOCAI_KEY_TAX || !agree (c[s].value + c[t].value, c[g].value) || c[g].value == 0)
            continue;
          int score = 100 + c[g].weight + c[s].weight + c[t].weight
                      + (c[s].key == DOCAI_KEY_SUBTOTAL ? 4 : 0) + (c[g].key == DOCAI_KEY_TOTAL ? 2 : 0);
          if (score > best->score)
            *best = (Sums){ &c[s], &c[t], &c[g], score };
        }
}

/* The weightiest of a key, the last of equals: totals stand at the end. */
static const Candidate *
weightiest (const GArray *candidates, DocaiKey key)
{
  const Candidate *best = NULL;

  for (guint i = 0; i < candidates->len; i++)
    {
      const Candidate *c = &g_array_index (candidates, Candidate, i);
      if (c->key == key && (best == NULL || c->weight > best->weight
                            || (c->weight == best->weight && llabs (c->value) >= llabs (best->value))))
        best = c;
    }
  return best;
}

static void
add_sum (DocaiExtraction *x, const char *name, const Candidate *candidate, double certainty)
{
  if (candidate == NULL)
    return;
  g_autofree char *value = docai_amount_text (candidate->value);
  docai_extraction_add (x, name, DOCAI_KIND_AMOUNT, value, candidate->segment, candidate->span.start,
                        candidate->span.end);
  docai_extraction_weigh (x, name, certainty);
}

/* ---- tax breakdown ------------------------------------------------------------------ */

typedef struct {
  DocaiAmount         rate, base, tax;
  const DocaiSegment *rate_segment, *base_segment, *tax_segment;
} TaxLine;

static gboolean
is_tax_of (gint64 base, gint64 rate, gint64 tax)
{
  /* base and rate are in ten thousandths, the rate in percent */
  return base != 0 && agree ((gint64) ((double) base * (double) rate / (100.0 * 10000.0)), tax);
}

typedef struct {
  DocaiAmount         amount;
  const DocaiSegment *segment;
} Number;

/* All numbers of a row; returns how many, at most 16. */
static int
row_numbers (const DocaiView *view, int r, Number numbers[16])
{
  const DocaiRow *row = docai_view_row (view, r);
  int             n = 0;

  for (int i = row->first; i < row->first + row->count; i++)
    {
      const DocaiSegment *segment = docai_view_segment (view, i);
      DocaiAmount         amount;
      for (gsize at = 0; n < 16 && docai_find_amount (segment->text, at, &amount); at = amount.span.end)
        numbers[n++] = (Number){ amount, segment };
    }
  return n;
}

static gboolean
is_plausible_rate (const DocaiAmount *rate, gboolean percent_needed)
{
  return rate->ten_thousandths >= 0 && rate->ten_thousandths <= 35 * 10000
         && (rate->percent || !percent_needed);
}

/* Three numbers of a row that are base, rate and tax of each other. */
static gboolean
find_tax_line (const Number *numbers, int n, gboolean percent_needed, TaxLine *line)
{
  for (int r = 0; r < n; r++)
    for (int b = 0; is_plausible_rate (&numbers[r].amount, percent_needed) && b < n; b++)
      for (int t = 0; t < n; t++)
        if (r != b && t != r && t != b && numbers[t].amount.decimals == 2 && !numbers[t].amount.percent
            && numbers[b].amount.decimals == 2 && numbers[r].amount.ten_thousandths > 0
            && is_tax_of (numbers[b].amount.ten_thousandths, numbers[r].amount.ten_thousandths,
                          numbers[t].amount.ten_thousandths))
          {
            *line = (TaxLine){ numbers[r].amount, numbers[b].amount, numbers[t].amount,
                               numbers[r].segment, numbers[b].segment, numbers[t].segment };
            return TRUE;
          }
  return FALSE;
}

static gboolean
row_speaks_of_tax (const DocaiView *view, int r)
{
  const DocaiRow *row = docai_view_row (view, r);

  for (int i = row->first; i < row->first + row->count; i++)
    {
      DocaiKeyMatch label;
      const char   *folded = docai_view_segment (view, i)->folded;
      for (gsize at = 0; docai_lexicon_find (DOCAI_LEXICON_AMOUNTS, folded, at, &label); at = label.span.end)
        if (label.key == DOCAI_KEY_TAX)
          return TRUE;
    }
  return FALSE;
}

/* "19% VAT 108.87": a rate and a tax; the base is implied by them. */
static gboolean
find_short_tax_line (const Number *numbers, int n, TaxLine *line)
{
  const Number *rate = NULL, *tax = NULL;

  for (int i = 0; i < n; i++)
    if (numbers[i].amount.percent && is_plausible_rate (&numbers[i].amount, TRUE))
      rate = &numbers[i];
    else if (!numbers[i].amount.percent && numbers[i].amount.decimals == 2)
      tax = &numbers[i];
  if (rate == NULL || tax == NULL)
    return FALSE;
  *line = (TaxLine){ .rate = rate->amount, .tax = tax->amount, .rate_segment = rate->segment, .tax_segment = tax->segment };
  return TRUE;
}

/* "VAT  198.00  37.62": base and tax, whose rate was not read or never set; it is told by
 * them where it is a usual one, a whole or half number. */
static gboolean
find_rateless_tax_line (const Number *numbers, int n, TaxLine *line)
{
  const Number *sums[2] = { NULL, NULL };
  int           n_sums = 0;

  for (int i = 0; i < n; i++)
    if (numbers[i].amount.percent)
      return FALSE;
    else if (numbers[i].amount.decimals == 2 && n_sums++ < 2)
      sums[n_sums - 1] = &numbers[i];
  if (n_sums != 2 || sums[0]->amount.ten_thousandths < 5 * 10000 || sums[1]->amount.ten_thousandths <= 0)
    return FALSE;
  double rate = 100.0 * (double) sums[1]->amount.ten_thousandths / (double) sums[0]->amount.ten_thousandths;
  double usual = round (2 * rate) / 2;
  if (usual < 1 || usual > 27
      || fabs (usual / 100 * (double) sums[0]->amount.ten_thousandths - (double) sums[1]->amount.ten_thousandths) > 0.6 * CENT)
    return FALSE;
  *line = (TaxLine){ .rate = { .ten_thousandths = (gint64) (usual * 10000) }, .base = sums[0]->amount, .tax = sums[1]->amount,
                     .base_segment = sums[0]->segment, .tax_segment = sums[1]->segment };
  return TRUE;
}

static DocaiField *
placed_amount (const char *name, const DocaiSegment *segment, const DocaiAmount *amount)
{
  g_autofree char *value = docai_amount_text (amount->ten_thousandths);
  DocaiField      *field = docai_field_new (name, DOCAI_KIND_AMOUNT, value, NULL);

  docai_view_place_field (field, segment, amount->span.start, amount->span.end);
  return field;
}

static void
add_tax_line (DocaiField *details, const TaxLine *line)
{
  DocaiItem  *item = docai_item_new ();
  DocaiField *rate;

  if (line->rate_segment != NULL)
    rate = placed_amount ("Rate", line->rate_segment, &line->rate);
  else
    {
      g_autofree char *value = docai_amount_text (line->rate.ten_thousandths);
      rate = docai_field_new ("Rate", DOCAI_KIND_AMOUNT, value, NULL);
      rate->confidence = 0.5;
    }

  if (g_str_has_suffix (rate->value, ".00"))
    rate->value[strlen (rate->value) - 3] = '\0';
  g_ptr_array_add (item->fields, rate);
  g_ptr_array_add (item->fields, placed_amount ("Amount", line->tax_segment, &line->tax));
  if (line->base_segment != NULL)
    g_ptr_array_add (item->fields, placed_amount ("NetAmount", line->base_segment, &line->base));
  g_ptr_array_add (details->items, item);
}

static gboolean
has_tax_line (const DocaiField *details, gint64 rate, gint64 tax)
{
  for (guint i = 0; i < details->items->len; i++)
    {
      const DocaiItem *item = details->items->pdata[i];
      gint64           known_rate = 0, known_tax = 0;
      docai_extraction_amount (item->fields, "Rate", &known_rate);
      docai_extraction_amount (item->fields, "Amount", &known_tax);
      if (known_rate == rate && known_tax == tax)
        return TRUE;
    }
  return FALSE;
}

typedef enum { TAX_WHOLE, TAX_RATELESS, TAX_SHORT } TaxForm;

static void
collect_tax_lines (DocaiExtraction *x, DocaiField *details, TaxForm form)
{
  for (int r = 0; r < (int) x->view->rows->len; r++)
    {
      Number  numbers[16];
      TaxLine line;
      if (r >= x->items_first_row && r <= x->items_last_row && x->items_first_row >= 0)
        continue;
      int      n = row_numbers (x->view, r, numbers);
      gboolean taxed = row_speaks_of_tax (x->view, r);
      if (form == TAX_WHOLE ? !find_tax_line (numbers, n, !taxed, &line)
          : form == TAX_SHORT ? !taxed || !find_short_tax_line (numbers, n, &line)
                              : !taxed || !find_rateless_tax_line (numbers, n, &line))
        continue;
      if (!has_tax_line (details, line.rate.ten_thousandths, line.tax.ten_thousandths))
        add_tax_line (details, &line);
    }
}

/* Whether the lines found add up to the tax of the invoice, so that none is missing. */
static gboolean
is_all_tax (const DocaiExtraction *x, const DocaiField *details)
{
  gint64 tax, sum = 0, part;

  if (!docai_extraction_amount (x->document->fields, "TotalTax", &tax))
    return details->items->len > 0;
  for (guint i = 0; i < details->items->len; i++)
    if (docai_extraction_amount (((DocaiItem *) details->items->pdata[i])->fields, "Amount", &part))
      sum += part;
  return details->items->len > 0 && agree (sum, tax);
}

static void
extract_tax_details (DocaiExtraction *x)
{
  DocaiField *details = docai_field_new ("TaxDetails", DOCAI_KIND_STRING, NULL, NULL);

  collect_tax_lines (x, details, TAX_WHOLE);
  if (details->items->len == 0)
    collect_tax_lines (x, details, TAX_SHORT);
  if (!is_all_tax (x, details))
    collect_tax_lines (x, details, TAX_RATELESS);
  if (details->items->len > 0)
    g_ptr_array_add (x->document->fields, details);
  else
    docai_field_free (details);
}

/* Several taxes: their sum is the tax. */
static void
sum_of_taxes (DocaiExtraction *x, gint64 *sum)
{
  const DocaiField *details = docai_fields_lookup (x->document->fields, "TaxDetails");

  *sum = 0;
  for (guint i = 0; details != NULL && i < details->items->len; i++)
    {
      gint64 tax = 0;
      docai_extraction_amount (((DocaiItem *) details->items->pdata[i])->fields, "Amount", &tax);
      *sum += tax;
    }
}

/* What the taxes are of; 0 where one of them does not say. */
static gint64
sum_of_bases (const DocaiExtraction *x)
{
  const DocaiField *details = docai_fields_lookup (x->document->fields, "TaxDetails");
  gint64            sum = 0, base;

  for (guint i = 0; details != NULL && i < details->items->len; i++)
    {
      if (!docai_extraction_amount (((DocaiItem *) details->items->pdata[i])->fields, "NetAmount", &base))
        return 0;
      sum += base;
    }
  return sum;
}

/* Where the taxes by rate make net and gross agree, they are the tax, whatever another
 * label said. */
static void
take_sum_of_taxes (DocaiExtraction *x)
{
  DocaiField *details = docai_fields_lookup (x->document->fields, "TaxDetails");
  gint64      net, gross, tax, taxes;

  sum_of_taxes (x, &taxes);
  if (taxes == 0 || !docai_extraction_amount (x->document->fields, "InvoiceTotal", &gross))
    return;
  if (!docai_extraction_amount (x->document->fields, "SubTotal", &net))
    net = sum_of_bases (x);
  if (!agree (net + taxes, gross)
      || (docai_extraction_amount (x->document->fields, "TotalTax", &tax) && agree (net + tax, gross)))
    return;
  g_autofree char  *value = docai_amount_text (taxes);
  const DocaiItem  *first = details->items->pdata[0];
  const DocaiField *amount = docai_fields_lookup (first->fields, "Amount");
  for (guint i = 0; i < x->document->fields->len; i++)
    if (strcmp (((DocaiField *) x->document->fields->pdata[i])->name, "TotalTax") == 0)
      g_ptr_array_remove_index (x->document->fields, i--);
  DocaiField *total = docai_field_new ("TotalTax", DOCAI_KIND_AMOUNT, value, amount->content);
  total->page = amount->page;
  total->bbox = amount->bbox;
  total->confidence = 0.8 * amount->confidence;
  total->grounded = details->items->len == 1;
  g_ptr_array_add (x->document->fields, total);
}

static void
check_sums (DocaiExtraction *x)
{
  const GPtrArray *fields = x->document->fields;
  gint64           net, tax, gross, taxes;

  if (docai_extraction_amount (fields, "SubTotal", &net) && docai_extraction_amount (fields, "TotalTax", &tax)
      && docai_extraction_amount (fields, "InvoiceTotal", &gross) && !agree (net + tax, gross))
    {
      g_autofree char *a = docai_amount_text (net), *b = docai_amount_text (tax), *c = docai_amount_text (gross);
      docai_document_warn (x->document, "sum_mismatch", 0, "net %s and tax %s do not add up to %s", a, b, c);
    }
  sum_of_taxes (x, &taxes);
  if (taxes != 0 && docai_extraction_amount (fields, "TotalTax", &tax) && !agree (taxes, tax))
    {
      g_autofree char *a = docai_amount_text (taxes), *b = docai_amount_text (tax);
      docai_document_warn (x->document, "sum_mismatch", 0, "the taxes add up to %s, the total tax is %s", a, b);
    }
}

void
docai_extract_totals (DocaiExtraction *x)
{
  g_autoptr (GArray) candidates = gather (x);
  Sums               sums = { 0 };
  const Candidate   *due = weightiest (candidates, DOCAI_KEY_DUE);

  double certainty = 1; /* sums that agree are believed, lone ones less */

  choose_agreeing (candidates, &sums);
  if (sums.score == 0)
    {
      certainty = 0.7;
      sums.net = weightiest (candidates, DOCAI_KEY_SUBTOTAL);
      sums.tax = weightiest (candidates, DOCAI_KEY_TAX);
      sums.gross = weightiest (candidates, DOCAI_KEY_TOTAL);
      if (sums.gross == NULL)
        sums.gross = due;
    }
  add_sum (x, "SubTotal", sums.net, certainty);
  add_sum (x, "TotalTax", sums.tax, certainty);
  add_sum (x, "InvoiceTotal", sums.gross, certainty);
  if (due != NULL && sums.gross != NULL && due->value != sums.gross->value)
    add_sum (x, "AmountDue", due, 0.9);
  extract_tax_details (x);
  take_sum_of_taxes (x);
  check_sums (x);
}
