/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table stage: proposes areas (detect-*.c), reads each as a grid (grid.c),
 * and gives the page's tables regions of their own. Words move from the regions
 * and the loose words into the tables' regions; what remains of a region stays
 * where it stood in the reading order. Runs after recognition, so that scans and
 * digital pages look alike: words with boxes, rules, regions.
 */
#include "pipeline/table/regions.h"
#include "pipeline/stage.h"

#define PICTURES 0.35 /* share of a table under its cells' pictures, at most */

static int
compare_areas (gconstpointer a, gconstpointer b)
{
  const Area *s = a, *t = b;
  if (s->box.y0 != t->box.y0)
    return s->box.y0 < t->box.y0 ? -1 : 1;
  return s->box.x0 < t->box.x0 ? -1 : s->box.x0 > t->box.x0;
}

/* Dots and typed rules inside go with the table. */
static void
take_idle (Sheet *sheet, DocaiBox content, FoundTable *one)
{
  for (guint c = 0; c < sheet->chunks->len; c++)
    {
      Chunk *chunk = &AT (sheet->chunks, Chunk, c);
      int    index = (int) c;
      if (chunk->taken || chunk->fixed || !chunk_is_idle (sheet, chunk)
          || docai_box_coverage (chunk->box, content) < 0.5)
        continue;
      chunk->taken = TRUE;
      g_array_append_val (one->chunks, index);
    }
}

/* Whether most of what stands in an area belongs to a picture. */
static gboolean
mostly_pictured (const Grid *grid)
{
  guint n = 0;
  for (guint i = 0; i < grid->order->len; i++)
    n += AT (grid->sheet->chunks, Chunk, AT (grid->order, int, i)).pictured != FALSE;
  return 2 * n > grid->order->len;
}

/* Share of an area under pictures. */
static double
pictured_share (const Sheet *sheet, DocaiBox box)
{
  double covered = 0;
  for (guint i = 0; i < sheet->pictures->len; i++)
    covered += docai_box_coverage (box, AT (sheet->pictures, DocaiBox, i));
  return covered;
}

/* Whether a table is a picture's grid, with the texts of that picture, or on a scan a
 * frame around photographs and their names. */
static gboolean
is_drawn (const Sheet *sheet, const Grid *grid, DocaiBox content, double confidence)
{
  double share = sheet->scanned ? pictured_share (sheet, content) : 0;
  return mostly_pictured (grid) ? confidence < 0.85 || share > 0.9 : share > PICTURES;
}

/* Reads an area; a table takes its chunks, so that no other can. */
static gboolean
try_area (Sheet *sheet, Area area, GPtrArray *found)
{
  g_autoptr (Grid) grid = grid_new (sheet, area);
  DocaiBox    content;
  double      confidence;
  DocaiTable *table = grid_table (grid, &content, &confidence);

  if (table != NULL && is_drawn (sheet, grid, content, confidence))
    g_clear_pointer (&table, docai_table_free); /* a chart's labels */
  if (table == NULL)
    return FALSE;
  FoundTable *one = found_table_new (table, rules_frame (sheet, content), confidence);
  for (guint i = 0; i < grid->order->len; i++)
    {
      int    index = AT (grid->order, int, i);
      Chunk *chunk = &AT (sheet->chunks, Chunk, index);
      if (!docai_box_contains (docai_box_grow (content, 0.5), docai_box_center_x (chunk->box),
                               docai_box_center_y (chunk->box)))
        continue;
      chunk->taken = TRUE;
      g_array_append_val (one->chunks, index);
    }
  take_idle (sheet, content, one);
  g_ptr_array_add (found, one);
  return TRUE;
}

static int
count_chunks (const Sheet *sheet, DocaiBox box)
{
  int n = 0;
  for (guint c = 0; c < sheet->chunks->len; c++)
    {
      DocaiBox own = AT (sheet->chunks, Chunk, c).box;
      n += docai_box_contains (box, docai_box_center_x (own), docai_box_center_y (own));
    }
  return n;
}

static gboolean
areas_touch (const Sheet *sheet, const Area *a, const Area *b)
{
  double common = docai_overlap (a->box.x0, a->box.x1, b->box.x0, b->box.x1);
  double narrower = MIN (docai_box_width (a->box), docai_box_width (b->box));
  return common > 0.5 * narrower && a->box.y0 < b->box.y1 + 0.4 * sheet->em
         && b->box.y0 < a->box.y1 + 0.4 * sheet->em;
}

/* The stack's box with what the lines that touch it add; FALSE when its last rule
 * is rather the head of another table. */
static gboolean
widen_stack (const Sheet *sheet, const GArray *aligned, Area *area)
{
  DocaiBox stack = area->box;
  int      touching = 0;
  gboolean beyond = FALSE;

  for (guint k = 0; k < aligned->len; k++)
    {
      const Area *other = &AT (aligned, Area, k);
      Area        own = { stack, FALSE, 0 };
      if (!areas_touch (sheet, &own, other))
        continue;
      touching++;
      beyond = beyond
               || (other->box.y1 > stack.y1 + 2 * sheet->em
                   && other->box.y1 - stack.y1 > stack.y1 - other->box.y0);
      /* the rules tell the width; what stands further out is a neighbour */
      DocaiBox box = other->box;
      box.x0 = MAX (box.x0, stack.x0 - 2 * sheet->em);
      box.x1 = MIN (box.x1, stack.x1 + 2 * sheet->em);
      if (box.y0 < stack.y0
          && count_chunks (sheet, DOCAI_BOX (box.x0, box.y0, box.x1, stack.y0)) < 2)
        box.y0 = stack.y0; /* a title above the first rule */
      area->box = docai_box_union (area->box, box);
    }
  return touching < 2 || !beyond;
}

/* Stacked and aligned areas that touch are one table, seen twice in part. */
static void
try_open_areas (Sheet *sheet, GPtrArray *found)
{
  g_autoptr (GArray) stacked = g_array_new (FALSE, FALSE, sizeof (Area));
  g_autoptr (GArray) aligned = g_array_new (FALSE, FALSE, sizeof (Area));

  detect_stacked (sheet, stacked);
  detect_aligned (sheet, aligned);
  for (guint i = 0; i < stacked->len; i++)
    {
      Area area = AT (stacked, Area, i);
      if (widen_stack (sheet, aligned, &area) && !try_area (sheet, area, found))
        try_area (sheet, AT (stacked, Area, i), found);
    }
  for (guint k = 0; k < aligned->len; k++)
    if (pictured_share (sheet, AT (aligned, Area, k).box) < 0.2) /* else labels of pictures */
      try_area (sheet, AT (aligned, Area, k), found);
}

static gboolean
meets_found (const GPtrArray *found, DocaiBox box)
{
  for (guint i = 0; i < found->len; i++)
    if (docai_box_coverage (((const FoundTable *) g_ptr_array_index (found, i))->box, box) > 0.2)
      return TRUE;
  return FALSE;
}

static void
find_tables (Sheet *sheet, const DocaiPage *page, GPtrArray *found)
{
  g_autoptr (GArray) ruled = g_array_new (FALSE, FALSE, sizeof (Area));

  detect_ruled (sheet, ruled);
  g_array_sort (ruled, compare_areas);
  for (guint i = 0; i < ruled->len; i++)
    try_area (sheet, AT (ruled, Area, i), found);
  try_open_areas (sheet, found);
  for (guint r = 0; r < page->regions->len; r++)
    {
      const DocaiRegion *region = g_ptr_array_index (page->regions, r);
      Area               area = { region->bbox, FALSE, 0 };
      if (region->label == DOCAI_LABEL_TABLE && !meets_found (found, region->bbox))
        try_area (sheet, area, found);
    }
}

static gboolean
run (gpointer engine, const DocaiTask *task, DocaiDocument *document, DocaiPage *page,
     GError **error)
{
  if (!task->options->tables)
    return TRUE;
  g_autoptr (Sheet) sheet = sheet_new (page);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) found_table_free);

  find_tables (sheet, page, found);
  regions_take_tables (page, sheet, found);
  docai_document_record_stage (document, "table", "docai", NULL);
  return TRUE;
}

const DocaiStage docai_table_stage = { .name = "table", .scope = DOCAI_SCOPE_PAGE, .run = run };
