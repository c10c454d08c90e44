/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text that tells where it stands.
 */
#include "pipeline/vlm/segments.h"

#include "pipeline/vlm/tasks.h"
#include "pipeline/vlm/windows.h"

#include <stdio.h>
#include <string.h>

#define GAP 0.7 /* of a word's height: words farther apart begin a new segment */

static void
segment_free (gpointer data)
{
  DocaiVlmSegment *segment = data;

  g_free (segment->text);
  g_free (segment);
}

static int
hundredths (double value, double low, double high)
{
  return high > low ? (int) CLAMP (100 * (value - low) / (high - low), 0, 99) : 0;
}

/* Ends the segment whose words were gathered, if there are any. */
static void
end_segment (GPtrArray *segments, GString *words, DocaiBox first, DocaiBox area)
{
  g_autofree char *text = docai_vlm_clean_text (words->str, words->len);

  g_string_truncate (words, 0);
  if (*text == '\0')
    return;
  DocaiVlmSegment *segment = g_new (DocaiVlmSegment, 1);
  segment->text = g_steal_pointer (&text);
  segment->x = hundredths (first.x0, area.x0, area.x1);
  segment->y = hundredths ((first.y0 + first.y1) / 2, area.y0, area.y1);
  g_ptr_array_add (segments, segment);
}

static void
add_line (GPtrArray *segments, const DocaiLine *line, DocaiBox area)
{
  g_autoptr (GString) words = g_string_new (NULL);
  DocaiBox            first = { 0 }, last = { 0 };

  for (guint i = 0; i < line->words->len; i++)
    {
      const DocaiWord *word = line->words->pdata[i];
      if (words->len > 0 && word->bbox.x0 - last.x1 > GAP * docai_box_height (last))
        end_segment (segments, words, first, area);
      if (words->len == 0)
        first = word->bbox;
      else
        g_string_append_c (words, ' ');
      g_string_append (words, word->text);
      last = word->bbox;
    }
  end_segment (segments, words, first, area);
}

GPtrArray *
docai_vlm_segments_new (const DocaiPage *page, DocaiBox area)
{
  GPtrArray *segments = g_ptr_array_new_with_free_func (segment_free);

  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      for (guint k = 0; k < region->lines->len; k++)
        {
          const DocaiLine *line = region->lines->pdata[k];
          double           x = (line->bbox.x0 + line->bbox.x1) / 2, y = (line->bbox.y0 + line->bbox.y1) / 2;
          if (x >= area.x0 && x <= area.x1 && y >= area.y0 && y <= area.y1)
            add_line (segments, line, area);
        }
    }
  return segments;
}

/* Segments [first, first + n) as a prompt has them. */
static char *
segments_text (const GPtrArray *segments, guint first, guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = first; i < first + n; i++)
    {
      const DocaiVlmSegment *segment = segments->pdata[i];
      g_string_append_printf (text, "<|x%02d|><|y%02d|>%s", segment->x, segment->y, segment->text);
    }
  return g_string_free (text, FALSE);
}

GPtrArray *
docai_vlm_segments_windows (const GPtrArray *segments, gsize bytes, guint most)
{
  g_autofree gsize *sizes = g_new (gsize, segments->len + 1);
  GPtrArray        *texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < segments->len; i++)
    sizes[i] = strlen (((const DocaiVlmSegment *) segments->pdata[i])->text);
  g_autoptr (GArray) windows = docai_vlm_windows (sizes, segments->len, bytes, most);
  for (guint i = 0; i < windows->len; i++)
    {
      const DocaiVlmWindow *window = &g_array_index (windows, DocaiVlmWindow, i);
      g_ptr_array_add (texts, segments_text (segments, window->first, window->n));
    }
  return texts;
}

char *
docai_vlm_segments_head (const GPtrArray *segments, gsize bytes)
{
  g_autoptr (GPtrArray) windows = docai_vlm_segments_windows (segments, bytes, 1);

  return g_strdup (windows->pdata[0]);
}

gboolean
docai_vlm_place_take (char *answer, DocaiBox area, double *x, double *y)
{
  char *mark = strstr (answer, "<|x");
  int   column, row, end = 0;

  if (mark == NULL || sscanf (mark, "<|x%2d|><|y%2d|>%n", &column, &row, &end) != 2 || end == 0 || mark[end] != '\0' || column < 0
      || row < 0)
    return FALSE;
  *mark = '\0';
  g_strchomp (answer);
  *x = area.x0 + (column + 0.5) / 100 * docai_box_width (area);
  *y = area.y0 + (row + 0.5) / 100 * docai_box_height (area);
  return TRUE;
}
