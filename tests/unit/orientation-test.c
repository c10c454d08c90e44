/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which way up a page is: pages of capitals and figures, whose shapes do not tell,
 * drawn in several scripts and laid in all four ways.
 */
#include "pipeline/layout/binarize.h"
#include "pipeline/layout/orientation.h"

#include <cairo.h>
#include <glib.h>
#include <string.h>

#define WIDTH  1240 /* A4 at 150 dots an inch */
#define HEIGHT 1754

static const char *const english[] = {
  "STATEMENT OF GOODS AND SERVICES", "HARDWARE STORE, 17 MARKET STREET", "CLOSED ON SUNDAYS AND HOLIDAYS",
  "PAINT BRUSH 40 MM WHITE      12.60", "WALLPAPER PASTE, LARGE        8.45", "CHANGE IS GIVEN IN COINS ONLY",
  "THANK YOU FOR YOUR CUSTOM",      NULL
};
static const char *const russian[] = {
  "КВИТАНЦИЯ ОБ ОПЛАТЕ УСЛУГ СВЯЗИ", "ПОЛУЧАТЕЛЬ ПЛАТЕЖА И ЕГО АДРЕС", "ГОРОДСКАЯ БИБЛИОТЕКА НАУКИ",
  "СТОИМОСТЬ ДОСТАВКИ КНИГ ПОЧТОЙ", "ИТОГО К ОПЛАТЕ СЕГОДНЯ", "СПАСИБО ЗА ПОКУПКУ", NULL
};
static const char *const greek[] = {
  "ΑΠΟΔΕΙΞΗ ΛΙΑΝΙΚΗΣ ΠΩΛΗΣΗΣ", "ΟΔΟΣ ΕΛΕΥΘΕΡΙΑΣ ΚΑΙ ΔΗΜΟΚΡΑΤΙΑΣ", "ΒΙΒΛΙΟΠΩΛΕΙΟ ΤΗΣ ΠΟΛΗΣ",
  "ΣΥΝΟΛΟ ΠΛΗΡΩΜΗΣ ΜΕ ΜΕΤΡΗΤΑ", "ΕΥΧΑΡΙΣΤΟΥΜΕ ΓΙΑ ΤΗΝ ΕΠΙΣΚΕΨΗ", NULL
};

typedef struct {
  PIX    *raster;
  PIX    *bits;
  GArray *components;
  int     factor;
} Sheet;

static void
sheet_clear (Sheet *sheet)
{
  pixDestroy (&sheet->raster);
  pixDestroy (&sheet->bits);
  g_clear_pointer (&sheet->components, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sheet, sheet_clear)

/* Each of the lines twice, in black on white. */
static PIX *
draw (const char *const *lines)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, WIDTH, HEIGHT);
  cairo_t         *context = cairo_create (surface);
  cairo_select_font_face (context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (context, 30);
  for (int i = 0; i < 2 * (int) g_strv_length ((char **) lines); i++) {
    cairo_move_to (context, 120 + 30 * (i % 3), 200 + 60 * i);
    cairo_show_text (context, lines[i / 2]);
  }
  cairo_destroy (context);
  cairo_surface_flush (surface);
  PIX          *pix  = pixCreate (WIDTH, HEIGHT, 8);
  const guint8 *data = cairo_image_surface_get_data (surface);
  int           stride = cairo_image_surface_get_stride (surface);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      pixSetPixel (pix, x, y, 255 - data[y * stride + x]);
  cairo_surface_destroy (surface);
  return pix;
}

/* The page turned clockwise, analysed as a scan is. */
static Sheet
take (PIX *upright, int quarters)
{
  Sheet sheet = { .raster = pixRotateOrth (upright, quarters) };
  int   width = pixGetWidth (sheet.raster), height = pixGetHeight (sheet.raster);
  sheet.factor = binarize_factor (width, height, 150);
  g_autoptr (LayoutGrey) grey = binarize_grey (sheet.raster, sheet.factor);
  g_autoptr (LayoutTiles) tiles = NULL;
  sheet.bits       = binarize_page (grey, &tiles);
  sheet.components = components_find (sheet.bits);
  return sheet;
}

static int
ask (LayoutReader *reader, const char *language, const Sheet *sheet, int guess, gboolean sure)
{
  return layout_reader_orientation (reader, language, NULL, sheet->raster, sheet->factor,
                                    sheet->components, pixGetWidth (sheet->bits),
                                    pixGetHeight (sheet->bits), guess, sure);
}

static gboolean
is_installed (const char *language)
{
  static const char *const places[] = { "/usr/share/tesseract-ocr/5/tessdata",
                                        "/usr/share/tesseract-ocr/4.00/tessdata", "/usr/share/tessdata" };
  const char *prefix = g_getenv ("TESSDATA_PREFIX");
  g_autofree char *name = g_strconcat (language, ".traineddata", NULL);
  g_autofree char *own = prefix ? g_build_filename (prefix, name, NULL) : NULL;
  if (own && g_file_test (own, G_FILE_TEST_EXISTS))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autofree char *path = g_build_filename (places[i], name, NULL);
    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return TRUE;
  }
  return FALSE;
}

/* Whatever the components tell, surely or not, reading finds the way. */
static void
check_all_ways (const char *language, const char *const *lines)
{
  if (!is_installed (language)) {
    g_autofree char *reason = g_strdup_printf ("tesseract-ocr-%s is not installed", language);
    g_test_skip (reason);
    return;
  }
  LayoutReader *reader = layout_reader_new ();
  PIX          *upright = draw (lines);
  for (int q = 0; q < 4; q++) {
    g_auto (Sheet) sheet = take (upright, q);
    for (int guess = 0; guess < 4; guess++) {
      g_test_message ("%s turned %d, taken for %d", language, q, guess);
      g_assert_cmpint (ask (reader, language, &sheet, guess, FALSE), ==, (4 - q) % 4);
      g_assert_cmpint (ask (reader, language, &sheet, guess, TRUE), ==, (4 - q) % 4);
    }
  }
  pixDestroy (&upright);
  layout_reader_free (reader);
}

static void test_latin (void) { check_all_ways ("eng", english); }
static void test_cyrillic (void) { check_all_ways ("rus", russian); }
static void test_greek (void) { check_all_ways ("ell", greek); }

/* Signs that are no letters, an empty page, a missing model: nothing is told. */
static void
test_nothing_told (void)
{
  static const char *const signs[] = { "- - - - - - - - - - -", "= = = = = = = = = =", ". . . . . . . .", NULL };
  static const char *const none[] = { NULL };
  LayoutReader *reader = layout_reader_new ();
  PIX          *page = draw (signs), *blank = draw (none), *text = draw (english);
  g_auto (Sheet) rules = take (page, 0);
  g_auto (Sheet) empty = take (blank, 0);
  g_auto (Sheet) good = take (text, 0);
  g_assert_cmpint (ask (reader, "eng", &rules, 0, FALSE), ==, -1);
  g_assert_cmpint (ask (reader, "eng", &empty, 0, FALSE), ==, -1);
  g_assert_cmpint (ask (reader, "no_such_language", &good, 0, FALSE), ==, -1);
  pixDestroy (&page);
  pixDestroy (&blank);
  pixDestroy (&text);
  layout_reader_free (reader);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/orientation/latin", test_latin);
  g_test_add_func ("/orientation/cyrillic", test_cyrillic);
  g_test_add_func ("/orientation/greek", test_greek);
  g_test_add_func ("/orientation/nothing-told", test_nothing_told);
  return g_test_run ();
}
