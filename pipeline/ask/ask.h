/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Answers questions without a model: what is asked is looked up among the document's fields, its labelled values, its tables
 * and its parts (title, sender, page number). What stands nowhere is not stated.
 */
#pragma once

#include "document/document.h"
#include "pipeline/ask/question.h"

/* A document ready to be asked; lends it. */
typedef struct DocaiAsk DocaiAsk;

/* Free with docai_ask_free, before the document. */
DocaiAsk *docai_ask_new (const DocaiDocument *document);
void      docai_ask_free (DocaiAsk *ask);

/* The answer in the page's words with the places where they stand, or DOCAI_NOT_STATED with confidence 0. The confidence is
 * the part of such answers that were right when it was measured. `kind`: what the answer must be; ANY: what the question says.
 * Free with docai_answer_free. */
DocaiAnswer *docai_ask_answer (const DocaiAsk *ask, const char *question, DocaiAskKind kind);

/* The member of a line item (Description, Quantity, UnitPrice, ...) that words such as "unit cost" mean; NULL: none. Static. */
const char *docai_ask_item_member (const char *words);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiAsk, docai_ask_free)
