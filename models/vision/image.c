/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * RGB images: allocation, copies, crops.
 */
#include "models/vision/image.h"

#include <string.h>

#include "base/error.h"

DocaiImage *
docai_image_new (int width, int height, GError **error)
{
  if (width < 1 || height < 1 || width > DOCAI_IMAGE_MAX_EDGE || height > DOCAI_IMAGE_MAX_EDGE
      || (gint64) width * height > DOCAI_IMAGE_MAX_PIXELS)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_PIXEL_LIMIT,
                   "an image of %d x %d pixels is outside the limits", width, height);
      return NULL;
    }
  guint8 *data = g_try_malloc0 ((gsize) width * (gsize) height * 3);
  if (data == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT,
                   "no memory for an image of %d x %d pixels", width, height);
      return NULL;
    }
  DocaiImage *self = g_new (DocaiImage, 1);
  *self = (DocaiImage){ width, height, data };
  return self;
}

DocaiImage *
docai_image_new_from_data (const guint8 *rgb, int width, int height, gsize stride, GError **error)
{
  DocaiImage *self = docai_image_new (width, height, error);

  for (int y = 0; self != NULL && y < height; y++)
    memcpy (self->data + (gsize) y * (gsize) width * 3, rgb + (gsize) y * stride,
            (gsize) width * 3);
  return self;
}

void
docai_image_free (DocaiImage *self)
{
  if (self == NULL)
    return;
  g_free (self->data);
  g_free (self);
}

DocaiImage *
docai_image_crop (const DocaiImage *self, int left, int top, int width, int height, GError **error)
{
  DocaiImage *out = docai_image_new (width, height, error);

  if (out == NULL)
    return NULL;
  gint64 x0 = MAX (0, left), x1 = MIN ((gint64) left + width, self->width);
  gint64 y0 = MAX (0, top), y1 = MIN ((gint64) top + height, self->height);
  for (gint64 y = y0; y < y1 && x0 < x1; y++)
    memcpy (out->data + ((y - top) * width + (x0 - left)) * 3,
            self->data + (y * self->width + x0) * 3, (gsize) (x1 - x0) * 3);
  return out;
}

DocaiImage *
docai_image_rotate90 (const DocaiImage *self, GError **error)
{
  DocaiImage *out = docai_image_new (self->height, self->width, error);

  if (out == NULL)
    return NULL;
  for (int y = 0; y < self->height; y++)
    for (int x = 0; x < self->width; x++)
      memcpy (out->data + ((gsize) x * (gsize) out->width + (gsize) (self->height - 1 - y)) * 3,
              self->data + ((gsize) y * (gsize) self->width + (gsize) x) * 3, 3);
  return out;
}
