/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the searches for parts without a label share.
 */
#pragma once

#include "pipeline/ask/sheet.h"

/* Whether the question says `concept` (NONE: whatever) and beside it only papers that the document agrees to be, and words of
 * `may`, which ends with NONE. */
gboolean docai_ask_for (const DocaiAskSheet *sheet, const DocaiQuestion *question, DocaiConcept concept, const DocaiConcept *may);

/* Letters of a text; NULL has none. */
guint    docai_ask_letters (const char *text);

/* "Anna de Vries", "J. Smith and B. Jones": capitals, no digits, no end of a sentence. */
gboolean docai_ask_is_names (const DocaiSegment *segment);

/* Adds a whole segment to the finds. */
void     docai_ask_add_segment (const DocaiSegment *segment, double score, GPtrArray *finds);

/* The region of the page's title: the largest text in its upper part; NULL: none. */
const DocaiRegion *docai_ask_title_region (const DocaiPage *page);

/* titles.c: titles of pages and tables. letters.c: sender, receiver, subject. */
void docai_ask_titles (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds);
void docai_ask_letter (const DocaiAskSheet *sheet, const DocaiQuestion *question, GPtrArray *finds);
