/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The watched folder: which files count, whether one is complete, moving failed
 * ones away. No daemon here.
 */
#pragma once

#include "cli/watch-state.h"

#include "export/export.h"

typedef struct {
  char       *path;    /* watched */
  char       *results; /* where results go */
  char       *failed;  /* where refused documents go */
  char       *done;    /* where documents go that were read; NULL: they stay */
  gboolean    beside;  /* results stand among the documents */
  DocaiFormat format;
  gint64      settle_us; /* how long a file found by looking must not change */
  WatchState *state;
  GQueue      ready; /* names (owned) of READY files, in order */
} WatchFolder;

/* Looks at one file; `complete` when whoever wrote it has closed it or moved it
 * here. A complete or settled one becomes READY and is queued. */
void watch_folder_look (WatchFolder *folder, const char *name, gboolean complete);

/* Looks at all files; forgets those that are gone. FALSE when the folder is. */
gboolean watch_folder_scan (WatchFolder *folder);

/* Looks again at files whose time has come. Returns microseconds until the next
 * one is due, -1 when none is settling. */
gint64 watch_folder_settle (WatchFolder *folder);

/* The next READY file, lent, or NULL. */
WatchFile *watch_folder_next (WatchFolder *folder);

/* Puts a file back to be submitted (first in the queue). */
void watch_folder_requeue (WatchFolder *folder, WatchFile *file);

/* Notes the result's name, writes it and marks the file DONE. CANNOT_WRITE. */
gboolean watch_folder_deliver (WatchFolder *folder, WatchFile *file, const char *text, gsize length,
                               GError **error);

/* Moves the file to the failed ones and writes beside it why. CANNOT_WRITE. */
gboolean watch_folder_fail (WatchFolder *folder, WatchFile *file, const GError *why, GError **error);
