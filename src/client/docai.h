/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libdocai: submitting documents to a docai daemon and reading the results.
 *
 *   DocaiClient *client = docai_client_new (NULL, &error);
 *   char *job = docai_client_submit_file (client, "a.pdf", NULL, NULL, 0, &error);
 *   DocaiClientEvent *end = docai_client_wait (client, job, -1, &error);
 *   char *json = docai_client_result (client, job, "json", &length, &error);
 *
 * Every function that can fail returns NULL or FALSE and fills a GError, whose
 * stable name docai_client_error_name() tells. Names and texts are UTF-8.
 *
 * Threads: a client and its events belong to one thread at a time. Threads that
 * work at once use a client each; there is no other state in the library. It
 * installs no signal handlers. Do not use a client in a child after fork().
 *
 * See libdocai(3) and docai-protocol(7).
 */
#ifndef DOCAI_H
#define DOCAI_H

#include <glib.h>

G_BEGIN_DECLS

typedef struct DocaiClient      DocaiClient;
typedef struct DocaiClientEvent DocaiClientEvent;

typedef enum {
  DOCAI_CLIENT_FOLLOW = 1 << 0, /* deliver the job's events to this client */
  DOCAI_CLIENT_AGAIN = 1 << 1   /* read the file anew even if its result is known */
} DocaiClientFlags;

/* ---- connection --------------------------------------------------------- */

/* Where the daemon is looked for: the environment's DOCAI_ENDPOINT, else that of
 * a daemon of this user, else that of the system. Owned by the caller. */
char *docai_client_default_endpoint (void);

/* Connects and greets the daemon. `endpoint` is ZeroMQ's ("ipc:///run/...",
 * "tcp://host:port"), NULL means the default. `no_daemon` when nobody answers
 * within 5 seconds; at once for an ipc endpoint on which nobody listens. */
DocaiClient *docai_client_new (const char *endpoint, GError **error);

/* The same with CURVE keys, which the daemon demands over tcp: files of its public
 * certificate and of this client's own. docai_client_new() takes them for tcp from
 * DOCAI_SERVER_CERTIFICATE and DOCAI_CERTIFICATE in the environment. */
DocaiClient *docai_client_new_secure (const char *endpoint, const char *server_certificate,
                                      const char *certificate, GError **error);
void         docai_client_free (DocaiClient *client);

/* How long one answer may take before a request fails with `timeout`; 30 s at first. */
void docai_client_set_timeout (DocaiClient *client, int timeout_ms);

/* Version of docai that the daemon is. Lent. */
const char *docai_client_daemon_version (const DocaiClient *client);

/* A file descriptor for poll(2). When it becomes readable, or after any other
 * call on the client, docai_client_next_event() must be called with timeout 0
 * until it gives NULL before polling again. */
int docai_client_fd (DocaiClient *client);

/* ---- submitting --------------------------------------------------------- */

/* Names the next submission that succeeds, by a text of 1 to 128 bytes that the
 * caller chooses and uses for no other document: submitted again with the same key,
 * after a lost connection or a crash of the caller, the same document gives the job
 * that it has already. Another document with the key is refused with `bad_option`.
 * NULL takes the key back. The daemon forgets a key with its job. */
gboolean docai_client_set_key (DocaiClient *client, const char *key, GError **error);

/* Submits a document and returns the id of its job, owned by the caller. When it
 * returns, the daemon has stored the document safely. `name` is what the result
 * calls it (NULL: the last part of the path); bytes that are no UTF-8 are
 * replaced. `options` is a JSON object, see docai-submit(1); NULL: defaults.
 * `busy` means that the queue is full: try later. Connection lost in between is
 * `no_daemon`; the document may or may not have been accepted then, and submitting
 * it again gives another job, unless it has a key. */
char *docai_client_submit_file (DocaiClient *client, const char *path, const char *name,
                                const char *options, DocaiClientFlags flags, GError **error);
char *docai_client_submit_data (DocaiClient *client, const void *data, gsize length,
                                const char *name, const char *options, DocaiClientFlags flags,
                                GError **error);

/* ---- waiting and events ------------------------------------------------- */

/* Waits until the job has ended and returns its last event, to be freed; `timeout`
 * when it has not within timeout_ms (-1: no limit). A failed job is no error here:
 * ask the event. Events of other jobs stay queued. */
DocaiClientEvent *docai_client_wait (DocaiClient *client, const char *job, int timeout_ms,
                                     GError **error);

/* Asks for the events of a job, or of all jobs (NULL). The first event of a job
 * tells how it stands. */
gboolean docai_client_follow (DocaiClient *client, const char *job, GError **error);

/* The next event, to be freed, waiting up to timeout_ms (-1: no limit). NULL
 * without an error when there is none in time. If the daemon goes away, following
 * goes on when it is back within the client's timeout, else `no_daemon`. */
DocaiClientEvent *docai_client_next_event (DocaiClient *client, int timeout_ms, GError **error);

/* Called with an event, which it must not keep; FALSE ends the streaming. */
typedef gboolean (*DocaiClientEventFunc) (const DocaiClientEvent *event, void *user_data);

/* Calls the function with the events of a job until it has ended (of all jobs,
 * NULL: until the function says so). */
gboolean docai_client_stream (DocaiClient *client, const char *job, DocaiClientEventFunc func,
                              void *user_data, GError **error);

/* What an event tells. Strings are lent until it is freed. */
const char *docai_client_event_job (const DocaiClientEvent *event);
const char *docai_client_event_state (const DocaiClientEvent *event); /* "queued", "running", "complete", "partial", "failed", "cancelled" */
gboolean    docai_client_event_is_final (const DocaiClientEvent *event);
int         docai_client_event_done (const DocaiClientEvent *event);  /* pages ready or given up */
int         docai_client_event_pages (const DocaiClientEvent *event); /* pages in all; 0: not known yet */
int         docai_client_event_page (const DocaiClientEvent *event);  /* page that it is about; 0: none */
const char *docai_client_event_code (const DocaiClientEvent *event);  /* error code or NULL */
const char *docai_client_event_text (const DocaiClientEvent *event);  /* the error in words or NULL */
void        docai_client_event_free (DocaiClientEvent *event);

/* ---- results and jobs --------------------------------------------------- */

/* The result of an ended job, "json" or "xml", with a zero behind its length.
 * Owned by the caller (g_free). A failed job has one too. `not_ready`, `not_found`. */
char *docai_client_result (DocaiClient *client, const char *job, const char *format,
                           gsize *length, GError **error);

/* Asks for the end of a job; it ends with state "cancelled". */
gboolean docai_client_cancel (DocaiClient *client, const char *job, GError **error);

/* Runs an ended job once more, with another password unless that is NULL. */
gboolean docai_client_retry (DocaiClient *client, const char *job, const char *password,
                             GError **error);

/* Forgets an ended job with its file and result. */
gboolean docai_client_remove (DocaiClient *client, const char *job, GError **error);

/* One job, a page of the list of jobs (newest first), the daemon itself, as JSON
 * objects; docai-protocol(7) describes their members (JOB, JOBS, PONG). `state`
 * NULL: any; `limit` 0: 100; `before` 0: from the newest, else the `next` of the
 * page before. Owned by the caller. */
char *docai_client_status (DocaiClient *client, const char *job, GError **error);
char *docai_client_list (DocaiClient *client, const char *state, int limit, gint64 before,
                         GError **error);
char *docai_client_ping (DocaiClient *client, GError **error);

/* Ends a private daemon; others refuse. */
gboolean docai_client_shutdown (DocaiClient *client, GError **error);

/* ---- errors ------------------------------------------------------------- */

/* Stable name of an error ("file_empty"), as in docai-protocol(7). Static. */
const char *docai_client_error_name (const GError *error);

/* Exit status after sysexits(3) for it. */
int docai_client_error_exit_status (const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiClient, docai_client_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiClientEvent, docai_client_event_free)

G_END_DECLS

#endif
