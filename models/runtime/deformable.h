/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Attention that reads a few places of several maps (Zhu et al., Deformable DETR, 2021). A query
 * says how far from its reference point to look, in every map and head, and how much
 * each place counts; between the cells of a map values are interpolated.
 */
#pragma once

#include "models/runtime/linear.h"

#define DOCAI_DEFORMABLE_MAX_MAPS 8

typedef struct {
  int         heads; /* 0: the block has no such attention */
  int         maps, points; /* points that a head looks at in each map */
  DocaiLinear offsets; /* [heads * maps * points * 2] x and y */
  DocaiLinear weights; /* [heads * maps * points], softmax over a head's */
  DocaiLinear value, o;
} DocaiDeformable;

/* A map's cells, row by row, among the rows of the memory. */
typedef struct {
  int rows, cols, first;
} DocaiSampleMap;

/* Where the queries of one evaluation look. */
typedef struct {
  const DocaiSampleMap *maps;
  const float *memory;     /* rows of all maps; NULL: the queries' own rows before positions are added */
  int          n_memory;
  const float *references; /* [queries, coords], parts of the image */
  int          coords;     /* 2: x, y, and offsets count cells; 4: x, y, width, height, and offsets are
                              relative to half of that box, over the number of points */
} DocaiSampling;

/* out [n, columns of o] before the output projection. queries [n, columns of offsets]; memory rows have the
 * columns of value. The maps must lie within the memory. */
void docai_deformable_run (const DocaiDeformable *self, DocaiRun *run, const float *queries, int n, const float *memory, int n_memory,
                           const DocaiSampling *sampling, float *out);
