/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ink components of a line and the characters they belong to.
 */
#include "pipeline/ocr/lstm/ink.h"

enum { MAX_INKS = 1 << 16 };

static int
compare_middles (gconstpointer a, gconstpointer b)
{
  const DocaiPixelBox *x = a, *y = b;
  int                  middle_x = x->x0 + x->x1, middle_y = y->x0 + y->x1;

  if (middle_x != middle_y)
    return middle_x < middle_y ? -1 : 1;
  return x->y0 < y->y0 ? -1 : x->y0 > y->y0;
}

/* The threshold between dark and light that separates their means best (Otsu). */
static int
find_threshold (PIX *grey)
{
  guint  histogram[256] = { 0 };
  double total = 0, sum = 0, below = 0, sum_below = 0, best = -1;
  int    threshold = 128;

  for (int y = 0; y < pixGetHeight (grey); y++)
    {
      const l_uint32 *row = pixGetData (grey) + (gsize) pixGetWpl (grey) * (gsize) y;

      for (int x = 0; x < pixGetWidth (grey); x++)
        histogram[GET_DATA_BYTE (row, x)]++;
    }
  for (int v = 0; v < 256; v++)
    {
      total += histogram[v];
      sum += (double) v * histogram[v];
    }
  for (int v = 0; v < 255; v++)
    {
      double gap;

      below += histogram[v];
      sum_below += (double) v * histogram[v];
      if (below <= 0 || below >= total)
        continue;
      gap = sum_below / below - (sum - sum_below) / (total - below);
      gap *= gap * below * (total - below);
      if (gap > best)
        {
          best = gap;
          threshold = v + 1;
        }
    }
  return threshold;
}

/* One bit a pixel, ink set. */
static PIX *
binarize (PIX *page, const DocaiPixelBox *box, gboolean inverted)
{
  BOX *area = boxCreate (box->x0, box->y0, box->x1 - box->x0, box->y1 - box->y0);
  PIX *cut = pixClipRectangle (page, area, NULL), *grey, *binary;

  boxDestroy (&area);
  if (cut == NULL)
    return NULL;
  grey = pixConvertTo8 (cut, FALSE);
  pixDestroy (&cut);
  if (grey == NULL)
    return NULL;
  binary = pixThresholdToBinary (grey, find_threshold (grey));
  pixDestroy (&grey);
  if (binary != NULL && inverted)
    pixInvert (binary, binary);
  return binary;
}

static void
add_components (PIX *binary, const DocaiPixelBox *origin, GArray *inks)
{
  BOXA *components = pixConnCompBB (binary, 8);
  int   n = components != NULL ? boxaGetCount (components) : 0;

  for (int i = 0; i < MIN (n, MAX_INKS); i++)
    {
      l_int32       x, y, w, h;
      DocaiPixelBox ink;

      boxaGetBoxGeometry (components, i, &x, &y, &w, &h);
      ink = (DocaiPixelBox){ origin->x0 + x, origin->y0 + y, origin->x0 + x + w,
                             origin->y0 + y + h };
      g_array_append_val (inks, ink);
    }
  boxaDestroy (&components);
}

GArray *
docai_ink_find (PIX *page, const DocaiTextLine *line, gboolean inverted)
{
  GArray       *inks = g_array_new (FALSE, FALSE, sizeof (DocaiPixelBox));
  DocaiPixelBox box = line->box;

  if (line->inks != NULL)
    g_array_append_vals (inks, line->inks, line->n_inks);
  else
    {
      box.x0 = MAX (box.x0, 0);
      box.y0 = MAX (box.y0, 0);
      box.x1 = MIN (box.x1, pixGetWidth (page));
      box.y1 = MIN (box.y1, pixGetHeight (page));
      if (box.x1 > box.x0 && box.y1 > box.y0)
        {
          PIX *binary = binarize (page, &box, inverted);

          if (binary != NULL)
            add_components (binary, &box, inks);
          pixDestroy (&binary);
        }
    }
  g_array_sort (inks, compare_middles);
  return inks;
}

static void
unite (DocaiPixelBox *box, gboolean *empty, DocaiPixelBox ink)
{
  if (*empty)
    *box = ink;
  else
    *box = (DocaiPixelBox){ MIN (box->x0, ink.x0), MIN (box->y0, ink.y0), MAX (box->x1, ink.x1),
                            MAX (box->y1, ink.y1) };
  *empty = FALSE;
}

/* The places of a word: up to the middle of the gaps around it. */
static DocaiStretch
word_zone (const DocaiTextLine *line, const DocaiStretch *stretches, const guint *word_of, guint n,
           guint i)
{
  guint        first = i, last = i;
  DocaiStretch zone = { line->box.x0, line->box.x1 };

  while (first > 0 && word_of[first - 1] == word_of[i])
    first--;
  while (last + 1 < n && word_of[last + 1] == word_of[i])
    last++;
  if (first > 0)
    zone.left = (stretches[first - 1].right + stretches[first].left) / 2;
  if (last + 1 < n)
    zone.right = (stretches[last].right + stretches[last + 1].left) / 2;
  zone.left = MIN (zone.left, stretches[i].left);
  zone.right = MAX (zone.right, zone.left + 1);
  return zone;
}

void
docai_ink_snap (GArray *inks, const DocaiTextLine *line, const DocaiStretch *stretches,
                const guint *word_of, guint n, DocaiPixelBox *boxes)
{
  guint        at = 0;
  DocaiStretch zone = { 0, 0 };

  for (guint i = 0; i < n; i++)
    {
      int      end = i + 1 < n ? (stretches[i].right + stretches[i + 1].left) / 2 : G_MAXINT;
      gboolean empty = TRUE;

      if (i == 0 || word_of[i] != word_of[i - 1])
        zone = word_zone (line, stretches, word_of, n, i);
      for (; at < inks->len; at++)
        {
          DocaiPixelBox ink = g_array_index (inks, DocaiPixelBox, at);

          if ((ink.x0 + ink.x1) / 2 >= end)
            break;
          ink.x0 = CLAMP (ink.x0, zone.left, zone.right - 1);
          ink.x1 = CLAMP (ink.x1, zone.left + 1, zone.right);
          unite (&boxes[i], &empty, ink);
        }
      if (empty)
        boxes[i] = (DocaiPixelBox){ stretches[i].left, line->box.y0,
                                    MAX (stretches[i].right, stretches[i].left + 1), line->box.y1 };
    }
}
