/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The document's rows with their meaning, and which of them look like labels.
 */
#include "pipeline/ask/sheet.h"

#include "document/type.h"
#include "pipeline/extract/fields.h"

#include <string.h>

#define MOST_LABEL_WORDS 8
#define BELOW_ROWS 3
#define HELD 0.5 /* of a word's box lies in another that holds it */
#define PRIOR 2 /* labels of each layout that a page is thought to have before it is looked at */

/* ---- lines ---------------------------------------------------------------------------- */

static void
fill_line (DocaiAskLine *line, const DocaiSegment *segment)
{
  guint word = 0, at = 0;

  line->segment = segment;
  line->terms = docai_terms_new (segment->folded);
  line->word_of = g_new0 (guint, line->terms->tokens->len + 1);
  for (guint i = 0; i < line->terms->tokens->len; i++)
    {
      guint start = (guint) g_array_index (line->terms->starts, gsize, i);
      for (; at < start; at++)
        word += segment->folded[at] == ' ';
      line->word_of[i] = MIN (word, segment->words->len - 1);
    }
  for (guint i = 0; i < line->terms->terms->len; i++)
    docai_concept_set_add (&line->concepts, docai_terms_at (line->terms, i)->concept);
  line->has_digit = strpbrk (segment->folded, "0123456789") != NULL;
}

/* Words that are known, without digits, or a colon at the end. */
static gboolean
looks_like_label (const DocaiAskLine *line)
{
  const DocaiSegment *segment = line->segment;
  gsize               length = strlen (segment->text);
  guint               n_known = 0, n_own = 0, n_generic = 0;

  if (segment->words->len > MOST_LABEL_WORDS)
    return FALSE;
  if (length > 1 && segment->text[length - 1] == ':')
    return TRUE;
  for (guint i = 0; i < line->terms->terms->len; i++)
    {
      const DocaiTerm *term = docai_terms_at (line->terms, i);
      n_known += term->concept != DOCAI_CONCEPT_NONE;
      n_generic += term->concept >= DOCAI_CONCEPT_NUMBER && term->concept < DOCAI_CONCEPT_PERSON;
      n_own += term->concept == DOCAI_CONCEPT_NONE && !term->particle;
    }
  return !line->has_digit && n_known > 0 && (n_own * 2 <= n_known || (n_generic > 0 && n_own <= n_known));
}

/* Whether labels of the page have their values beside or below them, learnt from those that can be told. */
static double
share_below (const DocaiAskSheet *sheet)
{
  double beside = PRIOR, below = PRIOR / 2.0;

  for (guint i = 0; i < sheet->view->segments->len; i++)
    {
      const DocaiAskLine *line = &sheet->lines[i];
      if (!line->is_label)
        continue;
      const DocaiSegment *right = docai_view_right (sheet->view, line->segment);
      const DocaiSegment *under = docai_view_below (sheet->view, line->segment, BELOW_ROWS);
      gboolean            is_right = right != NULL && !sheet->lines[right->index].is_label;
      gboolean            is_under = under != NULL && !sheet->lines[under->index].is_label;
      beside += is_right && !is_under;
      below += is_under && !is_right;
    }
  return below / (beside + below);
}

static void
table_free (gpointer data)
{
  DocaiAskTable *table = data;

  g_ptr_array_unref (table->terms);
  g_free (table);
}

static GPtrArray *
collect_tables (const DocaiDocument *document)
{
  GPtrArray *tables = g_ptr_array_new_with_free_func (table_free);

  for (guint p = 0; p < document->pages->len; p++)
    {
      const DocaiPage *page = document->pages->pdata[p];
      for (guint r = 0; r < page->regions->len; r++)
        {
          const DocaiRegion *region = page->regions->pdata[r];
          if (region->table == NULL)
            continue;
          DocaiAskTable *table = g_new0 (DocaiAskTable, 1);
          table->page = page->number;
          table->table = region->table;
          table->terms = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_terms_free);
          for (guint i = 0; i < region->table->cells->len; i++)
            {
              const DocaiCell *cell = region->table->cells->pdata[i];
              g_autofree char *folded = docai_fold (cell->text != NULL ? cell->text : "");
              g_ptr_array_add (table->terms, docai_terms_new (folded));
            }
          g_ptr_array_add (tables, table);
        }
    }
  return tables;
}

DocaiAskSheet *
docai_ask_sheet_new (const DocaiDocument *document)
{
  DocaiAskSheet  *sheet = g_new0 (DocaiAskSheet, 1);
  DocaiExtraction read = { .document = (DocaiDocument *) document };

  sheet->document = document;
  sheet->view = read.view = docai_view_new (document);
  docai_extract_date_order (&read);
  sheet->date_order = read.date_order;
  sheet->lines = g_new0 (DocaiAskLine, sheet->view->segments->len + 1);
  sheet->starts = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < sheet->view->segments->len; i++)
    {
      DocaiAskLine *line = &sheet->lines[i];
      fill_line (line, sheet->view->segments->pdata[i]);
      line->is_label = looks_like_label (line);
      if (i == 0 || line->segment->page != line[-1].segment->page)
        g_hash_table_insert (sheet->starts, GINT_TO_POINTER (line->segment->page), GUINT_TO_POINTER (i + 1));
      if (line->segment->words->len > MOST_LABEL_WORDS)
        continue;
      for (guint k = 0; k < G_N_ELEMENTS (sheet->concepts.bits); k++)
        sheet->concepts.bits[k] |= line->concepts.bits[k];
    }
  sheet->below = share_below (sheet);
  sheet->tables = collect_tables (document);
  return sheet;
}

void
docai_ask_sheet_free (DocaiAskSheet *sheet)
{
  if (sheet == NULL)
    return;
  for (guint i = 0; i < sheet->view->segments->len; i++)
    {
      docai_terms_free (sheet->lines[i].terms);
      g_free (sheet->lines[i].word_of);
    }
  g_free (sheet->lines);
  g_ptr_array_unref (sheet->tables);
  g_hash_table_unref (sheet->starts);
  docai_view_free (sheet->view);
  g_free (sheet);
}

gboolean
docai_ask_sheet_agrees (const DocaiAskSheet *sheet, DocaiConcept paper)
{
  static const struct { DocaiConcept concept; const char *label; } papers[] = {
    { DOCAI_CONCEPT_INVOICE, "invoice" }, { DOCAI_CONCEPT_RECEIPT, "receipt" }, { DOCAI_CONCEPT_LETTER, "letter" },
    { DOCAI_CONCEPT_FORM, "form" },       { DOCAI_CONCEPT_REPORT, "report" },   { DOCAI_CONCEPT_ARTICLE, "article" },
    { DOCAI_CONCEPT_SLIDE, "slide" },     { DOCAI_CONCEPT_TABLE, "table" },     { DOCAI_CONCEPT_CARD, "identity_document" },
    { DOCAI_CONCEPT_PASSPORT, "identity_document" },
  };

  if (paper == DOCAI_CONCEPT_DOCUMENT || docai_concept_set_has (&sheet->concepts, paper))
    return TRUE;
  for (guint p = 0; p < sheet->document->pages->len; p++)
    {
      const DocaiPage *page = sheet->document->pages->pdata[p];
      for (gsize i = 0; page->document_type != NULL && i < G_N_ELEMENTS (papers); i++)
        if (papers[i].concept == paper && strcmp (page->document_type->label, papers[i].label) == 0)
          return TRUE;
    }
  return FALSE;
}

/* ---- finds ------------------------------------------------------------------------------ */

DocaiAskFind *
docai_ask_find_new (const DocaiSegment *segment, gsize start, gsize end, double score)
{
  DocaiBox            box = { 0 };
  g_autoptr (GString) words = g_string_new (NULL);
  double              reading = 1;
  gsize               at = 0;

  for (guint i = 0; i < segment->words->len; i++)
    {
      const DocaiWord *word = segment->words->pdata[i];
      gsize            length = strlen (word->text);
      if (at < end && at + length > start)
        {
          box = docai_box_union (box, word->bbox);
          reading = MIN (reading, word->confidence);
          g_string_append_printf (words, "%s%s", words->len > 0 ? " " : "", word->text);
        }
      at += length + 1;
    }
  if (words->len == 0)
    return NULL;
  DocaiAskFind *find = g_new0 (DocaiAskFind, 1);
  find->text = g_strndup (segment->text + start, end - start);
  find->score = score;
  find->reading = reading;
  find->evidence = docai_type_list_new (&docai_evidence_type);
  g_ptr_array_add (find->evidence, docai_evidence_new (segment->page, box, words->str));
  return find;
}

/* The words in a box of a page, a piece of evidence a line of the view. */
static void
add_words (const DocaiAskSheet *sheet, int page, DocaiBox box, DocaiAskFind *find)
{
  guint first = GPOINTER_TO_UINT (g_hash_table_lookup (sheet->starts, GINT_TO_POINTER (page)));

  for (guint i = first - 1; first > 0 && i < sheet->view->segments->len; i++)
    {
      const DocaiSegment *segment = sheet->view->segments->pdata[i];
      g_autoptr (GString) text = g_string_new (NULL);
      DocaiBox            place = { 0 };
      if (segment->page != page)
        break;
      for (guint w = 0; w < segment->words->len; w++)
        {
          const DocaiWord *word = segment->words->pdata[w];
          if (docai_box_coverage (word->bbox, box) < HELD)
            continue;
          g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", word->text);
          place = docai_box_union (place, word->bbox);
          find->reading = MIN (find->reading, word->confidence);
        }
      if (text->len > 0)
        g_ptr_array_add (find->evidence, docai_evidence_new (page, place, text->str));
    }
}

DocaiAskFind *
docai_ask_find_in_box (const DocaiAskSheet *sheet, int page, DocaiBox box, const char *text, double score)
{
  DocaiAskFind *find = g_new0 (DocaiAskFind, 1);

  find->text = g_strdup (text);
  find->score = score;
  find->evidence = docai_type_list_new (&docai_evidence_type);
  find->reading = 1;
  add_words (sheet, page, box, find);
  return find;
}

double
docai_ask_reading (const DocaiSegment *segment)
{
  double reading = 1;

  for (guint i = 0; i < segment->words->len; i++)
    reading = MIN (reading, ((const DocaiWord *) segment->words->pdata[i])->confidence);
  return reading;
}

void
docai_ask_find_free (DocaiAskFind *find)
{
  if (find == NULL)
    return;
  g_free (find->text);
  g_clear_pointer (&find->evidence, g_ptr_array_unref);
  g_free (find);
}
