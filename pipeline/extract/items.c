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
#include "pipeline/extract/items-header.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ITEMS 2000
#define MAX_NUMBERS 12
#define MAX_RATE (50 * 10000) /* percent of tax, in ten thousandths */

/* ---- rows --------------------------------------------------------------------------- */

static DocaiKey
key_of_segment (const DocaiItemHeader *header, const DocaiSegment *segment)
{
  return docai_item_header_key_at (header, segment->bbox.x0, segment->bbox.x1);
}

typedef struct {
  DocaiAmount         amount;
  const DocaiSegment *segment;
  DocaiKey            key; /* of its column */
} Number;

/* Whether the text begins with a number, a sign and a currency aside. */
static gboolean
starts_with_number (const char *text)
{
  const char *p = text;

  for (int i = 0; i < 4 && *p != '\0' && !g_unichar_isalpha (g_utf8_get_char (p)); i++, p = g_utf8_next_char (p))
    if (g_ascii_isdigit (*p))
      return TRUE;
  return FALSE;
}

/* Values of neighbouring columns may stand so close that they are one segment; numbers in
 * running text belong where the text does. */
static DocaiKey
key_of_span (const DocaiItemHeader *header, const DocaiSegment *segment, DocaiSpan span)
{
  double x0 = segment->bbox.x0, x1 = segment->bbox.x1;

  if (starts_with_number (segment->text))
    docai_item_word_extent (segment, span.start, span.end, &x0, &x1);
  return docai_item_header_key_at (header, x0, x1);
}

/* "1Stk", "4x": a quantity whose unit touches it, for reading loses blanks. */
static gboolean
is_glued_quantity (const DocaiItemHeader *header, const DocaiSegment *segment, Number *number)
{
  gsize n_digits = strspn (segment->text, "0123456789"), n_letters = 0;

  while (g_ascii_isalpha (segment->text[n_digits + n_letters]))
    n_letters++;
  if (n_digits == 0 || n_digits > 5 || n_letters == 0 || n_letters > 4 || segment->text[n_digits + n_letters] != '\0'
      || key_of_segment (header, segment) != DOCAI_KEY_COLUMN_QUANTITY)
    return FALSE;
  gint64 value = g_ascii_strtoll (segment->text, NULL, 10);
  *number = (Number){ { .span = { 0, n_digits }, .ten_thousandths = value * 10000 }, segment, DOCAI_KEY_COLUMN_QUANTITY };
  return TRUE;
}

static int
row_numbers (const DocaiView *view, const DocaiItemHeader *header, const DocaiRow *row, Number numbers[MAX_NUMBERS])
{
  int n = 0;

  for (int s = row->first; s < row->first + row->count; s++)
    {
      const DocaiSegment *segment = docai_view_segment (view, s);
      DocaiAmount         amount;
      if (n < MAX_NUMBERS && is_glued_quantity (header, segment, &numbers[n]))
        n++;
      for (gsize at = 0; n < MAX_NUMBERS && docai_find_amount (segment->text, at, &amount); at = amount.span.end)
        numbers[n++] = (Number){ amount, segment, key_of_span (header, segment, amount.span) };
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
read_item_numbers (const DocaiItemHeader *header, Number *numbers, int n, ItemNumbers *item)
{
  DocaiKey amount_key = docai_item_header_lookup (header, DOCAI_KEY_COLUMN_AMOUNT) >= 0 ? DOCAI_KEY_COLUMN_AMOUNT
                                                                             : DOCAI_KEY_COLUMN_PRICE;
  *item = (ItemNumbers){
    .quantity = number_of (numbers, n, DOCAI_KEY_COLUMN_QUANTITY, FALSE),
    .price = number_of (numbers, n, DOCAI_KEY_COLUMN_PRICE, FALSE),
    .amount = number_of (numbers, n, amount_key, TRUE),
  };
  for (int i = 0; i < n; i++)
    if (numbers[i].amount.ten_thousandths >= 0 && numbers[i].amount.ten_thousandths <= MAX_RATE
        && (numbers[i].amount.percent || (numbers[i].key == DOCAI_KEY_COLUMN_TAX && item->rate == NULL)))
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
add_texts (DocaiItem *item, const DocaiView *view, const DocaiItemHeader *header, const DocaiRow *row,
           const ItemNumbers *numbers, guint position)
{
  for (int s = row->first; s < row->first + row->count; s++)
    {
      const DocaiSegment *segment = docai_view_segment (view, s);
      DocaiKey            key = key_of_segment (header, segment);
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

/* What the row says of an item. */
static void
add_values (DocaiItem *item, const DocaiView *view, const DocaiItemHeader *header, const DocaiRow *row,
            const ItemNumbers *numbers, guint position)
{
  add_texts (item, view, header, row, numbers, position);
  add_number (item, "Quantity", numbers->quantity);
  add_number (item, "UnitPrice", numbers->price);
  add_number (item, "TaxRate", numbers->rate);
  add_number (item, "Amount", numbers->amount);
}

/* ---- the table -------------------------------------------------------------------------- */

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

/* ---- reading the rows ------------------------------------------------------------------- */

#define MAX_ABOVE 3 /* rows of text over the numbers of their item */

/* Where the reading of a table stands. */
typedef struct {
  const DocaiView       *view;
  const DocaiItemHeader *header;
  DocaiField            *items;
  DocaiItem             *current;
  const DocaiRow        *waiting; /* a row with quantity or price whose amount may stand below */
  Number                 pending[MAX_NUMBERS];
  int                    n_pending;
  const DocaiRow        *texts[MAX_ABOVE]; /* rows that begin the next item */
  int                    n_texts;
  gboolean               after_sum;    /* or on a new page: only what is surely an item is one */
  gboolean               is_continued; /* on a page that repeats no header */
  gboolean               has_taken;    /* the row belongs to the table */
} Reader;

static double
row_height (const DocaiRow *row)
{
  return MAX (docai_box_height (row->bbox), 1);
}

static double
gap_between (const DocaiRow *above, const DocaiRow *below)
{
  return below->bbox.y0 - above->bbox.y1;
}

static gboolean
describes (const DocaiItemHeader *header, const DocaiView *view, const DocaiRow *row)
{
  for (int s = row->first; s < row->first + row->count; s++)
    {
      const DocaiSegment *segment = docai_view_segment (view, s);
      if (key_of_segment (header, segment) == DOCAI_KEY_COLUMN_DESCRIPTION && has_letters (segment->text))
        return TRUE;
    }
  return FALSE;
}

/* Whether row r is text of the item whose numbers stand below it: that row says nothing of
 * its own, and is not farther off than the item above, which has its text. */
static gboolean
is_text_of_next (const Reader *reader, int r)
{
  const DocaiView *view = reader->view;
  const DocaiRow  *above = docai_view_row (view, r - 1);
  gboolean         has_text = reader->current == NULL || docai_fields_lookup (reader->current->fields, "Description") != NULL;

  for (int n = r + 1; n < (int) view->rows->len && n <= r + MAX_ABOVE; n++)
    {
      const DocaiRow *text = docai_view_row (view, n - 1), *next = docai_view_row (view, n);
      Number          numbers[MAX_NUMBERS];
      ItemNumbers     found;
      if (!has_text || next->page != text->page || !describes (reader->header, view, text)
          || gap_between (text, next) > MIN (gap_between (above, docai_view_row (view, r)), 1.2 * row_height (text)) + 0.1)
        return FALSE;
      if (read_item_numbers (reader->header, numbers, row_numbers (view, reader->header, next, numbers), &found))
        return found.quantity != NULL && !docai_item_row_is_sum (view, next) && !describes (reader->header, view, next);
    }
  return FALSE;
}

/* "Discount 5 %  -12.00": a reduction of the sum. */
static gboolean
is_reduction (const DocaiView *view, const DocaiRow *row, const ItemNumbers *numbers)
{
  DocaiKeyMatch match;

  for (int s = row->first; s < row->first + row->count && numbers->quantity == NULL; s++)
    if (docai_lexicon_find (DOCAI_LEXICON_AMOUNTS, docai_view_segment (view, s)->folded, 0, &match)
        && match.key == DOCAI_KEY_DISCOUNT && numbers->amount->amount.ten_thousandths < 0)
      return TRUE;
  return FALSE;
}

/* The quantity that could not be read, a single digit mostly: what makes the price the
 * amount, when that is a whole number. It stands on the paper, and nothing read shows it. */
static void
derive_quantity (const DocaiItemHeader *header, const ItemNumbers *numbers, DocaiItem *item)
{
  if (numbers->quantity != NULL || numbers->price == NULL || numbers->price == numbers->amount
      || docai_item_header_lookup (header, DOCAI_KEY_COLUMN_QUANTITY) < 0)
    return;
  gint64 price = numbers->price->amount.ten_thousandths, amount = numbers->amount->amount.ten_thousandths;
  if (price <= 0 || amount <= 0 || amount % price != 0 || amount / price > 9999 || numbers->price->amount.decimals < 2)
    return;
  g_autofree char *value = g_strdup_printf ("%d", (int) (amount / price));
  DocaiField      *field = docai_field_new ("Quantity", DOCAI_KIND_AMOUNT, value, NULL);
  field->confidence = 0.5;
  g_ptr_array_add (item->fields, field);
}

/* An item of the row, with the row that waits for its amount and the text above it. */
static void
take_item (Reader *reader, const DocaiRow *row, const ItemNumbers *numbers, gboolean with_waiting)
{
  const DocaiRow *first = with_waiting ? reader->waiting : row;
  DocaiItem      *item = docai_item_new ();

  for (int i = 0; i < reader->n_texts; i++)
    add_texts (item, reader->view, reader->header, reader->texts[i], NULL, 0);
  reader->n_texts = 0;
  add_values (item, reader->view, reader->header, first, numbers, reader->items->items->len + 1);
  if (with_waiting)
    add_texts (item, reader->view, reader->header, row, NULL, 0);
  if (docai_fields_lookup (item->fields, "Description") != NULL)
    derive_quantity (reader->header, numbers, item);
  if (!is_item (item) || is_reduction (reader->view, row, numbers))
    {
      docai_item_free (item); /* a reduction, a charge, a carried sum */
      return;
    }
  split_bracketed_code (item);
  reader->current = item;
  g_ptr_array_add (reader->items->items, item);
  reader->waiting = NULL;
  reader->after_sum = reader->after_sum && !reader->is_continued;
  reader->has_taken = TRUE;
}

/* A row without an amount: what waits for one, or text of the item above or below. */
static void
take_text (Reader *reader, int r, Number *numbers, int n, gboolean near)
{
  const DocaiRow *row = docai_view_row (reader->view, r);

  if (!reader->after_sum
      && (has_key (numbers, n, DOCAI_KEY_COLUMN_QUANTITY) || has_key (numbers, n, DOCAI_KEY_COLUMN_PRICE))
      && number_of (numbers, n, DOCAI_KEY_COLUMN_AMOUNT, TRUE) == NULL)
    {
      reader->waiting = row;
      reader->n_pending = n;
      memcpy (reader->pending, numbers, sizeof reader->pending);
    }
  else if (!reader->after_sum && reader->n_texts < MAX_ABOVE && is_text_of_next (reader, r))
    reader->texts[reader->n_texts++] = row;
  else if (reader->current != NULL && near)
    {
      add_texts (reader->current, reader->view, reader->header, row, NULL, 0);
      reader->has_taken = TRUE;
    }
  else
    reader->current = NULL;
}

/* Items without their header on the next page: all three numbers stand below their titles. */
static gboolean
is_complete (const ItemNumbers *item)
{
  return item->quantity != NULL && item->price != NULL && item->amount->key == DOCAI_KEY_COLUMN_AMOUNT
         && item->quantity->key == DOCAI_KEY_COLUMN_QUANTITY && item->price->key == DOCAI_KEY_COLUMN_PRICE;
}

static void
take_row (Reader *reader, int r, gboolean near)
{
  const DocaiRow *row = docai_view_row (reader->view, r);
  Number          numbers[MAX_NUMBERS];
  ItemNumbers     found;

  if (docai_item_row_is_carried (reader->view, row))
    {
      reader->current = NULL;
      return;
    }
  if (docai_item_row_is_sum (reader->view, row) || docai_item_row_heads_taxes (reader->view, row))
    {
      reader->after_sum = reader->after_sum || reader->items->items->len > 0;
      reader->is_continued = FALSE;
      reader->current = NULL;
      reader->waiting = NULL;
      reader->n_texts = 0;
      return;
    }
  int n = row_numbers (reader->view, reader->header, row, numbers), own = n;
  if (reader->waiting != NULL && near && !has_key (numbers, n, DOCAI_KEY_COLUMN_QUANTITY))
    n = join_numbers (numbers, n, reader->pending, reader->n_pending);
  if (read_item_numbers (reader->header, numbers, n, &found)
      && (!reader->after_sum || is_sure (numbers, n, &found) || (reader->is_continued && is_complete (&found))))
    take_item (reader, row, &found, n > own);
  else
    take_text (reader, r, numbers, own, near);
}

/* Reads the rows below the header into items, over the pages that repeat no header; returns
 * the last row that belongs to the table. */
static int
read_rows (const DocaiView *view, const DocaiItemHeader *header, DocaiField *items)
{
  Reader           reader = { .view = view, .header = header, .items = items };
  const DocaiRow  *above = docai_view_row (view, header->last_row);
  int              last = header->last_row;
  DocaiItemHeader  next;

  for (int r = header->last_row + 1; r < (int) view->rows->len && items->items->len < MAX_ITEMS; r++)
    {
      const DocaiRow *row = docai_view_row (view, r);
      gboolean        near = row->page == above->page && gap_between (above, row) < 2.2 * row_height (row);
      if (row->page != above->page)
        {
          reader.is_continued = !reader.after_sum;
          reader.after_sum = TRUE;
          reader.current = NULL;
          reader.waiting = NULL;
          reader.n_texts = 0;
        }
      if (row->page != docai_view_row (view, header->last_row)->page && docai_item_header_read (view, r, FALSE, &next))
        break;
      above = row;
      reader.has_taken = FALSE;
      take_row (&reader, r, near);
      if (reader.has_taken)
        last = r;
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

static void
read_tables (DocaiExtraction *x, gboolean brief, DocaiField *items)
{
  DocaiItemHeader header;

  for (int r = 0; r < (int) x->view->rows->len; r++)
    {
      if (!docai_item_header_read (x->view, r, brief, &header))
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
}

void
docai_extract_items (DocaiExtraction *x)
{
  DocaiField *items = docai_field_new ("Items", DOCAI_KIND_STRING, NULL, NULL);

  read_tables (x, FALSE, items);
  if (items->items->len == 0)
    read_tables (x, TRUE, items);
  if (items->items->len == 0)
    {
      docai_field_free (items);
      return;
    }
  check_items (x, items);
  g_ptr_array_add (x->document->fields, items);
}
