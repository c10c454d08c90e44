/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files for workers that do not see the spool: a worker may read and write
 * files of the job that it holds a lease of, by names of the spool's list, piece
 * by piece; a file takes its name when it is whole.
 */
#include "docaid/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
refuse (Daemon *daemon, Peer *peer, gint64 seq, const GError *error)
{
  worker_send (daemon, peer,
               docai_message_new_error (seq, docai_error_code_of (error), error->message));
}

/* The row of the job whose lease the worker names; the name must be a file of the spool's list. */
static const JobRow *
check (Daemon *daemon, Peer *peer, const DocaiMessage *message, GError **error)
{
  const SchedLease *lease
    = sched_peek_lease (daemon->sched, peer->id, docai_message_int (message, "task", 0));
  const Job *job = lease != NULL ? g_hash_table_lookup (daemon->jobs_by_seq, &lease->job) : NULL;

  if (job == NULL)
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_NOT_FOUND, "the lease has ended");
  else if (!docai_spool_is_file (docai_message_string (message, "name")))
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "no such file in a job's folder");
  else
    return job->row;
  return NULL;
}

static DocaiMessage *
read_piece (const char *path, gint64 seq, gint64 offset, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  struct stat info;

  if (fd < 0 || fstat (fd, &info) != 0 || offset > info.st_size)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_NOT_FOUND, "the file is not there");
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  gsize length = (gsize) MIN (DOCAI_WIRE_INLINE_MAX, info.st_size - offset);
  guint8 *bytes = g_malloc (length + 1);
  gssize got = pread (fd, bytes, length, offset);
  close (fd);
  DocaiMessage *data = docai_message_pack (DOCAI_MSG_DATA, "{s:I, s:I, s:I}", "seq",
                                           (json_int_t) seq, "offset", (json_int_t) offset, "size",
                                           (json_int_t) info.st_size);
  docai_message_take_data (data, g_bytes_new_take (bytes, got > 0 ? (gsize) got : 0));
  return data;
}

void
remote_fetch (Daemon *daemon, Peer *peer, const DocaiMessage *message)
{
  gint64 seq = docai_message_int (message, "seq", 0);
  g_autoptr (GError) error = NULL;
  const JobRow *row = check (daemon, peer, message, &error);
  DocaiMessage *data = NULL;

  if (row != NULL)
    {
      g_autofree char *path = docai_spool_path (daemon->spool_root, row->id,
                                                docai_message_string (message, "name"));
      data = read_piece (path, seq, docai_message_int (message, "offset", 0), &error);
    }
  if (data != NULL)
    worker_send (daemon, peer, data);
  else
    refuse (daemon, peer, seq, error);
}

/* The descriptor of a file being handed over; a piece at offset 0 begins it. */
static int
open_part (Daemon *daemon, Peer *peer, const char *part, const char *name, gint64 offset,
           GError **error)
{
  gpointer value;

  if (g_hash_table_lookup_extended (peer->parts, name, NULL, &value))
    return GPOINTER_TO_INT (value);
  int fd = offset == 0 ? open (part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600)
                       : -1;
  if (fd < 0)
    docai_spool_set_errno (error, offset == 0 ? errno : EINVAL, "the spool");
  else
    g_hash_table_insert (peer->parts, g_strdup (name), GINT_TO_POINTER (fd));
  return fd;
}

static gboolean
write_piece (Daemon *daemon, Peer *peer, const JobRow *row, const DocaiMessage *message,
             GError **error)
{
  const char *name = docai_message_string (message, "name");
  gint64 offset = docai_message_int (message, "offset", 0);
  g_autofree char *path = docai_spool_path (daemon->spool_root, row->id, name);
  g_autofree char *part = g_strdup_printf ("%s.r%" G_GINT64_FORMAT ".tmp", path, peer->id);
  gsize length;
  gconstpointer data = g_bytes_get_data (message->data, &length);
  gint64 bound = 4 * daemon->config->settings->limits.inflate_bytes;

  int fd = open_part (daemon, peer, part, name, offset, error);
  if (fd < 0)
    return FALSE;
  if (length > DOCAI_WIRE_INLINE_MAX || lseek (fd, 0, SEEK_END) != offset || offset > bound)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "the piece does not follow");
      return FALSE;
    }
  if (!docai_spool_write_all (fd, data, length, error))
    return FALSE;
  if (!docai_message_bool (message, "last"))
    return TRUE;
  close (fd);
  g_hash_table_remove (peer->parts, name);
  if (rename (part, path) == 0)
    return TRUE;
  docai_spool_set_errno (error, errno, "the spool");
  return FALSE;
}

void
remote_put (Daemon *daemon, Peer *peer, const DocaiMessage *message)
{
  gint64 seq = docai_message_int (message, "seq", 0);
  g_autoptr (GError) error = NULL;
  const JobRow *row = check (daemon, peer, message, &error);

  if (row != NULL
      && strcmp (docai_message_string (message, "name"), DOCAI_SPOOL_SOURCE) == 0)
    {
      g_set_error (&error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "the source is not to be written");
      row = NULL;
    }
  if (row != NULL && write_piece (daemon, peer, row, message, &error))
    worker_send (daemon, peer, docai_message_pack (DOCAI_MSG_OK, "{s:I}", "seq", (json_int_t) seq));
  else
    refuse (daemon, peer, seq, error);
}

/* Closes what was begun; the files go with the job's other leavings. */
void
remote_drop (Peer *peer)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, peer->parts);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      close (GPOINTER_TO_INT (value));
      g_hash_table_iter_remove (&iter);
    }
}
