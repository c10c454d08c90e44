/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tables that the levels define.
 */
#pragma once

#include "models/runtime/kernels.h"

extern const DocaiKernels docai_kernels_plain;
extern const DocaiKernels docai_kernels_avx2;
extern const DocaiKernels docai_kernels_avx512;
extern const DocaiKernels docai_kernels_avx512bf16;

/* Makes docai_kernels() answer with a table, for tests, while no other thread computes. */
void docai_kernels_use (const DocaiKernels *kernels);
