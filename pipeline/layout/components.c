/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Connected components by run lengths: each row's runs are joined with those of
 * the row above by union-find, and a label carries its box and area, so that
 * no label picture is ever made.
 */
#include "pipeline/layout/components.h"

typedef struct {
  int     x0, x1; /* x1 one past the end */
  guint32 label;
} Run;

typedef struct {
  guint32         parent;
  LayoutComponent component;
} Label;

static guint32
find_root (GArray *labels, guint32 label)
{
  Label *all = (Label *) (void *) labels->data;
  while (all[label].parent != label) {
    all[label].parent = all[all[label].parent].parent;
    label             = all[label].parent;
  }
  return label;
}

static guint32
join (GArray *labels, guint32 a, guint32 b)
{
  a = find_root (labels, a);
  b = find_root (labels, b);
  if (a == b)
    return a;
  if (b < a) { /* the older label stays, so that the order is that of first rows */
    guint32 swap = a;
    a            = b;
    b            = swap;
  }
  Label           *all  = (Label *) (void *) labels->data;
  LayoutComponent *into = &all[a].component, *from = &all[b].component;
  into->x0   = MIN (into->x0, from->x0);
  into->y0   = MIN (into->y0, from->y0);
  into->x1   = MAX (into->x1, from->x1);
  into->y1   = MAX (into->y1, from->y1);
  into->area += from->area;
  into->runs += from->runs;
  all[b].parent = a;
  return a;
}

/* Appends the runs of one row. Bit 31 of a word is its leftmost pixel. */
static void
row_runs (const l_uint32 *line, int width, GArray *runs)
{
  int start = -1, words = (width + 31) / 32;
  for (int i = 0; i < words; i++) {
    l_uint32 word = line[i];
    int      left = width - 32 * i;
    if (left < 32)
      word &= ~0u << (32 - left);
    if (start < 0 ? word == 0 : word == ~0u)
      continue;
    for (int x = 0; x < 32;) {
      l_uint32 rest = word << x;
      if (start < 0) {
        if (!rest)
          break;
        x += __builtin_clz (rest);
        start = 32 * i + x;
      } else {
        l_uint32 gaps = ~word << x;
        if (!gaps)
          break;
        x += __builtin_clz (gaps);
        Run run = { start, 32 * i + x, 0 };
        g_array_append_val (runs, run);
        start = -1;
      }
    }
  }
  if (start >= 0) {
    Run run = { start, width, 0 };
    g_array_append_val (runs, run);
  }
}

/* Gives the runs of row y their labels from the row above. */
static void
label_row (GArray *labels, const GArray *above, GArray *row, int y)
{
  guint k = 0;
  for (guint i = 0; i < row->len; i++) {
    Run     *run   = &g_array_index (row, Run, i);
    gboolean known = FALSE;
    while (k < above->len && g_array_index (above, Run, k).x1 < run->x0)
      k++;
    for (guint j = k; j < above->len && g_array_index (above, Run, j).x0 <= run->x1; j++) {
      guint32 other = g_array_index (above, Run, j).label;
      run->label    = known ? join (labels, run->label, other) : find_root (labels, other);
      known         = TRUE;
    }
    if (!known) {
      Label fresh = { labels->len, { run->x0, y, run->x1, y + 1, 0, 0, 0 } };
      run->label  = labels->len;
      g_array_append_val (labels, fresh);
    }
    LayoutComponent *c = &g_array_index (labels, Label, run->label).component;
    c->x0              = MIN (c->x0, run->x0);
    c->x1              = MAX (c->x1, run->x1);
    c->y1              = y + 1;
    c->area += run->x1 - run->x0;
    c->runs++;
  }
}

GArray *
components_find (PIX *bits)
{
  g_autoptr (GArray) labels = g_array_new (FALSE, FALSE, sizeof (Label));
  g_autoptr (GArray) above  = g_array_new (FALSE, FALSE, sizeof (Run));
  g_autoptr (GArray) row    = g_array_new (FALSE, FALSE, sizeof (Run));
  const l_uint32    *data   = pixGetData (bits);
  int width = pixGetWidth (bits), height = pixGetHeight (bits), wpl = pixGetWpl (bits);

  for (int y = 0; y < height; y++) {
    g_array_set_size (row, 0);
    row_runs (data + (gsize) y * wpl, width, row);
    label_row (labels, above, row, y);
    GArray *swap = above;
    above        = row;
    row          = swap;
  }

  GArray *out = g_array_new (FALSE, FALSE, sizeof (LayoutComponent));
  for (guint i = 0; i < labels->len; i++) {
    Label *label = &g_array_index (labels, Label, i);
    if (label->parent == i)
      g_array_append_val (out, label->component);
  }
  return out;
}

void
components_find_inverted (PIX *bits, const LayoutComponent *dark, GArray *out)
{
  BOX *box  = boxCreate (dark->x0, dark->y0, dark->x1 - dark->x0, dark->y1 - dark->y0);
  PIX *crop = box ? pixClipRectangle (bits, box, NULL) : NULL;
  boxDestroy (&box);
  if (!crop)
    return;
  pixInvert (crop, crop);
  g_autoptr (GArray) holes = components_find (crop);
  int width = pixGetWidth (crop), height = pixGetHeight (crop);
  for (guint i = 0; i < holes->len; i++) {
    LayoutComponent c = g_array_index (holes, LayoutComponent, i);
    if (c.x0 == 0 || c.y0 == 0 || c.x1 == width || c.y1 == height)
      continue;
    c.x0 += dark->x0;
    c.x1 += dark->x0;
    c.y0 += dark->y0;
    c.y1 += dark->y0;
    c.inverted = 1;
    g_array_append_val (out, c);
  }
  pixDestroy (&crop);
}
