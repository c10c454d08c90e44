/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers as they are written along the axes of charts.
 */
#pragma once

#include <glib.h>

/* A number and what else it may mean: "1.200" is 1.2 or 1200. */
typedef struct {
  double   values[2];
  int      n_values;
  gboolean percent;
  gboolean doubtful; /* letters were taken for digits */
} ChartNumber;

/* Reads "0.25", "1,200", "1 200", "-5", "15 %", "$20k", "3e4", "10³"; FALSE for everything else. `lenient` takes letters that
 * recognisers confuse with digits for these ("oO" is 0), and overlooks marks at the ends; whoever asks so checks the number by
 * others beside it. */
gboolean chart_number_parse (const char *text, gboolean lenient, ChartNumber *number);
