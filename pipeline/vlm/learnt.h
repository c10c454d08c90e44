/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a small model may have learnt beyond labels (tasks.h): the data of charts,
 * reading a few words, questions about a page with the place of the answer.
 * Does nothing for what the model has not learnt.
 */
#pragma once

#include "pipeline/stage.h"
#include "pipeline/vlm/backend.h"

/* Asks for the data of those pictures of the page that were named charts, and for the words of regions that have
 * none. The page has its raster. `side`: pixels of the longest side of what is sent. */
void docai_vlm_learnt_look (DocaiVlmBackend *backend, DocaiCounts *counts, DocaiDocument *document, DocaiPage *page, int side);

/* Answers questions from the pages that have most to do with each, some eight of them, which are rendered for it, and from
 * windows of their text where that is long: the first answer that stands in the document, else the first;
 * DOCAI_NOT_STATED where there is none. DocaiAnswer, one a question; free with g_ptr_array_unref. */
GPtrArray *docai_vlm_learnt_answer (DocaiVlmBackend *backend, const DocaiTask *task, DocaiDocument *document, char **questions);
