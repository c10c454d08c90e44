/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Connectors with learnt queries.
 */
#include "models/connector/resampler.h"

#include <string.h>

void
docai_qformer_run (const DocaiQFormer *self, DocaiRun *run, const float *memory, int n_memory, float *out)
{
  gsize width = (gsize) self->width;
  DocaiSpan span = { .rows = self->n_queries };
  DocaiContext context = { .spans = &span, .n_spans = 1, .memory = memory, .n_memory = n_memory };
  docai_norm_run (&self->norm, self->queries, width, self->n_queries, 1, out, width);
  for (int i = 0; i < self->n_blocks; i++)
    docai_block_run (&self->blocks[i], run, out, i, &context);
}

void
docai_perceiver_run (const DocaiPerceiver *self, DocaiRun *run, const float *context, int n_context, float *out)
{
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  gsize width = (gsize) self->width, n = (gsize) self->n_latents;
  float *rows = docai_arena_floats (run->arena, (gsize) n_context + n, width);
  float *latents = rows + (gsize) n_context * width, *branch = docai_arena_floats (run->arena, n, width);
  memcpy (out, self->latents, n * width * sizeof (float));
  for (int i = 0; i < self->n_layers; i++)
    {
      const DocaiPerceiverLayer *layer = &self->layers[i];
      docai_norm_run (&layer->norm_context, context, width, n_context, 1, rows, width);
      docai_norm_run (&layer->norm_latents, out, width, (int) n, 1, latents, width);
      docai_attention_run (&layer->attention, run, latents, (int) n, rows, n_context + (int) n, NULL, branch);
      docai_kernels ()->add (out, branch, n * width);
      docai_norm_run (&layer->norm_mlp, out, width, (int) n, 1, branch, width);
      docai_mlp_run (&layer->mlp, run, branch, (int) n, out, TRUE);
    }
  docai_norm_run (&self->norm, out, width, (int) n, 1, out, width);
  docai_arena_reset (run->arena, mark);
}
