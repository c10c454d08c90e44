/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Running a fixture folder: a model folder with cases (case.json) and reference tensors
 * (golden_<case>.safetensors).
 */
#pragma once

#include <jansson.h>

#include "models/families/family.h"

/* Runs the cases of dir, or those named in `only` (ended by NULL; NULL: all). *report becomes an object with "pass", and for every case the largest relative
 * difference of each tensor, whether preprocessing, ids and greedy tokens agree. Features and
 * logits are computed from the reference's pixels and ids, so that one deviation does not hide
 * another. Errors (the folder cannot be run at all): as docai_core_open. */
gboolean docai_model_check (const char *dir, DocaiWeightKind kind, int n_threads, const char *const *only,
                            json_t **report, gboolean *pass, GError **error);
