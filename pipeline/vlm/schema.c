/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Schemas as words and as questions.
 */
#include "pipeline/vlm/schema.h"

#include "document/text.h"
#include "models/language/grammar.h"
#include "models/tokenizer/json-util.h"

#include <string.h>

#define MAX_DEPTH 8
#define MAX_WANTED 64   /* questions of a schema */
#define MAX_VISITS 2048 /* of its parts: one that refers to itself has no end */
#define MOST_WORDS 12   /* of a description that is a phrase */
#define FEW_WORDS 3     /* of one that says too little without what it belongs to */

/* ---- words ------------------------------------------------------------------------- */

/* Whether a word begins at c between its neighbours: "invoiceDate", "VATNumber", "line2". */
static gboolean
begins_word (gunichar before, gunichar c, gunichar after)
{
  if (g_unichar_isupper (c))
    return g_unichar_islower (before) || g_unichar_isdigit (before) || (g_unichar_isupper (before) && g_unichar_islower (after));
  return g_unichar_isdigit (c) && g_unichar_isalpha (before);
}

/* The words of a name or a sentence, as they are written. */
static char **
split_words (const char *text)
{
  g_autofree char    *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) spaced = g_string_new (NULL);
  gunichar            before = ' ';

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gunichar after = g_utf8_get_char (g_utf8_next_char (p));
      if (begins_word (before, c, after))
        g_string_append_c (spaced, ' ');
      g_string_append_unichar (spaced, g_unichar_isalnum (c) ? c : ' ');
      before = c;
    }
  return g_strsplit (spaced->str, " ", -1);
}

/* Adds the words of a name, title or description to `text`. */
static void
append_words (GString *text, const char *words)
{
  g_auto (GStrv) parts = split_words (words);

  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_string_append_printf (text, " %s", parts[i]);
}

static void
append_wanted (GString *text, const json_t *schema, int depth)
{
  const char *key;
  json_t     *value;

  if (depth > 2 * MAX_DEPTH)
    return;
  json_object_foreach ((json_t *) schema, key, value)
    {
      if (json_is_string (value) && (strcmp (key, "title") == 0 || strcmp (key, "description") == 0))
        append_words (text, json_string_value (value));
      else if (strcmp (key, "properties") == 0)
        {
          const char *name;
          json_t     *inner;
          json_object_foreach (value, name, inner)
            {
              append_words (text, name);
              append_wanted (text, inner, depth + 1);
            }
        }
      else if (json_is_object (value))
        append_wanted (text, value, depth + 1);
    }
}

char *
docai_vlm_schema_words (const char *schema)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (json_t)  json = json_loads (schema, 0, NULL);

  append_wanted (text, json, 0);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* A word of a name as people write it in a sentence. */
static char *
plain_word (const char *word)
{
  static const char *const numbers[] = { "id", "no", "nr", "num", NULL };
  static const char *const signs[] = { "iban", "bic", "swift", "vat", "url", "pin", NULL };
  g_autofree char         *small = g_utf8_strdown (word, -1);
  gboolean                 letters = g_utf8_strlen (word, -1) > 1 && strpbrk (word, "0123456789") == NULL;

  if (g_strv_contains (numbers, small))
    return g_strdup ("number");
  if (g_strv_contains (signs, small))
    return g_utf8_strup (small, -1);
  g_autofree char *big = g_utf8_strup (word, -1);
  return letters && strcmp (big, word) == 0 ? g_steal_pointer (&big) : g_steal_pointer (&small);
}

char *
docai_vlm_schema_name (const char *name)
{
  g_auto (GStrv)      parts = split_words (name);
  g_autofree char    *big = g_utf8_strup (name, -1);
  gboolean            shouted = strcmp (big, name) == 0 && strpbrk (name, "_- ") != NULL; /* INVOICE_DATE */
  g_autoptr (GString) words = g_string_new (NULL);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (*parts[i] == '\0')
        continue;
      g_autofree char *small = g_utf8_strdown (parts[i], -1);
      g_autofree char *word = plain_word (shouted ? small : parts[i]);
      g_string_append_printf (words, "%s%s", words->len > 0 ? " " : "", word);
    }
  return g_string_free (g_steal_pointer (&words), FALSE);
}

/* ---- questions --------------------------------------------------------------------- */

static guint
count_words (const char *text)
{
  g_auto (GStrv) parts = g_strsplit_set (text, " \t\n", -1);
  guint          n = 0;

  for (guint i = 0; parts[i] != NULL; i++)
    n += *parts[i] != '\0';
  return n;
}

static gboolean
begins_with (const char *text, const char *const *words)
{
  gsize           length = strcspn (text, " ");
  g_autofree char *first = g_ascii_strdown (text, (gssize) length);

  return g_strv_contains (words, first);
}

/* "Date of the invoice" is "What is the date of the invoice?"; questions and requests stay. `whose`: the thing that the
 * value belongs to, where the phrase does not say it; or NULL. */
static char *
make_question (const char *phrase, const char *whose)
{
  static const char *const asking[] = { "who", "what", "when", "where", "which", "how", "whose", "whom", "why", "is", "was", "are", NULL };
  static const char *const telling[] = { "give", "find", "extract", "return", "tell", "state", NULL };
  static const char *const articles[] = { "the", "a", "an", "this", "its", "our", "your", NULL };
  gsize                    end = strlen (phrase);

  if (end > 0 && phrase[end - 1] == '?')
    return g_strdup (phrase);
  while (end > 0 && strchr (".: ", phrase[end - 1]) != NULL)
    end--;
  g_autofree char *text = g_strndup (phrase, end);
  if (begins_with (text, telling))
    return g_strdup_printf ("%s.", text);
  if (begins_with (text, asking))
    return g_strdup_printf ("%s?", text);
  if (g_ascii_isupper (text[0]) && g_ascii_islower (text[1]))
    text[0] = g_ascii_tolower (text[0]);
  gboolean bare = !begins_with (text, articles);
  return whose != NULL ? g_strdup_printf ("What is %s%s of the %s?", bare ? "the " : "", text, whose)
                       : g_strdup_printf ("What is %s%s?", bare ? "the " : "", text);
}

static gboolean
says (const char *phrase, const char *whose)
{
  g_autofree char *folded = g_utf8_casefold (phrase, -1), *thing = g_utf8_casefold (whose, -1);

  return strstr (folded, thing) != NULL;
}

/* A description that is a phrase, trimmed; NULL: it explains something at length, or there is none. */
static char *
phrase_of (const json_t *schema, const char *key)
{
  const char *text = json_string_value (json_object_get (schema, key));

  if (text == NULL)
    return NULL;
  g_autofree char *phrase = g_strstrip (g_strdup (text));
  gboolean         asks = g_str_has_suffix (phrase, "?");
  return *phrase != '\0' && strchr (phrase, '\n') == NULL && (asks || count_words (phrase) <= MOST_WORDS) ? g_steal_pointer (&phrase) : NULL;
}

static char *
question_of (const json_t *schema, const char *name, const char *whose)
{
  g_autofree char *phrase = phrase_of (schema, "description");
  gboolean         described = phrase != NULL;

  if (phrase == NULL)
    phrase = phrase_of (schema, "title");
  if (phrase == NULL)
    phrase = docai_vlm_schema_name (name);
  gboolean alone = whose == NULL || says (phrase, whose) || (described && count_words (phrase) > FEW_WORDS);
  return make_question (phrase, alone ? NULL : whose);
}

/* ---- what is wanted ----------------------------------------------------------------- */

typedef struct {
  const json_t *root;
  GPtrArray    *wanted, *left_out, *lists; /* lists: NULL where they are not looked for */
  int           visits;
} Walk;

static void
wanted_free (gpointer data)
{
  DocaiVlmWanted *wanted = data;

  g_free (wanted->name);
  g_free (wanted->question);
  json_decref (wanted->schema);
  g_free (wanted);
}

/* What "#/$defs/address" names; NULL: nothing. */
static const json_t *
follow (const json_t *root, const char *pointer)
{
  g_auto (GStrv) steps = g_str_has_prefix (pointer, "#/") ? g_strsplit (pointer + 2, "/", -1) : NULL;

  for (guint i = 0; steps != NULL && steps[i] != NULL; i++)
    root = json_object_get (root, steps[i]);
  return steps != NULL ? root : NULL;
}

static const char *
type_of (const json_t *schema)
{
  const json_t *type = json_object_get (schema, "type");

  for (gsize i = 0; i < json_array_size (type); i++)
    if (g_strcmp0 (json_string_value (json_array_get (type, i)), "null") != 0)
      return json_string_value (json_array_get (type, i));
  return json_string_value (type);
}

/* The schema behind references and alternatives, of which the first that is not null counts. */
static const json_t *
resolve (const Walk *walk, const json_t *schema)
{
  static const char *const choices[] = { "anyOf", "oneOf", "allOf" };

  for (int left = MAX_DEPTH; left > 0 && schema != NULL; left--)
    {
      const char   *reference = json_string_value (json_object_get (schema, "$ref"));
      const json_t *next = reference != NULL ? follow (walk->root, reference) : NULL;
      for (guint i = 0; reference == NULL && next == NULL && i < G_N_ELEMENTS (choices); i++)
        {
          const json_t *list = json_object_get (schema, choices[i]);
          for (gsize k = 0; next == NULL && k < json_array_size (list); k++)
            if (g_strcmp0 (type_of (json_array_get (list, k)), "null") != 0)
              next = json_array_get (list, k);
        }
      if (next == NULL)
        return reference == NULL ? schema : NULL;
      schema = next;
    }
  return NULL;
}

/* The value's schema by itself, with the definitions of the whole. */
static json_t *
schema_alone (const Walk *walk, const json_t *schema)
{
  static const char *const keys[] = { "$defs", "definitions" };
  json_t                  *alone = json_copy ((json_t *) schema);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (json_object_get (walk->root, keys[i]) != NULL)
      json_object_set (alone, keys[i], json_object_get (walk->root, keys[i]));
  return alone;
}

/* FALSE: no question gives such a value. */
static gboolean
want_of (const json_t *schema, DocaiVlmWant *want)
{
  static const struct { const char *type; DocaiVlmWant want; } known[]
      = { { "string", DOCAI_VLM_WANT_TEXT }, { "number", DOCAI_VLM_WANT_NUMBER }, { "integer", DOCAI_VLM_WANT_INTEGER } };
  const char *type = type_of (schema), *format = json_string_value (json_object_get (schema, "format"));

  if (type == NULL) /* values tell theirs, and without any the words stay as they are */
    type = json_is_number (json_array_get (json_object_get (schema, "enum"), 0)) ? "number" : "string";
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strcmp (known[i].type, type) == 0)
      {
        *want = known[i].want == DOCAI_VLM_WANT_TEXT && g_strcmp0 (format, "date") == 0 ? DOCAI_VLM_WANT_DATE : known[i].want;
        return TRUE;
      }
  return FALSE;
}

/* Schemas as they are written and what they refer to: titles may stand at either. */
static void
add_value (Walk *walk, const json_t *written, const json_t *schema, const char *key, const char *name, const char *whose)
{
  DocaiVlmWant want;

  if (walk->wanted->len >= MAX_WANTED || !want_of (schema, &want))
    {
      g_ptr_array_add (walk->left_out, g_strdup (name));
      return;
    }
  DocaiVlmWanted *wanted = g_new0 (DocaiVlmWanted, 1);
  g_autofree char *words = docai_vlm_schema_name (key);
  gboolean         told = json_object_get (written, "description") != NULL || json_object_get (written, "title") != NULL;
  wanted->name = g_strdup (name);
  wanted->question = question_of (told ? written : schema, key, whose);
  wanted->want = want;
  wanted->dated = g_str_has_suffix (words, "date");
  wanted->schema = schema_alone (walk, schema);
  g_ptr_array_add (walk->wanted, wanted);
}

static void walk_object (Walk *walk, const json_t *object, const char *prefix, const char *whose, int depth);

static void
list_free (gpointer data)
{
  DocaiVlmWantedList *list = data;

  g_free (list->name);
  g_ptr_array_unref (list->members);
  g_free (list);
}

static void
add_list (Walk *walk, const json_t *schema, const char *name)
{
  g_autoptr (GPtrArray) unused = g_ptr_array_new_with_free_func (g_free);
  Walk                  inner = { walk->root, g_ptr_array_new_with_free_func (wanted_free), unused, NULL, walk->visits };

  walk_object (&inner, resolve (walk, json_object_get (schema, "items")), NULL, NULL, MAX_DEPTH);
  walk->visits = inner.visits;
  if (inner.wanted->len == 0)
    {
      g_ptr_array_unref (inner.wanted);
      return;
    }
  DocaiVlmWantedList *list = g_new0 (DocaiVlmWantedList, 1);
  list->name = g_strdup (name);
  list->members = inner.wanted;
  g_ptr_array_add (walk->lists, list);
}

static void
walk_object (Walk *walk, const json_t *object, const char *prefix, const char *whose, int depth)
{
  const char *key;
  json_t     *written;

  json_object_foreach (json_object_get (object, "properties"), key, written)
    {
      g_autofree char *name = prefix != NULL ? g_strdup_printf ("%s.%s", prefix, key) : g_strdup (key);
      const json_t    *schema = resolve (walk, written);
      if (*key == '\0')
        continue;
      gboolean inner_object = json_is_object (json_object_get (schema, "properties"));
      if (walk->visits++ >= MAX_VISITS || !json_is_object (schema) || (inner_object && depth >= MAX_DEPTH))
        g_ptr_array_add (walk->left_out, g_strdup (name));
      else if (inner_object)
        {
          g_autofree char *inner = docai_vlm_schema_name (key);
          walk_object (walk, schema, name, inner, depth + 1);
        }
      else
        add_value (walk, written, schema, key, name, whose);
      if (walk->lists != NULL && json_is_object (json_object_get (schema, "items")))
        add_list (walk, schema, name);
    }
}

GPtrArray *
docai_vlm_schema_wanted (const char *schema, GPtrArray *left_out)
{
  g_autoptr (json_t) root = json_loads (schema, 0, NULL);
  Walk               walk = { root, g_ptr_array_new_with_free_func (wanted_free), left_out, NULL, 0 };
  const json_t      *object = root != NULL ? resolve (&walk, root) : NULL;

  walk_object (&walk, object, NULL, NULL, 0);
  return walk.wanted;
}

GPtrArray *
docai_vlm_schema_lists (const char *schema)
{
  g_autoptr (json_t)    root = json_loads (schema, 0, NULL);
  g_autoptr (GPtrArray) wanted = g_ptr_array_new_with_free_func (wanted_free), left_out = g_ptr_array_new_with_free_func (g_free);
  Walk                  walk = { root, wanted, left_out, g_ptr_array_new_with_free_func (list_free), 0 };
  const json_t         *object = root != NULL ? resolve (&walk, root) : NULL;

  walk_object (&walk, object, NULL, NULL, 0);
  return walk.lists;
}

/* ---- values ------------------------------------------------------------------------ */

/* Whether the schema takes the value; one that the grammar does not understand takes all. */
static gboolean
is_taken (const json_t *schema, const json_t *value)
{
  g_autofree char *wanted = json_dumps (schema, JSON_COMPACT), *text = json_dumps (value, JSON_ENCODE_ANY | JSON_REAL_PRECISION (15));
  g_autoptr (DocaiGrammar) grammar = docai_grammar_new (wanted, -1, NULL);

  return grammar == NULL || docai_grammar_takes (grammar, text);
}

/* The value of the enum that is the code of the answer's currency: "£ 720.00" is "GBP". */
static const char *
choose_currency (const json_t *choices, const char *answer)
{
  DocaiSpan   span;
  const char *code = docai_find_currency (answer, &span);

  for (gsize i = 0; code != NULL && i < json_array_size (choices); i++)
    if (g_strcmp0 (json_string_value (json_array_get (choices, i)), code) == 0)
      return code;
  return NULL;
}

/* The value of the enum that the answer is, or that alone stands among its words. */
static const char *
choose (const json_t *choices, const char *answer)
{
  g_autofree char *folded = g_utf8_casefold (answer, -1);
  const char      *found = NULL;
  int              n_found = 0;

  for (gsize i = 0; i < json_array_size (choices); i++)
    {
      const char *choice = json_string_value (json_array_get (choices, i));
      g_autofree char *fold = g_utf8_casefold (choice != NULL ? choice : "", -1);
      if (choice == NULL || *fold == '\0')
        continue;
      if (strcmp (fold, folded) == 0)
        return choice;
      g_auto (GStrv)   words = docai_text_tokens (answer), wanted = docai_text_tokens (choice);
      g_autofree char *all = g_strjoinv (" ", words), *part = g_strjoinv (" ", wanted);
      g_autofree char *spaced = g_strdup_printf (" %s ", all), *inside = g_strdup_printf (" %s ", part);
      if (*part == '\0' || strstr (spaced, inside) == NULL)
        continue;
      found = choice;
      n_found++;
    }
  return n_found == 1 ? found : n_found == 0 ? choose_currency (choices, answer) : NULL;
}

static char *
date_of (const char *answer, DocaiDateOrder order)
{
  DocaiDate date;

  return docai_find_date (answer, 0, order, &date) ? docai_date_text (&date) : NULL;
}

/* The only number of an answer: "EUR 1.234,50", "30 days". */
static char *
number_of (const char *answer, gboolean whole, json_t **value)
{
  DocaiAmount amount, other;

  if (!docai_find_amount (answer, 0, &amount) || docai_find_amount (answer, amount.span.end, &other))
    return NULL;
  gboolean round = amount.ten_thousandths % 10000 == 0;
  if (whole && !round)
    return NULL;
  *value = round ? json_integer (amount.ten_thousandths / 10000) : json_real ((double) amount.ten_thousandths / 10000);
  return whole ? g_strdup_printf ("%" G_GINT64_FORMAT, amount.ten_thousandths / 10000) : docai_amount_text (amount.ten_thousandths);
}

/* Texts stay as they are but for those of an enum, and dates that are known by their name. */
static char *
text_of (const DocaiVlmWanted *wanted, const char *answer, DocaiDateOrder order)
{
  const json_t *choices = json_object_get (wanted->schema, "enum");

  if (json_is_array (choices))
    return g_strdup (choose (choices, answer));
  if (wanted->dated && json_object_get (wanted->schema, "pattern") == NULL)
    {
      char *date = date_of (answer, order);
      if (date != NULL)
        return date;
    }
  return g_strdup (answer);
}

char *
docai_vlm_schema_value (const DocaiVlmWanted *wanted, const char *answer, DocaiDateOrder order)
{
  g_autoptr (json_t) value = NULL;
  g_autofree char   *text = NULL;

  if (wanted->want == DOCAI_VLM_WANT_DATE)
    text = date_of (answer, order);
  else if (wanted->want == DOCAI_VLM_WANT_TEXT)
    text = text_of (wanted, answer, order);
  else
    text = number_of (answer, wanted->want == DOCAI_VLM_WANT_INTEGER, &value);
  if (text == NULL)
    return NULL;
  if (value == NULL)
    value = json_string (text);
  return value != NULL && is_taken (wanted->schema, value) ? g_steal_pointer (&text) : NULL;
}

static DocaiFieldKind
kind_of (const DocaiVlmWanted *wanted, const char *value)
{
  if (wanted->want == DOCAI_VLM_WANT_NUMBER || wanted->want == DOCAI_VLM_WANT_INTEGER)
    return DOCAI_KIND_AMOUNT;
  g_autofree char *date = wanted->dated || wanted->want == DOCAI_VLM_WANT_DATE ? date_of (value, DOCAI_DAY_FIRST) : NULL;
  return g_strcmp0 (date, value) == 0 ? DOCAI_KIND_DATE : DOCAI_KIND_STRING;
}

void
docai_vlm_schema_take (const DocaiVlmWanted *wanted, const DocaiAnswer *answer, DocaiDateOrder order, DocaiDocument *document)
{
  const DocaiField    *known = docai_fields_lookup (document->fields, wanted->name);
  const DocaiEvidence *first = answer->evidence->len > 0 ? answer->evidence->pdata[0] : NULL;
  g_autofree char     *value = docai_vlm_schema_value (wanted, answer->answer, order);

  if (value == NULL)
    {
      docai_document_warn (document, docai_error_name (DOCAI_ERROR_VLM_GARBAGE), 0,
                           "field %s: \"%s\" is no value that the schema takes", wanted->name, answer->answer);
      return;
    }
  if (known != NULL && known->confidence >= answer->confidence)
    return;
  if (known != NULL)
    g_ptr_array_remove (document->fields, (gpointer) known);
  DocaiField *field = docai_field_new (wanted->name, kind_of (wanted, value), value, NULL);
  field->grounded = answer->grounded;
  field->confidence = answer->confidence;
  if (first != NULL)
    {
      field->content = answer->grounded ? g_strdup (first->text) : NULL;
      field->page = first->page;
      field->bbox = first->bbox;
    }
  if (!field->grounded)
    docai_document_warn (document, "ungrounded", 0, "field %s: \"%s\" does not stand on any page", wanted->name, answer->answer);
  g_ptr_array_add (document->fields, field);
}
