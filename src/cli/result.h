/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Results of jobs, as the tools need them.
 */
#pragma once

#include "client/docai.h"
#include "export/export.h"

/* Fetches an ended job's result: the document and its JSON
 * as the daemon has it, both owned by the caller. */
DocaiDocument *result_fetch (DocaiClient *client, const char *job, char **json, gsize *json_length,
                             GError **error);

/* The error that a document of status failed tells of. */
GError *result_error (const DocaiDocument *document);
