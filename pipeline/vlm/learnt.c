/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a small model may have learnt beyond labels.
 */
#include "pipeline/vlm/learnt.h"

#include "pipeline/vlm/chart.h"
#include "pipeline/vlm/crop.h"
#include "pipeline/vlm/ground.h"
#include "pipeline/vlm/pages.h"
#include "pipeline/vlm/segments.h"
#include "pipeline/vlm/session.h"
#include "pipeline/vlm/windows.h"

#include <stdio.h>
#include <string.h>

#define CHART_TOKENS 700
#define LINE_TOKENS 64
#define ANSWER_TOKENS 64
#define MAX_PAGES 8   /* that a question is asked of */
#define MAX_WINDOWS 6 /* of a page */
#define PAGE_DPI 110 /* an A4 page of PAGE_SIDE_PX, a little more */
#define PAGE_SIDE_PX 1024
#define MAX_WORDLESS 16
#define MOST_LINE_POINTS 80 /* higher ones are no line or two of text */

/* ---- pictures and regions of a page ----------------------------------------------- */

static gboolean
is_chart (const DocaiRegion *region)
{
  return region->picture != NULL && region->picture->data == NULL && g_str_has_suffix (region->picture->class_name, "_chart");
}

/* Text where nothing was read: handwriting, poor scans. */
static gboolean
is_wordless (const DocaiRegion *region)
{
  gboolean text = region->label == DOCAI_LABEL_TEXT || region->label == DOCAI_LABEL_HANDWRITING;

  return text && region->lines->len == 0 && (region->text == NULL || *region->text == '\0')
         && docai_box_height (region->bbox) <= MOST_LINE_POINTS && !docai_box_is_empty (region->bbox);
}

/* Asks about one part of the page; the request has its answer or its error. NULL where the part cannot be sent. */
static DocaiVlmRequest *
ask (DocaiVlmBackend *backend, DocaiCounts *counts, const DocaiPage *page, DocaiBox part, const DocaiVlmTask *task, char *prompt,
     const char *schema, int max_tokens, int side)
{
  g_autofree char       *words = prompt;
  g_autoptr (GPtrArray)  alone = g_ptr_array_new ();
  g_autoptr (DocaiVlmRequest) request = docai_vlm_request_new (NULL, words, max_tokens);

  request->schema = g_strdup (schema);
  request->whole_view = !task->tiles;
  if (!docai_crop_add (request, page, part, NULL, side, NULL))
    return NULL;
  g_ptr_array_add (alone, request);
  docai_vlm_backend_run (backend, alone, counts);
  return g_steal_pointer (&request);
}

static char *
text_with_places (const DocaiPage *page, DocaiBox area, gsize bytes)
{
  g_autoptr (GPtrArray) segments = docai_vlm_segments_new (page, area);

  return docai_vlm_segments_head (segments, bytes);
}

static void
read_chart (DocaiVlmBackend *backend, DocaiCounts *counts, DocaiDocument *document, const DocaiPage *page, DocaiRegion *region, int side)
{
  const DocaiVlmTask *task = backend->tasks->chart;
  g_autofree char    *placed = task->places ? text_with_places (page, region->bbox, task->text_bytes) : NULL;
  const char         *text = placed != NULL ? placed : region->text != NULL ? region->text : "";
  char               *prompt = docai_vlm_task_prompt (task, "", text);
  g_autoptr (DocaiVlmRequest) request
      = ask (backend, counts, page, region->bbox, task, prompt, DOCAI_VLM_CHART_SCHEMA, CHART_TOKENS, side);

  if (request == NULL)
    return;
  json_t *answer = docai_vlm_take_object (request, document, page->number);
  if (json_array_size (json_object_get (answer, "series")) > 0)
    region->picture->data = docai_vlm_chart_from_json (answer);
  json_decref (answer);
}

/* The words get the task's confidence: nothing else bears them out. Their boxes share the region by their length. */
static void
add_words (DocaiRegion *region, const char *text, double confidence)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \n\t", -1);
  DocaiLine     *line = docai_line_new ();
  double         step = docai_box_width (region->bbox) / (double) MAX (g_utf8_strlen (text, -1), 1), x = region->bbox.x0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      double width = step * (double) g_utf8_strlen (words[i], -1);
      if (width > 0)
        g_ptr_array_add (line->words, docai_word_new (words[i], DOCAI_BOX (x, region->bbox.y0, x + width, region->bbox.y1), confidence));
      x += width + step;
    }
  if (line->words->len == 0)
    {
      docai_line_free (line);
      return;
    }
  docai_line_update (line);
  g_ptr_array_add (region->lines, line);
  docai_region_update_text (region);
}

static void
read_line (DocaiVlmBackend *backend, DocaiCounts *counts, DocaiDocument *document, const DocaiPage *page, DocaiRegion *region, int side)
{
  const DocaiVlmTask *task = backend->tasks->transcribe;
  g_autoptr (DocaiVlmRequest) request
      = ask (backend, counts, page, region->bbox, task, docai_vlm_task_prompt (task, "", ""), NULL, LINE_TOKENS, side);

  if (request == NULL)
    return;
  if (request->error != NULL)
    docai_document_warn (document, docai_error_name (docai_error_code_of (request->error)), page->number, "%s",
                         request->error->message);
  else if (request->answer != NULL && g_utf8_validate (request->answer, -1, NULL))
    add_words (region, g_strstrip (request->answer), task->confidence);
}

void
docai_vlm_learnt_look (DocaiVlmBackend *backend, DocaiCounts *counts, DocaiDocument *document, DocaiPage *page, int side)
{
  int wordless = 0;

  if (backend->tasks == NULL)
    return;
  for (guint i = 0; i < page->regions->len; i++)
    {
      DocaiRegion *region = page->regions->pdata[i];
      if (backend->tasks->chart != NULL && is_chart (region))
        read_chart (backend, counts, document, page, region, side);
      else if (backend->tasks->transcribe != NULL && is_wordless (region) && wordless++ < MAX_WORDLESS)
        read_line (backend, counts, document, page, region, side);
    }
}

/* ---- questions --------------------------------------------------------------------- */

/* Takes a box in thousandths of the page, " [10,20,300,40]", off the answer's end. */
static gboolean
take_box (char *answer, const DocaiPage *page, DocaiBox *box)
{
  char *mark = strrchr (answer, '[');
  int   v[4], end = 0;

  if (mark == NULL || sscanf (mark, "[%4d,%4d,%4d,%4d]%n", &v[0], &v[1], &v[2], &v[3], &end) != 4 || end == 0 || mark[end] != '\0')
    return FALSE;
  *mark = '\0';
  g_strchomp (answer);
  *box = DOCAI_BOX (v[0] * page->width / 1000, v[1] * page->height / 1000, v[2] * page->width / 1000, v[3] * page->height / 1000);
  return v[0] >= 0 && v[1] >= 0 && v[2] <= 1000 && v[3] <= 1000 && !docai_box_is_empty (*box);
}

/* What one page answers, as sure as the model is of its words; NULL where it states nothing. `likelihood` 0: not known. */
static DocaiAnswer *
page_answer (const DocaiVlmTask *task, const char *question, char *text, double likelihood, const DocaiPage *page, const DocaiWordIndex *index)
{
  DocaiBox         box, whole = DOCAI_BOX (0, 0, page->width, page->height);
  DocaiGroundPlace place = { .page = page->number };
  gboolean         boxed = take_box (text, page, &box), placed = docai_vlm_place_take (text, whole, &place.x, &place.y);

  if (*text == '\0' || strcmp (text, DOCAI_NOT_STATED) == 0)
    return NULL;
  DocaiAnswer *answer = docai_answer_new (question);
  answer->answer = g_strdup (text);
  answer->grounded = docai_ground_phrase_near (index, text, placed ? &place : NULL, answer->evidence);
  answer->confidence = task->confidence * (likelihood > 0 ? likelihood : 1) * (answer->grounded ? 1 : 0.5);
  if (!answer->grounded && boxed)
    g_ptr_array_add (answer->evidence, docai_evidence_new (page->number, box, text));
  return answer;
}

/* Questions to a document and the best answer to each so far. */
typedef struct {
  DocaiVlmBackend      *backend;
  const DocaiTask      *task;
  DocaiDocument        *document;
  const DocaiWordIndex *index;
  char                **questions;
  guint                 n;
  DocaiAnswer         **answers; /* [n]; NULL: none */
  guint               **ranked;  /* [n]: pages, the likeliest first */
} Asking;

/* Takes what a page answers; an answer that stands in the document is better than one that does not. */
static void
take_answer (const Asking *asking, guint question, const DocaiVlmRequest *request, const DocaiPage *page)
{
  const DocaiVlmTask *task = asking->backend->tasks->question;
  DocaiAnswer       **best = &asking->answers[question];

  if (request->error != NULL)
    docai_document_warn (asking->document, docai_error_name (docai_error_code_of (request->error)), page->number, "%s",
                         request->error->message);
  if (request->answer == NULL || !g_utf8_validate (request->answer, -1, NULL))
    return;
  DocaiAnswer *said = page_answer (task, asking->questions[question], g_strstrip (request->answer), request->likelihood, page, asking->index);
  if (said != NULL && (*best == NULL || said->grounded))
    {
      docai_answer_free (*best);
      *best = g_steal_pointer (&said);
    }
  docai_answer_free (said);
}

/* Asks the questions at once about a page with a part of its text: what their prompts share is read once. */
static void
ask_window (const Asking *asking, const GArray *questions, const DocaiVlmRequest *shown, const DocaiPage *page, const char *text)
{
  const DocaiVlmTask   *task = asking->backend->tasks->question;
  g_autoptr (GPtrArray) requests = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_vlm_request_free);

  for (guint i = 0; i < questions->len; i++)
    {
      const char      *question = asking->questions[g_array_index (questions, guint, i)];
      g_autofree char *prompt = docai_vlm_task_prompt (task, question, text);
      DocaiVlmRequest *request = docai_vlm_request_new (NULL, prompt, ANSWER_TOKENS);
      request->whole_view = !task->tiles;
      docai_vlm_request_share_images (request, shown);
      g_ptr_array_add (requests, request);
    }
  docai_vlm_backend_run (asking->backend, requests, asking->task->counts);
  for (guint i = 0; i < questions->len; i++)
    take_answer (asking, g_array_index (questions, guint, i), requests->pdata[i], page);
}

/* The questions without an answer that have this page in their place `rank`. */
static GArray *
open_questions (const Asking *asking, guint index, guint rank)
{
  GArray *questions = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint q = 0; q < asking->n; q++)
    if ((asking->answers[q] == NULL || !asking->answers[q]->grounded) && asking->ranked[q][rank] == index)
      g_array_append_val (questions, q);
  return questions;
}

/* The page's text as the task takes it, in as many parts as it needs. */
static GPtrArray *
windows_of_page (const DocaiVlmTask *task, const DocaiPage *page)
{
  DocaiBox whole = DOCAI_BOX (0, 0, page->width, page->height);

  if (!task->places)
    {
      g_autofree char *text = docai_vlm_page_text (page, MAX_WINDOWS * task->text_bytes);
      return docai_vlm_windows_of_text (text, task->text_bytes, MAX_WINDOWS);
    }
  g_autoptr (GPtrArray) segments = docai_vlm_segments_new (page, whole);
  return docai_vlm_segments_windows (segments, task->text_bytes, MAX_WINDOWS);
}

/* One window of the page's text after the other, as long as there are questions. The page has its raster. */
static gboolean
ask_page (const Asking *asking, const DocaiPage *page, guint index, guint rank, GError **error)
{
  g_autoptr (GPtrArray)       windows = windows_of_page (asking->backend->tasks->question, page);
  g_autoptr (DocaiVlmRequest) shown = docai_vlm_request_new (NULL, NULL, 0);

  if (!docai_crop_add (shown, page, DOCAI_BOX (0, 0, page->width, page->height), NULL, PAGE_SIDE_PX, error))
    return FALSE;
  for (guint i = 0; i < windows->len; i++)
    {
      g_autoptr (GArray) questions = open_questions (asking, index, rank);
      ask_window (asking, questions, shown, page, windows->pdata[i]);
    }
  return TRUE;
}

/* Goes through the pages: each question's likeliest first, until its answer stands in the document. */
static void
ask_pages (const Asking *asking)
{
  guint n_pages = asking->document->pages->len;

  for (guint rank = 0; rank < MIN (n_pages, MAX_PAGES); rank++)
    for (guint i = 0; i < n_pages; i++)
      {
        DocaiPage         *page = asking->document->pages->pdata[i];
        g_autoptr (GError) error = NULL;
        g_autoptr (GArray) questions = open_questions (asking, i, rank);
        DocaiVlmLook       look;
        if (questions->len == 0)
          continue;
        if (!docai_vlm_pages_draw (asking->task, page, PAGE_DPI, &look, &error) || !ask_page (asking, page, i, rank, &error))
          docai_document_warn (asking->document, docai_error_name (docai_error_code_of (error)), page->number, "%s", error->message);
        docai_vlm_pages_put_back (page, &look);
      }
}

GPtrArray *
docai_vlm_learnt_answer (DocaiVlmBackend *backend, const DocaiTask *task, DocaiDocument *document, char **questions)
{
  guint n = g_strv_length (questions);
  g_autoptr (DocaiWordIndex) index = docai_word_index_new (document);
  g_autoptr (GPtrArray)      words = docai_vlm_pages_words (document);
  g_autoptr (GPtrArray)      ranked = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *answers = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_answer_free);

  g_ptr_array_set_size (answers, (int) n);
  for (guint q = 0; q < n; q++)
    {
      g_autofree double *scores = docai_vlm_pages_score (document, words, questions[q]);
      g_ptr_array_add (ranked, docai_vlm_pages_rank (document->pages->len, scores));
    }
  const Asking asking = { backend, task, document, index, questions, n, (DocaiAnswer **) answers->pdata, (guint **) ranked->pdata };
  ask_pages (&asking);
  for (guint q = 0; q < n; q++)
    if (answers->pdata[q] == NULL)
      {
        DocaiAnswer *none = docai_answer_new (questions[q]);
        none->answer = g_strdup (DOCAI_NOT_STATED);
        answers->pdata[q] = none;
      }
  return answers;
}
