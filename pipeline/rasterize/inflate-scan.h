/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finds streams of a PDF that unpack to far more than they are, before any
 * reader unpacks them in memory.
 */
#pragma once

#include "base/error.h"

/* Unpacks, piece by piece and keeping nothing, those streams of the file that
 * could exceed the limit. Streams of encrypted documents cannot be looked into
 * and pass, as do images, whose readers take no more than width and height
 * say. INFLATE_LIMIT. */
gboolean docai_inflate_scan (const guint8 *data, gsize size, gint64 limit, GError **error);
