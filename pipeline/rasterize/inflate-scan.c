/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finds decompression bombs in a PDF's bytes.
 *
 * Deflate grows at most 1032 times, so a stream behind one layer is looked into
 * only when it is long enough; behind two layers every stream is.
 */
#include "config.h"

#include "pipeline/rasterize/inflate-scan.h"

#include <gio/gio.h>
#include <string.h>

#define MAX_RATIO 1032
#define MAX_DICTIONARY 4096 /* bytes before "stream" in which filters are looked for */
#define MAX_LAYERS 8

static int
count (const guint8 *data, gsize size, const char *word)
{
  int   n = 0;
  gsize length = strlen (word);
  for (const guint8 *at = data; (at = memmem (at, size - (at - data), word, length)) != NULL;
       at += length)
    n++;
  return n;
}

/* The start of the object whose stream begins at `at`. */
static const guint8 *
find_dictionary (const guint8 *data, const guint8 *at)
{
  const guint8 *from = (gsize) (at - data) > MAX_DICTIONARY ? at - MAX_DICTIONARY : data;
  const guint8 *start = from;
  for (const guint8 *p = from; (p = memmem (p, at - p, " obj", 4)) != NULL; p += 4)
    start = p;
  return start;
}

/* Unpacked length behind n layers of deflate, counted up to `limit` + 1. */
static gint64
unpacked_length (const guint8 *data, gsize size, int n_layers, gint64 limit)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (data, (gssize) size, NULL);
  for (int i = 0; i < n_layers; i++)
    {
      g_autoptr (GConverter) inflate =
          G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB));
      GInputStream *outer = g_converter_input_stream_new (stream, inflate);
      g_object_unref (stream);
      stream = outer;
    }
  gsize            room = 1 << 16;
  g_autofree char *buffer = g_malloc (room);
  gint64           length = 0;
  gssize           got;
  while (length <= limit && (got = g_input_stream_read (stream, buffer, room, NULL, NULL)) > 0)
    length += got;
  return length;
}

static gboolean
is_bomb (const guint8 *dictionary, const guint8 *start, const guint8 *end, gint64 limit,
         gint64 *total)
{
  gsize length = start - dictionary;
  int   n_layers = count (dictionary, length, "/FlateDecode") + count (dictionary, length, "/Fl ");
  if (n_layers == 0 || count (dictionary, length, "/Image") > 0)
    return FALSE;
  n_layers = MIN (n_layers, MAX_LAYERS);
  if (n_layers == 1 && (gint64) (end - start) * MAX_RATIO <= limit)
    return FALSE;
  gint64 unpacked = unpacked_length (start, end - start, n_layers, limit);
  *total += unpacked;
  return unpacked > limit || *total > 4 * limit;
}

gboolean
docai_inflate_scan (const guint8 *data, gsize size, gint64 limit, GError **error)
{
  const guint8 *end = data + size;
  gint64        total = 0;
  if (size == 0)
    return TRUE;
  for (const guint8 *at = data; (at = memmem (at, end - at, "stream", 6)) != NULL;)
    {
      const guint8 *start = at + 6;
      if (at - data >= 3 && memcmp (at - 3, "end", 3) == 0)
        {
          at = start;
          continue;
        }
      const guint8 *dictionary = find_dictionary (data, at);
      start += start < end && *start == '\r';
      start += start < end && *start == '\n';
      const guint8 *stop = memmem (start, end - start, "endstream", 9);
      stop = stop != NULL ? stop : end;
      if (is_bomb (dictionary, start, stop, limit, &total))
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_INFLATE_LIMIT,
                       "a stream unpacks to more than %" G_GINT64_FORMAT " bytes", limit);
          return FALSE;
        }
      at = stop;
    }
  return TRUE;
}
