/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One language: its network, characters, codes and dictionaries.
 */
#pragma once

#include "pipeline/ocr/lstm/dictionary.h"
#include "pipeline/ocr/lstm/network.h"
#include "pipeline/ocr/lstm/recoder.h"

typedef struct {
  char             *language;
  char             *hash; /* SHA-256 of the file, hex */
  DocaiTraineddata *data;
  DocaiNetwork     *network;
  DocaiUnicharset  *set;
  DocaiRecoder     *recoder;
  DocaiDictionary  *dictionary; /* NULL: the model has none */
  int               null_code;
} DocaiLstmModel;

/* Reads all of a model; takes over `data`. MODEL_INVALID, MODEL_UNSUPPORTED. */
DocaiLstmModel *docai_lstm_model_new (DocaiTraineddata *data, const char *language,
                             const DocaiLstmKernels *kernels, GError **error);
void        docai_lstm_model_free (DocaiLstmModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiLstmModel, docai_lstm_model_free)
