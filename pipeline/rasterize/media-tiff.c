/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Headers of TIFF files and EXIF blocks. Directories are followed by offsets
 * that the file chooses, so their number is bounded and a chain that comes back
 * to where it was ends there.
 */
#include "pipeline/rasterize/media-priv.h"

typedef struct {
  const guint8 *data;
  gsize         size;
  gboolean      big_endian;
} Tiff;

typedef struct {
  DocaiFrame frame;
  guint32    bits, samples;
  guint32    unit; /* of the resolution: 2 inch, 3 centimetre */
  gboolean   has_orientation, has_resolution;
} Directory;

static guint16
get16 (const Tiff *tiff, gsize at)
{
  return tiff->big_endian ? docai_be16 (tiff->data + at) : docai_le16 (tiff->data + at);
}

static guint32
get32 (const Tiff *tiff, gsize at)
{
  return tiff->big_endian ? docai_be32 (tiff->data + at) : docai_le32 (tiff->data + at);
}

static double
get_rational (const Tiff *tiff, gsize at)
{
  if (at > tiff->size || tiff->size - at < 8)
    return 0;
  guint32 below = get32 (tiff, at + 4);
  return below ? get32 (tiff, at) / (double) below : 0;
}

/* The first value of an entry that holds short or long integers. */
static guint32
entry_integer (const Tiff *tiff, gsize entry)
{
  guint16 type = get16 (tiff, entry + 2);
  guint32 count = get32 (tiff, entry + 4);
  if (type == 4)
    return count == 1 ? get32 (tiff, entry + 8) : 0;
  if (type == 1)
    return tiff->data[entry + 8];
  if (type != 3)
    return 0;
  if (count <= 2)
    return get16 (tiff, entry + 8);
  guint32 at = get32 (tiff, entry + 8);
  return at <= tiff->size && tiff->size - at >= 2 ? get16 (tiff, at) : 0;
}

static void
read_entry (const Tiff *tiff, gsize entry, Directory *directory)
{
  DocaiFrame *frame = &directory->frame;
  switch (get16 (tiff, entry))
    {
    case 256: frame->width = entry_integer (tiff, entry); break;
    case 257: frame->height = entry_integer (tiff, entry); break;
    case 258: directory->bits = entry_integer (tiff, entry); break;
    case 277: directory->samples = entry_integer (tiff, entry); break;
    case 274:
      {
        guint32 orientation = entry_integer (tiff, entry);
        directory->has_orientation = orientation >= 1 && orientation <= 8;
        frame->orientation = directory->has_orientation ? (int) orientation : 1;
        break;
      }
    case 282:
      frame->x_dpi = get_rational (tiff, get32 (tiff, entry + 8));
      directory->has_resolution = TRUE;
      break;
    case 283: frame->y_dpi = get_rational (tiff, get32 (tiff, entry + 8)); break;
    case 296: directory->unit = entry_integer (tiff, entry); break;
    default: break;
    }
}

/* Reads the directory at an offset; returns where the next one is, 0: nowhere. */
static guint32
read_directory (const Tiff *tiff, guint32 at, Directory *directory, gboolean *fine)
{
  *directory = (Directory){ .frame = { .orientation = 1 }, .bits = 1, .samples = 1, .unit = 2 };
  *fine = FALSE;
  if (at < 8 || at > tiff->size || tiff->size - at < 2)
    return 0;
  gsize n_entries = get16 (tiff, at);
  if (tiff->size - at - 2 < n_entries * 12)
    return 0;
  for (gsize i = 0; i < n_entries; i++)
    read_entry (tiff, at + 2 + i * 12, directory);

  DocaiFrame *frame = &directory->frame;
  double      unit = directory->unit == 2 ? 1 : directory->unit == 3 ? 2.54 : 0;
  frame->x_dpi *= unit;
  frame->y_dpi *= unit;
  frame->bits = MIN (directory->bits, 64) * CLAMP (directory->samples, 1, 64);
  *fine = TRUE;
  gsize next = at + 2 + n_entries * 12;
  return tiff->size - next >= 4 ? get32 (tiff, next) : 0;
}

static gboolean
open_tiff (Tiff *tiff, const guint8 *data, gsize size)
{
  if (size < 8)
    return FALSE;
  *tiff = (Tiff){ .data = data, .size = size, .big_endian = data[0] == 'M' };
  return (data[0] == 'I' || data[0] == 'M') && data[0] == data[1] && get16 (tiff, 2) == 42;
}

gboolean
docai_tiff_read_frames (const guint8 *data, gsize size, GArray *frames)
{
  Tiff tiff;
  if (!open_tiff (&tiff, data, size))
    return FALSE;
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  guint32 at = get32 (&tiff, 4);
  while (at != 0 && frames->len < DOCAI_MEDIA_MAX_FRAMES
         && g_hash_table_add (seen, GUINT_TO_POINTER (at)))
    {
      Directory directory;
      gboolean  fine;
      at = read_directory (&tiff, at, &directory, &fine);
      if (!fine)
        break; /* the frames before it can still be read */
      g_array_append_val (frames, directory.frame);
    }
  return frames->len > 0;
}

void
docai_exif_read_orientation (const guint8 *data, gsize size, DocaiFrame *frame)
{
  Tiff      tiff;
  Directory directory;
  gboolean  fine;
  if (!open_tiff (&tiff, data, size))
    return;
  read_directory (&tiff, get32 (&tiff, 4), &directory, &fine);
  if (fine && directory.has_orientation)
    frame->orientation = directory.frame.orientation;
}

void
docai_exif_read (const guint8 *data, gsize size, DocaiFrame *frame)
{
  Tiff      tiff;
  Directory directory;
  gboolean  fine;
  if (!open_tiff (&tiff, data, size))
    return;
  read_directory (&tiff, get32 (&tiff, 4), &directory, &fine);
  if (!fine)
    return;
  if (directory.has_orientation)
    frame->orientation = directory.frame.orientation;
  if (directory.has_resolution && frame->x_dpi == 0)
    {
      frame->x_dpi = directory.frame.x_dpi;
      frame->y_dpi = directory.frame.y_dpi;
    }
}
