/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Votes of words for languages, by the word lists of the models.
 *
 * Lists differ in size, and a large one knows many words of its neighbours. So
 * two languages are compared by the words that only one of them knows, and each
 * word counts once however often it stands on the page.
 */
#include "pipeline/ocr/language.h"

#include "pipeline/ocr/lstm/recogniser.h"
#include "pipeline/ocr/lstm/wordlist.h"

#include <string.h>

enum {
  MAX_CANDIDATES = 48,
  LEAST_LETTERS = 3,
  LEAST_VOTES = 3, /* words that speak for a language alone */
};

typedef struct {
  char          *name;
  char          *path;
  DocaiWordlist *list; /* NULL: not opened, or of no use */
  gboolean       tried;
} Candidate;

struct DocaiLanguages {
  GPtrArray *candidates; /* by name */
};

static void
candidate_free (gpointer data)
{
  Candidate *candidate = data;

  g_free (candidate->name);
  g_free (candidate->path);
  docai_wordlist_free (candidate->list);
  g_free (candidate);
}

/* Neither a model of orientation or equations nor another form of a language. */
static gboolean
is_language (const char *name)
{
  return strcmp (name, "osd") != 0 && strcmp (name, "equ") != 0 && strcmp (name, "snum") != 0
         && !g_str_has_suffix (name, "_vert") && !g_str_has_suffix (name, "_old");
}

DocaiLanguages *
docai_languages_open (const char *tessdata_path)
{
  DocaiLanguages *languages = g_new0 (DocaiLanguages, 1);
  g_auto (GStrv)  names = docai_recogniser_list_models (tessdata_path);

  languages->candidates = g_ptr_array_new_with_free_func (candidate_free);
  for (char **name = names; *name != NULL && languages->candidates->len < MAX_CANDIDATES; name++)
    {
      if (!is_language (*name))
        continue;
      Candidate *candidate = g_new0 (Candidate, 1);
      candidate->name = g_strdup (*name);
      candidate->path = docai_recogniser_find_model (*name, tessdata_path);
      g_ptr_array_add (languages->candidates, candidate);
    }
  return languages;
}

void
docai_languages_free (DocaiLanguages *languages)
{
  if (languages == NULL)
    return;
  g_ptr_array_unref (languages->candidates);
  g_free (languages);
}

const char *
docai_languages_first (const DocaiLanguages *languages)
{
  const Candidate *first = NULL;

  for (guint i = 0; i < languages->candidates->len; i++)
    {
      const Candidate *candidate = languages->candidates->pdata[i];
      if (first == NULL || strcmp (candidate->name, "eng") == 0)
        first = candidate;
    }
  return first != NULL ? first->name : NULL;
}

gboolean
docai_languages_are_several (const DocaiLanguages *languages)
{
  return languages->candidates->len > 1;
}

static const DocaiWordlist *
list_of (Candidate *candidate)
{
  if (!candidate->tried)
    candidate->list = docai_wordlist_open (candidate->path, NULL);
  candidate->tried = TRUE;
  return candidate->list;
}

static Candidate *
lookup (DocaiLanguages *languages, const char *name)
{
  for (guint i = 0; i < languages->candidates->len; i++)
    {
      Candidate *candidate = languages->candidates->pdata[i];
      if (strcmp (candidate->name, name) == 0)
        return candidate;
    }
  return NULL;
}

/* ---- votes ----------------------------------------------------------------- */

void
docai_languages_collect (GHashTable *words, const char *text)
{
  const char *p = text, *start = text;
  guint       letters = 0;

  for (;; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (g_unichar_isalpha (c) || g_unichar_ismark (c))
        {
          start = letters++ == 0 ? p : start;
          continue;
        }
      if (letters >= LEAST_LETTERS)
        g_hash_table_add (words, g_strndup (start, (gsize) (p - start)));
      letters = 0;
      if (c == 0)
        return;
    }
}

/* The words that the list knows, or those that it does not; lent by `words`. */
static GPtrArray *
part_of (GHashTable *words, const DocaiWordlist *list, gboolean known)
{
  GPtrArray     *part = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer       word;

  g_hash_table_iter_init (&iter, words);
  while (g_hash_table_iter_next (&iter, &word, NULL))
    if (docai_wordlist_has (list, word) == known)
      g_ptr_array_add (part, word);
  return part;
}

static int
count_known (const DocaiWordlist *list, const GPtrArray *words)
{
  int n = 0;

  for (guint i = 0; i < words->len; i++)
    n += docai_wordlist_has (list, words->pdata[i]);
  return n;
}

typedef struct {
  const char *name;
  int         votes;
} Vote;

static int
compare_votes (gconstpointer a, gconstpointer b)
{
  const Vote *p = a, *q = b;

  if (p->votes != q->votes)
    return q->votes - p->votes;
  return strcmp (p->name, q->name);
}

GPtrArray *
docai_languages_rank (DocaiLanguages *languages, GHashTable *words, const char *current, guint most)
{
  GPtrArray           *names = g_ptr_array_new ();
  g_autoptr (GArray)   votes = g_array_new (FALSE, FALSE, sizeof (Vote));
  Candidate           *now = lookup (languages, current);
  const DocaiWordlist *own = now != NULL ? list_of (now) : NULL;

  if (own == NULL)
    return names;

  g_autoptr (GPtrArray) known = part_of (words, own, TRUE), unknown = part_of (words, own, FALSE);
  for (guint i = 0; i < languages->candidates->len && unknown->len >= LEAST_VOTES; i++)
    {
      Candidate           *candidate = languages->candidates->pdata[i];
      const DocaiWordlist *list = candidate != now ? list_of (candidate) : NULL;
      Vote                 vote = { candidate->name, 0 };

      if (list == NULL || docai_wordlist_script (list) != docai_wordlist_script (own))
        continue;
      int n = count_known (list, unknown);
      if (n < LEAST_VOTES)
        continue;
      vote.votes = n - ((int) known->len - count_known (list, known));
      g_debug ("language %s: %d words more than %s, %d alone", vote.name, vote.votes, current, n);
      if (vote.votes > 0)
        g_array_append_val (votes, vote);
    }
  g_array_sort (votes, compare_votes);
  for (guint i = 0; i < MIN (votes->len, most); i++)
    g_ptr_array_add (names, (gpointer) g_array_index (votes, Vote, i).name);
  return names;
}

double
docai_languages_share (DocaiLanguages *languages, const char *name, GHashTable *words)
{
  Candidate           *candidate = lookup (languages, name);
  const DocaiWordlist *list = candidate != NULL ? list_of (candidate) : NULL;
  GHashTableIter       iter;
  gpointer             word;
  guint                known = 0;

  g_hash_table_iter_init (&iter, words);
  while (list != NULL && g_hash_table_iter_next (&iter, &word, NULL))
    known += docai_wordlist_has (list, word);
  return g_hash_table_size (words) > 0 ? (double) known / g_hash_table_size (words) : 0;
}

GPtrArray *
docai_languages_other_scripts (DocaiLanguages *languages, const char *current)
{
  GPtrArray           *names = g_ptr_array_new ();
  g_autoptr (GArray)   scripts = g_array_new (FALSE, FALSE, sizeof (GUnicodeScript));
  Candidate           *now = lookup (languages, current);
  const DocaiWordlist *own = now != NULL ? list_of (now) : NULL;

  for (guint i = 0; i < languages->candidates->len; i++)
    {
      Candidate           *candidate = languages->candidates->pdata[i];
      const DocaiWordlist *list = list_of (candidate);
      gboolean             seen = FALSE;

      if (list == NULL)
        continue;
      GUnicodeScript script = docai_wordlist_script (list);
      for (guint k = 0; k < scripts->len; k++)
        seen = seen || g_array_index (scripts, GUnicodeScript, k) == script;
      if (seen || (own != NULL && docai_wordlist_script (own) == script))
        continue;
      g_array_append_val (scripts, script);
      g_ptr_array_add (names, candidate->name);
    }
  return names;
}
