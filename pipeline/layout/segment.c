/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pieces of lines and the page that holds them.
 */
#include "pipeline/layout/segment.h"

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
  page->pictures   = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  page->rulings    = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  return page;
}

void
layout_page_free (LayoutPage *page)
{
  if (!page)
    return;
  g_ptr_array_unref (page->segments);
  g_array_unref (page->pictures);
  g_array_unref (page->rulings);
  g_free (page);
}
