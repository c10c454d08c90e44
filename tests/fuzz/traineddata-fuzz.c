/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hostile model files: whatever the bytes are, they are refused with an error
 * or give a model that can read a line. Built with a fuzzer's main the entry is
 * LLVMFuzzerTestOneInput; built as a test, the program runs a fixed number of
 * mutations of a small model and the files of its corpus.
 */
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "pipeline/ocr/lstm/model.h"
#include "pipeline/ocr/lstm/words.h"
#include "tests/unit/tiny-model.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
read_line (DocaiLstmModel *model)
{
  enum { WIDTH = 31 };
  int                          height = docai_network_input_height (model->network);
  int                          n_codes = docai_network_n_codes (model->network);
  gsize                        stride = (gsize) height + 8;
  g_autofree guint8           *columns = g_malloc0 (stride * WIDTH);
  DocaiNetworkInput            input = { columns, stride, WIDTH };
  g_autoptr (DocaiActivations) activations = docai_activations_new ();
  g_autoptr (DocaiBeam)        beam = docai_beam_new (model->set, model->recoder,
                                                      model->dictionary, NULL, n_codes,
                                                      model->null_code);
  g_autofree float            *p = g_new (float, n_codes);
  g_autoptr (GArray)           path = NULL;
  g_autoptr (DocaiPathWords)   words = NULL;

  for (gsize i = 0; i < stride * WIDTH; i++)
    columns[i] = (guint8) (i * 37 % 251) ^ docai_lstm_kernels_choose ()->flip;
  g_assert_true (docai_network_run (model->network, &input, 1, activations, NULL));
  docai_beam_restart (beam);
  for (int t = 0; t < docai_activations_n_steps (activations, 0); t++)
    {
      docai_network_probabilities (model->network, activations, 0, t, 1, p);
      docai_beam_step (beam, p);
    }
  path = docai_beam_dup_path (beam);
  words = docai_path_words_split (path, model->set, model->dictionary, 0, 0, WIDTH, 3.0f);
  g_assert_cmpuint (words->words->len, >=, 1);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes)     bytes = g_bytes_new (data, size);
  g_autoptr (GError)     error = NULL;
  DocaiTraineddata      *traineddata = docai_traineddata_new (bytes, &error);
  g_autoptr (DocaiLstmModel) model = NULL;

  if (traineddata != NULL)
    model = docai_lstm_model_new (traineddata, "tiny", docai_lstm_kernels_choose (), &error);
  if (model == NULL)
    g_assert_true (g_error_matches (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID)
                   || g_error_matches (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED));
  else
    read_line (model);
  return 0;
}

#ifndef DOCAI_FUZZER
static void
test_whole (void)
{
  g_autoptr (GBytes)     bytes = tiny_model_new (1);
  g_autoptr (GError)     error = NULL;
  g_autoptr (DocaiLstmModel) model = docai_lstm_model_new (docai_traineddata_new (bytes, &error), "tiny",
                                                  docai_lstm_kernels_choose (), &error);

  g_assert_no_error (error);
  g_assert_nonnull (model->dictionary);
  g_assert_cmpint (docai_network_n_codes (model->network), ==, 6);
  read_line (model);
}

static void
test_cut (void)
{
  g_autoptr (GBytes) bytes = tiny_model_new (2);
  gsize              size;
  const guint8      *data = g_bytes_get_data (bytes, &size);

  for (gsize n = 0; n < size; n += 1 + n / 40)
    LLVMFuzzerTestOneInput (data, n);
}

static void
test_mutations (void)
{
  static const guint8 values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
  g_autoptr (GBytes)  bytes = tiny_model_new (3);
  g_autoptr (GRand)   random = g_rand_new_with_seed (7);
  gsize               size;
  const guint8       *data = g_bytes_get_data (bytes, &size);

  for (int round = 0; round < 3000; round++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size);
      int                n = g_rand_int_range (random, 1, 4);
      gsize              tail = 1600; /* the small entries stand at the end */

      for (int i = 0; i < n; i++)
        {
          gsize at = round % 3 == 0 ? (gsize) g_rand_int_range (random, 0, 700)
                     : round % 3 == 1
                       ? size - 1 - (gsize) g_rand_int_range (random, 0, (gint32) tail)
                       : (gsize) g_rand_int_range (random, 0, (gint32) size);

          copy[at] = values[g_rand_int_range (random, 0, G_N_ELEMENTS (values))];
        }
      LLVMFuzzerTestOneInput (copy, size);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (int i = 1; i < argc; i++) /* files to try, when run by hand */
    {
      g_autofree char *text = NULL;
      gsize            size;

      if (g_file_get_contents (argv[i], &text, &size, NULL))
        LLVMFuzzerTestOneInput ((const guint8 *) text, size);
    }
  g_test_add_func ("/traineddata/whole", test_whole);
  g_test_add_func ("/traineddata/cut", test_cut);
  g_test_add_func ("/traineddata/mutations", test_mutations);
  return g_test_run ();
}
#endif
