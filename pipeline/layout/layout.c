/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The layout stage: a page comes with words or with a raster, and leaves upright
 * and straight, divided into labelled regions in reading order.
 *
 *   scan:  raster -> ink components -> pieces of lines \
 *                                                       > blocks -> labels -> order
 *   text layer:       words         -> pieces of lines /
 *
 * Regions of a scan hold lines without words, which the ocr stage fills.
 */
#include "pipeline/layout/layout.h"

#include "pipeline/layout/blocks.h"
#include "pipeline/layout/marks.h"
#include "pipeline/layout/orientation.h"
#include "pipeline/stage.h"

#include <math.h>

static gpointer
layout_open (const DocaiSettings *settings, GError **error)
{
  (void) settings;
  (void) error;
  return layout_osd_new ();
}

static void
layout_close (gpointer engine)
{
  layout_osd_free (engine);
}

static gboolean
is_right_to_left (const LayoutPage *page)
{
  int right = 0, left = 0;
  for (guint i = 0; i < page->segments->len; i++) {
    const LayoutSegment *s = page->segments->pdata[i];
    if (s->line->text)
      *(marks_is_right_to_left (s->line->text) ? &right : &left) += s->characters;
  }
  return right > left;
}

/* Moves a block's lines into a region. */
static DocaiRegion *
region_of (LayoutBlock *block, const DocaiPage *page)
{
  DocaiBox     box    = docai_box_clip (block->bbox, page->width, page->height);
  DocaiRegion *region = docai_region_new (block->label, box, block->confidence);
  blocks_sort_segments (block->segments);
  for (guint i = 0; i < block->segments->len; i++) {
    LayoutSegment *s = block->segments->pdata[i];
    g_ptr_array_add (region->lines, g_steal_pointer (&s->line));
  }
  docai_region_update_text (region);
  return region;
}

/* Divides what was read of a page into regions. */
static void
make_regions (DocaiPage *page, LayoutPage *read)
{
  gboolean right_to_left      = is_right_to_left (read);
  g_autoptr (GPtrArray) blocks = blocks_find (read);
  labels_assign (read, blocks, page->number);
  order_blocks (blocks, right_to_left);
  for (guint i = 0; i < blocks->len; i++)
    g_ptr_array_add (page->regions, region_of (blocks->pdata[i], page));
}

/* A segment of a line that has been recognised. */
static LayoutSegment *
recognised_segment (DocaiLine *line)
{
  LayoutSegment *s = layout_segment_new (line);
  s->characters    = MAX ((int) g_utf8_strlen (line->text ? line->text : "", -1), 1);
  s->size          = line->x_height > 0 ? 2.05 * line->x_height : 0.8 * docai_box_height (line->bbox);
  s->baseline      = line->baseline > 0
                         ? line->baseline + 0.5 * line->baseline_slope * docai_box_width (line->bbox)
                         : line->bbox.y1 - 0.2 * s->size;
  s->width         = docai_box_width (line->bbox) / s->characters;
  return s;
}

void
docai_layout_regroup (DocaiPage *page)
{
  g_autoptr (LayoutPage) read = layout_page_new (page->width, page->height);
  read->has_text              = TRUE;
  read->from_ink              = TRUE;
  for (guint i = 0; i < page->rulings->len; i++)
    g_array_append_val (read->rulings, ((DocaiRuling *) page->rulings->pdata[i])->bbox);
  for (guint i = 0; i < page->regions->len; i++) {
    DocaiRegion *region = page->regions->pdata[i];
    if (region->label == DOCAI_LABEL_PICTURE)
      g_array_append_val (read->pictures, region->bbox);
    while (region->lines->len) {
      DocaiLine *line = g_ptr_array_steal_index (region->lines, region->lines->len - 1);
      if (line->words->len)
        g_ptr_array_add (read->segments, recognised_segment (line));
      else
        docai_line_free (line);
    }
  }
  g_ptr_array_set_size (page->regions, 0);
  make_regions (page, read);
}

static gboolean
layout_run (gpointer engine, const DocaiTask *task, DocaiDocument *document, DocaiPage *page,
            GError **error)
{
  gboolean scan = page->raster && (page->scanned || page->words->len == 0);
  g_autoptr (LayoutPage) read
      = scan ? scan_read_page (page, engine, task->settings ? task->settings->tessdata_dir : NULL, error)
             : words_read_page (page);
  if (!read)
    return FALSE;
  if (!scan && read->segments->len)
    page->text_source = DOCAI_TEXT_PDF;
  make_regions (page, read);
  docai_document_record_stage (document, "layout", "docai", NULL);
  return TRUE;
}

const DocaiStage docai_layout_stage = {
  .name  = "layout",
  .scope = DOCAI_SCOPE_PAGE,
  .open  = layout_open,
  .close = layout_close,
  .run   = layout_run,
};
