/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Image files for the models, decoded by Leptonica.
 */
#include "models/vision/load.h"

#include <leptonica/allheaders.h>

#include "base/error.h"

#define MAX_FILE ((gsize) 1 << 30)

static void
pix_unref (PIX *pix)
{
  pixDestroy (&pix);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PIX, pix_unref)

DocaiImage *
docai_image_from_pix (const struct Pix *pix, GError **error)
{
  /* Leptonica's functions take the source without const, but leave it as it is. */
  g_autoptr (PIX) rgb = pixConvertTo32 ((PIX *) (gpointer) pix);

  if (rgb == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_FILE_DAMAGED, "the image cannot be made RGB");
      return NULL;
    }
  int width = pixGetWidth (rgb), height = pixGetHeight (rgb);
  DocaiImage *image = docai_image_new (width, height, error);
  const l_uint32 *data = pixGetData (rgb);
  gsize wpl = (gsize) pixGetWpl (rgb);
  for (int y = 0; image != NULL && y < height; y++)
    {
      guint8 *to = image->data + (gsize) y * (gsize) width * 3;
      for (int x = 0; x < width; x++, to += 3)
        {
          l_uint32 pixel = data[(gsize) y * wpl + (gsize) x];
          to[0] = (guint8) (pixel >> L_RED_SHIFT);
          to[1] = (guint8) (pixel >> L_GREEN_SHIFT);
          to[2] = (guint8) (pixel >> L_BLUE_SHIFT);
        }
    }
  return image;
}

DocaiImage *
docai_image_load_data (const guint8 *data, gsize length, GError **error)
{
  l_int32 format, width = 0, height = 0, depth, samples, colormap;

  if (length == 0 || length > MAX_FILE
      || pixReadHeaderMem (data, length, &format, &width, &height, &depth, &samples, &colormap) != 0)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_FILE_DAMAGED, "the data is no image");
      return NULL;
    }
  if (width > DOCAI_IMAGE_MAX_EDGE || height > DOCAI_IMAGE_MAX_EDGE
      || (gint64) width * height > DOCAI_IMAGE_MAX_PIXELS)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_PIXEL_LIMIT,
                   "an image of %d x %d pixels is outside the limits", width, height);
      return NULL;
    }
  g_autoptr (PIX) pix = pixReadMem (data, length);
  if (pix == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_FILE_DAMAGED, "the image is damaged");
      return NULL;
    }
  return docai_image_from_pix (pix, error);
}

DocaiImage *
docai_image_load (const char *path, GError **error)
{
  g_autofree char *data = NULL;
  gsize length;
  g_autoptr (GError) problem = NULL;

  if (!g_file_get_contents (path, &data, &length, &problem))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_FILE_NOT_READABLE, "%s", problem->message);
      return NULL;
    }
  DocaiImage *image = docai_image_load_data ((const guint8 *) data, length, error);
  g_prefix_error (error, "%s: ", path);
  return image;
}
