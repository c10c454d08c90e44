/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is no text on a scan: drawn rules and pictures.
 */
#pragma once

#include "pipeline/layout/binarize.h"
#include "pipeline/layout/textlines.h"

/* Finds horizontal and vertical rules at least `least` pixels long, takes their
 * ink out of `bits` and adds their boxes (LayoutComponent) to `rules`. */
void graphics_take_rules (PIX *bits, int least, int thickest, GArray *rules);

/* Boxes (LayoutComponent, pixels) of pictures: tiles that look like photographs
 * and large components, joined where they overlap. `height` is the usual letter's;
 * `tiles` may be NULL. Owned by the caller. */
GArray *graphics_find_pictures (const GArray *components, const LayoutTextLines *lines,
                                const LayoutTiles *tiles, int width, int height, double letter);

/* Adds light print on dark blocks to the components. */
void graphics_add_inverted (PIX *bits, GArray *components, double letter);
