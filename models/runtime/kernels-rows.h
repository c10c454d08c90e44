/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Part of kernels-impl.h: norms, activations, softmax and other loops over rows of floats.
 */
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
  Vec v[4];
  int i = 0;
  for (int k = 0; k < 4; k++)
    v[k] = splat (best);
  for (; i + 4 * LANES <= n; i += 4 * LANES)
    for (int k = 0; k < 4; k++)
      v[k] = max_of (v[k], load (x + i + k * LANES));
  for (; i + LANES <= n; i += LANES)
    v[0] = max_of (v[0], load (x + i));
  v[0] = max_of (max_of (v[0], v[1]), max_of (v[2], v[3]));
  for (int k = 0; k < LANES; k++)
    best = MAX (best, v[0][k]);
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
