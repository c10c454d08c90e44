/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data of charts.
 */
#include "pipeline/vlm/chart.h"

static DocaiChartSeries *
series_from_json (const json_t *json)
{
  const char       *name = json_string_value (json_object_get (json, "name"));
  DocaiChartSeries *series = docai_chart_series_new (name != NULL ? name : "");
  size_t            i;
  json_t           *point;

  json_array_foreach (json_object_get (json, "points"), i, point)
    {
      const char *label = json_string_value (json_object_get (point, "label"));
      double      value = json_number_value (json_object_get (point, "value"));
      g_ptr_array_add (series->points, docai_chart_point_new (label != NULL ? label : "", value));
    }
  return series;
}

DocaiChart *
docai_vlm_chart_from_json (const json_t *json)
{
  DocaiChart *chart = docai_chart_new ();
  size_t      i;
  json_t     *series;

  chart->title = g_strdup (json_string_value (json_object_get (json, "title")));
  chart->x_axis = g_strdup (json_string_value (json_object_get (json, "x_axis")));
  chart->y_axis = g_strdup (json_string_value (json_object_get (json, "y_axis")));
  json_array_foreach (json_object_get (json, "series"), i, series)
    g_ptr_array_add (chart->series, series_from_json (series));
  return chart;
}
