/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tiles that show nothing: paper, or one colour. All that look alike become the same pixels, so that their
 * features are computed once and then come from the cache.
 */
#pragma once

#include <glib.h>

/* When each of the `channels` planes of `count` values, normalised as a tower takes them, hardly varies, sets all
 * its values to its mean, rounded coarsely, and returns TRUE. Values that differ by writing, even a faint one, stay. */
gboolean docai_blank_level (float *tile, int channels, gsize count);
