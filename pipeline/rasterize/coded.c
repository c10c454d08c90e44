/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Image data as PDF streams hold it: JPEG by libjpeg, fax data by Leptonica.
 */
#include "pipeline/rasterize/coded.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

typedef struct {
  struct jpeg_error_mgr handlers;
  jmp_buf               out;
} JpegErrors;

static void
on_jpeg_error (j_common_ptr info)
{
  longjmp (((JpegErrors *) info->err)->out, 1);
}

/* Warnings are counted by the caller's look at num_warnings. */
static void
on_jpeg_message (j_common_ptr info, int level)
{
  if (level < 0)
    info->err->num_warnings++;
}

static void
print_nothing (j_common_ptr info)
{
}

/* libjpeg writes bytes in their order, Leptonica keeps them in words. */
static void
swap_row (l_uint32 *row, int n_words)
{
  for (int i = 0; i < n_words; i++)
    row[i] = GUINT32_FROM_BE (row[i]);
}

/* Red, green, blue and one byte more as a word of Leptonica. */
static void
clear_alpha (l_uint32 *row, int n_pixels)
{
  for (int i = 0; i < n_pixels; i++)
    row[i] = GUINT32_FROM_BE (row[i]) & 0xffffff00;
}

static gboolean
starts_as_wanted (struct jpeg_decompress_struct *info, int width, int height)
{
  return jpeg_read_header (info, TRUE) == JPEG_HEADER_OK && (int) info->image_width == width
         && (int) info->image_height == height
         && (info->num_components == 1 || info->num_components == 3);
}

static struct Pix *
read_rows (struct jpeg_decompress_struct *info, struct Pix *pix)
{
  int wpl = pixGetWpl (pix);
  for (l_uint32 *row = pixGetData (pix); info->output_scanline < info->output_height; row += wpl)
    {
      JSAMPROW to = (JSAMPROW) row;
      if (jpeg_read_scanlines (info, &to, 1) != 1)
        return NULL;
      if (pixGetDepth (pix) == 8)
        swap_row (row, wpl);
      else
        clear_alpha (row, (int) info->output_width);
    }
  return pix;
}

struct Pix *
docai_coded_read_jpeg (const guint8 *data, gsize size, int width, int height)
{
  struct jpeg_decompress_struct info;
  JpegErrors                    errors;
  struct Pix *volatile pix = NULL;
  volatile gboolean good = FALSE;
  info.err = jpeg_std_error (&errors.handlers);
  errors.handlers.error_exit = on_jpeg_error;
  errors.handlers.emit_message = on_jpeg_message;
  errors.handlers.output_message = print_nothing;
  if (setjmp (errors.out) == 0)
    {
      jpeg_create_decompress (&info);
      jpeg_mem_src (&info, data, size);
      if (starts_as_wanted (&info, width, height))
        {
          gboolean grey = info.num_components == 1;
          info.out_color_space = grey ? JCS_GRAYSCALE : JCS_EXT_RGBX;
          pix = pixCreateNoInit (width, height, grey ? 8 : 32);
          jpeg_start_decompress (&info);
          good = pix != NULL && read_rows (&info, pix) != NULL && jpeg_finish_decompress (&info)
                 && errors.handlers.num_warnings == 0;
        }
    }
  jpeg_destroy_decompress (&info);
  struct Pix *result = pix;
  if (!good)
    pixDestroy (&result);
  else if (pixGetDepth (result) == 32)
    pixSetSpp (result, 3);
  return result;
}

static void
put_entry (GByteArray *tiff, guint16 tag, guint32 value)
{
  guint16 head[2] = { GUINT16_TO_LE (tag), GUINT16_TO_LE (4) };
  guint32 rest[2] = { GUINT32_TO_LE (1), GUINT32_TO_LE (value) };
  g_byte_array_append (tiff, (const guint8 *) head, sizeof head);
  g_byte_array_append (tiff, (const guint8 *) rest, sizeof rest);
}

/* Wraps the data as the one strip of a TIFF. */
struct Pix *
docai_coded_read_group4 (const guint8 *data, gsize size, int width, int height)
{
  enum { N_ENTRIES = 8, START = 8 + 2 + 12 * N_ENTRIES + 4 };
  if (size == 0 || size > G_MAXINT32 || width <= 0 || height <= 0)
    return NULL;
  g_autoptr (GByteArray) tiff = g_byte_array_sized_new (START + size);
  static const guint8 head[10] = { 'I', 'I', 42, 0, 8, 0, 0, 0, N_ENTRIES, 0 };
  static const guint8 no_more[4] = { 0 };
  g_byte_array_append (tiff, head, sizeof head);
  put_entry (tiff, 256, width);
  put_entry (tiff, 257, height);
  put_entry (tiff, 258, 1);     /* bits a sample */
  put_entry (tiff, 259, 4);     /* compression: group 4 */
  put_entry (tiff, 262, 0);     /* 0 is white */
  put_entry (tiff, 273, START); /* the strip's place */
  put_entry (tiff, 278, height);
  put_entry (tiff, 279, (guint32) size);
  g_byte_array_append (tiff, no_more, sizeof no_more);
  g_byte_array_append (tiff, data, size);
  setMsgSeverity (L_SEVERITY_NONE);
  struct Pix *pix = pixReadMemTiff (tiff->data, tiff->len, 0);
  if (pix != NULL
      && (pixGetDepth (pix) != 1 || pixGetWidth (pix) != width || pixGetHeight (pix) != height))
    pixDestroy (&pix);
  return pix;
}
