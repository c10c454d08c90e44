/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * docai-submit(1): documents in, results out. Several documents are submitted
 * ahead of the one whose result is printed next, so that the daemon is never
 * idle; results keep the order of the command line.
 */
#include "cli/cli.h"
#include "cli/job-options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/result.h"
#include "cli/session.h"
#include "document/json.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define AHEAD 32           /* documents submitted and not yet delivered */
#define BUSY_RETRY_MS 200  /* the daemon's queue is full and none of ours will end */
#define LIVENESS_MS 1000   /* looks after the connection this often */
#define CANCEL_TIMEOUT_MS 2000

typedef struct {
  const char *input; /* as given; lent */
  char       *shown;
  char       *path;  /* of the result; NULL: standard output */
  char       *job;   /* NULL: not submitted, or refused */
  gboolean    ended;
  GError     *failure; /* why there is no result from the daemon */
} Item;

typedef struct {
  Session  *session;
  Output   *output;
  Progress *progress;
  Item     *items;
  int       n_items;
  int       n_submitted, n_delivered;
  gboolean  busy; /* the daemon refused the next one: wait for room */
  char     *options;
  int       status; /* exit status: the first failure's */
} Run;

static char       *endpoint, *target, *format_name, *stdin_name;
static gboolean    no_wait, quiet, pretty, again, strict, no_private;
static char      **inputs;
static DocaiFormat format = DOCAI_FORMAT_JSON;

static const GOptionEntry entries[] = {
  { "format", 'f', 0, G_OPTION_ARG_FILENAME, &format_name, "Format of the result: json, xml, md, txt, csv, html, hocr or alto", "FORMAT" },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &target, "Write to this file, or into this folder", "FILE|DIR" },
  { "pretty", 0, 0, G_OPTION_ARG_NONE, &pretty, "Indent JSON also when it does not go to a terminal", NULL },
  { "name", 0, 0, G_OPTION_ARG_FILENAME, &stdin_name, "What the result calls standard input", "NAME" },
  { "no-wait", 0, 0, G_OPTION_ARG_NONE, &no_wait, "Print the jobs' ids and do not wait", NULL },
  { "again", 0, 0, G_OPTION_ARG_NONE, &again, "Read anew what was read before", NULL },
  { "strict", 0, 0, G_OPTION_ARG_NONE, &strict, "Count an incomplete result as a failure", NULL },
  { "endpoint", 'e', 0, G_OPTION_ARG_FILENAME, &endpoint, "Where the daemon listens", "ENDPOINT" },
  { "no-private", 0, 0, G_OPTION_ARG_NONE, &no_private, "Do not start a private daemon", NULL },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "Say nothing but errors", NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &inputs, NULL, "FILE..." },
  G_OPTION_ENTRY_NULL
};

static void
note_status (Run *run, int status)
{
  if (run->status == 0)
    run->status = status;
}

/* ---- submitting --------------------------------------------------------- */

/* What is no fault of one document ends the whole run. */
static gboolean
is_fatal (const GError *error)
{
  return g_error_matches (error, DOCAI_ERROR, DOCAI_ERROR_NO_DAEMON)
         || g_error_matches (error, DOCAI_ERROR, DOCAI_ERROR_TIMEOUT)
         || g_error_matches (error, DOCAI_ERROR, DOCAI_ERROR_BAD_VERSION);
}

static gboolean
submit_next (Run *run, GError **error)
{
  Item            *item = &run->items[run->n_submitted];
  if (item->failure != NULL)
    {
      run->n_submitted++;
      return TRUE;
    }
  DocaiClientFlags flags = (no_wait ? 0 : DOCAI_CLIENT_FOLLOW) | (again ? DOCAI_CLIENT_AGAIN : 0);
  gboolean         is_stdin = strcmp (item->input, "-") == 0;
  g_autoptr (GError) cause = NULL;
  item->job = docai_client_submit_file (session_client (run->session), is_stdin ? "/dev/stdin" : item->input,
                                        is_stdin ? stdin_name != NULL ? stdin_name : "stdin" : NULL,
                                        run->options, flags, &cause);
  run->busy = !no_wait && g_error_matches (cause, DOCAI_ERROR, DOCAI_ERROR_BUSY);
  if (run->busy)
    return TRUE;
  run->n_submitted++;
  if (item->job != NULL)
    return TRUE;
  if (is_fatal (cause))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  item->failure = g_steal_pointer (&cause);
  item->ended = TRUE;
  return TRUE;
}

/* ---- results ------------------------------------------------------------ */

static char *
write_document (const DocaiDocument *document, gsize *length)
{
  if (format == DOCAI_FORMAT_JSON)
    return docai_document_to_json (document, pretty, length);
  return docai_export (document, format, length);
}

/* The result of a document that the daemon has none for. */
static char *
make_failed_result (const Item *item, gsize *length)
{
  g_autofree char *name = g_path_get_basename (item->input);
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autoptr (DocaiDocument) document = docai_document_new_failed (
    item->job, valid, 0, docai_client_error_name (item->failure), item->failure->message);
  return write_document (document, length);
}

/* Tells what a result that is not complete lacks. */
static void
tell_shortcomings (Run *run, const Item *item, const DocaiDocument *document)
{
  if (document->status == DOCAI_STATUS_COMPLETE)
    return;
  progress_clear (run->progress);
  if (document->status == DOCAI_STATUS_FAILED)
    {
      g_autoptr (GError) failure = result_error (document);
      note_status (run, cli_fail (item->shown, failure));
      return;
    }
  for (guint i = 0; i < document->warnings->len && !quiet; i++)
    {
      const DocaiWarning *warning = document->warnings->pdata[i];
      cli_say ("%s: warning: %s (%s)", item->shown, warning->text, warning->code);
    }
  if (strict)
    {
      cli_say ("%s: the result is incomplete", item->shown);
      note_status (run, 65);
    }
}

/* The text to be written for an ended job. */
static char *
fetch_result (Run *run, Item *item, gsize *length, GError **error)
{
  gsize            json_length = 0;
  g_autofree char *json = NULL;
  g_autoptr (DocaiDocument) document = result_fetch (session_client (run->session), item->job, &json, &json_length, error);
  if (document == NULL)
    return NULL;
  tell_shortcomings (run, item, document);
  if (format == DOCAI_FORMAT_JSON && !pretty)
    {
      *length = json_length;
      return g_steal_pointer (&json);
    }
  return write_document (document, length);
}

/* Fetches and writes the next result in order. Only trouble with the daemon or
 * with writing ends the run. */
static gboolean
deliver_next (Run *run, GError **error)
{
  Item            *item = &run->items[run->n_delivered];
  gsize            length = 0;
  g_autofree char *text = NULL;
  if (item->failure == NULL)
    {
      text = fetch_result (run, item, &length, &item->failure);
      if (text == NULL && is_fatal (item->failure))
        {
          g_propagate_error (error, g_steal_pointer (&item->failure));
          return FALSE;
        }
    }
  progress_clear (run->progress);
  if (item->failure != NULL)
    {
      note_status (run, cli_fail (item->shown, item->failure));
      text = make_failed_result (item, &length);
    }
  run->n_delivered++;
  progress_ended (run->progress);
  return output_deliver (run->output, item->path, text, length, error);
}

/* ---- the run ------------------------------------------------------------ */

static Item *
find_item (Run *run, const char *job)
{
  for (int i = run->n_delivered; i < run->n_submitted; i++)
    if (g_strcmp0 (run->items[i].job, job) == 0 && !run->items[i].ended)
      return &run->items[i];
  return NULL;
}

static void
take_event (Run *run, const DocaiClientEvent *event)
{
  Item *item = find_item (run, docai_client_event_job (event));
  if (item == NULL)
    return;
  progress_event (run->progress, item->shown, event);
  if (!docai_client_event_is_final (event))
    return;
  item->ended = TRUE;
  run->busy = FALSE;
  if (strcmp (docai_client_event_state (event), "cancelled") == 0)
    g_set_error_literal (&item->failure, DOCAI_ERROR, DOCAI_ERROR_CANCELLED,
                         docai_error_sentence (DOCAI_ERROR_CANCELLED));
}

/* Waits for news from the daemon or for a signal. */
static gboolean
await_news (Run *run, int signal_fd, GError **error)
{
  DocaiClient *client = session_client (run->session);
  gboolean     news = FALSE;
  for (;;)
    {
      g_autoptr (GError) cause = NULL;
      g_autoptr (DocaiClientEvent) event = docai_client_next_event (client, 0, &cause);
      if (cause != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      if (event == NULL)
        break;
      take_event (run, event);
      news = TRUE;
    }
  if (news)
    return TRUE;
  struct pollfd fds[] = { { docai_client_fd (client), POLLIN, 0 }, { signal_fd, POLLIN, 0 } };
  gboolean      idle = run->busy && run->n_submitted == run->n_delivered;
  (void) poll (fds, 2, idle ? BUSY_RETRY_MS : LIVENESS_MS);
  if (idle)
    run->busy = FALSE;
  return TRUE;
}

static gboolean
may_submit (const Run *run)
{
  return run->n_submitted < run->n_items && run->n_submitted - run->n_delivered < AHEAD && !run->busy;
}

static gboolean
run_to_end (Run *run, int signal_fd, GError **error)
{
  while (run->n_delivered < run->n_items && cli_signal () == 0)
    {
      gboolean ready = run->n_delivered < run->n_submitted && run->items[run->n_delivered].ended;
      if (ready && !deliver_next (run, error))
        return FALSE;
      if (!ready && may_submit (run))
        {
          if (!submit_next (run, error))
            return FALSE;
        }
      else if (!ready && !await_news (run, signal_fd, error))
        return FALSE;
    }
  return TRUE;
}

/* Submits all and prints the ids, one a line; an empty line for a refused one. */
static gboolean
run_without_waiting (Run *run, GError **error)
{
  while (run->n_submitted < run->n_items && cli_signal () == 0)
    {
      if (!submit_next (run, error))
        return FALSE;
      const Item *item = &run->items[run->n_submitted - 1];
      if (item->failure != NULL)
        note_status (run, cli_fail (item->shown, item->failure));
      printf ("%s\n", item->job != NULL ? item->job : "");
      if (fflush (stdout) != 0)
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_CANNOT_WRITE, "standard output cannot be written");
          return FALSE;
        }
    }
  return TRUE;
}

/* After a signal or a fatal error nobody will read the results. */
static void
cancel_jobs (Run *run)
{
  int cancelled = 0;
  docai_client_set_timeout (session_client (run->session), CANCEL_TIMEOUT_MS);
  for (int i = run->n_delivered; i < run->n_submitted; i++)
    {
      g_autoptr (GError) error = NULL;
      if (run->items[i].job == NULL || run->items[i].ended)
        continue;
      if (docai_client_cancel (session_client (run->session), run->items[i].job, &error))
        cancelled++;
      else if (is_fatal (error))
        break;
    }
  progress_clear (run->progress);
  if (cancelled > 0 && !quiet)
    cli_say ("cancelled %d job%s", cancelled, cancelled == 1 ? "" : "s");
}

/* ---- command line ------------------------------------------------------- */

/* -1, or the exit status for a command line that makes no sense. */
static int
check_arguments (int n_inputs)
{
  int n_stdin = 0;
  if (n_inputs == 0)
    return cli_usage ("no document is named; - stands for standard input");
  if (format_name != NULL && !docai_format_lookup (format_name, &format))
    return cli_usage ("format \"%s\" is none of %s", format_name, docai_format_names ());
  for (char **input = inputs; *input != NULL; input++)
    n_stdin += strcmp (*input, "-") == 0;
  if (n_stdin > 1)
    return cli_usage ("standard input can be read only once");
  if (no_wait && target != NULL)
    return cli_usage ("--no-wait and --output exclude each other");
  gboolean to_stdout = target == NULL || strcmp (target, "-") == 0;
  if (n_inputs > 1 && to_stdout && !no_wait
      && (format == DOCAI_FORMAT_XML || format >= DOCAI_FORMAT_HTML))
    return cli_usage ("several results in this format need a folder: --output DIR");
  if (to_stdout && n_inputs == 1 && isatty (STDOUT_FILENO))
    pretty = TRUE;
  return -1;
}

/* What cannot be read needs no daemon; TRUE when there is something to submit. */
static gboolean
check_inputs (Run *run)
{
  int readable = 0;
  for (int i = 0; i < run->n_items; i++)
    {
      Item *item = &run->items[i];
      if (g_file_test (item->input, G_FILE_TEST_IS_DIR))
        errno = EISDIR;
      else if (strcmp (item->input, "-") == 0 || access (item->input, R_OK) == 0)
        {
          readable++;
          continue;
        }
      item->failure = g_error_new_literal (DOCAI_ERROR, DOCAI_ERROR_FILE_NOT_READABLE, g_strerror (errno));
      item->ended = TRUE;
    }
  return readable > 0;
}

static void
plan_items (Run *run, int n_inputs)
{
  run->items = g_new0 (Item, n_inputs);
  run->n_items = n_inputs;
  for (int i = 0; i < n_inputs; i++)
    {
      Item *item = &run->items[i];
      g_autofree char *base = g_path_get_basename (inputs[i]);
      item->input = inputs[i];
      item->shown = cli_printable (strcmp (inputs[i], "-") == 0 ? "standard input" : base);
      item->path = output_plan (run->output, strcmp (inputs[i], "-") == 0 && stdin_name != NULL ? stdin_name : inputs[i]);
      g_autofree char *plain = output_name (base, docai_format_name (format), FALSE);
      g_autofree char *planned = item->path != NULL ? g_path_get_basename (item->path) : NULL;
      if (n_inputs > 1 && planned != NULL && strcmp (inputs[i], "-") != 0 && strcmp (plain, planned) != 0 && !quiet)
        cli_say ("%s: another document has the name %s; this result becomes %s", item->shown, plain, planned);
    }
}

static void
clear_run (Run *run)
{
  for (int i = 0; i < run->n_items; i++)
    {
      g_free (run->items[i].shown);
      g_free (run->items[i].path);
      g_free (run->items[i].job);
      g_clear_error (&run->items[i].failure);
    }
  g_free (run->items);
  g_free (run->options);
  progress_free (run->progress);
  output_free (run->output);
  session_close (run->session);
}

static gboolean
read_options (Run *run, GError **error)
{
  json_t *object = job_options_read (error);
  if (object == NULL)
    return FALSE;
  char *text = json_dumps (object, JSON_COMPACT);
  run->options = g_strdup (text);
  free (text);
  json_decref (object);
  return TRUE;
}

static gboolean
open_run (Run *run, int n_inputs, GError **error)
{
  if (!read_options (run, error))
    return FALSE;
  run->output = output_new (target, n_inputs > 1, format, error);
  if (run->output == NULL)
    return FALSE;
  run->progress = progress_new (quiet || no_wait, n_inputs);
  plan_items (run, n_inputs);
  if (!check_inputs (run))
    return TRUE;
  run->session = session_open (endpoint, !no_wait && !no_private, error);
  if (run->session == NULL)
    return FALSE;
  if (session_is_private (run->session) && !quiet)
    cli_say ("no daemon answers; using a private one");
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  Run run = { 0 };
  g_option_context_set_summary (context, "Reads documents and prints what stands in them.");
  g_option_context_add_main_entries (context, entries, NULL);
  job_options_add (context);
  g_auto (GStrv) arguments = g_strdupv (argv);
  int status = cli_parse (context, &argc, &arguments);
  job_options_hide_password (argv + 1);
  int n_inputs = inputs != NULL ? (int) g_strv_length (inputs) : 0;
  if (status < 0)
    status = check_arguments (n_inputs);
  if (status >= 0)
    return status;

  int signal_fd = cli_catch_signals ();
  if (!open_run (&run, n_inputs, &error)
      || !(no_wait ? run_without_waiting (&run, &error) : run_to_end (&run, signal_fd, &error)))
    {
      if (run.progress != NULL)
        progress_clear (run.progress);
      note_status (&run, cli_fail (NULL, error));
    }
  if (run.session != NULL && !no_wait && run.n_delivered < run.n_submitted)
    cancel_jobs (&run);
  status = run.status;
  clear_run (&run);
  if (cli_signal () != 0)
    cli_die_of_signal ();
  return status;
}
