/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The local worker processes: started, reaped, started again; one that dies at
 * once is started ever more slowly.
 */
#include <config.h>

#include "docaid/daemon.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define LAST_WORDS 4 /* times that the socket is looked at when a worker has ended */
#define LAST_WORDS_MS 10
#define SOON_MS 3000       /* a worker that lives shorter has failed to start */
#define BACKOFF_MS 200     /* first wait, doubles */
#define BACKOFF_MAX_MS 30000

typedef struct {
  int      pid; /* 0: not running */
  gint64   started_ms;
  gint64   due_ms; /* not to be started before */
  int      failures;
  gboolean stale; /* has read a configuration that no longer holds */
} Slot;

struct Supervisor {
  Daemon *daemon;
  GArray *slots; /* Slot */
  int     target;
  int     timer;
};

Supervisor *
supervisor_new (Daemon *daemon)
{
  Supervisor *supervisor = g_new0 (Supervisor, 1);
  supervisor->daemon = daemon;
  supervisor->slots = g_array_new (FALSE, TRUE, sizeof (Slot));
  supervisor->timer = -1;
  return supervisor;
}

void
supervisor_free (Supervisor *supervisor)
{
  if (supervisor == NULL)
    return;
  g_array_unref (supervisor->slots);
  g_free (supervisor);
}

static Slot *
slot_at (const Supervisor *supervisor, guint i)
{
  return &g_array_index (supervisor->slots, Slot, i);
}

static Slot *
slot_of (const Supervisor *supervisor, int pid)
{
  for (guint i = 0; i < supervisor->slots->len; i++)
    if (slot_at (supervisor, i)->pid == pid && pid > 0)
      return slot_at (supervisor, i);
  return NULL;
}

gboolean
supervisor_owns (const Supervisor *supervisor, int pid)
{
  return slot_of (supervisor, pid) != NULL;
}

void
supervisor_kill (Supervisor *supervisor, int pid)
{
  if (slot_of (supervisor, pid) != NULL)
    kill (pid, SIGKILL);
}

void
supervisor_make_stale (Supervisor *supervisor)
{
  for (guint i = 0; i < supervisor->slots->len; i++)
    slot_at (supervisor, i)->stale = TRUE;
}

gboolean
supervisor_is_stale (const Supervisor *supervisor, int pid)
{
  const Slot *slot = slot_of (supervisor, pid);
  return slot != NULL && slot->stale;
}

void
supervisor_set_target (Supervisor *supervisor, int n_workers)
{
  supervisor->target = n_workers;
  while ((int) supervisor->slots->len < n_workers)
    {
      Slot slot = { 0 };
      g_array_append_val (supervisor->slots, slot);
    }
}

gboolean
supervisor_is_empty (const Supervisor *supervisor)
{
  for (guint i = 0; i < supervisor->slots->len; i++)
    if (slot_at (supervisor, i)->pid > 0)
      return FALSE;
  return TRUE;
}

/* In the child, between fork and exec: only calls that are safe there. */
static void
become_worker (char *const *argv, int parent)
{
  sigset_t none;

  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != parent)
    _exit (0);
  if (close_range (STDERR_FILENO + 1, ~0u, 0) != 0)
    for (int fd = STDERR_FILENO + 1; fd < 1024; fd++)
      close (fd);
  execv (argv[0], argv);
  _exit (127);
}

static void
start (Supervisor *supervisor, Slot *slot)
{
  Daemon *daemon = supervisor->daemon;
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  int parent = getpid ();

  g_ptr_array_add (argv, daemon->options->worker_program);
  g_ptr_array_add (argv, (char *) "--connect");
  g_ptr_array_add (argv, daemon->worker_endpoint);
  g_ptr_array_add (argv, (char *) "--spool");
  g_ptr_array_add (argv, daemon->spool_root);
  g_ptr_array_add (argv, (char *) "--stages");
  g_ptr_array_add (argv, daemon->config->stages);
  if (daemon->options->config_path != NULL)
    {
      g_ptr_array_add (argv, (char *) "--config");
      g_ptr_array_add (argv, daemon->options->config_path);
    }
  g_ptr_array_add (argv, NULL);
  slot->started_ms = daemon_clock_ms ();
  slot->stale = FALSE;
  int pid = fork ();
  if (pid == 0)
    become_worker ((char *const *) argv->pdata, parent);
  if (pid < 0)
    {
      docai_warn (NULL, "a worker cannot be started: %s", g_strerror (errno));
      slot->due_ms = slot->started_ms + BACKOFF_MAX_MS;
      return;
    }
  slot->pid = pid;
  docai_debug (NULL, "worker %d started", pid);
}

static int
on_timer (zloop_t *loop, int id, void *data)
{
  Supervisor *supervisor = data;
  supervisor->timer = -1;
  supervisor_run (supervisor);
  return 0;
}

void
supervisor_run (Supervisor *supervisor)
{
  Daemon *daemon = supervisor->daemon;
  gint64 now_ms = daemon_clock_ms ();
  gint64 next_ms = G_MAXINT64;

  if (supervisor->timer >= 0)
    zloop_timer_end (daemon->loop, supervisor->timer);
  supervisor->timer = -1;
  for (guint i = 0; i < supervisor->slots->len && (int) i < supervisor->target; i++)
    {
      Slot *slot = slot_at (supervisor, i);
      if (slot->pid == 0 && slot->due_ms <= now_ms && !daemon->stopping)
        start (supervisor, slot);
      if (slot->pid == 0)
        next_ms = MIN (next_ms, slot->due_ms);
    }
  if (next_ms != G_MAXINT64 && !daemon->stopping)
    supervisor->timer = zloop_timer (daemon->loop, (size_t) MAX (next_ms - now_ms, 1), 1, on_timer,
                                     supervisor);
}

static char *
describe_end (int status)
{
  if (WIFSIGNALED (status))
    return g_strdup_printf ("the worker process was ended by signal %d (%s)", WTERMSIG (status),
                            strsignal (WTERMSIG (status)));
  return g_strdup_printf ("the worker process ended with status %d", WEXITSTATUS (status));
}

static void
on_end (Supervisor *supervisor, Slot *slot, int status)
{
  gint64 now_ms = daemon_clock_ms ();
  g_autofree char *how = describe_end (status);
  int pid = slot->pid;
  gboolean good = WIFEXITED (status) && WEXITSTATUS (status) == 0;

  slot->pid = 0;
  slot->due_ms = now_ms;
  if (good || now_ms - slot->started_ms >= SOON_MS)
    slot->failures = 0;
  else
    {
      /* The first death in a row may be a document's fault: start at once. */
      gint64 wait = slot->failures == 0
                      ? 0
                      : (gint64) BACKOFF_MS << MIN (slot->failures - 1, 10);
      slot->failures++;
      slot->due_ms += MIN (wait, BACKOFF_MAX_MS);
    }
  if (!good && !supervisor->daemon->stopping)
    docai_warn (NULL, "worker %d: %s", pid, how);
  worker_gone (supervisor->daemon, pid, how);
}

void
supervisor_reap (Supervisor *supervisor)
{
  int status, pid;

  while ((pid = waitpid (-1, &status, WNOHANG)) > 0)
    {
      /* What a worker said before its end counts; its last words may still be on
       * their way through ZeroMQ's own thread. */
      zmq_pollitem_t item = { zsock_resolve (supervisor->daemon->workers), 0, ZMQ_POLLIN, 0 };
      for (int i = 0; i < LAST_WORDS && zmq_poll (&item, 1, LAST_WORDS_MS) > 0; i++)
        worker_drain_socket (supervisor->daemon);
      Slot *slot = slot_of (supervisor, pid);
      if (slot != NULL)
        on_end (supervisor, slot, status);
    }
  supervisor_run (supervisor);
}

void
supervisor_end (Supervisor *supervisor, gboolean at_once)
{
  for (guint i = 0; i < supervisor->slots->len; i++)
    if (slot_at (supervisor, i)->pid > 0)
      kill (slot_at (supervisor, i)->pid, at_once ? SIGKILL : SIGTERM);
}
