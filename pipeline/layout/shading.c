/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ink of each tile is looked at alone: where most of it is of one grey and a little is much darker, with hardly
 * anything between, the grey is shade and the rest is print. From such a tile the shade is followed into
 * the tiles beside it, which may hold only a part of it, and the area is cleared unless it bears light letters.
 */
#include "pipeline/layout/shading.h"

#include <stdlib.h>

G_STATIC_ASSERT (BINARIZE_TILE == 32); /* a tile's row is a word of the picture */

#define SOLID       0.6  /* share of a tile that is ink, of one that is all shade */
#define TOUCHED     0.1  /* of one that may have a part of it */
#define LEAST_STEP  10   /* bins from print to shade */
#define BETWEEN     0.2  /* of the ink at most, between print and shade */
#define DARKEST     0.45 /* of the paper: darker shade bears light print */
#define LIGHTER     0.12 /* of a tile at most that is lighter than the shade: lines, no letters, and no other shade */
#define ONE_SHADE   0.5  /* of a tile's ink, of its median's shade */
#define SAME_SHADE  3    /* bins */
#define PRINT_SHARE 0.012
#define LEAST_TILES 4    /* of an area with print on them */
#define STROKE_ROWS 4    /* of a tile that cross several strokes: of letters, where a line or an edge makes one */

typedef struct {
  guint16 bins[BINARIZE_BINS]; /* of the ink */
  guint16 ink;        /* pixels */
  guint8  median;     /* bin */
  guint8  ground;     /* median of what is no ink; 0: not looked at, or little */
  guint8  limit;      /* bin from which ink is shade, of a tile with print on shade; 0: none */
  guint8  letters;    /* 1: light letters on dark */
  guint8  seen;       /* 1: belongs to an area */
} Tile;

typedef struct {
  PIX              *bits;
  const LayoutGrey *grey;
  const LayoutTiles *tiles;
  Tile             *all;
  int               paper; /* bin */
} Shading;

static int
find_paper (const LayoutGrey *grey)
{
  guint32 bins[BINARIZE_BINS] = { 0 }, n = 0;
  gsize   pixels     = (gsize) grey->width * (gsize) grey->height;
  for (gsize i = 0; i < pixels; i += 37, n++)
    bins[grey->pixels[i] >> 2]++;
  return binarize_percentile (bins, n, 0.75);
}

/* Runs of pixels that are set, in a row of a tile. */
static int
count_runs (l_uint32 word)
{
  return __builtin_popcount (word & ~(word << 1));
}

/* Runs of light pixels with ink on both sides. */
static int
light_runs (l_uint32 word)
{
  return MAX (count_runs (word) - 1, 0);
}

static void
look_at_tile (const Shading *s, int column, int row)
{
  Tile      *tile = &s->all[row * s->tiles->columns + column];
  l_uint32  *data = pixGetData (s->bits) + column;
  int        wpl = pixGetWpl (s->bits), y0 = row * BINARIZE_TILE, y1 = MIN (y0 + BINARIZE_TILE, s->grey->height);
  guint      ink = 0, rows = 0;
  for (int y = y0; y < y1; y++) {
    l_uint32 word = data[(gsize) y * wpl];
    ink += (guint) __builtin_popcount (word);
    rows += light_runs (word) >= 2;
  }
  tile->ink     = (guint16) ink;
  tile->letters = rows >= STROKE_ROWS;
  if (ink < TOUCHED * BINARIZE_TILE * BINARIZE_TILE)
    return;
  guint32 bins[BINARIZE_BINS] = { 0 };
  for (int y = y0; y < y1; y++) {
    const guint8 *in = s->grey->pixels + (gsize) y * s->grey->width + column * BINARIZE_TILE;
    for (l_uint32 word = data[(gsize) y * wpl]; word; word &= word - 1)
      bins[in[31 - __builtin_ctz (word)] >> 2]++;
  }
  for (int b = 0; b < BINARIZE_BINS; b++)
    tile->bins[b] = (guint16) bins[b];
  tile->median = (guint8) binarize_percentile (bins, ink, 0.5);
}

static gboolean
is_solid (const Tile *tile)
{
  return tile->ink >= SOLID * BINARIZE_TILE * BINARIZE_TILE;
}

/* The ink of a tile and of those around it that are like it. */
static guint32
gather (const Shading *s, int column, int row, guint32 *bins)
{
  const Tile *own   = &s->all[row * s->tiles->columns + column];
  guint32     total = 0;
  for (int y = MAX (row - 1, 0); y <= MIN (row + 1, s->tiles->rows - 1); y++)
    for (int x = MAX (column - 1, 0); x <= MIN (column + 1, s->tiles->columns - 1); x++) {
      const Tile *t = &s->all[y * s->tiles->columns + x];
      if (t != own && (!is_solid (t) || abs (t->median - own->median) > SAME_SHADE))
        continue;
      for (int b = 0; b < BINARIZE_BINS; b++)
        bins[b] += t->bins[b];
      total += t->ink;
    }
  return total;
}

/* How much of a tile is lighter than its shade. */
static double
share_lighter (const Tile *tile)
{
  guint n = BINARIZE_TILE * BINARIZE_TILE - tile->ink;
  for (int b = tile->median + SAME_SHADE + 1; b < BINARIZE_BINS; b++)
    n += tile->bins[b];
  return (double) n / (BINARIZE_TILE * BINARIZE_TILE);
}

/* Whether what is darker than the limit looks like letters rather than a line. */
static gboolean
has_letters (const Shading *s, int column, int row, int limit)
{
  int rows = 0, y0 = row * BINARIZE_TILE, y1 = MIN (y0 + BINARIZE_TILE, s->grey->height);
  int width = MIN (BINARIZE_TILE, s->grey->width - column * BINARIZE_TILE);
  for (int y = y0; y < y1; y++) {
    const guint8 *in   = s->grey->pixels + (gsize) y * s->grey->width + column * BINARIZE_TILE;
    l_uint32      word = 0;
    for (int x = 0; x < width; x++)
      word |= (l_uint32) (in[x] < 4 * limit) << x;
    rows += count_runs (word) >= 2;
  }
  return rows >= STROKE_ROWS;
}

/* Whether a tile has a part of the shade that another one is full of. */
static gboolean
has_shade (const Tile *tile, int shade)
{
  guint n = 0;
  if (tile->ink < TOUCHED * BINARIZE_TILE * BINARIZE_TILE || abs (tile->median - shade) > SAME_SHADE)
    return FALSE;
  for (int b = MAX (shade - SAME_SHADE, 0); b <= MIN (shade + SAME_SHADE, BINARIZE_BINS - 1); b++)
    n += tile->bins[b];
  return n >= ONE_SHADE * tile->ink;
}

/* The bin between print and shade of a tile that is solid shade with print on it; 0 where it is not. */
static int
limit_on_solid (const Shading *s, int column, int row)
{
  const Tile *tile       = &s->all[row * s->tiles->columns + column];
  guint32     bins[BINARIZE_BINS] = { 0 }, between = 0;
  if (!is_solid (tile) || share_lighter (tile) > LIGHTER || s->tiles->texture[row * s->tiles->columns + column])
    return 0;
  guint32 total = gather (s, column, row, bins);
  int     print = binarize_percentile (bins, total, PRINT_SHARE), step = tile->median - print, limit = tile->median - step / 2;
  if (step < LEAST_STEP)
    return 0;
  for (int b = print + step / 3; b < tile->median - step / 4; b++)
    between += bins[b];
  return between < BETWEEN * total && has_letters (s, column, row, limit) ? limit : 0;
}

/* The usual grey of what is no ink in a tile. */
static int
ground_of (const Shading *s, int at)
{
  Tile   *tile       = &s->all[at];
  int     column     = at % s->tiles->columns, y0 = at / s->tiles->columns * BINARIZE_TILE;
  int     y1         = MIN (y0 + BINARIZE_TILE, s->grey->height);
  int     width      = MIN (BINARIZE_TILE, s->grey->width - column * BINARIZE_TILE);
  guint32 bins[BINARIZE_BINS] = { 0 }, n = 0;
  if (tile->ground || tile->ink > (1 - TOUCHED) * BINARIZE_TILE * BINARIZE_TILE)
    return tile->ground;
  for (int y = y0; y < y1; y++) {
    const guint8 *in   = s->grey->pixels + (gsize) y * s->grey->width + column * BINARIZE_TILE;
    l_uint32      word = pixGetData (s->bits)[(gsize) y * pixGetWpl (s->bits) + column];
    for (int x = 0; x < width; x++)
      if (!(word >> (31 - x) & 1)) {
        bins[in[x] >> 2]++;
        n++;
      }
  }
  tile->ground = (guint8) binarize_percentile (bins, n, 0.5);
  return tile->ground;
}

/* The same of a tile whose ink is what counts as paper in it or beside it: the threshold tore the shade. */
static int
limit_of_torn (const Shading *s, int column, int row)
{
  const Tile *tile = &s->all[row * s->tiles->columns + column];
  if (!has_shade (tile, tile->median))
    return 0;
  for (int y = MAX (row - 1, 0); y <= MIN (row + 1, s->tiles->rows - 1); y++)
    for (int x = MAX (column - 1, 0); x <= MIN (column + 1, s->tiles->columns - 1); x++)
      if (abs (ground_of (s, y * s->tiles->columns + x) - tile->median) <= SAME_SHADE)
        return MAX (tile->median - LEAST_STEP / 2, 1);
  return 0;
}

static int
find_limit (const Shading *s, int column, int row)
{
  const Tile *tile = &s->all[row * s->tiles->columns + column];
  if (tile->ink < TOUCHED * BINARIZE_TILE * BINARIZE_TILE || tile->median < DARKEST * s->paper)
    return 0;
  int limit = limit_on_solid (s, column, row);
  return limit ? limit : limit_of_torn (s, column, row);
}

/* The area of one shade around a tile with print on it. */
static GArray *
find_area (const Shading *s, int at)
{
  static const int steps[4][2] = { { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 } };
  GArray *area    = g_array_new (FALSE, FALSE, sizeof (int));
  int     columns = s->tiles->columns;
  s->all[at].seen = 1;
  g_array_append_val (area, at);
  for (guint i = 0; i < area->len; i++) {
    at = g_array_index (area, int, i);
    for (int k = 0; k < 4; k++) {
      int x = at % columns + steps[k][0], y = at / columns + steps[k][1], next = y * columns + x;
      if (x < 0 || y < 0 || x >= columns || y >= s->tiles->rows || s->all[next].seen
          || !has_shade (&s->all[next], s->all[at].median))
        continue;
      s->all[next].seen = 1;
      g_array_append_val (area, next);
    }
  }
  return area;
}

/* The bin above which the ink of an area is shade; 0 where it bears light letters rather than dark ones. */
static int
judge_area (const Shading *s, const GArray *area)
{
  int dark = 0, light = 0, limit = 0;
  for (guint i = 0; i < area->len; i++) {
    const Tile *tile = &s->all[g_array_index (area, int, i)];
    dark += tile->limit > 0;
    limit += tile->limit;
    light += tile->letters && is_solid (tile);
  }
  return dark >= LEAST_TILES && dark > light ? limit / dark : 0;
}

static void
clear_tile (const Shading *s, int column, int row, int limit)
{
  int y0 = row * BINARIZE_TILE, y1 = MIN (y0 + BINARIZE_TILE, s->grey->height);
  for (int y = y0; y < y1; y++) {
    l_uint32     *word = pixGetData (s->bits) + (gsize) y * pixGetWpl (s->bits) + column;
    const guint8 *in   = s->grey->pixels + (gsize) y * s->grey->width + column * BINARIZE_TILE;
    for (l_uint32 left = *word; left; left &= left - 1) {
      int bit = __builtin_ctz (left);
      if (in[31 - bit] >= 4 * limit)
        *word &= ~((l_uint32) 1 << bit);
    }
  }
}

void
shading_clear (PIX *bits, const LayoutGrey *grey, const LayoutTiles *tiles)
{
  int               columns = tiles->columns, n = columns * tiles->rows;
  g_autofree Tile  *all = g_new0 (Tile, (gsize) n);
  Shading           s = { bits, grey, tiles, all, find_paper (grey) };

  for (int i = 0; i < n; i++)
    look_at_tile (&s, i % columns, i / columns);
  for (int i = 0; i < n; i++)
    all[i].limit = (guint8) find_limit (&s, i % columns, i / columns);
  for (int i = 0; i < n; i++) {
    if (!all[i].limit || all[i].seen)
      continue;
    g_autoptr (GArray) area = find_area (&s, i);
    int limit = judge_area (&s, area);
    for (guint k = 0; limit && k < area->len; k++)
      clear_tile (&s, g_array_index (area, int, k) % columns, g_array_index (area, int, k) / columns, limit);
  }
}
