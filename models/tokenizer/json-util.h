/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Short ways to read the JSON files of a model folder; wrong types read as absent.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (json_t, json_decref)

/* A file of at most max_bytes, parsed; nested deeper than jansson's own bound is an error.
 * Errors: MODEL_MISSING (not there), MODEL_INVALID. */
json_t     *docai_json_load_file (const char *dir, const char *name, gsize max_bytes,
                                  GError **error);
json_t     *docai_json_parse     (const char *what, const char *text, gsize length,
                                  GError **error);

const char *docai_json_string (const json_t *object, const char *key, const char *fallback);
gboolean    docai_json_bool   (const json_t *object, const char *key, gboolean fallback);
gint64      docai_json_int    (const json_t *object, const char *key, gint64 fallback);
double      docai_json_number (const json_t *object, const char *key, double fallback);

/* Reads a normalizer, pre-tokenizer or decoder of tokenizer.json, which is one step or a
 * "Sequence" whose member `list_key` holds more of them: calls read_step for each step in order,
 * which adds to steps. `what` names the thing in messages ("a decoder"). At most 64 steps, nested
 * 8 deep. Errors: MODEL_INVALID, and those of read_step. */
typedef gboolean (*DocaiJsonReadStep) (GPtrArray *steps, const json_t *json, const char *type,
                                       GError **error);
gboolean    docai_json_read_steps (GPtrArray *steps, const json_t *json, const char *what,
                                   const char *list_key, DocaiJsonReadStep read_step,
                                   GError **error);
