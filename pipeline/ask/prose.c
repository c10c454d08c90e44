/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sentences: one that speaks of all that is asked and holds a single value of the kind asked for.
 *
 *   "When was the contract signed?"   The contract was signed in Lyon on 3 May 2019.
 */
#include "pipeline/ask/sheet.h"

#include <string.h>

#define LEAST_WORDS 5   /* of a sentence: shorter lines are labels */
#define MOST_WORDS 45
#define PROSE_SCORE 0.68
#define MOST_FINDS 8

/* Words [first, end) of a region, and the line of each. */
typedef struct {
  GPtrArray *words; /* const DocaiWord *, lent */
  guint      first, end;
} Sentence;

static gboolean
is_specific (const DocaiTerm *term)
{
  return term->concept == DOCAI_CONCEPT_NONE || term->concept > DOCAI_CONCEPT_CONTRACT;
}

/* Only values that cannot be mistaken, and questions that name more than a paper. */
static gboolean
is_for_prose (const DocaiQuestion *question)
{
  guint n = 0;

  for (guint i = 0; i < question->asked->len; i++)
    n += is_specific (question->asked->pdata[i]) && !((const DocaiTerm *) question->asked->pdata[i])->particle;
  return n > 0 && question->kind != DOCAI_ASK_ANY && question->kind != DOCAI_ASK_NAME && question->kind != DOCAI_ASK_PLACE
         && question->kind != DOCAI_ASK_NUMBER && question->kind != DOCAI_ASK_COUNT;
}

static gboolean
is_said (const DocaiTerm *asked, const DocaiTerms *terms)
{
  for (guint i = 0; i < terms->terms->len; i++)
    {
      const DocaiTerm *term = docai_terms_at (terms, i);
      if (asked->concept != DOCAI_CONCEPT_NONE ? asked->concept == term->concept
                                               : term->concept == DOCAI_CONCEPT_NONE
                                                   && docai_stems_match (asked->stem, term->stem))
        return TRUE;
    }
  return FALSE;
}

static gboolean
says_all (const DocaiAskSheet *sheet, const DocaiQuestion *question, const char *text)
{
  g_autofree char       *folded = docai_fold (text);
  g_autoptr (DocaiTerms) terms = docai_terms_new (folded);

  for (guint i = 0; i < question->asked->len; i++)
    {
      const DocaiTerm *asked = question->asked->pdata[i];
      gboolean         may_lack = !is_specific (asked) || asked->concept == DOCAI_CONCEPT_PAY;
      if (!is_said (asked, terms) && !may_lack)
        return FALSE;
    }
  return TRUE;
}

static char *
text_of (const Sentence *sentence)
{
  GString *text = g_string_new (NULL);

  for (guint i = sentence->first; i < sentence->end; i++)
    g_string_append_printf (text, "%s%s", i > sentence->first ? " " : "", ((const DocaiWord *) sentence->words->pdata[i])->text);
  return g_string_free (text, FALSE);
}

/* The box of the words that hold bytes of the sentence. */
static DocaiBox
box_of (const Sentence *sentence, DocaiSpan span)
{
  DocaiBox box = { 0 };
  gsize    at = 0;

  for (guint i = sentence->first; i < sentence->end; i++)
    {
      const DocaiWord *word = sentence->words->pdata[i];
      gsize            length = strlen (word->text);
      if (at < span.end && at + length > span.start)
        box = docai_box_union (box, word->bbox);
      at += length + 1;
    }
  return box;
}

/* A bare number in a sentence is seldom a sum. */
static gboolean
is_sure (DocaiAskKind kind, const char *value)
{
  DocaiSpan span;

  return kind != DOCAI_ASK_AMOUNT || docai_find_currency (value, &span) != NULL;
}

static void
look_at_sentence (const DocaiAskSheet *sheet, const DocaiQuestion *question, int page, const Sentence *sentence, GPtrArray *finds)
{
  guint     n = sentence->end - sentence->first;
  DocaiSpan span, next;

  if (n < LEAST_WORDS || n > MOST_WORDS)
    return;
  g_autofree char *text = text_of (sentence);
  if (!docai_ask_value_find (question->kind, text, sheet->date_order, &span)
      || docai_ask_value_find (question->kind, text + span.end, sheet->date_order, &next) || !says_all (sheet, question, text))
    return;
  g_autofree char *value = g_strndup (text + span.start, span.end - span.start);
  if (is_sure (question->kind, value))
    g_ptr_array_add (finds, docai_ask_find_in_box (sheet, page, box_of (sentence, span), value, PROSE_SCORE));
}

static gboolean
ends_sentence (const DocaiWord *word, const DocaiWord *next)
{
  gsize length = strlen (word->text);

  return length > 2 && strchr (".!?", word->text[length - 1]) != NULL && next != NULL
         && g_unichar_isupper (g_utf8_get_char (next->text))
         && !g_ascii_isdigit (word->text[length - 2]);
}

static void
look_at_region (const DocaiAskSheet *sheet, const DocaiQuestion *question, int page, const DocaiRegion *region, GPtrArray *finds)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  Sentence              sentence = { words, 0, 0 };

  for (guint l = 0; l < region->lines->len; l++)
    {
      const DocaiLine *line = region->lines->pdata[l];
      for (guint w = 0; w < line->words->len; w++)
        g_ptr_array_add (words, line->words->pdata[w]);
    }
  for (guint i = 0; i < words->len; i++)
    {
      const DocaiWord *next = i + 1 < words->len ? words->pdata[i + 1] : NULL;
      if (next != NULL && !ends_sentence (words->pdata[i], next))
        continue;
      sentence.end = i + 1;
      look_at_sentence (sheet, question, page, &sentence, finds);
      sentence.first = i + 1;
    }
}

void
docai_ask_prose (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  guint most = finds->len + MOST_FINDS;

  if (!is_for_prose (question))
    return;
  for (guint p = 0; p < sheet->document->pages->len; p++)
    {
      const DocaiPage *page = sheet->document->pages->pdata[p];
      for (guint r = 0; r < page->regions->len && finds->len < most; r++)
        {
          const DocaiRegion *region = page->regions->pdata[r];
          if (region->label == DOCAI_LABEL_TEXT || region->label == DOCAI_LABEL_LIST_ITEM
              || region->label == DOCAI_LABEL_FOOTNOTE)
            look_at_region (sheet, question, page->number, region, finds);
        }
    }
}
