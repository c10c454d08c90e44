/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The images of a prompt become features: tiles that are blank or known cost nothing.
 */
#include "models/model-priv.h"
#include "models/vision/blank.h"

/* A tile that shows nothing becomes the same as all that look like it. */
static gboolean
level_blank (const DocaiCore *core, DocaiPixels *pixels, int unit)
{
  gsize n_floats;
  if (pixels->n_dims < 4)
    return FALSE;
  gsize channels = (gsize) pixels->dims[pixels->n_dims - 3];
  const float *tile = core->family->peek_unit (core, pixels, unit, &n_floats);
  return docai_blank_level (pixels->values + (tile - pixels->values), (int) channels, n_floats / channels);
}

static double
unit_values (const DocaiCore *core, const DocaiPixels *pixels, int unit)
{
  gsize n_floats;
  core->family->peek_unit (core, pixels, unit, &n_floats);
  return (double) n_floats;
}

/* Features of one unit, from the cache, which adds its values to *known, or by the tower. */
static gboolean
encode_unit (DocaiModel *self, DocaiPixels *pixels, int unit, DocaiFeatures *out, DocaiModelAnswer *answer, double *known, GError **error)
{
  const DocaiCore *core = self->core;
  answer->tiles_blank += level_blank (core, pixels, unit);
  g_autofree char *key = self->cache != NULL ? docai_feature_cache_key (self->identity, core, pixels, unit) : NULL;
  answer->tiles++;
  if (key != NULL && docai_feature_cache_lookup (self->cache, key, docai_core_feature_width (core), out))
    {
      answer->tiles_cached++;
      *known += unit_values (core, pixels, unit);
      return TRUE;
    }
  gint64 start = g_get_monotonic_time ();
  if (!core->family->encode_unit (core, self->run, pixels, unit, out, error))
    return FALSE;
  self->encoded_ms += (double) (g_get_monotonic_time () - start) / 1000.0;
  self->encoded_values += unit_values (core, pixels, unit);
  if (key != NULL)
    docai_feature_cache_add (self->cache, key, out);
  return TRUE;
}

/* Tiles that the guides left out: paper in their places, of which the first is encoded and the others are known, or
 * none at all in a smaller grid, whose values are added to *known. */
static void
count_guided (const DocaiModel *self, const DocaiPixels *pixels, DocaiModelAnswer *answer, double *known)
{
  gboolean tiles = pixels->n_dims >= 4;
  double values = (double) pixels->dims[pixels->n_dims - 1]; /* of a tile or patch */
  for (int i = 2; tiles && i <= 3; i++)
    values *= (double) pixels->dims[pixels->n_dims - i];
  for (int i = 0; i < pixels->n_images; i++)
    {
      const DocaiImageLayout *image = &pixels->images[i];
      int fewer = image->full_tiles - image->n_tiles;
      *known += fewer * values;
      answer->tiles_guided += tiles ? fewer + image->left_out : 0;
      answer->tiles_blank -= image->left_out;
    }
}

gboolean
docai_model_encode (DocaiModel *self, DocaiPixels *pixels, DocaiFeatures *out, DocaiModelAnswer *answer, GError **error)
{
  int n = self->core->family->count_units (self->core, pixels), done = 0;
  double known = 0;
  g_autofree DocaiFeatures *units = g_new0 (DocaiFeatures, MAX (n, 1));
  while (done < n && encode_unit (self, pixels, done, &units[done], answer, &known, error))
    done++;
  count_guided (self, pixels, answer, &known);
  if (self->encoded_values > 0)
    answer->saved_ms = known * self->encoded_ms / self->encoded_values;
  gboolean good = done == n && docai_core_assemble (self->core, self->run, pixels, units, n, out, error);
  for (int i = 0; i < n; i++)
    docai_features_clear (&units[i]);
  return good;
}

void
docai_model_count_savings (const DocaiModel *self, const DocaiPixels *pixels, DocaiModelAnswer *answer)
{
  answer->tokens_saved = pixels != NULL ? (int) docai_prompt_spared (self->prompter, pixels) : 0;
  int read = answer->prompt_tokens - answer->tokens_known;
  if (read > 0)
    answer->saved_ms += (answer->tokens_saved + answer->tokens_known) * answer->prompt_ms / read;
}
