/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What of a page is worth resolution for a model that gets the page's text anyhow: pictures, tables, formulas, what is
 * drawn or written by hand, words that were read with little confidence, and regions in which nothing could be read.
 * Clean text is not.
 *
 *     +----------------+
 *     | Annual report  |      clean text: seen in the whole view only
 *     | ~~~~~~~~~~~~~  |
 *     | +---------+    |
 *     | | chart   |####|      a picture, and words of low confidence:
 *     | +---------+####|      tiles of the page's own resolution
 *     +----------------+
 */
#pragma once

#include "document/document.h"

/* Resolution at which what is worth it can be read, and of the longer side where nothing is. */
#define DOCAI_VLM_LOOK_DPI 150
#define DOCAI_VLM_VIEW_PX 512

/* The boxes (DocaiBox, points) of a page, or of what lies inside `area`, that are worth resolution; `pictures` FALSE
 * leaves out those of picture regions, which are asked about apart. May be empty. Free with g_array_unref. */
GArray *docai_vlm_guide_boxes (const DocaiPage *page, DocaiBox area, gboolean pictures);

/* Pixels of the longer side of `area` when it is to be seen with these boxes, at most `most`. */
int     docai_vlm_guide_side (const GArray *boxes, DocaiBox area, int most);

/* Part of the words of the page that were read with little confidence, 0 ... 1; 1 for a page without words. */
double  docai_vlm_guide_doubt (const DocaiPage *page);
