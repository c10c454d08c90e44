/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The state of docai-watch: a JSON object by file name. Names are escaped like
 * URIs, since a name may hold bytes that JSON cannot. Files that are gone from
 * the folder are forgotten, so it stays as small as the folder.
 */
#include "cli/watch-state.h"

#include "base/error.h"
#include "cli/output.h"

#include <jansson.h>
#include <string.h>

struct WatchState {
  char       *path;
  GHashTable *files; /* name to WatchFile */
  gboolean    changed;
};

static void
free_file (gpointer data)
{
  WatchFile *file = data;
  g_free (file->name);
  g_free (file->job);
  g_free (file->key);
  g_free (file->result);
  g_free (file);
}

static char *
escape (const char *name)
{
  return g_uri_escape_string (name, " !$&'()*+,;=:@/?[]{}#\"<>^`|~", TRUE);
}

static char *
string_member (const json_t *object, const char *name)
{
  const char *text = json_string_value (json_object_get (object, name));
  return text != NULL ? g_uri_unescape_string (text, NULL) : NULL;
}

/* What the state calls it; NULL: not kept. A submission that was begun may have
 * been accepted: it is looked at again and made once more, under its key. */
static const char *
status_name (WatchStatus status)
{
  return status == WATCH_DONE        ? "done"
         : status == WATCH_SUBMITTED ? "submitted"
         : status == WATCH_SETTLING  ? "submitting"
                                     : NULL;
}

static gboolean
read_file (WatchState *state, const char *key, const json_t *object)
{
  g_autofree char *name = g_uri_unescape_string (key, "/");
  const char      *status = json_string_value (json_object_get (object, "status"));
  if (name == NULL || name[0] == '\0' || status == NULL)
    return FALSE;
  WatchFile *file = watch_state_ensure (state, name);
  file->inode = (guint64) json_integer_value (json_object_get (object, "inode"));
  file->size = (gint64) json_integer_value (json_object_get (object, "size"));
  file->mtime_ns = (gint64) json_integer_value (json_object_get (object, "mtime_ns"));
  file->job = string_member (object, "job");
  file->key = string_member (object, "key");
  file->result = string_member (object, "result");
  for (WatchStatus known = WATCH_SETTLING; known <= WATCH_DONE; known++)
    if (g_strcmp0 (status_name (known), status) == 0)
      file->status = known;
  return file->status == WATCH_DONE || (file->status == WATCH_SUBMITTED ? file->job : file->key) != NULL;
}

static gboolean
read_state (WatchState *state, const char *text, gsize length)
{
  json_t     *root = json_loadb (text, length, JSON_REJECT_DUPLICATES, NULL);
  json_t     *files = json_object_get (root, "files");
  const char *key;
  json_t     *object;
  gboolean    ok = json_integer_value (json_object_get (root, "version")) == 1 && json_is_object (files);
  json_object_foreach (files, key, object)
    ok = ok && read_file (state, key, object);
  json_decref (root);
  return ok;
}

WatchState *
watch_state_load (const char *path, GError **error)
{
  g_autoptr (WatchState) state = g_new0 (WatchState, 1);
  g_autoptr (GError) cause = NULL;
  g_autofree char *text = NULL;
  gsize            length = 0;
  state->path = g_strdup (path);
  state->files = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_file);
  if (!g_file_get_contents (path, &text, &length, &cause))
    {
      if (g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return g_steal_pointer (&state);
      g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_FILE_NOT_READABLE, cause->message);
      return NULL;
    }
  if (read_state (state, text, length))
    return g_steal_pointer (&state);
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_FILE_DAMAGED, "%s is no state of docai-watch", path);
  return NULL;
}

void
watch_state_free (WatchState *state)
{
  if (state == NULL)
    return;
  g_hash_table_unref (state->files);
  g_free (state->path);
  g_free (state);
}

static void
set_escaped (json_t *object, const char *name, const char *value)
{
  if (value == NULL)
    return;
  g_autofree char *escaped = escape (value);
  json_object_set_new (object, name, json_string (escaped));
}

gboolean
watch_state_save (WatchState *state, GError **error)
{
  if (!state->changed)
    return TRUE;
  json_t        *files = json_object ();
  GHashTableIter iter;
  gpointer       value;
  g_hash_table_iter_init (&iter, state->files);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const WatchFile *file = value;
      WatchStatus status = file->status == WATCH_READY ? WATCH_SETTLING : file->status;
      if (status == WATCH_SETTLING && file->key == NULL)
        continue;
      json_t *object = json_pack ("{s:s, s:I, s:I, s:I}", "status", status_name (status), "inode",
                                  (json_int_t) file->inode, "size", (json_int_t) file->size,
                                  "mtime_ns", (json_int_t) file->mtime_ns);
      set_escaped (object, "job", file->job);
      set_escaped (object, "key", file->key);
      set_escaped (object, "result", file->result);
      g_autofree char *key = escape (file->name);
      json_object_set_new (files, key, object);
    }
  json_t *root = json_pack ("{s:i, s:o}", "version", 1, "files", files);
  char   *text = json_dumps (root, JSON_INDENT (1) | JSON_SORT_KEYS);
  json_decref (root);
  gboolean ok = output_replace (state->path, text, strlen (text), error);
  free (text);
  state->changed = !ok;
  return ok;
}

WatchFile *
watch_state_lookup (WatchState *state, const char *name)
{
  return g_hash_table_lookup (state->files, name);
}

WatchFile *
watch_state_ensure (WatchState *state, const char *name)
{
  WatchFile *file = watch_state_lookup (state, name);
  if (file == NULL)
    {
      file = g_new0 (WatchFile, 1);
      file->name = g_strdup (name);
      g_hash_table_replace (state->files, file->name, file);
    }
  return file;
}

void
watch_state_remove (WatchState *state, const char *name)
{
  if (g_hash_table_remove (state->files, name))
    state->changed = TRUE;
}

GList *
watch_state_list (WatchState *state)
{
  return g_hash_table_get_values (state->files);
}

void
watch_state_touch (WatchState *state)
{
  state->changed = TRUE;
}

static gint64
mtime_ns (const struct stat *info)
{
  return (gint64) info->st_mtim.tv_sec * 1000000000 + info->st_mtim.tv_nsec;
}

gboolean
watch_file_matches (const WatchFile *file, const struct stat *info)
{
  return file->inode == (guint64) info->st_ino && file->size == (gint64) info->st_size
         && file->mtime_ns == mtime_ns (info);
}

void
watch_file_describe (WatchFile *file, const struct stat *info)
{
  file->inode = info->st_ino;
  file->size = info->st_size;
  file->mtime_ns = mtime_ns (info);
  file->status = WATCH_SETTLING;
  g_clear_pointer (&file->job, g_free);
  g_clear_pointer (&file->key, g_free);
}

gboolean
watch_state_owns_result (WatchState *state, const char *result, const WatchFile *except)
{
  GHashTableIter iter;
  gpointer       value;
  g_hash_table_iter_init (&iter, state->files);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const WatchFile *file = value;
      if (file != except && g_strcmp0 (file->result, result) == 0)
        return TRUE;
    }
  return FALSE;
}
