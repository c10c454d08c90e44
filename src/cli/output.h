/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the tools put results: standard output, one file, or a folder with one
 * file a document. Files appear whole or not at all.
 */
#pragma once

#include "export/export.h"

typedef struct Output Output;

/* `target` is what the user gave with -o: NULL or "-" for standard output, a
 * folder when it is one, ends in / or `several` documents go there (made when
 * missing), else a file. CANNOT_WRITE when the folder cannot be made. */
Output *output_new (const char *target, gboolean several, DocaiFormat format, GError **error);
void    output_free (Output *output);

/* The path for the result of an input (its path as given, any bytes): NAME.json
 * for NAME.ext. Two inputs never get the same path: the second becomes
 * NAME.ext.json, then NAME.ext-2.json. NULL means standard output. Owned by the
 * caller. */
char *output_plan (Output *output, const char *input);

/* Writes to a planned path (NULL: standard output). A file that the user named
 * and that is no regular one, a device or a pipe, is written straight; all else
 * by output_replace. */
gboolean output_deliver (Output *output, const char *path, const char *data, gsize length,
                         GError **error);

/* Writes a file by temporary file, fsync and rename. CANNOT_WRITE names the path. */
gboolean output_replace (const char *path, const char *data, gsize length, GError **error);

/* The file name for the result of an input: without its last suffix (unless
 * `keep_suffix`), with the given one; shortened with a checksum where it would
 * be longer than a name may be. Owned by the caller. */
char *output_name (const char *input, const char *suffix, gboolean keep_suffix);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Output, output_free)
