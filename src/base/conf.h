/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The configuration file docai.conf(5): one table of keys drives reading,
 * checking, printing and the manual page's test. Daemon and workers read the
 * same file.
 */
#pragma once

#include "base/error.h"
#include "base/settings.h"

typedef struct {
  DocaiSettings *settings; /* limits, vlm, places: what stages see */

  /* [daemon] */
  int      workers;     /* local worker processes; -1: one for each processor */
  gint64   queue_max;   /* jobs waiting before submissions are refused as busy */
  int      active_jobs; /* of each priority, under way at once */
  int      uploads_max; /* files being received at once */
  char    *listen;      /* tcp endpoint for clients; empty: none */
  char    *listen_workers; /* tcp endpoint for workers of other hosts; empty: none */
  char    *certificate; /* CURVE certificate of the daemon, for tcp */
  char    *clients_dir; /* public certificates that may connect */
  char    *socket_mode; /* octal */
  char    *log_format;  /* text or json */
  char    *log_level;

  /* [spool] */
  char    *state_dir; /* empty: by user, see docaid(8) */
  gint64   min_free_bytes;
  gint64   retain_bytes;
  int      retain_hours;

  /* [worker] */
  char    *stages;
  int      attempts;
  int      retry_ms;
  int      heartbeat_ms;
  int      lost_ms;
  int      recycle_tasks;
  gboolean sandbox;
} DocaiConf;

typedef enum {
  DOCAI_CONF_STRING,
  DOCAI_CONF_INT,
  DOCAI_CONF_BYTES, /* an integer with an optional K, M, G */
  DOCAI_CONF_COUNT, /* a 64-bit integer */
  DOCAI_CONF_BOOL,
  DOCAI_CONF_CHOICE, /* a string of `choices` */
} DocaiConfType;

typedef struct {
  const char     *section;
  const char     *name;
  DocaiConfType type;
  gboolean        in_settings; /* the offset is in DocaiSettings */
  gsize           offset;
  const char     *fallback; /* as it would stand in the file; NULL: what settings.c says */
  gint64          min, max;
  const char     *choices; /* separated by | */
  const char     *help;
} DocaiConfKey;

/* The keys; a NULL section ends them. Static. */
const DocaiConfKey *docai_conf_keys (void);

/* The defaults. */
DocaiConf *docai_conf_new (void);
void         docai_conf_free (DocaiConf *config);

/* The defaults with what the file says. An unknown section or key, or a value
 * out of range, is BAD_CONFIG naming file, section and key. */
DocaiConf *docai_conf_load (const char *path, GError **error);

/* The file to read when none is named: $DOCAI_CONF, ~/.config/docai/docai.conf,
 * SYSCONFDIR/docai/docai.conf; NULL when there is none. Owned by the caller. */
char *docai_conf_find (void);

/* All keys with help and values in force, in the file's format. Owned by the caller. */
char *docai_conf_print (const DocaiConf *config);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiConf, docai_conf_free)
