/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The understand stage: the vision-language pass over the whole document with
 * everything extracted as its context. It writes a summary, answers the job's
 * questions and fills the job's schema. Each answer is looked for among the
 * words of the pages; the verdict and the places go into the output.
 */
#include "pipeline/vlm/ground.h"
#include "pipeline/vlm/learnt.h"
#include "pipeline/vlm/session.h"

#include <string.h>

#define CONTEXT_BYTES 24000
#define SUMMARY_TOKENS 300
#define ANSWER_TOKENS 300
#define SCHEMA_TOKENS 2000
#define MAX_DEPTH 8

static const char system_text[]
    = "You read documents. The text of a document follows. Use only what it says; when it does "
      "not say, answer that it is not stated.";

static const char summary_schema[]
    = "{\"type\":\"object\",\"properties\":{\"summary\":{\"type\":\"string\"}},"
      "\"required\":[\"summary\"],\"additionalProperties\":false}";

static const char answer_schema[]
    = "{\"type\":\"object\",\"properties\":{\"stated\":{\"type\":\"boolean\"},"
      "\"answer\":{\"type\":\"string\"},\"quote\":{\"type\":\"string\"},"
      "\"confidence\":{\"type\":\"number\",\"minimum\":0}},"
      "\"required\":[\"stated\",\"answer\",\"quote\",\"confidence\"],"
      "\"additionalProperties\":false}";

static char *
document_text (const DocaiDocument *document)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < document->pages->len && text->len < CONTEXT_BYTES; i++)
    {
      const DocaiPage *page = document->pages->pdata[i];
      g_autofree char *part = docai_vlm_page_text (page, CONTEXT_BYTES - text->len);
      g_string_append_printf (text, "[page %d]\n%s\n", page->number, part);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static DocaiVlmRequest *
new_request (const char *text, const char *task, const char *schema, int max_tokens)
{
  g_autofree char *prompt = g_strdup_printf ("%s\n\nDocument:\n%s", task, text);
  DocaiVlmRequest *request = docai_vlm_request_new (system_text, prompt, max_tokens);

  request->schema = g_strdup (schema);
  return request;
}

/* ---- summary and questions ------------------------------------------------------ */

static void
take_summary (const DocaiVlmRequest *request, DocaiDocument *document, const DocaiWordIndex *index,
              const char *model)
{
  g_autoptr (GPtrArray) missing = g_ptr_array_new_with_free_func (g_free);
  json_t     *answer = docai_vlm_take_object (request, document, 0);
  const char *text = json_string_value (json_object_get (answer, "summary"));

  if (text != NULL)
    {
      document->summary = docai_summary_new ();
      document->summary->text = g_strdup (text);
      document->summary->model = g_strdup (model);
      document->summary->grounded = docai_ground_sentence (index, text, NULL, missing);
      docai_vlm_warn_missing (document, 0, "summary", missing);
    }
  json_decref (answer);
}

/* The answer itself must stand in the document, or else every name and number in it. */
static void
ground_answer (DocaiDocument *document, DocaiAnswer *answer, const char *quote,
               const DocaiWordIndex *index)
{
  g_autoptr (GPtrArray) missing = g_ptr_array_new_with_free_func (g_free);

  answer->grounded = docai_ground_phrase (index, answer->answer, answer->evidence);
  if (answer->grounded)
    return;
  answer->grounded = docai_ground_sentence (index, answer->answer, answer->evidence, missing)
                     && (answer->evidence->len > 0
                         || (quote != NULL && docai_ground_phrase (index, quote, answer->evidence)));
  docai_vlm_warn_missing (document, 0, "answer", missing);
}

static void
take_answer (const DocaiVlmRequest *request, DocaiDocument *document, const char *question,
             const DocaiWordIndex *index)
{
  json_t     *json = docai_vlm_take_object (request, document, 0);
  const char *text = json_string_value (json_object_get (json, "answer"));

  if (text != NULL)
    {
      DocaiAnswer *answer = docai_answer_new (question);
      gboolean     stated = json_is_true (json_object_get (json, "stated"));
      answer->answer = g_strdup (stated ? text : "not stated");
      answer->confidence = json_number_value (json_object_get (json, "confidence"));
      if (stated)
        ground_answer (document, answer, json_string_value (json_object_get (json, "quote")), index);
      g_ptr_array_add (document->answers, answer);
    }
  json_decref (json);
}

/* ---- schemas ----------------------------------------------------------------------- */

static void add_object (DocaiDocument *document, GPtrArray *fields, const char *prefix,
                        const json_t *object, const DocaiWordIndex *index, int depth);

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

static DocaiField *
new_grounded_field (DocaiDocument *document, const char *name, const json_t *value,
                    const DocaiWordIndex *index)
{
  g_autofree char      *text = scalar_text (value);
  DocaiFieldKind        kind = json_is_number (value) ? DOCAI_KIND_AMOUNT : DOCAI_KIND_STRING;
  DocaiField           *field = docai_field_new (name, kind, text, NULL);
  DocaiAnswer          *holder = docai_answer_new (NULL); /* owns the evidence found */

  field->grounded = docai_ground_phrase (index, text, holder->evidence);
  if (field->grounded)
    {
      const DocaiEvidence *first = holder->evidence->pdata[0];
      field->content = g_strdup (first->text);
      field->page = first->page;
      field->bbox = first->bbox;
      field->confidence = 0.9;
    }
  else
    docai_document_warn (document, "ungrounded", 0, "field %s: \"%s\" does not stand on any page", name,
                         text);
  docai_answer_free (holder);
  return field;
}

static void
add_list (DocaiDocument *document, GPtrArray *fields, const char *name, const json_t *array,
          const DocaiWordIndex *index, int depth)
{
  DocaiField *list = docai_field_new (name, DOCAI_KIND_STRING, NULL, NULL);
  size_t      i;
  json_t     *element;

  json_array_foreach (array, i, element)
    {
      DocaiItem *item = docai_item_new ();
      if (json_is_object (element))
        add_object (document, item->fields, NULL, element, index, depth + 1);
      else if (!json_is_array (element) && !json_is_null (element))
        g_ptr_array_add (item->fields, new_grounded_field (document, "Value", element, index));
      g_ptr_array_add (list->items, item);
    }
  if (list->items->len > 0)
    g_ptr_array_add (fields, list);
  else
    docai_field_free (list);
}

/* Adds each member as a field; members of inner objects as "outer.inner". */
static void
add_object (DocaiDocument *document, GPtrArray *fields, const char *prefix, const json_t *object,
            const DocaiWordIndex *index, int depth)
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
        add_object (document, fields, name, value, index, depth + 1);
      else if (json_is_array (value))
        add_list (document, fields, name, value, index, depth);
      else
        g_ptr_array_add (fields, new_grounded_field (document, name, value, index));
    }
}

static void
take_schema (const DocaiVlmRequest *request, DocaiDocument *document, const DocaiWordIndex *index)
{
  json_t *answer = docai_vlm_take_object (request, document, 0);

  if (answer != NULL)
    add_object (document, document->fields, NULL, answer, index, 0);
  json_decref (answer);
}

/* ---- the stage ------------------------------------------------------------------------ */

static gboolean
run_understand (gpointer session, const DocaiTask *task, DocaiDocument *document, DocaiPage *page,
                GError **error)
{
  const DocaiOptions *options = task->options;
  DocaiVlmBackend    *backend = docai_vlm_session_lookup (session, task, document, 0);

  if (backend == NULL)
    {
      if (options->questions[0] != NULL || options->schema != NULL)
        docai_document_warn (document, "vlm_off", 0,
                             "questions and schemas need a vision-language backend; none is on");
      return TRUE;
    }

  if (backend->tasks != NULL)
    {
      gboolean asked = options->questions[0] != NULL, answers = backend->tasks->question != NULL;
      if (asked && answers)
        {
          docai_vlm_learnt_answer (backend, task, document);
          docai_document_record_stage (document, "understand", backend->name, backend->model);
        }
      if ((asked && !answers) || options->schema != NULL)
        docai_document_warn (document, "vlm_off", 0,
                             "the model %s has not learnt %s; that needs a larger one: its folder (model_dir) or a "
                             "server (backend, url) in docai.conf", backend->model,
                             answers ? "to fill schemas" : "to answer questions or to fill schemas");
      return TRUE;
    }

  g_autoptr (GPtrArray) requests = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_vlm_request_free);
  g_autoptr (DocaiWordIndex) index = docai_word_index_new (document);
  g_autofree char *text = document_text (document);
  guint            n_questions = g_strv_length (options->questions);

  g_ptr_array_add (requests, new_request (text, "Summarise the document in two or three sentences.",
                                          summary_schema, SUMMARY_TOKENS));
  for (guint i = 0; i < n_questions; i++)
    g_ptr_array_add (requests, new_request (text, options->questions[i], answer_schema, ANSWER_TOKENS));
  if (options->schema != NULL)
    g_ptr_array_add (requests, new_request (text, "Fill the schema from the document.",
                                            options->schema, SCHEMA_TOKENS));
  docai_vlm_backend_run (backend, requests);

  take_summary (requests->pdata[0], document, index, backend->model);
  for (guint i = 0; i < n_questions; i++)
    take_answer (requests->pdata[1 + i], document, options->questions[i], index);
  if (options->schema != NULL)
    take_schema (requests->pdata[requests->len - 1], document, index);
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
