/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A network as it is evaluated, shared by its reader and its evaluator.
 */
#pragma once

#include "pipeline/ocr/lstm/network.h"

enum { DOCAI_MAX_LSTM_LAYERS = 8, DOCAI_MAX_UNITS = 2048, DOCAI_MAX_CODES = 1 << 17 };

typedef struct {
  DocaiGates gates;
  int        n_units;
  gboolean   reversed; /* runs from the right end of the line */
} DocaiLstmLayer;

struct DocaiNetwork {
  const DocaiLstmKernels *kernels;
  int                 input_height;
  DocaiConvolution    convolution;
  int                 n_features; /* of the convolution */
  DocaiLstmLayer      summary;    /* down each column, its last output kept */
  DocaiLstmLayer      layers[DOCAI_MAX_LSTM_LAYERS];
  int                 n_layers;
  DocaiGates          softmax;
  int                 n_codes;
  guint64             noise_seed;
};
