/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hostile model folders: the input's first byte chooses which file of a folder the rest becomes; all others are a
 * fixture's. Opening it ends with a model or an error; a model that opens prepares an image and a prompt, too. Built
 * with a fuzzer's main the entry is LLVMFuzzerTestOneInput; built as a test, the program changes the fixtures' files.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "models/formats/safetensors.h"
#include "models/language/prompt.h"
#include "models/model.h"
#include "models/vision/preprocess.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const char *const files[] = {
  "config.json", "generation_config.json", "preprocessor_config.json", "processor_config.json", "tokenizer_config.json",
  "chat_template.json", "chat_template.jinja", "tokenizer.json", "model.safetensors",
};

static char *folder; /* a copy of a fixture */

static const char *
chosen_family (void)
{
  const char *family = g_getenv ("DOCAI_FUZZ_FAMILY");
  return family != NULL ? family : "idefics3_tied";
}

static char *
source (const char *family, const char *name)
{
  const char *root = g_getenv ("G_TEST_SRCDIR");
  return g_build_filename (root != NULL ? root : ".", "tests", "data", "vlm", family, name, NULL);
}

static void
restore (const char *family, const char *name)
{
  g_autofree char *from = source (family, name), *to = g_build_filename (folder, name, NULL), *text = NULL;
  gsize length;
  if (!g_file_get_contents (from, &text, &length, NULL))
    g_unlink (to);
  else
    g_assert_true (g_file_set_contents (to, text, (gssize) length, NULL));
}

static void
make_folder (const char *family)
{
  if (folder == NULL)
    folder = g_dir_make_tmp ("folder-fuzz-XXXXXX", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    restore (family, files[i]);
}

static void
use_parts (void)
{
  g_autoptr (DocaiTokenizer) tokenizer = docai_tokenizer_load (folder, NULL);
  g_autoptr (DocaiPreprocessor) preprocessor = docai_preprocessor_load (folder, NULL);
  g_autoptr (DocaiPrompter) prompter = tokenizer != NULL ? docai_prompter_load (folder, tokenizer, NULL) : NULL;
  guint8 pixels[5 * 7 * 3];
  for (guint i = 0; i < sizeof pixels; i++)
    pixels[i] = (guint8) (i * 29);
  const DocaiImage image = { .width = 7, .height = 5, .data = pixels };
  const DocaiImage *images[] = { &image };
  g_autoptr (DocaiPixels) values = preprocessor != NULL ? docai_preprocess (preprocessor, images, 1, NULL, NULL) : NULL;
  g_autofree char *text = prompter != NULL ? docai_prompt_template (prompter, "What?", values != NULL, "Be brief.", NULL) : NULL;
  g_autoptr (DocaiPrompt) prompt = text != NULL ? docai_prompt_encode (prompter, text, values, NULL) : NULL;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size < 1)
    return 0;
  const char *name = files[data[0] % G_N_ELEMENTS (files)];
  if (folder == NULL)
    make_folder (chosen_family ());
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_assert_true (g_file_set_contents (path, (const char *) data + 1, (gssize) size - 1, NULL));
  use_parts ();
  g_autoptr (DocaiModel) model = docai_model_open (folder, NULL, NULL);
  if (model != NULL && docai_model_task (model) == DOCAI_MODEL_GENERATES)
    {
      DocaiRequest request = DOCAI_REQUEST_INIT;
      request.text = "a";
      request.max_tokens = 2;
      g_auto (DocaiModelAnswer) answer = { 0 };
      docai_model_generate (model, &request, &answer, NULL);
    }
  restore (chosen_family (), name);
  return 0;
}

#ifndef DOCAI_FUZZER_MAIN
/* Changes that keep most of a file's sense: a byte, a piece less or twice, a number for another. */
static void
mutate (GString *text, GRand *random)
{
  static const char *const numbers[] = { "0", "-1", "1", "3", "65536", "2147483648", "1e300", "null", "[]", "\"\"", "{}", "true", "0.5" };
  for (int k = g_rand_int_range (random, 1, 4); k > 0 && text->len > 8; k--)
    {
      gsize at = (gsize) g_rand_int_range (random, 0, (gint32) MIN (text->len, G_MAXINT32)), n = (gsize) g_rand_int_range (random, 1, 9);
      n = MIN (n, text->len - at);
      gsize end = at;
      switch (g_rand_int_range (random, 0, 5))
        {
        case 0:
          text->str[at] = (char) g_rand_int_range (random, 0, 256);
          break;
        case 1:
          g_string_erase (text, (gssize) at, (gssize) n);
          break;
        case 2:
          {
            g_autofree char *piece = g_strndup (text->str + at, n);
            g_string_insert (text, (gssize) at, piece);
            break;
          }
        default:
          while (at < text->len && !g_ascii_isdigit (text->str[at]))
            at++;
          for (end = at; end < text->len && g_ascii_isdigit (text->str[end]);)
            end++;
          g_string_erase (text, (gssize) at, (gssize) (end - at));
          g_string_insert (text, (gssize) at, numbers[g_rand_int_range (random, 0, G_N_ELEMENTS (numbers))]);
          break;
        }
    }
}

/* A file's changes; of weights only the header's, which is text. */
static void
test_file (gconstpointer data)
{
  guint which = GPOINTER_TO_UINT (data);
  const char *rounds = g_getenv ("DOCAI_FUZZ_ROUNDS");
  int n = rounds != NULL ? atoi (rounds) : 40;
  GRand *random = g_rand_new_with_seed ((rounds != NULL ? 7919 : 1) + which);
  g_autofree char *path = source (chosen_family (), files[which]), *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, NULL))
    {
      text = g_strdup ("{\"chat_template\":\"{% for m in messages %}{{ m['role'] }}{% endfor %}\"}");
      length = strlen (text);
    }
  for (int k = 0; k < n; k++)
    {
      gboolean weights = g_str_has_suffix (files[which], ".safetensors");
      gsize head = weights ? MIN (length, 9000) : length;
      g_autoptr (GString) changed = g_string_new_len (text, (gssize) head);
      mutate (changed, random);
      if (weights)
        g_string_append_len (changed, text + head, (gssize) (length - head));
      g_string_prepend_c (changed, (char) which);
      LLVMFuzzerTestOneInput ((const uint8_t *) changed->str, changed->len);
    }
  g_rand_free (random);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *name = g_strconcat ("/fuzz/folder/", files[i], NULL);
      g_test_add_data_func (name, GUINT_TO_POINTER (i), test_file);
    }
  int status = g_test_run ();
  for (guint i = 0; folder != NULL && i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i], NULL);
      g_unlink (path);
    }
  if (folder != NULL)
    g_rmdir (folder);
  return status;
}
#endif
