/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cache of features. A file holds rows and width (32 bits each), a checksum of the
 * values, and the values as floats of the machine.
 */
#include "models/vision/feature-cache.h"

#include <string.h>
#include <utime.h>

#include <glib/gstdio.h>

#include "base/error.h"
#include "base/sha256.h"

#define MAX_ROWS (1 << 20)
#define FILE_SUFFIX ".features"
/* Files in the folder are counted again after this many were added. */
#define SWEEP_EVERY 16

typedef struct {
  guint32 rows, width, checksum, reserved;
} FileHeader;

typedef struct {
  char         *key;
  DocaiFeatures features;
  GList         link; /* in the order of use, the latest first */
} Entry;

struct DocaiFeatureCache {
  gsize       max_bytes, bytes;
  char       *dir;
  gsize       max_dir_bytes;
  guint       added; /* to the folder since it was swept */
  GHashTable *entries; /* key to Entry */
  GQueue      used;
};

static gsize
bytes_of (const DocaiFeatures *features)
{
  return (gsize) features->rows * (gsize) features->width * sizeof (float);
}

static void
free_entry (gpointer data)
{
  Entry *entry = data;
  docai_features_clear (&entry->features);
  g_free (entry->key);
  g_free (entry);
}

DocaiFeatureCache *
docai_feature_cache_new (gsize max_bytes, const char *dir, gsize max_dir_bytes)
{
  DocaiFeatureCache *self = g_new0 (DocaiFeatureCache, 1);
  self->max_bytes = max_bytes;
  self->dir = g_strdup (dir);
  self->max_dir_bytes = max_dir_bytes;
  self->added = SWEEP_EVERY;
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_entry);
  return self;
}

void
docai_feature_cache_free (DocaiFeatureCache *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->entries);
  g_free (self->dir);
  g_free (self);
}

gsize
docai_feature_cache_bytes (const DocaiFeatureCache *self)
{
  return self->bytes;
}

char *
docai_feature_cache_key (const char *model, const DocaiCore *core, const DocaiPixels *pixels, int unit)
{
  gsize n_floats;
  const float *values = core->family->peek_unit (core, pixels, unit, &n_floats);
  g_autoptr (DocaiSha256) sum = docai_sha256_new ();
  gint64 sizes[4] = { (gint64) n_floats, pixels->dims[pixels->n_dims - 2], pixels->dims[pixels->n_dims - 1], 0 };
  docai_sha256_update (sum, model, strlen (model));
  docai_sha256_update (sum, sizes, sizeof sizes);
  /* Families whose unit is an image depend on its grid, those with masks on the part that is used. */
  if (unit < pixels->n_images && core->family->count_units (core, pixels) == pixels->n_images)
    docai_sha256_update (sum, &pixels->images[unit].rows, 2 * sizeof (int));
  if (pixels->mask != NULL)
    {
      gsize n = (gsize) (sizes[1] * sizes[2]);
      docai_sha256_update (sum, pixels->mask + (gsize) unit * n, n);
    }
  docai_sha256_update (sum, values, n_floats * sizeof (float));
  return docai_sha256_finish (sum);
}

static gboolean
copy_features (const DocaiFeatures *from, DocaiFeatures *to)
{
  if (!docai_features_init (to, from->rows, from->width, NULL))
    return FALSE;
  memcpy (to->values, from->values, bytes_of (from));
  return TRUE;
}

static void
drop_oldest (DocaiFeatureCache *self)
{
  Entry *oldest = g_queue_peek_tail (&self->used);
  g_queue_unlink (&self->used, &oldest->link);
  self->bytes -= bytes_of (&oldest->features);
  g_hash_table_remove (self->entries, oldest->key);
}

static void
keep (DocaiFeatureCache *self, const char *key, const DocaiFeatures *features)
{
  gsize n_bytes = bytes_of (features);
  if (n_bytes > self->max_bytes || g_hash_table_contains (self->entries, key))
    return;
  while (self->bytes + n_bytes > self->max_bytes)
    drop_oldest (self);
  Entry *entry = g_new0 (Entry, 1);
  if (!copy_features (features, &entry->features))
    {
      g_free (entry);
      return;
    }
  entry->key = g_strdup (key);
  entry->link.data = entry;
  g_hash_table_insert (self->entries, entry->key, entry);
  g_queue_push_head_link (&self->used, &entry->link);
  self->bytes += n_bytes;
}

static char *
file_path (const DocaiFeatureCache *self, const char *key)
{
  g_autofree char *name = g_strconcat (key, FILE_SUFFIX, NULL);
  return g_build_filename (self->dir, name, NULL);
}

static guint32
checksum_of (const void *data, gsize n_bytes)
{
  guint32 sum = 2166136261u;
  const guint32 *words = data;
  for (gsize i = 0; i < n_bytes / sizeof *words; i++)
    sum = (sum ^ words[i]) * 16777619u;
  return sum;
}

/* A file that does not hold what it should is no hit; it is replaced in time. */
static gboolean
read_file (const DocaiFeatureCache *self, const char *key, int width, DocaiFeatures *out)
{
  g_autofree char *path = file_path (self, key);
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
  FileHeader header;
  if (file == NULL || g_mapped_file_get_length (file) < sizeof header)
    return FALSE;
  const char *data = g_mapped_file_get_contents (file);
  memcpy (&header, data, sizeof header);
  gsize n_bytes = g_mapped_file_get_length (file) - sizeof header;
  if (header.rows < 1 || header.rows > MAX_ROWS || header.width != (guint32) width
      || n_bytes != (gsize) header.rows * header.width * sizeof (float) || header.checksum != checksum_of (data + sizeof header, n_bytes))
    return FALSE;
  if (!docai_features_init (out, (int) header.rows, width, NULL))
    return FALSE;
  memcpy (out->values, data + sizeof header, n_bytes);
  g_utime (path, NULL);
  return TRUE;
}

typedef struct {
  char   *path;
  gint64  bytes, used;
} Stored;

static void
clear_stored (gpointer data)
{
  g_free (((Stored *) data)->path);
}

static int
compare_use (gconstpointer a, gconstpointer b)
{
  const Stored *x = a, *y = b;
  return (x->used > y->used) - (x->used < y->used);
}

/* Removes the least recently used files until the rest fits. */
static void
sweep (DocaiFeatureCache *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->dir, 0, NULL);
  g_autoptr (GArray) files = g_array_new (FALSE, FALSE, sizeof (Stored));
  g_array_set_clear_func (files, clear_stored);
  gint64 total = 0;
  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    {
      GStatBuf status;
      Stored stored = { .path = g_build_filename (self->dir, name, NULL) };
      if (!g_str_has_suffix (name, FILE_SUFFIX) || g_stat (stored.path, &status) != 0)
        {
          g_free (stored.path);
          continue;
        }
      stored.bytes = status.st_size;
      stored.used = status.st_mtime;
      total += stored.bytes;
      g_array_append_val (files, stored);
    }
  g_array_sort (files, compare_use);
  for (guint i = 0; i < files->len && total > (gint64) self->max_dir_bytes; i++)
    {
      total -= g_array_index (files, Stored, i).bytes;
      g_unlink (g_array_index (files, Stored, i).path);
    }
  self->added = 0;
}

static void
write_file (DocaiFeatureCache *self, const char *key, const DocaiFeatures *features)
{
  gsize n_bytes = bytes_of (features);
  if (n_bytes > self->max_dir_bytes || g_mkdir_with_parents (self->dir, 0700) != 0)
    return;
  FileHeader header = { (guint32) features->rows, (guint32) features->width, checksum_of (features->values, n_bytes), 0 };
  g_autofree char *path = file_path (self, key), *contents = g_try_malloc (sizeof header + n_bytes);
  if (contents == NULL)
    return;
  memcpy (contents, &header, sizeof header);
  memcpy (contents + sizeof header, features->values, n_bytes);
  if (g_file_set_contents (path, contents, (gssize) (sizeof header + n_bytes), NULL) && ++self->added >= SWEEP_EVERY)
    sweep (self);
}

gboolean
docai_feature_cache_lookup (DocaiFeatureCache *self, const char *key, int width, DocaiFeatures *out)
{
  Entry *entry = g_hash_table_lookup (self->entries, key);
  if (entry != NULL && entry->features.width == width)
    {
      g_queue_unlink (&self->used, &entry->link);
      g_queue_push_head_link (&self->used, &entry->link);
      return copy_features (&entry->features, out);
    }
  if (self->dir == NULL || !read_file (self, key, width, out))
    return FALSE;
  keep (self, key, out);
  return TRUE;
}

void
docai_feature_cache_add (DocaiFeatureCache *self, const char *key, const DocaiFeatures *features)
{
  keep (self, key, features);
  if (self->dir != NULL)
    write_file (self, key, features);
}
