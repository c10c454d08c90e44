/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Vectors of images and texts, and scores between them.
 */
#include <math.h>

#include "base/error.h"
#include "models/model-priv.h"

int
docai_model_embed_width (const DocaiModel *self)
{
  return self->core->embed_width;
}

static gboolean
normalise (float *vector, int n, GError **error)
{
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += (double) vector[i] * vector[i];
  if (!(sum > 0) || !isfinite (sum))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "the model's vector has no length");
      return FALSE;
    }
  for (int i = 0; i < n; i++)
    vector[i] = (float) (vector[i] / sqrt (sum));
  return TRUE;
}

gboolean
docai_model_embed_image (DocaiModel *self, const DocaiImage *image, float *vector, GError **error)
{
  if (!docai_model_demand (self, DOCAI_TASK_EMBED, error))
    return FALSE;
  g_autoptr (DocaiPixels) pixels = docai_preprocess (self->preprocessor, &image, 1, NULL, error);
  return pixels != NULL && self->core->family->embed_image (self->core, self->run, pixels, 0, vector, error)
         && normalise (vector, self->core->embed_width, error);
}

gboolean
docai_model_embed_text (DocaiModel *self, const char *text, float *vector, GError **error)
{
  if (!docai_model_demand (self, DOCAI_TASK_EMBED, error))
    return FALSE;
  g_autoptr (DocaiTextBatch) batch = docai_prompt_encode_texts (self->prompter, &text, 1, error);
  if (batch == NULL)
    return FALSE;
  gboolean fits = batch->length >= 1 && batch->length <= self->core->text.max_length;
  for (int i = 0; fits && i < batch->length; i++)
    fits = batch->ids[i] < (guint32) self->core->text.vocab;
  if (!fits)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "the tokenizer gives ids that the model does not have");
      return FALSE;
    }
  return self->core->family->embed_text (self->core, self->run, batch->ids, batch->use_mask ? batch->mask : NULL, batch->length, vector, error)
         && normalise (vector, self->core->embed_width, error);
}

void
docai_model_score (const DocaiModel *self, const float *image, const float *texts, int n, float *probabilities)
{
  const DocaiCore *core = self->core;
  gsize width = (gsize) core->embed_width;
  float largest = -INFINITY;
  double sum = 0;
  for (int i = 0; i < n; i++)
    {
      float dot = 0;
      for (gsize k = 0; k < width; k++)
        dot += image[k] * texts[(gsize) i * width + k];
      probabilities[i] = dot * core->logit_scale + core->logit_bias;
      largest = MAX (largest, probabilities[i]);
    }
  for (int i = 0; i < n; i++)
    {
      probabilities[i] = core->sigmoid ? 1.0f / (1.0f + expf (-probabilities[i])) : expf (probabilities[i] - largest);
      sum += probabilities[i];
    }
  for (int i = 0; i < n && !core->sigmoid; i++)
    probabilities[i] = (float) (probabilities[i] / sum);
}
