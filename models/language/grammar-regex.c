/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Patterns of strings: literals, '.', classes, \d \w \s, groups, '|', quantifiers, and the
 * anchors at the ends. Characters that JSON would have to escape are left out of classes,
 * so an answer may use fewer strings than the pattern allows, never more.
 */
#include <string.h>

#include "models/language/grammar-priv.h"

#define MAX_REPEAT 1024
#define MAX_DEPTH 32

typedef struct {
  GrammarBuilder *b;
  const char     *p, *end;
  int             depth;
} Regex;

static void parse_alternatives (Regex *self);

static gboolean
fail (Regex *self, const char *what)
{
  grammar_fail (self->b, "pattern", what);
  self->p = self->end;
  return FALSE;
}

/* ASCII characters by a table; wide adds everything beyond ASCII. */
static void
emit_set (Regex *self, const gboolean set[128], gboolean wide)
{
  g_autoptr (GArray) jumps = g_array_new (FALSE, FALSE, sizeof (guint32));
  gboolean any = FALSE;

  for (int c = 0x20; c < 0x80; c++)
    {
      if (!set[c] || c == '"' || c == '\\')
        continue;
      int last = c;
      while (last + 1 < 0x80 && set[last + 1] && last + 1 != '"' && last + 1 != '\\')
        last++;
      guint32 split = grammar_emit_split (self->b);
      grammar_emit_byte (self->b, (guint8) c, (guint8) last);
      guint32 jump = grammar_emit_jump (self->b);
      g_array_append_val (jumps, jump);
      grammar_patch_other (self->b, split, grammar_here (self->b));
      any = TRUE;
      c = last;
    }
  if (wide)
    grammar_emit_call (self->b, self->b->wide_char);
  else
    {
      /* Nothing else matches: an op that takes no byte at all. */
      grammar_emit_byte (self->b, 1, 0);
      if (!any)
        fail (self, "a class without a character that JSON writes as it is");
    }
  for (guint i = 0; i < jumps->len; i++)
    grammar_patch_jump (self->b, g_array_index (jumps, guint32, i), grammar_here (self->b));
}

/* \d, \w, \s and their opposites. FALSE when the letter is none of them. */
static gboolean
add_escape_class (char c, gboolean set[128], gboolean *wide)
{
  char kind = g_ascii_tolower (c);
  gboolean negate = g_ascii_isupper (c);

  if (kind != 'd' && kind != 'w' && kind != 's')
    return FALSE;
  for (int i = 0; i < 128; i++)
    {
      gboolean in = kind == 'd' ? g_ascii_isdigit (i)
                    : kind == 'w' ? g_ascii_isalnum (i) || i == '_' : i == ' ';
      set[i] |= in != negate;
    }
  *wide |= negate;
  return TRUE;
}

static int
class_char (Regex *self)
{
  char c = *self->p++;

  if (c == '\\' && self->p < self->end)
    c = *self->p++;
  if ((guint8) c >= 0x80)
    fail (self, "a class with characters beyond ASCII");
  return c & 0x7f;
}

static void
parse_class (Regex *self)
{
  gboolean set[128] = { FALSE }, wide = FALSE, negate = FALSE, first = TRUE;

  if (self->p < self->end && *self->p == '^')
    {
      negate = TRUE;
      self->p++;
    }
  for (; self->p < self->end && (*self->p != ']' || first); first = FALSE)
    {
      if (*self->p == '\\' && self->p + 1 < self->end && add_escape_class (self->p[1], set, &wide))
        {
          self->p += 2;
          continue;
        }
      int low = class_char (self), high = low;
      if (self->p + 1 < self->end && *self->p == '-' && self->p[1] != ']')
        {
          self->p++;
          high = class_char (self);
        }
      for (int c = low; c <= high; c++)
        set[c] = TRUE;
    }
  if (self->p >= self->end)
    {
      fail (self, "a class that is not closed");
      return;
    }
  self->p++;
  for (int c = 0; negate && c < 128; c++)
    set[c] = !set[c];
  emit_set (self, set, negate != wide);
}

static void
emit_literal (Regex *self, const char *text, gsize length)
{
  if (length == 1 && (*text == '"' || *text == '\\'))
    grammar_emit_byte (self->b, '\\', '\\');
  if ((guint8) *text < 0x20)
    fail (self, "a control character");
  grammar_emit_text (self->b, text, length);
}

static void
parse_atom (Regex *self)
{
  gboolean set[128] = { FALSE }, wide = FALSE;
  char c = *self->p++;

  if (c == '(')
    {
      if (self->p + 1 < self->end && self->p[0] == '?' && self->p[1] == ':')
        self->p += 2;
      else if (self->p < self->end && *self->p == '?')
        fail (self, "look-around");
      if (++self->depth > MAX_DEPTH)
        fail (self, "too deep");
      parse_alternatives (self);
      self->depth--;
      if (self->p >= self->end || *self->p++ != ')')
        fail (self, "a group that is not closed");
    }
  else if (c == '[')
    parse_class (self);
  else if (c == '.')
    grammar_emit_call (self->b, self->b->any_char);
  else if (c == '\\' && self->p < self->end)
    {
      c = *self->p++;
      if (add_escape_class (c, set, &wide))
        emit_set (self, set, wide);
      else if (g_ascii_isalnum (c))
        fail (self, "an escape");
      else
        emit_literal (self, &c, 1);
    }
  else if (strchr ("*+?{}^$)|", c) != NULL)
    fail (self, "an operator in a wrong place");
  else
    {
      const char *from = self->p - 1;
      while (self->p < self->end && ((guint8) *self->p & 0xc0) == 0x80)
        self->p++;
      emit_literal (self, from, (gsize) (self->p - from));
    }
}

static int
parse_number (Regex *self)
{
  int n = 0;

  if (self->p >= self->end || !g_ascii_isdigit (*self->p))
    return -1;
  for (; self->p < self->end && g_ascii_isdigit (*self->p); self->p++)
    n = MIN (n * 10 + (*self->p - '0'), MAX_REPEAT + 1);
  return n;
}

/* Quantifier behind an atom: least and most repetitions, most = -1 for no bound. */
static void
parse_quantifier (Regex *self, int *least, int *most)
{
  *least = *most = 1;
  char c = self->p < self->end ? *self->p : '\0';
  if (c != '*' && c != '+' && c != '?' && c != '{')
    return;
  self->p++;
  if (c != '{')
    {
      *least = c == '+';
      *most = c == '?' ? 1 : -1;
    }
  else
    {
      *least = *most = parse_number (self);
      if (self->p < self->end && *self->p == ',')
        {
          self->p++;
          *most = parse_number (self);
        }
      if (*least < 0 || *least > MAX_REPEAT || *most > MAX_REPEAT || self->p >= self->end
          || *self->p++ != '}')
        fail (self, "a repetition");
    }
  if (self->p < self->end && (*self->p == '?' || *self->p == '+'))
    self->p++; /* lazy or possessive: the same strings, for our purpose */
}

/* The atom as a routine of its own, so that a repetition costs two ops. */
static void
parse_repeated (Regex *self)
{
  guint32 jump = grammar_emit_jump (self->b), routine = grammar_here (self->b);
  int least, most;

  parse_atom (self);
  grammar_emit (self->b, OP_RETURN, 0, 0);
  grammar_patch_jump (self->b, jump, grammar_here (self->b));
  parse_quantifier (self, &least, &most);
  for (int i = 0; i < least; i++)
    grammar_emit_call (self->b, routine);
  if (most < 0)
    {
      guint32 split = grammar_emit_split (self->b);
      grammar_emit_call (self->b, routine);
      grammar_patch_jump (self->b, grammar_emit_jump (self->b), split);
      grammar_patch_other (self->b, split, grammar_here (self->b));
      return;
    }
  g_autoptr (GArray) splits = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (int i = least; i < most; i++)
    {
      guint32 split = grammar_emit_split (self->b);
      g_array_append_val (splits, split);
      grammar_emit_call (self->b, routine);
    }
  for (guint i = 0; i < splits->len; i++)
    grammar_patch_other (self->b, g_array_index (splits, guint32, i), grammar_here (self->b));
}

static void
parse_alternatives (Regex *self)
{
  g_autoptr (GArray) jumps = g_array_new (FALSE, FALSE, sizeof (guint32));

  while (TRUE)
    {
      guint32 split = grammar_emit_split (self->b);
      while (self->p < self->end && *self->p != '|' && *self->p != ')' && self->b->error == NULL)
        {
          if (*self->p == '$' && self->p + 1 == self->end)
            break;
          parse_repeated (self);
        }
      guint32 jump = grammar_emit_jump (self->b);
      g_array_append_val (jumps, jump);
      grammar_patch_other (self->b, split, grammar_here (self->b));
      if (self->p >= self->end || *self->p != '|' || self->b->error != NULL)
        break;
      self->p++;
    }
  grammar_emit_byte (self->b, 1, 0);
  for (guint i = 0; i < jumps->len; i++)
    grammar_patch_jump (self->b, g_array_index (jumps, guint32, i), grammar_here (self->b));
}

static void
emit_any_chars (GrammarBuilder *b)
{
  guint32 split = grammar_emit_split (b);

  grammar_emit_call (b, b->any_char);
  grammar_patch_jump (b, grammar_emit_jump (b), split);
  grammar_patch_other (b, split, grammar_here (b));
}

void
grammar_emit_regex (GrammarBuilder *b, const char *regex)
{
  gsize n = strlen (regex);
  gboolean start = n > 0 && regex[0] == '^';
  gboolean stop = n > 0 && regex[n - 1] == '$' && (n < 2 || regex[n - 2] != '\\');
  Regex self = { b, regex + (start ? 1 : 0), regex + n - (stop ? 1 : 0), 0 };

  if (self.end < self.p)
    self.end = self.p;
  /* '^a|b$' anchors one alternative each; that is not what the two ends mean here. */
  if ((start || stop) && memchr (regex, '|', n) != NULL && memchr (regex, '(', n) == NULL)
    grammar_fail (b, "pattern", "anchored alternatives without a group");
  if (!start)
    emit_any_chars (b);
  parse_alternatives (&self);
  if (self.p < self.end && b->error == NULL)
    grammar_fail (b, "pattern", "an unexpected bracket");
  if (!stop)
    emit_any_chars (b);
}
