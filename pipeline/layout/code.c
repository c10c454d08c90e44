/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Listings of programs: rows of fixed-pitch print under one another, blank lines
 * and indents included, with nothing else beside them. Where the whole page is of
 * fixed pitch, as typed letters are, the signs of code must be there as well.
 */
#include "pipeline/layout/blocks.h"
#include "pipeline/layout/marks.h"

#include <math.h>

#define MAX_PIECES 3000
#define BLANK      3.1 /* sizes from baseline to baseline over one blank line */
#define INDENT     40  /* sizes that a row may stand right of the others' start */

typedef struct {
  GPtrArray *segments; /* lent */
  DocaiBox   box;
  double     baseline, size;
  int        rows, characters;
  double     signs;
} Listing;

static void
listing_free (Listing *listing)
{
  g_ptr_array_unref (listing->segments);
  g_free (listing);
}

/* Whether other print stands close by in the row: a word of code in a sentence. */
static gboolean
stands_in_sentence (const GPtrArray *rest, guint at)
{
  const LayoutSegment *s = rest->pdata[at];
  for (int way = -1; way <= 1; way += 2)
    for (int k = 1; k < 60; k++) {
      gint64 i = (gint64) at + way * k;
      if (i < 0 || i >= (gint64) rest->len)
        break;
      const LayoutSegment *o = rest->pdata[i];
      if (fabs (o->bbox.y0 - s->bbox.y0) > 2 * MAX (o->size, s->size))
        break;
      double gap = MAX (o->bbox.x0 - s->bbox.x1, s->bbox.x0 - o->bbox.x1);
      if (!o->mono && o->upright && o->characters > 1 && gap < 6 * s->size && rows_are_same (o, s))
        return TRUE;
    }
  return FALSE;
}

/* Whether other print or a rule stands between a listing and what would be its next row. */
static gboolean
is_parted (const LayoutPage *page, const GPtrArray *rest, const Listing *listing, const LayoutSegment *s)
{
  double x0 = MIN (listing->box.x0, s->bbox.x0), x1 = MAX (listing->box.x1, s->bbox.x1);
  double y0 = listing->box.y1 - 0.3 * s->size, y1 = s->bbox.y0 + 0.3 * s->size;
  for (guint i = 0; i < rest->len; i++) {
    const LayoutSegment *o = rest->pdata[i];
    double y = docai_box_center_y (o->bbox);
    if (o->bbox.y0 > y1)
      break;
    if (!o->mono && y > y0 && y < y1 && docai_overlap (x0, x1, o->bbox.x0, o->bbox.x1) > 0)
      return TRUE;
  }
  for (guint i = 0; i < page->rulings->len && i < 2000; i++) {
    DocaiBox r = g_array_index (page->rulings, DocaiBox, i);
    double   y = docai_box_center_y (r);
    if (docai_box_height (r) < 4 && y > listing->baseline && y < s->baseline - 0.5 * s->size
        && docai_overlap (x0, x1, r.x0, r.x1) > 0.6 * (x1 - x0))
      return TRUE;
  }
  return FALSE;
}

static gboolean
may_continue (const LayoutPage *page, const GPtrArray *rest, const Listing *listing, const LayoutSegment *s)
{
  double step = s->baseline - listing->baseline;
  if (fabs (s->size - listing->size) > 0.1 * listing->size || step > BLANK * s->size
      || s->bbox.x0 > MAX (listing->box.x1 + 12 * s->size, listing->box.x0 + INDENT * s->size)
      || s->bbox.x1 < listing->box.x0 - 12 * s->size)
    return FALSE;
  return step < 0.5 * s->size || !is_parted (page, rest, listing, s);
}

static void
extend (Listing *listing, LayoutSegment *s)
{
  gboolean fresh = listing->segments->len == 0;
  if (fresh || s->baseline - listing->baseline > 0.5 * s->size) {
    listing->rows++;
    listing->baseline = s->baseline;
  }
  listing->box  = fresh ? s->bbox : docai_box_union (listing->box, s->bbox);
  listing->size = s->size;
  listing->characters += s->characters;
  listing->signs += marks_code_share (s->line->text) * s->characters;
  g_ptr_array_add (listing->segments, s);
}

static gboolean
is_listing (const LayoutPage *page, const Listing *l)
{
  double signs = l->signs / MAX (l->characters, 1);
  double y     = docai_box_center_y (l->box);
  if (page->body_mono)
    return l->rows >= 3 && l->characters >= 40 && signs > 0.07;
  if (l->rows >= 2)
    return l->characters >= 14;
  return l->characters >= 8 && signs > 0.08 && y > 0.09 * page->height && y < 0.91 * page->height;
}

static LayoutBlock *
block_of (const LayoutPage *page, Listing *l)
{
  LayoutBlock *block = layout_block_new (DOCAI_LABEL_CODE);
  double       signs = l->signs / MAX (l->characters, 1);
  LayoutSegment *last = NULL;
  blocks_sort_segments (l->segments);
  for (guint i = 0; i < l->segments->len; i++) {
    LayoutSegment *s = l->segments->pdata[i];
    if (last && rows_are_same (last, s)) { /* columns within a row of code */
      rows_join (last, s);
      continue;
    }
    layout_block_add (block, s);
    last = s;
  }
  block->bbox       = l->box;
  block->fixed      = TRUE;
  block->confidence = CLAMP (0.45 + 0.08 * l->rows + signs, 0.5, page->body_mono ? 0.85 : 0.95);
  return block;
}

void
code_add (const LayoutPage *page, GPtrArray *rest, GPtrArray *blocks)
{
  g_autoptr (GPtrArray) listings = g_ptr_array_new_with_free_func ((GDestroyNotify) listing_free);
  guint looks = 0;
  for (guint i = 0; i < rest->len && looks < MAX_PIECES; i++) {
    LayoutSegment *s = rest->pdata[i];
    if (!s->mono || !s->upright || stands_in_sentence (rest, i))
      continue;
    looks++;
    Listing *home = NULL;
    for (guint k = listings->len; k-- > 0 && k + 12 > listings->len && !home;)
      if (may_continue (page, rest, listings->pdata[k], s))
        home = listings->pdata[k];
    if (!home) {
      home           = g_new0 (Listing, 1);
      home->segments = g_ptr_array_new ();
      g_ptr_array_add (listings, home);
      home->size = s->size;
    }
    extend (home, s);
  }
  g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL);
  for (guint k = 0; k < listings->len; k++) {
    Listing *l = listings->pdata[k];
    if (!is_listing (page, l))
      continue;
    g_ptr_array_add (blocks, block_of (page, l));
    for (guint i = 0; i < l->segments->len; i++)
      g_hash_table_add (taken, l->segments->pdata[i]);
  }
  guint n = 0;
  for (guint i = 0; i < rest->len; i++)
    if (!g_hash_table_contains (taken, rest->pdata[i]))
      rest->pdata[n++] = rest->pdata[i];
  g_ptr_array_set_size (rest, (gint) n);
}
