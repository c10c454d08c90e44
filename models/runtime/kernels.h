/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The inner loops, in a table a level of the processor: plain C (SSE2 or NEON by the
 * compiler), AVX2 with FMA, AVX-512 with VNNI. One source, kernels-impl.h, is compiled
 * for each. Products of matrices with many rows are OpenBLAS's; what is here reads
 * weights once (decoding) or works on rows.
 */
#pragma once

#include <glib.h>

typedef enum {
  DOCAI_LEVEL_PLAIN,
  DOCAI_LEVEL_AVX2,
  DOCAI_LEVEL_AVX512,
  DOCAI_LEVEL_COUNT
} DocaiLevel;

typedef enum {
  DOCAI_ACT_NONE,
  DOCAI_ACT_RELU,
  DOCAI_ACT_GELU,       /* by the error function */
  DOCAI_ACT_GELU_TANH,  /* gelu_new, gelu_pytorch_tanh */
  DOCAI_ACT_QUICK_GELU, /* x sigmoid (1.702 x) */
  DOCAI_ACT_SILU,
} DocaiActivation;

/* Activations quantised by groups of 32, the last one padded with zeros. */
typedef struct {
  const gint8 *values;  /* [groups * 32] */
  const float *scales;  /* [groups] */
  const float *offsets; /* [groups]: 8 * scale * sum of the group's values */
} DocaiQuantized;

typedef struct {
  const char *name;

  /* y[r] = w[r, :] . x, rows of w lie stride elements apart */
  void (*gemv_f32) (const float *w, gsize stride, int rows, int cols, const float *x, float *y);
  /* x is split: [0, cols/2) even elements, [cols/2, ...) odd ones, the last one of an odd number
     of columns after them */
  void (*gemv_bf16) (const guint16 *w, int rows, int cols, const float *split_x, float *y);
  void (*gemv_f16)  (const guint16 *w, int rows, int cols, const float *x, float *y);
  void (*gemv_q8) (const gint8 *w, const float *scales, int rows, int cols, const DocaiQuantized *x, float *y);
  void (*gemv_q4) (const guint8 *w, const float *scales, int rows, int cols, const DocaiQuantized *x, float *y);

  /* to floats */
  void (*widen_bf16) (const guint16 *in, int n, float *out);
  void (*widen_f16)  (const guint16 *in, int n, float *out);
  void (*widen_q8)   (const gint8 *in, float scale, int n, float *out);
  void (*widen_q4)   (const guint8 *in, const float *scales, int n, float *out);

  /* out += sum over rows of weights[r] * x[r, :] */
  void (*add_rows) (const float *x, gsize stride, int rows, int cols, const float *weights, float *out);

  /* one row; weight and bias may be NULL; out may be x */
  void (*layer_norm) (const float *x, int n, const float *weight, const float *bias, float eps, float *out);
  void (*rms_norm)   (const float *x, int n, const float *weight, float eps, float *out);

  void (*activate)     (DocaiActivation kind, float *x, gsize n);                 /* x = act (x) */
  void (*activate_mul) (DocaiActivation kind, float *x, const float *y, gsize n); /* x = act (x) y */
  void (*add)          (float *x, const float *y, gsize n);                       /* x += y */
  void (*add_scaled)   (float *x, const float *y, const float *scale, gsize n);   /* x += y scale */
  void (*scale)        (float *x, float factor, gsize n);
  float (*max)         (const float *x, int n);
  /* x = exp (x - shift); returns the sum */
  float (*exp_sum)     (float *x, float shift, int n);
  /* x[i], x[half + i] turned by the angle whose cosine and sine are given */
  void (*rotate)       (float *x, const float *cosine, const float *sine, int half);

  /* whether no element is infinite or NaN */
  gboolean (*finite_f32)  (const float *x, gsize n);
  gboolean (*finite_bf16) (const guint16 *x, gsize n);
  gboolean (*finite_f16)  (const guint16 *x, gsize n);
} DocaiKernels;

/* The table for this processor. */
const DocaiKernels *docai_kernels (void);

/* The table of a level, NULL when processor or build lacks it. */
const DocaiKernels *docai_kernels_of_level (DocaiLevel level);

/* Makes docai_kernels() answer with a level, for tests and measurements, while no other
 * thread computes. FALSE when it is lacking. */
gboolean docai_kernels_select (DocaiLevel level);

/* Fills values [groups * 32], scales and offsets [groups] from x, groups = (n + 31) / 32. */
void docai_quantize_activations (const float *x, int n, gint8 *values, float *scales, float *offsets);
