/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A tool's connection: to the running daemon, or to a private one that it starts
 * for itself and that ends with it.
 */
#pragma once

#include "client/docai.h"

typedef struct Session Session;

/* Connects to `endpoint` (NULL: the default). With `may_start`, and when neither
 * the endpoint nor DOCAI_ENDPOINT named one and nobody answers, starts a private
 * daemon. NO_DAEMON, or what kept the private one from starting. */
Session *session_open (const char *endpoint, gboolean may_start, GError **error);

/* Ends a private daemon and removes its folder; NULL is fine. */
void session_close (Session *session);

/* Lent. */
DocaiClient *session_client (const Session *session);
gboolean     session_is_private (const Session *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Session, session_close)
