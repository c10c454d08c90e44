/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Boxes of what a text names.
 */
#include "base/error.h"
#include "models/model-priv.h"

static int
by_score (gconstpointer a, gconstpointer b)
{
  const DocaiDetection *x = a, *y = b;
  return x->score > y->score ? -1 : x->score < y->score;
}

GArray *
docai_model_detect (DocaiModel *self, const DocaiImage *image, const char *text, double threshold, double text_threshold, GError **error)
{
  if (!docai_model_demand (self, DOCAI_TASK_DETECT, error))
    return NULL;
  g_autoptr (DocaiPixels) pixels = docai_preprocess (self->preprocessor, &image, 1, NULL, error);
  g_autofree char *phrases = pixels != NULL ? docai_prompt_template (self->prompter, text, 1, NULL, error) : NULL;
  g_autoptr (DocaiPrompt) prompt = phrases != NULL ? docai_prompt_encode (self->prompter, phrases, pixels, error) : NULL;
  if (prompt == NULL)
    return NULL;
  DocaiProposals proposals = { 0 };
  GArray *found = NULL;
  if (self->core->family->detect (self->core, self->run, pixels, prompt->ids, prompt->length, DOCAI_READ_AS_TRAINED, &proposals, error))
    found = docai_proposals_choose (&proposals, self->tokenizer, prompt->ids, prompt->length, threshold, text_threshold, image->width, image->height);
  docai_proposals_clear (&proposals);
  for (guint i = 0; found != NULL && i < found->len; i++)
    {
      double *box = g_array_index (found, DocaiDetection, i).box;
      for (int k = 0; k < 4; k++)
        box[k] = CLAMP (box[k], 0.0, (double) (k % 2 ? image->height : image->width));
    }
  if (found != NULL)
    g_array_sort (found, by_score);
  return found;
}
