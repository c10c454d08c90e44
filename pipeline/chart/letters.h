/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The letters of a chart as chains: what is written along one line, level, upwards or slanted.
 */
#pragma once

#include <glib.h>

struct Pix;

/* Letters along one line. Pixels of the bits they were found in. */
typedef struct {
  GArray *parts;  /* guint: components, in reading order */
  int     turn;   /* degrees against the clock */
  int     x0, y0, x1, y1;
  double  size;   /* height of the tall letters */
  double  tall;   /* height of the tallest part */
  double  first, last, low, high; /* extent along the reading direction and across it (letters.c: place_of) */
} LetterChain;

typedef struct {
  GArray    *components; /* LayoutComponent */
  GPtrArray *chains;     /* LetterChain */
} Letters;

/* The chains of letters in a picture of one bit a pixel; what is too large or too long for a letter is passed over. NULL: more
 * than in any chart. */
Letters *letters_find (struct Pix *bits);
void     letters_free (Letters *letters);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Letters, letters_free)
