/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A page's picture on its way to a worker with other stages, in Leptonica's
 * own uncompressed form.
 */
#include "worker/worker.h"

#include <leptonica/allheaders.h>

struct Pix *
raster_load (const char *path, GError **error)
{
  PIX *raster = pixRead (path);
  if (raster == NULL)
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_INTERNAL, "the page's picture cannot be read");
  return raster;
}

gboolean
raster_save (Files *files, const char *name, struct Pix *raster, GError **error)
{
  l_uint8 *data = NULL;
  size_t size = 0;

  if (pixWriteMem (&data, &size, raster, IFF_SPIX) != 0)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_INTERNAL, "the page's picture cannot be written");
      return FALSE;
    }
  gboolean good = files_put (files, name, data, size, error);
  lept_free (data);
  return good;
}
