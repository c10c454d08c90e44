/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The first stage: what kind of file, how many pages, what it says of itself,
 * and whether it keeps within the bounds. Whatever can be refused by looking
 * at headers is refused here, before anything is unpacked.
 */
#include "base/sha256.h"
#include "pipeline/rasterize/image.h"
#include "pipeline/rasterize/inflate-scan.h"
#include "pipeline/rasterize/pdf.h"
#include "pipeline/rasterize/rasterize.h"
#include "pipeline/rasterize/source.h"

#include <sys/stat.h>

DocaiSourceFile *
docai_source_file_open (const DocaiTask *task, GError **error)
{
  struct stat status;
  g_autoptr (GError) cause = NULL;
  gint64 limit = task->settings->limits.file_bytes;
  if (stat (task->source_path, &status) == 0 && status.st_size > limit)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_FILE_SIZE_LIMIT,
                   "the file has %" G_GINT64_FORMAT " bytes, more than %" G_GINT64_FORMAT,
                   (gint64) status.st_size, limit);
      return NULL;
    }
  g_autoptr (DocaiSourceFile) source = g_new0 (DocaiSourceFile, 1);
  source->file = g_mapped_file_new (task->source_path, FALSE, &cause);
  if (source->file == NULL)
    {
      g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_FILE_NOT_READABLE, cause->message);
      return NULL;
    }
  source->data = (const guint8 *) g_mapped_file_get_contents (source->file);
  source->size = g_mapped_file_get_length (source->file);
  if (source->size == 0)
    {
      g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_FILE_EMPTY,
                           docai_error_sentence (DOCAI_ERROR_FILE_EMPTY));
      return NULL;
    }
  source->media = docai_media_sniff (source->data, source->size);
  if (source->media == DOCAI_MEDIA_UNKNOWN)
    {
      g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_TYPE_UNSUPPORTED,
                           docai_error_sentence (DOCAI_ERROR_TYPE_UNSUPPORTED));
      return NULL;
    }
  return g_steal_pointer (&source);
}

void
docai_source_file_close (DocaiSourceFile *source)
{
  if (source == NULL)
    return;
  g_clear_pointer (&source->file, g_mapped_file_unref);
  g_free (source);
}

/* Counts the pages that the job asks for. NULL with NO_PAGES, PAGE_RANGE or
 * PAGE_COUNT_LIMIT; free with g_free. */
static gboolean *
wanted_pages (const DocaiTask *task, int n_pages, GError **error)
{
  int n_wanted = 0, limit = task->settings->limits.pages;
  if (n_pages <= 0)
    {
      g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_NO_PAGES,
                           docai_error_sentence (DOCAI_ERROR_NO_PAGES));
      return NULL;
    }
  g_autofree gboolean *wanted = docai_page_range_parse (task->options->pages, n_pages, error);
  if (wanted == NULL)
    return NULL;
  for (int i = 0; i < n_pages; i++)
    n_wanted += wanted[i];
  if (n_wanted > limit)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_PAGE_COUNT_LIMIT, "%d pages, more than %d",
                   n_wanted, limit);
      return NULL;
    }
  return g_steal_pointer (&wanted);
}

static gboolean
probe_pdf (const DocaiTask *task, const DocaiSourceFile *file, DocaiSource *source, GError **error)
{
  gint64 limit = task->settings->limits.inflate_bytes;
  if (!docai_inflate_scan (file->data, file->size, limit, error))
    return FALSE;
  DocaiPdf *pdf = docai_pdf_peek (task->source_path, task->options->password, error);
  if (pdf == NULL)
    return FALSE;
  source->pages = docai_pdf_n_pages (pdf);
  g_autofree gboolean *wanted = wanted_pages (task, source->pages, error);
  if (wanted == NULL)
    return FALSE;
  docai_pdf_describe (pdf, limit, source);
  return TRUE;
}

/* A document is refused when none of the frames that are asked for may be
 * decoded; a single one among others only costs its page. */
static gboolean
probe_image (const DocaiTask *task, const DocaiSourceFile *file, DocaiSource *source,
             GError **error)
{
  g_autoptr (GArray) frames = docai_media_read_frames (file->media, file->data, file->size, error);
  if (frames == NULL)
    return FALSE;
  source->pages = (int) frames->len;
  g_autofree gboolean *wanted = wanted_pages (task, source->pages, error);
  if (wanted == NULL)
    return FALSE;
  g_autoptr (GError) trouble = NULL;
  for (guint i = 0; i < frames->len; i++)
    {
      GError **first = trouble == NULL ? &trouble : NULL;
      if (wanted[i]
          && docai_image_check (&g_array_index (frames, DocaiFrame, i), &task->settings->limits,
                                first))
        return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}

static gboolean
probe_run (gpointer engine, const DocaiTask *task, DocaiDocument *document, DocaiPage *page,
           GError **error)
{
  g_autoptr (DocaiSourceFile) file = docai_source_file_open (task, error);
  if (file == NULL)
    return FALSE;
  DocaiSource *source = document->source;
  source->bytes = (gint64) file->size;
  g_free (source->media_type);
  source->media_type = g_strdup (docai_media_name (file->media));
  g_free (source->sha256);
  source->sha256 = docai_sha256_of (file->data, file->size);
  gboolean is_pdf = file->media == DOCAI_MEDIA_PDF;
  if (!(is_pdf ? probe_pdf : probe_image) (task, file, source, error))
    return FALSE;
  docai_document_record_stage (
      document, "probe", is_pdf ? docai_pdf_engine () : docai_rasterize_image_engine (), NULL);
  return TRUE;
}

const DocaiStage docai_probe_stage = { .name = "probe",
                                       .scope = DOCAI_SCOPE_SOURCE,
                                       .run = probe_run };
