/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The store of jobs, in SQLite. Accepting a job is durable when the call
 * returns; other changes are kept across a crash of the daemon and may be lost
 * with the machine's power, since everything after acceptance can be done again.
 */
#pragma once

#include "base/error.h"

#include <jansson.h>

typedef struct Store Store;

typedef enum {
  JOB_QUEUED,
  JOB_RUNNING,
  JOB_COMPLETE,
  JOB_PARTIAL,
  JOB_FAILED,
  JOB_CANCELLED,
  JOB_STATES
} JobState;

/* One row. */
typedef struct {
  gint64   seq; /* by order of acceptance, from 1 */
  char    *id;
  char    *name;
  gint64   bytes;
  char    *sha256;
  char    *media_type; /* NULL: not known yet */
  char    *options;    /* JSON object, complete */
  char    *options_key; /* digest of what decides the result */
  int      priority;   /* SchedPriority */
  JobState state;
  int      pages, done; /* to be read; ready or given up */
  gint64   submitted_ms, started_ms, ended_ms; /* 0: not yet */
  char    *code, *text;                        /* of a failed job */
  gint64   json_bytes, xml_bytes;
  char    *duplicate_of;
  char    *vision;     /* DocaiCounts as JSON; NULL: no model was asked */
  char    *submit_key; /* the client's name of the submission; NULL: none */
} JobRow;

void        job_row_free (JobRow *row);

/* Adds what a task counted (an object as of docai_counts_to_json; NULL: nothing) to row->vision. */
void        job_row_count_vision (JobRow *row, const json_t *vision);
/* It in words for the log, "; vision: ..." or "". Owned by the caller. */
char       *job_row_describe_vision (const JobRow *row);

const char *job_state_name (JobState state);
gboolean    job_state_lookup (const char *name, JobState *state);
gboolean    job_state_ended (JobState state);

/* Whether the table of moves allows it. */
gboolean job_state_may_enter (JobState from, JobState to);

/* A unit of a job of which something is to be remembered. Page 0: the source;
 * STORE_DOCUMENT: the document. */
#define STORE_DOCUMENT (-1)
typedef struct {
  int      page;
  gboolean done, dead;
  int      attempts;
  char    *code, *text; /* why it is dead */
} TaskRow;

Store *store_open (const char *path, GError **error);
void   store_close (Store *store);

/* Whether the machine has been started anew since the store was last open: what
 * was not durable may be gone, so pages done are forgotten (by store_open). */
gboolean store_machine_restarted (const Store *store);

/* Adds rows (GPtrArray of JobRow; their seq is set) in one durable step: all or none. */
gboolean store_accept (Store *store, GPtrArray *rows, GError **error);

/* Writes everything of the row that can change. */
gboolean store_update (Store *store, const JobRow *row, GError **error);
gboolean store_delete (Store *store, gint64 seq, GError **error);

/* The job of an id, owned by the caller; NULL when there is none. */
JobRow *store_load (Store *store, const char *id);

/* The job that was submitted with a key, owned by the caller; NULL when there is none. */
JobRow *store_find_key (Store *store, const char *submit_key);

/* The newest complete job of the same file with the same options; owned by the caller. */
JobRow *store_find_result (Store *store, const char *sha256, const char *options_key);

/* Up to `limit` jobs, newest first, below seq `before` (0: all); state -1: any.
 * GPtrArray of JobRow, owned by the caller. */
GPtrArray *store_list (Store *store, int state, gint64 before, int limit);

/* Up to `limit` queued jobs of a priority, oldest first. */
GPtrArray *store_queued (Store *store, int priority, int limit);

/* Up to `limit` ended jobs, those that ended first, before a time. */
GPtrArray *store_ended (Store *store, gint64 before_ms, int limit);

/* Jobs that ended since a time, newest first: their results are looked after at start. */
GPtrArray *store_ended_since (Store *store, gint64 since_ms, int limit);

/* Puts running jobs back into the queue (at start). */
gboolean store_requeue_running (Store *store, GError **error);

gint64 store_count (Store *store, JobState state);

/* Bytes of the files and results of ended jobs. */
gint64 store_ended_bytes (Store *store);

/* Id of the newest job, owned by the caller; NULL: none. */
char *store_last_id (Store *store);

/* What is remembered of a job's units. */
gboolean   store_put_task (Store *store, gint64 seq, const TaskRow *task, GError **error);
GPtrArray *store_tasks (Store *store, gint64 seq);
gboolean   store_clear_tasks (Store *store, gint64 seq, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (JobRow, job_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Store, store_close)
