/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finding amounts, dates, identifiers and places in text.
 */
#include "pipeline/extract/values.h"

#include <string.h>

#define SCALE 10000
#define MAX_DIGITS 14

/* A regular expression compiled at its first use. */
static GRegex *
compiled (GRegex **cache, const char *pattern)
{
  if (g_once_init_enter (cache))
    g_once_init_leave (cache, g_regex_new (pattern, G_REGEX_OPTIMIZE | G_REGEX_CASELESS, 0, NULL));
  return *cache;
}

static gboolean
find_match (GRegex *regex, const char *text, gsize from, GMatchInfo **info)
{
  return g_regex_match_full (regex, text, -1, (gssize) from, 0, info, NULL);
}

static void
span_of (const GMatchInfo *info, int group, DocaiSpan *span)
{
  int start, end;

  g_match_info_fetch_pos (info, group, &start, &end);
  span->start = (gsize) start;
  span->end = (gsize) end;
}

/* ---- amounts ------------------------------------------------------------------ */

/* The decimal mark among the digits of a number; NULL when there is none. */
static const char *
decimal_mark (const char *start, const char *end)
{
  const char *last = NULL;
  gboolean    same = TRUE;
  int         n_marks = 0;

  for (const char *p = start; p < end; p++)
    if (*p == '.' || *p == ',')
      {
        same = last == NULL || (*last == *p && same);
        last = p;
        n_marks++;
      }
  if (last == NULL)
    return NULL;
  if (end - last - 1 == 3 && same && (n_marks > 1 || *start != '0'))
    return NULL;
  return n_marks > 1 && same ? NULL : last;
}

static gboolean
read_number (const char *start, const char *end, DocaiAmount *amount)
{
  const char *mark = decimal_mark (start, end);
  gint64      value = 0;
  int         digits = 0, decimals = 0;

  for (const char *p = start; p < end; p++)
    {
      if (!g_ascii_isdigit (*p) || (mark != NULL && p > mark && decimals == 4))
        continue;
      if (++digits > MAX_DIGITS)
        return FALSE;
      value = value * 10 + (*p - '0');
      decimals += mark != NULL && p > mark;
    }
  amount->decimals = decimals;
  for (int i = decimals; i < 4; i++)
    value *= 10;
  amount->ten_thousandths = value;
  return digits > 0;
}

gboolean
docai_find_amount (const char *text, gsize from, DocaiAmount *amount)
{
  static GRegex *cache = NULL;
  GRegex *regex = compiled (&cache, "(?<![\\p{L}\\d.,/:_])(\\(?[-\u2212\u2013+]? ?(?:\\p{Sc} ?)?[-\u2212]?)"
                                    "(\\d{1,3}(?:[.,'\u2019\u00a0\u202f ]\\d{3})+(?:[.,]\\d{1,4})?|\\d+(?:[.,]\\d{1,6})?|[.,]\\d{2})"
                                    "(?![\\p{L}\\d/:_]|[.,]\\d|-\\d)( ?-(?!\\p{L})|\\))?( ?%)?");

  while (from <= strlen (text))
    {
      g_autoptr (GMatchInfo) info = NULL;
      if (!find_match (regex, text, from, &info))
        return FALSE;
      DocaiSpan whole, sign, number;
      span_of (info, 0, &whole);
      span_of (info, 1, &sign);
      span_of (info, 2, &number);
      from = MAX (number.end, from + 1);
      if (!read_number (text + number.start, text + number.end, amount))
        continue;
      gboolean minus = strpbrk (text + sign.start, "(-") != NULL
                       && strcspn (text + sign.start, "(-") < sign.end - sign.start;
      minus = minus || g_strstr_len (text + sign.start, (gssize) (sign.end - sign.start), "\u2212") != NULL;
      minus = minus || (whole.end > number.end && text[number.end + (text[number.end] == ' ')] == '-');
      if (minus)
        amount->ten_thousandths = -amount->ten_thousandths;
      amount->percent = text[whole.end - 1] == '%';
      amount->span = number;
      return TRUE;
    }
  return FALSE;
}

gboolean
docai_find_money (const char *text, gsize from, DocaiAmount *amount)
{
  static GRegex *cache = NULL;
  GRegex *regex = compiled (&cache, "(?<![\\d.,:/#*\u00a7])(?<!\\p{L})(-|\\()? ?(?:(?-i:[A-Z]{1,3})\\$?|\\p{Sc})? ?(-)?"
                                    "(\\d{1,3}(?:,\\d{3})+|\\d{1,7}|O)(?: ?[.,] ?| (?=\\d\\d$))([\\dO]{2})"
                                    "(?![\\d%]|[.,:/-]\\d|\\p{L}{3}| ?%)(-)?");

  while (from <= strlen (text))
    {
      g_autoptr (GMatchInfo) info = NULL;
      DocaiSpan whole, decimals;
      if (!find_match (regex, text, from, &info))
        return FALSE;
      span_of (info, 3, &whole);
      span_of (info, 4, &decimals);
      from = decimals.end;
      gint64 value = 0;
      int    digits = 0;
      for (gsize i = whole.start; i < decimals.end; i++)
        if (g_ascii_isdigit (text[i]) || g_ascii_toupper (text[i]) == 'O')
          {
            value = value * 10 + (g_ascii_isdigit (text[i]) ? text[i] - '0' : 0);
            digits++;
          }
      if (digits > MAX_DIGITS - 4)
        continue;
      g_autofree char *before = g_match_info_fetch (info, 1), *inner = g_match_info_fetch (info, 2);
      g_autofree char *after = g_match_info_fetch (info, 5);
      gboolean minus = *before != '\0' || *inner != '\0' || (after != NULL && *after != '\0');
      *amount = (DocaiAmount){ { whole.start, decimals.end }, (minus ? -value : value) * (SCALE / 100), 2, FALSE };
      return TRUE;
    }
  return FALSE;
}

char *
docai_amount_text (gint64 value)
{
  gint64 whole = ABS (value) / SCALE, part = ABS (value) % SCALE;
  const char *sign = value < 0 ? "-" : "";

  if (part % 100 == 0)
    return g_strdup_printf ("%s%" G_GINT64_FORMAT ".%02d", sign, whole, (int) (part / 100));
  g_autofree char *text = g_strdup_printf ("%s%" G_GINT64_FORMAT ".%04d", sign, whole, (int) part);
  if (text[strlen (text) - 1] == '0')
    text[strlen (text) - 1] = '\0';
  return g_steal_pointer (&text);
}

/* ---- dates -------------------------------------------------------------------- */

/* Beginnings of month names, folded, in several languages; the first match wins. */
static const struct { const char *stem; int month; } months[] = {
  { "jan", 1 },  { "gen", 1 },  { "ene", 1 },  { "feb", 2 },   { "fev", 2 },  { "f\u00e9v", 2 },
  { "mar", 3 },  { "m\u00e4r", 3 }, { "maa", 3 }, { "mrt", 3 }, { "apr", 4 },  { "avr", 4 },
  { "abr", 4 },  { "mai", 5 },  { "may", 5 },  { "mei", 5 },   { "mag", 5 },  { "jun", 6 },
  { "juin", 6 }, { "giu", 6 },  { "jul", 7 },  { "juil", 7 },  { "lug", 7 },  { "aug", 8 },
  { "aou", 8 },  { "ao\u00fb", 8 }, { "ago", 8 }, { "sep", 9 }, { "set", 9 },  { "oct", 10 },
  { "okt", 10 }, { "out", 10 }, { "ott", 10 }, { "nov", 11 },  { "dez", 12 }, { "dec", 12 },
  { "d\u00e9c", 12 }, { "dic", 12 },
};

static int
month_of (const char *name)
{
  g_autofree char *lower = g_utf8_strdown (name, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (months); i++)
    if (g_str_has_prefix (lower, months[i].stem))
      return months[i].month;
  return 0;
}

static int
year_of (int year)
{
  return year >= 100 ? year : year < 70 ? 2000 + year : 1900 + year;
}

static gboolean
set_date (DocaiDate *date, int year, int month, int day)
{
  date->year = year_of (year);
  date->month = month;
  date->day = day;
  return date->year >= 1900 && date->year <= 2200 && month >= 1 && month <= 12 && day >= 1
         && g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) date->year);
}

static int
group_int (const GMatchInfo *info, int group)
{
  g_autofree char *text = g_match_info_fetch (info, group);
  return text != NULL ? (int) g_ascii_strtoll (text, NULL, 10) : 0;
}

static gboolean
read_digits_date (const GMatchInfo *info, DocaiDateOrder order, DocaiDate *date)
{
  int a = group_int (info, 4), b = group_int (info, 6), year = group_int (info, 7);

  /* Dots are written where the day comes first. */
  g_autofree char *text = g_match_info_fetch (info, 0);
  if (strchr (text, '.') != NULL)
    order = DOCAI_DAY_FIRST;
  date->ambiguous = a <= 12 && b <= 12 && a != b;
  if (order == DOCAI_MONTH_FIRST ? a <= 12 : b > 12)
    return set_date (date, year, a, b);
  return set_date (date, year, b, a);
}

static gboolean
read_date (const GMatchInfo *info, DocaiDateOrder order, DocaiDate *date)
{
  g_autofree char *day_first = g_match_info_fetch (info, 9), *month_first = g_match_info_fetch (info, 11);

  date->ambiguous = FALSE;
  if (group_int (info, 1) > 0)
    return set_date (date, group_int (info, 1), group_int (info, 2), group_int (info, 3));
  if (group_int (info, 4) > 0)
    return read_digits_date (info, order, date);
  if (day_first != NULL && *day_first != '\0')
    return set_date (date, group_int (info, 10), month_of (day_first), group_int (info, 8));
  if (month_first != NULL && *month_first != '\0')
    return set_date (date, group_int (info, 13), month_of (month_first), group_int (info, 12));
  return FALSE;
}

gboolean
docai_find_date (const char *text, gsize from, DocaiDateOrder order, DocaiDate *date)
{
  static GRegex *cache = NULL;
  GRegex *regex = compiled (&cache,
      "(?<![\\d\\p{L}])(?:(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})"
      "|(\\d{1,2}) ?([-/.]) ?(\\d{1,2}) ?\\g{-2} ?(\\d{4}|\\d{2})"
      "|(\\d{1,2})(?:st|nd|rd|th|\\.|er)?[ -]?(?:de |of )?(\\p{L}{3,10})\\.?,?(?: de)?[ -]?,? ?(\\d{4}|\\d{2})"
      "|(\\p{L}{3,9})\\.? ?(\\d{1,2})(?:st|nd|rd|th)?(?: ?, ?| )(\\d{4}))(?:(?<=\\d{4})(?!\\d)|(?![\\d\\p{L}]))");

  while (from <= strlen (text))
    {
      g_autoptr (GMatchInfo) info = NULL;
      if (!find_match (regex, text, from, &info))
        return FALSE;
      span_of (info, 0, &date->span);
      if (read_date (info, order, date))
        return TRUE;
      from = date->span.start + 1;
      while ((text[from] & 0xc0) == 0x80)
        from++;
    }
  return FALSE;
}

char *
docai_date_text (const DocaiDate *date)
{
  return g_strdup_printf ("%04d-%02d-%02d", date->year, date->month, date->day);
}

/* ---- identifiers, places, companies, currencies ------------------------------------ */

static gboolean
find_span (GRegex *regex, const char *text, gsize from, DocaiSpan *span)
{
  g_autoptr (GMatchInfo) info = NULL;

  if (from > strlen (text) || !find_match (regex, text, from, &info))
    return FALSE;
  span_of (info, 0, span);
  return TRUE;
}

gboolean
docai_find_vat_id (const char *text, gsize from, DocaiSpan *span)
{
  static GRegex *cache = NULL;
  return find_span (compiled (&cache,
      "(?<![\\p{L}\\d])(?:(?:DE|PT|PL|EL|EE|FI|HU|LU|MT|SI|DK) ?\\d{3} ?\\d{2,3} ?\\d{2,3}\\d{0,1}"
      "|ATU ?\\d{8}|BE ?[01]?\\d{3}[. ]?\\d{3}[. ]?\\d{3}|FR ?[A-Z\\d]{2} ?\\d{3} ?\\d{3} ?\\d{3}|IT ?\\d{11}"
      "|NL ?\\d{3}\\.?\\d{3}\\.?\\d{3}\\.?B\\d{2}|ES ?[A-Z\\d]-?\\d{7}-?[A-Z\\d]|GB ?\\d{3} ?\\d{4} ?\\d{2}(?: ?\\d{3})?"
      "|SE ?\\d{12}|IE ?\\d[A-Z\\d]\\d{5}[A-Z]{1,2}|CHE[- ]?\\d{3}\\.\\d{3}\\.\\d{3}|RO ?\\d{2,10}|CZ ?\\d{8,10}|SK ?\\d{10}"
      "|LV ?\\d{11}|LT ?\\d{9,12}|HR ?\\d{11}|BG ?\\d{9,10}|CY ?\\d{8}[A-Z])(?![\\p{L}\\d])"),
      text, from, span);
}

gboolean
docai_find_identifier (const char *text, gsize from, DocaiSpan *span)
{
  static GRegex *cache = NULL;
  return find_span (compiled (&cache, "(?<![\\p{L}\\d])(?=[\\p{L}/._#-]*\\d)[\\p{L}\\d]"
                                      "(?:[\\p{L}\\d]|[-/._#](?=[\\p{L}\\d]))*"),
                    text, from, span);
}

gboolean
docai_has_postal_place (const char *text)
{
  static GRegex *cache = NULL;
  DocaiSpan      span;
  return find_span (compiled (&cache,
      "(?:^|[\\s,\u00b7|-])(?-i:(?:[A-Z]{1,2}[- ])?\\d{5}(?:-\\d{4})?,? +\\p{Lu}[\\p{L}.'-]+"
      "|(?:[A-Z]{1,2}[- ])?\\d{4} ?(?:[A-Z]{2})? +\\p{Lu}[\\p{L}.'-]+"
      "|\\p{Lu}[\\p{L}. ]+,? [A-Z]{2},? \\d{5}(?:-\\d{4})?"
      "|[A-Z]{1,2}\\d[A-Z\\d]? \\d[A-Z]{2}"
      "|[A-Z]\\d[A-Z] \\d[A-Z]\\d(?![\\p{L}\\d])|\\d{4,5}-\\d{3} +\\p{Lu}[\\p{L}.'-]+"
      "|\\d{2}-\\d{3} \\p{Lu}\\p{L}+|\\d{3} \\d{2} \\p{Lu}\\p{L}+)"),
      text, 0, &span);
}

gboolean
docai_has_company_form (const char *text)
{
  static GRegex *cache = NULL;
  DocaiSpan      span;
  return find_span (compiled (&cache,
      "(?<!\\p{L})(?:gmbh|mbh|ag|a\\. ?g\\.|e\\. ?g\\.|kgaa|kg|ohg|gbr|ug|e\\. ?k\\.|e\\. ?v\\.|se|ltd|limited|llc|llp|plc|inc|corp|corporation"
      "|company|s\\.?a\\.?r\\.?l|sarl|sasu?|s\\.?a\\.?|s\\.?l\\.?|s\\.?p\\.?a|s\\.?r\\.?l|b\\.?v\\.?|n\\.?v\\.?|a/s|aps|ab|oy"
      "|sp\\. ?z ?o\\. ?o|s\\.?r\\.?o|pty|pvt|lda|ltda|e\\. ?u\\.|sprl|bvba|sdn|bhd|b\\.?h\\.?d|enterprise|trading|restaurant)\\.?(?!\\p{L})"),
      text, 0, &span);
}

static const struct { const char *pattern, *code; } currencies[] = {
  { "\u20ac", "EUR" }, { "EUR", "EUR" },  { "EURO", "EUR" }, { "US$", "USD" }, { "USD", "USD" },
  { "\u00a3", "GBP" }, { "GBP", "GBP" },  { "CHF", "CHF" },  { "SFr", "CHF" }, { "\u20b9", "INR" },
  { "INR", "INR" },    { "Rs.", "INR" },  { "Rs", "INR" },   { "IDR", "IDR" }, { "Rp", "IDR" },
  { "\u20a9", "KRW" }, { "KRW", "KRW" },  { "\u20ab", "VND" }, { "VND", "VND" }, { "THB", "THB" },
  { "HKD", "HKD" },    { "NZD", "NZD" },  { "AED", "AED" },  { "\u00a5", "JPY" }, { "JPY", "JPY" }, { "SEK", "SEK" },
  { "NOK", "NOK" },    { "DKK", "DKK" },  { "PLN", "PLN" },  { "CZK", "CZK" }, { "HUF", "HUF" },
  { "CAD", "CAD" },    { "AUD", "AUD" },  { "SGD", "SGD" },  { "MYR", "MYR" }, { "BRL", "BRL" },
  { "R$", "BRL" },     { "ZAR", "ZAR" },  { "CNY", "CNY" },  { "$", "USD" },   { "RM", "MYR" },
  { "z\u0142", "PLN" },  { "K\u010d", "CZK" },
};

/* A code of letters must stand alone; a sign may touch digits. */
static gboolean
stands_alone (const char *text, const char *at, gsize length)
{
  if (!g_ascii_isalpha (at[0]))
    return TRUE;
  gboolean before = at > text && g_ascii_isalpha (at[-1]);
  return !before && !g_ascii_isalpha (at[length]);
}

const char *
docai_find_currency (const char *text, DocaiSpan *span)
{
  for (gsize i = 0; i < G_N_ELEMENTS (currencies); i++)
    {
      gsize length = strlen (currencies[i].pattern);
      for (const char *at = text; (at = strstr (at, currencies[i].pattern)) != NULL; at += length)
        if (stands_alone (text, at, length))
          {
            span->start = (gsize) (at - text);
            span->end = span->start + length;
            return currencies[i].code;
          }
    }
  return NULL;
}
