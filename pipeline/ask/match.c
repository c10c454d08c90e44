/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How well a label says what is asked. All that is asked must be said; what the label says beyond it makes it less likely:
 *
 *   "What is the due date?"   Due date 1   Payment due 0.9   Date: not what is asked
 *   "What is the date?"       Date 1       Due date 0.4
 */
#include "pipeline/ask/sheet.h"

#include <string.h>

#define UNSAID_GENERIC 0.92 /* "number", "date" that the value's kind stands for */
#define UNSAID_PAPER 0.9    /* "of the letter" on a letter */
#define UNSAID_PART 0.85    /* "first name" where a name stands beside a family name */
#define UNSAID_DUE 0.75
#define MORE_GENERIC 0.92
#define MORE_PAPER 0.85
#define MORE_SPECIFIC 0.4
#define MORE_WORD 0.7

static gboolean
is_generic (DocaiConcept concept)
{
  return concept >= DOCAI_CONCEPT_NUMBER && concept <= DOCAI_CONCEPT_PERSON;
}

static gboolean
is_paper (DocaiConcept concept)
{
  return concept >= DOCAI_CONCEPT_DOCUMENT && concept <= DOCAI_CONCEPT_CONTRACT;
}

static gboolean
says_same (const DocaiTerm *a, const DocaiTerm *b)
{
  if (a->concept != DOCAI_CONCEPT_NONE || b->concept != DOCAI_CONCEPT_NONE)
    return a->concept == b->concept;
  return docai_stems_match (a->stem, b->stem);
}

/* What a word such as "From" says where it stands alone. */
static const DocaiTerm *
meaning_alone (const DocaiTerm *term)
{
  static const char *const from[] = { "from", "von", "de", "da", "van", "od", "fra", "fran", NULL };
  static const char *const to[] = { "to", "an", "a", "para", "aan", "do", "til", "till", "per", NULL };
  static const DocaiTerm   sender = { DOCAI_CONCEPT_SENDER, NULL, FALSE, 0, 0 }, receiver = { DOCAI_CONCEPT_RECEIVER, NULL,
                                                                                              FALSE, 0, 0 };

  if (!term->particle)
    return term;
  return g_strv_contains (from, term->stem) ? &sender : g_strv_contains (to, term->stem) ? &receiver : term;
}

/* Whether what a label says is what is asked for by another word: who wrote it stands at "From", the account at "IBAN". */
static gboolean
is_as_good (DocaiConcept asked, DocaiConcept said)
{
  return (asked == DOCAI_CONCEPT_WRITE && (said == DOCAI_CONCEPT_SENDER || said == DOCAI_CONCEPT_AUTHOR))
         || (asked == DOCAI_CONCEPT_ACCOUNT && said == DOCAI_CONCEPT_IBAN);
}

static gboolean
is_said (const DocaiTerm *term, const GPtrArray *terms)
{
  for (guint i = 0; i < terms->len; i++)
    {
      const DocaiTerm *other = meaning_alone (terms->pdata[i]);
      if (says_same (meaning_alone (term), other) || is_as_good (term->concept, other->concept))
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_concept (const GPtrArray *terms, DocaiConcept concept)
{
  for (guint i = 0; i < terms->len; i++)
    if (((const DocaiTerm *) terms->pdata[i])->concept == concept)
      return TRUE;
  return FALSE;
}

DocaiConcept
docai_ask_kind_concept (DocaiAskKind kind)
{
  switch (kind)
    {
    case DOCAI_ASK_DATE:
      return DOCAI_CONCEPT_DATE;
    case DOCAI_ASK_TIME:
      return DOCAI_CONCEPT_TIME;
    case DOCAI_ASK_AMOUNT:
      return DOCAI_CONCEPT_AMOUNT;
    case DOCAI_ASK_PLACE:
      return DOCAI_CONCEPT_PLACE;
    case DOCAI_ASK_NUMBER:
      return DOCAI_CONCEPT_NUMBER;
    default:
      return DOCAI_CONCEPT_NONE;
    }
}

/* "When was it bought?" asks for the date of a paper about that. */
static gboolean
is_of_paper (DocaiConcept concept)
{
  return concept == DOCAI_CONCEPT_BUY || concept == DOCAI_CONCEPT_WRITE || concept == DOCAI_CONCEPT_PUBLISH
         || concept == DOCAI_CONCEPT_SENDER
         || concept == DOCAI_CONCEPT_ISSUE;
}

static gboolean
is_dated (const GPtrArray *label)
{
  for (guint i = 0; i < label->len; i++)
    if (is_of_paper (((const DocaiTerm *) label->pdata[i])->concept))
      return TRUE;
  return FALSE;
}

/* What it costs that the label does not say a term that is asked for; 0: it must. */
static double
unsaid (const DocaiAskSheet *sheet, const DocaiQuestion *question, const DocaiTerm *term, const GPtrArray *label)
{
  DocaiConcept concept = term->concept;

  if (concept == DOCAI_CONCEPT_PERSON || (term->particle && meaning_alone (term) == term))
    return 1;
  if (concept == DOCAI_CONCEPT_DATE && is_dated (label))
    return UNSAID_PAPER; /* "Sent: ..." */
  if (is_generic (concept))
    return question->kind != DOCAI_ASK_ANY ? UNSAID_GENERIC : 0;
  if (is_paper (concept))
    return docai_ask_sheet_agrees (sheet, concept) ? UNSAID_PAPER : 0;
  if ((concept == DOCAI_CONCEPT_PAY || concept == DOCAI_CONCEPT_DUE)
      && (has_concept (label, DOCAI_CONCEPT_DUE) || docai_concept_set_has (&question->concepts, DOCAI_CONCEPT_ACCOUNT)))
    return MORE_GENERIC;
  if (concept == DOCAI_CONCEPT_TOTAL && question->kind == DOCAI_ASK_AMOUNT && label->len == 1
      && has_concept (label, DOCAI_CONCEPT_AMOUNT))
    return UNSAID_PART; /* "Summe" */
  if (concept == DOCAI_CONCEPT_TOTAL && question->kind == DOCAI_ASK_AMOUNT && has_concept (label, DOCAI_CONCEPT_DUE))
    return UNSAID_DUE; /* "Amount due" where there is no total */
  if (concept == DOCAI_CONCEPT_PAID && has_concept (label, DOCAI_CONCEPT_CASH))
    return 1;
  if (question->kind == DOCAI_ASK_DATE && is_of_paper (concept) && has_concept (label, DOCAI_CONCEPT_DATE))
    return UNSAID_PAPER;
  /* "Nombre" beside "Apellidos" is the given name. */
  gboolean beside = concept == DOCAI_CONCEPT_GIVEN    ? docai_concept_set_has (&sheet->concepts, DOCAI_CONCEPT_FAMILY)
                    : concept == DOCAI_CONCEPT_FAMILY ? docai_concept_set_has (&sheet->concepts, DOCAI_CONCEPT_GIVEN)
                                                      : FALSE;
  return beside && has_concept (label, DOCAI_CONCEPT_NAME) ? UNSAID_PART : 0;
}

/* "Date of birth" is not where somebody was born. */
static gboolean
is_other_kind (DocaiAskKind kind, DocaiConcept concept)
{
  if (concept == DOCAI_CONCEPT_DATE)
    return kind != DOCAI_ASK_ANY && kind != DOCAI_ASK_DATE;
  return concept == DOCAI_CONCEPT_AMOUNT && (kind == DOCAI_ASK_DATE || kind == DOCAI_ASK_NAME || kind == DOCAI_ASK_PLACE);
}

/* What it costs that the label says more than what is asked for. */
static double
more (const DocaiAskSheet *sheet, const DocaiQuestion *question, const DocaiTerm *term)
{
  if (term->concept != DOCAI_CONCEPT_NONE && term->concept == docai_ask_kind_concept (question->kind))
    return question->kind == DOCAI_ASK_NUMBER || question->kind == DOCAI_ASK_AMOUNT ? MORE_GENERIC : 1;
  if ((term->concept == DOCAI_CONCEPT_DUE && docai_concept_set_has (&question->concepts, DOCAI_CONCEPT_TOTAL))
      || (term->concept == DOCAI_CONCEPT_TOTAL && docai_concept_set_has (&question->concepts, DOCAI_CONCEPT_DUE)))
    return MORE_GENERIC; /* "Total to pay" */
  if (question->kind == DOCAI_ASK_DATE && is_of_paper (term->concept))
    return MORE_PAPER;
  if (is_other_kind (question->kind, term->concept))
    return MORE_SPECIFIC;
  if (term->particle || term->concept == DOCAI_CONCEPT_PERSON)
    return 1;
  if (is_generic (term->concept))
    return MORE_GENERIC;
  if (is_paper (term->concept))
    return docai_ask_sheet_agrees (sheet, term->concept) ? MORE_PAPER : MORE_SPECIFIC;
  return term->concept != DOCAI_CONCEPT_NONE ? MORE_SPECIFIC : MORE_WORD;
}

double
docai_ask_match_terms (const DocaiAskSheet *sheet, const DocaiQuestion *question, const GPtrArray *label)
{
  DocaiConcept kind = docai_ask_kind_concept (question->kind);
  double       score = 1;
  guint        n_said = kind != DOCAI_CONCEPT_NONE && (has_concept (label, kind) || (kind == DOCAI_CONCEPT_DATE
      && is_dated (label)));

  for (guint i = 0; i < question->asked->len; i++)
    {
      const DocaiTerm *term = question->asked->pdata[i];
      gboolean         said = is_said (term, label);
      n_said += said;
      if (!said)
        score *= unsaid (sheet, question, term, label);
    }
  if (n_said == 0 || score == 0)
    return 0;
  for (guint i = 0; i < label->len && score > 0; i++)
    if (!is_said (label->pdata[i], question->asked))
      score *= more (sheet, question, label->pdata[i]);
  return score;
}

double
docai_ask_match (const DocaiAskSheet *sheet, const DocaiQuestion *question, const DocaiAskLine *line, guint first, guint last)
{
  g_autoptr (GPtrArray) label = g_ptr_array_new ();
  gboolean              any = FALSE;

  for (guint pass = 0; pass < 2 && !any; pass++) /* particles count where there is nothing else */
    for (guint i = 0; i < line->terms->terms->len; i++)
      {
        const DocaiTerm *term = docai_terms_at (line->terms, i);
        if (line->word_of[term->first] < first || line->word_of[term->last] > last || term->particle != (pass == 1))
          continue;
        any = TRUE;
        g_ptr_array_add (label, (gpointer) term);
      }
  return any ? docai_ask_match_terms (sheet, question, label) : 0;
}

/* Whether a token of the question stands in a stretch of the line's words. */
static gboolean
has_token (const DocaiAskLine *line, guint first, guint last, const char *token)
{
  for (guint i = 0; i < line->terms->tokens->len; i++)
    if (line->word_of[i] >= first && line->word_of[i] <= last && strcmp (line->terms->tokens->pdata[i], token) == 0)
      return TRUE;
  return FALSE;
}

gboolean
docai_ask_is_literal (const DocaiQuestion *question, const DocaiAskLine *line, guint first, guint last)
{
  for (guint i = 0; i < question->asked->len; i++)
    {
      const DocaiTerm *term = question->asked->pdata[i];
      for (guint k = term->first; k <= term->last; k++)
        if (!has_token (line, first, last, question->terms->tokens->pdata[k]))
          return FALSE;
    }
  return TRUE;
}

gboolean
docai_ask_asks (const DocaiQuestion *question, const DocaiTerm *term)
{
  return is_said (term, question->asked);
}
