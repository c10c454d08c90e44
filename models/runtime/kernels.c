/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which kernels this processor runs.
 */
#include "models/runtime/kernels.h"

#include <math.h>

#include "models/runtime/kernels-priv.h"

static const DocaiKernels *selected; /* atomic pointer */

const DocaiKernels *
docai_kernels_of_level (DocaiLevel level)
{
  switch (level)
    {
    case DOCAI_LEVEL_PLAIN:
      return &docai_kernels_plain;
#if defined __x86_64__
    case DOCAI_LEVEL_AVX2:
      if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma") && __builtin_cpu_supports ("f16c"))
        return &docai_kernels_avx2;
      return NULL;
    case DOCAI_LEVEL_AVX512:
      if (__builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512bw")
          && __builtin_cpu_supports ("avx512vl") && __builtin_cpu_supports ("avx512dq")
          && __builtin_cpu_supports ("avx512vnni"))
        return &docai_kernels_avx512;
      return NULL;
#endif
    default:
      return NULL;
    }
}

const DocaiKernels *
docai_kernels (void)
{
  const DocaiKernels *kernels = g_atomic_pointer_get (&selected);
  for (int level = DOCAI_LEVEL_COUNT - 1; kernels == NULL; level--)
    kernels = docai_kernels_of_level ((DocaiLevel) level);
  g_atomic_pointer_set (&selected, kernels);
  return kernels;
}

gboolean
docai_kernels_select (DocaiLevel level)
{
  const DocaiKernels *kernels = docai_kernels_of_level (level);
  if (kernels != NULL)
    g_atomic_pointer_set (&selected, kernels);
  return kernels != NULL;
}

void
docai_quantize_activations (const float *x, int n, gint8 *values, float *scales, float *offsets)
{
  for (int g = 0; g < (n + 31) / 32; g++)
    {
      int width = MIN (32, n - g * 32), sum = 0;
      float largest = 0;
      for (int i = 0; i < width; i++)
        largest = MAX (largest, fabsf (x[g * 32 + i]));
      float inverse = largest > 0 ? 127.0f / largest : 0.0f;
      for (int i = 0; i < 32; i++)
        {
          int q = i < width ? (int) rintf (x[g * 32 + i] * inverse) : 0;
          values[g * 32 + i] = (gint8) q;
          sum += q;
        }
      scales[g] = largest / 127.0f;
      offsets[g] = 8.0f * scales[g] * (float) sum;
    }
}
