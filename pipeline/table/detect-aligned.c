/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Areas whose text stands in columns without lattice. Chunks that are no prose
 * are grouped to lines across the page; consecutive lines of several chunks
 * belong together when their chunks stand below each other. Lines of one chunk
 * (a heading inside the table, a wrapped label) may stand between them.
 *
 *     Total            31.4   23.7     columnar
 *     Type of degree                   single, inside
 *       Public 4-year  32.6   23.0     columnar, linked to the first line
 */
#include "pipeline/table/table-priv.h"

#include <math.h>

#define MAX_SINGLES 4 /* single lines in a row inside a table */

typedef struct
{
  const Sheet *sheet;
  GArray      *order, *lines;
} Rows;

static const Chunk *
row_chunk (const Rows *rows, const Line *line, int i)
{
  return &AT (rows->sheet->chunks, Chunk, AT (rows->order, int, line->first + i));
}

static DocaiBox
row_box (const Rows *rows, const Line *line)
{
  DocaiBox box = row_chunk (rows, line, 0)->box;
  for (int i = 1; i < line->n; i++)
    box = docai_box_union (box, row_chunk (rows, line, i)->box);
  return box;
}

static gboolean
edges_align (const Chunk *a, const Chunk *b, double slack)
{
  return fabs (a->box.x0 - b->box.x0) < slack || fabs (a->box.x1 - b->box.x1) < slack
         || fabs (docai_box_center_x (a->box) - docai_box_center_x (b->box)) < slack;
}

/* How many chunks of a line stand in line with one of another. */
static int
count_aligned (const Rows *rows, const Line *a, const Line *b)
{
  int n = 0;

  for (int i = 0; i < a->n; i++)
    for (int k = 0; k < b->n && k < 64; k++)
      if (edges_align (row_chunk (rows, a, i), row_chunk (rows, b, k), 0.5 * rows->sheet->em))
        {
          n++;
          break;
        }
  return n;
}

/* Whether two lines share columns: pairs that stand below each other and meet
 * no third chunk, at least two of them, or one beside an empty place. */
static gboolean
rows_link (const Rows *rows, const Line *upper, const Line *lower)
{
  int    pairs = 0, aligned = 0, clashes = 0;
  double slack = 0.5 * rows->sheet->em;

  for (int i = 0, k = 0; i < upper->n && k < lower->n;)
    {
      const Chunk *a = row_chunk (rows, upper, i), *b = row_chunk (rows, lower, k);
      double       common = docai_overlap (a->box.x0, a->box.x1, b->box.x0, b->box.x1);
      if (common > 0)
        {
          const Chunk *next_a = i + 1 < upper->n ? row_chunk (rows, upper, i + 1) : NULL;
          const Chunk *next_b = k + 1 < lower->n ? row_chunk (rows, lower, k + 1) : NULL;
          clashes += (next_a != NULL && next_a->box.x0 < b->box.x1 - 1)
                     || (next_b != NULL && next_b->box.x0 < a->box.x1 - 1);
          pairs++;
          aligned += edges_align (a, b, slack);
        }
      if (a->box.x1 < b->box.x1)
        i++;
      else
        k++;
    }
  int fewer = MIN (upper->n, lower->n);
  return pairs - clashes >= 2 ? aligned >= 1 && 2 * aligned >= fewer - 1
                              : pairs >= 1 && aligned >= 1 && fewer >= 3;
}

/* Whether a rule over most of a box stands between two heights. */
static gboolean
rule_parts (const Sheet *sheet, double y0, double y1, DocaiBox box)
{
  return y1 > y0
         && rules_cover (sheet->across, 0.5 * (y0 + y1), 0.5 * (y1 - y0) + 1, box.x0, box.x1) > 0.7;
}

static gboolean
row_is_caption (const Rows *rows, const Line *line)
{
  return token_is_caption (rows->sheet, row_chunk (rows, line, 0));
}

/* A bullet or an item's number and its text: a list. */
static gboolean
row_is_item (const Rows *rows, const Line *line)
{
  const Chunk *chunk = row_chunk (rows, line, 0);
  return line->n == 2 && chunk->n == 1
         && AT (rows->sheet->tokens, Token, chunk->first).kind == TOKEN_BULLET;
}

/* Whether a paragraph, or something else that is no part of it, parts the rows. */
static gboolean
parted (const Sheet *sheet, DocaiBox upper, DocaiBox lower)
{
  double from = MIN (upper.x0, lower.x0), to = MAX (upper.x1, lower.x1);
  guint  low = 0, high = sheet->chunks->len;
  double top = docai_box_center_y (upper), bottom = docai_box_center_y (lower);

  while (low < high)
    {
      guint mid = (low + high) / 2;
      if (docai_box_center_y (AT (sheet->chunks, Chunk, mid).box) < top)
        low = mid + 1;
      else
        high = mid;
    }
  for (guint seen = 0; low < sheet->chunks->len && seen < 200; low++, seen++)
    {
      const Chunk *chunk = &AT (sheet->chunks, Chunk, low);
      if (docai_box_center_y (chunk->box) > bottom)
        return FALSE;
      if ((chunk->prose || chunk->taken || chunk->fixed)
          && docai_overlap (chunk->box.x0, chunk->box.x1, from, to)
                 > 0.3 * docai_box_width (chunk->box))
        return TRUE;
    }
  return FALSE;
}

/* The last line of the group that starts at a columnar line. */
static guint
follow_group (const Rows *rows, guint first, DocaiBox *box)
{
  const Sheet *sheet = rows->sheet;
  guint        last = first;
  int          singles = 0;
  double       below = AT (rows->lines, Line, first).y1, pitch = 0;
  DocaiBox     grown = row_box (rows, &AT (rows->lines, Line, first)), pending = grown;

  *box = grown;
  for (guint i = first + 1; i < rows->lines->len; i++)
    {
      const Line *line = &AT (rows->lines, Line, i);
      const Line *before = &AT (rows->lines, Line, last);
      DocaiBox    own = row_box (rows, line);
      double      gap = line->y0 - below;

      gboolean head = last == first && before->n >= 3 && line->n >= 3; /* a header may stand off */
      if (gap > MAX ((head ? 4.5 : 2.3) * sheet->em, 1.4 * pitch) || row_is_caption (rows, line)
          || parted (sheet, pending, own))
        break;
      if (line->n >= 2 && !row_is_item (rows, line))
        {
          if (!rows_link (rows, before, line))
            break;
          /* below a rule under several rows, only what stands in the same columns goes on */
          if (last > first + 3 && rule_parts (sheet, before->y1, line->y0, grown)
              && 5 * count_aligned (rows, line, before) < 3 * line->n)
            break;
          if (singles == 0)
            pitch = MAX (pitch, MIN (gap, 5 * sheet->em));
          last = i;
          singles = 0;
          grown = docai_box_union (docai_box_union (grown, pending), own);
          pending = own;
          *box = grown;
        }
      else
        {
          if (++singles > MAX_SINGLES || own.x0 > grown.x1 || own.x1 < grown.x0
              || own.x1 > grown.x1 + 6 * sheet->em)
            break;
          pending = docai_box_union (pending, own);
        }
      below = MAX (below, line->y1);
    }
  return last;
}

/* Takes header lines above into the group: lines that overlap its columns, up
 * to a rule or a wide gap. A caption or a paragraph ends it. */
static guint
extend_up (const Rows *rows, guint first, DocaiBox *box)
{
  const Sheet *sheet = rows->sheet;
  guint        kept = first;
  DocaiBox     grown = *box;

  for (guint i = first, seen = 0; i > 0 && seen < 8; i--, seen++)
    {
      const Line *line = &AT (rows->lines, Line, i - 1);
      DocaiBox    own = row_box (rows, line);
      gboolean    ruled =
          rules_cover (sheet->across, own.y0 - 1, 3 + 0.5 * sheet->em, box->x0, box->x1) > 0.7;

      if (grown.y0 - line->y1 > 1.6 * sheet->em || row_is_caption (rows, line)
          || parted (sheet, own, grown) || own.x0 < box->x0 - 3 * sheet->em
          || own.x1 > box->x1 + 3 * sheet->em)
        break;
      /* a line that starts at the left and stands alone is a title, unless a rule is above it */
      gboolean title = line->n == 1 && own.x0 < box->x0 + 2 * sheet->em
                       && own.x1 > box->x0 + 0.5 * (box->x1 - box->x0);
      if (title && !ruled)
        break;
      if (line->n == 1 && !ruled
          && fabs (docai_box_center_x (own) - docai_box_center_x (*box)) < 2 * sheet->em
          && docai_box_width (own) > 0.35 * docai_box_width (*box))
        break; /* centred over all: a title */
      grown = docai_box_union (grown, own);
      if (line->n >= 2 || ruled || own.x0 > box->x0 + 3 * sheet->em)
        kept = i - 1;
      if (ruled)
        break;
    }
  for (guint i = kept; i < first; i++)
    *box = docai_box_union (*box, row_box (rows, &AT (rows->lines, Line, i)));
  return kept;
}

/* Takes trailing single lines that a rule below encloses. */
static guint
extend_down (const Rows *rows, guint last, DocaiBox *box)
{
  const Sheet *sheet = rows->sheet;
  DocaiBox     grown = *box;

  for (guint i = last + 1; i < rows->lines->len && i < last + 4; i++)
    {
      const Line *line = &AT (rows->lines, Line, i);
      DocaiBox    own = row_box (rows, line);
      if (line->y0 - grown.y1 > 1.5 * sheet->em || row_is_caption (rows, line)
          || parted (sheet, grown, own) || own.x1 > box->x1 + sheet->em
          || own.x0 < box->x0 - sheet->em)
        break;
      if (rules_cover (sheet->across, grown.y1 + 0.2 * sheet->em, 0.6 * sheet->em, box->x0, box->x1)
          > 0.6)
        break; /* a rule ends the table here */
      grown = docai_box_union (grown, own);
      if (rules_cover (sheet->across, own.y1 + 0.2 * sheet->em, 0.6 * sheet->em, box->x0, box->x1)
          > 0.7)
        {
          *box = grown;
          return i;
        }
    }
  return last;
}

void
detect_aligned (const Sheet *sheet, GArray *areas)
{
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (Line));
  Rows rows = { sheet, order, lines };

  for (guint c = 0; c < sheet->chunks->len; c++)
    {
      const Chunk *chunk = &AT (sheet->chunks, Chunk, c);
      int          index = (int) c;
      if (!chunk->prose && !chunk->fixed && !chunk->taken && !chunk_is_idle (sheet, chunk))
        g_array_append_val (order, index);
    }
  sheet_lines (sheet, order, lines);
  for (guint i = 0; i < lines->len;)
    {
      const Line *line = &AT (lines, Line, i);
      Area        area = { .lattice = FALSE };
      if (line->n < 2 || row_is_caption (&rows, line) || row_is_item (&rows, line))
        {
          i++;
          continue;
        }
      guint last = follow_group (&rows, i, &area.box);
      if (last > i)
        {
          extend_up (&rows, i, &area.box);
          last = extend_down (&rows, last, &area.box);
          g_array_append_val (areas, area);
        }
      i = last + 1;
    }
}
