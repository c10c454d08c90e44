/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the statements and the expressions of templates share.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "models/tokenizer/json-util.h"

#define JINJA_MAX_STEPS 200000
#define JINJA_MAX_DEPTH 64
#define JINJA_MAX_OUTPUT ((gsize) 4 << 20)

typedef struct {
  json_t  *scope;  /* object: variables by name */
  guint    steps;
  guint    depth;
  GString *output;
} JinjaState;

/* Evaluates the expression text[0..length). A new reference, or NULL with an error.
 * An undefined value is JSON null marked by jinja_undefined. */
json_t  *jinja_evaluate (JinjaState *state, const char *text, gsize length, GError **error);

/* Splits "target in list" and "name = value" off: the position of a word or character
 * outside brackets and strings, or -1. */
gssize   jinja_find_word (const char *text, gsize length, const char *word);

gboolean jinja_truth    (const json_t *value);
/* Appends a value as str() writes it. */
void     jinja_to_text  (const json_t *value, GString *out);
/* The one value that stands for "not defined" (a unique object; borrowed). */
json_t  *jinja_undefined (void);
/* Counts a step; FALSE with an error when there were too many. */
gboolean jinja_step     (JinjaState *state, GError **error);

/* ---- values; results are new references, NULL with an error ---------------------------- */

/* value[key] or value.key; undefined where there is none. */
json_t  *jinja_item     (const json_t *value, const json_t *key);
/* a op b for + - ~ * / %. */
json_t  *jinja_combine  (char op, const json_t *a, const json_t *b, GError **error);
/* value in list. */
gboolean jinja_contains (const json_t *list, const json_t *value);
/* Below, at or above 0 as strcmp says it. */
int      jinja_compare  (const json_t *a, const json_t *b);
/* value | name (arguments), and methods of the same meaning. */
json_t  *jinja_apply    (const char *name, json_t *value, const json_t *arguments, GError **error);
/* A global function. */
json_t  *jinja_call     (const char *name, const json_t *arguments, json_t *named, GError **error);
/* value is name. FALSE with an error when there is no such test. */
gboolean jinja_test     (const char *name, const json_t *value, gboolean *result, GError **error);
