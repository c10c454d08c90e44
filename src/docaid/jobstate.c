/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The states of a job and the moves between them, as data.
 */
#include "docaid/store.h"

#include "base/counts.h"

#include <stdlib.h>
#include <string.h>

static const struct {
  const char *name;
  gboolean    ended;
  guint       moves;
} states[JOB_STATES] = {
  [JOB_QUEUED] = { "queued", FALSE, 1 << JOB_RUNNING | 1 << JOB_CANCELLED },
  [JOB_RUNNING] = { "running", FALSE,
                    1 << JOB_QUEUED | 1 << JOB_COMPLETE | 1 << JOB_PARTIAL | 1 << JOB_FAILED
                      | 1 << JOB_CANCELLED },
  [JOB_COMPLETE] = { "complete", TRUE, 1 << JOB_QUEUED },
  [JOB_PARTIAL] = { "partial", TRUE, 1 << JOB_QUEUED },
  [JOB_FAILED] = { "failed", TRUE, 0 },
  [JOB_CANCELLED] = { "cancelled", TRUE, 1 << JOB_QUEUED },
};

const char *
job_state_name (JobState state)
{
  g_return_val_if_fail ((unsigned) state < JOB_STATES, "failed");
  return states[state].name;
}

gboolean
job_state_lookup (const char *name, JobState *state)
{
  for (int i = 0; i < JOB_STATES; i++)
    if (strcmp (states[i].name, name) == 0)
      {
        *state = (JobState) i;
        return TRUE;
      }
  return FALSE;
}

gboolean
job_state_ended (JobState state)
{
  return states[state].ended;
}

gboolean
job_state_may_enter (JobState from, JobState to)
{
  return (states[from].moves & (1u << to)) != 0;
}

void
job_row_free (JobRow *row)
{
  if (row == NULL)
    return;
  g_free (row->id);
  g_free (row->name);
  g_free (row->sha256);
  g_free (row->media_type);
  g_free (row->options);
  g_free (row->options_key);
  g_free (row->code);
  g_free (row->text);
  g_free (row->duplicate_of);
  g_free (row->submit_key);
  g_free (row->vision);
  g_free (row);
}

/* ---- what a model looked at ---- */

static void
read_counts (const JobRow *row, DocaiCounts *counts)
{
  json_t *json = row->vision != NULL ? json_loads (row->vision, 0, NULL) : NULL;
  docai_counts_from_json (counts, json);
  json_decref (json);
}

void
job_row_count_vision (JobRow *row, const json_t *vision)
{
  DocaiCounts all, more;

  docai_counts_from_json (&more, vision);
  if (!docai_counts_any (&more))
    return;
  read_counts (row, &all);
  docai_counts_add (&all, &more);
  json_t *json = docai_counts_to_json (&all);
  char *text = json_dumps (json, JSON_COMPACT);
  g_free (row->vision);
  row->vision = g_strdup (text);
  free (text);
  json_decref (json);
}

char *
job_row_describe_vision (const JobRow *row)
{
  DocaiCounts counts;

  read_counts (row, &counts);
  if (!docai_counts_any (&counts))
    return g_strdup ("");
  g_autofree char *text = docai_counts_to_text (&counts);
  return g_strdup_printf ("; vision: %s", text);
}
