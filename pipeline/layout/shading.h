/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dark print on shaded areas.
 */
#pragma once

#include "pipeline/layout/binarize.h"

/* Clears the shade of areas that the threshold made solid although darker print stands on them, as on the grey
 * rows of a table, and shade that it tore to grain beside something darker. `bits` from binarize_page() of
 * `grey`, with `tiles`; photographs are left alone. */
void shading_clear (PIX *bits, const LayoutGrey *grey, const LayoutTiles *tiles);
