/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What tests of the kernels share.
 */
#pragma once

#include <glib.h>

/* The next of a row of numbers from -1 to 1 that is the same everywhere. */
float noise (guint32 *state);

/* n of them; owned by the caller. */
float *random_rows (gsize n, guint32 seed);

/* Runs a test body once a level of kernels that the processor has, and once with the AVX-512 kernels in which plain C
 * stands in the place of the instructions. */
void for_levels (void (*body) (void));
