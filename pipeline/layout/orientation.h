/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which way up a scan is.
 */
#pragma once

#include "pipeline/layout/textlines.h"

/* Components of the page turned clockwise by `quarters` quarter turns; `width`
 * and `height` are the picture's before. Owned by the caller. */
GArray *orientation_turn (const GArray *components, int width, int height, int quarters);

/* Quarter turns clockwise that bring the page upright, from its components.
 *
 * Text runs the way in which its letters stand close: gaps within lines are
 * narrower than those between them. The foot of a line is the side on which few
 * letters reach out: Latin, Greek and Cyrillic print has several ascenders and
 * capitals for each descender; print without small letters shows it by its full
 * stops and commas. `sure` becomes FALSE where the evidence is thin. */
int orientation_estimate (const GArray *components, int width, int height, gboolean *sure);

/* Orientation by reading a few lines, with a recogniser that opens at its first use. */
typedef struct LayoutReader LayoutReader;

LayoutReader *layout_reader_new (void);
void          layout_reader_free (LayoutReader *reader);

/* Quarter turns clockwise that bring the page upright: those in which some of its
 * lines, 28 letters of each, read best. `guess` is what the components tell, `sure`
 * whether they do so clearly: two lines that read well in it confirm it, up to 15
 * are read each way where not. -1 when no orientation reads clearly better than the
 * others or the languages' models cannot be used. `raster` is the page, `factor`
 * its pixels to one of the picture of width x height in which the components lie. */
int layout_reader_orientation (LayoutReader *reader, const char *languages,
                               const char *tessdata_dir, PIX *raster, int factor,
                               const GArray *components, int width, int height, int guess,
                               gboolean sure);

/* Tesseract's orientation detector, opened at its first use. */
typedef struct LayoutOsd LayoutOsd;

LayoutOsd *layout_osd_new (void);
void       layout_osd_free (LayoutOsd *osd);

/* Quarter turns clockwise that bring the picture upright; -1 when the detector
 * is not installed or is not sure. tessdata_dir NULL: Tesseract's own. */
int layout_osd_detect (LayoutOsd *osd, const char *tessdata_dir, PIX *page);
