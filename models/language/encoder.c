/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text encoders.
 */
#include "models/language/encoder.h"

#include <math.h>

void
docai_encoder_run (const DocaiEncoder *self, DocaiRun *run, const DocaiText *text, float *out)
{
  int n = text->n;
  const DocaiKernels *kernels = docai_kernels ();
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  gsize width = (gsize) self->width;
  DocaiSpan span = { .rows = n, .bias = text->bias, .bias_row = n };
  DocaiContext context = { .spans = &span, .n_spans = 1, .causal = self->causal };
  for (gsize i = 0; i < (gsize) n; i++)
    {
      docai_matrix_row (&self->embedding, (int) text->ids[i], out + i * width);
      kernels->add (out + i * width, self->positions + (text->places != NULL ? (gsize) text->places[i] : i) * width, width);
      if (self->type != NULL)
        kernels->add (out + i * width, self->type, width);
    }
  if (text->mask != NULL)
    {
      float *bias = docai_arena_floats (run->arena, 1, (gsize) n);
      for (int i = 0; i < n; i++)
        bias[i] = text->mask[i] ? 0.0f : -INFINITY;
      span.bias = bias;
      span.bias_row = 0;
    }
  if (self->embedding_norm.kind != DOCAI_NORM_NONE)
    docai_norm_run (&self->embedding_norm, out, width, n, 1, out, width);
  for (int i = 0; i < self->n_blocks; i++)
    docai_block_run (&self->blocks[i], run, out, i, &context);
  if (self->final_norm.kind != DOCAI_NORM_NONE)
    docai_norm_run (&self->final_norm, out, width, n, 1, out, width);
  docai_arena_reset (run->arena, mark);
}
