/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Connected components of a black-and-white picture.
 */
#pragma once

#include <allheaders.h>
#include <glib.h>

/* Pixels; x1 and y1 are one past the last. */
typedef struct {
  int x0, y0, x1, y1;
  int area;     /* ink pixels */
  int runs;     /* level pieces that its rows are made of */
  int inverted; /* 1: light on dark */
} LayoutComponent;

/* The 8-connected components, by run lengths and union-find, one pass over the
 * words of the picture. Array of LayoutComponent, in the order of their first
 * rows; owned by the caller (g_array_unref). */
GArray *components_find (PIX *bits);

/* Adds the light components within a dark one (holes of its box that do not
 * touch the box's edge) to `out`, marked inverted. */
void components_find_inverted (PIX *bits, const LayoutComponent *dark, GArray *out);
