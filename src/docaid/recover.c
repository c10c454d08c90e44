/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the daemon does at its start about what the last run left: jobs under
 * way go back into the queue, folders without a row go away, and after a
 * restart of the machine the latest results are looked after.
 */
#include "docaid/daemon.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECENT_MS (G_GINT64_CONSTANT (24) * 3600 * 1000) /* of the machine's last work */
#define RECENT_MAX 10000
#define UNTIDY_MAX 64
#define ORPHAN_MARGIN_MS (G_GINT64_CONSTANT (3600) * 1000)

/* Folders are made before rows, so a crash can leave some whose job was never
 * accepted. Ids are sorted by time, so only the newest folders need a look. */
static void
sweep_folder (Daemon *daemon, const char *above, const char *since)
{
  g_autoptr (GDir) dir = g_dir_open (above, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (above, name, NULL);
      if (docai_spool_finish_removal (path))
        continue;
      if (!docai_spool_is_id (name) || strncmp (name, since, 9) < 0)
        continue;
      g_autoptr (JobRow) row = store_load (daemon->store, name);
      if (row == NULL || row->state == JOB_FAILED)
        docai_spool_remove (daemon->spool_root, name, DOCAI_SPOOL_KEEP_NOTHING);
    }
}

static void
sweep_orphans (Daemon *daemon)
{
  g_autofree char *last = store_last_id (daemon->store);
  g_autofree char *since = g_strdup ("000000000");
  g_autoptr (GDir) dir = g_dir_open (daemon->spool_root, 0, NULL);
  const char *name;

  if (last != NULL)
    {
      g_autoptr (JobRow) row = store_load (daemon->store, last);
      g_free (since);
      since = docai_spool_new_id (MAX (row->submitted_ms - ORPHAN_MARGIN_MS, 0));
    }
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *above = g_build_filename (daemon->spool_root, name, NULL);
      sweep_folder (daemon, above, since);
    }
}

/* A job's end is stored before its other files go, one job after the other: the
 * last ones may still have theirs. */
static gboolean
tidy_ended (Daemon *daemon, GError **error)
{
  g_autoptr (GPtrArray) rows = store_ended_since (daemon->store, 0, UNTIDY_MAX);

  for (guint i = 0; i < rows->len; i++)
    {
      const JobRow *row = rows->pdata[i];
      jobs_tidy (daemon, row);
      if (!store_clear_tasks (daemon->store, row->seq, error))
        return FALSE;
    }
  return TRUE;
}

/* Whether a result is on the disk to its last byte. A file system that lost the
 * content but not the size gives zeros, or nothing. */
static gboolean
is_whole (Daemon *daemon, const char *id, const char *name, gint64 size)
{
  g_autofree char *path = docai_spool_path (daemon->spool_root, id, name);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  struct stat info;
  char first = 0, last = 0;

  if (fd < 0)
    return FALSE;
  gboolean whole = size > 0 && fstat (fd, &info) == 0 && info.st_size == size
                   && pread (fd, &first, 1, 0) == 1 && pread (fd, &last, 1, size - 1) == 1
                   && first != 0 && last != 0;
  close (fd);
  return whole;
}

static gboolean
has_results (Daemon *daemon, const JobRow *row)
{
  return is_whole (daemon, row->id, DOCAI_SPOOL_JSON, row->json_bytes)
         && is_whole (daemon, row->id, DOCAI_SPOOL_XML, row->xml_bytes);
}

/* Lets a job whose result is lost run again; one whose file is gone too was being
 * removed, and that is carried on. */
static gboolean
run_again (Daemon *daemon, JobRow *row, GError **error)
{
  if (!is_whole (daemon, row->id, DOCAI_SPOOL_SOURCE, row->bytes))
    {
      docai_spool_remove (daemon->spool_root, row->id, DOCAI_SPOOL_KEEP_NOTHING);
      return store_delete (daemon->store, row->seq, error);
    }
  docai_warn (row->id, "its result was lost with the machine's restart; it is run again");
  jobs_row_enter (row, JOB_QUEUED);
  row->ended_ms = row->started_ms = row->json_bytes = row->xml_bytes = 0;
  row->pages = row->done = 0;
  g_clear_pointer (&row->vision, g_free);
  return store_update (daemon->store, row, error);
}

/* Results are not synced one by one: after the machine's restart those of the last
 * day of work are looked at, and what is lost is done again. */
static gboolean
check_results (Daemon *daemon, GError **error)
{
  g_autoptr (GPtrArray) last = store_ended_since (daemon->store, 0, 1);
  if (last->len == 0)
    return TRUE;
  const JobRow *newest = last->pdata[0];
  g_autoptr (GPtrArray) rows
    = store_ended_since (daemon->store, newest->ended_ms - RECENT_MS, RECENT_MAX);

  for (guint i = 0; i < rows->len; i++)
    {
      JobRow *row = rows->pdata[i];
      if ((row->state == JOB_COMPLETE || row->state == JOB_PARTIAL) && !has_results (daemon, row)
          && !run_again (daemon, row, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
recover_store (Daemon *daemon, GError **error)
{
  if (!store_requeue_running (daemon->store, error))
    return FALSE;
  sweep_orphans (daemon);
  if (!tidy_ended (daemon, error))
    return FALSE;
  if (store_machine_restarted (daemon->store) && !check_results (daemon, error))
    return FALSE;
  daemon->n_queued = store_count (daemon->store, JOB_QUEUED);
  daemon->n_running = 0;
  daemon->ended_bytes = store_ended_bytes (daemon->store);
  daemon->refill = daemon->n_queued > 0;
  if (daemon->n_queued > 0)
    docai_info (NULL, "%" G_GINT64_FORMAT " jobs wait", daemon->n_queued);
  return TRUE;
}
