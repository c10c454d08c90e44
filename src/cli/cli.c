/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What all command-line tools share.
 */
#include "config.h"

#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_USAGE 64
#define PASSWORD_MAX_BYTES 4096

static gboolean     show_version;
static volatile int caught_signal;
static int          signal_pipe[2] = { -1, -1 };

static const GOptionEntry entries[] = {
  { "version", 0, 0, G_OPTION_ARG_NONE, &show_version, "Show the version and exit", NULL },
  G_OPTION_ENTRY_NULL
};

int
cli_parse (GOptionContext *context, int *argc, char ***argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_path_get_basename ((*argv)[0]);
  g_set_prgname (name);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse_strv (context, argv, &error))
    return cli_usage ("%s", error->message);
  *argc = (int) g_strv_length (*argv);
  if (!show_version)
    return -1;
  printf ("%s %s\n", name, PACKAGE_VERSION);
  return fflush (stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

char *
cli_printable (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString         *out = g_string_new (NULL);
  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar     c = g_utf8_get_char (at);
      GUnicodeType type = g_unichar_type (c);
      if (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR
          || type == G_UNICODE_PARAGRAPH_SEPARATOR)
        g_string_append_printf (out, c < 0x100 ? "\\x%02x" : "\\u%04x", c);
      else
        g_string_append_unichar (out, c);
    }
  return g_string_free (out, FALSE);
}

static void
say (const char *text)
{
  g_autofree char *shown = cli_printable (text);
  fprintf (stderr, "%s: %s\n", g_get_prgname (), shown);
}

void
cli_say (const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  say (text);
}

int
cli_fail (const char *subject, const GError *error)
{
  DocaiErrorCode code = docai_error_code_of (error);
  cli_say ("%s%s%s (%s)", subject != NULL ? subject : "", subject != NULL ? ": " : "",
           error->message, docai_error_name (code));
  return docai_error_exit_status (code);
}

int
cli_usage (const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  say (text);
  fprintf (stderr, "Try '%s --help'.\n", g_get_prgname ());
  return EXIT_USAGE;
}

char *
cli_read_text (const char *path, gsize limit, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *text = NULL;
  gsize            length = 0;
  if (!g_file_get_contents (path, &text, &length, &cause))
    {
      g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_FILE_NOT_READABLE, cause->message);
      return NULL;
    }
  if (length > limit || strlen (text) != length)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION,
                   "%s is no text of at most %" G_GSIZE_FORMAT " bytes", path, limit);
      return NULL;
    }
  return g_steal_pointer (&text);
}

char *
cli_read_password (const char *path, GError **error)
{
  char *text = cli_read_text (path, PASSWORD_MAX_BYTES, error);
  if (text != NULL)
    text[strcspn (text, "\r\n")] = '\0';
  return text;
}

static void
note_signal (int number)
{
  int saved = errno;
  caught_signal = number;
  (void) !write (signal_pipe[1], "", 1);
  errno = saved;
}

int
cli_catch_signals (void)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
  if (pipe2 (signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
    return -1;
  struct sigaction action = { .sa_handler = note_signal, .sa_flags = (int) SA_RESETHAND };
  sigemptyset (&action.sa_mask);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      struct sigaction old;
      /* What the caller ignores, nohup for one, stays ignored. */
      if (sigaction (signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
        sigaction (signals[i], &action, NULL);
    }
  return signal_pipe[0];
}

int
cli_signal (void)
{
  return caught_signal;
}

void
cli_die_of_signal (void)
{
  signal (caught_signal, SIG_DFL);
  raise (caught_signal);
  _exit (128 + caught_signal);
}
