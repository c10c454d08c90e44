/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The line recogniser against libtesseract: the same images are given to both,
 * and text, confidences and boxes have to be the same. Lines are drawn with the
 * fonts that are there, in several sizes, tilted, with noise, blurred, in colour
 * and light on dark. Each language is tested where it is installed.
 */
#include <cairo.h>
#include <locale.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "pipeline/ocr/lstm/lineimage.h"
#include "tests/unit/tesseract-page.h"

enum { MODE_AUTO = 3, MODE_RAW_LINE = 13 };

typedef struct {
  const char *language;
  const char *lines[4];
} Sample;

static const Sample samples[] = {
  { "eng",
    { "The quick brown fox jumps over the lazy dog.",
      "Invoice No. 2023-0042, total amount: $1,234.56 (incl. VAT)",
      "\"Never again,\" she said; the door closed behind her - slowly." } },
  { "deu",
    { "Die Rechnung Nr. 4711 über 1.234,56 € ist bis zum 15. März fällig.",
      "„Franz jagt im komplett verwahrlosten Taxi quer durch Bayern“, sagte er." } },
  { "fra",
    { "L'été dernier, nous avons mangé des crêpes à la crème près du château.",
      "Facture n° 2021/117 : montant total 1 250,40 € TTC, garçon, cœur." } },
  { "spa", { "El niño comió mañana una piña; ¿dónde está el camión? ¡Qué día!" } },
  { "por", { "A ação não começou amanhã: o avião está à espera dos órgãos públicos." } },
  { "ita", { "Perché la città è così bella? È più facile dirlo che spiegarlo." } },
  { "nld", { "Factuurnummer 90210, totaalbedrag € 87,65, te betalen vóór 1 juni." } },
  { "pol", { "Zażółć gęślą jaźń, powiedział mąż i poszedł do sklepu." } },
  { "rus", { "Съешь же ещё этих мягких французских булок, да выпей чаю." } },
  { "ell", { "Η γρήγορη καφέ αλεπού πηδάει πάνω από το τεμπέλικο σκυλί." } },
};

/* Noise that is the same on each machine. */
static int
noise (guint *state, int amplitude)
{
  *state = *state * 1103515245u + 12345u;
  return amplitude > 0 ? (int) ((*state >> 16) % (guint) (2 * amplitude + 1)) - amplitude : 0;
}

static void
set_font (cairo_t *cr, int variant, double size)
{
  static const char *const fonts[] = { "serif", "sans-serif", "monospace" };

  cairo_select_font_face (cr, fonts[variant % 3],
                          variant % 4 == 1 ? CAIRO_FONT_SLANT_ITALIC : CAIRO_FONT_SLANT_NORMAL,
                          variant % 5 == 2 ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, size);
}

/* The drawing as grey or colour, worn out. */
static PIX *
to_pix (cairo_surface_t *surface, int variant)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  int           stride = cairo_image_surface_get_stride (surface);
  int           width = cairo_image_surface_get_width (surface);
  int           height = cairo_image_surface_get_height (surface);
  gboolean      colour = variant % 6 == 5;
  guint         state = (guint) variant * 7919u + 1u;
  PIX          *pix = pixCreate (width, height, colour ? 32 : 8), *blurred;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        int v = data[y * stride + 4 * x] + noise (&state, variant % 4 * 20);

        v = CLAMP (v, 0, 255);
        if (colour)
          pixSetRGBPixel (pix, x, y, v, CLAMP (v - 20, 0, 255), v / 2 + 60);
        else
          pixSetPixel (pix, x, y, (guint) v);
      }
  if (variant % 3 != 2)
    return pix;
  blurred = pixBlockconv (pix, 1, 1);
  pixDestroy (&pix);
  return blurred;
}

static PIX *
draw_line (const char *text, int variant)
{
  double           size = 16 + variant * 11 % 40, dark = variant % 7 == 4 ? 1 : 0;
  cairo_surface_t *surface
    = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) (size * 45), (int) (size * 1.6));
  cairo_t *cr = cairo_create (surface);
  PIX     *pix;

  cairo_set_source_rgb (cr, 1 - dark, 1 - dark, 1 - dark);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, dark, dark, dark);
  set_font (cr, variant, size);
  cairo_move_to (cr, 10, size * 1.15);
  cairo_rotate (cr, (variant % 5 - 2) * 0.002);
  cairo_show_text (cr, text);
  cairo_surface_flush (surface);
  pix = to_pix (surface, variant);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return pix;
}

static DocaiReading *
read_whole (DocaiRecogniser *recogniser, PIX *pix, const DocaiReadOptions *options)
{
  DocaiTextLine      line = { .box = { 0, 0, pixGetWidth (pix), pixGetHeight (pix) } };
  g_autoptr (GError) error = NULL;
  DocaiReading      *reading = docai_recogniser_read (recogniser, pix, &line, 1, options, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (reading->n_lines, ==, 1);
  return reading;
}

/* Text, and the confidence of each word and character. */
static void
assert_same (const TesseractLine *theirs, const DocaiReadLine *ours)
{
  g_autofree char *a = tesseract_line_dup_text (theirs), *b = docai_read_line_dup_text (ours);

  g_assert_cmpstr (a, ==, b);
  g_assert_cmpuint (theirs->words->len, ==, ours->n_words);
  for (guint w = 0; w < ours->n_words; w++)
    g_assert_cmpfloat (fabsf (g_array_index (theirs->words, TesseractPiece, w).confidence
                              - ours->words[w].confidence),
                       <, 1e-4f);
  for (guint c = 0; c < ours->n_characters && theirs->characters->len == ours->n_characters; c++)
    {
      const TesseractPiece *piece = &g_array_index (theirs->characters, TesseractPiece, c);

      g_assert_cmpstr (piece->text, ==, ours->characters[c].text);
      g_assert_cmpfloat (fabsf (piece->confidence - ours->characters[c].confidence), <, 1e-4f);
    }
}

static void
compare_raw (DocaiRecogniser *recogniser, PIX *pix, const char *language,
             const DocaiReadOptions *options, const char *const variable[2])
{
  TesseractPage           *page = tesseract_page_read (pix, language, MODE_RAW_LINE, variable);
  g_autoptr (DocaiReading) reading = read_whole (recogniser, pix, options);
  TesseractLine            nothing = { .words = g_array_new (FALSE, FALSE, sizeof (TesseractPiece)),
                                       .characters
                                       = g_array_new (FALSE, FALSE, sizeof (TesseractPiece)) };

  assert_same (page->lines->len > 0 ? &g_array_index (page->lines, TesseractLine, 0) : &nothing,
               &reading->lines[0]);
  g_array_unref (nothing.words);
  g_array_unref (nothing.characters);
  tesseract_page_free (page);
}

static DocaiRecogniser *
open_or_skip (const char *language)
{
  g_autoptr (GError) error = NULL;
  DocaiRecogniser   *recogniser = docai_recogniser_open (language, NULL, &error);

  if (recogniser == NULL)
    {
      g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_LANGUAGE_MISSING);
      g_test_skip ("the language is not installed");
    }
  return recogniser;
}

static void
test_language (gconstpointer data)
{
  const Sample               *sample = data;
  g_autoptr (DocaiRecogniser) recogniser = open_or_skip (sample->language);
  int                         n_variants = g_str_equal (sample->language, "eng") ? 4 : 2;

  for (int i = 0; recogniser != NULL && i < 4 && sample->lines[i] != NULL; i++)
    for (int v = 0; v < n_variants; v++)
      {
        PIX *pix = draw_line (sample->lines[i], 5 * i + 3 * v + 1);

        compare_raw (recogniser, pix, sample->language, NULL, NULL);
        pixDestroy (&pix);
      }
}

static void
test_character_list (void)
{
  g_autoptr (DocaiRecogniser) recogniser = open_or_skip ("eng");
  DocaiReadOptions            options = { DOCAI_READ_DEFAULT, "0123456789.,- ", NULL, 0 };
  const char *const           variable[] = { "tessedit_char_whitelist", options.whitelist };
  PIX                        *pix;

  if (recogniser == NULL)
    return;
  pix = draw_line ("Total 1,234.56 of 2020-01-02", 0);
  compare_raw (recogniser, pix, "eng", &options, variable);
  pixDestroy (&pix);
}

static PIX *
draw_page (const char *odd, const char *even)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 1500, 900);
  cairo_t         *cr = cairo_create (surface);
  PIX             *pix;

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  for (int i = 0; i < 12; i++)
    {
      set_font (cr, 3, 36);
      cairo_move_to (cr, 80, 100 + 60 * i);
      cairo_show_text (cr, i % 2 == 0 ? odd : even);
    }
  cairo_surface_flush (surface);
  pix = to_pix (surface, 4);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return pix;
}

static const char odd_line[] = "It was a bright cold day in April, and the clocks were";
static const char even_line[] = "striking thirteen when he came home, tired and happy.";
static const char foreign_line[] = "Übermäßig große Flächen müssen regelmäßig überprüft werden.";

/* Lines in turns of two languages, each read in the one that fits. */
static void
test_two_languages (void)
{
  g_autoptr (DocaiRecogniser) recogniser = open_or_skip ("eng+deu");
  g_autofree DocaiTextLine   *lines = NULL;
  g_autoptr (DocaiReading)    reading = NULL;
  TesseractPage              *page;
  PIX                        *pix;

  if (recogniser == NULL)
    return;
  pix = draw_page (odd_line, foreign_line);
  page = tesseract_page_read (pix, "eng+deu", MODE_AUTO, NULL);
  lines = tesseract_page_dup_geometry (page);
  reading = docai_recogniser_read (recogniser, pix, lines, page->lines->len, NULL, NULL);
  g_assert_cmpuint (reading->n_lines, ==, 12);
  for (guint i = 0; i < reading->n_lines; i++)
    {
      assert_same (&g_array_index (page->lines, TesseractLine, i), &reading->lines[i]);
      if (i % 2 == 1)
        g_assert_cmpstr (reading->lines[i].language, ==, "deu");
    }
  tesseract_page_free (page);
  pixDestroy (&pix);
}

static void
assert_same_boxes (const GArray *theirs, guint at, DocaiPixelBox box)
{
  DocaiPixelBox their_box = g_array_index (theirs, TesseractPiece, at).box;

  g_assert_cmpint (their_box.x0, ==, box.x0);
  g_assert_cmpint (their_box.y0, ==, box.y0);
  g_assert_cmpint (their_box.x1, ==, box.x1);
  g_assert_cmpint (their_box.y1, ==, box.y1);
}

static gboolean
agrees (const TesseractLine *theirs, const DocaiReadLine *ours)
{
  gboolean same = theirs->words->len == ours->n_words;

  for (guint w = 0; same && w < ours->n_words; w++)
    same = fabsf (g_array_index (theirs->words, TesseractPiece, w).confidence - ours->words[w].confidence) < 1e-4f;
  return same;
}

/* Tesseract tells a row's baseline in whole pixels, and a fraction can move the crop by one: a
 * line is read at the places that it may have. Each reading is owned by the caller. */
static void
read_rows (DocaiRecogniser *recogniser, PIX *pix, const TesseractPage *page, DocaiReading *readings[3])
{
  for (int k = 0; k < 3; k++)
    {
      g_autofree DocaiTextLine *lines = tesseract_page_dup_geometry (page);

      for (guint i = 0; i < page->lines->len; i++)
        lines[i].baseline += 0.4f * (float) (k == 2 ? -1 : k);
      readings[k] = docai_recogniser_read (recogniser, pix, lines, page->lines->len, NULL, NULL);
      g_assert_cmpuint (readings[k]->n_lines, ==, page->lines->len);
    }
}

/* On a page the words are snapped to the ink, and the lines have row metrics. */
static void
test_page (gconstpointer data)
{
  const Sample               *sample = data;
  g_autoptr (DocaiRecogniser) recogniser = open_or_skip (sample->language);
  DocaiReading               *readings[3];
  TesseractPage              *page;
  PIX                        *pix;

  if (recogniser == NULL)
    return;
  pix = draw_page (sample->lines[0], sample->lines[sample->lines[1] != NULL]);
  page = tesseract_page_read (pix, sample->language, MODE_AUTO, NULL);
  read_rows (recogniser, pix, page, readings);
  g_assert_cmpuint (page->lines->len, >=, 12);
  for (guint i = 0; i < page->lines->len; i++)
    {
      const TesseractLine *theirs = &g_array_index (page->lines, TesseractLine, i);
      int                  k = 0;

      while (k < 2 && !agrees (theirs, &readings[k]->lines[i]))
        k++;
      const DocaiReadLine *ours = &readings[k]->lines[i];
      assert_same (theirs, ours);
      g_assert_false (ours->inverted);
      g_assert_cmpuint (theirs->characters->len, ==, ours->n_characters);
      for (guint w = 0; w < ours->n_words; w++)
        assert_same_boxes (theirs->words, w, ours->words[w].box);
      for (guint c = 0; c < ours->n_characters; c++)
        assert_same_boxes (theirs->characters, c, ours->characters[c].box);
    }
  for (int k = 0; k < 3; k++)
    docai_reading_free (readings[k]);
  tesseract_page_free (page);
  pixDestroy (&pix);
}

/* Places off the page, of no size or without ink give no words and no trouble. */
static void
test_odd_lines (void)
{
  g_autoptr (DocaiRecogniser) recogniser = open_or_skip ("eng");
  static const DocaiTextLine  lines[] = {
     { .box = { 0, 0, 0, 0 } },
     { .box = { -50, -50, -10, -10 } },
     { .box = { 5000, 5000, 6000, 5050 } },
     { .box = { 10, 10, 11, 800 } },
     { .box = { 0, 10, 1400, 11 } },
     { .box = { 20, 20, 10, 10 } },
     { .box = { 10, 10, 200, 40 }, .baseline = NAN, .x_height = 10 },
     { .box = { 10, 10, 200, 40 }, .baseline = 1e30f, .x_height = 1e30f, .descender = 1e30f },
     { .box = { -100, -100, 30000, 30000 } },
  };
  static const DocaiReadOptions ink = { DOCAI_READ_DEFAULT | DOCAI_READ_INK, NULL, NULL, 0 };
  PIX                          *pix;

  if (recogniser == NULL)
    return;
  pix = pixCreate (1500, 900, 8);
  pixSetAllArbitrary (pix, 255);
  for (int with_ink = 0; with_ink <= 1; with_ink++)
    {
      g_autoptr (DocaiReading) reading
        = docai_recogniser_read (recogniser, pix, lines, G_N_ELEMENTS (lines), with_ink ? &ink : NULL, NULL);

      g_assert_nonnull (reading);
      g_assert_cmpuint (reading->n_lines, ==, G_N_ELEMENTS (lines));
      g_assert_cmpuint (reading->lines[0].n_words, ==, 0);
    }
  pixDestroy (&pix);
}

/* The dots between a title and its page are no letters, on paper with a grain. */
static void
test_leader (void)
{
  static const DocaiReadOptions ink = { DOCAI_READ_DEFAULT | DOCAI_READ_INK, NULL, NULL, 0 };
  g_autoptr (DocaiRecogniser)   recogniser = open_or_skip ("eng");
  g_autoptr (DocaiReading)      reading = NULL;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 1000, 50);
  cairo_t         *cr = cairo_create (surface);
  PIX             *pix;

  cairo_set_source_rgb (cr, 0.95, 0.95, 0.95);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0.1, 0.1, 0.1);
  set_font (cr, 0, 30);
  cairo_move_to (cr, 10, 35);
  cairo_show_text (cr, "Closing balance");
  for (int x = 300; x < 900; x += 11)
    cairo_rectangle (cr, x, 31, 4, 4);
  cairo_fill (cr);
  cairo_move_to (cr, 920, 35);
  cairo_show_text (cr, "128");
  cairo_surface_flush (surface);
  pix = to_pix (surface, 6);
  if (recogniser != NULL)
    {
      reading = read_whole (recogniser, pix, &ink);
      const DocaiReadLine *line = &reading->lines[0];
      g_assert_cmpuint (line->n_words, ==, 4);
      g_assert_cmpstr (line->words[0].text, ==, "Closing");
      g_assert_cmpstr (line->words[1].text, ==, "balance");
      g_assert_cmpuint (strspn (line->words[2].text, "."), >=, 50);
      g_assert_cmpstr (line->words[3].text, ==, "128");
      g_assert_cmpint (ABS (line->words[2].box.x0 - 300), <, 4);
    }
  pixDestroy (&pix);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* Letters of a few pixels, as cheap scanners and photographs give them. */
static PIX *
draw_small_print (int variant)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 420, 22);
  cairo_t         *cr = cairo_create (surface);
  PIX             *pix;

  cairo_set_source_rgb (cr, 0.9, 0.9, 0.9);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0.25, 0.25, 0.25);
  set_font (cr, variant, 9 + variant % 4);
  cairo_move_to (cr, 6, 15);
  cairo_show_text (cr, variant % 2 == 0 ? odd_line : even_line);
  cairo_surface_flush (surface);
  pix = to_pix (surface, 4 + variant % 3);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return pix;
}

static guint
count_right_words (const char *text, const DocaiReadLine *line)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  guint          right = 0;

  for (guint i = 0; words[i] != NULL; i++)
    for (guint k = 0; k < line->n_words; k++)
      if (strcmp (words[i], line->words[k].text) == 0)
        {
          right++;
          break;
        }
  return right;
}

/* Views of a line are read as one: lower letters stand where the usual ones do. */
static void
test_views (void)
{
  static const DocaiLineCut pairs[][2] = {
    { DOCAI_CUT_USUAL, DOCAI_CUT_LOWER },
    { DOCAI_CUT_USUAL, DOCAI_CUT_LOWER | DOCAI_CUT_SOFTER },
    { DOCAI_CUT_SMALLER, DOCAI_CUT_SMALLER | DOCAI_CUT_LOWER },
  };
  DocaiTextLine  line = { .box = { 20, 60, 331, 91 }, .baseline = 86, .x_height = 15, .ascender = 7, .descender = 6 };
  PIX           *page = pixCreate (400, 150, 8);
  DocaiLineImage first, second;

  pixSetAll (page);
  pixRasterop (page, 20, 60, 311, 31, PIX_CLR, NULL, 0, 0);
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      docai_line_image_cut (page, &line, 36, pairs[i][0], &first);
      docai_line_image_cut (page, &line, 36, pairs[i][1], &second);
      g_assert_nonnull (first.scaled);
      g_assert_nonnull (second.scaled);
      g_assert_cmpint (pixGetWidth (first.scaled), ==, pixGetWidth (second.scaled));
      g_assert_cmpint (pixGetHeight (second.scaled), ==, 36);
      g_assert_cmpfloat (first.factor, ==, second.factor);
      g_assert_cmpint (second.crop.y1 - second.crop.y0, >, first.crop.y1 - first.crop.y0);
      docai_line_image_clear (&first);
      docai_line_image_clear (&second);
    }
  pixDestroy (&page);
}

/* Of lines that are hard to read, more words are right at the second look. */
static void
test_second_look (void)
{
  static const DocaiReadOptions again = { DOCAI_READ_DEFAULT | DOCAI_READ_AGAIN, NULL, NULL, 0 };
  g_autoptr (DocaiRecogniser)   recogniser = open_or_skip ("eng");
  guint right_once = 0, right_again = 0;

  if (recogniser == NULL)
    return;
  for (int variant = 0; variant < 24; variant++)
    {
      const char *text = variant % 2 == 0 ? odd_line : even_line;
      PIX        *pix = draw_small_print (variant);
      g_autoptr (DocaiReading) one = read_whole (recogniser, pix, NULL);
      g_autoptr (DocaiReading) two = read_whole (recogniser, pix, &again);

      right_once += count_right_words (text, &one->lines[0]);
      right_again += count_right_words (text, &two->lines[0]);
      pixDestroy (&pix);
    }
  g_test_message ("words right: %u, at the second look %u", right_once, right_again);
  g_assert_cmpuint (right_again, >, right_once);
}

static void
test_missing (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (docai_recogniser_open ("xyz", NULL, &error));
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_LANGUAGE_MISSING);
  g_clear_error (&error);
  g_assert_null (docai_recogniser_open ("../eng", NULL, &error));
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_LANGUAGE_MISSING);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_autofree char *name = g_strconcat ("/recogniser/language/", samples[i].language, NULL);
      g_autofree char *page = g_strconcat ("/recogniser/page/", samples[i].language, NULL);

      g_test_add_data_func (name, &samples[i], test_language);
      g_test_add_data_func (page, &samples[i], test_page);
    }
  g_test_add_func ("/recogniser/views", test_views);
  g_test_add_func ("/recogniser/two-languages", test_two_languages);
  g_test_add_func ("/recogniser/character-list", test_character_list);
  g_test_add_func ("/recogniser/odd-lines", test_odd_lines);
  g_test_add_func ("/recogniser/leader", test_leader);
  g_test_add_func ("/recogniser/second-look", test_second_look);
  g_test_add_func ("/recogniser/missing", test_missing);
  return g_test_run ();
}
