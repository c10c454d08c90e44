/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The characters a model knows and their properties. A character ("unichar")
 * is a short UTF-8 text; its number is its line in the file.
 */
#pragma once

#include "pipeline/ocr/lstm/bytes.h"

enum { DOCAI_UNICHAR_SPACE = 0 };

enum {
  DOCAI_UNICHAR_ALPHA = 1,
  DOCAI_UNICHAR_LOWER = 2,
  DOCAI_UNICHAR_UPPER = 4,
  DOCAI_UNICHAR_DIGIT = 8,
  DOCAI_UNICHAR_UNSPACED = 32, /* of a script that writes no spaces between words */
};

typedef struct {
  char   text[32];
  guint8 flags;
} DocaiUnichar;

typedef struct {
  DocaiUnichar *chars;
  guint         n_chars;
  gboolean      space_delimited; /* words of the language stand apart by spaces */
  gboolean      right_to_left;   /* most characters run right to left */
} DocaiUnicharset;

/* Reads the text form from the reader's place to its last line. MODEL_INVALID. */
DocaiUnicharset *docai_unicharset_read (DocaiBytes *bytes, GError **error);
void             docai_unicharset_free (DocaiUnicharset *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiUnicharset, docai_unicharset_free)

static inline gboolean
docai_unicharset_has (const DocaiUnicharset *set, int id, guint8 flag)
{
  return id >= 0 && (guint) id < set->n_chars && (set->chars[id].flags & flag) != 0;
}

/* For each character whether the lists allow it; owned by the caller. NULL when
 * everything is allowed. The space is always allowed. */
guint8 *docai_unicharset_dup_allowed (const DocaiUnicharset *set, const char *whitelist,
                                      const char *blacklist);
