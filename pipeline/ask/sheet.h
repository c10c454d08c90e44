/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A document as it is asked: the rows of its pages with the meaning of their words, and what was found for a question.
 */
#pragma once

#include "pipeline/ask/question.h"
#include "pipeline/extract/view.h"

/* A segment of the view with what its words mean. */
typedef struct {
  const DocaiSegment *segment;
  DocaiTerms         *terms;
  guint              *word_of;   /* [tokens]: the word of the segment that holds a token */
  DocaiConceptSet     concepts;
  gboolean            is_label;  /* looks like a label and like no value */
  gboolean            has_digit;
} DocaiAskLine;

/* A table with what its cells mean. */
typedef struct {
  int               page;
  const DocaiTable *table;
  GPtrArray        *terms; /* DocaiTerms, of each cell */
} DocaiAskTable;

typedef struct {
  const DocaiDocument *document; /* lent */
  DocaiView           *view;
  DocaiAskLine        *lines;    /* [view->segments->len] */
  DocaiConceptSet      concepts; /* of labels and titles of the whole document */
  DocaiDateOrder       date_order;
  GHashTable          *starts;   /* page number -> index of its first segment + 1 */
  GPtrArray           *tables;   /* DocaiAskTable */
  double               below;    /* 0 to 1: the part of the labels whose values stand below rather than beside them */
} DocaiAskSheet;

/* A place on the pages that may be the answer. */
typedef struct {
  char      *text;      /* as it stands there */
  double     score;     /* 0 to 1: how well label, place and kind fit */
  double     lead;      /* over finds of equal score: extracted fields are checked against each other */
  gboolean   is_field;  /* stands among the document's fields */
  double     reading;   /* confidence of the word that was read worst */
  GPtrArray *evidence;  /* DocaiEvidence */
} DocaiAskFind;

DocaiAskSheet *docai_ask_sheet_new (const DocaiDocument *document);
void           docai_ask_sheet_free (DocaiAskSheet *sheet);

/* Whether the document is of a kind that a question names ("the letter"), so that its labels need not say so. */
gboolean       docai_ask_sheet_agrees (const DocaiAskSheet *sheet, DocaiConcept paper);

/* The word that a kind of value stands for: DATE of a date; NONE where there is none. */
DocaiConcept   docai_ask_kind_concept (DocaiAskKind kind);

/* How well the words [first, last] of a line say what is asked, 0 to 1. The kind of value asked for stands for
 * words such as "date" and "number". */
double         docai_ask_match (const DocaiAskSheet *sheet, const DocaiQuestion *question, const DocaiAskLine *line,
                                guint first, guint last);

/* The same for terms that stand together elsewhere, as those of a table's row and column. DocaiTerm *, lent. */
double         docai_ask_match_terms (const DocaiAskSheet *sheet, const DocaiQuestion *question, const GPtrArray *label);

/* Whether the question asks for the term, in whatever words. */
gboolean       docai_ask_asks (const DocaiQuestion *question, const DocaiTerm *term);

/* Whether those words are the very ones of the question. */
gboolean       docai_ask_is_literal (const DocaiQuestion *question, const DocaiAskLine *line, guint first, guint last);

/* A find made of words of a segment, bytes [start, end) of its text; NULL where there are none. Free with docai_ask_find_free. */
DocaiAskFind  *docai_ask_find_new (const DocaiSegment *segment, gsize start, gsize end, double score);

/* A find of all words in a box of a page. */
DocaiAskFind  *docai_ask_find_in_box (const DocaiAskSheet *sheet, int page, DocaiBox box, const char *text, double score);

/* The confidence of the segment's word that was read worst. */
double         docai_ask_reading (const DocaiSegment *segment);
void           docai_ask_find_free (DocaiAskFind *find);

/* Each adds what it finds for the question to `finds` (DocaiAskFind *). */
void           docai_ask_labels (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds);
void           docai_ask_fields (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds);
void           docai_ask_cells (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds);
void           docai_ask_prose (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds);
void           docai_ask_roles (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiAskSheet, docai_ask_sheet_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiAskFind, docai_ask_find_free)
