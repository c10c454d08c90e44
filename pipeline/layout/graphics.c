/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rules and pictures of a scan.
 */
#include "pipeline/layout/graphics.h"

#include <string.h>

#define MOST_LETTER 3.0 /* of the usual height, for a light letter */
#define MAX_DARK_BLOCKS 200

/* Share of ink in a strip of the picture; 0 outside of it. */
static double
ink_share (PIX *bits, int x, int y, int w, int h)
{
  BOX    *box = x >= 0 && y >= 0 ? boxCreate (x, y, w, h) : NULL;
  l_int32 ink = 0;
  if (!box)
    return 0;
  pixCountPixelsInRect (bits, box, &ink, NULL);
  boxDestroy (&box);
  return (double) ink / ((double) w * h);
}

/* Whether both sides of a rule are light, for more than a double rule takes: else
 * it is part of something dark. */
static gboolean
stands_free (PIX *bits, const LayoutComponent *c, gboolean level)
{
  int w = c->x1 - c->x0, h = c->y1 - c->y0;
  double before = level ? ink_share (bits, c->x0, c->y0 - 10, w, 9) : ink_share (bits, c->x0 - 10, c->y0, 9, h);
  double after  = level ? ink_share (bits, c->x0, c->y1 + 1, w, 9) : ink_share (bits, c->x1 + 1, c->y0, 9, h);
  return before < 0.6 && after < 0.6;
}

/* Rules of one direction: what an opening by a long flat brick leaves, thin. */
static void
take_direction (PIX *bits, PIX *remove, int least, int thickest, gboolean level, GArray *rules)
{
  g_autoptr (DocaiPix) opened
      = level ? pixOpenCompBrick (NULL, bits, least, 1) : pixOpenCompBrick (NULL, bits, 1, least);
  if (!opened)
    return;
  g_autoptr (GArray) found = components_find (opened);
  for (guint i = 0; i < found->len; i++) {
    LayoutComponent c = g_array_index (found, LayoutComponent, i);
    int length = level ? c.x1 - c.x0 : c.y1 - c.y0, thick = level ? c.y1 - c.y0 : c.x1 - c.x0;
    if (thick > thickest + length / 60 || length < 5 * thick || !stands_free (bits, &c, level))
      continue;
    g_array_append_val (rules, c);
    /* with its ragged edges */
    pixRasterop (remove, c.x0 - !level, c.y0 - level, c.x1 - c.x0 + 2 * !level,
                 c.y1 - c.y0 + 2 * level, PIX_SET, NULL, 0, 0);
  }
}

void
graphics_take_rules (PIX *bits, int least, int thickest, GArray *rules)
{
  g_autoptr (DocaiPix) remove = pixCreateTemplate (bits);
  if (!remove)
    return;
  take_direction (bits, remove, least, thickest, TRUE, rules);
  take_direction (bits, remove, least, thickest, FALSE, rules);
  if (rules->len)
    pixSubtract (bits, bits, remove);
}

/* Light letters of a dark block as a mask of their boxes; the block's top left is its own. */
static PIX *
letter_boxes (const LayoutComponent *block, const GArray *components, guint from, double letter)
{
  PIX *mask = pixCreate (block->x1 - block->x0, block->y1 - block->y0, 1);
  for (guint i = from; mask && i < components->len; i++) {
    const LayoutComponent *c = &g_array_index (components, LayoutComponent, i);
    int w = c->x1 - c->x0, h = c->y1 - c->y0;
    if (h >= 3 && h <= MOST_LETTER * letter && w <= 2.2 * h)
      pixRasterop (mask, c->x0 - block->x0, c->y0 - block->y0, w, h, PIX_SET, NULL, 0, 0);
  }
  return mask;
}

/* Marks the dark insides of light letters, which are no letters themselves; those
 * of panels and frames hold text. */
static void
mark_counters (const LayoutComponent *block, const GArray *components, guint n, guint from,
               double letter, guint8 *gone)
{
  g_autoptr (DocaiPix) mask = letter_boxes (block, components, from, letter);
  l_uint32 first, last;
  for (guint i = 0; mask && i < n; i++) {
    const LayoutComponent *c = &g_array_index (components, LayoutComponent, i);
    if (c->x0 <= block->x0 || c->y0 <= block->y0 || c->x1 >= block->x1 || c->y1 >= block->y1)
      continue;
    pixGetPixel (mask, c->x0 - block->x0, c->y0 - block->y0, &first);
    pixGetPixel (mask, c->x1 - 1 - block->x0, c->y1 - 1 - block->y0, &last);
    gone[i] |= first && last;
  }
}

void
graphics_add_inverted (PIX *bits, GArray *components, double letter)
{
  guint              n = components->len, blocks = 0, kept = 0;
  g_autofree guint8 *gone = g_malloc0 (n);
  for (guint i = 0; i < n && blocks < MAX_DARK_BLOCKS; i++) {
    LayoutComponent c = g_array_index (components, LayoutComponent, i);
    int w = c.x1 - c.x0, h = c.y1 - c.y0;
    if (w < 3 * letter || h < 1.25 * letter || c.area < 0.5 * w * h)
      continue;
    guint from = components->len;
    components_find_inverted (bits, &c, components);
    if (components->len > from)
      mark_counters (&c, components, n, from, letter, gone);
    blocks++;
  }
  LayoutComponent *all = (LayoutComponent *) (void *) components->data;
  for (guint i = 0; i < components->len; i++)
    if (i >= n || !gone[i])
      all[kept++] = all[i];
  g_array_set_size (components, kept);
}

static gboolean
touch (const LayoutComponent *a, const LayoutComponent *b, int margin)
{
  return a->x0 < b->x1 + margin && b->x0 < a->x1 + margin && a->y0 < b->y1 + margin
         && b->y0 < a->y1 + margin;
}

/* Joins boxes that touch until none do. Bounded: pictures on a page are few. */
static void
join_boxes (GArray *boxes, int margin)
{
  gboolean changed = TRUE;
  while (changed) {
    changed = FALSE;
    for (guint i = 0; i < boxes->len; i++)
      for (guint j = i + 1; j < boxes->len;) {
        LayoutComponent *a = &g_array_index (boxes, LayoutComponent, i);
        LayoutComponent *b = &g_array_index (boxes, LayoutComponent, j);
        if (!touch (a, b, margin)) {
          j++;
          continue;
        }
        a->x0 = MIN (a->x0, b->x0);
        a->y0 = MIN (a->y0, b->y0);
        a->x1 = MAX (a->x1, b->x1);
        a->y1 = MAX (a->y1, b->y1);
        a->area += b->area;
        g_array_remove_index_fast (boxes, j);
        changed = TRUE;
      }
  }
}

/* Groups of photograph-like tiles; a gap of one tile is bridged. */
static void
add_textures (const LayoutTiles *tiles, int width, int height, GArray *boxes)
{
  g_autoptr (DocaiPix) mask = pixCreate (tiles->columns, tiles->rows, 1);
  if (!mask)
    return;
  for (int r = 0; r < tiles->rows; r++)
    for (int c = 0; c < tiles->columns; c++)
      if (tiles->texture[(gsize) r * tiles->columns + c])
        pixSetPixel (mask, c, r, 1);
  g_autoptr (DocaiPix) closed = pixCloseSafeBrick (NULL, mask, 3, 3);
  g_autoptr (GArray)    groups = components_find (closed ? closed : mask);
  for (guint i = 0; i < groups->len; i++) {
    LayoutComponent g = g_array_index (groups, LayoutComponent, i);
    int w = g.x1 - g.x0, h = g.y1 - g.y0;
    if (w < 2 || h < 2 || g.area < 5 || g.area < 0.35 * w * h)
      continue;
    g.x0 *= BINARIZE_TILE;
    g.y0 *= BINARIZE_TILE;
    g.x1 = MIN (g.x1 * BINARIZE_TILE, width);
    g.y1 = MIN (g.y1 * BINARIZE_TILE, height);
    g_array_append_val (boxes, g);
  }
}

/* Share of a box's area covered by boxes of text lines. */
static double
text_share (const LayoutComponent *box, const LayoutTextLines *lines)
{
  double covered = 0, area = (double) (box->x1 - box->x0) * (box->y1 - box->y0);
  for (guint i = 0; i < lines->lines->len; i++) {
    const LayoutTextLine *l = lines->lines->pdata[i];
    if (l->letters < 3 || l->fit > 0.12)
      continue;
    int w = MIN (l->x1, box->x1) - MAX (l->x0, box->x0);
    int h = MIN (l->y1, box->y1) - MAX (l->y0, box->y0);
    if (w > 0 && h > 0)
      covered += (double) w * h;
  }
  return area > 0 ? covered / area : 0;
}

GArray *
graphics_find_pictures (const GArray *components, const LayoutTextLines *lines,
                        const LayoutTiles *tiles, int width, int height, double letter)
{
  GArray *boxes = g_array_new (FALSE, FALSE, sizeof (LayoutComponent));
  if (tiles)
    add_textures (tiles, width, height, boxes);
  g_autofree guchar *written = g_new0 (guchar, components->len + 1);
  for (guint i = 0; i < lines->lines->len; i++) {
    const LayoutTextLine *l = lines->lines->pdata[i];
    for (guint k = 0; l->letters >= 3 && l->fit < 0.12 && k < l->parts->len; k++)
      written[g_array_index (l->parts, guint, k)] = 1;
  }
  double least = MAX (3.5 * letter, 20);
  for (guint i = 0; i < components->len && boxes->len < 2000; i++) {
    const LayoutComponent *c = &g_array_index (components, LayoutComponent, i);
    int w = c->x1 - c->x0, h = c->y1 - c->y0;
    gboolean border = (c->x0 <= 2 || c->x1 >= width - 2) && w < 0.08 * width;
    border |= (c->y0 <= 2 || c->y1 >= height - 2) && h < 0.08 * height;
    if (w < least || h < least || c->inverted || border || written[i]
        || ((double) w * h > 0.6 * width * height && c->area < 0.2 * w * h))
      continue;
    g_array_append_val (boxes, *c);
  }
  join_boxes (boxes, (int) (0.5 * letter));
  for (guint i = boxes->len; i-- > 0;) {
    LayoutComponent *b = &g_array_index (boxes, LayoutComponent, i);
    if (b->x1 - b->x0 < 2 * least || b->y1 - b->y0 < least || text_share (b, lines) > 0.3)
      g_array_remove_index_fast (boxes, i);
  }
  return boxes;
}
