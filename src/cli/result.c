/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Results of jobs.
 */
#include "cli/result.h"

#include "document/json.h"

DocaiDocument *
result_fetch (DocaiClient *client, const char *job, char **json, gsize *json_length, GError **error)
{
  gsize            length = 0;
  g_autofree char *text = docai_client_result (client, job, "json", &length, error);
  DocaiDocument   *document = text != NULL ? docai_document_from_json (text, length, error) : NULL;
  if (document == NULL)
    return NULL;
  *json = g_steal_pointer (&text);
  *json_length = length;
  return document;
}

GError *
result_error (const DocaiDocument *document)
{
  const DocaiFailure *failure = document->error;
  DocaiErrorCode      code = DOCAI_ERROR_INTERNAL;
  if (failure != NULL)
    (void) docai_error_lookup (failure->code, &code);
  return g_error_new_literal (DOCAI_ERROR, (int) code,
                              failure != NULL ? failure->text : docai_error_sentence (code));
}
