/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What opening a recogniser and reading with it share.
 */
#pragma once

#include "pipeline/ocr/lstm/model.h"
#include "pipeline/ocr/lstm/recogniser.h"

enum {
  MAX_LANGUAGES = 8,
  LANES = 2, /* threads that share a page's lines */
};

struct DocaiRecogniser {
  const DocaiLstmKernels *kernels;
  GPtrArray              *models; /* DocaiLstmModel, the primary language first */
  DocaiActivations       *activations[LANES];
  guint                   n_lanes; /* that have a processor */
  char                   *engine;
};
