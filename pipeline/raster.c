/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A page's picture.
 */
#include "pipeline/raster.h"

#include <allheaders.h>

void
docai_page_take_raster (DocaiPage *page, struct Pix *raster)
{
  if (raster == page->raster)
    return;
  docai_page_drop_raster (page);
  page->raster = raster;
  page->raster_destroy = pixDestroy;
}

void
docai_pix_free (DocaiPix *pix)
{
  pixDestroy (&pix);
}
