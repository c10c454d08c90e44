/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ocr stage: gives words to the lines that layout found and that have none.
 *
 * Lines of a text layer come with their words and are left alone, so a page may
 * be read in part. The line recogniser (lstm/) reads all lines of the page
 * together; languages whose models it does not take go to libtesseract.
 */
#include "pipeline/ocr/ocr.h"

#include "pipeline/layout/layout.h"
#include "pipeline/ocr/tesseract.h"
#include "pipeline/rasterize/rasterize.h"
#include "pipeline/stage.h"

#include <math.h>
#include <string.h>

/* Engines kept open; more languages than this in turn reopen the oldest. */
#define MAX_READERS 4

/* One line finder's mistake is a line of specks: its words read as marks of low
 * confidence. Such lines are dropped. */
#define NOISE_CONFIDENCE 0.35

/* An engine open for some languages: the recogniser, or else Tesseract. */
typedef struct {
  char            *languages;
  DocaiRecogniser *recogniser;
  DocaiTesseract  *tesseract;
} Reader;

typedef struct {
  GPtrArray *readers; /* Reader, the most recently used last */
} OcrEngine;

static void
reader_free (gpointer data)
{
  Reader *reader = data;

  g_free (reader->languages);
  docai_recogniser_free (reader->recogniser);
  docai_tesseract_free (reader->tesseract);
  g_free (reader);
}

static gpointer
open_engine (const DocaiSettings *settings, GError **error)
{
  OcrEngine *engine = g_new0 (OcrEngine, 1);

  engine->readers = g_ptr_array_new_with_free_func (reader_free);
  return engine;
}

static void
close_engine (gpointer data)
{
  OcrEngine *engine = data;

  g_ptr_array_unref (engine->readers);
  g_free (engine);
}

/* A missing language says which packages bring it. */
static void
name_packages (GError *error, const char *languages)
{
  g_auto (GStrv)      names = g_strsplit (languages, "+", -1);
  g_autoptr (GString) message = g_string_new (error->message);

  g_string_append (message, "; on Debian: apt-get install");
  for (guint i = 0; names[i] != NULL; i++)
    g_string_append_printf (message, " tesseract-ocr-%s", g_strdelimit (names[i], "_", '-'));
  g_free (error->message);
  error->message = g_strdup (message->str);
}

static Reader *
open_reader (const char *languages, const char *tessdata, GError **error)
{
  g_autoptr (GError) refusal = NULL;
  Reader            *reader = g_new0 (Reader, 1);

  reader->languages = g_strdup (languages);
  reader->recogniser = docai_recogniser_open (languages, tessdata, &refusal);
  if (g_error_matches (refusal, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED))
    {
      g_clear_error (&refusal);
      reader->tesseract = docai_tesseract_open (languages, tessdata, &refusal);
    }
  if (refusal != NULL)
    {
      if (g_error_matches (refusal, DOCAI_ERROR, DOCAI_ERROR_LANGUAGE_MISSING))
        name_packages (refusal, languages);
      g_propagate_error (error, g_steal_pointer (&refusal));
      g_clear_pointer (&reader, reader_free);
    }
  return reader;
}

/* The reader for the languages, opened when needed, lent by the engine. */
static Reader *
lookup_reader (OcrEngine *engine, const char *languages, const char *tessdata, GError **error)
{
  for (guint i = engine->readers->len; i-- > 0;)
    {
      Reader *reader = engine->readers->pdata[i];
      if (strcmp (reader->languages, languages) == 0)
        {
          g_ptr_array_add (engine->readers, g_ptr_array_steal_index (engine->readers, i));
          return reader;
        }
    }

  Reader *reader = open_reader (languages, tessdata, error);
  if (reader == NULL)
    return NULL;
  if (engine->readers->len == MAX_READERS)
    g_ptr_array_remove_index (engine->readers, 0);
  g_ptr_array_add (engine->readers, reader);
  return reader;
}

/* ---- from lines of the page to lines of pixels and back ------------------- */

/* The lines without words, lent by the page. */
static GPtrArray *
collect_lines (const DocaiPage *page)
{
  GPtrArray *lines = g_ptr_array_new ();

  for (guint r = 0; r < page->regions->len; r++)
    {
      const DocaiRegion *region = page->regions->pdata[r];
      for (guint i = 0; i < region->lines->len; i++)
        {
          DocaiLine *line = region->lines->pdata[i];
          if (line->words->len == 0)
            g_ptr_array_add (lines, line);
        }
    }
  return lines;
}

static DocaiTextLine
to_pixels (const DocaiLine *line, double scale)
{
  double middle = 0.5 * docai_box_width (line->bbox);

  return (DocaiTextLine){
    .box = { (int) floor (line->bbox.x0 * scale), (int) floor (line->bbox.y0 * scale),
             (int) ceil (line->bbox.x1 * scale), (int) ceil (line->bbox.y1 * scale) },
    .baseline = (float) ((line->baseline + line->baseline_slope * middle) * scale),
    .x_height = (float) (line->x_height * scale),
    .ascender = (float) (line->ascender * scale),
    .descender = (float) (line->descender * scale),
  };
}

static DocaiBox
to_points (DocaiPixelBox box, double scale)
{
  return DOCAI_BOX (box.x0 / scale, box.y0 / scale, box.x1 / scale, box.y1 / scale);
}

static void
append_text (DocaiWord *word, const DocaiReadWord *read, DocaiBox box)
{
  char *joined = g_strconcat (word->text, read->text, NULL);

  g_free (word->text);
  word->text = joined;
  word->bbox = docai_box_union (word->bbox, box);
  word->confidence = MIN (word->confidence, read->confidence);
}

static void
fill_line (DocaiLine *line, const DocaiReadLine *read, double scale)
{
  for (guint i = 0; i < read->n_words; i++)
    {
      const DocaiReadWord *word = &read->words[i];
      DocaiBox             box = to_points (word->box, scale);
      if (!word->space_before && line->words->len > 0)
        append_text (line->words->pdata[line->words->len - 1], word, box);
      else
        g_ptr_array_add (line->words, docai_word_new (word->text, box, word->confidence));
    }
  docai_line_update (line);
}

static gboolean
has_letter_or_digit (const char *text)
{
  for (const char *p = text; p != NULL && *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isalnum (g_utf8_get_char (p)))
      return TRUE;
  return FALSE;
}

gboolean
docai_ocr_line_is_noise (const DocaiLine *line)
{
  double confidence = 0;

  if (line->words->len == 0)
    return TRUE;
  for (guint i = 0; i < line->words->len; i++)
    {
      const DocaiWord *word = line->words->pdata[i];
      confidence += word->confidence;
    }
  return confidence / line->words->len < NOISE_CONFIDENCE
         && (line->words->len == 1 || !has_letter_or_digit (line->text));
}

/* Drops lines that turned out to be specks, and regions of text left without lines. */
static void
drop_noise (DocaiPage *page)
{
  for (guint r = page->regions->len; r-- > 0;)
    {
      DocaiRegion *region = page->regions->pdata[r];
      guint        before = region->lines->len;
      for (guint i = region->lines->len; i-- > 0;)
        if (docai_ocr_line_is_noise (region->lines->pdata[i]))
          g_ptr_array_remove_index (region->lines, i);
      if (before > 0 && region->lines->len == 0 && region->label != DOCAI_LABEL_PICTURE
          && region->label != DOCAI_LABEL_TABLE)
        g_ptr_array_remove_index (page->regions, r);
      else
        docai_region_update_text (region);
    }
}

/* ---- the stage ------------------------------------------------------------- */

static DocaiReading *
read_lines (Reader *reader, PIX *raster, GPtrArray *lines, double scale, GError **error)
{
  static const DocaiReadOptions options = { DOCAI_READ_DEFAULT | DOCAI_READ_AGAIN, NULL, NULL };
  g_autofree DocaiTextLine *places = g_new (DocaiTextLine, MAX (lines->len, 1));

  for (guint i = 0; i < lines->len; i++)
    places[i] = to_pixels (lines->pdata[i], scale);
  return reader->recogniser != NULL
             ? docai_recogniser_read (reader->recogniser, raster, places, lines->len, &options, error)
             : docai_tesseract_read (reader->tesseract, raster, places, lines->len, error);
}

static void
record_engine (DocaiDocument *document, const Reader *reader)
{
  if (reader->tesseract != NULL)
    {
      docai_document_record_stage (document, "ocr", docai_tesseract_engine (reader->tesseract),
                                   reader->languages);
      return;
    }
  g_auto (GStrv) names = g_strsplit (reader->languages, "+", -1);
  for (guint i = 0; names[i] != NULL; i++)
    {
      const char      *hash = docai_recogniser_model_hash (reader->recogniser, i);
      g_autofree char *model = g_strdup_printf ("%s sha256:%s", names[i], hash != NULL ? hash : "");
      docai_document_record_stage (document, "ocr", docai_recogniser_engine (reader->recogniser), model);
    }
}

static gboolean
run_ocr (gpointer data, const DocaiTask *task, DocaiDocument *document, DocaiPage *page,
         GError **error)
{
  g_autoptr (GPtrArray) lines = collect_lines (page);

  if (lines->len == 0 || strcmp (task->options->ocr, "never") == 0)
    return TRUE;

  const char *languages = task->options->languages;
  Reader *reader = lookup_reader (data, languages, task->settings->tessdata_dir, error);
  if (reader == NULL)
    return FALSE;
  if (page->raster == NULL && !docai_rasterize_render (task, page, task->options->dpi, 8, error))
    return FALSE;

  double scale = page->dpi / 72;
  g_autoptr (DocaiReading) reading = read_lines (reader, page->raster, lines, scale, error);
  if (reading == NULL)
    return FALSE;
  for (guint i = 0; i < lines->len; i++)
    fill_line (lines->pdata[i], &reading->lines[i], scale);
  drop_noise (page);
  if (page->text_source == DOCAI_TEXT_NONE)
    docai_layout_regroup (page); /* bullets, captions and page numbers show now */

  page->text_source = page->text_source == DOCAI_TEXT_NONE ? DOCAI_TEXT_OCR : DOCAI_TEXT_MIXED;
  g_free (page->language);
  page->language = g_strdup (languages);
  record_engine (document, reader);
  return TRUE;
}

const DocaiStage docai_ocr_stage = {
  .name = "ocr",
  .scope = DOCAI_SCOPE_PAGE,
  .open = open_engine,
  .close = close_engine,
  .run = run_ocr,
};
