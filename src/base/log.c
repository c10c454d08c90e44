/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writes the lines of the log.
 */
#include "base/log.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
  char          *program;
  gboolean       json;
  GLogLevelFlags least;
} state;

static const struct {
  GLogLevelFlags level;
  const char    *name;
} levels[] = {
  { G_LOG_LEVEL_ERROR, "error" },     { G_LOG_LEVEL_CRITICAL, "error" },
  { G_LOG_LEVEL_WARNING, "warning" }, { G_LOG_LEVEL_MESSAGE, "info" },
  { G_LOG_LEVEL_INFO, "info" },       { G_LOG_LEVEL_DEBUG, "debug" },
};

static const char *
level_name (GLogLevelFlags level)
{
  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    if ((level & levels[i].level) != 0)
      return levels[i].name;
  return "info";
}

static const char *
field (const GLogField *fields, gsize n_fields, const char *key)
{
  for (gsize i = 0; i < n_fields; i++)
    if (strcmp (fields[i].key, key) == 0 && fields[i].length < 0)
      return fields[i].value;
  return "";
}

static char *
format_line (const char *time, const char *level, const char *job, const char *message)
{
  g_autofree char *clean = g_utf8_make_valid (message, -1);

  if (!state.json)
    {
      /* A line stays a line, whatever a peer has put into a name. */
      for (char *c = clean; *c != '\0'; c++)
        if ((guchar) *c < ' ')
          *c = ' ';
      return g_strdup_printf ("%s %s[%d] %s: %s%s%s\n", time, state.program, (int) getpid (), level,
                              *job != '\0' ? job : "", *job != '\0' ? ": " : "", clean);
    }
  json_t *object = json_pack ("{s:s, s:s, s:i, s:s, s:s}", "time", time, "program", state.program,
                              "pid", (int) getpid (), "level", level, "message", clean);
  if (*job != '\0')
    json_object_set_new (object, "job", json_string (job));
  char *dumped = json_dumps (object, JSON_COMPACT);
  char *line = g_strconcat (dumped, "\n", NULL);
  free (dumped);
  json_decref (object);
  return line;
}

static GLogWriterOutput
write_line (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  if ((level & G_LOG_LEVEL_MASK) > state.least)
    return G_LOG_WRITER_HANDLED;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S.%fZ");
  g_autofree char *line = format_line (time, level_name (level),
                                       field (fields, n_fields, "DOCAI_JOB"),
                                       field (fields, n_fields, "MESSAGE"));
  /* One write a line, so that lines of several processes do not mix. A log that
   * cannot be written is no reason to stop. */
  if (write (STDERR_FILENO, line, strlen (line)) < 0)
    return G_LOG_WRITER_UNHANDLED;
  return G_LOG_WRITER_HANDLED;
}

void
docai_log_init (const char *program, const char *format, const char *level)
{
  gboolean first = state.program == NULL;

  g_free (state.program);
  state.program = g_strdup (program);
  state.json = g_strcmp0 (format, "json") == 0;
  state.least = g_strcmp0 (level, "debug") == 0     ? G_LOG_LEVEL_DEBUG
                : g_strcmp0 (level, "warning") == 0 ? G_LOG_LEVEL_WARNING
                : g_strcmp0 (level, "error") == 0   ? G_LOG_LEVEL_CRITICAL
                                                    : G_LOG_LEVEL_INFO;
  if (first)
    g_log_set_writer_func (write_line, NULL, NULL);
}
