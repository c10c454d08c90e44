/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Connectors that turn any number of vision features into a fixed number of rows: learnt
 * queries read them by attention.
 */
#pragma once

#include "models/runtime/block.h"

/* Q-Former (Li et al., BLIP-2, 2023): a BERT whose rows are the queries; some of its blocks read
 * the image by cross attention. */
typedef struct {
  int          n_queries, width;
  const float *queries; /* [n_queries, width] */
  DocaiNorm    norm;    /* of the queries */
  int          n_blocks;
  DocaiBlock  *blocks;  /* cross.heads 0: without cross attention */
} DocaiQFormer;

/* out [n_queries, width] from memory [n_memory, width of the image]. */
void docai_qformer_run (const DocaiQFormer *self, DocaiRun *run, const float *memory, int n_memory, float *out);

/* Perceiver resampler (Alayrac et al., Flamingo, 2022): each layer attends from the latents to the
 * image's features and the latents themselves. */
typedef struct {
  DocaiNorm      norm_latents, norm_context, norm_mlp;
  DocaiAttention attention;
  DocaiMlp       mlp;
} DocaiPerceiverLayer;

typedef struct {
  int                  n_latents, width;
  const float         *latents; /* [n_latents, width] */
  int                  n_layers;
  DocaiPerceiverLayer *layers;
  DocaiNorm            norm;
} DocaiPerceiver;

/* out [n_latents, width] from context [n_context, width]. */
void docai_perceiver_run (const DocaiPerceiver *self, DocaiRun *run, const float *context, int n_context, float *out);
