/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who wants to hear of which job. An event is the state of things, so a reader
 * who is too slow for each of them gets the latest one once he reads again:
 * nothing piles up in the daemon.
 */
#include "docaid/daemon.h"

#include <errno.h>
#include <string.h>

#define FOLLOWS_MAX 4096

struct Follow {
  zframe_t     *identity;
  gint64        seq;
  char         *job;     /* NULL: all jobs */
  DocaiMessage *lagging; /* the latest event that he could not take */
  gboolean      over;    /* lagging is the last one */
};

void
follow_free (gpointer data)
{
  Follow *follow = data;
  zframe_destroy (&follow->identity);
  g_free (follow->job);
  docai_message_free (follow->lagging);
  g_free (follow);
}

gboolean
follow_add (Daemon *daemon, zframe_t *identity, gint64 seq, const char *job, GError **error)
{
  if (daemon->follows->len >= FOLLOWS_MAX)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BUSY, "too many clients follow jobs");
      return FALSE;
    }
  Follow *follow = g_new0 (Follow, 1);
  follow->identity = zframe_dup (identity);
  follow->seq = seq;
  follow->job = g_strdup (job);
  g_ptr_array_add (daemon->follows, follow);
  return TRUE;
}

void
follow_remove (Daemon *daemon, zframe_t *identity, gint64 seq)
{
  for (guint i = daemon->follows->len; i-- > 0;)
    {
      Follow *follow = daemon->follows->pdata[i];
      if (follow->seq == seq && zframe_eq (follow->identity, identity))
        g_ptr_array_remove_index_fast (daemon->follows, i);
    }
}

static DocaiMessage *
make_event (gint64 seq, const JobRow *row, int page, DocaiErrorCode code, const char *text)
{
  DocaiMessage *event = docai_message_pack (
    DOCAI_MSG_EVENT, "{s:I, s:s, s:s, s:i, s:i}", "seq", (json_int_t) seq, "job", row->id, "state",
    job_state_name (row->state), "done", row->done, "pages", row->pages);
  if (page > 0)
    json_object_set_new (event->header, "page", json_integer (page));
  const char *name = text != NULL ? docai_error_name (code) : row->code;
  const char *words = text != NULL ? text : row->text;
  if (name != NULL)
    {
      /* An invalid byte becomes three: so the text stays within the wire's 4096. */
      const char      *known = words != NULL ? words : "";
      g_autofree char *clean = g_utf8_make_valid (known, (gssize) MIN (strlen (known), 1300));
      json_object_set_new (event->header, "code", json_string (name));
      json_object_set_new (event->header, "text", json_string (clean));
    }
  return event;
}

/* Sends what the follower has not got yet. FALSE: he is gone or served. */
static gboolean
send_latest (Daemon *daemon, Follow *follow)
{
  if (follow->lagging == NULL)
    return TRUE;
  /* Behind answers that wait, an event waits too: ACCEPTED comes first. */
  gboolean lags = client_lags (daemon, follow->identity);
  if (!lags && docai_message_send (follow->lagging, daemon->clients, follow->identity))
    {
      g_clear_pointer (&follow->lagging, docai_message_free);
      return !follow->over;
    }
  if (!lags && errno != EAGAIN)
    return FALSE;
  client_lag_later (daemon);
  return TRUE;
}

void
follow_lagging (Daemon *daemon)
{
  for (guint i = daemon->follows->len; i-- > 0;)
    if (!send_latest (daemon, daemon->follows->pdata[i]))
      g_ptr_array_remove_index_fast (daemon->follows, i);
}

void
follow_tell (Daemon *daemon, const JobRow *row, int page, DocaiErrorCode code, const char *text)
{
  for (guint i = daemon->follows->len; i-- > 0;)
    {
      Follow *follow = daemon->follows->pdata[i];
      if (follow->job != NULL && g_strcmp0 (follow->job, row->id) != 0)
        continue;
      docai_message_free (follow->lagging);
      follow->lagging = make_event (follow->seq, row, page, code, text);
      follow->over = follow->job != NULL && job_state_ended (row->state);
      if (!send_latest (daemon, follow))
        g_ptr_array_remove_index_fast (daemon->follows, i);
    }
}

void
follow_tell_one (Daemon *daemon, zframe_t *identity, gint64 seq, const JobRow *row)
{
  client_send (daemon, identity, make_event (seq, row, 0, DOCAI_ERROR_INTERNAL, NULL));
}
