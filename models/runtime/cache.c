/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys and values of a sequence.
 */
#include "models/runtime/cache.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/error.h"
#include "models/runtime/kernels.h"

#define HUGE_PAGE ((gsize) 2 << 20)
/* Caches from this size on lie in huge pages. */
#define MIN_HUGE_BYTES (2 * HUGE_PAGE)

DocaiCache *
docai_cache_new (int n_layers, int heads, int head_dim, DocaiDtype dtype)
{
  DocaiCache *self = g_new0 (DocaiCache, 1);
  self->n_layers = n_layers;
  self->heads = heads;
  self->head_dim = head_dim;
  self->dtype = dtype;
  self->layers = g_new0 (DocaiCacheLayer, n_layers);
  return self;
}

void
docai_cache_free (DocaiCache *self)
{
  if (self == NULL)
    return;
  for (int i = 0; i < self->n_layers; i++)
    {
      g_free (self->layers[i].cross_k);
      g_free (self->layers[i].cross_v);
    }
  free (self->memory);
  g_free (self->layers);
  g_free (self);
}

/* Memory for the layers' rows, or NULL. */
static void *
new_memory (gsize n_bytes)
{
  gboolean huge = n_bytes >= MIN_HUGE_BYTES;
  void *memory = NULL;
  if (posix_memalign (&memory, huge ? HUGE_PAGE : 64, n_bytes) != 0)
    return NULL;
#ifdef MADV_HUGEPAGE
  if (huge)
    madvise (memory, n_bytes, MADV_HUGEPAGE);
#endif
  return memory;
}

/* Moves the rows that are there into memory for `capacity` tokens. */
static gboolean
grow (DocaiCache *self, gsize capacity)
{
  gsize heads = (gsize) self->heads, row = docai_dtype_row_bytes (self->dtype, self->head_dim);
  gsize old = (gsize) self->capacity * row, new = capacity * row, kept = (gsize) self->length * row, total;
  if (!g_size_checked_mul (&total, new, heads * (gsize) self->n_layers * 2))
    return FALSE;
  guint8 *memory = new_memory (MAX (total, 1)), *at = memory;
  if (memory == NULL)
    return FALSE;
  for (int i = 0; i < self->n_layers; i++)
    {
      DocaiCacheLayer *layer = &self->layers[i];
      for (gsize h = 0; kept > 0 && h < heads; h++)
        {
          memcpy (at + h * new, (guint8 *) layer->k + h * old, kept);
          memcpy (at + (heads + h) * new, (guint8 *) layer->v + h * old, kept);
        }
      layer->k = at;
      layer->v = at + heads * new;
      at += 2 * heads * new;
    }
  free (self->memory);
  self->memory = memory;
  return TRUE;
}

gboolean
docai_cache_reserve (DocaiCache *self, int n, GError **error)
{
  gint64 need = (gint64) self->length + n;
  if (need <= self->capacity)
    return TRUE;
  gint64 capacity = (need + need / 4 + 63) & ~(gint64) 63;
  gboolean good = capacity <= G_MAXINT / 2 && grow (self, (gsize) capacity);
  if (good)
    self->capacity = (int) capacity;
  else
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT, "no memory for the keys and values of %" G_GINT64_FORMAT " tokens", need);
  return good;
}

/* Keeps row `place` of a head. */
static void
put_row (const DocaiCache *self, void *to, gsize place, const float *row)
{
  gsize dim = (gsize) self->head_dim;
  if (self->dtype == DOCAI_F16)
    docai_kernels ()->narrow_f16 (row, self->head_dim, (guint16 *) to + place * dim);
  else
    memcpy ((float *) to + place * dim, row, dim * sizeof (float));
}

void
docai_cache_put (DocaiCache *self, int layer, const float *k, const float *v, int rows)
{
  gsize dim = (gsize) self->head_dim;
  DocaiCacheLayer *to = &self->layers[layer];
  for (gsize r = 0; r < (gsize) rows; r++)
    for (gsize h = 0; h < (gsize) self->heads; h++, k += dim, v += dim)
      {
        gsize place = h * (gsize) self->capacity + (gsize) self->length + r;
        put_row (self, to->k, place, k);
        put_row (self, to->v, place, v);
      }
}

void
docai_cache_truncate (DocaiCache *self, int length)
{
  self->length = CLAMP (length, 0, self->length);
}

gsize
docai_cache_bytes (const DocaiCache *self)
{
  return (gsize) self->n_layers * (gsize) self->capacity * (gsize) self->heads * docai_dtype_row_bytes (self->dtype, self->head_dim) * 2;
}
