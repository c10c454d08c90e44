/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The understand stage: the vision-language pass over the whole document with
 * everything extracted as its context. It writes a summary, answers the job's
 * questions and fills the job's schema, with pictures of the pages that matter.
 * Without a model that can, the questions are looked up (questions.h).
 * Each answer is looked for among the words of the pages; the verdict and the
 * places go into the output. What a model points at is a place too; it bears out
 * nothing by itself.
 */
#include "pipeline/ask/ask.h"
#include "pipeline/vlm/ground.h"
#include "pipeline/vlm/learnt.h"
#include "pipeline/vlm/pages.h"
#include "pipeline/vlm/pointing.h"
#include "pipeline/vlm/questions.h"
#include "pipeline/vlm/schema.h"
#include "pipeline/vlm/session.h"

#include <stdlib.h>
#include <string.h>

#define CONTEXT_BYTES 24000
#define SUMMARY_TOKENS 300
#define ANSWER_TOKENS 300
#define SCHEMA_TOKENS 2000
#define MAX_DEPTH 8

static const char system_text[]
    = "You read documents. The text of a document follows, with pictures of some of its pages. Use "
      "only what they say; when they do not say, answer that it is not stated.";

static const char summary_schema[]
    = "{\"type\":\"object\",\"properties\":{\"summary\":{\"type\":\"string\"}},"
      "\"required\":[\"summary\"],\"additionalProperties\":false}";

static const char answer_schema[]
    = "{\"type\":\"object\",\"properties\":{\"stated\":{\"type\":\"boolean\"},"
      "\"answer\":{\"type\":\"string\"},\"quote\":{\"type\":\"string\"},"
      "\"page\":{\"type\":\"integer\",\"minimum\":0},"
      "\"confidence\":{\"type\":\"number\",\"minimum\":0}},"
      "\"required\":[\"stated\",\"answer\",\"quote\",\"page\",\"confidence\"],"
      "\"additionalProperties\":false}";

/* The answer's schema; a model that writes boxes is asked for one. */
static char *
answer_schema_of (const DocaiVlmBackend *backend)
{
  json_t     *schema = json_loads (answer_schema, 0, NULL);
  const char *box = "{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"array\",\"items\":{\"type\":\"number\",\"minimum\":0},"
                    "\"minItems\":4,\"maxItems\":4}]}";

  if (backend->boxes != DOCAI_VLM_BOXES_NONE)
    {
      json_object_set_new (json_object_get (schema, "properties"), "bbox_2d", json_loads (box, 0, NULL));
      json_array_append_new (json_object_get (schema, "required"), json_string ("bbox_2d"));
    }
  char *raw = json_dumps (schema, JSON_COMPACT);
  char *text = g_strdup (raw);
  free (raw);
  json_decref (schema);
  return text;
}

/* Bytes of text that a model takes: two a token, with half of its length left for images, question and answer. */
static gsize
context_bytes (const DocaiVlmBackend *backend)
{
  return backend->context_tokens > 0 ? MIN (CONTEXT_BYTES, (gsize) backend->context_tokens) : CONTEXT_BYTES;
}

/* What the requests of a document share. */
typedef struct {
  const DocaiTask *task;
  DocaiVlmBackend *backend;
  DocaiDocument   *document;
  DocaiWordIndex  *index;
  GPtrArray       *words; /* of the pages */
} Asking;

/* A request with the text and, when `shown`, the pictures of the pages that have to do with `about`. */
static DocaiVlmRequest *
new_request (const Asking *asking, const char *prompt, const char *about, gboolean shown, const char *schema, int max_tokens)
{
  const DocaiVlmSettings *settings = &asking->task->settings->vlm;
  g_autofree double      *scores = docai_vlm_pages_score (asking->document, asking->words, about);
  DocaiVlmRequest        *request = docai_vlm_request_new (system_text, prompt, max_tokens);

  request->context = docai_vlm_pages_text (asking->document, scores, context_bytes (asking->backend));
  request->schema = g_strdup (schema);
  if (shown)
    docai_vlm_pages_show (asking->task, asking->document, scores, settings->page_images, asking->backend->image_side,
                          settings->layout_guide, request);
  return request;
}

/* ---- summary and questions ------------------------------------------------------ */

static void
take_summary (const Asking *asking, const DocaiVlmRequest *request)
{
  DocaiDocument *document = asking->document;
  g_autoptr (GPtrArray) missing = g_ptr_array_new_with_free_func (g_free);
  json_t     *answer = docai_vlm_take_object (request, document, 0);
  const char *text = json_string_value (json_object_get (answer, "summary"));

  if (text != NULL)
    {
      document->summary = docai_summary_new ();
      document->summary->text = g_strdup (text);
      document->summary->model = g_strdup (asking->backend->model);
      document->summary->grounded = docai_ground_sentence (asking->index, text, NULL, missing);
      docai_vlm_warn_missing (document, 0, "summary", missing);
    }
  json_decref (answer);
}

/* The answer itself must stand in the document, or else every name and number in it. */
static gboolean
is_borne_out (const Asking *asking, const char *answer, const char *quote, GPtrArray *evidence)
{
  g_autoptr (GPtrArray) missing = g_ptr_array_new_with_free_func (g_free);

  if (docai_ground_phrase (asking->index, answer, evidence))
    return TRUE;
  gboolean grounded = docai_ground_sentence (asking->index, answer, evidence, missing)
                      && (evidence->len > 0 || (quote != NULL && docai_ground_phrase (asking->index, quote, evidence)));
  docai_vlm_warn_missing (asking->document, 0, "answer", missing);
  if (!grounded && missing->len == 0)
    docai_document_warn (asking->document, "ungrounded", 0, "answer: \"%s\" does not stand on any page", answer);
  return grounded;
}

/* What the model points at, in its words or the answer's, then where the answer's words stand. */
static void
find_evidence (const Asking *asking, const DocaiVlmRequest *request, DocaiAnswer *answer, int page, const char *quote)
{
  g_autofree char *rest = docai_vlm_take_places (asking->backend, request, request->answer, page, answer->evidence);

  for (guint i = 0; i < answer->evidence->len; i++)
    {
      DocaiEvidence *evidence = answer->evidence->pdata[i];
      if (evidence->text != NULL && *evidence->text != '\0')
        continue;
      g_free (evidence->text);
      evidence->text = g_strdup (answer->answer);
    }
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  answer->grounded = is_borne_out (asking, answer->answer, quote, words);
  for (guint i = 0; i < words->len; i++)
    g_ptr_array_add (answer->evidence, words->pdata[i]);
}

/* A server that is away or talks nonsense answers nothing; what the pages say can still be looked up. */
static DocaiAnswer *
look_up (const DocaiDocument *document, const char *question)
{
  g_autoptr (DocaiAsk) ask = docai_ask_new (document);

  return docai_ask_answer (ask, question, DOCAI_ASK_ANY);
}

/* An answer that the model itself says is not stated is passed on as it said it, and not grounded. */
static void
take_answer (const Asking *asking, const DocaiVlmRequest *request, const char *question)
{
  json_t     *json = docai_vlm_take_object (request, asking->document, 0);
  const char *text = json_string_value (json_object_get (json, "answer"));

  if (text == NULL)
    g_ptr_array_add (asking->document->answers, look_up (asking->document, question));
  else
    {
      DocaiAnswer *answer = docai_answer_new (question), *marks = docai_answer_new (NULL);
      int          page = (int) json_integer_value (json_object_get (json, "page"));
      const json_t *confidence = json_object_get (json, "confidence");
      g_autofree char *plain = docai_vlm_take_places (asking->backend, request, text, page, marks->evidence);
      gboolean     stated = json_is_true (json_object_get (json, "stated")) && *plain != '\0';
      answer->answer = g_strdup (*plain != '\0' ? plain : DOCAI_NOT_STATED);
      answer->confidence = json_is_number (confidence) ? json_number_value (confidence) : request->likelihood;
      if (stated)
        find_evidence (asking, request, answer, page, json_string_value (json_object_get (json, "quote")));
      g_ptr_array_add (asking->document->answers, answer);
      docai_answer_free (marks);
    }
  json_decref (json);
}

/* ---- schemas ----------------------------------------------------------------------- */

/* Fields out of an answer. */
typedef struct {
  const Asking          *asking;
  const DocaiVlmRequest *request;
} Filling;

static void add_object (const Filling *filling, GPtrArray *fields, const char *prefix, const json_t *object, int depth);

static char *
scalar_text (const json_t *value)
{
  if (json_is_string (value))
    return g_strdup (json_string_value (value));
  if (json_is_boolean (value))
    return g_strdup (json_is_true (value) ? "true" : "false");
  if (json_is_integer (value))
    return g_strdup_printf ("%" JSON_INTEGER_FORMAT, json_integer_value (value));
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strdup (g_ascii_formatd (text, sizeof text, "%.12g", json_number_value (value)));
}

/* A value that stands nowhere keeps the place that the model points at, and is not grounded. */
static DocaiField *
new_grounded_field (const Filling *filling, const char *name, const json_t *value)
{
  const Asking    *asking = filling->asking;
  g_autofree char *said = scalar_text (value);
  DocaiAnswer     *words = docai_answer_new (NULL), *marks = docai_answer_new (NULL); /* own the evidence found */
  g_autofree char *text = docai_vlm_take_places (asking->backend, filling->request, said, 0, marks->evidence);
  DocaiFieldKind   kind = json_is_number (value) ? DOCAI_KIND_AMOUNT : DOCAI_KIND_STRING;
  DocaiField      *field = docai_field_new (name, kind, text, NULL);

  field->grounded = docai_ground_phrase (asking->index, text, words->evidence);
  if (field->grounded || marks->evidence->len > 0)
    {
      const DocaiEvidence *first = (field->grounded ? words : marks)->evidence->pdata[0];
      field->content = field->grounded ? g_strdup (first->text) : NULL;
      field->page = first->page;
      field->bbox = first->bbox;
      field->confidence = field->grounded ? 0.9 : 0;
    }
  if (!field->grounded)
    docai_document_warn (asking->document, "ungrounded", 0, "field %s: \"%s\" does not stand on any page", name, text);
  docai_answer_free (words);
  docai_answer_free (marks);
  return field;
}

static void
add_list (const Filling *filling, GPtrArray *fields, const char *name, const json_t *array, int depth)
{
  DocaiField *list = docai_field_new (name, DOCAI_KIND_STRING, NULL, NULL);
  size_t      i;
  json_t     *element;

  json_array_foreach (array, i, element)
    {
      DocaiItem *item = docai_item_new ();
      if (json_is_object (element))
        add_object (filling, item->fields, NULL, element, depth + 1);
      else if (!json_is_array (element) && !json_is_null (element))
        g_ptr_array_add (item->fields, new_grounded_field (filling, "Value", element));
      g_ptr_array_add (list->items, item);
    }
  if (list->items->len > 0)
    g_ptr_array_add (fields, list);
  else
    docai_field_free (list);
}

/* Adds each member as a field; members of inner objects as "outer.inner". */
static void
add_object (const Filling *filling, GPtrArray *fields, const char *prefix, const json_t *object, int depth)
{
  const char *key;
  json_t     *value;

  if (depth > MAX_DEPTH)
    return;
  json_object_foreach ((json_t *) object, key, value)
    {
      g_autofree char *name = prefix != NULL ? g_strdup_printf ("%s.%s", prefix, key) : g_strdup (key);
      DocaiField      *known = docai_fields_lookup (fields, name);
      if (*name == '\0' || json_is_null (value))
        continue;
      if (known != NULL)
        g_ptr_array_remove (fields, known);
      if (json_is_object (value))
        add_object (filling, fields, name, value, depth + 1);
      else if (json_is_array (value))
        add_list (filling, fields, name, value, depth);
      else
        g_ptr_array_add (fields, new_grounded_field (filling, name, value));
    }
}

static void
take_schema (const Asking *asking, const DocaiVlmRequest *request)
{
  const Filling filling = { asking, request };
  json_t       *answer = docai_vlm_take_object (request, asking->document, 0);

  if (answer != NULL)
    add_object (&filling, asking->document->fields, NULL, answer, 0);
  json_decref (answer);
}

/* ---- the stage ------------------------------------------------------------------------ */

static void
ask_all (const Asking *asking)
{
  const DocaiOptions   *options = asking->task->options;
  g_autoptr (GPtrArray) requests = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_vlm_request_free);
  g_autofree char      *schema = answer_schema_of (asking->backend);
  guint                 n_questions = g_strv_length (options->questions);

  g_ptr_array_add (requests, new_request (asking, "Summarise the document in two or three sentences.", "", FALSE,
                                          summary_schema, SUMMARY_TOKENS));
  for (guint i = 0; i < n_questions; i++)
    g_ptr_array_add (requests, new_request (asking, options->questions[i], options->questions[i], TRUE, schema, ANSWER_TOKENS));
  if (options->schema != NULL)
    {
      g_autofree char *wanted = docai_vlm_schema_words (options->schema);
      g_ptr_array_add (requests, new_request (asking, "Fill the schema from the document.", wanted, TRUE, options->schema,
                                              SCHEMA_TOKENS));
    }
  docai_vlm_backend_run (asking->backend, requests, asking->task->counts);

  take_summary (asking, requests->pdata[0]);
  for (guint i = 0; i < n_questions; i++)
    take_answer (asking, requests->pdata[1 + i], options->questions[i]);
  if (options->schema != NULL)
    take_schema (asking, requests->pdata[requests->len - 1]);
}

static gboolean
run_understand (gpointer session, const DocaiTask *task, DocaiDocument *document, DocaiPage *page,
                GError **error)
{
  DocaiVlmBackend *backend = docai_vlm_session_lookup (session, task, document, 0);

  if (backend == NULL || backend->tasks != NULL)
    {
      docai_vlm_questions_ask (backend, task, document);
      return TRUE;
    }

  g_autoptr (DocaiWordIndex) index = docai_word_index_new (document);
  g_autoptr (GPtrArray)      words = docai_vlm_pages_words (document);
  const Asking asking = { task, backend, document, index, words };
  ask_all (&asking);
  docai_document_record_stage (document, "understand", backend->name, backend->model);
  return TRUE;
}

const DocaiStage docai_understand_stage = {
  .name = "understand",
  .scope = DOCAI_SCOPE_DOCUMENT,
  .open = docai_vlm_session_open,
  .close = docai_vlm_session_close,
  .run = run_understand,
};
