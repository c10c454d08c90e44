/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names and writing of results. A name comes from outside and may hold any byte
 * but a slash: only its last component is used, so nothing leaves the folder.
 */
#include "cli/output.h"

#include "base/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECKSUM_DIGITS 12

struct Output {
  char       *folder; /* NULL unless results go to a folder */
  char       *file;   /* NULL unless there is one file */
  const char *suffix;
  GHashTable *taken; /* names given out in the folder */
};

static gboolean
cannot_write (GError **error, const char *path)
{
  int              cause = errno;
  g_autofree char *shown = g_filename_display_name (path);
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_CANNOT_WRITE, "%s: %s", shown, g_strerror (cause));
  return FALSE;
}

Output *
output_new (const char *target, gboolean several, DocaiFormat format, GError **error)
{
  g_autoptr (Output) output = g_new0 (Output, 1);
  output->suffix = docai_format_name (format);
  output->taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (target == NULL || strcmp (target, "-") == 0)
    return g_steal_pointer (&output);
  if (!several && !g_str_has_suffix (target, "/") && !g_file_test (target, G_FILE_TEST_IS_DIR))
    {
      output->file = g_strdup (target);
      return g_steal_pointer (&output);
    }
  if (g_mkdir_with_parents (target, 0777) != 0)
    {
      cannot_write (error, target);
      return NULL;
    }
  output->folder = g_strdup (target);
  return g_steal_pointer (&output);
}

void
output_free (Output *output)
{
  if (output == NULL)
    return;
  g_free (output->folder);
  g_free (output->file);
  g_hash_table_unref (output->taken);
  g_free (output);
}

/* Cuts the stem at a character's start so that `room` bytes hold it, and marks
 * it by a checksum of the whole name. */
static char *
shorten (const char *name, gsize room)
{
  g_autofree char *sum = docai_sha256_of (name, strlen (name));
  gsize            keep = room - CHECKSUM_DIGITS - 1;
  while (keep > 0 && ((guchar) name[keep] & 0xC0) == 0x80)
    keep--;
  return g_strdup_printf ("%.*s~%.*s", (int) keep, name, CHECKSUM_DIGITS, sum);
}

char *
output_name (const char *input, const char *suffix, gboolean keep_suffix)
{
  const char *slash = strrchr (input, '/');
  const char *name = slash != NULL ? slash + 1 : input;
  const char *dot = strrchr (name, '.');
  gsize       stem = dot != NULL && dot > name && !keep_suffix ? (gsize) (dot - name) : strlen (name);
  gsize       room = NAME_MAX - 1 - strlen (suffix);
  if (strcmp (name, "-") == 0)
    return g_strconcat ("stdin.", suffix, NULL);
  if (stem > room)
    {
      g_autofree char *head = shorten (name, room);
      return g_strconcat (head, ".", suffix, NULL);
    }
  return g_strdup_printf ("%.*s.%s", (int) stem, name, suffix);
}

/* NAME.ext-2.json */
static char *
numbered_name (const char *input, const char *suffix, int number)
{
  g_autofree char *marked = g_strdup_printf ("%d.%s", number, suffix);
  char            *name = output_name (input, marked, TRUE);
  name[strlen (name) - strlen (marked) - 1] = '-';
  return name;
}

char *
output_plan (Output *output, const char *input)
{
  if (output->file != NULL)
    return g_strdup (output->file);
  if (output->folder == NULL)
    return NULL;

  g_autofree char *name = output_name (input, output->suffix, FALSE);
  for (int n = 1; g_hash_table_contains (output->taken, name); n++)
    {
      g_free (name);
      name = n == 1 ? output_name (input, output->suffix, TRUE)
                    : numbered_name (input, output->suffix, n);
    }
  g_hash_table_add (output->taken, g_strdup (name));
  return g_build_filename (output->folder, name, NULL);
}

static gboolean
write_all (int fd, const char *data, gsize length)
{
  while (length > 0)
    {
      ssize_t n = write (fd, data, MIN (length, 1 << 30));
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      data += n;
      length -= (gsize) n;
    }
  return TRUE;
}

/* Ends a file's writing: what close says counts too, the first trouble wins. */
static gboolean
close_written (int fd, gboolean ok)
{
  int cause = errno;
  if (close (fd) != 0 && ok)
    return FALSE;
  errno = cause;
  return ok;
}

static gboolean
write_straight (const char *path, const char *data, gsize length, GError **error)
{
  int fd = open (path, O_WRONLY | O_TRUNC | O_CLOEXEC);
  if (fd < 0 || !close_written (fd, write_all (fd, data, length)))
    return cannot_write (error, path);
  return TRUE;
}

gboolean
output_deliver (Output *output, const char *path, const char *data, gsize length, GError **error)
{
  struct stat info;
  if (path == NULL)
    return write_all (STDOUT_FILENO, data, length) || cannot_write (error, "standard output");
  if (output->file != NULL && lstat (path, &info) == 0 && !S_ISREG (info.st_mode))
    return write_straight (path, data, length, error);
  return output_replace (path, data, length, error);
}

/* Makes the rename itself durable; a folder that cannot be synced is no error. */
static void
sync_folder (const char *folder)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return;
  (void) !fsync (fd);
  close (fd);
}

gboolean
output_replace (const char *path, const char *data, gsize length, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *temporary = g_build_filename (folder, ".docai-XXXXXX", NULL);
  mode_t           mask = umask (0);
  umask (mask);
  int fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0666 & ~mask);
  if (fd < 0)
    return cannot_write (error, path);
  gboolean ok = close_written (fd, write_all (fd, data, length) && fsync (fd) == 0);
  if (!ok || rename (temporary, path) != 0)
    {
      int cause = errno;
      (void) !unlink (temporary);
      errno = cause;
      return cannot_write (error, path);
    }
  sync_folder (folder);
  return TRUE;
}
