/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Jobs under way: taken up from the store, driven by the scheduler's actions,
 * and ended. The store has a job's state before anybody hears of it.
 */
#include "docaid/daemon.h"

#include "base/options.h"

#include <string.h>
#include <sys/stat.h>

static void
failed_page_free (gpointer data)
{
  FailedPage *failed = data;
  g_free (failed->text);
  g_free (failed);
}

void
jobs_free (gpointer data)
{
  Job *job = data;
  if (job == NULL)
    return;
  job_row_free (job->row);
  json_decref (job->options);
  g_ptr_array_unref (job->failed);
  g_free (job->pages);
  g_free (job);
}

Job *
jobs_lookup (Daemon *daemon, const char *id)
{
  return g_hash_table_lookup (daemon->jobs, id);
}

static Job *
lookup_seq (Daemon *daemon, gint64 seq)
{
  return g_hash_table_lookup (daemon->jobs_by_seq, &seq);
}

JobRow *
jobs_load (Daemon *daemon, const char *id, gboolean *active)
{
  Job *job = jobs_lookup (daemon, id);
  JobRow *row = docai_spool_is_id (id) ? store_load (daemon->store, id) : NULL;

  if (active != NULL)
    *active = job != NULL;
  if (row != NULL && job != NULL && !job->unsaved)
    {
      row->done = job->row->done;
      row->pages = job->row->pages;
    }
  return row;
}

gint64
jobs_row_bytes (const JobRow *row)
{
  return (row->state == JOB_FAILED ? 0 : row->bytes) + row->json_bytes + row->xml_bytes;
}

gboolean
jobs_row_enter (JobRow *row, JobState next)
{
  if (!job_state_may_enter (row->state, next))
    {
      docai_warn (row->id, "no way from %s to %s", job_state_name (row->state),
                  job_state_name (next));
      return FALSE;
    }
  docai_debug (row->id, "%s, now %s", job_state_name (row->state), job_state_name (next));
  row->state = next;
  return TRUE;
}

/* Passwords are kept no longer than they are needed. */
void
jobs_forget_password (JobRow *row)
{
  json_t *options = json_loads (row->options, 0, NULL);
  if (json_object_get (options, "password") != NULL)
    {
      json_object_del (options, "password");
      char *text = json_dumps (options, JSON_COMPACT);
      g_free (row->options);
      row->options = g_strdup (text);
      free (text);
    }
  json_decref (options);
}

static void
take_up (Daemon *daemon, JobRow *row)
{
  Job *job = g_new0 (Job, 1);
  job->row = row;
  job->options = json_loads (row->options, 0, NULL);
  if (job->options == NULL)
    job->options = json_object ();
  job->failed = g_ptr_array_new_with_free_func (failed_page_free);
  g_hash_table_insert (daemon->jobs, row->id, job);
  g_hash_table_insert (daemon->jobs_by_seq, &row->seq, job);
  daemon->n_active[row->priority]++;
  sched_add_job (daemon->sched, row->seq, (SchedPriority) row->priority);

  g_autoptr (GPtrArray) tasks = store_tasks (daemon->store, row->seq);
  for (guint i = 0; i < tasks->len; i++)
    {
      const TaskRow *task = tasks->pdata[i];
      if (task->page <= 0)
        sched_restore_attempts (daemon->sched, row->seq,
                                task->page == 0 ? DOCAI_GRAPH_SOURCE : DOCAI_GRAPH_DOCUMENT,
                                task->attempts);
    }
}

void
jobs_refill (Daemon *daemon)
{
  if (!daemon->refill || daemon->stopping)
    return;
  daemon->refill = FALSE;
  for (int priority = 0; priority < PRIORITY_COUNT; priority++)
    {
      int limit = daemon->config->active_jobs;
      if (daemon->n_active[priority] >= limit)
        continue;
      g_autoptr (GPtrArray) rows = store_queued (daemon->store, priority, limit);
      g_ptr_array_set_free_func (rows, NULL);
      for (guint i = 0; i < rows->len; i++)
        {
          JobRow *row = rows->pdata[i];
          if (daemon->n_active[priority] < limit && jobs_lookup (daemon, row->id) == NULL)
            take_up (daemon, row);
          else
            job_row_free (row);
        }
    }
}

static void
leave (Daemon *daemon, Job *job)
{
  daemon->n_active[job->row->priority]--;
  g_hash_table_remove (daemon->jobs_by_seq, &job->row->seq);
  g_hash_table_remove (daemon->jobs, job->row->id);
  daemon->refill = TRUE;
}

void
jobs_tidy (Daemon *daemon, const JobRow *row)
{
  docai_spool_remove (daemon->spool_root, row->id,
                      row->state == JOB_FAILED      ? DOCAI_SPOOL_KEEP_NOTHING
                      : row->state == JOB_CANCELLED ? DOCAI_SPOOL_KEEP_SOURCE
                                                    : DOCAI_SPOOL_KEEP_RESULTS);
}

/* Stores a job's end, on a full disk in the room that is kept for that. What a
 * cancelled or refused job has written so far is of no use and goes first. */
static gboolean
store_end (Daemon *daemon, const JobRow *row, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (store_update (daemon->store, row, &problem))
    return TRUE;
  if (!g_error_matches (problem, DOCAI_ERROR, DOCAI_ERROR_SPOOL_FULL))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  if (row->state == JOB_CANCELLED || row->state == JOB_FAILED)
    docai_spool_remove (daemon->spool_root, row->id, DOCAI_SPOOL_KEEP_SOURCE);
  docai_spool_release (daemon->spool_root);
  return store_update (daemon->store, row, error);
}

/* Stores the end of a job, tells of it and lets go of it. */
static void
save_end (Daemon *daemon, Job *job)
{
  JobRow *row = job->row;
  g_autoptr (GError) error = NULL;

  if (!store_end (daemon, row, &error))
    {
      if (!job->unsaved)
        docai_warn (row->id, "its end cannot be stored yet: %s", error->message);
      job->unsaved = TRUE;
      return;
    }
  store_clear_tasks (daemon->store, row->seq, NULL);
  jobs_tidy (daemon, row);
  daemon->ended_bytes += jobs_row_bytes (row);
  g_autofree char *vision = job_row_describe_vision (row);
  docai_info (row->id, "%s%s%s, %d pages, %" G_GINT64_FORMAT " ms%s", job_state_name (row->state),
              row->code != NULL ? ": " : "", row->text != NULL ? row->text : "", row->pages,
              row->ended_ms - row->submitted_ms, vision);
  follow_tell (daemon, row, 0, DOCAI_ERROR_INTERNAL, NULL);
  leave (daemon, job);
}

void
jobs_save_again (Daemon *daemon)
{
  g_autoptr (GList) jobs = g_hash_table_get_values (daemon->jobs);
  for (GList *at = jobs; at != NULL; at = at->next)
    if (((Job *) at->data)->unsaved)
      save_end (daemon, at->data);
}

static void
count_state (Daemon *daemon, JobState from, JobState to)
{
  daemon->n_queued += (to == JOB_QUEUED) - (from == JOB_QUEUED);
  daemon->n_running += (to == JOB_RUNNING) - (from == JOB_RUNNING);
}

void
jobs_end (Daemon *daemon, Job *job, JobState state, DocaiErrorCode code, const char *text)
{
  JobRow *row = job->row;
  JobState from = row->state;

  /* A job can be refused by what an earlier run left, before any lease. */
  if (from == JOB_QUEUED && state != JOB_CANCELLED)
    jobs_row_enter (row, JOB_RUNNING);
  if (!jobs_row_enter (row, state))
    return;
  count_state (daemon, from, state);
  sched_remove_job (daemon->sched, row->seq);
  row->ended_ms = daemon_wall_ms ();
  g_clear_pointer (&row->code, g_free);
  g_clear_pointer (&row->text, g_free);
  if (state == JOB_FAILED)
    {
      row->code = g_strdup (docai_error_name (code));
      row->text = g_utf8_make_valid (text != NULL ? text : docai_error_sentence (code), -1);
    }
  if (state == JOB_FAILED || state == JOB_CANCELLED)
    row->json_bytes = row->xml_bytes = 0;
  jobs_forget_password (row);
  save_end (daemon, job);
}

/* ---- the source is known ---- */

static void
add_failed (Job *job, int page, DocaiErrorCode code, const char *text)
{
  FailedPage *failed = g_new0 (FailedPage, 1);
  failed->page = page;
  failed->code = code;
  failed->text = g_utf8_make_valid (text != NULL ? text : docai_error_sentence (code), -1);
  g_ptr_array_add (job->failed, failed);
}

static gboolean
has_page_file (Daemon *daemon, const Job *job, int page)
{
  g_autofree char *name = docai_spool_page_name (page, "json");
  g_autofree char *path = docai_spool_path (daemon->spool_root, job->row->id, name);
  struct stat info;
  return stat (path, &info) == 0 && info.st_size > 0;
}

/* All pages given up: there is nothing to deliver. */
static gboolean
refuse_if_hopeless (Daemon *daemon, Job *job)
{
  if ((int) job->failed->len < job->row->pages)
    return FALSE;
  const FailedPage *first = job->failed->pdata[0];
  jobs_end (daemon, job, JOB_FAILED, first->code, first->text);
  return TRUE;
}

/* Takes over the pages that an earlier run of the daemon has finished. */
static void
restore_pages (Daemon *daemon, Job *job)
{
  JobRow *row = job->row;
  g_autoptr (GPtrArray) tasks = store_tasks (daemon->store, row->seq);

  for (guint i = 0; i < tasks->len; i++)
    {
      const TaskRow *task = tasks->pdata[i];
      if (task->page <= 0)
        continue;
      gboolean done = task->done && has_page_file (daemon, job, task->page);
      DocaiErrorCode code = DOCAI_ERROR_INTERNAL;
      sched_restore_page (daemon->sched, row->seq, task->page, done, task->dead, task->attempts);
      if (task->code != NULL)
        docai_error_lookup (task->code, &code);
      if (task->dead)
        add_failed (job, task->page, code, task->text);
      if (done || task->dead)
        row->done++;
    }
}

void
jobs_source_done (Daemon *daemon, Job *job, const DocaiMessage *message)
{
  JobRow *row = job->row;
  int n_file = (int) docai_message_int (message, "pages", 0);
  const char *media_type = docai_message_string (message, "media_type");
  const char *range = json_string_value (json_object_get (job->options, "pages"));
  g_autoptr (GError) error = NULL;

  g_free (row->media_type);
  row->media_type = g_strdup (media_type);
  if (n_file > daemon->config->settings->limits.pages)
    g_set_error_literal (&error, DOCAI_ERROR, DOCAI_ERROR_PAGE_COUNT_LIMIT,
                         docai_error_sentence (DOCAI_ERROR_PAGE_COUNT_LIMIT));
  else if (n_file < 1)
    g_set_error_literal (&error, DOCAI_ERROR, DOCAI_ERROR_NO_PAGES,
                         docai_error_sentence (DOCAI_ERROR_NO_PAGES));
  g_autofree gboolean *wanted
    = error == NULL ? docai_page_range_parse (range, n_file, &error) : NULL;
  if (error != NULL)
    {
      jobs_end (daemon, job, JOB_FAILED, docai_error_code_of (error), error->message);
      return;
    }
  job->pages = g_new0 (int, n_file);
  row->pages = 0;
  for (int i = 0; i < n_file; i++)
    if (wanted[i])
      job->pages[row->pages++] = i + 1;
  row->done = 0;
  sched_set_pages (daemon->sched, row->seq, job->pages, row->pages);
  restore_pages (daemon, job);
  if (!refuse_if_hopeless (daemon, job))
    follow_tell (daemon, row, 0, DOCAI_ERROR_INTERNAL, NULL);
}

/* ---- the document is ready ---- */

static gboolean
has_size (Daemon *daemon, const Job *job, const char *name, gint64 size)
{
  g_autofree char *path = docai_spool_path (daemon->spool_root, job->row->id, name);
  struct stat info;
  return stat (path, &info) == 0 && S_ISREG (info.st_mode) && info.st_size == size && size > 0;
}

/* FALSE: the results are not there, the task has failed. */
gboolean
jobs_document_done (Daemon *daemon, Job *job, const DocaiMessage *message)
{
  JobRow *row = job->row;
  row->json_bytes = docai_message_int (message, "json_bytes", 0);
  row->xml_bytes = docai_message_int (message, "xml_bytes", 0);
  if (!has_size (daemon, job, DOCAI_SPOOL_JSON, row->json_bytes)
      || !has_size (daemon, job, DOCAI_SPOOL_XML, row->xml_bytes))
    return FALSE;
  gboolean partial = g_strcmp0 (docai_message_string (message, "status"), "partial") == 0
                     || job->failed->len > 0;
  jobs_end (daemon, job, partial ? JOB_PARTIAL : JOB_COMPLETE, DOCAI_ERROR_INTERNAL, NULL);
  return TRUE;
}

/* ---- actions of the scheduler ---- */

static DocaiMessage *
make_task (const Job *job, const SchedLease *lease, int seconds)
{
  const JobRow *row = job->row;
  const DocaiGraphStage *stages = docai_graph_stages ();
  g_autofree char *folder = docai_spool_folder (row->id);
  DocaiMessage *task = docai_message_pack (
    DOCAI_MSG_TASK, "{s:I, s:s, s:s, s:s, s:s, s:I, s:s, s:O, s:i}", "task",
    (json_int_t) lease->lease, "job", row->id, "scope", docai_graph_scope_name (lease->scope),
    "folder", folder, "name", row->name, "size", (json_int_t) row->bytes, "sha256", row->sha256,
    "options", job->options, "seconds", seconds);

  if (lease->scope == DOCAI_GRAPH_PAGE)
    {
      json_object_set_new (task->header, "page", json_integer (lease->page));
      json_object_set_new (task->header, "first", json_string (stages[lease->first].name));
      json_object_set_new (task->header, "last", json_string (stages[lease->last].name));
      json_object_set_new (task->header, "continues", json_boolean (lease->continues));
    }
  if (lease->scope != DOCAI_GRAPH_DOCUMENT)
    return task;
  json_t *pages = json_array ();
  json_t *failed = json_array ();
  for (int i = 0; i < row->pages; i++)
    json_array_append_new (pages, json_integer (job->pages[i]));
  for (guint i = 0; i < job->failed->len; i++)
    {
      const FailedPage *page = job->failed->pdata[i];
      json_array_append_new (failed,
                             json_pack ("{s:i, s:s, s:s}", "page", page->page, "code",
                                        docai_error_name (page->code), "text", page->text));
    }
  json_object_set_new (task->header, "pages", pages);
  json_object_set_new (task->header, "failed", failed);
  return task;
}

static void
on_assign (Daemon *daemon, Job *job, const SchedLease *lease)
{
  Peer *peer = worker_lookup (daemon, lease->worker);
  JobRow *row = job->row;
  g_autoptr (GError) error = NULL;

  if (row->state == JOB_QUEUED)
    {
      count_state (daemon, JOB_QUEUED, JOB_RUNNING);
      jobs_row_enter (row, JOB_RUNNING);
      row->started_ms = daemon_wall_ms ();
      if (!store_update (daemon->store, row, &error))
        docai_warn (row->id, "%s", error->message);
      follow_tell (daemon, row, 0, DOCAI_ERROR_INTERNAL, NULL);
    }
  docai_debug (row->id, "%s %d to worker %" G_GINT64_FORMAT,
               docai_graph_scope_name (lease->scope), lease->page, lease->worker);
  int seconds = daemon->config->settings->limits.task_seconds;
  if (peer == NULL || !worker_send (daemon, peer, make_task (job, lease, seconds)))
    sched_remove_worker (daemon->sched, lease->worker, DOCAI_ERROR_WORKER_LOST,
                         "the worker cannot be reached", daemon_clock_ms ());
}

/* Remembers what became of a unit. Losing it costs only doing it again. */
static void
note_task (Daemon *daemon, const Job *job, const SchedAction *action, gboolean done, gboolean dead)
{
  TaskRow task = {
    .page = action->lease.scope == DOCAI_GRAPH_SOURCE     ? 0
            : action->lease.scope == DOCAI_GRAPH_DOCUMENT ? STORE_DOCUMENT
                                                          : action->lease.page,
    .done = done,
    .dead = dead,
    .attempts = action->attempts,
    .code = dead ? (char *) docai_error_name (action->code) : NULL,
    .text = dead ? action->text : NULL,
  };
  g_autoptr (GError) error = NULL;
  if (!store_put_task (daemon->store, job->row->seq, &task, &error))
    docai_warn (job->row->id, "%s", error->message);
}

static void
on_unit_done (Daemon *daemon, Job *job, const SchedAction *action)
{
  if (action->lease.scope != DOCAI_GRAPH_PAGE)
    return;
  note_task (daemon, job, action, TRUE, FALSE);
  job->row->done++;
  follow_tell (daemon, job->row, action->lease.page, DOCAI_ERROR_INTERNAL, NULL);
}

static void
on_unit_dead (Daemon *daemon, Job *job, const SchedAction *action)
{
  docai_warn (job->row->id, "page %d given up: %s", action->lease.page, action->text);
  note_task (daemon, job, action, FALSE, TRUE);
  add_failed (job, action->lease.page, action->code, action->text);
  job->row->done++;
  if (!refuse_if_hopeless (daemon, job))
    follow_tell (daemon, job->row, action->lease.page, action->code, action->text);
}

void
jobs_act (Daemon *daemon, SchedAction *action_taken)
{
  g_autoptr (SchedAction) action = action_taken;
  Job *job = lookup_seq (daemon, action->lease.job);

  if (action->kind == SCHED_REVOKE)
    {
      worker_revoke (daemon, action->lease.worker);
      return;
    }
  if (job == NULL || job->unsaved)
    return;
  switch (action->kind)
    {
    case SCHED_ASSIGN:
      on_assign (daemon, job, &action->lease);
      break;
    case SCHED_UNIT_DONE:
      on_unit_done (daemon, job, action);
      break;
    case SCHED_UNIT_DEAD:
      on_unit_dead (daemon, job, action);
      break;
    case SCHED_REFUSED:
      jobs_end (daemon, job, JOB_FAILED, action->code, action->text);
      break;
    case SCHED_RETRIED:
      docai_info (job->row->id, "%s %d, attempt %d failed: %s",
                  docai_graph_scope_name (action->lease.scope), action->lease.page,
                  action->attempts, action->text);
      note_task (daemon, job, action, FALSE, FALSE);
      break;
    case SCHED_REVOKE:
      break;
    }
}

/* ---- requests ---- */

static JobRow *
load_or_error (Daemon *daemon, const char *id, GError **error)
{
  JobRow *row = jobs_load (daemon, id, NULL);
  if (row == NULL)
    g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_NOT_FOUND,
                         docai_error_sentence (DOCAI_ERROR_NOT_FOUND));
  return row;
}

static gboolean
refuse_state (const JobRow *row, const char *what, GError **error)
{
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_STATE, "The job is %s and cannot be %s.",
               job_state_name (row->state), what);
  return FALSE;
}

gboolean
jobs_cancel (Daemon *daemon, const char *id, GError **error)
{
  g_autoptr (JobRow) row = load_or_error (daemon, id, error);
  Job *job = jobs_lookup (daemon, id);

  if (row == NULL)
    return FALSE;
  if (job != NULL && !job->unsaved)
    {
      jobs_end (daemon, job, JOB_CANCELLED, DOCAI_ERROR_CANCELLED, NULL);
      return TRUE;
    }
  if (job_state_ended (row->state) || job != NULL)
    return refuse_state (row, "cancelled", error);
  jobs_row_enter (row, JOB_CANCELLED);
  row->ended_ms = daemon_wall_ms ();
  jobs_forget_password (row);
  if (!store_end (daemon, row, error))
    return FALSE;
  daemon->n_queued--;
  daemon->ended_bytes += jobs_row_bytes (row);
  follow_tell (daemon, row, 0, DOCAI_ERROR_INTERNAL, NULL);
  return TRUE;
}

static void
set_password (JobRow *row, const char *password)
{
  json_t *options = json_loads (row->options, 0, NULL);
  json_object_set_new (options, "password", json_string (password));
  char *text = json_dumps (options, JSON_COMPACT);
  g_free (row->options);
  row->options = g_strdup (text);
  free (text);
  json_decref (options);
}

gboolean
jobs_retry (Daemon *daemon, const char *id, const char *password, GError **error)
{
  g_autoptr (JobRow) row = load_or_error (daemon, id, error);

  if (row == NULL)
    return FALSE;
  if (jobs_lookup (daemon, id) != NULL || !job_state_may_enter (row->state, JOB_QUEUED))
    return refuse_state (row, "run again", error);
  gint64 bytes = jobs_row_bytes (row);
  jobs_row_enter (row, JOB_QUEUED);
  row->pages = row->done = 0;
  row->started_ms = row->ended_ms = 0;
  row->json_bytes = row->xml_bytes = 0;
  g_clear_pointer (&row->duplicate_of, g_free);
  g_clear_pointer (&row->vision, g_free);
  if (password != NULL)
    set_password (row, password);
  if (!store_clear_tasks (daemon->store, row->seq, error)
      || !store_update (daemon->store, row, error))
    return FALSE;
  docai_spool_remove (daemon->spool_root, row->id, DOCAI_SPOOL_KEEP_SOURCE);
  daemon->ended_bytes -= bytes;
  daemon->n_queued++;
  daemon->refill = TRUE;
  follow_tell (daemon, row, 0, DOCAI_ERROR_INTERNAL, NULL);
  return TRUE;
}

gboolean
jobs_remove (Daemon *daemon, const char *id, GError **error)
{
  g_autoptr (JobRow) row = load_or_error (daemon, id, error);

  if (row == NULL)
    return FALSE;
  if (!job_state_ended (row->state) || jobs_lookup (daemon, id) != NULL)
    return refuse_state (row, "removed", error);
  /* Files first: what a crash leaves then is a row without files, which the
   * next removal finds, and never files without a row. */
  docai_spool_remove (daemon->spool_root, row->id, DOCAI_SPOOL_KEEP_NOTHING);
  if (!store_delete (daemon->store, row->seq, error))
    return FALSE;
  daemon->ended_bytes -= jobs_row_bytes (row);
  return TRUE;
}
