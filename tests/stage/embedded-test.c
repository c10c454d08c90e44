/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pages that are one image: taken from the file they give the pixels that a
 * renderer gives; whatever is not plain is left to it.
 */
#include "pipeline/rasterize/coded.h"
#include "pipeline/rasterize/content.h"
#include "pipeline/rasterize/embedded.h"
#include "pipeline/rasterize/pdf.h"
#include "pipeline/rasterize/scan.h"
#include "tests/stage/pdf-builder.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define WIDTH 200
#define HEIGHT 100
#define BOX "/MediaBox [0 0 144 72]"
#define DRAW "q 144 0 0 72 0 0 cm /I0 Do Q"
#define JPEG "/Filter /DCTDecode /BitsPerComponent 8 "
#define GREY JPEG "/ColorSpace /DeviceGray "
#define RGB JPEG "/ColorSpace /DeviceRGB "
#define FAX                                                                                        \
  "/Filter /CCITTFaxDecode /BitsPerComponent 1 /DecodeParms << /K -1 /Columns 200 /Rows 100 >> "   \
  "/ColorSpace /DeviceGray "
/* Draws nothing, but is no operator that a scan needs. */
#define RENDERED " 0 0 m n"

/* White, with a large figure that is unlike in all eight ways to lay it. */
static struct Pix *
make_picture (int depth)
{
  struct Pix *pix = pixCreate (WIDTH, HEIGHT, depth);
  if (depth > 1)
    pixSetAll (pix);
  for (int y = 10; y < 60; y++)
    for (int x = 20; x < 120 - y; x++)
      pixSetPixel (pix, x, y, depth == 1 ? 1 : depth == 8 ? (l_uint32) (x + y) / 2 : 0x40209000 + ((l_uint32) x << 24));
  return pix;
}

static GBytes *
encode_jpeg (int depth)
{
  struct Pix *pix = make_picture (depth);
  l_uint8    *data = NULL;
  size_t      size = 0;
  g_assert_cmpint (pixWriteMemJpeg (&data, &size, pix, 90, 0), ==, 0);
  GBytes *bytes = g_bytes_new (data, size);
  lept_free (data);
  pixDestroy (&pix);
  return bytes;
}

/* The one strip of a TIFF, whose entries hold words in this machine's order. */
static GBytes *
encode_fax (void)
{
  struct Pix *pix = make_picture (1);
  l_uint8    *data = NULL;
  size_t      size = 0;
  guint32     at = 0, start = 0, length = 0;
  guint16     n = 0;
  g_assert_cmpint (pixWriteMem (&data, &size, pix, IFF_TIFF_G4), ==, 0);
  memcpy (&at, data + 4, 4);
  memcpy (&n, data + at, 2);
  for (int i = 0; i < n; i++)
    {
      guint16 tag = 0, half = 0, kind = 0;
      guint32 value = 0;
      memcpy (&tag, data + at + 2 + 12 * i, 2);
      memcpy (&kind, data + at + 4 + 12 * i, 2);
      memcpy (&half, data + at + 10 + 12 * i, 2);
      memcpy (&value, data + at + 10 + 12 * i, 4);
      value = kind == 3 ? half : value;
      start = tag == 273 ? value : start;
      length = tag == 279 ? value : length;
    }
  g_assert_true (start > 0 && length > 0 && start + length <= size);
  GBytes *bytes = g_bytes_new (data + start, length);
  lept_free (data);
  pixDestroy (&pix);
  return bytes;
}

/* A file of one page with `page` entries and content, whose image /I0 has these
 * entries; `more` are further objects that can be referred to, the first as 5. */
static char *
write_file (const char *page, const char *content, const char *image, const char *more, int depth)
{
  PdfBuilder       *builder = pdf_builder_new ();
  g_autoptr (GBytes) data = depth == 1 ? encode_fax () : encode_jpeg (depth);
  g_autofree char *entries = g_strdup_printf ("/Type /XObject /Subtype /Image /Width %d /Height %d %s",
                                              WIDTH, HEIGHT, image);
  char            *path = NULL;
  pdf_builder_begin (builder, "");
  pdf_builder_add_stream (builder, entries, g_bytes_get_data (data, NULL), g_bytes_get_size (data));
  pdf_builder_add (builder, "%s", more != NULL ? more : "null");
  pdf_builder_add_page (builder, page, "/I0 4 0 R /I1 4 0 R", content);
  g_autoptr (GBytes) file = pdf_builder_finish (builder, "");
  g_close (g_file_open_tmp ("docai-XXXXXX.pdf", &path, NULL), NULL);
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (file, NULL),
                                      (gssize) g_bytes_get_size (file), NULL));
  return path;
}

/* The page's picture; NULL: it is no scan. `taken`: without rendering it. */
static struct Pix *
read_scan (char *path, gboolean *taken, double *dpi)
{
  DocaiSettings   *settings = docai_settings_new ();
  g_autoptr (GError) error = NULL;
  DocaiPdf        *pdf = docai_pdf_peek (path, NULL, &error);
  double           width, height;
  g_assert_no_error (error);
  g_autoptr (DocaiPdfPage) page = docai_pdf_page_open (pdf, 1, &error);
  g_assert_no_error (error);
  docai_pdf_page_size (page, &width, &height);
  {
    g_autoptr (DocaiEmbedded) embedded = docai_embedded_open (path, 1);
    g_autoptr (DocaiDrawing) scan =
        embedded != NULL ? docai_embedded_draw (embedded, 1, width, height, 1, &settings->limits)
                         : NULL;
    *taken = scan != NULL;
  }
  g_autoptr (DocaiDrawing) drawing = docai_pdf_page_draw (page, &settings->limits);
  struct Pix *pix = docai_scan_from_drawing (drawing, &settings->limits, dpi);
  docai_settings_free (settings);
  g_unlink (path);
  g_free (path);
  return pix;
}

static gboolean
is_taken (const char *page, const char *content, const char *image, const char *more)
{
  gboolean    taken;
  double      dpi;
  int         depth = strstr (image, "CCITT") != NULL ? 1 : strstr (image, "/DeviceGray") != NULL ? 8 : 32;
  struct Pix *pix = read_scan (write_file (page, content, image, more, depth), &taken, &dpi);
  pixDestroy (&pix);
  docai_pdf_forget ();
  return taken;
}

/* Renders one and takes the other. */
static void
assert_same (const char *page, const char *content, const char *image, int depth)
{
  gboolean         taken, rendered_taken;
  double           dpi, rendered_dpi;
  int              same = 0;
  g_autofree char *more = g_strconcat (content, RENDERED, NULL);
  struct Pix      *pix = read_scan (write_file (page, content, image, NULL, depth), &taken, &dpi);
  struct Pix      *rendered = read_scan (write_file (page, more, image, NULL, depth), &rendered_taken, &rendered_dpi);
  docai_pdf_forget ();
  g_test_message ("%s | %s | %s", page, content, image);
  g_assert_true (taken);
  g_assert_false (rendered_taken);
  g_assert_nonnull (pix);
  g_assert_nonnull (rendered);
  g_assert_cmpfloat (fabs (dpi - rendered_dpi), <, 0.01);
  g_assert_cmpint (pixGetDepth (pix), ==, depth);
  pixEqual (pix, rendered, &same);
  g_assert_true (same);
  pixDestroy (&pix);
  pixDestroy (&rendered);
}

static void
test_same (void)
{
  static const char *const ways[][2] = {
    { BOX, "144 0 0 72 0 0" },
    { BOX, "-144 0 0 72 144 0" },
    { BOX, "-144 0 0 -72 144 72" },
    { BOX, "144 0 0 -72 0 72" },
    { "/MediaBox [0 0 72 144]", "0 144 -72 0 72 0" },
    { "/MediaBox [0 0 72 144]", "0 -144 72 0 0 144" },
    { "/MediaBox [0 0 72 144]", "0 144 72 0 0 0" },
    { "/MediaBox [0 0 72 144]", "0 -144 -72 0 72 144" },
    { BOX " /Rotate 90", "144 0 0 72 0 0" },
    { BOX " /Rotate 180", "144 0 0 72 0 0" },
    { BOX " /Rotate -90", "144 0 0 72 0 0" },
    { "/MediaBox [10 20 170 108]", "144 0 0 72 22 30" },
    { "/MediaBox [0 0 144 72] /CropBox [20 10 140 70] /Rotate 90", "144 0 0 72 0 0" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *content = g_strdup_printf ("q %s cm /I0 Do Q", ways[i][1]);
      assert_same (ways[i][0], content, GREY, 8);
      assert_same (ways[i][0], content, FAX, 1);
    }
  assert_same (BOX, DRAW, RGB, 32);
  assert_same (BOX, DRAW, GREY "/Decode [1 0]", 8);
  assert_same (BOX, DRAW, FAX "/Decode [1 0]", 1);
  assert_same (BOX, DRAW, "/Filter [/CCITTFaxDecode] /BitsPerComponent 1 /ColorSpace /DeviceGray "
                          "/DecodeParms [<< /K -1 /Columns 200 /BlackIs1 true >>]", 1);
}

static void
test_taken (void)
{
  static const char *const contents[] = {
    DRAW,
    "% a comment\n0 g /Perceptual ri 0 0 144 72 re W n q\n144 0 0 72 0 0 cm/I0 Do\nQ Q",
    "/Artifact BMC " DRAW " EMC",
    "/P << /MCID 0 /A [1 (x\\)) <41>] >> BDC " DRAW " EMC",
    DRAW " BT 3 Tr /F1 10 Tf 1 0 0 1 5 5 Tm [(a) 20 <4142>] TJ ET",
    "q 2 0 0 2 0 0 cm 72 0 0 36 0 0 cm /I0 Do Q",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_test_message ("%s", contents[i]);
      g_assert_true (is_taken (BOX, contents[i], GREY, NULL));
    }
  g_assert_true (is_taken (BOX " /Annots []", DRAW, GREY, NULL));
  g_assert_true (is_taken (BOX, DRAW, RGB, NULL));
  g_assert_true (is_taken (BOX, DRAW, JPEG "/ColorSpace [/ICCBased 5 0 R]",
                           "<< /N 3 /Length 20 >>\nstream\nprofile called sRGB.\nendstream"));
}

static void
test_left (void)
{
  static const char *const contents[] = {
    "",
    "q 144 0 0 72 0 0 cm Q",
    DRAW RENDERED,
    DRAW " q 10 0 0 10 0 0 cm /I1 Do Q",
    DRAW " BT /F1 10 Tf 5 5 Td (seen) Tj ET",
    DRAW " 0 g 10 10 20 20 re f",
    DRAW " 0 0 m 100 50 l S",
    "/OC /Layer BDC " DRAW " EMC",
    "/GS gs " DRAW,
    "0 0 10 10 re W n " DRAW,
    "0 0 144 72 re 0 0 10 10 re W n " DRAW,
    "q 1 1 -1 1 0 0 cm 0 0 144 72 re W n Q " DRAW,
    "q 40 0 0 20 0 0 cm /I0 Do Q",
    "BI /W 1 /H 1 /CS /G /BPC 8 ID x EI " DRAW,
    DRAW " (unfinished",
    DRAW " 5",
    DRAW " << /A",
    "q 144 0 0 72 cm /I0 Do Q",
  };
  static const char *const images[] = {
    JPEG "/ColorSpace /DeviceCMYK ",
    JPEG "/ColorSpace [/Indexed /DeviceRGB 1 <000000ffffff>] ",
    JPEG "/ColorSpace [/ICCBased 5 0 R] ",
    JPEG,
    RGB "/Decode [1 0 1 0 1 0] ",
    GREY "/Decode [0 0.5] ",
    GREY "/SMask 4 0 R ",
    GREY "/Mask [0 10] ",
    GREY "/ImageMask true ",
    GREY "/OC << >> ",
    GREY "/DecodeParms << /ColorTransform 0 >> ",
    "/Filter [/ASCII85Decode /DCTDecode] /BitsPerComponent 8 /ColorSpace /DeviceGray ",
    "/Filter /CCITTFaxDecode /BitsPerComponent 1 /ColorSpace /DeviceGray ",
    "/Filter /CCITTFaxDecode /BitsPerComponent 1 /ColorSpace /DeviceGray /DecodeParms << /K 0 /Columns 200 >> ",
    "/Filter /CCITTFaxDecode /BitsPerComponent 1 /ColorSpace /DeviceGray "
    "/DecodeParms << /K -1 /Columns 200 /EncodedByteAlign true >> ",
    "/Filter /CCITTFaxDecode /BitsPerComponent 1 /ColorSpace /DeviceGray /DecodeParms << /K -1 /Columns 100 >> ",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_test_message ("%s", contents[i]);
      g_assert_false (is_taken (BOX, contents[i], GREY, NULL));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (images); i++)
    {
      g_test_message ("%s", images[i]);
      g_assert_false (is_taken (BOX, DRAW, images[i], "<< /N 1 /Length 8 >>\nstream\nsRGB sRGB\nendstream"));
    }
  g_assert_false (is_taken (BOX " /Annots [<< /Type /Annot /Subtype /Stamp /Rect [0 0 9 9] >>]", DRAW, GREY, NULL));
}

/* Data that are cut off, or another picture than the dictionary says. */
static void
test_damaged (void)
{
  g_autoptr (GBytes) jpeg = encode_jpeg (8);
  g_autoptr (GBytes) fax = encode_fax ();
  gsize         size, fax_size;
  const guint8 *data = g_bytes_get_data (jpeg, &size);
  const guint8 *fax_data = g_bytes_get_data (fax, &fax_size);
  struct Pix   *pix = docai_coded_read_jpeg (data, size, WIDTH, HEIGHT);
  g_assert_nonnull (pix);
  pixDestroy (&pix);
  g_assert_null (docai_coded_read_jpeg (data, size, WIDTH, HEIGHT + 1));
  for (gsize n = 0; n < size - 2; n++)
    g_assert_null (docai_coded_read_jpeg (data, n, WIDTH, HEIGHT));
  for (gsize n = 0; n <= fax_size; n++)
    {
      pix = docai_coded_read_group4 (fax_data, n, WIDTH, HEIGHT);
      g_assert_true (pix != NULL || n < fax_size);
      pixDestroy (&pix);
    }
}

static const char whole_content[] = "/P << /MCID 0 /A [1 (x\\)) <41>] >> BDC q 1 0 0 1 0 0 cm 0 0 9 9 re W n "
                                    "/I0 Do BT 3 Tr /F1 1 Tf [(a) -5] TJ ET Q EMC % end";

/* Any piece of a content is refused or read, and never read beyond. */
static void
test_content_pieces (void)
{
  gsize size = strlen (whole_content);
  int   n_read = 0;
  for (gsize from = 0; from < size; from++)
    for (gsize to = from; to <= size; to++)
      {
        g_autofree char *piece = g_memdup2 (whole_content + from, MAX (to - from, 1));
        g_autoptr (DocaiContent) content = docai_content_read (piece, to - from);
        n_read += content != NULL;
        g_assert_true (content == NULL || strcmp (content->image, "I0") == 0);
      }
  g_assert_cmpint (n_read, >, 10);
}

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

/* Contents with bytes replaced by those that mean something, and pieces repeated. */
static void
test_content_mutations (void)
{
  static const char bytes[] = "()<>[]/%{}\\ \n0.-+qQWn\xff";
  gsize  size = strlen (whole_content);
  GRand *random = g_rand_new_with_seed (3);
  for (int round = 0; round < 20000; round++)
    {
      gint32 start = g_rand_int_range (random, 0, (gint32) size), n = g_rand_int_range (random, 0, (gint32) size - start);
      g_autoptr (GString) text = g_string_new (whole_content);
      if (round % 4 == 0)
        g_string_insert_len (text, g_rand_int_range (random, 0, (gint32) size), whole_content + start, n);
      for (int k = g_rand_int_range (random, 1, 6); k > 0; k--)
        text->str[g_rand_int_range (random, 0, (gint32) text->len)] = bytes[g_rand_int_range (random, 0, G_N_ELEMENTS (bytes))];
      g_autofree guint8 *copy = g_memdup2 (text->str, text->len);
      LLVMFuzzerTestOneInput (copy, text->len);
    }
  g_rand_free (random);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/embedded/same", test_same);
  g_test_add_func ("/embedded/taken", test_taken);
  g_test_add_func ("/embedded/left", test_left);
  g_test_add_func ("/embedded/damaged", test_damaged);
  g_test_add_func ("/embedded/content-pieces", test_content_pieces);
  g_test_add_func ("/embedded/content-mutations", test_content_mutations);
  return g_test_run ();
}
