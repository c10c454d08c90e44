/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * docai-watch(1): a folder into which documents are put and out of which results
 * come. What was submitted and what is done is kept in a file, so that a restart
 * goes on where it stopped: jobs that the daemon still has are followed again.
 */
#include "cli/cli.h"
#include "cli/job-options.h"
#include "cli/result.h"
#include "cli/session.h"
#include "cli/watch-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <unistd.h>

#define STATE_NAME ".docai-watch.json"
#define RECONNECT_US (2 * G_USEC_PER_SEC)
#define BUSY_RETRY_US (G_USEC_PER_SEC / 2)
#define LIVENESS_US G_USEC_PER_SEC
#define WATCH_EVENTS \
  (IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

typedef struct {
  WatchFolder folder;
  Session    *session; /* NULL: not connected */
  GHashTable *jobs;    /* job to name of a SUBMITTED file */
  char       *options;
  int         lock_fd, inotify_fd, signal_fd;
  gboolean    rescan, gone;
  gint64      scanned_at, connect_at, submit_at; /* monotonic: last scan, not before */
} Watch;

static char       *endpoint, *results_path, *failed_path, *done_path, *state_path, *format_name;
static gboolean    quiet, once, no_private;
static int         max_jobs = 8;
static int         rescan_seconds = 60;
static double      settle_seconds = 2;
static char      **folders;

static const GOptionEntry entries[] = {
  { "out", 'o', 0, G_OPTION_ARG_FILENAME, &results_path, "Write results here; else beside the documents", "DIR" },
  { "failed", 0, 0, G_OPTION_ARG_FILENAME, &failed_path, "Move refused documents here; else to DIR/failed", "DIR" },
  { "done", 0, 0, G_OPTION_ARG_FILENAME, &done_path, "Move documents here when they are read; else leave them", "DIR" },
  { "state", 0, 0, G_OPTION_ARG_FILENAME, &state_path, "Remember here what was read; else in DIR/" STATE_NAME, "FILE" },
  { "format", 'f', 0, G_OPTION_ARG_FILENAME, &format_name, "Format of results: json, xml, md, txt, csv, html, hocr or alto", "FORMAT" },
  { "jobs", 'j', 0, G_OPTION_ARG_INT, &max_jobs, "Submit at most so many documents at once", "COUNT" },
  { "settle", 0, 0, G_OPTION_ARG_DOUBLE, &settle_seconds, "A file found by looking must not change so long", "SECONDS" },
  { "rescan", 0, 0, G_OPTION_ARG_INT, &rescan_seconds, "Look through the folder so often; 0: only at start", "SECONDS" },
  { "once", 0, 0, G_OPTION_ARG_NONE, &once, "End when all documents that are there have been read", NULL },
  { "endpoint", 'e', 0, G_OPTION_ARG_FILENAME, &endpoint, "Where the daemon listens", "ENDPOINT" },
  { "no-private", 0, 0, G_OPTION_ARG_NONE, &no_private, "Do not start a private daemon", NULL },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "Say nothing but errors", NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &folders, NULL, "DIR" },
  G_OPTION_ENTRY_NULL
};

static gboolean
is_connection_trouble (const GError *error)
{
  return g_error_matches (error, DOCAI_ERROR, DOCAI_ERROR_NO_DAEMON)
         || g_error_matches (error, DOCAI_ERROR, DOCAI_ERROR_TIMEOUT)
         || g_error_matches (error, DOCAI_ERROR, DOCAI_ERROR_SHUTTING_DOWN);
}

/* ---- connection --------------------------------------------------------- */

static void
disconnect (Watch *watch, const GError *error)
{
  cli_fail (NULL, error);
  g_clear_pointer (&watch->session, session_close);
  watch->connect_at = g_get_monotonic_time () + RECONNECT_US;
}

/* Follows again what was submitted before; what the daemon does not know any more
 * is submitted anew. */
static gboolean
resume (Watch *watch, GError **error)
{
  g_autoptr (GList) files = watch_state_list (watch->folder.state);
  g_hash_table_remove_all (watch->jobs);
  for (GList *link = files; link != NULL; link = link->next)
    {
      WatchFile *file = link->data;
      g_autoptr (GError) cause = NULL;
      if (file->status != WATCH_SUBMITTED)
        continue;
      if (docai_client_follow (session_client (watch->session), file->job, &cause))
        g_hash_table_replace (watch->jobs, g_strdup (file->job), g_strdup (file->name));
      else if (is_connection_trouble (cause))
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      else
        watch_folder_requeue (&watch->folder, file);
    }
  return TRUE;
}

static gboolean
connect_daemon (Watch *watch, GError **error)
{
  watch->session = session_open (endpoint, !no_private, error);
  if (watch->session == NULL || !resume (watch, error))
    {
      g_clear_pointer (&watch->session, session_close);
      return FALSE;
    }
  if (session_is_private (watch->session) && !quiet)
    cli_say ("no daemon answers; using a private one");
  return TRUE;
}

/* ---- documents ---------------------------------------------------------- */

static gboolean
refuse (Watch *watch, WatchFile *file, const GError *why, GError **error)
{
  g_autofree char *name = g_strdup (file->name);
  cli_fail (name, why);
  if (!watch_folder_fail (&watch->folder, file, why, error))
    return FALSE;
  watch_folder_look (&watch->folder, name, FALSE);
  return TRUE;
}

/* Submits one file. Its key is on disk before, so that whatever ends this program,
 * or the connection, between the daemon's yes and our note of it, the file gets no
 * second job. FALSE only for trouble that ends the program. */
static gboolean
submit_file (Watch *watch, WatchFile *file, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *path = g_build_filename (watch->folder.path, file->name, NULL);
  DocaiClient     *client = session_client (watch->session);
  if (file->key == NULL)
    {
      file->key = g_uuid_string_random ();
      watch_state_touch (watch->folder.state);
      if (!watch_state_save (watch->folder.state, error))
        return FALSE;
    }
  char *job = docai_client_set_key (client, file->key, &cause)
                ? docai_client_submit_file (client, path, NULL, watch->options, DOCAI_CLIENT_FOLLOW, &cause)
                : NULL;
  if (job != NULL)
    {
      file->job = job;
      file->status = WATCH_SUBMITTED;
      watch_state_touch (watch->folder.state);
      g_hash_table_replace (watch->jobs, g_strdup (job), g_strdup (file->name));
      return TRUE;
    }
  if (is_connection_trouble (cause))
    {
      watch_folder_requeue (&watch->folder, file);
      disconnect (watch, cause);
      return TRUE;
    }
  if (docai_error_class (docai_error_code_of (cause)) == DOCAI_CLASS_BUSY)
    {
      watch_folder_requeue (&watch->folder, file);
      watch->submit_at = g_get_monotonic_time () + BUSY_RETRY_US;
      return TRUE;
    }
  return refuse (watch, file, cause, error);
}

/* The result in the format asked for; NULL with the document's own error when it
 * failed. */
static char *
fetch_result (Watch *watch, const WatchFile *file, gsize *length, GError **error)
{
  gsize            json_length = 0;
  g_autofree char *json = NULL;
  g_autoptr (DocaiDocument) document = result_fetch (session_client (watch->session), file->job, &json, &json_length, error);
  if (document == NULL)
    return NULL;
  if (document->status == DOCAI_STATUS_FAILED)
    {
      g_propagate_error (error, result_error (document));
      return NULL;
    }
  if (watch->folder.format != DOCAI_FORMAT_JSON)
    return docai_export (document, watch->folder.format, length);
  *length = json_length;
  return g_steal_pointer (&json);
}

static gboolean
finish_file (Watch *watch, WatchFile *file, const DocaiClientEvent *event, GError **error)
{
  gsize length = 0;
  g_autoptr (GError) cause = NULL;
  g_autofree char *name = g_strdup (file->name);
  g_autofree char *text = NULL;
  const char      *state = docai_client_event_state (event);
  if (strcmp (state, "cancelled") == 0)
    g_set_error_literal (&cause, DOCAI_ERROR, DOCAI_ERROR_CANCELLED,
                         docai_error_sentence (DOCAI_ERROR_CANCELLED));
  else
    text = fetch_result (watch, file, &length, &cause);
  if (is_connection_trouble (cause))
    {
      disconnect (watch, cause);
      return TRUE;
    }
  if (text == NULL)
    return refuse (watch, file, cause, error);
  if (!watch_folder_deliver (&watch->folder, file, text, length, error))
    return FALSE;
  if (!quiet)
    cli_say ("%s: %s, written to %s", name, state, file->result);
  watch_folder_look (&watch->folder, name, FALSE);
  return TRUE;
}

static gboolean
take_events (Watch *watch, GError **error)
{
  while (watch->session != NULL)
    {
      g_autoptr (GError) cause = NULL;
      g_autoptr (DocaiClientEvent) event = docai_client_next_event (session_client (watch->session), 0, &cause);
      if (cause != NULL)
        disconnect (watch, cause);
      if (event == NULL)
        return TRUE;
      const char *name = g_hash_table_lookup (watch->jobs, docai_client_event_job (event));
      WatchFile  *file = name != NULL ? watch_state_lookup (watch->folder.state, name) : NULL;
      if (file == NULL || !docai_client_event_is_final (event)
          || g_strcmp0 (file->job, docai_client_event_job (event)) != 0)
        continue;
      g_hash_table_remove (watch->jobs, docai_client_event_job (event));
      if (!finish_file (watch, file, event, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
submit_files (Watch *watch, GError **error)
{
  while (watch->session != NULL && g_get_monotonic_time () >= watch->submit_at
         && (int) g_hash_table_size (watch->jobs) < max_jobs && cli_signal () == 0)
    {
      WatchFile *file = watch_folder_next (&watch->folder);
      if (file == NULL)
        return TRUE;
      if (!submit_file (watch, file, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- the folder's news -------------------------------------------------- */

static void
read_inotify (Watch *watch)
{
  _Alignas (struct inotify_event) char buffer[65536];
  ssize_t n = read (watch->inotify_fd, buffer, sizeof buffer);
  for (char *at = buffer; n > 0 && at < buffer + n;)
    {
      const struct inotify_event *event = (const struct inotify_event *) at;
      if (event->mask & IN_Q_OVERFLOW)
        watch->rescan = TRUE;
      else if (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED))
        watch->gone = TRUE;
      else if (event->len > 0)
        watch_folder_look (&watch->folder, event->name, (event->mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) != 0);
      at += sizeof (struct inotify_event) + event->len;
    }
}

static void
scan_if_due (Watch *watch)
{
  gint64 now = g_get_monotonic_time ();
  if (!watch->rescan
      && (rescan_seconds == 0 || now - watch->scanned_at < (gint64) rescan_seconds * G_USEC_PER_SEC))
    return;
  watch->rescan = FALSE;
  watch->scanned_at = now;
  if (!watch_folder_scan (&watch->folder))
    watch->gone = TRUE;
}

static void
await_news (Watch *watch, gint64 settle_us)
{
  struct pollfd fds[] = { { watch->inotify_fd, POLLIN, 0 }, { watch->signal_fd, POLLIN, 0 }, { -1, POLLIN, 0 } };
  gint64        wait = LIVENESS_US;
  if (watch->session != NULL)
    fds[2].fd = docai_client_fd (session_client (watch->session));
  if (settle_us >= 0)
    wait = MIN (wait, settle_us);
  if (!g_queue_is_empty (&watch->folder.ready))
    wait = MIN (wait, BUSY_RETRY_US);
  (void) poll (fds, 3, (int) (wait / 1000));
  if (fds[0].revents != 0)
    read_inotify (watch);
}

/* One turn of the loop; *idle when nothing is left to do. */
static gboolean
turn (Watch *watch, gint64 *settle_us, gboolean *idle, GError **error)
{
  g_autoptr (GError) cause = NULL;
  if (watch->session == NULL && g_get_monotonic_time () >= watch->connect_at
      && !connect_daemon (watch, &cause))
    watch->connect_at = g_get_monotonic_time () + RECONNECT_US;
  scan_if_due (watch);
  if (!take_events (watch, error) || !submit_files (watch, error))
    return FALSE;
  *settle_us = watch_folder_settle (&watch->folder);
  *idle = *settle_us < 0 && g_queue_is_empty (&watch->folder.ready) && watch->session != NULL
          && g_hash_table_size (watch->jobs) == 0;
  if (!watch_state_save (watch->folder.state, error))
    return FALSE;
  /* Answers to submissions may have brought events along, for which no
   * descriptor becomes readable any more. */
  return take_events (watch, error);
}

static int
run (Watch *watch)
{
  g_autoptr (GError) error = NULL;
  gint64   settle_us = -1;
  gboolean idle = FALSE;
  if (!connect_daemon (watch, &error))
    return cli_fail (NULL, error);
  while (cli_signal () == 0 && !watch->gone && !(once && idle))
    {
      if (!turn (watch, &settle_us, &idle, &error))
        {
          (void) watch_state_save (watch->folder.state, NULL);
          return cli_fail (NULL, error);
        }
      if (!(once && idle))
        await_news (watch, g_queue_is_empty (&watch->folder.ready) || watch->session == NULL
                                  || (int) g_hash_table_size (watch->jobs) >= max_jobs
                                  || g_get_monotonic_time () < watch->submit_at
                                ? settle_us
                                : 0);
    }
  if (!watch_state_save (watch->folder.state, &error))
    return cli_fail (NULL, error);
  if (!watch->gone)
    return 0;
  cli_say ("the folder is gone");
  return docai_error_exit_status (DOCAI_ERROR_FILE_NOT_READABLE);
}

/* ---- setting up --------------------------------------------------------- */

static gboolean
same_folder (const char *a, const char *b)
{
  struct stat first, second;
  return stat (a, &first) == 0 && stat (b, &second) == 0 && first.st_dev == second.st_dev
         && first.st_ino == second.st_ino;
}

static gboolean
make_folder (const char *path, GError **error)
{
  if (path == NULL || g_mkdir_with_parents (path, 0777) == 0)
    return TRUE;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_CANNOT_WRITE, "%s: %s", path, g_strerror (errno));
  return FALSE;
}

/* Opens the folder, alone: two watchers would read everything twice. */
static gboolean
lock_folder (Watch *watch, const char *path, GError **error)
{
  watch->lock_fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (watch->lock_fd < 0)
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_FILE_NOT_READABLE, "%s: %s", path, g_strerror (errno));
  else if (flock (watch->lock_fd, LOCK_EX | LOCK_NB) != 0)
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BUSY, "%s is being watched already", path);
  else
    return TRUE;
  return FALSE;
}

static gboolean
watch_inotify (Watch *watch, const char *path, GError **error)
{
  watch->inotify_fd = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);
  if (watch->inotify_fd >= 0 && inotify_add_watch (watch->inotify_fd, path, WATCH_EVENTS) >= 0)
    return TRUE;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_INTERNAL, "inotify on %s: %s", path, g_strerror (errno));
  return FALSE;
}

static gboolean
set_up (Watch *watch, const char *path, GError **error)
{
  WatchFolder *folder = &watch->folder;
  json_t      *options = job_options_read (error);
  if (options == NULL)
    return FALSE;
  char *text = json_dumps (options, JSON_COMPACT);
  json_decref (options);
  watch->options = g_strdup (text);
  free (text);

  folder->path = g_strdup (path);
  folder->results = g_strdup (results_path != NULL ? results_path : path);
  folder->failed = failed_path != NULL ? g_strdup (failed_path) : g_build_filename (path, "failed", NULL);
  folder->done = g_strdup (done_path);
  folder->settle_us = (gint64) (CLAMP (settle_seconds, 0, 3600) * G_USEC_PER_SEC);
  g_queue_init (&folder->ready);
  g_autofree char *state = state_path != NULL ? g_strdup (state_path) : g_build_filename (path, STATE_NAME, NULL);
  if (!lock_folder (watch, path, error) || !make_folder (results_path, error) || !make_folder (done_path, error))
    return FALSE;
  folder->beside = same_folder (path, folder->results);
  folder->state = watch_state_load (state, error);
  watch->jobs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  watch->rescan = TRUE;
  return folder->state != NULL && watch_inotify (watch, path, error);
}

static void
clear (Watch *watch)
{
  session_close (watch->session);
  watch_state_free (watch->folder.state);
  g_queue_clear_full (&watch->folder.ready, g_free);
  g_clear_pointer (&watch->jobs, g_hash_table_unref);
  g_free (watch->folder.path);
  g_free (watch->folder.results);
  g_free (watch->folder.failed);
  g_free (watch->folder.done);
  g_free (watch->options);
  if (watch->inotify_fd >= 0)
    close (watch->inotify_fd);
  if (watch->lock_fd >= 0)
    close (watch->lock_fd);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  Watch watch = { .lock_fd = -1, .inotify_fd = -1 };
  g_option_context_set_summary (context, "Reads the documents that are put into a folder.");
  g_option_context_add_main_entries (context, entries, NULL);
  job_options_add (context);
  g_auto (GStrv) arguments = g_strdupv (argv);
  int status = cli_parse (context, &argc, &arguments);
  job_options_hide_password (argv + 1);
  if (status >= 0)
    return status;
  if (folders == NULL || folders[1] != NULL)
    return cli_usage ("one folder must be named");
  if (format_name != NULL && !docai_format_lookup (format_name, &watch.folder.format))
    return cli_usage ("format \"%s\" is none of %s", format_name, docai_format_names ());
  if (max_jobs < 1 || rescan_seconds < 0 || settle_seconds < 0)
    return cli_usage ("a number is out of range");

  (void) signal (SIGIO, SIG_IGN); /* a lease that somebody breaks */
  watch.signal_fd = cli_catch_signals ();
  status = set_up (&watch, folders[0], &error) ? run (&watch) : cli_fail (NULL, error);
  clear (&watch);
  return status;
}
