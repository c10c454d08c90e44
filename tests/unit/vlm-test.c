/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The vision-language stages against a server that answers and misbehaves, and
 * grounding against pages with known words.
 */
#include "chat-server.h"
#include "vlm-page.h"
#include "document/json.h"
#include "pipeline/stage.h"
#include "pipeline/vlm/backend.h"
#include "pipeline/vlm/ground.h"

#include <allheaders.h>
#include <jansson.h>
#include <string.h>

/* One request answered by the steps; owned by the caller. */
static DocaiVlmRequest *
ask (const ChatStep *steps, guint n_steps, int retries, guint *n_seen)
{
  g_autoptr (ChatServer)      server = chat_server_new (steps, n_steps);
  g_autoptr (DocaiSettings)   settings = vlm_page_settings (server);
  g_autoptr (GError)          error = NULL;
  g_autoptr (GPtrArray)       requests = g_ptr_array_new ();
  DocaiVlmRequest            *request = docai_vlm_request_new ("system", "prompt", 10);

  settings->vlm.retries = retries;
  g_autoptr (DocaiVlmBackend) backend = docai_vlm_backend_open ("openai", &settings->vlm, &error);
  g_assert_no_error (error);
  g_ptr_array_add (requests, request);
  docai_vlm_backend_run (backend, requests, NULL);
  *n_seen = chat_server_count (server);
  return request;
}

static void
test_retries_until_answer (void)
{
  static const ChatStep steps[] = {
    { CHAT_STATUS, NULL, "500" }, { CHAT_GARBAGE, NULL, NULL }, { CHAT_ANSWER, NULL, "good" }
  };
  guint n;
  g_autoptr (DocaiVlmRequest) request = ask (steps, G_N_ELEMENTS (steps), 2, &n);

  g_assert_no_error (request->error);
  g_assert_cmpstr (request->answer, ==, "good");
  g_assert_cmpuint (n, ==, 3);
}

static void
test_faults (void)
{
  static const struct { ChatStep step; DocaiErrorCode code; guint n; } faults[] = {
    { { CHAT_STATUS, NULL, "503" }, DOCAI_ERROR_VLM_UNREACHABLE, 2 },
    { { CHAT_STATUS, NULL, "429" }, DOCAI_ERROR_VLM_UNREACHABLE, 2 },
    { { CHAT_STATUS, NULL, "400" }, DOCAI_ERROR_VLM_REFUSED, 1 },
    { { CHAT_GARBAGE, NULL, NULL }, DOCAI_ERROR_VLM_GARBAGE, 2 },
    { { CHAT_TRUNCATED, NULL, NULL }, DOCAI_ERROR_VLM_GARBAGE, 2 },
    { { CHAT_SILENCE, NULL, NULL }, DOCAI_ERROR_TIMEOUT, 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      guint n;
      g_autoptr (DocaiVlmRequest) request = ask (&faults[i].step, 1, 1, &n);
      g_assert_error (request->error, DOCAI_ERROR, (int) faults[i].code);
      g_assert_null (request->answer);
      g_assert_cmpuint (n, ==, faults[i].n);
    }
}

static void
test_no_server (void)
{
  g_autoptr (DocaiSettings)   settings = docai_settings_new ();
  g_autoptr (GError)          error = NULL;
  g_autoptr (DocaiVlmRequest) request = docai_vlm_request_new (NULL, "x", 1);
  g_autoptr (GPtrArray)       requests = g_ptr_array_new ();

  g_assert_null (docai_vlm_backend_open ("openai", &settings->vlm, &error));
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG);
  settings->vlm.url = g_strdup ("http://127.0.0.1:1/v1");
  settings->vlm.model = g_strdup ("m");
  settings->vlm.retries = 0;
  g_autoptr (DocaiVlmBackend) backend = docai_vlm_backend_open ("openai", &settings->vlm, NULL);
  g_ptr_array_add (requests, request);
  docai_vlm_backend_run (backend, requests, NULL);
  g_assert_error (request->error, DOCAI_ERROR, DOCAI_ERROR_VLM_UNREACHABLE);
}

/* ---- grounding ---------------------------------------------------------------------- */

static void
test_ground_phrase (void)
{
  g_autoptr (DocaiDocument)  document = vlm_page_document ();
  g_autoptr (DocaiWordIndex) index = docai_word_index_new (document);
  DocaiAnswer               *found = docai_answer_new (NULL);

  g_assert_true (docai_ground_phrase (index, "acme bolts gmbh", found->evidence));
  g_assert_cmpuint (found->evidence->len, ==, 1);
  const DocaiEvidence *evidence = found->evidence->pdata[0];
  g_assert_cmpstr (evidence->text, ==, "ACME Bolts GmbH,");
  g_assert_cmpfloat (evidence->bbox.x0, ==, 50);
  g_assert_cmpfloat (evidence->bbox.x1, ==, 168);
  g_assert_true (docai_ground_phrase (index, "1234.50", NULL));
  g_assert_true (docai_ground_phrase (index, "1234.5", NULL));
  g_assert_true (docai_ground_phrase (index, "INV-2024/17.", NULL));
  g_assert_false (docai_ground_phrase (index, "1234.51", NULL));
  g_assert_false (docai_ground_phrase (index, "Bolts ACME", NULL));
  g_assert_false (docai_ground_phrase (index, "", NULL));
  docai_answer_free (found);
}

static void
test_ground_sentence (void)
{
  g_autoptr (DocaiDocument)  document = vlm_page_document ();
  g_autoptr (DocaiWordIndex) index = docai_word_index_new (document);
  g_autoptr (GPtrArray)      missing = g_ptr_array_new_with_free_func (g_free);

  g_assert_true (docai_ground_sentence (index, "An invoice by ACME of Hamburg over 1,234.50.", NULL, missing));
  g_assert_cmpuint (missing->len, ==, 0);
  g_assert_false (docai_ground_sentence (index, "It asks Berlin for 99 euros.", NULL, missing));
  g_assert_cmpuint (missing->len, ==, 2);
  g_assert_cmpstr (missing->pdata[0], ==, "Berlin");
  g_assert_cmpstr (missing->pdata[1], ==, "99");
}

/* ---- the stages --------------------------------------------------------------------- */

static void
run_stage (const DocaiStage *stage, const ChatServer *server, DocaiOptions *options,
           DocaiDocument *document, DocaiPage *page)
{
  g_autoptr (DocaiSettings) settings = vlm_page_settings (server);
  g_autoptr (GError)        error = NULL;
  DocaiTask                 task = { "/dev/null", "x.pdf", options, settings, NULL };
  gpointer                  engine = stage->open (settings, &error);

  g_assert_true (stage->run (engine, &task, document, page, &error));
  g_assert_no_error (error);
  stage->close (engine);
}

static void
test_page_stage (void)
{
  static const ChatStep steps[] = {
    { CHAT_ANSWER, "What kind of document", "{\"document_type\":\"invoice\",\"confidence\":0.93}" },
    { CHAT_ANSWER, "picture from a document",
      "```json\n{\"class\":\"bar_chart\",\"confidence\":0.8,\"description\":\"Sales of ACME in 1999.\","
      "\"chart\":{\"title\":\"Sales\",\"x_axis\":\"\",\"y_axis\":\"\",\"series\":[{\"name\":\"a\","
      "\"points\":[{\"label\":\"Q1\",\"value\":3.5}]}]}}\n```" },
  };
  g_autoptr (ChatServer)    server = chat_server_new (steps, G_N_ELEMENTS (steps));
  g_autoptr (DocaiDocument) document = vlm_page_document ();
  g_autoptr (DocaiOptions)  options = docai_options_new ();
  DocaiPage                *page = document->pages->pdata[0];

  run_stage (&docai_vlm_stage, server, options, document, page);
  g_assert_cmpuint (chat_server_count (server), ==, 2);
  g_assert_nonnull (strstr (chat_server_body (server, 0), "data:image/jpeg;base64,"));
  g_assert_nonnull (strstr (chat_server_body (server, 0), "\"json_schema\""));
  g_assert_cmpstr (page->document_type->label, ==, "invoice");
  const DocaiRegion *region = page->regions->pdata[3];
  g_assert_cmpstr (region->picture->class_name, ==, "bar_chart");
  g_assert_false (region->picture->grounded);
  g_assert_cmpuint (document->warnings->len, ==, 1);
  const DocaiWarning *warning = document->warnings->pdata[0];
  g_assert_cmpstr (warning->code, ==, "ungrounded");
  g_assert_nonnull (strstr (warning->text, "1999"));
  const DocaiChartSeries *series = region->picture->data->series->pdata[0];
  g_assert_cmpfloat (((DocaiChartPoint *) series->points->pdata[0])->value, ==, 3.5);
}

/* The document after a model said `description` about its picture, which is cut out of a page of 432 dpi at
 * 50, 100 ... 250, 300 points, and scaled from 1200 to 1024 pixels. A bar is drawn at 100, 150 ... 150, 250. */
static DocaiDocument *
describe (const char *description, PIX **sent)
{
  json_t                  *json = json_pack ("{s:s, s:f, s:s, s:n}", "class", "diagram", "confidence", 0.8,
                                             "description", description, "chart");
  g_autofree char         *text = json_dumps (json, 0);
  const ChatStep           steps[] = {
    { CHAT_ANSWER, "What kind of document", "{\"document_type\":\"report\",\"confidence\":0.9}" },
    { CHAT_ANSWER, "picture from a document", text },
  };
  g_autoptr (ChatServer)   server = chat_server_new (steps, G_N_ELEMENTS (steps));
  g_autoptr (DocaiOptions) options = docai_options_new ();
  DocaiDocument           *document = vlm_page_document ();
  DocaiPage               *page = document->pages->pdata[0];

  json_decref (json);
  docai_page_drop_raster (page);
  page->dpi = 432;
  docai_page_take_raster (page, pixCreate (1800, 2400, 8));
  pixSetAll (page->raster);
  pixRasterop (page->raster, 600, 900, 300, 600, PIX_CLR, NULL, 0, 0);
  ((DocaiRegion *) page->regions->pdata[3])->bbox = DOCAI_BOX (50.05, 100.05, 249.95, 299.95);
  run_stage (&docai_vlm_stage, server, options, document, page);
  for (guint i = 0; sent != NULL && i < chat_server_count (server); i++)
    {
      const char *body = chat_server_body (server, i), *image = strstr (body, "base64,");
      if (strstr (body, "picture from a document") == NULL)
        continue;
      gsize              length;
      g_autofree char   *base64 = g_strndup (image + 7, strcspn (image + 7, "\""));
      g_autofree guchar *data = g_base64_decode (base64, &length);
      *sent = pixReadMem (data, length);
    }
  return document;
}

static const DocaiPicture *
picture_of (const DocaiDocument *document)
{
  const DocaiPage *page = document->pages->pdata[0];

  return ((DocaiRegion *) page->regions->pdata[3])->picture;
}

static l_uint32
pixel_at (PIX *pix, double x, double y)
{
  l_uint32 value;

  g_assert_cmpint (pixGetPixel (pix, (int) (x * pixGetWidth (pix)), (int) (y * pixGetHeight (pix)), &value), ==, 0);
  return value;
}

static void
assert_evidence (const DocaiPicture *picture, guint i, DocaiBox box, const char *text)
{
  g_assert_cmpuint (picture->evidence->len, >, i);
  const DocaiEvidence *evidence = picture->evidence->pdata[i];
  g_assert_cmpint (evidence->page, ==, 1);
  g_assert_cmpstr (evidence->text, ==, text);
  g_assert_cmpfloat_with_epsilon (evidence->bbox.x0, box.x0, 1e-6);
  g_assert_cmpfloat_with_epsilon (evidence->bbox.y0, box.y0, 1e-6);
  g_assert_cmpfloat_with_epsilon (evidence->bbox.x1, box.x1, 1e-6);
  g_assert_cmpfloat_with_epsilon (evidence->bbox.y1, box.y1, 1e-6);
}

static void
test_places (void)
{
  static const struct { const char *said, *description, *text; } answers[] = {
    { "There is <ref>a bar</ref><box>(250,250),(500,750)</box> .", "There is a bar.", "a bar" },
    { "<|object_ref_start|>a bar<|object_ref_end|><|box_start|>(250,250),(500,750)<|box_end|>, black", "a bar, black", "a bar" },
    { "There is <loc_125><loc_125><loc_250><loc_375>a bar", "There is a bar", "a bar" },
    { "There is {\"bbox_2d\": [250, 250, 500, 750], \"label\": \"a bar\"}",
      "There is {\"bbox_2d\": [250, 250, 500, 750], \"label\": \"a bar\"}", "a bar" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (DocaiDocument) document = describe (answers[i].said, NULL);
      const DocaiPicture       *picture = picture_of (document);
      g_assert_cmpstr (picture->description, ==, answers[i].description);
      g_assert_cmpuint (picture->evidence->len, ==, 1);
      assert_evidence (picture, 0, DOCAI_BOX (100, 150, 150, 250), answers[i].text);
    }

  /* The same bar in the picture that was sent. */
  PIX                      *sent = NULL;
  g_autoptr (DocaiDocument) document = describe ("<grounding>Left <phrase>a cell</phrase><object><patch_index_0000>"
                                                 "<patch_index_0000></object> and <phrase>a bar</phrase><object>"
                                                 "<patch_index_0264><patch_index_0784></object>", &sent);
  g_assert_cmpint (pixGetWidth (sent), ==, 1024);
  g_assert_cmpuint (pixel_at (sent, 0.26, 0.26), <, 50);
  g_assert_cmpuint (pixel_at (sent, 0.49, 0.74), <, 50);
  g_assert_cmpuint (pixel_at (sent, 0.24, 0.24), >, 200);
  g_assert_cmpuint (pixel_at (sent, 0.51, 0.76), >, 200);
  pixDestroy (&sent);
  const DocaiPicture *picture = picture_of (document);
  g_assert_cmpstr (picture->description, ==, "Left a cell and a bar");
  g_assert_cmpuint (picture->evidence->len, ==, 2);
  assert_evidence (picture, 0, DOCAI_BOX (50, 100, 56.25, 106.25), "a cell");
  assert_evidence (picture, 1, DOCAI_BOX (103.125, 153.125, 153.125, 253.125), "a bar");
}

/* What is no place stays, and so do marks where there is no place at all. */
static void
test_no_places (void)
{
  static const char *const said[] = {
    "a bar <box>(250,250)</box>", "<ref>a bar</ref> <box>(250,250),(5000,750)</box>", "a <loc_1><loc_2><loc_3> bar",
    "<patch_index_0000><patch_index_9999>", "a <b>bar</b>  , set in <angles> .", "a <box>(0,0),(250",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (said); i++)
    {
      g_autoptr (DocaiDocument) document = describe (said[i], NULL);
      g_assert_cmpstr (picture_of (document)->description, ==, said[i]);
      g_assert_cmpuint (picture_of (document)->evidence->len, ==, 0);
    }
  g_autoptr (DocaiDocument) flat = describe ("a line <box>(100,100),(100,900)</box>", NULL);
  g_assert_cmpstr (picture_of (flat)->description, ==, "a line");
  g_assert_cmpuint (picture_of (flat)->evidence->len, ==, 0);
}

static void
test_page_stage_survives (void)
{
  static const ChatStep     steps[] = { { CHAT_STATUS, NULL, "400" } };
  g_autoptr (ChatServer)    server = chat_server_new (steps, 1);
  g_autoptr (DocaiDocument) document = vlm_page_document ();
  g_autoptr (DocaiOptions)  options = docai_options_new ();

  run_stage (&docai_vlm_stage, server, options, document, document->pages->pdata[0]);
  g_assert_cmpuint (document->warnings->len, ==, 2);
  g_assert_cmpstr (((DocaiWarning *) document->warnings->pdata[0])->code, ==, "vlm_refused");
}

static void
test_understand_stage (void)
{
  static const ChatStep steps[] = {
    { CHAT_ANSWER, "Summarise", "{\"summary\":\"An invoice from ACME.\"}" },
    { CHAT_ANSWER, "Which number",
      "{\"stated\":true,\"answer\":\"INV-2024/17\",\"quote\":\"\",\"confidence\":0.9}" },
    { CHAT_ANSWER, "Who pays", "{\"stated\":false,\"answer\":\"\",\"quote\":\"\",\"confidence\":0.2}" },
    { CHAT_ANSWER, "Fill the schema",
      "{\"total\":1234.5,\"iban\":\"DE99\",\"lines\":[{\"what\":\"Bolts\"}],\"seller\":{\"city\":\"Hamburg\"}}" },
  };
  g_autoptr (ChatServer)    server = chat_server_new (steps, G_N_ELEMENTS (steps));
  g_autoptr (DocaiDocument) document = vlm_page_document ();
  g_autoptr (DocaiOptions)  options = docai_options_new ();

  g_assert_true (docai_options_set (options, "ask", "Which number has it?", NULL));
  g_assert_true (docai_options_set (options, "ask", "Who pays?", NULL));
  g_assert_true (docai_options_set (options, "schema", "{\"type\":\"object\"}", NULL));
  run_stage (&docai_understand_stage, server, options, document, NULL);

  g_assert_true (document->summary->grounded);
  const DocaiAnswer *first = document->answers->pdata[0], *second = document->answers->pdata[1];
  g_assert_cmpstr (first->answer, ==, "INV-2024/17");
  g_assert_true (first->grounded);
  g_assert_cmpuint (first->evidence->len, ==, 1);
  g_assert_cmpstr (second->answer, ==, "not stated");
  g_assert_false (second->grounded);

  const DocaiField *total = docai_fields_lookup (document->fields, "total");
  g_assert_true (total->grounded);
  g_assert_cmpstr (total->content, ==, "1.234,50");
  g_assert_false (docai_fields_lookup (document->fields, "iban")->grounded);
  g_assert_true (docai_fields_lookup (document->fields, "seller.city")->grounded);
  g_assert_cmpuint (docai_fields_lookup (document->fields, "lines")->items->len, ==, 1);
}

static void
test_none (void)
{
  static const ChatStep     steps[] = { { CHAT_STATUS, NULL, "500" } };
  g_autoptr (ChatServer)    server = chat_server_new (steps, 1);
  g_autoptr (DocaiDocument) document = vlm_page_document ();
  g_autoptr (DocaiOptions)  options = docai_options_new ();

  g_assert_true (docai_options_set (options, "vlm", "none", NULL));
  g_assert_true (docai_options_set (options, "ask", "Who?", NULL));
  run_stage (&docai_vlm_stage, server, options, document, document->pages->pdata[0]);
  run_stage (&docai_understand_stage, server, options, document, NULL);
  g_assert_cmpuint (chat_server_count (server), ==, 0);
  g_assert_cmpuint (document->warnings->len, ==, 0);
  g_assert_cmpuint (document->answers->len, ==, 1); /* looked up */
}

/* A tiny checkpoint of random weights says nothing sensible, but what it says
 * follows the schema. */
static void
test_builtin (void)
{
  g_autofree char          *dir = g_test_build_filename (G_TEST_DIST, "tests", "data", "vlm", "idefics3_tied", NULL);
  g_autoptr (DocaiSettings) settings = docai_settings_new ();
  g_autoptr (DocaiOptions)  options = docai_options_new ();
  g_autoptr (DocaiDocument) document = vlm_page_document ();
  g_autoptr (GError)        error = NULL;
  DocaiPage                *page = document->pages->pdata[0];
  DocaiTask                 task = { "/dev/null", "x.pdf", options, settings, NULL };
  gpointer                  engine = docai_vlm_stage.open (settings, &error);

  g_free (settings->vlm.model_dir);
  settings->vlm.model_dir = g_strdup (dir);
  g_assert_true (docai_options_set (options, "vlm", "builtin", NULL));
  g_assert_true (docai_vlm_stage.run (engine, &task, document, page, &error));
  g_assert_no_error (error);
  docai_vlm_stage.close (engine);

  for (guint i = 0; i < document->warnings->len; i++)
    {
      const DocaiWarning *warning = document->warnings->pdata[i];
      g_test_message ("%s: %s", warning->code, warning->text);
      g_assert_cmpstr (warning->code, ==, "ungrounded");
    }
  g_assert_nonnull (page->document_type);
  const DocaiRegion *region = page->regions->pdata[3];
  g_assert_nonnull (region->picture);
  const DocaiStageRecord *record = document->provenance->stages->pdata[0];
  g_assert_cmpstr (record->engine, ==, "builtin");
  g_assert_cmpstr (record->model, ==, "idefics3_tied");
}

static void
test_builtin_refuses (void)
{
  g_autoptr (DocaiSettings) settings = docai_settings_new ();
  g_autoptr (GError)        error = NULL;

  g_clear_pointer (&settings->vlm.model_dir, g_free);
  g_assert_null (docai_vlm_backend_open ("builtin", &settings->vlm, &error));
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG);
  g_clear_error (&error);
  settings->vlm.model_dir = g_strdup ("/nonexistent");
  g_assert_null (docai_vlm_backend_open ("builtin", &settings->vlm, &error));
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_MISSING);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vlm/openai/retries", test_retries_until_answer);
  g_test_add_func ("/vlm/openai/faults", test_faults);
  g_test_add_func ("/vlm/openai/no-server", test_no_server);
  g_test_add_func ("/vlm/ground/phrase", test_ground_phrase);
  g_test_add_func ("/vlm/ground/sentence", test_ground_sentence);
  g_test_add_func ("/vlm/stage/page", test_page_stage);
  g_test_add_func ("/vlm/stage/places", test_places);
  g_test_add_func ("/vlm/stage/no-places", test_no_places);
  g_test_add_func ("/vlm/stage/survives", test_page_stage_survives);
  g_test_add_func ("/vlm/stage/understand", test_understand_stage);
  g_test_add_func ("/vlm/stage/none", test_none);
  g_test_add_func ("/vlm/builtin/stage", test_builtin);
  g_test_add_func ("/vlm/builtin/refuses", test_builtin_refuses);
  return g_test_run ();
}
