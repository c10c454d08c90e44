/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the page and a line's place to the network's input: cut, scaled to the
 * network's height, contrast stretched.
 */
#pragma once

#include "pipeline/ocr/lstm/network.h"
#include "pipeline/ocr/lstm/recogniser.h"

typedef struct {
  PIX          *scaled; /* 8-bit grey or 32-bit colour, of the network's height; NULL: unreadable */
  DocaiPixelBox crop;   /* of the page */
  float         factor; /* input pixels to a page pixel, along the line */
} DocaiLineImage;

/* As the models saw lines in training, or a little otherwise: a network that is
 * in doubt about a line often is not about the same line drawn otherwise. */
typedef enum {
  DOCAI_CUT_USUAL = 0,
  DOCAI_CUT_SMALLER = 1 << 0, /* more paper above and below, so the letters are smaller */
  DOCAI_CUT_SOFTER = 1 << 1,  /* blurred: ragged and broken strokes, traces of JPEG */
  DOCAI_CUT_LOWER = 1 << 2,   /* smaller letters that are as wide as usual */
} DocaiLineCut;

/* Cuts a line out of the page (8 or 32 bits, or less without colour map) and
 * scales it. Leaves `scaled` NULL for a line with nothing to read. To be
 * cleared with docai_line_image_clear(). */
void docai_line_image_cut (PIX *page, const DocaiTextLine *line, int height, DocaiLineCut cut,
                           DocaiLineImage *image);
void docai_line_image_clear (DocaiLineImage *image);

/* Fills the input's columns, with or without inversion; `flip` as the kernels
 * want it. The columns are owned by the caller. */
void docai_line_image_fill (const DocaiLineImage *image, gboolean inverted, guint8 flip,
                            DocaiNetworkInput *input);
