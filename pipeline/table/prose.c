/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which chunks are lines of paragraphs, so that two columns of text are no table.
 * Chunks right below each other make a stack; a stack whose lines are mostly as
 * wide as the widest and hold several words each is prose, unless figures stand
 * beside its lines: then they are labels.
 */
#include "pipeline/table/table-priv.h"

#include <math.h>

/* The line of text right below in the same column; -1: none. */
static int
line_below (const Sheet *sheet, int index)
{
  const Chunk *chunk = &AT (sheet->chunks, Chunk, index);
  double       h = docai_box_height (chunk->box);

  for (guint i = (guint) index + 1, seen = 0; i < sheet->chunks->len && seen < 64; i++, seen++)
    {
      const Chunk *other = &AT (sheet->chunks, Chunk, i);
      if (other->box.y0 > chunk->box.y1 + 1.1 * h)
        return -1;
      double common = docai_overlap (chunk->box.x0, chunk->box.x1, other->box.x0, other->box.x1);
      if (docai_box_center_y (other->box) > chunk->box.y1 - 0.2 * h
          && common > 0.6 * MIN (docai_box_width (chunk->box), docai_box_width (other->box)))
        {
          double ratio = docai_box_height (other->box) / h;
          return ratio > 0.75 && ratio < 1.33 ? (int) i : -1;
        }
    }
  return -1;
}

/* Whether figures are the next that stands right of a line: it is a label then. */
static gboolean
figures_beside (const Sheet *sheet, int index)
{
  const Chunk *chunk = &AT (sheet->chunks, Chunk, index);
  double       y = docai_box_center_y (chunk->box), h = docai_box_height (chunk->box);
  double       nearest = 25 * sheet->em;
  gboolean     numeric = FALSE;

  for (int step = -1; step <= 1; step += 2)
    for (int i = index + step, seen = 0; i >= 0 && i < (int) sheet->chunks->len && seen < 40;
         i += step, seen++)
      {
        const Chunk *other = &AT (sheet->chunks, Chunk, i);
        if (fabs (docai_box_center_y (other->box) - y) > 0.75 * h)
          break;
        double gap = other->box.x0 - chunk->box.x1;
        if (gap > 0 && gap < nearest)
          {
            nearest = gap;
            numeric = chunk_is_numeric (other);
          }
      }
  return numeric;
}

/* Marks a stack of lines as prose when it reads like a paragraph: most lines as
 * wide as the widest, several words each, few figures. */
static void
judge_stack (Sheet *sheet, const GArray *stack)
{
  double x0 = G_MAXDOUBLE, x1 = -G_MAXDOUBLE;
  int    full = 0, words = 0, numbers = 0, letters = 0, numeric = 0, labels = 0;
  guint  n = stack->len;

  for (guint i = 0; i < n; i++)
    {
      const Chunk *chunk = &AT (sheet->chunks, Chunk, AT (stack, int, i));
      x0 = MIN (x0, chunk->box.x0);
      x1 = MAX (x1, chunk->box.x1);
      words += chunk->n;
      numbers += chunk->n_numbers;
      letters += chunk->n_letters;
      numeric += chunk_is_numeric (chunk);
      labels += figures_beside (sheet, AT (stack, int, i));
    }
  for (guint i = 0; i < n; i++)
    {
      const Chunk *chunk = &AT (sheet->chunks, Chunk, AT (stack, int, i));
      full +=
          chunk->box.x1 > x1 - 0.13 * (x1 - x0) && docai_box_width (chunk->box) > 0.72 * (x1 - x0);
    }
  double   mean = (double) words / n;
  gboolean prose =
      letters >= 3 * words && 3 * numbers < words && numeric * 5 <= (int) n && labels * 3 < (int) n;
  if (n == 1)
    prose = prose && mean >= 11;
  else if (n == 2)
    prose = prose && (mean >= 7.5 || (full == 2 && mean >= 5) || (full >= 1 && mean >= 5.5));
  else
    prose = prose && mean >= 3.2 && x1 - x0 > 9 * sheet->em
            && (full * 10 >= (int) n * 6 || (full * 10 >= (int) n * 4 && mean >= 6));
  for (guint i = 0; prose && i < n; i++)
    AT (sheet->chunks, Chunk, AT (stack, int, i)).prose = TRUE;
}

/* Marks the lines of paragraphs. */
void
sheet_mark_prose (Sheet *sheet)
{
  guint                n = sheet->chunks->len;
  g_autofree gboolean *seen = g_new0 (gboolean, n + 1);
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (int));

  for (guint i = 0; i < n; i++)
    {
      if (seen[i])
        continue;
      g_array_set_size (stack, 0);
      double pitch = 0;
      for (int at = (int) i; at >= 0 && !seen[at];)
        {
          seen[at] = TRUE;
          g_array_append_val (stack, at);
          int below = line_below (sheet, at);
          if (below < 0)
            break;
          const Chunk *chunk = &AT (sheet->chunks, Chunk, at);
          const Chunk *other = &AT (sheet->chunks, Chunk, below);
          double       step = docai_box_center_y (other->box) - docai_box_center_y (chunk->box);
          if (fabs (other->box.x0 - chunk->box.x0) > 2.5 * sheet->em
              || (pitch > 0 && step > 1.3 * pitch) || token_is_caption (sheet, other))
            break;
          pitch = pitch > 0 ? MIN (pitch, step) : step;
          at = below;
        }
      judge_stack (sheet, stack);
    }
}
