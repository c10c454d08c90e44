/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pieces of lines and the page that holds them.
 */
#include "pipeline/layout/segment.h"

#include <math.h>

LayoutSegment *
layout_segment_new (DocaiLine *line)
{
  LayoutSegment *segment = g_new0 (LayoutSegment, 1);
  segment->line          = line;
  segment->bbox          = line->bbox;
  segment->upright       = TRUE;
  return segment;
}

void
layout_segment_free (LayoutSegment *segment)
{
  if (!segment)
    return;
  docai_line_free (segment->line);
  g_free (segment);
}

LayoutPage *
layout_page_new (double width, double height)
{
  LayoutPage *page = g_new0 (LayoutPage, 1);
  page->width      = width;
  page->height     = height;
  page->segments   = g_ptr_array_new_with_free_func ((GDestroyNotify) layout_segment_free);
  page->pictures   = g_array_new (FALSE, FALSE, sizeof (LayoutPicture));
  page->rulings    = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  page->signs      = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_line_free);
  page->fonts      = g_hash_table_new (NULL, NULL);
  return page;
}

/* The size of most characters, neighbouring half points counted half. */
static double
body_size (const GPtrArray *segments)
{
  double weights[160] = { 0 }, best = 0;
  int    at = 0;
  for (guint i = 0; i < segments->len; i++) {
    const LayoutSegment *s = segments->pdata[i];
    weights[CLAMP ((int) lround (2 * s->size), 0, 159)] += s->characters;
  }
  for (int k = 1; k < 159; k++) {
    double sum = weights[k - 1] * 0.5 + weights[k] + weights[k + 1] * 0.5;
    if (sum > best) {
      best = sum;
      at   = k;
    }
  }
  return at / 2.0;
}

void
layout_page_measure (LayoutPage *page)
{
  double bold = 0, mono = 0;
  guint  most = 0;
  page->characters = 0;
  page->body_font  = 0;
  g_hash_table_remove_all (page->fonts);
  for (guint i = 0; i < page->segments->len; i++) {
    const LayoutSegment *s = page->segments->pdata[i];
    page->characters += s->characters;
    bold += s->bold * s->characters;
    mono += s->mono * s->characters;
    gpointer key = GUINT_TO_POINTER (s->font);
    guint    n   = GPOINTER_TO_UINT (g_hash_table_lookup (page->fonts, key)) + (guint) s->characters;
    g_hash_table_insert (page->fonts, key, GUINT_TO_POINTER (n));
    if (n > most) {
      most            = n;
      page->body_font = s->font;
    }
  }
  page->body      = body_size (page->segments);
  page->body_bold = bold > 0.6 * page->characters;
  page->body_mono = mono > 0.5 * page->characters;
}

double
layout_page_font_share (const LayoutPage *page, guint font)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (page->fonts, GUINT_TO_POINTER (font)));
  return page->characters > 0 ? (double) n / page->characters : 0;
}

void
layout_page_free (LayoutPage *page)
{
  if (!page)
    return;
  g_ptr_array_unref (page->segments);
  g_array_unref (page->pictures);
  g_array_unref (page->rulings);
  g_ptr_array_unref (page->signs);
  g_hash_table_unref (page->fonts);
  g_free (page);
}
