/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Results on their way to clients. A refused document left nothing in the
 * spool: its result is made from the row.
 */
#include "docaid/daemon.h"
#include "document/json.h"
#include "document/xml.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static GBytes *
make_failed (const JobRow *row, gboolean xml)
{
  g_autoptr (DocaiDocument) document = docai_document_new_failed (
    row->id, row->name, row->bytes, row->code != NULL ? row->code : "internal",
    row->text != NULL ? row->text : docai_error_sentence (DOCAI_ERROR_INTERNAL));
  gsize length;

  g_free (document->source->sha256);
  document->source->sha256 = g_strdup (row->sha256);
  if (row->media_type != NULL)
    {
      g_free (document->source->media_type);
      document->source->media_type = g_strdup (row->media_type);
    }
  char *text = xml ? docai_document_to_xml (document, &length)
                   : docai_document_to_json (document, FALSE, &length);
  return g_bytes_new_take (text, length);
}

static DocaiMessage *
make_data (gint64 seq, gint64 offset, gint64 size, GBytes *data_taken)
{
  DocaiMessage *message
    = docai_message_pack (DOCAI_MSG_DATA, "{s:I, s:I, s:I}", "seq", (json_int_t) seq, "offset",
                          (json_int_t) offset, "size", (json_int_t) size);
  docai_message_take_data (message, data_taken);
  return message;
}

static GBytes *
read_part (const char *path, gint64 offset, gint64 length, gint64 size, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  struct stat info;

  if (fd < 0 || fstat (fd, &info) != 0 || info.st_size != size)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_INTERNAL, "the result is not in the spool");
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  guint8 *bytes = g_malloc ((gsize) length + 1);
  gssize got = pread (fd, bytes, (size_t) length, offset);
  close (fd);
  if (got == length)
    return g_bytes_new_take (bytes, (gsize) length);
  g_free (bytes);
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_INTERNAL, "the result cannot be read");
  return NULL;
}

DocaiMessage *
result_read (Daemon *daemon, const JobRow *row, const char *format, gint64 seq, gint64 offset,
             gint64 length, GError **error)
{
  gboolean xml = g_strcmp0 (format, "xml") == 0;
  g_autoptr (GBytes) whole = NULL;

  if (format != NULL && !xml && strcmp (format, "json") != 0)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "format is json or xml");
      return NULL;
    }
  if (!job_state_ended (row->state) || row->state == JOB_CANCELLED)
    {
      DocaiErrorCode code = row->state == JOB_CANCELLED ? DOCAI_ERROR_CANCELLED
                                                        : DOCAI_ERROR_NOT_READY;
      g_set_error_literal (error, DOCAI_ERROR, (int) code, docai_error_sentence (code));
      return NULL;
    }
  if (row->state == JOB_FAILED)
    whole = make_failed (row, xml);
  gint64 size = whole != NULL ? (gint64) g_bytes_get_size (whole)
                : xml         ? row->xml_bytes
                              : row->json_bytes;
  if (offset > size)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "the offset lies behind the end");
      return NULL;
    }
  length = MIN (MIN (length, DOCAI_WIRE_RESULT_MAX), size - offset);
  GBytes *part;
  if (whole != NULL)
    part = g_bytes_new_from_bytes (whole, (gsize) offset, (gsize) length);
  else
    {
      g_autofree char *path = docai_spool_path (daemon->spool_root, row->id,
                                                xml ? DOCAI_SPOOL_XML : DOCAI_SPOOL_JSON);
      part = read_part (path, offset, length, size, error);
      if (part == NULL)
        return NULL;
    }
  return make_data (seq, offset, size, part);
}

/* Copies one result; the old id, which stands once near the beginning, becomes
 * the new one. Ids are all of one length, so the size stays. */
static gboolean
copy_one (Daemon *daemon, const JobRow *from, const char *to_id, const char *name, GError **error)
{
  g_autofree char *old_path = docai_spool_path (daemon->spool_root, from->id, name);
  g_autofree char *dir = docai_spool_path (daemon->spool_root, to_id, NULL);
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (old_path, &text, &length, error))
    return FALSE;
  char *at = g_strstr_len (text, (gssize) MIN (length, 1024), from->id);
  if (at == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_INTERNAL, "%s has no job id", old_path);
      return FALSE;
    }
  memcpy (at, to_id, strlen (to_id));
  return docai_spool_put (dir, name, text, length, error);
}

/* A duplicate is worth its copy only while this is quicker than the work, and
 * the daemon's memory stays small. */
#define COPY_MAX (4 << 20)

gboolean
result_copy (Daemon *daemon, const JobRow *from, const char *to_id, GError **error)
{
  if (from->json_bytes > COPY_MAX || from->xml_bytes > COPY_MAX)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_INTERNAL, "the result is too large to copy");
      return FALSE;
    }
  return copy_one (daemon, from, to_id, DOCAI_SPOOL_JSON, error)
         && copy_one (daemon, from, to_id, DOCAI_SPOOL_XML, error);
}
