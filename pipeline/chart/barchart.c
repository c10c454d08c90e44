/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From bars, axes and words to series of values.
 *
 * Upright and lying bars are tried; the way with more bars is that of the chart. Values come from the axis. Where a number is
 * printed at a bar and agrees with the axis, it is the value; where there is no axis, the printed numbers have to make one
 * among themselves, with zero at the base.
 */
#include "pipeline/chart/barchart.h"

#include "pipeline/chart/bars.h"
#include "pipeline/chart/labels.h"

#include <math.h>
#include <string.h>

#define PRINTED_NEAR 2.4    /* of the letters' height: from a bar's end to its number */
#define PRINTED_AGREES 0.06 /* of the number, and of the axis: */
#define PRINTED_AGREES_AXIS 0.025
#define LEAST_NAMED 0.5     /* of the bars: otherwise nothing is said */
#define MOST_COLUMNS 120
#define NO_GROUP G_MAXUINT

/* What is known of each bar. */
typedef struct {
  const ChartView *view;
  Bars            *bars;
  ViewScale       *scale;   /* NULL: from printed numbers */
  ChartAxis        axis;
  GArray          *printed; /* ChartText *: the number at each bar, or NULL */
  GArray          *groups;  /* guint: the category of each column */
  GArray          *places;  /* double: the middle of each category */
  gboolean         by_colour; /* series are told by colour */
} Reading;

static void
reading_clear (Reading *reading)
{
  bars_free (reading->bars);
  view_scale_free (reading->scale);
  g_clear_pointer (&reading->printed, g_array_unref);
  g_clear_pointer (&reading->groups, g_array_unref);
  g_clear_pointer (&reading->places, g_array_unref);
}

static const Bar *
bar_at (const Reading *reading, guint i)
{
  return &g_array_index (reading->bars->bars, Bar, i);
}

/* ---- printed values ------------------------------------------------------------------ */

/* How far a text is from the end of a bar, along it; G_MAXDOUBLE when it is not at this bar. */
static double
distance (const Reading *reading, const Bar *bar, const ChartText *text)
{
  gboolean upright = reading->bars->upright;
  double   across = upright ? docai_box_center_x (text->box) : docai_box_center_y (text->box);
  double   along = upright ? docai_box_center_y (text->box) : docai_box_center_x (text->box);
  double   half = 0.5 * (upright ? docai_box_height (text->box) : docai_box_width (text->box));
  double   beyond = bar->top > bar->foot ? along - half - bar->top : bar->top - along - half;
  double   middle = 0.5 * (bar->left + bar->right);

  if (fabs (across - middle) > MAX (0.5 * (bar->right - bar->left), 0.7 * text->size))
    return G_MAXDOUBLE;
  if (beyond >= -0.5 * text->size)
    return beyond < PRINTED_NEAR * text->size && !reading->bars->stacked ? MAX (beyond, 0) : G_MAXDOUBLE;
  /* inside: at its end, or in its middle */
  return along > MIN (bar->foot, bar->top) && along < MAX (bar->foot, bar->top) ? PRINTED_NEAR * text->size + fabs (-beyond) : G_MAXDOUBLE;
}

static void
find_printed (Reading *reading)
{
  const GArray *bars = reading->bars->bars;

  reading->printed = g_array_new (FALSE, TRUE, sizeof (ChartText *));
  g_array_set_size (reading->printed, bars->len);
  for (guint i = 0; i < reading->view->texts->len; i++)
    {
      ChartText  *text = reading->view->texts->pdata[i];
      ChartNumber number;
      int         best = -1;
      double      least = G_MAXDOUBLE;
      if (text->used || text->turn != 0 || !chart_number_parse (text->text, TRUE, &number))
        continue;
      for (guint k = 0; k < bars->len; k++)
        {
          double apart = distance (reading, bar_at (reading, k), text);
          if (apart < least)
            {
              least = apart;
              best = (int) k;
            }
        }
      if (best < 0)
        continue;
      text->number = number;
      ChartText **place = &g_array_index (reading->printed, ChartText *, (guint) best);
      if (*place == NULL || distance (reading, bar_at (reading, (guint) best), *place) > least)
        *place = text;
    }
}

/* An axis from the numbers at the bars and zero at their base; FALSE where they do not make one. */
static gboolean
axis_of_printed (const Reading *reading, ChartAxis *axis)
{
  g_autoptr (GArray) ticks = g_array_new (FALSE, FALSE, sizeof (ChartTick));
  ChartTick          zero = { .at = reading->bars->base, .number.n_values = 1 };

  if (reading->bars->stacked)
    return FALSE;
  g_array_append_val (ticks, zero);
  for (guint i = 0; i < reading->printed->len; i++)
    {
      const ChartText *text = g_array_index (reading->printed, ChartText *, i);
      ChartTick        tick = { .at = bar_at (reading, i)->top };
      if (text == NULL)
        continue;
      tick.number = text->number;
      g_array_append_val (ticks, tick);
    }
  return ticks->len >= 3 && chart_axis_fit ((const ChartTick *) ticks->data, ticks->len, axis) && !axis->logarithmic
         && axis->n_ticks >= 0.75 * reading->printed->len
         && fabs (chart_axis_place (axis, 0) - reading->bars->base) < 3;
}

/* The number at the bar where it agrees with what was measured. */
static gboolean
printed_value (const Reading *reading, guint i, double measured, double *value)
{
  const ChartText *text = g_array_index (reading->printed, ChartText *, i);
  double           span = fabs (chart_axis_value (&reading->axis, reading->axis.last) - chart_axis_value (&reading->axis, reading->axis.first));

  for (int k = 0; text != NULL && k < text->number.n_values; k++)
    {
      double apart = fabs (text->number.values[k] - measured);
      if (apart <= MAX (PRINTED_AGREES * fabs (measured), PRINTED_AGREES_AXIS * span) && !(text->number.doubtful && apart > 0.03 * fabs (measured)))
        {
          *value = text->number.values[k];
          return TRUE;
        }
    }
  return FALSE;
}

/* ---- categories ---------------------------------------------------------------------- */

/* The first bar of each column, its middle and colour. */
typedef struct {
  double middle, left, right;
  int    colour;
} Column;

static GArray *
columns_of (const Bars *bars)
{
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (Column));

  for (guint i = 0; i < bars->bars->len; i++)
    {
      const Bar *bar = &g_array_index (bars->bars, Bar, i);
      Column     column = { 0.5 * (bar->left + bar->right), bar->left, bar->right, bar->colour };
      if (bar->column == columns->len)
        g_array_append_val (columns, column);
    }
  return columns;
}

static guint
count_colours (const GArray *columns)
{
  gboolean seen[PLOT_MOST_COLOURS] = { FALSE };
  guint    n = 0;

  for (guint i = 0; i < columns->len; i++)
    {
      int colour = g_array_index (columns, Column, i).colour;
      n += !seen[colour];
      seen[colour] = TRUE;
    }
  return n;
}

/* Where a new group begins: the gap to the column before is wider than those within groups, or its colour comes again. */
static void
group_columns (Reading *reading, const GArray *columns)
{
  double   narrow = G_MAXDOUBLE, wide = 0;
  gboolean seen[PLOT_MOST_COLOURS] = { FALSE };
  guint    group = 0;

  for (guint i = 1; i < columns->len; i++)
    {
      double gap = g_array_index (columns, Column, i).left - g_array_index (columns, Column, i - 1).right;
      narrow = MIN (narrow, gap);
      wide = MAX (wide, gap);
    }
  for (guint i = 0; i < columns->len; i++)
    {
      const Column *column = &g_array_index (columns, Column, i);
      double        gap = i > 0 ? column->left - (column - 1)->right : 0;
      if (i > 0 && (seen[column->colour] || gap > 0.6 * (narrow + wide) + 1))
        {
          group++;
          memset (seen, 0, sizeof seen);
        }
      seen[column->colour] = TRUE;
      g_array_append_val (reading->groups, group);
    }
}

/* The edge of the plot on the side of the names. */
static double
plot_edge (const Reading *reading)
{
  double edge = reading->bars->base;

  for (guint i = 0; i < reading->bars->bars->len; i++)
    {
      const Bar *bar = bar_at (reading, i);
      edge = reading->bars->upright ? MAX (edge, MAX (bar->top, bar->foot)) : MIN (edge, MIN (bar->top, bar->foot));
    }
  if (reading->scale != NULL)
    edge = reading->bars->upright ? MAX (edge, reading->axis.last) : MIN (edge, reading->axis.first);
  return edge;
}

/* Each column to its category: one each, unless there are several colours side by side. */
static void
find_groups (Reading *reading, double edge)
{
  g_autoptr (GArray) columns = columns_of (reading->bars);
  guint n_names = labels_count (reading->view, reading->bars->upright, edge), n_colours = count_colours (columns);

  reading->groups = g_array_new (FALSE, FALSE, sizeof (guint));
  reading->places = g_array_new (FALSE, FALSE, sizeof (double));
  reading->by_colour = reading->bars->stacked;
  if (!reading->bars->stacked && n_colours > 1 && n_names < columns->len)
    {
      group_columns (reading, columns);
      guint n_groups = g_array_index (reading->groups, guint, columns->len - 1) + 1;
      reading->by_colour = n_groups < columns->len && (n_groups > 1 || n_names == 1);
    }
  if (!reading->by_colour || reading->bars->stacked)
    g_array_set_size (reading->groups, 0);
  for (guint i = 0; i < columns->len && reading->groups->len < columns->len; i++)
    g_array_append_val (reading->groups, i);
  for (guint i = 0; i < columns->len;)
    {
      guint  group = g_array_index (reading->groups, guint, i), n = 0;
      double sum = 0;
      for (; i < columns->len && g_array_index (reading->groups, guint, i) == group; i++, n++)
        sum += g_array_index (columns, Column, i).middle;
      double middle = sum / n;
      g_array_append_val (reading->places, middle);
    }
}

/* Missing bars shift the middle of a group; names, where there are as many, are right. */
static void
settle_places (Reading *reading, double edge)
{
  g_autoptr (GArray) names = labels_places (reading->view, reading->bars->upright, edge);

  for (guint i = 0; names->len == reading->places->len && i < names->len; i++)
    g_array_index (reading->places, double, i) = g_array_index (names, double, i);
}

/* ---- series -------------------------------------------------------------------------- */

/* The patches that are no bars. */
static GArray *
find_keys (const Reading *reading)
{
  GArray *patches = plot_patches (reading->view->plot, reading->bars->upright, 6);

  if (patches == NULL)
    return g_array_new (FALSE, FALSE, sizeof (PlotPatch));
  for (guint i = patches->len; i-- > 0;)
    {
      const PlotPatch *patch = &g_array_index (patches, PlotPatch, i);
      DocaiBox         box = DOCAI_BOX (patch->x0, patch->y0, patch->x1, patch->y1);
      gboolean         is_bar = FALSE;
      for (guint k = 0; k < reading->bars->bars->len && !is_bar; k++)
        is_bar = docai_box_iou (docai_box_grow (box, 1), docai_box_grow (bars_box (reading->bars, bar_at (reading, k)), 1)) > 0.6;
      if (is_bar)
        g_array_remove_index_fast (patches, i);
    }
  return patches;
}

static DocaiChartSeries *
series_of (DocaiChart *chart, GHashTable *known, int colour, const char *name)
{
  DocaiChartSeries *series = g_hash_table_lookup (known, GINT_TO_POINTER (colour + 1));

  if (series == NULL)
    {
      series = docai_chart_series_new (name != NULL ? name : "");
      g_hash_table_insert (known, GINT_TO_POINTER (colour + 1), series);
      g_ptr_array_add (chart->series, series);
    }
  return series;
}

static double
value_of (const Reading *reading, guint i, gboolean *printed)
{
  const Bar *bar = bar_at (reading, i);
  double     value = chart_axis_value (&reading->axis, bar->top), exact;

  if (bar->storey > 0)
    value -= chart_axis_value (&reading->axis, bar->foot);
  else if (!reading->axis.logarithmic && fabs (chart_axis_place (&reading->axis, 0) - reading->bars->base) < 6)
    value = reading->axis.slope * (bar->top - bar->foot);
  *printed = printed_value (reading, i, value, &exact);
  return *printed ? exact : chart_axis_round (&reading->axis, bar->top, value);
}

/* Points whose names are not read are left out; FALSE when too many are. */
static gboolean
add_points (const Reading *reading, const GPtrArray *names, const GArray *keys, DocaiChart *chart)
{
  g_autoptr (GHashTable) known = g_hash_table_new (NULL, NULL);
  guint n_named = 0;
  g_autofree char *alone = NULL;

  if (!reading->by_colour && reading->bars->bars->len > 0)
    alone = g_strdup (labels_of_colour (reading->view, keys, bar_at (reading, 0)->colour));
  for (guint i = 0; i < reading->bars->bars->len; i++)
    {
      const Bar  *bar = bar_at (reading, i);
      const char *name = names->pdata[g_array_index (reading->groups, guint, bar->column)];
      gboolean    printed;
      if (name == NULL || *name == '\0')
        continue;
      int colour = reading->by_colour ? bar->colour : 0;
      if (!g_hash_table_contains (known, GINT_TO_POINTER (colour + 1)))
        series_of (chart, known, colour, reading->by_colour ? labels_of_colour (reading->view, keys, colour) : alone);
      DocaiChartSeries *series = series_of (chart, known, colour, NULL);
      double            value = value_of (reading, i, &printed);
      DocaiChartPoint  *point = docai_chart_point_new (name, value);
      point->bbox = bars_box (reading->bars, bar);
      point->printed = printed;
      g_ptr_array_add (series->points, point);
      n_named++;
    }
  return n_named >= 2 && n_named >= LEAST_NAMED * reading->bars->bars->len;
}

static void
use_labels (const Reading *reading)
{
  for (guint i = 0; reading->scale != NULL && i < reading->scale->labels->len; i++)
    ((ChartText *) reading->scale->labels->pdata[i])->used = TRUE;
}

static DocaiBox
plot_box (const Reading *reading)
{
  DocaiBox box = { 0 };

  for (guint i = 0; i < reading->bars->bars->len; i++)
    box = docai_box_union (box, bars_box (reading->bars, bar_at (reading, i)));
  if (reading->scale == NULL)
    return box;
  if (reading->bars->upright)
    {
      box.y0 = MIN (box.y0, reading->axis.first);
      box.y1 = MAX (box.y1, reading->axis.last);
    }
  else
    {
      box.x0 = MIN (box.x0, reading->axis.first);
      box.x1 = MAX (box.x1, reading->axis.last);
    }
  return box;
}

/* Bars and their axis one way. FALSE: there are none. */
static gboolean
look (const ChartView *view, gboolean upright, Reading *reading)
{
  *reading = (Reading){ .view = view };
  reading->scale = view_find_scale (view, upright);
  reading->bars = bars_find (view, reading->scale, upright);
  if (reading->bars == NULL || reading->bars->n_columns > MOST_COLUMNS)
    return FALSE;
  if (reading->scale != NULL)
    {
      use_labels (reading);
      reading->axis = reading->scale->axis;
      find_printed (reading);
      return TRUE;
    }
  find_printed (reading);
  return axis_of_printed (reading, &reading->axis);
}

static void
unuse_all (const ChartView *view)
{
  for (guint i = 0; i < view->texts->len; i++)
    ((ChartText *) view->texts->pdata[i])->used = FALSE;
}

static DocaiChart *
read_way (const ChartView *view, gboolean upright, guint *n_bars)
{
  Reading     reading;
  DocaiChart *chart = NULL;

  unuse_all (view);
  *n_bars = 0;
  if (look (view, upright, &reading))
    {
      for (guint i = 0; i < reading.printed->len; i++)
        if (g_array_index (reading.printed, ChartText *, i) != NULL)
          g_array_index (reading.printed, ChartText *, i)->used = TRUE;
      double edge = plot_edge (&reading);
      g_autoptr (GArray) keys = find_keys (&reading);
      find_groups (&reading, edge);
      settle_places (&reading, edge);
      g_autoptr (GPtrArray) names = labels_of_places (view, reading.places, upright, edge);
      chart = docai_chart_new ();
      if (add_points (&reading, names, keys, chart))
        {
          labels_take_titles (view, plot_box (&reading), !upright, chart);
          *n_bars = reading.bars->bars->len;
        }
      else
        g_clear_pointer (&chart, docai_chart_free);
    }
  reading_clear (&reading);
  return chart;
}

DocaiChart *
barchart_read (const ChartView *view)
{
  guint n_standing, n_lying;
  g_autoptr (DocaiChart) standing = read_way (view, TRUE, &n_standing);
  g_autoptr (DocaiChart) lying = read_way (view, FALSE, &n_lying);

  return n_lying > n_standing ? g_steal_pointer (&lying) : g_steal_pointer (&standing);
}
