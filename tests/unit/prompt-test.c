/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Chat templates and the ids of every family's cases. DOCAI_VLM_FIXTURES names another
 * folder of families.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "models/language/jinja.h"
#include "models/language/prompt.h"
#include "models/tokenizer/json-util.h"
#include "models/vision/load.h"

static char *
family_dir (const char *family)
{
  const char *root = g_getenv ("G_TEST_SRCDIR");

  if (g_getenv ("DOCAI_VLM_FIXTURES") != NULL)
    return g_build_filename (g_getenv ("DOCAI_VLM_FIXTURES"), family, NULL);
  return g_build_filename (root != NULL ? root : ".", "tests", "data", "vlm", family, NULL);
}

static DocaiPixels *
case_pixels (const char *dir, const DocaiPreprocessor *pre, const json_t *item, int *n_images)
{
  const json_t *names = json_object_get (item, "image"), *kwargs = json_object_get (item, "processor_kwargs");
  g_autoptr (GPtrArray) images = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_image_free);
  g_autoptr (GError) error = NULL;
  DocaiPreprocessOptions options = DOCAI_PREPROCESS_OPTIONS_INIT;
  gsize n = json_is_array (names) ? json_array_size (names) : json_is_string (names);

  *n_images = (int) n;
  for (gsize i = 0; i < n; i++)
    {
      const json_t *name = json_is_array (names) ? json_array_get (names, i) : names;
      g_autofree char *path = g_build_filename (dir, json_string_value (name), NULL);
      g_ptr_array_add (images, docai_image_load (path, &error));
      g_assert_no_error (error);
    }
  if (json_object_get (kwargs, "do_image_splitting") != NULL)
    options.splitting = docai_json_bool (kwargs, "do_image_splitting", FALSE);
  options.max_patches = (int) docai_json_int (kwargs, "max_patches", 0);
  if (n == 0)
    return NULL;
  DocaiPixels *pixels = docai_preprocess (pre, (const DocaiImage *const *) images->pdata, (int) n,
                                          &options, &error);
  g_assert_no_error (error);
  return pixels;
}

static void
check_ids (const char *name, const guint32 *ids, int length, const json_t *expected)
{
  g_autoptr (GString) got = g_string_new (NULL), want = g_string_new (NULL);

  for (int i = 0; i < length; i++)
    g_string_append_printf (got, " %u", ids[i]);
  for (gsize i = 0; i < json_array_size (expected); i++)
    g_string_append_printf (want, " %d", (int) json_integer_value (json_array_get (expected, i)));
  if (strcmp (got->str, want->str) != 0)
    {
      g_test_message ("%s:%s\nexpected%s", name, got->str, want->str);
      g_test_fail ();
    }
}

static void
check_texts (const DocaiPrompter *prompter, const json_t *item)
{
  const json_t *texts = json_object_get (item, "texts"), *ids = json_object_get (item, "input_ids");
  const json_t *mask = json_object_get (item, "attention_mask");
  gsize n = json_array_size (texts);
  const char *list[16];
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (n, <=, 16);
  for (gsize i = 0; i < n; i++)
    list[i] = json_string_value (json_array_get (texts, i));
  g_autoptr (DocaiTextBatch) batch = docai_prompt_encode_texts (prompter, list, (int) n, &error);
  g_assert_no_error (error);
  g_assert_cmpint (batch->use_mask, ==, mask != NULL);
  for (gsize i = 0; i < n; i++)
    {
      check_ids (list[i], batch->ids + i * (gsize) batch->length, batch->length, json_array_get (ids, i));
      const json_t *row = json_array_get (mask, i);
      for (gsize k = 0; k < json_array_size (row); k++)
        g_assert_cmpint (batch->mask[i * (gsize) batch->length + k], ==,
                         json_integer_value (json_array_get (row, k)));
    }
}

static void
check_case (const char *dir, const DocaiPreprocessor *pre, const DocaiPrompter *prompter,
            const json_t *item)
{
  const char *name = docai_json_string (item, "name", "?");
  const char *templated = docai_json_string (item, "templated_prompt", NULL);
  g_autoptr (GError) error = NULL;
  int n_images;

  if (json_object_get (item, "texts") != NULL)
    {
      check_texts (prompter, item);
      return;
    }
  g_autoptr (DocaiPixels) pixels = case_pixels (dir, pre, item, &n_images);
  g_autofree char *text = docai_prompt_template (prompter, docai_json_string (item, "prompt", ""),
                                                 n_images, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, templated);
  g_autoptr (DocaiPrompt) prompt = docai_prompt_encode (prompter, text, pixels, &error);
  g_assert_no_error (error);
  check_ids (name, prompt->ids, prompt->length, json_object_get (item, "input_ids"));
  int marked = 0;
  for (int i = 0; i < prompt->length; i++)
    marked += prompt->is_image[i];
  g_assert_cmpint (marked, ==, prompt->n_image_positions);
  const json_t *mrope = json_object_get (item, "mrope_position_ids");
  for (gsize i = 0; i < json_array_size (mrope); i++)
    g_assert_cmpint (prompt->positions[i], ==, json_integer_value (json_array_get (mrope, i)));
}

static void
test_family (gconstpointer data)
{
  g_autofree char *dir = family_dir (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) cases = docai_json_load_file (dir, "case.json", 1 << 24, &error);
  g_assert_no_error (error);
  g_autoptr (DocaiTokenizer) tokenizer = docai_tokenizer_load (dir, &error);
  g_assert_no_error (error);
  g_autoptr (DocaiPrompter) prompter = docai_prompter_load (dir, tokenizer, &error);
  g_assert_no_error (error);
  g_autoptr (DocaiPreprocessor) pre = docai_preprocessor_load (dir, &error);
  g_assert_no_error (error);
  gsize i;
  const json_t *item;

  json_array_foreach (cases, i, item)
    check_case (dir, pre, prompter, item);
}

/* A still image of 2 x 3 merged patches between texts. */
static void
test_positions (void)
{
  g_autofree char *dir = family_dir ("qwen2_vl");
  g_autoptr (GError) error = NULL;
  g_autoptr (DocaiTokenizer) tokenizer = docai_tokenizer_load (dir, &error);
  g_autoptr (DocaiPrompter) prompter = docai_prompter_load (dir, tokenizer, &error);
  g_assert_no_error (error);
  DocaiImageLayout layout = { .rows = 4, .cols = 6 };
  DocaiPixels pixels = { .kind = DOCAI_PREPROCESS_QWEN2_VL, .n_dims = 2, .dims = { 24, 96 },
                         .n_images = 1, .images = &layout };
  const gint32 h[] = { 0, 1, 1, 1, 2, 2, 2, 4 }, w[] = { 0, 1, 2, 3, 1, 2, 3, 4 };

  g_autoptr (DocaiPrompt) prompt = docai_prompt_encode (
      prompter, "<|vision_start|><|image_pad|><|vision_end|>", &pixels, &error);
  g_assert_no_error (error);
  g_assert_cmpint (prompt->length, ==, 8);
  for (int i = 0; i < 8; i++)
    {
      g_assert_cmpint (prompt->positions[8 + i], ==, h[i]);
      g_assert_cmpint (prompt->positions[16 + i], ==, w[i]);
    }
  g_assert_cmpint (prompt->next_position, ==, 5);
  g_autoptr (DocaiPrompt) bad = docai_prompt_encode (prompter, "no image", &pixels, &error);
  g_assert_null (bad);
  g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION);
}

static void
test_jinja (void)
{
  static const char *const cases[][2] = {
    { "a{{ 'x' ~ (1 + 2) }}b", "ax3b" },
    { "{% for x in [1, 2, 3] %}{{ x }}{% if not loop.last %},{% endif %}{% endfor %}", "1,2,3" },
    { "{% set n = namespace(v=0) %}{% for x in range(4) %}{% set n.v = n.v + x %}{% endfor %}{{ n.v }}", "6" },
    { "  {% if true %}\nyes\n{% else %}no{% endif %}\n", "yes\n" },
    { " x {{- 'y' -}} z ", " xyz " },
    { "{# note #}{{ m['a'].b | upper }}", "QQ" },
    { "{{ 'a' if m.none_such is defined else 'b' }}{{ 'yes' if 'a' in m }}", "byes" },
    { "{{ [1, 2, 3][1:] | length }}{{ 'AbC'.lower() }}{{ ' s '.strip() }}", "2abcs" },
    { "{% if m.k == 'v' and not (1 > 2 or false) %}ok{% endif %}", "ok" },
    { "{% for x in m.list | selectattr('t', 'equalto', 'i') %}{{ x.n }}{% endfor %}", "13" },
    { "{{ m.k is string }}{{ none is none }}{{ 'ab'.replace('a', 'c') }}", "TrueTruecb" },
  };
  g_autoptr (json_t) variables = json_pack (
      "{s:{s:{s:s}, s:s, s:[{s:s,s:i},{s:s,s:i},{s:s,s:i}]}}", "m", "a", "b", "qq", "k", "v", "list", "t", "i",
      "n", 1, "t", "j", "n", 2, "t", "i", "n", 3);
  static const char *const bad[] = { "{% macro x() %}", "{{ a", "{{ 'x' | nosuch }}", "{% if %}", "{{ 1 + }}",
                                     "{{ ((((", "{% for x in [1] %}", "{{ raise_exception('no') }}" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = docai_jinja_render (cases[i][0], variables, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, cases[i][1]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = docai_jinja_render (bad[i], variables, &error);
      g_assert_null (text);
      g_assert_nonnull (error);
    }
}

/* Ids of two texts that differ in their case, from SigLIP's settings and a tokenizer that keeps it. */
static gboolean
case_matters (const char *klass)
{
  static const char *const texts[] = { "The Total AMOUNT", "the total amount" };
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("docai-prompt-XXXXXX", &error), *from = family_dir ("siglip"), *other = family_dir ("idefics3");
  g_autofree char *path = g_build_filename (from, "config.json", NULL), *config = NULL;
  g_autofree char *config_to = g_build_filename (dir, "config.json", NULL), *class_to = g_build_filename (dir, "tokenizer_config.json", NULL);
  g_autofree char *json = g_strdup_printf ("{\"tokenizer_class\": \"%s\", \"pad_token\": \"<|im_end|>\"}", klass);
  g_assert_true (g_file_get_contents (path, &config, NULL, NULL) && g_file_set_contents (config_to, config, -1, NULL));
  g_assert_true (g_file_set_contents (class_to, json, -1, NULL));
  g_autoptr (DocaiTokenizer) tokenizer = docai_tokenizer_load (other, &error);
  g_assert_no_error (error);
  g_autoptr (DocaiPrompter) prompter = docai_prompter_load (dir, tokenizer, &error);
  g_assert_no_error (error);
  DocaiTextBatch *batch = docai_prompt_encode_texts (prompter, texts, 2, &error);
  g_assert_no_error (error);
  gboolean matters = memcmp (batch->ids, batch->ids + batch->length, (gsize) batch->length * sizeof (guint32)) != 0;
  docai_text_batch_free (batch);
  g_assert_cmpint (g_unlink (config_to) | g_unlink (class_to) | g_rmdir (dir), ==, 0);
  return matters;
}

static void
test_lower_case (void)
{
  g_assert_true (case_matters ("GemmaTokenizer"));
  g_assert_false (case_matters ("Siglip2Tokenizer"));
}

int
main (int argc, char **argv)
{
  static const char *const families[] = {
    "idefics3", "idefics3_tied", "clip", "siglip", "llava", "llava_next", "internvl", "qwen2_vl",
    "qwen2_5_vl", "llava_next_granite", "blip2", "donut", "pix2struct", "idefics2", "kosmos2", "grounding_dino",
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    {
      g_autofree char *path = g_strdup_printf ("/prompt/cases/%s", families[i]);
      g_test_add_data_func (path, families[i], test_family);
    }
  g_test_add_func ("/prompt/positions", test_positions);
  g_test_add_func ("/prompt/jinja", test_jinja);
  g_test_add_func ("/prompt/lower-case", test_lower_case);
  return g_test_run ();
}
