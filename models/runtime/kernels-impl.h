/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The kernels of one level: included by a file that is compiled for it and defines TABLE
 * and TABLE_NAME. Vectors are the compiler's; instructions are named where the compiler
 * does not find them (bytes, half floats).
 */
#include <math.h>
#include <string.h>

#include "models/runtime/kernels-priv.h"
#include "models/runtime/tensor.h"

#if defined __AVX2__
#include <immintrin.h>
#endif

#if defined __AVX512F__
#define LANES 16
#elif defined __AVX2__
#define LANES 8
#else
#define LANES 4
#endif

typedef float   Vec  __attribute__ ((vector_size (LANES * 4)));
typedef gint32  VecI __attribute__ ((vector_size (LANES * 4)));
typedef guint32 VecU __attribute__ ((vector_size (LANES * 4)));
typedef guint16 VecH __attribute__ ((vector_size (LANES * 2)));
typedef gint8   VecB __attribute__ ((vector_size (LANES)));

static inline Vec
load (const float *p)
{
  Vec v;
  memcpy (&v, p, sizeof v);
  return v;
}

static inline void
store (float *p, Vec v)
{
  memcpy (p, &v, sizeof v);
}

static inline Vec
splat (float x)
{
  return x - (Vec) { 0 };
}

static inline float
sum_of (Vec v)
{
  float total = 0;
  for (int i = 0; i < LANES; i++)
    total += v[i];
  return total;
}

static inline Vec
max_of (Vec a, Vec b)
{
#if defined __AVX512F__
  return (Vec) _mm512_max_ps ((__m512) a, (__m512) b);
#elif defined __AVX2__
  return (Vec) _mm256_max_ps ((__m256) a, (__m256) b);
#else
  VecI m = a > b;
  return (Vec) (((VecI) a & m) | ((VecI) b & ~m));
#endif
}

static inline Vec
min_of (Vec a, Vec b)
{
  return -max_of (-a, -b);
}

/* e^x: 2^n times a polynomial of degree 6 on [-ln 2 / 2, ln 2 / 2] (Cephes); relative error
 * 2e-7. Below -87 the result is about 1e-38, not zero. */
static inline Vec
exp_of (Vec x)
{
  const Vec magic = splat (12582912.0f); /* 1.5 * 2^23: adding it rounds to an integer */
  x = max_of (min_of (x, splat (88.0f)), splat (-87.0f));
  Vec shifted = x * 1.44269504f + magic;
  Vec n = shifted - magic;
  Vec r = x - n * 0.693359375f + n * 2.12194440e-4f;
  Vec p = splat (1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  VecI exponent = ((VecI) shifted - (VecI) magic + 127) << 23;
  return p * (Vec) exponent;
}

/* Error function, Abramowitz and Stegun 7.1.26; absolute error 1.5e-7. */
static inline Vec
erf_of (Vec x)
{
  VecU sign = (VecU) x & 0x80000000u;
  Vec a = (Vec) ((VecU) x & 0x7fffffffu);
  Vec t = 1.0f / (1.0f + 0.3275911f * a);
  Vec p = splat (1.061405429f);
  p = p * t - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = p * t + 0.254829592f;
  Vec y = 1.0f - p * t * exp_of (-a * a);
  return (Vec) ((VecU) y | sign);
}

static inline Vec
act_of (DocaiActivation kind, Vec x)
{
  switch (kind)
    {
    case DOCAI_ACT_RELU:
      return max_of (x, splat (0));
    case DOCAI_ACT_GELU:
      return 0.5f * x * (1.0f + erf_of (x * 0.70710678f));
    case DOCAI_ACT_GELU_TANH:
      return x / (1.0f + exp_of (x * (-1.59576912f - 0.0713548162f * x * x)));
    case DOCAI_ACT_QUICK_GELU:
      return x / (1.0f + exp_of (-1.702f * x));
    case DOCAI_ACT_SILU:
      return x / (1.0f + exp_of (-x));
    case DOCAI_ACT_NONE:
      break;
    }
  return x;
}

/* The last, incomplete vector of a row. */
static inline Vec
load_tail (const float *p, gsize n)
{
  Vec v = { 0 };
  memcpy (&v, p, n * sizeof (float));
  return v;
}

/* Runs BODY on the vectors of x[0, n): `v` is the vector at `i`, and is stored back. */
#define FOR_VECTORS(x, n, BODY)                          \
  do                                                     \
    {                                                    \
      gsize i = 0;                                       \
      for (; i + LANES <= (gsize) (n); i += LANES)       \
        {                                                \
          Vec v = load ((x) + i);                        \
          BODY (load);                                   \
          store ((x) + i, v);                            \
        }                                                \
      if (i < (gsize) (n))                               \
        {                                                \
          gsize rest = (gsize) (n) -i;                   \
          Vec v = load_tail ((x) + i, rest);             \
          BODY (LOAD_REST);                              \
          memcpy ((x) + i, &v, rest * sizeof (float));   \
        }                                                \
    }                                                    \
  while (0)
#define LOAD_REST(p) load_tail ((p), rest)

static inline float
dot (const float *a, const float *b, int n)
{
  Vec s0 = { 0 }, s1 = { 0 }, s2 = { 0 }, s3 = { 0 };
  int i = 0;
  for (; i + 4 * LANES <= n; i += 4 * LANES)
    {
      s0 += load (a + i) * load (b + i);
      s1 += load (a + i + LANES) * load (b + i + LANES);
      s2 += load (a + i + 2 * LANES) * load (b + i + 2 * LANES);
      s3 += load (a + i + 3 * LANES) * load (b + i + 3 * LANES);
    }
  for (; i + LANES <= n; i += LANES)
    s0 += load (a + i) * load (b + i);
  if (i < n)
    s1 += load_tail (a + i, (gsize) (n - i)) * load_tail (b + i, (gsize) (n - i));
  return sum_of ((s0 + s1) + (s2 + s3));
}

static void
gemv_f32 (const float *w, gsize stride, int rows, int cols, const float *x, float *y)
{
  for (int r = 0; r < rows; r++, w += stride)
    y[r] = dot (w, x, cols);
}

/* A 32-bit lane holds an even element in its low and an odd one in its high half: each
 * becomes a float by a shift or a mask, without a shuffle. */
static void
gemv_bf16 (const guint16 *w, int rows, int cols, const float *x, float *y)
{
  int half = cols / 2;
  const float *odd = x + half;
  for (int r = 0; r < rows; r++, w += cols)
    {
      Vec s0 = { 0 }, s1 = { 0 }, s2 = { 0 }, s3 = { 0 };
      int i = 0;
      for (; i + 2 * LANES <= half; i += 2 * LANES)
        {
          VecU a, b;
          memcpy (&a, w + 2 * i, sizeof a);
          memcpy (&b, w + 2 * i + 2 * LANES, sizeof b);
          s0 += (Vec) (a << 16) * load (x + i);
          s1 += (Vec) (a & 0xffff0000u) * load (odd + i);
          s2 += (Vec) (b << 16) * load (x + i + LANES);
          s3 += (Vec) (b & 0xffff0000u) * load (odd + i + LANES);
        }
      float total = sum_of ((s0 + s1) + (s2 + s3));
      for (; i < half; i++)
        total += docai_bf16_to_float (w[2 * i]) * x[i] + docai_bf16_to_float (w[2 * i + 1]) * odd[i];
      if (cols & 1)
        total += docai_bf16_to_float (w[cols - 1]) * x[cols - 1];
      y[r] = total;
    }
}

static void
widen_bf16 (const guint16 *in, int n, float *out)
{
  int i = 0;
  for (; i + LANES <= n; i += LANES)
    {
      VecH h;
      memcpy (&h, in + i, sizeof h);
      store (out + i, (Vec) (__builtin_convertvector (h, VecU) << 16));
    }
  for (; i < n; i++)
    out[i] = docai_bf16_to_float (in[i]);
}

static void
widen_f16 (const guint16 *in, int n, float *out)
{
  int i = 0;
#if defined __F16C__
  for (; i + 8 <= n; i += 8)
    _mm256_storeu_ps (out + i, _mm256_cvtph_ps (_mm_loadu_si128 ((const __m128i *) (in + i))));
#endif
  for (; i < n; i++)
    out[i] = docai_f16_to_float (in[i]);
}

static void
gemv_f16 (const guint16 *w, int rows, int cols, const float *x, float *y)
{
  float part[256];
  for (int r = 0; r < rows; r++, w += cols)
    {
      float total = 0;
      for (int i = 0; i < cols; i += (int) G_N_ELEMENTS (part))
        {
          int n = MIN ((int) G_N_ELEMENTS (part), cols - i);
          widen_f16 (w + i, n, part);
          total += dot (part, x + i, n);
        }
      y[r] = total;
    }
}

#if defined __AVX2__
/* Sums of four neighbouring products of unsigned and signed bytes, as eight numbers. No pair
 * of products exceeds 16 bits: one factor is at most 127, the other at most 127 or 15. */
static inline __m256i
dot_bytes (__m256i u, __m256i s)
{
#if defined __AVX512VNNI__ && defined __AVX512VL__
  return _mm256_dpbusd_epi32 (_mm256_setzero_si256 (), u, s);
#else
  return _mm256_madd_epi16 (_mm256_maddubs_epi16 (u, s), _mm256_set1_epi16 (1));
#endif
}

static inline float
sum_of_8 (__m256 v)
{
  __m128 s = _mm_add_ps (_mm256_castps256_ps128 (v), _mm256_extractf128_ps (v, 1));
  s = _mm_add_ps (s, _mm_movehl_ps (s, s));
  return _mm_cvtss_f32 (_mm_add_ss (s, _mm_movehdup_ps (s)));
}
#endif

static inline float
dot_q8 (const gint8 *w, int cols, const DocaiQuantized *x)
{
  float total = 0;
  int g = 0;
#if defined __AVX2__
  __m256 s0 = _mm256_setzero_ps (), s1 = s0;
  for (; g + 2 <= cols / 32; g += 2)
    {
      __m256i w0 = _mm256_loadu_si256 ((const __m256i *) (w + g * 32));
      __m256i w1 = _mm256_loadu_si256 ((const __m256i *) (w + g * 32 + 32));
      __m256i x0 = _mm256_loadu_si256 ((const __m256i *) (x->values + g * 32));
      __m256i x1 = _mm256_loadu_si256 ((const __m256i *) (x->values + g * 32 + 32));
      __m256i d0 = dot_bytes (_mm256_abs_epi8 (w0), _mm256_sign_epi8 (x0, w0));
      __m256i d1 = dot_bytes (_mm256_abs_epi8 (w1), _mm256_sign_epi8 (x1, w1));
      s0 = _mm256_fmadd_ps (_mm256_cvtepi32_ps (d0), _mm256_broadcast_ss (&x->scales[g]), s0);
      s1 = _mm256_fmadd_ps (_mm256_cvtepi32_ps (d1), _mm256_broadcast_ss (&x->scales[g + 1]), s1);
    }
  total = sum_of_8 (_mm256_add_ps (s0, s1));
#endif
  for (; g * 32 < cols; g++)
    {
      int sum = 0, n = MIN (32, cols - g * 32);
      for (int i = 0; i < n; i++)
        sum += w[g * 32 + i] * x->values[g * 32 + i];
      total += (float) sum * x->scales[g];
    }
  return total;
}

static void
gemv_q8 (const gint8 *w, const float *scales, int rows, int cols, const DocaiQuantized *x, float *y)
{
  for (int r = 0; r < rows; r++, w += cols)
    y[r] = scales[r] * dot_q8 (w, cols, x);
}

static inline float
dot_q4 (const guint8 *w, const float *scales, int groups, const DocaiQuantized *x)
{
  float total = 0;
  int g = 0;
#if defined __AVX2__
  const __m256i mask = _mm256_set1_epi8 (15);
  __m256 s0 = _mm256_setzero_ps (), s1 = s0;
  for (; g + 2 <= groups; g += 2)
    {
      __m128i p0 = _mm_loadu_si128 ((const __m128i *) (w + g * 16));
      __m128i p1 = _mm_loadu_si128 ((const __m128i *) (w + g * 16 + 16));
      __m256i w0 = _mm256_and_si256 (_mm256_set_m128i (_mm_srli_epi16 (p0, 4), p0), mask);
      __m256i w1 = _mm256_and_si256 (_mm256_set_m128i (_mm_srli_epi16 (p1, 4), p1), mask);
      __m256i d0 = dot_bytes (w0, _mm256_loadu_si256 ((const __m256i *) (x->values + g * 32)));
      __m256i d1 = dot_bytes (w1, _mm256_loadu_si256 ((const __m256i *) (x->values + g * 32 + 32)));
      s0 = _mm256_fmadd_ps (_mm256_cvtepi32_ps (d0), _mm256_set1_ps (scales[g] * x->scales[g]), s0);
      s1 = _mm256_fmadd_ps (_mm256_cvtepi32_ps (d1), _mm256_set1_ps (scales[g + 1] * x->scales[g + 1]), s1);
    }
  total = sum_of_8 (_mm256_add_ps (s0, s1));
#endif
  for (; g < groups; g++)
    {
      int sum = 0;
      for (int i = 0; i < 16; i++)
        sum += (w[g * 16 + i] & 15) * x->values[g * 32 + i] + (w[g * 16 + i] >> 4) * x->values[g * 32 + 16 + i];
      total += (float) sum * scales[g] * x->scales[g];
    }
  return total - dot (scales, x->offsets, groups);
}

static void
gemv_q4 (const guint8 *w, const float *scales, int rows, int cols, const DocaiQuantized *x, float *y)
{
  int groups = cols / DOCAI_Q4_GROUP;
  for (int r = 0; r < rows; r++, w += cols / 2, scales += groups)
    y[r] = dot_q4 (w, scales, groups, x);
}

static void
widen_q8 (const gint8 *in, float scale, int n, float *out)
{
  int i = 0;
  for (; i + LANES <= n; i += LANES)
    {
      VecB b;
      memcpy (&b, in + i, sizeof b);
      store (out + i, __builtin_convertvector (b, Vec) * scale);
    }
  for (; i < n; i++)
    out[i] = (float) in[i] * scale;
}

static void
widen_q4 (const guint8 *in, const float *scales, int n, float *out)
{
  for (int g = 0; g < n / DOCAI_Q4_GROUP; g++, in += 16, out += 32)
    for (int i = 0; i < 16; i++)
      {
        out[i] = (float) ((int) (in[i] & 15) - 8) * scales[g];
        out[i + 16] = (float) ((int) (in[i] >> 4) - 8) * scales[g];
      }
}

static void
add_rows (const float *x, gsize stride, int rows, int cols, const float *weights, float *out)
{
  int r = 0;
  for (; r + 4 <= rows; r += 4, x += 4 * stride)
    {
      float a = weights[r], b = weights[r + 1], c = weights[r + 2], d = weights[r + 3];
#define ADD_FOUR(LOAD) \
  v += (a * LOAD (x + i) + b * LOAD (x + stride + i)) + (c * LOAD (x + 2 * stride + i) + d * LOAD (x + 3 * stride + i))
      FOR_VECTORS (out, cols, ADD_FOUR);
    }
  for (; r < rows; r++, x += stride)
    {
      float a = weights[r];
#define ADD_ONE(LOAD) v += a * LOAD (x + i)
      FOR_VECTORS (out, cols, ADD_ONE);
    }
}

static void
layer_norm (const float *x, int n, const float *weight, const float *bias, float eps, float *out)
{
  Vec sum = { 0 };
  int i = 0;
  for (; i + LANES <= n; i += LANES)
    sum += load (x + i);
  float total = sum_of (sum);
  for (; i < n; i++)
    total += x[i];
  float mean = total / (float) n;
  Vec squares = { 0 };
  for (i = 0; i + LANES <= n; i += LANES)
    squares += (load (x + i) - mean) * (load (x + i) - mean);
  total = sum_of (squares);
  for (; i < n; i++)
    total += (x[i] - mean) * (x[i] - mean);
  float factor = 1.0f / sqrtf (total / (float) n + eps);
  for (i = 0; i < n; i++)
    {
      float v = (x[i] - mean) * factor;
      if (weight != NULL)
        v *= weight[i];
      out[i] = bias != NULL ? v + bias[i] : v;
    }
}

static void
rms_norm (const float *x, int n, const float *weight, float eps, float *out)
{
  float factor = 1.0f / sqrtf (dot (x, x, n) / (float) n + eps);
  for (int i = 0; i < n; i++)
    out[i] = weight != NULL ? x[i] * factor * weight[i] : x[i] * factor;
}

/* The kind is a constant in each case, so that the loops are free of it. */
#define FOR_KINDS(CASE)                 \
  switch (kind)                         \
    {                                   \
      CASE (DOCAI_ACT_RELU)             \
      CASE (DOCAI_ACT_GELU)             \
      CASE (DOCAI_ACT_GELU_TANH)        \
      CASE (DOCAI_ACT_QUICK_GELU)       \
      CASE (DOCAI_ACT_SILU)             \
      CASE (DOCAI_ACT_NONE)             \
    }

static void
activate (DocaiActivation kind, float *x, gsize n)
{
#define ACTIVATE(LOAD) v = act_of (chosen, v)
#define ACTIVATE_CASE(K)                \
  case K:                               \
    {                                   \
      const DocaiActivation chosen = K; \
      FOR_VECTORS (x, n, ACTIVATE);     \
      break;                            \
    }
  FOR_KINDS (ACTIVATE_CASE)
}

static void
activate_mul (DocaiActivation kind, float *x, const float *y, gsize n)
{
#define ACTIVATE_MUL(LOAD) v = act_of (chosen, v) * LOAD (y + i)
#define ACTIVATE_MUL_CASE(K)            \
  case K:                               \
    {                                   \
      const DocaiActivation chosen = K; \
      FOR_VECTORS (x, n, ACTIVATE_MUL); \
      break;                            \
    }
  FOR_KINDS (ACTIVATE_MUL_CASE)
}

static void
add (float *x, const float *y, gsize n)
{
#define ADD(LOAD) v += LOAD (y + i)
  FOR_VECTORS (x, n, ADD);
}

static void
add_scaled (float *x, const float *y, const float *factors, gsize n)
{
#define ADD_SCALED(LOAD) v += LOAD (y + i) * LOAD (factors + i)
  FOR_VECTORS (x, n, ADD_SCALED);
}

static void
scale (float *x, float factor, gsize n)
{
#define SCALE(LOAD) v *= factor
  FOR_VECTORS (x, n, SCALE);
}

static float
max (const float *x, int n)
{
  float best = -INFINITY;
  int i = 0;
  if (n >= LANES)
    {
      Vec v = load (x);
      for (i = LANES; i + LANES <= n; i += LANES)
        v = max_of (v, load (x + i));
      for (int k = 0; k < LANES; k++)
        best = MAX (best, v[k]);
    }
  for (; i < n; i++)
    best = MAX (best, x[i]);
  return best;
}

/* What lies 87 or more below the shift counts as zero: masked keys must not contribute. */
static inline Vec
exp_below (Vec x)
{
  VecI keep = x > -87.0f;
  return (Vec) ((VecI) exp_of (x) & keep);
}

static float
exp_sum (float *x, float shift, int n)
{
  Vec sum = { 0 };
  float total = 0;
  int i = 0;
  for (; i + LANES <= n; i += LANES)
    {
      Vec v = exp_below (load (x + i) - shift);
      sum += v;
      store (x + i, v);
    }
  if (i < n)
    {
      Vec v = exp_below (load_tail (x + i, (gsize) (n - i)) - shift);
      for (int k = 0; k < n - i; k++)
        total += v[k];
      memcpy (x + i, &v, (gsize) (n - i) * sizeof (float));
    }
  return total + sum_of (sum);
}

static void
rotate (float *x, const float *cosine, const float *sine, int half)
{
  int i = 0;
  for (; i + LANES <= half; i += LANES)
    {
      Vec a = load (x + i), b = load (x + half + i), c = load (cosine + i), s = load (sine + i);
      store (x + i, a * c - b * s);
      store (x + half + i, b * c + a * s);
    }
  for (; i < half; i++)
    {
      float a = x[i], b = x[half + i];
      x[i] = a * cosine[i] - b * sine[i];
      x[half + i] = b * cosine[i] + a * sine[i];
    }
}

/* An exponent of all ones is found by adding one to it and looking at the carry. */
static gboolean
finite_f32 (const float *x, gsize n)
{
  guint32 carry = 0;
  for (gsize i = 0; i < n; i++)
    {
      guint32 bits;
      memcpy (&bits, x + i, sizeof bits);
      carry |= (bits & 0x7fffffffu) + 0x00800000u;
    }
  return carry >> 31 == 0;
}

static gboolean
finite_bf16 (const guint16 *x, gsize n)
{
  guint16 carry = 0;
  for (gsize i = 0; i < n; i++)
    carry |= (guint16) ((x[i] & 0x7fffu) + 0x0080u);
  return carry >> 15 == 0;
}

static gboolean
finite_f16 (const guint16 *x, gsize n)
{
  guint16 carry = 0;
  for (gsize i = 0; i < n; i++)
    carry |= (guint16) ((x[i] & 0x7fffu) + 0x0400u);
  return carry >> 15 == 0;
}

const DocaiKernels TABLE = {
  .name = TABLE_NAME,
  .gemv_f32 = gemv_f32,
  .gemv_bf16 = gemv_bf16,
  .gemv_f16 = gemv_f16,
  .gemv_q8 = gemv_q8,
  .gemv_q4 = gemv_q4,
  .widen_bf16 = widen_bf16,
  .widen_f16 = widen_f16,
  .widen_q8 = widen_q8,
  .widen_q4 = widen_q4,
  .add_rows = add_rows,
  .layer_norm = layer_norm,
  .rms_norm = rms_norm,
  .activate = activate,
  .activate_mul = activate_mul,
  .add = add,
  .add_scaled = add_scaled,
  .scale = scale,
  .max = max,
  .exp_sum = exp_sum,
  .rotate = rotate,
  .finite_f32 = finite_f32,
  .finite_bf16 = finite_bf16,
  .finite_f16 = finite_f16,
};
