/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pictures of scans: photographs, plots and logos are found as such; bars, panels,
 * frames and tables are none.
 */
#include "tests/unit/layout-drawn-page.h"

#include <math.h>

/* A photograph: smooth tones from dark to light. */
static void
draw_photo (DrawnPage *page, int x, int y, int w, int h)
{
  for (int k = 0; k < h; k++)
    for (int i = 0; i < w; i++) {
      double v = 110 + 55 * sin (0.02 * i + 0.013 * k) + 40 * sin (0.05 * k - 0.03 * i);
      pixSetPixel (page->pix, x + i, y + k, (l_uint32) CLAMP (v, 0, 255));
    }
}

static void
draw_frame (DrawnPage *page, int x, int y, int w, int h)
{
  drawn_page_fill (page, x, y, w, 5);
  drawn_page_fill (page, x, y + h - 5, w, 5);
  drawn_page_fill (page, x, y, 5, h);
  drawn_page_fill (page, x + w - 5, y, 5, h);
}

/* Lines of text above and below of what a test draws between 800 and 1600. */
static DrawnPage
page_around (void)
{
  DrawnPage page = drawn_page_new (2480, 2600);
  drawn_page_text (&page, 8);
  for (int i = 0; i < 12; i++)
    drawn_page_line (&page, 200, 2260, 1750 + 60 * i, 2 * i);
  return page;
}

/* The pictures (DocaiBox, pixels) of a drawn page, and its lines outside of them. */
static GArray *
find_pictures (DrawnPage *drawn, guint *n_lines)
{
  g_autoptr (DocaiDocument) document = NULL;
  DocaiPage *page  = drawn_page_run (&document, drawn->pix);
  GArray    *found = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  *n_lines = 0;
  for (guint i = 0; i < page->regions->len; i++) {
    const DocaiRegion *region = page->regions->pdata[i];
    if (region->label == DOCAI_LABEL_PICTURE) {
      DocaiBox box = docai_box_scale (region->bbox, DPI / 72.0);
      g_array_append_val (found, box);
    } else {
      *n_lines += region->lines->len;
    }
  }
  return found;
}

static void
assert_box (const GArray *found, guint at, DocaiBox expected)
{
  g_assert_cmpuint (at, <, found->len);
  DocaiBox box = g_array_index (found, DocaiBox, at);
  g_assert_cmpfloat (docai_box_coverage (box, expected), >, 0.9);
  g_assert_cmpfloat (docai_box_coverage (expected, box), >, 0.9);
}

static void
test_photo (void)
{
  guint     lines;
  DrawnPage page = page_around ();
  draw_photo (&page, 600, 850, 900, 700);
  g_autoptr (GArray) found = find_pictures (&page, &lines);
  g_assert_cmpuint (found->len, ==, 1);
  assert_box (found, 0, DOCAI_BOX (600, 850, 1500, 1550));
  g_assert_cmpuint (lines, ==, 20);
}

/* Three photographs of one height side by side are no word. */
static void
test_photos_in_a_row (void)
{
  guint     lines;
  DrawnPage page = page_around ();
  for (int i = 0; i < 3; i++)
    draw_photo (&page, 250 + 700 * i, 900, 600, 500);
  g_autoptr (GArray) found = find_pictures (&page, &lines);
  g_assert_cmpuint (found->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    assert_box (found, i, DOCAI_BOX (250 + 700 * i, 900, 850 + 700 * i, 1400));
  g_assert_cmpuint (lines, ==, 20);
}

/* Axes with a curve: the picture is what the curve is drawn in. */
static void
test_plot (void)
{
  guint     lines;
  DrawnPage page = page_around ();
  draw_frame (&page, 500, 850, 1200, 700);
  for (int i = 0; i < 1100; i++)
    drawn_page_fill (&page, 540 + i, 1200 + (int) (250 * sin (0.006 * i)), 5, 8);
  drawn_page_line (&page, 1300, 1500, 930, 3);
  g_autoptr (GArray) found = find_pictures (&page, &lines);
  g_assert_cmpuint (found->len, ==, 1);
  assert_box (found, 0, DOCAI_BOX (500, 850, 1700, 1550));
  g_assert_cmpuint (lines, ==, 20);
}

/* Dark bars and tinted panels with or without text, frames around text and grids of
 * cells are no pictures, and all their text is found. */
static void
test_grounds (void)
{
  guint     lines;
  DrawnPage page = page_around ();
  drawn_page_fill (&page, 200, 850, 2000, 130);
  page.ink = 235;
  drawn_page_line (&page, 260, 1200, 935, 4); /* light on dark */
  page.ink = 190;
  drawn_page_fill (&page, 200, 1040, 2000, 120);
  page.ink = 20;
  drawn_page_line (&page, 260, 1500, 1115, 5);
  draw_frame (&page, 200, 1220, 1000, 200);
  for (int i = 0; i < 2; i++)
    drawn_page_line (&page, 240, 1150, 1300 + 70 * i, i);
  draw_frame (&page, 1300, 1220, 900, 300);
  for (int i = 1; i < 3; i++) {
    drawn_page_fill (&page, 1300, 1220 + 100 * i, 900, 5);
    drawn_page_fill (&page, 1300 + 300 * i, 1220, 5, 300);
  }
  for (int i = 0; i < 9; i++)
    drawn_page_line (&page, 1330 + 300 * (i % 3), 1560 + 300 * (i % 3), 1290 + 100 * (i / 3), i);
  g_autoptr (GArray) found = find_pictures (&page, &lines);
  g_assert_cmpuint (found->len, ==, 0);
  g_assert_cmpuint (lines, ==, 20 + 2 + 2 + 9);
}

/* A dark panel that long rules are tied to: the light text on it is found. */
static void
test_tied_panel (void)
{
  guint     lines;
  DrawnPage page = page_around ();
  drawn_page_fill (&page, 1500, 850, 700, 602);
  for (int i = 0; i < 4; i++)
    drawn_page_fill (&page, 200, 850 + 148 * i, 1310, 8);
  drawn_page_fill (&page, 200, 850, 8, 600);
  page.ink = 235;
  for (int i = 0; i < 5; i++)
    drawn_page_line (&page, 1560, 2150, 950 + 90 * i, 3 * i + 1);
  g_autoptr (GArray) found = find_pictures (&page, &lines);
  g_assert_cmpuint (found->len, ==, 0);
  g_assert_cmpuint (lines, ==, 20 + 5);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/pictures/photo", test_photo);
  g_test_add_func ("/layout/pictures/photos-in-a-row", test_photos_in_a_row);
  g_test_add_func ("/layout/pictures/plot", test_plot);
  g_test_add_func ("/layout/pictures/grounds", test_grounds);
  g_test_add_func ("/layout/pictures/tied-panel", test_tied_panel);
  return g_test_run ();
}
