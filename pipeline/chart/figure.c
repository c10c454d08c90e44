/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The charts of a page.
 *
 *     ┌─ region of the picture ─┐
 *     40 ─│  ▇               │        The layout of a scan sees the plot; labels and titles around it are lines of their
 *     20 ─│  ▇  ▇            │        own. The area of a figure takes them in: short lines near the picture and in front of
 *      0 ─┴──────────────────┘        it, but no caption and no paragraph.
 *          May June
 *
 * A page that is nothing but a chart is tried as a whole.
 */
#include "pipeline/chart/figure.h"

#include "pipeline/chart/chart.h"
#include "pipeline/chart/seeds.h"
#include "pipeline/pixels.h"
#include "pipeline/rasterize/rasterize.h"

#include <allheaders.h>
#include <string.h>

#define MOST_FIGURES 12
#define DPI 200
#define LARGE_PX 1800         /* larger pictures are halved */
#define LEAST_POINTS 60
#define NEAR 2.2              /* of a line's height: a label beside its figure */
#define MOST_LABEL_POINTS 18  /* height */
#define MOST_LABEL_CHARACTERS 60
#define PART_POINTS 60        /* between parts of a figure */
#define TALL_POINTS 60        /* no line of text is */
#define WHOLE_LINES 70        /* of a page that may be one chart */
#define WHOLE_CHARACTERS 1200
#define MARGIN_POINTS 14
#define CONFIDENCE 0.9        /* of a picture that measures as a chart */

/* ---- areas --------------------------------------------------------------------------- */

static gboolean
is_label (const DocaiLine *line, DocaiBox area)
{
  double height = docai_box_height (line->bbox), near = NEAR * MIN (height, MOST_LABEL_POINTS);
  double across = docai_overlap (line->bbox.x0, line->bbox.x1, area.x0, area.x1), down = docai_overlap (line->bbox.y0, line->bbox.y1, area.y0, area.y1);
  double apart_x = MAX (line->bbox.x0 - area.x1, area.x0 - line->bbox.x1), apart_y = MAX (line->bbox.y0 - area.y1, area.y0 - line->bbox.y1);

  if (height > MOST_LABEL_POINTS && docai_box_width (line->bbox) > MOST_LABEL_POINTS)
    return FALSE;
  if (line->text != NULL && g_utf8_strlen (line->text, -1) > MOST_LABEL_CHARACTERS)
    return FALSE;
  if (apart_y <= 0)
    return apart_x < near && down > 0.5 * height;
  return apart_y < near && across > 0.5 * docai_box_width (line->bbox);
}

/* Whether a picture is another part of the figure: bars without a frame are pictures of their own. */
static gboolean
is_part (const DocaiRegion *region, DocaiBox box)
{
  double common = docai_overlap (region->bbox.y0, region->bbox.y1, box.y0, box.y1);
  double lower = MIN (docai_box_height (region->bbox), docai_box_height (box));
  double gap = MAX (region->bbox.x0 - box.x1, box.x0 - region->bbox.x1);

  if (region->label != DOCAI_LABEL_PICTURE || region->picture != NULL || docai_box_coverage (region->bbox, box) > 0.99)
    return FALSE;
  return common > 0.6 * lower && gap < PART_POINTS && docai_box_width (region->bbox) < 2 * PART_POINTS;
}

/* Labels that the layout did not see, or only in part, are within a margin; not where other text begins. */
static DocaiBox
add_margin (const DocaiPage *page, DocaiBox box)
{
  DocaiBox wide = docai_box_clip (docai_box_grow (box, MARGIN_POINTS), page->width, page->height);

  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      DocaiBox           other = region->bbox;
      if (docai_box_is_empty (docai_box_intersect (other, wide)) || docai_box_coverage (other, box) > 0.3)
        continue;
      if (other.y1 < box.y0 + 2)
        wide.y0 = MAX (wide.y0, MIN (other.y1, box.y0));
      else if (other.y0 > box.y1 - 2)
        wide.y1 = MIN (wide.y1, MAX (other.y0, box.y1));
      else if (other.x1 < box.x0 + 2)
        wide.x0 = MAX (wide.x0, MIN (other.x1, box.x0));
      else if (other.x0 > box.x1 - 2)
        wide.x1 = MIN (wide.x1, MAX (other.x0, box.x1));
    }
  return wide;
}

/* The area of a figure: its picture and the labels around it. */
static DocaiBox
area_of (const DocaiPage *page, DocaiBox box)
{
  for (gboolean more = TRUE; more;)
    {
      more = FALSE;
      for (guint i = 0; i < page->regions->len; i++)
        {
          const DocaiRegion *region = page->regions->pdata[i];
          if (is_part (region, box))
            {
              box = docai_box_union (box, region->bbox);
              more = TRUE;
            }
          for (guint k = 0; seeds_may_hold_labels (region) && k < region->lines->len; k++)
            {
              const DocaiLine *line = region->lines->pdata[k];
              if (docai_box_coverage (line->bbox, box) > 0.99 || !is_label (line, box))
                continue;
              box = docai_box_union (box, line->bbox);
              more = TRUE;
            }
        }
    }
  return add_margin (page, box);
}

/* ---- words --------------------------------------------------------------------------- */

typedef struct {
  DocaiReaders    *readers;
  const DocaiTask *task;
  const DocaiPage *page;
} Reading;

static DocaiReading *
read_sheet (gpointer data, PIX *sheet, const DocaiTextLine *lines, guint n_lines)
{
  const Reading *reading = data;
  const char    *languages = reading->page->language;
  DocaiReader   *reader = NULL;

  if (languages == NULL || strcmp (languages, "und") == 0)
    languages = strcmp (reading->task->options->languages, "auto") == 0 ? "eng" : reading->task->options->languages;
  reader = docai_readers_lookup (reading->readers, languages, reading->task->settings->tessdata_dir, NULL);
  return reader != NULL ? docai_reader_read (reader, sheet, 0, lines, n_lines, NULL) : NULL;
}

/* The page's words in the area, in pixels of its picture. */
static GPtrArray *
words_in (const DocaiPage *page, DocaiBox area, double scale)
{
  GPtrArray *words = g_ptr_array_new_with_free_func ((GDestroyNotify) chart_word_free);

  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      for (guint k = 0; region->label != DOCAI_LABEL_CAPTION && k < region->lines->len; k++)
        {
          const DocaiLine *line = region->lines->pdata[k];
          for (guint w = 0; w < line->words->len; w++)
            {
              const DocaiWord *word = line->words->pdata[w];
              DocaiBox box = docai_box_scale (DOCAI_BOX (word->bbox.x0 - area.x0, word->bbox.y0 - area.y0, word->bbox.x1 - area.x0,
                                                         word->bbox.y1 - area.y0), scale);
              if (docai_box_coverage (word->bbox, area) > 0.6)
                g_ptr_array_add (words, chart_word_new (word->text, box));
            }
        }
    }
  return words;
}

/* A text layer's words are exact; those of a scan were read for other ends, so the figure's are read again. */
static GPtrArray *
texts_in (Reading *reading, PIX *picture, DocaiBox area, double scale)
{
  const DocaiPage *page = reading->page;
  g_autoptr (GPtrArray) words = page->scanned ? NULL : words_in (page, area, scale);

  return chart_texts_read (picture, words, read_sheet, reading);
}

/* ---- measuring ----------------------------------------------------------------------- */

static PIX *
cut (const DocaiPage *page, DocaiBox area, double *scale)
{
  double per_point = page->dpi / 72;
  int    x0 = (int) (area.x0 * per_point), y0 = (int) (area.y0 * per_point);
  int    x1 = MIN ((int) (area.x1 * per_point), pixGetWidth (page->raster)), y1 = MIN ((int) (area.y1 * per_point), pixGetHeight (page->raster));

  *scale = per_point;
  if (x1 - x0 < 2 || y1 - y0 < 2)
    return NULL;
  BOX *place = boxCreate (x0, y0, x1 - x0, y1 - y0);
  PIX *part = pixClipRectangle (page->raster, place, NULL);
  boxDestroy (&place);
  if (part != NULL && pixGetDepth (part) != 8 && pixGetDepth (part) != 32)
    {
      PIX *grey = pixConvertTo8 (part, 0);
      pixDestroy (&part);
      part = grey;
    }
  while (part != NULL && MAX (pixGetWidth (part), pixGetHeight (part)) > LARGE_PX)
    {
      PIX *half = pixScaleAreaMap2 (part);
      pixDestroy (&part);
      part = half;
      *scale /= 2;
    }
  return part;
}

static DocaiBox
to_points (DocaiBox box, DocaiBox area, double scale)
{
  box = docai_box_scale (box, 1 / scale);
  return DOCAI_BOX (box.x0 + area.x0, box.y0 + area.y0, box.x1 + area.x0, box.y1 + area.y0);
}

static void
place_points (DocaiChart *chart, DocaiBox area, double scale)
{
  for (guint i = 0; i < chart->series->len; i++)
    {
      const DocaiChartSeries *series = chart->series->pdata[i];
      for (guint k = 0; k < series->points->len; k++)
        {
          DocaiChartPoint *point = series->points->pdata[k];
          if (!docai_box_is_empty (point->bbox))
            point->bbox = to_points (point->bbox, area, scale);
        }
    }
}

/* What the chart takes of the area: its values and the words that found a place in it. */
static DocaiBox
extent_of (const DocaiChart *chart, const GPtrArray *texts, DocaiBox area, double scale)
{
  DocaiBox extent = { 0 };

  for (guint i = 0; i < texts->len; i++)
    {
      const ChartText *text = texts->pdata[i];
      if (text->used)
        extent = docai_box_union (extent, to_points (text->box, area, scale));
    }
  for (guint i = 0; i < chart->series->len; i++)
    {
      const DocaiChartSeries *series = chart->series->pdata[i];
      for (guint k = 0; k < series->points->len; k++)
        extent = docai_box_union (extent, ((DocaiChartPoint *) series->points->pdata[k])->bbox);
    }
  return docai_box_grow (extent, 2);
}

/* The chart in the area, its places in points; NULL: none. `class_name` is NULL where it is not known, and set to what it is;
 * `extent` (NULL: not wanted) becomes what it takes of the area. */
static DocaiChart *
measure (Reading *reading, DocaiBox area, const char **class_name, DocaiBox *extent)
{
  double               scale;
  g_autoptr (DocaiPix) picture = cut (reading->page, area, &scale);

  if (picture == NULL)
    return NULL;
  g_autoptr (GPtrArray) texts = texts_in (reading, picture, area, scale);
  DocaiChart *chart = chart_measure (picture, texts, class_name);
  if (chart == NULL)
    return NULL;
  place_points (chart, area, scale);
  if (extent != NULL)
    *extent = docai_box_intersect (extent_of (chart, texts, area, scale), area);
  return chart;
}

/* ---- regions ------------------------------------------------------------------------- */

/* Takes the lines that stand in the chart from the other regions; those left without go. */
static void
take_lines (DocaiPage *page, DocaiRegion *chart, DocaiBox area)
{
  for (guint i = page->regions->len; i-- > 0;)
    {
      DocaiRegion *region = page->regions->pdata[i];
      guint        before = region->lines->len;
      gboolean     inside = docai_box_coverage (region->bbox, area) > 0.95;
      if (region == chart || !(seeds_may_hold_labels (region) || (inside && region->picture == NULL)))
        continue;
      for (guint k = 0; k < region->lines->len;)
        {
          DocaiLine *line = region->lines->pdata[k];
          if (docai_box_coverage (line->bbox, area) > 0.9)
            g_ptr_array_add (chart->lines, g_ptr_array_steal_index (region->lines, k));
          else
            k++;
        }
      if (region->lines->len == 0 && (inside || before > 0))
        g_ptr_array_remove_index (page->regions, i);
      else if (region->lines->len < before)
        docai_region_update_text (region);
    }
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  const DocaiLine *x = *(DocaiLine *const *) a, *y = *(DocaiLine *const *) b;

  if (x->bbox.y0 != y->bbox.y0)
    return x->bbox.y0 < y->bbox.y0 ? -1 : 1;
  return x->bbox.x0 < y->bbox.x0 ? -1 : x->bbox.x0 > y->bbox.x0;
}

/* Makes the region the picture of the chart. A class that a model took it for, and what it said of that, go. */
static void
put_chart (DocaiDocument *document, DocaiPage *page, DocaiRegion *region, DocaiBox area, const char *class_name, DocaiChart *chart)
{
  if (region->picture == NULL || strcmp (region->picture->class_name, class_name) != 0)
    {
      docai_picture_free (region->picture);
      region->picture = docai_picture_new ();
      region->picture->class_name = g_strdup (class_name);
      region->picture->description = g_strdup ("");
      region->picture->confidence = CONFIDENCE;
      region->picture->grounded = TRUE;
    }
  region->picture->data = chart;
  region->label = DOCAI_LABEL_PICTURE;
  region->bbox = area;
  guint before = region->lines->len;
  take_lines (page, region, area);
  if (region->lines->len > before)
    g_ptr_array_sort (region->lines, compare_lines);
  docai_region_update_text (region);
  docai_document_record_stage (document, "vlm", "chart", NULL);
}

/* A picture, or what the layout of a scan took for one tall line of text. */
static gboolean
may_be_chart (const DocaiPage *page, const DocaiRegion *region)
{
  const char *name = region->picture != NULL ? region->picture->class_name : NULL;

  if (MAX (docai_box_width (region->bbox), docai_box_height (region->bbox)) < LEAST_POINTS
      || (region->picture != NULL && region->picture->data != NULL))
    return FALSE;
  if (region->label == DOCAI_LABEL_PICTURE)
    return name == NULL || g_str_has_suffix (name, "_chart") || strcmp (name, "map") == 0 || strcmp (name, "diagram") == 0
           || strcmp (name, "other") == 0 || strcmp (name, "screenshot") == 0 || strcmp (name, "table_image") == 0;
  return page->scanned && region->table == NULL && region->lines->len <= 2 && docai_box_height (region->bbox) > TALL_POINTS;
}

static const char *
known_class (const DocaiRegion *region)
{
  const char *name = region->picture != NULL ? region->picture->class_name : NULL;

  return name != NULL && g_str_has_suffix (name, "_chart") ? name : NULL;
}

/* Whether the page has little but what may be one chart. */
static gboolean
is_sparse (const DocaiPage *page)
{
  guint lines = 0;
  glong characters = 0;

  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      lines += region->lines->len;
      characters += region->text != NULL ? g_utf8_strlen (region->text, -1) : 0;
      if (seeds_is_paragraph (region))
        return FALSE;
    }
  return lines <= WHOLE_LINES && characters <= WHOLE_CHARACTERS && page->regions->len > 0;
}

/* Tries the page as one chart. */
static gboolean
look_at_page (Reading *reading, DocaiDocument *document, DocaiPage *page)
{
  DocaiBox     whole = DOCAI_BOX (0, 0, page->width, page->height);
  DocaiRegion *largest = NULL;
  const char  *name = NULL;

  if (!page->scanned || !is_sparse (page))
    return FALSE;
  for (guint i = 0; i < page->regions->len; i++)
    {
      DocaiRegion *region = page->regions->pdata[i];
      if (region->picture != NULL && region->picture->data != NULL)
        return FALSE;
      if (largest == NULL || docai_box_area (region->bbox) > docai_box_area (largest->bbox))
        largest = region;
    }
  name = known_class (largest);
  DocaiChart *chart = measure (reading, whole, &name, NULL);
  if (chart == NULL)
    return FALSE;
  g_clear_pointer (&largest->table, docai_table_free);
  put_chart (document, page, largest, whole, name, chart);
  return TRUE;
}

static void
look_at_picture (Reading *reading, DocaiDocument *document, DocaiPage *page, DocaiRegion *region)
{
  DocaiBox    area = area_of (page, region->bbox);
  const char *name = known_class (region);
  DocaiBox    extent;
  DocaiChart *chart = measure (reading, area, &name, &extent);

  if (chart != NULL)
    put_chart (document, page, region, docai_box_union (region->bbox, extent), name, chart);
}

static gboolean
has_data (const DocaiPage *page, DocaiBox area)
{
  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      if (region->picture != NULL && region->picture->data != NULL && docai_box_coverage (region->bbox, area) > 0.5)
        return TRUE;
    }
  return FALSE;
}

/* The place in the reading order of what stands there. */
static guint
place_in_order (const DocaiPage *page, DocaiBox box)
{
  for (guint i = 0; i < page->regions->len; i++)
    if (docai_box_coverage (((DocaiRegion *) page->regions->pdata[i])->bbox, box) > 0.5)
      return i;
  return page->regions->len;
}

/* Looks for a chart where numbers make an axis and there is no picture. */
static void
look_at_seed (Reading *reading, DocaiDocument *document, DocaiPage *page, DocaiBox area)
{
  const char *name = NULL;
  DocaiBox    extent;
  DocaiChart *chart = has_data (page, area) ? NULL : measure (reading, area, &name, &extent);

  if (chart == NULL)
    return;
  DocaiRegion *region = docai_region_new (DOCAI_LABEL_PICTURE, extent, CONFIDENCE);
  g_ptr_array_insert (page->regions, (int) place_in_order (page, extent), region);
  put_chart (document, page, region, extent, name, chart);
}

void
docai_chart_look (DocaiReaders *readers, const DocaiTask *task, DocaiDocument *document, DocaiPage *page)
{
  Reading reading = { readers, task, page };
  g_autoptr (GPtrArray) pictures = g_ptr_array_new ();
  g_autoptr (GArray)    seeds = seeds_find (page);

  for (guint i = 0; i < page->regions->len && pictures->len < MOST_FIGURES; i++)
    if (may_be_chart (page, page->regions->pdata[i]))
      g_ptr_array_add (pictures, page->regions->pdata[i]);
  if (pictures->len + seeds->len == 0 || (page->dpi < DPI && !page->scanned && !docai_rasterize_render (task, page, DPI, 32, NULL))
      || page->raster == NULL || look_at_page (&reading, document, page))
    return;
  for (guint i = 0; i < pictures->len; i++)
    if (g_ptr_array_find (page->regions, pictures->pdata[i], NULL)) /* else it lay in another chart */
      look_at_picture (&reading, document, page, pictures->pdata[i]);
  for (guint i = 0; i < seeds->len; i++)
    look_at_seed (&reading, document, page, g_array_index (seeds, DocaiBox, i));
}
