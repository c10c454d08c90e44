/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The watched folder.
 */
#include "config.h"

#include "cli/watch-folder.h"

#include "base/error.h"
#include "cli/cli.h"
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Names under which files stand while they are still being made. */
static const char *const unfinished[] = { "~", ".part", ".partial", ".tmp", ".crdownload", ".filepart", NULL };

static gboolean
is_candidate (const WatchFolder *folder, const char *name)
{
  if (name[0] == '.')
    return FALSE;
  for (const char *const *suffix = unfinished; *suffix != NULL; suffix++)
    if (g_str_has_suffix (name, *suffix))
      return FALSE;
  const char *dot = strrchr (name, '.');
  return !folder->beside || dot == NULL || strcmp (dot + 1, docai_format_name (folder->format)) != 0;
}

/* Whether some process has the file open for writing: then a read lease is
 * refused. What cannot be asked (no permission, network file system) counts as no. */
static gboolean
is_being_written (const char *path)
{
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0)
    return FALSE;
  gboolean written = fcntl (fd, F_SETLEASE, F_RDLCK) != 0 && errno == EAGAIN;
  (void) fcntl (fd, F_SETLEASE, F_UNLCK);
  close (fd);
  return written;
}

static void
make_ready (WatchFolder *folder, WatchFile *file)
{
  file->status = WATCH_READY;
  g_queue_push_tail (&folder->ready, g_strdup (file->name));
}

void
watch_folder_look (WatchFolder *folder, const char *name, gboolean complete)
{
  struct stat      info;
  g_autofree char *path = g_build_filename (folder->path, name, NULL);
  if (!is_candidate (folder, name))
    return;
  WatchFile *file = watch_state_lookup (folder->state, name);
  if (file != NULL && file->status == WATCH_SUBMITTED)
    return; /* looked at again when it has ended */
  if (lstat (path, &info) != 0 || !S_ISREG (info.st_mode))
    {
      watch_state_remove (folder->state, name);
      return;
    }
  file = watch_state_ensure (folder->state, name);
  gboolean same = watch_file_matches (file, &info);
  if (same && file->status != WATCH_SETTLING)
    return;
  gint64 now = g_get_monotonic_time ();
  if (!same)
    {
      watch_file_describe (file, &info);
      file->due = now + folder->settle_us;
    }
  /* An empty file that was just closed is mostly one that will be written soon. */
  if ((complete && info.st_size > 0) || (same && now >= file->due))
    {
      if (!is_being_written (path))
        make_ready (folder, file);
      else
        file->due = now + folder->settle_us;
    }
}

gboolean
watch_folder_scan (WatchFolder *folder)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder->path, 0, NULL);
  if (dir == NULL)
    return FALSE;
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    g_hash_table_add (seen, g_strdup (name));

  GHashTableIter iter;
  gpointer       name;
  g_hash_table_iter_init (&iter, seen);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    watch_folder_look (folder, name, FALSE);
  g_autoptr (GList) files = watch_state_list (folder->state);
  for (GList *link = files; link != NULL; link = link->next)
    {
      const WatchFile *file = link->data;
      if (file->status != WATCH_SUBMITTED && !g_hash_table_contains (seen, file->name))
        watch_state_remove (folder->state, file->name);
    }
  return TRUE;
}

gint64
watch_folder_settle (WatchFolder *folder)
{
  gint64 next = -1, now = g_get_monotonic_time ();
  g_autoptr (GList) files = watch_state_list (folder->state);
  for (GList *link = files; link != NULL; link = link->next)
    {
      const WatchFile *file = link->data;
      if (file->status != WATCH_SETTLING)
        continue;
      if (now >= file->due)
        {
          g_autofree char *name = g_strdup (file->name);
          watch_folder_look (folder, name, FALSE);
          file = watch_state_lookup (folder->state, name);
          if (file == NULL || file->status != WATCH_SETTLING)
            continue;
        }
      gint64 wait = MAX (file->due - now, 1000);
      next = next < 0 ? wait : MIN (next, wait);
    }
  return next;
}

WatchFile *
watch_folder_next (WatchFolder *folder)
{
  while (!g_queue_is_empty (&folder->ready))
    {
      g_autofree char *name = g_queue_pop_head (&folder->ready);
      g_autofree char *path = g_build_filename (folder->path, name, NULL);
      WatchFile       *file = watch_state_lookup (folder->state, name);
      struct stat      info;
      if (file == NULL || file->status != WATCH_READY)
        continue;
      if (lstat (path, &info) == 0 && watch_file_matches (file, &info))
        return file;
      /* It changed while it waited. */
      file->status = WATCH_SETTLING;
      watch_folder_look (folder, name, FALSE);
    }
  return NULL;
}

void
watch_folder_requeue (WatchFolder *folder, WatchFile *file)
{
  file->status = WATCH_READY;
  g_clear_pointer (&file->job, g_free);
  g_queue_push_head (&folder->ready, g_strdup (file->name));
}

/* ---- results and failures ----------------------------------------------- */

/* A name in the results' folder that overwrites nothing but this file's own
 * earlier result. */
static char *
plan_result (WatchFolder *folder, const WatchFile *file)
{
  const char *suffix = docai_format_name (folder->format);
  char       *name = output_name (file->name, suffix, FALSE);
  for (int n = 1;; n++)
    {
      g_autofree char *path = g_build_filename (folder->results, name, NULL);
      struct stat      info;
      gboolean         own = g_strcmp0 (file->result, name) == 0;
      if (own || (lstat (path, &info) != 0 && errno == ENOENT
                  && !watch_state_owns_result (folder->state, name, file)))
        return name;
      g_autofree char *numbered = g_strdup_printf ("%d.%s", n, suffix);
      g_free (name);
      name = output_name (file->name, n == 1 ? suffix : numbered, TRUE);
    }
}

/* The path of file number n of a name in a folder: name.ext, name.2.ext, ... */
static char *
numbered_path (const char *target, const char *name, int n)
{
  if (n == 1)
    return g_build_filename (target, name, NULL);
  const char      *dot = strrchr (name, '.');
  g_autofree char *suffix = g_strdup_printf ("%d%s", n, dot != NULL && dot > name ? dot : "");
  g_autofree char *numbered = output_name (name, suffix, FALSE);
  return g_build_filename (target, numbered, NULL);
}

/* Where an earlier run, which was ended before it could note it, has moved the
 * file; NULL: nowhere. */
static char *
find_moved (const WatchFile *file, const char *target)
{
  for (int n = 1;; n++)
    {
      struct stat info;
      char       *path = numbered_path (target, file->name, n);
      gboolean    there = lstat (path, &info) == 0;
      if (there && watch_file_matches (file, &info))
        return path;
      g_free (path);
      if (!there)
        return NULL;
    }
}

/* Moves a file into a folder under a name that is free there. Returns that path. */
static char *
move_to (WatchFolder *folder, const WatchFile *file, const char *target)
{
  g_autofree char *from = g_build_filename (folder->path, file->name, NULL);
  char            *to = numbered_path (target, file->name, 1);
  for (int n = 2; renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) != 0; n++)
    {
      if (errno == EINVAL && !g_file_test (to, G_FILE_TEST_EXISTS) && rename (from, to) == 0)
        break; /* a file system without RENAME_NOREPLACE */
      int cause = errno;
      g_free (to);
      if (cause != EEXIST)
        {
          to = cause == ENOENT ? find_moved (file, target) : NULL;
          errno = cause;
          return to;
        }
      to = numbered_path (target, file->name, n);
    }
  return to;
}

gboolean
watch_folder_deliver (WatchFolder *folder, WatchFile *file, const char *text, gsize length, GError **error)
{
  char            *result = plan_result (folder, file);
  g_autofree char *path = g_build_filename (folder->results, result, NULL);
  /* The name is noted first: after a restart it is known to be ours to replace. */
  if (g_strcmp0 (file->result, result) != 0)
    watch_state_touch (folder->state);
  g_free (file->result);
  file->result = result;
  if (!watch_state_save (folder->state, error) || !output_replace (path, text, length, error))
    return FALSE;
  file->status = WATCH_DONE;
  g_clear_pointer (&file->job, g_free);
  g_clear_pointer (&file->key, g_free);
  watch_state_touch (folder->state);
  if (folder->done != NULL)
    {
      g_autofree char *moved = move_to (folder, file, folder->done);
      if (moved == NULL)
        cli_say ("%s cannot be moved to %s: %s", file->name, folder->done, g_strerror (errno));
    }
  return TRUE;
}

gboolean
watch_folder_fail (WatchFolder *folder, WatchFile *file, const GError *why, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *when = g_date_time_format_iso8601 (now);
  DocaiErrorCode   code = docai_error_code_of (why);
  g_autofree char *reason = g_strdup_printf ("code: %s\nreason: %s\ntime: %s\n%s%s%s", docai_error_name (code),
                                             why->message, when, file->job != NULL ? "job: " : "",
                                             file->job != NULL ? file->job : "", file->job != NULL ? "\n" : "");
  file->status = WATCH_DONE;
  g_clear_pointer (&file->key, g_free);
  watch_state_touch (folder->state);
  if (g_mkdir_with_parents (folder->failed, 0777) != 0)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_CANNOT_WRITE, "%s: %s", folder->failed, g_strerror (errno));
      return FALSE;
    }
  g_autofree char *moved = move_to (folder, file, folder->failed);
  if (moved == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_CANNOT_WRITE, "%s: %s", folder->failed, g_strerror (errno));
      return FALSE;
    }
  /* The reason is named after the file as it stands there now. */
  g_autofree char *name = output_name (moved, "reason.txt", TRUE);
  g_autofree char *path = g_build_filename (folder->failed, name, NULL);
  return output_replace (path, reason, strlen (reason), error);
}
