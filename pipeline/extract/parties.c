/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who sells and who buys: names and addresses.
 *
 * Three forms are known: a labelled block ("Bill to" above it), rows of label and
 * value ("Name: ...", "Address: ...") below a party's label, and the letter's
 * form: a small sender line, the addressee's block in the window, the sender once
 * more at the right or at the foot.
 */
#include "pipeline/extract/fields.h"

#include "document/text.h"

#include <math.h>
#include <string.h>

#define MAX_BLOCK_LINES 9
#define ALIGNED 4.0 /* points */
#define LETTERHEAD 0.1 /* of the page, above the window for the addressee */
#define LINE_GAP 1.6  /* between lines of a block, in line heights */

typedef struct {
  const DocaiSegment *lines[MAX_BLOCK_LINES];
  int                 n;
  DocaiKey            party; /* VENDOR, CUSTOMER, SHIP_TO or NONE */
  int                 postal; /* line with post code and town; -1: none */
} Block;

typedef struct {
  const char *name_field, *address_field;
} PartyFields;

static const PartyFields vendor_fields = { "VendorName", "VendorAddress" };
static const PartyFields customer_fields = { "CustomerName", "CustomerAddress" };

/* ---- labels ---------------------------------------------------------------------- */

/* The party that the segment's first words name; `end` is where the label ends. */
static DocaiKey
party_of (const DocaiSegment *segment, gsize *end)
{
  DocaiKeyMatch match;

  if (!docai_lexicon_find (DOCAI_LEXICON_LABELS, segment->folded, 0, &match) || match.span.start > 0)
    return DOCAI_KEY_NONE;
  if (match.key != DOCAI_KEY_VENDOR && match.key != DOCAI_KEY_CUSTOMER && match.key != DOCAI_KEY_SHIP_TO)
    return DOCAI_KEY_NONE;
  /* "Lieferant GmbH" is a name and no label. */
  if (segment->folded[match.span.end] != '\0' && strpbrk (segment->folded + match.span.end, ":/") == NULL)
    return DOCAI_KEY_NONE;
  *end = match.span.end;
  return match.key;
}

/* Whether nothing but punctuation follows the label. */
static gboolean
is_bare_label (const DocaiSegment *segment, gsize end)
{
  for (const char *p = segment->folded + end; *p != '\0'; p++)
    if (strchr (" :.-()", *p) == NULL)
      return FALSE;
  return TRUE;
}

/* A line that says something else than a name or a place. */
static gboolean
is_foreign (const DocaiSegment *segment)
{
  DocaiKeyMatch match;
  gsize         end;

  if (strchr (segment->text, '@') != NULL || strstr (segment->folded, "www.") != NULL)
    return TRUE;
  if (party_of (segment, &end) != DOCAI_KEY_NONE)
    return TRUE;
  if (!docai_lexicon_find (DOCAI_LEXICON_LABELS, segment->folded, 0, &match) || match.span.start > 0)
    return FALSE;
  /* "Client Services GmbH" begins with a party's label and is none. */
  return match.key != DOCAI_KEY_NAME && match.key != DOCAI_KEY_ADDRESS && match.key != DOCAI_KEY_VENDOR
         && match.key != DOCAI_KEY_CUSTOMER && match.key != DOCAI_KEY_SHIP_TO && match.weight >= 5;
}

/* ---- putting fields down -------------------------------------------------------------- */

static void
add_lines (DocaiExtraction *x, const char *name, DocaiFieldKind kind, const DocaiSegment *const *lines, int n)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (n <= 0 || docai_fields_lookup (x->document->fields, name) != NULL)
    return;
  for (int i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", lines[i]->text);
  docai_extraction_add (x, name, kind, text->str, lines[0], 0, strlen (lines[0]->text));

  DocaiField *field = docai_fields_lookup (x->document->fields, name);
  for (int i = 1; i < n; i++)
    field->bbox = docai_box_union (field->bbox, lines[i]->bbox);
  g_free (field->content);
  field->content = g_strdup (text->str);
}

/* A country's name below the town belongs to the address; a line of its own
 * without digits that is not foreign. */
static gboolean
is_country (const DocaiSegment *segment)
{
  static const char *const countries[] = {
    "deutschland", "germany", "france", "frankreich", "osterreich", "austria", "schweiz", "switzerland", "suisse",
    "united states", "usa", "united kingdom", "great britain", "england", "netherlands", "nederland", "niederlande",
    "belgium", "belgique", "belgie", "belgien", "espana", "spain", "italia", "italy", "italien", "luxembourg",
    "luxemburg", "portugal", "polska", "poland", "polen", "danmark", "denmark", "sverige", "india", "canada",
    "ireland", "australia", "czech republic", "de", "fr", "at", "ch", "nl", "be", "gb", "us", "es", "it", NULL
  };
  return g_strv_contains (countries, segment->folded);
}

/* "We deliver tomorrow.": words with a full stop that are no company's. */
static gboolean
is_sentence (const DocaiSegment *segment)
{
  const DocaiWord *last = segment->words->pdata[segment->words->len - 1];

  return segment->words->len >= 3 && g_str_has_suffix (last->text, ".") && g_utf8_strlen (last->text, -1) > 3
         && !docai_has_company_form (segment->text);
}

/* A line that can be a name: no number, no "key: value". */
static gboolean
is_name (const DocaiSegment *segment)
{
  int letters = 0;

  for (const char *p = segment->text; *p != '\0'; p = g_utf8_next_char (p))
    letters += g_unichar_isalpha (g_utf8_get_char (p)) != 0;
  return letters >= 3 && segment->text[0] != '(' && !docai_text_has_digit (segment->text) && strchr (segment->text, ':') == NULL
         && !is_sentence (segment);
}

static gboolean
is_salutation (const DocaiSegment *segment)
{
  static const char *const words[] = { "herrn", "herr", "frau", "mr", "mr.", "mrs", "mrs.", "ms", "ms.", "firma",
                                       "monsieur", "madame", "sig.", "sr.", "sra.", "messrs", NULL };
  return g_strv_contains (words, segment->folded);
}

/* A company's name that runs over two lines ends with its form on the second. */
static gboolean
is_complete_name (const Block *block, int first)
{
  return first + 1 >= block->n || first + 1 >= block->postal || docai_has_company_form (block->lines[first]->text)
         || !is_name (block->lines[first + 1]) || !docai_has_company_form (block->lines[first + 1]->text)
         || g_str_has_prefix (block->lines[first + 1]->folded, "inh");
}

/* A name is one line of text, whatever lines it was printed on. */
static void
join_value (DocaiExtraction *x, const char *name)
{
  DocaiField *field = docai_fields_lookup (x->document->fields, name);

  if (field != NULL)
    g_strdelimit (field->value, "\n", ' ');
}

/* Takes a block's lines apart: the name first, then from the first line with a
 * number to the town, and the country. */
static void
take_block (DocaiExtraction *x, const Block *block, int first, const PartyFields *fields)
{
  int street = -1, last = block->postal;

  while (first < block->n && first < last && !is_name (block->lines[first]))
    first++;
  if (first >= block->n || first == last)
    {
      /* A place without a name: the sender's, whose name stands elsewhere. */
      if (last >= 1 && docai_text_has_digit (block->lines[last - 1]->text))
        add_lines (x, fields->address_field, DOCAI_KIND_ADDRESS, &block->lines[last - 1], 2);
      return;
    }
  int n_names = is_salutation (block->lines[first]) || !is_complete_name (block, first) ? 2 : 1;
  add_lines (x, fields->name_field, DOCAI_KIND_STRING, &block->lines[first], n_names);
  join_value (x, fields->name_field);
  for (int i = first + 1; i < block->n && street < 0; i++)
    if (docai_text_has_digit (block->lines[i]->text) && strchr (block->lines[i]->text, ':') == NULL)
      street = i;
  /* Streets without numbers, as in English villages; not "7 Mill Street, 78462 Konstanz". */
  if (street == last && first + n_names < last && !g_regex_match_simple ("\\d.*[,-] .*\\d", block->lines[last]->text, 0, 0))
    street = first + n_names;
  if (street < 0 || last < street)
    return;
  if (last + 1 < block->n && is_country (block->lines[last + 1]))
    last++;
  add_lines (x, fields->address_field, DOCAI_KIND_ADDRESS, &block->lines[street], last - street + 1);
}

/* ---- blocks ------------------------------------------------------------------------------- */

static gboolean
is_below (const DocaiSegment *above, const DocaiSegment *segment, double line_gap)
{
  double height = MIN (docai_box_height (above->bbox), docai_box_height (segment->bbox));
  double gap = segment->bbox.y0 - above->bbox.y1;

  return gap < line_gap * height && gap > -0.5 * height
         && (fabs (above->bbox.x0 - segment->bbox.x0) < ALIGNED
             || fabs (above->bbox.x1 - segment->bbox.x1) < ALIGNED
             || fabs (docai_box_center_x (above->bbox) - docai_box_center_x (segment->bbox)) < ALIGNED);
}

static const DocaiSegment *
next_line (const DocaiView *view, const DocaiSegment *segment, double line_gap)
{
  for (int r = segment->row + 1; r < (int) view->rows->len && r <= segment->row + 4; r++)
    {
      const DocaiRow *row = docai_view_row (view, r);
      if (row->page != segment->page)
        break;
      for (int i = row->first; i < row->first + row->count; i++)
        if (is_below (segment, docai_view_segment (view, i), line_gap))
          return docai_view_segment (view, i);
    }
  return NULL;
}

/* "1900 Industrial Blvd" has the form of "1900 Mons", a post code and its town. */
static gboolean
starts_with_house_number (const char *text)
{
  return strspn (text, "0123456789") == 4 && text[4] == ' ';
}

static void
grow_block_with (const DocaiView *view, const DocaiSegment *start, double line_gap, Block *block)
{
  *block = (Block){ .postal = -1 };
  for (const DocaiSegment *segment = start; segment != NULL && block->n < MAX_BLOCK_LINES;
       segment = next_line (view, segment, line_gap))
    {
      if (block->n > 0 && is_foreign (segment))
        break;
      if (docai_has_postal_place (segment->text)
          && (block->postal < 0 || starts_with_house_number (block->lines[block->postal]->text)))
        block->postal = block->n;
      block->lines[block->n++] = segment;
      if (block->postal >= 0 && block->n > block->postal + 2)
        break;
    }
}

/* The block that starts here; where it holds no town, wider gaps are allowed, as
 * in addresses set with blank lines between. */
static void
grow_block (const DocaiView *view, const DocaiSegment *start, Block *block)
{
  grow_block_with (view, start, LINE_GAP, block);
  if (block->postal < 0 && block->n <= 2)
    grow_block_with (view, start, 2 * LINE_GAP, block);
}

/* ---- the three forms -------------------------------------------------------------------- */

static const PartyFields *
fields_of (DocaiKey party)
{
  return party == DOCAI_KEY_VENDOR ? &vendor_fields : party == DOCAI_KEY_CUSTOMER ? &customer_fields : NULL;
}

/* The segment below a label, past numbers and other lines that are no name. */
static const DocaiSegment *
first_below (const DocaiView *view, const DocaiSegment *label)
{
  const DocaiSegment *below = docai_view_below (view, label, 2);

  for (int i = 0; i < 3 && below != NULL && is_foreign (below); i++)
    below = docai_view_below (view, below, 1);
  return below;
}

/* "Bill to" with the block below it, right of it, or behind it in the same line. */
static void
take_labelled_block (DocaiExtraction *x, const DocaiSegment *segment, DocaiKey party, gsize end)
{
  const PartyFields  *fields = fields_of (party);
  const DocaiSegment *below = first_below (x->view, segment), *right = docai_view_right (x->view, segment);
  Block               block;

  if (fields == NULL || !is_bare_label (segment, end))
    return;
  if (below != NULL && !is_foreign (below))
    {
      grow_block (x->view, below, &block);
      if (block.postal >= 1)
        {
          take_block (x, &block, 0, fields);
          return;
        }
    }
  if (right != NULL && !is_foreign (right))
    {
      grow_block (x->view, right, &block);
      if (block.postal >= 1 || block.n == 1)
        take_block (x, &block, 0, fields);
    }
}

/* Rows "Name: ..." and "Address: ..." below a party's label, up to the next party. */
static void
take_labelled_rows (DocaiExtraction *x, const DocaiSegment *label, const PartyFields *fields)
{
  gsize end;

  for (int r = label->row + 1; r < (int) x->view->rows->len && r <= label->row + 14; r++)
    {
      const DocaiSegment *key = docai_view_segment (x->view, docai_view_row (x->view, r)->first);
      const DocaiSegment *value = docai_view_right (x->view, key);
      DocaiKeyMatch       match;
      if (party_of (key, &end) != DOCAI_KEY_NONE && is_bare_label (key, end))
        break;
      if (value == NULL || !docai_lexicon_find (DOCAI_LEXICON_LABELS, key->folded, 0, &match) || match.span.start > 0)
        continue;
      if (match.key == DOCAI_KEY_NAME)
        add_lines (x, fields->name_field, DOCAI_KIND_STRING, &value, 1);
      else if (match.key == DOCAI_KEY_ADDRESS)
        {
          Block block;
          grow_block (x->view, value, &block);
          int last = block.postal >= 0 ? block.postal : 0;
          add_lines (x, fields->address_field, DOCAI_KIND_ADDRESS, block.lines, last + 1);
        }
    }
}

/* "Kraxi GmbH · Flugzeugallee 17 · 12345 Papierfeld": the sender over the window. */
static gboolean
take_sender_line (DocaiExtraction *x, const DocaiSegment *segment)
{
  static const char *const marks[] = { "\u00b7", "\u2022", "\u25cf", " | ", " - ", " \u2013 ", ", ", NULL };

  if (!docai_has_postal_place (segment->text) || segment->words->len < 5)
    return FALSE;
  for (int m = 0; marks[m] != NULL; m++)
    {
      g_auto (GStrv) parts = g_strsplit (segment->text, marks[m], -1);
      guint n = g_strv_length (parts);
      if (n < 3 || n > 6 || docai_text_has_digit (parts[0]))
        continue;
      gsize name_length = strlen (parts[0]);
      while (name_length > 0 && parts[0][name_length - 1] == ' ')
        name_length--;
      if (name_length < 3)
        continue;
      gsize address = strlen (parts[0]) + strlen (marks[m]);
      docai_extraction_add (x, "VendorName", DOCAI_KIND_STRING, NULL, segment, 0, name_length);
      while (segment->text[address] == ' ')
        address++;
      docai_extraction_add (x, "VendorAddress", DOCAI_KIND_ADDRESS, NULL, segment, address, strlen (segment->text));
      return TRUE;
    }
  return FALSE;
}

/* Whether a party's name was already read from this line. */
static gboolean
is_taken (const DocaiExtraction *x, const DocaiSegment *line)
{
  static const char *const names[] = { "VendorName", "CustomerName" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const DocaiField *field = docai_fields_lookup (x->document->fields, names[i]);
      if (field != NULL && field->page == line->page && docai_box_iou (field->bbox, line->bbox) > 0.5)
        return TRUE;
    }
  return FALSE;
}

/* Whether the block's town and street are those of the vendor: a branch, a department. */
static gboolean
is_at_vendor (const DocaiExtraction *x, const Block *block)
{
  const DocaiField *address = docai_fields_lookup (x->document->fields, "VendorAddress");
  const char       *street = block->lines[block->postal - 1]->text;

  return address != NULL && docai_text_has_digit (street) && strstr (address->value, street) != NULL
         && strstr (address->value, block->lines[block->postal]->text) != NULL;
}

/* Blocks that end in a town and carry no label: one at the top of the page is the sender's,
 * the first other one on the left the addressee's, one elsewhere the sender's. */
static void
take_free_blocks (DocaiExtraction *x)
{
  g_autoptr (GHashTable) used = g_hash_table_new (NULL, NULL);
  const DocaiPage       *page = x->document->pages->pdata[0];

  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment *segment = x->view->segments->pdata[i];
      Block               block;
      if (segment->page != page->number || (x->items_first_row >= 0 && segment->row >= x->items_first_row))
        break;
      if (g_hash_table_contains (used, segment) || is_foreign (segment) || is_sentence (segment))
        continue;
      grow_block (x->view, segment, &block);
      if (block.postal < 1)
        continue;
      for (int l = 0; l < block.n; l++)
        g_hash_table_add (used, (gpointer) block.lines[l]);
      if (is_taken (x, block.lines[0]))
        continue;
      gboolean left = segment->bbox.x0 < 0.45 * page->width;
      gboolean vendor_known = docai_fields_lookup (x->document->fields, "VendorName") != NULL;
      const DocaiField *vendor = docai_fields_lookup (x->document->fields, "VendorName");
      gboolean in_head = segment->bbox.y0 < LETTERHEAD * page->height && !vendor_known;
      gboolean of_vendor = in_head || (vendor != NULL && strstr (block.lines[0]->text, vendor->value) != NULL)
                           || (vendor_known && !is_name (block.lines[0]));
      if (of_vendor)
        take_block (x, &block, 0, &vendor_fields);
      else if (is_at_vendor (x, &block))
        continue;
      else if ((left || vendor_known) && docai_fields_lookup (x->document->fields, "CustomerName") == NULL)
        take_block (x, &block, 0, &customer_fields);
      else
        take_block (x, &block, 0, &vendor_fields);
    }
}

/* Specks read as letters are small ones. */
static gboolean
has_capital (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isupper (g_utf8_get_char (p)))
      return TRUE;
  return FALSE;
}

/* The last resort: the first line that ends like a company's name, else the
 * first line of letters. */
static void
take_first_company (DocaiExtraction *x)
{
  const DocaiSegment *first = NULL;
  const DocaiField   *customer = docai_fields_lookup (x->document->fields, "CustomerName");

  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment *segment = x->view->segments->pdata[i];
      if (is_foreign (segment) || segment->words->len > 7
          || (customer != NULL && g_strcmp0 (customer->content, segment->text) == 0))
        continue;
      if (first == NULL && is_name (segment) && has_capital (segment->text))
        first = segment;
      if (is_name (segment) && segment->words->len > 1 && docai_has_company_form (segment->text))
        {
          first = segment;
          break;
        }
    }
  if (first == NULL)
    return;
  docai_extraction_add (x, "VendorName", DOCAI_KIND_STRING, NULL, first, 0, strlen (first->text));
  docai_extraction_weigh (x, "VendorName", docai_has_company_form (first->text) ? 0.6 : 0.35);
  Block block;
  grow_block (x->view, first, &block);
  if (block.postal >= 1)
    take_block (x, &block, 0, &vendor_fields);
}

/* The line over the window has the vendor's name in short: "Nordwind, 14 Harbour Lane";
 * elsewhere it stands in full, with the company's form. */
static void
complete_vendor (DocaiExtraction *x)
{
  DocaiField *vendor = docai_fields_lookup (x->document->fields, "VendorName");
  gsize       length = vendor != NULL ? strlen (vendor->value) : 0;

  if (length < 4 || docai_has_company_form (vendor->value))
    return;
  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment *segment = x->view->segments->pdata[i];
      if (!g_str_has_prefix (segment->text, vendor->value) || segment->text[length] != ' ' || segment->words->len > 7
          || !is_name (segment) || !docai_has_company_form (segment->text + length)
          || strpbrk (segment->text + length, ",|") != NULL || is_foreign (segment))
        continue;
      docai_view_place_field (vendor, segment, 0, strlen (segment->text));
      g_free (vendor->value);
      vendor->value = g_strdup (segment->text);
      return;
    }
}

void
docai_extract_parties (DocaiExtraction *x)
{
  gsize end;

  if (x->document->pages->len == 0)
    return;
  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment *segment = x->view->segments->pdata[i];
      DocaiKey            party = party_of (segment, &end);
      if (party == DOCAI_KEY_NONE || fields_of (party) == NULL)
        continue;
      if (is_bare_label (segment, end))
        take_labelled_rows (x, segment, fields_of (party));
      take_labelled_block (x, segment, party, end);
    }
  for (guint i = 0; i < x->view->segments->len; i++)
    if (take_sender_line (x, x->view->segments->pdata[i]))
      break;
  take_free_blocks (x);
  if (docai_fields_lookup (x->document->fields, "VendorName") == NULL)
    take_first_company (x);
  complete_vendor (x);
}
