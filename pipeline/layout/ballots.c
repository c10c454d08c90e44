/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Check boxes in the ink of a scan: components of letter size that are square frames,
 * inked along all four sides, light within, or with a mark there that leaves most of it
 * light. Corners may be rounded a little; round letters turn sooner, other letters lack
 * sides. Beside such frames, filled squares of their size are ticked boxes. What
 * is as square in Chinese and Japanese print has letters of its size close by; cells
 * for single letters stand side by side.
 *
 *     #########
 *     #       #   text
 *     #  \ /  #
 *     #########
 */
#include "pipeline/layout/ballots.h"

#define MAX_BALLOTS 400
#define EMPTY       "\xe2\x98\x90" /* U+2610 */
#define CROSSED     "\xe2\x98\x92" /* U+2612 */
#define LEAST_SIDE  11   /* pixels */
#define COVERED     0.9  /* share of a side that is inked */
#define ROUNDED     0.75 /* the same between rounded corners */
#define STRAIGHT    0.55 /* share of such a side that lies in one line */
#define MARKED      0.06 /* share of the field that is inked by a mark */
#define SOLID       0.62

static gboolean
is_ink (PIX *bits, int x, int y)
{
  l_uint32 value = 0;
  return x >= 0 && y >= 0 && pixGetPixel (bits, x, y, &value) == 0 && value;
}

/* Whether ink lies within `depth` pixels of the edge, seen from outside, at place k of
 * a side: 0 top, 1 bottom, 2 left, 3 right. */
static gboolean
side_has_ink (PIX *bits, const LayoutComponent *c, int side, int k, int depth)
{
  for (int d = 0; d < depth; d++) {
    int x = side < 2 ? c->x0 + k : side == 2 ? c->x0 + d : c->x1 - 1 - d;
    int y = side >= 2 ? c->y0 + k : side == 0 ? c->y0 + d : c->y1 - 1 - d;
    if (is_ink (bits, x, y))
      return TRUE;
  }
  return FALSE;
}

/* Whether a side is straight for its most part, and only its corners turn inwards, as
 * those of a letter do not. */
static gboolean
is_straight (PIX *bits, const LayoutComponent *c, int side, int length)
{
  int straight = 0;
  for (int k = 0; k < length; k++)
    straight += side_has_ink (bits, c, side, k, MAX (2, length / 14));
  return straight > STRAIGHT * length;
}

static gboolean
has_frame (PIX *bits, const LayoutComponent *c, int depth)
{
  for (int side = 0; side < 4; side++) {
    int length = side < 2 ? c->x1 - c->x0 : c->y1 - c->y0, inked = 0;
    for (int k = 0; k < length; k++)
      inked += side_has_ink (bits, c, side, k, depth);
    gboolean sharp = inked >= COVERED * length && side_has_ink (bits, c, side, 1, depth)
                     && side_has_ink (bits, c, side, length - 2, depth);
    if (!sharp && (inked < ROUNDED * length || !is_straight (bits, c, side, length)))
      return FALSE;
  }
  return TRUE;
}

/* Share of ink in a box inset from all sides. */
static double
field_share (PIX *bits, const LayoutComponent *c, int inset)
{
  int     w = c->x1 - c->x0 - 2 * inset, h = c->y1 - c->y0 - 2 * inset;
  l_int32 ink = 0;
  BOX    *box = w > 0 && h > 0 ? boxCreate (c->x0 + inset, c->y0 + inset, w, h) : NULL;
  if (!box)
    return 1;
  pixCountPixelsInRect (bits, box, &ink, NULL);
  boxDestroy (&box);
  return (double) ink / ((double) w * h);
}

/* Whether a light band runs along inside of the frame, crossed by a mark at most. */
static gboolean
has_light_band (PIX *bits, const LayoutComponent *c)
{
  int w = c->x1 - c->x0, h = c->y1 - c->y0, least = MIN (w, h);
  for (int t = 1; t <= least / 4; t++) {
    double outer = field_share (bits, c, t) * (w - 2 * t) * (h - 2 * t);
    double inner = field_share (bits, c, t + 1) * (w - 2 * t - 2) * (h - 2 * t - 2);
    if (outer - inner < 0.35 * 2 * (w + h - 4 * t - 2))
      return TRUE;
  }
  return FALSE;
}

/* 1 marked, 0 empty, -1 no check box. */
static int
look_at (PIX *bits, const LayoutComponent *c, double letter)
{
  int w = c->x1 - c->x0, h = c->y1 - c->y0, least = MIN (w, h), most = MAX (w, h);
  if (c->inverted || least < LEAST_SIDE || least < 1.2 * letter || most > 3.2 * letter || most - least > 0.2 * most)
    return -1;
  /* a frame alone leaves most of its box light; a mark adds less than half of it */
  if (c->area > 0.75 * w * h || !has_frame (bits, c, MAX (2, least / 7)) || !has_light_band (bits, c))
    return -1;
  double share = field_share (bits, c, MAX (3, (int) (0.24 * least)));
  return share > SOLID ? -1 : share > MARKED;
}

/* Whether letters as large stand close by, as in print of squares (-1); whether text
 * stands beside (1). */
static int
stands_as_box (const GArray *components, guint at, double letter)
{
  const LayoutComponent *c = &g_array_index (components, LayoutComponent, at);
  int      side = c->y1 - c->y0;
  gboolean beside = FALSE;
  for (guint i = 0; i < components->len; i++) {
    const LayoutComponent *o = &g_array_index (components, LayoutComponent, i);
    int w = o->x1 - o->x0, h = o->y1 - o->y0, middle = (o->y0 + o->y1) / 2;
    int gap = MAX (o->x0 - c->x1, c->x0 - o->x1);
    if (i == at || gap < 0 || middle < c->y0 || middle >= c->y1)
      continue;
    if (gap < 0.3 * side && h > 0.85 * side && w > 0.6 * side)
      return -1;
    beside |= gap < 4.5 * side && h > 0.4 * letter && h < 2.5 * side && w < 6 * letter;
  }
  return beside;
}

/* Whether two check boxes stand over a box without text in its column: a line left free. */
static gboolean
follows_boxes (const LayoutComponent *c, const GArray *ballots, guint first)
{
  guint n = 0;
  for (guint k = first; k < ballots->len; k++) {
    const LayoutBallot *b = &g_array_index (ballots, LayoutBallot, k);
    int side = b->x1 - b->x0;
    n += ABS (b->x0 - c->x0) <= 1 + side / 8 && ABS (b->x1 - c->x1) <= 1 + side / 8 && b->y1 < c->y0;
  }
  return n >= 2;
}

/* Whether a component is a box filled but for a light tick, of the size of an empty or
 * crossed one in its row or column. */
static gboolean
is_filled_box (PIX *bits, const LayoutComponent *c, const GArray *ballots, guint first)
{
  int    w = c->x1 - c->x0, h = c->y1 - c->y0;
  double share = (double) c->area / MAX (w * h, 1), inner = field_share (bits, c, MAX (2, MIN (w, h) / 5));
  if (c->inverted || share < 0.6 || share > 0.97 || inner > 0.95 || inner < 0.3)
    return FALSE;
  for (guint k = first; k < ballots->len; k++) {
    const LayoutBallot *b = &g_array_index (ballots, LayoutBallot, k);
    int bw = b->x1 - b->x0, bh = b->y1 - b->y0;
    gboolean column = ABS (b->x0 + b->x1 - c->x0 - c->x1) < bw / 2, row = ABS (b->y0 + b->y1 - c->y0 - c->y1) < bh / 2;
    if (ABS (bw - w) <= 1 + bw / 8 && ABS (bh - h) <= 1 + bh / 8 && (column || row))
      return TRUE;
  }
  return FALSE;
}

void
ballots_take (PIX *bits, GArray *components, double letter, GArray *ballots)
{
  guint first = ballots->len;
  for (guint i = 0; i < components->len && ballots->len < first + MAX_BALLOTS; i++) {
    const LayoutComponent *c = &g_array_index (components, LayoutComponent, i);
    int state = look_at (bits, c, letter);
    if (state < 0)
      continue;
    int stands = stands_as_box (components, i, letter);
    if (stands < 0 || (!stands && !follows_boxes (c, ballots, first)))
      continue;
    LayoutBallot ballot = { c->x0, c->y0, c->x1, c->y1, state == 1 };
    g_array_append_val (ballots, ballot);
  }
  guint framed = ballots->len;
  for (guint i = 0; i < components->len && framed > first && ballots->len < first + MAX_BALLOTS; i++) {
    const LayoutComponent *c = &g_array_index (components, LayoutComponent, i);
    LayoutBallot ballot = { c->x0, c->y0, c->x1, c->y1, TRUE };
    if (is_filled_box (bits, c, ballots, first))
      g_array_append_val (ballots, ballot);
  }
  for (guint k = first; k < ballots->len; k++) {
    const LayoutBallot *b = &g_array_index (ballots, LayoutBallot, k);
    for (guint i = 0; i < components->len;) {
      const LayoutComponent *c = &g_array_index (components, LayoutComponent, i);
      if (c->x0 >= b->x0 && c->x1 <= b->x1 && c->y0 >= b->y0 && c->y1 <= b->y1)
        g_array_remove_index (components, i);
      else
        i++;
    }
  }
}

DocaiLine *
ballots_line (gboolean marked, DocaiBox box)
{
  DocaiLine *line = docai_line_new ();
  g_ptr_array_add (line->words, docai_word_new (marked ? CROSSED : EMPTY, box, 0.85));
  docai_line_update (line);
  return line;
}

gboolean
ballots_is_line (const DocaiLine *line, DocaiBox *box)
{
  if (line->words->len != 1)
    return FALSE;
  const DocaiWord *word = line->words->pdata[0];
  *box = word->bbox;
  return g_strcmp0 (word->text, EMPTY) == 0 || g_strcmp0 (word->text, CROSSED) == 0;
}

void
ballots_clean_line (DocaiLine *line, const GArray *boxes)
{
  gboolean changed = FALSE;
  for (guint w = 0; w < line->words->len;) {
    DocaiBox at  = ((DocaiWord *) line->words->pdata[w])->bbox;
    gboolean ink = FALSE;
    for (guint i = 0; i < boxes->len && !ink; i++) {
      DocaiBox box = g_array_index (boxes, DocaiBox, i);
      ink = docai_overlap (at.y0, at.y1, box.y0, box.y1) > 0.4 * docai_box_height (box)
            && docai_overlap (at.x0, at.x1, box.x0, box.x1) > 0.5 * MIN (docai_box_width (at), docai_box_width (box))
            && docai_box_width (at) < 1.8 * docai_box_width (box);
    }
    if (ink)
      g_ptr_array_remove_index (line->words, w);
    else
      w++;
    changed |= ink;
  }
  if (changed && line->words->len)
    docai_line_update (line);
}
