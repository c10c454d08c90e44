/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ended jobs go away: by age, and the oldest first when they take too much
 * space. A few at a time, so that nobody waits long.
 */
#include "docaid/daemon.h"

#define BATCH 64

void
retention_run (Daemon *daemon)
{
  const DocaiConf *config = daemon->config;
  gint64 oldest_ms = daemon_wall_ms () - (gint64) config->retain_hours * 3600 * 1000;
  g_autoptr (GPtrArray) rows = store_ended (daemon->store, G_MAXINT64, BATCH);
  int n_gone = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const JobRow *row = rows->pdata[i];
      g_autoptr (GError) error = NULL;
      if (row->ended_ms > oldest_ms && daemon->ended_bytes <= config->retain_bytes)
        break;
      if (jobs_lookup (daemon, row->id) != NULL)
        continue;
      if (jobs_remove (daemon, row->id, &error))
        n_gone++;
      else
        docai_warn (row->id, "%s", error->message);
    }
  if (n_gone > 0)
    docai_info (NULL, "%d ended jobs have had their time", n_gone);
}
