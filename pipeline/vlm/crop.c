/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parts of a page's raster as encoded pictures.
 */
#include "pipeline/vlm/crop.h"

#include <allheaders.h>
#include <math.h>

#include "pipeline/pixels.h"

#define JPEG_QUALITY 90

/* The box in whole pixels of the raster, at `scale` pixels a point. */
static DocaiBox
pixels (PIX *raster, DocaiBox box, double scale)
{
  return DOCAI_BOX (MAX (floor (box.x0 * scale), 0), MAX (floor (box.y0 * scale), 0),
                    MIN (ceil (box.x1 * scale), pixGetWidth (raster)),
                    MIN (ceil (box.y1 * scale), pixGetHeight (raster)));
}

DocaiBox
docai_crop_area (const DocaiPage *page, DocaiBox box)
{
  double scale = page->dpi / 72;

  return docai_box_scale (pixels (page->raster, box, scale), 1 / scale);
}

static PIX *
cut (PIX *raster, DocaiBox box, double scale)
{
  DocaiBox part_px = pixels (raster, box, scale);
  double   width = docai_box_width (part_px), height = docai_box_height (part_px);

  if (width < 2 || height < 2)
    return NULL;
  if (width >= pixGetWidth (raster) && height >= pixGetHeight (raster))
    return pixClone (raster);
  BOX *place = boxCreate ((int) part_px.x0, (int) part_px.y0, (int) width, (int) height);
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
  return pixGetDepth (part) == 1 ? pixScaleToGray (part, factor) : docai_pixels_scale (part, factor, factor);
}

/* The boxes (points) as parts of `area`. */
static GArray *
parts_of (const GArray *boxes, DocaiBox area)
{
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  double  width = docai_box_width (area), height = docai_box_height (area);

  for (guint i = 0; i < boxes->len; i++)
    {
      DocaiBox box = g_array_index (boxes, DocaiBox, i);
      DocaiBox part = DOCAI_BOX ((box.x0 - area.x0) / width, (box.y0 - area.y0) / height, (box.x1 - area.x0) / width,
                                 (box.y1 - area.y0) / height);
      g_array_append_val (parts, part);
    }
  return parts;
}

gboolean
docai_crop_add (DocaiVlmRequest *request, const DocaiPage *page, DocaiBox box, const GArray *looks,
                int max_side, GError **error)
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
  DocaiVlmImage *image = docai_vlm_request_take_image (request, as_png ? "image/png" : "image/jpeg",
                                                       g_memdup2 (data, length), length);
  lept_free (data);
  image->page = page->number;
  image->area = docai_crop_area (page, box);
  image->width = pixGetWidth (small);
  image->height = pixGetHeight (small);
  image->looks = looks != NULL ? parts_of (looks, image->area) : NULL;
  return TRUE;
}
