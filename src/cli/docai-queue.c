/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * docai-queue(1): looking at the daemon's jobs and acting on them.
 */
#include "cli/cli.h"
#include "client/docai.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_DEFAULT 100
#define LIST_PAGE 500

static char    *endpoint, *state, *password_path;
static gboolean as_json;
static int      limit = LIST_DEFAULT;
static char   **arguments;

static const GOptionEntry entries[] = {
  { "json", 'j', 0, G_OPTION_ARG_NONE, &as_json, "Print JSON, one object a line", NULL },
  { "state", 's', 0, G_OPTION_ARG_FILENAME, &state, "List only jobs in this state", "STATE" },
  { "limit", 'n', 0, G_OPTION_ARG_INT, &limit, "List at most so many jobs; 0: all", "COUNT" },
  { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &password_path, "Retry with the password in a file's first line", "FILE" },
  { "endpoint", 'e', 0, G_OPTION_ARG_FILENAME, &endpoint, "Where the daemon listens", "ENDPOINT" },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments, NULL, NULL },
  G_OPTION_ENTRY_NULL
};

/* ---- printing ----------------------------------------------------------- */

static void
print_json (const json_t *object)
{
  char *text = json_dumps (object, JSON_COMPACT);
  puts (text != NULL ? text : "{}");
  free (text);
}

static const char *
text_of (const json_t *job, const char *name)
{
  const char *text = json_string_value (json_object_get (job, name));
  return text != NULL ? text : "";
}

static char *
time_of (const json_t *job, const char *name)
{
  gint64 ms = (gint64) json_integer_value (json_object_get (job, name));
  g_autoptr (GDateTime) when = ms > 0 ? g_date_time_new_from_unix_local (ms / 1000) : NULL;
  return when != NULL ? g_date_time_format (when, "%Y-%m-%d %H:%M:%S") : g_strdup ("-");
}

static char *
pages_of (const json_t *job)
{
  int pages = (int) json_integer_value (json_object_get (job, "pages"));
  int done = (int) json_integer_value (json_object_get (job, "done"));
  return pages > 0 ? g_strdup_printf ("%d/%d", done, pages) : g_strdup ("-");
}

static void
print_row (const json_t *job)
{
  g_autofree char *when = time_of (job, "submitted_ms");
  g_autofree char *pages = pages_of (job);
  g_autofree char *name = cli_printable (text_of (job, "name"));
  const char      *code = text_of (job, "code");
  printf ("%-16s %-9s %9s  %-19s  %s%s%s%s\n", text_of (job, "id"), text_of (job, "state"), pages, when,
          name, code[0] != '\0' ? " (" : "", code, code[0] != '\0' ? ")" : "");
}

static void
print_details (const json_t *job)
{
  const char   *key;
  const json_t *value;
  json_object_foreach ((json_t *) job, key, value)
  {
    if (g_str_has_suffix (key, "_ms"))
      {
        g_autofree char *when = time_of (job, key);
        printf ("%-13.*s %s\n", (int) (strlen (key) - 3), key, when);
      }
    else if (json_is_string (value))
      {
        g_autofree char *shown = cli_printable (json_string_value (value));
        printf ("%-13s %s\n", key, shown);
      }
    else
      {
        char *text = json_dumps (value, JSON_COMPACT | JSON_ENCODE_ANY);
        printf ("%-13s %s\n", key, text != NULL ? text : "");
        free (text);
      }
  }
  putchar ('\n');
}

/* ---- commands: each returns the exit status ------------------------------ */

/* Parses an answer of the library, which is JSON by its contract. */
static json_t *
parse (const char *text)
{
  return text != NULL ? json_loads (text, 0, NULL) : NULL;
}

static int
list_jobs (DocaiClient *client)
{
  gint64 before = 0;
  int    left = limit > 0 ? limit : G_MAXINT;
  if (!as_json)
    printf ("%-16s %-9s %9s  %-19s  %s\n", "JOB", "STATE", "PAGES", "SUBMITTED", "NAME");
  do
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = docai_client_list (client, state, MIN (left, LIST_PAGE), before, &error);
      if (text == NULL)
        return cli_fail (NULL, error);
      json_t *answer = parse (text);
      json_t *jobs = json_object_get (answer, "jobs");
      size_t  index;
      json_t *job;
      json_array_foreach (jobs, index, job)
      {
        if (as_json)
          print_json (job);
        else
          print_row (job);
      }
      left -= (int) json_array_size (jobs);
      before = (gint64) json_integer_value (json_object_get (answer, "next"));
      json_decref (answer);
    }
  while (before > 0 && left > 0);
  return 0;
}

static int
show_job (DocaiClient *client, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = docai_client_status (client, id, &error);
  if (text == NULL)
    return cli_fail (id, error);
  json_t *job = parse (text);
  if (as_json)
    print_json (job);
  else
    print_details (job);
  json_decref (job);
  return 0;
}

static int
cancel_job (DocaiClient *client, const char *id)
{
  g_autoptr (GError) error = NULL;
  return docai_client_cancel (client, id, &error) ? 0 : cli_fail (id, error);
}

static int
retry_job (DocaiClient *client, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *password = NULL;
  if (password_path != NULL && (password = cli_read_password (password_path, &error)) == NULL)
    return cli_fail (NULL, error);
  return docai_client_retry (client, id, password, &error) ? 0 : cli_fail (id, error);
}

static int
remove_job (DocaiClient *client, const char *id)
{
  g_autoptr (GError) error = NULL;
  return docai_client_remove (client, id, &error) ? 0 : cli_fail (id, error);
}

static gboolean
print_event (const DocaiClientEvent *event, void *unused)
{
  const char *code = docai_client_event_code (event);
  int         page = docai_client_event_page (event);
  if (as_json)
    {
      json_t *object = json_pack (
        "{s:s, s:s, s:i, s:i}", "job", docai_client_event_job (event), "state",
        docai_client_event_state (event), "done", docai_client_event_done (event), "pages",
        docai_client_event_pages (event));
      if (page > 0)
        json_object_set_new (object, "page", json_integer (page));
      if (code != NULL)
        json_object_set_new (object, "code", json_string (code));
      if (docai_client_event_text (event) != NULL)
        json_object_set_new (object, "text", json_string (docai_client_event_text (event)));
      print_json (object);
      json_decref (object);
    }
  else
    {
      printf ("%s %s %d/%d", docai_client_event_job (event), docai_client_event_state (event),
              docai_client_event_done (event), docai_client_event_pages (event));
      if (page > 0)
        printf (" page %d", page);
      printf ("%s%s\n", code != NULL ? " " : "", code != NULL ? code : "");
    }
  /* A reader that went away ends the following. */
  return fflush (stdout) == 0;
}

static int
follow_job (DocaiClient *client, const char *id)
{
  g_autoptr (GError) error = NULL;
  return docai_client_stream (client, id, print_event, NULL, &error) ? 0 : cli_fail (id, error);
}

static int
print_result (DocaiClient *client, const char *id)
{
  g_autoptr (GError) error = NULL;
  gsize            length = 0;
  g_autofree char *text = docai_client_result (client, id, "json", &length, &error);
  if (text == NULL)
    return cli_fail (id, error);
  fwrite (text, 1, length, stdout);
  return 0;
}

static const struct {
  const char *name;
  int (*run) (DocaiClient *client, const char *id);
  gboolean may_lack_job;
} commands[] = {
  { "show", show_job, FALSE },     { "cancel", cancel_job, FALSE }, { "retry", retry_job, FALSE },
  { "remove", remove_job, FALSE }, { "result", print_result, FALSE }, { "follow", follow_job, TRUE },
};

static int
run_command (DocaiClient *client, guint command, char **ids)
{
  int status = 0;
  if (*ids == NULL)
    return commands[command].run (client, NULL);
  for (char **id = ids; *id != NULL; id++)
    {
      int one = commands[command].run (client, *id);
      status = status == 0 ? one : status;
    }
  return status;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("COMMAND [JOB...]");
  g_autoptr (GError) error = NULL;
  g_option_context_set_summary (context, "Looks at the daemon's jobs and acts on them.\n\n"
                                         "Commands: list, show JOB..., result JOB..., follow [JOB...],\n"
                                         "cancel JOB..., retry JOB..., remove JOB...");
  g_option_context_add_main_entries (context, entries, NULL);
  g_auto (GStrv) words = g_strdupv (argv);
  int status = cli_parse (context, &argc, &words);
  if (status >= 0)
    return status;
  const char *name = arguments != NULL ? arguments[0] : "list";
  gboolean    list = strcmp (name, "list") == 0;
  guint       command = 0;
  while (command < G_N_ELEMENTS (commands) && strcmp (commands[command].name, name) != 0)
    command++;
  if (!list && command == G_N_ELEMENTS (commands))
    return cli_usage ("there is no command \"%s\"", name);
  if (list && arguments != NULL && arguments[1] != NULL)
    return cli_usage ("list takes no jobs");
  if (!list && arguments[1] == NULL && !commands[command].may_lack_job)
    return cli_usage ("no job is named");
  if (limit < 0)
    return cli_usage ("the limit is negative");

  g_autoptr (DocaiClient) client = docai_client_new (endpoint, &error);
  if (client == NULL)
    return cli_fail (NULL, error);
  status = list ? list_jobs (client) : run_command (client, command, arguments + 1);
  if (fflush (stdout) != 0 && status == 0)
    status = docai_error_exit_status (DOCAI_ERROR_CANNOT_WRITE);
  return status;
}
