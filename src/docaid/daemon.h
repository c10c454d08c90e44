/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of the daemon share. One process, one thread, one loop: each
 * handler decodes, checks, changes state and sends; none ever waits for a peer.
 *
 *   client.c   requests of clients          worker.c     messages of workers
 *   upload.c   files coming in              supervisor.c local worker processes
 *   jobs.c     jobs under way, actions      remote.c     files for remote workers
 *   follow.c   events going out             retention.c  ended jobs going away
 *   result.c   results going out            daemon.c     sockets, loop, signals
 */
#pragma once

#include "base/conf.h"
#include "base/log.h"
#include "base/spool.h"
#include "base/wire.h"
#include "docaid/sched.h"
#include "docaid/store.h"

typedef struct Supervisor Supervisor;

typedef struct {
  char    *config_path; /* NULL: defaults */
  char    *state_dir;
  char    *runtime_dir;
  char    *worker_program;
  int      workers;  /* -1: as configured */
  int      ready_fd; /* gets one byte when requests are taken; -1: none */
  gboolean is_private;
} DaemonOptions;

/* A job under way: its row is ahead of the store's in `done` and `pages`. */
typedef struct {
  JobRow    *row;
  json_t    *options;
  GPtrArray *failed;  /* FailedPage */
  int       *pages;   /* numbers of the pages to be read */
  gboolean   loaded;  /* what an earlier run left has been taken over */
  gboolean   unsaved; /* it has ended, but the store could not take it yet */
} Job;

typedef struct {
  int            page;
  DocaiErrorCode code;
  char          *text;
} FailedPage;

typedef struct {
  gint64    id;
  zframe_t *identity;
  guint32   stages;
  int       pid;
  char     *host;
  gboolean  has_spool;
  GHashTable *parts; /* remote: name to open descriptor of a file being PUT */
  gint64    part_lease;
} Peer;

typedef struct {
  DaemonOptions *options; /* lent */
  DocaiConf   *config;
  char          *spool_root;
  char          *client_endpoint, *worker_endpoint;
  int            lock_fds[2];
  Store         *store;
  Sched         *sched;
  Supervisor    *supervisor;
  zloop_t       *loop;
  zsock_t       *clients, *workers;
  zactor_t      *auth;
  int            signal_fd;
  int            wake_timer, lag_timer, stop_timer;
  gboolean       stopping, ended;
  gint64         stop_at_ms;

  GHashTable *jobs;      /* id (of its row) to Job: under way */
  GHashTable *jobs_by_seq; /* the same, lent */
  int         n_active[PRIORITY_COUNT];
  gboolean    refill; /* there may be jobs in the store to be taken up */
  gint64      n_queued, n_running;
  gint64      ended_bytes;

  GHashTable *peers;   /* routing identity as hex to Peer */
  gint64      last_peer;
  GHashTable *uploads; /* identity and seq to Upload */
  GPtrArray  *accepting; /* Upload: on disk, waiting for the common commit */
  GPtrArray  *follows;   /* Follow */
  GHashTable *outboxes;  /* routing identity as hex to Outbox: answers not taken yet */
  gsize       outbox_bytes;
} Daemon;

/* daemon.c */
Daemon *daemon_new (DaemonOptions *options, GError **error);
int     daemon_run (Daemon *daemon);
void    daemon_free (Daemon *daemon);
gint64  daemon_clock_ms (void); /* steady */
gint64  daemon_wall_ms (void);

/* Carries out what the scheduler wants until it wants nothing more, and sets the
 * timer for the next time. Every handler that tells the scheduler something ends with it. */
void daemon_pump (Daemon *daemon);
void daemon_stop (Daemon *daemon, gboolean at_once);

/* client.c */
void client_handle (Daemon *daemon, zmsg_t *frames_taken);
void client_send (Daemon *daemon, zframe_t *identity, DocaiMessage *message_taken);
void client_send_error (Daemon *daemon, zframe_t *identity, gint64 seq, const GError *error);
gboolean client_lags (Daemon *daemon, zframe_t *identity);
void     client_lagging (Daemon *daemon); /* tries again */
void     client_lag_later (Daemon *daemon);
void     client_outbox_free (gpointer outbox);
json_t *client_describe_job (const JobRow *row, gboolean with_options);

/* upload.c */
void upload_submit (Daemon *daemon, zframe_t *identity, const DocaiMessage *message);
void upload_chunk (Daemon *daemon, zframe_t *identity, const DocaiMessage *message);
void upload_flush (Daemon *daemon); /* stores and answers all that is complete */
void upload_expire (Daemon *daemon);
void upload_free (gpointer upload);

/* jobs.c */
Job     *jobs_lookup (Daemon *daemon, const char *id);
JobRow  *jobs_load (Daemon *daemon, const char *id, gboolean *active); /* copy for answers */
void     jobs_refill (Daemon *daemon);
void     jobs_act (Daemon *daemon, SchedAction *action_taken);
void     jobs_source_done (Daemon *daemon, Job *job, const DocaiMessage *message);
gboolean jobs_document_done (Daemon *daemon, Job *job, const DocaiMessage *message);
void     jobs_end (Daemon *daemon, Job *job, JobState state, DocaiErrorCode code, const char *text);
gboolean jobs_cancel (Daemon *daemon, const char *id, GError **error);
gboolean jobs_retry (Daemon *daemon, const char *id, const char *password, GError **error);
gboolean jobs_remove (Daemon *daemon, const char *id, GError **error);
void     jobs_tidy (Daemon *daemon, const JobRow *row); /* files that an ended job needs no more */
void     jobs_save_again (Daemon *daemon);
void     jobs_free (gpointer job);
gint64   jobs_row_bytes (const JobRow *row);
gboolean jobs_row_enter (JobRow *row, JobState next);
void     jobs_forget_password (JobRow *row);

/* recover.c */
gboolean recover_store (Daemon *daemon, GError **error);

/* follow.c */
typedef struct Follow Follow;
gboolean follow_add (Daemon *daemon, zframe_t *identity, gint64 seq, const char *job, GError **error);
void     follow_remove (Daemon *daemon, zframe_t *identity, gint64 seq);
void     follow_tell (Daemon *daemon, const JobRow *row, int page, DocaiErrorCode code,
                      const char *text);
void     follow_tell_one (Daemon *daemon, zframe_t *identity, gint64 seq, const JobRow *row);
void     follow_lagging (Daemon *daemon);
void     follow_free (gpointer follow);

/* result.c */
DocaiMessage *result_read (Daemon *daemon, const JobRow *row, const char *format, gint64 seq,
                           gint64 offset, gint64 length, GError **error);
gboolean result_copy (Daemon *daemon, const JobRow *from, const char *to_id, GError **error);

/* worker.c */
void   worker_handle (Daemon *daemon, zmsg_t *frames_taken);
void   worker_drain_socket (Daemon *daemon);
Peer  *worker_lookup (Daemon *daemon, gint64 id);
gboolean worker_send (Daemon *daemon, Peer *peer, DocaiMessage *message_taken);
void   worker_revoke (Daemon *daemon, gint64 id);
void   worker_gone (Daemon *daemon, int pid, const char *how);
void   worker_recycle_all (Daemon *daemon);
void   worker_free (gpointer peer);

/* remote.c */
void remote_fetch (Daemon *daemon, Peer *peer, const DocaiMessage *message);
void remote_put (Daemon *daemon, Peer *peer, const DocaiMessage *message);
void remote_drop (Peer *peer);

/* supervisor.c */
Supervisor *supervisor_new (Daemon *daemon);
void        supervisor_free (Supervisor *supervisor);
void        supervisor_run (Supervisor *supervisor); /* starts what is missing and due */
void        supervisor_reap (Supervisor *supervisor);
gboolean    supervisor_owns (const Supervisor *supervisor, int pid);
void        supervisor_kill (Supervisor *supervisor, int pid);
void        supervisor_set_target (Supervisor *supervisor, int n_workers);
/* All processes that run now shall be replaced; those that have not said READY
 * yet are told when they do. */
void        supervisor_make_stale (Supervisor *supervisor);
gboolean    supervisor_is_stale (const Supervisor *supervisor, int pid);
gboolean    supervisor_is_empty (const Supervisor *supervisor);
void        supervisor_end (Supervisor *supervisor, gboolean at_once);

/* retention.c */
void retention_run (Daemon *daemon);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, jobs_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Daemon, daemon_free)
