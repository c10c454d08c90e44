/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Charts that the layout has not seen, by the numbers along their axes.
 */
#pragma once

#include "document/document.h"

/* Where on the page a column or a row of numbers may be the axis of a chart: the area around it and the plot that it would
 * have (DocaiBox, points), in the order of the page. Tables and paragraphs have no part in it. Owned by the caller. */
GArray *seeds_find (const DocaiPage *page);

/* Whether lines of the region may be labels of a chart: not a caption's, a table's or a paragraph's. */
gboolean seeds_may_hold_labels (const DocaiRegion *region);
gboolean seeds_is_paragraph (const DocaiRegion *region);
