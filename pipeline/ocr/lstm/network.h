/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The line network: a convolution with pooling, an LSTM down each column, LSTMs
 * along the line in either direction, and a softmax over the codes.
 */
#pragma once

#include "pipeline/ocr/lstm/bytes.h"
#include "pipeline/ocr/lstm/kernels.h"

typedef struct DocaiNetwork DocaiNetwork;

/* Reads the network entry up to its training data; the reader then stands at
 * what follows the tree. MODEL_INVALID, MODEL_UNSUPPORTED. */
DocaiNetwork *docai_network_read (DocaiBytes *bytes, const DocaiLstmKernels *kernels, GError **error);
void          docai_network_free (DocaiNetwork *network);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiNetwork, docai_network_free)

/* Seeds the noise that the model saw at the image's edges in training. */
void docai_network_seed (DocaiNetwork *network, gint32 sample_iteration);

int docai_network_input_height (const DocaiNetwork *network);
int docai_network_n_codes (const DocaiNetwork *network);
/* Pixels of the input to a time step. */
int docai_network_x_scale (const DocaiNetwork *network);

/* A line's input: `width` columns of `height` bytes from top to bottom, -127
 * (black) to 127 as int8, each column `stride` bytes, at least height + 4. */
typedef struct {
  guint8 *columns;
  gsize   stride;
  int     width;
} DocaiNetworkInput;

/* The state between the layers of a batch. Reused from call to call. */
typedef struct DocaiActivations DocaiActivations;

DocaiActivations *docai_activations_new (void);
void              docai_activations_free (DocaiActivations *activations);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiActivations, docai_activations_free)

/* Evaluates all but the softmax for the lines, together. Inputs are changed.
 * FALSE with MEMORY_LIMIT when they are too much at once. */
gboolean docai_network_run (const DocaiNetwork *network, const DocaiNetworkInput *inputs,
                            guint n_inputs, DocaiActivations *activations, GError **error);

/* Time steps of the i-th line of the last run. */
int docai_activations_n_steps (const DocaiActivations *activations, guint i);

/* Probabilities of the codes at `n` time steps from `first` of the i-th line:
 * out[n][n_codes]. */
void docai_network_probabilities (const DocaiNetwork *network, DocaiActivations *activations,
                                  guint i, int first, int n, float *out);
