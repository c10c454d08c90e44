/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * docaid(8): options, places, and the daemon.
 */
#include <config.h>

#include "base/places.h"
#include "docaid/daemon.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static DaemonOptions options = { .workers = -1, .ready_fd = -1 };
static gboolean      print_config = FALSE;
static gboolean      print_protocol = FALSE;
static gboolean      show_version = FALSE;

static const GOptionEntry entries[] = {
  { "config", 'c', 0, G_OPTION_ARG_FILENAME, &options.config_path, "Read this docai.conf", "FILE" },
  { "runtime-dir", 'r', 0, G_OPTION_ARG_FILENAME, &options.runtime_dir,
    "Put the sockets there", "DIR" },
  { "state-dir", 's', 0, G_OPTION_ARG_FILENAME, &options.state_dir,
    "Put store and spool there", "DIR" },
  { "workers", 'w', 0, G_OPTION_ARG_INT, &options.workers, "Start so many workers", "N" },
  { "worker-program", 0, 0, G_OPTION_ARG_FILENAME, &options.worker_program,
    "Start this program as worker", "FILE" },
  { "private", 0, 0, G_OPTION_ARG_NONE, &options.is_private,
    "End with the process that started it, or on a client's request", NULL },
  { "ready-fd", 0, 0, G_OPTION_ARG_INT, &options.ready_fd,
    "Write a newline to this descriptor when requests are taken", "FD" },
  { "print-config", 0, 0, G_OPTION_ARG_NONE, &print_config, "Print the configuration and end",
    NULL },
  { "print-protocol", 0, 0, G_OPTION_ARG_NONE, &print_protocol,
    "Print the table of messages and end", NULL },
  { "version", 'V', 0, G_OPTION_ARG_NONE, &show_version, "Print the version and end", NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL }
};

static int
fail (const GError *error)
{
  fprintf (stderr, "docaid: %s\n", error->message);
  return error->domain == DOCAI_ERROR ? docai_error_exit_status (docai_error_code_of (error)) : 64;
}

/* The worker lies beside the daemon, or in the folder next to it in a build tree. */
static char *
find_worker (void)
{
  static const char *const places[] = { "docai-worker", "../worker/docai-worker",
                                        "../libexec/docai/docai-worker" };
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *dir = g_path_get_dirname (self != NULL ? self : ".");

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (dir, places[i], NULL);
      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&path);
    }
  return g_strdup (SBINDIR "/docai-worker");
}

static int
print_the_conf (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DocaiConf) config = options.config_path != NULL
                                     ? docai_conf_load (options.config_path, &error)
                                     : docai_conf_new ();
  if (config == NULL)
    return fail (error);
  g_autofree char *text = docai_conf_print (config);
  fputs (text, stdout);
  return 0;
}

static int
print_the_protocol (void)
{
  g_autofree char *text = docai_wire_describe ();
  fputs (text, stdout);
  return 0;
}

static int
run (void)
{
  g_autoptr (GError) error = NULL;

  if (options.is_private)
    prctl (PR_SET_PDEATHSIG, SIGTERM);
  /* The log needs its writer for what daemon_new says before it has read the file. */
  docai_log_init ("docaid", "text", "info");
  umask (0077);
  if (options.runtime_dir == NULL)
    options.runtime_dir = docai_runtime_dir ();
  if (options.worker_program == NULL)
    options.worker_program = find_worker ();
  g_autoptr (Daemon) daemon = daemon_new (&options, &error);
  if (daemon == NULL)
    return fail (error);
  return daemon_run (daemon);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- the docai daemon");
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return fail (error);
  if (argc > 1)
    {
      fprintf (stderr, "docaid: there is no argument %s\n", argv[1]);
      return 64;
    }
  if (show_version)
    {
      puts ("docaid " PACKAGE_VERSION);
      return 0;
    }
  if (options.config_path == NULL)
    options.config_path = docai_conf_find ();
  int status = print_config     ? print_the_conf ()
               : print_protocol ? print_the_protocol ()
                                : run ();
  g_free (options.config_path);
  g_free (options.runtime_dir);
  g_free (options.state_dir);
  g_free (options.worker_program);
  return status;
}
