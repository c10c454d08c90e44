/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Moving a table's words out of the regions that held them. A region that loses
 * all its lines goes; one that keeps lines above and below the table is parted.
 */
#include "pipeline/table/regions.h"

#include "pipeline/layout/layout.h"

#define MAX_ROW_PIECE_CHARACTERS 16

FoundTable *
found_table_new (DocaiTable *table, DocaiBox box, double confidence)
{
  FoundTable *found = g_new0 (FoundTable, 1);
  found->table = table;
  found->box = box;
  found->confidence = confidence;
  found->chunks = g_array_new (FALSE, FALSE, sizeof (int));
  return found;
}

void
found_table_free (FoundTable *found)
{
  if (found == NULL)
    return;
  docai_table_free (found->table);
  g_array_unref (found->chunks);
  g_free (found);
}

/* Leaves out of a list the words that a table has; they are owned there now. */
static void
drop_words (GPtrArray *words, GHashTable *moved)
{
  gsize     n = 0;
  gpointer *all = g_ptr_array_steal (words, &n);

  for (gsize i = 0; i < n; i++)
    if (!g_hash_table_contains (moved, all[i]))
      g_ptr_array_add (words, all[i]);
  g_free (all);
}

static DocaiBox
lines_box (const GPtrArray *lines)
{
  DocaiBox box = { 0 };
  for (guint i = 0; i < lines->len; i++)
    box = docai_box_union (box, ((const DocaiLine *) g_ptr_array_index (lines, i))->bbox);
  return box;
}

/* Takes moved words out of a region's lines, then the lines that are empty.
 * TRUE when anything was taken. */
static gboolean
strip_region (DocaiRegion *region, GHashTable *moved)
{
  gboolean changed = FALSE;

  for (guint l = 0; l < region->lines->len;)
    {
      DocaiLine *line = g_ptr_array_index (region->lines, l);
      guint      before = line->words->len;
      drop_words (line->words, moved);
      changed = changed || line->words->len < before;
      if (line->words->len == 0 && before > 0)
        {
          g_ptr_array_remove_index (region->lines, l);
          continue;
        }
      if (line->words->len < before)
        docai_line_update (line);
      l++;
    }
  if (changed && region->label != DOCAI_LABEL_PICTURE)
    region->bbox = lines_box (region->lines);
  if (changed)
    docai_region_update_text (region);
  return changed;
}

static DocaiLine *
line_of_chunk (const Sheet *sheet, const Chunk *chunk)
{
  DocaiLine *line = docai_line_new ();
  for (int i = 0; i < chunk->n; i++)
    g_ptr_array_add (line->words, AT (sheet->tokens, Token, chunk->first + i).word);
  docai_line_update (line);
  return line;
}

static DocaiRegion *
table_region (const Sheet *sheet, FoundTable *found)
{
  DocaiRegion *region = docai_region_new (DOCAI_LABEL_TABLE, found->box, found->confidence);
  region->table = g_steal_pointer (&found->table);
  for (guint i = 0; i < found->chunks->len; i++)
    g_ptr_array_add (region->lines,
                     line_of_chunk (sheet, &AT (sheet->chunks, Chunk, AT (found->chunks, int, i))));
  docai_region_update_text (region);
  return region;
}

/* The region among whose words the table's first word stood; -1: none. */
static int
home_region (const Sheet *sheet, const FoundTable *found)
{
  int home = -1;
  for (guint i = 0; i < found->chunks->len; i++)
    {
      const Chunk *chunk = &AT (sheet->chunks, Chunk, AT (found->chunks, int, i));
      int          region = AT (sheet->tokens, Token, chunk->first).region;
      if (region >= 0 && (home < 0 || region < home))
        home = region;
    }
  return home;
}

/* Where a table without home stands: before the first region that begins below
 * its top in the same columns. */
static int
place_among (const DocaiPage *page, DocaiBox box)
{
  for (guint r = 0; r < page->regions->len; r++)
    {
      const DocaiRegion *region = g_ptr_array_index (page->regions, r);
      if (region->label != DOCAI_LABEL_PAGE_HEADER && region->bbox.y0 >= box.y0
          && docai_overlap (region->bbox.x0, region->bbox.x1, box.x0, box.x1) > 0)
        return (int) r;
    }
  return (int) page->regions->len;
}

/* Parts a region whose lines stand above and below a height; NULL: all on one side. */
static DocaiRegion *
split_below (DocaiRegion *region, double y)
{
  guint first = 0;

  while (first < region->lines->len
         && docai_box_center_y (((DocaiLine *) g_ptr_array_index (region->lines, first))->bbox) < y)
    first++;
  if (first == 0 || first == region->lines->len)
    return NULL;
  DocaiRegion *rest = docai_region_new (region->label, region->bbox, region->confidence);
  while (region->lines->len > first)
    g_ptr_array_add (rest->lines, g_ptr_array_steal_index (region->lines, first));
  region->bbox = lines_box (region->lines);
  rest->bbox = lines_box (rest->lines);
  docai_region_update_text (region);
  docai_region_update_text (rest);
  return rest;
}

/* Puts the tables that belong before or into region r (index before stripping). */
static void
put_region (GPtrArray *ordered, DocaiRegion *region, GPtrArray *tables)
{
  for (guint t = 0; t < tables->len; t++)
    {
      DocaiRegion *table = g_ptr_array_index (tables, t);
      DocaiRegion *rest = region != NULL ? split_below (region, table->bbox.y0) : NULL;
      if (rest != NULL)
        {
          g_ptr_array_add (ordered, region);
          region = rest;
        }
      else if (region != NULL && region->lines->len > 0
               && docai_box_center_y (region->bbox) < docai_box_center_y (table->bbox))
        {
          g_ptr_array_add (ordered, region);
          region = NULL;
        }
      g_ptr_array_add (ordered, table);
    }
  if (region != NULL)
    g_ptr_array_add (ordered, region);
}

static gboolean
share_a_row (const DocaiLine *line, const DocaiLine *other)
{
  double shared = docai_overlap (line->bbox.y0, line->bbox.y1, other->bbox.y0, other->bbox.y1);

  return line != other
         && shared > 0.5 * MIN (docai_box_height (line->bbox), docai_box_height (other->bbox));
}

static gboolean
is_mostly_digits (const char *text)
{
  int digits = 0, others = 0;

  for (const char *p = text != NULL ? text : ""; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isdigit (g_utf8_get_char (p)))
      digits++;
    else if (g_unichar_isalpha (g_utf8_get_char (p)))
      others++;
  return digits > others;
}

/* Whether a candidate's lines are pieces of rows, such as goods and their prices on a till
 * slip, rather than lines of columns such as the authors of a paper or goods under their
 * pictures: of what stands side by side a good part are numbers beside words, and little is
 * long. Such text is read row by row. */
static gboolean
is_read_by_rows (const DocaiRegion *region)
{
  guint beside = 0, numbers = 0, long_ones = 0;

  for (guint i = 0; i < region->lines->len; i++)
    {
      const DocaiLine *line = region->lines->pdata[i];
      gboolean         number = is_mostly_digits (line->text), mixed = FALSE;
      guint            n_beside = 0;
      for (guint k = 0; k < region->lines->len; k++)
        {
          const DocaiLine *other = region->lines->pdata[k];
          if (!share_a_row (line, other))
            continue;
          n_beside++;
          mixed = mixed || is_mostly_digits (other->text) != number;
        }
      if (n_beside == 0 || line->text == NULL)
        continue;
      beside++;
      numbers += number && mixed;
      long_ones += g_utf8_strlen (line->text, -1) > MAX_ROW_PIECE_CHARACTERS;
    }
  return beside > 0 && 4 * numbers >= beside && 2 * long_ones <= beside;
}

/* Candidates of the layout that proved to be no table: rows of short pieces stay
 * together as text, and all other text is divided like the rest of the page. */
static void
release_candidates (DocaiPage *page)
{
  gboolean divide = FALSE;

  for (guint r = 0; r < page->regions->len; r++)
    {
      DocaiRegion *region = g_ptr_array_index (page->regions, r);
      if (region->label != DOCAI_LABEL_TABLE || region->table != NULL)
        continue;
      if (is_read_by_rows (region))
        region->label = DOCAI_LABEL_TEXT;
      else
        divide = TRUE;
    }
  if (divide)
    docai_layout_divide_again (page);
}

static GHashTable *
moved_words (const Sheet *sheet, const GPtrArray *found)
{
  GHashTable *moved = g_hash_table_new (NULL, NULL);
  for (guint t = 0; t < found->len; t++)
    {
      const FoundTable *one = g_ptr_array_index (found, t);
      for (guint i = 0; i < one->chunks->len; i++)
        {
          const Chunk *chunk = &AT (sheet->chunks, Chunk, AT (one->chunks, int, i));
          for (int k = 0; k < chunk->n; k++)
            g_hash_table_add (moved, AT (sheet->tokens, Token, chunk->first + k).word);
        }
    }
  return moved;
}

static int
compare_found (gconstpointer a, gconstpointer b)
{
  const FoundTable *s = *(FoundTable *const *) a, *t = *(FoundTable *const *) b;
  if (s->box.y0 != t->box.y0)
    return s->box.y0 < t->box.y0 ? -1 : 1;
  return s->box.x0 < t->box.x0 ? -1 : s->box.x0 > t->box.x0;
}

/* Whether a region stands over a table, in its width. */
static gboolean
stands_over (const DocaiRegion *region, const DocaiRegion *table)
{
  double least = MIN (docai_box_width (region->bbox), docai_box_width (table->bbox));

  return region->table == NULL && region->label != DOCAI_LABEL_PAGE_HEADER && region->label != DOCAI_LABEL_PAGE_FOOTER
         && region->bbox.y1 < table->bbox.y0 + 0.3 * docai_box_height (region->bbox)
         && docai_overlap (region->bbox.x0, region->bbox.x1, table->bbox.x0, table->bbox.x1) > 0.5 * least;
}

/* What stands over a table is read before it: columns that the table took most of were
 * put in order as such. */
static void
read_over_first (DocaiPage *page)
{
  for (guint t = 0; t < page->regions->len; t++)
    {
      const DocaiRegion *table = g_ptr_array_index (page->regions, t);
      if (table->table == NULL)
        continue;
      for (guint r = t + 1; r < page->regions->len; r++)
        if (stands_over (g_ptr_array_index (page->regions, r), table))
          {
            g_ptr_array_insert (page->regions, (gint) t, g_ptr_array_steal_index (page->regions, r));
            t++;
          }
    }
}

/* Whether a picture is what a table is drawn on. */
static gboolean
is_ground (const DocaiRegion *region, const GPtrArray *found)
{
  for (guint t = 0; t < found->len; t++)
    if (docai_box_coverage (
            region->bbox,
            docai_box_grow (((const FoundTable *) g_ptr_array_index (found, t))->box, 12))
        > 0.5)
      return TRUE;
  return FALSE;
}

void
regions_take_tables (DocaiPage *page, const Sheet *sheet, GPtrArray *found)
{
  if (found->len == 0)
    {
      release_candidates (page);
      return;
    }
  g_autoptr (GHashTable) moved = moved_words (sheet, found);
  guint                  n = page->regions->len;
  g_autofree GPtrArray **at = g_new0 (GPtrArray *, n + 1);

  g_ptr_array_sort (found, compare_found);
  for (guint r = 0; r <= n; r++)
    at[r] = g_ptr_array_new ();
  for (guint t = 0; t < found->len; t++)
    {
      FoundTable *one = g_ptr_array_index (found, t);
      int         home = home_region (sheet, one);
      if (home < 0)
        home = place_among (page, one->box);
      g_ptr_array_add (at[home], table_region (sheet, one));
    }
  drop_words (page->words, moved);

  gsize                length = 0;
  g_autofree gpointer *old = g_ptr_array_steal (page->regions, &length);
  for (guint r = 0; r <= n; r++)
    {
      DocaiRegion *region = r < n ? old[r] : NULL;
      if (region != NULL && strip_region (region, moved) && region->lines->len == 0
          && (region->label != DOCAI_LABEL_PICTURE || is_ground (region, found)))
        g_clear_pointer (&region, docai_region_free);
      put_region (page->regions, region, at[r]);
      g_ptr_array_unref (at[r]);
    }
  release_candidates (page);
  read_over_first (page);
}
