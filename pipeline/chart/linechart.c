/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From lines, an axis and labels to series of values.
 *
 * The points of a line stand above the labels below the plot, or, where these are numbers, anywhere: then the labels are where
 * the line is read.
 */
#include "pipeline/chart/linechart.h"

#include "document/type.h"
#include "pipeline/chart/labels.h"
#include "pipeline/chart/trace.h"

#include <math.h>
#include <string.h>

#define BEYOND 0.06      /* of the axis: by how much a line may leave it */
#define ASIDE 0.1        /* of a step: a line is followed so far beyond the outermost names */
#define LEAST_NAME 0.6   /* confidence of a name in the legend */
#define LEAST_POINTS 2   /* of a line */
#define MOST_LINES 8
#define KEY_REACH 5.0    /* of the letters' height: from a name in a legend to the left end of its key */
#define LEAST_KEY 0.9    /* of the letters' height */
#define MARK_PX 3

/* The upper edge of the names below the plot: of the first row with two of them. NAN: there is none. */
static double
names_edge (const ChartView *view, const ViewScale *scale)
{
  double edge = G_MAXDOUBLE;

  for (guint i = 0; i < view->texts->len; i++)
    {
      const ChartText *text = view->texts->pdata[i];
      guint            n = 0;
      if (text->used || text->box.y0 < scale->axis.last - 0.6 * view->size || text->box.y0 >= edge)
        continue;
      for (guint k = 0; k < view->texts->len; k++)
        {
          const ChartText *other = view->texts->pdata[k];
          if (!other->used && fabs (other->box.y0 - text->box.y0) < 0.8 * view->size)
            n += other->turn == 0 ? other->words->len : 1;
        }
      if (n >= 2)
        edge = text->box.y0;
    }
  return edge < G_MAXDOUBLE ? edge - 0.3 * view->size : NAN;
}

/* The plot between the outermost names, a little wider, and the axis. */
static DocaiBox
plot_box (const ChartView *view, const ViewScale *scale, const GArray *places, double edge)
{
  double first = g_array_index (places, double, 0), last = g_array_index (places, double, places->len - 1);
  double step = (last - first) / MAX (places->len - 1, 1), length = scale->axis.last - scale->axis.first;
  DocaiBox box = DOCAI_BOX (first - MAX (ASIDE * step, 4), scale->axis.first - 0.35 * length, last + MAX (ASIDE * step, 4), edge - 0.2 * view->size);

  if (scale->box.x1 < first)
    box.x0 = MAX (box.x0, scale->box.x1 + 2);
  else if (scale->box.x0 > last)
    box.x1 = MIN (box.x1, scale->box.x0 - 2);
  return docai_box_clip (box, view->plot->width, view->plot->height);
}

/* How many columns left of a text, as far as keys reach, have the colour of the line about its middle. */
static int
key_columns (const ChartView *view, const Trace *trace, const ChartText *text)
{
  int columns = 0, gap = 0, middle = (int) docai_box_center_y (text->box), half = MAX ((int) (0.35 * view->size), 1);

  for (int x = (int) text->box.x0 - 1; x > text->box.x0 - KEY_REACH * view->size && x >= 0; x--)
    {
      gboolean any = FALSE;
      for (int y = middle - half; y <= middle + half && !any; y++)
        any = trace_has_colour (view->plot, trace->colour, x, y);
      columns += any;
      gap = any ? 0 : gap + 1;
      if (gap > 2.5 * view->size)
        break;
    }
  return columns;
}

static gboolean
has_letter (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isalnum (g_utf8_get_char (p)))
      return TRUE;
  return FALSE;
}

/* Names from the legend: each text has the line whose key is longest beside it. FALSE: there are none. */
static gboolean
name_lines (const ChartView *view, const GPtrArray *traces, char **names)
{
  g_autofree int *longest = g_new0 (int, traces->len + 1);

  for (guint i = 0; i < view->texts->len; i++)
    {
      ChartText *text = view->texts->pdata[i];
      int        best = -1, most = (int) (LEAST_KEY * view->size);
      if (text->used || text->turn != 0 || text->confidence < LEAST_NAME || !has_letter (text->text))
        continue;
      for (guint k = 0; k < traces->len; k++)
        {
          int columns = key_columns (view, traces->pdata[k], text);
          if (columns > most)
            {
              most = columns;
              best = (int) k;
            }
        }
      if (best < 0 || most <= longest[best])
        continue;
      longest[best] = most;
      text->used = TRUE;
      g_free (names[best]);
      names[best] = labels_clean (text->text);
    }
  for (guint i = 0; i < traces->len; i++)
    if (names[i] != NULL)
      return TRUE;
  return FALSE;
}

static DocaiChartSeries *
series_of (const ViewScale *scale, const Trace *trace, const GArray *places, const GPtrArray *labels, const char *name)
{
  DocaiChartSeries *series = docai_chart_series_new (name != NULL ? name : "");
  double            length = scale->axis.last - scale->axis.first;

  for (guint i = 0; i < places->len; i++)
    {
      double x = g_array_index (places, double, i), y = trace_at (trace, x);
      if (isnan (y) || labels->pdata[i] == NULL || *(char *) labels->pdata[i] == '\0' || y < scale->axis.first - 0.35 * length - BEYOND * length)
        continue;
      DocaiChartPoint *point = docai_chart_point_new (labels->pdata[i], chart_axis_round (&scale->axis, y, chart_axis_value (&scale->axis, y)));
      point->bbox = DOCAI_BOX (x - MARK_PX, y - MARK_PX, x + MARK_PX, y + MARK_PX);
      g_ptr_array_add (series->points, point);
    }
  return series;
}

static DocaiChart *
chart_of (const ChartView *view, const ViewScale *scale, const GPtrArray *traces, const GArray *places, double edge, DocaiBox plot)
{
  g_autoptr (DocaiChart) chart = docai_chart_new ();
  g_autoptr (GPtrArray)  labels = labels_of_places (view, places, TRUE, edge);
  g_autofree char      **names = g_new0 (char *, traces->len + 1);

  gboolean named = name_lines (view, traces, names);
  for (guint i = 0; i < traces->len; i++)
    {
      DocaiChartSeries *series = series_of (scale, traces->pdata[i], places, labels, names[i]);
      /* what has no name beside others is a mixture of these, or a part of the frame */
      if (series->points->len >= LEAST_POINTS && (names[i] != NULL || (!named && traces->len == 1)))
        g_ptr_array_add (chart->series, series);
      else
        docai_type_free (&docai_series_type, series);
      g_free (names[i]);
    }
  if (chart->series->len == 0)
    return NULL;
  plot.y0 = scale->axis.first;
  labels_take_titles (view, plot, FALSE, chart);
  return g_steal_pointer (&chart);
}

DocaiChart *
linechart_read (const ChartView *view)
{
  for (guint i = 0; i < view->texts->len; i++)
    ((ChartText *) view->texts->pdata[i])->used = FALSE;
  g_autoptr (ViewScale) scale = view_find_scale (view, TRUE);
  if (scale == NULL)
    return NULL;
  for (guint i = 0; i < scale->labels->len; i++)
    ((ChartText *) scale->labels->pdata[i])->used = TRUE;
  double edge = names_edge (view, scale);
  g_autoptr (GArray) places = isnan (edge) ? NULL : labels_places (view, TRUE, edge);
  if (places == NULL || places->len < 2 || !labels_are_even (places))
    return NULL;
  DocaiBox plot = plot_box (view, scale, places, edge);
  g_autoptr (GPtrArray) traces = trace_lines (view->plot, plot);
  if (traces->len == 0 || traces->len > MOST_LINES)
    return NULL;
  return chart_of (view, scale, traces, places, edge, plot);
}
