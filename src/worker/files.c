/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A job's files: those of the spool, or copies in the worker's own folder that
 * are fetched and handed back by messages. The copies of one job are kept until a task
 * of another comes, so that a document's pages share its source.
 */
#include "worker/worker.h"

#include "base/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct Files {
  char  *spool; /* NULL: remote */
  char  *scratch;
  Link  *link;
  char  *dir;
  char  *job;
  gint64 lease;
};

Files *
files_new (const char *spool, const char *scratch, Link *link)
{
  Files *files = g_new0 (Files, 1);
  files->spool = g_strdup (spool);
  files->scratch = g_strdup (scratch);
  files->link = link;
  return files;
}

static void
drop_copies (Files *files)
{
  if (files->spool != NULL)
    return;
  g_autoptr (GDir) dir = g_dir_open (files->scratch, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (files->scratch, name, NULL);
      unlink (path);
    }
}

void
files_free (Files *files)
{
  if (files == NULL)
    return;
  drop_copies (files);
  g_free (files->spool);
  g_free (files->scratch);
  g_free (files->dir);
  g_free (files->job);
  g_free (files);
}

gboolean
files_enter (Files *files, const DocaiMessage *task, GError **error)
{
  const char *job = docai_message_string (task, "job");

  if (!docai_spool_is_id (job))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "the job has no proper id");
      return FALSE;
    }
  if (g_strcmp0 (files->job, job) != 0)
    drop_copies (files);
  g_free (files->job);
  g_free (files->dir);
  files->job = g_strdup (job);
  files->lease = docai_message_int (task, "task", 0);
  files->dir = files->spool != NULL ? docai_spool_path (files->spool, job, NULL)
                                    : g_strdup (files->scratch);
  return TRUE;
}

static gboolean
fetch_into (Files *files, const char *name, int fd, GError **error)
{
  gint64 offset = 0, size = 0;

  do
    {
      g_autoptr (DocaiMessage) data
        = link_ask (files->link,
                    docai_message_pack (DOCAI_MSG_FETCH, "{s:I, s:s, s:I}", "task",
                                        (json_int_t) files->lease, "name", name, "offset",
                                        (json_int_t) offset),
                    error);
      if (data == NULL)
        return FALSE;
      gsize length = data->data != NULL ? g_bytes_get_size (data->data) : 0;
      size = docai_message_int (data, "size", 0);
      if (length == 0 && offset < size)
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_INTERNAL, "%s ends too early", name);
          return FALSE;
        }
      if (length > 0
          && !docai_spool_write_all (fd, g_bytes_get_data (data->data, NULL), length, error))
        return FALSE;
      offset += (gint64) length;
    }
  while (offset < size);
  return TRUE;
}

char *
files_get (Files *files, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (files->dir, name, NULL);

  /* Of the copies only the source stays the same from task to task. */
  if (files->spool != NULL
      || (strcmp (name, DOCAI_SPOOL_SOURCE) == 0 && g_file_test (path, G_FILE_TEST_EXISTS)))
    return g_steal_pointer (&path);
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  int fd = open (part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      docai_spool_set_errno (error, errno, "the worker's folder");
      return NULL;
    }
  gboolean good = fetch_into (files, name, fd, error);
  close (fd);
  if (good && rename (part, path) == 0)
    return g_steal_pointer (&path);
  unlink (part);
  if (good)
    docai_spool_set_errno (error, errno, "the worker's folder");
  return NULL;
}

gboolean
files_put (Files *files, const char *name, gconstpointer data, gsize length, GError **error)
{
  gsize offset = 0;

  if (files->spool != NULL)
    return docai_spool_put (files->dir, name, data, length, error);
  do
    {
      gsize piece = MIN (length - offset, (gsize) DOCAI_WIRE_INLINE_MAX);
      DocaiMessage *put = docai_message_pack (
        DOCAI_MSG_PUT, "{s:I, s:s, s:I, s:b}", "task", (json_int_t) files->lease, "name", name,
        "offset", (json_int_t) offset, "last", (int) (offset + piece == length));
      docai_message_take_data (put, g_bytes_new ((const char *) data + offset, piece));
      g_autoptr (DocaiMessage) answer = link_ask (files->link, put, error);
      if (answer == NULL)
        return FALSE;
      offset += piece;
    }
  while (offset < length);
  return TRUE;
}
