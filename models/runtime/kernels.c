/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which kernels this processor runs.
 */
#include "models/runtime/kernels.h"

#include "models/runtime/kernels-priv.h"

static const DocaiKernels *selected; /* atomic pointer */

#if defined __x86_64__
static gboolean
has_avx512 (void)
{
  return __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512vl")
         && __builtin_cpu_supports ("avx512dq") && __builtin_cpu_supports ("avx512vnni");
}
#endif

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
      return has_avx512 () ? &docai_kernels_avx512 : NULL;
    case DOCAI_LEVEL_AVX512_BF16:
      return has_avx512 () && __builtin_cpu_supports ("avx512bf16") ? &docai_kernels_avx512bf16 : NULL;
#endif
    default:
      return NULL;
    }
}

const DocaiKernels *
docai_kernels (void)
{
  const DocaiKernels *kernels = g_atomic_pointer_get (&selected);
  if (G_LIKELY (kernels != NULL))
    return kernels;
  for (int level = DOCAI_LEVEL_COUNT - 1; kernels == NULL; level--)
    kernels = docai_kernels_of_level ((DocaiLevel) level);
  g_atomic_pointer_set (&selected, kernels);
  return kernels;
}

void
docai_kernels_use (const DocaiKernels *kernels)
{
  g_atomic_pointer_set (&selected, kernels);
}

gboolean
docai_kernels_select (DocaiLevel level)
{
  const DocaiKernels *kernels = docai_kernels_of_level (level);
  if (kernels != NULL)
    docai_kernels_use (kernels);
  return kernels != NULL;
}
