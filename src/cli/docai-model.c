/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * docai-model: looks at model folders, runs, checks, measures and quantises them.
 */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "model-check.h"

static int
fail_with (GError *error)
{
  fprintf (stderr, "docai-model: %s: %s\n", docai_error_name (docai_error_code_of (error)), error->message);
  int status = docai_error_exit_status (docai_error_code_of (error));
  g_error_free (error);
  return status;
}

static int
check_main (const char *dir)
{
  GError *error = NULL;
  json_t *report = NULL;
  gboolean pass = FALSE;
  if (!docai_model_check (dir, DOCAI_WEIGHTS_AS_STORED, 1, &report, &pass, &error))
    return fail_with (error);
  json_dumpf (report, stdout, JSON_INDENT (1) | JSON_REAL_PRECISION (4));
  putchar ('\n');
  json_decref (report);
  return pass ? 0 : 1;
}

int
main (int argc, char **argv)
{
  return argc == 3 && strcmp (argv[1], "check") == 0 ? check_main (argv[2]) : 64;
}
