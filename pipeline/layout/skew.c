/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Skew by the sharpest profile of component bottoms, and a rotation for small
 * angles that moves eight pixels at a time.
 */
#include "pipeline/layout/skew.h"

#include "pipeline/ocr/lstm/lanes.h"

#include <math.h>
#include <string.h>

#define MAX_POINTS 6000 /* of the profile; more are thinned evenly */
#define SPAN       8    /* pixels of a row that move by one vector */
#define LANES      2    /* threads that turn a picture */

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

/* `n` bilinear pixels of `bytes` channels from (x, y) on, weights in 1/128. */
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

/* The same for a whole span, eight bytes at once; sums stay below 2^15. */
static inline void
blend_whole_span (const guint8 *a, const guint8 *b, int bytes, int wx, int wy, guint8 *out)
{
  guint16 w00 = (guint16) ((128 - wx) * (128 - wy) >> 7), w10 = (guint16) (wx * (128 - wy) >> 7);
  guint16 w01 = (guint16) ((128 - wx) * wy >> 7), w11 = (guint16) (128 - w00 - w10 - w01);
  for (int k = 0; k < bytes; k++, a += SPAN, b += SPAN, out += SPAN) {
    Words8 sum = load_span (a) * w00 + load_span (a + bytes) * w10 + load_span (b) * w01
                 + load_span (b + bytes) * w11 + 64;
    Bytes8 mixed = __builtin_convertvector (sum >> 7, Bytes8);
    memcpy (out, &mixed, sizeof mixed);
  }
}

/* Where a pixel of the result comes from, in 1/2^32 of a pixel: `x` and `y` of
 * the first span of a row, and what a span adds. */
typedef struct {
  gint64 x, y;
  gint64 dx, dy;
} Course;

static gint64
fixed (double pixels)
{
  return (gint64) (pixels * 4294967296.0);
}

/* Rows of the picture with their pixels in memory order. Leptonica keeps those of
 * 8 bits in big-endian words; of them the rows that one row of the result may
 * touch are kept turned round in a ring. */
typedef struct {
  const guint8 *data;
  gsize         stride;
  int           height, bytes;
  guint8       *ring; /* [n_ring][stride]; NULL: the rows are taken as they are */
  int           n_ring, n_read; /* n_ring is a power of two */
} Rows;

static inline const guint8 *
row_at (const Rows *rows, int y)
{
  return rows->ring ? rows->ring + (gsize) (y & (rows->n_ring - 1)) * rows->stride
                    : rows->data + (gsize) y * rows->stride;
}

typedef guint32 Pixels16 __attribute__ ((vector_size (16)));

/* Turns the bytes of each word round. */
static void
swap_row (const guint8 *from, gsize stride, guint8 *to)
{
  gsize i = 0;
  for (; i + sizeof (Pixels16) <= stride; i += sizeof (Pixels16)) {
    Pixels16 words;
    memcpy (&words, from + i, sizeof words);
    words = (words << 16) | (words >> 16);
    words = ((words & 0x00ff00ff) << 8) | ((words >> 8) & 0x00ff00ff);
    memcpy (to + i, &words, sizeof words);
  }
  for (; i < stride; i += 4) {
    guint32 word;
    memcpy (&word, from + i, 4);
    word = GUINT32_SWAP_LE_BE (word);
    memcpy (to + i, &word, 4);
  }
}

/* Makes the rows before `end` ready. */
static void
read_rows (Rows *rows, int end)
{
  for (; rows->ring && rows->n_read < MIN (end, rows->height); rows->n_read++)
    swap_row (rows->data + (gsize) rows->n_read * rows->stride, rows->stride,
              rows->ring + (gsize) (rows->n_read & (rows->n_ring - 1)) * rows->stride);
}

/* At the edges: pixel by pixel, nearest. */
static void
turn_edge (const Rows *rows, int width, gint64 sx, gint64 sy, int n, guint8 *out)
{
  int px = (int) ((sx + (1LL << 31)) >> 32), py = (int) ((sy + (1LL << 31)) >> 32);
  for (int k = 0; k < n; k++, px++, out += rows->bytes) {
    if (px >= 0 && py >= 0 && px < width && py < rows->height)
      memcpy (out, row_at (rows, py) + (gsize) px * rows->bytes, (gsize) rows->bytes);
    else
      memset (out, 255, (gsize) rows->bytes);
  }
}

/* One row of the result, in memory order. */
static void
turn_row (const Rows *rows, int width, Course at, guint8 *out)
{
  int bytes = rows->bytes;
  for (int x = 0; x < width; x += SPAN, at.x += at.dx, at.y += at.dy, out += SPAN * bytes) {
    int n  = MIN (SPAN, width - x);
    int ix = (int) (at.x >> 32), iy = (int) (at.y >> 32);
    if (ix < 0 || iy < 0 || ix + n + 1 > width || iy + 2 > rows->height) {
      turn_edge (rows, width, at.x, at.y, n, out);
      continue;
    }
    const guint8 *a = row_at (rows, iy) + (gsize) ix * bytes;
    const guint8 *b = row_at (rows, iy + 1) + (gsize) ix * bytes;
    if (ix + n + 1 == width) /* the neighbour to the right of the last one lies outside */
      n--, memcpy (out + (gsize) n * bytes, a + (gsize) n * bytes, (gsize) bytes);
    int wx = (int) (at.x >> 25) & 127, wy = (int) (at.y >> 25) & 127;
    if (n == SPAN)
      blend_whole_span (a, b, bytes, wx, wy, out);
    else
      blend_span (a, b, bytes, n, wx, wy, out);
  }
}

/* A picture that is being turned; each lane makes its part of the rows. */
typedef struct {
  Rows     rows;
  PIX     *out;
  double   degrees;
  gboolean failed[LANES];
} Turn;

/* Rows `first` to `end` of the result. */
static gboolean
turn_rows (const Turn *turn, int first, int end)
{
  Rows   rows  = turn->rows;
  int    width = pixGetWidth (turn->out), height = pixGetHeight (turn->out);
  double c = cos (turn->degrees * G_PI / 180), s = sin (turn->degrees * G_PI / 180);
  double cx = 0.5 * width, cy = 0.5 * height;
  int    reach = (int) (fabs (s) * width) + SPAN;
  guint8 *to = (guint8 *) pixGetData (turn->out) + (gsize) first * rows.stride;
  g_autofree guint8 *line = g_try_malloc (rows.stride + SPAN * 4);
  g_autofree guint8 *ring = NULL;

  if (rows.bytes == 1) {
    rows.n_ring = 2 << g_bit_storage ((gulong) reach);
    ring = rows.ring = g_try_malloc ((gsize) rows.n_ring * rows.stride);
  }
  if (!line || (rows.bytes == 1 && !ring))
    return FALSE;
  memset (line, 255, rows.stride);
  for (int y = first; y < end; y++, to += rows.stride) {
    /* the middle of a span of SPAN pixels lies where it should */
    double dx = 0.5 * SPAN - cx, dy = y + 0.5 - cy;
    double sx = cx + c * dx - s * dy - 0.5 * SPAN, sy = cy + s * dx + c * dy - 0.5;
    Course course = { fixed (sx), fixed (sy), fixed (c * SPAN), fixed (s * SPAN) };
    if (y == first)
      rows.n_read = (int) MAX (MIN (sy, sy + s * width) - SPAN, 0);
    read_rows (&rows, (int) MAX (sy, sy + s * width) + 3);
    turn_row (&rows, width, course, rows.ring ? line : to);
    if (rows.ring)
      swap_row (line, rows.stride, to);
  }
  return TRUE;
}

static void
turn_lane (gpointer data, guint lane)
{
  Turn *turn   = data;
  int   height = pixGetHeight (turn->out);

  turn->failed[lane] = !turn_rows (turn, height * (int) lane / LANES, height * ((int) lane + 1) / LANES);
}

PIX *
skew_straighten (PIX *raster, double degrees)
{
  int  depth = pixGetDepth (raster);
  PIX *in    = depth == 1 ? pixConvert1To8 (NULL, raster, 255, 0) : pixClone (raster);
  PIX *out   = in ? pixCreateNoInit (pixGetWidth (in), pixGetHeight (in), pixGetDepth (in)) : NULL;
  if (out) {
    Turn turn = { { (const guint8 *) pixGetData (in), 4 * (gsize) pixGetWpl (in), pixGetHeight (in),
                    pixGetDepth (in) / 8, NULL, 0, 0 },
                  out, degrees, { FALSE } };
    pixCopySpp (out, in);
    pixCopyResolution (out, in);
    pixCopyText (out, in);
    docai_lanes_run (LANES, turn_lane, &turn);
    for (guint lane = 0; lane < LANES && out; lane++)
      if (turn.failed[lane])
        pixDestroy (&out);
  }
  pixDestroy (&in);
  return out;
}
