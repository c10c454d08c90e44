/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A PDF file of a test and what the stages probe and rasterize make of it.
 */
#pragma once

#include "pipeline/rasterize/rasterize.h"

#define LETTER "/MediaBox [0 0 612 792]"

/* A file, the task over it, and what the stages make of it. */
typedef struct {
  char          *path;
  DocaiOptions  *options;
  DocaiSettings *settings;
  DocaiTask      task;
  DocaiDocument *document;
  DocaiPage     *page;
  GError        *error;
} Case;

/* Writes the bytes, which it takes, as the file. */
void     case_write     (Case *c, GBytes *bytes);
gboolean case_probe     (Case *c);
gboolean case_rasterize (Case *c, int number);
/* Probes and reads page 1, which must succeed. */
void     case_read      (Case *c, GBytes *bytes);
void     case_clear     (Case *c);

/* The probe must refuse these bytes with this code. Takes the bytes. */
void    assert_refused (GBytes *bytes, DocaiErrorCode code);
/* One page with this content and no images; owned by the caller. */
GBytes *make_page      (const char *entries, const char *content);
void    assert_near    (double a, double b, double tolerance);
void    assert_box     (DocaiBox box, DocaiBox truth, double tolerance);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Case, case_clear)
