/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lines in pieces. What stands before and behind a leader is read apart: of a line that is mostly
 * bare paper once the dots are gone, the contrast would be that of the paper's grain, and the network would read it.
 */
#pragma once

#include "pipeline/ocr/lstm/recogniser.h"

typedef struct {
  DocaiTextLine line;
  guint         whole; /* the line that it is a piece of */
  GArray       *inks;  /* DocaiPixelBox, of the piece */
} DocaiPiece;

/* Cuts a line with the inks given (docai_ink_find(), without the leaders') into pieces, and appends them, from
 * the left. A line without leaders is one piece, unchanged. Takes over the inks. */
void docai_pieces_cut (const DocaiTextLine *line, guint whole, GArray *inks, const GArray *leaders, GArray *pieces);

/* Array of DocaiPiece that clears them. */
GArray *docai_pieces_new (void);

/* Appends what a piece says to the line; `piece` is left empty. */
void docai_pieces_join (DocaiReadLine *line, DocaiReadLine *piece);
