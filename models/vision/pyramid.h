/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Maps of several sizes of one image, as detectors read them: stages of a Swin tower, each
 * brought to one width, smaller maps by further convolutions, and sine positions.
 */
#pragma once

#include "models/runtime/deformable.h"
#include "models/vision/swin.h"

/* Channels are normalised in so many groups. */
#define DOCAI_PYRAMID_GROUPS 32

typedef struct {
  int         stage;  /* of the tower; -1: the map is made from the one before by a convolution of 3 x 3 with
                         stride 2 (the first such one from the tower's last stage) */
  DocaiNorm   norm;   /* of the stage's states */
  DocaiLinear convolution;           /* [width, columns]; columns are channels, or channels * 9 */
  const float *group_weight, *group_bias; /* [width] */
  const float *level; /* [width] added to the map's positions */
} DocaiPyramidMap;

typedef struct {
  int             width, n_maps;
  double          temperature;
  DocaiSwin       tower;
  DocaiPyramidMap maps[DOCAI_DEFORMABLE_MAX_MAPS];
} DocaiPyramid;

/* What becomes of an image; in the run's arena. */
typedef struct {
  int            n_rows;
  float         *rows, *places; /* [n_rows, width] */
  float         *references;    /* [n_rows, 2]: x and y of the cells' centres, parts of the image */
  DocaiSampleMap maps[DOCAI_DEFORMABLE_MAX_MAPS];
} DocaiPyramidRows;

/* image [channels, height, width]. */
void docai_pyramid_run (const DocaiPyramid *self, DocaiRun *run, const float *image, int height, int width, DocaiPyramidRows *out);

/* out[2 i] = sin (value / temperature^(2 i / n)), out[2 i + 1] the cosine; n is even. */
void docai_sine_row (float value, int n, double temperature, float *out);
