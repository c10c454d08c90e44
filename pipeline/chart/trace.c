/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Following lines.
 *
 * A thin line is mostly soft edge: its pixels lie anywhere between its colour and the ground. So a pixel belongs to a colour when
 * it departs from the ground in the same direction. In each column these pixels make runs; the line is the way through the
 * runs with the least rise and fall (dynamic programming), over gaps of dashes and crossings.
 */
#include "pipeline/chart/trace.h"

#include "base/sort.h"

#include <math.h>
#include <string.h>

#define SAME_WAY 0.955    /* cosine of two colours' departures from the ground */
#define LEAST_DEPART 55.0
#define LEAST_MIX 0.4     /* of the colour's own departure */
#define MOST_RUNS 8       /* of a column */
#define LEAST_WIDTH 0.45  /* of the plot: what a line spans */
#define LEAST_SEEN 0.45   /* of the columns that it spans */
#define GRID_ROW 0.6      /* of the width: a row of the grid */
#define GRID_COLUMN 0.7
#define THICK 0.06        /* of the plot's height */
#define LEAST_THICK_PX 8
#define MOST_GAP 14       /* columns of a dash's gap */
#define JUMP 0.3          /* of the height */
#define MOST_JUMPS 0.02   /* of the columns */
#define EXTREME_PX 5
#define ALONG 0.4        /* of the columns */

void
trace_free (Trace *trace)
{
  if (trace == NULL)
    return;
  g_free (trace->middles);
  g_free (trace->tops);
  g_free (trace->bottoms);
  g_free (trace);
}

/* ---- colours ------------------------------------------------------------------------- */

typedef struct {
  double x[3], length;
} Way;

static Way
way_of (const PlotColour *ground, int red, int green, int blue)
{
  Way way = { { red - ground->red, green - ground->green, blue - ground->blue }, 0 };

  way.length = sqrt (way.x[0] * way.x[0] + way.x[1] * way.x[1] + way.x[2] * way.x[2]);
  return way;
}

static double
cosine (const Way *a, const Way *b)
{
  return (a->x[0] * b->x[0] + a->x[1] * b->x[1] + a->x[2] * b->x[2]) / MAX (a->length * b->length, 1e-9);
}

/* The ground that there is most of in the box. */
static int
ground_of (const Plot *plot, DocaiBox box)
{
  guint counts[PLOT_MOST_COLOURS] = { 0 };
  int   best = plot->paper;

  for (int y = (int) box.y0; y < (int) box.y1; y++)
    for (int x = (int) box.x0; x < (int) box.x1; x++)
      if (plot_is_ground (plot, plot_label (plot, x, y)))
        counts[plot_label (plot, x, y)]++;
  for (guint i = 0; i < plot->n_colours; i++)
    if (counts[i] > counts[best])
      best = (int) i;
  return best;
}

static gboolean
is_of (const Plot *plot, int ground, const Way *way, int x, int y)
{
  const guint8 *rgb = plot_pixel (plot, x, y);
  Way           pixel = way_of (&plot->colours[ground], rgb[0], rgb[1], rgb[2]);

  return pixel.length >= MAX (LEAST_MIX * way->length, 20) && pixel.length < 1.5 * way->length && cosine (&pixel, way) >= SAME_WAY;
}

gboolean
trace_has_colour (const Plot *plot, int colour, int x, int y)
{
  const PlotColour *c = &plot->colours[colour];
  Way               way = way_of (&plot->colours[plot->paper], c->red, c->green, c->blue);

  return x >= 0 && y >= 0 && x < plot->width && y < plot->height && is_of (plot, plot->paper, &way, x, y);
}

/* Colours that depart from the ground each in its own direction; the farthest of a direction. */
static GArray *
find_ways (const Plot *plot, int ground)
{
  GArray *chosen = g_array_new (FALSE, FALSE, sizeof (int));

  for (guint i = 0; i < plot->n_colours; i++)
    {
      const PlotColour *c = &plot->colours[i];
      Way      way = way_of (&plot->colours[ground], c->red, c->green, c->blue);
      gboolean known = FALSE;
      if (c->ground || way.length < LEAST_DEPART)
        continue;
      for (guint k = 0; k < plot->n_colours && !known; k++)
        {
          const PlotColour *o = &plot->colours[k];
          Way               other = way_of (&plot->colours[ground], o->red, o->green, o->blue);
          known = k != i && !o->ground && cosine (&way, &other) > SAME_WAY + 0.015 && other.length > way.length && o->n_pixels * 4 > c->n_pixels;
        }
      int colour = (int) i;
      if (!known)
        g_array_append_val (chosen, colour);
    }
  return chosen;
}

/* ---- runs ---------------------------------------------------------------------------- */

typedef struct {
  int    top, bottom; /* rows, both within */
  double cost;
  int    from;        /* run of the column before that has any; -1: none */
} Step;

typedef struct {
  Step steps[MOST_RUNS];
  int  n;
  int  before; /* the column before that has any; -1: none */
} Column;

/* The mask of a colour in the box, [height][width], without lines of the grid. */
static guint8 *
mask_of (const Plot *plot, DocaiBox box, int ground, int colour)
{
  int     x0 = (int) box.x0, y0 = (int) box.y0, width = (int) box.x1 - x0, height = (int) box.y1 - y0;
  guint8 *mask = g_try_malloc0 ((gsize) width * height);
  Way     way = way_of (&plot->colours[ground], plot->colours[colour].red, plot->colours[colour].green, plot->colours[colour].blue);
  g_autofree int *across = g_new0 (int, width), *down = g_new0 (int, height);

  if (mask == NULL)
    return NULL;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      if (!plot_is_ground (plot, plot_label (plot, x0 + x, y0 + y)) && is_of (plot, ground, &way, x0 + x, y0 + y))
        {
          mask[(gsize) y * width + x] = 1;
          across[x]++;
          down[y]++;
        }
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      if (down[y] > GRID_ROW * width || across[x] > GRID_COLUMN * height)
        mask[(gsize) y * width + x] = 0;
  return mask;
}

static void
find_runs (const guint8 *mask, int width, int height, int x, Column *column)
{
  column->n = 0;
  column->before = -1;
  for (int y = 0, end; y < height && column->n < MOST_RUNS; y = end)
    {
      for (end = y + 1; end < height && mask[(gsize) end * width + x] == mask[(gsize) y * width + x];)
        end++;
      if (mask[(gsize) y * width + x])
        column->steps[column->n++] = (Step){ y, end - 1, 0, -1 };
    }
}

/* How far apart two runs are: nothing where they touch. */
static double
rise (const Step *a, const Step *b)
{
  double gap = MAX (a->top - b->bottom, b->top - a->bottom), shift = fabs (0.5 * (a->top + a->bottom) - 0.5 * (b->top + b->bottom));

  return MAX (gap, 0) + 0.2 * shift;
}

/* The least costs from the left; the last column that has runs, -1: none. */
static int
find_way (Column *columns, int n)
{
  int last = -1;

  for (int x = 0; x < n; x++)
    {
      Column *column = &columns[x];
      if (column->n == 0)
        continue;
      column->before = last;
      for (int i = 0; i < column->n && last >= 0; i++)
        {
          Step *step = &column->steps[i];
          step->cost = G_MAXDOUBLE;
          for (int k = 0; k < columns[last].n; k++)
            {
              double cost = columns[last].steps[k].cost + rise (step, &columns[last].steps[k]);
              if (cost < step->cost)
                {
                  step->cost = cost;
                  step->from = k;
                }
            }
        }
      last = x;
    }
  return last;
}

/* ---- lines --------------------------------------------------------------------------- */

static Trace *
trace_new (int x0, int n, int colour)
{
  Trace *trace = g_new0 (Trace, 1);

  trace->x0 = x0;
  trace->n = n;
  trace->colour = colour;
  trace->middles = g_new (double, n);
  trace->tops = g_new (double, n);
  trace->bottoms = g_new (double, n);
  for (int i = 0; i < n; i++)
    trace->middles[i] = trace->tops[i] = trace->bottoms[i] = NAN;
  return trace;
}

/* Whether what was followed is a line: it spans enough, is thin, and does not jump. */
static gboolean
is_line (Trace *trace, int height)
{
  g_autoptr (GArray) thick = g_array_new (FALSE, FALSE, sizeof (double));
  int    first = -1, last = -1, jumps = 0, before = -1;

  for (int i = 0; i < trace->n; i++)
    {
      if (isnan (trace->middles[i]))
        continue;
      double thickness = trace->bottoms[i] - trace->tops[i] + 1;
      first = first < 0 ? i : first;
      last = i;
      g_array_append_val (thick, thickness);
      jumps += before >= 0 && MAX (trace->tops[i] - trace->bottoms[before], trace->tops[before] - trace->bottoms[i]) > JUMP * height;
      before = i;
    }
  if (first < 0)
    return FALSE;
  g_array_sort (thick, docai_compare_doubles);
  trace->thickness = g_array_index (thick, double, thick->len / 2);
  return last - first >= LEAST_WIDTH * trace->n && thick->len >= LEAST_SEEN * (last - first)
         && trace->thickness <= MAX (THICK * height, LEAST_THICK_PX) && jumps <= MAX (MOST_JUMPS * (last - first), 1);
}

static Trace *
follow (const Plot *plot, DocaiBox box, int ground, int colour)
{
  int width = (int) box.x1 - (int) box.x0, height = (int) box.y1 - (int) box.y0, best = 0;
  g_autofree guint8 *mask = mask_of (plot, box, ground, colour);
  g_autofree Column *columns = g_try_new (Column, width);
  g_autoptr (Trace)  trace = NULL;

  if (mask == NULL || columns == NULL)
    return NULL;
  for (int x = 0; x < width; x++)
    find_runs (mask, width, height, x, &columns[x]);
  int x = find_way (columns, width);
  if (x < 0)
    return NULL;
  trace = trace_new ((int) box.x0, width, colour);
  for (int i = 1; i < columns[x].n; i++)
    if (columns[x].steps[i].cost < columns[x].steps[best].cost)
      best = i;
  while (x >= 0)
    {
      const Step *step = &columns[x].steps[best];
      trace->tops[x] = step->top + box.y0;
      trace->bottoms[x] = step->bottom + box.y0;
      trace->middles[x] = 0.5 * (step->top + step->bottom + 1) + (int) box.y0;
      best = step->from;
      x = best >= 0 ? columns[x].before : -1;
    }
  return is_line (trace, height) ? g_steal_pointer (&trace) : NULL;
}

/* Whether a line mostly runs where another does: it is the other's edge in another shade. */
static gboolean
runs_along (const Trace *trace, const Trace *other)
{
  int n = 0, along = 0;

  for (int i = 0; i < trace->n && i < other->n; i++)
    {
      if (isnan (trace->middles[i]))
        continue;
      n++;
      along += !isnan (other->middles[i]) && fabs (trace->middles[i] - other->middles[i]) < MAX (other->thickness, 4);
    }
  return along > ALONG * n;
}

static void
drop_shades (const Plot *plot, GPtrArray *lines)
{
  for (guint i = lines->len; i-- > 0;)
    {
      const Trace *trace = lines->pdata[i];
      gboolean     shade = FALSE;
      for (guint k = 0; k < lines->len && !shade; k++)
        {
          const Trace *other = lines->pdata[k];
          shade = k != i && plot->colours[other->colour].n_pixels >= plot->colours[trace->colour].n_pixels && runs_along (trace, other);
        }
      if (shade)
        g_ptr_array_remove_index (lines, i);
    }
}

GPtrArray *
trace_lines (const Plot *plot, DocaiBox box)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) trace_free);

  box = DOCAI_BOX (floor (MAX (box.x0, 0)), floor (MAX (box.y0, 0)), floor (MIN (box.x1, plot->width)), floor (MIN (box.y1, plot->height)));
  if (docai_box_width (box) < 20 || docai_box_height (box) < 20)
    return lines;
  int ground = ground_of (plot, box);
  g_autoptr (GArray) ways = find_ways (plot, ground);
  for (guint i = 0; i < ways->len; i++)
    {
      Trace *trace = follow (plot, box, ground, g_array_index (ways, int, i));
      if (trace != NULL)
        g_ptr_array_add (lines, trace);
    }
  drop_shades (plot, lines);
  return lines;
}

/* The nearest column at or beside `i` in a direction where the line is seen; -1: none near. */
static int
seen (const Trace *trace, int i, int way)
{
  for (int k = 0; k <= MOST_GAP; k++)
    if (i + way * k >= 0 && i + way * k < trace->n && !isnan (trace->middles[i + way * k]))
      return i + way * k;
  return -1;
}

double
trace_at (const Trace *trace, double x)
{
  int    i = (int) floor (x) - trace->x0, left = seen (trace, i, -1), right = seen (trace, i, 1);
  double middle;

  if (left < 0 && right < 0)
    return NAN;
  if (left < 0 || right < 0)
    {
      int near = left < 0 ? right : left;
      return ABS (near - i) <= 3 ? trace->middles[near] : NAN;
    }
  middle = left == right ? trace->middles[left] : trace->middles[left] + (trace->middles[right] - trace->middles[left]) * (i - left) / (right - left);
  if (left != right)
    return middle;
  /* at a peak, both ways go down */
  int step = (int) MAX (ceil (trace->thickness), 2), before = seen (trace, i - step, -1), after = seen (trace, i + step, 1);
  if (before < 0 || after < 0)
    return middle;
  double half = 0.5 * trace->thickness, up = trace->tops[i] + half, down = trace->bottoms[i] + 1 - half;
  if (trace->middles[before] > middle + 0.5 && trace->middles[after] > middle + 0.5)
    return MAX (up, middle - EXTREME_PX);
  if (trace->middles[before] < middle - 0.5 && trace->middles[after] < middle - 0.5)
    return MIN (down, middle + EXTREME_PX);
  return middle;
}
