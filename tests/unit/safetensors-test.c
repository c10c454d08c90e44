/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Checkpoint files: written and read back, and damaged in every way that we can think of,
 * at random too.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "models/formats/safetensors.h"

/* A file from header text and n zero bytes. */
static GByteArray *
make_file (const char *header, gsize n_data)
{
  GByteArray *file = g_byte_array_new ();
  guint64 length = GUINT64_TO_LE ((guint64) strlen (header));
  g_byte_array_append (file, (const guint8 *) &length, 8);
  g_byte_array_append (file, (const guint8 *) header, (guint) strlen (header));
  guint before = file->len;
  g_byte_array_set_size (file, before + (guint) n_data);
  memset (file->data + before, 0, n_data);
  return file;
}

static void
test_refused (void)
{
  static const struct {
    const char *header;
    gsize       n_data;
  } bad[] = {
    { "", 0 },
    { "[]", 0 },
    { "{\"a\":3}", 0 },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}", 4 },
    { "{\"a\":{\"dtype\":\"F33\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4 },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,5]}}", 5 },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4 },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}", 4 },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4 },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}", 4 },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 4 },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}", 4 },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4 },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":4,\"data_offsets\":[0,4]}}", 4 },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647],\"data_offsets\":[0,4]}}", 4 },
    { "{\"a\":{\"dtype\":\"F64\",\"shape\":[2147483647,2147483647],\"data_offsets\":[0,4]}}", 4 },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}", 4 },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4 },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}", 6 },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8 },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 8 },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8 },
    { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,99999999999999999999]}}", 4 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GByteArray) file = make_file (bad[i].header, bad[i].n_data);
      g_autoptr (GError) error = NULL;
      DocaiCheckpoint *checkpoint = docai_checkpoint_open_data (file->data, file->len, &error);
      g_test_message ("%s", bad[i].header);
      g_assert_null (checkpoint);
      g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID);
    }
  static const guint64 lengths[] = { 1, 7, G_MAXUINT64, G_MAXUINT64 - 7, (guint64) 1 << 32 };
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      guint64 field = GUINT64_TO_LE (lengths[i]);
      g_autoptr (GError) error = NULL;
      g_assert_null (docai_checkpoint_open_data (&field, i == 0 ? 3 : 8, &error));
      g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID);
    }
}

static void
test_round_trip (void)
{
  float values[6] = { 1, 2, 3, 4, 5, 6 };
  guint8 bytes[3] = { 7, 8, 9 };
  DocaiTensor tensors[2] = {
    { .name = "w", .element = DOCAI_ELEMENT_F32, .n_dims = 2, .dims = { 2, 3 }, .data = values, .n_bytes = sizeof values },
    { .name = "q", .element = DOCAI_ELEMENT_U8, .n_dims = 1, .dims = { 3 }, .data = bytes, .n_bytes = sizeof bytes },
  };
  const char *metadata[] = { "source", "here", NULL };
  g_autofree char *dir = g_dir_make_tmp ("docai-XXXXXX", NULL), *path = g_build_filename (dir, "model.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  g_assert_true (docai_safetensors_write (path, tensors, 2, metadata, &error));
  g_autoptr (DocaiCheckpoint) checkpoint = docai_checkpoint_open (dir, &error);
  g_assert_no_error (error);
  const DocaiTensor *w = docai_checkpoint_lookup (checkpoint, "w");
  g_assert_true (w != NULL && w->n_dims == 2 && w->dims[0] == 2 && w->dims[1] == 3 && w->count == 6 && w->element == DOCAI_ELEMENT_F32);
  g_assert_cmpmem (w->data, w->n_bytes, values, sizeof values);
  g_assert_cmpuint ((gsize) w->data % 64, ==, 0);
  g_assert_cmpstr (docai_checkpoint_metadata (checkpoint, "source"), ==, "here");
  g_assert_null (docai_checkpoint_lookup (checkpoint, "nothing"));
  g_assert_cmpuint (docai_checkpoint_bytes (checkpoint), ==, sizeof values + sizeof bytes);
  g_unlink (path);

  /* shards: found by the index, which may not lead out of the folder */
  g_autofree char *index = g_build_filename (dir, "model.safetensors.index.json", NULL);
  g_autofree char *one = g_build_filename (dir, "a.safetensors", NULL), *two = g_build_filename (dir, "b.safetensors", NULL);
  g_assert_true (docai_safetensors_write (one, tensors, 1, NULL, NULL) && docai_safetensors_write (two, tensors + 1, 1, NULL, NULL));
  g_assert_true (g_file_set_contents (index, "{\"weight_map\":{\"w\":\"a.safetensors\",\"q\":\"b.safetensors\"}}", -1, NULL));
  g_autoptr (DocaiCheckpoint) shards = docai_checkpoint_open (dir, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (docai_checkpoint_count (shards), ==, 2);
  g_assert_true (g_file_set_contents (index, "{\"weight_map\":{\"w\":\"../a.safetensors\"}}", -1, NULL));
  g_assert_null (docai_checkpoint_open (dir, &error));
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (index, "{\"weight_map\":{\"w\":\"a.safetensors\",\"q\":\"c.safetensors\"}}", -1, NULL));
  g_assert_null (docai_checkpoint_open (dir, &error));
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_MISSING);
  g_unlink (index);
  g_unlink (one);
  g_unlink (two);
  g_rmdir (dir);
}

/* Bytes of a good file turned at random: refused or read, never out of bounds. */
static void
test_fuzz (void)
{
  g_autoptr (GByteArray) good = make_file ("{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                                           "\"b\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[24,32]}}", 32);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  int read = 0;
  for (int round = 0; round < 20000; round++)
    {
      g_autofree guint8 *copy = g_memdup2 (good->data, good->len);
      gsize length = good->len;
      for (int i = g_rand_int_range (rand, 0, 4); i > 0; i--)
        copy[g_rand_int_range (rand, 0, (gint32) length)] = (guint8) g_rand_int_range (rand, 0, 256);
      if (round % 5 == 0)
        length = (gsize) g_rand_int_range (rand, 0, (gint32) length + 1);
      g_autofree guint8 *exact = g_memdup2 (copy, MAX (length, 1));
      g_autoptr (DocaiCheckpoint) checkpoint = docai_checkpoint_open_data (exact, length, NULL);
      for (guint i = 0; checkpoint != NULL && i < docai_checkpoint_count (checkpoint); i++)
        {
          const DocaiTensor *tensor = docai_checkpoint_peek (checkpoint, i);
          const guint8 *data = tensor->data;
          g_assert_true (data >= exact && data + tensor->n_bytes <= exact + length);
        }
      read += checkpoint != NULL;
    }
  g_assert_cmpint (read, >, 100);
}

/* What has been released is read from the file again; bytes that are no file's stay. */
static void
test_release (void)
{
  enum { N = 100000 };
  g_autofree guint8 *values = g_malloc (N);
  for (int i = 0; i < N; i++)
    values[i] = (guint8) (i * 2654435761u >> 20);
  DocaiTensor tensor = { .name = "w", .element = DOCAI_ELEMENT_U8, .n_dims = 1, .dims = { N }, .data = values, .n_bytes = N };
  g_autofree char *dir = g_dir_make_tmp ("docai-XXXXXX", NULL), *path = g_build_filename (dir, "model.safetensors", NULL), *bytes = NULL;
  gsize length;
  g_autoptr (GError) error = NULL;
  g_assert_true (docai_safetensors_write (path, &tensor, 1, NULL, &error));
  g_assert_true (g_file_get_contents (path, &bytes, &length, &error));
  g_autoptr (DocaiCheckpoint) mapped = docai_checkpoint_open (dir, &error);
  g_autoptr (DocaiCheckpoint) lent = docai_checkpoint_open_data (bytes, length, &error);
  g_assert_no_error (error);
  const DocaiTensor *w[] = { docai_checkpoint_lookup (mapped, "w"), docai_checkpoint_lookup (lent, "w") };
  docai_checkpoint_release (mapped, w[0]);
  docai_checkpoint_release (lent, w[1]);
  for (int i = 0; i < 2; i++)
    g_assert_cmpmem (w[i]->data, w[i]->n_bytes, values, N);
  g_unlink (path);
  g_rmdir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/safetensors/refused", test_refused);
  g_test_add_func ("/safetensors/round-trip", test_round_trip);
  g_test_add_func ("/safetensors/release", test_release);
  g_test_add_func ("/safetensors/fuzz", test_fuzz);
  return g_test_run ();
}
