/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text decoders.
 */
#include "models/language/decoder.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

DocaiCache *
docai_decoder_cache_new (const DocaiDecoder *self)
{
  const DocaiAttention *attention = &self->blocks[0].self;
  DocaiDtype weights = attention->k.w.dtype;
  gboolean rounded = weights == DOCAI_Q8 || weights == DOCAI_Q4;
  return docai_cache_new (self->n_blocks, attention->kv_heads, attention->head_dim, rounded ? DOCAI_F16 : DOCAI_F32);
}

gboolean
docai_decoder_remember (const DocaiDecoder *self, DocaiRun *run, DocaiCache *cache, const float *memory, int n_memory, GError **error)
{
  for (int i = 0; i < self->n_blocks; i++)
    if (!docai_block_remember (&self->blocks[i], run, cache, i, memory, n_memory, error))
      return FALSE;
  return TRUE;
}

void
docai_decoder_embed (const DocaiDecoder *self, const guint32 *ids, int n, float *out)
{
  gsize width = (gsize) self->width;
  for (gsize i = 0; i < (gsize) n; i++)
    {
      docai_matrix_row (&self->embedding, (int) ids[i], out + i * width);
      if (self->embedding_scale != 1.0f)
        docai_kernels ()->scale (out + i * width, self->embedding_scale, width);
    }
}

static gboolean
reserve (const DocaiDecoder *self, const DocaiSequence *sequence, GError **error)
{
  gint64 length = (gint64) sequence->cache->length + sequence->rows;
  if (length > self->max_length)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "%" G_GINT64_FORMAT " tokens are more than the %d that the model takes",
                   length, self->max_length);
      return FALSE;
    }
  return docai_cache_reserve (sequence->cache, sequence->rows, error);
}

static void
add_positions (const DocaiDecoder *self, float *x, const DocaiSequence *sequence)
{
  for (gsize r = 0; r < (gsize) sequence->rows; r++)
    {
      int place = CLAMP (sequence->positions[r] + self->position_offset, 0, self->position_rows - 1);
      docai_kernels ()->add (x + r * (gsize) self->width, self->positions + (gsize) place * (gsize) self->width, (gsize) self->width);
    }
}

/* T5's bucket of a distance backwards: exact up to half of the buckets, then logarithmic. */
static int
bucket_of (const DocaiDecoder *self, int distance)
{
  int exact = self->buckets / 2;
  if (distance < exact)
    return distance;
  int bucket = exact + (int) (logf ((float) distance / (float) exact) / logf ((float) self->max_distance / (float) exact)
                              * (float) (self->buckets - exact));
  return MIN (bucket, self->buckets - 1);
}

/* Bias of a span as a table by distance [heads, 2 * length]; element length - 1 + d is for a key
 * d positions after the query (what is ahead is masked and stays zero). */
static void
set_distance_bias (const DocaiDecoder *self, DocaiRun *run, DocaiSpan *span)
{
  int heads = self->blocks[0].self.heads, past = span->cache->length, length = past + span->rows;
  float *table = docai_arena_floats (run->arena, (gsize) heads, (gsize) length * 2);
  memset (table, 0, (gsize) heads * (gsize) length * 2 * sizeof (float));
  for (int h = 0; h < heads; h++)
    for (int d = 0; d < length; d++)
      table[h * 2 * length + length - 1 - d] = self->distance_bias[bucket_of (self, d) * heads + h];
  span->bias = table + length - 1 - past;
  span->bias_head = 2 * length;
  span->bias_row = -1;
}

static void
fill_rope (const DocaiDecoder *self, DocaiRun *run, const DocaiSequence *sequences, int n, int rows, DocaiContext *context)
{
  gsize half = (gsize) self->rope.head_dim / 2, row = 0;
  float *cosine = docai_arena_floats (run->arena, (gsize) rows, half), *sine = docai_arena_floats (run->arena, (gsize) rows, half);
  for (int i = 0; i < n; i++)
    {
      docai_rope_fill (&self->rope, sequences[i].positions, sequences[i].position_stride, sequences[i].rows,
                       cosine + row * half, sine + row * half);
      row += (gsize) sequences[i].rows;
    }
  context->cosine = cosine;
  context->sine = sine;
}

/* Logits of the last rows, one a sequence. */
static void
project (const DocaiDecoder *self, DocaiRun *run, const float *last, int n, float *logits)
{
  gsize width = (gsize) self->width;
  float *normal = docai_arena_floats (run->arena, (gsize) n, width);
  docai_norm_run (&self->final_norm, last, width, n, 1, normal, width);
  docai_linear_run (&self->head, run, normal, width, n, logits, (gsize) self->vocab, FALSE);
}

gboolean
docai_decoder_run (const DocaiDecoder *self, DocaiRun *run, float *x, const DocaiSequence *sequences, int n_sequences,
                   float *logits, GError **error)
{
  for (int i = 0; i < n_sequences; i++)
    if (!reserve (self, &sequences[i], error))
      return FALSE;
  DocaiArenaMark mark = docai_arena_mark (run->arena);
  DocaiSpan *spans = docai_arena_alloc (run->arena, (gsize) n_sequences * sizeof *spans);
  gsize width = (gsize) self->width;
  int rows = 0;
  for (int i = 0; i < n_sequences; i++)
    {
      spans[i] = (DocaiSpan) { .rows = sequences[i].rows, .cache = sequences[i].cache };
      if (self->distance_bias != NULL)
        set_distance_bias (self, run, &spans[i]);
      if (self->positions != NULL)
        add_positions (self, x + (gsize) rows * width, &sequences[i]);
      rows += sequences[i].rows;
    }
  DocaiContext context = { .spans = spans, .n_spans = n_sequences, .causal = TRUE, .window = self->window };
  if (self->rope.head_dim > 0)
    fill_rope (self, run, sequences, n_sequences, rows, &context);
  if (self->embedding_norm.kind != DOCAI_NORM_NONE)
    docai_norm_run (&self->embedding_norm, x, width, rows, 1, x, width);
  int end = self->n_blocks - 1;
  for (int i = 0; i < end; i++)
    docai_block_run (&self->blocks[i], run, x, i, &context);
  float *last = x;
  if (rows > n_sequences)
    {
      last = logits != NULL ? docai_arena_floats (run->arena, (gsize) n_sequences, width) : NULL;
      docai_block_run_last (&self->blocks[end], run, x, end, &context, last);
    }
  else
    docai_block_run (&self->blocks[end], run, x, end, &context);
  for (int i = 0; i < n_sequences; i++)
    sequences[i].cache->length += sequences[i].rows;
  if (logits != NULL)
    project (self, run, last, n_sequences, logits);
  docai_arena_reset (run->arena, mark);
  return TRUE;
}
