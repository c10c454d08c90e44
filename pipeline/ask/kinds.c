/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Values of the kinds that questions ask for.
 */
#include "pipeline/ask/question.h"

#include <string.h>

#define LONG_NUMBER 7       /* digits in a row: a number of something, no sum */
#define MOST_NAME_WORDS 10
#define MOST_NUMBER_WORDS 6 /* of an account's or a document's number with blanks */

static gboolean
find_pattern (GRegex **cache, const char *pattern, const char *text, DocaiSpan *span)
{
  g_autoptr (GMatchInfo) info = NULL;
  int                    start, end;

  if (g_once_init_enter (cache))
    g_once_init_leave (cache, g_regex_new (pattern, G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL));
  if (!g_regex_match (*cache, text, 0, &info) || !g_match_info_fetch_pos (info, 0, &start, &end))
    return FALSE;
  *span = (DocaiSpan){ (gsize) start, (gsize) end };
  return TRUE;
}

static guint
count_chars (const char *text, gboolean digits)
{
  guint n = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    n += digits ? g_unichar_isdigit (g_utf8_get_char (p)) : g_unichar_isalpha (g_utf8_get_char (p));
  return n;
}

static guint
count_blanks (const char *text)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == ' ';
  return n;
}

/* The bytes of the text without blanks and stray punctuation at its ends. */
static DocaiSpan
trimmed (const char *text)
{
  DocaiSpan span = { 0, strlen (text) };

  while (span.start < span.end && strchr (" :;,|=_", text[span.start]) != NULL)
    span.start++;
  while (span.end > span.start && strchr (" :;,|_", text[span.end - 1]) != NULL)
    span.end--;
  return span;
}

/* A currency that stands before or behind the number belongs to it: "EUR 12.00", "12.00 €". */
static void
grow_by_currency (const char *text, DocaiSpan *span)
{
  static GRegex *before = NULL, *behind = NULL;
  g_autofree char *head = g_strndup (text, span->start);
  DocaiSpan        part;

  if (find_pattern (&before,
                    "(?:[\\p{Sc}]|\\p{Lu}{1,2}\\$|(?<!\\p{L})(?-i:[A-Z]{3}|Rs\\.?|RM|kr|Fr\\.?|R\\$|z\u0142|K\u010d|Ft"
                    "|lei))[ ]?$", head, &part))
    span->start = part.start;
  if (find_pattern (&behind,
                    "^[ ]?(?:[\\p{Sc}]|(?-i:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|CAD|AUD|JPY|CNY|INR|BRL|ZAR|SGD|HKD|MYR"
                    "|NZD|TRY|MXN|RON|kr|z\u0142|K\u010d|Ft|lei)(?!\\p{L}))",
                    text + span->end, &part))
    span->end += part.end;
}

static gboolean
find_amount (const char *text, gboolean count, DocaiSpan *span)
{
  DocaiAmount amount;

  gboolean found = docai_find_amount (text, 0, &amount);

  while (found && amount.percent && !count)
    found = docai_find_amount (text, amount.span.end, &amount);
  if (!found && !docai_find_money (text, 0, &amount))
    return FALSE;
  *span = amount.span;
  if (!count)
    grow_by_currency (text, span);
  if (!count && span->end - span->start == amount.span.end - amount.span.start && amount.decimals == 0
      && strspn (text + span->start, "0123456789") >= LONG_NUMBER)
    return FALSE;
  if (count && amount.percent)
    span->end += strcspn (text + span->end, "%") + 1;
  return TRUE;
}

/* A day, or at least a month with its year. */
static gboolean
find_date (const char *text, DocaiDateOrder order, DocaiSpan *span)
{
  static GRegex *month = NULL;
  DocaiDate      date;

  if (docai_find_date (text, 0, order, &date))
    {
      *span = date.span;
      return TRUE;
    }
  return find_pattern (&month, "(?<![\\p{L}\\d/.-])(?:(?:jan|feb|f\u00e9v|fev|mar|m\u00e4r|maa|mrt|apr|avr|abr|kwi|may|mai"
                               "|mei|mag|maj|jun|jui|giu|cze|jul|lug|lip|aug|ago|ao\u00fb|sie|sep|set|wrz"
                       "|oct|okt|ott|out|pa\u017a|nov|lis|dec|dez|d\u00e9c|dic|gru|ene|gen|sty|lut)\\p{L}{0,7}\\.?"
                       "|\\d{1,2}[./-])[ ]?(?:19|20)\\d{2}(?![\\p{L}\\d])", text, span);
}

static gboolean
find_number (const char *text, DocaiDateOrder order, DocaiSpan *span)
{
  DocaiDate date;

  *span = trimmed (text);
  guint n_digits = count_chars (text, TRUE);
  if (n_digits == 0 || strchr (text, '%') != NULL
      || (docai_find_date (text, 0, order, &date) && date.span.end - date.span.start + 2 > span->end - span->start))
    return FALSE;
  g_autofree char *inside = g_strndup (text + span->start, span->end - span->start);
  return count_blanks (inside) < MOST_NUMBER_WORDS && n_digits * 4 >= strlen (inside) - count_blanks (inside);
}

gboolean
docai_ask_value_find (DocaiAskKind kind, const char *text, DocaiDateOrder order, DocaiSpan *span)
{
  static GRegex *email = NULL, *phone = NULL, *iban = NULL, *web = NULL, *time = NULL;

  switch (kind)
    {
    case DOCAI_ASK_DATE:
      return find_date (text, order, span);
    case DOCAI_ASK_AMOUNT:
    case DOCAI_ASK_COUNT:
      return find_amount (text, kind == DOCAI_ASK_COUNT, span);
    case DOCAI_ASK_TIME:
      return find_pattern (&time, "(?<![\\d.,:])(?:(?:[01]?\\d|2[0-3])[:h][0-5]\\d(?::\\d{2})?(?:[ ]?[ap]\\.?m\\b\\.?)?"
                                  "|(?:[01]?\\d|2[0-3])\\.[0-5]\\d(?=[ ]?(?:Uhr|[ap]\\.?m)))(?![\\d.,:])", text, span);
    case DOCAI_ASK_EMAIL:
      return find_pattern (&email, "[\\p{L}\\d._%+-]+@[\\p{L}\\d-]+(?:\\.[\\p{L}\\d-]+)+", text, span);
    case DOCAI_ASK_WEB:
      return find_pattern (&web, "(?:https?://|www\\.)[^\\s,;]+[^\\s,;.]"
                                 "|(?<![@\\p{L}\\d.])[\\p{L}\\d-]+(?:\\.[\\p{L}\\d-]+)*\\.(?:com|org|net|eu|info"
                                 "|[a-z]{2})(?:/[^\\s,;]*)?(?![\\p{L}\\d@])", text, span);
    case DOCAI_ASK_IBAN:
      return find_pattern (&iban,
                           "(?<![\\p{L}\\d])[A-Z]{2}\\d{2}(?:[ ]?[A-Z\\d]{2,4}){2,8}(?:[ ]?[A-Z\\d]{1,3})?(?![\\p{L}\\d])",
                               text, span);
    case DOCAI_ASK_PHONE:
      return find_pattern (&phone, "(?<![\\p{L}\\d])(?:\\+|\\(|\\d)[\\d ()./\\x{2013}-]{4,22}\\d(?![\\p{L}\\d])", text, span);
    case DOCAI_ASK_NUMBER:
      return find_number (text, order, span);
    case DOCAI_ASK_NAME:
      *span = trimmed (text);
      return span->end > span->start && count_chars (text, FALSE) > count_chars (text, TRUE)
             && count_blanks (text) < MOST_NAME_WORDS;
    case DOCAI_ASK_PLACE:
      *span = trimmed (text);
      return span->end > span->start && count_chars (text, FALSE) > 1 && !find_date (text, order, &(DocaiSpan){ 0, 0 });
    case DOCAI_ASK_ANY:
    default:
      *span = trimmed (text);
      return span->end > span->start && count_chars (text, FALSE) + count_chars (text, TRUE) > 0;
    }
}
