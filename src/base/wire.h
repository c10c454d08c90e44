/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The messages between clients, daemon and workers. A message is three or four
 * ZeroMQ frames: the tag "DOCAI1", the message's name, a JSON object (header),
 * and for some messages bytes (data). wire-table.c describes each one; the same
 * table is published as schemas/protocol.json and in docai-protocol(7).
 *
 * Decoding checks everything that the table states, so handlers may rely on
 * required members being there with the right type and range. Members that the
 * table does not know are ignored. Nothing a peer sends can abort the process.
 */
#pragma once

#include "base/error.h"

#include <czmq.h>
#include <glib.h>
#include <jansson.h>

#define DOCAI_WIRE_TAG "DOCAI1"
#define DOCAI_WIRE_VERSION 1

#define DOCAI_WIRE_HEADER_MAX (256 * 1024)   /* bytes of a header */
#define DOCAI_WIRE_INLINE_MAX (1024 * 1024)  /* bytes of a file inside SUBMIT, of a CHUNK or PUT */
#define DOCAI_WIRE_RESULT_MAX (256 * 1024)   /* bytes of one DATA answer */
#define DOCAI_WIRE_FRAME_MAX (2 * 1024 * 1024) /* ZMQ_MAXMSGSIZE of every socket */
#define DOCAI_WIRE_UPLOAD_CREDIT (4 * 1024 * 1024) /* bytes a client may send unasked */

typedef enum {
  DOCAI_FROM_CLIENT = 1 << 0,
  DOCAI_TO_CLIENT = 1 << 1,
  DOCAI_FROM_WORKER = 1 << 2,
  DOCAI_TO_WORKER = 1 << 3,
} DocaiDirection;

typedef enum {
  DOCAI_MSG_HELLO,
  DOCAI_MSG_WELCOME,
  DOCAI_MSG_SUBMIT,
  DOCAI_MSG_CREDIT,
  DOCAI_MSG_CHUNK,
  DOCAI_MSG_ACCEPTED,
  DOCAI_MSG_STATUS,
  DOCAI_MSG_JOB,
  DOCAI_MSG_LIST,
  DOCAI_MSG_JOBS,
  DOCAI_MSG_FOLLOW,
  DOCAI_MSG_UNFOLLOW,
  DOCAI_MSG_EVENT,
  DOCAI_MSG_RESULT,
  DOCAI_MSG_DATA,
  DOCAI_MSG_CANCEL,
  DOCAI_MSG_RETRY,
  DOCAI_MSG_REMOVE,
  DOCAI_MSG_PING,
  DOCAI_MSG_PONG,
  DOCAI_MSG_SHUTDOWN,
  DOCAI_MSG_OK,
  DOCAI_MSG_ERROR,
  DOCAI_MSG_READY,
  DOCAI_MSG_TASK,
  DOCAI_MSG_HEARTBEAT,
  DOCAI_MSG_WHO,
  DOCAI_MSG_DONE,
  DOCAI_MSG_FAILED,
  DOCAI_MSG_FETCH,
  DOCAI_MSG_PUT,
  DOCAI_MSG_STOP,
  DOCAI_MSG_BYE,
  DOCAI_MSG_COUNT
} DocaiMessageKind;

typedef enum {
  DOCAI_WIRE_STRING,
  DOCAI_WIRE_INT,
  DOCAI_WIRE_BOOL,
  DOCAI_WIRE_OBJECT,
  DOCAI_WIRE_ARRAY,
} DocaiWireType;

typedef struct {
  const char   *name;
  DocaiWireType type;
  gboolean      required;
  gint64        min, max; /* of an integer; of a string: bytes. max 0: no bound */
  const char   *help;
} DocaiWireMember;

typedef enum { DOCAI_DATA_NONE, DOCAI_DATA_OPTIONAL, DOCAI_DATA_REQUIRED } DocaiWireData;

typedef struct {
  const char            *name;
  DocaiDirection         direction;
  DocaiWireData          data;
  const char            *replies; /* names of the answers, separated by blanks; NULL: none */
  const DocaiWireMember *members; /* a NULL name ends them */
  const char            *help;
} DocaiWireSpec;

/* A decoded message, or one to be sent. */
typedef struct {
  DocaiMessageKind kind;
  json_t          *header; /* owned, an object */
  GBytes          *data;   /* owned; NULL: no fourth frame */
} DocaiMessage;

/* The table's entry. Static. */
const DocaiWireSpec *docai_wire_spec (DocaiMessageKind kind);
gboolean             docai_wire_lookup (const char *name, DocaiMessageKind *kind);

/* The whole table as the JSON published in schemas/protocol.json. Owned by the caller. */
char *docai_wire_describe (void);

/* A message with this header (taken; NULL: an empty object). */
DocaiMessage *docai_message_new (DocaiMessageKind kind, json_t *header_taken);

/* The same with the header made by json_pack (jansson's format). */
DocaiMessage *docai_message_pack (DocaiMessageKind kind, const char *format, ...);

/* An ERROR answer to the request of this seq (-1: not known). */
DocaiMessage *docai_message_new_error (gint64 seq, DocaiErrorCode code, const char *text);

void docai_message_free (DocaiMessage *message);

/* Gives the message its data (taken). */
void docai_message_take_data (DocaiMessage *message, GBytes *data);

/* Checks the frames (without a routing identity) against the table. Takes the
 * frames in every case. `allowed` says who may have sent it. On failure
 * (BAD_MESSAGE, BAD_VERSION) *seq still has the request's number if it could be
 * read, else -1. `seq` may be NULL. */
DocaiMessage *docai_message_decode (zmsg_t *frames_taken, DocaiDirection allowed, gint64 *seq,
                                    GError **error);

/* The frames of a message, without an identity. Owned by the caller. */
zmsg_t *docai_message_encode (const DocaiMessage *message);

/* Encodes and sends without waiting, behind the routing identity when there is
 * one (NULL: none). FALSE with errno when it cannot be sent now: EAGAIN the
 * peer does not read, EHOSTUNREACH it is gone. The message stays the caller's. */
gboolean docai_message_send (const DocaiMessage *message, zsock_t *socket, zframe_t *identity);

/* Members of the header; missing ones give the fallback. Strings are lent. */
const char *docai_message_string (const DocaiMessage *message, const char *name);
gint64      docai_message_int (const DocaiMessage *message, const char *name, gint64 fallback);
gboolean    docai_message_bool (const DocaiMessage *message, const char *name);
json_t     *docai_message_peek (const DocaiMessage *message, const char *name);

/* The GError that an ERROR or FAILED message tells of. */
GError *docai_message_to_error (const DocaiMessage *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiMessage, docai_message_free)
