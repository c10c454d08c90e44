/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Kernels for x86 with AVX-512 F, BW, VL, DQ and VNNI.
 */
#define TABLE docai_kernels_avx512
#define TABLE_NAME "avx512"
#define LANES 16
#define WITH_VNNI
#include "models/runtime/kernels-impl.h"
