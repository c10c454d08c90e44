/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Kinds of files by their first bytes, and the headers of those that have only
 * one frame. TIFF has a file of its own.
 */
#include "pipeline/rasterize/media-priv.h"

#include <string.h>

static gboolean
starts (const guint8 *data, gsize size, gsize at, const char *magic, gsize length)
{
  return size >= at + length && memcmp (data + at, magic, length) == 0;
}

static gboolean
is_pnm (const guint8 *data, gsize size)
{
  return size >= 3 && data[0] == 'P' && data[1] >= '1' && data[1] <= '6'
         && (g_ascii_isspace (data[2]) || data[2] == '#');
}

static gboolean
is_bmp (const guint8 *data, gsize size)
{
  if (!starts (data, size, 0, "BM", 2) || size < 26)
    return FALSE;
  guint32 header = docai_le32 (data + 14);
  return header == 12 || (header >= 40 && header <= 256);
}

DocaiMedia
docai_media_sniff (const guint8 *data, gsize size)
{
  if (starts (data, size, 0, "\x89PNG\r\n\x1a\n", 8))
    return DOCAI_MEDIA_PNG;
  if (starts (data, size, 0, "\xff\xd8\xff", 3))
    return DOCAI_MEDIA_JPEG;
  if (starts (data, size, 0, "II*\0", 4) || starts (data, size, 0, "MM\0*", 4))
    return DOCAI_MEDIA_TIFF;
  if (starts (data, size, 0, "RIFF", 4) && starts (data, size, 8, "WEBP", 4))
    return DOCAI_MEDIA_WEBP;
  if (starts (data, size, 0, "\0\0\0\x0cjP  \r\n\x87\n", 12)
      || starts (data, size, 0, "\xff\x4f\xff\x51", 4))
    return DOCAI_MEDIA_JP2;
  if (is_bmp (data, size))
    return DOCAI_MEDIA_BMP;
  for (gsize i = 0; i + 5 <= MIN (size, 1024 + 5); i++)
    if (memcmp (data + i, "%PDF-", 5) == 0)
      return DOCAI_MEDIA_PDF;
  if (is_pnm (data, size))
    return DOCAI_MEDIA_PNM;
  return DOCAI_MEDIA_UNKNOWN;
}

const char *
docai_media_name (DocaiMedia media)
{
  switch (media)
    {
    case DOCAI_MEDIA_PDF: return "application/pdf";
    case DOCAI_MEDIA_PNG: return "image/png";
    case DOCAI_MEDIA_JPEG: return "image/jpeg";
    case DOCAI_MEDIA_TIFF: return "image/tiff";
    case DOCAI_MEDIA_WEBP: return "image/webp";
    case DOCAI_MEDIA_BMP: return "image/bmp";
    case DOCAI_MEDIA_PNM: return "image/x-portable-anymap";
    case DOCAI_MEDIA_JP2: return "image/jp2";
    case DOCAI_MEDIA_UNKNOWN: break;
    }
  return "application/octet-stream";
}

static void
read_png_resolution (const guint8 *data, gsize size, DocaiFrame *frame)
{
  gsize at = 8;
  while (at + 12 <= size)
    {
      guint32       length = docai_be32 (data + at);
      const guint8 *type = data + at + 4;
      if (length > size - at - 12 || memcmp (type, "IDAT", 4) == 0)
        return;
      if (memcmp (type, "pHYs", 4) == 0 && length >= 9 && data[at + 16] == 1)
        {
          frame->x_dpi = docai_be32 (data + at + 8) * 0.0254;
          frame->y_dpi = docai_be32 (data + at + 12) * 0.0254;
        }
      else if (memcmp (type, "eXIf", 4) == 0)
        {
          docai_exif_read_orientation (data + at + 8, length, frame);
        }
      at += 12 + (gsize) length;
    }
}

static gboolean
read_png (const guint8 *data, gsize size, DocaiFrame *frame)
{
  static const guint8 samples[] = { 1, 0, 3, 1, 2, 0, 4 }; /* by colour type */
  if (size < 33 || memcmp (data + 12, "IHDR", 4) != 0)
    return FALSE;
  guint8 depth = data[24], colour = data[25];
  if (colour >= G_N_ELEMENTS (samples) || samples[colour] == 0 || depth > 16)
    return FALSE;
  frame->width = docai_be32 (data + 16);
  frame->height = docai_be32 (data + 20);
  frame->bits = depth * samples[colour];
  read_png_resolution (data, size, frame);
  return TRUE;
}

static void
read_jfif_resolution (const guint8 *segment, gsize length, DocaiFrame *frame)
{
  if (length < 12 || memcmp (segment, "JFIF", 5) != 0)
    return;
  double unit = segment[7] == 1 ? 1 : segment[7] == 2 ? 2.54 : 0;
  frame->x_dpi = docai_be16 (segment + 8) * unit;
  frame->y_dpi = docai_be16 (segment + 10) * unit;
}

static gboolean
read_jpeg (const guint8 *data, gsize size, DocaiFrame *frame)
{
  gsize at = 2;
  while (at + 4 <= size)
    {
      if (data[at] != 0xff)
        return FALSE;
      guint8 marker = data[at + 1];
      if (marker == 0xff)
        {
          at++;
          continue;
        }
      if (marker == 0xd9 || marker == 0xda)
        return FALSE; /* pixels or the end before a frame header */
      if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7))
        {
          at += 2;
          continue;
        }
      gsize length = docai_be16 (data + at + 2);
      if (length < 2 || length > size - at - 2)
        return FALSE;
      const guint8 *segment = data + at + 4;
      length -= 2;
      if (marker == 0xe0)
        read_jfif_resolution (segment, length, frame);
      else if (marker == 0xe1 && length > 6 && memcmp (segment, "Exif\0\0", 6) == 0)
        docai_exif_read (segment + 6, length - 6, frame);
      else if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8
               && marker != 0xcc)
        {
          if (length < 6)
            return FALSE;
          frame->height = docai_be16 (segment + 1);
          frame->width = docai_be16 (segment + 3);
          frame->bits = segment[0] * segment[5];
          return TRUE;
        }
      at += 4 + length;
    }
  return FALSE;
}

static gboolean
read_webp (const guint8 *data, gsize size, DocaiFrame *frame)
{
  gsize at = 12;
  frame->bits = 32;
  while (at + 8 <= size)
    {
      gsize         length = docai_le32 (data + at + 4);
      const guint8 *chunk = data + at + 8;
      gsize         room = MIN (length, size - at - 8);
      if (memcmp (data + at, "VP8X", 4) == 0 && room >= 10)
        {
          frame->width = 1 + (chunk[4] | chunk[5] << 8 | chunk[6] << 16);
          frame->height = 1 + (chunk[7] | chunk[8] << 8 | chunk[9] << 16);
        }
      else if (memcmp (data + at, "VP8L", 4) == 0 && room >= 5 && frame->width == 0)
        {
          guint32 bits = docai_le32 (chunk + 1);
          frame->width = 1 + (bits & 0x3fff);
          frame->height = 1 + (bits >> 14 & 0x3fff);
        }
      else if (memcmp (data + at, "VP8 ", 4) == 0 && room >= 10 && frame->width == 0)
        {
          frame->width = docai_le16 (chunk + 6) & 0x3fff;
          frame->height = docai_le16 (chunk + 8) & 0x3fff;
        }
      else if (memcmp (data + at, "EXIF", 4) == 0 && room > 8)
        {
          gsize skip = memcmp (chunk, "Exif\0\0", 6) == 0 ? 6 : 0;
          docai_exif_read (chunk + skip, room - skip, frame);
        }
      if (length > size - at - 8)
        break;
      at += 8 + length + (length & 1);
    }
  return frame->width > 0;
}

static gboolean
read_bmp (const guint8 *data, gsize size, DocaiFrame *frame)
{
  if (docai_le32 (data + 14) == 12)
    {
      frame->width = docai_le16 (data + 18);
      frame->height = docai_le16 (data + 20);
      frame->bits = docai_le16 (data + 24);
      return TRUE;
    }
  if (size < 54)
    return FALSE;
  gint32 width = (gint32) docai_le32 (data + 18), height = (gint32) docai_le32 (data + 22);
  if (width <= 0 || height == G_MININT32)
    return FALSE;
  frame->width = width;
  frame->height = ABS (height);
  frame->bits = docai_le16 (data + 28);
  frame->x_dpi = docai_le32 (data + 38) * 0.0254;
  frame->y_dpi = docai_le32 (data + 42) * 0.0254;
  return TRUE;
}

/* The next number of a PNM header, over blanks and comments. */
static gboolean
read_pnm_number (const guint8 *data, gsize size, gsize *at, guint32 *number)
{
  while (*at < size && (g_ascii_isspace (data[*at]) || data[*at] == '#'))
    if (data[*at] == '#')
      while (*at < size && data[*at] != '\n')
        (*at)++;
    else
      (*at)++;
  guint64 value = 0;
  gsize   start = *at;
  for (; *at < size && g_ascii_isdigit (data[*at]) && value <= G_MAXUINT32; (*at)++)
    value = value * 10 + (data[*at] - '0');
  *number = (guint32) MIN (value, G_MAXUINT32);
  return *at > start;
}

static gboolean
read_pnm (const guint8 *data, gsize size, DocaiFrame *frame)
{
  gsize   at = 2;
  guint32 maximum = 1;
  char    kind = data[1];
  if (!read_pnm_number (data, size, &at, &frame->width)
      || !read_pnm_number (data, size, &at, &frame->height))
    return FALSE;
  if (kind != '1' && kind != '4' && !read_pnm_number (data, size, &at, &maximum))
    return FALSE;
  frame->bits = (maximum > 255 ? 16 : maximum > 1 ? 8 : 1) * (kind == '3' || kind == '6' ? 3 : 1);
  return TRUE;
}

static gboolean
read_j2k (const guint8 *data, gsize size, DocaiFrame *frame)
{
  if (size < 42)
    return FALSE;
  guint32 x1 = docai_be32 (data + 8), y1 = docai_be32 (data + 12);
  guint32 x0 = docai_be32 (data + 16), y0 = docai_be32 (data + 20);
  if (x1 <= x0 || y1 <= y0)
    return FALSE;
  frame->width = x1 - x0;
  frame->height = y1 - y0;
  frame->bits = 8 * docai_be16 (data + 40);
  return TRUE;
}

/* The resolution box of a JP2: numerators, denominators and exponents. */
static void
read_jp2_resolution (const guint8 *box, gsize length, DocaiFrame *frame)
{
  if (length < 18)
    return;
  double y = docai_be16 (box + 8), y_below = docai_be16 (box + 10);
  double x = docai_be16 (box + 12), x_below = docai_be16 (box + 14);
  int    y_power = (gint8) box[16], x_power = (gint8) box[17];
  if (y_below == 0 || x_below == 0 || ABS (x_power) > 9 || ABS (y_power) > 9)
    return;
  for (x = x / x_below * 0.0254; x_power != 0; x_power += x_power > 0 ? -1 : 1)
    x *= x_power > 0 ? 10 : 0.1;
  for (y = y / y_below * 0.0254; y_power != 0; y_power += y_power > 0 ? -1 : 1)
    y *= y_power > 0 ? 10 : 0.1;
  frame->x_dpi = x;
  frame->y_dpi = y;
}

static gboolean
read_jp2 (const guint8 *data, gsize size, DocaiFrame *frame)
{
  if (data[0] == 0xff)
    return read_j2k (data, size, frame);
  gsize at = 12;
  while (at + 8 <= size)
    {
      gsize         length = docai_be32 (data + at);
      const guint8 *type = data + at + 4;
      if (memcmp (type, "jp2c", 4) == 0)
        {
          /* What will be decoded is the codestream, whatever the boxes before say. */
          gsize head = length == 1 ? 16 : 8;
          return at + head < size && read_j2k (data + at + head, size - at - head, frame);
        }
      if (memcmp (type, "jp2h", 4) == 0 || memcmp (type, "res ", 4) == 0)
        {
          at += 8; /* a box of boxes */
          continue;
        }
      if (length < 8 || length > size - at)
        return FALSE;
      if (memcmp (type, "resc", 4) == 0 || memcmp (type, "resd", 4) == 0)
        read_jp2_resolution (data + at, length, frame);
      at += length;
    }
  return FALSE;
}

GArray *
docai_media_read_frames (DocaiMedia media, const guint8 *data, gsize size, GError **error)
{
  g_autoptr (GArray) frames = g_array_new (FALSE, TRUE, sizeof (DocaiFrame));
  DocaiFrame frame = { .orientation = 1 };
  gboolean   fine = FALSE;

  switch (media)
    {
    case DOCAI_MEDIA_TIFF: fine = docai_tiff_read_frames (data, size, frames); break;
    case DOCAI_MEDIA_PNG: fine = read_png (data, size, &frame); break;
    case DOCAI_MEDIA_JPEG: fine = read_jpeg (data, size, &frame); break;
    case DOCAI_MEDIA_WEBP: fine = read_webp (data, size, &frame); break;
    case DOCAI_MEDIA_BMP: fine = read_bmp (data, size, &frame); break;
    case DOCAI_MEDIA_PNM: fine = read_pnm (data, size, &frame); break;
    case DOCAI_MEDIA_JP2: fine = read_jp2 (data, size, &frame); break;
    case DOCAI_MEDIA_PDF:
    case DOCAI_MEDIA_UNKNOWN: break;
    }
  if (fine && media != DOCAI_MEDIA_TIFF)
    g_array_append_val (frames, frame);
  for (guint i = 0; fine && i < frames->len; i++)
    {
      const DocaiFrame *each = &g_array_index (frames, DocaiFrame, i);
      fine = each->width > 0 && each->height > 0;
    }
  if (!fine || frames->len == 0)
    {
      g_set_error (error, DOCAI_ERROR,
                   size < 64 ? DOCAI_ERROR_FILE_TRUNCATED : DOCAI_ERROR_FILE_DAMAGED,
                   "the header of the %s is not valid", docai_media_name (media));
      return NULL;
    }
  return g_steal_pointer (&frames);
}

void
docai_frame_resolution (const DocaiFrame *frame, double *x_dpi, double *y_dpi)
{
  double   x = frame->x_dpi, y = frame->y_dpi;
  gboolean fine = x >= 20 && x <= 2400 && y >= 20 && y <= 2400 && x / y > 0.25 && x / y < 4;
  *x_dpi = fine ? x : 72;
  *y_dpi = fine ? y : 72;
}
