/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Boxes that a model writes about the pictures that it got become places on the pages.
 */
#pragma once

#include "document/document.h"
#include "pipeline/vlm/backend.h"

/* Adds the places that `text` points at in a picture of the request to `evidence` (DocaiEvidence): in the picture of
 * page `page` where there is one, else in the first. Returns the text without their marks; owned by the caller. */
char *docai_vlm_take_places (const DocaiVlmBackend *backend, const DocaiVlmRequest *request, const char *text, int page,
                             GPtrArray *evidence);
