/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading docai.json, and the prompts of its tasks.
 */
#include "pipeline/vlm/tasks.h"

#include "base/error.h"
#include "models/tokenizer/json-util.h"

#include <string.h>

#define MAX_FILE ((gsize) 1 << 20)
#define MAX_TEXT_BYTES 65536
#define MAX_SIDE 16384

static void
task_free (DocaiVlmTask *task)
{
  if (task == NULL)
    return;
  g_free (task->prompt);
  g_strfreev (task->labels);
  g_free (task->tokens);
  g_free (task);
}

void
docai_vlm_tasks_free (DocaiVlmTasks *tasks)
{
  if (tasks == NULL)
    return;
  g_free (tasks->name);
  task_free (tasks->document_type);
  task_free (tasks->picture);
  task_free (tasks->chart);
  task_free (tasks->transcribe);
  task_free (tasks->question);
  g_free (tasks);
}

static gboolean
invalid (GError **error, const char *name, const char *what)
{
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "docai.json: \"%s\": %s", name, what);
  return FALSE;
}

/* Labels are names as the result's schema has them: small letters and underscores. */
static gboolean
is_label (const char *text)
{
  return *text != '\0' && strspn (text, "abcdefghijklmnopqrstuvwxyz_") == strlen (text);
}

static gboolean
read_labels (DocaiVlmTask *task, const char *name, const json_t *labels, const DocaiTokenizer *tokenizer, GError **error)
{
  gsize       n = json_object_size (labels), i = 0;
  const char *label;
  json_t     *value;

  if (n < 2)
    return invalid (error, name, "needs at least two \"labels\"");
  task->labels = g_new0 (char *, n + 1);
  task->tokens = g_new0 (guint32, n);
  json_object_foreach ((json_t *) labels, label, value)
    {
      gint64 id = json_is_string (value) ? docai_tokenizer_lookup (tokenizer, json_string_value (value)) : -1;
      if (id < 0 || !is_label (label))
        return invalid (error, name, "a label has no token in tokenizer.json, or is no name");
      task->labels[i] = g_strdup (label);
      task->tokens[i++] = (guint32) id;
    }
  return TRUE;
}

/* A task with labels (tokenizer not NULL), or one whose answer is text. */
static gboolean
read_task (const json_t *all, const char *name, const DocaiTokenizer *tokenizer, DocaiVlmTask **task, GError **error)
{
  const json_t *json = json_object_get (all, name);
  const char   *prompt = docai_json_string (json, "prompt", NULL);
  gint64        bytes = docai_json_int (json, "text_bytes", 0);

  if (json == NULL)
    return TRUE;
  *task = g_new0 (DocaiVlmTask, 1);
  (*task)->temperature = docai_json_number (json, "temperature", 1);
  (*task)->least_confidence = docai_json_number (json, "least_confidence", 0);
  (*task)->confidence = docai_json_number (json, "confidence", 0.5);
  (*task)->places = docai_json_bool (json, "places", FALSE);
  (*task)->tiles = docai_json_bool (json, "tiles", TRUE);
  if (prompt == NULL || bytes < 0 || bytes > MAX_TEXT_BYTES)
    return invalid (error, name, "\"prompt\" is missing, or \"text_bytes\" out of range");
  if (!((*task)->temperature >= 0.01 && (*task)->temperature <= 100))
    return invalid (error, name, "\"temperature\" is out of range");
  if (!((*task)->confidence >= 0 && (*task)->confidence <= 1))
    return invalid (error, name, "\"confidence\" is out of range");
  (*task)->prompt = g_strdup (prompt);
  (*task)->text_bytes = (gsize) bytes;
  return tokenizer == NULL || read_labels (*task, name, json_object_get (json, "labels"), tokenizer, error);
}

gboolean
docai_vlm_tasks_load (const char *dir, const DocaiTokenizer *tokenizer, DocaiVlmTasks **tasks, GError **error)
{
  g_autoptr (GError)        missing = NULL;
  g_autoptr (json_t)        json = docai_json_load_file (dir, "docai.json", MAX_FILE, &missing);
  g_autoptr (DocaiVlmTasks) read = g_new0 (DocaiVlmTasks, 1);

  *tasks = NULL;
  if (json == NULL)
    {
      if (g_error_matches (missing, DOCAI_ERROR, DOCAI_ERROR_MODEL_MISSING))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&missing));
      return FALSE;
    }
  const json_t *all = json_object_get (json, "tasks");
  gint64        side = docai_json_int (json, "image_side", 0);
  if (side < 1 || side > MAX_SIDE)
    return invalid (error, "image_side", "is out of range");
  read->image_side = (int) side;
  read->name = g_strdup (docai_json_string (json, "name", NULL));
  if (!read_task (all, "document_type", tokenizer, &read->document_type, error)
      || !read_task (all, "picture", tokenizer, &read->picture, error)
      || !read_task (all, "chart", NULL, &read->chart, error)
      || !read_task (all, "transcribe", NULL, &read->transcribe, error)
      || !read_task (all, "question", NULL, &read->question, error))
    return FALSE;
  *tasks = g_steal_pointer (&read);
  return TRUE;
}

char *
docai_vlm_clean_text (const char *text, gsize max_bytes)
{
  g_autofree char  *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) out = g_string_new (NULL);

  for (const char *p = valid; *p != '\0' && out->len <= max_bytes; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean blank = c == '<' || c == '>' || g_unichar_isspace (c);
      if (!blank)
        g_string_append_unichar (out, c);
      else if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c (out, ' ');
    }
  if (out->len > max_bytes)
    {
      const char *end = g_utf8_find_prev_char (out->str, out->str + max_bytes + 1);
      g_string_truncate (out, end != NULL ? (gsize) (end - out->str) : 0);
    }
  else if (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
docai_vlm_task_prompt (const DocaiVlmTask *task, const char *question, const char *text)
{
  const struct { const char *mark, *text; gboolean as_it_is; } parts[]
      = { { "{text}", text, task->places }, { "{question}", question, FALSE } };
  g_autoptr (GString) prompt = g_string_new (NULL);

  for (const char *p = task->prompt; *p != '\0';)
    {
      guint i = 0;
      while (i < G_N_ELEMENTS (parts) && !g_str_has_prefix (p, parts[i].mark))
        i++;
      if (i == G_N_ELEMENTS (parts))
        {
          g_string_append_c (prompt, *p++);
          continue;
        }
      g_autofree char *clean = parts[i].as_it_is ? g_strdup (parts[i].text) : docai_vlm_clean_text (parts[i].text, task->text_bytes);
      g_string_append (prompt, clean);
      p += strlen (parts[i].mark);
    }
  return g_string_free (g_steal_pointer (&prompt), FALSE);
}
