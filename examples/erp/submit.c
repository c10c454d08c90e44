/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A client in C, as an ERP system could use it: submits the documents named on
 * the command line, waits, and prints one line of invoice data for each.
 *
 *   cc -o submit submit.c $(pkg-config --cflags --libs docai jansson)
 *   ./submit invoice-1.pdf invoice-2.pdf
 *
 * All documents are submitted first, so that they are read side by side.
 */
#include <docai.h>

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const char *const fields[] = { "VendorName", "InvoiceId", "InvoiceDate", "InvoiceTotal" };

/* The value of a field, or "?" where it is missing or was not found on the page:
 * what is not grounded must be looked at by a person. */
static const char *
field_value (const json_t *result, const char *name)
{
  const json_t *field = json_object_get (json_object_get (result, "fields"), name);
  const char   *value = json_string_value (json_object_get (field, "value"));
  return value != NULL && json_is_true (json_object_get (field, "grounded")) ? value : "?";
}

static gboolean
print_result (const char *path, const char *text, gsize length)
{
  json_t     *result = json_loadb (text, length, 0, NULL);
  const char *status = json_string_value (json_object_get (result, "status"));
  gboolean    ok = status != NULL && strcmp (status, "failed") != 0;
  printf ("%s\t%s", path, status != NULL ? status : "unreadable");
  if (ok)
    for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
      printf ("\t%s", field_value (result, fields[i]));
  else
    printf ("\t%s", json_string_value (json_object_get (json_object_get (result, "error"), "text")));
  putchar ('\n');
  json_decref (result);
  return ok;
}

/* Waits for one job and prints its result. */
static gboolean
finish (DocaiClient *client, const char *path, const char *job, GError **error)
{
  g_autoptr (DocaiClientEvent) end = docai_client_wait (client, job, -1, error);
  if (end == NULL)
    return FALSE;
  gsize            length = 0;
  g_autofree char *text = docai_client_result (client, job, "json", &length, error);
  return text != NULL && print_result (path, text, length);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (DocaiClient) client = docai_client_new (NULL, &error);
  int status = 0;
  if (client == NULL)
    {
      fprintf (stderr, "%s (%s)\n", error->message, docai_client_error_name (error));
      return docai_client_error_exit_status (error);
    }
  for (int i = 1; i < argc; i++)
    {
      char *job = docai_client_submit_file (client, argv[i], NULL, "{\"profile\":\"invoice\"}", 0, &error);
      g_ptr_array_add (jobs, job);
      if (job == NULL)
        {
          fprintf (stderr, "%s: %s (%s)\n", argv[i], error->message, docai_client_error_name (error));
          status = docai_client_error_exit_status (error);
          g_clear_error (&error);
        }
    }
  for (int i = 1; i < argc; i++)
    {
      const char *job = jobs->pdata[i - 1];
      if (job == NULL || finish (client, argv[i], job, &error))
        continue;
      if (error != NULL)
        fprintf (stderr, "%s: %s (%s)\n", argv[i], error->message, docai_client_error_name (error));
      status = error != NULL ? docai_client_error_exit_status (error) : 65;
      g_clear_error (&error);
    }
  return status;
}
