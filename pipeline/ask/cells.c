/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cells of tables: the row's label and the column's header together say what is asked.
 *
 *              2020    2021
 *   Revenue    4,210   4,933     "What was the revenue in 2021?"
 *   Employees     81      92     "How many employees were there in 2020?"
 */
#include "pipeline/ask/sheet.h"

#include <string.h>

#define CELL_SCORE 0.9
#define BY_CONTEXT 0.95 /* a word that only the page's title or the table's caption says */
#define ANY_COLUMN 0.62 /* the column says nothing of what is asked, and there are others */
#define HEADED_ROWS 3   /* that a table without marked headers may have at its top */
#define LONGER 0.3      /* of the score is lost where a label is nearly all other words */
#define LEAST_MATCH 0.4

typedef struct {
  const DocaiAskSheet *sheet;
  const DocaiQuestion *question;
  const DocaiAskTable *table;
  const DocaiCell    **grid;    /* [rows x columns]; NULL: no cell */
  DocaiTerms         **terms;   /* the same */
  GPtrArray           *context; /* DocaiTerm, lent: words of titles and captions of the page that are asked for */
} Look;

/* Adds those terms that are asked for; returns how many they are. */
static guint
add_terms (const DocaiQuestion *question, const DocaiTerms *terms, GPtrArray *label)
{
  guint n = 0;

  for (guint i = 0; terms != NULL && i < terms->terms->len; i++)
    {
      const DocaiTerm *term = docai_terms_at (terms, i);
      if (!docai_ask_asks (question, term))
        continue;
      g_ptr_array_add (label, (gpointer) term);
      n++;
    }
  return n;
}

/* A row's label: the cell that says most of what is asked. */
typedef struct {
  int        column;
  GPtrArray *terms; /* DocaiTerm, lent */
  double     fit;   /* less for words beyond those that are asked for */
} RowLabel;

static void
lay_out (Look *look)
{
  const DocaiTable *table = look->table->table;

  look->grid = g_new0 (const DocaiCell *, (gsize) table->rows * table->columns + 1);
  look->terms = g_new0 (DocaiTerms *, (gsize) table->rows * table->columns + 1);
  for (guint i = 0; i < table->cells->len; i++)
    {
      const DocaiCell *cell = table->cells->pdata[i];
      for (int r = cell->row; r < cell->row + cell->row_span && r < table->rows; r++)
        for (int c = cell->column; c < cell->column + cell->column_span && c < table->columns; c++)
          if (r >= 0 && c >= 0)
            {
              look->grid[r * table->columns + c] = cell;
              look->terms[r * table->columns + c] = look->table->terms->pdata[i];
            }
    }
}

static const DocaiCell *
cell_at (const Look *look, int row, int column)
{
  return look->grid[row * look->table->table->columns + column];
}

/* Rows at the top that are headers: marked ones, else the first. */
static int
header_rows (const Look *look)
{
  int rows = 0;

  for (int r = 0; r < look->table->table->rows && r < HEADED_ROWS; r++)
    for (int c = 0; c < look->table->table->columns; c++)
      if (cell_at (look, r, c) != NULL && cell_at (look, r, c)->header)
        rows = r + 1;
  return rows > 0 ? rows : 1;
}

/* The columns of a row with something in them behind its label. */
static int
count_values (const Look *look, int row)
{
  int n = 0;

  for (int c = 1; c < look->table->table->columns; c++)
    {
      const DocaiCell *cell = cell_at (look, row, c);
      n += cell != NULL && cell->text != NULL && *cell->text != '\0' && cell->column == c;
    }
  return n;
}

static void
look_at_cell (const Look *look, int row, int column, const RowLabel *row_label, int headers, GPtrArray *finds)
{
  const DocaiCell      *cell = cell_at (look, row, column);
  g_autoptr (GPtrArray) label = g_ptr_array_new ();
  guint                 n_header = 0;
  DocaiSpan             span;

  if (cell == NULL || cell->text == NULL || cell->column != column || cell->row != row
      || !docai_ask_value_find (look->question->kind, cell->text, look->sheet->date_order, &span))
    return;
  for (guint i = 0; i < row_label->terms->len; i++)
    g_ptr_array_add (label, row_label->terms->pdata[i]);
  for (int r = 0; r < headers && r < row; r++)
    n_header += add_terms (look->question, look->terms[r * look->table->table->columns + column], label);
  double score = CELL_SCORE;
  double plain = docai_ask_match_terms (look->sheet, look->question, label);
  if (plain == 0 && look->context->len > 0)
    {
      for (guint i = 0; i < look->context->len; i++)
        g_ptr_array_add (label, look->context->pdata[i]);
      plain = docai_ask_match_terms (look->sheet, look->question, label) * BY_CONTEXT;
    }
  if (n_header == 0 && column < row_label->column)
    return;
  if (n_header == 0 && count_values (look, row) > 1)
    score *= ANY_COLUMN;
  if (plain < LEAST_MATCH)
    return;
  g_autofree char *text = g_strndup (cell->text + span.start, span.end - span.start);
  g_strdelimit (text, "\n", ' ');
  g_ptr_array_add (finds, docai_ask_find_in_box (look->sheet, look->table->page, cell->bbox, text,
                                                 score * plain * row_label->fit));
}

/* The words of the row's label beyond those asked for: known ones make it another thing, others only a longer name. */
static void
weigh_label (const Look *look, const DocaiTerms *terms, guint n_asked, RowLabel *label)
{
  guint n_more = 0;

  for (guint i = 0; i < terms->terms->len; i++)
    {
      const DocaiTerm *term = docai_terms_at (terms, i);
      if (docai_ask_asks (look->question, term) || term->particle)
        continue;
      if (term->stem == NULL)
        g_ptr_array_add (label->terms, (gpointer) term);
      n_more += term->stem != NULL;
    }
  label->fit = 1 - LONGER * n_more / (n_asked + n_more);
}

static gboolean
find_row_label (const Look *look, int row, RowLabel *label)
{
  const DocaiTerms *best = NULL;
  guint             most = 0;

  for (int c = 0; c < look->table->table->columns; c++)
    {
      g_autoptr (GPtrArray) asked = g_ptr_array_new ();
      const DocaiTerms     *terms = look->terms[row * look->table->table->columns + c];
      guint                 n = add_terms (look->question, terms, asked);
      if (n <= most)
        continue;
      most = n;
      best = terms;
      label->column = c;
    }
  if (best == NULL)
    return FALSE;
  add_terms (look->question, best, label->terms);
  weigh_label (look, best, most, label);
  return TRUE;
}

static void
look_at_table (Look *look, GPtrArray *finds)
{
  const DocaiTable *table = look->table->table;

  if (table->rows < 2 || table->columns < 2)
    return;
  lay_out (look);
  int headers = header_rows (look);
  for (int r = 0; r < table->rows; r++)
    {
      g_autoptr (GPtrArray) terms = g_ptr_array_new ();
      RowLabel              label = { -1, terms, 1 };
      if (r < headers || !find_row_label (look, r, &label))
        continue;
      for (int c = 0; c < table->columns; c++)
        if (cell_at (look, r, c) != cell_at (look, r, label.column))
          look_at_cell (look, r, c, &label, headers, finds);
    }
  g_free (look->grid);
  g_free (look->terms);
}

/* Words of titles, headings and captions of the table's page that are asked for. */
static GPtrArray *
context_of (const DocaiAskSheet *sheet, const DocaiQuestion *question, int page_number, GPtrArray *owned)
{
  const DocaiPage *page = docai_document_peek_page (sheet->document, page_number);
  GPtrArray       *context = g_ptr_array_new ();

  for (guint r = 0; page != NULL && r < page->regions->len; r++)
    {
      const DocaiRegion *region = page->regions->pdata[r];
      if (region->text == NULL || (region->label != DOCAI_LABEL_TITLE && region->label != DOCAI_LABEL_SECTION_HEADER
          && region->label != DOCAI_LABEL_CAPTION))
        continue;
      g_autofree char *folded = docai_fold (region->text);
      DocaiTerms      *terms = docai_terms_new (folded);
      g_ptr_array_add (owned, terms);
      add_terms (question, terms, context);
    }
  return context;
}

void
docai_ask_cells (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  for (guint i = 0; i < sheet->tables->len; i++)
    {
      const DocaiAskTable  *table = sheet->tables->pdata[i];
      g_autoptr (GPtrArray) owned = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_terms_free);
      g_autoptr (GPtrArray) context = context_of (sheet, question, table->page, owned);
      Look                  look = { sheet, question, table, NULL, NULL, context };
      look_at_table (&look, finds);
    }
}
