/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finding the family of a folder, and the steps that most of them share.
 */
#include "models/families/family.h"

#include <string.h>

#include "base/error.h"

static const DocaiFamily *const families[] = {
  &docai_family_idefics3, &docai_family_smolvlm, &docai_family_llava, &docai_family_llava_next, &docai_family_internvl,
  &docai_family_qwen2_vl, &docai_family_qwen2_5_vl, &docai_family_clip, &docai_family_siglip,
  &docai_family_blip2, &docai_family_idefics2, &docai_family_donut, &docai_family_pix2struct, &docai_family_kosmos2,
  &docai_family_grounding_dino,
};

gboolean
docai_features_init (DocaiFeatures *self, int rows, int width, GError **error)
{
  *self = (DocaiFeatures) { .rows = rows, .width = width };
  self->values = g_try_malloc0 (MAX (1, (gsize) rows * (gsize) width) * sizeof (float));
  if (self->values == NULL)
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MEMORY_LIMIT, "no memory for %d rows of features", rows);
  return self->values != NULL;
}

void
docai_features_clear (DocaiFeatures *self)
{
  g_clear_pointer (&self->values, g_free);
}

/* Layouts of families that we have whose tensors or towers are others: what to take instead, if anything. */
static const struct {
  const char *model_type, *hint;
} relatives[] = {
  { "internvl_chat", "InternVL with code of its own; take the same model's folder whose name ends in \"-hf\" (\"model_type\" internvl)" },
  { "llava_llama", "LLaVA with code of its own; take the folder of llava-hf (\"model_type\" llava)" },
  { "llava_mistral", "LLaVA with code of its own; take the folder of llava-hf (\"model_type\" llava_next)" },
  { "siglip2", "SigLIP 2 with images of any size (NaFlex); take one of a fixed size (\"model_type\" siglip)" },
  { "qwen3_vl", "Qwen3-VL, whose tower hands features to several text layers; take Qwen2.5-VL" },
  { "instructblip", "InstructBLIP, whose Q-Former reads the prompt; take BLIP-2 with OPT" },
};

static void
refuse_type (DocaiModelConfig *config, const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (relatives); i++)
    if (strcmp (type, relatives[i].model_type) == 0)
      docai_model_config_unsupported (config, "%s", relatives[i].hint);
  docai_model_config_unsupported (config, "models of the type \"%s\" (\"model_type\" in config.json)", type);
}

static const DocaiFamily *
find_family (DocaiModelConfig *config)
{
  const char *type = docai_model_config_string (config, NULL, "model_type", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (g_strcmp0 (type, families[i]->model_type) == 0)
      return families[i];
  if (type == NULL)
    docai_model_config_invalid (config, "config.json names no \"model_type\"");
  else
    refuse_type (config, type);
  return NULL;
}

/* Weights that were quantised by somebody else have other tensors than we look for. */
static void
check_storage (DocaiModelConfig *config)
{
  json_t *quantization = json_object_get (config->root, "quantization_config");
  if (json_is_object (quantization))
    docai_model_config_unsupported (config, "weights quantised by \"%s\" (\"quantization_config\"); take the model's original weights",
                              docai_model_config_string (config, quantization, "quant_method", "another program"));
}

DocaiCore *
docai_core_new (const char *dir, GError **error)
{
  g_autoptr (DocaiModelConfig) config = docai_model_config_load (dir, "config.json", error);
  if (config == NULL)
    return NULL;
  g_autoptr (DocaiCore) self = g_new0 (DocaiCore, 1);
  self->image_token = -1;
  self->projector.shuffle = 1;
  self->decoder.embedding_scale = 1.0f;
  self->family = find_family (config);
  if (self->family != NULL)
    {
      check_storage (config);
      self->family->configure (self, config);
    }
  self->text_type = NULL;
  if (!docai_model_config_finish (config, error))
    {
      g_prefix_error (error, "%s: ", dir);
      return NULL;
    }
  return g_steal_pointer (&self);
}

gboolean
docai_core_load (DocaiCore *self, const char *dir, DocaiWeightKind kind, GError **error)
{
  self->weights = docai_weights_open (dir, kind, error);
  if (self->weights == NULL)
    return FALSE;
  self->family->load (self, self->weights);
  if (docai_weights_finish (self->weights, error))
    return TRUE;
  g_prefix_error (error, "%s: ", dir);
  return FALSE;
}

DocaiCore *
docai_core_open (const char *dir, DocaiWeightKind kind, GError **error)
{
  g_autoptr (DocaiCore) self = docai_core_new (dir, error);
  return self != NULL && docai_core_load (self, dir, kind, error) ? g_steal_pointer (&self) : NULL;
}

void
docai_core_free (DocaiCore *self)
{
  if (self == NULL)
    return;
  if (self->own_free != NULL)
    self->own_free (self->own);
  g_free (self->tower.blocks);
  g_free (self->decoder.blocks);
  g_free (self->text.blocks);
  docai_weights_free (self->weights);
  g_free (self);
}

static void
free_units (DocaiFeatures *units, int n)
{
  for (int i = 0; i < n; i++)
    docai_features_clear (&units[i]);
  g_free (units);
}

static gboolean
concatenate (const DocaiFeatures *units, int n, DocaiFeatures *out, GError **error)
{
  gint64 rows = 0;
  int width = n > 0 ? units[0].width : 0;
  for (int i = 0; i < n; i++)
    rows += units[i].rows;
  if (!docai_features_init (out, (int) MIN (rows, G_MAXINT), width, error))
    return FALSE;
  float *to = out->values;
  for (int i = 0; i < n; i++)
    {
      gsize count = (gsize) units[i].rows * (gsize) width;
      memcpy (to, units[i].values, count * sizeof (float));
      to += count;
    }
  return TRUE;
}

/* Features are rows of the decoder; only Pix2Struct's are as wide as its tower. */
int
docai_core_feature_width (const DocaiCore *self)
{
  return self->cross && self->text_shape.memory_width > 0 ? self->text_shape.memory_width : self->decoder.width;
}

gboolean
docai_core_assemble (const DocaiCore *self, DocaiRun *run, const DocaiPixels *pixels, const DocaiFeatures *units, int n, DocaiFeatures *out, GError **error)
{
  gboolean good = self->family->assemble != NULL ? self->family->assemble (self, pixels, units, n, out, error)
                                                 : concatenate (units, n, out, error);
  if (good)
    docai_run_trace (run, "image_features", out->values, (gsize) out->rows * (gsize) out->width);
  return good;
}

gboolean
docai_core_encode (const DocaiCore *self, DocaiRun *run, const DocaiPixels *pixels, DocaiFeatures *out, GError **error)
{
  int n = self->family->count_units (self, pixels), done = 0;
  DocaiFeatures *units = g_new0 (DocaiFeatures, MAX (n, 1));
  while (done < n && self->family->encode_unit (self, run, pixels, done, &units[done], error))
    done++;
  gboolean good = done == n && docai_core_assemble (self, run, pixels, units, n, out, error);
  free_units (units, n);
  return good;
}
