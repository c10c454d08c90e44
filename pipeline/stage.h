/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The contract of a stage: a page or a document goes in and comes out richer.
 *
 *   source - probe -+- page: rasterize > layout > ocr > table > vlm -+- extract > understand > merge
 *
 * A stage is a pure function of its input, the job's options and the process's
 * settings: run twice, it gives the same bytes. It keeps no memory of earlier
 * pages except caches that cannot be seen from outside. The graph is data, in
 * pipeline.c.
 *
 * A page travels inside a document that holds this one page, the warnings and
 * the stage records that belong to it; merging joins such documents. When a
 * stage ends, the runner brings the page into its written form
 * (docai_type_normalize), so it does not matter whether the next stage runs in
 * this process or after a trip through the spool.
 */
#pragma once

#include "base/counts.h"
#include "base/error.h"
#include "base/options.h"
#include "base/settings.h"
#include "document/document.h"
#include "pipeline/raster.h"

typedef enum {
  DOCAI_SCOPE_SOURCE,   /* once, before the pages: probe */
  DOCAI_SCOPE_PAGE,
  DOCAI_SCOPE_DOCUMENT, /* once, after the pages */
} DocaiScope;

/* What a stage is told beside the page. All lent for the time of the call. */
typedef struct {
  const char          *source_path; /* the document's file */
  const char          *source_name; /* as the user named it */
  const DocaiOptions  *options;
  const DocaiSettings *settings;
  DocaiCounts         *counts; /* gets what a vision-language model looked at, for status and log; NULL: not wanted */
} DocaiTask;

typedef struct {
  const char *name;
  DocaiScope  scope;

  /* Opens the stage's engine, once a process, at its first task; NULL when the
   * stage has none. What is costly to open (a language's models) is opened when
   * a task first asks for it and kept here. */
  gpointer (*open) (const DocaiSettings *settings, GError **error);
  void (*close) (gpointer engine);

  /* Runs the stage; `page` is NULL unless the scope is PAGE, and then it is the
   * only page of `document`. An error of class PAGE or LIMIT marks the page, one
   * of class DOCUMENT refuses the document, RETRY runs the task again. Trouble
   * that leaves something worth having is a warning instead. */
  gboolean (*run) (gpointer engine, const DocaiTask *task, DocaiDocument *document,
                   DocaiPage *page, GError **error);
} DocaiStage;

extern const DocaiStage docai_probe_stage;      /* rasterize/probe.c: fills document->source, checks limits */
extern const DocaiStage docai_rasterize_stage;  /* rasterize/rasterize.c: size, words, fonts, links, images, rulings, raster */
extern const DocaiStage docai_layout_stage;     /* layout/layout.c: upright, straight, regions in reading order */
extern const DocaiStage docai_ocr_stage;        /* ocr/ocr.c: words where the text layer has none to trust */
extern const DocaiStage docai_table_stage;      /* table/table.c: tables to cells */
extern const DocaiStage docai_vlm_stage;        /* vlm/vlm.c: document type, pictures described */
extern const DocaiStage docai_extract_stage;    /* extract/extract.c: fields, each with its place */
extern const DocaiStage docai_understand_stage; /* vlm/understand.c: summary, questions, schemas */
extern const DocaiStage docai_merge_stage;      /* merge/merge.c: order, ids, status, checked */
