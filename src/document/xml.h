/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The document model in XML (schemas/docai-1.xsd, namespace urn:docai:1).
 */
#pragma once

#include "document/document.h"

/* The document as UTF-8 XML with declaration. Owned by the caller. */
char *docai_document_to_xml (const DocaiDocument *document, gsize *length);

/* Reads such XML; entities and external references are refused. Anything that
 * the schema does not allow is RESULT_INVALID. */
DocaiDocument *docai_document_from_xml (const char *data, gsize length, GError **error);
