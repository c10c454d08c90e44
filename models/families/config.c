/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading a model's configuration.
 */
#include "models/families/config.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

DocaiModelConfig *
docai_model_config_load (const char *dir, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  json_error_t where;
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_MISSING, "%s is not there", path);
      return NULL;
    }
  json_t *root = json_load_file (path, 0, &where);
  if (!json_is_object (root))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "%s: %s", path, root == NULL ? where.text : "not an object");
      json_decref (root);
      return NULL;
    }
  DocaiModelConfig *self = g_new0 (DocaiModelConfig, 1);
  self->root = root;
  return self;
}

void
docai_model_config_free (DocaiModelConfig *self)
{
  if (self == NULL)
    return;
  json_decref (self->root);
  g_clear_error (&self->error);
  g_free (self);
}

static void
note (DocaiModelConfig *self, DocaiErrorCode code, const char *format, va_list args)
{
  if (self->error == NULL)
    self->error = g_error_new_valist (DOCAI_ERROR, code, format, args);
}

void
docai_model_config_unsupported (DocaiModelConfig *self, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  note (self, DOCAI_ERROR_MODEL_UNSUPPORTED, format, args);
  va_end (args);
}

void
docai_model_config_invalid (DocaiModelConfig *self, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  note (self, DOCAI_ERROR_MODEL_INVALID, format, args);
  va_end (args);
}

static json_t *
lookup (DocaiModelConfig *self, json_t *node, const char *key)
{
  json_t *value = json_object_get (node != NULL ? node : self->root, key);
  return json_is_null (value) ? NULL : value;
}

gboolean
docai_model_config_is_null (const json_t *node, const char *key)
{
  return json_is_null (json_object_get (node, key));
}

json_t *
docai_model_config_section (DocaiModelConfig *self, json_t *node, const char *key)
{
  json_t *section = lookup (self, node, key);
  if (!json_is_object (section))
    {
      docai_model_config_invalid (self, "config.json: \"%s\" is not there", key);
      return self->root;
    }
  return section;
}

static int
checked (DocaiModelConfig *self, const char *key, const json_t *value, int min, int max)
{
  gint64 n = json_is_integer (value) ? json_integer_value (value) : G_MININT64;
  if (n < min || n > max)
    {
      docai_model_config_invalid (self, "config.json: \"%s\" is not a number from %d to %d", key, min, max);
      return CLAMP (1, min, max);
    }
  return (int) n;
}

int
docai_model_config_int (DocaiModelConfig *self, json_t *node, const char *key, gint64 fallback, int min, int max)
{
  const json_t *value = lookup (self, node, key);
  if (value == NULL && fallback != DOCAI_MODEL_CONFIG_REQUIRED)
    return (int) fallback;
  return checked (self, key, value, min, max);
}

int
docai_model_config_side (DocaiModelConfig *self, json_t *node, const char *key, int index, int min, int max)
{
  const json_t *value = lookup (self, node, key);
  if (json_is_array (value))
    value = json_array_get (value, (size_t) index);
  return checked (self, key, value, min, max);
}

double
docai_model_config_double (DocaiModelConfig *self, json_t *node, const char *key, double fallback)
{
  const json_t *value = lookup (self, node, key);
  if (value == NULL)
    return fallback;
  if (!json_is_number (value) || !isfinite (json_number_value (value)))
    {
      docai_model_config_invalid (self, "config.json: \"%s\" is not a number", key);
      return fallback;
    }
  return json_number_value (value);
}

gboolean
docai_model_config_bool (DocaiModelConfig *self, json_t *node, const char *key, gboolean fallback)
{
  const json_t *value = lookup (self, node, key);
  if (value != NULL && !json_is_boolean (value))
    docai_model_config_invalid (self, "config.json: \"%s\" is neither true nor false", key);
  return json_is_boolean (value) ? json_is_true (value) : fallback;
}

const char *
docai_model_config_string (DocaiModelConfig *self, json_t *node, const char *key, const char *fallback)
{
  const json_t *value = lookup (self, node, key);
  if (value != NULL && !json_is_string (value))
    docai_model_config_invalid (self, "config.json: \"%s\" is not a string", key);
  return json_is_string (value) ? json_string_value (value) : fallback;
}

DocaiActivation
docai_model_config_activation (DocaiModelConfig *self, json_t *node, const char *key, const char *fallback)
{
  static const struct {
    const char     *name;
    DocaiActivation act;
  } known[] = {
    { "gelu", DOCAI_ACT_GELU },           { "gelu_new", DOCAI_ACT_GELU_TANH },     { "gelu_pytorch_tanh", DOCAI_ACT_GELU_TANH },
    { "gelu_fast", DOCAI_ACT_GELU_TANH }, { "quick_gelu", DOCAI_ACT_QUICK_GELU },  { "silu", DOCAI_ACT_SILU },
    { "swish", DOCAI_ACT_SILU },          { "relu", DOCAI_ACT_RELU },              { "linear", DOCAI_ACT_NONE },
  };
  const char *name = docai_model_config_string (self, node, key, fallback);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_strcmp0 (name, known[i].name) == 0)
      return known[i].act;
  docai_model_config_unsupported (self, "the activation \"%s\" (\"%s\")", name != NULL ? name : "", key);
  return DOCAI_ACT_NONE;
}

int
docai_model_config_head_dim (DocaiModelConfig *self, int width, int heads)
{
  if (heads < 1 || width % heads != 0)
    {
      docai_model_config_invalid (self, "config.json: %d heads do not divide a width of %d", heads, width);
      return 1;
    }
  return width / heads;
}

/* Frequencies of M-RoPE must add up to those of a head. */
static void
read_sections (DocaiModelConfig *self, json_t *list, DocaiRope *rope)
{
  int sum = 0;
  for (int i = 0; i < 3; i++)
    {
      rope->sections[i] = checked (self, "mrope_section", json_array_get (list, (size_t) i), 0, 4096);
      sum += rope->sections[i];
    }
  if (json_array_size (list) != 3 || sum != rope->head_dim / 2)
    docai_model_config_invalid (self, "config.json: \"mrope_section\" does not fit heads of %d", rope->head_dim);
}

static double
yarn_magnitude (double factor, double scale)
{
  return factor <= 1 ? 1 : 0.1 * scale * log (factor) + 1;
}

static void
read_yarn (DocaiModelConfig *self, json_t *scaling, DocaiRope *rope)
{
  double scale = docai_model_config_double (self, scaling, "mscale", 0), all = docai_model_config_double (self, scaling, "mscale_all_dim", 0);
  double known = scale != 0 && all != 0 ? yarn_magnitude (rope->factor, scale) / yarn_magnitude (rope->factor, all) : yarn_magnitude (rope->factor, 1);
  rope->scaling = DOCAI_ROPE_YARN;
  rope->magnitude = docai_model_config_double (self, scaling, "attention_factor", known);
  rope->fast_turns = docai_model_config_double (self, scaling, "beta_fast", 32);
  rope->slow_turns = docai_model_config_double (self, scaling, "beta_slow", 1);
  rope->whole = docai_model_config_bool (self, scaling, "truncate", TRUE);
  if (rope->fast_turns <= 0 || rope->slow_turns <= 0 || rope->theta <= 1)
    docai_model_config_invalid (self, "config.json: the factors of \"rope_scaling\" make no sense");
}

void
docai_model_config_rope (DocaiModelConfig *self, json_t *text, int head_dim, double theta, DocaiRope *rope)
{
  json_t *newer = lookup (self, text, "rope_parameters"), *older = lookup (self, text, "rope_scaling");
  json_t *scaling = newer != NULL ? newer : older;
  *rope = (DocaiRope) { .head_dim = head_dim, .factor = 1 };
  rope->theta = docai_model_config_double (self, text, "rope_theta", theta);
  if (head_dim % 2 != 0 || rope->theta <= 0)
    docai_model_config_invalid (self, "config.json: no rotation for heads of %d", head_dim);
  if (scaling == NULL)
    return;
  rope->theta = docai_model_config_double (self, scaling, "rope_theta", rope->theta);
  const char *kind = docai_model_config_string (self, scaling, "rope_type", docai_model_config_string (self, scaling, "type", "default"));
  json_t *sections = lookup (self, scaling, "mrope_section");
  if (sections != NULL)
    read_sections (self, sections, rope);
  /* The dynamic kind stretches the angles only behind max_position_embeddings, where no sequence of ours goes. */
  if (strcmp (kind, "default") == 0 || strcmp (kind, "mrope") == 0 || strcmp (kind, "dynamic") == 0)
    return;
  rope->factor = docai_model_config_double (self, scaling, "factor", 1.0);
  rope->low_factor = docai_model_config_double (self, scaling, "low_freq_factor", 1.0);
  rope->high_factor = docai_model_config_double (self, scaling, "high_freq_factor", 4.0);
  rope->original_length = docai_model_config_int (self, scaling, "original_max_position_embeddings",
                                                  strcmp (kind, "yarn") == 0 ? docai_model_config_int (self, text, "max_position_embeddings", 8192, 1, G_MAXINT) : 8192,
                                                  1, G_MAXINT);
  if (rope->factor < 1 || rope->high_factor <= rope->low_factor)
    docai_model_config_invalid (self, "config.json: the factors of \"rope_scaling\" make no sense");
  if (strcmp (kind, "linear") == 0)
    rope->scaling = DOCAI_ROPE_LINEAR;
  else if (strcmp (kind, "llama3") == 0)
    rope->scaling = DOCAI_ROPE_LLAMA3;
  else if (strcmp (kind, "yarn") == 0)
    read_yarn (self, scaling, rope);
  else
    docai_model_config_unsupported (self, "rotary embeddings of the kind \"%s\"", kind);
}

gboolean
docai_model_config_finish (DocaiModelConfig *self, GError **error)
{
  if (self->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}
