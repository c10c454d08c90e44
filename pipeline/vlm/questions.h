/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a job wants to know of a model that has learnt to answer questions (learnt.h) and nothing else.
 */
#pragma once

#include "pipeline/stage.h"
#include "pipeline/vlm/backend.h"

/* Asks the job's questions, and one question for each value that the job's schema wants (schema.h), whose answers become fields.
 * Warns of what such a model cannot give, and where it has not learnt questions at all. */
void docai_vlm_questions_ask (DocaiVlmBackend *backend, const DocaiTask *task, DocaiDocument *document);
