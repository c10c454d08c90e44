/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a job wants to know, one question after the other: of a model that has learnt to answer questions (learnt.h) and nothing
 * else, or without a model, by looking it up (pipeline/ask).
 */
#pragma once

#include "pipeline/stage.h"
#include "pipeline/vlm/backend.h"

/* Asks the job's questions, and one question for each value that the job's schema wants (schema.h), whose answers become fields.
 * Warns of what no question gives. A backend that has not learnt questions, or none (NULL), leaves them to the look-up. */
void docai_vlm_questions_ask (DocaiVlmBackend *backend, const DocaiTask *task, DocaiDocument *document);
