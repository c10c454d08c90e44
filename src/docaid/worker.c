/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Messages of workers, local and remote. A worker is known by its routing
 * identity from READY to BYE, or until it dies, overruns or falls silent.
 */
#include <config.h>

#include "docaid/daemon.h"

#include <errno.h>
#include <string.h>

#define PEERS_MAX 4096

void
worker_free (gpointer data)
{
  Peer *peer = data;
  remote_drop (peer);
  g_hash_table_unref (peer->parts);
  zframe_destroy (&peer->identity);
  g_free (peer->host);
  g_free (peer);
}

Peer *
worker_lookup (Daemon *daemon, gint64 id)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, daemon->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((Peer *) value)->id == id)
      return value;
  return NULL;
}

static void
send_to (Daemon *daemon, zframe_t *identity, DocaiMessage *message_taken)
{
  g_autoptr (DocaiMessage) message = message_taken;
  if (!docai_message_send (message, daemon->workers, identity))
    docai_debug (NULL, "%s to a worker is lost", docai_wire_spec (message->kind)->name);
}

gboolean
worker_send (Daemon *daemon, Peer *peer, DocaiMessage *message_taken)
{
  g_autoptr (DocaiMessage) message = message_taken;
  return docai_message_send (message, daemon->workers, peer->identity);
}

static void
forget (Daemon *daemon, Peer *peer)
{
  char *key = zframe_strhex (peer->identity);
  g_hash_table_remove (daemon->peers, key);
  free (key);
}

/* The scheduler wants the worker gone: a local process is killed and its end
 * reported by the supervisor; a remote one is told, and not believed any more. */
void
worker_revoke (Daemon *daemon, gint64 id)
{
  Peer *peer = worker_lookup (daemon, id);

  if (peer == NULL)
    return;
  docai_info (NULL, "worker %d on %s is ended", peer->pid, peer->host);
  if (supervisor_owns (daemon->supervisor, peer->pid))
    {
      supervisor_kill (daemon->supervisor, peer->pid);
      return;
    }
  worker_send (daemon, peer, docai_message_pack (DOCAI_MSG_STOP, "{s:b}", "now", 1));
  sched_remove_worker (daemon->sched, id, DOCAI_ERROR_WORKER_LOST, "the worker fell silent",
                       daemon_clock_ms ());
  forget (daemon, peer);
}

void
worker_gone (Daemon *daemon, int pid, const char *how)
{
  g_autoptr (GList) peers = g_hash_table_get_values (daemon->peers);

  for (GList *at = peers; at != NULL; at = at->next)
    {
      Peer *peer = at->data;
      if (peer->pid != pid || !peer->has_spool)
        continue;
      sched_remove_worker (daemon->sched, peer->id, DOCAI_ERROR_WORKER_LOST, how,
                           daemon_clock_ms ());
      forget (daemon, peer);
    }
}

static void
recycle (Daemon *daemon, Peer *peer)
{
  sched_drain_worker (daemon->sched, peer->id);
  worker_send (daemon, peer, docai_message_pack (DOCAI_MSG_STOP, "{s:b}", "now", 0));
}

/* Workers end after their task; the supervisor starts fresh ones. */
void
worker_recycle_all (Daemon *daemon)
{
  GHashTableIter iter;
  gpointer value;

  supervisor_make_stale (daemon->supervisor);
  g_hash_table_iter_init (&iter, daemon->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    recycle (daemon, value);
}

/* ---- messages ---- */

static void
on_ready (Daemon *daemon, zframe_t *identity, const char *key, const DocaiMessage *message)
{
  const json_t *stages = docai_message_peek (message, "stages");
  Peer *known = g_hash_table_lookup (daemon->peers, key);
  const char *host = docai_message_string (message, "host");
  guint32 set = 0;

  for (size_t i = 0; i < json_array_size (stages); i++)
    set |= docai_graph_bit (json_string_value (json_array_get (stages, i)));
  if (known != NULL)
    {
      /* It begins anew, so what it did is nobody's. */
      sched_remove_worker (daemon->sched, known->id, DOCAI_ERROR_WORKER_LOST,
                           "the worker began anew", daemon_clock_ms ());
      forget (daemon, known);
    }
  if (set == 0 || g_hash_table_size (daemon->peers) >= PEERS_MAX
      || g_strcmp0 (docai_message_string (message, "version"), PACKAGE_VERSION) != 0)
    {
      /* Two versions would give one document two kinds of pages. */
      docai_warn (NULL, "a worker on %s is refused: unknown stages, another version or too many",
                  host);
      send_to (daemon, identity, docai_message_pack (DOCAI_MSG_STOP, "{s:b}", "now", 1));
      return;
    }
  Peer *peer = g_new0 (Peer, 1);
  peer->id = ++daemon->last_peer;
  peer->identity = zframe_dup (identity);
  peer->stages = set;
  peer->pid = (int) docai_message_int (message, "pid", 0);
  peer->host = g_strdup (host);
  peer->has_spool = docai_message_bool (message, "spool");
  peer->parts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (daemon->peers, g_strdup (key), peer);
  sched_add_worker (daemon->sched, peer->id, set, daemon_clock_ms ());
  docai_info (NULL, "worker %d on %s is ready", peer->pid, peer->host);
  if (supervisor_is_stale (daemon->supervisor, peer->pid))
    recycle (daemon, peer);
}

/* A worker that is about to end says so with its last answer, before a new
 * task can be on its way to it. */
static void
drain_if_leaving (Daemon *daemon, Peer *peer, const DocaiMessage *message)
{
  if (docai_message_bool (message, "leaving"))
    sched_drain_worker (daemon->sched, peer->id);
}

static void
on_done (Daemon *daemon, Peer *peer, const DocaiMessage *message)
{
  const SchedLease *lease
    = sched_peek_lease (daemon->sched, peer->id, docai_message_int (message, "task", 0));
  Job *job = lease != NULL ? g_hash_table_lookup (daemon->jobs_by_seq, &lease->job) : NULL;
  gint64 now_ms = daemon_clock_ms ();

  if (job == NULL)
    return;
  docai_debug (job->row->id, "%s %d done by %d in %" G_GINT64_FORMAT " ms",
               docai_graph_scope_name (lease->scope), lease->page, peer->pid,
               docai_message_int (message, "ms", 0));
  job_row_count_vision (job->row, docai_message_peek (message, "vision"));
  DocaiGraphScope scope = lease->scope;
  gint64 seq = lease->job;
  drain_if_leaving (daemon, peer, message);
  remote_drop (peer);
  if (scope == DOCAI_GRAPH_DOCUMENT)
    {
      /* The job leaves the scheduler here; the lease must end before. */
      sched_done (daemon->sched, peer->id, now_ms);
      if (!jobs_document_done (daemon, job, message))
        jobs_end (daemon, job, JOB_FAILED, DOCAI_ERROR_RESULT_INVALID,
                  "the worker's result is not in the spool");
      return;
    }
  sched_done (daemon->sched, peer->id, now_ms);
  if (scope == DOCAI_GRAPH_SOURCE && g_hash_table_contains (daemon->jobs_by_seq, &seq))
    jobs_source_done (daemon, job, message);
}

static void
on_failed (Daemon *daemon, Peer *peer, const DocaiMessage *message)
{
  if (sched_peek_lease (daemon->sched, peer->id, docai_message_int (message, "task", 0)) == NULL)
    return;
  g_autoptr (GError) error = docai_message_to_error (message);
  remote_drop (peer);
  drain_if_leaving (daemon, peer, message);
  sched_failed (daemon->sched, peer->id, docai_error_code_of (error), error->message,
                daemon_clock_ms ());
}

static void
on_heartbeat (Daemon *daemon, Peer *peer, const DocaiMessage *message)
{
  worker_send (daemon, peer, docai_message_new (DOCAI_MSG_HEARTBEAT, NULL));
}

static void
on_bye (Daemon *daemon, Peer *peer, const DocaiMessage *message)
{
  const char *reason = docai_message_string (message, "reason");
  docai_info (NULL, "worker %d on %s leaves%s%s", peer->pid, peer->host,
              reason != NULL ? ": " : "", reason != NULL ? reason : "");
  sched_remove_worker (daemon->sched, peer->id, DOCAI_ERROR_WORKER_LOST, "the worker left",
                       daemon_clock_ms ());
  forget (daemon, peer);
}

static void (*const handlers[DOCAI_MSG_COUNT]) (Daemon *, Peer *, const DocaiMessage *) = {
  [DOCAI_MSG_DONE] = on_done,   [DOCAI_MSG_FAILED] = on_failed, [DOCAI_MSG_HEARTBEAT] = on_heartbeat,
  [DOCAI_MSG_BYE] = on_bye,     [DOCAI_MSG_FETCH] = remote_fetch, [DOCAI_MSG_PUT] = remote_put,
};

void
worker_handle (Daemon *daemon, zmsg_t *frames_taken)
{
  zframe_t *identity = zmsg_pop (frames_taken);
  g_autoptr (GError) error = NULL;
  gint64 seq;
  g_autoptr (DocaiMessage) message
    = docai_message_decode (frames_taken, DOCAI_FROM_WORKER, &seq, &error);

  if (identity == NULL)
    return;
  char *key = zframe_strhex (identity);
  Peer *peer = g_hash_table_lookup (daemon->peers, key);
  if (message == NULL)
    {
      docai_warn (NULL, "a worker's message is refused: %s", error->message);
      send_to (daemon, identity,
               docai_message_new_error (seq, docai_error_code_of (error), error->message));
    }
  else if (message->kind == DOCAI_MSG_READY)
    on_ready (daemon, identity, key, message);
  else if (peer == NULL)
    {
      if (message->kind != DOCAI_MSG_BYE)
        send_to (daemon, identity, docai_message_new (DOCAI_MSG_WHO, NULL));
    }
  else
    {
      sched_heartbeat (daemon->sched, peer->id, daemon_clock_ms ());
      handlers[message->kind](daemon, peer, message);
    }
  free (key);
  zframe_destroy (&identity);
}

void
worker_drain_socket (Daemon *daemon)
{
  while ((zsock_events (daemon->workers) & ZMQ_POLLIN) != 0)
    {
      zmsg_t *frames = zmsg_recv (daemon->workers);
      if (frames == NULL)
        break;
      worker_handle (daemon, frames);
    }
}
