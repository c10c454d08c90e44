/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel-levels.h"

#include "models/runtime/kernels-priv.h"
#include "models/runtime/kernels.h"

/* The AVX-512 table with plain C in place of its instructions. */
extern const DocaiKernels docai_kernels_emulated;

float
noise (guint32 *state)
{
  *state = *state * 1664525u + 1013904223u;
  return (float) (gint32) *state * 0x1p-31f;
}

float *
random_rows (gsize n, guint32 seed)
{
  float *x = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    x[i] = noise (&seed);
  return x;
}

void
for_levels (void (*body) (void))
{
  for (int level = 0; level < DOCAI_LEVEL_COUNT; level++)
    if (docai_kernels_select ((DocaiLevel) level))
      {
        g_test_message ("%s", docai_kernels ()->name);
        body ();
      }
#if defined __x86_64__
  if (docai_kernels_of_level (DOCAI_LEVEL_AVX2) != NULL)
    {
      g_test_message ("avx512, emulated");
      docai_kernels_use (&docai_kernels_emulated);
      body ();
    }
#endif
}
