/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The stage that reads one page off the file: its size, and either the words,
 * links, lines and images that a PDF states exactly, or the page's picture when
 * it is a scan or an image.
 */
#include "pipeline/rasterize/rasterize.h"

#include "pipeline/raster.h"
#include "pipeline/rasterize/checkboxes.h"
#include "pipeline/rasterize/figures.h"
#include "pipeline/rasterize/image.h"
#include "pipeline/rasterize/pdf.h"
#include "pipeline/rasterize/scan.h"
#include "pipeline/rasterize/source.h"
#include "pipeline/rasterize/trust.h"

#include <allheaders.h>
#include <math.h>
#include <string.h>

#define MIN_DPI 36.0      /* a coarser picture is of no use */
#define BYTES_A_PIXEL 8.0 /* while a page is rendered */
#define MEMORY_SHARE 0.3

const char *
docai_rasterize_image_engine (void)
{
  static char *engine = NULL;
  static gsize once = 0;
  if (g_once_init_enter (&once))
    {
      char *version = getLeptonicaVersion (); /* "leptonica-1.82.0" */
      engine = g_strdelimit (g_strdup (version), "-", ' ');
      lept_free (version);
      g_once_init_leave (&once, 1);
    }
  return engine;
}

/* The page gets this picture, in its frame. */
static void
set_raster (DocaiPage *page, struct Pix *raster, double dpi)
{
  pixSetResolution (raster, (int) lround (dpi), (int) lround (dpi));
  docai_page_take_raster (page, raster);
  page->dpi = dpi;
}

/* Renders at `dpi`, or as close to it as the bounds allow. */
static gboolean
render_page (const DocaiLimits *limits, DocaiPdfPage *pdf_page, DocaiPage *page, double dpi,
             int bits, GError **error)
{
  double width, height;
  docai_pdf_page_size (pdf_page, &width, &height);
  double pixels =
      MIN ((double) limits->pixels, MEMORY_SHARE * (double) limits->memory_bytes / BYTES_A_PIXEL);
  double most = floor (72 * sqrt (pixels / (width * height)));
  most = MIN (most, floor (72 * 32000 / MAX (width, height)));
  if (most < MIN (dpi, MIN_DPI))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_PIXEL_LIMIT,
                   "the page of %.0f x %.0f points has too many pixels at any resolution", width,
                   height);
      return FALSE;
    }
  dpi = MIN (dpi, most);
  struct Pix *raster = docai_pdf_page_render (pdf_page, dpi, bits, error);
  if (raster == NULL)
    return FALSE;
  set_raster (page, raster, dpi);
  return TRUE;
}

/* The picture of a page without a text layer to trust. */
static gboolean
take_scan (const DocaiTask *task, DocaiPdfPage *pdf_page, const DocaiDrawing *drawing,
           DocaiPage *page, GError **error)
{
  double      dpi;
  struct Pix *scan = docai_scan_from_drawing (drawing, &task->settings->limits, &dpi);
  if (scan != NULL)
    {
      set_raster (page, scan, dpi);
      return TRUE;
    }
  double wanted = docai_scan_resolution (drawing, task->options->dpi);
  return render_page (&task->settings->limits, pdf_page, page, wanted, 8, error);
}

static void
copy_drawing (const DocaiDrawing *drawing, DocaiPage *page)
{
  for (guint i = 0; i < drawing->rulings->len; i++)
    g_ptr_array_add (page->rulings,
                     docai_ruling_new (g_array_index (drawing->rulings, DocaiBox, i)));
  DocaiBox whole = { 0, 0, page->width, page->height };
  for (guint i = 0; i < drawing->images->len; i++)
    {
      DocaiBox box =
          docai_box_intersect (g_array_index (drawing->images, DocaiPlacement, i).box, whole);
      if (!docai_box_is_empty (box))
        g_ptr_array_add (page->images, docai_placed_image_new (box));
    }
}

static gboolean
check_size (const DocaiLimits *limits, double width, double height, GError **error)
{
  if (MAX (width, height) <= limits->page_points)
    return TRUE;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_PAGE_SIZE_LIMIT,
               "the page is %.0f x %.0f points large, more than %d", width, height,
               limits->page_points);
  return FALSE;
}

static gboolean
rasterize_pdf (const DocaiTask *task, DocaiPage *page, GError **error)
{
  DocaiPdf *pdf = docai_pdf_peek (task->source_path, task->options->password, error);
  if (pdf == NULL)
    return FALSE;
  g_autoptr (DocaiPdfPage) pdf_page = docai_pdf_page_open (pdf, page->number, error);
  if (pdf_page == NULL)
    return FALSE;
  docai_pdf_page_size (pdf_page, &page->width, &page->height);
  if (!check_size (&task->settings->limits, page->width, page->height, error))
    return FALSE;

  docai_pdf_page_read_words (pdf_page, page);
  docai_pdf_page_read_links (pdf_page, page);
  g_autoptr (DocaiDrawing) drawing = docai_pdf_page_draw (pdf_page, &task->settings->limits);
  DocaiLayer layer = docai_layer_judge (page, drawing);
  gboolean   never = strcmp (task->options->ocr, "never") == 0;
  gboolean   always = strcmp (task->options->ocr, "always") == 0 && layer != DOCAI_LAYER_BLANK;
  g_debug ("page %d: text layer %s", page->number, docai_layer_name (layer));

  if (layer == DOCAI_LAYER_TRUSTED && !always)
    {
      docai_layer_clean (page, drawing);
      copy_drawing (drawing, page);
      docai_figures_find (drawing, page);
      docai_checkboxes_find (drawing, page);
      page->text_source = page->words->len > 0 ? DOCAI_TEXT_PDF : DOCAI_TEXT_NONE;
      return TRUE;
    }
  if (layer == DOCAI_LAYER_BLANK || never)
    {
      /* Text that cannot be seen does not stand on the page, unless nothing else
       * will ever be known about it. */
      if (!never)
        g_ptr_array_set_size (page->words, 0);
      page->text_source = page->words->len > 0 ? DOCAI_TEXT_PDF : DOCAI_TEXT_NONE;
      if (layer != DOCAI_LAYER_HIDDEN)
        copy_drawing (drawing, page);
      return TRUE;
    }
  g_ptr_array_set_size (page->words, 0);
  page->scanned = TRUE;
  if (drawing->cover < 0)
    copy_drawing (drawing, page);
  return take_scan (task, pdf_page, drawing, page, error);
}

static gboolean
rasterize_image (const DocaiTask *task, const DocaiSourceFile *file, DocaiDocument *document,
                 DocaiPage *page, GError **error)
{
  g_autoptr (GArray) frames = docai_media_read_frames (file->media, file->data, file->size, error);
  if (frames == NULL)
    return FALSE;
  if (page->number < 1 || page->number > (int) frames->len)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_PAGE_DAMAGED, "the image has no such page");
      return FALSE;
    }
  const DocaiFrame *frame = &g_array_index (frames, DocaiFrame, page->number - 1);
  if (!docai_image_check (frame, &task->settings->limits, error))
    return FALSE;
  int         n_troubles = 0;
  struct Pix *raster = docai_image_decode (file->media, file->data, file->size, page->number - 1,
                                           frame, &n_troubles, error);
  if (raster == NULL)
    return FALSE;
  if (n_troubles > 0 && document != NULL)
    docai_document_warn (document, docai_error_name (DOCAI_ERROR_FILE_DAMAGED), page->number,
                         "The image is damaged; what could be decoded was read.");
  double dpi = pixGetXRes (raster);
  page->width = pixGetWidth (raster) * 72 / dpi;
  page->height = pixGetHeight (raster) * 72 / dpi;
  page->scanned = TRUE;
  set_raster (page, raster, dpi);
  return TRUE;
}

static gboolean
rasterize_run (gpointer engine, const DocaiTask *task, DocaiDocument *document, DocaiPage *page,
               GError **error)
{
  g_autoptr (DocaiSourceFile) file = docai_source_file_open (task, error);
  if (file == NULL)
    return FALSE;
  gboolean is_pdf = file->media == DOCAI_MEDIA_PDF;
  docai_document_record_stage (
      document, "rasterize", is_pdf ? docai_pdf_engine () : docai_rasterize_image_engine (), NULL);
  return is_pdf ? rasterize_pdf (task, page, error)
                : rasterize_image (task, file, document, page, error);
}

static void
rasterize_close (gpointer engine)
{
  docai_pdf_forget ();
}

const DocaiStage docai_rasterize_stage = {
  .name = "rasterize",
  .scope = DOCAI_SCOPE_PAGE,
  .close = rasterize_close,
  .run = rasterize_run,
};

/* Makes the raster of an untouched page as the file has it into `fresh`. */
static gboolean
make_raster (const DocaiTask *task, DocaiPage *fresh, gboolean scanned, double dpi, int bits,
             GError **error)
{
  g_autoptr (DocaiSourceFile) file = docai_source_file_open (task, error);
  if (file == NULL)
    return FALSE;
  if (file->media != DOCAI_MEDIA_PDF)
    return rasterize_image (task, file, NULL, fresh, error);
  DocaiPdf *pdf = docai_pdf_peek (task->source_path, task->options->password, error);
  if (pdf == NULL)
    return FALSE;
  g_autoptr (DocaiPdfPage) pdf_page = docai_pdf_page_open (pdf, fresh->number, error);
  if (pdf_page == NULL)
    return FALSE;
  if (!scanned)
    return render_page (&task->settings->limits, pdf_page, fresh, dpi, bits, error);
  g_autoptr (DocaiDrawing) drawing = docai_pdf_page_draw (pdf_page, &task->settings->limits);
  return take_scan (task, pdf_page, drawing, fresh, error);
}

gboolean
docai_rasterize_render (const DocaiTask *task, DocaiPage *page, double dpi, int bits,
                        GError **error)
{
  if (page->raster != NULL
      && (page->scanned || (page->dpi >= dpi - 0.5 && pixGetDepth (page->raster) >= bits)))
    return TRUE;
  g_autoptr (DocaiPage) fresh = docai_page_new (page->number, 0, 0);
  if (!make_raster (task, fresh, page->scanned, dpi, bits, error))
    return FALSE;
  struct Pix *raster = g_steal_pointer (&fresh->raster);
  if (page->rotation % 360 != 0)
    {
      struct Pix *turned = pixRotateOrth (raster, page->rotation / 90 & 3);
      pixDestroy (&raster);
      raster = turned;
    }
  if (raster == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT,
                   "no memory for the page's picture");
      return FALSE;
    }
  set_raster (page, raster, fresh->dpi);
  return TRUE;
}

double
docai_rasterize_reading_dpi (const DocaiPage *page)
{
  if (page->dpi >= 100 || page->raster == NULL)
    return page->dpi;
  double longer = MAX (pixGetWidth (page->raster), pixGetHeight (page->raster));
  return CLAMP (longer / 11.7, 70, 600);
}
