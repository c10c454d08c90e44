/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys and values of a sequence.
 */
#include "models/runtime/cache.h"

#include "base/error.h"

DocaiCache *
docai_cache_new (int n_layers, int width)
{
  DocaiCache *self = g_new0 (DocaiCache, 1);
  self->n_layers = n_layers;
  self->width = width;
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
      g_free (self->layers[i].k);
      g_free (self->layers[i].v);
      g_free (self->layers[i].cross_k);
      g_free (self->layers[i].cross_v);
    }
  g_free (self->layers);
  g_free (self);
}

static gboolean
grow (float **rows, gsize n_bytes)
{
  float *more = g_try_realloc (*rows, n_bytes);
  if (more != NULL)
    *rows = more;
  return more != NULL;
}

gboolean
docai_cache_reserve (DocaiCache *self, int n, GError **error)
{
  gint64 need = (gint64) self->length + n;
  if (need <= self->capacity)
    return TRUE;
  gint64 capacity = (need + need / 4 + 63) & ~(gint64) 63;
  gboolean good = capacity <= G_MAXINT / 2;
  for (int i = 0; good && i < self->n_layers; i++)
    {
      gsize n_bytes = (gsize) capacity * (gsize) self->width * sizeof (float);
      good = grow (&self->layers[i].k, n_bytes) && grow (&self->layers[i].v, n_bytes);
    }
  if (good)
    self->capacity = (int) capacity;
  else
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT, "no memory for the keys and values of %" G_GINT64_FORMAT " tokens", need);
  return good;
}

void
docai_cache_truncate (DocaiCache *self, int length)
{
  self->length = CLAMP (length, 0, self->length);
}

gsize
docai_cache_bytes (const DocaiCache *self)
{
  return (gsize) self->n_layers * (gsize) self->capacity * (gsize) self->width * 2 * sizeof (float);
}
