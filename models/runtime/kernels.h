/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The inner loops, in a table a level of the processor: plain C (SSE2 or NEON by the
 * compiler), AVX2 with FMA, AVX-512 with VNNI, and that with BF16. One source, kernels-impl.h, is compiled
 * for each: products that read weights once (decoding), products of packed panels (prompts
 * and images), and loops over rows.
 */
#pragma once

#include <glib.h>

typedef enum {
  DOCAI_LEVEL_PLAIN,
  DOCAI_LEVEL_AVX2,
  DOCAI_LEVEL_AVX512,
  DOCAI_LEVEL_AVX512_BF16,
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

/* Fractional bits of the weights of resized images. */
#define DOCAI_RESIZE_BITS 22

/* Activations quantised by groups of 32, the last one padded with zeros. */
typedef struct {
  const gint8 *values;  /* [groups * 32] */
  const float *scales;  /* [groups] */
  const float *offsets; /* [groups]: 8 * scale * sum of the group's values */
} DocaiQuantized;

/* Rows of W packed side by side, and what belongs to each of them. */
typedef struct {
  const void  *data;
  int          rows, depth; /* depth: elements that are multiplied */
  const float *scales;      /* [rows]; only for whole numbers */
  const float *bias;        /* [rows] or NULL */
} DocaiPanel;

typedef struct {
  const char *name;

  /* Attention of a few queries q[i] [dim]: scores[i * scores_stride + r] = q[i] . k[r, :], and out[i] [dim] += sum over r
   * of weights[i * weights_stride + r] * v[r, :]; rows of k and v lie stride elements apart. */
  void (*score_keys) (const float *k, gsize stride, int rows, int dim, const float *const *q, int n_q, float *scores, gsize scores_stride);
  void (*add_values) (const float *v, gsize stride, int rows, int dim, const float *weights, gsize weights_stride, int n_q, float *const *out);
  /* the same of half-floats, all finite */
  void (*score_keys_f16) (const guint16 *k, gsize stride, int rows, int dim, const float *const *q, int n_q, float *scores, gsize scores_stride);
  void (*add_values_f16) (const guint16 *v, gsize stride, int rows, int dim, const float *weights, gsize weights_stride, int n_q, float *const *out);

  /* y[i * y_stride + r] = w[r, :] . x[i] for n rows of x */
  void (*many_f32) (const float *w, int rows, int cols, const float *const *x, int n, float *y, gsize y_stride);
  void (*many_f16) (const guint16 *w, int rows, int cols, const float *const *x, int n, float *y, gsize y_stride);
  /* each x is split: [0, cols/2) even elements, [cols/2, ...) odd ones, the last one of an odd number
     of columns after them */
  void (*many_bf16) (const guint16 *w, int rows, int cols, const float *const *split_x, int n, float *y, gsize y_stride);
  void (*many_q8) (const gint8 *w, const float *scales, int rows, int cols, const DocaiQuantized *x, int n, float *y, gsize y_stride);
  void (*many_q4) (const guint8 *w, const float *scales, int rows, int cols, const DocaiQuantized *x, int n, float *y, gsize y_stride);

  /* n <= panel rows of `words` 32-bit words (floats or pairs), `stride` words apart, side by side;
     missing rows are zeros */
  int  panel;
  void (*pack) (const void *rows, gsize stride, int n, int words, void *panel);
  /* out[i, r] = (add ? out[i, r] : 0) + bias[r] + x[i, :] . w[r, :] for m rows of x */
  void (*multiply_f32) (const DocaiPanel *w, const float *x, gsize x_stride, int m, float *out, gsize out_stride, gboolean add);
  /* the same of whole numbers, each sum times x_scales[i * pieces] and w->scales[r]; rows of x are
     padded to an even number with a zero; no sum may exceed 31 bits */
  void (*multiply_i16) (const DocaiPanel *w, const gint16 *x, gsize x_stride, const float *x_scales, gsize pieces, int m,
                        float *out, gsize out_stride, gboolean add);
  /* the same of bf16 numbers, an even number of columns; NULL where the processor has no such instruction */
  void (*multiply_bf16) (const DocaiPanel *w, const guint16 *x, gsize x_stride, int m, float *out, gsize out_stride, gboolean add);
  void (*round_bf16) (const float *x, int n, guint16 *out);
  /* out = x factor, rounded */
  void (*round_i16) (const float *x, float factor, int n, gint16 *out);
  void (*widen_i16) (const gint8 *x, int n, gint16 *out);

  /* activations: fills values [groups * 32], scales and offsets [groups] of a DocaiQuantized,
     groups = (n + 31) / 32 */
  void (*quantize) (const float *x, int n, gint8 *values, float *scales, float *offsets);
  /* weights: a row of n, one group of DOCAI_Q4_GROUP; the scale is returned */
  float (*quantize_q8) (const float *x, int n, gint8 *values);
  float (*quantize_q4) (const float *x, guint8 *data);

  /* to the nearest half-floats, the largest for what is larger */
  void (*narrow_f16) (const float *in, int n, guint16 *out);

  /* to floats */
  void (*widen_bf16) (const guint16 *in, int n, float *out);
  void (*widen_f16)  (const guint16 *in, int n, float *out);
  void (*widen_q8)   (const gint8 *in, float scale, int n, float *out);
  void (*widen_q4)   (const guint8 *in, const float *scales, int n, float *out);

  /* resizing, with weights of DOCAI_RESIZE_BITS fractional bits: out[i] = sum over j of weights[j] * rows[j * stride + i] of n
     bytes, rounded and clipped */
  void (*mix_rows) (const guint8 *rows, gsize stride, const gint32 *weights, int count, gsize n, guint8 *out);
  /* the same along a row of pixels of three bytes: out[3 i + c] = sum over j of weights[i * most + j] * row[3 (first[i] + j) + c],
     count[i] weights each */
  void (*mix_pixels) (const guint8 *row, const int *first, const int *count, const gint32 *weights, gsize most, int n, guint8 *out);

  /* one row; weight and bias may be NULL; out may be x */
  void (*layer_norm) (const float *x, int n, const float *weight, const float *bias, float eps, float *out);
  void (*rms_norm)   (const float *x, int n, const float *weight, float eps, float *out);

  void (*activate)     (DocaiActivation kind, float *x, gsize n);                 /* x = act (x) */
  void (*activate_mul) (DocaiActivation kind, float *x, const float *y, gsize n); /* x = act (x) y */
  void (*add)          (float *x, const float *y, gsize n);                       /* x += y */
  void (*add_scaled)   (float *x, const float *y, const float *scale, gsize n);   /* x += y scale */
  void (*scale)        (float *x, float factor, gsize n);
  float (*max)         (const float *x, int n);
  float (*largest)     (const float *x, int n); /* magnitude */
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
