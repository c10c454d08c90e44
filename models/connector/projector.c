/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Linear connectors.
 */
#include "models/connector/projector.h"

#include <string.h>

int
docai_projector_width (const DocaiProjector *self)
{
  return self->second.w.data != NULL ? self->second.w.rows : self->first.w.rows;
}

void
docai_pixel_shuffle (const float *x, int rows, int cols, int width, int n, float *out)
{
  gsize part = (gsize) (n * width);
  for (int r = 0; r < rows / n; r++)
    for (int c = 0; c < cols / n; c++)
      for (int y = 0; y < n; y++, out += part)
        memcpy (out, x + (gsize) ((r * n + y) * cols + c * n) * (gsize) width, part * sizeof (float));
}

void
docai_projector_run (const DocaiProjector *self, DocaiRun *run, const float *x, int n, float *out)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  gsize width = (gsize) self->first.w.cols, inner = (gsize) self->first.w.rows;
  if (self->norm.kind != DOCAI_NORM_NONE)
    {
      float *normed = docai_arena_floats (run->arena, (gsize) n, width);
      docai_norm_run (&self->norm, x, width, n, 1, normed, width);
      x = normed;
    }
  if (self->second.w.data == NULL)
    docai_linear_run (&self->first, run, x, width, n, out, inner, FALSE);
  else
    {
      float *hidden = docai_arena_floats (run->arena, (gsize) n, inner);
      docai_linear_run (&self->first, run, x, width, n, hidden, inner, FALSE);
      docai_kernels ()->activate (self->act, hidden, (gsize) n * inner);
      docai_linear_run (&self->second, run, hidden, inner, n, out, (gsize) self->second.w.rows, FALSE);
    }
  docai_arena_reset (run->arena, mark);
}
