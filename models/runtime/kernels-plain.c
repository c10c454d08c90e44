/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Kernels for any processor of the architecture.
 */
#define TABLE docai_kernels_plain
#define TABLE_NAME "plain"
#define LANES 4
#include "models/runtime/kernels-impl.h"
