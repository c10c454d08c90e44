/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which kind of chart is read how.
 */
#include "pipeline/chart/chart.h"

#include "pipeline/chart/barchart.h"
#include "pipeline/chart/linechart.h"
#include "pipeline/chart/pie.h"
#include "pipeline/chart/plot.h"

#include <string.h>

#define LEAST_SIDE_PX 40
#define LEAST_POINTS 3 /* of what was not known to be a chart */

/* In the order in which they are tried, whatever a model takes the picture for: nothing but a pie looks like one, and what stands
 * on a base and has one width is bars. */
static const struct {
  const char *name;
  DocaiChart *(*read) (const ChartView *view);
} kinds[] = {
  { "pie_chart", pie_read },
  { "bar_chart", barchart_read },
  { "line_chart", linechart_read },
};

/* The values of a chart, over all series. */
static guint
count_points (const DocaiChart *chart)
{
  guint n = 0;

  for (guint i = 0; i < chart->series->len; i++)
    n += ((DocaiChartSeries *) chart->series->pdata[i])->points->len;
  return n;
}

/* Whether a series has a label twice: it was not labels that were read. */
static gboolean
has_twins (const DocaiChart *chart)
{
  for (guint i = 0; i < chart->series->len; i++)
    {
      const DocaiChartSeries *series = chart->series->pdata[i];
      g_autoptr (GHashTable)  known = g_hash_table_new (g_str_hash, g_str_equal);
      for (guint k = 0; k < series->points->len; k++)
        if (!g_hash_table_add (known, ((DocaiChartPoint *) series->points->pdata[k])->label))
          return TRUE;
    }
  return FALSE;
}

DocaiChart *
chart_measure (PIX *picture, GPtrArray *texts, const char **class_name)
{
  /* points that are not joined have no values at labels, though they may lie as if on lines or bars */
  if (pixGetWidth (picture) < LEAST_SIDE_PX || pixGetHeight (picture) < LEAST_SIDE_PX || g_strcmp0 (*class_name, "scatter_chart") == 0)
    return NULL;
  g_autoptr (Plot) plot = plot_new (picture);
  if (plot == NULL)
    return NULL;
  const ChartView view = { plot, texts, view_letter_size (texts) };
  const char *named = *class_name;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (DocaiChart) chart = kinds[i].read (&view);
      if (chart == NULL || has_twins (chart) || (g_strcmp0 (named, kinds[i].name) != 0 && count_points (chart) < LEAST_POINTS))
        continue;
      *class_name = kinds[i].name;
      return g_steal_pointer (&chart);
    }
  return NULL;
}
