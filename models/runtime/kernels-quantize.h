/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Part of kernels-impl.h: floats to whole numbers. Adding 1.5 * 2^23 rounds to an integer, to
 * even at one half.
 */
#define ROUNDING 12582912.0f
#define ROUNDING_BITS 0x4b400000

/* x rounded, as 32-bit integers. */
static inline VecI
round_of (Vec x)
{
  return (VecI) (x + ROUNDING) - ROUNDING_BITS;
}

static void
round_i16 (const float *x, float factor, int n, gint16 *out)
{
  for (int i = 0; i < n; i++)
    {
      union { float f; guint32 u; } v = { x[i] * factor + ROUNDING };
      out[i] = (gint16) v.u;
    }
}

/* To nearest, to even at one half; x is finite. */
static void
round_bf16 (const float *x, int n, guint16 *out)
{
  for (int i = 0; i < n; i++)
    {
      union { float f; guint32 u; } v = { x[i] };
      out[i] = (guint16) ((v.u + 0x7fffu + (v.u >> 16 & 1)) >> 16);
    }
}

static void
widen_i16 (const gint8 *x, int n, gint16 *out)
{
  for (int i = 0; i < n; i++)
    out[i] = x[i];
}

static void
round_i8 (const float *x, float factor, int n, gint8 *out)
{
  for (int i = 0; i < n; i++)
    {
      union { float f; guint32 u; } v = { x[i] * factor + ROUNDING };
      out[i] = (gint8) v.u;
    }
}

static float
largest (const float *x, int n)
{
  Vec most = { 0 };
  int i = 0;
  for (; i + LANES <= n; i += LANES)
    most = max_of (most, (Vec) ((VecU) load (x + i) & 0x7fffffffu));
  if (i < n)
    most = max_of (most, (Vec) ((VecU) load_tail (x + i, (gsize) (n - i)) & 0x7fffffffu));
  float best = 0;
  for (int k = 0; k < LANES; k++)
    best = MAX (best, most[k]);
  return best;
}

static void
quantize (const float *x, int n, gint8 *values, float *scales, float *offsets)
{
  for (int g = 0; g * 32 < n; g++, x += 32, values += 32)
    {
      int width = MIN (32, n - g * 32), sum = 0;
      float most = largest (x, width), part[32] = { 0 };
      memcpy (part, x, (gsize) width * sizeof (float));
      round_i8 (part, most > 0 ? 127.0f / most : 0.0f, 32, values);
      for (int i = 0; i < 32; i++)
        sum += values[i];
      scales[g] = most / 127.0f;
      offsets[g] = 8.0f * scales[g] * (float) sum;
    }
}

static float
quantize_q8 (const float *x, int n, gint8 *values)
{
  float most = largest (x, n);
  round_i8 (x, most > 0 ? 127.0f / most : 0.0f, n, values);
  return most / 127.0f;
}

#define GROUP_VECTORS (DOCAI_Q4_GROUP / LANES)

/* The group's elements as multiples of a scale, -8 ... 7, and their squared error. */
static inline float
try_q4 (const Vec *x, float scale, VecI *q)
{
  Vec error = { 0 };
  for (int i = 0; i < GROUP_VECTORS; i++)
    {
      Vec v = max_of (min_of (x[i] * (1.0f / scale), splat (7.0f)), splat (-8.0f));
      q[i] = round_of (v);
      Vec away = __builtin_convertvector (q[i], Vec) * scale - x[i];
      error += away * away;
    }
  return sum_of (error);
}

/* The element of the largest magnitude may sit at -8 or at 7 (a negative scale turns the
 * range over), and a somewhat smaller scale is often better for the others: the best of
 * these is taken. */
static float
quantize_q4 (const float *x, guint8 *data)
{
  Vec v[GROUP_VECTORS];
  VecI q[GROUP_VECTORS], chosen[GROUP_VECTORS];
  float extreme = 0, best = G_MAXFLOAT, scale = 0;
  for (int i = 0; i < GROUP_VECTORS; i++)
    {
      v[i] = load (x + i * LANES);
      chosen[i] = (VecI) { 0 };
    }
  for (int i = 0; i < DOCAI_Q4_GROUP; i++)
    extreme = fabsf (x[i]) > fabsf (extreme) ? x[i] : extreme;
  for (int i = 0; extreme != 0 && i < 8; i++)
    {
      float candidate = extreme / (-8.0f + 0.25f * (float) (i - 2)), error = try_q4 (v, candidate, q);
      if (error < best)
        {
          best = error;
          scale = candidate;
          memcpy (chosen, q, sizeof chosen);
        }
    }
  gint32 all[DOCAI_Q4_GROUP];
  memcpy (all, chosen, sizeof all);
  for (int i = 0; i < DOCAI_Q4_GROUP / 2; i++)
    data[i] = (guint8) ((all[i] + 8) | (all[i + DOCAI_Q4_GROUP / 2] + 8) << 4);
  return scale;
}
