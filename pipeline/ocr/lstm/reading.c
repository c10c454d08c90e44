/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The results: texts, confidences and boxes of a line's words and characters.
 */
#include "pipeline/ocr/lstm/reading.h"

#include "pipeline/ocr/lstm/ink.h"
#include "pipeline/ocr/lstm/model.h"

static float
confidence_of (float certainty)
{
  return CLAMP (100 + 5 * certainty, 0.0f, 100.0f) / 100;
}

static const char *
text_of (GPtrArray *models, const DocaiPathWord *word, const DocaiPathCharacter *c)
{
  const DocaiLstmModel      *model = g_ptr_array_index (models, word->model);
  const DocaiUnicharset *set = model->set;

  if (c->unichar == DOCAI_UNICHAR_SPACE || c->unichar < 0 || (guint) c->unichar >= set->n_chars)
    return "";
  return set->chars[c->unichar].text;
}

static void
unite (DocaiPixelBox *box, DocaiPixelBox other, gboolean first)
{
  if (first)
    *box = other;
  else
    *box = (DocaiPixelBox){ MIN (box->x0, other.x0), MIN (box->y0, other.y0),
                            MAX (box->x1, other.x1), MAX (box->y1, other.y1) };
}

/* Texts and confidences of characters, and ranges of words. Returns the model
 * that read most of the characters. */
static guint
fill_texts (GPtrArray *models, const DocaiPathWords *words, DocaiReadLine *out)
{
  g_autofree guint *per_model = g_new0 (guint, models->len);
  guint             most = 0;

  for (guint w = 0; w < words->words->len; w++)
    {
      const DocaiPathWord *word = &g_array_index (words->words, DocaiPathWord, w);
      DocaiReadWord       *to = &out->words[out->n_words];
      g_autoptr (GString)  text = g_string_new (NULL);

      to->first_character = out->n_characters;
      for (guint i = 0; i < word->n; i++)
        {
          const DocaiPathCharacter *c
            = &g_array_index (words->characters, DocaiPathCharacter, word->first + i);
          DocaiReadCharacter *character = &out->characters[out->n_characters];
          const char         *s = text_of (models, word, c);

          if (*s == '\0')
            continue;
          g_string_append (text, s);
          g_strlcpy (character->text, s, sizeof character->text);
          character->confidence = confidence_of (c->certainty);
          character->box = (DocaiPixelBox){ .x0 = c->left, .x1 = c->right };
          out->n_characters++;
        }
      to->n_characters = out->n_characters - to->first_character;
      if (to->n_characters == 0)
        continue;
      per_model[word->model] += to->n_characters;
      to->text = g_strdup (text->str);
      to->certainty = word->certainty;
      to->confidence = confidence_of (word->certainty);
      to->in_dictionary = word->kind == DOCAI_WORD_SYSTEM;
      to->space_before = out->n_words > 0 && word->leading_space;
      out->mean_certainty += word->certainty;
      out->n_words++;
    }
  for (guint m = 1; m < models->len; m++)
    if (per_model[m] > per_model[most])
      most = m;
  if (out->n_words > 0)
    out->mean_certainty /= (float) out->n_words;
  return most;
}

void
docai_read_line_fill (DocaiReadLine *out, GPtrArray *models, const DocaiPathWords *words,
                      const gboolean *inverted)
{
  guint model;

  out->words = g_new0 (DocaiReadWord, words->words->len + 1);
  out->characters = g_new0 (DocaiReadCharacter, words->characters->len + 1);
  model = fill_texts (models, words, out);
  out->language = ((const DocaiLstmModel *) g_ptr_array_index (models, model))->language;
  out->inverted = inverted[model];
}

void
docai_read_line_snap (DocaiReadLine *out, const DocaiTextLine *line, const GArray *inks)
{
  guint                     n = out->n_characters;
  g_autofree DocaiStretch  *stretches = g_new (DocaiStretch, n + 1);
  g_autofree guint         *word_of = g_new (guint, n + 1);
  g_autofree DocaiPixelBox *boxes = g_new0 (DocaiPixelBox, n + 1);

  for (guint w = 0; w < out->n_words; w++)
    for (guint i = 0; i < out->words[w].n_characters; i++)
      word_of[out->words[w].first_character + i] = w;
  for (guint i = 0; i < n; i++)
    stretches[i] = (DocaiStretch){ out->characters[i].box.x0, out->characters[i].box.x1 };
  g_autoptr (GArray)        joined = docai_ink_join (inks);

  docai_ink_snap (joined, line, stretches, word_of, n, boxes);
  for (guint i = 0; i < n; i++)
    {
      DocaiReadWord *word = &out->words[word_of[i]];

      out->characters[i].box = boxes[i];
      unite (&word->box, boxes[i], i == word->first_character);
    }
}

void
docai_reading_free (DocaiReading *reading)
{
  if (reading == NULL)
    return;
  for (guint i = 0; i < reading->n_lines; i++)
    {
      for (guint w = 0; w < reading->lines[i].n_words; w++)
        g_free (reading->lines[i].words[w].text);
      g_free (reading->lines[i].words);
      g_free (reading->lines[i].characters);
    }
  g_free (reading->lines);
  g_free (reading);
}
