/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Running a fixture folder.
 */
#include "model-check.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "models/language/generate.h"
#include "models/language/prompt.h"
#include "models/vision/load.h"

/* What the reference allows. */
#define MAX_RELATIVE 1e-3
#define MAX_PIXEL_MEAN (2.0 / 255.0)
#define MAX_CASES 1000

typedef struct {
  char              *dir;
  DocaiCore         *core;
  DocaiRun          *run;
  DocaiPreprocessor *preprocessor;
  DocaiTokenizer    *tokenizer;
  DocaiPrompter     *prompter;
} Check;

/* One case while it runs. */
typedef struct {
  const Check     *check;
  json_t          *fields;  /* of case.json */
  DocaiCheckpoint *golden;
  GHashTable      *traced;  /* name to GArray of float */
  DocaiPixels     *pixels;  /* layout from our own preprocessing, values from the reference */
  json_t          *tensors; /* name to relative difference */
  json_t          *report;
  gboolean         pass;
} Case;

static void
fail (Case *self, const char *key, json_t *value)
{
  self->pass = FALSE;
  json_object_set_new (self->report, key, value);
}

/* Tensors of one name from several units follow each other. */
static void
on_trace (void *data, const char *name, const float *values, gsize count)
{
  Case *self = data;
  GArray *kept = g_hash_table_lookup (self->traced, name);
  if (kept == NULL)
    {
      kept = g_array_new (FALSE, FALSE, sizeof (float));
      g_hash_table_insert (self->traced, g_strdup (name), kept);
    }
  g_array_append_vals (kept, values, (guint) count);
}

/* Floats of a reference tensor; NULL when it has another type or no alignment. */
static const float *
golden_floats (const DocaiTensor *tensor)
{
  return tensor->element == DOCAI_ELEMENT_F32 && (gsize) tensor->data % sizeof (float) == 0 ? tensor->data : NULL;
}

/* Largest difference over the largest magnitude of the reference. Infinities must agree. With
 * `padded`, our NaN mark rows without meaning. */
static double
relative_difference (const float *ours, const float *theirs, gint64 n, gboolean padded)
{
  double worst = 0, largest = 0;
  for (gint64 i = 0; i < n; i++)
    {
      if ((isinf (theirs[i]) && ours[i] == theirs[i]) || (padded && isnan (ours[i])))
        continue;
      double difference = fabs ((double) ours[i] - theirs[i]);
      if (isnan (difference))
        return INFINITY;
      worst = MAX (worst, difference);
      largest = MAX (largest, fabs (theirs[i]));
    }
  return largest > 0 ? worst / largest : worst;
}

static void
compare (Case *self, const char *name, const float *ours, gsize n)
{
  const DocaiTensor *tensor = docai_checkpoint_lookup (self->golden, name);
  const float *theirs = tensor != NULL ? golden_floats (tensor) : NULL;
  if (theirs == NULL)
    return;
  if (tensor->count != (gint64) n)
    {
      json_object_set_new (self->tensors, name, json_sprintf ("%zu elements instead of %lld", (size_t) n, (long long) tensor->count));
      self->pass = FALSE;
      return;
    }
  gboolean padded = docai_checkpoint_lookup (self->golden, "pixel_attention_mask") != NULL
                    && (strcmp (name, "vision_last_hidden") == 0 || strcmp (name, "modality_projection") == 0);
  double difference = relative_difference (ours, theirs, tensor->count, padded);
  json_object_set_new (self->tensors, name, isfinite (difference) ? json_real (difference) : json_string ("not finite"));
  if (!(difference <= MAX_RELATIVE))
    self->pass = FALSE;
}

static void
compare_traced (Case *self)
{
  GHashTableIter iter;
  gpointer name, value;
  g_hash_table_iter_init (&iter, self->traced);
  while (g_hash_table_iter_next (&iter, &name, &value))
    compare (self, name, (const float *) (gconstpointer) ((GArray *) value)->data, ((GArray *) value)->len);
}

/* Every reference tensor must have been looked at; the pixels are by preprocessing. */
static void
find_missing (Case *self)
{
  for (guint i = 0; i < docai_checkpoint_count (self->golden); i++)
    {
      const char *name = docai_checkpoint_peek (self->golden, i)->name;
      gboolean pixels = g_str_has_prefix (name, "pixel_") || strcmp (name, "flattened_patches") == 0;
      if (!pixels && json_object_get (self->tensors, name) == NULL)
        {
          json_object_set_new (self->tensors, name, json_string ("not computed"));
          self->pass = FALSE;
        }
    }
}

/* The images of a case, decoded. Empty for text only. */
static GPtrArray *
load_images (Case *self, GError **error)
{
  json_t *names = json_object_get (self->fields, "image");
  g_autoptr (GPtrArray) images = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_image_free);
  gsize n = json_is_array (names) ? json_array_size (names) : json_is_string (names) ? 1 : 0;
  for (gsize i = 0; i < n; i++)
    {
      const char *name = json_string_value (json_is_array (names) ? json_array_get (names, i) : names);
      g_autofree char *path = name != NULL ? g_build_filename (self->check->dir, name, NULL) : g_strdup ("");
      DocaiImage *image = docai_image_load (path, error);
      if (image == NULL)
        return NULL;
      g_ptr_array_add (images, image);
    }
  return g_steal_pointer (&images);
}

static DocaiPreprocessOptions
case_options (const Case *self)
{
  DocaiPreprocessOptions options = DOCAI_PREPROCESS_OPTIONS_INIT;
  json_t *extra = json_object_get (self->fields, "processor_kwargs");
  json_t *splitting = json_object_get (extra, "do_image_splitting"), *patches = json_object_get (extra, "max_patches");
  if (json_is_boolean (splitting))
    options.splitting = json_is_true (splitting);
  if (json_is_integer (patches))
    options.max_patches = (int) CLAMP (json_integer_value (patches), 1, 1 << 20);
  return options;
}

/* Compares our pixels with the reference's, which then take their place. */
static gboolean
take_pixels (Case *self, GError **error)
{
  const DocaiTensor *tensor = docai_checkpoint_lookup (self->golden, "pixel_values");
  if (tensor == NULL)
    tensor = docai_checkpoint_lookup (self->golden, "flattened_patches");
  if (tensor == NULL)
    return TRUE;
  g_autoptr (GPtrArray) images = load_images (self, error);
  if (images == NULL)
    return FALSE;
  DocaiPreprocessOptions options = case_options (self);
  self->pixels = docai_preprocess (self->check->preprocessor, (const DocaiImage *const *) images->pdata, (int) images->len, &options, error);
  if (self->pixels == NULL)
    return FALSE;
  const float *theirs = golden_floats (tensor);
  gint64 count = 1;
  for (int i = 0; i < self->pixels->n_dims; i++)
    count *= self->pixels->dims[i];
  gboolean same = theirs != NULL && tensor->n_dims == self->pixels->n_dims
                  && memcmp (tensor->dims, self->pixels->dims, (gsize) tensor->n_dims * sizeof (gint64)) == 0;
  if (!same)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "our pixels have another shape than the reference's");
      return FALSE;
    }
  double sum = 0;
  for (gint64 i = 0; i < count; i++)
    sum += fabs ((double) self->pixels->values[i] - theirs[i]);
  json_object_set_new (self->report, "pixel_mean_abs_diff", json_real (sum / (double) count));
  if (!(sum / (double) count <= MAX_PIXEL_MEAN))
    self->pass = FALSE;
  memcpy (self->pixels->values, theirs, (gsize) count * sizeof (float));
  return TRUE;
}

/* Ids of a JSON list, appended. FALSE when it is none. */
static gboolean
read_ids (const json_t *list, GArray *ids)
{
  gsize i;
  json_t *value;
  if (!json_is_array (list))
    return FALSE;
  json_array_foreach ((json_t *) list, i, value)
    {
      guint32 id = (guint32) json_integer_value (value);
      if (!json_is_integer (value) || json_integer_value (value) < 0 || json_integer_value (value) > G_MAXINT32)
        return FALSE;
      g_array_append_val (ids, id);
    }
  return TRUE;
}

static guint8 *
mark_images (const DocaiCore *core, const GArray *ids)
{
  const guint32 *values = (const guint32 *) (gconstpointer) ids->data;
  guint8 *marks = g_new0 (guint8, MAX (ids->len, 1));
  if (core->family->mark_images != NULL)
    core->family->mark_images (core, values, (int) ids->len, marks);
  else
    for (guint i = 0; i < ids->len; i++)
      marks[i] = core->image_token >= 0 && values[i] == (guint32) core->image_token;
  return marks;
}

static void
note_agreement (Case *self, const char *key, gboolean agree)
{
  json_object_set_new (self->report, key, json_boolean (agree));
  self->pass = self->pass && agree;
}

/* Our template, ids and text against the reference's. */
static gboolean
compare_prompt (Case *self, const GArray *ids, GError **error)
{
  const Check *check = self->check;
  const char *prompt = json_string_value (json_object_get (self->fields, "prompt"));
  const char *templated = json_string_value (json_object_get (self->fields, "templated_prompt"));
  if (prompt == NULL || templated == NULL)
    return TRUE;
  int n_images = self->pixels != NULL ? self->pixels->n_images : 0;
  g_autofree char *ours = docai_prompt_template (check->prompter, prompt, n_images, NULL, error);
  if (ours == NULL)
    return FALSE;
  note_agreement (self, "template_agrees", strcmp (ours, templated) == 0);
  g_autoptr (DocaiPrompt) encoded = docai_prompt_encode (check->prompter, templated, self->pixels, error);
  if (encoded == NULL)
    return FALSE;
  gboolean agree = (guint) encoded->length == ids->len && memcmp (encoded->ids, ids->data, ids->len * sizeof (guint32)) == 0;
  note_agreement (self, "ids_agree", agree);
  g_autofree guint8 *marks = agree && !check->core->cross ? mark_images (check->core, ids) : NULL;
  if (marks != NULL && self->pixels != NULL)
    note_agreement (self, "image_positions_agree", memcmp (marks, encoded->is_image, ids->len) == 0);
  return TRUE;
}

static void
compare_text (Case *self, const GArray *wanted)
{
  const char *text = json_string_value (json_object_get (self->fields, "greedy_text"));
  if (text == NULL)
    return;
  g_autofree char *ours = docai_tokenizer_decode (self->check->tokenizer, (const guint32 *) (gconstpointer) wanted->data, wanted->len, TRUE);
  note_agreement (self, "text_agrees", strcmp (ours, text) == 0);
}

/* Arg-max tokens after the prompt against those of the reference. */
static gboolean
compare_tokens (Case *self, DocaiSession *session, GError **error)
{
  g_autoptr (GArray) wanted = g_array_new (FALSE, FALSE, sizeof (guint32));
  if (!read_ids (json_object_get (self->fields, "greedy_token_ids"), wanted))
    return TRUE;
  gsize vocab = (gsize) self->check->core->decoder.vocab;
  json_t *found = json_array ();
  guint agreeing = 0;
  compare (self, "logits_last", docai_session_logits (session), vocab);
  gboolean good = TRUE;
  for (guint i = 0; good && i < wanted->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("logits_step_%u", i);
      compare (self, name, docai_session_logits (session), vocab);
      guint32 id = docai_session_greedy (session);
      json_array_append_new (found, json_integer (id));
      agreeing += id == g_array_index (wanted, guint32, i);
      if (i + 1 < wanted->len)
        good = docai_session_step (session, id, error);
    }
  json_object_set_new (self->report, "tokens_agree", json_boolean (agreeing == wanted->len));
  compare_text (self, wanted);
  if (agreeing != wanted->len)
    fail (self, "tokens", found);
  else
    json_decref (found);
  return good;
}

static gboolean
run_generation (Case *self, GError **error)
{
  const Check *check = self->check;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32));
  if (!read_ids (json_object_get (self->fields, "input_ids"), ids))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "case.json: a case has no \"input_ids\"");
      return FALSE;
    }
  DocaiFeatures features = { 0 };
  if (!compare_prompt (self, ids, error))
    return FALSE;
  if (self->pixels != NULL && !docai_core_encode (check->core, check->run, self->pixels, &features, error))
    return FALSE;
  g_autofree guint8 *marks = mark_images (check->core, ids);
  g_autoptr (DocaiSession) session = docai_session_new (check->core, check->run);
  gboolean good = docai_session_prompt (session, (const guint32 *) (gconstpointer) ids->data, (int) ids->len, marks,
                                        self->pixels != NULL ? &features : NULL, self->pixels, error);
  docai_features_clear (&features);
  return good && compare_tokens (self, session, error);
}

static void
normalise (float *x, int n)
{
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += (double) x[i] * x[i];
  for (int i = 0; i < n; i++)
    x[i] = (float) (x[i] / sqrt (sum));
}

/* Texts of a case as vectors [n, width]; -1 with an error. */
static int
embed_texts (Case *self, GArray *vectors, GError **error)
{
  const Check *check = self->check;
  json_t *lists = json_object_get (self->fields, "input_ids"), *masks = json_object_get (self->fields, "attention_mask");
  int n = (int) json_array_size (lists), width = check->core->embed_width;
  for (int i = 0; i < n; i++)
    {
      g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32)), mask = g_array_new (FALSE, FALSE, sizeof (guint32));
      gboolean good = read_ids (json_array_get (lists, (size_t) i), ids) && ids->len >= 1 && (int) ids->len <= check->core->text.max_length;
      if (masks != NULL)
        good = good && read_ids (json_array_get (masks, (size_t) i), mask) && mask->len == ids->len;
      for (guint k = 0; good && k < ids->len; k++)
        good = g_array_index (ids, guint32, k) < (guint32) check->core->text.vocab;
      if (!good)
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "case.json: ids of a text do not fit the model");
          return -1;
        }
      g_autofree guint8 *bytes = masks != NULL ? g_new (guint8, ids->len) : NULL;
      for (guint k = 0; bytes != NULL && k < ids->len; k++)
        bytes[k] = g_array_index (mask, guint32, k) != 0;
      g_autofree float *vector = g_new (float, width);
      if (!check->core->family->embed_text (check->core, check->run, (const guint32 *) (gconstpointer) ids->data, bytes, (int) ids->len, vector, error))
        return -1;
      normalise (vector, width);
      g_array_append_vals (vectors, vector, (guint) width);
    }
  return n;
}

/* Our ids of the texts against the reference's. */
static gboolean
compare_texts (Case *self, GError **error)
{
  json_t *texts = json_object_get (self->fields, "texts"), *lists = json_object_get (self->fields, "input_ids");
  int n = (int) json_array_size (texts);
  g_autofree const char **strings = g_new0 (const char *, n + 1);
  for (int i = 0; i < n; i++)
    if ((strings[i] = json_string_value (json_array_get (texts, (size_t) i))) == NULL)
      return TRUE;
  if (n == 0)
    return TRUE;
  g_autoptr (DocaiTextBatch) batch = docai_prompt_encode_texts (self->check->prompter, strings, n, error);
  if (batch == NULL)
    return FALSE;
  gboolean agree = json_array_size (lists) == (size_t) n;
  for (int i = 0; agree && i < n; i++)
    {
      g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32));
      agree = read_ids (json_array_get (lists, (size_t) i), ids) && (int) ids->len == batch->length
              && memcmp (ids->data, batch->ids + (gsize) i * ids->len, ids->len * sizeof (guint32)) == 0;
    }
  note_agreement (self, "ids_agree", agree);
  return TRUE;
}

static gboolean
run_embedding (Case *self, GError **error)
{
  const Check *check = self->check;
  const DocaiCore *core = check->core;
  int width = core->embed_width;
  g_autoptr (GArray) texts = g_array_new (FALSE, FALSE, sizeof (float));
  g_autofree float *image = g_new (float, width);
  int n = embed_texts (self, texts, error);
  if (n < 0 || self->pixels == NULL || !core->family->embed_image (core, check->run, self->pixels, 0, image, error))
    return FALSE;
  normalise (image, width);
  compare (self, "image_embeds", image, (gsize) width);
  compare (self, "text_embeds", (const float *) (gconstpointer) texts->data, texts->len);
  g_autofree float *logits = g_new (float, MAX (n, 1));
  int best = 0;
  for (int i = 0; i < n; i++)
    {
      float dot = 0;
      for (int k = 0; k < width; k++)
        dot += image[k] * g_array_index (texts, float, i * width + k);
      logits[i] = dot * core->logit_scale + core->logit_bias;
      best = logits[i] > logits[best] ? i : best;
    }
  compare (self, "logits_per_image", logits, (gsize) n);
  const json_t *wanted = json_array_get (json_object_get (self->fields, "best_text"), 0);
  note_agreement (self, "best_text_agrees", !json_is_integer (wanted) || json_integer_value (wanted) == best);
  return compare_texts (self, error);
}

/* Our boxes, scores and labels against the reference's. */
static void
compare_found (Case *self, const GArray *found)
{
  json_t *scores = json_object_get (self->fields, "scores"), *boxes = json_object_get (self->fields, "boxes_xyxy");
  json_t *labels = json_object_get (self->fields, "text_labels");
  gboolean agree = json_array_size (scores) == found->len && json_array_size (boxes) == found->len && json_array_size (labels) == found->len;
  double edge = 1;
  for (int i = 0; i < 2; i++)
    edge = MAX (edge, json_number_value (json_array_get (json_object_get (self->fields, "target_size_hw"), (size_t) i)));
  for (guint i = 0; agree && i < found->len; i++)
    {
      const DocaiDetection *one = &g_array_index (found, DocaiDetection, i);
      agree = fabs (one->score - json_number_value (json_array_get (scores, i))) <= MAX_RELATIVE
              && g_strcmp0 (one->label, json_string_value (json_array_get (labels, i))) == 0;
      for (size_t k = 0; k < 4; k++)
        agree = agree && fabs (one->box[k] - json_number_value (json_array_get (json_array_get (boxes, i), k))) <= MAX_RELATIVE * edge;
    }
  note_agreement (self, "boxes_agree", agree);
}

/* Whether the tensor traced by this name agrees with the reference, as far as there is one. */
static gboolean
traced_agrees (const Case *self, const char *name)
{
  const DocaiTensor *tensor = docai_checkpoint_lookup (self->golden, name);
  const GArray *ours = g_hash_table_lookup (self->traced, name);
  const float *theirs = tensor != NULL ? golden_floats (tensor) : NULL;
  return theirs == NULL || (ours != NULL && tensor->count == (gint64) ours->len
                            && relative_difference ((const float *) (gconstpointer) ours->data, theirs, tensor->count, FALSE) <= MAX_RELATIVE);
}

/* As the model was trained, or, where the reference's text says otherwise, as its library reads it. */
static gboolean
detect (Case *self, const GArray *ids, DocaiProposals *proposals, GError **error)
{
  static const char *const names[] = { [DOCAI_READ_AS_TRAINED] = "as_trained", [DOCAI_READ_AS_REFERENCE] = "as_reference",
                                       [DOCAI_READ_AS_EXACT_REFERENCE] = "as_exact_reference" };
  const Check *check = self->check;
  for (int reading = DOCAI_READ_AS_TRAINED; reading < DOCAI_READINGS; reading++)
    {
      docai_proposals_clear (proposals);
      g_hash_table_remove_all (self->traced);
      if (!check->core->family->detect (check->core, check->run, self->pixels, (const guint32 *) (gconstpointer) ids->data, (int) ids->len,
                                        (DocaiReading) reading, proposals, error))
        return FALSE;
      json_object_set_new (self->report, "text_read", json_string (names[reading]));
      if (traced_agrees (self, "encoder_text"))
        break;
    }
  return TRUE;
}

static gboolean
run_detection (Case *self, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32));
  json_t *size = json_object_get (self->fields, "target_size_hw");
  DocaiProposals proposals = { 0 };
  if (!read_ids (json_object_get (self->fields, "input_ids"), ids) || self->pixels == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "case.json: a case has no \"input_ids\" or no image");
      return FALSE;
    }
  gboolean good = compare_prompt (self, ids, error) && detect (self, ids, &proposals, error);
  if (good && json_array_size (size) == 2)
    {
      g_autoptr (GArray) found = docai_proposals_choose (&proposals, self->check->tokenizer, (const guint32 *) (gconstpointer) ids->data, (int) ids->len,
                                                         json_number_value (json_object_get (self->fields, "threshold")),
                                                         json_number_value (json_object_get (self->fields, "text_threshold")),
                                                         json_number_value (json_array_get (size, 1)), json_number_value (json_array_get (size, 0)));
      compare_found (self, found);
    }
  docai_proposals_clear (&proposals);
  return good;
}

static gboolean
run_case (Case *self, GError **error)
{
  const char *name = json_string_value (json_object_get (self->fields, "name"));
  if (name == NULL || strchr (name, '/') != NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "case.json: a case has no usable name");
      return FALSE;
    }
  json_object_set_new (self->report, "name", json_string (name));
  g_autofree char *file = g_strdup_printf ("golden_%s.safetensors", name), *path = g_build_filename (self->check->dir, file, NULL);
  self->golden = docai_checkpoint_open_file (path, error);
  if (self->golden == NULL || !take_pixels (self, error))
    return FALSE;
  static gboolean (*const run[]) (Case *, GError **) = {
    [DOCAI_TASK_GENERATE] = run_generation, [DOCAI_TASK_EMBED] = run_embedding, [DOCAI_TASK_DETECT] = run_detection,
  };
  gboolean good = run[self->check->core->family->task](self, error);
  if (!good)
    return FALSE;
  compare_traced (self);
  find_missing (self);
  return TRUE;
}

static void
free_floats (gpointer data)
{
  g_array_unref (data);
}

/* Runs one case and adds its report. */
static gboolean
check_case (const Check *check, json_t *fields, json_t *reports)
{
  Case self = { .check = check, .fields = fields, .pass = TRUE, .report = json_object (), .tensors = json_object () };
  g_autoptr (GError) error = NULL;
  self.traced = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_floats);
  check->run->trace = on_trace;
  check->run->trace_data = &self;
  if (!run_case (&self, &error))
    fail (&self, "error", json_string (error->message));
  check->run->trace = NULL;
  json_object_set_new (self.report, "tensors", self.tensors);
  json_object_set_new (self.report, "pass", json_boolean (self.pass));
  json_array_append_new (reports, self.report);
  g_hash_table_unref (self.traced);
  docai_checkpoint_free (self.golden);
  docai_pixels_free (self.pixels);
  return self.pass;
}

static gboolean
open_parts (Check *self, const char *dir, DocaiWeightKind kind, int n_threads, GError **error)
{
  self->dir = g_strdup (dir);
  self->core = docai_core_open (dir, kind, error);
  if (self->core == NULL)
    return FALSE;
  self->run = docai_run_new (n_threads);
  self->preprocessor = docai_preprocessor_load (dir, error);
  if (self->preprocessor == NULL)
    return FALSE;
  self->tokenizer = docai_tokenizer_load (dir, error);
  if (self->tokenizer == NULL)
    return FALSE;
  self->prompter = docai_prompter_load (dir, self->tokenizer, error);
  return self->prompter != NULL;
}

static void
close_parts (Check *self)
{
  docai_prompter_free (self->prompter);
  g_clear_pointer (&self->tokenizer, docai_tokenizer_unref);
  docai_preprocessor_free (self->preprocessor);
  docai_run_free (self->run);
  docai_core_free (self->core);
  g_free (self->dir);
}

static gboolean
is_wanted (const json_t *fields, const char *const *only)
{
  const char *name = json_string_value (json_object_get (fields, "name"));
  return only == NULL || (name != NULL && g_strv_contains (only, name));
}

gboolean
docai_model_check (const char *dir, DocaiWeightKind kind, int n_threads, const char *const *only, json_t **report, gboolean *pass, GError **error)
{
  Check self = { 0 };
  json_error_t where;
  g_autofree char *path = g_build_filename (dir, "case.json", NULL);
  gboolean good = open_parts (&self, dir, kind, n_threads, error);
  json_t *cases = good ? json_load_file (path, 0, &where) : NULL;
  if (good && (!json_is_array (cases) || json_array_size (cases) > MAX_CASES))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "%s: %s", path, cases == NULL ? where.text : "not a list of cases");
      good = FALSE;
    }
  if (good)
    {
      json_t *reports = json_array (), *fields;
      gsize i;
      *pass = TRUE;
      json_array_foreach (cases, i, fields)
        if (is_wanted (fields, only))
          *pass = check_case (&self, fields, reports) && *pass;
      *pass = *pass && json_array_size (reports) > 0;
      *report = json_pack ("{s:s, s:b, s:o}", "model_type", self.core->family->model_type, "pass", *pass, "cases", reports);
    }
  json_decref (cases);
  close_parts (&self);
  return good;
}
