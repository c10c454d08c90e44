/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fused attention: softmax (q k^T scale + bias) v by blocks of queries and keys with a
 * running maximum (Dao et al., FlashAttention, 2022), so that the matrix of scores
 * never exists as a whole.
 */
#pragma once

#include "models/runtime/run.h"
#include "models/runtime/tensor.h"

/* Queries that are worked on together. One by one of these, counted from the first, sums do not depend on how many follow. */
#define DOCAI_ATTEND_QUERIES 256

/* Rows of q, k, v and out are tokens, `*_stride` elements apart; the heads of a row of q and out lie side by side, those of k and
 * v `*_head` elements apart. q and out are floats, k and v floats or, where kv_dtype is DOCAI_F16, finite half-floats. heads is a multiple of kv_heads; each key head serves heads / kv_heads queries. */
typedef struct {
  const float *q;
  const void  *k, *v;
  float       *out;
  DocaiDtype   kv_dtype;
  gsize        q_stride, k_stride, v_stride, out_stride;
  gsize        k_head, v_head;
  int          n_q, n_k;
  int          heads, kv_heads;
  int          head_dim, v_dim; /* of q and k; of v and out */
  float        scale;
  gboolean     causal; /* query i sees keys up to i + n_k - n_q */
  int          window; /* with causal: only the last `window` of these keys; 0: all */
  /* Added to the scores before softmax, -INFINITY masks: head h, query i, key j at
   * bias[h * bias_head + i * bias_row + j]. A stride of 0 shares, a row stride of -1 is a
   * table by j - i. NULL: none. */
  const float *bias;
  gssize       bias_head, bias_row;
} DocaiAttend;

/* A query all of whose keys are masked gives zeros. */
void docai_attend (const DocaiAttend *job, DocaiRun *run);
