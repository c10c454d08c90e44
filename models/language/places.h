/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Boxes that models write into their text:
 *
 *     <phrase>a bar</phrase><object><patch_index_0044><patch_index_0863></object>     Kosmos-2
 *     <ref>a bar</ref><box>(12,40),(90,300)</box>   <box>[[12, 40, 90, 300]]</box>    Qwen-VL, InternVL
 *     <|object_ref_start|>a bar<|object_ref_end|><|box_start|>(12,40),(90,300)<|box_end|>      Qwen2-VL
 *     <loc0041><loc0012><loc0307><loc0092> a bar                                       PaliGemma: y, x of 1024
 *     <text><loc_12><loc_40><loc_90><loc_300>First line</text>                        SmolDocling, Granite-Docling
 *     {"bbox_2d": [12, 40, 90, 300], "label": "a bar"}                                JSON
 */
#pragma once

#include <glib.h>

/* How a model counts; zeros are what is common. */
typedef struct {
  int    patch_grid;    /* side of the grid of patch_index; 0: 32 */
  double width, height; /* boxes of numbers are pixels of an image of this size (Qwen2.5-VL: as the model resized it);
                           0: thousandths of it */
} DocaiPlaceFrame;

/* A box as parts of the image, 0 ... 1: x0 <= x1, y0 <= y1. */
typedef struct {
  double box[4];
  char  *label; /* the words that go with it; "" when there are none */
} DocaiPlace;

/* The boxes in a text, a GArray of DocaiPlace in its order; `plain` (NULL: not wanted; caller frees) gets the text without
 * what marks them. JSON stays as it is. frame NULL: what is common. What is no box is left alone. Free with g_array_unref. */
GArray *docai_places_parse (const char *text, const DocaiPlaceFrame *frame, char **plain);
