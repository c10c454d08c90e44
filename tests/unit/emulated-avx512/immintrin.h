/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The compiler's header with plain C in place of the AVX-512 instructions that the runtime's
 * kernels name, so that their results can be tested on processors with AVX2 only. Semantics
 * from Intel's Intrinsics Guide.
 */
#pragma once

#include_next <immintrin.h>

#include <stdint.h>
#include <string.h>

#define EMULATED static inline __attribute__ ((always_inline))

EMULATED __m512
emulated_max_ps (__m512 a, __m512 b)
{
  for (int i = 0; i < 16; i++)
    a[i] = a[i] > b[i] ? a[i] : b[i];
  return a;
}

EMULATED __m512
emulated_cvtph_ps (__m256i a)
{
  __m256 half[2] = { _mm256_cvtph_ps (_mm256_castsi256_si128 (a)), _mm256_cvtph_ps (_mm256_extracti128_si256 (a, 1)) };
  __m512 out;
  memcpy (&out, half, sizeof out);
  return out;
}

/* To nearest, whatever is asked. */
EMULATED __m256i
emulated_cvtps_ph (__m512 a)
{
  __m256 half[2];
  memcpy (half, &a, sizeof half);
  return _mm256_set_m128i (_mm256_cvtps_ph (half[1], _MM_FROUND_TO_NEAREST_INT), _mm256_cvtps_ph (half[0], _MM_FROUND_TO_NEAREST_INT));
}

/* Sums of two products of signed words. */
EMULATED __m512i
emulated_dpwssd_epi32 (__m512i sum, __m512i a, __m512i b)
{
  int32_t s[16];
  int16_t x[32], y[32];
  memcpy (s, &sum, sizeof s);
  memcpy (x, &a, sizeof x);
  memcpy (y, &b, sizeof y);
  for (int i = 0; i < 16; i++)
    s[i] += x[2 * i] * y[2 * i] + x[2 * i + 1] * y[2 * i + 1];
  memcpy (&sum, s, sizeof s);
  return sum;
}

/* Sums of two products of bf16 numbers, the odd one first. */
EMULATED __m512
emulated_dpbf16_ps (__m512 sum, __m512i a, __m512i b)
{
  uint32_t x[16], y[16];
  memcpy (x, &a, sizeof x);
  memcpy (y, &b, sizeof y);
  for (int i = 0; i < 16; i++)
    {
      union { uint32_t u; float f; } even[2] = { { x[i] << 16 }, { y[i] << 16 } }, odd[2] = { { x[i] & 0xffff0000u }, { y[i] & 0xffff0000u } };
      sum[i] += odd[0].f * odd[1].f;
      sum[i] += even[0].f * even[1].f;
    }
  return sum;
}

/* Sums of four products of unsigned and signed bytes. */
EMULATED __m256i
emulated_dpbusd_epi32 (__m256i sum, __m256i a, __m256i b)
{
  int32_t s[8];
  uint8_t x[32];
  int8_t y[32];
  memcpy (s, &sum, sizeof s);
  memcpy (x, &a, sizeof x);
  memcpy (y, &b, sizeof y);
  for (int i = 0; i < 32; i++)
    s[i / 4] += x[i] * y[i];
  memcpy (&sum, s, sizeof s);
  return sum;
}

#undef _mm256_dpbusd_epi32
#define _mm512_max_ps emulated_max_ps
#define _mm512_cvtph_ps emulated_cvtph_ps
#define _mm512_cvtps_ph(a, rounding) emulated_cvtps_ph (a)
#define __m512bh __m512i
#define _mm512_dpbf16_ps emulated_dpbf16_ps
#define _mm512_dpwssd_epi32 emulated_dpwssd_epi32
#define _mm256_dpbusd_epi32 emulated_dpbusd_epi32
