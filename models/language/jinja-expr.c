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

gboolean
jinja_step (JinjaState *state, GError **error)
{
  if (++state->steps <= JINJA_MAX_STEPS)
    return TRUE;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "chat template: it does not end");
  return FALSE;
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
      return self->live ? jinja_call (name, arguments, named, self->error) : json_incref (jinja_undefined ());
    }
  json_t *value = json_object_get (self->state->scope, name);
  return value != NULL ? json_incref (value) : json_incref (jinja_undefined ());
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
  return take (self, "]") ? jinja_item (value, key) : broken (self, "a bracket is not closed");
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
            next = json_incref (jinja_undefined ());
          else if (filter || call)
            next = jinja_apply (name, value, arguments, self->error);
          else
            {
              g_autoptr (json_t) key = json_string (name);
              next = jinja_item (value, key);
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
      json_t *both = right == NULL ? NULL : self->live ? jinja_combine (op, left, right, self->error)
                                                        : json_incref (jinja_undefined ());
      json_decref (left);
      left = both;
    }
  return g_steal_pointer (&left);
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
          if (!take_name (self, name) || !jinja_test (name, left, &result, self->error))
            return broken (self, "a test is missing");
          result ^= op == 8;
        }
      else
        {
          g_autoptr (json_t) right = parse_arithmetic (self, 0);
          if (right == NULL)
            return NULL;
          int order = op >= 2 && op < 6 ? jinja_compare (left, right) : 0;
          result = op < 2 ? (gboolean) json_equal (left, right) == (op == 0)
                   : op == 2 ? order <= 0 : op == 3 ? order >= 0 : op == 4 ? order < 0 : op == 5 ? order > 0
                   : jinja_contains (right, left) == (op == 6);
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
      value = json_incref (jinja_undefined ());
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
