/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The container of a Tesseract model: a table of offsets and the entries.
 */
#pragma once

#include "pipeline/ocr/lstm/bytes.h"

typedef enum {
  DOCAI_ENTRY_CONFIG = 0,
  DOCAI_ENTRY_NETWORK = 17,
  DOCAI_ENTRY_PUNCTUATION = 18,
  DOCAI_ENTRY_WORDS = 19,
  DOCAI_ENTRY_NUMBERS = 20,
  DOCAI_ENTRY_UNICHARSET = 21,
  DOCAI_ENTRY_RECODER = 22,
  DOCAI_ENTRY_VERSION = 23,
  DOCAI_ENTRY_COUNT
} DocaiEntry;

typedef struct DocaiTraineddata DocaiTraineddata;

/* Maps the file; a name in errors. LANGUAGE_MISSING, MODEL_INVALID,
 * MODEL_UNSUPPORTED (an archive, or big-endian). */
DocaiTraineddata *docai_traineddata_open (const char *path, GError **error);

/* The same from memory; holds a reference to the bytes. */
DocaiTraineddata *docai_traineddata_new (GBytes *bytes, GError **error);
void              docai_traineddata_free (DocaiTraineddata *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiTraineddata, docai_traineddata_free)

/* A reader over an entry; lives no longer than the container. FALSE: absent. */
gboolean docai_traineddata_peek (const DocaiTraineddata *data, DocaiEntry entry, DocaiBytes *bytes);

/* Lets go of the file's pages in memory, of which only those of the dictionaries that
 * are asked come back. For a container from a file that has been read. */
void docai_traineddata_settle (const DocaiTraineddata *data);

/* SHA-256 of the whole file as hex. Owned by the caller. */
char *docai_traineddata_dup_hash (const DocaiTraineddata *data);
