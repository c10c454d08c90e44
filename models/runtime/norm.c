/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Normalisation of rows.
 */
#include "models/runtime/norm.h"

#include <string.h>

#include "models/runtime/kernels.h"

void
docai_norm_run (const DocaiNorm *self, const float *x, gsize x_stride, int n, int parts, float *out, gsize out_stride)
{
  const DocaiKernels *kernels = docai_kernels ();
  for (gsize r = 0; r < (gsize) n; r++)
    for (gsize p = 0; p < (gsize) parts; p++)
      {
        const float *in = x + r * x_stride + p * (gsize) self->n;
        float *to = out + r * out_stride + p * (gsize) self->n;
        switch (self->kind)
          {
          case DOCAI_NORM_LAYER:
            kernels->layer_norm (in, self->n, self->weight, self->bias, self->eps, to);
            break;
          case DOCAI_NORM_RMS:
            kernels->rms_norm (in, self->n, self->weight, self->eps, to);
            break;
          case DOCAI_NORM_NONE:
            if (in != to)
              memcpy (to, in, (gsize) self->n * sizeof (float));
            break;
          }
      }
}
