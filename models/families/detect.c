/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Choosing boxes among a detector's proposals.
 */
#include "models/families/detect.h"

#include <math.h>

#include "base/error.h"

gboolean
docai_proposals_init (DocaiProposals *self, int n, int n_tokens, GError **error)
{
  *self = (DocaiProposals) { .n = n, .n_tokens = n_tokens };
  self->boxes = g_try_new0 (float, (gsize) n * 4 + 1);
  self->logits = g_try_new0 (float, (gsize) n * (gsize) n_tokens + 1);
  if (self->boxes != NULL && self->logits != NULL)
    return TRUE;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT, "no memory for %d boxes", n);
  return FALSE;
}

void
docai_proposals_clear (DocaiProposals *self)
{
  g_clear_pointer (&self->boxes, g_free);
  g_clear_pointer (&self->logits, g_free);
}

/* The model's own numbers for [CLS], [SEP], "." and "?": it was trained with BERT's uncased vocabulary and
 * no file of its folder says them. */
gboolean
docai_detect_is_delimiter (guint32 id)
{
  return id == 101 || id == 102 || id == 1012 || id == 1029;
}

static void
clear_detection (gpointer data)
{
  DocaiDetection *self = data;
  g_free (self->label);
  g_free (self->phrase);
}

/* The phrase that a token stands in. */
static char *
phrase_around (DocaiTokenizer *tokenizer, const guint32 *ids, int n_ids, int token)
{
  int from = token, to = token;
  while (from > 0 && !docai_detect_is_delimiter (ids[from - 1]))
    from--;
  while (to < n_ids && !docai_detect_is_delimiter (ids[to]))
    to++;
  return docai_tokenizer_decode (tokenizer, ids + from, (gsize) MAX (to - from, 0), FALSE);
}

static double
sigmoid (double x)
{
  return 1.0 / (1.0 + exp (-x));
}

GArray *
docai_proposals_choose (const DocaiProposals *self, DocaiTokenizer *tokenizer, const guint32 *ids, int n_ids,
                        double threshold, double text_threshold, double width, double height)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (DocaiDetection));
  g_array_set_clear_func (found, clear_detection);
  for (int i = 0; i < self->n; i++)
    {
      const float *logits = self->logits + (gsize) i * (gsize) self->n_tokens, *box = self->boxes + (gsize) i * 4;
      g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (guint32));
      int best = 0, word = -1, last = MIN (n_ids, self->n_tokens - 1);
      for (int t = 0; t < self->n_tokens; t++)
        {
          best = logits[t] > logits[best] ? t : best;
          if (t < n_ids && !docai_detect_is_delimiter (ids[t]) && (word < 0 || logits[t] > logits[word]))
            word = t;
        }
      if (!(sigmoid (logits[best]) > threshold))
        continue;
      /* The first and the last place never count as words, as in the reference. */
      for (int t = 1; t < last; t++)
        if (sigmoid (logits[t]) > text_threshold)
          g_array_append_val (words, ids[t]);
      DocaiDetection one = { .score = sigmoid (logits[best]) };
      for (int axis = 0; axis < 2; axis++)
        {
          double edge = axis == 0 ? width : height;
          one.box[axis] = (box[axis] - 0.5 * box[2 + axis]) * edge;
          one.box[2 + axis] = (box[axis] + 0.5 * box[2 + axis]) * edge;
        }
      one.label = docai_tokenizer_decode (tokenizer, (const guint32 *) (gconstpointer) words->data, words->len, FALSE);
      one.phrase = word >= 0 ? phrase_around (tokenizer, ids, n_ids, word) : g_strdup ("");
      g_array_append_val (found, one);
    }
  return found;
}
