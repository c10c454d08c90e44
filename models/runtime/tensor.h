/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the runtime computes with: element types, and matrices of weights as they lie in
 * a mapped file or, quantised, in memory. Activations are plain float rows.
 */
#pragma once

#include <glib.h>

/* Weights that share one scale in DOCAI_Q4, and the multiple that its rows must have. */
#define DOCAI_Q4_GROUP 32

typedef enum {
  DOCAI_F32,
  DOCAI_F16,
  DOCAI_BF16,
  DOCAI_Q8, /* signed bytes, one scale a row: w = q * scale[row] */
  DOCAI_Q4, /* two a byte, one scale a group of 32: w = (q - 8) * scale[row, group]; byte i of a
               group holds element i in its low and element i + 16 in its high half */
} DocaiDtype;

/* Name as in reports ("f32", "bf16", "int8", ...). Static. */
const char *docai_dtype_name (DocaiDtype dtype);

/* Bytes of a row of `cols` elements, without scales. */
gsize docai_dtype_row_bytes (DocaiDtype dtype, int cols);

/* A weight matrix [rows, cols], row-major, as a linear layer has it (rows = outputs).
 * The memory is borrowed from the checkpoint. */
typedef struct {
  DocaiDtype   dtype;
  int          rows, cols;
  const void  *data;
  const float *scales; /* DOCAI_Q8: [rows]; DOCAI_Q4: [rows, cols / 32]; else NULL */
} DocaiMatrix;

/* y = W x + b. */
typedef struct {
  DocaiMatrix  w;
  const float *bias; /* [rows] or NULL */
} DocaiLinear;

static inline float
docai_bf16_to_float (guint16 bits)
{
  union { guint32 u; float f; } x = { (guint32) bits << 16 };
  return x.f;
}

/* Any half precision number, subnormal ones, infinities and NaN included. */
float docai_f16_to_float (guint16 bits);

/* Rounds to nearest even. */
guint16 docai_float_to_bf16 (float x);

/* One row of a matrix as floats. row < rows; out has cols elements. */
void docai_matrix_row (const DocaiMatrix *self, int row, float *out);

/* Bytes that one pass over the matrix reads. */
gsize docai_matrix_bytes (const DocaiMatrix *self);

/* Quantises `rows` rows of floats [rows, cols] as DOCAI_Q8 or DOCAI_Q4 says; symmetric, scale
 * from the largest magnitude (DOCAI_Q4: the best of a few scales in the squared error).
 * `data` has rows * docai_dtype_row_bytes, `scales` as in DocaiMatrix. */
void docai_quantize_rows (DocaiDtype dtype, const float *x, int rows, int cols, guint8 *data, float *scales);
