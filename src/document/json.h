/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The document model in JSON (schemas/docai-1.schema.json).
 */
#pragma once

#include "document/document.h"

/* The document as one line of JSON with a newline at its end. Owned by the
 * caller; length without the terminating zero. `pretty` indents it. */
char *docai_document_to_json (const DocaiDocument *document, gboolean pretty, gsize *length);

/* Reads such JSON. Anything that the schema does not allow is RESULT_INVALID
 * with the path of the member. Writing it again gives the same bytes. */
DocaiDocument *docai_document_from_json (const char *data, gsize length, GError **error);

/* Fields alone, as the object `fields` of a document (for schemas and tests). */
char *docai_fields_to_json (const GPtrArray *fields, gsize *length);
