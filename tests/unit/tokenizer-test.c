/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tokenizers against the answers of the reference library (tests/data/tokenizer) and the
 * prompts of the families (tests/data/vlm).
 */
#include <glib.h>
#include <jansson.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "models/tokenizer/json-util.h"
#include "models/tokenizer/tokenizer.h"

static char *
data_path (const char *name)
{
  const char *root = g_getenv ("G_TEST_SRCDIR");
  return g_build_filename (root != NULL ? root : ".", "tests", "data", name, NULL);
}

static void
check_ids (const char *where, const char *text, const GArray *ids, const json_t *expected)
{
  gboolean same = ids->len == json_array_size (expected);

  for (guint i = 0; same && i < ids->len; i++)
    same = g_array_index (ids, guint32, i) == json_integer_value (json_array_get (expected, i));
  if (same)
    return;
  g_autoptr (GString) got = g_string_new (NULL);
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (got, " %u", g_array_index (ids, guint32, i));
  char *want = json_dumps (expected, 0);
  g_test_message ("%s: \"%s\": %s, expected %s", where, text, got->str, want);
  free (want);
  g_test_fail ();
}

static void
check_encoding (const DocaiTokenizer *tok, const char *where, const json_t *text, gboolean special,
                gboolean fit, const json_t *expected)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GError) error = NULL;

  gboolean ok = docai_tokenizer_encode (tok, json_string_value (text),
                                        (gssize) json_string_length (text), special, ids, &error);
  g_assert_no_error (error);
  g_assert_true (ok);
  if (fit)
    docai_tokenizer_fit (tok, special, ids);
  check_ids (where, json_string_value (text), ids, expected);
}

static GArray *
ids_of (const json_t *list)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (guint32));
  gsize i;
  const json_t *id;

  json_array_foreach (list, i, id)
    {
      guint32 value = (guint32) json_integer_value (id);
      g_array_append_val (ids, value);
    }
  return ids;
}

/* The stream's pieces make the same text. */
static void
check_decoding (DocaiTokenizer *tok, const char *where, const json_t *list, gboolean skip,
                const json_t *expected)
{
  g_autoptr (GArray) ids = ids_of (list);
  const guint32 *data = (const guint32 *) (void *) ids->data;
  g_autofree char *text = docai_tokenizer_decode (tok, data, ids->len, skip);
  const char *want = json_string_value (expected);

  /* A decoded U+0000 ends our string. */
  if (strcmp (text, want) != 0)
    {
      g_test_message ("%s: decoded \"%s\", expected \"%s\"", where, text, want);
      g_test_fail ();
    }
  g_autoptr (DocaiTokenStream) stream = docai_token_stream_new (tok, skip);
  g_autoptr (GString) joined = g_string_new (NULL);
  for (guint i = 0; i < ids->len; i++)
    {
      const char *piece = docai_token_stream_push (stream, data[i]);
      g_assert_true (g_utf8_validate (piece, -1, NULL));
      g_string_append (joined, piece);
    }
  g_string_append (joined, docai_token_stream_finish (stream));
  if (strstr (text, "\xef\xbf\xbd") == NULL && strcmp (joined->str, text) != 0)
    {
      g_test_message ("%s: streamed \"%s\", decoded \"%s\"", where, joined->str, text);
      g_test_fail ();
    }
}

static DocaiTokenizer *
reference_tokenizer (const json_t *reference)
{
  g_autoptr (GError) error = NULL;
  DocaiTokenizer *tok;
  const char *folder = docai_json_string (reference, "tokenizer", NULL);

  if (folder != NULL)
    {
      g_autofree char *dir = data_path (folder);
      tok = docai_tokenizer_load (dir, &error);
    }
  else
    {
      char *text = json_dumps (json_object_get (reference, "json"), 0);
      tok = docai_tokenizer_new_from_data (text, strlen (text), &error);
      free (text);
    }
  g_assert_no_error (error);
  return tok;
}

static void
test_reference (gconstpointer data)
{
  const char *name = data;
  g_autofree char *dir = data_path ("tokenizer");
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) reference = docai_json_load_file (dir, name, 1 << 24, &error);
  g_assert_no_error (error);
  g_autoptr (DocaiTokenizer) tok = reference_tokenizer (reference);
  gboolean fit = docai_json_bool (reference, "fit", FALSE);
  gsize i;
  const json_t *answer;

  json_array_foreach (json_object_get (reference, "answers"), i, answer)
    {
      const json_t *text = json_object_get (answer, "text"), *ids = json_object_get (answer, "ids");
      if (text != NULL)
        {
          check_encoding (tok, name, text, TRUE, fit, ids);
          check_encoding (tok, name, text, FALSE, fit, json_object_get (answer, "plain"));
        }
      check_decoding (tok, name, ids, FALSE, json_object_get (answer, "decoded"));
      check_decoding (tok, name, ids, TRUE, json_object_get (answer, "decoded_skip"));
    }
}

/* What the families' cases say about greedy answers. */
static void
test_greedy_text (gconstpointer data)
{
  g_autofree char *path = g_build_filename ("vlm", (const char *) data, NULL);
  g_autofree char *dir = data_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) cases = docai_json_load_file (dir, "case.json", 1 << 24, &error);
  g_assert_no_error (error);
  g_autoptr (DocaiTokenizer) tok = docai_tokenizer_load (dir, &error);
  g_assert_no_error (error);
  gsize i;
  const json_t *item;

  json_array_foreach (cases, i, item)
    if (json_object_get (item, "greedy_text") != NULL)
      check_decoding (tok, data, json_object_get (item, "greedy_token_ids"), TRUE,
                      json_object_get (item, "greedy_text"));
}

/* ---- refusals --------------------------------------------------------------------- */

static void
check_refused (const char *json, DocaiErrorCode code, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DocaiTokenizer) tok = docai_tokenizer_new_from_data (json, strlen (json), &error);

  g_assert_null (tok);
  g_assert_error (error, DOCAI_ERROR, (int) code);
  if (strstr (error->message, part) == NULL)
    g_error ("\"%s\" does not name \"%s\"", error->message, part);
}

#define BPE "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"ab\":2},\"merges\":[\"a b\"]}"

static void
test_refusals (void)
{
  const DocaiErrorCode unsupported = DOCAI_ERROR_MODEL_UNSUPPORTED, bad = DOCAI_ERROR_MODEL_INVALID;

  check_refused ("{", bad, "line 1");
  check_refused ("{}", bad, "no model");
  check_refused ("{\"model\":{\"type\":\"Magic\",\"vocab\":{\"a\":0}}}", unsupported, "Magic");
  check_refused ("{" BPE ",\"normalizer\":{\"type\":\"Rot13\"}}", unsupported, "Rot13");
  check_refused ("{" BPE ",\"pre_tokenizer\":{\"type\":\"Knife\"}}", unsupported, "Knife");
  check_refused ("{" BPE ",\"post_processor\":{\"type\":\"Polish\"}}", unsupported, "Polish");
  check_refused ("{" BPE ",\"decoder\":{\"type\":\"Enigma\"}}", unsupported, "Enigma");
  check_refused ("{" BPE ",\"pre_tokenizer\":{\"type\":\"Split\",\"behavior\":\"Isolated\","
                 "\"pattern\":{\"Regex\":\"(\"}}}", unsupported, "(");
  check_refused ("{" BPE ",\"added_tokens\":[{\"id\":-3,\"content\":\"x\"}]}", bad, "added token 0");
  check_refused ("{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":99999999},\"merges\":[]}}", bad,
                 "out of range");
  check_refused ("{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"a c\"]}}", bad,
                 "merge 0");
  check_refused ("{\"model\":{\"type\":\"Unigram\",\"vocab\":[[\"a\",-1]],\"unk_id\":5}}", bad,
                 "Unigram");
  check_refused ("{\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"a\":0},\"unk_token\":\"[UNK]\"}}",
                 bad, "unk_token");
  check_refused ("{" BPE ",\"normalizer\":{\"type\":\"Precompiled\",\"precompiled_charsmap\":"
                 "\"AAAAAAAA\"}}", bad, "charsmap");
}

static void
test_bytes (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = data_path ("vlm/llava");
  g_autoptr (DocaiTokenizer) tok = docai_tokenizer_load (dir, &error);
  g_assert_no_error (error);
  gsize length = 0;

  gint64 id = docai_tokenizer_lookup (tok, "<0x41>");
  g_assert_cmpint (id, >=, 0);
  g_assert_cmpmem (docai_tokenizer_peek_bytes (tok, (guint32) id, &length), 1, "A", 1);
  g_assert_cmpuint (length, ==, 1);
  id = docai_tokenizer_lookup (tok, "\xe2\x96\x81");
  g_assert_cmpint (id, >=, 0);
  g_assert_cmpmem (docai_tokenizer_peek_bytes (tok, (guint32) id, &length), 1, " ", 1);
  id = docai_tokenizer_lookup (tok, "<image>");
  g_assert_true (docai_tokenizer_is_special (tok, (guint32) id));
  g_assert_null (docai_tokenizer_peek_bytes (tok, (guint32) id, &length));
  g_assert_null (docai_tokenizer_peek_bytes (tok, 1u << 30, &length));
  g_assert_null (docai_tokenizer_peek_token (tok, 1u << 30));
  g_assert_cmpint (docai_tokenizer_lookup (tok, "no such token"), ==, -1);
}

/* Bytes that are no UTF-8 read as U+FFFD, one for each maximal part. */
static void
test_invalid_utf8 (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = data_path ("vlm/qwen2_vl");
  g_autoptr (DocaiTokenizer) tok = docai_tokenizer_load (dir, &error);
  g_assert_no_error (error);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32));

  g_assert_true (docai_tokenizer_encode (tok, "a\xff\xe2\x82z\xf0\x9f\x98", -1, FALSE, ids, &error));
  g_autofree char *text = docai_tokenizer_decode (tok, (const guint32 *) (void *) ids->data,
                                                  ids->len, FALSE);
  g_assert_cmpstr (text, ==, "a\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd");
}

/* Added tokens that are not special are read as one token each, next to words and each other, and stand in the text of an
 * answer, piece by piece too. */
static void
test_marks (void)
{
  static const char text[] = "Total<|x05|><|y10|>Invoice No.<|x30|><|y10|>4711 <|x05|>";
  g_autoptr (GError) error = NULL;
  g_autofree char *shipped = g_test_build_filename (G_TEST_DIST, "models", "default", "tokenizer.json", NULL);
  g_autofree char *dir = g_dir_make_tmp ("docai-XXXXXX", NULL), *path = g_build_filename (dir, "tokenizer.json", NULL);
  json_t *json = json_load_file (shipped, 0, NULL), *added = json_object_get (json, "added_tokens");
  for (int i = 0; i < 200; i++)
    {
      g_autofree char *token = g_strdup_printf ("<|%c%02d|>", i < 100 ? 'x' : 'y', i % 100);
      json_array_append_new (added, json_pack ("{s:i, s:s, s:b, s:b, s:b, s:b, s:b}", "id", 6000 + i, "content", token, "single_word", FALSE,
                                               "lstrip", FALSE, "rstrip", FALSE, "normalized", FALSE, "special", FALSE));
    }
  g_assert_cmpint (json_dump_file (json, path, 0), ==, 0);
  json_decref (json);
  g_autoptr (DocaiTokenizer) tok = docai_tokenizer_load (dir, &error);
  g_assert_no_error (error);
  g_remove (path);
  g_rmdir (dir);

  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_assert_true (docai_tokenizer_encode (tok, text, -1, FALSE, ids, &error));
  guint marks = 0;
  for (guint i = 0; i < ids->len; i++)
    marks += g_array_index (ids, guint32, i) >= 6000;
  g_assert_cmpuint (marks, ==, 5);
  g_autofree char *again = docai_tokenizer_decode (tok, (const guint32 *) (void *) ids->data, ids->len, TRUE);
  g_assert_cmpstr (again, ==, text);
  DocaiTokenStream *stream = docai_token_stream_new (tok, TRUE);
  g_autoptr (GString) streamed = g_string_new (NULL);
  for (guint i = 0; i < ids->len; i++)
    g_string_append (streamed, docai_token_stream_push (stream, g_array_index (ids, guint32, i)));
  g_string_append (streamed, docai_token_stream_finish (stream));
  docai_token_stream_free (stream);
  g_assert_cmpstr (streamed->str, ==, text);
}

int
main (int argc, char **argv)
{
  static const char *const families[] = {
    "idefics3", "idefics3_tied", "clip", "siglip", "llava", "llava_next", "internvl", "qwen2_vl",
    "blip2", "donut", "pix2struct", "idefics2", "kosmos2", "grounding_dino",
  };
  static const char *const extra[] = { "whitespace", "splits", "subword", "suffix",
                                       "unigram_bytes", "first" };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (families) + G_N_ELEMENTS (extra); i++)
    {
      gboolean family = i < G_N_ELEMENTS (families);
      const char *name = family ? families[i] : extra[i - G_N_ELEMENTS (families)];
      char *path = g_strdup_printf ("/tokenizer/reference/%s", name);
      char *file = g_strdup_printf ("%s.json", name);
      g_test_add_data_func_full (path, file, test_reference, g_free);
      g_free (path);
      path = g_strdup_printf ("/tokenizer/greedy/%s", name);
      if (family)
        g_test_add_data_func (path, name, test_greedy_text);
      g_free (path);
    }
  g_test_add_func ("/tokenizer/refusals", test_refusals);
  g_test_add_func ("/tokenizer/bytes", test_bytes);
  g_test_add_func ("/tokenizer/invalid-utf8", test_invalid_utf8);
  g_test_add_func ("/tokenizer/marks", test_marks);
  return g_test_run ();
}
