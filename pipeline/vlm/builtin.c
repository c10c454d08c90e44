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

#define CACHE_BYTES ((gsize) 64 << 20)
#define DISK_CACHE_BYTES ((gsize) 512 << 20)

typedef struct {
  DocaiVlmBackend base;
  DocaiModel     *model;
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

static gboolean
answer (Builtin *backend, DocaiVlmRequest *request, GError **error)
{
  g_autoptr (GPtrArray)    images = load_images (request, error);
  g_autoptr (DocaiGrammar) grammar = NULL;
  g_autofree char         *with_schema = NULL;

  if (images == NULL)
    return FALSE;
  if (request->schema != NULL)
    grammar = docai_grammar_new (request->schema, -1, NULL);
  if (request->schema != NULL && grammar == NULL)
    with_schema = g_strdup_printf ("%s\n\nAnswer with JSON that follows this schema: %s", request->prompt, request->schema);

  DocaiRequest       asked = DOCAI_REQUEST_INIT;
  g_auto (DocaiModelAnswer) answered = { 0 };
  asked.text = with_schema != NULL ? with_schema : request->prompt;
  asked.system = request->system;
  asked.images = (const DocaiImage *const *) images->pdata;
  asked.n_images = (int) images->len;
  asked.max_tokens = request->max_tokens;
  asked.grammar = grammar;
  if (request->task != NULL)
    {
      asked.choices = request->task->tokens;
      asked.n_choices = (int) g_strv_length (request->task->labels);
      asked.choice_temperature = (float) request->task->temperature;
    }
  if (!docai_model_generate (backend->model, &asked, &answered, error))
    return FALSE;
  if (request->task != NULL)
    {
      request->label = request->task->labels[answered.choice];
      request->confidence = answered.probability;
    }
  request->answer = g_strdup (answered.text);
  return TRUE;
}

static void
run_builtin (DocaiVlmBackend *base, GPtrArray *requests)
{
  for (guint i = 0; i < requests->len; i++)
    {
      DocaiVlmRequest *request = requests->pdata[i];
      answer ((Builtin *) base, request, &request->error);
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
  backend->model = g_steal_pointer (&model);
  return &backend->base;
}
