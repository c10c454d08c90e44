/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Comparisons for sorting.
 */
#pragma once

/* Of two doubles, ascending: for qsort() and g_array_sort(). */
static inline int
docai_compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}
