/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Columns and rows of numbers that are axes.
 */
#include "pipeline/chart/view.h"

#include "base/sort.h"

#include <math.h>
#include <string.h>

#define MOST_NUMBERS 160
#define ALIGNED 0.7   /* of the letters' height */
#define MOST_DIFFERENT 0.03

void
view_scale_free (ViewScale *scale)
{
  if (scale == NULL)
    return;
  g_ptr_array_unref (scale->labels);
  g_free (scale);
}

double
view_letter_size (const GPtrArray *texts)
{
  g_autoptr (GArray) sizes = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < texts->len; i++)
    {
      const ChartText *text = texts->pdata[i];
      if (strlen (text->text) > 1)
        g_array_append_val (sizes, text->size);
    }
  g_array_sort (sizes, docai_compare_doubles);
  return sizes->len > 0 ? g_array_index (sizes, double, sizes->len / 2) : 8;
}

/* A text that may be a tick, and where. */
typedef struct {
  ChartText *text;
  ChartTick  tick;
} Label;

/* Numbers, also those within a line that was read as one: "0 20 40 60". */
static GArray *
collect_labels (const ChartView *view, gboolean upright)
{
  GArray *labels = g_array_new (FALSE, FALSE, sizeof (Label));

  for (guint i = 0; i < view->texts->len && labels->len < MOST_NUMBERS; i++)
    {
      ChartText *text = view->texts->pdata[i];
      Label      label = { .text = text, .tick.at = upright ? docai_box_center_y (text->box) : docai_box_center_x (text->box) };
      if (!text->used && (text->turn == 0 || !upright) && chart_number_parse (text->text, TRUE, &label.tick.number))
        g_array_append_val (labels, label);
      else if (!text->used && !upright && text->turn == 0)
        for (guint k = 0; k < text->words->len && labels->len < MOST_NUMBERS; k++)
          {
            const ChartWord *word = text->words->pdata[k];
            label.tick.at = docai_box_center_x (word->box);
            if (chart_number_parse (word->text, FALSE, &label.tick.number))
              g_array_append_val (labels, label);
          }
    }
  return labels;
}

/* Whether two labels stand below each other, or beside each other. */
static gboolean
is_aligned (const ChartText *a, const ChartText *b, gboolean upright)
{
  double tolerance = ALIGNED * MIN (a->size, b->size);

  if (MAX (a->size, b->size) > 1.8 * MIN (a->size, b->size))
    return FALSE;
  if (!upright)
    return a->turn == b->turn
           && (fabs (docai_box_center_y (a->box) - docai_box_center_y (b->box)) < tolerance || (a->turn != 0 && fabs (a->box.y0 - b->box.y0) < tolerance));
  return fabs (a->box.x1 - b->box.x1) < tolerance || fabs (a->box.x0 - b->box.x0) < tolerance
         || fabs (docai_box_center_x (a->box) - docai_box_center_x (b->box)) < 0.6 * tolerance;
}

/* Where "0" or "500" stands beside "1.000", the dot parts thousands. */
static void
settle_points (GArray *labels)
{
  gboolean whole = FALSE, three = FALSE;

  for (guint i = 0; i < labels->len; i++)
    {
      const Label *label = &g_array_index (labels, Label, i);
      const char  *text = label->text->text, *dot = strchr (text, '.');
      whole = whole || (dot == NULL && strchr (text, ',') == NULL);
      three = three || (dot != NULL && label->tick.number.n_values == 2);
    }
  for (guint i = 0; i < labels->len && whole && three; i++)
    {
      ChartNumber *number = &g_array_index (labels, Label, i).tick.number;
      if (number->n_values == 2 && fabs (number->values[1]) > fabs (number->values[0]))
        {
          double first = number->values[0];
          number->values[0] = number->values[1];
          number->values[1] = first;
        }
    }
}

static ViewScale *
scale_of (GArray *labels, gboolean upright)
{
  g_autoptr (GArray) ticks = g_array_new (FALSE, FALSE, sizeof (ChartTick));
  ChartAxis axis;

  settle_points (labels);
  for (guint i = 0; i < labels->len; i++)
    g_array_append_val (ticks, g_array_index (labels, Label, i).tick);
  if (!chart_axis_fit ((const ChartTick *) ticks->data, ticks->len, &axis))
    return NULL;
  ViewScale *scale = g_new0 (ViewScale, 1);
  scale->axis = axis;
  scale->upright = upright;
  scale->labels = g_ptr_array_new ();
  for (guint i = 0; i < labels->len; i++)
    {
      const Label *label = &g_array_index (labels, Label, i);
      scale->percent = scale->percent || label->tick.number.percent;
      scale->box = docai_box_union (scale->box, label->text->box);
      if (!g_ptr_array_find (scale->labels, label->text, NULL))
        g_ptr_array_add (scale->labels, label->text);
    }
  return scale;
}

static gboolean
is_better (const ViewScale *scale, const ViewScale *best)
{
  double length = scale->axis.last - scale->axis.first, other = best != NULL ? best->axis.last - best->axis.first : 0;

  return best == NULL || scale->axis.n_ticks > best->axis.n_ticks + 1
         || (scale->axis.n_ticks + 1 >= best->axis.n_ticks && length > 1.1 * other)
         || (scale->axis.n_ticks > best->axis.n_ticks && length > 0.9 * other);
}

/* "1e6" above an axis multiplies it. */
static double
factor_of (const ChartView *view, const ViewScale *scale)
{
  for (guint i = 0; i < view->texts->len; i++)
    {
      ChartText *text = view->texts->pdata[i];
      gboolean   near = scale->upright ? text->box.y1 < scale->box.y0 && text->box.y1 > scale->box.y0 - 4 * view->size && text->box.x1 > scale->box.x0 - view->size
                                             && text->box.x0 < scale->box.x1 + 4 * view->size
                                       : text->box.y0 > scale->box.y0 && text->box.y0 < scale->box.y1 + 3 * view->size && text->box.x1 > scale->box.x1;
      if (near && text->is_number && strncmp (text->text, "1e", 2) == 0)
        {
          text->used = TRUE;
          return text->number.values[0];
        }
    }
  return 1;
}

/* Whether two axes, as left and right of a plot, give the same values. */
static gboolean
agree (const ViewScale *a, const ViewScale *b)
{
  double span = fabs (chart_axis_value (&a->axis, a->axis.last) - chart_axis_value (&a->axis, a->axis.first));

  for (int i = 0; i < 2; i++)
    {
      double at = i == 0 ? a->axis.first : a->axis.last;
      if (fabs (chart_axis_value (&a->axis, at) - chart_axis_value (&b->axis, at)) > MOST_DIFFERENT * span)
        return FALSE;
    }
  return TRUE;
}

ViewScale *
view_find_scale (const ChartView *view, gboolean upright)
{
  g_autoptr (GArray)    labels = collect_labels (view, upright);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) view_scale_free);
  ViewScale            *best = NULL;

  for (guint i = 0; i < labels->len; i++)
    {
      g_autoptr (GArray) aligned = g_array_new (FALSE, FALSE, sizeof (Label));
      const Label       *seed = &g_array_index (labels, Label, i);
      gboolean           known = FALSE;
      for (guint k = 0; k < found->len && !known; k++)
        known = g_ptr_array_find (((ViewScale *) found->pdata[k])->labels, seed->text, NULL);
      for (guint k = 0; k < labels->len && !known; k++)
        if (is_aligned (seed->text, g_array_index (labels, Label, k).text, upright))
          g_array_append_val (aligned, g_array_index (labels, Label, k));
      ViewScale *scale = aligned->len >= 3 ? scale_of (aligned, upright) : NULL;
      if (scale != NULL)
        g_ptr_array_add (found, scale);
      if (scale != NULL && is_better (scale, best))
        best = scale;
    }
  for (guint i = 0; best != NULL && i < found->len; i++)
    {
      const ViewScale *other = found->pdata[i];
      double           common = docai_overlap (best->axis.first, best->axis.last, other->axis.first, other->axis.last);
      if (other != best && upright && other->axis.n_ticks >= 4 && common > 0.8 * (best->axis.last - best->axis.first) && !agree (best, other))
        return NULL;
    }
  guint index;
  if (best == NULL || !g_ptr_array_find (found, best, &index))
    return NULL;
  g_ptr_array_steal_index (found, index);
  double factor = factor_of (view, best);
  if (!best->axis.logarithmic)
    {
      best->axis.slope *= factor;
      best->axis.offset *= factor;
    }
  return best;
}
