/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The options of a job as command-line options, shared by docai-submit and
 * docai-watch.
 */
#pragma once

#include "base/options.h"

/* Adds the entries to the context. Their values are kept in this file. */
void job_options_add (GOptionContext *context);

/* What the user set, as the JSON object that travels with a job (new reference);
 * BAD_OPTION or FILE_NOT_READABLE. The password is taken from --password, from
 * --password-file, else from DOCAI_PASSWORD in the environment, which is then
 * cleared so that no child inherits it. */
json_t *job_options_read (GError **error);

/* Overwrites the password in the argument list, which every user of the machine
 * can read. Call it with main's own argv, after parsing a copy. */
void job_options_hide_password (char **argv);
