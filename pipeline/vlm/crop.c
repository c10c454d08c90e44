/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parts of a page's raster as encoded pictures.
 */
#include "pipeline/vlm/crop.h"

#include <allheaders.h>
#include <math.h>

#define JPEG_QUALITY 90

static PIX *
cut (PIX *raster, DocaiBox box, double scale)
{
  int x0 = MAX ((int) floor (box.x0 * scale), 0), y0 = MAX ((int) floor (box.y0 * scale), 0);
  int x1 = MIN ((int) ceil (box.x1 * scale), pixGetWidth (raster));
  int y1 = MIN ((int) ceil (box.y1 * scale), pixGetHeight (raster));

  if (x1 - x0 < 2 || y1 - y0 < 2)
    return NULL;
  BOX *place = boxCreate (x0, y0, x1 - x0, y1 - y0);
  PIX *part = pixClipRectangle (raster, place, NULL);
  boxDestroy (&place);
  return part;
}

static PIX *
shrink (PIX *part, int max_side)
{
  int longest = MAX (pixGetWidth (part), pixGetHeight (part));

  if (longest <= max_side)
    return pixClone (part);
  float factor = (float) max_side / (float) longest;
  return pixGetDepth (part) == 1 ? pixScaleToGray (part, factor) : pixScale (part, factor, factor);
}

gboolean
docai_crop_add (DocaiVlmRequest *request, const DocaiPage *page, DocaiBox box, int max_side,
                GError **error)
{
  g_autoptr (DocaiPix) part = cut (page->raster, box, page->dpi / 72);
  g_autoptr (DocaiPix) small = part != NULL ? shrink (part, max_side) : NULL;
  l_uint8             *data = NULL;
  size_t               length = 0;
  gboolean             as_png = small != NULL && pixGetDepth (small) == 1;

  if (small == NULL
      || (as_png ? pixWriteMemPng (&data, &length, small, 0)
                 : pixWriteMemJpeg (&data, &length, small, JPEG_QUALITY, 0))
             != 0)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT, "cannot encode a part of the page");
      return FALSE;
    }
  docai_vlm_request_take_image (request, as_png ? "image/png" : "image/jpeg",
                                g_memdup2 (data, length), length);
  lept_free (data);
  return TRUE;
}
