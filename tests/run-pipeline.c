/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs the whole pipeline over files in this process, for stage tests and
 * measuring: run-pipeline [--set NAME=VALUE] [--xml] [--time] [-o DIR] FILE...
 * Without -o the result goes to standard output. A refused document gives a
 * result too, with status failed.
 */
#include "base/memory.h"
#include "document/json.h"
#include "document/xml.h"
#include "pipeline/pipeline.h"

#include <stdio.h>
#include <string.h>

static char   **settings_made = NULL;
static char    *output_dir = NULL;
static gboolean as_xml = FALSE;
static gboolean show_time = FALSE;
static char   **files = NULL;

static const GOptionEntry entries[] = {
  { "set", 's', 0, G_OPTION_ARG_FILENAME_ARRAY, &settings_made, "Set a job option", "NAME=VALUE" },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output_dir, "Write DIR/STEM.json", "DIR" },
  { "xml", 'x', 0, G_OPTION_ARG_NONE, &as_xml, "Write XML", NULL },
  { "time", 't', 0, G_OPTION_ARG_NONE, &show_time, "Tell seconds a file on standard error", NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, "FILE..." },
  { NULL, 0, 0, 0, NULL, NULL, NULL }
};

static gboolean
apply_settings (DocaiOptions *options, GError **error)
{
  for (char **s = settings_made; s != NULL && *s != NULL; s++)
    {
      g_auto (GStrv) pair = g_strsplit (*s, "=", 2);
      if (!docai_options_set (options, pair[0], pair[1] != NULL ? pair[1] : "", error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
put_result (const char *name, const DocaiDocument *document)
{
  gsize            length;
  g_autofree char *text = as_xml ? docai_document_to_xml (document, &length)
                                 : docai_document_to_json (document, FALSE, &length);
  if (output_dir == NULL)
    return fwrite (text, 1, length, stdout) == length;

  const char      *dot = strrchr (name, '.');
  gsize            stem = dot != NULL && dot != name ? (gsize) (dot - name) : strlen (name);
  g_autofree char *base = g_strdup_printf ("%.*s%s", (int) stem, name, as_xml ? ".xml" : ".json");
  g_autofree char *path = g_build_filename (output_dir, base, NULL);
  return g_file_set_contents (path, text, (gssize) length, NULL);
}

static gboolean
run_file (DocaiPipeline *pipeline, const DocaiOptions *options, const DocaiSettings *settings,
          const char *path)
{
  g_autofree char   *name = g_path_get_basename (path);
  DocaiCounts        counts = { 0 };
  DocaiTask          task = { path, name, options, settings, &counts };
  g_autoptr (GError) error = NULL;
  gint64             start = g_get_monotonic_time ();
  g_autoptr (DocaiDocument) document = docai_pipeline_run (pipeline, &task, &error);

  if (show_time)
    {
      g_autofree char *seen = docai_counts_any (&counts) ? docai_counts_to_text (&counts) : g_strdup ("");
      fprintf (stderr, "%.3f s  %s  %s\n", (double) (g_get_monotonic_time () - start) / 1e6, name, seen);
    }
  if (document == NULL)
    {
      const char *code = docai_error_name (docai_error_code_of (error));
      fprintf (stderr, "%s: %s: %s\n", name, code, error->message);
      document = docai_document_new_failed ("", name, 0, code, error->message);
    }
  return put_result (name, document);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError)         error = NULL;
  g_autoptr (DocaiOptions)   options = docai_options_new ();

  docai_memory_keep ();
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || !apply_settings (options, &error)
      || files == NULL)
    {
      fprintf (stderr, "%s\n", error != NULL ? error->message : "no files");
      return 64;
    }

  g_autoptr (DocaiSettings) settings = docai_settings_new ();
  g_autoptr (DocaiPipeline) pipeline = docai_pipeline_new (settings);
  gboolean                  ok = TRUE;
  for (char **file = files; *file != NULL; file++)
    ok = run_file (pipeline, options, settings, *file) && ok;
  return ok ? 0 : 74;
}
