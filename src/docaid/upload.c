/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files coming in: into the job's folder, to the disk, into the store, and only
 * then ACCEPTED. A file without a row is no job; recover.c sweeps it away.
 *
 * All files that are complete when the socket has been read share one durable
 * commit (upload_flush), so many small submissions cost few waits for the disk.
 */
#include <config.h>

#include "docaid/daemon.h"

#include "base/options.h"
#include "base/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define IDLE_MS 60000

typedef struct {
  zframe_t  *identity;
  gint64     seq;
  JobRow    *row;
  int        fd;
  gint64     received;
  gint64     credit;
  gint64     seen_ms;
  DocaiSha256 *sum;
  gboolean   follow;
  gboolean   kept; /* the folder belongs to a stored job */
  gboolean   again;
  JobRow    *known; /* the job that has this submission's key already */
  char      *root;
} Upload;

void
upload_free (gpointer data)
{
  Upload *upload = data;
  if (upload->fd >= 0)
    close (upload->fd);
  if (!upload->kept && upload->row != NULL)
    docai_spool_remove (upload->root, upload->row->id, DOCAI_SPOOL_KEEP_NOTHING);
  zframe_destroy (&upload->identity);
  job_row_free (upload->row);
  job_row_free (upload->known);
  g_clear_pointer (&upload->sum, docai_sha256_free);
  g_free (upload->root);
  g_free (upload);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Upload, upload_free)

static char *
make_key (zframe_t *identity, gint64 seq)
{
  char *hex = zframe_strhex (identity);
  char *key = g_strdup_printf ("%s %" G_GINT64_FORMAT, hex, seq);
  free (hex);
  return key;
}

/* The options of the job, complete: the profile's, then the caller's. */
static DocaiOptions *
read_options (Daemon *daemon, json_t *object, GError **error)
{
  g_autoptr (DocaiOptions) options = docai_options_new ();
  const char *profile = json_string_value (json_object_get (object, "profile"));

  if (profile != NULL
      && !docai_options_apply_profile (options, daemon->config->settings->profiles_dir, profile,
                                       error))
    return NULL;
  if (object != NULL && !docai_options_apply_json (options, object, error))
    return NULL;
  return g_steal_pointer (&options);
}

/* Digest of all that decides the result beside the file. */
static char *
make_options_key (const DocaiConf *config, const DocaiOptions *options)
{
  const DocaiVlmSettings *vlm = &config->settings->vlm;
  json_t *object = docai_options_to_json (options, TRUE);
  json_object_del (object, "priority");
  json_object_set_new (object, "+version", json_string (PACKAGE_VERSION));
  json_object_set_new (object, "+vlm",
                       json_pack ("[s?, s?, s?, s?]", vlm->backend, vlm->model_dir, vlm->url,
                                  vlm->model));
  char *text = json_dumps (object, JSON_COMPACT | JSON_SORT_KEYS);
  char *key = docai_sha256_of (text, strlen (text));
  free (text);
  json_decref (object);
  return key;
}

/* The reasons for which a file is not even received. */
static gboolean
check_room (Daemon *daemon, gint64 size, GError **error)
{
  gint64 free_bytes = docai_spool_free_bytes (daemon->spool_root);
  DocaiErrorCode code;

  if (daemon->stopping)
    code = DOCAI_ERROR_SHUTTING_DOWN;
  else if (daemon->n_queued + daemon->accepting->len >= daemon->config->queue_max)
    code = DOCAI_ERROR_BUSY;
  else if (size > daemon->config->settings->limits.file_bytes)
    code = DOCAI_ERROR_FILE_SIZE_LIMIT;
  else if (free_bytes >= 0 && free_bytes - size < daemon->config->min_free_bytes)
    code = DOCAI_ERROR_SPOOL_FULL;
  else
    return TRUE;
  g_set_error_literal (error, DOCAI_ERROR, (int) code, docai_error_sentence (code));
  return FALSE;
}

static JobRow *
make_row (Daemon *daemon, const DocaiMessage *message, GError **error)
{
  g_autoptr (DocaiOptions) options
    = read_options (daemon, docai_message_peek (message, "options"), error);
  if (options == NULL)
    return NULL;
  JobRow *row = g_new0 (JobRow, 1);
  row->submitted_ms = daemon_wall_ms ();
  row->id = docai_spool_new_id (row->submitted_ms);
  row->name = g_strdup (docai_message_string (message, "name"));
  row->bytes = docai_message_int (message, "size", 0);
  row->priority = g_strcmp0 (options->priority, "batch") == 0 ? PRIORITY_BATCH : PRIORITY_INTERACTIVE;
  row->submit_key = g_strdup (docai_message_string (message, "key"));
  json_t *object = docai_options_to_json (options, TRUE);
  char *text = json_dumps (object, JSON_COMPACT);
  row->options = g_strdup (text);
  free (text);
  json_decref (object);
  row->options_key = make_options_key (daemon->config, options);
  return row;
}

static Upload *
begin_upload (Daemon *daemon, zframe_t *identity, const DocaiMessage *message, GError **error)
{
  if (!check_room (daemon, docai_message_int (message, "size", 0), error))
    return NULL;
  g_autoptr (Upload) upload = g_new0 (Upload, 1);
  upload->fd = -1;
  upload->root = g_strdup (daemon->spool_root);
  upload->identity = zframe_dup (identity);
  upload->seq = docai_message_int (message, "seq", 0);
  upload->follow = docai_message_bool (message, "follow");
  upload->again = docai_message_bool (message, "again");
  upload->seen_ms = daemon_clock_ms ();
  upload->row = make_row (daemon, message, error);
  if (upload->row == NULL || !docai_spool_make (daemon->spool_root, upload->row->id, error))
    return NULL;
  g_autofree char *path
    = docai_spool_path (daemon->spool_root, upload->row->id, DOCAI_SPOOL_SOURCE);
  upload->fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (upload->fd < 0)
    {
      docai_spool_set_errno (error, errno, "the spool");
      return NULL;
    }
  upload->sum = docai_sha256_new ();
  return g_steal_pointer (&upload);
}

static gboolean
add_bytes (Upload *upload, GBytes *bytes, GError **error)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  if (length > DOCAI_WIRE_INLINE_MAX || (gint64) length > upload->row->bytes - upload->received)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE,
                   "the data is longer than announced or allowed");
      return FALSE;
    }
  if (!docai_spool_write_all (upload->fd, data, length, error))
    return FALSE;
  docai_sha256_update (upload->sum, data, length);
  upload->received += (gint64) length;
  return TRUE;
}

/* An earlier result of the same file becomes this job's, if there is one. */
static void
answer_from_earlier (Daemon *daemon, JobRow *row)
{
  g_autoptr (JobRow) earlier = store_find_result (daemon->store, row->sha256, row->options_key);
  g_autoptr (GError) error = NULL;

  if (earlier == NULL)
    return;
  if (!result_copy (daemon, earlier, row->id, &error))
    {
      docai_debug (row->id, "the result of %s is not used again: %s", earlier->id, error->message);
      return;
    }
  row->state = JOB_COMPLETE;
  row->duplicate_of = g_strdup (earlier->id);
  row->media_type = g_strdup (earlier->media_type);
  row->pages = earlier->pages;
  row->done = earlier->done;
  row->json_bytes = earlier->json_bytes;
  row->xml_bytes = earlier->xml_bytes;
  row->started_ms = row->ended_ms = daemon_wall_ms ();
  jobs_forget_password (row);
}

/* Looks for the job that a submission with this key has made before. The same
 * key may wait for the common commit right now: that goes first. */
static gboolean
find_known (Daemon *daemon, Upload *upload, GError **error)
{
  const JobRow *row = upload->row;

  for (guint i = 0; i < daemon->accepting->len; i++)
    if (g_strcmp0 (((Upload *) daemon->accepting->pdata[i])->row->submit_key, row->submit_key) == 0)
      {
        upload_flush (daemon);
        break;
      }
  upload->known = store_find_key (daemon->store, row->submit_key);
  if (upload->known == NULL || strcmp (upload->known->sha256, row->sha256) == 0)
    return TRUE;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION,
               "the key belongs to another file, that of job %s", upload->known->id);
  return FALSE;
}

/* The file is whole: to the disk with it. accept_upload goes on. */
static gboolean
finish_upload (Daemon *daemon, Upload *upload, GError **error)
{
  upload->row->sha256 = docai_sha256_finish (upload->sum);
  if (upload->row->submit_key != NULL && !find_known (daemon, upload, error))
    return FALSE;
  if (upload->known != NULL)
    return TRUE;
  if (!docai_spool_sync (daemon->spool_root, upload->row->id, upload->fd, error))
    return FALSE;
  close (upload->fd);
  upload->fd = -1;
  if (!upload->again)
    answer_from_earlier (daemon, upload->row);
  return TRUE;
}

static void
send_accepted (Daemon *daemon, const Upload *upload, const JobRow *row)
{
  DocaiMessage *accepted = docai_message_pack (DOCAI_MSG_ACCEPTED, "{s:I, s:s}", "seq",
                                               (json_int_t) upload->seq, "job", row->id);
  if (row->duplicate_of != NULL)
    json_object_set_new (accepted->header, "duplicate_of", json_string (row->duplicate_of));
  client_send (daemon, upload->identity, accepted);
}

/* The events of a job that its submitter wants to hear of. */
static void
follow_upload (Daemon *daemon, const Upload *upload, const JobRow *row)
{
  g_autoptr (GError) error = NULL;

  if (!upload->follow)
    return;
  if (job_state_ended (row->state))
    follow_tell_one (daemon, upload->identity, upload->seq, row);
  else if (!follow_add (daemon, upload->identity, upload->seq, row->id, &error))
    client_send_error (daemon, upload->identity, upload->seq, error);
}

/* What goes with a finished upload: the job that it was already, or the common
 * commit (upload_flush). */
static void
accept_upload (Daemon *daemon, Upload *upload_taken)
{
  if (upload_taken->known == NULL)
    {
      g_ptr_array_add (daemon->accepting, upload_taken);
      return;
    }
  docai_info (upload_taken->known->id, "submitted once more with its key");
  send_accepted (daemon, upload_taken, upload_taken->known);
  follow_upload (daemon, upload_taken, upload_taken->known);
  upload_free (upload_taken);
}

void
upload_submit (Daemon *daemon, zframe_t *identity, const DocaiMessage *message)
{
  gint64 seq = docai_message_int (message, "seq", 0);
  gint64 size = docai_message_int (message, "size", 0);
  g_autoptr (GError) error = NULL;
  g_autofree char *key = make_key (identity, seq);

  if (message->data != NULL && (gint64) g_bytes_get_size (message->data) != size)
    g_set_error (&error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "the data has another size");
  else if (g_hash_table_contains (daemon->uploads, key))
    g_set_error (&error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE, "the seq is in use");
  else if (message->data == NULL && size > 0
           && (int) g_hash_table_size (daemon->uploads) >= daemon->config->uploads_max)
    g_set_error (&error, DOCAI_ERROR, DOCAI_ERROR_BUSY, "too many files are being received");

  g_autoptr (Upload) upload
    = error == NULL ? begin_upload (daemon, identity, message, &error) : NULL;
  if (upload != NULL && message->data != NULL)
    add_bytes (upload, message->data, &error);
  if (error == NULL && upload->received == size)
    finish_upload (daemon, upload, &error);
  if (error != NULL)
    {
      client_send_error (daemon, identity, seq, error);
      return;
    }
  if (upload->received == size)
    {
      accept_upload (daemon, g_steal_pointer (&upload));
      return;
    }
  upload->credit = MIN (size, DOCAI_WIRE_UPLOAD_CREDIT);
  client_send (daemon, identity,
               docai_message_pack (DOCAI_MSG_CREDIT, "{s:I, s:I}", "seq", (json_int_t) seq,
                                   "offset", (json_int_t) upload->credit));
  g_hash_table_insert (daemon->uploads, g_steal_pointer (&key), g_steal_pointer (&upload));
}

/* Lets the sender go on when half of what he may send has come. */
static void
extend_credit (Daemon *daemon, Upload *upload)
{
  gint64 next = MIN (upload->row->bytes, upload->received + DOCAI_WIRE_UPLOAD_CREDIT);

  if (upload->credit - upload->received > DOCAI_WIRE_UPLOAD_CREDIT / 2 || next <= upload->credit)
    return;
  upload->credit = next;
  client_send (daemon, upload->identity,
               docai_message_pack (DOCAI_MSG_CREDIT, "{s:I, s:I}", "seq",
                                   (json_int_t) upload->seq, "offset", (json_int_t) next));
}

void
upload_chunk (Daemon *daemon, zframe_t *identity, const DocaiMessage *message)
{
  gint64 seq = docai_message_int (message, "seq", 0);
  g_autofree char *key = make_key (identity, seq);
  Upload *upload = g_hash_table_lookup (daemon->uploads, key);
  g_autoptr (GError) error = NULL;

  if (upload == NULL)
    {
      /* Chunks under way when an upload was refused; it has had its ERROR. */
      docai_debug (NULL, "a chunk of no upload");
      return;
    }
  gint64 end = docai_message_int (message, "offset", 0) + (gint64) g_bytes_get_size (message->data);
  upload->seen_ms = daemon_clock_ms ();
  if (docai_message_int (message, "offset", -1) != upload->received || end > upload->credit
      || g_bytes_get_size (message->data) == 0)
    g_set_error (&error, DOCAI_ERROR, DOCAI_ERROR_BAD_MESSAGE,
                 "the chunk does not follow or exceeds the credit");
  else if (add_bytes (upload, message->data, &error) && upload->received == upload->row->bytes)
    finish_upload (daemon, upload, &error);
  if (error != NULL)
    {
      client_send_error (daemon, identity, seq, error);
      g_hash_table_remove (daemon->uploads, key);
      return;
    }
  if (upload->received < upload->row->bytes)
    {
      extend_credit (daemon, upload);
      return;
    }
  gpointer old_key;
  g_hash_table_steal_extended (daemon->uploads, key, &old_key, NULL);
  g_free (old_key);
  accept_upload (daemon, upload);
}

static void
answer (Daemon *daemon, Upload *upload)
{
  const JobRow *row = upload->row;

  upload->kept = TRUE;
  send_accepted (daemon, upload, row);
  docai_info (row->id, "accepted %s, %" G_GINT64_FORMAT " bytes%s%s", row->name, row->bytes,
              row->duplicate_of != NULL ? ", answered from " : "",
              row->duplicate_of != NULL ? row->duplicate_of : "");
  if (job_state_ended (row->state))
    daemon->ended_bytes += jobs_row_bytes (row);
  else
    {
      daemon->n_queued++;
      daemon->refill = TRUE;
    }
  follow_upload (daemon, upload, row);
}

void
upload_flush (Daemon *daemon)
{
  if (daemon->accepting->len == 0)
    return;
  g_autoptr (GPtrArray) uploads = g_steal_pointer (&daemon->accepting);
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  daemon->accepting = g_ptr_array_new_with_free_func (upload_free);
  for (guint i = 0; i < uploads->len; i++)
    g_ptr_array_add (rows, ((Upload *) uploads->pdata[i])->row);
  gboolean good = store_accept (daemon->store, rows, &error);
  if (!good)
    docai_warn (NULL, "%u submissions refused: %s", uploads->len, error->message);
  for (guint i = 0; i < uploads->len; i++)
    {
      Upload *upload = uploads->pdata[i];
      if (good)
        answer (daemon, upload);
      else
        client_send_error (daemon, upload->identity, upload->seq, error);
    }
}

void
upload_expire (Daemon *daemon)
{
  GHashTableIter iter;
  gpointer value;
  gint64 now_ms = daemon_clock_ms ();

  g_hash_table_iter_init (&iter, daemon->uploads);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Upload *upload = value;
      if (now_ms - upload->seen_ms < IDLE_MS)
        continue;
      docai_info (upload->row->id, "upload given up: nothing came for a minute");
      g_hash_table_iter_remove (&iter);
    }
}
