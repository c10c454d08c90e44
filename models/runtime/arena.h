/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Scratch memory of one evaluation: taken in order, given back all at once or down to a
 * mark. The chunks are kept for the next evaluation. One thread owns an arena.
 *
 * The callers bound the sizes (tokens a chunk, patches a tile) before they allocate.
 */
#pragma once

#include <glib.h>

typedef struct DocaiArena DocaiArena;

typedef struct {
  gsize chunk, used;
} DocaiArenaMark;

DocaiArena *docai_arena_new  (void);
void        docai_arena_free (DocaiArena *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiArena, docai_arena_free)

/* Memory for n bytes, aligned to 64, not cleared. */
void  *docai_arena_alloc  (DocaiArena *self, gsize n_bytes);
/* Rows of floats, not cleared. */
float *docai_arena_floats (DocaiArena *self, gsize rows, gsize width);

/* Elements from one row to the next for rows of `width` elements of `size` bytes: padded to
 * whole cache lines, an odd number of them, so that a column of rows is spread over the cache. */
gsize docai_row_stride (gsize width, gsize size);

/* All that is allocated after the mark ends with docai_arena_reset to it. */
DocaiArenaMark docai_arena_mark  (const DocaiArena *self);
void           docai_arena_reset (DocaiArena *self, DocaiArenaMark mark);

/* Bytes held. */
gsize docai_arena_size (const DocaiArena *self);
