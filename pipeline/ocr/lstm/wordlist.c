/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looking words up in a model's dictionaries.
 */
#include "pipeline/ocr/lstm/wordlist.h"

#include "base/error.h"

enum { MAX_LETTERS = 48, N_SCRIPTS = 256 };

struct DocaiWordlist {
  DocaiTraineddata *data;
  DocaiUnicharset  *set;
  DocaiDictionary  *dictionary;
  GHashTable       *ids; /* text to its number + 1; texts are the set's */
  GUnicodeScript    script;
};

static void
count_characters (DocaiWordlist *list)
{
  guint counts[N_SCRIPTS] = { 0 }, most = 0;

  list->ids = g_hash_table_new (g_str_hash, g_str_equal);
  list->script = G_UNICODE_SCRIPT_UNKNOWN;
  for (guint i = 0; i < list->set->n_chars; i++)
    {
      const char    *text = list->set->chars[i].text;
      gunichar       c = g_utf8_get_char (text);
      GUnicodeScript script = g_unichar_get_script (c);

      g_hash_table_insert (list->ids, (gpointer) text, GUINT_TO_POINTER (i + 1));
      if (!g_unichar_isalpha (c) || (guint) script >= N_SCRIPTS || ++counts[script] <= most)
        continue;
      most = counts[script];
      list->script = script;
    }
}

DocaiWordlist *
docai_wordlist_open (const char *path, GError **error)
{
  g_autoptr (DocaiWordlist) list = g_new0 (DocaiWordlist, 1);
  g_autoptr (GError)        local = NULL;
  DocaiBytes                bytes;

  list->data = docai_traineddata_open (path, error);
  if (list->data == NULL)
    return NULL;
  if (docai_traineddata_peek (list->data, DOCAI_ENTRY_UNICHARSET, &bytes))
    {
      list->set = docai_unicharset_read (&bytes, error);
      if (list->set == NULL)
        return NULL;
      list->dictionary = docai_dictionary_open (list->data, list->set, &local);
    }
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (list->dictionary == NULL || list->set->right_to_left)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED,
                   "%s has no word list that can be used", path);
      return NULL;
    }
  count_characters (list);
  docai_traineddata_settle (list->data);
  return g_steal_pointer (&list);
}

void
docai_wordlist_free (DocaiWordlist *list)
{
  if (list == NULL)
    return;
  g_clear_pointer (&list->ids, g_hash_table_unref);
  docai_dictionary_free (list->dictionary);
  docai_unicharset_free (list->set);
  docai_traineddata_free (list->data);
  g_free (list);
}

static gboolean
has_exactly (const DocaiWordlist *list, const char *word)
{
  int   ids[MAX_LETTERS];
  guint n = 0;

  for (const char *p = word; *p != '\0'; p = g_utf8_next_char (p))
    {
      char  letter[8] = { 0 };
      guint id;

      g_unichar_to_utf8 (g_utf8_get_char (p), letter);
      id = GPOINTER_TO_UINT (g_hash_table_lookup (list->ids, letter));
      if (id == 0 || n == MAX_LETTERS)
        return FALSE;
      ids[n++] = (int) id - 1;
    }
  return n > 0 && docai_dictionary_has (list->dictionary, ids, n);
}

gboolean
docai_wordlist_has (const DocaiWordlist *list, const char *word)
{
  g_autofree char *small = NULL, *first = NULL, *capital = NULL;

  if (has_exactly (list, word))
    return TRUE;
  small = g_utf8_strdown (word, -1);
  if (has_exactly (list, small))
    return TRUE;
  first = g_utf8_strup (small, g_utf8_next_char (small) - small);
  capital = g_strconcat (first, g_utf8_next_char (small), NULL);
  return has_exactly (list, capital);
}

GUnicodeScript
docai_wordlist_script (const DocaiWordlist *list)
{
  return list->script;
}
