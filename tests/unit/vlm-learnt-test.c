/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is asked of a small model that has learnt more than labels, and what becomes of its answers.
 */
#include "pipeline/vlm/learnt.h"

#include <allheaders.h>
#include <string.h>

/* A model that says what the test wants: the answer whose prompt begins with the key. */
typedef struct {
  DocaiVlmBackend    base;
  const char *const (*said)[2]; /* prompt, answer; ends with NULL */
  int                n_asked;
  double             likelihood;
} Parrot;

static void
run_parrot (DocaiVlmBackend *base, GPtrArray *requests, DocaiCounts *counts)
{
  Parrot *parrot = (Parrot *) base;

  for (guint i = 0; i < requests->len; i++)
    {
      DocaiVlmRequest *request = requests->pdata[i];
      parrot->n_asked++;
      request->likelihood = parrot->likelihood;
      g_assert_cmpuint (request->images->len, ==, 1);
      for (int k = 0; parrot->said[k][0] != NULL && request->answer == NULL; k++)
        if (g_str_has_prefix (request->prompt, parrot->said[k][0]))
          request->answer = g_strdup (parrot->said[k][1]);
      if (request->answer == NULL)
        g_set_error (&request->error, DOCAI_ERROR, DOCAI_ERROR_VLM_GARBAGE, "nothing to say");
    }
}

static DocaiVlmTask chart = { .prompt = (char[]) { "Chart?\n{text}" }, .text_bytes = 40, .tiles = TRUE };
static DocaiVlmTask transcribe = { .prompt = (char[]) { "Text?" }, .confidence = 0.3 };
static DocaiVlmTask question = { .prompt = (char[]) { "{question}|{text}" }, .text_bytes = 200, .confidence = 0.8 };

static DocaiWord *
add_line (DocaiRegion *region, const char *text, DocaiBox box)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  DocaiLine     *line = docai_line_new ();

  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (line->words, docai_word_new (words[i], box, 1));
  docai_line_update (line);
  g_ptr_array_add (region->lines, line);
  docai_region_update_text (region);
  return line->words->pdata[0];
}

static DocaiRegion *
add_region (DocaiPage *page, DocaiLabel label, DocaiBox box)
{
  DocaiRegion *region = docai_region_new (label, box, 1);

  g_ptr_array_add (page->regions, region);
  return region;
}

static DocaiPage *
add_page (DocaiDocument *document)
{
  DocaiPage *page = docai_page_new ((int) document->pages->len + 1, 500, 800);

  page->dpi = 72;
  docai_page_take_raster (page, pixCreate (500, 800, 8));
  pixSetAll (page->raster);
  g_ptr_array_add (document->pages, page);
  return page;
}

static DocaiRegion *
add_picture (DocaiPage *page, const char *name)
{
  DocaiRegion *region = add_region (page, DOCAI_LABEL_PICTURE, DOCAI_BOX (50, 400, 300, 600));

  region->picture = docai_picture_new ();
  region->picture->class_name = g_strdup (name);
  return region;
}

/* ---- charts and lines -------------------------------------------------------------- */

static void
test_chart (void)
{
  static const char *const said[][2] = {
    { "Chart?\nSales", "{\"title\":\"Sales\",\"x_axis\":\"\",\"y_axis\":\"kg\",\"series\":[{\"name\":\"a\","
                       "\"points\":[{\"label\":\"May\",\"value\":2.5},{\"label\":\"June\",\"value\":4}]}]}" },
    { NULL, NULL },
  };
  DocaiVlmTasks tasks = { .image_side = 1024, .chart = &chart };
  Parrot        parrot = { { .name = "parrot", .tasks = &tasks, .run = run_parrot }, said, 0, 0 };
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage    *page = add_page (document);
  DocaiRegion  *bars = add_picture (page, "bar_chart"), *map = add_picture (page, "map");

  bars->text = g_strdup ("Sales May June");
  docai_vlm_learnt_look (&parrot.base, NULL, document, page, 512);
  g_assert_cmpint (parrot.n_asked, ==, 1);
  g_assert_null (map->picture->data);
  g_assert_nonnull (bars->picture->data);
  g_assert_cmpstr (bars->picture->data->y_axis, ==, "kg");
  const DocaiChartSeries *series = bars->picture->data->series->pdata[0];
  const DocaiChartPoint  *point = series->points->pdata[1];
  g_assert_cmpstr (point->label, ==, "June");
  g_assert_cmpfloat (point->value, ==, 4);
  g_assert_cmpuint (document->warnings->len, ==, 0);
}

/* An answer that is none costs a warning, not the picture. */
static void
test_bad_chart (void)
{
  static const char *const said[][2] = { { "Chart?", "{\"series\":[" }, { NULL, NULL } };
  DocaiVlmTasks tasks = { .image_side = 1024, .chart = &chart };
  Parrot        parrot = { { .name = "parrot", .tasks = &tasks, .run = run_parrot }, said, 0, 0 };
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage    *page = add_page (document);
  DocaiRegion  *bars = add_picture (page, "pie_chart");

  docai_vlm_learnt_look (&parrot.base, NULL, document, page, 512);
  g_assert_null (bars->picture->data);
  g_assert_cmpuint (document->warnings->len, ==, 1);
}

static void
test_line (void)
{
  static const char *const said[][2] = { { "Text?", " Call me \n" }, { NULL, NULL } };
  DocaiVlmTasks tasks = { .image_side = 1024, .transcribe = &transcribe };
  Parrot        parrot = { { .name = "parrot", .tasks = &tasks, .run = run_parrot }, said, 0, 0 };
  g_autoptr (DocaiDocument) document = docai_document_new ();
  DocaiPage    *page = add_page (document);
  DocaiRegion  *known = add_region (page, DOCAI_LABEL_TEXT, DOCAI_BOX (10, 10, 90, 30));
  DocaiRegion  *bare = add_region (page, DOCAI_LABEL_TEXT, DOCAI_BOX (100, 10, 170, 30));
  DocaiRegion  *tall = add_region (page, DOCAI_LABEL_TEXT, DOCAI_BOX (10, 100, 300, 300));

  add_line (known, "read already", known->bbox);
  docai_vlm_learnt_look (&parrot.base, NULL, document, page, 512);
  g_assert_cmpint (parrot.n_asked, ==, 1);
  g_assert_cmpstr (known->text, ==, "read already");
  g_assert_cmpuint (tall->lines->len, ==, 0);
  g_assert_cmpstr (bare->text, ==, "Call me");
  const DocaiLine *line = bare->lines->pdata[0];
  const DocaiWord *me = line->words->pdata[1];
  g_assert_cmpfloat (me->confidence, ==, 0.3);
  g_assert_cmpfloat_with_epsilon (me->bbox.x0, 150, 1e-6);
  g_assert_cmpfloat_with_epsilon (me->bbox.x1, 170, 1e-6);
}

/* ---- questions --------------------------------------------------------------------- */

static DocaiDocument *
ask_with (DocaiVlmTask *learnt, double likelihood, const char *const said[][2], const char *first, const char *second, int *n_asked)
{
  DocaiVlmTasks             tasks = { .image_side = 1024, .question = learnt };
  Parrot                    parrot = { { .name = "parrot", .tasks = &tasks, .run = run_parrot }, said, 0, likelihood };
  g_autoptr (DocaiOptions)  options = docai_options_new ();
  g_autoptr (DocaiSettings) settings = docai_settings_new ();
  DocaiTask                 task = { "none.pdf", "none.pdf", options, settings, NULL };
  DocaiDocument            *document = docai_document_new ();

  for (int i = 0; i < 2; i++)
    {
      DocaiRegion *region = add_region (add_page (document), DOCAI_LABEL_TEXT, DOCAI_BOX (50, 50, 450, 70));
      add_line (region, i == 0 ? "First page" : "Total due 720.00", region->bbox);
    }
  g_assert_true (docai_options_set (options, "ask", first, NULL));
  if (second != NULL)
    g_assert_true (docai_options_set (options, "ask", second, NULL));
  g_ptr_array_extend_and_steal (document->answers, docai_vlm_learnt_answer (&parrot.base, &task, document, options->questions));
  *n_asked = parrot.n_asked;
  return document;
}

static DocaiDocument *
ask (const char *const said[][2], const char *first, const char *second, int *n_asked)
{
  return ask_with (&question, 0, said, first, second, n_asked);
}

/* A page that states nothing leaves it to the next one; the words say where the answer stands. */
static void
test_grounded (void)
{
  static const char *const said[][2] = {
    { "How much?|First", "not stated" }, { "How much?|Total", "720.00 [100,50,300,90]" },
    { "Which?|First", "first page [0,0,10,10]" }, { NULL, NULL },
  };
  int n_asked;
  g_autoptr (DocaiDocument) document = ask (said, "How much?", "Which?", &n_asked);

  g_assert_cmpint (n_asked, ==, 3); /* what is found is not asked again */
  g_assert_cmpuint (document->answers->len, ==, 2);
  const DocaiAnswer *much = document->answers->pdata[0];
  g_assert_cmpstr (much->question, ==, "How much?");
  g_assert_cmpstr (much->answer, ==, "720.00");
  g_assert_true (much->grounded);
  g_assert_cmpfloat (much->confidence, ==, 0.8);
  const DocaiEvidence *evidence = much->evidence->pdata[0];
  g_assert_cmpint (evidence->page, ==, 2);
  g_assert_cmpfloat (evidence->bbox.x0, ==, 50);
  g_assert_true (((DocaiAnswer *) document->answers->pdata[1])->grounded);
}

/* A model that learnt places is told where words stand, and its own place is no part of the answer. */
static void
test_places (void)
{
  static const char *const said[][2] = {
    { "How much?|<|x10|><|y07|>First", "not stated" }, { "How much?|<|x10|><|y07|>Total due", "720.00<|x10|><|y07|>" }, { NULL, NULL },
  };
  DocaiVlmTask placed = question;
  int          n_asked;

  placed.places = TRUE;
  g_autoptr (DocaiDocument) document = ask_with (&placed, 0, said, "How much?", NULL, &n_asked);
  const DocaiAnswer *much = document->answers->pdata[0];
  g_assert_cmpint (n_asked, ==, 2);
  g_assert_cmpstr (much->answer, ==, "720.00");
  g_assert_true (much->grounded);
  g_assert_cmpint (((DocaiEvidence *) much->evidence->pdata[0])->page, ==, 2);
}

/* What stands nowhere is passed on as such, with the place that the model points at. */
static void
test_ungrounded (void)
{
  static const char *const said[][2] = {
    { "Who?|First", "Ann Bee [100,50,300,90]" }, { "Who?|Total", "Cid [1,2" }, { NULL, NULL },
  };
  int n_asked;
  g_autoptr (DocaiDocument) document = ask (said, "Who?", NULL, &n_asked);
  const DocaiAnswer *who = document->answers->pdata[0];

  g_assert_cmpint (n_asked, ==, 2);
  g_assert_cmpstr (who->answer, ==, "Ann Bee");
  g_assert_false (who->grounded);
  g_assert_cmpfloat (who->confidence, ==, 0.4);
  const DocaiEvidence *evidence = who->evidence->pdata[0];
  g_assert_cmpint (evidence->page, ==, 1);
  g_assert_cmpfloat (evidence->bbox.x0, ==, 50);
  g_assert_cmpfloat (evidence->bbox.y1, ==, 72);
}

static void
test_not_stated (void)
{
  static const char *const said[][2] = {
    { "When?|First", "not stated" }, { "When?|Total", "2 May [900,0,100,5000]" }, { NULL, NULL },
  };
  static const char *const silent[][2] = { { NULL, NULL } };
  int n_asked;
  g_autoptr (DocaiDocument) document = ask (said, "When?", NULL, &n_asked);
  g_autoptr (DocaiDocument) broken = ask (silent, "When?", NULL, &n_asked);
  const DocaiAnswer *when = document->answers->pdata[0], *none = broken->answers->pdata[0];

  g_assert_cmpstr (when->answer, ==, "2 May");
  g_assert_cmpuint (when->evidence->len, ==, 0); /* that was no box */
  g_assert_cmpstr (none->answer, ==, "not stated");
  g_assert_cmpuint (broken->warnings->len, ==, 2);
}

/* The page that has the question's words comes first; the rest are not asked once it answers. */
static void
test_likeliest_page (void)
{
  static const char *const said[][2] = { { "What is due in total?|Total", "720.00" }, { NULL, NULL } };
  int n_asked;
  g_autoptr (DocaiDocument) document = ask_with (&question, 0.5, said, "What is due in total?", NULL, &n_asked);
  const DocaiAnswer *due = document->answers->pdata[0];

  g_assert_cmpint (n_asked, ==, 1);
  g_assert_cmpstr (due->answer, ==, "720.00");
  g_assert_cmpfloat (due->confidence, ==, 0.4); /* as sure as the model is */
}

/* A text that is too long is asked about part by part, until one answers. */
static void
test_windows (void)
{
  static const char *const said[][2] = { { "How much?|720.00", "720.00" }, { "How much?|", "not stated" }, { NULL, NULL } };
  DocaiVlmTask brief = question;
  int n_asked;

  brief.text_bytes = 12;
  g_autoptr (DocaiDocument) document = ask_with (&brief, 0, said, "How much?", NULL, &n_asked);
  g_assert_cmpint (n_asked, ==, 3);
  g_assert_true (((DocaiAnswer *) document->answers->pdata[0])->grounded);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vlm-learnt/chart", test_chart);
  g_test_add_func ("/vlm-learnt/bad-chart", test_bad_chart);
  g_test_add_func ("/vlm-learnt/line", test_line);
  g_test_add_func ("/vlm-learnt/grounded", test_grounded);
  g_test_add_func ("/vlm-learnt/places", test_places);
  g_test_add_func ("/vlm-learnt/ungrounded", test_ungrounded);
  g_test_add_func ("/vlm-learnt/not-stated", test_not_stated);
  g_test_add_func ("/vlm-learnt/likeliest-page", test_likeliest_page);
  g_test_add_func ("/vlm-learnt/windows", test_windows);
  return g_test_run ();
}
