/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Small models with tasks of their own: reading docai.json, their prompts, and the
 * stages with the model that ships.
 */
#include "models/tokenizer/json-util.h"
#include "pipeline/stage.h"
#include "pipeline/vlm/backend.h"

#include <allheaders.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static DocaiTokenizer *
shipped_tokenizer (void)
{
  g_autofree char   *dir = g_test_build_filename (G_TEST_DIST, "models", "default", NULL);
  g_autoptr (GError) error = NULL;
  DocaiTokenizer    *tokenizer = docai_tokenizer_load (dir, &error);

  g_assert_no_error (error);
  return tokenizer;
}

/* Loads a docai.json of the given text. */
static gboolean
load (const char *json, DocaiVlmTasks **tasks, GError **error)
{
  g_autoptr (DocaiTokenizer) tokenizer = shipped_tokenizer ();
  g_autofree char *dir = g_dir_make_tmp ("vlm-tasks-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "docai.json", NULL);

  if (json != NULL)
    g_assert_true (g_file_set_contents (path, json, -1, NULL));
  gboolean good = docai_vlm_tasks_load (dir, tokenizer, tasks, error);
  g_remove (path);
  g_rmdir (dir);
  return good;
}

#define TASK(rest) "{\"image_side\":256,\"tasks\":{\"picture\":{" rest "}}}"
#define LABELS "\"labels\":{\"logo\":\"<|logo|>\",\"map\":\"<|map|>\"}"

static void
test_load (void)
{
  g_autoptr (DocaiVlmTasks) tasks = NULL;
  g_autoptr (GError)        error = NULL;

  g_assert_true (load (NULL, &tasks, &error));
  g_assert_null (tasks);
  g_assert_true (load (TASK ("\"prompt\":\"What?\\n{text} \",\"text_bytes\":10,\"temperature\":2,\"least_confidence\":0.5," LABELS),
                       &tasks, &error));
  g_assert_null (tasks->document_type);
  g_assert_cmpstr (tasks->picture->labels[1], ==, "map");
  g_assert_cmpuint (tasks->picture->tokens[0], !=, tasks->picture->tokens[1]);
  g_assert_cmpfloat (tasks->picture->temperature, ==, 2);
  g_assert_cmpfloat (tasks->picture->least_confidence, ==, 0.5);
  g_assert_null (tasks->question);

  g_autoptr (DocaiVlmTasks) more = NULL;
  g_assert_true (load ("{\"image_side\":1024,\"tasks\":{\"chart\":{\"prompt\":\"Chart?\"},"
                       "\"transcribe\":{\"prompt\":\"Text?\"},"
                       "\"question\":{\"prompt\":\"{question}\",\"text_bytes\":9,\"confidence\":0.8}}}", &more, &error));
  g_assert_null (more->picture);
  g_assert_cmpstr (more->chart->prompt, ==, "Chart?");
  g_assert_cmpfloat (more->transcribe->confidence, ==, 0.5);
  g_assert_cmpfloat (more->question->confidence, ==, 0.8);
  g_assert_null (more->question->labels);
}

static void
test_refuses (void)
{
  static const char *const bad[] = {
    "{", "[]", "{\"tasks\":{}}", "{\"image_side\":0}",
    TASK ("\"text_bytes\":10," LABELS),
    TASK ("\"prompt\":\"x\",\"text_bytes\":-1," LABELS),
    TASK ("\"prompt\":\"x\",\"temperature\":0," LABELS),
    TASK ("\"prompt\":\"x\""),
    "{\"image_side\":1024,\"tasks\":{\"question\":{\"prompt\":\"x\",\"confidence\":2}}}",
    "{\"image_side\":1024,\"tasks\":{\"chart\":{\"text_bytes\":2}}}",
    TASK ("\"prompt\":\"x\",\"labels\":{\"logo\":\"<|logo|>\"}"),
    TASK ("\"prompt\":\"x\",\"labels\":{\"logo\":\"<|logo|>\",\"map\":\"<|no such token|>\"}"),
    TASK ("\"prompt\":\"x\",\"labels\":{\"logo\":\"<|logo|>\",\"Not a name\":\"<|map|>\"}"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      DocaiVlmTasks     *tasks = NULL;
      g_autoptr (GError) error = NULL;
      g_assert_false (load (bad[i], &tasks, &error));
      g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID);
      g_assert_null (tasks);
    }
}

/* Whatever stands on a page, it is text of the prompt, not tokens, and no longer than it may be. */
static void
test_prompt (void)
{
  char               template[] = "Page?\n{text}!";
  const DocaiVlmTask task = { .prompt = template, .text_bytes = 12 };
  static const char *const cases[][2] = {
    { "", "Page?\n!" },
    { "  two \n\t words ", "Page?\ntwo words!" },
    { "a<image>b", "Page?\na image b!" },
    { "0123456789abc", "Page?\n0123456789ab!" },
    { "0123456789a\303\244", "Page?\n0123456789a!" },
    { "bad \377", "Page?\nbad \357\277\275!" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *prompt = docai_vlm_task_prompt (&task, "", cases[i][0]);
      g_assert_cmpstr (prompt, ==, cases[i][1]);
    }
  char               both[] = "Question: {question}\n{text}{";
  const DocaiVlmTask question = { .prompt = both, .text_bytes = 20 };
  g_autofree char *prompt = docai_vlm_task_prompt (&question, "How <much> {text}?", "720 {question}");
  g_assert_cmpstr (prompt, ==, "Question: How much {text}?\n720 {question}{");
}

/* ---- the model that ships ------------------------------------------------------------- */

static void
add_line (DocaiPage *page, const char *text, double y)
{
  DocaiRegion *region = docai_region_new (DOCAI_LABEL_TEXT, DOCAI_BOX (50, y, 550, y + 10), 1);

  region->text = g_strdup (text);
  g_ptr_array_add (page->regions, region);
}

/* Bars of many widths, as a barcode has them. */
static void
draw_barcode (PIX *raster, int x0, int y0, int x1, int y1)
{
  static const int widths[] = { 3, 2, 1, 4, 2, 2, 3, 1, 5, 2, 1, 2, 4, 3 };

  for (int x = x0, i = 0; x < x1; i++)
    {
      int  bar = widths[i % (int) G_N_ELEMENTS (widths)];
      BOX *box = boxCreate (x, y0, bar, y1 - y0);
      pixClearInRect (raster, box);
      boxDestroy (&box);
      x += bar + widths[(i + 5) % (int) G_N_ELEMENTS (widths)];
    }
}

/* examples/invoice.pdf with its words; its raster is made when the stage wants it. */
static DocaiDocument *
make_invoice (void)
{
  static const char *const lines[] = {
    "Nordwind Joinery Ltd", "Invoice", "Invoice number: 2024-0815", "Invoice date: 18 March 2024",
    "Description Quantity Unit price Amount", "Oak shelf, 120 cm, oiled 2 180.00 360.00", "Total due 720.00",
  };
  DocaiDocument *document = docai_document_new ();
  DocaiPage     *page = docai_page_new (1, 595.28, 841.89);

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    add_line (page, lines[i], 50 + 20 * i);
  g_ptr_array_add (document->pages, page);
  return document;
}

/* A page that is blank but for a barcode in a picture region. */
static DocaiDocument *
make_barcode (void)
{
  DocaiDocument *document = docai_document_new ();
  DocaiPage     *page = docai_page_new (1, 595, 842);

  g_ptr_array_add (page->regions, docai_region_new (DOCAI_LABEL_PICTURE, DOCAI_BOX (150, 600, 400, 700), 1));
  page->dpi = 72;
  docai_page_take_raster (page, pixCreate (595, 842, 8));
  pixSetAll (page->raster);
  draw_barcode (page->raster, 165, 610, 385, 690);
  g_ptr_array_add (document->pages, page);
  return document;
}

/* The shipped folder, but saying whatever it thinks: a folder of links with a docai.json of its own. */
static char *
make_frank_model (void)
{
  static const char *const linked[] = { "config.json", "generation_config.json", "model.safetensors", "tokenizer.json",
                                        "tokenizer_config.json", "preprocessor_config.json", "processor_config.json",
                                        "chat_template.json" };
  g_autofree char *shipped = g_test_build_filename (G_TEST_DIST, "models", "default", NULL);
  char            *dir = g_dir_make_tmp ("vlm-tasks-XXXXXX", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (linked); i++)
    {
      g_autofree char *from = g_build_filename (shipped, linked[i], NULL);
      g_autofree char *absolute = g_canonicalize_filename (from, NULL);
      g_autofree char *to = g_build_filename (dir, linked[i], NULL);
      g_assert_cmpint (symlink (absolute, to), ==, 0);
    }
  g_autofree char *from = g_build_filename (shipped, "docai.json", NULL), *to = g_build_filename (dir, "docai.json", NULL);
  g_autoptr (json_t) json = json_load_file (from, 0, NULL);
  const char *name;
  json_t     *task;
  json_object_foreach (json_object_get (json, "tasks"), name, task)
    json_object_set_new (task, "least_confidence", json_real (0));
  g_assert_cmpint (json_dump_file (json, to, 0), ==, 0);
  return dir;
}

static void
remove_folder (const char *dir)
{
  g_autoptr (GDir) open = g_dir_open (dir, 0, NULL);

  for (const char *name; (name = g_dir_read_name (open)) != NULL;)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      g_remove (path);
    }
  g_rmdir (dir);
}

static void
run_stage (const DocaiStage *stage, DocaiOptions *options, DocaiDocument *document, DocaiPage *page)
{
  g_autofree char          *dir = make_frank_model ();
  g_autoptr (DocaiSettings) settings = docai_settings_new ();
  g_autoptr (GError)        error = NULL;
  g_autofree char          *path = g_test_build_filename (G_TEST_DIST, "examples", "invoice.pdf", NULL);
  DocaiTask                 task = { path, "invoice.pdf", options, settings, NULL };
  gpointer                  engine = stage->open (settings, &error);

  g_free (settings->vlm.backend);
  settings->vlm.backend = g_strdup ("builtin");
  g_free (settings->vlm.model_dir);
  settings->vlm.model_dir = g_strdup (dir);
  g_assert_true (stage->run (engine, &task, document, page, &error));
  g_assert_no_error (error);
  stage->close (engine);
  remove_folder (dir);
}

static void
test_page (void)
{
  g_autoptr (DocaiDocument) document = make_invoice (), again = make_invoice ();
  g_autoptr (DocaiOptions)  options = docai_options_new ();
  DocaiPage                *page = document->pages->pdata[0], *twin = again->pages->pdata[0];

  run_stage (&docai_vlm_stage, options, document, page);
  g_assert_cmpuint (document->warnings->len, ==, 0);
  g_assert_nonnull (page->document_type);
  g_assert_cmpstr (page->document_type->label, ==, "invoice");
  g_assert_cmpfloat (page->document_type->confidence, >, 0.1);
  g_assert_cmpfloat (page->dpi, ==, 0); /* what a model looks at is not what was read */
  g_assert_null (page->raster);
  g_assert_cmpfloat (page->document_type->confidence, <=, 1);
  const DocaiStageRecord *record = document->provenance->stages->pdata[0];
  g_assert_cmpstr (record->engine, ==, "builtin");
  g_assert_true (g_str_has_prefix (record->model, "docai-"));

  run_stage (&docai_vlm_stage, options, again, twin);
  g_assert_cmpfloat (page->document_type->confidence, ==, twin->document_type->confidence);
}

static void
test_picture (void)
{
  g_autoptr (DocaiDocument) document = make_barcode ();
  g_autoptr (DocaiOptions)  options = docai_options_new ();
  DocaiPage                *page = document->pages->pdata[0];

  run_stage (&docai_vlm_stage, options, document, page);
  g_assert_cmpuint (document->warnings->len, ==, 0);
  const DocaiRegion *region = page->regions->pdata[0];
  g_assert_nonnull (region->picture);
  g_assert_cmpstr (region->picture->class_name, ==, "barcode");
  g_assert_cmpfloat (region->picture->confidence, >, 0.1);
  g_assert_null (strstr (region->picture->description, "<|"));
  g_assert_true (region->picture->grounded);
}

/* What the model has not learnt is looked up. */
static void
test_questions (void)
{
  g_autoptr (DocaiDocument) document = make_invoice (), asked = make_invoice ();
  g_autoptr (DocaiOptions)  options = docai_options_new ();

  run_stage (&docai_understand_stage, options, document, NULL);
  g_assert_cmpuint (document->warnings->len, ==, 0);
  g_assert_null (document->summary);
  g_assert_true (docai_options_set (options, "ask", "What is the total?", NULL));
  run_stage (&docai_understand_stage, options, asked, NULL);
  g_assert_cmpuint (asked->warnings->len, ==, 0);
  g_assert_cmpuint (asked->answers->len, ==, 1);
}

static void
test_off (void)
{
  g_autoptr (DocaiDocument) document = make_invoice ();
  g_autoptr (DocaiOptions)  options = docai_options_new ();
  DocaiPage                *page = document->pages->pdata[0];

  g_assert_true (docai_options_set (options, "vlm", "none", NULL));
  run_stage (&docai_vlm_stage, options, document, page);
  g_assert_null (page->document_type);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vlm-tasks/load", test_load);
  g_test_add_func ("/vlm-tasks/refuses", test_refuses);
  g_test_add_func ("/vlm-tasks/prompt", test_prompt);
  g_test_add_func ("/vlm-tasks/shipped/page", test_page);
  g_test_add_func ("/vlm-tasks/shipped/picture", test_picture);
  g_test_add_func ("/vlm-tasks/shipped/questions", test_questions);
  g_test_add_func ("/vlm-tasks/shipped/off", test_off);
  return g_test_run ();
}
