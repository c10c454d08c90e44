/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the fonts of a page are for.
 */
#pragma once

#include "document/document.h"

typedef struct {
  guint   n;    /* ids from 1 to n - 1 */
  guchar *mono; /* by id: of fixed pitch */
  guchar *math; /* by id: letters and signs of formulas */
  guchar *sign; /* by id: sets one single character here, again and again: a bullet's font */
} LayoutFonts;

/* Looks at the names of the page's fonts and at the words set in them. */
LayoutFonts *layout_fonts_new (const DocaiPage *page);
void         layout_fonts_free (LayoutFonts *fonts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LayoutFonts, layout_fonts_free)

/* Whether a character belongs to formulas: operators, relations, arrows,
 * mathematical letters. */
gboolean layout_fonts_is_math (gunichar character);
