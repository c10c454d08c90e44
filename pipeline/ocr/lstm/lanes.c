/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A thread for each lane but the first.
 */
#include "pipeline/ocr/lstm/lanes.h"

typedef struct {
  DocaiLaneWork work;
  gpointer      data;
  guint         index;
  GThread      *thread; /* NULL: none could be had */
} Lane;

static gpointer
lane_thread (gpointer data)
{
  const Lane *lane = data;

  lane->work (lane->data, lane->index);
  return NULL;
}

void
docai_lanes_run (guint n_lanes, DocaiLaneWork work, gpointer data)
{
  g_autofree Lane *lanes = g_new0 (Lane, MAX (n_lanes, 1));

  for (guint i = 1; i < n_lanes; i++)
    {
      lanes[i] = (Lane){ work, data, i, NULL };
      lanes[i].thread = g_thread_try_new ("lines", lane_thread, &lanes[i], NULL);
    }
  work (data, 0);
  for (guint i = 1; i < n_lanes; i++)
    if (lanes[i].thread != NULL)
      g_thread_join (lanes[i].thread);
    else
      work (data, i);
}
