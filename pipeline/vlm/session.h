/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the stages vlm and understand share: which backend a job wants, kept open
 * in the stage's engine, and what happens when a request fails.
 */
#pragma once

#include "models/model.h"
#include "pipeline/ocr/readers.h"
#include "pipeline/stage.h"
#include "pipeline/vlm/backend.h"

#include <jansson.h>

typedef struct DocaiVlmSession DocaiVlmSession;

/* The stage's engine. */
gpointer docai_vlm_session_open (const DocaiSettings *settings, GError **error);
void     docai_vlm_session_close (gpointer session);

/* The backend for the task, opened at first use and lent; NULL when the task
 * wants none or it cannot work, which leaves a warning in the document. */
DocaiVlmBackend *docai_vlm_session_lookup (DocaiVlmSession *session, const DocaiTask *task,
                                           DocaiDocument *document, int page);

/* The detector that the settings name, opened at first use and lent; NULL when there is none, or the task wants no model, or
 * it cannot work, which leaves a warning. */
DocaiModel *docai_vlm_session_lookup_detector (DocaiVlmSession *session, const DocaiTask *task, DocaiDocument *document,
                                               int page);

/* What reads the words of pictures; lent. */
DocaiReaders *docai_vlm_session_peek_readers (DocaiVlmSession *session);

/* The answer as a JSON object (new reference). NULL with a warning when the
 * request failed or the answer is no JSON object. */
json_t *docai_vlm_take_object (const DocaiVlmRequest *request, DocaiDocument *document, int page);

/* Warns of each thing in `missing` that a model named and the pages do not. */
void docai_vlm_warn_missing (DocaiDocument *document, int page, const char *where,
                             const GPtrArray *missing);

/* The text of the regions in reading order, cut at max_bytes on a character
 * boundary. Owned by the caller. */
char *docai_vlm_page_text (const DocaiPage *page, gsize max_bytes);
