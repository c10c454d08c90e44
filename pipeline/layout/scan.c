/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading the ink of a scan: upright, straight, rules and pictures apart, lines
 * with their metrics. The analysis runs on a reduced picture; the page's raster
 * itself is touched only to be turned.
 */
#include "pipeline/layout/ballots.h"
#include "pipeline/layout/binarize.h"
#include "pipeline/layout/bullets.h"
#include "pipeline/layout/dashes.h"
#include "pipeline/layout/graphics.h"
#include "pipeline/layout/orientation.h"
#include "pipeline/layout/segment.h"
#include "pipeline/layout/shading.h"
#include "pipeline/layout/skew.h"

#include <math.h>

#define DARK           120  /* grey values below it */
#define DARK_SHARE     0.7  /* of the pixels, of a page that is dark as a whole */
#define MOST_LIGHT     0.15 /* of its pixels are light: print, no sheet on a dark table */
/* A slant below this leaves lines within the recogniser's tolerance. */
#define LEAST_SKEW 0.08 /* degrees */
#define MOST_SKEW  8.0

/* The page under analysis; pixels are those of the reduced picture. */
typedef struct {
  int          factor;
  LayoutGrey  *grey;
  LayoutTiles *tiles;
  PIX         *bits;
  GArray      *components;
} Scan;

static void
scan_clear (Scan *scan)
{
  g_clear_pointer (&scan->grey, layout_grey_free);
  g_clear_pointer (&scan->tiles, layout_tiles_free);
  g_clear_pointer (&scan->components, g_array_unref);
  pixDestroy (&scan->bits);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scan, scan_clear)

/* The grey value below which this share of the counted pixels lies. */
static int
percentile (const guint counts[256], double share, gsize n)
{
  gsize below = 0;
  int   value = 0;
  while (value < 255 && (below += counts[value]) < share * n)
    value++;
  return value;
}

/* Whether a page is dark with some light print, and not dark print on a sheet that
 * was badly lit or lies on something dark. */
static gboolean
is_dark (const LayoutGrey *grey)
{
  guint counts[256] = { 0 };
  gsize n = (gsize) grey->width * (gsize) grey->height, seen = 0, light = 0;
  for (gsize i = 0; i < n; i += 61, seen++)
    counts[grey->pixels[i]]++;
  int middle = percentile (counts, 0.5, seen), least = percentile (counts, 0.01, seen);
  int most = percentile (counts, 0.99, seen);
  if (percentile (counts, DARK_SHARE, seen) >= DARK || most - middle < 1.5 * (middle - least))
    return FALSE;
  for (int value = (middle + most) / 2; value < 256; value++)
    light += counts[value];
  return light <= MOST_LIGHT * seen;
}

/* Light on dark as a whole, such as a slide, is analysed as its negative. The
 * recogniser tells by reading which way round a line is. */
static void
flip_dark_page (LayoutGrey *grey)
{
  gsize n = (gsize) grey->width * (gsize) grey->height;
  if (!is_dark (grey))
    return;
  for (gsize i = 0; i < n; i++)
    grey->pixels[i] = 255 - grey->pixels[i];
}

/* Grey and binary picture of the raster as it stands now. */
static gboolean
scan_take (Scan *scan, PIX *raster, double dpi)
{
  scan_clear (scan);
  scan->factor = binarize_factor (pixGetWidth (raster), pixGetHeight (raster), dpi);
  scan->grey   = binarize_grey (raster, scan->factor);
  if (scan->grey)
    flip_dark_page (scan->grey);
  scan->bits   = scan->grey ? binarize_page (scan->grey, &scan->tiles) : NULL;
  if (scan->bits)
    shading_clear (scan->bits, scan->grey, scan->tiles);
  return scan->bits != NULL;
}

static gboolean
out_of_memory (GError **error)
{
  g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT,
                       "no memory for the analysis of the page's picture");
  return FALSE;
}

static gboolean
turn_raster (DocaiPage *page, int quarters, GError **error)
{
  PIX *turned = pixRotateOrth (page->raster, quarters);
  if (!turned)
    return out_of_memory (error);
  docai_page_take_raster (page, turned);
  if (quarters % 2) {
    double width = page->width;
    page->width  = page->height;
    page->height = width;
  }
  page->rotation = (page->rotation + 90 * quarters) % 360;
  return TRUE;
}

/* The orientation by components, confirmed or corrected by reading; by Tesseract's
 * detector where neither tells. */
static int
upright_quarters (const Scan *scan, const DocaiPage *page, const ScanHelp *help)
{
  gboolean sure;
  int      width = pixGetWidth (scan->bits), height = pixGetHeight (scan->bits);
  int      quarters = orientation_estimate (scan->components, width, height, &sure);
  int      told     = -1;
  if (help->reader)
    told = layout_reader_orientation (help->reader, help->languages, help->tessdata_dir,
                                      page->raster, scan->factor, scan->components, width, height,
                                      quarters, sure);
  if (told >= 0 || sure || !help->osd)
    return told >= 0 ? told : quarters;
  told = layout_osd_detect (help->osd, help->tessdata_dir, scan->bits);
  return told < 0 ? (quarters == 2 ? 0 : quarters) : told;
}

/* Brings the page upright and straight and leaves its components in `scan`. */
static gboolean
straighten (Scan *scan, DocaiPage *page, const ScanHelp *help, GError **error)
{
  if (!scan_take (scan, page->raster, page->dpi))
    return out_of_memory (error);
  scan->components = components_find (scan->bits);
  double letter    = textlines_letter_height (scan->components);
  if (letter <= 0)
    return TRUE;

  int quarters = upright_quarters (scan, page, help);
  if (quarters) {
    g_autoptr (GArray) turned = orientation_turn (scan->components, pixGetWidth (scan->bits),
                                                  pixGetHeight (scan->bits), quarters);
    g_array_unref (scan->components);
    scan->components = g_steal_pointer (&turned);
    if (!turn_raster (page, quarters, error))
      return FALSE;
  }
  double sharpness;
  double skew = skew_estimate (scan->components, (int) MAX (0.6 * letter, 3), (int) (2 * letter),
                               MOST_SKEW, &sharpness);
  if (sharpness < 1.25 || fabs (skew) < LEAST_SKEW)
    skew = 0;
  if (skew != 0) {
    PIX *straight = skew_straighten (page->raster, skew);
    if (!straight)
      return out_of_memory (error);
    docai_page_take_raster (page, straight);
    page->skew = skew;
  }
  if (quarters || skew != 0)
    return scan_take (scan, page->raster, page->dpi) || out_of_memory (error);
  g_clear_pointer (&scan->components, g_array_unref);
  return TRUE;
}

static DocaiBox
to_points (const LayoutComponent *c, double scale)
{
  return DOCAI_BOX (c->x0 * scale, c->y0 * scale, c->x1 * scale, c->y1 * scale);
}

/* Whether a line is nothing but round dots, as of leaders and patterns. */
static gboolean
line_is_dots (const LayoutTextLine *l, const GArray *components)
{
  guint dots = 0;
  for (guint k = 0; k < l->parts->len; k++) {
    const LayoutComponent *c
        = &g_array_index (components, LayoutComponent, g_array_index (l->parts, guint, k));
    int h = c->y1 - c->y0, w = c->x1 - c->x0;
    dots += c->area > 0.68 * h * w && 4 * w > 3 * h && 4 * h > 3 * w;
  }
  return dots > 0.7 * l->parts->len && 4 * l->tight < (int) l->parts->len;
}

/* Whether a found line is worth reading: not a speck or a picture's stroke. */
static gboolean
line_is_plausible (const LayoutTextLine *l, double letter)
{
  double h = l->y1 - l->y0;
  if (l->letters == 0 || h < 4 || h < 0.35 * letter)
    return FALSE;
  if (l->letters <= 2 && (h < 0.6 * letter || h > 5 * letter || l->density > 0.93
                          || l->x1 - l->x0 < 0.15 * h))
    return FALSE;
  return l->letters < 3 || l->fit < 0.45;
}

static LayoutSegment *
segment_of (const LayoutTextLine *l, double scale)
{
  DocaiLine *line      = docai_line_new ();
  line->bbox           = DOCAI_BOX (l->x0 * scale, l->y0 * scale, l->x1 * scale, l->y1 * scale);
  line->baseline       = l->baseline * scale;
  line->baseline_slope = l->slope;
  line->x_height       = l->x_height * scale;
  line->ascender       = l->ascender * scale;
  line->descender      = l->descender * scale;

  LayoutSegment *s = layout_segment_new (line);
  s->baseline      = line->baseline + 0.5 * l->slope * (line->bbox.x1 - line->bbox.x0);
  s->size          = 2.05 * line->x_height;
  s->characters    = l->letters;
  s->width         = docai_box_width (line->bbox) / MAX (l->letters, 1);
  return s;
}

static LayoutPage *
collect (DocaiPage *page, const LayoutInk *ink, const GArray *pictures, double scale)
{
  const LayoutTextLines *lines = ink->lines;
  const GArray          *rules = ink->rules;
  LayoutPage *out = layout_page_new (page->width, page->height);
  out->from_ink   = TRUE;
  for (guint i = 0; i < rules->len; i++) {
    DocaiBox box = to_points (&g_array_index (rules, LayoutComponent, i), scale);
    g_array_append_val (out->rulings, box);
    g_ptr_array_add (page->rulings, docai_ruling_new (box));
  }
  for (guint i = 0; i < pictures->len; i++) {
    const LayoutGraphic *g = &g_array_index (pictures, LayoutGraphic, i);
    LayoutPicture picture = { DOCAI_BOX (g->x0 * scale, g->y0 * scale, g->x1 * scale, g->y1 * scale),
                              0.6 + 0.3 * MIN (1.5 * g->tones, 1) };
    g_array_append_val (out->pictures, picture);
  }
  for (guint i = 0; i < lines->lines->len; i++) {
    const LayoutTextLine *l = lines->lines->pdata[i];
    if (line_is_plausible (l, lines->height) && !line_is_dots (l, ink->components) && !graphics_is_drawn (ink, pictures, l))
      g_ptr_array_add (out->segments, segment_of (l, scale));
  }
  return out;
}

LayoutPage *
scan_read_page (DocaiPage *page, const ScanHelp *help, GError **error)
{
  g_auto (Scan) scan = { 0 };
  if (!straighten (&scan, page, help, error))
    return NULL;

  double dpi   = page->dpi > 0 ? page->dpi : 72;
  double scale = scan.factor * 72.0 / dpi;
  g_clear_pointer (&scan.components, g_array_unref);

  g_autoptr (GArray) all   = components_find (scan.bits);
  double             guess = MAX (textlines_letter_height (all), 8);
  g_autoptr (GArray) rules = g_array_new (FALSE, FALSE, sizeof (LayoutComponent));
  graphics_take_rules (scan.bits, (int) MAX (2.8 * guess, 24), (int) MAX (0.35 * guess, 4), rules);
  scan.components = rules->len ? components_find (scan.bits) : g_steal_pointer (&all);

  double letter = textlines_letter_height (scan.components);
  g_autoptr (GArray) dark = graphics_find_dark (scan.bits, MAX (letter, 8));
  graphics_add_inverted (scan.bits, dark, scan.components, MAX (letter, 8));
  g_autoptr (GArray) ballots = g_array_new (FALSE, FALSE, sizeof (LayoutBallot));
  ballots_take (scan.bits, scan.components, MAX (letter, 8), ballots);
  g_autoptr (LayoutTextLines) lines = textlines_find (scan.components, MAX (letter, 1));
  g_autoptr (GArray) bullets = bullets_take (scan.components, lines, MAX (letter, 8));
  LayoutInk ink = { scan.bits, scan.grey, scan.tiles, scan.components, lines, rules, dark, MAX (letter, 8) };
  g_autoptr (GArray) pictures = graphics_find_pictures (&ink);
  LayoutPage *read = collect (page, &ink, pictures, scale);
  for (guint i = 0; i < ballots->len; i++) {
    const LayoutBallot *b = &g_array_index (ballots, LayoutBallot, i);
    DocaiBox box = DOCAI_BOX (b->x0 * scale, b->y0 * scale, b->x1 * scale, b->y1 * scale);
    g_ptr_array_add (read->signs, ballots_line (b->marked, box));
  }
  for (guint i = 0; i < bullets->len; i++)
    g_ptr_array_add (read->signs, bullets_line (to_points (&g_array_index (bullets, LayoutComponent, i), scale)));
  g_autoptr (GArray) dashes = dashes_find (scan.components, lines, MAX (letter, 8));
  for (guint i = 0; i < dashes->len; i++)
    g_ptr_array_add (read->signs, dashes_line (&g_array_index (dashes, LayoutDash, i), scale));
  return read;
}
