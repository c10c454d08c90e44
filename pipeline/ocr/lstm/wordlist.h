/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A model's characters and word lists without its network: for asking which
 * language words belong to.
 */
#pragma once

#include "pipeline/ocr/lstm/dictionary.h"

typedef struct DocaiWordlist DocaiWordlist;

/* Opens <path>, a .traineddata. MODEL_INVALID; MODEL_UNSUPPORTED when its
 * characters lie elsewhere, its script runs right to left or it has no words. */
DocaiWordlist *docai_wordlist_open (const char *path, GError **error);
void           docai_wordlist_free (DocaiWordlist *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiWordlist, docai_wordlist_free)

/* Whether the word (UTF-8) is listed as it stands, all in small letters, or with
 * a capital in front. */
gboolean docai_wordlist_has (const DocaiWordlist *list, const char *word);

/* The script of most of its letters. */
GUnicodeScript docai_wordlist_script (const DocaiWordlist *list);
