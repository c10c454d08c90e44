/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * docai-model: looks at model folders, runs, checks, measures and quantises them.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model-bench.h"
#include "model-check.h"
#include "models/language/places.h"
#include "models/model.h"
#include "models/vision/load.h"

/* What the options say; each command reads some of them. */
typedef struct {
  char   **images;
  char    *weights, *system, *schema, *cache;
  char   **cases, **boxes;
  int      threads, max_tokens, prompt_tokens;
  double   temperature, top_p, threshold, text_threshold;
  gint64   seed;
  gboolean templated, version, json;
} Options;

typedef struct {
  const char *name, *arguments;
  int         min_arguments, max_arguments; /* after the folder */
  int       (*run) (const Options *options, const char *dir, char **arguments, GError **error);
} Command;

static const DocaiWeightKind kinds[] = { DOCAI_WEIGHTS_AS_STORED, DOCAI_WEIGHTS_INT8, DOCAI_WEIGHTS_INT4 };

/* Index into kinds and DocaiModelWeights; -1 with an error. */
static int
weights_option (const Options *options, GError **error)
{
  static const char *const names[] = { "stored", "int8", "int4" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (options->weights == NULL || strcmp (options->weights, names[i]) == 0)
      return (int) i;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "--weights is one of stored, int8, int4");
  return -1;
}

static void
print_json (json_t *report)
{
  json_dumpf (report, stdout, JSON_INDENT (1) | JSON_REAL_PRECISION (5));
  putchar ('\n');
  json_decref (report);
}

static int
check_main (const Options *options, const char *dir, char **arguments, GError **error)
{
  json_t *report = NULL;
  gboolean pass = FALSE;
  int weights = weights_option (options, error);
  if (weights < 0 || !docai_model_check (dir, kinds[weights], options->threads, (const char *const *) options->cases, &report, &pass, error))
    return -1;
  print_json (report);
  return pass ? 0 : 1;
}

static int
bench_main (const Options *options, const char *dir, char **arguments, GError **error)
{
  json_t *report = NULL;
  int weights = weights_option (options, error);
  if (weights < 0 || !docai_model_bench (dir, kinds[weights], options->threads, options->prompt_tokens, CLAMP (options->max_tokens, 1, 4096), &report, error))
    return -1;
  print_json (report);
  return 0;
}

static DocaiModel *
open_model (const Options *options, const char *dir, GError **error)
{
  DocaiModelOptions model_options = DOCAI_MODEL_OPTIONS_INIT;
  int weights = weights_option (options, error);
  if (weights < 0)
    return NULL;
  model_options.weights = (DocaiModelWeights) weights;
  model_options.threads = options->threads;
  model_options.cache_dir = options->cache;
  model_options.cache_dir_bytes = (gsize) 1 << 30;
  return docai_model_open (dir, &model_options, error);
}

static GPtrArray *
load_images (const Options *options, GError **error)
{
  g_autoptr (GPtrArray) images = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_image_free);
  for (char **path = options->images; path != NULL && *path != NULL; path++)
    {
      DocaiImage *image = docai_image_load (*path, error);
      if (image == NULL)
        return NULL;
      g_ptr_array_add (images, image);
    }
  return g_steal_pointer (&images);
}

/* The boxes of --box, pixels x0, y0, x1, y1 of the only image, as parts of it: an array of double[4], owned by the caller. */
static GArray *
parse_boxes (const Options *options, const GPtrArray *images, GError **error)
{
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (double[4]));
  for (char **text = options->boxes; text != NULL && *text != NULL; text++)
    {
      double x[4];
      char   rest;
      const DocaiImage *image = images->len == 1 ? g_ptr_array_index (images, 0) : NULL;
      gboolean good = image != NULL && sscanf (*text, "%lf,%lf,%lf,%lf%c", &x[0], &x[1], &x[2], &x[3], &rest) == 4;
      for (int i = 0; good && i < 4; i++)
        x[i] /= i % 2 == 0 ? image->width : image->height;
      if (!good || !(x[0] >= 0 && x[1] >= 0 && x[2] <= 1 && x[3] <= 1 && x[0] < x[2] && x[1] < x[3]))
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "--box %s: x0,y0,x1,y1 in pixels inside of one image are wanted", *text);
          return NULL;
        }
      g_array_append_val (boxes, x);
    }
  return g_steal_pointer (&boxes);
}

static gboolean
print_piece (gpointer data, const char *piece)
{
  fputs (piece, stdout);
  return fflush (stdout) == 0;
}

/* Boxes of what the prompt names in each image. */
static int
detect_main (const Options *options, DocaiModel *model, const GPtrArray *images, const char *text, GError **error)
{
  json_t *report = json_array ();
  for (guint i = 0; i < images->len; i++)
    {
      g_autoptr (GArray) found = docai_model_detect (model, g_ptr_array_index (images, i), text, options->threshold, options->text_threshold, error);
      if (found == NULL)
        {
          json_decref (report);
          return -1;
        }
      json_t *boxes = json_array ();
      for (guint k = 0; k < found->len; k++)
        {
          const DocaiDetection *one = &g_array_index (found, DocaiDetection, k);
          json_array_append_new (boxes, json_pack ("{s:s, s:s, s:f, s:[f,f,f,f]}", "label", one->label, "phrase", one->phrase, "score", one->score,
                                                   "box", one->box[0], one->box[1], one->box[2], one->box[3]));
        }
      json_array_append_new (report, json_pack ("{s:s, s:o}", "image", options->images[i], "found", boxes));
    }
  print_json (report);
  return 0;
}

/* Boxes that the answer names, in pixels of the image when there is but one, else as parts of it. */
static void
print_places (const char *text, const GPtrArray *images)
{
  g_autoptr (GArray) places = docai_places_parse (text, NULL, NULL);
  const DocaiImage *image = images->len == 1 ? g_ptr_array_index (images, 0) : NULL;
  double width = image != NULL ? image->width : 1, height = image != NULL ? image->height : 1;
  for (guint i = 0; i < places->len; i++)
    {
      const DocaiPlace *place = &g_array_index (places, DocaiPlace, i);
      fprintf (stderr, "box [%.6g, %.6g, %.6g, %.6g] %s\n", place->box[0] * width, place->box[1] * height, place->box[2] * width,
               place->box[3] * height, place->label);
    }
}

/* What was looked at, as JSON. */
static json_t *
report_answer (const DocaiModelAnswer *answer)
{
  json_t *report = json_pack ("{s:s, s:b, s:i, s:i, s:i}", "text", answer->text, "ended", answer->ended, "tokens", answer->n_ids, "prompt_tokens",
                              answer->prompt_tokens, "image_tokens", answer->image_tokens);
  json_object_set_new (report, "tiles", json_pack ("{s:i, s:i, s:i, s:i}", "encoded", answer->tiles - answer->tiles_cached, "known", answer->tiles_cached,
                                                   "blank", answer->tiles_blank, "left_out", answer->tiles_guided));
  json_object_set_new (report, "ms", json_pack ("{s:f, s:f, s:f}", "vision", answer->vision_ms, "prompt", answer->prompt_ms, "answer", answer->decode_ms));
  json_object_set_new (report, "saved", json_pack ("{s:i, s:f}", "image_tokens", answer->tokens_saved, "ms", answer->saved_ms));
  return report;
}

/* The same in words, on the standard error. */
static void
tell_answer (const DocaiModelAnswer *answer)
{
  fprintf (stderr, "%d tiles (%d known, %d blank), %d left out, in %.0f ms, %d prompt tokens in %.0f ms, %d tokens in %.0f ms", answer->tiles,
           answer->tiles_cached, answer->tiles_blank, answer->tiles_guided, answer->vision_ms, answer->prompt_tokens, answer->prompt_ms, answer->n_ids,
           answer->decode_ms);
  fprintf (stderr, "; saved %d tokens and %.0f ms\n", answer->tokens_saved, answer->saved_ms);
}

static gboolean
read_schema (const Options *options, DocaiGrammar **grammar, GError **error)
{
  g_autofree char *schema = NULL;
  gsize length;
  g_autoptr (GError) local = NULL;
  if (options->schema == NULL)
    return TRUE;
  if (!g_file_get_contents (options->schema, &schema, &length, &local))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_FILE_NOT_READABLE, "%s", local->message);
      return FALSE;
    }
  *grammar = docai_grammar_new (schema, (gssize) length, error);
  return *grammar != NULL;
}

static int
run_main (const Options *options, const char *dir, char **arguments, GError **error)
{
  g_autoptr (GPtrArray) images = load_images (options, error);
  g_autoptr (DocaiModel) model = images != NULL ? open_model (options, dir, error) : NULL;
  if (model == NULL)
    return -1;
  if (docai_model_task (model) == DOCAI_MODEL_DETECTS)
    return detect_main (options, model, images, arguments[0], error);
  DocaiRequest request = DOCAI_REQUEST_INIT;
  request.text = arguments[0];
  request.system = options->system;
  request.templated = options->templated;
  request.images = (const DocaiImage *const *) images->pdata;
  request.n_images = (int) images->len;
  request.max_tokens = options->max_tokens;
  request.sample.temperature = (float) options->temperature;
  request.sample.top_p = (float) options->top_p;
  request.sample.seed = (guint64) options->seed;
  request.sink = options->json ? NULL : print_piece;
  g_autoptr (GArray) boxes = parse_boxes (options, images, error);
  if (boxes == NULL || !read_schema (options, &request.grammar, error))
    return -1;
  const DocaiGuide guide = { .boxes = (const double (*)[4]) (gconstpointer) boxes->data, .n_boxes = (int) boxes->len };
  DocaiPreprocessOptions preprocess = DOCAI_PREPROCESS_OPTIONS_INIT;
  preprocess.guides = boxes->len > 0 ? &guide : NULL;
  request.preprocess = &preprocess;
  g_auto (DocaiModelAnswer) answer = { 0 };
  gboolean good = docai_model_generate (model, &request, &answer, error);
  g_clear_pointer (&request.grammar, docai_grammar_unref);
  if (!good)
    return -1;
  if (options->json)
    print_json (report_answer (&answer));
  else
    {
      putchar ('\n');
      print_places (answer.text, images);
      tell_answer (&answer);
    }
  return 0;
}

static json_t *
json_vector (const float *vector, int n)
{
  json_t *list = json_array ();
  for (int i = 0; i < n; i++)
    json_array_append_new (list, json_real (vector[i]));
  return list;
}

static double
cosine (const float *a, const float *b, int n)
{
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += (double) a[i] * b[i];
  return sum;
}

/* An image's or region's vector with what the texts have to do with it. */
static json_t *
report_image (DocaiModel *model, const DocaiImage *image, const char *path, const float *texts, int n_texts, GError **error)
{
  int width = docai_model_embed_width (model);
  g_autofree float *vector = g_new0 (float, MAX (width, 1)), *scores = g_new0 (float, n_texts + 1);
  if (!docai_model_embed_image (model, image, vector, error))
    return NULL;
  json_t *cosines = json_array ();
  for (int i = 0; i < n_texts; i++)
    json_array_append_new (cosines, json_real (cosine (vector, texts + (gsize) i * (gsize) width, width)));
  docai_model_score (model, vector, texts, n_texts, scores);
  return json_pack ("{s:s, s:o, s:o, s:o}", "image", path, "vector", json_vector (vector, width), "cosines", cosines, "probabilities",
                    json_vector (scores, n_texts));
}

/* The regions of the only image. */
static gboolean
report_boxes (const Options *options, DocaiModel *model, const DocaiImage *image, const GArray *boxes, const float *texts, int n_texts, json_t *list,
              GError **error)
{
  for (guint i = 0; i < boxes->len; i++)
    {
      const double *box = (const double *) (gconstpointer) (boxes->data + i * sizeof (double[4]));
      int x0 = (int) floor (box[0] * image->width + 1e-6), y0 = (int) floor (box[1] * image->height + 1e-6);
      int x1 = (int) ceil (box[2] * image->width - 1e-6), y1 = (int) ceil (box[3] * image->height - 1e-6);
      g_autoptr (DocaiImage) part = docai_image_crop (image, x0, y0, MAX (x1 - x0, 1), MAX (y1 - y0, 1), error);
      json_t *one = part != NULL ? report_image (model, part, options->images[0], texts, n_texts, error) : NULL;
      if (one == NULL)
        return FALSE;
      json_object_set_new (one, "box", json_pack ("[i,i,i,i]", x0, y0, x1, y1));
      json_array_append_new (list, one);
    }
  return TRUE;
}

/* Vectors of all images, regions and texts; for images and regions the texts' cosines and probabilities too. */
static int
embed_main (const Options *options, const char *dir, char **arguments, GError **error)
{
  g_autoptr (GPtrArray) images = load_images (options, error);
  g_autoptr (DocaiModel) model = images != NULL ? open_model (options, dir, error) : NULL;
  if (model == NULL)
    return -1;
  g_autoptr (GArray) boxes = parse_boxes (options, images, error);
  if (boxes == NULL)
    return -1;
  int width = docai_model_embed_width (model), n_texts = (int) g_strv_length (arguments);
  g_autofree float *texts = g_new0 (float, (gsize) MAX (width, 1) * (gsize) (n_texts + 1));
  json_t *report = json_object (), *image_list = json_array (), *text_list = json_array ();
  json_object_set_new (report, "images", image_list);
  json_object_set_new (report, "texts", text_list);
  gboolean good = TRUE;
  for (int i = 0; good && i < n_texts; i++)
    {
      good = docai_model_embed_text (model, arguments[i], texts + (gsize) i * (gsize) width, error);
      json_array_append_new (text_list, json_pack ("{s:s, s:o}", "text", arguments[i], "vector", json_vector (texts + (gsize) i * (gsize) width, width)));
    }
  for (guint i = 0; good && i < images->len; i++)
    {
      json_t *one = report_image (model, g_ptr_array_index (images, i), options->images[i], texts, n_texts, error);
      good = one != NULL;
      if (good)
        json_array_append_new (image_list, one);
    }
  good = good && (boxes->len == 0 || report_boxes (options, model, g_ptr_array_index (images, 0), boxes, texts, n_texts, image_list, error));
  if (!good)
    {
      json_decref (report);
      return -1;
    }
  print_json (report);
  return 0;
}

static int
info_main (const Options *options, const char *dir, char **arguments, GError **error)
{
  g_autoptr (DocaiCore) core = docai_core_open (dir, DOCAI_WEIGHTS_AS_STORED, error);
  if (core == NULL)
    return -1;
  static const char *const tasks[] = { "generate", "embed", "detect" };
  json_t *report = json_pack ("{s:s, s:s, s:s, s:f, s:s}", "model_type", core->family->model_type, "title", core->family->title,
                              "task", tasks[core->family->task], "weight_mbytes", (double) docai_weights_stored_bytes (core->weights) / 1048576,
                              "kernels", docai_kernels ()->name);
  if (core->tower.n_blocks > 0)
    json_object_set_new (report, "vision", json_pack ("{s:i, s:i, s:i}", "blocks", core->tower.n_blocks, "width", core->tower.width,
                                                      "heads", core->vision_shape.heads));
  if (core->decoder.n_blocks > 0)
    json_object_set_new (report, "text", json_pack ("{s:i, s:i, s:i, s:i, s:i, s:s}", "blocks", core->decoder.n_blocks, "width", core->decoder.width,
                                                    "heads", core->text_shape.heads, "vocabulary", core->decoder.vocab, "length",
                                                    core->decoder.max_length, "stored_as", docai_dtype_name (core->decoder.embedding.dtype)));
  if (core->embed_width > 0)
    json_object_set_new (report, "vector_width", json_integer (core->embed_width));
  print_json (report);
  return 0;
}

static int
quantize_main (const Options *options, const char *dir, char **arguments, GError **error)
{
  int weights = options->weights != NULL ? weights_option (options, error) : 1;
  if (weights < 0)
    return -1;
  if (weights == 0)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "--weights is int8 or int4");
      return -1;
    }
  g_autoptr (DocaiCore) core = docai_core_open (dir, kinds[weights], error);
  return core != NULL && docai_weights_save_quantized (core->weights, error) ? 0 : -1;
}

static const Command commands[] = {
  { "info", "DIR", 0, 0, info_main },
  { "run", "DIR PROMPT", 1, 1, run_main },
  { "check", "DIR", 0, 0, check_main },
  { "bench", "DIR", 0, 0, bench_main },
  { "quantize", "DIR", 0, 0, quantize_main },
  { "embed", "DIR [TEXT ...]", 0, 1000, embed_main },
};

static int
fail_with (const GError *error)
{
  DocaiErrorCode code = docai_error_code_of (error);
  gboolean usage = error->domain == G_OPTION_ERROR;
  fprintf (stderr, "docai-model: %s: %s\n", usage ? "bad_option" : docai_error_name (code), error->message);
  return usage ? 64 : docai_error_exit_status (code);
}

static int
dispatch (const Options *options, int argc, char **argv, GError **error)
{
  for (guint i = 0; argc > 1 && i < G_N_ELEMENTS (commands); i++)
    {
      const Command *command = &commands[i];
      if (strcmp (argv[1], command->name) != 0)
        continue;
      if (argc - 3 < command->min_arguments || argc - 3 > command->max_arguments)
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "usage: docai-model %s %s", command->name, command->arguments);
          return -1;
        }
      return command->run (options, argv[2], argv + 3, error);
    }
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "a command is needed: info, run, check, bench, quantize or embed");
  return -1;
}

int
main (int argc, char **argv)
{
  Options options = { .threads = 1, .max_tokens = 256, .prompt_tokens = 512, .top_p = 1, .threshold = 0.25, .text_threshold = 0.25 };
  const GOptionEntry entries[] = {
    { "image", 'i', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.images, "An image; may be repeated", "FILE" },
    { "weights", 'w', 0, G_OPTION_ARG_STRING, &options.weights, "stored, int8 or int4", "KIND" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &options.threads, "Threads (1)", "N" },
    { "max-tokens", 'n', 0, G_OPTION_ARG_INT, &options.max_tokens, "Longest answer (256)", "N" },
    { "prompt-tokens", 0, 0, G_OPTION_ARG_INT, &options.prompt_tokens, "Prompt that bench measures (512)", "N" },
    { "system", 0, 0, G_OPTION_ARG_STRING, &options.system, "System message", "TEXT" },
    { "templated", 0, 0, G_OPTION_ARG_NONE, &options.templated, "The prompt is complete, without chat template", NULL },
    { "schema", 0, 0, G_OPTION_ARG_FILENAME, &options.schema, "JSON Schema that the answer follows", "FILE" },
    { "temperature", 0, 0, G_OPTION_ARG_DOUBLE, &options.temperature, "0 is greedy (0)", "X" },
    { "top-p", 0, 0, G_OPTION_ARG_DOUBLE, &options.top_p, "Nucleus (1)", "X" },
    { "threshold", 0, 0, G_OPTION_ARG_DOUBLE, &options.threshold, "Least score of a detector's boxes (0.25)", "X" },
    { "text-threshold", 0, 0, G_OPTION_ARG_DOUBLE, &options.text_threshold, "Least score of the words of their labels (0.25)", "X" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &options.seed, "Of the sampling (0)", "N" },
    { "cache", 0, 0, G_OPTION_ARG_FILENAME, &options.cache, "Folder for encoded tiles", "DIR" },
    { "box", 'b', 0, G_OPTION_ARG_STRING_ARRAY, &options.boxes, "A part of the image, in pixels; may be repeated", "X0,Y0,X1,Y1" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "run: print one JSON object", NULL },
    { "case", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.cases, "Case that check runs; may be repeated", "NAME" },
    { "version", 'V', 0, G_OPTION_ARG_NONE, &options.version, "Print the version", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("COMMAND DIR - look at, run, check, measure and quantise models");
  g_autoptr (GError) error = NULL;
  g_option_context_add_main_entries (context, entries, NULL);
  int status = -1;
  if (g_option_context_parse (context, &argc, &argv, &error))
    {
      if (options.version)
        {
          puts ("docai-model " PACKAGE_VERSION);
          return 0;
        }
      status = dispatch (&options, argc, argv, &error);
    }
  if (status < 0)
    status = fail_with (error);
  g_strfreev (options.images);
  g_strfreev (options.cases);
  g_strfreev (options.boxes);
  g_free (options.weights);
  g_free (options.system);
  g_free (options.schema);
  g_free (options.cache);
  return status;
}
