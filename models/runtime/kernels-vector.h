/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Part of kernels-impl.h: vectors as wide as the level's, and functions of them. Vectors are
 * the compiler's; instructions are named where the compiler does not find them.
 */
#define INLINE static inline __attribute__ ((always_inline))

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

#if LANES >= 8
static inline float
sum_of_8 (__m256 v)
{
  __m128 s = _mm_add_ps (_mm256_castps256_ps128 (v), _mm256_extractf128_ps (v, 1));
  s = _mm_add_ps (s, _mm_movehl_ps (s, s));
  return _mm_cvtss_f32 (_mm_add_ss (s, _mm_movehdup_ps (s)));
}
#endif

static inline float
sum_of (Vec v)
{
#if LANES == 16
  __m256 half[2];
  memcpy (half, &v, sizeof half);
  return sum_of_8 (_mm256_add_ps (half[0], half[1]));
#elif LANES == 8
  return sum_of_8 ((__m256) v);
#else
  return (v[0] + v[2]) + (v[1] + v[3]);
#endif
}

static inline Vec
max_of (Vec a, Vec b)
{
#if LANES == 16
  return (Vec) _mm512_max_ps ((__m512) a, (__m512) b);
#elif LANES == 8
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

/* Half-floats (IEEE 754 binary16), all finite. */
static inline Vec
load_half (const guint16 *p)
{
#if LANES == 16
  return (Vec) _mm512_cvtph_ps (_mm256_loadu_si256 ((const __m256i *) p));
#elif LANES == 8
  return (Vec) _mm256_cvtph_ps (_mm_loadu_si128 ((const __m128i *) p));
#else
  VecH h;
  memcpy (&h, p, sizeof h);
  VecU bits = __builtin_convertvector (h, VecU);
  /* The exponent's bias is 127 instead of 15. */
  Vec magnitude = (Vec) ((bits & 0x7fff) << 13) * 0x1p112f;
  return (Vec) ((VecU) magnitude | (bits & 0x8000) << 16);
#endif
}

/* The nearest half-floats; what is too large becomes the largest. */
static inline void
store_half (guint16 *p, Vec v)
{
  v = max_of (min_of (v, splat (65504.0f)), splat (-65504.0f));
#if LANES == 16
  _mm256_storeu_si256 ((__m256i *) p, _mm512_cvtps_ph ((__m512) v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
#elif LANES == 8
  _mm_storeu_si128 ((__m128i *) p, _mm256_cvtps_ph ((__m256) v, _MM_FROUND_TO_NEAREST_INT));
#else
  VecU sign = (VecU) v >> 16 & 0x8000, bits = (VecU) ((Vec) ((VecU) v & 0x7fffffffu) * 0x1p-112f);
  VecH h = __builtin_convertvector ((bits + 0xfff + (bits >> 13 & 1)) >> 13 | sign, VecH);
  memcpy (p, &h, sizeof h);
#endif
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

