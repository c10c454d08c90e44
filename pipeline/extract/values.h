/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Values in running text: amounts, dates, rates, identifiers, postal places.
 * Each finder looks from a byte offset on and tells which bytes it took.
 */
#pragma once

#include <glib.h>

typedef struct {
  gsize start, end; /* bytes of the text */
} DocaiSpan;

typedef struct {
  DocaiSpan span;
  gint64    ten_thousandths; /* the number x 10000 */
  int       decimals;        /* digits that stand after the decimal mark */
  gboolean  percent;         /* a % follows */
} DocaiAmount;

/* Finds the next number at or after `from`. Thousands separators and the decimal
 * mark are told apart by their places: the last of . and , is the decimal mark
 * unless exactly three digits follow a single kind of mark. A minus may stand
 * before or after; parentheses mean minus. Numbers glued to letters (identifiers,
 * dates, telephone numbers) are passed over. */
gboolean docai_find_amount (const char *text, gsize from, DocaiAmount *amount);

/* Finds the next sum of money with two decimals on a till slip, where print and
 * reading are worse: a currency or a tax code may touch the number ("RM3.20SR"), a
 * blank may stand at the decimal mark ("29. 70"), O stands for 0. */
gboolean docai_find_money (const char *text, gsize from, DocaiAmount *amount);

/* "1234.50": with two decimals, or as many as are needed. Owned by the caller. */
char *docai_amount_text (gint64 ten_thousandths);

/* The order of day and month in dates of digits. */
typedef enum { DOCAI_DAY_FIRST, DOCAI_MONTH_FIRST } DocaiDateOrder;

typedef struct {
  DocaiSpan span;
  int       year, month, day;
  gboolean  ambiguous; /* day and month could be the other way round */
} DocaiDate;

/* Finds the next date at or after `from`: 2018-03-05, 05.03.2018, 3/5/18,
 * 5. März 2018, March 5, 2018, 5-Mar-18; month names in English, German, French,
 * Spanish, Italian, Dutch and Portuguese. */
gboolean docai_find_date (const char *text, gsize from, DocaiDateOrder order, DocaiDate *date);

/* ISO 8601; owned by the caller. */
char *docai_date_text (const DocaiDate *date);

/* A value-added-tax number with its country's letters ("DE123456789"). */
gboolean docai_find_vat_id (const char *text, gsize from, DocaiSpan *span);

/* The next token with a digit in it that can be a document's number. */
gboolean docai_find_identifier (const char *text, gsize from, DocaiSpan *span);

/* Whether the line holds a post code with its town, in one of the usual forms. */
gboolean docai_has_postal_place (const char *text);

/* Whether the text ends like a company's name: GmbH, Ltd, S.A., Inc ... */
gboolean docai_has_company_form (const char *text);

/* The ISO 4217 code of a currency sign or code in the text; NULL: none. Static. */
const char *docai_find_currency (const char *text, DocaiSpan *span);
