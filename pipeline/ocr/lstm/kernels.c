/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Choosing a set of kernels, and the activation tables.
 */
#include "pipeline/ocr/lstm/kernels.h"

#include <math.h>

const DocaiLstmKernels *const *
docai_lstm_kernels_available (void)
{
  static const DocaiLstmKernels *list[4];
  static gsize               ready;

  if (g_once_init_enter (&ready))
    {
      guint n = 0;

#if defined(__x86_64__)
      __builtin_cpu_init ();
      if (__builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512bw")
          && __builtin_cpu_supports ("avx512vl") && __builtin_cpu_supports ("avx512dq")
          && __builtin_cpu_supports ("avx512vnni"))
        list[n++] = &docai_lstm_kernels_avx512;
      if (__builtin_cpu_supports ("avx2"))
        list[n++] = &docai_lstm_kernels_avx2;
#endif
      list[n++] = &docai_lstm_kernels_plain;
      g_once_init_leave (&ready, 1);
    }
  return list;
}

const DocaiLstmKernels *
docai_lstm_kernels_choose (void)
{
  const DocaiLstmKernels *const *list = docai_lstm_kernels_available ();
  const char                *wish = g_getenv ("DOCAI_LSTM_KERNELS");

  for (int i = 0; wish != NULL && list[i] != NULL; i++)
    if (strcmp (wish, list[i]->name) == 0)
      return list[i];
  return list[0];
}

static void
fill_table (float *table, double (*function) (double))
{
  for (int i = 0; i < DOCAI_TABLE_SIZE; i++)
    table[i] = (float) function (i / 256.0);
  table[DOCAI_TABLE_SIZE] = 1.0f;
}

static double
logistic (double x)
{
  return 1 / (1 + exp (-x));
}

const DocaiLstmTables *
docai_lstm_tables (void)
{
  static DocaiLstmTables tables;
  static gsize       ready;

  if (g_once_init_enter (&ready))
    {
      fill_table (tables.tanh, tanh);
      fill_table (tables.logistic, logistic);
      g_once_init_leave (&ready, 1);
    }
  return &tables;
}
