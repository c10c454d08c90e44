/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which way up a page is, by reading.
 *
 * The arrangement of components often tells, but capitals and figures, dirt and
 * leaders deceive it. So two lines are read as the page is taken to lie: letters
 * that stand upright are read with certainty, turned ones are not. Only where
 * these read badly more lines are cut out and read both ways, then in all four
 * orientations. The cost is bounded by the number of lines and letters.
 */
#include "pipeline/layout/orientation.h"

#include "pipeline/ocr/lstm/recogniser.h"

#include <string.h>

#define FIRST_LINES    2   /* read as the page is taken to lie */
#define MORE_LINES     5   /* read in several orientations */
#define MOST_LINES     15  /* read both ways where that does not tell */
#define SAMPLE_LETTERS 28  /* of a line */
#define LEAST_LETTERS  3   /* of a line to be read */
#define LEAST_READ     8   /* letters and digits, to decide anything */
#define LEAST_AGAINST  20  /* the same, to decide against sure components */
#define CERTAIN        0.75 /* mean confidence that needs no comparison */
#define VERY_CERTAIN   0.85 /* the same, of one line */
#define ENOUGH_LETTERS 16   /* of that line */
#define HOPELESS       0.3  /* the best mean confidence of another script or a picture */
#define SURE           0.45 /* mean confidence of the best orientation */
#define AHEAD          0.12 /* of the next */
#define AHEAD_MANY     0.08 /* the same, after most lines */
#define AHEAD_ACROSS   0.2  /* of an orientation along which no lines were found */

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

/* The stretch of a line, of as many letters as are read, on which they stand closest:
 * leaders and gaps hold few. */
static DocaiPixelBox
closest_letters (const LayoutTextLine *l, const GArray *components)
{
  DocaiPixelBox box = { l->x0, l->y0, l->x1, l->y1 };
  g_autoptr (GArray) letters = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint k = 0; k < l->parts->len; k++) {
    guint                  at = g_array_index (l->parts, guint, k);
    const LayoutComponent *c  = &g_array_index (components, LayoutComponent, at);
    if (c->y1 - c->y0 >= 0.6 * l->x_height)
      g_array_append_val (letters, at);
  }
  const guint *at = (const guint *) (const void *) letters->data;
  for (guint k = 0; letters->len > SAMPLE_LETTERS && k + SAMPLE_LETTERS <= letters->len; k++) {
    int x0 = g_array_index (components, LayoutComponent, at[k]).x0;
    int x1 = g_array_index (components, LayoutComponent, at[k + SAMPLE_LETTERS - 1]).x1;
    if (x1 > x0 && x1 - x0 < box.x1 - box.x0)
      box.x0 = x0, box.x1 = x1;
  }
  double most = SAMPLE_LETTERS * MAX (l->width, 1) * 1.5;
  box.x1      = MIN (box.x1, box.x0 + (int) MAX (most, 4 * (l->y1 - l->y0)));
  return box;
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
  for (guint i = 0; i < lines->lines->len && boxes->len < MOST_LINES; i++) {
    const LayoutTextLine *l = lines->lines->pdata[i];
    if (l->letters < LEAST_LETTERS || l->fit > 0.3 || l->inverted)
      continue;
    DocaiPixelBox box = closest_letters (l, components);
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

/* What was read in each of the four orientations. */
typedef struct {
  DocaiRecogniser *recogniser;
  PIX             *raster;
  int              factor;
  double           letters[4], certain[4];
} Readings;

/* Reads the lines `from` up to `to` of the picture turned by quarters % 2, as in
 * this orientation. */
static void
read_lines (Readings *readings, const GArray *boxes, guint from, guint to, int quarters)
{
  for (guint i = from; i < MIN (to, boxes->len); i++) {
    BOX *box = to_raster (&g_array_index (boxes, DocaiPixelBox, i), quarters % 2,
                          pixGetHeight (readings->raster), readings->factor);
    PIX *cut   = box ? pixClipRectangle (readings->raster, box, NULL) : NULL;
    PIX *strip = cut ? pixRotateOrth (cut, quarters) : NULL;
    if (strip)
      read_strip (readings->recogniser, strip, &readings->letters[quarters],
                  &readings->certain[quarters]);
    pixDestroy (&strip);
    pixDestroy (&cut);
    boxDestroy (&box);
  }
}

static double
mean_of (const Readings *readings, int quarters)
{
  double letters = readings->letters[quarters];
  return letters >= LEAST_READ ? readings->certain[quarters] / letters : 0;
}

/* Whether the first line, or both first lines together, leave no doubt. */
static gboolean
reads_well (Readings *readings, const GArray *boxes, int quarters)
{
  read_lines (readings, boxes, 0, 1, quarters);
  if (readings->letters[quarters] >= ENOUGH_LETTERS && mean_of (readings, quarters) >= VERY_CERTAIN)
    return TRUE;
  read_lines (readings, boxes, 1, FIRST_LINES, quarters);
  return mean_of (readings, quarters) >= CERTAIN;
}

/* The best orientation where it is clearly the best; -1. Along lines (those of
 * `guess`) less is needed than across them. */
static int
decide (const Readings *readings, int guess, gboolean sure, double ahead)
{
  int    best = 0;
  double lead = 1;
  for (int q = 1; q < 4; q++)
    if (mean_of (readings, q) > mean_of (readings, best))
      best = q;
  for (int q = 0; q < 4; q++)
    if (q != best)
      lead = MIN (lead, mean_of (readings, best) - mean_of (readings, q));
  gboolean along = (best - guess) % 2 == 0;
  if (mean_of (readings, best) < SURE || lead < (along ? ahead : AHEAD_ACROSS))
    return -1;
  return sure && best != guess && readings->letters[best] < LEAST_AGAINST ? -1 : best;
}

int
layout_reader_orientation (LayoutReader *reader, const char *languages, const char *tessdata_dir,
                           PIX *raster, int factor, const GArray *components, int width, int height,
                           int guess, gboolean sure)
{
  Readings readings = { open_for (reader, languages, tessdata_dir), raster, factor, { 0 }, { 0 } };
  int      back     = (guess + 2) % 4, side = (guess + 1) % 4;
  if (!readings.recogniser)
    return -1;

  g_autoptr (GArray) turned = guess % 2 ? orientation_turn (components, width, height, 1) : NULL;
  g_autoptr (GArray) along = sample_boxes (turned ? turned : components);
  if (reads_well (&readings, along, guess))
    return guess;
  read_lines (&readings, along, FIRST_LINES, MORE_LINES, guess);
  read_lines (&readings, along, 0, MORE_LINES, back);
  int told = decide (&readings, guess, sure, AHEAD);
  if (told < 0) {
    if (!turned)
      turned = orientation_turn (components, width, height, 1);
    g_autoptr (GArray) across = sample_boxes (guess % 2 ? components : turned);
    read_lines (&readings, across, 0, MORE_LINES, side);
    read_lines (&readings, across, 0, MORE_LINES, (side + 2) % 4);
    told = decide (&readings, guess, sure, AHEAD);
  }
  if (told < 0 && MAX (mean_of (&readings, guess), mean_of (&readings, back)) >= HOPELESS) {
    read_lines (&readings, along, MORE_LINES, MOST_LINES, guess);
    read_lines (&readings, along, MORE_LINES, MOST_LINES, back);
    told = decide (&readings, guess, sure, AHEAD_MANY);
  }
  g_debug ("orientation by reading: %.2f %.2f %.2f %.2f, of %.0f %.0f %.0f %.0f letters",
           mean_of (&readings, 0), mean_of (&readings, 1), mean_of (&readings, 2),
           mean_of (&readings, 3), readings.letters[0], readings.letters[1], readings.letters[2],
           readings.letters[3]);
  return told;
}
