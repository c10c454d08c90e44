/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Checkpoints in safetensors files: a JSON header with type, shape and byte range of each
 * tensor, then the bytes. Files are mapped, not read. A header whose lengths, ranges or
 * shapes do not fit exactly is refused: ranges must cover the data without holes or
 * overlaps, as the format's definition demands.
 */
#pragma once

#include <glib.h>

#define DOCAI_SAFETENSORS_MAX_DIMS 8

typedef enum {
  DOCAI_ELEMENT_F32,
  DOCAI_ELEMENT_F16,
  DOCAI_ELEMENT_BF16,
  DOCAI_ELEMENT_F64,
  DOCAI_ELEMENT_I64,
  DOCAI_ELEMENT_I32,
  DOCAI_ELEMENT_I16,
  DOCAI_ELEMENT_I8,
  DOCAI_ELEMENT_U8,
  DOCAI_ELEMENT_BOOL,
  DOCAI_ELEMENT_OTHER, /* known to the format, not to us */
} DocaiElement;

typedef struct {
  const char  *name;    /* lent by the checkpoint */
  DocaiElement element;
  int          n_dims;
  gint64       dims[DOCAI_SAFETENSORS_MAX_DIMS];
  gint64       count;   /* product of dims */
  const void  *data;    /* may lack alignment */
  gsize        n_bytes;
} DocaiTensor;

typedef struct DocaiCheckpoint DocaiCheckpoint;

/* Maps one file. Free with docai_checkpoint_free.
 * Errors: MODEL_MISSING (no such file), MODEL_INVALID. */
DocaiCheckpoint *docai_checkpoint_open_file (const char *path, GError **error);

/* Maps dir/model.safetensors, or the shards that dir/model.safetensors.index.json names. */
DocaiCheckpoint *docai_checkpoint_open (const char *dir, GError **error);

/* Reads the bytes of one file, which must outlive the checkpoint (tests, fuzzing). */
DocaiCheckpoint *docai_checkpoint_open_data (const void *data, gsize length, GError **error);

void docai_checkpoint_free (DocaiCheckpoint *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiCheckpoint, docai_checkpoint_free)

/* The tensor of a name, NULL when there is none. Lent. */
const DocaiTensor *docai_checkpoint_lookup (const DocaiCheckpoint *self, const char *name);

/* Tensors in the order of the files. */
guint              docai_checkpoint_count (const DocaiCheckpoint *self);
const DocaiTensor *docai_checkpoint_peek  (const DocaiCheckpoint *self, guint index);

/* A value of the first file's "__metadata__", NULL when there is none. Lent. */
const char *docai_checkpoint_metadata (const DocaiCheckpoint *self, const char *key);

/* What is read of the mapped files: all, again and again, so that huge pages pay; or parts, for which they would only
 * fill memory. */
void docai_checkpoint_expect (const DocaiCheckpoint *self, gboolean all);

/* Gives the memory back that reading the tensor has taken; it is read from the file again when it is
 * needed. */
void docai_checkpoint_release (const DocaiCheckpoint *self, const DocaiTensor *tensor);

/* Bytes of all tensors. */
gsize docai_checkpoint_bytes (const DocaiCheckpoint *self);

/* Writes tensors in the given order; the file appears by rename. `data` of an entry is written as
 * it is. metadata: pairs of key and value, ended by NULL, or NULL. Errors: CANNOT_WRITE. */
gboolean docai_safetensors_write (const char *path, const DocaiTensor *tensors, gsize n_tensors,
                                  const char *const *metadata, GError **error);
