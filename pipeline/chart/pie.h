/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pie charts to data.
 */
#pragma once

#include "document/document.h"
#include "pipeline/chart/view.h"

/* The slices of a pie or ring with their names and shares in percent; NULL where there is no round one, or most of its slices
 * have no name. Owned by the caller. */
DocaiChart *pie_read (const ChartView *view);
