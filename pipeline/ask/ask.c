/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Choosing among what was found for a question.
 */
#include "pipeline/ask/ask.h"

#include "pipeline/ask/sheet.h"

#include <string.h>

#define LEAST_SCORE 0.5      /* below, wrong answers are more than right ones */
#define LEAST_CONFIDENCE 0.4
#define RIVAL 0.95      /* of the best score: another text this close leaves it open which one is meant */
#define OPEN 0.8        /* what that costs */
#define AGREE 0.5       /* of the doubt goes when a second way finds the same text */

struct DocaiAsk {
  DocaiAskSheet *sheet;
};

DocaiAsk *
docai_ask_new (const DocaiDocument *document)
{
  DocaiAsk *ask = g_new0 (DocaiAsk, 1);

  ask->sheet = docai_ask_sheet_new (document);
  return ask;
}

void
docai_ask_free (DocaiAsk *ask)
{
  if (ask == NULL)
    return;
  docai_ask_sheet_free (ask->sheet);
  g_free (ask);
}

/* The best find, earlier ones first; its score says how the others speak for or against it. NULL: none. */
static DocaiAskFind *
choose (const GPtrArray *finds)
{
  DocaiAskFind *best = NULL;
  double        score = 0;
  gboolean      agreed = FALSE, rival = FALSE;

  for (guint i = 0; i < finds->len; i++)
    {
      DocaiAskFind *find = finds->pdata[i];
      if (best == NULL || find->score + find->lead > best->score + best->lead)
        best = find;
    }
  if (best == NULL)
    return NULL;
  score = best->score;
  for (guint i = 0; i < finds->len; i++)
    {
      const DocaiAskFind *find = finds->pdata[i];
      g_autofree char    *mine = docai_fold (best->text), *other = docai_fold (find->text);
      if (find == best)
        continue;
      if (strcmp (mine, other) == 0)
        agreed = TRUE;
      else if (find->score + find->lead >= RIVAL * (score + best->lead) && strstr (mine, other) == NULL
          && strstr (other, mine) == NULL)
        rival = TRUE;
    }
  if (rival)
    best->score *= OPEN;
  if (agreed)
    best->score += (1 - best->score) * AGREE;
  return best;
}

/* A value between the points of a curve. */
static double
on_curve (const double (*points)[2], gsize n, double x)
{
  for (gsize i = 1; i < n; i++)
    if (x <= points[i][0])
      return points[i - 1][1]
             + (points[i][1] - points[i - 1][1]) * (MAX (x,
                                                         points[i - 1][0]) - points[i - 1][0]) / (points[i][0] - points[i - 1][0]);
  return points[n - 1][1];
}

/* The share that was right of answers with that score, and of those whose worst word was read that surely: measured on generated
 * pages of ten kinds, digital and scanned, and on real invoices, receipts, tables and reports. */
static double
confidence_of (const DocaiAskFind *find)
{
  static const double by_score[][2] = { { 0.5, 0.5 }, { 0.65, 0.6 }, { 0.75, 0.85 }, { 0.85, 0.93 }, { 1, 0.98 } };
  static const double by_reading[][2] = { { 0.5, 0.05 }, { 0.6, 0.1 }, { 0.7, 0.4 }, { 0.8, 0.75 }, { 0.9, 0.95 }, { 0.97, 1 } };

  return on_curve (by_score, G_N_ELEMENTS (by_score), find->score) * on_curve (by_reading, G_N_ELEMENTS (by_reading),
                                                                               find->reading);
}

DocaiAnswer *
docai_ask_answer (const DocaiAsk *ask, const char *text, DocaiAskKind kind)
{
  g_autoptr (DocaiQuestion) question = docai_question_new (text);
  g_autoptr (GPtrArray)     finds = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_ask_find_free);
  DocaiAnswer              *answer = docai_answer_new (text);

  if (kind != DOCAI_ASK_ANY)
    question->kind = kind;
  if (!question->unanswerable)
    {
      docai_ask_fields (ask->sheet, question, finds);
      docai_ask_labels (ask->sheet, question, finds);
      docai_ask_cells (ask->sheet, question, finds);
      docai_ask_roles (ask->sheet, question, finds);
      docai_ask_prose (ask->sheet, question, finds);
    }
  DocaiAskFind *best = choose (finds);
  double        confidence = best != NULL && best->score >= LEAST_SCORE ? confidence_of (best) : 0;
  if (confidence == 0 || (confidence < LEAST_CONFIDENCE && !best->is_field)) /* what the result says elsewhere is not denied */
    {
      answer->answer = g_strdup (DOCAI_NOT_STATED);
      return answer;
    }
  answer->answer = g_strdup (best->text);
  answer->confidence = confidence;
  answer->grounded = TRUE;
  g_ptr_array_extend_and_steal (answer->evidence, g_steal_pointer (&best->evidence));
  return answer;
}
