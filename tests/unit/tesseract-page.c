/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading an image with libtesseract's C API. The heights of a row are not in
 * it; they are taken from the hOCR text.
 */
#include "tests/unit/tesseract-page.h"

#include <string.h>
#include <tesseract/capi.h>
#include <time.h>

double
cpu_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double) t.tv_sec * 1e3 + (double) t.tv_nsec / 1e6;
}

static void
clear_piece (gpointer data)
{
  g_free (((TesseractPiece *) data)->text);
}

static void
clear_line (gpointer data)
{
  TesseractLine *line = data;

  g_array_unref (line->words);
  g_array_unref (line->characters);
}

static GArray *
new_pieces (void)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (TesseractPiece));

  g_array_set_clear_func (pieces, clear_piece);
  return pieces;
}

static void
add_piece (GArray *pieces, TessResultIterator *it, TessPageIteratorLevel level)
{
  TesseractPiece piece = { 0 };
  char          *text = TessResultIteratorGetUTF8Text (it, level);

  piece.text = g_strdup (text != NULL ? text : "");
  TessDeleteText (text);
  piece.confidence = TessResultIteratorConfidence (it, level) / 100;
  TessPageIteratorBoundingBox (TessResultIteratorGetPageIteratorConst (it), level, &piece.box.x0,
                               &piece.box.y0, &piece.box.x1, &piece.box.y1);
  g_array_append_val (pieces, piece);
}

static TesseractLine
begin_line (const TessPageIterator *it, const char **hocr)
{
  TesseractLine  line = { .words = new_pieces (), .characters = new_pieces () };
  DocaiTextLine *g = &line.geometry;
  int            x0, y0, x1, y1;
  const char    *size = *hocr != NULL ? strstr (*hocr, "x_size ") : NULL;

  TessPageIteratorBoundingBox (it, RIL_TEXTLINE, &g->box.x0, &g->box.y0, &g->box.x1, &g->box.y1);
  if (size != NULL && TessPageIteratorBaseline (it, RIL_TEXTLINE, &x0, &y0, &x1, &y1))
    {
      const char *low = strstr (size, "x_descenders "), *high = strstr (size, "x_ascenders ");

      *hocr = size + 1;
      g->descender = (float) g_ascii_strtod (low + strlen ("x_descenders "), NULL);
      g->ascender = (float) g_ascii_strtod (high + strlen ("x_ascenders "), NULL);
      g->x_height = (float) g_ascii_strtod (size + strlen ("x_size "), NULL) - g->descender
                    - g->ascender;
      g->baseline = (float) (y0 + y1) / 2;
    }
  return line;
}

static void
read_results (TessBaseAPI *api, TesseractPage *page, gboolean with_rows)
{
  TessResultIterator *it = TessBaseAPIGetIterator (api);
  char               *hocr = with_rows ? TessBaseAPIGetHOCRText (api, 0) : NULL;
  const char         *at = hocr;

  if (it == NULL)
    return;
  do
    {
      const TessPageIterator *place = TessResultIteratorGetPageIteratorConst (it);
      TesseractLine          *line;

      if (TessPageIteratorIsAtBeginningOf (place, RIL_TEXTLINE) || page->lines->len == 0)
        {
          TesseractLine begun = begin_line (place, &at);

          g_array_append_val (page->lines, begun);
        }
      line = &g_array_index (page->lines, TesseractLine, page->lines->len - 1);
      if (TessPageIteratorIsAtBeginningOf (place, RIL_WORD))
        add_piece (line->words, it, RIL_WORD);
      add_piece (line->characters, it, RIL_SYMBOL);
    }
  while (TessResultIteratorNext (it, RIL_SYMBOL));
  TessDeleteText (hocr);
  TessResultIteratorDelete (it);
}

TesseractPage *
tesseract_page_read (PIX *image, const char *language, int mode, const char *const variable[2])
{
  TessBaseAPI      *api = TessBaseAPICreate ();
  TesseractPage    *page = NULL;
  TessPageIterator *layout;
  double            start;

  if (TessBaseAPIInit3 (api, NULL, language) == 0)
    {
      page = g_new0 (TesseractPage, 1);
      page->lines = g_array_new (FALSE, FALSE, sizeof (TesseractLine));
      g_array_set_clear_func (page->lines, clear_line);
      TessBaseAPISetPageSegMode (api, (TessPageSegMode) mode);
      if (variable != NULL)
        TessBaseAPISetVariable (api, variable[0], variable[1]);
      TessBaseAPISetImage2 (api, image);
      TessBaseAPISetSourceResolution (api, 300);
      start = cpu_ms ();
      layout = mode == PSM_RAW_LINE ? NULL : TessBaseAPIAnalyseLayout (api);
      page->layout_ms = cpu_ms () - start;
      if (layout != NULL)
        TessPageIteratorDelete (layout);
      TessBaseAPISetImage2 (api, image);
      TessBaseAPISetSourceResolution (api, 300);
      start = cpu_ms ();
      TessBaseAPIRecognize (api, NULL);
      page->recognize_ms = cpu_ms () - start;
      read_results (api, page, mode != PSM_RAW_LINE);
    }
  TessBaseAPIEnd (api);
  TessBaseAPIDelete (api);
  return page;
}

void
tesseract_page_free (TesseractPage *page)
{
  if (page == NULL)
    return;
  g_array_unref (page->lines);
  g_free (page);
}

DocaiTextLine *
tesseract_page_dup_geometry (const TesseractPage *page)
{
  DocaiTextLine *lines = g_new0 (DocaiTextLine, page->lines->len + 1);

  for (guint i = 0; i < page->lines->len; i++)
    lines[i] = g_array_index (page->lines, TesseractLine, i).geometry;
  return lines;
}

char *
tesseract_line_dup_text (const TesseractLine *line)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < line->words->len; i++)
    {
      if (i > 0)
        g_string_append_c (text, ' ');
      g_string_append (text, g_array_index (line->words, TesseractPiece, i).text);
    }
  return g_strstrip (g_string_free (text, FALSE));
}

char *
docai_read_line_dup_text (const DocaiReadLine *line)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < line->n_words; i++)
    {
      if (i > 0)
        g_string_append_c (text, ' ');
      g_string_append (text, line->words[i].text);
    }
  return g_string_free (text, FALSE);
}
