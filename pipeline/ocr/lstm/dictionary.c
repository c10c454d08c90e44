/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Walking the punctuation, word and number automata together.
 */
#include "pipeline/ocr/lstm/dictionary.h"

#include "base/error.h"
#include "pipeline/ocr/lstm/dawg.h"

enum { PUNCTUATION, WORDS, NUMBERS, AUTOMATA };

static const DocaiEntry entries[AUTOMATA] = { DOCAI_ENTRY_PUNCTUATION, DOCAI_ENTRY_WORDS,
                                              DOCAI_ENTRY_NUMBERS };
static const DocaiWordKind kinds[AUTOMATA] = { DOCAI_WORD_PUNCTUATION, DOCAI_WORD_SYSTEM,
                                               DOCAI_WORD_NUMBER };

struct DocaiDictionary {
  DocaiDawg              dawgs[AUTOMATA];
  gboolean               has[AUTOMATA];
  const DocaiUnicharset *set;
  DocaiPlaces            start;
};

static void
add_place (DocaiPlaces *list, DocaiPlace place)
{
  for (guint i = 0; i < list->n; i++)
    {
      const DocaiPlace *p = &list->places[i];

      if (p->core_edge == place.core_edge && p->punctuation_edge == place.punctuation_edge
          && p->core == place.core && p->punctuation == place.punctuation
          && p->core_done == place.core_done)
        return;
    }
  if (list->n < DOCAI_MAX_PLACES)
    list->places[list->n++] = place;
}

static void
fill_start (DocaiDictionary *dictionary)
{
  gboolean plain = dictionary->has[PUNCTUATION]
                   && docai_dawg_find (&dictionary->dawgs[PUNCTUATION], 0, DOCAI_DAWG_PATTERN, TRUE)
                        != DOCAI_DAWG_NONE;

  for (gint8 i = 0; i < AUTOMATA; i++)
    {
      if (!dictionary->has[i])
        continue;
      if (i == PUNCTUATION)
        add_place (&dictionary->start,
                   (DocaiPlace){ DOCAI_DAWG_NONE, DOCAI_DAWG_NONE, -1, i, FALSE });
      else if (!plain)
        add_place (&dictionary->start,
                   (DocaiPlace){ DOCAI_DAWG_NONE, DOCAI_DAWG_NONE, i, -1, FALSE });
    }
}

DocaiDictionary *
docai_dictionary_open (const DocaiTraineddata *data, const DocaiUnicharset *set, GError **error)
{
  g_autoptr (DocaiDictionary) dictionary = g_new0 (DocaiDictionary, 1);
  gboolean                    any = FALSE;

  dictionary->set = set;
  for (int i = 0; i < AUTOMATA; i++)
    {
      DocaiBytes bytes;

      if (!docai_traineddata_peek (data, entries[i], &bytes))
        continue;
      if (!docai_dawg_read (&dictionary->dawgs[i], &bytes, error))
        return NULL;
      dictionary->has[i] = any = TRUE;
    }
  if (!any)
    return NULL;
  fill_start (dictionary);
  return g_steal_pointer (&dictionary);
}

void
docai_dictionary_free (DocaiDictionary *dictionary)
{
  g_free (dictionary);
}

const DocaiPlaces *
docai_dictionary_start (const DocaiDictionary *dictionary)
{
  return &dictionary->start;
}

/* Numbers are patterns: any digit stands as the pattern character. */
static int
char_for (const DocaiDictionary *dictionary, int automaton, int unichar)
{
  if (automaton == NUMBERS && docai_unicharset_has (dictionary->set, unichar, DOCAI_UNICHAR_DIGIT))
    return DOCAI_DAWG_PATTERN;
  return unichar;
}

typedef struct {
  const DocaiDictionary *dictionary;
  int                    unichar;
  gboolean               final;
  DocaiPlaces           *next;
  DocaiWordKind          kind;
  gboolean               may_end;
} Walk;

static void
accept (Walk *walk, DocaiPlace place, DocaiWordKind kind, gboolean may_end)
{
  add_place (walk->next, place);
  walk->kind = MAX (walk->kind, kind);
  walk->may_end = walk->may_end || may_end;
}

/* In the punctuation before the word: more punctuation, or the word starts. */
static void
step_before_core (Walk *walk, const DocaiPlace *place)
{
  const DocaiDictionary *dictionary = walk->dictionary;
  const DocaiDawg       *punctuation = &dictionary->dawgs[PUNCTUATION];
  gint32 node = docai_dawg_node_after (punctuation, place->punctuation_edge);
  gint32 pattern = docai_dawg_find (punctuation, node, DOCAI_DAWG_PATTERN, walk->final);
  gint32 edge;

  for (gint8 i = WORDS; pattern != DOCAI_DAWG_NONE && i < AUTOMATA; i++)
    {
      const DocaiDawg *core = &dictionary->dawgs[i];

      if (!dictionary->has[i])
        continue;
      edge = docai_dawg_find (core, 0, char_for (dictionary, i, walk->unichar), walk->final);
      if (edge != DOCAI_DAWG_NONE)
        accept (walk, (DocaiPlace){ edge, pattern, i, PUNCTUATION, FALSE }, kinds[i],
                docai_dawg_ends_word (core, edge) && docai_dawg_ends_word (punctuation, pattern));
    }
  edge = docai_dawg_find (punctuation, node, walk->unichar, walk->final);
  if (edge != DOCAI_DAWG_NONE)
    accept (walk, (DocaiPlace){ DOCAI_DAWG_NONE, edge, -1, PUNCTUATION, FALSE },
            DOCAI_WORD_PUNCTUATION, docai_dawg_ends_word (punctuation, edge));
}

/* In the word or behind it: punctuation behind, or the word goes on. */
static void
step_in_core (Walk *walk, const DocaiPlace *place)
{
  const DocaiDictionary *dictionary = walk->dictionary;
  const DocaiDawg       *core = &dictionary->dawgs[place->core];
  const DocaiDawg       *punctuation
    = place->punctuation >= 0 ? &dictionary->dawgs[PUNCTUATION] : NULL;
  gint32 edge;

  if (punctuation != NULL && place->core_edge != DOCAI_DAWG_NONE
      && docai_dawg_ends_word (core, place->core_edge))
    {
      edge = docai_dawg_find (punctuation,
                              docai_dawg_node_after (punctuation, place->punctuation_edge),
                              walk->unichar, walk->final);
      if (edge != DOCAI_DAWG_NONE)
        accept (walk, (DocaiPlace){ place->core_edge, edge, place->core, PUNCTUATION, TRUE },
                kinds[place->core], docai_dawg_ends_word (punctuation, edge));
    }
  if (place->core_done)
    return;
  edge = docai_dawg_find (core, docai_dawg_node_after (core, place->core_edge),
                          char_for (dictionary, place->core, walk->unichar), walk->final);
  if (edge != DOCAI_DAWG_NONE)
    {
      gboolean closed
        = punctuation == NULL || docai_dawg_ends_word (punctuation, place->punctuation_edge);

      if (walk->final && !closed)
        return;
      accept (walk,
              (DocaiPlace){ edge, place->punctuation_edge, place->core, place->punctuation, FALSE },
              kinds[place->core], docai_dawg_ends_word (core, edge) && closed);
    }
}

DocaiWordKind
docai_dictionary_step (const DocaiDictionary *dictionary, const DocaiPlace *places, guint n,
                       int unichar, gboolean final, DocaiPlaces *next, gboolean *may_end)
{
  Walk walk = { dictionary, unichar, final, next, DOCAI_WORD_NONE, FALSE };

  next->n = 0;
  if (unichar == DOCAI_DAWG_PATTERN || unichar < 0)
    return DOCAI_WORD_NONE;
  for (guint i = 0; i < n; i++)
    if (places[i].core < 0)
      step_before_core (&walk, &places[i]);
    else
      step_in_core (&walk, &places[i]);
  *may_end = walk.may_end;
  return walk.kind;
}

gboolean
docai_dictionary_has (const DocaiDictionary *dictionary, const int *unichars, guint n)
{
  DocaiPlaces   places[2];
  DocaiWordKind kind = DOCAI_WORD_NONE;

  places[0] = dictionary->start;
  for (guint i = 0; i < n; i++)
    {
      const DocaiPlaces *from = &places[i % 2];
      gboolean           may_end;
      DocaiWordKind      step = docai_dictionary_step (dictionary, from->places, from->n,
                                                       unichars[i], i + 1 == n, &places[(i + 1) % 2],
                                                       &may_end);

      /* Punctuation behind a word leaves it the word it was. */
      if (kind == DOCAI_WORD_NONE || step != DOCAI_WORD_PUNCTUATION)
        kind = step;
      if (kind == DOCAI_WORD_NONE)
        return FALSE;
    }
  return kind == DOCAI_WORD_SYSTEM;
}
