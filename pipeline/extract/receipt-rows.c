/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A till slip in reading order. The columns of a slip are far apart, so that layout
 * takes them for columns of text; a slip is read row by row:
 *
 *   Subtotal          17.28      two regions, one below the other in the order so far,
 *   Rounding           0.02      become one of three lines
 *   TOTAL             17.30
 *
 * Tables and pictures stay whole; the other regions are made anew of rows.
 */
#include "pipeline/extract/fields.h"

#define PARAGRAPH_GAP 0.9 /* between rows of a region at most, in heights of the rows */

typedef struct {
  GHashTable *region_of; /* DocaiWord to the DocaiRegion that it leaves */
  GPtrArray  *kept;      /* DocaiRegion, of this page */
  GPtrArray  *made;
} Slip;

static gboolean
is_kept (const DocaiRegion *region)
{
  return region->table != NULL || region->picture != NULL || region->label == DOCAI_LABEL_PICTURE
         || region->label == DOCAI_LABEL_TABLE;
}

/* The words of regions that are taken apart; returns how many. */
static guint
note_words (Slip *slip, const DocaiPage *page)
{
  for (guint r = 0; r < page->regions->len; r++)
    {
      DocaiRegion *region = page->regions->pdata[r];
      for (guint l = 0; l < region->lines->len && !is_kept (region); l++)
        {
          const DocaiLine *line = region->lines->pdata[l];
          for (guint w = 0; w < line->words->len; w++)
            g_hash_table_insert (slip->region_of, line->words->pdata[w], region);
        }
    }
  return g_hash_table_size (slip->region_of);
}

/* ---- rows -------------------------------------------------------------------------- */

typedef struct {
  DocaiLine *line;
  DocaiLabel label;
  double     confidence;
} Row;

/* The row's words that leave their regions, as a line that lends them yet; NULL: none. A
 * row that was of one region keeps what this one was called. */
static DocaiLine *
line_of_row (const Slip *slip, const DocaiView *view, const DocaiRow *view_row, Row *row)
{
  DocaiLine         *line = docai_line_new ();
  const DocaiRegion *only = NULL;

  *row = (Row){ .line = line, .confidence = 1 };
  for (int s = view_row->first; s < view_row->first + view_row->count; s++)
    {
      const DocaiSegment *segment = docai_view_segment (view, s);
      for (guint w = 0; w < segment->words->len; w++)
        {
          const DocaiRegion *region = g_hash_table_lookup (slip->region_of, segment->words->pdata[w]);
          if (region == NULL)
            continue;
          row->label = line->words->len == 0 || region == only ? region->label : DOCAI_LABEL_TEXT;
          row->confidence = MIN (row->confidence, region->confidence);
          only = line->words->len == 0 || region == only ? region : NULL;
          g_ptr_array_add (line->words, segment->words->pdata[w]);
        }
    }
  if (line->words->len > 0)
    docai_line_update (line);
  return line;
}

/* Whether a region that stays stands between two rows. */
static gboolean
is_parted (const Slip *slip, const DocaiLine *above, const DocaiLine *below)
{
  for (guint i = 0; i < slip->kept->len; i++)
    {
      const DocaiRegion *region = slip->kept->pdata[i];
      if (region->bbox.y0 > docai_box_center_y (above->bbox) && region->bbox.y0 < docai_box_center_y (below->bbox))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_continued (const Slip *slip, const DocaiRegion *region, const Row *row)
{
  const DocaiLine *last = region->lines->pdata[region->lines->len - 1];
  double           height = MIN (docai_box_height (last->bbox), docai_box_height (row->line->bbox));

  return region->label == row->label && row->line->bbox.y0 - last->bbox.y1 <= PARAGRAPH_GAP * height
         && !is_parted (slip, last, row->line);
}

static void
add_row (Slip *slip, const Row *row)
{
  DocaiRegion *region = slip->made->len > 0 ? slip->made->pdata[slip->made->len - 1] : NULL;

  if (region == NULL || !is_continued (slip, region, row))
    {
      region = docai_region_new (row->label, row->line->bbox, row->confidence);
      g_ptr_array_add (slip->made, region);
    }
  g_ptr_array_add (region->lines, row->line);
  region->bbox = docai_box_union (region->bbox, row->line->bbox);
  region->confidence = MIN (region->confidence, row->confidence);
}

/* ---- the page ------------------------------------------------------------------------ */

static int
compare_tops (gconstpointer a, gconstpointer b)
{
  const DocaiRegion *left = *(const DocaiRegion *const *) a, *right = *(const DocaiRegion *const *) b;

  return (left->bbox.y0 > right->bbox.y0) - (left->bbox.y0 < right->bbox.y0);
}

/* Frees the regions that were taken apart, less their words, and gives the page the others. */
static void
replace_regions (Slip *slip, DocaiPage *page)
{
  for (guint r = page->regions->len; r-- > 0;)
    {
      DocaiRegion *region = page->regions->pdata[r];
      if (is_kept (region))
        continue;
      for (guint l = 0; l < region->lines->len; l++)
        {
          DocaiLine *line = region->lines->pdata[l];
          while (line->words->len > 0)
            g_ptr_array_steal_index (line->words, line->words->len - 1);
        }
      g_ptr_array_remove_index (page->regions, r);
    }
  for (guint i = 0; i < slip->made->len; i++)
    {
      docai_region_update_text (slip->made->pdata[i]);
      g_ptr_array_add (page->regions, slip->made->pdata[i]);
    }
  g_ptr_array_sort (page->regions, compare_tops);
}

/* Forgets lines that were made and lend their words. */
static void
forget_rows (Slip *slip)
{
  for (guint i = 0; i < slip->made->len; i++)
    {
      DocaiRegion *region = slip->made->pdata[i];
      for (guint l = 0; l < region->lines->len; l++)
        while (((DocaiLine *) region->lines->pdata[l])->words->len > 0)
          g_ptr_array_steal_index (((DocaiLine *) region->lines->pdata[l])->words, 0);
      docai_region_free (region);
    }
}

static void
order_page (const DocaiView *view, DocaiPage *page)
{
  g_autoptr (GHashTable) region_of = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray)  kept = g_ptr_array_new (), made = g_ptr_array_new ();
  Slip                   slip = { region_of, kept, made };
  guint                  n_words = note_words (&slip, page), n_placed = 0;

  for (guint r = 0; r < page->regions->len; r++)
    if (is_kept (page->regions->pdata[r]))
      g_ptr_array_add (kept, page->regions->pdata[r]);
  for (int r = 0; r < (int) view->rows->len; r++)
    {
      Row row;
      if (docai_view_row (view, r)->page != page->number)
        continue;
      if (line_of_row (&slip, view, docai_view_row (view, r), &row)->words->len == 0)
        {
          docai_line_free (row.line);
          continue;
        }
      n_placed += row.line->words->len;
      add_row (&slip, &row);
    }
  /* A word without a place would be lost. */
  if (n_placed == n_words)
    replace_regions (&slip, page);
  else
    forget_rows (&slip);
}

void
docai_receipt_order_rows (DocaiExtraction *x)
{
  for (guint i = 0; i < x->document->pages->len; i++)
    order_page (x->view, x->document->pages->pdata[i]);
}
