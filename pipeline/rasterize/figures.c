/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Drawn figures, from the preview: its ink without that of words and straight
 * lines is grouped, even shades (cells, boxes behind text) are left out, and
 * groups large enough are figures.
 */
#include "pipeline/rasterize/figures.h"

#include "base/sets.h"
#include "pipeline/raster.h"

#include <allheaders.h>
#include <math.h>

#define INK        14  /* grey levels from the background */
#define REACH      10  /* points between parts of one figure */
#define MAX_GROUPS 400
#define MAX_LINES  1200 /* straight lines that are looked at */
#define MIN_WIDTH  28  /* points of a figure */
#define MIN_HEIGHT 20
#define CORNER 14     /* points that a rounded corner takes at most */
#define PEN   3       /* pixels of a frame's line */
#define SPECKS 0.004  /* share of an empty frame that marks of words leave inked */
#define STACK 8       /* points above and below, within which rules are no rules of a table */

typedef struct
{
  const DocaiDrawing *drawing;
  const DocaiPage    *page;
  struct Pix         *ink; /* 1 bit */
  int                 background;
} Figures;

static int
background_of (struct Pix *preview)
{
  guint32 counts[256] = { 0 };
  int     width = pixGetWidth (preview), height = pixGetHeight (preview), best = 255;

  for (int y = 0; y < height; y++)
    {
      const l_uint32 *line = pixGetData (preview) + (gsize) y * pixGetWpl (preview);
      for (int x = 0; x < width; x++)
        counts[GET_DATA_BYTE (line, x)]++;
    }
  for (int v = 0; v < 256; v++)
    if (counts[v] > counts[best])
      best = v;
  return best;
}

static void
clear_box (const Figures *figures, DocaiBox box, double margin)
{
  DocaiBox b = docai_box_scale (docai_box_grow (box, margin), figures->drawing->preview_scale);
  int      x0 = (int) floor (b.x0), y0 = (int) floor (b.y0);

  pixRasterop (figures->ink, x0, y0, (int) ceil (b.x1) - x0, (int) ceil (b.y1) - y0, PIX_CLR, NULL,
               0, 0);
}

/* Whether a level line is one of a dense stack: the stripes of a logo, hatching. */
static gboolean
is_stripe (const DocaiDrawing *drawing, guint at)
{
  DocaiBox line = g_array_index (drawing->rulings, DocaiBox, at);
  guint    n = 0;

  if (docai_box_width (line) < docai_box_height (line))
    return FALSE;
  for (guint i = at > 60 ? at - 60 : 0; i < drawing->rulings->len && i < at + 60; i++) /* they go by height */
    {
      DocaiBox other = g_array_index (drawing->rulings, DocaiBox, i);
      double   far = fabs (docai_box_center_y (other) - docai_box_center_y (line));
      n += i != at && far > 0.8 && far < STACK && docai_box_width (other) > docai_box_height (other)
           && docai_overlap (line.x0, line.x1, other.x0, other.x1) > 0.3 * docai_box_width (line);
    }
  return n >= 3;
}

/* The preview's ink without words and straight lines. */
static void
take_ink (const Figures *figures)
{
  struct Pix *preview = figures->drawing->preview;
  int         width = pixGetWidth (preview), height = pixGetHeight (preview);

  for (int y = 0; y < height; y++)
    {
      const l_uint32 *from = pixGetData (preview) + (gsize) y * pixGetWpl (preview);
      l_uint32       *to = pixGetData (figures->ink) + (gsize) y * pixGetWpl (figures->ink);
      for (int x = 0; x < width; x++)
        if (ABS (GET_DATA_BYTE (from, x) - figures->background) > INK)
          SET_DATA_BIT (to, x);
    }
  for (guint i = 0; i < figures->page->words->len; i++)
    clear_box (figures, ((const DocaiWord *) figures->page->words->pdata[i])->bbox, 1);
  for (guint i = 0; i < figures->drawing->rulings->len; i++)
    if (!is_stripe (figures->drawing, i))
      clear_box (figures, g_array_index (figures->drawing->rulings, DocaiBox, i), 1.2);
}

/* Whether the ink in a box is one even shade that fills it. */
static gboolean
is_shade (const Figures *figures, int x0, int y0, int x1, int y1)
{
  struct Pix *preview = figures->drawing->preview;
  guint32     counts[256] = { 0 }, total = 0, even = 0;
  int         mode = 0;

  for (int y = y0; y < y1; y++)
    {
      const l_uint32 *grey = pixGetData (preview) + (gsize) y * pixGetWpl (preview);
      const l_uint32 *ink = pixGetData (figures->ink) + (gsize) y * pixGetWpl (figures->ink);
      for (int x = x0; x < x1; x++)
        if (GET_DATA_BIT (ink, x))
          {
            counts[GET_DATA_BYTE (grey, x)]++;
            total++;
          }
    }
  for (int v = 0; v < 256; v++)
    if (counts[v] > counts[mode])
      mode = v;
  for (int v = MAX (mode - 4, 0); v <= MIN (mode + 4, 255); v++)
    even += counts[v];
  return even > 0.8 * total && total > 0.3 * (x1 - x0) * (y1 - y0);
}

/* Whether a group is a frame with nothing drawn in it: a field of a form, a box around
 * text. */
static gboolean
is_empty_frame (const Figures *figures, int x, int y, int w, int h)
{
  l_int32     inside = 0;
  struct Box *box = MIN (w, h) > 4 * PEN ? boxCreate (x + PEN, y + PEN, w - 2 * PEN, h - 2 * PEN) : NULL;

  if (box == NULL)
    return FALSE;
  pixCountPixelsInRect (figures->ink, box, &inside, NULL);
  boxDestroy (&box);
  return inside <= SPECKS * (w - 2 * PEN) * (h - 2 * PEN);
}

/* Boxes (DocaiBox, points) of the groups of ink. */
static GArray *
find_groups (const Figures *figures)
{
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  g_autoptr (DocaiPix) closed = pixCloseSafeBrick (NULL, figures->ink, 5, 5);
  struct Boxa *boxes = closed != NULL ? pixConnCompBB (closed, 8) : NULL;
  double       scale = figures->drawing->preview_scale;

  for (int i = 0; boxes != NULL && i < boxaGetCount (boxes) && groups->len < MAX_GROUPS; i++)
    {
      l_int32 x, y, w, h;
      boxaGetBoxGeometry (boxes, i, &x, &y, &w, &h);
      if (MAX (w, h) < 7 || MIN (w, h) < 3 || is_shade (figures, x, y, x + w, y + h) || is_empty_frame (figures, x, y, w, h))
        continue;
      DocaiBox box = { x / scale, y / scale, (x + w) / scale, (y + h) / scale };
      g_array_append_val (groups, box);
    }
  boxaDestroy (&boxes);
  return groups;
}

/* Words that would come to lie in the union of two boxes beside those in either. */
static guint
count_words_between (const DocaiPage *page, DocaiBox a, DocaiBox b)
{
  DocaiBox whole = docai_box_union (a, b);
  guint    n = 0;

  for (guint i = 0; i < page->words->len; i++)
    {
      DocaiBox w = ((const DocaiWord *) page->words->pdata[i])->bbox;
      double   x = docai_box_center_x (w), y = docai_box_center_y (w);
      n += docai_box_contains (whole, x, y) && !docai_box_contains (a, x, y)
           && !docai_box_contains (b, x, y);
    }
  return n;
}

static gboolean
is_known (const DocaiPage *page, guint n_images, DocaiBox box)
{
  for (guint i = 0; i < n_images; i++)
    if (docai_box_coverage (box, ((const DocaiPlacedImage *) page->images->pdata[i])->bbox) > 0.8)
      return TRUE;
  return FALSE;
}

/* Joins groups that are near one another; placed images stay what they are. */
static void
join_groups (const Figures *figures, GArray *groups)
{
  guint n_images = figures->page->images->len;

  for (guint i = 0; i < groups->len; i++)
    for (guint j = i + 1; j < groups->len;)
      {
        DocaiBox *a = &g_array_index (groups, DocaiBox, i);
        DocaiBox  b = g_array_index (groups, DocaiBox, j);
        double    side = MIN (MAX (docai_box_width (*a), docai_box_height (*a)),
                              MAX (docai_box_width (b), docai_box_height (b)));
        double    reach = MAX (REACH, MIN (0.35 * side, 30));
        gboolean  near = !docai_box_is_empty (docai_box_intersect (docai_box_grow (*a, reach), b));
        gboolean  placed = is_known (figures->page, n_images, *a) && is_known (figures->page, n_images, b);
        if (near && !placed && count_words_between (figures->page, *a, b) <= 6)
          {
            *a = docai_box_union (*a, b);
            g_array_remove_index_fast (groups, j);
            j = i + 1;
          }
        else
          j++;
      }
}

/* Share of a box's area under words: text with marks of its own, no figure. */
static double
words_share (const DocaiPage *page, DocaiBox box)
{
  double covered = 0;

  for (guint i = 0; i < page->words->len; i++)
    covered += docai_box_area (
        docai_box_intersect (((const DocaiWord *) page->words->pdata[i])->bbox, box));
  return covered / MAX (docai_box_area (box), 1);
}

/* Axes and frames: lines that touch one another, no more than a few of them long. */
typedef struct
{
  DocaiBox box;
  guint    n_long;
} Frame;

/* Whether a level and an upright line are the sides of a rounded corner. */
static gboolean
round_corner (DocaiBox a, DocaiBox b)
{
  gboolean a_level = docai_box_width (a) > docai_box_height (a);
  DocaiBox level = a_level ? a : b, upright = a_level ? b : a;

  if (docai_box_width (level) < 3 * CORNER || docai_box_height (upright) < 3 * CORNER
      || docai_box_width (upright) > docai_box_height (upright))
    return FALSE;
  double x = docai_box_center_x (upright), y = docai_box_center_y (level);
  double across = MAX (level.x0 - x, x - level.x1), down = MAX (upright.y0 - y, y - upright.y1);
  return across > 0 && across < CORNER && down > 0 && down < CORNER && fabs (across - down) < 0.3 * CORNER;
}

static GArray *
find_frames (const DocaiDrawing *drawing)
{
  GArray            *frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  guint              n = MIN (drawing->rulings->len, MAX_LINES);
  const DocaiBox    *lines = (const DocaiBox *) (void *) drawing->rulings->data;
  g_autofree guint  *parents = g_new (guint, n + 1);
  g_autofree guint  *places = g_new0 (guint, n + 1);

  for (guint i = 0; i < n; i++)
    parents[i] = i;
  for (guint i = 0; i < n; i++)
    for (guint j = i + 1; j < n; j++)
      if (!docai_box_is_empty (docai_box_intersect (docai_box_grow (lines[i], 0.8),
                                                    docai_box_grow (lines[j], 0.8)))
          || round_corner (lines[i], lines[j]))
        parents[docai_sets_root (parents, j)] = docai_sets_root (parents, i);
  for (guint i = 0; i < n; i++)
    {
      guint root = docai_sets_root (parents, i);
      if (places[root] == 0)
        {
          Frame fresh = { docai_box_grow (lines[i], 0.01), 0 };
          g_array_append_val (frames, fresh);
          places[root] = frames->len;
        }
      Frame *frame = &g_array_index (frames, Frame, places[root] - 1);
      frame->box = docai_box_union (frame->box, docai_box_grow (lines[i], 0.01));
    }
  for (guint i = 0; i < n; i++)
    {
      Frame *frame = &g_array_index (frames, Frame, places[docai_sets_root (parents, i)] - 1);
      frame->n_long += docai_box_width (lines[i]) > 0.5 * docai_box_width (frame->box)
                       || docai_box_height (lines[i]) > 0.5 * docai_box_height (frame->box);
    }
  return frames;
}

/* Grows parts of figures to the frames and axes that they are drawn in. */
static void
take_frames (const Figures *figures, GArray *groups)
{
  g_autoptr (GArray) frames = find_frames (figures->drawing);
  double             page_area = figures->page->width * figures->page->height;

  for (guint i = 0; i < groups->len; i++)
    {
      DocaiBox *box = &g_array_index (groups, DocaiBox, i);
      for (guint k = 0; k < frames->len; k++)
        {
          const Frame *frame = &g_array_index (frames, Frame, k);
          double       share = docai_box_area (*box) / MAX (docai_box_area (frame->box), 1);
          gboolean     small = docai_box_area (frame->box) < 0.5 * page_area;
          if (docai_box_coverage (*box, docai_box_grow (frame->box, 3)) > 0.7 && small
              && docai_box_height (frame->box) > MIN_HEIGHT
              && (frame->n_long <= 4 || (frame->n_long <= 9 && share > 0.35)
                  || words_share (figures->page, frame->box) < 0.05)
              && words_share (figures->page, frame->box) < 0.2)
            *box = docai_box_union (*box, frame->box);
        }
    }
}

void
docai_figures_find (const DocaiDrawing *drawing, DocaiPage *page)
{
  guint n_images = page->images->len;

  if (drawing->preview == NULL || pixGetDepth (drawing->preview) != 8)
    return;
  g_autoptr (DocaiPix) ink
      = pixCreate (pixGetWidth (drawing->preview), pixGetHeight (drawing->preview), 1);
  if (ink == NULL)
    return;
  Figures figures = { drawing, page, ink, background_of (drawing->preview) };
  take_ink (&figures);
  g_autoptr (GArray) groups = find_groups (&figures);
  take_frames (&figures, groups);
  join_groups (&figures, groups);
  for (guint i = 0; i < groups->len; i++)
    {
      DocaiBox box = g_array_index (groups, DocaiBox, i);
      if (docai_box_width (box) < MIN_WIDTH || docai_box_height (box) < MIN_HEIGHT
          || docai_box_area (box) > 0.85 * page->width * page->height)
        continue;
      if (!is_known (page, n_images, box) && words_share (page, box) < 0.3)
        g_ptr_array_add (page->images, docai_placed_image_new (box));
    }
}
