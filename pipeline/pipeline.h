/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The graph of stages, and running parts of it in this process.
 */
#pragma once

#include "pipeline/stage.h"

typedef struct DocaiPipeline DocaiPipeline;

/* The stages in order, NULL at the end. Static. */
const DocaiStage *const *docai_pipeline_stages (void);

/* The stages of one process with their engines, which open when first used.
 * `settings` is lent and must outlive the pipeline. */
DocaiPipeline *docai_pipeline_new (const DocaiSettings *settings);
void           docai_pipeline_free (DocaiPipeline *pipeline);

/* Probes the source: a new document with `source` filled and no pages. */
DocaiDocument *docai_pipeline_probe (DocaiPipeline *pipeline, const DocaiTask *task,
                                     GError **error);

/* Runs the page stages named first..last (NULL: from the start, to the end) over
 * the document's only page. */
gboolean docai_pipeline_run_page (DocaiPipeline *pipeline, const DocaiTask *task,
                                  DocaiDocument *document, const char *first, const char *last,
                                  GError **error);

/* A document that holds one empty page of this number, for the page stages. */
DocaiDocument *docai_pipeline_page_document (int number);

/* Moves pages, warnings and stage records of `part` into `whole`; frees `part`. */
void docai_pipeline_join (DocaiDocument *whole, DocaiDocument *part);

/* Runs the document stages over the joined document. */
gboolean docai_pipeline_run_document (DocaiPipeline *pipeline, const DocaiTask *task,
                                      DocaiDocument *document, GError **error);

/* Notes in the document that a page could not be read: a page without regions
 * and a warning with the error's code. */
void docai_pipeline_mark_page (DocaiDocument *document, int number, const GError *error);

/* All of it, in this process: from the file to the merged document, one page
 * after the other, failed pages marked. NULL when the document is refused or no
 * page could be read. */
DocaiDocument *docai_pipeline_run (DocaiPipeline *pipeline, const DocaiTask *task, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiPipeline, docai_pipeline_free)
