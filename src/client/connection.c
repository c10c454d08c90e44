/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The connection to the daemon: frames in and out, events queued on the way,
 * and following again after the daemon was away. The client has a ZeroMQ
 * context of its own, so that it shares nothing with the program around it.
 */
#include "config.h"

#include "client/client-priv.h"

#include "base/places.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define HELLO_TIMEOUT_MS 5000
#define ANSWER_TIMEOUT_MS 30000
#define RECONNECT_MS 10
#define RECONNECT_MAX_MS 500
#define EVENTS_MAX 65536 /* queued; beyond it news that are not final are dropped */
#define MONITOR_ENDPOINT "inproc://docai-client-monitor"

static const char *const final_states[] = { "complete", "partial", "failed", "cancelled", NULL };

/* ---- events ------------------------------------------------------------- */

gboolean
docai_client_event_is_final (const DocaiClientEvent *event)
{
  return g_strv_contains (final_states, event->state);
}

void
docai_client_event_free (DocaiClientEvent *event)
{
  if (event == NULL)
    return;
  g_free (event->job);
  g_free (event->state);
  g_free (event->code);
  g_free (event->text);
  g_free (event);
}

static int
bounded_int (const DocaiMessage *message, const char *name)
{
  return (int) CLAMP (docai_message_int (message, name, 0), 0, G_MAXINT);
}

static void
queue_event (DocaiClient *client, const DocaiMessage *message)
{
  gint64 seq = docai_message_int (message, "seq", -1);
  if (!g_hash_table_contains (client->follows, &seq))
    return;
  DocaiClientEvent *event = g_new0 (DocaiClientEvent, 1);
  event->seq = seq;
  event->job = g_strdup (docai_message_string (message, "job"));
  event->state = g_strdup (docai_message_string (message, "state"));
  event->code = g_strdup (docai_message_string (message, "code"));
  event->text = g_strdup (docai_message_string (message, "text"));
  event->done = bounded_int (message, "done");
  event->pages = bounded_int (message, "pages");
  event->page = bounded_int (message, "page");

  gboolean    final = docai_client_event_is_final (event);
  const char *followed = g_hash_table_lookup (client->follows, &seq);
  if (final && followed[0] != '\0')
    g_hash_table_remove (client->follows, &seq);
  if (!final && g_queue_get_length (&client->events) >= EVENTS_MAX)
    docai_client_event_free (event);
  else
    g_queue_push_tail (&client->events, event);
}

void
docai_connection_queue_state (DocaiClient *client, gint64 seq, const json_t *job)
{
  const char *id = json_string_value (json_object_get (job, "id"));
  const char *state = json_string_value (json_object_get (job, "state"));
  if (id == NULL || state == NULL || g_strv_contains (final_states, state))
    return;
  g_autoptr (DocaiMessage) event = docai_message_pack (
    DOCAI_MSG_EVENT, "{s:I, s:s, s:s, s:I, s:I}", "seq", (json_int_t) seq, "job", id, "state", state,
    "done", json_integer_value (json_object_get (job, "done")), "pages",
    json_integer_value (json_object_get (job, "pages")));
  queue_event (client, event);
}

void
docai_connection_add_follow (DocaiClient *client, gint64 seq, const char *job)
{
  g_hash_table_replace (client->follows, g_memdup2 (&seq, sizeof seq),
                        g_strdup (job != NULL ? job : ""));
}

void
docai_connection_name_follow (DocaiClient *client, gint64 seq, const char *job)
{
  if (g_hash_table_contains (client->follows, &seq))
    docai_connection_add_follow (client, seq, job);
}

void
docai_connection_drop_follow (DocaiClient *client, gint64 seq)
{
  g_hash_table_remove (client->follows, &seq);
  for (GList *link = client->events.head; link != NULL;)
    {
      GList            *next = link->next;
      DocaiClientEvent *event = link->data;
      if (event->seq == seq)
        {
          docai_client_event_free (event);
          g_queue_delete_link (&client->events, link);
        }
      link = next;
    }
}

/* ---- sending and receiving ---------------------------------------------- */

gint64
docai_connection_next_seq (DocaiClient *client)
{
  return client->next_seq++;
}

static gboolean
no_daemon (const DocaiClient *client, GError **error)
{
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_NO_DAEMON, "no daemon answers at %s", client->endpoint);
  return FALSE;
}

/* Milliseconds from now to a deadline, for zmq_poll. */
static long
remaining_ms (gint64 deadline)
{
  if (deadline < 0)
    return -1;
  gint64 left = deadline - g_get_monotonic_time ();
  return left <= 0 ? 0 : (long) MIN ((left + 999) / 1000, 3600 * 1000);
}

gint64
docai_connection_deadline (int timeout_ms)
{
  if (timeout_ms <= 0)
    return timeout_ms < 0 ? -1 : 0;
  return g_get_monotonic_time () + (gint64) timeout_ms * 1000;
}

gboolean
docai_connection_send (DocaiClient *client, const DocaiMessage *message, GError **error)
{
  gint64 deadline = docai_connection_deadline (client->timeout_ms);
  while (!docai_message_send (message, (zsock_t *) client->socket, NULL))
    {
      zmq_pollitem_t item = { client->socket, 0, ZMQ_POLLOUT, 0 };
      if ((errno != EAGAIN && errno != EINTR) || remaining_ms (deadline) == 0)
        return no_daemon (client, error);
      (void) zmq_poll (&item, 1, remaining_ms (deadline));
    }
  return TRUE;
}

/* After a reconnection the daemon knows nothing of what was followed. */
static void
follow_again (DocaiClient *client)
{
  GHashTableIter iter;
  gpointer       key, value;
  g_hash_table_iter_init (&iter, client->follows);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const char   *job = value;
      g_autoptr (DocaiMessage) request = docai_message_pack (
        DOCAI_MSG_FOLLOW, "{s:I}", "seq", (json_int_t) * (gint64 *) key);
      if (job[0] != '\0')
        json_object_set_new (request->header, "job", json_string (job));
      (void) docai_message_send (request, (zsock_t *) client->socket, NULL);
      g_hash_table_add (client->restored, g_memdup2 (key, sizeof (gint64)));
    }
}

/* One report of the socket's monitor: event (16 bits) and value, then an address. */
static void
read_monitor (DocaiClient *client)
{
  guint8 report[6];
  char   address[512];
  int    n = zmq_recv (client->monitor, report, sizeof report, ZMQ_DONTWAIT);
  if (n < 0)
    return;
  (void) zmq_recv (client->monitor, address, sizeof address, ZMQ_DONTWAIT);
  guint16 event = 0;
  if (n >= 2)
    memcpy (&event, report, sizeof event);
  if (event == ZMQ_EVENT_DISCONNECTED)
    {
      client->losses++;
      if (client->lost_at == 0)
        client->lost_at = g_get_monotonic_time ();
    }
  else if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
    {
      if (client->lost_at != 0)
        follow_again (client);
      client->lost_at = 0;
    }
}

/* An answer that no request waits for: to a FOLLOW of ours after a reconnection.
 * If the job is gone, its followers must not wait for ever. */
static void
handle_stray (DocaiClient *client, const DocaiMessage *message)
{
  gint64 seq = docai_message_int (message, "seq", -1);
  if (!g_hash_table_remove (client->restored, &seq) || message->kind != DOCAI_MSG_ERROR)
    return;
  const char *job = g_hash_table_lookup (client->follows, &seq);
  if (job == NULL || job[0] == '\0')
    return;
  g_autoptr (DocaiMessage) event = docai_message_pack (
    DOCAI_MSG_EVENT, "{s:I, s:s, s:s, s:i, s:i, s:s, s:s}", "seq", (json_int_t) seq, "job", job,
    "state", "failed", "done", 0, "pages", 0, "code", docai_message_string (message, "code"),
    "text", docai_message_string (message, "text"));
  queue_event (client, event);
}

/* Takes one message in. Returns it when it answers `seq`, else NULL. Garbage is
 * dropped: the daemon checks itself, and a stranger's messages mean nothing. */
static DocaiMessage *
read_message (DocaiClient *client, gint64 seq)
{
  zmsg_t *frames = zmsg_recv (client->socket);
  if (frames == NULL)
    return NULL;
  g_autoptr (DocaiMessage) message = docai_message_decode (frames, DOCAI_TO_CLIENT, NULL, NULL);
  if (message == NULL)
    return NULL;
  if (message->kind == DOCAI_MSG_EVENT)
    queue_event (client, message);
  else if (docai_message_int (message, "seq", -1) == seq && seq >= 0)
    return g_steal_pointer (&message);
  else
    handle_stray (client, message);
  return NULL;
}

/* Waits until something can be read or the deadline is over; FALSE: over. */
static gboolean
wait_readable (DocaiClient *client, gint64 deadline, gboolean *message, gboolean *report)
{
  zmq_pollitem_t items[] = { { client->socket, 0, ZMQ_POLLIN, 0 },
                             { client->monitor, 0, ZMQ_POLLIN, 0 } };
  int            n = zmq_poll (items, 2, remaining_ms (deadline));
  *message = n > 0 && (items[0].revents & ZMQ_POLLIN) != 0;
  *report = n > 0 && (items[1].revents & ZMQ_POLLIN) != 0;
  return n != 0;
}

DocaiMessage *
docai_connection_receive (DocaiClient *client, gint64 seq, GError **error)
{
  gint64 deadline = docai_connection_deadline (client->timeout_ms);
  guint  losses = client->losses;
  for (;;)
    {
      gboolean message, report;
      if (!wait_readable (client, deadline, &message, &report))
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_TIMEOUT, "no answer from %s", client->endpoint);
          return NULL;
        }
      if (message)
        {
          DocaiMessage *answer = read_message (client, seq);
          if (answer != NULL && answer->kind == DOCAI_MSG_ERROR)
            {
              g_propagate_error (error, docai_message_to_error (answer));
              g_clear_pointer (&answer, docai_message_free);
              return NULL;
            }
          if (answer != NULL)
            return answer;
        }
      else if (report)
        read_monitor (client);
      if (client->losses != losses)
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_NO_DAEMON,
                       "the connection to %s was lost", client->endpoint);
          return NULL;
        }
    }
}

DocaiMessage *
docai_connection_request (DocaiClient *client, DocaiMessage *request_taken, DocaiMessageKind expected,
                      GError **error)
{
  g_autoptr (DocaiMessage) request = request_taken;
  gint64 seq = docai_message_int (request, "seq", -1);
  if (!docai_connection_send (client, request, error))
    return NULL;
  g_autoptr (DocaiMessage) answer = docai_connection_receive (client, seq, error);
  if (answer != NULL && answer->kind != expected)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "%s was answered by %s",
                   docai_wire_spec (request->kind)->name, docai_wire_spec (answer->kind)->name);
      return NULL;
    }
  return g_steal_pointer (&answer);
}

gboolean
docai_connection_pump (DocaiClient *client, gint64 deadline, GError **error)
{
  for (;;)
    {
      gint64   until = deadline;
      gboolean message, report;
      if (g_queue_get_length (&client->events) > 0)
        until = 0;
      else if (client->lost_at != 0)
        {
          gint64 given_up = client->lost_at + (gint64) client->timeout_ms * 1000;
          if (g_get_monotonic_time () >= given_up)
            return no_daemon (client, error);
          until = deadline < 0 ? given_up : MIN (deadline, given_up);
        }
      if (!wait_readable (client, until, &message, &report))
        {
          if (until == deadline || g_queue_get_length (&client->events) > 0)
            return TRUE;
          continue;
        }
      if (message)
        (void) read_message (client, -1);
      else if (report)
        read_monitor (client);
      else if (deadline >= 0)
        return TRUE; /* interrupted by a signal: the caller may want to know */
    }
}

/* ---- making and ending -------------------------------------------------- */

/* Whether somebody listens on an ipc endpoint; others are not asked. */
static gboolean
is_listening (const char *endpoint)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  if (!g_str_has_prefix (endpoint, "ipc://"))
    return TRUE;
  const char *path = endpoint + strlen ("ipc://");
  gsize       length = strlen (path);
  if (length == 0 || length >= sizeof address.sun_path)
    return FALSE;
  memcpy (address.sun_path, path, length + 1);
  if (path[0] == '@')
    address.sun_path[0] = '\0';
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return FALSE;
  socklen_t size = (socklen_t) (offsetof (struct sockaddr_un, sun_path) + length + (path[0] != '@'));
  int       result = connect (fd, (struct sockaddr *) &address, size);
  close (fd);
  return result == 0;
}

/* Gives the socket its keys, from certificate files as CZMQ and pyzmq write them. */
static gboolean
set_keys (DocaiClient *client, const char *server_certificate, const char *certificate, GError **error)
{
  zcert_t *server = zcert_load (server_certificate);
  zcert_t *own = zcert_load (certificate);
  gboolean ok = server != NULL && own != NULL;
  if (!ok)
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG, "%s is no certificate",
                 server == NULL ? server_certificate : certificate);
  else if (zmq_setsockopt (client->socket, ZMQ_CURVE_SERVERKEY, zcert_public_key (server), 32) != 0
           || zmq_setsockopt (client->socket, ZMQ_CURVE_PUBLICKEY, zcert_public_key (own), 32) != 0
           || zmq_setsockopt (client->socket, ZMQ_CURVE_SECRETKEY, zcert_secret_key (own), 32) != 0)
    {
      ok = FALSE;
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG, "CURVE keys: %s", zmq_strerror (zmq_errno ()));
    }
  zcert_destroy (&server);
  zcert_destroy (&own);
  return ok;
}

static gboolean
open_sockets (DocaiClient *client, const char *server_certificate, const char *certificate, GError **error)
{
  int     linger = 0, reconnect = RECONNECT_MS, reconnect_max = RECONNECT_MAX_MS, ipv6 = 1;
  int64_t frame_max = DOCAI_WIRE_FRAME_MAX;
  client->context = zmq_ctx_new ();
  client->socket = client->context != NULL ? zmq_socket (client->context, ZMQ_DEALER) : NULL;
  client->monitor = client->socket != NULL ? zmq_socket (client->context, ZMQ_PAIR) : NULL;
  if (client->monitor != NULL
      && zmq_setsockopt (client->socket, ZMQ_LINGER, &linger, sizeof linger) == 0
      && zmq_setsockopt (client->monitor, ZMQ_LINGER, &linger, sizeof linger) == 0
      && zmq_setsockopt (client->socket, ZMQ_IPV6, &ipv6, sizeof ipv6) == 0
      && zmq_setsockopt (client->socket, ZMQ_MAXMSGSIZE, &frame_max, sizeof frame_max) == 0
      && zmq_setsockopt (client->socket, ZMQ_RECONNECT_IVL, &reconnect, sizeof reconnect) == 0
      && zmq_setsockopt (client->socket, ZMQ_RECONNECT_IVL_MAX, &reconnect_max, sizeof reconnect_max) == 0
      && zmq_socket_monitor (client->socket, MONITOR_ENDPOINT,
                             ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED) == 0
      && zmq_connect (client->monitor, MONITOR_ENDPOINT) == 0)
    {
      if (server_certificate != NULL && certificate != NULL
          && !set_keys (client, server_certificate, certificate, error))
        return FALSE;
      if (zmq_connect (client->socket, client->endpoint) == 0)
        return TRUE;
    }
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_NO_DAEMON, "%s: %s", client->endpoint,
               zmq_strerror (zmq_errno ()));
  return FALSE;
}

static gboolean
greet (DocaiClient *client, GError **error)
{
  g_autoptr (GError) cause = NULL;
  client->timeout_ms = HELLO_TIMEOUT_MS;
  g_autoptr (DocaiMessage) welcome = docai_connection_request (
    client,
    docai_message_pack (DOCAI_MSG_HELLO, "{s:I, s:s}", "seq",
                        (json_int_t) docai_connection_next_seq (client), "client",
                        "libdocai " PACKAGE_VERSION),
    DOCAI_MSG_WELCOME, &cause);
  client->timeout_ms = ANSWER_TIMEOUT_MS;
  if (welcome == NULL)
    {
      /* Silence is how a missing daemon looks. */
      if (g_error_matches (cause, DOCAI_ERROR, DOCAI_ERROR_TIMEOUT))
        return no_daemon (client, error);
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  client->version = g_strdup (docai_message_string (welcome, "version"));
  client->file_max = docai_message_int (welcome, "file_max", 0);
  client->inline_max = CLAMP (docai_message_int (welcome, "inline_max", 0), 4096, DOCAI_WIRE_INLINE_MAX);
  return TRUE;
}

char *
docai_client_default_endpoint (void)
{
  static const char system_endpoint[] = "ipc:///run/docai/client.sock";
  const char       *named = g_getenv ("DOCAI_ENDPOINT");
  if (named != NULL && named[0] != '\0')
    return g_strdup (named);
  g_autofree char *folder = docai_runtime_dir ();
  g_autofree char *own = g_strdup_printf ("ipc://%s/client.sock", folder);
  return is_listening (own) ? g_steal_pointer (&own) : g_strdup (system_endpoint);
}

DocaiClient *
docai_client_new_secure (const char *endpoint, const char *server_certificate, const char *certificate,
                         GError **error)
{
  g_autoptr (DocaiClient) client = g_new0 (DocaiClient, 1);
  client->endpoint = endpoint != NULL ? g_strdup (endpoint) : docai_client_default_endpoint ();
  client->follows = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  client->restored = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  client->next_seq = 1;
  g_queue_init (&client->events);
  if (!is_listening (client->endpoint))
    no_daemon (client, error);
  else if (open_sockets (client, server_certificate, certificate, error) && greet (client, error))
    return g_steal_pointer (&client);
  return NULL;
}

DocaiClient *
docai_client_new (const char *endpoint, GError **error)
{
  g_autofree char *known = endpoint != NULL ? g_strdup (endpoint) : docai_client_default_endpoint ();
  gboolean         remote = g_str_has_prefix (known, "tcp://");
  return docai_client_new_secure (known, remote ? g_getenv ("DOCAI_SERVER_CERTIFICATE") : NULL,
                                  remote ? g_getenv ("DOCAI_CERTIFICATE") : NULL, error);
}

void
docai_client_free (DocaiClient *client)
{
  if (client == NULL)
    return;
  if (client->monitor != NULL)
    {
      zmq_socket_monitor (client->socket, NULL, 0);
      zmq_close (client->monitor);
    }
  if (client->socket != NULL)
    zmq_close (client->socket);
  if (client->context != NULL)
    zmq_ctx_term (client->context);
  g_queue_clear_full (&client->events, (GDestroyNotify) docai_client_event_free);
  g_hash_table_unref (client->follows);
  g_hash_table_unref (client->restored);
  g_free (client->endpoint);
  g_free (client->version);
  g_free (client->key);
  g_free (client);
}

void
docai_client_set_timeout (DocaiClient *client, int timeout_ms)
{
  client->timeout_ms = MAX (timeout_ms, 1);
}

const char *
docai_client_daemon_version (const DocaiClient *client)
{
  return client->version;
}

int
docai_client_fd (DocaiClient *client)
{
  int    fd = -1;
  size_t size = sizeof fd;
  (void) zmq_getsockopt (client->socket, ZMQ_FD, &fd, &size);
  return fd;
}
