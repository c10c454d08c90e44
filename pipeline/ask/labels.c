/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Labelled values: the words of a label, and the value that stands behind them, beside them or below them.
 *
 *   Surname: Miller    Date of birth            Phone 555-0100
 *                      3 May 1980
 */
#include "pipeline/ask/sheet.h"

#include "document/text.h"

#include <math.h>
#include <string.h>

#define MOST_LABEL_WORDS 8
#define BELOW_ROWS 3
#define MOST_ADDRESS_LINES 4
#define LINE_GAP 0.9       /* heights of a line between those of one address */
#define OWN_LABEL_WORDS 4
#define LEAST_MATCH 0.3
#define HEADING_ROWS 4     /* above a label that a heading may stand */
#define BY_HEADING 0.8
#define FAR_BELOW 3.0     /* heights of a line that a value may stand below its label */
#define FAR_BESIDE 0.85   /* of the page's width */
#define BEHIND_COLON 0.97 /* "Label: value" */
#define BEHIND_WORDS 0.85 /* "Label value" */
#define BEHIND_FREE 0.4   /* the same where the value may be anything */
#define BESIDE 0.93
#define BELOW 0.93
#define OTHER_PLACE 0.5   /* beside where the page's values stand below, and the other way round */
#define LITERAL_LEAD 0.12  /* over labels that say it by other words */
#define ODD_VALUE 0.6     /* text beyond the value that was asked for */

/* A label found: words [first, last] of a line. */
typedef struct {
  const DocaiAskLine *line;
  guint               first, last;
  gboolean            colon, literal;
  double              match;
} Label;

static const char *
word_text (const DocaiAskLine *line, guint i)
{
  return ((const DocaiWord *) line->segment->words->pdata[i])->text;
}

static gboolean
ends_with (const DocaiAskLine *line, guint word, const char *signs)
{
  const char *text = word_text (line, word);
  gsize       length = strlen (text);

  return length > 0 && strchr (signs, text[length - 1]) != NULL;
}

/* Where bytes of the segment's text begin that its word i stands at. */
static gsize
word_start (const DocaiAskLine *line, guint word)
{
  gsize at = 0;

  for (guint i = 0; i < word; i++)
    at += strlen (word_text (line, i)) + 1;
  return at;
}

/* Whether a label may begin with the word: the first one, or one behind a value or a sign. */
static gboolean
may_begin (const DocaiAskLine *line, guint word)
{
  return word == 0 || ends_with (line, word - 1, ":;,|/)") || docai_text_has_digit (word_text (line, word - 1));
}

/* Whether a label may end with the word: the next is no further part of it. */
static gboolean
may_end (const DocaiAskLine *line, guint first, guint word)
{
  guint n = line->segment->words->len;

  if (word + 1 >= n || ends_with (line, word, ":"))
    return TRUE;
  for (guint i = word + 1; i < n && i < first + MOST_LABEL_WORDS && !docai_text_has_digit (word_text (line, i)); i++)
    if (ends_with (line, i, ":"))
      return FALSE;
  return TRUE;
}

/* ---- values ------------------------------------------------------------------------------ */

/* The first word behind `from` with which another label begins; the number of words where there is none. */
static guint
next_label (const DocaiAskLine *line, guint from)
{
  guint n = line->segment->words->len;

  for (guint i = from; i < n; i++)
    {
      if (!ends_with (line, i, ":") || i == from)
        continue;
      guint start = i;
      while (start > from + 1 && !docai_text_has_digit (word_text (line, start - 1)) && i - start < 2)
        {
          const char *text = word_text (line, start - 1);
          gunichar    c = g_utf8_get_char (text);
          if (g_unichar_isupper (c) || !g_unichar_isalpha (c))
            break;
          start--;
        }
      return start;
    }
  return n;
}

static double
height_of (const DocaiSegment *segment)
{
  return MAX (docai_box_height (segment->bbox), 1);
}

/* "Name: Miller" beside or below a label is its own. */
static gboolean
has_own_label (const DocaiAskLine *line)
{
  for (guint i = 0; i + 1 < line->segment->words->len && i < OWN_LABEL_WORDS; i++)
    if (ends_with (line, i, ":") && !docai_text_has_digit (word_text (line, i)))
      return TRUE;
  return FALSE;
}

static gboolean
is_value (const DocaiAskSheet *sheet, const DocaiSegment *segment)
{
  return segment != NULL && !sheet->lines[segment->index].is_label && !has_own_label (&sheet->lines[segment->index]);
}

/* An address goes on in the lines that begin below it. */
static void
add_lines_below (const DocaiAskSheet *sheet, const DocaiSegment *segment, DocaiAskFind *find)
{
  for (int i = 0; i < MOST_ADDRESS_LINES; i++)
    {
      const DocaiSegment *below = docai_view_below (sheet->view, segment, 1);
      if (!is_value (sheet, below) || fabs (below->bbox.x0 - segment->bbox.x0) > height_of (segment)
          || below->bbox.y0 - segment->bbox.y1 > LINE_GAP * height_of (segment))
        return;
      g_autofree char *before = g_steal_pointer (&find->text);
      find->text = g_strdup_printf ("%s%s %s", before, g_str_has_suffix (before, ",") ? "" : ",", below->text);
      find->reading = MIN (find->reading, docai_ask_reading (below));
      g_ptr_array_add (find->evidence, docai_evidence_new (below->page, below->bbox, below->text));
      segment = below;
    }
}

static gboolean
add_value (const DocaiAskSheet *sheet, const DocaiQuestion *question, const Label *label, const DocaiSegment *segment,
           gsize start, gsize end,
           double score, gboolean at_start, GPtrArray *finds)
{
  g_autofree char *text = g_strndup (segment->text + start, end - start);
  DocaiSpan        span;

  if (!docai_ask_value_find (question->kind, text, sheet->date_order, &span))
    return FALSE;
  gsize before = 0;
  for (gsize i = 0; i < span.start; i++)
    before += g_ascii_isalnum (text[i]) != 0;
  if (at_start && before > 0)
    return FALSE;
  if (before > 0)
    score *= ODD_VALUE;
  DocaiAskFind *find = docai_ask_find_new (segment, start + span.start, start + span.end, score);
  if (find == NULL)
    return FALSE;
  find->lead = label->literal ? LITERAL_LEAD : 0;
  if (docai_concept_set_has (&question->concepts, DOCAI_CONCEPT_ADDRESS) && start + span.end == strlen (segment->text))
    add_lines_below (sheet, segment, find);
  g_ptr_array_add (finds, find);
  return TRUE;
}

/* Whether words behind a label say no more than a rate or a unit: "VAT 19%", "Amount (EUR)". */
static gboolean
is_aside (const char *text)
{
  static GRegex *regex = NULL;

  if (g_once_init_enter (&regex))
    g_once_init_leave (&regex, g_regex_new ("^(?:[\\s:.]|\\([^)]*\\)|[\\d.,]+ ?%|[A-Z]{3}\\b"
                                            "|\\p{Sc})*$", G_REGEX_OPTIMIZE, 0, NULL));
  return g_regex_match (regex, text, 0, NULL);
}

/* Returns whether something stands behind the label that is its value or ought to be. */
static gboolean
add_behind (const DocaiAskSheet *sheet, const DocaiQuestion *question, const Label *label, GPtrArray *finds)
{
  const DocaiAskLine *line = label->line;
  guint               n = line->segment->words->len, end = next_label (line, label->last + 1);
  gboolean            number = label->last + 2 == n && label->last + 1 < n && docai_text_has_digit (word_text (line, label->last + 1)); /* "Form W-4" */
  gboolean            free = question->kind == DOCAI_ASK_ANY || question->kind == DOCAI_ASK_NAME
                             || question->kind == DOCAI_ASK_PLACE;
  double              place = label->colon ? BEHIND_COLON : free && !number ? BEHIND_FREE : BEHIND_WORDS;

  if (label->last + 1 >= n)
    return FALSE;
  gsize from = word_start (line, label->last + 1), to = end < n ? word_start (line, end) - 1 : strlen (line->segment->text);
  if (add_value (sheet, question, label, line->segment, from, to, label->match * place, !label->colon, finds))
    return TRUE;
  return to < strlen (line->segment->text) || !is_aside (line->segment->text + from);
}

/* The nearest segment below that begins under the label or lies across it; NULL: there is none, or it is far. */
static const DocaiSegment *
below_of (const DocaiAskSheet *sheet, const DocaiSegment *label)
{
  const DocaiSegment *below = docai_view_below (sheet->view, label, BELOW_ROWS);

  if (below == NULL)
    return NULL;
  double tall = MAX (height_of (label), height_of (below));
  return below->bbox.y0 - label->bbox.y1 <= FAR_BELOW * tall ? below : NULL;
}

static void
add_around (const DocaiAskSheet *sheet, const DocaiQuestion *question, const Label *label, GPtrArray *finds)
{
  const DocaiSegment *segment = label->line->segment;
  const DocaiSegment *right = docai_view_right (sheet->view, segment), *below = below_of (sheet, segment);
  const DocaiPage    *page = docai_document_peek_page (sheet->document, segment->page);
  gboolean            is_right = is_value (sheet, right) && page != NULL
                                 && right->bbox.x0 - segment->bbox.x1 < FAR_BESIDE * page->width;
  gboolean            is_below = is_value (sheet, below);
  double              lean = label->colon ? sheet->below / 2 : sheet->below;
  double              aside = is_below ? 1 - lean * (1 - OTHER_PLACE) : 1,
      under = is_right ? 1 - (1 - lean) * (1 - OTHER_PLACE) : 1;

  if (is_right)
    add_value (sheet, question, label, right, 0, strlen (right->text), label->match * BESIDE * aside, FALSE, finds);
  if (is_below)
    {
      double far = (below->bbox.y0 - segment->bbox.y1) / height_of (segment);
      double off = fabs (below->bbox.x0 - segment->bbox.x0) / height_of (segment);
      double fit = 1 - 0.05 * CLAMP (far, 0, 3) - (off > 1 ? 0.1 : 0);
      add_value (sheet, question, label, below, 0, strlen (below->text), label->match * BELOW * under * fit, FALSE, finds);
    }
}

/* ---- labels -------------------------------------------------------------------------------- */

/* Words of the question that a heading above the label says, added to the label's own: "Customer", then "Address: ...". */
static double
match_below_heading (const DocaiAskSheet *sheet, const DocaiQuestion *question, const Label *label)
{
  const DocaiSegment   *segment = label->line->segment;
  g_autoptr (GPtrArray) terms = g_ptr_array_new ();
  guint                 n_own = 0;

  for (guint i = 0; i < label->line->terms->terms->len; i++)
    {
      const DocaiTerm *term = docai_terms_at (label->line->terms, i);
      if (term->particle || label->line->word_of[term->first] < label->first || label->line->word_of[term->last] > label->last)
        continue;
      g_ptr_array_add (terms, (gpointer) term);
      n_own += docai_ask_asks (question, term);
    }
  for (int i = segment->index - 1; n_own > 0 && i >= 0; i--)
    {
      const DocaiAskLine *above = &sheet->lines[i];
      if (above->segment->page != segment->page || above->segment->row < segment->row - HEADING_ROWS)
        break;
      if (above->segment->row == segment->row || above->segment->words->len > 2 * MOST_LABEL_WORDS
          || docai_overlap (above->segment->bbox.x0, above->segment->bbox.x1, segment->bbox.x0, segment->bbox.x1) <= 0)
        continue;
      for (guint k = 0; k < above->terms->terms->len; k++)
        if (docai_ask_asks (question, docai_terms_at (above->terms, k)))
          g_ptr_array_add (terms, (gpointer) docai_terms_at (above->terms, k));
    }
  return n_own > 0 ? docai_ask_match_terms (sheet, question, terms) * BY_HEADING : 0;
}

/* Whether the line has any word that is asked for. */
static gboolean
is_worth_a_look (const DocaiQuestion *question, const DocaiAskLine *line)
{
  static const DocaiConcept dated[] = { DOCAI_CONCEPT_SENDER, DOCAI_CONCEPT_WRITE, DOCAI_CONCEPT_PUBLISH, DOCAI_CONCEPT_ISSUE };
  DocaiConceptSet           wanted = question->concepts;
  gboolean                  alone = TRUE;

  docai_concept_set_add (&wanted, docai_ask_kind_concept (question->kind));
  for (guint i = 0; i < G_N_ELEMENTS (dated) && question->kind == DOCAI_ASK_DATE; i++)
    docai_concept_set_add (&wanted, dated[i]);
  if (docai_concept_set_has (&wanted, DOCAI_CONCEPT_ACCOUNT))
    docai_concept_set_add (&wanted, DOCAI_CONCEPT_IBAN);
  if (docai_concept_set_has (&wanted, DOCAI_CONCEPT_WRITE))
    docai_concept_set_add (&wanted, DOCAI_CONCEPT_SENDER);
  docai_concept_set_remove (&wanted, DOCAI_CONCEPT_NONE);
  for (guint k = 0; k < G_N_ELEMENTS (line->concepts.bits); k++)
    if ((line->concepts.bits[k] & wanted.bits[k]) != 0)
      return TRUE;
  for (guint i = 0; i < line->terms->terms->len; i++)
    alone = alone && (docai_terms_at (line->terms, i)->particle || line->word_of[docai_terms_at (line->terms, i)->first] > 0);
  if (alone && (docai_concept_set_has (&wanted, DOCAI_CONCEPT_SENDER) || docai_concept_set_has (&wanted, DOCAI_CONCEPT_RECEIVER)))
    return TRUE; /* "From: ..." */
  for (guint i = 0; i < question->asked->len; i++)
    {
      const DocaiTerm *term = question->asked->pdata[i];
      for (guint k = 0; term->stem != NULL && k < line->terms->terms->len; k++)
        {
          const DocaiTerm *other = docai_terms_at (line->terms, k);
          if (other->stem != NULL && docai_stems_match (term->stem, other->stem))
            return TRUE;
        }
    }
  return FALSE;
}

static void
look_at_line (const DocaiAskSheet *sheet, const DocaiQuestion *question, const DocaiAskLine *line, GPtrArray *finds)
{
  guint n = line->segment->words->len;

  for (guint first = 0; first < n; first++)
    {
      if (!may_begin (line, first))
        continue;
      for (guint last = first; last < n && last < first + MOST_LABEL_WORDS; last++)
        {
          if (last > first && ends_with (line, last - 1, ":"))
            break;
          if (!may_end (line, first, last))
            continue;
          Label label = { line, first, last, ends_with (line, last, ":"), docai_ask_is_literal (question, line, first, last),
                          docai_ask_match (sheet, question, line, first, last) };
          if (label.match == 0 && label.colon)
            label.match = match_below_heading (sheet, question, &label);
          if (label.match >= LEAST_MATCH && !add_behind (sheet, question, &label, finds))
            add_around (sheet, question, &label, finds);
        }
    }
}

/* "What does the table show?": "Table 15" does not answer that. */
static gboolean
asks_for_a_part (const DocaiQuestion *question)
{
  const DocaiTerm *term = question->asked->pdata[0];

  return question->asked->len == 1 && question->kind == DOCAI_ASK_ANY && term->concept >= DOCAI_CONCEPT_REPORT
         && term->concept <= DOCAI_CONCEPT_TABLE;
}

void
docai_ask_labels (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds)
{
  if (asks_for_a_part (question))
    return;
  for (guint i = 0; i < sheet->view->segments->len; i++)
    if (is_worth_a_look (question, &sheet->lines[i]))
      look_at_line (sheet, question, &sheet->lines[i], finds);
}
