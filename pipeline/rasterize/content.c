/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Content streams of PDF pages that draw nothing but one image.
 *
 * Scanners write few operators: save, a matrix, the image, restore; recognition
 * adds text that is never painted. Whatever else comes ends the reading.
 */
#include "pipeline/rasterize/content.h"

#include <math.h>
#include <string.h>

#define MAX_OPERANDS 16
#define MAX_SAVED 32
#define MAX_NESTING 16
#define MAX_STATES 16
#define INVISIBLE 3 /* text rendering mode */

typedef struct {
  double   matrix[6];
  DocaiBox clip;
  int      text_mode;
} State;

typedef struct {
  const char   *at, *end;
  DocaiContent *content;
  State         state, saved[MAX_SAVED];
  int           n_saved;
  double        operands[MAX_OPERANDS]; /* numbers; 0 for others */
  int           n_operands;
  char         *name; /* the last operand, when it is a name */
  DocaiBox      path; /* the rectangle begun */
  gboolean      has_path, clips;
} Reader;

typedef gboolean (*Operator) (Reader *reader);

static gboolean
is_space (char c)
{
  return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

static gboolean
is_regular (char c)
{
  return !is_space (c) && strchr ("()<>[]{}/%", c) == NULL;
}

static void
skip_space (Reader *reader)
{
  gboolean comment = FALSE;
  for (; reader->at < reader->end; reader->at++)
    {
      char c = *reader->at;
      if (comment ? c == '\n' || c == '\r' : c == '%')
        comment = !comment;
      else if (!comment && !is_space (c))
        return;
    }
}

/* Behind the end of a string in parentheses; FALSE: it has none. */
static gboolean
skip_string (Reader *reader)
{
  int depth = 0;
  for (; reader->at < reader->end; reader->at++)
    switch (*reader->at)
      {
      case '\\': reader->at++; break;
      case '(': depth++; break;
      case ')':
        if (--depth == 0)
          {
            reader->at++;
            return TRUE;
          }
        break;
      default: break;
      }
  return FALSE;
}

static gboolean
skip_past (Reader *reader, char last)
{
  const char *found = memchr (reader->at, last, reader->end - reader->at);
  reader->at = found != NULL ? found + 1 : reader->end;
  return found != NULL;
}

static gsize
regular_length (const Reader *reader)
{
  const char *to = reader->at;
  while (to < reader->end && is_regular (*to))
    to++;
  return to - reader->at;
}

/* One operand that is neither number nor name, arrays and dictionaries whole. */
static gboolean
skip_operand (Reader *reader, int depth)
{
  char c = *reader->at;
  if (c == '(')
    return skip_string (reader);
  gboolean dictionary = c == '<' && reader->end - reader->at > 1 && reader->at[1] == '<';
  if (c == '<' && !dictionary)
    return skip_past (reader, '>');
  if ((c != '[' && !dictionary) || depth >= MAX_NESTING)
    return FALSE;
  reader->at += dictionary ? 2 : 1;
  for (skip_space (reader); reader->at < reader->end; skip_space (reader))
    {
      c = *reader->at;
      if (dictionary ? c == '>' && reader->end - reader->at > 1 && reader->at[1] == '>' : c == ']')
        {
          reader->at += dictionary ? 2 : 1;
          return TRUE;
        }
      gsize length = regular_length (reader);
      if (c == '/')
        reader->at++;
      else if (length > 0)
        reader->at += length;
      else if (!skip_operand (reader, depth + 1))
        return FALSE;
    }
  return FALSE;
}

/* Multiplies `matrix` from the left. */
static void
concatenate (double matrix[6], const double by[6])
{
  double m[6];
  memcpy (m, matrix, sizeof m);
  for (int i = 0; i < 6; i += 2)
    {
      matrix[i] = by[i] * m[0] + by[i + 1] * m[2] + (i == 4 ? m[4] : 0);
      matrix[i + 1] = by[i] * m[1] + by[i + 1] * m[3] + (i == 4 ? m[5] : 0);
    }
}

static gboolean
harmless (Reader *reader)
{
  return TRUE;
}

static gboolean
save (Reader *reader)
{
  if (reader->n_saved == MAX_SAVED)
    return FALSE;
  reader->saved[reader->n_saved++] = reader->state;
  return TRUE;
}

static gboolean
restore (Reader *reader)
{
  if (reader->n_saved > 0)
    reader->state = reader->saved[--reader->n_saved];
  return TRUE;
}

static gboolean
set_matrix (Reader *reader)
{
  if (reader->n_operands != 6)
    return FALSE;
  concatenate (reader->state.matrix, reader->operands);
  return TRUE;
}

static gboolean
set_state (Reader *reader)
{
  if (reader->name == NULL || reader->content->states->len == MAX_STATES)
    return FALSE;
  g_ptr_array_add (reader->content->states, g_steal_pointer (&reader->name));
  return TRUE;
}

static gboolean
draw (Reader *reader)
{
  DocaiContent *content = reader->content;
  if (content->image != NULL || reader->name == NULL)
    return FALSE;
  content->image = g_steal_pointer (&reader->name);
  memcpy (content->matrix, reader->state.matrix, sizeof content->matrix);
  content->clip = reader->state.clip;
  return TRUE;
}

/* Only rectangles that stay upright, one at a time. */
static gboolean
rectangle (Reader *reader)
{
  const double *o = reader->operands, *m = reader->state.matrix;
  if (reader->n_operands != 4 || reader->has_path)
    return FALSE;
  if ((m[1] != 0 || m[2] != 0) && (m[0] != 0 || m[3] != 0))
    return FALSE;
  double x0 = o[0] * m[0] + o[1] * m[2] + m[4], y0 = o[0] * m[1] + o[1] * m[3] + m[5];
  double x1 = x0 + o[2] * m[0] + o[3] * m[2], y1 = y0 + o[2] * m[1] + o[3] * m[3];
  reader->path = (DocaiBox){ MIN (x0, x1), MIN (y0, y1), MAX (x0, x1), MAX (y0, y1) };
  reader->has_path = TRUE;
  return TRUE;
}

static gboolean
clip (Reader *reader)
{
  reader->clips = TRUE;
  return reader->has_path;
}

static gboolean
end_path (Reader *reader)
{
  if (reader->clips)
    reader->state.clip = docai_box_intersect (reader->state.clip, reader->path);
  reader->has_path = reader->clips = FALSE;
  return TRUE;
}

static gboolean
set_text_mode (Reader *reader)
{
  reader->state.text_mode = reader->n_operands == 1 ? (int) reader->operands[0] : 0;
  return TRUE;
}

static gboolean
show_text (Reader *reader)
{
  reader->content->has_text = TRUE;
  return reader->state.text_mode == INVISIBLE;
}

/* Content that can be switched off is left to a renderer. */
static gboolean
begin_marked (Reader *reader)
{
  return reader->name == NULL || strcmp (reader->name, "OC") != 0;
}

static const struct {
  const char *name;
  Operator    run;
} operators[] = {
  { "q", save },
  { "Q", restore },
  { "cm", set_matrix },
  { "Do", draw },
  { "gs", set_state },
  { "re", rectangle },
  { "W", clip },
  { "W*", clip },
  { "n", end_path },
  { "Tr", set_text_mode },
  { "Tj", show_text },
  { "TJ", show_text },
  { "'", show_text },
  { "\"", show_text },
  { "BDC", begin_marked },
  { "BMC", harmless },
  { "EMC", harmless },
  { "MP", harmless },
  { "DP", harmless },
  { "BT", harmless },
  { "ET", harmless },
  { "Tf", harmless },
  { "Td", harmless },
  { "TD", harmless },
  { "Tm", harmless },
  { "T*", harmless },
  { "Tc", harmless },
  { "Tw", harmless },
  { "Tz", harmless },
  { "TL", harmless },
  { "Ts", harmless },
  { "g", harmless },
  { "G", harmless },
  { "rg", harmless },
  { "RG", harmless },
  { "k", harmless },
  { "K", harmless },
  { "cs", harmless },
  { "CS", harmless },
  { "sc", harmless },
  { "SC", harmless },
  { "scn", harmless },
  { "SCN", harmless },
  { "w", harmless },
  { "J", harmless },
  { "j", harmless },
  { "M", harmless },
  { "d", harmless },
  { "ri", harmless },
  { "i", harmless },
};

static gboolean
run_operator (Reader *reader, const char *name, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (operators); i++)
    if (strlen (operators[i].name) == length && memcmp (operators[i].name, name, length) == 0)
      {
        gboolean goes_on = operators[i].run (reader);
        reader->n_operands = 0;
        g_clear_pointer (&reader->name, g_free);
        return goes_on;
      }
  return FALSE;
}

static gboolean
add_operand (Reader *reader, double number)
{
  if (reader->n_operands == MAX_OPERANDS || !(fabs (number) < 1e9))
    return FALSE;
  reader->operands[reader->n_operands++] = number;
  return TRUE;
}

/* A name; one with escaped characters is not looked up. The first one stays. */
static gboolean
read_name (Reader *reader)
{
  reader->at++;
  gsize length = regular_length (reader);
  if (memchr (reader->at, '#', length) != NULL || length == 0 || length > 127)
    return FALSE;
  if (reader->name == NULL)
    reader->name = g_strndup (reader->at, length);
  reader->at += length;
  return add_operand (reader, 0);
}

/* A number or an operator. */
static gboolean
read_word (Reader *reader)
{
  const char *word = reader->at;
  gsize       length = regular_length (reader);
  char        digits[40], *end;
  reader->at += length;
  if (g_ascii_isalpha (*word) || *word == '\'' || *word == '"')
    return run_operator (reader, word, length);
  if (length == 0 || length >= sizeof digits)
    return FALSE;
  memcpy (digits, word, length);
  digits[length] = '\0';
  if (strspn (digits, "+-.0123456789") < length)
    return FALSE;
  double number = g_ascii_strtod (digits, &end);
  return *end == '\0' && add_operand (reader, number);
}

static gboolean
read_token (Reader *reader)
{
  char c = *reader->at;
  if (c == '/')
    return read_name (reader);
  if (c == '(' || c == '<' || c == '[')
    return skip_operand (reader, 0) && add_operand (reader, 0);
  return read_word (reader);
}

DocaiContent *
docai_content_read (const char *data, gsize size)
{
  g_autoptr (DocaiContent) content = g_new0 (DocaiContent, 1);
  content->states = g_ptr_array_new_with_free_func (g_free);
  Reader reader = { .at = data, .end = data + size, .content = content };
  reader.state = (State){ .matrix = { 1, 0, 0, 1, 0, 0 }, .clip = { -1e9, -1e9, 1e9, 1e9 } };
  gboolean plain = TRUE;
  for (skip_space (&reader); plain && reader.at < reader.end; skip_space (&reader))
    plain = read_token (&reader);
  g_free (reader.name);
  if (!plain || content->image == NULL || reader.n_operands > 0)
    return NULL;
  for (int i = 0; i < 6; i++)
    if (!isfinite (content->matrix[i]))
      return NULL;
  return g_steal_pointer (&content);
}

void
docai_content_free (DocaiContent *content)
{
  if (content == NULL)
    return;
  g_free (content->image);
  g_ptr_array_unref (content->states);
  g_free (content);
}
