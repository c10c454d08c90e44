/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sampling, and constrained answers: what a grammar takes and refuses, and random walks
 * under the mask, whose results are written for the validation in grammar-walk.py when
 * the program is called with a schema file.
 */
#include <glib.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "models/language/grammar.h"
#include "models/language/sample.h"

static DocaiTokenizer *
load_tokenizer (const char *family)
{
  const char *root = g_getenv ("G_TEST_SRCDIR");
  g_autofree char *dir = g_build_filename (root != NULL ? root : ".", "tests", "data", "vlm", family, NULL);
  g_autoptr (GError) error = NULL;
  DocaiTokenizer *tokenizer = docai_tokenizer_load (dir, &error);

  g_assert_no_error (error);
  return tokenizer;
}

/* One answer of random allowed tokens; NULL when it did not end in the budget. */
static char *
random_walk (DocaiGrammar *grammar, DocaiTokenTrie *trie, DocaiTokenizer *tokenizer, gsize budget,
             GRand *random)
{
  guint32 vocab = docai_tokenizer_vocab_size (tokenizer);
  g_autofree guint32 *mask = g_new (guint32, vocab / 32 + 1);
  g_autofree guint32 *allowed = g_new (guint32, vocab);
  g_autoptr (DocaiMatcher) matcher = docai_matcher_new (grammar, trie, budget, NULL, 0);
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize used = 0; used < budget; used++)
    {
      guint32 n = 0;
      if (docai_matcher_is_finished (matcher)
          || (docai_matcher_is_complete (matcher) && g_rand_int_range (random, 0, 4) == 0))
        break;
      docai_matcher_mask (matcher, mask, vocab);
      for (guint32 id = 0; id < vocab; id++)
        if ((mask[id / 32] >> (id % 32)) & 1)
          allowed[n++] = id;
      if (n == 0)
        break;
      guint32 id = allowed[g_rand_int_range (random, 0, (gint32) n)];
      gsize length = 0;
      const char *bytes = docai_tokenizer_peek_bytes (tokenizer, id, &length);
      g_assert_true (docai_matcher_accept (matcher, id));
      g_string_append_len (text, bytes, (gssize) length);
    }
  return docai_matcher_is_complete (matcher) ? g_strndup (text->str, text->len) : NULL;
}

/* Walks a schema of the list file many times; one JSON line each: [index, answer]. */
static int
walk_schemas (const char *path, const char *family, int times)
{
  g_autofree char *text = NULL;
  g_autoptr (DocaiTokenizer) tokenizer = load_tokenizer (family);
  g_autoptr (DocaiTokenTrie) trie = docai_token_trie_new (tokenizer);
  GRand *random = g_rand_new_with_seed (7);
  gsize i;
  json_t *schema;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 1;
  json_t *list = json_loads (text, 0, NULL);
  json_array_foreach (list, i, schema)
    {
      g_autoptr (GError) error = NULL;
      char *dumped = json_dumps (schema, JSON_ENCODE_ANY);
      g_autoptr (DocaiGrammar) grammar = docai_grammar_new (dumped, -1, &error);
      if (grammar == NULL)
        printf ("[%d, null, \"%s\"]\n", (int) i, error->message);
      for (int k = 0; grammar != NULL && k < times; k++)
        {
          g_autofree char *answer = random_walk (grammar, trie, tokenizer, 150 + (gsize) (k % 3) * 100, random);
          json_t *line = json_pack ("[i, s?]", (int) i, answer);
          char *out = json_dumps (line, 0);
          puts (out);
          free (out);
          json_decref (line);
        }
      free (dumped);
    }
  json_decref (list);
  g_rand_free (random);
  return 0;
}

/* ---- unit tests -------------------------------------------------------------------- */

static gboolean
takes (const char *schema, const char *answer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DocaiTokenizer) tokenizer = load_tokenizer ("qwen2_vl");
  g_autoptr (DocaiTokenTrie) trie = docai_token_trie_new (tokenizer);
  g_autoptr (DocaiGrammar) grammar = docai_grammar_new (schema, -1, &error);
  g_assert_no_error (error);
  g_autoptr (DocaiMatcher) matcher = docai_matcher_new (grammar, trie, 0, NULL, 0);

  return docai_matcher_accept_bytes (matcher, answer, strlen (answer)) && docai_matcher_is_complete (matcher);
}

static void
test_accepts (void)
{
  static const struct { const char *schema, *yes, *no; } cases[] = {
    { "true", "{\"a\":[1,-2.5e3,null,{\"b\":\"\\u00e9\\n\"}]}", "{a:1}" },
    { "{\"type\":\"integer\"}", "-120", "01" },
    { "{\"type\":\"integer\",\"minimum\":0}", "0", "-1" },
    { "{\"type\":\"integer\",\"minimum\":-2,\"maximum\":11}", "11", "12" },
    { "{\"type\":\"number\",\"minimum\":0,\"maximum\":1}", "0.75", "1.5" },
    { "{\"type\":\"integer\",\"maximum\":5}", "-12", "6" },
    { "{\"type\":\"integer\",\"minimum\":1990,\"maximum\":20260}", "20259", "20261" },
    { "{\"type\":\"integer\",\"exclusiveMinimum\":-120,\"maximum\":-3}", "-119", "-120" },
    { "{\"type\":\"integer\",\"multipleOf\":5,\"minimum\":-7,\"maximum\":11}", "-5", "-7" },
    { "{\"type\":\"number\",\"exclusiveMinimum\":0}", "0.000001", "0.0" },
    { "{\"type\":\"number\",\"minimum\":0.05,\"exclusiveMaximum\":1.25}", "1.249", "1.25" },
    { "{\"type\":\"number\",\"minimum\":-2.5,\"maximum\":100}", "-2.5", "100.01" },
    { "{\"type\":\"number\",\"minimum\":-2.5,\"maximum\":100}", "99.99", "-2.51" },
    { "{\"oneOf\":[{\"type\":\"object\",\"properties\":{\"k\":{\"const\":1}},\"required\":[\"k\"]},{\"type\":\"object\","
      "\"properties\":{\"k\":{\"const\":2}},\"required\":[\"k\"]}]}", "{\"k\":2}", "{\"k\":3}" },
    { "{\"allOf\":[{\"type\":\"null\"}]}", "null", "1" },
    { "{\"type\":[\"string\",\"null\"]}", "null", "1" },
    { "{\"enum\":[\"a\",\"ab\",3]}", "\"ab\"", "\"b\"" },
    { "{\"const\":{\"x\":[1]}}", "{\"x\":[1]}", "{\"x\":[2]}" },
    { "{\"type\":\"string\",\"maxLength\":3,\"minLength\":2}", "\"\xe2\x82\xac\\\"z\"", "\"abcd\"" },
    { "{\"type\":\"string\",\"minLength\":2}", "\"ab\"", "\"a\"" },
    { "{\"type\":\"array\",\"items\":{\"type\":\"boolean\"},\"minItems\":1,\"maxItems\":2}", "[true, false]", "[]" },
    { "{\"type\":\"array\",\"items\":{\"type\":\"boolean\"},\"maxItems\":2}", "[]", "[true,true,true]" },
    { "{\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"type\":\"null\"},\"c\":{}},\"required\":[\"b\"],"
      "\"additionalProperties\":false}", "{\"b\": null,\"c\":[]}", "{\"a\":1}" },
    { "{\"properties\":{\"a\":{},\"b\":{}},\"additionalProperties\":false}", "{\"b\":1}", "{\"b\":1,\"a\":2}" },
    { "{\"properties\":{\"a\":{},\"b\":{}},\"additionalProperties\":false}", "{}", "{,}" },
    { "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"null\"}}", "{\"k\":null,\"l\":null}", "{\"k\":1}" },
    { "{\"$defs\":{\"t\":{\"type\":\"object\",\"properties\":{\"c\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/t\"}}},"
      "\"required\":[\"c\"]}},\"$ref\":\"#/$defs/t\"}", "{\"c\":[{\"c\":[]},{\"c\":[]}]}", "{\"c\":[1]}" },
    { "{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"integer\"}]}", "7", "\"7\"" },
    { "{\"type\":\"string\",\"pattern\":\"^[A-Z]{2}-\\\\d+(x|yz)?$\"}", "\"AB-12yz\"", "\"AB-y\"" },
    { "{\"type\":\"string\",\"pattern\":\"b+\"}", "\"aabbc\"", "\"aac\"" },
    { "{\"type\":\"string\",\"pattern\":\"^[^,]*,.$\"}", "\"\xc3\xa9z,\xe2\x82\xac\"", "\"a,\"" },
    { "{\"type\":\"string\",\"format\":\"date\"}", "\"2024-11-30\"", "\"2024-13-01\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      if (!takes (cases[i].schema, cases[i].yes))
        g_error ("%s does not take %s", cases[i].schema, cases[i].yes);
      if (takes (cases[i].schema, cases[i].no))
        g_error ("%s takes %s", cases[i].schema, cases[i].no);
    }
}

static void
test_refusals (void)
{
  static const char *const bad[][2] = {
    { "{", "schema" }, { "false", "neither" }, { "{\"allOf\":[]}", "allOf" }, { "{\"type\":\"date\"}", "date" },
    { "{\"$ref\":\"other.json\"}", "another document" }, { "{\"$ref\":\"#/x\"}", "#/x" },
    { "{\"$ref\":\"#\"}", "never ends" }, { "{\"type\":\"array\",\"items\":{\"$ref\":\"#\"},\"minItems\":1}", "never ends" },
    { "{\"type\":\"string\",\"pattern\":\"(?=a)\"}", "look-around" }, { "{\"type\":\"string\",\"pattern\":\"a)\"}", "bracket" },
    { "{\"enum\":[]}", "no answer" }, { "{\"type\":\"string\",\"maxLength\":100000000}", "maxLength" },
    { "{\"type\":\"integer\",\"maximum\":5,\"minimum\":6}", "maximum" }, { "{\"multipleOf\":0.01}", "multipleOf" },
    { "{\"type\":\"integer\",\"multipleOf\":7}", "multipleOf" }, { "{\"const\":1,\"type\":\"string\"}", "no answer" },
    { "{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"number\"}]}", "oneOf" }, { "{\"enum\":[1,2],\"minimum\":2}", "enum" },
    { "{\"type\":\"string\",\"minLength\":3,\"maxLength\":1}", "minLength" },
    { "{\"required\":[\"a\"],\"additionalProperties\":false}", "required" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DocaiGrammar) grammar = docai_grammar_new (bad[i][0], -1, &error);
      if (grammar != NULL)
        g_error ("%s is taken", bad[i][0]);
      g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION);
      if (strstr (error->message, bad[i][1]) == NULL)
        g_error ("%s: \"%s\" does not name \"%s\"", bad[i][0], error->message, bad[i][1]);
    }
}

/* The mask is exactly what accept takes. */
static void
test_mask_agrees (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DocaiTokenizer) tokenizer = load_tokenizer ("idefics3");
  g_autoptr (DocaiTokenTrie) trie = docai_token_trie_new (tokenizer);
  g_autoptr (DocaiGrammar) grammar = docai_grammar_new (
      "{\"properties\":{\"total\":{\"type\":\"number\"},\"name\":{\"type\":\"string\"}},\"required\":[\"total\",\"name\"]}",
      -1, &error);
  g_assert_no_error (error);
  const char *answer = "{\"total\": 12.5,\"name\":\"the r\"}";
  guint32 vocab = docai_tokenizer_vocab_size (tokenizer), stop = 2;
  g_autofree guint32 *mask = g_new (guint32, vocab / 32 + 1);

  for (gsize cut = 0; cut <= strlen (answer); cut++)
    {
      g_autoptr (DocaiMatcher) matcher = docai_matcher_new (grammar, trie, 0, &stop, 1);
      g_assert_true (docai_matcher_accept_bytes (matcher, answer, cut));
      docai_matcher_mask (matcher, mask, vocab);
      for (guint32 id = 0; id < vocab; id++)
        {
          g_autoptr (DocaiMatcher) other = docai_matcher_new (grammar, trie, 0, &stop, 1);
          g_assert_true (docai_matcher_accept_bytes (other, answer, cut));
          g_assert_cmpint (docai_matcher_accept (other, id), ==, (mask[id / 32] >> (id % 32)) & 1);
        }
    }
}

/* With a budget every walk ends as a whole answer. */
static void
test_budget (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DocaiTokenizer) tokenizer = load_tokenizer ("llava");
  g_autoptr (DocaiTokenTrie) trie = docai_token_trie_new (tokenizer);
  g_autoptr (DocaiGrammar) grammar = docai_grammar_new ("true", -1, &error);
  g_assert_no_error (error);
  GRand *random = g_rand_new_with_seed (3);

  for (gsize budget = 1; budget < 60; budget++)
    {
      g_autofree char *answer = random_walk (grammar, trie, tokenizer, budget, random);
      g_assert_nonnull (answer);
      json_t *value = json_loads (answer, JSON_DECODE_ANY, NULL);
      if (value == NULL)
        g_error ("no JSON: %s", answer);
      json_decref (value);
    }
  g_rand_free (random);
}

static void
test_sampler (void)
{
  g_autoptr (GError) error = NULL;
  const float logits[6] = { 1.0f, 3.0f, NAN, 3.0f, -INFINITY, 2.0f };
  const guint32 mask = 0x39, none = 0, previous[] = { 1, 3, 3 };
  DocaiSampleOptions options = DOCAI_SAMPLE_GREEDY;
  g_autoptr (DocaiSampler) greedy = docai_sampler_new (6, &options, &error);
  g_assert_no_error (error);

  g_assert_cmpint (docai_sampler_next (greedy, logits, NULL, NULL, 0), ==, 1);
  g_assert_cmpint (docai_sampler_next (greedy, logits, &mask, NULL, 0), ==, 3);
  g_assert_cmpint (docai_sampler_next (greedy, logits, &none, NULL, 0), ==, -1);
  options.repetition_penalty = 2;
  g_autoptr (DocaiSampler) penalty = docai_sampler_new (6, &options, &error);
  g_assert_cmpint (docai_sampler_next (penalty, logits, NULL, previous, 3), ==, 5);

  /* softmax of 1, 3, 3, 2: 0.0541, 0.4002, 0.4002, 0.1472 apart from rounding */
  const double expected[6] = { 0.0552, 0.4008, 0, 0.4008, 0, 0.1432 };
  int counts[6] = { 0 };
  options = (DocaiSampleOptions){ 1.0f, 0, 1.0f, 1.0f, 42 };
  g_autoptr (DocaiSampler) sampler = docai_sampler_new (6, &options, &error);
  g_autoptr (DocaiSampler) again = docai_sampler_new (6, &options, &error);
  for (int i = 0; i < 40000; i++)
    {
      gint64 id = docai_sampler_next (sampler, logits, NULL, NULL, 0);
      g_assert_cmpint (id, ==, docai_sampler_next (again, logits, NULL, NULL, 0));
      counts[id]++;
    }
  for (int i = 0; i < 6; i++)
    g_assert_cmpfloat (fabs (counts[i] / 40000.0 - expected[i]), <, 0.012);

  options.top_p = 0.5f;
  g_autoptr (DocaiSampler) nucleus = docai_sampler_new (6, &options, &error);
  options.top_p = 1;
  options.top_k = 1;
  g_autoptr (DocaiSampler) single = docai_sampler_new (6, &options, &error);
  for (int i = 0; i < 200; i++)
    {
      gint64 id = docai_sampler_next (nucleus, logits, NULL, NULL, 0);
      g_assert_true (id == 1 || id == 3);
      g_assert_cmpint (docai_sampler_next (single, logits, NULL, NULL, 0), ==, 1);
    }
  options.temperature = -1;
  g_assert_null (docai_sampler_new (6, &options, &error));
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION);
}

int
main (int argc, char **argv)
{
  if (argc == 5 && strcmp (argv[1], "--walk") == 0)
    return walk_schemas (argv[2], argv[3], atoi (argv[4]));
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/grammar/accepts", test_accepts);
  g_test_add_func ("/grammar/refusals", test_refusals);
  g_test_add_func ("/grammar/mask", test_mask_agrees);
  g_test_add_func ("/grammar/budget", test_budget);
  g_test_add_func ("/sample", test_sampler);
  return g_test_run ();
}
