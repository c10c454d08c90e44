/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * docai-worker(8): takes tasks until it is told to end or has done its number.
 */
#include <config.h>

#include "base/graph.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/spool.h"
#include "worker/worker.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

static WorkerOptions options;
static gboolean      show_version = FALSE;

static const GOptionEntry entries[] = {
  { "connect", 'C', 0, G_OPTION_ARG_STRING, &options.endpoint, "The daemon's endpoint for workers",
    "ENDPOINT" },
  { "stages", 'S', 0, G_OPTION_ARG_STRING, &options.stages, "Stages to serve (all)", "LIST" },
  { "spool", 0, 0, G_OPTION_ARG_FILENAME, &options.spool,
    "The daemon's spool; without it files travel as messages", "DIR" },
  { "config", 'c', 0, G_OPTION_ARG_FILENAME, &options.config_path, "Read this docai.conf", "FILE" },
  { "certificate", 0, 0, G_OPTION_ARG_FILENAME, &options.certificate,
    "CURVE certificate of this worker", "FILE" },
  { "server-certificate", 0, 0, G_OPTION_ARG_FILENAME, &options.server_certificate,
    "Public CURVE certificate of the daemon", "FILE" },
  { "version", 'V', 0, G_OPTION_ARG_NONE, &show_version, "Print the version and end", NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL }
};

static int
fail (const GError *error)
{
  fprintf (stderr, "docai-worker: %s\n", error->message);
  return error->domain == DOCAI_ERROR ? docai_error_exit_status (docai_error_code_of (error)) : 64;
}

/* A folder of the worker's own, where libraries may put what they need. */
static char *
make_scratch (GError **error)
{
  g_autofree char *own = g_strdup_printf ("worker-%d", (int) getpid ());
  char *dir = options.spool != NULL ? g_build_filename (options.spool, "scratch", own, NULL)
                                    : g_dir_make_tmp ("docai-worker-XXXXXX", NULL);

  if (dir != NULL && g_mkdir_with_parents (dir, 0700) == 0 && chdir (dir) == 0)
    {
      g_setenv ("TMPDIR", dir, TRUE);
      return dir;
    }
  docai_spool_set_errno (error, errno, "the worker's folder");
  g_free (dir);
  return NULL;
}

static void
drop_scratch (const char *scratch)
{
  if (chdir ("/") == 0)
    g_rmdir (scratch);
}

/* Whether a stage of this worker talks to a server by itself, or the daemon is on another host. */
static gboolean
needs_network (const DocaiConf *config)
{
  guint32 talking = docai_graph_bit ("vlm") | docai_graph_bit ("understand");
  const char *url = config->settings->vlm.url;
  return !g_str_has_prefix (options.endpoint, "ipc://")
         || ((options.stage_set & talking) != 0 && url != NULL && *url != '\0');
}

static void
loop (Link *link, Tasks *tasks, int recycle_tasks)
{
  int n_done = 0;
  const char *reason = NULL;

  while (reason == NULL)
    {
      g_autoptr (DocaiMessage) message = link_receive (link);
      if (message == NULL)
        return;
      if (message->kind == DOCAI_MSG_STOP)
        reason = "told to end";
      else if (message->kind == DOCAI_MSG_TASK)
        {
          DocaiMessage *answer = tasks_run (tasks, message);
          if (++n_done >= recycle_tasks)
            {
              reason = "replaced by a fresh one";
              json_object_set_new (answer->header, "leaving", json_true ());
            }
          link_send (link, answer);
        }
    }
  link_send (link, docai_message_pack (DOCAI_MSG_BYE, "{s:s}", "reason", reason));
}

static int
run (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DocaiConf) config = options.config_path != NULL
                                     ? docai_conf_load (options.config_path, &error)
                                     : docai_conf_new ();
  if (config == NULL)
    return fail (error);
  docai_log_init ("docai-worker", config->log_format, config->log_level);
  umask (0077);
  docai_memory_keep ();
  g_autofree char *scratch = make_scratch (&error);
  if (scratch == NULL)
    return fail (error);
  sandbox_limit (&config->settings->limits);
  g_autoptr (Link) link = link_new (&options, config, &error);
  if (link == NULL)
    {
      drop_scratch (scratch);
      return fail (error);
    }
  g_autoptr (Tasks) tasks = tasks_new (&options, config, scratch, link);
  if (config->sandbox && !sandbox_close (needs_network (config), &error))
    docai_warn (NULL, "%s", error->message);
  loop (link, tasks, config->recycle_tasks);
  g_clear_pointer (&tasks, tasks_free);
  g_clear_pointer (&link, link_free);
  drop_scratch (scratch);
  return 0;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- a docai worker");
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return fail (error);
  if (show_version)
    {
      puts ("docai-worker " PACKAGE_VERSION);
      return 0;
    }
  options.stage_set = docai_graph_parse (options.stages != NULL ? options.stages : "all");
  if (options.endpoint == NULL || options.stage_set == 0 || argc > 1)
    {
      fprintf (stderr, "docai-worker: %s\n",
               options.endpoint == NULL   ? "--connect is missing"
               : options.stage_set == 0 ? "--stages names a stage that is not known"
                                        : "too many arguments");
      return 64;
    }
  if (options.config_path == NULL && options.spool == NULL)
    options.config_path = docai_conf_find ();
  int status = run ();
  g_free (options.endpoint);
  g_free (options.stages);
  g_free (options.spool);
  g_free (options.config_path);
  g_free (options.certificate);
  g_free (options.server_certificate);
  return status;
}
