/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tesseract's orientation and script detector.
 */
#include "pipeline/layout/orientation.h"

#include <tesseract/capi.h>

/* Tesseract's own unit; its command-line program turns pages from here on. */
#define LEAST_CONFIDENCE 2.0f

struct LayoutOsd {
  TessBaseAPI *api;
  gboolean     tried;
};

LayoutOsd *
layout_osd_new (void)
{
  return g_new0 (LayoutOsd, 1);
}

void
layout_osd_free (LayoutOsd *osd)
{
  if (!osd)
    return;
  if (osd->api) {
    TessBaseAPIEnd (osd->api);
    TessBaseAPIDelete (osd->api);
  }
  g_free (osd);
}

static void
open_detector (LayoutOsd *osd, const char *tessdata_dir)
{
  osd->tried       = TRUE;
  TessBaseAPI *api = TessBaseAPICreate ();
  if (TessBaseAPIInit2 (api, tessdata_dir, "osd", OEM_TESSERACT_ONLY) != 0) {
    TessBaseAPIDelete (api);
    return;
  }
  TessBaseAPISetVariable (api, "debug_file", "/dev/null");
  TessBaseAPISetPageSegMode (api, PSM_OSD_ONLY);
  osd->api = api;
}

int
layout_osd_detect (LayoutOsd *osd, const char *tessdata_dir, PIX *page)
{
  if (!osd->tried)
    open_detector (osd, tessdata_dir);
  if (!osd->api)
    return -1;

  int         degrees = 0;
  float       confidence = 0, script_confidence = 0;
  const char *script = NULL;
  TessBaseAPISetImage2 (osd->api, page);
  BOOL found = TessBaseAPIDetectOrientationScript (osd->api, &degrees, &confidence, &script,
                                                   &script_confidence);
  TessBaseAPIClear (osd->api);
  if (!found || confidence < LEAST_CONFIDENCE)
    return -1;
  return ((360 - degrees) % 360) / 90;
}
