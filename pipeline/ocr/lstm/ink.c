/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ink components of a line and the characters they belong to.
 */
#include "pipeline/ocr/lstm/ink.h"

#include "pipeline/layout/components.h"
#include "pipeline/pixels.h"

enum { MAX_INKS = 1 << 16 };

static int
compare_starts (gconstpointer a, gconstpointer b)
{
  const DocaiPixelBox *p = a, *q = b;

  return p->x0 != q->x0 ? p->x0 - q->x0 : p->y0 - q->y0;
}

static int
compare_middles (gconstpointer a, gconstpointer b)
{
  const DocaiPixelBox *x = a, *y = b;
  int                  middle_x = x->x0 + x->x1, middle_y = y->x0 + y->x1;

  if (middle_x != middle_y)
    return middle_x < middle_y ? -1 : 1;
  return x->y0 < y->y0 ? -1 : x->y0 > y->y0;
}

/* Neighbouring pixels are often equal: they are counted apart, so that one
 * count does not wait for the other. Returns their number. */
static double
count_values (PIX *page, guint histogram[256])
{
  guint counts[4][256] = { 0 };
  int   width = pixGetWidth (page), height = pixGetHeight (page), depth = pixGetDepth (page);
  int   whole = depth == 8 ? width / 4 : 0;

  for (int y = 0; y < height; y++)
    {
      const l_uint32 *row = pixGetData (page) + (gsize) pixGetWpl (page) * (gsize) y;

      for (int i = 0; i < whole; i++)
        {
          counts[0][row[i] >> 24]++;
          counts[1][row[i] >> 16 & 255]++;
          counts[2][row[i] >> 8 & 255]++;
          counts[3][row[i] & 255]++;
        }
      for (int x = 4 * whole; x < width; x++)
        counts[x & 3][depth == 8 ? GET_DATA_BYTE (row, x) : (row[x] >> L_GREEN_SHIFT) & 255]++;
    }
  for (int v = 0; v < 256; v++)
    histogram[v] = counts[0][v] + counts[1][v] + counts[2][v] + counts[3][v];
  return (double) width * height;
}

int
docai_ink_threshold (PIX *page)
{
  guint  histogram[256] = { 0 };
  double total, sum = 0, below = 0, sum_below = 0, best = -1;
  int    threshold = 128;

  if (pixGetDepth (page) != 8 && pixGetDepth (page) != 32)
    return threshold;
  total = count_values (page, histogram);
  for (int v = 0; v < 256; v++)
    sum += (double) v * histogram[v];
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
binarize (PIX *page, const DocaiPixelBox *box, int threshold, gboolean inverted)
{
  PIX *cut = docai_pixels_cut (page, box->x0, box->y0, box->x1 - box->x0, box->y1 - box->y0);
  PIX *binary;

  if (cut == NULL)
    return NULL;
  binary = docai_pixels_below (cut, threshold);
  pixDestroy (&cut);
  if (binary != NULL && inverted)
    pixInvert (binary, binary);
  return binary;
}

/* Those that are the line's: of the lines above and below only tails and tops
 * are in sight, their middles are not. */
static void
add_components (PIX *binary, const DocaiPixelBox *origin, const DocaiPixelBox *line, GArray *inks)
{
  g_autoptr (GArray) components = components_find (binary);

  for (guint i = 0; i < MIN (components->len, MAX_INKS); i++)
    {
      const LayoutComponent *c = &g_array_index (components, LayoutComponent, i);
      DocaiPixelBox ink = { origin->x0 + c->x0, origin->y0 + c->y0, origin->x0 + c->x1,
                            origin->y0 + c->y1 };

      if (2 * line->x0 <= ink.x0 + ink.x1 && ink.x0 + ink.x1 <= 2 * line->x1
          && 2 * line->y0 <= ink.y0 + ink.y1 && ink.y0 + ink.y1 <= 2 * line->y1)
        g_array_append_val (inks, ink);
    }
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

/* Whether they share half of the width of one of them. */
static gboolean
are_stacked (DocaiPixelBox a, DocaiPixelBox b)
{
  int shared = MIN (a.x1, b.x1) - MAX (a.x0, b.x0);

  return shared >= (b.x1 - b.x0) / 2 || shared >= (a.x1 - a.x0) / 2;
}

/* Accents and dots become one ink with the letter below them, as Tesseract joins blobs of a
 * row before it makes words of them: an accent may be nearer to the letter beside its own. */
GArray *
docai_ink_join (const GArray *inks)
{
  GArray *joined = g_array_sized_new (FALSE, FALSE, sizeof (DocaiPixelBox), inks->len);

  for (guint i = 0; i < inks->len; i++)
    {
      DocaiPixelBox  ink = g_array_index (inks, DocaiPixelBox, i);
      DocaiPixelBox *last = joined->len > 0 ? &g_array_index (joined, DocaiPixelBox, joined->len - 1) : NULL;
      gboolean       empty = FALSE;

      if (last != NULL && are_stacked (*last, ink))
        unite (last, &empty, ink);
      else
        g_array_append_val (joined, ink);
    }
  g_array_sort (joined, compare_middles);
  return joined;
}

GArray *
docai_ink_find (PIX *page, const DocaiTextLine *line, int threshold, gboolean inverted)
{
  GArray       *inks = g_array_new (FALSE, FALSE, sizeof (DocaiPixelBox));
  DocaiPixelBox box = line->box;
  int           margin = CLAMP ((box.y1 - box.y0) / 2, 0, 256);

  if (line->inks != NULL)
    g_array_append_vals (inks, line->inks, line->n_inks);
  else
    {
      box.x0 = MAX (box.x0 - margin, 0);
      box.y0 = MAX (box.y0 - margin, 0);
      box.x1 = MIN (box.x1 + margin, pixGetWidth (page));
      box.y1 = MIN (box.y1 + margin, pixGetHeight (page));
      if (box.x1 > box.x0 && box.y1 > box.y0)
        {
          PIX *binary = binarize (page, &box, threshold, inverted);

          if (binary != NULL)
            add_components (binary, &box, &line->box, inks);
          pixDestroy (&binary);
        }
    }
  g_array_sort (inks, compare_starts);
  return inks;
}

/* Where two words part: in the middle of the widest gap without ink between the
 * middles of the characters on either side, for the search knows the place less
 * well than the ink shows it. */
static int
find_gap (GArray *inks, DocaiStretch before, DocaiStretch after)
{
  int low = (before.left + before.right) / 2, high = (after.left + after.right) / 2;
  int reach = G_MININT, widest = 0, best = (before.right + after.left) / 2;

  for (guint i = 0; i <= inks->len; i++)
    {
      int start = i < inks->len ? g_array_index (inks, DocaiPixelBox, i).x0 : G_MAXINT;
      int left = MAX (reach, low), right = MIN (start, high);

      if (reach != G_MININT && right - left > widest)
        {
          widest = right - left;
          best = (left + right) / 2;
        }
      if (i < inks->len)
        reach = MAX (reach, g_array_index (inks, DocaiPixelBox, i).x1);
    }
  return best;
}

/* Characters first to end - 1 are a word; its inks start at *at and have their
 * middles before zone.right. */
static void
snap_word (GArray *inks, const DocaiTextLine *line, const DocaiStretch *stretches, guint first,
           guint end, DocaiStretch zone, guint *at, DocaiPixelBox *boxes)
{
  gboolean           none = TRUE;
  DocaiPixelBox      all = line->box;
  g_autofree guint8 *empty = g_malloc (end - first);

  for (guint i = first; i < end; i++)
    {
      int limit = i + 1 < end ? (stretches[i].right + stretches[i + 1].left) / 2 : zone.right;
      gboolean bare = TRUE;

      for (; *at < inks->len; ++*at)
        {
          DocaiPixelBox ink = g_array_index (inks, DocaiPixelBox, *at);

          if ((ink.x0 + ink.x1) / 2 >= MIN (limit, zone.right))
            break;
          ink.x0 = CLAMP (ink.x0, zone.left, zone.right - 1);
          ink.x1 = CLAMP (ink.x1, zone.left + 1, zone.right);
          unite (&boxes[i], &bare, ink);
          unite (&all, &none, ink);
        }
      empty[i - first] = bare;
    }
  if (none)
    {
      all.x0 = zone.left;
      all.x1 = zone.right;
    }
  for (guint i = first; i < end; i++)
    if (empty[i - first])
      {
        int left = CLAMP (stretches[i].left, all.x0, MAX (all.x0, all.x1 - 1));
        int right = CLAMP (stretches[i].right, left + 1, MAX (left + 1, all.x1));

        boxes[i] = (DocaiPixelBox){ left, all.y0, right, all.y1 };
      }
}

void
docai_ink_snap (GArray *inks, const DocaiTextLine *line, const DocaiStretch *stretches,
                const guint *word_of, guint n, DocaiPixelBox *boxes)
{
  guint        at = 0;
  DocaiStretch zone = { line->box.x0, line->box.x0 };

  for (guint first = 0, end; first < n; first = end)
    {
      for (end = first + 1; end < n && word_of[end] == word_of[first]; end++)
        ;
      zone.left = MIN (zone.right, line->box.x1 - 1);
      zone.right = end < n ? find_gap (inks, stretches[end - 1], stretches[end]) : line->box.x1;
      zone.right = MAX (zone.right, zone.left + 1);
      snap_word (inks, line, stretches, first, end, zone, &at, boxes);
    }
}
