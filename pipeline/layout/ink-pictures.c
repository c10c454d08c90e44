/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Photographs and drawings of a scan, by their tones and their large components.
 *
 *     +-----------------+        |  .-.     axes are rules: the curve alone is a
 *     | tones: a photo  |        | /   \    component, and the picture grows to
 *     +-----------------+        +-------   what it is drawn in
 *
 * Areas of one tone other than the paper's are grounds of text, bars and rows of a
 * table; frames with nothing but text inside are boxes. Neither is a picture.
 */
#include "pipeline/layout/graphics.h"

#include "base/sets.h"
#include <math.h>

#define MAX_SEEDS   2000
#define MAX_FRAMES  400
#define BINS        64   /* of a histogram: four grey levels each */
#define MOST_NOISE  3    /* bins on both sides of a tone that count as the same, at most */
#define TONES       0.3  /* share of a line in a photograph's tones, where few letters are none */
#define EVEN        0.8  /* share of an area in one tone that makes it a panel */
#define TIES        0.08 /* share of ink in what rules tie together */
#define EMPTY       0.004 /* share of ink in a frame around text */
#define COVERED     0.6  /* share of a group of tiles under components, which tell its extent better */
#define FEW_TONES   0.3  /* share of a drawing in a photograph's tones, at most */
#define LONG_LINE   30   /* letters */
#define MOST_LONG   6    /* such lines in a drawing */
#define TEXT        0.3  /* share of an area under text that is no picture */
#define LABELS      0.25 /* the same within the axes of a plot */

static double
area_of (int x0, int y0, int x1, int y1)
{
  return x1 > x0 && y1 > y0 ? (double) (x1 - x0) * (y1 - y0) : 0;
}

static gboolean
touch (const LayoutGraphic *a, const LayoutGraphic *b, int margin)
{
  return a->x0 < b->x1 + margin && b->x0 < a->x1 + margin && a->y0 < b->y1 + margin
         && b->y0 < a->y1 + margin;
}

/* Joins boxes that touch until none do. */
static void
join_boxes (GArray *boxes, int margin)
{
  gboolean changed = TRUE;
  while (changed) {
    changed = FALSE;
    for (guint i = 0; i < boxes->len; i++)
      for (guint j = i + 1; j < boxes->len;) {
        LayoutGraphic *a = &g_array_index (boxes, LayoutGraphic, i);
        LayoutGraphic *b = &g_array_index (boxes, LayoutGraphic, j);
        if (!touch (a, b, margin)) {
          j++;
          continue;
        }
        a->x0 = MIN (a->x0, b->x0);
        a->y0 = MIN (a->y0, b->y0);
        a->x1 = MAX (a->x1, b->x1);
        a->y1 = MAX (a->y1, b->y1);
        g_array_remove_index_fast (boxes, j);
        changed = TRUE;
      }
  }
}

/* Share of a box that others of the array cover, counted singly. */
static double
covered_share (const GArray *boxes, guint n, const LayoutGraphic *b)
{
  double covered = 0;
  for (guint i = 0; i < n; i++) {
    const LayoutGraphic *o = &g_array_index (boxes, LayoutGraphic, i);
    covered += area_of (MAX (b->x0, o->x0), MAX (b->y0, o->y0), MIN (b->x1, o->x1), MIN (b->y1, o->y1));
  }
  return covered / MAX (area_of (b->x0, b->y0, b->x1, b->y1), 1);
}

/* Groups of photograph-like tiles that large components do not stand for already; a gap
 * of one tile is bridged. */
static void
add_textures (const LayoutInk *ink, GArray *boxes)
{
  guint n = boxes->len;
  const LayoutTiles *tiles = ink->tiles;
  g_autoptr (DocaiPix) mask = tiles ? pixCreate (tiles->columns, tiles->rows, 1) : NULL;
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
    LayoutGraphic box = { g.x0 * BINARIZE_TILE, g.y0 * BINARIZE_TILE,
                          MIN (g.x1 * BINARIZE_TILE, ink->grey->width),
                          MIN (g.y1 * BINARIZE_TILE, ink->grey->height), 0 };
    if (covered_share (boxes, n, &box) < COVERED)
      g_array_append_val (boxes, box);
  }
}

static double
tones_share (const LayoutTiles *tiles, const LayoutGraphic *b)
{
  int textured = 0, n = 0;
  for (int r = b->y0 / BINARIZE_TILE; tiles && r < MIN ((b->y1 + BINARIZE_TILE - 1) / BINARIZE_TILE, tiles->rows); r++)
    for (int c = b->x0 / BINARIZE_TILE; c < MIN ((b->x1 + BINARIZE_TILE - 1) / BINARIZE_TILE, tiles->columns); c++, n++)
      textured += tiles->texture[(gsize) r * tiles->columns + c];
  return n ? (double) textured / n : 0;
}

/* Whether a line's letters are those of print, not parts of a picture. */
static gboolean
is_print (const LayoutInk *ink, const LayoutTextLine *l)
{
  LayoutGraphic box = { l->x0, l->y0, l->x1, l->y1, 0 };
  gboolean      tall = l->y1 - l->y0 > 5 * ink->letter && l->letters < 5;
  return l->letters >= 3 && l->fit < 0.12
         && (l->letters >= 10 || tones_share (ink->tiles, &box) < (tall ? 0.5 * TONES : TONES));
}

/* Share of a box's area covered by boxes of text lines. */
static double
text_share (const LayoutInk *ink, int x0, int y0, int x1, int y1)
{
  double covered = 0, area = area_of (x0, y0, x1, y1);
  for (guint i = 0; i < ink->lines->lines->len; i++) {
    const LayoutTextLine *l = ink->lines->lines->pdata[i];
    if (is_print (ink, l))
      covered += area_of (MAX (l->x0, x0), MAX (l->y0, y0), MIN (l->x1, x1), MIN (l->y1, y1));
  }
  return area > 0 ? covered / area : 0;
}

/* Whether many whole lines of text stand in an area: a drawing has labels. */
static gboolean
holds_prose (const LayoutInk *ink, const LayoutGraphic *b)
{
  guint n = 0;
  for (guint i = 0; i < ink->lines->lines->len; i++) {
    const LayoutTextLine *l = ink->lines->lines->pdata[i];
    n += l->letters > LONG_LINE && l->fit < 0.12 && l->x0 >= b->x0 && l->x1 <= b->x1 && l->y0 >= b->y0 && l->y1 <= b->y1;
  }
  return n > MOST_LONG;
}

/* Counts the tones of an area outside of text; every other pixel and row. */
static guint
count_tones (const LayoutGrey *grey, PIX *text, const LayoutGraphic *b, guint bins[BINS])
{
  guint    total = 0;
  l_uint32 covered = 0;
  for (int y = MAX (b->y0, 0); y < MIN (b->y1, grey->height); y += 2)
    for (int x = MAX (b->x0, 0); x < MIN (b->x1, grey->width); x += 2) {
      if (text && pixGetPixel (text, x, y, &covered) == 0 && covered)
        continue;
      bins[grey->pixels[(gsize) y * grey->width + x] >> 2]++;
      total++;
    }
  return total;
}

static guint
sum_near (const guint bins[BINS], int tone, int reach)
{
  guint sum = 0;
  for (int k = MAX (tone - reach, 0); k <= MIN (tone + reach, BINS - 1); k++)
    sum += bins[k];
  return sum;
}

/* The paper's tone, and how far noise strays from it. */
typedef struct {
  int tone, noise;
} Paper;

static Paper
paper_of (const LayoutInk *ink)
{
  guint         bins[BINS] = { 0 };
  LayoutGraphic page = { 0, 0, ink->grey->width, ink->grey->height, 0 };
  Paper         paper = { 0, 1 };
  count_tones (ink->grey, NULL, &page, bins);
  for (int t = 1; t < BINS; t++)
    if (bins[t] > bins[paper.tone])
      paper.tone = t;
  while (paper.noise < MOST_NOISE && sum_near (bins, paper.tone, paper.noise) < 0.95 * sum_near (bins, paper.tone, 6))
    paper.noise++;
  return paper;
}

/* Whether an area is filled with one tone that is not the paper's. */
static gboolean
is_panel (const LayoutInk *ink, PIX *text, const LayoutGraphic *b, Paper paper)
{
  guint bins[BINS] = { 0 }, total = count_tones (ink->grey, text, b, bins);
  int   tone = 0;
  for (int t = 1; t < BINS; t++)
    if (sum_near (bins, t, 1) > sum_near (bins, tone, 1))
      tone = t;
  return ABS (tone - paper.tone) > paper.noise && sum_near (bins, tone, paper.noise) > EVEN * total;
}

/* The dark panels (LayoutGraphic), which are added to the mask of what is not drawn. */
static GArray *
find_panels (const LayoutInk *ink, PIX *text, Paper paper)
{
  GArray *panels = g_array_new (FALSE, FALSE, sizeof (LayoutGraphic));
  for (guint i = 0; i < ink->dark->len; i++) {
    const LayoutComponent *d = &g_array_index (ink->dark, LayoutComponent, i);
    LayoutGraphic box = { d->x0, d->y0, d->x1, d->y1, 0 };
    if (is_panel (ink, text, &box, paper))
      g_array_append_val (panels, box);
  }
  for (guint i = 0; text && i < panels->len; i++) {
    const LayoutGraphic *b = &g_array_index (panels, LayoutGraphic, i);
    pixRasterop (text, b->x0 - 2, b->y0 - 2, b->x1 - b->x0 + 4, b->y1 - b->y0 + 4, PIX_SET, NULL, 0, 0);
  }
  return panels;
}

/* Whether a component is nothing but panels and the rules that tie them together. */
static gboolean
is_tied_panels (const GArray *panels, const LayoutComponent *c)
{
  double ink_left = c->area;
  for (guint i = 0; i < panels->len; i++) {
    const LayoutGraphic *b = &g_array_index (panels, LayoutGraphic, i);
    if (b->x0 >= c->x0 && b->x1 <= c->x1 && b->y0 >= c->y0 && b->y1 <= c->y1)
      ink_left -= MIN (area_of (b->x0, b->y0, b->x1, b->y1), ink_left);
  }
  return ink_left < c->area && ink_left < TIES * area_of (c->x0, c->y0, c->x1, c->y1);
}

/* Large components that are no letters of a line. */
static void
add_large (const LayoutInk *ink, const GArray *panels, GArray *boxes)
{
  const GArray      *components = ink->components;
  int width = ink->grey->width, height = ink->grey->height;
  g_autofree guchar *written = g_new0 (guchar, components->len + 1);
  double             least = MAX (3.5 * ink->letter, 20);

  for (guint i = 0; i < ink->lines->lines->len; i++) {
    const LayoutTextLine *l = ink->lines->lines->pdata[i];
    for (guint k = 0; is_print (ink, l) && k < l->parts->len; k++)
      written[g_array_index (l->parts, guint, k)] = 1;
  }
  for (guint i = 0; i < components->len && boxes->len < MAX_SEEDS; i++) {
    const LayoutComponent *c = &g_array_index (components, LayoutComponent, i);
    int w = c->x1 - c->x0, h = c->y1 - c->y0;
    gboolean border = (c->x0 <= 2 || c->x1 >= width - 2) && w < 0.08 * width;
    border |= (c->y0 <= 2 || c->y1 >= height - 2) && h < 0.08 * height;
    if (w < least || h < least || c->inverted || border || written[i]
        || ((double) w * h > 0.6 * width * height && c->area < 0.2 * w * h) || is_tied_panels (panels, c))
      continue;
    LayoutGraphic box = { c->x0, c->y0, c->x1, c->y1, 0 };
    g_array_append_val (boxes, box);
  }
}

/* Whether a frame holds no ink but text. */
static gboolean
is_empty_frame (const LayoutInk *ink, PIX *text, const LayoutGraphic *b)
{
  int in = (int) MAX (0.5 * ink->letter, 4), w = b->x1 - b->x0 - 2 * in, h = b->y1 - b->y0 - 2 * in;
  BOX     *box = w > 0 && h > 0 ? boxCreate (b->x0 + in, b->y0 + in, w, h) : NULL;
  PIX     *crop = box ? pixClipRectangle (ink->bits, box, NULL) : NULL;
  PIX     *under = box && text ? pixClipRectangle (text, box, NULL) : NULL;
  l_int32  left = 0;
  if (crop && under)
    pixSubtract (crop, crop, under);
  if (crop)
    pixCountPixels (crop, &left, NULL);
  boxDestroy (&box);
  gboolean empty = crop && left < EMPTY * w * h;
  pixDestroy (&crop);
  pixDestroy (&under);
  return empty;
}

/* The boxes of all that may be text as a mask. */
static PIX *
text_mask (const LayoutInk *ink)
{
  PIX *mask = pixCreate (ink->grey->width, ink->grey->height, 1);
  for (guint i = 0; mask && i < ink->lines->lines->len; i++) {
    const LayoutTextLine *l = ink->lines->lines->pdata[i];
    gboolean brief = l->letters <= 2 && l->y1 - l->y0 < 1.6 * ink->letter;
    if (brief || is_print (ink, l))
      pixRasterop (mask, l->x0 - 2, l->y0 - 2, l->x1 - l->x0 + 4, l->y1 - l->y0 + 4, PIX_SET, NULL, 0, 0);
  }
  return mask;
}

typedef struct {
  LayoutGraphic box;
  guint         n, n_full; /* rules; those from side to side */
} Frame;

/* Axes and frames: rules that meet. */
static GArray *
find_frames (const LayoutInk *ink)
{
  guint  n      = MIN (ink->rules->len, MAX_FRAMES);
  GArray *frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  int    reach  = (int) MAX (0.3 * ink->letter, 3);
  g_autofree guint *parents = g_new (guint, n + 1), *places = g_new0 (guint, n + 1);
  g_autofree LayoutGraphic *rules = g_new0 (LayoutGraphic, n + 1);
  for (guint i = 0; i < n; i++) {
    const LayoutComponent *c = &g_array_index (ink->rules, LayoutComponent, i);
    rules[i]   = (LayoutGraphic){ c->x0, c->y0, c->x1, c->y1, 0 };
    parents[i] = i;
  }
  for (guint i = 0; i < n; i++)
    for (guint j = i + 1; j < n; j++)
      if (touch (&rules[i], &rules[j], reach))
        parents[docai_sets_root (parents, j)] = docai_sets_root (parents, i);
  for (guint i = 0; i < n; i++) {
    guint root = docai_sets_root (parents, i);
    if (!places[root]) {
      Frame fresh = { rules[i], 0, 0 };
      g_array_append_val (frames, fresh);
      places[root] = frames->len;
    }
    LayoutGraphic *box = &g_array_index (frames, Frame, places[root] - 1).box;
    box->x0 = MIN (box->x0, rules[i].x0);
    box->y0 = MIN (box->y0, rules[i].y0);
    box->x1 = MAX (box->x1, rules[i].x1);
    box->y1 = MAX (box->y1, rules[i].y1);
  }
  for (guint i = 0; i < n; i++) {
    Frame *f = &g_array_index (frames, Frame, places[docai_sets_root (parents, i)] - 1);
    f->n++;
    f->n_full += rules[i].x1 - rules[i].x0 > 0.9 * (f->box.x1 - f->box.x0)
                 || rules[i].y1 - rules[i].y0 > 0.9 * (f->box.y1 - f->box.y0);
  }
  return frames;
}

/* Adds the axes and frames that something is drawn in, other than tables' grids. */
static void
add_frames (const LayoutInk *ink, PIX *text, GArray *boxes)
{
  g_autoptr (GArray) frames = find_frames (ink);
  double page = (double) ink->grey->width * ink->grey->height;
  for (guint k = 0; k < frames->len; k++) {
    const Frame *f = &g_array_index (frames, Frame, k);
    double area = area_of (f->box.x0, f->box.y0, f->box.x1, f->box.y1);
    if (f->n >= 2 && f->n_full <= 5 && area < 0.5 * page && f->box.x1 - f->box.x0 > 5 * ink->letter
        && f->box.y1 - f->box.y0 > 5 * ink->letter && !is_empty_frame (ink, text, &f->box)
        && text_share (ink, f->box.x0, f->box.y0, f->box.x1, f->box.y1) < LABELS)
      g_array_append_val (boxes, f->box);
  }
}

GArray *
graphics_find_pictures (const LayoutInk *ink)
{
  GArray *boxes = g_array_new (FALSE, FALSE, sizeof (LayoutGraphic));
  double  least = MAX (3.5 * ink->letter, 20);
  Paper   paper = paper_of (ink);
  g_autoptr (DocaiPix) text = text_mask (ink);

  g_autoptr (GArray) panels = find_panels (ink, text, paper);
  add_large (ink, panels, boxes);
  add_textures (ink, boxes);
  for (guint i = boxes->len; i-- > 0;) {
    LayoutGraphic *b = &g_array_index (boxes, LayoutGraphic, i);
    if (is_panel (ink, text, b, paper) || is_empty_frame (ink, text, b))
      g_array_remove_index_fast (boxes, i);
  }
  join_boxes (boxes, (int) (0.5 * ink->letter));
  add_frames (ink, text, boxes);
  join_boxes (boxes, (int) (0.5 * ink->letter));
  for (guint i = boxes->len; i-- > 0;) {
    LayoutGraphic *b = &g_array_index (boxes, LayoutGraphic, i);
    b->tones = tones_share (ink->tiles, b);
    int w = b->x1 - b->x0, h = b->y1 - b->y0;
    if (w < least || h < least || (w < 2 * least && (b->tones < FEW_TONES || w * h < 2 * least * least))
        || text_share (ink, b->x0, b->y0, b->x1, b->y1) > TEXT || (b->tones < FEW_TONES && holds_prose (ink, b)))
      g_array_remove_index_fast (boxes, i);
  }
  return boxes;
}

gboolean
graphics_is_drawn (const LayoutInk *ink, const GArray *pictures, const LayoutTextLine *line)
{
  LayoutGraphic box  = { line->x0, line->y0, line->x1, line->y1, 0 };
  double        area = area_of (box.x0, box.y0, box.x1, box.y1);
  for (guint i = 0; i < pictures->len; i++) {
    const LayoutGraphic *p = &g_array_index (pictures, LayoutGraphic, i);
    if (area_of (MAX (p->x0, box.x0), MAX (p->y0, box.y0), MIN (p->x1, box.x1), MIN (p->y1, box.y1)) > 0.8 * area)
      return !is_print (ink, line);
  }
  return FALSE;
}
