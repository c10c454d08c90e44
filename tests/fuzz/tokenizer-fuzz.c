/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hostile tokenizer.json files and texts: the input is a file, a zero byte, and a text.
 * Built with a fuzzer's main the entry is LLVMFuzzerTestOneInput; built as a test, the
 * program runs the corpus and a fixed number of mutations of it.
 */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "models/language/grammar.h"
#include "models/tokenizer/tokenizer.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const uint8_t *cut = size > 0 ? memchr (data, 0, size) : NULL;
  size_t n = cut != NULL ? (size_t) (cut - data) : size;
  const char *text = cut != NULL ? (const char *) cut + 1 : "a b";
  size_t length = cut != NULL ? size - n - 1 : 3;
  g_autoptr (DocaiTokenizer) tok = docai_tokenizer_new_from_data ((const char *) data, n, NULL);

  if (tok == NULL)
    return 0;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32));
  if (docai_tokenizer_encode (tok, text, (gssize) length, TRUE, ids, NULL))
    {
      const guint32 *list = (const guint32 *) (void *) ids->data;
      g_autofree char *decoded = docai_tokenizer_decode (tok, list, ids->len, FALSE);
      g_autoptr (DocaiTokenStream) stream = docai_token_stream_new (tok, TRUE);
      g_assert_true (g_utf8_validate (decoded, -1, NULL));
      for (guint i = 0; i < ids->len && i < 200; i++)
        docai_token_stream_push (stream, list[i]);
      docai_token_stream_finish (stream);
      docai_tokenizer_fit (tok, TRUE, ids);
    }
  g_autoptr (DocaiTokenTrie) trie = docai_token_trie_new (tok);
  return 0;
}

#ifndef DOCAI_FUZZER_MAIN
static void
mutate (GByteArray *input, GRand *random)
{
  for (int k = g_rand_int_range (random, 1, 6); k > 0 && input->len > 0; k--)
    {
      guint at = (guint) g_rand_int_range (random, 0, (gint32) input->len);
      guint n = (guint) g_rand_int_range (random, 1, 9);
      n = MIN (n, input->len - at);
      switch (g_rand_int_range (random, 0, 3))
        {
        case 0:
          input->data[at] = (guint8) g_rand_int_range (random, 0, 256);
          break;
        case 1:
          g_byte_array_remove_range (input, at, n);
          break;
        default:
          {
            guint from = (guint) g_rand_int_range (random, 0, (gint32) (input->len - n + 1));
            memmove (input->data + at, input->data + MIN (from, input->len - n), n);
            break;
          }
        }
    }
}

static void
test_corpus (void)
{
  const char *root = g_getenv ("G_TEST_SRCDIR");
  g_autofree char *dir = g_build_filename (root != NULL ? root : ".", "tests", "fuzz", "corpus", "tokenizer", NULL);
  g_autoptr (GDir) list = g_dir_open (dir, 0, NULL);
  GRand *random = g_rand_new_with_seed (1);
  const char *name;
  int files = 0;

  g_assert_nonnull (list);
  while ((name = g_dir_read_name (list)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      g_autofree char *data = NULL;
      gsize length;
      g_assert_true (g_file_get_contents (path, &data, &length, NULL));
      LLVMFuzzerTestOneInput ((const uint8_t *) data, length);
      for (int k = 0; k < 400; k++)
        {
          g_autoptr (GByteArray) input = g_byte_array_new ();
          g_byte_array_append (input, (const guint8 *) data, (guint) length);
          mutate (input, random);
          LLVMFuzzerTestOneInput (input->data, input->len);
        }
      files++;
    }
  g_assert_cmpint (files, >=, 6);
  g_rand_free (random);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fuzz/tokenizer", test_corpus);
  return g_test_run ();
}
#endif
