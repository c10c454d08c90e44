/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a job's JSON schema asks for: words that find the pages it is about, and,
 * for a model that answers questions and fills no schemas, a question for each
 * value, whose answer becomes a field.
 *
 *   {"properties": {"InvoiceDate": {"type": "string", "format": "date"},
 *                   "vendor": {"properties": {"name": {}}},
 *                   "paid": {"type": "number", "description": "How much has been paid?"}}}
 *
 *   InvoiceDate   What is the invoice date?         2026-03-05
 *   vendor.name   What is the name of the vendor?   ACME Bolts GmbH
 *   paid          How much has been paid?           12.00
 */
#pragma once

#include "document/document.h"
#include "pipeline/extract/values.h"

#include <jansson.h>

typedef enum {
  DOCAI_VLM_WANT_TEXT,
  DOCAI_VLM_WANT_DATE,    /* "format": "date" */
  DOCAI_VLM_WANT_NUMBER,
  DOCAI_VLM_WANT_INTEGER,
} DocaiVlmWant;

/* One value that a schema wants. */
typedef struct {
  char        *name;     /* of the field: "vendor.name" */
  char        *question;
  DocaiVlmWant want;
  gboolean     dated;    /* text whose name says that it is a date */
  json_t      *schema;   /* of the value, with the definitions that it may refer to */
} DocaiVlmWanted;

/* A list of objects that a schema wants. */
typedef struct {
  char      *name;    /* of the field: "order.lines" */
  GPtrArray *members; /* DocaiVlmWanted, with the names of the objects' members */
} DocaiVlmWantedList;

/* The names, titles and descriptions of all that a schema asks for, as words. Owned by the caller. */
char      *docai_vlm_schema_words (const char *schema);

/* A name as words: "InvoiceDate" "invoice date", "VATNo" "VAT number". Owned by the caller. */
char      *docai_vlm_schema_name (const char *name);

/* DocaiVlmWanted for each text and number below the schema, in its order: a question is the description where it is one or
 * a phrase, else the title, else the name. What no question can fill (lists, truth values) and what is too much is
 * named in `left_out` (char *). Free with g_ptr_array_unref. */
GPtrArray *docai_vlm_schema_wanted (const char *schema, GPtrArray *left_out);

/* DocaiVlmWantedList for each list of objects below the schema whose members are texts or numbers. Free with g_ptr_array_unref. */
GPtrArray *docai_vlm_schema_lists (const char *schema);

/* The answer as the schema wants it: a date in ISO 8601, a number with a dot, one of an enum's values. NULL where it is none
 * or the schema refuses it. Owned by the caller. */
char      *docai_vlm_schema_value (const DocaiVlmWanted *wanted, const char *answer, DocaiDateOrder order);

/* Makes the answer a field of the document, unless the document has one of that name that is at least as sure. An answer that is no such
 * value is left out with a warning, one that stands nowhere is not grounded, with a warning too. */
void       docai_vlm_schema_take (const DocaiVlmWanted *wanted, const DocaiAnswer *answer, DocaiDateOrder order, DocaiDocument *document);
