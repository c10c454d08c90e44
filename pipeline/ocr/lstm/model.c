/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Putting a model's parts together, and checking that they fit.
 */
#include "pipeline/ocr/lstm/model.h"

#include "base/error.h"

enum { FLAG_INT_MODE = 1, FLAG_RECODER = 64, MAX_SPEC = 1 << 16 };

static gboolean
model_error (GError **error, DocaiErrorCode code, const char *what)
{
  g_set_error (error, DOCAI_ERROR, (gint) code, "the model %s", what);
  return FALSE;
}

/* Entry 17: the tree of layers, in old files the characters, the numbers of the
 * training, and in old files the codes. */
static gboolean
read_network (DocaiLstmModel *model, const DocaiLstmKernels *kernels, GError **error)
{
  DocaiBytes       bytes, set_bytes, recoder_bytes;
  gboolean         inside;
  guint32          flags;
  gint32           samples;
  g_autofree char *spec = NULL;

  if (!docai_traineddata_peek (model->data, DOCAI_ENTRY_NETWORK, &bytes))
    return model_error (error, DOCAI_ERROR_MODEL_UNSUPPORTED, "holds no line network");
  model->network = docai_network_read (&bytes, kernels, error);
  if (model->network == NULL)
    return FALSE;
  inside = !docai_traineddata_peek (model->data, DOCAI_ENTRY_UNICHARSET, &set_bytes)
           || !docai_traineddata_peek (model->data, DOCAI_ENTRY_RECODER, &recoder_bytes);
  model->set = docai_unicharset_read (inside ? &bytes : &set_bytes, error);
  if (model->set == NULL)
    return FALSE;
  spec = docai_bytes_dup_string (&bytes, MAX_SPEC);
  flags = docai_bytes_u32 (&bytes);
  docai_bytes_i32 (&bytes); /* training iterations */
  samples = docai_bytes_i32 (&bytes);
  model->null_code = docai_bytes_i32 (&bytes);
  docai_bytes_take (&bytes, 12); /* rates of the training */
  if (bytes.failed)
    return model_error (error, DOCAI_ERROR_MODEL_INVALID, "ends too early");
  if ((flags & FLAG_INT_MODE) == 0)
    return model_error (error, DOCAI_ERROR_MODEL_UNSUPPORTED, "has no int8 network");
  docai_network_seed (model->network, samples);
  if ((flags & FLAG_RECODER) != 0)
    model->recoder = docai_recoder_read (inside ? &bytes : &recoder_bytes, model->set, error);
  else
    model->recoder = docai_recoder_new_direct (model->set);
  return model->recoder != NULL;
}

static gboolean
check_fit (const DocaiLstmModel *model, GError **error)
{
  int n_codes = docai_network_n_codes (model->network);

  if (model->recoder->code_range > n_codes || model->null_code < 0 || model->null_code >= n_codes)
    return model_error (error, DOCAI_ERROR_MODEL_INVALID, "has codes that its network does not");
  if (model->set->right_to_left)
    return model_error (error, DOCAI_ERROR_MODEL_UNSUPPORTED, "reads a right-to-left script");
  return TRUE;
}

DocaiLstmModel *
docai_lstm_model_new (DocaiTraineddata *data, const char *language, const DocaiLstmKernels *kernels,
                 GError **error)
{
  g_autoptr (DocaiLstmModel) model = g_new0 (DocaiLstmModel, 1);
  g_autoptr (GError)     local = NULL;

  model->data = data;
  model->language = g_strdup (language);
  if (!read_network (model, kernels, error) || !check_fit (model, error))
    return NULL;
  model->dictionary = docai_dictionary_open (data, model->set, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  model->hash = docai_traineddata_dup_hash (data);
  docai_traineddata_settle (data);
  return g_steal_pointer (&model);
}

void
docai_lstm_model_free (DocaiLstmModel *model)
{
  if (model == NULL)
    return;
  docai_dictionary_free (model->dictionary);
  docai_recoder_free (model->recoder);
  docai_unicharset_free (model->set);
  docai_network_free (model->network);
  docai_traineddata_free (model->data);
  g_free (model->language);
  g_free (model->hash);
  g_free (model);
}
