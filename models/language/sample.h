/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Choosing the next token from logits: greedy, or temperature, top-k, top-p and a
 * repetition penalty with a seeded generator (xoshiro256**), so that a run can be
 * repeated. Applied in the order of the reference implementations: penalty, mask,
 * temperature, top-k, top-p.
 */
#pragma once

#include <glib.h>

typedef struct {
  float   temperature;        /* 0: greedy */
  int     top_k;              /* 0: off */
  float   top_p;              /* 1: off */
  float   repetition_penalty; /* 1: off */
  guint64 seed;
} DocaiSampleOptions;
#define DOCAI_SAMPLE_GREEDY { 0.0f, 0, 1.0f, 1.0f, 0 }

typedef struct DocaiSampler DocaiSampler;

/* For vocab logits. Errors: BAD_OPTION for values that make no sense. */
DocaiSampler *docai_sampler_new  (guint32 vocab, const DocaiSampleOptions *options, GError **error);
void          docai_sampler_free (DocaiSampler *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiSampler, docai_sampler_free)

/* The id chosen from logits[vocab], which are not changed. mask, when not NULL, has one bit a
 * token (word id / 32, bit id % 32), 1 = allowed. previous are the ids that the repetition
 * penalty counts. NaN logits are never chosen. Ties go to the lowest id. -1 when no token is
 * allowed. */
gint64 docai_sampler_next (DocaiSampler *self, const float *logits, const guint32 *mask,
                           const guint32 *previous, gsize n_previous);
