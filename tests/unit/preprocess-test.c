/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Resizing against Pillow's own results, and every family's pixels against those of the
 * reference processors. DOCAI_VLM_FIXTURES names another folder of families whose goldens
 * are compared instead.
 */
#include <glib.h>
#include <math.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "models/tokenizer/json-util.h"
#include "models/vision/load.h"
#include "models/vision/preprocess.h"

#define TOLERANCE (2.0 / 255)

static char *
fixtures_dir (void)
{
  const char *root = g_getenv ("G_TEST_SRCDIR");

  if (g_getenv ("DOCAI_VLM_FIXTURES") != NULL)
    return g_strdup (g_getenv ("DOCAI_VLM_FIXTURES"));
  return g_build_filename (root != NULL ? root : ".", "tests", "data", "vlm", NULL);
}

/* A float tensor of a safetensors file (F32 or F16). NULL when it is not there. */
static float *
read_tensor (const char *path, const char *name, gsize *n, json_t **shape)
{
  g_autofree char *data = NULL;
  gsize length;
  guint64 header;

  if (!g_file_get_contents (path, &data, &length, NULL))
    return NULL;
  memcpy (&header, data, 8);
  g_autoptr (json_t) json = json_loadb (data + 8, header, 0, NULL);
  const json_t *tensor = json_object_get (json, name), *range = json_object_get (tensor, "data_offsets");
  if (tensor == NULL)
    return NULL;
  const char *from = data + 8 + header + json_integer_value (json_array_get (range, 0));
  gsize bytes = (gsize) (json_integer_value (json_array_get (range, 1))
                         - json_integer_value (json_array_get (range, 0)));
  gboolean half = strcmp (docai_json_string (tensor, "dtype", ""), "F16") == 0;
  *n = bytes / (half ? 2 : 4);
  *shape = json_incref (json_object_get (tensor, "shape"));
  float *values = g_new (float, *n);
  for (gsize i = 0; i < *n; i++)
    if (half)
      {
        guint16 h;
        memcpy (&h, from + 2 * i, 2);
        int exponent = (h >> 10) & 31, mantissa = h & 1023;
        double v = exponent == 0 ? ldexp (mantissa, -24) : ldexp (1024 + mantissa, exponent - 25);
        values[i] = (float) (h & 0x8000 ? -v : v);
      }
    else
      memcpy (&values[i], from + 4 * i, 4);
  return values;
}

static void
check_pixels (const char *name, const DocaiPixels *pixels, const float *golden, gsize n,
              const json_t *shape)
{
  gsize total = 1;
  double sum = 0, worst = 0;

  g_assert_cmpuint (json_array_size (shape), ==, (guint) pixels->n_dims);
  for (int i = 0; i < pixels->n_dims; i++)
    {
      g_assert_cmpint (pixels->dims[i], ==, json_integer_value (json_array_get (shape, (gsize) i)));
      total *= (gsize) pixels->dims[i];
    }
  g_assert_cmpuint (total, ==, n);
  for (gsize i = 0; i < n; i++)
    {
      double d = fabs ((double) pixels->values[i] - golden[i]);
      sum += d;
      worst = MAX (worst, d);
    }
  g_test_message ("%s: mean difference %.6f, largest %.4f", name, sum / (double) n, worst);
  g_assert_cmpfloat (sum / (double) n, <=, TOLERANCE);
}

static GPtrArray *
load_images (const char *dir, const json_t *names)
{
  GPtrArray *images = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_image_free);
  gsize n = json_is_array (names) ? json_array_size (names) : 1;

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      const json_t *name = json_is_array (names) ? json_array_get (names, i) : names;
      g_autofree char *path = g_build_filename (dir, json_string_value (name), NULL);
      DocaiImage *image = docai_image_load (path, &error);
      g_assert_no_error (error);
      g_ptr_array_add (images, image);
    }
  return images;
}

static void
check_layout (const json_t *item, const DocaiPixels *pixels)
{
  const json_t *rows = json_object_get (item, "rows"), *cols = json_object_get (item, "cols");
  const json_t *patches = json_object_get (item, "num_patches");
  const json_t *grids = json_object_get (item, "image_grid_thw");

  for (int i = 0; i < pixels->n_images; i++)
    {
      const DocaiImageLayout *layout = &pixels->images[i];
      const json_t *grid = json_array_get (grids, (gsize) i);
      if (rows != NULL)
        {
          g_assert_cmpint (layout->rows, ==, json_integer_value (json_array_get (rows, (gsize) i)));
          g_assert_cmpint (layout->cols, ==, json_integer_value (json_array_get (cols, (gsize) i)));
        }
      if (patches != NULL)
        g_assert_cmpint (layout->n_tiles, ==, json_integer_value (json_array_get (patches, (gsize) i)));
      if (grid != NULL)
        {
          g_assert_cmpint (layout->rows, ==, json_integer_value (json_array_get (grid, 1)));
          g_assert_cmpint (layout->cols, ==, json_integer_value (json_array_get (grid, 2)));
        }
    }
}

static void
check_case (const char *dir, const DocaiPreprocessor *pre, const json_t *item)
{
  const json_t *names = json_object_get (item, "image");
  const json_t *kwargs = json_object_get (item, "processor_kwargs");
  const char *name = docai_json_string (item, "name", "?");
  g_autoptr (GError) error = NULL;
  DocaiPreprocessOptions options = DOCAI_PREPROCESS_OPTIONS_INIT;
  gsize n = 0;
  g_autoptr (json_t) shape = NULL;

  if (names == NULL || json_is_null (names))
    return;
  g_autofree char *own = g_strdup_printf ("%s/pixels_%s.safetensors", dir, name);
  g_autofree char *golden = g_strdup_printf ("%s/golden_%s.safetensors", dir, name);
  const char *path = g_file_test (own, G_FILE_TEST_EXISTS) ? own : golden;
  g_autofree float *values = read_tensor (path, "pixel_values", &n, &shape);
  if (values == NULL)
    values = read_tensor (path, "flattened_patches", &n, &shape);
  g_assert_nonnull (values);
  if (json_object_get (kwargs, "do_image_splitting") != NULL)
    options.splitting = docai_json_bool (kwargs, "do_image_splitting", FALSE);
  options.max_patches = (int) docai_json_int (kwargs, "max_patches", 0);
  g_autoptr (GPtrArray) images = load_images (dir, names);
  g_autoptr (DocaiPixels) pixels = docai_preprocess (
      pre, (const DocaiImage *const *) images->pdata, (int) images->len, &options, &error);
  g_assert_no_error (error);
  check_layout (item, pixels);
  check_pixels (name, pixels, values, n, shape);
  g_autoptr (json_t) mask_shape = NULL;
  g_autofree float *mask = read_tensor (path, "pixel_mask", &n, &mask_shape);
  for (gsize i = 0; mask != NULL && i < n; i++)
    g_assert_cmpint (pixels->mask[i], ==, (int) mask[i]);
}

static void
test_family (gconstpointer data)
{
  g_autofree char *root = fixtures_dir ();
  g_autofree char *dir = g_build_filename (root, (const char *) data, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) cases = docai_json_load_file (dir, "case.json", 1 << 24, &error);
  g_assert_no_error (error);
  g_autoptr (DocaiPreprocessor) pre = docai_preprocessor_load (dir, &error);
  g_assert_no_error (error);
  gsize i;
  const json_t *item;

  json_array_foreach (cases, i, item)
    check_case (dir, pre, item);
}

/* A picture with gradients and noise, the same everywhere. */
static DocaiImage *
pattern_image (int width, int height)
{
  g_autoptr (GError) error = NULL;
  DocaiImage *image = docai_image_new (width, height, &error);
  guint32 state = 1;

  g_assert_no_error (error);
  for (int i = 0; i < width * height * 3; i++)
    {
      state = state * 1664525u + 1013904223u;
      image->data[i] = (guint8) ((i * 7 + (int) (state >> 26)) & 255);
    }
  return image;
}

/* Any size must work or be refused, without a wrong access. */
static void
test_odd_sizes (gconstpointer data)
{
  static const int sizes[][2] = { { 1, 1 }, { 1, 2 }, { 3, 1 }, { 1, 400 }, { 700, 2 }, { 31, 33 },
                                  { 2, 3 }, { 199, 1 }, { 5, 1200 }, { 64, 64 } };
  g_autofree char *root = fixtures_dir ();
  g_autofree char *dir = g_build_filename (root, (const char *) data, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (DocaiPreprocessor) pre = docai_preprocessor_load (dir, &error);
  g_assert_no_error (error);

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (int splitting = 0; splitting < 2; splitting++)
      {
        g_autoptr (DocaiImage) image = pattern_image (sizes[i][0], sizes[i][1]);
        g_autoptr (GError) refused = NULL;
        DocaiPreprocessOptions options = DOCAI_PREPROCESS_OPTIONS_INIT;
        options.splitting = splitting;
        const DocaiImage *one = image;
        g_autoptr (DocaiPixels) pixels = docai_preprocess (pre, &one, 1, &options, &refused);
        g_assert_true ((pixels != NULL) != (refused != NULL));
        if (refused != NULL)
          g_assert_cmpint (refused->code, ==, DOCAI_ERROR_BAD_OPTION);
        else
          g_assert_cmpint (pixels->images[0].n_tiles, >=, 1);
      }
}

static void
test_pillow (void)
{
  const char *root = g_getenv ("G_TEST_SRCDIR");
  g_autofree char *dir = g_build_filename (root != NULL ? root : ".", "tests", "data", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) cases = docai_json_load_file (dir, "pillow-resize.json", 1 << 24, &error);
  g_assert_no_error (error);
  gsize i;
  const json_t *item;

  json_array_foreach (cases, i, item)
    {
      const json_t *from = json_object_get (item, "from"), *to = json_object_get (item, "to");
      g_autoptr (DocaiImage) in = pattern_image ((int) json_integer_value (json_array_get (from, 0)),
                                                 (int) json_integer_value (json_array_get (from, 1)));
      g_autoptr (DocaiImage) out = docai_image_resize (
          in, (int) json_integer_value (json_array_get (to, 0)),
          (int) json_integer_value (json_array_get (to, 1)),
          (DocaiResample) docai_json_int (item, "filter", 0), &error);
      g_assert_no_error (error);
      gsize n = (gsize) out->width * (gsize) out->height * 3;
      g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_MD5, out->data, n);
      if (strcmp (sum, docai_json_string (item, "md5", "")) != 0)
        {
          char *text = json_dumps (item, 0);
          g_test_message ("differs: %s", text);
          free (text);
          g_test_fail ();
        }
    }
}

static void
test_refusals (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("preprocess-XXXXXX", &error);
  g_autofree char *path = g_build_filename (dir, "preprocessor_config.json", NULL);
  static const struct { const char *json; DocaiErrorCode code; const char *part; } bad[] = {
    { "{\"image_processor_type\":\"WizardImageProcessor\"}", DOCAI_ERROR_MODEL_UNSUPPORTED, "Wizard" },
    { "{\"image_processor_type\":\"CLIPImageProcessor\",\"size\":-4}", DOCAI_ERROR_MODEL_INVALID, "size" },
    { "{\"image_processor_type\":\"CLIPImageProcessor\",\"image_std\":[1,0,1]}", DOCAI_ERROR_MODEL_INVALID, "std" },
    { "{\"image_processor_type\":\"LlavaNextImageProcessor\",\"image_grid_pinpoints\":[]}", DOCAI_ERROR_MODEL_INVALID, "pinpoints" },
    { "{\"image_processor_type\":\"Pix2StructImageProcessor\",\"is_vqa\":true}", DOCAI_ERROR_MODEL_UNSUPPORTED, "is_vqa" },
    { "{\"image_processor_type\":\"Qwen2VLImageProcessor\",\"patch_size\":0}", DOCAI_ERROR_MODEL_INVALID, "patch" },
    { "{\"image_processor_type\":\"SiglipImageProcessor\",\"size\":{\"height\":4}}", DOCAI_ERROR_MODEL_INVALID, "size" },
    { "[", DOCAI_ERROR_MODEL_INVALID, "line 1" },
  };

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) refused = NULL;
      g_assert_true (g_file_set_contents (path, bad[i].json, -1, &error));
      g_autoptr (DocaiPreprocessor) pre = docai_preprocessor_load (dir, &refused);
      g_assert_null (pre);
      g_assert_error (refused, DOCAI_ERROR, (int) bad[i].code);
      g_assert_nonnull (strstr (refused->message, bad[i].part));
    }
  g_remove (path);
  g_rmdir (dir);
}

int
main (int argc, char **argv)
{
  static const char *const families[] = {
    "idefics3", "idefics3_tied", "clip", "siglip", "llava", "llava_next", "internvl", "qwen2_vl",
    "blip2", "donut", "pix2struct", "idefics2", "kosmos2", "grounding_dino",
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    {
      g_autofree char *golden = g_strdup_printf ("/preprocess/golden/%s", families[i]);
      g_autofree char *odd = g_strdup_printf ("/preprocess/odd-sizes/%s", families[i]);
      g_test_add_data_func (golden, families[i], test_family);
      g_test_add_data_func (odd, families[i], test_odd_sizes);
    }
  g_test_add_func ("/preprocess/pillow", test_pillow);
  g_test_add_func ("/preprocess/refusals", test_refusals);
  return g_test_run ();
}
