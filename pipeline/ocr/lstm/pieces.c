/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pipeline/ocr/lstm/pieces.h"

#include "pipeline/ocr/lstm/leaders.h"

static const double speck_most = 0.12; /* of the line's height: what is no larger makes no piece */

static void
clear_piece (gpointer data)
{
  g_clear_pointer (&((DocaiPiece *) data)->inks, g_array_unref);
}

GArray *
docai_pieces_new (void)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (DocaiPiece));

  g_array_set_clear_func (pieces, clear_piece);
  return pieces;
}

/* Where the piece that begins with ink `first` ends: before the first ink behind the next leader. */
static guint
piece_end (const GArray *inks, guint first, const GArray *leaders)
{
  int   start = g_array_index (inks, DocaiPixelBox, first).x0, stop = G_MAXINT;
  guint i;

  for (guint l = 0; l < leaders->len; l++)
    {
      const DocaiPixelBox *box = &g_array_index (leaders, DocaiLeader, l).box;

      if (box->x0 >= start)
        stop = MIN (stop, box->x0);
    }
  for (i = first + 1; i < inks->len && g_array_index (inks, DocaiPixelBox, i).x0 < stop; i++)
    ;
  return i;
}

/* The inks [first, end) and what is around them of the line. */
static void
add_piece (const DocaiTextLine *line, guint whole, const GArray *inks, guint first, guint end, GArray *pieces)
{
  DocaiPiece piece = { *line, whole, g_array_new (FALSE, FALSE, sizeof (DocaiPixelBox)) };
  int        x0 = G_MAXINT, x1 = G_MININT, most = 0;

  g_array_append_vals (piece.inks, &g_array_index (inks, DocaiPixelBox, first), end - first);
  for (guint i = first; i < end; i++)
    {
      const DocaiPixelBox *ink = &g_array_index (inks, DocaiPixelBox, i);

      x0 = MIN (x0, ink->x0);
      x1 = MAX (x1, ink->x1);
      most = MAX (most, MAX (ink->x1 - ink->x0, ink->y1 - ink->y0));
    }
  if (most <= speck_most * (line->box.y1 - line->box.y0))
    {
      clear_piece (&piece);
      return;
    }
  piece.line.box.x0 = MAX (line->box.x0, x0);
  piece.line.box.x1 = MIN (line->box.x1, x1);
  piece.line.baseline += line->slope * (float) (piece.line.box.x0 + piece.line.box.x1 - line->box.x0 - line->box.x1) / 2;
  g_array_append_val (pieces, piece);
}

void
docai_pieces_cut (const DocaiTextLine *line, guint whole, GArray *inks, const GArray *leaders, GArray *pieces)
{
  if (leaders->len == 0)
    {
      DocaiPiece piece = { *line, whole, inks };

      g_array_append_val (pieces, piece);
      return;
    }
  for (guint first = 0, end; first < inks->len; first = end)
    {
      end = piece_end (inks, first, leaders);
      add_piece (line, whole, inks, first, end, pieces);
    }
  g_array_unref (inks);
}

void
docai_pieces_join (DocaiReadLine *line, DocaiReadLine *piece)
{
  guint words = line->n_words + piece->n_words, characters = line->n_characters + piece->n_characters;

  if (line->n_words == 0)
    {
      g_free (line->words);
      g_free (line->characters);
      *line = *piece;
      *piece = (DocaiReadLine){ 0 };
      return;
    }
  line->mean_certainty = (line->mean_certainty * (float) line->n_words + piece->mean_certainty * (float) piece->n_words)
                         / (float) words;
  if (piece->n_characters > line->n_characters)
    line->language = piece->language;
  line->words = g_renew (DocaiReadWord, line->words, words + 1);
  line->characters = g_renew (DocaiReadCharacter, line->characters, characters + 1);
  for (guint i = 0; i < piece->n_words; i++)
    {
      DocaiReadWord *word = &line->words[line->n_words + i];

      *word = piece->words[i];
      word->first_character += line->n_characters;
      word->space_before = word->space_before || i == 0;
    }
  for (guint i = 0; i < piece->n_characters; i++)
    line->characters[line->n_characters + i] = piece->characters[i];
  line->n_words = words;
  line->n_characters = characters;
  g_free (piece->words);
  g_free (piece->characters);
  *piece = (DocaiReadLine){ 0 };
}
