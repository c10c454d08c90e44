/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Backend `builtin`: the neural runtime of models/ on a folder as published on
 * the hub. Requests are answered one after the other; encoded tiles are cached
 * by their content. Answers that must follow a schema are decoded under its
 * grammar, so they always parse; a schema that the grammar does not take is put
 * into the prompt instead. A folder with docai.json is asked for labels (tasks.h).
 */
#include "models/model.h"
#include "models/vision/load.h"
#include "pipeline/vlm/backend.h"

#include <string.h>

#define MOST_SIDE_PX 2048
#define MAX_CUTS 4 /* of a context that is too long */
#define CACHE_BYTES ((gsize) 64 << 20)
#define DISK_CACHE_BYTES ((gsize) 512 << 20)

typedef struct {
  DocaiVlmBackend base;
  DocaiModel     *model;
  gboolean        guided; /* pages' layouts decide about resolution */
} Builtin;

/* Decodes the request's pictures; NULL with the error of the first bad one. */
static GPtrArray *
load_images (const DocaiVlmRequest *request, GError **error)
{
  g_autoptr (GPtrArray) images = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_image_free);

  for (guint i = 0; i < request->images->len; i++)
    {
      const DocaiVlmImage *encoded = request->images->pdata[i];
      DocaiImage          *image = docai_image_load_data (encoded->data, encoded->length, error);
      if (image == NULL)
        return NULL;
      g_ptr_array_add (images, image);
    }
  return g_steal_pointer (&images);
}

/* Where to look in each picture: what its guide says, no finer than it is. Owned by the caller; boxes are lent. */
static DocaiGuide *
make_guides (const DocaiVlmRequest *request)
{
  static const double all[1][4] = { { 0, 0, 1, 1 } };
  DocaiGuide         *guides = g_new0 (DocaiGuide, request->images->len + 1);

  for (guint i = 0; i < request->images->len; i++)
    {
      const DocaiVlmImage *image = request->images->pdata[i];
      guides[i].boxes = image->looks != NULL ? (const double (*)[4]) (gconstpointer) image->looks->data : all;
      guides[i].n_boxes = image->looks != NULL ? (int) image->looks->len : 1;
      guides[i].side = MAX (image->width, image->height);
    }
  return guides;
}

static void
count_answer (const DocaiModelAnswer *answered, DocaiCounts *counts)
{
  DocaiCounts one = {
    .tiles = answered->tiles - answered->tiles_cached,
    .tiles_known = answered->tiles_cached,
    .tiles_blank = answered->tiles_blank,
    .tiles_guided = answered->tiles_guided,
    .image_tokens = answered->image_tokens,
    .tokens_saved = answered->tokens_saved,
    .tokens_known = answered->tokens_known,
    .vision_ms = (gint64) answered->vision_ms,
    .prompt_ms = (gint64) answered->prompt_ms,
    .answer_ms = (gint64) answered->decode_ms,
    .saved_ms = (gint64) answered->saved_ms,
  };

  docai_counts_add (counts, &one);
}

/* Generates with as much of the request's context as the model has room for. */
static gboolean
generate (Builtin *backend, const DocaiVlmRequest *request, const char *suffix, DocaiRequest *asked, DocaiModelAnswer *answered, GError **error)
{
  gsize bytes = request->context != NULL ? strlen (request->context) : 0;

  asked->least_room = bytes > 0 ? MIN (asked->max_tokens, docai_model_length (backend->model) / 2) : 0;
  for (int left = MAX_CUTS;; left--)
    {
      g_autofree char   *prompt = docai_vlm_request_prompt (request, bytes);
      g_autofree char   *text = g_strconcat (prompt, suffix, NULL);
      g_autoptr (GError) problem = NULL;
      asked->text = text;
      gboolean good = docai_model_generate (backend->model, asked, answered, &problem);
      asked->text = NULL;
      if (good)
        return TRUE;
      double over = answered->prompt_tokens + asked->least_room - docai_model_length (backend->model);
      double written = answered->prompt_tokens - answered->image_tokens;
      if (left == 0 || bytes == 0 || over <= 0)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      bytes = (gsize) ((double) bytes * MAX (1 - 1.1 * over / written, 0));
      docai_model_answer_clear (answered);
    }
}

static void
take_answer (DocaiVlmRequest *request, const DocaiModelAnswer *answered, DocaiCounts *counts)
{
  if (request->task != NULL)
    {
      request->label = request->task->labels[answered->choice];
      request->confidence = answered->probability;
    }
  request->answer = g_strdup (answered->text);
  request->likelihood = answered->likelihood;
  count_answer (answered, counts);
}

static gboolean
answer (Builtin *backend, DocaiVlmRequest *request, const GPtrArray *images, DocaiCounts *counts, GError **error)
{
  g_autofree DocaiGuide   *guides = make_guides (request);
  g_autoptr (DocaiGrammar) grammar = request->schema != NULL ? docai_grammar_new (request->schema, -1, NULL) : NULL;
  g_autofree char         *with_schema = NULL;
  g_auto (DocaiModelAnswer) answered = { 0 };
  DocaiRequest             asked = DOCAI_REQUEST_INIT;
  DocaiPreprocessOptions   preprocess = DOCAI_PREPROCESS_OPTIONS_INIT;

  if (request->schema != NULL && grammar == NULL)
    with_schema = g_strdup_printf ("\n\nAnswer with JSON that follows this schema: %s", request->schema);
  preprocess.guides = backend->guided ? guides : NULL;
  preprocess.splitting = request->whole_view ? 0 : -1;
  asked.system = request->system;
  asked.images = (const DocaiImage *const *) images->pdata;
  asked.n_images = (int) images->len;
  asked.preprocess = &preprocess;
  asked.max_tokens = request->max_tokens;
  asked.grammar = grammar;
  if (request->task != NULL)
    {
      asked.choices = request->task->tokens;
      asked.n_choices = (int) g_strv_length (request->task->labels);
      asked.choice_temperature = (float) request->task->temperature;
    }
  if (!generate (backend, request, with_schema, &asked, &answered, error))
    return FALSE;
  take_answer (request, &answered, counts);
  return TRUE;
}

/* Pictures that requests share are decoded once. */
static void
run_builtin (DocaiVlmBackend *base, GPtrArray *requests, DocaiCounts *counts)
{
  g_autoptr (GPtrArray) images = NULL;
  const GPtrArray      *encoded = NULL;

  for (guint i = 0; i < requests->len; i++)
    {
      DocaiVlmRequest *request = requests->pdata[i];
      if (images == NULL || request->images != encoded)
        {
          g_clear_pointer (&images, g_ptr_array_unref);
          images = load_images (request, &request->error);
          encoded = request->images;
        }
      if (images != NULL)
        answer ((Builtin *) base, request, images, counts, &request->error);
    }
}

static void
close_builtin (DocaiVlmBackend *base)
{
  Builtin *backend = (Builtin *) base;

  docai_model_close (backend->model);
  g_free (backend);
}

DocaiVlmBackend *
docai_builtin_open (const DocaiVlmSettings *settings, GError **error)
{
  DocaiModelOptions options = DOCAI_MODEL_OPTIONS_INIT;

  if (settings->model_dir == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG, "vlm backend builtin needs a model's folder");
      return NULL;
    }
  options.cache_bytes = CACHE_BYTES;
  options.cache_dir = settings->cache_dir;
  options.cache_dir_bytes = settings->cache_dir != NULL ? DISK_CACHE_BYTES : 0;
  g_autoptr (DocaiModel) model = docai_model_open (settings->model_dir, &options, error);
  if (model == NULL)
    return NULL;
  if (docai_model_task (model) != DOCAI_MODEL_GENERATES)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED, "%s: %s answers no questions",
                   settings->model_dir, docai_model_title (model));
      return NULL;
    }

  DocaiVlmTasks *tasks = NULL;
  if (!docai_vlm_tasks_load (settings->model_dir, docai_model_tokenizer (model), &tasks, error))
    {
      g_prefix_error (error, "%s: ", settings->model_dir);
      return NULL;
    }
  Builtin *backend = g_new0 (Builtin, 1);
  backend->base.tasks = tasks;
  backend->base.name = "builtin";
  backend->base.model = tasks != NULL && tasks->name != NULL ? g_strdup (tasks->name)
                                                              : g_path_get_basename (settings->model_dir);
  backend->base.run = run_builtin;
  backend->base.close = close_builtin;
  backend->base.boxes = docai_vlm_boxes_of (settings, docai_model_type (model));
  backend->base.image_side = settings->image_side > 0 ? settings->image_side : CLAMP (docai_model_image_side (model), 64, MOST_SIDE_PX);
  backend->base.context_tokens = docai_model_length (model);
  backend->guided = settings->layout_guide && tasks == NULL;
  backend->model = g_steal_pointer (&model);
  return &backend->base;
}
