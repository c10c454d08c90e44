/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A question taken apart: what it is about, and what kind of value answers it.
 *
 *   When was the person born?        BIRTH, PERSON          a date
 *   Wie hoch ist der Nettobetrag?    NET, AMOUNT            an amount
 *   What was the revenue in 2021?    "revenue", "2021"      anything
 */
#pragma once

#include "pipeline/ask/concepts.h"
#include "pipeline/extract/values.h"

typedef enum {
  DOCAI_ASK_ANY,
  DOCAI_ASK_NAME,   /* letters rather than digits */
  DOCAI_ASK_NUMBER, /* of something: digits in it, no date */
  DOCAI_ASK_DATE,
  DOCAI_ASK_TIME,
  DOCAI_ASK_AMOUNT,
  DOCAI_ASK_COUNT,
  DOCAI_ASK_EMAIL,
  DOCAI_ASK_PHONE,
  DOCAI_ASK_IBAN,
  DOCAI_ASK_WEB,
  DOCAI_ASK_PLACE,  /* where: letters, no date */
} DocaiAskKind;

typedef struct {
  DocaiTerms     *terms;
  GPtrArray      *asked;    /* const DocaiTerm *, lent by terms: what a label must say; particles only where there is nothing else */
  DocaiConceptSet concepts; /* of those */
  DocaiAskKind    kind;
  gboolean        who;
  gboolean        unanswerable; /* asks for yes or no, why or how: nothing on a page is the answer */
} DocaiQuestion;

/* Free with docai_question_free. */
DocaiQuestion *docai_question_new (const char *text);
void           docai_question_free (DocaiQuestion *question);

/* Whether text can be of that kind, and which bytes of it are the value: of "12.03.2020, page 1" the date. */
gboolean docai_ask_value_find (DocaiAskKind kind, const char *text, DocaiDateOrder order, DocaiSpan *span);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiQuestion, docai_question_free)
