/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words of a chart: titles, labels of axes, legends, printed values.
 */
#pragma once

#include "document/geometry.h"
#include "pipeline/chart/number.h"
#include "pipeline/ocr/lstm/recogniser.h"
#include "pipeline/raster.h"

typedef struct {
  char    *text;
  DocaiBox box; /* pixels of the picture */
} ChartWord;

/* A line of words. */
typedef struct {
  char       *text;
  DocaiBox    box;
  int         turn;  /* degrees by which it is turned against the clock: 0, 90 (reads upwards), 30 to 60 */
  double      size;  /* height of its capitals, pixels */
  GPtrArray  *words; /* ChartWord, in reading order */
  ChartNumber number;
  gboolean    is_number;
  double      confidence; /* of its words, 0 to 1 */
  gboolean    used; /* it has found its place in the chart */
} ChartText;

/* Reads the lines of a sheet of 8 bits, dark on light; NULL where that fails. */
typedef DocaiReading *(*ChartReader) (gpointer data, PIX *sheet, const DocaiTextLine *lines, guint n_lines);

/* What is written in the picture (ChartText): finds the pieces by their letters, turned ones too. `known` (ChartWord, lent; NULL:
 * none) are the words of a text layer, which are exact but whose boxes are those of fonts; a piece that has them takes them. All
 * others are read together. Owned by the caller; empty where there is nothing. */
GPtrArray *chart_texts_read (PIX *picture, const GPtrArray *known, ChartReader reader, gpointer data);

/* A line of these words, which it takes over; `size` is the height of its capitals. Owned by the caller. */
ChartText *chart_text_new (GPtrArray *words, int turn, double size);

ChartWord *chart_word_new (const char *text, DocaiBox box);
void       chart_word_free (ChartWord *word);
void       chart_text_free (ChartText *text);
