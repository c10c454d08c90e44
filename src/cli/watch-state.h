/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What docai-watch remembers of the files in its folder, across restarts.
 */
#pragma once

#include <glib.h>
#include <sys/stat.h>

typedef enum {
  WATCH_SETTLING,  /* seen, perhaps still being written */
  WATCH_READY,     /* complete, to be submitted */
  WATCH_SUBMITTED, /* the daemon has it */
  WATCH_DONE,      /* its result is written, or it cannot be moved away */
} WatchStatus;

/* One file. Inode, size and time of the last change tell whether it is still the
 * one that was submitted. */
typedef struct {
  char       *name;
  guint64     inode;
  gint64      size, mtime_ns;
  WatchStatus status;
  char       *job;    /* of SUBMITTED */
  char       *key;    /* of the submission, kept before it is made and until its job ends */
  char       *result; /* file name in the results' folder; NULL: none yet */
  gint64      due;    /* of SETTLING: when to look again, monotonic microseconds */
} WatchFile;

typedef struct WatchState WatchState;

/* Reads the state; a missing file is an empty state, a damaged one an error. */
WatchState *watch_state_load (const char *path, GError **error);
void        watch_state_free (WatchState *state);

/* Writes it by rename, if anything that lasts has changed since. */
gboolean watch_state_save (WatchState *state, GError **error);

/* Lent; NULL when the name is not known. */
WatchFile *watch_state_lookup (WatchState *state, const char *name);

/* The entry of a name, made when missing (SETTLING, all zero). */
WatchFile *watch_state_ensure (WatchState *state, const char *name);
void       watch_state_remove (WatchState *state, const char *name);

/* All entries; the list is the caller's, the entries are lent. */
GList *watch_state_list (WatchState *state);

/* The state must be saved. */
void watch_state_touch (WatchState *state);

/* Whether the file on disk is the one that the entry describes. */
gboolean watch_file_matches (const WatchFile *file, const struct stat *info);

/* Makes the entry describe it; status becomes SETTLING. */
void watch_file_describe (WatchFile *file, const struct stat *info);

/* Whether another entry's result has this name. */
gboolean watch_state_owns_result (WatchState *state, const char *result, const WatchFile *except);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WatchState, watch_state_free)
