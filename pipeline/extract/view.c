/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A document as rows of segments.
 */
#include "pipeline/extract/view.h"

#include <math.h>
#include <string.h>

#define SAME_ROW 0.5    /* share of the lower height by which a word must overlap its row */
#define SEGMENT_GAP 1.1 /* gap between segments, in heights of the words beside it */
#define READ_HEIGHT 1.5 /* of a font's height to that of the ink, where words were recognised */
#define MAX_OPEN_ROWS 8

/* ---- folding ---------------------------------------------------------------- */

char *
docai_fold (const char *text)
{
  g_autofree char    *decomposed = g_utf8_normalize (text, -1, G_NORMALIZE_NFKD);
  g_autofree char    *folded = decomposed != NULL ? g_utf8_casefold (decomposed, -1) : NULL;
  g_autoptr (GString) plain = g_string_new (NULL);
  gboolean            blank = FALSE;

  for (const char *p = folded; p != NULL && *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (g_unichar_ismark (c))
        continue;
      if (g_unichar_isspace (c))
        {
          blank = plain->len > 0;
          continue;
        }
      if (blank)
        g_string_append_c (plain, ' ');
      blank = FALSE;
      g_string_append_unichar (plain, c);
    }
  return g_string_free (g_steal_pointer (&plain), FALSE);
}

/* ---- rows --------------------------------------------------------------------- */

static int
compare_tops (gconstpointer a, gconstpointer b)
{
  const DocaiWord *left = *(const DocaiWord *const *) a, *right = *(const DocaiWord *const *) b;
  double           by_y = docai_box_center_y (left->bbox) - docai_box_center_y (right->bbox);

  return by_y != 0 ? (by_y > 0) - (by_y < 0) : (left->bbox.x0 > right->bbox.x0) - (left->bbox.x0 < right->bbox.x0);
}

static int
compare_lefts (gconstpointer a, gconstpointer b)
{
  const DocaiWord *left = *(const DocaiWord *const *) a, *right = *(const DocaiWord *const *) b;

  return (left->bbox.x0 > right->bbox.x0) - (left->bbox.x0 < right->bbox.x0);
}

static GPtrArray *
collect_words (const DocaiPage *page)
{
  GPtrArray *words = g_ptr_array_new ();

  for (guint r = 0; r < page->regions->len; r++)
    {
      const DocaiRegion *region = page->regions->pdata[r];
      for (guint l = 0; l < region->lines->len; l++)
        {
          const DocaiLine *line = region->lines->pdata[l];
          for (guint w = 0; w < line->words->len; w++)
            if (!docai_box_is_empty (((DocaiWord *) line->words->pdata[w])->bbox))
              g_ptr_array_add (words, line->words->pdata[w]);
        }
    }
  g_ptr_array_sort (words, compare_tops);
  return words;
}

/* A row while it is gathered: the height is the median so far, so that one tall
 * word does not swallow the rows beside it. */
typedef struct {
  double     y0, y1;
  GPtrArray *words;
} OpenRow;

static OpenRow *
find_row (GPtrArray *rows, const DocaiWord *word)
{
  OpenRow *best = NULL;
  double   most = SAME_ROW;

  for (guint i = rows->len; i-- > 0 && rows->len - i <= MAX_OPEN_ROWS;)
    {
      OpenRow *row = rows->pdata[i];
      double   lower = MIN (row->y1 - row->y0, docai_box_height (word->bbox));
      double   share = docai_overlap (row->y0, row->y1, word->bbox.y0, word->bbox.y1) / lower;
      if (share > most)
        {
          most = share;
          best = row;
        }
    }
  return best;
}

static void
open_row_free (gpointer data)
{
  g_ptr_array_unref (((OpenRow *) data)->words);
  g_free (data);
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const OpenRow *left = *(const OpenRow *const *) a, *right = *(const OpenRow *const *) b;

  return (left->y0 + left->y1 > right->y0 + right->y1) - (left->y0 + left->y1 < right->y0 + right->y1);
}

static GPtrArray *
gather_rows (GPtrArray *words)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (open_row_free);

  for (guint i = 0; i < words->len; i++)
    {
      DocaiWord *word = words->pdata[i];
      OpenRow   *row = find_row (rows, word);
      if (row == NULL)
        {
          row = g_new0 (OpenRow, 1);
          row->words = g_ptr_array_new ();
          row->y0 = word->bbox.y0;
          row->y1 = word->bbox.y1;
          g_ptr_array_add (rows, row);
        }
      g_ptr_array_add (row->words, word);
    }
  g_ptr_array_sort (rows, compare_rows);
  return rows;
}

/* ---- rows of read pages ---------------------------------------------------------------
 *
 * A slip of paper is seldom flat: at one height there are words of two rows. The
 * lines that were read follow the paper, so they stay whole, and a line goes on in
 * the one whose first words stand level with its last ones. */

typedef struct {
  const DocaiLine *line;
  double           left_y0, left_y1, right_y0, right_y1; /* of the words at its ends */
  double           x0, x1;
  int              next; /* piece right of it in its row; -1: none */
  gboolean         is_next;
} Piece;

typedef struct {
  int    left, right;
  double fit; /* how level, less for what is far */
} Join;

#define PIECES_MAX 4000
#define END_WORDS 2 /* that tell at which height an end of a line stands */

static void
add_piece (GArray *pieces, const DocaiLine *line)
{
  Piece    piece = { .line = line, .next = -1 };
  guint    n = line->words->len, n_end = MIN (n, END_WORDS);
  DocaiBox left = { 0 }, right = { 0 };

  for (guint i = 0; i < n_end; i++)
    {
      left = docai_box_union (left, ((const DocaiWord *) line->words->pdata[i])->bbox);
      right = docai_box_union (right, ((const DocaiWord *) line->words->pdata[n - 1 - i])->bbox);
    }
  if (docai_box_is_empty (left) || docai_box_is_empty (right))
    return;
  piece.left_y0 = left.y0;
  piece.left_y1 = left.y1;
  piece.right_y0 = right.y0;
  piece.right_y1 = right.y1;
  piece.x0 = left.x0;
  piece.x1 = right.x1;
  g_array_append_val (pieces, piece);
}

static int
compare_joins (gconstpointer a, gconstpointer b)
{
  const Join *left = a, *right = b;
  if (left->fit != right->fit)
    return left->fit < right->fit ? 1 : -1;
  return left->left != right->left ? left->left - right->left : left->right - right->right;
}

/* All pairs of lines of which one may go on in the other, the best first. */
static GArray *
find_joins (const GArray *pieces, double width)
{
  GArray *joins = g_array_new (FALSE, FALSE, sizeof (Join));

  for (int i = 0; i < (int) pieces->len; i++)
    for (int j = 0; j < (int) pieces->len; j++)
      {
        const Piece *left = &g_array_index (pieces, Piece, i), *right = &g_array_index (pieces, Piece, j);
        double       lower = MIN (left->right_y1 - left->right_y0, right->left_y1 - right->left_y0);
        double       share = docai_overlap (left->right_y0, left->right_y1, right->left_y0, right->left_y1) / lower;
        double       gap = right->x0 - left->x1;
        if (i == j || share <= SAME_ROW || gap < -lower || right->x0 <= left->x0)
          continue;
        Join join = { i, j, share - gap / width };
        g_array_append_val (joins, join);
      }
  g_array_sort (joins, compare_joins);
  return joins;
}

static OpenRow *
row_of_pieces (const GArray *pieces, int at)
{
  OpenRow *row = g_new0 (OpenRow, 1);
  DocaiBox bbox = { 0 };

  row->words = g_ptr_array_new ();
  for (; at >= 0; at = g_array_index (pieces, Piece, at).next)
    {
      const DocaiLine *line = g_array_index (pieces, Piece, at).line;
      for (guint w = 0; w < line->words->len; w++)
        {
          DocaiWord *word = line->words->pdata[w];
          if (docai_box_is_empty (word->bbox))
            continue;
          g_ptr_array_add (row->words, word);
          bbox = docai_box_union (bbox, word->bbox);
        }
    }
  row->y0 = bbox.y0;
  row->y1 = bbox.y1;
  return row;
}

/* The rows of a page of read lines; NULL for a page of too many. */
static GPtrArray *
join_lines (const DocaiPage *page)
{
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (Piece));

  for (guint r = 0; r < page->regions->len; r++)
    {
      const DocaiRegion *region = page->regions->pdata[r];
      for (guint l = 0; l < region->lines->len; l++)
        add_piece (pieces, region->lines->pdata[l]);
    }
  if (pieces->len > PIECES_MAX)
    return NULL;
  g_autoptr (GArray) joins = find_joins (pieces, MAX (page->width, 1));
  for (guint i = 0; i < joins->len; i++)
    {
      const Join *join = &g_array_index (joins, Join, i);
      Piece      *left = &g_array_index (pieces, Piece, join->left);
      Piece      *right = &g_array_index (pieces, Piece, join->right);
      if (left->next >= 0 || right->is_next)
        continue;
      left->next = join->right;
      right->is_next = TRUE;
    }
  GPtrArray *rows = g_ptr_array_new_with_free_func (open_row_free);
  for (int i = 0; i < (int) pieces->len; i++)
    if (!g_array_index (pieces, Piece, i).is_next)
      g_ptr_array_add (rows, row_of_pieces (pieces, i));
  g_ptr_array_sort (rows, compare_rows);
  return rows;
}

static GPtrArray *
rows_of_page (const DocaiPage *page)
{
  GPtrArray *rows = page->text_source == DOCAI_TEXT_OCR ? join_lines (page) : NULL;

  if (rows != NULL)
    return rows;
  g_autoptr (GPtrArray) words = collect_words (page);
  return gather_rows (words);
}

/* ---- segments --------------------------------------------------------------------- */

static void
segment_free (gpointer data)
{
  DocaiSegment *segment = data;

  g_free (segment->text);
  g_free (segment->folded);
  g_ptr_array_unref (segment->words);
  g_free (segment);
}

/* Words are folded one by one, so that places in the folded text can be told in
 * the text (docai_view_unfold). */
static void
finish_segment (DocaiSegment *segment)
{
  g_autoptr (GString) text = g_string_new (NULL), folded = g_string_new (NULL);

  for (guint i = 0; i < segment->words->len; i++)
    {
      const DocaiWord *word = segment->words->pdata[i];
      g_autofree char *plain = docai_fold (word->text);
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", word->text);
      g_string_append_printf (folded, "%s%s", i > 0 ? " " : "", plain);
      segment->bbox = docai_box_union (segment->bbox, word->bbox);
    }
  segment->text = g_strdup (text->str);
  segment->folded = g_strdup (folded->str);
}

gsize
docai_view_unfold (const DocaiSegment *segment, gsize at)
{
  gsize text_at = 0, folded_at = 0;

  for (guint i = 0; i < segment->words->len; i++)
    {
      const DocaiWord *word = segment->words->pdata[i];
      g_autofree char *plain = docai_fold (word->text);
      gsize            folded_length = strlen (plain), length = strlen (word->text);
      if (at <= folded_at + folded_length)
        {
          /* What follows a label inside a word is mostly ASCII: count from its end. */
          gsize rest = folded_at + folded_length - at;
          gsize inside = rest < length ? length - rest : 0;
          while (inside > 0 && inside < length && (word->text[inside] & 0xc0) == 0x80)
            inside++;
          return text_at + inside;
        }
      folded_at += folded_length + 1;
      text_at += length + 1;
    }
  return strlen (segment->text);
}

/* Boxes of recognised words hold the ink, those of a text layer the font's height. */
static double
gap_of_page (const DocaiPage *page)
{
  return page->text_source == DOCAI_TEXT_OCR ? SEGMENT_GAP * READ_HEIGHT : SEGMENT_GAP;
}

static void
add_row (DocaiView *view, const DocaiPage *page, OpenRow *open)
{
  DocaiRow      row = { .page = page->number, .first = (int) view->segments->len };
  DocaiSegment *segment = NULL;

  g_ptr_array_sort (open->words, compare_lefts);
  for (guint i = 0; i < open->words->len; i++)
    {
      DocaiWord       *word = open->words->pdata[i];
      const DocaiWord *last = i > 0 ? open->words->pdata[i - 1] : NULL;
      double gap_limit = last == NULL ? 0
                         : gap_of_page (page) * MAX (docai_box_height (last->bbox), docai_box_height (word->bbox));
      if (last == NULL || word->bbox.x0 - last->bbox.x1 > gap_limit)
        {
          segment = g_new0 (DocaiSegment, 1);
          segment->words = g_ptr_array_new ();
          segment->page = page->number;
          segment->row = (int) view->rows->len;
          segment->index = (int) view->segments->len;
          g_ptr_array_add (view->segments, segment);
        }
      g_ptr_array_add (segment->words, word);
      row.bbox = docai_box_union (row.bbox, word->bbox);
    }
  row.count = (int) view->segments->len - row.first;
  for (int i = row.first; i < row.first + row.count; i++)
    finish_segment (view->segments->pdata[i]);
  g_array_append_val (view->rows, row);
}

DocaiView *
docai_view_new (const DocaiDocument *document)
{
  DocaiView *view = g_new0 (DocaiView, 1);

  view->segments = g_ptr_array_new_with_free_func (segment_free);
  view->rows = g_array_new (FALSE, FALSE, sizeof (DocaiRow));
  for (guint p = 0; p < document->pages->len; p++)
    {
      const DocaiPage      *page = document->pages->pdata[p];
      g_autoptr (GPtrArray) rows = rows_of_page (page);
      for (guint i = 0; i < rows->len; i++)
        add_row (view, page, rows->pdata[i]);
    }
  return view;
}

void
docai_view_free (DocaiView *view)
{
  if (view == NULL)
    return;
  g_ptr_array_unref (view->segments);
  g_array_unref (view->rows);
  g_free (view);
}

const DocaiSegment *
docai_view_segment (const DocaiView *view, int index)
{
  return view->segments->pdata[index];
}

const DocaiRow *
docai_view_row (const DocaiView *view, int index)
{
  return &g_array_index (view->rows, DocaiRow, index);
}

const DocaiSegment *
docai_view_right (const DocaiView *view, const DocaiSegment *segment)
{
  const DocaiRow *row = docai_view_row (view, segment->row);

  return segment->index + 1 < row->first + row->count ? docai_view_segment (view, segment->index + 1) : NULL;
}

const DocaiSegment *
docai_view_below (const DocaiView *view, const DocaiSegment *segment, int max_rows)
{
  for (int r = segment->row + 1; r < (int) view->rows->len && r <= segment->row + max_rows; r++)
    {
      const DocaiRow *row = docai_view_row (view, r);
      if (row->page != segment->page)
        break;
      for (int i = row->first; i < row->first + row->count; i++)
        {
          const DocaiSegment *below = docai_view_segment (view, i);
          if (docai_overlap (segment->bbox.x0, segment->bbox.x1, below->bbox.x0, below->bbox.x1) > 0)
            return below;
        }
    }
  return NULL;
}

void
docai_view_place_field (DocaiField *field, const DocaiSegment *segment, gsize start, gsize end)
{
  gsize    at = 0;
  DocaiBox box = { 0 };
  double   confidence = 1;

  for (guint i = 0; i < segment->words->len; i++)
    {
      const DocaiWord *word = segment->words->pdata[i];
      gsize            length = strlen (word->text);
      if (at < end && at + length > start)
        {
          box = docai_box_union (box, word->bbox);
          confidence = MIN (confidence, word->confidence);
        }
      at += length + 1;
    }
  field->page = segment->page;
  field->bbox = box;
  field->confidence = confidence;
  field->grounded = TRUE;
  g_free (field->content);
  field->content = g_strndup (segment->text + start, end - start);
}
