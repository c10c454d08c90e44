/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A small server that speaks the chat completion protocol on a free port of
 * this machine, for tests: it answers from a list and misbehaves on request.
 */
#pragma once

#include <gio/gio.h>

/* What the server does with one request, in the order of the list. */
typedef enum {
  CHAT_ANSWER,      /* 200 with `text` as the message's content */
  CHAT_STATUS,      /* the status in `text`, e.g. "500" or "429" */
  CHAT_GARBAGE,     /* 200 with a body that is no chat completion */
  CHAT_TRUNCATED,   /* announces more bytes than it sends */
  CHAT_SILENCE,     /* never answers */
} ChatAction;

typedef struct {
  ChatAction  action;
  const char *when; /* only for a request whose body holds this; NULL: any */
  const char *text;
} ChatStep;

typedef struct ChatServer ChatServer;

/* Serves the steps, a NULL-text CHAT_SILENCE at the end not needed; each step is
 * used once, the last one that matches again and again. */
ChatServer *chat_server_new (const ChatStep *steps, guint n_steps);
void        chat_server_free (ChatServer *server);

/* "http://127.0.0.1:PORT/v1", owned by the server. */
const char *chat_server_url (const ChatServer *server);

/* Requests seen so far, and the body of one of them (lent). */
guint       chat_server_count (ChatServer *server);
const char *chat_server_body (ChatServer *server, guint i);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChatServer, chat_server_free)
