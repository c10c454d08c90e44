/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Disjoint sets (union-find with path halving): parents[i] is the element that i follows, itself at first. Two sets are
 * joined by parents[root of one] = root of the other.
 */
#pragma once

#include <glib.h>

/* The element that stands for the set of i. */
static inline guint
docai_sets_root (guint *parents, guint i)
{
  while (parents[i] != i)
    i = parents[i] = parents[parents[i]];
  return i;
}
