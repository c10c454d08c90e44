/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Chaining of components to text lines. A grid of horizontal bands keeps the
 * search for a component's line short, whatever the page holds.
 */
#include "pipeline/layout/textlines.h"

#include <math.h>
#include <stdlib.h>

#define GAP        1.45 /* widest gap inside a line, in letter heights */
#define LARGE_GAP  0.8  /* the same for print far larger than usual */
#define BAND       16   /* pixels */
#define COLON_GAP   16  /* between a label and its colon, in x-heights */
#define COLON_REACH 64  /* dots from the left among which the other dot of a colon is looked for */
#define SHAPE       2.2  /* letter heights, from which on a component may be a picture's */
#define FILLED      0.8  /* share of its box that a letter leaves free */
#define STROKES     7    /* that a row of a sign crosses */
#define MAX_LINES  60000
#define MAX_OPEN   96   /* lines that a component is compared with in a band */

void
layout_text_lines_free (LayoutTextLines *lines)
{
  if (!lines)
    return;
  g_ptr_array_unref (lines->lines);
  g_free (lines);
}

static void
line_free (gpointer data)
{
  LayoutTextLine *line = data;
  g_array_unref (line->parts);
  g_free (line);
}

static const LayoutComponent *
part (const GArray *components, guint i)
{
  return &g_array_index (components, LayoutComponent, i);
}

double
textlines_letter_height (const GArray *components)
{
  /* peak of a smoothed histogram; dots and specks stay out by their size, and
   * a letter counts by its height, so that noise does not outvote text */
  double bins[256] = { 0 };
  for (guint i = 0; i < components->len; i++) {
    const LayoutComponent *c = part (components, i);
    int h = c->y1 - c->y0, w = c->x1 - c->x0;
    gboolean dot = c->area > 0.74 * h * w && 3 * w > 2 * h && 3 * h > 2 * w;
    if (h >= 4 && h < 250 && w >= 2 && w < 4 * h && c->area >= 8 && !dot)
      bins[h] += MIN (h, 12);
  }
  double best = 0, at = 0;
  for (int h = 4; h < 250; h++) {
    double sum = 0;
    int    reach = MAX (1, h / 8);
    for (int k = MAX (h - reach, 0); k <= MIN (h + reach, 255); k++)
      sum += bins[k];
    sum /= 2 * reach + 1;
    sum *= sqrt (h);
    if (sum > best) {
      best = sum;
      at   = h;
    }
  }
  return at;
}

/* A line under way. */
typedef struct {
  LayoutTextLine *line;
  double          top, bottom, height; /* running means */
  int             x1;
} Chain;

typedef struct {
  const GArray *components;
  GArray       *chains; /* Chain */
  GArray      **bands;  /* guint: chains whose letters touch the band */
  int           n_bands;
} Chains;

static void
enter_bands (Chains *chains, guint index, int y0, int y1)
{
  for (int b = MAX (y0 / BAND, 0); b <= MIN ((y1 - 1) / BAND, chains->n_bands - 1); b++) {
    if (!chains->bands[b])
      chains->bands[b] = g_array_new (FALSE, FALSE, sizeof (guint));
    GArray *band = chains->bands[b];
    guint   seen = MIN (band->len, 4);
    for (guint k = 0; k < seen; k++)
      if (g_array_index (band, guint, band->len - 1 - k) == index)
        goto next;
    g_array_append_val (band, index);
  next:;
  }
}

/* How well a component continues a chain; 0: not at all. */
static double
continues (const Chain *chain, const LayoutComponent *c, double gap_limit)
{
  double h       = c->y1 - c->y0;
  double overlap = MIN (chain->bottom, c->y1) - MAX (chain->top, c->y0);
  double least   = MIN (h, chain->height);
  double gap     = c->x0 - chain->x1;
  double scale   = MIN (MAX (h, chain->height), 1.4 * least);
  if (overlap < 0.45 * least || gap > gap_limit * scale || gap < -1.6 * MAX (h, chain->height))
    return 0;
  if (h > 2.6 * chain->height || chain->height > 2.6 * h
      || chain->line->inverted != c->inverted)
    return 0;
  return overlap / MAX (h, chain->height) + 0.3 - 0.2 * MAX (gap, 0) / (gap_limit * scale);
}

static guint
find_chain (Chains *chains, const LayoutComponent *c, double gap_limit)
{
  double best  = 0;
  guint  which = G_MAXUINT;
  for (int b = MAX (c->y0 / BAND, 0); b <= MIN ((c->y1 - 1) / BAND, chains->n_bands - 1); b++) {
    GArray *band = chains->bands[b];
    int     seen = 0;
    for (guint k = band ? band->len : 0; k-- > 0 && seen < MAX_OPEN;) {
      guint        i     = g_array_index (band, guint, k);
      const Chain *chain = &g_array_index (chains->chains, Chain, i);
      /* components come from the left: what ended long ago cannot go on */
      if (c->x0 - chain->x1 > 5 * chain->height) {
        g_array_remove_index (band, k);
        continue;
      }
      seen++;
      double fit = continues (chain, c, gap_limit);
      if (fit > best || (fit == best && fit > 0 && i < which)) {
        best  = fit;
        which = i;
      }
    }
  }
  return which;
}

static void
extend_chain (Chain *chain, guint index, const LayoutComponent *c)
{
  double h = c->y1 - c->y0;
  double n = chain->line->parts->len;
  double w = n == 0 ? 1 : MAX (1 / (n + 1), 0.15);
  chain->top += w * (c->y0 - chain->top);
  chain->bottom += w * (c->y1 - chain->bottom);
  chain->height += w * (h - chain->height);
  if (n > 0 && c->x0 - chain->x1 < 0.35 * chain->height)
    chain->line->tight++;
  chain->x1 = MAX (chain->x1, c->x1);
  g_array_append_val (chain->line->parts, index);
}

static LayoutTextLine *
new_line (void)
{
  LayoutTextLine *line = g_new0 (LayoutTextLine, 1);
  line->parts          = g_array_new (FALSE, FALSE, sizeof (guint));
  return line;
}

/* Chains the components of `order` (indices, sorted by x0) to lines. */
static GPtrArray *
chain_components (const GArray *components, const GArray *order, int page_height, double gap_limit)
{
  Chains chains = { .components = components,
                    .chains     = g_array_new (FALSE, FALSE, sizeof (Chain)),
                    .n_bands    = page_height / BAND + 1 };
  chains.bands  = g_new0 (GArray *, chains.n_bands);
  GPtrArray *lines = g_ptr_array_new_with_free_func (line_free);

  for (guint k = 0; k < order->len; k++) {
    guint                  index = g_array_index (order, guint, k);
    const LayoutComponent *c     = part (components, index);
    guint                  i     = find_chain (&chains, c, gap_limit);
    if (i == G_MAXUINT) {
      if (lines->len >= MAX_LINES)
        break;
      Chain fresh = { new_line (), c->y0, c->y1, c->y1 - c->y0, c->x1 };
      fresh.line->inverted = c->inverted;
      g_ptr_array_add (lines, fresh.line);
      i = chains.chains->len;
      g_array_append_val (chains.chains, fresh);
    }
    extend_chain (&g_array_index (chains.chains, Chain, i), index, c);
    enter_bands (&chains, i, c->y0, c->y1);
  }
  for (int b = 0; b < chains.n_bands; b++)
    if (chains.bands[b])
      g_array_unref (chains.bands[b]);
  g_free (chains.bands);
  g_array_unref (chains.chains);
  return lines;
}

static void
update_box (LayoutTextLine *line, const GArray *components)
{
  for (guint k = 0; k < line->parts->len; k++) {
    const LayoutComponent *c = part (components, g_array_index (line->parts, guint, k));
    line->x0 = k ? MIN (line->x0, c->x0) : c->x0;
    line->y0 = k ? MIN (line->y0, c->y0) : c->y0;
    line->x1 = k ? MAX (line->x1, c->x1) : c->x1;
    line->y1 = k ? MAX (line->y1, c->y1) : c->y1;
  }
}

typedef enum { PART_LETTER, PART_SMALL, PART_LARGE, PART_OTHER } PartKind;

/* Whether a large component is no letter: filled, or made of more strokes than the
 * densest signs of the world's scripts. */
static gboolean
is_shape (const LayoutComponent *c, double height)
{
  double h = c->y1 - c->y0, w = c->x1 - c->x0;
  if (h < SHAPE * height || w < SHAPE * height)
    return FALSE;
  return (c->area > FILLED * h * w && 2 * w > h) || c->runs > STROKES * h * MAX (w / h, 1);
}

static PartKind
kind_of (const LayoutComponent *c, double height)
{
  int    h = c->y1 - c->y0, w = c->x1 - c->x0;
  double box = (double) h * w;
  if (is_shape (c, height))
    return PART_OTHER;
  if (h > 3 * height && h < 45 * height && w < 3 * h && h < 8 * w && c->area > 0.16 * box)
    return h > 7 * height || w > 16 * height ? PART_LARGE : PART_LETTER;
  if (h > 7 * height || w > 16 * height || (h > 3 * height && (c->area < 0.08 * box || w > 4 * h)))
    return PART_OTHER;
  if (h < 0.55 * height)
    return (w > 3 * height && h < 0.2 * height) ? PART_OTHER : PART_SMALL;
  if (h > 8 * w && h > 2 * height)
    return PART_OTHER; /* a rule's remains */
  return PART_LETTER;
}

static gint
compare_left (gconstpointer a, gconstpointer b, gpointer components)
{
  const LayoutComponent *p = part (components, *(const guint *) a);
  const LayoutComponent *q = part (components, *(const guint *) b);
  if (p->x0 != q->x0)
    return p->x0 - q->x0;
  if (p->y0 != q->y0)
    return p->y0 - q->y0;
  return *(const guint *) a < *(const guint *) b ? -1 : 1;
}

static gint
compare_lines (gconstpointer a, gconstpointer b)
{
  const LayoutTextLine *p = *(LayoutTextLine *const *) a, *q = *(LayoutTextLine *const *) b;
  if (p->y0 != q->y0)
    return p->y0 - q->y0;
  return p->x0 - q->x0;
}

/* Bands of lines, for finding what lies near a place. */
static GArray **
index_lines (GPtrArray *lines, int n_bands, double margin)
{
  GArray **bands = g_new0 (GArray *, n_bands);
  for (guint i = 0; i < lines->len; i++) {
    const LayoutTextLine *l = lines->pdata[i];
    int reach = (int) (margin * MAX (l->x_height, 4));
    for (int b = MAX ((l->y0 - reach) / BAND, 0); b <= MIN ((l->y1 + reach) / BAND, n_bands - 1); b++) {
      if (!bands[b])
        bands[b] = g_array_new (FALSE, FALSE, sizeof (guint));
      g_array_append_val (bands[b], i);
    }
  }
  return bands;
}

static void
free_bands (GArray **bands, int n_bands)
{
  for (int b = 0; b < n_bands; b++)
    if (bands[b])
      g_array_unref (bands[b]);
  g_free (bands);
}

/* Gives small components (dots, commas, accents, dashes) to the line they belong
 * to; those that find none go to `left`. */
static void
attach_small (GPtrArray *lines, const GArray *components, const GArray *small, int n_bands,
              GArray *left)
{
  GArray **bands = index_lines (lines, n_bands, 0.8);
  for (guint k = 0; k < small->len; k++) {
    guint                  index = g_array_index (small, guint, k);
    const LayoutComponent *c     = part (components, index);
    double cy = 0.5 * (c->y0 + c->y1), best = G_MAXDOUBLE;
    LayoutTextLine *which = NULL;
    GArray *band = bands[CLAMP ((int) cy / BAND, 0, n_bands - 1)];
    for (guint j = 0; band && j < band->len; j++) {
      LayoutTextLine *l  = lines->pdata[g_array_index (band, guint, j)];
      double          xh = l->x_height, base = l->baseline + l->slope * (c->x0 - l->x0);
      double aside = MAX (MAX (l->x0 - c->x1, c->x0 - l->x1), 0);
      double above = MAX (base - 1.9 * xh - cy, cy - base - 0.45 * xh);
      if (l->inverted != c->inverted || aside > 1.3 * xh || above > 0 || c->y1 - c->y0 > 1.2 * xh)
        continue;
      double far = aside + 0.5 * fabs (cy - (base - 0.5 * xh));
      if (far < best) {
        best  = far;
        which = l;
      }
    }
    if (which) {
      g_array_append_val (which->parts, index);
      which->x0 = MIN (which->x0, c->x0); /* so that the next dot of "..." finds it too */
      which->x1 = MAX (which->x1, c->x1);
    } else {
      g_array_append_val (left, index);
    }
  }
  free_bands (bands, n_bands);
}

/* Whether two components are the dots of a colon, one over the other. */
static gboolean
are_colon (const LayoutComponent *a, const LayoutComponent *b)
{
  int ah = a->y1 - a->y0, aw = a->x1 - a->x0, bh = b->y1 - b->y0, bw = b->x1 - b->x0;
  int shift = abs (a->x0 + a->x1 - b->x0 - b->x1), apart = MAX (a->y0, b->y0) - MIN (a->y1, b->y1);
  return a->inverted == b->inverted && aw <= 2 * ah && ah <= 2 * aw && bw <= 2 * bh && bh <= 2 * bw && 2 * ah >= bh
         && 2 * bh >= ah && shift <= MIN (aw, bw) && apart > 0 && apart < 5 * MAX (ah, bh);
}

/* The line whose end is the nearest to the left of a colon that stands as high as its letters. */
static LayoutTextLine *
line_of_colon (GPtrArray *lines, const GArray *band, const LayoutComponent *top, const LayoutComponent *foot)
{
  LayoutTextLine *which = NULL;
  for (guint j = 0; band && j < band->len; j++) {
    LayoutTextLine *l    = lines->pdata[g_array_index (band, guint, j)];
    double          xh   = l->x_height, base = l->baseline + l->slope * (foot->x0 - l->x0);
    double          size = foot->y1 - foot->y0, up = base - top->y0;
    if (l->inverted != foot->inverted || l->letters < 2 || l->x1 > foot->x0 || foot->x0 - l->x1 > COLON_GAP * xh
        || fabs (foot->y1 - base) > 0.25 * xh || up < 0.5 * xh || up > 1.3 * xh || size < 0.08 * xh || size > 0.45 * xh)
      continue;
    if (!which || l->x1 > which->x1)
      which = l;
  }
  return which;
}

/* Forms set their colons in a column of their own, far from the labels:
 *
 *   Cashier      : Anna
 *   Salesperson  :
 *
 * Such a colon belongs to the label, as dots alone are no line. */
static void
attach_colons (GPtrArray *lines, const GArray *components, const GArray *left, int n_bands)
{
  GArray **bands = index_lines (lines, n_bands, 0.3);
  for (guint k = 0; k < left->len; k++)
    for (guint m = k + 1; m < MIN (left->len, k + COLON_REACH); m++) {
      guint                  i = g_array_index (left, guint, k), j = g_array_index (left, guint, m);
      const LayoutComponent *a = part (components, i), *b = part (components, j);
      if (!are_colon (a, b))
        continue;
      const LayoutComponent *top = a->y0 < b->y0 ? a : b, *foot = a->y0 < b->y0 ? b : a;
      LayoutTextLine *l = line_of_colon (lines, bands[CLAMP (foot->y0 / BAND, 0, n_bands - 1)], top, foot);
      if (!l)
        continue;
      g_array_append_val (l->parts, i);
      g_array_append_val (l->parts, j);
      l->x1 = MAX (a->x1, b->x1);
      break;
    }
  free_bands (bands, n_bands);
}

/* Joins a fragment (superscript, quotation mark, a letter passed by) to the
 * line whose band and extent hold it, and pieces of one row that meet. */
static void
join_fragments (GPtrArray *lines, const GArray *components, int n_bands)
{
  GArray **bands = index_lines (lines, n_bands, 0.3);
  for (guint i = 0; i < lines->len; i++) {
    LayoutTextLine *f  = lines->pdata[i];
    GArray         *band = bands[CLAMP ((f->y0 + f->y1) / 2 / BAND, 0, n_bands - 1)];
    if (!f->parts->len)
      continue;
    for (guint j = 0; band && j < band->len; j++) {
      LayoutTextLine *l = lines->pdata[g_array_index (band, guint, j)];
      if (l == f || !l->parts->len || l->inverted != f->inverted || l->parts->len < f->parts->len)
        continue;
      double shared = MIN (l->y1, f->y1) - MAX (l->y0, f->y0), h = f->y1 - f->y0;
      double gap    = MAX (l->x0 - f->x1, f->x0 - l->x1);
      gboolean held = gap < 0.25 * l->x_height && shared > (f->parts->len <= 3 ? 0.35 : 0.7) * h
                      && h < 1.6 * (l->y1 - l->y0);
      if (f->parts->len > 3 && gap < -3 * l->x_height)
        held = held && fabs (f->baseline - l->baseline - l->slope * (f->x0 - l->x0)) < 0.3 * l->x_height;
      if (!held)
        continue;
      g_array_append_vals (l->parts, f->parts->data, f->parts->len);
      g_array_set_size (f->parts, 0);
      update_box (l, components);
      break;
    }
  }
  free_bands (bands, n_bands);
  for (guint i = lines->len; i-- > 0;)
    if (!((LayoutTextLine *) lines->pdata[i])->parts->len)
      g_ptr_array_remove_index_fast (lines, i);
}

/* Whether a line of small components is text: letters, not leaders or dirt. */
static gboolean
small_line_is_text (const LayoutTextLine *line, const GArray *components)
{
  if (line->parts->len < 4)
    return FALSE;
  guint full = 0, high = 0;
  for (guint k = 0; k < line->parts->len; k++) {
    const LayoutComponent *c = part (components, g_array_index (line->parts, guint, k));
    int h = c->y1 - c->y0, w = c->x1 - c->x0;
    full += c->area > 0.72 * h * w && w < 1.8 * h + 2;
    high += h >= 5;
  }
  return full < 0.6 * line->parts->len && high > 0.6 * line->parts->len && line->fit < 0.25
         && line->tight > (int) line->parts->len / 3;
}

/* Whether a line of large components is a headline: letters of one height on one
 * foot, close together. */
static gboolean
large_line_is_text (const LayoutTextLine *line, const GArray *components)
{
  int least = G_MAXINT, most = 0;
  for (guint k = 0; k < line->parts->len; k++) {
    const LayoutComponent *c = part (components, g_array_index (line->parts, guint, k));
    least = MIN (least, c->y1 - c->y0);
    most  = MAX (most, c->y1 - c->y0);
  }
  return line->parts->len >= 3 && most < 2 * least && line->fit < 0.08
         && line->tight * 2 >= (int) line->parts->len - 1;
}

/* Moves lines that pass the test from one list to the other. */
static void
take_lines (GPtrArray *from, GPtrArray *to, const GArray *components,
            gboolean (*test) (const LayoutTextLine *, const GArray *))
{
  for (guint i = 0; i < from->len; i++)
    if (test (from->pdata[i], components)) {
      g_ptr_array_add (to, from->pdata[i]);
      from->pdata[i] = new_line ();
    }
}

static void
sort_parts (GPtrArray *lines, GArray *components)
{
  for (guint i = 0; i < lines->len; i++) {
    LayoutTextLine *line = lines->pdata[i];
    g_array_sort_with_data (line->parts, compare_left, components);
    update_box (line, components);
    textlines_fit (line, components);
  }
}

LayoutTextLines *
textlines_find (const GArray *components_in, double height)
{
  GArray *components = (GArray *) (gpointer) components_in; /* sorted with, never written */
  g_autoptr (GArray) letters = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) small   = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) large   = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) left    = g_array_new (FALSE, FALSE, sizeof (guint));
  LayoutTextLines   *out     = g_new0 (LayoutTextLines, 1);
  out->height                = height;
  int page_height = 1;

  for (guint i = 0; i < components->len; i++) {
    const LayoutComponent *c    = part (components, i);
    PartKind               kind = kind_of (c, height);
    page_height                 = MAX (page_height, c->y1);
    if (kind == PART_LETTER)
      g_array_append_val (letters, i);
    else if (kind == PART_LARGE)
      g_array_append_val (large, i);
    else if (kind == PART_SMALL && c->area >= 3)
      g_array_append_val (small, i);
  }
  int n_bands = page_height / BAND + 1;
  g_array_sort_with_data (letters, compare_left, components);
  g_array_sort_with_data (small, compare_left, components);
  g_array_sort_with_data (large, compare_left, components);

  out->lines = chain_components (components, letters, page_height, GAP);
  sort_parts (out->lines, components);
  join_fragments (out->lines, components, n_bands);
  sort_parts (out->lines, components);
  textlines_settle_heights (out->lines);
  attach_small (out->lines, components, small, n_bands, left);
  attach_colons (out->lines, components, left, n_bands);

  /* what is left may be print much smaller than the rest */
  g_autoptr (GPtrArray) tiny = chain_components (components, left, page_height, GAP);
  sort_parts (tiny, components);
  take_lines (tiny, out->lines, components, small_line_is_text);

  /* and what was passed over may be print much larger */
  g_autoptr (GPtrArray) huge = chain_components (components, large, page_height, LARGE_GAP);
  sort_parts (huge, components);
  take_lines (huge, out->lines, components, large_line_is_text);
  sort_parts (out->lines, components);
  textlines_settle_heights (out->lines);
  g_ptr_array_sort (out->lines, compare_lines);
  return out;
}
