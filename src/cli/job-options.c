/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Job options on the command line: each sets one member of the job's options,
 * checked here already so that a slip is told before anything is sent.
 */
#include "cli/job-options.h"

#include "cli/cli.h"

#include <string.h>

#define PASSWORD_OPTION "--password"
#define SCHEMA_MAX_BYTES 65536

static char    *pages, *languages, *profile, *priority, *ocr, *vlm, *extract;
static char    *schema_path, *password, *password_path;
static char   **questions;
static gboolean no_vlm, no_tables;
static int      dpi;

/* Texts are taken as FILENAME, that is as bytes: GLib would convert a STRING from
 * the locale's charset, which fails for UTF-8 in the C locale. */
static const GOptionEntry entries[] = {
  { "pages", 0, 0, G_OPTION_ARG_FILENAME, &pages, "Read only these pages, such as 1-3,7", "RANGES" },
  { "lang", 'l', 0, G_OPTION_ARG_FILENAME, &languages, "Languages of the text, such as eng+deu", "LANGS" },
  { "profile", 'p', 0, G_OPTION_ARG_FILENAME, &profile, "Start from this set of options", "NAME" },
  { "priority", 0, 0, G_OPTION_ARG_FILENAME, &priority, "interactive or batch", "CLASS" },
  { "password", 0, 0, G_OPTION_ARG_FILENAME, &password, "Password of encrypted documents", "TEXT" },
  { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &password_path, "Read the password from a file's first line", "FILE" },
  { "ocr", 0, 0, G_OPTION_ARG_FILENAME, &ocr, "Recognise text: auto, always or never", "WHEN" },
  { "dpi", 0, 0, G_OPTION_ARG_INT, &dpi, "Resolution at which drawn pages are recognised", "DPI" },
  { "no-tables", 0, 0, G_OPTION_ARG_NONE, &no_tables, "Do not look for tables", NULL },
  { "extract", 0, 0, G_OPTION_ARG_FILENAME, &extract, "Fields: auto, invoice, receipt or none", "KIND" },
  { "vlm", 0, 0, G_OPTION_ARG_FILENAME, &vlm, "Vision-language model: none, builtin or openai", "BACKEND" },
  { "no-vlm", 0, 0, G_OPTION_ARG_NONE, &no_vlm, "The same as --vlm=none", NULL },
  { "ask", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &questions, "Ask about the document (repeatable)", "QUESTION" },
  { "schema", 0, 0, G_OPTION_ARG_FILENAME, &schema_path, "JSON schema of fields to fill", "FILE" },
  G_OPTION_ENTRY_NULL
};

void
job_options_add (GOptionContext *context)
{
  g_option_context_add_main_entries (context, entries, NULL);
}

/* The password, or NULL; FALSE when its file cannot be read. */
static gboolean
find_password (char **found, GError **error)
{
  *found = NULL;
  if (password != NULL)
    *found = g_strdup (password);
  else if (password_path != NULL)
    {
      *found = cli_read_password (password_path, error);
      if (*found == NULL)
        return FALSE;
    }
  else
    *found = g_strdup (g_getenv ("DOCAI_PASSWORD"));
  g_unsetenv ("DOCAI_PASSWORD");
  return TRUE;
}

/* NULL sets nothing. BAD_OPTION when the value is no UTF-8. */
static gboolean
set_text (json_t *object, const char *name, const char *value, GError **error)
{
  if (value == NULL || json_object_set_new (object, name, json_string (value)) == 0)
    return TRUE;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "option \"%s\": not UTF-8", name);
  return FALSE;
}

static gboolean
set_schema (json_t *object, GError **error)
{
  if (schema_path == NULL)
    return TRUE;
  g_autofree char *text = cli_read_text (schema_path, SCHEMA_MAX_BYTES, error);
  if (text == NULL)
    return FALSE;
  json_error_t where;
  json_t      *parsed = json_loads (text, JSON_REJECT_DUPLICATES, &where);
  if (!json_is_object (parsed))
    {
      json_decref (parsed);
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "%s: no JSON schema: %s, line %d",
                   schema_path, where.text[0] != '\0' ? where.text : "not an object", where.line);
      return FALSE;
    }
  json_decref (parsed);
  return set_text (object, "schema", text, error);
}

static gboolean
set_questions (json_t *object, GError **error)
{
  if (questions == NULL)
    return TRUE;
  json_t *list = json_array ();
  json_object_set_new (object, "ask", list);
  for (char **question = questions; *question != NULL; question++)
    if (json_array_append_new (list, json_string (*question)) != 0)
      {
        g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "option \"ask\": not UTF-8");
        return FALSE;
      }
  return TRUE;
}

/* Everything but the password. */
static gboolean
set_members (json_t *object, GError **error)
{
  if (no_tables)
    json_object_set_new (object, "tables", json_false ());
  if (dpi != 0)
    json_object_set_new (object, "dpi", json_integer (dpi));
  return set_text (object, "profile", profile, error) && set_text (object, "lang", languages, error)
         && set_text (object, "pages", pages, error) && set_text (object, "ocr", ocr, error)
         && set_text (object, "vlm", no_vlm ? "none" : vlm, error)
         && set_text (object, "extract", extract, error)
         && set_text (object, "priority", priority, error) && set_schema (object, error)
         && set_questions (object, error);
}

json_t *
job_options_read (GError **error)
{
  g_autofree char *secret = NULL;
  json_t          *object = json_object ();
  g_autoptr (DocaiOptions) checked = docai_options_new ();
  if (!find_password (&secret, error) || !set_text (object, "password", secret, error)
      || !set_members (object, error) || !docai_options_apply_json (checked, object, error))
    g_clear_pointer (&object, json_decref);
  return object;
}

void
job_options_hide_password (char **argv)
{
  for (; *argv != NULL && strcmp (*argv, "--") != 0; argv++)
    {
      char *value = NULL;
      if (strcmp (*argv, PASSWORD_OPTION) == 0 && argv[1] != NULL)
        value = *++argv;
      else if (g_str_has_prefix (*argv, PASSWORD_OPTION "="))
        value = *argv + strlen (PASSWORD_OPTION "=");
      if (value != NULL)
        memset (value, 'x', strlen (value));
    }
}
