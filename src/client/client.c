/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a client asks of the daemon beside submitting: one function a request.
 */
#include "client/client-priv.h"

#include <string.h>

#define RESULT_MAX_BYTES ((gint64) 1 << 30)

/* ---- events ------------------------------------------------------------- */

const char *
docai_client_event_job (const DocaiClientEvent *event)
{
  return event->job;
}

const char *
docai_client_event_state (const DocaiClientEvent *event)
{
  return event->state;
}

int
docai_client_event_done (const DocaiClientEvent *event)
{
  return event->done;
}

int
docai_client_event_pages (const DocaiClientEvent *event)
{
  return event->pages;
}

int
docai_client_event_page (const DocaiClientEvent *event)
{
  return event->page;
}

const char *
docai_client_event_code (const DocaiClientEvent *event)
{
  return event->code;
}

const char *
docai_client_event_text (const DocaiClientEvent *event)
{
  return event->text;
}

DocaiClientEvent *
docai_client_next_event (DocaiClient *client, int timeout_ms, GError **error)
{
  if (!docai_connection_pump (client, docai_connection_deadline (timeout_ms), error))
    return NULL;
  return g_queue_pop_head (&client->events);
}

/* What cannot be a job's id is not asked for: it may be no text at all. */
static gboolean
check_job (const char *job, GError **error)
{
  if (job != NULL && job[0] != '\0' && strlen (job) <= 64 && g_utf8_validate (job, -1, NULL))
    return TRUE;
  g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_NOT_FOUND,
                       docai_error_sentence (DOCAI_ERROR_NOT_FOUND));
  return FALSE;
}

/* Sends a FOLLOW; its number, or -1. */
static gint64
follow (DocaiClient *client, const char *job, GError **error)
{
  if (job != NULL && !check_job (job, error))
    return -1;
  gint64        seq = docai_connection_next_seq (client);
  DocaiMessage *request = docai_message_pack (DOCAI_MSG_FOLLOW, "{s:I}", "seq", (json_int_t) seq);
  if (job != NULL)
    json_object_set_new (request->header, "job", json_string_nocheck (job));
  docai_connection_add_follow (client, seq, job);
  g_autoptr (DocaiMessage) answer = docai_connection_request (
    client, request, job != NULL ? DOCAI_MSG_JOB : DOCAI_MSG_OK, error);
  if (answer == NULL)
    {
      docai_connection_drop_follow (client, seq);
      return -1;
    }
  if (job != NULL)
    docai_connection_queue_state (client, seq, docai_message_peek (answer, "job"));
  return seq;
}

static void
unfollow (DocaiClient *client, gint64 seq)
{
  g_autoptr (DocaiMessage) request = docai_message_pack (
    DOCAI_MSG_UNFOLLOW, "{s:I, s:I}", "seq", (json_int_t) docai_connection_next_seq (client), "follow",
    (json_int_t) seq);
  docai_connection_drop_follow (client, seq);
  (void) docai_connection_send (client, request, NULL);
}

gboolean
docai_client_follow (DocaiClient *client, const char *job, GError **error)
{
  return follow (client, job, error) >= 0;
}

/* The oldest queued event with this number, taken out, or NULL. */
static DocaiClientEvent *
take_event (DocaiClient *client, gint64 seq)
{
  for (GList *link = client->events.head; link != NULL; link = link->next)
    {
      DocaiClientEvent *event = link->data;
      if (event->seq != seq)
        continue;
      g_queue_delete_link (&client->events, link);
      return event;
    }
  return NULL;
}

/* The next event of one follower; those of others are put aside meanwhile. */
static DocaiClientEvent *
next_event_of (DocaiClient *client, gint64 seq, gint64 deadline, GError **error)
{
  GQueue            others = G_QUEUE_INIT;
  DocaiClientEvent *event = NULL;
  for (;;)
    {
      event = take_event (client, seq);
      if (event != NULL)
        break;
      while (!g_queue_is_empty (&client->events))
        g_queue_push_tail (&others, g_queue_pop_head (&client->events));
      if (!docai_connection_pump (client, deadline, error))
        break;
      if (g_queue_is_empty (&client->events) && deadline >= 0
          && g_get_monotonic_time () >= deadline)
        break;
    }
  while (!g_queue_is_empty (&others))
    g_queue_push_head (&client->events, g_queue_pop_tail (&others));
  return event;
}

DocaiClientEvent *
docai_client_wait (DocaiClient *client, const char *job, int timeout_ms, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gint64 deadline = docai_connection_deadline (timeout_ms);
  gint64 seq = follow (client, job, error);
  if (seq < 0)
    return NULL;
  for (;;)
    {
      g_autoptr (DocaiClientEvent) event = next_event_of (client, seq, deadline, &cause);
      if (event != NULL && docai_client_event_is_final (event))
        return g_steal_pointer (&event);
      if (event != NULL)
        continue;
      unfollow (client, seq);
      if (cause != NULL)
        g_propagate_error (error, g_steal_pointer (&cause));
      else
        g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_TIMEOUT, "job %s has not ended in time", job);
      return NULL;
    }
}

gboolean
docai_client_stream (DocaiClient *client, const char *job, DocaiClientEventFunc func,
                     void *user_data, GError **error)
{
  gint64 seq = follow (client, job, error);
  if (seq < 0)
    return FALSE;
  for (;;)
    {
      g_autoptr (DocaiClientEvent) event = next_event_of (client, seq, -1, error);
      if (event == NULL)
        {
          unfollow (client, seq);
          return FALSE;
        }
      gboolean ended = job != NULL && docai_client_event_is_final (event);
      gboolean more = func (event, user_data);
      if (!more && !ended)
        unfollow (client, seq);
      if (!more || ended)
        return TRUE;
    }
}

/* ---- results and jobs --------------------------------------------------- */

static DocaiMessage *
request_part (DocaiClient *client, const char *job, const char *format, gint64 offset, GError **error)
{
  return docai_connection_request (
    client,
    docai_message_pack (DOCAI_MSG_RESULT, "{s:I, s:s, s:s, s:I}", "seq",
                        (json_int_t) docai_connection_next_seq (client), "job", job, "format", format, "offset", (json_int_t) offset),
    DOCAI_MSG_DATA, error);
}

char *
docai_client_result (DocaiClient *client, const char *job, const char *format, gsize *length,
                     GError **error)
{
  if (!check_job (job, error))
    return NULL;
  g_autoptr (GString) result = g_string_new (NULL);
  gint64 size = -1;
  if (g_strcmp0 (format, "xml") != 0)
    format = "json";
  do
    {
      g_autoptr (DocaiMessage) part = request_part (client, job, format, (gint64) result->len, error);
      if (part == NULL)
        return NULL;
      gsize         n = 0;
      gconstpointer bytes = g_bytes_get_data (part->data, &n);
      gint64        whole = docai_message_int (part, "size", 0);
      /* A result does not change; one that does is being replaced by a retry. */
      if (whole > RESULT_MAX_BYTES || (size >= 0 && whole != size)
          || docai_message_int (part, "offset", -1) != (gint64) result->len
          || (gint64) n > whole - (gint64) result->len || (n == 0 && whole > (gint64) result->len))
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "the parts of the result do not fit");
          return NULL;
        }
      size = whole;
      if (n > 0)
        g_string_append_len (result, bytes, (gssize) n);
    }
  while ((gint64) result->len < size);
  *length = result->len;
  return g_string_free (g_steal_pointer (&result), FALSE);
}

/* A request about one job that is answered by OK. */
static gboolean
ask_job (DocaiClient *client, DocaiMessageKind kind, const char *job, const char *password,
         GError **error)
{
  if (!check_job (job, error))
    return FALSE;
  DocaiMessage *request = docai_message_pack (
    kind, "{s:I, s:s}", "seq", (json_int_t) docai_connection_next_seq (client), "job", job);
  if (password != NULL)
    json_object_set_new (request->header, "password", json_string (password));
  g_autoptr (DocaiMessage) answer = docai_connection_request (client, request, DOCAI_MSG_OK, error);
  return answer != NULL;
}

gboolean
docai_client_cancel (DocaiClient *client, const char *job, GError **error)
{
  return ask_job (client, DOCAI_MSG_CANCEL, job, NULL, error);
}

gboolean
docai_client_retry (DocaiClient *client, const char *job, const char *password, GError **error)
{
  return ask_job (client, DOCAI_MSG_RETRY, job, password, error);
}

gboolean
docai_client_remove (DocaiClient *client, const char *job, GError **error)
{
  return ask_job (client, DOCAI_MSG_REMOVE, job, NULL, error);
}

/* A JSON value as text for g_free. */
static char *
dump (const json_t *value)
{
  char *text = json_dumps (value, JSON_COMPACT);
  char *copy = g_strdup (text != NULL ? text : "{}");
  free (text);
  return copy;
}

/* The answer's header without the request's number. */
static char *
dump_answer (const DocaiMessage *answer)
{
  json_object_del (answer->header, "seq");
  return dump (answer->header);
}

char *
docai_client_status (DocaiClient *client, const char *job, GError **error)
{
  if (!check_job (job, error))
    return NULL;
  g_autoptr (DocaiMessage) answer = docai_connection_request (
    client,
    docai_message_pack (DOCAI_MSG_STATUS, "{s:I, s:s}", "seq",
                        (json_int_t) docai_connection_next_seq (client), "job", job),
    DOCAI_MSG_JOB, error);
  return answer != NULL ? dump (docai_message_peek (answer, "job")) : NULL;
}

char *
docai_client_list (DocaiClient *client, const char *state, int limit, gint64 before, GError **error)
{
  DocaiMessage *request = docai_message_pack (
    DOCAI_MSG_LIST, "{s:I}", "seq", (json_int_t) docai_connection_next_seq (client));
  if (state != NULL)
    json_object_set_new (request->header, "state", json_string (state));
  if (limit > 0)
    json_object_set_new (request->header, "limit", json_integer (limit));
  if (before > 0)
    json_object_set_new (request->header, "before", json_integer (before));
  g_autoptr (DocaiMessage) answer = docai_connection_request (client, request, DOCAI_MSG_JOBS, error);
  return answer != NULL ? dump_answer (answer) : NULL;
}

char *
docai_client_ping (DocaiClient *client, GError **error)
{
  g_autoptr (DocaiMessage) answer = docai_connection_request (
    client,
    docai_message_pack (DOCAI_MSG_PING, "{s:I}", "seq", (json_int_t) docai_connection_next_seq (client)),
    DOCAI_MSG_PONG, error);
  return answer != NULL ? dump_answer (answer) : NULL;
}

gboolean
docai_client_shutdown (DocaiClient *client, GError **error)
{
  g_autoptr (DocaiMessage) answer = docai_connection_request (
    client,
    docai_message_pack (DOCAI_MSG_SHUTDOWN, "{s:I}", "seq", (json_int_t) docai_connection_next_seq (client)),
    DOCAI_MSG_OK, error);
  return answer != NULL;
}

/* ---- errors ------------------------------------------------------------- */

const char *
docai_client_error_name (const GError *error)
{
  return docai_error_name (docai_error_code_of (error));
}

int
docai_client_error_exit_status (const GError *error)
{
  return docai_error_exit_status (docai_error_code_of (error));
}
