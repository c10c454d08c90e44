/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * By how much a scan is askew, and straightening it.
 */
#pragma once

#include "pipeline/layout/components.h"

/* Angle in degrees by which text lines fall to the right (a page turned
 * clockwise; y runs down), within +-limit, from the bottoms of components between
 * `least` and `most` pixels high: the angle at which the profile of the bottoms
 * is sharpest (Postl's and Baird's criterion on components). `sharpness` receives
 * the profile's energy over that of an even spread; about 1 means no lines.
 * 0 when there are too few components to tell. */
double skew_estimate (const GArray *components, int least, int most, double limit,
                      double *sharpness);

/* The raster turned anticlockwise by `degrees` about its centre, same size,
 * bilinear; white comes in at the edges. Made for small angles: shifts are
 * constant over eight pixels of a row. One-bit rasters come back with 8 bits.
 * Owned by the caller; NULL when memory is short. */
PIX *skew_straighten (PIX *raster, double degrees);
