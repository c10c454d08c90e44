/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the PDF adapter, which draws, and the catcher of what is drawn.
 */
#pragma once

#include "pipeline/rasterize/drawing.h"

#include <cairo.h>

typedef struct DocaiCatcher DocaiCatcher;

/* A catcher for a page of this size in points. */
DocaiCatcher *docai_catcher_new (double width, double height);

/* The context to draw the page on, once; its unit is the point. Lent. */
cairo_t *docai_catcher_peek_context (DocaiCatcher *catcher);

/* Ends the catching; frees the catcher and gives what it caught. */
DocaiDrawing *docai_catcher_finish (DocaiCatcher *catcher);

/* The pixels of a cairo image surface in 24 or 32 bits a pixel as an 8 or 32
 * bit PIX, 0: 8 when it has no colour; NULL when there is no memory. */
struct Pix *docai_surface_to_pix (cairo_surface_t *surface, int bits);
