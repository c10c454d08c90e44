/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Line items: a row of column titles, then rows with an amount below its title.
 *
 *   Pos  Beschreibung     Menge    Preis   Betrag     <- the header: columns by their titles
 *   1    Superdrachen         2    20,00    40,00     <- an item begins where an amount stands
 *        mit Schnur                                   <- and takes the text below it
 *                         Summe netto      845,00     <- sums end the table
 *
 * Titles may be stacked over several rows. Numbers are believed when quantity
 * times price is the amount; where the columns do not say so, the row's numbers
 * are searched for such a pair.
 */
#include "pipeline/extract/fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_COLUMNS 16
#define MAX_HEADER_ROWS 3
#define MAX_ITEMS 2000
#define MAX_NUMBERS 12

typedef struct {
  DocaiKey key;
  double   x0, x1;
} Column;

typedef struct {
  Column columns[MAX_COLUMNS];
  int    n;
  int    last_row; /* of the header */
} Header;

/* ---- the header ----------------------------------------------------------------- */

static int
lookup_column (const Header *header, DocaiKey key)
{
  for (int i = 0; i < header->n; i++)
    if (header->columns[i].key == key)
      return i;
  return -1;
}

/* The extent of the words of a segment that hold folded bytes [start, end). */
static void
word_extent (const DocaiSegment *segment, gsize start, gsize end, double *x0, double *x1)
{
  gsize from = docai_view_unfold (segment, start), to = docai_view_unfold (segment, end), at = 0;

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
is_free (const Header *header, double x0, double x1)
{
  for (int i = 0; i < header->n; i++)
    if (docai_overlap (x0, x1, header->columns[i].x0, header->columns[i].x1) > 0)
      return FALSE;
  return TRUE;
}

/* Adds the titles in a segment as columns. A segment that is one title is taken
 * in its whole width; several titles in one segment are taken apart. */
static void
add_titles (Header *header, const DocaiSegment *segment)
{
  DocaiKeyMatch match;

  for (gsize at = 0; header->n < MAX_COLUMNS
                     && docai_lexicon_find (DOCAI_LEXICON_COLUMNS, segment->folded, at, &match);
       at = match.span.end)
    {
      double x0, x1;
      if (match.span.start > 0 && at == 0 && segment->words->len > 4)
        return; /* a sentence that happens to hold a title */
      word_extent (segment, match.span.start, match.span.end, &x0, &x1);
      if (is_free (header, x0, x1))
        header->columns[header->n++] = (Column){ match.key, x0, x1 };
    }
}

static gboolean
is_header (const Header *header)
{
  gboolean money = lookup_column (header, DOCAI_KEY_COLUMN_AMOUNT) >= 0
                   || lookup_column (header, DOCAI_KEY_COLUMN_PRICE) >= 0;
  gboolean goods = lookup_column (header, DOCAI_KEY_COLUMN_DESCRIPTION) >= 0
                   || lookup_column (header, DOCAI_KEY_COLUMN_QUANTITY) >= 0;
  return money && goods && header->n >= 3;
}

static double
row_height (const DocaiRow *row)
{
  return MAX (docai_box_height (row->bbox), 1);
}

/* Reads the rows from r on as a header; fewest rows that make one. */
static gboolean
read_header (const DocaiView *view, int r, Header *header)
{
  *header = (Header){ .last_row = r };
  for (int i = r; i < (int) view->rows->len && i < r + MAX_HEADER_ROWS; i++)
    {
      const DocaiRow *row = docai_view_row (view, i), *first = docai_view_row (view, r);
      int             before = header->n;
      if (row->page != first->page
          || (i > r && row->bbox.y0 - docai_view_row (view, i - 1)->bbox.y1 > 1.2 * row_height (row)))
        break;
      for (int s = row->first; s < row->first + row->count; s++)
        add_titles (header, docai_view_segment (view, s));
      if (header->n == 0)
        return FALSE;
      if (header->n > before)
        header->last_row = i;
    }
  return is_header (header);
}

/* ---- rows --------------------------------------------------------------------------- */

/* The column whose title is above the segment, or the nearest one. */
static int
column_of (const Header *header, const DocaiSegment *segment)
{
  int    best = -1;
  double best_overlap = 0, nearest = HUGE_VAL;

  for (int i = 0; i < header->n; i++)
    {
      const Column *column = &header->columns[i];
      double overlap = docai_overlap (segment->bbox.x0, segment->bbox.x1, column->x0, column->x1);
      if (overlap > best_overlap)
        {
          best_overlap = overlap;
          best = i;
        }
    }
  for (int i = 0; best_overlap == 0 && i < header->n; i++)
    {
      const Column *column = &header->columns[i];
      double gap = MAX (column->x0 - segment->bbox.x1, segment->bbox.x0 - column->x1);
      if (gap < nearest)
        {
          nearest = gap;
          best = i;
        }
    }
  return best;
}

typedef struct {
  DocaiAmount         amount;
  const DocaiSegment *segment;
  DocaiKey            key; /* of its column */
} Number;

static int
row_numbers (const DocaiView *view, const Header *header, const DocaiRow *row, Number numbers[MAX_NUMBERS])
{
  int n = 0;

  for (int s = row->first; s < row->first + row->count; s++)
    {
      const DocaiSegment *segment = docai_view_segment (view, s);
      int                 column = column_of (header, segment);
      DocaiAmount         amount;
      for (gsize at = 0; n < MAX_NUMBERS && docai_find_amount (segment->text, at, &amount); at = amount.span.end)
        numbers[n++] = (Number){ amount, segment, column >= 0 ? header->columns[column].key : DOCAI_KEY_NONE };
    }
  return n;
}

static const Number *
number_of (const Number *numbers, int n, DocaiKey key, gboolean last)
{
  const Number *found = NULL;

  for (int i = 0; i < n; i++)
    if (numbers[i].key == key && !numbers[i].amount.percent && (found == NULL || last))
      found = &numbers[i];
  return found;
}

static gboolean
is_product (const Number *quantity, const Number *price, const Number *amount)
{
  double product = (double) quantity->amount.ten_thousandths * (double) price->amount.ten_thousandths / 10000.0;
  return fabs (product - (double) amount->amount.ten_thousandths) <= 150 /* 1.5 cents */
         && amount->amount.ten_thousandths != 0;
}

typedef struct {
  const Number *quantity, *price, *amount, *rate;
} ItemNumbers;

/* "5,000 kg" at 5.50 makes 27.50: what was read as thousands are three decimals. */
static gboolean
reread_quantity (Number *quantity, const Number *price, const Number *amount)
{
  Number      smaller = *quantity;
  const char *text = quantity->segment->text + quantity->amount.span.start;

  smaller.amount.ten_thousandths /= 1000;
  smaller.amount.decimals = 3;
  if (quantity->amount.decimals > 0 || quantity->amount.ten_thousandths % 10000000 % 1000 != 0
      || strcspn (text, ".,") >= quantity->amount.span.end - quantity->amount.span.start
      || !is_product (&smaller, price, amount))
    return FALSE;
  *quantity = smaller;
  return TRUE;
}

/* Takes the numbers by column, then by arithmetic where the columns disagree. */
static gboolean
read_item_numbers (const Header *header, Number *numbers, int n, ItemNumbers *item)
{
  DocaiKey amount_key = lookup_column (header, DOCAI_KEY_COLUMN_AMOUNT) >= 0 ? DOCAI_KEY_COLUMN_AMOUNT
                                                                             : DOCAI_KEY_COLUMN_PRICE;
  *item = (ItemNumbers){
    .quantity = number_of (numbers, n, DOCAI_KEY_COLUMN_QUANTITY, FALSE),
    .price = number_of (numbers, n, DOCAI_KEY_COLUMN_PRICE, FALSE),
    .amount = number_of (numbers, n, amount_key, TRUE),
  };
  for (int i = 0; i < n; i++)
    if (numbers[i].amount.percent || (numbers[i].key == DOCAI_KEY_COLUMN_TAX && item->rate == NULL))
      item->rate = &numbers[i];
  if (item->amount == NULL || item->amount->amount.decimals == 0)
    return FALSE;
  if (item->quantity != NULL && item->price != NULL
      && (is_product (item->quantity, item->price, item->amount)
          || reread_quantity (&numbers[item->quantity - numbers], item->price, item->amount)))
    return TRUE;
  for (int q = 0; q < n; q++)
    for (int p = 0; p < n; p++)
      if (q != p && &numbers[q] != item->amount && &numbers[p] != item->amount
          && numbers[p].amount.decimals >= 2 && !numbers[q].amount.percent
          && is_product (&numbers[q], &numbers[p], item->amount))
        {
          item->quantity = &numbers[q];
          item->price = &numbers[p];
          return TRUE;
        }
  return TRUE;
}

/* ---- fields of an item --------------------------------------------------------------- */

static void
add_number (DocaiItem *item, const char *name, const Number *number)
{
  if (number == NULL)
    return;
  g_autofree char *value = docai_amount_text (number->amount.ten_thousandths);
  if (number->amount.decimals == 0 && g_str_has_suffix (value, ".00"))
    value[strlen (value) - 3] = '\0';
  DocaiField *field = docai_field_new (name, DOCAI_KIND_AMOUNT, value, NULL);
  docai_view_place_field (field, number->segment, number->amount.span.start, number->amount.span.end);
  g_ptr_array_add (item->fields, field);
}

/* Adds the segment to a text field of the item, which begins with it or grows by it. */
static void
add_text (DocaiItem *item, const char *name, const DocaiSegment *segment)
{
  DocaiField *field = docai_fields_lookup (item->fields, name);

  if (field == NULL)
    {
      field = docai_field_new (name, DOCAI_KIND_STRING, segment->text, NULL);
      docai_view_place_field (field, segment, 0, strlen (segment->text));
      g_ptr_array_insert (item->fields, 0, field);
      return;
    }
  char *value = g_strdup_printf ("%s %s", field->value, segment->text);
  char *content = g_strdup_printf ("%s\n%s", field->content, segment->text);
  g_free (field->value);
  g_free (field->content);
  field->value = value;
  field->content = content;
  if (field->page == segment->page)
    field->bbox = docai_box_union (field->bbox, segment->bbox);
}

static gboolean
has_letters (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isalpha (g_utf8_get_char (p)))
      return TRUE;
  return FALSE;
}

/* Adds the first code of the segment, past the item's position in the table:
 * "3 GTRWA5 55T03". A position alone is no code. */
static void
add_code (DocaiItem *item, const DocaiSegment *segment, guint position)
{
  gsize start = 0, length = strcspn (segment->text, " "), end = strlen (segment->text);

  if (docai_fields_lookup (item->fields, "ProductCode") != NULL)
    return;
  if (strspn (segment->text, "0123456789") == length
      && (g_ascii_strtoull (segment->text, NULL, 10) == position || (length <= 2 && length < end)))
    start = length + 1;
  if (start >= end)
    return;
  /* Several codes stand side by side: the vendor's is the first. */
  length = strcspn (segment->text + start, " ");
  if (start + length < end && strpbrk (segment->text + start + length, "0123456789") != NULL && length >= 3)
    end = start + length;
  DocaiField *field = docai_field_new ("ProductCode", DOCAI_KIND_STRING, NULL, NULL);
  docai_view_place_field (field, segment, start, end);
  field->value = g_strdup (field->content);
  g_ptr_array_insert (item->fields, 0, field);
}

/* "[FURN_7777] Office chair": the code before the description. */
static void
split_bracketed_code (DocaiItem *item)
{
  DocaiField *description = docai_fields_lookup (item->fields, "Description");
  const char *close = description != NULL && description->value[0] == '[' ? strchr (description->value, ']') : NULL;

  if (close == NULL || close - description->value > 24 || close[1] == '\0'
      || docai_fields_lookup (item->fields, "ProductCode") != NULL)
    return;
  g_autofree char *text = g_strndup (description->value + 1, (gsize) (close - description->value - 1));
  DocaiField      *code = docai_field_new ("ProductCode", DOCAI_KIND_STRING, text, text);
  code->page = description->page;
  code->bbox = description->bbox;
  code->confidence = 0.8 * description->confidence;
  code->grounded = TRUE;
  g_ptr_array_add (item->fields, code);
}

static void
add_texts (DocaiItem *item, const DocaiView *view, const Header *header, const DocaiRow *row,
           const ItemNumbers *numbers, guint position)
{
  for (int s = row->first; s < row->first + row->count; s++)
    {
      const DocaiSegment *segment = docai_view_segment (view, s);
      int                 column = column_of (header, segment);
      DocaiKey            key = column >= 0 ? header->columns[column].key : DOCAI_KEY_NONE;
      if (numbers != NULL
          && ((numbers->amount != NULL && numbers->amount->segment == segment)
              || (numbers->price != NULL && numbers->price->segment == segment)
              || (numbers->quantity != NULL && numbers->quantity->segment == segment
                  && key != DOCAI_KEY_COLUMN_DESCRIPTION)))
        continue;
      if (key == DOCAI_KEY_COLUMN_DESCRIPTION && has_letters (segment->text))
        add_text (item, "Description", segment);
      else if (key == DOCAI_KEY_COLUMN_CODE && numbers != NULL)
        add_code (item, segment, position);
    }
}

static DocaiItem *
new_item (const DocaiView *view, const Header *header, const DocaiRow *row, const ItemNumbers *numbers,
          guint position)
{
  DocaiItem *item = docai_item_new ();

  add_texts (item, view, header, row, numbers, position);
  add_number (item, "Quantity", numbers->quantity);
  add_number (item, "UnitPrice", numbers->price);
  add_number (item, "TaxRate", numbers->rate);
  add_number (item, "Amount", numbers->amount);
  return item;
}

/* ---- the table -------------------------------------------------------------------------- */

/* A row of sums: its first words are a label of the amounts' lexicon. */
static gboolean
is_sum_row (const DocaiView *view, const DocaiRow *row)
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

/* Appends the numbers of the row before, whose amount stands a little lower. */
static int
join_numbers (Number numbers[MAX_NUMBERS], int n, const Number *pending, int n_pending)
{
  for (int i = 0; i < n_pending && n < MAX_NUMBERS; i++)
    numbers[n++] = pending[i];
  return n;
}

static gboolean
has_key (const Number *numbers, int n, DocaiKey key)
{
  return number_of (numbers, n, key, FALSE) != NULL;
}

/* Whether a reduction in percent that stands in the row makes the product the amount. */
static gboolean
is_reduced_product (const Number *numbers, int n, const ItemNumbers *item)
{
  double product = (double) item->quantity->amount.ten_thousandths * (double) item->price->amount.ten_thousandths / 10000.0;

  for (int i = 0; i < n; i++)
    {
      double percent = (double) numbers[i].amount.ten_thousandths / 10000.0;
      if (&numbers[i] != item->quantity && &numbers[i] != item->price && &numbers[i] != item->amount && percent > 0 && percent < 100
          && fabs (product * (1 - percent / 100) - (double) item->amount->amount.ten_thousandths) <= 150)
        return TRUE;
    }
  return FALSE;
}

/* A row below a sum is an item only when its arithmetic says so: tables have
 * sums of groups between their items. */
static gboolean
is_sure (const Number *numbers, int n, const ItemNumbers *item)
{
  return item->quantity != NULL && item->price != NULL && item->quantity->key == DOCAI_KEY_COLUMN_QUANTITY
         && (is_product (item->quantity, item->price, item->amount) || is_reduced_product (numbers, n, item));
}

/* An item says what it is, or how many at which price. */
static gboolean
is_item (const DocaiItem *item)
{
  return docai_fields_lookup (item->fields, "Description") != NULL
         || docai_fields_lookup (item->fields, "Quantity") != NULL;
}

/* Reads the rows below the header into items; returns the last row that belongs
 * to the table. */
static int
read_rows (const DocaiView *view, const Header *header, DocaiField *items)
{
  DocaiItem      *current = NULL;
  const DocaiRow *waiting = NULL; /* a row with quantity or price whose amount may stand below */
  Number          pending[MAX_NUMBERS];
  int             n_pending = 0, last = header->last_row;
  const DocaiRow *above = docai_view_row (view, header->last_row);
  gboolean        after_sum = FALSE;

  for (int r = header->last_row + 1; r < (int) view->rows->len && items->items->len < MAX_ITEMS; r++)
    {
      const DocaiRow *row = docai_view_row (view, r);
      Number          numbers[MAX_NUMBERS];
      ItemNumbers     found;
      gboolean        near = row->bbox.y0 - above->bbox.y1 < 2.2 * row_height (row);
      if (row->page != above->page)
        break;
      above = row;
      if (is_sum_row (view, row))
        {
          after_sum = items->items->len > 0;
          current = NULL;
          waiting = NULL;
          continue;
        }
      int n = row_numbers (view, header, row, numbers);
      int own = n;
      if (waiting != NULL && near && !has_key (numbers, n, DOCAI_KEY_COLUMN_QUANTITY))
        n = join_numbers (numbers, n, pending, n_pending);
      if (read_item_numbers (header, numbers, n, &found) && (!after_sum || is_sure (numbers, n, &found)))
        {
          DocaiItem *item = new_item (view, header, n > own ? waiting : row, &found, items->items->len + 1);
          if (n > own)
            add_texts (item, view, header, row, NULL, 0);
          if (!is_item (item))
            {
              docai_item_free (item); /* a reduction, a charge, a carried sum */
              continue;
            }
          split_bracketed_code (item);
          current = item;
          g_ptr_array_add (items->items, current);
          waiting = NULL;
          last = r;
        }
      else if (!after_sum && (has_key (numbers, own, DOCAI_KEY_COLUMN_QUANTITY) || has_key (numbers, own, DOCAI_KEY_COLUMN_PRICE))
               && number_of (numbers, own, DOCAI_KEY_COLUMN_AMOUNT, TRUE) == NULL)
        {
          waiting = row;
          n_pending = own;
          memcpy (pending, numbers, sizeof pending);
        }
      else if (current != NULL && near)
        {
          add_texts (current, view, header, row, NULL, 0);
          last = r;
        }
      else
        current = NULL;
    }
  return last;
}

static void
check_items (DocaiExtraction *x, const DocaiField *items)
{
  for (guint i = 0; i < items->items->len; i++)
    {
      const GPtrArray *fields = ((DocaiItem *) items->items->pdata[i])->fields;
      gint64           quantity, price, amount;
      if (!docai_extraction_amount (fields, "Quantity", &quantity)
          || !docai_extraction_amount (fields, "UnitPrice", &price)
          || !docai_extraction_amount (fields, "Amount", &amount))
        continue;
      double product = (double) quantity * (double) price / 10000.0;
      if (fabs (product - (double) amount) > 250)
        docai_document_warn (x->document, "item_mismatch", 0,
                             "item %u: quantity times unit price is not the amount", i + 1);
    }
}

void
docai_extract_items (DocaiExtraction *x)
{
  DocaiField *items = docai_field_new ("Items", DOCAI_KIND_STRING, NULL, NULL);
  Header      header;

  for (int r = 0; r < (int) x->view->rows->len; r++)
    {
      if (!read_header (x->view, r, &header))
        continue;
      guint before = items->items->len;
      int   last = read_rows (x->view, &header, items);
      if (items->items->len == before)
        continue;
      if (x->items_first_row < 0)
        x->items_first_row = r;
      x->items_last_row = last;
      r = last;
    }
  if (items->items->len == 0)
    {
      docai_field_free (items);
      return;
    }
  check_items (x, items);
  g_ptr_array_add (x->document->fields, items);
}
