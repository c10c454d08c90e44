/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A job's questions and its schema's, asked together: pages are drawn once for all of them.
 */
#include "pipeline/vlm/questions.h"

#include "pipeline/ask/ask.h"
#include "pipeline/extract/fields.h"
#include "pipeline/vlm/learnt.h"
#include "pipeline/vlm/schema.h"

#include <string.h>

#define MOST_NAMED 8 /* fields in one warning */

/* The job's questions and those of its schema. Free the list alone. */
static char **
collect_questions (char **asked, const GPtrArray *wanted)
{
  GPtrArray *all = g_ptr_array_new ();

  for (guint i = 0; asked[i] != NULL; i++)
    g_ptr_array_add (all, asked[i]);
  for (guint i = 0; i < wanted->len; i++)
    g_ptr_array_add (all, ((DocaiVlmWanted *) wanted->pdata[i])->question);
  g_ptr_array_add (all, NULL);
  return (char **) g_ptr_array_free (all, FALSE);
}

static void
warn_left_out (DocaiDocument *document, const GPtrArray *left_out)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < left_out->len && i < MOST_NAMED; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", (const char *) left_out->pdata[i]);
  if (left_out->len > MOST_NAMED)
    g_string_append_printf (names, " and %u more", left_out->len - MOST_NAMED);
  if (left_out->len > 0)
    docai_document_warn (document, "vlm_off", 0,
                         "fields left empty: %s; questions give texts, dates and numbers, no lists: those need a larger model",
                         names->str);
}

static DocaiAskKind
kind_of (const DocaiVlmWanted *wanted)
{
  static const DocaiAskKind kinds[] = {
    [DOCAI_VLM_WANT_TEXT] = DOCAI_ASK_ANY,
    [DOCAI_VLM_WANT_DATE] = DOCAI_ASK_DATE,
    [DOCAI_VLM_WANT_NUMBER] = DOCAI_ASK_AMOUNT,
    [DOCAI_VLM_WANT_INTEGER] = DOCAI_ASK_COUNT,
  };

  return wanted->dated ? DOCAI_ASK_DATE : kinds[wanted->want];
}

/* Answers without a model; the last questions are those of the schema. */
static GPtrArray *
look_up (const DocaiDocument *document, char **questions, const GPtrArray *wanted)
{
  g_autoptr (DocaiAsk) ask = docai_ask_new (document);
  GPtrArray           *answers = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_answer_free);
  guint                first = g_strv_length (questions) - wanted->len;

  for (guint i = 0; questions[i] != NULL; i++)
    g_ptr_array_add (answers, docai_ask_answer (ask, questions[i],
                                                i < first ? DOCAI_ASK_ANY : kind_of (wanted->pdata[i - first])));
  return answers;
}

/* ---- lists of line items ------------------------------------------------------------ */

/* One item's values under the schema's names; NULL: it has none of them. */
static DocaiItem *
translate_item (const DocaiItem *found, const DocaiVlmWantedList *list, DocaiDateOrder order)
{
  DocaiItem *item = docai_item_new ();

  for (guint i = 0; i < list->members->len; i++)
    {
      const DocaiVlmWanted *wanted = list->members->pdata[i];
      g_autofree char      *words = docai_vlm_schema_name (wanted->name);
      const char           *member = docai_ask_item_member (words);
      const DocaiField     *known = member != NULL ? docai_fields_lookup (found->fields, member) : NULL;
      g_autofree char      *value = known != NULL
          && known->value != NULL ? docai_vlm_schema_value (wanted, known->value, order) : NULL;
      if (value == NULL)
        continue;
      DocaiField *field = docai_field_new (wanted->name, known->kind, value, known->content);
      field->page = known->page;
      field->bbox = known->bbox;
      field->confidence = known->confidence;
      field->grounded = known->grounded;
      g_ptr_array_add (item->fields, field);
    }
  if (item->fields->len > 0)
    return item;
  docai_item_free (item);
  return NULL;
}

/* Whether the list's members are those of line items, and not a single one by chance. */
static gboolean
is_of_items (const DocaiVlmWantedList *list)
{
  guint n = 0;

  for (guint i = 0; i < list->members->len; i++)
    {
      g_autofree char *words = docai_vlm_schema_name (((const DocaiVlmWanted *) list->members->pdata[i])->name);
      n += docai_ask_item_member (words) != NULL;
    }
  return n >= 2;
}

static void
forget (GPtrArray *names, const char *name)
{
  guint at;

  if (g_ptr_array_find_with_equal_func (names, name, g_str_equal, &at))
    g_ptr_array_remove_index (names, at);
}

/* Lists of a schema that mean the line items get those that were extracted. */
static void
fill_lists (DocaiDocument *document, const char *schema, GPtrArray *left_out)
{
  g_autoptr (GPtrArray) lists = docai_vlm_schema_lists (schema);
  const DocaiField     *items = docai_fields_lookup (document->fields, "Items");

  for (guint i = 0; items != NULL && items->items->len > 0 && i < lists->len; i++)
    {
      const DocaiVlmWantedList *list = lists->pdata[i];
      const DocaiField         *known = docai_fields_lookup (document->fields, list->name);
      if (known != NULL && known->items->len > 0)
        forget (left_out, list->name);
      if (known != NULL || !is_of_items (list))
        continue;
      DocaiField *field = docai_field_new (list->name, DOCAI_KIND_STRING, NULL, NULL);
      for (guint k = 0; k < items->items->len; k++)
        {
          DocaiItem *item = translate_item (items->items->pdata[k], list, DOCAI_DAY_FIRST);
          if (item != NULL)
            g_ptr_array_add (field->items, item);
        }
      if (field->items->len > 0)
        {
          g_ptr_array_add (document->fields, field);
          forget (left_out, list->name);
        }
      else
        docai_field_free (field);
    }
}

/* Makes fields of the answers to a schema's questions, which stand from `first` on. */
static void
take_fields (DocaiDocument *document, const GPtrArray *wanted, const GPtrArray *answers, guint first)
{
  DocaiExtraction read = { .document = document, .view = docai_view_new (document) };

  docai_extract_date_order (&read);
  docai_view_free (read.view);
  for (guint i = 0; i < wanted->len; i++)
    {
      const DocaiAnswer *answer = answers->pdata[first + i];
      if (strcmp (answer->answer, DOCAI_NOT_STATED) != 0)
        docai_vlm_schema_take (wanted->pdata[i], answer, read.date_order, document);
    }
}

void
docai_vlm_questions_ask (DocaiVlmBackend *backend, const DocaiTask *task, DocaiDocument *document)
{
  const DocaiOptions   *options = task->options;
  g_autoptr (GPtrArray) left_out = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) wanted = docai_vlm_schema_wanted (options->schema != NULL ? options->schema : "{}", left_out);
  g_autofree char     **questions = collect_questions (options->questions, wanted);
  gboolean              learnt = backend != NULL && backend->tasks->question != NULL;

  if (!learnt && options->schema != NULL)
    fill_lists (document, options->schema, left_out);
  warn_left_out (document, left_out);
  if (questions[0] == NULL)
    return;
  g_autoptr (GPtrArray) answers = learnt ? docai_vlm_learnt_answer (backend, task, document, questions) : look_up (document,
                                                                                                                   questions, wanted);
  guint                 n_asked = answers->len - wanted->len;
  if (wanted->len > 0)
    take_fields (document, wanted, answers, n_asked);
  g_ptr_array_set_size (answers, (int) n_asked);
  g_ptr_array_extend_and_steal (document->answers, g_steal_pointer (&answers));
  docai_document_record_stage (document, "understand", learnt ? backend->name : "docai-rules", learnt ? backend->model : NULL);
}
