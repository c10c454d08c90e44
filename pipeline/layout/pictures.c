/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pictures as blocks: which of the placed images and drawings are one, and the
 * text that belongs to them.
 */
#include "pipeline/layout/blocks.h"
#include "pipeline/layout/marks.h"

#include <math.h>

#define CAPTION    26  /* points from a picture to its caption, at most */
#define SMALL      30  /* points of the shorter side: an icon, an ornament */
#define LARGE      80
#define LONG       6   /* times as long as wide: a bar, a border */
#define MOST_LABEL 1.9 /* sizes of the text: larger print is no label */

/* Whether a box is a coloured bar under a single line, as headings have. */
static gboolean
is_bar (const LayoutPage *page, DocaiBox box)
{
  double size = 0, covered = 0, y0 = G_MAXDOUBLE, y1 = -G_MAXDOUBLE;
  for (guint i = 0; i < page->segments->len; i++) {
    const LayoutSegment *s = page->segments->pdata[i];
    if (docai_box_coverage (s->bbox, box) < 0.8 || !s->upright)
      continue;
    size = MAX (size, s->size);
    y0   = MIN (y0, docai_box_center_y (s->bbox));
    y1   = MAX (y1, docai_box_center_y (s->bbox));
    covered += docai_box_width (s->bbox);
  }
  return size >= 0.9 * page->body && y1 - y0 < 0.5 * size && docai_box_height (box) < 3.2 * size
         && docai_box_width (box) > 3 * docai_box_height (box) && covered > 0.1 * docai_box_width (box);
}

static gboolean
has_caption (const LayoutPage *page, DocaiBox box)
{
  for (guint i = 0; i < page->segments->len; i++) {
    const LayoutSegment *s = page->segments->pdata[i];
    double below = s->bbox.y0 - box.y1;
    if (below > -2 && below < CAPTION && docai_overlap (s->bbox.x0, s->bbox.x1, box.x0, box.x1) > 0
        && marks_is_figure_caption (s->line->text))
      return TRUE;
  }
  return FALSE;
}

/* How sure a picture is, once its page's text is known: of more than how it was found, its
 * size and shape tell, the text on it, and a caption. */
static double
weigh (const LayoutPage *page, LayoutPicture picture, double text)
{
  double w = docai_box_width (picture.bbox), h = docai_box_height (picture.bbox), least = MIN (w, h), most = MAX (w, h);
  double sure = picture.confidence;
  if (!page->has_text)
    return sure;
  sure += least < SMALL ? -0.15 : least > LARGE ? 0.05 : 0;
  sure -= most > LONG * least ? 0.15 : 0;
  sure -= text > 0.12 ? 0.1 : 0;
  sure += has_caption (page, picture.bbox) ? 0.08 : 0;
  return CLAMP (sure, 0.3, 0.97);
}

/* Pictures that meet are one; specks are none, nor is a ground under the text. */
static void
add_boxes (const LayoutPage *page, GPtrArray *blocks)
{
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (LayoutPicture));
  for (guint i = 0; i < page->pictures->len && boxes->len < 600; i++) {
    LayoutPicture p = g_array_index (page->pictures, LayoutPicture, i);
    if (docai_box_width (p.bbox) > 3 && docai_box_height (p.bbox) > 3)
      g_array_append_val (boxes, p);
  }
  diagrams_find (page, boxes);
  for (guint i = 0; i < boxes->len; i++)
    for (guint j = i + 1; j < boxes->len;) {
      LayoutPicture *first = &g_array_index (boxes, LayoutPicture, i);
      DocaiBox *a = &first->bbox, b = g_array_index (boxes, LayoutPicture, j).bbox;
      DocaiBox  common = docai_box_intersect (docai_box_grow (*a, 1.5), b);
      double    side   = MIN (MIN (docai_box_width (*a), docai_box_width (b)),
                              MIN (docai_box_height (*a), docai_box_height (b)));
      if (!docai_box_is_empty (common)
          && MAX (docai_box_width (common), docai_box_height (common)) > 0.5 * side) {
        *a = docai_box_union (*a, b);
        first->confidence = MAX (first->confidence, g_array_index (boxes, LayoutPicture, j).confidence);
        g_array_remove_index (boxes, j);
        j = i + 1;
      } else {
        j++;
      }
    }
  for (guint i = 0; i < boxes->len; i++) {
    DocaiBox b    = g_array_index (boxes, LayoutPicture, i).bbox;
    guint    text = 0;
    if (is_bar (page, b))
      continue;
    double   covered = 0;
    if (docai_box_width (b) < 14 || docai_box_height (b) < 14)
      continue;
    for (guint k = 0; k < page->segments->len; k++) {
      const LayoutSegment *s = page->segments->pdata[k];
      if (docai_box_coverage (s->bbox, b) > 0.8) {
        text += s->characters > 12;
        covered += docai_box_area (s->bbox);
      }
    }
    if (page->has_text && covered > 0.22 * docai_box_area (b))
      continue;
    if (docai_box_area (b) > 0.45 * page->width * page->height && text > 5)
      continue;
    LayoutBlock *block = layout_block_new (DOCAI_LABEL_PICTURE);
    block->bbox        = b;
    block->confidence  = weigh (page, g_array_index (boxes, LayoutPicture, i), covered / MAX (docai_box_area (b), 1));
    block->fixed       = TRUE;
    g_ptr_array_add (blocks, block);
  }
}

/* Whether a piece reads like a label of a figure rather than text near it. */
static gboolean
is_label (const LayoutBlock *picture, const LayoutSegment *s, double body)
{
  if (s->characters > 30 || (s->line->text && marks_is_caption (s->line->text)))
    return FALSE;
  if (!s->upright || s->characters <= 6 || docai_box_coverage (s->bbox, picture->bbox) > 0.1
      || s->size < 0.9 * body)
    return TRUE;
  if (s->size > 1.05 * body && !s->bold
      && fabs (docai_box_center_x (s->bbox) - docai_box_center_x (picture->bbox)) < 0.15 * docai_box_width (picture->bbox))
    return TRUE; /* an axis' title */
  for (guint i = 0; i < picture->segments->len; i++) { /* the print of its other labels */
    const LayoutSegment *o = picture->segments->pdata[i];
    if (o->font == s->font && fabs (o->size - s->size) < 0.1 * s->size && fabs (s->size - body) > 0.05 * body)
      return TRUE;
  }
  return FALSE;
}

/* Labels of a figure that stand around it: short pieces right beside it, and
 * what stands beside those. */
static void
absorb_labels (LayoutBlock *picture, GPtrArray *rest, double body)
{
  for (int round = 0; round < 3; round++) {
    guint    n   = 0;
    DocaiBox box = picture->bbox;
    for (guint i = 0; i < rest->len; i++) {
      LayoutSegment *s = rest->pdata[i];
      gboolean label = is_label (picture, s, body) && s->size < MOST_LABEL * body;
      double   near  = (s->upright && s->size <= 1.05 * body ? 0.9 : 1.6) * s->size;
      /* figures beside an axis */
      double   aside = MAX (box.x0 - s->bbox.x1, s->bbox.x0 - box.x1);
      gboolean figure = aside > 0 && aside < 1.3 * s->size && s->characters <= 6 && s->bbox.y1 > box.y0
                        && s->bbox.y0 < box.y1;
      if (label && (figure || docai_box_coverage (s->bbox, docai_box_grow (box, near)) > 0.5)) {
        layout_block_add (picture, s);
        picture->bbox = docai_box_union (picture->bbox, s->bbox);
      } else {
        rest->pdata[n++] = s;
      }
    }
    if (n == rest->len)
      break;
    g_ptr_array_set_size (rest, (gint) n);
  }
}

/* Moves the text in a picture into it. Drawings on scans are guesses: what reads like
 * the page's text or a headline is no label of theirs. */
static void
take_inside (const LayoutPage *page, LayoutBlock *picture, GPtrArray *rest)
{
  guint n = 0;
  if (!page->from_ink || picture->confidence >= 0.8) {
    blocks_take_inside (picture, rest, 0.8);
    return;
  }
  for (guint i = 0; i < rest->len; i++) {
    LayoutSegment *s = rest->pdata[i];
    if (docai_box_coverage (s->bbox, picture->bbox) > 0.8 && s->characters <= 30
        && (s->characters < 4 || s->size < 1.4 * page->body))
      layout_block_add (picture, s);
    else
      rest->pdata[n++] = s;
  }
  g_ptr_array_set_size (rest, (gint) n);
}

void
pictures_add (const LayoutPage *page, GPtrArray *rest, GPtrArray *blocks)
{
  guint first = blocks->len;
  add_boxes (page, blocks);
  for (guint i = first; i < blocks->len; i++) {
    LayoutBlock *picture = blocks->pdata[i];
    /* a large drawing on a scan is more often a ground for text */
    if (page->from_ink && picture->confidence < 0.75 && docai_box_area (picture->bbox) > 0.2 * page->width * page->height)
      continue;
    take_inside (page, picture, rest);
    if (page->has_text && i < first + 40)
      absorb_labels (picture, rest, page->body);
  }
}
