/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Patterns of normalizers and pre-tokenizers: a literal string or a regular expression
 * (PCRE2 in UTF mode with Unicode properties; match limits bound the time).
 * The only file of models/ that knows PCRE2.
 */
#pragma once

#include <glib.h>

typedef struct DocaiPattern DocaiPattern;

/* Errors: MODEL_UNSUPPORTED for an expression that PCRE2 does not take. */
DocaiPattern *docai_pattern_new_regex   (const char *regex, GError **error);
DocaiPattern *docai_pattern_new_literal (const char *text, gsize length);
void          docai_pattern_free        (DocaiPattern *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiPattern, docai_pattern_free)

typedef struct {
  gsize start, end;
} DocaiRange;

/* Appends all non-empty, non-overlapping matches in valid UTF-8 to ranges (DocaiRange).
 * Errors: BAD_OPTION when a match limit is exceeded. */
gboolean docai_pattern_find_all (const DocaiPattern *self, const char *text, gsize length,
                                 GArray *ranges, GError **error);
