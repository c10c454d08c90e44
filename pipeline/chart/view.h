/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A chart as it is looked at: its colours, its words, and the axes that numbers among the words make.
 */
#pragma once

#include "pipeline/chart/axis.h"
#include "pipeline/chart/plot.h"
#include "pipeline/chart/texts.h"

typedef struct {
  const Plot *plot;
  GPtrArray  *texts; /* ChartText, lent */
  double      size;  /* usual height of capitals, pixels */
} ChartView;

/* An axis with the labels that make it. */
typedef struct {
  ChartAxis  axis;
  gboolean   upright; /* along y */
  gboolean   percent;
  DocaiBox   box;     /* around its labels */
  GPtrArray *labels;  /* ChartText, lent */
} ViewScale;

void view_scale_free (ViewScale *scale);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ViewScale, view_scale_free)

/* The usual height of the capitals among texts. */
double view_letter_size (const GPtrArray *texts);

/* The axis of numbers along y (`upright`: a column of labels) or x (a row of them); NULL where there is none, or two that say
 * different things. Texts that are used stay out. Owned by the caller. */
ViewScale *view_find_scale (const ChartView *view, gboolean upright);
