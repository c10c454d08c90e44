/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Chat templates are Jinja templates. This interpreter knows the part of the language that
 * they use: text, {{ expressions }}, for, if, set, namespace, white space control
 * (trim_blocks and lstrip_blocks are on), string and list filters and methods.
 * Values are JSON. Steps, depth and output are bounded, since a template comes with a
 * model folder.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

/* Renders a template with the variables of an object (borrowed, not changed). The caller
 * frees the result. Errors: MODEL_UNSUPPORTED with the construct that is not known;
 * MODEL_INVALID for a template that is broken or raises an exception. */
char *docai_jinja_render (const char *source, json_t *variables, GError **error);
