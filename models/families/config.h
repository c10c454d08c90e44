/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading a model's configuration. The first trouble is kept, later values are then
 * harmless defaults: a family reads all it wants and asks once.
 */
#pragma once

#include <jansson.h>

#include "models/runtime/kernels.h"
#include "models/runtime/norm.h"
#include "models/runtime/rope.h"

/* For `fallback`: the key must be there. */
#define DOCAI_MODEL_CONFIG_REQUIRED G_MININT64

typedef struct {
  json_t *root;  /* config.json */
  GError *error; /* the first trouble, or NULL */
} DocaiModelConfig;

/* Reads dir/NAME. Errors: MODEL_MISSING, MODEL_INVALID. Free with docai_model_config_free. */
DocaiModelConfig *docai_model_config_load (const char *dir, const char *name, GError **error);
void         docai_model_config_free (DocaiModelConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiModelConfig, docai_model_config_free)

/* Notes a trouble: MODEL_UNSUPPORTED, MODEL_INVALID. */
void docai_model_config_unsupported (DocaiModelConfig *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void docai_model_config_invalid     (DocaiModelConfig *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* An object below `node` (NULL: the root); an empty one, and a trouble, when it is lacking. */
json_t *docai_model_config_section (DocaiModelConfig *self, json_t *node, const char *key);

/* Values of a key; absent and null mean `fallback`. Numbers outside min ... max are a trouble. */
int         docai_model_config_int    (DocaiModelConfig *self, json_t *node, const char *key, gint64 fallback, int min, int max);
double      docai_model_config_double (DocaiModelConfig *self, json_t *node, const char *key, double fallback);
gboolean    docai_model_config_bool   (DocaiModelConfig *self, json_t *node, const char *key, gboolean fallback);
const char *docai_model_config_string (DocaiModelConfig *self, json_t *node, const char *key, const char *fallback);

/* A number, or the first (index 0) or second (1) of a list of two. */
int docai_model_config_side (DocaiModelConfig *self, json_t *node, const char *key, int index, int min, int max);

/* An activation by its name; names that we lack are unsupported. */
DocaiActivation docai_model_config_activation (DocaiModelConfig *self, json_t *node, const char *key, const char *fallback);

/* Heads that divide the width: hidden_size / heads, checked. */
int docai_model_config_head_dim (DocaiModelConfig *self, int width, int heads);

/* Rotary embedding of a text configuration in its older (rope_theta, rope_scaling) and newer
 * spelling (rope_parameters). `theta` holds where neither names one. */
void docai_model_config_rope (DocaiModelConfig *self, json_t *text, int head_dim, double theta, DocaiRope *rope);

/* Whether a key is there and null, which is not the same as lacking where the class's default is a value. */
gboolean docai_model_config_is_null (const json_t *node, const char *key);

/* Hands the first trouble over; FALSE when there was one. */
gboolean docai_model_config_finish (DocaiModelConfig *self, GError **error);
