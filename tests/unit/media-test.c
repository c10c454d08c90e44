/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Kinds of files, headers and pixels of images, on files that Leptonica writes
 * and on TIFF and EXIF bytes written here.
 */
#include "pipeline/rasterize/image.h"
#include "pipeline/rasterize/media.h"
#include "pipeline/rasterize/user-unit.h"

#include <allheaders.h>
#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* 60 x 40 pixels of white with a dark corner, 12 x 12, top left and, only half
 * as wide, top right. */
static struct Pix *
make_picture (int depth)
{
  struct Pix *pix = pixCreate (60, 40, depth);
  if (depth > 1)
    pixSetAll (pix);
  for (int y = 0; y < 12; y++)
    for (int x = 0; x < 60; x++)
      if (x < 12 || x >= 54)
        pixSetPixel (pix, x, y, depth == 1 ? 1 : depth == 32 ? 0x30000000 : 0);
  pixSetResolution (pix, 200, 200);
  return pix;
}

/* Decodes frame `index`; NULL when it cannot be. */
static struct Pix *
decode (GBytes *bytes, int index, DocaiFrame *frame)
{
  gsize         size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  DocaiMedia    media = docai_media_sniff (data, size);
  g_autoptr (GArray) frames = docai_media_read_frames (media, data, size, NULL);
  int n_troubles;
  g_assert_nonnull (frames);
  g_assert_cmpint (index, <, (int) frames->len);
  *frame = g_array_index (frames, DocaiFrame, index);
  return docai_image_decode (media, data, size, index, frame, &n_troubles, NULL);
}

static GBytes *
encode (struct Pix *pix, int format)
{
  l_uint8 *data = NULL;
  size_t   size = 0;
  g_assert_cmpint (pixWriteMem (&data, &size, pix, format), ==, 0);
  GBytes *bytes = g_bytes_new (data, size);
  lept_free (data);
  pixDestroy (&pix);
  return bytes;
}

/* Luminance at a place of a picture of any depth, 0 to 255. */
static int
light_at (struct Pix *pix, int x, int y)
{
  l_uint32 value;
  g_assert_cmpint (pixGetPixel (pix, x, y, &value), ==, 0);
  switch (pixGetDepth (pix))
    {
    case 1: return value ? 0 : 255;
    case 8: return (int) value;
    default: return (int) ((value >> 24) + (value >> 16 & 0xff) + (value >> 8 & 0xff)) / 3;
    }
}

static void
assert_picture (struct Pix *pix, int depth)
{
  g_assert_nonnull (pix);
  g_assert_cmpint (pixGetWidth (pix), ==, 60);
  g_assert_cmpint (pixGetHeight (pix), ==, 40);
  g_assert_cmpint (pixGetDepth (pix), ==, depth);
  g_assert_null (pixGetColormap (pix));
  g_assert_cmpint (light_at (pix, 5, 5), <, 60);
  g_assert_cmpint (light_at (pix, 57, 5), <, 60);
  g_assert_cmpint (light_at (pix, 50, 5), >, 200);
  g_assert_cmpint (light_at (pix, 5, 35), >, 200);
  pixDestroy (&pix);
}

static void
test_formats (void)
{
  static const struct {
    int         format, depth, decoded, dpi;
    DocaiMedia  media;
    const char *name;
  } cases[] = {
    { IFF_PNG, 1, 1, 200, DOCAI_MEDIA_PNG, "image/png" },
    { IFF_PNG, 2, 8, 200, DOCAI_MEDIA_PNG, "image/png" },
    { IFF_PNG, 8, 8, 200, DOCAI_MEDIA_PNG, "image/png" },
    { IFF_PNG, 16, 8, 200, DOCAI_MEDIA_PNG, "image/png" },
    { IFF_PNG, 32, 32, 200, DOCAI_MEDIA_PNG, "image/png" },
    { IFF_JFIF_JPEG, 8, 8, 200, DOCAI_MEDIA_JPEG, "image/jpeg" },
    { IFF_JFIF_JPEG, 32, 32, 200, DOCAI_MEDIA_JPEG, "image/jpeg" },
    { IFF_TIFF_G4, 1, 1, 200, DOCAI_MEDIA_TIFF, "image/tiff" },
    { IFF_TIFF_LZW, 8, 8, 200, DOCAI_MEDIA_TIFF, "image/tiff" },
    { IFF_TIFF_ZIP, 32, 32, 200, DOCAI_MEDIA_TIFF, "image/tiff" },
    { IFF_WEBP, 32, 32, 72, DOCAI_MEDIA_WEBP, "image/webp" },
    { IFF_BMP, 8, 8, 200, DOCAI_MEDIA_BMP, "image/bmp" },
    { IFF_BMP, 32, 32, 200, DOCAI_MEDIA_BMP, "image/bmp" },
    { IFF_PNM, 1, 1, 72, DOCAI_MEDIA_PNM, "image/x-portable-anymap" },
    { IFF_PNM, 8, 8, 72, DOCAI_MEDIA_PNM, "image/x-portable-anymap" },
    { IFF_PNM, 16, 8, 72, DOCAI_MEDIA_PNM, "image/x-portable-anymap" },
    { IFF_PNM, 32, 32, 72, DOCAI_MEDIA_PNM, "image/x-portable-anymap" },
    { IFF_JP2, 8, 8, 0, DOCAI_MEDIA_JP2, "image/jp2" },
    { IFF_JP2, 32, 32, 0, DOCAI_MEDIA_JP2, "image/jp2" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = encode (make_picture (cases[i].depth), cases[i].format);
      DocaiFrame    frame;
      gsize         size;
      const guint8 *data = g_bytes_get_data (bytes, &size);
      DocaiMedia    media = docai_media_sniff (data, size);
      g_test_message ("%s, %d bits", cases[i].name, cases[i].depth);
      g_assert_cmpint (media, ==, cases[i].media);
      g_assert_cmpstr (docai_media_name (media), ==, cases[i].name);
      struct Pix *pix = decode (bytes, 0, &frame);
      g_assert_cmpuint (frame.width, ==, 60);
      g_assert_cmpuint (frame.height, ==, 40);
      g_assert_nonnull (pix);
      if (cases[i].dpi != 0)
        g_assert_cmpint (pixGetXRes (pix), ==, cases[i].dpi);
      assert_picture (pix, cases[i].decoded);
    }
}

static void
test_alpha (void)
{
  struct Pix *pix = pixCreate (60, 40, 32);
  DocaiFrame  frame;
  pixSetSpp (pix, 4);
  /* black everywhere, but only the corners can be seen */
  for (int y = 0; y < 12; y++)
    for (int x = 0; x < 60; x++)
      if (x < 12 || x >= 54)
        pixSetPixel (pix, x, y, 0x000000ff);
  g_autoptr (GBytes) bytes = encode (pix, IFF_PNG);
  assert_picture (decode (bytes, 0, &frame), 8);
}

static void
test_palette (void)
{
  struct Pix         *pix = make_picture (8);
  struct PixColormap *map = pixcmapCreate (8);
  DocaiFrame          frame;
  for (int i = 0; i < 256; i++)
    pixcmapAddColor (map, i == 255 ? 250 : 60, i == 255 ? 240 : 20, i == 255 ? 230 : 10);
  pixSetColormap (pix, map);
  g_autoptr (GBytes) bytes = encode (pix, IFF_PNG);
  assert_picture (decode (bytes, 0, &frame), 32);
}

static void
put (GByteArray *bytes, gboolean big, int n, guint32 value)
{
  for (int i = 0; i < n; i++)
    {
      guint8 byte = (guint8) (value >> 8 * (big ? n - 1 - i : i));
      g_byte_array_append (bytes, &byte, 1);
    }
}

typedef struct {
  gboolean big;
  int      samples, photometric, orientation;
  guint32  width, height, next;
} Tiff;

/* A TIFF of one directory at 8, its pixels behind it in one strip. */
static GByteArray *
make_tiff (const Tiff *tiff, const guint8 *pixels, gsize size)
{
  GByteArray *b = g_byte_array_new ();
  guint32 after = 8 + 2 + 13 * 12 + 4, bits = after, resolution = bits + 8, strip = resolution + 8;
  const struct {
    guint16 tag, type;
    guint32 count, value;
  } entries[] = {
    { 256, 4, 1, tiff->width },
    { 257, 4, 1, tiff->height },
    { 258, 3, tiff->samples, tiff->samples > 2 ? bits : 8 },
    { 259, 3, 1, 1 },
    { 262, 3, 1, tiff->photometric },
    { 273, 4, 1, strip },
    { 274, 3, 1, tiff->orientation },
    { 277, 3, 1, tiff->samples },
    { 278, 4, 1, tiff->height },
    { 279, 4, 1, size },
    { 282, 5, 1, resolution },
    { 283, 5, 1, resolution },
    { 296, 3, 1, 2 },
  };
  g_byte_array_append (b, (const guint8 *) (tiff->big ? "MM\0*" : "II*\0"), 4);
  put (b, tiff->big, 4, 8);
  put (b, tiff->big, 2, G_N_ELEMENTS (entries));
  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      gboolean is_short = entries[i].type == 3 && entries[i].count == 1;
      put (b, tiff->big, 2, entries[i].tag);
      put (b, tiff->big, 2, entries[i].type);
      put (b, tiff->big, 4, entries[i].count);
      put (b, tiff->big, is_short ? 2 : 4, entries[i].value);
      if (is_short)
        put (b, tiff->big, 2, 0);
    }
  put (b, tiff->big, 4, tiff->next);
  for (int i = 0; i < 4; i++)
    put (b, tiff->big, 2, 8);
  put (b, tiff->big, 4, 300);
  put (b, tiff->big, 4, 1);
  g_byte_array_append (b, pixels, (guint) size);
  return b;
}

/* Where the stored top left and top right come to lie, by orientation: 0 top
 * left, 1 top right, 2 bottom right, 3 bottom left. */
static const int corners[9][2] = { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 2, 3 }, { 3, 2 },
                                   { 0, 3 }, { 1, 2 }, { 2, 1 }, { 3, 0 } };

static void
assert_oriented (struct Pix *pix, int orientation)
{
  g_assert_nonnull (pix);
  gboolean swapped = orientation >= 5;
  int      right = (swapped ? 40 : 60) - 4, bottom = (swapped ? 60 : 40) - 4;
  int      x[4] = { 3, right, right, 3 }, y[4] = { 3, 3, bottom, bottom };
  g_assert_cmpint (pixGetWidth (pix), ==, swapped ? 40 : 60);
  g_assert_cmpint (pixGetHeight (pix), ==, swapped ? 60 : 40);
  for (int i = 0; i < 4; i++)
    {
      int truth = i == corners[orientation][0] ? 0 : i == corners[orientation][1] ? 128 : 255;
      g_assert_cmpint (ABS (light_at (pix, x[i], y[i]) - truth), <, 12);
    }
  pixDestroy (&pix);
}

/* White, 60 x 40, with a black and a grey corner at the top, 16 pixels large. */
static void
fill_corners (guint8 *pixels)
{
  memset (pixels, 255, 60 * 40);
  for (int y = 0; y < 16; y++)
    {
      memset (pixels + y * 60, 0, 16);
      memset (pixels + y * 60 + 44, 128, 16);
    }
}

static void
test_tiff_orientations (void)
{
  guint8 pixels[60 * 40];
  fill_corners (pixels);
  for (int orientation = 1; orientation <= 8; orientation++)
    {
      Tiff       tiff = { orientation % 2 == 0, 1, 1, orientation, 60, 40, 0 };
      DocaiFrame frame;
      g_autoptr (GBytes) bytes =
          g_byte_array_free_to_bytes (make_tiff (&tiff, pixels, sizeof pixels));
      struct Pix *pix = decode (bytes, 0, &frame);
      g_assert_cmpint (frame.orientation, ==, orientation);
      g_assert_cmpint (pixGetXRes (pix), ==, 300);
      assert_oriented (pix, orientation);
    }
}

/* A JPEG file with an EXIF block that says nothing but the orientation. */
static GBytes *
make_exif_jpeg (int orientation)
{
  guint8      pixels[60 * 40];
  struct Pix *pix = pixCreate (60, 40, 8);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  fill_corners (pixels);
  for (int i = 0; i < 60 * 40; i++)
    pixSetPixel (pix, i % 60, i / 60, pixels[i]);
  g_autoptr (GBytes) plain = encode (pix, IFF_JFIF_JPEG);
  gsize         size;
  const guint8 *data = g_bytes_get_data (plain, &size);
  g_byte_array_append (all, data, 2);
  put (all, TRUE, 4, 0xffe10022);
  g_byte_array_append (
      all, (const guint8 *) "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", 25);
  put (all, TRUE, 1, (guint32) orientation);
  put (all, TRUE, 4, 0);
  put (all, TRUE, 2, 0);
  g_byte_array_append (all, data + 2, (guint) (size - 2));
  return g_bytes_new (all->data, all->len);
}

static void
test_exif_orientations (void)
{
  for (int orientation = 1; orientation <= 8; orientation++)
    {
      DocaiFrame frame;
      g_autoptr (GBytes) bytes = make_exif_jpeg (orientation);
      struct Pix *pix = decode (bytes, 0, &frame);
      g_assert_cmpint (frame.orientation, ==, orientation);
      assert_oriented (pix, orientation);
    }
}

static void
test_cmyk (void)
{
  guint8 pixels[60 * 40 * 4] = { 0 };
  for (int y = 0; y < 12; y++)
    for (int x = 0; x < 60; x++)
      if (x < 12 || x >= 54)
        pixels[(y * 60 + x) * 4 + 3] = 255; /* black ink */
  Tiff       tiff = { FALSE, 4, 5, 1, 60, 40, 0 };
  DocaiFrame frame;
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (make_tiff (&tiff, pixels, sizeof pixels));
  assert_picture (decode (bytes, 0, &frame), 8);
}

/* A directory that names itself as the next is one page; claims of size are
 * held against the bounds before anything is decoded. */
static void
test_tiff_loop (void)
{
  guint8 pixels[60 * 40] = { 0 };
  Tiff   tiff = { FALSE, 1, 1, 1, 60, 40, 8 };
  g_autoptr (GByteArray) loop = make_tiff (&tiff, pixels, sizeof pixels);
  g_autoptr (GArray) frames =
      docai_media_read_frames (DOCAI_MEDIA_TIFF, loop->data, loop->len, NULL);
  g_assert_nonnull (frames);
  g_assert_cmpuint (frames->len, ==, 1);
}

static void
test_limits (void)
{
  DocaiLimits limits = { .pixels = 1000 * 1000, .memory_bytes = 1000 * 1000 };
  g_autoptr (GError) error = NULL;
  g_assert_true (docai_image_check (&(DocaiFrame){ 1000, 1000, 1, 0, 0, 1 }, &limits, NULL));
  g_assert_false (docai_image_check (&(DocaiFrame){ 1000, 1001, 1, 0, 0, 1 }, &limits, &error));
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_PIXEL_LIMIT);
  g_clear_error (&error);
  g_assert_false (docai_image_check (&(DocaiFrame){ 1000, 1000, 24, 0, 0, 1 }, &limits, &error));
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT);
  g_clear_error (&error);
  g_assert_false (
      docai_image_check (&(DocaiFrame){ G_MAXUINT32, G_MAXUINT32, 1, 0, 0, 1 }, &limits, &error));
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_PIXEL_LIMIT);
}

static void
test_resolution (void)
{
  static const double cases[][4] = { { 0, 0, 72, 72 },     { 300, 300, 300, 300 },
                                     { 204, 98, 204, 98 }, { 1, 1, 72, 72 },
                                     { 300, 20, 72, 72 },  { 1e9, 1e9, 72, 72 },
                                     { NAN, NAN, 72, 72 } };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DocaiFrame frame = { .x_dpi = cases[i][0], .y_dpi = cases[i][1] };
      double     x, y;
      docai_frame_resolution (&frame, &x, &y);
      g_assert_cmpfloat (x, ==, cases[i][2]);
      g_assert_cmpfloat (y, ==, cases[i][3]);
    }
}

static void
test_sniff (void)
{
  static const char pdf[] = "\r\njunk %PDF-1.4 ";
  g_assert_cmpint (docai_media_sniff ((const guint8 *) pdf, sizeof pdf - 1), ==, DOCAI_MEDIA_PDF);
  g_assert_cmpint (docai_media_sniff ((const guint8 *) "P1", 2), ==, DOCAI_MEDIA_UNKNOWN);
  g_assert_cmpint (docai_media_sniff ((const guint8 *) "BMW cars are a brand of vehicles", 32), ==,
                   DOCAI_MEDIA_UNKNOWN);
  g_autofree char *far = g_strnfill (2000, ' ');
  memcpy (far + 1900, "%PDF-", 5);
  g_assert_cmpint (docai_media_sniff ((const guint8 *) far, 2000), ==, DOCAI_MEDIA_UNKNOWN);
}

static void
test_user_units (void)
{
  static const char file[] =
      "1 0 obj << /MediaBox [0 0 100 200] /UserUnit 2.5 >> endobj "
      "2 0 obj << /CropBox[10 10 60 60] /UserUnit 4 /MediaBox [0 0 9 9] >> endobj";
  g_autoptr (GArray) units = docai_user_units_scan ((const guint8 *) file, sizeof file - 1);
  g_assert_cmpfloat (docai_user_units_lookup (units, 100, 200), ==, 2.5);
  g_assert_cmpfloat (docai_user_units_lookup (units, 200, 100), ==, 2.5);
  g_assert_cmpfloat (docai_user_units_lookup (units, 50, 50), ==, 4);
  g_assert_cmpfloat (docai_user_units_lookup (units, 612, 792), ==, 1);
}

/* Every header cut at every length and with bytes changed. The copy has its
 * exact size, so that a sanitizer sees a step beyond it. */
static void
test_mutations (void)
{
  static const int formats[] = { IFF_PNG, IFF_JFIF_JPEG, IFF_TIFF, IFF_WEBP,
                                 IFF_BMP, IFF_PNM,       IFF_JP2 };
  g_autoptr (GRand) chance = g_rand_new_with_seed (7);
  for (gsize i = 0; i < G_N_ELEMENTS (formats) + 1; i++)
    {
      g_autoptr (GBytes) bytes =
          i < G_N_ELEMENTS (formats) ? encode (make_picture (32), formats[i]) : make_exif_jpeg (6);
      gsize         size;
      const guint8 *data = g_bytes_get_data (bytes, &size);
      for (gsize length = 0; length < MIN (size, 300); length++)
        {
          g_autofree guint8 *copy = g_memdup2 (data, length);
          LLVMFuzzerTestOneInput (copy, length);
        }
      for (int round = 0; round < 500; round++)
        {
          g_autofree guint8 *copy = g_memdup2 (data, size);
          for (int j = 0; j < 4; j++)
            copy[g_rand_int_range (chance, 0, (gint32) MIN (size, 200))] =
                (guint8) g_rand_int (chance);
          LLVMFuzzerTestOneInput (copy, size);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/sniff", test_sniff);
  g_test_add_func ("/media/resolution", test_resolution);
  g_test_add_func ("/media/tiff-loop", test_tiff_loop);
  g_test_add_func ("/media/mutations", test_mutations);
  g_test_add_func ("/media/user-units", test_user_units);
  g_test_add_func ("/image/formats", test_formats);
  g_test_add_func ("/image/alpha", test_alpha);
  g_test_add_func ("/image/palette", test_palette);
  g_test_add_func ("/image/cmyk", test_cmyk);
  g_test_add_func ("/image/tiff-orientations", test_tiff_orientations);
  g_test_add_func ("/image/exif-orientations", test_exif_orientations);
  g_test_add_func ("/image/limits", test_limits);
  return g_test_run ();
}
