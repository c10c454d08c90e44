/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SHA-256 of files: with the processor's own instructions where it has them,
 * which is ten times as fast as GLib's, else with GLib's.
 */
#pragma once

#include <glib.h>

typedef struct DocaiSha256 DocaiSha256;

DocaiSha256 *docai_sha256_new (void);
void         docai_sha256_free (DocaiSha256 *sum);
void         docai_sha256_update (DocaiSha256 *sum, gconstpointer data, gsize length);

/* Ends the sum, which takes no more data; hexadecimal, owned by the caller. */
char *docai_sha256_finish (DocaiSha256 *sum);

/* All at once; hexadecimal, owned by the caller. */
char *docai_sha256_of (gconstpointer data, gsize length);

/* The same by GLib alone, for comparing. */
char *docai_sha256_of_portable (gconstpointer data, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiSha256, docai_sha256_free)
