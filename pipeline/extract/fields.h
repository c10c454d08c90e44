/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of extraction share: the document seen as rows, what is known
 * of it so far, and the fields found.
 */
#pragma once

#include "pipeline/extract/lexicon.h"
#include "pipeline/extract/view.h"

typedef struct {
  DocaiDocument *document; /* lent; fields and warnings go there */
  DocaiView     *view;
  DocaiDateOrder date_order;
  const char    *currency; /* ISO 4217; NULL: unknown. Static. */
  int            items_first_row, items_last_row; /* of the item table in the view; -1: none */
} DocaiExtraction;

/* Adds a field whose content is bytes [start, end) of the segment, with the
 * place, unless the document has one of this name. Value NULL: the content. */
void docai_extraction_add (DocaiExtraction *x, const char *name, DocaiFieldKind kind,
                           const char *value, const DocaiSegment *segment, gsize start, gsize end);

/* header.c: number, dates, order, tax numbers, currency. */
void docai_extract_header (DocaiExtraction *x);

/* totals.c: sums and the tax breakdown, checked against each other. */
void docai_extract_totals (DocaiExtraction *x);

/* items.c: the line items. */
void docai_extract_items (DocaiExtraction *x);

/* parties.c: names and addresses of vendor and customer. */
void docai_extract_parties (DocaiExtraction *x);

/* Lowers the confidence of a field that was found by a weaker rule: the words'
 * own confidence times `certainty`. No field of the name: nothing happens. */
void docai_extraction_weigh (DocaiExtraction *x, const char *name, double certainty);

/* Learns the order of day and month from the dates of the document. */
void docai_extract_date_order (DocaiExtraction *x);

/* payment.c: accounts, terms, the period. */
void docai_extract_payment (DocaiExtraction *x);

/* receipt.c: what a till slip holds. */
void docai_extract_receipt (DocaiExtraction *x);

/* receipt-head.c: the merchant's name, address and telephone. */
void docai_extract_receipt_head (DocaiExtraction *x);

/* receipt-rows.c: brings the regions of a till slip into the order of its rows. The view
 * stays good. */
void docai_receipt_order_rows (DocaiExtraction *x);

/* The value of an amount field in ten thousandths; FALSE when the field is
 * missing or no amount. */
gboolean docai_extraction_amount (const GPtrArray *fields, const char *name, gint64 *value);
