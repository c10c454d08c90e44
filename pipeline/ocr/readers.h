/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Engines that are open for languages: the line recogniser, or libtesseract for
 * models that it does not take.
 */
#pragma once

#include "pipeline/ocr/tesseract.h"

typedef struct DocaiReaders DocaiReaders; /* of one process */
typedef struct DocaiReader  DocaiReader;  /* for some languages; owned by the readers */

DocaiReaders *docai_readers_new (void);
void          docai_readers_free (DocaiReaders *readers);

/* The reader for languages ("eng+deu"), opened when needed; lent until the next
 * few others have been asked for. LANGUAGE_MISSING names the packages. */
DocaiReader *docai_readers_lookup (DocaiReaders *readers, const char *languages,
                                   const char *tessdata, GError **error);

const char *docai_reader_languages (const DocaiReader *reader);

/* As docai_recogniser_read; doubtful lines are read again. `ink_threshold` is that of the
 * raster, 0 where it is not known yet. */
DocaiReading *docai_reader_read (DocaiReader *reader, PIX *raster, int ink_threshold,
                                 const DocaiTextLine *lines, guint n_lines, GError **error);

/* Engine and model of the i-th language, for provenance; FALSE past the last. The
 * model is owned by the caller. */
gboolean docai_reader_describe (const DocaiReader *reader, guint i, const char **engine,
                                char **model);
