/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Skew by the sharpest profile of component bottoms, and a rotation for small
 * angles that moves eight pixels at a time.
 */
#include "pipeline/layout/skew.h"

#include <math.h>
#include <string.h>

#define MAX_POINTS 6000 /* of the profile; more are thinned evenly */
#define SPAN       8    /* pixels of a row that move by one vector */

typedef struct {
  float x, y;
} Point;

/* Energy of the profile of the points' bottoms after turning back by `slope`. */
static double
profile_energy (const GArray *points, double slope, double bin, guint32 *counts, int n_counts,
                double origin)
{
  memset (counts, 0, sizeof *counts * (gsize) n_counts);
  for (guint i = 0; i < points->len; i++) {
    const Point *p = &g_array_index (points, Point, i);
    int          k = (int) ((p->y - slope * p->x - origin) / bin);
    if (k >= 0 && k < n_counts)
      counts[k]++;
  }
  double sum = 0;
  for (int k = 0; k < n_counts; k++)
    sum += (double) counts[k] * counts[k];
  return sum;
}

static GArray *
collect_points (const GArray *components, int least, int most)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (Point));
  for (guint i = 0; i < components->len; i++) {
    const LayoutComponent *c = &g_array_index (components, LayoutComponent, i);
    int h = c->y1 - c->y0, w = c->x1 - c->x0;
    if (h < least || h > most || w > 4 * most)
      continue;
    Point p = { 0.5f * (float) (c->x0 + c->x1), (float) c->y1 };
    g_array_append_val (points, p);
  }
  if (points->len > MAX_POINTS) {
    guint step = (points->len + MAX_POINTS - 1) / MAX_POINTS, n = 0;
    for (guint i = 0; i < points->len; i += step)
      g_array_index (points, Point, n++) = g_array_index (points, Point, i);
    g_array_set_size (points, n);
  }
  return points;
}

double
skew_estimate (const GArray *components, int least, int most, double limit, double *sharpness)
{
  *sharpness = 0;
  g_autoptr (GArray) points = collect_points (components, least, most);
  if (points->len < 12)
    return 0;

  double x_max = 0, y_max = 0;
  for (guint i = 0; i < points->len; i++) {
    x_max = MAX (x_max, g_array_index (points, Point, i).x);
    y_max = MAX (y_max, g_array_index (points, Point, i).y);
  }
  double reach  = x_max * tan (limit * G_PI / 180);
  double bin    = MAX (1.5, least * 0.3);
  int    n_bins = (int) (y_max + 2 * reach) + 2; /* enough for the finest, of one pixel */
  g_autofree guint32 *counts = g_try_new (guint32, n_bins);
  if (!counts)
    return 0;

  double best = 0, step = limit > 4 ? 0.2 : 0.1, from = -limit, to = limit;
  /* coarse with wide bins, then twice around the best with finer ones */
  for (int round = 0; round < 3; round++) {
    double top = -1, where = best;
    for (double a = from; a <= to + 1e-9; a += step) {
      double e = profile_energy (points, tan (a * G_PI / 180), bin, counts, n_bins, -reach);
      /* among equals the smaller angle */
      if (e > top * (1 + 1e-9) || (e >= top * (1 - 1e-9) && fabs (a) < fabs (where))) {
        top   = e;
        where = a;
      }
    }
    if (round == 0)
      *sharpness = top * (y_max / bin) / ((double) points->len * points->len);
    best = where;
    from = best - step;
    to   = best + step;
    step /= 5;
    bin = MAX (1.0, bin * 0.7);
  }
  return fabs (best) < 1e-6 ? 0 : best;
}

/* Eight bilinear pixels of `bytes` channels from (x, y) on, weights in 1/128. */
static inline void
blend_span (const guint8 *a, const guint8 *b, int bytes, int n, int wx, int wy, guint8 *out)
{
  int w00 = (128 - wx) * (128 - wy) >> 7, w10 = wx * (128 - wy) >> 7, w01 = (128 - wx) * wy >> 7;
  int w11 = 128 - w00 - w10 - w01;
  for (int i = 0; i < n * bytes; i++)
    out[i] = (guint8) ((a[i] * w00 + a[i + bytes] * w10 + b[i] * w01 + b[i + bytes] * w11 + 64) >> 7);
}

typedef guint8  Bytes8 __attribute__ ((vector_size (8)));
typedef guint16 Words8 __attribute__ ((vector_size (16)));

static inline Words8
load_span (const guint8 *p)
{
  Bytes8 bytes;
  memcpy (&bytes, p, sizeof bytes);
  return __builtin_convertvector (bytes, Words8);
}

/* The same for eight grey pixels at once; sums stay below 2^15. */
static inline void
blend_grey_span (const guint8 *a, const guint8 *b, int wx, int wy, guint8 *out)
{
  guint16 w00 = (guint16) ((128 - wx) * (128 - wy) >> 7), w10 = (guint16) (wx * (128 - wy) >> 7);
  guint16 w01 = (guint16) ((128 - wx) * wy >> 7), w11 = (guint16) (128 - w00 - w10 - w01);
  Words8  sum = load_span (a) * w00 + load_span (a + 1) * w10 + load_span (b) * w01
               + load_span (b + 1) * w11 + 64;
  Bytes8  bytes = __builtin_convertvector (sum >> 7, Bytes8);
  memcpy (out, &bytes, sizeof bytes);
}

/* One row of the result; `in` holds pixels in memory order (see skew_straighten). */
static void
turn_row (const guint8 *in, gsize stride, int width, int height, int bytes, double c, double s,
          int y, guint8 *out)
{
  double cx = 0.5 * width, cy = 0.5 * height;
  for (int x = 0; x < width; x += SPAN) {
    int    n  = MIN (SPAN, width - x);
    double dx = x + 0.5 * n - cx, dy = y + 0.5 - cy;
    double sx = cx + c * dx - s * dy - 0.5 * n, sy = cy + s * dx + c * dy - 0.5;
    int    ix = (int) floor (sx), iy = (int) floor (sy);
    if (ix < 0 || iy < 0 || ix + n + 1 > width || iy + 2 > height) {
      /* at the edges: pixel by pixel, nearest */
      for (int k = 0; k < n; k++) {
        int px = (int) lround (sx) + k, py = (int) lround (sy);
        if (px >= 0 && py >= 0 && px < width && py < height)
          memcpy (out + (gsize) (x + k) * bytes, in + (gsize) py * stride + (gsize) px * bytes,
                  (gsize) bytes);
        else
          memset (out + (gsize) (x + k) * bytes, 255, (gsize) bytes);
      }
      continue;
    }
    const guint8 *a = in + (gsize) iy * stride + (gsize) ix * bytes;
    if (ix + n + 1 == width) /* the neighbour to the right of the last one lies outside */
      n--, memcpy (out + (gsize) (x + n) * bytes, a + (gsize) n * bytes, (gsize) bytes);
    int wx = (int) ((sx - ix) * 128), wy = (int) ((sy - iy) * 128);
    if (n == SPAN && bytes == 1)
      blend_grey_span (a, a + stride, wx, wy, out + x);
    else
      blend_span (a, a + stride, bytes, n, wx, wy, out + (gsize) x * bytes);
  }
}

PIX *
skew_straighten (PIX *raster, double degrees)
{
  int  depth = pixGetDepth (raster);
  PIX *in    = depth == 1 ? pixConvert1To8 (NULL, raster, 255, 0) : pixClone (raster);
  if (!in)
    return NULL;
  int bytes = pixGetDepth (in) / 8, width = pixGetWidth (in), height = pixGetHeight (in);
  PIX *out = pixCreateTemplateNoInit (in);
  /* Leptonica keeps 8-bit pixels in big-endian words: bring them into memory order */
  PIX *plain = bytes == 1 ? pixEndianByteSwapNew (in) : pixClone (in);
  if (out && plain) {
    gsize         stride = 4 * (gsize) pixGetWpl (in);
    const guint8 *from   = (const guint8 *) pixGetData (plain);
    guint8       *to     = (guint8 *) pixGetData (out);
    double        c = cos (degrees * G_PI / 180), s = sin (degrees * G_PI / 180);
    for (int y = 0; y < height; y++)
      turn_row (from, stride, width, height, bytes, c, s, y, to + (gsize) y * stride);
    if (bytes == 1)
      pixEndianByteSwap (out);
    pixCopyText (out, in);
  } else {
    pixDestroy (&out);
  }
  pixDestroy (&plain);
  pixDestroy (&in);
  return out;
}
