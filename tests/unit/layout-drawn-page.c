/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pages drawn by tests of layout.
 */
#include "tests/unit/layout-drawn-page.h"

#include "pipeline/raster.h"
#include "pipeline/stage.h"

#include <math.h>

void
drawn_page_fill (DrawnPage *page, int x, int y, int w, int h)
{
  for (int i = 0; i < w; i++) {
    int top = y + (int) lround (page->slope * (x + i - 0.5 * pixGetWidth (page->pix)));
    for (int k = 0; k < h; k++)
      pixSetPixel (page->pix, x + i, top + k, (l_uint32) page->ink);
  }
}

/* A ring with a stem up, down or none. Returns its advance. */
static int
draw_letter (DrawnPage *page, int x, int baseline, int kind)
{
  int w = 16, pen = 4;
  drawn_page_fill (page, x, baseline - X_HEIGHT, pen, X_HEIGHT);
  drawn_page_fill (page, x + w - pen, baseline - X_HEIGHT, pen, X_HEIGHT);
  drawn_page_fill (page, x, baseline - X_HEIGHT, w, pen);
  drawn_page_fill (page, x, baseline - pen, w, pen);
  if (kind == 1)
    drawn_page_fill (page, x, baseline - X_HEIGHT - 9, pen, 10);
  if (kind == 2)
    drawn_page_fill (page, x + w - pen, baseline - 1, pen, 9);
  return w + 4;
}

void
drawn_page_line (DrawnPage *page, int x0, int x1, int baseline, int seed)
{
  int x = x0, n = seed;
  while (x + 20 < x1) {
    int letters = 2 + (n * 7) % 7;
    for (int i = 0; i < letters && x + 20 < x1; i++, n++)
      x += draw_letter (page, x, baseline, n % 7 == 0 || n % 7 == 3 ? 1 : n % 16 == 5 ? 2 : 0);
    x += 14;
    n++;
  }
}

DrawnPage
drawn_page_new (int width, int height)
{
  DrawnPage page = { pixCreate (width, height, 8), 0, 0, 20 };
  pixSetAllArbitrary (page.pix, 235);
  return page;
}

void
drawn_page_text (DrawnPage *page, int lines)
{
  int width = pixGetWidth (page->pix);
  for (int i = 0; i < lines; i++)
    drawn_page_line (page, 200, width - 220 - (i % 5 == 4 ? 600 : 0), 300 + 60 * i, 3 * i + 1);
}

DocaiPage *
drawn_page_run (DocaiDocument **document, PIX *pix)
{
  DocaiPage *page = docai_page_new (1, pixGetWidth (pix) * 72.0 / DPI, pixGetHeight (pix) * 72.0 / DPI);
  DocaiTask  task = { 0 };
  GError    *error = NULL;
  page->dpi     = DPI;
  page->scanned = TRUE;
  docai_page_take_raster (page, pix);
  *document = docai_document_new ();
  g_ptr_array_add ((*document)->pages, page);
  gpointer engine = docai_layout_stage.open (NULL, NULL);
  gboolean ok     = docai_layout_stage.run (engine, &task, *document, page, &error);
  docai_layout_stage.close (engine);
  g_assert_no_error (error);
  g_assert_true (ok);
  return page;
}

GPtrArray *
drawn_page_lines (const DocaiPage *page)
{
  GPtrArray *lines = g_ptr_array_new ();
  for (guint i = 0; i < page->regions->len; i++) {
    const DocaiRegion *region = page->regions->pdata[i];
    for (guint k = 0; k < region->lines->len; k++)
      g_ptr_array_add (lines, region->lines->pdata[k]);
  }
  return lines;
}
