/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Opening engines for languages and keeping the last few.
 */
#include "pipeline/ocr/readers.h"

#include "base/error.h"

#include <string.h>

/* More languages than this in turn reopen the oldest. */
#define MAX_READERS 6

struct DocaiReader {
  char            *languages;
  DocaiRecogniser *recogniser; /* or else */
  DocaiTesseract  *tesseract;
};

struct DocaiReaders {
  GPtrArray *open; /* DocaiReader, the most recently used last */
};

static void
reader_free (gpointer data)
{
  DocaiReader *reader = data;

  g_free (reader->languages);
  docai_recogniser_free (reader->recogniser);
  docai_tesseract_free (reader->tesseract);
  g_free (reader);
}

DocaiReaders *
docai_readers_new (void)
{
  DocaiReaders *readers = g_new0 (DocaiReaders, 1);

  readers->open = g_ptr_array_new_with_free_func (reader_free);
  return readers;
}

void
docai_readers_free (DocaiReaders *readers)
{
  if (readers == NULL)
    return;
  g_ptr_array_unref (readers->open);
  g_free (readers);
}

/* A missing language says which packages bring it. */
static void
name_packages (GError *error, const char *languages)
{
  g_auto (GStrv)      names = g_strsplit (languages, "+", -1);
  g_autoptr (GString) message = g_string_new (error->message);

  g_string_append (message, "; on Debian: apt-get install");
  for (guint i = 0; names[i] != NULL; i++)
    g_string_append_printf (message, " tesseract-ocr-%s", g_strdelimit (names[i], "_", '-'));
  g_free (error->message);
  error->message = g_strdup (message->str);
}

static DocaiReader *
open_reader (const char *languages, const char *tessdata, GError **error)
{
  g_autoptr (GError) refusal = NULL;
  DocaiReader       *reader = g_new0 (DocaiReader, 1);

  reader->languages = g_strdup (languages);
  reader->recogniser = docai_recogniser_open (languages, tessdata, &refusal);
  if (g_error_matches (refusal, DOCAI_ERROR, DOCAI_ERROR_MODEL_UNSUPPORTED))
    {
      g_clear_error (&refusal);
      reader->tesseract = docai_tesseract_open (languages, tessdata, &refusal);
    }
  if (refusal != NULL)
    {
      if (g_error_matches (refusal, DOCAI_ERROR, DOCAI_ERROR_LANGUAGE_MISSING))
        name_packages (refusal, languages);
      g_propagate_error (error, g_steal_pointer (&refusal));
      g_clear_pointer (&reader, reader_free);
    }
  return reader;
}

DocaiReader *
docai_readers_lookup (DocaiReaders *readers, const char *languages, const char *tessdata,
                      GError **error)
{
  for (guint i = readers->open->len; i-- > 0;)
    {
      DocaiReader *reader = readers->open->pdata[i];
      if (strcmp (reader->languages, languages) == 0)
        {
          g_ptr_array_add (readers->open, g_ptr_array_steal_index (readers->open, i));
          return reader;
        }
    }

  DocaiReader *reader = open_reader (languages, tessdata, error);
  if (reader == NULL)
    return NULL;
  if (readers->open->len == MAX_READERS)
    g_ptr_array_remove_index (readers->open, 0);
  g_ptr_array_add (readers->open, reader);
  return reader;
}

const char *
docai_reader_languages (const DocaiReader *reader)
{
  return reader->languages;
}

DocaiReading *
docai_reader_read (DocaiReader *reader, PIX *raster, int ink_threshold, const DocaiTextLine *lines,
                   guint n_lines, GError **error)
{
  DocaiReadOptions options = { DOCAI_READ_DEFAULT | DOCAI_READ_AGAIN | DOCAI_READ_INK, NULL, NULL, ink_threshold };

  return reader->recogniser != NULL
             ? docai_recogniser_read (reader->recogniser, raster, lines, n_lines, &options, error)
             : docai_tesseract_read (reader->tesseract, raster, lines, n_lines, error);
}

gboolean
docai_reader_describe (const DocaiReader *reader, guint i, const char **engine, char **model)
{
  g_auto (GStrv) names = g_strsplit (reader->languages, "+", -1);

  if (i >= g_strv_length (names) || (i > 0 && reader->tesseract != NULL))
    return FALSE;
  if (reader->tesseract != NULL)
    {
      *engine = docai_tesseract_engine (reader->tesseract);
      *model = g_strdup (reader->languages);
      return TRUE;
    }
  const char *hash = docai_recogniser_model_hash (reader->recogniser, i);
  *engine = docai_recogniser_engine (reader->recogniser);
  *model = g_strdup_printf ("%s sha256:%s", names[i], hash != NULL ? hash : "");
  return TRUE;
}
