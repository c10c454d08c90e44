/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The picture that scans are analysed on: grey at a moderate resolution, made
 * black and white against the local background.
 */
#pragma once

#include "pipeline/raster.h"

#include <allheaders.h>

/* 8 bits a pixel, 0 black, row after row from the top. */
typedef struct {
  int     width, height; /* pixels */
  guint8 *pixels;        /* [height][width] */
} LayoutGrey;

/* Bins of a histogram, four grey levels each. */
#define BINARIZE_BINS 64

/* The bin below which `share` of the `total` counts lie. */
int binarize_percentile (const guint32 bins[BINARIZE_BINS], guint32 total, double share);

/* Squares of BINARIZE_TILE pixels and what their histograms tell. */
#define BINARIZE_TILE 32

typedef struct {
  int     columns, rows;
  guint8 *texture; /* [rows][columns] 1: tones all the way from dark to light, as in a photograph */
} LayoutTiles;

void layout_grey_free (LayoutGrey *grey);
void layout_tiles_free (LayoutTiles *tiles);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LayoutGrey, layout_grey_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LayoutTiles, layout_tiles_free)

/* By what whole number a raster is reduced for analysis: text of usual sizes
 * keeps an x-height of ten pixels, and no more pixels than that needs are read. */
int binarize_factor (int width, int height, double dpi);

/* The raster in grey, reduced by `factor` (averaging squares). NULL when memory
 * is short or the raster's depth is none of 1, 8 and 32. */
LayoutGrey *binarize_grey (PIX *raster, int factor);

/* Black and white (1 bit a pixel, 1 is ink). The threshold lies half way between
 * the local background (a high percentile around the tile) and the local ink (a
 * low one), where the two differ enough; elsewhere well below the background.
 * Areas far darker than the page become black with their light text left white.
 * `tiles` receives a description of the tiles. Both owned by the caller; NULL
 * when memory is short. */
PIX *binarize_page (const LayoutGrey *grey, LayoutTiles **tiles);
