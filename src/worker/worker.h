/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The worker process: one thread computes (main.c, task.c), one talks to the
 * daemon (link.c), so that a long computation is never mistaken for a dead
 * worker, and a hanging one can be ended from inside.
 */
#pragma once

#include "base/conf.h"
#include "base/wire.h"

#include <czmq.h>

typedef struct {
  char    *endpoint;
  char    *spool;       /* the daemon's; NULL: files travel as messages */
  char    *stages;
  char    *config_path;
  char    *certificate; /* CURVE, for tcp */
  char    *server_certificate;
  guint32  stage_set;
} WorkerOptions;

/* ---- link.c: the thread that talks ---- */

typedef struct Link Link;

/* Starts talking. BAD_CONFIG when certificates are missing or no certificates. */
Link *link_new (const WorkerOptions *options, const DocaiConf *config, GError **error);
void  link_free (Link *link);

/* The next message for the computing thread: TASK, STOP, or an answer to FETCH
 * or PUT. Waits. NULL: the process shall end. Owned by the caller. */
DocaiMessage *link_receive (Link *link);

/* Hands a message over to be sent. */
void link_send (Link *link, DocaiMessage *message_taken);

/* Sends a request (FETCH, PUT) and waits for its answer; an ERROR becomes `error`. */
DocaiMessage *link_ask (Link *link, DocaiMessage *message_taken, GError **error);

/* ---- task.c: the work ---- */

typedef struct Tasks Tasks;

Tasks *tasks_new (const WorkerOptions *options, const DocaiConf *config, const char *scratch,
                  Link *link);
void   tasks_free (Tasks *tasks);

/* Does a TASK. Returns DONE or FAILED, owned by the caller. */
DocaiMessage *tasks_run (Tasks *tasks, const DocaiMessage *task);

/* ---- files.c: a job's files, in the spool or by messages ---- */

typedef struct Files Files;

Files *files_new (const char *spool, const char *scratch, Link *link);
void   files_free (Files *files);

/* From here on the files are those of this task's job. */
gboolean files_enter (Files *files, const DocaiMessage *task, GError **error);

/* Path of a file that is there to be read. Owned by the caller. */
char *files_get (Files *files, const char *name, GError **error);

/* Writes a file whole. */
gboolean files_put (Files *files, const char *name, gconstpointer data, gsize length,
                    GError **error);

/* ---- raster.c: a page's picture between workers ---- */

struct Pix;
struct Pix *raster_load (const char *path, GError **error);
gboolean    raster_save (Files *files, const char *name, struct Pix *raster, GError **error);

/* ---- sandbox.c ---- */

/* Limits of the process, before any document is seen. */
void sandbox_limit (const DocaiLimits *limits);

/* Takes rights away for ever, in all threads: no programs, no tracing, and no network sockets
 * unless `network`. FALSE is for the log: the kernel does not offer it. */
gboolean sandbox_close (gboolean network, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Link, link_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tasks, tasks_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Files, files_free)
