/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of configuration keys, and reading files after it.
 */
#include "base/conf.h"

#include <stddef.h>
#include <string.h>

#define C(member) FALSE, offsetof (DocaiConf, member)
#define S(member) TRUE, offsetof (DocaiSettings, member)
#define GIB (G_GINT64_CONSTANT (1) << 30)

static const DocaiConfKey keys[] = {
  { "daemon", "workers", DOCAI_CONF_INT, C (workers), "-1", -1, 1024, NULL,
    "Worker processes that the daemon starts; -1: one for each processor; 0: only remote workers." },
  { "daemon", "queue_max", DOCAI_CONF_COUNT, C (queue_max), "1000000", 1, 100000000, NULL,
    "Jobs waiting before a submission is refused with the code busy." },
  { "daemon", "active_jobs", DOCAI_CONF_INT, C (active_jobs), "16", 1, 256, NULL,
    "Jobs of each priority that are under way at once; the others wait in the store." },
  { "daemon", "uploads_max", DOCAI_CONF_INT, C (uploads_max), "64", 1, 4096, NULL,
    "Files that are received in pieces at once; more are refused with the code busy." },
  { "daemon", "listen", DOCAI_CONF_STRING, C (listen), "", 0, 0, NULL,
    "Endpoint for clients beside the local one, such as tcp://*:7710. Needs certificate." },
  { "daemon", "listen_workers", DOCAI_CONF_STRING, C (listen_workers), "", 0, 0, NULL,
    "Endpoint for workers of other hosts, such as tcp://*:7711. Needs certificate." },
  { "daemon", "certificate", DOCAI_CONF_STRING, C (certificate), "", 0, 0, NULL,
    "File with the CURVE certificate of the daemon (its _secret file lies beside it)." },
  { "daemon", "clients_dir", DOCAI_CONF_STRING, C (clients_dir), "", 0, 0, NULL,
    "Folder with the public certificates of the clients and workers that may connect by tcp." },
  { "daemon", "socket_mode", DOCAI_CONF_STRING, C (socket_mode), "0600", 0, 0, NULL,
    "Permissions of the clients' local socket, in octal." },
  { "daemon", "log_format", DOCAI_CONF_CHOICE, C (log_format), "text", 0, 0, "text|json",
    "Lines of text, or one JSON object a line." },
  { "daemon", "log_level", DOCAI_CONF_CHOICE, C (log_level), "info", 0, 0,
    "debug|info|warning|error", "Least grade that is logged." },

  { "spool", "state_dir", DOCAI_CONF_STRING, C (state_dir), "", 0, 0, NULL,
    "Folder of the store and the spool; empty: by user, see docaid(8)." },
  { "spool", "min_free", DOCAI_CONF_BYTES, C (min_free_bytes), "64M", 0, 0, NULL,
    "Space left free on the spool's disk; submissions that would take it are refused with spool_full." },
  { "spool", "retain_hours", DOCAI_CONF_INT, C (retain_hours), "168", 0, 1000000, NULL,
    "Hours for which ended jobs are kept." },
  { "spool", "retain", DOCAI_CONF_BYTES, C (retain_bytes), "20G", 0, 0, NULL,
    "Space that ended jobs may take; the oldest go first." },

  { "worker", "stages", DOCAI_CONF_STRING, C (stages), "all", 0, 0, NULL,
    "Stages that local workers serve, separated by commas." },
  { "worker", "attempts", DOCAI_CONF_INT, C (attempts), "3", 1, 100, NULL,
    "Times that a task is tried before its page is given up." },
  { "worker", "retry_ms", DOCAI_CONF_INT, C (retry_ms), "500", 0, 3600000, NULL,
    "Wait before a failed task is tried again; doubles with each attempt." },
  { "worker", "heartbeat_ms", DOCAI_CONF_INT, C (heartbeat_ms), "1000", 50, 60000, NULL,
    "Time between a worker's signs of life." },
  { "worker", "lost_ms", DOCAI_CONF_INT, C (lost_ms), "15000", 100, 3600000, NULL,
    "Silence after which a worker is taken for lost." },
  { "worker", "recycle_tasks", DOCAI_CONF_INT, C (recycle_tasks), "1000", 1, 100000000, NULL,
    "Tasks after which a worker process is replaced by a fresh one." },
  { "worker", "sandbox", DOCAI_CONF_BOOL, C (sandbox), "true", 0, 0, NULL,
    "Workers may not open network sockets, run programs or trace processes." },

  { "limits", "file", DOCAI_CONF_BYTES, S (limits.file_bytes), NULL, 1, 0, NULL,
    "Largest file (file_size_limit)." },
  { "limits", "inflate", DOCAI_CONF_BYTES, S (limits.inflate_bytes), NULL, 1, 0, NULL,
    "Largest stream or image after unpacking (inflate_limit)." },
  { "limits", "pixels", DOCAI_CONF_COUNT, S (limits.pixels), NULL, 1, 4000000000, NULL,
    "Most pixels of a page (pixel_limit)." },
  { "limits", "memory", DOCAI_CONF_BYTES, S (limits.memory_bytes), NULL, 64 << 20, 0, NULL,
    "Memory of a worker (memory_limit)." },
  { "limits", "pages", DOCAI_CONF_INT, S (limits.pages), NULL, 1, 1000000, NULL,
    "Most pages of a document (page_count_limit)." },
  { "limits", "page_points", DOCAI_CONF_INT, S (limits.page_points), NULL, 1, 1000000, NULL,
    "Longest side of a page in points (page_size_limit)." },
  { "limits", "task_seconds", DOCAI_CONF_INT, S (limits.task_seconds), NULL, 1, 86400, NULL,
    "Wall clock of one task (time_limit)." },

  { "vlm", "backend", DOCAI_CONF_CHOICE, S (vlm.backend), NULL, 0, 0, "none|builtin|openai",
    "Vision-language model: none, one run by the workers, or a server." },
  { "vlm", "model_dir", DOCAI_CONF_STRING, S (vlm.model_dir), NULL, 0, 0, NULL,
    "builtin: folder of the model." },
  { "vlm", "detector_dir", DOCAI_CONF_STRING, S (vlm.detector_dir), NULL, 0, 0, NULL,
    "Folder of a detector that looks for signatures, stamps, barcodes and logos." },
  { "vlm", "cache_dir", DOCAI_CONF_STRING, S (vlm.cache_dir), NULL, 0, 0, NULL,
    "builtin: folder for encoded image tiles." },
  { "vlm", "url", DOCAI_CONF_STRING, S (vlm.url), NULL, 0, 0, NULL,
    "openai: address of the server, such as http://127.0.0.1:8000/v1." },
  { "vlm", "model", DOCAI_CONF_STRING, S (vlm.model), NULL, 0, 0, NULL,
    "openai: name of the model." },
  { "vlm", "api_key", DOCAI_CONF_STRING, S (vlm.api_key), NULL, 0, 0, NULL,
    "openai: key that the server asks for." },
  { "vlm", "timeout_ms", DOCAI_CONF_INT, S (vlm.timeout_ms), NULL, 1, 86400000, NULL,
    "openai: time for one request." },
  { "vlm", "retries", DOCAI_CONF_INT, S (vlm.retries), NULL, 0, 100, NULL,
    "openai: further tries of a failed request." },
  { "vlm", "per_minute", DOCAI_CONF_INT, S (vlm.per_minute), NULL, 0, 1000000, NULL,
    "openai: most requests a minute; 0: no bound." },
  { "vlm", "concurrency", DOCAI_CONF_INT, S (vlm.concurrency), NULL, 1, 1024, NULL,
    "openai: requests under way at once." },
  { "vlm", "layout_guide", DOCAI_CONF_BOOL, S (vlm.layout_guide), NULL, 0, 0, NULL,
    "Whether the page's layout decides what of it gets resolution." },
  { "vlm", "image_side", DOCAI_CONF_INT, S (vlm.image_side), NULL, 0, 16384, NULL,
    "Longest side in pixels of the images that a model gets; 0: what it sees, 1536 for openai." },
  { "vlm", "page_images", DOCAI_CONF_INT, S (vlm.page_images), NULL, 0, 64, NULL,
    "Pages that are shown with each question and schema." },
  { "vlm", "boxes", DOCAI_CONF_CHOICE, S (vlm.boxes), NULL, 0, 0, "auto|none|thousandths|pixels",
    "How the model writes boxes." },

  { "paths", "tessdata", DOCAI_CONF_STRING, S (tessdata_dir), NULL, 0, 0, NULL,
    "Folder of Tesseract's language data; empty: Tesseract's own." },
  { "paths", "profiles", DOCAI_CONF_STRING, S (profiles_dir), NULL, 0, 0, NULL,
    "Folder of the profiles." },
  { NULL, NULL, DOCAI_CONF_STRING, FALSE, 0, NULL, 0, 0, NULL, NULL },
};

const DocaiConfKey *
docai_conf_keys (void)
{
  return keys;
}

static gpointer
member_of (DocaiConf *config, const DocaiConfKey *key)
{
  char *base = key->in_settings ? (char *) config->settings : (char *) config;
  return base + key->offset;
}

static gboolean
parse_int (const DocaiConfKey *key, const char *text, gint64 *value)
{
  static const char units[] = "KMG";
  char *end = NULL;
  gint64 number = g_ascii_strtoll (text, &end, 10);

  if (end == text)
    return FALSE;
  const char *unit = key->type == DOCAI_CONF_BYTES && *end != '\0' ? strchr (units, *end) : NULL;
  if (unit != NULL)
    {
      gint64 factor = G_GINT64_CONSTANT (1) << (10 * (unit - units + 1));
      if (number > G_MAXINT64 / factor || number < 0)
        return FALSE;
      number *= factor;
      end++;
    }
  *value = number;
  return *end == '\0' && number >= key->min && (key->max == 0 || number <= key->max);
}

static gboolean
is_choice (const char *choices, const char *text)
{
  g_auto (GStrv) list = g_strsplit (choices, "|", -1);
  return g_strv_contains ((const char *const *) list, text);
}

static void
set_string (char **member, const char *text)
{
  g_free (*member);
  *member = g_strdup (text);
}

static gboolean
set_value (DocaiConf *config, const DocaiConfKey *key, const char *text)
{
  gpointer member = member_of (config, key);
  gint64   number;

  switch (key->type)
    {
    case DOCAI_CONF_STRING:
      /* An empty place in the settings means: none. */
      set_string (member, key->in_settings && *text == '\0' ? NULL : text);
      return TRUE;
    case DOCAI_CONF_CHOICE:
      if (!is_choice (key->choices, text))
        return FALSE;
      set_string (member, text);
      return TRUE;
    case DOCAI_CONF_BOOL:
      if (!is_choice ("true|false|yes|no|1|0", text))
        return FALSE;
      *(gboolean *) member = is_choice ("true|yes|1", text);
      return TRUE;
    case DOCAI_CONF_INT:
      if (!parse_int (key, text, &number))
        return FALSE;
      *(int *) member = (int) number;
      return TRUE;
    case DOCAI_CONF_BYTES:
    case DOCAI_CONF_COUNT:
      return parse_int (key, text, member);
    }
  return FALSE;
}

DocaiConf *
docai_conf_new (void)
{
  DocaiConf *config = g_new0 (DocaiConf, 1);

  config->settings = docai_settings_new ();
  for (const DocaiConfKey *key = keys; key->section != NULL; key++)
    if (key->fallback != NULL && !set_value (config, key, key->fallback))
      g_error ("default of [%s] %s", key->section, key->name);
  return config;
}

void
docai_conf_free (DocaiConf *config)
{
  if (config == NULL)
    return;
  for (const DocaiConfKey *key = keys; key->section != NULL; key++)
    if (!key->in_settings
        && (key->type == DOCAI_CONF_STRING || key->type == DOCAI_CONF_CHOICE))
      g_free (*(char **) member_of (config, key));
  docai_settings_free (config->settings);
  g_free (config);
}

static const DocaiConfKey *
lookup_key (const char *section, const char *name)
{
  for (const DocaiConfKey *key = keys; key->section != NULL; key++)
    if (strcmp (key->section, section) == 0 && strcmp (key->name, name) == 0)
      return key;
  return NULL;
}

static gboolean
apply_section (DocaiConf *config, GKeyFile *file, const char *path, const char *section,
               GError **error)
{
  g_auto (GStrv) names = g_key_file_get_keys (file, section, NULL, NULL);

  for (char **name = names; name != NULL && *name != NULL; name++)
    {
      const DocaiConfKey *key = lookup_key (section, *name);
      g_autofree char *text = g_key_file_get_string (file, section, *name, NULL);
      if (key == NULL)
        g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG, "%s: there is no key [%s] %s",
                     path, section, *name);
      else if (text == NULL || !set_value (config, key, g_strstrip (text)))
        g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG,
                     "%s: [%s] %s = %s is not allowed%s%s", path, section, *name,
                     text != NULL ? text : "?", key->choices != NULL ? "; one of " : "",
                     key->choices != NULL ? key->choices : "");
      else
        continue;
      return FALSE;
    }
  return TRUE;
}

DocaiConf *
docai_conf_load (const char *path, GError **error)
{
  g_autoptr (DocaiConf) config = docai_conf_new ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) problem = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &problem))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG, "%s: %s", path, problem->message);
      return NULL;
    }
  g_auto (GStrv) sections = g_key_file_get_groups (file, NULL);
  for (char **section = sections; *section != NULL; section++)
    if (!apply_section (config, file, path, *section, error))
      return NULL;
  return g_steal_pointer (&config);
}

char *
docai_conf_find (void)
{
  const char *set = g_getenv ("DOCAI_CONF");
  if (set != NULL && *set != '\0')
    return g_strdup (set);
  g_autofree char *own = g_build_filename (g_get_user_config_dir (), "docai", "docai.conf", NULL);
  if (g_file_test (own, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&own);
  g_autofree char *common = g_build_filename (DOCAI_SYSCONFDIR, "docai", "docai.conf", NULL);
  if (g_file_test (common, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&common);
  return NULL;
}

static char *
format_value (DocaiConf *config, const DocaiConfKey *key)
{
  gpointer member = member_of (config, key);
  gint64   number;

  switch (key->type)
    {
    case DOCAI_CONF_STRING:
    case DOCAI_CONF_CHOICE:
      return g_strdup (*(char **) member != NULL ? *(char **) member : "");
    case DOCAI_CONF_BOOL:
      return g_strdup (*(gboolean *) member ? "true" : "false");
    case DOCAI_CONF_INT:
      return g_strdup_printf ("%d", *(int *) member);
    case DOCAI_CONF_BYTES:
      number = *(gint64 *) member;
      if (number > 0 && number % GIB == 0)
        return g_strdup_printf ("%" G_GINT64_FORMAT "G", number / GIB);
      if (number > 0 && number % (1 << 20) == 0)
        return g_strdup_printf ("%" G_GINT64_FORMAT "M", number >> 20);
      return g_strdup_printf ("%" G_GINT64_FORMAT, number);
    case DOCAI_CONF_COUNT:
      return g_strdup_printf ("%" G_GINT64_FORMAT, *(gint64 *) member);
    }
  return NULL;
}

char *
docai_conf_print (const DocaiConf *config)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *section = NULL;

  for (const DocaiConfKey *key = keys; key->section != NULL; key++)
    {
      g_autofree char *value = format_value ((DocaiConf *) config, key);
      if (g_strcmp0 (section, key->section) != 0)
        g_string_append_printf (text, "%s[%s]\n", section != NULL ? "\n" : "", key->section);
      section = key->section;
      g_string_append_printf (text, "# %s\n%s=%s\n", key->help, key->name, value);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
