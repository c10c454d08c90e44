/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The transformer block of every family: self attention, cross attention where there is
 * an encoder, attention over sampled places of maps in detectors, and an MLP, each with
 * its normalisation and its residual connection. What differs between families is
 * options here.
 */
#pragma once

#include "models/runtime/cache.h"
#include "models/runtime/deformable.h"
#include "models/runtime/kernels.h"
#include "models/runtime/linear.h"
#include "models/runtime/norm.h"

typedef struct {
  int         heads;    /* 0: the block has no such attention */
  int         kv_heads;
  int         head_dim;
  float       scale;
  DocaiLinear q, k, v, o;
  DocaiNorm   q_norm, k_norm; /* of a whole row, or of each head when n is head_dim */
  DocaiNorm   inner;          /* before the output projection */
} DocaiAttention;

typedef struct {
  DocaiActivation act;
  DocaiLinear     up, down;
  DocaiLinear     gate;  /* w.data NULL: act (up x); else act (gate x) * up x */
  DocaiNorm       inner; /* before `down` */
} DocaiMlp;

typedef struct {
  int            width;
  gboolean       post_norm; /* normalise after the residual connection (BERT), not before */
  DocaiNorm      norm_self, norm_cross, norm_sampled, norm_mlp;
  DocaiAttention self, cross;
  DocaiDeformable sampled;
  DocaiMlp       mlp;
  const float   *scale_self, *scale_mlp; /* factors of a branch's result (layer scale) or NULL */
} DocaiBlock;

/* Consecutive rows that attend to each other, and to what their cache holds. */
typedef struct {
  int          rows;
  DocaiCache  *cache; /* has room for the rows; NULL: these rows only */
  const float *bias;  /* as in DocaiAttend, or NULL */
  gssize       bias_head, bias_row;
} DocaiSpan;

/* What the rows of one evaluation share. */
typedef struct {
  const DocaiSpan *spans;
  int              n_spans;
  gboolean         causal;
  int              window;
  const float     *cosine, *sine; /* [rows, head_dim / 2] or NULL */
  const float     *places; /* [rows, width] added to what queries, and keys of self attention, are made of; or NULL */
  const DocaiSampling *sampling; /* of blocks that look at sampled places */
  /* Cross attention without a cache: encoder rows, the same for every span. */
  const float     *memory;
  int              n_memory;
  const float     *memory_bias; /* [n_memory] added to the scores, or NULL */
} DocaiContext;

/* x [rows, width] in place; `layer` is the block's number in the caches. The caches' length is
 * not advanced. */
void docai_block_run (const DocaiBlock *self, DocaiRun *run, float *x, int layer, const DocaiContext *context);

/* The same where only the last row of each span is wanted, as in a decoder's last block: last [n_spans, width].
 * Of the other rows keys and values are kept and nothing else is computed; with last NULL of all rows. Spans have
 * caches, the context no places. */
void docai_block_run_last (const DocaiBlock *self, DocaiRun *run, const float *x, int layer, const DocaiContext *context, float *last);

/* out = attention of rows of x over rows of memory (x itself when NULL), without norm and
 * residual. Both have rows of the width that the projections take. */
void docai_attention_run (const DocaiAttention *self, DocaiRun *run, const float *x, int n, const float *memory, int n_memory,
                          const float *memory_bias, float *out);

/* out [rows, rows of o] = self attention of x inside the context's spans (no caches), without norm and
 * residual. */
void docai_attention_spans (const DocaiAttention *self, DocaiRun *run, const float *x, const DocaiContext *context, float *out);

/* out [n, rows of down] = MLP of x; `add` as in docai_linear_run. */
void docai_mlp_run (const DocaiMlp *self, DocaiRun *run, const float *x, int n, float *out, gboolean add);

/* Keys and values of an encoder's rows for cross attention, into a sequence's cache. */
gboolean docai_block_remember (const DocaiBlock *self, DocaiRun *run, DocaiCache *cache, int layer,
                               const float *memory, int n_memory, GError **error);
