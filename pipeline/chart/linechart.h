/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Line charts to data.
 */
#pragma once

#include "document/document.h"
#include "pipeline/chart/view.h"

/* The lines as series: their values at the labels below the plot. NULL where there is no axis, no labels or no line. Owned by the
 * caller. */
DocaiChart *linechart_read (const ChartView *view);
