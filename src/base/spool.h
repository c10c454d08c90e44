/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The spool: one folder a job under STATE/spool/XX/ID (XX: the id's last two
 * characters), with the source, the pages done so far and the results. Files
 * of workers appear by rename; the source counts once the job's row is stored.
 *
 *   source  p00001.json  p00001.pix  probe.json  result.json  result.xml
 */
#pragma once

#include "base/error.h"

#define DOCAI_SPOOL_SOURCE "source"
#define DOCAI_SPOOL_PROBE "probe.json"
#define DOCAI_SPOOL_JSON "result.json"
#define DOCAI_SPOOL_XML "result.xml"

/* A new job id: time and chance, sorted by time. Owned by the caller. */
char *docai_spool_new_id (gint64 now_ms);

/* Whether a string has the form of a job id (and so may be part of a path). */
gboolean docai_spool_is_id (const char *id);

/* Whether a name is one that workers may read or write in a job's folder. */
gboolean docai_spool_is_file (const char *name);

/* The folder of a job below the spool's root: "XX/ID". Owned by the caller. */
char *docai_spool_folder (const char *id);

/* ROOT/XX/ID[/NAME]. Owned by the caller. */
char *docai_spool_path (const char *root, const char *id, const char *name);

/* Names of a page's files: "p00001.json", "p00001.pix". Owned by the caller. */
char *docai_spool_page_name (int page, const char *ending);

/* Makes the folders of a job. SPOOL_FULL or CANNOT_WRITE. */
gboolean docai_spool_make (const char *root, const char *id, GError **error);

/* Brings the job's folder and its name to the disk; the source's descriptor
 * first. SPOOL_FULL or CANNOT_WRITE. */
gboolean docai_spool_sync (const char *root, const char *id, int source_fd, GError **error);

/* Writes all bytes to a descriptor. SPOOL_FULL or CANNOT_WRITE. */
gboolean docai_spool_write_all (int fd, gconstpointer data, gsize length, GError **error);

/* Writes DIR/NAME whole: under another name, then by rename. */
gboolean docai_spool_put (const char *dir, const char *name, gconstpointer data, gsize length,
                          GError **error);

typedef enum {
  DOCAI_SPOOL_KEEP_NOTHING, /* the folder goes too */
  DOCAI_SPOOL_KEEP_SOURCE,
  DOCAI_SPOOL_KEEP_RESULTS, /* and the source */
} DocaiSpoolKeep;

/* Removes files of the job's folder; they are only ever plain. Failures are logged. */
void docai_spool_remove (const char *root, const char *id, DocaiSpoolKeep keep);

/* Ends a removal that was cut off: a folder under the name that
 * docai_spool_remove gives it first. FALSE when the path has no such name. */
gboolean docai_spool_finish_removal (const char *path);

/* Bytes free for us on the root's disk; -1 when that cannot be told. */
gint64 docai_spool_free_bytes (const char *root);

/* Keeps some room on the disk for the ends of jobs, if there is plenty, and gives it
 * up: what is stored right after finds room on a disk that is full. */
void docai_spool_reserve (const char *root);
void docai_spool_release (const char *root);

/* The error of an errno: SPOOL_FULL for a full disk, else CANNOT_WRITE. */
void docai_spool_set_errno (GError **error, int problem, const char *what);
