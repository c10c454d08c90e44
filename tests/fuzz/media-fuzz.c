/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fuzz entry of what reads files before any library does: kind, image headers,
 * units and compressed streams of PDF bytes. Build it with -fsanitize=fuzzer, or
 * with media-test.c, which feeds it cut and changed headers.
 */
#include "pipeline/rasterize/inflate-scan.h"
#include "pipeline/rasterize/media.h"
#include "pipeline/rasterize/user-unit.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  DocaiMedia media = docai_media_sniff (data, size);
  g_autoptr (GArray) frames = docai_media_read_frames (media, data, size, NULL);
  for (guint i = 0; frames != NULL && i < frames->len; i++)
    {
      const DocaiFrame *frame = &g_array_index (frames, DocaiFrame, i);
      double            x_dpi, y_dpi;
      docai_frame_resolution (frame, &x_dpi, &y_dpi);
      g_assert_true (frame->width > 0 && frame->height > 0);
      g_assert_true (frame->orientation >= 1 && frame->orientation <= 8);
      g_assert_true (x_dpi >= 20 && x_dpi <= 2400 && y_dpi >= 20 && y_dpi <= 2400);
    }
  docai_inflate_scan (data, size, 1 << 20, NULL);
  g_array_unref (docai_user_units_scan (data, size));
  return 0;
}
