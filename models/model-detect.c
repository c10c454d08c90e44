/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finding what phrases name.
 */
#include "models/model-priv.h"

GArray *
docai_model_detect (DocaiModel *self, const DocaiImage *image, const char *phrases, float threshold, float text_threshold, GError **error)
{
  docai_model_demand (self, DOCAI_TASK_DETECT, error);
  return NULL;
}
