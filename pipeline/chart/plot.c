/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The colours of a chart's picture.
 *
 * A chart has few colours and much of each, so they are the peaks of the histogram; what lies between them are the soft
 * edges. The commonest is the paper. Another one is ground too where it makes a large rectangle whose sides are all its own,
 * as the grey panel of a plot does.
 */
#include "pipeline/chart/plot.h"

#include "base/sets.h"

#include <allheaders.h>
#include <math.h>
#include <string.h>

#define BITS 4 /* of the histogram, each channel */
#define BINS (1 << (3 * BITS))
#define PEAK_RADIUS 30.0  /* what belongs to a peak */
#define LABEL_RADIUS 44.0 /* what has its colour */
#define LEAST_PEAK 0.0006 /* of the picture */
#define LEAST_PEAK_PX 12
#define PANEL_WIDTH 0.5
#define PANEL_HEIGHT 0.4
#define PANEL_SIDE 0.8
#define FRAME_PX 4
#define PANEL_FULL 0.93
#define PANEL_OWN 0.25
#define PANEL_PAPER 0.15 /* within it: lines of the grid, a legend */
#define PANEL_SHARE 0.06
#define BRIDGE_PX 4
#define BRIDGE 0.008 /* of the longer side */
#define LINE_PX 4    /* so thin, a part of a patch that spans the plot is a line */
#define LINE 0.5     /* of the picture's side: what a line spans */
#define MOST_PATCHES 20000
#define MOST_PIXELS (32 * 1000 * 1000)

void
plot_free (Plot *plot)
{
  if (plot == NULL)
    return;
  g_free (plot->rgb);
  g_free (plot->labels);
  g_free (plot);
}

double
plot_apart (const PlotColour *a, const PlotColour *b)
{
  double red = a->red - b->red, green = a->green - b->green, blue = a->blue - b->blue;

  return sqrt (red * red + green * green + blue * blue);
}

/* ---- pixels -------------------------------------------------------------------------- */

static void
copy_pixels (PIX *picture, guint8 *rgb)
{
  int width = pixGetWidth (picture), height = pixGetHeight (picture), depth = pixGetDepth (picture);

  for (int y = 0; y < height; y++)
    {
      const l_uint32 *row = pixGetData (picture) + (gsize) y * pixGetWpl (picture);
      for (int x = 0; x < width; x++, rgb += 3)
        if (depth == 8)
          rgb[0] = rgb[1] = rgb[2] = (guint8) GET_DATA_BYTE (row, x);
        else
          {
            rgb[0] = (guint8) (row[x] >> L_RED_SHIFT);
            rgb[1] = (guint8) (row[x] >> L_GREEN_SHIFT);
            rgb[2] = (guint8) (row[x] >> L_BLUE_SHIFT);
          }
    }
}

/* ---- colours ------------------------------------------------------------------------- */

typedef struct {
  guint  n;
  guint  sum[3];
} Bin;

static int
bin_of (const guint8 *rgb)
{
  return (rgb[0] >> (8 - BITS)) << (2 * BITS) | (rgb[1] >> (8 - BITS)) << BITS | rgb[2] >> (8 - BITS);
}

static PlotColour
mean_of (const Bin *bin)
{
  return (PlotColour){ (int) (bin->sum[0] / bin->n), (int) (bin->sum[1] / bin->n), (int) (bin->sum[2] / bin->n), bin->n, FALSE };
}

/* Takes the highest peak with what lies around it out of the histogram. */
static PlotColour
take_peak (Bin *bins)
{
  int   highest = 0;
  guint n = 0;

  for (int i = 1; i < BINS; i++)
    if (bins[i].n > bins[highest].n)
      highest = i;
  if (bins[highest].n == 0)
    return (PlotColour){ 0 };
  PlotColour middle = mean_of (&bins[highest]);
  for (int i = 0; i < BINS; i++)
    {
      PlotColour colour = bins[i].n > 0 ? mean_of (&bins[i]) : middle;
      if (bins[i].n == 0 || plot_apart (&colour, &middle) > PEAK_RADIUS)
        continue;
      n += bins[i].n;
      bins[i].n = 0;
    }
  middle.n_pixels = n; /* the colour is that of the highest bin: soft edges would shift it */
  return middle;
}

static gboolean
find_colours (Plot *plot)
{
  gsize n_pixels = (gsize) plot->width * plot->height;
  guint least = MAX ((guint) (LEAST_PEAK * (double) n_pixels), LEAST_PEAK_PX);
  g_autofree Bin *bins = g_new0 (Bin, BINS);

  for (gsize i = 0; i < n_pixels; i++)
    {
      const guint8 *rgb = plot->rgb + 3 * i;
      Bin          *bin = &bins[bin_of (rgb)];
      bin->n++;
      for (int c = 0; c < 3; c++)
        bin->sum[c] += rgb[c];
    }
  while (plot->n_colours < PLOT_MOST_COLOURS)
    {
      PlotColour peak = take_peak (bins);
      if (peak.n_pixels < least)
        break;
      plot->colours[plot->n_colours++] = peak;
    }
  return plot->n_colours >= 2;
}

static guint8
nearest_colour (const Plot *plot, const PlotColour *colour)
{
  double nearest = LABEL_RADIUS;
  guint8 label = PLOT_NONE;

  for (guint i = 0; i < plot->n_colours; i++)
    {
      double apart = plot_apart (colour, &plot->colours[i]);
      if (apart < nearest)
        {
          nearest = apart;
          label = (guint8) i;
        }
    }
  return label;
}

/* Colours of five bits a channel are looked up once. */
static void
label_pixels (Plot *plot)
{
  gsize n_pixels = (gsize) plot->width * plot->height;
  g_autofree gint16 *known = g_new (gint16, 1 << 15);

  memset (known, 0xff, (1 << 15) * sizeof *known);
  for (gsize i = 0; i < n_pixels; i++)
    {
      const guint8 *rgb = plot->rgb + 3 * i;
      int           key = (rgb[0] >> 3) << 10 | (rgb[1] >> 3) << 5 | rgb[2] >> 3;
      if (known[key] < 0)
        {
          PlotColour colour = { (rgb[0] & 0xf8) + 4, (rgb[1] & 0xf8) + 4, (rgb[2] & 0xf8) + 4, 0, FALSE };
          known[key] = nearest_colour (plot, &colour);
        }
      plot->labels[i] = (guint8) known[key];
    }
  for (guint i = 0; i < plot->n_colours; i++)
    plot->colours[i].n_pixels = 0;
  for (gsize i = 0; i < n_pixels; i++)
    if (plot->labels[i] != PLOT_NONE)
      plot->colours[plot->labels[i]].n_pixels++;
}

/* ---- ground -------------------------------------------------------------------------- */

/* Whether the colour, with what is drawn on it, makes a large rectangle whose sides are mostly of it and that has little paper. */
static gboolean
is_panel (const Plot *plot, int colour)
{
  int x0 = plot->width, y0 = plot->height, x1 = 0, y1 = 0;
  g_autofree int *across = g_new0 (int, plot->width), *down = g_new0 (int, plot->height);

  for (int y = 0; y < plot->height; y++)
    for (int x = 0; x < plot->width; x++)
      if (plot_label (plot, x, y) == colour)
        {
          across[x]++;
          down[y]++;
        }
  for (int x = 0; x < plot->width; x++)
    if (across[x] >= PANEL_SIDE * PANEL_HEIGHT * plot->height)
      {
        x0 = MIN (x0, x);
        x1 = MAX (x1, x + 1);
      }
  for (int y = 0; y < plot->height; y++)
    if (down[y] >= PANEL_SIDE * PANEL_WIDTH * plot->width)
      {
        y0 = MIN (y0, y);
        y1 = MAX (y1, y + 1);
      }
  if (x1 - x0 < PANEL_WIDTH * plot->width || y1 - y0 < PANEL_HEIGHT * plot->height)
    return FALSE;
  /* columns and rows near the sides; bars may fill three of them, but not the top, and may hide one */
  int top = 0, left = 0, right = 0, deep = MAX (MIN (x1 - x0, y1 - y0) / 60, 2) + FRAME_PX;
  for (int d = FRAME_PX; d < deep; d++)
    {
      left = MAX (left, across[x0 + d]);
      right = MAX (right, across[x1 - 1 - d]);
      top = MAX (top, down[y0 + d]);
    }
  if (top < PANEL_FULL * (x1 - x0) || MAX (left, right) < PANEL_FULL * (y1 - y0))
    return FALSE;
  int paper = 0, own = 0, area = (x1 - x0) * (y1 - y0);
  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      {
        paper += plot_label (plot, x, y) == plot->paper;
        own += plot_label (plot, x, y) == colour;
      }
  return paper < PANEL_PAPER * area && own > PANEL_OWN * area;
}

static void
find_ground (Plot *plot)
{
  double n_pixels = (double) plot->width * plot->height;
  guint  around[PLOT_NONE + 1] = { 0 };

  for (int x = 0; x < plot->width; x++)
    {
      around[plot_label (plot, x, 0)]++;
      around[plot_label (plot, x, plot->height - 1)]++;
    }
  for (int y = 0; y < plot->height; y++)
    {
      around[plot_label (plot, 0, y)]++;
      around[plot_label (plot, plot->width - 1, y)]++;
    }
  for (guint i = 1; i < plot->n_colours; i++)
    if (around[i] > around[plot->paper])
      plot->paper = (int) i;
  plot->colours[plot->paper].ground = TRUE;
  plot->dark = plot->colours[plot->paper].red + plot->colours[plot->paper].green + plot->colours[plot->paper].blue < 330;
  for (guint i = 0; i < plot->n_colours; i++)
    if (!plot->colours[i].ground && plot->colours[i].n_pixels >= PANEL_SHARE * n_pixels)
      plot->colours[i].ground = is_panel (plot, (int) i);
}

Plot *
plot_new (PIX *picture)
{
  g_autoptr (Plot) plot = g_new0 (Plot, 1);
  gsize n_pixels = (gsize) pixGetWidth (picture) * pixGetHeight (picture);

  if (pixGetDepth (picture) != 8 && pixGetDepth (picture) != 32)
    return NULL;
  plot->width = pixGetWidth (picture);
  plot->height = pixGetHeight (picture);
  if (n_pixels == 0 || n_pixels > MOST_PIXELS || (plot->rgb = g_try_malloc (3 * n_pixels)) == NULL
      || (plot->labels = g_try_malloc (n_pixels)) == NULL)
    return NULL;
  copy_pixels (picture, plot->rgb);
  if (!find_colours (plot))
    return NULL;
  label_pixels (plot);
  find_ground (plot);
  return g_steal_pointer (&plot);
}

/* ---- patches ------------------------------------------------------------------------- */

/* Fills what parts a colour along a line of pixels `step` apart, where it is thin and no ground. */
static void
bridge (const Plot *plot, guint8 *labels, gsize first, gsize step, int length)
{
  int last[PLOT_MOST_COLOURS], ground = -1, most = MAX (BRIDGE_PX, (int) (BRIDGE * MAX (plot->width, plot->height)));

  for (guint c = 0; c < plot->n_colours; c++)
    last[c] = -1 - most;
  for (int i = 0; i < length; i++)
    {
      guint8 label = plot->labels[first + (gsize) i * step];
      if (plot_is_ground (plot, label))
        ground = i;
      else if (label != PLOT_NONE)
        {
          if (i - last[label] > 1 && i - last[label] <= most + 1 && last[label] > ground)
            for (int k = last[label] + 1; k < i; k++)
              labels[first + (gsize) k * step] = label;
          last[label] = i;
        }
    }
}

typedef struct {
  int    x0, x1;
  guint  patch;
  guint8 label;
} Run;

/* The runs of one row that are no ground, as patches of their own that are joined with those above. */
static void
take_row (const Plot *plot, const guint8 *row, int y, const GArray *above, GArray *runs, GArray *patches, GArray *parents)
{
  guint from = 0;

  for (int x = 0, x1; x < plot->width; x = x1)
    {
      guint8 label = row[x];
      for (x1 = x + 1; x1 < plot->width && row[x1] == label;)
        x1++;
      if (label == PLOT_NONE || plot_is_ground (plot, label))
        continue;
      Run run = { x, x1, patches->len, label };
      for (; from < above->len && g_array_index (above, Run, from).x1 <= x;)
        from++;
      gboolean joined = FALSE;
      for (guint k = from; k < above->len && g_array_index (above, Run, k).x0 < x1; k++)
        {
          const Run *other = &g_array_index (above, Run, k);
          if (other->label != label)
            continue;
          guint root = docai_sets_root ((guint *) parents->data, other->patch);
          if (joined)
            g_array_index (parents, guint, docai_sets_root ((guint *) parents->data, run.patch)) = root;
          run.patch = root;
          joined = TRUE;
        }
      if (!joined)
        {
          PlotPatch patch = { x, y, x1, y + 1, 0, label };
          g_array_append_val (patches, patch);
          g_array_append_val (parents, run.patch);
        }
      PlotPatch *patch = &g_array_index (patches, PlotPatch, run.patch);
      patch->x0 = MIN (patch->x0, x);
      patch->x1 = MAX (patch->x1, x1);
      patch->y1 = y + 1;
      patch->area += x1 - x;
      g_array_append_val (runs, run);
    }
}

static GArray *
collect (GArray *patches, GArray *parents, int least)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (PlotPatch));

  for (guint i = 0; i < patches->len; i++)
    {
      guint root = docai_sets_root ((guint *) parents->data, i);
      if (root == i)
        continue;
      PlotPatch *to = &g_array_index (patches, PlotPatch, root), *from = &g_array_index (patches, PlotPatch, i);
      to->x0 = MIN (to->x0, from->x0);
      to->y0 = MIN (to->y0, from->y0);
      to->x1 = MAX (to->x1, from->x1);
      to->y1 = MAX (to->y1, from->y1);
      to->area += from->area;
    }
  for (guint i = 0; i < patches->len; i++)
    if (docai_sets_root ((guint *) parents->data, i) == i && g_array_index (patches, PlotPatch, i).area >= least)
      g_array_append_val (found, g_array_index (patches, PlotPatch, i));
  return found;
}

/* Takes runs of a colour that are shorter than a line is thick out of a line of pixels. */
static void
take_thin (guint8 *labels, gsize first, gsize step, int length, const gboolean *lined)
{
  for (int i = 0, end; i < length; i = end)
    {
      guint8 label = labels[first + (gsize) i * step];
      for (end = i + 1; end < length && labels[first + (gsize) end * step] == label;)
        end++;
      for (int k = i; label != PLOT_NONE && lined[label] && end - i < LINE_PX && k < end; k++)
        labels[first + (gsize) k * step] = PLOT_NONE;
    }
}

static GArray *
find_patches (const Plot *plot, const guint8 *labels, int least)
{
  g_autoptr (GArray) patches = g_array_new (FALSE, FALSE, sizeof (PlotPatch)), parents = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) above = g_array_new (FALSE, FALSE, sizeof (Run)), runs = g_array_new (FALSE, FALSE, sizeof (Run));

  for (int y = 0; y < plot->height; y++)
    {
      take_row (plot, labels + (gsize) y * plot->width, y, above, runs, patches, parents);
      GArray *swap = above;
      above = runs;
      runs = swap;
      g_array_set_size (runs, 0);
    }
  return collect (patches, parents, least);
}

/* The colours of which a patch has long thin parts: bars that grow out of an axis of their colour. */
static gboolean
find_lined (const Plot *plot, const GArray *patches, gboolean *lined)
{
  gboolean any = FALSE;

  for (guint i = 0; i < patches->len; i++)
    {
      const PlotPatch *patch = &g_array_index (patches, PlotPatch, i);
      int w = patch->x1 - patch->x0, h = patch->y1 - patch->y0;
      if ((w > LINE * plot->width || h > LINE * plot->height) && patch->area < 0.9 * w * h && patch->area > LINE_PX * (w + h))
        any = lined[patch->colour] = TRUE;
    }
  return any;
}

GArray *
plot_patches (const Plot *plot, gboolean upright, int least)
{
  gsize    n_pixels = (gsize) plot->width * plot->height;
  gboolean lined[PLOT_MOST_COLOURS] = { FALSE };
  g_autofree guint8 *labels = g_try_malloc (n_pixels);

  if (labels == NULL)
    return NULL;
  memcpy (labels, plot->labels, n_pixels);
  for (int i = 0; i < (upright ? plot->width : plot->height); i++)
    if (upright)
      bridge (plot, labels, (gsize) i, (gsize) plot->width, plot->height);
    else
      bridge (plot, labels, (gsize) i * plot->width, 1, plot->width);
  g_autoptr (GArray) found = find_patches (plot, labels, least);
  if (find_lined (plot, found, lined))
    {
      for (int x = 0; x < plot->width; x++)
        take_thin (labels, (gsize) x, (gsize) plot->width, plot->height, lined);
      for (int y = 0; y < plot->height; y++)
        take_thin (labels, (gsize) y * plot->width, 1, plot->width, lined);
      g_array_unref (found);
      found = find_patches (plot, labels, least);
    }
  return found->len <= MOST_PATCHES ? g_steal_pointer (&found) : NULL;
}
