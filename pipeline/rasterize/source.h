/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The bytes of a document's file, and what kind it is.
 */
#pragma once

#include "pipeline/rasterize/media.h"
#include "pipeline/stage.h"

typedef struct {
  GMappedFile  *file;
  const guint8 *data; /* of the file, lent by it */
  gsize         size;
  DocaiMedia    media;
} DocaiSourceFile;

/* Opens the task's file. FILE_NOT_READABLE, FILE_EMPTY, FILE_SIZE_LIMIT,
 * TYPE_UNSUPPORTED. Free with docai_source_file_close. */
DocaiSourceFile *docai_source_file_open (const DocaiTask *task, GError **error);
void             docai_source_file_close (DocaiSourceFile *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiSourceFile, docai_source_file_close)
