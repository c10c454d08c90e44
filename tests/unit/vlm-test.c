/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The vision-language stages against a server that answers and misbehaves, and
 * grounding against pages with known words.
 */
#include "chat-server.h"
#include "document/json.h"
#include "pipeline/stage.h"
#include "pipeline/vlm/backend.h"
#include "pipeline/vlm/crop.h"
#include "pipeline/vlm/detect.h"
#include "pipeline/vlm/ground.h"
#include "pipeline/vlm/guide.h"
#include "pipeline/vlm/pages.h"

#include <allheaders.h>
#include <jansson.h>
#include <string.h>

static DocaiSettings *
make_settings (const ChatServer *server)
{
  DocaiSettings *settings = docai_settings_new ();

  g_free (settings->vlm.backend);
  settings->vlm.backend = g_strdup ("openai");
  settings->vlm.url = g_strdup (chat_server_url (server));
  settings->vlm.model = g_strdup ("test-model");
  settings->vlm.timeout_ms = 400;
  settings->vlm.retries = 2;
  settings->vlm.image_side = 1024;
  return settings;
}

/* One request answered by the steps; owned by the caller. */
static DocaiVlmRequest *
ask (const ChatStep *steps, guint n_steps, int retries, guint *n_seen)
{
  g_autoptr (ChatServer)      server = chat_server_new (steps, n_steps);
  g_autoptr (DocaiSettings)   settings = make_settings (server);
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

/* ---- a page with known words ------------------------------------------------------ */

static void
add_line (DocaiPage *page, const char *text, double y)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  DocaiRegion   *region = docai_region_new (DOCAI_LABEL_TEXT, DOCAI_BOX (50, y, 300, y + 10), 1);
  DocaiLine     *line = docai_line_new ();

  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (line->words, docai_word_new (words[i], DOCAI_BOX (50 + 40.0 * i, y, 88 + 40.0 * i, y + 10), 1));
  docai_line_update (line);
  g_ptr_array_add (region->lines, line);
  docai_region_update_text (region);
  g_ptr_array_add (page->regions, region);
}

static DocaiDocument *
make_document (void)
{
  DocaiDocument *document = docai_document_new ();
  DocaiPage     *page = docai_page_new (1, 300, 400);

  add_line (page, "Invoice No. INV-2024/17", 20);
  add_line (page, "ACME Bolts GmbH, Hamburg", 40);
  add_line (page, "Total: EUR 1.234,50", 60);
  g_ptr_array_add (page->regions, docai_region_new (DOCAI_LABEL_PICTURE, DOCAI_BOX (50, 100, 250, 300), 1));
  page->dpi = 72;
  docai_page_take_raster (page, pixCreate (300, 400, 8));
  pixSetAll (page->raster);
  g_ptr_array_add (document->pages, page);
  return document;
}

static void
test_ground_phrase (void)
{
  g_autoptr (DocaiDocument)  document = make_document ();
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
  g_autoptr (DocaiDocument)  document = make_document ();
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
  g_autoptr (DocaiSettings) settings = make_settings (server);
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
  g_autoptr (DocaiDocument) document = make_document ();
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
  DocaiDocument           *document = make_document ();
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
  g_autoptr (DocaiDocument) document = make_document ();
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
  g_autoptr (DocaiDocument) document = make_document ();
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

/* ---- what is worth resolution, and which pages matter --------------------------------- */

static void
test_guide (void)
{
  g_autoptr (DocaiDocument) document = make_document ();
  DocaiPage                *page = document->pages->pdata[0];
  DocaiBox                  area = DOCAI_BOX (0, 0, 300, 400);
  g_autoptr (GArray)        clean = docai_vlm_guide_boxes (page, area, FALSE), pictures = docai_vlm_guide_boxes (page, area, TRUE);

  g_assert_cmpuint (clean->len, ==, 0);
  g_assert_cmpint (docai_vlm_guide_side (clean, area, 2048), ==, DOCAI_VLM_VIEW_PX);
  g_assert_cmpuint (pictures->len, ==, 1);
  g_assert_cmpint (docai_vlm_guide_side (pictures, area, 2048), ==, 834); /* 400 points at 150 dpi */
  g_assert_cmpint (docai_vlm_guide_side (pictures, area, 600), ==, 600);
  g_assert_cmpfloat (docai_vlm_guide_doubt (page), ==, 0);

  /* a word read with little confidence, a table, a region without words */
  DocaiRegion *region = page->regions->pdata[0];
  DocaiWord   *word = ((DocaiLine *) region->lines->pdata[0])->words->pdata[1];
  word->confidence = 0.4;
  ((DocaiRegion *) page->regions->pdata[1])->label = DOCAI_LABEL_TABLE;
  g_ptr_array_add (page->regions, docai_region_new (DOCAI_LABEL_TEXT, DOCAI_BOX (50, 350, 290, 390), 1));
  g_autoptr (GArray) boxes = docai_vlm_guide_boxes (page, area, FALSE);
  g_assert_cmpuint (boxes->len, ==, 3);
  DocaiBox first = g_array_index (boxes, DocaiBox, 0);
  g_assert_true (docai_box_contains (first, docai_box_center_x (word->bbox), docai_box_center_y (word->bbox)));
  g_assert_cmpfloat (docai_box_width (first), <, 60);
  g_assert_cmpfloat_with_epsilon (docai_vlm_guide_doubt (page), 1.0 / 10, 0.02);

  /* of a part of the page only what lies in it */
  g_autoptr (GArray) part = docai_vlm_guide_boxes (page, DOCAI_BOX (0, 340, 300, 400), TRUE);
  g_assert_cmpuint (part->len, ==, 1);
}

static DocaiDocument *
make_pages (void)
{
  static const char *const texts[] = { "Annual report of the group", "Warranty lasts two years", "Payment within thirty days", "Index of the report" };
  DocaiDocument *document = docai_document_new ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      DocaiPage *page = docai_page_new ((int) i + 1, 300, 400);
      add_line (page, texts[i], 20);
      page->dpi = 72;
      docai_page_take_raster (page, pixCreate (300, 400, 8));
      g_ptr_array_add (document->pages, page);
    }
  return document;
}

static void
test_pages (void)
{
  g_autoptr (DocaiDocument)   document = make_pages ();
  g_autoptr (DocaiSettings)   settings = docai_settings_new ();
  g_autoptr (DocaiOptions)    options = docai_options_new ();
  g_autoptr (DocaiVlmRequest) request = docai_vlm_request_new (NULL, "x", 1), more = docai_vlm_request_new (NULL, "x", 1);
  DocaiTask                   task = { "/dev/null", "x.pdf", options, settings, NULL };
  g_autofree double          *scores = docai_vlm_pages_score (document, "How long is the warranty of the report?");

  g_assert_cmpfloat (scores[1], >, scores[0]);
  g_assert_cmpfloat (scores[0], >, scores[2]);
  docai_vlm_pages_show (&task, document, scores, 1, 1000, TRUE, request);
  g_assert_cmpuint (request->images->len, ==, 1);
  const DocaiVlmImage *image = request->images->pdata[0];
  g_assert_cmpint (image->page, ==, 2);
  g_assert_cmpint (image->height, ==, 400);
  g_assert_cmpuint (image->looks->len, ==, 0);
  docai_vlm_pages_show (&task, document, scores, 99, 200, FALSE, more);
  g_assert_cmpuint (more->images->len, ==, 4);
  g_assert_cmpint (((DocaiVlmImage *) more->images->pdata[0])->height, ==, 200);
  g_assert_null (((DocaiVlmImage *) more->images->pdata[0])->looks);
  g_assert_cmpuint (document->warnings->len, ==, 0);

  /* the text of the page that matters is there when there is room for no other */
  g_autofree char *text = docai_vlm_pages_text (document, scores, 20), *all = docai_vlm_pages_text (document, scores, 9999);
  g_assert_true (g_str_has_prefix (text, "[page 2]"));
  g_assert_cmpuint (strlen (text), <=, 20);
  g_assert_nonnull (strstr (all, "[page 1]\nAnnual report of the group\n\n[page 2]\nWarranty"));
  g_assert_nonnull (strstr (all, "[page 4]"));

  /* a page that cannot be drawn is told of */
  docai_page_drop_raster (document->pages->pdata[1]);
  g_autoptr (DocaiVlmRequest) none = docai_vlm_request_new (NULL, "x", 1);
  docai_vlm_pages_show (&task, document, scores, 1, 1000, TRUE, none);
  g_assert_cmpuint (none->images->len, ==, 0);
  g_assert_cmpuint (document->warnings->len, ==, 1);
}

static void
test_box_kinds (void)
{
  g_autoptr (DocaiSettings) settings = docai_settings_new ();

  g_assert_cmpint (docai_vlm_boxes_of (&settings->vlm, "Qwen/Qwen2.5-VL-7B-Instruct"), ==, DOCAI_VLM_BOXES_PIXELS);
  g_assert_cmpint (docai_vlm_boxes_of (&settings->vlm, "qwen2_5_vl"), ==, DOCAI_VLM_BOXES_PIXELS);
  g_assert_cmpint (docai_vlm_boxes_of (&settings->vlm, "qwen2_vl"), ==, DOCAI_VLM_BOXES_THOUSANDTHS);
  g_assert_cmpint (docai_vlm_boxes_of (&settings->vlm, "OpenGVLab/InternVL3-8B"), ==, DOCAI_VLM_BOXES_THOUSANDTHS);
  g_assert_cmpint (docai_vlm_boxes_of (&settings->vlm, "gpt"), ==, DOCAI_VLM_BOXES_NONE);
  g_free (settings->vlm.boxes);
  settings->vlm.boxes = g_strdup ("thousandths");
  g_assert_cmpint (docai_vlm_boxes_of (&settings->vlm, "Qwen2.5-VL"), ==, DOCAI_VLM_BOXES_THOUSANDTHS);
}

/* The answers of a model that writes boxes as `kind` and says `said`. */
static DocaiDocument *
ask_for_boxes (const char *kind, const char *said, gboolean *asked_for_box)
{
  const ChatStep steps[] = { { CHAT_ANSWER, "Summarise", "{\"summary\":\"x\"}" }, { CHAT_ANSWER, "Where", said } };
  g_autoptr (ChatServer)    server = chat_server_new (steps, G_N_ELEMENTS (steps));
  g_autoptr (DocaiSettings) settings = make_settings (server);
  g_autoptr (DocaiOptions)  options = docai_options_new ();
  g_autoptr (GError)        error = NULL;
  DocaiCounts               counts = { 0 };
  DocaiDocument            *document = make_document ();
  DocaiTask                 task = { "/dev/null", "x.pdf", options, settings, &counts };
  gpointer                  engine = docai_understand_stage.open (settings, &error);

  g_free (settings->vlm.boxes);
  settings->vlm.boxes = g_strdup (kind);
  g_assert_true (docai_options_set (options, "ask", "Where is it?", NULL));
  g_assert_true (docai_understand_stage.run (engine, &task, document, NULL, &error));
  docai_understand_stage.close (engine);
  g_assert_cmpint (counts.requests, ==, 2);
  g_assert_cmpint (counts.images, ==, 1);
  *asked_for_box = FALSE;
  for (guint i = 0; i < chat_server_count (server); i++)
    {
      const char *body = chat_server_body (server, i);
      gboolean    asks = strstr (body, "Where is it?") != NULL;
      g_assert_cmpint (strstr (body, "image_url") != NULL, ==, asks);
      *asked_for_box = *asked_for_box || strstr (body, "bbox_2d") != NULL;
    }
  return document;
}

static void
test_answer_boxes (void)
{
  static const struct { const char *kind, *said; gboolean asks; } cases[] = {
    { "none", "{\"stated\":true,\"answer\":\"ACME <box>(250,250),(500,500)</box>\",\"quote\":\"\",\"page\":1,\"confidence\":0.9}", FALSE },
    { "thousandths", "{\"stated\":true,\"answer\":\"ACME\",\"quote\":\"\",\"page\":1,\"confidence\":0.9,\"bbox_2d\":[250,250,500,500]}", TRUE },
    { "pixels", "{\"stated\":true,\"answer\":\"ACME\",\"quote\":\"\",\"page\":9,\"confidence\":0.9,\"bbox_2d\":[77,98,154,196]}", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean asks;
      g_autoptr (DocaiDocument) document = ask_for_boxes (cases[i].kind, cases[i].said, &asks);
      const DocaiAnswer        *answer = document->answers->pdata[0];
      g_assert_cmpint (asks, ==, cases[i].asks);
      g_assert_cmpstr (answer->answer, ==, "ACME");
      g_assert_true (answer->grounded);
      g_assert_cmpuint (answer->evidence->len, ==, 2);
      const DocaiEvidence *pointed = answer->evidence->pdata[0], *word = answer->evidence->pdata[1];
      g_assert_cmpint (pointed->page, ==, 1);
      g_assert_cmpstr (pointed->text, ==, "ACME");
      g_assert_cmpfloat_with_epsilon (pointed->bbox.x0, 75, 1e-6);
      g_assert_cmpfloat_with_epsilon (pointed->bbox.y0, 100, 1e-6);
      g_assert_cmpfloat_with_epsilon (pointed->bbox.x1, 150, 1e-6);
      g_assert_cmpfloat_with_epsilon (pointed->bbox.y1, 200, 1e-6);
      g_assert_cmpfloat (word->bbox.y0, ==, 40);
    }
}

/* What the pages do not say is passed on as the model said it, marked and, where it claims to know, warned of. */
static void
test_unstated (void)
{
  gboolean asks;
  g_autoptr (DocaiDocument) unsure = ask_for_boxes ("none", "{\"stated\":false,\"answer\":\"Probably in Rome\",\"quote\":\"\",\"page\":0,\"confidence\":0.1}", &asks);
  const DocaiAnswer *answer = unsure->answers->pdata[0];

  g_assert_cmpstr (answer->answer, ==, "Probably in Rome");
  g_assert_false (answer->grounded);
  g_assert_cmpuint (answer->evidence->len, ==, 0);
  g_assert_cmpuint (unsure->warnings->len, ==, 0);

  g_autoptr (DocaiDocument) sure = ask_for_boxes ("none", "{\"stated\":true,\"answer\":\"yes indeed\",\"quote\":\"\",\"page\":0,\"confidence\":1}", &asks);
  answer = sure->answers->pdata[0];
  g_assert_cmpstr (answer->answer, ==, "yes indeed");
  g_assert_false (answer->grounded);
  g_assert_cmpuint (sure->warnings->len, ==, 1);
  g_assert_cmpstr (((DocaiWarning *) sure->warnings->pdata[0])->code, ==, "ungrounded");
}

static void
test_none (void)
{
  static const ChatStep     steps[] = { { CHAT_STATUS, NULL, "500" } };
  g_autoptr (ChatServer)    server = chat_server_new (steps, 1);
  g_autoptr (DocaiDocument) document = make_document ();
  g_autoptr (DocaiOptions)  options = docai_options_new ();

  g_assert_true (docai_options_set (options, "vlm", "none", NULL));
  g_assert_true (docai_options_set (options, "ask", "Who?", NULL));
  run_stage (&docai_vlm_stage, server, options, document, document->pages->pdata[0]);
  run_stage (&docai_understand_stage, server, options, document, NULL);
  g_assert_cmpuint (chat_server_count (server), ==, 0);
  g_assert_cmpuint (document->warnings->len, ==, 1);
}

/* A tiny checkpoint of random weights says nothing sensible, but what it says
 * follows the schema. */
static void
test_builtin (void)
{
  g_autofree char          *dir = g_test_build_filename (G_TEST_DIST, "tests", "data", "vlm", "idefics3_tied", NULL);
  g_autoptr (DocaiSettings) settings = docai_settings_new ();
  g_autoptr (DocaiOptions)  options = docai_options_new ();
  g_autoptr (DocaiDocument) document = make_document ();
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

/* A model of the runtime is shown pages by what they have on them, and says the same again. */
static void
test_builtin_questions (void)
{
  static const char *const  families[] = { "idefics3_tied", "llava_next", "qwen2_vl" };
  g_autoptr (DocaiSettings) settings = docai_settings_new ();
  g_autoptr (DocaiOptions)  options = docai_options_new ();

  g_assert_true (docai_options_set (options, "ask", "Which total has it?", NULL));
  g_assert_true (docai_options_set (options, "schema", "{\"type\":\"object\",\"properties\":{\"total\":{\"type\":\"number\"}},"
                                                       "\"required\":[\"total\"],\"additionalProperties\":false}", NULL));
  g_assert_true (docai_options_set (options, "vlm", "builtin", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    {
      g_autofree char *first = NULL;
      DocaiCounts      guided = { 0 }, whole = { 0 };
      g_free (settings->vlm.model_dir);
      settings->vlm.model_dir = g_test_build_filename (G_TEST_DIST, "tests", "data", "vlm", families[i], NULL);
      for (int round = 0; round < 3; round++)
        {
          g_autoptr (DocaiDocument) document = make_document ();
          g_autoptr (GError)        error = NULL;
          DocaiTask                 task = { "/dev/null", "x.pdf", options, settings, round == 2 ? &whole : &guided };
          gpointer                  engine = docai_understand_stage.open (settings, &error);
          DocaiRegion              *picture = ((DocaiPage *) document->pages->pdata[0])->regions->pdata[3];
          picture->bbox = DOCAI_BOX (50, 300, 90, 340);
          settings->vlm.layout_guide = round < 2;
          guided = round < 2 ? (DocaiCounts){ 0 } : guided;
          g_assert_true (docai_understand_stage.run (engine, &task, document, NULL, &error));
          g_assert_no_error (error);
          docai_understand_stage.close (engine);
          gsize            length;
          g_autofree char *json = docai_document_to_json (document, FALSE, &length);
          if (round == 1)
            g_assert_cmpstr (json, ==, first);
          else if (round == 0)
            first = g_steal_pointer (&json);
        }
      g_test_message ("%s: %d tokens, %d tiles left out", families[i], (int) guided.image_tokens, (int) guided.tiles_guided);
      g_assert_cmpint (guided.requests, ==, 3);
      g_assert_cmpint (guided.images, ==, 2);
      g_assert_cmpint (guided.image_tokens, >, 0);
      g_assert_cmpint (guided.image_tokens + guided.tokens_saved, ==, whole.image_tokens);
      g_assert_cmpint (whole.tiles_guided, ==, 0);
      g_assert_cmpint (guided.tiles_guided > 0, ==, i < 2);
    }
}

/* ---- what a detector finds -------------------------------------------------------------- */

static void
test_merge_found (void)
{
  g_autoptr (DocaiDocument) document = make_document ();
  DocaiPage                *page = document->pages->pdata[0];
  const DocaiRegion        *picture = page->regions->pdata[3], *text = page->regions->pdata[0];

  docai_vlm_merge_found (page, "stamp", DOCAI_BOX (55, 105, 245, 295), 0.8);
  g_assert_cmpint (picture->label, ==, DOCAI_LABEL_STAMP);
  g_assert_cmpfloat (picture->confidence, ==, 0.8);
  docai_vlm_merge_found (page, "signature", DOCAI_BOX (55, 105, 245, 295), 0.6); /* a worse guess of the same */
  g_assert_cmpint (picture->label, ==, DOCAI_LABEL_STAMP);
  docai_vlm_merge_found (page, "signature", text->bbox, 0.9); /* what can be read is text */
  g_assert_cmpint (text->label, ==, DOCAI_LABEL_TEXT);
  docai_vlm_merge_found (page, "qr code", DOCAI_BOX (0, 0, 299, 399), 0.9); /* all of the page */
  docai_vlm_merge_found (page, "horse", DOCAI_BOX (10, 300, 40, 330), 0.9);
  docai_vlm_merge_found (page, "barcode", DOCAI_BOX (10, 300, 12, 330), 0.9);
  g_assert_cmpuint (page->regions->len, ==, 4);

  docai_vlm_merge_found (page, "logo", DOCAI_BOX (200, 2, 290, 18), 0.7);
  docai_vlm_merge_found (page, "signature", DOCAI_BOX (200, 350, 400, 380), 0.5);
  g_assert_cmpuint (page->regions->len, ==, 6);
  const DocaiRegion *logo = page->regions->pdata[0], *signature = page->regions->pdata[5];
  g_assert_cmpint (logo->label, ==, DOCAI_LABEL_PICTURE);
  g_assert_cmpstr (logo->picture->class_name, ==, "logo");
  g_assert_cmpint (signature->label, ==, DOCAI_LABEL_SIGNATURE);
  g_assert_cmpfloat (signature->bbox.x1, ==, 300); /* clipped to the page */
}

/* The stage with a detector and no other model: its random weights find nothing that they are sure of, or something on the page. */
static void
test_detector (void)
{
  g_autoptr (DocaiSettings) settings = docai_settings_new ();
  g_autoptr (DocaiOptions)  options = docai_options_new ();
  g_autoptr (DocaiDocument) document = make_document ();
  g_autoptr (GError)        error = NULL;
  g_autofree char          *dir = g_test_build_filename (G_TEST_DIST, "tests", "data", "vlm", "grounding_dino", NULL);
  g_autoptr (DocaiModel)    model = docai_model_open (dir, NULL, &error);
  DocaiPage                *page = document->pages->pdata[0];
  DocaiTask                 task = { "/dev/null", "x.pdf", options, settings, NULL };

  g_assert_no_error (error);
  g_assert_true (docai_vlm_detect (model, page, 0.001, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      g_assert_true (region->bbox.x0 >= 0 && region->bbox.y0 >= 0 && region->bbox.x1 <= 300 && region->bbox.y1 <= 400);
    }

  g_free (settings->vlm.backend);
  settings->vlm.backend = g_strdup ("none");
  settings->vlm.detector_dir = g_strdup (dir);
  gpointer engine = docai_vlm_stage.open (settings, &error);
  g_assert_true (docai_vlm_stage.run (engine, &task, document, page, &error));
  g_assert_cmpuint (document->warnings->len, ==, 0);
  g_assert_cmpstr (((DocaiStageRecord *) document->provenance->stages->pdata[0])->model, ==, "grounding_dino");
  docai_vlm_stage.close (engine);

  /* another kind of model is no detector */
  g_free (settings->vlm.detector_dir);
  settings->vlm.detector_dir = g_test_build_filename (G_TEST_DIST, "tests", "data", "vlm", "qwen2_vl", NULL);
  engine = docai_vlm_stage.open (settings, &error);
  g_assert_true (docai_vlm_stage.run (engine, &task, document, page, &error));
  g_assert_cmpuint (document->warnings->len, ==, 1);
  g_assert_cmpstr (((DocaiWarning *) document->warnings->pdata[0])->code, ==, "model_unsupported");
  docai_vlm_stage.close (engine);
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
  g_test_add_func ("/vlm/guide", test_guide);
  g_test_add_func ("/vlm/pages", test_pages);
  g_test_add_func ("/vlm/boxes/kinds", test_box_kinds);
  g_test_add_func ("/vlm/boxes/answers", test_answer_boxes);
  g_test_add_func ("/vlm/stage/unstated", test_unstated);
  g_test_add_func ("/vlm/stage/none", test_none);
  g_test_add_func ("/vlm/builtin/stage", test_builtin);
  g_test_add_func ("/vlm/builtin/questions", test_builtin_questions);
  g_test_add_func ("/vlm/detect/merge", test_merge_found);
  g_test_add_func ("/vlm/detect/stage", test_detector);
  g_test_add_func ("/vlm/builtin/refuses", test_builtin_refuses);
  return g_test_run ();
}
