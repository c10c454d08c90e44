/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a PDF says about itself: metadata, attachments, outline.
 */
#include "base/sha256.h"
#include "pipeline/rasterize/media.h"
#include "pipeline/rasterize/pdf-priv.h"

#include <string.h>

#define MAX_ATTACHMENTS 1000
#define MAX_OUTLINE_ITEMS 10000
#define MAX_OUTLINE_DEPTH 32

/* A clock time as ISO 8601; NULL stays NULL. Frees `time`. */
static char *
iso_time (GDateTime *time)
{
  if (time == NULL)
    return NULL;
  char *text = g_date_time_get_utc_offset (time) == 0
                   ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ")
                   : g_date_time_format (time, "%Y-%m-%dT%H:%M:%S%:z");
  g_date_time_unref (time);
  return text;
}

static char *
non_empty (char *text)
{
  if (text != NULL && *text == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

static DocaiMetadata *
read_metadata (PopplerDocument *document)
{
  DocaiMetadata *metadata = docai_metadata_new ();
  metadata->title = non_empty (poppler_document_get_title (document));
  metadata->author = non_empty (poppler_document_get_author (document));
  metadata->subject = non_empty (poppler_document_get_subject (document));
  metadata->keywords = non_empty (poppler_document_get_keywords (document));
  metadata->creator = non_empty (poppler_document_get_creator (document));
  metadata->producer = non_empty (poppler_document_get_producer (document));
  metadata->created = iso_time (poppler_document_get_creation_date_time (document));
  metadata->modified = iso_time (poppler_document_get_modification_date_time (document));
  return metadata;
}

/* The media type of an attachment by its first bytes, else by its name. */
static const char *
attachment_type (const guint8 *head, gsize length, const char *name)
{
  static const char *const by_name[][2] = {
    { ".xml", "application/xml" },
    { ".json", "application/json" },
    { ".txt", "text/plain" },
    { ".csv", "text/csv" },
    { ".html", "text/html" },
    { ".htm", "text/html" },
    { ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
    { ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
    { ".ods", "application/vnd.oasis.opendocument.spreadsheet" },
    { ".odt", "application/vnd.oasis.opendocument.text" },
    { ".zip", "application/zip" },
  };
  DocaiMedia media = docai_media_sniff (head, length);
  if (media != DOCAI_MEDIA_UNKNOWN)
    return docai_media_name (media);
  gsize bom = length >= 3 && memcmp (head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  if (length >= bom + 5 && memcmp (head + bom, "<?xml", 5) == 0)
    return "application/xml";
  g_autofree char *lower = g_ascii_strdown (name, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (by_name); i++)
    if (g_str_has_suffix (lower, by_name[i][0]))
      return by_name[i][1];
  return docai_media_name (DOCAI_MEDIA_UNKNOWN);
}

typedef struct {
  DocaiSha256 *sum;
  guint8       head[1100];
  gsize        head_length;
  gint64       bytes, limit;
} Intake;

static gboolean
take_in (const gchar *data, gsize count, gpointer user_data, GError **error)
{
  Intake *intake = user_data;
  gsize   fits = MIN (count, sizeof intake->head - intake->head_length);
  memcpy (intake->head + intake->head_length, data, fits);
  intake->head_length += fits;
  intake->bytes += (gint64) count;
  docai_sha256_update (intake->sum, data, count);
  if (intake->bytes <= intake->limit)
    return TRUE;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_INFLATE_LIMIT, "the attachment is too large");
  return FALSE;
}

static DocaiAttachment *
read_attachment (PopplerAttachment *source, gint64 limit)
{
  DocaiAttachment *attachment = docai_attachment_new (source->name != NULL ? source->name : "");
  Intake           intake = { .sum = docai_sha256_new (), .limit = limit };
  if (poppler_attachment_save_to_callback (source, take_in, &intake, NULL))
    {
      attachment->sha256 = docai_sha256_finish (intake.sum);
      attachment->bytes = intake.bytes;
    }
  attachment->media_type =
      g_strdup (attachment_type (intake.head, intake.head_length, attachment->name));
  docai_sha256_free (intake.sum);
  return attachment;
}

static void
read_attachments (PopplerDocument *document, gint64 limit, DocaiSource *source)
{
  GList *all = poppler_document_get_attachments (document);
  gint64 left = limit;
  for (GList *each = all; each != NULL && source->attachments->len < MAX_ATTACHMENTS;
       each = each->next)
    {
      DocaiAttachment *attachment = read_attachment (each->data, left);
      left -= attachment->sha256 != NULL ? attachment->bytes : left;
      g_ptr_array_add (source->attachments, attachment);
    }
  g_list_free_full (all, g_object_unref);
}

static void
read_outline (PopplerDocument *document, PopplerIndexIter *iter, int level, DocaiSource *source)
{
  do
    {
      PopplerAction *action = poppler_index_iter_get_action (iter);
      if (action != NULL)
        {
          g_ptr_array_add (source->outline,
                           docai_outline_item_new (level, action->any.title,
                                                   docai_pdf_action_page (document, action)));
          poppler_action_free (action);
        }
      PopplerIndexIter *child =
          level < MAX_OUTLINE_DEPTH ? poppler_index_iter_get_child (iter) : NULL;
      if (child != NULL)
        {
          read_outline (document, child, level + 1, source);
          poppler_index_iter_free (child);
        }
    }
  while (source->outline->len < MAX_OUTLINE_ITEMS && poppler_index_iter_next (iter));
}

void
docai_pdf_describe (const DocaiPdf *pdf, gint64 inflate_bytes, DocaiSource *source)
{
  source->metadata = read_metadata (pdf->document);
  read_attachments (pdf->document, inflate_bytes, source);
  PopplerIndexIter *iter = poppler_index_iter_new (pdf->document);
  if (iter != NULL)
    {
      read_outline (pdf->document, iter, 1, source);
      poppler_index_iter_free (iter);
    }
}
