/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libtesseract behind the interface of the line recogniser. The only file that
 * knows its API.
 */
#include "pipeline/ocr/tesseract.h"

#include "base/error.h"

#include <tesseract/capi.h>

/* White around a line, pixels: Tesseract loses characters that touch the rim. */
#define LINE_MARGIN 4

struct DocaiTesseract {
  TessBaseAPI *api;
  char        *engine;
  char        *languages;
};

DocaiTesseract *
docai_tesseract_open (const char *languages, const char *tessdata_path, GError **error)
{
  g_autoptr (DocaiTesseract) tesseract = g_new0 (DocaiTesseract, 1);

  tesseract->api = TessBaseAPICreate ();
  tesseract->engine = g_strdup_printf ("tesseract %s", TessVersion ());
  tesseract->languages = g_strdup (languages);
  if (TessBaseAPIInit2 (tesseract->api, tessdata_path, languages, OEM_LSTM_ONLY) != 0)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_LANGUAGE_MISSING,
                   "cannot open the language data of %s", languages);
      return NULL;
    }
  TessBaseAPISetVariable (tesseract->api, "debug_file", "/dev/null");
  TessBaseAPISetPageSegMode (tesseract->api, PSM_SINGLE_LINE);
  return g_steal_pointer (&tesseract);
}

void
docai_tesseract_free (DocaiTesseract *tesseract)
{
  if (tesseract == NULL)
    return;
  TessBaseAPIEnd (tesseract->api);
  TessBaseAPIDelete (tesseract->api);
  g_free (tesseract->engine);
  g_free (tesseract->languages);
  g_free (tesseract);
}

const char *
docai_tesseract_engine (const DocaiTesseract *tesseract)
{
  return tesseract->engine;
}

/* Takes the word under the iterator; FALSE when it holds nothing. */
static gboolean
take_word (const TessResultIterator *iterator, DocaiReadWord *word)
{
  const TessPageIterator *place = TessResultIteratorGetPageIteratorConst (iterator);
  char *text = TessResultIteratorGetUTF8Text (iterator, RIL_WORD);
  int   x0, y0, x1, y1;

  if (text == NULL || *text == '\0'
      || !TessPageIteratorBoundingBox (place, RIL_WORD, &x0, &y0, &x1, &y1))
    {
      TessDeleteText (text);
      return FALSE;
    }
  float confidence = TessResultIteratorConfidence (iterator, RIL_WORD);
  *word = (DocaiReadWord){
    .text = g_strdup (text),
    .box = { x0, y0, x1, y1 },
    .confidence = CLAMP (confidence / 100, 0, 1),
    .certainty = (confidence - 100) / 5,
    .in_dictionary = TessResultIteratorWordIsFromDictionary (iterator),
    .space_before = TRUE,
  };
  TessDeleteText (text);
  return TRUE;
}

static void
take_words (TessBaseAPI *api, DocaiReadLine *line)
{
  TessResultIterator *iterator = TessBaseAPIGetIterator (api);
  g_autoptr (GArray)  words = g_array_new (FALSE, FALSE, sizeof (DocaiReadWord));
  float               certainty = 0;

  if (iterator == NULL)
    return;
  do
    {
      DocaiReadWord word;
      if (!take_word (iterator, &word))
        continue;
      g_array_append_val (words, word);
      certainty += word.certainty;
    }
  while (TessResultIteratorNext (iterator, RIL_WORD));
  TessResultIteratorDelete (iterator);

  line->n_words = words->len;
  line->mean_certainty = words->len > 0 ? certainty / (float) words->len : 0;
  line->words = (DocaiReadWord *) g_array_free (g_steal_pointer (&words), FALSE);
}

DocaiReading *
docai_tesseract_read (DocaiTesseract *tesseract, PIX *page, const DocaiTextLine *lines,
                      guint n_lines, GError **error)
{
  g_autoptr (DocaiReading) reading = g_new0 (DocaiReading, 1);
  int                      width = pixGetWidth (page), height = pixGetHeight (page);

  reading->lines = g_new0 (DocaiReadLine, n_lines);
  reading->n_lines = n_lines;
  TessBaseAPISetImage2 (tesseract->api, page);
  for (guint i = 0; i < n_lines; i++)
    {
      DocaiPixelBox box = lines[i].box;
      int x0 = MAX (box.x0 - LINE_MARGIN, 0), x1 = MIN (box.x1 + LINE_MARGIN, width);
      int y0 = MAX (box.y0 - LINE_MARGIN, 0), y1 = MIN (box.y1 + LINE_MARGIN, height);

      reading->lines[i].language = tesseract->languages;
      if (box.x1 - box.x0 < 2 || box.y1 - box.y0 < 2 || x1 <= x0 || y1 <= y0)
        continue;
      TessBaseAPISetRectangle (tesseract->api, x0, y0, x1 - x0, y1 - y0);
      if (TessBaseAPIRecognize (tesseract->api, NULL) == 0)
        take_words (tesseract->api, &reading->lines[i]);
    }
  TessBaseAPIClear (tesseract->api);
  return g_steal_pointer (&reading);
}
