/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From regions and words to what is worth resolution.
 */
#include "pipeline/vlm/guide.h"

#include <math.h>

/* Words read with less are worth a second look. */
#define SURE 0.7
/* Around a box, points: a word that was misread may have been cut. */
#define MARGIN 4

static gboolean
is_drawn (DocaiLabel label)
{
  switch (label)
    {
    case DOCAI_LABEL_TABLE:
    case DOCAI_LABEL_FORMULA:
    case DOCAI_LABEL_FORM:
    case DOCAI_LABEL_SIGNATURE:
    case DOCAI_LABEL_STAMP:
    case DOCAI_LABEL_BARCODE:
    case DOCAI_LABEL_HANDWRITING:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
has_words (const DocaiRegion *region)
{
  for (guint i = 0; i < region->lines->len; i++)
    if (((DocaiLine *) region->lines->pdata[i])->words->len > 0)
      return TRUE;
  return FALSE;
}

static void
add_box (GArray *boxes, DocaiBox area, DocaiBox box)
{
  DocaiBox part = DOCAI_BOX (MAX (box.x0 - MARGIN, area.x0), MAX (box.y0 - MARGIN, area.y0), MIN (box.x1 + MARGIN, area.x1),
                             MIN (box.y1 + MARGIN, area.y1));

  if (!docai_box_is_empty (part))
    g_array_append_val (boxes, part);
}

static void
add_doubtful_words (GArray *boxes, DocaiBox area, const DocaiRegion *region)
{
  for (guint i = 0; i < region->lines->len; i++)
    {
      const DocaiLine *line = region->lines->pdata[i];
      for (guint k = 0; k < line->words->len; k++)
        {
          const DocaiWord *word = line->words->pdata[k];
          if (word->confidence < SURE)
            add_box (boxes, area, word->bbox);
        }
    }
}

GArray *
docai_vlm_guide_boxes (const DocaiPage *page, DocaiBox area, gboolean pictures)
{
  GArray *boxes = g_array_new (FALSE, FALSE, sizeof (DocaiBox));

  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      if (region->label == DOCAI_LABEL_CHECKBOX_SELECTED || region->label == DOCAI_LABEL_CHECKBOX_UNSELECTED)
        continue;
      if (region->label == DOCAI_LABEL_PICTURE ? pictures : is_drawn (region->label) || !has_words (region))
        add_box (boxes, area, region->bbox);
      else
        add_doubtful_words (boxes, area, region);
    }
  if (page->regions->len == 0) /* nothing is known of it */
    add_box (boxes, area, area);
  return boxes;
}

int
docai_vlm_guide_side (const GArray *boxes, DocaiBox area, int most)
{
  double longest = MAX (docai_box_width (area), docai_box_height (area));
  double side = boxes->len > 0 ? ceil (longest * DOCAI_VLM_LOOK_DPI / 72) : DOCAI_VLM_VIEW_PX;

  return (int) CLAMP (side, 1, MAX (most, 1));
}

double
docai_vlm_guide_doubt (const DocaiPage *page)
{
  guint n = 0, doubtful = 0;

  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      for (guint l = 0; l < region->lines->len; l++)
        {
          const DocaiLine *line = region->lines->pdata[l];
          for (guint k = 0; k < line->words->len; k++, n++)
            doubtful += ((DocaiWord *) line->words->pdata[k])->confidence < SURE;
        }
    }
  return n > 0 ? (double) doubtful / n : 1;
}
