/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Scratch memory: a list of chunks that is filled from the front.
 */
#include "models/runtime/arena.h"

#define CHUNK_BYTES ((gsize) 1 << 20)

typedef struct {
  guint8 *data;
  gsize   size, used;
} Chunk;

struct DocaiArena {
  GArray *chunks; /* Chunk */
  gsize   current;
};

DocaiArena *
docai_arena_new (void)
{
  DocaiArena *self = g_new0 (DocaiArena, 1);
  self->chunks = g_array_new (FALSE, FALSE, sizeof (Chunk));
  return self;
}

void
docai_arena_free (DocaiArena *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->chunks->len; i++)
    g_aligned_free (g_array_index (self->chunks, Chunk, i).data);
  g_array_unref (self->chunks);
  g_free (self);
}

void *
docai_arena_alloc (DocaiArena *self, gsize n_bytes)
{
  gsize need = (MAX (n_bytes, 1) + 63) & ~(gsize) 63;
  for (; self->current < self->chunks->len; self->current++)
    {
      Chunk *chunk = &g_array_index (self->chunks, Chunk, self->current);
      if (chunk->size - chunk->used < need)
        continue;
      void *memory = chunk->data + chunk->used;
      chunk->used += need;
      return memory;
    }
  Chunk chunk = { .size = MAX (need, CHUNK_BYTES), .used = need };
  chunk.data = g_aligned_alloc (1, chunk.size, 64);
  g_array_append_val (self->chunks, chunk);
  return chunk.data;
}

float *
docai_arena_floats (DocaiArena *self, gsize rows, gsize width)
{
  return docai_arena_alloc (self, rows * width * sizeof (float));
}

gsize
docai_row_stride (gsize width, gsize size)
{
  gsize lines = (width * size + 63) / 64;
  return (lines | 1) * (64 / size);
}

DocaiArenaMark
docai_arena_mark (const DocaiArena *self)
{
  DocaiArenaMark mark = { self->current, 0 };
  if (self->current < self->chunks->len)
    mark.used = g_array_index (self->chunks, Chunk, self->current).used;
  return mark;
}

void
docai_arena_reset (DocaiArena *self, DocaiArenaMark mark)
{
  for (gsize i = mark.chunk; i < self->chunks->len; i++)
    g_array_index (self->chunks, Chunk, i).used = i == mark.chunk ? mark.used : 0;
  self->current = mark.chunk;
}

gsize
docai_arena_size (const DocaiArena *self)
{
  gsize total = 0;
  for (guint i = 0; i < self->chunks->len; i++)
    total += g_array_index (self->chunks, Chunk, i).size;
  return total;
}
