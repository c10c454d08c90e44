/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The layout of scans, on pages drawn by the test, so that lines, baselines, slant
 * and orientation are known.
 */
#include "tests/unit/layout-drawn-page.h"

#include "pipeline/layout/components.h"
#include "pipeline/layout/skew.h"
#include "pipeline/raster.h"

#include <math.h>
#include <time.h>

static void
test_components (void)
{
  g_autoptr (DocaiPix) bits = pixCreate (100, 40, 1);
  pixRasterop (bits, 2, 3, 10, 5, PIX_SET, NULL, 0, 0);
  pixRasterop (bits, 31, 10, 40, 2, PIX_SET, NULL, 0, 0); /* over a word's edge */
  pixSetPixel (bits, 12, 8, 1);                           /* touches the first at a corner */
  pixRasterop (bits, 90, 30, 10, 10, PIX_SET, NULL, 0, 0);
  g_autoptr (GArray) found = components_find (bits);
  g_assert_cmpuint (found->len, ==, 3);
  LayoutComponent c = g_array_index (found, LayoutComponent, 0);
  g_assert_cmpint (c.x0, ==, 2);
  g_assert_cmpint (c.x1, ==, 13);
  g_assert_cmpint (c.y1, ==, 9);
  g_assert_cmpint (c.area, ==, 51);
  c = g_array_index (found, LayoutComponent, 1);
  g_assert_cmpint (c.x0, ==, 31);
  g_assert_cmpint (c.x1, ==, 71);
  c = g_array_index (found, LayoutComponent, 2);
  g_assert_cmpint (c.x1, ==, 100);
  g_assert_cmpint (c.y1, ==, 40);
}

/* Against Leptonica's components on noise. */
static void
test_components_noise (void)
{
  g_autoptr (DocaiPix) bits = pixCreate (333, 200, 1);
  guint32              state = 7;
  for (int i = 0; i < 20000; i++) {
    state = state * 1664525u + 1013904223u;
    pixSetPixel (bits, (int) (state >> 8) % 333, (int) (state >> 16) % 200, 1);
  }
  l_int32 expected = 0;
  pixCountConnComp (bits, 8, &expected);
  g_autoptr (GArray) found = components_find (bits);
  g_assert_cmpint ((int) found->len, ==, expected);
  l_int32 ink;
  int     sum = 0;
  pixCountPixels (bits, &ink, NULL);
  for (guint i = 0; i < found->len; i++)
    sum += g_array_index (found, LayoutComponent, i).area;
  g_assert_cmpint (sum, ==, ink);
}

static void
test_straight (void)
{
  DrawnPage sheet = drawn_page_new (2480, 1800);
  drawn_page_text (&sheet, 20);
  g_autoptr (DocaiDocument) document = NULL;
  DocaiPage *page = drawn_page_run (&document, sheet.pix);
  g_autoptr (GPtrArray) lines = drawn_page_lines (page);
  g_assert_cmpint (page->rotation, ==, 0);
  g_assert_cmpfloat (page->skew, ==, 0);
  g_assert_cmpuint (lines->len, ==, 20);
  for (guint i = 0; i < lines->len; i++) {
    const DocaiLine *line = lines->pdata[i];
    double scale = DPI / 72.0, nearest = 300 + 60 * round ((line->baseline * scale - 300) / 60);
    g_assert_cmpfloat (fabs (line->baseline * scale - nearest), <, 2.1);
    g_assert_cmpfloat (fabs (line->x_height * scale - X_HEIGHT), <, 2.5);
    g_assert_cmpfloat (line->ascender * scale, >, 4);
    g_assert_cmpfloat (line->descender * scale, >, 4);
    g_assert_cmpfloat (fabs (line->bbox.x0 * scale - 200), <, 5);
  }
}

static void
test_skew (gconstpointer data)
{
  double degrees = *(const double *) data;
  DrawnPage  sheet   = drawn_page_new (2480, 1800);
  sheet.slope    = tan (degrees * G_PI / 180);
  drawn_page_text (&sheet, 20);
  g_autoptr (DocaiDocument) document = NULL;
  DocaiPage *page = drawn_page_run (&document, sheet.pix);
  g_autoptr (GPtrArray) lines = drawn_page_lines (page);
  g_assert_cmpfloat (fabs (page->skew - degrees), <, 0.06);
  g_assert_cmpuint (lines->len, ==, 20);
  g_assert_cmpint (pixGetWidth (page->raster), ==, 2480);
  g_assert_cmpint (pixGetHeight (page->raster), ==, 1800);
  for (guint i = 0; i < lines->len; i++)
    g_assert_cmpfloat (fabs (((DocaiLine *) lines->pdata[i])->baseline_slope), <, 0.003);
}

static void
test_rotation (gconstpointer data)
{
  int   quarters = GPOINTER_TO_INT (data);
  DrawnPage sheet    = drawn_page_new (2480, 1800);
  drawn_page_text (&sheet, 20);
  PIX *turned = pixRotateOrth (sheet.pix, quarters);
  pixDestroy (&sheet.pix);
  g_autoptr (DocaiDocument) document = NULL;
  DocaiPage *page = drawn_page_run (&document, turned);
  g_autoptr (GPtrArray) lines = drawn_page_lines (page);
  g_assert_cmpint (page->rotation, ==, (4 - quarters) % 4 * 90);
  g_assert_cmpint (pixGetWidth (page->raster), ==, 2480);
  g_assert_cmpfloat (fabs (page->width - 2480 * 72.0 / DPI), <, 0.01);
  g_assert_cmpuint (lines->len, ==, 20);
}

/* Two columns with a narrow gutter, and a heading over both: columns are kept
 * apart, and the left one is read before the right one. */
static void
test_columns (void)
{
  DrawnPage sheet = drawn_page_new (2480, 2400);
  drawn_page_line (&sheet, 300, 2100, 200, 5);
  for (int i = 0; i < 25; i++) {
    drawn_page_line (&sheet, 200, 1200, 320 + 56 * i, i);
    drawn_page_line (&sheet, 1260, 2260, 320 + 56 * i, 2 * i + 9);
  }
  g_autoptr (DocaiDocument) document = NULL;
  DocaiPage *page = drawn_page_run (&document, sheet.pix);
  g_autoptr (GPtrArray) lines = drawn_page_lines (page);
  g_assert_cmpuint (lines->len, ==, 51);
  gboolean right = FALSE;
  for (guint i = 1; i < lines->len; i++) {
    const DocaiLine *line = lines->pdata[i];
    double x0 = line->bbox.x0 * DPI / 72, x1 = line->bbox.x1 * DPI / 72;
    g_assert_true (x1 < 1230 || x0 > 1230);
    right = right || x0 > 1230;
    g_assert_true (!right || x0 > 1230);
  }
}

static void
test_rules_and_inverted (void)
{
  DrawnPage sheet = drawn_page_new (2480, 1600);
  drawn_page_text (&sheet, 8);
  drawn_page_fill (&sheet, 200, 900, 1800, 5);
  drawn_page_fill (&sheet, 200, 900, 5, 400);
  drawn_page_fill (&sheet, 200, 1300, 1800, 5);
  drawn_page_fill (&sheet, 300, 1000, 1200, 120); /* a dark block with light text */
  sheet.ink = 235;
  drawn_page_line (&sheet, 340, 1400, 1070, 4);
  g_autoptr (DocaiDocument) document = NULL;
  DocaiPage *page = drawn_page_run (&document, sheet.pix);
  g_autoptr (GPtrArray) lines = drawn_page_lines (page);
  g_assert_cmpuint (page->rulings->len, ==, 3);
  g_assert_cmpuint (lines->len, ==, 9);
  gboolean light = FALSE;
  for (guint i = 0; i < lines->len; i++)
    light |= fabs (((DocaiLine *) lines->pdata[i])->baseline * DPI / 72 - 1070) < 4;
  g_assert_true (light);
}

/* Number of lines of a page of 20 drawn lines, its greys changed. */
static guint
count_lines (int paper, int ink, gboolean negative)
{
  DocaiDocument *document;
  DrawnPage          sheet = drawn_page_new (2480, 1700);
  pixSetAllArbitrary (sheet.pix, (l_uint32) paper);
  sheet.ink = ink;
  drawn_page_text (&sheet, 20);
  if (negative)
    pixInvert (sheet.pix, sheet.pix);
  g_autoptr (GPtrArray) lines = drawn_page_lines (drawn_page_run (&document, sheet.pix));
  docai_document_free (document);
  return lines->len;
}

/* A slide, light on dark, and a sheet that was badly lit. */
static void
test_dark_pages (void)
{
  g_assert_cmpuint (count_lines (235, 20, FALSE), ==, 20);
  g_assert_cmpuint (count_lines (235, 20, TRUE), ==, 20);
  g_assert_cmpuint (count_lines (170, 10, TRUE), ==, 20);
  g_assert_cmpuint (count_lines (100, 20, FALSE), ==, 20);
}

/* The dark insides of light letters are no letters. */
static void
test_dark_block (void)
{
  DocaiDocument *document;
  DrawnPage          sheet = drawn_page_new (2480, 3508);
  drawn_page_text (&sheet, 10);
  drawn_page_fill (&sheet, 200, 1600, 2000, 400);
  sheet.ink = 235;
  for (int i = 0; i < 5; i++)
    drawn_page_line (&sheet, 300, 2000, 1700 + 60 * i, 2 * i + 1);
  g_autoptr (GPtrArray) lines = drawn_page_lines (drawn_page_run (&document, sheet.pix));
  g_assert_cmpuint (lines->len, ==, 15);
  docai_document_free (document);
}

static void
draw_box (DrawnPage *sheet, int x, int baseline, gboolean marked)
{
  int side = 34, pen = 4;
  drawn_page_fill (sheet, x, baseline - side, side, pen);
  drawn_page_fill (sheet, x, baseline - pen, side, pen);
  drawn_page_fill (sheet, x, baseline - side, pen, side);
  drawn_page_fill (sheet, x + side - pen, baseline - side, pen, side);
  for (int i = 8; marked && i < side - 8; i++) {
    drawn_page_fill (sheet, x + i, baseline - side + i, 3, 3);
    drawn_page_fill (sheet, x + side - i - 3, baseline - side + i, 3, 3);
  }
}

/* Check boxes before text; square letters are none. */
static void
test_checkboxes (void)
{
  DrawnPage sheet = drawn_page_new (2480, 1600);
  drawn_page_text (&sheet, 8);
  for (int i = 0; i < 3; i++) {
    draw_box (&sheet, 300, 900 + 80 * i, i == 1);
    drawn_page_line (&sheet, 360, 1500, 900 + 80 * i, i + 2);
  }
  g_autoptr (DocaiDocument) document = NULL;
  DocaiPage *page   = drawn_page_run (&document, sheet.pix);
  guint      states = 0, lines = 0;
  for (guint i = 0; i < page->regions->len; i++) {
    const DocaiRegion *region = page->regions->pdata[i];
    gboolean marked = region->label == DOCAI_LABEL_CHECKBOX_SELECTED;
    if (!marked && region->label != DOCAI_LABEL_CHECKBOX_UNSELECTED) {
      lines += region->lines->len;
      continue;
    }
    double y = region->bbox.y1 * DPI / 72;
    guint  n = (guint) lround ((y - 900) / 80);
    g_assert_cmpfloat (fabs (y - 900 - 80 * n), <, 4);
    g_assert_cmpfloat (fabs (region->bbox.x0 * DPI / 72 - 300), <, 4);
    g_assert_cmpint (marked, ==, n == 1);
    states |= 1u << n;
  }
  g_assert_cmpuint (states, ==, 7);
  g_assert_cmpuint (lines, ==, 11);
}

/* A box with rounded corners, filled but for a tick when marked. */
static void
draw_round_box (DrawnPage *page, int x, int baseline, gboolean marked)
{
  int side = 36, pen = 4, r = 7;
  for (int k = 0; k < side; k++)
    for (int i = 0; i < side; i++) {
      int      dx = MAX (r - i, i - (side - 1 - r)), dy = MAX (r - k, k - (side - 1 - r));
      double   far = dx > 0 && dy > 0 ? sqrt (dx * dx + dy * dy) : MAX (dx, dy);
      gboolean tick = marked && i > 8 && i < side - 8 && abs (abs (i - 14) + k - 24) < 3;
      if (far <= r && (marked ? !tick : far > r - pen))
        drawn_page_fill (page, x + i, baseline - side + k, 1, 1);
    }
}

/* Rounded boxes: empty, ticked on a filled ground, and without text. Letters o of the
 * print are none. */
static void
test_round_checkboxes (void)
{
  DrawnPage sheet = drawn_page_new (2480, 1600);
  drawn_page_text (&sheet, 8);
  for (int i = 0; i < 4; i++) {
    draw_round_box (&sheet, 300, 900 + 80 * i, i == 2);
    if (i < 3)
      drawn_page_line (&sheet, 370, 1500, 900 + 80 * i, i + 2);
  }
  g_autoptr (DocaiDocument) document = NULL;
  DocaiPage *page  = drawn_page_run (&document, sheet.pix);
  guint      empty = 0, marked = 0;
  for (guint i = 0; i < page->regions->len; i++) {
    const DocaiRegion *region = page->regions->pdata[i];
    gboolean box = region->label == DOCAI_LABEL_CHECKBOX_SELECTED || region->label == DOCAI_LABEL_CHECKBOX_UNSELECTED;
    if (!box)
      continue;
    g_assert_cmpfloat (fabs (region->bbox.x0 * DPI / 72 - 300), <, 4);
    g_assert_cmpint (region->label == DOCAI_LABEL_CHECKBOX_SELECTED, ==, lround ((region->bbox.y1 * DPI / 72 - 900) / 80) == 2);
    empty += region->label == DOCAI_LABEL_CHECKBOX_UNSELECTED;
    marked += region->label == DOCAI_LABEL_CHECKBOX_SELECTED;
  }
  g_assert_cmpuint (empty, ==, 3);
  g_assert_cmpuint (marked, ==, 1);
}

/* A dot or an arrow head before a line. */
static void
draw_bullet (DrawnPage *page, int x, int baseline, gboolean arrow)
{
  for (int i = 0; i < 14; i++) {
    int half = arrow ? (14 - i) / 2 + 1 : (int) lround (sqrt (49 - (i - 6.5) * (i - 6.5)));
    drawn_page_fill (page, x + i, baseline - X_HEIGHT / 2 - half, 1, 2 * half);
  }
}

/* Bullets are told by their place and their fellows, and are no part of their lines; a
 * lone speck is none. */
static void
test_bullets (void)
{
  DrawnPage sheet = drawn_page_new (2480, 1800);
  drawn_page_text (&sheet, 8);
  for (int i = 0; i < 5; i++) {
    draw_bullet (&sheet, 260 + (i > 2) * 60, 900 + 120 * i, i > 2);
    for (int k = 0; k < 2; k++)
      drawn_page_line (&sheet, 310 + (i > 2) * 60, 2000, 900 + 120 * i + 55 * k, 3 * i + k);
  }
  drawn_page_fill (&sheet, 150, 286, 7, 7);
  g_autoptr (DocaiDocument) document = NULL;
  DocaiPage *page    = drawn_page_run (&document, sheet.pix);
  guint      bullets = 0, lines = 0;
  for (guint i = 0; i < page->regions->len; i++) {
    const DocaiRegion *region = page->regions->pdata[i];
    for (guint k = 0; k < region->lines->len; k++) {
      const DocaiLine *line = region->lines->pdata[k];
      double x0 = line->bbox.x0 * DPI / 72;
      if (g_strcmp0 (line->text, "\xe2\x80\xa2") == 0) {
        g_assert_true (fabs (x0 - 260) < 4 || fabs (x0 - 320) < 4);
        bullets++;
      } else {
        g_assert_true (x0 < 210 || x0 > 300);
        lines += docai_box_width (line->bbox) > 100;
      }
    }
  }
  g_assert_cmpuint (bullets, ==, 5);
  g_assert_cmpuint (lines, ==, 18);
}

static void
test_noise (void)
{
  DrawnPage sheet = drawn_page_new (2480, 1800);
  drawn_page_text (&sheet, 20);
  guint32 state = 5;
  for (int i = 0; i < 6000; i++) {
    state = state * 1664525u + 1013904223u;
    pixSetPixel (sheet.pix, (int) (state >> 8) % 2480, (int) (state >> 12) % 1800, 30);
  }
  /* uneven light: the right side is a third darker */
  for (int y = 0; y < 1800; y++)
    for (int x = 0; x < 2480; x++) {
      l_uint32 v;
      pixGetPixel (sheet.pix, x, y, &v);
      pixSetPixel (sheet.pix, x, y, v - v * (l_uint32) x / 7500);
    }
  g_autoptr (DocaiDocument) document = NULL;
  DocaiPage *page = drawn_page_run (&document, sheet.pix);
  g_autoptr (GPtrArray) lines = drawn_page_lines (page);
  g_assert_cmpuint (lines->len, ==, 20);
}

static void
test_degenerate (void)
{
  int sizes[][2] = { { 1, 1 }, { 3, 700 }, { 900, 2 }, { 2480, 3508 } };
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (int depth = 1; depth <= 32; depth = depth == 1 ? 8 : depth * 4) {
      g_autoptr (DocaiDocument) document = NULL;
      DocaiPage *page = drawn_page_run (&document, pixCreate (sizes[i][0], sizes[i][1], depth));
      g_assert_cmpint (page->rotation, ==, 0);
      g_autoptr (GPtrArray) lines = drawn_page_lines (page);
      g_assert_cmpuint (lines->len, ==, 0);
    }
}

static void
test_single_word (void)
{
  DrawnPage sheet = drawn_page_new (2480, 3508);
  drawn_page_line (&sheet, 1000, 1130, 1700, 1);
  g_autoptr (DocaiDocument) document = NULL;
  DocaiPage *page = drawn_page_run (&document, sheet.pix);
  g_autoptr (GPtrArray) lines = drawn_page_lines (page);
  g_assert_cmpuint (lines->len, ==, 1);
  g_assert_cmpfloat (fabs (((DocaiLine *) lines->pdata[0])->baseline * DPI / 72 - 1700), <, 3);
}

/* A checkerboard of specks, all of one size: nothing to read, no blow-up. */
static void
test_dense (void)
{
  PIX *pix = pixCreate (3000, 3000, 1);
  for (int y = 0; y < 3000; y += 6)
    for (int x = 0; x < 3000; x += 6)
      pixRasterop (pix, x, y, 3, 4, PIX_SET, NULL, 0, 0);
  clock_t start = clock (); /* of the processor: others may be busy */
  g_autoptr (DocaiDocument) document = NULL;
  drawn_page_run (&document, pix);
  g_assert_cmpint (clock () - start, <, 20 * CLOCKS_PER_SEC);
}

static void
draw_colon (DrawnPage *sheet, int x, int baseline)
{
  drawn_page_fill (sheet, x, baseline - 5, 5, 5);
  drawn_page_fill (sheet, x, baseline - X_HEIGHT, 5, 5);
}

/* Labels with their colons in a column of their own: they belong to the labels. A pair of
 * dots off the lines belongs to none. */
static void
test_colons (void)
{
  g_autoptr (DocaiDocument) document = NULL;
  DrawnPage sheet = drawn_page_new (1600, 900);
  for (int i = 0; i < 8; i++) {
    drawn_page_line (&sheet, 200, 400, 200 + 60 * i, 3 * i + 1);
    drawn_page_line (&sheet, 800, 1300, 200 + 60 * i, 5 * i + 2);
    draw_colon (&sheet, 560, 200 + 60 * i);
  }
  draw_colon (&sheet, 560, 800);
  DocaiPage *page = drawn_page_run (&document, sheet.pix);
  g_autoptr (GPtrArray) lines = drawn_page_lines (page);
  g_assert_cmpuint (lines->len, ==, 16);
  int with_colon = 0;
  for (guint i = 0; i < lines->len; i++) {
    const DocaiLine *line = lines->pdata[i];
    if (line->bbox.x0 < 500 * 72.0 / DPI)
      with_colon += fabs (line->bbox.x1 - 565 * 72.0 / DPI) < 1;
  }
  g_assert_cmpint (with_colon, ==, 8);
}

/* The dots of a leader outnumber a line's letters, and do not count as such. */
static void
test_leaders (void)
{
  g_autoptr (DocaiDocument) document = NULL;
  DrawnPage sheet = drawn_page_new (1600, 900);
  for (int i = 0; i < 8; i++) {
    drawn_page_line (&sheet, 200, 420, 200 + 60 * i, 3 * i + 1);
    for (int x = 430; x < 1300; x += 10)
      drawn_page_fill (&sheet, x, 200 + 60 * i - 4, 4, 4);
  }
  DocaiPage *page = drawn_page_run (&document, sheet.pix);
  g_autoptr (GPtrArray) lines = drawn_page_lines (page);
  g_assert_cmpuint (lines->len, ==, 8);
  for (guint i = 0; i < lines->len; i++) {
    const DocaiLine *line = lines->pdata[i];
    g_assert_cmpfloat_with_epsilon (line->x_height, X_HEIGHT * 72.0 / DPI, 0.6);
    g_assert_cmpfloat_with_epsilon (line->baseline, (200 + 60 * i) * 72.0 / DPI, 0.6);
  }
}

/* Rows of a table with dark print on grey below a head with light print on a darker grey, light lines between. */
static void
test_shades (void)
{
  g_autoptr (DocaiDocument) document = NULL;
  DrawnPage sheet = drawn_page_new (1600, 1200);
  sheet.ink = 100;
  drawn_page_fill (&sheet, 150, 150, 1300, 80);
  sheet.ink = 140;
  drawn_page_fill (&sheet, 150, 230, 1300, 300);
  sheet.ink = 230;
  drawn_page_line (&sheet, 200, 1400, 200, 4);
  for (int i = 0; i < 5; i++)
    drawn_page_fill (&sheet, 150, 230 + 60 * i, 1300, 2);
  sheet.ink = 20;
  for (int i = 0; i < 5; i++) {
    drawn_page_line (&sheet, 200, 500, 272 + 60 * i, 3 * i + 1);
    drawn_page_line (&sheet, 1000, 1400, 272 + 60 * i, 5 * i + 2);
  }
  for (int i = 0; i < 8; i++)
    drawn_page_line (&sheet, 200, 1400, 620 + 60 * i, 7 * i + 1);
  DocaiPage *page = drawn_page_run (&document, sheet.pix);
  g_autoptr (GPtrArray) lines = drawn_page_lines (page);
  int head = 0, shaded = 0, plain = 0;
  for (guint i = 0; i < lines->len; i++) {
    double baseline = ((DocaiLine *) lines->pdata[i])->baseline * DPI / 72;
    head += fabs (baseline - 200) < 4;
    for (int k = 0; k < 5; k++)
      shaded += fabs (baseline - 272 - 60 * k) < 4;
    for (int k = 0; k < 8; k++)
      plain += fabs (baseline - 620 - 60 * k) < 4;
  }
  g_assert_cmpint (head, ==, 1);
  g_assert_cmpint (shaded, ==, 10);
  g_assert_cmpint (plain, ==, 8);
  g_assert_cmpuint (lines->len, ==, 19);
}

/* Empty cells say so with a dash; dashed and torn rules do not. */
static void
test_dashes (void)
{
  g_autoptr (DocaiDocument) document = NULL;
  DrawnPage sheet = drawn_page_new (1600, 1200);
  for (int i = 0; i < 5; i++) {
    drawn_page_line (&sheet, 200, 500, 272 + 60 * i, 3 * i + 1);
    drawn_page_line (&sheet, 1000, 1400, 272 + 60 * i, 5 * i + 2);
    if (i < 4)
      drawn_page_fill (&sheet, 750, 272 + 60 * i - 12, 12, 4);
  }
  for (int x = 560; x < 960; x += 20) /* dashed */
    drawn_page_fill (&sheet, x, 272 + 240 - 12, 12, 4);
  drawn_page_line (&sheet, 200, 500, 700, 3);
  drawn_page_line (&sheet, 1000, 1400, 700, 4);
  for (int i = 0; i < 6; i++) /* torn */
    drawn_page_fill (&sheet, 560 + 70 * i, 690, 9 + 9 * (i % 3), 3);
  DocaiPage *page = drawn_page_run (&document, sheet.pix);
  g_autoptr (GPtrArray) lines = drawn_page_lines (page);
  int dashes = 0;
  for (guint i = 0; i < lines->len; i++) {
    const DocaiLine *line = lines->pdata[i];
    if (g_strcmp0 (line->text, "-") != 0)
      continue;
    dashes++;
    g_assert_cmpfloat_with_epsilon (line->bbox.x0 * DPI / 72, 750, 2);
    g_assert_cmpfloat_with_epsilon (line->x_height * DPI / 72, X_HEIGHT, 2);
  }
  g_assert_cmpint (dashes, ==, 4);
}

int
main (int argc, char **argv)
{
  static const double angles[] = { 0.4, -1.3, 2.6, -4.5 };
  g_test_init (&argc, &argv, NULL);
  setMsgSeverity (L_SEVERITY_NONE);
  g_test_add_func ("/layout/components/boxes", test_components);
  g_test_add_func ("/layout/components/noise", test_components_noise);
  g_test_add_func ("/layout/scan/straight", test_straight);
  for (guint i = 0; i < G_N_ELEMENTS (angles); i++) {
    g_autofree char *name = g_strdup_printf ("/layout/scan/skew/%u", i);
    g_test_add_data_func (name, &angles[i], test_skew);
  }
  for (int q = 1; q < 4; q++) {
    g_autofree char *name = g_strdup_printf ("/layout/scan/rotation/%d", 90 * q);
    g_test_add_data_func (name, GINT_TO_POINTER (q), test_rotation);
  }
  g_test_add_func ("/layout/scan/columns", test_columns);
  g_test_add_func ("/layout/scan/rules-and-inverted", test_rules_and_inverted);
  g_test_add_func ("/layout/scan/checkboxes", test_checkboxes);
  g_test_add_func ("/layout/scan/round-checkboxes", test_round_checkboxes);
  g_test_add_func ("/layout/scan/bullets", test_bullets);
  g_test_add_func ("/layout/scan/dark-pages", test_dark_pages);
  g_test_add_func ("/layout/scan/dark-block", test_dark_block);
  g_test_add_func ("/layout/scan/noise", test_noise);
  g_test_add_func ("/layout/scan/degenerate", test_degenerate);
  g_test_add_func ("/layout/scan/single-word", test_single_word);
  g_test_add_func ("/layout/scan/dense", test_dense);
  g_test_add_func ("/layout/scan/colons", test_colons);
  g_test_add_func ("/layout/scan/leaders", test_leaders);
  g_test_add_func ("/layout/scan/shades", test_shades);
  g_test_add_func ("/layout/scan/dashes", test_dashes);
  return g_test_run ();
}
