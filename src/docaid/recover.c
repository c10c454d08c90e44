/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the daemon does at its start about what the last run left: jobs under
 * way go back into the queue, folders without a row go away, and after a
 * restart of the machine the latest results are looked after.
 */
#include "docaid/daemon.h"

#include <string.h>
#include <sys/stat.h>

#define RECENT_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)
#define RECENT_MAX 10000
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

static gboolean
file_has_size (Daemon *daemon, const char *id, const char *name, gint64 size)
{
  g_autofree char *path = docai_spool_path (daemon->spool_root, id, name);
  struct stat info;
  return stat (path, &info) == 0 && info.st_size == size;
}

/* A result written shortly before the power went may be gone or short: its job
 * is run again. */
static gboolean
check_results (Daemon *daemon, GError **error)
{
  g_autoptr (GPtrArray) rows
    = store_ended_since (daemon->store, daemon_wall_ms () - RECENT_MS, RECENT_MAX);

  for (guint i = 0; i < rows->len; i++)
    {
      JobRow *row = rows->pdata[i];
      if ((row->state != JOB_COMPLETE && row->state != JOB_PARTIAL)
          || (file_has_size (daemon, row->id, DOCAI_SPOOL_JSON, row->json_bytes)
              && file_has_size (daemon, row->id, DOCAI_SPOOL_XML, row->xml_bytes)))
        continue;
      docai_warn (row->id, "its result was lost with the machine's restart; it is run again");
      jobs_row_enter (row, JOB_QUEUED);
      row->ended_ms = row->started_ms = row->json_bytes = row->xml_bytes = 0;
      row->pages = row->done = 0;
      if (!store_update (daemon->store, row, error))
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
