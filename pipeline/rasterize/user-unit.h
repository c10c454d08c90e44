/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The UserUnit of PDF pages, which Poppler does not read: how many points one
 * unit of the page is.
 */
#pragma once

#include <glib.h>

/* A unit and the size of the pages that have it, in their own units; 0: any. */
typedef struct {
  double width, height;
  double unit;
} DocaiUserUnit;

/* Collects the units (DocaiUserUnit) that page objects in the file's bytes
 * name. Pages inside compressed object streams are not seen. Free with
 * g_array_unref. */
GArray *docai_user_units_scan (const guint8 *data, gsize size);

/* The unit of a page of this size, upright or on its side; 1 where none is known. */
double docai_user_units_lookup (const GArray *units, double width, double height);
