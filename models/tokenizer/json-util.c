/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Short ways to read the JSON files of a model folder.
 */
#include "models/tokenizer/json-util.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

#define MAX_STEPS 64
#define MAX_NESTING 8

json_t *
docai_json_parse (const char *what, const char *text, gsize length, GError **error)
{
  json_error_t where;
  json_t *root = json_loadb (text, length, JSON_ALLOW_NUL | JSON_DECODE_ANY, &where);

  if (root == NULL)
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "%s, line %d: %s", what, where.line,
                 where.text);
  return root;
}

json_t *
docai_json_load_file (const char *dir, const char *name, gsize max_bytes, GError **error)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *text = NULL;
  gsize length;
  struct stat st;

  if (stat (path, &st) != 0 || !S_ISREG (st.st_mode))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_MISSING, "%s is missing", path);
      return NULL;
    }
  if ((guint64) st.st_size > max_bytes)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                   "%s is larger than %" G_GSIZE_FORMAT " bytes", path, max_bytes);
      return NULL;
    }
  g_autoptr (GError) problem = NULL;
  if (!g_file_get_contents (path, &text, &length, &problem))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_MISSING, "%s", problem->message);
      return NULL;
    }
  return docai_json_parse (path, text, length, error);
}

const char *
docai_json_string (const json_t *object, const char *key, const char *fallback)
{
  const json_t *value = json_object_get (object, key);
  return json_is_string (value) ? json_string_value (value) : fallback;
}

gboolean
docai_json_bool (const json_t *object, const char *key, gboolean fallback)
{
  const json_t *value = json_object_get (object, key);
  return json_is_boolean (value) ? json_is_true (value) : fallback;
}

gint64
docai_json_int (const json_t *object, const char *key, gint64 fallback)
{
  const json_t *value = json_object_get (object, key);
  if (json_is_integer (value))
    return json_integer_value (value);
  if (json_is_real (value) && json_real_value (value) >= -9e15 && json_real_value (value) <= 9e15)
    return (gint64) json_real_value (value);
  return fallback;
}

double
docai_json_number (const json_t *object, const char *key, double fallback)
{
  const json_t *value = json_object_get (object, key);
  return json_is_number (value) ? json_number_value (value) : fallback;
}

static gboolean
read_nested (GPtrArray *steps, const json_t *json, const char *what, const char *list_key,
             DocaiJsonReadStep read_step, int depth, GError **error)
{
  const char *type = docai_json_string (json, "type", NULL);

  if (type == NULL || depth > MAX_NESTING || steps->len >= MAX_STEPS)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                   "tokenizer: %s has no type, or there are too many", what);
      return FALSE;
    }
  if (strcmp (type, "Sequence") != 0)
    return read_step (steps, json, type, error);
  gsize i;
  const json_t *part;
  json_array_foreach (json_object_get (json, list_key), i, part)
    if (!read_nested (steps, part, what, list_key, read_step, depth + 1, error))
      return FALSE;
  return TRUE;
}

gboolean
docai_json_read_steps (GPtrArray *steps, const json_t *json, const char *what,
                       const char *list_key, DocaiJsonReadStep read_step, GError **error)
{
  return read_nested (steps, json, what, list_key, read_step, 0, error);
}
