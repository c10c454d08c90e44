/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A document as rows of segments, which is how people read forms: words on one
 * height make a row, a wide gap begins a new segment.
 *
 *   Invoice date:      20.09.2018          <- a row of two segments
 *   Total                 EUR      9,00    <- a row of three
 *
 * Rows come from the words' places alone, so fields are found whatever regions
 * the page was cut into.
 */
#pragma once

#include "document/document.h"

typedef struct {
  int        page;   /* number, from 1 */
  int        row;    /* index in the view's rows */
  int        index;  /* in the view's segments */
  DocaiBox   bbox;
  char      *text;   /* words joined by blanks */
  char      *folded; /* lower case, accents and repeated blanks gone: for comparing */
  GPtrArray *words;  /* DocaiWord, lent by the document */
} DocaiSegment;

typedef struct {
  int      page;
  int      first, count; /* segments */
  DocaiBox bbox;
} DocaiRow;

typedef struct {
  GPtrArray *segments; /* DocaiSegment, row after row, left to right */
  GArray    *rows;     /* DocaiRow, top to bottom, page after page */
} DocaiView;

/* A view of all pages; lends the document's words. Free before the document. */
DocaiView *docai_view_new (const DocaiDocument *document);
void       docai_view_free (DocaiView *view);

const DocaiSegment *docai_view_segment (const DocaiView *view, int index);
const DocaiRow     *docai_view_row (const DocaiView *view, int index);

/* The segment right of this one in its row; NULL at the end. */
const DocaiSegment *docai_view_right (const DocaiView *view, const DocaiSegment *segment);

/* The nearest segment below, in one of the next `max_rows` rows of the page,
 * whose horizontal extent meets this one's; NULL when there is none. */
const DocaiSegment *docai_view_below (const DocaiView *view, const DocaiSegment *segment, int max_rows);

/* Sets page, box and content of a field from the words of the segment that hold
 * bytes [start, end) of its text, and marks it grounded. Confidence is theirs. */
void docai_view_place_field (DocaiField *field, const DocaiSegment *segment, gsize start, gsize end);

/* The place in `text` that corresponds to a place in `folded`. */
gsize docai_view_unfold (const DocaiSegment *segment, gsize at);

/* Lower case, accents stripped, runs of blanks made one. Owned by the caller. */
char *docai_fold (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiView, docai_view_free)
