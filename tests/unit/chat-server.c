/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The test's chat completion server: one thread accepts, one more a connection.
 */
#include "chat-server.h"

#include <jansson.h>
#include <string.h>

struct ChatServer {
  GSocketListener *listener;
  GThread        *acceptor;
  GPtrArray      *threads;
  GCancellable   *cancel;
  char           *url;
  const ChatStep *steps;
  guint           n_steps;
  GMutex          lock;
  gboolean       *used;
  GPtrArray      *bodies;
};

static const ChatStep *
choose_step (ChatServer *server, const char *body)
{
  const ChatStep *chosen = NULL;

  for (guint i = 0; i < server->n_steps; i++)
    {
      const ChatStep *step = &server->steps[i];
      if (step->when != NULL && strstr (body, step->when) == NULL)
        continue;
      chosen = step;
      if (!server->used[i])
        {
          server->used[i] = TRUE;
          break;
        }
    }
  return chosen;
}

/* Reads headers and body of one request; returns the body. */
static char *
read_request (GInputStream *input, GCancellable *cancel)
{
  g_autoptr (GDataInputStream) data = g_data_input_stream_new (input);
  gsize length = 0;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (data), FALSE);
  g_data_input_stream_set_newline_type (data, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (data, NULL, cancel, NULL);
      if (line == NULL)
        return NULL;
      if (*line == '\0')
        break;
      if (g_ascii_strncasecmp (line, "content-length:", 15) == 0)
        length = (gsize) g_ascii_strtoull (line + 15, NULL, 10);
    }
  char *body = g_malloc0 (length + 1);
  gsize n;
  g_input_stream_read_all (G_INPUT_STREAM (data), body, length, &n, cancel, NULL);
  return body;
}

static char *
completion (const char *text)
{
  json_t *json = json_pack ("{s:[{s:{s:s, s:s}}]}", "choices", "message", "role", "assistant",
                            "content", text);
  char   *raw = json_dumps (json, JSON_COMPACT);
  char   *copy = g_strdup (raw);

  free (raw);
  json_decref (json);
  return copy;
}

static char *
response (const ChatStep *step)
{
  g_autofree char *body = step->action == CHAT_ANSWER    ? completion (step->text)
                          : step->action == CHAT_GARBAGE ? g_strdup ("<html>nothing</html>")
                                                         : completion ("cut");
  const char *status = step->action == CHAT_STATUS ? step->text : "200";
  gsize       length = strlen (body) + (step->action == CHAT_TRUNCATED ? 500 : 0);

  return g_strdup_printf ("HTTP/1.1 %s Status\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                          status, length, body);
}

typedef struct {
  ChatServer        *server;
  GSocketConnection *connection;
} Visit;

static void
serve (ChatServer *server, GIOStream *stream)
{
  g_autofree char *body = read_request (g_io_stream_get_input_stream (stream), server->cancel);

  if (body == NULL)
    return;
  g_mutex_lock (&server->lock);
  const ChatStep *step = choose_step (server, body);
  g_ptr_array_add (server->bodies, g_strdup (body));
  g_mutex_unlock (&server->lock);

  if (step == NULL || step->action == CHAT_SILENCE)
    {
      char byte;
      g_input_stream_read (g_io_stream_get_input_stream (stream), &byte, 1, server->cancel, NULL);
      return;
    }
  g_autofree char *text = response (step);
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), text, strlen (text), NULL,
                             server->cancel, NULL);
}

static gpointer
serve_thread (gpointer data)
{
  Visit *visit = data;

  serve (visit->server, G_IO_STREAM (visit->connection));
  g_object_unref (visit->connection);
  g_free (visit);
  return NULL;
}

static gpointer
accept_thread (gpointer data)
{
  ChatServer        *server = data;
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (server->listener, NULL, server->cancel, NULL)) != NULL)
    {
      Visit *visit = g_new0 (Visit, 1);
      visit->server = server;
      visit->connection = connection;
      g_ptr_array_add (server->threads, g_thread_new ("visit", serve_thread, visit));
    }
  return NULL;
}

ChatServer *
chat_server_new (const ChatStep *steps, guint n_steps)
{
  ChatServer *server = g_new0 (ChatServer, 1);

  g_mutex_init (&server->lock);
  server->steps = steps;
  server->n_steps = n_steps;
  server->used = g_new0 (gboolean, n_steps);
  server->bodies = g_ptr_array_new_with_free_func (g_free);
  server->cancel = g_cancellable_new ();
  server->listener = g_socket_listener_new ();
  server->threads = g_ptr_array_new ();

  g_autoptr (GInetAddress)   loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_assert_true (g_socket_listener_add_address (server->listener, wanted, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_TCP, NULL, &bound, NULL));
  server->url = g_strdup_printf ("http://127.0.0.1:%u/v1/",
                                 g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  server->acceptor = g_thread_new ("accept", accept_thread, server);
  return server;
}

void
chat_server_free (ChatServer *server)
{
  if (server == NULL)
    return;
  g_cancellable_cancel (server->cancel);
  g_thread_join (server->acceptor);
  for (guint i = 0; i < server->threads->len; i++)
    g_thread_join (server->threads->pdata[i]);
  g_ptr_array_unref (server->threads);
  g_socket_listener_close (server->listener);
  g_object_unref (server->listener);
  g_object_unref (server->cancel);
  g_mutex_clear (&server->lock);
  g_ptr_array_unref (server->bodies);
  g_free (server->used);
  g_free (server->url);
  g_free (server);
}

const char *
chat_server_url (const ChatServer *server)
{
  return server->url;
}

guint
chat_server_count (ChatServer *server)
{
  g_mutex_lock (&server->lock);
  guint n = server->bodies->len;
  g_mutex_unlock (&server->lock);
  return n;
}

const char *
chat_server_body (ChatServer *server, guint i)
{
  g_mutex_lock (&server->lock);
  const char *body = i < server->bodies->len ? server->bodies->pdata[i] : NULL;
  g_mutex_unlock (&server->lock);
  return body;
}
