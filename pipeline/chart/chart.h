/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Charts as data, measured in their pixels and words.
 *
 * No model takes part: axes come from the numbers along them, values from where bars, lines and slices end. What is not
 * consistent is not said.
 */
#pragma once

#include "document/document.h"
#include "pipeline/chart/texts.h"

/* What a picture that shows a chart says; NULL where it is not to be told. `class_name` ("bar_chart", ...;
 * may point to NULL) is what it was taken for, and set to what it is; a kind that it was not taken for has to say more. `picture` has 8 or 32 bits a pixel; `texts`
 * (ChartText) is what stands in it, some of which is changed. The boxes of the values are in pixels. Owned by the caller. */
DocaiChart *chart_measure (PIX *picture, GPtrArray *texts, const char **class_name);
