/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Choosing the next token from logits.
 */
#include "models/language/sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

typedef struct {
  float   logit;
  guint32 id;
} Candidate;

struct DocaiSampler {
  guint32            vocab;
  DocaiSampleOptions options;
  guint64            state[4];
  Candidate         *candidates; /* [vocab] */
  float             *scores;     /* [vocab], after the penalty */
  double            *weights;    /* [vocab] */
};

/* ---- xoshiro256** (Blackman and Vigna), seeded by splitmix64 ----------------------- */

static guint64
splitmix (guint64 *seed)
{
  guint64 z = (*seed += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static guint64
rotate_left (guint64 x, int k)
{
  return (x << k) | (x >> (64 - k));
}

static guint64
next_random (guint64 s[4])
{
  guint64 result = rotate_left (s[1] * 5, 7) * 9, t = s[1] << 17;

  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate_left (s[3], 45);
  return result;
}

/* In [0, 1). */
static double
next_unit (guint64 s[4])
{
  return (double) (next_random (s) >> 11) * 0x1p-53;
}

/* ---- sampler ------------------------------------------------------------------------ */

DocaiSampler *
docai_sampler_new (guint32 vocab, const DocaiSampleOptions *options, GError **error)
{
  guint64 seed = options->seed;

  if (vocab == 0 || !(options->temperature >= 0 && options->temperature <= 100) || options->top_k < 0
      || !(options->top_p > 0 && options->top_p <= 1)
      || !(options->repetition_penalty > 0 && options->repetition_penalty <= 100))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION,
                   "sampling: temperature, top_k, top_p or repetition_penalty is out of range");
      return NULL;
    }
  DocaiSampler *self = g_new0 (DocaiSampler, 1);
  self->vocab = vocab;
  self->options = *options;
  self->candidates = g_new (Candidate, vocab);
  self->scores = g_new (float, vocab);
  self->weights = g_new (double, vocab);
  for (int i = 0; i < 4; i++)
    self->state[i] = splitmix (&seed);
  return self;
}

void
docai_sampler_free (DocaiSampler *self)
{
  if (self == NULL)
    return;
  g_free (self->candidates);
  g_free (self->scores);
  g_free (self->weights);
  g_free (self);
}

static gboolean
is_allowed (const guint32 *mask, guint32 id)
{
  return mask == NULL || ((mask[id / 32] >> (id % 32)) & 1);
}

static gint64
best_token (const DocaiSampler *self, const float *logits, const guint32 *mask)
{
  gint64 best = -1;

  for (guint32 id = 0; id < self->vocab; id++)
    if (is_allowed (mask, id) && !isnan (logits[id]) && (best < 0 || logits[id] > logits[best]))
      best = id;
  return best;
}

/* Each token that occurred is penalised once, towards lower probability. */
static void
penalise (DocaiSampler *self, const float *logits, const guint32 *previous, gsize n)
{
  memcpy (self->scores, logits, self->vocab * sizeof *self->scores);
  for (gsize i = 0; i < n; i++)
    if (previous[i] < self->vocab)
      {
        float x = logits[previous[i]];
        self->scores[previous[i]] = x > 0 ? x / self->options.repetition_penalty
                                          : x * self->options.repetition_penalty;
      }
}

static int
compare_candidates (const void *a, const void *b)
{
  const Candidate *x = a, *y = b;

  if (x->logit != y->logit)
    return x->logit > y->logit ? -1 : 1;
  return (x->id > y->id) - (x->id < y->id);
}

/* Candidates in falling order, cut to top-k. */
static guint32
collect (DocaiSampler *self, const float *logits, const guint32 *mask)
{
  guint32 n = 0;

  for (guint32 id = 0; id < self->vocab; id++)
    if (is_allowed (mask, id) && !isnan (logits[id]) && logits[id] > -INFINITY)
      self->candidates[n++] = (Candidate){ logits[id], id };
  if (self->options.top_k > 0 || self->options.top_p < 1)
    qsort (self->candidates, n, sizeof (Candidate), compare_candidates);
  return self->options.top_k > 0 ? MIN (n, (guint32) self->options.top_k) : n;
}

/* Softmax weights of the first n candidates; the sum. */
static double
weigh (DocaiSampler *self, guint32 n)
{
  float top = self->candidates[0].logit;
  double sum = 0;

  for (guint32 i = 1; i < n; i++)
    top = MAX (top, self->candidates[i].logit);
  for (guint32 i = 0; i < n; i++)
    {
      double d = top == INFINITY ? (self->candidates[i].logit == top ? 0 : -INFINITY)
                                 : (double) self->candidates[i].logit - top;
      self->weights[i] = exp (d / self->options.temperature);
      sum += self->weights[i];
    }
  return sum;
}

gint64
docai_sampler_next (DocaiSampler *self, const float *logits, const guint32 *mask,
                    const guint32 *previous, gsize n_previous)
{
  if (self->options.repetition_penalty != 1 && n_previous > 0)
    {
      penalise (self, logits, previous, n_previous);
      logits = self->scores;
    }
  guint32 n = self->options.temperature > 0 ? collect (self, logits, mask) : 0;
  if (n == 0)
    return best_token (self, logits, mask);
  double sum = weigh (self, n);
  if (self->options.top_p < 1)
    {
      double kept = 0;
      guint32 last = 0;
      for (; last < n && kept < self->options.top_p * sum; last++)
        kept += self->weights[last];
      n = last;
      sum = kept;
    }
  double point = next_unit (self->state) * sum;
  for (guint32 i = 0; i < n; i++)
    {
      point -= self->weights[i];
      if (point < 0)
        return self->candidates[i].id;
    }
  return self->candidates[n - 1].id;
}
