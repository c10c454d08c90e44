/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Swin transformer (Liu et al., 2021): attention inside windows that are shifted in every
 * second block, and stages that halve the picture and double the width.
 */
#pragma once

#include "models/families/config.h"
#include "models/families/loader.h"

#define DOCAI_SWIN_MAX_STAGES 8

typedef struct {
  DocaiBlock   block;
  const float *bias_table; /* [(2 window - 1)^2, heads] */
} DocaiSwinBlock;

typedef struct {
  int             width, heads, n_blocks;
  DocaiSwinBlock *blocks;
  DocaiNorm       merge_norm;  /* of 4 neighbours joined */
  DocaiLinear     merge;       /* to the next stage; w.data NULL: the last one */
} DocaiSwinStage;

typedef struct {
  int         channels, patch, window, n_stages;
  double      eps, mlp_ratio;
  DocaiActivation act;
  gboolean    always_shift;    /* also where the picture is no larger than a window */
  DocaiLinear embedding;
  DocaiNorm   embedding_norm;
  DocaiSwinStage stages[DOCAI_SWIN_MAX_STAGES];
} DocaiSwin;

/* States after a stage: [rows * cols, width], owned by the arena. */
typedef struct {
  float *values;
  int    rows, cols, width;
} DocaiSwinMap;

/* Reads a Swin configuration. */
void docai_swin_configure (DocaiSwin *self, DocaiModelConfig *config, json_t *section);
/* Tensors below `embeddings` and `encoder` (names with the dot). */
void docai_swin_load  (DocaiSwin *self, DocaiWeights *weights, const char *embeddings, const char *encoder);
void docai_swin_clear (DocaiSwin *self);

/* States before the merging of every stage, maps [n_stages], of an image [channels, height, width]. The
 * maps are taken from the run's arena and end with the caller's mark. */
void docai_swin_run (const DocaiSwin *self, DocaiRun *run, const float *image, int height, int width, DocaiSwinMap *maps);
