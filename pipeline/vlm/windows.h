/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A text that is longer than a model takes at once, as windows that overlap: what stands at one's end stands in the next one too.
 *
 *   pieces   a b c d e f g h i j
 *   windows  a b c d
 *                  d e f g
 *                        g h i j
 */
#pragma once

#include <glib.h>

/* Pieces [first, first + n) of a text. */
typedef struct {
  guint first, n;
} DocaiVlmWindow;

/* Windows over n pieces of these sizes, each of at most `bytes` or of one piece, which overlap by a quarter or less: DocaiVlmWindow, at
 * least one (of no pieces, where there are none), at most `most`. Free with g_array_unref. */
GArray    *docai_vlm_windows (const gsize *sizes, guint n, gsize bytes, guint most);

/* Such windows over the words of a text: char *, words with one space between them. Free with g_ptr_array_unref. */
GPtrArray *docai_vlm_windows_of_text (const char *text, gsize bytes, guint most);
