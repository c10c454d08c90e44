/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finding bars.
 *
 *        top ─┌──┐
 *             │  │ ┌──┐ ─ the foot of a part on another
 *             ├──┤ │  │
 *             │  │ │  │
 *     base ───┴──┴─┴──┴───
 *
 * A bar is a filled rectangle of one colour. Those of a chart have one width and end on one line; other rectangles, as the keys
 * of a legend, do not. Parts of stacked bars end where another ends.
 */
#include "pipeline/chart/bars.h"

#include <math.h>
#include <stdlib.h>

#define LEAST_AREA 8
#define LEAST_WIDTH_PX 3
#define FILLED 0.6
#define BASE_PX 3.0
#define BASE 0.008 /* of the picture's side */
#define MOST_BARS 600
#define SAME_WIDTH 0.3
#define SAME_COLUMN 0.06   /* of the width: parts of a stack stand exactly on each other */
#define LEAST_STACKED 0.34 /* parts for each column */
#define MOST_EVEN 3        /* so many bars may have one length, where there are no others */
#define EDGE_PX 5 /* soft edges and outlines */
#define SLIVER_PX 4 /* so short, a rectangle beside a longer one is its outline */

void
bars_free (Bars *bars)
{
  if (bars == NULL)
    return;
  g_array_unref (bars->bars);
  g_free (bars);
}

DocaiBox
bars_box (const Bars *bars, const Bar *bar)
{
  double low = MIN (bar->foot, bar->top), high = MAX (bar->foot, bar->top);

  return bars->upright ? DOCAI_BOX (bar->left, low, bar->right, high) : DOCAI_BOX (low, bar->left, high, bar->right);
}

/* How far the drawn edge reaches beyond a patch: half of what is neither its colour nor ground. `way` is -1 or 1; `end` the
 * first pixel outside. */
static double
edge_beyond (const Plot *plot, const PlotPatch *patch, gboolean upright, int end, int way)
{
  int middle = upright ? (patch->x0 + patch->x1) / 2 : (patch->y0 + patch->y1) / 2, half = 0, side = upright ? plot->height : plot->width;
  int width = upright ? patch->x1 - patch->x0 : patch->y1 - patch->y0;

  /* beside the middle, where an error bar or a line of the grid may stand */
  for (int shift = -1; shift <= 1; shift += 2)
    {
      int across = middle + shift * width / 4, n = 0, p = end;
      for (; n < EDGE_PX && p >= 0 && p < side; n++, p += way)
        {
          int label = upright ? plot_label (plot, across, p) : plot_label (plot, p, across);
          if (label != PLOT_NONE && (plot_is_ground (plot, label) || label == patch->colour))
            break;
        }
      half += n < EDGE_PX ? n : 1;
    }
  return 0.25 * half;
}

/* A patch as a bar whose foot is its end of larger (upright) or smaller pixels. */
static Bar
bar_of (const Plot *plot, const PlotPatch *patch, gboolean upright)
{
  Bar bar = { .colour = patch->colour };

  bar.left = upright ? patch->x0 : patch->y0;
  bar.right = upright ? patch->x1 : patch->y1;
  if (upright)
    {
      bar.foot = patch->y1 + edge_beyond (plot, patch, TRUE, patch->y1, 1);
      bar.top = patch->y0 - edge_beyond (plot, patch, TRUE, patch->y0 - 1, -1);
    }
  else
    {
      bar.foot = patch->x0 - edge_beyond (plot, patch, FALSE, patch->x0 - 1, -1);
      bar.top = patch->x1 + edge_beyond (plot, patch, FALSE, patch->x1, 1);
    }
  return bar;
}

/* Filled rectangles. */
static GArray *
collect (const ChartView *view, gboolean upright)
{
  g_autoptr (GArray) patches = plot_patches (view->plot, upright, LEAST_AREA);
  GArray            *bars = g_array_new (FALSE, FALSE, sizeof (Bar));

  for (guint i = 0; patches != NULL && i < patches->len; i++)
    {
      const PlotPatch *patch = &g_array_index (patches, PlotPatch, i);
      int w = patch->x1 - patch->x0, h = patch->y1 - patch->y0;
      if ((upright ? w : h) < LEAST_WIDTH_PX || patch->area < FILLED * w * h || w > 0.9 * view->plot->width || h > 0.95 * view->plot->height)
        continue;
      Bar bar = bar_of (view->plot, patch, upright);
      g_array_append_val (bars, bar);
    }
  if (bars->len > MOST_BARS)
    g_array_set_size (bars, 0);
  return bars;
}

/* ---- the base ------------------------------------------------------------------------ */

/* How much stands on a line: widths of the rectangles that end there, those that are no key of a legend. */
static double
weight_at (const GArray *bars, double at, double tolerance, guint *n)
{
  double weight = 0;

  *n = 0;
  for (guint i = 0; i < bars->len; i++)
    {
      const Bar *bar = &g_array_index (bars, Bar, i);
      if (fabs (bar->foot - at) <= tolerance || fabs (bar->top - at) <= tolerance)
        {
          weight += (bar->right - bar->left) * sqrt (MIN (fabs (bar->foot - bar->top), 50));
          (*n)++;
        }
    }
  return weight;
}

/* The line on which the bars stand. FALSE: none that two of them share. */
static gboolean
find_base (const GArray *bars, const ViewScale *scale, double tolerance, double *base)
{
  double most = 0, weight;
  guint  n;

  for (guint i = 0; i < bars->len; i++)
    for (int end = 0; end < 2; end++)
      {
        const Bar *bar = &g_array_index (bars, Bar, i);
        double     at = end == 0 ? bar->foot : bar->top;
        weight = weight_at (bars, at, tolerance, &n) * (end == 0 ? 1.02 : 1);
        if (n >= 2 && weight > most)
          {
            most = weight;
            *base = at;
          }
      }
  double zero = scale != NULL && !scale->axis.logarithmic ? chart_axis_place (&scale->axis, 0) : NAN;
  if (isfinite (zero) && zero > scale->axis.first - 2 * tolerance && zero < scale->axis.last + 2 * tolerance)
    {
      /* a base elsewhere than at zero, within the axis, is none; a few bars at zero are better than many elsewhere */
      weight = weight_at (bars, zero, 2 * tolerance, &n);
      if (n == 0 || weight < 0.3 * most)
        return FALSE;
      if (fabs (*base - zero) > 2 * tolerance)
        *base = zero;
    }
  return most > 0;
}

/* ---- columns ------------------------------------------------------------------------- */

static int
compare_lefts (gconstpointer a, gconstpointer b)
{
  const Bar *x = a, *y = b;

  return x->left != y->left ? (x->left < y->left ? -1 : 1) : x->foot < y->foot ? -1 : x->foot > y->foot;
}

static int
compare_columns (gconstpointer a, gconstpointer b)
{
  const Bar *x = a, *y = b;

  return x->column != y->column ? (x->column < y->column ? -1 : 1) : x->storey < y->storey ? -1 : x->storey > y->storey;
}

static int
compare_widths (gconstpointer a, gconstpointer b)
{
  double x = ((const Bar *) a)->right - ((const Bar *) a)->left, y = ((const Bar *) b)->right - ((const Bar *) b)->left;

  return x < y ? -1 : x > y;
}

/* The usual width: the middle one of the rectangles by their length, as outlines are many and short. */
static double
usual_width (const GArray *bars)
{
  g_autoptr (GArray) sorted = g_array_copy ((GArray *) bars);
  double total = 0, sum = 0;

  g_array_sort (sorted, compare_widths);
  for (guint i = 0; i < sorted->len; i++)
    total += fabs (g_array_index (sorted, Bar, i).top - g_array_index (sorted, Bar, i).foot);
  for (guint i = 0; i < sorted->len; i++)
    {
      const Bar *bar = &g_array_index (sorted, Bar, i);
      sum += fabs (bar->top - bar->foot);
      if (sum >= 0.5 * total)
        return bar->right - bar->left;
    }
  return 0;
}

static gboolean
has_width (const Bar *bar, double width)
{
  return fabs (bar->right - bar->left - width) <= MAX (SAME_WIDTH * width, 2);
}

static gboolean
is_over (const Bar *bar, const Bar *other)
{
  double middle = 0.5 * (bar->left + bar->right);

  return middle > other->left && middle < other->right;
}

static void
turn (Bar *bar)
{
  double foot = bar->foot;

  bar->foot = bar->top;
  bar->top = foot;
}

/* Whether a bar is but the edge of another that stands in the same place. */
static gboolean
is_sliver (const Bar *bar, const GArray *bars)
{
  double length = fabs (bar->top - bar->foot);

  for (guint i = 0; i < bars->len && length <= SLIVER_PX; i++)
    {
      const Bar *other = &g_array_index (bars, Bar, i);
      if (fabs (other->top - other->foot) > length && is_over (bar, other)
          && MIN (fabs (bar->foot - other->foot), fabs (bar->foot - other->top)) <= SLIVER_PX + 1)
        return TRUE;
    }
  return FALSE;
}

/* Takes the bars that stand on the base out of `all`, turned so that the foot is there. */
static GArray *
take_ground_floor (GArray *all, double base, double tolerance)
{
  GArray *floor = g_array_new (FALSE, FALSE, sizeof (Bar));

  for (guint i = all->len; i-- > 0;)
    {
      Bar bar = g_array_index (all, Bar, i);
      if (fabs (bar.top - base) <= tolerance && fabs (bar.top - base) < fabs (bar.foot - base))
        turn (&bar);
      if (fabs (bar.foot - base) > tolerance)
        continue;
      g_array_append_val (floor, bar);
      g_array_remove_index_fast (all, i);
    }
  return floor;
}

/* Drops what is a piece of the base's own line: short, and of a colour that no longer bar has. */
static void
drop_lines (GArray *floor)
{
  gboolean tall[PLOT_MOST_COLOURS] = { FALSE };

  for (guint i = 0; i < floor->len; i++)
    {
      const Bar *bar = &g_array_index (floor, Bar, i);
      tall[bar->colour] = tall[bar->colour] || fabs (bar->top - bar->foot) > SLIVER_PX;
    }
  for (guint i = floor->len; i-- > 0;)
    if (!tall[g_array_index (floor, Bar, i).colour])
      g_array_remove_index (floor, i);
}

/* Puts the parts that stand on others into their columns, taking them out of `all`. */
static void
add_storeys (Bars *found, GArray *all, double tolerance)
{
  guint ground = found->bars->len;

  for (guint at = 0; at < found->bars->len && found->bars->len < MOST_BARS; at++)
    for (guint i = all->len; i-- > 0;)
      {
        Bar below = g_array_index (found->bars, Bar, at), bar = g_array_index (all, Bar, i);
        double step = MAX (SAME_COLUMN * (below.right - below.left), 2.5);
        if (bar.colour == below.colour || fabs (bar.left - below.left) > step || fabs (bar.right - below.right) > step)
          continue;
        if (fabs (bar.top - below.top) < fabs (bar.foot - below.top))
          turn (&bar);
        if (fabs (bar.foot - below.top) > tolerance || (bar.top - bar.foot) * (below.top - found->base) <= 0)
          continue;
        bar.column = below.column;
        bar.storey = below.storey + 1;
        g_array_append_val (found->bars, bar);
        g_array_remove_index_fast (all, i);
      }
  found->stacked = found->bars->len - ground >= MAX (LEAST_STACKED * found->n_columns, 1);
  if (!found->stacked)
    g_array_set_size (found->bars, ground); /* something else stands there, as a legend */
}

/* Numbers the columns; a bar of the base below and one above it share one. */
static void
number_columns (Bars *found)
{
  g_array_sort (found->bars, compare_lefts);
  for (guint i = 0; i < found->bars->len; i++)
    {
      Bar *bar = &g_array_index (found->bars, Bar, i), *before = i > 0 ? bar - 1 : NULL;
      bar->column = before == NULL ? 0 : before->column + !is_over (bar, before);
      found->n_columns = bar->column + 1;
    }
}

/* Cells of a grid have one length. */
static gboolean
is_even (const GArray *bars)
{
  double low = G_MAXDOUBLE, high = -G_MAXDOUBLE;

  for (guint i = 0; i < bars->len; i++)
    {
      low = MIN (low, g_array_index (bars, Bar, i).top);
      high = MAX (high, g_array_index (bars, Bar, i).top);
    }
  return bars->len > MOST_EVEN && high - low < 1.5;
}

Bars *
bars_find (const ChartView *view, const ViewScale *scale, gboolean upright)
{
  g_autoptr (GArray) all = collect (view, upright);
  g_autoptr (Bars)   found = g_new0 (Bars, 1);
  double tolerance = MAX (BASE_PX, BASE * (upright ? view->plot->height : view->plot->width)), base = 0;

  found->upright = upright;
  found->bars = g_array_new (FALSE, FALSE, sizeof (Bar));
  for (guint i = all->len; i-- > 0;)
    if (is_sliver (&g_array_index (all, Bar, i), all))
      g_array_remove_index (all, i);
  if (!find_base (all, scale, tolerance, &base))
    return NULL;
  g_autoptr (GArray) floor = take_ground_floor (all, base, tolerance);
  drop_lines (floor);
  found->base = base;
  found->width = usual_width (floor);
  for (guint i = 0; i < floor->len; i++)
    if (has_width (&g_array_index (floor, Bar, i), found->width))
      g_array_append_val (found->bars, g_array_index (floor, Bar, i));
  if (found->bars->len < 2 || is_even (found->bars))
    return NULL;
  number_columns (found);
  add_storeys (found, all, tolerance);
  g_array_sort (found->bars, compare_columns);
  return g_steal_pointer (&found);
}
