/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers on a page that are the axis of a chart.
 *
 * Bars and lines of a drawing need not look like a picture to the layout, but their labels are words of the page: numbers below
 * each other, or beside each other, that lie on a straight line.
 */
#include "pipeline/chart/seeds.h"

#include "pipeline/chart/view.h"

#include <math.h>

#define PARAGRAPH_LINES 4
#define MOST_SEEDS 8
#define LEAST_APART 1.6  /* of the letters' height: labels of an axis, not lines of a text */
#define ASIDE_POINTS 70  /* names of an axis and its labels */
#define ABOVE_POINTS 60  /* a title, a legend */
#define LEAST_POINTS 40  /* of an axis */

gboolean
seeds_is_paragraph (const DocaiRegion *region)
{
  guint wide = 0;

  for (guint i = 0; i < region->lines->len; i++)
    {
      const DocaiLine *line = region->lines->pdata[i];
      wide += line->text != NULL && g_utf8_strlen (line->text, -1) > 25;
    }
  return region->lines->len >= PARAGRAPH_LINES && wide > 0.5 * region->lines->len;
}

gboolean
seeds_may_hold_labels (const DocaiRegion *region)
{
  return region->label != DOCAI_LABEL_CAPTION && region->table == NULL && region->label != DOCAI_LABEL_PICTURE && !seeds_is_paragraph (region);
}

/* The numbers among the page's words as texts. */
static GPtrArray *
collect_numbers (const DocaiPage *page)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func ((GDestroyNotify) chart_text_free);

  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      for (guint k = 0; seeds_may_hold_labels (region) && k < region->lines->len; k++)
        {
          const DocaiLine *line = region->lines->pdata[k];
          for (guint w = 0; w < line->words->len; w++)
            {
              const DocaiWord *word = line->words->pdata[w];
              ChartNumber      number;
              if (!chart_number_parse (word->text, page->scanned, &number))
                continue;
              GPtrArray *words = g_ptr_array_new_with_free_func ((GDestroyNotify) chart_word_free);
              g_ptr_array_add (words, chart_word_new (word->text, word->bbox));
              g_ptr_array_add (texts, chart_text_new (words, 0, 0.7 * docai_box_height (word->bbox)));
            }
        }
    }
  return texts;
}

/* The plot of an axis: to the right of a column, above a row, up to where other text begins. */
static DocaiBox
area_of (const DocaiPage *page, const ViewScale *scale, double size)
{
  DocaiBox labels = scale->box, area;

  if (scale->upright)
    area = DOCAI_BOX (labels.x0 - ASIDE_POINTS, labels.y0 - ABOVE_POINTS, page->width, labels.y1 + ASIDE_POINTS);
  else
    area = DOCAI_BOX (labels.x0 - 2 * ASIDE_POINTS, labels.y0 - 0.8 * page->height, labels.x1 + 2 * ASIDE_POINTS, labels.y1 + 4 * size);
  area = docai_box_clip (area, page->width, page->height);
  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      DocaiBox           other = region->bbox;
      if ((seeds_may_hold_labels (region) || region->label == DOCAI_LABEL_PICTURE) || docai_box_is_empty (docai_box_intersect (area, other)))
        continue;
      if (other.y1 < labels.y0 && docai_overlap (other.x0, other.x1, labels.x0, area.x1) > 0)
        area.y0 = MAX (area.y0, other.y1);
      else if (other.y0 > labels.y1 - size)
        area.y1 = MIN (area.y1, other.y0);
      else if (other.x0 > labels.x1)
        area.x1 = MIN (area.x1, other.x0);
      else if (other.x1 < labels.x0 + size)
        area.x0 = MAX (area.x0, other.x1);
    }
  return area;
}

static gboolean
is_axis (const ViewScale *scale, double size)
{
  double length = scale->axis.last - scale->axis.first;

  return length >= LEAST_POINTS && length / (scale->axis.n_ticks - 1) > LEAST_APART * size;
}

/* A column beside another ends its plot. */
static void
part (GArray *areas, const GArray *columns)
{
  for (guint i = 0; i < columns->len; i++)
    for (guint k = 0; k < columns->len; k++)
      {
        DocaiBox *area = &g_array_index (areas, DocaiBox, i), left = g_array_index (columns, DocaiBox, i), right = g_array_index (columns, DocaiBox, k);
        if (right.x0 > left.x1 && docai_overlap (left.y0, left.y1, right.y0, right.y1) > 0.5 * docai_box_height (left) && right.x0 < area->x1)
          area->x1 = MAX (left.x1 + 1, right.x0 - 0.1 * ASIDE_POINTS);
      }
}

GArray *
seeds_find (const DocaiPage *page)
{
  g_autoptr (GPtrArray) texts = collect_numbers (page);
  g_autoptr (GArray)    columns = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  GArray               *areas = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  const ChartView       view = { NULL, texts, view_letter_size (texts) };

  for (int way = 0; way < 2; way++)
    for (int tries = 0; tries < MOST_SEEDS && areas->len < MOST_SEEDS; tries++)
      {
        g_autoptr (ViewScale) scale = view_find_scale (&view, way == 0);
        if (scale == NULL)
          break;
        for (guint i = 0; i < scale->labels->len; i++)
          ((ChartText *) scale->labels->pdata[i])->used = TRUE;
        if (!is_axis (scale, view.size))
          continue;
        DocaiBox area = area_of (page, scale, view.size);
        if (way == 0)
          g_array_append_val (columns, scale->box);
        g_array_append_val (areas, area);
      }
  part (areas, columns);
  return areas;
}
