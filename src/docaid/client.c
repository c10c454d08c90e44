/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Requests of clients: a table from message to handler. The wire's decoder has
 * checked the members; what is left to check is whether they make sense here.
 */
#include <config.h>

#include "docaid/daemon.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define LAG_MS 20
#define OUTBOX_MAX (1024 * 1024)       /* bytes that wait for one client */
#define OUTBOXES_MAX (8 * 1024 * 1024) /* for all of them */

/* Answers that a client's queue would not take, in order. */
typedef struct {
  zframe_t *identity;
  GQueue    messages; /* DocaiMessage */
  gsize     bytes;
} Outbox;

void
client_outbox_free (gpointer data)
{
  Outbox *outbox = data;
  zframe_destroy (&outbox->identity);
  g_queue_clear_full (&outbox->messages, (GDestroyNotify) docai_message_free);
  g_free (outbox);
}

static Outbox *
lookup_outbox (Daemon *daemon, zframe_t *identity)
{
  if (g_hash_table_size (daemon->outboxes) == 0)
    return NULL;
  char *key = zframe_strhex (identity);
  Outbox *outbox = g_hash_table_lookup (daemon->outboxes, key);
  free (key);
  return outbox;
}

gboolean
client_lags (Daemon *daemon, zframe_t *identity)
{
  return lookup_outbox (daemon, identity) != NULL;
}

static int
on_lag_timer (zloop_t *loop, int id, void *data)
{
  Daemon *daemon = data;
  daemon->lag_timer = -1;
  client_lagging (daemon);
  follow_lagging (daemon);
  return 0;
}

void
client_lag_later (Daemon *daemon)
{
  if (daemon->lag_timer < 0)
    daemon->lag_timer = zloop_timer (daemon->loop, LAG_MS, 1, on_lag_timer, daemon);
}

static gsize
message_bytes (const DocaiMessage *message)
{
  return 512 + (message->data != NULL ? g_bytes_get_size (message->data) : 0)
         + 200 * json_array_size (json_object_get (message->header, "jobs"));
}

/* Sends what waits. FALSE: nothing does any more, or the client is gone. */
static gboolean
empty_outbox (Daemon *daemon, Outbox *outbox)
{
  DocaiMessage *message;

  while ((message = g_queue_peek_head (&outbox->messages)) != NULL)
    {
      if (!docai_message_send (message, daemon->clients, outbox->identity))
        return errno == EAGAIN;
      outbox->bytes -= message_bytes (message);
      daemon->outbox_bytes -= message_bytes (message);
      docai_message_free (g_queue_pop_head (&outbox->messages));
    }
  return FALSE;
}

void
client_lagging (Daemon *daemon)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, daemon->outboxes);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Outbox *outbox = value;
      if (empty_outbox (daemon, outbox))
        continue;
      daemon->outbox_bytes -= outbox->bytes;
      g_hash_table_iter_remove (&iter);
    }
  if (g_hash_table_size (daemon->outboxes) > 0)
    client_lag_later (daemon);
}

/* Keeps an answer until the client reads. Who asks on and on without reading
 * loses answers, not the daemon its memory. */
static void
keep_answer (Daemon *daemon, Outbox *outbox, zframe_t *identity, DocaiMessage *message_taken)
{
  gsize bytes = message_bytes (message_taken);

  if (daemon->outbox_bytes + bytes > OUTBOXES_MAX
      || (outbox != NULL && outbox->bytes + bytes > OUTBOX_MAX))
    {
      docai_warn (NULL, "%s to a client that does not read is lost",
                  docai_wire_spec (message_taken->kind)->name);
      docai_message_free (message_taken);
      return;
    }
  if (outbox == NULL)
    {
      char *key = zframe_strhex (identity);
      outbox = g_new0 (Outbox, 1);
      outbox->identity = zframe_dup (identity);
      g_queue_init (&outbox->messages);
      g_hash_table_insert (daemon->outboxes, g_strdup (key), outbox);
      free (key);
    }
  g_queue_push_tail (&outbox->messages, message_taken);
  outbox->bytes += bytes;
  daemon->outbox_bytes += bytes;
  client_lag_later (daemon);
}

void
client_send (Daemon *daemon, zframe_t *identity, DocaiMessage *message_taken)
{
  Outbox *outbox = lookup_outbox (daemon, identity);

  if (outbox == NULL)
    {
      if (docai_message_send (message_taken, daemon->clients, identity) || errno != EAGAIN)
        {
          docai_message_free (message_taken);
          return;
        }
    }
  keep_answer (daemon, outbox, identity, message_taken);
}

void
client_send_error (Daemon *daemon, zframe_t *identity, gint64 seq, const GError *error)
{
  client_send (daemon, identity,
               docai_message_new_error (seq, docai_error_code_of (error), error->message));
}

static void
set_string (json_t *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_new (object, name, json_string (text));
}

static void
set_positive (json_t *object, const char *name, gint64 number)
{
  if (number > 0)
    json_object_set_new (object, name, json_integer (number));
}

json_t *
client_describe_job (const JobRow *row, gboolean with_options)
{
  json_t *job = json_pack ("{s:s, s:s, s:I, s:s, s:s, s:s, s:i, s:i, s:I}", "id", row->id, "name",
                           row->name, "bytes", (json_int_t) row->bytes, "sha256", row->sha256,
                           "state", job_state_name (row->state), "priority",
                           row->priority == PRIORITY_BATCH ? "batch" : "interactive", "pages",
                           row->pages, "done", row->done, "submitted_ms",
                           (json_int_t) row->submitted_ms);
  set_string (job, "media_type", row->media_type);
  set_positive (job, "started_ms", row->started_ms);
  set_positive (job, "ended_ms", row->ended_ms);
  set_string (job, "code", row->code);
  set_string (job, "text", row->text);
  set_positive (job, "json_bytes", row->json_bytes);
  set_positive (job, "xml_bytes", row->xml_bytes);
  set_string (job, "duplicate_of", row->duplicate_of);
  if (row->vision != NULL)
    json_object_set_new (job, "vision", json_loads (row->vision, 0, NULL));
  if (with_options)
    {
      json_t *options = json_loads (row->options, 0, NULL);
      json_object_del (options, "password");
      json_object_set_new (job, "options", options);
    }
  return job;
}

typedef struct {
  Daemon             *daemon;
  zframe_t           *identity;
  const DocaiMessage *message;
  gint64              seq;
} Request;

static void
answer (const Request *request, DocaiMessage *message_taken)
{
  client_send (request->daemon, request->identity, message_taken);
}

static void
answer_ok (const Request *request)
{
  answer (request, docai_message_pack (DOCAI_MSG_OK, "{s:I}", "seq", (json_int_t) request->seq));
}

static const char *
job_of (const Request *request)
{
  return docai_message_string (request->message, "job");
}

static gboolean
on_hello (const Request *request, GError **error)
{
  const Daemon *daemon = request->daemon;
  answer (request, docai_message_pack (
                     DOCAI_MSG_WELCOME, "{s:I, s:s, s:i, s:b, s:i, s:I}", "seq",
                     (json_int_t) request->seq, "version", PACKAGE_VERSION, "protocol",
                     DOCAI_WIRE_VERSION, "private", (int) daemon->options->is_private,
                     "inline_max", DOCAI_WIRE_INLINE_MAX, "file_max",
                     (json_int_t) daemon->config->settings->limits.file_bytes));
  return TRUE;
}

static gboolean
on_submit (const Request *request, GError **error)
{
  upload_submit (request->daemon, request->identity, request->message);
  return TRUE;
}

static gboolean
on_chunk (const Request *request, GError **error)
{
  upload_chunk (request->daemon, request->identity, request->message);
  return TRUE;
}

static JobRow *
load (const Request *request, GError **error)
{
  JobRow *row = jobs_load (request->daemon, job_of (request), NULL);
  if (row == NULL)
    g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_NOT_FOUND,
                         docai_error_sentence (DOCAI_ERROR_NOT_FOUND));
  return row;
}

static void
answer_job (const Request *request, const JobRow *row)
{
  answer (request, docai_message_pack (DOCAI_MSG_JOB, "{s:I, s:o}", "seq",
                                       (json_int_t) request->seq, "job",
                                       client_describe_job (row, TRUE)));
}

static gboolean
on_status (const Request *request, GError **error)
{
  g_autoptr (JobRow) row = load (request, error);
  if (row == NULL)
    return FALSE;
  answer_job (request, row);
  return TRUE;
}

static gboolean
on_list (const Request *request, GError **error)
{
  const char *name = docai_message_string (request->message, "state");
  int limit = (int) docai_message_int (request->message, "limit", 100);
  JobState state = JOB_QUEUED;

  if (name != NULL && !job_state_lookup (name, &state))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "there is no such state");
      return FALSE;
    }
  g_autoptr (GPtrArray) rows
    = store_list (request->daemon->store, name != NULL ? (int) state : -1,
                  docai_message_int (request->message, "before", 0), limit);
  json_t *jobs = json_array ();
  for (guint i = 0; i < rows->len; i++)
    {
      JobRow *row = rows->pdata[i];
      const Job *active = jobs_lookup (request->daemon, row->id);
      if (active != NULL && !active->unsaved)
        {
          row->pages = active->row->pages;
          row->done = active->row->done;
        }
      json_array_append_new (jobs, client_describe_job (row, FALSE));
    }
  DocaiMessage *list = docai_message_pack (DOCAI_MSG_JOBS, "{s:I, s:o}", "seq",
                                           (json_int_t) request->seq, "jobs", jobs);
  if ((int) rows->len == limit)
    set_positive (list->header, "next", ((const JobRow *) rows->pdata[rows->len - 1])->seq);
  answer (request, list);
  return TRUE;
}

static gboolean
on_follow (const Request *request, GError **error)
{
  if (job_of (request) == NULL)
    {
      if (!follow_add (request->daemon, request->identity, request->seq, NULL, error))
        return FALSE;
      answer_ok (request);
      return TRUE;
    }
  g_autoptr (JobRow) row = load (request, error);
  if (row == NULL)
    return FALSE;
  if (!job_state_ended (row->state)
      && !follow_add (request->daemon, request->identity, request->seq, row->id, error))
    return FALSE;
  answer_job (request, row);
  if (job_state_ended (row->state))
    follow_tell_one (request->daemon, request->identity, request->seq, row);
  return TRUE;
}

static gboolean
on_unfollow (const Request *request, GError **error)
{
  follow_remove (request->daemon, request->identity,
                 docai_message_int (request->message, "follow", -1));
  answer_ok (request);
  return TRUE;
}

static gboolean
on_result (const Request *request, GError **error)
{
  g_autoptr (JobRow) row = load (request, error);
  if (row == NULL)
    return FALSE;
  DocaiMessage *data
    = result_read (request->daemon, row, docai_message_string (request->message, "format"),
                   request->seq, docai_message_int (request->message, "offset", 0),
                   docai_message_int (request->message, "length", DOCAI_WIRE_RESULT_MAX), error);
  if (data == NULL)
    return FALSE;
  answer (request, data);
  return TRUE;
}

static gboolean
on_cancel (const Request *request, GError **error)
{
  if (!jobs_cancel (request->daemon, job_of (request), error))
    return FALSE;
  docai_info (job_of (request), "cancelled by a client");
  answer_ok (request);
  return TRUE;
}

static gboolean
on_retry (const Request *request, GError **error)
{
  if (!jobs_retry (request->daemon, job_of (request),
                   docai_message_string (request->message, "password"), error))
    return FALSE;
  docai_info (job_of (request), "run again by a client");
  answer_ok (request);
  return TRUE;
}

static gboolean
on_remove (const Request *request, GError **error)
{
  if (!jobs_remove (request->daemon, job_of (request), error))
    return FALSE;
  docai_info (job_of (request), "removed by a client");
  answer_ok (request);
  return TRUE;
}

static gint64
own_rss (void)
{
  long pages = 0;
  FILE *file = fopen ("/proc/self/statm", "re");
  if (file == NULL)
    return 0;
  if (fscanf (file, "%*d %ld", &pages) != 1)
    pages = 0;
  fclose (file);
  return (gint64) pages * sysconf (_SC_PAGESIZE);
}

static gboolean
on_ping (const Request *request, GError **error)
{
  const Daemon *daemon = request->daemon;
  answer (request, docai_message_pack (
                     DOCAI_MSG_PONG, "{s:I, s:i, s:I, s:I, s:i, s:I}", "seq",
                     (json_int_t) request->seq, "pid", (int) getpid (), "queued",
                     (json_int_t) daemon->n_queued, "running", (json_int_t) daemon->n_running,
                     "workers", (int) g_hash_table_size (daemon->peers), "rss_bytes",
                     (json_int_t) own_rss ()));
  return TRUE;
}

static gboolean
on_shutdown (const Request *request, GError **error)
{
  if (!request->daemon->options->is_private)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_STATE, "the daemon is not a private one");
      return FALSE;
    }
  answer_ok (request);
  daemon_stop (request->daemon, TRUE);
  return TRUE;
}

static gboolean (*const handlers[DOCAI_MSG_COUNT]) (const Request *request, GError **error) = {
  [DOCAI_MSG_HELLO] = on_hello,       [DOCAI_MSG_SUBMIT] = on_submit,
  [DOCAI_MSG_CHUNK] = on_chunk,       [DOCAI_MSG_STATUS] = on_status,
  [DOCAI_MSG_LIST] = on_list,         [DOCAI_MSG_FOLLOW] = on_follow,
  [DOCAI_MSG_UNFOLLOW] = on_unfollow, [DOCAI_MSG_RESULT] = on_result,
  [DOCAI_MSG_CANCEL] = on_cancel,     [DOCAI_MSG_RETRY] = on_retry,
  [DOCAI_MSG_REMOVE] = on_remove,     [DOCAI_MSG_PING] = on_ping,
  [DOCAI_MSG_SHUTDOWN] = on_shutdown,
};

void
client_handle (Daemon *daemon, zmsg_t *frames_taken)
{
  zframe_t *identity = zmsg_pop (frames_taken);
  g_autoptr (GError) error = NULL;
  gint64 seq = -1;
  g_autoptr (DocaiMessage) message
    = docai_message_decode (frames_taken, DOCAI_FROM_CLIENT, &seq, &error);

  if (identity == NULL)
    return;
  if (message != NULL)
    {
      Request request = { daemon, identity, message, seq };
      handlers[message->kind](&request, &error);
    }
  else
    docai_warn (NULL, "a client's message is refused: %s", error->message);
  if (error != NULL)
    client_send_error (daemon, identity, seq, error);
  zframe_destroy (&identity);
}
