/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Operations on grey pictures that Leptonica has as well, faster and with the same result.
 * What is not of 8 bits goes to Leptonica. All give a new picture, NULL without memory.
 */
#pragma once

#include <glib.h>

struct Pix;

/* The part from column x0 and row y0 on; it lies within the picture. As pixClipRectangle, but
 * for the resolution and the text. */
struct Pix *docai_pixels_cut (struct Pix *pix, int x0, int y0, int width, int height);

/* One bit a pixel, set where the picture is below the threshold. As pixThresholdToBinary; in
 * colour pixConvertTo8 comes first. */
struct Pix *docai_pixels_below (struct Pix *pix, int threshold);

/* As pixScale. */
struct Pix *docai_pixels_scale (struct Pix *pix, float x_factor, float y_factor);
