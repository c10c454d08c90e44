/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Titles by their size and place.
 */
#include "pipeline/ask/roles.h"

#include "base/sort.h"

#include <math.h>
#include <string.h>

#define TITLE_PART 0.6   /* of the page from its top in which the title stands */
#define LARGER 1.12      /* than other text that is nearly as large */
#define MUCH_LARGER 1.25 /* than a heading that stands above */
#define HEADER 0.7       /* of its height counts for a line in the upper margin */
#define COMPANY 0.5      /* the same where the text is a company's name */
#define TITLE_SCORE 0.8
#define HEAD_SCORE 0.75
#define JOURNAL_SCORE 0.76
#define JOURNAL 0.6      /* and where it names a journal */
#define TOP_PART 0.3     /* of the page in which a journal's name stands */
#define MOST_PAPER_WORDS 5
#define MOST_JOURNAL_WORDS 7
#define SAME_SIZE 1.2    /* at most so much larger or smaller is a part of one title */
#define MOST_QUOTED 6    /* words in quotation marks that may be a title */

#define C(name) DOCAI_CONCEPT_##name

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

/* The part of a font's height that the ink of a word takes: "on" half of it, "page" all. */
static double
share_of_font (const char *word)
{
  gboolean above = FALSE, below = FALSE;

  for (const char *p = word; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      above = above || c >= 0x80 || g_unichar_isupper (c) || g_unichar_isdigit (c) || strchr ("bdfhijklt", (int) c) != NULL;
      below = below || (c < 0x80 && strchr ("gjpqy,;()", (int) c) != NULL);
    }
  return above && below ? 1 : above || below ? 0.77 : 0.55;
}

/* The middle size of the region's letters. Boxes of a text layer hold the font's height, those of recognised words the ink. */
static double
letter_size (const DocaiPage *page, const DocaiRegion *region)
{
  g_autoptr (GArray) sizes = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint l = 0; l < region->lines->len; l++)
    {
      const DocaiLine *line = region->lines->pdata[l];
      for (guint w = 0; w < line->words->len; w++)
        {
          const DocaiWord *word = line->words->pdata[w];
          double           size = docai_box_height (word->bbox) / (page->text_source == DOCAI_TEXT_PDF ? 1 : share_of_font (word->text));
          g_array_append_val (sizes, size);
        }
    }
  g_array_sort (sizes, docai_compare_doubles);
  return sizes->len > 0 ? g_array_index (sizes, double, sizes->len / 2) : 0;
}

/* ---- the title -------------------------------------------------------------------------------- */

/* The size of most of the page's letters. */
static double
body_size (const DocaiPage *page)
{
  double size = 0;
  gsize  most = 0;

  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      gsize              length = region->text != NULL ? strlen (region->text) : 0;
      if (region->label == DOCAI_LABEL_TEXT && length > most)
        {
          most = length;
          size = letter_size (page, region);
        }
    }
  return size;
}

/* Whether a region is a paragraph like the others: of their size, and several lines or the end of a sentence. */
static gboolean
is_prose (const DocaiRegion *region, double size, double body)
{
  gunichar first = g_utf8_get_char (region->text);

  return region->label == DOCAI_LABEL_TEXT && size < LARGER * body && (region->lines->len > 2 || g_unichar_islower (first) || g_str_has_suffix (region->text, "."));
}

static gboolean
may_be_title (const DocaiPage *page, const DocaiRegion *region)
{
  gboolean label = region->label == DOCAI_LABEL_TITLE || region->label == DOCAI_LABEL_SECTION_HEADER
                   || region->label == DOCAI_LABEL_TEXT
                   || region->label == DOCAI_LABEL_CAPTION || region->label == DOCAI_LABEL_PAGE_HEADER;

  if (region->text != NULL
      && (g_str_has_prefix (region->text, "\u201c") || g_str_has_prefix (region->text, "\u00ab") || *region->text == '"')
      && strlen (region->text) > MOST_QUOTED * 8)
    return FALSE;
  return label && region->lines->len > 0 && region->lines->len <= 5 && docai_ask_letters (region->text) >= 3
         && region->bbox.y0 < TITLE_PART * page->height;
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

/* "Journal of ..." above an article. */
static gboolean
names_journal (const DocaiPage *page, const DocaiRegion *region)
{
  g_autofree char       *folded = docai_fold (region->text);
  g_autoptr (DocaiTerms) terms = docai_terms_new (folded);
  gboolean               journal = FALSE;

  for (guint i = 0; i < terms->terms->len && !journal; i++)
    journal = docai_terms_at (terms, i)->concept == C (JOURNAL);
  return journal && terms->tokens->len <= MOST_JOURNAL_WORDS && region->bbox.y1 < TOP_PART * page->height;
}

static gboolean
is_heading (const DocaiRegion *region)
{
  return region->label == DOCAI_LABEL_TITLE || region->label == DOCAI_LABEL_SECTION_HEADER;
}

/* The largest text in the page's upper part; the first of those that are nearly as large. NULL: none. */
const DocaiRegion *
docai_ask_title_region (const DocaiPage *page)
{
  const DocaiRegion *best = NULL;
  double             most = 0, body = body_size (page);

  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      double             height = may_be_title (page, region) ? letter_size (page, region) : 0;
      if (height > 0 && is_prose (region, height, body))
        continue;
      if (region->label == DOCAI_LABEL_TITLE)
        height *= LARGER;
      if (region->label == DOCAI_LABEL_PAGE_HEADER)
        height *= HEADER;
      if (height > 0 && docai_has_company_form (region->text))
        height *= COMPANY;
      if (height > 0 && names_journal (page, region))
        height *= JOURNAL;
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

/* Bytes of the number before a table's title: "Table 7. Rainfall". */
static gsize
length_of_number (const char *text)
{
  static GRegex         *regex = NULL;
  g_autoptr (GMatchInfo) info = NULL;
  int                    start = 0, end = 0;

  if (g_once_init_enter (&regex))
    g_once_init_leave (&regex, g_regex_new ("^\\s*\\p{L}{3,8}\\.?\\s*\\d+[\\dA-Za-z.-]*\\s*[.:\\x{2013}-]\\s+(?=\\p{L}{3})",
                                            G_REGEX_OPTIMIZE, 0, NULL));
  return g_regex_match (regex, text, 0, &info) && g_match_info_fetch_pos (info, 0, &start, &end) ? (gsize) end : 0;
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
  return head != NULL && docai_ask_letters (head->text) > 3 ? head : NULL;
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
      if (may_be_title (page, region) && !is_bare_number (region->text) && region->bbox.y1 <= table->bbox.y0 + 2
          && (best == NULL || letter_size (page, region) > letter_size (page, best)))
        best = region;
    }
  return best;
}

static DocaiAskFind *
find_of_region (const DocaiAskSheet *sheet, const DocaiPage *page, const DocaiRegion *region, double score)
{
  g_autofree char *text = g_strdup (region->text);

  g_strdelimit (text, "\n", ' ');
  return docai_ask_find_in_box (sheet, page->number, docai_box_grow (region->bbox, 1), g_strstrip (text), score);
}

/* Whether a region goes on with a title: beside it, or below it in the middle of a sentence. */
static gboolean
goes_on (const DocaiPage *page, const DocaiRegion *title, DocaiBox box, const DocaiRegion *region)
{
  double size = letter_size (page, title), other = letter_size (page, region);

  if (region == title || region->lines->len == 0 || region->lines->len > 3 || other > SAME_SIZE * size || size > SAME_SIZE * other
      || region->text == NULL)
    return FALSE;
  double gap = region->bbox.x0 - box.x1;
  double shared = docai_overlap (box.y0, box.y1, region->bbox.y0, region->bbox.y1);
  if (gap > 0 && gap < 1.5 * size && shared > 0.6 * MIN (docai_box_height (box), docai_box_height (region->bbox)))
    return TRUE;
  double below = region->bbox.y0 - box.y1;
  return below > -0.3 * size && below < 0.9 * size && fabs (region->bbox.x0 - box.x0) < size
         && g_unichar_islower (g_utf8_get_char (region->text));
}

/* The title's region with those that it goes on in. */
static DocaiAskFind *
find_of_title (const DocaiAskSheet *sheet, const DocaiPage *page, const DocaiRegion *title)
{
  DocaiAskFind *find = find_of_region (sheet, page, title, TITLE_SCORE);
  DocaiBox      box = title->bbox;

  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      if (!goes_on (page, title, box, region))
        continue;
      g_autoptr (DocaiAskFind) more = find_of_region (sheet, page, region, TITLE_SCORE);
      char *text = g_strdup_printf ("%s %s", find->text, more->text);
      g_free (find->text);
      find->text = text;
      find->reading = MIN (find->reading, more->reading);
      g_ptr_array_extend_and_steal (find->evidence, g_steal_pointer (&more->evidence));
      box = docai_box_union (box, region->bbox);
    }
  return find;
}

/* A journal's name above an article. */
static void
add_journal (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  static const DocaiConcept may[] = { C (NAME), C (PUBLISH), C (TITLE), C (NONE) };
  const DocaiPage          *page = sheet->document->pages->pdata[0];
  const DocaiRegion        *best = NULL;

  if (!docai_ask_for (sheet, question, C (JOURNAL), may))
    return;
  for (guint i = 0; i < page->regions->len; i++)
    {
      const DocaiRegion *region = page->regions->pdata[i];
      if (region->text != NULL && region->lines->len == 1 && strpbrk (region->text, "0123456789:") == NULL
          && names_journal (page, region)
          && (best == NULL || letter_size (page, region) > letter_size (page, best)))
        best = region;
    }
  if (best != NULL)
    g_ptr_array_add (finds, find_of_region (sheet, page, best, JOURNAL_SCORE));
}

void
docai_ask_titles (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  static const DocaiConcept may[] = { C (NAME), C (NONE) }, any[] = { C (REPORT), C (ARTICLE), C (SLIDE), C (FORM), C (TABLE),
                                                                      C (NONE) };

  add_journal (sheet, question, finds);
  if (!docai_ask_for (sheet, question, C (TITLE), may) && !docai_ask_for (sheet, question, C (TITLE), any)
      && !asks_only_for_papers (question))
    return;
  const DocaiPage   *page = sheet->document->pages->pdata[0];
  gboolean           of_table = docai_concept_set_has (&question->concepts, C (TABLE));
  const DocaiRegion *table = of_table ? table_of (page) : NULL;
  const DocaiRegion *region = title_of_table (page, table);
  const DocaiCell   *head = region == NULL ? head_cell_of (table) : NULL;
  if (head != NULL)
    g_ptr_array_add (finds, docai_ask_find_in_box (sheet, page->number, head->bbox, head->text, HEAD_SCORE));
  if (region == NULL && !of_table)
    region = docai_ask_title_region (page);
  if (region != NULL)
    {
      DocaiAskFind *find = find_of_title (sheet, page, region);
      gsize         number = of_table ? length_of_number (find->text) : 0;
      memmove (find->text, find->text + number, strlen (find->text + number) + 1);
      g_ptr_array_add (finds, find);
    }
}

