/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a model is shown of a document, what it points at, and what a detector finds.
 */
#include "chat-server.h"
#include "document/json.h"
#include "pipeline/stage.h"
#include "pipeline/vlm/backend.h"
#include "pipeline/vlm/detect.h"
#include "pipeline/vlm/guide.h"
#include "pipeline/vlm/pages.h"
#include "vlm-page.h"

#include <allheaders.h>
#include <string.h>

/* ---- what is worth resolution, and which pages matter --------------------------------- */

static void
test_guide (void)
{
  g_autoptr (DocaiDocument) document = vlm_page_document ();
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
      vlm_page_add_line (page, texts[i], 20);
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
  g_autoptr (GPtrArray)       words = docai_vlm_pages_words (document);
  g_autofree double          *scores = docai_vlm_pages_score (document, words, "How long is the warranty of the report?");
  g_autofree guint           *ranked = docai_vlm_pages_rank (document->pages->len, scores);

  g_assert_cmpuint (ranked[0], ==, 1);
  g_assert_cmpuint (ranked[1], ==, 0);
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
  g_autoptr (DocaiSettings) settings = vlm_page_settings (server);
  g_autoptr (DocaiOptions)  options = docai_options_new ();
  g_autoptr (GError)        error = NULL;
  DocaiCounts               counts = { 0 };
  DocaiDocument            *document = vlm_page_document ();
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
          g_autoptr (DocaiDocument) document = vlm_page_document ();
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
  g_autoptr (DocaiDocument) document = vlm_page_document ();
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
  g_autoptr (DocaiDocument) document = vlm_page_document ();
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vlm/guide", test_guide);
  g_test_add_func ("/vlm/pages", test_pages);
  g_test_add_func ("/vlm/boxes/kinds", test_box_kinds);
  g_test_add_func ("/vlm/boxes/answers", test_answer_boxes);
  g_test_add_func ("/vlm/stage/unstated", test_unstated);
  g_test_add_func ("/vlm/builtin/questions", test_builtin_questions);
  g_test_add_func ("/vlm/detect/merge", test_merge_found);
  g_test_add_func ("/vlm/detect/stage", test_detector);
  return g_test_run ();
}
