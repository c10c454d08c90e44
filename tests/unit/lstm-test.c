/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The network and its kernels: every set of kernels gives the same bits, a
 * batch gives what its lines give alone, and the parts of a model do what their
 * headers say.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "pipeline/ocr/lstm/model.h"
#include "pipeline/ocr/lstm/words.h"
#include "tests/unit/tiny-model.h"

static DocaiLstmModel *
load (const DocaiLstmKernels *kernels)
{
  g_autoptr (GBytes) bytes = tiny_model_new (5);
  g_autoptr (GError) error = NULL;
  DocaiLstmModel *model = docai_lstm_model_new (docai_traineddata_new (bytes, NULL), "tiny", kernels, &error);

  g_assert_no_error (error);
  return model;
}

/* Probabilities of lines of these widths, evaluated together. */
static GArray *
evaluate (const DocaiLstmKernels *kernels, const int *widths, guint n)
{
  enum { STRIDE = 44 };
  g_autoptr (DocaiLstmModel)        model = load (kernels);
  g_autoptr (DocaiActivations)  activations = docai_activations_new ();
  g_autofree DocaiNetworkInput *inputs = g_new0 (DocaiNetworkInput, n);
  g_autoptr (GPtrArray)         memory = g_ptr_array_new_with_free_func (g_free);
  GArray                       *result = g_array_new (FALSE, FALSE, sizeof (float));
  int                           n_codes = docai_network_n_codes (model->network);

  for (guint i = 0; i < n; i++)
    {
      guint8 *columns = g_malloc0 ((gsize) widths[i] * STRIDE + 8);

      for (int x = 0; x < widths[i]; x++)
        for (int y = 0; y < 36; y++)
          columns[x * STRIDE + y]
            = (guint8) ((x * x * 31 + y * 57 + x * y * widths[i]) % 255 - 127) ^ kernels->flip;
      g_ptr_array_add (memory, columns);
      inputs[i] = (DocaiNetworkInput){ columns, STRIDE, widths[i] };
    }
  g_assert_true (docai_network_run (model->network, inputs, n, activations, NULL));
  for (guint i = 0; i < n; i++)
    {
      int               n_steps = docai_activations_n_steps (activations, i);
      g_autofree float *p = g_new (float, (gsize) n_steps *n_codes);

      g_assert_cmpint (n_steps, ==, widths[i] / 3);
      docai_network_probabilities (model->network, activations, i, 0, n_steps, p);
      g_array_append_vals (result, p, (guint) (n_steps * n_codes));
    }
  return result;
}

/* The AVX-512 kernels, compiled with their operations written in plain C. */
extern const DocaiLstmKernels docai_lstm_kernels_emulated;

static const int widths[] = { 40, 3, 121, 64, 9, 200, 75, 40 };

static void
test_same_bits (void)
{
  const DocaiLstmKernels *const *sets = docai_lstm_kernels_available ();
  g_autoptr (GArray)         plain
    = evaluate (&docai_lstm_kernels_plain, widths, G_N_ELEMENTS (widths));

  for (int k = 0; sets[k] != NULL; k++)
    {
      g_autoptr (GArray) other = evaluate (sets[k], widths, G_N_ELEMENTS (widths));

      g_test_message ("%s", sets[k]->name);
      g_assert_cmpmem (plain->data, plain->len * sizeof (float), other->data,
                       other->len * sizeof (float));
    }
}

static void
test_emulated (void)
{
  g_autoptr (GArray) plain
    = evaluate (&docai_lstm_kernels_plain, widths, G_N_ELEMENTS (widths));
  g_autoptr (GArray) other
    = evaluate (&docai_lstm_kernels_emulated, widths, G_N_ELEMENTS (widths));

  g_assert_cmpmem (plain->data, plain->len * sizeof (float), other->data,
                   other->len * sizeof (float));
}

static void
test_batch (void)
{
  g_autoptr (GArray) together
    = evaluate (docai_lstm_kernels_choose (), widths, G_N_ELEMENTS (widths));
  g_autoptr (GArray) alone = g_array_new (FALSE, FALSE, sizeof (float));

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      g_autoptr (GArray) one = evaluate (docai_lstm_kernels_choose (), &widths[i], 1);

      g_array_append_vals (alone, one->data, one->len);
    }
  g_assert_cmpmem (together->data, together->len * sizeof (float), alone->data,
                   alone->len * sizeof (float));
}

static void
test_probabilities (void)
{
  g_autoptr (GArray) p = evaluate (docai_lstm_kernels_choose (), widths, G_N_ELEMENTS (widths));

  for (guint i = 0; i < p->len; i += 6)
    {
      float sum = 0;

      for (guint k = 0; k < 6; k++)
        sum += g_array_index (p, float, i + k);
      g_assert_cmpfloat (fabsf (sum - 1), <, 1e-5f);
    }
}

static void
test_dictionary (void)
{
  g_autoptr (DocaiLstmModel) model = load (docai_lstm_kernels_choose ());
  static const int       ab[] = { 1, 2 }, ba[] = { 2, 1 }, a[] = { 1 };

  g_assert_true (docai_dictionary_has (model->dictionary, ab, 2));
  g_assert_false (docai_dictionary_has (model->dictionary, ba, 2));
  g_assert_false (docai_dictionary_has (model->dictionary, a, 1));
}

/* One step that is certain of each code. */
static GArray *
search (DocaiLstmModel *model, const guint8 *allowed, const int *codes, guint n)
{
  g_autoptr (DocaiBeam) beam = docai_beam_new (model->set, model->recoder, model->dictionary,
                                               allowed, 6, model->null_code);

  docai_beam_restart (beam);
  for (guint t = 0; t < n; t++)
    {
      float p[6];

      for (int c = 0; c < 6; c++)
        p[c] = c == codes[t] ? 0.95f : 0.01f;
      docai_beam_step (beam, p);
    }
  return docai_beam_dup_path (beam);
}

static char *
text_of (const DocaiLstmModel *model, const DocaiPathWords *words)
{
  GString *text = g_string_new (NULL);

  for (guint w = 0; w < words->words->len; w++)
    {
      const DocaiPathWord *word = &g_array_index (words->words, DocaiPathWord, w);

      if (w > 0)
        g_string_append_c (text, '|');
      for (guint i = 0; i < word->n; i++)
        g_string_append (
          text, model->set
                  ->chars[g_array_index (words->characters, DocaiPathCharacter, word->first + i)
                            .unichar]
                  .text);
    }
  return g_string_free (text, FALSE);
}

static void
test_search (void)
{
  g_autoptr (DocaiLstmModel)     model = load (docai_lstm_kernels_choose ());
  static const int           codes[] = { 1, 1, 5, 2, 5, 0, 5, 3, 5, 1, 5, 1, 5, 1, 1 };
  g_autoptr (GArray)         path = search (model, NULL, codes, G_N_ELEMENTS (codes));
  g_autoptr (DocaiPathWords) words
    = docai_path_words_split (path, model->set, model->dictionary, 0, 100, 200, 2.0f);
  g_autofree char           *text = text_of (model, words);
  const DocaiPathWord       *first = &g_array_index (words->words, DocaiPathWord, 0);

  /* Repeats fold, nulls part, the two codes of c are one character. */
  g_assert_cmpstr (text, ==, "ab|caa");
  g_assert_cmpint (first->kind, ==, DOCAI_WORD_SYSTEM);
  g_assert_true (first->acceptable);
  g_assert_cmpint (first->left, ==, 100);
  g_assert_cmpint (g_array_index (words->words, DocaiPathWord, 1).kind, ==, DOCAI_WORD_FREE);
}

static void
test_lists (void)
{
  g_autoptr (DocaiLstmModel)     model = load (docai_lstm_kernels_choose ());
  static const int           codes[] = { 1, 5, 4, 5, 2 };
  g_autofree guint8         *allowed = docai_unicharset_dup_allowed (model->set, "1b", NULL);
  g_autoptr (GArray)         path = search (model, allowed, codes, G_N_ELEMENTS (codes));
  g_autoptr (DocaiPathWords) words
    = docai_path_words_split (path, model->set, model->dictionary, 0, 0, 100, 3.0f);
  g_autofree char           *text = text_of (model, words);

  g_assert_null (strchr (text, 'a'));
  g_assert_nonnull (strchr (text, '1'));
  g_assert_null (docai_unicharset_dup_allowed (model->set, "", NULL));
}

static void
test_refusals (void)
{
  g_autoptr (GBytes) zip = g_bytes_new_static ("PK\3\4aaaaaaaaaaaaaaaa", 20);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr (GError) error = NULL;

  g_assert_null (docai_traineddata_new (zip, &error));
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_null (docai_traineddata_new (nothing, &error));
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lstm/same-bits", test_same_bits);
  g_test_add_func ("/lstm/avx512-emulated", test_emulated);
  g_test_add_func ("/lstm/batch", test_batch);
  g_test_add_func ("/lstm/probabilities", test_probabilities);
  g_test_add_func ("/lstm/dictionary", test_dictionary);
  g_test_add_func ("/lstm/search", test_search);
  g_test_add_func ("/lstm/lists", test_lists);
  g_test_add_func ("/lstm/refusals", test_refusals);
  return g_test_run ();
}
