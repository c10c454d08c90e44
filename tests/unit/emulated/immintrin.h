/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The AVX-512 operations that the kernels use, in plain C: stands in for the
 * compiler's header, so that the kernels' bits can be tested on processors that
 * do not have the instructions. Semantics from Intel's Intrinsics Guide.
 */
#pragma once

#include <stdint.h>
#include <string.h>

typedef struct {
  int32_t v[16];
} __m512i;
typedef struct {
  float v[16];
} __m512;
typedef struct {
  int32_t v[8];
} __m256i;
typedef struct {
  int8_t v[16];
} __m128i;
typedef uint16_t __mmask16;

enum { _CMP_NLT_UQ = 5 };

#define LANES for (int i = 0; i < 16; i++)

/* name, result type, arguments, value of lane i */
#define EMULATE(name, type, arguments, value) \
  static inline type name arguments           \
  {                                           \
    type r;                                   \
    LANES r.v[i] = (value);                   \
    return r;                                 \
  }

static inline int32_t
bits_of (float x)
{
  int32_t b;
  memcpy (&b, &x, 4);
  return b;
}

static inline float
float_of (int32_t b)
{
  float x;
  memcpy (&x, &b, 4);
  return x;
}

/* What the conversion gives for values out of range. */
static inline int32_t
truncate (float x)
{
  return x >= -2147483648.0f && x < 2147483648.0f ? (int32_t) x : INT32_MIN;
}

static inline int32_t
dot4 (int32_t a, int32_t b)
{
  uint8_t u[4];
  int8_t  s[4];

  memcpy (u, &a, 4);
  memcpy (s, &b, 4);
  return u[0] * s[0] + u[1] * s[1] + u[2] * s[2] + u[3] * s[3];
}

EMULATE (_mm512_set1_epi32, __m512i, (int32_t a), a)
EMULATE (_mm512_set1_ps, __m512, (float a), a)
EMULATE (_mm512_mul_ps, __m512, (__m512 a, __m512 b), a.v[i] * b.v[i])
EMULATE (_mm512_add_ps, __m512, (__m512 a, __m512 b), a.v[i] + b.v[i])
EMULATE (_mm512_sub_ps, __m512, (__m512 a, __m512 b), a.v[i] - b.v[i])
EMULATE (_mm512_min_ps, __m512, (__m512 a, __m512 b), a.v[i] < b.v[i] ? a.v[i] : b.v[i])
EMULATE (_mm512_max_ps, __m512, (__m512 a, __m512 b), a.v[i] > b.v[i] ? a.v[i] : b.v[i])
EMULATE (_mm512_and_ps, __m512, (__m512 a, __m512 b), float_of (bits_of (a.v[i]) & bits_of (b.v[i])))
EMULATE (_mm512_xor_ps, __m512, (__m512 a, __m512 b), float_of (bits_of (a.v[i]) ^ bits_of (b.v[i])))
EMULATE (_mm512_abs_ps, __m512, (__m512 a), float_of (bits_of (a.v[i]) & INT32_MAX))
EMULATE (_mm512_cvttps_epi32, __m512i, (__m512 a), truncate (a.v[i]))
EMULATE (_mm512_cvtepi32_ps, __m512, (__m512i a), (float) a.v[i])
EMULATE (_mm512_castsi512_ps, __m512, (__m512i a), float_of (a.v[i]))
EMULATE (_mm512_castps_si512, __m512i, (__m512 a), bits_of (a.v[i]))
EMULATE (_mm512_add_epi32, __m512i, (__m512i a, __m512i b), a.v[i] + b.v[i])
EMULATE (_mm512_max_epi32, __m512i, (__m512i a, __m512i b), a.v[i] > b.v[i] ? a.v[i] : b.v[i])
EMULATE (_mm512_dpbusd_epi32, __m512i, (__m512i s, __m512i a, __m512i b),
         s.v[i] + dot4 (a.v[i], b.v[i]))
EMULATE (_mm512_mask_mov_ps, __m512, (__m512 s, __mmask16 k, __m512 a),
         k >> i & 1 ? a.v[i] : s.v[i])
EMULATE (_mm512_mask_sub_ps, __m512, (__m512 s, __mmask16 k, __m512 a, __m512 b),
         k >> i & 1 ? a.v[i] - b.v[i] : s.v[i])
EMULATE (_mm512_mask_sub_epi32, __m512i, (__m512i s, __mmask16 k, __m512i a, __m512i b),
         k >> i & 1 ? a.v[i] - b.v[i] : s.v[i])
EMULATE (_mm512_permutex2var_ps, __m512, (__m512 a, __m512i k, __m512 b),
         (k.v[i] & 16) != 0 ? b.v[k.v[i] & 15] : a.v[k.v[i] & 15])
EMULATE (_mm512_cvtepi32_epi8, __m128i, (__m512i a), (int8_t) a.v[i])
EMULATE (_mm_set1_epi8, __m128i, (char a), a)
EMULATE (_mm_xor_si128, __m128i, (__m128i a, __m128i b), (int8_t) (a.v[i] ^ b.v[i]))

static inline __m512i
_mm512_setzero_si512 (void)
{
  return _mm512_set1_epi32 (0);
}

#define _mm512_setr_epi32(...) ((__m512i){ { __VA_ARGS__ } })

static inline __mmask16
_mm512_movepi32_mask (__m512i a)
{
  __mmask16 k = 0;

  LANES k = (__mmask16) (k | (a.v[i] < 0) << i);
  return k;
}

static inline __mmask16
_mm512_cmp_ps_mask (__m512 a, __m512 b, int not_less)
{
  __mmask16 k = 0;

  (void) not_less;
  LANES k = (__mmask16) (k | !(a.v[i] < b.v[i]) << i);
  return k;
}

static inline __m256i
_mm512_extracti64x4_epi64 (__m512i a, int half)
{
  __m256i r;

  memcpy (&r, &a.v[8 * half], sizeof r);
  return r;
}

static inline __m256i
_mm512_castsi512_si256 (__m512i a)
{
  return _mm512_extracti64x4_epi64 (a, 0);
}

static inline __m512i
_mm512_i32gather_epi64 (__m256i index, const void *base, int scale)
{
  __m512i r;

  for (int i = 0; i < 8; i++)
    memcpy (&r.v[2 * i], (const char *) base + (int64_t) index.v[i] * scale, 8);
  return r;
}

static inline __m512i
_mm512_loadu_si512 (const void *p)
{
  __m512i r;

  memcpy (&r, p, sizeof r);
  return r;
}

static inline __m512
_mm512_loadu_ps (const void *p)
{
  __m512 r;

  memcpy (&r, p, sizeof r);
  return r;
}

static inline void
_mm512_storeu_ps (void *p, __m512 a)
{
  memcpy (p, &a, sizeof a);
}

static inline void
_mm_storeu_si128 (__m128i *p, __m128i a)
{
  memcpy (p, &a, sizeof a);
}
