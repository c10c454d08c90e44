/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Grey and black-and-white pictures for the analysis of scans. One histogram a
 * tile serves both the threshold and the search for photographs.
 */
#include "pipeline/layout/binarize.h"

#include <string.h>

#define CELL      8  /* pixels that share one interpolated threshold */
#define LEAST     7  /* bins between ink and background for a tile to hold ink */
#define SAME      3  /* bins to both sides of a tone that are no other tone: noise */
#define SOFT      6  /* bins below the background that are ink where nothing tells better */

void
layout_grey_free (LayoutGrey *grey)
{
  if (!grey)
    return;
  g_free (grey->pixels);
  g_free (grey);
}

void
layout_tiles_free (LayoutTiles *tiles)
{
  if (!tiles)
    return;
  g_free (tiles->texture);
  g_free (tiles);
}

int
binarize_factor (int width, int height, double dpi)
{
  double pixels = (double) width * height;
  int    factor = 1;
  /* small pictures are never reduced: their dpi is too often invented */
  while (factor < 16) {
    double left = pixels / ((double) factor * factor);
    double finer = dpi / (2 * factor);
    if (left > 40e6 || (left > 4.2e6 && finer >= 130) || (left > 4.2e6 && dpi < 140))
      factor *= 2;
    else
      break;
  }
  return factor;
}

/* One row of grey from one row of a raster. */
static void
read_row (const l_uint32 *line, int depth, int width, guint8 *out)
{
  if (depth == 8) {
    for (int x = 0; x < width; x++)
      out[x] = GET_DATA_BYTE (line, x);
  } else if (depth == 32) {
    for (int x = 0; x < width; x++) {
      l_uint32 p = line[x];
      out[x] = (guint8) (((p >> 24) * 77 + ((p >> 16) & 255) * 150 + ((p >> 8) & 255) * 29) >> 8);
    }
  } else {
    for (int x = 0; x < width; x++)
      out[x] = GET_DATA_BIT (line, x) ? 0 : 255;
  }
}

/* Two rows of an 8-bit raster to one of half the width, four pixels a step. */
static void
halve_rows (const l_uint32 *a, const l_uint32 *b, int width, guint8 *out)
{
  int x = 0;
  for (; x + 2 <= width; x += 2) {
    l_uint32 p = *a++, q = *b++;
    l_uint32 sum = ((p >> 8) & 0x00ff00ff) + (p & 0x00ff00ff) + ((q >> 8) & 0x00ff00ff)
                   + (q & 0x00ff00ff) + 0x00020002;
    out[x]     = (guint8) (sum >> 18);
    out[x + 1] = (guint8) ((sum & 0xffff) >> 2);
  }
  for (; x < width; x++) /* the last odd one */
    out[x] = (guint8) ((GET_DATA_BYTE (a, 0) + GET_DATA_BYTE (a, 1) + GET_DATA_BYTE (b, 0)
                        + GET_DATA_BYTE (b, 1) + 2)
                       >> 2);
}

static void
reduce_row (PIX *raster, int depth, int factor, int y, int width, guint8 *row, guint32 *sums,
            guint8 *out)
{
  const l_uint32 *data = pixGetData (raster);
  int             wpl  = pixGetWpl (raster);
  int             area = factor * factor;

  memset (sums, 0, sizeof *sums * (gsize) width);
  for (int k = 0; k < factor; k++) {
    read_row (data + (gsize) (y * factor + k) * wpl, depth, width * factor, row);
    const guint8 *in = row;
    for (int x = 0; x < width; x++)
      for (int j = 0; j < factor; j++)
        sums[x] += *in++;
  }
  for (int x = 0; x < width; x++)
    out[x] = (guint8) (sums[x] / (guint32) area);
}

LayoutGrey *
binarize_grey (PIX *raster, int factor)
{
  int depth  = pixGetDepth (raster);
  int width  = MAX (pixGetWidth (raster) / factor, 1);
  int height = MAX (pixGetHeight (raster) / factor, 1);
  if ((depth != 1 && depth != 8 && depth != 32) || pixGetWidth (raster) < factor
      || pixGetHeight (raster) < factor)
    return NULL;

  g_autoptr (LayoutGrey) grey = g_new0 (LayoutGrey, 1);
  grey->width  = width;
  grey->height = height;
  grey->pixels = g_try_malloc ((gsize) width * (gsize) height);
  g_autofree guint8  *row  = g_try_malloc ((gsize) width * (gsize) factor);
  g_autofree guint32 *sums = g_try_malloc (sizeof (guint32) * (gsize) width);
  if (!grey->pixels || !row || !sums)
    return NULL;

  const l_uint32 *data = pixGetData (raster);
  int             wpl  = pixGetWpl (raster);
  for (int y = 0; y < height; y++) {
    guint8 *out = grey->pixels + (gsize) y * width;
    if (factor == 1)
      read_row (data + (gsize) y * wpl, depth, width, out);
    else if (factor == 2 && depth == 8)
      halve_rows (data + (gsize) (2 * y) * wpl, data + (gsize) (2 * y + 1) * wpl, width, out);
    else
      reduce_row (raster, depth, factor, y, width, row, sums, out);
  }
  return g_steal_pointer (&grey);
}

/* Histograms of all tiles: guint16 [rows][columns][BINARIZE_BINS]. */
static guint16 *
tile_histograms (const LayoutGrey *grey, int columns, int rows)
{
  guint16 *bins = g_try_new0 (guint16, (gsize) columns * (gsize) rows * BINARIZE_BINS);
  if (!bins)
    return NULL;
  for (int y = 0; y < grey->height; y++) {
    const guint8 *p    = grey->pixels + (gsize) y * grey->width;
    guint16      *line = bins + (gsize) (y / BINARIZE_TILE) * columns * BINARIZE_BINS;
    for (int c = 0; c < columns; c++, line += BINARIZE_BINS) {
      int end = MIN (grey->width - c * BINARIZE_TILE, BINARIZE_TILE);
      for (int x = 0; x < end; x++)
        line[*p++ >> 2]++;
    }
  }
  return bins;
}

int
binarize_percentile (const guint32 bins[BINARIZE_BINS], guint32 total, double share)
{
  guint32 want = (guint32) (share * total), sum = 0;
  for (int b = 0; b < BINARIZE_BINS; b++) {
    sum += bins[b];
    if (sum > want)
      return b;
  }
  return BINARIZE_BINS - 1;
}

static guint32
sum_bins (const guint32 *bins, int from, int to)
{
  guint32 sum = 0;
  for (int b = MAX (from, 0); b < MIN (to, BINARIZE_BINS); b++)
    sum += bins[b];
  return sum;
}

/* Threshold (grey level below which a pixel is ink) around one tile. `paper` is
 * the page's background bin. */
static int
tile_threshold (const guint32 *around, guint32 total, int paper)
{
  int light  = binarize_percentile (around, total, 0.80);
  int dark   = binarize_percentile (around, total, 0.01);
  int middle = binarize_percentile (around, total, 0.50);
  int bright = binarize_percentile (around, total, 0.985);

  if (middle < paper * 0.6) { /* a dark area: solid, or with light text on it */
    if (bright - middle > LEAST + 3)
      return 4 * ((middle + bright) / 2) + 2;
    return 4 * (int) (paper * 0.6) + 2;
  }
  if (light - dark < LEAST)
    return MAX (4 * (light - SOFT), 0);
  /* faint print lies in the upper half when something darker is near: look where
   * the gap between ink and paper is */
  return 4 * (dark + (int) ((light - dark) * 0.64)) + 2;
}

/* The bin around which most of the pixels lie, and how many do. */
static int
commonest (const guint32 *bins, guint32 *n)
{
  int at = 0;
  *n     = 0;
  for (int b = 0; b < BINARIZE_BINS; b++) {
    guint32 sum = sum_bins (bins, b - SAME, b + SAME + 1);
    if (sum > *n) {
      *n = sum;
      at = b;
    }
  }
  return at;
}

/* Whether one tile's own tones are many, most of them off the paper's: a photograph.
 * Print has two, that of the ink and that of its ground. */
static gboolean
tile_is_texture (const guint16 *own, int paper)
{
  guint32 bins[BINARIZE_BINS], total = 0, first, second;
  for (int b = 0; b < BINARIZE_BINS; b++)
    total += bins[b] = own[b];
  if (!total || sum_bins (bins, 0, (int) (paper * 0.86)) <= total * 0.5)
    return FALSE;
  int at = commonest (bins, &first);
  for (int b = MAX (at - SAME, 0); b <= MIN (at + SAME, BINARIZE_BINS - 1); b++)
    bins[b] = 0;
  commonest (bins, &second);
  return first + second < total * 0.75;
}

/* Each tile is judged with its neighbours. */
static void
tile_thresholds (const guint16 *bins, int columns, int rows, int paper, guint8 *thresholds)
{
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++) {
      guint32 around[BINARIZE_BINS] = { 0 }, total = 0;
      for (int y = MAX (r - 1, 0); y <= MIN (r + 1, rows - 1); y++) {
        int            x0  = MAX (c - 1, 0), x1 = MIN (c + 1, columns - 1);
        const guint16 *own = bins + ((gsize) y * columns + x0) * BINARIZE_BINS;
        for (int x = x0; x <= x1; x++, own += BINARIZE_BINS)
          for (int b = 0; b < BINARIZE_BINS; b++)
            around[b] += own[b];
      }
      for (int b = 0; b < BINARIZE_BINS; b++)
        total += around[b];
      thresholds[(gsize) r * columns + c] = (guint8) CLAMP (tile_threshold (around, total, paper), 0, 255);
    }
}

/* Thresholds of one row of cells, interpolated between the tiles' centres. */
static void
interpolate_cells (const guint8 *thresholds, int columns, int rows, int cell_row, int n_cells,
                   guint8 *out)
{
  double y  = ((cell_row + 0.5) * CELL) / BINARIZE_TILE - 0.5;
  int    r0 = CLAMP ((int) y, 0, rows - 1), r1 = MIN (r0 + 1, rows - 1);
  double fy = CLAMP (y - r0, 0, 1);
  for (int i = 0; i < n_cells; i++) {
    double x  = ((i + 0.5) * CELL) / BINARIZE_TILE - 0.5;
    int    c0 = CLAMP ((int) x, 0, columns - 1), c1 = MIN (c0 + 1, columns - 1);
    double fx = CLAMP (x - c0, 0, 1);
    const guint8 *a = thresholds + (gsize) r0 * columns, *b = thresholds + (gsize) r1 * columns;
    double top = a[c0] + fx * (a[c1] - a[c0]), low = b[c0] + fx * (b[c1] - b[c0]);
    out[i] = (guint8) (top + fy * (low - top) + 0.5);
  }
}

typedef guint8 Bytes8 __attribute__ ((vector_size (8)));

/* One bit for each of a cell's eight pixels, the leftmost one highest. */
static inline guint32
threshold_cell (const guint8 *in, guint8 threshold)
{
  Bytes8  pixels, limit = threshold - (Bytes8){ 0 };
  guint64 ink;
  memcpy (&pixels, in, sizeof pixels);
  Bytes8 below = (Bytes8) (pixels < limit) & 1;
  memcpy (&ink, &below, sizeof ink);
  ink = GUINT64_FROM_LE (ink);
  return (guint32) ((ink * 0x8040201008040201) >> 56);
}

static void
threshold_row (const guint8 *in, const guint8 *cells, int width, l_uint32 *out)
{
  int x = 0;
  for (; x + 32 <= width; x += 32, in += 32, cells += 4)
    *out++ = threshold_cell (in, cells[0]) << 24 | threshold_cell (in + 8, cells[1]) << 16
             | threshold_cell (in + 16, cells[2]) << 8 | threshold_cell (in + 24, cells[3]);
  if (x < width)
    *out = 0;
  for (int k = 0; x + k < width; k++)
    *out |= (l_uint32) (in[k] < cells[k / CELL]) << (31 - k);
}

/* The background of the page: the bin where most light pixels are. */
static int
paper_bin (const guint16 *bins, gsize n_tiles)
{
  guint32 all[BINARIZE_BINS] = { 0 }, total = 0;
  for (gsize t = 0; t < n_tiles; t++)
    for (int b = 0; b < BINARIZE_BINS; b++)
      all[b] += bins[t * BINARIZE_BINS + b];
  for (int b = 0; b < BINARIZE_BINS; b++)
    total += all[b];
  return MAX (binarize_percentile (all, total, 0.75), 4);
}

PIX *
binarize_page (const LayoutGrey *grey, LayoutTiles **tiles_out)
{
  int columns = (grey->width + BINARIZE_TILE - 1) / BINARIZE_TILE;
  int rows    = (grey->height + BINARIZE_TILE - 1) / BINARIZE_TILE;
  int n_cells = (grey->width + CELL - 1) / CELL;
  gsize n     = (gsize) columns * (gsize) rows;

  g_autofree guint16 *bins       = tile_histograms (grey, columns, rows);
  g_autofree guint8  *thresholds = g_try_malloc (n);
  g_autofree guint8  *cells      = g_try_malloc ((gsize) n_cells);
  g_autoptr (LayoutTiles) tiles  = g_new0 (LayoutTiles, 1);
  tiles->columns = columns;
  tiles->rows    = rows;
  tiles->texture = g_try_malloc0 (n);
  if (!bins || !thresholds || !cells || !tiles->texture)
    return NULL;
  PIX *bits = pixCreate (grey->width, grey->height, 1);
  if (!bits)
    return NULL;

  int paper = paper_bin (bins, n);
  tile_thresholds (bins, columns, rows, paper, thresholds);
  for (gsize t = 0; t < n; t++)
    tiles->texture[t] = tile_is_texture (bins + t * BINARIZE_BINS, paper);

  l_uint32 *data = pixGetData (bits);
  int       wpl  = pixGetWpl (bits);
  for (int y = 0; y < grey->height; y++) {
    if (y % CELL == 0)
      interpolate_cells (thresholds, columns, rows, y / CELL, n_cells, cells);
    threshold_row (grey->pixels + (gsize) y * grey->width, cells, grey->width,
                   data + (gsize) y * wpl);
  }
  *tiles_out = g_steal_pointer (&tiles);
  return bits;
}
