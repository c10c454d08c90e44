/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The daemon's sockets, loop and signals.
 */
#include <config.h>

#include "base/places.h"
#include "docaid/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#else
#define sd_notify(unset, state) ((void) (unset), (void) (state))
#define sd_watchdog_enabled(unset, usec) ((void) (unset), (void) (usec), 0)
#endif

#define BURST 64            /* messages of one socket before the other gets its turn */
#define HOUSEKEEPING_MS 5000
#define SAVE_AGAIN_MS 1000
#define STOP_MS 8000        /* for tasks under way at a shutdown */

gint64
daemon_clock_ms (void)
{
  return g_get_monotonic_time () / 1000;
}

gint64
daemon_wall_ms (void)
{
  return g_get_real_time () / 1000;
}

static int
on_wake (zloop_t *loop, int id, void *data)
{
  Daemon *daemon = data;
  daemon->wake_timer = -1;
  daemon_pump (daemon);
  return 0;
}

void
daemon_pump (Daemon *daemon)
{
  gint64 wake_ms;
  gboolean acted;

  do
    {
      SchedAction *action;
      acted = FALSE;
      /* What has happened first, then what shall happen: a job that ended frees
       * its place before work is dealt out. */
      while ((action = sched_next_action (daemon->sched)) != NULL)
        jobs_act (daemon, action);
      jobs_refill (daemon);
      wake_ms = sched_run (daemon->sched, daemon_clock_ms ());
      while ((action = sched_next_action (daemon->sched)) != NULL)
        {
          jobs_act (daemon, action);
          acted = TRUE;
        }
    }
  while (acted);
  if (daemon->wake_timer >= 0)
    zloop_timer_end (daemon->loop, daemon->wake_timer);
  daemon->wake_timer = -1;
  if (wake_ms >= 0)
    daemon->wake_timer = zloop_timer (
      daemon->loop, (size_t) CLAMP (wake_ms - daemon_clock_ms (), 1, 60000), 1, on_wake, daemon);
}

/* ---- the end ---- */

static void
check_end (Daemon *daemon)
{
  if (!daemon->stopping || daemon->ended)
    return;
  gboolean late = daemon_clock_ms () >= daemon->stop_at_ms;
  if (late || sched_is_idle (daemon->sched))
    supervisor_end (daemon->supervisor, TRUE);
  daemon->ended = (late || sched_is_idle (daemon->sched))
                  && (supervisor_is_empty (daemon->supervisor)
                      || daemon_clock_ms () >= daemon->stop_at_ms + 2000);
}

void
daemon_stop (Daemon *daemon, gboolean at_once)
{
  if (!daemon->stopping)
    docai_info (NULL, "shutting down");
  daemon->stopping = TRUE;
  daemon->stop_at_ms = daemon_clock_ms () + (at_once ? 0 : STOP_MS);
  sd_notify (0, "STOPPING=1");
  if (!at_once)
    worker_recycle_all (daemon);
  check_end (daemon);
}

static int
on_stop_timer (zloop_t *loop, int id, void *data)
{
  Daemon *daemon = data;
  check_end (daemon);
  return daemon->ended ? -1 : 0;
}

/* The loop ends when a handler gives -1; this is the only place that decides it. */
static int
loop_verdict (Daemon *daemon)
{
  check_end (daemon);
  if (daemon->stopping && daemon->stop_timer < 0)
    daemon->stop_timer = zloop_timer (daemon->loop, 100, 0, on_stop_timer, daemon);
  return daemon->ended ? -1 : 0;
}

/* ---- handlers of the loop ---- */

static zmsg_t *
receive (zsock_t *socket)
{
  return (zsock_events (socket) & ZMQ_POLLIN) != 0 ? zmsg_recv (socket) : NULL;
}

static int
on_clients (zloop_t *loop, zsock_t *socket, void *data)
{
  Daemon *daemon = data;
  zmsg_t *frames;

  for (int i = 0; i < BURST && (frames = receive (socket)) != NULL; i++)
    client_handle (daemon, frames);
  upload_flush (daemon);
  daemon_pump (daemon);
  return loop_verdict (daemon);
}

static int
on_workers (zloop_t *loop, zsock_t *socket, void *data)
{
  Daemon *daemon = data;
  zmsg_t *frames;

  for (int i = 0; i < BURST && (frames = receive (socket)) != NULL; i++)
    worker_handle (daemon, frames);
  daemon_pump (daemon);
  return loop_verdict (daemon);
}

static void
apply_config (Daemon *daemon)
{
  const DocaiConf *config = daemon->config;
  SchedLimits limits = {
    .attempts = config->attempts,
    .retry_ms = config->retry_ms,
    /* The worker's own timer goes first, so that it can say what happened. */
    .lease_ms = (gint64) config->settings->limits.task_seconds * 1000 + 5000,
    .lost_ms = config->lost_ms,
  };
  int n_workers = daemon->options->workers >= 0 ? daemon->options->workers : config->workers;

  docai_log_init ("docaid", config->log_format, config->log_level);
  sched_set_limits (daemon->sched, &limits);
  supervisor_set_target (daemon->supervisor,
                         n_workers >= 0 ? n_workers : (int) g_get_num_processors ());
}

static void
reload (Daemon *daemon)
{
  g_autoptr (GError) error = NULL;

  /* With Type=notify-reload systemd takes only the reload that it asked for, by time. */
  g_autofree char *reloading = g_strdup_printf (
    "RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time ());
  sd_notify (0, reloading);
  DocaiConf *config = daemon->options->config_path != NULL
                          ? docai_conf_load (daemon->options->config_path, &error)
                          : docai_conf_new ();
  if (config == NULL)
    docai_warn (NULL, "the configuration stays as it was: %s", error->message);
  else
    {
      docai_conf_free (daemon->config);
      daemon->config = config;
      apply_config (daemon);
      worker_recycle_all (daemon);
      supervisor_run (daemon->supervisor);
      docai_info (NULL, "configuration read again");
    }
  sd_notify (0, "READY=1");
}

static int
on_signal (zloop_t *loop, zmq_pollitem_t *item, void *data)
{
  Daemon *daemon = data;
  struct signalfd_siginfo info;

  while (read (daemon->signal_fd, &info, sizeof info) == (ssize_t) sizeof info)
    switch (info.ssi_signo)
      {
      case SIGCHLD:
        supervisor_reap (daemon->supervisor);
        break;
      case SIGHUP:
        reload (daemon);
        break;
      default:
        /* Asked twice means: now. */
        daemon_stop (daemon, daemon->stopping);
        break;
      }
  daemon_pump (daemon);
  return loop_verdict (daemon);
}

static int
on_housekeeping (zloop_t *loop, int id, void *data)
{
  Daemon *daemon = data;
  upload_expire (daemon);
  retention_run (daemon);
  docai_spool_reserve (daemon->spool_root);
  daemon_pump (daemon);
  return loop_verdict (daemon);
}

static int
on_watchdog (zloop_t *loop, int id, void *data)
{
  sd_notify (0, "WATCHDOG=1");
  return 0;
}

/* Signs of life for systemd's WatchdogSec, if it wants them, twice as often as it asks. */
static void
start_watchdog (Daemon *daemon)
{
  guint64 usec = 0;
  if (sd_watchdog_enabled (0, &usec) > 0 && usec >= 2000)
    zloop_timer (daemon->loop, (size_t) (usec / 2000), 0, on_watchdog, daemon);
}

static int
on_save_again (zloop_t *loop, int id, void *data)
{
  Daemon *daemon = data;
  jobs_save_again (daemon);
  return 0;
}

/* ---- sockets ---- */

static zsock_t *
new_router (int send_hwm, int receive_hwm)
{
  zsock_t *socket = zsock_new (ZMQ_ROUTER);
  zsock_set_router_mandatory (socket, 1);
  zsock_set_maxmsgsize (socket, DOCAI_WIRE_FRAME_MAX);
  zsock_set_sndhwm (socket, send_hwm);
  zsock_set_rcvhwm (socket, receive_hwm);
  zsock_set_linger (socket, 200);
  return socket;
}

static gboolean
bind_local (zsock_t *socket, const char *endpoint, const char *mode, GError **error)
{
  const char *path = endpoint + strlen ("ipc://");
  mode_t old = umask (0177);
  int bound = zsock_bind (socket, "%s", endpoint);

  umask (old);
  if (bound == 0 && chmod (path, (mode_t) g_ascii_strtoull (mode, NULL, 8) & 0777) == 0)
    return TRUE;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG, "%s: %s", endpoint, strerror (errno));
  return FALSE;
}

/* Other hosts: encrypted, and only with a certificate that is on file. */
static gboolean
bind_remote (Daemon *daemon, zsock_t *socket, const char *endpoint, GError **error)
{
  const DocaiConf *config = daemon->config;

  if (*endpoint == '\0')
    return TRUE;
  zcert_t *certificate = *config->certificate != '\0' ? zcert_load (config->certificate) : NULL;
  if (certificate == NULL || *config->clients_dir == '\0')
    {
      zcert_destroy (&certificate);
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG,
                   "[daemon] listen needs certificate and clients_dir");
      return FALSE;
    }
  if (daemon->auth == NULL)
    {
      daemon->auth = zactor_new (zauth, NULL);
      zstr_sendx (daemon->auth, "CURVE", config->clients_dir, NULL);
      zsock_wait (daemon->auth);
    }
  /* Options hold for endpoints bound later, so the local one stays plain. */
  zsock_set_zap_domain (socket, "docai");
  zcert_apply (certificate, socket);
  zsock_set_curve_server (socket, 1);
  int bound = zsock_bind (socket, "%s", endpoint);
  zcert_destroy (&certificate);
  if (bound >= 0)
    return TRUE;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG, "%s: %s", endpoint, strerror (errno));
  return FALSE;
}

static gboolean
open_sockets (Daemon *daemon, GError **error)
{
  const char *runtime = daemon->options->runtime_dir;

  /* The address of a socket holds 107 bytes, the kernel's bound. */
  if (strlen (runtime) > 90)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG, "the path %s is too long", runtime);
      return FALSE;
    }
  daemon->client_endpoint = g_strdup_printf ("ipc://%s/client.sock", runtime);
  daemon->worker_endpoint = g_strdup_printf ("ipc://%s/worker.sock", runtime);
  daemon->clients = new_router (64, 16);
  daemon->workers = new_router (1000, 16);
  return bind_local (daemon->clients, daemon->client_endpoint, daemon->config->socket_mode, error)
         && bind_local (daemon->workers, daemon->worker_endpoint, "0600", error)
         && bind_remote (daemon, daemon->clients, daemon->config->listen, error)
         && bind_remote (daemon, daemon->workers, daemon->config->listen_workers, error);
}

/* ---- beginning ---- */

/* One daemon a folder: the lock goes with the process. */
static int
lock_dir (const char *dir, GError **error)
{
  g_autofree char *path = g_build_filename (dir, "docaid.lock", NULL);

  if (g_mkdir_with_parents (dir, 0700) != 0)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG, "%s: %s", dir, g_strerror (errno));
      return -1;
    }
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG, "%s: %s", path,
               errno == EWOULDBLOCK ? "another docaid runs here" : g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

static gboolean
open_places (Daemon *daemon, GError **error)
{
  const char *dirs[2] = { daemon->options->state_dir, daemon->options->runtime_dir };

  for (int i = 0; i < 2; i++)
    if (i == 0 || strcmp (dirs[0], dirs[1]) != 0)
      {
        daemon->lock_fds[i] = lock_dir (dirs[i], error);
        if (daemon->lock_fds[i] < 0)
          return FALSE;
      }
  daemon->spool_root = g_build_filename (daemon->options->state_dir, "spool", NULL);
  g_autofree char *db = g_build_filename (daemon->options->state_dir, "docai.db", NULL);
  if (g_mkdir_with_parents (daemon->spool_root, 0700) != 0)
    {
      docai_spool_set_errno (error, errno, daemon->spool_root);
      return FALSE;
    }
  daemon->store = store_open (db, error);
  return daemon->store != NULL && chmod (db, 0600) == 0;
}

static int
open_signals (void)
{
  sigset_t set;
  sigemptyset (&set);
  sigaddset (&set, SIGCHLD);
  sigaddset (&set, SIGHUP);
  sigaddset (&set, SIGINT);
  sigaddset (&set, SIGTERM);
  /* Before any thread starts, so that all of them have it. */
  pthread_sigmask (SIG_BLOCK, &set, NULL);
  signal (SIGPIPE, SIG_IGN);
  return signalfd (-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

Daemon *
daemon_new (DaemonOptions *options, GError **error)
{
  g_autoptr (Daemon) daemon = g_new0 (Daemon, 1);
  SchedLimits limits = { .attempts = 3 };

  daemon->options = options;
  daemon->lock_fds[0] = daemon->lock_fds[1] = -1;
  daemon->wake_timer = daemon->lag_timer = daemon->stop_timer = -1;
  daemon->signal_fd = open_signals ();
  daemon->config = options->config_path != NULL ? docai_conf_load (options->config_path, error)
                                                : docai_conf_new ();
  if (daemon->config == NULL)
    return NULL;
  if (options->state_dir == NULL)
    options->state_dir = *daemon->config->state_dir != '\0' ? g_strdup (daemon->config->state_dir)
                                                            : docai_state_dir ();
  daemon->jobs = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, jobs_free);
  daemon->jobs_by_seq = g_hash_table_new (g_int64_hash, g_int64_equal);
  daemon->peers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, worker_free);
  daemon->uploads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, upload_free);
  daemon->accepting = g_ptr_array_new_with_free_func (upload_free);
  daemon->follows = g_ptr_array_new_with_free_func (follow_free);
  daemon->outboxes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, client_outbox_free);
  daemon->sched = sched_new (&limits);
  daemon->supervisor = supervisor_new (daemon);
  apply_config (daemon);
  if (!open_places (daemon, error) || !recover_store (daemon, error))
    return NULL;
  docai_spool_reserve (daemon->spool_root);
  zsys_handler_set (NULL);
  if (!open_sockets (daemon, error))
    return NULL;
  daemon->loop = zloop_new ();
  return g_steal_pointer (&daemon);
}

static void
tell_ready (Daemon *daemon)
{
  docai_info (NULL, "ready at %s", daemon->client_endpoint);
  sd_notify (0, "READY=1");
  if (daemon->options->ready_fd < 0)
    return;
  if (write (daemon->options->ready_fd, "\n", 1) < 0)
    docai_warn (NULL, "nobody waits at the ready descriptor");
  close (daemon->options->ready_fd);
}

int
daemon_run (Daemon *daemon)
{
  zmq_pollitem_t signals = { .fd = daemon->signal_fd, .events = ZMQ_POLLIN };

  zloop_reader (daemon->loop, daemon->clients, on_clients, daemon);
  zloop_reader_set_tolerant (daemon->loop, daemon->clients);
  zloop_reader (daemon->loop, daemon->workers, on_workers, daemon);
  zloop_reader_set_tolerant (daemon->loop, daemon->workers);
  zloop_poller (daemon->loop, &signals, on_signal, daemon);
  zloop_poller_set_tolerant (daemon->loop, &signals);
  zloop_timer (daemon->loop, HOUSEKEEPING_MS, 0, on_housekeeping, daemon);
  zloop_timer (daemon->loop, SAVE_AGAIN_MS, 0, on_save_again, daemon);
  start_watchdog (daemon);
  supervisor_run (daemon->supervisor);
  tell_ready (daemon);
  daemon_pump (daemon);
  while (!daemon->ended)
    if (zloop_start (daemon->loop) == 0)
      break;
  store_requeue_running (daemon->store, NULL);
  docai_info (NULL, "ended");
  return 0;
}

void
daemon_free (Daemon *daemon)
{
  if (daemon == NULL)
    return;
  g_clear_pointer (&daemon->jobs_by_seq, g_hash_table_unref);
  g_clear_pointer (&daemon->jobs, g_hash_table_unref);
  g_clear_pointer (&daemon->uploads, g_hash_table_unref);
  g_clear_pointer (&daemon->accepting, g_ptr_array_unref);
  g_clear_pointer (&daemon->follows, g_ptr_array_unref);
  g_clear_pointer (&daemon->outboxes, g_hash_table_unref);
  g_clear_pointer (&daemon->peers, g_hash_table_unref);
  zloop_destroy (&daemon->loop);
  zsock_destroy (&daemon->clients);
  zsock_destroy (&daemon->workers);
  zactor_destroy (&daemon->auth);
  supervisor_free (daemon->supervisor);
  sched_free (daemon->sched);
  store_close (daemon->store);
  docai_conf_free (daemon->config);
  for (int i = 0; i < 2; i++)
    if (daemon->lock_fds[i] >= 0)
      close (daemon->lock_fds[i]);
  if (daemon->signal_fd >= 0)
    close (daemon->signal_fd);
  g_free (daemon->spool_root);
  g_free (daemon->client_endpoint);
  g_free (daemon->worker_endpoint);
  g_free (daemon);
}
