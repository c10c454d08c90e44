/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pipeline/ocr/lstm/number-marks.h"

#include <string.h>

enum { MAX_DIGITS = 24, MAX_MARKS = 3 }; /* of a word; between two digits, and one more */

/* In heights of a digit. */
static const double tall_least = 0.8, tall_most = 1.25;
static const double mark_least = 0.07, dot_most = 0.3, comma_most = 0.5;
static const double foot_slack = 0.12; /* of a point from the digits' foot */
static const double dash_least = 0.22, dash_most = 0.8, dash_height = 0.25;
static const double sign_gap = 0.5;

/* A word's digits and their ink. */
typedef struct {
  guint         n;
  guint         characters[MAX_DIGITS]; /* of the line */
  DocaiPixelBox inks[MAX_DIGITS];
  double        height;
} Digits;

static gboolean
is_digit (const DocaiReadCharacter *c)
{
  return g_ascii_isdigit (c->text[0]) && c->text[1] == '\0';
}

static int
middle_x (const DocaiPixelBox *box)
{
  return (box->x0 + box->x1) / 2;
}

/* The characters; FALSE unless the word is digits with at most signs between and around them. */
static gboolean
find_digits (const DocaiReadLine *line, const DocaiReadWord *word, Digits *digits)
{
  int heights[MAX_DIGITS];

  digits->n = 0;
  for (guint i = word->first_character; i < word->first_character + word->n_characters; i++)
    {
      const DocaiReadCharacter *c = &line->characters[i];

      if (!is_digit (c))
        {
          if (g_unichar_isalpha (g_utf8_get_char (c->text)))
            return FALSE;
          continue;
        }
      if (digits->n == MAX_DIGITS)
        return FALSE;
      heights[digits->n] = c->box.y1 - c->box.y0;
      digits->characters[digits->n++] = i;
    }
  if (digits->n == 0)
    return FALSE;
  for (guint i = 1; i < digits->n; i++)
    for (guint k = i; k > 0 && heights[k] < heights[k - 1]; k--)
      {
        int height = heights[k];
        heights[k] = heights[k - 1];
        heights[k - 1] = height;
      }
  digits->height = heights[digits->n / 2];
  return digits->height >= 8;
}

/* Whether each digit is one ink; fills them. */
static gboolean
find_digit_inks (const GArray *inks, const DocaiReadWord *word, Digits *digits)
{
  guint n = 0;

  for (guint i = 0; i < inks->len; i++)
    {
      const DocaiPixelBox *ink = &g_array_index (inks, DocaiPixelBox, i);
      double               h = (ink->y1 - ink->y0) / digits->height;

      if (middle_x (ink) < word->box.x0 || middle_x (ink) >= word->box.x1 || h < comma_most)
        continue;
      if (h < tall_least || h > tall_most || ink->x1 - ink->x0 > digits->height || n == digits->n)
        return FALSE;
      digits->inks[n++] = *ink;
    }
  return n == digits->n;
}

/* What a mark is, by its size and height over the foot of the digits beside it; NULL: nothing. */
static const char *
name_mark (const DocaiPixelBox *mark, const DocaiPixelBox *beside, double height)
{
  double w = (mark->x1 - mark->x0) / height, h = (mark->y1 - mark->y0) / height;
  double below = (mark->y1 - beside->y1) / height, middle = (beside->y1 - 0.5 * (mark->y0 + mark->y1)) / height;

  if (MIN (mark->x1 - mark->x0, mark->y1 - mark->y0) < 2 || w < mark_least || h < mark_least)
    return NULL;
  if (w >= dash_least && w <= dash_most && h <= dash_height && w > 1.5 * h && middle > 0.25 && middle < 0.65)
    return "-";
  if (w > dot_most)
    return NULL;
  if (h <= dot_most && ABS (below) <= foot_slack)
    return ".";
  if (h <= comma_most && h > w && below > foot_slack && below < 0.35 && mark->y0 > beside->y1 - dot_most * height)
    return ",";
  return h <= dot_most && middle > 0.3 && middle < 0.8 ? "'" : NULL; /* the upper point of a colon */
}

/* The marks between the middles of two inks, or from `left` on to the first: how many. */
static guint
find_marks (const GArray *inks, int left, int right, const DocaiPixelBox *beside, double height, DocaiPixelBox *marks)
{
  guint n = 0;

  for (guint i = 0; i < inks->len; i++)
    {
      const DocaiPixelBox *ink = &g_array_index (inks, DocaiPixelBox, i);

      if (ink->x0 >= left && ink->x1 <= right && ink->y1 - ink->y0 < comma_most * height
          && ink->y0 < beside->y1 + 0.3 * height && ink->y1 > beside->y0)
        {
          if (n == MAX_MARKS)
            return MAX_MARKS;
          marks[n++] = *ink;
        }
    }
  return n;
}

/* ---- what a number may look like ------------------------------------------ */

/* Takes digits off the text: how many, at most `most`. */
static guint
take_digits (const char **text, guint most)
{
  guint n = 0;

  while (n < most && g_ascii_isdigit (**text))
    {
      n++;
      ++*text;
    }
  return n;
}

/* "7.8", "12,50", "1,234.50", "-61": thousands with a mark at every three digits or none, then one or two decimals. A
 * mark that would make thousands is not worth the risk: the number is the same without. */
static gboolean
is_number (const char *text)
{
  guint n;
  char  group = '\0';

  text += *text == '-';
  n = take_digits (&text, 5);
  if (n == 0 || (n > 1 && text[-(int) n] == '0'))
    return FALSE;
  while (n <= 3 && (*text == '.' || *text == ',') && (group == '\0' || *text == group)
         && strspn (text + 1, "0123456789") == 3)
    {
      group = *text;
      text += 4;
    }
  if ((*text == '.' || *text == ',') && *text != group)
    {
      text++;
      group = '\0';
      if (take_digits (&text, 2) == 0)
        return FALSE;
    }
  return group == '\0' && (*text == '\0' || strcmp (text, "%") == 0);
}

/* "12.11.2026", "2013-11-05", "09:30", "23:59:59". */
static gboolean
is_date_or_time (const char *text)
{
  guint first = take_digits (&text, 4);
  char  mark = *text;

  if (mark == '\0' || strchr (".-:", mark) == NULL || first == 0 || first == 3)
    return FALSE;
  text++;
  if (take_digits (&text, 2) < (mark == ':' ? 2u : 1u))
    return FALSE;
  if (*text == '\0')
    return mark == ':' && first <= 2;
  if (*text++ != mark)
    return FALSE;
  guint last = take_digits (&text, 4);
  return *text == '\0' && (last == 2 || (last == 4 && first <= 2 && mark != ':'));
}

/* ---- putting them back ---------------------------------------------------- */

/* Marks for a word, before its digits; what is before digit i is at i. */
typedef struct {
  const char   *marks[MAX_DIGITS]; /* NULL: none */
  DocaiPixelBox boxes[MAX_DIGITS];
  guint         n;
} Found;

/* Puts a character before character c of word w. */
static void
insert (DocaiReadLine *line, guint w, guint c, const char *mark, DocaiPixelBox box)
{
  DocaiReadWord      *word = &line->words[w];
  DocaiReadCharacter *characters = line->characters = g_renew (DocaiReadCharacter, line->characters, line->n_characters + 1);
  GString            *text = g_string_new (NULL);

  memmove (characters + c + 1, characters + c, (line->n_characters - c) * sizeof *characters);
  line->n_characters++;
  characters[c] = (DocaiReadCharacter){ .box = box, .confidence = word->confidence };
  g_strlcpy (characters[c].text, mark, sizeof characters[c].text);
  word->n_characters++;
  for (guint i = w + 1; i < line->n_words; i++)
    line->words[i].first_character++;
  for (guint i = 0; i < word->n_characters; i++)
    g_string_append (text, characters[word->first_character + i].text);
  g_free (word->text);
  word->text = g_string_free (text, FALSE);
  word->in_dictionary = FALSE;
  word->box.x0 = MIN (word->box.x0, box.x0);
  word->box.y1 = MAX (word->box.y1, box.y1);
}

/* The mark before digit i, behind the one before, which no character stands for. */
static void
look_between (const GArray *inks, const Digits *digits, guint i, Found *found)
{
  const DocaiPixelBox *a = &digits->inks[i - 1], *b = &digits->inks[i];
  DocaiPixelBox        marks[MAX_MARKS];
  guint                n = find_marks (inks, a->x0 + (a->x1 - a->x0) / 4, middle_x (b), b, digits->height, marks);
  const char          *mark = n > 0 && n < MAX_MARKS ? name_mark (&marks[0], b, digits->height) : NULL;

  if (n == 2)
    {
      const char *second = name_mark (&marks[1], b, digits->height);
      gboolean    colon = mark != NULL && second != NULL
                       && ((*mark == '.' && *second == '\'') || (*mark == '\'' && *second == '.'));

      marks[0] = (DocaiPixelBox){ MIN (marks[0].x0, marks[1].x0), MIN (marks[0].y0, marks[1].y0),
                                  MAX (marks[0].x1, marks[1].x1), MAX (marks[0].y1, marks[1].y1) };
      mark = colon && marks[0].x1 - marks[0].x0 < dot_most * digits->height ? ":" : NULL;
    }
  if (mark == NULL || *mark == '\'')
    return;
  found->marks[i] = mark;
  found->boxes[i] = marks[0];
  found->n++;
}

/* The minus before the first digit, which begins the word. */
static void
look_for_sign (const DocaiReadLine *line, guint w, const GArray *inks, const Digits *digits, Found *found)
{
  const DocaiPixelBox *first = &digits->inks[0];
  int                  left = first->x0 - (int) ((sign_gap + dash_most) * digits->height);
  DocaiPixelBox        marks[MAX_MARKS];
  guint                n;

  if (w > 0)
    left = MAX (left, line->words[w - 1].box.x1 + (int) (dash_least * digits->height));
  n = find_marks (inks, left, middle_x (first), first, digits->height, marks);
  if (n != 1 || g_strcmp0 (name_mark (&marks[0], first, digits->height), "-") != 0
      || first->x0 - marks[0].x1 > sign_gap * digits->height)
    return;
  found->marks[0] = "-";
  found->boxes[0] = marks[0];
  found->n++;
}

static gboolean
has_decimal_mark (const char *text)
{
  return strpbrk (text, ".,") != NULL;
}

/* Whether the word is a number, a date or a time with the marks. */
static gboolean
makes_sense (const DocaiReadLine *line, const DocaiReadWord *word, const Digits *digits, const Found *found)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint               at = 0;

  for (guint i = word->first_character; i < word->first_character + word->n_characters; i++)
    {
      if (at < digits->n && digits->characters[at] == i && found->marks[at++] != NULL)
        g_string_append (text, found->marks[at - 1]);
      g_string_append (text, line->characters[i].text);
    }
  return is_number (text->str) || (!has_decimal_mark (word->text) && is_date_or_time (text->str));
}

/* Of a number of which the word may be the decimals. */
static gboolean
ends_at_mark (const char *text)
{
  gsize length = strlen (text);

  return length >= 2 && g_ascii_isdigit (text[length - 2]) && strchr (".,", text[length - 1]) != NULL;
}

static void
restore_word (DocaiReadLine *line, guint w, const GArray *inks)
{
  const DocaiReadWord *word = &line->words[w];
  Digits               digits = { .n = 0 };
  Found                found = { .n = 0 };

  if (!find_digits (line, word, &digits) || !find_digit_inks (inks, word, &digits)
      || (w > 0 && ends_at_mark (line->words[w - 1].text)))
    return;
  for (guint i = 1; i < digits.n; i++)
    if (digits.characters[i] == digits.characters[i - 1] + 1)
      look_between (inks, &digits, i, &found);
  if (digits.characters[0] == word->first_character)
    look_for_sign (line, w, inks, &digits, &found);
  if (found.n == 0 || !makes_sense (line, word, &digits, &found))
    return;
  for (guint i = digits.n; i-- > 0;)
    if (found.marks[i] != NULL)
      insert (line, w, digits.characters[i], found.marks[i], found.boxes[i]);
}

/* Characters that have a dot or are small themselves. */
static guint
count_dots (const DocaiReadLine *line)
{
  guint n = 0;

  for (guint i = 0; i < line->n_characters; i++)
    {
      gunichar c = g_utf8_get_char (line->characters[i].text);

      n += (!g_unichar_isalnum (c) ? 2 : c == 'i' || c == 'j' ? 1 : c > 127 ? 2 : 0);
    }
  return n;
}

/* Whether the line has more small ink than its characters account for, and more than its numbers may lack: dirt,
 * or strokes that have fallen to pieces. */
static gboolean
is_dirty (const DocaiReadLine *line, const GArray *inks, double height)
{
  guint n = 0;

  for (guint i = 0; i < inks->len; i++)
    {
      const DocaiPixelBox *ink = &g_array_index (inks, DocaiPixelBox, i);

      n += ink->y1 - ink->y0 < dot_most * height && ink->x1 - ink->x0 < dot_most * height;
    }
  return n > count_dots (line) + line->n_words + 1;
}

void
docai_number_marks_restore (DocaiReadLine *line, const GArray *inks)
{
  double height = 0;

  for (guint i = 0; i < line->n_characters; i++)
    if (is_digit (&line->characters[i]))
      height = MAX (height, line->characters[i].box.y1 - line->characters[i].box.y0);
  if (height == 0 || is_dirty (line, inks, height))
    return;
  for (guint w = 0; w < line->n_words; w++)
    restore_word (line, w, inks);
}
