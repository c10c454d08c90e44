/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which pages of a document matter for a question: their text comes first where not all of it fits, and their
 * pictures go along.
 */
#pragma once

#include "pipeline/stage.h"
#include "pipeline/vlm/backend.h"

/* What a page had before it was drawn to be looked at. */
typedef struct {
  gboolean drawn; /* it had no raster */
  double   dpi;
} DocaiVlmLook;

/* Gives the page a raster as its boxes have it when it has none: upright, a scan made straight again. Errors as of
 * docai_rasterize_render. After a failure too, docai_vlm_pages_put_back() leaves the page as it was: its dpi is that of the
 * raster that was read, not of one that a model looked at. */
gboolean docai_vlm_pages_draw     (const DocaiTask *task, DocaiPage *page, double dpi, DocaiVlmLook *look, GError **error);
void     docai_vlm_pages_put_back (DocaiPage *page, const DocaiVlmLook *look);

/* The words of each page as a set, for scores. Free with g_ptr_array_unref. */
GPtrArray *docai_vlm_pages_words (const DocaiDocument *document);

/* How much each page has to do with a text, [pages]: rare words of it that stand on the page, then pictures, and words
 * that were read with little confidence. `words` of docai_vlm_pages_words. Owned by the caller. */
double *docai_vlm_pages_score (const DocaiDocument *document, const GPtrArray *words, const char *text);

/* The pages by their scores, the best first, equal ones in their order: indexes, [n]. Owned by the caller. */
guint  *docai_vlm_pages_rank (guint n, const double *scores);

/* The text of the pages, each headed by its number and in their order, at most `bytes`; where not all fit, those of the
 * best scores. Owned by the caller. */
char   *docai_vlm_pages_text (const DocaiDocument *document, const double *scores, gsize bytes);

/* Adds pictures of the pages with the best scores to the request, `most` of them; `guided`: with resolution only for
 * what their text does not say. A page that cannot be drawn is left out with a warning. */
void    docai_vlm_pages_show (const DocaiTask *task, DocaiDocument *document, const double *scores, int most, int side,
                              gboolean guided, DocaiVlmRequest *request);
