/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Kernels for x86 with AVX-512 F, BW, VL, DQ, VNNI and BF16.
 */
#define TABLE docai_kernels_avx512bf16
#define TABLE_NAME "avx512-bf16"
#define LANES 16
#define WITH_VNNI
#define WITH_BF16
#include "models/runtime/kernels-impl.h"
