/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From words to concepts: the longest phrase first, then forms of a word, then the parts of a compound.
 */
#include "pipeline/ask/concepts.h"

#include "pipeline/ask/phrases.h"
#include "pipeline/extract/lexicon.h"

#include <string.h>

#define MOST_PHRASE 5  /* tokens */
#define LEAST_PART 3   /* letters of a part of a compound */
#define LEAST_HEAD 4   /* of a part that is not known */
#define LEAST_COMPOUND 7
#define LEAST_STEM 4   /* letters that stay when an ending goes */
#define MOST_ENDING 3
#define MOST_PIECES 3
#define MOST_TOKENS 4000 /* of one text: more are no question and no label */

/* ---- the vocabulary ----------------------------------------------------------------- */

/* What a phrase or word means; frame words and particles mean nothing. */
typedef struct {
  DocaiConcept concepts[DOCAI_PHRASE_CONCEPTS];
  gboolean     frame, particle;
} Meaning;

static GHashTable *vocabulary = NULL; /* phrase -> Meaning; made once, lives as long as the process */

/* Keys of the lexicon that questions ask for, and the least weight of a phrase that surely means the key. */
static const struct {
  DocaiKey     key;
  int          weight;
  DocaiConcept concepts[DOCAI_PHRASE_CONCEPTS];
} keys[] = {
  { DOCAI_KEY_INVOICE_ID, 9, { DOCAI_CONCEPT_INVOICE, DOCAI_CONCEPT_NUMBER } },
  { DOCAI_KEY_INVOICE_DATE, 8, { DOCAI_CONCEPT_INVOICE, DOCAI_CONCEPT_DATE } },
  { DOCAI_KEY_DUE_DATE, 7, { DOCAI_CONCEPT_DUE, DOCAI_CONCEPT_DATE } },
  { DOCAI_KEY_PURCHASE_ORDER, 8, { DOCAI_CONCEPT_ORDER, DOCAI_CONCEPT_NUMBER } },
  { DOCAI_KEY_CUSTOMER_ID, 8, { DOCAI_CONCEPT_CUSTOMER, DOCAI_CONCEPT_NUMBER } },
  { DOCAI_KEY_TAX_ID, 8, { DOCAI_CONCEPT_TAX, DOCAI_CONCEPT_NUMBER } },
  { DOCAI_KEY_CURRENCY, 8, { DOCAI_CONCEPT_CURRENCY } },
  { DOCAI_KEY_VENDOR, 8, { DOCAI_CONCEPT_VENDOR } },
  { DOCAI_KEY_CUSTOMER, 8, { DOCAI_CONCEPT_CUSTOMER } },
  { DOCAI_KEY_SHIP_TO, 8, { DOCAI_CONCEPT_DELIVERY, DOCAI_CONCEPT_ADDRESS } },
  { DOCAI_KEY_SUBTOTAL, 8, { DOCAI_CONCEPT_NET } },
  { DOCAI_KEY_TAX, 8, { DOCAI_CONCEPT_TAX } },
  { DOCAI_KEY_TOTAL, 7, { DOCAI_CONCEPT_TOTAL } },
  { DOCAI_KEY_DUE, 8, { DOCAI_CONCEPT_DUE, DOCAI_CONCEPT_AMOUNT } },
  { DOCAI_KEY_DISCOUNT, 8, { DOCAI_CONCEPT_DISCOUNT } },
  { DOCAI_KEY_ROUNDING, 8, { DOCAI_CONCEPT_ROUNDING } },
  { DOCAI_KEY_CHANGE, 9, { DOCAI_CONCEPT_CHANGE } },
  { DOCAI_KEY_COLUMN_QUANTITY, 9, { DOCAI_CONCEPT_QUANTITY } },
  { DOCAI_KEY_COLUMN_PRICE, 9, { DOCAI_CONCEPT_UNIT, DOCAI_CONCEPT_PRICE } },
};

static gboolean
is_word_char (gunichar c)
{
  return g_unichar_isalnum (c);
}

/* Runs of letters and digits, and "#". */
static void
tokenize (const char *folded, GPtrArray *tokens, GArray *starts)
{
  const char *p = folded;

  while (*p != '\0' && tokens->len < MOST_TOKENS)
    {
      const char *start = p;
      while (*p != '\0' && is_word_char (g_utf8_get_char (p)))
        p = g_utf8_next_char (p);
      if (p == start && *p != '#')
        {
          p = g_utf8_next_char (p);
          continue;
        }
      if (p == start)
        p++;
      gsize at = (gsize) (start - folded);
      g_ptr_array_add (tokens, g_strndup (start, (gsize) (p - start)));
      g_array_append_val (starts, at);
    }
}

static char *
join_tokens (const GPtrArray *tokens, guint first, guint n)
{
  GString *joined = g_string_new (NULL);

  for (guint i = first; i < first + n; i++)
    g_string_append_printf (joined, "%s%s", i > first ? " " : "", (const char *) tokens->pdata[i]);
  return g_string_free (joined, FALSE);
}

/* Adds a phrase unless it is known; what is added first counts. */
static void
learn (const char *phrase, gsize length, const Meaning *meaning)
{
  g_autofree char      *text = g_strndup (phrase, length);
  g_autoptr (GPtrArray) tokens = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray)    starts = g_array_new (FALSE, FALSE, sizeof (gsize));

  tokenize (text, tokens, starts);
  g_autofree char *key = join_tokens (tokens, 0, tokens->len);
  if (tokens->len > 0 && tokens->len <= MOST_PHRASE && g_hash_table_lookup (vocabulary, key) == NULL)
    g_hash_table_insert (vocabulary, g_steal_pointer (&key), g_memdup2 (meaning, sizeof *meaning));
}

static void
learn_all (const char *phrases, const Meaning *meaning)
{
  for (gsize length; *phrases != '\0'; phrases += length + (phrases[length] == '|'))
    {
      length = strcspn (phrases, "|");
      learn (phrases, length, meaning);
    }
}

static DocaiTerms *terms_of (const char *folded);

/* Whether the words are known one by one, so that the phrase adds nothing. */
static gboolean
is_understood (const char *phrase, gsize length)
{
  g_autofree char       *text = g_strndup (phrase, length);
  g_autoptr (DocaiTerms) terms = terms_of (text);
  gboolean               known = terms->terms->len > 0;

  for (guint i = 0; i < terms->terms->len && known; i++)
    known = docai_terms_at (terms, i)->concept != DOCAI_CONCEPT_NONE;
  return known;
}

static void
learn_label (DocaiKey key, int weight, const char *phrase, gsize length, gpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      Meaning meaning = { { 0 }, FALSE, FALSE };
      if (keys[i].key != key || weight < keys[i].weight || is_understood (phrase, length))
        continue;
      memcpy (meaning.concepts, keys[i].concepts, sizeof meaning.concepts);
      learn (phrase, length, &meaning);
    }
}

static void
prepare (void)
{
  static gsize once = 0;

  if (!g_once_init_enter (&once))
    return;
  vocabulary = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (const DocaiPhraseRow *row = docai_phrase_rows; row->phrases != NULL; row++)
    {
      Meaning meaning = { { 0 }, FALSE, FALSE };
      memcpy (meaning.concepts, row->concepts, sizeof meaning.concepts);
      learn_all (row->phrases, &meaning);
    }
  learn_all (docai_frame_words, &(Meaning){ { 0 }, TRUE, FALSE });
  learn_all (docai_particles, &(Meaning){ { 0 }, FALSE, TRUE });
  docai_lexicon_foreach (learn_label, NULL);
  g_once_init_leave (&once, 1);
}

/* ---- words ----------------------------------------------------------------------------- */

gboolean
docai_stems_match (const char *a, const char *b)
{
  gsize common = 0;

  while (a[common] != '\0' && a[common] == b[common])
    common++;
  gsize rest_a = strlen (a + common), rest_b = strlen (b + common);
  if (rest_a == 0 && rest_b == 0)
    return TRUE;
  if (strpbrk (a, "0123456789") != NULL || strpbrk (b, "0123456789") != NULL)
    return FALSE;
  return common >= LEAST_STEM && rest_a + rest_b <= MOST_ENDING && (rest_a == 0 || rest_b == 0 || rest_a + rest_b == 2);
}

/* A word of the vocabulary behind an inflected one: "dates", "Kundin". */
static const Meaning *
find_form (const char *token)
{
  static const char *const endings[] = { "s", "n", "e", "en", "es", "er", "em", "m", "ne", NULL };
  gsize                    length = strlen (token);

  for (int i = 0; endings[i] != NULL; i++)
    if (g_str_has_suffix (token, endings[i]) && length - strlen (endings[i]) >= LEAST_STEM)
      {
        g_autofree char *stem = g_strndup (token, length - strlen (endings[i]));
        const Meaning   *meaning = g_hash_table_lookup (vocabulary, stem);
        if (meaning != NULL && !meaning->frame && !meaning->particle)
          return meaning;
      }
  return NULL;
}

static const Meaning *
find_part (const char *start, gsize length)
{
  static const char *const links[] = { "", "s", "es", "n", "en", NULL };

  for (int i = 0; links[i] != NULL; i++)
    {
      gsize ending = strlen (links[i]);
      if (length < LEAST_PART + ending || strncmp (start + length - ending, links[i], ending) != 0)
        continue;
      g_autofree char *part = g_strndup (start, length - ending);
      const Meaning   *meaning = g_hash_table_lookup (vocabulary, part);
      if (meaning != NULL && !meaning->frame && !meaning->particle)
        return meaning;
    }
  return NULL;
}

/* Splits "rechnungsdatum" into known parts; the longest tail first. */
static gboolean
split_compound (const char *token, const Meaning **head, const Meaning **tail)
{
  gsize length = strlen (token);

  if (length < LEAST_COMPOUND)
    return FALSE;
  for (gsize at = LEAST_HEAD; at + LEAST_PART <= length; at++)
    {
      *tail = g_hash_table_lookup (vocabulary, token + at);
      if (*tail == NULL || (*tail)->frame || (*tail)->particle)
        continue;
      *head = find_part (token, at);
      if (*head != NULL)
        return TRUE;
    }
  return FALSE;
}

/* "Policennummer": something's number; its head stays a word of its own. Returns the head's length, or 0. */
static gsize
split_tail (const char *token, const Meaning **tail)
{
  static const char *const tails[]
      = { "nummer", "nr", "datum", "name", "naam", "betrag", "bedrag", "adresse", "adres", "preis", "prijs", NULL };
  gsize length = strlen (token);

  for (int i = 0; tails[i] != NULL; i++)
    if (g_str_has_suffix (token, tails[i]) && length >= strlen (tails[i]) + LEAST_HEAD)
      {
        *tail = g_hash_table_lookup (vocabulary, tails[i]);
        return *tail != NULL ? length - strlen (tails[i]) : 0;
      }
  return 0;
}

/* ---- terms ------------------------------------------------------------------------------ */

static void
term_clear (gpointer data)
{
  g_free (((DocaiTerm *) data)->stem);
}

static void
add_word (DocaiTerms *terms, guint at, const char *word, gsize length, gboolean particle)
{
  DocaiTerm term = { DOCAI_CONCEPT_NONE, g_strndup (word, length), particle, at, at };

  g_array_append_val (terms->terms, term);
}

static void
add_meaning (DocaiTerms *terms, guint first, guint n, const Meaning *meaning)
{
  for (int i = 0; i < DOCAI_PHRASE_CONCEPTS && meaning->concepts[i] != DOCAI_CONCEPT_NONE; i++)
    {
      DocaiTerm term = { meaning->concepts[i], NULL, FALSE, first, first + n - 1 };
      g_array_append_val (terms->terms, term);
    }
  if (meaning->particle)
    add_word (terms, first, terms->tokens->pdata[first], strlen (terms->tokens->pdata[first]), TRUE);
}

/* Words that recognition left in pieces: "ex piry". Returns how many tokens make one of the vocabulary, or 0. */
static guint
join_pieces (const DocaiTerms *terms, guint at, const Meaning **meaning)
{
  g_autoptr (GString) word = g_string_new (terms->tokens->pdata[at]);

  for (guint n = 2; n <= MOST_PIECES && at + n <= terms->tokens->len; n++)
    {
      g_string_append (word, terms->tokens->pdata[at + n - 1]);
      *meaning = word->len >= LEAST_COMPOUND - 1 ? g_hash_table_lookup (vocabulary, word->str) : NULL;
      if (*meaning != NULL && !(*meaning)->frame && !(*meaning)->particle)
        return n;
    }
  return 0;
}

/* Adds what stands from a token on; returns how many tokens that took. */
static guint
add_at (DocaiTerms *terms, guint at)
{
  const char    *token = terms->tokens->pdata[at];
  const Meaning *head, *tail;

  for (guint n = MIN (MOST_PHRASE, terms->tokens->len - at); n > 0; n--)
    {
      g_autofree char *phrase = join_tokens (terms->tokens, at, n);
      const Meaning   *meaning = g_hash_table_lookup (vocabulary, phrase);
      if (meaning == NULL)
        continue;
      add_meaning (terms, at, n, meaning);
      return n;
    }
  guint n_pieces = join_pieces (terms, at, &head);
  if (n_pieces > 0)
    {
      add_meaning (terms, at, n_pieces, head);
      return n_pieces;
    }
  const Meaning *form = find_form (token);
  if (form != NULL)
    add_meaning (terms, at, 1, form);
  else if (split_compound (token, &head, &tail))
    {
      add_meaning (terms, at, 1, head);
      add_meaning (terms, at, 1, tail);
    }
  else
    {
      gsize length = split_tail (token, &tail);
      add_word (terms, at, token, length > 0 ? length : strlen (token), FALSE);
      if (length > 0)
        add_meaning (terms, at, 1, tail);
    }
  return 1;
}

static DocaiTerms *
terms_of (const char *folded)
{
  DocaiTerms *terms = g_new0 (DocaiTerms, 1);

  terms->tokens = g_ptr_array_new_with_free_func (g_free);
  terms->starts = g_array_new (FALSE, FALSE, sizeof (gsize));
  terms->terms = g_array_new (FALSE, FALSE, sizeof (DocaiTerm));
  g_array_set_clear_func (terms->terms, term_clear);
  tokenize (folded, terms->tokens, terms->starts);
  for (guint at = 0; at < terms->tokens->len;)
    at += add_at (terms, at);
  return terms;
}

DocaiTerms *
docai_terms_new (const char *folded)
{
  prepare ();
  return terms_of (folded);
}

void
docai_terms_free (DocaiTerms *terms)
{
  if (terms == NULL)
    return;
  g_ptr_array_unref (terms->tokens);
  g_array_unref (terms->starts);
  g_array_unref (terms->terms);
  g_free (terms);
}
