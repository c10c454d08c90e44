/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SHA-256 of files and models. Nettle uses the processor's own instructions where
 * it has them, which is several times as fast as GLib's GChecksum.
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

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiSha256, docai_sha256_free)
