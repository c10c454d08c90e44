/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The thread that owns the socket to the daemon: signs of life, the watch over
 * time and memory of the task, and messages to and from the computing thread over a
 * pipe. It never touches a document.
 */
#include <config.h>

#include "worker/worker.h"

#include "base/graph.h"
#include "base/log.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MEMORY_CHECK_MS 50
#define LAST_WORDS_MS 1000

struct Link {
  zactor_t            *actor;
  const WorkerOptions *options;
  const DocaiConf   *config;
  zcert_t             *own_key, *server_key; /* NULL: local */
  GQueue               waiting; /* messages that came while an answer was awaited */
  gint64               last_seq;
};

typedef struct {
  const WorkerOptions *options;
  const DocaiConf   *config;
  zsock_t             *pipe;
  zsock_t             *socket;
  zcert_t             *own_key, *server_key; /* lent; NULL: the connection is not encrypted */
  gint64               lease;       /* 0: no task */
  gboolean             stale;       /* the daemon no longer knows the task */
  gint64               deadline_ms; /* of the task */
  gint64               seconds;
  gint64               beat_ms;     /* when the next sign of life is due */
  gint64               heard_ms;    /* when the daemon last said anything */
  gboolean             ended;
} Talker;

static volatile sig_atomic_t told_to_end = 0;

static void
on_term (int number)
{
  told_to_end = 1;
}

static gint64
clock_ms (void)
{
  return g_get_monotonic_time () / 1000;
}

static void
say (Talker *talker, DocaiMessage *message_taken)
{
  g_autoptr (DocaiMessage) message = message_taken;
  if (!docai_message_send (message, talker->socket, NULL))
    docai_debug (NULL, "%s is not sent", docai_wire_spec (message->kind)->name);
}

static void
say_ready (Talker *talker)
{
  const DocaiGraphStage *stages = docai_graph_stages ();
  json_t *names = json_array ();

  for (int i = 0; stages[i].name != NULL; i++)
    if ((talker->options->stage_set & (1u << i)) != 0)
      json_array_append_new (names, json_string (stages[i].name));
  say (talker, docai_message_pack (DOCAI_MSG_READY, "{s:o, s:i, s:s, s:b, s:s}", "stages", names,
                                   "pid", (int) getpid (), "host", g_get_host_name (), "spool",
                                   talker->options->spool != NULL, "version", PACKAGE_VERSION));
}

static void
say_alive (Talker *talker, gint64 now_ms)
{
  DocaiMessage *beat = docai_message_new (DOCAI_MSG_HEARTBEAT, NULL);
  if (talker->lease > 0)
    json_object_set_new (beat->header, "task", json_integer (talker->lease));
  say (talker, beat);
  talker->beat_ms = now_ms + talker->config->heartbeat_ms;
}

/* The task cannot be ended from inside its thread, so the process goes. The
 * daemon's echo of a last heartbeat shows that it has read why. */
static void
die_with (Talker *talker, DocaiErrorCode code, const char *text)
{
  docai_info (NULL, "ending: %s", text);
  if (!talker->stale)
    say (talker, docai_message_pack (DOCAI_MSG_FAILED, "{s:I, s:s, s:s, s:b}", "task",
                                     (json_int_t) talker->lease, "code", docai_error_name (code),
                                     "text", text, "leaving", 1));
  say_alive (talker, clock_ms ());
  gint64 until_ms = clock_ms () + LAST_WORDS_MS;
  gboolean heard = FALSE;
  while (!heard && clock_ms () < until_ms)
    {
      zmq_pollitem_t item = { .socket = zsock_resolve (talker->socket), .events = ZMQ_POLLIN };
      if (zmq_poll (&item, 1, 50) <= 0)
        continue;
      zmsg_t *frames = zmsg_recv (talker->socket);
      g_autoptr (DocaiMessage) message
        = frames != NULL ? docai_message_decode (frames, DOCAI_TO_WORKER, NULL, NULL) : NULL;
      heard = message != NULL
              && (message->kind == DOCAI_MSG_HEARTBEAT || message->kind == DOCAI_MSG_WHO);
    }
  _exit (0);
}

/* Nothing under the sanitizers, whose shadow memory would count. */
static gint64
resident_bytes (void)
{
#ifdef DOCAI_SANITIZED
  return 0;
#else
  long pages = 0;
  FILE *file = fopen ("/proc/self/statm", "re");
  if (file == NULL)
    return 0;
  if (fscanf (file, "%*d %ld", &pages) != 1)
    pages = 0;
  fclose (file);
  return (gint64) pages * sysconf (_SC_PAGESIZE);
#endif
}

static void
watch_task (Talker *talker, gint64 now_ms)
{
  if (talker->lease == 0)
    return;
  if (now_ms >= talker->deadline_ms)
    {
      g_autofree char *text = g_strdup_printf ("The task took longer than %" G_GINT64_FORMAT " s.",
                                               talker->seconds);
      die_with (talker, DOCAI_ERROR_TIME_LIMIT, text);
    }
  gint64 limit = talker->config->settings->limits.memory_bytes;
  if (resident_bytes () > limit)
    {
      g_autofree char *text = g_strdup_printf (
        "The task needed more than %" G_GINT64_FORMAT " MB of memory.", limit >> 20);
      die_with (talker, DOCAI_ERROR_MEMORY_LIMIT, text);
    }
}

static void
pass_on (Talker *talker, const DocaiMessage *message)
{
  zmsg_t *frames = docai_message_encode (message);
  zmsg_send (&frames, talker->pipe);
}

static void
on_task (Talker *talker, const DocaiMessage *message)
{
  if (talker->lease > 0)
    {
      docai_warn (NULL, "a second task came; it is left to its lease");
      return;
    }
  talker->lease = docai_message_int (message, "task", 0);
  talker->seconds = docai_message_int (message, "seconds", 60);
  talker->deadline_ms = clock_ms () + talker->seconds * 1000;
  talker->stale = FALSE;
  pass_on (talker, message);
}

static void
on_daemon (Talker *talker)
{
  zmsg_t *frames = zmsg_recv (talker->socket);
  g_autoptr (GError) error = NULL;
  g_autoptr (DocaiMessage) message
    = frames != NULL ? docai_message_decode (frames, DOCAI_TO_WORKER, NULL, &error) : NULL;

  if (message == NULL)
    {
      docai_warn (NULL, "the daemon says something strange: %s",
                  error != NULL ? error->message : "nothing");
      return;
    }
  talker->heard_ms = clock_ms ();
  switch (message->kind)
    {
    case DOCAI_MSG_TASK:
      on_task (talker, message);
      break;
    case DOCAI_MSG_HEARTBEAT:
      break;
    case DOCAI_MSG_WHO:
      /* A daemon started anew: what we do is nobody's, but must end first. */
      if (talker->lease > 0)
        talker->stale = TRUE;
      else
        say_ready (talker);
      break;
    case DOCAI_MSG_STOP:
      if (docai_message_bool (message, "now") && talker->lease > 0)
        _exit (0);
      pass_on (talker, message);
      break;
    default:
      pass_on (talker, message);
      break;
    }
}

/* Something from the computing thread. */
static void
on_pipe (Talker *talker)
{
  zmsg_t *frames = zmsg_recv (talker->pipe);

  if (frames == NULL || zmsg_size (frames) == 1)
    {
      /* $TERM, CZMQ's word for the end of an actor. */
      zmsg_destroy (&frames);
      talker->ended = TRUE;
      return;
    }
  g_autoptr (DocaiMessage) message = docai_message_decode (frames, DOCAI_FROM_WORKER, NULL, NULL);
  if (message == NULL)
    return;
  gboolean was_stale = talker->stale;
  if (message->kind == DOCAI_MSG_DONE || message->kind == DOCAI_MSG_FAILED)
    {
      talker->lease = 0;
      talker->stale = FALSE;
      if (was_stale)
        {
          say_ready (talker);
          return;
        }
    }
  say (talker, g_steal_pointer (&message));
}

static void
connect_socket (Talker *talker)
{
  const WorkerOptions *options = talker->options;

  talker->socket = zsock_new (ZMQ_DEALER);
  zsock_set_maxmsgsize (talker->socket, DOCAI_WIRE_FRAME_MAX);
  zsock_set_linger (talker->socket, 1000);
  if (talker->own_key != NULL)
    {
      zcert_apply (talker->own_key, talker->socket);
      zsock_set_curve_serverkey (talker->socket, zcert_public_txt (talker->server_key));
    }
  if (zsock_connect (talker->socket, "%s", options->endpoint) != 0)
    docai_warn (NULL, "%s is no endpoint", options->endpoint);
}

static void
talk (zsock_t *pipe, void *data)
{
  Link *link = data;
  Talker talker = { .options = link->options, .config = link->config, .pipe = pipe,
                    .own_key = link->own_key, .server_key = link->server_key };

  zsock_signal (pipe, 0);
  connect_socket (&talker);
  say_ready (&talker);
  talker.beat_ms = clock_ms () + talker.config->heartbeat_ms;
  while (!talker.ended)
    {
      gint64 now_ms = clock_ms ();
      if (now_ms >= talker.beat_ms)
        say_alive (&talker, now_ms);
      watch_task (&talker, now_ms);
      if (told_to_end == 1)
        {
          told_to_end = 2;
          g_autoptr (DocaiMessage) stop = docai_message_new (DOCAI_MSG_STOP, NULL);
          pass_on (&talker, stop);
        }
      gint64 wait = talker.beat_ms - now_ms;
      if (talker.lease > 0)
        wait = MIN (wait, MEMORY_CHECK_MS);
      zmq_pollitem_t items[] = {
        { .socket = zsock_resolve (pipe), .events = ZMQ_POLLIN },
        { .socket = zsock_resolve (talker.socket), .events = ZMQ_POLLIN },
      };
      if (zmq_poll (items, 2, (long) MAX (wait, 0)) <= 0)
        continue;
      if ((items[0].revents & ZMQ_POLLIN) != 0)
        on_pipe (&talker);
      if ((items[1].revents & ZMQ_POLLIN) != 0)
        on_daemon (&talker);
    }
  zsock_destroy (&talker.socket);
}

/* ---- the computing thread's side ---- */

static gboolean
load_keys (Link *link, GError **error)
{
  const char *own = link->options->certificate, *server = link->options->server_certificate;

  if (own == NULL || server == NULL)
    {
      if (!g_str_has_prefix (link->options->endpoint, "tcp://") && own == NULL && server == NULL)
        return TRUE;
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG,
                   "over tcp, --certificate and --server-certificate are needed");
      return FALSE;
    }
  link->own_key = zcert_load (own);
  link->server_key = zcert_load (server);
  if (link->own_key != NULL && link->server_key != NULL
      && strspn (zcert_secret_txt (link->own_key), "0") < 40)
    return TRUE;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG, "%s is no certificate%s",
               link->server_key == NULL ? server : own,
               link->own_key != NULL && link->server_key != NULL ? " with a secret key" : "");
  return FALSE;
}

Link *
link_new (const WorkerOptions *options, const DocaiConf *config, GError **error)
{
  g_autoptr (Link) link = g_new0 (Link, 1);
  struct sigaction action = { .sa_handler = on_term, .sa_flags = SA_RESTART };

  zsys_handler_set (NULL);
  sigaction (SIGTERM, &action, NULL);
  sigaction (SIGINT, &action, NULL);
  link->options = options;
  link->config = config;
  g_queue_init (&link->waiting);
  if (!load_keys (link, error))
    return NULL;
  link->actor = zactor_new (talk, link);
  return g_steal_pointer (&link);
}

void
link_free (Link *link)
{
  if (link == NULL)
    return;
  zactor_destroy (&link->actor);
  zcert_destroy (&link->own_key);
  zcert_destroy (&link->server_key);
  g_queue_clear_full (&link->waiting, (GDestroyNotify) docai_message_free);
  g_free (link);
}

static DocaiMessage *
read_pipe (Link *link)
{
  for (;;)
    {
      zmsg_t *frames = zmsg_recv (link->actor);
      if (frames == NULL)
        return NULL;
      DocaiMessage *message = docai_message_decode (frames, DOCAI_TO_WORKER, NULL, NULL);
      if (message != NULL)
        return message;
    }
}

DocaiMessage *
link_receive (Link *link)
{
  DocaiMessage *message = g_queue_pop_head (&link->waiting);
  return message != NULL ? message : read_pipe (link);
}

void
link_send (Link *link, DocaiMessage *message_taken)
{
  g_autoptr (DocaiMessage) message = message_taken;
  zmsg_t *frames = docai_message_encode (message);
  zmsg_send (&frames, link->actor);
}

DocaiMessage *
link_ask (Link *link, DocaiMessage *message_taken, GError **error)
{
  gint64 seq = ++link->last_seq;

  json_object_set_new (message_taken->header, "seq", json_integer (seq));
  link_send (link, message_taken);
  for (;;)
    {
      g_autoptr (DocaiMessage) answer = read_pipe (link);
      if (answer == NULL)
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_NO_DAEMON, "the daemon is gone");
          return NULL;
        }
      if (answer->kind == DOCAI_MSG_TASK || answer->kind == DOCAI_MSG_STOP)
        g_queue_push_tail (&link->waiting, g_steal_pointer (&answer));
      else if (docai_message_int (answer, "seq", -1) == seq)
        {
          if (answer->kind != DOCAI_MSG_ERROR)
            return g_steal_pointer (&answer);
          g_propagate_error (error, docai_message_to_error (answer));
          return NULL;
        }
    }
}
