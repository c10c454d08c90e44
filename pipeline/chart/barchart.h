/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bar charts to data.
 */
#pragma once

#include "document/document.h"
#include "pipeline/chart/view.h"

/* The bars as series, with names, values and places in pixels; NULL where no bars stand on an axis or are consistently marked
 * with their values. Owned by the caller. */
DocaiChart *barchart_read (const ChartView *view);
