/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Model folders as the pipeline uses them: answers, caches, schemas, batches, and folders that
 * are damaged.
 */
#include "config.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "models/language/generate.h"
#include "models/model.h"
#include "models/vision/load.h"

static char *
data_path (const char *family, const char *name)
{
  return g_build_filename (g_test_get_dir (G_TEST_DIST), "tests", "data", "vlm", family, name, NULL);
}

static DocaiModel *
open_family (const char *family, const DocaiModelOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = data_path (family, NULL);
  DocaiModel *model = docai_model_open (dir, options, &error);
  g_assert_no_error (error);
  return model;
}

static DocaiImage *
family_image (const char *family)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = data_path (family, "input.png");
  DocaiImage *image = docai_image_load (path, &error);
  g_assert_no_error (error);
  return image;
}

/* A field of the first case with the name. */
static char *
case_text (const char *family, const char *name, const char *key)
{
  g_autofree char *path = data_path (family, "case.json");
  json_t *cases = json_load_file (path, 0, NULL), *fields;
  char *text = NULL;
  gsize i;
  json_array_foreach (cases, i, fields)
    if (strcmp (json_string_value (json_object_get (fields, "name")), name) == 0)
      text = g_strdup (json_string_value (json_object_get (fields, key)));
  json_decref (cases);
  g_assert_nonnull (text);
  return text;
}

static gboolean
append_piece (gpointer data, const char *piece)
{
  g_string_append (data, piece);
  return TRUE;
}

static gboolean
stop_at_once (gpointer data, const char *piece)
{
  return FALSE;
}

static void
test_generate (void)
{
  g_autofree char *dir = g_dir_make_tmp ("docai-XXXXXX", NULL);
  DocaiModelOptions options = DOCAI_MODEL_OPTIONS_INIT;
  options.cache_dir = dir;
  options.cache_dir_bytes = 1 << 20;
  g_autoptr (DocaiModel) model = open_family ("idefics3_tied", &options);
  g_autoptr (DocaiImage) image = family_image ("idefics3_tied");
  g_autofree char *prompt = case_text ("idefics3_tied", "nosplit", "prompt"), *wanted = case_text ("idefics3_tied", "nosplit", "greedy_text");
  const DocaiImage *images[] = { image };
  DocaiPreprocessOptions preprocess = DOCAI_PREPROCESS_OPTIONS_INIT;
  preprocess.splitting = 0;
  g_autoptr (GString) streamed = g_string_new (NULL);
  DocaiRequest request = DOCAI_REQUEST_INIT;
  request.text = prompt;
  request.images = images;
  request.n_images = 1;
  request.preprocess = &preprocess;
  request.max_tokens = 24;
  request.sink = append_piece;
  request.sink_data = streamed;
  g_autoptr (GError) error = NULL;
  g_auto (DocaiModelAnswer) first = { 0 }, second = { 0 }, third = { 0 }, fourth = { 0 };
  g_assert_true (docai_model_generate (model, &request, &first, &error));
  g_assert_cmpstr (first.text, ==, wanted);
  g_assert_cmpstr (streamed->str, ==, wanted);
  g_assert_cmpint (first.n_ids, ==, 24);
  g_assert_cmpint (first.tiles, ==, 1);
  g_assert_cmpint (first.tiles_cached, ==, 0);
  g_assert_false (first.ended);

  /* the same tile again, from memory and, by another process, from disk */
  g_assert_true (docai_model_generate (model, &request, &second, &error));
  g_assert_cmpstr (second.text, ==, wanted);
  g_assert_cmpint (second.tiles_cached, ==, 1);
  options.cache_bytes = 0;
  g_autoptr (DocaiModel) other = open_family ("idefics3_tied", &options);
  g_assert_true (docai_model_generate (other, &request, &third, &error));
  g_assert_cmpstr (third.text, ==, wanted);
  g_assert_cmpint (third.tiles_cached, ==, 1);

  request.sink = stop_at_once;
  g_assert_true (docai_model_generate (model, &request, &fourth, &error));
  g_assert_cmpint (fourth.n_ids, ==, 1);

  g_autoptr (GDir) files = g_dir_open (dir, 0, NULL);
  int count = 0;
  for (const char *name; (name = g_dir_read_name (files)) != NULL; count++)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      g_unlink (path);
    }
  g_assert_cmpint (count, ==, 1);
  g_rmdir (dir);
}

static void
only_three (gpointer data, const guint32 *ids, gsize n_ids, guint32 *mask, guint32 vocab)
{
  memset (mask, 0, (vocab + 31) / 32 * sizeof (guint32));
  mask[0] = 1u << 3;
}

/* How sure an answer is: the softmax of its logits, which the choice among all tokens tells too. */
static void
test_likelihood (void)
{
  g_autoptr (DocaiModel) model = open_family ("qwen2_vl", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = data_path ("qwen2_vl", NULL);
  g_autoptr (DocaiCore) core = docai_core_open (dir, DOCAI_WEIGHTS_AS_STORED, &error);
  guint32 n = (guint32) core->decoder.vocab;
  g_autofree guint32 *all = g_new (guint32, n);
  for (guint32 i = 0; i < n; i++)
    all[i] = i;
  DocaiRequest request = DOCAI_REQUEST_INIT, among = DOCAI_REQUEST_INIT;
  request.text = among.text = "How many?";
  request.max_tokens = among.max_tokens = 1;
  among.choices = all;
  among.n_choices = (int) n;
  g_auto (DocaiModelAnswer) one = { 0 }, chosen = { 0 }, more = { 0 }, forced = { 0 };
  g_assert_true (docai_model_generate (model, &request, &one, &error));
  g_assert_true (docai_model_generate (model, &among, &chosen, &error));
  g_assert_cmpfloat (chosen.likelihood, ==, 0);
  g_assert_cmpfloat (one.likelihood, >, 0);
  g_assert_cmpfloat (one.likelihood, <, 1);
  g_assert_cmpfloat_with_epsilon (one.likelihood, chosen.probability, 1e-6);
  request.max_tokens = 5;
  g_assert_true (docai_model_generate (model, &request, &more, &error));
  g_assert_cmpfloat (more.likelihood, >, 0);
  g_assert_cmpfloat (more.likelihood, <, 1);
  request.restrict_tokens = only_three;
  g_assert_true (docai_model_generate (model, &request, &forced, &error));
  g_assert_cmpfloat (forced.likelihood, ==, 1);
}

static void
test_schema (void)
{
  g_autoptr (DocaiModel) model = open_family ("qwen2_vl", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (DocaiGrammar) grammar = docai_grammar_new ("{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"},\"ok\":{\"type\":\"boolean\"}},"
                                                        "\"required\":[\"n\",\"ok\"],\"additionalProperties\":false}", -1, &error);
  g_assert_no_error (error);
  DocaiRequest request = DOCAI_REQUEST_INIT;
  request.text = "How many?";
  request.grammar = grammar;
  request.max_tokens = 64;
  g_auto (DocaiModelAnswer) answer = { 0 };
  g_assert_true (docai_model_generate (model, &request, &answer, &error));
  json_t *object = json_loads (answer.text, 0, NULL);
  g_assert_true (json_is_integer (json_object_get (object, "n")) && json_is_boolean (json_object_get (object, "ok")));
  g_assert_true (answer.ended);
  json_decref (object);
}

/* A vocabulary that cannot write the answer is an error, not an answer that does not parse; an answer that the model's
 * length bounds still ends. */
static void
test_schema_bounds (void)
{
  g_autoptr (DocaiModel) model = open_family ("kosmos2", NULL);
  g_autoptr (DocaiImage) image = family_image ("kosmos2");
  g_autoptr (GError) error = NULL;
  DocaiRequest request = DOCAI_REQUEST_INIT;
  request.text = "<grounding>An image of";
  request.images = (const DocaiImage *const *) &image;
  request.n_images = 1;
  request.max_tokens = 100000;
  request.grammar = docai_grammar_new ("{\"type\":\"string\"}", -1, &error);
  g_assert_no_error (error);
  g_auto (DocaiModelAnswer) answer = { 0 };
  g_assert_true (docai_model_generate (model, &request, &answer, &error));
  g_assert_true (answer.ended && answer.text[0] == '"' && g_str_has_suffix (answer.text + 1, "\""));
  docai_grammar_unref (request.grammar);
  request.grammar = docai_grammar_new ("{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}", -1, &error);
  g_auto (DocaiModelAnswer) none = { 0 };
  g_assert_false (docai_model_generate (model, &request, &none, &error)); /* no braces among its pieces */
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED);
  docai_grammar_unref (request.grammar);
}

static void
test_embed (void)
{
  g_autoptr (DocaiModel) model = open_family ("siglip", NULL);
  g_autoptr (DocaiImage) image = family_image ("siglip");
  g_autoptr (GError) error = NULL;
  int width = docai_model_embed_width (model);
  g_autofree float *vectors = g_new (float, 3 * width);
  g_assert_true (docai_model_embed_image (model, image, vectors, &error));
  g_assert_true (docai_model_embed_text (model, "a photo of a document", vectors + width, &error));
  g_assert_true (docai_model_embed_text (model, "An Invoice", vectors + 2 * width, &error));
  double length = 0;
  for (int i = 0; i < width; i++)
    length += vectors[i] * vectors[i];
  g_assert_cmpfloat_with_epsilon (length, 1, 1e-5);
  float scores[2];
  docai_model_score (model, vectors, vectors + width, 2, scores);
  g_assert_true (scores[0] > 0 && scores[0] < 1 && scores[1] > 0 && scores[1] < 1);
  DocaiRequest request = DOCAI_REQUEST_INIT;
  request.text = "x";
  g_auto (DocaiModelAnswer) answer = { 0 };
  g_assert_false (docai_model_generate (model, &request, &answer, &error));
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION);
}

/* A long prompt in pieces gives what token by token gives, and sequences together what they give alone. */
static void
test_sessions (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = data_path ("idefics3_tied", NULL);
  g_autoptr (DocaiCore) core = docai_core_open (dir, DOCAI_WEIGHTS_AS_STORED, &error);
  g_assert_no_error (error);
  g_autoptr (DocaiRun) run = docai_run_new (2);
  enum { N = DOCAI_DECODER_CHUNK + 37 };
  guint32 ids[N];
  int vocab = core->decoder.vocab;
  for (int i = 0; i < N; i++)
    ids[i] = (guint32) (i * 31 % 300);
  g_autoptr (DocaiSession) whole = docai_session_new (core, run), single = docai_session_new (core, run), other = docai_session_new (core, run);
  g_assert_true (docai_session_prompt (whole, ids, N, NULL, NULL, NULL, &error));
  g_assert_true (docai_session_prompt (single, ids, 5, NULL, NULL, NULL, &error));
  g_assert_true (docai_session_prompt (other, ids + 3, 9, NULL, NULL, NULL, &error));
  DocaiSession *both[] = { other, single };
  for (int i = 5; i < N; i++)
    {
      guint32 pair[] = { ids[N - i], ids[i] };
      g_assert_true (docai_sessions_step (both, pair, 2, &error));
    }
  for (int i = 0; i < vocab; i++)
    g_assert_cmpfloat_with_epsilon (docai_session_logits (whole)[i], docai_session_logits (single)[i], 1e-3);
  g_assert_cmpint (docai_session_length (single), ==, N);
  ids[0] = (guint32) vocab;
  g_assert_false (docai_session_prompt (whole, ids, 1, NULL, NULL, NULL, &error));
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION);
}

/* Reads n ids with a session that has read others before, and with a new one: the logits are the same. */
static void
check_restart (DocaiSession *session, const DocaiCore *core, DocaiRun *run, const guint32 *ids, int n, int known)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DocaiSession) fresh = docai_session_new (core, run);
  docai_session_restart (session);
  for (int round = 0; round < 2; round++)
    {
      g_assert_true (round == 0 ? docai_session_prompt (session, ids, n, NULL, NULL, NULL, &error) : docai_session_step (session, 7, &error));
      g_assert_true (round == 0 ? docai_session_prompt (fresh, ids, n, NULL, NULL, NULL, &error) : docai_session_step (fresh, 7, &error));
      g_assert_cmpmem (docai_session_logits (session), (gsize) core->decoder.vocab * sizeof (float),
                       docai_session_logits (fresh), (gsize) core->decoder.vocab * sizeof (float));
    }
  g_assert_cmpint (docai_session_known (session), ==, known);
  g_assert_cmpint (docai_session_length (session), ==, n + 1);
}

/* What two prompts share is read once, to the last bit. */
static void
test_restart (void)
{
  enum { N = 900 };
  static const struct { int n, changed, known; } rounds[] = {
    { 700, 699, 0 },    /* the first one */
    { 700, 690, 512 },  { 700, 600, 512 }, { 700, 500, 256 }, { 900, 700, 512 }, { 900, 895, 768 },
    { 777, 777, 768 },  { 776, 776, 512 }, /* a few rows would be summed otherwise */
    { 776, 776, 512 },  { 270, 265, 256 }, { 264, 264, 0 }, { 514, 514, 256 }, { 514, 513, 512 }, { 256, 256, 0 }, { 1, 0, 0 }, { 900, 0, 0 },
  };
  for (int kind = DOCAI_WEIGHTS_AS_STORED; kind <= DOCAI_WEIGHTS_INT4 + 1; kind++)
    {
      gboolean small = kind > DOCAI_WEIGHTS_INT4; /* the model that ships, whose weights are of 16 bits */
      g_autoptr (GError) error = NULL;
      g_autofree char *dir = small ? g_test_build_filename (G_TEST_DIST, "models", "default", NULL) : data_path ("idefics3_tied", NULL);
      g_autoptr (DocaiCore) core = docai_core_open (dir, small ? DOCAI_WEIGHTS_AS_STORED : (DocaiWeightKind) kind, &error);
      g_assert_no_error (error);
      g_autoptr (DocaiRun) run = docai_run_new (1 + kind % 2);
      g_autoptr (DocaiSession) session = docai_session_new (core, run);
      guint32 ids[N];
      for (int i = 0; i < N; i++)
        ids[i] = (guint32) (i * 31 % 300);
      for (guint i = 0; i < G_N_ELEMENTS (rounds); i++)
        {
          for (int k = rounds[i].changed; k < rounds[i].n; k++)
            ids[k] = (guint32) ((k + 11 * (int) i) % 290);
          check_restart (session, core, run, ids, rounds[i].n, rounds[i].known);
        }
    }
}

/* Questions about one picture share it and the text before the question; another picture is another beginning. */
static void
check_known (const char *family)
{
  g_autoptr (DocaiModel) model = open_family (family, NULL);
  g_autoptr (DocaiImage) image = family_image (family), other = docai_image_resize (image, image->width, image->height / 2, DOCAI_RESAMPLE_BOX, NULL);
  g_autoptr (GString) page = g_string_new (NULL);
  for (int i = 0; i < 120; i++)
    g_string_append_printf (page, "Row %d\n", i);
  const struct { const DocaiImage *image; const char *question; gboolean known; } asked[]
      = { { image, "How much?", FALSE }, { image, "When is it due?", TRUE }, { other, "When is it due?", FALSE }, { NULL, "What?", FALSE } };
  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DocaiModel) fresh = open_family (family, NULL);
      g_autofree char *text = g_strconcat (page->str, asked[i].question, NULL);
      DocaiRequest request = DOCAI_REQUEST_INIT;
      g_auto (DocaiModelAnswer) first = { 0 }, second = { 0 };
      request.text = text;
      request.images = &asked[i].image;
      request.n_images = asked[i].image != NULL;
      request.max_tokens = 12;
      gboolean good = docai_model_generate (model, &request, &first, &error);
      g_assert_no_error (error);
      g_assert_true (good && docai_model_generate (fresh, &request, &second, &error));
      g_assert_cmpmem (first.ids, (gsize) first.n_ids * sizeof *first.ids, second.ids, (gsize) second.n_ids * sizeof *second.ids);
      g_assert_cmpfloat (first.likelihood, ==, second.likelihood);
      g_assert_cmpint (second.tokens_known, ==, 0);
      if (asked[i].known)
        g_assert_cmpint (first.tokens_known, >, first.prompt_tokens / 2);
      else
        g_assert_cmpint (first.tokens_known, <, first.prompt_tokens / 2);
    }
}

static void
test_known (void)
{
  check_known ("idefics3_tied");
  check_known ("qwen2_vl"); /* positions of three axes */
  check_known ("llava_next");
}

/* A copy of a folder's model files in a new folder. */
static char *
copy_folder (const char *family)
{
  static const char *const names[] = { "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "preprocessor_config.json",
                                       "processor_config.json", "chat_template.json", "chat_template.jinja", "generation_config.json" };
  char *dir = g_dir_make_tmp ("docai-XXXXXX", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *from = data_path (family, names[i]), *to = g_build_filename (dir, names[i], NULL), *text = NULL;
      gsize length;
      if (g_file_get_contents (from, &text, &length, NULL))
        g_assert_true (g_file_set_contents (to, text, (gssize) length, NULL));
    }
  return dir;
}

static void
remove_folder (char *dir)
{
  GDir *files = g_dir_open (dir, 0, NULL);
  for (const char *name; (name = g_dir_read_name (files)) != NULL;)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      g_unlink (path);
    }
  g_dir_close (files);
  g_rmdir (dir);
  g_free (dir);
}

static void
test_quantized (void)
{
  char *dir = copy_folder ("qwen2_vl");
  g_autoptr (GError) error = NULL;
  g_autoptr (DocaiRun) run = docai_run_new (1);
  const guint32 ids[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
  for (int kind = DOCAI_WEIGHTS_INT8; kind <= DOCAI_WEIGHTS_INT4; kind++)
    {
      g_autoptr (DocaiCore) plain = docai_core_open (dir, DOCAI_WEIGHTS_AS_STORED, &error), made = docai_core_open (dir, (DocaiWeightKind) kind, &error);
      g_assert_no_error (error);
      g_assert_true (docai_weights_save_quantized (made->weights, &error));
      g_autoptr (DocaiCore) saved = docai_core_open (dir, (DocaiWeightKind) kind, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (docai_weights_owned_bytes (saved->weights), <, docai_weights_owned_bytes (made->weights) / 4);
      g_autoptr (DocaiSession) a = docai_session_new (plain, run), b = docai_session_new (made, run), c = docai_session_new (saved, run);
      g_assert_true (docai_session_prompt (a, ids, 10, NULL, NULL, NULL, &error));
      g_assert_true (docai_session_prompt (b, ids, 10, NULL, NULL, NULL, &error));
      g_assert_true (docai_session_prompt (c, ids, 10, NULL, NULL, NULL, &error));
      double near = 0, size = 0;
      for (int i = 0; i < plain->decoder.vocab; i++)
        {
          g_assert_cmpfloat (docai_session_logits (b)[i], ==, docai_session_logits (c)[i]);
          near += pow (docai_session_logits (a)[i] - docai_session_logits (b)[i], 2);
          size += pow (docai_session_logits (a)[i], 2);
        }
      g_assert_cmpfloat (sqrt (near / size), <, kind == DOCAI_WEIGHTS_INT8 ? 0.03 : 0.4);
    }
  remove_folder (dir);
}

static void
expect_refused (const char *dir, DocaiErrorCode code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DocaiModel) model = docai_model_open (dir, NULL, &error);
  g_assert_null (model);
  g_assert_error (error, DOCAI_ERROR, (int) code);
}

static void
test_damaged_weights (void)
{
  char *dir = copy_folder ("kosmos2");
  g_autofree char *path = g_build_filename (dir, "model.safetensors", NULL), *good = NULL;
  gsize length;
  g_assert_true (g_file_get_contents (path, &good, &length, NULL));
  g_autofree char *bad = g_memdup2 (good, length);
  float nan = NAN;
  memcpy (bad + length - 8, &nan, sizeof nan);
  g_assert_true (g_file_set_contents (path, bad, (gssize) length, NULL));
  expect_refused (dir, DOCAI_ERROR_MODEL_INVALID);
  g_assert_true (g_file_set_contents (path, good, (gssize) length - 4, NULL));
  expect_refused (dir, DOCAI_ERROR_MODEL_INVALID);
  memcpy (bad, good, length);
  const char *wanted = "text_model.model.layer_norm.weight", *name = memmem (good, length, wanted, strlen (wanted));
  bad[name - good] = 'x';
  g_assert_true (g_file_set_contents (path, bad, (gssize) length, NULL));
  expect_refused (dir, DOCAI_ERROR_MODEL_INVALID);
  g_unlink (path);
  expect_refused (dir, DOCAI_ERROR_MODEL_MISSING);
  remove_folder (dir);
}

/* Numbers of the configuration changed one at a time, also to absurd ones: the folder is refused
 * or opens, and what opens can be asked. */
static void
change_numbers (json_t *node, int *countdown, json_int_t value)
{
  const char *key;
  json_t *child;
  void *next;
  json_object_foreach_safe (node, next, key, child)
    {
      if (json_is_object (child))
        change_numbers (child, countdown, value);
      else if (json_is_number (child) && (*countdown)-- == 0)
        json_object_set_new (node, key, json_integer (value));
    }
}

/* Boxes of what a text names: best first, inside the image, fewer with a higher threshold. */
static void
test_detect (void)
{
  g_autofree char *dir = g_test_build_filename (G_TEST_DIST, "tests", "data", "vlm", "grounding_dino", NULL);
  g_autofree char *path = g_build_filename (dir, "input.png", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (DocaiModel) model = docai_model_open (dir, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (docai_model_task (model), ==, DOCAI_MODEL_DETECTS);
  g_autoptr (DocaiImage) image = docai_image_load (path, &error);
  g_assert_no_error (error);
  guint counts[3];
  static const double thresholds[] = { 0, 0.25, 1 };
  for (int t = 0; t < 3; t++)
    {
      g_autoptr (GArray) found = docai_model_detect (model, image, "a red bar. the title text", thresholds[t], 0.25, &error);
      g_assert_no_error (error);
      counts[t] = found->len;
      for (guint i = 0; i < found->len; i++)
        {
          const DocaiDetection *one = &g_array_index (found, DocaiDetection, i);
          g_assert_true (one->box[0] >= 0 && one->box[0] <= one->box[2] && one->box[2] <= image->width);
          g_assert_true (one->box[1] >= 0 && one->box[1] <= one->box[3] && one->box[3] <= image->height);
          g_assert_true (strcmp (one->phrase, "a red bar") == 0 || strcmp (one->phrase, "the title text") == 0);
          g_assert_true (i == 0 || one->score <= g_array_index (found, DocaiDetection, i - 1).score);
        }
    }
  g_assert_cmpuint (counts[0], ==, 20);
  g_assert_cmpuint (counts[1], <, counts[0]);
  g_assert_cmpuint (counts[2], ==, 0);

  DocaiRequest request = DOCAI_REQUEST_INIT;
  g_auto (DocaiModelAnswer) answer = { 0 };
  request.text = "a red bar.";
  g_assert_false (docai_model_generate (model, &request, &answer, &error));
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION);
}

/* Pixels as a detector takes them. */
static DocaiPixels *
small_image (void)
{
  DocaiPixels *pixels = g_new0 (DocaiPixels, 1);
  pixels->n_dims = 4;
  memcpy (pixels->dims, (gint64[]) { 1, 3, 40, 52 }, 4 * sizeof (gint64));
  pixels->values = g_new0 (float, 3 * 40 * 52);
  return pixels;
}

static void
test_odd_configurations (void)
{
  static const char *const families[] = { "idefics3_tied", "qwen2_vl", "donut", "kosmos2", "siglip", "llava_next", "grounding_dino" };
  static const json_int_t values[] = { 0, -1, 1, 3, 7, 1000000, 4294967297 };
  g_autoptr (DocaiRun) run = docai_run_new (1);
  const guint32 ids[] = { 0, 1, 2 };
  DocaiPixels *pixels = small_image ();
  for (guint f = 0; f < G_N_ELEMENTS (families); f++)
    {
      char *dir = copy_folder (families[f]);
      g_autofree char *path = g_build_filename (dir, "config.json", NULL);
      json_t *original = json_load_file (path, 0, NULL);
      for (int place = 0;; place++)
        {
          int countdown = place;
          for (guint v = 0; v < G_N_ELEMENTS (values); v++)
            {
              json_t *changed = json_deep_copy (original);
              countdown = place;
              change_numbers (changed, &countdown, values[v]);
              g_assert_cmpint (json_dump_file (changed, path, 0), ==, 0);
              json_decref (changed);
              g_autoptr (GError) error = NULL;
              g_autoptr (DocaiCore) core = docai_core_open (dir, DOCAI_WEIGHTS_AS_STORED, &error);
              g_assert_true ((core == NULL) == (error != NULL));
              if (core != NULL && core->family->task == DOCAI_TASK_DETECT)
                {
                  DocaiProposals proposals = { 0 };
                  core->family->detect (core, run, pixels, ids, 3, DOCAI_READ_AS_TRAINED, &proposals, NULL);
                  docai_proposals_clear (&proposals);
                }
              if (core != NULL && core->family->task == DOCAI_TASK_GENERATE && !core->cross)
                {
                  g_autoptr (DocaiSession) session = docai_session_new (core, run);
                  docai_session_prompt (session, ids, 3, NULL, NULL, NULL, NULL);
                }
            }
          if (countdown >= 0)
            break;
        }
      json_decref (original);
      remove_folder (dir);
    }
  docai_pixels_free (pixels);
}

/* Changes one file of a folder by a function on its JSON. */
static void
change_file (const char *dir, const char *name, void (*change) (json_t *root))
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  json_t *root = json_load_file (path, 0, NULL);
  g_assert_nonnull (root);
  change (root);
  g_assert_cmpint (json_dump_file (root, path, 0), ==, 0);
  json_decref (root);
}

static void
drop_added (json_t *root)
{
  g_assert_cmpint (json_array_clear (json_object_get (root, "added_tokens")), ==, 0);
}

static void
drop_tie (json_t *root)
{
  json_object_del (root, "tie_word_embeddings");
  json_object_del (json_object_get (root, "text_config"), "tie_word_embeddings");
}

static void
make_foreign (json_t *root)
{
  json_object_set_new (root, "model_type", json_string ("internvl_chat"));
}

static void
expect_told (const char *dir, DocaiErrorCode code, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (docai_model_open (dir, NULL, &error));
  g_assert_error (error, DOCAI_ERROR, (int) code);
  if (strstr (error->message, part) == NULL)
    g_error ("\"%s\" does not name \"%s\"", error->message, part);
}

/* Folders spelt in other ways are read; what one lacks is told before its weights are looked at. */
static void
test_folders (void)
{
  g_autoptr (GError) error = NULL;
  char *dir = copy_folder ("idefics3_tied");
  g_autofree char *weights = g_build_filename (dir, "model.safetensors", NULL), *tokenizer = g_build_filename (dir, "tokenizer.json", NULL);
  g_autofree char *older = g_build_filename (dir, "vocab.json", NULL), *pickled = g_build_filename (dir, "pytorch_model.bin", NULL);
  g_autoptr (DocaiModel) whole = docai_model_open (dir, NULL, &error);
  g_assert_no_error (error);
  change_file (dir, "tokenizer.json", drop_added);
  change_file (dir, "config.json", drop_tie);
  g_autoptr (DocaiModel) other = docai_model_open (dir, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (docai_tokenizer_lookup (docai_model_tokenizer (other), "<image>"), ==,
                   docai_tokenizer_lookup (docai_model_tokenizer (whole), "<image>"));
  g_assert_cmpint (g_rename (weights, pickled), ==, 0);
  expect_told (dir, DOCAI_ERROR_MODEL_MISSING, "pytorch_model.bin");
  g_assert_true (g_file_set_contents (weights, "no weights", -1, NULL));
  g_assert_cmpint (g_rename (tokenizer, older), ==, 0);
  expect_told (dir, DOCAI_ERROR_MODEL_MISSING, "vocab.json");
  change_file (dir, "config.json", make_foreign);
  expect_told (dir, DOCAI_ERROR_MODEL_UNSUPPORTED, "-hf");
  remove_folder (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/restart", test_restart);
  g_test_add_func ("/model/known", test_known);
  g_test_add_func ("/model/generate", test_generate);
  g_test_add_func ("/model/likelihood", test_likelihood);
  g_test_add_func ("/model/schema", test_schema);
  g_test_add_func ("/model/schema-bounds", test_schema_bounds);
  g_test_add_func ("/model/embed", test_embed);
  g_test_add_func ("/model/detect", test_detect);
  g_test_add_func ("/model/sessions", test_sessions);
  g_test_add_func ("/model/quantized", test_quantized);
  g_test_add_func ("/model/damaged-weights", test_damaged_weights);
  g_test_add_func ("/model/folders", test_folders);
  g_test_add_func ("/model/odd-configurations", test_odd_configurations);
  return g_test_run ();
}
