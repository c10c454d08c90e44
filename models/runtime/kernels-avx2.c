/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Kernels for x86 with AVX2, FMA and F16C.
 */
#define TABLE docai_kernels_avx2
#define TABLE_NAME "avx2"
#define LANES 8
#include "models/runtime/kernels-impl.h"
