/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Statements of chat templates: text, output, for, if, set.
 */
#include "models/language/jinja.h"

#include <string.h>

#include "base/error.h"
#include "models/language/jinja-priv.h"

#define MAX_SOURCE ((gsize) 1 << 20)

typedef enum { PIECE_TEXT, PIECE_OUTPUT, PIECE_BLOCK } PieceKind;

/* The template cut at its tags; from and length are without the tag's marks. */
typedef struct {
  PieceKind   kind;
  const char *from;
  gsize       length;
} Piece;

typedef struct {
  GArray     *pieces;
  JinjaState *state;
} Run;

static gboolean run_until (Run *run, guint *at, gboolean live, const char *const *ends, GError **error);

static gboolean
broken (GError **error, const char *what, const char *text, gsize length)
{
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "chat template: %s \"%.*s\"", what,
               (int) MIN (length, 60), text);
  return FALSE;
}

/* ---- cutting ---------------------------------------------------------------------- */

static void
add_piece (GArray *pieces, PieceKind kind, const char *from, gsize length)
{
  Piece piece = { kind, from, length };

  if (length > 0 || kind != PIECE_TEXT)
    g_array_append_val (pieces, piece);
}

/* End of a tag: the closing mark outside strings. */
static const char *
find_close (const char *p, const char *mark)
{
  char quote = 0;

  for (; *p != '\0'; p++)
    {
      if (quote != 0 && *p == '\\' && p[1] != '\0')
        p++;
      else if (quote != 0)
        quote = *p == quote ? 0 : quote;
      else if (mark[0] != '#' && (*p == '"' || *p == '\''))
        quote = *p;
      else if (p[0] == mark[0] && p[1] == mark[1])
        return p;
    }
  return NULL;
}

/* White space before a block at the beginning of its line goes (lstrip_blocks). */
static gsize
strip_line_start (const char *from, gsize length, gboolean at_line_start)
{
  gsize n = length;

  while (n > 0 && (from[n - 1] == ' ' || from[n - 1] == '\t'))
    n--;
  return n == 0 ? (at_line_start ? 0 : length) : from[n - 1] == '\n' ? n : length;
}

static gsize
strip_end (const char *from, gsize length)
{
  while (length > 0 && g_ascii_isspace (from[length - 1]))
    length--;
  return length;
}

static gboolean
cut_template (const char *source, GArray *pieces, GError **error)
{
  const char *p = source, *text = source;

  while (*p != '\0')
    {
      if (p[0] != '{' || (p[1] != '{' && p[1] != '%' && p[1] != '#'))
        {
          p++;
          continue;
        }
      const char close[3] = { p[1] == '{' ? '}' : p[1], '}', 0 };
      gboolean block = p[1] != '{', comment = p[1] == '#';
      gsize length = (gsize) (p - text);
      const char *inner = p + 2;
      if (*inner == '-')
        {
          length = strip_end (text, length);
          inner++;
        }
      else if (*inner == '+')
        inner++;
      else if (block)
        length = strip_line_start (text, length, text == source || text[-1] == '\n');
      add_piece (pieces, PIECE_TEXT, text, length);
      const char *end = find_close (inner, close);
      if (end == NULL)
        return broken (error, "unclosed tag", p, strlen (p));
      gsize n = (gsize) (end - inner);
      gboolean strip = n > 0 && inner[n - 1] == '-', keep = n > 0 && inner[n - 1] == '+';
      if (!comment)
        add_piece (pieces, block ? PIECE_BLOCK : PIECE_OUTPUT, inner, n - (strip || keep ? 1 : 0));
      p = end + 2;
      while (strip && g_ascii_isspace (*p))
        p++;
      if (!strip && !keep && block && *p == '\n')
        p++;
      text = p;
    }
  gsize left = strlen (text);
  add_piece (pieces, PIECE_TEXT, text, left > 0 && text[left - 1] == '\n' ? left - 1 : left);
  return TRUE;
}

/* ---- running ---------------------------------------------------------------------- */

/* Text of a block without the white space around; the word it begins with. */
static const char *
block_body (const Piece *piece, gsize *length, char word[24])
{
  const char *from = piece->from;
  gsize n = strip_end (from, piece->length), w = 0;

  while (n > 0 && g_ascii_isspace (*from))
    {
      from++;
      n--;
    }
  while (w < n && w < 23 && (g_ascii_isalnum (from[w]) || from[w] == '_'))
    {
      word[w] = from[w];
      w++;
    }
  word[w] = '\0';
  *length = n - w;
  return from + w;
}

static gboolean
run_output (Run *run, const Piece *piece, GError **error)
{
  g_autoptr (json_t) value = jinja_evaluate (run->state, piece->from, piece->length, error);

  if (value == NULL)
    return FALSE;
  jinja_to_text (value, run->state->output);
  return TRUE;
}

static char *
trimmed (const char *text, gsize length)
{
  return g_strstrip (g_strndup (text, length));
}

/* name = value, or name.field = value of a namespace. */
static gboolean
run_set (Run *run, const char *body, gsize length, GError **error)
{
  const char *equals = memchr (body, '=', length);

  if (equals == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED,
                   "chat template: a set block \"%.*s\"", (int) MIN (length, 60), body);
      return FALSE;
    }
  g_autofree char *name = trimmed (body, (gsize) (equals - body));
  g_autoptr (json_t) value = jinja_evaluate (run->state, equals + 1,
                                             length - (gsize) (equals + 1 - body), error);
  if (value == NULL)
    return FALSE;
  char *dot = strchr (name, '.');
  json_t *target = run->state->scope;
  if (dot != NULL)
    {
      *dot = '\0';
      target = json_object_get (target, name);
    }
  if (!json_is_object (target) || json_object_set (target, dot != NULL ? dot + 1 : name, value) != 0)
    return broken (error, "cannot set", name, strlen (name));
  return TRUE;
}

static gboolean
run_if (Run *run, guint *at, const char *body, gsize length, gboolean live, GError **error)
{
  static const char *const ends[] = { "elif", "else", "endif", NULL };
  gboolean done = !live;
  char word[24] = "if";

  while (TRUE)
    {
      gboolean take = !done;
      if (take && strcmp (word, "else") != 0)
        {
          g_autoptr (json_t) value = jinja_evaluate (run->state, body, length, error);
          if (value == NULL)
            return FALSE;
          take = jinja_truth (value);
        }
      done |= take;
      if (!run_until (run, at, take, ends, error))
        return FALSE;
      if (*at >= run->pieces->len)
        return broken (error, "if without endif", body, length);
      body = block_body (&g_array_index (run->pieces, Piece, *at), &length, word);
      (*at)++;
      if (strcmp (word, "endif") == 0)
        return TRUE;
    }
}

/* Sets the loop's variables: one name, or two for the pairs of items (). */
static gboolean
bind_item (Run *run, const char *names, json_t *item, gsize i, gsize n, GError **error)
{
  json_t *scope = run->state->scope;
  const char *comma = strchr (names, ',');

  if (comma == NULL)
    json_object_set (scope, names, item);
  else
    {
      g_autofree char *first = trimmed (names, (gsize) (comma - names));
      g_autofree char *second = trimmed (comma + 1, strlen (comma + 1));
      if (json_array_size (item) != 2)
        return broken (error, "cannot unpack", names, strlen (names));
      json_object_set (scope, first, json_array_get (item, 0));
      json_object_set (scope, second, json_array_get (item, 1));
    }
  json_object_set_new (scope, "loop",
                       json_pack ("{s:b, s:b, s:I, s:I, s:I}", "first", i == 0, "last", i + 1 == n,
                                  "index", (json_int_t) i + 1, "index0", (json_int_t) i, "length",
                                  (json_int_t) n));
  return TRUE;
}

static gboolean
run_for (Run *run, guint *at, const char *body, gsize length, gboolean live, GError **error)
{
  static const char *const ends[] = { "endfor", "else", NULL };
  gssize in = jinja_find_word (body, length, "in");
  guint start = *at;

  if (in < 0)
    return broken (error, "for without in", body, length);
  g_autofree char *names = trimmed (body, (gsize) in);
  g_autoptr (json_t) list = NULL;
  if (live)
    {
      list = jinja_evaluate (run->state, body + in + 2, length - (gsize) in - 2, error);
      if (list == NULL)
        return FALSE;
    }
  gsize n = json_array_size (list);
  g_autoptr (json_t) outer = json_copy (run->state->scope);
  for (gsize i = 0; i < MAX (n, 1); i++)
    {
      *at = start;
      if (n > 0 && (!jinja_step (run->state, error)
                    || !bind_item (run, names, json_array_get (list, i), i, n, error)))
        return FALSE;
      if (!run_until (run, at, n > 0, ends, error))
        return FALSE;
    }
  /* What the loop set is gone behind it; namespaces are shared and stay. */
  json_object_clear (run->state->scope);
  json_object_update (run->state->scope, outer);
  gsize rest;
  char word[24] = "";
  if (*at < run->pieces->len)
    block_body (&g_array_index (run->pieces, Piece, *at), &rest, word);
  if (strcmp (word, "endfor") != 0)
    return broken (error, "for without endfor", body, length);
  (*at)++;
  return TRUE;
}

static gboolean
is_one_of (const char *word, const char *const *ends)
{
  for (; ends != NULL && *ends != NULL; ends++)
    if (strcmp (word, *ends) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
run_block (Run *run, guint *at, const char *word, const char *body, gsize length, gboolean live,
           GError **error)
{
  static const char *const generation[] = { "endgeneration", NULL };

  if (strcmp (word, "if") == 0)
    return run_if (run, at, body, length, live, error);
  if (strcmp (word, "for") == 0)
    return run_for (run, at, body, length, live, error);
  if (strcmp (word, "set") == 0)
    return !live || run_set (run, body, length, error);
  if (strcmp (word, "generation") == 0)
    {
      gboolean ok = run_until (run, at, live, generation, error);
      (*at)++;
      return ok;
    }
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED, "chat template: statement \"%s\"",
               word);
  return FALSE;
}

/* Runs pieces from *at to one of the end words, where *at is left. Without live, only
 * the structure is followed. */
static gboolean
run_until (Run *run, guint *at, gboolean live, const char *const *ends, GError **error)
{
  gboolean ok = TRUE;

  if (++run->state->depth > JINJA_MAX_DEPTH)
    return broken (error, "too deep", "", 0);
  while (ok && *at < run->pieces->len)
    {
      const Piece *piece = &g_array_index (run->pieces, Piece, *at);
      char word[24];
      gsize length;
      if (piece->kind == PIECE_BLOCK)
        {
          const char *body = block_body (piece, &length, word);
          if (is_one_of (word, ends))
            break;
          (*at)++;
          ok = jinja_step (run->state, error) && run_block (run, at, word, body, length, live, error);
          continue;
        }
      (*at)++;
      if (live && piece->kind == PIECE_TEXT)
        g_string_append_len (run->state->output, piece->from, (gssize) piece->length);
      else if (live)
        ok = jinja_step (run->state, error) && run_output (run, piece, error);
      if (run->state->output->len > JINJA_MAX_OUTPUT)
        ok = broken (error, "too much output", "", 0);
    }
  run->state->depth--;
  return ok;
}

char *
docai_jinja_render (const char *source, json_t *variables, GError **error)
{
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  g_autoptr (json_t) scope = json_copy (variables);
  g_autoptr (GString) output = g_string_new (NULL);
  JinjaState state = { scope, 0, 0, output };
  Run run = { pieces, &state };
  guint at = 0;

  if (strlen (source) > MAX_SOURCE)
    {
      broken (error, "too long", "", 0);
      return NULL;
    }
  if (!cut_template (source, pieces, error) || !run_until (&run, &at, TRUE, NULL, error))
    return NULL;
  return g_strndup (output->str, output->len);
}
