/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Places and files of the spool.
 */
#include "base/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define GONE ".gone" /* ending of a folder that is being removed */
#define ID_LENGTH 16

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

char *
docai_spool_new_id (gint64 now_ms)
{
  /* 9 characters of milliseconds (45 bits), 7 of chance (35 bits). */
  char    id[ID_LENGTH + 1];
  guint64 value = ((guint64) now_ms & ((G_GUINT64_CONSTANT (1) << 45) - 1));

  for (int i = 8; i >= 0; i--, value >>= 5)
    id[i] = alphabet[value & 31];
  guint64 chance = ((guint64) g_random_int () << 32) | g_random_int ();
  for (int i = 9; i < ID_LENGTH; i++, chance >>= 5)
    id[i] = alphabet[chance & 31];
  id[ID_LENGTH] = '\0';
  return g_strdup (id);
}

gboolean
docai_spool_is_id (const char *id)
{
  return id != NULL && strlen (id) == ID_LENGTH && strspn (id, alphabet) == ID_LENGTH;
}

gboolean
docai_spool_is_file (const char *name)
{
  static const char *const names[] = { DOCAI_SPOOL_SOURCE, DOCAI_SPOOL_PROBE, DOCAI_SPOOL_JSON,
                                       DOCAI_SPOOL_XML, NULL };
  if (g_strv_contains (names, name))
    return TRUE;
  gsize digits = name[0] == 'p' ? strspn (name + 1, "0123456789") : 0;
  return digits >= 5 && digits <= 9
         && (strcmp (name + 1 + digits, ".json") == 0 || strcmp (name + 1 + digits, ".pix") == 0);
}

char *
docai_spool_folder (const char *id)
{
  return g_strdup_printf ("%s/%s", id + ID_LENGTH - 2, id);
}

char *
docai_spool_path (const char *root, const char *id, const char *name)
{
  return g_build_filename (root, id + ID_LENGTH - 2, id, name, NULL);
}

char *
docai_spool_page_name (int page, const char *ending)
{
  return g_strdup_printf ("p%05d.%s", page, ending);
}

void
docai_spool_set_errno (GError **error, int problem, const char *what)
{
  gboolean full = problem == ENOSPC || problem == EDQUOT;
  g_set_error (error, DOCAI_ERROR, full ? DOCAI_ERROR_SPOOL_FULL : DOCAI_ERROR_CANNOT_WRITE,
               "%s: %s", what, g_strerror (problem));
}

gboolean
docai_spool_make (const char *root, const char *id, GError **error)
{
  g_autofree char *dir = docai_spool_path (root, id, NULL);
  if (g_mkdir_with_parents (dir, 0700) == 0)
    return TRUE;
  docai_spool_set_errno (error, errno, "the spool");
  return FALSE;
}

static gboolean
sync_dir (const char *path, GError **error)
{
  int  fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean good = fd >= 0 && fsync (fd) == 0;
  if (!good)
    docai_spool_set_errno (error, errno, "the spool");
  if (fd >= 0)
    close (fd);
  return good;
}

gboolean
docai_spool_sync (const char *root, const char *id, int source_fd, GError **error)
{
  g_autofree char *dir = docai_spool_path (root, id, NULL);
  g_autofree char *above = g_path_get_dirname (dir);

  /* On journalling file systems the first one costs and the others find all
   * done; the standard wants each. */
  if (fsync (source_fd) != 0)
    {
      docai_spool_set_errno (error, errno, "the spool");
      return FALSE;
    }
  return sync_dir (dir, error) && sync_dir (above, error) && sync_dir (root, error);
}

gboolean
docai_spool_write_all (int fd, gconstpointer data, gsize length, GError **error)
{
  const char *at = data;

  while (length > 0)
    {
      gssize n = write (fd, at, length);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          docai_spool_set_errno (error, errno, "the spool");
          return FALSE;
        }
      at += n;
      length -= (gsize) n;
    }
  return TRUE;
}

gboolean
docai_spool_put (const char *dir, const char *name, gconstpointer data, gsize length,
                 GError **error)
{
  /* Two workers may write the same page after a lost lease: each under its own
   * name, and the same bytes win twice. */
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *part = g_strdup_printf ("%s.%d.tmp", path, (int) getpid ());
  int fd = open (part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      docai_spool_set_errno (error, errno, "the spool");
      return FALSE;
    }
  gboolean good = docai_spool_write_all (fd, data, length, error);
  if (close (fd) != 0 && good)
    {
      docai_spool_set_errno (error, errno, "the spool");
      good = FALSE;
    }
  if (good && rename (part, path) != 0)
    {
      docai_spool_set_errno (error, errno, "the spool");
      good = FALSE;
    }
  if (!good)
    unlink (part);
  return good;
}

static gboolean
is_kept (const char *name, DocaiSpoolKeep keep)
{
  if (keep == DOCAI_SPOOL_KEEP_NOTHING)
    return FALSE;
  if (strcmp (name, DOCAI_SPOOL_SOURCE) == 0)
    return TRUE;
  return keep == DOCAI_SPOOL_KEEP_RESULTS
         && (strcmp (name, DOCAI_SPOOL_JSON) == 0 || strcmp (name, DOCAI_SPOOL_XML) == 0);
}

static void
empty_folder (const char *dir, DocaiSpoolKeep keep)
{
  g_autoptr (GDir) files = g_dir_open (dir, 0, NULL);
  const char *name;

  while (files != NULL && (name = g_dir_read_name (files)) != NULL)
    {
      if (is_kept (name, keep))
        continue;
      g_autofree char *path = g_build_filename (dir, name, NULL);
      if (unlink (path) != 0 && errno != ENOENT)
        g_warning ("%s cannot be removed: %s", path, g_strerror (errno));
    }
}

gboolean
docai_spool_finish_removal (const char *path)
{
  if (!g_str_has_suffix (path, GONE))
    return FALSE;
  empty_folder (path, DOCAI_SPOOL_KEEP_NOTHING);
  if (rmdir (path) != 0 && errno != ENOENT)
    g_warning ("%s cannot be removed: %s", path, g_strerror (errno));
  return TRUE;
}

void
docai_spool_remove (const char *root, const char *id, DocaiSpoolKeep keep)
{
  g_return_if_fail (docai_spool_is_id (id));
  g_autofree char *dir = docai_spool_path (root, id, NULL);

  if (keep != DOCAI_SPOOL_KEEP_NOTHING)
    {
      empty_folder (dir, keep);
      return;
    }
  /* A worker may be writing another page into the folder right now: under its
   * new name the folder takes no more files. */
  g_autofree char *gone = g_strconcat (dir, GONE, NULL);
  if (rename (dir, gone) == 0)
    docai_spool_finish_removal (gone);
  else if (errno != ENOENT)
    g_warning ("%s cannot be removed: %s", dir, g_strerror (errno));
}

gint64
docai_spool_free_bytes (const char *root)
{
  struct statvfs info;
  if (statvfs (root, &info) != 0)
    return -1;
  return (gint64) info.f_bavail * (gint64) info.f_frsize;
}

#define RESERVE "reserve"
#define RESERVE_BYTES (1 << 20)

void
docai_spool_reserve (const char *root)
{
  g_autofree char *path = g_build_filename (root, RESERVE, NULL);

  if (access (path, F_OK) == 0 || docai_spool_free_bytes (root) < 4 * RESERVE_BYTES)
    return;
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return;
  if (posix_fallocate (fd, 0, RESERVE_BYTES) != 0)
    unlink (path);
  close (fd);
}

void
docai_spool_release (const char *root)
{
  g_autofree char *path = g_build_filename (root, RESERVE, NULL);
  unlink (path);
}
