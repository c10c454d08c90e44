/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libdocai against a scripted daemon: a thread with a ROUTER that answers as the
 * test tells it, including what a broken or hostile daemon would say.
 */
#include "base/wire.h"
#include "client/docai.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* What the thread does with one request; it may send any number of messages. */
typedef struct Daemon Daemon;
typedef void (*Handler) (Daemon *daemon, const DocaiMessage *request);

struct Daemon {
  char      *folder, *endpoint;
  void      *context, *socket;
  zframe_t  *peer;
  Handler    handle;
  GThread   *thread;
  GByteArray *upload;
  int        stage; /* for handlers that count */
  gboolean   has_key; /* the last SUBMIT was called "key" */
  int        stop[2];
};

static gint64
seq_of (const DocaiMessage *request)
{
  return docai_message_int (request, "seq", -1);
}

static void
answer (Daemon *daemon, DocaiMessage *message_taken)
{
  g_autoptr (DocaiMessage) message = message_taken;
  g_assert_true (docai_message_send (message, (zsock_t *) daemon->socket, daemon->peer));
}

static void
answer_data (Daemon *daemon, gint64 seq, gint64 offset, gint64 size, const char *text, gsize length)
{
  DocaiMessage *part = docai_message_pack (DOCAI_MSG_DATA, "{s:I, s:I, s:I}", "seq", (json_int_t) seq,
                                           "offset", (json_int_t) offset, "size", (json_int_t) size);
  docai_message_take_data (part, g_bytes_new (text, length));
  answer (daemon, part);
}

static void
send_event (Daemon *daemon, gint64 seq, const char *job, const char *state, int done)
{
  answer (daemon, docai_message_pack (DOCAI_MSG_EVENT, "{s:I, s:s, s:s, s:i, s:i}", "seq",
                                      (json_int_t) seq, "job", job, "state", state, "done", done,
                                      "pages", 2));
}

static gpointer
run_daemon (gpointer data)
{
  Daemon *daemon = data;
  for (;;)
    {
      zmq_pollitem_t items[] = { { daemon->socket, 0, ZMQ_POLLIN, 0 },
                                 { NULL, daemon->stop[0], ZMQ_POLLIN, 0 } };
      if (zmq_poll (items, 2, -1) < 0)
        continue;
      if (items[1].revents != 0)
        return NULL;
      zmsg_t *frames = zmsg_recv (daemon->socket);
      if (frames == NULL)
        continue;
      zframe_destroy (&daemon->peer);
      daemon->peer = zmsg_pop (frames);
      GError *error = NULL;
      g_autoptr (DocaiMessage) request = docai_message_decode (frames, DOCAI_FROM_CLIENT, NULL, &error);
      g_assert_no_error (error);
      if (request->kind == DOCAI_MSG_HELLO)
        answer (daemon, docai_message_pack (DOCAI_MSG_WELCOME, "{s:I, s:s, s:i, s:b, s:i, s:I}", "seq",
                                            (json_int_t) seq_of (request), "version", "9.9", "protocol",
                                            1, "private", 1, "inline_max", 4096, "file_max",
                                            (json_int_t) 1 << 20));
      else
        daemon->handle (daemon, request);
    }
}

static void
bind_daemon (Daemon *daemon)
{
  int linger = 0;
  daemon->context = zmq_ctx_new ();
  daemon->socket = zmq_socket (daemon->context, ZMQ_ROUTER);
  zmq_setsockopt (daemon->socket, ZMQ_LINGER, &linger, sizeof linger);
  g_assert_cmpint (zmq_bind (daemon->socket, daemon->endpoint), ==, 0);
  g_assert_cmpint (pipe (daemon->stop), ==, 0);
  daemon->thread = g_thread_new ("daemon", run_daemon, daemon);
}

static void
unbind_daemon (Daemon *daemon)
{
  g_assert_cmpint (write (daemon->stop[1], "", 1), ==, 1);
  g_thread_join (daemon->thread);
  close (daemon->stop[0]);
  close (daemon->stop[1]);
  zframe_destroy (&daemon->peer);
  zmq_close (daemon->socket);
  zmq_ctx_term (daemon->context);
}

static void
set_up (Daemon *daemon, gconstpointer handler)
{
  daemon->handle = (Handler) (gsize) handler;
  daemon->folder = g_dir_make_tmp ("docai-client-XXXXXX", NULL);
  daemon->endpoint = g_strdup_printf ("ipc://%s/socket", daemon->folder);
  daemon->upload = g_byte_array_new ();
  bind_daemon (daemon);
}

static void
tear_down (Daemon *daemon, gconstpointer handler)
{
  unbind_daemon (daemon);
  g_unlink (daemon->endpoint + strlen ("ipc://"));
  g_rmdir (daemon->folder);
  g_free (daemon->folder);
  g_free (daemon->endpoint);
  g_byte_array_unref (daemon->upload);
}

static DocaiClient *
connect_to (const Daemon *daemon)
{
  g_autoptr (GError) error = NULL;
  DocaiClient *client = docai_client_new (daemon->endpoint, &error);
  g_assert_no_error (error);
  docai_client_set_timeout (client, 10000);
  return client;
}

/* ---- submitting --------------------------------------------------------- */

static void
store_submission (Daemon *daemon, const DocaiMessage *request)
{
  gint64 seq = seq_of (request);
  gsize  n = 0;
  if (request->data != NULL)
    {
      gconstpointer bytes = g_bytes_get_data (request->data, &n);
      if (request->kind == DOCAI_MSG_CHUNK)
        g_assert_cmpint (docai_message_int (request, "offset", -1), ==, daemon->upload->len);
      if (n > 0)
        g_byte_array_append (daemon->upload, bytes, (guint) n);
    }
  if (request->kind == DOCAI_MSG_SUBMIT)
    {
      g_assert_cmpstr (docai_message_string (request, "name"), ==, "a\xef\xbf\xbd.pdf");
      g_assert_cmpstr (json_string_value (json_object_get (docai_message_peek (request, "options"), "lang")), ==, "deu");
      daemon->stage = (int) docai_message_int (request, "size", 0);
      daemon->has_key = g_strcmp0 (docai_message_string (request, "key"), "key") == 0;
    }
  if ((int) daemon->upload->len < daemon->stage)
    answer (daemon, docai_message_pack (DOCAI_MSG_CREDIT, "{s:I, s:i}", "seq", (json_int_t) seq, "offset",
                                        (int) MIN (daemon->upload->len + 6000, 2000000)));
  else
    {
      /* The event may come before the answer; neither may be lost. */
      send_event (daemon, seq, "j1", "running", 1);
      answer (daemon, docai_message_pack (DOCAI_MSG_ACCEPTED, "{s:I, s:s}", "seq", (json_int_t) seq, "job", "j1"));
      send_event (daemon, seq, "j1", "complete", 2);
    }
}

static void
test_submit (Daemon *daemon, gconstpointer unused)
{
  static const gsize sizes[] = { 0, 5, 4096, 4097, 100000 };
  g_autoptr (DocaiClient) client = connect_to (daemon);
  g_assert_cmpstr (docai_client_daemon_version (client), ==, "9.9");
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (int from_file = 0; from_file < 2; from_file++)
      {
        g_autoptr (GError) error = NULL;
        g_autofree guint8 *data = g_malloc (sizes[i] + 1);
        for (gsize k = 0; k < sizes[i]; k++)
          data[k] = (guint8) (k * 7 + k / 256);
        g_byte_array_set_size (daemon->upload, 0);
        g_assert_true (docai_client_set_key (client, from_file ? "key" : NULL, &error));
        g_autofree char *path = g_build_filename (daemon->folder, "a\xff.pdf", NULL);
        g_assert_true (g_file_set_contents (path, (char *) data, (gssize) sizes[i], NULL));
        g_autofree char *job
          = from_file ? docai_client_submit_file (client, path, NULL, "{\"lang\":\"deu\"}", DOCAI_CLIENT_FOLLOW, &error)
                      : docai_client_submit_data (client, data, sizes[i], "a\xff.pdf", "{\"lang\":\"deu\"}",
                                                  DOCAI_CLIENT_FOLLOW, &error);
        g_unlink (path);
        g_assert_no_error (error);
        g_assert_cmpstr (job, ==, "j1");
        g_assert_cmpint (daemon->has_key, ==, from_file);
        g_assert_cmpmem (daemon->upload->data, daemon->upload->len, data, sizes[i]);
        g_autoptr (DocaiClientEvent) first = docai_client_next_event (client, 10000, &error);
        g_autoptr (DocaiClientEvent) second = docai_client_next_event (client, 10000, &error);
        g_assert_no_error (error);
        g_assert_cmpstr (docai_client_event_state (first), ==, "running");
        g_assert_false (docai_client_event_is_final (first));
        g_assert_cmpint (docai_client_event_done (first), ==, 1);
        g_assert_cmpint (docai_client_event_pages (first), ==, 2);
        g_assert_cmpstr (docai_client_event_state (second), ==, "complete");
        g_assert_true (docai_client_event_is_final (second));
        g_assert_null (docai_client_next_event (client, 0, &error));
        g_assert_no_error (error);
      }
}

static void
test_submit_wrong (Daemon *daemon, gconstpointer unused)
{
  g_autoptr (DocaiClient) client = connect_to (daemon);
  g_autoptr (GError) error = NULL;
  g_assert_null (docai_client_submit_file (client, "/nonexistent/x", NULL, NULL, 0, &error));
  g_assert_cmpstr (docai_client_error_name (error), ==, "file_not_readable");
  g_assert_cmpint (docai_client_error_exit_status (error), ==, 66);
  g_clear_error (&error);
  g_assert_null (docai_client_submit_file (client, daemon->folder, NULL, NULL, 0, &error));
  g_assert_cmpstr (docai_client_error_name (error), ==, "file_not_readable");
  g_clear_error (&error);
  g_assert_null (docai_client_submit_data (client, "x", 1, "x", "[1]", 0, &error));
  g_assert_cmpstr (docai_client_error_name (error), ==, "bad_option");
  g_clear_error (&error);
  g_assert_false (docai_client_set_key (client, "", &error));
  g_assert_cmpstr (docai_client_error_name (error), ==, "bad_option");
  g_clear_error (&error);
  g_assert_false (docai_client_set_key (client, "\xff", NULL));
}

/* ---- results ------------------------------------------------------------ */

#define RESULT_TEXT "{\"schema\":\"docai/1\"}\n"

static void
give_result (Daemon *daemon, const DocaiMessage *request)
{
  gint64      seq = seq_of (request), offset = docai_message_int (request, "offset", 0);
  gint64      size = (gint64) strlen (RESULT_TEXT);
  const char *job = docai_message_string (request, "job");
  if (g_str_equal (job, "good"))
    answer_data (daemon, seq, offset, size, RESULT_TEXT + offset, (gsize) MIN (7, size - offset));
  else if (g_str_equal (job, "empty"))
    answer_data (daemon, seq, 0, 0, "", 0);
  else if (g_str_equal (job, "stuck"))
    answer_data (daemon, seq, offset, size, "", 0);
  else if (g_str_equal (job, "gap"))
    answer_data (daemon, seq, offset + 1, size, "x", 1);
  else if (g_str_equal (job, "long"))
    answer_data (daemon, seq, offset, 3, "xxxx", 4);
  else if (g_str_equal (job, "huge"))
    answer_data (daemon, seq, offset, G_MAXINT64, "xxxx", 4);
  else if (g_str_equal (job, "growing"))
    answer_data (daemon, seq, offset, 100 + offset, "xxxx", 4);
  else if (g_str_equal (job, "other"))
    answer (daemon, docai_message_pack (DOCAI_MSG_OK, "{s:I}", "seq", (json_int_t) seq));
  else
    answer (daemon, docai_message_new_error (seq, DOCAI_ERROR_NOT_FOUND, NULL));
}

static void
test_result (Daemon *daemon, gconstpointer unused)
{
  g_autoptr (DocaiClient) client = connect_to (daemon);
  g_autoptr (GError) error = NULL;
  gsize            length = 0;
  g_autofree char *good = docai_client_result (client, "good", "json", &length, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (good, ==, RESULT_TEXT);
  g_assert_cmpuint (length, ==, strlen (RESULT_TEXT));
  g_autofree char *empty = docai_client_result (client, "empty", NULL, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (length, ==, 0);
  g_assert_cmpstr (empty, ==, "");

  static const char *const broken[] = { "stuck", "gap", "long", "huge", "growing", "other" };
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_assert_null (docai_client_result (client, broken[i], "xml", &length, &error));
      g_assert_cmpstr (docai_client_error_name (error), ==, "bad_message");
      g_clear_error (&error);
    }
  static const char *const missing[] = { "none", "", "\xff", NULL };
  for (guint i = 0; i < G_N_ELEMENTS (missing); i++)
    {
      g_assert_null (docai_client_result (client, missing[i], "json", &length, &error));
      g_assert_cmpstr (docai_client_error_name (error), ==, "not_found");
      g_clear_error (&error);
    }
}

/* ---- following ---------------------------------------------------------- */

/* j1 and j2 are followed in turn; their events come mixed, with some garbage. */
static void
mix_events (Daemon *daemon, const DocaiMessage *request)
{
  gint64 seq = seq_of (request);
  if (request->kind != DOCAI_MSG_FOLLOW)
    {
      answer (daemon, docai_message_pack (DOCAI_MSG_OK, "{s:I}", "seq", (json_int_t) seq));
      return;
    }
  const char *job = docai_message_string (request, "job");
  zmq_send (daemon->socket, zframe_data (daemon->peer), zframe_size (daemon->peer), ZMQ_SNDMORE);
  zmq_send (daemon->socket, "garbage", 7, 0);
  answer (daemon, docai_message_pack (DOCAI_MSG_JOB, "{s:I, s:{s:s, s:s}}", "seq", (json_int_t) seq, "job", "id",
                                      job, "state", "queued"));
  send_event (daemon, seq, job, "running", 1);
  send_event (daemon, seq + 1000, "stranger", "complete", 1);
  if (g_str_equal (job, "j2"))
    {
      send_event (daemon, seq - 1, "j1", "partial", 2);
      send_event (daemon, seq, job, "failed", 2);
    }
}

static gboolean
count_events (const DocaiClientEvent *event, void *data)
{
  int *count = data;
  (*count)++;
  return TRUE;
}

static void
test_follow (Daemon *daemon, gconstpointer unused)
{
  g_autoptr (DocaiClient) client = connect_to (daemon);
  g_autoptr (GError) error = NULL;
  g_assert_true (docai_client_follow (client, "j1", &error));
  int count = 0;
  g_assert_true (docai_client_stream (client, "j2", count_events, &count, &error));
  g_assert_no_error (error);
  g_assert_cmpint (count, ==, 3);

  /* What came for j1 meanwhile waits in order. */
  g_autoptr (DocaiClientEvent) zeroth = docai_client_next_event (client, 10000, &error);
  g_autoptr (DocaiClientEvent) first = docai_client_next_event (client, 10000, &error);
  g_autoptr (DocaiClientEvent) second = docai_client_next_event (client, 10000, &error);
  g_assert_cmpstr (docai_client_event_state (zeroth), ==, "queued");
  g_assert_cmpstr (docai_client_event_state (first), ==, "running");
  g_assert_cmpstr (docai_client_event_state (second), ==, "partial");
  g_assert_cmpstr (docai_client_event_job (second), ==, "j1");
  g_assert_null (docai_client_next_event (client, 0, &error));
  g_assert_no_error (error);

  g_assert_null (docai_client_wait (client, "j1", 1, &error));
  g_assert_cmpstr (docai_client_error_name (error), ==, "timeout");
  g_assert_cmpint (docai_client_error_exit_status (error), ==, 75);
}

/* ---- trouble ------------------------------------------------------------ */

static void
say_nothing (Daemon *daemon, const DocaiMessage *request)
{
  if (request->kind == DOCAI_MSG_FOLLOW && daemon->stage++ > 0)
    send_event (daemon, seq_of (request), "j1", "complete", 2);
  else if (request->kind == DOCAI_MSG_FOLLOW)
    answer (daemon, docai_message_pack (DOCAI_MSG_JOB, "{s:I, s:{s:s}}", "seq",
                                        (json_int_t) seq_of (request), "job", "id", "j1"));
}

static void
test_restart (Daemon *daemon, gconstpointer unused)
{
  g_autoptr (DocaiClient) client = connect_to (daemon);
  g_autoptr (GError) error = NULL;
  g_assert_true (docai_client_follow (client, "j1", &error));
  unbind_daemon (daemon);
  bind_daemon (daemon);
  g_autoptr (DocaiClientEvent) event = docai_client_next_event (client, 10000, &error);
  g_assert_no_error (error);
  g_assert_nonnull (event);
  g_assert_cmpstr (docai_client_event_state (event), ==, "complete");
}

static void
test_silence (Daemon *daemon, gconstpointer unused)
{
  g_autoptr (DocaiClient) client = connect_to (daemon);
  g_autoptr (GError) error = NULL;
  docai_client_set_timeout (client, 20);
  g_assert_null (docai_client_ping (client, &error));
  g_assert_cmpstr (docai_client_error_name (error), ==, "timeout");
}

static void
test_lost (Daemon *daemon, gconstpointer unused)
{
  g_autoptr (DocaiClient) client = connect_to (daemon);
  g_autoptr (GError) error = NULL;
  g_assert_true (docai_client_follow (client, "j1", &error));
  unbind_daemon (daemon);
  docai_client_set_timeout (client, 50);
  g_assert_null (docai_client_next_event (client, -1, &error));
  g_assert_cmpstr (docai_client_error_name (error), ==, "no_daemon");
  bind_daemon (daemon);
}

static void
test_nobody (void)
{
  static const char *const endpoints[] = { "ipc:///nonexistent/socket", "nonsense", "ipc://", "tcp://" };
  for (guint i = 0; i < G_N_ELEMENTS (endpoints); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (docai_client_new (endpoints[i], &error));
      g_assert_cmpstr (docai_client_error_name (error), ==, "no_daemon");
      g_assert_cmpint (docai_client_error_exit_status (error), ==, 69);
    }
}

#define ADD(name, handler, test) \
  g_test_add (name, Daemon, (gconstpointer) (gsize) (handler), set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/client/submit", store_submission, test_submit);
  ADD ("/client/submit-wrong", store_submission, test_submit_wrong);
  ADD ("/client/result", give_result, test_result);
  ADD ("/client/follow", mix_events, test_follow);
  ADD ("/client/restart", say_nothing, test_restart);
  ADD ("/client/silence", say_nothing, test_silence);
  ADD ("/client/lost", say_nothing, test_lost);
  g_test_add_func ("/client/nobody", test_nobody);
  return g_test_run ();
}
