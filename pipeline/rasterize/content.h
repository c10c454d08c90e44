/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Content streams of PDF pages that draw nothing but one image.
 */
#pragma once

#include "document/geometry.h"

#include <glib.h>

typedef struct {
  char      *image;     /* name of the one XObject drawn */
  double     matrix[6]; /* of the unit square that it fills, in user space of the page */
  DocaiBox   clip;      /* where something can be seen, in the same space; y runs up */
  gboolean   has_text;  /* invisible text is written */
  GPtrArray *states;    /* names of the graphics states that are set */
} DocaiContent;

/* Reads a page's content. NULL when it is more than one XObject drawn once, with
 * text that is never seen, clips to upright rectangles and settings that do not
 * change an image beside it; or when it cannot be told. Free with
 * docai_content_free. */
DocaiContent *docai_content_read (const char *data, gsize size);
void          docai_content_free (DocaiContent *content);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiContent, docai_content_free)
