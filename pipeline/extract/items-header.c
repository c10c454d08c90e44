/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The header of a table of items. Titles may be stacked over several rows, and stand so
 * close that they are one segment:
 *
 *   Pos Art.Nr.   Beschreibung     Menge    Preis/    Betrag
 *                                           Einheit   in EUR
 */
#include "pipeline/extract/items-header.h"

#include <math.h>
#include <string.h>

#define MAX_HEADER_ROWS 3

int
docai_item_header_lookup (const DocaiItemHeader *header, DocaiKey key)
{
  for (int i = 0; i < header->n; i++)
    if (header->columns[i].key == key)
      return i;
  return -1;
}

void
docai_item_word_extent (const DocaiSegment *segment, gsize from, gsize to, double *x0, double *x1)
{
  gsize at = 0;

  *x0 = segment->bbox.x1;
  *x1 = segment->bbox.x0;
  for (guint i = 0; i < segment->words->len; i++)
    {
      const DocaiWord *word = segment->words->pdata[i];
      gsize            length = strlen (word->text);
      if (at < to && at + length > from)
        {
          *x0 = MIN (*x0, word->bbox.x0);
          *x1 = MAX (*x1, word->bbox.x1);
        }
      at += length + 1;
    }
}

static gboolean
is_free (const DocaiItemHeader *header, double x0, double x1)
{
  for (int i = 0; i < header->n; i++)
    if (docai_overlap (x0, x1, header->columns[i].x0, header->columns[i].x1) > 0)
      return FALSE;
  return TRUE;
}

/* A sentence may hold a title; a line of titles begins with one, or is short and ends
 * with the last of several. */
static gboolean
is_of_titles (const DocaiSegment *segment)
{
  DocaiKeyMatch match;
  int           n = 0;

  for (gsize at = 0; docai_lexicon_find (DOCAI_LEXICON_COLUMNS, segment->folded, at, &match); at = match.span.end, n++)
    if (n == 0 && (match.span.start == 0 || segment->words->len <= 4))
      return TRUE;
  return n > 1 && segment->words->len <= 7 && match.span.end == strlen (segment->folded);
}

/* Adds the titles in a segment as columns. A segment that is one title is taken
 * in its whole width; several titles in one segment are taken apart. */
static void
add_titles (DocaiItemHeader *header, const DocaiSegment *segment)
{
  DocaiKeyMatch match;

  if (!is_of_titles (segment))
    return;
  for (gsize at = 0; header->n < DOCAI_ITEM_COLUMNS
                     && docai_lexicon_find (DOCAI_LEXICON_COLUMNS, segment->folded, at, &match);
       at = match.span.end)
    {
      double x0, x1;
      docai_item_word_extent (segment, docai_view_unfold (segment, match.span.start), docai_view_unfold (segment, match.span.end), &x0, &x1);
      if (is_free (header, x0, x1))
        header->columns[header->n++] = (DocaiItemColumn){ match.key, x0, x1 };
    }
}

/* "Description ... Amount" in a row of its own. */
static gboolean
is_brief_header (const DocaiView *view, int r, const DocaiItemHeader *header)
{
  return header->n == 2 && docai_view_row (view, r)->count == 2 && header->columns[0].key == DOCAI_KEY_COLUMN_DESCRIPTION
         && header->columns[1].key == DOCAI_KEY_COLUMN_AMOUNT;
}

static gboolean
is_header (const DocaiItemHeader *header)
{
  gboolean money = docai_item_header_lookup (header, DOCAI_KEY_COLUMN_AMOUNT) >= 0
                   || docai_item_header_lookup (header, DOCAI_KEY_COLUMN_PRICE) >= 0;
  gboolean goods = docai_item_header_lookup (header, DOCAI_KEY_COLUMN_DESCRIPTION) >= 0
                   || docai_item_header_lookup (header, DOCAI_KEY_COLUMN_QUANTITY) >= 0;
  return money && goods && header->n >= 3;
}

/* A row with sums of money is no row of titles. */
static gboolean
holds_money (const DocaiView *view, const DocaiRow *row)
{
  DocaiAmount amount;

  for (int s = row->first; s < row->first + row->count; s++)
    {
      const char *text = docai_view_segment (view, s)->text;
      for (gsize at = 0; docai_find_amount (text, at, &amount); at = amount.span.end)
        if (amount.decimals == 2 && !amount.percent)
          return TRUE;
    }
  return FALSE;
}

static double
row_height (const DocaiRow *row)
{
  return MAX (docai_box_height (row->bbox), 1);
}

gboolean
docai_item_header_read (const DocaiView *view, int r, gboolean brief, DocaiItemHeader *header)
{
  *header = (DocaiItemHeader){ .last_row = r };
  for (int i = r; i < (int) view->rows->len && i < r + MAX_HEADER_ROWS; i++)
    {
      const DocaiRow *row = docai_view_row (view, i), *first = docai_view_row (view, r);
      int             before = header->n;
      if (row->page != first->page
          || holds_money (view, row) || (i > r && row->bbox.y0 - docai_view_row (view, i - 1)->bbox.y1 > 1.2 * row_height (row)))
        break;
      for (int s = row->first; s < row->first + row->count; s++)
        add_titles (header, docai_view_segment (view, s));
      if (header->n == 0)
        return FALSE;
      if (header->n > before)
        header->last_row = i;
    }
  return is_header (header) || (brief && is_brief_header (view, r, header));
}

DocaiKey
docai_item_header_key_at (const DocaiItemHeader *header, double x0, double x1)
{
  int    best = -1;
  double best_overlap = 0, nearest = HUGE_VAL;

  for (int i = 0; i < header->n; i++)
    {
      const DocaiItemColumn *column = &header->columns[i];
      double overlap = docai_overlap (x0, x1, column->x0, column->x1);
      if (overlap > best_overlap)
        {
          best_overlap = overlap;
          best = i;
        }
    }
  for (int i = 0; best_overlap == 0 && i < header->n; i++)
    {
      const DocaiItemColumn *column = &header->columns[i];
      double gap = MAX (column->x0 - x1, x0 - column->x1);
      if (gap < nearest)
        {
          nearest = gap;
          best = i;
        }
    }
  return best >= 0 ? header->columns[best].key : DOCAI_KEY_NONE;
}

/* ---- rows that are no items ---------------------------------------------------------- */

gboolean
docai_item_row_is_sum (const DocaiView *view, const DocaiRow *row)
{
  for (int s = row->first; s < row->first + row->count; s++)
    {
      const DocaiSegment *segment = docai_view_segment (view, s);
      DocaiKeyMatch       match;
      if (docai_lexicon_find (DOCAI_LEXICON_AMOUNTS, segment->folded, 0, &match)
          && (match.span.start <= 1 || segment->words->len <= 3) && match.weight >= 7
          && (match.key == DOCAI_KEY_SUBTOTAL || match.key == DOCAI_KEY_TOTAL || match.key == DOCAI_KEY_DUE
              || (match.key == DOCAI_KEY_TAX && s == row->first && row->count == 2)))
        return TRUE;
    }
  return FALSE;
}

gboolean
docai_item_row_heads_taxes (const DocaiView *view, const DocaiRow *row)
{
  static const char *const words[] = { "vat", "tax", "steuer", "ust", "mwst", "tva", "iva", "btw", "moms", "dph", "ptu", NULL };
  int                      n = 0;

  for (int s = row->first; s < row->first + row->count && row->count >= 3; s++)
    {
      const DocaiSegment *segment = docai_view_segment (view, s);
      DocaiAmount         amount;
      gboolean            speaks = FALSE;
      if (docai_find_amount (segment->text, 0, &amount))
        return FALSE;
      for (int i = 0; words[i] != NULL; i++)
        speaks = speaks || strstr (segment->folded, words[i]) != NULL;
      n += speaks;
    }
  return n >= 2;
}

gboolean
docai_item_row_is_carried (const DocaiView *view, const DocaiRow *row)
{
  static const char *const words[] = { "ubertrag", "zwischenubertrag", "carried forward", "carry forward", "carried over",
                                       "brought forward", "balance forward", "report ", "a reporter", "suma y sigue", "suma anterior",
                                       "riporto", "a riportare", "transporteren", "transport ", NULL };
  const char *folded = docai_view_segment (view, row->first)->folded;

  for (int i = 0; words[i] != NULL; i++)
    if (g_str_has_prefix (folded, words[i]) || (g_str_has_suffix (words[i], " ") && strlen (folded) + 1 == strlen (words[i])
                                                && g_str_has_prefix (words[i], folded)))
      return TRUE;
  return FALSE;
}
