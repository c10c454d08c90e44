/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of libdocai share: the connection, one request after another,
 * events in between.
 */
#pragma once

#include "base/wire.h"
#include "client/docai.h"

struct DocaiClientEvent {
  gint64 seq; /* of the FOLLOW or SUBMIT */
  char  *job;
  char  *state;
  char  *code;
  char  *text;
  int    done, pages, page;
};

struct DocaiClient {
  void       *context;
  void       *socket;  /* DEALER */
  void       *monitor; /* PAIR: connection made, lost */
  char       *endpoint;
  char       *version;
  gint64      file_max, inline_max;
  gint64      next_seq;
  int         timeout_ms;
  char       *key; /* of the next submission; NULL: none */
  gint64      lost_at;  /* monotonic microseconds; 0: not lost */
  guint       losses;   /* how often the connection was lost */
  GHashTable *follows;  /* seq (gint64 *) to job id; "" is all jobs */
  GHashTable *restored; /* seqs of FOLLOWs sent after a reconnection: only an error is news */
  GQueue      events;   /* DocaiClientEvent */
};

/* The number of the next request. */
gint64 docai_connection_next_seq (DocaiClient *client);

/* Monotonic microseconds at which a timeout is over; 0 stays 0, below it is -1. */
gint64 docai_connection_deadline (int timeout_ms);

/* Sends; NO_DAEMON or TIMEOUT when it cannot be handed over. */
gboolean docai_connection_send (DocaiClient *client, const DocaiMessage *message, GError **error);

/* Waits for the next answer to a request, queueing events that come first. An
 * ERROR answer becomes the error; losing the connection is NO_DAEMON. */
DocaiMessage *docai_connection_receive (DocaiClient *client, gint64 seq, GError **error);

/* Sends a request (taken) and waits for an answer of the kind. */
DocaiMessage *docai_connection_request (DocaiClient *client, DocaiMessage *request_taken,
                                    DocaiMessageKind expected, GError **error);

/* Takes in what has come until the deadline (monotonic microseconds; 0: no
 * waiting; -1: no limit) or, without waiting further, once an event is queued.
 * FALSE when the daemon stays away. */
gboolean docai_connection_pump (DocaiClient *client, gint64 deadline, GError **error);

/* Remembers that events with this seq belong to a job (NULL: all). */
void docai_connection_add_follow (DocaiClient *client, gint64 seq, const char *job);

/* Queues an event that tells how a followed job stands, from the object that
 * describes it; the daemon itself tells of ended ones. */
void docai_connection_queue_state (DocaiClient *client, gint64 seq, const json_t *job);

/* Tells the job of a follow once it is known, if it is still there. */
void docai_connection_name_follow (DocaiClient *client, gint64 seq, const char *job);

/* Forgets it, and events of that number that are still queued. */
void docai_connection_drop_follow (DocaiClient *client, gint64 seq);
