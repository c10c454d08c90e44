/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The inner loops of the network, in a version for each kind of processor. All
 * give the same bits: products are sums of integers, activations are look-ups
 * with one multiplication and one addition, never fused.
 *
 * Activations are int8 in bytes. A kernel whose instruction multiplies unsigned
 * by signed bytes has `flip` 0x80: every stored activation is flipped by it,
 * which adds 128, and the biases take the surplus back.
 */
#pragma once

#include <glib.h>

enum {
  DOCAI_PANEL = 16,        /* outputs computed together */
  DOCAI_GATES = 4,         /* matrices interleaved: cell input, input, forget, output */
  DOCAI_TABLE_SIZE = 4096, /* activation tables, in steps of 1/256 */
};

/* Four int8 matrices over the same inputs, interleaved for the kernels:
 * weights[panel][group of 4 inputs][gate][16 outputs][4 inputs]. A dense layer
 * takes four neighbouring panels of its only matrix as the gates. */
typedef struct {
  gint8  *weights;
  gint32 *bias;  /* [panel][gate][16], times 127 and with the flip's surplus taken off */
  float  *scale; /* [panel][gate][16] */
  int     n_x4, n_h4; /* groups of four inputs: from the layer below, recurrent */
  int     n_panels;
} DocaiGates;

/* A 3x3 convolution of a single channel to at most 16 features:
 * weights[window column][16][4], the fourth input without weight. */
typedef struct {
  gint8  weights[3 * DOCAI_PANEL * 4];
  gint32 bias[DOCAI_PANEL];
  float  scale[DOCAI_PANEL];
  int    pool_x, pool_y;
} DocaiConvolution;

/* One sequence at one time step. x: 4 n_x4 bytes, h: 4 n_h4 bytes, out: 16
 * n_panels bytes, state: 16 n_panels floats. out is neither x nor h. */
typedef struct {
  const guint8 *x, *h;
  guint8       *out;
  float        *state;
} DocaiLstmRow;

/* Steps between the windows of the pixels of a pool cell, and between the
 * columns of a window (4 bytes each). */
typedef struct {
  gsize pixel_x, pixel_y, column;
} DocaiWindowSteps;

/* Function values at steps of 1/256, between which is interpolated; from the
 * last step on the function counts as 1. One value more, so that pairs of
 * neighbours can be loaded. */
typedef struct {
  float tanh[DOCAI_TABLE_SIZE + 1];
  float logistic[DOCAI_TABLE_SIZE + 1];
} DocaiLstmTables;

typedef struct {
  const char *name;
  guint8      flip;

  void (*lstm_step) (const DocaiGates *gates, const DocaiLstmTables *tables, const DocaiLstmRow *rows,
                     guint n_rows);

  /* out[row][4 * 16 * n_panels]: scaled sums; `stride` floats between rows. */
  void (*dense) (const DocaiGates *gates, const guint8 *const *x, guint n_rows, float *out,
                 gsize stride);

  /* The largest convolution of a pool cell's pixels, through tanh, to 16 bytes. */
  void (*convolve) (const DocaiConvolution *convolution, const DocaiLstmTables *tables,
                    const guint8 *windows, DocaiWindowSteps steps, guint8 *out);
} DocaiLstmKernels;

extern const DocaiLstmKernels docai_lstm_kernels_plain;
#if defined(__x86_64__)
extern const DocaiLstmKernels docai_lstm_kernels_avx2;
extern const DocaiLstmKernels docai_lstm_kernels_avx512;
#endif

/* The best set this processor can run; DOCAI_LSTM_KERNELS=plain|avx2|avx512 in
 * the environment asks for another, where it can be run. */
const DocaiLstmKernels *docai_lstm_kernels_choose (void);

/* All sets that this processor can run, NULL at the end. Static. */
const DocaiLstmKernels *const *docai_lstm_kernels_available (void);

/* Filled at the first call. */
const DocaiLstmTables *docai_lstm_tables (void);
