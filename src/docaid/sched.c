/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The scheduler's core. All state is in memory and bounded by the jobs under
 * way; the store can bring it back (jobs.c).
 */
#include "docaid/sched.h"

#define BUSY_MAX 40 /* passing refusals (full disk) that a unit outlives */
#define BACKOFF_MAX_MS 60000

typedef enum { UNIT_READY, UNIT_LEASED, UNIT_DONE, UNIT_DEAD } UnitState;

typedef struct {
  int     page; /* 0: source or document */
  guint8  state;
  guint8  attempts;
  guint8  busy;
  guint8  stage; /* next stage to run, index in the graph */
  gint64  not_before_ms;
} Unit;

typedef struct {
  gint64        id;
  SchedPriority priority;
  Unit          source;
  Unit          document;
  Unit         *pages;
  int           n_pages;
  int           first_open; /* pages before it are done or dead */
  int           n_open;     /* pages that are neither */
  gboolean      has_pages;
  int           n_leased;
} Job;

typedef enum { WORKER_IDLE, WORKER_BUSY, WORKER_DRAINING, WORKER_REVOKED } WorkerState;

typedef struct {
  gint64      id;
  guint32     stages;
  WorkerState state;
  gboolean    leased;
  gint64      seen_ms;
  gint64      deadline_ms;
  gint64      used; /* counts up; the last used goes first, its caches are warm */
  SchedLease  lease;
} Worker;

struct Sched {
  SchedLimits limits;
  GPtrArray  *jobs;    /* Job, by age */
  GHashTable *by_id;   /* id to Job, lent */
  GPtrArray  *workers; /* Worker */
  GQueue      actions; /* SchedAction */
  gint64      last_lease;
  gint64      uses;
};

/* What may follow what. A worker that was revoked only ever goes. */
static const guint8 unit_moves[] = {
  [UNIT_READY] = 1 << UNIT_LEASED | 1 << UNIT_DONE | 1 << UNIT_DEAD,
  [UNIT_LEASED] = 1 << UNIT_READY | 1 << UNIT_DONE | 1 << UNIT_DEAD,
  [UNIT_DONE] = 0,
  [UNIT_DEAD] = 0,
};
static const guint8 worker_moves[] = {
  [WORKER_IDLE] = 1 << WORKER_BUSY | 1 << WORKER_DRAINING | 1 << WORKER_REVOKED,
  [WORKER_BUSY] = 1 << WORKER_IDLE | 1 << WORKER_DRAINING | 1 << WORKER_REVOKED,
  [WORKER_DRAINING] = 1 << WORKER_DRAINING | 1 << WORKER_REVOKED,
  [WORKER_REVOKED] = 1 << WORKER_REVOKED,
};

static void
unit_enter (Unit *unit, UnitState next)
{
  g_return_if_fail ((unit_moves[unit->state] & (1 << next)) != 0);
  unit->state = next;
}

static gboolean
worker_enter (Worker *worker, WorkerState next)
{
  if ((worker_moves[worker->state] & (1 << next)) == 0)
    return FALSE;
  worker->state = next;
  return TRUE;
}

static void
job_free (gpointer data)
{
  Job *job = data;
  g_free (job->pages);
  g_free (job);
}

Sched *
sched_new (const SchedLimits *limits)
{
  Sched *sched = g_new0 (Sched, 1);
  sched->limits = *limits;
  sched->jobs = g_ptr_array_new_with_free_func (job_free);
  sched->by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  sched->workers = g_ptr_array_new_with_free_func (g_free);
  g_queue_init (&sched->actions);
  return sched;
}

void
sched_free (Sched *sched)
{
  if (sched == NULL)
    return;
  g_hash_table_unref (sched->by_id);
  g_ptr_array_unref (sched->jobs);
  g_ptr_array_unref (sched->workers);
  g_queue_clear_full (&sched->actions, (GDestroyNotify) sched_action_free);
  g_free (sched);
}

void
sched_set_limits (Sched *sched, const SchedLimits *limits)
{
  sched->limits = *limits;
}

void
sched_action_free (SchedAction *action)
{
  if (action == NULL)
    return;
  g_free (action->text);
  g_free (action);
}

SchedAction *
sched_next_action (Sched *sched)
{
  return g_queue_pop_head (&sched->actions);
}

static SchedAction *
push_action (Sched *sched, SchedActionKind kind, const SchedLease *lease)
{
  SchedAction *action = g_new0 (SchedAction, 1);
  action->kind = kind;
  action->lease = *lease;
  g_queue_push_tail (&sched->actions, action);
  return action;
}

static void
push_trouble (Sched *sched, SchedActionKind kind, const SchedLease *lease, DocaiErrorCode code,
              const char *text, int attempts)
{
  SchedAction *action = push_action (sched, kind, lease);
  action->code = code;
  action->text = g_strdup (text);
  action->attempts = attempts;
}

static Job *
lookup_job (Sched *sched, gint64 id)
{
  return g_hash_table_lookup (sched->by_id, &id);
}

static Worker *
lookup_worker (Sched *sched, gint64 id)
{
  for (guint i = 0; i < sched->workers->len; i++)
    {
      Worker *worker = sched->workers->pdata[i];
      if (worker->id == id)
        return worker;
    }
  return NULL;
}

/* The first stage of a scope, or the one after its last. */
static int
scope_edge (DocaiGraphScope scope, gboolean end)
{
  const DocaiGraphStage *stages = docai_graph_stages ();
  int i = 0;
  while (stages[i].name != NULL && stages[i].scope < scope + (end ? 1 : 0))
    i++;
  return i;
}

void
sched_add_job (Sched *sched, gint64 id, SchedPriority priority)
{
  g_return_if_fail (lookup_job (sched, id) == NULL);
  Job *job = g_new0 (Job, 1);
  job->id = id;
  job->priority = priority;
  job->document.stage = (guint8) scope_edge (DOCAI_GRAPH_DOCUMENT, FALSE);
  g_ptr_array_add (sched->jobs, job);
  g_hash_table_insert (sched->by_id, &job->id, job);
}

void
sched_set_pages (Sched *sched, gint64 id, const int *pages, int n_pages)
{
  Job *job = lookup_job (sched, id);

  g_return_if_fail (job != NULL && !job->has_pages && n_pages > 0);
  if (job->source.state != UNIT_DONE)
    unit_enter (&job->source, UNIT_DONE);
  job->pages = g_new0 (Unit, n_pages);
  job->n_pages = job->n_open = n_pages;
  job->has_pages = TRUE;
  for (int i = 0; i < n_pages; i++)
    {
      job->pages[i].page = pages[i];
      job->pages[i].stage = (guint8) scope_edge (DOCAI_GRAPH_PAGE, FALSE);
    }
}

static Unit *
lookup_unit (Job *job, DocaiGraphScope scope, int page)
{
  if (scope == DOCAI_GRAPH_SOURCE)
    return &job->source;
  if (scope == DOCAI_GRAPH_DOCUMENT)
    return &job->document;
  int low = 0, high = job->n_pages;
  while (low < high)
    {
      int middle = low + (high - low) / 2;
      if (job->pages[middle].page < page)
        low = middle + 1;
      else
        high = middle;
    }
  return low < job->n_pages && job->pages[low].page == page ? &job->pages[low] : NULL;
}

/* Notes that a page is done or dead. */
static void
close_page (Job *job)
{
  job->n_open--;
  while (job->first_open < job->n_pages
         && (job->pages[job->first_open].state == UNIT_DONE
             || job->pages[job->first_open].state == UNIT_DEAD))
    job->first_open++;
}

void
sched_restore_page (Sched *sched, gint64 id, int page, gboolean done, gboolean dead, int attempts)
{
  Job *job = lookup_job (sched, id);
  Unit *unit = job != NULL ? lookup_unit (job, DOCAI_GRAPH_PAGE, page) : NULL;
  if (unit == NULL || unit->state != UNIT_READY)
    return;
  unit->attempts = (guint8) MIN (attempts, 255);
  if (!done && !dead)
    return;
  unit_enter (unit, done ? UNIT_DONE : UNIT_DEAD);
  close_page (job);
}

void
sched_restore_attempts (Sched *sched, gint64 id, DocaiGraphScope scope, int attempts)
{
  Job *job = lookup_job (sched, id);
  if (job != NULL && scope != DOCAI_GRAPH_PAGE)
    lookup_unit (job, scope, 0)->attempts = (guint8) MIN (attempts, 255);
}

/* Ends a worker that must not go on: its lease is nobody's from here. */
static void
revoke (Sched *sched, Worker *worker)
{
  if (worker->state == WORKER_REVOKED)
    return;
  worker_enter (worker, WORKER_REVOKED);
  worker->leased = FALSE;
  push_action (sched, SCHED_REVOKE, &worker->lease)->lease.worker = worker->id;
}

void
sched_remove_job (Sched *sched, gint64 id)
{
  Job *job = lookup_job (sched, id);

  if (job == NULL)
    return;
  for (guint i = 0; i < sched->workers->len; i++)
    {
      Worker *worker = sched->workers->pdata[i];
      if (worker->leased && worker->lease.job == id)
        revoke (sched, worker);
    }
  g_hash_table_remove (sched->by_id, &id);
  g_ptr_array_remove (sched->jobs, job);
}

void
sched_add_worker (Sched *sched, gint64 id, guint32 stages, gint64 now_ms)
{
  Worker *worker = lookup_worker (sched, id);

  g_return_if_fail (worker == NULL);
  worker = g_new0 (Worker, 1);
  worker->id = id;
  worker->stages = stages;
  worker->seen_ms = now_ms;
  worker->used = ++sched->uses;
  g_ptr_array_add (sched->workers, worker);
}

void
sched_drain_worker (Sched *sched, gint64 id)
{
  Worker *worker = lookup_worker (sched, id);
  if (worker != NULL)
    worker_enter (worker, WORKER_DRAINING);
}

void
sched_heartbeat (Sched *sched, gint64 id, gint64 now_ms)
{
  Worker *worker = lookup_worker (sched, id);
  if (worker != NULL)
    worker->seen_ms = now_ms;
}

const SchedLease *
sched_peek_lease (Sched *sched, gint64 id, gint64 lease)
{
  const Worker *worker = lookup_worker (sched, id);
  return worker != NULL && worker->leased && worker->lease.lease == lease ? &worker->lease : NULL;
}

/* Takes the lease back from its worker. NULL when its job has gone. */
static Unit *
end_lease (Sched *sched, Worker *worker, Job **job)
{
  g_return_val_if_fail (worker != NULL && worker->leased, NULL);
  worker->leased = FALSE;
  worker_enter (worker, WORKER_IDLE);
  *job = lookup_job (sched, worker->lease.job);
  if (*job == NULL)
    return NULL;
  (*job)->n_leased--;
  return lookup_unit (*job, worker->lease.scope, worker->lease.page);
}

void
sched_done (Sched *sched, gint64 id, gint64 now_ms)
{
  Worker *worker = lookup_worker (sched, id);
  Job *job;
  Unit *unit = end_lease (sched, worker, &job);

  if (unit == NULL)
    return;
  worker->seen_ms = now_ms;
  if (worker->lease.scope == DOCAI_GRAPH_PAGE
      && worker->lease.last + 1 < scope_edge (DOCAI_GRAPH_PAGE, TRUE))
    {
      /* The other stages are other workers'; attempts count for each stretch. */
      unit->stage = (guint8) (worker->lease.last + 1);
      unit->attempts = 0;
      unit_enter (unit, UNIT_READY);
      return;
    }
  unit_enter (unit, UNIT_DONE);
  if (worker->lease.scope == DOCAI_GRAPH_PAGE)
    close_page (job);
  push_action (sched, SCHED_UNIT_DONE, &worker->lease);
}

/* What an error of this code means for a unit. */
typedef enum { VERDICT_AGAIN, VERDICT_LATER, VERDICT_DEAD, VERDICT_REFUSED } Verdict;

static Verdict
judge (DocaiErrorCode code, int attempts, int busy, int attempts_max)
{
  switch (docai_error_class (code))
    {
    case DOCAI_CLASS_RETRY:
      break;
    case DOCAI_CLASS_LIMIT:
      /* Time and memory may have run short because of what else the machine or
       * the worker did: once more, on a worker started afresh or another. */
      if (code != DOCAI_ERROR_TIME_LIMIT && code != DOCAI_ERROR_MEMORY_LIMIT)
        return VERDICT_DEAD;
      attempts_max = MIN (attempts_max, 2);
      break;
    case DOCAI_CLASS_PAGE:
      return VERDICT_DEAD;
    case DOCAI_CLASS_BUSY:
      return busy >= BUSY_MAX ? VERDICT_DEAD : VERDICT_LATER;
    case DOCAI_CLASS_DOCUMENT:
    case DOCAI_CLASS_REQUEST:
    case DOCAI_CLASS_SETUP:
      return VERDICT_REFUSED;
    }
  return attempts >= attempts_max ? VERDICT_DEAD : VERDICT_AGAIN;
}

static gint64
backoff_ms (const Sched *sched, int attempts)
{
  gint64 wait = (gint64) sched->limits.retry_ms << MIN (MAX (attempts - 1, 0), 10);
  return MIN (wait, BACKOFF_MAX_MS);
}

static void
fail_unit (Sched *sched, const SchedLease *lease, Job *job, Unit *unit, DocaiErrorCode code,
           const char *text, gint64 now_ms)
{
  gboolean busy = docai_error_class (code) == DOCAI_CLASS_BUSY;
  if (busy)
    unit->busy++;
  else if (unit->attempts < 255)
    unit->attempts++;
  Verdict verdict = judge (code, unit->attempts, unit->busy, sched->limits.attempts);

  if (verdict == VERDICT_AGAIN || verdict == VERDICT_LATER)
    {
      unit_enter (unit, UNIT_READY);
      unit->not_before_ms = now_ms + backoff_ms (sched, busy ? unit->busy : unit->attempts);
      push_trouble (sched, SCHED_RETRIED, lease, code, text, unit->attempts);
      return;
    }
  unit_enter (unit, UNIT_DEAD);
  g_autofree char *why = NULL;
  if (docai_error_class (code) == DOCAI_CLASS_RETRY)
    {
      why = g_strdup_printf ("%d attempts failed, the last one: %s", unit->attempts, text);
      code = DOCAI_ERROR_ATTEMPTS_EXHAUSTED;
    }
  if (lease->scope == DOCAI_GRAPH_PAGE)
    close_page (job);
  gboolean page_only = lease->scope == DOCAI_GRAPH_PAGE && verdict == VERDICT_DEAD;
  push_trouble (sched, page_only ? SCHED_UNIT_DEAD : SCHED_REFUSED, lease, code,
                why != NULL ? why : text, unit->attempts);
}

void
sched_failed (Sched *sched, gint64 id, DocaiErrorCode code, const char *text, gint64 now_ms)
{
  Worker *worker = lookup_worker (sched, id);
  Job *job;
  Unit *unit = end_lease (sched, worker, &job);

  if (unit == NULL)
    return;
  worker->seen_ms = now_ms;
  fail_unit (sched, &worker->lease, job, unit, code, text, now_ms);
}

void
sched_remove_worker (Sched *sched, gint64 id, DocaiErrorCode code, const char *text, gint64 now_ms)
{
  Worker *worker = lookup_worker (sched, id);

  if (worker == NULL)
    return;
  if (worker->leased)
    sched_failed (sched, id, code, text, now_ms);
  g_ptr_array_remove (sched->workers, worker);
}

/* The job's unit that a worker with these stages can do now; *wake is brought
 * forward to when a waiting one becomes ready. */
static Unit *
find_unit (Job *job, guint32 stages, gint64 now_ms, gint64 *wake, DocaiGraphScope *scope)
{
  Unit *candidates[2] = { &job->source, &job->document };
  for (int i = 0; i < 2; i++)
    {
      Unit *unit = candidates[i];
      *scope = i == 0 ? DOCAI_GRAPH_SOURCE : DOCAI_GRAPH_DOCUMENT;
      guint32 need = docai_graph_scope_set (*scope);
      if (unit->state != UNIT_READY || (stages & need) != need
          || (i == 1 && (!job->has_pages || job->n_open > 0)))
        continue;
      if (unit->not_before_ms <= now_ms)
        return unit;
      *wake = MIN (*wake, unit->not_before_ms);
    }
  *scope = DOCAI_GRAPH_PAGE;
  for (int i = job->first_open; i < job->n_pages; i++)
    {
      Unit *unit = &job->pages[i];
      if (unit->state != UNIT_READY || (stages & (1u << unit->stage)) == 0)
        continue;
      if (unit->not_before_ms <= now_ms)
        return unit;
      *wake = MIN (*wake, unit->not_before_ms);
    }
  return NULL;
}

static gboolean
goes_before (const Job *a, const Job *b)
{
  if (a->priority != b->priority)
    return a->priority < b->priority;
  if (a->n_leased != b->n_leased)
    return a->n_leased < b->n_leased;
  return a->id < b->id;
}

static void
lease_unit (Sched *sched, Worker *worker, Job *job, Unit *unit, DocaiGraphScope scope,
            gint64 now_ms)
{
  int end = scope_edge (scope, TRUE);
  int last = scope == DOCAI_GRAPH_PAGE ? unit->stage : end - 1;
  int first = scope == DOCAI_GRAPH_PAGE ? unit->stage : scope_edge (scope, FALSE);

  while (last + 1 < end && (worker->stages & (1u << (last + 1))) != 0)
    last++;
  unit_enter (unit, UNIT_LEASED);
  job->n_leased++;
  worker_enter (worker, WORKER_BUSY);
  worker->leased = TRUE;
  worker->used = ++sched->uses;
  worker->seen_ms = now_ms;
  worker->deadline_ms = now_ms + sched->limits.lease_ms;
  worker->lease = (SchedLease) {
    .lease = ++sched->last_lease,
    .worker = worker->id,
    .job = job->id,
    .scope = scope,
    .page = unit->page,
    .first = first,
    .last = last,
    .continues = scope == DOCAI_GRAPH_PAGE && first > scope_edge (DOCAI_GRAPH_PAGE, FALSE),
  };
  push_action (sched, SCHED_ASSIGN, &worker->lease);
}

/* The idle worker used last that has not been passed over (used < below). */
static Worker *
next_idle (Sched *sched, gint64 below)
{
  Worker *best = NULL;
  for (guint i = 0; i < sched->workers->len; i++)
    {
      Worker *worker = sched->workers->pdata[i];
      if (worker->state == WORKER_IDLE && worker->used < below
          && (best == NULL || worker->used > best->used))
        best = worker;
    }
  return best;
}

static gboolean
assign_worker (Sched *sched, Worker *worker, gint64 now_ms, gint64 *wake)
{
  Job *best = NULL;
  Unit *best_unit = NULL;
  DocaiGraphScope best_scope = DOCAI_GRAPH_SOURCE;

  for (guint i = 0; i < sched->jobs->len; i++)
    {
      Job *job = sched->jobs->pdata[i];
      if (best != NULL && !goes_before (job, best))
        continue;
      DocaiGraphScope scope;
      Unit *unit = find_unit (job, worker->stages, now_ms, wake, &scope);
      if (unit == NULL)
        continue;
      best = job;
      best_unit = unit;
      best_scope = scope;
    }
  if (best != NULL)
    lease_unit (sched, worker, best, best_unit, best_scope, now_ms);
  return best != NULL;
}

/* Overrun deadlines and silent workers. */
static void
expire (Sched *sched, gint64 now_ms, gint64 *wake)
{
  for (guint i = 0; i < sched->workers->len; i++)
    {
      Worker *worker = sched->workers->pdata[i];
      if (worker->state == WORKER_REVOKED)
        continue;
      gboolean late = worker->leased && now_ms >= worker->deadline_ms;
      gboolean silent = now_ms >= worker->seen_ms + sched->limits.lost_ms;
      if (!late && !silent)
        {
          *wake = MIN (*wake, worker->seen_ms + sched->limits.lost_ms);
          if (worker->leased)
            *wake = MIN (*wake, worker->deadline_ms);
          continue;
        }
      if (worker->leased)
        sched_failed (sched, worker->id, late ? DOCAI_ERROR_TIME_LIMIT : DOCAI_ERROR_WORKER_LOST,
                      late ? docai_error_sentence (DOCAI_ERROR_TIME_LIMIT)
                           : "the worker fell silent",
                      now_ms);
      revoke (sched, worker);
    }
}

gint64
sched_run (Sched *sched, gint64 now_ms)
{
  gint64 wake = G_MAXINT64;
  gint64 below = G_MAXINT64;
  Worker *worker;

  expire (sched, now_ms, &wake);
  while ((worker = next_idle (sched, below)) != NULL)
    {
      if (assign_worker (sched, worker, now_ms, &wake))
        wake = MIN (wake, worker->deadline_ms);
      else
        below = worker->used;
    }
  return wake == G_MAXINT64 ? -1 : wake;
}

gboolean
sched_is_idle (const Sched *sched)
{
  for (guint i = 0; i < sched->workers->len; i++)
    if (((const Worker *) sched->workers->pdata[i])->leased)
      return FALSE;
  return TRUE;
}
