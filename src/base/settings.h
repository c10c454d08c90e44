/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What holds for a whole process, from docai.conf(5): bounds, places, engines.
 * Stages read it and never change it.
 */
#pragma once

#include <glib.h>

/* Bounds on one document. Exceeding one gives its own error code. */
typedef struct {
  gint64 file_bytes;    /* of the file: FILE_SIZE_LIMIT */
  gint64 inflate_bytes; /* that one stream or image may unpack to: INFLATE_LIMIT */
  gint64 pixels;        /* of one page's raster: PIXEL_LIMIT */
  gint64 memory_bytes;  /* of a worker: MEMORY_LIMIT */
  int    pages;         /* of the document: PAGE_COUNT_LIMIT */
  int    page_points;   /* longest side of a page: PAGE_SIZE_LIMIT */
  int    task_seconds;  /* wall clock of one task: TIME_LIMIT */
} DocaiLimits;

typedef struct {
  char  *backend;      /* "none", "builtin" or "openai" */
  char  *model_dir;    /* builtin: a model folder */
  char  *detector_dir; /* a folder of Grounding DINO; NULL: nothing is looked for */
  char  *cache_dir;    /* builtin: encoded image tiles; NULL: memory only */
  char  *url;          /* openai: "http://127.0.0.1:8000/v1" */
  char  *model;        /* openai: the model's name */
  char  *api_key;      /* openai; NULL: none */
  int    timeout_ms;   /* one request */
  int    retries;      /* after the first try */
  int    per_minute;   /* requests; 0: no bound */
  int    concurrency;  /* requests under way at once */
  gboolean layout_guide; /* the page's layout says what gets resolution */
  int    image_side;   /* longest side in pixels of what is sent; 0: what the model sees, openai: 1536 */
  int    page_images;  /* pages that are shown with a question or schema */
  char  *boxes;        /* how the model writes boxes: "auto", "none", "thousandths" or "pixels" */
} DocaiVlmSettings;

typedef struct {
  DocaiLimits      limits;
  DocaiVlmSettings vlm;
  char            *tessdata_dir; /* NULL: Tesseract's own */
  char            *profiles_dir;
  char            *schemas_dir;
} DocaiSettings;

/* The built-in defaults. Free with docai_settings_free. Places are looked for in
 * the environment (DOCAI_DATADIR), then relative to the running program
 * (../share/docai), then in the source tree that built it. */
DocaiSettings *docai_settings_new (void);
void           docai_settings_free (DocaiSettings *settings);

/* The folder of installed data ("profiles", "schemas", "models" inside). Static. */
const char *docai_datadir (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiSettings, docai_settings_free)
