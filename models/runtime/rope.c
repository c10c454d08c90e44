/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rotary position embeddings.
 */
#include "models/runtime/rope.h"

#include <math.h>

#include "models/runtime/kernels.h"

/* The element whose angle makes so many turns over the original length. */
static double
element_of (const DocaiRope *self, double turns)
{
  return self->head_dim * log (self->original_length / (turns * 2 * G_PI)) / (2 * log (self->theta));
}

/* How much of element i's frequency is divided, 0 ... 1. */
static double
yarn_part (const DocaiRope *self, int i)
{
  double from = element_of (self, self->fast_turns), to = element_of (self, self->slow_turns);
  if (self->whole)
    {
      from = floor (from);
      to = ceil (to);
    }
  from = MAX (from, 0);
  to = MIN (to, self->head_dim - 1);
  return CLAMP ((i - from) / (to == from ? 0.001 : to - from), 0, 1);
}

static double
frequency (const DocaiRope *self, int i)
{
  double f = pow (self->theta, -2.0 * i / self->head_dim);
  if (self->scaling == DOCAI_ROPE_LINEAR)
    return f / self->factor;
  if (self->scaling == DOCAI_ROPE_LLAMA3)
    {
      double turns = self->original_length * f / (2 * G_PI);
      if (turns < self->low_factor)
        return f / self->factor;
      if (turns < self->high_factor)
        {
          double smooth = (turns - self->low_factor) / (self->high_factor - self->low_factor);
          return (1 - smooth) * f / self->factor + smooth * f;
        }
    }
  if (self->scaling == DOCAI_ROPE_YARN)
    {
      double part = yarn_part (self, i);
      return part * f / self->factor + (1 - part) * f;
    }
  return f;
}

void
docai_rope_fill (const DocaiRope *self, const gint32 *positions, gsize stride, int n, float *cosine, float *sine)
{
  int half = self->head_dim / 2;
  float magnitude = self->scaling == DOCAI_ROPE_YARN ? (float) self->magnitude : 1.0f;
  gboolean sections = self->sections[0] + self->sections[1] + self->sections[2] > 0;
  for (int i = 0; i < half; i++)
    {
      double f = (float) frequency (self, i);
      int axis = !sections || i < self->sections[0] ? 0 : i < self->sections[0] + self->sections[1] ? 1 : 2;
      const gint32 *p = positions + (gsize) axis * stride;
      for (int t = 0; t < n; t++)
        {
          float angle = (float) p[t] * (float) f;
          cosine[(gsize) t * (gsize) half + (gsize) i] = magnitude * cosf (angle);
          sine[(gsize) t * (gsize) half + (gsize) i] = magnitude * sinf (angle);
        }
    }
}

void
docai_rope_apply (float *x, gsize row_stride, int n, int heads, int head_dim, const float *cosine, const float *sine)
{
  const DocaiKernels *kernels = docai_kernels ();
  gsize half = (gsize) head_dim / 2;
  for (gsize t = 0; t < (gsize) n; t++)
    for (int h = 0; h < heads; h++)
      kernels->rotate (x + t * row_stride + (gsize) (h * head_dim), cosine + t * half, sine + t * half, (int) half);
}
