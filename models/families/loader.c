/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Weights by name.
 */
#include "models/families/loader.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "base/sha256.h"
#include "models/runtime/threads.h"

/* Up to this size every weight that is used is searched for infinities and NaN at load;
 * larger checkpoints are not read through, their logits are checked instead. */
#define MAX_CHECKED_BYTES ((gsize) 1 << 30)

/* The search is for memory to read, not to compute: a few threads share it, in pieces that are worth waking one. */
#define MAX_SEARCHERS 4
#define PIECE_BYTES ((gsize) 4 << 20)

/* Pages of this size, which the system is asked for where much is read at a time: a fifth more bytes a second. */
#define HUGE_PAGE ((gsize) 2 << 20)
/* Quantised matrices share blocks of this size; larger ones than a fourth have their own. */
#define BLOCK_BYTES (8 * HUGE_PAGE)

/* A part of a tensor that is still to be searched. */
typedef struct {
  const DocaiTensor *tensor;
  const guint8      *data;
  gsize              n_bytes;
} Piece;

typedef struct {
  char       *name; /* of the tensor */
  DocaiMatrix matrix;
} Quantized;

struct DocaiWeights {
  char            *dir;
  DocaiWeightKind  kind;
  DocaiCheckpoint *stored;
  DocaiCheckpoint *quantized; /* or NULL */
  GPtrArray       *owned;
  gsize            owned_bytes;
  guint8          *block; /* the last one that is shared; owned */
  gsize            block_left;
  GArray          *made; /* Quantized */
  gboolean         check;
  GArray          *pieces; /* Piece */
  GError          *error;
};

const DocaiBlockNames docai_names_clip = {
  .norm_self = "layer_norm1", .q = "self_attn.q_proj", .k = "self_attn.k_proj", .v = "self_attn.v_proj", .o = "self_attn.out_proj",
  .norm_mlp = "layer_norm2", .up = "mlp.fc1", .down = "mlp.fc2",
};

const DocaiBlockNames docai_names_llama = {
  .norm_self = "input_layernorm", .q = "self_attn.q_proj", .k = "self_attn.k_proj", .v = "self_attn.v_proj", .o = "self_attn.o_proj",
  .q_norm = "self_attn.q_norm", .k_norm = "self_attn.k_norm", /* Qwen3 */
  .norm_mlp = "post_attention_layernorm", .gate = "mlp.gate_proj", .up = "mlp.up_proj", .down = "mlp.down_proj",
};

static void
clear_quantized (gpointer data)
{
  g_free (((Quantized *) data)->name);
}

/* What the quantised file must have been made from: names, sizes and the first bytes of all
 * tensors. Caller frees. */
static char *
fingerprint (const DocaiCheckpoint *checkpoint)
{
  g_autoptr (DocaiSha256) sum = docai_sha256_new ();
  for (guint i = 0; i < docai_checkpoint_count (checkpoint); i++)
    {
      const DocaiTensor *tensor = docai_checkpoint_peek (checkpoint, i);
      docai_sha256_update (sum, tensor->name, strlen (tensor->name));
      docai_sha256_update (sum, tensor->dims, sizeof (gint64) * (gsize) tensor->n_dims);
      docai_sha256_update (sum, tensor->data, MIN (tensor->n_bytes, 256));
    }
  return docai_sha256_finish (sum);
}

static char *
quantized_path (const DocaiWeights *self)
{
  return g_build_filename (self->dir, self->kind == DOCAI_WEIGHTS_INT8 ? "docai-int8.safetensors" : "docai-int4.safetensors", NULL);
}

/* Where weights are quantised, little of the stored ones is read again; but a small piece may have mapped much, as
 * large as the system's pages of the file are. */
static void
release_stored (const DocaiWeights *self)
{
  for (guint i = 0; self->kind != DOCAI_WEIGHTS_AS_STORED && i < docai_checkpoint_count (self->stored); i++)
    docai_checkpoint_release (self->stored, docai_checkpoint_peek (self->stored, i));
}

DocaiWeights *
docai_weights_open (const char *dir, DocaiWeightKind kind, GError **error)
{
  g_autoptr (DocaiWeights) self = g_new0 (DocaiWeights, 1);
  self->dir = g_strdup (dir);
  self->kind = kind;
  self->owned = g_ptr_array_new_with_free_func (g_aligned_free);
  self->made = g_array_new (FALSE, FALSE, sizeof (Quantized));
  g_array_set_clear_func (self->made, clear_quantized);
  self->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  self->stored = docai_checkpoint_open (dir, error);
  if (self->stored == NULL)
    return NULL;
  docai_checkpoint_expect (self->stored, kind == DOCAI_WEIGHTS_AS_STORED);
  self->check = docai_checkpoint_bytes (self->stored) <= MAX_CHECKED_BYTES;
  if (kind == DOCAI_WEIGHTS_AS_STORED)
    return g_steal_pointer (&self);
  g_autofree char *path = quantized_path (self), *print = fingerprint (self->stored);
  release_stored (self);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      self->quantized = docai_checkpoint_open_file (path, error);
      if (self->quantized == NULL)
        return NULL;
      docai_checkpoint_expect (self->quantized, TRUE);
      if (g_strcmp0 (docai_checkpoint_metadata (self->quantized, "source"), print) != 0)
        g_clear_pointer (&self->quantized, docai_checkpoint_free);
    }
  return g_steal_pointer (&self);
}

void
docai_weights_free (DocaiWeights *self)
{
  if (self == NULL)
    return;
  g_clear_error (&self->error);
  g_array_unref (self->made);
  g_array_unref (self->pieces);
  g_ptr_array_unref (self->owned);
  docai_checkpoint_free (self->stored);
  docai_checkpoint_free (self->quantized);
  g_free (self->dir);
  g_free (self);
}

char *
docai_weights_fingerprint (const DocaiWeights *self)
{
  return fingerprint (self->stored);
}

gsize
docai_weights_stored_bytes (const DocaiWeights *self)
{
  return docai_checkpoint_bytes (self->stored);
}

gsize
docai_weights_owned_bytes (const DocaiWeights *self)
{
  return self->owned_bytes;
}

void
docai_weights_invalid (DocaiWeights *self, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  if (self->error == NULL)
    self->error = g_error_new_valist (DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, format, args);
  va_end (args);
}

static void *
own_huge (DocaiWeights *self, gsize n_bytes)
{
  void *memory = g_aligned_alloc (1, n_bytes, HUGE_PAGE);
#ifdef MADV_HUGEPAGE
  madvise (memory, n_bytes, MADV_HUGEPAGE);
#endif
  g_ptr_array_add (self->owned, memory);
  return memory;
}

/* Zeroed memory; its size follows from tensors that are in the mapped file. */
static void *
own_bytes (DocaiWeights *self, gsize n_bytes)
{
  gsize n = (MAX (n_bytes, 1) + 63) & ~(gsize) 63;
  self->owned_bytes += n;
  if (n > BLOCK_BYTES / 4)
    return memset (own_huge (self, n), 0, n);
  if (self->kind == DOCAI_WEIGHTS_AS_STORED)
    {
      g_ptr_array_add (self->owned, g_aligned_alloc0 (n / 64, 64, 64));
      return g_ptr_array_index (self->owned, self->owned->len - 1);
    }
  if (n > self->block_left)
    {
      self->block = own_huge (self, BLOCK_BYTES);
      self->block_left = BLOCK_BYTES;
    }
  void *memory = memset (self->block + (BLOCK_BYTES - self->block_left), 0, n);
  self->block_left -= n;
  return memory;
}

float *
docai_weights_own (DocaiWeights *self, gsize n)
{
  return own_bytes (self, n * sizeof (float));
}

#define NAME_FROM_ARGS(name)                                  \
  va_list args;                                               \
  va_start (args, format);                                    \
  g_autofree char *name = g_strdup_vprintf (format, args);    \
  va_end (args)

gboolean
docai_weights_has (const DocaiWeights *self, const char *format, ...)
{
  NAME_FROM_ARGS (name);
  return docai_checkpoint_lookup (self->stored, name) != NULL;
}

gboolean
docai_weights_equal (const DocaiWeights *self, const char *a, const char *b)
{
  const DocaiTensor *x = docai_checkpoint_lookup (self->stored, a), *y = docai_checkpoint_lookup (self->stored, b);
  return x != NULL && y != NULL && x->element == y->element && x->n_bytes == y->n_bytes && memcmp (x->data, y->data, x->n_bytes) == 0;
}

gint64
docai_weights_count (DocaiWeights *self, const char *format, ...)
{
  NAME_FROM_ARGS (name);
  const DocaiTensor *tensor = docai_checkpoint_lookup (self->stored, name);
  return tensor != NULL ? tensor->count : 0;
}

const char *
docai_weights_prefix (DocaiWeights *self, const char *name, ...)
{
  va_list args;
  const char *prefix, *found = NULL;
  va_start (args, name);
  while (found == NULL && (prefix = va_arg (args, const char *)) != NULL)
    if (docai_weights_has (self, "%s%s", prefix, name))
      found = prefix;
  va_end (args);
  if (found == NULL)
    docai_weights_invalid (self, "the checkpoint has no tensor \"%s\" under any known prefix", name);
  return found != NULL ? found : "";
}

static gboolean
is_finite (DocaiElement element, const void *data, gsize n_bytes)
{
  const DocaiKernels *kernels = docai_kernels ();
  switch (element)
    {
    case DOCAI_ELEMENT_F32:
      return kernels->finite_f32 (data, n_bytes / 4);
    case DOCAI_ELEMENT_F16:
      return kernels->finite_f16 (data, n_bytes / 2);
    default:
      return kernels->finite_bf16 (data, n_bytes / 2);
    }
}

static void
not_finite (DocaiWeights *self, const DocaiTensor *tensor)
{
  docai_weights_invalid (self, "tensor \"%s\" holds infinities or NaN", tensor->name);
}

/* Searches a tensor now where it is small or about to be read anyway, else with the other large ones. */
static gboolean
search (DocaiWeights *self, const DocaiTensor *tensor, const guint8 *data)
{
  if (!self->check)
    return TRUE;
  if (self->kind == DOCAI_WEIGHTS_AS_STORED && tensor->n_bytes > PIECE_BYTES / 16)
    {
      for (gsize at = 0; at < tensor->n_bytes; at += PIECE_BYTES)
        {
          Piece piece = { tensor, data + at, MIN (PIECE_BYTES, tensor->n_bytes - at) };
          g_array_append_val (self->pieces, piece);
        }
      return TRUE;
    }
  if (is_finite (tensor->element, data, tensor->n_bytes))
    return TRUE;
  not_finite (self, tensor);
  return FALSE;
}

static void
search_step (void *data, int step, int thread)
{
  Piece *piece = &((Piece *) data)[step];
#ifdef MADV_POPULATE_READ
  /* All pages at once instead of a fault for every few. */
  gsize page = (gsize) sysconf (_SC_PAGESIZE), from = (gsize) piece->data & ~(page - 1);
  madvise ((void *) from, (gsize) piece->data + piece->n_bytes - from, MADV_POPULATE_READ);
#endif
  if (is_finite (piece->tensor->element, piece->data, piece->n_bytes))
    piece->tensor = NULL;
}

static void
search_pieces (DocaiWeights *self)
{
  Piece *pieces = (Piece *) (gpointer) self->pieces->data;
  g_autoptr (DocaiThreads) threads = docai_threads_new ((int) MIN (g_get_num_processors (), MAX_SEARCHERS));
  docai_threads_run (threads, (int) self->pieces->len, search_step, pieces);
  for (guint i = 0; i < self->pieces->len; i++)
    if (pieces[i].tensor != NULL)
      not_finite (self, pieces[i].tensor);
  g_array_set_size (self->pieces, 0);
}

gboolean
docai_weights_finish (DocaiWeights *self, GError **error)
{
  if (self->error == NULL && self->pieces->len > 0)
    search_pieces (self);
  release_stored (self);
  if (self->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

/* A tensor of floats with `count` elements whose data is aligned. NULL with a trouble. */
static const DocaiTensor *
find_floats (DocaiWeights *self, const char *name, gint64 count, const void **data)
{
  const DocaiTensor *tensor = docai_checkpoint_lookup (self->stored, name);
  if (tensor == NULL)
    {
      docai_weights_invalid (self, "the checkpoint has no tensor \"%s\"", name);
      return NULL;
    }
  if (tensor->count != count || count == 0)
    {
      docai_weights_invalid (self, "tensor \"%s\" has %" G_GINT64_FORMAT " elements where the configuration demands %" G_GINT64_FORMAT,
                             name, tensor->count, count);
      return NULL;
    }
  if (tensor->element != DOCAI_ELEMENT_F32 && tensor->element != DOCAI_ELEMENT_F16 && tensor->element != DOCAI_ELEMENT_BF16)
    {
      docai_weights_invalid (self, "tensor \"%s\" is of a type that weights cannot have", name);
      return NULL;
    }
  *data = tensor->data;
  if ((gsize) tensor->data % (tensor->element == DOCAI_ELEMENT_F32 ? 4 : 2) != 0)
    {
      void *copy = own_bytes (self, tensor->n_bytes);
      memcpy (copy, tensor->data, tensor->n_bytes);
      *data = copy;
    }
  return search (self, tensor, *data) ? tensor : NULL;
}

static DocaiDtype
dtype_of (const DocaiTensor *tensor)
{
  return tensor->element == DOCAI_ELEMENT_F32 ? DOCAI_F32 : tensor->element == DOCAI_ELEMENT_F16 ? DOCAI_F16 : DOCAI_BF16;
}

const float *
docai_weights_vector (DocaiWeights *self, gint64 n, const char *format, ...)
{
  NAME_FROM_ARGS (name);
  const void *data;
  const DocaiTensor *tensor = find_floats (self, name, n, &data);
  if (tensor == NULL)
    return NULL;
  if (tensor->element == DOCAI_ELEMENT_F32)
    return data;
  DocaiMatrix row = { .dtype = dtype_of (tensor), .rows = 1, .cols = (int) n, .data = data };
  float *floats = docai_weights_own (self, (gsize) n);
  docai_matrix_row (&row, 0, floats);
  return floats;
}

static DocaiDtype
quantized_type (const DocaiWeights *self, int cols)
{
  return self->kind == DOCAI_WEIGHTS_INT4 && cols % DOCAI_Q4_GROUP == 0 ? DOCAI_Q4 : DOCAI_Q8;
}

/* The matrix from the quantised file, if it is there and has the sizes. */
static gboolean
find_quantized (const DocaiWeights *self, const char *name, DocaiMatrix *matrix)
{
  if (self->quantized == NULL)
    return FALSE;
  g_autofree char *scales_name = g_strconcat (name, ".scales", NULL);
  const DocaiTensor *data = docai_checkpoint_lookup (self->quantized, name);
  const DocaiTensor *scales = docai_checkpoint_lookup (self->quantized, scales_name);
  DocaiDtype dtype = quantized_type (self, matrix->cols);
  gint64 n_scales = dtype == DOCAI_Q8 ? matrix->rows : (gint64) matrix->rows * (matrix->cols / DOCAI_Q4_GROUP);
  if (data == NULL || scales == NULL || data->n_bytes != docai_dtype_row_bytes (dtype, matrix->cols) * (gsize) matrix->rows
      || scales->element != DOCAI_ELEMENT_F32 || scales->count != n_scales || (gsize) scales->data % 4 != 0
      || !docai_kernels ()->finite_f32 (scales->data, (gsize) n_scales))
    return FALSE;
  matrix->dtype = dtype;
  matrix->data = data->data;
  matrix->scales = scales->data;
  return TRUE;
}

static void
quantize (DocaiWeights *self, const char *name, DocaiMatrix *matrix)
{
  DocaiDtype dtype = quantized_type (self, matrix->cols);
  gsize row_bytes = docai_dtype_row_bytes (dtype, matrix->cols);
  gsize n_scales = dtype == DOCAI_Q8 ? 1 : (gsize) matrix->cols / DOCAI_Q4_GROUP; /* a row */
  guint8 *data = own_bytes (self, row_bytes * (gsize) matrix->rows);
  float *scales = docai_weights_own (self, n_scales * (gsize) matrix->rows);
  g_autofree float *row = g_new (float, matrix->cols);
  for (int r = 0; r < matrix->rows; r++)
    {
      docai_matrix_row (matrix, r, row);
      docai_quantize_rows (dtype, row, 1, matrix->cols, data + (gsize) r * row_bytes, scales + (gsize) r * n_scales);
    }
  matrix->dtype = dtype;
  matrix->data = data;
  matrix->scales = scales;
  Quantized made = { g_strdup (name), *matrix };
  g_array_append_val (self->made, made);
}

static void
load_matrix (DocaiWeights *self, DocaiMatrix *matrix, int rows, int cols, const char *name)
{
  const void *data;
  *matrix = (DocaiMatrix) { .rows = rows, .cols = cols };
  const DocaiTensor *tensor = docai_checkpoint_lookup (self->stored, name);
  if (tensor != NULL && (tensor->n_dims < 1 || tensor->dims[0] != rows))
    {
      docai_weights_invalid (self, "tensor \"%s\" does not have the %d rows that the configuration demands", name, rows);
      return;
    }
  if (tensor != NULL && tensor->count == (gint64) rows * cols && find_quantized (self, name, matrix))
    return;
  tensor = find_floats (self, name, (gint64) rows * cols, &data);
  if (tensor == NULL)
    return;
  matrix->dtype = dtype_of (tensor);
  matrix->data = data;
  if (self->kind != DOCAI_WEIGHTS_AS_STORED)
    {
      quantize (self, name, matrix);
      docai_checkpoint_release (self->stored, tensor);
    }
}

void
docai_weights_matrix (DocaiWeights *self, DocaiMatrix *matrix, int rows, int cols, const char *format, ...)
{
  NAME_FROM_ARGS (name);
  load_matrix (self, matrix, rows, cols, name);
}

static void
load_linear (DocaiWeights *self, DocaiLinear *linear, int rows, int cols, const char *name)
{
  g_autofree char *weight = g_strconcat (name, ".weight", NULL);
  load_matrix (self, &linear->w, rows, cols, weight);
  linear->bias = docai_weights_has (self, "%s.bias", name) ? docai_weights_vector (self, rows, "%s.bias", name) : NULL;
}

void
docai_weights_linear (DocaiWeights *self, DocaiLinear *linear, int rows, int cols, const char *format, ...)
{
  NAME_FROM_ARGS (name);
  load_linear (self, linear, rows, cols, name);
}

void
docai_weights_stacked (DocaiWeights *self, DocaiLinear *const *parts, int n_parts, int rows, int cols, const char *format, ...)
{
  NAME_FROM_ARGS (name);
  const char *joint = docai_weights_has (self, "%s_weight", name) ? "_" : ".";
  g_autofree char *weight = g_strconcat (name, joint, "weight", NULL);
  DocaiMatrix all;
  load_matrix (self, &all, rows * n_parts, cols, weight);
  const float *bias = NULL;
  if (docai_weights_has (self, "%s%sbias", name, joint))
    bias = docai_weights_vector (self, (gint64) rows * n_parts, "%s%sbias", name, joint);
  gsize n_bytes = docai_dtype_row_bytes (all.dtype, cols) * (gsize) rows;
  gsize n_scales = all.dtype == DOCAI_Q4 ? (gsize) rows * (gsize) (cols / DOCAI_Q4_GROUP) : (gsize) rows;
  for (gsize i = 0; i < (gsize) n_parts; i++)
    {
      parts[i]->w = all;
      parts[i]->w.rows = rows;
      if (all.data != NULL)
        parts[i]->w.data = (const guint8 *) all.data + i * n_bytes;
      if (all.scales != NULL)
        parts[i]->w.scales = all.scales + i * n_scales;
      parts[i]->bias = bias != NULL ? bias + i * (gsize) rows : NULL;
    }
}

static void
load_norm (DocaiWeights *self, DocaiNorm *norm, DocaiNormKind kind, int n, double eps, const char *name)
{
  *norm = (DocaiNorm) { .kind = kind, .n = n, .eps = (float) eps };
  norm->weight = docai_weights_vector (self, n, "%s.weight", name);
  if (kind == DOCAI_NORM_LAYER && docai_weights_has (self, "%s.bias", name))
    norm->bias = docai_weights_vector (self, n, "%s.bias", name);
}

void
docai_weights_norm (DocaiWeights *self, DocaiNorm *norm, DocaiNormKind kind, int n, double eps, const char *format, ...)
{
  NAME_FROM_ARGS (name);
  load_norm (self, norm, kind, n, eps, name);
}

#define PART(field) part_name (pool, prefix, names->field)

/* "prefix.part", or NULL for a part that the block lacks. Lent from the pool. */
static const char *
part_name (GStringChunk *pool, const char *prefix, const char *part)
{
  g_autofree char *name = part != NULL ? g_strconcat (prefix, ".", part, NULL) : NULL;
  return name != NULL ? g_string_chunk_insert (pool, name) : NULL;
}

static void
load_attention (DocaiWeights *self, DocaiAttention *attention, const DocaiBlockShape *shape, const char *const names[4], int memory_width)
{
  int q_width = shape->heads * shape->head_dim, kv_width = shape->kv_heads * shape->head_dim;
  attention->heads = shape->heads;
  attention->kv_heads = shape->kv_heads;
  attention->head_dim = shape->head_dim;
  attention->scale = shape->scale != 0 ? shape->scale : 1.0f / sqrtf ((float) shape->head_dim);
  if (names[0] != NULL)
    {
      load_linear (self, &attention->q, q_width, shape->width, names[0]);
      load_linear (self, &attention->k, kv_width, memory_width, names[1]);
      load_linear (self, &attention->v, kv_width, memory_width, names[2]);
    }
  load_linear (self, &attention->o, shape->width, q_width, names[3]);
}

/* A norm inside the attention is of the whole row or of one head: its weight tells. */
static void
load_inner_norm (DocaiWeights *self, DocaiNorm *norm, const DocaiBlockShape *shape, int width, const char *name)
{
  if (name == NULL || !docai_weights_has (self, "%s.weight", name))
    return;
  gboolean of_head = docai_weights_count (self, "%s.weight", name) == shape->head_dim;
  DocaiNormKind kind = docai_weights_has (self, "%s.bias", name) ? DOCAI_NORM_LAYER : DOCAI_NORM_RMS;
  load_norm (self, norm, kind, of_head ? shape->head_dim : width, shape->inner_eps > 0 ? shape->inner_eps : shape->eps, name);
}

static void
load_mlp (DocaiWeights *self, DocaiMlp *mlp, const DocaiBlockShape *shape, const DocaiBlockNames *names, const char *prefix)
{
  mlp->act = shape->act;
  docai_weights_linear (self, &mlp->up, shape->mlp_width, shape->width, "%s.%s", prefix, names->up);
  docai_weights_linear (self, &mlp->down, shape->width, shape->mlp_width, "%s.%s", prefix, names->down);
  if (names->gate != NULL)
    docai_weights_linear (self, &mlp->gate, shape->mlp_width, shape->width, "%s.%s", prefix, names->gate);
  if (names->mlp_inner != NULL)
    docai_weights_norm (self, &mlp->inner, shape->norm, shape->mlp_width, shape->eps, "%s.%s", prefix, names->mlp_inner);
}

static void
load_sampled (DocaiWeights *self, DocaiDeformable *sampled, const DocaiBlockShape *shape, const char *name)
{
  int places = shape->heads * shape->maps * shape->points;
  sampled->heads = shape->heads;
  sampled->maps = shape->maps;
  sampled->points = shape->points;
  docai_weights_linear (self, &sampled->offsets, 2 * places, shape->width, "%s.sampling_offsets", name);
  docai_weights_linear (self, &sampled->weights, places, shape->width, "%s.attention_weights", name);
  docai_weights_linear (self, &sampled->value, shape->width, shape->width, "%s.value_proj", name);
  docai_weights_linear (self, &sampled->o, shape->width, shape->width, "%s.output_proj", name);
}

/* Self attention and what belongs to it. */
static void
load_self (DocaiWeights *self, DocaiBlock *block, const DocaiBlockShape *shape, const DocaiBlockNames *names, const char *prefix, GStringChunk *pool)
{
  docai_weights_norm (self, &block->norm_self, shape->norm, shape->width, shape->eps, "%s.%s", prefix, names->norm_self);
  const char *own[4] = { PART (q), PART (k), PART (v), PART (o) };
  load_attention (self, &block->self, shape, own, shape->width);
  if (names->qkv != NULL)
    {
      DocaiLinear *parts[3] = { &block->self.q, &block->self.k, &block->self.v };
      docai_weights_stacked (self, parts, 3, shape->heads * shape->head_dim, shape->width, "%s.%s", prefix, names->qkv);
    }
  load_inner_norm (self, &block->self.q_norm, shape, shape->heads * shape->head_dim, PART (q_norm));
  load_inner_norm (self, &block->self.k_norm, shape, shape->kv_heads * shape->head_dim, PART (k_norm));
  load_inner_norm (self, &block->self.inner, shape, shape->heads * shape->head_dim, PART (inner));
  if (names->scale_self != NULL)
    block->scale_self = docai_weights_vector (self, shape->width, "%s.%s", prefix, names->scale_self);
}

void
docai_weights_block (DocaiWeights *self, DocaiBlock *block, const DocaiBlockShape *shape, const DocaiBlockNames *names, const char *format, ...)
{
  NAME_FROM_ARGS (prefix);
  GStringChunk *pool = g_string_chunk_new (1024);
  *block = (DocaiBlock) { .width = shape->width, .post_norm = shape->post_norm };
  if (names->o != NULL)
    load_self (self, block, shape, names, prefix, pool);
  if (names->cross_q != NULL)
    {
      const char *cross[4] = { PART (cross_q), PART (cross_k), PART (cross_v), PART (cross_o) };
      load_attention (self, &block->cross, shape, cross, shape->memory_width);
      docai_weights_norm (self, &block->norm_cross, shape->norm, shape->width, shape->eps, "%s.%s", prefix, names->norm_cross);
    }
  if (names->sampled != NULL)
    {
      docai_weights_norm (self, &block->norm_sampled, shape->norm, shape->width, shape->eps, "%s.%s", prefix, names->norm_sampled);
      load_sampled (self, &block->sampled, shape, PART (sampled));
    }
  if (names->up != NULL)
    {
      docai_weights_norm (self, &block->norm_mlp, shape->norm, shape->width, shape->eps, "%s.%s", prefix, names->norm_mlp);
      load_mlp (self, &block->mlp, shape, names, prefix);
    }
  if (names->scale_mlp != NULL)
    block->scale_mlp = docai_weights_vector (self, shape->width, "%s.%s", prefix, names->scale_mlp);
  g_string_chunk_free (pool);
}

/* Floats first, so that they are aligned whatever the bytes' number. */
gboolean
docai_weights_save_quantized (const DocaiWeights *self, GError **error)
{
  g_autofree char *path = quantized_path (self), *print = fingerprint (self->stored);
  g_autoptr (GArray) tensors = g_array_new (FALSE, TRUE, sizeof (DocaiTensor));
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (int pass = 0; pass < 2; pass++)
    for (guint i = 0; i < self->made->len; i++)
      {
        const Quantized *made = &g_array_index (self->made, Quantized, i);
        const DocaiMatrix *w = &made->matrix;
        gsize row_bytes = docai_dtype_row_bytes (w->dtype, w->cols);
        int groups = w->dtype == DOCAI_Q4 ? w->cols / DOCAI_Q4_GROUP : 1;
        char *name = g_strconcat (made->name, pass == 0 ? ".scales" : NULL, NULL);
        g_ptr_array_add (names, name);
        DocaiTensor tensor = { .name = name, .n_dims = 2, .dims = { w->rows } };
        tensor.element = pass == 0 ? DOCAI_ELEMENT_F32 : w->dtype == DOCAI_Q8 ? DOCAI_ELEMENT_I8 : DOCAI_ELEMENT_U8;
        tensor.dims[1] = pass == 0 ? groups : (gint64) row_bytes;
        tensor.data = pass == 0 ? (const void *) w->scales : w->data;
        tensor.n_bytes = (gsize) w->rows * (pass == 0 ? (gsize) groups * sizeof (float) : row_bytes);
        g_array_append_val (tensors, tensor);
      }
  const char *metadata[] = { "source", print, "format", "docai", NULL };
  return docai_safetensors_write (path, (const DocaiTensor *) (gconstpointer) tensors->data, tensors->len, metadata, error);
}
