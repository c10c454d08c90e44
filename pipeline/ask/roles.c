/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a paper's parts are without a label: its title by its size, a letter's date, sender, receiver and subject by their
 * places, an author under the title, the number in the margin.
 */
#include "pipeline/ask/sheet.h"

#include <math.h>
#include <string.h>

#define TITLE_PART 0.6   /* of the page from its top in which the title stands */
#define LARGER 1.12      /* than other text that is nearly as large */
#define MUCH_LARGER 1.25  /* than a heading that stands above */
#define HEADER 0.7       /* the same of a line in the upper margin */
#define COMPANY 0.5      /* of its height counts where the text is a company's name */
#define MARGIN_PART 0.1  /* of the page's height */
#define MOST_NAME_WORDS 9
#define MOST_PAPER_WORDS 5
#define LINES_TO_AUTHOR 5
#define SIGNED 1.45 /* of the height of typed letters: larger ones are written by hand */
#define MARGIN 8.0   /* points within which lines begin at one margin */
#define BLOCK_GAP 2.2 /* heights of a line between those of one block */

#define C(name) DOCAI_CONCEPT_##name

/* ---- what is asked ----------------------------------------------------------------------- */

/* Whether the question says `concept` and beside it only papers that the document agrees to be, and words of `may`. */
static gboolean
asks_for (const DocaiAskSheet *sheet, const DocaiQuestion *question, DocaiConcept concept, const DocaiConcept *may)
{
  if (concept != C (NONE) && !docai_concept_set_has (&question->concepts, concept))
    return FALSE;
  for (guint i = 0; i < question->asked->len; i++)
    {
      const DocaiTerm *term = question->asked->pdata[i];
      gboolean         allowed = term->concept == concept;
      for (guint k = 0; may[k] != C (NONE) && !allowed; k++)
        allowed = term->concept == may[k];
      if (!allowed && term->concept >= C (DOCUMENT) && term->concept <= C (CONTRACT))
        allowed = docai_ask_sheet_agrees (sheet, term->concept);
      if (!allowed && !term->particle)
        return FALSE;
    }
  return TRUE;
}

static gboolean
asks_only_for_papers (const DocaiQuestion *question)
{
  for (guint i = 0; i < question->asked->len; i++)
    {
      DocaiConcept concept = ((const DocaiTerm *) question->asked->pdata[i])->concept;
      if (concept < C (FORM) || concept > C (TABLE))
        return FALSE;
    }
  return question->asked->len > 0 && question->kind == DOCAI_ASK_ANY;
}

/* ---- regions ------------------------------------------------------------------------------- */

static int
compare_heights (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* The middle height of the region's words. */
static double
letter_height (const DocaiRegion *region)
{
  g_autoptr (GArray) heights = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint l = 0; l < region->lines->len; l++)
    {
      const DocaiLine *line = region->lines->pdata[l];
      for (guint w = 0; w < line->words->len; w++)
        {
          double height = docai_box_height (((const DocaiWord *) line->words->pdata[w])->bbox);
          g_array_append_val (heights, height);
        }
    }
  g_array_sort (heights, compare_heights);
  return heights->len > 0 ? g_array_index (heights, double, heights->len / 2) : 0;
}

static guint
count_letters (const char *text)
{
  guint n = 0;

  for (const char *p = text != NULL ? text : ""; *p != '\0'; p = g_utf8_next_char (p))
    n += g_unichar_isalpha (g_utf8_get_char (p));
  return n;
}

static DocaiAskFind *
find_of_region (const DocaiAskSheet *sheet, const DocaiPage *page, const DocaiRegion *region, double score)
{
  g_autofree char *text = g_strdup (region->text);

  g_strdelimit (text, "\n", ' ');
  return docai_ask_find_in_box (sheet, page->number, docai_box_grow (region->bbox, 1), g_strstrip (text), score);
}

/* ---- the title -------------------------------------------------------------------------------- */

static gboolean
may_be_title (const DocaiPage *page, const DocaiRegion *region)
{
  gboolean label = region->label == DOCAI_LABEL_TITLE || region->label == DOCAI_LABEL_SECTION_HEADER || region->label == DOCAI_LABEL_TEXT
                   || region->label == DOCAI_LABEL_CAPTION || region->label == DOCAI_LABEL_PAGE_HEADER;

  return label && region->lines->len > 0 && region->lines->len <= 5 && count_letters (region->text) >= 3 && region->bbox.y0 < TITLE_PART * page->height;
}

/* "Delivery note 4711" says what a paper is, however large the sender's name stands above it. */
static gboolean
names_paper (const char *text)
{
  g_autofree char       *folded = docai_fold (text);
  g_autoptr (DocaiTerms) terms = docai_terms_new (folded);
  gboolean               paper = FALSE;

  for (guint i = 0; i < terms->terms->len; i++)
    {
      DocaiConcept concept = docai_terms_at (terms, i)->concept;
      paper = paper || (concept >= C (DOCUMENT) && concept <= C (CONTRACT)) || concept == C (ORDER) || concept == C (DELIVERY);
    }
  return paper && terms->tokens->len <= MOST_PAPER_WORDS;
}

static gboolean
is_heading (const DocaiRegion *region)
{
  return region->label == DOCAI_LABEL_TITLE || region->label == DOCAI_LABEL_SECTION_HEADER;
}

/* The largest text in the page's upper part; the first of those that are nearly as large. NULL: none. */
static const DocaiRegion *
title_of (const DocaiPage *page)
{
  const DocaiRegion *best = NULL;
  double             most = 0;

  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      double             height = may_be_title (page, region) ? letter_height (region) : 0;
      if (region->label == DOCAI_LABEL_TITLE)
        height *= LARGER;
      if (region->label == DOCAI_LABEL_PAGE_HEADER)
        height *= HEADER;
      if (height > 0 && docai_has_company_form (region->text))
        height *= COMPANY;
      if (height > 0 && names_paper (region->text))
        height *= MUCH_LARGER;
      if (height > most * (best == NULL ? 1 : is_heading (best) ? MUCH_LARGER : LARGER))
        {
          most = height;
          best = region;
        }
    }
  return best;
}

/* "Table 7.": no title by itself. */
static gboolean
is_bare_number (const char *text)
{
  static GRegex *regex = NULL;

  if (g_once_init_enter (&regex))
    g_once_init_leave (&regex, g_regex_new ("^\\s*\\p{L}{0,8}\\.?\\s*[\\dIVX.-]+[.:]?\\s*$", G_REGEX_OPTIMIZE, 0, NULL));
  return g_regex_match (regex, text, 0, NULL);
}

/* The largest table of the page. */
static const DocaiRegion *
table_of (const DocaiPage *page)
{
  const DocaiRegion *table = NULL;

  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      if (region->label == DOCAI_LABEL_TABLE && (table == NULL || docai_box_area (region->bbox) > docai_box_area (table->bbox)))
        table = region;
    }
  return table;
}

/* The only cell of the table's first row; NULL: there are more. */
static const DocaiCell *
head_cell_of (const DocaiRegion *table)
{
  const DocaiCell *head = NULL;

  for (guint i = 0; table != NULL && table->table != NULL && i < table->table->cells->len; i++)
    {
      const DocaiCell *cell = table->table->cells->pdata[i];
      if (cell->row > 0 || cell->text == NULL || *cell->text == '\0')
        continue;
      if (head != NULL)
        return NULL;
      head = cell;
    }
  return head != NULL && count_letters (head->text) > 3 ? head : NULL;
}

/* A table's title: its caption, or the heading just above it. */
static const DocaiRegion *
title_of_table (const DocaiPage *page, const DocaiRegion *table)
{
  const DocaiRegion *best = NULL;

  for (guint i = 0; table != NULL && i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      if (region->label == DOCAI_LABEL_CAPTION && !is_bare_number (region->text) && region->bbox.y1 <= table->bbox.y0 + 2)
        return region;
      if (may_be_title (page, region) && !is_bare_number (region->text) && region->bbox.y1 <= table->bbox.y0 + 2 && (best == NULL || letter_height (region) > letter_height (best)))
        best = region;
    }
  return best;
}

static void
add_title (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  static const DocaiConcept may[] = { C (NAME), C (NONE) }, any[] = { C (REPORT), C (ARTICLE), C (SLIDE), C (FORM), C (TABLE), C (NONE) };

  if (!asks_for (sheet, question, C (TITLE), may) && !asks_for (sheet, question, C (TITLE), any) && !asks_only_for_papers (question))
    return;
  const DocaiPage   *page = sheet->document->pages->pdata[0];
  gboolean           of_table = docai_concept_set_has (&question->concepts, C (TABLE));
  const DocaiRegion *table = of_table ? table_of (page) : NULL;
  const DocaiRegion *region = title_of_table (page, table);
  const DocaiCell   *head = region == NULL ? head_cell_of (table) : NULL;
  if (head != NULL)
    g_ptr_array_add (finds, docai_ask_find_in_box (sheet, page->number, head->bbox, head->text, 0.75));
  if (region == NULL && !of_table)
    region = title_of (page);
  if (region != NULL)
    g_ptr_array_add (finds, find_of_region (sheet, page, region, 0.8));
}

/* ---- the number of the page ---------------------------------------------------------------------- */

static void
add_page_number (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  static const DocaiConcept may[] = { C (NUMBER), C (NONE) };

  if (!asks_for (sheet, question, C (PAGE), may) || question->kind != DOCAI_ASK_NUMBER)
    return;
  const DocaiPage    *page = sheet->document->pages->pdata[0];
  const DocaiSegment *best = NULL;
  gsize               best_start = 0, best_end = 0;
  double              outermost = G_MAXDOUBLE;
  for (guint i = 0; i < sheet->view->segments->len; i++)
    {
      const DocaiSegment *segment = sheet->view->segments->pdata[i];
      double              middle = docai_box_center_y (segment->bbox), away = MIN (middle, page->height - middle);
      const char         *text = segment->text;
      while (*text != '\0' && !g_ascii_isalnum (*text))
        text++;
      gsize digits = strspn (text, "0123456789");
      if (segment->page != page->number || away > MARGIN_PART * page->height || away >= outermost || digits == 0 || digits > 4
          || count_letters (text) > 0 || strpbrk (text + digits, "0123456789.,/)") != NULL)
        continue;
      outermost = away;
      best = segment;
      best_start = (gsize) (text - segment->text);
      best_end = best_start + digits;
    }
  DocaiAskFind *find = best != NULL ? docai_ask_find_new (best, best_start, best_end, 0.85) : NULL;
  if (find != NULL)
    g_ptr_array_add (finds, find);
}

/* ---- names ------------------------------------------------------------------------------------------ */

/* "Anna de Vries", "J. Smith and B. Jones": capitals, no digits, no end of a sentence. */
static gboolean
looks_like_names (const DocaiSegment *segment)
{
  static const char *const small[] = { "and", "und", "et", "y", "e", "en", "i", "de", "von", "van", "der", "den", "da", "di", "del", "dos", "la", "le", "du", "&", "by", "von:", NULL };
  guint n_capital = 0;

  if (segment->words->len < 2 || segment->words->len > MOST_NAME_WORDS || strpbrk (segment->text, "0123456789:@!?;()") != NULL
      || docai_has_company_form (segment->text))
    return FALSE;
  for (guint i = 0; i < segment->words->len; i++)
    {
      const char *word = ((const DocaiWord *) segment->words->pdata[i])->text;
      if (g_unichar_isupper (g_utf8_get_char (word)))
        n_capital++;
      else if (!g_strv_contains (small, word))
        return FALSE;
    }
  return n_capital >= 2;
}

static void
add_segment (const DocaiSegment *segment, double score, GPtrArray *finds)
{
  DocaiAskFind *find = docai_ask_find_new (segment, 0, strlen (segment->text), score);

  if (find != NULL)
    g_ptr_array_add (finds, find);
}

/* Bytes of "By " before an author's name; 0: there is none. */
static gsize
length_of_by (const DocaiSegment *segment)
{
  static const char *const by[] = { "by", "von", "par", "por", "di", "da", "door", "przez", "av", NULL };
  const DocaiWord         *first = segment->words->pdata[0];
  g_autofree char         *folded = docai_fold (first->text);

  return segment->words->len > 1 && g_strv_contains (by, folded) && strpbrk (segment->text, "0123456789") == NULL ? strlen (first->text) + 1 : 0;
}

/* Names in one of the lines below the title. */
static void
add_author (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  static const DocaiConcept may[] = { C (NAME), C (WRITE), C (PERSON), C (AUTHOR), C (NONE) };
  gboolean                  wrote = question->who && asks_for (sheet, question, C (WRITE), may);
  int                       n = 0;

  if ((!wrote && !asks_for (sheet, question, C (AUTHOR), may)) || docai_concept_set_has (&question->concepts, C (LETTER)))
    return;
  const DocaiPage   *page = sheet->document->pages->pdata[0];
  const DocaiRegion *title = title_of (page);
  for (guint i = 0; title != NULL && i < sheet->view->segments->len; i++)
    {
      const DocaiSegment *segment = sheet->view->segments->pdata[i];
      if (segment->page != page->number || segment->bbox.y0 < title->bbox.y1 - 2)
        continue;
      if (n++ >= LINES_TO_AUTHOR)
        return;
      gsize prefix = length_of_by (segment);
      if (!looks_like_names (segment) && (prefix == 0 || segment->words->len > MOST_NAME_WORDS))
        continue;
      DocaiAskFind *find = docai_ask_find_new (segment, prefix, strlen (segment->text), prefix > 0 ? 0.85 : 0.7);
      if (find != NULL)
        g_ptr_array_add (finds, find);
      return;
    }
}

/* ---- letters ---------------------------------------------------------------------------------------- */

static gboolean
begins_with (const DocaiSegment *segment, const char *const *phrases)
{
  for (int i = 0; phrases[i] != NULL; i++)
    if (g_str_has_prefix (segment->folded, phrases[i]))
      return TRUE;
  return FALSE;
}

static const char *const salutations[]
    = { "dear ", "to whom it may concern", "sehr geehrte", "liebe", "lieber", "guten tag", "cher ", "chere ", "madame", "monsieur", "estimado",
        "estimada", "querid", "muy senor", "egregio", "gentile", "spettabile", "caro ", "cara ", "geachte", "beste ", "exmo", "exma", "caro senhor",
        "prezado", "prezada", "szanown", "drog", "hello ", "hi ", NULL };
static const char *const closings[]
    = { "yours", "sincerely", "kind regards", "best regards", "regards", "with kind", "with best", "best wishes", "respectfully", "mit freundlich", "freundliche", "mit besten",
        "viele gru", "beste gru", "hochachtungsvoll", "cordialement", "bien a vous", "veuillez agreer", "salutations", "sinceres salutations", "atentamente", "un cordial", "saludos", "cordialmente", "cordiali saluti",
        "distinti saluti", "in fede", "met vriendelijke", "hoogachtend", "com os melhores", "atenciosamente", "cumprimentos", "melhores cumprimentos", "z powazaniem", "z wyrazami", NULL };

/* The segment that begins with one of the phrases; NULL: none. */
static const DocaiSegment *
find_phrase (const DocaiAskSheet *sheet, const char *const *phrases)
{
  for (guint i = 0; i < sheet->view->segments->len; i++)
    {
      const DocaiSegment *segment = sheet->view->segments->pdata[i];
      if (segment->words->len <= 8 && begins_with (segment, phrases))
        return segment;
    }
  return NULL;
}

/* The name that a letter is signed with: the first one below its closing. */
static void
add_sender (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  static const DocaiConcept may[] = { C (NAME), C (WRITE), C (PERSON), C (SENDER), C (NONE) };
  gboolean                  wrote = question->who && asks_for (sheet, question, C (WRITE), may);
  const DocaiSegment       *closing = find_phrase (sheet, closings);

  if (closing == NULL || (!wrote && !asks_for (sheet, question, C (SENDER), may)) || question->kind == DOCAI_ASK_DATE)
    return;
  for (guint i = (guint) closing->index + 1; i < sheet->view->segments->len; i++)
    {
      const DocaiSegment *segment = sheet->view->segments->pdata[i];
      if (segment->page != closing->page || !looks_like_names (segment) || fabs (segment->bbox.x0 - closing->bbox.x0) > 60
          || docai_box_height (segment->bbox) > SIGNED * docai_box_height (closing->bbox))
        continue;
      add_segment (segment, 0.8, finds);
      return;
    }
}

/* The segment above another one that begins at the same margin; NULL: none near it. */
static const DocaiSegment *
above_of (const DocaiAskSheet *sheet, const DocaiSegment *segment, double gap)
{
  for (int i = segment->index - 1; i >= 0; i--)
    {
      const DocaiSegment *above = docai_view_segment (sheet->view, i);
      if (above->page != segment->page || segment->bbox.y0 - above->bbox.y1 > gap)
        return NULL;
      if (fabs (above->bbox.x0 - segment->bbox.x0) < MARGIN && above->row < segment->row)
        return above;
    }
  return NULL;
}

/* Whether a name has a word that the salutation has too: "Dear Mr. Miller". */
static gboolean
is_greeted (const DocaiSegment *name, const DocaiSegment *salutation)
{
  g_auto (GStrv) words = g_strsplit_set (name->folded, " .,:", -1), greeted = g_strsplit_set (salutation->folded, " .,:!", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (g_utf8_strlen (words[i], -1) > 2 && g_strv_contains ((const char *const *) greeted, words[i]))
      return TRUE;
  return FALSE;
}

/* In the block of an address above the salutation, the name that is greeted, else the last line above the street. */
static void
add_receiver (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  static const DocaiConcept may[] = { C (NAME), C (WRITE), C (PERSON), C (SENDER), C (NONE) };
  const DocaiSegment       *salutation = find_phrase (sheet, salutations), *place = NULL, *name = NULL;

  if (salutation == NULL || !asks_for (sheet, question, C (RECEIVER), may))
    return;
  for (const DocaiSegment *at = above_of (sheet, salutation, G_MAXDOUBLE); at != NULL && place == NULL; at = above_of (sheet, at, G_MAXDOUBLE))
    if (docai_has_postal_place (at->text))
      place = at;
  for (const DocaiSegment *at = place; at != NULL; at = above_of (sheet, at, BLOCK_GAP * docai_box_height (at->bbox)))
    {
      if (at == place || strpbrk (at->text, "0123456789") != NULL || at->words->len > MOST_NAME_WORDS)
        continue;
      gboolean greeted = is_greeted (at, salutation);
      if (name == NULL || greeted)
        name = at;
      if (greeted)
        break;
    }
  if (name != NULL)
    add_segment (name, 0.75, finds);
}

/* The line of its own above the salutation. */
static void
add_subject (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  static const DocaiConcept may[] = { C (TITLE), C (NONE) };
  const DocaiSegment       *salutation = find_phrase (sheet, salutations);

  if (salutation == NULL || salutation->index == 0 || !asks_for (sheet, question, C (SUBJECT), may))
    return;
  const DocaiSegment *above = docai_view_segment (sheet->view, salutation->index - 1);
  if (above->page == salutation->page && above->words->len >= 2 && above->words->len <= 16 && fabs (above->bbox.x0 - salutation->bbox.x0) < 12
      && strpbrk (above->text, ":0123456789") == NULL && !docai_has_postal_place (above->text))
    add_segment (above, 0.7, finds);
}

/* ---- the date ----------------------------------------------------------------------------------------- */

/* Whether a label beside or above the segment says what it is. */
static gboolean
is_labelled (const DocaiAskSheet *sheet, const DocaiSegment *segment)
{
  const DocaiRow *row = docai_view_row (sheet->view, segment->row);

  if (segment->index > row->first && sheet->lines[segment->index - 1].is_label)
    return TRUE;
  const DocaiRow *above = segment->row > 0 ? docai_view_row (sheet->view, segment->row - 1) : NULL;
  for (int i = above != NULL && above->page == segment->page ? above->first : G_MAXINT; above != NULL && i < above->first + above->count; i++)
    if (sheet->lines[i].is_label
        && docai_overlap (segment->bbox.x0, segment->bbox.x1, sheet->lines[i].segment->bbox.x0, sheet->lines[i].segment->bbox.x1) > 0)
      return TRUE;
  return FALSE;
}

/* The only date of the first page, or the first one in its upper part where there are more. */
static void
add_date (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  static const DocaiConcept may[] = { C (WRITE), C (SENDER), C (PUBLISH), C (ISSUE), C (BUY), C (DATE), C (NONE) };
  const DocaiSegment       *first = NULL;
  DocaiDate                 date;
  DocaiSpan                 first_span = { 0, 0 };
  int                       n = 0;

  if (question->kind != DOCAI_ASK_DATE || !asks_for (sheet, question, C (NONE), may))
    return;
  for (guint i = 0; i < sheet->view->segments->len; i++)
    {
      const DocaiSegment *segment = sheet->view->segments->pdata[i];
      if (segment->page != ((const DocaiPage *) sheet->document->pages->pdata[0])->number || segment->words->len > 8
          || is_labelled (sheet, segment) || !docai_find_date (segment->text, 0, sheet->date_order, &date)
          || memchr (segment->text, ':', date.span.start) != NULL)
        continue;
      if (n++ == 0)
        {
          first = segment;
          first_span = date.span;
        }
    }
  if (first == NULL)
    return;
  DocaiAskFind *find = docai_ask_find_new (first, first_span.start, first_span.end, n == 1 ? 0.75 : 0.6);
  if (find != NULL)
    g_ptr_array_add (finds, find);
}

/* The only time of day on the page. */
static void
add_time (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  static const DocaiConcept may[] = { C (TIME), C (BUY), C (ISSUE), C (PAID), C (NONE) };
  const DocaiSegment       *only = NULL;
  DocaiSpan                 span, only_span = { 0, 0 };
  int                       n = 0;

  if (question->kind != DOCAI_ASK_TIME || !asks_for (sheet, question, C (NONE), may))
    return;
  for (guint i = 0; i < sheet->view->segments->len; i++)
    if (docai_ask_value_find (DOCAI_ASK_TIME, ((const DocaiSegment *) sheet->view->segments->pdata[i])->text, sheet->date_order, &span))
      {
        only = sheet->view->segments->pdata[i];
        only_span = span;
        n++;
      }
  DocaiAskFind *find = n == 1 ? docai_ask_find_new (only, only_span.start, only_span.end, 0.75) : NULL;
  if (find != NULL)
    g_ptr_array_add (finds, find);
}

/* The only word of a card or passport that looks like the number of one. */
static void
add_card_number (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  static GRegex            *regex = NULL;
  static const DocaiConcept may[] = { C (NUMBER), C (NONE) };
  const DocaiSegment       *only = NULL;

  if (question->kind != DOCAI_ASK_NUMBER || !docai_ask_sheet_agrees (sheet, C (CARD)) || !asks_for (sheet, question, C (NUMBER), may)
      || question->asked->len < 2)
    return;
  if (g_once_init_enter (&regex))
    g_once_init_leave (&regex, g_regex_new ("^(?=(?:.*\\d){5})[A-Z\\d]{7,12}$", G_REGEX_OPTIMIZE, 0, NULL));
  for (guint i = 0; i < sheet->view->segments->len; i++)
    {
      const DocaiSegment *segment = sheet->view->segments->pdata[i];
      if (!g_regex_match (regex, segment->text, 0, NULL))
        continue;
      if (only != NULL && strcmp (only->text, segment->text) != 0)
        return;
      only = segment;
    }
  if (only != NULL)
    add_segment (only, 0.75, finds);
}

/* The name at the top of a till slip. */
static void
add_shop (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  static const DocaiConcept may[] = { C (SHOP), C (VENDOR), C (BUY), C (ISSUE), C (NAME), C (COMPANY), C (SENDER), C (NONE) };
  gboolean                  asked = FALSE;

  for (int i = 0; i < 4 && !asked; i++)
    asked = docai_concept_set_has (&question->concepts, may[i]);
  if (!asked || question->kind == DOCAI_ASK_DATE || question->kind == DOCAI_ASK_AMOUNT || question->kind == DOCAI_ASK_NUMBER
      || !docai_ask_sheet_agrees (sheet, C (RECEIPT)) || !asks_for (sheet, question, C (NONE), may))
    return;
  for (guint i = 0; i < sheet->view->segments->len && i < LINES_TO_AUTHOR; i++)
    {
      const DocaiAskLine *line = &sheet->lines[i];
      if (count_letters (line->segment->text) < 3 || line->is_label || (line->has_digit && !docai_has_company_form (line->segment->text)))
        continue;
      add_segment (line->segment, docai_has_company_form (line->segment->text) ? 0.8 : 0.65, finds);
      return;
    }
}

void
docai_ask_roles (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  if (sheet->document->pages->len == 0)
    return;
  add_title (sheet, question, finds);
  add_page_number (sheet, question, finds);
  add_author (sheet, question, finds);
  add_sender (sheet, question, finds);
  add_receiver (sheet, question, finds);
  add_subject (sheet, question, finds);
  add_date (sheet, question, finds);
  add_time (sheet, question, finds);
  add_card_number (sheet, question, finds);
  add_shop (sheet, question, finds);
}
