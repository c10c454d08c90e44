/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading what is written in a chart.
 *
 * The letters are small, stand on grounds of all colours and are partly turned. So each piece is cut out, laid level, brought
 * to black on white and put on a sheet below the others; the sheet is read at once, and the words go back to their places.
 */
#include "pipeline/chart/texts.h"

#include "pipeline/chart/letters.h"
#include "pipeline/layout/binarize.h"
#include "pipeline/layout/components.h"
#include "pipeline/pixels.h"

#include <allheaders.h>
#include <math.h>
#include <string.h>

#define LEAST_SIDE_PX 900 /* a smaller picture is enlarged */
#define MOST_ENLARGED 3
#define MOST_PIECES 400
#define MOST_SHEET_PX (6 * 1000 * 1000)
#define LEAST_SIZE 0.45 /* of the usual size: smaller ones are dots and dashes */
#define MARGIN 0.5 /* around a piece, of the size of its letters */

ChartWord *
chart_word_new (const char *text, DocaiBox box)
{
  ChartWord *word = g_new0 (ChartWord, 1);

  word->text = g_strdup (text);
  word->box = box;
  return word;
}

void
chart_word_free (ChartWord *word)
{
  if (word == NULL)
    return;
  g_free (word->text);
  g_free (word);
}

void
chart_text_free (ChartText *text)
{
  if (text == NULL)
    return;
  g_free (text->text);
  g_ptr_array_unref (text->words);
  g_free (text);
}

ChartText *
chart_text_new (GPtrArray *words, int turn, double size)
{
  ChartText *text = g_new0 (ChartText, 1);
  g_autoptr (GString) joined = g_string_new (NULL);

  text->words = words;
  text->turn = turn;
  text->size = size;
  text->confidence = 1;
  for (guint i = 0; i < text->words->len; i++)
    {
      const ChartWord *word = text->words->pdata[i];
      g_string_append_printf (joined, "%s%s", joined->len > 0 ? " " : "", word->text);
      text->box = docai_box_union (text->box, word->box);
    }
  text->text = g_string_free (g_steal_pointer (&joined), FALSE);
  text->is_number = chart_number_parse (text->text, FALSE, &text->number);
  return text;
}

/* ---- the sheet ----------------------------------------------------------------------- */

/* A piece on the sheet: where it lies there, and where it came from. */
typedef struct {
  const LetterChain *chain;
  PIX *picture; /* level, black on white, 8 bits */
  int  x, y;    /* on the sheet */
  int  margin;
  int  baseline; /* row of the piece */
} Piece;

static void
piece_clear (gpointer data)
{
  Piece *piece = data;

  pixDestroy (&piece->picture);
}

/* Black on white: the commoner half of the tones is the paper. */
static void
stretch (PIX *grey)
{
  int    width = pixGetWidth (grey), height = pixGetHeight (grey), paper = 0;
  int    counts[256] = { 0 }, darkest = 255, lightest = 0;
  guint8 tones[256];

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        int tone = GET_DATA_BYTE (pixGetData (grey) + (gsize) y * pixGetWpl (grey), x);
        counts[tone]++;
        darkest = MIN (darkest, tone);
        lightest = MAX (lightest, tone);
      }
  for (int tone = 0, most = 0; tone < 256; tone++)
    {
      int near = counts[tone] + (tone > 0 ? counts[tone - 1] : 0) + (tone < 255 ? counts[tone + 1] : 0);
      if (near > most)
        {
          most = near;
          paper = tone;
        }
    }
  gboolean light = lightest - paper > paper - darkest;
  int      ink = light ? lightest : darkest;
  if (abs (paper - ink) < 8)
    return;
  for (int tone = 0; tone < 256; tone++)
    tones[tone] = (guint8) CLAMP (255 * (tone - ink) / (paper - ink), 0, 255);
  for (int y = 0; y < height; y++)
    {
      l_uint32 *row = pixGetData (grey) + (gsize) y * pixGetWpl (grey);
      for (int x = 0; x < width; x++)
        SET_DATA_BYTE (row, x, tones[GET_DATA_BYTE (row, x)]);
    }
}

/* The letters of a chain as they stand, cut with a margin. What is no part of it, as a line of the plot, goes. */
static PIX *
cut_chain (PIX *grey, const Letters *letters, const LetterChain *chain, int margin)
{
  int  x0 = MAX (chain->x0 - margin, 0), y0 = MAX (chain->y0 - margin, 0);
  int  x1 = MIN (chain->x1 + margin, pixGetWidth (grey)), y1 = MIN (chain->y1 + margin, pixGetHeight (grey));
  int  width = chain->x1 - chain->x0 + 2 * margin, height = chain->y1 - chain->y0 + 2 * margin, near = MAX (margin / 4, 1);
  PIX *part = docai_pixels_cut (grey, x0, y0, x1 - x0, y1 - y0), *clean = pixCreate (width, height, 8);

  if (part == NULL || clean == NULL)
    {
      pixDestroy (&part);
      pixDestroy (&clean);
      return NULL;
    }
  stretch (part);
  memset (pixGetData (clean), 0xff, 4 * (gsize) pixGetWpl (clean) * (gsize) height);
  for (guint i = 0; i < chain->parts->len; i++)
    {
      const LayoutComponent *c = &g_array_index (letters->components, LayoutComponent, g_array_index (chain->parts, guint, i));
      int left = MAX (c->x0 - near, x0), top = MAX (c->y0 - near, y0), right = MIN (c->x1 + near, x1), bottom = MIN (c->y1 + near, y1);
      pixRasterop (clean, left - chain->x0 + margin, top - chain->y0 + margin, right - left, bottom - top, PIX_SRC, part, left - x0,
                   top - y0);
    }
  pixDestroy (&part);
  return clean;
}

/* Turns a piece level. A slanted one is cut to its line, whose first letter is at the left. */
static PIX *
lay_level (PIX *part, const LetterChain *chain, int margin)
{
  if (chain->turn == 0)
    return part;
  PIX *level = chain->turn == 90 ? pixRotate90 (part, 1)
                                 : pixRotate (part, (float) (chain->turn * G_PI / 180), L_ROTATE_AREA_MAP, L_BRING_IN_WHITE, 0, 0);
  if (level != NULL && chain->turn != 90)
    {
      /* the middle of the picture stays where it is */
      double angle = chain->turn * G_PI / 180, x = 0.5 * (chain->x0 + chain->x1), y = 0.5 * (chain->y0 + chain->y1);
      double u = x * cos (angle) - y * sin (angle), v = x * sin (angle) + y * cos (angle);
      double left = chain->first - u + 0.5 * pixGetWidth (level), top = chain->low - v + 0.5 * pixGetHeight (level);
      int    x0 = MAX ((int) left - margin, 0), y0 = MAX ((int) top - margin, 0);
      int    width = MIN ((int) (chain->last - chain->first) + 2 * margin, pixGetWidth (level) - x0);
      int    height = MIN ((int) chain->size + 2 * margin, pixGetHeight (level) - y0);
      PIX   *cut = width > 2 && height > 2 ? docai_pixels_cut (level, x0, y0, width, height) : NULL;
      pixDestroy (&level);
      level = cut;
    }
  pixDestroy (&part);
  return level;
}

static int
compare_ints (gconstpointer a, gconstpointer b)
{
  return *(const int *) a - *(const int *) b;
}

/* The row on which the letters of a level chain stand, from the chain's top. */
static double
foot_of (const Letters *letters, const LetterChain *chain)
{
  g_autoptr (GArray) feet = g_array_new (FALSE, FALSE, sizeof (int));

  for (guint i = 0; i < chain->parts->len; i++)
    {
      const LayoutComponent *c = &g_array_index (letters->components, LayoutComponent, g_array_index (chain->parts, guint, i));
      int height = chain->turn == 90 ? c->x1 - c->x0 : c->y1 - c->y0, foot = chain->turn == 90 ? c->x1 - chain->x0 : c->y1 - chain->y0;
      if (height >= 0.5 * chain->size)
        g_array_append_val (feet, foot);
    }
  g_array_sort (feet, compare_ints);
  return feet->len > 0 && (chain->turn == 0 || chain->turn == 90) ? g_array_index (feet, int, feet->len / 2) : chain->size;
}

static int
compare_sizes (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* The usual size of the letters, of pieces with several. */
static double
usual_size (const Letters *letters)
{
  g_autoptr (GArray) sizes = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < letters->chains->len; i++)
    {
      const LetterChain *chain = letters->chains->pdata[i];
      if (chain->parts->len >= 2)
        g_array_append_val (sizes, chain->size);
    }
  g_array_sort (sizes, compare_sizes);
  return sizes->len > 0 ? g_array_index (sizes, double, sizes->len / 2) : 0;
}

static GArray *
cut_pieces (PIX *grey, const Letters *letters)
{
  double  least = LEAST_SIZE * usual_size (letters);
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (Piece));

  g_array_set_clear_func (pieces, piece_clear);
  for (guint i = 0; i < letters->chains->len && pieces->len < MOST_PIECES; i++)
    {
      const LetterChain *chain = letters->chains->pdata[i];
      if (chain->size < least)
        continue;
      int    margin = MAX ((int) ceil (MARGIN * chain->size), 4);
      Piece  piece = { chain, cut_chain (grey, letters, chain, margin), 0, 0, margin, 0 };
      piece.picture = piece.picture != NULL ? lay_level (piece.picture, chain, margin) : NULL;
      piece.baseline = margin + (int) foot_of (letters, chain);
      if (piece.picture != NULL)
        g_array_append_val (pieces, piece);
    }
  return pieces;
}

/* Lays the pieces out from left to right in rows. NULL when there is no room. */
static PIX *
lay_out (GArray *pieces)
{
  int width = 1600, x = 0, y = 0, row = 0;

  for (guint i = 0; i < pieces->len; i++)
    width = MAX (width, pixGetWidth (g_array_index (pieces, Piece, i).picture));
  for (guint i = 0; i < pieces->len; i++)
    {
      Piece *piece = &g_array_index (pieces, Piece, i);
      if (x + pixGetWidth (piece->picture) > width)
        {
          y += row;
          x = row = 0;
        }
      piece->x = x;
      piece->y = y;
      x += pixGetWidth (piece->picture);
      row = MAX (row, pixGetHeight (piece->picture));
    }
  if ((gint64) width * (y + row) > MOST_SHEET_PX)
    return NULL;
  PIX *sheet = pixCreate (width, y + row, 8);
  if (sheet == NULL)
    return NULL;
  memset (pixGetData (sheet), 0xff, 4 * (gsize) pixGetWpl (sheet) * (gsize) pixGetHeight (sheet));
  for (guint i = 0; i < pieces->len; i++)
    {
      const Piece *piece = &g_array_index (pieces, Piece, i);
      pixRasterop (sheet, piece->x, piece->y, pixGetWidth (piece->picture), pixGetHeight (piece->picture), PIX_SRC, piece->picture, 0, 0);
    }
  return sheet;
}

static DocaiTextLine
line_of (const Piece *piece)
{
  int width = pixGetWidth (piece->picture), height = pixGetHeight (piece->picture);
  float size = (float) piece->chain->size;
  float tall = MIN ((float) (piece->baseline - piece->margin), size);

  return (DocaiTextLine){
    .box = { piece->x + piece->margin, piece->y + piece->margin, piece->x + width - piece->margin, piece->y + height - piece->margin },
    .baseline = (float) (piece->y + piece->baseline),
    .x_height = 0.73f * tall,
    .ascender = 0.27f * tall,
    .descender = MAX (size - tall, 0.22f * tall),
  };
}

/* ---- back ---------------------------------------------------------------------------- */

/* A box of the piece as one of the picture. A word of a slanted line has the line's box. */
static DocaiBox
box_back (const Piece *piece, DocaiPixelBox box, double scale)
{
  const LetterChain *chain = piece->chain;
  double   x0 = box.x0 - piece->x - piece->margin, x1 = box.x1 - piece->x - piece->margin;
  double   y0 = box.y0 - piece->y - piece->margin, y1 = box.y1 - piece->y - piece->margin;
  DocaiBox back = DOCAI_BOX (chain->x0, chain->y0, chain->x1, chain->y1);

  if (chain->turn == 0)
    back = DOCAI_BOX (chain->x0 + x0, chain->y0 + y0, chain->x0 + x1, chain->y0 + y1);
  else if (chain->turn == 90)
    back = DOCAI_BOX (chain->x0 + y0, chain->y1 - x1, chain->x0 + y1, chain->y1 - x0);
  return docai_box_scale (back, 1 / scale);
}

static ChartText *
text_of_line (const Piece *piece, const DocaiReadLine *line, double scale)
{
  double     confidence = 0;
  GPtrArray *words = g_ptr_array_new_with_free_func ((GDestroyNotify) chart_word_free);

  for (guint i = 0; i < line->n_words; i++)
    {
      const DocaiReadWord *read = &line->words[i];
      confidence += read->confidence;
      ChartWord *last = words->len > 0 ? words->pdata[words->len - 1] : NULL;
      DocaiBox   box = box_back (piece, read->box, scale);
      if (last != NULL && !read->space_before)
        {
          char *joined = g_strconcat (last->text, read->text, NULL);
          g_free (last->text);
          last->text = joined;
          last->box = docai_box_union (last->box, box);
        }
      else
        g_ptr_array_add (words, chart_word_new (read->text, box));
    }
  ChartText *text = chart_text_new (words, piece->chain->turn, piece->chain->size / scale);
  text->confidence = line->n_words > 0 ? confidence / line->n_words : 0;
  return text;
}

static void
read_pieces (GArray *pieces, double scale, ChartReader reader, gpointer data, GPtrArray *texts)
{
  PIX *sheet = lay_out (pieces);
  g_autofree DocaiTextLine *lines = g_new (DocaiTextLine, pieces->len + 1);

  if (sheet == NULL)
    return;
  for (guint i = 0; i < pieces->len; i++)
    lines[i] = line_of (&g_array_index (pieces, Piece, i));
  g_autoptr (DocaiReading) reading = reader (data, sheet, lines, pieces->len);
  pixDestroy (&sheet);
  for (guint i = 0; reading != NULL && i < pieces->len && i < reading->n_lines; i++)
    {
      ChartText *text = text_of_line (&g_array_index (pieces, Piece, i), &reading->lines[i], scale);
      if (text->words->len > 0)
        g_ptr_array_add (texts, text);
      else
        chart_text_free (text);
    }
}

/* ---- finding ------------------------------------------------------------------------- */

/* The picture in grey, dark on light and large enough; `scale` says how much larger it is. */
static LayoutGrey *
grey_of (PIX *picture, double *scale)
{
  int  longer = MAX (pixGetWidth (picture), pixGetHeight (picture)), factor = CLAMP (LEAST_SIDE_PX / MAX (longer, 1) + 1, 1, MOST_ENLARGED);
  PIX *grey = pixGetDepth (picture) == 8 ? pixClone (picture) : pixConvertTo8 (picture, 0);
  PIX *large = grey == NULL ? NULL : factor == 1 ? pixClone (grey) : docai_pixels_scale (grey, (float) factor, (float) factor);
  LayoutGrey *made = large != NULL ? binarize_grey (large, 1) : NULL;

  *scale = factor;
  pixDestroy (&grey);
  pixDestroy (&large);
  return made;
}

static void
invert_when_dark (LayoutGrey *grey)
{
  gsize  n_pixels = (gsize) grey->width * grey->height;
  gint64 dark = 0;

  for (gsize i = 0; i < n_pixels; i++)
    dark += grey->pixels[i] < 110;
  for (gsize i = 0; i < n_pixels && dark * 2 > (gint64) n_pixels; i++)
    grey->pixels[i] = 255 - grey->pixels[i];
}

static PIX *
pix_of_grey (const LayoutGrey *grey)
{
  PIX *pix = pixCreate (grey->width, grey->height, 8);

  for (int y = 0; pix != NULL && y < grey->height; y++)
    {
      l_uint32 *row = pixGetData (pix) + (gsize) y * pixGetWpl (pix);
      for (int x = 0; x < grey->width; x++)
        SET_DATA_BYTE (row, x, grey->pixels[(gsize) y * grey->width + x]);
    }
  return pix;
}

/* ---- words of a text layer ----------------------------------------------------------- */

static int
compare_across (gconstpointer a, gconstpointer b)
{
  const ChartWord *x = *(ChartWord *const *) a, *y = *(ChartWord *const *) b;

  return x->box.x0 < y->box.x0 ? -1 : x->box.x0 > y->box.x0;
}

static int
compare_upwards (gconstpointer a, gconstpointer b)
{
  const ChartWord *x = *(ChartWord *const *) a, *y = *(ChartWord *const *) b;

  return x->box.y1 > y->box.y1 ? -1 : x->box.y1 < y->box.y1;
}

/* The text of a level or upright chain from the words that lie on it, NULL: none. Along the line the words' boxes are right,
 * across it the letters'. */
static ChartText *
text_of_known (const LetterChain *chain, const GPtrArray *known, double scale)
{
  DocaiBox   box = docai_box_scale (DOCAI_BOX (chain->x0, chain->y0, chain->x1, chain->y1), 1 / scale);
  GPtrArray *words = g_ptr_array_new_with_free_func ((GDestroyNotify) chart_word_free);
  gboolean   level = chain->turn == 0;
  double     middle = level ? docai_box_center_y (box) : docai_box_center_x (box), low = level ? box.x0 : box.y0, high = level ? box.x1 : box.y1;

  for (guint i = 0; known != NULL && i < known->len && (level || chain->turn == 90); i++)
    {
      const ChartWord *word = known->pdata[i];
      double from = level ? word->box.x0 : word->box.y0, to = level ? word->box.x1 : word->box.y1;
      double under = level ? word->box.y0 : word->box.x0, over = level ? word->box.y1 : word->box.x1;
      if (middle < under || middle > over || docai_overlap (from, to, low, high) < 0.6 * (to - from))
        continue;
      from = MAX (from, low);
      to = MIN (to, high);
      g_ptr_array_add (words, chart_word_new (word->text, level ? DOCAI_BOX (from, box.y0, to, box.y1) : DOCAI_BOX (box.x0, from, box.x1, to)));
    }
  if (words->len == 0)
    {
      g_ptr_array_unref (words);
      return NULL;
    }
  g_ptr_array_sort (words, level ? compare_across : compare_upwards);
  return chart_text_new (words, chain->turn, chain->size / scale);
}

/* Takes the chains whose words are known. */
static void
take_known (Letters *letters, const GPtrArray *known, double scale, GPtrArray *texts)
{
  for (guint i = letters->chains->len; i-- > 0;)
    {
      ChartText *text = text_of_known (letters->chains->pdata[i], known, scale);
      if (text == NULL)
        continue;
      g_ptr_array_add (texts, text);
      g_ptr_array_remove_index (letters->chains, i);
    }
}

/* What the picture's edge cuts cannot be read. */
static void
drop_cut (Letters *letters, int width, int height)
{
  for (guint i = letters->chains->len; i-- > 0;)
    {
      const LetterChain *chain = letters->chains->pdata[i];
      if (chain->x0 <= 1 || chain->y0 <= 1 || chain->x1 >= width - 1 || chain->y1 >= height - 1)
        g_ptr_array_remove_index (letters->chains, i);
    }
}

GPtrArray *
chart_texts_read (PIX *picture, const GPtrArray *known, ChartReader reader, gpointer data)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func ((GDestroyNotify) chart_text_free);
  double     scale;
  g_autoptr (LayoutGrey)  grey = grey_of (picture, &scale);
  g_autoptr (LayoutTiles) tiles = NULL;

  if (grey == NULL)
    return texts;
  invert_when_dark (grey);
  g_autoptr (DocaiPix) bits = binarize_page (grey, &tiles);
  g_autoptr (DocaiPix) pixels = pix_of_grey (grey);
  g_autoptr (Letters)  letters = bits != NULL && pixels != NULL ? letters_find (bits) : NULL;
  if (letters == NULL)
    return texts;
  drop_cut (letters, grey->width, grey->height);
  take_known (letters, known, scale, texts);
  g_autoptr (GArray) pieces = cut_pieces (pixels, letters);
  if (pieces->len > 0)
    read_pieces (pieces, scale, reader, data, texts);
  return texts;
}
