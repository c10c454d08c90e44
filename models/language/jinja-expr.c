/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Expressions of chat templates, evaluated while they are parsed. A part that must not be
 * evaluated (the other branch of a conditional, the right side of a decided "and") is
 * parsed with live = FALSE.
 */
#include <string.h>

#include "base/error.h"
#include "models/language/jinja-priv.h"

typedef struct {
  JinjaState *state;
  const char *p, *end;
  gboolean    live;
  GError    **error;
} Parser;

static json_t *parse_ternary (Parser *self);

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
jinja_step (JinjaState *state, GError **error)
{
  if (++state->steps <= JINJA_MAX_STEPS)
    return TRUE;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "chat template: it does not end");
  return FALSE;
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
unsupported (Parser *self, const char *what, const char *name)
{
  if (self->error != NULL && *self->error == NULL)
    g_set_error (self->error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED, "chat template: %s \"%.60s\"",
                 what, name);
  return NULL;
}

static json_t *
broken (Parser *self, const char *what)
{
  g_autofree char *rest = g_strndup (self->p, (gsize) (self->end - self->p));

  if (self->error != NULL && *self->error == NULL)
    g_set_error (self->error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "chat template: %s at \"%.60s\"",
                 what, rest);
  return NULL;
}

/* ---- scanning --------------------------------------------------------------------- */

static void
skip_space (Parser *self)
{
  while (self->p < self->end && g_ascii_isspace (*self->p))
    self->p++;
}

static gboolean
is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

/* Takes an operator, or a word when it begins with a letter. */
static gboolean
take (Parser *self, const char *token)
{
  gsize n = strlen (token);

  skip_space (self);
  if ((gsize) (self->end - self->p) < n || memcmp (self->p, token, n) != 0)
    return FALSE;
  if (g_ascii_isalpha (token[0]) && self->p + n < self->end && is_name_char (self->p[n]))
    return FALSE;
  self->p += n;
  return TRUE;
}

static gboolean
take_name (Parser *self, char name[64])
{
  gsize n = 0;

  skip_space (self);
  while (self->p + n < self->end && n < 63 && is_name_char (self->p[n]))
    n++;
  if (n == 0 || g_ascii_isdigit (self->p[0]))
    return FALSE;
  memcpy (name, self->p, n);
  name[n] = '\0';
  self->p += n;
  return TRUE;
}

gssize
jinja_find_word (const char *text, gsize length, const char *word)
{
  gsize n = strlen (word);

  for (gsize i = 1; i + n < length; i++)
    if (memcmp (text + i, word, n) == 0 && !is_name_char (text[i - 1]) && !is_name_char (text[i + n]))
      return (gssize) i;
  return -1;
}

static json_t *
parse_string (Parser *self)
{
  char quote = *self->p++;
  g_autoptr (GString) text = g_string_new (NULL);

  for (; self->p < self->end && *self->p != quote; self->p++)
    {
      char c = *self->p;
      if (c == '\\' && self->p + 1 < self->end)
        {
          c = *++self->p;
          c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
        }
      g_string_append_c (text, c);
    }
  if (self->p >= self->end)
    return broken (self, "unclosed string");
  self->p++;
  return json_stringn_nocheck (text->str, text->len);
}

/* Arguments up to ")". Named ones are put into `named`. */
static json_t *
parse_arguments (Parser *self, const char *close, json_t *named)
{
  g_autoptr (json_t) list = json_array ();

  while (!take (self, close))
    {
      char name[64];
      const char *back = self->p;
      gboolean has_name = take_name (self, name) && take (self, "=") && *self->p != '=';
      if (!has_name)
        self->p = back;
      g_autoptr (json_t) value = parse_ternary (self);
      if (value == NULL)
        return NULL;
      if (has_name)
        json_object_set (named, name, value);
      else
        json_array_append (list, value);
      if (!take (self, ","))
        {
          if (!take (self, close))
            return broken (self, "a bracket is not closed");
          break;
        }
    }
  return g_steal_pointer (&list);
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
static json_t *
apply_named (Parser *self, const char *name, json_t *value, const json_t *arguments)
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
    return unsupported (self, "filter or method", name);
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
  return unsupported (self, "filter or method", name);
}

static json_t *
call_function (Parser *self, const char *name, const json_t *arguments, json_t *named)
{
  if (strcmp (name, "namespace") == 0)
    return json_copy (named);
  if (strcmp (name, "raise_exception") == 0)
    {
      const char *text = json_string_value (json_array_get (arguments, 0));
      g_set_error (self->error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "chat template: %s",
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
  return unsupported (self, "function", name);
}

static gboolean
test_value (Parser *self, const char *name, const json_t *value, gboolean *result)
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
    return unsupported (self, "test", name) != NULL;
  return TRUE;
}

/* ---- grammar ----------------------------------------------------------------------- */

static json_t *
parse_primary (Parser *self)
{
  char name[64];

  skip_space (self);
  if (self->p >= self->end)
    return broken (self, "a value is missing");
  if (*self->p == '\'' || *self->p == '"')
    return parse_string (self);
  if (g_ascii_isdigit (*self->p))
    {
      gint64 n = 0;
      for (; self->p < self->end && g_ascii_isdigit (*self->p); self->p++)
        n = n < 1000000000 ? n * 10 + (*self->p - '0') : n;
      return json_integer (n);
    }
  g_autoptr (json_t) named = json_object ();
  if (take (self, "["))
    return parse_arguments (self, "]", named);
  if (take (self, "("))
    {
      json_t *value = parse_ternary (self);
      if (value != NULL && !take (self, ")"))
        g_clear_pointer (&value, json_decref);
      return value != NULL ? value : broken (self, "a bracket is not closed");
    }
  if (!take_name (self, name))
    return broken (self, "not understood");
  if (strcmp (name, "true") == 0 || strcmp (name, "True") == 0)
    return json_true ();
  if (strcmp (name, "false") == 0 || strcmp (name, "False") == 0)
    return json_false ();
  if (strcmp (name, "none") == 0 || strcmp (name, "None") == 0)
    return json_null ();
  if (take (self, "("))
    {
      g_autoptr (json_t) arguments = parse_arguments (self, ")", named);
      if (arguments == NULL)
        return NULL;
      return self->live ? call_function (self, name, arguments, named) : undefined ();
    }
  json_t *value = json_object_get (self->state->scope, name);
  return value != NULL ? json_incref (value) : undefined ();
}

static json_t *
get_item (const json_t *value, const json_t *key)
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

/* value[from:to] of a list. */
static json_t *
slice_list (Parser *self, const json_t *value, json_t *from)
{
  json_int_t n = (json_int_t) json_array_size (value), start = 0, stop = n;
  json_t *out;

  if (from != NULL)
    start = json_integer_value (from);
  if (!take (self, "]"))
    {
      g_autoptr (json_t) to = parse_ternary (self);
      if (to == NULL || !take (self, "]"))
        return broken (self, "a slice is not closed");
      stop = json_integer_value (to);
    }
  start = CLAMP (start < 0 ? start + n : start, 0, n);
  stop = CLAMP (stop < 0 ? stop + n : stop, 0, n);
  out = json_array ();
  for (json_int_t i = start; i < stop; i++)
    json_array_append (out, json_array_get (value, (gsize) i));
  return out;
}

static json_t *
parse_subscript (Parser *self, const json_t *value)
{
  if (take (self, ":"))
    return slice_list (self, value, NULL);
  g_autoptr (json_t) key = parse_ternary (self);
  if (key == NULL)
    return NULL;
  if (take (self, ":"))
    return slice_list (self, value, key);
  return take (self, "]") ? get_item (value, key) : broken (self, "a bracket is not closed");
}

/* .name, .method (...), [key], | filter */
static json_t *
parse_postfix (Parser *self)
{
  g_autoptr (json_t) value = parse_primary (self);
  char name[64];

  while (value != NULL)
    {
      g_autoptr (json_t) named = json_object ();
      g_autoptr (json_t) arguments = NULL;
      json_t *next;
      gboolean filter = FALSE;
      if (take (self, "["))
        next = parse_subscript (self, value);
      else if ((filter = take (self, "|")) || take (self, "."))
        {
          if (!take_name (self, name))
            return broken (self, "a name is missing");
          gboolean call = take (self, "(");
          arguments = call ? parse_arguments (self, ")", named) : json_array ();
          if (arguments == NULL)
            return NULL;
          if (!self->live)
            next = undefined ();
          else if (filter || call)
            {
              if (strcmp (name, "items") == 0 && json_is_object (value))
                return unsupported (self, "method", name);
              next = apply_named (self, name, value, arguments);
            }
          else
            {
              g_autoptr (json_t) key = json_string (name);
              next = get_item (value, key);
            }
        }
      else
        break;
      json_decref (value);
      value = next;
    }
  return g_steal_pointer (&value);
}

static json_t *
parse_unary (Parser *self)
{
  skip_space (self);
  if (self->p + 1 < self->end && *self->p == '-')
    {
      self->p++;
      g_autoptr (json_t) value = parse_postfix (self);
      return value != NULL ? json_integer (-json_integer_value (value)) : NULL;
    }
  return parse_postfix (self);
}

static json_t *
combine (Parser *self, char op, const json_t *a, const json_t *b)
{
  if (!self->live)
    return undefined ();
  if (op == '~' || (op == '+' && (json_is_string (a) || json_is_string (b))))
    {
      g_autoptr (GString) text = g_string_new (NULL);
      jinja_to_text (a, text);
      jinja_to_text (b, text);
      if (text->len > JINJA_MAX_OUTPUT)
        return broken (self, "too long a string");
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
    return broken (self, "arithmetic out of range");
  if (op == '%')
    return json_integer ((x % y + y) % y);
  return json_integer (op == '+' ? x + y : op == '-' ? x - y : op == '*' ? x * y : x / y);
}

/* + - below ~ below * / %, as Jinja ranks them. */
static json_t *
parse_arithmetic (Parser *self, int level)
{
  static const char *const operators[] = { "+-", "~", "*/%" };
  g_autoptr (json_t) left = level == 3 ? parse_unary (self) : parse_arithmetic (self, level + 1);

  while (left != NULL && level < 3)
    {
      skip_space (self);
      if (self->p >= self->end || strchr (operators[level], *self->p) == NULL)
        break;
      char op = *self->p++;
      if (op == '/' && self->p < self->end && *self->p == '/')
        self->p++;
      g_autoptr (json_t) right = parse_arithmetic (self, level + 1);
      json_t *both = right != NULL ? combine (self, op, left, right) : NULL;
      json_decref (left);
      left = both;
    }
  return g_steal_pointer (&left);
}

static gboolean
contains (const json_t *list, const json_t *value)
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

static int
compare_values (const json_t *a, const json_t *b)
{
  if (json_is_string (a) && json_is_string (b))
    return strcmp (json_string_value (a), json_string_value (b));
  double x = json_number_value (a), y = json_number_value (b);
  return (x > y) - (x < y);
}

static json_t *
parse_comparison (Parser *self)
{
  static const char *const operators[] = { "==", "!=", "<=", ">=", "<", ">", "in", "not in", "is not", "is" };
  g_autoptr (json_t) left = parse_arithmetic (self, 0);

  while (left != NULL)
    {
      gsize op = 0;
      gboolean result = FALSE;
      while (op < G_N_ELEMENTS (operators) && !take (self, operators[op]))
        op++;
      if (op == G_N_ELEMENTS (operators))
        break;
      if (op >= 8)
        {
          char name[64];
          if (!take_name (self, name) || !test_value (self, name, left, &result))
            return broken (self, "a test is missing");
          result ^= op == 8;
        }
      else
        {
          g_autoptr (json_t) right = parse_arithmetic (self, 0);
          if (right == NULL)
            return NULL;
          int order = op >= 2 && op < 6 ? compare_values (left, right) : 0;
          result = op < 2 ? (gboolean) json_equal (left, right) == (op == 0)
                   : op == 2 ? order <= 0 : op == 3 ? order >= 0 : op == 4 ? order < 0 : op == 5 ? order > 0
                   : contains (right, left) == (op == 6);
        }
      json_decref (left);
      left = json_boolean (result);
    }
  return g_steal_pointer (&left);
}

static json_t *
parse_not (Parser *self)
{
  if (!take (self, "not"))
    return parse_comparison (self);
  if (++self->state->depth > JINJA_MAX_DEPTH)
    return broken (self, "too deep");
  g_autoptr (json_t) value = parse_not (self);
  self->state->depth--;
  return value != NULL ? json_boolean (!jinja_truth (value)) : NULL;
}

/* and / or; the value that decided is the result. */
static json_t *
parse_logic (Parser *self, gboolean is_or)
{
  g_autoptr (json_t) left = is_or ? parse_logic (self, FALSE) : parse_not (self);
  gboolean live = self->live;

  while (left != NULL && take (self, is_or ? "or" : "and"))
    {
      gboolean decided = jinja_truth (left) == is_or;
      self->live = live && !decided;
      json_t *right = is_or ? parse_logic (self, FALSE) : parse_not (self);
      self->live = live;
      if (right == NULL || !decided)
        {
          json_decref (left);
          left = right;
        }
      else
        json_decref (right);
    }
  return g_steal_pointer (&left);
}

static json_t *
parse_branch (Parser *self, gboolean live)
{
  gboolean before = self->live;

  self->live = before && live;
  json_t *value = parse_ternary (self);
  self->live = before;
  return value;
}

/* a if b else c: the condition stands behind its value, so the value is parsed twice. */
static json_t *
parse_ternary (Parser *self)
{
  gboolean live = self->live;
  const char *start = self->p;

  if (++self->state->depth > JINJA_MAX_DEPTH || !jinja_step (self->state, self->error))
    return broken (self, "too deep");
  self->live = FALSE;
  g_autoptr (json_t) probe = parse_logic (self, TRUE);
  self->live = live;
  gboolean conditional = probe != NULL && take (self, "if"), chosen = TRUE;
  if (conditional)
    {
      g_autoptr (json_t) condition = parse_logic (self, TRUE);
      if (condition == NULL)
        return NULL;
      chosen = jinja_truth (condition);
    }
  const char *behind = self->p;
  json_t *value = NULL;
  if (probe != NULL)
    {
      self->p = start;
      self->live = live && chosen;
      value = parse_logic (self, TRUE);
      self->live = live;
      self->p = behind;
    }
  if (value != NULL && conditional && take (self, "else"))
    {
      json_t *other = parse_branch (self, !chosen);
      if (other == NULL || !chosen)
        {
          json_decref (value);
          value = other;
        }
      else
        json_decref (other);
    }
  else if (value != NULL && !chosen)
    {
      json_decref (value);
      value = undefined ();
    }
  self->state->depth--;
  return value;
}

json_t *
jinja_evaluate (JinjaState *state, const char *text, gsize length, GError **error)
{
  Parser self = { state, text, text + length, TRUE, error };
  g_autoptr (json_t) value = parse_ternary (&self);

  if (value == NULL)
    return NULL;
  skip_space (&self);
  return self.p == self.end ? g_steal_pointer (&value) : broken (&self, "not understood");
}
