/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The container of a Tesseract model. The file is mapped, so that processes
 * that read the same language share its dictionaries; packages replace such
 * files by rename, never in place.
 */
#include "pipeline/ocr/lstm/traineddata.h"

#include <sys/mman.h>

#include "base/error.h"
#include "base/sha256.h"

enum { MAX_ENTRIES = 1000, MAX_FILE_BYTES = 256 << 20 };

struct DocaiTraineddata {
  GBytes *bytes;
  gboolean mapped;
  gint64  start[DOCAI_ENTRY_COUNT]; /* -1: absent */
  gint64  end[DOCAI_ENTRY_COUNT];
};

static gboolean
read_table (DocaiTraineddata *data, GError **error)
{
  DocaiBytes         in = { 0 };
  guint32            count;
  g_autofree gint64 *offsets = NULL;

  in.data = g_bytes_get_data (data->bytes, &in.size);
  if (in.size >= 4 && (memcmp (in.data, "PK\3\4", 4) == 0 || memcmp (in.data, "\x1f\x8b", 2) == 0))
    {
      g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED,
                           "the model file is an archive");
      return FALSE;
    }
  count = docai_bytes_u32 (&in);
  if (in.failed || count == 0 || count > MAX_ENTRIES)
    {
      g_set_error (error, DOCAI_ERROR,
                   count > MAX_ENTRIES && GUINT32_SWAP_LE_BE (count) <= MAX_ENTRIES
                     ? DOCAI_ERROR_MODEL_UNSUPPORTED
                     : DOCAI_ERROR_MODEL_INVALID,
                   "the model file's table has %u entries", count);
      return FALSE;
    }
  offsets = g_new (gint64, count);
  for (guint32 i = 0; i < count; i++)
    offsets[i] = (gint64) docai_bytes_u64 (&in);
  for (guint32 i = 0; i < count && i < DOCAI_ENTRY_COUNT; i++)
    {
      guint32 next = i + 1;

      data->start[i] = -1;
      if (offsets[i] < 0)
        continue;
      while (next < count && offsets[next] < 0)
        next++;
      data->start[i] = offsets[i];
      data->end[i] = next < count ? offsets[next] : (gint64) in.size;
      if (in.failed || data->start[i] < (gint64) in.at || data->end[i] > (gint64) in.size
          || data->end[i] < data->start[i])
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID,
                       "entry %u of the model file lies outside of it", i);
          return FALSE;
        }
    }
  return TRUE;
}

DocaiTraineddata *
docai_traineddata_new (GBytes *bytes, GError **error)
{
  g_autoptr (DocaiTraineddata) data = g_new0 (DocaiTraineddata, 1);

  data->bytes = g_bytes_ref (bytes);
  for (int i = 0; i < DOCAI_ENTRY_COUNT; i++)
    data->start[i] = -1;
  if (!read_table (data, error))
    return NULL;
  return g_steal_pointer (&data);
}

DocaiTraineddata *
docai_traineddata_open (const char *path, GError **error)
{
  g_autoptr (GMappedFile) file = NULL;
  g_autoptr (GBytes)      bytes = NULL;
  g_autoptr (GError)      local = NULL;
  DocaiTraineddata       *data;

  file = g_mapped_file_new (path, FALSE, &local);
  if (file == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_LANGUAGE_MISSING, "%s", local->message);
      return NULL;
    }
  if (g_mapped_file_get_length (file) > MAX_FILE_BYTES)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED, "%s is too large", path);
      return NULL;
    }
  bytes = g_mapped_file_get_bytes (file);
  data = docai_traineddata_new (bytes, error);
  if (data == NULL)
    g_prefix_error (error, "%s: ", path);
  else
    data->mapped = TRUE;
  return data;
}

void
docai_traineddata_free (DocaiTraineddata *data)
{
  if (data == NULL)
    return;
  g_bytes_unref (data->bytes);
  g_free (data);
}

gboolean
docai_traineddata_peek (const DocaiTraineddata *data, DocaiEntry entry, DocaiBytes *bytes)
{
  const guint8 *all = g_bytes_get_data (data->bytes, NULL);

  if (data->start[entry] < 0 || data->end[entry] == data->start[entry])
    return FALSE;
  *bytes = (DocaiBytes){ .data = all + data->start[entry],
                         .size = (gsize) (data->end[entry] - data->start[entry]) };
  return TRUE;
}

void
docai_traineddata_settle (const DocaiTraineddata *data)
{
  gsize         size;
  gconstpointer start = g_bytes_get_data (data->bytes, &size);

  /* Pages of a private mapping that was never written are read from the file again. */
  if (data->mapped && size > 0)
    madvise ((gpointer) start, size, MADV_DONTNEED);
}

char *
docai_traineddata_dup_hash (const DocaiTraineddata *data)
{
  return docai_sha256_of (g_bytes_get_data (data->bytes, NULL), g_bytes_get_size (data->bytes));
}
