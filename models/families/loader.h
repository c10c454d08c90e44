/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Weights by name: tensors of a checkpoint become matrices, vectors, norms and blocks of
 * the sizes that the configuration demands. As with the configuration, the first
 * trouble is kept and the caller asks once.
 */
#pragma once

#include "models/formats/safetensors.h"
#include "models/runtime/block.h"

typedef struct DocaiWeights DocaiWeights; /* owns the memory of a model's weights */

/* How matrices are kept. */
typedef enum {
  DOCAI_WEIGHTS_AS_STORED,
  DOCAI_WEIGHTS_INT8,
  DOCAI_WEIGHTS_INT4, /* rows that are no multiple of 32 long become int8 */
} DocaiWeightKind;

/* Opens the checkpoint of dir, and for quantised weights the file that
 * docai_weights_save_quantized left beside it, if it fits; else matrices are quantised when
 * they are asked for. Errors: MODEL_MISSING, MODEL_INVALID. */
DocaiWeights *docai_weights_open (const char *dir, DocaiWeightKind kind, GError **error);
void          docai_weights_free (DocaiWeights *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiWeights, docai_weights_free)

/* Quantises what has been asked for as matrices so far and writes it beside the model
 * (docai-int8.safetensors, docai-int4.safetensors). Errors: CANNOT_WRITE. */
gboolean docai_weights_save_quantized (const DocaiWeights *self, GError **error);

/* Names, sizes and the first bytes of all tensors as a checksum: which checkpoint it is. Caller frees. */
char *docai_weights_fingerprint (const DocaiWeights *self);

/* Bytes of the checkpoint, and of what was made in memory. */
gsize docai_weights_stored_bytes (const DocaiWeights *self);
gsize docai_weights_owned_bytes  (const DocaiWeights *self);

/* Whether a tensor of the name exists. */
gboolean docai_weights_has (const DocaiWeights *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Whether two tensors exist and are the same in type and bytes. */
gboolean docai_weights_equal (const DocaiWeights *self, const char *a, const char *b);

/* The first of the prefixes (ended by NULL) with which `name` exists; "" and a trouble when there
 * is none. */
const char *docai_weights_prefix (DocaiWeights *self, const char *name, ...) G_GNUC_NULL_TERMINATED;

/* Notes a trouble (MODEL_INVALID). */
void docai_weights_invalid (DocaiWeights *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* A matrix: the tensor's first dimension is rows, the product of the others cols. */
void docai_weights_matrix (DocaiWeights *self, DocaiMatrix *matrix, int rows, int cols, const char *format, ...) G_GNUC_PRINTF (5, 6);

/* NAME.weight and, where it exists, NAME.bias. */
void docai_weights_linear (DocaiWeights *self, DocaiLinear *linear, int rows, int cols, const char *format, ...) G_GNUC_PRINTF (5, 6);

/* `parts` linear layers whose rows are stacked in one tensor NAME.weight (or NAME_weight), NAME.bias. */
void docai_weights_stacked (DocaiWeights *self, DocaiLinear *const *parts, int n_parts, int rows, int cols, const char *format, ...) G_GNUC_PRINTF (6, 7);

/* n floats in any shape; always floats, always aligned. NULL with a trouble. */
const float *docai_weights_vector (DocaiWeights *self, gint64 n, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* Elements of a tensor, 0 when there is none. */
gint64 docai_weights_count (DocaiWeights *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* NAME.weight and, for layer norms where it exists, NAME.bias. */
void docai_weights_norm (DocaiWeights *self, DocaiNorm *norm, DocaiNormKind kind, int n, double eps, const char *format, ...) G_GNUC_PRINTF (6, 7);

/* Memory for n floats that lives as long as the weights. */
float *docai_weights_own (DocaiWeights *self, gsize n);

/* Names of a block's tensors below its prefix; NULL: the block has no such part. */
typedef struct {
  const char *norm_self, *q, *k, *v, *o;
  const char *qkv; /* instead of q, k, v */
  const char *q_norm, *k_norm, *inner;
  const char *scale_self;
  const char *norm_cross, *cross_q, *cross_k, *cross_v, *cross_o;
  const char *norm_sampled, *sampled; /* the latter has sampling_offsets, attention_weights, value_proj, output_proj */
  const char *norm_mlp, *gate, *up, *down, *mlp_inner;
  const char *scale_mlp;
} DocaiBlockNames;

/* Sizes and options of a block. */
typedef struct {
  int             width, heads, kv_heads, head_dim, mlp_width;
  int             memory_width; /* of the rows that cross attention reads */
  DocaiNormKind   norm;
  double          eps;
  double          inner_eps; /* of norms inside the attention; 0: eps */
  DocaiActivation act;
  gboolean        post_norm;
  float           scale; /* of the scores; 0: 1 / sqrt (head_dim) */
  int             maps, points; /* that each head of an attention over sampled places reads */
} DocaiBlockShape;

void docai_weights_block (DocaiWeights *self, DocaiBlock *block, const DocaiBlockShape *shape,
                          const DocaiBlockNames *names, const char *format, ...) G_GNUC_PRINTF (5, 6);

/* The names that most encoders and decoders use. */
extern const DocaiBlockNames docai_names_clip;  /* CLIP, SigLIP and their kin */
extern const DocaiBlockNames docai_names_llama; /* Llama, Mistral, Qwen2 */

/* Hands the first trouble over; FALSE when there was one. */
gboolean docai_weights_finish (DocaiWeights *self, GError **error);
