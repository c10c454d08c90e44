/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hostile docai.json and hostile answers: the input becomes a model's docai.json; what reads makes prompts for hostile text, and
 * the input is an answer as well, whose place is taken. Built with a fuzzer's main the entry is
 * LLVMFuzzerTestOneInput; built as a test, the program changes the file of the model that ships.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/vlm/segments.h"
#include "pipeline/vlm/tasks.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static char *folder; /* with the input */

static char *
shipped (const char *name)
{
  const char *root = g_getenv ("G_TEST_SRCDIR");
  return g_build_filename (root != NULL ? root : ".", "models", "default", name, NULL);
}

static const DocaiTokenizer *
tokenizer (void)
{
  static DocaiTokenizer *loaded;
  g_autofree char       *dir = shipped (NULL);

  if (loaded == NULL)
    loaded = docai_tokenizer_load (dir, NULL);
  g_assert_nonnull (loaded);
  return loaded;
}

static void
use_task (const DocaiVlmTask *task, const char *text)
{
  if (task == NULL)
    return;
  g_autofree char *prompt = docai_vlm_task_prompt (task, text, text);
  g_assert_nonnull (prompt);
  for (guint i = 0; task->labels != NULL && task->labels[i] != NULL; i++)
    g_assert_true (g_utf8_validate (task->labels[i], -1, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static char              *path;
  g_autoptr (DocaiVlmTasks) tasks = NULL;
  g_autofree char          *text = g_strndup ((const char *) data, size), *clean = docai_vlm_clean_text (text, size / 2);
  double                    x = 0, y = 0;

  if (folder == NULL)
    {
      folder = g_dir_make_tmp ("tasks-fuzz-XXXXXX", NULL);
      path = g_build_filename (folder, "docai.json", NULL);
    }
  g_assert_cmpuint (strlen (clean), <=, size / 2);
  g_assert_null (strpbrk (clean, "<>"));
  if (docai_vlm_place_take (text, DOCAI_BOX (0, 0, 100, 100), &x, &y))
    g_assert_true (x >= 0 && x <= 100 && y >= 0 && y <= 100);
  g_assert_true (g_file_set_contents (path, (const char *) data, (gssize) size, NULL));
  if (docai_vlm_tasks_load (folder, tokenizer (), &tasks, NULL) && tasks != NULL)
    {
      use_task (tasks->document_type, text);
      use_task (tasks->picture, text);
      use_task (tasks->chart, text);
      use_task (tasks->transcribe, text);
      use_task (tasks->question, text);
    }
  g_unlink (path);
  return 0;
}

#ifndef DOCAI_FUZZER_MAIN
/* A byte, a piece less or twice, or a number or name for another. */
static void
mutate (GString *text, GRand *random)
{
  static const char *const pieces[] = { "-1", "1e308", "null", "[]", "{}", "\"\"", "{text}", "\\u0000", "<|x12|><|y99|>", "\"places\":true,", "\"tiles\":3," };

  for (int k = g_rand_int_range (random, 1, 4); k > 0 && text->len > 16; k--)
    {
      gssize at = g_rand_int_range (random, 0, (gint32) text->len - 9), n = g_rand_int_range (random, 1, 9);
      switch (g_rand_int_range (random, 0, 4))
        {
        case 0:
          text->str[at] = (char) g_rand_int_range (random, 0, 256);
          break;
        case 1:
          g_string_erase (text, at, n);
          break;
        case 2:
          g_string_erase (text, at, n);
          g_string_insert (text, at, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
          break;
        default:
          {
            g_autofree char *piece = g_strndup (text->str + at, (gsize) n);
            g_string_insert (text, at, piece);
          }
        }
    }
}

static void
test_changed (void)
{
  const char      *rounds = g_getenv ("DOCAI_FUZZ_ROUNDS");
  int              n = rounds != NULL ? atoi (rounds) : 400;
  GRand           *random = g_rand_new_with_seed (rounds != NULL ? 7919 : 1);
  g_autofree char *path = shipped ("docai.json"), *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (int k = 0; k < n; k++)
    {
      g_autoptr (GString) changed = g_string_new (text);
      mutate (changed, random);
      LLVMFuzzerTestOneInput ((const uint8_t *) changed->str, changed->len);
    }
  g_rand_free (random);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fuzz/tasks/changed", test_changed);
  int status = g_test_run ();
  if (folder != NULL)
    g_rmdir (folder);
  return status;
}
#endif
