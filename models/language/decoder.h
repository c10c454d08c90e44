/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text decoders: embeddings, positions, a stack of blocks, and logits. Llama, Mistral,
 * Qwen2, OPT, MBart, T5 and Kosmos-2 differ by the options here.
 */
#pragma once

#include "models/runtime/block.h"
#include "models/runtime/rope.h"

/* Tokens of a prompt that are evaluated together. */
#define DOCAI_DECODER_CHUNK 512

typedef struct {
  int          width, vocab, n_blocks;
  int          max_length; /* tokens that positions exist for */
  int          window;     /* tokens that a token sees; 0: all */
  DocaiMatrix  embedding;  /* [vocab, width] */
  float        embedding_scale;
  const float *positions;  /* [position_rows, width] added to the embeddings, or NULL */
  int          position_rows, position_offset;
  DocaiRope    rope;       /* head_dim 0: none */
  /* Bias of the scores by distance (T5): [buckets, heads] or NULL */
  const float *distance_bias;
  int          buckets, max_distance;
  DocaiNorm    embedding_norm, final_norm;
  DocaiBlock  *blocks;
  DocaiLinear  head;       /* [vocab, width] */
} DocaiDecoder;

/* A part of a sequence to be evaluated. */
typedef struct {
  DocaiCache   *cache;     /* of docai_decoder_cache_new; gets the rows */
  int           rows;      /* 1 or more */
  const gint32 *positions; /* [rows], or [3, rows] with M-RoPE and `position_stride` between the axes */
  gsize         position_stride;
} DocaiSequence;

/* Memory for one sequence; of half-floats where the weights are rounded to int8 or int4. Free with docai_cache_free. */
DocaiCache *docai_decoder_cache_new (const DocaiDecoder *self);

/* Keys and values of an encoder's output, for cross attention. Errors: MEMORY_LIMIT. */
gboolean docai_decoder_remember (const DocaiDecoder *self, DocaiRun *run, DocaiCache *cache, const float *memory, int n_memory, GError **error);

/* Scaled embeddings of ids, [n, width]. Ids must be below vocab. */
void docai_decoder_embed (const DocaiDecoder *self, const guint32 *ids, int n, float *out);

/* Evaluates rows of embeddings x [sum of rows, width] (which are overwritten), the sequences one
 * after the other; logits [n_sequences, vocab] of each one's last row, or NULL.
 * Errors: MEMORY_LIMIT, BAD_OPTION when a sequence exceeds max_length. */
gboolean docai_decoder_run (const DocaiDecoder *self, DocaiRun *run, float *x, const DocaiSequence *sequences, int n_sequences,
                            float *logits, GError **error);
