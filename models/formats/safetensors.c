/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading safetensors. Every number of a header is checked before it is used; nothing
 * of the data is touched here.
 */
#include "models/formats/safetensors.h"

#include <jansson.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"

#define MAX_HEADER ((guint64) 100 << 20)
#define MAX_SHARDS 1000
/* Smaller files do not gain by huge pages. */
#define MIN_HUGE_BYTES ((gsize) 16 << 20)

struct DocaiCheckpoint {
  GPtrArray  *files;   /* GMappedFile */
  GPtrArray  *headers; /* json_t: own the names */
  GArray     *tensors; /* DocaiTensor */
  GHashTable *by_name; /* name to index + 1 */
};

static const struct {
  const char  *name;
  DocaiElement element;
  gint64       size;
} elements[] = {
  { "F32", DOCAI_ELEMENT_F32, 4 },  { "F16", DOCAI_ELEMENT_F16, 2 },   { "BF16", DOCAI_ELEMENT_BF16, 2 },
  { "F64", DOCAI_ELEMENT_F64, 8 },  { "I64", DOCAI_ELEMENT_I64, 8 },   { "I32", DOCAI_ELEMENT_I32, 4 },
  { "I16", DOCAI_ELEMENT_I16, 2 },  { "I8", DOCAI_ELEMENT_I8, 1 },     { "U8", DOCAI_ELEMENT_U8, 1 },
  { "BOOL", DOCAI_ELEMENT_BOOL, 1 },{ "U64", DOCAI_ELEMENT_OTHER, 8 }, { "U32", DOCAI_ELEMENT_OTHER, 4 },
  { "U16", DOCAI_ELEMENT_OTHER, 2 },{ "F8_E4M3", DOCAI_ELEMENT_OTHER, 1 }, { "F8_E5M2", DOCAI_ELEMENT_OTHER, 1 },
};

static gboolean
damaged (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
damaged (GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_INVALID, "safetensors: %s", text);
  return FALSE;
}

static void
json_free (gpointer data)
{
  json_decref (data);
}

static DocaiCheckpoint *
checkpoint_new (void)
{
  DocaiCheckpoint *self = g_new0 (DocaiCheckpoint, 1);
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_mapped_file_unref);
  self->headers = g_ptr_array_new_with_free_func (json_free);
  self->tensors = g_array_new (FALSE, TRUE, sizeof (DocaiTensor));
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
docai_checkpoint_free (DocaiCheckpoint *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->by_name);
  g_array_unref (self->tensors);
  g_ptr_array_unref (self->headers);
  g_ptr_array_unref (self->files);
  g_free (self);
}

/* Fills dims and count; size is that of an element. FALSE when the product overflows. */
static gboolean
read_shape (const json_t *shape, gint64 size, DocaiTensor *tensor)
{
  if (!json_is_array (shape) || json_array_size (shape) > DOCAI_SAFETENSORS_MAX_DIMS)
    return FALSE;
  gint64 count = 1;
  gboolean empty = FALSE;
  tensor->n_dims = (int) json_array_size (shape);
  for (int i = 0; i < tensor->n_dims; i++)
    {
      const json_t *dim = json_array_get (shape, (size_t) i);
      gint64 n = json_is_integer (dim) ? json_integer_value (dim) : -1;
      if (n < 0 || n > G_MAXINT32)
        return FALSE;
      tensor->dims[i] = n;
      if (n == 0)
        empty = TRUE;
      else if (count > G_MAXINT64 / size / n)
        return FALSE;
      else
        count *= n;
    }
  tensor->count = empty ? 0 : count;
  return TRUE;
}

static gboolean
read_entry (const char *name, const json_t *entry, const guint8 *data, guint64 n_data, DocaiTensor *tensor, GError **error)
{
  const char *type = json_string_value (json_object_get (entry, "dtype"));
  const json_t *range = json_object_get (entry, "data_offsets");
  guint kind = 0;
  while (kind < G_N_ELEMENTS (elements) && g_strcmp0 (type, elements[kind].name) != 0)
    kind++;
  if (kind == G_N_ELEMENTS (elements))
    return damaged (error, "tensor \"%s\" has the unknown type \"%s\"", name, type != NULL ? type : "");
  tensor->name = name;
  tensor->element = elements[kind].element;
  if (!read_shape (json_object_get (entry, "shape"), elements[kind].size, tensor))
    return damaged (error, "tensor \"%s\" has no usable shape", name);
  const json_t *begin = json_array_get (range, 0), *end = json_array_get (range, 1);
  if (json_array_size (range) != 2 || !json_is_integer (begin) || !json_is_integer (end))
    return damaged (error, "tensor \"%s\" has no range", name);
  gint64 from = json_integer_value (begin), to = json_integer_value (end);
  if (from < 0 || to < from || (guint64) to > n_data)
    return damaged (error, "the range of tensor \"%s\" lies outside of the file", name);
  if (to - from != tensor->count * elements[kind].size)
    return damaged (error, "the range of tensor \"%s\" does not fit its shape", name);
  tensor->data = data + from;
  tensor->n_bytes = (gsize) (to - from);
  return TRUE;
}

static int
compare_place (gconstpointer a, gconstpointer b)
{
  const DocaiTensor *x = a, *y = b;
  if (x->data != y->data)
    return (const guint8 *) x->data < (const guint8 *) y->data ? -1 : 1;
  return (x->n_bytes > y->n_bytes) - (x->n_bytes < y->n_bytes);
}

/* Sorts the tensors from `first` on by place and demands that they follow each other. */
static gboolean
check_places (GArray *tensors, guint first, const guint8 *data, guint64 n_data, GError **error)
{
  const guint8 *place = data;
  guint n = tensors->len - first;
  if (n > 0)
    qsort (&g_array_index (tensors, DocaiTensor, first), n, sizeof (DocaiTensor), compare_place);
  for (guint i = first; i < tensors->len; i++)
    {
      const DocaiTensor *tensor = &g_array_index (tensors, DocaiTensor, i);
      if (tensor->data != place)
        return damaged (error, "tensor \"%s\" overlaps another or leaves a hole", tensor->name);
      place += tensor->n_bytes;
    }
  if ((guint64) (place - data) != n_data)
    return damaged (error, "bytes at the end belong to no tensor");
  return TRUE;
}

static gboolean
add_data (DocaiCheckpoint *self, const guint8 *bytes, gsize length, GError **error)
{
  guint64 n_header;
  if (length < sizeof n_header)
    return damaged (error, "the file is too short");
  memcpy (&n_header, bytes, sizeof n_header);
  n_header = GUINT64_FROM_LE (n_header);
  if (n_header > MAX_HEADER || n_header > length - sizeof n_header)
    return damaged (error, "the length of the header is wrong");
  json_error_t where;
  json_t *header = json_loadb ((const char *) bytes + sizeof n_header, (size_t) n_header, JSON_REJECT_DUPLICATES, &where);
  if (header == NULL)
    return damaged (error, "the header is not valid JSON: %s", where.text);
  g_ptr_array_add (self->headers, header);
  if (!json_is_object (header))
    return damaged (error, "the header is not an object");

  const guint8 *data = bytes + sizeof n_header + n_header;
  guint64 n_data = length - sizeof n_header - n_header;
  guint first = self->tensors->len;
  const char *name;
  json_t *entry;
  json_object_foreach (header, name, entry)
    {
      DocaiTensor tensor = { 0 };
      if (strcmp (name, "__metadata__") == 0)
        continue;
      if (!read_entry (name, entry, data, n_data, &tensor, error))
        return FALSE;
      g_array_append_val (self->tensors, tensor);
    }
  if (!check_places (self->tensors, first, data, n_data, error))
    return FALSE;
  for (guint i = first; i < self->tensors->len; i++)
    {
      const char *key = g_array_index (self->tensors, DocaiTensor, i).name;
      if (!g_hash_table_insert (self->by_name, (gpointer) key, GUINT_TO_POINTER (i + 1)))
        return damaged (error, "tensor \"%s\" is in two files", key);
    }
  return TRUE;
}

static gboolean
add_file (DocaiCheckpoint *self, const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  GMappedFile *file = g_mapped_file_new (path, FALSE, &local);
  if (file == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_MISSING, "%s", local->message);
      return FALSE;
    }
  g_ptr_array_add (self->files, file);
  if (!add_data (self, (const guint8 *) g_mapped_file_get_contents (file), g_mapped_file_get_length (file), error))
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  return TRUE;
}

DocaiCheckpoint *
docai_checkpoint_open_data (const void *data, gsize length, GError **error)
{
  g_autoptr (DocaiCheckpoint) self = checkpoint_new ();
  return add_data (self, data, length, error) ? g_steal_pointer (&self) : NULL;
}

DocaiCheckpoint *
docai_checkpoint_open_file (const char *path, GError **error)
{
  g_autoptr (DocaiCheckpoint) self = checkpoint_new ();
  return add_file (self, path, error) ? g_steal_pointer (&self) : NULL;
}

/* The distinct file names of an index, in its order. NULL with an error. */
static GPtrArray *
read_index (const char *path, GError **error)
{
  json_error_t where;
  json_t *index = json_load_file (path, 0, &where);
  const json_t *map = json_object_get (index, "weight_map");
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  gboolean good = json_is_object (map);
  const char *key;
  json_t *value;
  json_object_foreach ((json_t *) map, key, value)
    {
      const char *name = json_string_value (value);
      if (name == NULL || strchr (name, '/') != NULL || !g_str_has_suffix (name, ".safetensors"))
        good = FALSE;
      else if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_ptr_array_add (names, g_strdup (name));
      if (!good || names->len > MAX_SHARDS)
        break;
    }
  if (!good || names->len == 0 || names->len > MAX_SHARDS)
    damaged (error, "%s: no usable index%s%s", path, index == NULL ? ": " : "", index == NULL ? where.text : "");
  json_decref (index);
  return good && names->len > 0 && names->len <= MAX_SHARDS ? g_steal_pointer (&names) : NULL;
}

/* Says which weights are needed, and which of another kind the folder has. */
static DocaiCheckpoint *
no_weights (const char *dir, const char *path, GError **error)
{
  static const char *const others[] = { "pytorch_model.bin", "pytorch_model.bin.index.json", "tf_model.h5", "flax_model.msgpack",
                                        "consolidated.safetensors", "adapter_model.safetensors" };
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *other = g_build_filename (dir, others[i], NULL);
      if (!g_file_test (other, G_FILE_TEST_EXISTS))
        continue;
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_MISSING, "%s is not there: the folder has its weights only as %s, and needs them as safetensors",
                   path, others[i]);
      return NULL;
    }
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_MODEL_MISSING, "%s is not there", path);
  return NULL;
}

DocaiCheckpoint *
docai_checkpoint_open (const char *dir, GError **error)
{
  g_autofree char *single = g_build_filename (dir, "model.safetensors", NULL);
  g_autofree char *index = g_build_filename (dir, "model.safetensors.index.json", NULL);
  if (g_file_test (single, G_FILE_TEST_EXISTS))
    return docai_checkpoint_open_file (single, error);
  if (!g_file_test (index, G_FILE_TEST_EXISTS))
    return no_weights (dir, single, error);
  g_autoptr (GPtrArray) names = read_index (index, error);
  g_autoptr (DocaiCheckpoint) self = checkpoint_new ();
  if (names == NULL)
    return NULL;
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (dir, g_ptr_array_index (names, i), NULL);
      if (!add_file (self, path, error))
        return NULL;
    }
  return g_steal_pointer (&self);
}

const DocaiTensor *
docai_checkpoint_lookup (const DocaiCheckpoint *self, const char *name)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_name, name));
  return place > 0 ? docai_checkpoint_peek (self, place - 1) : NULL;
}

guint
docai_checkpoint_count (const DocaiCheckpoint *self)
{
  return self->tensors->len;
}

const DocaiTensor *
docai_checkpoint_peek (const DocaiCheckpoint *self, guint index)
{
  return &g_array_index (self->tensors, DocaiTensor, index);
}

void
docai_checkpoint_expect (const DocaiCheckpoint *self, gboolean all)
{
#ifdef MADV_HUGEPAGE
  for (guint i = 0; i < self->files->len; i++)
    {
      GMappedFile *file = g_ptr_array_index (self->files, i);
      if (g_mapped_file_get_length (file) >= MIN_HUGE_BYTES)
        madvise (g_mapped_file_get_contents (file), g_mapped_file_get_length (file), all ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    }
#endif
}

void
docai_checkpoint_release (const DocaiCheckpoint *self, const DocaiTensor *tensor)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE), from = (gsize) tensor->data, end = from + tensor->n_bytes;
  for (guint i = 0; i < self->files->len; i++)
    {
      GMappedFile *file = g_ptr_array_index (self->files, i);
      gsize start = (gsize) g_mapped_file_get_contents (file);
      if (from < start || end > start + g_mapped_file_get_length (file))
        continue;
      from = (from + page - 1) / page * page;
      end = end / page * page;
      if (from < end)
        madvise ((void *) from, end - from, MADV_DONTNEED);
    }
}

const char *
docai_checkpoint_metadata (const DocaiCheckpoint *self, const char *key)
{
  if (self->headers->len == 0)
    return NULL;
  const json_t *header = g_ptr_array_index (self->headers, 0);
  return json_string_value (json_object_get (json_object_get (header, "__metadata__"), key));
}

gsize
docai_checkpoint_bytes (const DocaiCheckpoint *self)
{
  gsize total = 0;
  for (guint i = 0; i < self->tensors->len; i++)
    total += docai_checkpoint_peek (self, i)->n_bytes;
  return total;
}
