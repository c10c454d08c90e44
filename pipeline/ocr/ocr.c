/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ocr stage: gives words to the lines that layout found and that have none.
 *
 * Lines of a text layer come with their words and are left alone, so a page may
 * be read in part. The line recogniser (lstm/) reads all lines of the page
 * together; languages whose models it does not take go to libtesseract (readers.c).
 */
#include "pipeline/ocr/ocr.h"

#include "document/text.h"
#include "pipeline/layout/layout.h"
#include "pipeline/ocr/choice.h"
#include "pipeline/ocr/script.h"
#include "pipeline/ocr/tidy.h"
#include "pipeline/rasterize/rasterize.h"
#include "pipeline/stage.h"

#include <math.h>
#include <string.h>

/* One line finder's mistake is a line of specks: its words read as marks of low
 * confidence. Such lines are dropped. */
#define NOISE_CONFIDENCE 0.35

typedef struct {
  DocaiReaders   *readers;
  DocaiLanguages *languages; /* NULL: not asked for yet */
} OcrEngine;

static gpointer
open_engine (const DocaiSettings *settings, GError **error)
{
  OcrEngine *engine = g_new0 (OcrEngine, 1);

  engine->readers = docai_readers_new ();
  return engine;
}

static void
close_engine (gpointer data)
{
  OcrEngine *engine = data;

  docai_readers_free (engine->readers);
  docai_languages_free (engine->languages);
  g_free (engine);
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
    .slope = (float) line->baseline_slope,
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

/* A word, less the colon that stands apart from it, and the colon. */
static void
add_word (DocaiLine *line, const DocaiReadLine *read, const DocaiReadWord *word, double scale)
{
  DocaiPixelBox    box = word->box, colon = word->box;
  gsize            n_colon = docai_tidy_colon (read, word, &colon.x0);
  g_autofree char *text = g_strndup (word->text, strlen (word->text) - n_colon);

  if (n_colon > 0)
    box.x1 = read->characters[word->first_character + word->n_characters - 2].box.x1;
  g_ptr_array_add (line->words, docai_word_new (text, to_points (box, scale), word->confidence));
  if (n_colon > 0)
    g_ptr_array_add (line->words, docai_word_new (":", to_points (colon, scale), word->confidence));
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
        add_word (line, read, word, scale);
    }
  docai_line_update (line);
  docai_tidy_line (line);
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
         && (line->words->len == 1 || !docai_text_has_letter_or_digit (line->text));
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

/* Reads the lines in the languages that the job names, or finds the language out. */
static DocaiReading *
read_lines (OcrEngine *engine, const DocaiTask *task, const DocaiPage *page, GPtrArray *lines,
            DocaiReader **used, GError **error)
{
  const char *languages = task->options->languages, *tessdata = task->settings->tessdata_dir;
  g_autofree DocaiTextLine *places = g_new (DocaiTextLine, MAX (lines->len, 1));

  for (guint i = 0; i < lines->len; i++)
    places[i] = to_pixels (lines->pdata[i], page->dpi / 72);
  if (strcmp (languages, DOCAI_LANGUAGE_AUTO) == 0)
    {
      if (engine->languages == NULL)
        engine->languages = docai_languages_open (tessdata);
      return docai_choice_read (engine->readers, engine->languages, tessdata, page->raster, places,
                                lines->len, used, error);
    }
  *used = docai_readers_lookup (engine->readers, languages, tessdata, error);
  return *used != NULL ? docai_reader_read (*used, page->raster, 0, places, lines->len, error) : NULL;
}

static void
record_engine (DocaiDocument *document, const DocaiReader *reader)
{
  const char *engine;
  char       *model;

  for (guint i = 0; docai_reader_describe (reader, i, &engine, &model); i++)
    {
      docai_document_record_stage (document, "ocr", engine, model);
      g_free (model);
    }
}

static gboolean
run_ocr (gpointer engine, const DocaiTask *task, DocaiDocument *document, DocaiPage *page,
         GError **error)
{
  g_autoptr (GPtrArray) lines = collect_lines (page);
  DocaiReader          *used = NULL;

  if (lines->len == 0 || strcmp (task->options->ocr, "never") == 0)
    return TRUE;
  if (page->raster == NULL && !docai_rasterize_render (task, page, task->options->dpi, 8, error))
    return FALSE;

  g_autoptr (DocaiReading) reading = read_lines (engine, task, page, lines, &used, error);
  if (reading == NULL)
    return FALSE;
  for (guint i = 0; i < lines->len; i++)
    fill_line (lines->pdata[i], &reading->lines[i], page->dpi / 72);
  docai_script_tell (page, lines);
  drop_noise (page);
  if (page->text_source == DOCAI_TEXT_NONE)
    docai_layout_regroup (page); /* bullets, captions and page numbers show now */

  page->text_source = page->text_source == DOCAI_TEXT_NONE ? DOCAI_TEXT_OCR : DOCAI_TEXT_MIXED;
  g_free (page->language);
  page->language = g_strdup (docai_reader_languages (used));
  record_engine (document, used);
  return TRUE;
}

const DocaiStage docai_ocr_stage = {
  .name = "ocr",
  .scope = DOCAI_SCOPE_PAGE,
  .open = open_engine,
  .close = close_engine,
  .run = run_ocr,
};
