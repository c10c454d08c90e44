/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Stages for fault injection: the document is a text that says what shall
 * happen at each page. The graph, the worker's loop and merge are the real ones.
 *
 *   docai-test
 *   pages=3
 *   refuse=CODE            probe fails
 *   2=crash                page 2: crash, hang, mute, exit, fill (memory), fail CODE,
 *                          slow MS, await PATH (until it is there), once PATH (crashes unless PATH exists, and makes it)
 *   document=crash         the same for the document
 */
#include "pipeline/stage.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGES_MAX 10000

static char *
look_up (const DocaiTask *task, const char *key)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents (task->source_path, &text, NULL, NULL)
      || !g_str_has_prefix (text, "docai-test\n"))
    return NULL;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *start = g_strconcat (key, "=", NULL);
  for (char **line = lines; *line != NULL; line++)
    if (g_str_has_prefix (*line, start))
      return g_strdup (*line + strlen (start));
  return NULL;
}

static gboolean
fail_with (const char *name, GError **error)
{
  DocaiErrorCode code = DOCAI_ERROR_INTERNAL;
  docai_error_lookup (name, &code);
  g_set_error_literal (error, DOCAI_ERROR, (int) code, docai_error_sentence (code));
  return FALSE;
}

static void
fill_memory (void)
{
  for (;;)
    {
      char *block = malloc (16 << 20);
      if (block == NULL)
        abort ();
      memset (block, 1, 16 << 20);
      g_usleep (1000);
    }
}

static void
crash_once (const char *path)
{
  int fd = open (path, O_CREAT | O_EXCL | O_WRONLY, 0600);
  if (fd < 0)
    return;
  close (fd);
  kill (getpid (), SIGKILL);
}

static gboolean
obey (const char *order, GError **error)
{
  if (order == NULL || strcmp (order, "ok") == 0)
    return TRUE;
  if (strcmp (order, "crash") == 0)
    kill (getpid (), SIGSEGV);
  if (strcmp (order, "exit") == 0)
    _exit (3);
  if (strcmp (order, "mute") == 0)
    kill (getpid (), SIGSTOP);
  if (strcmp (order, "fill") == 0)
    fill_memory ();
  while (strcmp (order, "hang") == 0)
    pause ();
  if (g_str_has_prefix (order, "once "))
    crash_once (order + 5);
  while (g_str_has_prefix (order, "await ") && access (order + 6, F_OK) != 0)
    g_usleep (5000);
  if (g_str_has_prefix (order, "slow "))
    g_usleep ((gulong) atoi (order + 5) * 1000);
  if (g_str_has_prefix (order, "fail "))
    return fail_with (order + 5, error);
  return TRUE;
}

static gboolean
run_probe (gpointer engine, const DocaiTask *task, DocaiDocument *document, DocaiPage *page,
           GError **error)
{
  g_autofree char *pages = look_up (task, "pages");
  g_autofree char *refuse = look_up (task, "refuse");
  g_autofree char *order = look_up (task, "source");

  if (refuse != NULL)
    return fail_with (refuse, error);
  if (pages == NULL)
    return fail_with ("type_unsupported", error);
  if (!obey (order, error))
    return FALSE;
  g_autofree char *text = NULL;
  gsize length = 0;
  g_file_get_contents (task->source_path, &text, &length, NULL);
  document->source->media_type = g_strdup ("text/plain");
  document->source->sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, (gssize) length);
  document->source->bytes = (gint64) length;
  document->source->pages = CLAMP (atoi (pages), 0, PAGES_MAX);
  return TRUE;
}

static gboolean
run_rasterize (gpointer engine, const DocaiTask *task, DocaiDocument *document, DocaiPage *page,
               GError **error)
{
  g_autofree char *key = g_strdup_printf ("%d", page->number);
  g_autofree char *order = look_up (task, key);

  page->width = 595;
  page->height = 842;
  return obey (order, error);
}

/* One region, so that a result shows which page it is. */
static gboolean
run_layout (gpointer engine, const DocaiTask *task, DocaiDocument *document, DocaiPage *page,
            GError **error)
{
  DocaiBox box = { 72, 72, 300, 90 };
  DocaiRegion *region = docai_region_new (DOCAI_LABEL_TEXT, box, 1);
  DocaiLine *line = docai_line_new ();
  g_autofree char *text = g_strdup_printf ("page-%d", page->number);

  g_ptr_array_add (line->words, docai_word_new (text, box, 1));
  docai_line_update (line);
  g_ptr_array_add (region->lines, line);
  docai_region_update_text (region);
  g_ptr_array_add (page->regions, region);
  page->text_source = DOCAI_TEXT_PDF;
  return TRUE;
}

static gboolean
run_nothing (gpointer engine, const DocaiTask *task, DocaiDocument *document, DocaiPage *page,
             GError **error)
{
  return TRUE;
}

static gboolean
run_extract (gpointer engine, const DocaiTask *task, DocaiDocument *document, DocaiPage *page,
             GError **error)
{
  g_autofree char *order = look_up (task, "document");
  return obey (order, error);
}

const DocaiStage docai_probe_stage = { "probe", DOCAI_SCOPE_SOURCE, NULL, NULL, run_probe };
const DocaiStage docai_rasterize_stage = { "rasterize", DOCAI_SCOPE_PAGE, NULL, NULL, run_rasterize };
const DocaiStage docai_layout_stage = { "layout", DOCAI_SCOPE_PAGE, NULL, NULL, run_layout };
const DocaiStage docai_ocr_stage = { "ocr", DOCAI_SCOPE_PAGE, NULL, NULL, run_nothing };
const DocaiStage docai_table_stage = { "table", DOCAI_SCOPE_PAGE, NULL, NULL, run_nothing };
const DocaiStage docai_vlm_stage = { "vlm", DOCAI_SCOPE_PAGE, NULL, NULL, run_nothing };
const DocaiStage docai_extract_stage = { "extract", DOCAI_SCOPE_DOCUMENT, NULL, NULL, run_extract };
const DocaiStage docai_understand_stage = { "understand", DOCAI_SCOPE_DOCUMENT, NULL, NULL, run_nothing };
