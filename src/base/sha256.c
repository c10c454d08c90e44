/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SHA-256 (FIPS 180-4) with the SHA extensions of x86-64 processors.
 */
#include "base/sha256.h"

#include <string.h>

#define BLOCK 64

struct DocaiSha256 {
  GChecksum *portable; /* NULL: with the instructions below */
  guint32    state[8];
  guint64    length;
  guint8     rest[BLOCK]; /* what does not fill a block yet */
};

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#define SHA_TARGET __attribute__ ((target ("sha,sse4.1,ssse3")))

static const guint32 round_keys[64] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static gboolean
have_instructions (void)
{
  guint a, b, c, d;

  if (!__get_cpuid (1, &a, &b, &c, &d) || (c & bit_SSE4_1) == 0 || (c & bit_SSSE3) == 0)
    return FALSE;
  return __get_cpuid_count (7, 0, &a, &b, &c, &d) && (b & (1u << 29)) != 0;
}

/* Four words of the message schedule, of which w0 to w3 are the sixteen before. */
SHA_TARGET static inline __m128i
schedule (__m128i w0, __m128i w1, __m128i w2, __m128i w3)
{
  __m128i sum = _mm_add_epi32 (_mm_sha256msg1_epu32 (w0, w1), _mm_alignr_epi8 (w3, w2, 4));
  return _mm_sha256msg2_epu32 (sum, w3);
}

SHA_TARGET static void
add_blocks (guint32 state[8], const guint8 *data, gsize n_blocks)
{
  const __m128i big_endian = _mm_set_epi64x (0x0c0d0e0f08090a0b, 0x0405060700010203);
  /* The instructions take the state as a b e f and c d g h. */
  __m128i dcba = _mm_loadu_si128 ((const __m128i *) (const void *) state);
  __m128i hgfe = _mm_loadu_si128 ((const __m128i *) (const void *) (state + 4));
  __m128i cdab = _mm_shuffle_epi32 (dcba, 0xb1), efgh = _mm_shuffle_epi32 (hgfe, 0x1b);
  __m128i abef = _mm_alignr_epi8 (cdab, efgh, 8), cdgh = _mm_blend_epi16 (efgh, cdab, 0xf0);

  for (; n_blocks > 0; n_blocks--, data += BLOCK)
    {
      __m128i abef_before = abef, cdgh_before = cdgh, w[4];
      for (int i = 0; i < 16; i++)
        {
          if (i < 4)
            w[i] = _mm_shuffle_epi8 (
              _mm_loadu_si128 ((const __m128i *) (const void *) (data + 16 * i)), big_endian);
          else
            w[i % 4] = schedule (w[i % 4], w[(i + 1) % 4], w[(i + 2) % 4], w[(i + 3) % 4]);
          __m128i keyed = _mm_add_epi32 (
            w[i % 4], _mm_loadu_si128 ((const __m128i *) (const void *) (round_keys + 4 * i)));
          cdgh = _mm_sha256rnds2_epu32 (cdgh, abef, keyed);
          abef = _mm_sha256rnds2_epu32 (abef, cdgh, _mm_shuffle_epi32 (keyed, 0x0e));
        }
      abef = _mm_add_epi32 (abef, abef_before);
      cdgh = _mm_add_epi32 (cdgh, cdgh_before);
    }
  __m128i feba = _mm_shuffle_epi32 (abef, 0x1b), dchg = _mm_shuffle_epi32 (cdgh, 0xb1);
  _mm_storeu_si128 ((__m128i *) (void *) state, _mm_blend_epi16 (feba, dchg, 0xf0));
  _mm_storeu_si128 ((__m128i *) (void *) (state + 4), _mm_alignr_epi8 (dchg, feba, 8));
}

#else

static gboolean
have_instructions (void)
{
  return FALSE;
}

static void
add_blocks (guint32 state[8], const guint8 *data, gsize n_blocks)
{
  g_assert_not_reached ();
}

#endif

static DocaiSha256 *
new_sum (gboolean portable)
{
  static const guint32 start[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
  DocaiSha256 *sum = g_new0 (DocaiSha256, 1);

  if (portable)
    sum->portable = g_checksum_new (G_CHECKSUM_SHA256);
  memcpy (sum->state, start, sizeof start);
  return sum;
}

DocaiSha256 *
docai_sha256_new (void)
{
  return new_sum (!have_instructions ());
}

void
docai_sha256_free (DocaiSha256 *sum)
{
  if (sum == NULL)
    return;
  g_clear_pointer (&sum->portable, g_checksum_free);
  g_free (sum);
}

void
docai_sha256_update (DocaiSha256 *sum, gconstpointer data, gsize length)
{
  const guint8 *from = data;
  gsize         held = sum->length % BLOCK;

  if (length == 0)
    return;
  if (sum->portable != NULL)
    {
      for (; length > 0; from += MIN (length, G_MAXINT32), length -= MIN (length, G_MAXINT32))
        g_checksum_update (sum->portable, from, (gssize) MIN (length, G_MAXINT32));
      return;
    }
  sum->length += length;
  if (held > 0)
    {
      gsize more = MIN (BLOCK - held, length);
      memcpy (sum->rest + held, from, more);
      from += more;
      length -= more;
      if (held + more < BLOCK)
        return;
      add_blocks (sum->state, sum->rest, 1);
    }
  add_blocks (sum->state, from, length / BLOCK);
  memcpy (sum->rest, from + length / BLOCK * BLOCK, length % BLOCK);
}

char *
docai_sha256_finish (DocaiSha256 *sum)
{
  static const guint8 padding[BLOCK] = { 0x80 };
  guint64             bits = GUINT64_TO_BE (sum->length * 8);
  char               *hex;

  if (sum->portable != NULL)
    return g_strdup (g_checksum_get_string (sum->portable));
  docai_sha256_update (sum, padding, (BLOCK + 55 - sum->length % BLOCK) % BLOCK + 1);
  docai_sha256_update (sum, &bits, sizeof bits);
  hex = g_malloc (65);
  for (int i = 0; i < 8; i++)
    g_snprintf (hex + 8 * i, 9, "%08x", sum->state[i]);
  return hex;
}

static char *
sum_of (DocaiSha256 *fresh, gconstpointer data, gsize length)
{
  g_autoptr (DocaiSha256) sum = fresh;

  docai_sha256_update (sum, data, length);
  return docai_sha256_finish (sum);
}

char *
docai_sha256_of (gconstpointer data, gsize length)
{
  return sum_of (docai_sha256_new (), data, length);
}

char *
docai_sha256_of_portable (gconstpointer data, gsize length)
{
  return sum_of (new_sum (TRUE), data, length);
}
