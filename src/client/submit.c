/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Submitting: a small document travels inside SUBMIT, a larger one in chunks, as
 * far ahead as the daemon permits.
 */
#include "client/client-priv.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MAX_BYTES 1024
#define KEY_MAX_BYTES 128

/* Where a document's bytes come from: memory, or a file at hand. */
typedef struct {
  const guint8 *data; /* NULL: read from fd */
  int           fd;
  gint64        size;
} Source;

/* `length` bytes at `offset` of the source. FILE_NOT_READABLE, or FILE_TRUNCATED
 * when the file became shorter meanwhile. */
static GBytes *
read_part (const Source *source, gint64 offset, gsize length, GError **error)
{
  if (source->data != NULL || length == 0)
    return g_bytes_new (length > 0 ? source->data + offset : NULL, length);
  g_autofree guint8 *part = g_malloc (length);
  for (gsize have = 0; have < length;)
    {
      ssize_t n = pread (source->fd, part + have, length - have, offset + (gint64) have);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_FILE_NOT_READABLE, "%s", g_strerror (errno));
          return NULL;
        }
      if (n == 0)
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_FILE_TRUNCATED,
                       "the file became shorter while it was read");
          return NULL;
        }
      have += (gsize) n;
    }
  return g_bytes_new_take (g_steal_pointer (&part), length);
}

static gboolean
send_chunk (DocaiClient *client, gint64 seq, const Source *source, gint64 offset, gsize length,
            GError **error)
{
  GBytes *part = read_part (source, offset, length, error);
  if (part == NULL)
    return FALSE;
  g_autoptr (DocaiMessage) chunk = docai_message_pack (
    DOCAI_MSG_CHUNK, "{s:I, s:I}", "seq", (json_int_t) seq, "offset", (json_int_t) offset);
  docai_message_take_data (chunk, part);
  return docai_connection_send (client, chunk, error);
}

/* Sends chunks as CREDIT permits, until ACCEPTED. Returns the job's id. */
static char *
upload (DocaiClient *client, gint64 seq, const Source *source, GError **error)
{
  gint64 offset = 0;
  for (;;)
    {
      g_autoptr (DocaiMessage) answer = docai_connection_receive (client, seq, error);
      if (answer == NULL)
        return NULL;
      if (answer->kind == DOCAI_MSG_ACCEPTED)
        return g_strdup (docai_message_string (answer, "job"));
      if (answer->kind != DOCAI_MSG_CREDIT)
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "SUBMIT was answered by %s",
                       docai_wire_spec (answer->kind)->name);
          return NULL;
        }
      gint64 limit = MIN (docai_message_int (answer, "offset", 0), source->size);
      while (offset < limit)
        {
          gsize length = (gsize) MIN (limit - offset, client->inline_max);
          if (!send_chunk (client, seq, source, offset, length, error))
            return NULL;
          offset += (gint64) length;
        }
    }
}

/* The name as the protocol wants it: valid, not empty, not too long. */
static char *
clean_name (const char *name)
{
  g_autofree char *clean = g_utf8_make_valid (name, -1);
  gsize            length = strlen (clean);
  if (length > NAME_MAX_BYTES)
    {
      length = NAME_MAX_BYTES;
      while (length > 0 && ((guchar) clean[length] & 0xC0) == 0x80)
        length--;
      clean[length] = '\0';
    }
  return length > 0 ? g_steal_pointer (&clean) : g_strdup ("document");
}

static json_t *
parse_options (const char *options, GError **error)
{
  json_error_t where;
  json_t      *object = json_loads (options != NULL ? options : "{}", JSON_REJECT_DUPLICATES, &where);
  if (json_is_object (object))
    return object;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "options are no JSON object: %s",
               object == NULL ? where.text : "another value");
  json_decref (object);
  return NULL;
}

gboolean
docai_client_set_key (DocaiClient *client, const char *key, GError **error)
{
  gsize length = key != NULL ? strlen (key) : 1;
  if (length < 1 || length > KEY_MAX_BYTES || (key != NULL && !g_utf8_validate (key, -1, NULL)))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION,
                   "a key has 1 to %d bytes of UTF-8", KEY_MAX_BYTES);
      return FALSE;
    }
  g_free (client->key);
  client->key = g_strdup (key);
  return TRUE;
}

static char *
submit (DocaiClient *client, const Source *source, const char *name, const char *options,
        DocaiClientFlags flags, GError **error)
{
  json_t *object = parse_options (options, error);
  if (object == NULL)
    return NULL;
  gint64           seq = docai_connection_next_seq (client);
  g_autofree char *clean = clean_name (name);
  g_autoptr (DocaiMessage) request = docai_message_pack (
    DOCAI_MSG_SUBMIT, "{s:I, s:s, s:I, s:o, s:b, s:b}", "seq", (json_int_t) seq, "name", clean,
    "size", (json_int_t) source->size, "options", object, "again",
    (flags & DOCAI_CLIENT_AGAIN) != 0, "follow", (flags & DOCAI_CLIENT_FOLLOW) != 0);
  if (client->key != NULL)
    json_object_set_new (request->header, "key", json_string (client->key));
  if (source->size <= client->inline_max)
    {
      GBytes *whole = read_part (source, 0, (gsize) source->size, error);
      if (whole == NULL)
        return NULL;
      docai_message_take_data (request, whole);
    }
  /* Events of this number may overtake nothing but must find their follower; the
   * job's id is not known yet. */
  if (flags & DOCAI_CLIENT_FOLLOW)
    docai_connection_add_follow (client, seq, "?");
  char *job = docai_connection_send (client, request, error) ? upload (client, seq, source, error) : NULL;
  if (job == NULL)
    docai_connection_drop_follow (client, seq);
  else
    g_clear_pointer (&client->key, g_free);
  if (job != NULL && (flags & DOCAI_CLIENT_FOLLOW) != 0)
    docai_connection_name_follow (client, seq, job);
  return job;
}

char *
docai_client_submit_data (DocaiClient *client, const void *data, gsize length, const char *name,
                          const char *options, DocaiClientFlags flags, GError **error)
{
  static const guint8 nothing[1];
  Source source = { data != NULL ? data : nothing, -1, (gint64) length };
  return submit (client, &source, name != NULL ? name : "document", options, flags, error);
}

/* All of a pipe, as far as the daemon takes files. */
static GByteArray *
read_stream (int fd, gint64 limit, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 buffer[65536];
  for (;;)
    {
      ssize_t n = read (fd, buffer, sizeof buffer);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_FILE_NOT_READABLE, "%s", g_strerror (errno));
          return NULL;
        }
      if (n == 0)
        return g_steal_pointer (&bytes);
      if ((gint64) bytes->len + n > limit)
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_FILE_SIZE_LIMIT,
                       "the input is larger than %" G_GINT64_FORMAT " bytes", limit);
          return NULL;
        }
      g_byte_array_append (bytes, buffer, (guint) n);
    }
}

static char *
submit_descriptor (DocaiClient *client, int fd, const char *name, const char *options,
                   DocaiClientFlags flags, GError **error)
{
  struct stat info;
  if (fstat (fd, &info) == 0 && S_ISREG (info.st_mode))
    {
      Source source = { NULL, fd, info.st_size };
      return submit (client, &source, name, options, flags, error);
    }
  gint64 limit = MIN (client->file_max, G_MAXUINT / 2);
  g_autoptr (GByteArray) bytes = read_stream (fd, limit, error);
  if (bytes == NULL)
    return NULL;
  return docai_client_submit_data (client, bytes->data, bytes->len, name, options, flags, error);
}

char *
docai_client_submit_file (DocaiClient *client, const char *path, const char *name,
                          const char *options, DocaiClientFlags flags, GError **error)
{
  g_autofree char *base = g_path_get_basename (path);
  int              fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_FILE_NOT_READABLE, "%s", g_strerror (errno));
      return NULL;
    }
  char *job = submit_descriptor (client, fd, name != NULL ? name : base, options, flags, error);
  close (fd);
  return job;
}
