/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Questions by their words.
 */
#include "pipeline/ask/question.h"

#include "pipeline/extract/view.h"

#include <string.h>

#define MAX_QUESTION 2000 /* bytes that are looked at: what a longer one asks is beyond a look-up */

static gboolean
is_one_of (const char *token, const char *words)
{
  gsize length = strlen (token);

  for (const char *at = words; length > 0 && (at = strstr (at, token)) != NULL; at += length)
    if ((at == words || at[-1] == '|') && (at[length] == '|' || at[length] == '\0'))
      return TRUE;
  return FALSE;
}

static const char *
token_at (const DocaiQuestion *question, guint i)
{
  return i < question->terms->tokens->len ? question->terms->tokens->pdata[i] : "";
}

/* Whether a token at `i`, with the one after it, is a question word of the kind. */
static gboolean
asks_who (const DocaiQuestion *question, guint i)
{
  const char *token = token_at (question, i), *next = token_at (question, i + 1);

  if (strcmp (token, "wie") == 0) /* German "how", Dutch "who" */
    return is_one_of (next, "is|zijn|heeft|was|schreef|verzond");
  return is_one_of (token, "who|whom|whose|wer|wem|wen|wessen|quien|quienes|chi|quem|kto|kogo|komu")
         || (strcmp (token, "qui") == 0 && i < 2);
}

static gboolean
asks_how_many (const DocaiQuestion *question, guint i)
{
  const char *token = token_at (question, i), *next = token_at (question, i + 1);

  if (is_one_of (token, "cuantos|cuantas|quantos|quantas|quanti|quante|wieviele"))
    return TRUE;
  return (strcmp (token, "how") == 0 && strcmp (next, "many") == 0) || (strcmp (token, "wie") == 0 && strcmp (next, "viele") == 0)
         || (strcmp (token, "combien") == 0 && is_one_of (next, "de|d"));
}

static gboolean
asks_how_much (const DocaiQuestion *question, guint i)
{
  const char *token = token_at (question, i), *next = token_at (question, i + 1);

  if (is_one_of (token, "combien|cuanto|cuanta|quanto|quanta|hoeveel|wieviel|ile"))
    return TRUE;
  return (strcmp (token, "how") == 0 && is_one_of (next, "much|high|large"))
         || (strcmp (token, "wie") == 0 && is_one_of (next, "viel|hoch|teuer"));
}

static gboolean
asks_reasons (const DocaiQuestion *question, guint i)
{
  const char *token = token_at (question, i), *next = token_at (question, i + 1);

  if (is_one_of (token, "why|warum|weshalb|wieso|pourquoi|perche|waarom|dlaczego|porque"))
    return TRUE;
  return strcmp (token, "how") == 0 && !is_one_of (next, "much|many|high|large|long|old|tall|heavy|is");
}

/* "Is it paid?", "Hat der Kunde ...?" */
static gboolean
asks_yes_or_no (const DocaiQuestion *question)
{
  return is_one_of (token_at (question, 0), "is|are|was|were|does|do|did|has|have|had|can|will|should|may|must|ist|sind|hat"
                                            "|haben|wurde|wurden"
                                            "|kann|darf|muss|tiene|hay|czy|esta|estan|heeft");
}

static void
read_question_words (DocaiQuestion *question)
{
  gboolean any = FALSE;

  for (guint i = 0; i < question->terms->tokens->len; i++)
    {
      const char  *token = token_at (question, i);
      DocaiAskKind kind = DOCAI_ASK_ANY;
      gboolean     who = asks_who (question, i);
      gboolean     where = is_one_of (token, "where|donde|dove|waar|onde|gdzie") || (i == 0 && is_one_of (token, "wo|ou"));
      if (who)
        kind = DOCAI_ASK_NAME;
      else if (is_one_of (token, "when|wann|quand|cuando|quando|wanneer|kiedy"))
        kind = DOCAI_ASK_DATE;
      else if (asks_how_many (question, i))
        kind = DOCAI_ASK_COUNT;
      else if (asks_how_much (question, i))
        kind = DOCAI_ASK_AMOUNT;
      else if (where)
        kind = DOCAI_ASK_PLACE;
      else if (asks_reasons (question, i))
        question->unanswerable = TRUE;
      question->who = question->who || who;
      any = any || kind != DOCAI_ASK_ANY
          || is_one_of (token, "what|which|welche|welcher|welches|welchen|welchem|quel|quelle|quels|quelles|cual|cuales|que"
                               "|qual|quali|quais|wat|welk|welke");
      if (question->kind == DOCAI_ASK_ANY)
        question->kind = kind;
    }
  if (!any && asks_yes_or_no (question))
    question->unanswerable = TRUE;
}

/* The value that a thing asked for has, the surest word first. */
static DocaiAskKind
kind_of_concepts (const DocaiConceptSet *concepts)
{
  static const struct { DocaiConcept concept; DocaiAskKind kind; } kinds[] = {
    { DOCAI_CONCEPT_RATE, DOCAI_ASK_COUNT },      { DOCAI_CONCEPT_AGE, DOCAI_ASK_COUNT },
    { DOCAI_CONCEPT_EMAIL, DOCAI_ASK_EMAIL },     { DOCAI_CONCEPT_IBAN, DOCAI_ASK_IBAN },
    { DOCAI_CONCEPT_PHONE, DOCAI_ASK_PHONE },     { DOCAI_CONCEPT_FAX, DOCAI_ASK_PHONE },
    { DOCAI_CONCEPT_WEB, DOCAI_ASK_WEB },         { DOCAI_CONCEPT_TERMS, DOCAI_ASK_ANY },
    { DOCAI_CONCEPT_ADDRESS, DOCAI_ASK_ANY },     { DOCAI_CONCEPT_PLACE, DOCAI_ASK_ANY },
    { DOCAI_CONCEPT_DATE, DOCAI_ASK_DATE },       { DOCAI_CONCEPT_TIME, DOCAI_ASK_TIME },
    { DOCAI_CONCEPT_NUMBER, DOCAI_ASK_NUMBER },   { DOCAI_CONCEPT_ACCOUNT, DOCAI_ASK_NUMBER },
    { DOCAI_CONCEPT_EXPIRY, DOCAI_ASK_DATE },
    { DOCAI_CONCEPT_BIRTH, DOCAI_ASK_DATE },      { DOCAI_CONCEPT_CURRENCY, DOCAI_ASK_ANY },
    { DOCAI_CONCEPT_AMOUNT, DOCAI_ASK_AMOUNT },   { DOCAI_CONCEPT_QUANTITY, DOCAI_ASK_COUNT },
    { DOCAI_CONCEPT_TOTAL, DOCAI_ASK_AMOUNT },    { DOCAI_CONCEPT_NET, DOCAI_ASK_AMOUNT },
    { DOCAI_CONCEPT_PRICE, DOCAI_ASK_AMOUNT },    { DOCAI_CONCEPT_TAX, DOCAI_ASK_AMOUNT },
    { DOCAI_CONCEPT_BALANCE, DOCAI_ASK_AMOUNT },  { DOCAI_CONCEPT_DISCOUNT, DOCAI_ASK_AMOUNT },
    { DOCAI_CONCEPT_CASH, DOCAI_ASK_AMOUNT },     { DOCAI_CONCEPT_CHANGE, DOCAI_ASK_AMOUNT },
    { DOCAI_CONCEPT_ROUNDING, DOCAI_ASK_AMOUNT }, { DOCAI_CONCEPT_PAID, DOCAI_ASK_AMOUNT },
    { DOCAI_CONCEPT_NAME, DOCAI_ASK_NAME },       { DOCAI_CONCEPT_VENDOR, DOCAI_ASK_NAME },
    { DOCAI_CONCEPT_CUSTOMER, DOCAI_ASK_NAME },   { DOCAI_CONCEPT_AUTHOR, DOCAI_ASK_NAME },
    { DOCAI_CONCEPT_NATIONALITY, DOCAI_ASK_NAME }, { DOCAI_CONCEPT_OCCUPATION, DOCAI_ASK_NAME },
    { DOCAI_CONCEPT_CITY, DOCAI_ASK_NAME },       { DOCAI_CONCEPT_DUE, DOCAI_ASK_DATE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (docai_concept_set_has (concepts, kinds[i].concept))
      return kinds[i].kind;
  return DOCAI_ASK_ANY;
}

/* "Name the author.", "List the ...": what stands first may be the request. */
static gboolean
is_request (const DocaiQuestion *question, const DocaiTerm *term)
{
  return term->first == 0 && term->concept == DOCAI_CONCEPT_NAME && strcmp (token_at (question, 0), "name") == 0
         && is_one_of (token_at (question, 1), "the|all|its|this");
}

static void
collect (DocaiQuestion *question, gboolean particles)
{
  for (guint i = 0; i < question->terms->terms->len; i++)
    {
      const DocaiTerm *term = docai_terms_at (question->terms, i);
      if (term->particle != particles || is_request (question, term))
        continue;
      g_ptr_array_add (question->asked, (gpointer) term);
      if (term->concept != DOCAI_CONCEPT_NONE)
        docai_concept_set_add (&question->concepts, term->concept);
    }
}

DocaiQuestion *
docai_question_new (const char *text)
{
  DocaiQuestion   *question = g_new0 (DocaiQuestion, 1);
  g_autofree char *head = g_utf8_make_valid (text, (gssize) MIN (strlen (text), MAX_QUESTION));
  g_autofree char *folded = docai_fold (head);

  question->terms = docai_terms_new (folded);
  question->asked = g_ptr_array_new ();
  read_question_words (question);
  collect (question, FALSE);
  if (question->asked->len == 0)
    collect (question, TRUE);
  if (question->kind == DOCAI_ASK_ANY)
    question->kind = kind_of_concepts (&question->concepts);
  if (question->kind == DOCAI_ASK_NAME && docai_concept_set_has (&question->concepts, DOCAI_CONCEPT_ADDRESS))
    question->kind = DOCAI_ASK_ANY;
  if (strlen (text) > MAX_QUESTION || question->asked->len == 0)
    question->unanswerable = TRUE;
  return question;
}

void
docai_question_free (DocaiQuestion *question)
{
  if (question == NULL)
    return;
  docai_terms_free (question->terms);
  g_ptr_array_unref (question->asked);
  g_free (question);
}
