/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Starting and ending a private daemon. It lives in a folder of its own that is
 * removed with it, and dies with this process whatever happens to it.
 */
#include "config.h"

#include "cli/session.h"

#include "base/error.h"
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOCKET_NAME "client.sock"
#define LOG_NAME "docaid.log"
#define START_MS 30000
#define END_MS 10000
#define FOLDER_MAX 80 /* what leaves room for the socket's name in sun_path */

struct Session {
  DocaiClient *client;
  char        *folder; /* of the private daemon; NULL: none */
  pid_t        pid;    /* of the private daemon; 0: none */
  int          pid_fd;
};

DocaiClient *
session_client (const Session *session)
{
  return session->client;
}

gboolean
session_is_private (const Session *session)
{
  return session->folder != NULL;
}

/* ---- finding and starting ----------------------------------------------- */

/* The daemon that belongs to this program: installed beside it, or built with it. */
static char *
find_daemon (void)
{
  static const char *const places[] = { "../sbin/docaid", "../docaid/docaid", "docaid" };
  const char      *named = g_getenv ("DOCAI_DOCAID");
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  if (named != NULL && named[0] != '\0')
    return g_strdup (named);
  g_autofree char *folder = g_path_get_dirname (self != NULL ? self : "");
  for (guint i = 0; self != NULL && i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (folder, places[i], NULL);
      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&path);
    }
  return g_find_program_in_path ("docaid");
}

static char *
make_folder (GError **error)
{
  const char      *parent = strlen (g_get_tmp_dir ()) < FOLDER_MAX ? g_get_tmp_dir () : "/tmp";
  g_autofree char *folder = g_build_filename (parent, "docai-XXXXXX", NULL);
  if (g_mkdtemp_full (folder, 0700) != NULL)
    return g_steal_pointer (&folder);
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_CANNOT_WRITE, "%s: %s", parent, g_strerror (errno));
  return NULL;
}

/* Runs in the child: end with the parent; no signals from its terminal, since
 * the parent cancels its jobs first and ends us then. */
static void
prepare_child (gpointer parent)
{
  (void) setpgid (0, 0);
  (void) prctl (PR_SET_PDEATHSIG, SIGTERM);
  if (getppid () != (pid_t) GPOINTER_TO_INT (parent))
    _exit (1);
}

/* Starts the daemon; it writes to `ready` when it takes requests. */
static gboolean
spawn_daemon (Session *session, const char *program, int ready, GError **error)
{
  static const int child_ready = 3;
  g_autoptr (GError) cause = NULL;
  g_autofree char *log_path = g_build_filename (session->folder, LOG_NAME, NULL);
  g_autofree char *state = g_build_filename (session->folder, "state", NULL);
  g_autofree char *ready_text = g_strdup_printf ("%d", child_ready);
  const char      *argv[] = { program, "--private", "--runtime-dir", session->folder, "--state-dir", state,
                              "--ready-fd", ready_text, NULL };
  int              log = g_open (log_path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  int              null = g_open ("/dev/null", O_RDONLY | O_CLOEXEC);
  GPid             pid = 0;
  gboolean         ok = g_spawn_async_with_pipes_and_fds (
    NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, prepare_child, GINT_TO_POINTER ((int) getpid ()), null,
    log, log, &ready, &child_ready, 1, &pid, NULL, NULL, NULL, &cause);
  if (log >= 0)
    close (log);
  if (null >= 0)
    close (null);
  if (!ok)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_NO_DAEMON, "%s", cause->message);
      return FALSE;
    }
  session->pid = pid;
  session->pid_fd = (int) syscall (SYS_pidfd_open, pid, 0);
  return TRUE;
}

/* What the daemon said last, to explain why it ended. */
static char *
last_words (const Session *session)
{
  g_autofree char *path = g_build_filename (session->folder, LOG_NAME, NULL);
  g_autofree char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return g_strdup ("");
  g_strchomp (text);
  const char *line = strrchr (text, '\n');
  return g_strdup (line != NULL ? line + 1 : text);
}

/* Waits until the daemon says that it is ready, and connects. */
static gboolean
await_daemon (Session *session, int ready, GError **error)
{
  g_autofree char *endpoint = g_strdup_printf ("ipc://%s/" SOCKET_NAME, session->folder);
  struct pollfd    fd = { ready, POLLIN, 0 };
  char             newline;
  int              n;
  do
    n = poll (&fd, 1, START_MS);
  while (n < 0 && errno == EINTR && cli_signal () == 0);
  if (n == 1 && read (ready, &newline, 1) == 1)
    {
      session->client = docai_client_new (endpoint, error);
      return session->client != NULL;
    }
  g_autofree char *words = last_words (session);
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_NO_DAEMON, "the private daemon did not start: %s",
               words[0] != '\0' ? words : "it said nothing");
  return FALSE;
}

static gboolean
start_private (Session *session, GError **error)
{
  int              ready[2];
  g_autofree char *program = find_daemon ();
  if (program == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_NO_DAEMON, "no daemon answers, and the program docaid was not found");
      return FALSE;
    }
  session->folder = make_folder (error);
  if (session->folder == NULL)
    return FALSE;
  if (pipe2 (ready, O_CLOEXEC) != 0)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_INTERNAL, "pipe: %s", g_strerror (errno));
      return FALSE;
    }
  gboolean ok = spawn_daemon (session, program, ready[1], error);
  close (ready[1]);
  ok = ok && await_daemon (session, ready[0], error);
  close (ready[0]);
  return ok;
}

Session *
session_open (const char *endpoint, gboolean may_start, GError **error)
{
  const char *environment = g_getenv ("DOCAI_ENDPOINT");
  gboolean    named = endpoint != NULL || (environment != NULL && environment[0] != '\0');
  g_autoptr (GError) cause = NULL;
  g_autoptr (Session) session = g_new0 (Session, 1);
  session->pid_fd = -1;
  session->client = docai_client_new (endpoint, &cause);
  if (session->client != NULL)
    return g_steal_pointer (&session);
  if (named || !may_start || !g_error_matches (cause, DOCAI_ERROR, DOCAI_ERROR_NO_DAEMON))
    g_propagate_error (error, g_steal_pointer (&cause));
  else if (start_private (session, error))
    return g_steal_pointer (&session);
  return NULL;
}

/* ---- ending ------------------------------------------------------------- */

/* Waits for the child; FALSE when it is still there after the time. */
static gboolean
await_end (Session *session, int timeout_ms)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  for (;;)
    {
      if (waitpid (session->pid, NULL, WNOHANG) != 0)
        return TRUE;
      gint64 left_ms = (deadline - g_get_monotonic_time ()) / 1000;
      if (left_ms <= 0)
        return FALSE;
      struct pollfd fd = { session->pid_fd, POLLIN, 0 };
      /* Without pidfd_open, look now and then. */
      (void) poll (&fd, 1, (int) (session->pid_fd >= 0 ? left_ms : MIN (left_ms, 10)));
    }
}

static void
end_daemon (Session *session)
{
  if (session->client == NULL || !docai_client_shutdown (session->client, NULL))
    kill (session->pid, SIGTERM);
  if (!await_end (session, END_MS))
    {
      kill (session->pid, SIGKILL);
      (void) waitpid (session->pid, NULL, 0);
    }
}

static int
remove_entry (const char *path, const struct stat *info, int type, struct FTW *place)
{
  return remove (path);
}

void
session_close (Session *session)
{
  if (session == NULL)
    return;
  if (session->pid != 0)
    end_daemon (session);
  docai_client_free (session->client);
  if (session->pid_fd >= 0)
    close (session->pid_fd);
  if (session->folder != NULL)
    (void) nftw (session->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
  g_free (session->folder);
  g_free (session);
}
