/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pitch of typed print, from the places of recognised words. A word of n characters
 * is n pitches wide, less the blank at its sides, and the middles of words lie whole
 * and half pitches apart:
 *
 *     |C|O|R|N|E|R| |B|A|K|E|R|Y|
 *
 * Words of other print are as wide by chance, the longer the less: from the share of
 * widths and places that would do, follows how likely chance is for the line.
 */
#include "pipeline/layout/pitch.h"

#include "base/sort.h"

#include <math.h>
#include <stdlib.h>

#define BLANK     0.2  /* pitches that a word's ink is narrower than its characters */
#define WIDTH     0.35 /* pitches that a word's width may be off */
#define PLACE     0.22 /* and its middle */
#define SPREAD    0.2  /* of a character's mean width from word to word in other print */
#define STEPS     9    /* of the longest word's possible pitches */
#define UNLIKELY  0.03
#define LEAST_WORDS 8    /* of a page that tell */
#define FITTING     0.75 /* share of a typed page's words that fit: some are misread */
#define MAX_LINES 2000

typedef struct {
  double middle, width;
  int    n; /* characters */
} Typed;

static void
add_words (const DocaiLine *line, GArray *words)
{
  for (guint i = 0; i < line->words->len; i++) {
    const DocaiWord *word = line->words->pdata[i];
    Typed typed = { docai_box_center_x (word->bbox), docai_box_width (word->bbox),
                    (int) g_utf8_strlen (word->text ? word->text : "", -1) };
    if (typed.n > 0 && typed.width > 0)
      g_array_append_val (words, typed);
  }
}

static const Typed *
longest_of (const GArray *words)
{
  const Typed *longest = NULL;
  for (guint i = 0; i < words->len; i++) {
    const Typed *w = &g_array_index (words, Typed, i);
    if (!longest || w->n > longest->n)
      longest = w;
  }
  return longest;
}

static gboolean
has_width (const Typed *w, double pitch)
{
  return w->n < 2 || fabs (w->width - (w->n - BLANK) * pitch) < WIDTH * pitch;
}

static gboolean
has_place (const Typed *w, const Typed *reference, double pitch)
{
  double apart = (w->middle - reference->middle) / pitch - 0.5 * (w->n - reference->n);
  return fabs (apart - round (apart)) < PLACE;
}

/* How likely words of other print would fit a pitch as well as these; 1 when they do not.
 * One in five may be off: it was misread. */
static double
chance_of (const GArray *words, const Typed *reference, double pitch)
{
  double chance = 1;
  guint  off    = 0;
  for (guint i = 0; i < words->len; i++) {
    const Typed *w = &g_array_index (words, Typed, i);
    if (w == reference)
      continue;
    if (!has_width (w, pitch) || !has_place (w, reference, pitch)) {
      off++;
      continue;
    }
    chance *= 2 * PLACE * MIN (1, 2 * WIDTH / (SPREAD * w->n));
  }
  return 5 * off > words->len ? 1 : chance;
}

static double
pitch_of_words (const GArray *words)
{
  const Typed *longest = longest_of (words);
  double       best = 1, pitch = 0;
  for (int k = 0; longest && longest->n >= 3 && k < STEPS; k++) {
    double blank = 0.45 * k / (STEPS - 1), p = longest->width / (longest->n - blank);
    double c     = chance_of (words, longest, p);
    if (c < best) {
      best  = c;
      pitch = p;
    }
  }
  return best < UNLIKELY ? pitch : 0;
}

double
pitch_of_line (const DocaiLine *line)
{
  g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (Typed));
  add_words (line, words);
  return pitch_of_words (words);
}

gboolean
pitch_fits_line (const DocaiLine *line, double pitch)
{
  g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (Typed));
  add_words (line, words);
  const Typed *longest = longest_of (words);
  return longest && longest->n >= 3 && has_width (longest, pitch)
         && (words->len == 1 || chance_of (words, longest, pitch) < 1);
}

static gint
compare_lines (gconstpointer a, gconstpointer b)
{
  const DocaiLine *p = *(DocaiLine *const *) a, *q = *(DocaiLine *const *) b;
  double y = docai_box_center_y (p->bbox), v = docai_box_center_y (q->bbox);
  return (y > v) - (y < v);
}

/* The words of lines in rows: blanks of typed print are wide, and its lines often in
 * pieces. Array of arrays of Typed, owned. */
static GPtrArray *
rows_of (const GPtrArray *lines)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  for (guint i = 0; i < MIN (lines->len, MAX_LINES); i++)
    g_ptr_array_add (sorted, lines->pdata[i]);
  g_ptr_array_sort (sorted, compare_lines);
  for (guint i = 0; i < sorted->len;) {
    const DocaiLine *first = sorted->pdata[i];
    double           below = docai_box_center_y (first->bbox) + 0.35 * docai_box_height (first->bbox);
    GArray          *row = g_array_new (FALSE, FALSE, sizeof (Typed));
    do
      add_words (sorted->pdata[i++], row);
    while (i < sorted->len && docai_box_center_y (((DocaiLine *) sorted->pdata[i])->bbox) < below);
    g_ptr_array_add (rows, row);
  }
  return rows;
}

/* Whether most words of the rows fit a pitch. */
static gboolean
rows_fit (const GPtrArray *rows, double pitch)
{
  guint fit = 0, all = 0;
  for (guint i = 0; i < rows->len; i++) {
    const GArray *row = rows->pdata[i];
    const Typed  *longest = longest_of (row);
    for (guint k = 0; k < row->len; k++) {
      const Typed *w = &g_array_index (row, Typed, k);
      fit += w != longest && has_width (w, pitch) && has_place (w, longest, pitch);
      all += w != longest;
    }
  }
  return all >= LEAST_WORDS && fit > FITTING * all;
}

double
pitch_of_lines (const GPtrArray *lines)
{
  g_autoptr (GArray) pitches = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GPtrArray) rows = rows_of (lines);
  for (guint i = 0; i < rows->len; i++) {
    double pitch = pitch_of_words (rows->pdata[i]);
    if (pitch > 0)
      g_array_append_val (pitches, pitch);
  }
  if (!pitches->len)
    return 0;
  qsort (pitches->data, pitches->len, sizeof (double), docai_compare_doubles);
  double pitch = g_array_index (pitches, double, pitches->len / 2);
  return rows_fit (rows, pitch) ? pitch : 0;
}
