/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Progress of one or many documents.
 */
#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BAR_CELLS 24
#define NARROW_COLUMNS 60 /* below it the bar is left out */
#define REDRAW_US 40000

struct Progress {
  gboolean quiet, terminal, drawn;
  int      documents, ended;
  gint64   drawn_at;
};

Progress *
progress_new (gboolean quiet, int n_documents)
{
  Progress   *progress = g_new0 (Progress, 1);
  const char *term = g_getenv ("TERM");
  progress->quiet = quiet;
  progress->terminal = isatty (STDERR_FILENO) && g_strcmp0 (term, "dumb") != 0;
  progress->documents = n_documents;
  return progress;
}

void
progress_free (Progress *progress)
{
  if (progress == NULL)
    return;
  progress_clear (progress);
  g_free (progress);
}

void
progress_clear (Progress *progress)
{
  if (!progress->drawn)
    return;
  fputs ("\r\033[K", stderr);
  fflush (stderr);
  progress->drawn = FALSE;
}

static int
terminal_columns (void)
{
  struct winsize size;
  return ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/* As much of a name as fits, its end first: that is where names differ. */
static const char *
tail_of (const char *name, glong room)
{
  glong length = g_utf8_strlen (name, -1);
  return length > room ? g_utf8_offset_to_pointer (name, length - room) : name;
}

static void
draw_bar (Progress *progress, const char *shown, const DocaiClientEvent *event)
{
  int      pages = docai_client_event_pages (event), done = docai_client_event_done (event);
  int      columns = terminal_columns ();
  GString *line = g_string_new ("\r\033[K");
  if (columns >= NARROW_COLUMNS && pages > 0)
    {
      int full = (int) ((gint64) BAR_CELLS * MIN (done, pages) / pages);
      g_string_append_c (line, '[');
      for (int i = 0; i < BAR_CELLS; i++)
        g_string_append_c (line, i < full ? '#' : '.');
      g_string_append (line, "] ");
    }
  if (pages > 0)
    g_string_append_printf (line, "%d/%d pages  ", done, pages);
  if (progress->documents > 1)
    g_string_append_printf (line, "%d/%d documents  ", progress->ended, progress->documents);
  glong used = (glong) line->len - (glong) strlen ("\r\033[K");
  if (columns - used > 4)
    g_string_append (line, tail_of (shown, columns - used - 1));
  fputs (line->str, stderr);
  fflush (stderr);
  g_string_free (line, TRUE);
  progress->drawn = TRUE;
  progress->drawn_at = g_get_monotonic_time ();
}

void
progress_event (Progress *progress, const char *shown, const DocaiClientEvent *event)
{
  if (progress->quiet)
    return;
  if (progress->terminal)
    {
      if (g_get_monotonic_time () - progress->drawn_at >= REDRAW_US)
        draw_bar (progress, shown, event);
      return;
    }
  int page = docai_client_event_page (event);
  int pages = docai_client_event_pages (event), done = docai_client_event_done (event);
  if (page == 0 || docai_client_event_is_final (event))
    return;
  const char *code = docai_client_event_code (event);
  fprintf (stderr, "%s: page %d%s%s%s, %d of %d\n", shown, page, code != NULL ? " failed (" : "",
           code != NULL ? code : "", code != NULL ? ")" : "", done, pages);
}

void
progress_ended (Progress *progress)
{
  progress->ended++;
}
