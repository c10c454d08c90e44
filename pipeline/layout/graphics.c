/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rules and light print of a scan.
 */
#include "pipeline/layout/graphics.h"

#define MOST_LETTER 3.0 /* of the usual height, for a light letter */
#define MAX_DARK_BLOCKS 200
#define DARK_BRICK  0.5  /* of a letter's height: no stroke of print is as thick */
#define DARK_SHARE  0.35 /* of a block that stays dark between lines of light print */

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

GArray *
graphics_find_dark (PIX *bits, double letter)
{
  GArray *blocks = g_array_new (FALSE, FALSE, sizeof (LayoutComponent));
  int     brick = (int) MAX (DARK_BRICK * letter, 3);
  g_autoptr (DocaiPix) opened = pixOpenCompBrick (NULL, bits, brick, brick);
  g_autoptr (GArray) found = components_find (opened ? opened : bits);
  for (guint i = 0; i < found->len && blocks->len < MAX_DARK_BLOCKS; i++) {
    LayoutComponent c = g_array_index (found, LayoutComponent, i);
    int w = c.x1 - c.x0, h = c.y1 - c.y0;
    if (w >= 3 * letter && h >= 1.25 * letter && c.area >= DARK_SHARE * w * h)
      g_array_append_val (blocks, c);
  }
  return blocks;
}

void
graphics_add_inverted (PIX *bits, const GArray *dark, GArray *components, double letter)
{
  guint              n = components->len, kept = 0;
  g_autofree guint8 *gone = g_malloc0 (n + 1);
  for (guint i = 0; i < dark->len; i++) {
    const LayoutComponent *c = &g_array_index (dark, LayoutComponent, i);
    guint from = components->len;
    components_find_inverted (bits, c, components);
    if (components->len > from)
      mark_counters (c, components, n, from, letter, gone);
  }
  LayoutComponent *all = (LayoutComponent *) (void *) components->data;
  for (guint i = 0; i < components->len; i++)
    if (i >= n || !gone[i])
      all[kept++] = all[i];
  g_array_set_size (components, kept);
}
