/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A page's picture: Leptonica's PIX, owned by the page.
 */
#pragma once

#include "document/document.h"

typedef struct Pix DocaiPix;

/* Gives the page a new picture, which it owns from now on; NULL takes the old
 * one away. */
void docai_page_take_raster (DocaiPage *page, struct Pix *raster);

/* For g_autoptr (DocaiPix). */
void docai_pix_free (DocaiPix *pix);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiPix, docai_pix_free)
