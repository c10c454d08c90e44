/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Encoding and decoding of messages. Everything is checked before CZMQ or
 * Jansson sees it in a way that they would assert on.
 */
#include "base/wire.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

DocaiMessage *
docai_message_new (DocaiMessageKind kind, json_t *header_taken)
{
  DocaiMessage *message = g_new0 (DocaiMessage, 1);
  message->kind = kind;
  message->header = header_taken != NULL ? header_taken : json_object ();
  return message;
}

DocaiMessage *
docai_message_pack (DocaiMessageKind kind, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  json_error_t problem;
  json_t *header = json_vpack_ex (&problem, 0, format, args);
  va_end (args);
  if (header == NULL)
    g_critical ("header of %s: %s", docai_wire_spec (kind)->name, problem.text);
  return docai_message_new (kind, header);
}

DocaiMessage *
docai_message_new_error (gint64 seq, DocaiErrorCode code, const char *text)
{
  g_autofree char *clean =
    g_utf8_make_valid (text != NULL ? text : docai_error_sentence (code), -1);
  json_t *header = json_pack ("{s:s, s:s}", "code", docai_error_name (code), "text", clean);
  if (seq >= 0)
    json_object_set_new (header, "seq", json_integer (seq));
  return docai_message_new (DOCAI_MSG_ERROR, header);
}

void
docai_message_free (DocaiMessage *message)
{
  if (message == NULL)
    return;
  json_decref (message->header);
  g_clear_pointer (&message->data, g_bytes_unref);
  g_free (message);
}

void
docai_message_take_data (DocaiMessage *message, GBytes *data)
{
  g_clear_pointer (&message->data, g_bytes_unref);
  message->data = data;
}

static gboolean
check_member (const DocaiWireSpec *spec, const DocaiWireMember *member, const json_t *value,
              GError **error)
{
  gboolean right = FALSE;
  gint64 size = 0;

  switch (member->type)
    {
    case DOCAI_WIRE_STRING:
      right = json_is_string (value);
      size = (gint64) json_string_length (value);
      break;
    case DOCAI_WIRE_INT:
      right = json_is_integer (value);
      size = json_integer_value (value);
      break;
    case DOCAI_WIRE_BOOL:
      right = json_is_boolean (value);
      break;
    case DOCAI_WIRE_OBJECT:
      right = json_is_object (value);
      break;
    case DOCAI_WIRE_ARRAY:
      right = json_is_array (value);
      break;
    }
  if (!right)
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "%s: \"%s\" has the wrong type",
                 spec->name, member->name);
  else if (size < member->min || (member->max > 0 && size > member->max))
    {
      right = FALSE;
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "%s: \"%s\" is out of range",
                   spec->name, member->name);
    }
  return right;
}

static gboolean
check_header (const DocaiWireSpec *spec, const json_t *header, GError **error)
{
  for (const DocaiWireMember *m = spec->members; m->name != NULL; m++)
    {
      const json_t *value = json_object_get (header, m->name);
      if (value == NULL)
        {
          if (!m->required)
            continue;
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "%s: \"%s\" is missing",
                       spec->name, m->name);
          return FALSE;
        }
      if (!check_member (spec, m, value, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
frame_is (zframe_t *frame, const char *text)
{
  return zframe_size (frame) == strlen (text)
         && memcmp (zframe_data (frame), text, strlen (text)) == 0;
}

static gboolean
check_tag (zframe_t *frame, GError **error)
{
  if (frame_is (frame, DOCAI_WIRE_TAG))
    return TRUE;
  if (zframe_size (frame) == strlen (DOCAI_WIRE_TAG)
      && memcmp (zframe_data (frame), "DOCAI", 5) == 0)
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_VERSION, "this daemon speaks %s",
                 DOCAI_WIRE_TAG);
  else
    g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "the first frame is not %s",
                 DOCAI_WIRE_TAG);
  return FALSE;
}

static json_t *
parse_header (zframe_t *frame, gint64 *seq, GError **error)
{
  if (zframe_size (frame) > DOCAI_WIRE_HEADER_MAX)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "the header is longer than %d bytes",
                   DOCAI_WIRE_HEADER_MAX);
      return NULL;
    }
  json_error_t problem;
  json_t *header = json_loadb ((const char *) zframe_data (frame), zframe_size (frame),
                               JSON_REJECT_DUPLICATES, &problem);
  if (!json_is_object (header))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "the header is no JSON object: %s",
                   header == NULL ? problem.text : "another value");
      json_decref (header);
      return NULL;
    }
  const json_t *number = json_object_get (header, "seq");
  if (seq != NULL && json_is_integer (number) && json_integer_value (number) >= 0)
    *seq = json_integer_value (number);
  return header;
}

static void
free_frame (gpointer data)
{
  zframe_t *frame = data;
  zframe_destroy (&frame);
}

/* The name and the number of frames fit the table. */
static gboolean
check_shape (zmsg_t *frames, zframe_t *name, DocaiDirection allowed, DocaiMessageKind *kind,
             GError **error)
{
  g_autofree char *text = g_strndup ((const char *) zframe_data (name), MIN (zframe_size (name), 32));
  if (zframe_size (name) > 32 || !docai_wire_lookup (text, kind)
      || (docai_wire_spec (*kind)->direction & allowed) == 0)
    {
      g_autofree char *shown = g_str_to_ascii (text, "C");
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "there is no message \"%s\" here",
                   shown);
      return FALSE;
    }
  const DocaiWireSpec *spec = docai_wire_spec (*kind);
  size_t n_frames = zmsg_size (frames);
  gboolean with_data = n_frames == 4;
  if ((n_frames != 3 && n_frames != 4) || (spec->data == DOCAI_DATA_NONE && with_data)
      || (spec->data == DOCAI_DATA_REQUIRED && !with_data))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "%s has %zu frames", spec->name,
                   n_frames);
      return FALSE;
    }
  return TRUE;
}

static DocaiMessage *
decode_frames (zmsg_t *frames, DocaiDirection allowed, gint64 *seq, GError **error)
{
  zframe_t *tag = zmsg_first (frames);
  zframe_t *name = zmsg_next (frames);
  zframe_t *head = zmsg_next (frames);
  DocaiMessageKind kind;

  if (head == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "the message has %zu frames",
                   zmsg_size (frames));
      return NULL;
    }
  if (!check_tag (tag, error))
    return NULL;
  json_t *header = parse_header (head, seq, error);
  if (header == NULL)
    return NULL;
  g_autoptr (DocaiMessage) message = docai_message_new (DOCAI_MSG_ERROR, header);
  if (!check_shape (frames, name, allowed, &kind, error)
      || !check_header (docai_wire_spec (kind), header, error))
    return NULL;
  message->kind = kind;
  zframe_t *data = zmsg_next (frames);
  if (data != NULL)
    {
      /* The bytes stay in the frame that came in: no copy of a megabyte. */
      zmsg_remove (frames, data);
      message->data = g_bytes_new_with_free_func (zframe_data (data), zframe_size (data),
                                                  free_frame, data);
    }
  return g_steal_pointer (&message);
}

DocaiMessage *
docai_message_decode (zmsg_t *frames_taken, DocaiDirection allowed, gint64 *seq, GError **error)
{
  if (seq != NULL)
    *seq = -1;
  DocaiMessage *message = decode_frames (frames_taken, allowed, seq, error);
  zmsg_destroy (&frames_taken);
  return message;
}

zmsg_t *
docai_message_encode (const DocaiMessage *message)
{
  zmsg_t *frames = zmsg_new ();
  zmsg_addstr (frames, DOCAI_WIRE_TAG);
  zmsg_addstr (frames, docai_wire_spec (message->kind)->name);
  char *header = json_dumps (message->header, JSON_COMPACT);
  zmsg_addstr (frames, header != NULL ? header : "{}");
  free (header);
  if (message->data != NULL)
    {
      gsize size;
      gconstpointer bytes = g_bytes_get_data (message->data, &size);
      zmsg_addmem (frames, size > 0 ? bytes : "", size);
    }
  return frames;
}

gboolean
docai_message_send (const DocaiMessage *message, zsock_t *socket, zframe_t *identity)
{
  zmsg_t *frames = docai_message_encode (message);
  void *handle = zsock_resolve (socket);
  int sent = 0;

  /* Whether the peer can take a message is decided at the first part; zmsg_send
   * would wait there. */
  if (identity != NULL)
    sent = zmq_send (handle, zframe_data (identity), zframe_size (identity),
                     ZMQ_SNDMORE | ZMQ_DONTWAIT);
  zframe_t *frame = zmsg_first (frames);
  while (frame != NULL && sent >= 0)
    {
      zframe_t *next = zmsg_next (frames);
      sent = zmq_send (handle, zframe_data (frame), zframe_size (frame),
                       ZMQ_DONTWAIT | (next != NULL ? ZMQ_SNDMORE : 0));
      frame = next;
    }
  int problem = errno;
  zmsg_destroy (&frames);
  errno = problem;
  return sent >= 0;
}

const char *
docai_message_string (const DocaiMessage *message, const char *name)
{
  return json_string_value (json_object_get (message->header, name));
}

gint64
docai_message_int (const DocaiMessage *message, const char *name, gint64 fallback)
{
  const json_t *value = json_object_get (message->header, name);
  return json_is_integer (value) ? (gint64) json_integer_value (value) : fallback;
}

gboolean
docai_message_bool (const DocaiMessage *message, const char *name)
{
  return json_is_true (json_object_get (message->header, name));
}

json_t *
docai_message_peek (const DocaiMessage *message, const char *name)
{
  return json_object_get (message->header, name);
}

GError *
docai_message_to_error (const DocaiMessage *message)
{
  const char *name = docai_message_string (message, "code");
  const char *text = docai_message_string (message, "text");
  DocaiErrorCode code = DOCAI_ERROR_INTERNAL;
  if (name != NULL)
    docai_error_lookup (name, &code);
  return g_error_new_literal (DOCAI_ERROR, (int) code,
                              text != NULL ? text : docai_error_sentence (code));
}
