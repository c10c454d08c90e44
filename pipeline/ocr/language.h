/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The languages that are installed, and which of them words speak for.
 */
#pragma once

#include <glib.h>

/* What `lang` says when the language is to be found out. */
#define DOCAI_LANGUAGE_AUTO "auto"

typedef struct DocaiLanguages DocaiLanguages;

/* Looks at the models in tessdata_path (NULL: the system's). Word lists are
 * opened when they are first asked. */
DocaiLanguages *docai_languages_open (const char *tessdata_path);
void            docai_languages_free (DocaiLanguages *languages);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiLanguages, docai_languages_free)

/* The language that is tried first: English where it is installed. NULL: none is. */
const char *docai_languages_first (const DocaiLanguages *languages);

/* Whether there is anything to choose from. */
gboolean docai_languages_are_several (const DocaiLanguages *languages);

/* Adds the words of a text that can tell a language to the set: three letters or
 * more and nothing else. */
void docai_languages_collect (GHashTable *words, const char *text);

/* Languages for which the words (a set of UTF-8 strings) speak more than for
 * `current`, the best first, at most `most`; names lent, the array is owned by the
 * caller. Counted are the words that one of two languages knows and the other
 * does not. */
GPtrArray *docai_languages_rank (DocaiLanguages *languages, GHashTable *words, const char *current,
                                 guint most);

/* The share of the words that the language knows. */
double docai_languages_share (DocaiLanguages *languages, const char *name, GHashTable *words);

/* One language of each script other than that of `current`; as above. */
GPtrArray *docai_languages_other_scripts (DocaiLanguages *languages, const char *current);
