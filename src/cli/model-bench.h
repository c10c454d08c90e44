/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Measuring a model folder beside what the machine gives.
 */
#pragma once

#include <jansson.h>

#include "models/families/family.h"

/* How fast vision, prompt and decoding are, next to cblas_sgemm on a shape of the model and to a
 * loop that reads memory, all in one run with the same threads. *report becomes an object. Only generative
 * models. Errors: as docai_core_open; BAD_OPTION for other models. */
gboolean docai_model_bench (const char *dir, DocaiWeightKind kind, int n_threads, int prompt_tokens, int answer_tokens,
                            json_t **report, GError **error);
