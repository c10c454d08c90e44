/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The line recogniser against libtesseract on the same pages in one run:
 *   recogniser [-l LANGUAGES] [-v] IMAGE...
 * libtesseract finds and reads the lines; the same lines are read by ours.
 * Printed are how many lines, words and boxes are the same, and the
 * processor time for reading (libtesseract's without its layout analysis). Run
 * it with OMP_THREAD_LIMIT=1.
 */
#include <math.h>
#include <string.h>

#include "tests/unit/tesseract-page.h"

enum { PAGE_SEGMENTATION_AUTO = 3 };

typedef struct {
  guint  lines, lines_same, words, confidences_same, word_boxes_same, characters, boxes_same;
  guint  boxes_near;
  double layout_ms, theirs_ms, ours_ms;
} Score;

static gboolean
is_near (DocaiPixelBox a, DocaiPixelBox b, int distance)
{
  return ABS (a.x0 - b.x0) <= distance && ABS (a.y0 - b.y0) <= distance
         && ABS (a.x1 - b.x1) <= distance && ABS (a.y1 - b.y1) <= distance;
}

static void
compare_line (const TesseractLine *theirs, const DocaiReadLine *ours, gboolean verbose,
              Score *score)
{
  g_autofree char *a = tesseract_line_dup_text (theirs), *b = docai_read_line_dup_text (ours);

  score->lines++;
  if (strcmp (a, b) != 0)
    {
      if (verbose)
        g_print ("- %s\n+ %s\n", a, b);
      return;
    }
  score->lines_same++;
  for (guint w = 0; w < ours->n_words && theirs->words->len == ours->n_words; w++)
    {
      const TesseractPiece *piece = &g_array_index (theirs->words, TesseractPiece, w);
      const DocaiReadWord  *word = &ours->words[w];

      score->words++;
      score->confidences_same += fabsf (piece->confidence - word->confidence) < 1e-3f;
      score->word_boxes_same += is_near (piece->box, word->box, 0);
      if (verbose && !is_near (piece->box, word->box, 0))
        g_print ("  %s: %d,%d,%d,%d and %d,%d,%d,%d\n", word->text, piece->box.x0, piece->box.y0,
                 piece->box.x1, piece->box.y1, word->box.x0, word->box.y0, word->box.x1,
                 word->box.y1);
    }
  for (guint c = 0; c < ours->n_characters && theirs->characters->len == ours->n_characters; c++)
    {
      DocaiPixelBox box = g_array_index (theirs->characters, TesseractPiece, c).box;

      score->characters++;
      score->boxes_same += is_near (box, ours->characters[c].box, 0);
      score->boxes_near += is_near (box, ours->characters[c].box, 2);
    }
}

static gboolean
run_page (DocaiRecogniser *recogniser, const char *path, const char *language, gboolean verbose,
          Score *score)
{
  PIX                      *image = pixRead (path);
  TesseractPage            *page;
  g_autofree DocaiTextLine *lines = NULL;
  g_autoptr (DocaiReading)  reading = NULL;
  g_autoptr (GError)        error = NULL;
  double                    start;

  if (image == NULL)
    return FALSE;
  page = tesseract_page_read (image, language, PAGE_SEGMENTATION_AUTO, NULL);
  lines = tesseract_page_dup_geometry (page);
  start = cpu_ms ();
  reading = docai_recogniser_read (recogniser, image, lines, page->lines->len, NULL, &error);
  if (reading == NULL)
    g_error ("%s", error->message);
  score->ours_ms += cpu_ms () - start;
  score->layout_ms += page->layout_ms;
  score->theirs_ms += page->recognize_ms - page->layout_ms;
  for (guint i = 0; i < reading->n_lines; i++)
    compare_line (&g_array_index (page->lines, TesseractLine, i), &reading->lines[i], verbose,
                  score);
  tesseract_page_free (page);
  pixDestroy (&image);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autofree char            *language = NULL;
  gboolean                    verbose = FALSE;
  g_auto (GStrv)              paths = NULL;
  Score                       score = { 0 };
  g_autoptr (DocaiRecogniser) recogniser = NULL;
  g_autoptr (GOptionContext)  context = g_option_context_new ("IMAGE...");
  g_autoptr (GError)          error = NULL;
  const GOptionEntry          entries[]
    = { { "language", 'l', 0, G_OPTION_ARG_STRING, &language, "languages, as eng+deu", "L" },
        { "verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, "print what differs", NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL },
        { 0 } };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)
      || (recogniser = docai_recogniser_open (language != NULL ? language : "eng", NULL, &error))
           == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  for (int i = 0; paths != NULL && paths[i] != NULL; i++)
    if (!run_page (recogniser, paths[i], language != NULL ? language : "eng", verbose, &score))
      g_printerr ("%s cannot be read\n", paths[i]);
  g_print ("%s: lines %u same %u; words %u, same confidence %u, same box %u; characters %u, same "
           "box %u, within 2 px %u\n",
           docai_recogniser_engine (recogniser), score.lines, score.lines_same, score.words,
           score.confidences_same, score.word_boxes_same, score.characters, score.boxes_same,
           score.boxes_near);
  g_print ("layout %.0f ms, libtesseract's reading %.0f ms, ours %.0f ms: ratio %.2f\n",
           score.layout_ms, score.theirs_ms, score.ours_ms, score.theirs_ms / score.ours_ms);
  return 0;
}
