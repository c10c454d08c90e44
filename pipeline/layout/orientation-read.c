/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which way up a page is, by reading.
 *
 * Where the arrangement of components does not tell (capitals, figures, few
 * lines), a few lines are cut out as they would lie in each of the four
 * orientations and read: letters that stand upright are read with certainty,
 * turned ones are not. The cost is bounded by the number of lines and letters.
 */
#include "pipeline/layout/orientation.h"

#include "pipeline/ocr/lstm/recogniser.h"

#include <string.h>

#define SAMPLE_LINES   5
#define SAMPLE_LETTERS 28  /* of a line, from its left */
#define LEAST_LETTERS  3   /* of a line to be read */
#define LEAST_READ     8   /* letters and digits, to decide anything */
#define SURE           0.45 /* mean confidence of the best orientation */
#define AHEAD          0.12 /* of the next */

struct LayoutReader {
  DocaiRecogniser *recogniser;
  char            *languages; /* NULL: nothing tried yet */
};

LayoutReader *
layout_reader_new (void)
{
  return g_new0 (LayoutReader, 1);
}

void
layout_reader_free (LayoutReader *reader)
{
  if (!reader)
    return;
  docai_recogniser_free (reader->recogniser);
  g_free (reader->languages);
  g_free (reader);
}

static DocaiRecogniser *
open_for (LayoutReader *reader, const char *languages, const char *tessdata_dir)
{
  if (g_strcmp0 (reader->languages, languages) != 0) {
    g_clear_pointer (&reader->recogniser, docai_recogniser_free);
    g_free (reader->languages);
    reader->languages  = g_strdup (languages);
    reader->recogniser = docai_recogniser_open (languages, tessdata_dir, NULL);
  }
  return reader->recogniser;
}

static gint
compare_use (gconstpointer a, gconstpointer b)
{
  const LayoutTextLine *p = *(LayoutTextLine *const *) a, *q = *(LayoutTextLine *const *) b;
  int m = MIN (p->letters, SAMPLE_LETTERS), n = MIN (q->letters, SAMPLE_LETTERS);
  if (m != n)
    return n - m;
  return p->y0 != q->y0 ? p->y0 - q->y0 : p->x0 - q->x0;
}

/* The lines' boxes (pixels of the turned analysis picture), the most telling first. */
static GArray *
sample_boxes (const GArray *components)
{
  GArray *boxes  = g_array_new (FALSE, FALSE, sizeof (DocaiPixelBox));
  double  letter = textlines_letter_height (components);
  if (letter <= 0)
    return boxes;
  g_autoptr (LayoutTextLines) lines = textlines_find (components, letter);
  g_ptr_array_sort (lines->lines, compare_use);
  for (guint i = 0; i < lines->lines->len && boxes->len < SAMPLE_LINES; i++) {
    const LayoutTextLine *l = lines->lines->pdata[i];
    if (l->letters < LEAST_LETTERS || l->fit > 0.3 || l->inverted)
      continue;
    DocaiPixelBox box  = { l->x0, l->y0, l->x1, l->y1 };
    double        most = SAMPLE_LETTERS * MAX (l->width, 1) * 1.3;
    box.x1             = MIN (box.x1, box.x0 + (int) MAX (most, 4 * (l->y1 - l->y0)));
    g_array_append_val (boxes, box);
  }
  return boxes;
}

/* A box of the picture turned clockwise by `quarters`, 0 or 1, as it lies on the
 * raster, `factor` times as fine and with a margin. */
static BOX *
to_raster (const DocaiPixelBox *b, int quarters, int raster_height, int factor)
{
  int margin = factor * MAX (2, (b->y1 - b->y0) / 6);
  int x0 = b->x0 * factor - margin, y0 = b->y0 * factor - margin;
  int w = (b->x1 - b->x0) * factor + 2 * margin, h = (b->y1 - b->y0) * factor + 2 * margin;
  if (quarters == 0)
    return boxCreateValid (x0, y0, w, h);
  /* clockwise, the left edge came to the top */
  return boxCreateValid (y0, raster_height - x0 - w, h, w);
}

/* How a strip reads: adds letters and their confidence. */
static void
read_strip (DocaiRecogniser *recogniser, PIX *strip, double *letters, double *certain)
{
  DocaiTextLine line = { .box = { 0, 0, pixGetWidth (strip), pixGetHeight (strip) } };
  g_autoptr (DocaiReading) reading = docai_recogniser_read (recogniser, strip, &line, 1, NULL, NULL);
  for (guint w = 0; reading && w < reading->lines[0].n_words; w++) {
    const DocaiReadWord *word = &reading->lines[0].words[w];
    for (const char *p = word->text; *p; p = g_utf8_next_char (p))
      if (g_unichar_isalnum (g_utf8_get_char (p))) {
        *letters += 1;
        *certain += word->confidence;
      }
  }
}

/* Reads the lines of the picture turned by `base` (0 or 1) quarters as they stand
 * and upside down; fills the sums of orientations `base` and `base` + 2. */
static void
read_both_ways (DocaiRecogniser *recogniser, PIX *raster, int factor, const GArray *components,
                int base, double *letters, double *certain)
{
  g_autoptr (GArray) boxes = sample_boxes (components);
  for (guint i = 0; i < boxes->len; i++) {
    BOX *box = to_raster (&g_array_index (boxes, DocaiPixelBox, i), base, pixGetHeight (raster), factor);
    PIX *cut = box ? pixClipRectangle (raster, box, NULL) : NULL;
    for (int q = base; cut && q < 4; q += 2) {
      PIX *strip = pixRotateOrth (cut, q);
      if (strip)
        read_strip (recogniser, strip, &letters[q], &certain[q]);
      pixDestroy (&strip);
    }
    pixDestroy (&cut);
    boxDestroy (&box);
  }
}

int
layout_reader_orientation (LayoutReader *reader, const char *languages, const char *tessdata_dir,
                           PIX *raster, int factor, const GArray *components, int width, int height)
{
  DocaiRecogniser *recogniser = open_for (reader, languages, tessdata_dir);
  double           letters[4] = { 0 }, certain[4] = { 0 }, mean[4];
  int              best = 0;
  double           next = 0;
  if (!recogniser)
    return -1;

  g_autoptr (GArray) side = orientation_turn (components, width, height, 1);
  read_both_ways (recogniser, raster, factor, components, 0, letters, certain);
  read_both_ways (recogniser, raster, factor, side, 1, letters, certain);
  for (int q = 0; q < 4; q++) {
    mean[q] = letters[q] >= LEAST_READ ? certain[q] / letters[q] : 0;
    if (mean[q] > mean[best])
      best = q;
  }
  for (int q = 0; q < 4; q++)
    if (q != best)
      next = MAX (next, mean[q]);
  g_debug ("orientation by reading: %.2f %.2f %.2f %.2f", mean[0], mean[1], mean[2], mean[3]);
  return mean[best] >= SURE && mean[best] >= next + AHEAD ? best : -1;
}
