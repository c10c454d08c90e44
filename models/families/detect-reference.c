/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A detector's text as the fixtures' reference reads it. Transformers 5.12 departs from the published model in
 * three ways, and reference tensors made with it hold only for these; docai-model check needs them, nothing
 * else does:
 *
 * - BERT's mask of phrases is a table of truth values that is added to the scores: a token of the same phrase
 *   counts one more, no token is hidden.
 * - A phrase's end mark stands at place 0.
 * - Sines of places are kept as whole numbers. Nearly all become 0; what is left is where a sine or cosine is
 *   exactly 1 or -1 in single precision, and that hangs on the last bit of the vector library's function.
 */
#include "models/families/detect.h"

#include <math.h>

/* Sine or cosine of 0 <= x < 125 as vector libraries compute them to 3.5 units in the last place: half turns are
 * taken off in three parts, the rest is an odd polynomial. */
static float
vector_sine (float x, gboolean cosine)
{
  int quarters = cosine ? 2 * (int) rintf (x * (float) M_1_PI - 0.5f) + 1 : 2 * (int) rintf (x * (float) M_1_PI);
  float d = x, q = (float) quarters;
  d = fmaf (q, -1.57073974609375f, d);
  d = fmaf (q, -5.657970905303955078e-05f, d);
  d = fmaf (q, -9.920936294705029468e-10f, d);
  float s = d * d, p = 2.6083159809786593541503e-06f;
  p = fmaf (p, s, -0.0001981069071916863322258f);
  p = fmaf (p, s, 0.00833307858556509017944336f);
  p = fmaf (p, s, -0.166666597127914428710938f);
  if (((quarters & 2) == 0) == cosine)
    d = -d;
  float cubic = p * d;
  cubic *= s;
  return cubic + d;
}

void
docai_detect_depart (const guint32 *ids, int n, int width, double temperature, gboolean exact, const float *phrases, gint32 *places,
                     float *sines, float *bias)
{
  for (int i = 0; i < n * n; i++)
    bias[i] = phrases[i] == 0.0f ? 1.0f : 0.0f;
  for (int i = 0; i < n; i++)
    {
      float *row = sines + (gsize) i * (gsize) width;
      if (docai_detect_is_delimiter (ids[i]))
        places[i] = 0;
      for (int k = 0; k < width; k++)
        {
          float angle = (float) places[i] * (2.0f * (float) G_PI) / powf ((float) temperature, (float) (k / 2 * 2) / (float) width);
          row[k] = truncf (!exact && angle < 125.0f ? vector_sine (angle, k % 2) : k % 2 ? cosf (angle) : sinf (angle));
        }
    }
}
