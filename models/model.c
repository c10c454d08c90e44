/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A model folder with all its parts: weights, tokenizer, preprocessing, prompts, cache.
 */
#include "models/model.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "models/language/prompt.h"
#include "models/model-priv.h"

/* Images of one prompt. */
#define MAX_IMAGES 64
/* Keys and values that are kept for the next prompt. */
#define MOST_KEPT_BYTES ((gsize) 64 << 20)

/* Ids that end an answer: of generation_config.json, else of config.json, else the tokenizer's end token. */
static void
add_end_ids (DocaiModel *self, const json_t *value)
{
  gsize n = json_is_array (value) ? json_array_size (value) : json_is_integer (value) ? 1 : 0;
  for (gsize i = 0; i < n; i++)
    {
      json_int_t id = json_integer_value (json_is_array (value) ? json_array_get (value, i) : value);
      if (id >= 0 && id < self->core->decoder.vocab)
        g_array_append_val (self->end_ids, (guint32) { (guint32) id });
    }
}

static gboolean
read_end_ids (DocaiModel *self, GError **error)
{
  self->end_ids = g_array_new (FALSE, FALSE, sizeof (guint32));
  static const char *const names[] = { "generation_config.json", "config.json" };
  for (guint i = 0; i < G_N_ELEMENTS (names) && self->end_ids->len == 0; i++)
    {
      g_autofree char *path = g_build_filename (self->dir, names[i], NULL);
      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      g_autoptr (DocaiModelConfig) config = docai_model_config_load (self->dir, names[i], error);
      if (config == NULL)
        return FALSE;
      add_end_ids (self, json_object_get (config->root, "eos_token_id"));
      add_end_ids (self, json_object_get (json_object_get (config->root, "text_config"), "eos_token_id"));
      add_end_ids (self, json_object_get (json_object_get (config->root, "decoder"), "eos_token_id"));
    }
  const char *token = docai_prompt_end_token (self->prompter);
  gint64 id = self->end_ids->len == 0 && token != NULL ? docai_tokenizer_lookup (self->tokenizer, token) : -1;
  if (id >= 0 && id < self->core->decoder.vocab)
    g_array_append_val (self->end_ids, (guint32) { (guint32) id });
  return TRUE;
}

static gboolean
open_parts (DocaiModel *self, const DocaiModelOptions *options, GError **error)
{
  static const DocaiWeightKind kinds[] = { DOCAI_WEIGHTS_AS_STORED, DOCAI_WEIGHTS_INT8, DOCAI_WEIGHTS_INT4 };
  if ((unsigned) options->weights >= G_N_ELEMENTS (kinds))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "there is no such kind of weights");
      return FALSE;
    }
  /* Everything small first: what a folder lacks is told before weights are read. */
  self->core = docai_core_new (self->dir, error);
  if (self->core == NULL)
    return FALSE;
  self->preprocessor = docai_preprocessor_load (self->dir, error);
  if (self->preprocessor == NULL)
    return FALSE;
  self->tokenizer = docai_tokenizer_load (self->dir, error);
  if (self->tokenizer == NULL)
    return FALSE;
  self->prompter = docai_prompter_load (self->dir, self->tokenizer, error);
  if (self->prompter == NULL)
    return FALSE;
  if (!read_end_ids (self, error) || !docai_core_load (self->core, self->dir, kinds[options->weights], error))
    return FALSE;
  self->run = docai_run_new (MAX (options->threads, 1));
  g_autofree char *print = docai_weights_fingerprint (self->core->weights);
  self->identity = g_strdup_printf ("%s %s %d", self->core->family->model_type, print, (int) options->weights);
  if (options->cache_bytes > 0 || options->cache_dir != NULL)
    self->cache = docai_feature_cache_new (options->cache_bytes, options->cache_dir, options->cache_dir_bytes);
  return TRUE;
}

DocaiModel *
docai_model_open (const char *dir, const DocaiModelOptions *options, GError **error)
{
  static const DocaiModelOptions defaults = DOCAI_MODEL_OPTIONS_INIT;
  g_autoptr (DocaiModel) self = g_new0 (DocaiModel, 1);
  self->dir = g_strdup (dir);
  return open_parts (self, options != NULL ? options : &defaults, error) ? g_steal_pointer (&self) : NULL;
}

void
docai_model_close (DocaiModel *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->end_ids, g_array_unref);
  docai_feature_cache_free (self->cache);
  g_clear_pointer (&self->trie, docai_token_trie_unref);
  docai_session_free (self->last);
  docai_prompter_free (self->prompter);
  g_clear_pointer (&self->tokenizer, docai_tokenizer_unref);
  docai_preprocessor_free (self->preprocessor);
  docai_run_free (self->run);
  docai_core_free (self->core);
  g_free (self->identity);
  g_free (self->dir);
  g_free (self);
}

DocaiModelTask
docai_model_task (const DocaiModel *self)
{
  static const DocaiModelTask tasks[] = {
    [DOCAI_TASK_GENERATE] = DOCAI_MODEL_GENERATES, [DOCAI_TASK_EMBED] = DOCAI_MODEL_EMBEDS, [DOCAI_TASK_DETECT] = DOCAI_MODEL_DETECTS,
  };
  return tasks[self->core->family->task];
}

const char *
docai_model_title (const DocaiModel *self)
{
  return self->core->family->title;
}

const char *
docai_model_type (const DocaiModel *self)
{
  return self->core->family->model_type;
}

int
docai_model_image_side (const DocaiModel *self)
{
  return docai_preprocessor_side (self->preprocessor);
}

int
docai_model_length (const DocaiModel *self)
{
  return self->core->decoder.max_length;
}

DocaiTokenizer *
docai_model_tokenizer (const DocaiModel *self)
{
  return self->tokenizer;
}

void
docai_model_answer_clear (DocaiModelAnswer *self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->ids, g_free);
}

gboolean
docai_model_demand (const DocaiModel *self, DocaiTask task, GError **error)
{
  static const char *const can[] = { "answers prompts", "gives vectors", "finds boxes" };
  if (self->core->family->task == task)
    return TRUE;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "%s only %s", self->core->family->title, can[self->core->family->task]);
  return FALSE;
}

/* What the choice of a token needs. */
typedef struct {
  DocaiSampler     *sampler;
  DocaiMatcher     *matcher; /* or NULL */
  DocaiTokenStream *stream;
  guint32          *mask;    /* or NULL */
  double            likelihood; /* logarithms of the probabilities of the n_likely tokens so far */
  int               n_likely;
  GArray           *ids;
  GString          *text;
} Writer;

static void
writer_clear (Writer *self)
{
  docai_sampler_free (self->sampler);
  docai_matcher_free (self->matcher);
  docai_token_stream_free (self->stream);
  g_free (self->mask);
  g_array_unref (self->ids);
  g_string_free (self->text, TRUE);
}

static gboolean
writer_init (Writer *self, DocaiModel *model, const DocaiRequest *request, int room, GError **error)
{
  guint32 vocab = (guint32) model->core->decoder.vocab;
  *self = (Writer) { .ids = g_array_new (FALSE, FALSE, sizeof (guint32)), .text = g_string_new (NULL),
                     .stream = docai_token_stream_new (model->tokenizer, TRUE) };
  self->sampler = docai_sampler_new (vocab, &request->sample, error);
  if (self->sampler == NULL)
    return FALSE;
  if (request->grammar != NULL)
    {
      if (model->trie == NULL)
        model->trie = docai_token_trie_new (model->tokenizer);
      self->matcher = docai_matcher_new (request->grammar, model->trie, (gsize) MIN (request->max_tokens, room),
                                         (const guint32 *) (gconstpointer) model->end_ids->data, model->end_ids->len);
    }
  if (request->grammar != NULL || request->restrict_tokens != NULL)
    self->mask = g_new (guint32, (vocab + 31) / 32);
  return TRUE;
}

static gboolean
is_end (const DocaiModel *self, guint32 id)
{
  for (guint i = 0; i < self->end_ids->len; i++)
    if (g_array_index (self->end_ids, guint32, i) == id)
      return TRUE;
  return FALSE;
}

/* Hands text on; FALSE when the receiver has enough. */
static gboolean
emit (Writer *self, const DocaiRequest *request, const char *piece)
{
  g_string_append (self->text, piece);
  return request->sink == NULL || *piece == '\0' || request->sink (request->sink_data, piece);
}

/* Adds the probability of the chosen token among those that the mask allows. */
static void
weigh (Writer *self, const float *logits, guint32 vocab, guint32 chosen)
{
  double sum = 0;
  for (guint32 i = 0; i < vocab; i++)
    if (self->mask == NULL || ((self->mask[i / 32] >> (i % 32)) & 1))
      sum += (double) expf (logits[i] - logits[chosen]);
  self->likelihood -= log (sum);
  self->n_likely++;
}

static gint64
choose (Writer *self, const DocaiModel *model, const DocaiRequest *request, const float *logits)
{
  guint32 vocab = (guint32) model->core->decoder.vocab;
  const guint32 *ids = (const guint32 *) (gconstpointer) self->ids->data;
  if (self->matcher != NULL)
    docai_matcher_mask (self->matcher, self->mask, vocab);
  else if (self->mask != NULL)
    memset (self->mask, 0xff, (vocab + 31) / 32 * sizeof (guint32));
  if (request->restrict_tokens != NULL)
    request->restrict_tokens (request->restrict_data, ids, self->ids->len, self->mask, vocab);
  gint64 chosen = docai_sampler_next (self->sampler, logits, self->mask, ids, self->ids->len);
  if (chosen >= 0)
    weigh (self, logits, vocab, (guint32) chosen);
  return chosen;
}

/* The likeliest of the request's choices and its probability among them. */
static guint32
take_choice (const DocaiRequest *request, const float *logits, DocaiModelAnswer *answer)
{
  const float scale = 1.0f / request->choice_temperature;
  double sum = 0;
  answer->choice = 0;
  for (int i = 1; i < request->n_choices; i++)
    if (logits[request->choices[i]] > logits[request->choices[answer->choice]])
      answer->choice = i;
  for (int i = 0; i < request->n_choices; i++)
    sum += exp ((double) ((logits[request->choices[i]] - logits[request->choices[answer->choice]]) * scale));
  answer->probability = 1 / sum;
  return request->choices[answer->choice];
}

/* Token after token until an end. */
static gboolean
write_answer (DocaiModel *self, const DocaiRequest *request, Writer *writer, DocaiSession *session, DocaiModelAnswer *answer, GError **error)
{
  gboolean going = TRUE;
  while (going && (int) writer->ids->len < request->max_tokens)
    {
      gboolean among = request->n_choices > 0 && writer->ids->len == 0;
      const float *logits = docai_session_logits (session);
      gint64 chosen = among ? take_choice (request, logits, answer) : choose (writer, self, request, logits);
      if (chosen < 0 && writer->matcher != NULL && !among && !docai_matcher_is_complete (writer->matcher))
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED, "the model's vocabulary cannot write what the schema demands");
          return FALSE;
        }
      if (chosen < 0 || is_end (self, (guint32) chosen))
        {
          answer->ended = TRUE;
          break;
        }
      guint32 id = (guint32) chosen;
      g_array_append_val (writer->ids, id);
      going = emit (writer, request, docai_token_stream_push (writer->stream, id));
      if (writer->matcher != NULL && !among)
        {
          docai_matcher_accept (writer->matcher, id);
          answer->ended = docai_matcher_is_finished (writer->matcher);
          going = going && !answer->ended;
        }
      going = going && docai_session_room (session) > 0;
      if (going && (int) writer->ids->len < request->max_tokens && !docai_session_step (session, id, error))
        return FALSE;
    }
  emit (writer, request, docai_token_stream_finish (writer->stream));
  answer->likelihood = writer->n_likely > 0 ? exp (writer->likelihood / writer->n_likely) : 0;
  return TRUE;
}

static double
milliseconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1000.0;
}

/* Prompt, features and first logits. */
static gboolean
read_prompt (DocaiModel *self, const DocaiRequest *request, DocaiPixels *pixels, DocaiSession *session, DocaiModelAnswer *answer, GError **error)
{
  g_autofree char *templated = request->templated ? g_strdup (request->text)
                                                  : docai_prompt_template (self->prompter, request->text, request->n_images, request->system, error);
  g_autoptr (DocaiPrompt) prompt = templated != NULL ? docai_prompt_encode (self->prompter, templated, pixels, error) : NULL;
  if (prompt == NULL)
    return FALSE;
  answer->prompt_tokens = prompt->length;
  for (int i = 0; i < prompt->length; i++)
    answer->image_tokens += prompt->is_image[i];
  if (prompt->length > docai_model_length (self) - MAX (request->least_room, 0))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "a prompt of %d tokens is too long for the model, which has %d",
                   prompt->length, docai_model_length (self));
      return FALSE;
    }
  DocaiFeatures features = { 0 };
  gint64 start = g_get_monotonic_time ();
  gboolean good = pixels == NULL || docai_model_encode (self, pixels, &features, answer, error);
  answer->vision_ms = milliseconds_since (start);
  start = g_get_monotonic_time ();
  good = good && docai_session_prompt (session, prompt->ids, prompt->length, prompt->is_image, pixels != NULL ? &features : NULL, pixels, error);
  answer->prompt_ms = milliseconds_since (start);
  answer->tokens_known = docai_session_known (session);
  if (good)
    docai_model_count_savings (self, pixels, answer);
  docai_features_clear (&features);
  return good;
}

static gboolean
check_choices (const DocaiModel *self, const DocaiRequest *request, GError **error)
{
  gboolean good = request->n_choices == 0 || (request->n_choices > 0 && request->choice_temperature > 0);
  for (int i = 0; good && i < request->n_choices; i++)
    good = request->choices[i] < (guint32) self->core->decoder.vocab;
  if (!good)
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "the choices of a request are no tokens of the model");
  return good;
}

/* The session of the answer before, for a new sequence, or a new session. */
static DocaiSession *
take_session (DocaiModel *self)
{
  if (self->last == NULL)
    return docai_session_new (self->core, self->run);
  docai_session_restart (self->last);
  return g_steal_pointer (&self->last);
}

gboolean
docai_model_generate (DocaiModel *self, const DocaiRequest *request, DocaiModelAnswer *answer, GError **error)
{
  *answer = (DocaiModelAnswer) { .choice = -1 };
  if (!docai_model_demand (self, DOCAI_TASK_GENERATE, error) || !check_choices (self, request, error))
    return FALSE;
  if (request->text == NULL || request->n_images < 0 || request->n_images > MAX_IMAGES || request->max_tokens < 1)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "a request needs text, at most %d images and room for an answer", MAX_IMAGES);
      return FALSE;
    }
  g_autoptr (DocaiPixels) pixels = NULL;
  if (request->n_images > 0)
    {
      pixels = docai_preprocess (self->preprocessor, request->images, request->n_images, request->preprocess, error);
      if (pixels == NULL)
        return FALSE;
    }
  g_autoptr (DocaiSession) session = take_session (self);
  if (!read_prompt (self, request, pixels, session, answer, error))
    return FALSE;
  Writer writer;
  gint64 start = g_get_monotonic_time ();
  gboolean good = writer_init (&writer, self, request, docai_session_room (session) + 1, error) && write_answer (self, request, &writer, session, answer, error);
  answer->decode_ms = milliseconds_since (start);
  if (good)
    {
      answer->n_ids = (int) writer.ids->len;
      answer->ids = g_memdup2 (writer.ids->data, MAX (writer.ids->len, 1) * sizeof (guint32));
      answer->text = g_strdup (writer.text->str);
    }
  writer_clear (&writer);
  if (good && !self->core->cross && docai_session_bytes (session) <= MOST_KEPT_BYTES)
    self->last = g_steal_pointer (&session);
  return good;
}
