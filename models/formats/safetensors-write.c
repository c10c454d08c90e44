/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing safetensors: quantised weights beside a model, and checkpoints for tests.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "models/formats/safetensors.h"

static const char *const element_names[] = {
  [DOCAI_ELEMENT_F32] = "F32", [DOCAI_ELEMENT_F16] = "F16", [DOCAI_ELEMENT_BF16] = "BF16", [DOCAI_ELEMENT_F64] = "F64",
  [DOCAI_ELEMENT_I64] = "I64", [DOCAI_ELEMENT_I32] = "I32", [DOCAI_ELEMENT_I16] = "I16",   [DOCAI_ELEMENT_I8] = "I8",
  [DOCAI_ELEMENT_U8] = "U8",   [DOCAI_ELEMENT_BOOL] = "BOOL",
};

/* Header text, padded with spaces to a multiple of 64 with its length field, so that the
 * data is aligned. Caller frees. */
static char *
make_header (const DocaiTensor *tensors, gsize n_tensors, const char *const *metadata, gsize *length)
{
  json_t *header = json_object ();
  gint64 place = 0;
  if (metadata != NULL)
    {
      json_t *pairs = json_object ();
      for (; metadata[0] != NULL; metadata += 2)
        json_object_set_new (pairs, metadata[0], json_string (metadata[1]));
      json_object_set_new (header, "__metadata__", pairs);
    }
  for (gsize i = 0; i < n_tensors; i++)
    {
      json_t *shape = json_array ();
      for (int d = 0; d < tensors[i].n_dims; d++)
        json_array_append_new (shape, json_integer (tensors[i].dims[d]));
      gint64 end = place + (gint64) tensors[i].n_bytes;
      json_object_set_new (header, tensors[i].name,
                           json_pack ("{s:s, s:o, s:[I, I]}", "dtype", element_names[tensors[i].element], "shape", shape,
                                      "data_offsets", (json_int_t) place, (json_int_t) end));
      place = end;
    }
  char *text = json_dumps (header, JSON_COMPACT);
  json_decref (header);
  gsize n = strlen (text);
  *length = ((n + 8 + 63) & ~(gsize) 63) - 8;
  char *padded = g_malloc (*length);
  memset (padded, ' ', *length);
  memcpy (padded, text, n);
  free (text);
  return padded;
}

static gboolean
write_all (FILE *file, const DocaiTensor *tensors, gsize n_tensors, const char *const *metadata)
{
  gsize n_header;
  g_autofree char *header = make_header (tensors, n_tensors, metadata, &n_header);
  guint64 field = GUINT64_TO_LE ((guint64) n_header);
  gboolean good = fwrite (&field, sizeof field, 1, file) == 1 && fwrite (header, n_header, 1, file) == 1;
  for (gsize i = 0; good && i < n_tensors; i++)
    good = tensors[i].n_bytes == 0 || fwrite (tensors[i].data, tensors[i].n_bytes, 1, file) == 1;
  return good && fflush (file) == 0 && fsync (fileno (file)) == 0;
}

gboolean
docai_safetensors_write (const char *path, const DocaiTensor *tensors, gsize n_tensors, const char *const *metadata, GError **error)
{
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  FILE *file = fopen (part, "wb");
  gboolean good = file != NULL && write_all (file, tensors, n_tensors, metadata);
  int reason = errno;
  if (file != NULL && fclose (file) != 0)
    good = FALSE;
  if (good && rename (part, path) == 0)
    return TRUE;
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_CANNOT_WRITE, "%s: %s", path, g_strerror (reason));
  unlink (part);
  return FALSE;
}
