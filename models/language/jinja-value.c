/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Values of chat templates, which are JSON: operators, filters, methods, functions and tests on them.
 */
#include <string.h>

#include "base/error.h"
#include "models/language/jinja-priv.h"

json_t *
jinja_undefined (void)
{
  static gsize once;

  if (g_once_init_enter (&once))
    g_once_init_leave (&once, (gsize) json_object ());
  return (json_t *) once; /* NOLINT: one object for the life of the process */
}

static json_t *
undefined (void)
{
  return json_incref (jinja_undefined ());
}

gboolean
jinja_truth (const json_t *value)
{
  switch (json_typeof (value))
    {
    case JSON_STRING:
      return json_string_length (value) > 0;
    case JSON_INTEGER:
      return json_integer_value (value) != 0;
    case JSON_REAL:
      return json_real_value (value) != 0;
    case JSON_ARRAY:
      return json_array_size (value) > 0;
    case JSON_OBJECT:
      return json_object_size (value) > 0;
    default:
      return json_is_true (value);
    }
}

void
jinja_to_text (const json_t *value, GString *out)
{
  if (json_is_string (value))
    g_string_append_len (out, json_string_value (value), (gssize) json_string_length (value));
  else if (json_is_integer (value))
    g_string_append_printf (out, "%" G_GINT64_FORMAT, (gint64) json_integer_value (value));
  else if (json_is_boolean (value))
    g_string_append (out, json_is_true (value) ? "True" : "False");
  else if (json_is_null (value))
    g_string_append (out, "None");
  else if (value != jinja_undefined ())
    {
      char *text = json_dumps (value, JSON_ENCODE_ANY);
      g_string_append (out, text != NULL ? text : "");
      free (text);
    }
}

static json_t *
unsupported (const char *what, const char *name, GError **error)
{
  if (error != NULL && *error == NULL)
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED, "chat template: %s \"%.60s\"",
                 what, name);
  return NULL;
}

static json_t *
invalid (const char *what, GError **error)
{
  if (error != NULL && *error == NULL)
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "chat template: %s", what);
  return NULL;
}

/* ---- operators ----------------------------------------------------------------------- */

json_t *
jinja_item (const json_t *value, const json_t *key)
{
  json_t *found = NULL;

  if (json_is_string (key))
    found = json_object_get (value, json_string_value (key));
  else if (json_is_integer (key))
    {
      json_int_t i = json_integer_value (key), n = (json_int_t) json_array_size (value);
      i = i < 0 ? i + n : i;
      found = i >= 0 ? json_array_get (value, (gsize) i) : NULL;
    }
  return found != NULL ? json_incref (found) : undefined ();
}

gboolean
jinja_contains (const json_t *list, const json_t *value)
{
  gsize i;
  const json_t *item;

  if (json_is_string (list))
    return json_is_string (value) && strstr (json_string_value (list), json_string_value (value)) != NULL;
  if (json_is_object (list))
    return json_is_string (value) && json_object_get (list, json_string_value (value)) != NULL;
  json_array_foreach (list, i, item)
    if (json_equal (item, value))
      return TRUE;
  return FALSE;
}

int
jinja_compare (const json_t *a, const json_t *b)
{
  if (json_is_string (a) && json_is_string (b))
    return strcmp (json_string_value (a), json_string_value (b));
  double x = json_number_value (a), y = json_number_value (b);
  return (x > y) - (x < y);
}

json_t *
jinja_combine (char op, const json_t *a, const json_t *b, GError **error)
{
  if (op == '~' || (op == '+' && (json_is_string (a) || json_is_string (b))))
    {
      g_autoptr (GString) text = g_string_new (NULL);
      jinja_to_text (a, text);
      jinja_to_text (b, text);
      if (text->len > JINJA_MAX_OUTPUT)
        return invalid ("too long a string", error);
      return json_stringn (text->str, text->len);
    }
  if (op == '+' && json_is_array (a) && json_is_array (b))
    {
      json_t *list = json_copy ((json_t *) a);
      json_array_extend (list, (json_t *) b);
      return list;
    }
  json_int_t x = json_integer_value (a), y = json_integer_value (b);
  if (ABS (x) > G_MAXINT32 || ABS (y) > G_MAXINT32 || ((op == '/' || op == '%') && y == 0))
    return invalid ("arithmetic out of range", error);
  if (op == '%')
    return json_integer ((x % y + y) % y);
  return json_integer (op == '+' ? x + y : op == '-' ? x - y : op == '*' ? x * y : x / y);
}

/* ---- filters, methods, tests --------------------------------------------------------- */

static json_t *
case_changed (const char *text, gboolean upper, gboolean first_only)
{
  g_autofree char *whole = upper && !first_only ? g_utf8_strup (text, -1) : g_utf8_strdown (text, -1);

  if (first_only && *text != '\0')
    {
      g_autofree char *head = g_utf8_substring (text, 0, 1);
      g_autofree char *up = g_utf8_strup (head, -1);
      g_autofree char *rest = g_utf8_strdown (g_utf8_next_char (text), -1);
      g_autofree char *joined = g_strconcat (up, rest, NULL);
      return json_string (joined);
    }
  return json_string (whole);
}

static json_t *
stripped (const json_t *value, gboolean left, gboolean right)
{
  g_autofree char *text = g_strdup (json_string_value (value));

  if (right)
    g_strchomp (text);
  if (left)
    g_strchug (text);
  return json_string (text);
}

static json_t *
join_list (const json_t *list, const char *separator)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize i;
  const json_t *item;

  json_array_foreach (list, i, item)
    {
      if (i > 0)
        g_string_append (text, separator);
      jinja_to_text (item, text);
    }
  return json_string (text->str);
}

/* selectattr / rejectattr ('type', 'equalto', 'image'), or truth of the attribute. */
static json_t *
select_by (const json_t *list, const json_t *arguments, gboolean keep)
{
  const char *key = json_string_value (json_array_get (arguments, 0));
  const json_t *wanted = json_array_get (arguments, 2);
  json_t *out = json_array (), *item;
  gsize i;

  json_array_foreach (list, i, item)
    {
      json_t *value = key != NULL ? json_object_get (item, key) : NULL;
      gboolean match = value != NULL && (wanted != NULL ? json_equal (value, wanted) : jinja_truth (value));
      if (match == keep)
        json_array_append (out, item);
    }
  return out;
}

static json_t *
length_of (const json_t *value)
{
  if (json_is_string (value))
    return json_integer (g_utf8_strlen (json_string_value (value), -1));
  return json_integer ((json_int_t) (json_is_array (value) ? json_array_size (value)
                                                           : json_object_size (value)));
}

/* Filters and methods that mean the same. */
json_t *
jinja_apply (const char *name, json_t *value, const json_t *arguments, GError **error)
{
  const char *text = json_string_value (value);
  const char *first = json_string_value (json_array_get (arguments, 0));

  if (strcmp (name, "length") == 0 || strcmp (name, "count") == 0)
    return length_of (value);
  if (strcmp (name, "default") == 0)
    return value == jinja_undefined () ? json_incref (json_array_get (arguments, 0)) : json_incref (value);
  if (strcmp (name, "list") == 0 || strcmp (name, "safe") == 0 || strcmp (name, "e") == 0)
    return json_incref (value);
  if (strcmp (name, "selectattr") == 0 || strcmp (name, "rejectattr") == 0)
    return select_by (value, arguments, name[0] == 's');
  if (strcmp (name, "first") == 0 || strcmp (name, "last") == 0)
    {
      json_t *item = json_array_get (value, name[0] == 'f' ? 0 : json_array_size (value) - 1);
      return item != NULL ? json_incref (item) : undefined ();
    }
  if (strcmp (name, "join") == 0)
    return json_is_array (value) ? join_list (value, first != NULL ? first : "")
                                 : join_list (json_array_get (arguments, 0), text != NULL ? text : "");
  if (strcmp (name, "tojson") == 0)
    {
      char *dumped = json_dumps (value, JSON_ENCODE_ANY);
      json_t *result = json_string (dumped != NULL ? dumped : "");
      free (dumped);
      return result;
    }
  if (strcmp (name, "string") == 0)
    {
      g_autoptr (GString) out = g_string_new (NULL);
      jinja_to_text (value, out);
      return json_string (out->str);
    }
  if (strcmp (name, "get") == 0)
    {
      json_t *found = first != NULL ? json_object_get (value, first) : NULL;
      return json_incref (found != NULL ? found
                          : json_array_size (arguments) > 1 ? json_array_get (arguments, 1) : json_null ());
    }
  if (text == NULL)
    return unsupported ("filter or method", name, error);
  if (strcmp (name, "upper") == 0 || strcmp (name, "lower") == 0)
    return case_changed (text, name[0] == 'u', FALSE);
  if (strcmp (name, "capitalize") == 0 || strcmp (name, "title") == 0)
    return case_changed (text, TRUE, TRUE);
  if (strcmp (name, "trim") == 0 || strcmp (name, "strip") == 0)
    return stripped (value, TRUE, TRUE);
  if (strcmp (name, "lstrip") == 0 || strcmp (name, "rstrip") == 0)
    return stripped (value, name[0] == 'l', name[0] == 'r');
  if (strcmp (name, "startswith") == 0)
    return json_boolean (first != NULL && g_str_has_prefix (text, first));
  if (strcmp (name, "endswith") == 0)
    return json_boolean (first != NULL && g_str_has_suffix (text, first));
  if (strcmp (name, "replace") == 0)
    {
      const char *by = json_string_value (json_array_get (arguments, 1));
      GString *out = g_string_new (text);
      if (first != NULL && *first != '\0' && by != NULL && strlen (by) <= 1024)
        g_string_replace (out, first, by, 0);
      json_t *result = json_string (out->str);
      g_string_free (out, TRUE);
      return result;
    }
  return unsupported ("filter or method", name, error);
}

json_t *
jinja_call (const char *name, const json_t *arguments, json_t *named, GError **error)
{
  if (strcmp (name, "namespace") == 0)
    return json_copy (named);
  if (strcmp (name, "raise_exception") == 0)
    {
      const char *text = json_string_value (json_array_get (arguments, 0));
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "chat template: %s",
                   text != NULL ? text : "exception");
      return NULL;
    }
  if (strcmp (name, "range") == 0)
    {
      json_int_t n = json_integer_value (json_array_get (arguments, json_array_size (arguments) - 1));
      json_int_t from = json_array_size (arguments) > 1 ? json_integer_value (json_array_get (arguments, 0)) : 0;
      json_t *list = json_array ();
      for (json_int_t i = from; i < n && i - from < 10000; i++)
        json_array_append_new (list, json_integer (i));
      return list;
    }
  return unsupported ("function", name, error);
}

gboolean
jinja_test (const char *name, const json_t *value, gboolean *result, GError **error)
{
  gboolean defined = value != jinja_undefined ();

  if (strcmp (name, "defined") == 0)
    *result = defined;
  else if (strcmp (name, "undefined") == 0)
    *result = !defined;
  else if (strcmp (name, "none") == 0)
    *result = json_is_null (value);
  else if (strcmp (name, "string") == 0)
    *result = json_is_string (value);
  else if (strcmp (name, "mapping") == 0)
    *result = json_is_object (value) && defined;
  else if (strcmp (name, "iterable") == 0 || strcmp (name, "sequence") == 0)
    *result = json_is_array (value) || json_is_string (value) || (json_is_object (value) && defined);
  else if (strcmp (name, "number") == 0 || strcmp (name, "integer") == 0)
    *result = json_is_number (value);
  else if (strcmp (name, "boolean") == 0)
    *result = json_is_boolean (value);
  else if (strcmp (name, "true") == 0 || strcmp (name, "false") == 0)
    *result = name[0] == 't' ? json_is_true (value) : json_is_false (value);
  else
    return unsupported ("test", name, error) != NULL;
  return TRUE;
}
