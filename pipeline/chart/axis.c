/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Axes of numbers: any two ticks make a line, and the one that most ticks agree with is the axis (RANSAC over all pairs).
 */
#include "pipeline/chart/axis.h"

#include <math.h>

#define MOST_TICKS 48
#define LEAST_TICKS 3
#define LEAST_SHARE 0.55
#define TOLERANCE_PX 2.0
#define TOLERANCE 0.012  /* of the axis' length */
#define LEAST_APART_PX 6 /* two ticks that make a line */

static double
scale (double value, gboolean logarithmic)
{
  return logarithmic ? (value > 0 ? log10 (value) : NAN) : value;
}

/* The reading of the tick that lies nearest to the axis, and how far, in pixels. */
static double
distance (const ChartTick *tick, double slope, double offset, gboolean logarithmic, double *value)
{
  double nearest = G_MAXDOUBLE;

  for (int i = 0; i < tick->number.n_values; i++)
    {
      double v = scale (tick->number.values[i], logarithmic), apart = fabs (tick->at - (v - offset) / slope);
      if (isfinite (apart) && apart < nearest)
        {
          nearest = apart;
          *value = v;
        }
    }
  return nearest;
}

/* Least squares through the ticks that agree with the line. */
static gboolean
refine (const ChartTick *ticks, guint n, double tolerance, ChartAxis *axis)
{
  double sx = 0, sy = 0, sxx = 0, sxy = 0, value = 0;
  double slope = axis->slope, offset = axis->offset;

  axis->n_ticks = 0;
  axis->first = G_MAXDOUBLE;
  axis->last = -G_MAXDOUBLE;
  for (guint i = 0; i < n; i++)
    if (distance (&ticks[i], slope, offset, axis->logarithmic, &value) <= tolerance)
      {
        sx += ticks[i].at;
        sy += value;
        sxx += ticks[i].at * ticks[i].at;
        sxy += ticks[i].at * value;
        axis->first = MIN (axis->first, ticks[i].at);
        axis->last = MAX (axis->last, ticks[i].at);
        axis->n_ticks++;
      }
  double m = axis->n_ticks, below = m * sxx - sx * sx;
  if (axis->n_ticks < 2 || below <= 0)
    return FALSE;
  axis->slope = (m * sxy - sx * sy) / below;
  axis->offset = (sy - axis->slope * sx) / m;
  axis->residual = 0;
  for (guint i = 0; i < n; i++)
    {
      double apart = distance (&ticks[i], axis->slope, axis->offset, axis->logarithmic, &value);
      if (apart <= tolerance)
        axis->residual = MAX (axis->residual, apart);
    }
  return axis->slope != 0 && isfinite (axis->slope) && isfinite (axis->offset);
}

/* Whether the line through two readings has more ticks than the best so far; then it is the best. */
static void
try_line (const ChartTick *ticks, guint n, guint i, guint j, const double v[2], double tolerance, ChartAxis *best)
{
  ChartAxis made = { .logarithmic = best->logarithmic };
  double    value;

  made.slope = (v[1] - v[0]) / (ticks[j].at - ticks[i].at);
  made.offset = v[0] - made.slope * ticks[i].at;
  if (!isfinite (made.slope) || made.slope == 0 || !isfinite (made.offset))
    return;
  for (guint k = 0; k < n; k++)
    {
      double apart = distance (&ticks[k], made.slope, made.offset, made.logarithmic, &value);
      if (apart <= tolerance)
        {
          made.n_ticks++;
          made.residual += apart;
        }
    }
  if (made.n_ticks > best->n_ticks || (made.n_ticks == best->n_ticks && made.residual < best->residual - 1e-6))
    *best = made;
}

static gboolean
fit (const ChartTick *ticks, guint n, gboolean logarithmic, ChartAxis *axis)
{
  double first = G_MAXDOUBLE, last = -G_MAXDOUBLE;

  *axis = (ChartAxis){ .logarithmic = logarithmic, .residual = G_MAXDOUBLE };
  for (guint i = 0; i < n; i++)
    {
      first = MIN (first, ticks[i].at);
      last = MAX (last, ticks[i].at);
    }
  double tolerance = MAX (TOLERANCE_PX, TOLERANCE * (last - first));
  for (guint i = 0; i < n; i++)
    for (guint j = i + 1; j < n; j++)
      for (int a = 0; fabs (ticks[j].at - ticks[i].at) >= LEAST_APART_PX && a < ticks[i].number.n_values; a++)
        for (int b = 0; b < ticks[j].number.n_values; b++)
          {
            const double v[2] = { scale (ticks[i].number.values[a], logarithmic), scale (ticks[j].number.values[b], logarithmic) };
            try_line (ticks, n, i, j, v, tolerance, axis);
          }
  return axis->n_ticks >= LEAST_TICKS && axis->n_ticks >= LEAST_SHARE * n && refine (ticks, n, tolerance, axis)
         && axis->n_ticks >= LEAST_TICKS;
}

gboolean
chart_axis_fit (const ChartTick *ticks, guint n_ticks, ChartAxis *axis)
{
  ChartAxis straight, logarithmic;
  guint     n = MIN (n_ticks, MOST_TICKS);
  gboolean  is_straight = fit (ticks, n, FALSE, &straight), is_logarithmic = fit (ticks, n, TRUE, &logarithmic);

  if (is_logarithmic && (!is_straight || logarithmic.n_ticks > straight.n_ticks))
    *axis = logarithmic;
  else
    *axis = straight;
  return is_straight || is_logarithmic;
}

double
chart_axis_value (const ChartAxis *axis, double at)
{
  double value = axis->offset + axis->slope * at;

  return axis->logarithmic ? pow (10, value) : value;
}

double
chart_axis_place (const ChartAxis *axis, double value)
{
  return (scale (value, axis->logarithmic) - axis->offset) / axis->slope;
}

double
chart_axis_grain (const ChartAxis *axis, double at)
{
  return 0.5 * fabs (chart_axis_value (axis, at + 0.5) - chart_axis_value (axis, at - 0.5));
}

double
chart_axis_round (const ChartAxis *axis, double at, double value)
{
  double grain = chart_axis_grain (axis, at);

  if (!(grain > 0) || !isfinite (value))
    return value;
  double power = floor (log10 (grain)), step = pow (10, fabs (power));
  return power < 0 ? round (value * step) / step : round (value / step) * step;
}
