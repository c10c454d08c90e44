/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pipeline/ocr/tidy.h"

#include "document/text.h"

#include <string.h>

#define COLON_GAP 0.6      /* before a colon that stands apart, in heights of its word */
#define DECIMAL_GAP 0.7    /* within a number at most, in heights of its digits */
#define MARK_CERTAINTY 0.7 /* below which signs alone are taken for dirt */
#define POOR_CERTAINTY 0.4 /* of a word that nothing but signs stands beside */

gsize
docai_tidy_colon (const DocaiReadLine *line, const DocaiReadWord *word, int *left_px)
{
  guint last = word->first_character + word->n_characters - 1;

  if (word->n_characters < 2 || last >= line->n_characters || !g_str_has_suffix (word->text, ":")
      || strcmp (line->characters[last].text, ":") != 0)
    return 0;
  const DocaiPixelBox *colon = &line->characters[last].box, *before = &line->characters[last - 1].box;
  if (colon->x0 - before->x1 < COLON_GAP * (word->box.y1 - word->box.y0))
    return 0;
  *left_px = colon->x0;
  return 1;
}

static gboolean
ends_at_decimal_mark (const char *text)
{
  gsize length = strlen (text);

  return length >= 2 && strchr (".,", text[length - 1]) != NULL && g_ascii_isdigit (text[length - 2]);
}

/* Two digits, and nothing behind them but a bracket or a sign. */
static gboolean
is_cents (const char *text)
{
  return strspn (text, "0123456789") == 2 && (text[2] == '\0' || (strchr (")-", text[2]) != NULL && text[3] == '\0'));
}

/* Whether the number is at its line's end or before a short code: "1. 20 sheets" is a list. */
static gboolean
ends_number (const DocaiLine *line, guint i)
{
  return i + 1 >= line->words->len || g_utf8_strlen (((const DocaiWord *) line->words->pdata[i + 1])->text, -1) <= 2;
}

static void
join_decimals (DocaiLine *line)
{
  for (guint i = 0; i + 1 < line->words->len; i++)
    {
      DocaiWord       *word = line->words->pdata[i];
      const DocaiWord *next = line->words->pdata[i + 1];
      double           gap = next->bbox.x0 - word->bbox.x1;
      if (!ends_at_decimal_mark (word->text) || !is_cents (next->text) || !ends_number (line, i + 1)
          || gap > DECIMAL_GAP * MAX (docai_box_height (word->bbox), docai_box_height (next->bbox)))
        continue;
      char *joined = g_strconcat (word->text, next->text, NULL);
      g_free (word->text);
      word->text = joined;
      word->bbox = docai_box_union (word->bbox, next->bbox);
      word->confidence = MIN (word->confidence, next->confidence);
      g_ptr_array_remove_index (line->words, i + 1);
    }
}

/* Whether a single word that was badly read would be left, which is taken for dirt alone. */
static gboolean
holds_one_poor_word (const DocaiLine *line)
{
  double poorest = 1;
  int    n = 0;

  for (guint i = 0; i < line->words->len; i++)
    {
      const DocaiWord *word = line->words->pdata[i];
      if (!docai_text_has_letter_or_digit (word->text))
        continue;
      poorest = MIN (poorest, word->confidence);
      n++;
    }
  return n == 1 && poorest < POOR_CERTAINTY;
}

/* A sign before text may be its bullet, whatever it was read as. */
static gboolean
is_bullet (const DocaiLine *line, guint i)
{
  return i == 0 && line->words->len > 1 && g_utf8_strlen (((const DocaiWord *) line->words->pdata[0])->text, -1) == 1;
}

static void
drop_dirt (DocaiLine *line)
{
  if (holds_one_poor_word (line))
    return;
  for (guint i = line->words->len; i-- > 0;)
    {
      const DocaiWord *word = line->words->pdata[i];
      if (word->confidence < MARK_CERTAINTY && !docai_text_has_letter_or_digit (word->text) && !is_bullet (line, i))
        g_ptr_array_remove_index (line->words, i);
    }
}

void
docai_tidy_line (DocaiLine *line)
{
  drop_dirt (line);
  join_decimals (line);
  if (line->words->len > 0)
    docai_line_update (line);
}
