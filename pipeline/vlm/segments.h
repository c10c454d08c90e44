/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text that tells where it stands. A task with "places" (tasks.h) gets the words of a page or picture as segments, words that
 * stand close together on a line, each behind two tokens for its left end and its middle in hundredths of the area's width and
 * height, and its answers say in the same way where they begin:
 *
 *   <|x05|><|y10|>Invoice No.<|x30|><|y10|>4711
 *
 * models/train/synth/sample.py makes them alike.
 */
#pragma once

#include "document/document.h"

typedef struct {
  char *text; /* words with one space between them, without angle brackets */
  int   x, y; /* 0 ... 99 */
} DocaiVlmSegment;

/* The segments of the lines that lie in `area` (points), in reading order: DocaiVlmSegment. Free with g_ptr_array_unref. */
GPtrArray *docai_vlm_segments_new (const DocaiPage *page, DocaiBox area);

/* As much of the segments, from the first on, as has `bytes`, marks not counted, and at least one, as a prompt has them. Owned by
 * the caller. */
char *docai_vlm_segments_head (const GPtrArray *segments, gsize bytes);

/* Windows over the segments (windows.h) as prompts have them: char *. Free with g_ptr_array_unref. */
GPtrArray *docai_vlm_segments_windows (const GPtrArray *segments, gsize bytes, guint most);

/* Takes the place off the answer's end. FALSE where there is none; else *x and *y are points of the page. */
gboolean docai_vlm_place_take (char *answer, DocaiBox area, double *x, double *y);
