/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looking for what a model said among the words of the document.
 */
#include "pipeline/vlm/ground.h"

#include "document/text.h"

#include <math.h>
#include <string.h>

/* One comparable token of the document; a word may hold several. */
typedef struct {
  char            *text; /* canonical() */
  const DocaiWord *word;
  int              page;
  int              line; /* number of the line in the index */
} Token;

struct DocaiWordIndex {
  GArray     *tokens; /* Token */
  GHashTable *places; /* canonical text -> GArray of guint, indexes of tokens */
};

/* ---- canonical tokens -------------------------------------------------------- */

static gboolean
is_number (const char *token)
{
  gboolean docai_text_has_digit = FALSE;

  for (const char *p = token; *p != '\0'; p++)
    {
      if (!g_ascii_isdigit (*p) && strchr (".,'", *p) == NULL)
        return FALSE;
      docai_text_has_digit = docai_text_has_digit || g_ascii_isdigit (*p);
    }
  return docai_text_has_digit;
}

/* A number's digits with one dot before the decimals and no trailing zeros: the
 * last separator counts as decimal unless three digits follow it. */
static char *
canonical_number (const char *token)
{
  const char *last = NULL;
  int         n_separators = 0;

  for (const char *p = token; *p != '\0'; p++)
    if (!g_ascii_isdigit (*p))
      {
        last = p;
        n_separators++;
      }
  gboolean thousands = last != NULL && strlen (last + 1) == 3 && n_separators == 1;
  if (thousands || (last != NULL && n_separators > 1 && strlen (last + 1) == 3))
    last = NULL;

  g_autoptr (GString) digits = g_string_new (NULL);
  for (const char *p = token; *p != '\0'; p++)
    if (g_ascii_isdigit (*p))
      g_string_append_c (digits, *p);
    else if (p == last)
      g_string_append_c (digits, '.');
  if (last != NULL)
    {
      while (digits->len > 0 && digits->str[digits->len - 1] == '0')
        g_string_truncate (digits, digits->len - 1);
      if (digits->len > 0 && digits->str[digits->len - 1] == '.')
        g_string_truncate (digits, digits->len - 1);
    }
  return g_strdup (digits->str);
}

static char *
canonical (const char *token)
{
  return is_number (token) ? canonical_number (token) : g_strdup (token);
}

/* ---- the index ---------------------------------------------------------------- */

static void
token_clear (gpointer data)
{
  g_free (((Token *) data)->text);
}

static void
add_place (DocaiWordIndex *index, const char *text, guint at)
{
  GArray *places = g_hash_table_lookup (index->places, text);

  if (places == NULL)
    {
      places = g_array_new (FALSE, FALSE, sizeof (guint));
      g_hash_table_insert (index->places, g_strdup (text), places);
    }
  g_array_append_val (places, at);
}

static void
add_word (DocaiWordIndex *index, const DocaiWord *word, int page, int line)
{
  g_auto (GStrv) parts = docai_text_tokens (word->text != NULL ? word->text : "");

  for (guint i = 0; parts[i] != NULL; i++)
    {
      Token token = { canonical (parts[i]), word, page, line };
      add_place (index, token.text, index->tokens->len);
      g_array_append_val (index->tokens, token);
    }
}

DocaiWordIndex *
docai_word_index_new (const DocaiDocument *document)
{
  DocaiWordIndex *index = g_new0 (DocaiWordIndex, 1);
  int             n_lines = 0;

  index->tokens = g_array_new (FALSE, FALSE, sizeof (Token));
  g_array_set_clear_func (index->tokens, token_clear);
  index->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  for (guint p = 0; p < document->pages->len; p++)
    {
      const DocaiPage *page = document->pages->pdata[p];
      for (guint r = 0; r < page->regions->len; r++)
        {
          const DocaiRegion *region = page->regions->pdata[r];
          for (guint l = 0; l < region->lines->len; l++, n_lines++)
            {
              const DocaiLine *line = region->lines->pdata[l];
              for (guint w = 0; w < line->words->len; w++)
                add_word (index, line->words->pdata[w], page->number, n_lines);
            }
        }
    }
  return index;
}

void
docai_word_index_free (DocaiWordIndex *index)
{
  if (index == NULL)
    return;
  g_array_unref (index->tokens);
  g_hash_table_unref (index->places);
  g_free (index);
}

/* ---- looking up ----------------------------------------------------------------- */

static const Token *
token_at (const DocaiWordIndex *index, guint at)
{
  return &g_array_index (index->tokens, Token, at);
}

/* One piece of evidence for each line of tokens [first, first + n). */
static void
add_evidence (const DocaiWordIndex *index, guint first, guint n, GPtrArray *evidence)
{
  for (guint i = first; i < first + n;)
    {
      const Token        *start = token_at (index, i);
      DocaiBox            box = start->word->bbox;
      const DocaiWord    *last = NULL;
      g_autoptr (GString) text = g_string_new (NULL);
      for (; i < first + n && token_at (index, i)->line == start->line; i++)
        {
          const Token *token = token_at (index, i);
          box = docai_box_union (box, token->word->bbox);
          if (token->word == last)
            continue;
          g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", token->word->text);
          last = token->word;
        }
      g_ptr_array_add (evidence, docai_evidence_new (start->page, box, text->str));
    }
}

static gboolean
matches_at (const DocaiWordIndex *index, guint at, char **wanted, guint n)
{
  if (at + n > index->tokens->len)
    return FALSE;
  for (guint i = 1; i < n; i++)
    if (strcmp (token_at (index, at + i)->text, wanted[i]) != 0)
      return FALSE;
  return TRUE;
}

/* How far a token begins from a place, points; other pages are farthest. */
static double
distance (const Token *token, const DocaiGroundPlace *place)
{
  const DocaiBox *box = &token->word->bbox;

  return token->page == place->page ? hypot (box->x0 - place->x, (box->y0 + box->y1) / 2 - place->y) : G_MAXDOUBLE;
}

/* The first match, or the one that begins nearest to a place. */
static gboolean
find_tokens (const DocaiWordIndex *index, char **tokens, guint n, const DocaiGroundPlace *place, GPtrArray *evidence)
{
  const GArray *places = n > 0 ? g_hash_table_lookup (index->places, tokens[0]) : NULL;
  gboolean      found = FALSE;
  guint         best = 0;

  for (guint i = 0; places != NULL && i < places->len && (!found || place != NULL); i++)
    {
      guint at = g_array_index (places, guint, i);
      if (!matches_at (index, at, tokens, n))
        continue;
      if (!found || distance (token_at (index, at), place) < distance (token_at (index, best), place))
        best = at;
      found = TRUE;
    }
  if (found && evidence != NULL)
    add_evidence (index, best, n, evidence);
  return found;
}

static char **
canonical_tokens (const char *text)
{
  char **tokens = docai_text_tokens (text);

  for (guint i = 0; tokens[i] != NULL; i++)
    {
      char *token = canonical (tokens[i]);
      g_free (tokens[i]);
      tokens[i] = token;
    }
  return tokens;
}

gboolean
docai_ground_phrase (const DocaiWordIndex *index, const char *text, GPtrArray *evidence)
{
  return docai_ground_phrase_near (index, text, NULL, evidence);
}

gboolean
docai_ground_phrase_near (const DocaiWordIndex *index, const char *text, const DocaiGroundPlace *place, GPtrArray *evidence)
{
  g_auto (GStrv) tokens = canonical_tokens (text);

  return find_tokens (index, tokens, g_strv_length (tokens), place, evidence);
}

/* Names stand out by a capital inside a sentence. */
static gboolean
is_name (const char *word, gboolean starts_sentence)
{
  gunichar first = g_utf8_get_char_validated (word, -1);

  return !starts_sentence && first < (gunichar) -2 && g_unichar_isupper (first)
         && g_utf8_strlen (word, -1) > 1;
}

gboolean
docai_ground_sentence (const DocaiWordIndex *index, const char *text, GPtrArray *evidence,
                       GPtrArray *missing)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t\n", -1);
  gboolean       starts_sentence = TRUE, grounded = TRUE;

  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *word = words[i];
      gsize       length = strlen (word);
      if (length == 0)
        continue;
      g_auto (GStrv) tokens = canonical_tokens (word);
      guint n = g_strv_length (tokens);
      if (n > 0 && (docai_text_has_digit (word) || is_name (word, starts_sentence))
          && !find_tokens (index, tokens, n, NULL, evidence))
        {
          grounded = FALSE;
          if (missing != NULL)
            g_ptr_array_add (missing, g_strdup (word));
        }
      starts_sentence = strchr (".!?:", word[length - 1]) != NULL;
    }
  return grounded;
}
