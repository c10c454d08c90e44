/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The scheduler's core: which worker does what next. It knows no sockets, no
 * clock and no database: events and the time go in, actions and the time of the
 * next wake-up come out, so that tests need no sleeping.
 *
 * A job is a row of units: its source, then its pages, then the document. A
 * unit is leased to a worker until a deadline; a worker that fails, vanishes,
 * falls silent or overruns the deadline costs the unit an attempt, and the class of the
 * error decides what follows. Between jobs: interactive before batch, then the
 * job with the fewest units under way, then the oldest, so a long document
 * never holds up a short one.
 */
#pragma once

#include "base/error.h"
#include "base/graph.h"

typedef struct Sched Sched;

typedef struct {
  int    attempts;     /* after which a unit is dead */
  int    retry_ms;     /* before the second attempt; doubles */
  gint64 lease_ms;     /* longest time of one lease */
  gint64 lost_ms;      /* silence after which a worker is lost */
} SchedLimits;

typedef enum { PRIORITY_INTERACTIVE, PRIORITY_BATCH, PRIORITY_COUNT } SchedPriority;

/* What a lease covers. */
typedef struct {
  gint64          lease;
  gint64          worker;
  gint64          job;
  DocaiGraphScope scope;
  int             page;        /* number; 0 unless scope is page */
  int             first, last; /* stages, indexes in the graph */
  gboolean        continues;   /* the page has been through earlier stages */
} SchedLease;

typedef enum {
  SCHED_ASSIGN,    /* send the lease to its worker */
  SCHED_REVOKE,    /* end the worker: it overran, fell silent, or its job is gone */
  SCHED_UNIT_DONE, /* a page or the source or the document is ready */
  SCHED_UNIT_DEAD, /* a page was given up: code, text */
  SCHED_REFUSED,   /* the whole job failed: code, text */
  SCHED_RETRIED,   /* an attempt failed and there will be another: code, text */
} SchedActionKind;

typedef struct {
  SchedActionKind kind;
  SchedLease      lease;    /* its job, scope, page always; REVOKE: worker and lease */
  DocaiErrorCode  code;
  char           *text;     /* owned by the action */
  int             attempts; /* made so far */
} SchedAction;

Sched *sched_new (const SchedLimits *limits);
void   sched_free (Sched *sched);
void   sched_set_limits (Sched *sched, const SchedLimits *limits);

/* A job enters; its source is to be looked at. */
void sched_add_job (Sched *sched, gint64 job, SchedPriority priority);

/* The source is known: these pages are to be read (numbers are copied). */
void sched_set_pages (Sched *sched, gint64 job, const int *pages, int n_pages);

/* What an earlier run of the daemon left of a unit: `done`, or dead after an
 * error, or attempts made. */
void sched_restore_page (Sched *sched, gint64 job, int page, gboolean done, gboolean dead,
                         int attempts);
void sched_restore_attempts (Sched *sched, gint64 job, DocaiGraphScope scope, int attempts);

/* The job leaves; its leases are revoked. Unknown jobs are fine. */
void sched_remove_job (Sched *sched, gint64 job);

void sched_add_worker (Sched *sched, gint64 worker, guint32 stages, gint64 now_ms);

/* The worker takes nothing new; what it does, it may end. */
void sched_drain_worker (Sched *sched, gint64 worker);

/* The worker is gone; a lease it had has failed with this code and text. */
void sched_remove_worker (Sched *sched, gint64 worker, DocaiErrorCode code, const char *text,
                          gint64 now_ms);
void sched_heartbeat (Sched *sched, gint64 worker, gint64 now_ms);

/* The lease of a worker, lent until the next call; NULL when it is not (any
 * more) the worker's, and then its message means nothing. */
const SchedLease *sched_peek_lease (Sched *sched, gint64 worker, gint64 lease);

/* The lease ended well or badly; it must be the worker's. */
void sched_done (Sched *sched, gint64 worker, gint64 now_ms);
void sched_failed (Sched *sched, gint64 worker, DocaiErrorCode code, const char *text,
                   gint64 now_ms);

/* Expires and assigns. Returns when to call again (ms), -1: not before an event. */
gint64 sched_run (Sched *sched, gint64 now_ms);

/* The next action that is to be carried out, owned by the caller; NULL: none. */
SchedAction *sched_next_action (Sched *sched);
void         sched_action_free (SchedAction *action);

/* Whether no lease is out. */
gboolean sched_is_idle (const Sched *sched);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sched, sched_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SchedAction, sched_action_free)
