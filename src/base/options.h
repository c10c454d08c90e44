/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a caller may ask of one job. Options travel with the job as a JSON
 * object whose members are the names in options.c's table; a profile (a file of
 * the same names) gives defaults below what the caller sets.
 */
#pragma once

#include "base/error.h"

#include <jansson.h>

typedef struct {
  char    *profile;   /* name of a profile: "standard" */
  char    *languages; /* Tesseract's, joined by +: "eng+deu"; "auto": found out a page */
  char    *pages;     /* ranges from 1: "1-3,7,10-"; NULL: all */
  char    *password;  /* of an encrypted document; NULL: none */
  char    *ocr;       /* "auto", "always" or "never" */
  char    *vlm;       /* vision-language backend: "none", "builtin", "openai"; NULL: the daemon's */
  char    *extract;   /* fields: "auto", "invoice", "receipt" or "none" */
  char    *schema;    /* JSON schema of fields that the model shall fill, as text; NULL: none */
  char   **questions; /* NULL-terminated; never NULL */
  gboolean tables;    /* find and read tables */
  int      dpi;       /* at which vector pages are rendered for OCR */
  char    *priority;  /* "interactive" or "batch" */
} DocaiOptions;

/* The defaults of profile `standard`. Free with docai_options_free. */
DocaiOptions *docai_options_new (void);
DocaiOptions *docai_options_dup (const DocaiOptions *options);
void          docai_options_free (DocaiOptions *options);

/* Sets members named in a JSON object, leaving the others. Unknown names and
 * values out of range give BAD_OPTION naming the member. */
gboolean docai_options_apply_json (DocaiOptions *options, const json_t *object, GError **error);

/* Sets one option by name from text ("true", "300", "eng+deu"). BAD_OPTION as above. */
gboolean docai_options_set (DocaiOptions *options, const char *name, const char *value,
                            GError **error);

/* Sets what the profile's file DIR/NAME.ini says, group [options]. BAD_OPTION when there is none. */
gboolean docai_options_apply_profile (DocaiOptions *options, const char *profiles_dir,
                                      const char *name, GError **error);

/* All members as a JSON object in the table's order (new reference). With
 * include_password FALSE the password is left out. */
json_t *docai_options_to_json (const DocaiOptions *options, gboolean include_password);

/* Parses a page range against a page count. Returns a bit per page (array of
 * n_pages gbooleans, owned by the caller); PAGE_RANGE when it is malformed or
 * names no page. NULL range means all. */
gboolean *docai_page_range_parse (const char *range, int n_pages, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiOptions, docai_options_free)
