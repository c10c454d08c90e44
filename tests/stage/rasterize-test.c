/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The stage rasterize on PDF files whose every number is known.
 */
#include "pipeline/rasterize/pdf.h"
#include "tests/stage/pdf-builder.h"
#include "tests/stage/raster-case.h"

#include <allheaders.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* A crop box of 400 x 600 at 50, 100 in a page with this rotation and unit. */
typedef struct {
  int    rotation;
  double unit;
} Frame;

/* A box of the page's own space, y up, in the upright page. */
static DocaiBox
to_upright (const Frame *frame, double x0, double y0, double x1, double y1)
{
  DocaiBox b = { x0 - 50, 700 - y1, x1 - 50, 700 - y0 };
  double   w = 400, h = 600;
  for (int turn = 0; turn < frame->rotation; turn += 90)
    {
      b = (DocaiBox){ h - b.y1, b.x0, h - b.y0, b.x1 };
      double swap = w;
      w = h;
      h = swap;
    }
  return docai_box_scale (b, frame->unit);
}

static void
check_frame (Frame frame)
{
  g_auto (Case) c = { 0 };
  g_autofree char *entries = g_strdup_printf ("/MediaBox [0 0 612 792] /CropBox [50 100 450 700] "
                                              "/Rotate %d /UserUnit %g /Annots [ << /Type "
                                              "/Annot /Subtype /Link /Rect [100 600 150 620] /A << "
                                              "/S /URI /URI (http://a.example/) >> >> ]",
                                              frame.rotation, frame.unit);
  case_read (&c, make_page (entries, "BT /F1 20 Tf 100 605 Td (Hello) Tj ET "
                                     "100 500 200 0.5 re f 1 w 80 200 m 80 300 l S"));
  DocaiBox whole = to_upright (&frame, 50, 100, 450, 700);
  assert_near (c.page->width, whole.x1, 0.01);
  assert_near (c.page->height, whole.y1, 0.01);
  g_assert_cmpint (c.page->text_source, ==, DOCAI_TEXT_PDF);
  g_assert_false (c.page->scanned);

  g_assert_cmpuint (c.page->words->len, ==, 1);
  DocaiWord *word = c.page->words->pdata[0];
  g_assert_cmpstr (word->text, ==, "Hello");
  /* Helvetica: 0.722 + 0.556 + 0.222 + 0.222 + 0.556 of the size wide */
  DocaiBox narrow = to_upright (&frame, 100, 605, 145.56, 619);
  DocaiBox wide = to_upright (&frame, 99.5, 595, 146, 628);
  g_assert_cmpfloat (docai_box_coverage (word->bbox, wide), >, 0.999);
  g_assert_cmpfloat (docai_box_coverage (narrow, word->bbox), >, 0.98);
  DocaiFont *font = c.page->fonts->pdata[0];
  g_assert_cmpint (word->font, ==, font->id);
  g_assert_cmpstr (font->name, ==, "Helvetica");
  assert_near (font->size, 20 * frame.unit, 0.01);

  g_assert_cmpuint (c.page->links->len, ==, 1);
  DocaiLink *link = c.page->links->pdata[0];
  assert_box (link->bbox, to_upright (&frame, 100, 600, 150, 620), 0.05);
  g_assert_cmpstr (link->uri, ==, "http://a.example/");

  g_assert_cmpuint (c.page->rulings->len, ==, 2);
  DocaiBox across = to_upright (&frame, 100, 500, 300, 500.5);
  DocaiBox down = to_upright (&frame, 79.5, 200, 80.5, 300);
  for (int i = 0; i < 2; i++)
    {
      DocaiBox box = ((DocaiRuling *) c.page->rulings->pdata[i])->bbox;
      assert_box (box, docai_box_iou (box, across) > 0.5 ? across : down, 0.05);
    }
}

static void
test_frames (void)
{
  for (int rotation = 0; rotation < 360; rotation += 90)
    {
      check_frame ((Frame){ rotation, 1 });
      check_frame ((Frame){ rotation, 2.5 });
    }
}

/* Words end at blanks, at gaps of a table, at the line; white and outside ones
 * are not there. */
static void
test_words (void)
{
  g_auto (Case) c = { 0 };
  case_read (&c, make_page (LETTER, "BT /F1 10 Tf 50 700 Td (One two:) Tj 200 0 Td (3,50) Tj "
                                    "-200 -20 Td (three) Tj 1 1 1 rg 0 -20 Td (white) Tj "
                                    "0 0 0 rg 900 0 Td (outside) Tj ET"));
  static const char *const truth[] = { "One", "two:", "three", "3,50" };
  g_assert_cmpuint (c.page->words->len, ==, G_N_ELEMENTS (truth));
  for (guint i = 0; i < c.page->words->len; i++)
    g_assert_cmpstr (((DocaiWord *) c.page->words->pdata[i])->text, ==, truth[i]);
}

/* Squares with text beside them are check boxes, crossed or not; solid ones, the
 * cells of a comb, lone ones, icons, shades of a legend and framed keys are none. */
static void
test_checkboxes (void)
{
  g_auto (Case) c = { 0 };
  case_read (&c, make_page (LETTER, "0.7 w 50 700 10 10 re S 50 680 10 10 re S 51 681 m 59 689 l S 51 689 m 59 681 l S "
                                    "50 630 10 10 re f 300 500 10 10 re S "
                                    "0.2 0.3 0.6 rg 300 699 12 12 re f 1 G 302 701 m 310 709 l S 302 709 m 310 701 l S 0 G "
                                    "0.8 0.9 1 rg 300 680 9 9 re B 0 g 300 660 11 11 re S "
                                    "300 560 7 7 re f 1 g 300 546 7 7 re B 0 g "
                                    "50 600 12 12 re S 62 600 12 12 re S 74 600 12 12 re S "
                                    "BT /F1 10 Tf 66 702 Td (Yes) Tj 0 -20 Td (No) Tj 0 -50 Td (Item) Tj "
                                    "24 -30 Td (Name) Tj 226 100 Td (Address) Tj 0 -20 Td (Legend) Tj 0 -20 Td (Key) Tj "
                                    "-14 1 Td (A) Tj 10 -102 Td (Both) Tj 0 -14 Td (Neither) Tj ET"));
  guint n_empty = 0, n_crossed = 0;
  for (guint i = 0; i < c.page->words->len; i++)
    {
      const DocaiWord *word = c.page->words->pdata[i];
      n_empty += g_str_equal (word->text, "☐");
      n_crossed += g_str_equal (word->text, "☒");
      if (g_str_equal (word->text, "☐"))
        assert_box (word->bbox, DOCAI_BOX (50, 82, 60, 92), 0.5);
      if (g_str_equal (word->text, "☒"))
        assert_box (word->bbox, DOCAI_BOX (50, 102, 60, 112), 0.5);
    }
  g_assert_cmpuint (n_empty, ==, 1);
  g_assert_cmpuint (n_crossed, ==, 1);
  g_assert_cmpuint (c.page->words->len, ==, 12);
}

/* A drawing in a frame with round corners takes the frame; the stripes of a logo
 * are no rules. */
static void
test_figures (void)
{
  g_auto (Case) c = { 0 };
  g_autoptr (GString) content = g_string_new ("1 w 110 400 m 290 400 l 300 400 300 400 300 410 c 300 590 l "
                                              "300 600 300 600 290 600 c 110 600 l 100 600 100 600 100 590 c 100 410 l "
                                              "100 400 100 400 110 400 c S 0.2 0.5 0.9 rg 0 0 0 RG "
                                              "150 450 m 170 550 230 550 250 450 c 200 500 l b ");
  for (int i = 0; i < 12; i++)
    g_string_append_printf (content, "400 %d 60 1.8 re f ", 500 + 3 * i);
  g_string_append (content, "BT /F1 10 Tf 50 700 Td (Words) Tj ET");
  case_read (&c, make_page (LETTER, content->str));
  gboolean framed = FALSE, striped = FALSE;
  for (guint i = 0; i < c.page->images->len; i++)
    {
      DocaiBox box = ((DocaiPlacedImage *) c.page->images->pdata[i])->bbox;
      framed = framed || docai_box_iou (box, DOCAI_BOX (100, 192, 300, 392)) > 0.9;
      striped = striped || docai_box_iou (box, DOCAI_BOX (400, 257, 460, 292)) > 0.7;
    }
  g_assert_true (framed);
  g_assert_true (striped);
}

/* A grid of strokes, one drawn cell by cell: the pieces are joined. */
static void
test_grid (void)
{
  g_auto (Case) c = { 0 };
  g_autoptr (GString) content = g_string_new ("0.5 w ");
  for (int row = 0; row < 4; row++)
    for (int column = 0; column < 3; column++)
      g_string_append_printf (content, "%d %d 100 20 re S ", 100 + column * 100, 400 + row * 20);
  g_string_append (content, "BT /F1 10 Tf 110 405 Td (cell) Tj ET 0.9 g 100 300 300 40 re f");
  case_read (&c, make_page (LETTER, content->str));
  int n_across = 0, n_down = 0;
  for (guint i = 0; i < c.page->rulings->len; i++)
    {
      DocaiBox box = ((DocaiRuling *) c.page->rulings->pdata[i])->bbox;
      gboolean across = docai_box_width (box) > docai_box_height (box);
      n_across += across;
      n_down += !across;
      if (across)
        assert_box (box, DOCAI_BOX (100, box.y0, 400, box.y0 + 0.5), 0.05);
      else
        assert_box (box, DOCAI_BOX (box.x0, 792 - 480, box.x0 + 0.5, 792 - 400), 0.05);
    }
  g_assert_cmpint (n_across, ==, 5);
  g_assert_cmpint (n_down, ==, 4);
}

/* Lines that cannot be seen are not there; white ones on a dark ground are. */
static void
test_unseen_lines (void)
{
  g_auto (Case) c = { 0 };
  case_read (&c, make_page (LETTER, "BT /F1 10 Tf 50 700 Td (Text) Tj ET "
                                    "1 G 1 w 100 500 m 400 500 l S "
                                    "0 G 100 400 m 400 400 l S 1 g 90 390 320 20 re f "
                                    "0.3 g 100 200 300 40 re f 100 220 m 400 220 l 1 G S "
                                    "0.8 G 0.2 w 100 100 m 400 100 l S"));
  g_assert_cmpuint (c.page->rulings->len, ==, 2);
  assert_near (((DocaiRuling *) c.page->rulings->pdata[0])->bbox.y0, 792 - 220.5, 0.05);
  assert_near (((DocaiRuling *) c.page->rulings->pdata[1])->bbox.y0, 792 - 100.1, 0.05);
}

/* A grey image of 200 x 100 pixels: white, its corner top left black, top right grey. */
static int
add_image (PdfBuilder *builder, const char *filter)
{
  guint8 *pixels = g_malloc (200 * 100);
  memset (pixels, 255, 200 * 100);
  for (int y = 0; y < 20; y++)
    {
      memset (pixels + y * 200, 0, 20);
      memset (pixels + y * 200 + 180, 128, 20);
    }
  g_autofree char *entries = g_strdup_printf (
      "/Type /XObject /Subtype /Image /Width 200 /Height 100 /ColorSpace /DeviceGray "
      "/BitsPerComponent 8 %s",
      filter);
  int number = pdf_builder_add_stream (builder, entries, pixels, 200 * 100);
  g_free (pixels);
  return number;
}

static GBytes *
make_scan (const char *entries, const char *content)
{
  PdfBuilder *builder = pdf_builder_new ();
  pdf_builder_begin (builder, "");
  int              image = add_image (builder, "");
  g_autofree char *xobjects = g_strdup_printf ("/I0 %d 0 R", image);
  pdf_builder_add_page (builder, entries, xobjects, content);
  return pdf_builder_finish (builder, "");
}

/* Placed images near one another are no figure of their own; fields of a form, frames
 * around words, are none at all. */
static void
test_neighbours (void)
{
  g_auto (Case) pictures = { 0 }, form = { 0 };
  case_read (&pictures, make_scan (LETTER, "q 100 0 0 80 50 600 cm /I0 Do Q q 100 0 0 80 166 600 cm /I0 Do Q "
                                           "BT /F1 10 Tf 50 580 Td (Hand fork and trowel) Tj ET"));
  g_assert_cmpuint (pictures.page->images->len, ==, 2);

  g_autoptr (GString) content = g_string_new ("");
  for (int i = 0; i < 3; i++)
    g_string_append_printf (content, "50 %d 200 24 re 51 %d 198 22 re f* 256 %d 100 24 re 257 %d 98 22 re f* ", 600 - 30 * i,
                            601 - 30 * i, 600 - 30 * i, 601 - 30 * i);
  g_string_append (content, "BT /F1 8 Tf 54 614 Td (Surname) Tj 206 0 Td (Born) Tj ET");
  case_read (&form, make_page (LETTER, content->str));
  g_assert_cmpuint (form.page->images->len, ==, 0);
}

static int
grey_at (struct Pix *pix, int x, int y)
{
  l_uint32 value;
  g_assert_cmpint (pixGetDepth (pix), ==, 8);
  g_assert_cmpint (pixGetPixel (pix, x, y, &value), ==, 0);
  return (int) value;
}

/* Where the black and the grey corner are: 0 top left, 1 top right, 2 bottom
 * right, 3 bottom left. */
static void
assert_corners (struct Pix *pix, int black, int grey)
{
  int right = pixGetWidth (pix) - 10, bottom = pixGetHeight (pix) - 10;
  int x[4] = { 9, right, right, 9 }, y[4] = { 9, 9, bottom, bottom };
  for (int i = 0; i < 4; i++)
    g_assert_cmpint (abs (grey_at (pix, x[i], y[i])
                          - (i == black  ? 0
                             : i == grey ? 128
                                         : 255)),
                     <, 3);
}

/* The page is one image in each of the eight ways to lay it. */
static void
test_scan_placements (void)
{
  static const struct {
    const char *entries, *matrix;
    int         black, grey;
  } ways[] = {
    { "/MediaBox [0 0 144 72]", "144 0 0 72 0 0", 0, 1 },
    { "/MediaBox [0 0 144 72]", "-144 0 0 72 144 0", 1, 0 },
    { "/MediaBox [0 0 144 72]", "-144 0 0 -72 144 72", 2, 3 },
    { "/MediaBox [0 0 144 72]", "144 0 0 -72 0 72", 3, 2 },
    { "/MediaBox [0 0 72 144]", "0 144 -72 0 72 0", 3, 0 },
    { "/MediaBox [0 0 72 144]", "0 -144 72 0 0 144", 1, 2 },
    { "/MediaBox [0 0 72 144]", "0 144 72 0 0 0", 2, 1 },
    { "/MediaBox [0 0 72 144]", "0 -144 -72 0 72 144", 0, 3 },
    { "/MediaBox [0 0 144 72] /Rotate 90", "144 0 0 72 0 0", 1, 2 },
    { "/MediaBox [0 0 144 72] /Rotate 180", "144 0 0 72 0 0", 2, 3 },
    { "/MediaBox [0 0 144 72] /Rotate 270", "144 0 0 72 0 0", 3, 0 },
    { "/MediaBox [0 0 144 72] /UserUnit 2", "144 0 0 72 0 0", 0, 1 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_auto (Case) c = { 0 };
      g_autofree char *content = g_strdup_printf ("q %s cm /I0 Do Q", ways[i].matrix);
      case_read (&c, make_scan (ways[i].entries, content));
      g_assert_true (c.page->scanned);
      assert_near (c.page->dpi, strstr (ways[i].entries, "UserUnit") != NULL ? 50 : 100, 0.01);
      g_assert_cmpint (pixGetWidth (c.page->raster) * pixGetHeight (c.page->raster), ==, 20000);
      assert_corners (c.page->raster, ways[i].black, ways[i].grey);
    }
}

/* A scan within a margin keeps its place on the page; what a crop box hides is cut off. */
static void
test_scan_margins (void)
{
  g_auto (Case) c = { 0 };
  case_read (&c, make_scan ("/MediaBox [0 0 160 88]", "q 144 0 0 72 12 10 cm /I0 Do Q"));
  g_assert_true (c.page->scanned);
  g_assert_cmpint (pixGetWidth (c.page->raster), ==, 222);
  g_assert_cmpint (pixGetHeight (c.page->raster), ==, 122);
  /* the image's top left is at 12, 6 points */
  g_assert_cmpint (grey_at (c.page->raster, 12 * 100 / 72 + 2, 6 * 100 / 72 + 2), ==, 0);
  g_assert_cmpint (grey_at (c.page->raster, 12 * 100 / 72 - 2, 6 * 100 / 72 + 2), ==, 255);
}

/* Text of a scan that is never drawn is not trusted, unless there is no other. */
static void
test_scan_hidden_text (void)
{
  const char *content = "q 144 0 0 72 0 0 cm /I0 Do Q BT 3 Tr /F1 10 Tf 10 50 Td (Hidden) Tj ET";
  {
    g_auto (Case) c = { 0 };
    case_read (&c, make_scan ("/MediaBox [0 0 144 72]", content));
    g_assert_true (c.page->scanned);
    g_assert_cmpuint (c.page->words->len, ==, 0);
    g_assert_cmpint (c.page->text_source, ==, DOCAI_TEXT_NONE);
    assert_corners (c.page->raster, 0, 1);
  }
  g_auto (Case) c = { 0 };
  case_write (&c, make_scan ("/MediaBox [0 0 144 72]", content));
  g_assert_true (docai_options_set (c.options, "ocr", "never", NULL));
  g_assert_true (case_probe (&c) && case_rasterize (&c, 1));
  g_assert_false (c.page->scanned);
  g_assert_cmpuint (c.page->words->len, ==, 1);
}

/* Text drawn over a page-filling picture is text; below it, it is not. */
static void
test_background_image (void)
{
  g_auto (Case) over = { 0 }, below = { 0 };
  case_read (&over, make_scan ("/MediaBox [0 0 144 72]",
                               "q 144 0 0 72 0 0 cm /I0 Do Q BT /F1 10 Tf 20 30 Td (Over) Tj ET"));
  g_assert_false (over.page->scanned);
  g_assert_cmpuint (over.page->words->len, ==, 1);
  g_assert_cmpuint (over.page->images->len, ==, 1);
  assert_box (((DocaiPlacedImage *) over.page->images->pdata[0])->bbox, DOCAI_BOX (0, 0, 144, 72), 0.05);
  case_read (&below,
             make_scan ("/MediaBox [0 0 144 72]",
                        "BT /F1 10 Tf 20 30 Td (Below) Tj ET q 144 0 0 72 0 0 cm /I0 Do Q"));
  g_assert_true (below.page->scanned);
  g_assert_cmpuint (below.page->words->len, ==, 0);
}

/* A page whose font F2 maps the bytes from `first` on to the letters from `letter` on (hexadecimal). */
static GBytes *
make_mapped (const char *first, const char *letter, const char *content)
{
  g_autofree char *map = g_strdup_printf (
      "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def "
      "/CMapType 2 def 1 begincodespacerange <00> <FF> endcodespacerange "
      "1 beginbfrange <%s> <FF> <%s> endbfrange endcmap end end", first, letter);
  PdfBuilder *builder = pdf_builder_new ();
  pdf_builder_begin (builder, "");
  int stream = pdf_builder_add_stream (builder, "", map, strlen (map));
  int font = pdf_builder_add (
      builder, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode %d 0 R >>", stream);
  g_autofree char *entries = g_strdup_printf (
      "/MediaBox [0 0 200 100] /Resources << /Font << /F2 %d 0 R >> >> /X <<", font);
  g_autofree char *whole = g_strdup_printf ("%s >>", entries);
  int              text = pdf_builder_add_stream (builder, "", content, strlen (content));
  int              page =
      pdf_builder_add (builder, "<< /Type /Page /Parent 2 0 R %s /Contents %d 0 R >>", whole, text);
  g_autofree char *pages = g_strdup_printf ("<< /Type /Pages /Kids [%d 0 R] /Count 1 >>", page);
  int              tree = pdf_builder_add (builder, "%s", pages);
  g_autofree char *trailer = NULL;
  int              root = pdf_builder_add (builder, "<< /Type /Catalog /Pages %d 0 R >>", tree);
  trailer = g_strdup_printf ("/Root %d 0 R", root);
  return pdf_builder_finish (builder, trailer);
}

/* Letters that map to private use are not read but drawn for recognition. */
static void
test_garbled (void)
{
  g_auto (Case) c = { 0 };
  case_read (&c, make_mapped ("00", "E000", "BT /F2 20 Tf 20 40 Td (Garbled text) Tj ET"));
  g_assert_true (c.page->scanned);
  g_assert_cmpuint (c.page->words->len, ==, 0);
  assert_near (c.page->dpi, 300, 0.01);
  g_assert_cmpint (pixGetWidth (c.page->raster), ==, 833);
}

/* All words of a page from right to left are read, none with Poppler's signs of direction, each at its place. */
static void
test_right_to_left (void)
{
  g_auto (Case) c = { 0 };
  case_read (&c, make_mapped ("61", "05D0", "BT /F2 12 Tf 20 80 Td (abc) Tj 130 0 Td (def) Tj -130 -20 Td (ghi) Tj "
                                            "130 0 Td (jkl) Tj -130 -20 Td (mno) Tj 130 0 Td (pqr) Tj ET"));
  g_assert_cmpint (c.page->text_source, ==, DOCAI_TEXT_PDF);
  g_assert_cmpuint (c.page->words->len, ==, 6);
  guint seen = 0;
  for (guint i = 0; i < 6; i++)
    {
      const DocaiWord *word = c.page->words->pdata[i];
      g_assert_cmpint (g_utf8_strlen (word->text, -1), ==, 3);
      for (const char *at = word->text; *at != '\0'; at = g_utf8_next_char (at))
        seen |= 1u << (g_utf8_get_char (at) - 0x5D0);
      int column = word->bbox.x0 > 100, row = (int) ((word->bbox.y0 - 8) / 20);
      g_assert_cmpfloat (fabs (word->bbox.x0 - (column ? 150 : 20)), <, 2);
      g_assert_cmpint (g_utf8_strchr (word->text, -1, 0x5D0 + 3 * (gunichar) (2 * row + column)) != NULL, ==, TRUE);
    }
  g_assert_cmpuint (seen, ==, (1u << 18) - 1);
}

static void
test_blank (void)
{
  g_auto (Case) c = { 0 };
  case_read (&c, make_page (LETTER, ""));
  g_assert_false (c.page->scanned);
  g_assert_null (c.page->raster);
  g_assert_cmpint (c.page->text_source, ==, DOCAI_TEXT_NONE);
}

static void
test_render (void)
{
  g_auto (Case) c = { 0 };
  case_read (&c, make_page ("/MediaBox [0 0 300 200]",
                            "BT /F1 20 Tf 100 100 Td (Text) Tj ET 1 0 0 rg 0 190 10 10 re f"));
  g_assert_null (c.page->raster);
  g_assert_true (docai_rasterize_render (&c.task, c.page, 144, 8, &c.error));
  g_assert_cmpint (pixGetWidth (c.page->raster), ==, 600);
  g_assert_cmpint (pixGetHeight (c.page->raster), ==, 400);
  g_assert_cmpint (grey_at (c.page->raster, 5, 5), ==, 76);
  g_assert_cmpint (grey_at (c.page->raster, 595, 395), ==, 255);

  /* colour where grey was, and finer: made anew; the same again: kept */
  l_uint32 value;
  g_assert_true (docai_rasterize_render (&c.task, c.page, 72, 32, &c.error));
  g_assert_cmpint (pixGetPixel (c.page->raster, 3, 3, &value), ==, 0);
  g_assert_cmphex (value, ==, 0xff000000);
  struct Pix *before = c.page->raster;
  g_assert_true (docai_rasterize_render (&c.task, c.page, 72, 8, &c.error));
  g_assert_true (c.page->raster == before);

  /* the page was turned by a later stage */
  c.page->rotation = 90;
  docai_page_drop_raster (c.page);
  g_assert_true (docai_rasterize_render (&c.task, c.page, 72, 8, &c.error));
  g_assert_cmpint (pixGetWidth (c.page->raster), ==, 200);
  g_assert_cmpint (grey_at (c.page->raster, 195, 5), ==, 76);
  c.page->rotation = 0;

  /* 60,000 points, so 15,000 pixels give half the resolution of 72 */
  docai_page_drop_raster (c.page);
  c.settings->limits.pixels = 15000;
  g_assert_true (docai_rasterize_render (&c.task, c.page, 300, 8, &c.error));
  assert_near (c.page->dpi, 36, 0.01);
  docai_page_drop_raster (c.page);
  c.settings->limits.pixels = 10000;
  g_assert_false (docai_rasterize_render (&c.task, c.page, 300, 8, &c.error));
  g_assert_error (c.error, DOCAI_ERROR, DOCAI_ERROR_PIXEL_LIMIT);
}

/* Bytes before the header and no sound table of offsets: still read. */
static void
test_junk (void)
{
  g_auto (Case) c = { 0 };
  gsize length;
  g_autoptr (GBytes) page = make_page (LETTER, "BT /F1 10 Tf 50 700 Td (Fine) Tj ET");
  const guint8 *data = g_bytes_get_data (page, &length);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  for (int i = 0; i < 20; i++)
    g_byte_array_append (all, (const guint8 *) "\x1bjunk\r\n", 7);
  g_byte_array_append (all, data, (guint) length);
  case_read (&c, g_bytes_new (all->data, all->len));
  g_assert_cmpuint (c.page->words->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rasterize/frames", test_frames);
  g_test_add_func ("/rasterize/words", test_words);
  g_test_add_func ("/rasterize/grid", test_grid);
  g_test_add_func ("/rasterize/checkboxes", test_checkboxes);
  g_test_add_func ("/rasterize/figures", test_figures);
  g_test_add_func ("/rasterize/neighbours", test_neighbours);
  g_test_add_func ("/rasterize/unseen-lines", test_unseen_lines);
  g_test_add_func ("/rasterize/scan-placements", test_scan_placements);
  g_test_add_func ("/rasterize/scan-margins", test_scan_margins);
  g_test_add_func ("/rasterize/scan-hidden-text", test_scan_hidden_text);
  g_test_add_func ("/rasterize/background-image", test_background_image);
  g_test_add_func ("/rasterize/garbled", test_garbled);
  g_test_add_func ("/rasterize/right-to-left", test_right_to_left);
  g_test_add_func ("/rasterize/blank", test_blank);
  g_test_add_func ("/rasterize/render", test_render);
  g_test_add_func ("/rasterize/junk", test_junk);
  return g_test_run ();
}
