/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Baseline, x-height, ascender and descender of a line of components.
 */
#include "pipeline/layout/textlines.h"

#include "base/sort.h"

#include <math.h>
#include <stdlib.h>

#define MAX_PARTS 1024 /* a longer line is sampled evenly */
#define LEADER_DOTS 8

/* Shares of the x-height that print usually has, where a line does not show it. */
#define ASCENDER_SHARE  0.45
#define DESCENDER_SHARE 0.40
#define X_TO_CAPITAL    0.69

typedef struct {
  double x, top, bottom, width;
} Letter;

static double
median (double *values, int n)
{
  if (n == 0)
    return 0;
  qsort (values, (size_t) n, sizeof *values, docai_compare_doubles);
  return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

/* The height that three quarters of the parts do not exceed, each counted by the square of its height. */
static double
height_by_size (const double *sorted, int n)
{
  double total = 0, sum = 0;
  int    i = 0;
  for (int k = 0; k < n; k++)
    total += sorted[k] * sorted[k];
  while (i < n - 1 && (sum += sorted[i] * sorted[i]) < 0.75 * total)
    i++;
  return sorted[i];
}

/* Whether most of the parts below a height are the dots of a leader: round, and each on the foot of the one before. */
static gboolean
has_leader (const LayoutTextLine *line, const GArray *components, double height)
{
  const LayoutComponent *before = NULL;
  guint small = 0, dots = 0;
  for (guint k = 0; k < line->parts->len; k++) {
    const LayoutComponent *c
        = &g_array_index (components, LayoutComponent, g_array_index (line->parts, guint, k));
    int w = c->x1 - c->x0, h = c->y1 - c->y0;
    if (h >= height)
      continue;
    small++;
    dots += w <= 2 * h && h <= 2 * w && before && abs (c->y1 - before->y1) <= 1;
    before = c;
  }
  return dots >= LEADER_DOTS && dots > 0.8 * small;
}

/* The height that three quarters of the parts do not exceed, unless these are the dots of a leader. */
static double
usual_height (const LayoutTextLine *line, const GArray *components, guint step)
{
  double heights[MAX_PARTS];
  int    n = 0;
  for (guint k = 0; k < line->parts->len; k += step) {
    const LayoutComponent *c
        = &g_array_index (components, LayoutComponent, g_array_index (line->parts, guint, k));
    heights[n++] = c->y1 - c->y0;
  }
  double usual = median (heights, n);
  if (n > 2 && usual > 0)
    usual = heights[(n * 3) / 4];
  double by_size = n > 0 ? height_by_size (heights, n) : 0;
  return usual < 0.4 * by_size && has_leader (line, components, 0.4 * by_size) ? by_size : usual;
}

/* The letters of a line: parts that are no dots, commas or dashes. */
static int
collect_letters (const LayoutTextLine *line, const GArray *components, Letter *letters)
{
  guint  step = (line->parts->len + MAX_PARTS - 1) / MAX_PARTS;
  int    m = 0;
  double usual = line->parts->len > 0 ? usual_height (line, components, step) : 0;
  for (guint k = 0; k < line->parts->len; k += step) {
    const LayoutComponent *c
        = &g_array_index (components, LayoutComponent, g_array_index (line->parts, guint, k));
    if (c->y1 - c->y0 >= 0.5 * usual && m < MAX_PARTS)
      letters[m++] = (Letter){ 0.5 * (c->x0 + c->x1), c->y0, c->y1, c->x1 - c->x0 };
  }
  return m;
}

/* Straight line through the letters' feet: least squares, refined three times
 * without what lies off it (descenders and dirt weigh nothing in the end). */
static void
fit_baseline (const Letter *letters, int n, double height, double *at_zero, double *slope)
{
  double feet[MAX_PARTS];
  for (int i = 0; i < n; i++)
    feet[i] = letters[i].bottom;
  double b = 0, a = median (feet, n);
  double span = letters[n - 1].x - letters[0].x;
  double keep = 0.6 * height;
  for (int round = 0; round < 4; round++) {
    double sw = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (int i = 0; i < n; i++) {
      double off = letters[i].bottom - (a + b * letters[i].x);
      /* a foot below the line is a descender: let it go sooner */
      if (off > 0.6 * keep || off < -keep)
        continue;
      sw += 1;
      sx += letters[i].x;
      sy += letters[i].bottom;
      sxx += letters[i].x * letters[i].x;
      sxy += letters[i].x * letters[i].bottom;
    }
    double det = sw * sxx - sx * sx;
    if (sw < 2)
      break;
    if (sw >= 4 && span > 4 * height && det > 1e-6) {
      b = (sw * sxy - sx * sy) / det;
      b = CLAMP (b, -0.12, 0.12);
    } else {
      b = 0;
    }
    a    = (sy - b * sx) / sw;
    keep = MAX (keep * 0.55, 0.12 * height);
  }
  *at_zero = a;
  *slope   = b;
}

/* Splits heights above the baseline into those of small letters and those of
 * ascenders and capitals, where both are there: the widest gap between means
 * (Otsu's criterion on sorted values). Returns how many are small; n when there
 * is one height only. */
static int
split_heights (const double *sorted, int n)
{
  double total = 0, below = 0, best = 0;
  int    cut   = n;
  for (int i = 0; i < n; i++)
    total += sorted[i];
  for (int i = 1; i < n; i++) {
    below += sorted[i - 1];
    double low = below / i, high = (total - below) / (n - i);
    double score = (double) i * (n - i) * (high - low) * (high - low);
    if (score > best && high > 1.18 * low && high < 2.0 * low) {
      best = score;
      cut  = i;
    }
  }
  if (cut == n)
    return n;
  double low = 0, high = 0, spread = 0;
  for (int i = 0; i < n; i++)
    *(i < cut ? &low : &high) += sorted[i];
  low /= cut;
  high /= n - cut;
  for (int i = 0; i < n; i++)
    spread += fabs (sorted[i] - (i < cut ? low : high));
  return spread / n < 0.28 * (high - low) ? cut : n;
}

static void
measure_heights (LayoutTextLine *line, const Letter *letters, int n, double a, double b)
{
  double ups[MAX_PARTS], downs[MAX_PARTS], offs[MAX_PARTS], widths[MAX_PARTS];
  int    n_downs = 0;
  for (int i = 0; i < n; i++) {
    double base = a + b * letters[i].x;
    ups[i]      = base - letters[i].top;
    offs[i]     = fabs (letters[i].bottom - base);
    widths[i]   = letters[i].width;
  }
  qsort (ups, (size_t) n, sizeof *ups, docai_compare_doubles);
  int first = 0; /* what hardly rises above the baseline says nothing */
  while (first < n - 1 && ups[first] < 0.4 * ups[n - 1 - n / 8])
    first++;
  int    m     = n - first;
  int    cut   = split_heights (ups + first, m);
  double small = median (ups + first, cut), tall = median (ups + first + cut, m - cut);

  line->x_height = MAX (small, 1);
  line->ascender = tall > small ? tall - small : 0; /* 0: one height only, settled later */
  for (int i = 0; i < n; i++) {
    double base = a + b * letters[i].x, below = letters[i].bottom - base;
    if (base - letters[i].top > 1.22 * small)
      line->up++;
    if (below > 0.2 * small && below < 0.9 * small) {
      line->down++;
      downs[n_downs++] = below;
    }
  }
  line->descender = n_downs ? median (downs, n_downs) : DESCENDER_SHARE * small;
  line->fit       = median (offs, n) / MAX (small, 1);
  line->width     = median (widths, n);
}

void
textlines_fit (LayoutTextLine *line, const GArray *components)
{
  Letter letters[MAX_PARTS];
  int    n = collect_letters (line, components, letters);
  line->up = line->down = 0;
  line->letters         = n;
  if (n == 0) {
    line->baseline = line->y1;
    line->x_height = MAX (line->y1 - line->y0, 1);
    return;
  }
  double tall[MAX_PARTS], ink = 0, area = 0;
  for (int i = 0; i < n; i++)
    tall[i] = letters[i].bottom - letters[i].top;
  double height = median (tall, n), a, b;
  fit_baseline (letters, n, height, &a, &b);
  measure_heights (line, letters, n, a, b);
  line->baseline = a + b * line->x0;
  line->slope    = b;
  for (guint k = 0; k < line->parts->len; k++) {
    const LayoutComponent *c
        = &g_array_index (components, LayoutComponent, g_array_index (line->parts, guint, k));
    ink += c->area;
    area += (double) (c->y1 - c->y0) * (c->x1 - c->x0);
  }
  line->density = area > 0 ? ink / area : 0;
}

/* A line of one height is either small letters only or capitals and digits. Lines
 * of the page that show both tell which: by whichever of their heights is closer;
 * without them it counts as capitals, which is far more common. */
void
textlines_settle_heights (GPtrArray *lines)
{
  g_autoptr (GArray) known = g_array_new (FALSE, FALSE, sizeof (const LayoutTextLine *));
  for (guint i = 0; i < lines->len && known->len < 400; i++) {
    const LayoutTextLine *l = lines->pdata[i];
    if (l->ascender > 0 && l->letters >= 8)
      g_array_append_val (known, l);
  }
  for (guint i = 0; i < lines->len; i++) {
    LayoutTextLine *line = lines->pdata[i];
    if (line->ascender > 0)
      continue;
    double h = line->x_height, small = 0, tall = 0;
    for (guint k = 0; k < known->len; k++) {
      const LayoutTextLine *l = g_array_index (known, const LayoutTextLine *, k);
      double near_small = fabs (h - l->x_height) / l->x_height;
      double near_tall  = fabs (h - l->x_height - l->ascender) / l->x_height;
      small += near_small < 0.10;
      tall += near_tall < 0.12;
    }
    if (small > 2 * tall && line->letters >= 2 && line->letters <= 12) {
      line->ascender = ASCENDER_SHARE * h;
    } else {
      line->x_height  = X_TO_CAPITAL * h;
      line->ascender  = h - line->x_height;
      line->descender = MIN (line->descender, DESCENDER_SHARE * line->x_height);
    }
  }
}
