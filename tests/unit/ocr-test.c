/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ocr stage on a drawn page with known lines: what is read, where it
 * stands, and what happens to specks and missing languages.
 */
#include "pipeline/ocr/ocr.h"

#include "pipeline/ocr/tesseract.h"
#include "pipeline/stage.h"

#include <allheaders.h>
#include <cairo.h>
#include <string.h>

#define DPI 300.0
#define SCALE (DPI / 72)
#define FONT_POINTS 12
#define TWINS "THE TOP HAT AT TEN BOX OAK MAP COAT THAT TEAM MEAT HEAT"
#define NOISE "..::;;,,..::;;,,..::;;,,..::;;,,..::;;,,..::;;,,..::;;,,..::;;,,..::;;,,"

static const char *const texts[] = {
  "The quick brown fox jumps over the lazy dog",
  "Invoice number 4711 of 20 September 2018",
  "Total amount due 1,234.50",
  NULL,
};

#define N_TEXTS (G_N_ELEMENTS (texts) - 1)

/* Of these words each list knows some that the other does not. */
static const char *const german[] = {
  "Die Rechnung ist innerhalb von vierzehn Tagen ohne Abzug zu bezahlen",
  "Wir bedanken uns f\303\274r Ihren Auftrag und freuen uns auf weitere Bestellungen",
  "Bitte geben Sie bei der \303\234berweisung immer die Kundennummer an",
  NULL,
};

static const char *const russian[] = {
  "\320\241\321\207\320\265\321\202 \320\264\320\276\320\273\320\266\320\265\320\275 \320\261\321\213\321\202\321\214 \320\276\320\277\320\273\320\260\321\207\320\265\320\275 \320\262 \321\202\320\265\321\207\320\265\320\275\320\270\320\265 \320\264\320\265\321\201\321\217\321\202\320\270 \320\264\320\275\320\265\320\271",
  "\320\221\320\273\320\260\320\263\320\276\320\264\320\260\321\200\320\270\320\274 \320\262\320\260\321\201 \320\267\320\260 \320\267\320\260\320\272\320\260\320\267",
  NULL,
};

/* The longest lines consist of letters that both scripts have, the others are noise. */
static const char *const twins[] = {
  TWINS, TWINS, TWINS, TWINS, NOISE, NOISE, NOISE, NOISE, NOISE, NOISE, NULL,
};

static PIX *
pix_from_surface (cairo_surface_t *surface)
{
  int            width = cairo_image_surface_get_width (surface);
  int            height = cairo_image_surface_get_height (surface);
  int            stride = cairo_image_surface_get_stride (surface);
  const guint32 *data;
  PIX           *pix = pixCreate (width, height, 8);

  cairo_surface_flush (surface);
  data = (const guint32 *) (const void *) cairo_image_surface_get_data (surface);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      pixSetPixel (pix, x, y, data[y * stride / 4 + x] & 0xff);
  return pix;
}

/* Draws the texts one below the other and notes a line for each, with the place
 * of its ink but no words. */
static DocaiDocument *
make_document_of (const char *const *lines_of_text)
{
  DocaiDocument   *document = docai_document_new ();
  DocaiPage       *page = docai_page_new (1, 560, 350);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) (560 * SCALE), (int) (350 * SCALE));
  cairo_t         *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_scale (cr, SCALE, SCALE);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_select_font_face (cr, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, FONT_POINTS);
  for (guint i = 0; lines_of_text[i] != NULL; i++)
    {
      cairo_text_extents_t extents;
      double               baseline = 40 + 30 * i;
      DocaiRegion         *region;
      DocaiLine           *line = docai_line_new ();

      cairo_move_to (cr, 20, baseline);
      cairo_show_text (cr, lines_of_text[i]);
      cairo_text_extents (cr, lines_of_text[i], &extents);
      line->bbox = DOCAI_BOX (20 + extents.x_bearing, baseline + extents.y_bearing,
                              20 + extents.x_bearing + extents.width,
                              baseline + extents.y_bearing + extents.height);
      line->baseline = baseline;
      line->x_height = 0.547 * FONT_POINTS;
      line->ascender = 0.213 * FONT_POINTS;
      line->descender = 0.236 * FONT_POINTS;
      region = docai_region_new (DOCAI_LABEL_TEXT, line->bbox, 1);
      g_ptr_array_add (region->lines, line);
      g_ptr_array_add (page->regions, region);
    }
  cairo_destroy (cr);
  docai_page_take_raster (page, pix_from_surface (surface));
  cairo_surface_destroy (surface);
  page->dpi = DPI;
  g_ptr_array_add (document->pages, page);
  return document;
}

static DocaiDocument *
make_document (void)
{
  return make_document_of (texts);
}

static gboolean
run (DocaiDocument *document, const char *languages, GError **error)
{
  g_autoptr (DocaiSettings) settings = docai_settings_new ();
  g_autoptr (DocaiOptions)  options = docai_options_new ();
  DocaiTask                 task = { "/dev/null", "x", options, settings, NULL };
  gpointer                  engine = docai_ocr_stage.open (settings, error);

  g_assert_true (docai_options_set (options, "lang", languages, NULL));
  gboolean ok = docai_ocr_stage.run (engine, &task, document, document->pages->pdata[0], error);
  docai_ocr_stage.close (engine);
  return ok;
}

/* The lines of all regions, lent: what was read may have been grouped anew. */
static GPtrArray *
collect_lines (const DocaiPage *page)
{
  GPtrArray *lines = g_ptr_array_new ();

  for (guint r = 0; r < page->regions->len; r++)
    {
      const DocaiRegion *region = page->regions->pdata[r];
      for (guint l = 0; l < region->lines->len; l++)
        g_ptr_array_add (lines, region->lines->pdata[l]);
    }
  return lines;
}

static void
test_reads_lines (void)
{
  g_autoptr (DocaiDocument) document = make_document ();
  g_autoptr (GError)        error = NULL;
  const DocaiPage          *page = document->pages->pdata[0];
  DocaiBox                  places[N_TEXTS];

  for (guint i = 0; i < N_TEXTS; i++)
    places[i] = ((DocaiRegion *) page->regions->pdata[i])->bbox;
  g_assert_true (run (document, "eng", &error));
  g_assert_no_error (error);
  g_assert_cmpint (page->text_source, ==, DOCAI_TEXT_OCR);
  g_autoptr (GPtrArray) lines = collect_lines (page);
  g_assert_cmpuint (lines->len, ==, N_TEXTS);
  for (guint i = 0; i < lines->len; i++)
    {
      const DocaiLine *line = lines->pdata[i];
      g_assert_cmpstr (line->text, ==, texts[i]);
      for (guint w = 0; w < line->words->len; w++)
        {
          const DocaiWord *word = line->words->pdata[w];
          g_assert_cmpfloat (docai_box_coverage (word->bbox, docai_box_grow (places[i], 1)), >, 0.999);
          g_assert_cmpfloat (word->confidence, >, 0.6);
          if (w > 0)
            g_assert_cmpfloat (word->bbox.x0, >=, ((DocaiWord *) line->words->pdata[w - 1])->bbox.x1 - 1);
        }
    }
  const DocaiStageRecord *record = document->provenance->stages->pdata[0];
  g_assert_true (g_str_has_prefix (record->model, "eng sha256:"));
}

static void
test_leaves_text_layer (void)
{
  g_autoptr (DocaiDocument) document = make_document ();
  g_autoptr (GError)        error = NULL;
  DocaiPage                *page = document->pages->pdata[0];
  DocaiLine *line = ((DocaiRegion *) page->regions->pdata[0])->lines->pdata[0];

  page->text_source = DOCAI_TEXT_PDF;
  g_ptr_array_add (line->words, docai_word_new ("kept", line->bbox, 1));
  docai_line_update (line);
  g_assert_true (run (document, "eng", &error));
  g_assert_cmpstr (line->text, ==, "kept");
  g_assert_cmpint (page->text_source, ==, DOCAI_TEXT_MIXED);
}

static void
test_drops_specks (void)
{
  g_autoptr (DocaiDocument) document = make_document ();
  g_autoptr (GError)        error = NULL;
  DocaiPage                *page = document->pages->pdata[0];
  DocaiRegion              *empty = docai_region_new (DOCAI_LABEL_TEXT, DOCAI_BOX (20, 150, 60, 160), 0.3);
  DocaiLine                *line = docai_line_new ();

  line->bbox = empty->bbox;
  g_ptr_array_add (empty->lines, line);
  g_ptr_array_add (page->regions, empty);
  g_assert_true (run (document, "eng", &error));
  g_autoptr (GPtrArray) lines = collect_lines (page);
  g_assert_cmpuint (lines->len, ==, N_TEXTS);
}

static void
test_missing_language (void)
{
  g_autoptr (DocaiDocument) document = make_document ();
  g_autoptr (GError)        error = NULL;

  g_assert_false (run (document, "xxq", &error));
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_LANGUAGE_MISSING);
  g_assert_nonnull (strstr (error->message, "tesseract-ocr-"));
}

/* English stays English though other languages are installed, and German is told
 * by its words; both are in Latin script. */
static void
test_finds_language (void)
{
  g_autoptr (DocaiDocument) document = make_document ();
  const DocaiPage          *page = document->pages->pdata[0];
  g_autoptr (GError)        error = NULL;
  g_autofree char          *model = docai_recogniser_find_model ("deu", NULL);

  g_assert_true (run (document, "auto", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (page->language, ==, "eng");
  g_assert_cmpstr (page->script, ==, "Latn");
  if (model == NULL)
    {
      g_test_skip ("no German model is installed");
      return;
    }
  g_autoptr (DocaiDocument) other = make_document_of (german);
  const DocaiPage          *other_page = other->pages->pdata[0];
  g_assert_true (run (other, "auto", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (other_page->language, ==, "deu");
  g_autoptr (GPtrArray) lines = collect_lines (other_page);
  g_assert_cmpuint (lines->len, ==, 3);
  g_assert_cmpstr (((const DocaiLine *) lines->pdata[1])->text, ==, german[1]);
}

/* Whether there is a model; else the test is skipped. */
static gboolean
have_model (const char *language)
{
  g_autofree char *model = docai_recogniser_find_model (language, NULL);

  if (model == NULL)
    g_test_skip ("the language is not installed");
  return model != NULL;
}

/* A page in another script is read in it. Letters that look like its are no sign of it, however
 * badly the rest of the page is read. */
static void
test_finds_script (void)
{
  static const struct {
    const char *const *texts;
    const char        *language;
  } pages[] = { { russian, "rus" }, { twins, "eng" } };

  if (!have_model ("rus"))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autoptr (DocaiDocument) document = make_document_of (pages[i].texts);
      const DocaiPage          *page = document->pages->pdata[0];
      g_autoptr (GError)        error = NULL;
      g_assert_true (run (document, "auto", &error));
      g_assert_no_error (error);
      g_assert_cmpstr (page->language, ==, pages[i].language);
    }
}

static void
test_second_engine (void)
{
  g_autoptr (DocaiDocument)  document = make_document ();
  g_autoptr (GError)         error = NULL;
  g_autoptr (DocaiTesseract) tesseract = docai_tesseract_open ("eng", NULL, &error);
  const DocaiPage           *page = document->pages->pdata[0];
  DocaiTextLine              lines[2] = { 0 };

  g_assert_no_error (error);
  DocaiBox box = docai_box_scale (((DocaiRegion *) page->regions->pdata[1])->bbox, SCALE);
  lines[0].box = (DocaiPixelBox){ (int) box.x0, (int) box.y0, (int) box.x1, (int) box.y1 };
  g_autoptr (DocaiReading) reading = docai_tesseract_read (tesseract, page->raster, lines, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reading->n_lines, ==, 2);
  g_assert_cmpuint (reading->lines[0].n_words, ==, 7);
  g_assert_cmpstr (reading->lines[0].words[2].text, ==, "4711");
  g_assert_cmpuint (reading->lines[1].n_words, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ocr/reads-lines", test_reads_lines);
  g_test_add_func ("/ocr/leaves-text-layer", test_leaves_text_layer);
  g_test_add_func ("/ocr/drops-specks", test_drops_specks);
  g_test_add_func ("/ocr/missing-language", test_missing_language);
  g_test_add_func ("/ocr/finds-language", test_finds_language);
  g_test_add_func ("/ocr/finds-script", test_finds_script);
  g_test_add_func ("/ocr/second-engine", test_second_engine);
  return g_test_run ();
}
