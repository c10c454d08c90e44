/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What fields are called on paper, in the languages of the trade: phrases, each
 * with the field it announces.
 */
#pragma once

#include "pipeline/extract/values.h"

typedef enum {
  DOCAI_KEY_NONE,
  /* values that a label announces */
  DOCAI_KEY_INVOICE_ID,
  DOCAI_KEY_INVOICE_DATE,
  DOCAI_KEY_DUE_DATE,
  DOCAI_KEY_PURCHASE_ORDER,
  DOCAI_KEY_CUSTOMER_ID,
  DOCAI_KEY_TAX_ID,
  DOCAI_KEY_TAX_NUMBER,
  DOCAI_KEY_CURRENCY,
  DOCAI_KEY_SERVICE_DATE,
  DOCAI_KEY_OTHER, /* a label of something else: ends a value, starts none */
  /* amounts */
  DOCAI_KEY_SUBTOTAL,
  DOCAI_KEY_TAX,
  DOCAI_KEY_TOTAL,
  DOCAI_KEY_DUE,
  DOCAI_KEY_PREPAID,
  DOCAI_KEY_DISCOUNT,
  DOCAI_KEY_CASH,     /* what was handed over */
  DOCAI_KEY_CHANGE,   /* what was handed back */
  DOCAI_KEY_ROUNDING,
  DOCAI_KEY_NO_SUM,   /* looks like the label of a sum and is none: "total items", "vat no" */
  /* parties */
  DOCAI_KEY_VENDOR,
  DOCAI_KEY_CUSTOMER,
  DOCAI_KEY_SHIP_TO,
  DOCAI_KEY_NAME,
  DOCAI_KEY_ADDRESS,
  /* columns of items */
  DOCAI_KEY_COLUMN_POSITION,
  DOCAI_KEY_COLUMN_CODE,
  DOCAI_KEY_COLUMN_DESCRIPTION,
  DOCAI_KEY_COLUMN_QUANTITY,
  DOCAI_KEY_COLUMN_UNIT,
  DOCAI_KEY_COLUMN_PRICE,
  DOCAI_KEY_COLUMN_TAX,
  DOCAI_KEY_COLUMN_AMOUNT,
} DocaiKey;

/* A set of phrases to look in. */
typedef enum {
  DOCAI_LEXICON_LABELS,  /* labels of values and parties */
  DOCAI_LEXICON_AMOUNTS, /* labels of sums */
  DOCAI_LEXICON_COLUMNS, /* headers of item tables */
} DocaiLexicon;

typedef struct {
  DocaiKey  key;
  DocaiSpan span;
  int       weight; /* how surely the phrase means the field, 1 to 10 */
} DocaiKeyMatch;

/* Finds the next phrase of the lexicon at or after `from` in folded text, as
 * whole words; at one place the longest phrase wins. */
gboolean docai_lexicon_find (DocaiLexicon lexicon, const char *folded, gsize from,
                             DocaiKeyMatch *match);

/* Told of each phrase: its key, weight and `length` bytes of folded text. */
typedef void (*DocaiLexiconVisit) (DocaiKey key, int weight, const char *phrase, gsize length, gpointer data);

/* Visits the phrases of all lexicons. */
void docai_lexicon_foreach (DocaiLexiconVisit visit, gpointer data);
