/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a paper's parts are without a label: an author under the title, a date, the number in the margin, the shop at the top
 * of a till slip.
 */
#include "pipeline/ask/roles.h"

#include <string.h>

#define MARGIN_PART 0.1 /* of the page's height */
#define PAGE_SCORE 0.85
#define TRAILING_SCORE 0.7
#define MOST_NAME_WORDS 9
#define FIRST_LINES 5

#define C(name) DOCAI_CONCEPT_##name

/* ---- what is asked ----------------------------------------------------------------------- */

/* Whether the question says `concept` and beside it only papers that the document agrees to be, and words of `may`. */
gboolean
docai_ask_for (const DocaiAskSheet *sheet, const DocaiQuestion *question, DocaiConcept concept, const DocaiConcept *may)
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

guint
docai_ask_letters (const char *text)
{
  guint n = 0;

  for (const char *p = text != NULL ? text : ""; *p != '\0'; p = g_utf8_next_char (p))
    n += g_unichar_isalpha (g_utf8_get_char (p));
  return n;
}

/* "Anna de Vries", "J. Smith and B. Jones": capitals, no digits, no end of a sentence. */
gboolean
docai_ask_is_names (const DocaiSegment *segment)
{
  static const char *const small[] = { "and", "und", "et", "y", "e", "en", "i", "de", "von", "van", "der", "den", "da", "di",
                                       "del", "dos", "la", "le", "du", "&", "by", "von:", NULL };
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

void
docai_ask_add_segment (const DocaiSegment *segment, double score, GPtrArray *finds)
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

  return segment->words->len > 1 && g_strv_contains (by, folded)
         && strpbrk (segment->text, "0123456789") == NULL ? strlen (first->text) + 1 : 0;
}

/* Names in one of the lines below the title. */
static void
add_author (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  static const DocaiConcept may[] = { C (NAME), C (WRITE), C (PERSON), C (AUTHOR), C (NONE) };
  gboolean                  wrote = question->who && docai_ask_for (sheet, question, C (WRITE), may);
  int                       n = 0;

  if ((!wrote && !docai_ask_for (sheet, question, C (AUTHOR), may)) || docai_concept_set_has (&question->concepts, C (LETTER)))
    return;
  const DocaiPage   *page = sheet->document->pages->pdata[0];
  const DocaiRegion *title = docai_ask_title_region (page);
  for (guint i = 0; title != NULL && i < sheet->view->segments->len; i++)
    {
      const DocaiSegment *segment = sheet->view->segments->pdata[i];
      if (segment->page != page->number || segment->bbox.y0 < title->bbox.y1 - 2)
        continue;
      if (n++ >= FIRST_LINES)
        return;
      gsize prefix = length_of_by (segment);
      if (!docai_ask_is_names (segment) && (prefix == 0 || segment->words->len > MOST_NAME_WORDS))
        continue;
      DocaiAskFind *find = docai_ask_find_new (segment, prefix, strlen (segment->text), prefix > 0 ? 0.85 : 0.7);
      if (find != NULL)
        g_ptr_array_add (finds, find);
      return;
    }
}

/* ---- the number of the page ---------------------------------------------------------------------- */

/* The number of a segment in the margin: one that stands alone, "- 7 -", or at the end of a running title, "Annual Report 7". */
static gboolean
find_page_number (const DocaiSegment *segment, DocaiSpan *span, double *score)
{
  const char *text = segment->text, *last = strrchr (text, ' ');
  gsize       first = strcspn (text, "0123456789"), digits = strspn (text + first, "0123456789");

  if (digits > 0 && digits <= 4 && docai_ask_letters (text) == 0 && strpbrk (text + first + digits, "0123456789.,/)") == NULL)
    {
      *span = (DocaiSpan){ first, first + digits };
      *score = PAGE_SCORE;
      return TRUE;
    }
  digits = last != NULL ? strspn (last + 1, "0123456789") : 0;
  gboolean year = digits == 4 && (strncmp (last + 1, "19", 2) == 0 || strncmp (last + 1, "20", 2) == 0);
  if (digits == 0 || digits > 3 + !year || last[1 + digits] != '\0' || year || segment->words->len < 3
      || docai_ask_letters (text) < 4
      || g_ascii_isdigit (last[-1]) || strchr (text, ':') != NULL)
    return FALSE;
  *span = (DocaiSpan){ (gsize) (last + 1 - text), strlen (text) };
  *score = TRAILING_SCORE;
  return TRUE;
}

/* The outermost number in the first page's margins. */
static void
add_page_number (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  static const DocaiConcept may[] = { C (NUMBER), C (NONE) };

  if (!docai_ask_for (sheet, question, C (PAGE), may) || question->kind != DOCAI_ASK_NUMBER)
    return;
  const DocaiPage    *page = sheet->document->pages->pdata[0];
  const DocaiSegment *best = NULL;
  DocaiSpan           span = { 0, 0 }, best_span = { 0, 0 };
  double              outermost = G_MAXDOUBLE, score = 0, best_score = 0;
  for (guint i = 0; i < sheet->view->segments->len; i++)
    {
      const DocaiSegment *segment = sheet->view->segments->pdata[i];
      double              middle = docai_box_center_y (segment->bbox), away = MIN (middle, page->height - middle);
      if (segment->page != page->number || away > MARGIN_PART * page->height || !find_page_number (segment, &span, &score)
          || score < best_score || (score == best_score && away >= outermost))
        continue;
      outermost = away;
      best = segment;
      best_span = span;
      best_score = score;
    }
  DocaiAskFind *find = best != NULL ? docai_ask_find_new (best, best_span.start, best_span.end, best_score) : NULL;
  if (find != NULL)
    g_ptr_array_add (finds, find);
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
  for (int i = above != NULL && above->page == segment->page ? above->first : G_MAXINT; above != NULL
      && i < above->first + above->count; i++)
    if (sheet->lines[i].is_label
        && docai_overlap (segment->bbox.x0, segment->bbox.x1, sheet->lines[i].segment->bbox.x0,
                          sheet->lines[i].segment->bbox.x1) > 0)
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

  if (question->kind != DOCAI_ASK_DATE || !docai_ask_for (sheet, question, C (NONE), may))
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

  if (question->kind != DOCAI_ASK_TIME || !docai_ask_for (sheet, question, C (NONE), may))
    return;
  for (guint i = 0; i < sheet->view->segments->len; i++)
    if (docai_ask_value_find (DOCAI_ASK_TIME, ((const DocaiSegment *) sheet->view->segments->pdata[i])->text, sheet->date_order,
                              &span))
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

  if (question->kind != DOCAI_ASK_NUMBER || !docai_ask_sheet_agrees (sheet, C (CARD))
      || !docai_ask_for (sheet, question, C (NUMBER), may)
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
    docai_ask_add_segment (only, 0.75, finds);
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
      || !docai_ask_sheet_agrees (sheet, C (RECEIPT)) || !docai_ask_for (sheet, question, C (NONE), may))
    return;
  for (guint i = 0; i < sheet->view->segments->len && i < FIRST_LINES; i++)
    {
      const DocaiAskLine *line = &sheet->lines[i];
      if (docai_ask_letters (line->segment->text) < 3 || line->is_label || (line->has_digit
          && !docai_has_company_form (line->segment->text)))
        continue;
      docai_ask_add_segment (line->segment, docai_has_company_form (line->segment->text) ? 0.8 : 0.65, finds);
      return;
    }
}

void
docai_ask_roles (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  if (sheet->document->pages->len == 0)
    return;
  docai_ask_titles (sheet, question, finds);
  docai_ask_letter (sheet, question, finds);
  add_author (sheet, question, finds);
  add_page_number (sheet, question, finds);
  add_date (sheet, question, finds);
  add_time (sheet, question, finds);
  add_card_number (sheet, question, finds);
  add_shop (sheet, question, finds);
}
