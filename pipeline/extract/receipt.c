/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Till slips: date and time, and the total among the sums at the end. The head is
 * read in receipt-head.c.
 *
 *   Total (incl. GST):   31.02     every row's label says what its sum is; the
 *   Rounding:            -0.02     total is the value for which most speaks:
 *   TOTAL:               31.00     its labels, the rounding, and that cash less
 *   CASH:                50.00     change is what was paid
 *   CHANGE:              19.00
 */
#include "pipeline/extract/fields.h"

#include <stdlib.h>
#include <string.h>

#define MAX_SUMS 128
#define CENT 100 /* in ten thousandths */

/* ---- date and time ----------------------------------------------------------------- */

static gboolean
is_plausible_year (int year)
{
  return year >= 1990 && year <= 2049;
}

/* "25032018", "20180325", "14/032018": digits whose marks were lost or never set. */
static gboolean
find_packed_date (const char *text, DocaiDateOrder order, DocaiDate *date)
{
  static GRegex         *cache = NULL;
  g_autoptr (GMatchInfo) info = NULL;

  if (g_once_init_enter (&cache))
    g_once_init_leave (&cache, g_regex_new ("(?<!\\d)(\\d\\d)[-/. ]?(\\d\\d)[-/. ]?((?:19|20)\\d\\d)(?!\\d)"
                                            "|(?<!\\d)((?:19|20)\\d\\d)[-/. ]?(\\d\\d)[-/. ]?(\\d\\d)(?!\\d)", G_REGEX_OPTIMIZE, 0, NULL));
  for (gboolean more = g_regex_match (cache, text, 0, &info); more; more = g_match_info_next (info, NULL))
    {
      int      part[7] = { 0 }, start, end;
      gboolean year_first;
      for (int i = 1; i <= 6; i++)
        {
          g_autofree char *digits = g_match_info_fetch (info, i);
          part[i] = digits != NULL ? atoi (digits) : 0;
        }
      year_first = part[4] > 0;
      date->year = year_first ? part[4] : part[3];
      date->month = year_first ? part[5] : order == DOCAI_MONTH_FIRST ? part[1] : part[2];
      date->day = year_first ? part[6] : order == DOCAI_MONTH_FIRST ? part[2] : part[1];
      if (!year_first && date->month > 12)
        {
          int month = date->day;
          date->day = date->month;
          date->month = month;
        }
      g_match_info_fetch_pos (info, 0, &start, &end);
      date->span = (DocaiSpan){ (gsize) start, (gsize) end };
      if (is_plausible_year (date->year) && date->month >= 1 && date->month <= 12 && date->day >= 1 && date->day <= 31)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_date_label (const DocaiView *view, const DocaiSegment *segment)
{
  static const char *const words[] = { "date", "tarikh", "datum", "fecha", "data", NULL };
  const DocaiSegment      *first = docai_view_segment (view, docai_view_row (view, segment->row)->first);

  for (int i = 0; words[i] != NULL; i++)
    if (strstr (segment->folded, words[i]) != NULL || strstr (first->folded, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
has_time (const char *text)
{
  return g_regex_match_simple ("\\d[:.]\\d\\d", text, 0, 0);
}

/* Whether the year is written in full, which is seldom an accident of reading. */
static gboolean
has_whole_year (const char *text, const DocaiDate *date)
{
  g_autofree char *year = g_strdup_printf ("%d", date->year);
  const char      *at = strstr (text + date->span.start, year);

  return at != NULL && at < text + date->span.end;
}

/* The date with a label or a time beside it and a whole year, else the first one. */
static void
take_date (DocaiExtraction *x)
{
  const DocaiSegment *where = NULL;
  DocaiDate           best = { 0 };
  int                 most = 0;

  for (int packed = 0; packed < 2 && where == NULL; packed++)
    for (guint i = 0; i < x->view->segments->len; i++)
      {
        const DocaiSegment *segment = x->view->segments->pdata[i];
        DocaiDate           date;
        if (packed ? !find_packed_date (segment->text, x->date_order, &date)
                   : !docai_find_date (segment->text, 0, x->date_order, &date) || !is_plausible_year (date.year))
          continue;
        int score = 1 + 2 * is_date_label (x->view, segment) + has_time (segment->text + date.span.end)
                    + has_whole_year (segment->text, &date);
        if (score <= most)
          continue;
        most = score;
        where = segment;
        best = date;
      }
  if (where == NULL)
    return;
  g_autofree char *value = docai_date_text (&best);
  docai_extraction_add (x, "TransactionDate", DOCAI_KIND_DATE, value, where, best.span.start, best.span.end);
  docai_extraction_weigh (x, "TransactionDate", most > 2 ? 1 : 0.8);
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

/* ---- sums ------------------------------------------------------------------------------ */

typedef struct {
  DocaiKey            key; /* TOTAL, SUBTOTAL, TAX, ROUNDING, CASH, CHANGE or NONE */
  int                 weight;
  const DocaiSegment *segment;
  DocaiSpan           span;
  gint64              value;
} Sum;

typedef struct {
  Sum    sums[MAX_SUMS];
  int    n;
  gint64 of_items; /* what the rows above the first label of a sum add up to */
} Sums;

static gboolean
holds (const char *text, const char *word)
{
  return strstr (text, word) != NULL;
}

/* One letter is misread: "jotal", "Tota1", "otal". */
static gboolean
is_nearly_total (const char *word)
{
  static const char total[] = "total";
  gsize             length = strlen (word), same = 0;

  if (length == 4)
    return strcmp (word, "otal") == 0 || strcmp (word, "tota") == 0;
  if (length != 5)
    return FALSE;
  for (gsize i = 0; i < 5; i++)
    same += word[i] == total[i];
  return same >= 4;
}

static gboolean
holds_nearly_total (const char *folded)
{
  g_auto (GStrv) words = g_strsplit_set (folded, " :;.,()[]", -1);

  for (int i = 0; words[i] != NULL; i++)
    if (is_nearly_total (words[i]))
      return TRUE;
  return FALSE;
}

/* What the sum in a row is. Words that say "with" or "without tax" decide where a
 * row names both a total and a tax. */
static DocaiKey
classify_row (const char *folded, int *weight)
{
  int           weights[DOCAI_KEY_COLUMN_POSITION] = { 0 };
  gboolean      without_tax = holds (folded, "excl") || holds (folded, "before") || holds (folded, "w/o");
  gboolean      with_tax = holds (folded, "incl") || holds (folded, "inkl") || holds (folded, "ttc")
                           || (holds (folded, "clusive") && !without_tax);
  DocaiKeyMatch match;

  for (gsize at = 0; docai_lexicon_find (DOCAI_LEXICON_AMOUNTS, folded, at, &match); at = match.span.end)
    weights[match.key] = MAX (weights[match.key], match.weight);
  *weight = MAX (weights[DOCAI_KEY_TOTAL], weights[DOCAI_KEY_DUE]);
  if (weights[DOCAI_KEY_NO_SUM] > 0 || weights[DOCAI_KEY_DISCOUNT] > 0 || holds (folded, "supplies"))
    return DOCAI_KEY_NO_SUM;
  if (weights[DOCAI_KEY_CHANGE] > 0)
    return DOCAI_KEY_CHANGE;
  if (weights[DOCAI_KEY_ROUNDING] > 0)
    return DOCAI_KEY_ROUNDING;
  if (*weight > 0 && without_tax && !with_tax)
    return DOCAI_KEY_SUBTOTAL;
  if (*weight > 0 && weights[DOCAI_KEY_TAX] > 0 && !with_tax)
    return DOCAI_KEY_TAX;
  if (*weight > 0)
    return DOCAI_KEY_TOTAL;
  *weight = weights[DOCAI_KEY_SUBTOTAL];
  if (*weight > 0)
    return DOCAI_KEY_SUBTOTAL;
  *weight = weights[DOCAI_KEY_CASH];
  if (*weight > 0)
    return DOCAI_KEY_CASH;
  *weight = weights[DOCAI_KEY_TAX];
  if (*weight > 0)
    return with_tax ? DOCAI_KEY_NONE : DOCAI_KEY_TAX;
  *weight = 5;
  return holds_nearly_total (folded) || holds (folded, "amount incl") ? DOCAI_KEY_TOTAL : DOCAI_KEY_NONE;
}

static char *
row_folded (const DocaiView *view, const DocaiRow *row)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (int i = row->first; i < row->first + row->count; i++)
    g_string_append_printf (text, "%s%s", i > row->first ? " " : "", docai_view_segment (view, i)->folded);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The last money of a row. */
static gboolean
money_of_row (const DocaiView *view, const DocaiRow *row, Sum *sum)
{
  for (int i = row->first + row->count - 1; i >= row->first; i--)
    {
      const DocaiSegment *segment = docai_view_segment (view, i);
      DocaiAmount         amount;
      gboolean            found = FALSE;
      for (gsize at = 0; docai_find_money (segment->text, at, &amount); at = amount.span.end)
        {
          sum->segment = segment;
          sum->span = amount.span;
          sum->value = amount.ten_thousandths;
          found = TRUE;
        }
      if (found)
        return TRUE;
    }
  return FALSE;
}

/* The last whole number of a row that a currency stands beside: "Rs 1939". */
static gboolean
whole_money_of_row (const DocaiView *view, const DocaiRow *row, Sum *sum)
{
  for (int i = row->first + row->count - 1; i >= row->first; i--)
    {
      const DocaiSegment *segment = docai_view_segment (view, i);
      DocaiAmount         amount;
      DocaiSpan           currency;
      gboolean            found = FALSE;
      if (docai_find_currency (segment->text, &currency) == NULL)
        continue;
      for (gsize at = 0; docai_find_amount (segment->text, at, &amount); at = amount.span.end)
        if (amount.decimals == 0 && !amount.percent && amount.span.start >= currency.end
            && amount.span.start - currency.end <= 2)
          {
            sum->segment = segment;
            sum->span = amount.span;
            sum->value = amount.ten_thousandths;
            found = TRUE;
          }
      if (found)
        return TRUE;
    }
  return FALSE;
}

/* Whether the label's sum may stand in the next row: that one holds nothing else. */
static gboolean
is_sum_only (const char *folded)
{
  int letters = 0;

  for (const char *p = folded; *p != '\0'; p++)
    letters += g_ascii_isalpha (*p) != 0;
  return letters <= 3;
}

/* All sums with what their rows call them. The tax summary below the total has
 * totals of its own; from there on nothing is a total. */
static void
gather_sums (const DocaiView *view, Sums *sums)
{
  gboolean in_summary = FALSE;

  for (int r = 0; r < (int) view->rows->len && sums->n < MAX_SUMS; r++)
    {
      const DocaiRow  *row = docai_view_row (view, r);
      g_autofree char *folded = row_folded (view, row);
      Sum              sum = { 0 };
      sum.key = classify_row (folded, &sum.weight);
      in_summary = in_summary || holds (folded, "summary") || holds (folded, "tax code");
      if (!money_of_row (view, row, &sum)
          && (sum.key == DOCAI_KEY_NONE || !whole_money_of_row (view, row, &sum)))
        {
          if (sum.key == DOCAI_KEY_NONE || r + 1 >= (int) view->rows->len)
            continue;
          const DocaiRow  *next = docai_view_row (view, r + 1);
          g_autofree char *below = row_folded (view, next);
          if (!is_sum_only (below) || next->bbox.y0 - row->bbox.y1 > docai_box_height (row->bbox)
              || !money_of_row (view, next, &sum))
            continue;
        }
      if (in_summary && (sum.key == DOCAI_KEY_TOTAL || sum.key == DOCAI_KEY_SUBTOTAL))
        sum.key = DOCAI_KEY_NONE;
      /* "Rounding 177.20": the sum after it. */
      if (sum.key == DOCAI_KEY_ROUNDING && llabs (sum.value) > 100 * CENT)
        sum.key = DOCAI_KEY_TOTAL;
      if (sum.key != DOCAI_KEY_NO_SUM)
        sums->sums[sums->n++] = sum;
    }
  for (int i = 0; i < sums->n && sums->sums[i].key == DOCAI_KEY_NONE; i++)
    sums->of_items += sums->sums[i].value;
}

static int
count_value (const Sums *sums, gint64 value)
{
  int n = 0;

  for (int i = 0; i < sums->n; i++)
    n += sums->sums[i].value == value;
  return n;
}

/* Whether two sums of these kinds combine to the value: left + sign * right. A sum is not
 * confirmed by itself and a rounding of nothing: `itself` is left out. */
static gboolean
combine (const Sums *sums, DocaiKey left, DocaiKey right, int sign, gint64 value, const Sum *itself)
{
  for (int i = 0; i < sums->n; i++)
    for (int j = 0; sums->sums[i].key == left && &sums->sums[i] != itself && j < sums->n; j++)
      if (i != j && sums->sums[j].key == right && sums->sums[i].value + sign * sums->sums[j].value == value)
        return TRUE;
  return FALSE;
}

static gboolean
combine_to (const Sums *sums, DocaiKey left, DocaiKey right, int sign, gint64 value)
{
  return combine (sums, left, right, sign, value, NULL);
}

/* A card is charged what the sums come to, and its row repeats that. */
static gboolean
is_paid_exactly (const Sums *sums, const Sum *sum)
{
  return sum->key == DOCAI_KEY_CASH
         && (combine_to (sums, DOCAI_KEY_TOTAL, DOCAI_KEY_ROUNDING, 1, sum->value)
             || combine_to (sums, DOCAI_KEY_SUBTOTAL, DOCAI_KEY_TAX, 1, sum->value));
}

/* A total that differs by some cents and ends in 0 or 5: this one is not yet rounded. */
static gboolean
is_rounded_elsewhere (const Sums *sums, gint64 value)
{
  if (value % (5 * CENT) == 0)
    return FALSE;
  for (int i = 0; i < sums->n; i++)
    if ((sums->sums[i].key == DOCAI_KEY_TOTAL || sums->sums[i].key == DOCAI_KEY_CASH)
        && sums->sums[i].value % (5 * CENT) == 0 && llabs (sums->sums[i].value - value) <= 4 * CENT)
      return TRUE;
  return FALSE;
}

/* How much speaks for a sum as the total. */
static int
total_score (const Sums *sums, const Sum *sum)
{
  int score = sum->key == DOCAI_KEY_TOTAL ? 10 + sum->weight : sum->key == DOCAI_KEY_SUBTOTAL ? 4
              : sum->key == DOCAI_KEY_CASH ? 3 : 0;

  if (sum->value <= 0)
    return sum->key == DOCAI_KEY_TOTAL && sum->value < 0 ? 2 : 0;
  score += 2 * MIN (count_value (sums, sum->value) - 1, 3);
  if (combine_to (sums, DOCAI_KEY_CASH, DOCAI_KEY_CHANGE, -1, sum->value))
    score += 12;
  if (combine_to (sums, DOCAI_KEY_TOTAL, DOCAI_KEY_ROUNDING, 1, sum->value)
      || combine_to (sums, DOCAI_KEY_SUBTOTAL, DOCAI_KEY_ROUNDING, 1, sum->value))
    score += 3;
  if (combine_to (sums, DOCAI_KEY_SUBTOTAL, DOCAI_KEY_TAX, 1, sum->value))
    score += 4;
  if (sum->value == sums->of_items)
    score += 2;
  if (is_paid_exactly (sums, sum))
    score += 12;
  if (is_rounded_elsewhere (sums, sum->value))
    score -= 9;
  return score;
}

/* What the other sums say the total is: one value for each relation that holds
 * between two kinds of them. `itself`: the sum whose value it is, NULL for one worked out. */
static int
count_relations (const Sums *sums, gint64 value, const Sum *itself)
{
  return combine_to (sums, DOCAI_KEY_CASH, DOCAI_KEY_CHANGE, -1, value)
         + (combine (sums, DOCAI_KEY_TOTAL, DOCAI_KEY_ROUNDING, 1, value, itself)
            || combine_to (sums, DOCAI_KEY_SUBTOTAL, DOCAI_KEY_ROUNDING, 1, value))
         + combine_to (sums, DOCAI_KEY_SUBTOTAL, DOCAI_KEY_TAX, 1, value) + (sums->of_items == value);
}

/* Whether two numbers are written with as many digits, of which one differs. */
static gboolean
differ_in_one_digit (gint64 a, gint64 b)
{
  int differences = 0;

  for (; a > 0 || b > 0; a /= 10, b /= 10)
    {
      if ((a == 0) != (b == 0))
        return FALSE;
      differences += a % 10 != b % 10;
    }
  return differences == 1;
}

/* Whether a sum stands in two rows, one of them labelled. */
static gboolean
is_repeated (const Sums *sums, const Sum *sum)
{
  return (sum->key == DOCAI_KEY_TOTAL || sum->key == DOCAI_KEY_SUBTOTAL || sum->key == DOCAI_KEY_CASH)
         && count_value (sums, sum->value) > 1;
}

/* The total when its print was misread in one digit and no other row repeats it:
 * another sum that does is repeated, or two relations between other sums agree on a value beside what was read. Cash less
 * change is one of them, for the others share their rows. 0: nothing to repair. */
static gint64
repaired_total (const Sums *sums, const Sum *read)
{
  if (count_relations (sums, read->value, read) > 0 || count_value (sums, read->value) > 1)
    return 0;
  for (int i = 0; i < sums->n; i++)
    if (is_repeated (sums, &sums->sums[i]) && differ_in_one_digit (sums->sums[i].value, read->value))
      return sums->sums[i].value;
  for (int i = 0; i < sums->n; i++)
    for (int j = 0; sums->sums[i].key == DOCAI_KEY_CASH && j < sums->n; j++)
      {
        gint64 value = sums->sums[i].value - sums->sums[j].value;
        if (sums->sums[j].key == DOCAI_KEY_CHANGE && value > 0 && count_relations (sums, value, NULL) >= 2
            && differ_in_one_digit (value, read->value))
          return value;
      }
  return 0;
}

static void
add_sum (DocaiExtraction *x, const char *name, const Sum *sum, double certainty)
{
  g_autofree char *value = docai_amount_text (sum->value);

  docai_extraction_add (x, name, DOCAI_KIND_AMOUNT, value, sum->segment, sum->span.start, sum->span.end);
  docai_extraction_weigh (x, name, certainty);
}

/* The sum with the best score; of equals the later one, for totals stand at the end.
 * Without any label the largest sum is a guess. */
static void
take_total (DocaiExtraction *x, const Sums *sums)
{
  const Sum *best = NULL, *largest = NULL;
  int        most = 1;

  for (int i = 0; i < sums->n; i++)
    {
      const Sum *sum = &sums->sums[i];
      int        score = total_score (sums, sum);
      if (score >= most && sum->value != 0)
        {
          most = score;
          best = sum;
        }
      if (sum->key == DOCAI_KEY_NONE && (largest == NULL || sum->value > largest->value))
        largest = sum;
    }
  gint64 repaired = best != NULL && best->key == DOCAI_KEY_TOTAL ? repaired_total (sums, best) : 0;
  if (repaired > 0)
    {
      Sum right = *best;
      right.value = repaired;
      add_sum (x, "Total", &right, 0.7);
      g_autofree char *value = docai_amount_text (repaired), *read = docai_amount_text (best->value);
      docai_document_warn (x->document, "total_corrected", best->segment->page,
                           "the total reads %s; the other sums say %s", read, value);
    }
  else if (best != NULL)
    add_sum (x, "Total", best, most >= 24 ? 1 : most >= 15 ? 0.85 : 0.45);
  else if (largest != NULL && largest->value > 0)
    add_sum (x, "Total", largest, 0.35);
}

static void
take_labelled (DocaiExtraction *x, const Sums *sums, DocaiKey key, const char *name)
{
  const Sum *best = NULL;

  for (int i = 0; i < sums->n; i++)
    if (sums->sums[i].key == key && (best == NULL || sums->sums[i].weight > best->weight))
      best = &sums->sums[i];
  if (best != NULL)
    add_sum (x, name, best, 0.85);
}

void
docai_extract_receipt (DocaiExtraction *x)
{
  Sums sums = { .n = 0 };

  docai_extract_date_order (x);
  docai_extract_receipt_head (x);
  take_date (x);
  take_time (x);
  gather_sums (x->view, &sums);
  take_labelled (x, &sums, DOCAI_KEY_SUBTOTAL, "Subtotal");
  take_labelled (x, &sums, DOCAI_KEY_TAX, "TotalTax");
  take_total (x, &sums);
}
