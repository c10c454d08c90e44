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

#include "pipeline/layout/ballots.h"
#include "pipeline/layout/blocks.h"
#include "pipeline/layout/marks.h"
#include "pipeline/layout/orientation.h"
#include "pipeline/layout/pitch.h"
#include "pipeline/stage.h"

#include <math.h>
#include <string.h>

#define MAX_PITCHES 60 /* of typed lines, that others are compared with */

typedef struct {
  LayoutReader *reader;
  LayoutOsd    *osd;
} LayoutEngine;

static gpointer
layout_open (const DocaiSettings *settings, GError **error)
{
  LayoutEngine *engine = g_new0 (LayoutEngine, 1);
  (void) settings;
  (void) error;
  engine->reader = layout_reader_new ();
  engine->osd    = layout_osd_new ();
  return engine;
}

static void
layout_close (gpointer data)
{
  LayoutEngine *engine = data;
  layout_reader_free (engine->reader);
  layout_osd_free (engine->osd);
  g_free (engine);
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

/* Moves a block's lines into a region; a kept block gives its own. */
static DocaiRegion *
region_of (LayoutBlock *block, const DocaiPage *page)
{
  if (block->region)
    return block->region;
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

/* Check boxes and bullets of a scan, until their text is read. */
static void
add_signs (DocaiPage *page, LayoutPage *read)
{
  while (read->signs->len) {
    DocaiLine *line  = g_ptr_array_steal_index (read->signs, 0);
    int        state = marks_ballot (line->text);
    DocaiLabel label = state < 0   ? DOCAI_LABEL_LIST_ITEM
                       : state > 0 ? DOCAI_LABEL_CHECKBOX_SELECTED
                                   : DOCAI_LABEL_CHECKBOX_UNSELECTED;
    DocaiRegion *region = docai_region_new (label, line->bbox, 0.8);
    g_ptr_array_add (region->lines, line);
    docai_region_update_text (region);
    g_ptr_array_add (page->regions, region);
  }
}

/* Divides what was read of a page into regions; see blocks_find for `kept`. */
static void
make_regions (DocaiPage *page, LayoutPage *read, const GPtrArray *kept)
{
  gboolean right_to_left = is_right_to_left (read);
  layout_page_measure (read);
  g_autoptr (GPtrArray) blocks = blocks_find (read, kept);
  labels_assign (read, blocks, page->number);
  order_blocks (read, blocks, right_to_left);
  for (guint i = 0; i < blocks->len; i++)
    g_ptr_array_add (page->regions, region_of (blocks->pdata[i], page));
  add_signs (page, read);
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

/* The check boxes (DocaiBox) among a page's lines. */
static GArray *
find_ballots (const DocaiPage *page)
{
  GArray *boxes = g_array_new (FALSE, FALSE, sizeof (DocaiBox));
  for (guint i = 0; i < page->regions->len; i++) {
    const DocaiRegion *region = page->regions->pdata[i];
    for (guint k = 0; k < region->lines->len; k++) {
      DocaiBox box;
      if (ballots_is_line (region->lines->pdata[k], &box))
        g_array_append_val (boxes, box);
    }
  }
  return boxes;
}

/* A short piece of a typed row is typed, however it was read. */
static void
follow_row (const LayoutPage *read, LayoutSegment *s)
{
  for (guint i = 0; i < read->segments->len && s->line->words->len <= 3 && !s->mono; i++) {
    const LayoutSegment *o = read->segments->pdata[i];
    double gap = MAX (o->bbox.x0 - s->bbox.x1, s->bbox.x0 - o->bbox.x1);
    s->mono = o->mono && o->characters > s->characters && gap > 0 && gap < 6 * o->size && rows_are_same (o, s);
  }
}

/* Tells typed print among what was recognised: lines whose words show it, and those too
 * short to do so that have the pitch of one that does. */
static void
tell_typed (LayoutPage *read)
{
  g_autoptr (GArray) pitches = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  for (guint i = 0; i < read->segments->len; i++)
    g_ptr_array_add (lines, ((LayoutSegment *) read->segments->pdata[i])->line);
  read->pitch = pitch_of_lines (lines);
  if (read->pitch > 0)
    g_array_append_val (pitches, read->pitch);
  for (guint i = 0; i < read->segments->len && pitches->len < MAX_PITCHES; i++) {
    LayoutSegment *s     = read->segments->pdata[i];
    double         pitch = pitch_of_line (s->line);
    s->mono              = pitch > 0;
    if (s->mono)
      g_array_append_val (pitches, pitch);
  }
  for (guint i = 0; i < read->segments->len && (read->pitch > 0 || pitches->len > 1); i++) {
    LayoutSegment *s = read->segments->pdata[i];
    for (guint k = 0; k < pitches->len && !s->mono && s->line->words->len <= 3; k++)
      s->mono = pitch_fits_line (s->line, g_array_index (pitches, double, k));
  }
  for (guint i = 0; i < read->segments->len && pitches->len; i++)
    if (!((LayoutSegment *) read->segments->pdata[i])->mono)
      follow_row (read, read->segments->pdata[i]);
}

/* Takes the lines that have words out of the page's regions. */
static LayoutPage *
read_lines (DocaiPage *page)
{
  LayoutPage *read = layout_page_new (page->width, page->height);
  read->has_text   = TRUE;
  read->from_ink   = TRUE;
  g_autoptr (GArray) ballots = find_ballots (page);
  for (guint i = 0; i < page->rulings->len; i++)
    g_array_append_val (read->rulings, ((DocaiRuling *) page->rulings->pdata[i])->bbox);
  for (guint i = 0; i < page->regions->len; i++) {
    DocaiRegion *region = page->regions->pdata[i];
    if (region->label == DOCAI_LABEL_PICTURE) {
      LayoutPicture picture = { region->bbox, region->confidence };
      g_array_append_val (read->pictures, picture);
    }
    while (region->lines->len) {
      DocaiLine *line = g_ptr_array_steal_index (region->lines, region->lines->len - 1);
      DocaiBox   box;
      if (ballots->len && !ballots_is_line (line, &box))
        ballots_clean_line (line, ballots);
      if (line->words->len)
        g_ptr_array_add (read->segments, recognised_segment (line));
      else
        docai_line_free (line);
    }
  }
  tell_typed (read);
  return read;
}

void
docai_layout_regroup (DocaiPage *page)
{
  g_autoptr (LayoutPage) read = read_lines (page);
  g_ptr_array_set_size (page->regions, 0);
  make_regions (page, read, NULL);
}

/* Takes the regions out of the page that a new division leaves alone, tables that
 * were read and pictures, as blocks that lend them. */
static GPtrArray *
keep_regions (DocaiPage *page)
{
  GPtrArray *kept = g_ptr_array_new_with_free_func ((GDestroyNotify) layout_block_free);
  for (guint i = 0; i < page->regions->len;) {
    DocaiRegion *region = page->regions->pdata[i];
    if (!region->table && region->label != DOCAI_LABEL_PICTURE) {
      i++;
      continue;
    }
    LayoutBlock *block = layout_block_new (region->label);
    block->bbox        = region->bbox;
    block->confidence  = region->confidence;
    block->region      = g_ptr_array_steal_index (page->regions, i);
    g_ptr_array_add (kept, block);
  }
  return kept;
}

void
docai_layout_divide_again (DocaiPage *page)
{
  g_autoptr (GPtrArray) kept = keep_regions (page);
  g_autoptr (LayoutPage) read = NULL;
  if (page->text_source == DOCAI_TEXT_PDF) {
    for (guint i = 0; i < page->regions->len; i++) {
      DocaiRegion *region = page->regions->pdata[i];
      for (guint k = 0; k < region->lines->len; k++) {
        DocaiLine *line = region->lines->pdata[k];
        g_ptr_array_extend_and_steal (page->words, g_steal_pointer (&line->words));
        line->words = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_word_free);
      }
    }
    read = words_read_page (page);
  } else {
    read = read_lines (page);
  }
  g_array_set_size (read->pictures, 0);
  g_ptr_array_set_size (page->regions, 0);
  make_regions (page, read, kept);
}

/* What is read for the orientation; English letters do for a language not told yet. */
static const char *
languages_of (const DocaiTask *task)
{
  const char *languages = task->options ? task->options->languages : NULL;
  return !languages || strcmp (languages, "auto") == 0 ? "eng" : languages;
}

static gboolean
layout_run (gpointer data, const DocaiTask *task, DocaiDocument *document, DocaiPage *page,
            GError **error)
{
  gboolean scan = page->raster && (page->scanned || page->words->len == 0);
  LayoutEngine *engine = data;
  ScanHelp      help   = { engine->reader, engine->osd, languages_of (task),
                           task->settings ? task->settings->tessdata_dir : NULL };
  g_autoptr (LayoutPage) read = scan ? scan_read_page (page, &help, error) : words_read_page (page);
  if (!read)
    return FALSE;
  if (!scan && read->segments->len)
    page->text_source = DOCAI_TEXT_PDF;
  make_regions (page, read, NULL);
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
