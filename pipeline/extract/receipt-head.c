/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The head of a till slip: the merchant's name, address and telephone.
 *
 *   SUSHI CORNER - MARKET HALL            <- a trade name
 *   BLUE OCEAN FOODS SDN BHD (1132106-H)  <- the name: a company's form, a registration behind it
 *   NO. 9-G, MARKET ROAD 2,               <- the address
 *   55100 KUALA LUMPUR.
 *   Tel: +603 2856 0385                   <- telephone, tax numbers and titles end the head
 *
 * Each row is told what it can be; the name is the row with the best evidence,
 * for logos leave rows of noise above it.
 */
#include "pipeline/extract/fields.h"

#include "base/sort.h"
#include "pipeline/extract/receipt-spelling.h"

#include <string.h>

#define MAX_HEAD_ROWS 16
#define MAX_ADDRESS_ROWS 6
#define READABLE 0.5        /* mean confidence below which a row is noise */
#define NEARLY_READABLE 0.3 /* the same for a row with the words of a street */

typedef enum { ROW_NOISE, ROW_TEXT, ROW_ADDRESS, ROW_REGISTRATION, ROW_TITLE, ROW_STOP } RowKind;

typedef struct {
  RowKind  kind;
  char    *text; /* of the part before a telephone number */
  char    *folded;
  DocaiBox bbox;
  double   confidence; /* mean of the words, by length */
  int      n_letters, n_capitals, n_digits;
  int      row;
} HeadRow;

typedef struct {
  HeadRow rows[MAX_HEAD_ROWS];
  int     n;
  double  height; /* median of the rows */
} Head;

/* ---- words --------------------------------------------------------------------- */

/* What is no name and no address: the rest of the slip begins. */
static const char *const stop_words[] = {
  "tel", "telp", "telephone", "phone", "hp", "fax", "gst", "sst", "vat", "tax", "mwst", "ust", "tva", "btw",
  "cashier", "date", "datum", "bill", "table", "www", "http", "email", "e-mail", "doc no", "document no", "hotline",
  "website", "order", "member", "counter", "pos", "served", "operator", "mobile", "whatsapp", "time", "staff",
  "trans", "slip", "description", "qty", "item", "items", "amount", "price", "page", "reservation", "inv", "term",
  "salesperson", "kassierer", "kasse", "bon", "uhrzeit", "siret", "abn", "owned by", "terminal", "customer", "user",
  "thank you", "goods sold", "returnable", "welcome", NULL
};

static const char *const title_words[] = {
  "invoice", "receipt", "credit note", "cash", "quittung", "rechnung", "kassenbon", "facture", "ticket", "factura",
  "simplified", NULL
};

static const char *const registration_words[] = {
  "reg", "registration", "roc", "co no", "co. no", "company no", "co reg", "co.reg", "company reg", "brn", "(co", NULL
};

static const char *const trade_words[] = {
  "enterprise", "trading", "restaurant", "restoran", "kedai", "hardware", "stationery", "mart", "market", "supermarket",
  "shop", "store", "stores", "cafe", "bakery", "pharmacy", "farmasi", "hotel", "electrical", "motor", "bookstore",
  "syarikat", "pasar", "house", "kitchen", "station", "services", "supplies", "centre", "center", "gallery", "hospital",
  "apotheke", "backerei", "metzgerei", "gasthaus", "boulangerie", "pharmacie", "boutique", "farmacia", "supermercado",
  "parking", "petrol", "food", "foods", "bistro", "pizzeria", "brothers", "bros", NULL
};

static const char *const street_words[] = {
  "jalan", "jln", "street", "road", "avenue", "lot", "no", "taman", "tmn", "lorong", "persiaran", "floor", "level",
  "block", "blok", "bandar", "kampung", "batu", "seksyen", "section", "unit", "plaza", "wisma", "menara", "mall", "km",
  "str", "rue", "via", "calle", "platz", "drive", "blvd", "boulevard", "st", "rd", "lane", "ave", "plot", "suite", "off",
  NULL
};

static gboolean
is_word_byte (char c)
{
  return g_ascii_isalnum (c) || (c & 0x80) != 0;
}

/* Whether one of the phrases stands in the text as whole words. */
static gboolean
holds_word (const char *folded, const char *const *words)
{
  for (; *words != NULL; words++)
    {
      gsize length = strlen (*words);
      for (const char *at = folded; (at = strstr (at, *words)) != NULL; at++)
        if ((at == folded || !is_word_byte (at[-1]) || !is_word_byte (**words)) && !g_ascii_isalpha (at[length]))
          return TRUE;
    }
  return FALSE;
}

/* Whether a company's legal form stands in the text; worn print makes SON BHO of
 * SDN BHD. */
static gboolean
holds_legal_form (const char *text)
{
  static GRegex *cache = NULL;

  if (g_once_init_enter (&cache))
    g_once_init_leave (&cache, g_regex_new (
        "(?<![\\p{L}\\d])(?:[S5$][DO0U][NH][., ]*[B8][HN][DO0U]|s/b|gmbh|ltd|limited|llc|inc|corp|plc|pte|pty|s\\.?a\\.?r\\.?l"
        "|s\\.?r\\.?l|s\\.p\\.a|b\\.v|n\\.v|ohg|kg|gbr|e\\.k)\\.?(?!\\p{L})", G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL));
  return g_regex_match (cache, text, 0, NULL);
}

/* German and Dutch streets are one word with their kind at its end. */
static gboolean
holds_street_ending (const char *folded)
{
  static const char *const endings[] = { "strasse", "str.", "gasse", "weg", "allee", "platz", "straat", "laan", "plein", NULL };

  for (int i = 0; endings[i] != NULL; i++)
    if (strstr (folded, endings[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* ---- rows ------------------------------------------------------------------------ */

/* "99 SPEED MART S/B (519537-X)": a name of some letters with its registration in brackets. */
static gboolean
is_registered_name (const HeadRow *row)
{
  return g_regex_match_simple ("^(?:[^\\p{L}]*\\p{L}){6}.*[({\\[]\\d{5,7} ?- ?\\p{Lu}[)}\\]]?$", row->text, 0, 0)
         && !holds_word (row->folded, registration_words) && !holds_word (row->folded, stop_words);
}

/* Numbers of companies and taxpayers, whatever was made of the words before them. */
static gboolean
is_registration (const HeadRow *row)
{
  if (is_registered_name (row))
    return FALSE;
  if (g_regex_match_simple ("(?<!\\d)\\d{5,7} ?- ?\\p{Lu}\\W*$", row->text, 0, 0) && row->n_letters <= 9
      && !holds_legal_form (row->text))
    return TRUE;
  if ((row->n_digits >= 4 && row->n_letters <= 3) || (row->n_digits >= 9 && row->n_digits >= row->n_letters))
    return TRUE;
  return holds_word (row->folded, registration_words) && !holds_legal_form (row->text);
}

/* A post code of five digits, some of which were read as what looks like them, and
 * its town: "$1150 KLANG". */
static gboolean
holds_worn_postal_place (const char *text)
{
  static GRegex *cache = NULL;

  if (g_once_init_enter (&cache))
    g_once_init_leave (&cache, g_regex_new ("^(?=[^ ]*\\d[^ ]*\\d[^ ]*\\d)[\\dOSIl$\u00a7B]{5},? \\p{Lu}[\\p{L}]{2,}",
                                            G_REGEX_OPTIMIZE, 0, NULL));
  return g_regex_match (cache, text, 0, NULL);
}

static gboolean
holds_place (const HeadRow *row)
{
  return docai_has_postal_place (row->text) || holds_worn_postal_place (row->text);
}

static gboolean
looks_like_address (const HeadRow *row)
{
  if (holds_place (row))
    return TRUE;
  return (holds_word (row->folded, street_words) || holds_street_ending (row->folded))
         && strpbrk (row->text, "0123456789,") != NULL;
}

static gboolean
holds_money (const char *text)
{
  DocaiAmount amount;

  for (gsize at = 0; docai_find_amount (text, at, &amount); at = amount.span.end)
    if (amount.decimals == 2 && !amount.percent)
      return TRUE;
  return FALSE;
}

/* "CHANGE", "Total": what begins with the label of a sum. */
static gboolean
starts_with_sum (const char *folded)
{
  DocaiKeyMatch match;

  return docai_lexicon_find (DOCAI_LEXICON_AMOUNTS, folded, 0, &match) && match.span.start == 0 && match.weight >= 7
         && (match.key == DOCAI_KEY_TOTAL || match.key == DOCAI_KEY_SUBTOTAL || match.key == DOCAI_KEY_CHANGE
             || match.key == DOCAI_KEY_ROUNDING);
}

static RowKind
kind_of_row (const HeadRow *row, const DocaiExtraction *x)
{
  gboolean  company = holds_legal_form (row->text);
  DocaiDate date;

  if (row->n_letters + row->n_digits < 3
      || (row->confidence < READABLE && !company && !docai_has_postal_place (row->text)
          && !(row->confidence > NEARLY_READABLE && looks_like_address (row))))
    return ROW_NOISE;
  if (company && row->n_letters > row->n_digits && row->text[0] != '(')
    return ROW_TEXT;
  if (is_registration (row))
    return ROW_REGISTRATION;
  if (strchr (row->text, '@') != NULL || holds_word (row->folded, stop_words)
      || docai_find_date (row->text, 0, x->date_order, &date))
    return ROW_STOP;
  if (holds_money (row->text) || starts_with_sum (row->folded))
    return ROW_STOP;
  if (looks_like_address (row))
    return ROW_ADDRESS;
  if (holds_word (row->folded, title_words) && strchr (row->text, '&') == NULL)
    return ROW_TITLE;
  return row->n_letters >= 3 ? ROW_TEXT : ROW_NOISE;
}

static void
count_characters (HeadRow *row)
{
  for (const char *p = row->text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      row->n_letters += g_unichar_isalpha (c) != 0;
      row->n_capitals += g_unichar_isupper (c) != 0;
      row->n_digits += g_unichar_isdigit (c) != 0;
    }
}

static gboolean
starts_telephone (const DocaiWord *word)
{
  static const char *const words[] = { "tel", "telp", "fax", "phone", "hp", NULL };
  g_autofree char         *folded = docai_fold (word->text);

  return holds_word (folded, words) && strlen (folded) <= 24;
}

/* What stands apart from a row's words and is one sign, or none of writing. */
static gboolean
is_speck (const char *text)
{
  int n = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    n += g_unichar_isalnum (g_utf8_get_char (p)) != 0;
  return n == 0 || (n == 1 && g_utf8_strlen (text, -1) <= 2);
}

/* The row's words up to a telephone number that follows the address in it. */
static HeadRow
read_row (const DocaiExtraction *x, int r)
{
  const DocaiRow     *view_row = docai_view_row (x->view, r);
  g_autoptr (GString) text = g_string_new (NULL);
  HeadRow             row = { .row = r };
  double              sum = 0, weights = 0;

  for (int i = view_row->first; i < view_row->first + view_row->count; i++)
    {
      const DocaiSegment *segment = docai_view_segment (x->view, i);
      if (view_row->count > 1 && is_speck (segment->text))
        continue;
      for (guint w = 0; w < segment->words->len; w++)
        {
          const DocaiWord *word = segment->words->pdata[w];
          double           weight = (double) strlen (word->text);
          if (text->len > 0 && starts_telephone (word))
            goto done;
          g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", word->text);
          row.bbox = docai_box_union (row.bbox, word->bbox);
          sum += weight * word->confidence;
          weights += weight;
        }
    }
done:
  row.text = g_string_free (g_steal_pointer (&text), FALSE);
  row.folded = docai_fold (row.text);
  row.confidence = weights > 0 ? sum / weights : 0;
  count_characters (&row);
  row.kind = kind_of_row (&row, x);
  return row;
}

static void
read_head (const DocaiExtraction *x, Head *head)
{
  double heights[MAX_HEAD_ROWS];

  head->n = MIN ((int) x->view->rows->len, MAX_HEAD_ROWS);
  for (int r = 0; r < head->n; r++)
    {
      head->rows[r] = read_row (x, r);
      heights[r] = docai_box_height (head->rows[r].bbox);
    }
  qsort (heights, (gsize) head->n, sizeof heights[0], docai_compare_doubles);
  head->height = head->n > 0 ? heights[head->n / 2] : 0;
}

static void
clear_head (Head *head)
{
  for (int r = 0; r < head->n; r++)
    {
      g_free (head->rows[r].text);
      g_free (head->rows[r].folded);
    }
}

/* ---- the name ---------------------------------------------------------------------- */

static gboolean
is_registration_next (const Head *head, int r)
{
  return r + 1 < head->n && head->rows[r + 1].kind == ROW_REGISTRATION;
}

static double
name_score (const Head *head, int r, int n_before)
{
  const HeadRow *row = &head->rows[r];
  double         score = CLAMP (6 * (row->confidence - 0.7), -3, 1.5) - 0.7 * n_before;

  if (holds_legal_form (row->text))
    score += 8;
  if (holds_word (row->folded, trade_words))
    score += 4;
  if (is_registration_next (head, r) || (strchr (row->text, '(') != NULL && row->n_digits >= 5))
    score += 2;
  if (r + 1 < head->n && head->rows[r + 1].kind == ROW_ADDRESS)
    score += 1;
  if (row->n_capitals == 0)
    score -= 3;
  else if (row->n_capitals > 0.7 * row->n_letters)
    score += 2;
  if (docai_box_height (row->bbox) > 1.2 * head->height && row->n_letters >= 6)
    score += 1;
  if (row->n_letters < 6)
    score -= 4;
  if (g_str_has_suffix (row->text, ","))
    score -= 4;
  if (row->n_digits > row->n_letters)
    score -= 4;
  return score;
}

/* The row with the best evidence before the address or the rest of the slip. */
static int
choose_name (const Head *head, double *score)
{
  int best = -1, n_before = 0;

  for (int r = 0; r < head->n; r++)
    {
      const HeadRow *row = &head->rows[r];
      if (row->kind == ROW_STOP && best >= 0)
        break;
      if (row->kind != ROW_TEXT)
        continue;
      double candidate = name_score (head, r, n_before++);
      if (best < 0 || candidate > *score)
        {
          best = r;
          *score = candidate;
        }
    }
  return best;
}

static int
open_brackets (const char *text)
{
  int n = 0;

  for (; *text != '\0'; text++)
    n += (strchr ("({[", *text) != NULL) - (strchr (")}]", *text) != NULL);
  return n;
}

/* Whether the row is only the end of a name: "CO. (M) SDN BHD", "ALAM) SDN BHD". */
static gboolean
is_name_end (const HeadRow *row)
{
  static const char *const words[] = { "enterprise", "trading", "sdn", "co", "bhd", "gmbh", "ltd", "limited", "company",
                                       "(m)", "pte", "pty", "inc", "llc", "kg", "& co", NULL };
  g_auto (GStrv)           parts = g_strsplit_set (row->folded, " .,", 2);

  return open_brackets (row->text) < 0 || (parts[0] != NULL && g_strv_contains (words, parts[0]));
}

/* Whether a name goes on in the next row. */
static gboolean
is_continued (const HeadRow *row)
{
  return g_str_has_suffix (row->text, "&") || open_brackets (row->text) > 0;
}

static void
extend_name (const Head *head, int *first, int *last)
{
  while (*first > 0 && *last - *first < 2
         && (is_name_end (&head->rows[*first]) || is_continued (&head->rows[*first - 1]))
         && head->rows[*first - 1].kind == ROW_TEXT && head->rows[*first - 1].n_capitals > 0)
    (*first)--;
  while (*last + 1 < head->n && *last - *first < 2 && head->rows[*last + 1].kind == ROW_TEXT)
    {
      if (!is_continued (&head->rows[*last]) && !is_name_end (&head->rows[*last + 1]))
        break;
      (*last)++;
    }
}

/* A shop is often named after the company that owns it, whose name stands nearby
 * with its form. Of two spellings of the word that differ in a letter that one
 * counts: reading prefers words that it knows for a shop's own. */
static char *
spell_like_owner (char *name, const Head *head, int first, int last)
{
  g_auto (GStrv) words = g_strsplit (name, " ", 2);

  if (words[0] == NULL || strlen (words[0]) < 5 || holds_legal_form (name))
    return name;
  for (int r = 0; r < head->n; r++)
    {
      if ((r >= first && r <= last) || !holds_legal_form (head->rows[r].text))
        continue;
      g_auto (GStrv) others = g_strsplit (head->rows[r].text, " ", -1);
      for (int i = 0; others[i] != NULL; i++)
        if (strlen (others[i]) == strlen (words[0]) && docai_letter_distance (words[0], others[i]) == 1)
          {
            g_free (name);
            return words[1] != NULL ? g_strjoin (" ", others[i], words[1], NULL) : g_strdup (others[i]);
          }
    }
  return name;
}

static void
add_rows (DocaiExtraction *x, const char *name, DocaiFieldKind kind, const char *value, const HeadRow *const *rows,
          int n, double certainty)
{
  g_autoptr (GString) content = g_string_new (NULL);
  DocaiField         *field;

  if (n == 0 || *value == '\0')
    return;
  field = docai_field_new (name, kind, value, NULL);
  field->page = docai_view_row (x->view, rows[0]->row)->page;
  field->confidence = 1;
  field->grounded = TRUE;
  for (int i = 0; i < n; i++)
    {
      g_string_append_printf (content, "%s%s", i > 0 ? "\n" : "", rows[i]->text);
      field->bbox = docai_box_union (field->bbox, rows[i]->bbox);
      field->confidence = MIN (field->confidence, rows[i]->confidence);
    }
  field->confidence *= certainty;
  field->content = g_string_free (g_steal_pointer (&content), FALSE);
  g_ptr_array_add (x->document->fields, field);
}

static char *
join_rows (const HeadRow *const *rows, int n, const char *between)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (int i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? between : "", rows[i]->text);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* ---- the address ----------------------------------------------------------------------- */

static gboolean
is_in_brackets (const HeadRow *row)
{
  return row->text[0] == '(';
}

static gboolean
ends_in_country (const char *folded)
{
  static const char *const countries[] = { "malaysia", "singapore", "usa", "united kingdom", "deutschland", "germany",
                                           "france", "nederland", "belgium", "india", "ireland", "australia", NULL };

  for (int i = 0; countries[i] != NULL; i++)
    if (g_str_has_suffix (folded, countries[i]))
      return TRUE;
  return FALSE;
}

/* A post code with its town in short: "57000 KL". */
static gboolean
is_short_town (const char *text)
{
  return g_regex_match_simple ("^\\d{4,5} \\p{Lu}{2,3}\\.?$", text, 0, 0);
}

/* The rows of the address below row `from`; returns how many. */
static int
collect_address (const Head *head, int from, const HeadRow *rows[MAX_ADDRESS_ROWS])
{
  int start = from, n = 0, after_town = -1;

  while (start < head->n && head->rows[start].kind != ROW_ADDRESS)
    start++;
  if (start - from > 6)
    return 0;
  if (start - 1 >= from && start < head->n && head->rows[start - 1].kind == ROW_TEXT
      && g_str_has_suffix (head->rows[start - 1].text, ","))
    start--;
  for (int r = start; r < head->n && n < MAX_ADDRESS_ROWS; r++)
    {
      const HeadRow *row = &head->rows[r];
      gboolean       town = n > 0 && after_town < 0 && is_short_town (row->text);
      if (!town && n > 0 && ((row->kind == ROW_REGISTRATION && row->n_letters < 3) || (row->kind == ROW_NOISE && after_town < 0)))
        continue;
      if (!town && ((row->kind != ROW_ADDRESS && row->kind != ROW_TEXT) || (is_in_brackets (row) && n > 0)))
        break;
      gboolean place = town || holds_place (row);
      if (after_town >= 0 && ++after_town > 1 && !place)
        break;
      rows[n++] = row;
      if (place)
        after_town = 0;
      if (n > 1 && ends_in_country (row->folded))
        break;
    }
  return n;
}

/* ---- the telephone ---------------------------------------------------------------------- */

static void
take_phone (DocaiExtraction *x)
{
  g_autoptr (GRegex) regex = g_regex_new ("(?<!\\p{L})(?:tel|telp|telephone|telefon|phone|ph)(?!\\p{L})[^\\d+(]{0,8}"
                                          "([+(]?\\d[\\d ()./+-]{5,}\\d)", G_REGEX_CASELESS, 0, NULL);

  for (guint i = 0; i < x->view->segments->len; i++)
    {
      const DocaiSegment    *segment = x->view->segments->pdata[i];
      const DocaiSegment    *right = docai_view_right (x->view, segment);
      g_autoptr (GMatchInfo) info = NULL;
      int                    start, end;
      if (g_regex_match (regex, segment->text, 0, &info))
        {
          g_match_info_fetch_pos (info, 1, &start, &end);
          docai_extraction_add (x, "MerchantPhoneNumber", DOCAI_KIND_STRING, NULL, segment, (gsize) start, (gsize) end);
          return;
        }
      if (right != NULL && g_str_has_prefix (segment->folded, "tel") && strlen (segment->folded) <= 12)
        {
          gsize skip = strspn (right->text, ": ."), length = strspn (right->text + skip, "0123456789+()- /.");
          if (length < 7)
            continue;
          docai_extraction_add (x, "MerchantPhoneNumber", DOCAI_KIND_STRING, NULL, right, skip, skip + length);
          return;
        }
    }
}

void
docai_extract_receipt_head (DocaiExtraction *x)
{
  Head           head = { 0 };
  const HeadRow *name[3], *address[MAX_ADDRESS_ROWS];
  double         score = 0;

  read_head (x, &head);
  int first = choose_name (&head, &score), last = first, n_name = 0;
  if (first >= 0 && score > -1)
    {
      extend_name (&head, &first, &last);
      for (int r = first; r <= last; r++)
        name[n_name++] = &head.rows[r];
      g_autofree char *text = join_rows (name, n_name, " ");
      g_autofree char *value = spell_like_owner (docai_receipt_spell_name (text), &head, first, last);
      add_rows (x, "MerchantName", DOCAI_KIND_STRING, value, name, n_name, score > 6 ? 1 : score > 2 ? 0.75 : 0.4);
    }
  int n = collect_address (&head, last + 1, address);
  if (n > 0)
    {
      g_autofree char *text = join_rows (address, n, "\n");
      g_autofree char *value = docai_receipt_spell_address (text);
      add_rows (x, "MerchantAddress", DOCAI_KIND_ADDRESS, value, address, n, n > 1 ? 1 : 0.6);
    }
  clear_head (&head);
  take_phone (x);
}
